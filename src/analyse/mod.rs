//! Questions over the whole graph: relations in both directions, backlinks, related pages, learning order, and rules.

pub mod around;
mod checks;
mod related;

use std::sync::Arc;

use crate::base::{FactId, Fingerprint, Gathered, PageId, RelationId, fingerprint_of};
use crate::config::Config;
use crate::read::calculator::fact_ids;
use crate::read::{Document, Prose, Reference};
use crate::resolve::links::is_article;
use crate::resolve::{Answer, Answers, Edge, Site};

pub use around::Around;
pub use checks::check;
pub use related::{Nearness, Related, Scores};

/// Which way a relation is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// From the page that declares it.
    Out,
    /// From the page it names.
    In,
    /// It is symmetric.
    Both,
}

/// The pages that one page has one relation to, in one direction.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RelationGroup {
    /// Which relation.
    pub relation: RelationId,
    /// Which way.
    pub direction: Direction,
    /// Sorted as their sections are read.
    pub pages: Vec<PageId>,
}

/// A mention of a page in the prose of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mention {
    /// The page that is mentioned.
    pub to: PageId,
    /// The page that mentions it.
    pub from: PageId,
    /// What in it leads to the page.
    pub by: MentionedBy,
}

impl Mention {
    /// The link and the prose that it stands in, where it is one. `from` is the document of the page that mentions.
    #[must_use]
    pub fn link(self, from: &Document) -> Option<(&Reference, &Prose)> {
        let MentionedBy::Link { prose, reference } = self.by else { return None };
        let prose = from.proses().nth(prose as usize)?;
        Some((prose.references.get(reference as usize)?, prose))
    }
}

/// What leads from one page to another besides relations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MentionedBy {
    /// A link in a text.
    Link {
        /// Which of the document's proses, the body being the first.
        prose: u32,
        /// Which reference in that prose.
        reference: u32,
    },
    /// Where a calculator's answer sends its reader: which of the document's next steps.
    NextStep(u32),
}

/// What the graph says about each page; lists are indexed by page.
#[derive(Debug, Default)]
pub struct Insights {
    /// All typed relations, sorted.
    pub edges: Vec<Edge>,
    /// Place of each page in the order people read, by which its relations are ordered.
    places: Vec<u32>,
    /// Relations of each page, both ways, in the order of the vocabulary.
    pub relations: Vec<Vec<RelationGroup>>,
    /// First mention of each page by each other page, sorted by the page that mentions.
    pub backlinks: Vec<Vec<Mention>>,
    /// Pages that are near: shared topics and neighbours.
    pub related: Vec<Vec<Related>>,
    /// What to learn first, in order, for each page that requires something; without the page itself.
    pub learning_order: Vec<Vec<PageId>>,
    /// What is around each page.
    pub around: Vec<Around>,
    /// Facts used by each page, sorted; indexed by page.
    pub facts_of_page: Vec<Vec<FactId>>,
    /// Pages that use each fact, sorted; indexed by fact.
    pub pages_of_fact: Vec<Vec<PageId>>,
}

/// Answers every question that needs the whole graph. `answers` are those of all documents, in their order; `related`
/// asks what is near each page, in the order of pages.
#[must_use]
pub fn analyse(
    site: &Site,
    answers: &[Arc<Answers>],
    config: &Config,
    related: impl FnOnce(&Nearness) -> Vec<Vec<Related>>,
) -> Insights {
    let edges = sorted_edges(answers);
    let places = reading_places(site);
    let relations = group_relations(site, &edges, &places, config);
    let backlinks = backlinks(site, answers);
    let (facts_of_page, pages_of_fact) = fact_uses(site, answers);
    let related = related(&Nearness::new(site, &edges, &backlinks));
    let learning_order = learning_order(site, &edges, config);
    let around = neighbourhoods(site, &relations, config);
    Insights { edges, places, relations, backlinks, related, learning_order, around, facts_of_page, pages_of_fact }
}

impl Insights {
    /// The insights of a site with the same [`structure`]: the order in which people read may be another, and relations
    /// may stand in other places of their files.
    #[must_use]
    pub fn reordered(self, site: &Site, answers: &[Arc<Answers>], config: &Config) -> Self {
        let edges = sorted_edges(answers);
        let places = reading_places(site);
        if places == self.places {
            return Self { edges, ..self };
        }
        let relations = group_relations(site, &edges, &places, config);
        let around = match relations == self.relations {
            true => self.around,
            false => neighbourhoods(site, &relations, config),
        };
        Self { edges, places, relations, around, ..self }
    }

