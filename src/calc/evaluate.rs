//! Runs a program: inputs into memory, then statement after statement.

use super::declaration::{Cell, Mode};
use super::kernel;
use super::program::{At, Axis, Binary, Column, Expr, Program, Reduction, SlotKind, Statement, Unary, Values};

/// The memory of one run.
#[derive(Debug, Clone, PartialEq)]
pub struct Memory {
    /// Scalars.
    pub scalars: Vec<f64>,
    /// Arrays, each as long as its axis may be.
    pub arrays: Vec<Vec<f64>>,
    /// How many elements of each axis count.
    pub lengths: Vec<usize>,
}

impl Memory {
    /// Memory with every input as it is at first; what spreads at its typical value.
    #[must_use]
    pub fn of_defaults(program: &Program) -> Self {
        let capacity = |axis: &Axis| match axis {
            Axis::Series { count, .. } => *count,
            Axis::Rows { max, .. } => *max,
        };
        let mut memory = Self {
            scalars: vec![0.0; program.scalars],
            arrays: program.arrays.iter().map(|axis| vec![0.0; capacity(&program.axes[*axis])]).collect(),
            lengths: program.axes.iter().map(capacity).collect(),
        };
        for input in &program.inputs {
            match &input.kind {
                SlotKind::Number(number) => {
                    memory.scalars[number.slot] = number.unit.to_base(number.spread.typical());
                }
                SlotKind::Choice { slot, default, .. } => memory.scalars[*slot] = *default as f64,
                SlotKind::YesNo { slot, default, .. } => memory.scalars[*slot] = f64::from(u8::from(*default)),
                SlotKind::Rows { axis, columns, default, .. } => memory.set_rows(*axis, columns, default),
                SlotKind::Text { .. } => {}
            }
        }
        memory
    }

    /// Puts rows into the arrays of their columns.
    pub fn set_rows(&mut self, axis: usize, columns: &[Column], rows: &[Vec<Cell>]) {
        self.lengths[axis] = rows.len();
        for (place, column) in columns.iter().enumerate() {
            let Some(array) = column.array() else { continue };
            for (row, cells) in rows.iter().enumerate() {
                if let Some(value) = cells.get(place).and_then(|cell| column.value(cell)) {
                    self.arrays[array][row] = value;
                }
            }
        }
    }

    /// A value, for an array that of its element `index`.
    #[must_use]
    pub fn get(&self, at: At, index: usize) -> f64 {
        match at {
            At::Scalar(slot) => self.scalars[slot],
            At::Array(array) => self.arrays[array].get(index).copied().unwrap_or(f64::NAN),
        }
    }

    /// Fills everything that is worked out from the inputs.
    pub fn run(&mut self, program: &Program) {
        for statement in &program.statements {
            self.step(program, statement);
        }
    }

    fn step(&mut self, program: &Program, statement: &Statement) {
        match statement {
            Statement::Set(slot, expr) => self.scalars[*slot] = self.value(program, expr, 0),
            Statement::Each(axis, sets) => {
                for index in 0..self.lengths[*axis] {
                    for (array, expr) in sets {
                        let value = self.value(program, expr, index);
                        self.arrays[*array][index] = value;
                    }
                }
            }
            Statement::Reduce(slot, reduction, array) => {
                let length = self.lengths[program.arrays[*array]];
                self.scalars[*slot] = reduce(*reduction, &self.arrays[*array][..length]);
            }
            Statement::Pick(slot, array, number) => {
                let at = self.value(program, number, 0) - 1.0;
                let length = self.lengths[program.arrays[*array]] as f64;
                self.scalars[*slot] =
                    if at >= 0.0 && at < length { self.arrays[*array][at as usize] } else { f64::NAN };
            }
            Statement::Running(out, array) => {
                let mut sum = 0.0;
                for index in 0..self.lengths[program.arrays[*array]] {
                    sum += self.arrays[*array][index];
                    self.arrays[*out][index] = sum;
                }
            }
            Statement::Allocate(out, shares, total, step) => {
                let (total, step) = (self.value(program, total, 0), self.value(program, step, 0));
                let length = self.lengths[program.arrays[*shares]];
                let shares = self.arrays[*shares][..length].to_vec();
                kernel::allocate(&mut self.arrays[*out][..length], total, &shares, step);
            }
        }
    }

