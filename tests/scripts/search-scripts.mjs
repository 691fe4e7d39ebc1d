// Runs the theme's search scripts outside a browser, each test in a world of its own.
import { readFileSync } from "node:fs";
import vm from "node:vm";

const folder = new URL("../../themes/waymark/scripts/search/", import.meta.url);

/** A fresh world with the named scripts run in it. */
export function world(names, extra = {}) {
  const globals = vm.createContext({
    TextDecoder, Response, DecompressionStream, Blob, console, setTimeout, clearTimeout, performance, URL, ...extra,
  });
  for (const name of names) {
    vm.runInContext(readFileSync(new URL(`${name}.js`, folder), "utf8"), globals, { filename: `${name}.js` });
  }
  return globals;
}

/** A search of the index in a folder, as if a host sent its files, which are noted in `loaded`; `also` are further scripts. */
export function searchOf(index, ...also) {
  const base = "http://localhost/index/", loaded = [];
  const fetch = async (url) => {
    loaded.push(url.slice(base.length));
    return new Response(readFileSync(`${index}/${loaded.at(-1)}`));
  };
  const globals = world(["engine", ...also], { fetch, document: { baseURI: base }, location: { protocol: "http:" } });
  return { ...globals.fingerpostSearch, search: globals.fingerpostSearch.createSearch(base), loaded };
}

/** What the engine offers. */
export function engine(extra) {
  return world(["engine"], extra).fingerpostSearch;
}

/** The stemmer of a language. */
export function stemmer(tag) {
  return world([`stem-${tag}`]).fingerpostStems[tag];
}
