//! Search: an index in small files that a browser reads without a server, made from the text that is compiled already.
//!
//! Pages are *units*, numbered by kind and title; answers (facts, calculators) are units after them. [`Builder`] takes the
//! units in order, gives back text shards as they fill up, and all others at the end. What a page contributes is a
//! [`PageText`], which depends on [`inputs`] alone: an edit of prose makes one anew.

pub mod index;
pub mod layout;
pub mod passage;
pub mod record;
pub mod shorthand;
pub mod stem;
pub mod token;
pub mod wire;
pub mod words;

use std::borrow::Cow;

use serde_json::{Value, json};

use crate::analyse::Insights;
use crate::base::{Fingerprint, PageId, fingerprint_of};
use crate::config::Config;
use crate::config::language::primary;
use crate::resolve::{Answers, Site};

use index::Gathering;
use layout::{Content, Head, Range, SMALL_PAGES};
use shorthand::Shorthand;
use stem::Stems;
use words::{Counter, FieldKind, Words};

pub use passage::Passage;
pub use record::{Answer, AnswerKind, facts};
pub use wire::Shard;

/// The script that has the stemmer of a language, by its name in the theme's `scripts/`.
#[must_use]
pub fn stemmer_script(language: &str) -> Option<String> {
    Stems::of_language(language).has_stemmer().then(|| format!("search/stem-{language}.js"))
}

/// A text shard ends once it has so many bytes, in shorthand and before compression: fewer on very large sites, where the
/// rest of an answer weighs more.
fn text_shard_bytes(pages: usize) -> usize {
    if pages > layout::VERY_LARGE_PAGES { 4_000 } else { 6_000 }
}

/// Pages whose words the shorthand of a site is made of, at least half as many.
const SAMPLE_PAGES: usize = 256;

/// Most links from other pages whose words count for the page they lead to.
const INBOUND_MAX: usize = 64;

/// What one page contributes to the index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageText {
    passages: Vec<Passage>,
    words: Words,
}

/// The pages of a language, by its primary tag, that can be found, in the order of their units: by kind, then title.
#[must_use]
pub fn pages(site: &Site, config: &Config, language: &str) -> Vec<PageId> {
    let is_found = |page: &PageId| {
        let front = &site.document(*page).front;
        let tag = front.language.as_deref().unwrap_or(&config.language);
        !front.search.exclude && primary(tag) == language
    };
    let mut pages: Vec<PageId> = site.pages().filter(is_found).collect();
    pages.sort_by_cached_key(|page| (site.kind(*page), site.title(*page).to_lowercase(), site.url(*page).clone()));
    pages
}

/// The pages whose words stand for those of all: some of each sort, chosen by their paths, so that another page changes
/// nothing. A small site needs none: its text is one file.
#[must_use]
pub fn sample(site: &Site, pages: &[PageId]) -> Vec<PageId> {
    if pages.len() < SMALL_PAGES {
        return Vec::new();
    }
    let one_in = pages.len().div_ceil(SAMPLE_PAGES).next_power_of_two() as u128;
    let chance = |page: &PageId| Fingerprint::of_bytes(site.document(*page).path.as_str().as_bytes()).0;
    pages.iter().copied().filter(|page| chance(page) % one_in == 0).collect()
}

/// The words that texts are written with, by the texts of the [`sample`].
#[must_use]
pub fn shorthand<'t>(texts: impl Iterator<Item = &'t PageText>) -> Shorthand {
    Shorthand::of(texts.flat_map(|text| &text.passages))
}

/// A page's passages as they stand in a text shard.
#[must_use]
pub fn written(text: &PageText, shorthand: &Shorthand) -> Vec<u8> {
    shorthand.write(&text.passages)
}

/// What other files say about a page's text, and its fingerprint together with the page's own file.
pub struct Inputs<'s> {
    fillings: Vec<Vec<Cow<'s, str>>>,
    inbound: Vec<&'s str>,
    /// Of everything that the page's [`PageText`] depends on; nothing when it was not asked for.
    pub fingerprint: Fingerprint,
}

/// Gathers what the text of a page depends on. `answers` are its own; the fingerprint is worked out only
/// where there is a memo to keep it.
#[must_use]
pub fn inputs<'s>(
    site: &'s Site,
    insights: &Insights,
    page: PageId,
    answers: &Answers,
    config: &Config,
    keeps: bool,
) -> Inputs<'s> {
    let document = site.document(page);
    let fillings = passage::fillings(site, page, answers);
    let inbound = inbound(site, insights, page);
    if !keeps {
        return Inputs { fillings, inbound, fingerprint: Fingerprint::default() };
    }
    let labels: Vec<&str> = config.kind(document.kind).fields.iter().map(|field| field.label.as_str()).collect();
    let fingerprint = fingerprint_of(&(document.fingerprint, &fillings, &inbound, labels, &config.markdown));
    Inputs { fillings, inbound, fingerprint }
}

