//! A calculator as HTML: whole without scripts, and with places that `calc.js` fills again.

use super::chart::chart;
use super::compile::Calculator;
use super::declaration::Cell;
use super::evaluate::Memory;
use super::number::{self, Language, entry};
use super::program::{
    At, Axis, Basis, CheckSlot, Column, ColumnKind, Distribution, InputSlot, NextSlot, NumberSlot, Piece, Program,
    ResultSlot, Shape, SlotKind, WithColumn,
};
use super::sample::Sampled;
use super::spec::{Reading, Spec, View, script_safe};
use super::unit::Unit;

/// Where a calculator will stand.
pub struct Standing<'a> {
    /// The address of its own page from where it will stand.
    pub page: &'a str,
    /// It stands on its own page: title and method are written around it.
    pub own: bool,
    /// References to the sources of a number, as HTML; empty where there are none.
    pub cite: &'a dyn Fn(&Basis) -> String,
    /// Links to the pages of a next step, by its place, as HTML; empty where none of them is published.
    pub next: &'a dyn Fn(usize) -> String,
    /// Conventions of numbers.
    pub language: Language,
}

/// A calculator as HTML.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Markup {
    /// Answer, form, results, charts, what-ifs.
    pub tool: String,
    /// How it was worked out, with values.
    pub method: String,
    /// What it takes for granted.
    pub assumptions: String,
    /// Its author's tests.
    pub examples: String,
    /// The answer in one sentence.
    pub sentence: String,
}

/// Text for HTML.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// A value in the unit of its shape, as text.
#[must_use]
pub fn figure_text(value: f64, shape: &Shape, language: Language) -> String {
    number::amount_in(value, &shape.unit, shape.step, language)
}

/// What a view shows of a value in base units.
#[must_use]
pub fn view_text(view: &View, value: f64, language: Language) -> String {
    if value.is_nan() {
        return view.words.first().cloned().unwrap_or_else(|| "–".to_owned());
    }
    if view.reading == Reading::Chance {
        return number::percent(value, language);
    }
    if view.shape.is_bool {
        let words = |place: usize, word: &str| view.words.get(place).cloned().unwrap_or_else(|| word.to_owned());
        return if value == 1.0 { words(0, "yes") } else { words(1, "no") };
    }
    figure_text(view.shape.unit.from_base(value), &view.shape, language)
}

/// Writes the parts of a calculator, and gathers what its script must know of them.
pub(super) struct Writer<'a> {
    pub(super) calculator: &'a Calculator,
    pub(super) standing: &'a Standing<'a>,
    spec: Spec,
    html: String,
}

/// Writes a calculator.
#[must_use]
pub fn write(calculator: &Calculator, standing: &Standing<'_>) -> Markup {
    let mut writer = Writer { calculator, standing, spec: Spec::default(), html: String::new() };
    let id = &calculator.program.id;
    let sentence = writer.headline();
    writer.form();
    writer.push("<div class=\"calc-out\">\n");
    writer.lists();
    for (place, declared) in calculator.program.charts.iter().enumerate() {
        let name = format!("{id}-chart-{place}");
        let html = chart(&mut writer, declared, &name);
        writer.push(&html);
    }
    writer.what_if();
    writer.push("</div>\n");
    let inner = std::mem::take(&mut writer.html);
    let method = writer.method();
    let assumptions = writer.assumptions();
    let examples = writer.examples();
    let title = escape(&calculator.program.title);
    let mut tool = format!(
        "<section class=\"calc\" id=\"calc-{id}\" data-page=\"{}\"{} aria-label=\"{title}\">\n",
        // On its own page links lead to where it is.
        if standing.own { String::new() } else { escape(standing.page) },
        if standing.own { " data-own" } else { "" }
    );
    if !standing.own {
        tool.push_str(&format!("<p class=\"calc-title\"><a href=\"{}\">{title}</a></p>\n", escape(standing.page)));
    }
    tool.push_str(&inner);
    let spec = std::mem::take(&mut writer.spec).finish(&calculator.program, standing.language);
    tool.push_str(&format!("<script type=\"application/json\" class=\"calc-spec\">{}</script>\n", script_safe(&spec)));
    if !standing.own {
        tool.push_str(&format!(
            "<p class=\"calc-credit\"><a href=\"{}\">Method, assumptions and sources</a></p>\n",
            escape(standing.page)
        ));
    }
    tool.push_str("</section>\n");
    Markup { tool, method, assumptions, examples, sentence }
}

