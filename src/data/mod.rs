//! Structured data with a span for each value: what YAML and TOML have in common, and how it is taken apart.

mod fields;
mod toml;
mod yaml;

use crate::base::Span;

pub use fields::{Fields, items, quoted_all, quoted_list};
pub use toml::parse_toml;
pub use yaml::{Parsed, forget_consequences, parse_yaml};

/// A value and where it was written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Node {
    /// Its place in the file.
    pub span: Span,
    /// What it is.
    pub value: Value,
}

/// What a value is before anybody says what it should be. A scalar keeps the text that was written, so that `no`,
/// `012` and `1.10` stay themselves where text is meant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Value {
    /// Nothing was written (`key:`), or `null` or `~`.
    Null,
    /// Text, a number, a date, true or false.
    Scalar(Scalar),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping in the order it was written; keys are unique.
    Map(Vec<Entry>),
}

/// The text of a scalar, and whether it was quoted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Scalar {
    /// Without quotes, escapes undone.
    pub text: String,
    /// Quoted text and block text is text; plain text may also be a number, a date or a boolean.
    pub quoted: bool,
}

/// One key of a mapping with its value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// Its value.
    pub node: Node,
}

impl Node {
    /// What to call it in a message.
    #[must_use]
    pub fn description(&self) -> &'static str {
        match &self.value {
            Value::Null => "nothing",
            Value::Scalar(scalar) if scalar.quoted => "text",
            Value::Scalar(scalar) => {
                if matches!(scalar.text.as_str(), "true" | "false") {
                    "true or false"
                } else if self.number().is_some() {
                    "a number"
                } else {
                    "text"
                }
            }
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }

    /// The text of a scalar, exactly as written.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(scalar) => Some(&scalar.text),
            _ => None,
        }
    }

    /// A finite decimal number, not quoted: digits with an optional sign, point, exponent, and `_` between digits.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match &self.value {
            Value::Scalar(scalar) if !scalar.quoted => parse_number(&scalar.text),
            _ => None,
        }
    }

    /// `true` or `false`, not quoted; `yes`, `on` and `no` are text.
    #[must_use]
    pub fn boolean(&self) -> Option<bool> {
        match &self.value {
            Value::Scalar(scalar) if !scalar.quoted => match scalar.text.as_str() {
                "true" => Some(true),
                "false" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// The value as plain data for templates (`extra`): numbers and booleans where the text is one, text otherwise.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match &self.value {
            Value::Null => Json::Null,
            Value::Scalar(scalar) => {
                if let Some(boolean) = self.boolean() {
                    Json::Bool(boolean)
                } else if let Some(number) = self.number().filter(|_| !has_leading_zero(&scalar.text)) {
                    if number.fract() == 0.0 && number.abs() < 9e15 {
                        Json::from(number as i64)
                    } else {
                        Json::from(number)
                    }
                } else {
                    Json::String(scalar.text.clone())
                }
            }
            Value::List(items) => Json::Array(items.iter().map(Self::to_json).collect()),
            Value::Map(entries) => {
                Json::Object(entries.iter().map(|entry| (entry.key.clone(), entry.node.to_json())).collect())
            }
        }
    }
}

/// A finite decimal number: digits with an optional sign, point, exponent, and `_` between digits.
#[must_use]
pub fn parse_number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !digits.starts_with(|first: char| first.is_ascii_digit())
        || !digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'-' | b'+' | b'_'))
    {
        return None;
    }
    let between_digits = |(at, _): (usize, &str)| {
        let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
        digit(text.as_bytes().get(at.wrapping_sub(1))) && digit(text.as_bytes().get(at + 1))
    };
    if !text.match_indices('_').all(between_digits) {
        return None;
    }
    let plain = text.replace('_', "");
    plain.parse::<f64>().ok().filter(|number| number.is_finite())
}

/// `012` is a text that people number things with, not twelve.
fn has_leading_zero(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text).as_bytes();
    digits.first() == Some(&b'0') && digits.get(1).is_some_and(u8::is_ascii_digit)
}
