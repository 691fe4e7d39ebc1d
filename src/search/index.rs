//! The join of all pages' words: for each stem the pages it stands on, with how much it says about each.
//!
//! Relevance is BM25F (Robertson, Zaragoza and Taylor, 2004) worked out here: a posting carries the saturated weight of its
//! term on its page in six bits, so the browser needs no lengths and no parameters, only the term's rarity.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::stem::Stems;
use super::token::is_plain_word;
use super::wire::{script_order, varint};
use super::words::{FIELDS, FieldKind, Numbering, Words};

/// Weight of a word by field: title, alias, heading, about, body.
const WEIGHTS: [f32; FIELDS] = [8.0, 5.0, 3.0, 2.0, 1.0];

/// How much a long field takes from each of its words.
const LENGTH_SHARES: [f32; FIELDS] = [0.5, 0.2, 0.3, 0.3, 0.6];

/// Where the weight of a word is half of what it can be.
const SATURATION: f32 = 1.6;

/// Steps of a quantised weight.
const IMPACT_MAX: f32 = 63.0;

/// A term on more than this share of the pages says nothing about a page whose text it stands in.
const COMMON_SHARE: f32 = 0.6;

/// Sites smaller than this have no common terms.
const COMMON_PAGES_MIN: usize = 20;

/// The best pages of a term that every query looks at; the others stay in a file of their own until they are needed.
pub const CHAMPIONS: usize = 2000;

/// Of a term in more titles than that, so many are among the best: whoever asks for a title has all its words.
const TITLE_CHAMPIONS: usize = 4000;

/// Words shorter or longer than this are not offered as a correction.
const CORRECTION_CHARS: std::ops::RangeInclusive<usize> = 3..=24;

/// A site with more words than this corrects only towards those that two pages have or that stand in a name.
const CORRECTION_WORDS_MAX: usize = 40_000;

/// A term and the pages it stands on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Term {
    /// The stem.
    pub term: String,
    /// The other words it is the stem of, sorted.
    pub words: Vec<String>,
    /// Whether it is a word itself.
    pub is_word: bool,
    /// Units it stands on, those whose postings were left out included.
    pub units: usize,
    /// Units with it in their title.
    pub titles: usize,
    /// Encoded postings of the best units.
    pub postings: Vec<u8>,
    /// Encoded postings of the others; mostly empty.
    pub tail: Vec<u8>,
}

/// A word that a misspelt one can be corrected to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// As it stands in the text, lower-cased.
    pub word: String,
    /// How often it is met: the binary logarithm of its units, and one more step where it stands in a title.
    pub rank: u8,
}

/// The join, sorted for the wire.
#[derive(Debug, Default)]
pub struct Index {
    /// In script order.
    pub terms: Vec<Term>,
    /// In script order.
    pub corrections: Vec<Correction>,
}

/// Gathers units one after the other; their numbers are the order in which they come.
#[derive(Default)]
pub struct Gathering {
    numbering: Numbering,
    words: Vec<Seen>,
    units: Vec<Unit>,
}

#[derive(Default)]
struct Seen {
    units: u32,
    titles: u32,
    names: u32,
}

struct Unit {
    uses: Vec<PackedUse>,
    names: Vec<(u32, Name)>,
    lengths: [u32; FIELDS],
    prior: f32,
}

impl Unit {
    /// The names that a word of the unit stands in.
    fn names_with(&self, used: &PackedUse) -> SmallVec<[Name; 4]> {
        if used.counts[FieldKind::Alias as usize] == 0 && used.counts[FieldKind::Heading as usize] == 0 {
            return SmallVec::new();
        }
        let start = self.names.partition_point(|(word, _)| *word < used.word);
        let found = self.names[start..].iter().take_while(|(word, _)| *word == used.word);
        found.map(|(_, name)| *name).collect()
    }
}

/// A name that a word stands in: its length and ordinal in one byte as the browser reads it, and the word's place in it.
type Name = [u8; 2];

/// A word's use on a unit; small, because there are millions.
struct PackedUse {
    word: u32,
    body: u16,
    counts: [u8; FIELDS - 1],
    title_at: u8,
}

