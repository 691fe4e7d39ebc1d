// Buttons that copy blocks of code and what templates mark with `data-copy`.
(() => {
  if (!navigator.clipboard) return;
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
  for (const block of document.querySelectorAll(".code")) {
    block.append(copyButton(() => block.querySelector("pre").textContent, "Copy this code"));
  }
  for (const text of document.querySelectorAll("[data-copy]")) {
    text.after(" ", copyButton(() => text.textContent, `Copy the ${text.dataset.copy}`));
  }
})();
