// Marks, in the contents, the section that is being read.
(() => {
  const toc = document.querySelector(".toc");
  if (!toc) return;
  const details = toc.querySelector("details");
  const wide = matchMedia("(min-width: 75rem)");
  const fit = () => { details.open = wide.matches; };
  fit();
  wide.addEventListener("change", fit);
  toc.addEventListener("click", (event) => {
    if (!wide.matches && event.target.closest("a")) details.open = false;
  });

  const parts = [];
  for (const link of toc.querySelectorAll("a")) {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    // The box of a section is known even where what is in it has not been laid out yet.
    if (heading) parts.push({ link, heading: heading.closest(".text > section") ?? heading });
  }
  let current;
  let waiting = false;
  const mark = () => {
    waiting = false;
    const line = innerHeight / 4;
    let found;
    for (const part of parts) {
      if (part.heading.getBoundingClientRect().top > line) break;
      found = part;
    }
    const end = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
    if (end) found = parts.at(-1);
    if (found === current) return;
    current?.link.removeAttribute("aria-current");
    found?.link.setAttribute("aria-current", "location");
    current = found;
  };
  const soon = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(mark);
  };
  addEventListener("scroll", soon, { passive: true });
  addEventListener("resize", soon, { passive: true });
  // With the first frame, which lays the page out in any case.
  soon();
})();
