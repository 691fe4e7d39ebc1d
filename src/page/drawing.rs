//! Drawings made from figures at build: a spread on its scale, several spreads on one, the steps of a timeline.
//!
//! Each drawing is SVG without a view box: places along it are in per cent and everything else in CSS pixels, so that it
//! grows with the page while words and strokes keep their size. What it shows stands beside it in words or in a table.

use std::borrow::Cow;

use super::view::{AmountView, FieldView, PartView};
use crate::read::field::FieldValue;
use crate::read::html::escape_into;
use crate::read::measure::{Base, Unit};
use crate::read::{Fact, Figures, Target};
use crate::resolve::Site;

/// What a field counts: one number, or two or three of low, typical and high.
#[derive(Debug, Clone)]
pub(super) struct Measured<'a> {
    pub(super) unit: &'a Unit,
    pub(super) low: Option<f64>,
    pub(super) typical: Option<f64>,
    pub(super) high: Option<f64>,
    pub(super) fact: Option<&'a Fact>,
}

impl<'a> Measured<'a> {
    /// The numbers of a field; `None` for a text, a list, or a fact without a number.
    pub(super) fn of(site: &'a Site, value: &'a FieldValue) -> Option<Self> {
        if value.is_list {
            return None;
        }
        if let Some(amount) = &value.amount {
            let (low, typical, high) = (amount.low, amount.typical, amount.high);
            return Some(Self { unit: &amount.unit, low, typical, high, fact: None });
        }
        // A text that cites a fact somewhere is not a number; a field that is one has nothing but the fact.
        let prose = value.proses.first().filter(|prose| prose.html.is_empty())?;
        let [reference] = prose.references.as_slice() else { return None };
        let Target::Fact { id, part } = &reference.target else { return None };
        let fact = site.fact(*site.fact_ids.get(&**id)?);
        let one = |number: Option<f64>| (None, number, None);
        let part = part.strip_suffix("amount").map_or(&**part, |part| part.trim_end_matches('.'));
        let (low, typical, high) = match (&fact.figures, part) {
            (Figures::Text(_), _) => return None,
            (Figures::Range { low, typical, high }, "") => (*low, *typical, *high),
            (Figures::Range { low, high, .. }, "range") => (*low, None, *high),
            (Figures::Range { low, .. }, "low") => one(*low),
            (Figures::Range { high, .. }, "high") => one(*high),
            (Figures::Series(years), year) if !year.is_empty() => {
                one(years.iter().find(|(known, _)| known == year).map(|(_, number)| *number))
            }
            _ => one(fact.typical()),
        };
        let measured = Self { unit: &fact.unit, low, typical, high, fact: Some(fact) };
        low.or(typical).or(high).is_some_and(f64::is_finite).then_some(measured)
    }

    /// Whether it is more than one number.
    pub(super) fn is_spread(&self) -> bool {
        let (least, most) = self.ends();
        most > least
    }

