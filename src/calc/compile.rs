//! From a declaration to a calculator that is checked, tried and worked out for the page.

use std::collections::BTreeMap;

use super::check::{Days, check};
use super::declaration::Declaration;
use super::evaluate::Memory;
use super::fact::Records;
use super::program::{Program, SlotKind};
use super::sample::{Draws, Sampled, wanted};
use super::trial::{check_noise, try_out};
use crate::diag::Diagnostic;

/// A calculator with its answers for the inputs as they are at first.
#[derive(Debug, Clone)]
pub struct Calculator {
    /// The program.
    pub program: Program,
    /// Memory with what spreads at its typical value.
    pub typical: Memory,
    /// The spread of what is shown, where anything spreads.
    pub sampled: Option<Sampled>,
    /// For each value of the what-if table the same two.
    pub what_if: Vec<(f64, Memory, Option<Sampled>)>,
}

/// Compiles a declaration. `libraries` are all libraries of the site by name. `None` when it has a fault that leaves it
/// without meaning; all its faults are pushed to `diagnostics`.
pub fn compile(
    declaration: &Declaration,
    libraries: &BTreeMap<&str, &Declaration>,
    records: &dyn Records,
    days: Days,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Calculator> {
    let mut checked = check(declaration, libraries, records, days, diagnostics)?;
    try_out(&mut checked, declaration, diagnostics);
    let calculator = Calculator::of(checked.program);
    check_noise(&calculator, declaration, diagnostics);
    Some(calculator)
}

impl Calculator {
    /// Works a program out.
    #[must_use]
    pub fn of(program: Program) -> Self {
        let mut typical = Memory::of_defaults(&program);
        typical.run(&program);
        let draws = program.spreads().then(|| (Draws::of(&program), wanted(&program)));
        let sample = |program: &Program, memory: &Memory, fixed: Option<usize>| {
            let (draws, wanted) = draws.as_ref().filter(|_| program.spreads())?;
            Some(match fixed {
                Some(input) => Sampled::run(program, memory, &draws.without(input), wanted),
                None => Sampled::run(program, memory, draws, wanted),
            })
        };
        let sampled = sample(&program, &typical, None);
        let mut what_if = Vec::new();
        if let Some((input, values)) = &program.what_if {
            for value in values {
                let mut changed = program.clone();
                if let SlotKind::Number(number) = &mut changed.inputs[*input].kind {
                    number.spread = super::program::Distribution::Fixed(*value);
                }
                let mut memory = Memory::of_defaults(&changed);
                memory.run(&changed);
                let sampled = sample(&changed, &memory, Some(*input));
                what_if.push((*value, memory, sampled));
            }
        }
        Self { program, typical, sampled, what_if }
    }
}
