// Calculators answer while you type. Chance, charts and what only some readers use are in calc/tools.js, which is loaded
// with the first touch of a form. Arithmetic comes with each calculator's own script.
(() => {
  const { floor, abs } = Math;

  /** Runs one calculator. A state has for each input: numbers, a place, 0 or 1, or rows of such. */
  const engine = (spec, { fill, round }) => {
    const toBase = (unit, x) => (x * spec.u[unit][0]) / spec.u[unit][1];
    const fromBase = (unit, x) => (x * spec.u[unit][1]) / spec.u[unit][0];
    const typical = (d) => d[floor(d.length / 2)];
    const memory = (state) => {
      const m = { s: new Float64Array(spec.s), a: spec.a.map((axis) => new Float64Array(spec.n[axis])), n: [...spec.n] };
      const number = (input, value) => (input.t === "n" ? input.y ?? toBase(input.u, typical(value)) : value);
      spec.i.forEach((input, place) => {
        const value = state[place];
        if (input.t === "r") {
          m.n[input.x] = value.length;
          input.o.forEach((column, at) => value.forEach((cells, row) => {
            if (column.t !== "t") m.a[column.s][row] = number(column, cells[at]);
          }));
        } else if (input.t !== "t") m.s[input.s] = number(input, value);
      });
      return m;
    };
    const run = (m) => (fill(m.s, m.a, m.n), m);
    const quantile = (values, p) => values[floor(p * (values.length - 1) + 0.5)];
    /** The value of a view, in base units. */
    const read = (m, samples, [isArray, slot, , , , reading], index = 0) => {
      const values = reading && samples?.[`${isArray} ${slot}`][index];
      if (values) return reading === 2 ? values.filter((x) => x === 1).length / values.length : quantile(values, reading);
      return isArray ? m.a[slot][index] : m.s[slot];
    };

    // Words: src/calc/number.rs
    const [point, group, from, lakh] = spec.f;
    const isWhole = (x, near) => abs(x - floor(x + 0.5)) < near;
    const naturalStep = (size, money) => {
      if (money && (size === 0 || size >= 0.1) && size < 100) return isWhole(size, 1e-9) ? 1 : 0.01;
      if (size >= 100 || size === 0) return 1;
      let step = 0.1;
      let limit = 10;
      while (size < limit && step > 1.5e-8) limit /= 10, step /= 10;
      while (step < 1 && isWhole(size / (step * 10), 1e-7)) step *= 10;
      return step > 1 ? 1 : step;
    };
    const digits = (value, decimals) => {
      let power = 1;
      for (let i = 0; i < decimals; i++) power *= 10;
      const scaled = floor(abs(value) * power + 0.5 + 1e-7);
      const sign = value < 0 && scaled ? "−" : "";
      if (!(scaled < 1e21)) return `${sign}∞`;
      const whole = floor(scaled / power);
      let text = `${whole}`;
      if (text.length >= from) text = text.replace(lakh ? /\B(?=(\d\d)*\d{3}$)/g : /\B(?=(\d{3})+$)/g, group);
      return sign + text + (decimals ? point + `${scaled - whole * power}`.padStart(decimals, "0") : "");
    };
    /** A number in a unit's own terms. */
    const amount = (value, unit, step) => {
      if (value !== value) return "–";
      const [, , money, before, one, many] = spec.u[unit];
      step ||= naturalStep(abs(value), money);
      const rounded = round(value, step);
      let decimals = 0;
      while (decimals < 8 && !isWhole(step, 1e-6)) step *= 10, decimals++;
      const text = digits(rounded, decimals);
      return (text[0] === "−" ? `−${before}${text.slice(1)}` : before + text) + (rounded === 1 ? one : many);
    };
    const show = ([, , , unit, step, reading, isBool, words], base) =>
      base !== base ? words[0] ?? "–"
        : reading === 2 ? `${digits(base * 100, 0)}%`
        : isBool ? words[1 - base] ?? ["no", "yes"][base]
        : amount(fromBase(unit, base), unit, step);
    /** A number as a form has it: all its digits, and the hyphen that every keyboard has. */
    const entry = (value) => {
      let decimals = 0;
      let scaled = abs(value);
      while (decimals < 8 && !isWhole(scaled, 1e-7)) scaled = abs(value) * 10 ** ++decimals;
      return digits(value, decimals).replace("−", "-");
    };
    const parse = (text) => {
      let plain = text.toLowerCase().replace(/[\s'’_$£€¥₹%]|usd|gbp|eur/g, "").replace("−", "-");
      plain = point === "," ? plain.replace(/\./g, "").replace(",", ".") : plain.replace(/,/g, "");
      const found = /^([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)(k|m|bn?)?$/.exec(plain);
      return found ? found[1] * ({ k: 1e3, m: 1e6, b: 1e9, bn: 1e9 }[found[2]] ?? 1) : NaN;
    };
    const work = (state) => {
      const m = run(memory(state));
      const samples = spec.r && shared.sample(spec, { run, toBase }, state, m);
      const value = (view, index) => read(m, samples, spec.v[view], index);
      return { state, m, samples, value, text: (view, index) => show(spec.v[view], value(view, index)) };
    };
    return { toBase, fromBase, typical, memory, run, quantile, read, digits, amount, entry, parse, work };
  };
  const shared = { engine };
  globalThis.fingerpostCalc = shared;
  if (typeof document === "undefined") return;

  // The page ---------------------------------------------------------------------------------------------------------
  shared.stored = () => {
    try { return self === top ? JSON.parse(localStorage.getItem("fingerpost-numbers")) : null; } catch { return null; }
  };
  const lower = shared.lower = (word) => (/^.[A-Z]/.test(word) ? word : word.charAt(0).toLowerCase() + word.slice(1));
  /** What is right already is not written again: each write makes the browser lay the page out. */
  const put = shared.put = (node, text) => { if (node.textContent !== text) node.textContent = text; };

  /** The tools, as an element that waits in the page: no address is put together here. */
  let loading;
  const load = () => loading ??= new Promise((done) => {
    const scripts = [...document.importNode(document.getElementById("calc-tools").content, true).children];
    let left = scripts.length;
    for (const script of scripts) {
      script.onload = () => { if (!--left) done(1); };
      // What failed may work at the next touch.
      script.onerror = () => { loading = null; done(); };
    }
    document.head.append(...scripts);
  });

  const start = (section) => {
    const spec = JSON.parse(section.querySelector(".calc-spec").textContent);
    const kernel = self.fingerpostCalculators?.[spec.id];
    if (!kernel) return;
    const own = engine(spec, kernel);
    const { amount, entry, parse, typical, work } = own;
    const form = section.querySelector("form");
    const one = (query) => section.querySelector(query);
    const scopes = section.dataset.own === undefined ? [section] : [section, ...document.querySelectorAll(".calc-part-of-page")];
    const all = (query) => scopes.flatMap((scope) => [...scope.querySelectorAll(query)]);
    const status = one(".calc-status");
    const fields = spec.i.map(({ n }) => form.querySelector(`[data-i="${n}"]`));
    const boxes = (field) => [...field.querySelectorAll("input, select")];
    let tools;
    // `first`: the state at first; `last`: the last one without a fault; `shown`: what it came to; `kept`: A of a comparison.
    const now = {};
    const notice = (text) => {
      one(".calc-notice").hidden = !text;
      put(one(".calc-notice"), text);
    };

    const limits = (input, label, x) =>
      x !== x ? `${label} must be a number, like ${entry(typical(input.d))}`
        : x < input.min ? `${label} must be ${amount(input.min, input.u)} or more`
        : x > input.max ? `${label} must be ${amount(input.max, input.u)} or less`
        : input.w && x % 1 ? `${label} must be a whole number` : "";
    const complain = (field, text, warn) => {
      const error = field.querySelector(".calc-error");
      if (!error) return;
      error.hidden = !text;
      put(error, text);
      error.classList.toggle("calc-warn", !!warn);
      for (const box of boxes(field)) box.toggleAttribute("aria-invalid", !!text && !warn);
    };
    /** The value of an input or of a cell, and what is wrong with it. */
    const readBoxes = (input, [box, ...more]) => {
      if (input.t === "c") return [box.selectedIndex];
      if (input.t === "t") return [box.value];
      if (input.t === "y") return [+box.checked];
      let texts = [box, ...more].map(({ value }) => value.trim());
      if (!texts.join("")) return [[], `Enter ${lower(input.l)}`];
      // Without ends the number is known.
      if (more.length && !texts[0] && !texts[2]) texts = [texts[1]];
      let value = texts.map(parse);
      if (input.k === 3 && value[0] === typical(input.d)) value = input.d;
      const names = value.length === 3 && input.k === 1 ? ["low", "typical", "high"] : [];
      let fault = "";
      value.forEach((x, i) => { fault ||= limits(input, names[i] ? `${input.l}, ${names[i]},` : input.l, x); });
      if (names[0] && !(value[0] <= value[1] && value[1] <= value[2])) fault ||= `${input.l}: low, typical and high must go up`;
      return [value, fault];
    };
    /** The state of the form; faults are shown beside their fields. */
    const readForm = () => {
      let faults = 0;
      const state = spec.i.map((input, at) => {
        const field = fields[at];
        let value;
        let fault;
        if (input.t === "r") {
          value = [...field.querySelectorAll("li")].map((row) => {
            const cells = boxes(row);
            return input.o.map((column, i) => {
              const [cell, wrong] = readBoxes(column, [cells[i]]);
              fault ||= wrong;
              return cell;
            });
          });
        } else [value, fault] = readBoxes(input, boxes(field));
        const x = input.warn && typical(value);
        const [below, above, say] = input.warn ?? [];
        const unusual = !fault && ((below != null && x < below) || (above != null && x > above));
        complain(field, fault || (unusual ? say : ""), unusual);
        if (fault) faults++;
        return value;
      });
      return faults ? null : state;
    };
    const paint = (done) => {
      for (const element of all("[data-v]")) put(element, done.text(element.dataset.v, +(element.dataset.x ?? 0)));
      for (const step of all("[data-n]")) step.hidden = !(done.value(step.dataset.n) > 0.5);
      const broken = (spec.k ?? []).filter(([slot]) => !done.m.s[slot]);
      const checks = one(".calc-checks");
      checks.hidden = !broken.length;
      put(checks, broken.map(([, say]) => say.map((piece) => (piece.at ? piece : done.text(piece))).join("")).join(" "));
    };
    let waiting;
    let speaking;
    const speak = () => {
      clearTimeout(speaking);
      const wrong = form.querySelector(".calc-error:not([hidden], .calc-warn)");
      const [label, view, low, high] = spec.h;
      const text = now.shown?.text;
      put(status, wrong ? wrong.textContent : text
        ? `${label}: ${text(view)}${low ? `, between ${text(low)} and ${text(high)} in eight of ten cases` : ""}.` : "");
    };
    const update = () => {
      waiting = 0;
      const state = readForm();
      // Until the tools are here, what they draw is of the numbers before, and so is an answer by chance.
      section.classList.toggle("calc-behind", !tools);
      section.classList.toggle("calc-old", !state || (spec.r && !tools));
      if (!tools) equip();
      if (!state || (spec.r && !tools)) return;
      now.last = state;
      now.shown = work(state);
      paint(now.shown);
      tools?.draw(now.shown);
    };
    const soon = () => {
      waiting ||= requestAnimationFrame(update);
      clearTimeout(speaking);
      speaking = setTimeout(speak, 900);
    };
    const equip = () => load().then((loaded) => {
      if (tools) return;
      if (!loaded) return notice("A part of this calculator could not be loaded. Try again.");
      tools = shared.tools({ ...own, spec, section, form, one, all, status, fields, boxes, now, notice, paint, speak, update, soon });
      tools.begin();
    });
    section.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-do]");
      const act = () => tools?.[button.dataset.do](button);
      if (button) tools ? act() : equip().then(act);
    });
    for (const touch of ["focusin", "pointerdown"]) section.addEventListener(touch, equip);
    form.addEventListener("input", soon);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      update();
      speak();
      form.querySelector("[aria-invalid]")?.focus();
    });
    now.first = now.last = readForm();
    if (location.hash.startsWith(`#calc-${spec.id}?`) || (shared.stored() && one('[data-do="keep"]'))) equip();
    section.dataset.ready = "";
  };
  // Scripts of calculators follow this one.
  addEventListener("DOMContentLoaded", () => document.querySelectorAll(".calc").forEach(start));
  if (self !== top && document.body.classList.contains("template-calculator-embed")) {
    new ResizeObserver(() => parent.postMessage({ fingerpost: "height", height: document.documentElement.scrollHeight }, "*")).observe(document.body);
  }
})();
