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
        write_or_ignore(into, format_args!("- id: {}\n", self.id));
        self.push_yaml_fields(&Record::new(seed, index), into);
    }

    /// Writes the record as an entry of a YAML mapping from ids, by which Hugo's templates look facts up.
    pub(crate) fn push_yaml_entry(&self, seed: u64, index: usize, into: &mut String) {
        write_or_ignore(into, format_args!("{0}:\n  id: {0}\n", self.id));
        self.push_yaml_fields(&Record::new(seed, index), into);
    }

    fn push_yaml_fields(&self, record: &Record, into: &mut String) {
        let Record { statement, source, publisher, url, as_of, evidence, seen, confidence, checked } = record;
        let unit = if self.is_money { "USD/year" } else { "\"%\"" };
        write_or_ignore(
            into,
            format_args!(
                "  statement: {statement}\n  low: {}\n  typical: {}\n  high: {}\n  spread: p10–p90\n  unit: {unit}\n  \
                 as_of: {as_of}\n  place: US\n  excludes: self-employed people\n  evidence: {evidence}\n  source:\n    \
                 title: {source}\n    publisher: {publisher}\n    url: {url}\n  seen: {seen}\n  \
                 confidence: {confidence}\n  checked: {checked}\n  check_again: 2028-05-31\n",
                self.low, self.typical, self.high
            ),
        );
    }

    /// Writes the record as a JSON object, which Zola's templates load by its file's name.
    pub(crate) fn push_json(&self, seed: u64, index: usize, into: &mut String) {
        let record = Record::new(seed, index);
        let Record { statement, source, publisher, url, as_of, evidence, seen, confidence, checked } = &record;
        let unit = if self.is_money { "USD/year" } else { "%" };
        write_or_ignore(
            into,
            format_args!(
                "{{\"id\":\"{}\",\"statement\":\"{statement}\",\"low\":{},\"typical\":{},\"high\":{},\
                 \"spread\":\"p10–p90\",\"unit\":\"{unit}\",\"as_of\":\"{as_of}\",\"place\":\"US\",\
                 \"excludes\":\"self-employed people\",\"evidence\":\"{evidence}\",\
                 \"source\":{{\"title\":\"{source}\",\"publisher\":\"{publisher}\",\"url\":\"{url}\"}},\
                 \"seen\":\"{seen}\",\"confidence\":\"{confidence}\",\"checked\":\"{checked}\",\
                 \"check_again\":\"2028-05-31\"}}",
                self.id, self.low, self.typical, self.high
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

    /// The shortcode that Hugo's site resolves.
    pub(crate) fn hugo_shortcode(&self, fact_use: FactUse) -> String {
        match fact_use {
            FactUse::Whole => format!("{{{{< fact \"{}\" >}}}}", self.id),
            FactUse::High => format!("{{{{< fact \"{}\" \"high\" >}}}}", self.id),
            FactUse::Words => format!("{{{{< fact \"{}\" \"words\" \"about half\" >}}}}", self.id),
        }
    }

    /// The shortcode that Zola's site resolves.
    pub(crate) fn zola_shortcode(&self, fact_use: FactUse) -> String {
        match fact_use {
            FactUse::Whole => format!("{{{{ fact(id=\"{}\") }}}}", self.id),
            FactUse::High => format!("{{{{ fact(id=\"{}\", part=\"high\") }}}}", self.id),
            FactUse::Words => format!("{{{{ fact(id=\"{}\", text=\"about half\") }}}}", self.id),
        }
    }

    /// Whether it is an amount of money, as a field for pay needs.
    pub(crate) fn is_money(&self) -> bool {
        self.is_money
    }
}

/// What a fact's record holds besides its figure.
struct Record {
    statement: String,
    source: String,
    publisher: String,
    url: String,
    as_of: String,
    evidence: &'static str,
    seen: &'static str,
    confidence: &'static str,
    checked: String,
}

impl Record {
    fn new(seed: u64, index: usize) -> Self {
        let mut random = Random::stream(seed, purpose::FACT, usize::MAX - index);
        let mut statement = String::new();
        push_plain_sentence(&mut random, 11, &mut statement);
        statement.pop();
        let mut publisher = String::from("Bureau of ");
        push_invented(90_000 + index % 60, &mut publisher);
        Self {
            statement,
            source: format!("Occupational statistics {}", index % 60),
            publisher,
            url: format!("https://example.org/statistics/{}", index % 60),
            as_of: format!("2025-{:02}", 1 + index % 12),
            evidence: *random.pick(&["official statistic", "survey", "platform report", "trade estimate"]),
            seen: *random.pick(&["direct", "relayed"]),
            confidence: *random.pick(&["high", "medium", "low"]),
            checked: format!("2026-{:02}-{:02}", 1 + index % 10, 1 + index % 28),
        }
    }
}

fn grouped(amount: usize) -> String {
    if amount < 1_000 { amount.to_string() } else { format!("{},{:03}", amount / 1_000, amount % 1_000) }
}

/// Writing to a `String` cannot fail, so there is no error to hand on.
pub(crate) fn write_or_ignore(into: &mut String, arguments: std::fmt::Arguments<'_>) {
    let _ = into.write_fmt(arguments);
}
