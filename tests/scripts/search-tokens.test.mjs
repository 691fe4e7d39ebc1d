// The engine's tokeniser against the vectors that the generator's is held to as well.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { engine } from "./search-scripts.mjs";

const vectors = JSON.parse(readFileSync(new URL("../vectors/tokens.json", import.meta.url), "utf8"));
const { tokens, fold } = engine();

test("text becomes the same tokens as in the generator", () => {
  for (const [text, expected] of vectors.tokens) {
    const found = tokens(text).map(({ word, extra }) => (extra ? `+${word}` : word));
    assert.deepEqual([...found], expected, text);
  }
});

test("words lose the same accents", () => {
  for (const [word, expected] of vectors.folded) assert.equal(fold(word), expected ?? word, word);
});
