// Holds the guide to its own words: no sentence may share a run of eight words with a source of its records. The sources are fetched
// when this runs, and kept in a folder, never in the repository. Run as
//
//     node sources.mjs FOLDER [--texts FOLDER] [--limit-s SECONDS] [--offline]
//
// The first folder is the built guide, for the records and the titles. In the folder of texts a source has a file named by its address
// (this prints the names of those that are missing): `.html`, `.pdf` or `.txt`, and `.part.txt` for a part of it. A maintainer who can
// read a source that this cannot fetch saves it there. Any other text in that folder is compared as well. A source that
// could not be read is counted and listed as not judged.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "parse5";
import { extractText, getDocumentProxy } from "unpdf";
import { indexed, markdownPassages, shared, SHARED_WORDS, words, yamlPassages } from "./shared.mjs";

const AT_ONCE = 8;
const WAIT_MS = 20_000;
const LARGEST_BYTES = 40_000_000;
/** A page with fewer words is a notice, a consent form or an empty frame for scripts. */
const FEWEST_WORDS = 60;

const [site, ...options] = process.argv.slice(2);
const option = (name, otherwise) => (options.includes(name) ? options[options.indexOf(name) + 1] : otherwise);
const repository = new URL("../../", import.meta.url).pathname;
const texts = option("--texts", join(repository, "target/source-texts"));
mkdirSync(texts, { recursive: true });

const facts = JSON.parse(readFileSync(join(site, "facts.json"), "utf8"));
const graph = JSON.parse(readFileSync(join(site, "graph.json"), "utf8"));
const sources = [...new Set(facts.map(({ source }) => source?.url).filter(Boolean))].sort();

/** The name of a source's file, without its ending. */
const nameOf = (url) => url.replace(/^https?:\/\/(www\.)?/, "").replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 120);

const names = {
  titles: new Map(graph.nodes.map(({ id, title }) => [id, title])),
  facts: new Map(facts.map(({ id, source, value }) => [id, { url: source?.url, said: typeof value === "string" ? value : undefined }])),
  works: [...new Set(facts.flatMap(({ source }) => (source ? [source.title, source.publisher] : [])))]
    .filter((work) => work?.includes(" "))
    .map((work) => work.toLowerCase()),
};

const content = readdirSync(join(repository, "content"), { recursive: true, encoding: "utf8" }).filter((file) => /\.(md|yaml)$/.test(file)).sort();
const passages = content.flatMap((file) => {
  const text = readFileSync(join(repository, "content", file), "utf8");
  return (file.endsWith(".md") ? markdownPassages : yamlPassages)(`content/${file}`, text, names);
});
const index = indexed(passages);

const UNSEEN = new Set(["script", "style", "noscript", "template", "svg"]);
const INLINE = new Set(["a", "abbr", "b", "cite", "code", "em", "i", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "time", "u"]);

/** The text of a page: what stands in its body, and what its head says of it. */
const textOfHtml = (html) => {
  const pieces = [];
  const open = [parse(html)];
  // By a list of what is still to be read, for pages are nested as deep as they like.
  while (open.length) {
    const node = open.pop();
    if (typeof node === "string") {
      pieces.push(node);
      continue;
    }
    if (node.nodeName === "#text") pieces.push(node.value);
    if (UNSEEN.has(node.nodeName)) continue;
    const attribute = (name) => node.attrs?.find((one) => one.name === name)?.value;
    if (node.nodeName === "meta" && /description$/.test(attribute("name") ?? attribute("property") ?? "")) pieces.push(`\n${attribute("content")}\n`);
    const edge = INLINE.has(node.nodeName) ? "" : "\n";
    open.push(edge, ...[...(node.childNodes ?? [])].reverse(), edge);
  }
  return pieces.join("");
};

const textOfPdf = async (bytes) => (await extractText(await getDocumentProxy(new Uint8Array(bytes)), { mergePages: true })).text;

/** The text of a kept file. */
const textOf = async (file) => {
  const bytes = readFileSync(join(texts, file));
  if (file.endsWith(".pdf")) return textOfPdf(bytes);
  return file.endsWith(".html") ? textOfHtml(bytes.toString("utf8")) : bytes.toString("utf8");
};

// From here on: reading the guide is not what is limited.
const until = Date.now() + 1000 * Number(option("--limit-s", 300));

/** Hosts that were not found before any was: where there is no network, not every one of them is waited for. */
let unfound = 0;
let isOnline = false;

