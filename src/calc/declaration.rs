//! A calculator as its author declared it: every key read, nothing looked up yet.

use super::formula::{Formula, read_formula};
use super::number::counted;
use super::unit::{Counting, Units, plural};
use crate::base::{SourcePath, Span, Spanned};
use crate::data::{Entry, Fields, Node, Value, items};
use crate::diag::{Code, Diagnostic};

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
    Fan(Spanned<String>),
}

/// What to look for by changing one input.
#[derive(Debug, Clone, PartialEq)]
pub struct Solve {
    /// The input that is changed.
    pub change: Spanned<String>,
    /// The condition to reach.
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

/// What is needed to read a declaration.
struct Reader<'a, 'd> {
    path: &'a SourcePath,
    /// The whole file.
    text: &'a str,
    units: Units,
    unread: Vec<String>,
    diagnostics: &'d mut Vec<Diagnostic>,
}

/// Whether a mapping declares a calculator or a library.
#[must_use]
pub fn declares(node: &Node) -> bool {
    matches!(&node.value, Value::Map(entries) if entries.iter().any(|entry| matches!(entry.key.as_str(), "calculator" | "library")))
}

/// Reads the calculator's keys of a mapping. `title` is what the page is called where the mapping has no title.
pub fn read_declaration(
    path: &SourcePath,
    text: &str,
    node: &Node,
    title: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Declaration> {
    let since = diagnostics.len();
    let mut fields = Fields::open(path, node, "a calculator", diagnostics);
    let is_library = fields.node("library").is_some();
    let id_key = if is_library { "library" } else { "calculator" };
    let id = fields.required_text(id_key, "this calculator");
    fields.node("calculator");
    let currency = fields.text("currency");
    let title = match fields.text("title") {
        Some(own) => own.value,
        None => title.to_owned(),
    };
    let unit_nodes = fields.list("units");
    let include = fields.texts("include");
    let nodes = ["inputs", "parameters", "series", "tables", "functions", "calc", "results", "solve", "what_if"]
        .map(|key| fields.node(key));
    let lists = ["together", "checks", "charts", "examples", "next"].map(|key| fields.list(key));
    if !is_library && nodes[6].is_none() {
        fields.missing("results", "this calculator");
    }
    fields.finish("a calculator");
    let id = id?;
    let mut reader = Reader { path, text, units: Units::default(), unread: Vec::new(), diagnostics };
    reader.check_name(&id, "the id of a calculator", true);
    if let Some(currency) = &currency
        && !(currency.value.len() == 3 && currency.value.bytes().all(|byte| byte.is_ascii_uppercase()))
    {
        let message = format!("`{}` is not the code of a currency", currency.value);
        reader.fault(Code::ValueType, currency.span, message, "write three capitals: `USD`");
    }
    reader.units.currency = currency.map(|currency| currency.value);
    for node in unit_nodes {
        let unit = reader.counting(node);
        reader.units.counting.extend(unit);
    }
    let [inputs, parameters, series, tables, functions, calc, results, solve, what_if] = nodes;
    let [together, checks, charts, examples, next] = lists;
    let declaration = Declaration {
        inputs: reader.named(inputs, "inputs", |reader, name, node| reader.input(name, node, true)),
        parameters: reader.named(parameters, "parameters", Reader::parameter),
        series: series.and_then(|node| reader.series(node)),
        tables: reader.named(tables, "tables", Reader::table),
        functions: reader.named(functions, "functions", Reader::function),
        calc: reader.named(calc, "calc", Reader::step),
        results: reader.named(results, "results", Reader::result),
        solve: solve.and_then(|node| reader.solve(node)),
        what_if: what_if.and_then(|node| reader.what_if(node)),
        together: together.iter().filter_map(|node| reader.together(node)).collect(),
        checks: checks.iter().filter_map(|node| reader.check(node)).collect(),
        charts: charts.iter().filter_map(|node| reader.chart(node)).collect(),
        examples: examples.iter().filter_map(|node| reader.example(node)).collect(),
        next: next.iter().filter_map(|node| reader.next(node)).collect(),
        id,
        is_library,
        path: path.clone(),
        title,
        include,
        units: std::mem::take(&mut reader.units),
        profile: Vec::new(),
        unread: std::mem::take(&mut reader.unread),
        is_broken: false,
    };
    let is_broken = diagnostics[since..].iter().any(|fault| fault.severity == crate::diag::Severity::Error);
    Some(Declaration { is_broken, ..declaration })
}

/// The name of the library that holds the numbers that readers may keep.
pub const PROFILE: &str = "profile";

/// Reads the file of the numbers that readers may keep: each key with a label and a unit.
pub fn read_profile(path: &SourcePath, text: &str, node: &Node, diagnostics: &mut Vec<Diagnostic>) -> Declaration {
    let since = diagnostics.len();
    let mut reader = Reader { path, text, units: Units::default(), unread: Vec::new(), diagnostics };
    let profile = reader.named(Some(node), "the numbers of readers", Reader::profile_number);
    let unread = std::mem::take(&mut reader.unread);
    let is_broken = diagnostics[since..].iter().any(|fault| fault.severity == crate::diag::Severity::Error);
    Declaration {
        id: Spanned::new(PROFILE.to_owned(), Span { start: node.span.start, end: node.span.start }),
        is_library: true,
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
        profile,
        unread,
        is_broken,
    }
}

impl<'a> Reader<'a, '_> {
    fn profile_number(&mut self, name: Spanned<String>, node: &Node) -> Option<ProfileNumber> {
        let what = format!("the number `{}`", name.value);
        let mut fields = self.open(node, &what);
        let label = fields.required_text("label", &what);
        let unit = fields.text("unit").unwrap_or_else(|| Spanned::new(String::new(), name.span));
        fields.finish(&what);
        Some(ProfileNumber { name, label: label?.value, unit })
    }

    fn fault(&mut self, code: Code, span: Span, message: impl Into<String>, help: &str) {
        let diagnostic = Diagnostic::at(code, self.path, span, message);
        self.diagnostics.push(if help.is_empty() { diagnostic } else { diagnostic.help(help) });
    }

    fn open<'n>(&'n mut self, node: &'n Node, what: &str) -> Fields<'n, 'n> {
        Fields::open(self.path, node, what, self.diagnostics)
    }

