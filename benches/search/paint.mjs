// Says how long the palette takes from the key to its paint, in Chromium, on a built site.
//
//   node benches/search/paint.mjs --public DIR [--page roles/mixing-engineer/] [--rounds 9] [--rate 1] [--chromium FILE]
//
// Each round is a reader who has just come: the page is loaded from a local host, with nothing kept, and at rest. The
// clock runs from the time of the key event of the K to the first task after the frame in which the dialog is open. Control
// is held down 100 ms before, as fingers do. `first` is the first time on the page, `next` when it is opened once more;
// `found` runs from typed text to the frame that shows results.
// `--rate 4` slows the processor four times, as a phone would be.
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";

const words = process.argv.slice(2);
const option = (name, usual) => (words.includes(`--${name}`) ? words[words.indexOf(`--${name}`) + 1] : usual);
if (!globalThis.WebSocket) {
  // Node 20 has it behind a flag.
  const again = spawn(process.execPath, ["--experimental-websocket", ...process.argv.slice(1)], { stdio: "inherit" });
  again.on("close", (code) => process.exit(code));
} else await measure();

async function measure() {
  const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json" };
  const host = createServer((request, answer) => {
    let path = join(option("public"), decodeURIComponent(new URL(request.url, "http://x/").pathname));
    if (existsSync(path) && statSync(path).isDirectory()) path = join(path, "index.html");
    if (!existsSync(path)) { answer.writeHead(404).end(); return; }
    answer.writeHead(200, { "content-type": types[extname(path)] ?? "application/octet-stream" }).end(readFileSync(path));
  });
  await new Promise((done) => host.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${host.address().port}/${option("page", "")}`;
  const profile = mkdtempSync(join(tmpdir(), "palette-"));
  const browser = spawn(option("chromium", "chromium"), [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0", `--user-data-dir=${profile}`, "--window-size=1280,900", "about:blank",
  ], { stdio: ["ignore", "ignore", "pipe"], detached: true });
  const gone = new Promise((done) => browser.on("exit", done));
  try {
    const endpoint = await new Promise((done) => {
      let said = "";
      browser.stderr.on("data", (bytes) => {
        said += bytes;
        const found = /listening on (ws:\S+)/.exec(said);
        if (found) done(found[1]);
      });
    });
    const socket = new WebSocket(endpoint);
    await new Promise((done) => socket.addEventListener("open", done));
    const waiting = new Map();
    let last = 0;
    socket.addEventListener("message", ({ data }) => {
      const { id, result, error } = JSON.parse(data);
      if (id) waiting.get(id)[error ? 1 : 0](error ? new Error(error.message) : result);
    });
    const call = (method, params = {}, sessionId) => new Promise((done, fail) => {
      waiting.set(++last, [done, fail]);
      socket.send(JSON.stringify({ id: last, method, params, sessionId }));
    });
    const times = { first: [], next: [], found: [] };
    for (let round = 0; round < Number(option("rounds", "9")); round++) {
      const { targetId } = await call("Target.createTarget", { url: "about:blank" });
      const { sessionId } = await call("Target.attachToTarget", { targetId, flatten: true });
      const tell = (method, params) => call(method, params, sessionId);
      const evaluate = async (expression) => {
        const { result, exceptionDetails } = await tell("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
        if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
        return result.value;
      };
      const key = async (key, modifiers = 0) => {
        for (const type of ["rawKeyDown", "keyUp"]) await tell("Input.dispatchKeyEvent", { type, key, modifiers, ...(key === "Escape" ? { windowsVirtualKeyCode: 27 } : {}) });
      };
      await tell("Network.enable");
      await tell("Network.setCacheDisabled", { cacheDisabled: true });
      await tell("Network.setBypassServiceWorker", { bypass: true });
      await tell("Emulation.setCPUThrottlingRate", { rate: Number(option("rate", "1")) });
      await tell("Page.navigate", { url });
      await evaluate("new Promise((done) => { const look = () => (document.readyState === 'complete' && location.href !== 'about:blank' ? setTimeout(done, 600) : setTimeout(look, 20)); look(); })");
      /** From an event to the first task after the frame in which something holds. */
      const watch = (event, holds) => evaluate(`globalThis.taken = new Promise((done) => addEventListener("${event}", ({ timeStamp }) => {
        const look = () => requestAnimationFrame(() => {
          if (!(${holds})) { look(); return; }
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => done(performance.now() - timeStamp);
          port2.postMessage(0);
        });
        look();
      }, { once: true, capture: true })); 0`);
      for (const which of ["first", "next"]) {
        await tell("Input.dispatchKeyEvent", { type: "rawKeyDown", key: "Control" });
        await evaluate("new Promise((done) => setTimeout(done, 100))");
        await watch("keydown", "document.querySelector('dialog.search[open]')");
        await key("k", 2);
        await tell("Input.dispatchKeyEvent", { type: "keyUp", key: "Control" });
        times[which].push(await evaluate("taken"));
        if (which === "first") { await key("Escape"); await evaluate("new Promise((done) => setTimeout(done, 300))"); }
      }
      await watch("input", "document.querySelector('dialog.search .search-option mark')");
      await tell("Input.insertText", { text: option("query", "mixing") });
      times.found.push(await evaluate("taken"));
      await call("Target.closeTarget", { targetId });
    }
    for (const [name, list] of Object.entries(times)) {
      list.sort((one, other) => one - other);
      console.log(`${name.padEnd(6)} least ${list[0].toFixed(0)}, middle ${list[list.length >> 1].toFixed(0)}, most ${list.at(-1).toFixed(0)} ms`);
    }
    socket.close();
  } finally {
    // All of its processes: they are a group.
    process.kill(-browser.pid, "SIGKILL");
    await gone;
    host.close();
    host.closeAllConnections();
    browser.stderr.destroy();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
