//! Pages side by side: the fields and relations of those that a page compares, with what differs between them.

use std::collections::BTreeSet;

use super::Pages;
use super::drawing::{self, Measured, Scale};
use super::view::{BesideRow, BesideView, SpreadRow, SpreadsView};
use crate::analyse::Direction;
use crate::base::PageId;
use crate::config::{Field, Shape};
use crate::read::FieldValue;
use crate::read::html::{escape_href_into, escape_into};
use crate::read::measure::Unit;
use crate::render::Body;

/// Most pages that stand in columns; more do not fit a screen and are drawn on scales alone.
const COLUMNS_MAX: usize = 4;

/// What a page compares.
#[derive(Debug, Default)]
pub(super) struct Beside<'a> {
    /// Two to four of them in columns.
    pub(super) table: Option<BesideView<'a>>,
    /// Their numbers on scales.
    pub(super) spreads: Vec<SpreadsView<'a>>,
}

impl<'a> Pages<'a> {
    /// The pages that a page sets side by side: those it leads to by a relation that does so.
    pub(super) fn compared(&self, page: PageId) -> Vec<PageId> {
        let groups = &self.insights.relations[page.index()];
        let group = groups
            .iter()
            .find(|group| group.direction == Direction::Out && self.config.relation(group.relation).side_by_side);
        group.map_or_else(Vec::new, |group| if group.pages.len() < 2 { Vec::new() } else { group.pages.to_vec() })
    }

    pub(super) fn beside(&'a self, page: PageId, fields_of: &dyn Fn(PageId) -> Body) -> Beside<'a> {
        let compared = self.compared(page);
        if compared.is_empty() {
            return Beside::default();
        }
        let spreads = self.spreads(&compared, 2);
        if compared.len() > COLUMNS_MAX {
            return Beside { table: None, spreads };
        }
        let bodies: Vec<Body> = compared.iter().map(|page| fields_of(*page)).collect();
        let mut rows = Vec::new();
        for field in self.common_fields(&compared) {
            rows.extend(self.field_row(field, &compared, &bodies));
        }
        self.push_relation_rows(page, &compared, &mut rows);
        let columns = compared.iter().map(|page| self.item(*page)).collect();
        Beside { table: (!rows.is_empty()).then_some(BesideView { columns, rows }), spreads }
    }

    /// The fields of the pages' kinds in their order, each once.
    fn common_fields(&self, pages: &[PageId]) -> Vec<&'a Field> {
        let mut fields: Vec<&'a Field> = Vec::new();
        for page in pages {
            for field in &self.config.kind(self.site.kind(*page)).fields {
                let is_short = !matches!(&field.shape, Shape::List(of) if **of == Shape::Markdown);
                if is_short && !fields.iter().any(|known| known.id == field.id) {
                    fields.push(field);
                }
            }
        }
        fields
    }

    fn value_of(&self, page: PageId, id: &str) -> Option<(usize, &'a FieldValue)> {
        let site = self.site;
        site.document(page).front.fields.iter().enumerate().find(|(_, value)| value.id == id)
    }

