//! Passages: a page's text as it can be read aloud, cut at its headings, taken from what is compiled already.

use std::borrow::Cow;

use crate::base::PageId;
use crate::config::Config;
use crate::read::{Fill, Prose, Target};
use crate::resolve::{Answer, Answers, Site};

/// A stretch of text under one heading.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Passage {
    /// Anchor of its heading; empty for what stands above the first, and for fields.
    pub anchor: String,
    /// Text of its heading, or label of the field.
    pub title: String,
    /// Words with single spaces between them.
    pub text: String,
}

/// What the holes of a page's proses say, prose by prose, hole by hole: the part of its text that other files decide.
#[must_use]
pub fn fillings<'s>(site: &'s Site, page: PageId, answers: &Answers) -> Vec<Vec<Cow<'s, str>>> {
    let document = site.document(page);
    let nothing = Vec::new();
    document
        .proses()
        .enumerate()
        .map(|(number, prose)| {
            let answers = answers.references.get(number).unwrap_or(&nothing);
            prose.holes.iter().map(|hole| filling(site, prose, hole.fill, answers)).collect()
        })
        .collect()
}

fn filling<'s>(site: &'s Site, prose: &'s Prose, fill: Fill, answers: &[Answer]) -> Cow<'s, str> {
    let nothing = Answer::Nothing;
    match fill {
        Fill::Link(index) => {
            let answer = answers.get(index as usize).unwrap_or(&nothing);
            let text: &str = match (&prose.references[index as usize].target, answer) {
                (_, Answer::Page { page, by_id: true, .. }) => site.title(*page),
                (Target::Name { name, .. }, _) if !name.is_empty() => name,
                (_, Answer::Page { page, .. }) => site.title(*page),
                (Target::Name { anchor: Some(anchor), .. } | Target::Here { anchor }, _) => anchor,
                _ => "",
            };
            text.into()
        }
        Fill::Fact(index) => {
            let reference = &prose.references[index as usize];
            match (&reference.label, &reference.target, answers.get(index as usize)) {
                (Some(label), ..) => {
                    let mut text = Text::default();
                    text.html(label);
                    text.0.into()
                }
                (None, Target::Fact { part, .. }, Some(Answer::Fact(fact))) => {
                    site.fact(*fact).display(part).unwrap_or_default()
                }
                _ => "".into(),
            }
        }
        Fill::Image(index) => prose.images[index as usize].alternative.as_str().into(),
        Fill::Code(index) => prose.codes[index as usize].text.as_str().into(),
        // What is embedded is found on its own page.
        Fill::LinkOpen(_) | Fill::LinkClose(_) | Fill::Embed(_) => "".into(),
    }
}

