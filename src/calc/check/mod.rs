//! From a declaration to a program: names, units, axes and order are checked, and every fault is said where it stands.

mod basis;
mod chart;
mod explanation;
mod expression;
mod function;
mod input;
mod list;
mod result;
mod step;
mod table;

use super::declaration::{Check, Declaration, Function, InputKind, PROFILE, Parameter, Solve, Table, WhatIf};
use super::fact::Records;
use super::formula::Formula;
use super::number::not_between;
use super::order::{Definition, schedule};
use super::program::{Axis, ChartKind, CheckSlot, Expr, InputSlot, Program, ResultSlot, SolveSlot, Statement, Values};
use super::unit::{Dimension, Unit, Units};
use crate::base::{Date, SourcePath, Span, Spanned};
use crate::data::parse_number;
use crate::diag::{Code, Diagnostic};
use std::collections::BTreeMap;

pub use function::FUNCTIONS;

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
enum Kind {
    Number(Dimension),
    /// A bare 0 fits any unit.
    Zero,
    Bool,
    /// One of a few.
    Choice(Choice),
    /// A fault that was reported: fits everything.
    Unknown,
}

/// Whose options a choice is among: an input by its place, or a column of its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Choice {
    input: usize,
    column: Option<usize>,
}

/// A checked expression.
#[derive(Debug, Clone)]
struct Typed {
    expr: Expr,
    kind: Kind,
    axis: Option<usize>,
    optional: bool,
    /// The unit it would naturally be shown in.
    unit: Option<Unit>,
    /// Formulas it needs, whole or element by element.
    needs: Vec<usize>,
    /// Formulas whose element before it needs.
    needs_before: Vec<usize>,
    /// Depends on inputs, by place.
    inputs: Vec<usize>,
}

impl Typed {
    fn number(expr: Expr, dimension: Dimension) -> Self {
        Self {
            expr,
            kind: Kind::Number(dimension),
            axis: None,
            optional: false,
            unit: None,
            needs: Vec::new(),
            needs_before: Vec::new(),
            inputs: Vec::new(),
        }
    }

    fn unknown() -> Self {
        Self { kind: Kind::Unknown, ..Self::number(Expr::Number(0.0), Dimension::plain()) }
    }

    fn is_unknown(&self) -> bool {
        self.kind == Kind::Unknown
    }

    fn plus(mut self, other: &Self) -> Self {
        for (own, more) in [
            (&mut self.needs, &other.needs),
            (&mut self.needs_before, &other.needs_before),
            (&mut self.inputs, &other.inputs),
        ] {
            for id in more {
                if !own.contains(id) {
                    own.push(*id);
                }
            }
        }
        self
    }

    fn with(self, expr: Expr) -> Self {
        Self { expr, ..self }
    }
}

/// What a name of a formula means.
#[derive(Debug, Clone)]
enum Meaning {
    Input(usize),
    Parameter(usize),
    Step(usize),
    Index,
    Rows(usize),
}

/// How far a named formula is checked.
#[derive(Debug, Clone)]
enum Progress {
    Untouched,
    Open,
    Done(Box<Typed>),
}

/// A declaration with the libraries that it includes.
struct Sources<'a> {
    declaration: &'a Declaration,
    parameters: Vec<&'a Parameter>,
    tables: Vec<&'a Table>,
    functions: Vec<(&'a Function, &'a SourcePath)>,
    profile: Option<&'a Declaration>,
    units: Units,
}

struct Checker<'a, 'd> {
    sources: Sources<'a>,
    records: &'a dyn Records,
    days: Days,
    /// The file that is being looked at.
    path: &'a SourcePath,
    names: BTreeMap<String, Meaning>,
    steps: Vec<Progress>,
    open: Vec<usize>,
    functions_open: Vec<String>,
    locals: Vec<(String, Typed)>,
    definitions: Vec<Definition>,
    scalars: usize,
    arrays: Vec<usize>,
    axes: Vec<Axis>,
    series: Option<usize>,
    inputs: Vec<InputSlot>,
    parameters: Vec<Option<(f64, Unit)>>,
    tables: Vec<Option<(Values, TableBy, Unit)>>,
    /// Results by name, for the conditions of goals and next steps.
    results: Vec<(String, Typed)>,
    before: Vec<(usize, Kind, Span)>,
    lint_literals: bool,
    diagnostics: &'d mut Vec<Diagnostic>,
}

