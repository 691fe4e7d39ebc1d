//! Diagnostics as values: what is wrong, where, and what to do about it; rendered for people and for machines.

mod brief;
pub mod codes;
mod machine;
mod terminal;

use crate::base::{SourcePath, Span};

pub use brief::to_brief_text;
pub use codes::Code;
pub use machine::{to_github, to_json, to_sarif};
pub use terminal::{Colour, to_text};

/// How grave a diagnostic is. Only [`Severity::Error`] keeps a site from being published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The site is published, but something needs a look.
    Warning,
    /// Nothing is published.
    Error,
}

impl Severity {
    /// The word in front of a message.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A place in a file, with a few words about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label {
    /// The file.
    pub path: SourcePath,
    /// The bytes meant; `None` for the file as a whole.
    pub span: Option<Span>,
    /// What stands there; may be empty.
    pub text: String,
}

/// One fault: a stable code, a message in one sentence, the place, other places that bear on it, and help.
///
/// Messages are lower case, name things in backticks, carry no full stop and read well without colour.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Diagnostic {
    /// Which fault.
    pub code: Code,
    /// How grave, after the site's own settings were applied.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub message: String,
    /// The place itself first, then others.
    pub labels: Vec<Label>,
    /// What to do, one sentence each.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// A diagnostic with its code's usual severity at a place.
    #[must_use]
    pub fn at(code: Code, path: &SourcePath, span: Span, message: impl Into<String>) -> Self {
        Self::new(code, path, Some(span), message)
    }

    /// A diagnostic about a file as a whole.
    #[must_use]
    pub fn about(code: Code, path: &SourcePath, message: impl Into<String>) -> Self {
        Self::new(code, path, None, message)
    }

    fn new(code: Code, path: &SourcePath, span: Option<Span>, message: impl Into<String>) -> Self {
        let label = Label { path: path.clone(), span, text: String::new() };
        Self { code, severity: code.severity(), message: message.into(), labels: vec![label], help: Vec::new() }
    }

    /// Says something about the place itself.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        if let Some(label) = self.labels.first_mut() {
            label.text = text.into();
        }
        self
    }

    /// Adds another place that bears on the fault.
    #[must_use]
    pub fn also(mut self, path: &SourcePath, span: Option<Span>, text: impl Into<String>) -> Self {
        self.labels.push(Label { path: path.clone(), span, text: text.into() });
        self
    }

    /// Adds a sentence of help.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Adds "did you mean …" when one of `names` is near enough to `written`.
    #[must_use]
    pub fn suggest<'a>(self, written: &str, names: impl IntoIterator<Item = &'a str>) -> Self {
        match nearest(written, names) {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None => self,
        }
    }

    /// The file it is reported in.
    #[must_use]
    pub fn path(&self) -> Option<&SourcePath> {
        self.labels.first().map(|label| &label.path)
    }
}

/// Puts diagnostics in the order they are shown, by file, place, code and message, and drops repetitions.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| {
        let place = |diagnostic: &Diagnostic| {
            diagnostic.labels.first().map(|label| (label.path.clone(), label.span.unwrap_or_default()))
        };
        (place(a), a.code, &a.message).cmp(&(place(b), b.code, &b.message))
    });
    diagnostics.dedup();
}

/// The name nearest to what was written, when it is near enough to be meant: equal but for case, or within a third of
/// its length in edits (Damerau and Levenshtein's distance). Ties go to the name that sorts first.
pub fn nearest<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    /// Longer texts are not typing slips, and the distance costs the product of both lengths.
    const LENGTH_MAX: usize = 100;
    let written_lower = written.to_lowercase();
    let length = written_lower.chars().count();
    if length > LENGTH_MAX {
        return None;
    }
    let allowed = (length / 3).max(1);
    let letters = Letters::of(written);
    // A site has thousands of names: those that share most letters come first, and the others need not be measured.
    let mut candidates: Vec<(usize, &str)> = Vec::new();
    for name in names {
        let name_length = name.chars().count();
        if name_length > LENGTH_MAX || name_length.abs_diff(length) > allowed {
            continue;
        }
        let least = letters.distance_at_least(&Letters::of(name));
        if least <= allowed {
            candidates.push((least, name));
        }
    }
    candidates.sort_unstable();
    let mut best: Option<(usize, &str)> = None;
    for (least, name) in candidates {
        if best.is_some_and(|(distance, _)| distance < least) {
            break;
        }
        let distance = strsim::damerau_levenshtein(&written_lower, &name.to_lowercase());
        if distance <= allowed && best.is_none_or(|known| (distance, name) < known) {
            best = Some((distance, name));
        }
    }
    best.map(|(_, name)| name)
}

/// How often a text of at most a hundred characters has each letter, without case. Letters that fall together make two
/// texts look nearer than they are, never farther.
struct Letters([u8; 32]);

impl Letters {
    fn of(text: &str) -> Self {
        let mut counts = [0u8; 32];
        let mut count = |letter: u32| {
            let place = &mut counts[(letter & 31) as usize];
            *place = place.saturating_add(1);
        };
        match text.is_ascii() {
            true => text.bytes().for_each(|letter| count(u32::from(letter.to_ascii_lowercase()))),
            false => text.to_lowercase().chars().for_each(|letter| count(u32::from(letter))),
        }
        Self(counts)
    }

    /// An edit takes one letter away, brings one, or both; an exchange of neighbours does neither.
    fn distance_at_least(&self, other: &Self) -> usize {
        let mut gone = 0;
        let mut come = 0;
        for (one, two) in self.0.iter().zip(&other.0) {
            gone += u32::from(one.saturating_sub(*two));
            come += u32::from(two.saturating_sub(*one));
        }
        gone.max(come) as usize
    }
}

/// The texts that diagnostics point into. Renderers ask for the text of a path and get `None` when it is not text.
pub trait Sources {
    /// The whole text of a file.
    fn text(&self, path: &SourcePath) -> Option<&str>;
}

/// Line and column of a byte offset, both counted from 1; columns count characters.
#[must_use]
pub fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = &text[..offset];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.bytes().filter(|byte| *byte == b'\n').count() + 1, before[line_start..].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_names_are_near() {
        let names = ["requires", "leads_to", "part_of"];
        assert_eq!(nearest("require", names), Some("requires"));
        assert_eq!(nearest("Leads_To", names), Some("leads_to"));
        assert_eq!(nearest("partof", names), Some("part_of"));
        assert_eq!(nearest("nothing", names), None);
    }

    #[test]
    fn of_names_as_near_the_first_is_named_and_letters_may_change_places() {
        assert_eq!(nearest("roal", ["roll", "role", "road"]), Some("road"));
        assert_eq!(nearest("porducer", ["products", "producer"]), Some("producer"));
        assert_eq!(nearest("ÜBUNG", ["übung", "Übungen"]), Some("übung"));
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_nearer_than_its_letters_allow(one in "[a-cA-CßİéΣς]{0,12}", two in "[a-cA-CßİéΣς]{0,12}") {
            let least = Letters::of(&one).distance_at_least(&Letters::of(&two));
            proptest::prop_assert!(least <= strsim::damerau_levenshtein(&one.to_lowercase(), &two.to_lowercase()));
        }
    }

    #[test]
    fn lines_and_columns_count_characters() {
        assert_eq!(line_and_column("añb\nc", 3), (1, 3));
        assert_eq!(line_and_column("añb\nc", 5), (2, 1));
        assert_eq!(line_and_column("a", 99), (1, 2));
    }
}
