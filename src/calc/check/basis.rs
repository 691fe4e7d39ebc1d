//! Where numbers come from: facts, sources, assumptions, and when they should be looked at again.

use super::Checker;
use crate::base::{Date, Spanned};
use crate::calc::declaration::{Cited, Number};
use crate::calc::fact::Known;
use crate::calc::number::tidy;
use crate::calc::program::{Basis, Distribution};
use crate::calc::unit::Unit;
use crate::data::quoted_all;
use crate::diag::Code;

impl Checker<'_, '_> {
    fn known(&mut self, reference: &Spanned<String>) -> Option<Known> {
        let (id, _) = reference.value.split_once('.').unwrap_or((&reference.value, ""));
        let known = self.records.fact(id);
        if known.is_none() {
            let near = self.records.nearest(id);
            let help = near.map_or_else(
                || "facts are declared in `content/facts/`".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            self.fault(Code::FactUnknown, reference.span, format!("there is no fact `{id}`"), "", &help);
        }
        known
    }

    /// The figures of a fact in `wanted`'s unit.
    fn fact_numbers(&mut self, cited: &Cited, wanted: &Unit) -> Option<(Known, Distribution)> {
        let Cited::Fact { reference, unit } = cited else { return None };
        let known = self.known(reference)?;
        let part = reference.value.split_once('.').map_or("", |(_, part)| part);
        let own = match unit {
            Some(text) => self.unit(text)?,
            None => match self.sources.units.parse_fact(&known.unit) {
                Ok(unit) => unit,
                Err(fault) => {
                    let message = format!("the unit of the fact `{}` is not one of this calculator", known.id);
                    let help = format!("{}; or say what it is: `fact: {{id: {}, unit: …}}`", fault.message, known.id);
                    self.fault(Code::CalcUnit, reference.span, message, &format!("it is in `{}`", known.unit), &help);
                    return None;
                }
            },
        };
        if own.dimension != wanted.dimension {
            let message = format!("the fact `{}` is in another unit", known.id);
            let label = format!("this is in {}", own.dimension);
            let help = format!(
                "{} is wanted here; say what the number is: `fact: {{id: {}, unit: …}}`",
                wanted.dimension, known.id
            );
            self.fault(Code::CalcUnit, reference.span, message, &label, &help);
            return None;
        }
        let convert = |number: f64| tidy(wanted.from_base(own.to_base(number)));
        match known.figures(part) {
            Some((Some(low), Some(typical), Some(high))) if part.is_empty() && low < high => {
                Some((known, Distribution::Range(convert(low), convert(typical), convert(high))))
            }
            Some((_, Some(typical), _)) => Some((known, Distribution::Fixed(convert(typical)))),
            _ => {
                let message = format!("the fact `{}` has no number `{part}`", known.id);
                let parts = known.parts();
                let names: Vec<&str> = parts.iter().map(String::as_str).collect();
                let help = format!("its parts are {}", quoted_all(&names));
                self.fault(Code::FactPart, reference.span, message, "", &help);
                None
            }
        }
    }

    pub(super) fn fact_spread(&mut self, cited: &Cited, wanted: &Unit) -> Option<Distribution> {
        self.fact_numbers(cited, wanted).map(|(_, spread)| spread)
    }

    pub(super) fn value_of(&mut self, number: &Number, unit: &Unit) -> Option<f64> {
        match number {
            Number::Plain(value) => Some(*value),
            Number::Fact(cited) => {
                let (known, spread) = self.fact_numbers(cited, unit)?;
                if let (Distribution::Range(..), Cited::Fact { reference, .. }) = (&spread, cited) {
                    let message = format!("the fact `{}` is a range, and one number is wanted", known.id);
                    let help = format!("name its part: `{}.typical`", known.id);
                    self.fault(Code::FactPart, reference.span, message, "", &help);
                }
                Some(spread.typical())
            }
        }
    }

    pub(super) fn basis(&mut self, cited: &[Cited]) -> Basis {
        let mut basis = Basis::default();
        for cited in cited {
            match cited {
                Cited::Fact { reference, .. } => {
                    if let Some(known) = self.known(reference) {
                        basis.estimate |= known.estimate;
                        basis.stale |=
                            self.days.as_of.is_some_and(|day| known.check_again.is_some_and(|due| due < day));
                        basis.sources.extend(known.source.clone());
                        basis.facts.push(known.into_use());
                    }
                }
                Cited::Source(source) => basis.sources.push(source.clone()),
                Cited::Assumption(why) => basis.assumptions.push(why.clone()),
            }
        }
        basis.sources.dedup();
        basis
    }

    pub(super) fn expired(&mut self, expires: Option<&Spanned<Date>>, what: &str) -> bool {
        let (Some(expires), Some(day)) = (expires, self.days.today) else { return false };
        if expires.value >= day {
            return false;
        }
        let message = format!("{what} was to be looked at again by {}", expires.value);
        self.fault(Code::FactStale, expires.span, message, "", "read its source again, then move this day");
        true
    }
}
