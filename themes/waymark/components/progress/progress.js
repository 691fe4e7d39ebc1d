// What the reader can already do, kept on this device alone, and shown on skills and on what they are for.
(() => {
  const manifest = document.querySelector('link[rel="manifest"]');
  const key = `fingerpost-path:${new URL(".", manifest?.href ?? location.href).pathname}`;
  const words = (list) => [...new Set([].concat(list ?? []).filter((id) => typeof id === "string" && id.length < 200))].slice(0, 2000);
  const clean = (state) => ({ known: words(state?.known), shortlist: words(state?.shortlist) });
  const read = () => {
    try { return clean(JSON.parse(localStorage.getItem(key))); } catch { return clean(); }
  };
  const listeners = [];
  const tell = () => { for (const listener of listeners) listener(read()); };
  const write = (state) => {
    const { known, shortlist } = clean(state);
    try {
      if (known.length || shortlist.length) localStorage.setItem(key, JSON.stringify({ known, shortlist }));
      else localStorage.removeItem(key);
    } catch { return false; }
    tell();
    return true;
  };
  const toggle = (list, id, on) => {
    const state = read();
    state[list] = state[list].filter((known) => known !== id);
    if (on) state[list].push(id);
    return write(state);
  };
  addEventListener("storage", (event) => { if (event.key === key || event.key === null) tell(); });
  globalThis.fingerpostPath = { read, write, clean, toggle, listen: (listener) => { listeners.push(listener); listener(read()); } };

  const link = (href, text) => {
    const element = document.createElement("a");
    element.href = href;
    element.textContent = text;
    return element;
  };
  for (const box of document.querySelectorAll("[data-tick]")) {
    const label = document.createElement("label");
    const input = document.createElement("input");
    input.type = "checkbox";
    label.append(input, "I can do this");
    box.append(label, link(box.dataset.path, "Your path"));
    box.hidden = false;
    input.addEventListener("change", () => { if (!toggle("known", box.dataset.tick, input.checked)) input.checked = false; });
    fingerpostPath.listen(({ known }) => { input.checked = known.includes(box.dataset.tick); });
  }
  for (const box of document.querySelectorAll("[data-far]")) {
    const steps = [...document.querySelectorAll("[data-step]")];
    const text = document.createElement("span");
    text.setAttribute("role", "status");
    box.append(text, link(box.dataset.path, "Your path"));
    fingerpostPath.listen(({ known }) => {
      const done = steps.filter((step) => known.includes(step.dataset.step));
      for (const step of steps) step.classList.toggle("known", done.includes(step));
      const next = steps.find((step) => !done.includes(step));
      text.textContent = next ? `You can do ${done.length} of ${steps.length}. Next: ${next.textContent.trim()}.` : `You can do all ${steps.length}.`;
      box.hidden = !steps.length;
    });
  }
})();
