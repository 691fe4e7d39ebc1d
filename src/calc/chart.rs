//! Charts: paths in a stretched square, words around them, and a table that is the record.
//!
//! Each path is drawn in a view box of 100 by 100 that stretches to its frame. `calc/tools.js` draws the same paths from the
//! values that the table shows, and finds words for the caption in one row of it. No text stands inside a drawing, so none
//! shrinks on a phone.

use super::evaluate::Memory;
use super::markup::{Writer, escape};
use super::number;
use super::program::{Axis, ChartKind, ChartSlot, ColumnKind, Distribution, Shape, SlotKind};
use super::sample::end;
use super::spec::{Reading, View};

/// Dots of a dot plot: each stands for a fiftieth of the outcomes.
pub const DOTS: usize = 50;

/// Columns that dots are piled in.
const PILES: usize = 26;

/// Quantiles that the table of a dot plot shows, in per cent; the frame shows the first and the last dot.
const QUANTILES: [u8; 5] = [10, 25, 50, 75, 90];

/// A chart's parts, as HTML.
struct Parts {
    /// How the script draws it, and what it must know for that: attributes of the figure.
    attributes: String,
    /// What it shows, in a sentence.
    finding: String,
    /// Drawing and table.
    body: String,
}

/// Writes one chart.
pub(super) fn chart(writer: &mut Writer<'_>, chart: &ChartSlot, name: &str) -> String {
    let mut drawing = Drawing { writer };
    let Parts { attributes, finding, body } = match &chart.kind {
        ChartKind::Bars(bars, line) => drawing.bars(bars, line.as_ref(), name),
        ChartKind::Fan(_, shape) => drawing.fan(shape, name),
        ChartKind::Dots(label, shape) => drawing.dots(label, shape, name),
        ChartKind::Compare(parts, sorted) => drawing.rows(parts, false, *sorted),
        ChartKind::Stack(parts) => drawing.rows(parts, true, false),
        ChartKind::Tornado(_, shape) => drawing.tornado(shape),
    };
    format!(
        "<figure class=\"calc-chart\" {attributes}>\n<figcaption><b id=\"{name}\">{}</b> <span class=\"calc-finding\">{finding}</span></figcaption>\n{body}</figure>\n",
        escape(&chart.title)
    )
}

struct Drawing<'a, 'b> {
    writer: &'a mut Writer<'b>,
}

/// A word of a finding that stands in the cell of this number, in the row that the finding is about.
fn slot(cell: usize, text: &str) -> String {
    format!("<span data-f=\"{cell}\">{}</span>", escape(text))
}

/// How a shape is shown with a reading.
fn view(shape: &Shape, reading: Reading) -> View {
    View { shape: shape.clone(), reading, words: Vec::new() }
}

/// What a frame holds beside its paths.
struct Frame<'a> {
    class: &'a str,
    /// Where zero is, for a chart with a line there.
    zero: Option<f64>,
    top: String,
    bottom: String,
    /// Words below, from left to right, as HTML.
    foot: Vec<String>,
}

/// A number in a path: two decimals are finer than any screen.
fn place(value: f64) -> String {
    ((value * 100.0 + 0.5).floor() / 100.0).to_string()
}

/// From the least of the values and 0 to the greatest, never empty.
fn bounds(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (mut low, mut high) = (0.0, 0.0);
    for value in values.filter(|value| value.is_finite()) {
        low = f64::min(low, value);
        high = f64::max(high, value);
    }
    if low == high { (low, low + 1.0) } else { (low, high) }
}

/// Bars from zero, one for each value.
#[must_use]
pub fn bars_path(values: &[f64], (low, high): (f64, f64)) -> String {
    let y = |value: f64| place(height(value, (low, high)));
    let width = 100.0 / values.len() as f64;
    let zero = y(0.0);
    let mut path = String::new();
    for (at, value) in values.iter().enumerate().filter(|(_, value)| value.is_finite()) {
        let left = place(width * (at as f64 + 0.12));
        let right = place(width * (at as f64 + 0.88));
        path.push_str(&format!("M{left} {zero}V{}H{right}V{zero}z", y(*value)));
    }
    path
}

/// A line through the middles of the same places.
#[must_use]
pub fn line_path(values: &[f64], bounds: (f64, f64)) -> String {
    let width = 100.0 / values.len() as f64;
    let mut path = String::new();
    for (at, value) in values.iter().enumerate().filter(|(_, value)| value.is_finite()) {
        let sign = if path.is_empty() { 'M' } else { 'L' };
        let y = place(height(*value, bounds));
        path.push_str(&format!("{sign}{} {y}", place(width * (at as f64 + 0.5))));
    }
    path
}

