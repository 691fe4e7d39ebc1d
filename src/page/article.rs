//! The view of an article: its text with everything that stands around it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use super::beside::Beside;
use super::drawing::{self, Measured};
use super::view::{
    ArticleView, BacklinkView, FactView, FieldView, FigureView, Head, Item, ItemView, KindTag, LatestView, Link,
    QuestionView, RelatedView, RelationView, RowFieldView, SectionCard, SectionWindow, Shared, SourceView, TocEntry,
    TopicLink,
};
use super::{Pages, is_right_to_left, structured};
use crate::analyse::Direction;
use crate::base::date::long_date;
use crate::base::slug::percent_encode;
use crate::base::{FactId, KindId, PageId, PartialDate};
use crate::config::{Shape, language};
use crate::read::{Document, Fact, FieldValue, Place};
use crate::render::{Body, Citation};
use crate::resolve::routes::twin_url;

/// Words a reader takes in a minute.
const WORDS_A_MINUTE: u32 = 230;

/// Most pages listed in one group of relations, and most backlinks.
pub(super) const LISTED_MAX: usize = 200;

/// A section of at most this many pages is listed whole beside each of them; of a longer one, [`WINDOW_SIDE`] pages
/// before and after. The whole of a long list on each page would make the site grow with the square of its pages.
const WINDOW_WHOLE_MAX: usize = 40;
const WINDOW_SIDE: usize = 10;

/// The field of a term of the glossary that says in a sentence what it means.
const IN_SHORT: &str = "short";

