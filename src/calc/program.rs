//! A checked calculator: one intermediate form, evaluated in Rust and printed as JavaScript.
//!
//! Memory is two lists: scalars, and arrays along an axis (the series, or the rows of an input). Inputs stand in it
//! first; statements fill the rest in order. All numbers are in base units. A missing value, which only `first` makes, is
//! NaN.

use super::declaration::{Cell, Mode, Source};
use super::number::{self, Language};
use super::unit::Unit;

/// A place in the list of scalars or of arrays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum At {
    /// A scalar.
    Scalar(usize),
    /// An array.
    Array(usize),
}

/// What runs along an axis.
#[derive(Debug, Clone, PartialEq)]
pub enum Axis {
    /// The series: steps, unit of the index, words for the steps where there are any.
    Series {
        /// How many.
        count: usize,
        /// Of the index.
        unit: Unit,
        /// One for each, or none at all.
        labels: Vec<String>,
    },
    /// The rows of an input, by its place.
    Rows {
        /// Which input.
        input: usize,
        /// Most rows.
        max: usize,
    },
}

/// An expression over scalars and over the current element of arrays.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A number.
    Number(f64),
    /// A scalar.
    Scalar(usize),
    /// The current element of an array.
    Element(usize),
    /// The element before; the expression at the first.
    Previous(usize, Box<Expr>),
    /// The number of the current element, from 1.
    Index,
    /// A function of one value.
    Unary(Unary, Box<Expr>),
    /// A function of two values.
    Binary(Binary, Box<Expr>, Box<Expr>),
    /// The second where the first is true, else the third.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// The value of a list at a place from 0, as choices are kept.
    Pick(usize, Box<Expr>),
    /// A table by number.
    Lookup(usize, Box<Expr>),
}

/// Functions of one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unary {
    /// `-x`
    Negate,
    /// `not x`
    Not,
    /// Absolute value.
    Abs,
    /// Largest whole number at or below.
    Floor,
    /// Smallest whole number at or above.
    Ceil,
    /// Square root.
    Sqrt,
    /// Exponential function.
    Exp,
    /// Natural logarithm.
    Ln,
    /// Whether a value is missing.
    Missing,
}

/// Functions of two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Binary {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `^`
    Power,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    More,
    /// `>=`
    MoreOrEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `and`
    And,
    /// `or`
    Or,
    /// The lesser.
    Min,
    /// The greater.
    Max,
    /// The nearest multiple of the second.
    Round,
    /// The first, or the second where the first is missing.
    Default,
}

/// How an array becomes a scalar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reduction {
    /// The sum.
    Sum,
    /// The mean.
    Mean,
    /// The last element.
    Last,
    /// The number, from 1, of the first element that is true; missing where none is.
    First,
    /// How many are true.
    Count,
    /// The least.
    Smallest,
    /// The greatest.
    Largest,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Statement {
    /// Fills a scalar.
    Set(usize, Expr),
    /// For each element of an axis, fills arrays in order.
    Each(usize, Vec<(usize, Expr)>),
    /// Reduces an array to a scalar.
    Reduce(usize, Reduction, usize),
    /// The element of an array at a number from 1; no number outside.
    Pick(usize, usize, Expr),
    /// Running sums of the second array.
    Running(usize, usize),
    /// Largest remainder: into the first array by the shares of the second, total and step.
    Allocate(usize, usize, Expr, Expr),
}

/// A table as it is evaluated, in base units.
#[derive(Debug, Clone, PartialEq)]
pub struct Values {
    /// Ascending; empty for a list that is read by place.
    pub keys: Vec<f64>,
    /// One for each key.
    pub values: Vec<f64>,
    /// How it is read.
    pub mode: Option<Mode>,
}

/// What a value is, for those who show it.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// Where it stands.
    pub at: At,
    /// Its axis, for an array.
    pub axis: Option<usize>,
    /// True or false.
    pub is_bool: bool,
    /// May be missing.
    pub optional: bool,
    /// Depends on an input that spreads.
    pub uncertain: bool,
    /// The unit it is shown in.
    pub unit: Unit,
    /// The step it is shown in, in that unit.
    pub step: Option<f64>,
}

