//! The files of an index: what is cut into shards, how large they are, and the small file that knows them all.
//!
//! ```text
//! boot.js                 never cached: pages, kinds, first terms and hashes of everything below
//! t0/12.3f2a9c1b.js       terms with their postings, about 10 kB before compression
//! s0/4.….js               words to correct to, cut between first letters
//! d0/7.….js               records of pages; a0/…: answers that are no pages
//! x0/31.….js              text of a few pages by passage
//! c0/….js                 tails of terms on very many pages;  b0/…: a level between boot and terms, on very large sites
//! topics.….js, order.….js pages by topic; titles and dates for sorting
//! ```
//!
//! Below 300 pages there are four files: `boot`, `terms`, `pages`, `text`. Above, no folder has more than 1,000.

use serde_json::{Map, Value, json};

use super::index::{Correction, Index, Term};
use super::wire::{Shard, front_coded, varint};

/// Sites below this have one file of each sort.
pub const SMALL_PAGES: usize = 300;

/// Files a folder may have.
const FOLDER_FILES_MAX: usize = 1000;

/// A term shard ends once it has so many bytes, before compression.
const TERM_SHARD_BYTES: usize = 11_000;

/// A shard of tails.
const TAIL_SHARD_BYTES: usize = 60_000;

/// A shard of words to correct to is not joined with the next letter's above this.
const CORRECTION_SHARD_BYTES: usize = 4_000;

/// Answers to a shard.
const ANSWERS: usize = 48;

/// Term shards that `boot` knows by itself; with more, a level of directories comes between.
const DIRECT_SHARDS_MAX: usize = 600;

/// Term shards to a directory.
const DIRECTORY_SHARDS: usize = 64;

/// Records to a shard: larger on large sites, so that `boot` need not know too many.
fn record_count(pages: usize) -> usize {
    if pages > 40_000 { 48 } else { 24 }
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
    /// Id, plural, label and icon of each kind with its first unit, in the order of units; kinds of answers last.
    pub kinds: Vec<(String, String, String, String, usize)>,
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
    /// Rank of each page's title, and the day each was reviewed.
    pub order: Value,
    /// Files of text, by number.
    pub texts: Vec<Shard>,
}

/// The files of the index, `boot` last; `text` shards were written already unless the site is small.
#[must_use]
pub fn shards(head: &Head, content: &Content) -> (Vec<Shard>, Shard) {
    let mut boot = Map::new();
    boot.insert("version".to_owned(), json!(1));
    boot.insert("language".to_owned(), json!(head.language));
    boot.insert("stems".to_owned(), json!(head.stems));
    boot.insert("pages".to_owned(), json!(head.pages));
    boot.insert("units".to_owned(), json!(head.pages + content.answers.len()));
    boot.insert("kinds".to_owned(), json!(head.kinds));
    let small = head.pages < SMALL_PAGES;
    let files = if small { few_files(content, &mut boot) } else { many_files(head, content, &mut boot) };
    let boot = Value::Object(boot).to_string();
    (files, Shard::new("boot".to_owned(), &[boot.as_bytes()]))
}

/// All words are at hand with their terms, so none are listed again for corrections.
fn few_files(content: &Content, boot: &mut Map<String, Value>) -> Vec<Shard> {
    let Packed { shards, tails, .. } = pack_terms(&content.index.terms, usize::MAX);
    let nothing = Vec::new();
    let terms = shards.first().unwrap_or(&nothing);
    let tails = tails.first().unwrap_or(&nothing);
    let list = |list: &[Value]| Value::from(list).to_string().into_bytes();
    let (records, answers, topics) = (list(&content.records), list(&content.answers), list(&content.topics));
    let order = content.order.to_string();
    let mut files = vec![
        Shard::new("terms".to_owned(), &[terms, tails]),
        Shard::new("pages".to_owned(), &[&records, &answers, &topics, order.as_bytes()]),
    ];
    files.extend(content.texts.iter().cloned());
    let names: Vec<String> = files.iter().map(|file| format!("{}.{}", file.name, file.hash())).collect();
    boot.insert("files".to_owned(), json!(names));
    files
}

