//! Reads what a reader may not change: parameters and tables, which say where they come from.

use super::input::required;
use super::reader::{Reader, words_of};
use super::{Cited, Mode, Number, Parameter, Table};
use crate::base::{Span, Spanned};
use crate::data::{Node, Value, items};
use crate::diag::Code;

/// How a table by number may be read.
const MODES: [(&str, Mode); 4] =
    [("exact", Mode::Exact), ("step", Mode::Step), ("linear", Mode::Linear), ("bands", Mode::Bands)];

/// Keys of a table with their values.
type Rows = Vec<(Spanned<String>, Number)>;

impl Reader<'_, '_> {
    pub(super) fn parameter(&mut self, name: Spanned<String>, node: &Node) -> Option<Parameter> {
        let what = format!("the parameter `{}`", name.value);
        let mut fields = self.open(node, &what);
        let label = fields.text("label").map_or_else(|| words_of(&name.value), |label| label.value);
        let unit = fields.text("unit").unwrap_or_else(|| Spanned::new(String::new(), name.span));
        let value = fields.node("value");
        let fact = fields.node("fact");
        let sources = fields.list("source");
        let assumption = fields.text("assumption");
        let expires = fields.day("expires");
        if value.is_none() && fact.is_none() {
            fields.missing("value", &what);
        }
        fields.finish(&what);
        let cited = self.cited(fact, sources, assumption);
        let value = match value {
            Some(node) => self.number(node, &what)?,
            None => Number::Fact(cited.iter().find(|cited| matches!(cited, Cited::Fact { .. }))?.clone()),
        };
        self.need_source(&what, name.span, &cited, std::slice::from_ref(&value));
        Some(Parameter { name, label, unit, value, cited, expires, path: self.path.clone() })
    }

    fn need_source(&mut self, what: &str, span: Span, cited: &[Cited], values: &[Number]) {
        if cited.is_empty() && values.iter().any(|value| matches!(value, Number::Plain(_))) {
            let message = format!("{what} has neither a source nor an assumption");
            let help = "a reader cannot change it: add `fact: …`, `source: …` or `assumption: why`";
            self.fault(Code::CalcUnsourced, span, message, help);
        }
    }

    pub(super) fn table(&mut self, name: Spanned<String>, node: &Node) -> Option<Table> {
        let what = format!("the table `{}`", name.value);
        let mut fields = self.open(node, &what);
        let label = fields.text("label").map_or_else(|| words_of(&name.value), |label| label.value);
        let by = fields.text("by");
        if by.is_none() && fields.key_span("by").is_none() {
            fields.missing("by", &what);
        }
        let unit = fields.text("unit").unwrap_or_else(|| Spanned::new(String::new(), name.span));
        let mode_span = fields.node("mode").map(|node| node.span);
        let mode = fields.choice("mode", &MODES);
        let rows = required(&mut fields, "rows", &what);
        let fact = fields.node("fact");
        let source = fields.node("source");
        let assumption = fields.text("assumption");
        let expires = fields.day("expires");
        fields.finish(&what);
        let rows = self.table_rows(&what, rows?)?;
        let (row_cited, sources) = self.table_sources(&what, source, &rows);
        let cited = self.cited(fact, sources, assumption);
        let is_cited = |key: &str| row_cited.iter().any(|(row, _)| row == key);
        let unsourced: Vec<Number> =
            rows.iter().filter(|(key, _)| !is_cited(&key.value)).map(|(_, value)| value.clone()).collect();
        self.need_source(&what, name.span, &cited, &unsourced);
        let mode = mode.zip(mode_span).map(|(mode, span)| Spanned::new(mode, span));
        let path = self.path.clone();
        Some(Table { name, label, by: by?, unit, mode, rows, row_cited, cited, expires, path })
    }

    fn table_rows(&mut self, what: &str, node: &Node) -> Option<Rows> {
        let entries = self.open(node, &format!("`rows` of {what}")).all();
        if entries.is_empty() {
            self.fault(Code::ValueType, node.span, format!("{what} has no rows"), "");
            return None;
        }
        // All rows are read even where one is no number: all faults in one run.
        let read: Vec<Option<Number>> =
            entries.iter().map(|entry| self.number(&entry.node, &format!("the row `{}`", entry.key))).collect();
        let rows = entries.iter().zip(read);
        rows.map(|(entry, value)| Some((Spanned::new(entry.key.clone(), entry.key_span), value?))).collect()
    }

    /// Sources of single rows by key, and those of the whole. `source: {2023: …, 2024: …}` has one for each row; a source
    /// itself has a title.
    fn table_sources<'n>(
        &mut self,
        what: &str,
        source: Option<&'n Node>,
        rows: &Rows,
    ) -> (Vec<(String, Cited)>, &'n [Node]) {
        let Some(node) = source else { return (Vec::new(), &[]) };
        let Value::Map(entries) = &node.value else { return (Vec::new(), items(node)) };
        if entries.iter().any(|entry| entry.key == "title") {
            return (Vec::new(), items(node));
        }
        let mut cited = Vec::new();
        for entry in entries {
            if !rows.iter().any(|(key, _)| key.value == entry.key) {
                let message = format!("{what} has no row `{}`", entry.key);
                self.fault(Code::KeyUnknown, entry.key_span, message, "");
            }
            for source in self.cited(None, items(&entry.node), None) {
                cited.push((entry.key.clone(), source));
            }
        }
        (cited, &[])
    }
}
