//! The files of an index: what is cut into shards, how large they are, and the small file that knows them all.
//!
//! ```text
//! boot.js                 never cached: pages, kinds, first terms and hashes of what is below
//! part/                   everything else:
//! t0/12.3f2a9c1b.js       terms with their postings, about 10 kB before compression
//! s0/4.….js               words to correct to, cut between first letters
//! d0/7.….js               records of pages; a0/…: answers that are no pages
//! x0/31.….js              text of a few pages by passage
//! w0/0.….js               the words that texts are written with (see `shorthand.rs`)
//! c0/….js                 tails of terms on very many pages
//! b0/0.….js               first terms and hashes of the terms and tails, on sites where that is too much for boot
//! f0/0.….js, o0/0.….js    pages by topic; titles and dates for sorting
//! ```
//!
//! Below 300 pages there are four files: `boot`, and `terms`, `pages`, `text` in `part/`. Above, no folder has more than 1,000.

use serde_json::{Map, Value, json};

use super::index::{Correction, Index, Term, apart};
use super::record;
use super::wire::{Shard, front_coded, varint};
use crate::config::Config;

/// Sites below this have one file of each sort.
pub const SMALL_PAGES: usize = 300;

/// Sites above this have smaller files of text and larger ones of records.
pub const VERY_LARGE_PAGES: usize = 40_000;

/// The folder of everything that is named by its content, and so may be kept for ever: all but `boot`.
const PARTS: &str = Config::SEARCH_PARTS;

/// Files a folder may have.
const FOLDER_FILES_MAX: usize = 1000;

/// A term shard ends once it has so many bytes, before compression.
const TERM_SHARD_BYTES: usize = 11_000;

/// A shard of tails.
const TAIL_SHARD_BYTES: usize = 12_000;

/// A shard of words to correct to is not joined with the next letter's above this.
const CORRECTION_SHARD_BYTES: usize = 4_000;

/// What the weight of a word in the text is rounded to, of 63; and for words on more than one page in ten.
const STEP: u8 = 2;
const FREQUENT_STEP: u8 = 8;
const FREQUENT: usize = 10;

/// Answers to a shard.
const ANSWERS: usize = 48;

/// Term shards that `boot` knows by itself; more are in a directory, a file of its own that can be kept. There is only one:
/// a question is of several words, and each would ask for another.
const DIRECT_SHARDS_MAX: usize = 600;

/// A longer tail is not written: the engine fetches at most so many postings beside the best (`find` in `engine.js`).
const TAIL_POSTINGS_MAX: usize = 40_000;

/// Records to a shard: larger on large sites, so that `boot` need not know too many.
fn record_count(pages: usize) -> usize {
    if pages > VERY_LARGE_PAGES { 48 } else { 24 }
}

/// What `boot` says of a site besides its files.
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// Primary tag of the language.
    pub language: String,
    /// Path of its stemmer, relative to the index; `None` for languages without one.
    pub stems: Option<String>,
    /// Pages; units beyond them are answers.
    pub pages: usize,
    /// Each kind in the order of units; kinds of answers last.
    pub kinds: Vec<Range>,
}

impl Head {
    /// Pages and answers together.
    fn units(&self, content: &Content) -> usize {
        self.pages + content.answers.len()
    }
}

/// A kind, and the units that are of it.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct Range {
    /// As queries name it.
    pub id: String,
    /// For several.
    pub plural: String,
    /// For one.
    pub label: String,
    /// Name of its icon.
    pub icon: String,
    /// The first unit.
    pub start: usize,
    /// The one behind the last.
    pub end: usize,
}

/// Everything that goes into files but the text, which was written before.
pub struct Content {
    /// Terms and corrections.
    pub index: Index,
    /// Records of all pages.
    pub records: Vec<Value>,
    /// Records of all answers.
    pub answers: Vec<Value>,
    /// Topics: label, slug, units as gaps.
    pub topics: Vec<Value>,
    /// By order of results, the rank of each page in it.
    pub order: Value,
    /// Files of text, by number.
    pub texts: Vec<Shard>,
    /// The words that they are written with; small sites have none.
    pub shorthand: Vec<u8>,
}

