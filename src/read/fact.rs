//! Fact records: one figure or statement each, with source, date and what it leaves out.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};

use super::measure::Unit;
use crate::base::{Date, Fingerprint, PartialDate, SourcePath, Span, Spanned, fingerprint_of};
use crate::data::{Fields, Node, Parsed, Value, forget_consequences, items, parse_yaml};
use crate::diag::{Code, Diagnostic};

/// A fact record. Its figures are finite numbers; what its unit means is in [`Unit`].
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// Stable name: lower-case words and digits with hyphens.
    pub id: String,
    /// What is the case, in one sentence.
    pub statement: String,
    /// The figure or figures.
    pub figures: Figures,
    /// Of all figures.
    pub unit: Unit,
    /// The unit as written.
    pub unit_text: String,
    /// What low and high are: `p10–p90`.
    pub spread: Option<String>,
    /// The time the data describes.
    pub as_of: PartialDate,
    /// Where it holds.
    pub place: String,
    /// Who or what is left out.
    pub excludes: Option<String>,
    /// What kind of evidence it is; one of [`EVIDENCE`].
    pub evidence: &'static str,
    /// Where it was published; `None` only for an editor's estimate.
    pub source: Option<FactSource>,
    /// How an estimate was reached.
    pub reasoning: Option<String>,
    /// high, medium or low.
    pub confidence: &'static str,
    /// Whether the primary source was read, or another page that reports it.
    pub seen: &'static str,
    /// The day the source was last read.
    pub checked: Option<Date>,
    /// The day it should be read again.
    pub check_again: Option<Date>,
    /// What a reader must know to use it honestly.
    pub note: Option<String>,
    /// The file it stands in.
    pub path: SourcePath,
    /// Where its id stands.
    pub id_span: Span,
    /// Where the day of the next check stands.
    pub check_again_span: Span,
    /// The whole of it as a reader sees it, which pages ask for over and over; `None` where it has no whole.
    shown: Option<Box<str>>,
}

/// Where a fact or a page's statement was published.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FactSource {
    /// Its title.
    pub title: String,
    /// Who published it.
    pub publisher: Option<String>,
    /// Where it can be read.
    pub url: Option<String>,
}

/// The figure or figures of a fact.
#[derive(Debug, Clone, PartialEq)]
pub enum Figures {
    /// A statement without a number.
    Text(String),
    /// One number.
    Value(f64),
    /// Two or three of low, typical and high; they do not decrease.
    Range {
        /// Lower end.
        low: Option<f64>,
        /// Median or most common.
        typical: Option<f64>,
        /// Upper end.
        high: Option<f64>,
    },
    /// A number for each of some years, ascending; not empty.
    Series(Vec<(String, f64)>),
}

impl Hash for Figures {
    /// Numbers count by their bits.
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Self::Text(text) => text.hash(state),
            Self::Value(number) => number.to_bits().hash(state),
            Self::Range { low, typical, high } => [low, typical, high].map(|end| end.map(f64::to_bits)).hash(state),
            Self::Series(years) => {
                for (year, number) in years {
                    (year, number.to_bits()).hash(state);
                }
            }
        }
    }
}

/// Kinds of evidence, strongest first.
pub const EVIDENCE: [&str; 7] = [
    "official statistic",
    "rule or rate card",
    "survey",
    "platform report",
    "trade estimate",
    "one seller",
    "editor's estimate",
];

const CONFIDENCE: [&str; 3] = ["high", "medium", "low"];
const SEEN: [&str; 2] = ["direct", "relayed"];