/// A result's value in one sentence piece, for prose: `£1,010 a month`.
#[must_use]
pub fn result_text(calculator: &Calculator, result: usize, language: Language) -> String {
    let result = &calculator.program.results[result];
    let view = main_view(result);
    let length = result.shape.axis.map_or(1, |axis| calculator.typical.lengths[axis]);
    let values: Vec<String> =
        (0..length).map(|index| view_text(&view, value(calculator, &view, index), language)).collect();
    values.join(", ")
}

/// The answer in one sentence: the headline, with how far it spreads where it does.
#[must_use]
pub fn sentence(calculator: &Calculator, language: Language) -> String {
    let chosen = headline_of(&calculator.program);
    let Some(result) = calculator.program.results.get(chosen) else { return String::new() };
    let text = result_text(calculator, chosen, language);
    if !spreads_in_words(&result.shape) {
        return format!("{}: {text}", result.label);
    }
    let [low, high] = [Reading::Quantile(10), Reading::Quantile(90)].map(|reading| {
        let view = end_view(result, reading);
        view_text(&view, value(calculator, &view, 0), language)
    });
    format!("{}: {text}, and between {low} and {high} in eight of ten cases", result.label)
}

fn headline_of(program: &Program) -> usize {
    program.results.iter().position(|result| result.headline).unwrap_or(0)
}

/// Whether a result is shown with its tenth and its ninetieth percentile.
fn spreads_in_words(shape: &Shape) -> bool {
    shape.uncertain && !shape.is_bool && shape.axis.is_none()
}

/// How a result is shown first: its median or its chance where it spreads.
fn main_view(result: &ResultSlot) -> View {
    let reading = match (result.shape.uncertain, result.shape.is_bool) {
        (true, true) if result.shape.axis.is_none() => Reading::Chance,
        (true, false) => Reading::Quantile(50),
        _ => Reading::Typical,
    };
    let words = match (&result.none, &result.says) {
        (Some(none), _) => vec![none.clone()],
        (None, Some((yes, no))) => vec![yes.clone(), no.clone()],
        (None, None) => Vec::new(),
    };
    View { shape: result.shape.clone(), reading, words }
}

/// How the condition of a next step is read: where it spreads, as the share of samples in which it holds.
fn next_view(next: &NextSlot) -> View {
    let reading = if next.when.uncertain { Reading::Chance } else { Reading::Typical };
    View { shape: next.when.clone(), reading, words: Vec::new() }
}

/// One end of what usually happens.
fn end_view(result: &ResultSlot, reading: Reading) -> View {
    View { shape: result.shape.clone(), reading, words: result.none.iter().cloned().collect() }
}

fn value(calculator: &Calculator, view: &View, index: usize) -> f64 {
    value_in(&calculator.typical, calculator.sampled.as_ref(), view, index)
}

fn value_in(memory: &Memory, sampled: Option<&Sampled>, view: &View, index: usize) -> f64 {
    let typical = memory.get(view.shape.at, index);
    let drawn = match (sampled, view.reading) {
        (Some(sampled), Reading::Chance) => sampled.chance(view.shape.at),
        (Some(sampled), reading) => reading.probability().and_then(|p| sampled.quantile(view.shape.at, index, p)),
        (None, _) => None,
    };
    drawn.unwrap_or(typical)
}