    /// The least and the greatest number.
    pub(super) fn ends(&self) -> (f64, f64) {
        let numbers = [self.low, self.typical, self.high];
        let numbers = numbers.iter().flatten();
        numbers.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), number| {
            (f64::min(least, *number), f64::max(most, *number))
        })
    }

    /// The number that stands for all: the typical one, or the middle of the ends.
    pub(super) fn middle(&self) -> f64 {
        let (least, most) = self.ends();
        self.typical.unwrap_or((least + most) / 2.0)
    }

    /// All of it in words.
    pub(super) fn words(&self) -> String {
        let (unit, one) = (self.unit, |number: f64| self.unit.format(number, true));
        match (self.low, self.typical, self.high) {
            (Some(low), Some(typical), Some(high)) => {
                format!("{} ({})", one(typical), unit.format_range(low, high, false))
            }
            (Some(low), None, Some(high)) => unit.format_range(low, high, true),
            (Some(low), Some(typical), None) => format!("{} (from {})", one(typical), unit.format(low, false)),
            (None, Some(typical), Some(high)) => format!("{} (up to {})", one(typical), unit.format(high, false)),
            (low, typical, high) => one(typical.or(low).or(high).unwrap_or_default()),
        }
    }

    /// What low and high are, where the fact says so in two words with a dash: `p10–p90`.
    fn names_of_ends(&self) -> Option<(&'a str, &'a str)> {
        let (low, high) = self.fact?.spread.as_deref()?.split_once('–')?;
        (!low.contains(' ') || !high.contains(' ') || low.split(' ').next() == high.split(' ').next())
            .then_some((low.trim(), high.trim()))
    }

    /// The percentiles that low and high are.
    fn percentiles(&self) -> Option<(u32, u32)> {
        let (low, high) = self.names_of_ends()?;
        let number = |name: &str| name.strip_prefix('p')?.split(' ').next()?.parse().ok().filter(|rank| *rank < 100);
        Some((number(low)?, number(high)?))
    }

    /// The numbers one by one with what each is: the table behind the drawing.
    pub(super) fn amounts(&self) -> Vec<AmountView> {
        let percentiles = self.percentiles();
        let (low, high): (Cow<'_, str>, Cow<'_, str>) = match (percentiles, self.names_of_ends()) {
            (Some((low, high)), _) => (ordinal(low).into(), ordinal(high).into()),
            (None, Some((low, high))) => (capital(low).into(), capital(high).into()),
            (None, None) => ("Low".into(), "High".into()),
        };
        let middle = if percentiles.is_some() { "Median".into() } else { "Typical".into() };
        [(low, self.low), (middle, self.typical), (high, self.high)]
            .into_iter()
            .filter_map(|(label, number)| {
                number.map(|number| AmountView { label: label.into_owned(), value: self.unit.format(number, true) })
            })
            .collect()
    }

    /// What the spread says, in one sentence.
    pub(super) fn finding(&self) -> String {
        let (least, most) = self.ends();
        let one = |number: f64| self.unit.format(number, false);
        let times = (least > 0.0 && most / least >= 1.05).then(|| {
            let ratio = most / least;
            let ratio = if ratio < 9.95 { (ratio * 10.0).round() / 10.0 } else { ratio.round() };
            format!("the upper end is {} times the lower", short(ratio))
        });
        match (self.percentiles(), &times) {
            (Some((low, high)), _) => {
                let below = share(low);
                let above = share(100 - high);
                let mut text = format!("{below} is below {}, {} above {}", one(least), lower(&above), one(most));
                if let Some(times) = times {
                    text.push_str(": ");
                    text.push_str(&times);
                }
                text + "."
            }
            (None, Some(times)) => format!("From {} to {}: {times}.", one(least), one(most)),
            (None, None) => format!("From {} to {}.", one(least), one(most)),
        }
    }
}

/// A number worked out from others, without decimals that say nothing.
pub(super) fn rounded(number: f64) -> f64 {
    let places = if number.abs() >= 100.0 { 1.0 } else { 100.0 };
    (number * places).round() / places
}

fn short(number: f64) -> String {
    crate::read::measure::number(rounded(number))
}

fn ordinal(rank: u32) -> String {
    let ending = match (rank % 10, rank % 100) {
        (1, tens) if tens != 11 => "st",
        (2, tens) if tens != 12 => "nd",
        (3, tens) if tens != 13 => "rd",
        _ => "th",
    };
    format!("{rank}{ending} percentile")
}

/// "One in ten" for 10 per cent.
fn share(percent: u32) -> String {
    match percent {
        5 => "One in twenty".to_owned(),
        10 => "One in ten".to_owned(),
        20 => "One in five".to_owned(),
        25 => "One in four".to_owned(),
        percent => format!("{percent} in a hundred"),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// A scale that holds 0 and all the numbers, and ends at a round one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    pub(super) fn of(ends: impl Iterator<Item = (f64, f64)>) -> Self {
        let (low, high) =
            ends.fold((0.0, 0.0), |(low, high), (least, most)| (f64::min(low, least), f64::max(high, most)));
        let (low, high) = (-round_up(-low), round_up(high));
        if high > low { Self { low, high } } else { Self { low, high: low + 1.0 } }
    }

    /// Where a number stands, in per cent of the width.
    fn place(self, number: f64) -> f64 {
        ((number - self.low) / (self.high - self.low) * 100.0).clamp(0.0, 100.0)
    }
}

/// The next number that reads well on a scale: 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8 or 10 times a power of ten.
fn round_up(number: f64) -> f64 {
    if number <= 0.0 || !number.is_finite() {
        return 0.0;
    }
    let power = 10_f64.powf(number.log10().floor());
    [1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0]
        .into_iter()
        .map(|step| step * power)
        .find(|step| *step >= number * (1.0 - 1e-9))
        .unwrap_or(10.0 * power)
}

/// A place in per cent: two decimals are finer than any screen.
fn percent(place: f64) -> String {
    format!("{}%", (place * 100.0).round() / 100.0)
}

