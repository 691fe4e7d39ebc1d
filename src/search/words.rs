//! The words of one page, counted by the field they stand in: all that the index needs of its text.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};

use super::token::tokens;

/// Where a word can stand, each with its own weight (see `index.rs`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// The title.
    Title,
    /// Other names, earlier addresses.
    Alias,
    /// Headings.
    Heading,
    /// Description, topics, and what other pages call it.
    About,
    /// The text.
    Body,
}

/// How many fields there are.
pub const FIELDS: usize = 5;

/// Names beyond this ordinal share one with an earlier name.
const ALIAS_ORDINALS: usize = 4;
const HEADING_ORDINALS: usize = 11;

/// Most names that one word may stand in.
const NAMES_MAX: usize = 12;

/// A word's uses on one page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Use {
    /// How often, by field.
    pub counts: [u16; FIELDS],
    /// First place in the title, from 0.
    pub title_at: u8,
}

/// A name of a page that a word stands in: an alias or a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameUse {
    /// Which of the page's words.
    pub word: u32,
    /// Aliases count 0 to 3, headings 4 to 14; the title is 15 to the browser.
    pub ordinal: u8,
    /// Words in the name.
    pub length: u8,
    /// The word's place among them, from 0.
    pub place: u8,
}

/// The words of one page, in order of first use.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// All words one after the other.
    text: String,
    ends: Vec<u32>,
    /// Their uses.
    pub uses: Vec<Use>,
    /// Sorted by word.
    pub names: Vec<NameUse>,
    /// Tokens of each field.
    pub lengths: [u32; FIELDS],
}

impl Words {
    /// The words with their uses.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Use)> {
        let mut start = 0;
        self.ends.iter().zip(&self.uses).map(move |(end, uses)| {
            let word = &self.text[start..*end as usize];
            start = *end as usize;
            (word, uses)
        })
    }

    fn word(&self, place: u32) -> &str {
        let start = if place == 0 { 0 } else { self.ends[place as usize - 1] as usize };
        &self.text[start..self.ends[place as usize] as usize]
    }

    /// How many different words there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

fn hash_of(token: &str) -> u64 {
    let mut hasher = FxHasher::default();
    token.hash(&mut hasher);
    hasher.finish()
}

/// Counts words field by field.
#[derive(Default)]
pub struct Counter {
    words: Words,
    /// Place of each word by its hash; words that share one follow each other under the next free number.
    places: FxHashMap<u64, u32>,
    aliases: usize,
    headings: usize,
}

impl Counter {
    /// Adds the title. Once for each page.
    pub fn title(&mut self, text: &str) {
        let mut at = 0u8;
        tokens(text, &mut |token, extra| {
            let word = self.count(token, FieldKind::Title);
            let uses = &mut self.words.uses[word as usize];
            if uses.counts[FieldKind::Title as usize] == 1 {
                uses.title_at = at;
            }
            if !extra {
                at = at.saturating_add(1);
                self.words.lengths[FieldKind::Title as usize] += 1;
            }
        });
    }

    /// Adds another name of the page.
    pub fn alias(&mut self, text: &str) {
        let ordinal = self.aliases % ALIAS_ORDINALS;
        self.aliases += 1;
        self.name(text, FieldKind::Alias, ordinal);
    }

    /// Adds a heading.
    pub fn heading(&mut self, text: &str) {
        let ordinal = ALIAS_ORDINALS + self.headings % HEADING_ORDINALS;
        self.headings += 1;
        self.name(text, FieldKind::Heading, ordinal);
    }

    fn name(&mut self, text: &str, field: FieldKind, ordinal: usize) {
        let first = self.words.names.len();
        let mut length = 0u8;
        tokens(text, &mut |token, extra| {
            let word = self.count(token, field);
            self.words.names.push(NameUse { word, ordinal: ordinal as u8, length: 0, place: length });
            if !extra {
                length = length.saturating_add(1);
                self.words.lengths[field as usize] += 1;
            }
        });
        for name in &mut self.words.names[first..] {
            name.length = length;
        }
    }

    /// Adds running text.
    pub fn text(&mut self, text: &str, field: FieldKind) {
        tokens(text, &mut |token, extra| {
            self.count(token, field);
            self.words.lengths[field as usize] += u32::from(!extra);
        });
    }

    fn count(&mut self, token: &str, field: FieldKind) -> u32 {
        let mut key = hash_of(token);
        let word = loop {
            match self.places.get(&key) {
                Some(word) if self.words.word(*word) == token => break *word,
                Some(_) => key = key.wrapping_add(1),
                None => {
                    let word = u32::try_from(self.words.ends.len()).unwrap_or(u32::MAX);
                    self.places.insert(key, word);
                    self.words.text.push_str(token);
                    self.words.ends.push(u32::try_from(self.words.text.len()).unwrap_or(u32::MAX));
                    self.words.uses.push(Use::default());
                    break word;
                }
            }
        };
        let count = &mut self.words.uses[word as usize].counts[field as usize];
        *count = count.saturating_add(1);
        word
    }

    /// The words, once everything was added.
    #[must_use]
    pub fn finish(mut self) -> Words {
        self.words.names.sort_by_key(|name| (name.word, name.ordinal, name.place));
        self.words.names.dedup_by_key(|name| (name.word, name.ordinal));
        let mut kept = 0;
        let mut last = u32::MAX;
        self.words.names.retain(|name| {
            kept = if name.word == last { kept + 1 } else { 0 };
            last = name.word;
            kept < NAMES_MAX
        });
        self.words.text.shrink_to_fit();
        self.words
    }
}
