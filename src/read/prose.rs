//! Compiled Markdown: HTML with numbered holes where other pages, facts and assets will stand.

use std::sync::Arc;

use crate::base::Span;

/// A piece of Markdown after `read`: everything that can be known without looking at another file.
///
/// `html` is finished but for the holes. Holes are sorted by where they stand; filling them in order gives the final
/// HTML. Two proses that are equal render the same wherever their references lead to the same things.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Prose {
    /// HTML without what belongs into the holes.
    pub html: String,
    /// Where something is missing, and what; sorted by `at`.
    pub holes: Vec<Hole>,
    /// What the holes refer to, in the order of the text.
    pub references: Vec<Reference>,
    /// Fenced and indented code, to be coloured.
    pub codes: Vec<CodeBlock>,
    /// Pictures whose files and sizes are known later.
    pub images: Vec<Image>,
    /// Headings in order.
    pub headings: Vec<Heading>,
}

/// A gap in [`Prose::html`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Hole {
    /// Offset into `html`.
    pub at: u32,
    /// What belongs there.
    pub fill: Fill,
}

/// What belongs into a hole; numbers are places in the lists of the same [`Prose`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fill {
    /// The start tag of a link; nothing where the target is a draft.
    LinkOpen(u32),
    /// Its end tag.
    LinkClose(u32),
    /// A whole link whose text is the target's title or the name as written.
    Link(u32),
    /// A fact's value with its citation. When it has a label, the label stands in the hole's reference.
    Fact(u32),
    /// Another page or one of its sections.
    Embed(u32),
    /// A picture.
    Image(u32),
    /// A block of code.
    Code(u32),
}

/// Something named in the text that only the whole site can resolve.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reference {
    /// What is named, and how.
    pub target: Target,
    /// Where, in the file.
    pub span: Span,
    /// HTML of the label of a fact, where it has one.
    pub label: Option<Box<str>>,
    /// The sentence around it, where it may lead to another page.
    pub context: Option<Context>,
}

/// The sentence around a link, for the page that it leads to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Context {
    /// The sentence, cut at words to about 240 bytes, with an ellipsis where text is missing.
    pub sentence: Arc<str>,
    /// First byte of the link's text in it.
    pub mark_start: u16,
    /// One past its last byte.
    pub mark_end: u16,
}

/// The ways of naming something.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Target {
    /// `[[Name]]` or `[[Name#Heading]]`: by id, title or alias.
    Name {
        /// Before the `#`.
        name: Box<str>,
        /// After it.
        anchor: Option<Box<str>>,
    },
    /// A path to a source, relative to this file: `../skills/mixing.md#anchor`.
    Source {
        /// Before the `#`, percent-decoded.
        path: Box<str>,
        /// After it.
        anchor: Option<Box<str>>,
    },
    /// A path on the site: `/roles/producer/#anchor`.
    Site {
        /// Before the `#`, percent-decoded.
        path: Box<str>,
        /// After it.
        anchor: Option<Box<str>>,
    },
    /// A place on this page: `#anchor`.
    Here {
        /// The anchor.
        anchor: Box<str>,
    },
    /// `[[fact:id]]` or `[[fact:id.part]]`.
    Fact {
        /// The fact's id.
        id: Box<str>,
        /// What of it, after the first dot.
        part: Box<str>,
    },
    /// `[[calc:id]]` or `[[calc:id.result]]`.
    Calculator {
        /// The calculator's id.
        id: Box<str>,
        /// One of its results, after the first dot; empty for the whole.
        result: Box<str>,
    },
}

/// A heading of the text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Anchor, unique on the page.
    pub id: String,
    /// Its text without marks.
    pub title: String,
    /// Where the section's HTML begins in [`Prose::html`], the heading itself included.
    pub at: u32,
    /// Stands inside a list, a quote or a note: its section is not a whole piece of HTML and cannot be embedded.
    pub nested: bool,
}

