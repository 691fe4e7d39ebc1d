//! The order in which formulas are worked out: what is needed comes first, and formulas that look back at each other share
//! one loop.

use super::program::{At, Expr, Program, Reduction, Shape, SlotKind, Statement};
use super::program::{ChartKind, Piece, WithColumn};
use crate::base::Span;

/// A value with a place in memory and what it is worked out from.
#[derive(Debug, Clone)]
pub struct Definition {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// Where it was written.
    pub span: Span,
    /// Its place.
    pub at: At,
    /// Its axis, for a list.
    pub axis: Option<usize>,
    /// How it is worked out.
    pub body: Body,
    /// Definitions it needs, whole or at the same element.
    pub needs: Vec<usize>,
    /// Definitions whose element before it needs.
    pub needs_before: Vec<usize>,
}

/// How a value is worked out.
#[derive(Debug, Clone)]
pub enum Body {
    /// By an expression; element by element for a list.
    Expr(Expr),
    /// From the whole of an array.
    Reduce(Reduction, usize),
    /// The element of an array at a number.
    Pick(usize, Expr),
    /// Running sums of an array.
    Running(usize),
    /// Shares of an array: total and step.
    Allocate(usize, Expr, Expr),
}

impl Body {
    /// Gives each look back its array.
    pub fn settle(&mut self, array: &dyn Fn(usize) -> usize) {
        match self {
            Self::Expr(expr) | Self::Pick(_, expr) => settle(expr, array),
            Self::Allocate(_, total, step) => {
                settle(total, array);
                settle(step, array);
            }
            Self::Reduce(..) | Self::Running(_) => {}
        }
    }
}

fn settle(expr: &mut Expr, array: &dyn Fn(usize) -> usize) {
    match expr {
        Expr::Previous(place, start) => {
            *place = array(*place);
            settle(start, array);
        }
        Expr::Unary(_, inner) | Expr::Pick(_, inner) | Expr::Lookup(_, inner) => settle(inner, array),
        Expr::Binary(_, left, right) => {
            settle(left, array);
            settle(right, array);
        }
        Expr::If(condition, yes, no) => {
            settle(condition, array);
            settle(yes, array);
            settle(no, array);
        }
        Expr::Number(_) | Expr::Scalar(_) | Expr::Element(_) | Expr::Index => {}
    }
}

/// Puts definitions into an order.
///
/// # Errors
/// The definitions of a circle that no loop can work out.
pub fn schedule(definitions: &[Definition]) -> Result<Vec<Statement>, Vec<usize>> {
    let count = definitions.len();
    let reach = reach(definitions);
    let mut group = vec![usize::MAX; count];
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for first in 0..count {
        if group[first] != usize::MAX {
            continue;
        }
        let members: Vec<usize> = (first..count)
            .filter(|other| *other == first || (has(&reach, first, *other) && has(&reach, *other, first)))
            .collect();
        for member in &members {
            group[*member] = groups.len();
        }
        if members.len() > 1
            && members
                .iter()
                .any(|id| !matches!(definitions[*id].body, Body::Expr(_)) || definitions[*id].axis.is_none())
        {
            return Err(members);
        }
        groups.push(members);
    }
    let mut order = Vec::with_capacity(groups.len());
    let mut placed = vec![false; groups.len()];
    // Groups in order of their first member; each after all it needs. There is no circle left, so each round places one.
    while order.len() < groups.len() {
        let before = order.len();
        for (index, members) in groups.iter().enumerate() {
            let ready = !placed[index]
                && members.iter().all(|id| {
                    let needed = definitions[*id].needs.iter().chain(&definitions[*id].needs_before);
                    needed.into_iter().all(|other| group[*other] == index || placed[group[*other]])
                });
            if ready {
                placed[index] = true;
                order.push(index);
            }
        }
        if order.len() == before {
            return Err((0..groups.len())
                .filter(|index| !placed[*index])
                .flat_map(|index| groups[index].clone())
                .collect());
        }
    }
    let mut statements: Vec<Statement> = Vec::new();
    for index in order {
        for id in within(&groups[index], definitions)? {
            push(&mut statements, &definitions[id]);
        }
    }
    Ok(statements)
}

/// The members of one loop in the order of each element: looking back does not count.
fn within(members: &[usize], definitions: &[Definition]) -> Result<Vec<usize>, Vec<usize>> {
    let mut order: Vec<usize> = Vec::new();
    while order.len() < members.len() {
        let next = members.iter().find(|id| {
            !order.contains(id)
                && definitions[**id].needs.iter().all(|other| !members.contains(other) || order.contains(other))
        });
        match next {
            Some(id) => order.push(*id),
            None => return Err(members.to_vec()),
        }
    }
    Ok(order)
}

