// Asks the index in a folder each question on standard input, every time as a reader who has just come, and prints how many
// files its first five results took: asked in full, and as it is typed; for words in quotes also what the next five took. What was
// corrected and left out follows, and how many pages with quoted words are left to look at.
import { readFileSync } from "node:fs";
import { searchOf } from "./search-scripts.mjs";

for (const question of readFileSync(0, "utf8").split("\n")) {
  const counts = [];
  let said;
  for (const typing of [true, false]) {
    const { search, loaded } = searchOf(process.argv[2]);
    const answer = await search.find(question, { limit: 5, typing }), { results, corrected, asked, groups, left } = answer;
    const unasked = asked.words.filter((one) => !groups.some(({ word }) => word === one));
    counts.unshift(loaded.length);
    if (asked.phrases.length) {
      const before = loaded.length, { length } = results;
      results.push(...await search.more(answer, length, 5));
      counts.unshift(loaded.length - before);
    }
    said = `${results.length} results; corrected ${corrected.map(([word]) => word).join(" ")}; unasked ${unasked.join(" ")}${left ? `; left ${left.length}` : ""}`;
  }
  console.log(`${counts.join(" ")}; ${said}`);
}
