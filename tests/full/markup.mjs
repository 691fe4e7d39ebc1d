// Holds every page and every drawing of a built site to the Nu HTML checker: no errors.
// Run as `node markup.mjs FOLDER`; needs `java`.
import { execFileSync, spawnSync } from "node:child_process";
import { createRequire } from "node:module";

const folder = process.argv[2];
const jar = String(createRequire(import.meta.url)("vnu-jar"));

// What the checker does not know yet though it is in the standards it checks by; each is counted and said aloud.
const unknown = [];

let checked = 0;
const faults = [];
const passed = new Map();
for (const [ending, only] of [["html", "--skip-non-html"], ["svg", "--skip-non-svg"]]) {
  const files = execFileSync("find", [folder, "-name", `*.${ending}`], { encoding: "utf8" }).trim().split("\n").filter(Boolean);
  checked += files.length;
  if (!files.length) continue;
  const run = spawnSync("java", ["-Xss4m", "-jar", jar, "--format", "json", "--errors-only", only, folder], { encoding: "utf8", maxBuffer: 1 << 28 });
  const start = run.stderr.indexOf("{");
  if (start < 0) throw new Error(`the checker did not answer: ${run.stderr.slice(0, 2000)}`);
  for (const message of JSON.parse(run.stderr.slice(start)).messages) {
    const known = unknown.find(({ says }) => says.test(message.message));
    if (known) passed.set(known.reason, (passed.get(known.reason) ?? 0) + 1);
    else faults.push(`${message.url?.replace(/^.*?\/(?=[^/]+\/)/, "")}:${message.lastLine}: ${message.message}\n    ${message.extract?.trim()}`);
  }
}
for (const [reason, count] of passed) console.log(`passed over ${count} times: ${reason}`);
if (faults.length) {
  console.error(`${faults.length} errors\n${faults.slice(0, 80).join("\n")}`);
  process.exit(1);
}
console.log(`# pass ${checked} pages and drawings without an error`);
