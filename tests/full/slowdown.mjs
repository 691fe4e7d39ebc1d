// How many times slower than this machine the phone is that pages are held to. Lighthouse's guide to calibrating gives four for
// desks that reach 1,500 to 2,000 in its benchmark, so a phone that reaches 375 to 500, the upper half of its middle class. Here it
// is the one that reaches 500, on any machine: four times slower from 2,000 on, below in proportion less. Faster machines stand
// for a faster phone, for it is never more than four; and a machine that is slower than the phone is held to what it is, so
// below 500 a page may fail that would not elsewhere.
// https://github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md#calibrating-multipliers
import { pageFunctions } from "lighthouse/core/lib/page-functions.js";

const USUAL = 4;
const FAST = 2000;

/** How many times slower the phone is than a machine that reached this in the benchmark. */
export const slowdown = (index) => Math.max(1, USUAL * Math.min(1, index / FAST));

/**
 * What this machine reaches in Lighthouse's benchmark at the moment: a second of work in `page`, which should be empty. By the
 * clock of the page's own thread, as the work is that it is held against: what others do meanwhile makes neither slower.
 */
export const benchmarkIndex = async (page) => {
  const session = await page.createCDPSession();
  await session.send("Performance.enable");
  const now = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    const of = (name) => metrics.find((metric) => metric.name === name).value;
    return { wall: of("Timestamp"), own: of("ThreadTime") };
  };
  const from = await now();
  const index = await page.evaluate(pageFunctions.computeBenchmarkIndex);
  const to = await now();
  await session.detach();
  return index * Math.max(1, (to.wall - from.wall) / (to.own - from.own));
};

/** The number in the middle; of two in the middle the smaller. */
export const median = (numbers) => numbers.toSorted((one, other) => one - other)[Math.floor((numbers.length - 1) / 2)];
