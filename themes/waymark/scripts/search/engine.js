// Searches the index that the generator wrote; `createSearch(base)` is the whole of its interface (see below).
(() => {
  // Tokens: the specification is in the generator's src/search/token.rs; tests/vectors/tokens.json holds both to it.
  const DENSE = "\\u0e01-\\u0e3a\\u0e40-\\u0e4e\\u0e80-\\u0edf\\u1000-\\u104f\\u1780-\\u17d3\\u3005-\\u3007\\u3041-\\u3096\\u309d-\\u309f\\u30a1-\\u30fa\\u30fc-\\u30ff\\u31f0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
  const DROPPED = "'’\\u02bc\\u00ad\\u200c\\u200d";
  const WORD = `(?:(?![${DENSE}${DROPPED}])[\\p{Alphabetic}\\p{N}\\p{M}_])`;
  const RUN = new RegExp(
    `([${DENSE}]+)|([A-Za-z](?:\\+\\+|#)(?!${WORD}))|${WORD}(?:${WORD}|[${DROPPED}](?=${WORD})|(?<=[0-9])(?:\\.(?=[0-9])|,(?=[0-9]{3}(?![0-9]))))*`, "gu");
  const TURN = /_+|(?<=[\p{Lowercase}0-9])(?=\p{Uppercase})|(?<=\p{Uppercase})(?=\p{Uppercase}\p{Lowercase})/u;
  const cut = (word) => (word.length > 64 ? [...word].slice(0, 64).join("") : word);

  /** The tokens of a text: lower-cased words, and extras marked as such. @returns {{word: string, extra?: boolean}[]} */
  const tokens = (text) => {
    const found = [];
    const add = (word, extra) => word && found.push(extra ? { word: cut(word), extra } : { word: cut(word) });
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
      const run = sharp ?? whole.replace(new RegExp(`[${DROPPED},]`, "gu"), "").replace(/^_+|_+$/g, "");
      const lower = cut(run.toLowerCase());
      const parts = run.split(TURN).filter(Boolean);
      if (parts.length > 1) for (const part of parts) add(part.toLowerCase());
      add(lower, parts.length > 1);
      chain.push(lower);
      end = match.index + whole.length;
    }
    close();
    return found;
  };

  const LETTERS = { ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", ł: "l", ı: "i", þ: "th" };
  /** A word without its accents. */
  const fold = (word) =>
    word.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[ßæœøđðłıþ]/g, (letter) => LETTERS[letter]).normalize("NFC");
  const PLAIN = new RegExp(`^(?:(?![${DENSE}])[\\p{Alphabetic}\\p{M}])+$`, "u");


  // Files: `fingerpostShard("name","data")`, seven bits to a character (src/search/wire.rs). Fetched where there is a
  // server, run as a script where the site lies in a folder on disk.
  const waiting = new Map();
  globalThis.fingerpostShard = (name, data) => {
    waiting.get(name)?.(data);
    waiting.delete(name);
  };
  const ILLEGAL = [0, 10, 13, 34, 92];
  const unpack = (data) => {
    const bytes = new Uint8Array(data.length * 2);
    let end = 0, held = 0, bits = 0;
    const take = (symbol) => {
      held = (held << 7) | symbol;
      bits += 7;
      if (bits < 8) return;
      bits -= 8;
      bytes[end++] = held >> bits;
      held &= (1 << bits) - 1;
    };
    for (let at = 0; at < data.length; at++) {
      const code = data.charCodeAt(at);
      if (code < 256) { take(code); continue; }
      const first = (code - 256) >> 7, second = code & 127;
      if (first === 5) take(ILLEGAL[second]);
      else { take(ILLEGAL[first]); take(second); }
    }
    return bytes.subarray(0, end);
  };
  const reader = (bytes) => {
    let at = 0;
    const number = () => {
      let value = 0, scale = 1, byte;
      do {
        byte = bytes[at++];
        value += (byte & 127) * scale;
        scale *= 128;
      } while (byte > 127);
      return value;
    };
    const take = (length = number()) => bytes.subarray(at, (at += length));
    return { number, take, byte: () => bytes[at++], more: () => at < bytes.length };
  };
  const utf8 = new TextDecoder();
  const frontCoded = () => {
    let before = new Uint8Array(0);
    return (from) => {
      const shared = from.number(), rest = from.take();
      const text = new Uint8Array(shared + rest.length);
      text.set(before.subarray(0, shared));
      text.set(rest, shared);
      return (before = text);
    };
  };
  const json = (bytes) => JSON.parse(utf8.decode(bytes));
  /** The place of the last of the sorted `firsts` that is not above `name`. */
  const placeOf = (firsts, name) => {
    let low = 0, high = firsts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (firsts[middle] <= name) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };

  const readTerms = (bytes) => {
    const from = reader(bytes), next = frontCoded(), terms = new Map();
    while (from.more()) {
      const raw = next(from), term = utf8.decode(raw), words = [];
      const count = from.number();
      if (count & 1) words.push(term);
      for (let left = count >> 1; left > 0; left--) {
        const kept = raw.length - from.number(), rest = from.take();
        words.push(utf8.decode(raw.subarray(0, kept)) + utf8.decode(rest));
      }
      const units = from.number(), titles = from.number(), tail = from.number();
      terms.set(term, { term, words, units, titles, tail, tailAt: tail && from.number(), bytes: from.take() });
    }
    return terms;
  };
  const readCorrections = (bytes) => {
    const from = reader(bytes), next = frontCoded(), words = [];
    while (from.more()) {
      const word = utf8.decode(next(from));
      words.push([word, from.byte(), lettersOf(word)]);
    }
    return words;
  };
  /** Postings as parallel lists: units, weights with flags, and where each one's bytes of title and names begin. */
  const readPostings = (bytes) => {
    const from = reader(bytes), units = [], flags = [], titles = [], names = [];
    let unit = 0;
    while (from.more()) {
      units.push((unit += from.number()));
      const flag = from.byte();
      flags.push(flag);
      titles.push(flag & 64 ? from.byte() : 0);
      let list;
      if (flag & 128) {
        list = [];
        let name;
        do list.push((name = from.byte())); while (name & 128);
      }
      names.push(list);
    }
    return { units, flags, titles, names };
  };

  /** Which letters a word has, as bits: two words that differ in many are not near each other. */
  const lettersOf = (word) => {
    let bits = 0;
    for (let at = 0; at < word.length; at++) bits |= 1 << (word.charCodeAt(at) & 31);
    return bits;
  };
  const isFew = (bits, most) => {
    for (; bits; bits &= bits - 1) if (--most < 0) return false;
    return true;
  };
  let older = new Uint8Array(80), old = new Uint8Array(80), row = new Uint8Array(80);
  /** Changes of one letter, or of two neighbours, that make one word of the other; `most + 1` stands for any more. */
  const distance = (one, other, most) => {
    const width = other.length;
    if (Math.abs(one.length - width) > most) return most + 1;
    for (let at = 0; at <= width; at++) old[at] = at;
    for (let i = 1; i <= one.length; i++) {
      const from = Math.max(1, i - most), to = Math.min(width, i + most);
      row[from - 1] = from === 1 ? i : 99;
      let least = row[from - 1];
      for (let j = from; j <= to; j++) {
        // The row above ends one place earlier.
        let cost = Math.min((j < i + most || i === 1 ? old[j] : 99) + 1, row[j - 1] + 1, old[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1));
        if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) cost = Math.min(cost, older[j - 2] + 1);
        row[j] = cost;
        if (cost < least) least = cost;
      }
      if (least > most) return most + 1;
      [older, old, row] = [old, row, older];
    }
    return old[width];
  };

  const WORDS_MAX = 24, QUERY_MAX = 400, COMPLETIONS_MAX = 60, CORRECTIONS_MAX = 4, COMMON = 0.6, COVER_MIN = 0.3, LOOKED_THROUGH = 30, NAMED_MAX = 1500;

  /**
   * Opens the index in the folder `base` (`…/search/en/`). Nothing is loaded before the first question.
   *
   * - `find(query, { limit, kind, topic, sort, typing })` gives an answer: `results` (each with `url`, `title`, `lead`,
   *   `kind`), `answers` (facts and calculators), `all` and `some` (how many pages have all the words, or some; on a very large site `atLeast` so many), `kinds`
   *   with their counts, `missing` and `corrected` words, `suggestion`, and `near` (pages close to the results, when fewer
   *   than three have all words and none is called so). `sort` is `relevance`, `title` or `newest`; `typing` takes the last word as unfinished.
   *   In the query, "quotes" ask for a phrase, `kind:role` and `topic:pay` narrow the results.
   * - `more(answer, from, limit)` gives further results of an answer.
   * - `excerpt(answer, result)` gives `{ anchor, title, parts }`: the best passage, its parts being `[text, is a hit]`.
   * - `mark(answer, text)` gives the parts of any text; `passages(result)` all of a page: `[anchor, title, text]` each.
   * - `topics(answer)` gives topics with how many of the answer's pages each has.
   *
   * Every call may fail where a file is missing or damaged, and may be tried again.
   */
  const createSearch = (base, { load } = {}) => {
    if (!load) base = new URL(base.endsWith("/") ? base : `${base}/`, document.baseURI).href;
    const files = new Map();

    const script = (url) => new Promise((done, fail) => {
      const element = document.createElement("script");
      element.onload = done;
      element.onerror = () => fail(new Error(`${url} is missing`));
      element.src = globalThis.fingerpostPolicy?.createScriptURL(url) ?? url;
      document.head.append(element);
    });
    const viaScript = async (name) => {
      let data;
      waiting.set(name, (given) => { data = given; });
      await script(`${base}${name}.js`);
      if (data === undefined) throw new Error(`${name} is damaged`);
      return data;
    };
    const viaFetch = async (name) => {
      const answer = await fetch(`${base}${name}.js`, name === "boot" ? { cache: "no-cache" } : {});
      if (!answer.ok) throw new Error(`${name} is missing (${answer.status})`);
      const text = await answer.text();
      const start = text.indexOf('","'), end = text.lastIndexOf('"');
      if (!text.startsWith("fingerpostShard(") || end <= start + 2) throw new Error(`${name} is damaged`);
      return text.slice(start + 3, end);
    };
    /** The sections of a file. */
    const file = (name) => {
      let sections = files.get(name);
      if (!sections) {
        const data = load ? load(name) : location.protocol === "file:" ? viaScript(name) : viaFetch(name);
        sections = Promise.resolve(data).then(async (text) => {
          const stream = new Blob([unpack(text)]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
          const from = reader(new Uint8Array(await new Response(stream).arrayBuffer())), list = [];
          while (from.more()) list.push(from.take());
          return list;
        });
        sections.catch(() => files.delete(name));
        files.set(name, sections);
      }
      return sections;
    };
    const read = new Map();
    /** One part of the index, taken apart by `make` once. `files` of a small site hold several parts each. */
    const part = (key, make, small, section, name) => {
      let made = read.get(key);
      if (!made) {
        made = file(small ?? name()).then((sections) => make(sections[small ? section : 0]));
        made.catch(() => read.delete(key));
        read.set(key, made);
      }
      return made;
    };
    const numbered = (letter, number, hashes, at = number) =>
      `${letter}${Math.floor(number / 1000)}/${number % 1000}.${hashes.slice(at * 8, at * 8 + 8)}`;

    let opening;
    const open = () => {
      opening ??= (async () => {
        const boot = json((await file("boot"))[0]);
        if (boot.version !== 1) throw new Error(`the index has the version ${boot.version}`);
        let stem = (word) => word;
        if (boot.stems) {
          const stems = () => globalThis.fingerpostStems?.[boot.language];
          if (!stems() && !load) await script(new URL(boot.stems, base).href);
          const found = stems();
          if (found) stem = found;
        }
        const known = new Map();
        const kinds = boot.kinds.map(([id, plural, label, icon, start], at) => (
          { id, plural, label, icon, start, end: boot.kinds[at + 1]?.[4] ?? Infinity }));
        return {
          ...boot, kinds,
          small: boot.files,
          stem: (word) => {
            let term = known.get(word);
            if (term === undefined) known.set(word, (term = PLAIN.test(word) ? stem(word) : word));
            return term;
          },
          kindOf: (unit) => kinds.find((kind) => unit < kind.end),
        };
      })();
      opening.catch(() => { opening = undefined; });
      return opening;
    };
    /** The shard of terms that a name belongs to, and with `all` the next ones whose terms may begin with it. */
    const termsAt = async (boot, name, all) => {
      if (boot.small) return [await part("t", readTerms, boot.small[0], 0)];
      let [firsts, hashes] = boot.t, offset = 0;
      if (boot.directory) {
        const at = Math.max(0, placeOf(firsts, name)), names = hashes;
        [firsts, hashes] = await part(`b${at}`, json, null, 0, () => numbered("b", at, names));
        offset = at * boot.directory;
      }
      const from = Math.max(0, placeOf(firsts, name));
      let end = from + 1;
      while (all && end < from + 3 && firsts[end]?.startsWith(name)) end++;
      return Promise.all(firsts.slice(from, end).map((_, at) => part(`t${offset + from + at}`, readTerms, null, 0, () =>
        numbered("t", offset + from + at, hashes, from + at))));
    };
    const termOf = async (boot, term) => (await termsAt(boot, term))[0].get(term);
    const correctionsAt = async (boot, letter) => {
      // A small site has all words at hand with their terms.
      if (boot.small) {
        return (boot.words ??= [...(await termsAt(boot, letter))[0].values()].flatMap(({ words, units, titles }) => {
          const rank = Math.floor(Math.log2(units)) + (titles > 0);
          return words.filter((word) => word.length > 2 && PLAIN.test(word)).map((word) => [word, rank, lettersOf(word)]);
        }));
      }
      const [letters, hashes] = boot.s, at = placeOf(letters, letter);
      return at < 0 ? [] : part(`s${at}`, readCorrections, null, 0, () => numbered("s", at, hashes));
    };
    const record = async (boot, unit) => {
      if (unit >= boot.pages) {
        const at = unit - boot.pages;
        const size = boot.small ? Infinity : boot.a[0], number = Math.floor(at / size);
        const list = boot.small ? await part("a", json, boot.small[1], 1)
          : await part(`a${number}`, json, null, 0, () => numbered("a", number, boot.a[1]));
        const [kind, title, value, url, detail, source, values] = list[boot.small ? at : at % size];
        return { unit, kind: boot.kindOf(unit), url, title, value, detail, source, values, type: kind };
      }
      let list, texts, at = unit;
      if (boot.small) list = await part("d", json, boot.small[1], 0);
      else {
        const size = boot.d[0], number = Math.floor(unit / size);
        [texts, list] = await part(`d${number}`, json, null, 0, () => numbered("d", number, boot.d[1]));
        at = unit % size;
      }
      const [url, title, lead, text, place, near] = list[at];
      const hash = texts?.find(([number]) => number === text)?.[1];
      return { unit, kind: boot.kindOf(unit), url, title, lead, text, place, near, hash };
    };
    const passages = async (boot, result) => {
      const list = boot.small ? await part("x", json, boot.small[2], 0)
        : await part(`x${result.text}`, json, null, 0, () => numbered("x", result.text, result.hash, 0));
      return list[result.place];
    };
    const postings = async (boot, entry, whole) => {
      entry.best ??= readPostings(entry.bytes);
      if (!whole || !entry.tail) return entry.best;
      entry.whole ??= (async () => {
        const tails = await part(`c${entry.tail}`, (bytes) => {
          const from = reader(bytes), list = [];
          while (from.more()) list.push(from.take());
          return list;
        }, boot.small?.[0], 1, () => numbered("c", entry.tail - 1, boot.c));
        const lists = [entry.best, readPostings(tails[entry.tailAt])];
        const order = lists.flatMap((list, of) => list.units.map((unit, at) => [unit, of, at])).sort((one, other) => one[0] - other[0]);
        const joined = (key) => order.map(([, of, at]) => lists[of][key][at]);
        return { units: joined("units"), flags: joined("flags"), titles: joined("titles"), names: joined("names") };
      })();
      return entry.whole;
    };

    const parse = (query) => {
      const asked = { phrases: [], kind: null, topic: null };
      let text = query.slice(0, QUERY_MAX).replace(/\b(kind|topic):(?:"([^"]*)"|([^\s"]+))/giu, (_, key, quoted, plain) => {
        asked[key.toLowerCase()] = (quoted ?? plain).trim().toLowerCase();
        return " ";
      });
      text = text.replace(/["“”„«»]([^"“”„«»]+)["“”„«»]/gu, (_, phrase) => {
        asked.phrases.push(tokens(phrase).filter(({ extra }) => !extra).map(({ word }) => word));
        return ` ${phrase} `;
      });
      asked.phrases = asked.phrases.filter((phrase) => phrase.length > 0);
      asked.tokens = tokens(text).slice(0, WORDS_MAX);
      asked.unfinished = /[\p{L}\p{M}\p{N}_]$/u.test(text);
      return asked;
    };

    /** Words close to a misspelt one: nearest first, the more common first among equals. */
    const corrections = async (boot, word, unfinished) => {
      const letters = [...word];
      if (letters.length < 3 || !PLAIN.test(word)) return [];
      const most = letters.length < 5 ? 1 : 2;
      const starts = [...new Set([letters[0], letters[1], fold(letters[0])])];
      const bits = lettersOf(word), lists = new Set(await Promise.all(starts.map((letter) => correctionsAt(boot, letter))));
      const found = [];
      for (const list of lists) {
        for (const [other, rank, having] of list) {
          if (other === word || !isFew(bits & ~having, most) || (!unfinished && !isFew(having & ~bits, most))) continue;
          let far = distance(word, other, most);
          if (unfinished && other.length > word.length) far = Math.min(far, distance(word, other.slice(0, word.length), 1) + 0.4);
          if (far > most) continue;
          found.push([far * 3 - rank * 0.22 + (other[0] === word[0] ? 0 : 0.7), other, far]);
        }
      }
      found.sort((one, other) => one[0] - other[0] || (one[1] < other[1] ? -1 : 1));
      return found.filter(([cost]) => cost < found[0][0] + 2).slice(0, CORRECTIONS_MAX).map(([, other, far]) => ({ word: other, far }));
    };

    /** One word of the query with all terms that may stand for it. */
    const groupOf = async (boot, { word, extra }, unfinished) => {
      const group = { word, extra, terms: [], idf: 0 };
      const add = (entry, weight) => {
        if (entry && !group.terms.some((known) => known.entry === entry)) group.terms.push({ entry, weight });
      };
      const term = boot.stem(word), plain = fold(word);
      add(await termOf(boot, term), 1);
      if (plain !== word) add(await termOf(boot, boot.stem(plain)), 0.9);
      if (extra) return group;
      group.exact = group.terms.length > 0;
      if (unfinished) {
        const shards = new Set([...await termsAt(boot, word, true), ...await termsAt(boot, term)]);
        const longer = [];
        for (const shard of shards) {
          for (const entry of shard.values()) {
            if (entry.term !== term && entry.words.some((other) => other.startsWith(word))) longer.push(entry);
          }
        }
        longer.sort((one, other) => other.titles - one.titles || other.units - one.units);
        for (const entry of longer.slice(0, COMPLETIONS_MAX)) add(entry, group.exact ? 0.7 : 0.9);
      }
      if (group.terms.length === 0) {
        const near = await corrections(boot, word, unfinished);
        await Promise.all(near.map(async (other) => { other.entry = await termOf(boot, boot.stem(other.word)); }));
        for (const { word: other, far, entry } of near) {
          add(entry, far <= 1 ? 0.85 : 0.6);
          if (entry) group.corrected ??= other;
        }
      }
      return group;
    };

    const find = async (query, options = {}) => {
      const boot = await open();
      const asked = parse(String(query));
      const kindName = options.kind ?? asked.kind, topicName = options.topic ?? asked.topic;
      const last = asked.tokens.findLastIndex(({ extra }) => !extra);
      const seen = new Set();
      const groups = (await Promise.all(asked.tokens.map((token, at) =>
        groupOf(boot, token, options.typing && asked.unfinished && at === last)))).filter((group) => {
        if (seen.has(group.word)) return false;
        seen.add(group.word);
        return true;
      });
      const answer = {
        query, boot, groups, asked, kind: kindName, topic: topicName, sort: options.sort ?? "relevance",
        missing: groups.filter((group) => !group.extra && group.terms.length === 0).map(({ word }) => word),
        corrected: groups.filter(({ corrected }) => corrected).map(({ word, corrected }) => [word, corrected]),
      };
      answer.suggestion = answer.corrected.reduce((text, [from, to]) => {
        const at = text.toLowerCase().indexOf(from);
        return at < 0 ? text : text.slice(0, at) + to + text.slice(at + from.length);
      }, query);
      if (answer.suggestion === query) delete answer.suggestion;
      let allowed = null;
      if (topicName) {
        const topics = await topicList(boot);
        const wanted = fold(topicName);
        const topic = topics.find(({ label, slug }) => slug === topicName || fold(label.toLowerCase()) === wanted);
        allowed = new Set(topic?.units);
        answer.topicLabel = topic?.label;
        answer.noTopic = !topic;
      }
      const kind = kindName && boot.kinds.find(({ id, plural, label }) => [id, plural.toLowerCase(), label.toLowerCase()].includes(kindName));
      answer.noKind = Boolean(kindName && !kind);
      const whole = Boolean(topicName || kindName || asked.phrases.length);
      await score(boot, answer, groups, whole);
      // Champions alone may hide that pages have all words: then every posting is looked at, unless a name says it all.
      answer.atLeast = !whole && groups.some(({ terms }) => terms.some(({ entry }) => entry.tail));
      if (answer.atLeast && answer.all < 3 && !answer.named && !options.typing) {
        await score(boot, answer, groups, true);
        answer.atLeast = false;
      }

      // Words that are nearly everywhere are not worth a mark beside rarer ones.
      const rarest = Math.max(...groups.filter(({ terms }) => terms.length).map(({ idf }) => idf));
      answer.terms = new Set(groups.filter(({ idf }) => idf >= rarest * 0.3).flatMap(({ terms }) => terms.map(({ entry }) => entry.term)));

      answer.kinds = boot.kinds.filter(({ start }) => start < boot.pages).map(({ id, plural, icon }) => ({ id, label: plural, icon, count: 0 }));
      const inTopic = answer.ranked.filter((unit) => !allowed || allowed.has(unit));
      const counted = answer.all > 0 ? inTopic.filter((unit) => answer.isAll(unit)) : inTopic;
      const kindAt = new Map(answer.kinds.map((kind) => [kind.id, kind]));
      for (const unit of counted) kindAt.get(boot.kindOf(unit).id).count++;
      answer.ranked = kind ? inTopic.filter((unit) => unit >= kind.start && unit < kind.end) : answer.noKind ? [] : inTopic;
      answer.all = answer.ranked.filter((unit) => answer.isAll(unit)).length;
      if (groups.length === 0 && whole && !asked.phrases.length) {
        // A filter without words lists everything it lets through.
        const list = allowed ? [...allowed] : Array.from({ length: boot.pages }, (_, unit) => unit);
        answer.ranked = list.filter((unit) => !kindName || (kind && unit >= kind.start && unit < kind.end));
        answer.all = answer.ranked.length;
      }
      answer.some = answer.ranked.length;
      if (asked.phrases.length) await keepPhrases(boot, answer);
      if (answer.sort !== "relevance") {
        const [titles, days] = boot.small ? await part("o", json, boot.small[1], 3)
          : await part("o", json, null, 0, () => `order.${boot.order}`);
        if (answer.all > 0) answer.ranked = answer.ranked.filter((unit) => answer.isAll(unit));
        const by = answer.sort === "title" ? (unit) => titles[unit] : (unit) => -days[unit];
        answer.ranked.sort((one, other) => by(one) - by(other));
      }
      const [results, answers] = await Promise.all([
        more(answer, 0, options.limit ?? 10),
        kindName && !["fact", "calculator"].includes(kind?.id) ? [] : Promise.all(answer.best.map((unit) => record(boot, unit))),
      ]);
      // Of titles with equal stems, the one that is written as the question goes first.
      const plain = (text) => tokens(text).map(({ word }) => word).join(" ");
      const exact = answer.sort === "relevance" ? results.findIndex(({ title }) => plain(title) === plain(query)) : -1;
      if (exact > 0) {
        results.unshift(...results.splice(exact, 1));
        answer.ranked.unshift(...answer.ranked.splice(exact, 1));
      }
      answer.results = results;
      answer.answers = answers.map((found) => {
        const value = found.values?.find(([word]) => seen.has(word));
        return value ? { ...found, value: value[1], at: value[0] } : found;
      });
      answer.near = [];
      if (groups.length && answer.all < 3 && !answer.named && !kindName && !topicName && !options.typing) {
        const shown = new Set(results.map(({ unit }) => unit));
        const near = [...new Set(results.slice(0, 3).flatMap((result) => result.near ?? []))].filter((unit) => !shown.has(unit));
        answer.near = await Promise.all(near.slice(0, 4).map((unit) => record(boot, unit)));
      }
      return answer;
    };

    /** Weighs every unit: `ranked` pages, the first best; `best` answers; how many have `all` words. */
    const score = async (boot, answer, groups, whole) => {
      const total = boot.pages;
      for (const group of groups) {
        await Promise.all(group.terms.map(async (term) => { term.postings = await postings(boot, term.entry, whole); }));
        const first = group.terms[0]?.entry;
        const having = !first ? 0 : group.exact || group.corrected ? first.units : Math.min(boot.units, group.terms.reduce((sum, { entry }) => sum + entry.units, 0));
        group.idf = Math.log(1 + Math.max(0.1, boot.units - having + 0.5) / (having + 0.5));
        group.common = having > boot.units * COMMON && boot.units >= 20;
      }
      const counted = groups.filter(({ extra, terms, common }) => !extra && terms.length && !common);
      const needed = counted.length ? counted : groups.filter(({ extra, terms }) => !extra && terms.length);
      const size = boot.units;
      const points = new Float32Array(size), cover = new Float32Array(size), inTitle = new Float32Array(size);
      const inName = new Float32Array(size), best = new Float32Array(size), matched = new Uint8Array(size);
      const stamp = new Uint8Array(size), titleStamp = new Uint8Array(size), nameStamp = new Uint8Array(size);
      let ideal = 0;
      for (const group of needed) ideal += group.idf;
      ideal ||= 1;
      groups.forEach((group, number) => {
        const isNeeded = needed.includes(group), mark = number + 1;
        for (const { postings: { units, flags }, weight } of group.terms) {
          for (let at = 0; at < units.length; at++) {
            const unit = units[at], flag = flags[at], value = (weight * (flag & 63)) / 63;
            if (stamp[unit] !== mark) {
              stamp[unit] = mark;
              best[unit] = value;
              points[unit] += group.idf * value;
              if (isNeeded) { cover[unit] += group.idf * weight; matched[unit]++; }
            } else if (value > best[unit]) {
              points[unit] += group.idf * (value - best[unit]);
              best[unit] = value;
            }
            if (isNeeded && flag & 64 && titleStamp[unit] !== mark) { titleStamp[unit] = mark; inTitle[unit] += group.idf * weight; }
            if (isNeeded && flag & 192 && nameStamp[unit] !== mark) { nameStamp[unit] = mark; inName[unit] += group.idf * weight; }
          }
        }
      });
      const keys = [], facts = [];
      const value = (unit) => {
        const covered = cover[unit] / ideal;
        return (points[unit] / ideal) * (0.15 + 0.85 * covered * covered) + 0.3 * (inTitle[unit] / ideal) ** 2 + 0.12 * (inName[unit] / ideal) ** 2;
      };
      for (let unit = 0; unit < size; unit++) {
        if (points[unit] > 0) (unit < total ? keys : facts).push(unit);
      }
      // Score and unit in one number, so that the list sorts as numbers do.
      const sorted = (list, by) => Array.from(
        Float64Array.from(list, (unit) => Math.round(by(unit) * 1e7) * 2097152 + (2097151 - unit)).sort().reverse(),
        (key) => 2097151 - (key % 2097152));
      let ranked = sorted(keys, value);
      const highest = Math.max(0, ...ranked.slice(0, 100).map((unit) => cover[unit] / ideal));
      const least = Math.min(COVER_MIN, highest / 2);
      ranked = ranked.filter((unit) => cover[unit] / ideal >= least || needed.length === 0);
      // The best by their words, and those whose names have all of them: a title or heading may say just what was asked.
      const top = [];
      ranked = ranked.filter((unit, at) => {
        const looked = at < 60 || (top.length < NAMED_MAX && inName[unit] > ideal * 0.999);
        if (looked) top.push(unit);
        return !looked;
      });
      const asked = answer.asked.tokens.filter(({ extra }) => !extra).length;
      const named = groups.filter(({ extra, terms }) => !extra && terms.length);
      const bonus = new Map(top.map((unit) => [unit, value(unit) + Math.max(nameBonus(unit, named, asked), named.length > needed.length ? nameBonus(unit, needed, 0) * 0.9 : 0)]));
      answer.named = top.some((unit) => bonus.get(unit) - value(unit) > 0.5);
      answer.ranked = sorted(top, (unit) => bonus.get(unit)).concat(ranked);
      answer.isAll = (unit) => matched[unit] >= needed.length || groups.length === 0;
      answer.all = answer.ranked.filter(answer.isAll).length;
      const strong = needed.filter(({ idf }) => idf > 1).length;
      answer.best = sorted(facts.filter((unit) => cover[unit] / ideal > 0.8 && inTitle[unit] / ideal > 0.45 && (strong > 1 || matched[unit] === needed.length)), value).slice(0, 3);
    };

    const inNames = new Uint32Array(128);
    /** What a unit gains by a title or heading that says just what was asked. */
    const nameBonus = (unit, groups, asked) => {
      const count = groups.length, most = Math.max(count, asked);
      let length = 0, first = -1, before = -2, titled = 0, inOrder = true;
      inNames.fill(0);
      groups.forEach((group, number) => {
        let place = -1;
        for (const { postings: { units, titles, flags, names } } of group.terms) {
          const found = placeOf(units, unit);
          if (units[found] !== unit) continue;
          if (flags[found] & 64 && place < 0) { place = titles[found] & 15; length = titles[found] >> 4; }
          if (names[found]) for (const name of names[found]) inNames[name & 127] |= 1 << number;
        }
        if (place < 0) return;
        if (!titled++) first = place;
        else if (place !== before + 1) inOrder = false;
        before = place;
      });
      if (titled === count && count > 0) {
        if (length <= most) return inOrder ? 1.2 : 1;
        if (inOrder) return (first === 0 ? 0.7 : 0.55) + 0.2 * (count / length);
        return 0.25 + 0.3 * (count / length);
      }
      const all = 2 ** count - 1;
      let best = 0;
      for (let name = 0; name < 128; name++) {
        if (inNames[name] !== all) continue;
        const words = name >> 4, exact = words <= most;
        best = Math.max(best, (name & 15) < 4 ? (exact ? 0.9 : 0.35 * (count / words)) : exact ? 0.6 : 0.3 * (count / words));
      }
      return best;
    };

    const more = (answer, from, limit) =>
      Promise.all(answer.ranked.slice(from, from + limit).map(async (unit) => ({ ...(await record(answer.boot, unit)), all: answer.isAll(unit) })));

    /** Keeps the pages that have every quoted phrase, among the first that have all its words. */
    const keepPhrases = async (boot, answer) => {
      const terms = answer.asked.phrases.map((phrase) => phrase.map(boot.stem));
      const holds = (text, phrase) => {
        const found = tokens(text).filter(({ extra }) => !extra).map(({ word }) => boot.stem(word));
        return found.some((_, at) => phrase.every((term, next) => found[at + next] === term));
      };
      const looked = answer.ranked.filter((unit) => answer.isAll(unit)).slice(0, LOOKED_THROUGH);
      const kept = await Promise.all(looked.map(async (unit) => {
        const result = await record(boot, unit);
        const texts = [result.title, ...(await passages(boot, result)).flatMap(([, title, text]) => [title, text])];
        return terms.every((phrase) => texts.some((text) => holds(text, phrase)));
      }));
      answer.ranked = looked.filter((_, at) => kept[at]);
      answer.all = answer.some = answer.ranked.length;
      answer.isAll = () => true;
    };

    /** A text cut into parts, each with whether it is a hit. */
    const mark = (answer, text) => {
      const parts = [];
      let end = 0;
      for (const match of text.matchAll(RUN)) {
        const hit = tokens(match[0]).some(({ word }) => answer.terms.has(answer.boot.stem(word)) || answer.terms.has(answer.boot.stem(fold(word))));
        if (!hit) continue;
        if (match.index > end) parts.push([text.slice(end, match.index), false]);
        parts.push([match[0], true]);
        end = match.index + match[0].length;
      }
      if (end < text.length) parts.push([text.slice(end), false]);
      return parts;
    };

    const excerpt = async (answer, result) => {
      const { boot, groups } = answer;
      const numberOf = new Map();
      const telling = groups.some(({ common, terms }) => !common && terms.length);
      groups.forEach((group, number) => group.terms.forEach(({ entry, weight }) => { if (!(group.common && telling) && !numberOf.has(entry.term)) numberOf.set(entry.term, [number, group.idf * weight]); }));
      const hitsOf = (text) => {
        const hits = [];
        for (const match of text.matchAll(RUN)) {
          for (const { word } of tokens(match[0])) {
            const hit = numberOf.get(boot.stem(word)) ?? numberOf.get(boot.stem(fold(word)));
            if (hit) { hits.push([match.index, ...hit]); break; }
          }
        }
        return hits;
      };
      const sum = (hits) => {
        const seen = new Map();
        for (const [, number, weight] of hits) if (!(seen.get(number) >= weight)) seen.set(number, weight);
        return [...seen.values()].reduce((total, weight) => total + weight, 0);
      };
      let best = { value: -1, anchor: "", title: "", text: result.lead, at: 0 };
      for (const [anchor, title, text] of await passages(boot, result)) {
        const hits = hitsOf(text), heading = sum(hitsOf(title)) * 0.5;
        // The stretch of about two lines that says most.
        let value = 0, at = 0;
        hits.forEach(([start], number) => {
          const near = [];
          for (let next = number; next < hits.length && hits[next][0] < start + 170; next++) near.push(hits[next]);
          const worth = sum(near) + near.length * 0.01;
          if (worth > value) { value = worth; at = start; }
        });
        value += sum(hits) * 0.3 + heading;
        if (value > best.value + 1e-6 && (text || anchor)) best = { value, anchor, title, text, at };
      }
      let { text } = best;
      let start = Math.max(0, best.at - 90);
      if (start > 0) {
        // From the start of a sentence where one is near, else of a word.
        const sentence = [...text.slice(start, best.at).matchAll(/[.!?…]["”’)]? /gu)].at(-1);
        start = sentence ? start + sentence.index + sentence[0].length : text.indexOf(" ", Math.max(0, best.at - 60)) + 1 || start;
      }
      let end = Math.min(text.length, start + 210);
      if (end < text.length) end = Math.max(text.lastIndexOf(" ", end), start + 100);
      text = (start > 0 ? "… " : "") + text.slice(start, end) + (end < best.text.length ? " …" : "");
      return { anchor: best.anchor, title: best.title, parts: mark(answer, text) };
    };

    const topicList = (boot) => part("f", (bytes) => json(bytes).map(([label, slug, gaps]) => {
      let unit = 0;
      return { label, slug, units: gaps.map((gap) => (unit += gap)) };
    }), boot.small?.[1], 2, () => `topics.${boot.topics}`);

    const topics = async (answer) => {
      const pages = new Set(answer.all > 0 ? answer.ranked.filter((unit) => answer.isAll(unit)) : answer.ranked);
      const list = (await topicList(answer.boot)).map(({ label, slug, units }) => ({ label, slug, count: units.filter((unit) => pages.has(unit)).length }));
      return list.filter(({ count }) => count > 0).sort((one, other) => other.count - one.count || (one.label < other.label ? -1 : 1));
    };

    return { open, find, more, excerpt, mark, topics, passages: async (result) => passages(await open(), result) };
  };

  globalThis.fingerpostSearch = { createSearch, tokens, fold, isPlain: (word) => PLAIN.test(word) };
})();
