//! The faces that a document shows to the steps after reading, each as a fingerprint.

use super::front_matter::FrontMatter;
use super::{CodeBlock, Outline, Place, Prose};
use crate::base::{Fingerprint, Gathered, KindId, SourcePath, fingerprint_of};

/// What other steps see of a document. Two documents of one site with an equal face are interchangeable to whatever
/// looks at that face alone, so an edit that leaves it equal costs that step nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Faces {
    /// Everything but the body: path, front matter as written with all its places, headings.
    pub public: Fingerprint,
    /// What joining looks at: names, topics, order, sources, whether it is published. Without places in the file.
    pub joined: Fingerprint,
    /// Where it will be published, and from where it moved.
    pub address: Fingerprint,
    /// Its headings.
    pub anchors: Fingerprint,
    /// What other pages quote from it: the sentences around links.
    pub quotes: Fingerprint,
}

impl Faces {
    /// The faces of a document; `front_matter` is the text of `front`.
    #[must_use]
    pub(super) fn of(
        path: &SourcePath,
        (kind, place): (KindId, Place),
        front_matter: &str,
        front: &FrontMatter,
        body: &Prose,
        outline: &Outline,
    ) -> Self {
        let anchors = anchors(body);
        let mut public = Gathered::new();
        public.text(path.as_str());
        public.text(front_matter);
        public.add(anchors);
        let values = |list: &[crate::base::Spanned<String>]| -> Vec<Fingerprint> {
            list.iter().map(|item| Fingerprint::of_bytes(item.value.as_bytes())).collect()
        };
        let address = fingerprint_of(&(path, kind, place, &outline.url, front.draft, values(&front.redirect_from)));
        let names = (&outline.id, &outline.title, front.id.is_some(), values(&front.aliases));
        let joined = fingerprint_of(&(address, names, values(&front.topics), front.order, &front.sources));
        let proses = std::iter::once(body).chain(front.fields.iter().flat_map(|field| field.proses.iter()));
        Self { public: public.fingerprint(), joined, address, anchors, quotes: quotes(proses) }
    }
}

impl Faces {
    /// The same for a document in which blocks of code are calculators: these are known to all pages, with the places
    /// that their faults point at.
    #[must_use]
    pub(super) fn with_calculators<'a>(self, blocks: impl Iterator<Item = &'a CodeBlock>) -> Self {
        let mut gathered = Gathered::new();
        let mut any = false;
        for block in blocks {
            any = true;
            gathered.number(block.span.start as usize);
            gathered.text(&block.text);
        }
        if any { self.with_calculator(gathered.fingerprint()) } else { self }
    }

    /// The same for a document that holds a calculator with this fingerprint.
    #[must_use]
    pub(super) fn with_calculator(self, calculator: Fingerprint) -> Self {
        let public = fingerprint_of(&(self.public, calculator));
        Self { public, joined: fingerprint_of(&(self.joined, calculator)), ..self }
    }
}

fn anchors(body: &Prose) -> Fingerprint {
    let mut gathered = Gathered::new();
    for heading in &body.headings {
        gathered.number(usize::from(heading.level) * 2 + usize::from(heading.nested));
        gathered.text(&heading.id);
        gathered.text(&heading.title);
    }
    gathered.fingerprint()
}

fn quotes<'a>(proses: impl Iterator<Item = &'a Prose>) -> Fingerprint {
    let mut gathered = Gathered::new();
    for prose in proses {
        gathered.number(prose.references.len());
        gathered.text(&prose.quotable);
        for reference in &prose.references {
            gathered.add(fingerprint_of(&(reference.words, reference.sentence)));
        }
    }
    gathered.fingerprint()
}
