//! The neighbourhood of a page: what comes before it, stands beside it and follows, and how these are related.

use super::{Direction, RelationGroup};
use crate::base::{Fingerprint, Gathered, PageId, RelationId};
use crate::config::{Config, Relation};

/// A page that more pages than this have one relation to is where everything belongs: that says nothing about place.
pub const STAR_MAX: usize = 24;

/// Most pages of a neighbourhood before its page, beside it and after it.
const SIDES_MAX: [usize; 3] = [5, 2, 6];

/// So many pages of a group are looked at for relations among neighbours.
const SCANNED_MAX: usize = 64;

/// Where a neighbour stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// It leads here, or is needed first.
    Before,
    /// It is an alternative.
    Beside,
    /// It follows from here.
    After,
}

/// A relation between two pages of a neighbourhood, by their places in it; from what comes first to what follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tie {
    /// Which relation.
    pub relation: RelationId,
    /// What comes first.
    pub first: u8,
    /// What follows.
    pub then: u8,
    /// Neither comes first.
    pub symmetric: bool,
}

/// The neighbourhood of one page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Around {
    /// The neighbours; in ties they are numbered from 1, and the page itself is 0.
    pub neighbours: Box<[(PageId, Side)]>,
    /// How all of them are related, sorted.
    pub ties: Box<[Tie]>,
    /// Neighbours that there was no room for.
    pub left_out: usize,
    /// Of everything above but for which pages the neighbours are.
    pub fingerprint: Fingerprint,
}

/// The neighbourhood of `page`; `relations` are the groups of all pages.
#[must_use]
pub fn around(page: PageId, relations: &[Vec<RelationGroup>], config: &Config) -> Around {
    let mut neighbours: Vec<(PageId, Side)> = Vec::new();
    let mut left_out = 0;
    for side in [Side::Before, Side::Beside, Side::After] {
        let groups: Vec<&RelationGroup> = relations[page.index()]
            .iter()
            .filter(|group| side_of(config.relation(group.relation), group.direction) == side)
            .filter(|group| group.direction != Direction::In || group.pages.len() <= STAR_MAX)
            .collect();
        let most = SIDES_MAX[side as usize];
        let mut chosen = 0;
        // One of each group in turn: every relation is there before any is there whole.
        for at in 0..groups.iter().map(|group| group.pages.len()).max().unwrap_or(0).min(SCANNED_MAX) {
            for group in &groups {
                let Some(other) = group.pages.get(at).copied() else { continue };
                let is_known = other == page || neighbours.iter().any(|(known, _)| *known == other);
                if is_known || group.direction == Direction::Out && is_star(other, group.relation, relations) {
                    continue;
                }
                if chosen < most {
                    neighbours.push((other, side));
                    chosen += 1;
                } else {
                    left_out += 1;
                }
            }
        }
    }
    let ties = ties(page, &neighbours, relations, config);
    let mut gathered = Gathered::new();
    gathered.number(left_out);
    for (_, side) in &neighbours {
        gathered.number(*side as usize);
    }
    for tie in &ties {
        gathered.number(tie.relation.index());
        gathered.number(usize::from(tie.first) << 8 | usize::from(tie.then));
    }
    Around { neighbours: neighbours.into(), ties: ties.into(), left_out, fingerprint: gathered.fingerprint() }
}

fn side_of(relation: &Relation, direction: Direction) -> Side {
    match (direction, relation.is_needed_first()) {
        (Direction::Both, _) => Side::Beside,
        (Direction::Out, true) | (Direction::In, false) => Side::Before,
        (Direction::Out, false) | (Direction::In, true) => Side::After,
    }
}

/// Whether very many pages have one relation to a page.
#[must_use]
pub fn is_star(page: PageId, relation: RelationId, relations: &[Vec<RelationGroup>]) -> bool {
    let groups = &relations[page.index()];
    groups
        .iter()
        .any(|group| group.relation == relation && group.direction == Direction::In && group.pages.len() > STAR_MAX)
}

fn ties(page: PageId, neighbours: &[(PageId, Side)], relations: &[Vec<RelationGroup>], config: &Config) -> Vec<Tie> {
    let all: Vec<PageId> = std::iter::once(page).chain(neighbours.iter().map(|(page, _)| *page)).collect();
    let mut ties = Vec::new();
    for (from, page) in (0u8..).zip(&all) {
        for group in relations[page.index()].iter().filter(|group| group.direction != Direction::In) {
            for other in group.pages.iter().take(SCANNED_MAX) {
                let Some((to, _)) = (0u8..).zip(&all).find(|(_, known)| *known == other) else { continue };
                let relation = config.relation(group.relation);
                let symmetric = relation.symmetric;
                let (first, then) = match relation.is_needed_first() {
                    _ if symmetric => (from.min(to), from.max(to)),
                    true => (to, from),
                    false => (from, to),
                };
                if first != then {
                    ties.push(Tie { relation: group.relation, first, then, symmetric });
                }
            }
        }
    }
    ties.sort_unstable();
    ties.dedup();
    ties
}