/// How an input spreads, in its own unit.
#[derive(Debug, Clone, PartialEq)]
pub enum Distribution {
    /// It does not.
    Fixed(f64),
    /// Tenth percentile, median, ninetieth percentile of a two-piece lognormal; of a two-piece normal where the first is
    /// not positive.
    Range(f64, f64, f64),
    /// Counts with this mean.
    Poisson(f64),
    /// Observed values, ascending, each as likely as another.
    Values(Vec<f64>),
}

impl Distribution {
    /// Whether there is anything to draw.
    #[must_use]
    pub fn spreads(&self) -> bool {
        match self {
            Self::Fixed(_) => false,
            Self::Range(low, _, high) => low < high,
            Self::Poisson(mean) => *mean > 0.0,
            Self::Values(values) => values.len() > 1,
        }
    }

    /// The least and the greatest number that is written of it. Counts may be greater than their mean.
    #[must_use]
    pub fn ends(&self) -> (f64, f64) {
        match self {
            Self::Fixed(value) | Self::Poisson(value) => (*value, *value),
            Self::Range(low, _, high) => (*low, *high),
            Self::Values(values) => {
                let (first, last) = (values.first(), values.last());
                (first.copied().unwrap_or(0.0), last.copied().unwrap_or(0.0))
            }
        }
    }

    /// The value that stands for it: its median; the mean of counts.
    #[must_use]
    pub fn typical(&self) -> f64 {
        match self {
            Self::Fixed(value) | Self::Poisson(value) => *value,
            Self::Range(_, typical, _) => *typical,
            Self::Values(values) => values.get(values.len() / 2).copied().unwrap_or(0.0),
        }
    }
}

/// An input as it is evaluated and shown.
#[derive(Debug, Clone, PartialEq)]
pub struct InputSlot {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// A sentence about it.
    pub hint: Option<String>,
    /// What it is.
    pub kind: SlotKind,
    /// Where its default comes from.
    pub basis: Basis,
    /// The reader's own number that it shares.
    pub kept: Option<Kept>,
    /// An earlier name.
    pub was: Option<String>,
    /// Folded away at first.
    pub advanced: bool,
    /// Only its reader knows it: what stands there at first is an example.
    pub personal: bool,
    /// The factor that it shares with others, and how strongly it follows that, from 0 to 1.
    pub together: Option<(String, f64)>,
}

/// A number that readers may keep for all calculators that ask for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its key.
    pub name: String,
    /// What readers call it.
    pub label: String,
}

/// What an input is.
#[derive(Debug, Clone, PartialEq)]
pub enum SlotKind {
    /// A number in a scalar.
    Number(NumberSlot),
    /// A choice, kept as its place in a scalar.
    Choice {
        /// Scalar.
        slot: usize,
        /// Names and labels.
        options: Vec<(String, String)>,
        /// Chosen at first.
        default: usize,
    },
    /// True or false, kept as 1 or 0 in a scalar.
    YesNo {
        /// Scalar.
        slot: usize,
        /// At first.
        default: bool,
        /// Probability of true.
        chance: Option<f64>,
    },
    /// Rows: an axis and columns.
    Rows {
        /// Axis.
        axis: usize,
        /// Columns.
        columns: Vec<Column>,
        /// Fewest.
        min_rows: usize,
        /// Most.
        max_rows: usize,
        /// At first.
        default: Vec<Vec<Cell>>,
    },
    /// Words.
    Text {
        /// At first.
        default: String,
    },
}

/// A column of rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// What its cells are.
    pub kind: ColumnKind,
}

/// What the cells of a column are.
#[derive(Debug, Clone, PartialEq)]
pub enum ColumnKind {
    /// Numbers.
    Number(Box<NumberSlot>),
    /// Choices, kept as their places.
    Choice {
        /// Array.
        array: usize,
        /// Names and labels.
        options: Vec<(String, String)>,
        /// Chosen in a new row.
        default: usize,
    },
    /// True or false, kept as 1 or 0.
    YesNo {
        /// Array.
        array: usize,
    },
    /// Words that no formula reads.
    Text,
}

impl Column {
    /// The array that its cells stand in; none for words.
    #[must_use]
    pub fn array(&self) -> Option<usize> {
        match &self.kind {
            ColumnKind::Number(number) => Some(number.slot),
            ColumnKind::Choice { array, .. } | ColumnKind::YesNo { array } => Some(*array),
            ColumnKind::Text => None,
        }
    }

