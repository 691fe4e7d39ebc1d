//! The neighbourhood of a page as a small drawing: what comes before it, the page itself, and what follows. It is drawn
//! twice, in columns for a desk and as one column for a phone, and the style sheet shows the one that fits.

use std::fmt::Write;

use super::layered::{Line, Spacing, lay_out};
use super::svg::{Label, MIDDLE, nodes, size, write_arrow, write_box, write_here, write_route};
use crate::analyse::around::{Around, Side};
use crate::base::PageId;
use crate::resolve::Site;

/// Fewer neighbours than this are no map.
const NEIGHBOURS_MIN: usize = 2;

const SPACING: Spacing = Spacing { width: 172, gutter: 46, gap: 8, lane: 6, rounds: 4 };

/// The drawing of a page's neighbourhood, and nothing where a page has hardly any. Addresses begin with `root`.
#[must_use]
pub fn draw(site: &Site, page: PageId, around: &Around, root: &str) -> String {
    if around.neighbours.len() < NEIGHBOURS_MIN {
        return String::new();
    }
    let has_before = around.neighbours.iter().any(|(_, side)| *side == Side::Before);
    let column = |side: Side| match side {
        Side::Before => 0,
        Side::Beside => usize::from(has_before),
        Side::After => usize::from(has_before) + 1,
    };
    let pages: Vec<(PageId, Side)> =
        std::iter::once((page, Side::Beside)).chain(around.neighbours.iter().copied()).collect();
    let labels: Vec<Label> = pages.iter().map(|(page, _)| Label::new(site.title(*page), SPACING)).collect();
    let nodes = nodes(&labels, pages.iter().map(|(_, side)| column(*side)));
    // Two pages that are related in two ways are joined by one line: there is no room to tell ways apart.
    let mut lines: Vec<Line> = Vec::with_capacity(around.ties.len());
    let mut arrows: Vec<bool> = Vec::with_capacity(around.ties.len());
    for tie in &around.ties {
        let line = Line { group: 0, from: usize::from(tie.first), to: usize::from(tie.then) };
        let is_known = |known: &Line| {
            (known.from, known.to) == (line.from, line.to) || (known.from, known.to) == (line.to, line.from)
        };
        if !lines.iter().any(is_known) {
            lines.push(line);
            arrows.push(!tie.symmetric);
        }
    }
    let layout = lay_out(&nodes, &lines, SPACING);
    let (x, y, width, height) = size(&layout, 0, 2);
    let mut svg = String::with_capacity(pages.len() * 220 + lines.len() * 50 + 400);
    // Writing to a string cannot fail.
    let _ = write!(
        svg,
        "<svg class=\"near-map\" viewBox=\"{x} {y} {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"group\" \
         aria-labelledby=\"near-map\">"
    );
    write_arrow(&mut svg, "to");
    svg.push_str("<g aria-hidden=\"true\">");
    for (route, has_arrow) in layout.routes.iter().zip(&arrows) {
        write_route(&mut svg, route, if *has_arrow { " marker-end=\"url(#to)\"" } else { "" });
    }
    svg.push_str("</g>");
    for (at, ((other, _), label)) in pages.iter().zip(&labels).enumerate() {
        match at {
            0 => write_here(&mut svg, layout.places[0], label, SPACING),
            _ => {
                let href = [root, site.document(*other).outline.href.as_str()];
                write_box(&mut svg, layout.places[at], label, SPACING, &href, "");
            }
        }
    }
    svg.push_str("</svg>");
    write_tall(&mut svg, site, &pages, root);
    svg
}

/// Boxes of the tall drawing, which has no lanes: how far they stand in, and the distance of the trunk from them.
const TALL: Spacing = Spacing { width: 256, gutter: 0, gap: 8, lane: 0, rounds: 0 };
const TALL_WIDTH: i32 = 296;
const STUB: i32 = 16;

/// What comes before above the page, the rest below it, each side on a trunk of its own: readable where three columns are
/// not. How neighbours are related to each other is left to the wide drawing.
fn write_tall(svg: &mut String, site: &Site, pages: &[(PageId, Side)], root: &str) {
    let whole = Spacing { width: TALL_WIDTH, ..TALL };
    let boxes = |wanted: &[Side]| -> Vec<(PageId, Side, Label)> {
        let shown = pages[1..].iter().filter(|(_, side)| wanted.contains(side));
        shown.map(|(page, side)| (*page, *side, Label::new(site.title(*page), TALL))).collect()
    };
    let above = boxes(&[Side::Before]);
    let below: Vec<_> = boxes(&[Side::Beside]).into_iter().chain(boxes(&[Side::After])).collect();
    let here = Label::new(site.title(pages[0].0), whole);
    let mut y = 0;
    let mut place = |height: i32, after: i32| {
        let top = y;
        y += height + after;
        top
    };
    let tops_above: Vec<i32> = above.iter().map(|(.., label)| place(label.height, TALL.gap)).collect();
    // Room for the head of the arrow.
    place(0, if above.is_empty() { 0 } else { STUB });
    let top_here = place(here.height, STUB);
    let tops_below: Vec<i32> = below.iter().map(|(.., label)| place(label.height, TALL.gap)).collect();
    let height = y - TALL.gap;
    // Writing to a string cannot fail.
    let _ = write!(
        svg,
        "<svg class=\"near-map near-map-tall\" viewBox=\"-2 -2 {} {}\" width=\"{}\" height=\"{}\" role=\"group\" \
         aria-labelledby=\"near-map\">",
        TALL_WIDTH + 4,
        height + 4,
        TALL_WIDTH + 4,
        height + 4
    );
    write_arrow(svg, "to-tall");
    svg.push_str("<g aria-hidden=\"true\">");
    if let Some(first) = tops_above.first() {
        let (edge, trunk) = (TALL.width, TALL.width + STUB);
        svg.push_str("<path marker-end=\"url(#to-tall)\" d=\"");
        for top in &tops_above {
            let _ = write!(svg, "M{edge} {}H{trunk}", top + MIDDLE);
        }
        let _ = write!(svg, "M{trunk} {}V{}\"/>", first + MIDDLE, top_here - 1);
    }
    let indent = TALL_WIDTH - TALL.width;
    for ((_, side, _), top) in below.iter().zip(&tops_below) {
        let arrow = if *side == Side::After { " marker-end=\"url(#to-tall)\"" } else { "" };
        let (trunk, from) = (indent - STUB, top_here + here.height);
        let _ = write!(svg, "<path{arrow} d=\"M{trunk} {from}V{}H{}\"/>", top + MIDDLE, indent - 1);
    }
    svg.push_str("</g>");
    let mut write = |(page, _, label): &(PageId, Side, Label), x: i32, top: i32| {
        let href = [root, site.document(*page).outline.href.as_str()];
        write_box(svg, (x, top), label, TALL, &href, "");
    };
    above.iter().zip(&tops_above).for_each(|(shown, top)| write(shown, 0, *top));
    below.iter().zip(&tops_below).for_each(|(shown, top)| write(shown, indent, *top));
    write_here(svg, (0, top_here), &here, whole);
    svg.push_str("</svg>");
}