impl Writer<'_> {
    fn push(&mut self, html: &str) {
        self.html.push_str(html);
    }

    fn id(&self, name: &str) -> String {
        format!("{}-{name}", self.calculator.program.id)
    }

    /// A view's value in base units, for a list that of its element `index`.
    pub(super) fn value(&self, view: &View, index: usize) -> f64 {
        value(self.calculator, view, index)
    }

    /// A value in base units as a view shows it.
    pub(super) fn text(&self, view: &View, value: f64) -> String {
        view_text(view, value, self.standing.language)
    }

    /// The number of a view.
    pub(super) fn view(&mut self, view: View) -> usize {
        self.spec.view(view)
    }

    /// An element that shows a view; the script fills it again by its number. `index` is of the row that it stands in.
    pub(super) fn shown(&mut self, view: View, index: usize, element: &str) -> String {
        self.shown_with(view, index, element, "")
    }

    /// The same for an element of a list that does not stand in the row of its number.
    pub(super) fn shown_at(&mut self, view: View, index: usize, element: &str) -> String {
        let place = if view.shape.axis.is_some() { format!(" data-x=\"{index}\"") } else { String::new() };
        self.shown_with(view, index, element, &place)
    }

    /// The same for the last element of a list of so many.
    pub(super) fn shown_last(&mut self, view: View, length: usize, element: &str) -> String {
        self.shown_with(view, length.saturating_sub(1), element, " data-x=\"-1\"")
    }

    /// The same as an answer of its own: it stays silent, for one sentence speaks for all, and has a place for A when A and
    /// B are compared.
    fn answer(&mut self, view: View) -> String {
        let shown = self.shown_with(view, 0, "output", " aria-live=\"off\"");
        format!("{shown} <span class=\"calc-a\"></span>")
    }

    fn shown_with(&mut self, view: View, index: usize, element: &str, attributes: &str) -> String {
        let text = self.text(&view, self.value(&view, index));
        let number = self.spec.view(view);
        format!("<{element} data-v=\"{number}\"{attributes}>{}</{element}>", escape(&text))
    }

    fn spread(&mut self, result: &ResultSlot) -> Option<String> {
        if !spreads_in_words(&result.shape) {
            return None;
        }
        let view = |reading| end_view(result, reading);
        let low = self.shown(view(Reading::Quantile(10)), 0, "span");
        let high = self.shown(view(Reading::Quantile(90)), 0, "span");
        Some(format!("between {low} and {high} in eight of ten cases"))
    }

    /// The first thing a reader sees; the same in one sentence.
    fn headline(&mut self) -> String {
        let program = &self.calculator.program;
        let Some(result) = program.results.get(headline_of(program)) else { return String::new() };
        let mut html = String::from("<div class=\"calc-answer\">\n");
        let label = escape(&result.label);
        let sentence = sentence(self.calculator, self.standing.language);
        if result.shape.axis.is_none() {
            let shown = self.answer(main_view(result));
            html.push_str(&format!("<p class=\"calc-headline\"><span>{label}</span> {shown}</p>\n"));
            if let Some(spread) = self.spread(result) {
                html.push_str(&format!("<p class=\"calc-spread\">{spread}</p>\n"));
            }
        } else {
            html.push_str(&format!("<p class=\"calc-headline\"><span>{label}</span></p>\n"));
            html.push_str(&self.list_result(result));
        }
        html.push_str(&self.results());
        html.push_str(&self.next_steps());
        html.push_str("<p class=\"calc-status unseen\" role=\"status\"></p>\n</div>\n");
        self.push(&html);
        sentence
    }

    // The form -------------------------------------------------------------------------------------------------------

    fn form(&mut self) {
        let mut html = String::from("<form class=\"calc-form\" novalidate>\n");
        let inputs = &self.calculator.program.inputs;
        let fields: Vec<String> = inputs.iter().map(|input| self.field(input)).collect();
        for (input, field) in inputs.iter().zip(&fields) {
            if !input.advanced {
                html.push_str(field);
            }
        }
        if inputs.iter().any(|input| input.advanced) {
            html.push_str("<details class=\"calc-advanced\"><summary>More numbers you can change</summary>\n");
            for (_, field) in inputs.iter().zip(&fields).filter(|(input, _)| input.advanced) {
                html.push_str(field);
            }
            html.push_str("</details>\n");
        }
        for check in &self.calculator.program.checks {
            html.push_str(&self.check(check));
        }
        html.push_str("<p class=\"calc-buttons\"><button class=\"calc-go\" type=\"submit\">Work it out</button>");
        for (action, label) in [
            ("reset", "Start again"),
            ("link", "Copy link"),
            ("csv", "Download CSV"),
            ("compare", "Compare"),
            ("print", "Print"),
        ] {
            html.push_str(&format!("<button type=\"button\" data-do=\"{action}\">{label}</button>"));
        }
        html.push_str("</p>\n");
        let kept: Vec<&str> =
            inputs.iter().filter_map(|input| input.kept.as_ref()).map(|kept| kept.label.as_str()).collect();
        if !kept.is_empty() {
            let id = self.id("keep");
            html.push_str(&format!("<p class=\"calc-keep\"><input type=\"checkbox\" id=\"{id}\" data-do=\"keep\" aria-describedby=\"{id}-of\"><label for=\"{id}\">Keep my numbers on this device, for all calculators here</label> <span class=\"calc-basis\" id=\"{id}-of\">{}</span><button type=\"button\" data-do=\"forget\" hidden>Forget my numbers</button></p>\n", escape(&kept.join(", "))));
        }
        html.push_str("<p class=\"calc-notice\"></p>\n</form>\n");
        self.push(&html);
        let mut html = String::from("<dl class=\"calc-assumed\">\n");
        for input in inputs {
            let value = self.assumed(input);
            let basis = self.basis(input);
            html.push_str(&format!(
                "<div><dt>{}</dt><dd>{} <small class=\"calc-basis\">{basis}</small></dd></div>\n",
                escape(&input.label),
                escape(&value)
            ));
        }
        html.push_str("</dl>\n");
        self.push(&html);
    }

    /// Whose number it is that stands in an input at first, and where it comes from.
    fn basis(&self, input: &InputSlot) -> String {
        let basis = &input.basis;
        let lead = match (input.personal, basis.is_estimate()) {
            (true, _) => "An example, put in your own",
            (false, true) => "Editor’s estimate, change me",
            (false, false) => "Default",
        };
        let from = match (basis.facts.first(), basis.sources.first(), basis.assumptions.first()) {
            (Some(fact), ..) => format!("{} ({})", fact.statement.trim_end_matches('.'), fact.when),
            (None, Some(source), _) => source.title.clone(),
            (None, None, Some(why)) => why.clone(),
            (None, None, None) => return lead.to_owned(),
        };
        let cite = (self.standing.cite)(basis);
        let stale = if basis.stale { " <span class=\"stale-note\">due for a new check</span>" } else { "" };
        format!("{lead}: {}{cite}{stale}", escape(&from))
    }

    fn field(&self, input: &InputSlot) -> String {
        let id = self.id(&input.name);
        let name = &input.name;
        let label = escape(&input.label);
        // A hint is read out with its box.
        let (hint, hinted, described) = match &input.hint {
            Some(hint) => (
                format!("<p class=\"calc-hint\" id=\"{id}-h\">{}</p>\n", escape(hint)),
                format!(" aria-describedby=\"{id}-h\""),
                format!("{id}-h {id}-b {id}-e"),
            ),
            None => (String::new(), String::new(), format!("{id}-b {id}-e")),
        };
        let number_box = |id: &str, mode: &str, value: f64| {
            let text = entry(value, self.standing.language);
            format!(
                "<input type=\"text\" id=\"{id}\" {mode} autocomplete=\"off\" value=\"{text}\" aria-describedby=\"{described}\">"
            )
        };
        let error = format!("<p class=\"calc-error\" id=\"{id}-e\"></p>\n");
        let foot = format!("{error}<p class=\"calc-basis\" id=\"{id}-b\">{}</p>\n", self.basis(input));
        let one = |unit: &str, control: &str, foot: &str| {
            format!(
                "<div class=\"calc-field\" data-i=\"{name}\"><label for=\"{id}\">{label}{unit}</label>\n{hint}{control}{foot}</div>\n"
            )
        };
        match &input.kind {
            SlotKind::Number(number) => {
                let mode = keyboard(number);
                let unit = unit_note(&number.unit);
                let alone =
                    |unit: &str| one(unit, &number_box(&id, mode, number.spread.typical()), &format!("\n{foot}"));
                match &number.spread {
                    Distribution::Range(low, typical, high) => {
                        let boxes: String =
                            [("low", "Low", low), ("typical", "Typical", typical), ("high", "High", high)]
                                .into_iter()
                                .map(|(part, label, value)| {
                                    let id = format!("{id}-{part}");
                                    let number_box = number_box(&id, mode, *value);
                                    format!("<div><label for=\"{id}\">{label}</label>{number_box}</div>\n")
                                })
                                .collect();
                        format!(
                            "<fieldset class=\"calc-field calc-range\" data-i=\"{name}\"><legend>{label}{unit}</legend>\n{hint}<div class=\"calc-three\">\n{boxes}</div>\n{foot}</fieldset>\n"
                        )
                    }
                    Distribution::Poisson(_) => alone(&format!("<span class=\"calc-unit\">, on average</span>{unit}")),
                    Distribution::Fixed(_) | Distribution::Values(_) => alone(&unit),
                }
            }
            SlotKind::YesNo { chance: Some(chance), .. } => {
                let unit = " <span class=\"calc-unit\">(chance in %)</span>";
                one(unit, &number_box(&id, DECIMAL, chance * 100.0), &format!("\n{foot}"))
            }
            SlotKind::YesNo { default, chance: None, .. } => {
                let checked = if *default { " checked" } else { "" };
                format!(
                    "<div class=\"calc-field calc-check\" data-i=\"{name}\"><input type=\"checkbox\" id=\"{id}\"{checked}{hinted}><label for=\"{id}\">{label}</label>\n{hint}</div>\n"
                )
            }
            SlotKind::Choice { options, default, .. } => one("", &select(&id, &hinted, options, *default), ""),
            SlotKind::Rows { columns, default, .. } => self.rows_field(input, columns, default, &id, &hint, &error),
            SlotKind::Text { default } => {
                one("", &format!("<input type=\"text\" id=\"{id}\" value=\"{}\"{hinted}>", escape(default)), "")
            }
        }
    }

    fn rows_field(
        &self,
        input: &InputSlot,
        columns: &[Column],
        rows: &[Vec<Cell>],
        id: &str,
        hint: &str,
        error: &str,
    ) -> String {
        let label = escape(&input.label);
        let mut html = format!(
            "<fieldset class=\"calc-field calc-list\" data-i=\"{}\"><legend>{label}</legend>\n{hint}<ol>\n",
            input.name
        );
        for (row, cells) in rows.iter().enumerate() {
            html.push_str("<li>");
            for (column, cell) in columns.iter().zip(cells) {
                let field = format!("{id}-{}-{}", row + 1, column.name);
                let label = escape(&column.label);
                let text_box = |mode: &str, text: &str| {
                    format!(
                        "<input type=\"text\" id=\"{field}\" {mode} autocomplete=\"off\" value=\"{text}\" aria-describedby=\"{id}-e\">"
                    )
                };
                let (unit, control) = match (&column.kind, cell) {
                    (ColumnKind::Number(number), Cell::Number(value)) => {
                        let text = entry(*value, self.standing.language);
                        (unit_note(&number.unit), text_box(keyboard(number), &text))
                    }
                    (ColumnKind::Choice { options, .. }, Cell::Number(place)) => {
                        (String::new(), select(&field, "", options, *place as usize))
                    }
                    (ColumnKind::YesNo { .. }, Cell::Number(value)) => {
                        let checked = if *value == 1.0 { " checked" } else { "" };
                        (String::new(), format!("<input type=\"checkbox\" id=\"{field}\"{checked}>"))
                    }
                    (_, Cell::Text(text)) => (String::new(), text_box("", &escape(text))),
                    (ColumnKind::Text, Cell::Number(_)) => continue,
                };
                html.push_str(&format!("<span><label for=\"{field}\">{label}{unit}</label>{control}</span>"));
            }
            html.push_str(&format!(
                "<button type=\"button\" data-do=\"remove\" aria-label=\"Remove row {}\">Remove</button></li>\n",
                row + 1
            ));
        }
        html.push_str(&format!(
            "</ol>\n<button type=\"button\" data-do=\"add\">Add a row</button>\n{error}</fieldset>\n"
        ));
        html
    }

    /// An input without scripts: its value, and whether it is anything more than an example.
    fn assumed(&self, input: &InputSlot) -> String {
        let language = self.standing.language;
        let text = |value: f64, unit: &Unit| number::amount_in(value, unit, None, language);
        match &input.kind {
            SlotKind::Number(number) => match &number.spread {
                Distribution::Range(low, typical, high) => format!(
                    "{}, usually between {} and {}",
                    text(*typical, &number.unit),
                    text(*low, &number.unit),
                    text(*high, &number.unit)
                ),
                Distribution::Poisson(mean) => format!("{} on average", text(*mean, &number.unit)),
                spread => text(spread.typical(), &number.unit),
            },
            SlotKind::Choice { options, default, .. } => options[*default].1.clone(),
            SlotKind::YesNo { default, chance, .. } => match chance {
                Some(chance) => format!("{} chance", number::percent(*chance, language)),
                None => if *default { "yes" } else { "no" }.to_owned(),
            },
            SlotKind::Rows { columns, default, .. } => default
                .iter()
                .map(|cells| {
                    let cells = columns.iter().zip(cells).map(|(column, cell)| column.words(cell, language));
                    cells.collect::<Vec<_>>().join(" ")
                })
                .collect::<Vec<_>>()
                .join(", "),
            SlotKind::Text { default } => default.clone(),
        }
    }

    // Results --------------------------------------------------------------------------------------------------------

    /// The other single results, as a list; empty where there is none.
    fn results(&mut self) -> String {
        let results = &self.calculator.program.results;
        let headline = headline_of(&self.calculator.program);
        let mut html = String::new();
        for (place, result) in results.iter().enumerate() {
            if result.shape.axis.is_some() || place == headline {
                continue;
            }
            let shown = self.answer(main_view(result));
            let spread = self.spread(result).map_or_else(String::new, |spread| format!(" <small>{spread}</small>"));
            html.push_str(&format!("<div><dt>{}</dt><dd>{shown}{spread}</dd></div>\n", escape(&result.label)));
        }
        if let Some(solve) = &self.calculator.program.solve {
            let text = self.calculator.solve_text(self.standing.language);
            html.push_str(&format!(
                "<div class=\"calc-goal\"><dt>{}</dt><dd><output data-goal aria-live=\"off\">{}</output> <button type=\"button\" data-do=\"use\">Use this</button></dd></div>\n",
                escape(&solve.label),
                escape(&text)
            ));
        }
        if html.is_empty() { html } else { format!("<dl class=\"calc-results\">\n{html}</dl>\n") }
    }

    /// Where the answer sends its reader: every step stands on the page, and shows while its condition holds.
    fn next_steps(&mut self) -> String {
        let mut html = String::new();
        for (place, next) in self.calculator.program.next.iter().enumerate() {
            let links = (self.standing.next)(place);
            let read = if links.is_empty() { String::new() } else { format!("Read {links}.") };
            let say = next.say.as_deref().map_or_else(String::new, escape);
            if read.is_empty() && say.is_empty() {
                continue;
            }
            let view = next_view(next);
            let holds = value(self.calculator, &view, 0) > 0.5;
            let number = self.spec.view(view);
            html.push_str(&format!(
                "<p class=\"calc-next\" data-n=\"{number}\"{}>{}</p>\n",
                if holds { "" } else { " hidden" },
                format!("{say} {read}").trim()
            ));
        }
        html
    }

    /// What to say where numbers do not go together: it stands on the page, and shows while its condition does not hold.
    fn check(&mut self, check: &CheckSlot) -> String {
        let shape = Shape {
            at: At::Scalar(check.slot),
            axis: None,
            // It is asked whether it holds, and never shown.
            is_bool: false,
            optional: false,
            uncertain: false,
            unit: Unit::plain(),
            step: None,
        };
        let view = View { shape, reading: Reading::Typical, words: Vec::new() };
        let holds = self.value(&view, 0) == 1.0;
        let number = self.spec.view(view);
        let mut say = String::new();
        for piece in &check.say {
            match piece {
                Piece::Text(text) => say.push_str(&escape(text)),
                Piece::Value(_, shape) => {
                    let view = View { shape: shape.clone(), reading: Reading::Typical, words: Vec::new() };
                    say.push_str(&self.shown_at(view, 0, "span"));
                }
            }
        }
        let hidden = if holds { " hidden" } else { "" };
        format!("<p class=\"calc-checks\" data-n=\"{number}\"{hidden}>{say}</p>\n")
    }

    /// Results that are lists.
    fn lists(&mut self) {
        let results = &self.calculator.program.results;
        let headline = headline_of(&self.calculator.program);
        for (place, result) in results.iter().enumerate() {
            if result.shape.axis.is_some() && place != headline {
                let table = self.list_result(result);
                let label = escape(&result.label);
                if self.is_long(result) {
                    self.push(&format!("<details class=\"calc-more\"><summary>{label}</summary>{table}</details>\n"));
                } else {
                    self.push(&format!(
                        "<div class=\"calc-listed\"><p class=\"calc-label\">{label}</p>\n{table}</div>\n"
                    ));
                }
            }
        }
    }

    fn is_long(&self, result: &ResultSlot) -> bool {
        result.shape.axis.is_some_and(|axis| self.calculator.typical.lengths[axis] > 6)
    }

    /// A result that is a list: a table with a row for each element, and further columns beside it.
    fn list_result(&mut self, result: &ResultSlot) -> String {
        let program = &self.calculator.program;
        let Some(axis) = result.shape.axis else { return String::new() };
        let along = &program.axes[axis];
        // Rows are told apart by their words where they have any, else by their number.
        let named = result.with.iter().any(|(_, column)| matches!(column, WithColumn::Text(..)));
        let counted = match along {
            Axis::Series { unit, .. } => Some(unit.shown.one.as_str()),
            Axis::Rows { .. } => (!named).then_some("Row"),
        };
        let rows_of = match along {
            Axis::Rows { input, .. } => input.to_string(),
            Axis::Series { .. } => String::new(),
        };
        let label = escape(&result.label);
        let mut html = format!(
            "<div class=\"table-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{label}\"><table class=\"calc-table\" data-axis=\"{rows_of}\"><thead><tr>"
        );
        let heads = counted.into_iter().chain(result.with.iter().map(|(label, _)| label.as_str()));
        for head in heads {
            html.push_str(&format!("<th scope=\"col\">{}</th>", escape(head)));
        }
        html.push_str(&format!("<th scope=\"col\">{label}</th></tr></thead><tbody>\n"));
        for index in 0..self.calculator.typical.lengths[axis] {
            html.push_str("<tr>");
            if counted.is_some() {
                html.push_str(&step_head(along, index));
            }
            for (_, column) in &result.with {
                html.push_str(&self.beside(column, index));
            }
            let value = self.shown(main_view(result), index, "b");
            html.push_str(&format!("<td>{value}</td></tr>\n"));
        }
        html.push_str("</tbody></table></div>\n");
        html
    }

    /// A cell of a column beside a result.
    fn beside(&mut self, column: &WithColumn, index: usize) -> String {
        match column {
            WithColumn::Text(input, place) => {
                let SlotKind::Rows { default, columns, .. } = &self.calculator.program.inputs[*input].kind else {
                    return String::new();
                };
                let cell = default.get(index).and_then(|cells| cells.get(*place));
                let words = |cell: &Cell| columns[*place].words(cell, self.standing.language);
                let text = cell.map_or_else(String::new, words);
                format!("<th scope=\"row\" data-t=\"{place}\">{}</th>", escape(&text))
            }
            WithColumn::Number(shape) => {
                let view = View { shape: shape.clone(), reading: Reading::Typical, words: Vec::new() };
                self.shown(view, index, "td")
            }
        }
    }

    fn what_if(&mut self) {
        let program = &self.calculator.program;
        let Some((input, _)) = &program.what_if else { return };
        let SlotKind::Number(number) = &program.inputs[*input].kind else { return };
        let shown: Vec<&ResultSlot> =
            program.results.iter().filter(|result| result.shape.axis.is_none()).take(4).collect();
        let label = &program.inputs[*input].label;
        let caption = format!("What if: {}", label);
        let mut html = format!(
            "<div class=\"table-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table class=\"calc-table calc-what-if\"><caption>{}</caption><thead><tr><th scope=\"col\">{}</th>",
            escape(&caption),
            escape(&caption),
            escape(label)
        );
        for result in &shown {
            html.push_str(&format!("<th scope=\"col\">{}</th>", escape(&result.label)));
        }
        html.push_str("</tr></thead><tbody>\n");
        for (value, memory, sampled) in &self.calculator.what_if {
            let text = number::amount_in(*value, &number.unit, None, self.standing.language);
            html.push_str(&format!("<tr><th scope=\"row\">{}</th>", escape(&text)));
            for result in &shown {
                let view = main_view(result);
                let text = view_text(&view, value_in(memory, sampled.as_ref(), &view, 0), self.standing.language);
                let place = self.spec.view(view);
                html.push_str(&format!("<td data-w=\"{place}\">{}</td>", escape(&text)));
            }
            html.push_str("</tr>\n");
        }
        html.push_str("</tbody></table></div>\n");
        self.push(&html);
    }

    // Method, assumptions, examples ----------------------------------------------------------------------------------

    fn method(&mut self) -> String {
        let program = &self.calculator.program;
        if program.lines.is_empty() {
            return String::new();
        }
        let mut html = String::from("<ol class=\"calc-lines\">\n");
        for line in &program.lines {
            let mut words = String::new();
            let mut values = String::new();
            let mut differ = false;
            for piece in &line.pieces {
                match piece {
                    Piece::Text(text) => {
                        words.push_str(&escape(text));
                        values.push_str(&escape(text));
                    }
                    Piece::Value(label, shape) => {
                        words.push_str(&escape(label));
                        let view = View { shape: shape.clone(), reading: Reading::Typical, words: Vec::new() };
                        values.push_str(&self.shown_at(view, 0, "span"));
                        differ = true;
                    }
                }
            }
            let view = View { shape: line.shape.clone(), reading: Reading::Typical, words: Vec::new() };
            let value = self.shown_at(view, 0, "b");
            let which = match line.shape.axis.map(|axis| &program.axes[axis]) {
                Some(Axis::Series { unit, labels, .. }) => {
                    let first = labels.first().cloned().unwrap_or_else(|| format!("first {}", unit.shown.one));
                    format!(" <small>({})</small>", escape(&first))
                }
                Some(Axis::Rows { .. }) => " <small>(first row)</small>".to_owned(),
                None => String::new(),
            };
            html.push_str(&format!("<li><p><b>{}</b> = {words}</p>", escape(&line.label)));
            if differ {
                html.push_str(&format!("<p class=\"calc-values\">= {values} = {value}{which}</p>"));
            } else {
                html.push_str(&format!("<p class=\"calc-values\">= {value}{which}</p>"));
            }
            html.push_str("</li>\n");
        }
        html.push_str("</ol>\n");
        html
    }

    fn assumptions(&self) -> String {
        let program = &self.calculator.program;
        let mut html = String::new();
        for given in &program.given {
            html.push_str(&format!("<div><dt>{}</dt><dd>", escape(&given.label)));
            match given.values.as_slice() {
                [(key, value)] if key.is_empty() => html.push_str(&escape(value)),
                values => {
                    html.push_str("<ul>");
                    for (key, value) in values {
                        html.push_str(&format!("<li>{}: {}</li>", escape(key), escape(value)));
                    }
                    html.push_str("</ul>");
                }
            }
            let cite = (self.standing.cite)(&given.basis);
            html.push_str(&cite);
            for why in &given.basis.assumptions {
                html.push_str(&format!(" <small>Editor’s estimate: {}</small>", escape(why)));
            }
            html.push_str("</dd></div>\n");
        }
        if !html.is_empty() {
            html = format!("<dl class=\"calc-given\">\n{html}</dl>\n");
        }
        html
    }

    fn examples(&self) -> String {
        let mut html = String::new();
        for example in &self.calculator.program.examples {
            let list = |pairs: &[(String, String)]| {
                let pairs: Vec<String> =
                    pairs.iter().map(|(label, value)| format!("{} <b>{}</b>", escape(label), escape(value))).collect();
                pairs.join("; ")
            };
            let given = if example.given.is_empty() { "As they are at first".to_owned() } else { list(&example.given) };
            html.push_str(&format!(
                "<li><p><b>{}</b></p><p>{given}</p><p>→ {}</p></li>\n",
                escape(&example.name),
                list(&example.expect)
            ));
        }
        if html.is_empty() { html } else { format!("<ol class=\"calc-examples\">\n{html}</ol>\n") }
    }
}

