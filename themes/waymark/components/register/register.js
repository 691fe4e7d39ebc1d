// Sorts and narrows the register of facts; the whole table is there without it.
(() => {
  const table = document.querySelector("table.facts");
  const rows = [...table?.querySelectorAll("tbody tr") ?? []];
  if (rows.length < 2) return;
  let words;
  /** The words of each row, put together when nothing else is to be done, or when they are wanted first. */
  const wordsOf = () => words ??= rows.map((row) => row.textContent.toLowerCase());
  (globalThis.requestIdleCallback ?? setTimeout)(wordsOf);
  const language = document.documentElement.lang;
  const element = (name, text, properties = {}) => Object.assign(document.createElement(name), { textContent: text }, properties);
  const field = (label, control) => {
    const wrap = element("label", "");
    wrap.append(element("span", label), control);
    return wrap;
  };
  const select = (options) => {
    const made = document.createElement("select");
    for (const [value, text] of options) made.append(element("option", text, { value }));
    return made;
  };
  const text = element("input", "", { type: "search", autocomplete: "off" });
  const kinds = [...new Set(rows.map((row) => row.dataset.evidence))].filter(Boolean);
  const evidence = select([["", "Any"], ...kinds.map((kind) => [kind, kind])]);
  const order = select([["", "By name"], ["new", "Newest first"], ["old", "Oldest first"], ["checked", "Checked longest ago"], ["used", "Most used"]]);
  const due = element("input", "", { type: "checkbox" });
  const say = element("p", "");
  say.setAttribute("role", "status");
  const form = element("form", "", { className: "register-tools" });
  form.setAttribute("role", "search");
  form.setAttribute("aria-label", "Facts");
  form.append(field("Words", text), field("Evidence", evidence), field("Order", order));
  if (rows.some((row) => row.classList.contains("stale"))) form.append(field("Due for a new check only", due));
  form.append(say);
  table.before(form);

  // Days are written so that their letters sort as they do.
  const later = (a, b) => Number(a > b) - Number(a < b);
  const compare = {
    new: (a, b) => later(b.dataset.asOf, a.dataset.asOf),
    old: (a, b) => later(a.dataset.asOf, b.dataset.asOf),
    checked: (a, b) => later(a.dataset.checked || "9999", b.dataset.checked || "9999"),
    used: (a, b) => Number(b.dataset.used) - Number(a.dataset.used),
  };
  // Rows that are not wanted are taken out. Those that are come in bodies, the first of which fills the window, so that a key or
  // a choice is answered at once however many there are; what stood there before is out of sight at once and goes afterwards.
  const BODY = 20;
  let inPlace = rows;
  let turn = 0;
  // After the next frame, unless other rows are wanted by then.
  const soon = (mine, act) => requestAnimationFrame(() => setTimeout(() => { if (mine === turn) act(); }));
  const add = (from) => {
    const body = document.createElement("tbody");
    body.append(...inPlace.slice(from, from + BODY));
    table.append(body);
    return body;
  };
  const come = (mine, from) => {
    const to = Math.min(from + 4 * BODY, inPlace.length);
    for (let next = from; next < to; next += BODY) add(next);
    if (to < inPlace.length) soon(mine, () => come(mine, to));
  };
  const clear = () => { for (const old of table.querySelectorAll(".going")) old.remove(); };
  const put = (next) => {
    clear();
    turn += 1;
    inPlace = next;
    for (const old of table.tBodies) old.className = "going";
    add(0).className = "first";
    const mine = turn;
    soon(mine, () => {
      clear();
      come(mine, BODY);
    });
  };
  const show = () => {
    const wanted = text.value.toLocaleLowerCase(language).split(/\s+/).filter(Boolean);
    const found = rows.filter((row, at) => (evidence.value === "" || row.dataset.evidence === evidence.value)
      && (!due.checked || row.classList.contains("stale"))
      && wanted.every((word) => wordsOf()[at].includes(word)));
    const next = order.value ? found.toSorted(compare[order.value]) : found;
    say.textContent = next.length === rows.length ? `${next.length} facts` : `${next.length} of ${rows.length} facts`;
    if (next.length === inPlace.length && next.every((row, at) => row === inPlace[at])) return;
    put(next);
  };
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  // An address that names a fact is for that fact, whatever was narrowed before.
  addEventListener("hashchange", () => {
    const id = decodeURIComponent(location.hash.slice(1));
    if (!rows.some((row) => row.id === id) || document.getElementById(id)) return;
    form.reset();
    show();
    turn += 1;
    for (const old of [...table.tBodies]) old.remove();
    for (let from = 0; from < inPlace.length; from += BODY) add(from);
    // Now that it is there, the browser goes there and marks it.
    location.replace(location.hash);
  });
  show();
})();