impl Gathering {
    /// Adds a unit. `prior` is what its weights are multiplied with: 1 for an ordinary page.
    pub fn add(&mut self, words: &Words, prior: f32) {
        let mut uses = Vec::with_capacity(words.len());
        for (word, counted) in words.iter() {
            let id = self.numbering.number(word);
            if id as usize == self.words.len() {
                self.words.push(Seen::default());
            }
            let counts = counted.counts;
            let seen = &mut self.words[id as usize];
            seen.units += 1;
            seen.titles += u32::from(counts[FieldKind::Title as usize] > 0);
            seen.names += u32::from(counts[FieldKind::Alias as usize] > 0 || counts[FieldKind::Heading as usize] > 0);
            let small = |field: usize| u8::try_from(counts[field]).unwrap_or(u8::MAX);
            uses.push(PackedUse {
                word: id,
                body: counts[FieldKind::Body as usize],
                counts: [small(0), small(1), small(2), small(3)],
                title_at: counted.title_at,
            });
        }
        let mut names: Vec<(u32, Name)> = words
            .names
            .iter()
            .map(|name| {
                let head = name.length.clamp(1, 7) << 4 | (name.ordinal & 15);
                (uses[name.word as usize].word, [head, name.place])
            })
            .collect();
        names.sort_unstable();
        self.units.push(Unit { uses, names, lengths: words.lengths, prior });
    }

    /// Joins everything. `pages` of the units are pages, the first ones; lengths are compared with theirs.
    #[must_use]
    pub fn join(self, stems: &Stems, pages: usize) -> Index {
        let Self { numbering, words: seen, units } = self;
        let mut surfaces: Vec<(&str, u32)> = numbering.iter().zip(0..).collect();
        surfaces.sort_unstable_by(|one, other| script_order(one.0, other.0));
        let (mut terms, terms_of) = terms_of_words(&surfaces, stems);
        let means = mean_lengths(&units[..pages.min(units.len())]);
        let mut writers: Vec<Writer> = terms.iter().map(|_| Writer::default()).collect();
        let mut merged: Vec<Merged> = Vec::new();
        let mut places = vec![0; terms.len()];
        for (number, unit) in units.iter().enumerate() {
            merge(unit, &terms_of, &means, &mut merged, &mut places);
            for entry in &merged {
                writers[entry.term as usize].push(number, entry);
            }
        }
        let common = (units.len() as f32 * COMMON_SHARE) as u32;
        for (term, writer) in terms.iter_mut().zip(writers) {
            term.units = writer.units as usize;
            term.titles = writer.titles as usize;
            let is_common = units.len() >= COMMON_PAGES_MIN && writer.units > common;
            (term.postings, term.tail) = writer.finish(is_common);
        }
        let corrections = corrections(&surfaces, &seen);
        Index { terms, corrections }
    }
}

/// All terms in script order, and for each word, by its number, the place of its term and of its term without accents.
fn terms_of_words(surfaces: &[(&str, u32)], stems: &Stems) -> (Vec<Term>, Vec<[u32; 2]>) {
    let stemmed: Vec<(String, Option<String>)> = surfaces.iter().map(|(word, _)| stems.terms(word)).collect();
    let mut names: Vec<&str> =
        stemmed.iter().flat_map(|(exact, plain)| [Some(exact.as_str()), plain.as_deref()]).flatten().collect();
    names.sort_unstable_by(|one, other| script_order(one, other));
    names.dedup();
    let place_of: FxHashMap<&str, u32> =
        names.iter().enumerate().map(|(at, name)| (*name, u32::try_from(at).unwrap_or(u32::MAX))).collect();
    let mut terms: Vec<Term> = names.iter().map(|name| Term { term: (*name).to_owned(), ..Term::default() }).collect();
    let mut terms_of = vec![[u32::MAX; 2]; surfaces.len()];
    for ((word, id), (exact, plain)) in surfaces.iter().zip(&stemmed) {
        let exact = place_of[exact.as_str()];
        let plain = plain.as_ref().map(|plain| place_of[plain.as_str()]);
        terms_of[*id as usize] = [exact, plain.unwrap_or(u32::MAX)];
        for term in [Some(exact), plain].into_iter().flatten() {
            let term = &mut terms[term as usize];
            if term.term == *word {
                term.is_word = true;
            } else {
                term.words.push((*word).to_owned());
            }
        }
    }
    (terms, terms_of)
}

