//! Units: what a number counts, checked by dimension and converted exactly.

use std::fmt;

use crate::base::Spanned;
use crate::diag::nearest;

/// A product of powers of base units, sorted by name; no power is zero. The empty product is a plain number.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Dimension(Vec<(String, i32)>);

impl Dimension {
    /// A plain number.
    #[must_use]
    pub fn plain() -> Self {
        Self::default()
    }

    /// One base unit.
    #[must_use]
    pub fn of(base: &str) -> Self {
        Self(vec![(base.to_owned(), 1)])
    }

    /// Whether it is a plain number.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.0.is_empty()
    }

    /// The product of two.
    #[must_use]
    pub fn times(&self, other: &Self) -> Self {
        self.combined(other, 1)
    }

    /// The quotient of two.
    #[must_use]
    pub fn over(&self, other: &Self) -> Self {
        self.combined(other, -1)
    }

    fn combined(&self, other: &Self, sign: i32) -> Self {
        let mut powers = self.0.clone();
        for (base, power) in &other.0 {
            match powers.iter_mut().find(|(known, _)| known == base) {
                Some((_, known)) => *known += sign * power,
                None => powers.push((base.clone(), sign * power)),
            }
        }
        powers.retain(|(_, power)| *power != 0);
        powers.sort();
        Self(powers)
    }

    /// A power.
    #[must_use]
    pub fn power(&self, exponent: i32) -> Self {
        let mut powers = self.0.clone();
        for (_, power) in &mut powers {
            *power *= exponent;
        }
        powers.retain(|(_, power)| *power != 0);
        Self(powers)
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return formatter.write_str("a plain number");
        }
        let part = |power: &(String, i32)| match power.1.abs() {
            1 => power.0.clone(),
            exponent => format!("{}^{exponent}", power.0),
        };
        let over: Vec<String> = self.0.iter().filter(|(_, power)| *power > 0).map(part).collect();
        let under: Vec<String> = self.0.iter().filter(|(_, power)| *power < 0).map(part).collect();
        formatter.write_str(if over.is_empty() { "1" } else { "" })?;
        formatter.write_str(&over.join("·"))?;
        for part in under {
            write!(formatter, "/{part}")?;
        }
        Ok(())
    }
}

/// A unit as written: its dimension, and how a number in it becomes one in base units: times `numerator`, divided by
/// `denominator`.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// What it measures.
    pub dimension: Dimension,
    /// See above.
    pub numerator: f64,
    /// See above.
    pub denominator: f64,
    /// How numbers in it are written.
    pub shown: Shown,
}

/// How a number of a unit is written for readers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct Shown {
    /// Currency code, where it is money.
    pub currency: Option<String>,
    /// Per cent.
    pub percent: bool,
    /// Noun for one, with what it is per: `hour a month`. Empty for a plain number.
    pub one: String,
    /// Noun for any other number.
    pub many: String,
    /// The part after the amount of money: `a stream`.
    pub per: String,
}

impl Unit {
    /// A plain number.
    #[must_use]
    pub fn plain() -> Self {
        Self { dimension: Dimension::plain(), numerator: 1.0, denominator: 1.0, shown: Shown::default() }
    }

    /// Per cent.
    #[must_use]
    pub fn percent() -> Self {
        Self { denominator: 100.0, shown: Shown { percent: true, ..Shown::default() }, ..Self::plain() }
    }

    /// A number in this unit, in base units.
    #[must_use]
    pub fn to_base(&self, number: f64) -> f64 {
        number * self.numerator / self.denominator
    }

    /// A number in base units, in this unit.
    #[must_use]
    pub fn from_base(&self, number: f64) -> f64 {
        number * self.denominator / self.numerator
    }

    /// The unit in words for labels: `£ an hour`, `hours a month`, `%`; empty for a plain number.
    #[must_use]
    pub fn words(&self) -> String {
        let shown = &self.shown;
        let base = match &shown.currency {
            Some(code) => super::number::symbol(code).unwrap_or(code).to_owned(),
            None if shown.percent => "%".to_owned(),
            None => shown.many.clone(),
        };
        format!("{base} {}", shown.per).trim().to_owned()
    }
}

/// A counting unit that a calculator declares.
#[derive(Debug, Clone, PartialEq)]
pub struct Counting {
    /// Its name in formulas.
    pub name: String,
    /// Noun for one.
    pub one: String,
    /// Noun for many.
    pub many: String,
    /// For a multiple of another unit: so many of which.
    pub multiple: Option<(f64, Spanned<String>)>,
}

