// Sorts and narrows the register of facts; the whole table is there without it.
(() => {
  const table = document.querySelector("table.facts");
  const rows = [...table?.tBodies[0]?.rows ?? []];
  if (rows.length < 2) return;
  const words = rows.map((row) => row.textContent.toLowerCase());
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

  const compare = {
    new: (a, b) => b.dataset.asOf.localeCompare(a.dataset.asOf),
    old: (a, b) => a.dataset.asOf.localeCompare(b.dataset.asOf),
    checked: (a, b) => (a.dataset.checked || "9999").localeCompare(b.dataset.checked || "9999"),
    used: (a, b) => Number(b.dataset.used) - Number(a.dataset.used),
  };
  let sorted = "";
  const show = () => {
    const wanted = text.value.toLocaleLowerCase(language).split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, at) => {
      row.hidden = (evidence.value !== "" && row.dataset.evidence !== evidence.value)
        || (due.checked && !row.classList.contains("stale"))
        || !wanted.every((word) => words[at].includes(word));
      if (!row.hidden) shown += 1;
    });
    if (order.value !== sorted) {
      sorted = order.value;
      table.tBodies[0].append(...(sorted ? rows.toSorted(compare[sorted]) : rows));
    }
    say.textContent = shown === rows.length ? `${shown} facts` : `${shown} of ${rows.length} facts`;
  };
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  // An address that names a fact is for that fact, whatever was narrowed before.
  addEventListener("hashchange", () => {
    form.reset();
    show();
    document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
  });
  show();
})();
