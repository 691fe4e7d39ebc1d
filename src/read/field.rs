//! Values of a kind's own fields, checked against their shape and compiled to [`Prose`].

use super::exactly;
use super::markdown::{Origin, compile_field, named_target};
use super::measure::{Base, Unit};
use super::prose::{Fill, Prose, Target};
use crate::base::{PartialDate, SourcePath, Span, Spanned};
use crate::config::{Config, Field, FigureRules, Shape};
use crate::data::{Fields, Node, Scalar, Value, items, parse_number};
use crate::diag::{Code, Diagnostic};

/// The value of one field: what is shown, and what other pages and machines may take from it.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldValue {
    /// The field's key.
    pub id: String,
    /// One for a plain field, any number for a list.
    pub proses: Vec<Prose>,
    /// Shown as a list.
    pub is_list: bool,
    /// The amount of a field that counts something and is not a fact.
    pub amount: Option<Box<Amount>>,
    /// What a fact that stands here must be counted in.
    pub wanted: Wanted,
}

/// What a fact in a field must be counted in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Wanted {
    /// Anything.
    Any,
    /// Any currency.
    Money,
    /// Per cent.
    Percent,
    /// No unit.
    Number,
    /// This noun, singular or plural.
    Noun(String),
}

impl Wanted {
    /// Whether a fact's unit will do.
    #[must_use]
    pub fn takes(&self, unit: &Unit) -> bool {
        match self {
            Self::Any => true,
            Self::Money => unit.is_money(),
            Self::Percent => unit.base == Base::Percent,
            Self::Number => unit.base == Base::None,
            Self::Noun(noun) => match &unit.base {
                Base::Noun(other) => other.trim_end_matches('s') == noun.trim_end_matches('s'),
                _ => false,
            },
        }
    }

    /// The words for it in a message.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Any => "anything".to_owned(),
            Self::Money => "an amount of money".to_owned(),
            Self::Percent => "a percentage".to_owned(),
            Self::Number => "a number without a unit".to_owned(),
            Self::Noun(noun) => format!("a number of {}", plural(noun)),
        }
    }
}

