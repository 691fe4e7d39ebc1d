//! What the reader's script must know of a calculator, as JSON: where inputs go and how values are shown. Everything
//! else it reads from the page.

use serde_json::{Value, json};

use super::number::{Language, decimals_of};
use super::program::{At, Axis, Column, ColumnKind, Distribution, InputSlot, NumberSlot, Program, Shape, SlotKind};
use super::unit::Unit;

/// How a view reads a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// With everything at its typical value.
    Typical,
    /// A quantile, in per cent: 50 is the median.
    Quantile(u8),
    /// The share of samples in which a condition holds.
    Chance,
}

impl Reading {
    /// The probability of a quantile.
    #[must_use]
    pub fn probability(self) -> Option<f64> {
        match self {
            Self::Quantile(percent) => Some(f64::from(percent) / 100.0),
            Self::Typical | Self::Chance => None,
        }
    }
}

/// A shown value: what, how it is read, and words for what is no number.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// What.
    pub shape: Shape,
    /// How.
    pub reading: Reading,
    /// For a missing value, or for yes and no.
    pub words: Vec<String>,
}

/// Collects units and views while the page is written, so that page and script mean the same by one number.
#[derive(Debug, Default)]
pub struct Spec {
    units: Vec<Unit>,
    views: Vec<View>,
}

impl Spec {
    /// The number of a unit.
    pub fn unit(&mut self, unit: &Unit) -> usize {
        match self.units.iter().position(|known| known == unit) {
            Some(place) => place,
            None => {
                self.units.push(unit.clone());
                self.units.len() - 1
            }
        }
    }

    /// The number of a view.
    pub fn view(&mut self, view: View) -> usize {
        match self.views.iter().position(|known| *known == view) {
            Some(place) => place,
            None => {
                self.views.push(view);
                self.views.len() - 1
            }
        }
    }

    /// A number: where it goes, its unit, its limits, how it spreads. What it is at first stands in its box.
    fn number(&mut self, number: &NumberSlot) -> Value {
        let mut value = json!({ "s": number.slot, "u": self.unit(&number.unit), "min": short(number.min), "max": short(number.max) });
        match &number.spread {
            Distribution::Fixed(_) => {}
            Distribution::Range(..) => value["k"] = json!(1),
            Distribution::Poisson(_) => value["k"] = json!(2),
            Distribution::Values(values) => {
                value["k"] = json!(3);
                value["d"] = json!(values);
            }
        }
        if number.whole {
            value["w"] = json!(1);
        }
        if let Some(warn) = &number.warn {
            value["warn"] = json!([warn.below.unwrap_or(number.min), warn.above.unwrap_or(number.max), warn.say]);
        }
        value
    }

    /// A column of rows: as an input, but for an array, which stands after the scalars.
    fn column(&mut self, column: &Column) -> Value {
        let mut value = match &column.kind {
            ColumnKind::Number(number) => self.number(number),
            ColumnKind::Choice { options, default, .. } if *default > 0 => json!({ "o": names(options), "d": default }),
            ColumnKind::Choice { options, .. } => json!({ "o": names(options) }),
            ColumnKind::YesNo { .. } | ColumnKind::Text => json!({}),
        };
        if let Some(array) = column.array() {
            value["a"] = json!(array + 1);
            value["s"] = json!(0);
        }
        value
    }

