//! Fact records and, for generators that have none, the words they print as.

use std::fmt::Write as _;

use super::plan::purpose;
use super::random::Random;
use super::words::{push_invented, push_plain_sentence};

/// How many records one file holds.
pub(crate) const RECORDS_PER_FILE: usize = 100;

/// One figure: an amount of money a year with its spread, or a share in percent.
pub(crate) struct Fact {
    pub(crate) id: String,
    low: usize,
    typical: usize,
    high: usize,
    is_money: bool,
}

/// A use of a fact in prose.
#[derive(Clone, Copy)]
pub(crate) enum FactUse {
    /// The whole figure as the record prints it.
    Whole,
    /// One number of it.
    High,
    /// The writer's own words, with the citation.
    Words,
}

impl Fact {
    /// Fact number `index` of the site that `seed` gives.
    pub(crate) fn new(seed: u64, index: usize) -> Self {
        let mut random = Random::stream(seed, purpose::FACT, index);
        let mut id = String::from("us-");
        push_invented(70_000 + index, &mut id);
        let is_money = random.chance(70);
        let low = if is_money { random.between(150, 400) * 100 } else { random.between(2, 20) };
        let typical = low + low * random.between(20, 90) / 100 + 1;
        let high = typical + typical * random.between(20, 90) / 100 + 1;
        write_or_ignore(&mut id, format_args!("-{}-2025", if is_money { "wage" } else { "share" }));
        Self { id, low, typical, high, is_money }
    }

    /// Writes the record as an item of a YAML list.
    pub(crate) fn push_record(&self, seed: u64, index: usize, into: &mut String) {
        let mut random = Random::stream(seed, purpose::FACT, usize::MAX - index);
        let mut statement = String::new();
        push_plain_sentence(&mut random, 11, &mut statement);
        statement.pop();
        let mut publisher = String::from("Bureau of ");
        push_invented(90_000 + index % 60, &mut publisher);
        write_or_ignore(into, format_args!("- id: {}\n  statement: {statement}\n", self.id));
        write_or_ignore(
            into,
            format_args!(
                "  low: {}\n  typical: {}\n  high: {}\n  spread: p10–p90\n",
                self.low, self.typical, self.high
            ),
        );
        into.push_str(if self.is_money { "  unit: USD/year\n" } else { "  unit: \"%\"\n" });
        write_or_ignore(
            into,
            format_args!(
                "  as_of: 2025-{:02}\n  place: US\n  excludes: self-employed people\n  evidence: {}\n",
                1 + index % 12,
                random.pick(&["official statistic", "survey", "platform report", "trade estimate"])
            ),
        );
        write_or_ignore(
            into,
            format_args!(
                "  source:\n    title: Occupational statistics {}\n    publisher: {publisher}\n    \
                 url: https://example.org/statistics/{}\n",
                index % 60,
                index % 60
            ),
        );
        write_or_ignore(
            into,
            format_args!(
                "  seen: {}\n  confidence: {}\n  checked: 2026-{:02}-{:02}\n  check_again: 2028-05-31\n",
                random.pick(&["direct", "relayed"]),
                random.pick(&["high", "medium", "low"]),
                1 + index % 10,
                1 + index % 28
            ),
        );
    }

    /// What a reader sees where the fact is used, for the generators that get it as plain words.
    pub(crate) fn words(&self, fact_use: FactUse) -> String {
        match (fact_use, self.is_money) {
            (FactUse::Words, _) => "about half".to_owned(),
            (FactUse::High, true) => format!("${} a year", grouped(self.high)),
            (FactUse::High, false) => format!("{}%", self.high),
            (FactUse::Whole, true) => {
                format!("${} a year (${}–${})", grouped(self.typical), grouped(self.low), grouped(self.high))
            }
            (FactUse::Whole, false) => format!("{}% ({}%–{}%)", self.typical, self.low, self.high),
        }
    }

    /// The reference that Fingerpost resolves.
    pub(crate) fn reference(&self, fact_use: FactUse) -> String {
        match fact_use {
            FactUse::Whole => format!("[[fact:{}]]", self.id),
            FactUse::High => format!("[[fact:{}.high]]", self.id),
            FactUse::Words => format!("[[fact:{}|about half]]", self.id),
        }
    }

    /// Whether it is an amount of money, as a field for pay needs.
    pub(crate) fn is_money(&self) -> bool {
        self.is_money
    }
}

fn grouped(amount: usize) -> String {
    if amount < 1_000 { amount.to_string() } else { format!("{},{:03}", amount / 1_000, amount % 1_000) }
}

/// Writing to a `String` cannot fail, so there is no error to hand on.
pub(crate) fn write_or_ignore(into: &mut String, arguments: std::fmt::Arguments<'_>) {
    let _ = into.write_fmt(arguments);
}
