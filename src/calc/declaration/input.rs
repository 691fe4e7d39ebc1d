//! Reads what a reader may change: inputs, and the columns of rows.

use super::reader::{Reader, words_of};
use super::{Cell, Input, InputKind, NumberInput, ROWS_MAX, Spread, Warn};
use crate::base::{Span, Spanned};
use crate::calc::number::counted;
use crate::data::{Fields, Node, Value, items, parse_number, quoted_all};
use crate::diag::{Code, Diagnostic};

/// What `type` may be.
const TYPES: [(&str, Type); 5] = [
    ("number", Type::Number),
    ("choice", Type::Choice),
    ("yes_no", Type::YesNo),
    ("rows", Type::Rows),
    ("text", Type::Text),
];

#[derive(Debug, Clone, Copy)]
enum Type {
    Number,
    Choice,
    YesNo,
    Rows,
    Text,
}

/// Rows of a list where their author does not say how many there may be.
const ROWS_USUAL: usize = 12;

/// The keys of one type, as they stand in the file.
enum Keys<'n> {
    Number(NumberKeys<'n>),
    Choice { options: Option<&'n Node>, default: Option<Spanned<String>> },
    YesNo { default: bool, chance: Option<Spanned<String>> },
    Rows { columns: Option<&'n Node>, default: &'n [Node], min_rows: usize, max_rows: usize },
    Text { default: String },
}

/// The keys of a number.
struct NumberKeys<'n> {
    unit: Option<Spanned<String>>,
    min: Option<Spanned<f64>>,
    max: Option<Spanned<f64>>,
    whole: bool,
    warn: Option<&'n Node>,
    default: AtFirst<'n>,
}

