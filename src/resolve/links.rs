//! Answers to the references of a document: which page, fact or file each one means.

use std::sync::Arc;

use super::calculators::bare;
use super::names::Meaning;
use super::routes::Owner;
use super::{Edge, Site};
use crate::base::slug::anchor as anchor_of;
use crate::base::{FactId, Fingerprint, Gathered, PageId, SourcePath, Span, UrlPath};
use crate::diag::{Code, Diagnostic, nearest};
use crate::read::field::Wanted;
use crate::read::html::{Address, classify};
use crate::read::{CONTENT, Document, Fill, Place, Prose, Reference, Target};

/// What a reference means.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Answer {
    /// A published page, with an anchor that exists there; whether it was named by its id.
    Page {
        /// The page.
        page: PageId,
        /// An anchor on it.
        anchor: Option<Box<str>>,
        /// Named by its id: the title is what to print.
        by_id: bool,
    },
    /// A place on the same page.
    Here(Box<str>),
    /// A page that is not published: its text stays, the link goes.
    Draft(PageId),
    /// An address that the generator makes, or a file.
    Url(Box<Elsewhere>),
    /// A fact.
    Fact(FactId),
    /// A calculator, by its place, to stand here; or one of its results, by its place.
    Calculator(u32, Option<u32>),
    /// Nothing; a diagnostic says so.
    Nothing,
}

/// An address that is no page's, and a place there.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Elsewhere {
    /// Where it is published.
    pub url: UrlPath,
    /// After the `#`.
    pub anchor: Option<Box<str>>,
}

impl Answer {
    fn url(url: UrlPath, anchor: Option<&str>) -> Self {
        Self::Url(Box::new(Elsewhere { url, anchor: anchor.map(Into::into) }))
    }
}

/// The answers of one document: for each of its proses (the body first), one for each reference; and for each of its
/// images the file's address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Answers {
    /// By prose, by reference.
    pub references: Vec<Vec<Answer>>,
    /// By prose, by image.
    pub images: Vec<Vec<Picture>>,
    /// Typed relations to published pages.
    pub edges: Vec<Edge>,
    /// Where next steps of calculators lead: for each page named, which of the document's steps names it.
    pub next: Vec<(PageId, u32)>,
}

/// The file of a picture.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Picture {
    /// A file of this site with its size in pixels, where it could be told.
    File(UrlPath, Option<(u32, u32)>),
    /// A picture elsewhere.
    External,
    /// Nothing; a diagnostic says so.
    Nothing,
}

impl Answers {
    /// Of where the references lead: everything that the graph may know of them. Pages and facts count by their
    /// places in the joined site.
    #[must_use]
    pub fn leads(&self) -> Fingerprint {
        let mut gathered = Gathered::new();
        for edge in &self.edges {
            gathered.number(edge.relation.index());
            gathered.number(edge.to.index());
        }
        for (page, step) in &self.next {
            gathered.text("next");
            gathered.number(page.index());
            gathered.number(*step as usize);
        }
        for references in &self.references {
            gathered.text("prose");
            for answer in references {
                match answer {
                    Answer::Page { page, .. } => gathered.number(page.index() * 2),
                    Answer::Fact(fact) => gathered.number(fact.index() * 2 + 1),
                    Answer::Calculator(index, _) => {
                        gathered.text("calculator");
                        gathered.number(*index as usize);
                    }
                    Answer::Here(_) | Answer::Draft(_) | Answer::Url(..) | Answer::Nothing => {
                        gathered.number(usize::MAX)
                    }
                }
            }
        }
        gathered.fingerprint()
    }
}