/// The area between two lines.
fn band_path(low_values: &[f64], high_values: &[f64], bounds: (f64, f64)) -> String {
    let width = 100.0 / low_values.len() as f64;
    let y = |value: f64| place(height(value, bounds));
    let mut path = line_path(high_values, bounds);
    for (at, value) in low_values.iter().enumerate().rev() {
        path.push_str(&format!("L{} {}", place(width * (at as f64 + 0.5)), y(*value)));
    }
    path + "z"
}

/// Dots as ends of lines without length, piled by column; and the height of the highest pile.
#[must_use]
pub fn dots_path(quantiles: &[f64]) -> (String, usize) {
    let (first, last) = (quantiles[0], quantiles[quantiles.len() - 1]);
    let width = if last > first { last - first } else { 1.0 };
    let mut piles = [0usize; PILES];
    let mut dots = Vec::new();
    for value in quantiles {
        let pile = (((value - first) / width * PILES as f64).floor() as usize).min(PILES - 1);
        dots.push((pile, piles[pile]));
        piles[pile] += 1;
    }
    let highest = piles.iter().copied().max().unwrap_or(1).max(6);
    let mut path = String::new();
    for (pile, level) in dots {
        let x = (pile as f64 + 0.5) / PILES as f64 * 100.0;
        let y = 100.0 - (level as f64 + 0.5) / highest as f64 * 100.0;
        path.push_str(&format!("M{} {}h0", place(x), place(y)));
    }
    (path, highest)
}

impl Drawing<'_, '_> {
    fn axis(&self, shape: &Shape) -> &Axis {
        &self.writer.calculator.program.axes[shape.axis.unwrap_or(0)]
    }

    fn axis_labels(&self, shape: &Shape) -> Vec<String> {
        match self.axis(shape) {
            Axis::Series { count, unit, labels } => (0..*count)
                .map(|index| match labels.get(index) {
                    Some(label) => label.clone(),
                    None => format!("{} {}", capital(&unit.shown.one), index + 1).trim().to_owned(),
                })
                .collect(),
            Axis::Rows { input, .. } => {
                let program = &self.writer.calculator.program;
                let SlotKind::Rows { columns, default, .. } = &program.inputs[*input].kind else { return Vec::new() };
                let words = columns.iter().position(|column| matches!(column.kind, ColumnKind::Text));
                default
                    .iter()
                    .enumerate()
                    .map(|(row, cells)| match words.and_then(|column| cells.get(column)) {
                        Some(super::declaration::Cell::Text(text)) => text.clone(),
                        _ => (row + 1).to_string(),
                    })
                    .collect()
            }
        }
    }

    fn axis_name(&self, shape: &Shape) -> String {
        match self.axis(shape) {
            Axis::Series { unit, .. } if !unit.shown.one.is_empty() => capital(&unit.shown.one),
            Axis::Series { .. } => "Step".to_owned(),
            Axis::Rows { .. } => "Row".to_owned(),
        }
    }

    /// What a table along this axis says of its rows: the place of the input that they are rows of, and in the head of each
    /// row where its words stand in the form.
    fn row_attributes(&self, shape: &Shape) -> (String, String) {
        let Axis::Rows { input, .. } = self.axis(shape) else { return (String::new(), String::new()) };
        let words = match &self.writer.calculator.program.inputs[*input].kind {
            SlotKind::Rows { columns, .. } => columns.iter().position(|column| matches!(column.kind, ColumnKind::Text)),
            _ => None,
        };
        let head = match words {
            Some(column) => format!(" data-t=\"{column}\""),
            None => " data-t".to_owned(),
        };
        (input.to_string(), head)
    }

    /// The values of a list, in base units.
    fn list(&self, view: &View) -> Vec<f64> {
        let lengths = &self.writer.calculator.typical.lengths;
        let length = view.shape.axis.map_or(1, |axis| lengths[axis]);
        (0..length).map(|index| self.writer.value(view, index)).collect()
    }

    /// A frame with paths, the words at its edges, and the table of its numbers.
    fn frame(name: &str, frame: &Frame<'_>, paths: &[(&str, String)], table: &str) -> String {
        let Frame { class, zero, top, bottom, foot } = frame;
        let mut html = format!(
            "<div class=\"calc-frame {class}\"><span class=\"calc-top\">{}</span><svg viewBox=\"0 0 100 100\" preserveAspectRatio=\"none\" role=\"img\" aria-labelledby=\"{name}\">",
            escape(top)
        );
        if let Some(zero) = zero {
            html.push_str(&format!("<path class=\"calc-zero\" d=\"M0 {}H100\"/>", place(*zero)));
        }
        for (class, path) in paths {
            html.push_str(&format!("<path class=\"{class}\" d=\"{path}\"/>"));
        }
        html.push_str(&format!(
            "</svg><span class=\"calc-bottom\">{}</span><div class=\"calc-foot\">{}</div></div>\n<details class=\"calc-more\"><summary>The numbers</summary>{table}</details>\n",
            escape(bottom),
            foot.concat()
        ));
        html
    }