fn many_files(head: &Head, content: &Content, boot: &mut Map<String, Value>) -> Vec<Shard> {
    let mut files = Vec::new();
    let add = |files: &mut Vec<Shard>, letter: char, payloads: Vec<Vec<u8>>| {
        let start = files.len();
        for (number, payload) in payloads.iter().enumerate() {
            files.push(Shard::new(numbered(letter, number), &[payload]));
        }
        files[start..].iter().map(Shard::hash).collect::<String>()
    };
    let Packed { shards, firsts, tails } = pack_terms(&content.index.terms, TERM_SHARD_BYTES);
    let count = shards.len();
    let hashes = add(&mut files, 't', shards);
    let (firsts, hashes) = if count > DIRECT_SHARDS_MAX {
        let directories: Vec<Vec<u8>> = firsts
            .chunks(DIRECTORY_SHARDS)
            .enumerate()
            .map(|(at, firsts)| {
                let from = at * DIRECTORY_SHARDS * HASH;
                let to = (from + DIRECTORY_SHARDS * HASH).min(hashes.len());
                json!([firsts, &hashes[from..to]]).to_string().into_bytes()
            })
            .collect();
        boot.insert("directory".to_owned(), json!(DIRECTORY_SHARDS));
        (firsts.into_iter().step_by(DIRECTORY_SHARDS).collect(), add(&mut files, 'b', directories))
    } else {
        (firsts, hashes)
    };
    boot.insert("t".to_owned(), json!([firsts, hashes]));
    let (corrections, letters) = pack_corrections(&content.index.corrections, CORRECTION_SHARD_BYTES);
    boot.insert("s".to_owned(), json!([letters, add(&mut files, 's', corrections)]));
    boot.insert("c".to_owned(), json!(add(&mut files, 'c', tails)));
    let size = record_count(head.pages);
    let list = |chunk: &[Value]| Value::from(chunk).to_string().into_bytes();
    let hash_of = |number: u64| content.texts.get(number as usize).map(Shard::hash).unwrap_or_default();
    let records = content.records.chunks(size).map(|chunk| {
        // A record names the file of its text by number; the hashes of those that a shard needs stand in front.
        let mut numbers: Vec<u64> = chunk.iter().filter_map(|record| record[3].as_u64()).collect();
        numbers.dedup();
        let texts: Vec<Value> = numbers.iter().map(|number| json!([number, hash_of(*number)])).collect();
        json!([texts, chunk]).to_string().into_bytes()
    });
    boot.insert("d".to_owned(), json!([size, add(&mut files, 'd', records.collect())]));
    boot.insert(
        "a".to_owned(),
        json!([ANSWERS, add(&mut files, 'a', content.answers.chunks(ANSWERS).map(list).collect())]),
    );
    for (name, payload) in [("topics", list(&content.topics)), ("order", content.order.to_string().into_bytes())] {
        let shard = Shard::new(name.to_owned(), &[&payload]);
        boot.insert(name.to_owned(), json!(shard.hash()));
        files.push(shard);
    }
    files
}

/// Characters of a hash in a name.
const HASH: usize = 8;

/// A shard's name: its letter and number, in folders of at most a thousand.
#[must_use]
pub fn numbered(letter: char, number: usize) -> String {
    format!("{letter}{}/{}", number / FOLDER_FILES_MAX, number % FOLDER_FILES_MAX)
}

struct Packed {
    shards: Vec<Vec<u8>>,
    /// First term of each.
    firsts: Vec<String>,
    tails: Vec<Vec<u8>>,
}

/// A term: front-coded; twice the number of its other words, plus one if it is a word itself; those words as how much of the term they leave off and what they add; units; units with it in the
/// title; where its tail is (0 for none, else the shard's number plus one, and the place in it); its postings.
fn pack_terms(terms: &[Term], bytes_max: usize) -> Packed {
    let mut packed = Packed { shards: Vec::new(), firsts: Vec::new(), tails: Vec::new() };
    let (mut tail, mut tail_count) = (Vec::new(), 0);
    let mut entries = Vec::new();
    let mut before = "";
    for term in terms {
        if entries.is_empty() {
            packed.firsts.push(term.term.clone());
        }
        front_coded(&mut entries, before, &term.term);
        before = &term.term;
        varint(&mut entries, term.words.len() << 1 | usize::from(term.is_word));
        for word in &term.words {
            let shared = term.term.bytes().zip(word.bytes()).take_while(|(one, other)| one == other).count();
            varint(&mut entries, term.term.len() - shared);
            text_of(&mut entries, &word.as_bytes()[shared..]);
        }
        varint(&mut entries, term.units);
        varint(&mut entries, term.titles);
        if term.tail.is_empty() {
            varint(&mut entries, 0);
        } else {
            varint(&mut entries, packed.tails.len() + 1);
            varint(&mut entries, tail_count);
            text_of(&mut tail, &term.tail);
            tail_count += 1;
            if tail.len() > TAIL_SHARD_BYTES.min(bytes_max) {
                packed.tails.push(std::mem::take(&mut tail));
                tail_count = 0;
            }
        }
        text_of(&mut entries, &term.postings);
        if entries.len() >= bytes_max {
            packed.shards.push(std::mem::take(&mut entries));
            before = "";
        }
    }
    if !entries.is_empty() {
        packed.shards.push(entries);
    }
    if !tail.is_empty() {
        packed.tails.push(tail);
    }
    packed
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
        assert_eq!(numbered('t', 999), "t0/999");
        assert_eq!(numbered('t', 1000), "t1/0");
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
