// Shares the page with the system's own sheet, or copies its address where there is none.
(() => {
  const row = document.querySelector(".share");
  if (!row || row.hasAttribute("data-off")) return;
  const address = () => location.href.replace(/[?#].*$/, "");
  const data = () => ({ title: row.dataset.title, url: address() });
  const canShare = Boolean(navigator.share) && navigator.canShare?.(data()) !== false;
  if (!canShare && !navigator.clipboard) return;
  const usual = canShare ? "Share this page" : "Copy the link";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = usual;
  const say = document.createElement("span");
  say.className = "unseen";
  say.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    try {
      if (canShare) {
        await navigator.share(data());
        return;
      }
      await navigator.clipboard.writeText(address());
      button.textContent = say.textContent = "Copied";
    } catch (error) {
      // A reader who closes the sheet has chosen to; nothing went wrong.
      if (error.name === "AbortError") return;
      button.textContent = say.textContent = "Not copied";
    }
    setTimeout(() => {
      button.textContent = usual;
      say.textContent = "";
    }, 2000);
  });
  row.prepend(button, say);
})();
