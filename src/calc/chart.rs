//! Charts: paths in a stretched square, words around them, and a table that is the record.
//!
//! Each path is drawn in a view box of 100 by 100 that stretches to its frame; `calc.js` draws the same paths from the same
//! values. No text stands inside a drawing, so none shrinks on a phone.

use serde_json::{Value, json};

use super::compile::Calculator;
use super::evaluate::Memory;
use super::markup::{escape, figure_text};
use super::number::{self, Language};
use super::program::{Axis, ChartKind, ChartSlot, ColumnKind, Distribution, Shape, SlotKind};
use super::sample::end;
use super::spec::{Reading, Spec, View};

/// Dots of a dot plot: each stands for a fiftieth of the outcomes.
pub const DOTS: usize = 50;

/// Columns that dots are piled in.
const PILES: usize = 26;

/// Writes one chart, and what the script must know to redraw it.
pub fn chart(
    calculator: &Calculator,
    chart: &ChartSlot,
    name: &str,
    language: Language,
    spec: &mut Spec,
    html: &mut String,
) -> Value {
    let drawing = Drawing { calculator, language };
    html.push_str(&format!("<figure class=\"calc-chart\" data-chart=\"{name}\">\n"));
    html.push_str(&format!("<figcaption><b id=\"{name}\">{}</b> ", escape(&chart.title)));
    let (finding, body, data) = match &chart.kind {
        ChartKind::Bars(bars, line) => drawing.bars(bars, line.as_ref(), name, spec),
        ChartKind::Fan(label, shape) => drawing.fan(label, shape, name, spec),
        ChartKind::Dots(label, shape) => drawing.dots(label, shape, name, spec),
        ChartKind::Compare(parts, sorted) => drawing.rows(parts, false, *sorted, spec),
        ChartKind::Stack(parts) => drawing.rows(parts, true, false, spec),
        ChartKind::Tornado(label, shape) => drawing.tornado(label, shape, spec),
    };
    html.push_str(&format!("<span class=\"calc-finding\">{}</span></figcaption>\n{body}</figure>\n", escape(&finding)));
    data
}

struct Drawing<'a> {
    calculator: &'a Calculator,
    language: Language,
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
    let y = |value: f64| place(100.0 - (value - low) / (high - low) * 100.0);
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
pub fn line_path(values: &[f64], (low, high): (f64, f64)) -> String {
    let width = 100.0 / values.len() as f64;
    let mut path = String::new();
    for (at, value) in values.iter().enumerate().filter(|(_, value)| value.is_finite()) {
        let sign = if path.is_empty() { 'M' } else { 'L' };
        let y = place(100.0 - (value - low) / (high - low) * 100.0);
        path.push_str(&format!("{sign}{} {y}", place(width * (at as f64 + 0.5))));
    }
    path
}

