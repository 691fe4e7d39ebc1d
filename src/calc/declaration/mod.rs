//! A calculator as its author declared it: every key read, nothing looked up yet.

mod input;
mod reader;
mod table;

use super::formula::Formula;
use super::unit::Units;
use crate::base::{SourcePath, Span, Spanned};
use crate::data::Node;

pub use reader::{PROFILE, declares, read_declaration, read_profile};

/// Most rows of one list.
pub const ROWS_MAX: usize = 50;

/// Most steps of a series.
pub const SERIES_MAX: usize = 600;

/// Keys that make a mapping a calculator; the other keys of its file are those of front matter.
pub const KEYS: [&str; 19] = [
    "calculator",
    "library",
    "currency",
    "units",
    "include",
    "inputs",
    "parameters",
    "together",
    "series",
    "tables",
    "functions",
    "calc",
    "checks",
    "results",
    "charts",
    "solve",
    "what_if",
    "next",
    "examples",
];

/// A calculator, or a library of tables and functions that calculators include.
#[derive(Debug, Clone, PartialEq)]
pub struct Declaration {
    /// Stable name; the last part of its address.
    pub id: Spanned<String>,
    /// Whether it is only there to be included.
    pub is_library: bool,
    /// The file.
    pub path: SourcePath,
    /// What it asks or answers.
    pub title: String,
    /// Units of its formulas.
    pub units: Units,
    /// Libraries by name.
    pub include: Vec<Spanned<String>>,
    /// What a reader may change.
    pub inputs: Vec<Input>,
    /// Numbers that a reader may not change.
    pub parameters: Vec<Parameter>,
    /// Inputs that move together.
    pub together: Vec<Together>,
    /// The one series.
    pub series: Option<Series>,
    /// Tables.
    pub tables: Vec<Table>,
    /// Functions.
    pub functions: Vec<Function>,
    /// Named formulas.
    pub calc: Vec<Step>,
    /// Conditions on the inputs together.
    pub checks: Vec<Check>,
    /// What a reader gets.
    pub results: Vec<ResultDeclaration>,
    /// Charts.
    pub charts: Vec<Chart>,
    /// Goal-seek.
    pub solve: Option<Solve>,
    /// A table of the headline over one input.
    pub what_if: Option<WhatIf>,
    /// Where an answer sends its reader.
    pub next: Vec<Next>,
    /// Tests, shown as worked examples.
    pub examples: Vec<Example>,
    /// Numbers that readers may keep: those of the file `profile.yaml`, which declares nothing else.
    pub profile: Vec<ProfileNumber>,
    /// Names whose entry could not be read, which was reported: nothing more is said of them.
    pub unread: Vec<String>,
    /// Whether something in it could not be read: what follows from that is not reported.
    pub is_broken: bool,
}

impl Declaration {
    /// One that declares nothing yet.
    fn named(id: Spanned<String>, path: &SourcePath) -> Self {
        Self {
            id,
            is_library: false,
            path: path.clone(),
            title: String::new(),
            units: Units::default(),
            include: Vec::new(),
            inputs: Vec::new(),
            parameters: Vec::new(),
            together: Vec::new(),
            series: None,
            tables: Vec::new(),
            functions: Vec::new(),
            calc: Vec::new(),
            checks: Vec::new(),
            results: Vec::new(),
            charts: Vec::new(),
            solve: None,
            what_if: None,
            next: Vec::new(),
            examples: Vec::new(),
            profile: Vec::new(),
            unread: Vec::new(),
            is_broken: false,
        }
    }
}

/// A number that readers may keep for all calculators that ask for it.
#[derive(Debug, Clone, PartialEq)]
pub struct ProfileNumber {
    /// The key that inputs share it by.
    pub name: Spanned<String>,
    /// What readers call it.
    pub label: String,
    /// Its unit as written: every input that shares it is of the same dimension.
    pub unit: Spanned<String>,
}

/// Where a value comes from, as written.
#[derive(Debug, Clone, PartialEq)]
pub enum Cited {
    /// A fact record; its part after the first dot; the unit its number is in, where its own says less.
    Fact {
        /// As written, with the part.
        reference: Spanned<String>,
        /// See above.
        unit: Option<Spanned<String>>,
    },
    /// Title, publisher and address.
    Source(Source),
    /// The author's own.
    Assumption(String),
}

/// A publication.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Source {
    /// Its title.
    pub title: String,
    /// Who published it.
    pub publisher: Option<String>,
    /// Where it can be read.
    pub url: Option<String>,
}

/// A number as written: itself or a fact.
#[derive(Debug, Clone, PartialEq)]
pub enum Number {
    /// The number.
    Plain(f64),
    /// The number of a fact.
    Fact(Cited),
}

