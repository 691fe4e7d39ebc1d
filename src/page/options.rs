//! Options of a theme: what it lets a site choose, and what the site chose.

use serde_json::{Map, Value as Json};

use crate::base::SourcePath;
use crate::config::{Config, vocabulary};
use crate::data::{Fields, Node};
use crate::diag::{Code, Diagnostic};

/// Something that a theme lets a site choose: a table below `[options]` in `theme.toml`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ThemeOption {
    name: String,
    shape: OptionShape,
    /// What holds where the site says nothing.
    usual: Json,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum OptionShape {
    Text,
    Boolean,
    Number,
    Choice(Vec<String>),
    Texts,
}

const SHAPES: [&str; 5] = ["text", "boolean", "number", "choice", "list"];

/// Reads `[options]` of a theme's manifest.
pub(super) fn declared(path: &SourcePath, node: &Node, diagnostics: &mut Vec<Diagnostic>) -> Vec<ThemeOption> {
    let mut options = Vec::new();
    for entry in Fields::open(path, node, "`options`", diagnostics).all() {
        let what = format!("the option `{}`", entry.key);
        if !vocabulary::is_identifier(&entry.key) {
            let message = format!("`{}` cannot name an option: use lower-case letters, digits and `_`", entry.key);
            diagnostics.push(Diagnostic::at(Code::ValueType, path, entry.key_span, message));
            continue;
        }
        let mut fields = Fields::open(path, &entry.node, &what, diagnostics);
        fields.required_text("description", &what);
        let choices: Vec<String> = fields.texts("choices").into_iter().map(|choice| choice.value).collect();
        let shape = match fields.required_text("type", &what) {
            Some(name) => match name.value.as_str() {
                "text" => Some(OptionShape::Text),
                "boolean" => Some(OptionShape::Boolean),
                "number" => Some(OptionShape::Number),
                "list" => Some(OptionShape::Texts),
                "choice" => {
                    if choices.is_empty() {
                        fields.missing("choices", &what);
                    }
                    Some(OptionShape::Choice(choices))
                }
                _ => {
                    fields.not_a_choice("type", &name, &SHAPES);
                    None
                }
            },
            None => None,
        };
        let usual = fields.node("default");
        fields.finish(&what);
        let Some(shape) = shape else { continue };
        let usual = match usual {
            Some(node) => shape.read("default", path, node, diagnostics),
            None => None,
        };
        let usual = usual.unwrap_or_else(|| shape.nothing());
        options.push(ThemeOption { name: entry.key.clone(), shape, usual });
    }
    options
}

/// The options with what `[theme_options]` in `site.toml` says of them; what nobody declared is a fault.
pub(super) fn settle(options: &[ThemeOption], config: &Config, diagnostics: &mut Vec<Diagnostic>) -> Map<String, Json> {
    let mut values: Map<String, Json> =
        options.iter().map(|option| (option.name.clone(), option.usual.clone())).collect();
    let Some(node) = &config.theme_options else { return values };
    let path = SourcePath::new("site.toml");
    let what = format!("`theme_options` of the theme `{}`", config.theme);
    if options.is_empty() {
        let message = format!("the theme `{}` has no options", config.theme);
        diagnostics.push(Diagnostic::at(Code::KeyUnknown, &path, node.span, message).help("take `theme_options` away"));
        return values;
    }
    let mut fields = Fields::open(&path, node, &what, diagnostics);
    for option in options {
        let Some(node) = fields.node_named(&option.name) else { continue };
        if let Some(value) = option.shape.read(&option.name, &path, node, fields.diagnostics()) {
            values.insert(option.name.clone(), value);
        }
    }
    fields.finish(&what);
    values
}

impl OptionShape {
    fn read(&self, key: &str, path: &SourcePath, node: &Node, diagnostics: &mut Vec<Diagnostic>) -> Option<Json> {
        let value = match self {
            Self::Text => node.text().map(Json::from),
            Self::Boolean => node.boolean().map(Json::from),
            Self::Number => node.number().map(|_| node.to_json()),
            Self::Texts => {
                let texts: Option<Vec<&str>> = crate::data::items(node).iter().map(Node::text).collect();
                texts.map(Json::from)
            }
            Self::Choice(choices) => match node.text() {
                Some(text) if choices.iter().any(|choice| choice == text) => Some(Json::from(text)),
                Some(text) => {
                    let names: Vec<&str> = choices.iter().map(String::as_str).collect();
                    let written = crate::base::Spanned::new(text.to_owned(), node.span);
                    Fields::open(path, node_of_nothing(), "", diagnostics).not_a_choice(key, &written, &names);
                    return None;
                }
                None => None,
            },
        };
        if value.is_none() {
            Fields::open(path, node_of_nothing(), "", diagnostics).wrong_type(node, key, self.words());
        }
        value
    }

    /// What holds where neither the theme nor the site says anything.
    fn nothing(&self) -> Json {
        match self {
            Self::Text => Json::from(""),
            Self::Boolean => Json::from(false),
            Self::Number => Json::from(0),
            Self::Texts => Json::Array(Vec::new()),
            Self::Choice(choices) => choices.first().map_or(Json::Null, |choice| Json::from(choice.as_str())),
        }
    }

    fn words(&self) -> &'static str {
        match self {
            Self::Text | Self::Choice(_) => "text",
            Self::Boolean => "true or false",
            Self::Number => "a number",
            Self::Texts => "a list of texts",
        }
    }
}

/// An empty mapping, to report a fault of a single value through.
fn node_of_nothing() -> &'static Node {
    static NOTHING: Node = Node { span: crate::base::Span { start: 0, end: 0 }, value: crate::data::Value::Null };
    &NOTHING
}