impl Site {
    /// The names of pages that a document writes, as they are looked for; `None` for one whose answers rest on more than
    /// these names, the addresses and the headings of pages.
    #[must_use]
    pub fn names_in(&self, page: PageId) -> Option<Box<[Fingerprint]>> {
        let document = self.document(page);
        let links = || document.proses().flat_map(|prose| &prose.references);
        let names_calculator = |reference: &Reference| matches!(reference.target, Target::Calculator { .. });
        if !document.calculators.is_empty() || links().any(names_calculator) {
            return None;
        }
        let in_links = links().filter_map(|reference| match &reference.target {
            Target::Name { name, .. } => Some(&**name),
            _ => None,
        });
        let in_relations = document.front.relations.iter().map(|declared| bare(&declared.target.value));
        Some(in_links.chain(in_relations).map(super::Names::looked_for).collect())
    }

    /// Resolves everything a document names. Pure: looks at the joined site and this document only.
    #[must_use]
    pub fn answer(&self, page: PageId) -> (Answers, Vec<Diagnostic>) {
        let document = self.document(page);
        let mut resolver = Resolver { site: self, document, page, diagnostics: Vec::new() };
        let proses = document.proses().count();
        let mut answers = Answers {
            references: Vec::with_capacity(proses),
            images: Vec::with_capacity(proses),
            edges: Vec::with_capacity(document.front.relations.len()),
            next: Vec::new(),
        };
        let wanted = std::iter::once(Wanted::Any)
            .chain(document.front.fields.iter().flat_map(|field| field.proses.iter().map(|_| field.wanted.clone())));
        for (prose, wanted) in document.proses().zip(wanted) {
            answers.references.push(resolver.references(prose, &wanted));
            answers.images.push(resolver.images(prose));
        }
        for declared in &document.front.relations {
            let Some(to) = resolver.page_named(&declared.target.value, declared.target.span) else { continue };
            if !(self.is_published(page) && self.is_published(to)) {
                continue;
            }
            let edge = Edge { relation: declared.relation, from: page, to, span: declared.target.span };
            let same = |known: &Edge| known.relation == edge.relation && known.to == edge.to;
            if !answers.edges.iter().any(same) {
                answers.edges.push(edge);
            }
        }
        for (step, next) in (0..).zip(document.next_steps()) {
            for name in &next.see {
                let named = resolver.page_named(&name.value, name.span);
                answers.next.extend(named.filter(|to| self.is_published(*to)).map(|to| (to, step)));
            }
        }
        (answers, resolver.diagnostics)
    }
}

struct Resolver<'a> {
    site: &'a Site,
    document: &'a Document,
    page: PageId,
    diagnostics: Vec<Diagnostic>,
}

