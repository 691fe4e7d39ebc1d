//! Fingerprints of everything that a page's view is made of, taken without making it.

use std::sync::OnceLock;

use super::Pages;
use super::article::{LISTED_MAX, window_of};
use crate::base::{Fingerprint, Gathered, KindId, PageId, fingerprint_of};
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
    /// The same without titles and the like: which pages are joined to which, and the order in which people read.
    pub structure: Fingerprint,
}

/// Tells what changed for a page before any work is done for it. Two builds in which a page's inputs are equal give it
/// the same view; the opposite need not hold, since a page's inputs hold more of other pages than it shows.
pub struct Inputs<'a> {
    pages: &'a Pages<'a>,
    bodies: BodyInputs<'a>,
    common: Common,
    /// What is public of each page, side by side: they are looked at a hundred times for every page.
    public: Vec<Fingerprint>,
    surroundings: Surroundings,
}

/// All inputs of each article but for its own body, where they have been asked for.
///
/// They say the same in every build whose pages are all equal in what others see of them, as after nearly every edit of
/// prose. Where some differ and the structure is the same, as after a new title, they say the same of every article that
/// shows none of these.
#[derive(Debug, Default)]
pub struct Surroundings {
    /// Of all that they are made of.
    basis: Fingerprint,
    /// Of all that they are made of but for what is shown of pages.
    settled: Fingerprint,
    of_articles: Vec<OnceLock<Fingerprint>>,
    /// What pages may show of each page that leads to them: what is public of it, the sentences around its links, and what
    /// the whole page names. Where it differs, the sentences that are shown are looked at one by one.
    quoted: Vec<Fingerprint>,
    /// Those of the build before, and which pages look different since.
    earlier: Option<(Vec<OnceLock<Fingerprint>>, Vec<bool>)>,
}

impl<'a> Inputs<'a> {
    /// The inputs of all pages. `known` are the surroundings that an earlier build came to.
    #[must_use]
    pub fn new(pages: &'a Pages<'a>, bodies: BodyInputs<'a>, common: Common, known: Surroundings) -> Self {
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
        let surroundings = known.again(all.fingerprint(), fingerprint_of(&(common.ground, common.structure)), quoted);
        Self { pages, bodies, common, public, surroundings }
    }

    /// What is worth keeping.
    #[must_use]
    pub fn into_surroundings(self) -> Surroundings {
        self.surroundings
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
                gathered.add(*around.get_or_init(|| match self.surroundings.known(*page) {
                    Some((known, changed)) if !self.shows_any(*page, changed) => known,
                    _ => self.around_article(*page),
                }));
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

    /// Of a page's row in the index of its kind.
    #[must_use]
    pub fn of_row(&self, page: PageId) -> Fingerprint {
        let mut gathered = Gathered::new();
        gathered.add(self.common.ground);
        self.bodies.fields(page, &mut gathered);
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
            gathered.add(self.public[mention.from.index()]);
            gathered.text(&self.pages.quoted(mention));
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

    /// Whether an article shows any of the pages that `changed`, besides what stands in its own body. Where relations and
    /// order are the same, [`Inputs::around_article`] is the same unless this says otherwise.
    fn shows_any(&self, page: PageId, changed: &[bool]) -> bool {
        let (site, insights) = (self.pages.site, self.pages.insights);
        let document = site.document(page);
        let is_changed = |page: &PageId| changed[page.index()];
        let section = &site.sections[document.kind.index()];
        let window = self.pages.place_in_section(page).map(|place| &section[window_of(section.len(), place)]);
        let mut listed = insights.relations[page.index()].iter().flat_map(|group| group.pages.iter().take(LISTED_MAX));
        document.place == Place::Home
            || is_changed(&page)
            || !self.pages.compared(page).is_empty()
            || listed.any(is_changed)
            || insights.around[page.index()].neighbours.iter().any(|(neighbour, _)| is_changed(neighbour))
            || insights.backlinks[page.index()].iter().take(LISTED_MAX).any(|mention| is_changed(&mention.from))
            || insights.related[page.index()].iter().any(|related| is_changed(&related.page))
            || insights.learning_order[page.index()].iter().any(is_changed)
            || window.unwrap_or_default().iter().any(is_changed)
            || site.section_documents[document.kind.index()].iter().any(is_changed)
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

impl Surroundings {
    /// Those of another build, with what can be taken over.
    fn again(self, basis: Fingerprint, settled: Fingerprint, quoted: Vec<Fingerprint>) -> Self {
        if self.basis == basis {
            return self;
        }
        let is_alike = self.settled == settled && self.quoted.len() == quoted.len();
        let changed = || self.quoted.iter().zip(&quoted).map(|(known, quoted)| known != quoted).collect();
        let earlier = is_alike.then(|| (changed(), self.of_articles)).map(|(changed, known)| (known, changed));
        let of_articles = quoted.iter().map(|_| OnceLock::new()).collect();
        Self { basis, settled, of_articles, quoted, earlier }
    }

    /// What an earlier build says of an article, and which pages look different since.
    fn known(&self, page: PageId) -> Option<(Fingerprint, &[bool])> {
        let (of_articles, changed) = self.earlier.as_ref()?;
        Some((*of_articles.get(page.index())?.get()?, changed))
    }
}
