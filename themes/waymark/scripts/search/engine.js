// Searches the index that the generator wrote; `createSearch(base)` is the whole of its interface (see below).
(() => {
  // Tokens: the specification is in the generator's src/search/token.rs; tests/vectors/tokens.json holds both to it.
  const DENSE = "\\u0e01-\\u0e3a\\u0e40-\\u0e4e\\u0e80-\\u0edf\\u1000-\\u104f\\u1780-\\u17d3\\u3005-\\u3007\\u3041-\\u30fa\\u30fc-\\u30ff\\u31f0-\\u31ff\\u3400-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
  const DROPPED = "'’\\u02bc\\u00ad\\u200c\\u200d";
  const WORD = `(?:(?![${DENSE}${DROPPED}])[\\p{Alphabetic}\\p{N}\\p{M}_])`;
  const RUN = new RegExp(
    `([${DENSE}]+)|([A-Za-z](?:\\+\\+|#)(?!${WORD}))|${WORD}(?:${WORD}|[${DROPPED}](?=${WORD})|(?<=[0-9])(?:\\.(?=[0-9])|,(?=[0-9]{3}(?![0-9]))))*`, "gu");
  const TURN = /_+|(?<=[\p{Lowercase}0-9])(?=\p{Uppercase})|(?<=\p{Uppercase})(?=\p{Uppercase}\p{Lowercase})/u;
  const SIGNS_INSIDE = new RegExp(`[${DROPPED},]|^_+|_+$`, "gu");
  const cut = (word) => (word.length > 64 ? [...word].slice(0, 64).join("") : word);

  /** The tokens of a text: lower-cased words, and extras marked as such. @returns {{word: string, extra?: boolean}[]} */
  const tokens = (text) => {
    const found = [];
    const add = (word, extra) => word && found.push({ word: cut(word), extra });
    let chain = [];
    let end = -1;
    text = text.normalize("NFKC");
    const close = () => {
      if (chain.length === 2 && !/^[0-9]/.test(chain[0])) add(chain.join(""), true);
      chain = [];
    };
    for (const match of text.matchAll(RUN)) {
      const [whole, dense, sharp] = match;
      if (!(match.index === end + 1 && /[-\u2010]/.test(text[end]) && !dense)) close();
      if (dense) {
        const letters = [...dense];
        if (letters.length === 1) add(dense);
        for (let at = 1; at < letters.length; at++) add(letters[at - 1] + letters[at]);
        continue;
      }
      const run = sharp ?? whole.replace(SIGNS_INSIDE, "");
      const lower = run.toLowerCase(), parts = run.split(TURN).filter(Boolean);
      for (const part of parts) if (part !== run) add(part.toLowerCase());
      add(lower, parts.length > 1);
      chain.push(cut(lower));
      end = match.index + whole.length;
    }
    close();
    return found;
  };

  const LETTERS = { ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", ł: "l", ı: "i", þ: "th" };
  /** A word without its accents. */
  const fold = (word) =>
    word.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[ß-ſ]/g, (letter) => LETTERS[letter] ?? letter).normalize("NFC");
  const PLAIN = new RegExp(`^(?:(?![${DENSE}])[\\p{Alphabetic}\\p{M}])+$`, "u");

  // Files: `fingerpostShard("name","data")`, the data being raw-deflated bytes with four of them escaped
  // (src/search/wire.rs). Fetched where there is a server, run as a script where the site lies in a folder on disk.
  const waiting = new Map();
  globalThis.fingerpostShard = (name, data) => waiting.set(name, data);
  const utf8 = new TextDecoder();
  const json = (bytes) => JSON.parse(utf8.decode(bytes));
  const damaged = (name) => new Error(`${name} is damaged`);
  /** The data of a fetched file, written over its own bytes. */
  const unwrap = (bytes, name) => {
    // From behind the comma and quote to the last quote; what a host sends in place of a file begins with no f.
    const last = bytes.length - 3;
    let end = 0;
    if (bytes[0] !== 102 || bytes[last] !== 34) throw damaged(name);
    for (let at = bytes.indexOf(44) + 2; at < last; at++) {
      let byte = bytes[at];
      if (byte === 92) {
        byte = bytes[++at];
        if (byte > 100) byte = byte === 110 ? 10 : 13;
      }
      bytes[end++] = byte;
    }
    return bytes.subarray(0, end);
  };
  const reader = (bytes) => {
    let at = 0;
    const byte = () => bytes[at++];
    const number = () => {
      let value = 0, scale = 1, next;
      do {
        value += ((next = byte()) & 127) * scale;
        scale *= 128;
      } while (next > 127);
      return value;
    };
    return { number, byte, take: (length = number()) => bytes.subarray(at, (at += length)), more: () => at < bytes.length };
  };
  const joined = (start, end) => Uint8Array.of(...start, ...end);
  /** Reads texts of which each is told by what it shares with the one before. */
  const frontCoded = (from) => {
    let before = new Uint8Array();
    return () => (before = joined(before.subarray(0, from.number()), from.take()));
  };
  const blocks = (bytes) => {
    const from = reader(bytes), list = [];
    while (from.more()) list.push(from.take());
    return list;
  };
  /** The place of the last of the sorted `firsts` that is not above `name`, or the first. */
  const placeOf = (firsts, name) => Math.max(0, firsts.findLastIndex((first) => first <= name));

  /**
   * Goes through postings, which lie in three streams: gaps between units, weights with two flags, and what the flags tell
   * of (see `walk`'s callers). `visit` gets a unit, its weight and where its part of the third stream begins. Gives the
   * places behind the postings.
   */
  const walk = ({ streams: [gaps, weights, names], starts: [gap, weight, name], count }, visit) => {
    for (let unit = 0, end = weight + count; weight < end; weight++) {
      let byte, shift = 0;
      do {
        byte = gaps[gap++];
        unit += (byte & 127) << shift;
        shift += 7;
      } while (byte > 127);
      const flags = weights[weight];
      visit?.(unit, flags, name);
      if (flags & 64) name++;
      if (flags & 128) do name += 2; while (names[name - 2] & 128);
    }
    return [gap, weight, name];
  };
  const readTerms = (entries, ...streams) => {
    const from = reader(entries), next = frontCoded(from), terms = new Map();
    let starts = [0, 0, 0];
    while (from.more()) {
      const raw = next(), term = utf8.decode(raw), forms = from.number(), ends = [];
      for (let left = forms >> 1; left > 0; left--) ends.push([from.number(), from.take()]);
      const units = from.number(), titles = from.number(), others = from.number(), tail = others && from.number();
      let words;
      const entry = {
        term, units, titles, tail, tailAt: tail > 1 && from.number(), streams, starts, count: units - others,
        /** The words it is the stem of: few terms are ever asked for them. */
        get words() {
          return (words ??= [...(forms & 1 ? [term] : []), ...ends.map(([left, end]) => utf8.decode(joined(raw.subarray(0, raw.length - left), end)))]);
        },
      };
      terms.set(term, entry);
      starts = walk(entry);
    }
    return terms;
  };
  const readCorrections = (bytes) => {
    const from = reader(bytes), next = frontCoded(from), words = [];
    while (from.more()) {
      const word = utf8.decode(next());
      words.push([word, from.byte()]);
    }
    return words;
  };
  const SINGLE = 96, SIGNS = "’“”‘–—…", JOINING = " ’“‘(-/";
  /** The words that texts are written with (src/search/shorthand.rs): the most frequent, then the others in order. */
  const readShorthand = (bytes) => {
    const from = reader(bytes), words = [], next = frontCoded(from);
    while (from.more()) words.push(utf8.decode(words.length < SINGLE ? from.take() : next()));
    return words;
  };
  /** The passages of a page: anchor, title, text. */
  const readPassages = (bytes, words) => {
    const from = reader(bytes), fields = [""];
    let last = 0, joined = true, capital = false;
    const add = (text) => {
      fields[last] += text;
      joined = JOINING.includes(text.at(-1));
    };
    while (from.more()) {
      const byte = from.byte();
      if (byte === 0) { last = fields.push("") - 1; joined = true; }
      else if (byte === 1) joined = true;
      else if (byte === 2) capital = true;
      else if (byte === 3) add(utf8.decode(from.take()));
      else if (byte === 4) { add("."); capital = true; }
      else if (byte < 32) add(SIGNS[byte - 5]);
      else if (byte < 128) add(String.fromCharCode(byte));
      else {
        const word = words[byte < 128 + SINGLE ? byte - 128 : SINGLE + ((byte - 128 - SINGLE) << 8) + from.byte()];
        add((joined ? "" : " ") + (capital ? word[0].toUpperCase() + word.slice(1) : word));
        capital = false;
      }
    }
    const passages = [];
    for (let at = 0; at + 2 < fields.length; at += 3) {
      const [anchor, title, text] = fields.slice(at);
      passages.push([anchor === "=" ? title.toLowerCase().replaceAll("'", "").replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") : anchor, title, text]);
    }
    return passages;
  };

  // Words have at most 64 letters, of two units at most. The first row counts from nothing; the others begin with their number.
  const rows = [[...Array(129).keys()]];
  /** Changes of one letter, or of two neighbours, that make one word of the other; 9 where the lengths are more than `most` apart. */
  const distance = (one, other, most) => {
    if (Math.abs(one.length - other.length) > most) return 9;
    for (let i = 1; i <= one.length; i++) {
      const row = (rows[i] ??= [i]), old = rows[i - 1];
      for (let j = 1; j <= other.length; j++) {
        row[j] = Math.min(old[j] + 1, row[j - 1] + 1, old[j - 1] + (one[i - 1] !== other[j - 1]));
        if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) row[j] = Math.min(row[j], rows[i - 2][j - 2] + 1);
      }
    }
    return rows[one.length][other.length];
  };

  // Numbers that stand in one place only are not given names: names are bytes that every reader loads.
  /** Names of a unit by their number: aliases, headings, and the title at last (src/search/words.rs). */
  const NAMES = 16, ALIASES = 4, TITLE = 15;
  /** Where the parts of a small site are: file and first section. */
  const SMALL = { t: [0, 0], c: [0, 4], d: [1, 0], a: [1, 1], f: [1, 2], o: [1, 3], x: [2, 0] };

  /** What all of them give. What fails together has failed when this does, and can be tried again together. */
  const settled = async (given) => {
    await Promise.allSettled(given = [...given]);
    return Promise.all(given);
  };
  /**
   * Opens the index in the folder `base` (`…/search/en/`). Nothing is loaded before the first question.
   *
   * - `find(query, { limit, kind, topic, sort, typing })` gives an answer: `results` (each with `url`, `title`, `lead`,
   *   `kind`), `answers` (facts and calculators), `all` and `some` (how many pages have all the words, or some; on a large site `atLeast` so many), `kinds`
   *   with their counts, `missing` and `corrected` words, and `suggestion`; of a question in quotes also `left`, the pages with its
   *   words that were not looked at yet. `sort` is `relevance`, `title` or `newest`; `typing` takes the last word as unfinished.
   *   In the query, "quotes" ask for a phrase, `kind:role` and `topic:pay` narrow the results.
   * - `more(answer, from, limit)` gives further results of an answer, and looks at some of the pages that are left for them.
   * - `excerpt(answer, result)` gives `{ anchor, title, parts }`: the best passage, its parts being `[text, is a hit]`.
   * - `mark(answer, text)` gives the parts of any text; `passages(result)` all of a page: `[anchor, title, text]` each.
   * - `topics(answer)` gives topics with how many of the answer's pages each has.
   * - `near(answer)` gives pages close to the results, when fewer than three have all words and none is called so.
   *
   * Every call may fail where a file is missing or damaged, and may be tried again.
   */
  const createSearch = (base) => {
    base = new URL(base.replace(/\/?$/, "/"), document.baseURI).href;
    const made = new Map();
    // Grows with each failure, so that no browser gives again what it kept of a damaged file.
    let again = "", loads = 0;
    /** What `make` gives, made once for each key; after a failure once more. */
    const once = (key, make) => {
      if (!made.has(key)) {
        const given = make();
        made.set(key, given);
        given.catch(() => {
          made.delete(key);
          again += "?";
        });
      }
      return made.get(key);
    };
    const viaScript = async (name) => {
      // The encoding of the web that has a character for each byte, with the byte at its end.
      await fingerpostScript(`${base}${name}.js${again}`, "x-user-defined");
      const data = waiting.get(name);
      if (data === undefined) throw damaged(name);
      waiting.delete(name);
      return Uint8Array.from(data, (sign) => sign.charCodeAt());
    };
    const viaFetch = async (name) => {
      const answer = await fetch(`${base}${name}.js${again}`, name === "boot" ? { cache: "no-cache" } : {});
      if (!answer.ok) throw new Error(`${name} is missing`);
      return unwrap(new Uint8Array(await answer.arrayBuffer()), name);
    };
    /** The sections of a file. */
    const file = (name) => once(`${name}.js`, async () => {
      loads++;
      const data = await (location.protocol === "file:" ? viaScript : viaFetch)(name);
      try {
        return blocks(new Uint8Array(await new Response(new Response(data).body.pipeThrough(new DecompressionStream("deflate-raw"))).arrayBuffer()));
      } catch { throw damaged(name); }
    });
    let boot;
    // Of each unit while it is weighed: what it has of the question so far, in its text and in its title; what the word at hand
    // weighs; in how many lists of words it was that may hide names.
    let scratch, points, cover, inTitle, best, seen;
    // Of each name of each unit: the last word of the question that it has; how many it has, how many of those that are needed, how
    // many in order; how many words it has itself, and how far they stand from their places in the question.
    let marks, counts, needs, ordered, lengths, shifts;
    // The question that is weighed, while nothing is waited for: its words, those that were found and those that are needed, with
    // their terms; how many of the needed each unit has; how many of the found may hide names; whether something is called so.
    let words, found, needed, matched, unsure, named;
    /** One part of the index, taken apart by `make` once. The files of a small site hold several parts each. */
    const part = (letter, number, make, hashes = "", at = number) => once(letter + number, async () => {
      const [index, from] = boot.files ? SMALL[letter] : [0, 0];
      const sections = await file(boot.files?.[index] ?? `part/${letter}${(number / 1000 | 0)}/${number % 1000}.${hashes.slice(at * 8, at * 8 + 8)}`);
      return make(...sections.slice(from));
    });

    const open = () => once("", async () => {
      const found = json((await file("boot"))[0]), known = new Map();
      if (found.version !== 3) throw damaged("boot");
      const stems = () => globalThis.fingerpostStems?.[found.language];
      if (found.stems && !stems()) await fingerpostScript(new URL(found.stems, base));
      const stem = stems() ?? ((word) => word);
      found.stem = (word) => {
        if (!known.has(word)) known.set(word, PLAIN.test(word) ? stem(word) : word);
        return known.get(word);
      };
      [points, cover, inTitle, best, seen, marks, counts, needs, ordered, lengths, shifts] = scratch =
        Array.from({ length: 11 }, (_, at) => (at < 5 ? new Float32Array(found.units) : new Int8Array(found.units * NAMES)));
      return (boot = found);
    });
    /** The pages that an answer is counted by: those with all words where there are such. */
    const counted = ({ ranked, isAll }) => {
      const having = ranked.filter(isAll);
      return having.length ? having : ranked;
    };
    const kindOf = (unit) => boot.kinds.find((kind) => unit < kind.end);
    /** First terms of the shards, hashes of these and of the tails: on a very large site in a file of their own. */
    const directory = () => boot.t ?? part("b", 0, json, boot.b);
    /** The shard of terms that a name belongs to, and the next ones whose terms may begin with it, `most` in all. */
    const termsAt = async (name, most = 1) => {
      const [firsts, hashes] = await directory(), from = placeOf(firsts, name);
      return settled(firsts.slice(from, from + most).filter((first, at) => !at || first.startsWith(name)).map((_, at) => part("t", from + at, readTerms, hashes)));
    };
    const termOf = async (term) => (await termsAt(term))[0].get(term);
    const correctionsAt = async (letter) => {
      if (boot.s) {
        const [letters, hashes] = boot.s;
        return letters.length ? part("s", placeOf(letters, letter), readCorrections, hashes) : [];
      }
      // A small site has all words at hand with their terms.
      return (boot.words ??= [...(await termsAt(letter))[0].values()].flatMap(({ words, units, titles }) =>
        words.filter((word) => word.length > 2 && PLAIN.test(word)).map((word) => [word, (Math.log2(units) | 0) + (titles > 0)])));
    };
    const record = async (unit) => {
      const isPage = unit < boot.pages, letter = isPage ? "d" : "a", [size, hashes] = boot[letter];
      const at = isPage ? unit : unit - boot.pages, kind = kindOf(unit);
      const [list, texts] = await part(letter, at / size | 0, json, hashes), found = list[at % size];
      if (!isPage) return { ...found, unit, kind };
      const [url, title, lead, text, place, near] = found;
      return { unit, kind, url, title, lead, near, text, place, hash: texts?.[text] };
    };
    const passages = async ({ text, place, hash }) => {
      const [pages, words] = await settled([part("x", text, blocks, hash, 0), boot.w ? part("w", 0, readShorthand, boot.w) : []]);
      return readPassages(pages[place], words);
    };
    /** The lists of postings of a term: its best, and with `whole` the others. */
    const listsOf = async (entry, whole) => {
      if (!whole || !entry.tail) return [entry];
      const bytes = (await part("c", entry.tail - 2, blocks, (await directory())[2]))[entry.tailAt], from = reader(bytes);
      const count = from.number(), gaps = from.take(), rest = from.take(bytes.length);
      return [entry, { streams: [gaps, rest, rest], starts: [0, 0, count], count }];
    };
    /** Whether the tail of a term has names: the best have been taken from titles, then from names, then from texts. */
    const hidesNames = ({ tail, streams: [, weights], starts: [, at], count }) => tail > 0 && weights.subarray(at, at + count).every((flags) => flags > 63);

    /** The words among tokens. */
    const plain = (list) => list.filter(({ extra }) => !extra).map(({ word }) => word);
    const parse = (query) => {
      const asked = { phrases: [] };
      let text = query.slice(0, 400).replace(/\b(kind|topic):(?:"([^"]*)"|([^\s"]+))/giu, (_, key, quoted, plain) => {
        asked[key.toLowerCase()] = (quoted ?? plain).trim().toLowerCase();
        return " ";
      });
      text = text.replace(/["“”„«»]([^"“”„«»]+)["“”„«»]/gu, (_, phrase) => {
        const words = plain(tokens(phrase));
        if (words.length) asked.phrases.push(words);
        return ` ${phrase} `;
      });
      asked.tokens = tokens(text).slice(0, 24);
      asked.words = plain(asked.tokens);
      asked.unfinished = /[\p{L}\p{M}\p{N}_]$/u.test(text);
      return asked;
    };

    const addTerm = ({ terms }, entry, weight) => {
      if (entry && !terms.some((known) => known.entry === entry)) terms.push({ entry, weight });
    };
    /**
     * Gives a word that stands nowhere the terms of words close to it: the nearest first, the more common first among equals.
     * They are looked for in `most` files.
     */
    const correct = async (group, most) => {
      const { word, ahead } = group, letters = [...word], reach = letters.length < 5 ? 1 : 2, found = [];
      if (!letters[2] || !PLAIN.test(word)) return;
      // A slip in the first letter is rare: the list of the second is asked for where that of the first has nothing near.
      for (const letter of new Set([letters[0], fold(letters[0]), letters[1]])) {
        if (!found.some(({ far }) => far <= 1) && most-- > 1) for (const [other, rank] of await correctionsAt(letter)) {
          let far = distance(word, other, reach);
          if (ahead && other.length > word.length) far = Math.min(far, distance(word, other.slice(0, word.length), 1) + 0.4);
          if (far > 0 && far <= reach) found.push({ cost: far * 3 - rank * 0.22 + (other[0] === word[0] ? 0 : 0.7), other, far });
        }
      }
      found.sort((one, next) => one.cost - next.cost);
      for (const { other, far } of found.filter(({ cost }) => cost < found[0].cost + 2).slice(0, Math.min(3, most))) {
        addTerm(group, await termOf(boot.stem(other)), far <= 1 ? 0.85 : 0.6);
        group.corrected ??= other;
      }
    };

    /** One word of the query with all terms that may stand for it; longer ones of as many shards as are looked at `ahead`. */
    const groupOf = async ({ word, extra }, ahead) => {
      // The pages of a word with accents are also with the word without them; that has to do where each is a file.
      const group = { word, extra, ahead, terms: [] }, term = boot.stem(boot.b ? fold(word) : word);
      addTerm(group, await termOf(term), 1);
      addTerm(group, await termOf(boot.stem(fold(word))), 0.9);
      if (extra) return group;
      group.exact = group.terms.length > 0;
      if (ahead) {
        const shards = new Set([...await termsAt(word, ahead), ...await termsAt(term)]);
        const longer = [...shards].flatMap((shard) => [...shard.values()].filter((entry) => entry.term !== term && entry.words.some((other) => other.startsWith(word))));
        longer.sort((one, other) => other.titles - one.titles || other.units - one.units);
        for (const entry of longer.slice(0, 60)) addTerm(group, entry, group.exact ? 0.7 : 0.9);
      }
      return group;
    };
    const isMissing = ({ terms, extra }) => !extra && !terms.length;
    /**
     * The words of the query. A very large site has another file for nearly each, so a question is held to seven of them,
     * which with `boot`, the directory and five records makes fourteen: the longest words, as a rule the rarest, stand for the
     * others, and what is left over goes to completions and slips.
     */
    const groupsOf = async (list, last) => {
      let words = [...new Map(list.map((token) => [token.word, token])).values()];
      const length = (token) => (token === last ? 99 : token.extra ? 0 : token.word.length);
      if (boot.b) words = words.sort((one, other) => length(other) - length(one)).slice(0, last ? 4 : 5);
      const files = boot.b ? 7 : 99, ahead = last ? Math.min(3, files - 2 - words.length) : 0, left = files - words.length - ahead;
      const groups = await settled(words.map((token) => groupOf(token, token === last && ahead)));
      const slips = groups.filter(isMissing);
      await settled(slips.map((group, at) => correct(group, Math.max(at ? 0 : 2, (left / slips.length) | 0))));
      return groups;
    };

    const find = async (query, options = {}) => {
      const before = loads;
      await open();
      const asked = parse(query);
      const { kind: kindName = asked.kind, topic: topicName = asked.topic, sort = "relevance", typing, limit = 10 } = options;
      const groups = await groupsOf(asked.tokens, typing && asked.unfinished && asked.tokens.findLast(({ extra }) => !extra));
      const answer = {
        query, groups, asked, kind: kindName, topic: topicName,
        missing: groups.filter(isMissing).map(({ word }) => word),
        corrected: groups.filter(({ corrected }) => corrected).map(({ word, corrected }) => [word, corrected]),
      };
      // What is corrected is made of letters alone.
      answer.suggestion = answer.corrected.reduce((text, [from, to]) => text.replace(new RegExp(`(?<!\\p{L})${from}(?!\\p{L})`, "iu"), to), query);
      let allowed;
      if (topicName) {
        const topic = (await topicList()).find(({ label, slug }) => slug === topicName || fold(label.toLowerCase()) === fold(topicName));
        allowed = new Set(topic?.units);
        answer.noTopic = !topic;
      }
      const kind = kindName && boot.kinds.find(({ id, plural, label }) => [id, plural.toLowerCase(), label.toLowerCase()].includes(kindName));
      answer.noKind = kindName && !kind;
      const tails = groups.flatMap(({ terms }) => terms.filter(({ entry }) => entry.tail));
      // The best of a term may hide that pages have all words, are called so, or are of the kind that is asked for: then others are
      // looked at too, those first that tell of names, as far as they are few and the question has not cost too many files already.
      const narrow = topicName || kindName || asked.phrases.length;
      let room = boot.b ? (typing || answer.corrected.length ? 0 : 5 - groups.length) : narrow ? 99 : 5 - groups.length, postings = boot.b ? 2e4 : 4e4;
      const chosen = tails.sort(({ entry: one }, { entry: other }) => hidesNames(other) - hidesNames(one) || one.units - other.units)
        .filter(({ entry }) => room-- > 0 && (postings -= entry.units - entry.count) > 0);
      let looked = narrow ? chosen : [];
      await score(answer, looked);
      if (chosen.length > looked.length && !answer.named) await score(answer, looked = chosen);
      // Of a word that is nearly everywhere only names are kept.
      answer.atLeast = tails.length > looked.length || !groups.some(({ common }) => !common);

      // A filter without words lists everything it lets through.
      if (!groups.length && (kindName || topicName)) answer.ranked = Array.from({ length: boot.pages }, (_, unit) => unit);
      if (allowed) answer.ranked = answer.ranked.filter((unit) => allowed.has(unit));
      answer.kinds = boot.kinds.map((one) => ({ ...one, count: 0 }));
      for (const unit of counted(answer)) answer.kinds.find(({ end }) => unit < end).count++;
      const isOfKind = (unit) => !kindName || kindOf(unit) === kind;
      answer.ranked = answer.ranked.filter(isOfKind);
      answer.all = answer.ranked.filter(answer.isAll).length;
      answer.some = answer.ranked.length;
      if (asked.phrases.length) {
        answer.left = answer.ranked.filter(answer.isAll);
        answer.ranked = [];
        await lookForPhrases(answer, 14 - loads + before);
      }
      if (sort !== "relevance") {
        const ranks = (await part("o", 0, json, boot.o))[sort];
        answer.ranked = counted(answer).sort((one, other) => ranks[one] - ranks[other]);
      }
      const [results, answers] = await settled([settled(answer.ranked.slice(0, limit).map(record)), settled(answer.best.filter(isOfKind).map(record))]);
      // Of titles with equal stems, the one that is written as the question goes first.
      const isExact = ({ title }) => `${plain(tokens(title))}` === `${asked.words}`;
      if (sort === "relevance") results.sort((one, other) => isExact(other) - isExact(one));
      answer.results = results;
      answer.answers = answers.map((found) => {
        const [at, value = found.value] = found.values.find(([word]) => asked.words.includes(word)) ?? [];
        return { ...found, at, value };
      });
      return answer;
    };

    const near = async ({ results, groups, all, atLeast, named, topic, kind }) => {
      const found = groups.length && all < 3 && !atLeast && !named && !topic && !kind ? results.slice(0, 3).flatMap((result) => result.near) : [];
      return settled([...new Set(found)].filter((unit) => !results.some((result) => result.unit === unit)).slice(0, 4).map(record));
    };

    /** How much each word tells; which words were found, and which of them are asked for. */
    const weighWords = (groups) => {
      const size = boot.units;
      for (const group of groups) {
        const having = group.terms[0]?.entry.units ?? 0;
        group.idf = Math.log((size + 1) / (having + 0.5));
        group.common = having > size * 0.6 && size >= 20;
      }
      found = groups.filter(({ extra, terms }) => !extra && terms.length);
      // Words that are nearly everywhere are not asked for beside others.
      const telling = found.filter(({ common }) => !common);
      needed = telling.length ? telling : found;
      for (const group of groups) group.share = group.idf / needed.reduce((sum, { idf }) => sum + idf, 0);
    };

    /** Adds what one word of the question says of each unit. Gives whether it may stand in more names. */
    const addWord = (group, number) => {
      const { terms, share, extra, word } = group, isNeeded = needed.includes(group), asks = words.indexOf(word);
      const hides = !extra && terms.some(({ entry, lists }) => !lists[1] && hidesNames(entry));
      best.fill(0);
      /** Takes down that a name has this word. */
      const note = (slot, place, length) => {
        if (marks[slot] === number) return;
        marks[slot] = number;
        const shift = place - asks;
        ordered[slot] += !counts[slot]++ || shift === shifts[slot];
        shifts[slot] = shift;
        lengths[slot] = length;
        needs[slot] += isNeeded;
      };
      for (const { lists, weight } of terms) for (const list of lists) walk(list, (unit, flags, at) => {
        const value = (weight * (flags & 63)) / 63, told = isNeeded * share * weight, title = unit * NAMES + TITLE, names = list.streams[2];
        if (!best[unit]) {
          cover[unit] += told;
          matched[unit] += isNeeded;
          seen[unit] += hides;
        }
        if (value > best[unit]) {
          points[unit] += share * (value - best[unit]);
          best[unit] = value;
        }
        if (extra || flags < 64) return;
        if (flags & 64) {
          if (marks[title] !== number) inTitle[unit] += told;
          note(title, names[at] & 15, names[at++] >> 4);
        }
        if (flags & 128) do note(unit * NAMES + (names[at] & 15), names[at + 1], (names[at] >> 4) & 7); while (names[(at += 2) - 2] & 128);
      });
      return hides;
    };

    /** What a unit gains by a title or heading that says just what was asked; what may be hidden is in its names or not. */
    const gainOf = (unit) => {
      let most = 0;
      for (let name = 0; name < NAMES; name++) {
        const slot = unit * NAMES + name, count = counts[slot], length = lengths[slot], inOrder = ordered[slot] === count, shift = shifts[slot];
        const lacks = found.length - count, all = Math.min(words.length, name < TITLE ? 7 : 15);
        // A name of the length of the question that has all other words at their places is trusted to have the hidden ones too.
        const isFull = !lacks || (lacks === unsure - seen[unit] && inOrder && !shift && length === all);
        if (!count || !(isFull || needs[slot] === needed.length)) continue;
        const wanted = isFull ? all : needed.length, share = Math.min(1, wanted / length), isExact = wanted === length;
        const value = name < TITLE ? (isExact ? (name < ALIASES ? 0.75 : 0.65) : 0.3 * share) + inOrder * 0.15
          : isExact ? 1 + inOrder * 0.2
            : 0.25 + 0.3 * share + inOrder * (shift > 0 ? 0.25 : 0.4);
        named ||= !lacks && value > 0.55;
        most = Math.max(most, value * (lacks ? 0.8 : 1));
      }
      return most;
    };

    /** The facts and calculators, sorted, that answer the question. */
    const answersIn = ({ isAll, groups, corrected, asked }, facts) => {
      const strong = needed.filter(({ idf }) => idf > 1).length, hasNumber = asked.words.some((word) => /^[0-9]/.test(word));
      // A reader who gives a number wants to reckon: then a calculator need not have all that is asked.
      return facts.filter((unit) => (hasNumber && kindOf(unit).id === "calculator" ? cover[unit] > 0.4 && inTitle[unit] > 0.3
        : cover[unit] > 0.8 && inTitle[unit] > 0.45 && (strong > 1 || isAll(unit))))
        .slice(0, boot.b && corrected.length ? 0 : boot.files || groups.length < 3 ? 2 : 1);
    };

    /** The terms worth a mark: what is nearly everywhere is not, beside rarer words. */
    const markedTerms = (groups) => {
      const rarest = Math.max(...found.map(({ idf }) => idf)), marked = new Map();
      for (const group of groups) if (group.idf >= rarest * 0.3) for (const { entry, weight } of group.terms) {
        marked.set(entry.term, { group, value: group.share * weight });
      }
      return marked;
    };

    /** Weighs every unit, with the tails of these terms: `ranked` pages, the first best; `best` answers; which have all words. */
    const score = async (answer, tails) => {
      const { groups, asked, missing } = answer;
      await settled(groups.flatMap(({ terms }) => terms.map(async (term) => { term.lists = await listsOf(term.entry, tails.includes(term)); })));
      words = asked.words.filter((word) => !missing.includes(word));
      weighWords(groups);
      const own = matched = new Uint8Array(boot.units), all = needed.length, pages = [], facts = [];
      answer.isAll = (unit) => own[unit] >= all;
      for (const list of scratch) list.fill(0);
      unsure = groups.filter((group, at) => addWord(group, at + 1)).length;
      named = false;
      let highest = 0;
      points.forEach((value, unit) => {
        if (!value) return;
        const isPage = unit < boot.pages;
        points[unit] = value * (0.15 + 0.85 * cover[unit] ** 2) + 0.3 * inTitle[unit] ** 2;
        if (isPage) {
          highest = Math.max(highest, cover[unit]);
          if (own[unit] + unsure >= all) points[unit] += gainOf(unit);
        }
        (isPage ? pages : facts).push(unit);
      });
      answer.named = named;
      const sorted = (list) => list.sort((one, other) => points[other] - points[one]);
      answer.ranked = sorted(pages.filter((unit) => cover[unit] >= highest * 0.3));
      answer.best = answersIn(answer, sorted(facts));
      answer.terms = markedTerms(groups);
    };

    /** Whether a text has the words of a phrase one after the other. */
    const holds = (text, phrase) => {
      const found = plain(tokens(text)).map(boot.stem), wanted = phrase.map(boot.stem);
      return found.some((_, at) => wanted.every((term, next) => found[at + next] === term));
    };
    /**
     * Looks for every quoted phrase in the pages that are `left`, the best first, and keeps those that have them. On a very large
     * site each costs two files, its record and its text, and so many are looked at as go into so many `files` with the words
     * that texts are written with and the answers.
     */
    const lookForPhrases = async (answer, files) => {
      const { left, best, asked: { phrases } } = answer, looked = left.slice(0, boot.b ? Math.max(1, (files - 1 - best.length) >> 1) : 30);
      const kept = await settled(looked.map(async (unit) => {
        const result = await record(unit), texts = [result.title, ...(await passages(result)).flat()];
        return phrases.every((phrase) => texts.some((text) => holds(text, phrase)));
      }));
      left.splice(0, looked.length);
      answer.ranked.push(...looked.filter((_, at) => kept[at]));
      answer.all = answer.some = answer.ranked.length;
    };
    const more = async (answer, from, limit) => {
      if (answer.left?.length && answer.ranked.length < from + limit) await lookForPhrases(answer, 14);
      return settled(answer.ranked.slice(from, from + limit).map(record));
    };

    /** The words of a text that were asked for, each with its group of the query and what that is worth. */
    const hitsOf = ({ terms }, text) => Array.from(text.matchAll(RUN), ({ 0: word, index }) => {
      const stems = tokens(word).flatMap((token) => [boot.stem(token.word), boot.stem(fold(token.word))]);
      return { word, index, hit: terms.get(stems.find((stem) => terms.has(stem))) };
    }).filter(({ hit }) => hit);
    const mark = (answer, text) => {
      const parts = [];
      let end = 0;
      for (const { word, index } of hitsOf(answer, text)) {
        parts.push([text.slice(end, index), false], [word, true]);
        end = index + word.length;
      }
      return [...parts, [text.slice(end), false]].filter(([part]) => part);
    };

    const excerpt = async (answer, result) => {
      const sum = (hits) => [...new Map(hits.map(({ hit: { group, value } }) => [group, value])).values()].reduce((total, value) => total + value, 0);
      let best = { value: -1, anchor: "", title: "", text: result.lead, at: 0 };
      for (const [anchor, title, text] of await passages(result)) {
        const hits = hitsOf(answer, text);
        // The stretch of about two lines that says most.
        let value = 0, at = 0;
        for (const { index } of hits) {
          const stretch = hits.filter((hit) => hit.index >= index && hit.index < index + 170), worth = sum(stretch) + stretch.length * 0.01;
          if (worth > value) { value = worth; at = index; }
        }
        value += sum(hits) * 0.3 + sum(hitsOf(answer, title)) * 0.5;
        for (const phrase of answer.asked.phrases) if (holds(`${title} ${text}`, phrase)) value += 20;
        if (value > best.value && (text || anchor)) best = { value, anchor, title, text, at };
      }
      const { text, at, anchor, title } = best;
      let start = Math.max(0, at - 90);
      // From the start of a sentence where one is near, else of a word.
      if (start) start += (/^[^]*[.!?…]["”’)]? /.exec(text.slice(start, at)) ?? /^[^]{30}\S* |/.exec(text.slice(start)))[0].length;
      let end = Math.min(text.length, start + 210);
      if (end < text.length) end = Math.max(text.lastIndexOf(" ", end), start + 100);
      return { anchor, title, parts: mark(answer, (start > 0 ? "… " : "") + text.slice(start, end) + (end < text.length ? " …" : "")) };
    };

    const topicList = () => part("f", 0, (bytes) => json(bytes).map(([label, slug, gaps]) => {
      let unit = 0;
      return { label, slug, units: gaps.map((gap) => (unit += gap)) };
    }), boot.f);
    const topics = async (answer) => {
      const pages = new Set(counted(answer));
      const list = (await topicList()).map((topic) => ({ ...topic, count: topic.units.filter((unit) => pages.has(unit)).length }));
      return list.filter(({ count }) => count > 0).sort((one, other) => other.count - one.count);
    };

    return { open, find, more, excerpt, mark, topics, near, passages };
  };

  globalThis.fingerpostSearch = { createSearch, tokens, fold };
})();