    fn input(&mut self, input: &InputSlot) -> Value {
        let mut value = match &input.kind {
            SlotKind::Number(number) => self.number(number),
            SlotKind::Choice { slot, options, .. } => json!({ "s": slot, "o": names(options) }),
            // A chance is a number of per cent; with everything typical the input is what it is at first.
            SlotKind::YesNo { slot, default, chance: Some(_) } => json!({
                "s": slot, "u": self.unit(&Unit::percent()), "k": 4, "min": 0, "max": 100, "y": u8::from(*default),
            }),
            SlotKind::YesNo { slot, .. } => json!({ "s": slot }),
            SlotKind::Rows { axis, columns, min_rows, max_rows, .. } => {
                let columns: Vec<Value> = columns.iter().map(|column| self.column(column)).collect();
                json!({ "x": axis, "o": columns, "min": min_rows, "max": max_rows })
            }
            SlotKind::Text { .. } => json!({}),
        };
        value["n"] = json!(input.name);
        if let (Some(kept), SlotKind::Number(number)) = (&input.kept, &input.kind) {
            value["p"] = json!(format!("{} {}", kept.name, number.unit.dimension));
        }
        if let Some(was) = &input.was {
            value["was"] = json!(was);
        }
        if let Some((factor, strength)) = &input.together {
            value["b"] = json!([factor, strength]);
        }
        value
    }

    /// The whole, for a program whose page was written with this collection.
    #[must_use]
    pub fn finish(mut self, program: &Program, language: Language) -> Value {
        let inputs: Vec<Value> = program.inputs.iter().map(|input| self.input(input)).collect();
        let lengths: Vec<Value> = program
            .axes
            .iter()
            .map(|axis| match axis {
                Axis::Series { count, .. } => json!(count),
                Axis::Rows { max, .. } => json!(max),
            })
            .collect();
        let views: Vec<Value> = self.views.clone().iter().map(|view| self.view_json(view)).collect();
        let units: Vec<Value> = self
            .units
            .iter()
            .map(|unit| {
                let affixes = super::number::affixes(unit, language);
                let money = u8::from(unit.shown.currency.is_some());
                json!([
                    short(unit.numerator),
                    short(unit.denominator),
                    money,
                    affixes.before,
                    affixes.one,
                    affixes.many
                ])
            })
            .collect();
        let mut formats = vec![
            json!(language.decimal),
            json!(language.group),
            json!(language.group_from),
            json!(u8::from(language.lakh)),
        ];
        if language.percent != "%" {
            // Where it is not named, the script takes the bare sign.
            formats.push(json!(language.percent));
        }
        let mut spec = json!({
            "id": program.id, "s": program.scalars, "a": program.arrays, "n": lengths, "i": inputs, "u": units, "v": views,
            "f": formats,
        });
        if let Some(solve) = &program.solve {
            spec["g"] = json!([solve.input, solve.slot]);
        }
        if let Some((input, values)) = &program.what_if {
            spec["w"] = json!([input, values]);
        }
        spec
    }

    /// A view: list, place in it, unit, how it is read, step, its decimals, words; the last four are left out where they are
    /// nothing.
    fn view_json(&mut self, view: &View) -> Value {
        let (list, slot) = match view.shape.at {
            At::Scalar(slot) => (0, slot),
            At::Array(array) => (array + 1, 0),
        };
        let reading = match view.reading {
            Reading::Typical => json!(0),
            Reading::Chance => json!(2),
            quantile => json!(quantile.probability()),
        };
        let words: Value = match (view.shape.is_bool, view.words.as_slice()) {
            (true, [yes, no]) => json!([yes, no]),
            (true, _) if view.reading == Reading::Chance => json!(0),
            (true, _) => json!(["yes", "no"]),
            (false, []) => json!(0),
            (false, words) => json!(words),
        };
        let step = view.shape.step.unwrap_or(0.0);
        let unit = if view.shape.is_bool { 0 } else { self.unit(&view.shape.unit) };
        let decimals = if step == 0.0 { 0 } else { decimals_of(step) };
        let mut parts = vec![json!(list), json!(slot), json!(unit), reading, short(step), json!(decimals), words];
        while parts.len() > 3 && parts.last().is_some_and(|part| part.as_f64() == Some(0.0)) {
            parts.pop();
        }
        json!(parts)
    }
}

/// A number as briefly as JSON can have it.
fn short(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 1e15 { json!(number as i64) } else { json!(number) }
}

fn names(options: &[(String, String)]) -> Vec<&str> {
    options.iter().map(|(name, _)| name.as_str()).collect()
}

/// JSON that cannot end the script element it stands in.
#[must_use]
pub fn script_safe(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}