    /// The value of an expression. Trees are as deep as formulas may be nested.
    fn value(&self, program: &Program, expr: &Expr, index: usize) -> f64 {
        let value = |expr: &Expr| self.value(program, expr, index);
        match expr {
            Expr::Number(number) => *number,
            Expr::Scalar(slot) => self.scalars[*slot],
            Expr::Element(array) => self.arrays[*array][index],
            Expr::Previous(array, start) => {
                if index == 0 {
                    value(start)
                } else {
                    self.arrays[*array][index - 1]
                }
            }
            Expr::Index => index as f64 + 1.0,
            Expr::Unary(unary, inner) => one(*unary, value(inner)),
            Expr::Binary(Binary::And, left, right) => truth(is_true(value(left)) && is_true(value(right))),
            Expr::Binary(Binary::Or, left, right) => truth(is_true(value(left)) || is_true(value(right))),
            Expr::Binary(binary, left, right) => two(*binary, value(left), value(right)),
            Expr::If(condition, yes, no) => {
                if is_true(value(condition)) {
                    value(yes)
                } else {
                    value(no)
                }
            }
            Expr::Pick(table, place) => {
                program.tables[*table].values.get(value(place) as usize).copied().unwrap_or(f64::NAN)
            }
            Expr::Lookup(table, x) => look_up(&program.tables[*table], value(x)),
        }
    }
}

fn is_true(value: f64) -> bool {
    value != 0.0 && !value.is_nan()
}

fn truth(value: bool) -> f64 {
    f64::from(u8::from(value))
}

fn one(unary: Unary, x: f64) -> f64 {
    match unary {
        Unary::Negate => -x,
        Unary::Not => truth(!is_true(x)),
        Unary::Abs => kernel::abs(x),
        Unary::Floor => x.floor(),
        Unary::Ceil => x.ceil(),
        Unary::Sqrt => x.sqrt(),
        Unary::Exp => kernel::exp(x),
        Unary::Ln => kernel::ln(x),
        Unary::Missing => truth(x.is_nan()),
    }
}

fn two(binary: Binary, a: f64, b: f64) -> f64 {
    match binary {
        Binary::Add => a + b,
        Binary::Subtract => a - b,
        Binary::Multiply => a * b,
        Binary::Divide => a / b,
        Binary::Power => kernel::pow(a, b),
        Binary::Less => truth(a < b),
        Binary::LessOrEqual => truth(a <= b),
        Binary::More => truth(a > b),
        Binary::MoreOrEqual => truth(a >= b),
        Binary::Equal => truth(kernel::equal(a, b)),
        Binary::NotEqual => truth(!kernel::equal(a, b)),
        Binary::And => truth(is_true(a) && is_true(b)),
        Binary::Or => truth(is_true(a) || is_true(b)),
        Binary::Min => kernel::min(a, b),
        Binary::Max => kernel::max(a, b),
        Binary::Round => kernel::round(a, b),
        Binary::Default => {
            if a.is_nan() {
                b
            } else {
                a
            }
        }
    }
}

fn reduce(reduction: Reduction, list: &[f64]) -> f64 {
    let sum = || list.iter().fold(0.0, |sum, value| sum + value);
    match reduction {
        Reduction::Sum => sum(),
        Reduction::Mean => sum() / list.len() as f64,
        Reduction::Last => list.last().copied().unwrap_or(f64::NAN),
        Reduction::First => list.iter().position(|value| is_true(*value)).map_or(f64::NAN, |at| at as f64 + 1.0),
        Reduction::Count => list.iter().filter(|value| is_true(**value)).count() as f64,
        Reduction::Smallest => list.iter().fold(f64::INFINITY, |least, value| kernel::min(*value, least)),
        Reduction::Largest => list.iter().fold(f64::NEG_INFINITY, |most, value| kernel::max(*value, most)),
    }
}

fn look_up(table: &Values, x: f64) -> f64 {
    let (keys, values) = (table.keys.as_slice(), table.values.as_slice());
    match table.mode {
        Some(Mode::Exact) => kernel::table_exact(keys, values, x),
        Some(Mode::Linear) => kernel::table_linear(keys, values, x),
        Some(Mode::Bands) => kernel::table_bands(keys, values, x),
        Some(Mode::Step) | None => kernel::table_step(keys, values, x),
    }
}
