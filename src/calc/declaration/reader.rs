//! Reads a declaration key by key: every fault is said where it stands, and reading goes on.

use super::input::required;
use super::{
    Chart, ChartKind, Check, Cited, Declaration, Example, Function, Next, Number, ProfileNumber, ResultDeclaration,
    SERIES_MAX, Said, Series, Solve, Source, Step, Together, WhatIf,
};
use crate::base::{SourcePath, Span, Spanned};
use crate::calc::check::FUNCTIONS;
use crate::calc::formula::{Formula, read_formula};
use crate::calc::unit::{Counting, Units, plural};
use crate::data::{Fields, Node, Value, items, parse_number};
use crate::diag::{Code, Diagnostic, Severity};

/// What is needed to read a declaration.
pub(super) struct Reader<'a, 'd> {
    pub(super) path: &'a SourcePath,
    /// The whole file.
    text: &'a str,
    units: Units,
    unread: Vec<String>,
    pub(super) diagnostics: &'d mut Vec<Diagnostic>,
}

/// What a chart shows, by its keys.
type ReadChart = fn(&mut Fields<'_, '_>) -> Option<ChartKind>;

/// What the type of a chart may be.
const CHARTS: [(&str, ReadChart); 6] = [
    ("bars", |fields| {
        let (bars, line, over) = (shown(fields, "bars"), fields.text("line"), fields.text("over"));
        Some(ChartKind::Bars { bars: bars?, line, over })
    }),
    ("compare", |fields| {
        let (parts, sorted) = (parts(fields), fields.boolean("sorted"));
        Some(ChartKind::Compare(parts?, sorted.unwrap_or(false)))
    }),
    ("stack", |fields| parts(fields).map(ChartKind::Stack)),
    ("dots", |fields| shown(fields, "of").map(ChartKind::Dots)),
    ("tornado", |fields| shown(fields, "of").map(ChartKind::Tornado)),
    ("fan", |fields| {
        let (of, over) = (shown(fields, "of"), fields.text("over"));
        Some(ChartKind::Fan { of: of?, over })
    }),
];

/// The name of what a chart shows.
fn shown(fields: &mut Fields<'_, '_>, key: &'static str) -> Option<Spanned<String>> {
    let name = fields.text(key);
    if name.is_none() && fields.key_span(key).is_none() {
        fields.missing(key, "this chart");
    }
    name
}