fn mean_lengths(units: &[Unit]) -> [f32; FIELDS] {
    let mut means = [1.0; FIELDS];
    for (field, mean) in means.iter_mut().enumerate() {
        let having = units.iter().filter(|unit| unit.lengths[field] > 0).count().max(1);
        let total: u64 = units.iter().map(|unit| u64::from(unit.lengths[field])).sum();
        *mean = (total as f32 / having as f32).max(1.0);
    }
    means
}

/// A term on one unit.
struct Merged {
    term: u32,
    weight: f32,
    impact: u8,
    /// Place in the title and its length.
    title: Option<(u8, u8)>,
    names: SmallVec<[Name; 4]>,
}

impl Merged {
    /// Adds another form of the word.
    fn join(&mut self, weight: f32, title: Option<(u8, u8)>, mut names: SmallVec<[Name; 4]>) {
        self.weight += weight;
        self.title = match (self.title, title) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        self.names.append(&mut names);
    }
}

/// What the words of a unit say by term: forms of one word are added up. `places` has room for every term; what it holds
/// from an earlier unit does no harm.
fn merge(unit: &Unit, terms_of: &[[u32; 2]], means: &[f32; FIELDS], merged: &mut Vec<Merged>, places: &mut [u32]) {
    let mut factors = [0.0; FIELDS];
    for (field, factor) in factors.iter_mut().enumerate() {
        let share = LENGTH_SHARES[field];
        *factor = WEIGHTS[field] / (1.0 - share + share * unit.lengths[field] as f32 / means[field]);
    }
    let title_length = u8::try_from(unit.lengths[FieldKind::Title as usize].min(15)).unwrap_or(15);
    merged.clear();
    for used in &unit.uses {
        let mut weight = f32::from(used.body) * factors[FieldKind::Body as usize];
        for (count, factor) in used.counts.iter().zip(factors) {
            weight += f32::from(*count) * factor;
        }
        let title = (used.counts[0] > 0).then_some((used.title_at.min(15), title_length));
        for term in terms_of[used.word as usize] {
            if term != u32::MAX {
                let names = unit.names_with(used);
                let place = places[term as usize] as usize;
                match merged.get_mut(place).filter(|known| known.term == term) {
                    Some(known) => known.join(weight, title, names),
                    None => {
                        places[term as usize] = u32::try_from(merged.len()).unwrap_or(u32::MAX);
                        merged.push(Merged { term, weight, impact: 0, title, names });
                    }
                }
            }
        }
    }
    for entry in merged {
        if entry.names.len() > 1 {
            entry.names.sort_unstable();
            entry.names.dedup_by_key(|name| name[0]);
            entry.names.truncate(12);
        }
        let saturated = entry.weight / (SATURATION + entry.weight) * unit.prior;
        entry.impact = (saturated * IMPACT_MAX).round().clamp(1.0, IMPACT_MAX) as u8;
    }
}

/// Writes the postings of one term.
#[derive(Default)]
struct Writer {
    bytes: Vec<u8>,
    last: usize,
    units: u32,
    titles: u32,
}

const IN_TITLE: u8 = 0x40;
const IN_NAME: u8 = 0x80;

impl Writer {
    /// A posting: how many units lie between it and the one before, a byte of impact with two flags, a byte of title
    /// (its length in the high half, the word's place in the low one), and two bytes for each name (the high bit: another
    /// one follows; three bits of length; four of ordinal; then the word's place).
    fn push(&mut self, unit: usize, entry: &Merged) {
        varint(&mut self.bytes, unit - self.last);
        self.last = unit;
        self.units += 1;
        let mut byte = entry.impact;
        byte |= if entry.title.is_some() { IN_TITLE } else { 0 };
        byte |= if entry.names.is_empty() { 0 } else { IN_NAME };
        self.bytes.push(byte);
        if let Some((at, length)) = entry.title {
            self.titles += 1;
            self.bytes.push(length << 4 | at);
        }
        for (at, [head, place]) in entry.names.iter().enumerate() {
            let more = if at + 1 < entry.names.len() { 0x80 } else { 0 };
            self.bytes.extend_from_slice(&[more | (head & 0x7f), *place]);
        }
    }

