//! The words of one page, counted by the field they stand in: all that the index needs of its text.

use std::hash::Hasher;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHasher};

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

/// Different words that most pages have not more of.
const PAGE_WORDS: usize = 448;

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

/// Different words, numbered in the order in which they came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct WordList {
    /// All words one after the other.
    text: String,
    ends: Vec<u32>,
}

impl WordList {
    /// Adds a word and gives its number.
    fn push(&mut self, word: &str) -> u32 {
        self.text.push_str(word);
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        u32::try_from(self.ends.len() - 1).unwrap_or(u32::MAX)
    }

    fn word(&self, number: u32) -> &str {
        let start = if number == 0 { 0 } else { self.ends[number as usize - 1] as usize };
        &self.text[start..self.ends[number as usize] as usize]
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let word = &self.text[start..*end as usize];
            start = *end as usize;
            word
        })
    }
}

/// The bytes of a word of at most sixteen as one number, which no other word has: none holds a zero byte.
pub(super) fn packed(word: &[u8]) -> Option<u128> {
    let four = |at: usize| Some(u64::from(u32::from_le_bytes(*word.get(at..)?.first_chunk()?)));
    let eight = |at: usize| Some(u64::from_le_bytes(*word.get(at..)?.first_chunk()?));
    // The last bytes of a word, some of which were taken before: those are shifted out.
    let (low, high) = match word.len() {
        0..4 => (word.iter().rev().fold(0, |all, byte| all << 8 | u64::from(*byte)), 0),
        4 => (four(0)?, 0),
        length @ 5..8 => (four(0)? | four(length - 4)? >> (8 * (8 - length)) << 32, 0),
        8 => (eight(0)?, 0),
        length @ 9..=16 => (eight(0)?, eight(length - 8)? >> (8 * (16 - length))),
        _ => return None,
    };
    Some(u128::from(low) | u128::from(high) << 64)
}

/// Gives words numbers.
#[derive(Default)]
pub(super) struct Numbering {
    words: WordList,
    /// Numbers of the words that can be [`packed`]: nearly all.
    short: FxHashMap<u128, u32>,
    /// Of the others by their hash; words that share one follow each other under the next free hash.
    long: FxHashMap<u64, u32>,
}

impl Numbering {
    /// With room for the words of a page of usual length.
    fn of_a_page() -> Self {
        let short = FxHashMap::with_capacity_and_hasher(PAGE_WORDS, FxBuildHasher);
        Self { short, ..Self::default() }
    }

    /// The number of a word; the next one for a word that has none yet.
    pub(super) fn number(&mut self, word: &str) -> u32 {
        if let Some(key) = packed(word.as_bytes()) {
            return *self.short.entry(key).or_insert_with(|| self.words.push(word));
        }
        let mut hasher = FxHasher::default();
        hasher.write(word.as_bytes());
        let mut key = hasher.finish();
        loop {
            match self.long.get(&key) {
                Some(number) if self.words.word(*number) == word => return *number,
                Some(_) => key = key.wrapping_add(1),
                None => {
                    let number = self.words.push(word);
                    self.long.insert(key, number);
                    return number;
                }
            }
        }
    }

    /// The words by their numbers.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.words.iter()
    }
}

/// The words of one page, in order of first use.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    words: WordList,
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
        self.words.iter().zip(&self.uses)
    }

    /// How many different words there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.uses.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.uses.is_empty()
    }
}

/// Counts words field by field.
pub struct Counter {
    words: Words,
    numbering: Numbering,
    aliases: usize,
    headings: usize,
}

impl Default for Counter {
    fn default() -> Self {
        Self { words: Words::default(), numbering: Numbering::of_a_page(), aliases: 0, headings: 0 }
    }
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
        let word = self.numbering.number(token);
        if word as usize == self.words.uses.len() {
            self.words.uses.push(Use::default());
        }
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
        self.words.words = self.numbering.words;
        self.words.words.text.shrink_to_fit();
        self.words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_a_number_of_its_own() {
        let letters = "abcdefghijklmnopqrstuvwxyz";
        let mut words: Vec<String> = (0..26).map(|end| letters[..end].to_owned()).collect();
        words.extend((1..26).map(|start| letters[start..].to_owned()));
        words.extend((1..18).map(|length| "a".repeat(length)));
        words.extend(["é", "ée", "éa", "ea", "größe", "音楽"].map(str::to_owned));
        words.sort();
        words.dedup();
        let mut numbering = Numbering::default();
        let first: Vec<u32> = words.iter().map(|word| numbering.number(word)).collect();
        assert_eq!(first, (0..words.len() as u32).collect::<Vec<u32>>());
        assert_eq!(words.iter().map(|word| numbering.number(word)).collect::<Vec<u32>>(), first);
        assert!(numbering.iter().eq(words.iter().map(String::as_str)));
    }

    #[test]
    fn short_words_are_packed_byte_for_byte() {
        let text = b"abcdefghijklmnop";
        for length in 0..=16 {
            let mut bytes = [0; 16];
            bytes[..length].copy_from_slice(&text[..length]);
            assert_eq!(packed(&text[..length]), Some(u128::from_le_bytes(bytes)), "{length} bytes");
        }
        assert_eq!(packed(b"abcdefghijklmnopq"), None);
    }
}