/// The names of what a chart shows side by side.
fn parts(fields: &mut Fields<'_, '_>) -> Option<Vec<Spanned<String>>> {
    let parts = fields.texts("parts");
    if parts.is_empty() {
        fields.missing("parts", "this chart");
        return None;
    }
    Some(parts)
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
        inputs: reader.named(inputs, "inputs", Reader::input),
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
        is_library,
        title,
        include,
        units: std::mem::take(&mut reader.units),
        unread: std::mem::take(&mut reader.unread),
        ..Declaration::named(id, path)
    };
    let is_broken = diagnostics[since..].iter().any(|fault| fault.severity == Severity::Error);
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
    let is_broken = diagnostics[since..].iter().any(|fault| fault.severity == Severity::Error);
    let id = Spanned::new(PROFILE.to_owned(), Span { start: node.span.start, end: node.span.start });
    Declaration { is_library: true, profile, unread, is_broken, ..Declaration::named(id, path) }
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

    pub(super) fn fault(&mut self, code: Code, span: Span, message: impl Into<String>, help: &str) {
        let diagnostic = Diagnostic::at(code, self.path, span, message);
        self.diagnostics.push(if help.is_empty() { diagnostic } else { diagnostic.help(help) });
    }

    /// The keys of a node. What they hold outlives them, so that a fault in it can be said after the last key was taken.
    pub(super) fn open<'n>(&mut self, node: &'n Node, what: &str) -> Fields<'n, '_>
    where
        'a: 'n,
    {
        Fields::open(self.path, node, what, self.diagnostics)
    }

    pub(super) fn named<T>(
        &mut self,
        node: Option<&Node>,
        what: &str,
        read: impl Fn(&mut Self, Spanned<String>, &Node) -> Option<T>,
    ) -> Vec<T> {
        let Some(node) = node else { return Vec::new() };
        let mut list = Vec::new();
        for entry in self.open(node, &format!("`{what}`")).all() {
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
            && (words.contains(&name.value.as_str()) || FUNCTIONS.iter().any(|(function, ..)| *function == name.value))
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
            let parts = text.value.split_once(' ').and_then(|(number, unit)| {
                Some((parse_number(number)?, Spanned::new(unit.trim().to_owned(), text.span)))
            });
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

    pub(super) fn cited(
        &mut self,
        fact: Option<&Node>,
        sources: &[Node],
        assumption: Option<Spanned<String>>,
    ) -> Vec<Cited> {
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
    pub(super) fn fact(&mut self, node: &Node) -> Option<Cited> {
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
    pub(super) fn number(&mut self, node: &Node, what: &str) -> Option<Number> {
        if let Some(number) = node.number() {
            return Some(Number::Plain(number));
        }
        if let Value::Map(entries) = &node.value
            && entries.iter().any(|entry| entry.key == "fact")
        {
            let mut fields = self.open(node, "a value");
            let fact = fields.node("fact");
            fields.finish("a value");
            return fact.and_then(|fact| self.fact(fact)).map(Number::Fact);
        }
        let message = format!("{what} must be a number, not {}", node.description());
        self.fault(Code::ValueType, node.span, message, "write a number, or `{fact: id}`");
        None
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

    fn function(&mut self, name: Spanned<String>, node: &Node) -> Option<Function> {
        let what = format!("the function `{}`", name.value);
        let mut fields = self.open(node, &what);
        let of = fields.texts("of").into_iter().map(|name| name.value).collect();
        let formula = required(&mut fields, "formula", &what);
        fields.finish(&what);
        Some(Function { name, of, formula: self.formula_of(formula?)? })
    }

    fn step(&mut self, name: Spanned<String>, node: &Node) -> Option<Step> {
        if !matches!(node.value, Value::Map(_)) {
            return Some(Step { name, label: None, formula: self.formula_of(node)?, unit: None });
        }
        let what = format!("the formula `{}`", name.value);
        let mut fields = self.open(node, &what);
        let formula = required(&mut fields, "formula", &what);
        let label = fields.text("label").map(|label| label.value);
        let unit = fields.text("unit");
        fields.finish(&what);
        Some(Step { name, label, formula: self.formula_of(formula?)?, unit })
    }

    fn check(&mut self, node: &Node) -> Option<Check> {
        let mut fields = self.open(node, "a check");
        let must = required(&mut fields, "must", "this check");
        let say = fields.required_text("say", "this check");
        fields.finish("a check");
        let must = self.formula_of(must?)?;
        let say = say?;
        let mut pieces = Vec::new();
        let mut rest = say.value.as_str();
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
        let value = required(&mut fields, "value", &what);
        let label = fields.required_text("label", &what);
        let unit = fields.text("unit");
        let headline = fields.boolean("headline").unwrap_or(false);
        let round = fields.node("round");
        let none = fields.text("none").map(|none| none.value);
        // P10, P50 and P90 are always shown; the key says so to whoever reads the file.
        let show = fields.texts("show");
        let with = fields.list("with");
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
            formula: self.formula_of(value?)?,
            unit,
            headline,
            round: round.and_then(|node| self.formula_of(node)),
            none,
            with: with.iter().filter_map(|node| self.formula_of(node)).collect(),
            says,
        })
    }

    fn chart(&mut self, node: &Node) -> Option<Chart> {
        let mut fields = self.open(node, "a chart");
        let title = fields.text("title").map_or_else(String::new, |title| title.value);
        let Some(read) = fields.choice("type", &CHARTS) else {
            // Which keys it has depends on its type, so nothing is said of them.
            if fields.key_span("type").is_none() {
                fields.missing("type", "this chart");
            }
            return None;
        };
        let kind = read(&mut fields);
        fields.finish("a chart");
        Some(Chart { kind: kind?, title, span: node.span })
    }

    fn solve(&mut self, node: &Node) -> Option<Solve> {
        let mut fields = self.open(node, "`solve`");
        let change = fields.required_text("change", "`solve`");
        let until = required(&mut fields, "until", "`solve`");
        let label = fields.required_text("label", "`solve`");
        fields.finish("`solve`");
        Some(Solve { change: change?, until: self.formula_of(until?)?, label: label?.value })
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
        let when = fields.node("if");
        let see = fields.list("see");
        let say = fields.text("say").map(|say| say.value);
        for (key, is_there) in [("if", when.is_some()), ("see", !see.is_empty())] {
            if !is_there {
                fields.missing(key, "this next step");
            }
        }
        fields.finish("a next step");
        let see = see.iter().filter_map(|node| self.page_name(node)).collect();
        Some(Next { when: self.formula_of(when?)?, see, say })
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
        if strength.is_none() && fields.key_span("strength").is_none() {
            fields.missing("strength", "`together`");
        }
        fields.finish("`together`");
        if inputs.len() < 2 {
            self.fault(Code::ValueType, node.span, "two inputs or more move together", "name them in `inputs`");
        }
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
        let given = fields.node("given");
        let expect = required(&mut fields, "expect", "this example");
        let within = fields.text("within");
        fields.finish("an example");
        let within = within.map_or(0.0, |within| {
            let number = within.value.trim().strip_suffix('%').and_then(parse_number);
            if number.is_none() {
                self.fault(Code::ValueType, within.span, "`within` is a percentage", "write `within: 1%`");
            }
            number.unwrap_or(0.0) / 100.0
        });
        let given = self.pairs(given, "`given`");
        Some(Example { name: name?.value, given, expect: self.pairs(expect, "`expect`"), within })
    }

    fn pairs(&mut self, node: Option<&Node>, what: &str) -> Vec<(Spanned<String>, Node)> {
        let entries = node.map_or(&[][..], |node| self.open(node, what).all());
        entries.iter().map(|entry| (Spanned::new(entry.key.clone(), entry.key_span), entry.node.clone())).collect()
    }
}

/// `co_publishing` as `Co publishing`.
pub(super) fn words_of(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
