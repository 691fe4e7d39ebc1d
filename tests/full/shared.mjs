// Runs of words that two texts share. Case, punctuation and the way a number is written make no difference. Numbers and names
// carry a run on and do not count towards its length: facts may be the same, sentences may not.

/** The fewest counting words of a run that is reported. */
export const SHARED_WORDS = 8;

/**
 * One word of a text.
 * @typedef {object} Word
 * @property {string} word folded; `#` stands for any number, and for several side by side
 * @property {boolean} counts whether it is neither a number nor a name
 * @property {number} at where it begins in the text
 * @property {number} end where it ends
 */

/**
 * A piece of text that a reader meets as one: a paragraph, a cell, a field. No run reaches over its ends.
 * @typedef {object} Passage
 * @property {string} file
 * @property {number} line
 * @property {string} text
 * @property {Word[]} words
 * @property {[number, number][]} quoted where its quotations begin and end in the text
 * @property {Set<string>} cites addresses of the sources whose records it cites
 */

/**
 * What a site calls things and what its records say, for the holes of a passage.
 * @typedef {object} Names
 * @property {Map<string, string>} titles of pages, by id
 * @property {Map<string, {url: string | undefined, said: string | undefined}>} facts by id: the source, and the value if it is words
 * @property {string[]} works titles and publishers of sources
 */

