//! Fills the holes of compiled Markdown: links with their targets, facts with values and citations, pictures, code.

pub mod calculator;
pub mod highlight;
mod inputs;
mod twin;

use std::sync::Arc;

use crate::base::{FactId, PageId};
use crate::calc::markup::Markup;
use crate::config::Config;
use crate::diag::{Code, Diagnostic};
use crate::read::html::{escape_href_into, escape_into};
use crate::read::{Fact, FactSource, Fill, Image, Prose, Reference, Target};
use crate::resolve::links::Picture;
use crate::resolve::{Answer, Answers, Site};

pub use calculator::{Ready, calculator_path};
pub use inputs::{BodyInputs, Filling, Public};
pub use twin::markdown_twin;

/// A page's finished text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Body {
    /// The article.
    pub html: String,
    /// The fields in the order of the document, each with one or more pieces of HTML.
    pub fields: Vec<Vec<String>>,
    /// Sources in the order they are first cited; `None` stands for the editor's own estimates.
    pub citations: Vec<Citation>,
    /// The page's own calculator.
    pub calculator: Option<Markup>,
    /// Scripts of the calculators that stand on the page.
    pub calculator_scripts: Vec<String>,
    /// One of them has a list of rows.
    pub calculator_rows: bool,
}

/// A source as one page cites it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Citation {
    /// The source; `None` for the editor's own estimates.
    pub source: Option<FactSource>,
    /// The facts cited from it, in the order they first appear.
    pub facts: Vec<FactId>,
}

/// Everything that filling needs besides the document; the same for all pages of a build.
#[derive(Clone, Copy)]
pub struct Renderer<'a> {
    /// The joined site.
    pub site: &'a Site,
    /// Answers of all documents.
    pub answers: &'a [Arc<Answers>],
    /// Pages whose embeds run in circles or too deep; their embeds stay empty.
    pub embed_faults: &'a [bool],
    /// The calculators, worked out; `None` for those with faults.
    pub calculators: &'a [Option<Arc<Ready>>],
    /// Settings.
    pub config: &'a Config,
    /// The day before which facts count as stale in the output.
    pub as_of: Option<crate::base::Date>,
}

/// Where a page's HTML will stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// On its own page.
    Own,
    /// Among others on the page for printing: anchors go, and citations lead to the list of sources.
    Among,
    /// In a line of a list: values stand without citations, which the page itself has.
    Listed,
}

/// Most bytes that embeds may add to one page.
const EMBED_BYTES_MAX: usize = 2 * 1024 * 1024;

