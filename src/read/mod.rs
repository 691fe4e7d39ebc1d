//! One file at a time: front matter, Markdown, facts. Nothing here knows that another file exists.

pub mod calculator;
mod faces;
pub mod fact;
pub mod field;
mod figure;
pub mod front_matter;
pub mod html;
pub mod markdown;
mod math;
pub mod measure;
pub mod picture;
pub mod prose;
pub mod reading;

use crate::base::slug::slug;
use crate::base::{Fingerprint, KindId, SourcePath, Span, UrlPath};
use crate::config::Config;
use crate::diag::{Code, Diagnostic};
use crate::files::Source;

pub use calculator::{CalculatorFile, Placed, read_calculator};
pub use faces::Faces;
pub use fact::{Fact, FactSource, Figures, read_facts};
pub use field::FieldValue;
pub use front_matter::{DeclaredRelation, FrontMatter, SearchSettings};
pub use prose::{CodeBlock, Fill, Heading, Hole, Image, Prose, Reference, Sentence, Target};

/// The folder of articles.
pub const CONTENT: &str = "content/";

/// The folder of fact records.
pub const FACTS: &str = "content/facts/";

/// Where a document stands among the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// `content/index.md`.
    Home,
    /// `index.md` in a kind's own folder: title and introduction of its index page.
    SectionIndex,
    /// Any other page.
    Page,
}

/// An article after reading: everything that its own file says.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The file.
    pub path: SourcePath,
    /// Of the file's bytes.
    pub fingerprint: Fingerprint,
    /// What it is about.
    pub kind: KindId,
    /// Where it stands among the pages.
    pub place: Place,
    /// What front matter says.
    pub front: FrontMatter,
    /// The body, compiled.
    pub body: Prose,
    /// Where the body begins in the file.
    pub body_at: usize,
    /// What other pages may know of it.
    pub outline: Outline,
    /// Calculators that stand in it.
    pub calculators: Vec<Placed>,
    /// Whether any of its proses embeds a page.
    pub embeds: bool,
    /// What other steps see of it.
    pub faces: Faces,
}

/// What a page is called and where it stands. Holds no byte positions.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Outline {
    /// Stable id: as given, or kind and slug joined by a hyphen.
    pub id: String,
    /// Heading of the page; never empty.
    pub title: String,
    /// Where it will be published.
    pub url: UrlPath,
    /// The same, percent-encoded for links.
    pub href: String,
    /// Words in its body.
    pub words: u32,
}

impl Document {
    /// The body and the proses of all fields: what has references to resolve. The body is the first.
    pub fn proses(&self) -> impl Iterator<Item = &Prose> {
        std::iter::once(&self.body).chain(self.front.fields.iter().flat_map(|field| field.proses.iter()))
    }

    /// Its place among the pages of its kind: by `order`, then by title without case, then by path.
    pub fn reading_key(&self) -> (i64, String, &SourcePath) {
        (self.front.order.unwrap_or(i64::MAX), self.outline.title.to_lowercase(), &self.path)
    }

    /// The next steps of its calculators, in their order.
    pub fn next_steps(&self) -> impl Iterator<Item = &crate::calc::declaration::Next> {
        self.calculators.iter().flat_map(|placed| &placed.declaration.next)
    }
}

