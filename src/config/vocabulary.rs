//! Kinds, their fields, and relations: what a site's pages are and how they may be linked.

use crate::base::{KindId, SourcePath, Spanned};
use crate::data::{Entry, Fields, Node, Value, items};
use crate::diag::{Code, Diagnostic};

/// What a page is about: a role, a skill, a pathway …
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Kind {
    /// The name authors write: `role`.
    pub id: String,
    /// The folder under `content/` whose pages are of this kind, and the first part of their URLs. Empty for pages at
    /// the top.
    pub folder: String,
    /// One of them: "Role".
    pub label: String,
    /// Many of them: "Roles".
    pub plural: String,
    /// Name of the theme's icon.
    pub icon: String,
    /// Place among the kinds.
    pub order: i64,
    /// Whether pages of this kind are published as a schema.org `Occupation`.
    pub occupation: bool,
    /// Its own front matter keys, in the order they are shown.
    pub fields: Vec<Field>,
}

/// A front matter key of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Field {
    /// The key.
    pub id: String,
    /// What readers see in front of the value.
    pub label: String,
    /// What may stand there.
    pub shape: Shape,
    /// Whether a page without it is at fault.
    pub required: bool,
    /// Whether a page without it is pointed out (lint `field-missing`).
    pub expected: bool,
}

/// What may stand in a field.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Plain text.
    Text,
    /// A line or paragraph of Markdown with links and facts.
    Markdown,
    /// A number, or a fact without a unit.
    Number,
    /// A number or range with the field's unit, or a fact in that unit.
    Quantity {
        /// Singular or plural, as the author declared it.
        unit: String,
    },
    /// Money with a currency and a period, or a fact in money.
    Money,
    /// `12%`, or a fact in per cent.
    Percent,
    /// A day, month or year.
    Date,
    /// One of these words.
    Choice(Vec<String>),
    /// A link to a page.
    Link,
    /// A fact.
    Fact,
    /// Several of one of the above.
    List(Box<Shape>),
}

impl Shape {
    /// The word for it in `site.toml`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Number => "number",
            Self::Quantity { .. } => "quantity",
            Self::Money => "money",
            Self::Percent => "percent",
            Self::Date => "date",
            Self::Choice(_) => "choice",
            Self::Link => "link",
            Self::Fact => "fact",
            Self::List(_) => "list",
        }
    }
}

/// A typed edge between pages.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Relation {
    /// The key authors write: `leads_to`.
    pub id: String,
    /// Heading on the page that declares it: "Leads to".
    pub label: String,
    /// Heading on the other page: "Reached from". The same as `label` when it is symmetric.
    pub inverse_label: String,
    /// Kinds it may start at; empty means any.
    pub from: Vec<KindId>,
    /// Kinds it may end at; empty means any.
    pub to: Vec<KindId>,
    /// Holds both ways.
    pub symmetric: bool,
    /// If a requires b and b requires c, a requires c.
    pub transitive: bool,
    /// May not run in a circle.
    pub acyclic: bool,
    /// Kinds whose pages should each have one going out (lint `relation-missing`).
    pub expected_from: Vec<KindId>,
    /// Kinds whose pages should each have one coming in (lint `relation-unused`).
    pub expected_to: Vec<KindId>,
    /// The pages it leads to are set side by side on the page that declares it.
    pub side_by_side: bool,
    /// Place among the relations.
    pub order: i64,
}

impl Relation {
    /// Whether the page it names is needed first, so that it comes before the page that declares it.
    #[must_use]
    pub fn is_needed_first(&self) -> bool {
        self.transitive && self.acyclic
    }

    /// Whether it says what must be learned first.
    #[must_use]
    pub fn is_learning(&self) -> bool {
        self.is_needed_first() && !self.expected_to.is_empty()
    }
}

pub(super) const SHAPES: [&str; 11] =
    ["text", "markdown", "number", "quantity", "money", "percent", "date", "choice", "list", "link", "fact"];

/// Keys that every page may have; no field may take their names.
pub const COMMON_KEYS: [&str; 20] = [
    "title",
    "description",
    "id",
    "kind",
    "aliases",
    "topics",
    "relations",
    "order",
    "draft",
    "reviewed",
    "review_by",
    "authors",
    "redirect_from",
    "toc",
    "lang",
    "search",
    "sources",
    "image",
    "slug",
    "extra",
];

