// A calculator waits for a touch. Then calc/tools.js, which does all the rest, is loaded, and told what it missed.
(() => {
  let loading;
  /** The scripts, as elements that wait in the page: no address is put together here. */
  const load = () => loading ??= new Promise((done, failed) => {
    const script = document.getElementById("calc-tools").content.firstChild.cloneNode();
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
  });
  for (const section of document.querySelectorAll(".calc")) {
    let works;
    const touched = async (event) => {
      if (works) return;
      const { type, target } = event;
      if (type === "submit") event.preventDefault();
      // What stands there is of the numbers before.
      if (type !== "focusin") section.classList.add("calc-old");
      try {
        await load();
        works ??= self.fingerpostCalc(section);
        target.dispatchEvent(new Event(type, { bubbles: true, cancelable: true }));
      } catch {
        // What failed may work at the next touch.
        loading = null;
        section.querySelector(".calc-notice").textContent = "A part of this calculator could not be loaded. Try again.";
      }
    };
    for (const type of ["focusin", "input", "click", "submit"]) section.addEventListener(type, touched);
    let kept;
    try { kept = localStorage.getItem("fingerpost-numbers") && section.querySelector("[data-do=keep]"); } catch { /* nothing may be kept here */ }
    if (kept || location.hash.startsWith(`#${section.id}?`)) touched({ type: "focusin", target: section });
    section.dataset.ready = "";
  }
})();
