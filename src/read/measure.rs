//! Units and how amounts are written for readers: `$37,570 a year`, `12.7¢ a copy`, `−2%`, `16,900 jobs`.

use crate::calc::number::{ENGLISH, digits, symbol};
use crate::calc::unit::per;

/// A unit as an author declared it: what is counted, and per what.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Unit {
    /// What is counted.
    pub base: Base,
    /// Per what: `year` in `USD/year`.
    pub per: Option<String>,
}

/// What is counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Base {
    /// Nothing: a bare number.
    None,
    /// Per cent.
    Percent,
    /// Money by its ISO 4217 code.
    Money(String),
    /// Hundredths of the US dollar, written `¢`.
    Cent,
    /// Things, by their noun: `jobs`.
    Noun(String),
}

impl Unit {
    /// Reads `USD/year`, `%`, `¢/copy`, `jobs` or nothing. Any text is a unit: what is not known is a noun.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        let (base, per) = match text.split_once('/') {
            Some((base, per)) => (base.trim(), Some(per.trim().to_owned()).filter(|per| !per.is_empty())),
            None => (text, None),
        };
        let base = match base {
            "" => Base::None,
            "%" => Base::Percent,
            "¢" => Base::Cent,
            code if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()) => {
                Base::Money(code.to_owned())
            }
            noun => Base::Noun(noun.to_owned()),
        };
        Self { base, per }
    }

    /// Whether it is an amount of money.
    #[must_use]
    pub fn is_money(&self) -> bool {
        matches!(self.base, Base::Money(_) | Base::Cent)
    }

    /// An amount with its unit; `with_per` adds "a year".
    #[must_use]
    pub fn format(&self, amount: f64, with_per: bool) -> String {
        let mut text = self.number_with_sign(amount);
        if let Base::Noun(noun) = &self.base {
            text.push(' ');
            text.push_str(if amount == 1.0 { singular(noun) } else { noun });
        }
        if with_per {
            self.push_per(&mut text);
        }
        text
    }

    /// Two amounts with one unit: `$15–$40 a track`, `3–5%`, `6–12 months`.
    #[must_use]
    pub fn format_range(&self, low: f64, high: f64, with_per: bool) -> String {
        let dash = if low < 0.0 || high < 0.0 { " to " } else { "–" };
        let low_text = match self.base {
            Base::Percent | Base::Cent => number(low),
            _ => self.number_with_sign(low),
        };
        let mut text = format!("{low_text}{dash}{}", self.format(high, false));
        if with_per {
            self.push_per(&mut text);
        }
        text
    }

    fn number_with_sign(&self, amount: f64) -> String {
        match &self.base {
            Base::None | Base::Noun(_) => number(amount),
            Base::Percent => format!("{}%", number(amount)),
            Base::Cent => format!("{}¢", number(amount)),
            Base::Money(code) => {
                let sign = if amount < 0.0 { "\u{2212}" } else { "" };
                let figures = money_digits(amount.abs());
                match symbol(code) {
                    Some(symbol) => format!("{sign}{symbol}{figures}"),
                    None => format!("{sign}{code}\u{a0}{figures}"),
                }
            }
        }
    }

    fn push_per(&self, text: &mut String) {
        if let Some(noun) = &self.per {
            text.push(' ');
            text.push_str(&per(noun));
        }
    }
}

fn singular(noun: &str) -> &str {
    let first = noun.split(' ').next().unwrap_or(noun);
    if first.len() == noun.len() { noun.strip_suffix('s').unwrap_or(noun) } else { noun }
}

/// A number with thousands separated by commas and a true minus sign. Decimals as written, at most six.
#[must_use]
pub fn number(amount: f64) -> String {
    digits(amount, decimals(amount), ENGLISH)
}

/// Whole amounts without decimals, others with at least two.
fn money_digits(amount: f64) -> String {
    let decimals = decimals(amount);
    digits(amount, if decimals == 1 { 2 } else { decimals }, ENGLISH)
}

/// How many decimals a number was written with, at most six.
fn decimals(amount: f64) -> usize {
    if amount.fract() == 0.0 {
        return 0;
    }
    let text = format!("{amount:.6}");
    text.trim_end_matches('0').split_once('.').map_or(0, |(_, decimals)| decimals.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_as_people_write_them() {
        for (unit, amount, expected) in [
            ("USD/year", 37570.0, "$37,570 a year"),
            ("USD/hour", 21.69, "$21.69 an hour"),
            ("USD/stream", 0.0035, "$0.0035 a stream"),
            ("USD", 488.5, "$488.50"),
            ("¢/copy", 12.7, "12.7¢ a copy"),
            ("%", -2.0, "−2%"),
            ("jobs", 16900.0, "16,900 jobs"),
            ("months", 1.0, "1 month"),
            ("", 1_234_567.0, "1,234,567"),
            ("CHF/3 h", -5.0, "−CHF\u{a0}5 per 3 h"),
        ] {
            assert_eq!(Unit::parse(unit).format(amount, true), expected);
        }
        assert_eq!(Unit::parse("USD/track").format_range(15.0, 40.0, true), "$15–$40 a track");
        assert_eq!(Unit::parse("%").format_range(3.0, 5.0, true), "3–5%");
        assert_eq!(Unit::parse("%").format_range(-3.0, 5.0, true), "−3 to 5%");
    }
}
