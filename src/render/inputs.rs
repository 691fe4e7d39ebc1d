//! Fingerprints of everything that a body is made of, taken without making it.

use std::sync::Arc;

use crate::base::{FactId, Fingerprint, Gathered, PageId};
use crate::read::{Fill, Prose};
use crate::resolve::links::Picture;
use crate::resolve::{Answer, Answers, Site};

/// Where bodies get what fills their holes. Two builds with the same settings in which a page's inputs are equal give
/// it the same body, with the same faults.
#[derive(Debug)]
pub struct BodyInputs<'a> {
    site: &'a Site,
    answers: &'a [Arc<Answers>],
    embed_faults: &'a [bool],
    /// By fact.
    facts: Vec<Fingerprint>,
}

impl<'a> BodyInputs<'a> {
    /// Looks at every fact once.
    #[must_use]
    pub fn new(site: &'a Site, answers: &'a [Arc<Answers>], embed_faults: &'a [bool]) -> Self {
        let facts = site.facts.iter().map(crate::read::Fact::fingerprint).collect();
        Self { site, answers, embed_faults, facts }
    }

    /// Of one fact.
    #[must_use]
    pub fn fact(&self, fact: FactId) -> Fingerprint {
        self.facts[fact.index()]
    }

    /// Adds what the body and the fields of a page depend on, settings aside.
    pub fn body(&self, page: PageId, gathered: &mut Gathered) {
        // What is embedded may embed in turn; a page that was looked at has given all it has.
        let mut seen = vec![page];
        let mut next = 0;
        while let Some(page) = seen.get(next).copied() {
            next += 1;
            let document = self.site.document(page);
            gathered.add(document.fingerprint);
            gathered.add(document.public);
            gathered.number(usize::from(self.embed_faults[page.index()]));
            for (number, prose) in document.proses().enumerate() {
                self.prose(page, number, prose, gathered);
                for hole in &prose.holes {
                    if let Fill::Embed(reference) = hole.fill
                        && let Some(Answer::Page { page: embedded, .. }) = self.answer(page, number, reference as usize)
                        && !seen.contains(embedded)
                    {
                        seen.push(*embedded);
                    }
                }
            }
        }
    }

    /// Adds what the fields of a page depend on, as lists show them, settings aside.
    pub fn fields(&self, page: PageId, gathered: &mut Gathered) {
        let document = self.site.document(page);
        gathered.add(document.public);
        for (number, prose) in document.proses().enumerate().skip(1) {
            self.prose(page, number, prose, gathered);
        }
    }

    fn answer(&self, page: PageId, prose: usize, reference: usize) -> Option<&Answer> {
        self.answers[page.index()].references.get(prose)?.get(reference)
    }

    fn prose(&self, page: PageId, number: usize, prose: &Prose, gathered: &mut Gathered) {
        let answers = &self.answers[page.index()];
        gathered.number(prose.references.len());
        for answer in answers.references.get(number).map_or(&[][..], Vec::as_slice) {
            self.lead(answer, gathered);
        }
        for picture in answers.images.get(number).map_or(&[][..], Vec::as_slice) {
            match picture {
                Picture::File(url, size) => {
                    gathered.text(url.as_str());
                    let (width, height) = size.unwrap_or_default();
                    gathered.number(width as usize);
                    gathered.number(height as usize);
                }
                Picture::External => gathered.text("elsewhere"),
                Picture::Nothing => gathered.text("nowhere"),
            }
        }
    }

    fn lead(&self, answer: &Answer, gathered: &mut Gathered) {
        let anchor = |anchor: &Option<String>, gathered: &mut Gathered| {
            gathered.text(anchor.as_deref().unwrap_or("no anchor"));
        };
        match answer {
            Answer::Page { page, anchor: place, by_id } => {
                gathered.number(usize::from(*by_id));
                gathered.add(self.site.document(*page).public);
                anchor(place, gathered);
            }
            Answer::Here(place) => {
                gathered.number(2);
                gathered.text(place);
            }
            Answer::Draft(page) => {
                gathered.number(3);
                gathered.add(self.site.document(*page).public);
            }
            Answer::Url(url, place) => {
                gathered.number(4);
                gathered.text(url.as_str());
                anchor(place, gathered);
            }
            Answer::Fact(fact) => {
                gathered.number(5);
                gathered.add(self.fact(*fact));
                // A body cites facts by their place in the list, which moves when others come or go.
                gathered.number(fact.index());
            }
            Answer::Nothing => gathered.number(6),
        }
    }
}
