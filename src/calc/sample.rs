//! What a calculator gives when its inputs spread: the same 2,000 draws on every machine.

use std::collections::BTreeMap;

use super::evaluate::Memory;
use super::kernel;
use super::program::{At, Distribution, NumberSlot, Program, Shape, SlotKind};
use super::random::{SAMPLES, probabilities};

/// The ninetieth percentile of the standard normal distribution.
pub const Z90: f64 = 1.281_551_565_544_600_4;

/// Mean from which counts are drawn from the normal distribution.
const POISSON_MAX: f64 = 400.0;

/// A draw in the input's own unit: by normal score for a range, by probability for all else.
#[must_use]
pub fn draw(distribution: &Distribution, by: f64) -> f64 {
    match distribution {
        Distribution::Fixed(value) => *value,
        Distribution::Range(low, typical, high) => {
            if *low > 0.0 {
                let spread = if by < 0.0 { kernel::ln(typical / low) } else { kernel::ln(high / typical) };
                typical * kernel::exp(spread / Z90 * by)
            } else {
                let spread = if by < 0.0 { typical - low } else { high - typical };
                typical + spread / Z90 * by
            }
        }
        Distribution::Poisson(mean) => poisson(*mean, by),
        Distribution::Values(values) => values[((by * values.len() as f64).floor() as usize).min(values.len() - 1)],
    }
}

/// The count that is not passed with probability `by`, of independent events with this mean.
fn poisson(mean: f64, by: f64) -> f64 {
    if mean <= 0.0 {
        return 0.0;
    }
    if mean > POISSON_MAX {
        return kernel::max(0.0, (mean + mean.sqrt() * kernel::normal_inverse(by) + 0.5).floor());
    }
    let mut chance = kernel::exp(-mean);
    let mut sum = chance;
    let mut count = 0.0;
    while by > sum && count < 2000.0 {
        count += 1.0;
        chance *= mean / count;
        sum += chance;
    }
    count
}

/// A draw of a number as the input takes it: what lies beyond a limit counts as the limit. To draw again, or to stretch the
/// rest, would move the tenth, fiftieth and ninetieth percentile away from the low, typical and high that somebody wrote.
#[must_use]
pub fn draw_within(number: &NumberSlot, by: f64) -> f64 {
    kernel::min(kernel::max(draw(&number.spread, by), number.min), number.max)
}

/// The value at one end of what usually happens: its tenth or ninetieth percentile.
#[must_use]
pub fn end(distribution: &Distribution, high: bool) -> f64 {
    let by = if high { 0.9 } else { 0.1 };
    match distribution {
        Distribution::Range(low, _, top) => {
            if high {
                *top
            } else {
                *low
            }
        }
        other => draw(other, by),
    }
}

/// For each input that spreads, what it is drawn by: normal scores or probabilities, one for each sample.
#[derive(Debug, Clone)]
pub struct Draws(Vec<Option<Vec<f64>>>);

impl Draws {
    /// The draws of a program: they depend on its name and the names of its inputs alone.
    #[must_use]
    pub fn of(program: &Program) -> Self {
        let scores = |name: &str| -> Vec<f64> {
            let name = format!("{}/{name}", program.id);
            probabilities(&name, SAMPLES).into_iter().map(kernel::normal_inverse).collect()
        };
        let mut factors: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
        let draws = program
            .inputs
            .iter()
            .map(|input| match &input.kind {
                SlotKind::Number(number) if number.spread.spreads() => match &number.spread {
                    Distribution::Range(..) => {
                        let mut own = scores(&input.name);
                        if let Some((factor, strength)) = &input.together {
                            let shared = factors.entry(factor).or_insert_with(|| scores(factor));
                            let (joint, single) = (strength.sqrt(), (1.0 - strength).sqrt());
                            for (own, shared) in own.iter_mut().zip(shared) {
                                *own = joint * *shared + single * *own;
                            }
                        }
                        Some(own)
                    }
                    _ => Some(probabilities(&format!("{}/{}", program.id, input.name), SAMPLES)),
                },
                SlotKind::YesNo { chance: Some(_), .. } => {
                    Some(probabilities(&format!("{}/{}", program.id, input.name), SAMPLES))
                }
                _ => None,
            })
            .collect();
        Self(draws)
    }

    /// The same with one input fixed: the draws of the others stay what they are.
    #[must_use]
    pub fn without(&self, input: usize) -> Self {
        let mut draws = self.0.clone();
        draws[input] = None;
        Self(draws)
    }
}

/// The values of what was asked for over all samples, each list ascending; a missing value counts as later than any.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sampled {
    scalars: BTreeMap<usize, Vec<f64>>,
    arrays: BTreeMap<usize, Vec<Vec<f64>>>,
}

