// How many times slower than this machine the phone is that pages are held to. Lighthouse takes four for any machine that reaches
// 1,000 in its benchmark, and says itself that what it measures on a slower one is too much. There the phone is as much less
// slower as the machine is, so that it stays the same phone; it is never slower than four times.
// https://github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md#cpu-throttling
import { pageFunctions } from "lighthouse/core/lib/page-functions.js";

/** What Lighthouse takes, and its limit below which it warns (`core/gather/driver/environment.js`). */
const USUAL = 4;
const FAST_ENOUGH = 1000;

/** How many times slower the phone is than a machine that reached this in the benchmark. */
export const slowdown = (index) => Math.max(1, Math.min(USUAL, (USUAL * index) / FAST_ENOUGH));

/** What a machine reaches in Lighthouse's benchmark, in an empty page of its own: a second of work. */
export const benchmarkIndex = (page) => page.evaluate(pageFunctions.computeBenchmarkIndex);

/** The number in the middle; of two in the middle the smaller. */
export const median = (numbers) => numbers.toSorted((one, other) => one - other)[Math.floor((numbers.length - 1) / 2)];