    fn field_row(&self, field: &'a Field, pages: &[PageId], bodies: &[Body]) -> Option<BesideRow<'a>> {
        let mut cells = Vec::with_capacity(pages.len());
        let mut measured = Vec::with_capacity(pages.len());
        for (page, body) in pages.iter().zip(bodies) {
            let value = self.value_of(*page, &field.id);
            cells.push(value.map_or_else(String::new, |(at, value)| cell(value, &body.fields[at])));
            measured.push(value.and_then(|(_, value)| Measured::of(self.site, value)));
        }
        let said = cells.iter().filter(|cell| !cell.is_empty()).count();
        if said == 0 {
            return None;
        }
        let is_number = measured.iter().any(Option::is_some);
        let difference = match is_number {
            true => difference(&measured),
            false if said == cells.len() && cells.iter().all(|cell| *cell == cells[0]) => "The same".to_owned(),
            false => String::new(),
        };
        Some(BesideRow { id: &field.id, label: &field.label, cells, difference, is_number })
    }

    /// What the pages lead to, by relation, with what they have in common.
    fn push_relation_rows(&'a self, host: PageId, pages: &[PageId], rows: &mut Vec<BesideRow<'a>>) {
        let root = self.site.url(host).to_root();
        for index in 0..self.config.relations.len() {
            let id = crate::base::RelationId::from_index(index);
            let relation = self.config.relation(id);
            // What everything is part of, and what things contrast with, sets none of them apart.
            if relation.symmetric || (relation.transitive && relation.from.is_empty()) {
                continue;
            }
            let led: Vec<BTreeSet<PageId>> = pages
                .iter()
                .map(|page| {
                    let groups = &self.insights.relations[page.index()];
                    let group = groups.iter().find(|group| group.relation == id && group.direction == Direction::Out);
                    group.map_or_else(BTreeSet::new, |group| group.pages.iter().copied().collect())
                })
                .collect();
            if led.iter().all(BTreeSet::is_empty) {
                continue;
            }
            let cells = led.iter().map(|pages| self.links(pages.iter().copied(), &root)).collect();
            let mut shared = led[0].clone();
            for other in &led[1..] {
                shared.retain(|page| other.contains(page));
            }
            let difference = match (shared.len(), led.iter().all(|pages| *pages == led[0])) {
                (_, true) => "The same".to_owned(),
                (0, _) => "Nothing in common".to_owned(),
                (shared, _) => format!("{shared} in common"),
            };
            rows.push(BesideRow { id: &relation.id, label: &relation.label, cells, difference, is_number: false });
        }
    }

    fn links(&self, pages: impl Iterator<Item = PageId>, root: &str) -> String {
        let mut html = String::new();
        for page in pages {
            html.push_str(if html.is_empty() { "<ul>" } else { "" });
            html.push_str("<li><a href=\"");
            escape_href_into(&mut html, &format!("{root}{}", self.href(page)));
            html.push_str("\" data-kind=\"");
            html.push_str(&self.kind_tag(self.site.kind(page)).id);
            html.push_str("\">");
            escape_into(&mut html, self.site.title(page));
            html.push_str("</a></li>");
        }
        if !html.is_empty() {
            html.push_str("</ul>");
        }
        html
    }

    /// Every number that at least `least` of the pages count in one unit, on one scale.
    pub(super) fn spreads(&'a self, pages: &[PageId], least: usize) -> Vec<SpreadsView<'a>> {
        let mut views = Vec::new();
        for field in self.common_fields(pages) {
            let measured: Vec<(PageId, Measured<'a>)> = pages
                .iter()
                .filter_map(|page| {
                    let (_, value) = self.value_of(*page, &field.id)?;
                    Some((*page, Measured::of(self.site, value)?))
                })
                .collect();
            let Some(unit) = most_used_unit(&measured) else { continue };
            let mut rows: Vec<(PageId, Measured<'a>)> =
                measured.into_iter().filter(|(_, measured)| *measured.unit == unit).collect();
            // One number each is read faster in a list than in a drawing.
            let is_worth_it = rows.len() >= least && rows.iter().any(|(_, measured)| measured.is_spread());
            if !is_worth_it {
                continue;
            }
            let falling = unit.is_money();
            rows.sort_by(|(_, a), (_, b)| {
                let order = a.middle().total_cmp(&b.middle());
                if falling { order.reverse() } else { order }
            });
            views.push(self.spreads_view(field, &rows, pages.len() - rows.len()));
        }
        views
    }

    fn spreads_view(&'a self, field: &'a Field, rows: &[(PageId, Measured<'a>)], left_out: usize) -> SpreadsView<'a> {
        let scale = Scale::of(rows.iter().map(|(_, measured)| measured.ends()));
        let of = |(page, measured): &(PageId, Measured<'a>)| {
            format!("{}, {}", self.site.title(*page), measured.unit.format(drawing::rounded(measured.middle()), true))
        };
        let (first, last) = (&rows[0], &rows[rows.len() - 1]);
        let finding = match first.1.middle().total_cmp(&last.1.middle()) {
            std::cmp::Ordering::Less => format!("Least: {}. Most: {}.", of(first), of(last)),
            std::cmp::Ordering::Greater => format!("Most: {}. Least: {}.", of(first), of(last)),
            std::cmp::Ordering::Equal => format!("The same for all: {}.", first.1.words()),
        };
        let origin = |measured: &Measured<'a>| measured.fact.map(|fact| (&fact.source, fact.as_of));
        let mixed = rows.iter().any(|(_, measured)| origin(measured) != origin(&first.1));
        let rows = rows
            .iter()
            .map(|(page, measured)| SpreadRow {
                title: self.site.title(*page),
                path: self.href(*page),
                value: measured.words(),
                svg: drawing::row(measured, scale),
            })
            .collect();
        SpreadsView { id: &field.id, label: &field.label, finding, rows, left_out, mixed }
    }
}

/// The HTML of a value in a cell.
fn cell(value: &FieldValue, pieces: &[String]) -> String {
    match value.is_list {
        true => format!("<ul><li>{}</li></ul>", pieces.join("</li><li>")),
        false => pieces.concat(),
    }
}

/// The unit that most of the numbers have; the first of those used equally often.
fn most_used_unit(measured: &[(PageId, Measured<'_>)]) -> Option<Unit> {
    let count = |unit: &Unit| measured.iter().filter(|(_, other)| other.unit == unit).count();
    let mut best: Option<(usize, &Unit)> = None;
    for (_, one) in measured {
        let times = count(one.unit);
        if best.is_none_or(|(most, _)| times > most) {
            best = Some((times, one.unit));
        }
    }
    best.map(|(_, unit)| unit.clone())
}

/// How far apart numbers are, in words.
fn difference(measured: &[Option<Measured<'_>>]) -> String {
    let all: Vec<&Measured<'_>> = measured.iter().flatten().collect();
    if all.len() < measured.len() {
        return "Not known for all".to_owned();
    }
    if all.iter().any(|one| one.unit != all[0].unit) {
        return "Counted in different units".to_owned();
    }
    if let [first, second] = all.as_slice() {
        let apart = drawing::rounded(second.middle() - first.middle());
        let amount = first.unit.format(apart.abs(), true);
        return match apart {
            apart if apart > 0.0 => format!("{amount} more"),
            apart if apart < 0.0 => format!("{amount} less"),
            _ => "The same".to_owned(),
        };
    }
    let middles = all.iter().map(|one| one.middle());
    let (least, most) = middles
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), one| (f64::min(least, one), f64::max(most, one)));
    match drawing::rounded(most - least) {
        apart if apart > 0.0 => format!("{} between least and most", all[0].unit.format(apart, true)),
        _ => "The same".to_owned(),
    }
}
