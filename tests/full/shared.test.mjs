// What counts as a run of words that two texts share, and what does not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { indexed, markdownPassages, shared, words, yamlPassages } from "./shared.mjs";

const URL = "https://source.example/page";
const names = {
  titles: new Map([["role-producer", "Record producer"]]),
  facts: new Map([["pay", { url: URL, said: undefined }], ["rule", { url: URL, said: "a trainee must be paid for each hour of work" }]]),
  works: ["a plain guide to the business of making records"],
};
const runs = (ours, theirs, url = URL) =>
  shared(indexed(ours), theirs, url).map(({ run, isQuotation, passage }) => `${passage.line}: ${isQuotation ? "quoted: " : ""}${run}`);
const markdown = (text) => markdownPassages("a.md", text, names);

test("words are folded, numbers are one sign, names do not count", () => {
  const found = words("It's £20,700 or 30% (up from 1–2 per cent) in New York. Pay rose.");
  assert.equal(found.map(({ word }) => word).join(" "), "its # or # up from # in new york pay rose");
  assert.equal(found.filter(({ counts }) => counts).map(({ word }) => word).join(" "), "its or up from in pay rose");
});

test("a shared run is found over case, punctuation and mark-up", () => {
  const ours = "---\ntitle: A\n---\n\nOther.\n\nMost of **them** never see, [[role-producer|as producers]],\nmore than the advance.\n";
  assert.deepEqual(runs(markdown(ours), "We say: most of them NEVER see as producers more than (the advance) again"), [
    "7: Most of them never see, as producers, more than the advance",
  ]);
});

test("seven words, names and numbers are no run", () => {
  assert.deepEqual(runs(markdown("most of them never see more than"), "most of them never see more than the advance"), []);
  assert.deepEqual(runs(markdown("paid [[fact:pay]] in 2024, says the Bureau of Labor Statistics of New York"), "paid $66,430 in 2024, says the Bureau of Labor Statistics of New York"), []);
});

test("a number carries a run on, whatever stands there", () => {
  const ours = "they earned on average [[fact:pay]] a year from all their work";
  assert.deepEqual(runs(markdown(ours), "They earned on average £20,700 a year from all their work."), ["1: they earned on average 0 a year from all their work"]);
});

test("no run reaches over cells, items or paragraphs", () => {
  const theirs = "one two three four five six seven eight nine ten";
  assert.deepEqual(runs(markdown("| one two three four five | six seven eight nine ten |\n"), theirs), []);
  assert.deepEqual(runs(markdown("- one two three four five\n- six seven eight nine ten\n"), theirs), []);
  assert.deepEqual(runs(markdown("one two three four five\n\nsix seven eight nine ten\n"), theirs), []);
  assert.deepEqual(runs(markdown("one two three four five\nsix seven eight nine ten\n"), theirs), ["1: one two three four five six seven eight nine ten"]);
});

test("titles of works do not count", () => {
  const ours = "as “A plain guide to the business of making records” has it";
  assert.deepEqual(runs(markdown(ours), "A plain guide to the business of making records"), []);
});

test("a quotation is passed over where its own source is cited", () => {
  const said = "most of them never see more than the advance";
  assert.deepEqual(runs(markdown(`One says “${said}” ([[fact:pay]]).`), said), [`1: quoted: ${said}`]);
  assert.deepEqual(runs(markdown(`One says “${said}” ([[fact:pay]]).`), said, "https://other.example"), [`1: ${said}`]);
  assert.deepEqual(runs(markdown(`One says “${said}”.`), said), [`1: ${said}`]);
});

test("the words of a record are words of the page that cites it", () => {
  assert.equal(runs(markdown("In law [[fact:rule]]."), "A trainee must be paid for each hour of work").length, 1);
});

test("records are read field by field, without the names of their sources", () => {
  const yaml = `- id: pay\n  statement: "what a person who makes records is paid"\n  source:\n    title: how much each one of them was paid in all\n  also: [a list of ids, is no, sentence at all, even here]\n  note: 'much of it\n    is paid late, if it is ever paid'\n`;
  const theirs = "what a person who makes records is paid how much each one of them was paid in all a list of ids is no sentence at all even here much of it is paid late if it is ever paid";
  assert.deepEqual(runs(yamlPassages("a.yaml", yaml, names), theirs), [
    "2: what a person who makes records is paid",
    "6: much of it is paid late, if it is ever paid",
  ]);
});
