//! Front matter: the YAML between two lines of `---` at the top of an article, read by its kind's own keys.

use super::Place;
use super::exactly;
use super::fact::{FactSource, read_source};
use super::field::{FieldValue, read_field};
use crate::base::{Date, KindId, RelationId, SourcePath, Span, Spanned};
use crate::config::{Config, Field, language};
use crate::data::{Fields, Node, Parsed, Value, forget_consequences, items, parse_yaml, quoted_all};
use crate::diag::{Code, Diagnostic, nearest};

/// Largest front matter in bytes.
const BYTES_MAX: usize = 64 * 1024;

/// What front matter says, with the places that diagnostics need.
#[derive(Debug, Clone, PartialEq)]
pub struct FrontMatter {
    /// Heading of the page; empty when it is missing.
    pub title: Spanned<String>,
    /// One sentence about the page.
    pub description: Option<Spanned<String>>,
    /// Stable name, when given.
    pub id: Option<Spanned<String>>,
    /// Last part of the URL, when given.
    pub slug: Option<Spanned<String>>,
    /// Other names.
    pub aliases: Vec<Spanned<String>>,
    /// Topics.
    pub topics: Vec<Spanned<String>>,
    /// Declared relations in the order they stand.
    pub relations: Vec<DeclaredRelation>,
    /// Place in the reading order of its kind.
    pub order: Option<i64>,
    /// Not published unless asked for.
    pub draft: bool,
    /// The day it was last read against its sources.
    pub reviewed: Option<Date>,
    /// The day it should be read again.
    pub review_by: Option<Spanned<Date>>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// Earlier addresses.
    pub redirect_from: Vec<Spanned<String>>,
    /// Shows a table of contents.
    pub toc: bool,
    /// BCP 47 tag of its language, where that is not the site's own.
    pub language: Option<Box<str>>,
    /// How it takes part in search.
    pub search: SearchSettings,
    /// Sources that are no facts.
    pub sources: Vec<FactSource>,
    /// Picture for previews.
    pub image: Option<Spanned<String>>,
    /// The site's own keys.
    pub extra: serde_json::Value,
    /// The kind's own fields, in the kind's order.
    pub fields: Vec<FieldValue>,
}

/// How a page takes part in search.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SearchSettings {
    /// Is never found.
    pub exclude: bool,
    /// What its weight is multiplied with; from 0.1 to 10, mostly 1.
    pub boost: f64,
}

impl Default for SearchSettings {
    fn default() -> Self {
        Self { exclude: false, boost: 1.0 }
    }
}

/// A relation to a page that is still only named.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DeclaredRelation {
    /// Which relation.
    pub relation: RelationId,
    /// The page's id, title, alias or path.
    pub target: Spanned<String>,
}

/// Splits front matter from the body: the YAML text with its offset, and the offset of the body. `None` when the file
/// does not begin with a line of `---`, and an error when that line is never closed.
pub fn split(text: &str) -> Result<Option<(std::ops::Range<usize>, usize)>, Span> {
    let Some(first_line) = text.split_inclusive('\n').next() else { return Ok(None) };
    if first_line.trim_end() != "---" {
        return Ok(None);
    }
    let start = first_line.len();
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            return Ok(Some((start..at, at + line.len())));
        }
        at += line.len();
    }
    Err(Span::new(0, 3))
}

