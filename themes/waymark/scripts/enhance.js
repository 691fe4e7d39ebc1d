// Small comforts: copy buttons, a menu that gets out of the way, links that work from a folder on disk.
(() => {
  const say = document.createElement("p");
  say.className = "unseen";
  say.setAttribute("role", "status");
  document.body.append(say);

  const copyButton = (text, label) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.setAttribute("aria-label", label);
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text());
        button.textContent = say.textContent = "Copied";
      } catch {
        button.textContent = say.textContent = "Not copied";
      }
      setTimeout(() => {
        button.textContent = "Copy";
        say.textContent = "";
      }, 2000);
    });
    return button;
  };
  if (navigator.clipboard) {
    for (const block of document.querySelectorAll(".code")) {
      block.append(copyButton(() => block.querySelector("pre").textContent, "Copy this code"));
    }
    for (const text of document.querySelectorAll("[data-copy]")) {
      text.after(" ", copyButton(() => text.textContent, `Copy the ${text.dataset.copy}`));
    }
  }

  const guide = document.getElementById("guide");
  const centre = () => {
    const here = guide.querySelector('[aria-current="page"]');
    if (here) guide.scrollTop = here.offsetTop - guide.clientHeight / 2;
  };
  if (guide?.showPopover) {
    centre();
    guide.addEventListener("toggle", (event) => {
      if (event.newState === "open") centre();
    });
    // Focus that leaves the open menu would land on text the menu covers.
    guide.addEventListener("focusout", (event) => {
      const to = event.relatedTarget;
      if (to && !guide.contains(to) && guide.matches(":popover-open")) guide.hidePopover();
    });
  }

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
    if (isTouch) {
      event.preventDefault();
      link.dataset.touched = "";
      part.firstElementChild.onerror = () => { location.href = link.href; };
    }
    document.body.append(part);
  };
  if (previews) for (const name of ["pointerover", "focusin", "click"]) document.addEventListener(name, bringPreviews);
})();
