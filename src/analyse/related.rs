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
    let (starts, lists) = neighbours(count, edges, backlinks);
    let neighbours = |page: usize| &lists[starts[page] as usize..starts[page + 1] as usize];
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
    let mut scores =
        Scores { topics: vec![0; count], neighbours: vec![0; count], touched: Vec::new(), best: Vec::new() };
    let articles: Vec<bool> = site.documents.iter().map(|document| is_article(document)).collect();
    let mut all = Vec::with_capacity(count);
    for page in 0..count {
        if !site.published[page] || !articles[page] {
            all.push(Vec::new());
            continue;
        }
        for neighbour in neighbours(page) {
            let around = neighbours(*neighbour as usize);
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
        all.push(scores.take(&articles, page, &direct[page]));
    }
    all
}

/// Pages one link away in either direction, sorted, once each: where each page's list begins, and all lists in a row.
fn neighbours(count: usize, edges: &[Edge], backlinks: &[Vec<Mention>]) -> (Vec<u32>, Vec<u32>) {
    let pairs = || {
        let links = backlinks.iter().flatten().map(|mention| (mention.from.0, mention.to.0));
        edges.iter().map(|edge| (edge.from.0, edge.to.0)).chain(links)
    };
    let mut starts = vec![0u32; count + 1];
    for (a, b) in pairs() {
        starts[a as usize + 1] += 1;
        starts[b as usize + 1] += 1;
    }
    for page in 0..count {
        starts[page + 1] += starts[page];
    }
    let mut ends: Vec<u32> = starts[..count].to_vec();
    let mut lists = vec![0u32; starts[count] as usize];
    for (a, b) in pairs() {
        for (from, to) in [(a, b), (b, a)] {
            let end = &mut ends[from as usize];
            lists[*end as usize] = to;
            *end += 1;
        }
    }
    let mut packed = 0;
    let mut next = 0;
    for page in 0..count {
        let end = starts[page + 1] as usize;
        lists[next..end].sort_unstable();
        starts[page] = number(packed);
        let mut last = None;
        for at in next..end {
            if last != Some(lists[at]) {
                last = Some(lists[at]);
                lists[packed] = lists[at];
                packed += 1;
            }
        }
        next = end;
    }
    starts[count] = number(packed);
    lists.truncate(packed);
    (starts, lists)
}

/// Counters for every page, reset by what was touched.
struct Scores {
    topics: Vec<u16>,
    neighbours: Vec<u16>,
    touched: Vec<u32>,
    best: Vec<Related>,
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

    fn take(&mut self, articles: &[bool], page: usize, direct: &[u32]) -> Vec<Related> {
        let mut best = std::mem::take(&mut self.best);
        best.clear();
        for other in self.touched.drain(..) {
            let index = other as usize;
            let related =
                Related { page: PageId(other), topics: self.topics[index], neighbours: self.neighbours[index] };
            self.topics[index] = 0;
            self.neighbours[index] = 0;
            // One shared neighbour alone is chance.
            let near = related.topics > 0 || related.neighbours > 1;
            if near && index != page && !direct.contains(&other) && articles[index] {
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
        let kept = best.as_slice().to_vec();
        self.best = best;
        kept
    }
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
