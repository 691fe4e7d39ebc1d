//! A site joined again where no page moved: what an edit of a title, an alias or an order asks for.

use std::sync::Arc;

use super::Site;
use crate::base::PageId;
use crate::read::{Document, Place};

impl Site {
    /// The pages that joining sees differently in `documents`, where the same site with other names and another order is
    /// all that comes of it. `None` where a page came, went or moved, where calculators, topics or sources changed, or
    /// where two pages would have one id: then everything is joined anew. The rest of what is joined must be the same,
    /// and joining must have found no fault.
    #[must_use]
    pub fn renamed(&self, documents: &[Arc<Document>]) -> Option<Vec<PageId>> {
        if self.documents.len() != documents.len() {
            return None;
        }
        let pages = (0..documents.len()).map(PageId::from_index);
        let is_changed = |page: &PageId| self.document(*page).faces.joined != documents[page.index()].faces.joined;
        let changed: Vec<PageId> = pages.filter(is_changed).collect();
        let is_only_renamed = |page: &PageId| {
            let (known, document) = (self.document(*page), &documents[page.index()]);
            let topics = |document: &Document| -> Vec<String> {
                document.front.topics.iter().map(|topic| topic.value.clone()).collect()
            };
            known.faces.address == document.faces.address
                && known.calculators.is_empty()
                && document.calculators.is_empty()
                && known.front.sources == document.front.sources
                && topics(known) == topics(document)
        };
        let is_enough = changed.iter().all(is_only_renamed) && self.names.can_rename(&changed, documents);
        is_enough.then_some(changed)
    }

    /// The same site with other documents, of which [`Site::renamed`] says that only `changed` are called or ordered
    /// otherwise.
    #[must_use]
    pub fn with_renamed(mut self, documents: Vec<Arc<Document>>, changed: &[PageId]) -> Self {
        self.names.rename(changed, &self.documents, &documents);
        self.documents = documents;
        let documents = &self.documents;
        let is_changed = |page: &PageId| changed.binary_search(page).is_ok();
        for section in &mut self.sections {
            section.retain(|page| !is_changed(page));
        }
        for page in changed.iter().filter(|page| self.published[page.index()]) {
            let document = &documents[page.index()];
            if document.place == Place::Page {
                let key = document.reading_key();
                let section = &mut self.sections[document.kind.index()];
                let at = section.partition_point(|other| documents[other.index()].reading_key() < key);
                section.insert(at, *page);
            }
        }
        for topic in &mut self.topics {
            let (moved, mut pages): (Vec<PageId>, Vec<PageId>) = topic.pages.iter().partition(|page| is_changed(page));
            let key = |page: PageId| (documents[page.index()].outline.title.to_lowercase(), page);
            for page in moved {
                let own = key(page);
                pages.insert(pages.partition_point(|other| key(*other) < own), page);
            }
            topic.pages = pages;
        }
        self
    }
}
