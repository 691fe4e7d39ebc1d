//! Memo tables: what a step made, kept under a fingerprint of everything the step looked at.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::base::{Fingerprint, SourcePath};
use crate::diag::Diagnostic;
use crate::read::{CalculatorFile, Document, Fact};
use crate::render::{Body, Ready};

/// What earlier builds made. A build with a memo gives the same bytes as one without: an entry counts only while the
/// fingerprint of its inputs is equal.
#[derive(Debug, Default)]
pub struct Memo {
    forgets: bool,
    /// By path; keyed by the file's bytes and the settings that reading depends on.
    pub documents: Table<SourcePath, ReadDocument>,
    /// By path; keyed like documents.
    pub calculator_files: Table<SourcePath, ReadCalculator>,
    /// By id; keyed by the declaration and the facts it names.
    pub calculators: Table<String, CompiledCalculator>,
    /// By path; keyed like documents.
    pub facts: Table<SourcePath, ReadFacts>,
    /// By path; keyed by the document and everything its holes lead to.
    pub bodies: Table<SourcePath, RenderedBody>,
    /// By published path; keyed by the view and the templates.
    pub pages: Table<String, Arc<[u8]>>,
}

/// An article as read, with its faults.
pub type ReadDocument = (Option<Arc<Document>>, Vec<Diagnostic>);

/// A file of a calculator as read, with its faults.
pub type ReadCalculator = (Option<CalculatorFile>, Vec<Diagnostic>);

/// A calculator as worked out, with its faults.
pub type CompiledCalculator = (Option<Arc<Ready>>, Vec<Diagnostic>);

/// A file of facts as read, with its faults.
pub type ReadFacts = (Vec<Fact>, Vec<Diagnostic>);

/// A body as rendered, with its faults.
pub type RenderedBody = (Arc<Body>, Vec<Diagnostic>);

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

impl<K: std::hash::Hash + Eq, V: Clone> Table<K, V> {
    /// What was made from inputs with this fingerprint.
    #[must_use]
    pub fn get(&self, key: &K, inputs: Fingerprint) -> Option<V> {
        self.entries.get(key).filter(|(known, _)| *known == inputs).map(|(_, value)| value.clone())
    }

    /// Replaces the whole table with what this build used and made.
    pub fn replace(&mut self, entries: impl IntoIterator<Item = (K, Fingerprint, V)>) {
        self.entries = entries.into_iter().map(|(key, inputs, value)| (key, (inputs, value))).collect();
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
