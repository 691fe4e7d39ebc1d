//! The map of the whole site: which pages it can show at once, and the drawing.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::columns::arrange;
use super::layered::{Line, Spacing, lay_out};
use super::svg::{Label, nodes, size, write_arrow, write_box, write_route};
use crate::analyse::Insights;
use crate::analyse::around::STAR_MAX;
use crate::base::{KindId, PageId, RelationId};
use crate::config::Config;
use crate::read::html::escape_into;
use crate::resolve::{Edge, Site};

/// Most pages on the drawing: about what a person can still look over. Of a larger site the best connected are drawn.
const DRAWN_MAX: usize = 150;

/// Most pages that are listed beside it; of a larger site those that are drawn.
const LISTED_MAX: usize = 600;

const SPACING: Spacing = Spacing { width: 160, gutter: 66, gap: 12, lane: 8, rounds: 24 };

/// Height of the names of kinds above their columns.
const HEADER: i32 = 40;

/// A kind on the map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Which kind.
    pub kind: KindId,
    /// Its pages in the list, in reading order.
    pub pages: Vec<PageId>,
    /// How many of them are drawn.
    pub drawn: usize,
    /// How many pages it has.
    pub total: usize,
    /// Its number among the kinds that are drawn, from left to right; `None` when it is not.
    pub number: Option<usize>,
}

/// The map of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// The SVG; empty when no relation can be drawn.
    pub svg: String,
    /// All kinds that have pages, in the order of the vocabulary.
    pub kinds: Vec<Shown>,
    /// Relations that are drawn, with how many lines each has, in the order of the vocabulary.
    pub relations: Vec<(RelationId, usize)>,
    /// Relations of very many pages to one page, which are listed and not drawn.
    pub stars: usize,
}

/// A line of the map between pages, from what comes first to what follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Drawn {
    relation: RelationId,
    first: Place,
    then: Place,
}

/// A page as the map knows it: sorted as people read, whatever files are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    kind: KindId,
    place: usize,
}

/// The map of a whole site. Addresses begin with `root`; columns run from right to left where people read so.
#[must_use]
pub fn whole(site: &Site, insights: &Insights, config: &Config, root: &str, right_to_left: bool) -> Drawing {
    let total: usize = site.sections.iter().map(Vec::len).sum();
    let (lines, stars) = lines(site, insights, config);
    let chosen = choose(site, config, &lines);
    let mut is_chosen: Vec<Vec<bool>> = site.sections.iter().map(|section| vec![false; section.len()]).collect();
    for place in chosen.keys() {
        is_chosen[place.kind.index()][place.place] = true;
    }
    let is_chosen = |place: &Place| is_chosen[place.kind.index()][place.place];
    let lines: Vec<Drawn> = lines.into_iter().filter(|line| is_chosen(&line.first) && is_chosen(&line.then)).collect();
    // Kinds of which something is joined to something.
    let mut drawn: Vec<KindId> = lines.iter().flat_map(|line| [line.first.kind, line.then.kind]).collect();
    drawn.sort_unstable();
    drawn.dedup();
    let at = |kind: KindId| drawn.binary_search(&kind).unwrap_or(0);
    let between: Vec<(usize, usize)> = lines.iter().map(|line| (at(line.first.kind), at(line.then.kind))).collect();
    let mut order: Vec<KindId> = arrange(drawn.len(), &between).into_iter().map(|column| drawn[column]).collect();
    if right_to_left {
        order.reverse();
    }
    let number = |kind: KindId| order.iter().position(|known| *known == kind);
    let is_drawn = |place: &Place| is_chosen(place) && number(place.kind).is_some();
    let kinds = site.sections.iter().enumerate().filter(|(_, section)| !section.is_empty()).map(|(index, section)| {
        let kind = KindId::from_index(index);
        let places = section.iter().enumerate().map(|(place, page)| (Place { kind, place }, *page));
        let listed = places.clone().filter(|(place, _)| total <= LISTED_MAX || is_drawn(place));
        let drawn = places.clone().filter(|(place, _)| is_drawn(place)).count();
        Shown { kind, pages: listed.map(|(_, page)| page).collect(), drawn, total: section.len(), number: number(kind) }
    });
    let mut relations: BTreeMap<RelationId, usize> = BTreeMap::new();
    for line in &lines {
        *relations.entry(line.relation).or_default() += 1;
    }
    let relations: Vec<(RelationId, usize)> = relations.into_iter().collect();
    let places: Vec<Place> = chosen.keys().copied().filter(is_drawn).collect();
    let svg = draw(site, config, &places, &lines, &order, &relations, root);
    Drawing { svg, kinds: kinds.collect(), relations, stars }
}

/// All relations between pages of sections, once each, without those of very many pages to one; and how many these are.
fn lines(site: &Site, insights: &Insights, config: &Config) -> (Vec<Drawn>, usize) {
    let mut places: Vec<Option<Place>> = vec![None; site.documents.len()];
    for (kind, section) in site.sections.iter().enumerate() {
        for (place, page) in section.iter().enumerate() {
            places[page.index()] = Some(Place { kind: KindId::from_index(kind), place });
        }
    }
    let pages = site.documents.len();
    let named_at = |edge: &Edge| edge.relation.index() * pages + edge.to.index();
    let mut named = vec![0usize; config.relations.len() * pages];
    for edge in &insights.edges {
        named[named_at(edge)] += 1;
    }
    let mut stars = 0;
    let mut lines = Vec::with_capacity(insights.edges.len());
    for edge in &insights.edges {
        let (Some(from), Some(to)) = (places[edge.from.index()], places[edge.to.index()]) else { continue };
        let relation = config.relation(edge.relation);
        if from == to {
            continue;
        }
        if !relation.symmetric && named[named_at(edge)] > STAR_MAX {
            stars += 1;
            continue;
        }
        let (first, then) = match relation.is_needed_first() {
            _ if relation.symmetric => (from.min(to), from.max(to)),
            true => (to, from),
            false => (from, to),
        };
        lines.push(Drawn { relation: edge.relation, first, then });
    }
    lines.sort_unstable();
    lines.dedup();
    (lines, stars)
}

