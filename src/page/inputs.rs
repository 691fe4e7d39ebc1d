//! Fingerprints of everything that a page's view is made of, taken without making it.

use std::sync::OnceLock;

use super::Pages;
use super::article::{LISTED_MAX, window_of};
use crate::base::{Fingerprint, Gathered, KindId, PageId};
use crate::read::Place;
use crate::render::BodyInputs;
use crate::resolve::Owner;

/// What every page of a build depends on, besides its own inputs.
#[derive(Debug, Clone, Copy)]
pub struct Common {
    /// Settings, templates, and what every page sees.
    pub ground: Fingerprint,
    /// The joined site with all that is public of its documents.
    pub site: Fingerprint,
    /// Where all references lead.
    pub graph: Fingerprint,
}

/// Tells what changed for a page before any work is done for it. Two builds in which a page's inputs are equal give it
/// the same view; the opposite need not hold, since a page's inputs hold more of other pages than it shows.
pub struct Inputs<'a> {
    pages: &'a Pages<'a>,
    bodies: BodyInputs<'a>,
    common: Common,
    /// What is public of each page, side by side: they are looked at a hundred times for every page.
    public: Vec<Fingerprint>,
    /// What pages show of each page that leads to them: the same, with the sentences around its links and what these name.
    quoted: Vec<Fingerprint>,
    /// Of all that the surroundings are made of.
    basis: Fingerprint,
    surroundings: Surroundings,
}

/// All inputs of each article but for its own body, where they have been asked for. They say the same in every build
/// whose pages are all equal in what others see of them, as after nearly every edit of prose.
#[derive(Debug, Default)]
pub struct Surroundings {
    of_articles: Vec<OnceLock<Fingerprint>>,
}

impl<'a> Inputs<'a> {
    /// The inputs of all pages. `known` gives what is kept under the fingerprint of all that the surroundings of articles
    /// are made of; both come back from [`Inputs::into_surroundings`].
    #[must_use]
    pub fn new(
        pages: &'a Pages<'a>,
        bodies: BodyInputs<'a>,
        common: Common,
        known: impl FnOnce(Fingerprint) -> Option<Surroundings>,
    ) -> Self {
        let documents = &pages.site.documents;
        let public: Vec<Fingerprint> = documents.iter().map(|document| document.faces.public).collect();
        let mut quoted = Vec::with_capacity(documents.len());
        let mut all = Gathered::with_capacity(48 * documents.len() + 64);
        all.add(common.ground);
        all.add(common.site);
        all.add(common.graph);
        for (index, document) in documents.iter().enumerate() {
            let page = PageId::from_index(index);
            let mut gathered = Gathered::with_capacity(64);
            gathered.add(public[index]);
            gathered.add(document.faces.quotes);
            bodies.named(page, &mut gathered);
            quoted.push(gathered.fingerprint());
            all.add(gathered.fingerprint());
            bodies.fields(page, &mut all);
        }
        let basis = all.fingerprint();
        let surroundings = known(basis)
            .unwrap_or_else(|| Surroundings { of_articles: documents.iter().map(|_| OnceLock::new()).collect() });
        Self { pages, bodies, common, public, quoted, basis, surroundings }
    }

    /// What is worth keeping, and what it is made of.
    #[must_use]
    pub fn into_surroundings(self) -> (Fingerprint, Surroundings) {
        (self.basis, self.surroundings)
    }