    /// A cell in base units; none for words.
    #[must_use]
    pub fn value(&self, cell: &Cell) -> Option<f64> {
        match (&self.kind, cell) {
            (ColumnKind::Text, _) | (_, Cell::Text(_)) => None,
            (ColumnKind::Number(number), Cell::Number(value)) => Some(number.unit.to_base(*value)),
            (_, Cell::Number(value)) => Some(*value),
        }
    }

    /// A cell as readers see it.
    #[must_use]
    pub fn words(&self, cell: &Cell, language: Language) -> String {
        match (&self.kind, cell) {
            (_, Cell::Text(words)) => words.clone(),
            (ColumnKind::Number(slot), Cell::Number(value)) => number::amount_in(*value, &slot.unit, None, language),
            (ColumnKind::Choice { options, .. }, Cell::Number(place)) => {
                options.get(*place as usize).map(|(_, label)| label.clone()).unwrap_or_default()
            }
            (_, Cell::Number(value)) => if *value == 1.0 { "yes" } else { "no" }.to_owned(),
        }
    }
}

/// A number that a reader may change.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberSlot {
    /// Scalar; for a column its array.
    pub slot: usize,
    /// Its unit.
    pub unit: Unit,
    /// At first, in that unit.
    pub spread: Distribution,
    /// Least, in that unit.
    pub min: f64,
    /// Greatest, in that unit.
    pub max: f64,
    /// Whole numbers only.
    pub whole: bool,
    /// A word about unusual values.
    pub warn: Option<super::declaration::Warn>,
}

/// Where a number comes from, looked up.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Basis {
    /// Facts: id, statement, and whether each is due for a new check.
    pub facts: Vec<FactUse>,
    /// Publications, those of the facts included.
    pub sources: Vec<Source>,
    /// The author's own reasons.
    pub assumptions: Vec<String>,
    /// A fact of it is an editor's estimate.
    pub estimate: bool,
    /// The day from which it should be looked at again is past.
    pub stale: bool,
}

impl Basis {
    /// Whether the number is its author's estimate: nobody published it, or a fact says that it is one.
    #[must_use]
    pub fn is_estimate(&self) -> bool {
        self.estimate || (self.facts.is_empty() && self.sources.is_empty())
    }
}

/// A fact that a calculator leans on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactUse {
    /// Its id.
    pub id: String,
    /// What is the case.
    pub statement: String,
    /// As readers see it.
    pub display: String,
    /// When and where.
    pub when: String,
}

/// A number that readers cannot change, for the list of assumptions.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// Its label.
    pub label: String,
    /// Its value or values with keys, as text.
    pub values: Vec<(String, String)>,
    /// Where it comes from.
    pub basis: Basis,
}

/// A named formula that is explained.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its label.
    pub label: String,
    /// What it is.
    pub shape: Shape,
    /// The formula in words, and again with values.
    pub pieces: Vec<Piece>,
}

/// A piece of an explained formula.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// Signs and words.
    Text(String),
    /// A named value.
    Value(String, Shape),
}

/// A result.
#[derive(Debug, Clone, PartialEq)]
pub struct ResultSlot {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// What it is.
    pub shape: Shape,
    /// The first thing a reader sees.
    pub headline: bool,
    /// What to say when there is no value.
    pub none: Option<String>,
    /// Further columns beside a list.
    pub with: Vec<(String, WithColumn)>,
    /// Words for yes and no.
    pub says: Option<(String, String)>,
}

/// A column beside a list of results.
#[derive(Debug, Clone, PartialEq)]
pub enum WithColumn {
    /// Numbers.
    Number(Shape),
    /// Words of an input's rows: input and column.
    Text(usize, usize),
}

/// A condition that must hold.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckSlot {
    /// Scalar that is true when it holds.
    pub slot: usize,
    /// What to say when it does not.
    pub say: Vec<Piece>,
}

/// A chart.
#[derive(Debug, Clone, PartialEq)]
pub struct ChartSlot {
    /// Its title.
    pub title: String,
    /// What it shows.
    pub kind: ChartKind,
    /// Where it was declared.
    pub span: crate::base::Span,
}