impl Resolver<'_> {
    fn fault(&mut self, code: Code, span: Span, message: String) -> Diagnostic {
        Diagnostic::at(code, &self.document.path, span, message)
    }

    fn references(&mut self, prose: &Prose, wanted: &Wanted) -> Vec<Answer> {
        let mut embeds = vec![false; prose.references.len()];
        for hole in &prose.holes {
            if let Fill::Embed(number) = hole.fill {
                embeds[number as usize] = true;
            }
        }
        let mut answers = Vec::with_capacity(prose.references.len());
        for (reference, embed) in prose.references.iter().zip(embeds) {
            let span = reference.span;
            let answer = match &reference.target {
                Target::Name { name, anchor } => self.named(name, anchor.as_deref(), span),
                Target::Source { path, anchor } => self.source(path, anchor.as_deref(), span),
                Target::Site { path, anchor } => self.site_path(path, anchor.as_deref(), span),
                Target::Here { anchor } => match self.anchor_on(self.page, anchor, span) {
                    Some(anchor) => Answer::Here(anchor),
                    None => Answer::Nothing,
                },
                Target::Calculator { id, result } => self.calculator(id, result, embed, span),
                Target::Fact { id, part } => self.fact(id, part, reference.label.is_some(), wanted, span),
            };
            answers.push(match answer {
                Answer::Page { page, anchor: Some(ref anchor), .. } if embed && self.is_nested(page, anchor) => {
                    let message = format!(
                        "the section `{anchor}` stands inside a list, a quote or a note and cannot be embedded"
                    );
                    let diagnostic = self.fault(Code::AnchorBroken, span, message);
                    self.diagnostics.push(diagnostic.help("embed a section of the text itself, or link to this one"));
                    Answer::Nothing
                }
                Answer::Here(_) | Answer::Url(..) if embed => {
                    let diagnostic = self.fault(
                        Code::LinkBroken,
                        span,
                        "only another page, or a section of one, can be embedded".to_owned(),
                    );
                    self.diagnostics.push(diagnostic);
                    Answer::Nothing
                }
                answer => answer,
            });
        }
        answers
    }

    fn is_nested(&self, page: PageId, anchor: &str) -> bool {
        let headings = &self.site.document(page).body.headings;
        headings.iter().any(|heading| heading.id == anchor && heading.nested)
    }

    fn named(&mut self, name: &str, anchor: Option<&str>, span: Span) -> Answer {
        // A path to a source works between brackets too.
        if name.ends_with(".md") {
            return self.source(name, anchor, span);
        }
        match self.site.names.find(name, &self.site.documents) {
            Meaning::Page(page, by_id) => self.page(page, anchor, by_id, span),
            Meaning::Ambiguous(pages) => {
                self.ambiguous(name, &pages, span);
                Answer::Nothing
            }
            Meaning::Nothing => {
                self.unknown(name, span);
                Answer::Nothing
            }
        }
    }

    fn page_named(&mut self, name: &str, span: Span) -> Option<PageId> {
        match self.site.page_called(name, &self.document.path) {
            Meaning::Page(page, _) => return Some(page),
            Meaning::Ambiguous(pages) => self.ambiguous(bare(name), &pages, span),
            Meaning::Nothing => self.unknown(bare(name), span),
        }
        None
    }

    fn ambiguous(&mut self, name: &str, pages: &[PageId], span: Span) {
        let mut diagnostic =
            self.fault(Code::LinkAmbiguous, span, format!("`{name}` is the name of {} pages", pages.len()));
        for page in pages.iter().take(5) {
            let document = self.site.document(*page);
            diagnostic = diagnostic.help(format!("`[[{}]]` is `{}`", document.outline.id, document.path));
        }
        self.diagnostics.push(diagnostic);
    }

    fn unknown(&mut self, name: &str, span: Span) {
        let mut diagnostic = self.fault(Code::LinkBroken, span, format!("no page is named `{name}`"));
        if name.contains("://") {
            self.diagnostics.push(diagnostic.help(format!("write a link to another site as `[text]({name})`")));
            return;
        }
        // The nearest name costs a look at every name of the site: enough for the first faults of a page.
        if self.diagnostics.len() < 20 {
            if let Some(near) = self.site.names.nearest(name, &self.site.documents) {
                diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
            } else if let Some(fact) = self.site.fact_ids.get(name) {
                let id = &self.site.fact(*fact).id;
                diagnostic = diagnostic.help(format!("a fact has this id: write `[[fact:{id}]]`"));
            } else {
                diagnostic = diagnostic.help("write the id, the title or an alias of a page");
            }
        }
        self.diagnostics.push(diagnostic);
    }

    fn page(&mut self, page: PageId, anchor: Option<&str>, by_id: bool, span: Span) -> Answer {
        let anchor = match anchor {
            None => None,
            Some(anchor) => match self.anchor_on(page, anchor, span) {
                Some(anchor) => Some(anchor),
                None => return Answer::Nothing,
            },
        };
        if !self.site.is_published(page) {
            return Answer::Draft(page);
        }
        if page == self.page
            && let Some(anchor) = anchor
        {
            return Answer::Here(anchor);
        }
        Answer::Page { page, anchor, by_id }
    }

    /// The anchor that `written` means on a page: the anchor itself, or the text of a heading.
    fn anchor_on(&mut self, page: PageId, written: &str, span: Span) -> Option<Box<str>> {
        let document = self.site.document(page);
        let headings = &document.body.headings;
        let folded = anchor_of(written);
        let found = headings
            .iter()
            .find(|heading| heading.id == written)
            .or_else(|| headings.iter().find(|heading| heading.title == written))
            .or_else(|| headings.iter().find(|heading| heading.id == folded || anchor_of(&heading.title) == folded));
        if let Some(heading) = found {
            return Some(heading.id.as_str().into());
        }
        if is_generated_anchor(written) {
            return Some(written.into());
        }
        let place = if page == self.page { "this page".to_owned() } else { format!("`{}`", document.path) };
        let diagnostic = self.fault(Code::AnchorBroken, span, format!("{place} has no heading `{written}`"));
        let names = headings.iter().flat_map(|heading| [heading.id.as_str(), heading.title.as_str()]);
        let near = nearest(written, names);
        let diagnostic = match near {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None if headings.is_empty() => diagnostic.help("it has no headings at all"),
            None => {
                let ids: Vec<&str> = headings.iter().take(8).map(|heading| heading.id.as_str()).collect();
                diagnostic.help(format!("its anchors are {}", crate::data::quoted_all(&ids)))
            }
        };
        self.diagnostics.push(diagnostic);
        None
    }

    fn source(&mut self, written: &str, anchor: Option<&str>, span: Span) -> Answer {
        if written.is_empty() {
            let diagnostic = self.fault(Code::LinkBroken, span, "this link has no address".to_owned());
            self.diagnostics.push(diagnostic.help("write where it leads between the parentheses"));
            return Answer::Nothing;
        }
        let Some(path) = self.document.path.join_relative(written) else {
            let diagnostic = self.fault(Code::LinkBroken, span, format!("`{written}` leads out of the project"));
            self.diagnostics.push(diagnostic);
            return Answer::Nothing;
        };
        if let Some(page) = self.site.names.of_path(&path) {
            return self.page(page, anchor, false, span);
        }
        if let Some(url) = asset_url(self.site, &path) {
            return Answer::url(url, anchor);
        }
        // A folder, or a page without its ending, as code hosts and editors let people write it.
        for candidate in [format!("{path}/index.md"), format!("{path}.md")] {
            if let Some(page) = self.site.names.of_path(&SourcePath::new(&candidate)) {
                return self.page(page, anchor, false, span);
            }
        }
        // A link written for the published site: relative to this page's address.
        if let Some(answer) = self.relative_url(written, anchor, span) {
            return answer;
        }
        let code =
            if path.extension() == "md" || path.extension().is_empty() { Code::LinkBroken } else { Code::AssetMissing };
        let diagnostic = self.fault(code, span, format!("there is no file `{path}`"));
        let diagnostic = match self.nearest_path(&path) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic.help(format!("paths are relative to `{}/`", self.document.path.folder())),
        };
        self.diagnostics.push(diagnostic);
        Answer::Nothing
    }

    /// The file that was meant, as a link from this document writes it: one of the same name in another folder, or one
    /// of a name nearly the same in the folder that was named.
    fn nearest_path(&self, missing: &SourcePath) -> Option<String> {
        let documents = self.site.documents.iter().map(|document| &document.path);
        let all: Vec<&SourcePath> = documents.chain(self.site.assets.values().map(|asset| &asset.path)).collect();
        let inside = |path: &&&SourcePath| path.folder() == missing.folder();
        let near = all.iter().find(|path| path.file_name() == missing.file_name()).copied().or_else(|| {
            let name = nearest(missing.stem(), all.iter().filter(inside).map(|path| path.stem()))?;
            all.iter().filter(inside).find(|path| path.stem() == name).copied()
        })?;
        Some(match near.as_str().strip_prefix("static") {
            Some(address) => address.to_owned(),
            None => relative_path(&self.document.path, near),
        })
    }

    fn relative_url(&mut self, written: &str, anchor: Option<&str>, span: Span) -> Option<Answer> {
        let here = SourcePath::new(&self.document.outline.url.file());
        let joined = here.join_relative(written)?;
        let mut url = joined.as_str().to_owned();
        if written.ends_with('/') || written == "." || written == ".." {
            url.push('/');
        }
        let url = UrlPath::new(if url == "/" { "" } else { &url });
        self.at_url(&url, anchor, span)
    }

    fn at_url(&mut self, url: &UrlPath, anchor: Option<&str>, span: Span) -> Option<Answer> {
        let owner = self.site.routes.get(url)?.clone();
        Some(match owner {
            Owner::Page(page) => self.page(page, anchor, false, span),
            Owner::Section(kind) => match self.site.section_documents[kind.index()] {
                Some(page) => self.page(page, anchor, false, span),
                None => Answer::url(url.clone(), anchor),
            },
            _ => Answer::url(url.clone(), anchor),
        })
    }

    fn site_path(&mut self, written: &str, anchor: Option<&str>, span: Span) -> Answer {
        let path = written.trim_start_matches('/');
        // The other form of addresses is understood too: a site that changes its form keeps its links.
        let other = match path.strip_suffix(".html") {
            Some(name) => format!("{name}/"),
            None => format!("{}.html", path.trim_end_matches('/')),
        };
        for candidate in [path.to_owned(), format!("{path}/"), other] {
            if let Some(answer) = self.at_url(&UrlPath::new(&candidate), anchor, span) {
                return answer;
            }
        }
        // A path from the project's root, as editors resolve `/content/roles/producer.md`.
        if let Some(page) = self.site.names.of_path(&SourcePath::new(path)) {
            return self.page(page, anchor, false, span);
        }
        if let Some(page) = self.site.names.of_path(&SourcePath::new(&format!("{CONTENT}{path}"))) {
            return self.page(page, anchor, false, span);
        }
        let diagnostic = self.fault(Code::LinkBroken, span, format!("nothing is published at `{written}`"));
        let near = nearest(path, self.site.routes.pages()).map(|near| format!("/{near}"));
        self.diagnostics.push(match near {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic.help("a path that begins with `/` is an address on the site; a relative path is a file"),
        });
        Answer::Nothing
    }

    fn fact(&mut self, id: &str, part: &str, labelled: bool, wanted: &Wanted, span: Span) -> Answer {
        let Some(found) = self.site.fact_ids.get(id).copied() else {
            let diagnostic = self.fault(Code::FactUnknown, span, format!("there is no fact `{id}`"));
            let near = nearest(id, self.site.facts.iter().map(|fact| fact.id.as_str()));
            self.diagnostics.push(match near {
                Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                None => diagnostic.help("facts are declared in `content/facts/`"),
            });
            return Answer::Nothing;
        };
        let fact = self.site.fact(found);
        if fact.display(part).is_none() && !(labelled && part.is_empty()) {
            let help = match fact.parts().as_slice() {
                ["value"] => format!("it has one value: write `[[fact:{id}]]`"),
                parts => format!("its parts are {}", crate::data::quoted_all(parts)),
            };
            let diagnostic = self
                .fault(Code::FactPart, span, format!("the fact `{id}` has no part `{part}`"))
                .also(&fact.path, Some(fact.id_span), "declared here")
                .help(help);
            self.diagnostics.push(diagnostic);
            return Answer::Nothing;
        }
        if !wanted.takes(&fact.unit) {
            let unit =
                if fact.unit_text.is_empty() { "no unit".to_owned() } else { format!("the unit `{}`", fact.unit_text) };
            let diagnostic = self
                .fault(
                    Code::FactUnit,
                    span,
                    format!("this field wants {}, but the fact `{id}` has {unit}", wanted.words()),
                )
                .also(&fact.path, Some(fact.id_span), "declared here")
                .help(format!("name a fact that is {}, or correct the `unit` of this one", wanted.words()));
            self.diagnostics.push(diagnostic);
        }
        Answer::Fact(found)
    }

    fn calculator(&mut self, id: &str, result: &str, embed: bool, span: Span) -> Answer {
        let calculators = &self.site.calculators;
        let Some(index) = calculators.find(id) else {
            let near = calculators.nearest(id).map(str::to_owned);
            let diagnostic = self.fault(Code::CalcUnknown, span, format!("there is no calculator `{id}`"));
            self.diagnostics.push(match near {
                Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                None => diagnostic.help("a calculator is a file that ends in `.calc.yaml`, or a block of `calc`"),
            });
            return Answer::Nothing;
        };
        let calculator = calculators.get(index);
        let number = u32::try_from(index).unwrap_or(u32::MAX);
        if result.is_empty() {
            if embed {
                return Answer::Calculator(number, None);
            }
            let anchor = calculator.placed.block.map(|_| format!("calc-{id}").into_boxed_str());
            return match (calculator.page == self.page, anchor) {
                (true, Some(anchor)) => Answer::Here(anchor),
                (_, anchor) => Answer::Page { page: calculator.page, anchor, by_id: true },
            };
        }
        let results = &calculator.placed.declaration.results;
        match results.iter().position(|known| known.name.value == result) {
            Some(place) if !embed => Answer::Calculator(number, u32::try_from(place).ok()),
            Some(_) => {
                let message = "a result stands in a sentence; only a whole calculator can be embedded".to_owned();
                let diagnostic = self.fault(Code::CalcUnknown, span, message);
                self.diagnostics.push(diagnostic.help("take the `!` away"));
                Answer::Nothing
            }
            None => {
                let names: Vec<&str> = results.iter().map(|known| known.name.value.as_str()).collect();
                let help = match nearest(result, names.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("its results are {}", crate::data::quoted_all(&names)),
                };
                let message = format!("the calculator `{id}` has no result `{result}`");
                let diagnostic = self.fault(Code::CalcUnknown, span, message);
                self.diagnostics.push(diagnostic.help(help));
                Answer::Nothing
            }
        }
    }

    fn images(&mut self, prose: &Prose) -> Vec<Picture> {
        let mut pictures = Vec::with_capacity(prose.images.len());
        for image in &prose.images {
            let source = image.source.as_str();
            if source.starts_with("https://") || source.starts_with("http://") || source.starts_with("//") {
                pictures.push(Picture::External);
                continue;
            }
            if classify(source) == Address::Unsafe {
                // Reported where it was read.
                pictures.push(Picture::Nothing);
                continue;
            }
            let decoded = crate::base::slug::percent_decode(source).unwrap_or_else(|| source.to_owned());
            let url = match decoded.strip_prefix('/') {
                Some(path) => Some(UrlPath::new(path)).filter(|url| self.site.assets.contains_key(url)),
                None => self.document.path.join_relative(&decoded).and_then(|path| asset_url(self.site, &path)),
            };
            let Some(url) = url else {
                let diagnostic = self.fault(Code::AssetMissing, image.span, format!("there is no picture `{source}`"));
                let near = nearest(
                    &decoded,
                    self.site.assets.values().map(|asset| asset.path.as_str().rsplit('/').next().unwrap_or_default()),
                );
                self.diagnostics.push(match near {
                    Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                    None => diagnostic.help("put it beside the article, or into `static/` and write `/name.png`"),
                });
                pictures.push(Picture::Nothing);
                continue;
            };
            let size = crate::read::picture::size(&self.site.assets[&url].bytes);
            pictures.push(Picture::File(url, size));
        }
        pictures
    }
}

