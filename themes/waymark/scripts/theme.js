// What is settled before anything is painted: the reader's choice of light or dark, and whether the page is come to at its top.
(() => {
  const key = "waymark-theme";
  const names = { auto: "automatic", light: "light", dark: "dark" };
  const next = { auto: "light", light: "dark", dark: "auto" };
  const page = document.documentElement;
  const read = () => {
    try { return localStorage.getItem(key); } catch { return null; }
  };
  const show = (choice) => {
    page.dataset.theme = choice;
    for (const button of document.querySelectorAll(".theme-button")) {
      button.setAttribute("aria-label", `Colours: ${names[choice]}`);
      button.title = `Colours: ${names[choice]}`;
    }
  };
  const stored = () => {
    const choice = read();
    return Object.hasOwn(names, choice) ? choice : "auto";
  };

  show(stored());
  // Who comes for a place, or comes back to one, wants the page as long as it is (styles/40-article.css).
  if (!location.hash && performance.getEntriesByType("navigation")[0]?.type === "navigate") page.dataset.fresh = "";
  addEventListener("storage", (event) => {
    if (event.key === key) show(stored());
  });
  addEventListener("DOMContentLoaded", () => {
    show(page.dataset.theme);
    for (const button of document.querySelectorAll(".theme-button")) {
      button.addEventListener("click", () => {
        const choice = next[page.dataset.theme];
        try { localStorage.setItem(key, choice); } catch { /* this visit only */ }
        show(choice);
      });
    }
  });
})();
