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

  /** Puts an element into the head, and says when what it names is there. */
  const bring = (tag, properties, what) => new Promise((done, fail) => {
    const element = Object.assign(document.createElement(tag), properties, {
      onload: done,
      onerror: () => { element.remove(); fail(Error(`${what} is missing`)); },
    });
    document.head.append(element);
  });
  /** Runs a script of this site, by its path or address; the engine's files from a folder on disk are such, too. */
  const script = globalThis.fingerpostScript = (path, charset = "") => {
    const url = new URL(path, location.href).href;
    return bring("script", { charset, src: globalThis.fingerpostPolicy?.createScriptURL(url) ?? url }, path);
  };
  let styled;
  /** The palette's style; its scripts are fetched beside it, but not run. */
  const style = () => styled ??= document.querySelector("link[data-search]") ? Promise.resolve() : (() => {
    for (const href of [engine, palette]) bring("link", { rel: "preload", as: "script", href }).catch(() => { /* Said when it is run. */ });
    return bring("link", { rel: "stylesheet", href: sheet }).catch(() => { styled = undefined; });
  })();

  // The frame opens by itself, before there is a search: what is typed meanwhile is the first question.
  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const icon = (name) => make("span", { className: `icon icon-${name}`, ariaHidden: "true" });
  let frame;
  const framed = () => {
    if (frame) return frame;
    const input = make("input", { type: "text", id: "search-input", role: "combobox", ariaExpanded: "false", ariaAutoComplete: "list",
      ariaLabel: "Search this guide", autocomplete: "off", autocapitalize: "off", spellcheck: false, enterKeyHint: "go",
      placeholder: "A question or a word", maxLength: 400 });
    const isModal = () => dialog.matches(":modal");
    const dialog = make("dialog", { className: "search", ariaLabel: "Search",
      onclick: ({ target }) => { if (target === dialog) dialog.close(); },
      onkeydown: ({ key }) => { if (key === "Escape" && !isModal()) dialog.close(); } },
      make("div", { className: "search-bar" }, icon("search"), input,
        make("button", { type: "button", className: "search-close", ariaLabel: "Esc: close the search", onclick: () => dialog.close() },
          make("kbd", { ariaHidden: "true" }, "esc"), icon("close"))));
    document.body.append(dialog);
    /**
     * Shows the dialog, and makes it modal once it was painted: to be so styles the whole page anew, which nobody waits for
     * that only wants to type. Nothing in it loses the focus meanwhile; where that was before has to be kept by hand.
     */
    const show = async () => {
      const before = document.activeElement;
      dialog.onclose = () => before.focus({ preventScroll: true });
      dialog.setAttribute("open", "");
      input.focus();
      await new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); });
      if (!dialog.open || isModal()) return;
      dialog.removeAttribute("open");
      dialog.showModal();
    };
    return frame = { dialog, input, show };
  };
  let loading, ui;
  const load = () => {
    loading ??= Promise.all([script(engine), script(palette), style()]).then(() => {
      ui = globalThis.fingerpostPalette({ home, index: new URL(index, location.href).href, language, store, frame: framed() });
      return ui;
    });
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
  let waiting;
  const open = async () => {
    clearTimeout(waiting);
    if (!ui) await style();
    if (ui) { ui.open(); return; }
    const { dialog, input, show } = framed();
    if (dialog.open) return;
    await show();
    // Where the search cannot be loaded, its page still lists everything.
    load().catch(() => { if (dialog.open) location.href = link.href + (input.value && `?q=${encodeURIComponent(input.value)}`); });
  };

  link.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    const field = document.getElementById("search-query");
    event.preventDefault();
    if (field) field.focus();
    else open();
  });
  // Who presses at once gets the frame first, and what fills it after that.
  const ahead = () => {
    style();
    clearTimeout(waiting);
    waiting = setTimeout(() => load().catch(() => { /* Said when it is opened. */ }), 50);
  };
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
