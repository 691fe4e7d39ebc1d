//! Prints a program as JavaScript: only generated names and numbers, so no text of an author ever becomes code.

use std::fmt::Write as _;

use super::declaration::Mode;
use super::program::{Binary, Expr, Program, Reduction, Statement, Unary};

/// The function that fills memory: `(k, s, a, n) => {…}`, of the kernel, the scalars, the arrays and the lengths of the
/// axes.
#[must_use]
pub fn print_function(program: &Program) -> String {
    let mut printer = Printer { program, out: String::from("(k,s,a,n)=>{") };
    if program.statements.iter().any(|statement| matches!(statement, Statement::Each(..))) {
        printer.out.push_str("let i;");
    }
    for statement in &program.statements {
        printer.statement(statement);
    }
    printer.out.push('}');
    printer.out
}

/// A number as JavaScript writes it: the shortest text that reads back as the same bits.
#[must_use]
pub fn print_number(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "1/0" } else { "(-1/0)" }.to_owned();
    }
    let size = value.abs();
    let text = if size != 0.0 && !(1e-5..1e15).contains(&size) { format!("{value:e}") } else { format!("{value}") };
    if value < 0.0 || (value == 0.0 && value.is_sign_negative()) { format!("({text})") } else { text }
}

struct Printer<'a> {
    program: &'a Program,
    out: String,
}

impl Printer<'_> {
    fn statement(&mut self, statement: &Statement) {
        let _ = match statement {
            Statement::Set(slot, expr) => {
                let expr = self.stored(expr);
                write!(self.out, "s[{slot}]={expr};")
            }
            Statement::Each(axis, sets) => {
                let _ = write!(self.out, "for(i=0;i<n[{axis}];i++){{");
                for (array, expr) in sets {
                    let expr = self.stored(expr);
                    let _ = write!(self.out, "a[{array}][i]={expr};");
                }
                write!(self.out, "}}")
            }
            Statement::Reduce(slot, reduction, array) => {
                let name = match reduction {
                    Reduction::Sum => "sum",
                    Reduction::Mean => "mean",
                    Reduction::Last => "last",
                    Reduction::First => "first",
                    Reduction::Count => "count",
                    Reduction::Smallest => "smallest",
                    Reduction::Largest => "largest",
                };
                let axis = self.program.arrays[*array];
                write!(self.out, "s[{slot}]=k.{name}(a[{array}],n[{axis}]);")
            }
            Statement::Pick(slot, array, number) => {
                let axis = self.program.arrays[*array];
                let number = self.expr(number);
                write!(self.out, "s[{slot}]=k.at(a[{array}],n[{axis}],{number});")
            }
            Statement::Running(out, array) => {
                let axis = self.program.arrays[*array];
                write!(self.out, "k.running(a[{out}],a[{array}],n[{axis}]);")
            }
            Statement::Allocate(out, array, total, step) => {
                let axis = self.program.arrays[*array];
                let (total, step) = (self.expr(total), self.expr(step));
                write!(self.out, "k.allocate(a[{out}],{total},a[{array}],{step},n[{axis}]);")
            }
        };
    }

    /// Conditions are kept as 1 and 0.
    fn stored(&self, expr: &Expr) -> String {
        let text = self.expr(expr);
        if self.is_condition(expr) { format!("+({text})") } else { text }
    }

    fn is_condition(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Unary(unary, _) => *unary == Unary::Not,
            Expr::Binary(binary, ..) => matches!(
                binary,
                Binary::Less
                    | Binary::LessOrEqual
                    | Binary::More
                    | Binary::MoreOrEqual
                    | Binary::Equal
                    | Binary::NotEqual
                    | Binary::And
                    | Binary::Or
            ),
            Expr::If(_, yes, no) => self.is_condition(yes) || self.is_condition(no),
            _ => false,
        }
    }

    fn expr(&self, expr: &Expr) -> String {
        match expr {
            Expr::Number(number) => print_number(*number),
            Expr::Scalar(slot) => format!("s[{slot}]"),
            Expr::Element(array) => format!("a[{array}][i]"),
            Expr::Previous(array, start) => format!("(i?a[{array}][i-1]:{})", self.expr(start)),
            Expr::Index => "(i+1)".to_owned(),
            Expr::Unary(unary, inner) => {
                let inner = self.expr(inner);
                match unary {
                    Unary::Negate => format!("(-{inner})"),
                    Unary::Not => format!("!{inner}"),
                    Unary::Abs => format!("k.abs({inner})"),
                    Unary::Floor => format!("Math.floor({inner})"),
                    Unary::Ceil => format!("Math.ceil({inner})"),
                    Unary::Sqrt => format!("Math.sqrt({inner})"),
                    Unary::Exp => format!("k.exp({inner})"),
                    Unary::Ln => format!("k.ln({inner})"),
                }
            }
            Expr::Binary(binary, left, right) => {
                let (left, right) = match binary {
                    // Kept conditions are numbers; both sides become true or false, whichever is the answer.
                    Binary::And | Binary::Or => (format!("!!{}", self.expr(left)), format!("!!{}", self.expr(right))),
                    _ => (self.expr(left), self.expr(right)),
                };
                match binary {
                    Binary::Add => format!("({left}+{right})"),
                    Binary::Subtract => format!("({left}-{right})"),
                    Binary::Multiply => format!("({left}*{right})"),
                    Binary::Divide => format!("({left}/{right})"),
                    Binary::Power => format!("k.pow({left},{right})"),
                    Binary::Less => format!("({left}<{right})"),
                    Binary::LessOrEqual => format!("({left}<={right})"),
                    Binary::More => format!("({left}>{right})"),
                    Binary::MoreOrEqual => format!("({left}>={right})"),
                    Binary::Equal => format!("k.equal({left},{right})"),
                    Binary::NotEqual => format!("(!k.equal({left},{right}))"),
                    Binary::And => format!("({left}&&{right})"),
                    Binary::Or => format!("({left}||{right})"),
                    Binary::Min => format!("k.min({left},{right})"),
                    Binary::Max => format!("k.max({left},{right})"),
                    Binary::Round => format!("k.round({left},{right})"),
                    Binary::Default => format!("k.or({left},{right})"),
                }
            }
            Expr::If(condition, yes, no) => {
                format!("({}?{}:{})", self.expr(condition), self.expr(yes), self.expr(no))
            }
            Expr::Pick(table, place) => {
                format!("{}[{}]", list(&self.program.tables[*table].values), self.expr(place))
            }
            Expr::Lookup(table, x) => {
                let table = &self.program.tables[*table];
                let name = match table.mode {
                    Some(Mode::Exact) => "exact",
                    Some(Mode::Linear) => "linear",
                    Some(Mode::Bands) => "bands",
                    Some(Mode::Step) | None => "step",
                };
                format!("k.{name}({},{},{})", list(&table.keys), list(&table.values), self.expr(x))
            }
        }
    }
}

fn list(values: &[f64]) -> String {
    let values: Vec<String> = values.iter().map(|value| print_number(*value)).collect();
    format!("[{}]", values.join(","))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on should stop at the line that says why")]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_back() {
        for value in [0.1, 1e21, 1e-7, 5e-324, f64::MAX, 1.0 / 3.0, 123_456_789.0] {
            assert_eq!(print_number(value).parse::<f64>().unwrap().to_bits(), value.to_bits());
        }
        assert_eq!(print_number(-2.0), "(-2)");
    }
}
