//! Numbers as readers see them, the same in Rust and in the browser.

use super::unit::Unit;

/// How one language writes numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Language {
    /// Between whole and parts.
    pub decimal: &'static str,
    /// Between groups of three digits.
    pub group: &'static str,
    /// Fewest digits before the first group for groups to be shown.
    pub group_from: usize,
    /// Groups of two after the first three, as in India.
    pub lakh: bool,
    /// Where the sign of money stands.
    pub money: MoneySign,
    /// What stands after a number of per cent.
    pub percent: &'static str,
}

/// Where the sign of money stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoneySign {
    /// `$1`
    Before,
    /// `$ 1`
    BeforeApart,
    /// `1 $`
    After,
}

/// The conventions of a language by its tag (Unicode CLDR 46, `numbers`, `currencyFormats` and `percentFormats`); English
/// where it is not known.
#[must_use]
pub fn language(tag: &str) -> Language {
    let tag = tag.replace('_', "-").to_ascii_lowercase();
    let primary = tag.split('-').next().unwrap_or_default();
    let continental = Language { decimal: ",", group: ".", money: MoneySign::After, percent: "\u{a0}%", ..ENGLISH };
    let spaced = Language { group: "\u{a0}", ..continental };
    match (primary, tag.as_str()) {
        (_, "en-in") | ("hi", _) => Language { lakh: true, ..ENGLISH },
        (_, "de-ch") => Language { group: "’", money: MoneySign::BeforeApart, ..ENGLISH },
        (_, "de-at") => Language { money: MoneySign::BeforeApart, ..spaced },
        (_, "es-mx") => ENGLISH,
        (_, "pt-pt") => Language { group_from: 5, percent: "%", ..spaced },
        ("pt" | "nl", _) => Language { money: MoneySign::BeforeApart, percent: "%", ..continental },
        ("id" | "tr", _) => Language { money: MoneySign::Before, percent: "%", ..continental },
        ("es" | "sl", _) => Language { group_from: 5, ..continental },
        ("it", _) => Language { group_from: 5, percent: "%", ..continental },
        ("el", _) => Language { percent: "%", ..continental },
        ("de" | "da" | "ro" | "hr", _) => continental,
        ("fr", _) => Language { group: "\u{202f}", ..continental },
        ("pl" | "bg" | "hu", _) => Language { group_from: 5, percent: "%", ..spaced },
        ("uk", _) => Language { percent: "%", ..spaced },
        ("sv" | "nb" | "no" | "nn" | "fi" | "cs" | "sk" | "ru", _) => spaced,
        _ => ENGLISH,
    }
}

/// English.
pub const ENGLISH: Language =
    Language { decimal: ".", group: ",", group_from: 4, lakh: false, money: MoneySign::Before, percent: "%" };

/// The sign of a currency.
#[must_use]
pub fn symbol(code: &str) -> Option<&'static str> {
    Some(match code {
        "USD" => "$",
        "GBP" => "£",
        "EUR" => "€",
        "JPY" => "¥",
        "INR" => "₹",
        "AUD" => "A$",
        "CAD" => "C$",
        "NZD" => "NZ$",
        _ => return None,
    })
}

/// So many things, for messages: `1 value`, `2 values`.
#[must_use]
pub fn counted(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

/// A number as it was most likely written: conversions leave the last bits off.
#[must_use]
pub fn tidy(number: f64) -> f64 {
    format!("{number:.12e}").parse().unwrap_or(number)
}

/// How many decimals a number in a step of this size has.
#[must_use]
pub fn decimals_of(step: f64) -> usize {
    let mut decimals = 0;
    let mut scaled = step;
    while decimals < 8 && (scaled - (scaled + 0.5).floor()).abs() > 1e-6 {
        scaled *= 10.0;
        decimals += 1;
    }
    decimals
}

/// How many decimals a number is shown with when the author names no step: three significant digits, money in cents between
/// ten cents and 100.
#[must_use]
pub fn natural_decimals(value: f64, is_money: bool) -> usize {
    let written = format!("{:e}", value.abs());
    let exponent: i32 = written.split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0);
    match (2 - exponent).clamp(0, 8) as usize {
        1..4 if is_money => 2,
        decimals => decimals,
    }
}

/// A number in digits: grouped, rounded half away from zero, with a true minus sign.
#[must_use]
pub fn digits(value: f64, decimals: usize, language: Language) -> String {
    let mut power = 1.0;
    for _ in 0..decimals {
        power *= 10.0;
    }
    let scaled = (value.abs() * power + 0.5 + 1e-7).floor();
    let plain = if scaled < EXACT {
        // So large a number of 64 bits holds it exactly, and is written in a tenth of the time.
        let (scaled, power) = (scaled as u64, power as u64);
        match decimals {
            0 => scaled.to_string(),
            _ => format!("{}.{:0decimals$}", scaled / power, scaled % power),
        }
    } else {
        format!("{:.decimals$}", value.abs())
    };
    let text = localized(&plain, language);
    if value < 0.0 && scaled > 0.0 { format!("−{text}") } else { text }
}

/// Whole numbers below this are exact in 64 bits of floating point.
const EXACT: f64 = 9e15;

/// Plain digits without the zeros that end their decimals.
fn trimmed(plain: &str) -> &str {
    if plain.contains('.') { plain.trim_end_matches('0').trim_end_matches('.') } else { plain }
}