/// Something that a reader may change.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// Its name in formulas.
    pub name: Spanned<String>,
    /// Its label.
    pub label: String,
    /// One short sentence.
    pub hint: Option<String>,
    /// What it is.
    pub kind: InputKind,
    /// Where its default comes from.
    pub cited: Vec<Cited>,
    /// A key of the reader's own numbers.
    pub profile: Option<Spanned<String>>,
    /// An earlier name, for old links.
    pub was: Option<String>,
    /// Folded away until asked for.
    pub advanced: bool,
    /// Only its reader knows it: what stands there at first is an example, and nobody's estimate.
    pub personal: bool,
}

/// What an input is.
#[derive(Debug, Clone, PartialEq)]
pub enum InputKind {
    /// A number with a unit.
    Number(NumberInput),
    /// One of a few.
    Choice {
        /// Names with labels.
        options: Vec<(Spanned<String>, String)>,
        /// The name chosen at first.
        default: Spanned<String>,
    },
    /// True or false, or true with a chance.
    YesNo {
        /// At first.
        default: bool,
        /// Chance that it is true, in per cent.
        chance: Option<f64>,
    },
    /// A list that the reader may lengthen.
    Rows {
        /// Columns in order.
        columns: Vec<Input>,
        /// Fewest rows.
        min_rows: usize,
        /// Most rows.
        max_rows: usize,
        /// The rows at first: for each column its value.
        default: Vec<Vec<Cell>>,
    },
    /// Words that no formula reads.
    Text {
        /// At first.
        default: String,
    },
}

impl Input {
    /// A cell of this column as an author writes it; none stands for a choice's default, for no, and for no words.
    ///
    /// # Errors
    /// What is wanted instead.
    pub fn cell(&self, node: Option<&Node>) -> Result<Cell, String> {
        match &self.kind {
            InputKind::Choice { options, default } => {
                let name = node.map_or(Some(default.value.as_str()), Node::text);
                let place = options.iter().position(|(option, _)| Some(option.value.as_str()) == name);
                place.map(|place| Cell::Number(place as f64)).ok_or_else(|| {
                    let names: Vec<&str> = options.iter().map(|(option, _)| option.value.as_str()).collect();
                    format!("one of {}", crate::data::quoted_all(&names))
                })
            }
            InputKind::YesNo { .. } => {
                let value = node.map_or(Some(false), Node::boolean);
                value.map(|yes| Cell::Number(f64::from(u8::from(yes)))).ok_or_else(|| "true or false".to_owned())
            }
            InputKind::Text { .. } => Ok(Cell::Text(node.and_then(Node::text).unwrap_or_default().to_owned())),
            InputKind::Number(_) | InputKind::Rows { .. } => {
                node.and_then(Node::number).map(Cell::Number).ok_or_else(|| "a number".to_owned())
            }
        }
    }
}

/// A value in a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A number in the column's unit; of a choice the place of its option; 1 for yes and 0 for no.
    Number(f64),
    /// Words.
    Text(String),
}

/// A number that a reader may change.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberInput {
    /// Its unit as written.
    pub unit: Spanned<String>,
    /// Its value at first.
    pub default: Spread,
    /// Where the default stands.
    pub default_span: Span,
    /// Least value.
    pub min: Option<f64>,
    /// Greatest value.
    pub max: Option<f64>,
    /// What to say of a value above or below a limit.
    pub warn: Option<Warn>,
    /// Whole numbers only.
    pub whole: bool,
}

/// How a number spreads, in the input's own unit.
#[derive(Debug, Clone, PartialEq)]
pub enum Spread {
    /// It does not.
    Fixed(f64),
    /// Tenth percentile, median, ninetieth percentile.
    Range(f64, f64, f64),
    /// Counts of independent events with this mean.
    Poisson(f64),
    /// Observed values, each as likely as another.
    Values(Vec<f64>),
    /// As a fact says; looked up later.
    Fact(Cited),
}

/// A word about unusual values.
#[derive(Debug, Clone, PartialEq)]
pub struct Warn {
    /// Said above this.
    pub above: Option<f64>,
    /// Said below this.
    pub below: Option<f64>,
    /// The words.
    pub say: String,
}

/// A number that a reader may not change.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name in formulas.
    pub name: Spanned<String>,
    /// Its label.
    pub label: String,
    /// Its unit as written.
    pub unit: Spanned<String>,
    /// Its value.
    pub value: Number,
    /// Where it comes from.
    pub cited: Vec<Cited>,
    /// The day from which it should be looked at again.
    pub expires: Option<Spanned<crate::base::Date>>,
    /// The file it stands in.
    pub path: SourcePath,
}

/// Inputs that move together by one shared factor.
#[derive(Debug, Clone, PartialEq)]
pub struct Together {
    /// Names.
    pub inputs: Vec<Spanned<String>>,
    /// Correlation of their normal scores, 0 to 1.
    pub strength: f64,
}

