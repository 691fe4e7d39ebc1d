//! Boxes with titles and the lines between them, as SVG that a style sheet colours.

use std::fmt::Write;

use super::label;
use super::layered::{Layout, Node, Route, Spacing};
use crate::read::html::escape_into;

/// Size of letters and distance of lines of a title, in units of the drawing.
const LETTER: i32 = 13;
const LINE: i32 = 16;

/// What is free around a title, and most lines it may take.
const MARGIN: i32 = 8;
const LINES_MAX: usize = 4;

/// Where a line meets a box beside which it stands: the height of the first line of the title.
pub(super) const MIDDLE: i32 = 14;

/// A title broken into lines, and the box it needs.
pub(super) struct Label {
    lines: Vec<String>,
    pub(super) height: i32,
}

impl Label {
    pub(super) fn new(title: &str, spacing: Spacing) -> Self {
        let ems = u32::try_from((spacing.width - 2 * MARGIN) * 1000 / LETTER).unwrap_or(0);
        let lines = label::wrap(title, ems, LINES_MAX);
        // At most a handful.
        let count = i32::try_from(lines.len().max(1)).unwrap_or(1);
        Self { lines, height: count * LINE + 12 }
    }
}

/// A box that leads to a page. `extra` are attributes of the link.
pub(super) fn write_box(
    svg: &mut String,
    (x, y): (i32, i32),
    label: &Label,
    spacing: Spacing,
    href: &[&str],
    extra: &str,
) {
    svg.push_str("<a href=\"");
    for part in href {
        escape_into(svg, part);
    }
    write_opening(svg, (x, y), label, spacing, extra);
    svg.push_str("</a>");
}

/// A box that leads nowhere: the page one is on.
pub(super) fn write_here(svg: &mut String, (x, y): (i32, i32), label: &Label, spacing: Spacing) {
    svg.push_str("<g class=\"here");
    write_opening(svg, (x, y), label, spacing, "");
    svg.push_str("</g>");
}

/// The end of the opening tag from its last quote on, the box and its title.
fn write_opening(svg: &mut String, (x, y): (i32, i32), label: &Label, spacing: Spacing, extra: &str) {
    let (width, height) = (spacing.width, label.height);
    let middle = width / 2;
    // Writing to a string cannot fail.
    let _ =
        write!(svg, "\"{extra} transform=\"translate({x} {y})\"><rect width=\"{width}\" height=\"{height}\"/><text>");
    let mut baseline = 6 + LETTER;
    for (at, line) in label.lines.iter().enumerate() {
        let _ = write!(svg, "<tspan x=\"{middle}\" y=\"{baseline}\">");
        escape_into(svg, line);
        // Read out, lines are words of one sentence.
        svg.push_str(if at + 1 < label.lines.len() { " </tspan>" } else { "</tspan>" });
        baseline += LINE;
    }
    svg.push_str("</text>");
}

/// A line; `class` may be empty.
pub(super) fn write_route(svg: &mut String, route: &Route, attributes: &str) {
    svg.push_str("<path");
    svg.push_str(attributes);
    svg.push_str(" d=\"");
    route.write(svg);
    svg.push_str("\"/>");
}

/// The boxes of a drawing as its layout wants them.
pub(super) fn nodes(labels: &[Label], columns: impl Iterator<Item = usize>) -> Vec<Node> {
    labels.iter().zip(columns).map(|(label, column)| Node { column, height: label.height }).collect()
}

/// The head of an arrow, named so that lines can ask for it.
pub(super) fn write_arrow(svg: &mut String, id: &str) {
    let _ = write!(
        svg,
        "<marker id=\"{id}\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">\
         <path d=\"M0 0 8 4 0 8z\"/></marker>"
    );
}

/// The size of a drawing with something around it, as `viewBox` and natural size.
pub(super) fn size(layout: &Layout, top: i32, around: i32) -> (i32, i32, i32, i32) {
    (-around, -top - around, layout.size.0 + 2 * around, layout.size.1 + top + 2 * around)
}
