//! Memo tables: what a step made, kept under a fingerprint of everything the step looked at.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::analyse::Insights;
use crate::assets::Bundle;
use crate::base::{Fingerprint, SourcePath, UrlPath};
use crate::config::Config;
use crate::diag::Diagnostic;
use crate::page::inputs::Surroundings;
use crate::page::view::Row;
use crate::page::{KnownItems, Templates, Theme};
use crate::read::{CalculatorFile, Document, Fact};
use crate::render::{Body, Filling, Ready};
use crate::resolve::{Answers, Site};
use crate::search::PageText;

/// What earlier builds made. A build with a memo gives the same bytes as one without: an entry counts only while the
/// fingerprint of its inputs is equal.
#[derive(Debug, Default)]
pub struct Memo {
    forgets: bool,
    /// Keyed by `site.toml`, the overrides and the theme's files.
    pub ground: Kept<Ground>,
    /// By path; keyed by the file's bytes and the settings that reading depends on.
    pub documents: Table<SourcePath, ReadDocument>,
    /// By path; keyed like documents.
    pub calculator_files: Table<SourcePath, ReadCalculator>,
    /// By id; keyed by the declaration and the facts it names.
    pub calculators: Table<String, CompiledCalculator>,
    /// By path; keyed like documents.
    pub facts: Table<SourcePath, ReadFacts>,
    /// Keyed by the joined faces of all documents, the facts, the files to publish and the settings.
    pub site: Kept<JoinedSite>,
    /// By path; keyed by the document, facts and files, and all addresses and anchors. They hold while the names in the
    /// document mean the same.
    pub answers: Table<SourcePath, Arc<DocumentAnswers>>,
    /// The joined site with all anchors that the answers were made of.
    pub answered: Fingerprint,
    /// By path; keyed by the document, where all documents are, facts and files. They hold while the answers are the same
    /// and no page that these lead to shows anything else.
    pub fillings: Table<SourcePath, KeptFilling>,
    /// What was public of all documents when they were filled; keyed by where these are, facts and files.
    pub filled: Kept<Vec<Fingerprint>>,
    /// Keyed by what is public of all documents and where all references lead.
    pub insights: Kept<Graph>,
    /// By path; keyed by the document and everything its holes lead to.
    pub bodies: Table<SourcePath, RenderedBody>,
    /// A page's row in the index of its kind, by path; keyed by the document's fields and everything their holes lead to.
    pub rows: Table<SourcePath, Row>,
    /// Pages as lists show them, in the order of their paths; keyed by the settings. They know themselves what of a page
    /// they hold for.
    pub items: Kept<KnownItems>,
    /// A page's text and words for the search, by path; keyed by the document and what fills its holes.
    pub texts: Table<SourcePath, Arc<PageText>>,
    /// Published path and bytes of a file of the search index, by its name; keyed by what it holds.
    pub shards: Table<String, (String, Arc<[u8]>)>,
    /// What the rules of the graph say; keyed by the graph, all front matter and the day.
    pub rules: Kept<Vec<Diagnostic>>,
    /// What articles depend on but for their own bodies. They know themselves what they hold for.
    pub surroundings: Surroundings,
    /// By address; keyed by everything its view is made of.
    pub pages: Table<UrlPath, PrintedPage>,
}

/// What `site.toml` and the theme come to.
#[derive(Debug)]
pub struct Ground {
    /// Settings.
    pub config: Config,
    /// The theme's files.
    pub theme: Theme,
    /// Its templates; `None` when they cannot be used.
    pub templates: Option<Templates>,
    /// Its style and scripts.
    pub bundle: Bundle,
    /// What is wrong with any of them.
    pub faults: Vec<Diagnostic>,
}

/// The joined site, with its faults.
#[derive(Debug)]
pub struct JoinedSite {
    /// The site.
    pub site: Site,
    /// Names and addresses that are taken twice, and the like.
    pub faults: Vec<Diagnostic>,
    /// The settings it was joined with.
    pub settings: Fingerprint,
    /// The same, and all that was joined besides documents.
    pub beside: Fingerprint,
}

/// What the graph says, with the structure it has.
#[derive(Debug)]
pub struct Graph {
    /// Of everything that the insights follow from but for the order in which people read.
    pub structure: Fingerprint,
    /// The insights.
    pub insights: Insights,
}