/// How a link in one file writes the path of another.
fn relative_path(from: &SourcePath, to: &SourcePath) -> String {
    let (mut here, mut there): (&str, &str) = (from.folder(), to.as_str());
    while let (Some((first, rest)), Some((other, other_rest))) = (split_first(here), there.split_once('/'))
        && first == other
    {
        (here, there) = (rest, other_rest);
    }
    let up = here.split('/').filter(|part| !part.is_empty()).count();
    format!("{}{there}", "../".repeat(up))
}

/// The first part of a folder's path, and the rest.
fn split_first(folder: &str) -> Option<(&str, &str)> {
    (!folder.is_empty()).then(|| folder.split_once('/').unwrap_or((folder, "")))
}

/// Anchors that templates and the body renderer make on every article.
fn is_generated_anchor(anchor: &str) -> bool {
    ["source-", "cite-", "fn-", "fnref-"].iter().any(|prefix| {
        anchor
            .strip_prefix(prefix)
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

/// The address of an asset by its source path.
fn asset_url(site: &Site, path: &SourcePath) -> Option<UrlPath> {
    let inside = path.as_str().strip_prefix(CONTENT).or_else(|| path.as_str().strip_prefix("static/"))?;
    let url = UrlPath::new(inside);
    site.assets.get(&url).filter(|asset| asset.path == *path).map(|_| url)
}

/// Pages whose embeds run in a circle, and chains that are too deep: `edges` are embeds from page to page with the
/// span of each. Every page of a circle is reported once, with the circle spelled out.
pub fn check_embeds(site: &Site, answers: &[Arc<Answers>]) -> (Vec<Diagnostic>, Vec<bool>) {
    /// Deepest chain of embeds.
    const DEPTH_MAX: usize = 16;
    let count = site.documents.len();
    if !site.documents.iter().any(|document| document.embeds) {
        return (Vec::new(), vec![false; count]);
    }
    let mut targets: Vec<Vec<(PageId, Span)>> = vec![Vec::new(); count];
    for (index, list) in targets.iter_mut().enumerate() {
        let document = &site.documents[index];
        for (prose, references) in document.proses().zip(&answers[index].references) {
            for hole in &prose.holes {
                if let Fill::Embed(number) = hole.fill
                    && let Answer::Page { page, .. } = references[number as usize]
                {
                    list.push((page, prose.references[number as usize].span));
                }
            }
        }
    }
    let mut diagnostics = Vec::new();
    let mut faulty = vec![false; count];
    // Depth of the longest chain below each page; `None` while it is being worked out, which is what a circle meets.
    let mut depth: Vec<Option<usize>> = vec![None; count];
    let mut entered = vec![false; count];
    for start in 0..count {
        if entered[start] || targets[start].is_empty() {
            continue;
        }
        let mut stack: Vec<(usize, usize)> = vec![(start, 0)];
        entered[start] = true;
        while let Some((page, next)) = stack.last_mut() {
            let here = *page;
            let Some((target, span)) = targets[here].get(*next).copied() else {
                let deepest = targets[here].iter().filter_map(|(target, _)| depth[target.index()]).max();
                depth[here] = Some(deepest.map_or(0, |deepest| deepest + 1));
                if depth[here].is_some_and(|depth| depth > DEPTH_MAX) {
                    let document = &site.documents[here];
                    let span = targets[here].first().map_or(Span::default(), |(_, span)| *span);
                    let message = format!("this page embeds pages that embed pages, more than {DEPTH_MAX} deep");
                    diagnostics.push(
                        Diagnostic::at(Code::EmbedDepth, &document.path, span, message)
                            .help("link to the page, or embed the last page of the chain itself"),
                    );
                    faulty[here] = true;
                }
                stack.pop();
                continue;
            };
            *next += 1;
            let target = target.index();
            if !entered[target] {
                entered[target] = true;
                stack.push((target, 0));
            } else if depth[target].is_none() {
                let from = stack.iter().position(|(page, _)| *page == target).unwrap_or(0);
                let mut names: Vec<&str> =
                    stack[from..].iter().map(|(page, _)| site.documents[*page].outline.id.as_str()).collect();
                names.push(&site.documents[target].outline.id);
                let message = format!("pages embed each other in a circle: {}", names.join(" → "));
                diagnostics.push(
                    Diagnostic::at(Code::EmbedCycle, &site.documents[here].path, span, message)
                        .label("this closes the circle")
                        .help("take the `!` of one of these embeds away: it becomes a link"),
                );
                for (page, _) in &stack[from..] {
                    faulty[*page] = true;
                }
            }
        }
    }
    (diagnostics, faulty)
}

/// Whether a page stands for itself in lists: neither home nor an index.
#[must_use]
pub fn is_article(document: &Document) -> bool {
    document.place == Place::Page
}
