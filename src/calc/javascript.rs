//! Prints a program as JavaScript: only generated names and numbers, so no text of an author ever becomes code. The
//! arithmetic that it needs comes with it, from `kernel.js`.

use std::fmt::Write as _;
use std::sync::LazyLock;

use super::declaration::Mode;
use super::program::{Binary, Expr, Program, Reduction, Statement, Unary};

/// The browser's arithmetic as it is written for people.
pub const KERNEL: &str = include_str!("kernel.js");

/// What `calc/tools.js` calls by itself.
const ALWAYS: &[&str] = &["round"];

/// What `calc/tools.js` draws with, where an input may spread.
const CHANCE: &[&str] = &["probabilities", "normal", "drawer"];

/// One function of the kernel, without comments and spaces.
struct Part {
    name: &'static str,
    text: String,
    /// The functions that it calls, by place.
    needs: Vec<usize>,
}

static PARTS: LazyLock<Vec<Part>> = LazyLock::new(|| {
    let mut parts: Vec<Part> = Vec::new();
    for line in KERNEL.lines().filter(|line| !line.trim_start().starts_with("//")) {
        if let Some((name, _)) = line.strip_prefix("const ").and_then(|rest| rest.split_once(' ')) {
            parts.push(Part { name, text: String::new(), needs: Vec::new() });
        }
        if let Some(part) = parts.last_mut() {
            part.text.push_str(line);
            part.text.push(' ');
        }
    }
    let names: Vec<&str> = parts.iter().map(|part| part.name).collect();
    for (place, part) in parts.iter_mut().enumerate() {
        part.text = without_spaces(&part.text);
        part.needs = called(&part.text, &names).filter(|other| *other != place).collect();
    }
    parts
});

/// A script without the spaces that part no words: the kernel has no text, and ends every statement.
fn without_spaces(script: &str) -> String {
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '$');
    let mut small = String::with_capacity(script.len());
    for word in script.split_whitespace() {
        if small.ends_with(is_word) && word.starts_with(is_word) {
            small.push(' ');
        }
        small.push_str(word);
    }
    small
}

/// The places of those names that a script has as words.
fn called<'a>(script: &'a str, names: &'a [&str]) -> impl Iterator<Item = usize> + 'a {
    let words = script.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
    words.filter_map(move |word| names.iter().position(|name| *name == word))
}

/// An expression whose value is a list of functions: `fill(m)`, which fills memory (a list of lists: the scalars, then each
/// array, as long as its axis is), and those of the kernel that `calc/tools.js` calls itself: `round` and, where an
/// input may spread, what draws samples.
#[must_use]
pub fn print_script(program: &Program) -> String {
    let fill = print_function(program);
    let given: Vec<&str> = if program.may_spread() { [ALWAYS, CHANCE].concat() } else { ALWAYS.to_vec() };
    format!("(()=>{{{}return[{fill},{}]}})()", functions(&fill, &given), given.join(","))
}

/// The functions that a script calls, those that are given, and all that they call.
fn functions(script: &str, given: &[&str]) -> String {
    let names: Vec<&str> = PARTS.iter().map(|part| part.name).collect();
    let mut needed = vec![false; PARTS.len()];
    let mut open: Vec<usize> = called(script, &names).collect();
    open.extend(given.iter().filter_map(|name| names.iter().position(|known| known == name)));
    while let Some(place) = open.pop() {
        if !std::mem::replace(&mut needed[place], true) {
            open.extend(&PARTS[place].needs);
        }
    }
    PARTS.iter().zip(&needed).filter(|(_, needed)| **needed).map(|(part, _)| part.text.as_str()).collect()
}