/// The files of the index, `boot` last; `text` shards were written already unless the site is small.
#[must_use]
pub fn shards(head: &Head, content: &Content) -> (Vec<Shard>, Shard) {
    let mut boot = Map::new();
    boot.insert("version".to_owned(), json!(3));
    boot.insert("language".to_owned(), json!(head.language));
    boot.insert("stems".to_owned(), json!(head.stems));
    boot.insert("pages".to_owned(), json!(head.pages));
    boot.insert("units".to_owned(), json!(head.units(content)));
    boot.insert("kinds".to_owned(), json!(head.kinds));
    let small = head.pages < SMALL_PAGES;
    let files = if small { few_files(head, content, &mut boot) } else { many_files(head, content, &mut boot) };
    let boot = Value::Object(boot).to_string();
    (files, Shard::new("boot".to_owned(), &[boot.as_bytes()]))
}

/// All words are at hand with their terms, so none are listed again for corrections.
fn few_files(head: &Head, content: &Content, boot: &mut Map<String, Value>) -> Vec<Shard> {
    let Packed { shards, tails, .. } = pack_terms(&content.index.terms, head.units(content), usize::MAX);
    let nothing = Vec::new();
    let [entries, gaps, weights, names] = shards.into_iter().next().unwrap_or_default();
    let tails = tails.first().unwrap_or(&nothing);
    let list = |list: &[Value]| json!([list]).to_string().into_bytes();
    let (records, answers) = (list(&content.records), list(&content.answers));
    let (topics, order) = (Value::from(&*content.topics).to_string(), content.order.to_string());
    let mut files = vec![
        Shard::new(format!("{PARTS}terms"), &[&entries, &gaps, &weights, &names, tails]),
        Shard::new(format!("{PARTS}pages"), &[&records, &answers, topics.as_bytes(), order.as_bytes()]),
    ];
    files.extend(content.texts.iter().cloned());
    let names: Vec<String> = files.iter().map(|file| format!("{}.{}", file.name, file.hash())).collect();
    boot.insert("files".to_owned(), json!(names));
    boot.insert("t".to_owned(), json!([[""], ""]));
    boot.insert("d".to_owned(), json!([content.records.len().max(1)]));
    boot.insert("a".to_owned(), json!([content.answers.len().max(1)]));
    files
}

/// Every part is kept in `boot` under the letter of its files.
fn many_files(head: &Head, content: &Content, boot: &mut Map<String, Value>) -> Vec<Shard> {
    let mut files = Numbered::default();
    let mut keep = |letter: char, known: Value| drop(boot.insert(letter.to_string(), known));
    let Packed { shards, firsts, tails } = pack_terms(&content.index.terms, head.units(content), TERM_SHARD_BYTES);
    let directory = json!([firsts, files.add('t', shards), files.add('c', tails.into_iter().map(|tail| [tail]))]);
    if firsts.len() > DIRECT_SHARDS_MAX {
        keep('b', json!(files.add('b', [[directory.to_string()]])));
    } else {
        keep('t', directory);
    }
    let (corrections, letters) = pack_corrections(&content.index.corrections, CORRECTION_SHARD_BYTES);
    keep('s', json!([letters, files.add('s', corrections.into_iter().map(|shard| [shard]))]));
    let size = record_count(head.pages);
    keep('d', json!([size, files.add('d', content.records.chunks(size).map(|chunk| [records(chunk, content)]))]));
    let answers = content.answers.chunks(ANSWERS).map(|chunk| [json!([chunk]).to_string()]);
    keep('a', json!([ANSWERS, files.add('a', answers)]));
    let (topics, order) = (Value::from(&*content.topics).to_string(), content.order.to_string());
    for (letter, whole) in [('f', topics.as_bytes()), ('o', order.as_bytes()), ('w', &*content.shorthand)] {
        keep(letter, json!(files.add(letter, [[whole]])));
    }
    files.0
}