    /// The postings of the champions and of the others. Of a common term only those in titles and names are kept.
    fn finish(self, is_common: bool) -> (Vec<u8>, Vec<u8>) {
        if !is_common && self.units as usize <= CHAMPIONS {
            return (self.bytes, Vec::new());
        }
        let mut all: Vec<(usize, &[u8])> = Postings::new(&self.bytes).collect();
        if is_common {
            all.retain(|(_, posting)| posting[0] & (IN_TITLE | IN_NAME) != 0);
        }
        // One more than the titles tells the browser that it has them all.
        let champions = CHAMPIONS.max((self.titles as usize + 1).min(TITLE_CHAMPIONS));
        if all.len() <= champions {
            return (rewritten(&all), Vec::new());
        }
        // Names before texts: whoever asks for a title or a heading has its words, however frequent each is.
        let rank = |posting: &[u8]| {
            let byte = posting[0];
            (byte & IN_TITLE != 0, byte & IN_NAME != 0, byte & IMPACT_MAX as u8)
        };
        all.sort_by_key(|(unit, posting)| (std::cmp::Reverse(rank(posting)), *unit));
        let mut others = all.split_off(champions);
        all.sort_unstable_by_key(|(unit, _)| *unit);
        others.sort_unstable_by_key(|(unit, _)| *unit);
        (rewritten(&all), rewritten(&others))
    }
}

fn rewritten(postings: &[(usize, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut last = 0;
    for (unit, posting) in postings {
        varint(&mut bytes, unit - last);
        last = *unit;
        bytes.extend_from_slice(posting);
    }
    bytes
}

/// Postings taken apart by what is alike in them, as they are stored: gaps between units, weights with their flags, and
/// titles and names. Returns how many there were. Weights of words in the text alone are rounded to multiples of `step`.
pub fn apart(postings: &[u8], step: u8, gaps: &mut Vec<u8>, weights: &mut Vec<u8>, names: &mut Vec<u8>) -> usize {
    let rounded = |weight: u8| ((weight + step / 2) / step * step).clamp(1, IMPACT_MAX as u8);
    let (mut count, mut last) = (0, 0);
    for (unit, posting) in Postings::new(postings) {
        varint(gaps, unit - last);
        last = unit;
        weights.push(if posting.len() > 1 { posting[0] } else { rounded(posting[0]) });
        names.extend_from_slice(&posting[1..]);
        count += 1;
    }
    count
}

/// Reads encoded postings: units with their own bytes.
struct Postings<'a> {
    rest: &'a [u8],
    unit: usize,
}

impl<'a> Postings<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, unit: 0 }
    }
}

