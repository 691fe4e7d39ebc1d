// The calculators' JavaScript in Node, held to the vectors that Rust wrote.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { runInThisContext } from "node:vm";

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
globalThis.self = globalThis;
globalThis.HAS_ROWS = true;
runInThisContext(read("../themes/waymark/scripts/calc/tools.js"));
const kernel = runInThisContext(`(() => { ${read("../src/calc/kernel.js")} return { exp, ln, pow, round, normal }; })()`);
const vectors = JSON.parse(read("vectors/calculators.json"));

const view = new DataView(new ArrayBuffer(8));
const bits = (value) => {
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, "0");
};
const print = (memory) => {
  let hash = 0x811c9dc5;
  for (const value of memory.flatMap((list) => [...list])) {
    view.setFloat64(0, value === 0 ? 0 : value);
    hash = Math.imul(Math.imul(hash ^ view.getUint32(0), 0x01000193) ^ view.getUint32(4), 0x01000193);
  }
  return hash >>> 0;
};

test("the kernel gives Rust's bits", () => {
  for (const [name, args, wanted] of vectors.kernel) {
    assert.equal(bits(kernel[name](...args)), wanted, `${name}(${args})`);
  }
});

test("the guide's calculators give Rust's bits", () => {
  for (const program of vectors.programs) {
    const [fill] = runInThisContext(program.script);
    program.inputs.forEach(([scalars, arrays, lengths], i) => {
      const memory = [program.scalars, ...program.arrays.map((axis) => lengths[axis])].map((length) => new Float64Array(length));
      for (const [slot, value] of scalars) memory[0][slot] = value;
      for (const [array, list] of arrays) memory[array + 1].set(list);
      fill(memory);
      assert.equal(print(memory), program.prints[i], `${program.id}, inputs ${i}`);
    });
  }
});

test("numbers read the same", () => {
  for (const { value, step, decimals, unit, f, text } of vectors.texts) {
    assert.equal(fingerpostCalc(null, { f, u: [unit] }, [null, kernel.round]).amount(value, 0, step, decimals), text);
  }
});