/// A block of code.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CodeBlock {
    /// First word of the info string; empty when there is none.
    pub language: String,
    /// The code.
    pub text: String,
    /// Where it stands in the file.
    pub span: Span,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Image {
    /// Path relative to this file, site path, or address.
    pub source: String,
    /// What it shows, in words; empty for decoration.
    pub alternative: String,
    /// Becomes the caption when the picture stands alone in its paragraph.
    pub title: String,
    /// Stands alone in its paragraph.
    pub alone: bool,
    /// Where it stands in the file.
    pub span: Span,
}

impl Prose {
    /// Whether it embeds a page.
    #[must_use]
    pub fn embeds(&self) -> bool {
        self.holes.iter().any(|hole| matches!(hole.fill, Fill::Embed(_)))
    }

    /// Escaped text as prose, without holes.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        let mut html = String::with_capacity(text.len() + 8);
        super::html::escape_into(&mut html, text);
        Self { html, ..Self::default() }
    }

    /// One hole and nothing else.
    #[must_use]
    pub fn of_reference(target: Target, span: Span, fill: fn(u32) -> Fill) -> Self {
        let reference = Reference { target, span, label: None, context: None };
        Self { references: vec![reference], holes: vec![Hole { at: 0, fill: fill(0) }], ..Self::default() }
    }
}

/// The sentence around the part `link` of a text whose blocks are separated by `\n`; `None` when there is nothing to
/// show. `sentence` is where it is put together: one for all links of a page, so that what is kept is no longer than it
/// must be and was never moved. A link in the sentence of the link before it, `last`, shares that.
pub fn sentence_around(
    text: &str,
    link: std::ops::Range<usize>,
    sentence: &mut String,
    last: Option<&Arc<str>>,
) -> Option<Context> {
    /// Most bytes shown on each side of the link.
    const SIDE_BYTES_MAX: usize = 110;
    let (start, end) = (link.start, link.end.min(text.len()));
    if start >= end {
        return None;
    }
    let before = &text[floor(text, start.saturating_sub(4 * SIDE_BYTES_MAX))..start];
    let block = before.rfind('\n').map_or(before, |at| &before[at + 1..]);
    // A stop that no space follows is inside a number or an abbreviation.
    let stop = block.as_bytes().windows(2).rposition(|pair| pair[1] == b' ' && matches!(pair[0], b'.' | b'!' | b'?'));
    let mut lead = stop.map_or(block, |at| &block[at + 2..]);
    sentence.clear();
    if lead.len() > SIDE_BYTES_MAX {
        lead = &lead[floor(lead, lead.len() - SIDE_BYTES_MAX)..];
        lead = lead.find(' ').map_or(lead, |at| &lead[at + 1..]);
        sentence.push('…');
    }
    sentence.push_str(lead.trim_start());
    let mark_start = sentence.len();
    sentence.push_str(&text[start..end]);
    let mark_end = sentence.len();
    let after = &text[end..];
    let after = &after[..floor(after, 4 * SIDE_BYTES_MAX)];
    let block = after.find('\n').map_or(after, |at| &after[..at]);
    let mut tail = block;
    let mut from = 0;
    while let Some(at) = block[from..].find(['.', '!', '?']) {
        let stop = from + at + 1;
        if stop >= block.len() || block[stop..].starts_with(' ') {
            tail = &block[..stop];
            break;
        }
        from = stop;
    }
    let cut = tail.len() > SIDE_BYTES_MAX;
    if cut {
        tail = &tail[..floor(tail, SIDE_BYTES_MAX)];
        tail = tail.rfind(' ').map_or(tail, |at| &tail[..at]);
    }
    sentence.push_str(tail.trim_end());
    if cut {
        sentence.push('…');
    }
    let number = |at: usize| u16::try_from(at).ok();
    let (mark_start, mark_end) = (number(mark_start)?, number(mark_end)?);
    let sentence = match last.filter(|last| ***last == **sentence) {
        Some(last) => last.clone(),
        None => sentence.as_str().into(),
    };
    Some(Context { mark_start, mark_end, sentence })
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