/// What a number is at first.
enum AtFirst<'n> {
    /// What stands in its box.
    Value(&'n Node),
    /// The mean of counts.
    Mean(&'n Node),
    /// One of these.
    Values(&'n [Node]),
    /// What a fact says.
    Fact(&'n Node),
    /// What stands in its row.
    InRow,
    /// It is missing, which was reported.
    Missing,
}

impl<'n> Keys<'n> {
    /// Takes the keys that an input of this type has beside those that all have.
    fn of_input(fields: &mut Fields<'n, '_>, kind: Type, fact: Option<&'n Node>, what: &str) -> Self {
        match kind {
            Type::Number => {
                let default = AtFirst::read(fields, fact, what);
                let warn = fields.node("warn");
                Self::Number(NumberKeys { warn, ..NumberKeys::read(fields, default, what) })
            }
            Type::Choice => Self::choice(fields, what),
            Type::YesNo => {
                Self::YesNo { default: fields.boolean("default").unwrap_or(false), chance: fields.text("chance") }
            }
            Type::Rows => Self::rows(fields, what),
            Type::Text => {
                Self::Text { default: fields.text("default").map_or_else(String::new, |default| default.value) }
            }
        }
    }

    /// Takes the keys that a column of this type has: what it holds at first stands in the rows.
    fn of_column(fields: &mut Fields<'n, '_>, kind: Type, what: &str) -> Self {
        match kind {
            Type::Number => Self::Number(NumberKeys::read(fields, AtFirst::InRow, what)),
            Type::Choice => Self::choice(fields, what),
            Type::YesNo => Self::YesNo { default: false, chance: fields.text("chance") },
            Type::Rows => Self::rows(fields, what),
            Type::Text => Self::Text { default: String::new() },
        }
    }

    fn choice(fields: &mut Fields<'n, '_>, what: &str) -> Self {
        Self::Choice { options: required(fields, "options", what), default: fields.text("default") }
    }

    fn rows(fields: &mut Fields<'n, '_>, what: &str) -> Self {
        Self::Rows {
            columns: required(fields, "columns", what),
            default: fields.list("default"),
            min_rows: fields.count("min_rows").unwrap_or(1),
            max_rows: fields.count("max_rows").unwrap_or(ROWS_USUAL),
        }
    }
}

impl<'n> NumberKeys<'n> {
    /// Takes what every number has, in a column too.
    fn read(fields: &mut Fields<'n, '_>, default: AtFirst<'n>, what: &str) -> Self {
        let unit = fields.text("unit");
        let (min, max) = (fields.number("min"), fields.number("max"));
        for (key, limit) in [("min", &min), ("max", &max)] {
            if limit.is_none() && fields.key_span(key).is_none() {
                fields.missing(key, what);
            }
        }
        Self { unit, min, max, whole: fields.boolean("whole").unwrap_or(false), warn: None, default }
    }
}

impl<'n> AtFirst<'n> {
    fn read(fields: &mut Fields<'n, '_>, fact: Option<&'n Node>, what: &str) -> Self {
        let default = fields.node("default");
        let is_count = fields.choice("dist", &[("poisson", true)]).unwrap_or(false);
        let values = fields.node("values").map(items);
        if let (Some(_), Some(default)) = (values, default) {
            let (path, message) = (fields.path(), format!("{what} has a default beside the values that stand for one"));
            let fault = Diagnostic::at(Code::ValueChoice, path, default.span, message);
            fields.diagnostics().push(fault.help("take `default` or `values` away"));
        }
        match (values, default, fact) {
            (Some(values), ..) => Self::Values(values),
            (None, Some(mean), _) if is_count => Self::Mean(mean),
            (None, Some(value), _) => Self::Value(value),
            (None, None, Some(fact)) => Self::Fact(fact),
            (None, None, None) => {
                fields.missing("default", what);
                Self::Missing
            }
        }
    }

    /// Where it stands; for what stands nowhere at its input's name.
    fn span(&self, name: Span) -> Span {
        match self {
            Self::Value(node) | Self::Mean(node) => node.span,
            Self::Values(_) | Self::Fact(_) | Self::InRow | Self::Missing => name,
        }
    }
}

/// The value of a key that must be there; that it is not is reported.
pub(super) fn required<'n>(fields: &mut Fields<'n, '_>, key: &'static str, what: &str) -> Option<&'n Node> {
    let node = fields.node(key);
    if node.is_none() {
        fields.missing(key, what);
    }
    node
}

impl Reader<'_, '_> {
    pub(super) fn input(&mut self, name: Spanned<String>, node: &Node) -> Option<Input> {
        let what = format!("the input `{}`", name.value);
        let mut fields = self.open(node, &what);
        let kind = fields.choice("type", &TYPES).unwrap_or(Type::Number);
        let label = fields.required_text("label", &what);
        let hint = fields.text("hint").map(|hint| hint.value);
        let profile = fields.text("profile");
        let was = fields.text("was").map(|was| was.value);
        let advanced = fields.boolean("advanced").unwrap_or(false);
        let personal = fields.boolean("personal").unwrap_or(false);
        let fact = fields.node("fact");
        let sources = fields.list("source");
        let assumption = fields.text("assumption");
        let keys = Keys::of_input(&mut fields, kind, fact, &what);
        fields.finish(&what);
        let kind = self.input_kind(&name, &what, keys);
        let cited = self.cited(fact, sources, assumption);
        Some(Input { name, label: label?.value, hint, kind: kind?, cited, profile, was, advanced, personal })
    }

    /// A column of rows: of an input it has the label, and what says of which kind it is.
    fn column(&mut self, name: Spanned<String>, node: &Node) -> Option<Input> {
        let what = format!("the column `{}`", name.value);
        let mut fields = self.open(node, &what);
        let kind = fields.choice("type", &TYPES).unwrap_or(Type::Number);
        let label = fields.required_text("label", &what);
        let keys = Keys::of_column(&mut fields, kind, &what);
        fields.finish(&what);
        let kind = self.input_kind(&name, &what, keys);
        Some(Input {
            name,
            label: label?.value,
            hint: None,
            kind: kind?,
            cited: Vec::new(),
            profile: None,
            was: None,
            advanced: false,
            personal: false,
        })
    }

    fn input_kind(&mut self, name: &Spanned<String>, what: &str, keys: Keys<'_>) -> Option<InputKind> {
        match keys {
            Keys::Number(keys) => self.number_input(name, what, keys),
            Keys::Choice { options, default } => self.choice(name, options?, default),
            Keys::YesNo { default, chance } => {
                let chance = chance.and_then(|chance| self.chance(&chance));
                Some(InputKind::YesNo { default, chance })
            }
            Keys::Rows { columns, default, min_rows, max_rows } => {
                self.rows(name, columns?, default, min_rows, max_rows)
            }
            Keys::Text { default } => Some(InputKind::Text { default }),
        }
    }

    fn number_input(&mut self, name: &Spanned<String>, what: &str, keys: NumberKeys<'_>) -> Option<InputKind> {
        let NumberKeys { unit, min, max, whole, warn, default } = keys;
        let default_span = default.span(name.span);
        let spread = self.spread(what, default, name.span);
        let warn = warn.and_then(|node| self.warn(node));
        if let (Some(low), Some(high)) = (&min, &max)
            && low.value >= high.value
        {
            self.fault(Code::ValueType, high.span, "`max` must be greater than `min`", "");
        }
        Some(InputKind::Number(NumberInput {
            unit: unit.unwrap_or_else(|| Spanned::new(String::new(), name.span)),
            default: spread?,
            default_span,
            min: min.map(|min| min.value),
            max: max.map(|max| max.value),
            warn,
            whole,
        }))
    }

    /// In per cent.
    fn chance(&mut self, text: &Spanned<String>) -> Option<f64> {
        let number = text.value.trim().strip_suffix('%').and_then(parse_number);
        let number = number.filter(|number| (0.0..=100.0).contains(number));
        if number.is_none() {
            let message = "a chance lies between 0% and 100%";
            self.fault(Code::ValueType, text.span, message, "write `chance: 15%`");
        }
        number
    }

    fn choice(&mut self, name: &Spanned<String>, node: &Node, default: Option<Spanned<String>>) -> Option<InputKind> {
        let options: Vec<(Spanned<String>, String)> = match &node.value {
            Value::Map(entries) => entries
                .iter()
                .map(|entry| {
                    let label = entry.node.text().map_or_else(|| words_of(&entry.key), str::to_owned);
                    (Spanned::new(entry.key.clone(), entry.key_span), label)
                })
                .collect(),
            _ => items(node)
                .iter()
                .filter_map(|item| {
                    let text = item.text()?;
                    Some((Spanned::new(text.to_owned(), item.span), words_of(text)))
                })
                .collect(),
        };
        if options.len() < 2 {
            let message = format!("`{}` must have two options or more", name.value);
            self.fault(Code::ValueType, node.span, message, "");
            return None;
        }
        let default = default.unwrap_or_else(|| options[0].0.clone());
        if !options.iter().any(|(option, _)| option.value == default.value) {
            let names: Vec<&str> = options.iter().map(|(option, _)| option.value.as_str()).collect();
            let message = format!("`{}` has no option `{}`", name.value, default.value);
            let diagnostic = Diagnostic::at(Code::ValueChoice, self.path, default.span, message);
            let help = format!("its options are {}", quoted_all(&names));
            self.diagnostics.push(diagnostic.suggest(&default.value, names.iter().copied()).help(help));
        }
        Some(InputKind::Choice { options, default })
    }

    fn rows(
        &mut self,
        name: &Spanned<String>,
        columns: &Node,
        default: &[Node],
        min_rows: usize,
        max_rows: usize,
    ) -> Option<InputKind> {
        if max_rows > ROWS_MAX || max_rows < min_rows || min_rows == 0 {
            let message = format!("`{}` may have {min_rows} to {}", name.value, counted(max_rows, "row"));
            self.fault(Code::CalcCost, name.span, message, &format!("a list has 1 to {ROWS_MAX} rows"));
            return None;
        }
        let columns = self.named(Some(columns), "columns", Reader::column);
        let rows: Vec<Vec<Cell>> = default.iter().take(max_rows).map(|node| self.row(&columns, node)).collect();
        if rows.len() < min_rows {
            let message =
                format!("`{}` begins with {} and must have {min_rows}", name.value, counted(rows.len(), "row"));
            self.fault(Code::ValueType, name.span, message, "add rows to `default`");
            return None;
        }
        if let Some(extra) = default.get(max_rows) {
            let message = format!("`{}` begins with more rows than it may have", name.value);
            let help = format!("it may have {}: take rows away, or raise `max_rows`", counted(max_rows, "row"));
            self.fault(Code::ValueType, extra.span, message, &help);
        }
        Some(InputKind::Rows { columns, min_rows, max_rows, default: rows })
    }

    /// One row as it is at first.
    fn row(&mut self, columns: &[Input], node: &Node) -> Vec<Cell> {
        let mut fields = self.open(node, "a row");
        let cells: Vec<Option<&Node>> = columns.iter().map(|column| fields.node_named(&column.name.value)).collect();
        fields.finish("a row");
        let mut row = Vec::with_capacity(cells.len());
        for (column, cell) in columns.iter().zip(cells) {
            row.push(column.cell(cell).unwrap_or_else(|wanted| {
                let span = cell.map_or(node.span, |cell| cell.span);
                let message = format!("`{}` must be {wanted} in each row", column.name.value);
                self.fault(Code::ValueType, span, message, "");
                Cell::Number(0.0)
            }));
        }
        row
    }

    fn spread(&mut self, what: &str, default: AtFirst<'_>, name: Span) -> Option<Spread> {
        match default {
            AtFirst::Values(nodes) => self.observed(what, nodes, name),
            AtFirst::Fact(node) => self.fact(node).map(Spread::Fact),
            AtFirst::Mean(node) => self.mean(what, node),
            AtFirst::Value(node) => match node.number() {
                Some(number) => Some(Spread::Fixed(number)),
                None => self.range(what, node),
            },
            AtFirst::InRow => Some(Spread::Fixed(0.0)),
            AtFirst::Missing => None,
        }
    }

    fn mean(&mut self, what: &str, node: &Node) -> Option<Spread> {
        if node.number().is_none() {
            let message = format!("the default of {what} must be one number, the mean of the count");
            self.fault(Code::ValueType, node.span, message, "take `dist: poisson` away where it has a range");
        }
        node.number().map(Spread::Poisson)
    }

    fn observed(&mut self, what: &str, nodes: &[Node], name: Span) -> Option<Spread> {
        let numbers: Vec<f64> = nodes.iter().filter_map(Node::number).collect();
        if numbers.len() == nodes.len() && !numbers.is_empty() {
            return Some(Spread::Values(numbers));
        }
        let odd = nodes.iter().find(|node| node.number().is_none());
        let span = odd.map_or(name, |node| node.span);
        self.fault(Code::ValueType, span, format!("the values of {what} must be numbers"), "");
        None
    }

    fn range(&mut self, what: &str, node: &Node) -> Option<Spread> {
        let what = format!("the default of {what}");
        let mut fields = self.open(node, &what);
        let keys = ["low", "typical", "high"].map(|key| fields.number(key));
        for (key, number) in ["low", "typical", "high"].into_iter().zip(&keys) {
            if number.is_none() && fields.key_span(key).is_none() {
                fields.missing(key, &what);
            }
        }
        fields.finish(&what);
        let [Some(low), Some(typical), Some(high)] = keys else { return None };
        if !(low.value <= typical.value && typical.value <= high.value) {
            self.fault(Code::ValueType, high.span, "low, typical and high must not decrease", "");
            return None;
        }
        Some(Spread::Range(low.value, typical.value, high.value))
    }

    fn warn(&mut self, node: &Node) -> Option<Warn> {
        let mut fields = self.open(node, "`warn`");
        let above = fields.number("above").map(|above| above.value);
        let below = fields.number("below").map(|below| below.value);
        let say = fields.required_text("say", "`warn`");
        fields.finish("`warn`");
        Some(Warn { above, below, say: say?.value })
    }
}
