//! Tries a checked calculator before readers do: all over the box of its inputs, on its author's examples, and for its
//! goal.

use super::check::Checked;
use super::compile::Calculator;
use super::declaration::{Declaration, Example, Input, InputKind};
use super::evaluate::Memory;
use super::number;
use super::program::{At, Axis, ColumnKind, Distribution, Expr, Program, ResultSlot, SlotKind, Statement, Worked};
use super::random::{Random, SAMPLES, seed_of};
use super::sample::{Draws, Sampled, wanted};
use crate::base::{Span, Spanned};
use crate::data::{Node, Value, items};
use crate::diag::{Code, Diagnostic};

/// How many points of the box are tried.
pub const POINTS: usize = 2000;

/// Most operations that one answer may cost a reader's phone.
const OPERATIONS_MAX: usize = 20_000_000;

/// Tries everything. Examples that hold become worked examples of the program.
pub fn try_out(checked: &mut Checked, declaration: &Declaration, diagnostics: &mut Vec<Diagnostic>) {
    let samples = if checked.program.spreads() { SAMPLES } else { 1 };
    let operations = cost(&checked.program) * samples;
    if operations > OPERATIONS_MAX {
        let message = format!("one answer takes {} million operations", operations / 1_000_000);
        let help = format!(
            "at most {} million are allowed: shorten the series, or fix some inputs",
            OPERATIONS_MAX / 1_000_000
        );
        diagnostics.push(Diagnostic::at(Code::CalcCost, &declaration.path, declaration.id.span, message).help(help));
        return;
    }
    fill_box(&checked.program, declaration, diagnostics);
    let mut worked = Vec::new();
    for example in &declaration.examples {
        worked.extend(run_example(&checked.program, declaration, example, diagnostics));
    }
    checked.program.examples = worked;
    seek_goal(&checked.program, declaration, diagnostics);
}

/// Nodes of all expressions, times how often each is worked out.
fn cost(program: &Program) -> usize {
    let length = |axis: usize| match &program.axes[axis] {
        Axis::Series { count, .. } => *count,
        Axis::Rows { max, .. } => *max,
    };
    program
        .statements
        .iter()
        .map(|statement| match statement {
            Statement::Set(_, expr) => nodes(expr),
            Statement::Each(axis, sets) => length(*axis) * sets.iter().map(|(_, expr)| nodes(expr)).sum::<usize>(),
            Statement::Reduce(_, _, array) | Statement::Pick(_, array, _) | Statement::Running(_, array) => {
                length(program.arrays[*array])
            }
            Statement::Allocate(_, array, ..) => length(program.arrays[*array]).pow(2),
        })
        .sum()
}

fn nodes(expr: &Expr) -> usize {
    1 + match expr {
        Expr::Number(_) | Expr::Scalar(_) | Expr::Element(_) | Expr::Index => 0,
        Expr::Previous(_, inner) | Expr::Unary(_, inner) | Expr::Pick(_, inner) | Expr::Lookup(_, inner) => {
            nodes(inner)
        }
        Expr::Binary(_, left, right) => nodes(left) + nodes(right),
        Expr::If(condition, yes, no) => nodes(condition) + nodes(yes) + nodes(no),
    }
}

// The box ------------------------------------------------------------------------------------------------------------

fn fill_box(program: &Program, declaration: &Declaration, diagnostics: &mut Vec<Diagnostic>) {
    let mut random = Random::new(seed_of(&program.id));
    let mut memory = Memory::of_defaults(program);
    let mut entered = Vec::with_capacity(program.inputs.len());
    let mut reported = vec![false; program.results.len()];
    let mut held = vec![0; program.next.len()];
    for point in 0..POINTS {
        enter(program, point, &mut random, &mut memory, &mut entered);
        memory.run(program);
        for (result, reported) in program.results.iter().zip(&mut reported) {
            if !*reported && is_without_answer(result, &memory) {
                *reported = true;
                let declared = declaration.results.iter().find(|declared| declared.name.value == result.name);
                let span = declared.map_or(declaration.id.span, |declared| declared.formula.span);
                let message = format!("`{}` is not a finite number for inputs that a reader may enter", result.name);
                diagnostics.push(
                    fault(declaration, Code::CalcInfinite, span, message)
                        .label("no answer here")
                        .help(format!("with {}", entered_in_words(program, &entered)))
                        .help("guard it with `if`, or move `min` and `max`"),
                );
            }
        }
        for (held, next) in held.iter_mut().zip(&program.next) {
            *held += usize::from(memory.get(next.when.at, 0) == 1.0);
        }
    }
    for (held, next) in held.into_iter().zip(&declaration.next) {
        let message = match held {
            0 => "no input that a reader may enter leads to this next step",
            POINTS => "every input that a reader may enter leads to this next step",
            _ => continue,
        };
        let help = "a next step is for some answers and not for others: what is for all belongs into `text`";
        diagnostics.push(fault(declaration, Code::CalcNext, next.when.span, message.to_owned()).help(help));
    }
}