    /// Of the order in which people read.
    #[must_use]
    pub fn reading_order(&self) -> Fingerprint {
        fingerprint_of(&self.places)
    }
}

fn neighbourhoods(site: &Site, relations: &[Vec<RelationGroup>], config: &Config) -> Vec<Around> {
    (0..site.documents.len()).map(|page| around::around(PageId::from_index(page), relations, config)).collect()
}

/// Of everything that the graph follows from but for the order in which people read, settings aside. `leads` are those
/// of all documents' answers, in their order.
#[must_use]
pub fn structure<'a>(site: &Site, leads: impl Iterator<Item = &'a Fingerprint>) -> Fingerprint {
    let mut gathered = Gathered::new();
    for (document, published) in site.documents.iter().zip(&site.published) {
        gathered.number(usize::from(*published) * 2 + usize::from(is_article(document)));
    }
    for lead in leads {
        gathered.add(*lead);
    }
    gathered.number(site.facts.len());
    let mut pages = Vec::new();
    for topic in &site.topics {
        pages.clone_from(&topic.pages);
        pages.sort_unstable();
        gathered.number(pages.len());
        for page in &pages {
            gathered.number(page.index());
        }
    }
    gathered.fingerprint()
}

/// All edges, by relation, then by page. Answers come in the order of pages, so the few of one page are all that is sorted.
fn sorted_edges(answers: &[Arc<Answers>]) -> Vec<Edge> {
    let mut of_relations: Vec<Vec<Edge>> = Vec::new();
    for edge in answers.iter().flat_map(|answers| &answers.edges) {
        let index = edge.relation.index();
        if of_relations.len() <= index {
            of_relations.resize_with(index + 1, Vec::new);
        }
        of_relations[index].push(*edge);
    }
    let mut edges = Vec::with_capacity(of_relations.iter().map(Vec::len).sum());
    for mut of_relation in of_relations {
        of_relation.chunk_by_mut(|one, next| one.from == next.from).for_each(<[Edge]>::sort_unstable);
        edges.append(&mut of_relation);
    }
    edges
}

/// A page's place in the order people read: by kind, then by its section's order.
fn reading_places(site: &Site) -> Vec<u32> {
    let mut places = vec![0; site.documents.len()];
    for (place, page) in site.sections.iter().flatten().enumerate() {
        places[page.index()] = u32::try_from(place).unwrap_or(u32::MAX);
    }
    places
}

fn group_relations(site: &Site, edges: &[Edge], place: &[u32], config: &Config) -> Vec<Vec<RelationGroup>> {
    let both = |edge: &Edge| {
        let symmetric = config.relation(edge.relation).symmetric;
        let (out, back) = if symmetric { (Direction::Both, Direction::Both) } else { (Direction::Out, Direction::In) };
        [(edge.from, out, edge.to), (edge.to, back, edge.from)]
    };
    let mut counts = vec![0usize; site.documents.len()];
    for (page, ..) in edges.iter().flat_map(both) {
        counts[page.index()] += 1;
    }
    let mut ends: Vec<Vec<(RelationId, Direction, u32, PageId)>> = counts.into_iter().map(Vec::with_capacity).collect();
    for edge in edges {
        for (page, direction, other) in both(edge) {
            ends[page.index()].push((edge.relation, direction, place[other.index()], other));
        }
    }
    let group = |mut ends: Vec<(RelationId, Direction, u32, PageId)>| {
        ends.sort_unstable();
        ends.dedup();
        let groups = ends.chunk_by(|one, next| (one.0, one.1) == (next.0, next.1));
        let group = |group: &[(RelationId, Direction, u32, PageId)]| RelationGroup {
            relation: group[0].0,
            direction: group[0].1,
            pages: group.iter().map(|(.., other)| *other).collect(),
        };
        groups.map(group).collect()
    };
    ends.into_iter().map(group).collect()
}