    /// A table: attributes of its own, words of its head, and its rows as HTML.
    fn table(attributes: &str, head: &[&str], rows: &[String]) -> String {
        let head: String = head.iter().map(|word| format!("<th scope=\"col\">{}</th>", escape(word))).collect();
        let rows: String = rows.iter().map(|row| format!("<tr>{row}</tr>\n")).collect();
        format!(
            "<div class=\"table-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"The numbers of this chart\"><table class=\"calc-table\"{attributes}><thead><tr>{head}</tr></thead><tbody>\n{rows}</tbody></table></div>"
        )
    }

    /// A table along an axis, with a column for each view.
    fn table_along(&mut self, shape: &Shape, columns: &[(&str, View)]) -> String {
        let labels = self.axis_labels(shape);
        let (rows_of, head_attributes) = self.row_attributes(shape);
        let rows: Vec<String> = labels
            .iter()
            .enumerate()
            .map(|(index, label)| {
                let mut row = format!("<th scope=\"row\"{head_attributes}>{}</th>", escape(label));
                for (_, view) in columns {
                    row.push_str(&self.writer.shown(view.clone(), index, "td"));
                }
                row
            })
            .collect();
        let name = self.axis_name(shape);
        let mut head = vec![name.as_str()];
        head.extend(columns.iter().map(|(label, _)| *label));
        Self::table(&format!(" data-axis=\"{rows_of}\""), &head, &rows)
    }

    fn foot(labels: &[String]) -> Vec<String> {
        let span = |label: &String| format!("<span>{}</span>", escape(label));
        match labels {
            [] => Vec::new(),
            [one] => vec![span(one)],
            [first, .., last] if labels.len() < 5 => vec![span(first), span(last)],
            [first, .., last] => vec![span(first), span(&labels[labels.len() / 2]), span(last)],
        }
    }

    fn bars(&mut self, (label, shape): &(String, Shape), line: Option<&(String, Shape)>, name: &str) -> Parts {
        let labels = self.axis_labels(shape);
        let bars = view(shape, Reading::Typical);
        let values = self.list(&bars);
        let mut columns = vec![(label.as_str(), bars.clone())];
        columns.extend(line.map(|(label, shape)| (label.as_str(), view(shape, Reading::Typical))));
        let lined = columns.get(1).map_or_else(Vec::new, |(_, line)| self.list(line));
        let range = bounds(values.iter().chain(&lined).copied());
        let mut paths = vec![("calc-bars", bars_path(&values, range))];
        let most = greatest(&values);
        let mut finding = format!(
            "{} is highest in {}: {}.",
            escape(label),
            slot(0, labels.get(most).map_or("", String::as_str)),
            slot(1, &self.writer.text(&bars, values[most]))
        );
        if let Some((label, line)) = columns.get(1) {
            paths.push(("calc-line", line_path(&lined, range)));
            let end = self.writer.shown_last(line.clone(), lined.len(), "span");
            finding.push_str(&format!(" The line, {}, ends at {end}.", escape(&lower(label))));
        }
        let frame = Frame {
            class: if columns.len() > 1 { "calc-lined" } else { "calc-plain" },
            zero: Some(height(0.0, range)),
            top: self.writer.text(&bars, range.1),
            bottom: self.writer.text(&bars, range.0),
            foot: Self::foot(&labels),
        };
        let table = self.table_along(shape, &columns);
        let body = Self::frame(name, &frame, &paths, &table);
        Parts { attributes: "data-chart=\"plot\"".to_owned(), finding, body }
    }

