//! Tokens: how text becomes the words that can be searched for, the same here and in the theme's `search/engine.js`.
//!
//! 1. Text is taken in NFKC. Soft hyphens, zero-width joiners and apostrophes inside a word are dropped.
//! 2. A *run* is made of letters, digits, marks and `_`. A full stop between digits belongs to it (`12.7`); a comma before
//!    exactly three digits is dropped (`1,000,000` is `1000000`). One letter may carry `#` or `++` (`c#`, `c++`).
//! 3. A run is split at `_` and where its case turns (`makeTrack`, `HTMLParser`). Its lower-cased parts are *words*; where
//!    there are several, the whole run follows as an *extra*: a name that may also be known in one piece.
//! 4. Two runs joined by one hyphen give, after their own words, an extra without the hyphen (`lo-fi` also gives `lofi`).
//! 5. Scripts written without spaces (Han, Kana, Thai and their neighbours) give overlapping pairs of characters.
//! 6. A word is cut after 64 characters.
//!
//! `tests/vectors/tokens.json` holds both sides to it.

use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Longest token in characters.
const TOKEN_CHARS_MAX: usize = 64;

/// Calls `emit` with each token of a text, in order, lower-cased; the flag is true for an extra.
pub fn tokens(text: &str, emit: &mut dyn FnMut(&str, bool)) {
    if is_normalized(text) {
        Scan::new(text, emit).run();
    } else {
        let text: String = text.nfkc().collect();
        Scan::new(&text, emit).run();
    }
}

/// Whether a text is surely its own NFKC. Signs and letters that are met in most texts need no look into the tables.
fn is_normalized(text: &str) -> bool {
    let is_usual =
        |letter: char| matches!(letter, 'à'..='ö' | 'ø'..='ÿ' | 'À'..='Ö' | 'Ø'..='ß' | '‘'..='”' | '–' | '—');
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(plain) = bytes[at..].iter().position(|byte| !byte.is_ascii()) {
        at += plain;
        match text[at..].chars().next() {
            Some(letter) if is_usual(letter) => at += letter.len_utf8(),
            _ => return is_nfkc_quick(text[at..].chars()) == IsNormalized::Yes,
        }
    }
    true
}

/// A word without its accents, where that makes another word: `café` → `cafe`, `größe` → `grosse`.
#[must_use]
pub fn folded(word: &str) -> Option<String> {
    if word.is_ascii() {
        return None;
    }
    let mut plain = String::with_capacity(word.len());
    for character in word.nfd() {
        match character {
            '\u{300}'..='\u{36f}' => {}
            'ß' => plain.push_str("ss"),
            'æ' => plain.push_str("ae"),
            'œ' => plain.push_str("oe"),
            'ø' => plain.push('o'),
            'đ' | 'ð' => plain.push('d'),
            'ł' => plain.push('l'),
            'ı' => plain.push('i'),
            'þ' => plain.push_str("th"),
            other => plain.push(other),
        }
    }
    let plain: String = plain.nfc().collect();
    (plain != word).then_some(plain)
}

/// Whether a word is made of letters and marks alone, and so can be stemmed and misspelt.
#[must_use]
pub fn is_plain_word(word: &str) -> bool {
    word.chars().all(|character| character.is_alphabetic() || is_combining_mark(character))
        && !word.chars().any(is_dense)
}

/// Characters of scripts that are written without spaces between words.
fn is_dense(character: char) -> bool {
    matches!(u32::from(character),
        0xe01..=0xe3a | 0xe40..=0xe4e | 0xe80..=0xedf | 0x1000..=0x104f | 0x1780..=0x17d3
        | 0x3005..=0x3007 | 0x3041..=0x30fa | 0x30fc..=0x30ff | 0x31f0..=0x31ff
        | 0x3400..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3ffff)
}

fn is_dropped(character: char) -> bool {
    matches!(character, '\'' | '’' | '\u{2bc}' | '\u{ad}' | '\u{200c}' | '\u{200d}')
}

fn is_hyphen(character: char) -> bool {
    matches!(character, '-' | '\u{2010}')
}

fn is_ascii_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// What a byte says of a run of plain letters and digits that it stands in or behind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Belongs to it: a small letter or a digit.
    Small,
    /// Ends it.
    End,
    /// Ends it unless the run ends with a digit.
    Point,
    /// Ends it unless the run is one letter.
    Sign,
    /// Has to be looked at with care.
    Other,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::End; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' | b'0'..=b'9' => Class::Small,
            b'.' | b',' => Class::Point,
            b'+' | b'#' => Class::Sign,
            b'A'..=b'Z' | b'_' | b'-' | b'\'' | 0x80.. => Class::Other,
            _ => Class::End,
        };
        byte += 1;
    }
    classes
};

