//! Expressions: names, units, axes, and what may stand beside what.

use super::{Checker, Choice, Kind, Meaning, Progress, Typed};
use crate::base::{Span, Spanned};
use crate::calc::declaration::InputKind;
use crate::calc::formula::{Operator, Tree, TreeKind};
use crate::calc::program::{Binary, ColumnKind, Expr, SlotKind, Unary};
use crate::calc::unit::Dimension;
use crate::data::quoted_all;
use crate::diag::{Code, Diagnostic, nearest};

impl Checker<'_, '_> {
    /// The value of a tree. As deep as formulas may be nested.
    pub(super) fn tree(&mut self, tree: &Tree) -> Typed {
        match &tree.kind {
            TreeKind::Number(number, unit) => self.literal(*number, unit.as_ref(), tree.span),
            TreeKind::Name(name) => self.named_value(name, tree.span),
            TreeKind::Column(rows, column) => self.column(rows, column, tree.span),
            TreeKind::Negate(inner) => {
                let value = self.tree(inner);
                let value = self.needed_number(value, inner.span);
                let expr = Expr::Unary(Unary::Negate, Box::new(value.expr.clone()));
                value.with(expr)
            }
            TreeKind::Not(inner) => {
                let value = self.tree(inner);
                self.expect_bool(&value, inner.span);
                let expr = Expr::Unary(Unary::Not, Box::new(value.expr.clone()));
                value.with(expr)
            }
            TreeKind::Binary(operator, sign, left, right) => self.binary(*operator, *sign, left, right),
            TreeKind::Is(inner, option, place, negated) => self.is(inner, option, *place, *negated),
            TreeKind::If(condition, yes, no) => {
                let condition_value = self.tree(condition);
                self.expect_bool(&condition_value, condition.span);
                let (yes_value, no_value) = (self.tree(yes), self.tree(no));
                let kind = self.same_kind(&yes_value, yes.span, &no_value, no.span, tree.span, "if");
                let axis = self.joint_axis(&[&condition_value, &yes_value, &no_value], tree.span);
                let optional = yes_value.optional || no_value.optional;
                let unit = yes_value.unit.clone().or(no_value.unit.clone());
                let expr = Expr::If(
                    Box::new(condition_value.expr.clone()),
                    Box::new(yes_value.expr.clone()),
                    Box::new(no_value.expr.clone()),
                );
                let value = Typed { kind, axis, optional, unit, ..condition_value.with(expr) };
                value.plus(&yes_value).plus(&no_value)
            }
            TreeKind::In(inner, text, place) => {
                let value = self.tree(inner);
                let value = self.needed_number(value, inner.span);
                let Some(unit) = self.unit(&Spanned::new(text.clone(), *place)) else { return Typed::unknown() };
                match &value.kind {
                    Kind::Number(dimension) if *dimension != unit.dimension => {
                        let message = format!("cannot show this in {text}");
                        let label = format!("this is in {dimension}");
                        self.fault(Code::CalcUnit, inner.span, message, &label, "");
                        Typed::unknown()
                    }
                    Kind::Zero => Typed { kind: Kind::Number(unit.dimension.clone()), unit: Some(unit), ..value },
                    _ => Typed { unit: Some(unit), ..value },
                }
            }
            TreeKind::Call(name, place, arguments) => self.call(name, *place, arguments, tree.span),
        }
    }

    fn literal(&mut self, number: f64, unit: Option<&(String, Span)>, span: Span) -> Typed {
        let Some((text, place)) = unit else {
            let kind = if number == 0.0 { Kind::Zero } else { Kind::Number(Dimension::plain()) };
            return Typed { kind, ..Typed::number(Expr::Number(number), Dimension::plain()) };
        };
        let Some(unit) = self.unit(&Spanned::new(text.clone(), *place)) else { return Typed::unknown() };
        let plain_enough = number == 0.0 || number == 1.0 || (unit.shown.percent && number == 100.0);
        if self.lint_literals && !plain_enough {
            let message = "a number with a unit stands inside a formula";
            let help = "make it a parameter with its source, or an input";
            self.fault(Code::CalcLiteral, span, message, "where does it come from?", help);
        }
        Typed { unit: Some(unit.clone()), ..Typed::number(Expr::Number(unit.to_base(number)), unit.dimension) }
    }

