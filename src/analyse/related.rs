//! Related pages: scored by shared topics and shared neighbours.

use crate::base::PageId;
use crate::resolve::links::is_article;
use crate::resolve::{Edge, Site};

use super::Mention;

/// A page that is near another, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Related {
    /// The near page.
    pub page: PageId,
    /// Topics both name.
    pub topics: u16,
    /// Pages both relate to or are linked with.
    pub neighbours: u16,
}

/// How many related pages a page shows.
const SHOWN_MAX: usize = 6;

/// Neighbours with more links than this say nothing about nearness (every page is part of the hub), and looking at
/// all of them would cost the square of the site.
const DEGREE_MAX: usize = 64;

/// For each page the nearest others, best first. Pages that already stand among its relations are left out.
///
/// The score is three for each shared topic and one for each shared neighbour; of topics with many pages only those
/// next to it in the topic's order are looked at. Linear in pages for a bounded degree.
#[must_use]
pub fn related(site: &Site, edges: &[Edge], backlinks: &[Vec<Mention>]) -> Vec<Vec<Related>> {
    let count = site.documents.len();
    let neighbours = neighbours(count, edges, backlinks);
    let mut direct: Vec<Vec<u32>> = vec![Vec::new(); count];
    for edge in edges {
        direct[edge.from.index()].push(edge.to.0);
        direct[edge.to.index()].push(edge.from.0);
    }
    let mut topics_of: Vec<Vec<(u32, u32)>> = vec![Vec::new(); count];
    for (topic, list) in site.topics.iter().enumerate() {
        for (place, page) in list.pages.iter().enumerate() {
            topics_of[page.index()].push((number(topic), number(place)));
        }
    }
    let mut scores = Scores { topics: vec![0; count], neighbours: vec![0; count], touched: Vec::new() };
    let mut all = Vec::with_capacity(count);
    for page in 0..count {
        if !site.published[page] || !is_article(&site.documents[page]) {
            all.push(Vec::new());
            continue;
        }
        for neighbour in &neighbours[page] {
            let around = &neighbours[*neighbour as usize];
            if around.len() <= DEGREE_MAX {
                for other in around {
                    scores.neighbour(*other);
                }
            }
        }
        for (topic, place) in &topics_of[page] {
            let pages = &site.topics[*topic as usize].pages;
            let place = *place as usize;
            for other in &pages[place.saturating_sub(DEGREE_MAX / 2)..(place + DEGREE_MAX / 2).min(pages.len())] {
                scores.topic(other.0);
            }
        }
        all.push(scores.take(site, page, &direct[page]));
    }
    all
}

/// Pages one link away in either direction, sorted, once each.
fn neighbours(count: usize, edges: &[Edge], backlinks: &[Vec<Mention>]) -> Vec<Vec<u32>> {
    let mut neighbours: Vec<Vec<u32>> = vec![Vec::new(); count];
    let links = backlinks.iter().flatten().map(|mention| (mention.from.0, mention.to.0));
    for (a, b) in edges.iter().map(|edge| (edge.from.0, edge.to.0)).chain(links) {
        neighbours[a as usize].push(b);
        neighbours[b as usize].push(a);
    }
    for list in &mut neighbours {
        list.sort_unstable();
        list.dedup();
    }
    neighbours
}

/// Counters for every page, reset by what was touched.
struct Scores {
    topics: Vec<u16>,
    neighbours: Vec<u16>,
    touched: Vec<u32>,
}

impl Scores {
    fn touch(&mut self, page: u32) {
        if self.topics[page as usize] == 0 && self.neighbours[page as usize] == 0 {
            self.touched.push(page);
        }
    }

    fn topic(&mut self, page: u32) {
        self.touch(page);
        self.topics[page as usize] = self.topics[page as usize].saturating_add(1);
    }

    fn neighbour(&mut self, page: u32) {
        self.touch(page);
        self.neighbours[page as usize] = self.neighbours[page as usize].saturating_add(1);
    }

    fn take(&mut self, site: &Site, page: usize, direct: &[u32]) -> Vec<Related> {
        let mut best: Vec<Related> = Vec::new();
        for other in self.touched.drain(..) {
            let index = other as usize;
            let related =
                Related { page: PageId(other), topics: self.topics[index], neighbours: self.neighbours[index] };
            self.topics[index] = 0;
            self.neighbours[index] = 0;
            // One shared neighbour alone is chance.
            let near = related.topics > 0 || related.neighbours > 1;
            if near && index != page && !direct.contains(&other) && is_article(&site.documents[index]) {
                best.push(related);
            }
        }
        let score =
            |related: &Related| std::cmp::Reverse(3 * u32::from(related.topics) + u32::from(related.neighbours));
        if best.len() > SHOWN_MAX {
            best.select_nth_unstable_by_key(SHOWN_MAX, |related| (score(related), related.page));
            best.truncate(SHOWN_MAX);
        }
        best.sort_unstable_by_key(|related| (score(related), related.page));
        best.shrink_to_fit();
        best
    }
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