#[derive(Debug, Clone, PartialEq)]
enum TableBy {
    Choice(Choice),
    Number(Unit),
}

/// The days that a check goes by.
#[derive(Debug, Clone, Copy, Default)]
pub struct Days {
    /// Today: what was to be looked at again before it is reported. It decides warnings, never output.
    pub today: Option<Date>,
    /// The day given on purpose, for which the page itself says what is due.
    pub as_of: Option<Date>,
}

/// A program that is checked but not yet tried, with the declaration's places for what is tried next.
pub struct Checked {
    /// The program.
    pub program: Program,
    /// Its units, for the values of examples.
    pub units: Units,
}

/// Checks a declaration. `libraries` are all libraries of the site by name. `None` when it has no meaning as a whole;
/// the faults say why.
pub fn check(
    declaration: &Declaration,
    libraries: &BTreeMap<&str, &Declaration>,
    records: &dyn Records,
    days: Days,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Checked> {
    let since = diagnostics.len();
    let sources = gather(declaration, libraries, diagnostics);
    let mut checker = Checker {
        records,
        days,
        path: &declaration.path,
        names: BTreeMap::new(),
        steps: vec![Progress::Untouched; declaration.calc.len()],
        open: Vec::new(),
        functions_open: Vec::new(),
        locals: Vec::new(),
        definitions: Vec::new(),
        scalars: 0,
        arrays: Vec::new(),
        axes: Vec::new(),
        series: None,
        inputs: Vec::new(),
        parameters: Vec::new(),
        tables: Vec::new(),
        results: Vec::new(),
        before: Vec::new(),
        lint_literals: true,
        diagnostics,
        sources,
    };
    let program = checker.program();
    let units = checker.sources.units.clone();
    let failed = diagnostics[since..].iter().any(|fault| fault.severity == crate::diag::Severity::Error);
    if failed || declaration.is_broken {
        return None;
    }
    program.map(|program| Checked { program, units })
}

fn gather<'a>(
    declaration: &'a Declaration,
    libraries: &BTreeMap<&str, &'a Declaration>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Sources<'a> {
    let mut sources = Sources {
        declaration,
        parameters: Vec::new(),
        tables: Vec::new(),
        functions: Vec::new(),
        profile: libraries.get(PROFILE).copied(),
        units: declaration.units.clone(),
    };
    let mut parts = vec![declaration];
    for name in &declaration.include {
        match libraries.get(name.value.as_str()) {
            Some(library) => parts.push(library),
            None => {
                let message = format!("there is no library `{}`", name.value);
                let diagnostic = Diagnostic::at(Code::CalcName, &declaration.path, name.span, message);
                let diagnostic = diagnostic.suggest(&name.value, libraries.keys().copied());
                diagnostics.push(diagnostic.help("a library is a `.calc.yaml` file that begins with `library: name`"));
            }
        }
    }
    for part in parts {
        for unit in &part.units.counting {
            if !sources.units.counting.iter().any(|known| known.name == unit.name) {
                sources.units.counting.push(unit.clone());
            }
        }
        if sources.units.currency.is_none() {
            sources.units.currency.clone_from(&part.units.currency);
        }
        sources.parameters.extend(&part.parameters);
        sources.tables.extend(&part.tables);
        sources.functions.extend(part.functions.iter().map(|function| (function, &part.path)));
    }
    sources
}

/// The values of a table; of one with a fault, none.
fn values_of(table: Option<(Values, TableBy, Unit)>) -> Values {
    table.map_or(Values { keys: Vec::new(), values: Vec::new(), mode: None }, |(values, ..)| values)
}

impl<'a> Checker<'a, '_> {
    fn fault(&mut self, code: Code, span: Span, message: impl Into<String>, label: &str, help: &str) {
        let mut diagnostic = Diagnostic::at(code, self.path, span, message).label(label);
        if !help.is_empty() {
            diagnostic = diagnostic.help(help);
        }
        self.diagnostics.push(diagnostic);
    }

    fn unit(&mut self, text: &Spanned<String>) -> Option<Unit> {
        match self.sources.units.parse(&text.value) {
            Ok(unit) => Some(unit),
            Err(fault) => {
                let help = fault.help.unwrap_or_default();
                self.fault(Code::CalcUnit, text.span, fault.message, "", &help);
                None
            }
        }
    }

    fn scalar(&mut self) -> usize {
        self.scalars += 1;
        self.scalars - 1
    }

    fn array(&mut self, axis: usize) -> usize {
        self.arrays.push(axis);
        self.arrays.len() - 1
    }

    fn name(&mut self, name: &Spanned<String>, meaning: Meaning) {
        if self.names.contains_key(&name.value) {
            let message = format!("two things are called `{}`", name.value);
            self.fault(Code::CalcName, name.span, message, "the second one", "give one of them another name");
            return;
        }
        self.names.insert(name.value.clone(), meaning);
    }

    fn program(&mut self) -> Option<Program> {
        let declaration = self.sources.declaration;
        self.check_multiples();
        self.declare_inputs();
        self.declare_numbers();
        for (place, step) in declaration.calc.iter().enumerate() {
            self.name(&step.name, Meaning::Step(place));
        }
        for place in 0..declaration.calc.len() {
            self.step(place);
        }
        let results: Vec<ResultSlot> = declaration.results.iter().filter_map(|result| self.result(result)).collect();
        let checks = declaration.checks.iter().filter_map(|check| self.check(check)).collect();
        self.lint_literals = false;
        let solve = declaration.solve.as_ref().and_then(|solve| self.solve(solve));
        let what_if = declaration.what_if.as_ref().and_then(|what_if| self.what_if(what_if));
        let next = declaration.next.iter().filter_map(|next| self.next(next)).collect();
        self.check_starts();
        let lines = declaration.calc.iter().enumerate().filter_map(|(place, step)| self.line(place, step)).collect();
        let charts = declaration.charts.iter().filter_map(|chart| self.chart(chart, &results)).collect();
        let given = self.given();
        for together in &declaration.together {
            self.together(together);
        }
        self.settle_previous();
        let statements = self.statements()?;
        let mut program = Program {
            id: declaration.id.value.clone(),
            title: declaration.title.clone(),
            scalars: self.scalars,
            arrays: std::mem::take(&mut self.arrays),
            axes: std::mem::take(&mut self.axes),
            inputs: std::mem::take(&mut self.inputs),
            tables: std::mem::take(&mut self.tables).into_iter().map(values_of).collect(),
            statements,
            results,
            checks,
            charts,
            solve,
            what_if,
            next,
            lines,
            given,
            examples: Vec::new(),
        };
        super::order::mark_uncertain(&mut program);
        self.after_uncertainty(&program);
        Some(program)
    }

    /// A unit that is a multiple is one of another unit, and not of itself.
    fn check_multiples(&mut self) {
        let declaration = self.sources.declaration;
        for unit in &declaration.units.counting {
            let Some((_, base)) = &unit.multiple else { continue };
            if self.sources.units.goes_round(&unit.name) {
                let message = format!("the unit `{}` is a multiple of itself", unit.name);
                self.fault(Code::CalcCircle, base.span, message, "", "say what it is a multiple of");
            } else if !self.sources.units.knows(&base.value) {
                // Reports it.
                let _ = self.unit(base);
            }
        }
    }

    fn check(&mut self, check: &Check) -> Option<CheckSlot> {
        let must = self.whole(&check.must);
        self.expect_bool(&must, check.must.span);
        let slot = self.scalar_of(must, &check.must);
        // What it says is looked at even where its condition has a fault.
        let say = check.say.iter().filter_map(|said| self.said(said)).collect();
        slot.map(|slot| CheckSlot { slot, say })
    }

    fn solve(&mut self, solve: &Solve) -> Option<SolveSlot> {
        let input = self.number_input(&solve.change, "`solve`");
        let slot = self.condition(&solve.until);
        Some(SolveSlot { input: input?, slot: slot?, label: solve.label.clone() })
    }

    fn what_if(&mut self, what_if: &WhatIf) -> Option<(usize, Vec<f64>)> {
        let input = self.number_input(&what_if.change, "`what_if`")?;
        let InputKind::Number(declared) = &self.sources.declaration.inputs[input].kind else { return None };
        let (least, most) = (declared.min.unwrap_or(f64::NEG_INFINITY), declared.max.unwrap_or(f64::INFINITY));
        let mut values = Vec::new();
        for value in &what_if.to {
            match parse_number(&value.value) {
                Some(number) if (least..=most).contains(&number) => values.push(number),
                Some(number) => {
                    let message = format!("no reader can enter this for `{}`", what_if.change.value);
                    let label = not_between(number, least, most);
                    self.fault(Code::CalcRange, value.span, message, &label, "");
                }
                None => self.fault(Code::ValueType, value.span, "`to` is a list of numbers", "", ""),
            }
        }
        Some((input, values))
    }

    /// A condition that sees results beside all else: where both have one name, a result goes before a formula.
    fn condition(&mut self, formula: &Formula) -> Option<usize> {
        self.locals.clone_from(&self.results);
        let value = self.whole(formula);
        self.locals.clear();
        self.expect_bool(&value, formula.span);
        self.scalar_of(value, formula)
    }

    /// What a `prev` begins with is in the unit of what it looks back at, which may have been unknown where it stands.
    fn check_starts(&mut self) {
        for (step, start, span) in self.before.clone() {
            if let Progress::Done(typed) = &self.steps[step]
                && let (Kind::Number(own), Kind::Number(first)) = (&typed.kind, &start)
                && own != first
            {
                let message = "the start of `prev` has another unit than what it begins";
                let label = format!("this is in {first}");
                let help = format!("the formula is in {own}");
                self.fault(Code::CalcUnit, span, message, &label, &help);
            }
        }
    }

    fn statements(&mut self) -> Option<Vec<Statement>> {
        match schedule(&self.definitions) {
            Ok(statements) => Some(statements),
            Err(circle) => {
                let names: Vec<&str> = circle.iter().filter_map(|id| self.definitions[*id].name.as_deref()).collect();
                let names = names.join(" → ");
                let whole = self.sources.declaration.id.span;
                let span = circle.first().map_or(whole, |id| self.definitions[*id].span);
                self.circle(&names, span);
                None
            }
        }
    }

    /// `prev` named a formula before its array was known.
    fn settle_previous(&mut self) {
        let mut homes = Vec::new();
        let mut unfit = Vec::new();
        for (place, progress) in self.steps.iter().enumerate() {
            let home = match progress {
                Progress::Done(typed) if typed.axis == self.series => match typed.expr {
                    Expr::Element(array) => typed.needs.first().map(|id| (*id, array)),
                    _ => None,
                },
                _ => None,
            };
            if home.is_none() && self.before.iter().any(|(step, ..)| *step == place) {
                unfit.push(place);
            }
            homes.push(home);
        }
        for place in unfit {
            if matches!(&self.steps[place], Progress::Done(typed) if typed.is_unknown()) {
                continue;
            }
            let name = &self.sources.declaration.calc[place].name;
            let message = format!("`prev` looks back in a series, and `{}` is one value", name.value);
            self.fault(Code::CalcAxis, name.span, message, "", "");
        }
        let home = |marker: usize| homes.get(usize::MAX - marker).copied().flatten();
        for definition in &mut self.definitions {
            definition.body.settle(&|marker| home(marker).map_or(0, |(_, array)| array));
            for id in &mut definition.needs_before {
                *id = home(*id).map_or(usize::MAX, |(id, _)| id);
            }
            definition.needs_before.retain(|id| *id != usize::MAX);
        }
    }

    /// What can be said only once it is known what spreads.
    fn after_uncertainty(&mut self, program: &Program) {
        for chart in &program.charts {
            let spread = match &chart.kind {
                ChartKind::Dots(name, shape) | ChartKind::Tornado(name, shape) | ChartKind::Fan(name, shape) => {
                    Some((name, shape))
                }
                _ => None,
            };
            if let Some((name, shape)) = spread
                && !shape.uncertain
            {
                let message = format!("nothing that `{name}` depends on has a range");
                let help = "give an input `{low, typical, high}`, or take this chart away";
                let diagnostic = Diagnostic::at(Code::CalcChart, self.path, chart.span, message);
                self.diagnostics.push(diagnostic.help(help));
            }
        }
    }

    fn circle(&mut self, names: &str, span: Span) {
        let help = "break it with `prev(name, start)` in a series, or ask the reader for one of these values";
        let message = format!("these formulas go round in a circle: {names}");
        self.fault(Code::CalcCircle, span, message, "the circle closes here", help);
    }
}