/// Plain digits with at most one point, as a language groups and parts them.
fn localized(plain: &str, language: Language) -> String {
    let (figures, part) = plain.split_once('.').unwrap_or((plain, ""));
    if figures.len() > DIGITS_MAX {
        return "∞".to_owned();
    }
    let mut text = String::with_capacity(plain.len() * 2);
    for (at, figure) in figures.chars().enumerate() {
        let left = figures.len() - at;
        let bound = if language.lakh {
            left == 3 || (left > 3 && (left - 3).is_multiple_of(2))
        } else {
            left.is_multiple_of(3)
        };
        if at > 0 && bound && figures.len() >= language.group_from {
            text.push_str(language.group);
        }
        text.push(figure);
    }
    if !part.is_empty() {
        text.push_str(language.decimal);
        text.push_str(part);
    }
    text
}

/// A number with more digits than this is larger than any digits would tell.
const DIGITS_MAX: usize = 21;

/// A share in whole per cent.
#[must_use]
pub fn percent(share: f64, language: Language) -> String {
    format!("{}{}", digits(share * 100.0, 0, language), language.percent)
}

/// A number as a form has it: all its digits, to the eighth decimal, and the hyphen that every keyboard has.
#[must_use]
pub fn entry(value: f64, language: Language) -> String {
    let text = localized(trimmed(&format!("{:.8}", value.abs())), language);
    if value < 0.0 { format!("-{text}") } else { text }
}

/// An amount with its unit; `step` is in that unit. English.
#[must_use]
pub fn amount(value: f64, unit: &Unit, step: Option<f64>) -> String {
    amount_in(value, unit, step, ENGLISH)
}

/// An amount with its unit in a language.
#[must_use]
pub fn amount_in(value: f64, unit: &Unit, step: Option<f64>, language: Language) -> String {
    let shown = &unit.shown;
    if value.is_nan() {
        return "–".to_owned();
    }
    let is_money = shown.currency.is_some();
    let (rounded, text) = match step {
        Some(step) => {
            let rounded = super::kernel::round(value, step);
            (rounded, digits(rounded.abs(), decimals_of(step), language))
        }
        None => {
            let decimals = natural_decimals(value, is_money);
            let rounded = super::kernel::round(value, 1.0 / 10_f64.powi(decimals as i32));
            let plain = format!("{:.decimals$}", rounded.abs());
            // 2.5 needs no more digits than it has, and a price none where there are no cents.
            let short = match decimals {
                2 if is_money => plain.strip_suffix(".00").unwrap_or(&plain),
                _ => trimmed(&plain),
            };
            (rounded, localized(short, language))
        }
    };
    let Affixes { before, one, many } = affixes(unit, language);
    let after = if rounded == 1.0 { one } else { many };
    let sign = if rounded < 0.0 { "−" } else { "" };
    format!("{sign}{before}{text}{after}")
}

/// What stands around a number in one unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Affixes {
    /// Before the number, after its minus sign: `$`.
    pub before: String,
    /// After a single one: ` stream a month`.
    pub one: String,
    /// After any other number.
    pub many: String,
}

/// What stands around the numbers of a unit.
#[must_use]
pub fn affixes(unit: &Unit, language: Language) -> Affixes {
    let shown = &unit.shown;
    let spaced = |word: &str| if word.is_empty() { String::new() } else { format!(" {word}") };
    let per = spaced(&shown.per);
    let sign = shown.currency.as_ref().map(|code| symbol(code).map_or_else(|| format!("{code}\u{a0}"), str::to_owned));
    let (before, one, many) = match sign {
        Some(sign) => match language.money {
            MoneySign::Before => (sign, String::new(), String::new()),
            MoneySign::BeforeApart => (format!("{}\u{a0}", sign.trim_end()), String::new(), String::new()),
            MoneySign::After => {
                let after = format!("\u{a0}{}", sign.trim_end());
                (String::new(), after.clone(), after)
            }
        },
        None if shown.percent => (String::new(), language.percent.to_owned(), language.percent.to_owned()),
        None => (String::new(), spaced(&shown.one), spaced(&shown.many)),
    };
    Affixes { before, one: one + &per, many: many + &per }
}

/// What is said of a number beyond its limits.
#[must_use]
pub fn not_between(number: f64, min: f64, max: f64) -> String {
    let [number, min, max] = [number, min, max].map(|number| amount(number, &Unit::plain(), None));
    format!("{number} is not between {min} and {max}")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on should stop at the line that says why")]
mod tests {
    use super::super::unit::{Counting, Units};
    use super::*;

    #[test]
    fn amounts_read_well() {
        let counting =
            |name: &str| Counting { name: name.into(), one: name.into(), many: format!("{name}s"), multiple: None };
        let units = Units { currency: Some("GBP".into()), counting: vec![counting("stream"), counting("hour")] };
        let text = |value: f64, unit: &str, step: Option<f64>| amount(value, &units.parse(unit).unwrap(), step);
        assert_eq!(text(1234.5, "GBP/month", Some(10.0)), "£1,230 a month");
        assert_eq!(text(-0.5, "GBP", None), "−£0.50");
        assert_eq!(text(0.0015, "GBP/stream", None), "£0.0015 a stream");
        assert_eq!(text(1.0, "stream", None), "1 stream");
        assert_eq!(text(16_993_333.33, "streams", None), "16,993,333 streams");
        assert_eq!(text(2.5, "%", None), "2.5%");
        assert_eq!(text(12.0, "hour/month", None), "12 hours a month");
        assert_eq!(digits(1_234_567.891, 2, language("de")), "1.234.567,89");
        assert_eq!(digits(1_234_567.0, 0, language("en-IN")), "12,34,567");
        assert_eq!(digits(1234.0, 0, language("es")), "1234");
    }
}
