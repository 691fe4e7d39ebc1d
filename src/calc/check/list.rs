//! Lists: looking back in a series, reducing, running sums, sharing out.

use super::{Checker, Kind, Meaning, Typed};
use crate::base::Span;
use crate::calc::formula::{Tree, TreeKind};
use crate::calc::order::Body;
use crate::calc::program::{Axis, Binary, Expr, Reduction};
use crate::calc::unit::{Dimension, Unit};
use crate::diag::Code;

impl Checker<'_, '_> {
    pub(super) fn previous(&mut self, name: &Tree, start: &Tree) -> Typed {
        let start_value = self.tree(start);
        let start_value = self.needed_number(start_value, start.span);
        if start_value.axis.is_some() {
            self.fault(Code::CalcAxis, start.span, "the start of `prev` is one value", "this is a list", "");
            return Typed::unknown();
        }
        let TreeKind::Name(word) = &name.kind else {
            self.fault(Code::CalcType, name.span, "`prev` is of a named formula", "give this a name of its own", "");
            return Typed::unknown();
        };
        let Some(Meaning::Step(place)) = self.names.get(word).cloned() else {
            match self.names.contains_key(word) {
                true => {
                    self.fault(Code::CalcType, name.span, "`prev` is of a named formula", "this is none", "");
                }
                false => self.unknown_name(word, name.span),
            }
            return Typed::unknown();
        };
        let Some(series) = self.series else {
            let help = "declare it: `series: {index: q, count: 16, unit: quarter}`";
            self.fault(Code::CalcAxis, name.span, "there is no series to look back in", "", help);
            return Typed::unknown();
        };
        self.before.push((place, start_value.kind.clone(), start.span));
        // Its array is known once it is checked; until then the step stands for it.
        let marker = usize::MAX - place;
        let expr = Expr::Previous(marker, Box::new(start_value.expr.clone()));
        let unit = start_value.unit.clone();
        let mut typed = Typed { axis: Some(series), unit, ..start_value.with(expr) };
        typed.needs_before.push(marker);
        typed
    }

    /// A list with a place in memory: its array.
    fn list(&mut self, tree: &Tree) -> Option<(Typed, usize)> {
        let value = self.tree(tree);
        if value.is_unknown() {
            return None;
        }
        if value.axis.is_none() {
            let help = "a list is a series, a column of rows, or a formula of them";
            self.fault(Code::CalcAxis, tree.span, "a list is wanted here", "this is one value", help);
            return None;
        }
        let value = match value.expr {
            Expr::Element(_) => value,
            _ => self.define(value, None, tree.span),
        };
        match value.expr {
            Expr::Element(array) => Some((value, array)),
            _ => None,
        }
    }

    pub(super) fn reduce(&mut self, name: &str, argument: &Tree) -> Typed {
        let Some((list, array)) = self.list(argument) else { return Typed::unknown() };
        let reduction = match name {
            "sum" => Reduction::Sum,
            "mean" => Reduction::Mean,
            "last" => Reduction::Last,
            "count" => Reduction::Count,
            "smallest" => Reduction::Smallest,
            "largest" => Reduction::Largest,
            _ => Reduction::First,
        };
        if matches!(reduction, Reduction::First | Reduction::Count) {
            self.expect_bool(&list, argument.span);
        } else if list.kind == Kind::Bool && reduction != Reduction::Last {
            let help = "count them with `count(…)`";
            self.fault(Code::CalcType, argument.span, format!("`{name}` is of numbers"), "these are conditions", help);
            return Typed::unknown();
        } else if matches!(list.kind, Kind::Choice(_)) && reduction != Reduction::Last {
            let help = "count an option with `count(x is option)`, or look it up in a table";
            self.fault(Code::CalcType, argument.span, format!("`{name}` is of numbers"), "these are choices", help);
            return Typed::unknown();
        }
        let axis = list.axis;
        let typed = self.place(Body::Reduce(reduction, array), None, list, None, argument.span);
        match reduction {
            Reduction::Count => Typed { kind: Kind::Number(Dimension::plain()), unit: None, ..typed },
            Reduction::First => {
                let unit = match axis.map(|axis| &self.axes[axis]) {
                    Some(Axis::Series { unit, .. }) => unit.clone(),
                    _ => Unit::plain(),
                };
                let factor = unit.numerator / unit.denominator;
                let expr = match factor == 1.0 {
                    true => typed.expr.clone(),
                    false => {
                        Expr::Binary(Binary::Multiply, Box::new(typed.expr.clone()), Box::new(Expr::Number(factor)))
                    }
                };
                let kind = Kind::Number(unit.dimension.clone());
                Typed { kind, unit: Some(unit), optional: true, ..typed.with(expr) }
            }
            _ => typed,
        }
    }

    pub(super) fn at(&mut self, list: &Tree, number: &Tree) -> Typed {
        let Some((value, array)) = self.list(list) else { return Typed::unknown() };
        let index = self.tree(number);
        let index = self.needed_number(index, number.span);
        if index.axis.is_some() {
            self.fault(Code::CalcAxis, number.span, "one place is wanted here", "this is a list", "");
            return Typed::unknown();
        }
        let mut expr = index.expr.clone();
        if let Kind::Number(dimension) = &index.kind
            && !dimension.is_plain()
        {
            match value.axis.map(|axis| self.axes[axis].clone()) {
                Some(Axis::Series { unit, .. }) if unit.dimension == *dimension => {
                    let factor = Box::new(Expr::Number(unit.numerator / unit.denominator));
                    expr = Expr::Binary(Binary::Divide, Box::new(expr), factor);
                }
                _ => {
                    let label = format!("this is in {dimension}");
                    self.fault(Code::CalcUnit, number.span, "a place in a list is a plain number", &label, "");
                    return Typed::unknown();
                }
            }
        }
        self.place(Body::Pick(array, expr), None, value.plus(&index), None, list.span)
    }

    pub(super) fn running(&mut self, argument: &Tree) -> Typed {
        let Some((list, array)) = self.list(argument) else { return Typed::unknown() };
        let axis = list.axis;
        let list = self.needed_number(list, argument.span);
        if list.is_unknown() {
            return list;
        }
        self.place(Body::Running(array), axis, list, None, argument.span)
    }

    pub(super) fn allocate(&mut self, arguments: &[Tree], span: Span) -> Typed {
        let total = self.tree(&arguments[0]);
        let total = self.needed_number(total, arguments[0].span);
        let Some((shares, array)) = self.list(&arguments[1]) else { return Typed::unknown() };
        let linted = std::mem::replace(&mut self.lint_literals, false);
        let step = self.tree(&arguments[2]);
        self.lint_literals = linted;
        let kind = self.same_kind(&total, arguments[0].span, &step, arguments[2].span, span, "allocate");
        if total.axis.is_some() || step.axis.is_some() {
            self.fault(Code::CalcAxis, span, "`allocate` shares one amount out", "this is a list", "");
            return Typed::unknown();
        }
        if kind == Kind::Unknown {
            return Typed::unknown();
        }
        let axis = shares.axis;
        let body = Body::Allocate(array, total.expr.clone(), step.expr.clone());
        let unit = total.unit.clone();
        let typed = self.place(body, axis, shares.plus(&total).plus(&step), None, span);
        Typed { kind, unit, ..typed }
    }
}