    fn fan(&mut self, shape: &Shape, name: &str) -> Parts {
        let labels = self.axis_labels(shape);
        let [low, middle, high] = [10, 50, 90].map(|percent| view(shape, Reading::Quantile(percent)));
        let [lows, middles, highs] = [&low, &middle, &high].map(|view| self.list(view));
        let range = bounds(lows.iter().chain(&middles).chain(&highs).copied());
        let paths = [("calc-band", band_path(&lows, &highs, range)), ("calc-line", line_path(&middles, range))];
        let [from, at, to] =
            [&low, &middle, &high].map(|view| self.writer.shown_last(view.clone(), labels.len(), "span"));
        let last = labels.last().map(|label| lower(label)).unwrap_or_default();
        let finding = format!("In {}: {at}, and between {from} and {to} in eight of ten cases.", escape(&last));
        let frame = Frame {
            class: "calc-fan",
            zero: Some(height(0.0, range)),
            top: self.writer.text(&low, range.1),
            bottom: self.writer.text(&low, range.0),
            foot: Self::foot(&labels),
        };
        let columns = [("One in ten below", low), ("Half below", middle), ("One in ten above", high)];
        let table = self.table_along(shape, &columns);
        let body = Self::frame(name, &frame, &paths, &table);
        Parts { attributes: "data-chart=\"plot\"".to_owned(), finding, body }
    }

    fn dots(&mut self, label: &str, shape: &Shape, name: &str) -> Parts {
        let sampled = self.writer.calculator.sampled.as_ref();
        let at = |p: f64| sampled.and_then(|sampled| sampled.quantile(shape.at, 0, p)).unwrap_or(f64::NAN);
        let quantiles: Vec<f64> = (0..DOTS).map(|dot| at((dot as f64 + 0.5) / DOTS as f64)).collect();
        let (path, _) = dots_path(&quantiles);
        let (first, last) = (quantiles[0], quantiles[DOTS - 1]);
        let span = if last > first { last - first } else { 1.0 };
        let middle = format!("M{} 0V100", place((at(0.5) - first) / span * 100.0));
        let mut shown =
            |percent: u8, element: &str| self.writer.shown_at(view(shape, Reading::Quantile(percent)), 0, element);
        let finding = format!(
            "Half of the outcomes lie below {}; one in ten lies below {}, one in ten above {}.",
            shown(50, "span"),
            shown(10, "span"),
            shown(90, "span")
        );
        let rows = QUANTILES.map(|percent| format!("<th scope=\"row\">{percent}%</th>{}", shown(percent, "td")));
        let frame = Frame {
            class: "calc-dotted",
            zero: None,
            top: "Each dot is one outcome in fifty".to_owned(),
            bottom: String::new(),
            foot: vec![shown(1, "span"), shown(99, "span")],
        };
        let table = Self::table("", &["Chance to stay below", label], &rows);
        let body = Self::frame(name, &frame, &[("calc-middle", middle), ("calc-dots", path)], &table);
        Parts { attributes: "data-chart=\"dots\"".to_owned(), finding, body }
    }

    /// Bars side by side, or the parts of one: a table whose middle column is drawn.
    fn rows(&mut self, parts: &[(String, Shape)], stacked: bool, sorted: bool) -> Parts {
        let views: Vec<View> = parts.iter().map(|(_, shape)| view(shape, Reading::Typical)).collect();
        let values: Vec<f64> = views.iter().map(|view| self.writer.value(view, 0)).collect();
        let total: f64 = values.iter().filter(|value| **value > 0.0).sum();
        let share = |value: f64| if total > 0.0 { f64::max(0.0, value) / total } else { 0.0 };
        let language = self.writer.standing.language;
        let percent = |value: f64| number::percent(share(value), language);
        let most = greatest(&values);
        let name = slot(0, &parts[most].0);
        let finding = if stacked {
            format!("{name} is the largest part: {} of the whole.", slot(1, &percent(values[most])))
        } else {
            format!("{name} comes out highest: {}.", slot(2, &self.writer.text(&views[most], values[most])))
        };
        let mut order: Vec<usize> = (0..parts.len()).collect();
        if sorted {
            order.sort_by(|a, b| values[*b].total_cmp(&values[*a]));
        }
        let mut strips = String::new();
        let mut rows = String::new();
        let mut left = 0.0;
        for at in order {
            let value = values[at];
            let (key, drawn) = if stacked {
                let width = share(value) * 100.0;
                strips.push_str(&format!(
                    "<path class=\"calc-part calc-part-{}\" d=\"{}\"/>",
                    at % 6,
                    strip(left, left + width)
                ));
                left += width;
                let key = format!("<span class=\"calc-key calc-part-{}\" aria-hidden=\"true\"></span>", at % 6);
                (key, format!("<td>{}</td>", percent(value)))
            } else {
                let range = bounds(values.iter().copied());
                (String::new(), format!("<td class=\"calc-bar\">{}</td>", bar(0.0, value, range)))
            };
            let shown = self.writer.shown(views[at].clone(), 0, "td");
            let label = escape(&parts[at].0);
            rows.push_str(&format!("<tr><th scope=\"row\">{key}{label}</th>{drawn}{shown}</tr>\n"));
        }
        if stacked {
            strips = format!(
                "<svg class=\"calc-stack\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">{strips}</svg>\n"
            );
        }
        let body = format!("{strips}<table class=\"calc-rows\"><tbody>\n{rows}</tbody></table>\n");
        let sorting = if sorted { " data-sorted" } else { "" };
        Parts { attributes: format!("data-chart=\"parts\"{sorting}"), finding, body }
    }

