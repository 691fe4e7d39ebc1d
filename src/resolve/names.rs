//! What pages are called: ids, titles and aliases, and which page a written name means.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;
use unicode_normalization::UnicodeNormalization;

use crate::base::{Fingerprint, Gathered, PageId, SourcePath, fingerprint_of};
use crate::diag::{Code, Diagnostic, nearest};
use crate::read::Document;

/// How a name belongs to a page, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Rank {
    Id,
    Title,
    Alias,
}

type Bearers = SmallVec<[(Rank, PageId); 2]>;

/// All names of all documents, drafts included.
#[derive(Debug, Default)]
pub struct Names {
    /// Nearly every name belongs to one page, and often in two ways.
    names: FxHashMap<Box<str>, Bearers>,
    /// By the fingerprint of a name as it is looked for: of everything that says what it means.
    meanings: FxHashMap<Fingerprint, u128>,
    paths: FxHashMap<SourcePath, PageId>,
}

/// What a written name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// One page; whether it was named by its id.
    Page(PageId, bool),
    /// Several pages, none better than the others.
    Ambiguous(Vec<PageId>),
    /// No page.
    Nothing,
}

impl Names {
    /// Gathers the names of all documents. Two documents with one id are a fault; the first by path keeps it.
    pub fn gather(documents: &[Arc<Document>], diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut names = Self::default();
        let mut ids: FxHashMap<&str, PageId> = FxHashMap::default();
        for (index, document) in documents.iter().enumerate() {
            let page = PageId::from_index(index);
            names.paths.insert(document.path.clone(), page);
            let id = document.outline.id.as_str();
            if let Some(first) = ids.get(id) {
                let first = &documents[first.index()];
                let front = (&first.front, &document.front);
                if first.outline.url == document.outline.url
                    && front.0.id.is_none()
                    && front.1.id.is_none()
                    && !(front.0.draft || front.1.draft)
                {
                    // Both ids come from the same address: that they share it is reported, and mends this as well.
                    continue;
                }
                let span = document.front.id.as_ref().map_or(document.front.title.span, |id| id.span);
                let message = format!("two pages have the id `{id}`");
                let diagnostic = Diagnostic::at(Code::IdDuplicate, &document.path, span, message);
                let other = first.front.id.as_ref().map_or(first.front.title.span, |id| id.span);
                diagnostics.push(
                    diagnostic
                        .also(&first.path, Some(other), "the other one")
                        .help("give one of them an `id` of its own"),
                );
                continue;
            }
            ids.insert(id, page);
            each_name(document, |name, rank| names.add(name, rank, page));
        }
        names
    }

    fn add(&mut self, name: &str, rank: Rank, page: PageId) {
        let folded = fold(name);
        let meaning = self.meanings.entry(Fingerprint::of_bytes(folded.as_bytes())).or_default();
        *meaning = meaning.wrapping_add(bearing(name, rank, page));
        let entries = self.names.entry(folded.into()).or_default();
        if !entries.contains(&(rank, page)) {
            entries.push((rank, page));
        }
    }

    /// Whether the `changed` pages can be called what they are in `documents` without one taking another's id. None had
    /// another's id before.
    #[must_use]
    pub fn can_rename(&self, changed: &[PageId], documents: &[Arc<Document>]) -> bool {
        let mut ids: FxHashSet<&str> = FxHashSet::default();
        changed.iter().all(|page| {
            let id = documents[page.index()].outline.id.as_str();
            let bearers = self.names.get(fold(id).as_str());
            let is_taken = bearers.into_iter().flatten().any(|(rank, other)| {
                let is_other = *rank == Rank::Id && changed.binary_search(other).is_err();
                is_other && documents[other.index()].outline.id == id
            });
            !is_taken && ids.insert(id)
        })
    }

    /// Takes the names of the `changed` pages in `before` away, and those in `after` in.
    pub fn rename(&mut self, changed: &[PageId], before: &[Arc<Document>], after: &[Arc<Document>]) {
        for page in changed {
            each_name(&before[page.index()], |name, rank| self.remove(name, rank, *page));
        }
        for page in changed {
            each_name(&after[page.index()], |name, rank| self.add(name, rank, *page));
        }
    }

