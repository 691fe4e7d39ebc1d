// What a calculator does once it is touched: it reads its form, works out the answer and shows what follows. calc.js loads
// this. Labels, sentences, tables and drawings stand in the page since the build; only numbers, paths and order change here.
// Arithmetic comes with each calculator's own script. The build makes two scripts of this one, without and with what lists
// of rows need, and says which by putting false or true for HAS_ROWS: few calculators have such lists.
(() => {
  const { floor, abs, max, min, sqrt } = Math;
  const STORE = "fingerpost-numbers";
  const framed = self !== self.top;
  /** What is right already is not written again: each write makes the browser lay the page out. */
  const put = (node, text) => { if (node.textContent !== `${text}`) node.textContent = text; };
  const typical = (list) => list[floor(list.length / 2)];
  const quantile = (values, p) => values[floor(p * (values.length - 1) + 0.5)];
  const trim = (plain) => plain.replace(/\.0*$|(\.\d*?)0+$/, "$1");

  /**
   * One calculator. The state is what stands in its boxes: for each input a list of texts, row by row. Memory is a list of
   * lists, the scalars first. Without a section it only reckons.
   */
  self.fingerpostCalc = (section, spec = JSON.parse(section.querySelector(".calc-spec").textContent), [fill, round, probabilities, normal, drawer] = self.fingerpostCalculators[spec.id]) => {
    const convert = (x, unit, way = 0) => (x * spec.u[unit][way]) / spec.u[unit][1 - way];
    const fromBase = (x, unit) => convert(x, unit, 1);

    // Words: src/calc/number.rs
    const [point, group, from, lakh, percentSign = "%"] = spec.f;
    const localized = (plain) => {
      let [whole, part] = plain.split(".");
      if (whole.length >= from) whole = whole.replace(lakh ? /\B(?=(\d\d)*\d{3}$)/g : /\B(?=(\d{3})+$)/g, group);
      return /e/.test(whole) ? "∞" : part ? whole + point + part : whole;
    };
    /** A number in a unit's own terms; without a step with three significant digits, or cents. */
    const amount = (value, unit, step, decimals) => {
      if (value !== value) return "–";
      const [, , money, before, one, many] = spec.u[unit];
      const natural = !step;
      if (natural) {
        decimals = max(0, min(8, 2 - abs(value).toExponential().split("e")[1]));
        if (money && decimals && decimals < 4) decimals = 2;
        step = 1 / 10 ** decimals;
      }
      const rounded = round(value, step);
      let plain = abs(rounded).toFixed(decimals);
      if (natural) plain = money && decimals === 2 ? plain.replace(".00", "") : trim(plain);
      return (rounded < 0 ? "−" : "") + before + localized(plain) + (rounded === 1 ? one : many);
    };
    const percent = (x) => localized(round(x * 100, 1).toFixed()) + percentSign;
    /** A number as a box has it: all its digits, and the hyphen that every keyboard has. */
    const entry = (value) => (value < 0 ? "-" : "") + localized(trim(abs(value).toFixed(8)));
    const parse = (text) => {
      const plain = text.toLowerCase().replace("−", "-").replace(/[^\d.,a-z+-]|usd|gbp|eur/g, "");
      const [, digits, size] = /^(.*\d\.?)(k|m|bn?)?$/.exec(plain.replaceAll(point === "," ? "." : ",", "").replace(point, ".")) ?? [];
      return digits * ({ k: 1e3, m: 1e6, b: 1e9, bn: 1e9 }[size] ?? 1);
    };

    /** An input or column with the boxes or texts that are its own, and in which row. */
    const cells = (input, list) =>
      HAS_ROWS && input.x != null ? list.map((own, i) => [input.o[i % input.o.length], [own], floor(i / input.o.length)]) : [[input, list, 0]];
    /** The number that a field holds, or low, typical and high, or the observed ones that its typical one stands for. */
    const numbers = ({ k, d }, texts) => {
      // Without ends the number is known.
      const list = (texts[1] && !texts[0] && !texts[2] ? [texts[1]] : texts).map(parse);
      return k === 3 && list[0] === typical(d) ? d : list;
    };
    const memory = (state) => {
      const lengths = [...spec.n];
      if (HAS_ROWS) spec.i.forEach(({ x, o }, at) => { if (x != null) lengths[x] = state[at].length / o.length; });
      const m = [spec.s, ...spec.a.map((axis) => lengths[axis])].map((length) => new Float64Array(length));
      spec.i.forEach((input, at) => {
        for (const [column, own, row] of cells(input, state[at])) {
          m[column.a ?? 0][column.s + row] = column.o ? column.o.indexOf(own[0])
            : column.u == null ? own[0]
            : column.y ?? convert(typical(numbers(column, own)), column.u);
        }
      });
      return m;
    };
    const run = (m) => (fill(m), m);

    // Chance: src/calc/sample.rs
    const known = {};
    /** Whether an input is drawn: 1 by low, typical and high, 2 as counts, 3 as observed values, 4 by a chance. */
    const spreads = ({ k }, list) => (k === 1 ? list[0] < list[2] : k === 2 ? list[0] > 0 : k === 3 ? list[1] != null : k);
    const uniform = (name) => probabilities(`${spec.id}/${name}`);
    const scores = (name) => known[`of ${name}`] ??= uniform(name).map(normal);
    /** What an input is drawn by: normal scores for a range, else probabilities. */
    const drawn = ({ k, n, b }) => {
      if (k !== 1) return uniform(n);
      if (!b) return scores(n);
      const common = scores(b[0]);
      const joint = sqrt(b[1]);
      const single = sqrt(1 - b[1]);
      return scores(n).map((x, i) => joint * common[i] + single * x);
    };
    /** Draws of an input in base units; they are made again only when it changes. */
    const draws = (input, list) => {
      const made = known[input.n] ??= { by: drawn(input) };
      if (made.of !== `${list}`) {
        const draw = drawer(input.k, list, input.min, input.max);
        made.of = `${list}`;
        made.values = made.by.map((by) => convert(draw(by), input.u));
      }
      return made.values;
    };
    /** Samples of every view that spreads, ascending, each at its place in memory. */
    const sample = (state, base) => {
      const parts = spec.i.flatMap((input, at) => {
        const list = input.k && numbers(input, state[at]);
        return list && spreads(input, list) ? [[input.s, draws(input, list)]] : [];
      });
      if (!parts.length) return null;
      const count = parts[0][1].length;
      const samples = base.map(() => []);
      for (const [k, slot, , reading] of spec.v) {
        if (reading) for (let i = k ? base[k].length : 1; i--;) samples[k][slot + i] ??= new Float64Array(count);
      }
      const m = base.map((list) => list.slice());
      const places = samples.flatMap((lists, k) => lists.flatMap((values, i) => [{ values, list: m[k], i }]));
      for (let n = 0; n < count; n++) {
        for (const [slot, values] of parts) m[0][slot] = values[n];
        run(m);
        for (const { values, list, i } of places) values[n] = list[i];
      }
      for (const { values } of places) values.sort();
      return samples;
    };

    /** What a state comes to. */
    const work = (state) => {
      const m = run(memory(state));
      const samples = sample(state, m);
      /** The value of a view in base units, as it reads it or at a probability. */
      const value = (view, index, p) => {
        const [k, slot, , reading] = spec.v[view];
        const values = (p ?? reading) && samples?.[k].at(slot + index);
        return values ? (p ?? reading) === 2 ? values.filter((x) => x === 1).length / values.length : quantile(values, p ?? reading) : m[k].at(slot + index);
      };
      return { state, samples, value, text: (view, index) => show(view, value(view, index)) };
    };
    const show = (view, base) => {
      const [, , unit, reading, step, decimals, words] = spec.v[view];
      return base !== base ? words?.[0] ?? "–"
        : reading === 2 ? percent(base)
        : words?.[1] ? words[1 - base]
        : amount(fromBase(base, unit), unit, step, decimals);
    };
    if (!section) return { work, memory, amount };

    // The form ---------------------------------------------------------------------------------------------------------
    const one = (query) => section.querySelector(query);
    const all = (query) => document.querySelectorAll(`:is(#calc-${spec.id}, #calc-${spec.id}[data-own] ~ .calc-part-of-page) ${query}`);
    const form = one("form");
    const status = one(".calc-status");
    const boxes = (field) => [...field.querySelectorAll("input, select")];
    const fieldsOf = (root) => spec.i.map(({ n }) => root.querySelector(`[data-i=${n}]`));
    const fields = fieldsOf(form);
    const stateOf = (list) => list.map((field) => boxes(field).map((box) => (box.type === "checkbox" ? +box.checked : box.value)));
    const fresh = form.cloneNode(true);
    fresh.reset();
    const first = stateOf(fieldsOf(fresh));
    // `last`: the last state without a fault; `kept`: A of a comparison.
    let last = first;
    let kept = null;
    const notice = (text) => put(one(".calc-notice"), text);
    const say = (text) => put(status, text);

    const rows = HAS_ROWS && {
      /** As many copies of the last row as there are rows wanted. */
      grow: (list, count) => {
        while (list.children.length > count) list.lastElementChild.remove();
        while (list.children.length < count) list.append(list.lastElementChild.cloneNode(true));
      },
      /** Rows tell their number in the names of their boxes, and are neither too few nor too many. */
      number: (at) => {
        const { min, max } = spec.i[at];
        const list = fields[at].querySelectorAll("li");
        list.forEach((row, i) => {
          for (const box of boxes(row)) box.previousElementSibling.htmlFor = box.id = box.id.replace(/\d+(?=-\w+$)/, i + 1);
          const button = row.lastElementChild;
          button.ariaLabel = `Remove row ${i + 1}`;
          button.disabled = list.length <= min;
        });
        fields[at].querySelector("ol + button").disabled = list.length >= max;
      },
    };
    const write = (at, texts) => {
      if (HAS_ROWS && spec.i[at].x != null) {
        const { o, max } = spec.i[at];
        rows.grow(fields[at].querySelector("ol"), min(max, texts.length / o.length));
        rows.number(at);
      }
      boxes(fields[at]).forEach((box, i) => {
        if (box.type === "checkbox") box.checked = +texts[i];
        else box.value = texts[i];
        if (box.selectedIndex < 0) box.selectedIndex = 0;
      });
    };
    /** The texts of a number that is known: between ends that are left open where its field has three boxes. */
    const alone = (at, text) => (first[at][1] == null ? [text] : ["", text, ""]);
    const writeAll = (state) => state.forEach((texts, at) => write(at, texts));

    /** What a field or one of its boxes is called, without its unit. */
    const named = (root) => root.querySelector("legend, label").firstChild.textContent.trim();
    /** What is wrong with a number, or with three. */
    const faultIn = (input, own) => {
      if (input.u == null) return "";
      const list = numbers(input, own.map(({ value }) => value));
      for (const [i, x] of list.entries()) {
        // Low, typical and high must not fall.
        const least = input.k === 1 && i ? list[i - 1] : input.min;
        const box = own[i] ?? own[0];
        const must = x !== x ? `a number, like ${box.defaultValue}`
          : x < least ? `${amount(least, input.u)} or more`
          : x > input.max ? `${amount(input.max, input.u)} or less`
          : input.w && x % 1 ? "a whole number" : "";
        if (must) return `${named(box.closest(HAS_ROWS ? "span, .calc-field" : ".calc-field"))}${own[1] ? `, ${["low", "typical", "high"][i]},` : ""} must be ${must}`;
      }
      return "";
    };
    /** Whether the form can be reckoned with; what is wrong or only unusual is said beside each field. */
    const check = (state) => !fields.filter((field, at) => {
      const input = spec.i[at];
      const [fault] = cells(input, boxes(field)).map(([column, own]) => faultIn(column, own)).filter(Boolean);
      const [below, above, say] = input.warn ?? [];
      const x = say && typical(numbers(input, state[at]));
      const error = field.querySelector(".calc-error");
      if (error) {
        put(error, fault ?? (x < below || x > above ? say : ""));
        error.classList.toggle("calc-warn", !fault);
        for (const box of boxes(field)) box.ariaInvalid = fault ? true : null;
      }
      return fault;
    }).length;

    // What follows -----------------------------------------------------------------------------------------------------
    const indexOf = (node) => (spec.v[node.dataset.v][0] ? +(node.dataset.x ?? node.closest("[data-axis] tr").sectionRowIndex) : 0);
    const words = (box) => (box.options ? box.selectedOptions[0].text : box.type === "checkbox" ? ["no", "yes"][+box.checked] : box.value);
    /** The value of the changed input at which the goal is just reached, by halving. */
    const solve = (state) => {
      const [at, slot] = spec.g;
      const { s, u, min, max } = spec.i[at];
      const m = memory(state);
      const holds = (x) => {
        m[0][s] = convert(x, u);
        return run(m)[0][slot] === 1;
      };
      let [low, high] = [min, max];
      const goal = holds(high);
      if (holds(low) === goal) return goal ? "any value will do" : "no value in range";
      for (let i = 0; i < 100; i++) {
        const middle = (low + high) / 2;
        if (holds(middle) === goal) high = middle;
        else low = middle;
      }
      return goal ? high : low;
    };
    let later;
    const draw = (state) => {
      const done = work(state);
      if (HAS_ROWS) for (const { dataset, tBodies: [body] } of all("[data-axis]")) {
        // Tables along rows have as many as the form, under the same names.
        const list = [...fields[dataset.axis]?.querySelectorAll("li") ?? []];
        if (list[0]) rows.grow(body, list.length);
        list.forEach((row, i) => {
          for (const cell of body.rows[i].querySelectorAll("[data-t]")) put(cell, cell.dataset.t ? words(boxes(row)[cell.dataset.t]) : i + 1);
        });
      }
      const before = kept && work(kept);
      for (const node of all("[data-v]")) put(node, done.text(node.dataset.v, indexOf(node)));
      for (const node of all(".calc-a")) {
        const { dataset } = node.previousElementSibling;
        put(node, before ? `A: ${before.text(dataset.v, +(dataset.x ?? 0))}` : "");
      }
      for (const node of all("[data-n]")) node.hidden = done.value(node.dataset.n, 0) > 0.5 === node.matches(".calc-checks");
      for (const figure of all("[data-chart]")) chart(figure, done);
      if (spec.g) {
        const goal = solve(state);
        put(one("[data-goal]"), goal.at ? goal : amount(goal, spec.i[spec.g[0]].u));
        one("[data-do=use]").hidden = goal.at;
      }
      put(one("[data-do=compare]"), kept ? "Stop comparing" : "Compare");
      clearTimeout(later);
      if (spec.w) {
        const [at, values] = spec.w;
        later = setTimeout(() => [...one(".calc-what-if").tBodies[0].rows].forEach((row, i) => {
          const { text } = work(state.with(at, [`${values[i]}`]));
          for (const cell of row.querySelectorAll("[data-w]")) put(cell, text(cell.dataset.w, 0));
        }), 150);
      }
      remember();
    };

    // Charts: src/calc/chart.rs
    const place = (x) => floor(x * 100 + 0.5) / 100;
    const chart = (figure, { state, value, text }) => {
      const find = (query) => figure.querySelector(query);
      const trace = (query, d, root = figure) => {
        const path = root.querySelector(query);
        if (path && path.getAttribute("d") !== d) path.setAttribute("d", d);
      };
      /** A sentence of the figure says what stands in one row of its table. */
      const finding = (row) => {
        for (const slot of figure.querySelectorAll("[data-f]")) put(slot, row.cells[slot.dataset.f].textContent);
      };
      const body = find("tbody");
      const rows = [...body.rows];
      const valueOf = (cell) => value(cell.dataset.v, indexOf(cell));
      /** From the least to the greatest, never empty. */
      const bounds = (...values) => {
        const low = min(...values);
        const high = max(...values);
        return [low, low === high ? low + 1 : high];
      };
      /** Rows that are moved are laid out anew, so only an order that is another is worth it. */
      const order = (sorted) => {
        if (sorted.some((row, i) => row !== rows[i])) body.append(...sorted);
      };
      /** A strip between two places in per cent. */
      const strip = (query, root, from, to) => trace(query, `M${place(from)} 0H${place(to)}V10H${place(from)}z`, root);
      const bar = (row, [low, high], ...ends) => strip("path", row, ...ends.map((value) => ((value - low) / (high - low)) * 100));
      const kinds = {
        /** Bars with or without a line, or a line in a band: a column of the table is a list. */
        plot: () => {
          const [bars, line, top] = [1, 2, 3].map((n) => rows.flatMap(({ cells }) => (cells[n] ? [valueOf(cells[n])] : [])));
          const [low, high] = bounds(0, ...bars, ...line, ...top);
          const width = 100 / rows.length;
          const x = (i, part) => place(width * (i + part));
          const y = (value) => place(100 - ((value - low) / (high - low)) * 100);
          const points = (values) => values.map((value, i) => `${x(i, 0.5)} ${y(value)}`);
          trace(".calc-zero", `M0 ${y(0)}H100`);
          trace(".calc-bars", bars.map((value, i) => `M${x(i, 0.12)} ${y(0)}V${y(value)}H${x(i, 0.88)}V${y(0)}z`).join(""));
          trace(".calc-line", `M${points(line).join("L")}`);
          trace(".calc-band", `M${[...points(top), ...points(bars).reverse()].join("L")}z`);
          const { v } = rows[0].cells[1].dataset;
          put(find(".calc-top"), show(v, high));
          put(find(".calc-bottom"), show(v, low));
          finding(rows[bars.indexOf(max(...bars))]);
        },
        dots: () => {
          const at = (p) => value(rows[0].cells[1].dataset.v, 0, p);
          const dots = Array.from({ length: 50 }, (_, i) => at((i + 0.5) / 50));
          const width = dots[49] - dots[0] || 1;
          const piles = new Array(26).fill(0);
          const placed = dots.map((value) => {
            const pile = min(25, floor(((value - dots[0]) / width) * 26));
            return [pile, piles[pile]++];
          });
          const highest = max(6, ...piles);
          trace(".calc-dots", placed.map(([pile, level]) => `M${place(((pile + 0.5) / 26) * 100)} ${place(100 - ((level + 0.5) / highest) * 100)}h0`).join(""));
          trace(".calc-middle", `M${place(((at(0.5) - dots[0]) / width) * 100)} 0V100`);
        },
        /** Bars side by side, or the parts of one. */
        parts: () => {
          const values = new Map(rows.map((row) => [row, valueOf(row.cells[2])]));
          const whole = [...values.values()].reduce((sum, value) => sum + max(0, value), 0);
          const strips = find(".calc-stack");
          let left = 0;
          rows.forEach((row, i) => {
            const own = values.get(row);
            if (!strips) return bar(row, bounds(0, ...values.values()), 0, own);
            const share = whole > 0 ? max(0, own) / whole : 0;
            put(row.cells[1], percent(share));
            strip(`path:nth-child(${i + 1})`, strips, left, left += share * 100);
          });
          const sorted = rows.toSorted((a, b) => values.get(b) - values.get(a));
          if (figure.dataset.sorted) order(sorted);
          finding(sorted[0]);
        },
        /** What matters most: the answer with each input at its ends. */
        tornado: () => {
          const v = figure.dataset.of;
          const [k, slot] = spec.v[v];
          const middle = value(v, 0);
          const m = memory(state);
          const swings = rows.map((row) => {
            const at = row.dataset.at;
            const input = spec.i[at];
            const list = numbers(input, state[at]);
            row.hidden = !spreads(input, list);
            const ends = row.hidden ? [] : input.k === 1 ? [list[0], list[2]] : [0.1, 0.9].map(drawer(input.k, list, input.min, input.max));
            const usual = m[0][input.s];
            const [a, b] = ends.map((x) => {
              m[0][input.s] = convert(x, input.u);
              return run(m)[k][slot];
            });
            m[0][input.s] = usual;
            return [row, a ?? middle, b ?? middle];
          });
          swings.sort((a, b) => abs(b[2] - b[1]) - abs(a[2] - a[1]));
          const range = bounds(...swings.flatMap(([, ...ends]) => ends));
          for (const [row, a, b] of swings) {
            bar(row, range, a, b);
            put(row.cells[2], show(v, a));
            put(row.cells[3], show(v, b));
          }
          order(swings.map(([row]) => row));
          finding(swings[0][0]);
          find(".calc-finding").hidden = swings[0][0].hidden;
        },
      };
      kinds[figure.dataset.chart]();
    };

    // While a reader types ---------------------------------------------------------------------------------------------
    let waiting;
    let speaking;
    const speak = () => {
      clearTimeout(speaking);
      const wrong = one("[aria-invalid]")?.closest(".calc-field").querySelector(".calc-error");
      const answer = one(".calc-headline");
      const spread = one(".calc-spread");
      say(wrong ? wrong.textContent : `${answer.firstChild.textContent}: ${answer.querySelector("output")?.textContent ?? ""}${spread ? `, ${spread.textContent}` : ""}.`);
    };
    const update = () => {
      waiting = 0;
      const state = stateOf(fields);
      const sound = check(state);
      section.classList.toggle("calc-old", !sound);
      if (sound) draw(last = state);
    };
    const soon = () => {
      waiting ||= requestAnimationFrame(update);
      clearTimeout(speaking);
      speaking = setTimeout(speak, 900);
    };
    const now = () => {
      update();
      speak();
    };

    // Links
    const link = () => {
      const query = new URLSearchParams();
      const add = (state, prefix) => spec.i.forEach(({ n }, at) => {
        if (`${state[at]}` !== `${first[at]}`) for (const text of state[at]) query.append(prefix + n, text);
      });
      add(last, "");
      if (kept) {
        query.append("a", 1);
        add(kept, "a.");
      }
      const url = new URL(section.dataset.page, location);
      url.hash = `calc-${spec.id}${`${query}` && `?${query}`}`;
      return url.href;
    };
    const fromLink = () => {
      const [id, text] = location.hash.slice(1).split("?");
      if (id !== `calc-${spec.id}` || !text) return false;
      const query = new URLSearchParams(text);
      const unknown = new Set(query.keys());
      const take = (prefix) => {
        writeAll(first);
        spec.i.forEach(({ n, was }, at) => {
          for (const name of [was, n]) {
            const texts = query.getAll(prefix + name);
            if (unknown.delete(prefix + name)) write(at, texts);
          }
        });
        return stateOf(fields);
      };
      kept = unknown.delete("a") ? take("a.") : null;
      take("");
      if (unknown.size && !framed) notice(`This link names numbers that are not here any more: ${[...unknown].join(", ")}.`);
      return true;
    };

    // Numbers of one's own
    const keeps = one("[data-do=keep]");
    const forgets = one("[data-do=forget]");
    const stored = () => {
      try { return JSON.parse(localStorage.getItem(STORE)); } catch { return null; }
    };
    const remember = () => {
      if (!keeps?.checked) return;
      const own = stored() ?? {};
      spec.i.forEach((input, at) => { if (input.p) own[input.p] = numbers(input, last[at]).map((x) => convert(x, input.u)); });
      try { localStorage.setItem(STORE, JSON.stringify(own)); } catch { /* this visit only */ }
    };
    const recall = () => {
      const own = !framed && keeps && stored();
      if (!own) return;
      keeps.checked = true;
      forgets.hidden = false;
      spec.i.forEach(({ p, u }, at) => {
        const texts = own[p]?.map((x) => entry(+fromBase(x, u).toPrecision(12)));
        if (texts) write(at, first[at].length === texts.length ? texts : alone(at, typical(texts)));
      });
    };

    const acts = {
      reset: () => {
        kept = null;
        notice("");
        writeAll(first);
        if (location.hash.includes("?")) history.replaceState(null, "", location.pathname + location.search);
        now();
      },
      link: async (button) => {
        const url = link();
        try {
          await navigator.clipboard.writeText(url);
          say(button.textContent = "Link copied");
          setTimeout(put, 2000, button, "Copy link");
        } catch {
          notice(url);
        }
      },
      csv: () => {
        const cell = (text) => {
          const safe = /^[=+@\t]|^-(?![\d.])/.test(text) ? `'${text}` : text;
          return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
        };
        const lines = [[section.ariaLabel, link()]];
        for (const line of all(":is(.calc-headline, .calc-results > div, tr, " + (HAS_ROWS ? ".calc-field:not(.calc-list), .calc-list li)" : ".calc-field)"))) {
          const parts = line.querySelectorAll("legend, label, input, select, .calc-headline > :first-child, dt, output, th, td");
          lines.push([...parts].map((part) => (part.inputMode ? `${parse(part.value)}` : part.matches("input, select") ? words(part) : part.textContent)));
        }
        const file = document.createElement("a");
        file.download = `${spec.id}.csv`;
        file.href = URL.createObjectURL(new Blob(["\ufeff", lines.map((line) => line.map(cell).join(",")).join("\r\n")], { type: "text/csv" }));
        file.click();
        URL.revokeObjectURL(file.href);
      },
      compare: () => {
        kept = kept ? null : last;
        draw(last);
        say(kept ? "These numbers are A. Change any to compare." : "");
      },
      print: () => {
        for (const details of document.querySelectorAll("main details")) details.open = true;
        print();
      },
      keep: () => {
        if (!keeps.checked) return acts.forget();
        remember();
        forgets.hidden = false;
      },
      forget: () => {
        try { localStorage.removeItem(STORE); } catch { /* there was none */ }
        keeps.checked = false;
        forgets.hidden = true;
        say("Your numbers are forgotten on this device.");
      },
      use: () => {
        write(spec.g[0], alone(spec.g[0], entry(+solve(last).toPrecision(6))));
        now();
      },
    };
    if (HAS_ROWS) {
      const listOf = (button) => fields.findIndex((field) => field.contains(button));
      acts.add = (button) => {
        const at = listOf(button);
        const columns = spec.i[at].o;
        write(at, [...stateOf(fields)[at], ...columns.map(({ o, u, d }) => (o ? o[d ?? 0] : u == null ? "" : "0"))]);
        boxes(fields[at]).at(-columns.length).focus();
        soon();
      };
      acts.remove = (button) => {
        const at = listOf(button);
        button.parentElement.remove();
        rows.number(at);
        boxes(fields[at])[0].focus();
        soon();
      };
    }

    section.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-do]");
      if (button) acts[button.dataset.do](button);
    });
    form.addEventListener("input", soon);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      now();
      one("[aria-invalid]")?.focus();
    });
    addEventListener("hashchange", () => { if (fromLink()) update(); });
    if (HAS_ROWS) spec.i.forEach(({ x }, at) => { if (x != null) rows.number(at); });
    notice("");
    if (!fromLink()) recall();
    update();
    return section.dataset.ready = "all";
  };
})();
