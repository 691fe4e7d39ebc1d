// Asks the index in a folder, in a language, each question on standard input, and prints the titles found, one question a line.
import { readFileSync } from "node:fs";
import { searchOf } from "./search-scripts.mjs";

const [folder, language] = process.argv.slice(2);
const { search } = searchOf(folder, `stem-${language}`);
for (const question of readFileSync(0, "utf8").split("\n")) {
  const { results, corrected } = await search.find(question);
  console.log(corrected.length ? "" : results.map(({ title }) => title).join("; "));
}