/// A shard of records. Each names the file of its text by number; the hashes of those files stand behind.
fn records(chunk: &[Value], content: &Content) -> String {
    let hash_of = |number: u64| content.texts.get(number as usize).map(Shard::hash).unwrap_or_default();
    let numbers = chunk.iter().filter_map(|record| record[record::TEXT_FILE].as_u64());
    let hashes: Map<String, Value> = numbers.map(|number| (number.to_string(), json!(hash_of(number)))).collect();
    json!([chunk, hashes]).to_string()
}

/// Files that are told apart by a letter and a number.
#[derive(Default)]
struct Numbered(Vec<Shard>);

impl Numbered {
    /// Adds files of these sections, and gives their hashes one after the other.
    fn add<S: AsRef<[u8]>, const SECTIONS: usize>(
        &mut self,
        letter: char,
        files: impl IntoIterator<Item = [S; SECTIONS]>,
    ) -> String {
        let start = self.0.len();
        for (number, sections) in files.into_iter().enumerate() {
            let sections = sections.each_ref().map(AsRef::as_ref);
            self.0.push(Shard::new(numbered(letter, number), &sections));
        }
        self.0[start..].iter().map(Shard::hash).collect()
    }
}

/// A shard's name: its letter and number, in folders of at most a thousand.
#[must_use]
pub fn numbered(letter: char, number: usize) -> String {
    format!("{PARTS}{letter}{}/{}", number / FOLDER_FILES_MAX, number % FOLDER_FILES_MAX)
}

struct Packed {
    /// Of each shard: entries, gaps, weights, names.
    shards: Vec<[Vec<u8>; 4]>,
    /// First term of each.
    firsts: Vec<String>,
    tails: Vec<Vec<u8>>,
}

/// A term: front-coded; twice the number of its other words, plus one if it is a word itself; those words as how much of
/// the term they leave off and what they add; units; units with it in the title; how many of the units have no posting
/// here, and where there are such: 0 where they are kept nowhere, of a term nearly everywhere; 1 where they are too many to
/// be asked for; else the number of their shard of tails plus 2, and where in it they are.
/// Postings lie beside the entries, all gaps together, all weights, all names: what is alike compresses well.
fn pack_terms(terms: &[Term], units: usize, bytes_max: usize) -> Packed {
    let mut packed = Packed { shards: Vec::new(), firsts: Vec::new(), tails: Vec::new() };
    let (mut tail, mut tail_count) = (Vec::new(), 0);
    let mut shard: [Vec<u8>; 4] = Default::default();
    let mut before = "";
    for term in terms {
        let [entries, gaps, weights, names] = &mut shard;
        if entries.is_empty() {
            packed.firsts.push(term.term.clone());
        }
        front_coded(entries, before, &term.term);
        before = &term.term;
        varint(entries, term.words.len() << 1 | usize::from(term.is_word));
        for word in &term.words {
            let shared = term.term.bytes().zip(word.bytes()).take_while(|(one, other)| one == other).count();
            varint(entries, term.term.len() - shared);
            text_of(entries, &word.as_bytes()[shared..]);
        }
        varint(entries, term.units);
        varint(entries, term.titles);
        // Of a word on many pages it matters little how much it says about each.
        let step = if term.units * FREQUENT > units { FREQUENT_STEP } else { STEP };
        let count = apart(&term.postings, step, gaps, weights, names);
        let others = term.units - count;
        varint(entries, others);
        if others > 0 && term.tail.is_empty() {
            varint(entries, 0);
        } else if others > TAIL_POSTINGS_MAX {
            varint(entries, 1);
        } else if others > 0 {
            varint(entries, packed.tails.len() + 2);
            varint(entries, tail_count);
            text_of(&mut tail, &tail_of(&term.tail, step));
            tail_count += 1;
            if tail.len() > TAIL_SHARD_BYTES.min(bytes_max) {
                packed.tails.push(std::mem::take(&mut tail));
                tail_count = 0;
            }
        }
        if shard.iter().map(Vec::len).sum::<usize>() >= bytes_max {
            packed.shards.push(std::mem::take(&mut shard));
            before = "";
        }
    }
    if !shard[0].is_empty() {
        packed.shards.push(shard);
    }
    if !tail.is_empty() {
        packed.tails.push(tail);
    }
    packed
}