/// The head of a row: its label where the series has labels, else its number.
fn step_head(axis: &Axis, index: usize) -> String {
    let number = || (index + 1).to_string();
    match axis {
        Axis::Series { labels, .. } => {
            let label = labels.get(index).cloned().unwrap_or_else(number);
            format!("<th scope=\"row\">{}</th>", escape(&label))
        }
        Axis::Rows { .. } => format!("<th scope=\"row\" data-t>{}</th>", number()),
    }
}

/// Asks a phone for the keyboard of numbers.
const DECIMAL: &str = "inputmode=\"decimal\"";

/// The keyboard a phone shows: the decimal one of some has no minus sign.
fn keyboard(number: &NumberSlot) -> &'static str {
    if number.min < 0.0 { "" } else { DECIMAL }
}

/// A list of options to choose from.
fn select(id: &str, attributes: &str, options: &[(String, String)], chosen: usize) -> String {
    let mut html = format!("<select id=\"{id}\"{attributes}>");
    for (place, (option, label)) in options.iter().enumerate() {
        let selected = if place == chosen { " selected" } else { "" };
        html.push_str(&format!("<option value=\"{}\"{selected}>{}</option>", escape(option), escape(label)));
    }
    html + "</select>"
}

fn unit_note(unit: &Unit) -> String {
    let words = unit.words();
    if words.is_empty() { String::new() } else { format!(" <span class=\"calc-unit\">({})</span>", escape(&words)) }
}