/// The area between two lines.
fn band_path(low_values: &[f64], high_values: &[f64], bounds: (f64, f64)) -> String {
    let width = 100.0 / low_values.len() as f64;
    let (low, high) = bounds;
    let y = |value: f64| place(100.0 - (value - low) / (high - low) * 100.0);
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

impl Drawing<'_> {
    fn text(&self, value: f64, shape: &Shape) -> String {
        figure_text(value, shape, self.language)
    }

    fn axis_labels(&self, axis: usize) -> Vec<String> {
        let program = &self.calculator.program;
        match &program.axes[axis] {
            Axis::Series { count, unit, labels } => (0..*count)
                .map(|index| match labels.get(index) {
                    Some(label) => label.clone(),
                    None => format!("{} {}", capital(&unit.shown.one), index + 1).trim().to_owned(),
                })
                .collect(),
            Axis::Rows { input, .. } => {
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

    fn axis_name(&self, axis: usize) -> String {
        match &self.calculator.program.axes[axis] {
            Axis::Series { unit, .. } if !unit.shown.one.is_empty() => capital(&unit.shown.one),
            Axis::Series { .. } => "Step".to_owned(),
            Axis::Rows { .. } => "Row".to_owned(),
        }
    }

    fn list(&self, shape: &Shape, p: f64) -> Vec<f64> {
        let memory = &self.calculator.typical;
        let length = shape.axis.map_or(1, |axis| memory.lengths[axis]);
        (0..length)
            .map(|index| {
                let drawn = self.calculator.sampled.as_ref().and_then(|sampled| sampled.quantile(shape.at, index, p));
                shape.unit.from_base(drawn.unwrap_or_else(|| memory.get(shape.at, index)))
            })
            .collect()
    }

    fn typical_list(&self, shape: &Shape) -> Vec<f64> {
        let memory = &self.calculator.typical;
        let length = shape.axis.map_or(1, |axis| memory.lengths[axis]);
        (0..length).map(|index| shape.unit.from_base(memory.get(shape.at, index))).collect()
    }

    /// A frame with paths, the words at its edges, and the table of its numbers.
    #[expect(clippy::too_many_arguments, reason = "what stands around one drawing")]
    fn frame(
        &self,
        name: &str,
        class: &str,
        paths: &[(&str, String)],
        zero: Option<f64>,
        edges: (String, String),
        foot: &[String],
        table: &str,
    ) -> String {
        let mut html =
            format!("<div class=\"calc-frame {class}\"><span class=\"calc-top\">{}</span>", escape(&edges.1));
        html.push_str(&format!(
            "<svg viewBox=\"0 0 100 100\" preserveAspectRatio=\"none\" role=\"img\" aria-labelledby=\"{name}\">"
        ));
        if let Some(zero) = zero {
            html.push_str(&format!("<path class=\"calc-zero\" d=\"M0 {}H100\"/>", place(zero)));
        }
        for (class, path) in paths {
            html.push_str(&format!("<path class=\"{class}\" d=\"{path}\"/>"));
        }
        html.push_str(&format!("</svg><span class=\"calc-bottom\">{}</span>", escape(&edges.0)));
        html.push_str("<div class=\"calc-foot\">");
        for word in foot {
            html.push_str(&format!("<span>{}</span>", escape(word)));
        }
        html.push_str("</div></div>\n");
        html.push_str(&format!("<details class=\"calc-more\"><summary>The numbers</summary>{table}</details>\n"));
        html
    }

    fn table(&self, head: &[String], rows: &[Vec<String>]) -> String {
        let mut html = String::from(
            "<div class=\"table-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"The numbers of this chart\"><table class=\"calc-table\"><thead><tr>",
        );
        for word in head {
            html.push_str(&format!("<th scope=\"col\">{}</th>", escape(word)));
        }
        html.push_str("</tr></thead><tbody>\n");
        for row in rows {
            html.push_str("<tr>");
            for (at, cell) in row.iter().enumerate() {
                match at {
                    0 => html.push_str(&format!("<th scope=\"row\">{}</th>", escape(cell))),
                    _ => html.push_str(&format!("<td>{}</td>", escape(cell))),
                }
            }
            html.push_str("</tr>\n");
        }
        html.push_str("</tbody></table></div>");
        html
    }

    fn foot(labels: &[String]) -> Vec<String> {
        match labels {
            [] => Vec::new(),
            [one] => vec![one.clone()],
            [first, .., last] if labels.len() < 5 => vec![first.clone(), last.clone()],
            [first, .., last] => vec![first.clone(), labels[labels.len() / 2].clone(), last.clone()],
        }
    }

    fn view(&self, shape: &Shape, reading: Reading, spec: &mut Spec) -> usize {
        spec.view(View { shape: shape.clone(), reading, words: Vec::new() })
    }

    fn bars(
        &self,
        (label, shape): &(String, Shape),
        line: Option<&(String, Shape)>,
        name: &str,
        spec: &mut Spec,
    ) -> (String, String, Value) {
        let labels = self.axis_labels(shape.axis.unwrap_or(0));
        let values = self.typical_list(shape);
        let line_values = line.map(|(_, shape)| self.typical_list(shape));
        let range = bounds(values.iter().chain(line_values.iter().flatten()).copied());
        let mut paths = vec![("calc-bars", bars_path(&values, range))];
        if let Some(values) = &line_values {
            paths.push(("calc-line", line_path(values, range)));
        }
        let zero = 100.0 - (0.0 - range.0) / (range.1 - range.0) * 100.0;
        let mut head = vec![self.axis_name(shape.axis.unwrap_or(0)), label.clone()];
        head.extend(line.map(|(label, _)| label.clone()));
        let rows: Vec<Vec<String>> = values
            .iter()
            .enumerate()
            .map(|(at, value)| {
                let mut row = vec![labels.get(at).cloned().unwrap_or_default(), self.text(*value, shape)];
                if let (Some((_, shape)), Some(values)) = (line, &line_values) {
                    row.push(self.text(values[at], shape));
                }
                row
            })
            .collect();
        let most = values.iter().enumerate().fold(0, |most, (at, value)| if *value > values[most] { at } else { most });
        let mut finding =
            format!("{label} is highest in {}: {}.", lower(&labels[most]), self.text(values[most], shape));
        let mut class = String::from("calc-plain");
        if let (Some((label, shape)), Some(values)) = (line, &line_values) {
            let last = values.last().copied().unwrap_or(0.0);
            finding.push_str(&format!(" The line, {}, ends at {}.", lower(label), self.text(last, shape)));
            class = "calc-lined".to_owned();
        }
        let edges = (self.text(range.0, shape), self.text(range.1, shape));
        let table = self.table(&head, &rows);
        let body = self.frame(name, &class, &paths, Some(zero), edges, &Self::foot(&labels), &table);
        let first = self.view(shape, Reading::Typical, spec);
        let second = line.map(|(_, shape)| self.view(shape, Reading::Typical, spec));
        let line_label = line.map(|(label, _)| label.clone());
        let by_rows = matches!(self.calculator.program.axes[shape.axis.unwrap_or(0)], Axis::Rows { .. });
        let labels = if by_rows { json!(0) } else { json!(labels) };
        (finding, body, json!({ "t": "bars", "v": first, "b": second, "l": [label, line_label], "x": labels }))
    }

    fn fan(&self, label: &str, shape: &Shape, name: &str, spec: &mut Spec) -> (String, String, Value) {
        let labels = self.axis_labels(shape.axis.unwrap_or(0));
        let (low, middle, high) = (self.list(shape, 0.1), self.list(shape, 0.5), self.list(shape, 0.9));
        let range = bounds(low.iter().chain(&high).copied());
        let paths = [("calc-band", band_path(&low, &high, range)), ("calc-line", line_path(&middle, range))];
        let zero = 100.0 - (0.0 - range.0) / (range.1 - range.0) * 100.0;
        let last = middle.len() - 1;
        let finding = format!(
            "In {}: {}, and between {} and {} in eight of ten cases.",
            lower(&labels[last]),
            self.text(middle[last], shape),
            self.text(low[last], shape),
            self.text(high[last], shape)
        );
        let mut head = vec![self.axis_name(shape.axis.unwrap_or(0))];
        head.extend(["One in ten below", "Half below", "One in ten above"].map(str::to_owned));
        let rows: Vec<Vec<String>> = (0..middle.len())
            .map(|at| {
                let text = |values: &[f64]| self.text(values[at], shape);
                vec![labels[at].clone(), text(&low), text(&middle), text(&high)]
            })
            .collect();
        let edges = (self.text(range.0, shape), self.text(range.1, shape));
        let table = self.table(&head, &rows);
        let body = self.frame(name, "calc-fan", &paths, Some(zero), edges, &Self::foot(&labels), &table);
        let views = [Reading::P10, Reading::P50, Reading::P90].map(|reading| self.view(shape, reading, spec));
        (finding, body, json!({ "t": "fan", "v": views, "l": [label], "x": labels }))
    }

    fn dots(&self, label: &str, shape: &Shape, name: &str, spec: &mut Spec) -> (String, String, Value) {
        let at = |p: f64| {
            let drawn = self.calculator.sampled.as_ref().and_then(|sampled| sampled.quantile(shape.at, 0, p));
            shape.unit.from_base(drawn.unwrap_or(f64::NAN))
        };
        let quantiles: Vec<f64> = (0..DOTS).map(|dot| at((dot as f64 + 0.5) / DOTS as f64)).collect();
        let (path, _) = dots_path(&quantiles);
        let (first, last) = (quantiles[0], quantiles[DOTS - 1]);
        let span = if last > first { last - first } else { 1.0 };
        let middle = format!("M{} 0V100", place((at(0.5) - first) / span * 100.0));
        let finding = format!(
            "Half of the outcomes lie below {}; one in ten lies below {}, one in ten above {}.",
            self.text(at(0.5), shape),
            self.text(at(0.1), shape),
            self.text(at(0.9), shape)
        );
        let head = ["Chance to stay below".to_owned(), label.to_owned()];
        let rows: Vec<Vec<String>> = [0.1, 0.25, 0.5, 0.75, 0.9]
            .iter()
            .map(|p| vec![format!("{}%", number::digits(p * 100.0, 0, self.language)), self.text(at(*p), shape)])
            .collect();
        let foot = [self.text(first, shape), self.text(last, shape)];
        let edges = (String::new(), "Each dot is one outcome in fifty".to_owned());
        let table = self.table(&head, &rows);
        let paths = [("calc-middle", middle), ("calc-dots", path)];
        let body = self.frame(name, "calc-dotted", &paths, None, edges, &foot, &table);
        let view = self.view(shape, Reading::P50, spec);
        (finding, body, json!({ "t": "dots", "v": view, "l": [label] }))
    }

    /// Bars side by side, or the parts of one: a table whose middle column is drawn.
    fn rows(&self, parts: &[(String, Shape)], stacked: bool, sorted: bool, spec: &mut Spec) -> (String, String, Value) {
        let values: Vec<f64> =
            parts.iter().map(|(_, shape)| shape.unit.from_base(self.calculator.typical.get(shape.at, 0))).collect();
        let total: f64 = values.iter().filter(|value| **value > 0.0).sum();
        let range = bounds(values.iter().copied());
        let most = values.iter().enumerate().fold(0, |most, (at, value)| if *value > values[most] { at } else { most });
        let share = |value: f64| {
            let share = if total > 0.0 { f64::max(0.0, value) / total * 100.0 } else { 0.0 };
            format!("{}%", number::digits(share, 0, self.language))
        };
        let finding = if stacked {
            format!("{} is the largest part: {} of the whole.", parts[most].0, share(values[most]))
        } else {
            format!("{} comes out highest: {}.", parts[most].0, self.text(values[most], &parts[most].1))
        };
        let mut html = String::new();
        if stacked {
            html.push_str(
                "<svg class=\"calc-stack\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
            );
            let mut left = 0.0;
            for (at, value) in values.iter().enumerate() {
                let width = if total > 0.0 { f64::max(0.0, *value) / total * 100.0 } else { 0.0 };
                html.push_str(&format!(
                    "<path class=\"calc-part calc-part-{}\" d=\"M{} 0H{}V10H{}z\"/>",
                    at % 6,
                    place(left),
                    place(left + width),
                    place(left)
                ));
                left += width;
            }
            html.push_str("</svg>\n");
        }
        html.push_str("<table class=\"calc-rows\"><tbody>\n");
        let mut order: Vec<usize> = (0..parts.len()).collect();
        if sorted {
            order.sort_by(|a, b| values[*b].total_cmp(&values[*a]));
        }
        for at in order {
            let ((label, shape), value) = (&parts[at], &values[at]);
            html.push_str("<tr><th scope=\"row\">");
            if stacked {
                html.push_str(&format!("<span class=\"calc-key calc-part-{}\" aria-hidden=\"true\"></span>", at % 6));
            }
            html.push_str(&format!("{}</th>", escape(label)));
            if stacked {
                html.push_str(&format!("<td>{}</td>", share(*value)));
            } else {
                html.push_str(&format!("<td class=\"calc-bar\">{}</td>", bar(0.0, *value, range)));
            }
            html.push_str(&format!("<td>{}</td></tr>\n", escape(&self.text(*value, shape))));
        }
        html.push_str("</tbody></table>\n");
        let views: Vec<usize> = parts.iter().map(|(_, shape)| self.view(shape, Reading::Typical, spec)).collect();
        let labels: Vec<&String> = parts.iter().map(|(label, _)| label).collect();
        let kind = if stacked { "stack" } else { "compare" };
        (finding, html, json!({ "t": kind, "v": views, "l": labels, "s": u8::from(sorted) }))
    }

    fn tornado(&self, label: &str, shape: &Shape, spec: &mut Spec) -> (String, String, Value) {
        let program = &self.calculator.program;
        let middle = shape.unit.from_base(self.calculator.typical.get(shape.at, 0));
        let mut swings: Vec<(&str, f64, f64)> = Vec::new();
        for input in &program.inputs {
            let SlotKind::Number(number) = &input.kind else { continue };
            if !number.spread.spreads() || matches!(number.spread, Distribution::Fixed(_)) {
                continue;
            }
            let run = |high: bool| {
                let mut memory: Memory = self.calculator.typical.clone();
                let value = end(&number.spread, high).clamp(number.min, number.max);
                memory.scalars[number.slot] = number.unit.to_base(value);
                memory.run(program);
                shape.unit.from_base(memory.get(shape.at, 0))
            };
            swings.push((&input.label, run(false), run(true)));
        }
        swings.sort_by(|a, b| (b.2 - b.1).abs().total_cmp(&(a.2 - a.1).abs()));
        let low = swings.iter().flat_map(|(_, a, b)| [*a, *b]).fold(middle, f64::min);
        let high = swings.iter().flat_map(|(_, a, b)| [*a, *b]).fold(middle, f64::max);
        let range = if low == high { (low, low + 1.0) } else { (low, high) };
        let finding = match swings.first() {
            Some((input, a, b)) => format!(
                "{input} matters most: between its low and its high value the answer goes from {} to {}.",
                self.text(*a, shape),
                self.text(*b, shape)
            ),
            None => String::new(),
        };
        let mut html = String::from(
            "<table class=\"calc-rows calc-tornado\"><thead><tr><th scope=\"col\">Input</th><th scope=\"col\">From low to high</th><th scope=\"col\">At low</th><th scope=\"col\">At high</th></tr></thead><tbody>\n",
        );
        for (input, a, b) in &swings {
            html.push_str(&format!(
                "<tr><th scope=\"row\">{}</th><td class=\"calc-bar\">{}</td><td>{}</td><td>{}</td></tr>\n",
                escape(input),
                bar(*a, *b, range),
                escape(&self.text(*a, shape)),
                escape(&self.text(*b, shape))
            ));
        }
        html.push_str("</tbody></table>\n");
        let view = self.view(shape, Reading::Typical, spec);
        (finding, html, json!({ "t": "tornado", "v": view, "l": [label] }))
    }
}

/// A bar from one value to another in a range.
fn bar(from: f64, to: f64, (low, high): (f64, f64)) -> String {
    let x = |value: f64| place((value - low) / (high - low) * 100.0);
    format!(
        "<svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><path class=\"calc-bars\" d=\"M{} 0H{}V10H{}z\"/></svg>",
        x(from),
        x(to),
        x(from)
    )
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
