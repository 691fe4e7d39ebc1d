//! The calculators of the site by name, and what they may ask of its facts.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Site;
use super::names::Meaning;
use crate::base::{Fingerprint, Gathered, PageId, SourcePath, Spanned, UrlPath};
use crate::calc::declaration::Source;
use crate::calc::{Declaration, Known, Records};
use crate::diag::{Code, Diagnostic, nearest};
use crate::read::{Document, Fact, Figures, Placed};

/// A calculator and the page it stands on.
#[derive(Debug, Clone)]
pub struct Calculator {
    /// Its page.
    pub page: PageId,
    /// What was declared.
    pub placed: Placed,
}

/// All calculators, sorted by id, and all libraries by name.
#[derive(Debug, Default)]
pub struct Calculators {
    list: Vec<Calculator>,
    libraries: BTreeMap<String, Arc<Declaration>>,
    /// Of all that any calculator is made of: declarations, libraries, facts.
    pub fingerprint: Fingerprint,
}

impl Calculators {
    /// Gathers the calculators of published pages. Of two with one id the first by path counts.
    pub fn gather(
        documents: &[Arc<Document>],
        published: &[bool],
        libraries: Vec<Arc<Declaration>>,
        facts: &[Fact],
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut list: Vec<Calculator> = Vec::new();
        for (index, document) in documents.iter().enumerate().filter(|(index, _)| published[*index]) {
            let page = PageId::from_index(index);
            list.extend(document.calculators.iter().map(|placed| Calculator { page, placed: placed.clone() }));
        }
        list.sort_by(|a, b| {
            let key = |calculator: &Calculator| {
                (calculator.placed.declaration.id.value.clone(), calculator.page, calculator.placed.block)
            };
            key(a).cmp(&key(b))
        });
        list.dedup_by(|later, first| {
            let same = later.placed.declaration.id.value == first.placed.declaration.id.value;
            if same {
                diagnostics.push(twice(&later.placed.declaration, &first.placed.declaration, "calculators"));
            }
            same
        });
        let mut by_name: BTreeMap<String, Arc<Declaration>> = BTreeMap::new();
        for library in libraries {
            match by_name.get(&library.id.value) {
                Some(first) => diagnostics.push(twice(&library, first, "libraries")),
                None => {
                    by_name.insert(library.id.value.clone(), library);
                }
            }
        }
        let mut gathered = Gathered::new();
        if !list.is_empty() {
            for calculator in &list {
                gathered.add(documents[calculator.page.index()].faces.public);
            }
            for library in by_name.values() {
                gathered.text(&format!("{library:?}"));
            }
            for fact in facts {
                gathered.add(fact.fingerprint());
            }
        }
        Self { list, libraries: by_name, fingerprint: gathered.fingerprint() }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All of them, sorted by id.
    pub fn iter(&self) -> impl Iterator<Item = &Calculator> {
        self.list.iter()
    }

    /// The one at a place.
    #[must_use]
    pub fn get(&self, index: usize) -> &Calculator {
        &self.list[index]
    }

    /// The place of an id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<usize> {
        self.list.binary_search_by(|calculator| calculator.placed.declaration.id.value.as_str().cmp(id)).ok()
    }

    /// The place of the calculator of a page: its own, or that of a block of code.
    #[must_use]
    pub fn on_page(&self, page: PageId, block: Option<u32>) -> Option<usize> {
        self.list.iter().position(|calculator| calculator.page == page && calculator.placed.block == block)
    }

    /// The id nearest to one that is unknown.
    #[must_use]
    pub fn nearest(&self, id: &str) -> Option<&str> {
        nearest(id, self.list.iter().map(|calculator| calculator.placed.declaration.id.value.as_str()))
    }

    /// All libraries by name.
    #[must_use]
    pub fn libraries(&self) -> BTreeMap<&str, &Declaration> {
        self.libraries.iter().map(|(name, library)| (name.as_str(), &**library)).collect()
    }
}

fn twice(later: &Declaration, first: &Declaration, what: &str) -> Diagnostic {
    let message = format!("two {what} have the id `{}`", later.id.value);
    Diagnostic::at(Code::IdDuplicate, &later.path, later.id.span, message)
        .also(&first.path, Some(first.id.span), "first here")
        .help("give one of them another name")
}

/// The address of the page that other sites show in a frame.
#[must_use]
pub fn embed_url(id: &str) -> UrlPath {
    UrlPath::new(&format!("calculators/{id}/embed/"))
}

/// The address of a calculator as data.
#[must_use]
pub fn data_url(id: &str) -> UrlPath {
    UrlPath::new(&format!("calculators/{id}.json"))
}

impl Site {
    /// The published pages of each next step of a calculator, in the order in which they are named.
    #[must_use]
    pub fn next_pages(&self, calculator: usize) -> Vec<Vec<PageId>> {
        let known = self.calculators.get(calculator);
        let from = &self.document(known.page).path;
        let page_of = |name: &Spanned<String>| match self.page_called(&name.value, from) {
            Meaning::Page(page, _) => Some(page).filter(|page| self.is_published(*page)),
            Meaning::Ambiguous(_) | Meaning::Nothing => None,
        };
        known.placed.declaration.next.iter().map(|next| next.see.iter().filter_map(page_of).collect()).collect()
    }

    /// The page that a name means, where a page and nothing else is named: brackets around it are none of it.
    pub(super) fn page_called(&self, name: &str, from: &SourcePath) -> Meaning {
        let name = bare(name);
        let by_path = || self.names.of_path(&from.join_relative(name)?);
        match name.ends_with(".md").then(by_path).flatten() {
            Some(page) => Meaning::Page(page, false),
            None => self.names.find(name, &self.documents),
        }
    }
}

/// A name without the brackets that it may stand in.
pub(super) fn bare(name: &str) -> &str {
    name.trim_start_matches("[[").trim_end_matches("]]").trim()
}

impl Records for Site {
    fn fact(&self, id: &str) -> Option<Known> {
        let fact: &Fact = Site::fact(self, *self.fact_ids.get(id)?);
        let (low, typical, high, series) = match &fact.figures {
            Figures::Text(_) => (None, None, None, Vec::new()),
            Figures::Value(number) => (None, Some(*number), None, Vec::new()),
            Figures::Range { low, typical, high } => (*low, *typical, *high, Vec::new()),
            Figures::Series(years) => (None, None, None, years.clone()),
        };
        Some(Known {
            id: fact.id.clone(),
            statement: fact.statement.clone(),
            display: fact.display("").unwrap_or_default().into_owned(),
            when: format!("{}, {}", fact.as_of, fact.place),
            low,
            typical,
            high,
            series,
            unit: fact.unit_text.clone(),
            source: fact.source.as_ref().map(|source| Source {
                title: source.title.clone(),
                publisher: source.publisher.clone(),
                url: source.url.clone(),
            }),
            estimate: fact.evidence == "editor's estimate",
            check_again: fact.check_again,
        })
    }

    fn nearest(&self, id: &str) -> Option<String> {
        nearest(id, self.facts.iter().map(|fact| fact.id.as_str())).map(str::to_owned)
    }
}