/// Lays the site's table over the default one: mappings are joined key by key to any depth, anything else is replaced.
#[must_use]
pub fn lay_over(base: Node, over: &Node) -> Node {
    let (Value::Map(base_entries), Value::Map(over_entries)) = (&base.value, &over.value) else {
        return over.clone();
    };
    let mut entries: Vec<Entry> = Vec::new();
    for entry in base_entries {
        match over_entries.iter().find(|candidate| candidate.key == entry.key) {
            Some(other) => {
                let node = lay_over(entry.node.clone(), &other.node);
                entries.push(Entry { key: other.key.clone(), key_span: other.key_span, node });
            }
            None => entries.push(entry.clone()),
        }
    }
    let new = over_entries.iter().filter(|entry| !base_entries.iter().any(|known| known.key == entry.key));
    entries.extend(new.cloned());
    Node { span: over.span, value: Value::Map(entries) }
}

/// Reads `[kinds]`. Sorted by order, then id.
pub fn read_kinds(path: &SourcePath, node: &Node, diagnostics: &mut Vec<Diagnostic>) -> Vec<Kind> {
    let entries = Fields::open(path, node, "`kinds`", diagnostics).all();
    let mut kinds: Vec<Kind> = Vec::new();
    for entry in entries {
        if !is_identifier(&entry.key) {
            let message = format!("`{}` cannot name a kind: use lower-case letters, digits and `_`", entry.key);
            diagnostics.push(Diagnostic::at(Code::ValueType, path, entry.key_span, message));
            continue;
        }
        let kind = read_kind(path, entry, diagnostics);
        if let Some(other) = kinds.iter().find(|other| other.folder == kind.folder) {
            let message = format!("the kinds `{}` and `{}` have the same folder", other.id, kind.id);
            let diagnostic = Diagnostic::at(Code::ConfigReference, path, entry.key_span, message);
            diagnostics.push(diagnostic.help("give one of them another `folder`"));
            continue;
        }
        kinds.push(kind);
    }
    kinds.sort_by(|a, b| (a.order, &a.id).cmp(&(b.order, &b.id)));
    kinds
}

