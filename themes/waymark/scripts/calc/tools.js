// What a calculator does beyond its answers: charts, goals and what-ifs, comparing, links, files, and numbers of one's own.
// calc.js loads this with the first touch of a form, and hands over what it has.
(() => {
  const shared = globalThis.fingerpostCalc;
  const { floor, abs, max, min, sqrt } = Math;

  // Chance: src/calc/sample.rs ---------------------------------------------------------------------------------------
  /** Whether an input is drawn: 1 by low, typical and high, 2 as counts, 3 as observed values, 4 by a chance. */
  const spreads = ({ k }, d) => (k === 1 ? d[0] < d[2] : k === 2 ? d[0] > 0 : k === 3 ? d.length > 1 : k);
  const known = new Map();
  const once = (key, make) => known.get(key) ?? known.set(key, make()).get(key);
  /** What an input is drawn by: normal scores for a range, else probabilities. */
  const drawn = (id, { k, n, b }) => once(`${id}/${n}`, () => {
    const { probabilities, normal } = self.fingerpostChance;
    const scores = (name) => once(`${id} ${name}`, () => probabilities(`${id}/${name}`).map(normal));
    if (k !== 1) return probabilities(`${id}/${n}`);
    if (!b) return scores(n);
    const common = scores(b[0]);
    const joint = sqrt(b[1]);
    const single = sqrt(1 - b[1]);
    return scores(n).map((x, i) => joint * common[i] + single * x);
  });
  /** Draws of an input in base units; they are made again only when it changes. */
  const draws = (id, toBase, input, value) => {
    let made = known.get(input);
    if (made?.of !== `${value}`) {
      const draw = self.fingerpostChance.drawer(input.k, value, input.min, input.max);
      made = { of: `${value}`, values: drawn(id, input).map((by) => toBase(input.u, draw(by))) };
      known.set(input, made);
    }
    return made.values;
  };
  /** Samples of every view that spreads, ascending, by "1 4" for array 4 and "0 4" for scalar 4. */
  shared.sample = (spec, { run, toBase }, state, base) => {
    const parts = spec.i.flatMap((input, at) => (spreads(input, state[at]) ? [[input.s, draws(spec.id, toBase, input, state[at])]] : []));
    if (!parts.length) return null;
    const count = parts[0][1].length;
    const found = {};
    for (const [isArray, slot, axis, , , reading] of spec.v) {
      if (reading) found[`${isArray} ${slot}`] ??= { isArray, slot, lists: Array.from({ length: isArray ? base.n[axis] : 1 }, () => new Float64Array(count)) };
    }
    const all = Object.values(found);
    const m = { ...base, s: base.s.slice(), a: base.a.map((list) => list.slice()) };
    for (let i = 0; i < count; i++) {
      for (const [slot, values] of parts) m.s[slot] = values[i];
      run(m);
      for (const { isArray, slot, lists } of all) {
        for (let x = 0; x < lists.length; x++) lists[x][i] = isArray ? m.a[slot][x] : m.s[slot];
      }
    }
    for (const key in found) {
      found[key] = found[key].lists;
      for (const values of found[key]) values.sort();
    }
    return found;
  };
  if (typeof document === "undefined") return;

  // The page ---------------------------------------------------------------------------------------------------------
  const { lower, put, stored } = shared;
  const STORE = "fingerpost-numbers";
  const framed = self !== top;
  const place = (x) => floor(x * 100 + 0.5) / 100;
  const trace = (element, d) => { if (element && element.getAttribute("d") !== d) element.setAttribute("d", d); };
  const path = (root, query, d) => trace(root.querySelector(query), d);
  const decode = (text) => {
    try { return decodeURIComponent(text); } catch { return text; }
  };
  /** As many copies of the last row as there are rows wanted. */
  const grow = (list, count) => {
    // The last one stays as a pattern.
    while (list.children.length > max(count, 1)) list.lastElementChild.remove();
    while (list.children.length < count) list.append(list.lastElementChild.cloneNode(true));
    return [...list.children];
  };
  const table = (figure, rows) => {
    grow(figure.querySelector("tbody"), rows.length).forEach((line, i) => rows[i]?.forEach((text, at) => {
      if (text !== undefined) put(line.cells[at], text);
    }));
  };

  shared.tools = (core) => {
    const { spec, section, form, one, all, status, fields, boxes, now, notice, paint, speak, update, soon } = core;
    const { toBase, fromBase, typical, memory, run, quantile, read, digits, amount, entry, work } = core;
    const figures = [...section.querySelectorAll("[data-chart]")];

    // Writing the form
    const writeBoxes = (input, value, [box, ...more]) => {
      if (input.t === "c") box.selectedIndex = value;
      else if (input.t === "t") box.value = value;
      else if (input.t === "y") box.checked = value === 1;
      else if (more.length) [box, ...more].forEach((own, i) => { own.value = value.length === 3 ? entry(value[i]) : i === 1 ? entry(value[0]) : ""; });
      else box.value = entry(typical(value));
    };
    const writeInput = (at, value) => {
      const input = spec.i[at];
      if (input.t !== "r") return writeBoxes(input, value, boxes(fields[at]));
      grow(fields[at].querySelector("ol"), value.length).forEach((row, i) => {
        const cells = boxes(row);
        input.o.forEach((column, j) => writeBoxes(column, value[i][j], [cells[j]]));
      });
      number(at);
    };
    /** Rows tell their number in the names of their fields. */
    const number = (at) => {
      const rows = fields[at].querySelectorAll("li");
      rows.forEach((row, i) => {
        for (const label of row.querySelectorAll("label")) {
          const id = label.htmlFor.replace(/-\d+-(\w+)$/, `-${i + 1}-$1`);
          row.querySelector(`#${CSS.escape(label.htmlFor)}`).id = label.htmlFor = id;
        }
        const button = row.querySelector("button");
        button.setAttribute("aria-label", `Remove row ${i + 1}`);
        button.disabled = rows.length <= spec.i[at].min;
      });
      fields[at].querySelector('[data-do="add"]').disabled = rows.length >= spec.i[at].max;
    };
    const rowsOf = (button) => fields.findIndex((field) => field.contains(button));

    // What follows from an answer
    const solve = (state) => {
      const [at, slot] = spec.g;
      const input = spec.i[at];
      const m = memory(state);
      const holds = (x) => {
        m.s[input.s] = toBase(input.u, x);
        return run(m).s[slot] === 1;
      };
      let { min: low, max: high } = input;
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
    const whatIf = (state) => {
      const [at, values] = spec.w;
      [...one(".calc-what-if tbody").rows].forEach((row, i) => {
        const { text } = work(Object.assign([...state], { [at]: [values[i]] }));
        for (const cell of row.querySelectorAll("[data-w]")) put(cell, text(cell.dataset.w));
      });
    };
    /** Tables along rows have as many as the form. */
    const fit = (done) => {
      let grown = false;
      for (const table of all("[data-axis]")) {
        const body = table.tBodies[0];
        const count = done.m.n[table.dataset.axis];
        if (body.rows.length === count) continue;
        grown = true;
        grow(body, count).forEach((row, i) => {
          for (const cell of row.querySelectorAll("[data-x]")) cell.dataset.x = i;
          for (const cell of row.querySelectorAll("[data-row]")) put(cell, `${i + 1}`);
        });
      }
      for (const cell of all("[data-t]")) {
        const [at, column] = cell.dataset.t.split(" ");
        put(cell, wordsOf(spec.i[at].o[column], done.state[at][cell.dataset.x]?.[column]));
      }
      if (grown) paint(done);
    };
    /** A cell of rows in words. */
    const wordsOf = (column, value) => (column.t === "c" ? column.w[value] : column.t === "y" ? ["no", "yes"][value] : `${value ?? ""}`);
    const draw = (done) => {
      fit(done);
      spec.c.forEach((chart, i) => charts[chart.t](figures[i], chart, done));
      if (spec.g) {
        const goal = solve(done.state);
        put(one("[data-goal]"), goal.at ? goal : amount(goal, spec.i[spec.g[0]].u));
        one('[data-do="use"]').hidden = !!goal.at;
      }
      const before = now.kept && work(now.kept);
      for (const note of section.querySelectorAll(".calc-a")) if (!before) note.remove();
      if (before) {
        for (const output of section.querySelectorAll("output[data-v]")) {
          let note = output.nextElementSibling;
          if (!note?.matches(".calc-a")) {
            note = document.createElement("span");
            note.className = "calc-a";
            output.after(" ", note);
          }
          put(note, `A: ${before.text(output.dataset.v, +(output.dataset.x ?? 0))}`);
        }
      }
      clearTimeout(later);
      if (spec.w) later = setTimeout(whatIf, 150, done.state);
      remember();
    };

    // Charts: src/calc/chart.rs
    const bounds = (values) => {
      const low = min(0, ...values);
      const high = max(0, ...values);
      return low === high ? [low, low + 1] : [low, high];
    };
    const bar = (root, low, high, from, to) => {
      const x = (value) => place(((value - low) / (high - low)) * 100);
      path(root, "path", `M${x(from)} 0H${x(to)}V10H${x(from)}z`);
    };
    const list = (done, v) => {
      const view = spec.v[v];
      return Array.from({ length: view[0] ? done.m.n[view[2]] : 1 }, (_, i) => fromBase(view[3], read(done.m, done.samples, view, i)));
    };
    const textOf = (v) => (value) => amount(value, spec.v[v][3], spec.v[v][4]);
    const find = (figure, text) => put(figure.querySelector(".calc-finding"), text);
    const edges = (figure, [low, high], text) => {
      put(figure.querySelector(".calc-top"), text(high));
      put(figure.querySelector(".calc-bottom"), text(low));
      path(figure, ".calc-zero", `M0 ${place(100 + (low / (high - low)) * 100)}H100`);
    };
    const points = (values, [low, high]) =>
      values.map((value, i) => `${place((100 / values.length) * (i + 0.5))} ${place(100 - ((value - low) / (high - low)) * 100)}`);
    const parts = (figure, chart, done) => {
      const values = chart.v.map((v) => list(done, v)[0]);
      const whole = values.reduce((sum, value) => sum + max(0, value), 0);
      const share = (value) => (whole > 0 ? max(0, value) / whole : 0) * 100;
      const percent = (value) => `${digits(share(value), 0)}%`;
      const stacked = chart.t === "stack";
      const order = [...values.keys()];
      if (chart.s) order.sort((a, b) => values[b] - values[a]);
      const strips = figure.querySelectorAll(".calc-stack path");
      let left = 0;
      [...figure.querySelector("tbody").rows].forEach((line, at) => {
        const i = order[at];
        const value = values[i];
        if (chart.s) put(line.cells[0], chart.l[i]);
        put(line.cells[2], textOf(chart.v[i])(value));
        if (!stacked) return bar(line, ...bounds(values), 0, value);
        put(line.cells[1], percent(value));
        trace(strips[i], `M${place(left)} 0H${place(left + share(value))}V10H${place(left)}z`);
        left += share(value);
      });
      const most = values.indexOf(max(...values));
      find(figure, stacked ? `${chart.l[most]} is the largest part: ${percent(values[most])} of the whole.` : `${chart.l[most]} comes out highest: ${textOf(chart.v[most])(values[most])}.`);
    };
    const charts = {
      bars: (figure, chart, done) => {
        const [label, second] = chart.l;
        const text = textOf(chart.v);
        const values = list(done, chart.v);
        const more = chart.b == null ? [] : list(done, chart.b);
        const range = bounds([...values, ...more]);
        const y = (value) => place(100 - ((value - range[0]) / (range[1] - range[0])) * 100);
        const width = 100 / values.length;
        path(figure, ".calc-bars", values.map((value, i) => `M${place(width * (i + 0.12))} ${y(0)}V${y(value)}H${place(width * (i + 0.88))}V${y(0)}z`).join(""));
        if (more.length) path(figure, ".calc-line", `M${points(more, range).join("L")}`);
        edges(figure, range, text);
        const rows = chart.x || done.state[spec.i.findIndex((input) => input.t === "r" && input.x === spec.v[chart.v][2])].map((cells, i) => cells.find((cell) => cell.trim) ?? `${i + 1}`);
        table(figure, values.map((value, i) => [rows[i], text(value), ...(more.length ? [textOf(chart.b)(more[i])] : [])]));
        const most = values.indexOf(max(...values));
        find(figure, `${label} is highest in ${lower(rows[most])}: ${text(values[most])}.${more.length ? ` The line, ${lower(second)}, ends at ${textOf(chart.b)(more.at(-1))}.` : ""}`);
      },
      fan: (figure, chart, done) => {
        const [low, middle, high] = chart.v.map((v) => list(done, v));
        const range = bounds([...low, ...high]);
        path(figure, ".calc-band", `M${[...points(high, range), ...points(low, range).reverse()].join("L")}z`);
        path(figure, ".calc-line", `M${points(middle, range).join("L")}`);
        const text = textOf(chart.v[1]);
        edges(figure, range, text);
        const at = (i) => [low, middle, high].map((values) => text(values.at(i)));
        table(figure, middle.map((_, i) => [chart.x[i], ...at(i)]));
        const end = at(-1);
        find(figure, `In ${lower(chart.x.at(-1))}: ${end[1]}, and between ${end[0]} and ${end[2]} in eight of ten cases.`);
      },
      dots: (figure, chart, done) => {
        const view = spec.v[chart.v];
        const text = textOf(chart.v);
        const values = done.samples?.[`${view[0]} ${view[1]}`]?.[0];
        const at = (p) => fromBase(view[3], values ? quantile(values, p) : read(done.m, null, view));
        const dots = Array.from({ length: 50 }, (_, i) => at((i + 0.5) / 50));
        const first = dots[0];
        const end = dots[49];
        const width = end > first ? end - first : 1;
        const piles = new Array(26).fill(0);
        const placed = dots.map((value) => {
          const pile = min(25, floor(((value - first) / width) * 26));
          return [pile, piles[pile]++];
        });
        const highest = max(6, ...piles);
        path(figure, ".calc-dots", placed.map(([pile, level]) => `M${place(((pile + 0.5) / 26) * 100)} ${place(100 - ((level + 0.5) / highest) * 100)}h0`).join(""));
        path(figure, ".calc-middle", `M${place(((at(0.5) - first) / width) * 100)} 0V100`);
        figure.querySelectorAll(".calc-foot span").forEach((span, i) => put(span, text(i ? end : first)));
        table(figure, [0.1, 0.25, 0.5, 0.75, 0.9].map((p) => [`${p * 100}%`, text(at(p))]));
        find(figure, `Half of the outcomes lie below ${text(at(0.5))}; one in ten lies below ${text(at(0.1))}, one in ten above ${text(at(0.9))}.`);
      },
      stack: parts,
      compare: parts,
      tornado: (figure, chart, done) => {
        const view = spec.v[chart.v];
        const text = textOf(chart.v);
        const swings = spec.i.flatMap((input, at) => {
          const value = done.state[at];
          if (input.k === 4 || !spreads(input, value)) return [];
          const ends = input.k === 1 ? [value[0], value[2]] : [0.1, 0.9].map(self.fingerpostChance.drawer(input.k, value, input.min, input.max));
          return [[input.l, ...ends.map((x) => {
            const m = memory(done.state);
            m.s[input.s] = toBase(input.u, x);
            return fromBase(view[3], read(run(m), null, view));
          })]];
        }).sort((a, b) => abs(b[2] - b[1]) - abs(a[2] - a[1]));
        const ends = [fromBase(view[3], read(done.m, null, view)), ...swings.flatMap((swing) => swing.slice(1))];
        const low = min(...ends);
        const high = max(...ends);
        table(figure, swings.map(([name, a, b]) => [name, undefined, text(a), text(b)]));
        const body = figure.querySelector("tbody");
        body.hidden = !swings.length;
        swings.forEach(([, a, b], i) => bar(body.rows[i], low, low === high ? low + 1 : high, a, b));
        find(figure, swings.length ? `${swings[0][0]} matters most: between its low and its high value the answer goes from ${text(swings[0][1])} to ${text(swings[0][2])}.` : "Every number is fixed.");
      },
    };

    // Links
    const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
    const pack = (input, value) => (input.t === "c" ? input.o[value]
      : input.t === "r" ? value.map((cells) => cells.map((cell, i) => encodeURIComponent(pack(input.o[i], cell))).join(":")).join(";")
      : `${value}`);
    const unpack = (input, text) => (input.t === "c" ? max(0, input.o.indexOf(text))
      : input.t === "r" ? text.split(";").slice(0, input.max).map((line) => input.o.map((column, i) => unpack(column, decode(line.split(":")[i] ?? ""))))
      : input.t === "t" ? text
      : input.t === "y" ? +text
      : text.split(",").map(Number));
    const linkOf = () => {
      const query = new URLSearchParams();
      const add = (state, prefix) => spec.i.forEach((input, at) => { if (!same(state[at], now.first[at])) query.append(prefix + input.n, pack(input, state[at])); });
      add(now.last, "");
      if (now.kept) { query.append("a", "1"); add(now.kept, "a."); }
      const url = new URL(section.dataset.own === undefined || framed ? section.dataset.page : location.href, location.href);
      url.hash = `calc-${spec.id}${`${query}` && `?${query}`}`;
      return url.href;
    };
    const fromLink = () => {
      const [id, query] = location.hash.slice(1).split("?");
      if (id !== `calc-${spec.id}` || !query) return false;
      const unknown = [];
      const other = [...now.first];
      let compares = false;
      for (const [name, text] of new URLSearchParams(query)) {
        if (name === "a") { compares = true; continue; }
        const plain = name.replace(/^a\./, "");
        const at = spec.i.findIndex((input) => input.n === plain || input.was === plain);
        if (at < 0) { unknown.push(name); continue; }
        const value = unpack(spec.i[at], text);
        if (name === plain) writeInput(at, value);
        else other[at] = value;
      }
      now.kept = compares ? other : null;
      comparing();
      if (unknown.length && !framed) notice(`This link names numbers that are not here any more: ${unknown.join(", ")}.`);
      return true;
    };
    const comparing = () => put(one('[data-do="compare"]'), now.kept ? "Stop comparing" : "Compare");

    // Numbers of one's own
    const keeps = one('[data-do="keep"]');
    const forgets = one('[data-do="forget"]');
    const store = (numbers) => {
      try {
        if (numbers) localStorage.setItem(STORE, JSON.stringify(numbers));
        else localStorage.removeItem(STORE);
      } catch { /* this visit only */ }
    };
    const remember = () => {
      if (!keeps?.checked) return;
      const numbers = stored() ?? {};
      spec.i.forEach((input, at) => { if (input.p) numbers[input.p] = now.last[at].map((x) => toBase(input.u, x)); });
      store(numbers);
    };
    const recall = () => {
      if (!keeps) return false;
      const numbers = stored();
      keeps.parentElement.hidden = framed;
      keeps.checked = !!numbers;
      forgets.hidden = !numbers;
      let changed = false;
      spec.i.forEach((input, at) => {
        const own = input.p && numbers?.[input.p]?.map((x) => +fromBase(input.u, x).toPrecision(12));
        if (!own) return;
        writeInput(at, input.k === 1 && own.length === 3 ? own : [typical(own)]);
        changed = true;
      });
      return changed;
    };

    const forget = () => {
      store(null);
      keeps.checked = false;
      forgets.hidden = true;
      status.textContent = "Your numbers are forgotten on this device.";
    };

    // Files
    const csv = () => {
      const cell = (text) => {
        const safe = /^[=+@\t]|^-(?![\d.])/.test(text) ? `'${text}` : text;
        return /[",\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
      };
      const lines = [[spec.t, linkOf()], []];
      spec.i.forEach((input, at) => {
        const value = now.last[at];
        if (input.t === "r") value.forEach((cells) => lines.push([input.l, ...cells.map((own, i) => wordsOf(input.o[i], own))]));
        else if (input.t === "n") lines.push([input.l, ...value.map(String), amount(typical(value), input.u)]);
        else lines.push([input.l, input.t === "c" ? input.o[value] : `${value}`]);
      });
      lines.push([], [spec.h[0], spec.v[spec.h[1]][0] ? "" : work(now.last).text(spec.h[1])]);
      for (const output of section.querySelectorAll(".calc-results > div")) lines.push(["dt", "output"].map((name) => output.querySelector(name).textContent));
      for (const table of section.querySelectorAll("table")) lines.push([], ...[...table.rows].map((line) => [...line.cells].map((own) => own.textContent)));
      const file = document.createElement("a");
      file.download = `${spec.id}.csv`;
      file.href = URL.createObjectURL(new Blob(["\ufeff", lines.map((line) => line.map(cell).join(",")).join("\r\n")], { type: "text/csv" }));
      file.click();
      URL.revokeObjectURL(file.href);
    };

    return {
      draw,
      begin: () => {
        addEventListener("hashchange", () => { if (fromLink()) update(); });
        spec.i.forEach((input, at) => { if (input.t === "r") number(at); });
        const recalled = recall();
        // What was changed while this was on its way.
        const behind = section.classList.contains("calc-behind");
        if (fromLink() || recalled || behind) update();
        if (behind) speak();
        section.dataset.ready = "all";
      },
      reset: () => {
        now.kept = null;
        comparing();
        notice("");
        now.first.forEach((value, at) => writeInput(at, value));
        if (location.hash.includes("?")) history.replaceState(null, "", location.pathname + location.search);
        update();
        speak();
      },
      link: async (button) => {
        const url = linkOf();
        try {
          await navigator.clipboard.writeText(url);
          button.textContent = status.textContent = "Link copied";
          setTimeout(put, 2000, button, "Copy link");
        } catch {
          notice(url);
        }
      },
      csv,
      compare: () => {
        now.kept = now.kept ? null : now.last;
        comparing();
        draw(work(now.last));
        status.textContent = now.kept ? "These numbers are A. Change any to compare." : "";
      },
      print: () => {
        for (const details of document.querySelectorAll("main details")) details.open = true;
        print();
      },
      keep: () => {
        if (!keeps.checked) return forget();
        remember();
        forgets.hidden = false;
      },
      forget,
      use: () => {
        const goal = solve(now.last);
        if (!goal.at) writeInput(spec.g[0], [+goal.toPrecision(6)]);
        update();
        speak();
      },
      add: (button) => {
        const at = rowsOf(button);
        const list = fields[at].querySelector("ol");
        const row = grow(list, list.children.length + 1).at(-1);
        for (const box of boxes(row)) {
          if (box.matches("select")) box.selectedIndex = 0;
          else if (box.type === "checkbox") box.checked = false;
          else box.value = box.hasAttribute("inputmode") ? "0" : "";
        }
        number(at);
        boxes(row)[0].focus();
        soon();
      },
      remove: (button) => {
        const at = rowsOf(button);
        button.closest("li").remove();
        number(at);
        boxes(fields[at])[0].focus();
        soon();
      },
    };
  };
})();
