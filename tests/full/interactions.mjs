// Holds what readers do on a page to 100 ms on a phone, four times slower than a fast desk: from the key or the press to the
// frame that shows what it did. What counts is the time that the page's main thread worked meanwhile, by its own clock, as many
// times as the phone is slower than this machine is at that moment: what else the machine does adds nothing to it. Each is done
// five times on a page loaded anew, and the middle one counts; where that is too long, there are up to five more, and the middle
// of the last five counts. Run as `node interactions.mjs FOLDER [NAME…]`, each the name of one or what several begin with; with
// WHY=1 in the environment it says what the time went to.
import { existsSync } from "node:fs";
import puppeteer from "puppeteer-core";
import { host } from "./host.mjs";
import { benchmarkIndex, median, slowdown } from "./slowdown.mjs";

const [folder, ...wanted] = process.argv.slice(2);
const LIMIT_MS = 100;
const RUNS = 5;
const MOST_RUNS = 10;
/** Measuring the machine takes as long as measuring a page: what it is at the moment holds for so many runs. */
const RUNS_OF_AN_INDEX = 3;
const DESK = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740, hasTouch: true, isMobile: true };

const open = (selector) => `document.querySelector('${selector}')?.matches(':popover-open, [open]') === true`;
const click = (selector) => async (page) => {
  const at = await page.evaluate((selector) => {
    const element = document.querySelector(selector);
    // What is folded away on this screen has been unfolded before.
    if (!element.matches("summary")) element.closest("details")?.setAttribute("open", "");
    element.scrollIntoView({ block: "center" });
    const box = element.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  }, selector);
  await page.mouse.move(...at);
  return () => page.mouse.click(...at);
};
const key = (name, before = async () => {}) => async (page) => {
  await before(page);
  return () => page.keyboard.press(name);
};
const palette = async (page) => {
  await page.keyboard.down("Control");
  await page.keyboard.press("k");
  await page.keyboard.up("Control");
};
const focus = (selector) => (page) => page.evaluate((selector) => document.querySelector(selector).focus(), selector);
const results = "document.querySelectorAll('dialog[open] [role=option]').length";