/** Fetches a source into the folder of texts; says why when that cannot be done. */
const fetched = async (url) => {
  if (options.includes("--offline")) return "not fetched, as asked";
  if (Date.now() > until) return "no time left";
  if (unfound >= AT_ONCE && !isOnline) return "no network";
  try {
    const signal = AbortSignal.timeout(Math.max(1, Math.min(WAIT_MS, until - Date.now())));
    const response = await fetch(url, { signal, headers: { "user-agent": "fingerpost-tests (compares the guide with its sources)" } });
    isOnline = true;
    if (!response.ok) return `status ${response.status}`;
    if (Number(response.headers.get("content-length") ?? 0) > LARGEST_BYTES) return "too large";
    const bytes = Buffer.from(await response.arrayBuffer());
    const isPdf = bytes.subarray(0, 5).toString() === "%PDF-";
    const type = response.headers.get("content-type") ?? "";
    if (!isPdf && !/text|html|json|xml/.test(type)) return `is ${type || "of no type"}`;
    const file = `${nameOf(url)}.${isPdf ? "pdf" : /html/.test(type) ? "html" : "txt"}`;
    const text = isPdf ? await textOfPdf(bytes) : /html/.test(type) ? textOfHtml(bytes.toString("utf8")) : bytes.toString("utf8");
    if (words(text).length < FEWEST_WORDS) return "came without its text";
    writeFileSync(join(texts, file), bytes);
    return undefined;
  } catch (error) {
    const code = error.cause?.code ?? error.name;
    if (!/ENOTFOUND|EAI_AGAIN|ENETUNREACH/.test(code)) return code === "TimeoutError" ? "no answer in time" : String(code);
    unfound++;
    return isOnline ? "no such host" : "no network";
  }
};

const endings = [".html", ".pdf", ".txt", ".part.txt"];
const kept = () => new Set(readdirSync(texts));
const before = kept();
const missing = sources.filter((url) => !endings.slice(0, 3).some((ending) => before.has(nameOf(url) + ending)));
const reasons = new Map();
const queue = [...missing];
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (let url = queue.shift(); url; url = queue.shift()) {
      const reason = await fetched(url);
      if (reason) reasons.set(url, reason);
    }
  }),
);

const have = kept();
const faults = [];
let whole = 0;
let part = 0;
let quotations = 0;
const compare = (text, url) => {
  for (const { passage, run, length, isQuotation } of shared(index, text, url)) {
    if (isQuotation) quotations++;
    else faults.push(`${passage.file}:${passage.line}: ${length} words shared with ${url}\n    ${run}`);
  }
};
for (const url of sources) {
  const files = endings.map((ending) => nameOf(url) + ending).filter((file) => have.delete(file));
  let isRead = false;
  for (const file of files) {
    try {
      compare(await textOf(file), url);
      isRead = true;
      reasons.delete(url);
    } catch (error) {
      reasons.set(url, `${file} cannot be read: ${error.message}`);
    }
  }
  if (!isRead) continue;
  if (files.some((file) => !file.endsWith(".part.txt"))) whole++;
  else part++;
}
const others = [...have].filter((file) => /\.(html|pdf|txt|md|json)$/.test(file));
for (const file of others) compare(await textOf(file), file);

const counts = new Map();
for (const [url, reason] of reasons) {
  counts.set(reason, (counts.get(reason) ?? 0) + 1);
  console.log(`unread: ${url}\n    ${reason}; its text would be ${nameOf(url)}.txt`);
}
if (reasons.size) {
  const why = [...counts].sort((one, other) => other[1] - one[1]).map(([reason, count]) => `${count} ${reason}`).join(", ");
  console.log(`not judged: ${reasons.size} of ${sources.length} sources, which could not be read (${why})`);
}
if (part) console.log(`not judged: what is missing of ${part} sources that were read in part`);
if (quotations) console.log(`passed over ${quotations} quotations that name their source`);
if (faults.length) {
  console.error(`${faults.length} runs of ${SHARED_WORDS} words or more\n${faults.join("\n")}`);
  process.exit(1);
}
const read = `${whole} of ${sources.length} sources read whole, ${part} in part, ${others.length} other texts`;
if (whole + part + others.length) console.log(`# pass ${passages.length} passages of ${content.length} files; ${read}; no shared run`);
else console.log("SKIPPED: no source could be read, so nothing is known of shared sentences");
process.exit(0);
