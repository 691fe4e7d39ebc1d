//! From a declaration to a program: names, units, axes and order are checked, and every fault is said where it stands.

use std::collections::BTreeMap;

use super::declaration::{
    Chart, ChartKind as DeclaredChart, Cited, Declaration, Function, Input, InputKind, Mode, Number, NumberInput,
    Parameter, ResultDeclaration, Said, Spread, Step, Table,
};
use super::fact::{Known, Records};
use super::formula::{Formula, Operator, Tree, TreeKind};
use super::number;
use super::order::{Body, Definition, schedule};
use super::program::{
    At, Axis, Basis, Binary, ChartKind, ChartSlot, CheckSlot, Column, Distribution, Expr, Given, InputSlot, Line,
    NumberSlot, Piece, Program, Reduction, ResultSlot, Shape, SlotKind, SolveSlot, Unary, Values, WithColumn,
};
use super::unit::{Dimension, Unit, Units};
use crate::base::{Date, SourcePath, Span, Spanned};
use crate::data::quoted_all;
use crate::diag::{Code, Diagnostic, nearest};

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

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
enum Kind {
    Number(Dimension),
    /// A bare 0 fits any unit.
    Zero,
    Bool,
    /// Of an input, by its place.
    Choice(usize),
    /// A fault that was reported: fits everything.
    Unknown,
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
    units: Units,
}

struct Checker<'a, 'd> {
    sources: Sources<'a>,
    records: &'a dyn Records,
    as_of: Option<Date>,
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
    before: Vec<(usize, Kind, Span)>,
    lint_literals: bool,
    diagnostics: &'d mut Vec<Diagnostic>,
}

