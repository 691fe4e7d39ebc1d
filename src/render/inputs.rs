//! Fingerprints of everything that a body is made of, taken without making it.

use std::sync::{Arc, OnceLock};

use crate::base::{FactId, Fingerprint, Gathered, PageId};
use crate::read::{Fill, Prose};
use crate::resolve::links::Picture;
use crate::resolve::{Answer, Answers, Site};

/// What fills the holes of one document. Follows from the document and what is public of all, so it is worth keeping as
/// long as these are the same.
#[derive(Debug, Clone)]
pub struct Filling {
    /// Of the document and what it shows of the pages, facts and files that its body and fields lead to.
    body: Fingerprint,
    /// The same for its fields alone.
    fields: Fingerprint,
    /// What pages that quote it show of the pages and facts that it names.
    named: Fingerprint,
    /// Pages that it embeds.
    embeds: Box<[PageId]>,
    /// Pages that it leads to and that have no description: fields of theirs may stand in for it.
    undescribed: Box<[PageId]>,
}

/// What may be shown of each document and each fact, side by side: they are looked at a hundred thousand times.
#[derive(Debug)]
pub struct Public<'a> {
    site: &'a Site,
    documents: Vec<Fingerprint>,
    /// Taken when the first is asked for.
    facts: OnceLock<Vec<Fingerprint>>,
}

impl<'a> Public<'a> {
    /// Of all documents and facts of a site.
    #[must_use]
    pub fn of(site: &'a Site) -> Self {
        let documents = site.documents.iter().map(|document| document.faces.public).collect();
        Self { site, documents, facts: OnceLock::new() }
    }

    fn fact(&self, fact: FactId) -> Fingerprint {
        let all = || self.site.facts.iter().map(|fact| fact.fingerprint()).collect();
        self.facts.get_or_init(all)[fact.index()]
    }
}

impl Filling {
    /// Looks at every reference of a document.
    #[must_use]
    pub fn of(public: &Public<'_>, page: PageId, answers: &Answers) -> Self {
        let site = public.site;
        let document = site.document(page);
        let mut embeds = Vec::new();
        let mut gathered = Gathered::new();
        gathered.add(public.documents[page.index()]);
        let mut proses = document.proses().enumerate();
        let body = proses.next();
        for (number, prose) in proses {
            add_prose(public, prose, answers, number, &mut gathered, &mut embeds);
        }
        let fields = gathered.fingerprint();
        gathered.add(document.fingerprint);
        if !document.calculators.is_empty() {
            gathered.add(site.calculators.fingerprint);
            add_next(public, page, &mut gathered);
        }
        if let Some((number, prose)) = body {
            add_prose(public, prose, answers, number, &mut gathered, &mut embeds);
        }
        let (body, named) = (gathered.fingerprint(), named(public, answers));
        Self { body, fields, named, embeds: embeds.into(), undescribed: undescribed(site, answers) }
    }
}

impl Filling {
    /// Whether what fills the holes of a document may show anything of the pages that `changed`, besides itself. Where
    /// calculators are it always may: their answers lead on to pages.
    #[must_use]
    pub fn leads_to(site: &Site, page: PageId, answers: &Answers, changed: &[bool]) -> bool {
        let mut all = answers.references.iter().flatten();
        !site.document(page).calculators.is_empty()
            || all.any(|answer| match answer {
                Answer::Page { page, .. } | Answer::Draft(page) => changed[page.index()],
                Answer::Calculator(..) => true,
                Answer::Here(_) | Answer::Url(_) | Answer::Fact(_) | Answer::Nothing => false,
            })
    }
}

fn undescribed(site: &Site, answers: &Answers) -> Box<[PageId]> {
    let led_to = answers.references.iter().flatten().filter_map(|answer| match answer {
        Answer::Page { page, .. } => Some(*page),
        _ => None,
    });
    let has_fields = |page: &PageId| !site.document(*page).front.fields.is_empty();
    led_to.filter(|page| site.description(*page).is_empty()).filter(has_fields).collect()
}

/// Of the pages that a document names by their ids, and of its facts.
fn named(public: &Public<'_>, answers: &Answers) -> Fingerprint {
    let mut gathered = Gathered::new();
    for answer in answers.references.iter().flatten() {
        if matches!(
            answer,
            Answer::Page { by_id: true, .. } | Answer::Draft(_) | Answer::Fact(_) | Answer::Calculator(_, Some(_))
        ) {
            add_lead(public, answer, &mut gathered);
        }
    }
    gathered.fingerprint()
}