/// Reads an article. `None` when the file is not text or belongs to no kind.
pub fn read_document(
    path: &SourcePath,
    source: &Source,
    config: &Config,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Document> {
    let text = text_of(path, source, config.file_bytes_max, diagnostics)?;
    let inside = path.as_str().strip_prefix(CONTENT).unwrap_or(path.as_str());
    let folder = inside.rsplit_once('/').map_or("", |(folder, _)| folder);
    let is_index = matches!(path.file_name(), "index.md" | "README.md" | "readme.md");
    let folder_kind = config.kind_of_folder(folder);
    let place = match folder_kind {
        _ if is_index && folder.is_empty() => Place::Home,
        Some(kind) if is_index && config.kind(kind).folder == folder => Place::SectionIndex,
        _ => Place::Page,
    };
    let (front, kind, body_at) = match front_matter::split(text) {
        Ok(Some((range, body_at))) => {
            let (front, kind) = FrontMatter::read(path, text, range, folder_kind, place, config, diagnostics);
            (front, kind, body_at)
        }
        Ok(None) => {
            diagnostics.push(
                Diagnostic::at(Code::FrontMatterMissing, path, Span::new(0, 0), "this page has no front matter")
                    .help("begin the file with `---`, a line `title: …`, and `---`"),
            );
            (FrontMatter::empty(), folder_kind, 0)
        }
        Err(span) => {
            diagnostics.push(
                Diagnostic::at(Code::FrontMatterUnclosed, path, span, "front matter begins here and never ends")
                    .help("close it with a line `---`"),
            );
            return None;
        }
    };
    let Some(kind) = kind else {
        let folders: Vec<&str> =
            config.kinds.iter().map(|kind| kind.folder.as_str()).filter(|folder| !folder.is_empty()).collect();
        let top = folder.split('/').next().unwrap_or_default();
        let message = format!("the folder `content/{top}` belongs to no kind of page");
        diagnostics.push(
            Diagnostic::about(Code::KindUnknown, path, message)
                .suggest(top, folders.iter().copied())
                .help("declare a kind with this folder in `site.toml`, or name one in front matter: `kind: …`"),
        );
        return None;
    };
    let whole = Span::new(body_at, text.len());
    let origin = markdown::Origin { path, offset: Some(body_at), whole, figures: config.figures_of(kind) };
    let (body, plain) = markdown::compile(&text[body_at..], origin, config.markdown, diagnostics);
    let words = u32::try_from(plain.split_ascii_whitespace().count()).unwrap_or(u32::MAX);
    let outline = outline(path, &front, words, kind, place, folder, is_index, config);
    let calculators = calculator::read_blocks(path, text, &outline.title, &body, diagnostics);
    let faces = Faces::of(path, (kind, place), &text[..body_at], &front, &body, &outline);
    let faces = faces.with_calculators(body.codes.iter().filter(|code| code.language == calculator::BLOCK));
    let (path, fingerprint) = (path.clone(), source.fingerprint);
    let embeds = body.embeds() || front.fields.iter().any(|field| field.proses.iter().any(Prose::embeds));
    Some(Document { path, fingerprint, kind, place, front, body, body_at, outline, calculators, embeds, faces })
}

#[expect(clippy::too_many_arguments, reason = "everything a page's name can depend on, in one place")]
fn outline(
    path: &SourcePath,
    front: &FrontMatter,
    words: u32,
    kind: KindId,
    place: Place,
    folder: &str,
    is_index: bool,
    config: &Config,
) -> Outline {
    let kind = config.kind(kind);
    let name = match &front.slug {
        Some(given) => slug(&given.value),
        None => slug(path.stem()),
    };
    let mut url = String::new();
    for part in folder.split('/').filter(|part| !part.is_empty()) {
        url.push_str(&slug(part));
        url.push('/');
    }
    if place == Place::Page && !(is_index && front.slug.is_none()) {
        url.push_str(&name);
        url.push_str(config.urls.ending());
    }
    let title = if !front.title.value.trim().is_empty() {
        front.title.value.trim().to_owned()
    } else if place == Place::SectionIndex {
        kind.plural.clone()
    } else {
        path.stem().to_owned()
    };
    let id = match (&front.id, place) {
        (Some(id), _) => id.value.clone(),
        (None, Place::Home) => "home".to_owned(),
        (None, Place::SectionIndex) => format!("{}-index", kind.id),
        (None, Place::Page) if kind.folder.is_empty() => name,
        (None, Place::Page) => format!("{}-{name}", kind.id),
    };
    let url = UrlPath::new(&url);
    Outline { id, title, href: url.href(), url, words }
}

/// The text of a source, or a diagnostic that says why it has none.
pub fn text_of<'a>(
    path: &SourcePath,
    source: &'a Source,
    bytes_max: usize,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<&'a str> {
    if source.bytes.len() > bytes_max {
        let message = format!("`{path}` has {} bytes; text files may have {bytes_max}", source.bytes.len());
        diagnostics.push(
            Diagnostic::about(Code::FileTooLarge, path, message)
                .help("`limits.file_bytes` in `site.toml` raises the limit"),
        );
        return None;
    }
    match std::str::from_utf8(&source.bytes) {
        Ok(text) => Some(text),
        Err(error) => {
            let utf16 = source.bytes.starts_with(&[0xff, 0xfe]) || source.bytes.starts_with(&[0xfe, 0xff]);
            let message = if utf16 {
                format!("`{path}` is UTF-16; text files are UTF-8")
            } else {
                let before = &source.bytes[..error.valid_up_to()];
                let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
                format!("`{path}` is not UTF-8: line {line} has the byte {:02X}", source.bytes[error.valid_up_to()])
            };
            diagnostics.push(Diagnostic::about(Code::FileEncoding, path, message).help("save it again as UTF-8"));
            None
        }
    }
}

/// The same elsewhere, with no room to spare: thousands of these are held until the last page is written.
fn exactly<T>(grown: Vec<T>) -> Vec<T> {
    let mut exact = Vec::with_capacity(grown.len());
    exact.extend(grown);
    exact
}