// What it is called, where, on what screen, what is done, and how one sees that it is done. `warm` is done before, unmeasured.
const interactions = [
  ["menu", "roles/mixing-engineer/", PHONE, click(".menu-button"), open("#guide")],
  ["contents on a phone", "roles/mixing-engineer/", PHONE, click(".toc summary"), "document.querySelector('.toc details').open"],
  ["colours", "roles/mixing-engineer/", DESK, click(".theme-button"), "document.documentElement.dataset.theme !== ''"],
  ["search opens, first time", "roles/mixing-engineer/", DESK, async (page) => () => palette(page), "document.querySelector('dialog[open]') !== null"],
  ["search opens again", "roles/mixing-engineer/", DESK, async (page) => {
    await palette(page);
    await page.waitForSelector("dialog[open]");
    await page.keyboard.press("Escape");
    await page.waitForFunction("!document.querySelector('dialog[open]')");
    return () => palette(page);
  }, "document.querySelector('dialog[open]') !== null"],
  ["search answers a letter", "roles/mixing-engineer/", DESK, async (page) => {
    await palette(page);
    await page.waitForSelector("dialog[open]");
    await page.keyboard.type("mixin");
    await page.waitForFunction(`${results} > 1`);
    await page.evaluate(() => { document.querySelector("dialog[open] [role=option]").dataset.old = ""; });
    return () => page.keyboard.press("g");
  }, `${results} > 1 && !document.querySelector('dialog[open] [data-old]')`],
  ["preview by keyboard", "roles/mixing-engineer/", DESK, async (page) => {
    const links = "main .prose a[data-kind=term]";
    await page.focus(links);
    await page.waitForSelector("#preview:popover-open");
    await page.keyboard.press("Escape");
    await page.keyboard.down("Shift");
    await page.keyboard.press("Tab");
    await page.keyboard.up("Shift");
    await page.waitForFunction("!document.querySelector('#preview:popover-open')");
    return () => page.keyboard.press("Tab");
  }, open("#preview")],
  ["map grows", "map/", DESK, click('.map-zoom [aria-label="Larger"]'), "document.querySelector('.map-zoom span').textContent !== begun"],
  ["map grows on a phone", "map/", PHONE, click('.map-zoom [aria-label="Larger"]'), "document.querySelector('.map-zoom span').textContent !== begun"],
  ["map leaves out a kind", "map/", DESK, click("#map-k1"), "!document.querySelector('#map-k1').checked"],
  ["map leaves out a relation", "map/", PHONE, click("#map-r0"), "!document.querySelector('#map-r0').checked"],
  ["map lights up", "map/", DESK, key("Tab", focus(".map-drawing a")), "document.querySelectorAll('.map-drawing a.lit').length > 0 && document.activeElement.matches('.lit')"],
  ["facts narrowed by a letter", "facts/", PHONE, key("q", focus(".register-tools [type=search]")), "document.querySelector('.register-tools [role=status]').textContent.includes(' of ')"],
  ["facts whole again", "facts/", DESK, async (page) => {
    await page.focus(".register-tools [type=search]");
    await page.keyboard.press("x");
    return () => page.keyboard.press("Backspace");
  }, "!document.querySelector('.register-tools [role=status]').textContent.includes(' of ')"],
  ["facts sorted", "facts/", PHONE, key("ArrowDown", focus(".register-tools label:nth-of-type(3) select")), "document.querySelector('.register-tools label:nth-of-type(3) select').value === 'new'"],
  ["facts by evidence", "facts/", DESK, key("ArrowDown", focus(".register-tools select")), "document.querySelector('.register-tools [role=status]').textContent.includes(' of ')"],
  ["claims narrowed", "pros-and-cons/", PHONE, click(".weigh-filter button:nth-of-type(2)"), "document.querySelectorAll('.claim[hidden]').length > 0"],
  ["path ticked", "path/", PHONE, click(".path-steps input[type=checkbox]"), "document.querySelector('.path-steps input').checked"],
  ["path ticked on its page", "skills/mixing/", DESK, click("[data-tick] input"), "document.querySelector('[data-tick] input').checked"],
  ["calculator answers a digit", "calculators/runway/", PHONE, async (page) => {
    await page.focus(".calc form input");
    await page.waitForFunction("!document.querySelector('.calc-behind')");
    await new Promise((done) => setTimeout(done, 500));
    await page.evaluate(() => { globalThis.begunText = document.querySelector(".calc [data-v]").closest(".calc").innerText; });
    return () => page.keyboard.press("9");
  }, "document.querySelector('.calc').innerText !== begunText"],
];

const site = await host(folder);
const executablePath = process.env.CHROME_PATH ?? ["chromium", "chromium-browser", "google-chrome"].map((name) => `/usr/bin/${name}`).find(existsSync);
const start = async () => {
  const browser = await puppeteer.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"],
  });
  // A page where nothing starts any more, to measure the machine by.
  return { browser, empty: await browser.newPage() };
};
let { browser, empty } = await start();
let crashes = 0;

/** What the main thread worked between two moments of the page, in milliseconds: in all, and by what it did. */
const workIn = (trace, mark, from, to) => {
  const own = trace.filter(({ ph, pid, tid }) => ph === "X" && pid === mark.pid && tid === mark.tid);
  const between = own.filter(({ ts, dur }) => ts + dur > mark.ts + from * 1000 && ts < mark.ts + to * 1000);
  const parts = new Map();
  let all = 0;
  for (const { name, tdur = 0 } of between) {
    if (name === "RunTask") all += tdur / 1000;
    else parts.set(name, (parts.get(name) ?? 0) + tdur / 1000);
  }
  return { all, parts };
};

