// Your path: ticks, what is missing for each goal, a shortlist side by side, and everything saved, loaded and deleted in one click.
addEventListener("DOMContentLoaded", () => {
  const path = globalThis.fingerpostPath;
  const summary = document.querySelector(".path-summary");
  if (!path || !summary) return;
  const columnsMax = 4;
  const h = (name, properties = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
      if (key in element) element[key] = value;
      else element.setAttribute(key, value);
    }
    element.append(...children);
    return element;
  };
  const plural = (count, one, many) => `${count} ${count === 1 ? one : many}`;

  const steps = Array.from(document.querySelectorAll(".path-steps [data-step]"), (item) => {
    const box = h("input", { type: "checkbox", ariaLabel: `I can do: ${item.querySelector("a").textContent}` });
    box.addEventListener("change", () => { if (!path.toggle("known", item.dataset.step, box.checked)) refuse(); });
    item.prepend(h("label", { className: "path-box", "data-do": "" }, box));
    return { id: item.dataset.step, box };
  });
  const goals = Array.from(document.querySelectorAll("[data-goal]"), (card) => {
    const link = card.querySelector("h3 a");
    const order = Array.from(card.querySelectorAll("[data-step]"), (item) => ({ id: item.dataset.step, item, link: item.querySelector("a") }));
    const goal = { id: card.dataset.goal, card, link, order, title: link.textContent };
    goal.meter = h("progress", { max: Math.max(order.length, 1), ariaLabel: `How far you are for ${goal.title}` });
    goal.text = h("span");
    goal.pick = h("button", { type: "button", className: "path-pick" }, "Shortlist");
    goal.pick.setAttribute("aria-label", `Shortlist ${goal.title}`);
    goal.pick.addEventListener("click", () => {
      if (!path.toggle("shortlist", goal.id, goal.pick.getAttribute("aria-pressed") !== "true")) refuse();
    });
    card.querySelector("h3").after(h("div", { className: "path-far", "data-do": "" }, ...(order.length ? [goal.meter, goal.text] : []), goal.pick));
    return goal;
  });

  const said = h("p", { className: "path-said", role: "status" });
  const say = (text) => { said.textContent = text; };
  const refuse = () => { say("This browser keeps nothing for this site, so ticks are not kept."); show(path.read()); };
  const far = h("p", { className: "path-lead" });
  const near = h("p");
  const load = h("input", { type: "file", accept: "application/json,.json", className: "unseen", tabIndex: -1, ariaHidden: "true" });
  load.addEventListener("change", async () => {
    const [file] = load.files;
    load.value = "";
    if (!file) return;
    try {
      if (file.size > 1_000_000) throw new Error("too large");
      const read = JSON.parse(await file.text());
      if (read?.what !== "fingerpost-path") throw new Error("another file");
      const [old, fresh] = [path.read(), path.clean(read)];
      const both = { known: [...old.known, ...fresh.known], shortlist: [...old.shortlist, ...fresh.shortlist] };
      say(path.write(both) ? `Loaded: ${plural(fresh.known.length, "tick", "ticks")}.` : "This browser keeps nothing for this site.");
    } catch {
      say(`${file.name} is not a file that was saved here. Nothing has changed.`);
    }
  });
  const save = () => {
    const text = JSON.stringify({ what: "fingerpost-path", version: 1, ...path.read() }, null, 2);
    const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    h("a", { href: address, download: "your-path.json" }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
    say("Saved as your-path.json.");
  };
  const forget = () => { say(path.write({}) ? "Everything on this page is deleted from this device." : "There was nothing to delete."); };
  const does = (text, press) => {
    const button = h("button", { type: "button" }, text);
    button.addEventListener("click", press);
    return button;
  };
  const compared = h("div", { className: "path-compared" });
  summary.append(
    far,
    near,
    h("p", { className: "path-tools" }, does("Save as a file", save), does("Load a file", () => load.click()), load, does("Delete it all", forget)),
    said,
    h("p", { className: "path-privacy" }, "Your ticks stay in this browser, on this device. Nothing is sent anywhere."),
  );
  document.querySelector(".path-goals").before(h("section", { className: "path-beside", "data-do": "", hidden: true, ariaLabel: "Your shortlist" }, h("h2", {}, "Your shortlist"), compared));

  const copy = (link) => h("a", { href: link.href }, link.textContent);
  const missing = (goal, known) => goal.order.filter(({ id }) => !known.includes(id));
  const compare = (picked, known) => {
    const section = compared.parentElement;
    section.hidden = !picked.length;
    if (!picked.length) {
      compared.replaceChildren();
      return;
    }
    const shown = picked.slice(0, columnsMax);
    const facts = shown.map((goal) => new Map(Array.from(goal.card.querySelectorAll("dl > div"), (row) => [row.querySelector("dt").textContent, row.querySelector("dd")])));
    const labels = [...new Set(facts.flatMap((list) => [...list.keys()]))];
    const row = (label, cells) => h("tr", {}, h("th", { scope: "row" }, label), ...cells.map((cell) => h("td", {}, ...cell)));
    const plain = (cell) => {
      const text = cell.cloneNode(true);
      for (const note of text.querySelectorAll("sup, .cite")) note.remove();
      return text.textContent.trim();
    };
    const table = h("table", {},
      h("thead", {}, h("tr", {}, h("td"), ...shown.map((goal) => h("th", { scope: "col" }, copy(goal.link))))),
      h("tbody", {},
        row("You can do", shown.map((goal) => [goal.order.length ? `${goal.order.length - missing(goal, known).length} of ${goal.order.length}` : "–"])),
        row("Still to learn", shown.map((goal) => {
          const list = missing(goal, known);
          return list.length ? [h("ol", {}, ...list.map(({ link }) => h("li", {}, copy(link))))] : ["nothing"];
        })),
        ...labels.map((label) => row(label, facts.map((list) => [list.has(label) ? plain(list.get(label)) : "–"])))));
    compared.replaceChildren(h("div", { className: "table-scroll", tabIndex: 0, role: "region", ariaLabel: "Your shortlist side by side" }, table),
      ...(picked.length > columnsMax ? [h("p", { className: "path-privacy" }, `The first ${columnsMax} of ${picked.length}; take others off the list to see the rest.`)] : []));
  };

  // What stays as it is costs nothing: of dozens of goals a tick changes a few.
  const tell = (element, text) => { if (element.textContent !== text) element.textContent = text; };
  const show = ({ known, shortlist }) => {
    for (const { id, box } of steps) box.checked = known.includes(id);
    for (const goal of goals) {
      const left = missing(goal, known);
      const done = goal.order.length - left.length;
      if (goal.meter.value !== done) goal.meter.value = done;
      tell(goal.text, left.length ? `${goal.order.length - left.length} of ${goal.order.length}` : "all of it");
      for (const { id, item } of goal.order) item.classList.toggle("known", known.includes(id));
      for (const { item } of goal.order) item.classList.toggle("next", item === left[0]?.item);
      const picked = String(shortlist.includes(goal.id));
      if (goal.pick.getAttribute("aria-pressed") !== picked) goal.pick.setAttribute("aria-pressed", picked);
    }
    const ticked = steps.filter(({ id }) => known.includes(id)).length;
    tell(far, ticked ? `You can do ${ticked} of ${steps.length}.` : "Tick what you can already do.");
    const closest = goals.filter((goal) => goal.order.length)
      .map((goal) => ({ goal, left: missing(goal, known).length }))
      .sort((one, other) => one.left - other.left || other.goal.order.length - one.goal.order.length)
      .slice(0, 3);
    near.replaceChildren();
    if (ticked) {
      near.append("Closest: ");
      closest.forEach(({ goal, left }, at) => near.append(at ? ", " : "", copy(goal.link), left ? ` (${left} to learn)` : " (all learned)"));
      near.append(".");
    }
    compare(shortlist.map((id) => goals.find((goal) => goal.id === id)).filter(Boolean), known);
  };
  summary.hidden = false;
  path.listen(show);
});