impl FrontMatter {
    /// Front matter that says nothing.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            title: Spanned::new(String::new(), Span::default()),
            description: None,
            id: None,
            slug: None,
            aliases: Vec::new(),
            topics: Vec::new(),
            relations: Vec::new(),
            order: None,
            draft: false,
            reviewed: None,
            review_by: None,
            authors: Vec::new(),
            redirect_from: Vec::new(),
            toc: true,
            language: None,
            search: SearchSettings::default(),
            sources: Vec::new(),
            image: None,
            extra: serde_json::Value::Null,
            fields: Vec::new(),
        }
    }

    /// Reads the YAML in `range` of `text`. `kind` is the folder's; a `kind` key overrules it.
    pub fn read(
        path: &SourcePath,
        text: &str,
        range: std::ops::Range<usize>,
        kind: Option<KindId>,
        place: Place,
        config: &Config,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> (Self, Option<KindId>) {
        if range.len() > BYTES_MAX {
            let message = format!("front matter has {} bytes; it may have {BYTES_MAX}", range.len());
            diagnostics.push(Diagnostic::at(Code::FileTooLarge, path, Span::new(0, 3), message));
            return (Self::empty(), kind);
        }
        let since = diagnostics.len();
        let Parsed { node, broke_off } = parse_yaml(path, &text[range.clone()], range.start, diagnostics);
        let read = Self::of_node(path, text, &node, kind, place, config, diagnostics);
        if broke_off {
            forget_consequences(diagnostics, since);
        }
        read
    }

    /// Reads front matter that is parsed already.
    pub fn of_node(
        path: &SourcePath,
        text: &str,
        node: &Node,
        kind: Option<KindId>,
        place: Place,
        config: &Config,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> (Self, Option<KindId>) {
        let mut fields = Fields::open(path, node, "front matter", diagnostics);
        let kind = match fields.text("kind") {
            None => kind,
            Some(name) => config.kind_named(&name.value).or_else(|| {
                let names: Vec<&str> = config.kinds.iter().map(|kind| kind.id.as_str()).collect();
                fields.not_a_choice("kind", &name, &names);
                kind
            }),
        };
        let what = "this page";
        // The index of a kind is called like its kind, and is no page of it.
        let is_index = place == Place::SectionIndex;
        let title = if is_index { fields.text("title") } else { fields.required_text("title", what) };
        let relations = fields.node("relations");
        let sources = fields.list("sources");
        let search = fields.node("search");
        let language = fields.text("lang");
        let mut front = Self {
            title: title.unwrap_or_else(|| Spanned::new(String::new(), Span::new(0, 3))),
            description: fields.text("description"),
            id: fields.text("id"),
            slug: fields.text("slug"),
            aliases: fields.texts("aliases"),
            topics: fields.texts("topics"),
            relations: Vec::new(),
            order: fields.integer("order"),
            draft: fields.boolean("draft").unwrap_or(false),
            reviewed: fields.day("reviewed").map(|day| day.value),
            review_by: fields.day("review_by"),
            authors: exactly(fields.texts("authors").into_iter().map(|author| author.value).collect()),
            redirect_from: fields.texts("redirect_from"),
            toc: fields.boolean("toc").unwrap_or(true),
            language: language.and_then(|tag| language_of(path, &tag, config, fields.diagnostics())),
            search: SearchSettings::default(),
            sources: Vec::new(),
            image: fields.text("image"),
            extra: fields.node("extra").map_or(serde_json::Value::Null, Node::to_json),
            fields: Vec::new(),
        };
        let declared = kind.map_or(&[][..], |kind| config.kind(kind).fields.as_slice());
        let own: Vec<_> = declared
            .iter()
            .filter_map(|field| {
                let node = fields.node_named(&field.id);
                if node.is_none() && field.required && !is_index {
                    fields.missing(&field.id, what);
                }
                Some((field, node?))
            })
            .collect();
        if let Some(kind) = kind
            && place == Place::Page
            && config.is_on(Code::FieldMissing)
        {
            let lacks = |field: &&Field| {
                let is_given = own.iter().any(|(given, _)| given.id == field.id);
                field.expected && !is_given && fields.meant(&field.id).is_none()
            };
            let lacking = declared.iter().filter(lacks);
            let kind = &config.kind(kind).label;
            let faults: Vec<_> = lacking.map(|field| field_missing(path, front.title.span, field, kind)).collect();
            fields.diagnostics().extend(faults);
        }
        if front.description.is_none() {
            // What is reported as a wrong key is not missing, too.
            let text = |node: &Node| Some(Spanned::new(node.text()?.to_owned(), node.span));
            front.description = fields.meant("description").and_then(text);
        }
        fields.finish(&kind.map_or_else(
            || "front matter".to_owned(),
            |kind| format!("front matter of the kind `{}`", config.kind(kind).id),
        ));
        front.search = search.map_or_else(SearchSettings::default, |node| read_search(path, node, diagnostics));
        front.sources = sources.iter().filter_map(|node| read_source(path, node, diagnostics)).collect();
        front.relations = relations.map_or_else(Vec::new, |node| read_relations(path, node, config, diagnostics));
        let figures = kind.and_then(|kind| config.figures_of(kind));
        let values = own
            .into_iter()
            .filter_map(|(field, node)| read_field(path, text, field, node, config, figures, diagnostics));
        front.fields = exactly(values.collect());
        (front, kind)
    }
}

fn field_missing(path: &SourcePath, span: Span, field: &Field, kind: &str) -> Diagnostic {
    let message = format!("this page has no `{}`, which every {} should have", field.id, kind.to_lowercase());
    let help = format!("add `{}: …` to its front matter: {}", field.id, field.label);
    Diagnostic::at(Code::FieldMissing, path, span, message).help(help)
}

/// The site's tag for a page's language; nothing where it is the site's own.
fn language_of(
    path: &SourcePath,
    tag: &Spanned<String>,
    config: &Config,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Box<str>> {
    let known = config.all_languages().find(|known| known.eq_ignore_ascii_case(&tag.value));
    if known.is_none() {
        let languages: Vec<&str> = config.all_languages().collect();
        diagnostics.push(language::not_of_site(path, tag, &languages));
    }
    known.filter(|known| *known != config.language).map(Box::from)
}

/// `search: false`, or a mapping with `exclude` and `boost`.
fn read_search(path: &SourcePath, node: &Node, diagnostics: &mut Vec<Diagnostic>) -> SearchSettings {
    const BOOSTS: std::ops::RangeInclusive<f64> = 0.1..=10.0;
    if let Some(takes_part) = node.boolean() {
        return SearchSettings { exclude: !takes_part, ..SearchSettings::default() };
    }
    if !matches!(node.value, Value::Map(_)) {
        let message =
            format!("`search` must be true, false or a mapping with `exclude` and `boost`, not {}", node.description());
        diagnostics.push(Diagnostic::at(Code::ValueType, path, node.span, message));
        return SearchSettings::default();
    }
    let mut fields = Fields::open(path, node, "`search`", diagnostics);
    let exclude = fields.boolean("exclude").unwrap_or(false);
    let boost = fields.number("boost");
    fields.finish("`search`");
    let boost = match boost {
        None => 1.0,
        Some(boost) if BOOSTS.contains(&boost.value) => boost.value,
        Some(boost) => {
            let message = format!("`boost` is {} and may be {} to {}", boost.value, BOOSTS.start(), BOOSTS.end());
            let diagnostic = Diagnostic::at(Code::ValueType, path, boost.span, message);
            diagnostics
                .push(diagnostic.help("2 makes a page count twice as much as an ordinary one, 0.5 half as much"));
            1.0
        }
    };
    SearchSettings { exclude, boost }
}

fn read_relations(
    path: &SourcePath,
    node: &Node,
    config: &Config,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<DeclaredRelation> {
    let mut list = Vec::new();
    let entries = Fields::open(path, node, "`relations`", diagnostics).all();
    for entry in entries {
        let Some(index) = config.relations.iter().position(|relation| relation.id == entry.key) else {
            let names: Vec<&str> = config.relations.iter().map(|relation| relation.id.as_str()).collect();
            let message = format!("there is no relation `{}`", entry.key);
            let help = match nearest(&entry.key, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the relations of this site are {}", quoted_all(&names)),
            };
            diagnostics.push(Diagnostic::at(Code::KeyUnknown, path, entry.key_span, message).help(help));
            continue;
        };
        for item in items(&entry.node) {
            match &item.value {
                Value::Scalar(scalar) => list.push(DeclaredRelation {
                    relation: RelationId::from_index(index),
                    target: Spanned::new(scalar.text.clone(), item.span),
                }),
                _ => {
                    let message = format!("`{}` lists pages by id or title, not {}", entry.key, item.description());
                    diagnostics.push(Diagnostic::at(Code::ValueType, path, item.span, message));
                }
            }
        }
    }
    exactly(list)
}