fn read_kind(path: &SourcePath, entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Kind {
    let what = format!("the kind `{}`", entry.key);
    let mut fields = Fields::open(path, &entry.node, &what, diagnostics);
    let folder = match fields.node("folder") {
        Some(_) => fields.text("folder"),
        None => {
            fields.missing("folder", &what);
            None
        }
    };
    let folder = folder.unwrap_or(Spanned::new(entry.key.clone(), entry.key_span));
    let trimmed = folder.value.trim_matches('/');
    if trimmed.split('/').any(|part| part == ".." || part == "." || part.contains('\\')) || trimmed == "facts" {
        let message = format!("`{}` cannot be the folder of a kind", folder.value);
        fields.diagnostics().push(Diagnostic::at(Code::ValueType, path, folder.span, message));
    }
    let label = fields.text("label").map_or_else(|| capitalised(&entry.key), |label| label.value);
    let plural = fields.text("plural").map_or_else(|| format!("{label}s"), |plural| plural.value);
    let icon = fields.text("icon").map_or_else(|| entry.key.clone(), |icon| icon.value);
    let order = fields.integer("order").unwrap_or(1000);
    let occupation = fields.choice("structured_data", &[("occupation", true), ("article", false)]).unwrap_or(false);
    let own = fields.node("fields");
    fields.finish(&what);
    let own = own.map_or_else(Vec::new, |node| read_fields(path, node, &entry.key, diagnostics));
    Kind { id: entry.key.clone(), folder: trimmed.to_owned(), label, plural, icon, order, occupation, fields: own }
}

fn read_fields(path: &SourcePath, node: &Node, kind: &str, diagnostics: &mut Vec<Diagnostic>) -> Vec<Field> {
    let mut list = Vec::new();
    for entry in Fields::open(path, node, "`fields`", diagnostics).all() {
        if COMMON_KEYS.contains(&entry.key.as_str()) || !is_identifier(&entry.key) {
            let message = format!("`{}` cannot name a field of the kind `{kind}`", entry.key);
            let diagnostic = Diagnostic::at(Code::ConfigReference, path, entry.key_span, message);
            diagnostics.push(diagnostic.help(if COMMON_KEYS.contains(&entry.key.as_str()) {
                "every page has a key of that name already"
            } else {
                "use lower-case letters, digits and `_`"
            }));
            continue;
        }
        let what = format!("the field `{}`", entry.key);
        let mut fields = Fields::open(path, &entry.node, &what, diagnostics);
        let label = fields.text("label").map_or_else(|| capitalised(&entry.key.replace('_', " ")), |label| label.value);
        let required = fields.boolean("required").unwrap_or(false);
        let expected = fields.boolean("expected").unwrap_or(false);
        let shape = fields.required_text("type", &what);
        let choices: Vec<String> = fields.texts("choices").into_iter().map(|choice| choice.value).collect();
        let unit = fields.text("unit").map(|unit| unit.value);
        let of = fields.text("of");
        let shape_of = |name: &Spanned<String>, fields: &mut Fields<'_, '_>| match name.value.as_str() {
            "text" => Some(Shape::Text),
            "markdown" => Some(Shape::Markdown),
            "number" => Some(Shape::Number),
            "quantity" => match &unit {
                Some(unit) => Some(Shape::Quantity { unit: unit.clone() }),
                None => {
                    fields.missing("unit", &what);
                    None
                }
            },
            "money" => Some(Shape::Money),
            "percent" => Some(Shape::Percent),
            "date" => Some(Shape::Date),
            "choice" => {
                if choices.is_empty() {
                    fields.missing("choices", &what);
                }
                Some(Shape::Choice(choices.clone()))
            }
            "link" => Some(Shape::Link),
            "fact" => Some(Shape::Fact),
            _ => {
                fields.not_a_choice("type", name, &SHAPES);
                None
            }
        };
        let shape = match shape {
            Some(name) if name.value == "list" => match &of {
                Some(of) => shape_of(of, &mut fields).map(|shape| Shape::List(Box::new(shape))),
                None => {
                    fields.missing("of", &what);
                    None
                }
            },
            Some(name) => shape_of(&name, &mut fields),
            None => None,
        };
        fields.finish(&what);
        if let Some(shape) = shape {
            list.push(Field { id: entry.key.clone(), label, shape, required, expected });
        }
    }
    list
}

/// Reads `[relations]`. Sorted by order, then id.
pub fn read_relations(
    path: &SourcePath,
    node: &Node,
    kinds: &[Kind],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Relation> {
    let mut relations = Vec::new();
    for entry in Fields::open(path, node, "`relations`", diagnostics).all() {
        let what = format!("the relation `{}`", entry.key);
        let mut fields = Fields::open(path, &entry.node, &what, diagnostics);
        let symmetric = fields.boolean("symmetric").unwrap_or(false);
        let label = fields.text("label").map_or_else(|| capitalised(&entry.key.replace('_', " ")), |label| label.value);
        let inverse_label = fields.text("inverse_label").map(|label| label.value);
        if inverse_label.is_none() && !symmetric {
            fields.missing("inverse_label", &what);
        }
        let relation = Relation {
            id: entry.key.clone(),
            inverse_label: inverse_label.unwrap_or_else(|| label.clone()),
            label,
            from: kind_ids("from", kinds, &mut fields),
            to: kind_ids("to", kinds, &mut fields),
            symmetric,
            transitive: fields.boolean("transitive").unwrap_or(false),
            acyclic: fields.boolean("acyclic").unwrap_or(false),
            expected_from: kind_ids("expected_from", kinds, &mut fields),
            expected_to: kind_ids("expected_to", kinds, &mut fields),
            side_by_side: fields.boolean("side_by_side").unwrap_or(false),
            order: fields.integer("order").unwrap_or(1000),
        };
        if symmetric && relation.acyclic {
            let message = format!("{what} cannot be both symmetric and acyclic");
            fields.diagnostics().push(Diagnostic::at(Code::ConfigReference, path, entry.key_span, message));
        }
        fields.finish(&what);
        relations.push(relation);
    }
    relations.sort_by(|a, b| (a.order, &a.id).cmp(&(b.order, &b.id)));
    relations
}

pub(super) fn kind_ids(key: &'static str, kinds: &[Kind], fields: &mut Fields<'_, '_>) -> Vec<KindId> {
    let Some(node) = fields.node(key) else { return Vec::new() };
    let path = fields.path();
    let mut ids = Vec::new();
    for item in items(node) {
        match item.text() {
            Some("any") => {}
            Some(name) => match kinds.iter().position(|kind| kind.id == name) {
                Some(index) => ids.push(KindId::from_index(index)),
                None => {
                    let message = format!("there is no kind `{name}`");
                    let diagnostic = Diagnostic::at(Code::ConfigReference, path, item.span, message)
                        .suggest(name, kinds.iter().map(|kind| kind.id.as_str()));
                    fields.diagnostics().push(diagnostic);
                }
            },
            None => fields.wrong_type(item, key, "a list of kinds"),
        }
    }
    ids
}

/// Whether a name can be a key: `[a-z][a-z0-9_]*`.
#[must_use]
pub fn is_identifier(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}
