// How many times slower than this machine the phone is that pages are held to. Lighthouse's guide to calibrating gives four for
// desks that reach 1,500 to 2,000 in its benchmark, and two for those of 1,000 to 1,500. Here it is four from 1,500 on, and below
// as much less as the machine is slower, so that it stays the same phone; it is never slower than four times.
// https://github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md#calibrating-multipliers
import { pageFunctions } from "lighthouse/core/lib/page-functions.js";

const USUAL = 4;
const FAST = 1500;

/** How many times slower the phone is than a machine that reached this in the benchmark. */
export const slowdown = (index) => Math.max(1, USUAL * Math.min(1, index / FAST));

/** What this machine reaches in Lighthouse's benchmark at the moment: a second of work in `page`, which should be empty. */
export const benchmarkIndex = (page) => page.evaluate(pageFunctions.computeBenchmarkIndex);

/** The number in the middle; of two in the middle the smaller. */
export const median = (numbers) => numbers.toSorted((one, other) => one - other)[Math.floor((numbers.length - 1) / 2)];