fn add_prose(
    public: &Public<'_>,
    prose: &Prose,
    answers: &Answers,
    number: usize,
    gathered: &mut Gathered,
    embeds: &mut Vec<PageId>,
) {
    let references = answers.references.get(number).map_or(&[][..], Vec::as_slice);
    gathered.number(references.len());
    for answer in references {
        add_lead(public, answer, gathered);
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
    for hole in &prose.holes {
        if let Fill::Embed(reference) = hole.fill
            && let Some(Answer::Page { page, .. }) = references.get(reference as usize)
        {
            embeds.push(*page);
        }
    }
}

fn add_lead(public: &Public<'_>, answer: &Answer, gathered: &mut Gathered) {
    let add_anchor = |anchor: &Option<Box<str>>, gathered: &mut Gathered| {
        gathered.text(anchor.as_deref().unwrap_or("no anchor"));
    };
    match answer {
        Answer::Page { page, anchor, by_id } => {
            gathered.number(usize::from(*by_id));
            gathered.add(public.documents[page.index()]);
            add_anchor(anchor, gathered);
        }
        Answer::Here(anchor) => {
            gathered.number(2);
            gathered.text(anchor);
        }
        Answer::Draft(page) => {
            gathered.number(3);
            gathered.add(public.documents[page.index()]);
        }
        Answer::Url(elsewhere) => {
            gathered.number(4);
            gathered.text(elsewhere.url.as_str());
            add_anchor(&elsewhere.anchor, gathered);
        }
        Answer::Fact(fact) => {
            gathered.number(5);
            gathered.add(public.fact(*fact));
            // A body cites facts by their place in the list, which moves when others come or go.
            gathered.number(fact.index());
        }
        Answer::Calculator(index, result) => {
            gathered.number(7);
            gathered.number(*index as usize);
            gathered.number(result.map_or(usize::MAX, |result| result as usize));
            let site = public.site;
            gathered.add(site.calculators.fingerprint);
            let page = site.calculators.get(*index as usize).page;
            gathered.add(public.documents[page.index()]);
            add_next(public, page, gathered);
        }
        Answer::Nothing => gathered.number(6),
    }
}

/// Where the answers of a page's calculators send their readers.
fn add_next(public: &Public<'_>, page: PageId, gathered: &mut Gathered) {
    let site = public.site;
    for (index, known) in site.calculators.iter().enumerate() {
        if known.page == page && !known.placed.declaration.next.is_empty() {
            for next in site.next_pages(index).into_iter().flatten() {
                gathered.add(public.documents[next.index()]);
            }
        }
    }
}

/// Tells what bodies depend on. Two builds with the same settings in which a page's inputs are equal give it the same
/// body, with the same faults.
#[derive(Debug)]
pub struct BodyInputs<'a> {
    fillings: Vec<Arc<Filling>>,
    embed_faults: &'a [bool],
}

impl<'a> BodyInputs<'a> {
    /// `fillings` and `embed_faults` are those of all pages, in their order.
    #[must_use]
    pub fn new(fillings: Vec<Arc<Filling>>, embed_faults: &'a [bool]) -> Self {
        Self { fillings, embed_faults }
    }

    /// Adds what the body and the fields of a page depend on, settings aside.
    pub fn body(&self, page: PageId, gathered: &mut Gathered) {
        let filling = &self.fillings[page.index()];
        gathered.add(filling.body);
        for other in &filling.undescribed {
            gathered.add(self.fillings[other.index()].fields);
        }
        if filling.embeds.is_empty() {
            return;
        }
        // What is embedded may embed in turn; a page that was looked at has given all it has.
        let mut seen = vec![page];
        let mut next = 0;
        while let Some(page) = seen.get(next).copied() {
            next += 1;
            let filling = &self.fillings[page.index()];
            gathered.add(filling.body);
            gathered.number(usize::from(self.embed_faults[page.index()]));
            for embedded in &filling.embeds {
                if !seen.contains(embedded) {
                    seen.push(*embedded);
                }
            }
        }
    }

    /// Adds what pages that quote a page show of what it names.
    pub fn named(&self, page: PageId, gathered: &mut Gathered) {
        gathered.add(self.fillings[page.index()].named);
    }

    /// Adds what the fields of a page depend on, as lists show them, settings aside.
    pub fn fields(&self, page: PageId, gathered: &mut Gathered) {
        gathered.add(self.fillings[page.index()].fields);
    }
}
