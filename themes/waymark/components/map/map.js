// The map under the reader's hands: nearer and farther by buttons, keys, wheel and two fingers; what a page is joined to stands out.
(() => {
  const pane = document.querySelector(".map-pane");
  const drawing = pane?.querySelector(".map-drawing");
  const size = drawing?.parentElement;
  if (!drawing) return;
  const width = drawing.viewBox.baseVal.width;
  const height = drawing.viewBox.baseVal.height;
  const largest = 3;
  const fitting = () => Math.min(1, pane.clientWidth / width);
  let scale = 1;

  // Whatever lies at (x, y) of the pane stays there.
  const zoom = (wanted, x = pane.clientWidth / 2, y = pane.clientHeight / 2) => {
    const next = Math.min(largest, Math.max(Math.min(fitting(), 0.25), wanted));
    if (!Number.isFinite(next) || next === scale) return;
    const [left, top] = [(pane.scrollLeft + x) / scale, (pane.scrollTop + y) / scale];
    scale = next;
    // The drawing is not laid out again: a frame of the wanted size is, and the drawing is shown in it larger or smaller.
    size.style.inlineSize = `${width * scale}px`;
    size.style.blockSize = `${height * scale}px`;
    drawing.style.scale = String(scale);
    pane.scrollTo({ left: left * scale - x, top: top * scale - y, behavior: "instant" });
    status.textContent = `${Math.round(scale * 100)} %`;
    for (const [button, can] of ends) button.setAttribute("aria-disabled", String(!can()));
  };

  const tools = document.createElement("div");
  tools.className = "map-zoom";
  tools.dataset.do = "";
  tools.setAttribute("role", "group");
  tools.setAttribute("aria-label", "Size of the map");
  const button = (text, label, press) => {
    const element = document.createElement("button");
    element.type = "button";
    element.textContent = text;
    element.setAttribute("aria-label", label);
    element.addEventListener("click", press);
    tools.append(element);
    return element;
  };
  const farther = button("−", "Smaller", () => zoom(scale / 1.25));
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  tools.append(status);
  const nearer = button("+", "Larger", () => zoom(scale * 1.25));
  button("Whole", "Show the whole map", () => zoom(fitting()));
  const ends = [[farther, () => scale > Math.min(fitting(), 0.25) + 0.001], [nearer, () => scale < largest - 0.001]];
  pane.before(tools);
  // On a desk the whole is the way in, as long as it can be read; on a phone the first columns, large enough to be read.
  const first = fitting();
  scale = 0;
  zoom(first > 0.77 ? first : 0.85, 0, 0);

  // Only while the map has the focus: nobody else's keys.
  pane.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const keys = { "+": 1.25, "=": 1.25, "-": 0.8 };
    if (keys[event.key]) zoom(scale * keys[event.key]);
    else if (event.key === "0") zoom(fitting());
    else return;
    event.preventDefault();
  });
  pane.addEventListener("wheel", (event) => {
    // Two fingers on a touchpad come as a wheel with the control key.
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const box = pane.getBoundingClientRect();
    zoom(scale * Math.exp(-event.deltaY / 300), event.clientX - box.left, event.clientY - box.top);
  }, { passive: false });
  let pinch;
  const fingers = ({ touches: [one, other] }) => {
    const box = pane.getBoundingClientRect();
    return {
      apart: Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY),
      x: (one.clientX + other.clientX) / 2 - box.left,
      y: (one.clientY + other.clientY) / 2 - box.top,
    };
  };
  pane.addEventListener("touchstart", (event) => {
    pinch = event.touches.length === 2 ? { ...fingers(event), scale } : undefined;
  }, { passive: true });
  pane.addEventListener("touchmove", (event) => {
    if (!pinch || event.touches.length !== 2) return;
    event.preventDefault();
    const { apart, x, y } = fingers(event);
    zoom(pinch.scale * apart / pinch.apart, x, y);
  }, { passive: false });

  // A mouse takes hold of the map anywhere between pages; scrolling does the same without.
  pane.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || event.button || event.target.closest("a")) return;
    pane.setPointerCapture(event.pointerId);
    pane.classList.add("held");
  });
  pane.addEventListener("pointermove", (event) => {
    if (pane.classList.contains("held")) pane.scrollBy({ left: -event.movementX, top: -event.movementY, behavior: "instant" });
  });
  for (const end of ["pointerup", "pointercancel"]) pane.addEventListener(end, () => pane.classList.remove("held"));

  const joined = new Map();
  for (const line of drawing.querySelectorAll("[data-ends]")) {
    const both = line.dataset.ends.split(" ");
    for (const [one, other] of [both, [...both].reverse()]) {
      if (!joined.has(one)) joined.set(one, []);
      joined.get(one).push([line, other]);
    }
  }
  const boxes = new Map(Array.from(drawing.querySelectorAll("[data-node]"), (box) => [box.dataset.node, box]));
  // Lines that stand out are copies on top of all others: the hundreds below fade as one.
  const top = document.createElementNS(drawing.namespaceURI, "g");
  top.setAttribute("class", "map-lit");
  top.setAttribute("aria-hidden", "true");
  drawing.querySelector(".map-lines").after(top);
  const copyOf = (line) => {
    const relation = line.closest(".map-lines > g");
    const copy = line.cloneNode();
    copy.removeAttribute("data-ends");
    copy.setAttribute("class", `${relation.getAttribute("class")} lit`);
    const end = relation.getAttribute("marker-end");
    if (end) copy.setAttribute("marker-end", end);
    return copy;
  };
  let wanted;
  let shown = null;
  const show = () => {
    const box = wanted;
    wanted = undefined;
    if (box === shown) return;
    shown = box;
    const seen = (box && joined.get(box.dataset.node) || []).filter(([line]) => line.getClientRects().length > 0);
    for (const element of drawing.querySelectorAll("a.lit")) element.classList.remove("lit");
    drawing.classList.toggle("lighting", Boolean(box));
    for (const element of [box, ...seen.map(([, other]) => boxes.get(other))]) element?.classList.add("lit");
    top.replaceChildren(...seen.map(([line]) => copyOf(line)));
  };
  // Once a frame: the focus leaves one page and comes to the next in one step.
  const light = (box) => {
    if (wanted === undefined) requestAnimationFrame(show);
    wanted = box ?? null;
  };
  const lightAt = (event) => light(event.target.closest?.("[data-node]"));
  drawing.addEventListener("pointerover", (event) => { if (event.pointerType === "mouse") lightAt(event); });
  drawing.addEventListener("pointerleave", () => light(drawing.querySelector("a:focus-visible")));
  drawing.addEventListener("focusin", lightAt);
  drawing.addEventListener("focusout", () => light());
  document.querySelector(".map-filter")?.addEventListener("input", () => light());
})();