/// The one series.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Name of the index in formulas.
    pub index: Spanned<String>,
    /// How many steps.
    pub count: usize,
    /// Unit of the index, as written.
    pub unit: Spanned<String>,
    /// Words for each step in order, where numbers would say less.
    pub labels: Vec<String>,
}

/// How a table by number is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Only the numbers of its rows have a value.
    Exact,
    /// The last row at or below the number.
    Step,
    /// On the straight line between two rows.
    Linear,
    /// Progressive brackets: each part of the number at its own rate.
    Bands,
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Its name in formulas.
    pub name: Spanned<String>,
    /// For readers.
    pub label: String,
    /// A choice input, or a unit.
    pub by: Spanned<String>,
    /// Unit of its values.
    pub unit: Spanned<String>,
    /// How it is read by number; `None` for a table by choice.
    pub mode: Option<Spanned<Mode>>,
    /// Keys with values.
    pub rows: Vec<(Spanned<String>, Number)>,
    /// Sources of single rows.
    pub row_cited: Vec<(String, Cited)>,
    /// Source of the whole.
    pub cited: Vec<Cited>,
    /// The day from which it should be looked at again.
    pub expires: Option<Spanned<crate::base::Date>>,
    /// The file it stands in.
    pub path: SourcePath,
}

/// A function of a calculator: pure, and not of itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Function {
    /// Its name.
    pub name: Spanned<String>,
    /// Names of its arguments.
    pub of: Vec<String>,
    /// Its value.
    pub formula: Formula,
}

/// A named formula.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Its name.
    pub name: Spanned<String>,
    /// Words for readers; without them it is not explained.
    pub label: Option<String>,
    /// Its value.
    pub formula: Formula,
    /// The unit to show it in.
    pub unit: Option<Spanned<String>>,
}

/// A condition that must hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// The condition.
    pub must: Formula,
    /// What to say when it does not; `{formula}` is filled in.
    pub say: Vec<Said>,
}

/// A piece of a sentence.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    /// Words.
    Words(String),
    /// A value.
    Value(Formula),
}

/// Something that a reader gets.
#[derive(Debug, Clone, PartialEq)]
pub struct ResultDeclaration {
    /// Its name.
    pub name: Spanned<String>,
    /// Its label.
    pub label: String,
    /// Its value.
    pub formula: Formula,
    /// The unit to show it in.
    pub unit: Option<Spanned<String>>,
    /// The first thing a reader sees.
    pub headline: bool,
    /// The step that it is shown in, and its place.
    pub round: Option<Formula>,
    /// What to say when there is no value.
    pub none: Option<String>,
    /// Further columns beside a list.
    pub with: Vec<Formula>,
    /// Words that stand for a yes and for a no.
    pub says: Option<(String, String)>,
}

/// A chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// Which kind.
    pub kind: ChartKind,
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of charts.
#[derive(Debug, Clone, PartialEq)]
pub enum ChartKind {
    /// Bars over the series or the rows, with a line where one is named.
    Bars {
        /// What the bars are.
        bars: Spanned<String>,
        /// What the line is.
        line: Option<Spanned<String>>,
        /// The index or the rows that it runs along, where it says so.
        over: Option<Spanned<String>>,
    },
    /// Bars side by side, one for each name; the greatest first where that is asked for.
    Compare(Vec<Spanned<String>>, bool),
    /// One bar made of parts.
    Stack(Vec<Spanned<String>>),
    /// Fifty dots, each a fiftieth of the chances.
    Dots(Spanned<String>),
    /// Which input matters most to a result.
    Tornado(Spanned<String>),
    /// Median and P10–P90 over the series.
    Fan {
        /// Of what.
        of: Spanned<String>,
        /// The index of the series, where it says so.
        over: Option<Spanned<String>>,
    },
}

/// What to look for by changing one input.
#[derive(Debug, Clone, PartialEq)]
pub struct Solve {
    /// The input that is changed.
    pub change: Spanned<String>,
    /// The condition to reach, which may also name results.
    pub until: Formula,
    /// What is asked, in words.
    pub label: String,
}

/// A table of results over one input.
#[derive(Debug, Clone, PartialEq)]
pub struct WhatIf {
    /// The input that is changed.
    pub change: Spanned<String>,
    /// Its values, in its unit or by name.
    pub to: Vec<Spanned<String>>,
}

/// Pages to read where the answer makes them matter.
#[derive(Debug, Clone, PartialEq)]
pub struct Next {
    /// When: a condition that may also name results.
    pub when: Formula,
    /// Pages by name, one or more.
    pub see: Vec<Spanned<String>>,
    /// Why, in words before the links.
    pub say: Option<String>,
}

/// A test that is also shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// Its name.
    pub name: String,
    /// Inputs that are not as at first.
    pub given: Vec<(Spanned<String>, Node)>,
    /// Results by name, or by name and quantile.
    pub expect: Vec<(Spanned<String>, Node)>,
    /// Allowed relative difference.
    pub within: f64,
}
