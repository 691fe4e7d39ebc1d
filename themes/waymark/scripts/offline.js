// Lets the browser keep what was read, for reading without a connection.
(() => {
  const manifest = document.querySelector('link[rel="manifest"]');
  if (!manifest || !navigator.serviceWorker || !/^https?:$/.test(location.protocol)) return;
  const url = new URL("sw.js", manifest.href).href;
  const here = location.href;
  const loaded = () => performance.getEntriesByType("resource").map((entry) => entry.name);
  addEventListener("load", async () => {
    // One policy of this name, whoever needs it first.
    globalThis.fingerpostPolicy ??= globalThis.trustedTypes?.createPolicy("fingerpost", {
      createScriptURL: (address) => {
        if (!address.startsWith(new URL(".", manifest.href).href)) throw new TypeError("not a script of this site");
        return address;
      },
    });
    const first = !navigator.serviceWorker.controller;
    try {
      await navigator.serviceWorker.register(globalThis.fingerpostPolicy?.createScriptURL(url) ?? url);
      const { active } = await navigator.serviceWorker.ready;
      if (first) active.postMessage({ keep: [here, ...loaded()] });
    } catch { /* a browser that keeps nothing shows the same pages */ }
  });
})();
