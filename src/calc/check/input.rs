//! Inputs: their places in memory, limits and ranges, the numbers that readers keep, and what moves together.

use super::{Checker, Choice, Meaning};
use crate::base::Spanned;
use crate::calc::declaration::{Input, InputKind, NumberInput, Series, Spread, Together};
use crate::calc::number::{counted, not_between};
use crate::calc::program::{Axis, Basis, Column, ColumnKind, Distribution, InputSlot, Kept, NumberSlot, SlotKind};
use crate::calc::unit::Unit;
use crate::diag::{Code, Diagnostic, nearest};

impl Checker<'_, '_> {
    pub(super) fn declare_inputs(&mut self) {
        let declaration = self.sources.declaration;
        if let Some(series) = &declaration.series {
            self.declare_series(series);
        }
        for (place, input) in declaration.inputs.iter().enumerate() {
            let mut basis = self.basis(&input.cited);
            let kind = self.slot_of(place, input, &mut basis);
            let kept = self.kept(input, &kind);
            self.inputs.push(InputSlot {
                name: input.name.value.clone(),
                label: input.label.clone(),
                hint: input.hint.clone(),
                kind,
                basis,
                kept,
                was: input.was.clone(),
                advanced: input.advanced,
                personal: input.personal,
                together: None,
            });
        }
    }

    fn declare_series(&mut self, series: &Series) {
        let unit = self.unit(&series.unit).unwrap_or_else(Unit::plain);
        if !series.labels.is_empty() && series.labels.len() != series.count {
            let message = format!(
                "the series has {} and {}",
                counted(series.count, "step"),
                counted(series.labels.len(), "label")
            );
            self.fault(Code::ValueType, series.index.span, message, "", "");
        }
        self.series = Some(self.axes.len());
        self.axes.push(Axis::Series { count: series.count, unit, labels: series.labels.clone() });
        self.name(&series.index, Meaning::Index);
    }

    /// The place in memory of the input that will be at `place`. `basis` gets what its default brings along.
    fn slot_of(&mut self, place: usize, input: &Input, basis: &mut Basis) -> SlotKind {
        match &input.kind {
            InputKind::Rows { .. } => self.name(&input.name, Meaning::Rows(place)),
            // No formula reads words.
            InputKind::Text { .. } => {}
            _ => self.name(&input.name, Meaning::Input(place)),
        }
        match &input.kind {
            InputKind::Number(number) => {
                let slot = self.scalar();
                let number_slot = self.number_slot(number, slot, Some(basis));
                self.check_default(&input.name, number, &number_slot);
                SlotKind::Number(number_slot)
            }
            InputKind::Choice { options, default } => {
                let default = place_of(default, options);
                SlotKind::Choice { slot: self.scalar(), options: labelled(options), default }
            }
            InputKind::YesNo { default, chance } => {
                SlotKind::YesNo { slot: self.scalar(), default: *default, chance: chance.map(|chance| chance / 100.0) }
            }
            InputKind::Rows { columns, min_rows, max_rows, default } => {
                let axis = self.axes.len();
                self.axes.push(Axis::Rows { input: place, max: *max_rows });
                let columns = columns.iter().map(|column| self.column_of(column, axis)).collect();
                SlotKind::Rows { axis, columns, min_rows: *min_rows, max_rows: *max_rows, default: default.clone() }
            }
            InputKind::Text { default } => SlotKind::Text { default: default.clone() },
        }
    }

    fn column_of(&mut self, column: &Input, axis: usize) -> Column {
        let kind = match &column.kind {
            InputKind::Number(number) => {
                let array = self.array(axis);
                ColumnKind::Number(Box::new(self.number_slot(number, array, None)))
            }
            InputKind::Choice { options, default } => {
                let default = place_of(default, options);
                ColumnKind::Choice { array: self.array(axis), options: labelled(options), default }
            }
            InputKind::YesNo { chance: None, .. } => ColumnKind::YesNo { array: self.array(axis) },
            InputKind::Text { .. } => ColumnKind::Text,
            InputKind::YesNo { .. } => {
                let help = "draw an input outside the rows, or ask for yes or no";
                self.fault(Code::ValueChoice, column.name.span, "a column has no chance of its own", "", help);
                ColumnKind::Text
            }
            InputKind::Rows { .. } => {
                self.fault(Code::ValueChoice, column.name.span, "a column of rows holds no rows", "", "");
                ColumnKind::Text
            }
        };
        Column { name: column.name.value.clone(), label: column.label.clone(), kind }
    }

