//! The one join: ids, names, links, relations and facts of all documents become a [`Site`].

mod amend;
pub mod calculators;
pub mod links;
pub mod names;
mod picture;
pub mod routes;

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::base::slug::slug;
use crate::base::{FactId, Fingerprint, KindId, PageId, RelationId, SourcePath, Span, UrlPath};
use crate::calc::Declaration;
use crate::config::{Config, Overrides};
use crate::diag::{Code, Diagnostic};
use crate::files::{Files, Source};
use crate::read::{CONTENT, Document, Fact, FactSource, Place};

pub use calculators::Calculators;
pub use links::{Answer, Answers};
pub use names::Names;
pub use routes::{Owner, Routes};

/// All pages, facts, names and addresses of one build. Nothing in it is filled in later; links and relations, which
/// need it, are kept beside it.
///
/// Everything but the documents follows from their joined faces, so a site whose pages were edited elsewhere is the same
/// site with other documents: [`Site::with_documents`]. Where pages were only renamed, it is amended: [`Site::with_renamed`].
#[derive(Debug)]
pub struct Site {
    /// All documents, sorted by path; a [`PageId`] is a place in this list.
    pub documents: Vec<Arc<Document>>,
    /// Whether each is published: drafts are not, unless asked for.
    pub published: Vec<bool>,
    /// All facts, sorted by id; of two with one id the first counts.
    pub facts: Vec<Fact>,
    /// Id → place in `facts`.
    pub fact_ids: FxHashMap<String, FactId>,
    /// Ids, titles and aliases → pages.
    pub names: Names,
    /// Topics, sorted by slug.
    pub topics: Vec<Topic>,
    /// Published pages of each kind in reading order, without index pages; indexed by kind.
    pub sections: Vec<Vec<PageId>>,
    /// The document that introduces each kind's index page, where there is one.
    pub section_documents: Vec<Option<PageId>>,
    /// The home page's document.
    pub home: Option<PageId>,
    /// Files that are published as they are, by their address.
    pub assets: BTreeMap<UrlPath, Asset>,
    /// Calculators and their libraries.
    pub calculators: Calculators,
    /// All sources that facts and pages name, sorted; see [`Site::source_number`].
    pub sources: Vec<FactSource>,
    /// Every address of the site.
    pub routes: Routes,
}

/// A file that is published as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Where it lies.
    pub path: SourcePath,
    /// Its content.
    pub bytes: Arc<[u8]>,
    /// Of its content.
    pub fingerprint: Fingerprint,
}

/// A topic and the pages that name it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Topic {
    /// As the first page (by path) writes it.
    pub label: String,
    /// Where its page is.
    pub slug: String,
    /// Published pages that name it, in order of title.
    pub pages: Vec<PageId>,
}

/// A typed relation between two published pages, as declared on `from`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edge {
    /// Which relation.
    pub relation: RelationId,
    /// The page that declares it.
    pub from: PageId,
    /// The page it names.
    pub to: PageId,
    /// Where the name stands in the file of `from`.
    pub span: Span,
}

impl Site {
    /// Joins documents and facts. `documents` are sorted by path; `assets` are the theme's and the site's static files;
    /// `known` is an earlier site with the same settings, from which is taken what is still true.
    #[expect(clippy::too_many_arguments, reason = "the one join takes everything that is joined")]
    pub fn join(
        documents: Vec<Arc<Document>>,
        facts: Vec<Fact>,
        libraries: Vec<Arc<Declaration>>,
        assets: BTreeMap<UrlPath, Asset>,
        config: &Config,
        overrides: &Overrides,
        known: Option<Self>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Self {
        let published: Vec<bool> = documents.iter().map(|document| overrides.drafts || !document.front.draft).collect();
        let names = Names::gather(&documents, diagnostics);
        let (facts, fact_ids) = sort_facts(facts, diagnostics);
        let topics = gather_topics(&documents, &published);
        let mut sections = vec![Vec::new(); config.kinds.len()];
        let mut section_documents = vec![None; config.kinds.len()];
        let mut home = None;
        for (index, document) in documents.iter().enumerate() {
            let page = PageId::from_index(index);
            match document.place {
                _ if !published[index] => {}
                Place::Home => home = Some(page),
                Place::SectionIndex => section_documents[document.kind.index()] = Some(page),
                Place::Page => sections[document.kind.index()].push(page),
            }
        }
        for section in &mut sections {
            section.sort_by_cached_key(|page| documents[page.index()].reading_key());
        }
        let mut sources: Vec<FactSource> = facts.iter().filter_map(|fact| fact.source.clone()).collect();
        for (document, published) in documents.iter().zip(&published) {
            if *published {
                sources.extend(document.front.sources.iter().cloned());
            }
        }
        sources.sort();
        sources.dedup();
        let calculators = Calculators::gather(&documents, &published, libraries, &facts, diagnostics);
        let mut site = Self {
            calculators,
            documents,
            published,
            facts,
            fact_ids,
            names,
            topics,
            sections,
            section_documents,
            home,
            assets,
            sources,
            routes: Routes::default(),
        };
        site.routes = Routes::gather(&site, config, known.map(|known| known.routes), diagnostics);
        site
    }

    /// The same site with other documents, which show the same joined faces in the same order.
    #[must_use]
    pub fn with_documents(self, documents: Vec<Arc<Document>>) -> Self {
        debug_assert!(
            self.documents
                .iter()
                .map(|known| known.faces.joined)
                .eq(documents.iter().map(|document| document.faces.joined))
        );
        Self { documents, ..self }
    }

    /// A page's document.
    #[must_use]
    pub fn document(&self, page: PageId) -> &Document {
        &self.documents[page.index()]
    }

    /// Whether a page is published.
    #[must_use]
    pub fn is_published(&self, page: PageId) -> bool {
        self.published[page.index()]
    }

    /// A page's title.
    #[must_use]
    pub fn title(&self, page: PageId) -> &str {
        &self.document(page).outline.title
    }

    /// A page's address.
    #[must_use]
    pub fn url(&self, page: PageId) -> &UrlPath {
        &self.document(page).outline.url
    }

    /// A page's one-sentence description; empty when it has none.
    #[must_use]
    pub fn description(&self, page: PageId) -> &str {
        self.document(page).front.description.as_ref().map_or("", |description| &description.value)
    }

    /// A page's kind.
    #[must_use]
    pub fn kind(&self, page: PageId) -> KindId {
        self.document(page).kind
    }

    /// A fact.
    #[must_use]
    pub fn fact(&self, fact: FactId) -> &Fact {
        &self.facts[fact.index()]
    }

    /// All published pages, index pages and home included.
    pub fn pages(&self) -> impl Iterator<Item = PageId> + '_ {
        (0..self.documents.len()).map(PageId::from_index).filter(|page| self.is_published(*page))
    }

