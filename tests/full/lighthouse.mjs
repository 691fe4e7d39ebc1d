// Holds one page of each template to 100 in every category of Lighthouse, as phones are simulated there. The speed of a page is
// the median of three runs; after two that reach 100 there is no third.
// Run as `node lighthouse.mjs FOLDER [PATH…]`.
import { readFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as launcher from "chrome-launcher";
import lighthouse from "lighthouse";
import { host } from "./host.mjs";

const [folder, ...wanted] = process.argv.slice(2);

/** The pages at the top, and of each folder its index and its first page. */
const onePageOfEachTemplate = async () => {
  const listed = Array.from((await readFile(join(folder, "sitemap.xml"), "utf8")).matchAll(/<loc>([^<]*)<\/loc>/g), (found) => found[1]);
  const home = listed.reduce((one, other) => (other.length < one.length ? other : one));
  const paths = listed.map((url) => url.slice(home.length)).sort();
  const seen = new Set();
  const chosen = paths.filter((path) => {
    const depth = path.split("/").length;
    const shape = `${path.split("/")[0]} ${depth}`;
    return depth < 3 || (!seen.has(shape) && seen.add(shape));
  });
  const more = ["search/", "print/", "404.html"].filter((path) => existsSync(join(folder, path.endsWith("/") ? `${path}index.html` : path)));
  return [...new Set([...chosen, ...more])];
};

const site = await host(folder);
const path = process.env.CHROME_PATH ?? ["chromium", "chromium-browser", "google-chrome"].map((name) => `/usr/bin/${name}`).find(existsSync);
const chrome = await launcher.launch({
  chromePath: path,
  chromeFlags: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"],
});
const run = async (url, categories, skipAudits) => {
  const result = await lighthouse(url, { port: chrome.port, logLevel: "error", onlyCategories: categories, skipAudits });
  if (result.lhr.runtimeError) throw new Error(`${url}: ${result.lhr.runtimeError.message}`);
  return result.lhr;
};
const score = (report, category) => Math.round(report.categories[category].score * 100);
const failed = (report, category) => report.categories[category].auditRefs
  .filter(({ id, weight }) => weight > 0 && report.audits[id].score !== null && report.audits[id].score < 1)
  .map(({ id }) => `${id} (${report.audits[id].displayValue ?? JSON.stringify(report.audits[id].details?.items?.slice(0, 2))?.slice(0, 300)})`);

const faults = [];
const left = [];
const judged = ["accessibility", "best-practices", "seo"];
for (const page of wanted.length ? wanted : await onePageOfEachTemplate()) {
  const html = await readFile(join(folder, page === "" || page.endsWith("/") ? `${page}index.html` : page), "utf8");
  // A page that asks search engines to stay away does so on purpose, and 404.html is served where nothing is found.
  const hidden = html.includes('<meta name="robots" content="noindex">');
  // The whole guide on one page is as large as the guide; it is there to be printed, and everything but its speed is judged.
  const whole = page === "print/";
  if (whole) left.push(`/${page}: performance, for the whole guide is on it to be printed`);
  if (hidden) left.push(`/${page}: is-crawlable, for it says noindex on purpose`);
  const url = site.url + page;
  const reports = [await run(url, ["performance", ...judged], hidden ? ["is-crawlable"] : [])];
  const is100 = (report) => score(report, "performance") === 100;
  if (!whole) reports.push(await run(url, ["performance"], []));
  // Two that reach 100 are the median already, whatever a third would be.
  if (!whole && !reports.every(is100)) reports.push(await run(url, ["performance"], []));
  const speeds = reports.map((report) => score(report, "performance")).sort((one, other) => one - other);
  const middle = speeds[Math.floor(speeds.length / 2)];
  const others = judged.map((category) => score(reports[0], category));
  console.log(`/${page}: ${[`performance ${middle} (${speeds.join(", ")})`, ...judged.map((category, at) => `${category} ${others[at]}`)].join(", ")}`);
  if (middle < 100 && !whole) faults.push(`/${page}: performance ${middle}: ${failed(reports.at(-1), "performance").join("; ")}`);
  judged.forEach((category, at) => {
    if (others[at] < 100) faults.push(`/${page}: ${category} ${others[at]}: ${failed(reports[0], category).join("; ")}`);
  });
}
await chrome.kill();
site.close();
for (const line of left) console.log(`not judged: ${line}`);
if (faults.length) {
  console.error(`${faults.length} scores below 100\n${faults.join("\n")}`);
  process.exit(1);
}
console.log("# pass 100 in every category on every page");