/// What the links of other pages call this one, where that is not its title.
fn inbound<'s>(site: &'s Site, insights: &Insights, page: PageId) -> Vec<&'s str> {
    let title = site.title(page);
    let mut names = Vec::new();
    for mention in insights.backlinks[page.index()].iter().take(INBOUND_MAX) {
        let Some((link, prose)) = mention.link(site.document(mention.from)) else { continue };
        let name = prose.quotable.get(link.words.range()).unwrap_or_default();
        if !name.is_empty() && name != title {
            names.push(name);
        }
    }
    names
}

/// Takes a page's text apart and counts its words.
#[must_use]
pub fn read(site: &Site, page: PageId, inputs: &Inputs<'_>, config: &Config) -> PageText {
    let document = site.document(page);
    let front = &document.front;
    let passages = passage::passages(site, page, &inputs.fillings, config);
    let mut counter = Counter::default();
    counter.title(site.title(page));
    for alias in &front.aliases {
        counter.alias(&alias.value);
    }
    for old in &front.redirect_from {
        let name = old.value.trim_matches('/').trim_end_matches(".html");
        counter.text(name.rsplit('/').next().unwrap_or_default(), FieldKind::Alias);
    }
    counter.text(site.description(page), FieldKind::About);
    for topic in &front.topics {
        counter.text(&topic.value, FieldKind::About);
    }
    for name in &inputs.inbound {
        counter.text(name, FieldKind::About);
    }
    for passage in &passages {
        if !passage.anchor.is_empty() {
            counter.heading(&passage.title);
        }
        counter.text(&passage.text, FieldKind::Body);
    }
    PageText { passages, words: counter.finish() }
}

/// Puts the index of one language together, unit by unit.
pub struct Builder<'a> {
    site: &'a Site,
    insights: &'a Insights,
    config: &'a Config,
    language: &'a str,
    pages: &'a [PageId],
    unit_of: Vec<Option<usize>>,
    gathering: Gathering,
    records: Vec<Value>,
    /// Passages of the pages of the text shard that is not full yet, each page's with its length.
    text: Vec<u8>,
    text_pages: usize,
    shorthand: Shorthand,
    texts: Vec<Shard>,
}

impl<'a> Builder<'a> {
    /// For these pages of a language, by its primary tag, which [`Builder::add`] must then be given in this order, their
    /// texts in this shorthand.
    #[must_use]
    pub fn new(
        site: &'a Site,
        insights: &'a Insights,
        config: &'a Config,
        language: &'a str,
        pages: &'a [PageId],
        shorthand: Shorthand,
    ) -> Self {
        let mut unit_of = vec![None; site.documents.len()];
        for (unit, page) in pages.iter().enumerate() {
            unit_of[page.index()] = Some(unit);
        }
        Self {
            site,
            insights,
            config,
            language,
            pages,
            unit_of,
            gathering: Gathering::default(),
            records: Vec::with_capacity(pages.len()),
            text: Vec::new(),
            text_pages: 0,
            shorthand,
            texts: Vec::new(),
        }
    }

    /// The words that texts are written with.
    #[must_use]
    pub fn shorthand(&self) -> &Shorthand {
        &self.shorthand
    }

    /// Adds the next page, whose passages are [`written`]. A text shard that is full is given back to be stored.
    pub fn add(&mut self, page: PageId, text: &PageText, written: &[u8]) -> Option<Shard> {
        let links = self.insights.backlinks[page.index()].len() as f32;
        let prior = self.site.document(page).front.search.boost as f32 * (1.0 + 0.03 * links.ln_1p());
        self.gathering.add(&text.words, prior);
        let begins = text.passages.iter().find(|passage| !passage.text.is_empty());
        let lead = record::lead(self.site, page, begins.map_or("", |passage| &passage.text));
        let near = record::near(self.insights, page, &self.unit_of);
        let text_at = (self.texts.len(), self.text_pages);
        self.records.push(record::page_record(self.site, page, &lead, text_at, &near));
        wire::varint(&mut self.text, written.len());
        self.text.extend_from_slice(written);
        self.text_pages += 1;
        let full = self.text.len() >= text_shard_bytes(self.pages.len()) && !self.is_small();
        full.then(|| self.close_text())
    }

