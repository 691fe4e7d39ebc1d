//! Shorthand: the frequent words of a site as one or two bytes each, so that texts are half as large once compressed.
//!
//! A text shard is too small for a compressor to learn the words of a site from it. They are listed once, in a file that is
//! fetched with the first text, and each page's passages are written with them:
//!
//! ```text
//! 0                a field ends: anchor, title and text of one passage after the other
//! 1                the next word follows without a space
//! 2                the next word has a capital
//! 3, length, …     so many bytes of text as they are
//! 4                a full stop; the next word has a capital
//! 5 to 11          one of ’ “ ” ‘ – — …
//! 32 to 126        a character as it is
//! 128 to 223       one of the 96 most frequent words, after a space unless it is the first of its field or follows a space
//!                  or one of ’ “ ‘ ( - /
//! 224 to 255, …    one of the others
//! ```
//!
//! The words are those of a sample of pages, chosen by their paths: so most edits leave the list as it is.

use rustc_hash::FxHashMap;

use super::passage::Passage;
use super::wire::{front_coded, script_order, varint};
use super::words::packed;

/// Words of one byte.
const SINGLE: usize = 96;

/// Signs of one byte, from 5 on.
const SIGNS: [char; 7] = ['’', '“', '”', '‘', '–', '—', '…'];

/// After these a word follows without a space.
const JOINING: [char; 7] = [' ', '’', '“', '‘', '(', '-', '/'];

/// Words in all.
const WORDS_MAX: usize = 4096;

/// How often a word must stand in the sample.
const USES_MIN: u32 = 3;

/// The words, and each one's number among them.
#[derive(Debug, Default)]
pub struct Shorthand {
    words: Vec<String>,
    /// Numbers of the words that can be [`packed`]: nearly all.
    short: FxHashMap<u128, u16>,
    long: FxHashMap<String, u16>,
}

impl Shorthand {
    /// The words that are worth a number, by the passages of a sample of pages.
    #[must_use]
    pub fn of<'p>(passages: impl Iterator<Item = &'p Passage>) -> Self {
        let mut uses: FxHashMap<String, u32> = FxHashMap::default();
        for passage in passages {
            for text in [&passage.title, &passage.text] {
                for word in text.split(|letter: char| !letter.is_alphabetic()) {
                    let Some((lower, _)) = lowered(word) else { continue };
                    match uses.get_mut(&*lower) {
                        Some(count) => *count += 1,
                        None => drop(uses.insert(lower.into_owned(), 1)),
                    }
                }
            }
        }
        let mut words: Vec<(String, u32)> = uses.into_iter().filter(|(_, count)| *count >= USES_MIN).collect();
        // What a word saves: about half a byte for each of its letters, less what its number takes.
        words.sort_unstable_by_key(|(word, count)| {
            (std::cmp::Reverse(count * (word.len() as u32 * 2 + 1)), word.clone())
        });
        words.truncate(WORDS_MAX);
        words.sort_unstable_by_key(|(word, count)| (std::cmp::Reverse(*count), word.clone()));
        let mut words: Vec<String> = words.into_iter().map(|(word, _)| word).collect();
        let others = SINGLE.min(words.len());
        words[others..].sort_unstable_by(|one, other| script_order(one, other));
        let (mut short, mut long) = (FxHashMap::default(), FxHashMap::default());
        for (word, number) in words.iter().zip(0..) {
            match packed(word.as_bytes()) {
                Some(key) => drop(short.insert(key, number)),
                None => drop(long.insert(word.clone(), number)),
            }
        }
        Self { words, short, long }
    }

    /// The list as a section of its file: the frequent words, then the others front-coded.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut before = "";
        for (at, word) in self.words.iter().enumerate() {
            if at < SINGLE {
                varint(&mut bytes, word.len());
                bytes.extend_from_slice(word.as_bytes());
            } else {
                front_coded(&mut bytes, before, word);
                before = word;
            }
        }
        bytes
    }

    /// The passages of a page, written with these words.
    #[must_use]
    pub fn write(&self, passages: &[Passage]) -> Vec<u8> {
        let mut out = Vec::with_capacity(passages.iter().map(|passage| passage.text.len()).sum::<usize>() / 2);
        for (at, passage) in passages.iter().enumerate() {
            if at > 0 {
                out.push(0);
            }
            let is_plain = plain_anchor(&passage.title).is_some_and(|plain| plain == passage.anchor);
            literal(if is_plain { "=" } else { &passage.anchor }, &mut out);
            out.push(0);
            self.text(&passage.title, &mut out);
            out.push(0);
            self.text(&passage.text, &mut out);
        }
        out
    }

    fn text(&self, text: &str, out: &mut Vec<u8>) {
        let (mut written, mut at, mut is_start) = (0, 0, true);
        while at < text.len() {
            let rest = &text[at..];
            let end = word_length(rest);
            if end == 0 {
                at += rest.chars().next().map_or(1, char::len_utf8);
                continue;
            }
            if let Some((number, capital)) = self.number(&rest[..end]) {
                let between = &text[written..at];
                // A space goes without saying, save where it follows a sign after which there is none.
                let said = between
                    .strip_suffix(' ')
                    .filter(|said| !said.ends_with(JOINING) && (!is_start || !said.is_empty()));
                let stops = capital && said.is_some_and(|said| said.ends_with('.'));
                match said {
                    Some(said) if stops => literal(&said[..said.len() - 1], out),
                    _ => literal(said.unwrap_or(between), out),
                }
                let is_joined = between.ends_with(JOINING) || is_start && between.is_empty();
                if said.is_none() && !is_joined {
                    out.push(1);
                }
                if capital {
                    out.push(if stops { 4 } else { 2 });
                }
                match usize::from(number).checked_sub(SINGLE) {
                    None => out.push(128 + number as u8),
                    Some(other) => out.extend_from_slice(&[(128 + SINGLE + (other >> 8)) as u8, other as u8]),
                }
                is_start = false;
                written = at + end;
            }
            at += end;
        }
        literal(&text[written..], out);
    }

    fn number(&self, word: &str) -> Option<(u16, bool)> {
        if self.words.is_empty() {
            return None;
        }
        let bytes = word.as_bytes();
        if bytes[1..].iter().all(u8::is_ascii_lowercase)
            && bytes[0].is_ascii()
            && let Some(key) = packed(bytes)
        {
            // The first letter stands in the lowest byte.
            let capital = bytes[0].is_ascii_uppercase();
            return Some((*self.short.get(&(key | u128::from(capital) << 5))?, capital));
        }
        let (lower, capital) = lowered(word)?;
        let number = match packed(lower.as_bytes()) {
            Some(key) => self.short.get(&key)?,
            None => self.long.get(&*lower)?,
        };
        Some((*number, capital))
    }
}

