// Arithmetic in the browser: kernel.rs, random.rs and sample.rs again, the same operations in the same order.
//
// javascript.rs gives each calculator the functions that it needs, without comments and spaces. So each begins with `const`
// at the left edge, every statement ends with a semicolon, there is no text, and nothing inside is called as one of the
// functions is.
const floor = Math.floor;
const ceil = Math.ceil;
const sqrt = Math.sqrt;
const min = (a, b) => (a < b ? a : b);
const max = (a, b) => (a > b ? a : b);
const abs = (a) => (a < 0 ? -a : a);
const raise = (v, f, e) => {
  let l = abs(e);
  while (l >= 1) {
    const h = floor(l / 2);
    if (l - 2 * h === 1) v *= f;
    f *= f;
    l = h;
  }
  return v;
};
const scale = (v, e) => raise(v, e < 0 ? 0.5 : 2, e);
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const exp = (x) => {
  if (x > 709.782712893384) return 1 / 0;
  if (x < -745.1332191019411) return 0;
  const w = floor(x * 1.4426950408889634 + 0.5);
  const h = x - w * LN2_HIGH;
  const l = w * LN2_LOW;
  const r = h - l;
  const s = r * r;
  const c = r - s * (0.16666666666666602 + s * (-0.0027777777777015593 + s * (6.613756321437934e-5 + s * (-1.6533902205465252e-6 + s * 4.1381367970572385e-8))));
  const y = 1 - (l - (r * c) / (2 - c) - h);
  return w > 1000 ? scale(scale(y, 1000), w - 1000) : scale(y, w);
};
const ln = (x) => {
  if (!(x > 0)) return x === 0 ? -1 / 0 : 0 / 0;
  if (x === 1 / 0) return x;
  let e = 0;
  while (x > 1.4142135623730951) x /= 2, e += 1;
  while (x < 0.7071067811865476) x *= 2, e -= 1;
  const f = x - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const u = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const v = z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  const h = 0.5 * f * f;
  return e * LN2_HIGH - (h - (s * (h + (u + v)) + e * LN2_LOW) - f);
};
const pow = (b, e) => {
  if (e === floor(e) && abs(e) <= 1024) {
    const r = raise(1, b, e);
    return e < 0 ? 1 / r : r;
  }
  if (b === 0) return e > 0 ? 0 : 1 / 0;
  return exp(e * ln(b));
};
const equal = (a, b) => abs(a - b) <= 1e-9 * max(1, max(abs(a), abs(b)));
const steps = (c, p) => {
  const h = floor(1 / p + 0.5);
  return p < 1 && abs(1 / p - h) <= 1e-9 * h ? c / h : c * p;
};
const round = (x, p) => {
  const c = steps(floor(abs(x / p) + 0.5 + 1e-7), p);
  return x < 0 ? -c : c;
};
const or = (a, b) => (a !== a ? b : a);
const missing = (a) => a !== a;

// Lists. Loops, for a function called for each number of each sample costs three times as much.
const sum = (l) => {
  let t = 0;
  for (let i = 0; i < l.length; i++) t += l[i];
  return t;
};
const mean = (l) => sum(l) / l.length;
const last = (l) => (l.length ? l[l.length - 1] : 0 / 0);
const first = (l) => {
  for (let i = 0; i < l.length; i++) if (l[i]) return i + 1;
  return 0 / 0;
};
const count = (l) => {
  let t = 0;
  for (let i = 0; i < l.length; i++) if (l[i]) t += 1;
  return t;
};
const smallest = (l) => {
  let t = 1 / 0;
  for (let i = 0; i < l.length; i++) t = min(l[i], t);
  return t;
};
const largest = (l) => {
  let t = -1 / 0;
  for (let i = 0; i < l.length; i++) t = max(l[i], t);
  return t;
};
const at = (l, x) => (x - 1 >= 0 && x - 1 < l.length ? l[floor(x - 1)] : 0 / 0);
const running = (o, l) => {
  let t = 0;
  for (let i = 0; i < l.length; i++) o[i] = t += l[i];
};
const allocate = (o, x, l, p) => {
  const n = l.length;
  const t = sum(l);
  const w = floor(abs(x / p) + 0.5 + 1e-7);
  let r = w;
  for (let i = 0; i < n; i++) {
    o[i] = t === 0 ? 0 : floor((w * l[i]) / t + 1e-7);
    r -= o[i];
  }
  const g = [];
  while (r >= 1 && t !== 0) {
    let b = n;
    let m = -1 / 0;
    for (let i = 0; i < n; i++) {
      const d = (w * l[i]) / t - o[i];
      if (!g[i] && d > m + 1e-7) {
        m = d;
        b = i;
      }
    }
    if (b === n) break;
    g[b] = 1;
    o[b] += 1;
    r -= 1;
  }
  for (let i = 0; i < n; i++) o[i] = (x < 0 ? -1 : 1) * steps(o[i], p);
};