    fn is_small(&self) -> bool {
        self.pages.len() < SMALL_PAGES
    }

    /// Ends the current text shard. What is kept of it is its name and hash alone, unless the site is small.
    fn close_text(&mut self) -> Shard {
        let payload = std::mem::take(&mut self.text);
        self.text_pages = 0;
        let name = if self.is_small() {
            format!("{}text", Config::SEARCH_PARTS)
        } else {
            layout::numbered('x', self.texts.len())
        };
        let shard = Shard::new(name, &[&payload]);
        self.texts.push(if self.is_small() { shard.clone() } else { shard.hash_only() });
        shard
    }

    /// The remaining files, and `boot`, which must be found by its own name. `answers` are sorted by kind; `stems` is the
    /// path of the stemmer's script from the site's root.
    #[must_use]
    pub fn finish(mut self, answers: &[Answer], stems: Option<&str>) -> (Vec<Shard>, Shard) {
        let mut files = Vec::new();
        if self.text_pages > 0 || self.is_small() {
            let last = self.close_text();
            if !self.is_small() {
                files.push(last);
            }
        }
        for answer in answers {
            let mut counter = Counter::default();
            counter.title(&answer.title);
            counter.text(&answer.value, FieldKind::About);
            counter.text(&answer.keywords, FieldKind::Body);
            self.gathering.add(&counter.finish(), 1.0);
        }
        let language = Stems::of_language(self.language);
        let count = self.pages.len();
        let head = Head {
            language: self.language.to_owned(),
            stems: stems.map(|path| format!("../../{path}")),
            pages: count,
            kinds: self.kinds(answers),
        };
        let topics = self.topics();
        let order = self.order();
        let index = self.gathering.join(&language, count);
        let answers = answers.iter().map(Answer::to_json).collect();
        let shorthand = self.shorthand.to_bytes();
        let content = Content { index, records: self.records, answers, topics, order, texts: self.texts, shorthand };
        let (shards, boot) = layout::shards(&head, &content);
        files.extend(shards);
        (files, boot)
    }

    fn kinds(&self, answers: &[Answer]) -> Vec<Range> {
        let mut kinds: Vec<Range> = Vec::new();
        let mut add = |id: &str, plural: &str, label: &str, icon: &str, unit: usize| match kinds.last_mut() {
            Some(last) if last.id == id => last.end = unit + 1,
            _ => {
                let (id, plural, label, icon) = (id.to_owned(), plural.to_owned(), label.to_owned(), icon.to_owned());
                kinds.push(Range { id, plural, label, icon, start: unit, end: unit + 1 });
            }
        };
        for (unit, page) in self.pages.iter().enumerate() {
            let kind = self.config.kind(self.site.kind(*page));
            add(&kind.id, &kind.plural, &kind.label, &kind.icon, unit);
        }
        for (at, answer) in answers.iter().enumerate() {
            let (id, plural, label) = match answer.kind {
                AnswerKind::Fact => ("fact", "Facts", "Fact"),
                AnswerKind::Calculator => ("calculator", "Calculators", "Calculator"),
            };
            add(id, plural, label, id, self.pages.len() + at);
        }
        kinds
    }

    fn topics(&self) -> Vec<Value> {
        let units = |pages: &[PageId]| pages.iter().filter_map(|page| self.unit_of[page.index()]).collect();
        self.site.topics.iter().map(|topic| layout::topic(&topic.label, &topic.slug, units(&topic.pages))).collect()
    }

    /// For sorting, the least first: the rank of each page's title among all, and the day each was reviewed as a number that is
    /// the less the later it is (-20261123).
    fn order(&self) -> Value {
        let mut by_title: Vec<usize> = (0..self.pages.len()).collect();
        by_title.sort_by_cached_key(|unit| (self.site.title(self.pages[*unit]).to_lowercase(), *unit));
        let mut ranks = vec![0; by_title.len()];
        for (rank, unit) in by_title.iter().enumerate() {
            ranks[*unit] = rank;
        }
        let day = |page: &PageId| {
            let reviewed = self.site.document(*page).front.reviewed;
            reviewed.and_then(|day| day.to_string().replace('-', "").parse::<i32>().ok()).map_or(0, |day| -day)
        };
        let days: Vec<i32> = self.pages.iter().map(day).collect();
        json!({ "title": ranks, "newest": days })
    }
}
