//! Functions of formulas: those of the language and those of the author.

use super::{Checker, Kind, Typed};
use crate::base::Span;
use crate::calc::formula::Tree;
use crate::calc::number::counted;
use crate::calc::program::{Binary, Expr, Unary};
use crate::calc::unit::{Dimension, Unit};
use crate::diag::{Code, nearest};

/// Functions of formulas with the least and the greatest number of arguments.
pub const FUNCTIONS: [(&str, usize, usize); 24] = [
    ("min", 2, 8),
    ("max", 2, 8),
    ("clamp", 3, 3),
    ("abs", 1, 1),
    ("round", 2, 2),
    ("floor", 1, 1),
    ("ceil", 1, 1),
    ("sqrt", 1, 1),
    ("exp", 1, 1),
    ("ln", 1, 1),
    ("sum", 1, 1),
    ("mean", 1, 1),
    ("last", 1, 1),
    ("count", 1, 1),
    ("smallest", 1, 1),
    ("largest", 1, 1),
    ("first", 1, 1),
    ("at", 2, 2),
    ("prev", 2, 2),
    ("lookup", 2, 2),
    ("bands", 2, 2),
    ("allocate", 3, 3),
    ("default", 2, 2),
    ("cumsum", 1, 1),
];

impl Checker<'_, '_> {
    pub(super) fn call(&mut self, name: &str, place: Span, arguments: &[Tree], span: Span) -> Typed {
        if let Some(function) = self.sources.functions.iter().position(|(known, _)| known.name.value == name) {
            return self.own_function(function, place, arguments, span);
        }
        let Some((_, least, most)) = FUNCTIONS.iter().find(|(known, ..)| *known == name) else {
            if self.is_unread(name) {
                return Typed::unknown();
            }
            let own = self.sources.functions.iter().map(|(known, _)| known.name.value.as_str());
            let near = nearest(name, FUNCTIONS.iter().map(|(known, ..)| *known).chain(own));
            let help = near.map_or_else(String::new, |near| format!("did you mean `{near}`?"));
            self.fault(Code::CalcName, place, format!("there is no function `{name}`"), "unknown function", &help);
            return Typed::unknown();
        };
        if !(*least..=*most).contains(&arguments.len()) {
            let wanted = if least == most { counted(*least, "value") } else { format!("{least} to {most} values") };
            let message = format!("`{name}` takes {wanted}, not {}", arguments.len());
            self.fault(Code::CalcType, span, message, "", "");
            return Typed::unknown();
        }
        match name {
            "prev" => self.previous(&arguments[0], &arguments[1]),
            "lookup" | "bands" => self.lookup(name, &arguments[0], &arguments[1]),
            "sum" | "mean" | "last" | "count" | "smallest" | "largest" | "first" => self.reduce(name, &arguments[0]),
            "at" => self.at(&arguments[0], &arguments[1]),
            "cumsum" => self.running(&arguments[0]),
            "allocate" => self.allocate(arguments, span),
            "default" => {
                let (value, other) = (self.tree(&arguments[0]), self.tree(&arguments[1]));
                let other = self.needed_number(other, arguments[1].span);
                let kind = self.same_kind(&value, arguments[0].span, &other, arguments[1].span, span, "default");
                let axis = self.joint_axis(&[&value, &other], span);
                let expr = Expr::Binary(Binary::Default, Box::new(value.expr.clone()), Box::new(other.expr.clone()));
                let unit = value.unit.clone().or(other.unit.clone());
                Typed { kind, axis, unit, optional: false, ..value.with(expr) }.plus(&other)
            }
            _ => self.arithmetic(name, arguments, span),
        }
    }