    fn named_value(&mut self, name: &str, span: Span) -> Typed {
        if let Some((_, local)) = self.locals.iter().rev().find(|(known, _)| known == name) {
            return local.clone();
        }
        if !self.functions_open.is_empty()
            && matches!(self.names.get(name), Some(Meaning::Step(_) | Meaning::Input(_) | Meaning::Index))
        {
            let message = format!("a function sees its arguments, parameters and tables only, not `{name}`");
            self.fault(Code::CalcName, span, message, "", "hand it over as an argument");
            return Typed::unknown();
        }
        match self.names.get(name).cloned() {
            // Its unit is a fault that was told: what it would be is not known, and nothing more is said.
            Some(Meaning::Input(place)) if self.is_of_no_unit(place) => Typed::unknown(),
            Some(Meaning::Input(place)) => {
                let input = &self.inputs[place];
                let mut typed = match &input.kind {
                    SlotKind::Number(number) => {
                        let typed = Typed::number(Expr::Scalar(number.slot), number.unit.dimension.clone());
                        Typed { unit: Some(number.unit.clone()), ..typed }
                    }
                    SlotKind::Choice { slot, .. } => Typed {
                        kind: Kind::Choice(Choice { input: place, column: None }),
                        ..Typed::number(Expr::Scalar(*slot), Dimension::plain())
                    },
                    SlotKind::YesNo { slot, .. } => {
                        Typed { kind: Kind::Bool, ..Typed::number(Expr::Scalar(*slot), Dimension::plain()) }
                    }
                    SlotKind::Rows { .. } | SlotKind::Text { .. } => Typed::unknown(),
                };
                typed.inputs.push(place);
                typed
            }
            Some(Meaning::Parameter(place)) => match &self.parameters[place] {
                Some((value, unit)) => {
                    let typed = Typed::number(Expr::Number(unit.to_base(*value)), unit.dimension.clone());
                    Typed { unit: Some(unit.clone()), ..typed }
                }
                None => Typed::unknown(),
            },
            Some(Meaning::Step(place)) => {
                if matches!(self.steps[place], Progress::Open) {
                    let from = self.open.iter().position(|open| *open == place).unwrap_or(0);
                    let mut names: Vec<&str> = self.open[from..]
                        .iter()
                        .map(|open| self.sources.declaration.calc[*open].name.value.as_str())
                        .collect();
                    names.push(name);
                    self.circle(&names.join(" → "), span);
                    self.steps[place] = Progress::Done(Box::new(Typed::unknown()));
                    return Typed::unknown();
                }
                self.step(place)
            }
            Some(Meaning::Index) => Typed { axis: self.series, ..Typed::number(Expr::Index, Dimension::plain()) },
            Some(Meaning::Rows(place)) => {
                let columns = match &self.inputs[place].kind {
                    SlotKind::Rows { columns, .. } => columns.iter().map(|column| column.name.clone()).collect(),
                    _ => Vec::new(),
                };
                let example = columns.first().map_or("column", String::as_str);
                let message = format!("`{name}` is a list of rows");
                self.fault(Code::CalcType, span, message, "a column is wanted", &format!("write `{name}.{example}`"));
                Typed::unknown()
            }
            None => {
                self.unknown_name(name, span);
                Typed::unknown()
            }
        }
    }

    /// Whether a name is of something that has a fault of its own.
    fn is_of_no_unit(&self, place: usize) -> bool {
        let unit = match &self.sources.declaration.inputs[place].kind {
            InputKind::Number(number) => &number.unit.value,
            _ => return false,
        };
        self.sources.units.parse(unit).is_err()
    }

    pub(super) fn is_unread(&self, name: &str) -> bool {
        self.sources.declaration.unread.iter().any(|known| known == name)
    }