fn is_without_answer(result: &ResultSlot, memory: &Memory) -> bool {
    let length = result.shape.axis.map_or(1, |axis| memory.lengths[axis]);
    (0..length).any(|index| {
        let value = memory.get(result.shape.at, index);
        if result.shape.optional { value.is_infinite() } else { !value.is_finite() }
    })
}

/// Fills every input for a point of the box. `entered` gets one number for each: its own, the place of an option, 1 or 0,
/// the count of rows. In words they are wanted only of the rare point that fails.
fn enter(program: &Program, point: usize, random: &mut Random, memory: &mut Memory, entered: &mut Vec<f64>) {
    entered.clear();
    for (place, input) in program.inputs.iter().enumerate() {
        entered.push(match &input.kind {
            SlotKind::Number(number) => {
                let value = pick(number.min, number.max, number.whole, point, place, random);
                memory.scalars[number.slot] = number.unit.to_base(value);
                value
            }
            SlotKind::Choice { slot, options, .. } => {
                let option = (random.unit() * options.len() as f64).floor();
                memory.scalars[*slot] = option;
                option
            }
            SlotKind::YesNo { slot, .. } => {
                let yes = f64::from(u8::from(random.unit() < 0.5));
                memory.scalars[*slot] = yes;
                yes
            }
            SlotKind::Rows { axis, columns, min_rows, max_rows, .. } => {
                let span = max_rows - min_rows + 1;
                let rows = min_rows + (random.unit() * span as f64) as usize;
                memory.lengths[*axis] = rows;
                for column in columns {
                    let Some(array) = column.array() else { continue };
                    for row in 0..rows {
                        memory.arrays[array][row] = cell(&column.kind, point, place + row, random);
                    }
                }
                rows as f64
            }
            SlotKind::Text { .. } => 0.0,
        });
    }
}

/// A value of a column at a point, in base units.
fn cell(kind: &ColumnKind, point: usize, place: usize, random: &mut Random) -> f64 {
    match kind {
        ColumnKind::Number(number) => {
            number.unit.to_base(pick(number.min, number.max, number.whole, point, place, random))
        }
        ColumnKind::Choice { options, .. } => (random.unit() * options.len() as f64).floor(),
        _ => f64::from(u8::from(random.unit() < 0.5)),
    }
}

/// What `enter` entered.
fn entered_in_words(program: &Program, entered: &[f64]) -> String {
    let words = program.inputs.iter().zip(entered).filter_map(|(input, value)| {
        let value = match &input.kind {
            SlotKind::Number(_) => value.to_string(),
            SlotKind::Choice { options, .. } => options[*value as usize].0.clone(),
            SlotKind::YesNo { .. } => if *value == 1.0 { "yes" } else { "no" }.to_owned(),
            SlotKind::Rows { .. } => number::counted(*value as usize, "row"),
            SlotKind::Text { .. } => return None,
        };
        Some(format!("{} = {value}", input.name))
    });
    words.collect::<Vec<_>>().join(", ")
}

/// A value of an input at a point: first corners, then anywhere, as often by order of magnitude as by amount.
fn pick(min: f64, max: f64, whole: bool, point: usize, place: usize, random: &mut Random) -> f64 {
    let drawn = random.unit();
    let value = match point {
        0 => min,
        1 => max,
        2..=255 => {
            // Corners: with few inputs all of them, with many those that chance names.
            let high = if place < 7 { (point >> place) & 1 == 1 } else { drawn < 0.5 };
            if high { max } else { min }
        }
        _ if point.is_multiple_of(2) && max > 0.0 => {
            let floor = if min > 0.0 { min } else { max * 1e-6 };
            (floor.ln() + drawn * (max.ln() - floor.ln())).exp().clamp(min, max)
        }
        _ => min + drawn * (max - min),
    };
    if whole { value.round() } else { value }
}

