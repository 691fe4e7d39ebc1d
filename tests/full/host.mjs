// A host for a built site, as static hosts are: compressed, with the headers that the site asks for in `_headers`.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { join, normalize } from "node:path";
import { gzipSync } from "node:zlib";

const types = {
  css: "text/css; charset=utf-8", csv: "text/csv; charset=utf-8", html: "text/html; charset=utf-8", js: "text/javascript; charset=utf-8",
  json: "application/json", md: "text/markdown; charset=utf-8", png: "image/png", svg: "image/svg+xml", txt: "text/plain; charset=utf-8",
  webmanifest: "application/manifest+json", woff2: "font/woff2", xml: "application/xml; charset=utf-8",
};

/** Blocks of `_headers`: a path, with `*` at its end for all below it, and the lines that are sent with it. */
const rules = (text) => {
  const found = [];
  for (const line of text.split("\n")) {
    if (/^\s+\S/.test(line)) {
      const at = line.indexOf(":");
      found.at(-1)?.headers.push([line.slice(0, at).trim(), line.slice(at + 1).trim()]);
    } else if (line.trim()) {
      found.push({ path: line.trim(), headers: [] });
    }
  }
  return found;
};

/**
 * Serves `folder` at a free port of this machine.
 * @param {string} folder
 * @returns {Promise<{url: string, close: () => void}>}
 */
export const host = async (folder) => {
  const asked = rules(await readFile(join(folder, "_headers"), "utf8").catch(() => ""));
  // Made once: what this host works is taken from the browser that is measured.
  const packed = new Map();
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const file = normalize(path.endsWith("/") ? `${path}index.html` : path);
    let status = 200;
    let name = file;
    const bytes = await readFile(join(folder, file)).catch(() => {
      status = 404;
      name = "404.html";
      return readFile(join(folder, name));
    });
    const type = types[name.split(".").at(-1)] ?? "application/octet-stream";
    const headers = { "content-type": type, "cache-control": "no-cache" };
    for (const rule of asked) {
      const matches = rule.path.endsWith("*") ? path.startsWith(rule.path.slice(0, -1)) : path === rule.path;
      if (matches) for (const [key, value] of rule.headers) headers[key.toLowerCase()] = value;
    }
    const packs = !/^(image\/png|font)/.test(type) && /\bgzip\b/.test(request.headers["accept-encoding"] ?? "");
    if (packs) headers["content-encoding"] = "gzip";
    if (packs && !packed.has(name)) packed.set(name, gzipSync(bytes));
    response.writeHead(status, headers).end(packs ? packed.get(name) : bytes);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
};