/// The pages that may be drawn: those of every kind but the glossary, and of a large site the best connected of each
/// kind, as many of one as of the other.
fn choose(site: &Site, config: &Config, lines: &[Drawn]) -> BTreeMap<Place, usize> {
    let mut degrees: Vec<Vec<usize>> = site.sections.iter().map(|section| vec![0; section.len()]).collect();
    for place in lines.iter().flat_map(|line| [line.first, line.then]) {
        degrees[place.kind.index()][place.place] += 1;
    }
    let mut by_kind: Vec<Vec<(usize, Place)>> = Vec::new();
    for (index, section) in site.sections.iter().enumerate() {
        let kind = KindId::from_index(index);
        if config.kind(kind).id == "term" {
            continue;
        }
        let places = (0..section.len()).map(|place| Place { kind, place });
        let mut pages: Vec<(usize, Place)> = places.map(|place| (degrees[index][place.place], place)).collect();
        if pages.iter().any(|(degree, _)| *degree > 0) {
            pages.sort_unstable_by_key(|(degree, place)| (std::cmp::Reverse(*degree), *place));
            by_kind.push(pages);
        }
    }
    let fits = |most: usize| by_kind.iter().map(|pages| pages.len().min(most)).sum::<usize>() <= DRAWN_MAX;
    let longest = by_kind.iter().map(Vec::len).max().unwrap_or(0);
    let most = if fits(longest) { longest } else { (1..longest).rev().find(|most| fits(*most)).unwrap_or(1) };
    by_kind.into_iter().flat_map(|pages| pages.into_iter().take(most)).map(|(degree, place)| (place, degree)).collect()
}

fn draw(
    site: &Site,
    config: &Config,
    places: &[Place],
    lines: &[Drawn],
    order: &[KindId],
    relations: &[(RelationId, usize)],
    root: &str,
) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let page = |place: &Place| site.sections[place.kind.index()][place.place];
    let column = |kind: KindId| order.iter().position(|known| *known == kind).unwrap_or(0);
    let labels: Vec<Label> = places.iter().map(|place| Label::new(site.title(page(place)), SPACING)).collect();
    let nodes = nodes(&labels, places.iter().map(|place| column(place.kind)));
    let at = |place: &Place| places.binary_search(place).unwrap_or(0);
    let joined: Vec<Line> = lines
        .iter()
        .map(|line| Line { group: line.relation.index(), from: at(&line.first), to: at(&line.then) })
        .collect();
    let layout = lay_out(&nodes, &joined, SPACING);
    let (x, y, width, height) = size(&layout, HEADER, 8);
    let mut svg = String::with_capacity(places.len() * 260 + lines.len() * 120);
    // Writing to a string cannot fail.
    let _ = write!(
        svg,
        "<svg class=\"map-drawing\" viewBox=\"{x} {y} {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"group\" \
         aria-labelledby=\"map-title\">"
    );
    write_arrow(&mut svg, "map-arrow");
    svg.push_str("<g class=\"map-lines\" aria-hidden=\"true\">");
    for (number, (relation, _)) in relations.iter().enumerate() {
        let arrow = if config.relation(*relation).symmetric { "" } else { " marker-end=\"url(#map-arrow)\"" };
        let _ = write!(svg, "<g class=\"r{number}\"{arrow}>");
        // Lines between the same two kinds are one group: leaving a kind out changes few elements.
        let mut groups: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
        for (at, line) in lines.iter().enumerate().filter(|(_, line)| line.relation == *relation) {
            let (first, then) = (column(line.first.kind), column(line.then.kind));
            groups.entry((first.min(then), first.max(then))).or_default().push(at);
        }
        for ((first, then), group) in groups {
            let second = if first == then { String::new() } else { format!(" k{then}") };
            let _ = write!(svg, "<g class=\"k{first}{second}\">");
            for at in group {
                let attributes = format!(" data-ends=\"{} {}\"", joined[at].from, joined[at].to);
                write_route(&mut svg, &layout.routes[at], &attributes);
            }
            svg.push_str("</g>");
        }
        svg.push_str("</g>");
    }
    svg.push_str("</g>");
    for (number, kind) in order.iter().enumerate() {
        let Some(first) = places.iter().position(|place| place.kind == *kind) else { continue };
        let _ = write!(
            svg,
            "<g class=\"k{number}\"><text class=\"map-kind\" x=\"{}\" y=\"-16\">",
            layout.places[first].0 + SPACING.width / 2
        );
        escape_into(&mut svg, &config.kind(*kind).plural);
        svg.push_str("</text>");
        // Top to bottom, so that the Tab key goes down the column.
        let mut column: Vec<usize> = (0..places.len()).filter(|place| places[*place].kind == *kind).collect();
        column.sort_by_key(|place| layout.places[*place].1);
        for place in column {
            let href = [root, site.document(page(&places[place])).outline.href.as_str()];
            let extra = format!(" data-node=\"{place}\"");
            write_box(&mut svg, layout.places[place], &labels[place], SPACING, &href, &extra);
        }
        svg.push_str("</g>");
    }
    svg.push_str("</svg>");
    svg
}