#[derive(Debug, Clone, PartialEq)]
enum TableBy {
    Choice(usize),
    Number(Unit),
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
    as_of: Option<Date>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Checked> {
    let since = diagnostics.len();
    let sources = gather(declaration, libraries, diagnostics);
    let mut checker = Checker {
        records,
        as_of,
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
        self.declare_inputs();
        self.declare_numbers();
        for (place, step) in declaration.calc.iter().enumerate() {
            self.name(&step.name, Meaning::Step(place));
        }
        for place in 0..declaration.calc.len() {
            self.step(place);
        }
        let mut results = Vec::new();
        for result in &declaration.results {
            results.extend(self.result(result));
        }
        let mut checks = Vec::new();
        for check in &declaration.checks {
            let must = self.whole(&check.must);
            self.expect_bool(&must, check.must.span);
            let slot = self.scalar_of(must, &check.must);
            let say = check.say.iter().filter_map(|said| self.said(said)).collect();
            checks.extend(slot.map(|slot| CheckSlot { slot, say }));
        }
        self.lint_literals = false;
        let solve = declaration.solve.as_ref().and_then(|solve| {
            let input = self.number_input(&solve.change, "`solve`");
            let until = self.whole(&solve.until);
            self.expect_bool(&until, solve.until.span);
            let slot = self.scalar_of(until, &solve.until)?;
            Some(SolveSlot { input: input?, slot, label: solve.label.clone() })
        });
        let what_if = declaration.what_if.as_ref().and_then(|what_if| {
            let input = self.number_input(&what_if.change, "`what_if`")?;
            let mut values = Vec::new();
            for value in &what_if.to {
                match crate::data::parse_number(&value.value) {
                    Some(number) => values.push(number),
                    None => self.fault(Code::ValueType, value.span, "`to` is a list of numbers", "", ""),
                }
            }
            Some((input, values))
        });
        for (step, start, span) in self.before.clone() {
            if let Progress::Done(typed) = &self.steps[step]
                && let (Kind::Number(own), Kind::Number(first)) = (&typed.kind, &start)
                && own != first
            {
                let message = "the start of `prev` has another unit than what it begins";
                let label = format!("this is in {first}");
                self.fault(Code::CalcUnit, span, message, &label, &format!("the formula is in {own}"));
            }
        }
        let lines = declaration.calc.iter().enumerate().filter_map(|(place, step)| self.line(place, step)).collect();
        let mut charts = Vec::new();
        for chart in &declaration.charts {
            charts.extend(self.chart(chart, &results));
        }
        let given = self.given();
        for together in &declaration.together {
            self.together(together);
        }
        self.settle_previous();
        let statements = match schedule(&self.definitions) {
            Ok(statements) => statements,
            Err(circle) => {
                let names: Vec<&str> = circle.iter().filter_map(|id| self.definitions[*id].name.as_deref()).collect();
                let span = circle.first().map_or(declaration.id.span, |id| self.definitions[*id].span);
                self.circle(&names.join(" → "), span);
                return None;
            }
        };
        let mut program = Program {
            id: declaration.id.value.clone(),
            title: declaration.title.clone(),
            scalars: self.scalars,
            arrays: std::mem::take(&mut self.arrays),
            axes: std::mem::take(&mut self.axes),
            inputs: std::mem::take(&mut self.inputs),
            tables: self
                .tables
                .iter()
                .map(|table| {
                    let empty = || Values { keys: Vec::new(), values: Vec::new(), mode: None };
                    table.as_ref().map_or_else(empty, |(values, ..)| values.clone())
                })
                .collect(),
            statements,
            results,
            checks,
            charts,
            solve,
            what_if,
            lines,
            given,
            examples: Vec::new(),
        };
        super::order::mark_uncertain(&mut program);
        self.after_uncertainty(&program);
        Some(program)
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

    // Inputs, parameters, tables -------------------------------------------------------------------------------------

    fn declare_inputs(&mut self) {
        let declaration = self.sources.declaration;
        if let Some(series) = &declaration.series {
            let unit = self.unit(&series.unit).unwrap_or_else(Unit::plain);
            if !series.labels.is_empty() && series.labels.len() != series.count {
                let message = format!("the series has {} steps and {} labels", series.count, series.labels.len());
                self.fault(Code::ValueType, series.index.span, message, "", "");
            }
            self.axes.push(Axis::Series { count: series.count, unit, labels: series.labels.clone() });
            self.series = Some(0);
            self.name(&series.index, Meaning::Index);
        }
        for input in &declaration.inputs {
            let place = self.inputs.len();
            let basis = self.basis(&input.cited);
            let mut basis_of_default = basis;
            let kind = match &input.kind {
                InputKind::Number(number) => {
                    let slot = self.scalar();
                    let number = self.number_slot(input, number, slot, Some(&mut basis_of_default));
                    self.name(&input.name, Meaning::Input(place));
                    SlotKind::Number(number)
                }
                InputKind::Choice { options, default } => {
                    self.name(&input.name, Meaning::Input(place));
                    let chosen = options.iter().position(|(option, _)| option.value == default.value).unwrap_or(0);
                    let options = options.iter().map(|(option, label)| (option.value.clone(), label.clone())).collect();
                    SlotKind::Choice { slot: self.scalar(), options, default: chosen }
                }
                InputKind::YesNo { default, chance } => {
                    self.name(&input.name, Meaning::Input(place));
                    SlotKind::YesNo {
                        slot: self.scalar(),
                        default: *default,
                        chance: chance.map(|chance| chance / 100.0),
                    }
                }
                InputKind::Rows { columns, min_rows, max_rows, default } => {
                    self.name(&input.name, Meaning::Rows(place));
                    let axis = self.axes.len();
                    self.axes.push(Axis::Rows { input: place, max: *max_rows });
                    let columns = columns
                        .iter()
                        .map(|column| {
                            let number = match &column.kind {
                                InputKind::Number(number) => {
                                    let array = self.array(axis);
                                    Some((array, self.number_slot(column, number, array, None)))
                                }
                                InputKind::Text { .. } => None,
                                _ => {
                                    let message = "a column holds numbers or words";
                                    self.fault(Code::ValueChoice, column.name.span, message, "", "");
                                    None
                                }
                            };
                            Column { name: column.name.value.clone(), label: column.label.clone(), number }
                        })
                        .collect();
                    SlotKind::Rows { axis, columns, min_rows: *min_rows, max_rows: *max_rows, default: default.clone() }
                }
                InputKind::Text { default } => SlotKind::Text { default: default.clone() },
            };
            self.inputs.push(InputSlot {
                name: input.name.value.clone(),
                label: input.label.clone(),
                hint: input.hint.clone(),
                kind,
                basis: basis_of_default,
                profile: input.profile.clone(),
                was: input.was.clone(),
                advanced: input.advanced,
                together: None,
            });
        }
    }

    fn number_slot(
        &mut self,
        input: &Input,
        number: &NumberInput,
        slot: usize,
        basis: Option<&mut Basis>,
    ) -> NumberSlot {
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
        let ends = match &spread {
            Distribution::Fixed(value) | Distribution::Poisson(value) => (*value, *value),
            Distribution::Range(low, _, high) => (*low, *high),
            Distribution::Values(values) => {
                (values.first().copied().unwrap_or(0.0), values.last().copied().unwrap_or(0.0))
            }
        };
        let in_column =
            matches!(self.axes.last(), Some(Axis::Rows { input: place, .. }) if *place == self.inputs.len());
        if !in_column && (ends.0 < min || ends.1 > max) && number.min.is_some() && number.max.is_some() {
            let outside = if ends.0 < min { ends.0 } else { ends.1 };
            let message = format!("the default of `{}` lies outside its own limits", input.name.value);
            let label = format!("{} is not between {} and {}", plain(outside), plain(min), plain(max));
            self.fault(Code::CalcRange, number.default_span, message, &label, "");
        }
        NumberSlot { slot, unit, spread, min, max, whole: number.whole, warn: number.warn.clone() }
    }

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

    fn fact_spread(&mut self, cited: &Cited, wanted: &Unit) -> Option<Distribution> {
        self.fact_numbers(cited, wanted).map(|(_, spread)| spread)
    }

    fn value_of(&mut self, number: &Number, unit: &Unit) -> Option<f64> {
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

    fn basis(&mut self, cited: &[Cited]) -> Basis {
        let mut basis = Basis::default();
        for cited in cited {
            match cited {
                Cited::Fact { reference, .. } => {
                    if let Some(known) = self.known(reference) {
                        basis.estimate |= known.estimate;
                        basis.stale |= self.as_of.is_some_and(|day| known.check_again.is_some_and(|due| due < day));
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

    fn expired(&mut self, expires: Option<&Spanned<Date>>, what: &str) -> bool {
        let (Some(expires), Some(day)) = (expires, self.as_of) else { return false };
        if expires.value >= day {
            return false;
        }
        let message = format!("{what} was to be looked at again by {}", expires.value);
        self.fault(Code::FactStale, expires.span, message, "", "read its source again, then move this day");
        true
    }

    fn declare_numbers(&mut self) {
        for place in 0..self.sources.parameters.len() {
            let parameter = self.sources.parameters[place];
            self.path = &parameter.path;
            self.name(&parameter.name, Meaning::Parameter(place));
            let unit = self.unit(&parameter.unit);
            let value = unit.as_ref().and_then(|unit| self.value_of(&parameter.value, unit));
            self.expired(parameter.expires.as_ref(), &format!("the parameter `{}`", parameter.name.value));
            self.parameters.push(value.zip(unit));
        }
        for place in 0..self.sources.tables.len() {
            let table = self.sources.tables[place];
            self.path = &table.path;
            let table = self.table(table);
            self.tables.push(table);
        }
        self.path = &self.sources.declaration.path;
    }

    fn table(&mut self, table: &Table) -> Option<(Values, TableBy, Unit)> {
        let unit = self.unit(&table.unit)?;
        self.expired(table.expires.as_ref(), &format!("the table `{}`", table.name.value));
        let mut values = Vec::new();
        for (_, number) in &table.rows {
            values.push(unit.to_base(self.value_of(number, &unit)?));
        }
        if let Some(Meaning::Input(place)) = self.names.get(&table.by.value)
            && let SlotKind::Choice { options, .. } = &self.inputs[*place].kind
        {
            let (place, options) = (*place, options.clone());
            let mut ordered = Vec::new();
            for (option, _) in &options {
                match table.rows.iter().position(|(key, _)| key.value == *option) {
                    Some(row) => ordered.push(values[row]),
                    None => {
                        let message = format!("the table `{}` has no row for `{option}`", table.name.value);
                        self.fault(Code::CalcTable, table.name.span, message, "", &format!("add `{option}: …`"));
                        ordered.push(0.0);
                    }
                }
            }
            for (key, _) in &table.rows {
                if !options.iter().any(|(option, _)| *option == key.value) {
                    let names: Vec<&str> = options.iter().map(|(option, _)| option.as_str()).collect();
                    let message = format!("`{}` has no option `{}`", table.by.value, key.value);
                    let near = nearest(&key.value, names.iter().copied());
                    let help = near.map_or_else(
                        || format!("its options are {}", quoted_all(&names)),
                        |near| format!("did you mean `{near}`?"),
                    );
                    self.fault(Code::CalcTable, key.span, message, "", &help);
                }
            }
            return Some((Values { keys: Vec::new(), values: ordered, mode: None }, TableBy::Choice(place), unit));
        }
        let by = match self.sources.units.parse(&table.by.value) {
            Ok(by) => by,
            Err(_) if table.by.value == "number" => Unit::plain(),
            Err(_) => {
                let message = format!("`{}` is neither a choice nor a unit", table.by.value);
                let help = "a table is read by an input of the type `choice`, by a unit, or by `number`";
                self.fault(Code::CalcTable, table.by.span, message, "", help);
                return None;
            }
        };
        let Some(mode) = &table.mode else {
            let message = format!("the table `{}` does not say how it is read between its rows", table.name.value);
            let help = "add `mode: exact`, `step`, `linear` or `bands`";
            self.fault(Code::CalcTable, table.name.span, message, "", help);
            return None;
        };
        let mut keys: Vec<f64> = Vec::new();
        for (key, _) in &table.rows {
            match crate::data::parse_number(&key.value) {
                Some(number) if keys.last().is_none_or(|last| by.to_base(number) > *last) => {
                    keys.push(by.to_base(number));
                }
                Some(_) => {
                    self.fault(
                        Code::CalcTable,
                        key.span,
                        "the rows of a table ascend",
                        "this is not above the row before",
                        "",
                    );
                    return None;
                }
                None => {
                    self.fault(Code::CalcTable, key.span, format!("`{}` is not a number", key.value), "", "");
                    return None;
                }
            }
        }
        Some((Values { keys, values, mode: Some(mode.value) }, TableBy::Number(by), unit))
    }

    fn together(&mut self, together: &super::declaration::Together) {
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
            self.inputs[place].together = Some((factor.clone(), together.strength));
        }
    }

    fn number_input(&mut self, name: &Spanned<String>, what: &str) -> Option<usize> {
        let place = self.inputs.iter().position(|input| input.name == name.value);
        match place {
            Some(place) if matches!(self.inputs[place].kind, SlotKind::Number(_)) => Some(place),
            Some(_) => {
                let message = format!("{what} changes a number, and `{}` is none", name.value);
                self.fault(Code::CalcName, name.span, message, "", "");
                None
            }
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

    /// Parameters and tables as readers see them.
    fn given(&mut self) -> Vec<Given> {
        let mut given = Vec::new();
        for place in 0..self.sources.parameters.len() {
            let parameter = self.sources.parameters[place];
            self.path = &parameter.path;
            let mut cited = parameter.cited.clone();
            if let Number::Fact(fact) = &parameter.value
                && !cited.contains(fact)
            {
                cited.push(fact.clone());
            }
            let basis = self.basis(&cited);
            let Some((value, unit)) = &self.parameters[place] else { continue };
            let values = vec![(String::new(), number::amount(*value, unit, None))];
            given.push(Given { label: parameter.label.clone(), values, basis });
        }
        for place in 0..self.sources.tables.len() {
            let table = self.sources.tables[place];
            self.path = &table.path;
            let mut cited = table.cited.clone();
            cited.extend(table.row_cited.iter().map(|(_, cited)| cited.clone()));
            for (_, value) in &table.rows {
                if let Number::Fact(fact) = value {
                    cited.push(fact.clone());
                }
            }
            let basis = self.basis(&cited);
            let Some((values, by, unit)) = &self.tables[place] else { continue };
            let labels: Vec<String> = match by {
                TableBy::Choice(input) => match &self.inputs[*input].kind {
                    SlotKind::Choice { options, .. } => options.iter().map(|(_, label)| label.clone()).collect(),
                    _ => Vec::new(),
                },
                TableBy::Number(by) => values
                    .keys
                    .iter()
                    .map(|key| format!("from {}", number::amount(by.from_base(*key), by, None)))
                    .collect(),
            };
            let shown = values.values.iter().map(|value| number::amount(unit.from_base(*value), unit, None));
            given.push(Given { label: table.label.clone(), values: labels.into_iter().zip(shown).collect(), basis });
        }
        self.path = &self.sources.declaration.path;
        given
    }

    // Named formulas, results, charts --------------------------------------------------------------------------------

    fn step(&mut self, place: usize) -> Typed {
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

    /// Gives an expression a place in memory; what is one already keeps it.
    fn define(&mut self, value: Typed, name: Option<String>, span: Span) -> Typed {
        if value.is_unknown() {
            return value;
        }
        let (at, expr) = match value.axis {
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
        self.definitions.push(Definition {
            name,
            span,
            at,
            axis: value.axis,
            body: Body::Expr(value.expr.clone()),
            needs: value.needs.clone(),
            needs_before: value.needs_before.clone(),
        });
        Typed { expr, needs: vec![id], needs_before: Vec::new(), ..value }
    }

    fn shown_in(&mut self, text: &Spanned<String>, kind: &Kind) -> Option<Unit> {
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

    fn whole(&mut self, formula: &Formula) -> Typed {
        match &formula.tree {
            Some(tree) => self.tree(tree),
            None => Typed::unknown(),
        }
    }

    fn expect_bool(&mut self, value: &Typed, span: Span) {
        if !matches!(value.kind, Kind::Bool | Kind::Unknown) {
            self.fault(Code::CalcType, span, "a condition is wanted here", "this is a number", "compare it: `x > 0`");
        }
    }

    fn scalar_of(&mut self, value: Typed, formula: &Formula) -> Option<usize> {
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

    fn shape(&self, typed: &Typed) -> Option<Shape> {
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

    fn result(&mut self, result: &ResultDeclaration) -> Option<ResultSlot> {
        let value = self.whole(&result.formula);
        if let Kind::Choice(_) = value.kind {
            self.fault(Code::CalcType, result.formula.span, "a choice cannot be a result", "", "");
            return None;
        }
        let unit = result.unit.as_ref().and_then(|text| self.shown_in(text, &value.kind));
        let optional = value.optional;
        let mut typed = self.define(value, Some(result.name.value.clone()), result.formula.span);
        if typed.is_unknown() {
            return None;
        }
        typed.unit = unit.or(typed.unit);
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
            && let Some(place) = columns.iter().position(|known| known.name == *column && known.number.is_none())
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

    fn label_of(&self, tree: &Tree) -> String {
        match &tree.kind {
            TreeKind::Name(name) => self.label_of_name(name),
            TreeKind::Column(rows, column) => match self.names.get(rows) {
                Some(Meaning::Rows(input)) => match &self.inputs[*input].kind {
                    SlotKind::Rows { columns, .. } => columns
                        .iter()
                        .find(|known| known.name == *column)
                        .map_or_else(|| column.clone(), |known| known.label.clone()),
                    _ => column.clone(),
                },
                _ => column.clone(),
            },
            _ => String::new(),
        }
    }

    fn label_of_name(&self, name: &str) -> String {
        match self.names.get(name) {
            Some(Meaning::Input(place) | Meaning::Rows(place)) => self.inputs[*place].label.clone(),
            Some(Meaning::Parameter(place)) => self.sources.parameters[*place].label.clone(),
            Some(Meaning::Step(place)) => {
                let step = &self.sources.declaration.calc[*place];
                step.label.clone().unwrap_or_else(|| step.name.value.replace('_', " "))
            }
            Some(Meaning::Index) => match self.series.map(|series| &self.axes[series]) {
                Some(Axis::Series { unit, .. }) if !unit.shown.one.is_empty() => {
                    format!("number of the {}", unit.shown.one)
                }
                _ => name.to_owned(),
            },
            _ => name.replace('_', " "),
        }
    }

    fn said(&mut self, said: &Said) -> Option<Piece> {
        match said {
            Said::Words(words) => Some(Piece::Text(words.clone())),
            Said::Value(formula) => {
                let value = self.whole(formula);
                let typed = self.define(value, None, formula.span);
                self.shape(&typed).map(|shape| Piece::Value(String::new(), shape))
            }
        }
    }

    fn line(&mut self, place: usize, step: &Step) -> Option<Line> {
        let Progress::Done(typed) = self.steps[place].clone() else { return None };
        let label = step.label.clone()?;
        let shape = self.shape(&typed)?;
        let mut pieces = Vec::new();
        self.explain(step.formula.tree.as_ref()?, 0, &mut pieces);
        let mut joined: Vec<Piece> = Vec::new();
        for piece in pieces {
            match (joined.last_mut(), piece) {
                (Some(Piece::Text(text)), Piece::Text(more)) => text.push_str(&more),
                (_, piece) => joined.push(piece),
            }
        }
        Some(Line { label, shape, pieces: joined })
    }

    /// A formula in words, with the places of its values.
    fn explain(&mut self, tree: &Tree, outer: u8, pieces: &mut Vec<Piece>) {
        let text = |pieces: &mut Vec<Piece>, text: &str| pieces.push(Piece::Text(text.to_owned()));
        match &tree.kind {
            TreeKind::Number(number, unit) => {
                let shown = unit.as_ref().and_then(|(text, _)| self.sources.units.parse(text).ok());
                let shown = shown.unwrap_or_else(Unit::plain);
                text(pieces, &number::amount(*number, &shown, None));
            }
            TreeKind::Name(name) => {
                let typed = match self.names.get(name).cloned() {
                    Some(Meaning::Step(place)) => match &self.steps[place] {
                        Progress::Done(typed) => Some((**typed).clone()),
                        _ => None,
                    },
                    Some(Meaning::Input(_)) => Some(self.tree(tree)),
                    Some(Meaning::Parameter(place)) => {
                        if let Some((value, unit)) = &self.parameters[place] {
                            let label = self.label_of_name(name);
                            let amount = number::amount(*value, unit, None);
                            text(pieces, &format!("{label} ({amount})"));
                        }
                        return;
                    }
                    _ => None,
                };
                let label = self.label_of_name(name);
                match typed.and_then(|typed| self.shape(&typed)).filter(|shape| !shape.is_bool) {
                    Some(shape) => pieces.push(Piece::Value(label, shape)),
                    None => text(pieces, &label),
                }
            }
            TreeKind::Column(..) => {
                let typed = self.tree(tree);
                let label = self.label_of(tree);
                match self.shape(&typed) {
                    Some(shape) => pieces.push(Piece::Value(label, shape)),
                    None => text(pieces, &label),
                }
            }
            TreeKind::Negate(inner) => {
                text(pieces, "−");
                self.explain(inner, 6, pieces);
            }
            TreeKind::Not(inner) => {
                text(pieces, "not ");
                self.explain(inner, 6, pieces);
            }
            TreeKind::Binary(operator, _, left, right) => {
                let rank = match operator {
                    Operator::Or => 1,
                    Operator::And => 2,
                    Operator::Add | Operator::Subtract => 4,
                    Operator::Multiply | Operator::Divide => 5,
                    Operator::Power => 7,
                    _ => 3,
                };
                if rank < outer {
                    text(pieces, "(");
                }
                self.explain(left, rank, pieces);
                match operator {
                    Operator::Power => text(pieces, "^"),
                    _ => text(pieces, &format!(" {} ", operator.printed())),
                }
                let right_rank = match operator {
                    Operator::Subtract | Operator::Divide => rank + 1,
                    _ => rank,
                };
                self.explain(right, right_rank, pieces);
                if rank < outer {
                    text(pieces, ")");
                }
            }
            TreeKind::Is(inner, option, _, negated) => {
                self.explain(inner, 6, pieces);
                let label = match &inner.kind {
                    TreeKind::Name(name) => match self.names.get(name) {
                        Some(Meaning::Input(place)) => match &self.inputs[*place].kind {
                            SlotKind::Choice { options, .. } => options
                                .iter()
                                .find(|(known, _)| known == option)
                                .map_or_else(|| option.clone(), |(_, label)| label.clone()),
                            _ => option.clone(),
                        },
                        _ => option.clone(),
                    },
                    _ => option.clone(),
                };
                text(pieces, &format!(" is {}“{label}”", if *negated { "not " } else { "" }));
            }
            TreeKind::If(condition, yes, no) => {
                text(pieces, "if ");
                self.explain(condition, 0, pieces);
                text(pieces, " then ");
                self.explain(yes, 4, pieces);
                text(pieces, ", otherwise ");
                self.explain(no, 4, pieces);
            }
            TreeKind::In(inner, ..) => self.explain(inner, outer, pieces),
            TreeKind::Call(name, _, arguments) => {
                let words = match name.as_str() {
                    "min" => "the least of",
                    "max" => "the greatest of",
                    "sum" => "the sum of",
                    "mean" => "the mean of",
                    "last" => "the last of",
                    "first" => "the first time that",
                    "count" => "how often",
                    "prev" => "before:",
                    "cumsum" => "the running sum of",
                    "lookup" | "bands" => "",
                    "round" => "rounded:",
                    "floor" => "rounded down:",
                    "ceil" => "rounded up:",
                    "allocate" => "shared out:",
                    other => other,
                };
                if matches!(name.as_str(), "lookup" | "bands") {
                    if let Some(Tree { kind: TreeKind::Name(table), .. }) = arguments.first() {
                        let label = self
                            .sources
                            .tables
                            .iter()
                            .find(|known| known.name.value == *table)
                            .map_or_else(|| table.replace('_', " "), |known| known.label.clone());
                        text(pieces, &format!("{label} for "));
                    }
                    for argument in arguments.iter().skip(1) {
                        self.explain(argument, 6, pieces);
                    }
                    return;
                }
                text(pieces, &format!("{words} ("));
                let shown = if name == "prev" { 1 } else { arguments.len() };
                for (place, argument) in arguments.iter().take(shown).enumerate() {
                    if place > 0 {
                        text(pieces, "; ");
                    }
                    self.explain(argument, 0, pieces);
                }
                text(pieces, ")");
            }
        }
    }

    fn chart(&mut self, chart: &Chart, results: &[ResultSlot]) -> Option<ChartSlot> {
        let named = |checker: &mut Self, name: &Spanned<String>| -> Option<(String, Shape)> {
            if let Some(result) = results.iter().find(|result| result.name == name.value) {
                return Some((result.label.clone(), result.shape.clone()));
            }
            let place = checker.sources.declaration.calc.iter().position(|step| step.name.value == name.value);
            let Some(place) = place else {
                let names: Vec<&str> = results
                    .iter()
                    .map(|result| result.name.as_str())
                    .chain(checker.sources.declaration.calc.iter().map(|step| step.name.value.as_str()))
                    .collect();
                let near = nearest(&name.value, names.iter().copied());
                let help = near.map_or_else(
                    || "a chart shows results and named formulas".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                let message = format!("there is nothing called `{}` to show", name.value);
                checker.fault(Code::CalcName, name.span, message, "unknown name", &help);
                return None;
            };
            let typed = checker.step(place);
            let label = checker.label_of_name(&name.value);
            let shape = checker.shape(&typed)?;
            Some((label, shape))
        };
        let wrong = |checker: &mut Self, span: Span, wanted: &str| {
            let message = format!("this chart shows {wanted}");
            checker.fault(Code::CalcChart, span, message, "", "");
        };
        let series = self.series;
        let kind = match &chart.kind {
            DeclaredChart::Bars { bars, line } => {
                let shown = named(self, bars)?;
                if shown.1.axis.is_none() {
                    wrong(self, bars.span, "a list: a series or rows");
                    return None;
                }
                let second = match line {
                    Some(line) => {
                        let second = named(self, line)?;
                        if second.1.axis != shown.1.axis || second.1.unit.dimension != shown.1.unit.dimension {
                            wrong(self, line.span, "a line over the same list and in the same unit as its bars");
                            return None;
                        }
                        Some(second)
                    }
                    None => None,
                };
                ChartKind::Bars(shown, second)
            }
            DeclaredChart::Compare(parts, _) | DeclaredChart::Stack(parts) => {
                let mut shown = Vec::new();
                for part in parts {
                    let one = named(self, part)?;
                    if one.1.axis.is_some() || one.1.is_bool {
                        wrong(self, part.span, "single numbers");
                        return None;
                    }
                    shown.push(one);
                }
                if let Some((place, _)) =
                    shown.iter().enumerate().find(|(_, (_, shape))| shape.unit.dimension != shown[0].1.unit.dimension)
                {
                    wrong(self, parts[place].span, "numbers of one unit");
                    return None;
                }
                match &chart.kind {
                    DeclaredChart::Compare(_, sorted) => ChartKind::Compare(shown, *sorted),
                    _ => ChartKind::Stack(shown),
                }
            }
            DeclaredChart::Dots(of) | DeclaredChart::Tornado(of) => {
                let (label, shape) = named(self, of)?;
                if shape.axis.is_some() || shape.is_bool {
                    wrong(self, of.span, "a single number");
                    return None;
                }
                match &chart.kind {
                    DeclaredChart::Dots(_) => ChartKind::Dots(label, shape),
                    _ => ChartKind::Tornado(label, shape),
                }
            }
            DeclaredChart::Fan(of) => {
                let (label, shape) = named(self, of)?;
                if shape.axis.is_none() || shape.axis != series {
                    wrong(self, of.span, "a series");
                    return None;
                }
                ChartKind::Fan(label, shape)
            }
        };
        let title = match (&kind, chart.title.is_empty()) {
            (_, false) => chart.title.clone(),
            (ChartKind::Dots(label, _), _) => format!("{label}: how likely is what"),
            (ChartKind::Tornado(label, _), _) => format!("{label}: what matters most"),
            (ChartKind::Bars((label, _), _) | ChartKind::Fan(label, _), _) => label.clone(),
            _ => self.sources.declaration.title.clone(),
        };
        Some(ChartSlot { title, kind, span: chart.span })
    }

    // Formulas -------------------------------------------------------------------------------------------------------

    fn circle(&mut self, names: &str, span: Span) {
        let help = "break it with `prev(name, start)` in a series, or ask the reader for one of these values";
        let message = format!("these formulas go round in a circle: {names}");
        self.fault(Code::CalcCircle, span, message, "the circle closes here", help);
    }

    /// The value of a tree. As deep as formulas may be nested.
    fn tree(&mut self, tree: &Tree) -> Typed {
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
            Some(Meaning::Input(place)) => {
                let input = &self.inputs[place];
                let mut typed = match &input.kind {
                    SlotKind::Number(number) => {
                        let typed = Typed::number(Expr::Scalar(number.slot), number.unit.dimension.clone());
                        Typed { unit: Some(number.unit.clone()), ..typed }
                    }
                    SlotKind::Choice { slot, .. } => {
                        Typed { kind: Kind::Choice(place), ..Typed::number(Expr::Scalar(*slot), Dimension::plain()) }
                    }
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

    fn unknown_name(&mut self, name: &str, span: Span) {
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
        let found = columns.iter().find(|known| known.name == column).map(|known| known.number.clone());
        match found {
            Some(Some((array, number))) => Typed {
                axis: Some(axis),
                unit: Some(number.unit.clone()),
                inputs: vec![place],
                ..Typed::number(Expr::Element(array), number.unit.dimension)
            },
            Some(None) => {
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

    fn needed_number(&mut self, value: Typed, span: Span) -> Typed {
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

    fn joint_axis(&mut self, values: &[&Typed], span: Span) -> Option<usize> {
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
    fn same_kind(&mut self, left: &Typed, left_at: Span, right: &Typed, right_at: Span, at: Span, sign: &str) -> Kind {
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
        let Kind::Choice(input) = value.kind else {
            if !value.is_unknown() {
                self.fault(Code::CalcType, inner.span, "only a choice is something", "this is no choice", "");
            }
            return Typed::unknown();
        };
        let SlotKind::Choice { options, .. } = &self.inputs[input].kind else { return Typed::unknown() };
        let Some(number) = options.iter().position(|(known, _)| known == option) else {
            let names: Vec<String> = options.iter().map(|(known, _)| known.clone()).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let message = format!("`{}` has no option `{option}`", self.inputs[input].name);
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

    fn call(&mut self, name: &str, place: Span, arguments: &[Tree], span: Span) -> Typed {
        if let Some(function) = self.sources.functions.iter().position(|(known, _)| known.name.value == name) {
            return self.own_function(function, place, arguments, span);
        }
        let Some((_, least, most)) = FUNCTIONS.iter().find(|(known, ..)| *known == name) else {
            let own = self.sources.functions.iter().map(|(known, _)| known.name.value.as_str());
            let near = nearest(name, FUNCTIONS.iter().map(|(known, ..)| *known).chain(own));
            let help = near.map_or_else(String::new, |near| format!("did you mean `{near}`?"));
            self.fault(Code::CalcName, place, format!("there is no function `{name}`"), "unknown function", &help);
            return Typed::unknown();
        };
        if !(*least..=*most).contains(&arguments.len()) {
            let wanted = if least == most { format!("{least}") } else { format!("{least} to {most}") };
            let message = format!("`{name}` takes {wanted} values, not {}", arguments.len());
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

    fn previous(&mut self, name: &Tree, start: &Tree) -> Typed {
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

    fn lookup(&mut self, function: &str, table: &Tree, by: &Tree) -> Typed {
        let TreeKind::Name(name) = &table.kind else {
            self.fault(Code::CalcType, table.span, "the name of a table is wanted here", "", "");
            return Typed::unknown();
        };
        let Some(place) = self.sources.tables.iter().position(|known| known.name.value == *name) else {
            let names: Vec<&str> = self.sources.tables.iter().map(|known| known.name.value.as_str()).collect();
            let near = nearest(name, names.iter().copied());
            let help =
                near.map_or_else(|| "declare it under `tables`".to_owned(), |near| format!("did you mean `{near}`?"));
            self.fault(Code::CalcName, table.span, format!("there is no table `{name}`"), "unknown table", &help);
            return Typed::unknown();
        };
        let key = self.tree(by);
        let Some((values, table_by, unit)) = self.tables[place].clone() else { return Typed::unknown() };
        match (&table_by, &key.kind) {
            (_, Kind::Unknown) => Typed::unknown(),
            (TableBy::Choice(input), Kind::Choice(own)) if input == own => {
                let expr = Expr::Pick(place, Box::new(key.expr.clone()));
                let kind = Kind::Number(unit.dimension.clone());
                Typed { kind, unit: Some(unit), ..key.with(expr) }
            }
            (TableBy::Choice(input), _) => {
                let wanted = self.inputs[*input].name.clone();
                let message = format!("the table `{name}` is read by `{wanted}`");
                self.fault(
                    Code::CalcTable,
                    by.span,
                    message,
                    "this is something else",
                    &format!("write `{function}({name}, {wanted})`"),
                );
                Typed::unknown()
            }
            (TableBy::Number(own), _) => {
                let key = self.needed_number(key, by.span);
                if let Kind::Number(dimension) = &key.kind
                    && *dimension != own.dimension
                {
                    let label = format!("this is in {dimension}");
                    let message = format!("the table `{name}` is read by {}", own.dimension);
                    self.fault(Code::CalcUnit, by.span, message, &label, "");
                    return Typed::unknown();
                }
                let is_bands = values.mode == Some(Mode::Bands);
                if is_bands != (function == "bands") {
                    let right = if is_bands { "bands" } else { "lookup" };
                    let message = format!("the table `{name}` is read with `{right}`");
                    self.fault(Code::CalcTable, table.span, message, "", "");
                    return Typed::unknown();
                }
                let expr = Expr::Lookup(place, Box::new(key.expr.clone()));
                let (dimension, unit) = match is_bands {
                    true => (unit.dimension.times(&own.dimension), key.unit.clone()),
                    false => (unit.dimension.clone(), Some(unit)),
                };
                Typed { kind: Kind::Number(dimension), unit, ..key.with(expr) }
            }
        }
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
        if let Expr::Element(array) = value.expr {
            return Some((value, array));
        }
        let typed = self.define(value, None, tree.span);
        match typed.expr {
            Expr::Element(array) => Some((typed, array)),
            _ => None,
        }
    }

    /// A definition whose body is no plain expression.
    fn define_body(&mut self, body: Body, axis: Option<usize>, of: Typed, more: &[&Typed], span: Span) -> Typed {
        let mut needs = of.clone();
        for value in more {
            needs = needs.plus(value);
        }
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
        self.definitions.push(Definition {
            name: None,
            span,
            at,
            axis,
            body,
            needs: needs.needs,
            needs_before: needs.needs_before,
        });
        Typed { expr, axis, needs: vec![id], needs_before: Vec::new(), inputs: needs.inputs, ..of }
    }

    fn reduce(&mut self, name: &str, argument: &Tree) -> Typed {
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
        }
        let axis = list.axis;
        let typed = self.define_body(Body::Reduce(reduction, array), None, list, &[], argument.span);
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

    fn at(&mut self, list: &Tree, number: &Tree) -> Typed {
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
        self.define_body(Body::Pick(array, expr), None, value, &[&index], list.span)
    }

    fn running(&mut self, argument: &Tree) -> Typed {
        let Some((list, array)) = self.list(argument) else { return Typed::unknown() };
        let axis = list.axis;
        let list = self.needed_number(list, argument.span);
        if list.is_unknown() {
            return list;
        }
        self.define_body(Body::Running(array), axis, list, &[], argument.span)
    }

    fn allocate(&mut self, arguments: &[Tree], span: Span) -> Typed {
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
        let typed = self.define_body(body, axis, shares, &[&total, &step], span);
        Typed { kind, unit, ..typed }
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
            let message = format!("`{name}` takes {} values, not {}", function.of.len(), arguments.len());
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

/// A number as it was most likely written: conversions leave the last bits off.
fn tidy(number: f64) -> f64 {
    format!("{number:.12e}").parse().unwrap_or(number)
}

fn plain(number: f64) -> String {
    number::amount(number, &Unit::plain(), None)
}
