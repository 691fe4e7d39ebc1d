// Narrows the list of pros and cons to what bears on one page.
(() => {
  const claims = [...document.querySelectorAll(".claim")];
  const names = new Map();
  for (const link of document.querySelectorAll(".claim-bears a")) names.set(link.pathname, link.textContent);
  if (names.size < 2) return;
  const say = document.createElement("p");
  say.setAttribute("role", "status");
  const buttons = document.createElement("div");
  const bears = (claim, path) => [...claim.querySelectorAll(".claim-bears a")].some((link) => link.pathname === path);
  const choose = (path, keep) => {
    let shown = 0;
    for (const claim of claims) {
      // A claim that names nothing bears on everything.
      claim.hidden = path !== "" && claim.querySelector(".claim-bears") !== null && !bears(claim, path);
      if (!claim.hidden) shown += 1;
    }
    for (const list of document.querySelectorAll(".claims")) list.hidden = !list.querySelector(".claim:not([hidden])");
    for (const button of buttons.children) button.setAttribute("aria-pressed", String(button.value === path));
    say.textContent = path === "" ? "" : `${shown} of ${claims.length} bear on ${names.get(path)}.`;
    if (keep) history.replaceState(null, "", path === "" ? location.pathname : `?on=${encodeURIComponent(names.get(path))}`);
  };
  const add = (path, label) => {
    const button = document.createElement("button");
    button.type = "button";
    button.value = path;
    button.textContent = label;
    button.addEventListener("click", () => choose(path, true));
    buttons.append(button);
  };
  add("", "Everything");
  for (const [path, name] of [...names].sort((a, b) => a[1].localeCompare(b[1], document.documentElement.lang))) add(path, name);
  const field = document.createElement("fieldset");
  field.className = "weigh-filter";
  const legend = document.createElement("legend");
  legend.textContent = "What bears on";
  field.append(legend, buttons, say);
  document.querySelector(".weigh-lists").before(field);
  const asked = new URLSearchParams(location.search).get("on");
  const found = [...names].find(([, name]) => name === asked);
  choose(found ? found[0] : "", false);
})();
