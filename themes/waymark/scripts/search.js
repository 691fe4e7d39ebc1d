// Opens the search on use and not before; keeps the pages last read, and marks the words that led to this one.
(() => {
  const link = document.querySelector(".search-link");
  if (!link) return;
  const { root, index, language, engine, palette, sheet } = link.dataset;
  const home = new URL(root, location.href).href;
  const store = (area, key, value) => {
    try {
      if (value !== undefined) area.setItem(key, JSON.stringify(value));
      return JSON.parse(area.getItem(key));
    } catch { return null; }
  };
  // Scripts may come from this site alone: every address that becomes a script passes here.
  globalThis.fingerpostPolicy = globalThis.trustedTypes?.createPolicy("fingerpost", {
    createScriptURL: (url) => {
      if (!url.startsWith(home)) throw new TypeError("not a script of this site");
      return url;
    },
  });

  /** Runs a script of this site, by its path or address; the engine's files from a folder on disk are such, too. */
  const script = globalThis.fingerpostScript = (path, charset = "") => new Promise((done, fail) => {
    const element = document.createElement("script");
    const url = new URL(path, location.href).href;
    element.charset = charset;
    element.src = globalThis.fingerpostPolicy?.createScriptURL(url) ?? url;
    element.onload = done;
    element.onerror = () => { element.remove(); fail(Error(`${path} is missing`)); };
    document.head.append(element);
  });
  const style = () => new Promise((done) => {
    if (document.querySelector("link[data-search]")) { done(); return; }
    const element = document.createElement("link");
    element.rel = "stylesheet";
    element.href = sheet;
    element.dataset.search = "";
    element.onload = element.onerror = done;
    document.head.append(element);
  });
  let loading;
  const load = () => {
    loading ??= Promise.all([script(engine), script(palette), style()])
      .then(() => globalThis.fingerpostPalette({ home, index: new URL(index, location.href).href, language, store }));
    loading.catch(() => { loading = undefined; });
    return loading;
  };
  /**
   * For scripts of the site: a search of this page's index, or of one in another folder (`search/de/`). What it offers is
   * told in search/engine.js. `home` is the address that the paths of results begin at.
   */
  globalThis.fingerpost = {
    home,
    createSearch: (folder) => load().then(() => globalThis.fingerpostSearch.createSearch(folder ? home + folder : index)),
  };
  // Where it cannot be loaded, the page for searching still lists everything.
  const open = () => load().then((ui) => ui.open(), () => { location.href = link.href; });

  link.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    const field = document.getElementById("search-query");
    event.preventDefault();
    if (field) field.focus();
    else open();
  });
  const ahead = () => { load().catch(() => {}); };
  for (const sign of ["pointerenter", "focus"]) link.addEventListener(sign, ahead, { once: true });
  addEventListener("keydown", (event) => {
    // A tenth of a second before the K: enough for all that the palette is made of.
    if (event.key === "Control" || event.key === "Meta") ahead();
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    const chord = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k";
    const single = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey
      && store(localStorage, "fingerpost-keys") !== "off";
    if (!chord && !single) return;
    event.preventDefault();
    open();
  });
  const form = document.querySelector(".search-form");
  if (form) load().then((ui) => ui.page(form), () => {
    const note = document.createElement("p");
    note.className = "search-note";
    note.setAttribute("role", "alert");
    note.textContent = "The search could not be loaded. Reload the page to try again; everything can be found in the lists below.";
    form.after(note);
  });

  const here = location.href.replace(/[?#].*$/, "");
  const path = here.startsWith(home) ? here.slice(home.length).replace(/index\.html$/, "") : null;
  const heading = document.querySelector("main h1");
  if (path && heading && !/template-(missing|search)/.test(document.body.className)) {
    const recent = (store(localStorage, "fingerpost-recent") ?? []).filter((page) => page.path !== path);
    store(localStorage, "fingerpost-recent", [{ title: heading.textContent, path }, ...recent].slice(0, 6));
  }

  const led = store(sessionStorage, "fingerpost-words");
  if (led?.path === path && led.words?.length && globalThis.CSS?.highlights) {
    script(link.dataset.marks).then(() => globalThis.fingerpostMarks(led.words), () => {});
  }
  store(sessionStorage, "fingerpost-words", null);
})();