    fn remove(&mut self, name: &str, rank: Rank, page: PageId) {
        let folded = fold(name);
        if let Some(meaning) = self.meanings.get_mut(&Fingerprint::of_bytes(folded.as_bytes())) {
            *meaning = meaning.wrapping_sub(bearing(name, rank, page));
        }
        if let Some(bearers) = self.names.get_mut(folded.as_str()) {
            bearers.retain(|bearer| *bearer != (rank, page));
            if bearers.is_empty() {
                self.names.remove(folded.as_str());
            }
        }
    }

    /// The page that a name means: an exact id, then an exact title, then an id or title but for case, then an alias,
    /// exact before folded. `documents` are those that were gathered.
    #[must_use]
    pub fn find(&self, name: &str, documents: &[Arc<Document>]) -> Meaning {
        let Some(entries) = self.names.get(fold(name).as_str()) else { return Meaning::Nothing };
        if let [(rank, page)] = entries.as_slice() {
            return Meaning::Page(*page, *rank == Rank::Id);
        }
        let exact = |rank: Rank, page: PageId| {
            let document = &documents[page.index()];
            match rank {
                Rank::Id => document.outline.id == name,
                Rank::Title => document.outline.title == name,
                Rank::Alias => document.front.aliases.iter().any(|alias| alias.value == name),
            }
        };
        let tiers: [&dyn Fn(Rank, PageId) -> bool; 5] = [
            &|rank, page| rank == Rank::Id && exact(rank, page),
            &|rank, page| rank == Rank::Title && exact(rank, page),
            &|rank, _| rank != Rank::Alias,
            &|rank, page| rank == Rank::Alias && exact(rank, page),
            &|rank, _| rank == Rank::Alias,
        ];
        for tier in tiers {
            let mut pages: Vec<PageId> =
                entries.iter().filter(|(rank, page)| tier(*rank, *page)).map(|(_, page)| *page).collect();
            pages.sort_unstable();
            pages.dedup();
            match pages.as_slice() {
                [] => {}
                [page] => return Meaning::Page(*page, entries.contains(&(Rank::Id, *page))),
                _ => return Meaning::Ambiguous(pages),
            }
        }
        Meaning::Nothing
    }

    /// A written name as it is looked for.
    #[must_use]
    pub fn looked_for(name: &str) -> Fingerprint {
        Fingerprint::of_bytes(fold(name).as_bytes())
    }

    /// What names mean, given as they are looked for: while this is equal, [`Names::find`] finds the same for each.
    #[must_use]
    pub fn meanings(&self, names: &[Fingerprint]) -> Fingerprint {
        let mut gathered = Gathered::with_capacity(names.len() * 16);
        for name in names {
            gathered.add(Fingerprint(self.meanings.get(name).copied().unwrap_or_default()));
        }
        gathered.fingerprint()
    }

    /// The page of a source file.
    #[must_use]
    pub fn of_path(&self, path: &SourcePath) -> Option<PageId> {
        self.paths.get(path).copied()
    }

    /// The name nearest to one that means nothing, as its page writes it.
    #[must_use]
    pub fn nearest(&self, name: &str, documents: &[Arc<Document>]) -> Option<String> {
        let written = fold(name);
        let best = nearest(
            &written,
            documents.iter().flat_map(|document| {
                std::iter::once(document.outline.title.as_str())
                    .chain(std::iter::once(document.outline.id.as_str()))
                    .chain(document.front.aliases.iter().map(|alias| alias.value.as_str()))
            }),
        )?;
        Some(best.to_owned())
    }
}

/// All names of a document.
fn each_name(document: &Document, mut take: impl FnMut(&str, Rank)) {
    take(&document.outline.id, Rank::Id);
    take(&document.outline.title, Rank::Title);
    for alias in &document.front.aliases {
        take(&alias.value, Rank::Alias);
    }
}

/// One page's part in what a name means. They are added up in no order: the same pages bear it or they do not.
fn bearing(name: &str, rank: Rank, page: PageId) -> u128 {
    fingerprint_of(&(rank, page, name)).0
}

/// A name without the differences that people do not mean: case, runs of white space, Unicode forms.
fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    if name.is_ascii() {
        for word in name.split_ascii_whitespace() {
            if !folded.is_empty() {
                folded.push(' ');
            }
            folded.push_str(word);
        }
        folded.make_ascii_lowercase();
    } else {
        for word in name.split_whitespace() {
            if !folded.is_empty() {
                folded.push(' ');
            }
            folded.extend(word.nfc().flat_map(char::to_lowercase));
        }
    }
    folded
}
