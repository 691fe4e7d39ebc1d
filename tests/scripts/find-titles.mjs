// Asks the index in a folder for every word of every title, and says which pages were not found by one of theirs.
import { searchOf } from "./search-scripts.mjs";

const { search, tokens } = searchOf(process.argv[2], "stem-en");
const boot = await search.open();
const all = { boot, ranked: Array.from({ length: boot.pages }, (_, unit) => unit), isAll: () => true };
let asked = 0;
for (const page of await search.more(all, 0, boot.pages)) {
  for (const { word } of tokens(page.title)) {
    const answer = await search.find(word, { limit: 1 });
    asked++;
    if (!answer.ranked.includes(page.unit)) console.log(`“${word}” does not find “${page.title}”`);
  }
  const answer = await search.find(page.title, { limit: 3 });
  if (!answer.results.some(({ unit }) => unit === page.unit)) console.log(`the whole title does not find “${page.title}”`);
}
console.log(`${asked} words asked`);