impl Fact {
    /// Of everything that a page may show of it: all but its place in the file.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        let value = (&self.id, &self.statement, &self.figures, &self.unit, &self.unit_text, &self.spread);
        let limits = (self.as_of, &self.place, &self.excludes);
        let grounds = (self.evidence, &self.source, &self.reasoning, self.confidence, self.seen);
        fingerprint_of(&(value, limits, grounds, self.checked, self.check_again, &self.note))
    }

    /// The fact, or a part of it, as a reader sees it. Parts are `low`, `typical`, `high`, `range`, `value` or a year
    /// of a series; `amount`, alone or after another part, leaves out "a year". `None` when there is no such part.
    #[must_use]
    pub fn display(&self, part: &str) -> Option<Cow<'_, str>> {
        match part {
            "" => self.shown.as_deref().map(Cow::Borrowed),
            part => self.displayed(part).map(Cow::Owned),
        }
    }

    fn displayed(&self, part: &str) -> Option<String> {
        let (part, with_per) = match part {
            "amount" => ("", false),
            part => part.strip_suffix(".amount").map_or((part, true), |part| (part, false)),
        };
        let one = |number: f64| self.unit.format(number, with_per);
        match (&self.figures, part) {
            (Figures::Text(text), "" | "value") => Some(text.clone()),
            (Figures::Value(number), "" | "value") => Some(one(*number)),
            (Figures::Range { low, typical, high }, "") => Some(match (low, typical, high) {
                (Some(low), Some(typical), Some(high)) => {
                    format!("{} ({})", one(*typical), self.unit.format_range(*low, *high, false))
                }
                (Some(low), None, Some(high)) => self.unit.format_range(*low, *high, with_per),
                (Some(low), Some(typical), None) => {
                    format!("{} (from {})", one(*typical), self.unit.format(*low, false))
                }
                (None, Some(typical), Some(high)) => {
                    format!("{} (up to {})", one(*typical), self.unit.format(*high, false))
                }
                _ => return None,
            }),
            (Figures::Range { low, .. }, "low") => low.map(one),
            (Figures::Range { typical, .. }, "typical" | "value") => typical.map(one),
            (Figures::Range { high, .. }, "high") => high.map(one),
            (Figures::Range { low: Some(low), high: Some(high), .. }, "range") => {
                Some(self.unit.format_range(*low, *high, with_per))
            }
            (Figures::Series(years), "") => years
                .last()
                .map(|(year, number)| if with_per { format!("{} ({year})", one(*number)) } else { one(*number) }),
            (Figures::Series(years), year) => {
                years.iter().find(|(known, _)| known == year).map(|(_, number)| one(*number))
            }
            _ => None,
        }
    }

    /// The parts that [`Fact::display`] knows for this fact.
    #[must_use]
    pub fn parts(&self) -> Vec<&str> {
        match &self.figures {
            Figures::Text(_) | Figures::Value(_) => vec!["value"],
            Figures::Range { low, typical, high } => {
                let mut parts = Vec::new();
                parts.extend(low.map(|_| "low"));
                parts.extend(typical.map(|_| "typical"));
                parts.extend(high.map(|_| "high"));
                if low.is_some() && high.is_some() {
                    parts.push("range");
                }
                parts
            }
            Figures::Series(years) => years.iter().map(|(year, _)| year.as_str()).collect(),
        }
    }

    /// The one number that stands for the fact: its value, its typical value, or the last of its series.
    #[must_use]
    pub fn typical(&self) -> Option<f64> {
        match &self.figures {
            Figures::Text(_) => None,
            Figures::Value(number) => Some(*number),
            Figures::Range { low, typical, high } => typical.or(match (low, high) {
                (Some(_), Some(_)) => None,
                (low, high) => low.or(*high),
            }),
            Figures::Series(years) => years.last().map(|(_, number)| *number),
        }
    }

    /// Whether it was due to be read again before `day`.
    #[must_use]
    pub fn is_stale(&self, day: Date) -> bool {
        self.check_again.is_some_and(|due| due < day)
    }
}

