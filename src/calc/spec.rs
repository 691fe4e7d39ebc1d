//! What the reader's script must know of a calculator, as JSON: where inputs go, how values are shown, what charts draw.

use serde_json::{Value, json};

use super::number::{Language, tidy};
use super::program::{At, Axis, ColumnKind, Distribution, NumberSlot, Piece, Program, Shape, SlotKind};
use super::unit::Unit;

/// How a view reads a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// With everything at its typical value.
    Typical,
    /// The tenth percentile.
    P10,
    /// The median.
    P50,
    /// The ninetieth percentile.
    P90,
    /// The share of samples in which a condition holds.
    Chance,
}

impl Reading {
    /// The probability of a quantile.
    #[must_use]
    pub fn probability(self) -> Option<f64> {
        match self {
            Self::P10 => Some(0.1),
            Self::P50 => Some(0.5),
            Self::P90 => Some(0.9),
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

    fn number(&mut self, number: &NumberSlot) -> Value {
        let spread = match &number.spread {
            Distribution::Fixed(value) => json!([value]),
            Distribution::Range(low, typical, high) => json!([low, typical, high]),
            Distribution::Poisson(mean) => json!([mean]),
            Distribution::Values(values) => json!(values),
        };
        let kind = match &number.spread {
            Distribution::Fixed(_) => 0,
            Distribution::Range(..) => 1,
            Distribution::Poisson(_) => 2,
            Distribution::Values(_) => 3,
        };
        let mut value = json!({
            "t": "n", "s": number.slot, "u": self.unit(&number.unit), "d": spread, "k": kind, "min": number.min, "max": number.max,
        });
        if number.whole {
            value["w"] = json!(1);
        }
        if let Some(warn) = &number.warn {
            value["warn"] = json!([warn.below, warn.above, warn.say]);
        }
        value
    }

    fn pieces(&mut self, pieces: &[Piece]) -> Value {
        pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => json!(text),
                Piece::Value(_, shape) => {
                    let view = View { shape: shape.clone(), reading: Reading::Typical, words: Vec::new() };
                    json!(self.view(view))
                }
            })
            .collect()
    }

    /// The whole, for a program whose page was written with this collection. `charts` come from the charts' own room.
    #[must_use]
    pub fn finish(mut self, program: &Program, charts: Vec<Value>, language: Language, headline: Value) -> Value {
        let inputs: Vec<Value> = program
            .inputs
            .iter()
            .map(|input| {
                let mut value = match &input.kind {
                    SlotKind::Number(number) => self.number(number),
                    SlotKind::Choice { slot, options, default } => {
                        json!({ "t": "c", "s": slot, "o": names(options), "d": default })
                    }
                    // A chance is a number of per cent; with everything typical the input is what it is at first.
                    SlotKind::YesNo { slot, default, chance: Some(chance) } => json!({
                        "t": "n", "s": slot, "u": self.unit(&Unit::percent()), "d": [tidy(chance * 100.0)], "k": 4,
                        "min": 0, "max": 100, "y": u8::from(*default),
                    }),
                    SlotKind::YesNo { slot, default, .. } => {
                        json!({ "t": "y", "s": slot, "d": u8::from(*default) })
                    }
                    SlotKind::Rows { axis, columns, min_rows, max_rows, .. } => {
                        let columns: Vec<Value> = columns
                            .iter()
                            .map(|column| {
                                let mut value = match &column.kind {
                                    ColumnKind::Number(number) => self.number(number),
                                    ColumnKind::Choice { array, options, .. } => {
                                        let labels: Vec<&str> =
                                            options.iter().map(|(_, label)| label.as_str()).collect();
                                        json!({ "t": "c", "s": array, "o": names(options), "w": labels })
                                    }
                                    ColumnKind::YesNo { array } => json!({ "t": "y", "s": array }),
                                    ColumnKind::Text => json!({ "t": "t" }),
                                };
                                value["l"] = json!(column.label);
                                value
                            })
                            .collect();
                        json!({ "t": "r", "x": axis, "o": columns, "min": min_rows, "max": max_rows })
                    }
                    SlotKind::Text { .. } => json!({ "t": "t" }),
                };
                value["n"] = json!(input.name);
                value["l"] = json!(input.label);
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
            })
            .collect();
        let checks: Vec<Value> =
            program.checks.iter().map(|check| json!([check.slot, self.pieces(&check.say)])).collect();
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
                json!([unit.numerator, unit.denominator, money, affixes.before, affixes.one, affixes.many])
            })
            .collect();
        let mut spec = json!({
            "id": program.id, "t": program.title, "s": program.scalars, "a": program.arrays, "n": lengths, "i": inputs,
            "u": units, "v": views, "c": charts, "h": headline,
            "f": [language.decimal, language.group, language.group_from, u8::from(language.lakh)],
        });
        if !checks.is_empty() {
            spec["k"] = json!(checks);
        }
        if program.may_spread() {
            spec["r"] = json!(1);
        }
        if let Some(solve) = &program.solve {
            spec["g"] = json!([solve.input, solve.slot]);
        }
        if let Some((input, values)) = &program.what_if {
            spec["w"] = json!([input, values]);
        }
        spec
    }

    fn view_json(&mut self, view: &View) -> Value {
        let (is_array, slot) = match view.shape.at {
            At::Scalar(slot) => (0, slot),
            At::Array(array) => (1, array),
        };
        let reading = match view.reading {
            Reading::Typical => json!(0),
            Reading::Chance => json!(2),
            other => json!(other.probability()),
        };
        let unit = self.unit(&view.shape.unit);
        let step = view.shape.step.unwrap_or(0.0);
        json!([is_array, slot, view.shape.axis, unit, step, reading, u8::from(view.shape.is_bool), view.words])
    }
}

fn names(options: &[(String, String)]) -> Vec<&str> {
    options.iter().map(|(name, _)| name.as_str()).collect()
}

/// JSON that cannot end the script element it stands in.
#[must_use]
pub fn script_safe(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}