    /// The reader's own number that an input shares.
    fn kept(&mut self, input: &Input, kind: &SlotKind) -> Option<Kept> {
        let key = input.profile.as_ref()?;
        let SlotKind::Number(number) = kind else {
            let message = format!("`{}` is no number, and only numbers are kept", input.name.value);
            self.fault(Code::CalcType, key.span, message, "", "");
            return None;
        };
        let profile = self.sources.profile;
        let known = profile.map_or(&[][..], |profile| &profile.profile);
        let Some(declared) = known.iter().find(|declared| declared.name.value == key.value) else {
            if !profile.is_some_and(|profile| profile.unread.contains(&key.value)) {
                let message = format!("readers keep no number called `{}`", key.value);
                let near = nearest(&key.value, known.iter().map(|declared| declared.name.value.as_str()));
                let help = near.map_or_else(
                    || format!("declare it in `content/profile.yaml`: `{}: {{label: …, unit: …}}`", key.value),
                    |near| format!("did you mean `{near}`?"),
                );
                self.fault(Code::CalcName, key.span, message, "unknown name", &help);
            }
            return None;
        };
        let unit = self.sources.units.parse(&declared.unit.value);
        if unit.is_ok_and(|unit| unit.dimension == number.unit.dimension) {
            return Some(Kept { name: declared.name.value.clone(), label: declared.label.clone() });
        }
        let message = format!("readers keep `{}` in another unit", key.value);
        let mut diagnostic = Diagnostic::at(Code::CalcUnit, self.path, key.span, message)
            .label(format!("this input is in {}", number.unit.dimension));
        if let Some(profile) = profile {
            let place = Some(declared.unit.span);
            diagnostic = diagnostic.also(&profile.path, place, format!("it is kept in `{}`", declared.unit.value));
        }
        self.diagnostics.push(diagnostic.help("two calculators share a number only if both mean the same by it"));
        None
    }

    fn number_slot(&mut self, number: &NumberInput, slot: usize, basis: Option<&mut Basis>) -> NumberSlot {
        let unit = self.unit(&number.unit).unwrap_or_else(Unit::plain);
        let spread = match &number.default {
            Spread::Fixed(value) => Distribution::Fixed(*value),
            Spread::Range(low, typical, high) => Distribution::Range(*low, *typical, *high),
            Spread::Poisson(mean) => Distribution::Poisson(*mean),
            Spread::Values(values) => {
                let mut values = values.clone();
                values.sort_by(f64::total_cmp);
                Distribution::Values(values)
            }
            Spread::Fact(cited) => {
                let spread = self.fact_spread(cited, &unit).unwrap_or(Distribution::Fixed(0.0));
                if let Some(basis) = basis {
                    let more = self.basis(std::slice::from_ref(cited));
                    if basis.facts.is_empty() {
                        *basis = more;
                    }
                }
                spread
            }
        };
        let (min, max) = (number.min.unwrap_or(0.0), number.max.unwrap_or(1.0));
        NumberSlot { slot, unit, spread, min, max, whole: number.whole, warn: number.warn.clone() }
    }

    /// What stands in a box at first is what a reader may enter.
    fn check_default(&mut self, name: &Spanned<String>, number: &NumberInput, slot: &NumberSlot) {
        let (Some(min), Some(max)) = (number.min, number.max) else { return };
        let (low, high) = slot.spread.ends();
        if low < min || high > max {
            let message = format!("the default of `{}` lies outside its own limits", name.value);
            let label = not_between(if low < min { low } else { high }, min, max);
            self.fault(Code::CalcRange, number.default_span, message, &label, "");
        }
    }

