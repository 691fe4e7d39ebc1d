// Asks the index in a folder each question on standard input, and prints the answers that are no pages, one question a line.
import { readFileSync } from "node:fs";
import { searchOf } from "./search-scripts.mjs";

const { search } = searchOf(process.argv[2], "stem-en");
for (const question of readFileSync(0, "utf8").split("\n")) {
  const { answers } = await search.find(question);
  console.log(answers.map(({ type, title, value }) => `${type}: ${title} (${value})`).join("; "));
}