/// What a chart shows: labels and values.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a calculator has a handful of charts")]
pub enum ChartKind {
    /// Bars over an axis, with a line.
    Bars((String, Shape), Option<(String, Shape)>),
    /// Bars side by side; the greatest first where that is asked for.
    Compare(Vec<(String, Shape)>, bool),
    /// One bar of parts.
    Stack(Vec<(String, Shape)>),
    /// Quantile dots.
    Dots(String, Shape),
    /// What matters most.
    Tornado(String, Shape),
    /// Median and P10–P90 over the series.
    Fan(String, Shape),
}

/// Goal-seek.
#[derive(Debug, Clone, PartialEq)]
pub struct SolveSlot {
    /// Which input.
    pub input: usize,
    /// Scalar that is true when the goal is reached.
    pub slot: usize,
    /// What is asked.
    pub label: String,
}

/// Pages to read where the answer makes them matter.
#[derive(Debug, Clone, PartialEq)]
pub struct NextSlot {
    /// The condition. One that spreads holds when it does in more than half of the samples.
    pub when: Shape,
    /// Why, in words before the links.
    pub say: Option<String>,
    /// How many pages there are to see.
    pub pages: usize,
}

/// A checked calculator.
#[derive(Debug, Clone, PartialEq)]
pub struct Program {
    /// Stable name.
    pub id: String,
    /// What it asks or answers.
    pub title: String,
    /// How many scalars.
    pub scalars: usize,
    /// The axis of each array.
    pub arrays: Vec<usize>,
    /// Axes.
    pub axes: Vec<Axis>,
    /// Inputs in order.
    pub inputs: Vec<InputSlot>,
    /// Tables.
    pub tables: Vec<Values>,
    /// What to do.
    pub statements: Vec<Statement>,
    /// What a reader gets.
    pub results: Vec<ResultSlot>,
    /// Conditions.
    pub checks: Vec<CheckSlot>,
    /// Charts.
    pub charts: Vec<ChartSlot>,
    /// Goal-seek.
    pub solve: Option<SolveSlot>,
    /// Input and values of the table of what-ifs, in the input's own unit.
    pub what_if: Option<(usize, Vec<f64>)>,
    /// Where the answer sends its reader, in the declaration's order.
    pub next: Vec<NextSlot>,
    /// The explanation.
    pub lines: Vec<Line>,
    /// Numbers that a reader cannot change.
    pub given: Vec<Given>,
    /// Worked examples: name, changed inputs in words, results in words.
    pub examples: Vec<Worked>,
}

/// An example that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worked {
    /// Its name.
    pub name: String,
    /// Label and value of each input that it changes.
    pub given: Vec<(String, String)>,
    /// Label and value of each result that it names.
    pub expect: Vec<(String, String)>,
}

impl Program {
    /// Whether an input is a list that the reader may lengthen.
    #[must_use]
    pub fn has_rows(&self) -> bool {
        self.inputs.iter().any(|input| matches!(input.kind, SlotKind::Rows { .. }))
    }

    /// Whether a reader may give it something to draw at random, be it fixed at first or not.
    #[must_use]
    pub fn may_spread(&self) -> bool {
        self.inputs.iter().any(|input| match &input.kind {
            SlotKind::Number(number) => !matches!(number.spread, Distribution::Fixed(_)),
            SlotKind::YesNo { chance, .. } => chance.is_some(),
            _ => false,
        })
    }

    /// Whether anything in it is drawn at random.
    #[must_use]
    pub fn spreads(&self) -> bool {
        self.inputs.iter().any(|input| match &input.kind {
            SlotKind::Number(number) => number.spread.spreads(),
            SlotKind::YesNo { chance, .. } => chance.is_some(),
            _ => false,
        })
    }

    /// Every fact it leans on, once each, sorted by id.
    #[must_use]
    pub fn facts(&self) -> Vec<&str> {
        let mut ids: Vec<&str> =
            self.bases().flat_map(|basis| basis.facts.iter().map(|fact| fact.id.as_str())).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// Where its numbers come from.
    pub fn bases(&self) -> impl Iterator<Item = &Basis> {
        self.inputs.iter().map(|input| &input.basis).chain(self.given.iter().map(|given| &given.basis))
    }
}
