// Calculators: the same arithmetic as src/calc, line for line, and a form that answers while you type.
(() => {
  const { floor, sqrt } = Math;

  // Arithmetic: src/calc/kernel.rs ---------------------------------------------------------------------------------
  const min = (a, b) => (a < b ? a : b);
  const max = (a, b) => (a > b ? a : b);
  const abs = (a) => (a < 0 ? -a : a);
  const HIGH = 6.931471803691238e-1;
  const LOW = 1.9082149292705877e-10;
  const scale = (value, exponent) => {
    let left = abs(exponent);
    let factor = exponent < 0 ? 0.5 : 2;
    while (left >= 1) {
      const half = floor(left / 2);
      if (left - 2 * half === 1) value *= factor;
      factor *= factor;
      left = half;
    }
    return value;
  };
  /** @param {number[]} c highest power first */
  const poly = (c, x) => {
    let sum = c[0];
    for (let i = 1; i < c.length; i++) sum = sum * x + c[i];
    return sum;
  };
  const exp = (x) => {
    if (x !== x) return x;
    if (x > 709.782712893384) return 1 / 0;
    if (x < -745.1332191019411) return 0;
    const whole = floor(x * 1.4426950408889634 + 0.5);
    const high = x - whole * HIGH;
    const low = whole * LOW;
    const rest = high - low;
    const square = rest * rest;
    const fix = rest - square * (1.6666666666666602e-1 + square * (-2.7777777777015593e-3 + square * (6.613756321437934e-5 + square * (-1.6533902205465252e-6 + square * 4.1381367970572385e-8))));
    const result = 1 - (low - (rest * fix) / (2 - fix) - high);
    return whole > 1000 ? scale(scale(result, 1000), whole - 1000) : scale(result, whole);
  };
  const ln = (x) => {
    if (x !== x || x < 0) return NaN;
    if (x === 0) return -1 / 0;
    if (x === 1 / 0) return x;
    let exponent = 0;
    while (x >= 4294967296) { x /= 4294967296; exponent += 32; }
    while (x < 2.3283064365386963e-10) { x *= 4294967296; exponent -= 32; }
    while (x > 1.4142135623730951) { x /= 2; exponent += 1; }
    while (x < 0.7071067811865476) { x *= 2; exponent -= 1; }
    const f = x - 1;
    const s = f / (2 + f);
    const z = s * s;
    const w = z * z;
    const even = w * (3.999999999940942e-1 + w * (2.2222198432149784e-1 + w * 1.5313837699209373e-1));
    const odd = z * (6.666666666666735e-1 + w * (2.857142874366239e-1 + w * (1.818357216161805e-1 + w * 1.4798198605116586e-1)));
    const half = 0.5 * f * f;
    return exponent * HIGH - (half - (s * (half + (even + odd)) + exponent * LOW) - f);
  };
  const pow = (base, exponent) => {
    if (exponent === floor(exponent) && exponent >= -1024 && exponent <= 1024) {
      let left = abs(exponent);
      let result = 1;
      while (left >= 1) {
        const half = floor(left / 2);
        if (left - 2 * half === 1) result *= base;
        base *= base;
        left = half;
      }
      return exponent < 0 ? 1 / result : result;
    }
    if (base === 0) return exponent > 0 ? 0 : 1 / 0;
    return exp(exponent * ln(base));
  };
  const normal = (p) => {
    const q = p - 0.5;
    if (q >= -0.425 && q <= 0.425) {
      const r = 0.180625 - q * q;
      return (q * poly([2.5090809287301226e3, 3.3430575583588128e4, 6.72657709270087e4, 4.592195393154987e4, 1.373169376550946e4, 1.9715909503065513e3, 1.3314166789178438e2, 3.3871328727963665], r)) /
        poly([5.226495278852854e3, 2.8729085735721943e4, 3.930789580009271e4, 2.1213794301586597e4, 5.394196021424751e3, 6.871870074920579e2, 4.231333070160091e1, 1], r);
    }
    const tail = q < 0 ? p : 1 - p;
    if (tail !== tail || tail < 0) return NaN;
    let r = sqrt(-ln(tail));
    if (r !== 1 / 0) {
      r = r <= 5
        ? poly([7.745450142783414e-4, 2.2723844989269184e-2, 2.417807251774506e-1, 1.2704582524523684, 3.6478483247632045, 5.769497221460691, 4.630337846156546, 1.4234371107496835], r - 1.6) /
          poly([1.0507500716444169e-9, 5.475938084995345e-4, 1.5198666563616457e-2, 1.4810397642748008e-1, 6.897673349851e-1, 1.6763848301838038, 2.053191626637759, 1], r - 1.6)
        : poly([2.0103343992922881e-7, 2.7115555687434876e-5, 1.2426609473880784e-3, 2.6532189526576124e-2, 2.9656057182850487e-1, 1.7848265399172913, 5.463784911164114, 6.657904643501103], r - 5) /
          poly([2.0442631033899398e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 7.868691311456133e-4, 1.4875361290850615e-2, 1.369298809227358e-1, 5.99832206555888e-1, 1], r - 5);
    }
    return q < 0 ? -r : r;
  };
  const equal = (a, b) => abs(a - b) <= 1e-9 * max(1, max(abs(a), abs(b)));
  const steps = (count, step) => {
    const parts = floor(1 / step + 0.5);
    return step < 1 && abs(1 / step - parts) <= 1e-9 * parts ? count / parts : count * step;
  };
  const round = (x, step) => {
    const count = steps(floor(abs(x / step) + 0.5 + 1e-7), step);
    return x < 0 ? -count : count;
  };
  const fold = (start, next) => (list, n) => {
    let sum = start;
    for (let i = 0; i < n; i++) sum = next(sum, list[i]);
    return sum;
  };
  const total = fold(0, (sum, x) => sum + x);
  const kernel = {
    min, max, abs, exp, ln, pow, round, equal,
    or: (a, b) => (a !== a ? b : a),
    sum: total,
    mean: (list, n) => total(list, n) / n,
    last: (list, n) => (n ? list[n - 1] : NaN),
    first: (list, n) => {
      for (let i = 0; i < n; i++) if (list[i]) return i + 1;
      return NaN;
    },
    count: fold(0, (sum, x) => (x ? sum + 1 : sum)),
    smallest: fold(1 / 0, (least, x) => min(x, least)),
    largest: fold(-1 / 0, (most, x) => max(x, most)),
    at: (list, n, number) => (number - 1 >= 0 && number - 1 < n ? list[floor(number - 1)] : NaN),
    running: (out, list, n) => {
      let sum = 0;
      for (let i = 0; i < n; i++) out[i] = sum += list[i];
    },
    allocate: (out, amount, shares, step, n) => {
      const sum = total(shares, n);
      const whole = floor(abs(amount / step) + 0.5 + 1e-7);
      let left = whole;
      for (let i = 0; i < n; i++) {
        out[i] = sum === 0 ? 0 : floor((whole * shares[i]) / sum + 1e-7);
        left -= out[i];
      }
      const given = [];
      while (left >= 1 && sum !== 0) {
        let best = n;
        let most = -1 / 0;
        for (let i = 0; i < n; i++) {
          const rest = (whole * shares[i]) / sum - out[i];
          if (!given[i] && rest > most + 1e-7) { most = rest; best = i; }
        }
        if (best === n) break;
        given[best] = true;
        out[best] += 1;
        left -= 1;
      }
      for (let i = 0; i < n; i++) out[i] = (amount < 0 ? -1 : 1) * steps(out[i], step);
    },
    step: (keys, values, x) => {
      let found = NaN;
      keys.forEach((key, i) => { if (x >= key) found = values[i]; });
      return found;
    },
    exact: (keys, values, x) => {
      let found = NaN;
      keys.forEach((key, i) => { if (equal(x, key)) found = values[i]; });
      return found;
    },
    linear: (keys, values, x) => {
      let found = values[0];
      for (let i = 1; i < keys.length; i++) {
        if (x >= keys[i]) found = values[i];
        else if (x > keys[i - 1]) found = values[i - 1] + (values[i] - values[i - 1]) * ((x - keys[i - 1]) / (keys[i] - keys[i - 1]));
      }
      return found;
    },
    bands: (keys, values, x) => {
      let sum = 0;
      for (let i = 0; i < keys.length; i++) {
        if (x > keys[i]) sum += ((i + 1 < keys.length ? min(x, keys[i + 1]) : x) - keys[i]) * values[i];
      }
      return sum;
    },
  };

  // Chance: src/calc/random.rs and sample.rs -------------------------------------------------------------------------
  const SAMPLES = 2000;
  const Z90 = 1.2815515655446004;
  const generator = (name) => {
    let seed = 0x811c9dc5;
    for (let i = 0; i < name.length; i++) seed = Math.imul(seed ^ name.charCodeAt(i), 0x01000193);
    const state = [0, 0, 0, 0].map(() => {
      seed = (seed + 0x9e3779b9) | 0;
      let mixed = Math.imul(seed ^ (seed >>> 16), 0x85ebca6b);
      mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
      return mixed ^ (mixed >>> 16);
    });
    let [a, b, c, d] = state;
    a |= 1;
    return () => {
      const five = Math.imul(b, 5);
      const result = Math.imul((five << 7) | (five >>> 25), 9);
      const shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = (d << 11) | (d >>> 21);
      return (result >>> 0) / 4294967296;
    };
  };
  const probabilities = (name) => {
    const next = generator(name);
    const parts = Float64Array.from({ length: SAMPLES }, (_, i) => i);
    for (let i = SAMPLES - 1; i > 0; i--) {
      const other = floor(next() * (i + 1));
      const part = parts[i];
      parts[i] = parts[other];
      parts[other] = part;
    }
    return parts.map((part) => (part + next()) / SAMPLES);
  };
  const poisson = (mean, by) => {
    if (mean <= 0) return 0;
    if (mean > 400) return max(0, floor(mean + sqrt(mean) * normal(by) + 0.5));
    let chance = exp(-mean);
    let sum = chance;
    let count = 0;
    while (by > sum && count < 2000) {
      count += 1;
      chance *= mean / count;
      sum += chance;
    }
    return count;
  };
  /** How an input spreads: 0 not, 1 by low, typical and high, 2 as counts, 3 as observed values. */
  const kindOf = (input, d) => (input.k === 1 ? (d.length > 2 && d[0] < d[2] ? 1 : 0) : input.k === 2 && !(d[0] > 0) ? 0 : input.k === 3 && d.length < 2 ? 0 : input.k || 0);
  const typicalOf = (input, d) => (input.k === 3 ? d[floor(d.length / 2)] : d.length > 2 ? d[1] : d[0]);
  const drawer = (kind, d) => {
    if (kind === 1) {
      const [low, typical, high] = d;
      const spread = low > 0 ? [ln(typical / low), ln(high / typical)] : [typical - low, high - typical];
      return low > 0
        ? (by) => typical * exp((spread[by < 0 ? 0 : 1] / Z90) * by)
        : (by) => typical + (spread[by < 0 ? 0 : 1] / Z90) * by;
    }
    if (kind === 2) return (by) => poisson(d[0], by);
    return (by) => d[Math.min(floor(by * d.length), d.length - 1)];
  };

  /** Runs one calculator. A state has for each input: numbers, a place, 0 or 1, or rows. */
  const engine = (spec, fill) => {
    const toBase = (unit, x) => (x * spec.u[unit][0]) / spec.u[unit][1];
    const fromBase = (unit, x) => (x * spec.u[unit][1]) / spec.u[unit][0];
    const drawn = new Map();
    /** Draws of one input in base units; they are made again only when the input changes. */
    const valuesOf = (input, value, kind) => {
      const known = drawn.get(input);
      if (known?.of === String(value)) return known.values;
      const draw = kind ? drawer(kind, value) : (by) => (by < value ? 1 : 0);
      const values = drawsOf(input, kind).map((by) => (kind ? toBase(input.u, min(max(draw(by), input.min), input.max)) : draw(by)));
      drawn.set(input, { of: String(value), values });
      return values;
    };
    const scores = (name) => {
      if (!drawn.has(name)) drawn.set(name, probabilities(`${spec.id}/${name}`).map(normal));
      return drawn.get(name);
    };
    const drawsOf = (input, kind) => {
      const key = `${kind}${input.n}`;
      if (!drawn.has(key)) {
        let own = kind === 1 ? scores(input.n) : probabilities(`${spec.id}/${input.n}`);
        if (kind === 1 && input.b) {
          const shared = scores(input.b[0]);
          const [joint, single] = [sqrt(input.b[1]), sqrt(1 - input.b[1])];
          own = own.map((x, i) => joint * shared[i] + single * x);
        }
        drawn.set(key, own);
      }
      return drawn.get(key);
    };
    const memory = (state) => {
      const m = { s: new Float64Array(spec.s), a: spec.a.map((axis) => new Float64Array(spec.n[axis])), n: [...spec.n] };
      spec.i.forEach((input, place) => {
        const value = state[place];
        if (input.t === "n") m.s[input.s] = toBase(input.u, typicalOf(input, value));
        else if (input.t === "c") m.s[input.s] = value;
        else if (input.t === "y") m.s[input.s] = input.c == null ? value : input.d;
        else if (input.t === "r") {
          m.n[input.x] = value.length;
          input.o.forEach((column, at) => {
            if (column.u !== undefined) value.forEach((row, i) => { m.a[column.s][i] = toBase(column.u, row[at]); });
          });
        }
      });
      return m;
    };
    const run = (m) => { fill(kernel, m.s, m.a, m.n); return m; };
    /** Samples of every view that spreads, sorted, by "a0" or "s0". */
    const sample = (state, base, views) => {
      const parts = [];
      spec.i.forEach((input, place) => {
        const value = state[place];
        if (input.t === "n") {
          const kind = kindOf(input, value);
          if (kind) parts.push([input.s, valuesOf(input, value, kind)]);
        } else if (input.t === "y" && input.c != null) parts.push([input.s, valuesOf(input, value, 0)]);
      });
      if (!parts.length) return null;
      const found = {};
      for (const view of views) {
        if (!view[5]) continue;
        const length = view[0] ? base.n[view[2]] : 1;
        found[view[0] + " " + view[1]] = Array.from({ length }, () => new Float64Array(SAMPLES));
      }
      const lists = Object.entries(found).map(([key, list]) => [...key.split(" ").map(Number), list]);
      const m = { s: base.s.slice(), a: base.a.map((list) => list.slice()), n: base.n };
      for (let i = 0; i < SAMPLES; i++) {
        for (const [slot, values] of parts) m.s[slot] = values[i];
        run(m);
        for (const [isArray, slot, list] of lists) {
          if (isArray) for (let x = 0; x < list.length; x++) list[x][i] = m.a[slot][x];
          else list[0][i] = m.s[slot];
        }
      }
      for (const list of Object.values(found)) for (const values of list) values.sort();
      return found;
    };
    const quantile = (values, p) => values[floor(p * (values.length - 1) + 0.5)];
    /** The value of a view, in base units. */
    const read = (m, samples, view, index = 0) => {
      const values = samples && view[5] && samples[view[0] + " " + view[1]]?.[index];
      if (values) return view[5] === 2 ? values.filter((x) => x === 1).length / SAMPLES : quantile(values, view[5]);
      return view[0] ? m.a[view[1]][index] : m.s[view[1]];
    };
    return { memory, run, sample, read, quantile, toBase, fromBase };
  };

  // Words: src/calc/number.rs ----------------------------------------------------------------------------------------
  const writer = (spec) => {
    const [point, group, from, lakh, after] = spec.f;
    const decimalsOf = (step) => {
      let decimals = 0;
      while (decimals < 8 && abs(step - floor(step + 0.5)) > 1e-6) { step *= 10; decimals++; }
      return decimals;
    };
    const naturalStep = (value, money) => {
      const size = abs(value);
      if (money && (size === 0 || size >= 0.1) && size < 100) return abs(size - floor(size + 0.5)) < 1e-9 ? 1 : 0.01;
      if (size >= 100 || size === 0) return 1;
      let step = 0.1;
      let limit = 10;
      while (size < limit && step > 1.5e-8) { limit /= 10; step /= 10; }
      let coarse = step;
      while (coarse < 1 && abs(size / (coarse * 10) - floor(size / (coarse * 10) + 0.5)) < 1e-7) coarse *= 10;
      return coarse > 1 ? 1 : coarse;
    };
    const digits = (value, decimals) => {
      let power = 1;
      for (let i = 0; i < decimals; i++) power *= 10;
      const scaled = floor(abs(value) * power + 0.5 + 1e-7);
      if (!(scaled < 1e21)) return value < 0 ? "−∞" : "∞";
      const whole = floor(scaled / power);
      const figures = String(whole);
      let text = value < 0 && scaled > 0 ? "−" : "";
      for (let i = 0; i < figures.length; i++) {
        const left = figures.length - i;
        const bound = lakh ? left === 3 || (left > 3 && (left - 3) % 2 === 0) : left % 3 === 0;
        if (i && bound && figures.length >= from) text += group;
        text += figures[i];
      }
      return decimals ? text + point + String(scaled - whole * power).padStart(decimals, "0") : text;
    };
    /** A number in a unit's own terms. */
    const amount = (value, unit, step) => {
      const [, , sign, percent, one, many, per] = spec.u[unit];
      if (value !== value) return "–";
      step ||= naturalStep(value, sign);
      const rounded = round(value, step);
      const text = digits(rounded, decimalsOf(step));
      const noun = rounded === 1 ? one : many;
      const whole = sign
        ? after ? `${text}\u00a0${sign.trim()}` : text[0] === "−" ? `−${sign}${text.slice(1)}` : sign + text
        : percent ? `${text}%` : `${text} ${noun}`.trim();
      return `${whole} ${per}`.trim();
    };
    const show = (view, base) => {
      const [, , , unit, step, reading, bool, words] = view;
      if (base !== base) return words[0] ?? "–";
      if (reading === 2) return `${digits(base * 100, 0)}%`;
      if (bool) return base === 1 ? words[0] ?? "yes" : words[1] ?? "no";
      return amount((base * spec.u[unit][1]) / spec.u[unit][0], unit, step);
    };
    const entry = (value) => {
      let decimals = 0;
      let power = 1;
      while (decimals < 8 && abs(abs(value) * power - floor(abs(value) * power + 0.5)) > 1e-7) { decimals++; power *= 10; }
      return digits(value, decimals).replace("−", "-");
    };
    const parse = (text) => {
      let plain = text.toLowerCase().replace(/[\s'’_$£€¥₹%]|usd|gbp|eur/g, "").replace("−", "-");
      plain = point === "," ? plain.replace(/\./g, "").replace(",", ".") : plain.replace(/,/g, "");
      const found = /^([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)(k|m|bn?)?$/.exec(plain);
      return found ? Number(found[1]) * ({ k: 1e3, m: 1e6, b: 1e9, bn: 1e9 }[found[2]] ?? 1) : NaN;
    };
    return { digits, amount, show, entry, parse };
  };
  globalThis.fingerpostCalc = { kernel, normal, probabilities, engine, writer };
  if (typeof document === "undefined") return;

  // The page ---------------------------------------------------------------------------------------------------------
  const STORE = "fingerpost-numbers";
  const framed = self !== top;
  const stored = () => {
    try { return framed ? null : JSON.parse(localStorage.getItem(STORE)); } catch { return null; }
  };
  const place = (x) => String(floor(x * 100 + 0.5) / 100);
  const lower = (word) => (/^.[A-Z]/.test(word) ? word : word.charAt(0).toLowerCase() + word.slice(1));

  const start = (section) => {
    const spec = JSON.parse(section.querySelector(".calc-spec").textContent);
    const fill = self.fingerpostCalculators?.[spec.id];
    if (!fill) return;
    const { memory, run, sample, read, quantile, fromBase, toBase } = engine(spec, fill);
    const { digits, amount, show, entry, parse } = writer(spec);
    const form = section.querySelector(".calc-form");
    const one = (query) => section.querySelector(query);
    const scopes = section.dataset.own === undefined ? [section] : [section, ...document.querySelectorAll(".calc-part-of-page")];
    const all = (query) => scopes.flatMap((scope) => [...scope.querySelectorAll(query)]);
    const status = one(".calc-status");
    const fields = spec.i.map((input) => form.querySelector(`[data-i="${input.n}"]`));
    const boxes = (at) => [...fields[at].querySelectorAll("input, select")];
    const figures = [...section.querySelectorAll("[data-chart]")];
    let kept = null; // A of "compare"
    let last = null; // the last state without a fault
    let shown = null; // what it came to

    // Reading the form
    const limits = (input, label, x) => {
      const text = (value) => amount(value, input.u);
      if (x !== x) return `${label} must be a number, like ${entry(typicalOf(input, input.d))}`;
      if (x < input.min) return `${label} must be ${text(input.min)} or more`;
      if (x > input.max) return `${label} must be ${text(input.max)} or less`;
      return input.w && x !== floor(x) ? `${label} must be a whole number` : "";
    };
    const complain = (at, text, warn) => {
      const error = fields[at].querySelector(".calc-error");
      if (!error) return;
      error.hidden = !text;
      error.textContent = text;
      error.classList.toggle("calc-warn", !!warn);
      for (const box of boxes(at)) box.toggleAttribute("aria-invalid", !!text && !warn);
    };
    /** The state of the form; faults are shown beside their fields. */
    const readForm = () => {
      let faults = 0;
      const state = spec.i.map((input, at) => {
        const own = boxes(at);
        if (input.t === "c") return own[0].selectedIndex;
        if (input.t === "t") return own[0].value;
        if (input.t === "y" && input.c == null) return own[0].checked ? 1 : 0;
        let fault = "";
        let value;
        if (input.t === "r") {
          value = [...fields[at].querySelectorAll("li")].map((row) =>
            [...row.querySelectorAll("input")].map((box, column) => {
              const known = input.o[column];
              if (known.u === undefined) return box.value;
              const x = parse(box.value);
              fault ||= limits(known, known.l, x);
              return x;
            }));
        } else if (input.t === "y") {
          value = parse(own[0].value) / 100;
          if (!(value >= 0 && value <= 1)) fault = `${input.l} must be between 0 and 100`;
        } else {
          const texts = own.map((box) => box.value.trim());
          // Without ends the number is known.
          const ends = texts.length === 3 && !texts[0] && !texts[2];
          value = (ends ? [texts[1]] : texts).map(parse);
          if (input.k === 3 && value[0] === typicalOf(input, input.d)) value = input.d;
          for (const [i, x] of value.entries()) {
            const label = value.length === 3 && input.k === 1 ? `${input.l}, ${["low", "typical", "high"][i]},` : input.l;
            fault ||= !texts.join("") ? `Enter ${lower(input.l)}` : limits(input, label, x);
          }
          if (!fault && input.k === 1 && value.length === 3 && !(value[0] <= value[1] && value[1] <= value[2])) fault = `${input.l}: low, typical and high must go up`;
          const x = typicalOf(input, value);
          const [below, above, say] = input.warn ?? [];
          if (!fault && say && ((below != null && x < below) || (above != null && x > above))) {
            complain(at, say, true);
            return value;
          }
        }
        complain(at, fault);
        if (fault) faults++;
        return value;
      });
      return faults ? null : state;
    };
    const writeInput = (at, value) => {
      const input = spec.i[at];
      const own = boxes(at);
      if (input.t === "c") own[0].selectedIndex = value;
      else if (input.t === "t") own[0].value = value;
      else if (input.t === "y") input.c == null ? (own[0].checked = value === 1) : (own[0].value = entry(value * 100));
      else if (input.t === "n") {
        if (own.length === 3) own.forEach((box, i) => { box.value = value.length === 3 ? entry(value[i]) : i === 1 ? entry(value[0]) : ""; });
        else own[0].value = entry(typicalOf(input, value));
      } else {
        setRows(at, value.length);
        [...fields[at].querySelectorAll("li")].forEach((row, i) =>
          [...row.querySelectorAll("input")].forEach((box, column) => {
            const cell = value[i][column];
            box.value = typeof cell === "number" ? entry(cell) : cell;
          }));
      }
    };
    const setRows = (at, count) => {
      const list = fields[at].querySelector("ol");
      while (list.children.length > count) list.lastElementChild.remove();
      while (list.children.length < count) {
        const row = list.lastElementChild.cloneNode(true);
        for (const box of row.querySelectorAll("input")) box.value = box.hasAttribute("inputmode") ? "0" : "";
        list.append(row);
      }
      number(at);
    };
    const number = (at) => {
      const { min: fewest, max: most } = spec.i[at];
      const rows = [...fields[at].querySelectorAll("li")];
      rows.forEach((row, i) => {
        for (const label of row.querySelectorAll("label")) {
          label.htmlFor = label.htmlFor.replace(/-\d+-(\w+)$/, `-${i + 1}-$1`);
          label.nextElementSibling.id = label.htmlFor;
        }
        const button = row.querySelector("button");
        button.setAttribute("aria-label", `Remove row ${i + 1}`);
        button.disabled = rows.length <= fewest;
      });
      fields[at].querySelector('[data-do="add"]').disabled = rows.length >= most;
    };

    // Working it out
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
    const work = (state) => {
      const m = run(memory(state));
      const samples = sample(state, m, spec.v);
      return { state, m, samples, text: (view, index) => show(spec.v[view], read(m, samples, spec.v[view], index)) };
    };
    const what = (state) => {
      const [at, values] = spec.w;
      [...one(".calc-what-if tbody").rows].forEach((row, i) => {
        const changed = state.map((own, j) => (j === at ? [values[i]] : own));
        const { text } = work(changed);
        for (const cell of row.querySelectorAll("[data-w]")) cell.textContent = text(cell.dataset.w);
      });
    };
    const paint = (done) => {
      for (const table of all("[data-axis]")) {
        const body = table.tBodies[0];
        const count = done.m.n[table.dataset.axis];
        while (body.rows.length > count) body.rows[body.rows.length - 1].remove();
        while (body.rows.length < count) {
          const row = body.rows[body.rows.length - 1].cloneNode(true);
          for (const cell of row.querySelectorAll("[data-x]")) cell.dataset.x = body.rows.length;
          for (const cell of row.querySelectorAll("[data-row]")) cell.textContent = body.rows.length + 1;
          body.append(row);
        }
      }
      for (const element of all("[data-v]")) {
        const text = done.text(element.dataset.v, +(element.dataset.x ?? 0));
        if (element.textContent !== text) element.textContent = text;
      }
      for (const cell of all("[data-t]")) {
        const [at, column] = cell.dataset.t.split(" ");
        cell.textContent = done.state[at][cell.dataset.x]?.[column] ?? "";
      }
      spec.c.forEach((chart, i) => draw(figures[i], chart, done));
      if (spec.g) {
        const goal = solve(done.state);
        one("[data-goal]").textContent = typeof goal === "number" ? amount(goal, spec.i[spec.g[0]].u) : goal;
        one('[data-do="use"]').hidden = typeof goal !== "number";
      }
      const broken = (spec.k ?? []).filter(([slot]) => !done.m.s[slot]);
      const checks = one(".calc-checks");
      checks.hidden = !broken.length;
      checks.textContent = broken.map(([, say]) => say.map((piece) => (typeof piece === "number" ? done.text(piece) : piece)).join("")).join(" ");
      for (const note of section.querySelectorAll(".calc-a")) note.remove();
      if (kept) {
        const before = work(kept);
        for (const output of section.querySelectorAll("output[data-v]")) {
          const note = document.createElement("span");
          note.className = "calc-a";
          note.textContent = `A: ${before.text(output.dataset.v, +(output.dataset.x ?? 0))}`;
          output.after(" ", note);
        }
      }
    };
    let waiting = 0;
    let speaking = 0;
    let later = 0;
    const speak = () => {
      clearTimeout(speaking);
      const wrong = form.querySelector(".calc-error:not([hidden]):not(.calc-warn)");
      const [label, view, low, high] = spec.h;
      const done = shown;
      status.textContent = wrong ? wrong.textContent : done
        ? `${label}: ${done.text(view)}${low === undefined ? "" : `, between ${done.text(low)} and ${done.text(high)} in eight of ten cases`}.` : "";
    };
    const now = () => {
      waiting = 0;
      const state = readForm();
      section.classList.toggle("calc-old", !state);
      if (!state) return;
      last = state;
      shown = work(state);
      paint(shown);
      clearTimeout(later);
      if (spec.w) later = setTimeout(() => what(state), 150);
      remember();
    };
    const soon = () => {
      waiting ||= requestAnimationFrame(now);
      clearTimeout(speaking);
      speaking = setTimeout(speak, 900);
    };

    // Charts: src/calc/chart.rs
    const set = (root, query, path) => root.querySelector(query)?.setAttribute("d", path);
    const row = (cells) => {
      const line = document.createElement("tr");
      cells.forEach((text, i) => {
        const cell = document.createElement(i ? "td" : "th");
        if (!i) cell.scope = "row";
        cell.textContent = text;
        line.append(cell);
      });
      return line;
    };
    const table = (figure, rows) => figure.querySelector("tbody").replaceChildren(...rows.map(row));
    const bar = (root, low, high, from, to) => {
      const x = (value) => place(((value - low) / (high - low)) * 100);
      set(root, "path", `M${x(from)} 0H${x(to)}V10H${x(from)}z`);
    };
    const draw = (figure, chart, done) => {
      const finding = (text) => { figure.querySelector(".calc-finding").textContent = text; };
      const list = (v) => {
        const view = spec.v[v];
        return Array.from({ length: view[0] ? done.m.n[view[2]] : 1 }, (_, i) => fromBase(view[3], read(done.m, done.samples, view, i)));
      };
      const text = (v, value) => amount(value, spec.v[v][3], spec.v[v][4]);
      const bounds = (values) => {
        const low = Math.min(0, ...values);
        const high = Math.max(0, ...values);
        return low === high ? [low, low + 1] : [low, high];
      };
      const [label, second] = chart.l;
      const edges = (low, high, v) => {
        figure.querySelector(".calc-top").textContent = text(v, high);
        figure.querySelector(".calc-bottom").textContent = text(v, low);
        set(figure, ".calc-zero", `M0 ${place(100 + (low / (high - low)) * 100)}H100`);
      };
      const line = (values, [low, high]) =>
        values.map((value, i) => `${i ? "L" : "M"}${place((100 / values.length) * (i + 0.5))} ${place(100 - ((value - low) / (high - low)) * 100)}`).join("");
      if (chart.t === "bars") {
        const values = list(chart.v);
        const more = chart.b == null ? [] : list(chart.b);
        const range = bounds([...values, ...more]);
        const y = (value) => place(100 - ((value - range[0]) / (range[1] - range[0])) * 100);
        const width = 100 / values.length;
        set(figure, ".calc-bars", values.map((value, i) => `M${place(width * (i + 0.12))} ${y(0)}V${y(value)}H${place(width * (i + 0.88))}V${y(0)}z`).join(""));
        if (more.length) set(figure, ".calc-line", line(more, range));
        edges(...range, chart.v);
        const rows = chart.x || spec.i.flatMap((input, at) => input.t === "r" && input.x === spec.v[chart.v][2] ? done.state[at].map((cells, i) => cells.find((cell) => typeof cell === "string") ?? String(i + 1)) : []);
        table(figure, values.map((value, i) => [rows[i], text(chart.v, value), ...(more.length ? [text(chart.b, more[i])] : [])]));
        const most = values.indexOf(Math.max(...values));
        finding(`${label} is highest in ${lower(rows[most])}: ${text(chart.v, values[most])}.${more.length ? ` The line, ${lower(second)}, ends at ${text(chart.b, more.at(-1))}.` : ""}`);
      } else if (chart.t === "fan") {
        const [low, middle, high] = chart.v.map(list);
        const range = bounds([...low, ...high]);
        const back = low.map((value, i) => `L${place((100 / low.length) * (i + 0.5))} ${place(100 - ((value - range[0]) / (range[1] - range[0])) * 100)}`).reverse();
        set(figure, ".calc-band", `${line(high, range)}${back.join("")}z`);
        set(figure, ".calc-line", line(middle, range));
        edges(...range, chart.v[1]);
        const t = (value) => text(chart.v[1], value);
        table(figure, middle.map((value, i) => [chart.x[i], t(low[i]), t(value), t(high[i])]));
        finding(`In ${lower(chart.x.at(-1))}: ${t(middle.at(-1))}, and between ${t(low.at(-1))} and ${t(high.at(-1))} in eight of ten cases.`);
      } else if (chart.t === "dots") {
        const view = spec.v[chart.v];
        const values = done.samples?.[`${view[0]} ${view[1]}`]?.[0];
        const at = (p) => fromBase(view[3], values ? quantile(values, p) : read(done.m, null, view));
        const dots = Array.from({ length: 50 }, (_, i) => at((i + 0.5) / 50));
        const [first, end] = [dots[0], dots[49]];
        const piles = new Array(26).fill(0);
        const placed = dots.map((value) => {
          const pile = Math.min(25, floor(((value - first) / (end > first ? end - first : 1)) * 26));
          return [pile, piles[pile]++];
        });
        const highest = Math.max(6, ...piles);
        set(figure, ".calc-dots", placed.map(([pile, level]) => `M${place(((pile + 0.5) / 26) * 100)} ${place(100 - ((level + 0.5) / highest) * 100)}h0`).join(""));
        set(figure, ".calc-middle", `M${place(((at(0.5) - first) / (end > first ? end - first : 1)) * 100)} 0V100`);
        const t = (value) => text(chart.v, value);
        [...figure.querySelectorAll(".calc-foot span")].forEach((span, i) => { span.textContent = t(i ? end : first); });
        table(figure, [0.1, 0.25, 0.5, 0.75, 0.9].map((p) => [`${digits(p * 100, 0)}%`, t(at(p))]));
        finding(`Half of the outcomes lie below ${t(at(0.5))}; one in ten lies below ${t(at(0.1))}, one in ten above ${t(at(0.9))}.`);
      } else if (chart.t === "tornado") {
        const view = spec.v[chart.v];
        const swings = spec.i.flatMap((input, at) => {
          const kind = input.t === "n" && kindOf(input, done.state[at]);
          if (!kind) return [];
          const ends = kind === 1 ? [done.state[at][0], done.state[at][2]] : [0.1, 0.9].map(drawer(kind, done.state[at]));
          return [[input.l, ...ends.map((x) => {
            const m = memory(done.state);
            m.s[input.s] = toBase(input.u, Math.min(Math.max(x, input.min), input.max));
            return fromBase(view[3], read(run(m), null, view));
          })]];
        }).sort((a, b) => abs(b[2] - b[1]) - abs(a[2] - a[1]));
        const t = (value) => text(chart.v, value);
        const middle = fromBase(view[3], read(done.m, null, view));
        const ends = [middle, ...swings.flatMap((swing) => swing.slice(1))];
        const [low, high] = [Math.min(...ends), Math.max(...ends)];
        const body = figure.querySelector("tbody");
        body.prepared ??= body.rows[0];
        body.replaceChildren(...swings.map(([name, a, b]) => {
          const line = body.prepared.cloneNode(true);
          [name, , t(a), t(b)].forEach((words, i) => { if (words !== undefined) line.cells[i].textContent = words; });
          bar(line, low, low === high ? low + 1 : high, a, b);
          return line;
        }));
        finding(swings.length ? `${swings[0][0]} matters most: between its low and its high value the answer goes from ${t(swings[0][1])} to ${t(swings[0][2])}.` : "Every number is fixed.");
      } else {
        const values = chart.v.map((v) => list(v)[0]);
        const whole = values.reduce((sum, value) => sum + (value > 0 ? value : 0), 0);
        const share = (value) => (whole > 0 ? max(0, value) / whole : 0) * 100;
        const percent = (value) => `${digits(share(value), 0)}%`;
        const range = bounds(values);
        const most = values.indexOf(Math.max(...values));
        const stacked = chart.t === "stack";
        let left = 0;
        const parts = figure.querySelectorAll(".calc-stack path");
        const order = values.map((_, i) => i);
        if (chart.s) order.sort((a, b) => values[b] - values[a]);
        [...figure.querySelector("tbody").rows].forEach((line, at) => {
          const i = order[at];
          const value = values[i];
          if (chart.s) line.cells[0].textContent = chart.l[i];
          line.cells[2].textContent = text(chart.v[i], value);
          if (stacked) {
            line.cells[1].textContent = percent(value);
            parts[i].setAttribute("d", `M${place(left)} 0H${place(left + share(value))}V10H${place(left)}z`);
            left += share(value);
          } else bar(line, ...range, 0, value);
        });
        finding(stacked ? `${chart.l[most]} is the largest part: ${percent(values[most])} of the whole.` : `${chart.l[most]} comes out highest: ${text(chart.v[most], values[most])}.`);
      }
    };

    // Links, numbers of one's own, files
    const first = readForm();
    const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
    const pack = (input, value) => (input.t === "c" ? input.o[value] : input.t === "r" ? value.map((cells) => cells.map(encodeURIComponent).join(":")).join(";") : String(value));
    const unpack = (input, text) => {
      if (input.t === "c") return Math.max(0, input.o.indexOf(text));
      if (input.t === "t") return text;
      if (input.t === "r") return text.split(";").slice(0, input.max).map((line) => line.split(":").map((cell, i) => (input.o[i]?.u === undefined ? decodeURIComponent(cell) : Number(cell))));
      return input.t === "y" ? Number(text) : text.split(",").map(Number);
    };
    const link = () => {
      const query = new URLSearchParams();
      const add = (state, prefix) => spec.i.forEach((input, at) => { if (!same(state[at], first[at])) query.append(prefix + input.n, pack(input, state[at])); });
      if (last) add(last, "");
      if (kept) { query.append("a", "1"); add(kept, "a."); }
      const url = new URL(section.dataset.own === undefined || framed ? section.dataset.page : location.href, location.href);
      url.hash = `calc-${spec.id}${`${query}` && `?${query}`}`;
      return url.href;
    };
    const notice = (text) => {
      const note = one(".calc-notice");
      note.hidden = !text;
      note.textContent = text;
    };
    const fromLink = () => {
      const [id, query] = location.hash.slice(1).split("?");
      if (id !== `calc-${spec.id}` || !query || !first) return false;
      const unknown = [];
      const other = [...first];
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
      kept = compares ? other : null;
      comparing();
      if (unknown.length && !framed) notice(`This link names numbers that are not here any more: ${unknown.join(", ")}.`);
      return true;
    };
    const keep = one('[data-do="keep"]');
    const forget = one('[data-do="forget"]');
    const remember = () => {
      if (!keep?.checked || !last) return;
      const numbers = stored() ?? {};
      spec.i.forEach((input, at) => { if (input.p) numbers[input.p] = last[at].map((x) => toBase(input.u, x)); });
      try { localStorage.setItem(STORE, JSON.stringify(numbers)); } catch { /* this visit only */ }
    };
    const recall = () => {
      const numbers = stored();
      if (!keep) return false;
      if (framed) keep.parentElement.hidden = true;
      keep.checked = !!numbers;
      forget.hidden = !numbers;
      let changed = false;
      spec.i.forEach((input, at) => {
        const own = input.p && numbers?.[input.p]?.map((x) => Number(fromBase(input.u, x).toPrecision(12)));
        if (!own) return;
        writeInput(at, input.k === 1 && own.length === 3 ? own : [own.length === 3 ? own[1] : own[0]]);
        changed = true;
      });
      return changed;
    };
    const comparing = () => { one('[data-do="compare"]').textContent = kept ? "Stop comparing" : "Compare"; };
    const csv = () => {
      const cell = (text) => {
        const safe = /^[=+@\t]|^-(?![\d.])/.test(text) ? `'${text}` : text;
        return /[",\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
      };
      const done = work(last);
      const lines = [[spec.t, link()], []];
      spec.i.forEach((input, at) => {
        const value = last[at];
        if (input.t === "r") value.forEach((cells) => lines.push([input.l, ...cells.map(String)]));
        else lines.push([input.l, ...(input.t === "c" ? [input.o[value]] : [value].flat().map(String)), ...(input.u === undefined ? [] : [amount(typicalOf(input, value), input.u)])]);
      });
      lines.push([], [spec.h[0], spec.v[spec.h[1]][0] ? "" : done.text(spec.h[1])]);
      for (const output of section.querySelectorAll(".calc-results > div")) {
        const [name, value] = [output.querySelector("dt"), output.querySelector("output")];
        lines.push([name.textContent, value.textContent]);
      }
      for (const list of section.querySelectorAll("table")) lines.push([], ...[...list.rows].map((line) => [...line.cells].map((cell) => cell.textContent)));
      const file = document.createElement("a");
      file.download = `${spec.id}.csv`;
      file.href = URL.createObjectURL(new Blob(["\ufeff", lines.map((line) => line.map(cell).join(",")).join("\r\n")], { type: "text/csv" }));
      file.click();
      URL.revokeObjectURL(file.href);
    };
    const actions = {
      reset: () => {
        kept = null;
        comparing();
        notice("");
        first.forEach((value, at) => writeInput(at, value));
        if (location.hash.includes("?")) history.replaceState(null, "", location.pathname + location.search);
        now();
        speak();
      },
      link: async (button) => {
        const url = link();
        try {
          await navigator.clipboard.writeText(url);
          button.textContent = status.textContent = "Link copied";
          setTimeout(() => { button.textContent = "Copy link"; }, 2000);
        } catch {
          notice(url);
        }
      },
      csv,
      compare: () => {
        kept = kept ? null : last;
        comparing();
        if (last) paint(work(last));
        status.textContent = kept ? "These numbers are A. Change any to compare." : "";
      },
      print: () => {
        for (const details of document.querySelectorAll("main details")) details.open = true;
        print();
      },
      keep: () => {
        if (keep.checked) remember();
        else actions.forget();
        forget.hidden = !keep.checked;
      },
      forget: () => {
        try { localStorage.removeItem(STORE); } catch { /* nothing was kept */ }
        keep.checked = false;
        forget.hidden = true;
        status.textContent = "Your numbers are forgotten on this device.";
      },
      use: () => {
        const goal = solve(last);
        if (typeof goal === "number") writeInput(spec.g[0], [Number(goal.toPrecision(6))]);
        now();
        speak();
      },
      add: (button) => {
        const at = fields.findIndex((field) => field.contains(button));
        setRows(at, fields[at].querySelectorAll("li").length + 1);
        fields[at].querySelector("li:last-child input").focus();
        soon();
      },
      remove: (button) => {
        const at = fields.findIndex((field) => field.contains(button));
        button.closest("li").remove();
        number(at);
        fields[at].querySelector("input").focus();
        soon();
      },
    };
    section.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (button) actions[button.dataset.do](button);
    });
    form.addEventListener("input", (event) => { if (event.target !== keep) soon(); });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      now();
      speak();
      form.querySelector("[aria-invalid]")?.focus();
    });
    addEventListener("hashchange", () => { if (fromLink()) now(); });
    last = first;
    spec.i.forEach((input, at) => { if (input.t === "r") number(at); });
    const recalled = recall();
    if (fromLink() || recalled) now();
    section.dataset.ready = "";
  };
  for (const section of document.querySelectorAll(".calc")) {
    // Scripts of calculators follow this one.
    addEventListener("DOMContentLoaded", () => start(section));
  }
  if (framed && document.body.classList.contains("template-calculator-embed")) {
    new ResizeObserver(() => parent.postMessage({ fingerpost: "height", height: document.documentElement.scrollHeight }, "*")).observe(document.body);
  }
})();
