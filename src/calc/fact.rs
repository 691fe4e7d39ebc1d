//! What a calculator may ask about fact records. The records themselves belong to rooms that come later.

use super::declaration::Source;
use super::program::FactUse;
use crate::base::Date;

/// Facts by id.
pub trait Records: Sync {
    /// The fact of an id.
    fn fact(&self, id: &str) -> Option<Known>;

    /// The id nearest to one that is unknown.
    fn nearest(&self, id: &str) -> Option<String>;
}

/// A fact as a calculator needs it.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// Its id.
    pub id: String,
    /// What is the case.
    pub statement: String,
    /// As readers see it.
    pub display: String,
    /// When and where: `2025-05, US`.
    pub when: String,
    /// Lower end.
    pub low: Option<f64>,
    /// The value, or the median.
    pub typical: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// Years with their values.
    pub series: Vec<(String, f64)>,
    /// As declared: `USD/year`.
    pub unit: String,
    /// Where it was published.
    pub source: Option<Source>,
    /// An editor's estimate.
    pub estimate: bool,
    /// The day it should be read again.
    pub check_again: Option<Date>,
}

impl Known {
    /// Low, typical and high of a part; a single number is the typical one. A range without a middle gets its geometric
    /// mean, or its arithmetic one where the lower end is not positive. `None` when there is no such part.
    #[must_use]
    pub fn figures(&self, part: &str) -> Option<(Option<f64>, Option<f64>, Option<f64>)> {
        let one = |number: f64| Some((None, Some(number), None));
        match part {
            "" => match (self.low, self.typical, self.high) {
                (Some(low), None, Some(high)) => {
                    let middle = if low > 0.0 { (low * high).sqrt() } else { (low + high) / 2.0 };
                    Some((Some(low), Some(middle), Some(high)))
                }
                (None, None, None) => self.series.last().and_then(|(_, number)| one(*number)),
                figures => Some(figures),
            },
            "low" => self.low.and_then(one),
            "typical" | "value" => self.typical.and_then(one),
            "high" => self.high.and_then(one),
            year => self.series.iter().find(|(known, _)| known == year).and_then(|(_, number)| one(*number)),
        }
    }

    /// The parts that have a number.
    #[must_use]
    pub fn parts(&self) -> Vec<String> {
        let ends = [("low", self.low), ("typical", self.typical), ("high", self.high)];
        let named = ends.into_iter().filter(|(_, number)| number.is_some()).map(|(name, _)| name.to_owned());
        named.chain(self.series.iter().map(|(year, _)| year.clone())).collect()
    }

    /// As a calculator lists it.
    #[must_use]
    pub fn into_use(self) -> FactUse {
        FactUse { id: self.id, statement: self.statement, display: self.display, when: self.when }
    }
}