/// The first mention of each published page by each other one, sorted by the page that mentions; links to oneself left
/// out. Next steps of calculators come after what is said in prose.
fn backlinks(site: &Site, answers: &[Arc<Answers>]) -> Vec<Vec<Mention>> {
    let mut backlinks: Vec<Vec<Mention>> = vec![Vec::new(); site.documents.len()];
    let mut add = |mention: Mention| {
        // Pages come in their order: only the latest mention can be by the same one.
        let known = &mut backlinks[mention.to.index()];
        if mention.to != mention.from && known.last().is_none_or(|latest| latest.from != mention.from) {
            known.push(mention);
        }
    };
    let number = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
    for (index, answers) in answers.iter().enumerate() {
        let from = PageId::from_index(index);
        if !site.is_published(from) {
            continue;
        }
        for (prose, references) in answers.references.iter().enumerate() {
            for (reference, answer) in references.iter().enumerate() {
                let to = match answer {
                    Answer::Page { page, .. } => *page,
                    Answer::Calculator(index, _) => site.calculators.get(*index as usize).page,
                    _ => continue,
                };
                let by = MentionedBy::Link { prose: number(prose), reference: number(reference) };
                add(Mention { to, from, by });
            }
        }
        for (to, step) in &answers.next {
            add(Mention { to: *to, from, by: MentionedBy::NextStep(*step) });
        }
    }
    backlinks.iter_mut().for_each(Vec::shrink_to_fit);
    backlinks
}

fn fact_uses(site: &Site, answers: &[Arc<Answers>]) -> (Vec<Vec<FactId>>, Vec<Vec<PageId>>) {
    let mut of_page = vec![Vec::new(); site.documents.len()];
    let mut of_fact = vec![Vec::new(); site.facts.len()];
    let libraries = site.calculators.libraries();
    for (index, answers) in answers.iter().enumerate() {
        let page = PageId::from_index(index);
        if !site.is_published(page) {
            continue;
        }
        let list: &mut Vec<_> = &mut of_page[index];
        for answer in answers.references.iter().flatten() {
            if let Answer::Fact(fact) = answer {
                list.push(*fact);
            }
        }
        for placed in &site.documents[index].calculators {
            let included =
                placed.declaration.include.iter().filter_map(|name| libraries.get(name.value.as_str()).copied());
            for declaration in std::iter::once(&*placed.declaration).chain(included) {
                list.extend(fact_ids(declaration).filter_map(|id| site.fact_ids.get(id)));
            }
        }
        list.sort_unstable();
        list.dedup();
        for fact in list {
            of_fact[fact.index()].push(page);
        }
    }
    (of_page, of_fact)
}

/// For each page, everything it requires, directly or not, in an order that can be learned from first to last. Only
/// transitive, acyclic relations count; a circle (a fault reported elsewhere) is cut where it closes.
fn learning_order(site: &Site, edges: &[Edge], config: &Config) -> Vec<Vec<PageId>> {
    /// More than this is a library, not a list to learn from.
    const PAGES_MAX: usize = 40;
    let Some(relation) = config.learning() else {
        return vec![Vec::new(); site.documents.len()];
    };
    let mut requires: Vec<Vec<PageId>> = vec![Vec::new(); site.documents.len()];
    for edge in edges.iter().filter(|edge| edge.relation == relation) {
        requires[edge.from.index()].push(edge.to);
    }
    let mut orders = Vec::with_capacity(site.documents.len());
    let mut seen = vec![0u32; site.documents.len()];
    for start in 0..site.documents.len() {
        let mut order = Vec::new();
        if !requires[start].is_empty() {
            let round = u32::try_from(start).unwrap_or(u32::MAX).saturating_add(1);
            seen[start] = round;
            let mut stack: Vec<(usize, usize)> = vec![(start, 0)];
            while let Some((page, next)) = stack.last_mut() {
                let here = *page;
                match requires[here].get(*next) {
                    Some(required) => {
                        *next += 1;
                        let required = required.index();
                        if seen[required] != round && order.len() + stack.len() <= PAGES_MAX {
                            seen[required] = round;
                            stack.push((required, 0));
                        }
                    }
                    None => {
                        stack.pop();
                        if here != start {
                            order.push(PageId::from_index(here));
                        }
                    }
                }
            }
        }
        orders.push(order);
    }
    orders
}
