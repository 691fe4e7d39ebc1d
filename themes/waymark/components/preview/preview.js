// Shows what is behind a link: its title, its one sentence and its quick facts, read from the head of the page itself. Words of
// the glossary are explained at the foot of the page already, and read from there.
//
// By pointer after a rest, by keyboard at once; it stays while the pointer is on it and goes with Escape (WCAG 2.2, 1.4.13).
// On a touch screen a link is a link, but a word of the glossary is explained first and followed when it is touched again.
(() => {
  if (!("popover" in HTMLElement.prototype) || document.getElementById("preview")) return;
  const touched = document.querySelector("[data-touched]");
  if (document.documentElement.dataset.previews === "off") {
    if (touched) location.href = touched.href;
    return;
  }
  const REST_MS = 300;
  const LEAVE_MS = 250;
  const known = new Map();
  const box = document.createElement("div");
  box.className = "preview";
  box.id = "preview";
  box.popover = "manual";
  box.setAttribute("role", "tooltip");
  document.getElementById("main").append(box);

  // Its style comes with it; where that cannot be had, links are links.
  const sheet = document.querySelector("link[data-preview]");
  const styled = new Promise((done) => {
    if (!sheet || sheet.sheet) done(Boolean(sheet));
    sheet?.addEventListener("load", () => done(true));
    sheet?.addEventListener("error", () => done(false));
  });

  const entities = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
  const decoded = (text) => text.replace(/&(?:#x([\da-f]+)|#(\d+)|([a-z]+));/gi, (whole, hex, digits, name) => {
    if (name) return entities[name] ?? whole;
    return String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(digits));
  });
  const read = (page) => {
    const meta = new Map();
    const head = page.slice(0, page.indexOf("</head>"));
    for (const [, name, content] of head.matchAll(/<meta (?:name|property)="([^"]+)" content="([^"]*)"/g)) {
      meta.set(name, decoded(content));
    }
    const facts = [];
    for (const number of [1, 2]) {
      const label = meta.get(`twitter:label${number}`);
      if (label) facts.push([label, meta.get(`twitter:data${number}`) ?? ""]);
    }
    return { title: meta.get("og:title"), kind: meta.get("article:section"), lead: meta.get("description"), facts };
  };
  const explained = (url) => {
    const word = Array.from(document.querySelectorAll(".words-list a")).find(({ href }) => href === url);
    return word && { title: word.textContent, lead: word.closest("div").querySelector("dd").textContent, facts: [] };
  };
  const load = (url) => {
    const word = explained(url);
    if (word) return word;
    // A folder on disk may not be read by scripts.
    if (location.protocol === "file:") return {};
    if (!known.has(url)) {
      known.set(url, fetch(url).then((answer) => (answer.ok ? answer.text() : "")).then(read).catch(() => ({})));
    }
    return known.get(url);
  };
  const element = (name, className, text) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.textContent = text;
    return made;
  };

  let link;
  let timer;
  const close = () => {
    clearTimeout(timer);
    if (box.matches(":popover-open")) box.hidePopover();
    link?.removeAttribute("aria-describedby");
    link = undefined;
  };
  const place = () => {
    // A link over two lines is met where the pointer is; its first line stands for it.
    const at = link.getClientRects()[0];
    const size = box.getBoundingClientRect();
    const left = Math.max(12, Math.min(at.left, innerWidth - size.width - 12));
    const below = at.bottom + 8;
    const top = below + size.height > innerHeight && at.top > size.height + 8 ? at.top - size.height - 8 : below;
    box.style.left = `${left}px`;
    box.style.top = `${top}px`;
  };
  const open = async (target, isTouched = false) => {
    const url = target.href.replace(/#.*$/, "");
    const [page, isStyled] = await Promise.all([load(url), styled]);
    if (link !== target) return;
    if (!page.lead || !isStyled) {
      // Nothing can be shown: the touch that was held back leads on.
      if (isTouched) location.href = target.href;
      return;
    }
    const parts = [];
    if (page.kind) parts.push(element("p", "preview-kind", page.kind));
    parts.push(element("p", "preview-title", page.title ?? target.textContent), element("p", "preview-lead", page.lead));
    if (page.facts.length) {
      const list = document.createElement("dl");
      for (const [label, value] of page.facts) list.append(element("dt", "", label), element("dd", "", value));
      parts.push(list);
    }
    if (isTouched) parts.push(element("p", "preview-more", "Touch the word again to read more"));
    box.replaceChildren(...parts);
    box.showPopover();
    target.setAttribute("aria-describedby", box.id);
    place();
  };
  const begin = (target, wait) => {
    if (target === link) {
      clearTimeout(timer);
      return;
    }
    close();
    link = target;
    timer = setTimeout(open, wait, target);
  };
  const end = () => {
    clearTimeout(timer);
    timer = setTimeout(close, LEAVE_MS);
  };
  const linkOf = (event) => {
    const found = event.target.closest?.("main a[data-kind]");
    return found && found.origin === location.origin && found.pathname !== location.pathname ? found : undefined;
  };

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const found = linkOf(event);
    if (found) begin(found, REST_MS);
    else if (box.contains(event.target)) clearTimeout(timer);
    else if (link && link !== document.activeElement) end();
  });
  document.documentElement.addEventListener("pointerleave", () => { if (link) end(); });
  document.addEventListener("focusin", (event) => {
    const found = linkOf(event);
    if (found?.matches(":focus-visible")) begin(found, 0);
  });
  document.addEventListener("focusout", () => { if (link) close(); });
  const touch = (target) => {
    close();
    link = target;
    open(target, true);
  };
  document.addEventListener("click", (event) => {
    if (event.pointerType !== "touch") return;
    const found = linkOf(event);
    if (found?.dataset.kind !== "term") {
      if (!box.contains(event.target)) close();
    } else if (found !== link || !box.matches(":popover-open")) {
      event.preventDefault();
      touch(found);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !box.matches(":popover-open")) return;
    event.preventDefault();
    close();
  });
  addEventListener("scroll", () => { if (link && box.matches(":popover-open")) place(); }, { passive: true });
  addEventListener("pagehide", close);

  // This script came because of a link: that one first.
  const pointed = linkOf({ target: document.querySelector("main a[data-kind]:hover") ?? document });
  const reached = linkOf({ target: document.activeElement ?? document });
  if (touched) touch(touched);
  else if (pointed) begin(pointed, REST_MS);
  else if (reached?.matches(":focus-visible")) begin(reached, 0);
})();