    /// The number of a source in the site's list, from 1.
    #[must_use]
    pub fn source_number(&self, source: &FactSource) -> Option<usize> {
        self.sources.binary_search(source).ok().map(|index| index + 1)
    }
}

fn sort_facts(mut facts: Vec<Fact>, diagnostics: &mut Vec<Diagnostic>) -> (Vec<Fact>, FxHashMap<String, FactId>) {
    facts.sort_by(|a, b| (&a.id, &a.path, a.id_span).cmp(&(&b.id, &b.path, b.id_span)));
    facts.dedup_by(|later, first| {
        let same = later.id == first.id;
        if same {
            let message = format!("two facts have the id `{}`", later.id);
            let diagnostic = Diagnostic::at(Code::IdDuplicate, &later.path, later.id_span, message);
            diagnostics.push(
                diagnostic.also(&first.path, Some(first.id_span), "first here").help("give one of them another `id`"),
            );
        }
        same
    });
    let ids = facts.iter().enumerate().map(|(index, fact)| (fact.id.clone(), FactId::from_index(index))).collect();
    (facts, ids)
}

fn gather_topics(documents: &[Arc<Document>], published: &[bool]) -> Vec<Topic> {
    let mut topics: BTreeMap<String, Topic> = BTreeMap::new();
    for (index, document) in documents.iter().enumerate() {
        if !published[index] {
            continue;
        }
        for label in &document.front.topics {
            let slug = slug(&label.value);
            let topic = topics.entry(slug.clone()).or_insert_with(|| Topic {
                label: label.value.clone(),
                slug,
                pages: Vec::new(),
            });
            let page = PageId::from_index(index);
            if topic.pages.last() != Some(&page) {
                topic.pages.push(page);
            }
        }
    }
    let mut topics: Vec<Topic> = topics.into_values().collect();
    for topic in &mut topics {
        topic.pages.sort_by_cached_key(|page| (documents[page.index()].outline.title.to_lowercase(), *page));
    }
    topics
}

/// The files that are published as they are: those beside articles, and those in `static/` of the theme and of the
/// site, where the site's win.
pub fn gather_assets(
    theme: &BTreeMap<String, (SourcePath, Source)>,
    files: &Files,
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeMap<UrlPath, Asset> {
    let mut assets: BTreeMap<UrlPath, Asset> = BTreeMap::new();
    let mut add = |url: &str, path: &SourcePath, source: &Source| {
        let asset = Asset { path: path.clone(), bytes: source.bytes.clone(), fingerprint: source.fingerprint };
        let earlier = assets.insert(UrlPath::new(url), asset);
        if let Some(earlier) = earlier.filter(|earlier| {
            // The site's `static/` overrules the theme's; a file beside an article overrules nothing of the site's.
            path.as_str().starts_with(CONTENT) && earlier.path.as_str().starts_with("static/")
        }) {
            let message = format!("`{path}` and `{}` would both be published at `/{url}`", earlier.path);
            let diagnostic = Diagnostic::about(Code::OutputCollision, path, message);
            diagnostics.push(diagnostic.also(&earlier.path, None, "the other one").help("rename one of them"));
        }
    };
    for (name, (path, source)) in theme {
        if let Some(name) = name.strip_prefix("static/") {
            add(name, path, source);
        }
    }
    for (path, source) in files.under("static/") {
        add(path.as_str().trim_start_matches("static/"), path, source);
    }
    for (path, source) in files.under(CONTENT) {
        if !matches!(path.extension(), "md" | "yaml" | "yml") {
            add(path.as_str().trim_start_matches(CONTENT), path, source);
        }
    }
    assets
}