/// An amount as an author wrote it in front matter.
#[derive(Debug, Clone, PartialEq)]
pub struct Amount {
    /// What is counted, and per what.
    pub unit: Unit,
    /// Lower end.
    pub low: Option<f64>,
    /// Median or only value.
    pub typical: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

impl Amount {
    /// A single number.
    fn of(unit: Unit, number: f64) -> Self {
        Self { unit, low: None, typical: Some(number), high: None }
    }
}

struct Reader<'a, 'd> {
    path: &'a SourcePath,
    text: &'a str,
    field: &'a Field,
    config: &'a Config,
    figures: Option<&'a FigureRules>,
    diagnostics: &'d mut Vec<Diagnostic>,
    amount: Option<Amount>,
}

/// Reads one field. `None` when nothing of it can be used; why is in `diagnostics`. `figures` must have a source, where
/// the page's kind asks for it.
pub fn read_field(
    path: &SourcePath,
    text: &str,
    field: &Field,
    node: &Node,
    config: &Config,
    figures: Option<&FigureRules>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<FieldValue> {
    let mut reader = Reader { path, text, field, config, figures, diagnostics, amount: None };
    let (proses, is_list, shape) = match &field.shape {
        Shape::List(of) => {
            let proses = items(node).iter().filter_map(|item| reader.read(of, item)).collect();
            (exactly(proses), true, of.as_ref())
        }
        shape => (vec![reader.read(shape, node)?], false, shape),
    };
    let wanted = match shape {
        Shape::Money => Wanted::Money,
        Shape::Percent => Wanted::Percent,
        Shape::Number => Wanted::Number,
        Shape::Quantity { unit } => Wanted::Noun(unit.clone()),
        _ => Wanted::Any,
    };
    Some(FieldValue { id: field.id.clone(), proses, is_list, amount: reader.amount.map(Box::new), wanted })
}

impl Reader<'_, '_> {
    fn read(&mut self, shape: &Shape, node: &Node) -> Option<Prose> {
        if let (Shape::Number | Shape::Quantity { .. } | Shape::Money | Shape::Percent | Shape::Fact, Value::Map(_)) =
            (shape, &node.value)
            && let Some(prose) = self.fact(node)
        {
            return Some(prose);
        }
        match shape {
            Shape::Text => {
                let scalar = self.scalar(node)?.clone();
                self.look_for_link(&scalar, node.span);
                Some(Prose::of_text(&scalar.text))
            }
            Shape::Markdown => {
                let scalar = self.scalar(node)?.clone();
                let (offset, whole) = (self.offset_of(&scalar, node.span), node.span);
                let origin = Origin { path: self.path, offset, whole, figures: self.figures };
                Some(compile_field(&scalar.text, origin, self.config.markdown, self.diagnostics))
            }
            Shape::Number => match node.number() {
                Some(number) => {
                    self.amount = Some(Amount::of(Unit { base: Base::None, per: None }, number));
                    Some(Prose::of_text(&super::measure::number(number)))
                }
                None => self.wrong(node, "a number"),
            },
            Shape::Quantity { unit } => self.quantity(node, unit),
            Shape::Money => self.money(node),
            Shape::Percent => {
                let percent = match &node.value {
                    Value::Scalar(scalar) => scalar.text.strip_suffix('%').map(str::trim).and_then(parse_number),
                    _ => None,
                };
                match percent {
                    Some(percent) => {
                        let unit = Unit { base: Base::Percent, per: None };
                        let text = unit.format(percent, false);
                        self.amount = Some(Amount::of(unit, percent));
                        Some(Prose::of_text(&text))
                    }
                    None => self.wrong(node, "a percentage such as `-2%`, or `{fact: id}`"),
                }
            }
            Shape::Date => match node.text().and_then(PartialDate::parse) {
                Some(date) => Some(Prose::of_text(&date.to_string())),
                None => self.wrong(node, "a date such as `2026-11-23`, `2026-11` or `2026`"),
            },
            Shape::Choice(choices) => {
                let scalar = self.scalar(node)?.clone();
                if choices.contains(&scalar.text) {
                    return Some(Prose::of_text(&scalar.text));
                }
                let names: Vec<&str> = choices.iter().map(String::as_str).collect();
                let written = Spanned::new(scalar.text, node.span);
                let nothing = Node { span: node.span, value: Value::Null };
                Fields::open(self.path, &nothing, "", self.diagnostics).not_a_choice(&self.field.id, &written, &names);
                None
            }
            Shape::Link => {
                let scalar = self.scalar(node)?;
                let target = named_target(scalar.text.trim_start_matches("[[").trim_end_matches("]]"));
                Some(Prose::of_reference(target, node.span, Fill::Link))
            }
            Shape::Fact => {
                let scalar = self.scalar(node)?;
                Some(fact_prose(&scalar.text, node.span))
            }
            Shape::List(_) => self.wrong(node, "a single value"),
        }
    }

    fn scalar<'n>(&mut self, node: &'n Node) -> Option<&'n Scalar> {
        match &node.value {
            Value::Scalar(scalar) => Some(scalar),
            _ => {
                self.wrong::<()>(node, "text");
                None
            }
        }
    }

    /// A link in plain text is shown with its brackets.
    fn look_for_link(&mut self, scalar: &Scalar, whole: Span) {
        let text = scalar.text.as_str();
        let Some(start) = text.find("[[") else { return };
        let Some(length) = text[start..].find("]]").map(|end| end + 2) else { return };
        let span =
            self.offset_of(scalar, whole).map_or(whole, |offset| Span::new(offset + start, offset + start + length));
        let message = format!("`{}` is plain text, and shows this link as it is written", self.field.id);
        self.diagnostics.push(
            Diagnostic::at(Code::LinkInText, self.path, span, message)
                .help("write the words alone, or give the field `type = \"markdown\"` in `site.toml`"),
        );
    }

    fn wrong<T>(&mut self, node: &Node, wanted: &str) -> Option<T> {
        let nothing = Node { span: node.span, value: Value::Null };
        Fields::open(self.path, &nothing, "", self.diagnostics).wrong_type(node, &self.field.id, wanted);
        None
    }

    /// Where the text of a scalar begins in the file, when it stands there letter for letter.
    fn offset_of(&self, scalar: &Scalar, span: Span) -> Option<usize> {
        let written = self.text.get(span.range())?;
        let inside = written.strip_prefix(['"', '\'']).map_or(0, |_| 1);
        written.get(inside..)?.starts_with(scalar.text.as_str()).then_some(span.range().start + inside)
    }

    /// `{fact: id}`; `None` when the mapping has no key `fact`.
    fn fact(&mut self, node: &Node) -> Option<Prose> {
        let mut faults = Vec::new();
        let mut fields = Fields::open(self.path, node, "a fact in a field", &mut faults);
        let id = fields.text("fact")?;
        fields.finish("a fact in a field");
        self.diagnostics.append(&mut faults);
        Some(fact_prose(&id.value, id.span))
    }