/// What a goal comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Goal {
    /// The input's value in its own unit.
    At(f64),
    /// Any value in its limits will do.
    Any,
    /// No value in its limits will do.
    None,
}

impl Calculator {
    /// The value of the changed input at which the goal is just reached, by halving a hundred times.
    #[must_use]
    pub fn solve(&self) -> Option<Goal> {
        let solve = self.program.solve.as_ref()?;
        let SlotKind::Number(number) = &self.program.inputs[solve.input].kind else { return None };
        let mut memory = self.typical.clone();
        let mut holds = |value: f64| {
            memory.scalars[number.slot] = number.unit.to_base(value);
            memory.run(&self.program);
            memory.get(At::Scalar(solve.slot), 0) == 1.0
        };
        let (mut low, mut high) = (number.min, number.max);
        let (at_low, at_high) = (holds(low), holds(high));
        match (at_low, at_high) {
            (true, true) => return Some(Goal::Any),
            (false, false) => return Some(Goal::None),
            _ => {}
        }
        for _ in 0..100 {
            let middle = (low + high) / 2.0;
            if holds(middle) == at_high {
                high = middle;
            } else {
                low = middle;
            }
        }
        Some(Goal::At(if at_high { high } else { low }))
    }

    /// The goal in words.
    #[must_use]
    pub fn solve_text(&self, language: Language) -> String {
        let Some(solve) = &self.program.solve else { return String::new() };
        let SlotKind::Number(number) = &self.program.inputs[solve.input].kind else { return String::new() };
        match self.solve() {
            Some(Goal::At(value)) => number::amount_in(value, &number.unit, None, language),
            Some(Goal::Any) => "any value will do".to_owned(),
            _ => "no value in range".to_owned(),
        }
    }
}
