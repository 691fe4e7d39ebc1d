//! Results, the columns beside them, and sentences with values.

use super::{Checker, Kind, Meaning, Typed};
use crate::calc::declaration::{Next, ResultDeclaration, Said};
use crate::calc::formula::{Formula, TreeKind};
use crate::calc::number::tidy;
use crate::calc::program::{At, ColumnKind, Expr, NextSlot, Piece, ResultSlot, Shape, SlotKind, WithColumn};
use crate::calc::unit::{Dimension, Unit};
use crate::diag::Code;

impl Checker<'_, '_> {
    pub(super) fn result(&mut self, result: &ResultDeclaration) -> Option<ResultSlot> {
        let mut value = self.whole(&result.formula);
        if let Kind::Choice(_) = value.kind {
            self.fault(Code::CalcType, result.formula.span, "a choice cannot be a result", "", "");
            value = Typed::unknown();
        }
        let unit = result.unit.as_ref().and_then(|text| self.shown_in(text, &value.kind));
        let optional = value.optional;
        let mut typed = self.define(value, Some(result.name.value.clone()), result.formula.span);
        typed.unit = unit.or(typed.unit);
        self.results.push((result.name.value.clone(), typed.clone()));
        if typed.is_unknown() {
            return None;
        }
        if optional && result.none.is_none() {
            let message = format!("the result `{}` may be missing, and does not say so", result.name.value);
            let help = "add what to say then: `none: not within four years`";
            self.fault(Code::CalcType, result.formula.span, message, "this may find nothing", help);
        }
        let mut shape = self.shape(&typed)?;
        if let Some(round) = &result.round {
            self.lint_literals = false;
            let step = self.whole(round);
            self.lint_literals = true;
            match (&step.kind, &step.expr) {
                (Kind::Number(dimension), Expr::Number(number)) if *number > 0.0 => {
                    if *dimension == shape.unit.dimension || dimension.is_plain() {
                        let in_unit = if dimension.is_plain() && !shape.unit.dimension.is_plain() {
                            *number
                        } else {
                            shape.unit.from_base(*number)
                        };
                        // `round: 10 GBP` of an amount a month means ten pounds a month.
                        shape.step = Some(tidy(in_unit));
                    } else if self.money_alone(dimension, &shape.unit) {
                        shape.step = Some(tidy(*number));
                    } else {
                        let label = format!("the result is in {}", shape.unit.dimension);
                        self.fault(Code::CalcUnit, round.span, "`round` has another unit than the result", &label, "");
                    }
                }
                (Kind::Unknown, _) => {}
                _ => {
                    self.fault(Code::CalcType, round.span, "`round` is a number above 0", "", "write `round: 0.01 USD`")
                }
            }
        }
        let mut with = Vec::new();
        for column in &result.with {
            with.extend(self.with_column(column, typed.axis));
        }
        Some(ResultSlot {
            name: result.name.value.clone(),
            label: result.label.clone(),
            shape,
            headline: result.headline,
            none: result.none.clone(),
            with,
            says: result.says.clone(),
        })
    }

    pub(super) fn next(&mut self, next: &Next) -> Option<NextSlot> {
        let slot = self.condition(&next.when)?;
        let when = Shape {
            at: At::Scalar(slot),
            axis: None,
            is_bool: true,
            optional: false,
            uncertain: false,
            unit: Unit::plain(),
            step: None,
        };
        Some(NextSlot { when, say: next.say.clone(), pages: next.see.len() })
    }

    /// `round: 10 GBP` of an amount in GBP a month.
    fn money_alone(&self, dimension: &Dimension, unit: &Unit) -> bool {
        let Some(currency) = &self.sources.units.currency else { return false };
        *dimension == Dimension::of(currency) && unit.shown.currency.as_ref() == Some(currency)
    }

    fn with_column(&mut self, formula: &Formula, axis: Option<usize>) -> Option<(String, WithColumn)> {
        let tree = formula.tree.as_ref()?;
        if let TreeKind::Column(rows, column) = &tree.kind
            && let Some(Meaning::Rows(input)) = self.names.get(rows)
            && let SlotKind::Rows { columns, .. } = &self.inputs[*input].kind
            && let Some(place) =
                columns.iter().position(|known| known.name == *column && !matches!(known.kind, ColumnKind::Number(_)))
        {
            return Some((columns[place].label.clone(), WithColumn::Text(*input, place)));
        }
        let value = self.tree(tree);
        if value.axis != axis && !value.is_unknown() {
            self.fault(Code::CalcAxis, formula.span, "this column is of another list than the result", "", "");
            return None;
        }
        let label = self.label_of(tree);
        let typed = match &value.expr {
            Expr::Element(_) => value,
            _ => self.define(value, None, formula.span),
        };
        self.shape(&typed).map(|shape| (label, WithColumn::Number(shape)))
    }

    pub(super) fn said(&mut self, said: &Said) -> Option<Piece> {
        match said {
            Said::Words(words) => Some(Piece::Text(words.clone())),
            Said::Value(formula) => {
                let value = self.whole(formula);
                let typed = self.define(value, None, formula.span);
                self.shape(&typed).map(|shape| Piece::Value(String::new(), shape))
            }
        }
    }
}
