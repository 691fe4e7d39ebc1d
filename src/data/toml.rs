//! TOML to [`Node`]s, with all syntax errors of the file in one go.

use toml::de::{DeTable, DeValue};

use super::{Entry, Node, Scalar, Value};
use crate::base::{SourcePath, Span};
use crate::diag::{Code, Diagnostic};

/// Reads a TOML document. Always gives a mapping; what is wrong is pushed to `diagnostics`.
pub fn parse_toml(path: &SourcePath, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Node {
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let span = error.span().map_or(Span::new(text.len(), text.len()), Span::from);
        let message = error.message().trim_end_matches('.').to_owned();
        let nothing = text.get(span.range()).is_none_or(|written| written.trim().is_empty());
        let message = if nothing && message.starts_with("string values must be quoted") {
            "this key has no value".to_owned()
        } else {
            message
        };
        diagnostics.push(if message.contains("duplicate key") {
            let key = text.get(span.range()).unwrap_or_default();
            Diagnostic::at(Code::KeyDuplicate, path, span, format!("the key `{key}` stands twice in one table"))
        } else {
            Diagnostic::at(Code::TomlSyntax, path, span, format!("this is not TOML: {message}"))
        });
    }
    let mut node = Node { span: table.span().into(), value: mapping(table.get_ref(), text) };
    node.span = Span::new(0, text.len());
    node
}

fn mapping(table: &DeTable<'_>, text: &str) -> Value {
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            key_span: key.span().into(),
            node: node(value.span(), value.get_ref(), text),
        })
        .collect();
    entries.sort_by_key(|entry| entry.key_span);
    Value::Map(entries)
}

fn node(span: std::ops::Range<usize>, value: &DeValue<'_>, text: &str) -> Node {
    let plain = || {
        let written = text.get(span.clone()).unwrap_or_default();
        Value::Scalar(Scalar { text: written.to_owned(), quoted: false })
    };
    let value = match value {
        DeValue::String(string) => Value::Scalar(Scalar { text: string.replace('\0', "\u{fffd}"), quoted: true }),
        DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => plain(),
        DeValue::Array(items) => {
            Value::List(items.iter().map(|item| node(item.span(), item.get_ref(), text)).collect())
        }
        DeValue::Table(table) => mapping(table, text),
    };
    Node { span: span.into(), value }
}