impl Sampled {
    /// Runs a program for all its draws. `base` holds the inputs that do not spread.
    #[must_use]
    pub fn run(program: &Program, base: &Memory, draws: &Draws, wanted: &[At]) -> Self {
        let mut sampled = Self::default();
        for at in wanted {
            match at {
                At::Scalar(slot) => {
                    sampled.scalars.insert(*slot, Vec::with_capacity(SAMPLES));
                }
                At::Array(array) => {
                    let length = base.lengths[program.arrays[*array]];
                    sampled.arrays.insert(*array, vec![Vec::with_capacity(SAMPLES); length]);
                }
            }
        }
        let mut memory = base.clone();
        for sample in 0..SAMPLES {
            for (input, draws) in program.inputs.iter().zip(&draws.0) {
                let Some(draws) = draws else { continue };
                match &input.kind {
                    SlotKind::Number(number) => {
                        memory.scalars[number.slot] = number.unit.to_base(draw_within(number, draws[sample]));
                    }
                    SlotKind::YesNo { slot, chance: Some(chance), .. } => {
                        memory.scalars[*slot] = f64::from(u8::from(draws[sample] < *chance));
                    }
                    _ => {}
                }
            }
            memory.run(program);
            for (slot, values) in &mut sampled.scalars {
                values.push(memory.scalars[*slot]);
            }
            for (array, elements) in &mut sampled.arrays {
                for (index, values) in elements.iter_mut().enumerate() {
                    values.push(memory.arrays[*array][index]);
                }
            }
        }
        for values in sampled.scalars.values_mut().chain(sampled.arrays.values_mut().flatten()) {
            values.sort_by(f64::total_cmp);
        }
        sampled
    }

    /// The quantile `p` of a value, for an array of its element `index`. `None` where it was not asked for.
    #[must_use]
    pub fn quantile(&self, at: At, index: usize, p: f64) -> Option<f64> {
        let values = self.values(at, index)?;
        values.get((p * (values.len() as f64 - 1.0) + 0.5).floor() as usize).copied()
    }

    /// The share of samples in which a condition holds.
    #[must_use]
    pub fn chance(&self, at: At) -> Option<f64> {
        let values = self.values(at, 0)?;
        let held = values.iter().filter(|value| **value == 1.0).count();
        Some(held as f64 / values.len() as f64)
    }

    fn values(&self, at: At, index: usize) -> Option<&Vec<f64>> {
        match at {
            At::Scalar(slot) => self.scalars.get(&slot),
            At::Array(array) => self.arrays.get(&array)?.get(index),
        }
    }
}

/// Everything that is shown with its spread.
#[must_use]
pub fn wanted(program: &Program) -> Vec<At> {
    use super::program::ChartKind;
    let mut wanted: Vec<At> = Vec::new();
    let mut add = |shape: &Shape| {
        if shape.uncertain && !wanted.contains(&shape.at) {
            wanted.push(shape.at);
        }
    };
    for result in &program.results {
        add(&result.shape);
    }
    for next in &program.next {
        add(&next.when);
    }
    for chart in &program.charts {
        match &chart.kind {
            ChartKind::Dots(_, shape) | ChartKind::Fan(_, shape) => add(shape),
            _ => {}
        }
    }
    wanted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_hit_their_three_points() {
        let range = Distribution::Range(25.0, 35.0, 50.0);
        assert!((draw(&range, -Z90) - 25.0).abs() < 1e-12);
        assert_eq!(draw(&range, 0.0), 35.0);
        assert!((draw(&range, Z90) - 50.0).abs() < 1e-12);
        let signed = Distribution::Range(-10.0, 0.0, 30.0);
        assert!((draw(&signed, Z90) - 30.0).abs() < 1e-12);
    }

    #[test]
    fn limits_leave_the_three_points_where_they_are() {
        let spread = Distribution::Range(60.0, 85.0, 100.0);
        let unit = crate::calc::unit::Unit::percent();
        let number = NumberSlot { slot: 0, unit, spread, min: 60.0, max: 100.0, whole: false, warn: None };
        let scores = probabilities("share", SAMPLES).into_iter().map(kernel::normal_inverse);
        let mut drawn: Vec<f64> = scores.map(|by| draw_within(&number, by)).collect();
        drawn.sort_by(f64::total_cmp);
        assert_eq!((drawn[0], drawn[SAMPLES - 1]), (60.0, 100.0));
        for (p, wanted) in [(0.1, 60.0), (0.5, 85.0), (0.9, 100.0)] {
            let found = drawn[(p * (SAMPLES as f64 - 1.0) + 0.5) as usize];
            assert!((found / wanted - 1.0).abs() < 0.002, "{p}: {found}");
        }
    }

    #[test]
    fn counts_have_their_mean() {
        for mean in [0.5, 24.0, 350.0, 900.0] {
            let drawn: f64 = probabilities("counts", SAMPLES).into_iter().map(|by| poisson(mean, by)).sum();
            assert!((drawn / SAMPLES as f64 - mean).abs() < 0.01 * mean + 0.02, "{mean}");
        }
    }
}