/// The postings of a tail: how many, their gaps with the length of that, weights, names.
fn tail_of(postings: &[u8], step: u8) -> Vec<u8> {
    let (mut gaps, mut weights, mut names) = (Vec::new(), Vec::new(), Vec::new());
    let count = apart(postings, step, &mut gaps, &mut weights, &mut names);
    let mut tail = Vec::with_capacity(postings.len() + 6);
    varint(&mut tail, count);
    text_of(&mut tail, &gaps);
    tail.extend_from_slice(&weights);
    tail.extend_from_slice(&names);
    tail
}

fn text_of(out: &mut Vec<u8>, bytes: &[u8]) {
    varint(out, bytes.len());
    out.extend_from_slice(bytes);
}

/// Words, front-coded, each with its rank; and the first letters of each shard.
fn pack_corrections(corrections: &[Correction], bytes_max: usize) -> (Vec<Vec<u8>>, Vec<String>) {
    let (mut shards, mut letters) = (Vec::new(), Vec::new());
    let mut entries = Vec::new();
    let mut before = "";
    let mut letter = None;
    for correction in corrections {
        let first = correction.word.chars().next();
        if first != letter && entries.len() > bytes_max {
            shards.push(std::mem::take(&mut entries));
            before = "";
        }
        letter = first;
        if entries.is_empty() {
            letters.push(first.map(String::from).unwrap_or_default());
        }
        front_coded(&mut entries, before, &correction.word);
        before = &correction.word;
        entries.push(correction.rank);
    }
    if !entries.is_empty() {
        shards.push(entries);
    }
    (shards, letters)
}

/// The pages of a topic: label, slug, units.
#[must_use]
pub fn topic(label: &str, slug: &str, mut units: Vec<usize>) -> Value {
    units.sort_unstable();
    let mut last = 0;
    let gaps: Vec<usize> = units.iter().map(|unit| unit - std::mem::replace(&mut last, *unit)).collect();
    json!([label, slug, gaps])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_stay_small() {
        assert_eq!(numbered('t', 999), "part/t0/999");
        assert_eq!(numbered('t', 1000), "part/t1/0");
    }

    #[test]
    fn boot_of_a_very_large_site_leaves_its_terms_to_a_directory() {
        for (count, letter) in [(DIRECT_SHARDS_MAX, "t"), (DIRECT_SHARDS_MAX + 1, "b")] {
            // Each term has a shard of its own: five thousand units one after the other, each with a weight.
            let postings = [1, 20].repeat(TERM_SHARD_BYTES / 2);
            let term = |number: usize| Term {
                term: format!("t{number:04}"),
                units: postings.len() / 2,
                postings: postings.clone(),
                ..Term::default()
            };
            let index = Index { terms: (0..count).map(term).collect(), corrections: Vec::new() };
            let content = Content {
                index,
                records: Vec::new(),
                answers: Vec::new(),
                topics: Vec::new(),
                order: json!({}),
                texts: Vec::new(),
                shorthand: Vec::new(),
            };
            let mut boot = Map::new();
            let files = many_files(&Head { pages: 50_000, ..Head::default() }, &content, &mut boot);
            let terms = files.iter().filter(|file| file.name.starts_with("part/t0/")).count();
            assert_eq!(terms, count);
            assert_eq!(boot.contains_key("t"), letter == "t");
            assert_eq!(files.iter().filter(|file| file.name == "part/b0/0").count(), usize::from(letter == "b"));
            let known = boot[letter].to_string().len();
            assert!(if letter == "b" { known < 16 } else { known > count * 16 }, "{known} bytes of {letter}");
        }
    }

    #[test]
    fn words_are_cut_between_first_letters() {
        let correction = |word: &str| Correction { word: word.to_owned(), rank: 1 };
        let words: Vec<Correction> = ["aa", "ab", "ba", "bb", "ca"].map(correction).into();
        let (shards, letters) = pack_corrections(&words, 5);
        assert_eq!(letters, ["a", "b", "c"]);
        assert_eq!(shards.len(), 3);
    }
}
