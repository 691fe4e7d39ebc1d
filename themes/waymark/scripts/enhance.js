// Small comforts: a menu that gets out of the way, links that work from a folder on disk, previews on use.
(() => {
  const guide = document.getElementById("guide");
  const centre = () => {
    const here = guide.querySelector('[aria-current="page"]');
    if (here) guide.scrollTop = here.offsetTop - guide.clientHeight / 2;
  };
  if (guide?.showPopover) {
    // With the first frame, which lays the page out in any case.
    requestAnimationFrame(centre);
    guide.addEventListener("toggle", (event) => {
      if (event.newState === "open") centre();
    });
    // Focus that leaves the open menu would land on text the menu covers.
    guide.addEventListener("focusout", (event) => {
      const to = event.relatedTarget;
      if (to && !guide.contains(to) && guide.matches(":popover-open")) guide.hidePopover();
    });
  }

  // What follows a long text waits to be laid out until it is near (styles/40-article.css), so that the text is there sooner. When
  // nothing else is to be done it is laid out for one frame, some parts at a time, and each keeps its size from then on: the page
  // is as long as it is, whichever way the reader comes there. Where a reader came for a place all of it was laid out at once.
  const parts = [...document.querySelectorAll(".far :is(.prose ~ :not(.sources), .source-facts)")];
  const ELEMENTS_AT_ONCE = 100;
  const idle = globalThis.requestIdleCallback ?? setTimeout;
  let turn = 0;
  const measure = (mine, from) => idle(() => {
    if (mine !== turn || from === parts.length) return;
    const some = [];
    for (let elements = 0; elements < ELEMENTS_AT_ONCE && parts[from]; from += 1) {
      elements += parts[from].querySelectorAll("*").length;
      some.push(parts[from]);
    }
    for (const part of some) part.classList.add("measuring");
    requestAnimationFrame(() => setTimeout(() => {
      for (const part of some) part.classList.remove("measuring");
      measure(mine, from);
    }));
  });
  let width;
  const measureAll = () => {
    if (width === innerWidth) return;
    width = innerWidth;
    turn += 1;
    measure(turn, 0);
  };
  addEventListener("load", () => {
    if ("fresh" in document.documentElement.dataset) {
      measureAll();
    } else {
      width = innerWidth;
      idle(() => { document.documentElement.dataset.fresh = ""; });
    }
  });
  addEventListener("resize", measureAll);

  // A folder on disk has no index page of its own: name it.
  if (location.protocol === "file:") {
    for (const link of document.querySelectorAll("a[href]")) {
      if (link.protocol === "file:" && link.pathname.endsWith("/")) link.pathname += "index.html";
    }
  }

  // What shows a page behind a link comes with the first link that is pointed at or reached by keyboard, or with the first
  // word of the glossary that is touched.
  const previews = HTMLElement.prototype.showPopover && document.getElementById("preview-part");
  const bringPreviews = (event) => {
    const isTouch = event.pointerType === "touch";
    const link = event.target.closest?.(isTouch ? "main a[data-kind=term]" : "main a[data-kind]");
    if (!link || isTouch !== (event.type === "click") || document.getElementById("preview")) return;
    const part = document.importNode(previews.content, true);
    const sheet = part.querySelector("link");
    if (sheet) sheet.onerror = () => sheet.remove();
    if (isTouch) {
      event.preventDefault();
      link.dataset.touched = "";
      part.querySelector("script").onerror = () => { location.href = link.href; };
    }
    document.body.append(part);
  };
  if (previews) for (const name of ["pointerover", "focusin", "click"]) document.addEventListener(name, bringPreviews);
})();