    fn named<T>(
        &mut self,
        node: Option<&Node>,
        what: &str,
        read: impl Fn(&mut Self, Spanned<String>, &Node) -> Option<T>,
    ) -> Vec<T> {
        let Some(node) = node else { return Vec::new() };
        let entries: Vec<Entry> = self.open(node, &format!("`{what}`")).all().to_vec();
        let mut list = Vec::new();
        for entry in &entries {
            let name = Spanned::new(entry.key.clone(), entry.key_span);
            self.check_name(&name, "a name in a formula", false);
            match read(self, name, &entry.node) {
                Some(item) => list.push(item),
                None => self.unread.push(entry.key.clone()),
            }
        }
        list
    }

    fn check_name(&mut self, name: &Spanned<String>, what: &str, hyphens: bool) {
        let first = name.value.starts_with(|first: char| first.is_ascii_lowercase());
        let rest = name.value.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || (byte == if hyphens { b'-' } else { b'_' })
        });
        if !(first && rest) {
            let joint = if hyphens { "hyphens" } else { "`_`" };
            let message = format!("`{}` cannot be {what}", name.value);
            self.fault(Code::CalcName, name.span, message, &format!("use lower-case letters, digits and {joint}"));
            return;
        }
        let words = ["if", "then", "else", "and", "or", "not", "in", "is"];
        if !hyphens
            && (words.contains(&name.value.as_str())
                || super::check::FUNCTIONS.iter().any(|(function, ..)| *function == name.value))
        {
            let message = format!("`{}` is a word of formulas and cannot be a name", name.value);
            self.fault(Code::CalcName, name.span, message, "choose another name");
        }
    }

    fn counting(&mut self, node: &Node) -> Option<Counting> {
        if let Some(name) = node.text() {
            let name = name.to_owned();
            return Some(Counting {
                one: name.replace('_', " "),
                many: plural(&name.replace('_', " ")),
                name,
                multiple: None,
            });
        }
        let mut fields = self.open(node, "a unit");
        let name = fields.required_text("name", "this unit");
        let one = fields.text("one");
        let many = fields.text("many");
        let multiple = fields.text("is");
        fields.finish("a unit");
        let name = name?.value;
        let one = one.map_or_else(|| name.replace('_', " "), |one| one.value);
        let many = many.map_or_else(|| plural(&one), |many| many.value);
        let multiple = multiple.and_then(|text| {
            let parts = text
                .value
                .split_once(' ')
                .and_then(|(number, unit)| Some((crate::data::parse_number(number)?, unit.trim().to_owned())));
            if parts.is_none() {
                self.fault(Code::CalcUnit, text.span, "a multiple is a number and a unit", "write `is: 1000 stream`");
            }
            parts
        });
        Some(Counting { name, one, many, multiple })
    }

    fn formula_of(&mut self, node: &Node) -> Option<Formula> {
        let Some(text) = node.text() else {
            let message = format!("a formula is a text, not {}", node.description());
            self.fault(Code::ValueType, node.span, message, "");
            return None;
        };
        let raw = self.text.get(node.span.range()).unwrap_or_default();
        Some(read_formula(self.path, text, raw, node.span, &self.units, self.diagnostics))
    }

    fn cited(&mut self, fact: Option<&Node>, sources: &[Node], assumption: Option<Spanned<String>>) -> Vec<Cited> {
        let mut cited = Vec::new();
        cited.extend(fact.and_then(|node| self.fact(node)));
        for node in sources {
            match node.text().and_then(|text| text.strip_prefix("fact:")) {
                Some(id) => {
                    cited.push(Cited::Fact { reference: Spanned::new(id.trim().to_owned(), node.span), unit: None })
                }
                None => cited.extend(self.source(node).map(Cited::Source)),
            }
        }
        cited.extend(assumption.map(|assumption| Cited::Assumption(assumption.value)));
        cited
    }

    fn source(&mut self, node: &Node) -> Option<Source> {
        if let Some(title) = node.text() {
            return Some(Source { title: title.to_owned(), publisher: None, url: None });
        }
        let mut fields = self.open(node, "a source");
        let title = fields.required_text("title", "this source");
        let publisher = fields.text("publisher").map(|publisher| publisher.value);
        let url = fields.text("url");
        fields.finish("a source");
        if let Some(url) = &url
            && !(url.value.starts_with("https://") || url.value.starts_with("http://"))
        {
            let message = format!("`{}` is not a web address", url.value);
            self.fault(Code::LinkUnsafe, url.span, message, "write it whole, with `https://` in front");
        }
        Some(Source { title: title?.value, publisher, url: url.map(|url| url.value) })
    }

    /// `fact: id`, or `fact: {id: …, unit: …}`.
    fn fact(&mut self, node: &Node) -> Option<Cited> {
        if let Some(id) = node.text() {
            let id = id.strip_prefix("fact:").unwrap_or(id).trim().to_owned();
            return Some(Cited::Fact { reference: Spanned::new(id, node.span), unit: None });
        }
        let mut fields = self.open(node, "a fact");
        let id = fields.required_text("id", "this fact");
        let unit = fields.text("unit");
        fields.finish("a fact");
        Some(Cited::Fact { reference: id?, unit })
    }

    /// A number, or `{fact: id}`.
    fn number(&mut self, node: &Node, what: &str) -> Option<Number> {
        if let Some(number) = node.number() {
            return Some(Number::Plain(number));
        }
        if let Value::Map(entries) = &node.value
            && entries.iter().any(|entry| entry.key == "fact")
        {
            let mut fields = self.open(node, "a value");
            let fact = fields.node("fact").cloned();
            fields.finish("a value");
            return fact.and_then(|fact| self.fact(&fact)).map(Number::Fact);
        }
        let message = format!("{what} must be a number, not {}", node.description());
        self.fault(Code::ValueType, node.span, message, "write a number, or `{fact: id}`");
        None
    }

    fn input(&mut self, name: Spanned<String>, node: &Node, own: bool) -> Option<Input> {
        let what = format!("the input `{}`", name.value);
        let mut fields = self.open(node, &what);
        let kinds = [("number", 0), ("choice", 1), ("yes_no", 2), ("rows", 3), ("text", 4)];
        let kind = fields.choice("type", &kinds).unwrap_or(0);
        let label = fields.required_text("label", &what);
        let hint = fields.text("hint").map(|hint| hint.value);
        let profile = fields.text("profile");
        let was = fields.text("was").map(|was| was.value);
        let advanced = fields.boolean("advanced").unwrap_or(false);
        let fact = fields.node("fact").cloned();
        let sources = fields.list("source").to_vec();
        let assumption = fields.text("assumption");
        let kind = match kind {
            1 => {
                let options = fields.node("options").cloned();
                if options.is_none() {
                    fields.missing("options", &what);
                }
                let default = fields.text("default");
                fields.finish(&what);
                self.choice(&name, &options?, default)
            }
            2 => {
                let default = fields.boolean("default").unwrap_or(false);
                let chance = fields.text("chance");
                fields.finish(&what);
                let chance = chance.and_then(|chance| {
                    let number = chance.value.trim().strip_suffix('%').and_then(crate::data::parse_number);
                    let number = number.filter(|number| (0.0..=100.0).contains(number));
                    if number.is_none() {
                        self.fault(
                            Code::ValueType,
                            chance.span,
                            "a chance lies between 0% and 100%",
                            "write `chance: 15%`",
                        );
                    }
                    number
                });
                Some(InputKind::YesNo { default, chance })
            }
            3 => {
                let columns = fields.node("columns").cloned();
                let default = fields.list("default").to_vec();
                let min_rows = fields.count("min_rows").unwrap_or(1);
                let max_rows = fields.count("max_rows").unwrap_or(12);
                if columns.is_none() {
                    fields.missing("columns", &what);
                }
                fields.finish(&what);
                self.rows(&name, &columns?, &default, min_rows, max_rows)
            }
            4 => {
                let default = fields.text("default").map(|default| default.value).unwrap_or_default();
                fields.finish(&what);
                Some(InputKind::Text { default })
            }
            _ => {
                let unit = fields.text("unit").unwrap_or_else(|| Spanned::new(String::new(), name.span));
                let default = fields.node("default").cloned();
                let distribution = fields.choice("dist", &[("poisson", true)]).unwrap_or(false);
                let values = fields.node("values").is_some().then(|| fields.list("values").to_vec());
                let (min, max) = (fields.number("min"), fields.number("max"));
                let warn = fields.node("warn").cloned();
                let whole = fields.boolean("whole").unwrap_or(false);
                for (key, limit) in [("min", &min), ("max", &max)] {
                    if limit.is_none() && fields.key_span(key).is_none() {
                        fields.missing(key, &what);
                    }
                }
                if own && default.is_none() && fact.is_none() && values.is_none() {
                    fields.missing("default", &what);
                }
                fields.finish(&what);
                let default_span = default.as_ref().map_or(name.span, |node| node.span);
                let spread = self.spread(&what, default.as_ref(), fact.as_ref(), values, distribution, own);
                let warn = warn.and_then(|node| self.warn(&node));
                if let (Some(low), Some(high)) = (&min, &max)
                    && low.value >= high.value
                {
                    self.fault(Code::ValueType, high.span, "`max` must be greater than `min`", "");
                }
                Some(InputKind::Number(NumberInput {
                    unit,
                    default: spread?,
                    default_span,
                    min: min.map(|min| min.value),
                    max: max.map(|max| max.value),
                    warn,
                    whole,
                }))
            }
        };
        let cited = self.cited(fact.as_ref(), &sources, assumption);
        Some(Input { name, label: label?.value, hint, kind: kind?, cited, profile, was, advanced })
    }

    fn choice(&mut self, name: &Spanned<String>, node: &Node, default: Option<Spanned<String>>) -> Option<InputKind> {
        let options: Vec<(Spanned<String>, String)> = match &node.value {
            Value::Map(entries) => entries
                .iter()
                .map(|entry| {
                    let label = entry.node.text().map_or_else(|| words_of(&entry.key), str::to_owned);
                    (Spanned::new(entry.key.clone(), entry.key_span), label)
                })
                .collect(),
            _ => items(node)
                .iter()
                .filter_map(|item| {
                    let text = item.text()?;
                    Some((Spanned::new(text.to_owned(), item.span), words_of(text)))
                })
                .collect(),
        };
        if options.len() < 2 {
            let message = format!("`{}` must have two options or more", name.value);
            self.fault(Code::ValueType, node.span, message, "");
            return None;
        }
        let default = default.unwrap_or_else(|| options[0].0.clone());
        if !options.iter().any(|(option, _)| option.value == default.value) {
            let names: Vec<&str> = options.iter().map(|(option, _)| option.value.as_str()).collect();
            let message = format!("`{}` has no option `{}`", name.value, default.value);
            let diagnostic = Diagnostic::at(Code::ValueChoice, self.path, default.span, message);
            let help = format!("its options are {}", crate::data::quoted_all(&names));
            self.diagnostics.push(diagnostic.suggest(&default.value, names.iter().copied()).help(help));
        }
        Some(InputKind::Choice { options, default })
    }

    fn rows(
        &mut self,
        name: &Spanned<String>,
        columns: &Node,
        default: &[Node],
        min_rows: usize,
        max_rows: usize,
    ) -> Option<InputKind> {
        if max_rows > ROWS_MAX || max_rows < min_rows || min_rows == 0 {
            let message = format!("`{}` may have {min_rows} to {}", name.value, counted(max_rows, "row"));
            self.fault(Code::CalcCost, name.span, message, &format!("a list has 1 to {ROWS_MAX} rows"));
            return None;
        }
        let columns = self.named(Some(columns), "columns", |reader, name, node| reader.input(name, node, false));
        let mut rows = Vec::new();
        for node in default.iter().take(max_rows) {
            let mut fields = self.open(node, "a row");
            let cells: Vec<Option<Node>> =
                columns.iter().map(|column| fields.node_named(&column.name.value).cloned()).collect();
            fields.finish("a row");
            rows.push(
                columns
                    .iter()
                    .zip(cells)
                    .map(|(column, cell)| {
                        column.cell(cell.as_ref()).unwrap_or_else(|wanted| {
                            let span = cell.as_ref().map_or(node.span, |cell| cell.span);
                            let message = format!("`{}` must be {wanted} in each row", column.name.value);
                            self.fault(Code::ValueType, span, message, "");
                            Cell::Number(0.0)
                        })
                    })
                    .collect(),
            );
        }
        if rows.len() < min_rows {
            let message =
                format!("`{}` begins with {} and must have {min_rows}", name.value, counted(rows.len(), "row"));
            self.fault(Code::ValueType, name.span, message, "add rows to `default`");
            return None;
        }
        Some(InputKind::Rows { columns, min_rows, max_rows, default: rows })
    }

    fn spread(
        &mut self,
        what: &str,
        default: Option<&Node>,
        fact: Option<&Node>,
        values: Option<Vec<Node>>,
        poisson: bool,
        own: bool,
    ) -> Option<Spread> {
        if let Some(values) = values {
            let numbers: Vec<f64> = values.iter().filter_map(Node::number).collect();
            if numbers.len() != values.len() || numbers.is_empty() {
                let span = values.first().map_or(Span::default(), |node| node.span);
                self.fault(Code::ValueType, span, format!("the values of {what} must be numbers"), "");
                return None;
            }
            return Some(Spread::Values(numbers));
        }
        let Some(default) = default else {
            return match fact {
                Some(fact) => self.fact(fact).map(Spread::Fact),
                None if own => None,
                None => Some(Spread::Fixed(0.0)),
            };
        };
        if let Some(number) = default.number() {
            return Some(if poisson { Spread::Poisson(number) } else { Spread::Fixed(number) });
        }
        let mut fields = self.open(default, &format!("the default of {what}"));
        let keys = ["low", "typical", "high"].map(|key| fields.number(key));
        for (key, number) in ["low", "typical", "high"].into_iter().zip(&keys) {
            if number.is_none() && fields.key_span(key).is_none() {
                fields.missing(key, &format!("the default of {what}"));
            }
        }
        fields.finish(&format!("the default of {what}"));
        let [Some(low), Some(typical), Some(high)] = keys else { return None };
        if !(low.value <= typical.value && typical.value <= high.value) {
            self.fault(Code::ValueType, high.span, "low, typical and high must not decrease", "");
            return None;
        }
        Some(Spread::Range(low.value, typical.value, high.value))
    }

    fn warn(&mut self, node: &Node) -> Option<Warn> {
        let mut fields = self.open(node, "`warn`");
        let above = fields.number("above").map(|above| above.value);
        let below = fields.number("below").map(|below| below.value);
        let say = fields.required_text("say", "`warn`");
        fields.finish("`warn`");
        Some(Warn { above, below, say: say?.value })
    }

    fn parameter(&mut self, name: Spanned<String>, node: &Node) -> Option<Parameter> {
        let what = format!("the parameter `{}`", name.value);
        let mut fields = self.open(node, &what);
        let label = fields.text("label").map_or_else(|| words_of(&name.value), |label| label.value);
        let unit = fields.text("unit").unwrap_or_else(|| Spanned::new(String::new(), name.span));
        let value = fields.node("value").cloned();
        let fact = fields.node("fact").cloned();
        let sources = fields.list("source").to_vec();
        let assumption = fields.text("assumption");
        let expires = fields.day("expires");
        if value.is_none() && fact.is_none() {
            fields.missing("value", &what);
        }
        fields.finish(&what);
        let cited = self.cited(fact.as_ref(), &sources, assumption);
        let value = match value {
            Some(node) => self.number(&node, &what)?,
            None => Number::Fact(cited.iter().find(|cited| matches!(cited, Cited::Fact { .. }))?.clone()),
        };
        self.need_source(&what, name.span, &cited, std::slice::from_ref(&value));
        Some(Parameter { name, label, unit, value, cited, expires, path: self.path.clone() })
    }

    fn need_source(&mut self, what: &str, span: Span, cited: &[Cited], values: &[Number]) {
        if cited.is_empty() && values.iter().any(|value| matches!(value, Number::Plain(_))) {
            let message = format!("{what} has neither a source nor an assumption");
            let help = "a reader cannot change it: add `fact: …`, `source: …` or `assumption: why`";
            self.fault(Code::CalcUnsourced, span, message, help);
        }
    }

    fn series(&mut self, node: &Node) -> Option<Series> {
        let mut fields = self.open(node, "`series`");
        let index = fields.required_text("index", "`series`");
        let count = fields.number("count");
        let unit = fields.text("unit").unwrap_or_else(|| Spanned::new(String::new(), node.span));
        let labels = fields.texts("labels").into_iter().map(|label| label.value).collect::<Vec<_>>();
        if count.is_none() && fields.key_span("count").is_none() {
            fields.missing("count", "`series`");
        }
        fields.finish("`series`");
        let (index, count) = (index?, count?);
        if !(1.0..=SERIES_MAX as f64).contains(&count.value) || count.value.fract() != 0.0 {
            let message = format!("a series may have 1 to {SERIES_MAX} steps");
            self.fault(Code::CalcCost, count.span, message, "600 covers fifty years of months");
            return None;
        }
        self.check_name(&index, "a name in a formula", false);
        Some(Series { index, count: count.value as usize, unit, labels })
    }

    fn table(&mut self, name: Spanned<String>, node: &Node) -> Option<Table> {
        let what = format!("the table `{}`", name.value);
        let modes = [("exact", Mode::Exact), ("step", Mode::Step), ("linear", Mode::Linear), ("bands", Mode::Bands)];
        let mut fields = self.open(node, &what);
        let label = fields.text("label").map_or_else(|| words_of(&name.value), |label| label.value);
        let by = fields.text("by");
        if by.is_none() && fields.key_span("by").is_none() {
            fields.missing("by", &what);
        }
        let unit = fields.text("unit").unwrap_or_else(|| Spanned::new(String::new(), name.span));
        let mode_span = fields.node("mode").map(|node| node.span);
        let mode = fields.choice("mode", &modes);
        let rows = fields.node("rows").cloned();
        if rows.is_none() {
            fields.missing("rows", &what);
        }
        let fact = fields.node("fact").cloned();
        let source = fields.node("source").cloned();
        let assumption = fields.text("assumption");
        let expires = fields.day("expires");
        fields.finish(&what);
        let rows = rows?;
        let row_entries: Vec<Entry> = self.open(&rows, &format!("`rows` of {what}")).all().to_vec();
        let mut values = Vec::new();
        for entry in &row_entries {
            let value = self.number(&entry.node, &format!("the row `{}`", entry.key))?;
            values.push((Spanned::new(entry.key.clone(), entry.key_span), value));
        }
        if values.is_empty() {
            self.fault(Code::ValueType, rows.span, format!("{what} has no rows"), "");
            return None;
        }
        // `source: {2023: …, 2024: …}` has one for each row; a source itself has a title.
        let mut row_cited = Vec::new();
        let mut sources = Vec::new();
        match &source {
            Some(Node { value: Value::Map(entries), .. }) if !entries.iter().any(|entry| entry.key == "title") => {
                for entry in entries {
                    if !values.iter().any(|(key, _)| key.value == entry.key) {
                        let message = format!("{what} has no row `{}`", entry.key);
                        self.fault(Code::KeyUnknown, entry.key_span, message, "");
                    }
                    for cited in self.cited(None, items(&entry.node), None) {
                        row_cited.push((entry.key.clone(), cited));
                    }
                }
            }
            Some(node) => sources = items(node).to_vec(),
            None => {}
        }
        let cited = self.cited(fact.as_ref(), &sources, assumption);
        let unsourced: Vec<Number> = values
            .iter()
            .filter(|(key, _)| !row_cited.iter().any(|(row, _)| *row == key.value))
            .map(|(_, value)| value.clone())
            .collect();
        self.need_source(&what, name.span, &cited, &unsourced);
        let mode = mode.zip(mode_span).map(|(mode, span)| Spanned::new(mode, span));
        Some(Table {
            name,
            label,
            by: by?,
            unit,
            mode,
            rows: values,
            row_cited,
            cited,
            expires,
            path: self.path.clone(),
        })
    }

    fn function(&mut self, name: Spanned<String>, node: &Node) -> Option<Function> {
        let what = format!("the function `{}`", name.value);
        let mut fields = self.open(node, &what);
        let of = fields.texts("of").into_iter().map(|name| name.value).collect();
        let formula = fields.node("formula").cloned();
        if formula.is_none() {
            fields.missing("formula", &what);
        }
        fields.finish(&what);
        Some(Function { name, of, formula: self.formula_of(&formula?)? })
    }

    fn step(&mut self, name: Spanned<String>, node: &Node) -> Option<Step> {
        if !matches!(node.value, Value::Map(_)) {
            return Some(Step { name, label: None, formula: self.formula_of(node)?, unit: None });
        }
        let what = format!("the formula `{}`", name.value);
        let mut fields = self.open(node, &what);
        let formula = fields.node("formula").cloned();
        if formula.is_none() {
            fields.missing("formula", &what);
        }
        let label = fields.text("label").map(|label| label.value);
        let unit = fields.text("unit");
        fields.finish(&what);
        Some(Step { name, label, formula: self.formula_of(&formula?)?, unit })
    }

    fn check(&mut self, node: &Node) -> Option<Check> {
        let mut fields = self.open(node, "a check");
        let must = fields.node("must").cloned();
        if must.is_none() {
            fields.missing("must", "this check");
        }
        let say = fields.node("say").cloned();
        if say.is_none() {
            fields.missing("say", "this check");
        }
        fields.finish("a check");
        let must = self.formula_of(&must?)?;
        let say = say?;
        let text = say.text()?;
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let Some(close) = rest[open..].find('}') else { break };
            pieces.push(Said::Words(rest[..open].to_owned()));
            let inner = &rest[open + 1..open + close];
            let formula = read_formula(self.path, inner, inner, say.span, &self.units, self.diagnostics);
            pieces.push(Said::Value(formula));
            rest = &rest[open + close + 1..];
        }
        pieces.push(Said::Words(rest.to_owned()));
        Some(Check { must, say: pieces })
    }

    fn result(&mut self, name: Spanned<String>, node: &Node) -> Option<ResultDeclaration> {
        let what = format!("the result `{}`", name.value);
        let mut fields = self.open(node, &what);
        let value = fields.node("value").cloned();
        if value.is_none() {
            fields.missing("value", &what);
        }
        let label = fields.required_text("label", &what);
        let unit = fields.text("unit");
        let headline = fields.boolean("headline").unwrap_or(false);
        let round = fields.node("round").cloned();
        let none = fields.text("none").map(|none| none.value);
        // P10, P50 and P90 are always shown; the key says so to whoever reads the file.
        let show = fields.texts("show");
        let with = fields.list("with").to_vec();
        let (yes, no) = (fields.text("yes"), fields.text("no"));
        fields.finish(&what);
        for quantile in &show {
            if !["p10", "p50", "p90"].contains(&quantile.value.as_str()) {
                let message = format!("`{}` is not shown", quantile.value);
                self.fault(Code::ValueChoice, quantile.span, message, "its values are `p10`, `p50` and `p90`");
            }
        }
        let says = yes.zip(no).map(|(yes, no)| (yes.value, no.value));
        Some(ResultDeclaration {
            name,
            label: label?.value,
            formula: self.formula_of(&value?)?,
            unit,
            headline,
            round: round.and_then(|node| self.formula_of(&node)),
            none,
            with: with.iter().filter_map(|node| self.formula_of(node)).collect(),
            says,
        })
    }

    fn chart(&mut self, node: &Node) -> Option<Chart> {
        let kinds = [("bars", 0), ("compare", 1), ("stack", 2), ("dots", 3), ("tornado", 4), ("fan", 5)];
        let mut fields = self.open(node, "a chart");
        let kind = fields.choice("type", &kinds);
        if kind.is_none() && fields.key_span("type").is_none() {
            fields.missing("type", "this chart");
        }
        let title = fields.text("title").map(|title| title.value);
        let _ = fields.text("over");
        let (bars, line, of) = (fields.text("bars"), fields.text("line"), fields.text("of"));
        let parts = fields.texts("parts");
        let sorted = fields.boolean("sorted").unwrap_or(false);
        let (needed, there) = match kind {
            Some(0) => ("bars", bars.is_some()),
            Some(1 | 2) => ("parts", !parts.is_empty()),
            Some(_) => ("of", of.is_some()),
            None => ("", true),
        };
        if !there {
            fields.missing(needed, "this chart");
        }
        fields.finish("a chart");
        if !there {
            return None;
        }
        let kind = match kind? {
            0 => ChartKind::Bars { bars: bars?, line },
            1 => ChartKind::Compare(parts, sorted),
            2 => ChartKind::Stack(parts),
            3 => ChartKind::Dots(of?),
            4 => ChartKind::Tornado(of?),
            _ => ChartKind::Fan(of?),
        };
        Some(Chart { kind, title: title.unwrap_or_default(), span: node.span })
    }

    fn solve(&mut self, node: &Node) -> Option<Solve> {
        let mut fields = self.open(node, "`solve`");
        let change = fields.required_text("change", "`solve`");
        let until = fields.node("until").cloned();
        if until.is_none() {
            fields.missing("until", "`solve`");
        }
        let label = fields.required_text("label", "`solve`");
        fields.finish("`solve`");
        Some(Solve { change: change?, until: self.formula_of(&until?)?, label: label?.value })
    }

    fn what_if(&mut self, node: &Node) -> Option<WhatIf> {
        let mut fields = self.open(node, "`what_if`");
        let change = fields.required_text("change", "`what_if`");
        let to = fields.texts("to");
        if to.is_empty() {
            fields.missing("to", "`what_if`");
        }
        fields.finish("`what_if`");
        Some(WhatIf { change: change?, to })
    }

    fn next(&mut self, node: &Node) -> Option<Next> {
        let mut fields = self.open(node, "a next step");
        let when = fields.node("if").cloned();
        let see = fields.list("see").to_vec();
        let say = fields.text("say").map(|say| say.value);
        for (key, is_there) in [("if", when.is_some()), ("see", !see.is_empty())] {
            if !is_there {
                fields.missing(key, "this next step");
            }
        }
        fields.finish("a next step");
        let see = see.iter().filter_map(|node| self.page_name(node)).collect();
        Some(Next { when: self.formula_of(&when?)?, see, say })
    }

    /// A page's name. `[[name]]` without quotes is a list of a list to YAML.
    fn page_name(&mut self, node: &Node) -> Option<Spanned<String>> {
        let name = match items(node) {
            [only] => only,
            _ => node,
        };
        let text = name.text().map(|text| Spanned::new(text.to_owned(), name.span));
        if text.is_none() {
            let message = format!("a page is named by a text, not {}", name.description());
            self.fault(Code::ValueType, name.span, message, "write its id, its title or an alias");
        }
        text
    }

    fn together(&mut self, node: &Node) -> Option<Together> {
        let mut fields = self.open(node, "`together`");
        let inputs = fields.texts("inputs");
        let strength = fields.number("strength");
        fields.finish("`together`");
        let strength = strength.map_or(0.0, |strength| {
            if !(0.0..=1.0).contains(&strength.value) {
                self.fault(Code::ValueType, strength.span, "`strength` lies between 0 and 1", "");
            }
            strength.value
        });
        // The names are looked up even where the strength is wrong: all faults in one run.
        Some(Together { inputs, strength: strength.clamp(0.0, 1.0) })
    }

    fn example(&mut self, node: &Node) -> Option<Example> {
        let mut fields = self.open(node, "an example");
        let name = fields.required_text("name", "this example");
        let given = fields.node("given").cloned();
        let expect = fields.node("expect").cloned();
        let within = fields.text("within");
        if expect.is_none() {
            fields.missing("expect", "this example");
        }
        fields.finish("an example");
        let within = within.map_or(0.0, |within| {
            let number = within.value.trim().strip_suffix('%').and_then(crate::data::parse_number);
            if number.is_none() {
                self.fault(Code::ValueType, within.span, "`within` is a percentage", "write `within: 1%`");
            }
            number.unwrap_or(0.0) / 100.0
        });
        let mut pairs = |node: Option<Node>, what: &str| -> Vec<(Spanned<String>, Node)> {
            node.map_or_else(Vec::new, |node| {
                let entries = self.open(&node, what).all().to_vec();
                entries.into_iter().map(|entry| (Spanned::new(entry.key, entry.key_span), entry.node)).collect()
            })
        };
        let given = pairs(given, "`given`");
        Some(Example { name: name?.value, given, expect: pairs(expect, "`expect`"), within })
    }
}

/// `co_publishing` as `Co publishing`.
fn words_of(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