/// The units that one calculator may use.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Units {
    /// ISO 4217 code of the only money there is.
    pub currency: Option<String>,
    /// Declared counting units.
    pub counting: Vec<Counting>,
}

/// Lengths of time that convert exactly: name and months.
const TIMES: [(&str, f64); 3] = [("month", 1.0), ("quarter", 3.0), ("year", 12.0)];

/// What is wrong with a unit, and the name that was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitFault {
    /// One sentence.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// One factor of a unit.
struct Atom {
    dimension: Dimension,
    factor: f64,
    one: String,
    many: String,
    is_money: bool,
}

impl Units {
    /// Whether a word is a unit of this calculator.
    #[must_use]
    pub fn knows(&self, word: &str) -> bool {
        self.atom(word).is_some()
    }

    /// Whether a unit is a multiple of itself, by way of others or not.
    #[must_use]
    pub fn goes_round(&self, name: &str) -> bool {
        let mut at = name;
        for _ in 0..=self.counting.len() {
            let known = self.counting.iter().find(|unit| unit.name == at);
            let Some((_, base)) = known.and_then(|unit| unit.multiple.as_ref()) else { return false };
            at = &base.value;
        }
        true
    }

    fn atom(&self, word: &str) -> Option<Atom> {
        self.atom_within(word, self.counting.len())
    }

    /// The same with at most so many multiples on the way: a longer way goes round in a circle.
    fn atom_within(&self, word: &str, links: usize) -> Option<Atom> {
        if self.currency.as_deref() == Some(word) {
            return Some(Atom {
                dimension: Dimension::of(word),
                factor: 1.0,
                one: String::new(),
                many: String::new(),
                is_money: true,
            });
        }
        for (name, months) in TIMES {
            if word == name || word.strip_suffix('s') == Some(name) {
                return Some(Atom {
                    dimension: Dimension::of("month"),
                    factor: months,
                    one: name.to_owned(),
                    many: format!("{name}s"),
                    is_money: false,
                });
            }
        }
        let unit = self
            .counting
            .iter()
            .find(|unit| unit.name == word)
            .or_else(|| self.counting.iter().find(|unit| unit.many == word))?;
        let (dimension, factor) = match &unit.multiple {
            None => (Dimension::of(&unit.name), 1.0),
            Some((factor, base)) => {
                let atom = links.checked_sub(1).and_then(|links| self.atom_within(&base.value, links));
                // What is no unit was reported where the multiple is declared.
                atom.map_or((Dimension::of(&base.value), *factor), |atom| (atom.dimension, factor * atom.factor))
            }
        };
        Some(Atom { dimension, factor, one: unit.one.clone(), many: unit.many.clone(), is_money: false })
    }

    /// Reads `USD/stream`, `%`, `hour/month`; no text is a plain number.
    ///
    /// # Errors
    /// A word that is no unit of this calculator.
    pub fn parse(&self, text: &str) -> Result<Unit, UnitFault> {
        let mut unit = Unit::plain();
        if text.trim().is_empty() {
            return Ok(unit);
        }
        for (place, word) in text.split('/').map(str::trim).enumerate() {
            if place == 0 && word == "1" {
                continue;
            }
            if place == 0 && word == "%" {
                unit = Unit::percent();
                continue;
            }
            if place == 0 && word == "¢" && self.currency.as_deref() == Some("USD") {
                unit.dimension = Dimension::of("USD");
                unit.denominator = 100.0;
                unit.shown.currency = Some("USD".to_owned());
                continue;
            }
            let Some(atom) = self.atom(word) else { return Err(self.unknown(word)) };
            if place == 0 {
                unit.dimension = atom.dimension;
                unit.numerator = atom.factor;
                unit.shown.currency = atom.is_money.then(|| word.to_owned());
                unit.shown.one = atom.one;
                unit.shown.many = atom.many;
            } else {
                unit.dimension = unit.dimension.over(&atom.dimension);
                unit.denominator *= atom.factor;
                let noun = if atom.is_money { word } else { atom.one.as_str() };
                let per = per(noun);
                unit.shown.per = format!("{} {per}", unit.shown.per).trim().to_owned();
            }
        }
        Ok(unit)
    }