impl Renderer<'_> {
    /// Renders a page's fields and body. `root` leads from where the HTML will stand to the site's root.
    #[must_use]
    pub fn body(&self, page: PageId, root: &str, standing: Standing) -> (Body, Vec<Diagnostic>) {
        let (mut body, mut filler) = self.fields_only(page, root, standing);
        let document = self.site.document(page);
        let prose = &document.body;
        let code: usize = prose.codes.iter().map(|code| code.text.len() * 3).sum();
        let mut html = String::with_capacity(prose.html.len() + prose.holes.len() * 64 + code);
        filler.fill(page, prose, 0, 0..prose.html.len(), &mut html);
        body.html = match standing {
            Standing::Own => html,
            Standing::Among | Standing::Listed => among_others(&html, &crate::base::slug(&document.outline.id)),
        };
        if standing == Standing::Own && document.calculators.iter().any(|placed| placed.block.is_none()) {
            body.calculator = filler.own_calculator(page);
        }
        let ready = || filler.calculators.iter().filter_map(|index| self.calculators[*index].as_deref());
        body.calculator_scripts = ready().map(|ready| ready.script_path.clone()).collect();
        body.calculator_rows = ready().any(|ready| ready.calculator.program.has_rows());
        body.citations = filler.citations;
        (body, filler.diagnostics)
    }

    /// The terms that a page leads to, in the order in which they stand in it.
    #[must_use]
    pub fn terms(&self, page: PageId) -> Vec<PageId> {
        let is_term = |page: PageId| self.config.kind(self.site.kind(page)).id == "term";
        let mut terms = Vec::new();
        for answer in self.answers[page.index()].references.iter().flatten() {
            if let Answer::Page { page: other, .. } = answer
                && *other != page
                && is_term(*other)
                && !terms.contains(other)
            {
                terms.push(*other);
            }
        }
        terms
    }

    /// Renders a page's fields without its body, as lists show them.
    #[must_use]
    pub fn fields(&self, page: PageId, root: &str) -> Body {
        self.fields_only(page, root, Standing::Listed).0
    }

    fn fields_only<'a>(&'a self, page: PageId, root: &'a str, standing: Standing) -> (Body, Filler<'a>) {
        let document = self.site.document(page);
        let mut filler = Filler {
            renderer: self,
            root,
            standing,
            host: page,
            citations: Vec::new(),
            cites: 0,
            calculators: Vec::new(),
            depth: 0,
            diagnostics: Vec::new(),
        };
        let mut fields = Vec::with_capacity(document.front.fields.len());
        let mut number = 1;
        for field in &document.front.fields {
            let mut pieces = Vec::with_capacity(field.proses.len());
            for prose in &field.proses {
                let mut html = String::with_capacity(prose.html.len() + 64);
                filler.fill(page, prose, number, 0..prose.html.len(), &mut html);
                pieces.push(html);
                number += 1;
            }
            fields.push(pieces);
        }
        (Body { fields, ..Body::default() }, filler)
    }
}

struct Filler<'a> {
    renderer: &'a Renderer<'a>,
    root: &'a str,
    standing: Standing,
    host: PageId,
    citations: Vec<Citation>,
    cites: usize,
    /// Calculators that stand on the page so far.
    calculators: Vec<usize>,
    depth: usize,
    diagnostics: Vec<Diagnostic>,
}

