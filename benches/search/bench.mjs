// Measures the search beside Pagefind and MiniSearch in one run: what indexing costs, what readers load, what they find.
//
//   node benches/search/bench.mjs [--sizes 1000,10000] [--queries 150] [--seed 1] [--peers-up-to 10000] [--rounds 2]
//     [--binary FILE] [--site DIR] [--no-guide] [--only-guide] [--no-peers] [--hold]
//
// Builds seeded sites (cargo bench --bench build) and the guide with and without search; the difference is the search's.
// Peers come from npm: pagefind 1.6.0, minisearch 7.2.0; real misspellings from PyPI's codespell 2.4.3 where pip is at hand.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const words = process.argv.slice(2);
const option = (name, usual) => (words.includes(`--${name}`) ? words[words.indexOf(`--${name}`) + 1] : usual);
const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const work = join(existsSync("/dev/shm") ? "/dev/shm" : join(root, "target"), `fingerpost-search-${process.pid}`);
const peers = join(root, "target/tmp/search-peers");
const binary = option("binary", join(root, "target/release/fingerpost"));
const must = (command, parameters, options = {}) => {
  const done = spawnSync(command, parameters, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28, ...options });
  if (done.status !== 0) throw new Error(`${command} ${parameters.join(" ")} failed:\n${done.stderr}`);
  return done.stdout;
};

/** Runs a command to its end: CPU seconds of it and its children, and its highest resident memory in MB. */
const measured = (command, parameters) => new Promise((done, fail) => {
  const line = [command, ...parameters].map((part) => `'${part.replaceAll("'", "'\\''")}'`).join(" ");
  const shell = spawn("bash", ["-c", `TIMEFORMAT='%U %S'; time ${line} >/dev/null 2>"$0"`, join(work, "said.txt")], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "", peak = 0;
  const look = setInterval(() => {
    // The shell's only child is the program.
    try {
      for (const child of readFileSync(`/proc/${shell.pid}/task/${shell.pid}/children`, "utf8").split(" ").filter(Boolean)) {
        const high = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child}/status`, "utf8"));
        if (high) peak = Math.max(peak, Number(high[1]) / 1024);
      }
    } catch { /* It has just ended. */ }
  }, 20);
  shell.stderr.on("data", (bytes) => { said += bytes; });
  shell.on("close", (status) => {
    clearInterval(look);
    const [user, system] = said.trim().split("\n").at(-1).split(" ").map(Number);
    if (status !== 0) fail(new Error(`${line} failed:\n${readFileSync(join(work, "said.txt"), "utf8").slice(-2000)}`));
    else done({ cpu: user + system, peak });
  });
});

const fetchPeers = () => {
  mkdirSync(peers, { recursive: true });
  if (!existsSync(join(peers, "node_modules/minisearch"))) {
    must("npm", ["install", "--silent", "--no-save", "--prefix", peers, "pagefind@1.6.0", "minisearch@7.2.0"]);
  }
  const typos = join(peers, "codespell/codespell_lib/data/dictionary.txt");
  if (!existsSync(typos)) spawnSync("pip", ["install", "--quiet", "--no-deps", "--target", join(peers, "codespell"), "codespell==2.4.3"]);
  const folder = readdirSync(join(peers, "node_modules/@pagefind")).map((name) => join(peers, "node_modules/@pagefind", name, "bin"))[0];
  return { pagefind: join(folder, readdirSync(folder).find((name) => /^pagefind(_extended)?$/.test(name))), typos: existsSync(typos) ? typos : null };
};

const run = async (name, site, withPeers, tools) => {
  const settings = readFileSync(join(site, "site.toml"), "utf8");
  const [on, off] = [join(work, "on"), join(work, "off")];
  const cost = {};
  const rounds = Array.from({ length: Number(option("rounds", "2")) }, () => [["off", off], ["on", on]]);
  for (const [key, output] of rounds.flat()) {
    rmSync(output, { recursive: true, force: true });
    writeFileSync(join(site, "site.toml"), key === "off" ? `output.search = false\n${settings}` : settings);
    const one = await measured(binary, ["build", "--root", site, "--output-dir", output]);
    if (!cost[key] || one.cpu < cost[key].cpu) cost[key] = one;
  }
  writeFileSync(join(site, "site.toml"), settings);
  console.log(`\n## ${name}\n`);
  const costs = { fingerpost: { cpu: cost.on.cpu - cost.off.cpu, peak: Math.max(0, cost.on.peak - cost.off.peak) } };
  console.log(`indexing beyond the build: ${(cost.on.cpu - cost.off.cpu).toFixed(2)} s CPU, ${Math.max(0, cost.on.peak - cost.off.peak).toFixed(0)} MB (the build without it: ${cost.off.cpu.toFixed(2)} s, ${cost.off.peak.toFixed(0)} MB)`);
  const parameters = ["--public", on, "--peers", peers, "--queries", option("queries", "150"), "--seed", option("seed", "1")];
  if (tools.typos) parameters.push("--typos", tools.typos);
  if (withPeers) {
    const bundle = join(work, "pagefind");
    const peer = await measured(tools.pagefind, ["--site", off, "--output-path", bundle]);
    costs.pagefind = peer;
    parameters.push("--pagefind", bundle, "--minisearch");
  }
  parameters.push("--costs", JSON.stringify(costs), ...words.filter((word) => word === "--hold" || word === "--failures"));
  // Its own lines as they come: ten thousand pages take it minutes.
  must("node", ["--max-old-space-size=6000", join(root, "benches/search/compare.mjs"), ...parameters], { stdio: "inherit" });
  for (const folder of [on, off, join(work, "pagefind")]) rmSync(folder, { recursive: true, force: true });
};

const withPeers = !words.includes("--no-peers");
mkdirSync(work, { recursive: true });
try {
  if (!words.includes("--binary")) must("cargo", ["build", "--release", "--quiet"], { stdio: ["ignore", "inherit", "inherit"] });
  const tools = fetchPeers();
  if (!words.includes("--no-guide")) {
    const guide = join(work, "guide");
    mkdirSync(guide);
    must("cp", ["-r", "content", "static", "templates", "themes", "site.toml", guide]);
    await run("the guide", guide, withPeers, tools);
  }
  // A site that lies somewhere already: its files are left as they were.
  if (words.includes("--site")) await run(`the site in ${basename(option("site"))}`, option("site"), withPeers, tools);
  else if (!words.includes("--only-guide")) for (const size of option("sizes", "1000").split(",").map(Number)) {
    must("cargo", ["bench", "--quiet", "--bench", "build", "--", "--sizes", String(size), "--only-generate", "--out", join(work, "sites")]);
    await run(`seeded site of ${size} pages`, join(work, "sites", String(size), "fingerpost"), withPeers && size <= Number(option("peers-up-to", "10000")), tools);
    rmSync(join(work, "sites"), { recursive: true, force: true });
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