/// One spread with its numbers written at it.
pub(super) fn spread(measured: &Measured<'_>) -> String {
    let scale = Scale::of(std::iter::once(measured.ends()));
    let (least, most) = measured.ends();
    let (left, right) = (scale.place(least), scale.place(most));
    // Said at its beginning, for a page is laid out while it still comes in.
    let class = if measured.typical.is_some() { "spread" } else { "spread spread-ends-only" };
    let mut svg = format!("<svg class=\"{class}\" width=\"100%\" height=\"64\" aria-hidden=\"true\">");
    svg.push_str("<line class=\"spread-scale\" x1=\"0\" x2=\"100%\" y1=\"32\" y2=\"32\"/>");
    push_range(&mut svg, measured, scale, 32);
    let one = |number: f64| measured.unit.format(number, false);
    let zero = scale.place(0.0);
    if (left - zero).abs() > 15.0 && (right - zero).abs() > 15.0 {
        push_text(&mut svg, "spread-zero", zero, anchor(zero), 58, "0");
    }
    if let Some(typical) = measured.typical {
        let at = scale.place(typical);
        push_text(&mut svg, "spread-middle", at, anchor(at), 14, &one(typical));
    }
    if Some(least) != measured.typical {
        // Far enough from the other end it stands under its own; close to it the two lean away from each other.
        let anchor = if left < 20.0 || (right - left > 45.0 && left < 55.0) { "start" } else { "end" };
        push_text(&mut svg, "spread-end", left, anchor, 58, &one(least));
    }
    if Some(most) != measured.typical {
        push_text(&mut svg, "spread-end", right, "end", 58, &one(most));
    }
    svg.push_str("</svg>");
    svg
}

/// One of several spreads on a common scale, without words: the row of its table has them.
pub(super) fn row(measured: &Measured<'_>, scale: Scale) -> String {
    let mut svg = String::from("<svg class=\"spread spread-row\" width=\"100%\" height=\"20\" aria-hidden=\"true\">");
    svg.push_str("<line class=\"spread-scale\" x1=\"0\" x2=\"100%\" y1=\"10\" y2=\"10\"/>");
    push_range(&mut svg, measured, scale, 10);
    svg.push_str("</svg>");
    svg
}

/// The bar from end to end, and a mark at the typical number.
fn push_range(svg: &mut String, measured: &Measured<'_>, scale: Scale, y: i32) {
    let (least, most) = measured.ends();
    let (left, right) = (scale.place(least), scale.place(most));
    if measured.is_spread() {
        svg.push_str(&format!(
            "<rect class=\"spread-range\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"10\"/>",
            percent(left),
            y - 5,
            percent(right - left)
        ));
    }
    if let Some(typical) = measured.typical {
        let at = percent(scale.place(typical));
        svg.push_str(&format!(
            "<line class=\"spread-typical\" x1=\"{at}\" x2=\"{at}\" y1=\"{}\" y2=\"{}\"/>",
            y - 10,
            y + 10
        ));
    }
}

/// Words near an edge lean inwards.
fn anchor(place: f64) -> &'static str {
    match place {
        place if place < 12.0 => "start",
        place if place > 88.0 => "end",
        _ => "middle",
    }
}

fn push_text(svg: &mut String, class: &str, at: f64, anchor: &str, y: i32, text: &str) {
    svg.push_str(&format!("<text class=\"{class}\" x=\"{}\" y=\"{y}\" text-anchor=\"{anchor}\">", percent(at)));
    escape_into(svg, text);
    svg.push_str("</text>");
}

/// What a list item begins with, and the rest: `<strong>Months 0–3.</strong> Finish…`, `At first: nothing`.
pub(super) fn part(item: &str) -> PartView {
    let inner = item.strip_prefix("<p>").and_then(|item| item.trim_end().strip_suffix("</p>")).unwrap_or(item);
    if let Some((lead, rest)) = inner.strip_prefix("<strong>").and_then(|inner| inner.split_once("</strong>"))
        && !lead.contains('<')
    {
        return PartView {
            lead: lead.trim_end_matches(['.', ':', ',']).to_owned(),
            html: rest.trim_start().to_owned(),
        };
    }
    const LEAD_LETTERS_MAX: usize = 24;
    if let Some((lead, rest)) = inner.split_once(": ")
        && lead.chars().count() <= LEAD_LETTERS_MAX
        && !lead.contains(['<', '&'])
    {
        return PartView { lead: lead.to_owned(), html: rest.to_owned() };
    }
    PartView { lead: String::new(), html: inner.to_owned() }
}

