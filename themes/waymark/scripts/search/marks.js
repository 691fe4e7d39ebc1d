// Marks, on a page that was opened from the search, the words that led to it; Escape takes the marks away.
globalThis.fingerpostMarks = (words) => {
  const ranges = [];
  const sought = new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.map((word) => word.replace(/[^\p{L}\p{M}\p{N}]/gu, "\\$&")).join("|")})(?![\\p{L}\\p{N}])`, "giu");
  const walker = document.createTreeWalker(document.getElementById("main"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode() && ranges.length < 500) {
    for (const match of walker.currentNode.data.matchAll(sought)) {
      const range = new Range();
      range.setStart(walker.currentNode, match.index);
      range.setEnd(walker.currentNode, match.index + match[0].length);
      ranges.push(range);
    }
  }
  // Here and not in the page's style: a colour for parts of any element costs each of them a sixth of its styling.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("::highlight(fingerpost-search) { background-color: var(--glow); color: var(--ink); }");
  document.adoptedStyleSheets.push(sheet);
  CSS.highlights.set("fingerpost-search", new Highlight(...ranges));
  addEventListener("keydown", (event) => { if (event.key === "Escape") CSS.highlights.delete("fingerpost-search"); });
};