    /// The unit that numbers of a dimension are shown in when the author names none: its base units.
    #[must_use]
    pub fn of(&self, dimension: &Dimension) -> Unit {
        let mut over: Vec<&str> = Vec::new();
        let mut under = String::new();
        for (base, power) in &dimension.0 {
            for _ in 0..power.abs().min(4) {
                if *power > 0 {
                    over.push(base);
                } else {
                    under.push('/');
                    under.push_str(base);
                }
            }
        }
        // Money stands in front of anything it is multiplied by.
        over.sort_by_key(|base| Some(*base) != self.currency.as_deref());
        let text = format!("{}{under}", over.first().copied().unwrap_or("1"));
        let mut unit = self.parse(&text).unwrap_or_else(|_| Unit::plain());
        for base in over.iter().skip(1) {
            unit.shown.per = format!("× {base} {}", unit.shown.per).trim().to_owned();
        }
        unit.dimension = dimension.clone();
        unit
    }

    fn unknown(&self, word: &str) -> UnitFault {
        let is_code = word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_uppercase());
        let names: Vec<&str> = self
            .counting
            .iter()
            .map(|unit| unit.name.as_str())
            .chain(TIMES.iter().map(|(name, _)| *name))
            .chain(self.currency.as_deref())
            .chain(["%"])
            .collect();
        let help = match (&self.currency, nearest(word, names.iter().copied())) {
            (Some(currency), _) if is_code => {
                Some(format!("the money of this calculator is `{currency}`; there is no exchange at run time"))
            }
            (None, _) if is_code => Some(format!("name the money first: `currency: {word}`")),
            (_, Some(near)) => Some(format!("did you mean `{near}`?")),
            _ => Some(format!("declare it: `units: [{word}]`")),
        };
        UnitFault { message: format!("`{word}` is not a unit of this calculator"), help }
    }

    /// The unit of a fact record as one of this calculator: `¢/copy`, `USD/year`, `hours`.
    ///
    /// # Errors
    /// A word that is no unit of this calculator.
    pub fn parse_fact(&self, text: &str) -> Result<Unit, UnitFault> {
        self.parse(text)
    }
}

/// What a number is per, in words: `an hour`, `a copy`, `per 3 h`.
#[must_use]
pub fn per(noun: &str) -> String {
    let article = match noun.chars().next() {
        Some(first) if first.is_ascii_digit() => "per",
        _ if noun.starts_with("hour") => "an",
        Some('a' | 'e' | 'i' | 'o') => "an",
        _ => "a",
    };
    format!("{article} {noun}")
}

/// The plural of a noun by the usual rule; declare `many` where it does not hold.
#[must_use]
pub fn plural(noun: &str) -> String {
    if let Some(stem) = noun.strip_suffix('y')
        && !stem.ends_with(['a', 'e', 'i', 'o', 'u'])
    {
        return format!("{stem}ies");
    }
    if noun.ends_with(['s', 'x']) || noun.ends_with("ch") || noun.ends_with("sh") {
        return format!("{noun}es");
    }
    format!("{noun}s")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on should stop at the line that says why")]
mod tests {
    use super::*;
    use crate::base::Span;

    fn units() -> Units {
        let counting =
            |name: &str| Counting { name: name.into(), one: name.into(), many: plural(name), multiple: None };
        let mut thousand = counting("kstream");
        thousand.multiple = Some((1000.0, Spanned::new("stream".to_owned(), Span::default())));
        let mut million = counting("mstream");
        million.multiple = Some((1000.0, Spanned::new("kstream".to_owned(), Span::default())));
        let counting = vec![counting("stream"), counting("copy"), million, thousand];
        Units { currency: Some("USD".to_owned()), counting }
    }

    #[test]
    fn units_convert_and_name_themselves() {
        let year = units().parse("USD/year").unwrap();
        assert!((year.to_base(24.99) * 12.0 - 24.99).abs() < 1e-12);
        assert_eq!(year.dimension.to_string(), "USD/month");
        assert_eq!(units().parse("USD/kstream").unwrap().to_base(3.0), 0.003);
        assert_eq!(units().parse("mstream").unwrap().to_base(2.0), 2e6, "a multiple of a multiple");
        assert_eq!(units().parse_fact("¢/copy").unwrap().to_base(12.7), 0.127);
        assert_eq!(units().parse("streams").unwrap().words(), "streams");
        assert_eq!(units().parse("%").unwrap().dimension.to_string(), "a plain number");
    }

    #[test]
    fn what_is_no_unit_says_what_was_meant() {
        assert_eq!(units().parse("steam").unwrap_err().help.unwrap(), "did you mean `stream`?");
        assert!(units().parse("GBP").unwrap_err().help.unwrap().contains("the money of this calculator is `USD`"));
    }
}