/// The steps of a list whose items begin with a stretch of time: `Months 0–3`. The last may be open.
pub(super) struct Timeline {
    /// From and to, each step beginning where the one before it ends.
    steps: Vec<(f64, f64)>,
    is_open: bool,
}

impl Timeline {
    pub(super) fn of(parts: &[PartView]) -> Option<Self> {
        let mut steps: Vec<(f64, f64)> = Vec::new();
        let mut is_open = false;
        for (at, part) in parts.iter().enumerate() {
            match stretch(&part.lead) {
                Some((from, to)) if to > from => {
                    let before = steps.last().map(|(_, end)| *end);
                    let from = before.filter(|end| from <= *end + 1.0).unwrap_or(from);
                    if to <= from {
                        return None;
                    }
                    steps.push((from, to));
                }
                _ if at + 1 == parts.len() => is_open = true,
                _ => return None,
            }
        }
        (steps.len() >= 2).then_some(Self { steps, is_open })
    }

    /// Draws the steps, numbered, and under them when it pays or what else is counted in the same unit.
    pub(super) fn draw(&self, span: Option<&Measured<'_>>) -> String {
        let (first, last) = (self.steps[0].0, self.steps[self.steps.len() - 1].1);
        let most = span.map_or(last, |span| span.ends().1.max(last));
        // The open step needs room of its own.
        let end = if self.is_open { f64::max(most, last + (last - first) * 0.2) } else { most };
        let scale = Scale { low: first, high: end };
        let (class, height) = if span.is_some() { ("months", 84) } else { ("months months-only", 48) };
        let mut svg = format!("<svg class=\"{class}\" width=\"100%\" height=\"{height}\" aria-hidden=\"true\">");
        let open = self.is_open.then_some((last, end));
        for (at, (from, to)) in self.steps.iter().copied().chain(open).enumerate() {
            let (left, right) = (scale.place(from), scale.place(to));
            let class = if from >= last { "months-open" } else { "months-step" };
            svg.push_str(&format!(
                "<rect class=\"{class}\" x=\"{}\" y=\"0\" width=\"{}\" height=\"24\"/>",
                percent(left),
                percent(right - left)
            ));
            push_text(&mut svg, "months-number", (left + right) / 2.0, "middle", 17, &(at + 1).to_string());
        }
        let ticks = std::iter::once(first).chain(self.steps.iter().map(|(_, to)| *to));
        for tick in ticks {
            let at = scale.place(tick);
            push_text(&mut svg, "months-tick", at, anchor(at.max(4.0)), 41, &short(tick));
        }
        if let Some(span) = span {
            let right = scale.place(span.ends().1);
            svg.push_str("<line class=\"spread-scale\" x1=\"0\" x2=\"100%\" y1=\"64\" y2=\"64\"/>");
            push_range(&mut svg, span, scale, 64);
            if self.steps.iter().all(|(_, to)| (*to - span.ends().1).abs() > f64::EPSILON) {
                push_text(&mut svg, "months-tick", right, anchor(right), 84, &short(span.ends().1));
            }
        }
        svg.push_str("</svg>");
        svg
    }

    /// Which step a moment falls into, from 1; `None` where it comes after all of them.
    pub(super) fn step_at(&self, moment: f64) -> Option<usize> {
        self.steps.iter().position(|(_, to)| moment <= *to).map(|at| at + 1)
    }
}

/// Two numbers with a dash between them.
fn stretch(lead: &str) -> Option<(f64, f64)> {
    let dash = lead.find(['–', '-'])?;
    let (before, after) = (&lead[..dash], lead[dash..].trim_start_matches(['–', '-']));
    let from: String =
        before.chars().rev().take_while(char::is_ascii_digit).collect::<Vec<_>>().into_iter().rev().collect();
    let to: String = after.chars().take_while(char::is_ascii_digit).collect();
    Some((from.parse().ok()?, to.parse().ok()?))
}

/// Whether a list's leads speak of the unit: `Months 0–3` of `months`.
pub(super) fn speaks_of(parts: &[PartView], unit: &Unit) -> bool {
    let Base::Noun(noun) = &unit.base else { return false };
    let noun = noun.trim_end_matches('s').to_lowercase();
    !noun.is_empty() && parts.iter().any(|part| part.lead.to_lowercase().contains(&noun))
}