    /// Of what is published at an address. Everything that is published there depends on the owner alone.
    #[must_use]
    pub fn of(&self, owner: &Owner) -> Fingerprint {
        let mut gathered = Gathered::new();
        gathered.add(self.common.ground);
        match owner {
            Owner::Page(page) => {
                self.bodies.body(*page, &mut gathered);
                let around = &self.surroundings.of_articles[page.index()];
                gathered.add(*around.get_or_init(|| self.around_article(*page)));
            }
            Owner::Section(kind) => self.section(*kind, &mut gathered),
            Owner::Topic(index) => {
                let topic = &self.pages.site.topics[*index];
                gathered.text(&topic.label);
                self.shown(&topic.pages, &mut gathered);
            }
            Owner::Twin(page) => {
                gathered.text("twin");
                self.bodies.body(*page, &mut gathered);
            }
            Owner::Redirect(page) => {
                gathered.text("redirect");
                self.shown(&[*page], &mut gathered);
            }
            Owner::Path => {
                self.whole(&mut gathered);
                for page in self.pages.goals() {
                    self.bodies.fields(page, &mut gathered);
                }
            }
            Owner::Print => {
                self.whole(&mut gathered);
                for page in self.pages.site.pages() {
                    self.bodies.body(page, &mut gathered);
                }
            }
            Owner::CalculatorEmbed(index) | Owner::CalculatorData(index) => {
                self.whole(&mut gathered);
                gathered.number(*index);
                gathered.add(self.pages.site.calculators.fingerprint);
            }
            Owner::Topics
            | Owner::Facts
            | Owner::Sources
            | Owner::Search
            | Owner::SearchPart(_)
            | Owner::Map
            | Owner::NotFound
            | Owner::Machine(_)
            | Owner::Asset => {
                self.whole(&mut gathered);
            }
        }
        gathered.fingerprint()
    }

    /// Of a page's body alone, as it stands on its own page.
    #[must_use]
    pub fn of_body(&self, page: PageId) -> Fingerprint {
        let mut gathered = Gathered::new();
        gathered.add(self.common.ground);
        self.bodies.body(page, &mut gathered);
        gathered.fingerprint()
    }

    /// All that may be known of the site but for the words of bodies.
    fn whole(&self, gathered: &mut Gathered) {
        gathered.add(self.common.site);
        gathered.add(self.common.graph);
    }

    /// All that lists may show of pages.
    fn shown(&self, pages: &[PageId], gathered: &mut Gathered) {
        gathered.number(pages.len());
        for page in pages {
            gathered.add(self.public[page.index()]);
        }
    }

    /// All that an article shows but for its own body.
    fn around_article(&self, page: PageId) -> Fingerprint {
        let (site, insights) = (self.pages.site, self.pages.insights);
        let document = site.document(page);
        let gathered = &mut Gathered::with_capacity(4096);
        if document.place == Place::Home {
            self.whole(gathered);
        }
        for group in &insights.relations[page.index()] {
            gathered.number(group.relation.index());
            gathered.number(group.direction as usize);
            gathered.number(group.pages.len());
            self.shown(&group.pages[..group.pages.len().min(LISTED_MAX)], gathered);
        }
        // What a page compares stands on it field by field, with what leads on from there.
        let compared = self.pages.compared(page);
        if !compared.is_empty() {
            gathered.add(self.common.graph);
            self.shown(&compared, gathered);
            for other in compared {
                self.bodies.fields(other, gathered);
            }
        }
        let around = &insights.around[page.index()];
        gathered.add(around.fingerprint);
        for (neighbour, _) in &around.neighbours {
            gathered.add(self.public[neighbour.index()]);
        }
        gathered.text("mentions");
        for mention in insights.backlinks[page.index()].iter().take(LISTED_MAX) {
            gathered.number(mention.prose as usize);
            gathered.number(mention.reference as usize);
            gathered.add(self.quoted[mention.from.index()]);
        }
        gathered.text("related");
        for related in &insights.related[page.index()] {
            gathered.number(usize::from(related.topics));
            gathered.number(usize::from(related.neighbours));
            gathered.add(self.public[related.page.index()]);
        }
        gathered.text("order");
        self.shown(&insights.learning_order[page.index()], gathered);
        let section = &site.sections[document.kind.index()];
        gathered.number(section.len());
        if let Some(place) = self.pages.place_in_section(page) {
            gathered.number(place);
            self.shown(&section[window_of(section.len(), place)], gathered);
        }
        self.introduction(document.kind, gathered);
        gathered.fingerprint()
    }

    fn section(&self, kind: KindId, gathered: &mut Gathered) {
        gathered.number(kind.index());
        self.introduction(kind, gathered);
        if let Some(page) = self.pages.site.section_documents[kind.index()] {
            self.bodies.body(page, gathered);
        }
        for page in &self.pages.site.sections[kind.index()] {
            self.bodies.fields(*page, gathered);
        }
    }

    /// The title of a kind's index page stands in the breadcrumbs of its pages.
    fn introduction(&self, kind: KindId, gathered: &mut Gathered) {
        if let Some(page) = self.pages.site.section_documents[kind.index()] {
            self.shown(&[page], gathered);
        }
    }
}