impl<'a> Pages<'a> {
    /// The view of an article or of the home page. `body` is its rendered text; `fields_of` gives the fields of another
    /// page, for those it compares; `terms` are those of the glossary that it leads to.
    #[must_use]
    pub fn article(
        &'a self,
        page: PageId,
        body: Body,
        terms: &[PageId],
        fields_of: &dyn Fn(PageId) -> Body,
    ) -> ArticleView<'a> {
        let document = self.site.document(page);
        let front = &document.front;
        let kind = document.kind;
        let section = &self.site.sections[kind.index()];
        let place = self.place_in_section(page);
        let fields = self.fields(document, &body);
        let field: BTreeMap<&str, Shared<FieldView<'_>>> =
            fields.iter().map(|field| (field.id, field.clone())).collect();
        let sources = self.page_sources(document, &body.citations);
        let neighbour = |index: Option<usize>| index.and_then(|index| section.get(index)).map(|page| self.link(*page));
        let is_home = document.place == Place::Home;
        let Beside { table, spreads } = self.beside(page, fields_of);
        let mut head = self.article_head(page, document);
        head.calculator_scripts.clone_from(&body.calculator_scripts);
        head.calculator_rows = body.calculator_rows;
        if let Some(markup) = &body.calculator
            && head.description.is_empty()
        {
            head.description = Cow::Owned(markup.sentence.clone());
        }
        // What stands behind a link to this page is its description.
        if let Some(short) = field.get(IN_SHORT)
            && head.description.is_empty()
        {
            head.description = Cow::Owned(short.text.clone());
        }
        ArticleView {
            head,
            calculator: self.calculator_view(page, body.calculator),
            id: &document.outline.id,
            kind: self.kind_tag(kind),
            draft: front.draft,
            aliases: front.aliases.iter().map(|alias| alias.value.as_str()).collect(),
            reviewed: front.reviewed.map(long_date),
            reviewed_iso: front.reviewed.map(|day| day.to_string()),
            review_by: front.review_by.as_ref().map(|day| long_date(day.value)),
            authors: &front.authors,
            reading_minutes: document.outline.words.div_ceil(WORDS_A_MINUTE).max(1),
            word_count: document.outline.words,
            topics: self.topics_of(document),
            toc: toc(document),
            fields,
            field,
            relations: self.relations(page),
            backlinks: self.backlinks(page),
            related: self.related(page),
            learning_order: self.insights.learning_order[page.index()].iter().map(|page| self.item(*page)).collect(),
            around: if is_home { String::new() } else { self.drawing_around(page) },
            around_left_out: self.insights.around[page.index()].left_out,
            is_goal: self.config.goal_kinds().any(|goal| goal == kind),
            is_step: document.place == Place::Page && self.config.step_kinds().contains(&kind),
            section: self.window(kind, place),
            previous: neighbour(place.and_then(|place| place.checked_sub(1))),
            next: neighbour(place.map(|place| place + 1)),
            beside: table,
            spreads,
            terms: terms.iter().map(|term| self.term(*term, fields_of)).collect(),
            sources,
            edit_url: self
                .config
                .edit_url
                .as_ref()
                .map(|url| url.replace("{path}", &percent_encode(document.path.as_str()))),
            citation: self.citation(page, document),
            extra: front.extra.to_string(),
            questions: if is_home { self.questions() } else { Vec::new() },
            sections: if is_home { self.section_cards() } else { Vec::new() },
            latest: if is_home { self.latest() } else { Vec::new() },
            body: body.html,
        }
    }

    fn article_head(&'a self, page: PageId, document: &'a Document) -> Head<'a> {
        let outline = &document.outline;
        let mut head = self.head("page", &outline.title, self.site.description(page), self.href(page));
        if document.place == Place::Home {
            head.template = Cow::Borrowed("home");
        }
        if self.config.twins {
            head.markdown_path = Some(twin_url(&outline.url).href());
        }
        if document.place == Place::Page {
            head.breadcrumbs = self.breadcrumbs(document.kind);
        }
        head.image = document.front.image.as_ref().map(|image| {
            let inside = image.value.trim_start_matches('/');
            if inside.starts_with("http") { inside.to_owned() } else { format!("{}{inside}", self.config.base_url) }
        });
        if document.front.draft {
            head.robots = "noindex";
        }
        head.language = document.front.language.as_deref();
        if let Some(tag) = head.language {
            let (own, site) = (is_right_to_left(tag), is_right_to_left(&self.config.language));
            head.direction = (own != site).then_some(if own { "rtl" } else { "ltr" });
            head.search_language = Some(language::primary(tag)).filter(|tag| *tag != self.config.primary_language());
        }
        head.json_ld = structured::article(self, page, document, &head);
        head
    }

    /// From home to the index of a kind.
    #[must_use]
    pub fn breadcrumbs(&'a self, kind: KindId) -> Vec<Link<'a>> {
        let mut links = vec![self.home_link()];
        if !self.config.kind(kind).folder.is_empty() {
            links.push(Link { title: self.section_title(kind), path: &self.kind_tag(kind).path });
        }
        links
    }

    /// The title of a kind's index page.
    #[must_use]
    pub fn section_title(&self, kind: KindId) -> &'a str {
        match self.site.section_documents[kind.index()] {
            Some(page) => self.site.title(page),
            None => &self.config.kind(kind).plural,
        }
    }

    /// Home, as a breadcrumb.
    #[must_use]
    pub fn home_link(&self) -> Link<'a> {
        Link { title: "Home", path: "" }
    }

    /// A page's title and path.
    #[must_use]
    pub fn link(&'a self, page: PageId) -> Link<'a> {
        Link { title: self.site.title(page), path: self.href(page) }
    }

    /// A page as lists show it.
    #[must_use]
    pub fn item(&self, page: PageId) -> &Item<'a> {
        self.items[page.index()].get_or_init(|| {
            let document = self.site.document(page);
            let outline = &document.outline;
            let view = ItemView {
                id: &outline.id,
                title: &outline.title,
                path: self.href(page),
                description: Cow::Borrowed(self.site.description(page)),
                kind: self.kind_tag(document.kind).clone(),
            };
            Item::known(view, self.known_items.forms(page, document.faces.public))
        })
    }

    /// A term of the glossary as pages explain it that lead to it: where it has no description, by what it is in short.
    fn term(&self, term: PageId, fields_of: &dyn Fn(PageId) -> Body) -> Item<'a> {
        let item = self.item(term);
        if !item.description.is_empty() {
            return item.clone();
        }
        let document = self.site.document(term);
        let body = fields_of(term);
        let Some((short, ..)) = self.fields_as_rows(document, &body).find(|(field, ..)| field.id == IN_SHORT) else {
            return item.clone();
        };
        Item::new(ItemView {
            id: item.id,
            title: item.title,
            path: item.path,
            description: Cow::Owned(short.text),
            kind: item.kind.clone(),
        })
    }

    /// A kind beside a page.
    #[must_use]
    pub fn kind_tag(&self, kind: KindId) -> &KindTag {
        &self.kind_tags[kind.index()]
    }

    /// A page's percent-encoded path.
    #[must_use]
    pub fn href(&self, page: PageId) -> &'a str {
        &self.site.document(page).outline.href
    }

    /// The topics of a document with their pages.
    #[must_use]
    pub fn topics_of(&'a self, document: &'a Document) -> Vec<TopicLink<'a>> {
        let path = |label: &str| self.topic_hrefs.get(label).map_or("", String::as_str);
        document.front.topics.iter().map(|topic| TopicLink { label: &topic.value, path: path(&topic.value) }).collect()
    }

    /// A page's place in its section's reading order.
    pub(super) fn place_in_section(&self, page: PageId) -> Option<usize> {
        self.places[page.index()].map(|place| place as usize)
    }

    fn window(&'a self, kind: KindId, place: Option<usize>) -> SectionWindow<'a> {
        let section = &self.site.sections[kind.index()];
        let Some(place) = place else { return SectionWindow { total: section.len(), items: Vec::new() } };
        let items = section[window_of(section.len(), place)].iter().map(|other| self.item(*other)).collect();
        SectionWindow { total: section.len(), items }
    }

    /// The fields of a document with their HTML and drawings, in the kind's order.
    #[must_use]
    pub fn fields(&self, document: &'a Document, body: &Body) -> Vec<Shared<FieldView<'a>>> {
        let mut views = Vec::with_capacity(body.fields.len());
        let mut numbers = Vec::with_capacity(body.fields.len());
        for (row, value, shape) in self.fields_as_rows(document, body) {
            let measured = if value.is_list { None } else { Measured::of(self.site, value) };
            let spread = measured.as_ref().filter(|measured| measured.is_spread());
            let is_prose = is_list_of_prose(shape);
            views.push(FieldView {
                id: row.id,
                label: row.label,
                shape: row.shape,
                figure: spread.map(|measured| Box::new(self.figure(measured))),
                parts: row.items.iter().filter(|_| is_prose).map(|piece| drawing::part(piece)).collect(),
                html: row.html,
                items: row.items,
                text: row.text,
                ..FieldView::default()
            });
            numbers.push(measured);
        }
        drawing::timeline(&mut views, &numbers);
        views.into_iter().map(Shared::new).collect()
    }

    /// The fields of a document that a row of a list shows: single values, and what can be counted in a glance.
    pub(super) fn row_fields(&self, document: &'a Document, body: &Body) -> Vec<Shared<RowFieldView<'a>>> {
        self.fields_as_rows(document, body)
            .filter(|(row, _, shape)| match row.items.is_empty() {
                true => !row.html.is_empty() && row.id != "bottom_line",
                false => !is_list_of_prose(shape),
            })
            .map(|(row, _, _)| Shared::new(row))
            .collect()
    }

    fn fields_as_rows<'s>(
        &'s self,
        document: &'a Document,
        body: &'s Body,
    ) -> impl Iterator<Item = (RowFieldView<'a>, &'a FieldValue, &'a Shape)> + use<'a, 's> {
        let kind = self.config.kind(document.kind);
        document.front.fields.iter().zip(&body.fields).filter_map(|(value, pieces)| {
            let field = kind.fields.iter().find(|field| field.id == value.id)?;
            let (items, html) = match value.is_list {
                true => (pieces.clone(), String::new()),
                false => (Vec::new(), pieces.concat()),
            };
            let (id, label, shape) = (&*value.id, &*field.label, field.shape.name());
            let row = RowFieldView { id, label, shape, text: drawing::plain(&html), html, items };
            Some((row, value, &field.shape))
        })
    }

    /// A spread as a page shows it.
    fn figure(&self, measured: &Measured<'a>) -> FigureView<'a> {
        FigureView {
            svg: drawing::spread(measured),
            finding: measured.finding(),
            amounts: measured.amounts(),
            fact: measured.fact.and_then(|fact| self.site.fact_ids.get(&fact.id)).map(|fact| self.fact_view(*fact)),
        }
    }

    fn relations(&'a self, page: PageId) -> Vec<RelationView<'a>> {
        self.insights.relations[page.index()]
            .iter()
            .map(|group| {
                let relation = self.config.relation(group.relation);
                let (label, direction) = match group.direction {
                    Direction::Out => (&relation.label, "out"),
                    Direction::In => (&relation.inverse_label, "in"),
                    Direction::Both => (&relation.label, "both"),
                };
                RelationView {
                    id: &relation.id,
                    label,
                    direction,
                    items: group.pages.iter().take(LISTED_MAX).map(|page| self.item(*page)).collect(),
                    total: group.pages.len(),
                }
            })
            .collect()
    }

    fn backlinks(&'a self, page: PageId) -> Vec<BacklinkView<'a>> {
        self.insights.backlinks[page.index()]
            .iter()
            .take(LISTED_MAX)
            .map(|mention| {
                let from = self.site.document(mention.from);
                BacklinkView {
                    title: &from.outline.title,
                    path: self.href(mention.from),
                    kind: self.kind_tag(from.kind),
                    context: self.quoted(mention),
                }
            })
            .collect()
    }

    fn related(&'a self, page: PageId) -> Vec<RelatedView<'a>> {
        self.insights.related[page.index()]
            .iter()
            .map(|related| {
                let mut reasons = Vec::new();
                match related.topics {
                    0 => {}
                    1 => reasons.push("1 shared topic".to_owned()),
                    topics => reasons.push(format!("{topics} shared topics")),
                }
                match related.neighbours {
                    0 => {}
                    1 => reasons.push("1 page between".to_owned()),
                    neighbours => reasons.push(format!("{neighbours} pages between")),
                }
                RelatedView { item: self.item(related.page), score_reason: reasons.join(", ") }
            })
            .collect()
    }

    /// Cited sources first, by number, then those that front matter names.
    #[must_use]
    pub fn page_sources(&'a self, document: &'a Document, citations: &[Citation]) -> Vec<SourceView<'a>> {
        let mut views: Vec<SourceView<'a>> = citations
            .iter()
            .enumerate()
            .map(|(index, citation)| {
                let facts: Vec<FactView<'a>> = citation.facts.iter().map(|fact| self.fact_view(*fact)).collect();
                let number = index + 1;
                let anchor = format!("source-{number}");
                // A source of the site's own list, which outlives the citation.
                let source = citation.facts.first().and_then(|fact| self.site.fact(*fact).source.as_ref());
                SourceView {
                    number,
                    anchor,
                    title: source.map_or("Editor's estimate: change it if you know better", |source| &source.title),
                    publisher: source.and_then(|source| source.publisher.as_deref()),
                    url: source.and_then(|source| source.url.as_deref()),
                    date: None,
                    facts,
                    used_by: Vec::new(),
                }
            })
            .collect();
        for source in &document.front.sources {
            let number = views.len() + 1;
            views.push(SourceView {
                number,
                anchor: format!("source-{number}"),
                title: &source.title,
                publisher: source.publisher.as_deref(),
                url: source.url.as_deref(),
                date: None,
                facts: Vec::new(),
                used_by: Vec::new(),
            });
        }
        views
    }

    /// A fact as pages show it.
    #[must_use]
    pub fn fact_view(&self, id: FactId) -> FactView<'a> {
        let fact: &'a Fact = self.site.fact(id);
        FactView {
            id: &fact.id,
            anchor: format!("fact-{}", fact.id),
            statement: fact.statement.trim_end_matches('.'),
            display: self.display_in_full(fact),
            as_of: fact.as_of.to_string(),
            as_of_iso: iso(fact.as_of),
            place: &fact.place,
            excludes: fact.excludes.as_deref(),
            spread: fact.spread.as_deref(),
            evidence: fact.evidence,
            confidence: fact.confidence,
            seen: fact.seen,
            checked: fact.checked.map(long_date),
            checked_iso: fact.checked.map(|day| day.to_string()),
            check_again: fact.check_again.map(long_date),
            stale: self.as_of.is_some_and(|day| fact.is_stale(day)),
            note: fact.note.as_deref(),
            reasoning: fact.reasoning.as_deref(),
            unit: &fact.unit_text,
            source: None,
            source_anchor: None,
            used_by: Vec::new(),
        }
    }

    /// A series with all its years; anything else as in prose.
    fn display_in_full(&self, fact: &'a Fact) -> Cow<'a, str> {
        match &fact.figures {
            crate::read::Figures::Series(years) => {
                let values: Vec<String> =
                    years.iter().map(|(year, number)| format!("{year}: {}", fact.unit.format(*number, true))).collect();
                values.join("; ").into()
            }
            _ => fact.display("").unwrap_or_default(),
        }
    }

    fn citation(&self, page: PageId, document: &Document) -> String {
        let mut text = format!("{}. {}", document.outline.title.trim_end_matches(['.', '?', '!']), self.config.title);
        if let Some(day) = document.front.reviewed {
            text.push_str(&format!(", checked {}", long_date(day)));
        }
        if !text.ends_with(['.', '?', '!']) {
            text.push('.');
        }
        text.push_str(&format!(" {}{}", self.config.base_url, self.href(page)));
        text
    }

    /// All kinds with pages, each with its first pages.
    #[must_use]
    pub fn section_cards(&'a self) -> Vec<SectionCard<'a>> {
        const SHOWN: usize = 6;
        let mut cards = Vec::new();
        for (index, section) in self.site.sections.iter().enumerate() {
            let kind = KindId::from_index(index);
            if section.is_empty() || self.config.kind(kind).folder.is_empty() {
                continue;
            }
            let tag = self.kind_tag(kind);
            let description = self.site.section_documents[index].map_or("", |page| self.site.description(page));
            cards.push(SectionCard {
                id: &tag.id,
                label: &tag.label,
                plural: self.section_title(kind),
                icon: &tag.icon,
                path: &tag.path,
                count: section.len(),
                description,
                items: section.iter().take(SHOWN).map(|page| self.item(*page)).collect(),
            });
        }
        cards
    }

    /// The questions that pages answer, in the order of sections: what stands in a text field called `question`.
    fn questions(&'a self) -> Vec<QuestionView<'a>> {
        const SHOWN: usize = 6;
        let pages = self.site.sections.iter().flatten();
        pages
            .filter_map(|page| {
                let value = self.site.document(*page).front.fields.iter().find(|value| value.id == "question")?;
                let prose = value.proses.first().filter(|prose| prose.holes.is_empty())?;
                Some(QuestionView {
                    text: drawing::plain(&prose.html),
                    title: self.site.title(*page),
                    path: self.href(*page),
                })
            })
            .take(SHOWN)
            .collect()
    }

    fn latest(&'a self) -> Vec<LatestView<'a>> {
        const SHOWN: usize = 5;
        let mut pages: Vec<PageId> = self
            .site
            .sections
            .iter()
            .flatten()
            .copied()
            .filter(|page| self.site.document(*page).front.reviewed.is_some())
            .collect();
        pages.sort_by_key(|page| (std::cmp::Reverse(self.site.document(*page).front.reviewed), *page));
        pages
            .into_iter()
            .take(SHOWN)
            .map(|page| LatestView {
                title: self.site.title(page),
                path: self.href(page),
                reviewed: self.site.document(page).front.reviewed.map(long_date).unwrap_or_default(),
            })
            .collect()
    }
}

fn is_list_of_prose(shape: &Shape) -> bool {
    matches!(shape, Shape::List(of) if **of == Shape::Markdown)
}

/// The part of a section of `total` pages that is listed beside the page at `place`. It holds the pages before and after.
pub(super) fn window_of(total: usize, place: usize) -> Range<usize> {
    if total <= WINDOW_WHOLE_MAX {
        0..total
    } else {
        place.saturating_sub(WINDOW_SIDE)..(place + WINDOW_SIDE + 1).min(total)
    }
}

/// A date as far as it is known: `2025`, `2025-05` or `2025-05-31`.
pub(super) fn iso(date: PartialDate) -> String {
    match (date.month, date.day) {
        (Some(month), Some(day)) => format!("{:04}-{month:02}-{day:02}", date.year),
        (Some(month), None) => format!("{:04}-{month:02}", date.year),
        _ => format!("{:04}", date.year),
    }
}

fn toc(document: &Document) -> Vec<TocEntry<'_>> {
    if !document.front.toc {
        return Vec::new();
    }
    document
        .body
        .headings
        .iter()
        .filter(|heading| matches!(heading.level, 2 | 3))
        .map(|heading| TocEntry { level: heading.level, id: &heading.id, title: &heading.title })
        .collect()
}