const measure = async ([, path, screen, prepare, done], index) => {
  const context = await browser.createBrowserContext();
  try {
    const page = await context.newPage();
    await page.setViewport(screen);
    await page.goto(site.url + path, { waitUntil: "load" });
    const act = await prepare(page);
    await page.evaluate(() => {
      const state = globalThis.measured = { started: 0, shown: 0 };
      globalThis.begun = document.querySelector(".map-zoom span")?.textContent;
      // A press acts when it ends; how long a finger rests is no work of ours.
      for (const name of ["keydown", "pointerup"]) {
        addEventListener(name, (event) => { if (event.key !== "Control") state.started ||= event.timeStamp; }, true);
      }
      globalThis.look = () => {
        if (!state.started || !globalThis.isDone()) {
          requestAnimationFrame(look);
          return;
        }
        // What is seen in this frame is laid out and painted next; the message comes after that.
        const channel = new MessageChannel();
        channel.port1.onmessage = () => { state.shown = performance.now(); };
        channel.port2.postMessage(0);
      };
    });
    // Put in as an expression: the page's own policy lets no script make code out of text.
    await page.evaluate(`globalThis.isDone = () => ${done}; requestAnimationFrame(look); 1`);
    await page.tracing.start({ categories: ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline", "blink.user_timing"] });
    let recorded;
    try {
      await page.evaluate("performance.mark('measuring') && 1");
      await act();
      await page.waitForFunction("measured.shown > 0", { timeout: 30000 });
    } finally {
      recorded = await page.tracing.stop();
    }
    const { started, shown, marked } = await page.evaluate("({ ...measured, marked: performance.getEntriesByName('measuring')[0].startTime })");
    const { traceEvents } = JSON.parse(Buffer.from(recorded).toString());
    const mark = traceEvents.find(({ name }) => name === "measuring");
    const work = workIn(traceEvents, mark, started - marked, shown - marked);
    return { ...work, index, time: work.all * slowdown(index) };
  } finally {
    await context.close();
  }
};

/** Runs until the middle of the last five is quick enough, or there have been enough. */
const runsOf = async (interaction) => {
  const runs = [];
  let index;
  for (let tries = 0; tries < MOST_RUNS; tries += 1) {
    const last = runs.slice(-RUNS);
    if (last.length === RUNS && median(last.map(({ time }) => time)) <= LIMIT_MS) break;
    try {
      if (tries % RUNS_OF_AN_INDEX === 0 || !index) index = await benchmarkIndex(empty);
      runs.push(await measure(interaction, index));
    } catch (error) {
      console.error(`${interaction[0]}: ${error.message}`);
      if (browser.connected) continue;
      // A browser that dies is started again, once.
      crashes += 1;
      if (crashes > 1) throw error;
      ({ browser, empty } = await start());
      index = undefined;
    }
  }
  return runs.slice(-RUNS);
};

let faults = 0;
const chosen = interactions.filter(([name]) => !wanted.length || wanted.some((begins) => name.startsWith(begins)));
if (!chosen.length) {
  console.error(`nothing that readers do is called ${wanted.join(" or ")}: ${interactions.map(([name]) => name).join(", ")}`);
  process.exit(2);
}
for (const interaction of chosen) {
  const [name, path, screen] = interaction;
  const runs = await runsOf(interaction);
  const middle = median(runs.map(({ time }) => time));
  // What was not measured often enough is as bad as what is slow.
  const isSlow = runs.length < RUNS || middle > LIMIT_MS;
  faults += isSlow;
  const each = runs.map(({ time, index }) => `${Math.round(time)} at ${Math.round(index)}`);
  console.log(`${isSlow ? "SLOW " : ""}${name} (/${path}, ${screen.width} px): ${Math.round(middle)} ms (${each.join(", ")})`);
  const shown = runs.find(({ time }) => time === middle);
  if (process.env.WHY && shown) {
    const most = [...shown.parts].sort((one, other) => other[1] - one[1]).slice(0, 8);
    console.log(`    ${most.map(([what, ms]) => `${what} ${Math.round(ms * slowdown(shown.index))}`).join(", ")}`);
  }
}
await browser.close();
site.close();
if (faults) {
  console.error(`${faults} interactions take more than ${LIMIT_MS} ms`);
  process.exit(1);
}
console.log(`# pass every interaction within ${LIMIT_MS} ms on a phone`);
