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

  // What follows the text waits where it is out of sight (styles/40-article.css). Its size is that of this width.
  const parts = [...document.querySelectorAll(".text > :is(section:not(.calc), footer)")];
  const isAway = (part) => {
    const { top, bottom } = part.getBoundingClientRect();
    return top > innerHeight || bottom < 0;
  };
  const settle = () => (globalThis.requestIdleCallback ?? setTimeout)(() => {
    for (const part of parts.filter(isAway)) part.classList.add("waits");
  });
  let width = innerWidth;
  addEventListener("load", settle);
  addEventListener("resize", () => {
    if (width === innerWidth) return;
    width = innerWidth;
    for (const part of parts) part.classList.remove("waits");
    requestAnimationFrame(settle);
  });

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