// Examples -----------------------------------------------------------------------------------------------------------

fn fault(declaration: &Declaration, code: Code, span: Span, message: String) -> Diagnostic {
    Diagnostic::at(code, &declaration.path, span, message)
}

fn run_example(
    program: &Program,
    declaration: &Declaration,
    example: &Example,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Worked> {
    let since = diagnostics.len();
    let mut tried = program.clone();
    let mut given = Vec::new();
    for (name, node) in &example.given {
        match give(&mut tried, declaration, name, node) {
            Ok(shown) => given.push(shown),
            Err(fault) => diagnostics.push(*fault),
        }
    }
    super::order::mark_uncertain(&mut tried);
    let mut memory = Memory::of_defaults(&tried);
    memory.run(&tried);
    let sampled = tried.spreads().then(|| Sampled::run(&tried, &memory, &Draws::of(&tried), &wanted(&tried)));
    let tried = Tried { program: &tried, memory, sampled };
    let mut expect = Vec::new();
    for (name, node) in &example.expect {
        match tried.compare(declaration, example, name, node) {
            Ok(shown) => expect.push(shown),
            Err(fault) => diagnostics.push(*fault),
        }
    }
    (diagnostics.len() == since).then(|| Worked { name: example.name.clone(), given, expect })
}

/// Puts what an example gives into its input; the input's label, and the value for readers.
fn give(
    tried: &mut Program,
    declaration: &Declaration,
    name: &Spanned<String>,
    node: &Node,
) -> Result<(String, String), Box<Diagnostic>> {
    let Some(place) = tried.inputs.iter().position(|input| input.name == name.value) else {
        let names = tried.inputs.iter().map(|input| input.name.as_str());
        let message = format!("there is no input `{}`", name.value);
        let diagnostic = fault(declaration, Code::CalcName, name.span, message).label("unknown name");
        return Err(Box::new(diagnostic.suggest(&name.value, names)));
    };
    let shown = set_input(tried, &declaration.inputs[place], place, node).map_err(|wanted| {
        let message = format!("`{}` must be {wanted}", name.value);
        Box::new(fault(declaration, Code::ValueType, node.span, message))
    })?;
    if let SlotKind::Number(number) = &tried.inputs[place].kind {
        let (low, high) = number.spread.ends();
        if low < number.min || high > number.max {
            let message = format!("no reader can enter this for `{}`", name.value);
            let outside = if low < number.min { low } else { high };
            let label = number::not_between(outside, number.min, number.max);
            let help = "an example is shown to readers: move the input's limits, or give another number";
            return Err(Box::new(fault(declaration, Code::CalcRange, node.span, message).label(label).help(help)));
        }
    }
    Ok((tried.inputs[place].label.clone(), shown))
}

/// A program that was run on what an example gives.
struct Tried<'a> {
    program: &'a Program,
    memory: Memory,
    sampled: Option<Sampled>,
}

impl Tried<'_> {
    /// Compares a result with what an example expects of it; the result's label, and the value for readers.
    fn compare(
        &self,
        declaration: &Declaration,
        example: &Example,
        name: &Spanned<String>,
        node: &Node,
    ) -> Result<(String, String), Box<Diagnostic>> {
        let (result_name, quantile) = name.value.split_once('.').unwrap_or((&name.value, "p50"));
        let p = match quantile {
            "p10" => 0.1,
            "p50" => 0.5,
            "p90" => 0.9,
            _ => {
                let message = format!("`{quantile}` is no quantile");
                let diagnostic = fault(declaration, Code::CalcName, name.span, message);
                return Err(Box::new(diagnostic.help("write `p10`, `p50` or `p90`")));
            }
        };
        let Some(result) = self.program.results.iter().find(|result| result.name == result_name) else {
            let names = self.program.results.iter().map(|result| result.name.as_str());
            let message = format!("there is no result `{result_name}`");
            let diagnostic = fault(declaration, Code::CalcName, name.span, message).label("unknown name");
            return Err(Box::new(diagnostic.suggest(result_name, names)));
        };
        let values = values_of(result, &self.memory, self.sampled.as_ref(), p);
        let wanted = items(node);
        let holds = wanted.len() == values.len()
            && wanted.iter().zip(&values).all(|(node, value)| matches(result, node, *value, example.within));
        if !holds {
            return Err(Box::new(does_not_hold(declaration, example, result, node, &values)));
        }
        let shown: Vec<String> = values.iter().map(|value| shown(result, *value)).collect();
        let label = match quantile {
            "p50" => result.label.clone(),
            quantile => format!("{} ({})", result.label, quantile.to_uppercase()),
        };
        Ok((label, shown.join(", ")))
    }
}

