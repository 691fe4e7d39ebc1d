// Keeps what was read, so that it can be read again without a connection. Made by Fingerpost.
const ID = "{id}";
const FILES = {files};
const STYLE = "{style}";
const WORDS = {words};
const WAIT_MS = 2000;
const KEPT_MAX = 150;

const base = new URL(registration.scope);
// Guides beside each other at one address share a store: each knows its own part by its path.
const own = `fingerpost ${base.pathname} `;
const name = own + ID;
const absolute = (path) => new URL(path, base).href;
const always = new Set(FILES.map(absolute));
// Files that carry a hash of their content never change.
const isNamed = (path) => /^(assets\/|search\/.*\/).*\.[0-9a-f]{6,}\.[a-z0-9]+$/.test(path);
// One page has one name, however it was asked for.
const keyOf = (address) => address.replace(/[?#].*$/, "").replace(/\/index\.html$/, "/");

const keep = async (key, answer) => {
  if (!answer.ok || answer.redirected || answer.type !== "basic") return;
  try {
    const cache = await caches.open(name);
    await cache.put(key, answer);
    const keys = (await cache.keys()).filter((known) => !always.has(known.url));
    await Promise.all(keys.slice(0, Math.max(0, keys.length - KEPT_MAX)).map((known) => cache.delete(known)));
  } catch { /* no room: it is read from the network again */ }
};
const kept = async (key) => (await caches.open(name)).match(key);

addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(name);
    // Who saves data gets the index with the first search, and not before.
    const wanted = navigator.connection?.saveData ? FILES.filter((path) => !/^search\/.*\//.test(path)) : FILES;
    await Promise.all(wanted.map(async (path) => {
      if (isNamed(path) && await cache.match(absolute(path))) return;
      const answer = await fetch(absolute(path), { cache: isNamed(path) ? "default" : "no-cache" });
      if (!answer.ok) throw new Error(`${path} is missing`);
      await cache.put(absolute(path), answer);
    }));
    // The index of the search before this one is nobody's use.
    const stale = (await cache.keys()).filter(({ url }) => url.startsWith(absolute("search/")) && isNamed(url.slice(base.href.length)) && !always.has(url));
    await Promise.all(stale.map((known) => cache.delete(known)));
    await skipWaiting();
  })());
});

addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = (await caches.keys()).filter((known) => known.startsWith(own) && known !== name);
    await Promise.all(names.map((known) => caches.delete(known)));
    await clients.claim();
  })());
});

// What a page had loaded before there was a worker.
addEventListener("message", (event) => {
  const addresses = [].concat(event.data?.keep ?? []).filter((address) => typeof address === "string" && address.startsWith(base.href));
  event.waitUntil?.(Promise.all(addresses.slice(0, 40).map(async (address) => {
    const key = keyOf(address);
    if (await kept(key)) return;
    try { await keep(key, await fetch(key)); } catch { /* the next visit brings it */ }
  })));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(base.href) || request.headers.has("range")) return;
  const key = keyOf(request.url);
  if (key === absolute("sw.js")) return;
  event.respondWith(isNamed(key.slice(base.href.length)) ? named(event, key) : fresh(event, key));
});

const named = async (event, key) => {
  const known = await kept(key);
  if (known) return known;
  const answer = await fetch(event.request);
  event.waitUntil(keep(key, answer.clone()));
  return answer;
};

// The network first, so that an update is seen at once; what is kept when it is slow or away.
const fresh = async (event, key) => {
  const network = fetch(event.request).then((answer) => {
    event.waitUntil(keep(key, answer.clone()));
    return answer;
  });
  network.catch(() => {});
  const late = new Promise((done) => { setTimeout(done, WAIT_MS); });
  try {
    const answer = await Promise.race([network, late]);
    return answer ?? await kept(key) ?? await network;
  } catch {
    return await kept(key) ?? (event.request.mode === "navigate" ? nothing() : Response.error());
  }
};

// In place of a page that was never read here: which ones were.
const nothing = async () => {
  const escaped = (text) => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
  const links = (await (await caches.open(name)).keys())
    .map(({ url }) => url)
    .filter((url) => /\/$|\.html$/.test(url) && !url.endsWith("/404.html"))
    .sort()
    .map((url) => {
      const path = url.slice(base.href.length);
      let words = path;
      try { words = decodeURIComponent(path); } catch { /* as it is written */ }
      return `<li><a href="${escaped(url)}">${escaped(words.replace(/\/$|\.html$/, "").replace(/[-/]/g, " ") || WORDS.home)}</a></li>`;
    });
  const html = `<!doctype html><html lang="${escaped(WORDS.language)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${WORDS.title}</title><link rel="stylesheet" href="${escaped(absolute(STYLE))}"></head><body><main id="main" class="layout"><h1>${WORDS.title}</h1><p>${WORDS.text}</p><ul class="rows">${links.join("")}</ul></main></body></html>`;
  return new Response(html, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'" } });
};