    /// The answer with each input that may spread at its ends, the one that matters most first. What is fixed is hidden.
    fn tornado(&mut self, shape: &Shape) -> Parts {
        let calculator = self.writer.calculator;
        let program = &calculator.program;
        let view = view(shape, Reading::Typical);
        let middle = calculator.typical.get(shape.at, 0);
        let mut swings: Vec<Swing<'_>> = Vec::new();
        for (place, input) in program.inputs.iter().enumerate() {
            let SlotKind::Number(number) = &input.kind else { continue };
            if matches!(number.spread, Distribution::Fixed(_)) {
                continue;
            }
            let run = |high: bool| {
                let mut memory: Memory = calculator.typical.clone();
                let value = end(&number.spread, high).clamp(number.min, number.max);
                memory.scalars[number.slot] = number.unit.to_base(value);
                memory.run(program);
                memory.get(shape.at, 0)
            };
            let shows = number.spread.spreads();
            let (low, high) = if shows { (run(false), run(true)) } else { (middle, middle) };
            swings.push(Swing { place, label: &input.label, low, high, shows });
        }
        swings.sort_by(|a, b| (b.high - b.low).abs().total_cmp(&(a.high - a.low).abs()));
        let ends = || swings.iter().flat_map(|swing| [swing.low, swing.high]);
        let low = ends().fold(f64::INFINITY, f64::min);
        let high = ends().fold(f64::NEG_INFINITY, f64::max);
        let range = if low == high { (low, low + 1.0) } else { (low, high) };
        let finding = swings.first().map_or_else(String::new, |swing| {
            format!(
                "{} matters most: between its low and its high value the answer goes from {} to {}.",
                slot(0, swing.label),
                slot(2, &self.writer.text(&view, swing.low)),
                slot(3, &self.writer.text(&view, swing.high))
            )
        });
        let mut body = String::from(
            "<table class=\"calc-rows calc-tornado\"><thead><tr><th scope=\"col\">Input</th><th scope=\"col\">From low to high</th><th scope=\"col\">At low</th><th scope=\"col\">At high</th></tr></thead><tbody>\n",
        );
        for swing in &swings {
            body.push_str(&format!(
                "<tr data-at=\"{}\"{}><th scope=\"row\">{}</th><td class=\"calc-bar\">{}</td><td>{}</td><td>{}</td></tr>\n",
                swing.place,
                if swing.shows { "" } else { " hidden" },
                escape(swing.label),
                bar(swing.low, swing.high, range),
                escape(&self.writer.text(&view, swing.low)),
                escape(&self.writer.text(&view, swing.high))
            ));
        }
        body.push_str("</tbody></table>\n");
        let of = self.writer.view(view);
        Parts { attributes: format!("data-chart=\"tornado\" data-of=\"{of}\""), finding, body }
    }
}

/// What the answer comes to with one input at its ends, in base units.
struct Swing<'a> {
    /// Of the input.
    place: usize,
    label: &'a str,
    low: f64,
    high: f64,
    shows: bool,
}

/// The place of the first of the greatest values.
fn greatest(values: &[f64]) -> usize {
    values.iter().enumerate().fold(0, |most, (at, value)| if *value > values[most] { at } else { most })
}

/// How far down a value stands in a frame.
fn height(value: f64, (low, high): (f64, f64)) -> f64 {
    100.0 - (value - low) / (high - low) * 100.0
}

/// A bar from one value to another in a range.
fn bar(from: f64, to: f64, (low, high): (f64, f64)) -> String {
    let x = |value: f64| (value - low) / (high - low) * 100.0;
    format!(
        "<svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><path class=\"calc-bars\" d=\"{}\"/></svg>",
        strip(x(from), x(to))
    )
}

/// A strip of a bar, in per cent of its length.
fn strip(from: f64, to: f64) -> String {
    let (from, to) = (place(from), place(to));
    format!("M{from} 0H{to}V10H{from}z")
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn lower(word: &str) -> String {
    let mut letters = word.chars();
    match letters.next() {
        Some(first) if !letters.as_str().starts_with(|second: char| second.is_uppercase()) => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => word.to_owned(),
    }
}