    fn quantity(&mut self, node: &Node, unit: &str) -> Option<Prose> {
        let noun = Unit { base: Base::Noun(plural(unit)), per: None };
        if let Value::Map(_) = node.value {
            let mut fields = Fields::open(self.path, node, "a quantity", self.diagnostics);
            let [low, typical, high] =
                ["low", "typical", "high"].map(|key| fields.number(key).map(|number| number.value));
            if low.or(typical).or(high).is_none() {
                fields.missing("typical", "this quantity");
            }
            fields.finish("a quantity");
            let text = spread(&noun, low, typical, high)?;
            self.amount = Some(Amount { unit: noun, low, typical, high });
            return Some(Prose::of_text(&text));
        }
        let scalar = self.scalar(node)?.clone();
        let text = scalar.text.trim();
        let digits = text.trim_end_matches(|character: char| character.is_alphabetic() || character == ' ');
        let written_unit = text[digits.len()..].trim();
        if !digits.is_empty()
            && !written_unit.is_empty()
            && written_unit.trim_end_matches('s') != unit.trim_end_matches('s')
        {
            let message = format!("`{}` is counted in {}, not in `{written_unit}`", self.field.id, plural(unit));
            let diagnostic = Diagnostic::at(Code::FactUnit, self.path, node.span, message);
            self.diagnostics.push(diagnostic.help(format!("write it in {}", plural(unit))));
            return None;
        }
        let numbers: Option<Vec<f64>> = digits.split(['–', '-']).map(|number| parse_number(number.trim())).collect();
        match numbers.as_deref() {
            Some([one]) => {
                let text = noun.format(*one, false);
                self.amount = Some(Amount::of(noun, *one));
                Some(Prose::of_text(&text))
            }
            Some([low, high]) => {
                let text = noun.format_range(*low, *high, false);
                self.amount = Some(Amount { unit: noun, low: Some(*low), typical: None, high: Some(*high) });
                Some(Prose::of_text(&text))
            }
            _ => self.wrong(
                node,
                &format!("a number or range of {} such as `6–12 {unit}`, or `{{fact: id}}`", plural(unit)),
            ),
        }
    }

    fn money(&mut self, node: &Node) -> Option<Prose> {
        let Value::Map(_) = node.value else {
            return self.wrong(node, "`{currency: USD, period: year, low: …, typical: …, high: …}` or `{fact: id}`");
        };
        let mut fields = Fields::open(self.path, node, "money", self.diagnostics);
        let currency = fields.required_text("currency", "this amount");
        let period = fields.text("period").map(|period| period.value);
        let [low, typical, high] = ["low", "typical", "high"].map(|key| fields.number(key).map(|number| number.value));
        let value = fields.number("value").map(|number| number.value);
        if low.or(typical).or(high).or(value).is_none() {
            fields.missing("typical", "this amount");
        }
        fields.node("fact");
        fields.finish("money");
        let currency = currency?;
        if currency.value.len() != 3 || !currency.value.bytes().all(|byte| byte.is_ascii_uppercase()) {
            let message = format!("`{}` is not a currency code such as `USD`", currency.value);
            self.diagnostics.push(Diagnostic::at(Code::ValueChoice, self.path, currency.span, message));
            return None;
        }
        let unit = Unit { base: Base::Money(currency.value), per: period };
        let typical = typical.or(value);
        let text = spread(&unit, low, typical, high)?;
        self.amount = Some(Amount { unit, low, typical, high });
        Some(Prose::of_text(&text))
    }
}

fn fact_prose(name: &str, span: Span) -> Prose {
    let (id, part) = name.trim().split_once('.').unwrap_or((name.trim(), ""));
    let target = Target::Fact { id: id.into(), part: part.into() };
    Prose::of_reference(target, span, Fill::Fact)
}

/// Any two or three of low, typical and high, as a reader sees them.
fn spread(unit: &Unit, low: Option<f64>, typical: Option<f64>, high: Option<f64>) -> Option<String> {
    Some(match (low, typical, high) {
        (Some(low), Some(typical), Some(high)) => {
            format!("{} ({})", unit.format(typical, true), unit.format_range(low, high, false))
        }
        (Some(low), None, Some(high)) => unit.format_range(low, high, true),
        (low, typical, high) => unit.format(typical.or(low).or(high)?, true),
    })
}

fn plural(noun: &str) -> String {
    if noun.ends_with('s') { noun.to_owned() } else { format!("{noun}s") }
}
