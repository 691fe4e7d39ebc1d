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

/// Which pages are near which: three points for each shared topic and one for each shared neighbour; of topics with
/// many pages only those next to a page in the topic's order count. What it takes to ask for one page is bounded, so
/// asking for all is linear in pages.
pub struct Nearness {
    /// Pages of each topic, sorted: what is near must not hang on what pages are called.
    topics: Vec<Vec<PageId>>,
    /// Where each page's list of neighbours begins.
    starts: Vec<u32>,
    /// All lists in a row.
    neighbours: Vec<u32>,
    /// Pages that stand among each page's relations.
    direct: Vec<Vec<u32>>,
    /// Topics of each page, with its place in each.
    places: Vec<Vec<(u32, u32)>>,
    /// Whether each page is a published article.
    articles: Vec<bool>,
}

impl Nearness {
    /// Gathers what all pages ask for.
    #[must_use]
    pub fn new(site: &Site, edges: &[Edge], backlinks: &[Vec<Mention>]) -> Self {
        let count = site.documents.len();
        let (starts, neighbours) = neighbours(count, edges, backlinks);
        let mut direct: Vec<Vec<u32>> = vec![Vec::new(); count];
        for edge in edges {
            direct[edge.from.index()].push(edge.to.0);
            direct[edge.to.index()].push(edge.from.0);
        }
        let mut topics: Vec<Vec<PageId>> = site.topics.iter().map(|topic| topic.pages.clone()).collect();
        let mut places: Vec<Vec<(u32, u32)>> = vec![Vec::new(); count];
        for (topic, pages) in topics.iter_mut().enumerate() {
            pages.sort_unstable();
            for (place, page) in pages.iter().enumerate() {
                places[page.index()].push((number(topic), number(place)));
            }
        }
        let articles =
            site.documents.iter().zip(&site.published).map(|(document, published)| *published && is_article(document));
        Self { topics, starts, neighbours, direct, places, articles: articles.collect() }
    }

    /// Counters to ask with, one for each thread.
    #[must_use]
    pub fn scores(&self) -> Scores {
        let count = self.articles.len();
        Scores { topics: vec![0; count], neighbours: vec![0; count], touched: Vec::new(), best: Vec::new() }
    }

    /// The pages nearest to one, best first. Those that stand among its relations are left out.
    #[must_use]
    pub fn of(&self, page: usize, scores: &mut Scores) -> Vec<Related> {
        if !self.articles[page] {
            return Vec::new();
        }
        for neighbour in self.neighbours(page) {
            let around = self.neighbours(*neighbour as usize);
            if around.len() <= DEGREE_MAX {
                for other in around {
                    scores.neighbour(*other);
                }
            }
        }
        for (topic, place) in &self.places[page] {
            let pages = &self.topics[*topic as usize];
            let place = *place as usize;
            for other in &pages[place.saturating_sub(DEGREE_MAX / 2)..(place + DEGREE_MAX / 2).min(pages.len())] {
                scores.topic(other.0);
            }
        }
        scores.take(&self.articles, page, &self.direct[page])
    }

    fn neighbours(&self, page: usize) -> &[u32] {
        &self.neighbours[self.starts[page] as usize..self.starts[page + 1] as usize]
    }
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
#[derive(Debug)]
pub struct Scores {
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
