// Asks the index in a folder one question and prints the answers that are no pages, one JSON object a line.
import { readFileSync } from "node:fs";
import { world } from "./search-scripts.mjs";

const [, , folder, question] = process.argv;
const { createSearch } = world(["engine", "stem-en"]).fingerpostSearch;
const load = async (name) => {
  const text = readFileSync(`${folder}/${name}.js`, "utf8");
  return text.slice(text.indexOf('","') + 3, text.lastIndexOf('"'));
};
const answer = await createSearch("", { load }).find(question, { limit: 3 });
for (const { type, title, value, url } of answer.answers) console.log(JSON.stringify({ type, title, value, url }));