    fn arithmetic(&mut self, name: &str, arguments: &[Tree], span: Span) -> Typed {
        let mut values = Vec::new();
        for (place, argument) in arguments.iter().enumerate() {
            // A step of rounding is no figure of its own.
            let linted = self.lint_literals;
            self.lint_literals = linted && !(name == "round" && place == 1);
            let value = self.tree(argument);
            self.lint_literals = linted;
            values.push(self.needed_number(value, argument.span));
        }
        let axis = {
            let all: Vec<&Typed> = values.iter().collect();
            self.joint_axis(&all, span)
        };
        let first = values[0].clone();
        let plain_only = matches!(name, "exp" | "ln");
        let mut kind = first.kind.clone();
        for (value, argument) in values.iter().zip(arguments).skip(1) {
            let so_far = Typed { kind: kind.clone(), ..first.clone() };
            kind = self.same_kind(&so_far, arguments[0].span, value, argument.span, span, name);
        }
        if let (true, Kind::Number(dimension)) = (plain_only, &kind)
            && !dimension.is_plain()
        {
            let label = format!("this is in {dimension}");
            self.fault(Code::CalcUnit, arguments[0].span, format!("`{name}` is of plain numbers"), &label, "");
            return Typed::unknown();
        }
        let mut unit = values.iter().find_map(|value| value.unit.clone());
        if name == "sqrt"
            && let Kind::Number(dimension) = &kind
            && !dimension.is_plain()
        {
            let label = format!("this is in {dimension}");
            self.fault(Code::CalcUnit, arguments[0].span, "`sqrt` is of plain numbers", &label, "");
            return Typed::unknown();
        }
        if matches!(name, "exp" | "ln" | "sqrt") {
            unit = None;
            if kind == Kind::Zero {
                kind = Kind::Number(Dimension::plain());
            }
        }
        let mut exprs = values.iter().map(|value| value.expr.clone());
        let mut next = || Box::new(exprs.next().unwrap_or(Expr::Number(0.0)));
        let unary = |unary: Unary, inner: Box<Expr>| Expr::Unary(unary, inner);
        let expr = match name {
            "abs" => unary(Unary::Abs, next()),
            "floor" => self.in_unit(Unary::Floor, next(), first.unit.as_ref()),
            "ceil" => self.in_unit(Unary::Ceil, next(), first.unit.as_ref()),
            "sqrt" => unary(Unary::Sqrt, next()),
            "exp" => unary(Unary::Exp, next()),
            "ln" => unary(Unary::Ln, next()),
            "round" => Expr::Binary(Binary::Round, next(), next()),
            "clamp" => {
                let (value, low, high) = (next(), next(), next());
                Expr::Binary(Binary::Min, Box::new(Expr::Binary(Binary::Max, value, low)), high)
            }
            _ => {
                let binary = if name == "min" { Binary::Min } else { Binary::Max };
                let mut expr = *next();
                for value in &values[1..] {
                    expr = Expr::Binary(binary, Box::new(expr), Box::new(value.expr.clone()));
                }
                expr
            }
        };
        let mut typed = Typed { kind, axis, unit, ..first.with(expr) };
        for value in &values[1..] {
            typed = typed.plus(value);
        }
        typed
    }

    /// Whole numbers of the unit a value is written in, not of its base.
    fn in_unit(&self, unary: Unary, inner: Box<Expr>, unit: Option<&Unit>) -> Expr {
        let factor = unit.map_or(1.0, |unit| unit.numerator / unit.denominator);
        if factor == 1.0 {
            return Expr::Unary(unary, inner);
        }
        let own = Expr::Binary(Binary::Divide, inner, Box::new(Expr::Number(factor)));
        Expr::Binary(Binary::Multiply, Box::new(Expr::Unary(unary, Box::new(own))), Box::new(Expr::Number(factor)))
    }

    fn own_function(&mut self, place: usize, at: Span, arguments: &[Tree], span: Span) -> Typed {
        let (function, path) = self.sources.functions[place];
        let name = &function.name.value;
        if self.functions_open.contains(name) {
            let message = format!("the function `{name}` calls itself");
            self.fault(Code::CalcCircle, at, message, "", "a function may not depend on itself");
            return Typed::unknown();
        }
        if arguments.len() != function.of.len() {
            let message = format!("`{name}` takes {}, not {}", counted(function.of.len(), "value"), arguments.len());
            self.fault(Code::CalcType, span, message, "", "");
            return Typed::unknown();
        }
        let mut locals = Vec::new();
        for (argument, own) in arguments.iter().zip(&function.of) {
            let value = self.tree(argument);
            let simple = matches!(value.expr, Expr::Number(_) | Expr::Scalar(_) | Expr::Element(_) | Expr::Index);
            let value = if simple || value.is_unknown() { value } else { self.define(value, None, argument.span) };
            locals.push((own.clone(), value));
        }
        let outer = std::mem::replace(&mut self.locals, locals);
        let outer_path = std::mem::replace(&mut self.path, path);
        self.functions_open.push(name.clone());
        let value = self.whole(&function.formula);
        self.functions_open.pop();
        self.path = outer_path;
        self.locals = outer;
        value
    }
}
