//! The neighbourhood of a page as a small drawing: what comes before it, the page itself, and what follows.

use std::fmt::Write;

use super::layered::{Line, Spacing, lay_out};
use super::svg::{Label, nodes, size, write_arrow, write_box, write_here, write_route};
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
    svg
}