fn does_not_hold(
    declaration: &Declaration,
    example: &Example,
    result: &ResultSlot,
    node: &Node,
    values: &[f64],
) -> Diagnostic {
    let gives: Vec<String> = values
        .iter()
        .map(|value| if value.is_nan() { "none".to_owned() } else { plain_number(rounded(result, *value)) })
        .collect();
    let unit = result.shape.unit.words();
    let gives = format!("the formulas give {}", gives.join(", "));
    let label = if unit.is_empty() || result.shape.is_bool { gives } else { format!("{gives} ({unit})") };
    let message = format!("the example `{}` does not hold", example.name);
    let diagnostic = fault(declaration, Code::CalcExample, node.span, message);
    diagnostic.label(label).help("correct the formula or the expectation")
}

/// A number as an author would write it.
fn plain_number(value: f64) -> String {
    format!("{value:.10}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Puts a value of an example into an input; its text for readers.
fn set_input(program: &mut Program, declared: &Input, place: usize, node: &Node) -> Result<String, String> {
    match &mut program.inputs[place].kind {
        SlotKind::Number(number) => {
            if let Some(value) = node.number() {
                number.spread = Distribution::Fixed(value);
                return Ok(number::amount(value, &number.unit, None));
            }
            let Value::Map(entries) = &node.value else { return Err("a number".to_owned()) };
            let get = |key: &str| entries.iter().find(|entry| entry.key == key).and_then(|entry| entry.node.number());
            if let Some(mean) = get("mean") {
                number.spread = Distribution::Poisson(mean);
                return Ok(format!("{} on average", number::amount(mean, &number.unit, None)));
            }
            let (Some(low), Some(typical), Some(high)) = (get("low"), get("typical"), get("high")) else {
                return Err("a number or `{low, typical, high}`".to_owned());
            };
            number.spread = Distribution::Range(low, typical, high);
            Ok(format!("{} to {}", number::amount(low, &number.unit, None), number::amount(high, &number.unit, None)))
        }
        SlotKind::Choice { options, default, .. } => {
            let text = node.text().unwrap_or_default();
            let found = options.iter().position(|(option, _)| option == text).ok_or("one of its options")?;
            *default = found;
            Ok(options[found].1.clone())
        }
        SlotKind::YesNo { default, chance, .. } => {
            *default = node.boolean().ok_or("true or false")?;
            *chance = None;
            Ok(if *default { "yes" } else { "no" }.to_owned())
        }
        SlotKind::Rows { columns, default, max_rows, .. } => {
            let Value::List(list) = &node.value else { return Err("a list of rows".to_owned()) };
            let InputKind::Rows { columns: declared_columns, .. } = &declared.kind else { return Ok(String::new()) };
            if list.len() > *max_rows {
                return Err("a list of no more rows than the input may have".to_owned());
            }
            let mut rows = Vec::new();
            let mut said = Vec::new();
            for row in list {
                let Value::Map(entries) = &row.value else { return Err("a list of mappings".to_owned()) };
                let mut cells = Vec::new();
                let mut words = Vec::new();
                for (column, declared) in columns.iter().zip(declared_columns) {
                    let node = entries.iter().find(|entry| entry.key == column.name).map(|entry| &entry.node);
                    let cell = declared
                        .cell(node)
                        .map_err(|wanted| format!("a list with {wanted} as `{}` in each row", column.name))?;
                    words.push(column.words(&cell, number::ENGLISH));
                    cells.push(cell);
                }
                said.push(words.join(" "));
                rows.push(cells);
            }
            *default = rows;
            Ok(said.join(", "))
        }
        SlotKind::Text { default } => {
            *default = node.text().unwrap_or_default().to_owned();
            Ok(default.clone())
        }
    }
}

/// A result's value or values, in the unit it is shown in.
#[must_use]
pub fn values_of(result: &ResultSlot, memory: &Memory, sampled: Option<&Sampled>, p: f64) -> Vec<f64> {
    let shape = &result.shape;
    let length = shape.axis.map_or(1, |axis| memory.lengths[axis]);
    (0..length)
        .map(|index| {
            let drawn = sampled.and_then(|sampled| match (shape.is_bool, shape.axis) {
                (true, None) => sampled.chance(shape.at),
                _ => sampled.quantile(shape.at, index, p),
            });
            let value = drawn.unwrap_or_else(|| memory.get(shape.at, index));
            if shape.is_bool { value } else { shape.unit.from_base(value) }
        })
        .collect()
}

fn rounded(result: &ResultSlot, value: f64) -> f64 {
    match result.shape.step {
        Some(step) => super::kernel::round(value, step),
        None => value,
    }
}

fn shown(result: &ResultSlot, value: f64) -> String {
    if value.is_nan() {
        return result.none.clone().unwrap_or_default();
    }
    if result.shape.is_bool {
        let (yes, no) = result.says.clone().unwrap_or_else(|| ("yes".to_owned(), "no".to_owned()));
        return match value {
            1.0 => yes,
            0.0 => no,
            chance => number::percent(chance, number::ENGLISH),
        };
    }
    number::amount(value, &result.shape.unit, result.shape.step)
}

fn matches(result: &ResultSlot, node: &Node, value: f64, within: f64) -> bool {
    if node.text() == Some("none") {
        return value.is_nan();
    }
    let wanted = match (node.number(), node.boolean()) {
        (Some(number), _) => number,
        (None, Some(yes)) => f64::from(u8::from(yes)),
        (None, None) => return false,
    };
    let near = |value: f64| (value - wanted).abs() <= within * wanted.abs() + 1e-9 * wanted.abs().max(1.0);
    !value.is_nan() && (near(value) || near(rounded(result, value)))
}

// The goal -----------------------------------------------------------------------------------------------------------

fn seek_goal(program: &Program, declaration: &Declaration, diagnostics: &mut Vec<Diagnostic>) {
    const STEPS: usize = 60;
    let (Some(solve), Some(declared)) = (&program.solve, &declaration.solve) else { return };
    let SlotKind::Number(number) = &program.inputs[solve.input].kind else { return };
    let mut memory = Memory::of_defaults(program);
    let by_magnitude = number.max / number.min.max(number.max * 1e-6) > 100.0;
    let mut changes = 0;
    let mut last = None;
    for step in 0..=STEPS {
        let share = step as f64 / STEPS as f64;
        let value = if by_magnitude && step > 0 {
            let floor = number.min.max(number.max * 1e-6);
            (floor.ln() + share * (number.max.ln() - floor.ln())).exp()
        } else {
            number.min + share * (number.max - number.min)
        };
        memory.scalars[number.slot] = number.unit.to_base(value);
        memory.run(program);
        let holds = memory.get(At::Scalar(solve.slot), 0) == 1.0;
        if last.is_some_and(|last| last != holds) {
            changes += 1;
        }
        last = Some(holds);
    }
    let message = match changes {
        1 => return,
        0 => format!("no value of `{}` changes whether the goal is reached", declared.change.value),
        _ => format!("the goal is reached, lost and reached again as `{}` grows", declared.change.value),
    };
    let help = "with the other inputs as they are at first; move its limits, or seek another goal";
    diagnostics.push(fault(declaration, Code::CalcSolve, declared.until.span, message).help(help));
}

/// Whether a result is rounded finer than what its samples can tell.
pub fn check_noise(calculator: &Calculator, declaration: &Declaration, diagnostics: &mut Vec<Diagnostic>) {
    let Some(sampled) = &calculator.sampled else { return };
    for (result, declared) in calculator.program.results.iter().zip(&declaration.results) {
        let shape = &result.shape;
        let (true, None, Some(step), Some(round)) = (shape.uncertain, shape.axis, shape.step, &declared.round) else {
            continue;
        };
        if shape.is_bool || shape.optional {
            continue;
        }
        let at = |p: f64| sampled.quantile(shape.at, 0, p).map_or(0.0, |value| shape.unit.from_base(value).abs());
        // A hundredth of the width between P10 and P90 is about the standard error of the median.
        let noise = (at(0.9) - at(0.1)).abs() / 100.0;
        if step < noise / 10.0 {
            let message = format!("`{}` is rounded finer than its samples can tell", result.name);
            let power = 10f64.powf(noise.log10().floor());
            let help = format!("round it to {} or more", plain_number(power));
            diagnostics.push(fault(declaration, Code::CalcNoise, round.span, message).help(help));
        }
    }
}