/// The function that fills memory: `(a) => {…}`, of the list of lists in which the scalars `s` are the first.
fn print_function(program: &Program) -> String {
    let mut printer = Printer { program, out: String::from("a=>{let s=a[0],i;") };
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
            Statement::Each(_, sets) => {
                let first = sets.first().map_or_else(|| "s".to_owned(), |(array, _)| list_of(*array));
                let _ = write!(self.out, "for(i=0;i<{first}.length;i++){{");
                for (array, expr) in sets {
                    let expr = self.stored(expr);
                    let _ = write!(self.out, "{}[i]={expr};", list_of(*array));
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
                write!(self.out, "s[{slot}]={name}({});", list_of(*array))
            }
            Statement::Pick(slot, array, number) => {
                let number = self.expr(number);
                write!(self.out, "s[{slot}]=at({},{number});", list_of(*array))
            }
            Statement::Running(out, array) => {
                write!(self.out, "running({},{});", list_of(*out), list_of(*array))
            }
            Statement::Allocate(out, array, total, step) => {
                let (total, step) = (self.expr(total), self.expr(step));
                write!(self.out, "allocate({},{total},{},{step});", list_of(*out), list_of(*array))
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
            Expr::Unary(unary, _) => matches!(unary, Unary::Not | Unary::Missing),
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
            Expr::Element(array) => format!("{}[i]", list_of(*array)),
            Expr::Previous(array, start) => format!("(i?{}[i-1]:{})", list_of(*array), self.expr(start)),
            Expr::Index => "(i+1)".to_owned(),
            Expr::Unary(unary, inner) => {
                let inner = self.expr(inner);
                match unary {
                    Unary::Negate => format!("(-{inner})"),
                    Unary::Not => format!("!{inner}"),
                    Unary::Abs => format!("abs({inner})"),
                    Unary::Floor => format!("floor({inner})"),
                    Unary::Ceil => format!("ceil({inner})"),
                    Unary::Sqrt => format!("sqrt({inner})"),
                    Unary::Exp => format!("exp({inner})"),
                    Unary::Ln => format!("ln({inner})"),
                    Unary::Missing => format!("missing({inner})"),
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
                    Binary::Power => format!("pow({left},{right})"),
                    Binary::Less => format!("({left}<{right})"),
                    Binary::LessOrEqual => format!("({left}<={right})"),
                    Binary::More => format!("({left}>{right})"),
                    Binary::MoreOrEqual => format!("({left}>={right})"),
                    Binary::Equal => format!("equal({left},{right})"),
                    Binary::NotEqual => format!("(!equal({left},{right}))"),
                    Binary::And => format!("({left}&&{right})"),
                    Binary::Or => format!("({left}||{right})"),
                    Binary::Min => format!("min({left},{right})"),
                    Binary::Max => format!("max({left},{right})"),
                    Binary::Round => format!("round({left},{right})"),
                    Binary::Default => format!("or({left},{right})"),
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
                format!("{name}({},{},{})", list(&table.keys), list(&table.values), self.expr(x))
            }
        }
    }
}

/// Where an array stands in memory: after the scalars.
fn list_of(array: usize) -> String {
    format!("a[{}]", array + 1)
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
    fn the_kernel_is_taken_apart() {
        let part = |name: &str| PARTS.iter().find(|part| part.name == name).unwrap();
        let names = |part: &Part| part.needs.iter().map(|place| PARTS[*place].name).collect::<Vec<_>>();
        assert_eq!(
            part("round").text,
            "const round=(x,p)=>{const c=steps(floor(abs(x/p)+0.5+1e-7),p);return x<0?-c:c;};"
        );
        assert_eq!(names(part("round")), ["steps", "floor", "abs"]);
        assert_eq!(names(part("scale")), ["raise"]);
        assert_eq!(part("or").text, "const or=(a,b)=>(a!==a?b:a);");
        for part in PARTS.iter() {
            assert!(part.text.ends_with(';') && !part.text.contains(['"', '\'', '`', '\n']), "{}", part.text);
        }
    }

    #[test]
    fn numbers_read_back() {
        for value in [0.1, 1e21, 1e-7, 5e-324, f64::MAX, 1.0 / 3.0, 123_456_789.0] {
            assert_eq!(print_number(value).parse::<f64>().unwrap().to_bits(), value.to_bits());
        }
        assert_eq!(print_number(-2.0), "(-2)");
    }
}