/// Reads a file of fact records: a list of mappings.
pub fn read_facts(path: &SourcePath, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Vec<Fact> {
    let since = diagnostics.len();
    let Parsed { node, broke_off } = parse_yaml(path, text, 0, diagnostics);
    if let Value::Map(_) | Value::Scalar(_) = node.value {
        let message = format!("a file of facts holds a list, not {}", node.description());
        let diagnostic = Diagnostic::at(Code::ValueType, path, node.span, message);
        diagnostics.push(diagnostic.help("begin each record with `- id: …`"));
        return Vec::new();
    }
    let facts = items(&node).iter().filter_map(|record| read_fact(path, record, diagnostics)).collect();
    if broke_off {
        forget_consequences(diagnostics, since);
    }
    facts
}

fn read_fact(path: &SourcePath, node: &Node, diagnostics: &mut Vec<Diagnostic>) -> Option<Fact> {
    let mut fields = Fields::open(path, node, "a fact", diagnostics);
    let id = fields.required_text("id", "this fact");
    let what = id.as_ref().map_or_else(|| "this fact".to_owned(), |id| format!("the fact `{}`", id.value));
    if let Some(id) = &id
        && !is_fact_id(&id.value)
    {
        let message = format!("`{}` cannot be the id of a fact", id.value);
        let diagnostic = Diagnostic::at(Code::ValueType, path, id.span, message);
        fields.diagnostics().push(diagnostic.help("use lower-case letters, digits and hyphens: `us-median-wage-2025`"));
    }
    let statement = fields.required_text("statement", &what);
    let figures = read_figures(&mut fields, &what);
    let unit_text = fields.text("unit").map(|unit| unit.value).unwrap_or_default();
    let spread = fields.text("spread").map(|spread| spread.value);
    if fields.node("as_of").is_none() {
        fields.missing("as_of", &what);
    }
    let as_of = fields.partial_date("as_of");
    let place = fields.required_text("place", &what);
    let excludes = fields.text("excludes").map(|excludes| excludes.value);
    if fields.node("evidence").is_none() {
        fields.missing("evidence", &what);
    }
    let evidence = word(&mut fields, "evidence", &EVIDENCE);
    let source_node = fields.node("source");
    let reasoning = fields.text("reasoning").map(|reasoning| reasoning.value);
    let confidence = word(&mut fields, "confidence", &CONFIDENCE).unwrap_or("medium");
    let seen = word(&mut fields, "seen", &SEEN).unwrap_or("direct");
    let checked = fields.day("checked").map(|day| day.value);
    let check_again = fields.day("check_again");
    let note = fields.text("note").map(|note| note.value);
    let whole = fields.span();
    fields.finish("a fact");
    let source = source_node.and_then(|node| read_source(path, node, diagnostics));
    let id = id?;
    if evidence == Some("editor's estimate") {
        if reasoning.is_none() {
            let message = format!("the estimate `{}` does not say how it was reached", id.value);
            let diagnostic = Diagnostic::at(Code::FactUnsourced, path, id.span, message);
            diagnostics.push(diagnostic.help("add `reasoning: …`"));
        }
    } else if source.is_none() && evidence.is_some() {
        let message = format!("the fact `{}` names no source", id.value);
        let diagnostic = Diagnostic::at(Code::FactUnsourced, path, id.span, message);
        diagnostics
            .push(diagnostic.help("add `source: {title: …, publisher: …, url: …}`, or call it an editor's estimate"));
    }
    let check_again_span = check_again.as_ref().map_or(whole, |day| day.span);
    let mut fact = Fact {
        statement: statement.map(|statement| statement.value).unwrap_or_default(),
        figures: figures?,
        unit: Unit::parse(&unit_text),
        unit_text,
        spread,
        as_of: as_of.map_or(PartialDate { year: 1970, month: None, day: None }, |date| date.value),
        place: place.map(|place| place.value).unwrap_or_default(),
        excludes,
        evidence: evidence.unwrap_or(EVIDENCE[4]),
        source,
        reasoning,
        confidence,
        seen,
        checked,
        check_again: check_again.map(|day| day.value),
        note,
        path: path.clone(),
        id_span: id.span,
        check_again_span,
        id: id.value,
        shown: None,
    };
    fact.shown = fact.displayed("").map(Into::into);
    Some(fact)
}

/// `{title, publisher, url}`; a bare text is a title.
pub fn read_source(path: &SourcePath, node: &Node, diagnostics: &mut Vec<Diagnostic>) -> Option<FactSource> {
    if let Some(title) = node.text() {
        return Some(FactSource { title: title.to_owned(), publisher: None, url: None });
    }
    let mut fields = Fields::open(path, node, "a source", diagnostics);
    let title = fields.required_text("title", "this source");
    let publisher = fields.text("publisher").map(|publisher| publisher.value);
    let url = fields.text("url");
    if let Some(url) = &url
        && !(url.value.starts_with("https://") || url.value.starts_with("http://"))
    {
        let message = format!("`{}` is not a web address", url.value);
        let diagnostic = Diagnostic::at(Code::LinkUnsafe, path, url.span, message);
        fields.diagnostics().push(diagnostic.help("write it whole, with `https://` in front"));
    }
    fields.finish("a source");
    Some(FactSource { title: title?.value, publisher, url: url.map(|url| url.value) })
}

fn word(fields: &mut Fields<'_, '_>, key: &'static str, words: &[&'static str]) -> Option<&'static str> {
    let text = fields.text(key)?;
    let found = words.iter().copied().find(|word| *word == text.value);
    if found.is_none() {
        fields.not_a_choice(key, &text, words);
    }
    found
}

