//! The view of the map: the drawing, and the same as a list.

use super::Pages;
use super::view::{Link, MapGroup, MapKind, MapPage, MapRelation, MapView};
use crate::analyse::Direction;
use crate::base::{PageId, RelationId};
use crate::map::{self, Drawing, Shown};

/// Most pages that one relation of one page lists.
const GROUP_MAX: usize = 60;

impl<'a> Pages<'a> {
    /// The map of the whole site. Addresses in the drawing begin with `root`.
    #[must_use]
    pub fn map(&'a self, root: &str) -> MapView<'a> {
        let description = "How the pages of this guide lead to each other, as a drawing and as a list";
        let mut head = self.head("map", "Map", description, self.config.urls.map());
        head.breadcrumbs = vec![self.home_link()];
        let right_to_left = super::is_right_to_left(&self.config.language);
        let Drawing { svg, kinds, relations, stars } =
            map::whole(self.site, self.insights, self.config, root, right_to_left);
        let mut listed = vec![false; self.site.documents.len()];
        for page in kinds.iter().flat_map(|shown| &shown.pages) {
            listed[page.index()] = true;
        }
        let class = |relation: RelationId| {
            let number = relations.iter().position(|(known, _)| *known == relation);
            number.map_or_else(String::new, |number| format!("r{number}"))
        };
        let mut columns: Vec<&Shown> = kinds.iter().filter(|shown| shown.number.is_some()).collect();
        columns.sort_by_key(|shown| shown.number);
        MapView {
            head,
            drawing: svg,
            drawn: kinds.iter().map(|shown| shown.drawn).sum(),
            drawable: columns.iter().map(|shown| shown.total).sum(),
            stars,
            total: kinds.iter().map(|shown| shown.total).sum(),
            listed: kinds.iter().map(|shown| shown.pages.len()).sum(),
            relations: relations
                .iter()
                .map(|(id, count)| {
                    let relation = self.config.relation(*id);
                    MapRelation { label: &relation.label, count: *count, symmetric: relation.symmetric }
                })
                .collect(),
            columns: columns.iter().map(|shown| self.kind_tag(shown.kind)).collect(),
            kinds: kinds
                .iter()
                .map(|shown| MapKind {
                    kind: self.kind_tag(shown.kind),
                    class: shown.number.map_or_else(String::new, |number| format!("k{number}")),
                    drawn: shown.drawn,
                    total: shown.total,
                    pages: shown.pages.iter().map(|page| self.map_page(*page, &listed, &class)).collect(),
                })
                .collect(),
        }
    }

    fn map_page(&'a self, page: PageId, listed: &[bool], class: &dyn Fn(RelationId) -> String) -> MapPage<'a> {
        let groups = self.insights.relations[page.index()].iter().filter(|group| group.direction != Direction::In);
        let relations = groups.filter_map(|group| {
            let links: Vec<Link<'a>> = group
                .pages
                .iter()
                .filter(|other| listed[other.index()])
                .take(GROUP_MAX)
                .map(|other| self.link(*other))
                .collect();
            let label = self.config.relation(group.relation).label.as_str();
            (!links.is_empty()).then(|| MapGroup { label, class: class(group.relation), links })
        });
        MapPage { link: self.link(page), relations: relations.collect() }
    }

    /// The drawing of what is around a page, where the site wants maps.
    pub(super) fn drawing_around(&self, page: PageId) -> String {
        if !self.config.around {
            return String::new();
        }
        let root = self.site.url(page).to_root();
        map::draw_around(self.site, page, &self.insights.around[page.index()], &root)
    }
}
