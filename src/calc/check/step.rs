//! Named formulas, and the places in memory that values get.

use super::{Checker, Kind, Progress, Typed};
use crate::base::{Span, Spanned};
use crate::calc::formula::Formula;
use crate::calc::order::{Body, Definition};
use crate::calc::program::{At, Expr, Shape};
use crate::calc::unit::Unit;
use crate::diag::Code;

impl Checker<'_, '_> {
    pub(super) fn step(&mut self, place: usize) -> Typed {
        match &self.steps[place] {
            Progress::Done(typed) => return (**typed).clone(),
            Progress::Open => return Typed::unknown(),
            Progress::Untouched => {}
        }
        let step = &self.sources.declaration.calc[place];
        self.steps[place] = Progress::Open;
        self.open.push(place);
        let locals = std::mem::take(&mut self.locals);
        let value = self.whole(&step.formula);
        self.locals = locals;
        self.open.pop();
        let mut typed = self.define(value, Some(step.name.value.clone()), step.name.span);
        if let Some(text) = &step.unit {
            typed.unit = self.shown_in(text, &typed.kind).or(typed.unit);
        }
        self.steps[place] = Progress::Done(Box::new(typed.clone()));
        typed
    }

    pub(super) fn whole(&mut self, formula: &Formula) -> Typed {
        match &formula.tree {
            Some(tree) => self.tree(tree),
            None => Typed::unknown(),
        }
    }

    /// Gives an expression a place in memory; what is one already keeps it.
    pub(super) fn define(&mut self, value: Typed, name: Option<String>, span: Span) -> Typed {
        if value.is_unknown() {
            return value;
        }
        let body = Body::Expr(value.expr.clone());
        self.place(body, value.axis, value, name, span)
    }

    /// Gives a body a place in memory, along an axis or not. What it gives is of the kind of `of`, and needs what that needs.
    pub(super) fn place(
        &mut self,
        body: Body,
        axis: Option<usize>,
        of: Typed,
        name: Option<String>,
        span: Span,
    ) -> Typed {
        let (at, expr) = match axis {
            Some(axis) => {
                let array = self.array(axis);
                (At::Array(array), Expr::Element(array))
            }
            None => {
                let slot = self.scalar();
                (At::Scalar(slot), Expr::Scalar(slot))
            }
        };
        let id = self.definitions.len();
        let (needs, needs_before) = (of.needs, of.needs_before);
        self.definitions.push(Definition { name, span, at, axis, body, needs, needs_before });
        Typed { expr, axis, needs: vec![id], needs_before: Vec::new(), ..of }
    }

    pub(super) fn scalar_of(&mut self, value: Typed, formula: &Formula) -> Option<usize> {
        if value.is_unknown() {
            return None;
        }
        if value.axis.is_some() {
            let help = "reduce it first, e.g. `sum(…)` or `last(…)`";
            self.fault(Code::CalcAxis, formula.span, "one value is wanted here", "this is a list", help);
            return None;
        }
        match self.define(value, None, formula.span).expr {
            Expr::Scalar(slot) => Some(slot),
            _ => None,
        }
    }

    pub(super) fn shown_in(&mut self, text: &Spanned<String>, kind: &Kind) -> Option<Unit> {
        let unit = self.unit(text)?;
        match kind {
            Kind::Number(dimension) if *dimension != unit.dimension => {
                let message = format!("cannot show this in {}", text.value);
                self.fault(Code::CalcUnit, text.span, message, &format!("the value is in {dimension}"), "");
                None
            }
            _ => Some(unit),
        }
    }

    pub(super) fn shape(&self, typed: &Typed) -> Option<Shape> {
        let at = match typed.expr {
            Expr::Scalar(slot) => At::Scalar(slot),
            Expr::Element(array) => At::Array(array),
            _ => return None,
        };
        let unit = match (&typed.kind, &typed.unit) {
            (Kind::Number(dimension), Some(unit)) if unit.dimension == *dimension => unit.clone(),
            (Kind::Number(dimension), _) => self.sources.units.of(dimension),
            _ => Unit::plain(),
        };
        Some(Shape {
            at,
            axis: typed.axis,
            is_bool: typed.kind == Kind::Bool,
            optional: typed.optional,
            uncertain: false,
            unit,
            step: None,
        })
    }
}