fn read_figures(fields: &mut Fields<'_, '_>, what: &str) -> Option<Figures> {
    let value = fields.node("value");
    let series = fields.node("series");
    let spread = ["low", "typical", "high"].map(|key| (key, fields.node(key)));
    let has_spread = spread.iter().any(|(_, node)| node.is_some());
    let forms = usize::from(value.is_some()) + usize::from(series.is_some()) + usize::from(has_spread);
    if forms != 1 && !fields.is_mapping() {
        return None;
    }
    if forms != 1 {
        let (path, span) = (fields.path(), fields.span());
        let said = if forms == 0 { "no figure" } else { "figures in more than one form" };
        let diagnostic = Diagnostic::at(
            Code::KeyMissing,
            path,
            Span::new(span.range().start, span.range().start),
            format!("{what} has {said}"),
        );
        fields.diagnostics().push(
            diagnostic.help("give it `value`, or two or three of `low`, `typical` and `high`, or a `series` by year"),
        );
        return None;
    }
    if let Some(value) = value {
        return match (value.number(), value.text()) {
            (Some(number), _) => Some(Figures::Value(number)),
            (None, Some(text)) => Some(Figures::Text(text.to_owned())),
            (None, None) => {
                fields.wrong_type(value, "value", "a number or a text");
                None
            }
        };
    }
    if let Some(series) = series {
        return read_series(fields, series);
    }
    let mut numbers: [Option<Spanned<f64>>; 3] = [None, None, None];
    for (slot, (key, node)) in numbers.iter_mut().zip(spread) {
        let Some(node) = node else { continue };
        match node.number() {
            Some(number) => *slot = Some(Spanned::new(number, node.span)),
            None => {
                fields.wrong_type(node, key, "a number");
                return None;
            }
        }
    }
    let given: Vec<&Spanned<f64>> = numbers.iter().flatten().collect();
    if given.len() < 2 {
        let span = given.first().map_or(fields.span(), |number| number.span);
        let path = fields.path();
        let diagnostic = Diagnostic::at(Code::KeyMissing, path, span, format!("{what} has one end of a range only"));
        fields.diagnostics().push(diagnostic.help("two or three of `low`, `typical` and `high`, or a single `value`"));
        return None;
    }
    for pair in given.windows(2) {
        if pair[0].value > pair[1].value {
            let (path, span) = (fields.path(), pair[1].span);
            fields.diagnostics().push(Diagnostic::at(
                Code::ValueType,
                path,
                span,
                "low, typical and high must not decrease",
            ));
        }
    }
    let number = |slot: &Option<Spanned<f64>>| slot.as_ref().map(|number| number.value);
    Some(Figures::Range { low: number(&numbers[0]), typical: number(&numbers[1]), high: number(&numbers[2]) })
}

fn read_series(fields: &mut Fields<'_, '_>, node: &Node) -> Option<Figures> {
    let path = fields.path();
    let mut years = Vec::new();
    let mut inner = Fields::open(path, node, "`series`", fields.diagnostics());
    for entry in inner.all() {
        let is_year = entry.key.len() >= 4
            && entry.key.as_bytes()[..4].iter().all(u8::is_ascii_digit)
            && !entry.key.contains('.');
        match entry.node.number() {
            Some(number) if is_year => years.push((entry.key.clone(), number)),
            Some(_) => {
                let message = format!("`{}` is not a year", entry.key);
                inner.diagnostics().push(Diagnostic::at(Code::ValueType, path, entry.key_span, message));
            }
            None => inner.wrong_type(&entry.node, &entry.key, "a number"),
        }
    }
    years.sort_by(|a, b| a.0.cmp(&b.0));
    if years.is_empty() && inner.all().is_empty() {
        let diagnostic = Diagnostic::at(Code::KeyMissing, path, node.span, "this series has no year");
        inner.diagnostics().push(diagnostic.help("write it as `{2023: 0.12, 2024: 0.124}`"));
    }
    if years.is_empty() { None } else { Some(Figures::Series(years)) }
}

fn is_fact_id(id: &str) -> bool {
    !id.is_empty()
        && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !id.starts_with('-')
        && !id.ends_with('-')
}
