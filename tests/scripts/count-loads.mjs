// Asks the index in a folder each question on standard input, every time as a reader who has just come, and prints how many
// files its first five results took: asked in full, and as it is typed. What was corrected and left out follows.
import { readFileSync } from "node:fs";
import { searchOf } from "./search-scripts.mjs";

for (const question of readFileSync(0, "utf8").split("\n")) {
  const counts = [];
  let said;
  for (const typing of [true, false]) {
    const { search, loaded } = searchOf(process.argv[2]);
    const { results, corrected, asked, groups } = await search.find(question, { limit: 5, typing });
    const unasked = asked.words.filter((one) => !groups.some(({ word }) => word === one));
    counts.unshift(loaded.length);
    said = `${results.length} results; corrected ${corrected.map(([word]) => word).join(" ")}; unasked ${unasked.join(" ")}`;
  }
  console.log(`${counts.join(" ")}; ${said}`);
}