const WORD = /[$£€]?\d[\d.,]*\p{L}*(?:\s*%|\s*per\s?cent\b)?|[\p{L}\p{N}]+(?:[’'][\p{L}\p{N}]+)*/giu;
const IS_NUMBER = /^[$£€]?\d/u;
const SENTENCE_BEFORE = /(?:^|[.!?:;•\n])["“”‘’'*_()[\]>\s–—-]*$/u;
const QUOTATION = /[“"]([^“”"]+)[”"]/gu;

/**
 * The words of a text. A word with a capital letter that begins no sentence is a name.
 * @param {string} text
 * @returns {Word[]}
 */
export const words = (text) => {
  /** @type {Word[]} */
  const found = [];
  for (const { 0: written, index: at } of text.matchAll(WORD)) {
    const end = at + written.length;
    if (!IS_NUMBER.test(written)) {
      const isName = /^\p{Lu}/u.test(written) && written !== "I" && !SENTENCE_BEFORE.test(text.slice(Math.max(0, at - 16), at));
      found.push({ word: written.replace(/[’']/g, "").toLowerCase(), counts: !isName, at, end });
    } else if (found.at(-1)?.word === "#") {
      found[found.length - 1].end = end;
    } else {
      found.push({ word: "#", counts: false, at, end });
    }
  }
  return found;
};

/** A passage of text as it is read, with the titles of works and what is quoted marked. */
const passage = (file, line, text, cites, names) => {
  const found = words(text);
  const lower = text.toLowerCase();
  for (const work of names.works) {
    for (let at = lower.indexOf(work); at >= 0; at = lower.indexOf(work, at + 1)) {
      for (const word of found) if (word.at >= at && word.end <= at + work.length) word.counts = false;
    }
  }
  const quoted = [...text.matchAll(QUOTATION)].map((match) => [match.index, match.index + match[0].length]);
  return { file, line, text, words: found, quoted, cites };
};

/** Markdown as it is read: holes filled, signs of the mark-up gone; and which records it cites. */
const plain = (markdown, names) => {
  const cites = new Set();
  const text = markdown
    .replace(/!?\[\[([^\]|\\]+)(?:\\?\|([^\]]+))?\]\]/gu, (_, target, label) => {
      const [id] = target.replace(/^fact:/, "").split(/[.#]/);
      if (!target.startsWith("fact:")) return label ?? names.titles.get(id) ?? target;
      const fact = names.facts.get(id);
      if (fact?.url) cites.add(fact.url);
      return label ?? fact?.said ?? "0";
    })
    .replace(/!?\[([^\]]*)\]\([^()\s]*(?:\s+"([^"]*)")?\)/gu, (_, label, title) => (title ? `${label}. ${title}` : label))
    .replace(/[*_`]+/g, "");
  return { text, cites };
};

/**
 * The passages of a Markdown file: the fields of its front matter, then its blocks, list items, rows' cells.
 * @param {string} file
 * @param {string} source
 * @param {Names} names
 * @returns {Passage[]}
 */
export const markdownPassages = (file, source, names) => {
  const lines = source.split("\n");
  const close = lines[0] === "---" ? lines.indexOf("---", 1) : 0;
  const found = close > 0 ? yamlPassages(file, lines.slice(0, close).join("\n"), names) : [];
  let block = [];
  let start = 0;
  const end = () => {
    const { text, cites } = plain(block.join("\n"), names);
    if (text.trim()) found.push(passage(file, start, text, cites, names));
    block = [];
  };
  lines.forEach((line, index) => {
    if (index <= close && close > 0) return;
    const isRow = line.startsWith("|");
    if (!line.trim() || isRow || /^\s*(?:#|[-*+]\s|\d+[.)]\s|```|>\s*\[!)/.test(line)) end();
    if (!block.length) start = index + 1;
    if (isRow) {
      for (const cell of line.split(/(?<!\\)\|/)) {
        block = [cell];
        end();
      }
    } else if (line.trim()) {
      block.push(line.replace(/^\s*(?:#+|[-*+]|\d+[.)]|>)\s*(?:\[![A-Z]+\])?/, ""));
    }
  });
  end();
  return found;
};

/**
 * The passages of a YAML file: one for each value that is words. The names of sources are none.
 * @param {string} file
 * @param {string} source
 * @param {Names} names
 * @returns {Passage[]}
 */
export const yamlPassages = (file, source, names) => {
  const found = [];
  let block = [];
  let start = 0;
  let record;
  let isSource = false;
  const end = () => {
    // The quotes of YAML are none of the author's.
    const { text, cites } = plain(block.join("\n").replace(/^(["'])([^]*)\1\s*$/u, "$2").replaceAll('\\"', '"'), names);
    if (record) cites.add(record);
    if (text.trim()) found.push(passage(file, start, text, cites, names));
    block = [];
  };
  source.split("\n").forEach((line, index) => {
    const field = /^(\s*)(?:- )?([\w-]+):(?:\s|$)/.exec(line);
    if (!line.trim() || field || /^\s*-\s/.test(line)) end();
    if (!block.length) start = index + 1;
    const id = /^- id:\s*(\S+)/.exec(line);
    if (id) record = names.facts.get(id[1])?.url;
    if (field) isSource = field[2] === "source" || (isSource && /^(?:title|publisher|url)$/.test(field[2]));
    const value = line.replace(/^\s*(?:- )?(?:[\w-]+:\s)?(?:[|>]-?$)?/, "");
    if (isSource) return;
    // The items of `[one, two]` are as many texts.
    for (const item of /^\[.*\]$/.test(value) ? value.slice(1, -1).split(/,\s/) : []) {
      block = [item];
      end();
    }
    if (!/^\[.*\]$/.test(value)) block.push(value);
  });
  end();
  return found;
};

/**
 * An index of passages by their runs of as many words as a shared run has at least.
 * @param {Passage[]} passages
 * @returns {Map<string, [Passage, number][]>}
 */
export const indexed = (passages) => {
  const index = new Map();
  for (const one of passages) {
    for (let at = 0; at + SHARED_WORDS <= one.words.length; at++) {
      const key = one.words.slice(at, at + SHARED_WORDS).map(({ word }) => word).join(" ");
      if (!index.has(key)) index.set(key, []);
      index.get(key).push([one, at]);
    }
  }
  return index;
};

/**
 * The longest runs that passages share with the text of a source. A quotation that cites this source is none.
 * @param {Map<string, [Passage, number][]>} index
 * @param {string} text
 * @param {string} url address of the source
 * @returns {{passage: Passage, run: string, length: number, isQuotation: boolean}[]}
 */
export const shared = (index, text, url) => {
  const theirs = words(text).map(({ word }) => word);
  const seen = new Set();
  const found = [];
  for (let start = 0; start + SHARED_WORDS <= theirs.length; start++) {
    for (const [one, at] of index.get(theirs.slice(start, start + SHARED_WORDS).join(" ")) ?? []) {
      // A run is met at its first word; what follows is part of it.
      if (at > 0 && start > 0 && one.words[at - 1].word === theirs[start - 1]) continue;
      let length = SHARED_WORDS;
      while (at + length < one.words.length && one.words[at + length].word === theirs[start + length]) length++;
      const run = one.words.slice(at, at + length);
      const isFree = (word) => one.cites.has(url) && one.quoted.some(([from, to]) => word.at >= from && word.end <= to);
      const counting = run.filter((word) => word.counts);
      const key = `${one.file}:${one.line}:${at}:${length}`;
      if (counting.length < SHARED_WORDS || seen.has(key)) continue;
      seen.add(key);
      found.push({
        passage: one,
        run: one.text.slice(run[0].at, run[run.length - 1].end).replace(/\s+/g, " "),
        length: counting.length,
        isQuotation: counting.filter((word) => !isFree(word)).length < SHARED_WORDS,
      });
    }
  }
  return found;
};