impl Filler<'_> {
    /// Appends the part `range` of a prose of `owner` with its holes filled; `number` is the prose's place among the
    /// owner's.
    fn fill(&mut self, owner: PageId, prose: &Prose, number: usize, range: std::ops::Range<usize>, html: &mut String) {
        let answers = &self.renderer.answers[owner.index()];
        let references = answers.references.get(number).map_or(&[][..], Vec::as_slice);
        let pictures = answers.images.get(number).map_or(&[][..], Vec::as_slice);
        let mut at = range.start;
        let first = prose.holes.partition_point(|hole| (hole.at as usize) < range.start);
        for hole in &prose.holes[first..] {
            let here = hole.at as usize;
            if here > range.end || (here == range.end && here < prose.html.len()) {
                break;
            }
            html.push_str(&prose.html[at..here]);
            at = here;
            match hole.fill {
                Fill::LinkOpen(index) => self.link_open(owner, &references[index as usize], html),
                Fill::LinkClose(index) => {
                    if leads_somewhere(&references[index as usize]) {
                        html.push_str("</a>");
                    }
                }
                Fill::Link(index) => {
                    let reference = &prose.references[index as usize];
                    self.whole_link(owner, reference, &references[index as usize], html);
                }
                Fill::Fact(index) => match &references[index as usize] {
                    Answer::Calculator(calculator, Some(result)) => {
                        let label = prose.references[index as usize].label.as_deref();
                        self.calculator_value(*calculator as usize, *result as usize, label, html);
                    }
                    answer => self.fact(&prose.references[index as usize], answer, html),
                },
                Fill::Embed(index) => match &references[index as usize] {
                    Answer::Calculator(calculator, None) => self.calculator(*calculator as usize, html),
                    answer => self.embed(owner, answer, html),
                },
                Fill::Image(index) => self.image(&prose.images[index as usize], &pictures[index as usize], html),
                Fill::Code(index) => {
                    let code = &prose.codes[index as usize];
                    let known = (code.language == crate::read::calculator::BLOCK)
                        .then(|| self.renderer.site.calculators.on_page(owner, Some(index)))
                        .flatten();
                    match known {
                        Some(calculator) => self.calculator(calculator, html),
                        None => self.code(owner, code, html),
                    }
                }
            }
        }
        html.push_str(&prose.html[at..range.end]);
    }

    /// `path` is percent-encoded.
    fn href(&self, path: &str, anchor: Option<&str>, html: &mut String) {
        html.push_str(self.root);
        html.push_str(path);
        if let Some(anchor) = anchor {
            html.push('#');
            escape_href_into(html, anchor);
        }
    }

    fn link_open(&self, owner: PageId, answer: &Answer, html: &mut String) {
        match answer {
            Answer::Page { page, anchor, .. } => {
                html.push_str("<a href=\"");
                self.href(&self.renderer.site.document(*page).outline.href, anchor.as_deref(), html);
                html.push_str("\" data-kind=\"");
                html.push_str(&self.renderer.config.kind(self.renderer.site.kind(*page)).id);
                html.push_str("\">");
            }
            Answer::Here(anchor) => {
                html.push_str("<a href=\"");
                if owner == self.host && self.standing == Standing::Own {
                    html.push('#');
                    escape_href_into(html, anchor);
                } else {
                    self.href(&self.renderer.site.document(owner).outline.href, Some(anchor), html);
                }
                html.push_str("\">");
            }
            Answer::Url(elsewhere) => {
                html.push_str("<a href=\"");
                self.href(&elsewhere.url.href(), elsewhere.anchor.as_deref(), html);
                html.push_str("\">");
            }
            Answer::Draft(_) | Answer::Fact(_) | Answer::Calculator(..) | Answer::Nothing => {}
        }
    }

    fn whole_link(&self, owner: PageId, reference: &Reference, answer: &Answer, html: &mut String) {
        self.link_open(owner, answer, html);
        let (name, anchor) = match &reference.target {
            Target::Name { name, anchor } => (&**name, anchor.as_deref()),
            Target::Here { anchor } => ("", Some(&**anchor)),
            Target::Source { .. } | Target::Site { .. } | Target::Fact { .. } | Target::Calculator { .. } => ("", None),
        };
        let label = match answer {
            // A page that was named by its id is printed as its title. So is a draft: its id is nobody's business.
            Answer::Page { page, by_id: true, .. } => self.renderer.site.title(*page),
            Answer::Draft(page) if name == self.renderer.site.document(*page).outline.id => {
                self.renderer.site.title(*page)
            }
            Answer::Page { page, .. } | Answer::Draft(page) if name.is_empty() => self.renderer.site.title(*page),
            _ if name.is_empty() => anchor.unwrap_or_default(),
            _ => name,
        };
        escape_into(html, label);
        if leads_somewhere(answer) {
            html.push_str("</a>");
        }
    }

    /// The value, and a number that leads to the source at the foot of the page.
    fn fact(&mut self, reference: &Reference, answer: &Answer, html: &mut String) {
        let (Answer::Fact(id), Target::Fact { part, .. }) = (answer, &reference.target) else { return };
        let site = self.renderer.site;
        let fact = site.fact(*id);
        let number = self.cite(*id, fact);
        self.cites += 1;
        let stale = self.renderer.as_of.is_some_and(|day| fact.is_stale(day));
        html.push_str("<span class=\"fact");
        if stale {
            html.push_str(" stale");
        }
        html.push_str("\" data-confidence=\"");
        html.push_str(fact.confidence);
        html.push_str("\">");
        match (&reference.label, fact.display(part)) {
            (Some(label), _) => html.push_str(label),
            (None, Some(display)) => match fact.typical() {
                Some(amount) if part.is_empty() || **part == *"value" => {
                    html.push_str(&format!("<data value=\"{amount}\">"));
                    escape_into(html, &display);
                    html.push_str("</data>");
                }
                _ => escape_into(html, &display),
            },
            (None, None) => {}
        }
        let title = fact.source.as_ref().map_or("editor's estimate", |source| source.title.as_str());
        if self.standing == Standing::Listed {
            html.push_str("</span>");
            return;
        }
        if self.standing == Standing::Among {
            let place = fact.source.as_ref().and_then(|source| site.source_number(source));
            let (place, number) = match place {
                Some(number) => {
                    (format!("{}#source-{number}", self.renderer.config.urls.sources()), number.to_string())
                }
                None => (format!("{}#fact-{}", self.renderer.config.urls.facts(), fact.id), "est.".to_owned()),
            };
            html.push_str(&format!(
                "</span><sup class=\"cite\"><a href=\"{}{place}\" aria-label=\"Source {number}: ",
                self.root
            ));
            escape_into(html, title);
            html.push_str(&format!("\">{number}</a></sup>"));
            return;
        }
        html.push_str(&format!(
            "</span><sup class=\"cite\"><a href=\"#source-{number}\" id=\"cite-{}\" aria-label=\"Source {number}: ",
            self.cites
        ));
        escape_into(html, title);
        html.push_str(&format!("\">{number}</a></sup>"));
    }

    fn cite(&mut self, id: FactId, fact: &Fact) -> usize {
        let index = match self.citations.iter().position(|citation| citation.source == fact.source) {
            Some(index) => index,
            None => {
                self.citations.push(Citation { source: fact.source.clone(), facts: Vec::new() });
                self.citations.len() - 1
            }
        };
        let facts = &mut self.citations[index].facts;
        if !facts.contains(&id) {
            facts.push(id);
        }
        index + 1
    }

    fn embed(&mut self, owner: PageId, answer: &Answer, html: &mut String) {
        let (page, anchor) = match answer {
            Answer::Page { page, anchor, .. } => (*page, anchor.as_deref()),
            _ => return,
        };
        if self.renderer.embed_faults[owner.index()] || self.depth > 16 || html.len() > EMBED_BYTES_MAX {
            return;
        }
        let document = self.renderer.site.document(page);
        let prose = &document.body;
        let start = anchor.and_then(|anchor| prose.headings.iter().position(|heading| heading.id == anchor));
        let end_of_text = prose.html.find("<section class=\"footnotes\"").unwrap_or(prose.html.len());
        let range = match start {
            Some(index) => {
                let level = prose.headings[index].level;
                let end = prose.headings[index + 1..].iter().find(|heading| heading.level <= level && !heading.nested);
                prose.headings[index].at as usize..end.map_or(end_of_text, |heading| heading.at as usize)
            }
            None => 0..end_of_text,
        };
        if range.start > range.end {
            return;
        }
        let mut inner = String::with_capacity(range.len() + 256);
        self.depth += 1;
        self.fill(page, prose, 0, range, &mut inner);
        self.depth -= 1;
        html.push_str("<section class=\"embed\" data-source=\"");
        escape_into(html, &document.outline.id);
        html.push_str("\">\n");
        push_without_anchors(html, &inner, false);
        html.push_str("<p class=\"embed-source\">From <a href=\"");
        self.href(&document.outline.href, anchor, html);
        html.push_str("\">");
        escape_into(html, &document.outline.title);
        html.push_str("</a></p>\n</section>\n");
    }

    fn image(&self, image: &Image, picture: &Picture, html: &mut String) {
        if image.alone {
            html.push_str("<figure>");
        }
        html.push_str("<img src=\"");
        match picture {
            Picture::File(url, _) => self.href(&url.href(), None, html),
            Picture::External | Picture::Nothing => escape_href_into(html, &image.source),
        }
        html.push_str("\" alt=\"");
        escape_into(html, &image.alternative);
        html.push('"');
        if let Picture::File(_, Some((width, height))) = picture {
            html.push_str(&format!(" width=\"{width}\" height=\"{height}\""));
        }
        if !image.alone && !image.title.is_empty() {
            html.push_str(" title=\"");
            escape_into(html, &image.title);
            html.push('"');
        }
        html.push_str(" loading=\"lazy\" decoding=\"async\">");
        if image.alone {
            html.push_str("<figcaption>");
            escape_into(html, &image.title);
            html.push_str("</figcaption></figure>\n");
        }
    }

    fn code(&mut self, owner: PageId, code: &crate::read::CodeBlock, html: &mut String) {
        html.push_str("<div class=\"code\"");
        if !code.language.is_empty() {
            html.push_str(" data-language=\"");
            escape_into(html, &code.language);
            html.push('"');
        }
        html.push_str("><pre tabindex=\"0\"><code");
        if !code.language.is_empty() {
            html.push_str(" class=\"language-");
            escape_into(html, &code.language);
            html.push('"');
        }
        html.push('>');
        if !self.renderer.config.markdown.highlight {
            escape_into(html, &code.text);
        } else if !highlight::highlight_into(html, &code.language, &code.text) {
            let path = &self.renderer.site.document(owner).path;
            let longest = code.text.lines().map(str::len).max().unwrap_or(0);
            let why = if longest > highlight::LINE_BYTES_MAX {
                format!("a line has {longest} bytes and may have {}", highlight::LINE_BYTES_MAX)
            } else {
                format!("it has {} bytes and may have {}", code.text.len(), highlight::BLOCK_BYTES_MAX)
            };
            let message = format!("this code is shown without colours: {why}");
            let diagnostic = Diagnostic::at(Code::CodeNotHighlighted, path, code.span, message);
            self.diagnostics.push(diagnostic.help("shorten it to what the text is about, or link to the whole file"));
        }
        html.push_str("</code></pre></div>\n");
    }
}

