//! Figures in the text whose block does not say where they come from (lint `figure-uncited`).
//!
//! What is looked at is one block: a paragraph, an item of a list, a row of a table. A block that cites anything (a fact,
//! a result of a calculator, a note, an address elsewhere) is taken to speak for its figures: which of them the source
//! covers, no machine can tell.

use super::markdown::Origin;
use crate::base::Span;
use crate::config::FigureRules;
use crate::diag::{Code, Diagnostic};

/// Signs of a sum that is shown: its result needs no source.
const SIGNS_OF_A_SUM: [char; 4] = ['=', '×', '÷', '≈'];

/// Words after a number that make it an amount, however small it is.
const MAGNITUDES: [&str; 9] =
    ["thousand", "million", "billion", "trillion", "percent", "per cent", "dollars", "euros", "pounds"];

/// The block that is being read.
#[derive(Debug)]
pub(super) struct FigureWatch<'a> {
    settings: &'a FigureRules,
    /// Where the block's words begin among those of the text.
    words_at: usize,
    /// Where the block begins in the source.
    source_at: usize,
    /// Words that are no prose: code, and what a picture shows.
    aside: Vec<std::ops::Range<usize>>,
    /// The block cites something.
    cited: bool,
    /// The level of the heading that the text stands under.
    level: u8,
    /// Numbers are made up for a sum until a heading of this level or a higher one.
    example: Option<u8>,
}

impl<'a> FigureWatch<'a> {
    pub(super) fn new(settings: &'a FigureRules) -> Self {
        Self { settings, words_at: 0, source_at: 0, aside: Vec::new(), cited: false, level: 1, example: None }
    }

    /// Something says where the block's figures come from.
    pub(super) fn cite(&mut self) {
        self.cited = true;
    }

    /// These words of the text are code, or what a picture shows.
    pub(super) fn set_aside(&mut self, words: std::ops::Range<usize>) {
        self.aside.push(words);
    }

    /// A heading ends, with so many bytes of words up to here; its own are no figures but may say that an example follows.
    pub(super) fn heading(&mut self, level: u8, title: &str, words: usize, until: usize) {
        if self.example.is_some_and(|example| level <= example) {
            self.example = None;
        }
        self.level = level;
        if self.says_example(title) {
            self.example = Some(self.level);
        }
        self.pass(words, until);
    }

    /// What has come so far names what follows and is no figure: a heading, the head of a table.
    pub(super) fn pass(&mut self, words: usize, until: usize) {
        (self.words_at, self.source_at) = (words, until);
        self.aside.clear();
        self.cited = false;
    }

    /// The block ends or another begins in it: reports its figures. `words` is what the whole text says, `source` its
    /// Markdown, `until` where the block ends in it.
    pub(super) fn end_block(
        &mut self,
        words: &str,
        source: &str,
        until: usize,
        origin: Origin<'_>,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let block = words.get(self.words_at..).unwrap_or_default();
        if !self.cited && block.bytes().any(|byte| byte.is_ascii_digit()) {
            self.report(block, source, until, origin, diagnostics);
        } else if self.example.is_none() && self.says_example(block) {
            self.example = Some(self.level);
        }
        self.words_at = words.len();
        self.source_at = until.max(self.source_at);
        self.aside.clear();
        self.cited = false;
    }

    fn report(
        &mut self,
        block: &str,
        source: &str,
        until: usize,
        origin: Origin<'_>,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        if self.example.is_none() && self.says_example(block) {
            self.example = Some(self.level);
        }
        if self.example.is_some() || block.contains(SIGNS_OF_A_SUM) {
            return;
        }
        let ordinary: Vec<std::ops::Range<usize>> =
            self.settings.ordinary.iter().flat_map(|name| block.match_indices(name.as_str())).map(range).collect();
        let is_aside = |at: usize| {
            self.aside.iter().any(|range| range.contains(&(self.words_at + at)))
                || ordinary.iter().any(|range| range.contains(&at))
        };
        let mut from = self.source_at.min(source.len());
        for (at, figure) in figures(block) {
            // The same words stand in the source, one after the other: this is the next of them.
            let place = source.get(from..until).and_then(|rest| rest.find(figure)).map(|place| from + place);
            if let Some(place) = place {
                from = place + figure.len();
            }
            if is_aside(at) {
                continue;
            }
            let span = match (origin.offset, place) {
                (Some(offset), Some(place)) => Span::new(offset + place, offset + place + figure.len()),
                _ => origin.whole,
            };
            let message = format!("`{figure}` stands here without a source");
            diagnostics
                .push(Diagnostic::at(Code::FigureUncited, origin.path, span, message).help(
                    "cite a record: `[[fact:…]]`; or show the sum it comes out of, or say that it is an example",
                ));
        }
    }

    fn says_example(&self, text: &str) -> bool {
        !self.settings.examples.is_empty() && {
            let text = text.to_lowercase();
            self.settings.examples.iter().any(|word| contains_word(&text, word))
        }
    }
}