impl<'a> Iterator for Postings<'a> {
    type Item = (usize, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (mut gap, mut shift) = (0, 0);
        loop {
            let (byte, rest) = self.rest.split_first()?;
            self.rest = rest;
            gap |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        self.unit += gap;
        let mut length = 1;
        if self.rest[0] & IN_TITLE != 0 {
            length += 1;
        }
        if self.rest[0] & IN_NAME != 0 {
            while self.rest[length] & 0x80 != 0 {
                length += 2;
            }
            length += 2;
        }
        let (posting, rest) = self.rest.split_at(length);
        self.rest = rest;
        Some((self.unit, posting))
    }
}

fn corrections(surfaces: &[(&str, u32)], seen: &[Seen]) -> Vec<Correction> {
    let fits = |word: &str| is_plain_word(word) && CORRECTION_CHARS.contains(&word.chars().count());
    let mut list: Vec<(&str, &Seen)> =
        surfaces.iter().filter(|(word, _)| fits(word)).map(|(word, id)| (*word, &seen[*id as usize])).collect();
    if list.len() > CORRECTION_WORDS_MAX {
        list.retain(|(_, seen)| seen.units > 1 || seen.titles + seen.names > 0);
    }
    list.into_iter()
        .map(|(word, seen)| Correction {
            word: word.to_owned(),
            rank: (seen.units.max(1).ilog2() as u8).min(14) + u8::from(seen.titles > 0),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::words::Counter;
    use super::*;

    /// Each term with its units and their impacts, worked out by hand. Of a field with n words, m on average where there
    /// are any, a word that stands in it t times has t · weight / (1 - b + b · n / m); the sum w over the fields is
    /// saturated once, w / (1.6 + w), multiplied with the unit's prior and told in 63 steps. The combination of fields before
    /// saturation is formula 4 of Robertson, Zaragoza and Taylor, Simple BM25 extension to multiple weighted fields (2004);
    /// lengths field by field are from Zaragoza and others, Microsoft Cambridge at TREC-13 (2004).
    const IMPACTS: [(&str, &[(usize, u8)]); 4] = [
        // First: w = 1 · 8/(.5 + .5 · 2/1.5) + 2 · 1/(.4 + .6 · 3/2) = 6.857 + 1.538, 63 · .8399 = 52.9. Second: a heading, w = 3.
        ("mix", &[(0, 53), (1, 41)]),
        // 63 · 6.857/8.457 = 51.1; 63 · 1.4286/3.0286 = 29.7; 63 · 2/3.6 · .4 = 14.0
        ("bass", &[(0, 51), (1, 30), (2, 14)]),
        // 63 · .7692/2.3692 = 20.5; 63 · 9.6/11.2 = 54.0; 63 · 5/6.6 · .4 = 19.1
        ("drum", &[(0, 20), (1, 54), (2, 19)]),
        ("loop", &[(2, 19)]),
    ];

    #[test]
    fn weights_are_those_of_the_formula() {
        let unit = |fill: &dyn Fn(&mut Counter)| {
            let mut counter = Counter::default();
            fill(&mut counter);
            counter.finish()
        };
        let mut gathering = Gathering::default();
        let first = |counter: &mut Counter| {
            counter.title("Mix bass");
            counter.text("Mix, mix, drum", FieldKind::Body);
        };
        let second = |counter: &mut Counter| {
            counter.title("Drum");
            counter.heading("Mix");
            counter.text("Bass", FieldKind::Body);
        };
        let third = |counter: &mut Counter| {
            counter.alias("Drum loop");
            counter.text("Bass", FieldKind::About);
        };
        gathering.add(&unit(&first), 1.0);
        gathering.add(&unit(&second), 1.0);
        gathering.add(&unit(&third), 0.4);
        let index = gathering.join(&Stems::of_language(""), 3);
        for (term, expected) in IMPACTS {
            let entry = index.terms.iter().find(|entry| entry.term == term).expect("every word is a term");
            let found: Vec<(usize, u8)> =
                Postings::new(&entry.postings).map(|(unit, posting)| (unit, posting[0] & IMPACT_MAX as u8)).collect();
            assert_eq!(found, expected, "{term}");
        }
        assert_eq!(index.terms.len(), IMPACTS.len());
    }

    #[test]
    fn the_best_of_a_term_hold_its_titles_and_one_more() {
        for (titles, best) in [(0, CHAMPIONS), (2500, 2501), (4500, TITLE_CHAMPIONS)] {
            let mut writer = Writer::default();
            for unit in 0..5000 {
                let title = (unit >= 5000 - titles).then_some((0, 1));
                let entry = Merged { term: 0, weight: 0.0, impact: 20, title, names: SmallVec::new() };
                writer.push(unit, &entry);
            }
            let (postings, tail) = writer.finish(false);
            let count = |bytes: &[u8], title: u8| {
                Postings::new(bytes).filter(|(_, posting)| posting[0] & IN_TITLE == title).count()
            };
            assert_eq!(count(&postings, IN_TITLE), titles.min(best), "{titles} titles");
            assert_eq!(count(&postings, IN_TITLE) + count(&postings, 0), best, "{titles} titles");
            assert_eq!(count(&tail, IN_TITLE) + count(&tail, 0), 5000 - best, "{titles} titles");
        }
    }
}