fn push(statements: &mut Vec<Statement>, definition: &Definition) {
    let statement = match (&definition.body, definition.at) {
        (Body::Expr(expr), At::Scalar(slot)) => Statement::Set(slot, expr.clone()),
        (Body::Expr(expr), At::Array(array)) => {
            let axis = definition.axis.unwrap_or(0);
            // What runs along the same axis right before shares the loop.
            if let Some(Statement::Each(known, sets)) = statements.last_mut()
                && *known == axis
            {
                sets.push((array, expr.clone()));
                return;
            }
            Statement::Each(axis, vec![(array, expr.clone())])
        }
        (Body::Reduce(reduction, array), At::Scalar(slot)) => Statement::Reduce(slot, *reduction, *array),
        (Body::Pick(array, number), At::Scalar(slot)) => Statement::Pick(slot, *array, number.clone()),
        (Body::Running(array), At::Array(out)) => Statement::Running(out, *array),
        (Body::Allocate(array, total, step), At::Array(out)) => {
            Statement::Allocate(out, *array, total.clone(), step.clone())
        }
        _ => return,
    };
    statements.push(statement);
}

/// For each definition a row of bits: what it needs, directly or not.
fn reach(definitions: &[Definition]) -> Vec<Vec<u64>> {
    let count = definitions.len();
    let words = count.div_ceil(64);
    let mut reach = vec![vec![0u64; words]; count];
    for (id, definition) in definitions.iter().enumerate() {
        for other in definition.needs.iter().chain(&definition.needs_before) {
            reach[id][other / 64] |= 1 << (other % 64);
        }
    }
    for middle in 0..count {
        let row = reach[middle].clone();
        for own in &mut reach {
            if own[middle / 64] & (1 << (middle % 64)) != 0 {
                for (word, more) in own.iter_mut().zip(&row) {
                    *word |= more;
                }
            }
        }
    }
    reach
}

fn has(reach: &[Vec<u64>], from: usize, to: usize) -> bool {
    reach[from][to / 64] & (1 << (to % 64)) != 0
}

/// Works out which values depend on something that spreads, and marks them wherever they are shown.
pub fn mark_uncertain(program: &mut Program) {
    let mut scalars = vec![false; program.scalars];
    let mut arrays = vec![false; program.arrays.len()];
    for input in &program.inputs {
        match &input.kind {
            SlotKind::Number(number) => scalars[number.slot] = number.spread.spreads(),
            SlotKind::YesNo { slot, chance, .. } => scalars[*slot] = chance.is_some(),
            _ => {}
        }
    }
    // Twice: a loop may look back at what it fills later.
    for _ in 0..2 {
        for statement in &program.statements {
            match statement {
                Statement::Set(slot, expr) => scalars[*slot] = leans(expr, &scalars, &arrays),
                Statement::Each(_, sets) => {
                    for _ in 0..sets.len() {
                        for (array, expr) in sets {
                            arrays[*array] = arrays[*array] || leans(expr, &scalars, &arrays);
                        }
                    }
                }
                Statement::Reduce(slot, _, array) => scalars[*slot] = arrays[*array],
                Statement::Pick(slot, array, number) => {
                    scalars[*slot] = arrays[*array] || leans(number, &scalars, &arrays);
                }
                Statement::Running(out, array) => arrays[*out] = arrays[*array],
                Statement::Allocate(out, array, total, step) => {
                    arrays[*out] = arrays[*array] || leans(total, &scalars, &arrays) || leans(step, &scalars, &arrays);
                }
            }
        }
    }
    let mark = |shape: &mut Shape| {
        shape.uncertain = match shape.at {
            At::Scalar(slot) => scalars[slot],
            At::Array(array) => arrays[array],
        };
    };
    for result in &mut program.results {
        mark(&mut result.shape);
        for (_, column) in &mut result.with {
            if let WithColumn::Number(shape) = column {
                mark(shape);
            }
        }
    }
    for next in &mut program.next {
        mark(&mut next.when);
    }
    for line in &mut program.lines {
        mark(&mut line.shape);
        for piece in &mut line.pieces {
            if let Piece::Value(_, shape) = piece {
                mark(shape);
            }
        }
    }
    for chart in &mut program.charts {
        match &mut chart.kind {
            ChartKind::Bars((_, bars), line) => {
                mark(bars);
                if let Some((_, line)) = line {
                    mark(line);
                }
            }
            ChartKind::Compare(parts, _) | ChartKind::Stack(parts) => {
                for (_, part) in parts {
                    mark(part);
                }
            }
            ChartKind::Dots(_, shape) | ChartKind::Tornado(_, shape) | ChartKind::Fan(_, shape) => mark(shape),
        }
    }
}

fn leans(expr: &Expr, scalars: &[bool], arrays: &[bool]) -> bool {
    let leans = |expr: &Expr| leans(expr, scalars, arrays);
    match expr {
        Expr::Number(_) | Expr::Index => false,
        Expr::Scalar(slot) => scalars[*slot],
        Expr::Element(array) => arrays[*array],
        Expr::Previous(array, start) => arrays[*array] || leans(start),
        Expr::Unary(_, inner) | Expr::Pick(_, inner) | Expr::Lookup(_, inner) => leans(inner),
        Expr::Binary(_, left, right) => leans(left) || leans(right),
        Expr::If(condition, yes, no) => leans(condition) || leans(yes) || leans(no),
    }
}