fn is_word(character: char) -> bool {
    if character.is_ascii() {
        return is_ascii_word(character as u8);
    }
    (character.is_alphanumeric() || is_combining_mark(character)) && !is_dense(character) && !is_dropped(character)
}

struct Scan<'t, 'e> {
    text: &'t str,
    at: usize,
    emit: &'e mut dyn FnMut(&str, bool),
    run: String,
    lower: String,
    /// Runs joined by hyphens so far, lower-cased and put together.
    chain: String,
    chain_length: usize,
}

impl<'t, 'e> Scan<'t, 'e> {
    fn new(text: &'t str, emit: &'e mut dyn FnMut(&str, bool)) -> Self {
        Self { text, at: 0, emit, run: String::new(), lower: String::new(), chain: String::new(), chain_length: 0 }
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn run(mut self) {
        loop {
            // What is neither a letter nor a digit, for as long as it is ASCII.
            let bytes = &self.text.as_bytes()[self.at..];
            self.at += bytes.iter().take_while(|byte| byte.is_ascii() && !is_ascii_word(**byte)).count();
            if self.chain_length == 0 && self.plain_run() {
                continue;
            }
            let Some(character) = self.peek() else { break };
            if is_word(character) {
                self.word_run();
                let mut rest = self.text[self.at..].chars();
                let joined = rest.next().is_some_and(is_hyphen) && rest.next().is_some_and(is_word);
                if joined {
                    self.at += self.peek().map_or(0, char::len_utf8);
                } else {
                    self.end_chain();
                }
            } else if is_dense(character) {
                self.dense_run();
            } else {
                self.at += character.len_utf8();
            }
        }
    }

    /// Takes a run as most are: small letters and digits, the first perhaps a capital, and nothing behind it that may
    /// belong to it. Whether it was one.
    fn plain_run(&mut self) -> bool {
        let bytes = &self.text.as_bytes()[self.at..];
        let Some(first) = bytes.first() else { return false };
        let is_capital = first.is_ascii_uppercase();
        let start = usize::from(is_capital);
        let length = start + bytes[start..].iter().take_while(|byte| CLASSES[**byte as usize] == Class::Small).count();
        if length == 0 {
            return false;
        }
        let ends = bytes.get(length).is_none_or(|next| match CLASSES[*next as usize] {
            Class::End => true,
            Class::Point => !bytes[length - 1].is_ascii_digit(),
            Class::Sign => length > 1,
            Class::Small | Class::Other => false,
        });
        if !ends {
            return false;
        }
        let word = &self.text[self.at..self.at + length.min(TOKEN_CHARS_MAX)];
        self.at += length;
        if is_capital {
            self.lower.clear();
            self.lower.push_str(word);
            self.lower.make_ascii_lowercase();
            (self.emit)(&self.lower, false);
        } else {
            (self.emit)(word, false);
        }
        true
    }

    fn word_run(&mut self) {
        self.run.clear();
        let mut last = ' ';
        loop {
            let bytes = &self.text.as_bytes()[self.at..];
            let plain = bytes.iter().take_while(|byte| is_ascii_word(**byte)).count();
            if plain > 0 {
                self.run.push_str(&self.text[self.at..self.at + plain]);
                self.at += plain;
                last = char::from(bytes[plain - 1]);
            }
            let Some(character) = self.peek() else { break };
            let after = &self.text[self.at + character.len_utf8()..];
            if is_word(character) {
                self.run.push(character);
                last = character;
            } else if is_dropped(character) && after.starts_with(is_word) {
                // Nothing of it stays.
            } else if last.is_ascii_digit() && after.starts_with(|next: char| next.is_ascii_digit()) && character == '.'
            {
                self.run.push('.');
            } else if last.is_ascii_digit() && character == ',' && is_thousand(after) {
                // The digits go on behind it.
            } else {
                break;
            }
            self.at += character.len_utf8();
        }
        if self.run.len() == 1 && self.run.as_bytes()[0].is_ascii_alphabetic() {
            let rest = &self.text[self.at..];
            let sign = ["++", "#"].into_iter().find(|sign| rest.starts_with(sign));
            if let Some(sign) = sign.filter(|sign| !rest[sign.len()..].starts_with(is_word)) {
                self.run.push_str(sign);
                self.at += sign.len();
            }
        }
        self.emit_run();
    }

    fn emit_run(&mut self) {
        let run = std::mem::take(&mut self.run);
        let trimmed = run.trim_matches('_');
        self.chain_length += 1;
        let small = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let simple = trimmed.bytes().all(small);
        let capitalised = !simple && trimmed.as_bytes()[0].is_ascii_uppercase() && trimmed.bytes().skip(1).all(small);
        if capitalised {
            self.lower.clear();
            self.lower.push_str(&trimmed[..trimmed.len().min(TOKEN_CHARS_MAX)]);
            self.lower.make_ascii_lowercase();
            (self.emit)(&self.lower, false);
            if self.chain_length <= 2 {
                self.chain.push_str(&self.lower);
            }
        } else if !simple {
            let mut count = 0;
            let mut start = 0;
            let mut before = (' ', ' ');
            for (at, character) in trimmed.char_indices() {
                // `makeTrack`: before T. `HTMLParser`: before P, which is known only at `a`.
                let turns = character.is_uppercase() && (before.1.is_lowercase() || before.1.is_ascii_digit());
                if character == '_' || turns {
                    count += usize::from(self.emit_part(&trimmed[start..at]));
                    start = at;
                } else if character.is_lowercase() && before.1.is_uppercase() && before.0.is_uppercase() {
                    let split = at - before.1.len_utf8();
                    count += usize::from(self.emit_part(&trimmed[start..split]));
                    start = split;
                }
                before = (before.1, character);
            }
            if start > 0 {
                count += usize::from(self.emit_part(&trimmed[start..]));
            }
            self.lower.clear();
            self.lower.push_str(&trimmed.to_lowercase());
            cut(&mut self.lower);
            if !self.lower.is_empty() {
                (self.emit)(&self.lower, count > 1);
            }
            if self.chain_length <= 2 {
                self.chain.push_str(&self.lower);
            }
        } else if !trimmed.is_empty() {
            let end = trimmed.len().min(TOKEN_CHARS_MAX);
            (self.emit)(&trimmed[..end], false);
            if self.chain_length <= 2 {
                self.chain.push_str(&trimmed[..end]);
            }
        }
        self.run = run;
    }

    /// Emits one part of a run, without the `_` around it; whether there was anything.
    fn emit_part(&mut self, part: &str) -> bool {
        let part = part.trim_matches('_');
        if part.is_empty() {
            return false;
        }
        let mut part = part.to_lowercase();
        cut(&mut part);
        (self.emit)(&part, false);
        true
    }

    fn end_chain(&mut self) {
        if self.chain_length == 2 && !self.chain.starts_with(|first: char| first.is_ascii_digit()) {
            cut(&mut self.chain);
            if !self.chain.is_empty() {
                (self.emit)(&self.chain, true);
            }
        }
        self.chain.clear();
        self.chain_length = 0;
    }

    fn dense_run(&mut self) {
        let rest = &self.text[self.at..];
        let end = rest.find(|character| !is_dense(character)).unwrap_or(rest.len());
        let run = &rest[..end];
        let starts: Vec<usize> = run.char_indices().map(|(at, _)| at).chain([run.len()]).collect();
        if starts.len() == 2 {
            (self.emit)(run, false);
        }
        for pair in starts.windows(3) {
            (self.emit)(&run[pair[0]..pair[2]], false);
        }
        self.at += end;
    }
}

/// Whether what follows a comma is exactly three digits.
fn is_thousand(after: &str) -> bool {
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    digits == 3
}

fn cut(token: &mut String) {
    if token.len() > TOKEN_CHARS_MAX
        && let Some((at, _)) = token.char_indices().nth(TOKEN_CHARS_MAX)
    {
        token.truncate(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_hold() {
        let text = include_str!("../../tests/vectors/tokens.json");
        let vectors: serde_json::Value = serde_json::from_str(text).expect("the vectors are JSON");
        for vector in vectors["tokens"].as_array().expect("a list") {
            let mut found = Vec::new();
            let input = vector[0].as_str().expect("a text");
            tokens(input, &mut |token, extra| found.push(if extra { format!("+{token}") } else { token.to_owned() }));
            let expected: Vec<&str> =
                vector[1].as_array().expect("a list").iter().filter_map(|token| token.as_str()).collect();
            assert_eq!(found, expected, "{input:?}");
        }
        for vector in vectors["folded"].as_array().expect("a list") {
            assert_eq!(folded(vector[0].as_str().expect("a word")).as_deref(), vector[1].as_str(), "{vector}");
        }
    }
}