    pub(super) fn unknown_name(&mut self, name: &str, span: Span) {
        if self.is_unread(name) {
            return;
        }
        let mut names: Vec<&str> = self.names.keys().map(String::as_str).collect();
        names.extend(self.locals.iter().map(|(name, _)| name.as_str()));
        let near = nearest(name, names.iter().copied());
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None if self.sources.units.knows(name) => format!("it is a unit: write a number before it, `1 {name}`"),
            None => "a formula names inputs, parameters and other formulas".to_owned(),
        };
        self.fault(Code::CalcName, span, format!("nothing here is called `{name}`"), "unknown name", &help);
    }

    fn column(&mut self, rows: &str, column: &str, span: Span) -> Typed {
        let Some(Meaning::Rows(place)) = self.names.get(rows).cloned() else {
            self.unknown_name(rows, span);
            return Typed::unknown();
        };
        let SlotKind::Rows { axis, columns, .. } = &self.inputs[place].kind else { return Typed::unknown() };
        let axis = *axis;
        let found = columns.iter().position(|known| known.name == column);
        let element = |array: usize, kind: Kind| Typed {
            kind,
            axis: Some(axis),
            inputs: vec![place],
            ..Typed::number(Expr::Element(array), Dimension::plain())
        };
        match found.map(|at| (at, columns[at].kind.clone())) {
            Some((_, ColumnKind::Number(number))) => Typed {
                unit: Some(number.unit.clone()),
                ..element(number.slot, Kind::Number(number.unit.dimension.clone()))
            },
            Some((at, ColumnKind::Choice { array, .. })) => {
                element(array, Kind::Choice(Choice { input: place, column: Some(at) }))
            }
            Some((_, ColumnKind::YesNo { array })) => element(array, Kind::Bool),
            Some((_, ColumnKind::Text)) => {
                self.fault(Code::CalcType, span, format!("`{rows}.{column}` is words, not a number"), "", "");
                Typed::unknown()
            }
            None => {
                let names: Vec<String> = columns.iter().map(|known| known.name.clone()).collect();
                let near = nearest(column, names.iter().map(String::as_str));
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                let help = near.map_or_else(
                    || format!("its columns are {}", quoted_all(&names)),
                    |near| format!("did you mean `{near}`?"),
                );
                let message = format!("`{rows}` has no column `{column}`");
                self.fault(Code::CalcName, span, message, "unknown name", &help);
                Typed::unknown()
            }
        }
    }

    pub(super) fn needed_number(&mut self, value: Typed, span: Span) -> Typed {
        if value.optional {
            let message = "this may be missing and cannot enter arithmetic";
            let help = "say what to use then: `default(x, y)`";
            self.fault(Code::CalcType, span, message, "`first` may find nothing", help);
            return Typed::unknown();
        }
        match value.kind {
            Kind::Bool => {
                let help = "write `if x then 1 else 0`";
                self.fault(Code::CalcType, span, "a number is wanted here", "this is a condition", help);
                Typed::unknown()
            }
            Kind::Choice(_) => {
                let help = "ask what it is: `x is option`, or look it up in a table";
                self.fault(Code::CalcType, span, "a number is wanted here", "this is a choice", help);
                Typed::unknown()
            }
            _ => value,
        }
    }

    pub(super) fn expect_bool(&mut self, value: &Typed, span: Span) {
        if !matches!(value.kind, Kind::Bool | Kind::Unknown) {
            self.fault(Code::CalcType, span, "a condition is wanted here", "this is a number", "compare it: `x > 0`");
        }
    }

    pub(super) fn joint_axis(&mut self, values: &[&Typed], span: Span) -> Option<usize> {
        let mut axis = None;
        for value in values {
            match (axis, value.axis) {
                (None, own) => axis = own,
                (Some(known), Some(own)) if known != own => {
                    let help = "reduce one of them first, e.g. `sum(…)`";
                    self.fault(Code::CalcAxis, span, "two different lists are combined", "", help);
                    return axis;
                }
                _ => {}
            }
        }
        axis
    }

    /// The kind of two values that must be alike.
    pub(super) fn same_kind(
        &mut self,
        left: &Typed,
        left_at: Span,
        right: &Typed,
        right_at: Span,
        at: Span,
        sign: &str,
    ) -> Kind {
        match (&left.kind, &right.kind) {
            (Kind::Unknown, _) | (_, Kind::Unknown) => Kind::Unknown,
            (Kind::Bool, Kind::Bool) => Kind::Bool,
            (Kind::Zero, Kind::Zero) => Kind::Zero,
            (Kind::Number(one), Kind::Number(other)) if one == other => left.kind.clone(),
            (Kind::Number(_), Kind::Zero) => left.kind.clone(),
            (Kind::Zero, Kind::Number(_)) => right.kind.clone(),
            (Kind::Number(one), Kind::Number(other)) => {
                let percent = |value: &Typed| value.unit.as_ref().is_some_and(|unit| unit.shown.percent);
                let help = if matches!(sign, "+" | "-") && (percent(left) || percent(right)) {
                    format!(
                        "to {} a percentage write `x * (100% {sign} 20%)`",
                        if sign == "+" { "add" } else { "take away" }
                    )
                } else {
                    format!("the two differ by a factor in {}", one.over(other))
                };
                let diagnostic =
                    Diagnostic::at(Code::CalcUnit, self.path, right_at, format!("units do not match in `{sign}`"))
                        .label(format!("this is in {other}"))
                        .also(self.path, Some(left_at), format!("this is in {one}"))
                        .help(help);
                self.diagnostics.push(diagnostic);
                Kind::Unknown
            }
            _ => {
                let message = format!("these two cannot stand in one `{sign}`");
                self.fault(Code::CalcType, at, message, "a number and something that is none", "");
                Kind::Unknown
            }
        }
    }

    fn binary(&mut self, operator: Operator, sign: Span, left: &Tree, right: &Tree) -> Typed {
        let (mut a, mut b) = (self.tree(left), self.tree(right));
        if matches!(operator, Operator::And | Operator::Or) {
            self.expect_bool(&a, left.span);
            self.expect_bool(&b, right.span);
            let axis = self.joint_axis(&[&a, &b], sign);
            let binary = if operator == Operator::And { Binary::And } else { Binary::Or };
            let expr = Expr::Binary(binary, Box::new(a.expr.clone()), Box::new(b.expr.clone()));
            return Typed { kind: Kind::Bool, axis, ..a.with(expr) }.plus(&b);
        }
        if let (Operator::Equal | Operator::NotEqual, Kind::Choice(_)) = (operator, &a.kind) {
            self.fault(Code::CalcType, sign, "a choice is compared with `is`", "", "write `x is option`");
            return Typed::unknown();
        }
        a = self.needed_number(a, left.span);
        b = self.needed_number(b, right.span);
        let axis = self.joint_axis(&[&a, &b], sign);
        let (binary, kind, unit) = match operator {
            Operator::Add | Operator::Subtract => {
                let kind = self.same_kind(&a, left.span, &b, right.span, sign, operator.sign());
                let binary = if operator == Operator::Add { Binary::Add } else { Binary::Subtract };
                (binary, kind, a.unit.clone().or(b.unit.clone()))
            }
            Operator::Multiply | Operator::Divide => {
                let dimension = |kind: &Kind| match kind {
                    Kind::Number(dimension) => dimension.clone(),
                    _ => Dimension::plain(),
                };
                let (one, other) = (dimension(&a.kind), dimension(&b.kind));
                let (binary, product) = match operator {
                    Operator::Multiply => (Binary::Multiply, one.times(&other)),
                    _ => (Binary::Divide, one.over(&other)),
                };
                let unit = [&a, &b]
                    .into_iter()
                    .filter_map(|value| value.unit.clone())
                    .find(|unit| unit.dimension == product && !product.is_plain());
                let unknown = a.is_unknown() || b.is_unknown();
                let zero = a.kind == Kind::Zero && (operator == Operator::Divide || b.kind == Kind::Zero);
                let kind = match (unknown, zero) {
                    (true, _) => Kind::Unknown,
                    (_, true) => Kind::Zero,
                    _ => Kind::Number(product),
                };
                (binary, kind, unit)
            }
            Operator::Power => (Binary::Power, self.power(&a, left.span, &b, right.span), None),
            _ => {
                let kind = self.same_kind(&a, left.span, &b, right.span, sign, operator.sign());
                let binary = match operator {
                    Operator::Less => Binary::Less,
                    Operator::LessOrEqual => Binary::LessOrEqual,
                    Operator::More => Binary::More,
                    Operator::MoreOrEqual => Binary::MoreOrEqual,
                    Operator::Equal => Binary::Equal,
                    _ => Binary::NotEqual,
                };
                (binary, if kind == Kind::Unknown { kind } else { Kind::Bool }, None)
            }
        };
        let expr = Expr::Binary(binary, Box::new(a.expr.clone()), Box::new(b.expr.clone()));
        Typed { kind, axis, unit, ..a.with(expr) }.plus(&b)
    }

    fn power(&mut self, base: &Typed, base_at: Span, exponent: &Typed, exponent_at: Span) -> Kind {
        match (&base.kind, &exponent.kind) {
            (Kind::Unknown, _) | (_, Kind::Unknown) => return Kind::Unknown,
            (_, Kind::Number(dimension)) if !dimension.is_plain() => {
                let label = format!("this is in {dimension}");
                self.fault(
                    Code::CalcUnit,
                    exponent_at,
                    "an exponent is a plain number",
                    &label,
                    "divide it by one of its unit",
                );
                return Kind::Unknown;
            }
            _ => {}
        }
        let Kind::Number(dimension) = &base.kind else { return Kind::Number(Dimension::plain()) };
        if dimension.is_plain() {
            return Kind::Number(Dimension::plain());
        }
        match exponent.expr {
            Expr::Number(number) if number.fract() == 0.0 && number.abs() <= 8.0 => {
                Kind::Number(dimension.power(number as i32))
            }
            _ => {
                let label = format!("this is in {dimension}");
                let help = "take a whole number as the exponent, or divide the base by one of its unit";
                self.fault(Code::CalcUnit, base_at, "only a plain number has any power", &label, help);
                Kind::Unknown
            }
        }
    }

    fn is(&mut self, inner: &Tree, option: &str, place: Span, negated: bool) -> Typed {
        let value = self.tree(inner);
        let choice = match value.kind {
            Kind::Choice(choice) => choice,
            Kind::Unknown => return value,
            _ if option == "none" => return self.is_none(value, inner.span, negated),
            _ => {
                self.fault(Code::CalcType, inner.span, "only a choice is something", "this is no choice", "");
                return Typed::unknown();
            }
        };
        let options = self.options(choice);
        let Some(number) = options.iter().position(|(known, _)| known == option) else {
            let names: Vec<String> = options.iter().map(|(known, _)| known.clone()).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let message = format!("`{}` has no option `{option}`", self.name_of(choice));
            let near = nearest(option, names.iter().copied());
            let help = near.map_or_else(
                || format!("its options are {}", quoted_all(&names)),
                |near| format!("did you mean `{near}`?"),
            );
            self.fault(Code::CalcName, place, message, "unknown option", &help);
            return Typed::unknown();
        };
        let binary = if negated { Binary::NotEqual } else { Binary::Equal };
        let expr = Expr::Binary(binary, Box::new(value.expr.clone()), Box::new(Expr::Number(number as f64)));
        Typed { kind: Kind::Bool, unit: None, ..value.with(expr) }
    }

    /// `x is none` of what may be missing.
    fn is_none(&mut self, value: Typed, span: Span, negated: bool) -> Typed {
        if !value.optional {
            let help = "only what `first` looks for may be missing";
            self.fault(Code::CalcType, span, "this is never missing", "it always has a value", help);
            return Typed::unknown();
        }
        let missing = Expr::Unary(Unary::Missing, Box::new(value.expr.clone()));
        let expr = if negated { Expr::Unary(Unary::Not, Box::new(missing)) } else { missing };
        Typed { kind: Kind::Bool, unit: None, optional: false, ..value.with(expr) }
    }
}