// Tables by number: keys, values, and where to read.
const step = (k, v, x) => {
  let f = 0 / 0;
  for (let i = 0; i < k.length; i++) if (x >= k[i]) f = v[i];
  return f;
};
const exact = (k, v, x) => {
  let f = 0 / 0;
  for (let i = 0; i < k.length; i++) if (equal(x, k[i])) f = v[i];
  return f;
};
const linear = (k, v, x) => {
  let f = v[0];
  for (let i = 1; i < k.length; i++) {
    if (x >= k[i]) f = v[i];
    else if (x > k[i - 1]) f = v[i - 1] + (v[i] - v[i - 1]) * ((x - k[i - 1]) / (k[i] - k[i - 1]));
  }
  return f;
};
const bands = (k, v, x) => {
  let t = 0;
  for (let i = 0; i < k.length; i++) {
    if (x > k[i]) t += ((i + 1 < k.length ? min(x, k[i + 1]) : x) - k[i]) * v[i];
  }
  return t;
};

// Chance: only calculators with an input that may spread.
const SAMPLES = 2000;
const normal = (p) => {
  const q = p - 0.5;
  let r = 0.180625 - q * q;
  if (abs(q) <= 0.425) return (q * (((59.10937472 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179)) / (((67.1875636 * r + 78.757757664) * r + 17.895169469) * r + 1);
  r = sqrt(-ln(q < 0 ? p : 1 - p));
  if (r <= 5) {
    r -= 1.6;
    r = (((0.17023821103 * r + 1.3067284816) * r + 2.75681539) * r + 1.4234372777) / ((0.12021132975 * r + 0.7370016425) * r + 1);
  } else if (r < 1 / 0) {
    r -= 5;
    r = (((0.017337203997 * r + 0.42868294337) * r + 3.081226386) * r + 6.657905115) / ((0.012258202635 * r + 0.24197894225) * r + 1);
  }
  return q < 0 ? -r : r;
};
const generator = (w) => {
  let s = 0x811c9dc5;
  for (let i = 0; i < w.length; i++) s = Math.imul(s ^ w.charCodeAt(i), 0x01000193);
  const word = () => {
    s = (s + 0x9e3779b9) | 0;
    let m = Math.imul(s ^ (s >>> 16), 0x85ebca6b);
    m = Math.imul(m ^ (m >>> 13), 0xc2b2ae35);
    return m ^ (m >>> 16);
  };
  let a = word() | 1;
  let b = word();
  let c = word();
  let d = word();
  return () => {
    const f = Math.imul(b, 5);
    const r = Math.imul((f << 7) | (f >>> 25), 9);
    const h = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= h;
    d = (d << 11) | (d >>> 21);
    return (r >>> 0) / 4294967296;
  };
};
const probabilities = (w) => {
  const u = generator(w);
  const l = Float64Array.from({ length: SAMPLES }, (_, i) => i);
  for (let i = SAMPLES - 1; i > 0; i--) {
    const j = floor(u() * (i + 1));
    const t = l[i];
    l[i] = l[j];
    l[j] = t;
  }
  return l.map((x) => (x + u()) / SAMPLES);
};
const poisson = (m, p) => {
  if (m <= 0) return 0;
  if (m > 400) return max(0, floor(m + sqrt(m) * normal(p) + 0.5));
  let c = exp(-m);
  let t = c;
  let n = 0;
  while (p > t && n < 2000) {
    n += 1;
    c *= m / n;
    t += c;
  }
  return n;
};
const drawer = (k, d, l, h) => {
  const [a, m, z] = d;
  const g = a > 0;
  const u = g ? ln(m / a) : m - a;
  const v = g ? ln(z / m) : z - m;
  return (p) => {
    const x = ((p < 0 ? u : v) / 1.2815515655446004) * p;
    const y = k === 4 ? (p < a / 100 ? 100 : 0)
      : k === 3 ? d[min(floor(p * d.length), d.length - 1)]
      : k === 2 ? poisson(a, p)
      : g ? m * exp(x) : m + x;
    return min(max(y, l), h);
  };
};