/// How the region around a table begins.
const TABLE_REGION: &str = "<div class=\"table-scroll\" role=\"region\"";

fn leads_somewhere(answer: &Answer) -> bool {
    matches!(answer, Answer::Page { .. } | Answer::Here(_) | Answer::Url(..))
}

/// The HTML of a page that will stand among others: no anchors, and notes under names of its own.
fn among_others(html: &str, name: &str) -> String {
    let mut apart = String::with_capacity(html.len());
    push_without_anchors(&mut apart, html, true);
    if !apart.contains("class=\"footnote") {
        return apart;
    }
    // Notes without a name are no landmark: a page may have only one of that name.
    let apart = apart.replace("<section class=\"footnotes\" aria-label=\"Notes\">", "<section class=\"footnotes\">");
    ["id=\"fn", "href=\"#fn"].iter().fold(apart, |html, prefix| {
        let named = prefix.replace("fn", &format!("{name}-fn"));
        html.replace(&format!("{prefix}-"), &format!("{named}-"))
            .replace(&format!("{prefix}ref-"), &format!("{named}ref-"))
    })
}

/// Appends HTML without what would be there twice: anchors of headings, the signs beside them, and, unless `notes`,
/// references to notes.
fn push_without_anchors(html: &mut String, inner: &str, notes: bool) {
    let mut rest = inner;
    while let Some(at) = rest.find('<') {
        html.push_str(&rest[..at]);
        rest = &rest[at..];
        let bytes = rest.as_bytes();
        let heading =
            bytes.len() > 3 && bytes[1] == b'h' && bytes[2].is_ascii_digit() && rest[3..].starts_with(" id=\"");
        if heading {
            html.push_str(&rest[..3]);
            let after = &rest[3 + " id=\"".len()..];
            rest = after.find('"').map_or("", |end| &after[end + 1..]);
        } else if rest.starts_with("<a class=\"anchor\"") {
            rest = rest.find("</a>").map_or("", |end| &rest[end + 4..]);
        } else if notes && rest.starts_with(TABLE_REGION) {
            // Many tables of many pages: regions of their own would only be in the way.
            html.push_str("<div class=\"table-scroll\" tabindex=\"0\">");
            rest = rest.find('>').map_or("", |end| &rest[end + 1..]);
        } else if !notes && rest.starts_with("<sup class=\"footnote-ref\"") {
            rest = rest.find("</sup>").map_or("", |end| &rest[end + 6..]);
        } else {
            html.push('<');
            rest = &rest[1..];
        }
    }
    html.push_str(rest);
}