/// The passages of a page: its fields, the text above the first heading, then one for each heading.
#[must_use]
pub fn passages(site: &Site, page: PageId, fillings: &[Vec<Cow<'_, str>>], config: &Config) -> Vec<Passage> {
    let document = site.document(page);
    let mut passages = vec![Passage::default()];
    body(&document.body, &fillings[0], &mut passages);
    let declared = &config.kind(document.kind).fields;
    let mut number = 1;
    for field in &document.front.fields {
        let mut text = Text::default();
        for prose in &field.proses {
            text.gap();
            text.prose(prose, &fillings[number], 0..prose.html.len());
            number += 1;
        }
        let title = declared.iter().find(|known| known.id == field.id).map_or(&field.id, |known| &known.label);
        if !text.0.is_empty() {
            passages.push(Passage { anchor: String::new(), title: title.clone(), text: text.finish() });
        }
    }
    passages.retain(|passage| !(passage.text.is_empty() && passage.title.is_empty()));
    passages
}

fn body(prose: &Prose, fillings: &[Cow<'_, str>], passages: &mut Vec<Passage>) {
    let starts = prose.headings.iter().map(|heading| heading.at as usize);
    let ends: Vec<usize> = starts.chain([prose.html.len()]).collect();
    let mut text = Text::default();
    text.prose(prose, fillings, 0..ends[0].min(prose.html.len()));
    passages[0].text = text.finish();
    for (heading, end) in prose.headings.iter().zip(&ends[1..]) {
        let start = heading.at as usize;
        let close = format!("</h{}>", heading.level);
        let start = prose.html[start..].find(&close).map_or(start, |at| start + at + close.len());
        let mut text = Text::default();
        text.prose(prose, fillings, start.min(*end)..*end);
        passages.push(Passage { anchor: heading.id.clone(), title: heading.title.clone(), text: text.finish() });
    }
}

/// Text being put together: no two spaces in a row, none at the start.
#[derive(Default)]
struct Text(String);

/// Whether an element stands inside a word or a line.
fn is_inline(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "b"
            | "bdi"
            | "cite"
            | "code"
            | "data"
            | "del"
            | "em"
            | "i"
            | "ins"
            | "kbd"
            | "mark"
            | "math"
            | "mi"
            | "mn"
            | "mo"
            | "mrow"
            | "q"
            | "s"
            | "small"
            | "span"
            | "strong"
            | "sub"
            | "sup"
            | "u"
    )
}

/// Whether a byte of UTF-8 is surely none of white space: all that is starts with one of the others.
fn is_solid(byte: u8) -> bool {
    !matches!(byte, 0..=b' ' | 0xc2 | 0xe1..=0xe3)
}

/// Elements whose content nobody reads.
const SILENT: [&str; 4] = ["annotation", "script", "style", "template"];

impl Text {
    fn prose(&mut self, prose: &Prose, fillings: &[Cow<'_, str>], range: std::ops::Range<usize>) {
        let mut at = range.start;
        let first = prose.holes.partition_point(|hole| (hole.at as usize) < range.start);
        for (hole, filling) in prose.holes[first..].iter().zip(&fillings[first..]) {
            let here = hole.at as usize;
            if here > range.end || (here == range.end && here < prose.html.len()) {
                break;
            }
            self.html(&prose.html[at..here]);
            at = here;
            match hole.fill {
                Fill::Code(_) | Fill::Image(_) => {
                    self.gap();
                    self.words(filling);
                    self.gap();
                }
                _ => self.words(filling),
            }
        }
        self.html(&prose.html[at..range.end]);
    }

    /// Takes a piece of our own HTML: tags go, references are resolved.
    fn html(&mut self, html: &str) {
        let mut rest = html;
        while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'<' | b'&')) {
            self.words(&rest[..at]);
            rest = &rest[at..];
            if rest.starts_with('&') {
                let (letter, length) = reference(rest);
                let mut buffer = [0; 4];
                self.words(letter.encode_utf8(&mut buffer));
                rest = &rest[length..];
                continue;
            }
            let closes = rest[1..].starts_with('/');
            let name = &rest[1 + usize::from(closes)..];
            let name = &name[..name.bytes().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(name.len())];
            if !is_inline(name) {
                self.gap();
            }
            let end = rest.bytes().position(|byte| byte == b'>').map_or(rest.len(), |at| at + 1);
            rest = &rest[end..];
            if !closes && SILENT.contains(&name) {
                let close = format!("</{name}");
                rest = rest.find(&close).map_or("", |at| &rest[at..]);
            }
        }
        self.words(rest);
    }

    /// Takes text with any white space in it. Most has single spaces only, and is taken in one piece.
    fn words(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let (mut taken, mut at) = (0, 0);
        while at < bytes.len() {
            let byte = bytes[at];
            let is_single = || byte == b' ' && bytes.get(at + 1).is_some_and(|next| is_solid(*next));
            if is_solid(byte) || (at > taken && is_single()) {
                at += 1;
                continue;
            }
            // White space of some sort, or a letter whose first byte does not tell.
            let rest = &text[at..];
            let space = rest.len() - rest.trim_start().len();
            if space == 0 {
                at += rest.chars().next().map_or(1, char::len_utf8);
                continue;
            }
            self.0.push_str(&text[taken..at]);
            self.gap();
            at += space;
            taken = at;
        }
        self.0.push_str(&text[taken..]);
    }

    fn gap(&mut self) {
        if !(self.0.is_empty() || self.0.ends_with(' ')) {
            self.0.push(' ');
        }
    }

    fn finish(mut self) -> String {
        self.0.truncate(self.0.trim_end().len());
        self.0
    }
}

/// The letter that a character reference at the start of `html` stands for, and the length of the reference. A reference
/// that is none is the sign itself.
fn reference(html: &str) -> (char, usize) {
    let Some(end) = html.bytes().take(12).position(|byte| byte == b';') else { return ('&', 1) };
    let letter = match &html[1..end] {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "nbsp" => Some(' '),
        name => name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok().and_then(char::from_u32),
            None => number.parse().ok().and_then(char::from_u32),
        }),
    };
    letter.map_or(('&', 1), |letter| (letter, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_text() {
        let mut text = Text::default();
        text.html("<p>A <strong>b</strong>c &amp; d&#x27;e</p>\n<ul><li>f</li><li>g&lt;h</li></ul><math><mi>x</mi><annotation>y</annotation></math>");
        assert_eq!(text.finish(), "A bc & d'e f g<h x");
    }
}