fn range((at, text): (usize, &str)) -> std::ops::Range<usize> {
    at..at + text.len()
}

/// Whether a text has a word or words that are not the middle of a longer one; both in lower case.
fn contains_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

/// The figures in a text and where they begin: amounts with a sign of money or per cent, numbers of three digits and
/// more, and small ones before "million". Years, times, days, versions, ordinals and small counts are none.
fn figures(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_edge = |letter: char| letter.is_whitespace() || matches!(letter, '–' | '—' | '/' | '(' | ')' | '…' | '|');
    let mut at = 0;
    text.split_inclusive(is_edge).filter_map(move |piece| {
        let start = at;
        at += piece.len();
        let word = piece.trim_end_matches(is_edge);
        let core = word.trim_start_matches(|letter: char| !letter.is_alphanumeric() && !is_money(letter));
        let start = start + word.len() - core.len();
        let core =
            core.trim_end_matches(|letter: char| !letter.is_alphanumeric() && !is_money(letter) && letter != '%');
        (!core.is_empty() && is_figure(core, &text[start + core.len()..])).then_some((start, core))
    })
}

fn is_money(letter: char) -> bool {
    matches!(letter, '$' | '£' | '€' | '¥' | '¢' | '₹')
}

/// Whether a word is a figure; `after` is what follows it.
fn is_figure(word: &str, after: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    if digits == 0 {
        return false;
    }
    if word.contains(is_money) || word.ends_with('%') {
        return true;
    }
    if !word.starts_with(|first: char| first.is_ascii_digit()) || is_year(word) || is_date_or_version(word) {
        return false;
    }
    let number_end = word.find(|letter: char| letter.is_alphabetic()).unwrap_or(word.len());
    if ["st", "nd", "rd", "th", "s"].contains(&&word[number_end..]) {
        return false;
    }
    digits > 2 || {
        let next = after.trim_start_matches(['\u{a0}', ' ', '%']);
        after.trim_start().starts_with('%')
            || MAGNITUDES
                .iter()
                .any(|magnitude| next.get(..magnitude.len()).is_some_and(|start| start.eq_ignore_ascii_case(magnitude)))
    }
}

/// `1997`, `2012-13`, `1990s`.
fn is_year(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.len() >= 4
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && matches!(&bytes[..2], b"18" | b"19" | b"20")
        && bytes[4..].iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b's'))
        && bytes.get(4).is_none_or(|byte| !byte.is_ascii_digit())
}

/// `10:30`, `25.11.2026`, `1.2.3`: parts that are not the three digits of a thousand.
fn is_date_or_version(word: &str) -> bool {
    if word.contains(':') || word.contains('-') && word.split('-').all(|part| part.len() <= 2) {
        return true;
    }
    let mut parts = word.split('.');
    let first = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.collect();
    rest.len() > 1 && !(first.len() <= 3 && rest.iter().all(|part| part.len() == 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        figures(text).map(|(at, figure)| &text[at..at + figure.len()]).collect()
    }

    #[test]
    fn amounts_and_large_numbers_are_figures() {
        let text = "It took 250 songs, $5 each (about €1,250.50), 7% of 4.5 million; 3 per cent–12% and 44.1 kHz.";
        assert_eq!(found(text), ["250", "$5", "€1,250.50", "7%", "4.5", "3", "12%", "44.1"]);
        assert_eq!(found("2,000–3,000 people, 1.000.000 Euro"), ["2,000", "3,000", "1.000.000"]);
    }

    #[test]
    fn ordinary_counts_are_none() {
        for text in [
            "In 1997, in the 1990s and in 2012–13 three of 12 bands met at 10:30 on 25.11.2026 or 2026-11-25.",
            "MP3s, version 1.2.3, the 100th take, take 12, a 7-inch single, 24-bit, 2/3 of them, C#4 and A440.",
            "1. 2) 3: [4] …",
            "",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn words_of_examples_are_whole_words() {
        assert!(contains_word("well, suppose it sells", "suppose"));
        assert!(!contains_word("it is supposed to sell", "suppose"));
    }
}