/// The words of a piece of HTML, without citations.
pub(super) fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = if rest.starts_with("<sup class=\"cite\"") { rest.find("</sup>").map(|end| end + 6) } else { None };
        let end = end.or_else(|| rest.find('>').map(|end| end + 1)).unwrap_or(rest.len());
        rest = &rest[end..];
    }
    text.push_str(rest);
    for (entity, letter) in
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&amp;", "&")]
    {
        if text.contains('&') {
            text = text.replace(entity, letter);
        }
    }
    text.trim().to_owned()
}

/// Gives a list of steps its drawing, where another field of the page counts in the same unit.
pub(super) fn timeline(fields: &mut [FieldView<'_>], measured: &[Option<Measured<'_>>]) {
    for at in 0..fields.len() {
        let Some(timeline) = Timeline::of(&fields[at].parts) else { continue };
        let found = measured.iter().enumerate().find_map(|(other, measured)| {
            let measured = measured.as_ref().filter(|measured| speaks_of(&fields[at].parts, measured.unit))?;
            Some((other, measured))
        });
        let finding = found.map(|(other, measured)| {
            let label = fields[other].label;
            let words = measured.words();
            match timeline.step_at(measured.middle()) {
                Some(step) => format!("{label}: {words}. The middle of that falls into step {step}."),
                None => format!("{label}: {words}. The middle of that comes after the last dated step."),
            }
        });
        fields[at].drawing = timeline.draw(found.map(|(_, measured)| measured));
        fields[at].finding = finding.unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(text: &str) -> Unit {
        Unit::parse(text)
    }

    #[test]
    fn scales_end_at_round_numbers_and_hold_zero() {
        for (number, expected) in [(137_370.0, 150_000.0), (48.0, 50.0), (0.12, 0.12), (55.0, 60.0), (100.0, 100.0)] {
            assert!((round_up(number) - expected).abs() < expected * 1e-9, "{number} gives {}", round_up(number));
        }
        let scale = Scale::of([(-2.0, 4.5)].into_iter());
        assert_eq!((scale.low, scale.high), (-2.0, 5.0));
        let flat = Scale::of([(0.0, 0.0)].into_iter());
        assert!(flat.place(0.0).is_finite());
    }

    #[test]
    fn a_spread_says_what_it_shows() {
        let pay = unit("USD/year");
        let measured = Measured { unit: &pay, low: Some(75.0), typical: None, high: Some(150.0), fact: None };
        assert_eq!(measured.finding(), "From $75 to $150: the upper end is 2 times the lower.");
        assert_eq!(measured.amounts().len(), 2);
        let svg = spread(&measured);
        assert!(svg.contains("x=\"50%\"") && svg.contains("width=\"50%\""), "{svg}");
        assert!(!svg.contains("NaN") && !svg.contains("style="), "{svg}");
    }

    #[test]
    fn leads_are_told_from_the_rest() {
        let lead = |item: &str| part(item).lead;
        assert_eq!(lead("<strong>Months 0–3.</strong> Finish five tracks."), "Months 0–3");
        assert_eq!(lead("At first: nothing, or a small fee."), "At first");
        assert_eq!(lead("A long beginning of a sentence that goes on: then more."), "");
        assert_eq!(part("<p><strong>After that.</strong> More.</p>\n").html, "More.");
    }

    #[test]
    fn steps_join_and_the_last_may_be_open() {
        let parts: Vec<PartView> = ["Months 0–3", "Months 4–12", "Months 13–24", "After that"]
            .map(|lead| PartView { lead: lead.to_owned(), html: String::new() })
            .into();
        let timeline = Timeline::of(&parts).expect("these are steps");
        assert_eq!(timeline.steps, [(0.0, 3.0), (3.0, 12.0), (12.0, 24.0)]);
        assert!(timeline.is_open);
        assert_eq!(timeline.step_at(13.0), Some(3));
        assert_eq!(timeline.step_at(48.0), None);
        let months = unit("months");
        assert!(speaks_of(&parts, &months));
        let measured = Measured { unit: &months, low: Some(12.0), typical: Some(24.0), high: Some(48.0), fact: None };
        let svg = timeline.draw(Some(&measured));
        assert_eq!(svg.matches("months-number").count(), 4);
        assert!(svg.contains(">48<"), "{svg}");
        assert!(Timeline::of(&parts[2..]).is_none(), "one step is no timeline");
    }

    #[test]
    fn plain_text_has_no_tags_and_no_citations() {
        let html = "<span class=\"fact\">$5 &amp; up</span><sup class=\"cite\"><a href=\"#source-1\">1</a></sup>, <a href=\"x\">more</a>";
        assert_eq!(plain(html), "$5 & up, more");
    }
}