/// An article as read, with its faults.
pub type ReadDocument = (Option<Arc<Document>>, Vec<Diagnostic>);

/// A file of a calculator as read, with its faults.
pub type ReadCalculator = (Option<CalculatorFile>, Vec<Diagnostic>);

/// A calculator as worked out, with its faults.
pub type CompiledCalculator = (Option<Arc<Ready>>, Vec<Diagnostic>);

/// A file of facts as read, with its faults.
pub type ReadFacts = (Arc<[Fact]>, Vec<Diagnostic>);

/// What the references of a document mean, with its faults.
#[derive(Debug)]
pub struct DocumentAnswers {
    /// The answers.
    pub answers: Arc<Answers>,
    /// Links that lead nowhere, and the like.
    pub faults: Arc<[Diagnostic]>,
    /// Of where the references lead: all that the graph may know of them.
    pub leads: Fingerprint,
    /// The names of pages in it, as they are looked for, and what they meant. `None` where the answers rest on more than
    /// names and places: on what is around a name that leads nowhere, or on calculators.
    pub names: Option<(Box<[Fingerprint]>, Fingerprint)>,
}

/// What fills the holes of a document, and the answers it was made from.
pub type KeptFilling = (Arc<Filling>, Arc<Answers>);

/// A body as rendered, with its faults.
pub type RenderedBody = (Arc<Body>, Vec<Diagnostic>);

/// A finished page.
#[derive(Debug, Clone)]
pub struct PrintedPage {
    /// Of its view and templates: views that differ in nothing that shows give the same page.
    pub view: Fingerprint,
    /// The file.
    pub bytes: Arc<[u8]>,
    /// What rendering its body found.
    pub faults: Vec<Diagnostic>,
}

/// One thing, kept for the next build.
#[derive(Debug)]
pub struct Kept<V>(Option<(Fingerprint, V)>);

impl<V> Default for Kept<V> {
    fn default() -> Self {
        Self(None)
    }
}

impl<V> Kept<V> {
    /// Takes out what was made last, and whether it was made from inputs with this fingerprint.
    pub fn take(&mut self, inputs: Fingerprint) -> Option<(V, bool)> {
        self.0.take().map(|(known, value)| (value, known == inputs))
    }

    /// Keeps what was made from inputs with this fingerprint.
    pub fn put(&mut self, inputs: Fingerprint, value: V) {
        self.0 = Some((inputs, value));
    }
}

/// One table. Entries that a build neither used nor made are gone after it.
#[derive(Debug)]
pub struct Table<K, V> {
    entries: FxHashMap<K, (Fingerprint, V)>,
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self { entries: FxHashMap::default() }
    }
}

impl<K: std::hash::Hash + Eq, V> Table<K, V> {
    /// What was made from inputs with this fingerprint.
    #[must_use]
    pub fn get(&self, key: &K, inputs: Fingerprint) -> Option<&V> {
        self.entries.get(key).filter(|(known, _)| *known == inputs).map(|(_, value)| value)
    }

    /// What was made last, from whatever inputs.
    #[must_use]
    pub fn latest(&self, key: &K) -> Option<&V> {
        self.entries.get(key).map(|(_, value)| value)
    }

    /// Takes in what this build made, and lets go of what it did not use: `used` are the keys of all entries that
    /// count, made in this build or before.
    pub fn update<'k>(
        &mut self,
        made: impl IntoIterator<Item = (K, Fingerprint, V)>,
        used: impl ExactSizeIterator<Item = &'k K>,
    ) where
        K: 'k,
    {
        for (key, inputs, value) in made {
            self.entries.insert(key, (inputs, value));
        }
        if self.entries.len() != used.len() {
            let used: FxHashSet<&K> = used.collect();
            self.entries.retain(|key, _| used.contains(key));
        }
    }
}

impl Memo {
    /// An empty memo.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A memo that keeps nothing: for a single build, which then need not hold what it will not use again.
    #[must_use]
    pub fn forgetful() -> Self {
        Self { forgets: true, ..Self::default() }
    }

    /// Whether anything is worth keeping.
    #[must_use]
    pub fn keeps(&self) -> bool {
        !self.forgets
    }
}