/// How many bytes of letters a text begins with.
fn word_length(text: &str) -> usize {
    let plain = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    if text.as_bytes().get(plain).is_none_or(u8::is_ascii) {
        return plain;
    }
    text.find(|letter: char| !letter.is_alphabetic()).unwrap_or(text.len())
}

/// A word in small letters and whether its first one was a capital; nothing where any other is.
fn lowered(word: &str) -> Option<(std::borrow::Cow<'_, str>, bool)> {
    let first = word.chars().next()?;
    let rest = &word[first.len_utf8()..];
    if !rest.chars().all(|letter| letter.is_lowercase() || !letter.is_uppercase()) {
        return None;
    }
    if !first.is_uppercase() {
        return Some((word.into(), false));
    }
    // Letters that become two, or another one on the way back, stay as they are.
    let small = first.to_lowercase().next().filter(|small| small.to_uppercase().eq([first]))?;
    let is_single = first.to_lowercase().count() == 1 && first.len_utf16() == 1;
    is_single.then(|| (format!("{small}{rest}").into(), true))
}

/// The anchor that a heading of plain letters has; the engine makes the same.
fn plain_anchor(title: &str) -> Option<String> {
    let mut anchor = String::with_capacity(title.len());
    for letter in title.chars().filter(|letter| *letter != '\'') {
        if !letter.is_ascii() {
            return None;
        }
        if letter.is_ascii_alphanumeric() {
            anchor.push(letter.to_ascii_lowercase());
        } else if !anchor.ends_with('-') {
            anchor.push('-');
        }
    }
    Some(anchor.trim_matches('-').to_owned()).filter(|anchor| !anchor.is_empty())
}

/// Text as it is: by character where each has a byte, else in one piece with its length.
fn literal(text: &str, out: &mut Vec<u8>) {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    let start = out.len();
    for letter in text.chars() {
        match SIGNS.iter().position(|sign| *sign == letter) {
            Some(sign) => out.push(5 + sign as u8),
            None if (' '..='~').contains(&letter) => out.push(letter as u8),
            None => {
                out.truncate(start);
                out.push(3);
                varint(out, text.len());
                out.extend_from_slice(text.as_bytes());
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passage(anchor: &str, title: &str, text: &str) -> Passage {
        Passage { anchor: anchor.to_owned(), title: title.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn frequent_words_take_a_byte() {
        let passages = [passage("the-mix", "The mix", "the mix, the mix and the mix (the mix)")];
        let shorthand = Shorthand::of(passages.iter());
        assert_eq!(shorthand.words, ["mix", "the"]);
        let written = shorthand.write(&passages);
        assert_eq!(written[..7], [b'=', 0, 2, 129, 128, 0, 129]);
        assert_eq!(written[7..], [128, b',', 129, 128, b' ', b'a', b'n', b'd', 129, 128, b' ', b'(', 129, 128, b')']);
    }

    #[test]
    fn what_is_between_words_stays() {
        let shorthand = Shorthand::of([passage("", "", "mix mix mix")].iter());
        let written = |text: &str| shorthand.write(&[passage("", "", text)])[2..].to_vec();
        assert_eq!(written("mix. Mix"), [128, 4, 128]);
        assert_eq!(written("mix’mix ’ mix"), [128, 5, 128, b' ', 5, b' ', 128]);
        assert_eq!(written("1mix, mix,mix"), [b'1', 1, 128, b',', 128, b',', 1, 128]);
        assert_eq!(written(" mix . mix"), [b' ', 128, b' ', b'.', 128]);
    }

    #[test]
    fn what_has_no_number_stays_as_it_is() {
        let written = Shorthand::default().write(&[passage("cafe", "Café", "12 \u{1} x"), passage("", "", "")]);
        assert_eq!(written, "cafe\0\u{3}\u{5}Café\0\u{3}\u{6}12 \u{1} x\0\0\0".as_bytes());
    }

    #[test]
    fn only_capitals_that_come_back_are_taken_down() {
        for (word, lower) in
            [("Mix", Some("mix")), ("mix", Some("mix")), ("MIX", None), ("İx", None), ("Éa", Some("éa"))]
        {
            assert_eq!(lowered(word).map(|(lower, _)| lower.into_owned()).as_deref(), lower, "{word}");
        }
    }
}