    pub(super) fn together(&mut self, together: &Together) {
        let factor: Vec<&str> = together.inputs.iter().map(|input| input.value.as_str()).collect();
        let factor = factor.join("+");
        for name in &together.inputs {
            let Some(place) = self.number_input(name, "`together`") else { continue };
            let spreads = matches!(
                &self.inputs[place].kind,
                SlotKind::Number(NumberSlot { spread: Distribution::Range(..), .. })
            );
            if !spreads {
                let message = format!("`{}` has no range that could move together with another", name.value);
                self.fault(Code::CalcRange, name.span, message, "", "give it `default: {low, typical, high}`");
            }
            if self.inputs[place].together.is_some() {
                let message = format!("`{}` moves together with others already", name.value);
                self.fault(Code::CalcRange, name.span, message, "", "name all that move together in one list");
            }
            self.inputs[place].together = Some((factor.clone(), together.strength));
        }
    }

    pub(super) fn number_input(&mut self, name: &Spanned<String>, what: &str) -> Option<usize> {
        let place = self.inputs.iter().position(|input| input.name == name.value);
        match place {
            Some(place) if matches!(self.inputs[place].kind, SlotKind::Number(_)) => Some(place),
            Some(_) => {
                let message = format!("{what} changes a number, and `{}` is none", name.value);
                self.fault(Code::CalcName, name.span, message, "", "");
                None
            }
            None if self.is_unread(&name.value) => None,
            None => {
                let names: Vec<String> = self.inputs.iter().map(|input| input.name.clone()).collect();
                let message = format!("there is no input `{}`", name.value);
                let near = nearest(&name.value, names.iter().map(String::as_str));
                let help = near.map_or_else(String::new, |near| format!("did you mean `{near}`?"));
                self.fault(Code::CalcName, name.span, message, "unknown name", &help);
                None
            }
        }
    }

    pub(super) fn options(&self, choice: Choice) -> &[(String, String)] {
        match (&self.inputs[choice.input].kind, choice.column) {
            (SlotKind::Choice { options, .. }, None) => options,
            (SlotKind::Rows { columns, .. }, Some(column)) => match &columns[column].kind {
                ColumnKind::Choice { options, .. } => options,
                _ => &[],
            },
            _ => &[],
        }
    }

    /// A choice as formulas call it.
    pub(super) fn name_of(&self, choice: Choice) -> String {
        let input = &self.inputs[choice.input];
        match (&input.kind, choice.column) {
            (SlotKind::Rows { columns, .. }, Some(column)) => format!("{}.{}", input.name, columns[column].name),
            _ => input.name.clone(),
        }
    }

    pub(super) fn choice_called(&self, name: &str) -> Option<Choice> {
        let (rows, column) = name.split_once('.').map_or((name, None), |(rows, column)| (rows, Some(column)));
        match (self.names.get(rows)?, column) {
            (Meaning::Input(input), None) => matches!(self.inputs[*input].kind, SlotKind::Choice { .. })
                .then_some(Choice { input: *input, column: None }),
            (Meaning::Rows(input), Some(column)) => {
                let SlotKind::Rows { columns, .. } = &self.inputs[*input].kind else { return None };
                let is_it = |known: &Column| known.name == column && matches!(known.kind, ColumnKind::Choice { .. });
                columns.iter().position(is_it).map(|column| Choice { input: *input, column: Some(column) })
            }
            _ => None,
        }
    }
}

/// The place of the option that is chosen at first. One that is none of them was reported.
fn place_of(default: &Spanned<String>, options: &[(Spanned<String>, String)]) -> usize {
    options.iter().position(|(option, _)| option.value == default.value).unwrap_or(0)
}

fn labelled(options: &[(Spanned<String>, String)]) -> Vec<(String, String)> {
    options.iter().map(|(option, label)| (option.value.clone(), label.clone())).collect()
}
