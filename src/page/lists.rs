//! Views of the pages that list others: sections, topics, facts, sources, print, and pages for missing addresses.

use std::borrow::Cow;

use super::Pages;
use super::view::{
    FactCounts, FactsView, IndexPart, Item, KindGroup, LabelCount, LetterGroup, LetterLinks, Link, MissingView,
    PrintKind, PrintPage, PrintView, RedirectView, Row, SearchPageView, SectionItem, SectionView, SectionWindow,
    SourceRef, SourceView, SourcesView, TopicCount, TopicView, TopicsView,
};
use crate::base::{FactId, Fingerprint, KindId, PageId};
use crate::read::Place;
use crate::read::fact::EVIDENCE;
use crate::render::Body;
use crate::resolve::routes::{search_part_url, search_parts, topic_url};

impl<'a> Pages<'a> {
    /// The index of a kind. `introduction` is the body of its own document; `rows` are those of its pages, in order.
    #[must_use]
    pub fn section(&'a self, kind: KindId, introduction: Option<Body>, rows: Vec<Row>) -> SectionView<'a> {
        let title = self.section_title(kind);
        let document = self.site.section_documents[kind.index()].map(|page| self.site.document(page));
        let description = self.site.section_documents[kind.index()].map_or("", |page| self.site.description(page));
        let mut head = self.head("section", title, description, &self.kind_tag(kind).path);
        head.breadcrumbs = vec![self.home_link()];
        if let Some(body) = &introduction {
            head.calculator_scripts.clone_from(&body.calculator_scripts);
            head.calculator_rows = body.calculator_rows;
        }
        let sources = match (&introduction, document) {
            (Some(body), Some(document)) => self.page_sources(document, &body.citations),
            _ => Vec::new(),
        };
        let section = &self.site.sections[kind.index()];
        // More rows than these are no drawing that anybody reads.
        const ROWS_MAX: usize = 30;
        let spreads = if section.len() <= ROWS_MAX { self.spreads(section, 3) } else { Vec::new() };
        SectionView {
            head,
            kind: self.kind_tag(kind),
            intro: introduction.map(|body| body.html).unwrap_or_default(),
            groups: self.by_letter(section, &rows),
            section: SectionWindow { total: rows.len(), items: Vec::new() },
            items: rows,
            spreads,
            sources,
        }
    }

    /// A page as the index of its kind shows it. `fields` gives its fields as they stand there; `inputs` is of everything
    /// that it is made of.
    pub fn row(&'a self, page: PageId, fields: impl FnOnce() -> Body, inputs: Fingerprint) -> Row {
        let document = self.site.document(page);
        let own = match document.front.fields.is_empty() {
            true => Vec::new(),
            false => self.row_fields(document, &fields()),
        };
        let field = own.iter().map(|field| (field.id, field.clone())).collect();
        let item = SectionItem {
            id: &document.outline.id,
            title: &document.outline.title,
            path: self.href(page),
            description: self.site.description(page),
            aliases: document.front.aliases.iter().map(|alias| alias.value.as_str()).collect(),
            fields: own,
            field,
            topics: self.topics_of(document),
        };
        Row::new(&item, inputs)
    }

    fn by_letter(&self, pages: &[PageId], rows: &[Row]) -> Vec<LetterGroup> {
        let mut sorted: Vec<(String, String, &Row)> = (pages.iter().zip(rows))
            .map(|(page, row)| (initial(self.site.title(*page)), self.site.title(*page).to_lowercase(), row))
            .collect();
        sorted.sort_by(|one, next| (&one.0, &one.1).cmp(&(&next.0, &next.1)));
        let mut groups: Vec<LetterGroup> = Vec::new();
        for (label, _, row) in sorted {
            match groups.last_mut() {
                Some(group) if group.label == label => group.items.push(row.clone()),
                _ => groups.push(LetterGroup { label, items: vec![row.clone()] }),
            }
        }
        groups
    }

    /// A topic's page.
    #[must_use]
    pub fn topic(&'a self, index: usize) -> TopicView<'a> {
        let topic = &self.site.topics[index];
        let mut head = self.head("topic", &topic.label, "", &topic_url(self.config, &topic.slug).href());
        head.description = Cow::Owned(format!("Pages about {}", topic.label));
        head.breadcrumbs = vec![self.home_link(), Link { title: "Topics", path: "topics/" }];
        let mut groups: Vec<KindGroup<'a>> = Vec::new();
        for index in 0..self.config.kinds.len() {
            let kind = KindId::from_index(index);
            let items: Vec<&'a Item> =
                topic.pages.iter().filter(|page| self.site.kind(**page) == kind).map(|page| self.item(*page)).collect();
            if !items.is_empty() {
                groups.push(KindGroup { kind: self.kind_tag(kind), items });
            }
        }
        TopicView { head, label: &topic.label, count: topic.pages.len(), groups }
    }

    /// The list of topics.
    #[must_use]
    pub fn topics(&'a self) -> TopicsView<'a> {
        let mut head = self.head("topics", "Topics", "Every topic of this guide, from A to Z", "topics/");
        head.breadcrumbs = vec![self.home_link()];
        TopicsView { head, topics: self.topic_counts() }
    }

    fn topic_counts(&'a self) -> Vec<TopicCount<'a>> {
        self.site
            .topics
            .iter()
            .map(|topic| TopicCount {
                label: &topic.label,
                path: self.topic_hrefs.get(&topic.label).map_or("", String::as_str),
                count: topic.pages.len(),
            })
            .collect()
    }

    /// The page for searching, which is an index from A to Z where scripts do not run.
    #[must_use]
    pub fn search(&'a self) -> SearchPageView<'a> {
        let mut head = self.head("search", "Search", "Find a page, a figure or a word in this guide", "search/");
        head.breadcrumbs = vec![self.home_link()];
        head.robots = "noindex";
        let parts = self.index_parts(None);
        let letters = if parts.is_empty() { self.letters(self.alphabet()) } else { Vec::new() };
        SearchPageView { head, letters, parts, topics: self.topic_counts(), count: self.alphabet().len() }
    }

    /// A part of the index from A to Z of a large site, with the form for searching.
    #[must_use]
    pub fn search_part(&'a self, part: usize) -> SearchPageView<'a> {
        let path = search_part_url(part).href();
        let mut head = self.head("search", "Search from A to Z", "", &path);
        let parts = self.index_parts(Some(part));
        let label = parts.get(part).map_or("", |part| &part.label);
        head.description = Cow::Owned(format!("Every page of this guide from A to Z: {label}"));
        head.breadcrumbs = vec![self.home_link(), Link { title: "Search", path: "search/" }];
        head.robots = "noindex";
        let letters = self.letters(self.part_of_alphabet(part));
        SearchPageView { head, letters, parts, topics: Vec::new(), count: self.alphabet().len() }
    }

    /// The pages that can be found, by title.
    fn alphabet(&self) -> &[PageId] {
        self.alphabet.get_or_init(|| {
            let mut pages: Vec<PageId> =
                self.site.pages().filter(|page| !self.site.document(*page).front.search.exclude).collect();
            pages.sort_by_cached_key(|page| {
                let title = self.site.title(*page);
                (initial(title), title.to_lowercase(), *page)
            });
            pages
        })
    }

    fn part_of_alphabet(&self, part: usize) -> &[PageId] {
        let pages = self.alphabet();
        let size = pages.len().div_ceil(search_parts(self.site.pages().count()).max(1)).max(1);
        pages.chunks(size).nth(part).unwrap_or_default()
    }

    fn letters(&'a self, pages: &[PageId]) -> Vec<LetterLinks<'a>> {
        let mut letters: Vec<LetterLinks<'a>> = Vec::new();
        for page in pages {
            let label = initial(self.site.title(*page));
            match letters.last_mut() {
                Some(letter) if letter.label == label => letter.items.push(self.link(*page)),
                _ => letters.push(LetterLinks { label, items: vec![self.link(*page)] }),
            }
        }
        letters
    }

    fn index_parts(&self, current: Option<usize>) -> Vec<IndexPart> {
        /// So much of a title tells where a part begins and ends.
        const LABEL_CHARS: usize = 4;
        let begins = |page: Option<&PageId>| -> String {
            page.map_or("", |page| self.site.title(*page)).chars().take(LABEL_CHARS).collect()
        };
        (0..search_parts(self.site.pages().count()))
            .map(|part| {
                let pages = self.part_of_alphabet(part);
                IndexPart {
                    label: format!("{} – {}", begins(pages.first()).trim(), begins(pages.last()).trim()),
                    path: search_part_url(part).href(),
                    is_current: current == Some(part),
                }
            })
            .collect()
    }

    /// The register of facts.
    #[must_use]
    pub fn facts(&'a self) -> FactsView<'a> {
        let description = "Every figure of this guide with its source, its date and where it is used";
        let mut head = self.head("facts", "Facts", description, self.config.urls.facts());
        head.breadcrumbs = vec![self.home_link()];
        let facts: Vec<_> = (0..self.site.facts.len())
            .map(|index| {
                let id = FactId::from_index(index);
                let mut view = self.fact_view(id);
                if let Some(source) = &self.site.fact(id).source {
                    view.source_anchor = self.site.source_number(source).map(|number| format!("source-{number}"));
                    view.source = Some(SourceRef {
                        title: &source.title,
                        publisher: source.publisher.as_deref(),
                        url: source.url.as_deref(),
                    });
                }
                view.used_by = self.insights.pages_of_fact[index].iter().map(|page| self.item(*page)).collect();
                view
            })
            .collect();
        let by_evidence = EVIDENCE
            .iter()
            .map(|label| LabelCount { label, count: facts.iter().filter(|fact| fact.evidence == *label).count() })
            .filter(|count| count.count > 0)
            .collect();
        let counts =
            FactCounts { total: facts.len(), stale: facts.iter().filter(|fact| fact.stale).count(), by_evidence };
        FactsView { head, facts, counts }
    }

    /// The list of sources.
    #[must_use]
    pub fn sources(&'a self) -> SourcesView<'a> {
        let mut head = self.head(
            "sources",
            "Sources",
            "Everything this guide rests on, and the facts taken from it",
            self.config.urls.sources(),
        );
        head.breadcrumbs = vec![self.home_link()];
        let mut sources: Vec<SourceView<'a>> = self
            .site
            .sources
            .iter()
            .enumerate()
            .map(|(index, source)| SourceView {
                number: index + 1,
                anchor: format!("source-{}", index + 1),
                title: &source.title,
                publisher: source.publisher.as_deref(),
                url: source.url.as_deref(),
                date: None,
                facts: Vec::new(),
                used_by: Vec::new(),
            })
            .collect();
        let mut users: Vec<Vec<PageId>> = vec![Vec::new(); sources.len()];
        for (index, fact) in self.site.facts.iter().enumerate() {
            if let Some(number) = fact.source.as_ref().and_then(|source| self.site.source_number(source)) {
                sources[number - 1].facts.push(self.fact_view(FactId::from_index(index)));
                users[number - 1].extend(&self.insights.pages_of_fact[index]);
            }
        }
        for page in self.site.pages() {
            for source in &self.site.document(page).front.sources {
                if let Some(number) = self.site.source_number(source) {
                    users[number - 1].push(page);
                }
            }
        }
        for (source, mut pages) in sources.iter_mut().zip(users) {
            pages.sort_unstable();
            pages.dedup();
            source.used_by = pages.into_iter().map(|page| self.item(page)).collect();
        }
        SourcesView { head, sources }
    }

    /// All pages on one. `body` gives the body of a page as it stands there.
    #[must_use]
    pub fn print(&'a self, body: &dyn Fn(PageId) -> Body) -> PrintView<'a> {
        let mut head =
            self.head("print", "All pages", "The whole guide on one page, for printing", self.config.urls.print());
        head.breadcrumbs = vec![self.home_link()];
        head.robots = "noindex";
        let mut kinds: Vec<PrintKind<'a>> = Vec::new();
        let page_of = |page: PageId| PrintPage {
            title: self.site.title(page),
            anchor: format!("page-{}", crate::base::slug(&self.site.document(page).outline.id)),
            description: self.site.description(page),
            body: body(page).html,
        };
        if let Some(home) = self.site.home {
            kinds.push(PrintKind { label: &self.config.title, pages: vec![page_of(home)] });
        }
        for (index, section) in self.site.sections.iter().enumerate() {
            if !section.is_empty() {
                let pages = section.iter().map(|page| page_of(*page)).collect();
                kinds.push(PrintKind { label: &self.config.kinds[index].plural, pages });
            }
        }
        PrintView { head, kinds }
    }

    /// The page for missing addresses.
    #[must_use]
    pub fn missing(&self) -> MissingView<'a> {
        let description = "There is no page at this address. It may have moved, or the link may be wrong.";
        let mut head = self.head("404", "No such page", description, "404.html");
        head.robots = "noindex";
        MissingView { head }
    }

    /// The page at an earlier address.
    #[must_use]
    pub fn redirect(&self, from: &str, to: PageId) -> RedirectView<'a> {
        let from = crate::base::slug::percent_encode(from);
        let mut head = self.head("redirect", self.site.title(to), self.site.description(to), "");
        head.path = Cow::Owned(from);
        let target = self.href(to).to_owned();
        head.robots = "noindex";
        head.url = format!("{}{target}", self.config.base_url);
        RedirectView { head, target_url: format!("{}{target}", self.config.base_url), target_path: target }
    }

    /// Whether a page is an article or home, as opposed to the introduction of an index.
    #[must_use]
    pub fn stands_alone(&self, page: PageId) -> bool {
        self.site.document(page).place != Place::SectionIndex
    }
}

/// The first letter of a title, upper case; `#` where it begins with anything else.
fn initial(title: &str) -> String {
    let first = title.chars().find(|character| character.is_alphanumeric());
    first.filter(|first| first.is_alphabetic()).map_or_else(|| "#".to_owned(), |first| first.to_uppercase().collect())
}
