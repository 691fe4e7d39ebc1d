//! Compiled Markdown: HTML with numbered holes where other pages, facts and assets will stand.

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
    /// What a reader reads, without marks; blocks are separated by `\n`.
    pub text: String,
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
    pub label: Option<String>,
    /// The part of [`Prose::text`] that is the link's text.
    pub text: (u32, u32),
}

/// The ways of naming something.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Target {
    /// `[[Name]]` or `[[Name#Heading]]`: by id, title or alias.
    Name {
        /// Before the `#`.
        name: String,
        /// After it.
        anchor: Option<String>,
    },
    /// A path to a source, relative to this file: `../skills/mixing.md#anchor`.
    Source {
        /// Before the `#`, percent-decoded.
        path: String,
        /// After it.
        anchor: Option<String>,
    },
    /// A path on the site: `/roles/producer/#anchor`.
    Site {
        /// Before the `#`, percent-decoded.
        path: String,
        /// After it.
        anchor: Option<String>,
    },
    /// A place on this page: `#anchor`.
    Here {
        /// The anchor.
        anchor: String,
    },
    /// `[[fact:id]]` or `[[fact:id.part]]`.
    Fact {
        /// The fact's id.
        id: String,
        /// What of it, after the first dot.
        part: String,
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
    /// Escaped text as prose, without holes.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        let mut html = String::with_capacity(text.len() + 8);
        super::html::escape_into(&mut html, text);
        Self { html, text: text.to_owned(), ..Self::default() }
    }

    /// One hole and nothing else.
    #[must_use]
    pub fn of_reference(target: Target, span: Span, fill: fn(u32) -> Fill) -> Self {
        let reference = Reference { target, span, label: None, text: (0, 0) };
        Self { references: vec![reference], holes: vec![Hole { at: 0, fill: fill(0) }], ..Self::default() }
    }

    /// The sentence around a reference, and where the reference's text lies in it. At most about 240 bytes; cut at
    /// words, with an ellipsis where text is missing.
    #[must_use]
    pub fn sentence_around(&self, reference: &Reference) -> (String, std::ops::Range<usize>) {
        const SIDE_BYTES_MAX: usize = 110;
        let (start, end) = (reference.text.0 as usize, (reference.text.1 as usize).min(self.text.len()));
        let before = &self.text[..start];
        let block_start = before.rfind('\n').map_or(0, |at| at + 1);
        let mut from = before[block_start..].rfind(['.', '!', '?']).map_or(block_start, |at| {
            let after = block_start + at + 1;
            // A stop that no space follows is inside a number or an abbreviation.
            if self.text[after..].starts_with(' ') { after } else { block_start }
        });
        let mut cut_before = false;
        if start - from > SIDE_BYTES_MAX {
            from = floor(&self.text, start - SIDE_BYTES_MAX);
            from = self.text[from..start].find(' ').map_or(from, |at| from + at);
            cut_before = true;
        }
        let after = &self.text[end..];
        let block_end = after.find('\n').unwrap_or(after.len());
        let mut to = block_end;
        let mut from_here = 0;
        while let Some(at) = after[from_here..block_end].find(['.', '!', '?']) {
            let stop = from_here + at + 1;
            if stop >= block_end || after[stop..].starts_with(' ') {
                to = stop;
                break;
            }
            from_here = stop;
        }
        let mut cut_after = false;
        if to > SIDE_BYTES_MAX {
            let cut = floor(after, SIDE_BYTES_MAX);
            to = after[..cut].rfind(' ').unwrap_or(cut);
            cut_after = true;
        }
        let mut sentence = String::with_capacity(to + end - from + 8);
        if cut_before {
            sentence.push('…');
        }
        let lead = self.text[from..start].trim_start();
        sentence.push_str(lead);
        let mark_start = sentence.len();
        sentence.push_str(&self.text[start..end]);
        let mark_end = sentence.len();
        sentence.push_str(after[..to].trim_end());
        if cut_after {
            sentence.push('…');
        }
        (sentence, mark_start..mark_end)
    }
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
