// Sorts and narrows the register of facts; the whole table is there without it, and so are the controls before it.
(() => {
  const form = document.querySelector(".register-tools");
  if (!form) return;
  const table = form.nextElementSibling;
  const rows = [...table.querySelectorAll("tbody tr")];
  const [text, evidence, order, due] = form.elements;
  const say = form.querySelector("[role=status]");
  let read;
  /** What each row is narrowed by, read when nothing else is to be done, or when it is wanted first. */
  const readRows = () => read ??= new Map(rows.map((row) => [row, {
    words: row.textContent.toLowerCase(),
    evidence: row.cells[3].firstElementChild.textContent,
    used: row.cells[4].querySelectorAll("a").length,
  }]));
  (globalThis.requestIdleCallback ?? setTimeout)(readRows);
  const language = document.documentElement.lang;

  // Days are written so that their letters sort as they do.
  const later = (a, b) => Number(a > b) - Number(a < b);
  const compare = {
    new: (a, b) => later(b.dataset.asOf, a.dataset.asOf),
    old: (a, b) => later(a.dataset.asOf, b.dataset.asOf),
    checked: (a, b) => later(a.dataset.checked || "9999", b.dataset.checked || "9999"),
    used: (a, b) => readRows().get(b).used - readRows().get(a).used,
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
    const found = rows.filter((row) => (evidence.value === "" || readRows().get(row).evidence === evidence.value)
      && (!due?.checked || row.classList.contains("stale"))
      && wanted.every((word) => readRows().get(row).words.includes(word)));
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
  // What was typed and chosen before this was there counts, too.
  show();
})();
