//! Markdown to [`Prose`]: one pass over the parser's events, never recursive.

use std::sync::Arc;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};
use rustc_hash::{FxHashMap, FxHashSet};

use super::figure::FigureWatch;
use super::html::{Address, RawFault, classify, escape_href_into, escape_into, raw_faults};
use super::math::to_mathml;
use super::prose::{CodeBlock, Fill, Heading, Hole, Image, Prose, Reference, Target, sentence_around};
use crate::base::slug::{anchor, percent_decode};
use crate::base::{SourcePath, Span};
use crate::config::{FigureRules, MarkdownOptions};
use crate::diag::{Code, Diagnostic};

/// Where a piece of Markdown comes from.
#[derive(Clone, Copy)]
pub struct Origin<'a> {
    /// The file.
    pub path: &'a SourcePath,
    /// Where the text begins in the file; `None` when it cannot be told (escaped YAML): faults then point at `whole`.
    pub offset: Option<usize>,
    /// Where the text as a whole stands in the file.
    pub whole: Span,
    /// What counts as a figure, where the text's figures must have a source.
    pub figures: Option<&'a FigureRules>,
}

/// What our Markdown has beyond CommonMark in every text, whatever a site sets.
pub(super) const EXTENSIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_HEADING_ATTRIBUTES)
    .union(Options::ENABLE_GFM)
    .union(Options::ENABLE_DEFINITION_LIST)
    .union(Options::ENABLE_WIKILINKS);

/// Compiles an article's body. Faults are pushed to `diagnostics`; a prose always comes out.
///
/// Beside it comes what a reader reads: the text without marks, blocks separated by `\n`.
pub fn compile(
    text: &str,
    origin: Origin<'_>,
    options: MarkdownOptions,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Prose, String) {
    let mut extensions = EXTENSIONS;
    extensions.set(Options::ENABLE_SMART_PUNCTUATION, options.smart_punctuation);
    extensions.set(Options::ENABLE_MATH, options.math);
    let mut writer = Writer::new(text, origin, options, diagnostics, false);
    if text.contains("[^") {
        writer.footnote_order = cited_notes(Parser::new_ext(text, extensions));
        let numbers = writer.footnote_order.iter().enumerate().map(|(place, name)| (name.clone(), place + 1));
        writer.footnote_numbers = numbers.collect();
    }
    writer.run(Parser::new_ext(text, extensions).into_offset_iter());
    writer.finish()
}

/// Compiles the Markdown of a field. A single paragraph loses its `<p>`, so that it can stand in a line.
pub fn compile_field(
    text: &str,
    origin: Origin<'_>,
    options: MarkdownOptions,
    diagnostics: &mut Vec<Diagnostic>,
) -> Prose {
    let (mut prose, _) = compile(text, origin, options, diagnostics);
    let inner = prose.html.strip_prefix("<p>").and_then(|html| html.strip_suffix("</p>\n"));
    if let Some(inner) = inner
        && !inner.contains("<p>")
    {
        prose.html = inner.to_owned();
        for hole in &mut prose.holes {
            hole.at = hole.at.saturating_sub(3);
        }
    }
    prose
}

/// Plain CommonMark to HTML, with every extension of ours off: what the specification's examples are tested against.
#[must_use]
pub fn to_html_commonmark(text: &str) -> String {
    let path = SourcePath::new("commonmark.md");
    let origin = Origin { path: &path, offset: Some(0), whole: Span::new(0, text.len()), figures: None };
    let mut diagnostics = Vec::new();
    let mut writer = Writer::new(text, origin, MarkdownOptions::default(), &mut diagnostics, true);
    writer.run(Parser::new_ext(text, Options::empty()).into_offset_iter());
    writer.finish().0.html
}

/// A link or picture whose end has not come yet.
enum Open {
    /// End tag is a hole.
    Reference(u32),
    /// End tag is `</a>`.
    Anchor,
    /// Nothing was opened: an unsafe address.
    Nothing,
}

/// A footnote's definition, set aside until its number is known.
struct Footnote {
    html: String,
    holes: Vec<Hole>,
    headings: Vec<Heading>,
}

struct Writer<'a, 'd> {
    source: &'a str,
    origin: Origin<'a>,
    options: MarkdownOptions,
    plain: bool,
    diagnostics: &'d mut Vec<Diagnostic>,
    prose: Prose,
    /// What a reader reads; blocks are separated by `\n`.
    plain_text: String,
    /// The part of it that each reference's text is.
    reference_texts: Vec<(u32, u32)>,
    alignments: Vec<Alignment>,
    column: usize,
    in_table_head: bool,
    tables: usize,
    table_at: usize,
    table_text_at: usize,
    table_holes_at: usize,
    heading: Option<(usize, usize, usize)>,
    heading_id: Option<String>,
    heading_classes: Vec<String>,
    anchors: FxHashMap<String, Span>,
    links: Vec<Open>,
    image: Option<Image>,
    image_depth: usize,
    image_plain: Option<String>,
    paragraph_at: usize,
    quotes: Vec<Option<BlockQuoteKind>>,
    code: Option<(String, String, Span)>,
    wiki: Option<(u32, bool)>,
    fact_label: Option<(usize, usize, usize)>,
    footnotes: FxHashMap<String, Footnote>,
    footnote_numbers: FxHashMap<String, usize>,
    footnote_uses: FxHashMap<String, usize>,
    footnote_order: Vec<String>,
    footnote_at: Option<(String, usize, usize)>,
    html_block: Option<usize>,
    /// Open quotes, list items, notes, definitions.
    containers: usize,
    /// Open elements that hold words only: emphasis, links, headings.
    phrases: usize,
    /// Numbers of auto anchors by their text, so that a page of equal headings is not searched again for each.
    anchor_numbers: FxHashMap<String, usize>,
    /// Looks for figures without a source, where the site asks for it.
    figures: Option<FigureWatch<'a>>,
}

impl<'a, 'd> Writer<'a, 'd> {
    fn new(
        source: &'a str,
        origin: Origin<'a>,
        options: MarkdownOptions,
        diagnostics: &'d mut Vec<Diagnostic>,
        plain: bool,
    ) -> Self {
        let prose = Prose { html: String::with_capacity(source.len() * 3 / 2), ..Prose::default() };
        Self {
            source,
            origin,
            options,
            plain,
            diagnostics,
            prose,
            plain_text: String::with_capacity(source.len()),
            reference_texts: Vec::new(),
            alignments: Vec::new(),
            column: 0,
            in_table_head: false,
            tables: 0,
            table_at: 0,
            table_text_at: 0,
            table_holes_at: 0,
            heading: None,
            heading_id: None,
            heading_classes: Vec::new(),
            anchors: FxHashMap::default(),
            links: Vec::new(),
            image: None,
            image_depth: 0,
            image_plain: None,
            paragraph_at: 0,
            quotes: Vec::new(),
            code: None,
            wiki: None,
            fact_label: None,
            footnotes: FxHashMap::default(),
            footnote_numbers: FxHashMap::default(),
            footnote_uses: FxHashMap::default(),
            footnote_order: Vec::new(),
            footnote_at: None,
            html_block: None,
            containers: 0,
            phrases: 0,
            anchor_numbers: FxHashMap::default(),
            figures: origin.figures.map(FigureWatch::new),
        }
    }

    fn run(&mut self, events: impl Iterator<Item = (Event<'a>, std::ops::Range<usize>)>) {
        for (event, range) in events {
            if self.image.is_some() || self.image_plain.is_some() {
                self.inside_image(event);
                continue;
            }
            if let Some((_, text, _)) = &mut self.code {
                match event {
                    Event::Text(part) => {
                        text.push_str(&part);
                        continue;
                    }
                    Event::End(TagEnd::CodeBlock) => {
                        self.end_code();
                        continue;
                    }
                    _ => {}
                }
            }
            match event {
                Event::Start(tag) => self.start(tag, range),
                Event::End(tag) => self.end(tag, range),
                Event::Text(text) => self.text(&text),
                Event::Code(text) => {
                    self.prose.html.push_str("<code>");
                    escape_into(&mut self.prose.html, &text);
                    self.prose.html.push_str("</code>");
                    self.plain_text.push_str(&text);
                    self.set_aside(text.len());
                }
                Event::InlineMath(text) => self.math(&text, false, range),
                Event::DisplayMath(text) => self.math(&text, true, range),
                Event::Html(html) => self.raw_html(&html),
                Event::InlineHtml(html) => {
                    self.check_raw_html(&html, self.span(range));
                    self.raw_html(&html);
                }
                Event::FootnoteReference(name) => self.footnote_reference(&name),
                Event::SoftBreak => {
                    self.prose.html.push('\n');
                    self.plain_text.push(' ');
                }
                Event::HardBreak => {
                    self.prose.html.push_str("<br />\n");
                    self.plain_text.push(' ');
                }
                Event::Rule => {
                    self.line_start();
                    self.prose.html.push_str("<hr />\n");
                }
                Event::TaskListMarker(done) => self.task(done),
            }
        }
    }

    /// The place in the file of a range of the text.
    fn span(&self, range: std::ops::Range<usize>) -> Span {
        match self.origin.offset {
            Some(offset) => Span::from(range).shifted(offset),
            None => self.origin.whole,
        }
    }

    fn line_start(&mut self) {
        if !self.prose.html.is_empty() && !self.prose.html.ends_with('\n') {
            self.prose.html.push('\n');
        }
    }

    fn text_break(&mut self) {
        if !self.plain_text.is_empty() && !self.plain_text.ends_with('\n') {
            self.plain_text.push('\n');
        }
    }

    fn hole(&mut self, fill: Fill) {
        let at = u32::try_from(self.prose.html.len()).unwrap_or(u32::MAX);
        self.prose.holes.push(Hole { at, fill });
    }

    fn text(&mut self, text: &str) {
        if self.wiki.is_some_and(|(_, pothole)| !pothole) {
            // The text of a bare wikilink is its name; what is printed is known only when it is resolved.
            self.plain_text.push_str(text);
            return;
        }
        escape_into(&mut self.prose.html, text);
        self.plain_text.push_str(text);
    }

    /// The last words of the text, so many bytes, are no prose: figures in them need no source.
    fn set_aside(&mut self, bytes: usize) {
        if let Some(figures) = &mut self.figures {
            let end = self.plain_text.len();
            figures.set_aside(end - bytes..end);
        }
    }

    /// A block ends at this place of the source, or another begins in it.
    fn end_block(&mut self, at: usize) {
        if let Some(figures) = &mut self.figures {
            if self.footnote_at.is_some() {
                // A note says where something comes from.
                figures.cite();
            }
            figures.end_block(&self.plain_text, self.source, at, self.origin, self.diagnostics);
        }
    }

    fn start(&mut self, tag: Tag<'a>, range: std::ops::Range<usize>) {
        if is_block(&tag) {
            self.end_block(range.start);
        }
        match &tag {
            Tag::BlockQuote(_) | Tag::Item | Tag::FootnoteDefinition(_) | Tag::DefinitionListDefinition => {
                self.containers += 1;
            }
            Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::Link { .. }
            | Tag::Heading { .. }
            | Tag::DefinitionListTitle => self.phrases += 1,
            _ => {}
        }
        match tag {
            Tag::Paragraph => {
                self.line_start();
                self.text_break();
                self.paragraph_at = self.prose.html.len();
                self.prose.html.push_str("<p>");
            }
            Tag::Heading { level, id, classes, attrs: _ } => self.start_heading(level as u8, id, &classes, range),
            Tag::BlockQuote(kind) => {
                self.line_start();
                self.text_break();
                self.quotes.push(kind);
                match kind {
                    None => self.prose.html.push_str("<blockquote>\n"),
                    Some(kind) => {
                        let (class, title) = alert(kind);
                        let start = format!(
                            "<div class=\"alert alert-{class}\" role=\"note\">\n<p class=\"alert-title\">{title}</p>\n"
                        );
                        self.prose.html.push_str(&start);
                    }
                }
            }
            Tag::CodeBlock(kind) => {
                self.line_start();
                self.text_break();
                let info = match &kind {
                    CodeBlockKind::Fenced(info) => info.as_ref(),
                    CodeBlockKind::Indented => "",
                };
                let separators: &[char] = if self.plain { &[' ', '\t'] } else { &[' ', '\t', ',', '{'] };
                let language = info.split(separators).next().unwrap_or_default().to_owned();
                self.code = Some((language, String::new(), self.span(range)));
            }
            Tag::HtmlBlock => {
                self.line_start();
                self.html_block = Some(self.prose.html.len());
                let html = self.source.get(range.clone()).unwrap_or_default();
                self.check_raw_html(html, self.span(range));
            }
            Tag::List(None) => self.open("<ul>\n"),
            Tag::List(Some(1)) => self.open("<ol>\n"),
            Tag::List(Some(start)) => self.open(&format!("<ol start=\"{start}\">\n")),
            Tag::Item => {
                self.line_start();
                self.text_break();
                self.prose.html.push_str("<li>");
            }
            Tag::FootnoteDefinition(name) => {
                self.line_start();
                self.text_break();
                self.footnote_at = Some((name.to_string(), self.prose.html.len(), self.prose.holes.len()));
            }
            Tag::DefinitionList => self.open("<dl>\n"),
            Tag::DefinitionListTitle => self.open("<dt>"),
            Tag::DefinitionListDefinition => self.open("<dd>"),
            Tag::Table(alignments) => {
                self.line_start();
                self.text_break();
                self.alignments = alignments;
                self.tables += 1;
                self.table_at = self.prose.html.len();
                self.table_text_at = self.plain_text.len();
                self.table_holes_at = self.prose.holes.len();
            }
            Tag::TableHead => {
                self.column = 0;
                self.in_table_head = true;
                self.prose.html.push_str("<thead>\n<tr>");
            }
            Tag::TableRow => {
                self.column = 0;
                self.text_break();
                self.prose.html.push_str("<tr>");
            }
            Tag::TableCell => self.start_cell(),
            Tag::Emphasis => self.prose.html.push_str("<em>"),
            Tag::Strong => self.prose.html.push_str("<strong>"),
            Tag::Strikethrough => self.prose.html.push_str("<del>"),
            Tag::Superscript => self.prose.html.push_str("<sup>"),
            Tag::Subscript => self.prose.html.push_str("<sub>"),
            Tag::Link { link_type, dest_url, title, id: _ } => self.start_link(link_type, &dest_url, &title, range),
            Tag::Image { link_type, dest_url, title, id: _ } => self.start_image(link_type, &dest_url, &title, range),
            Tag::MetadataBlock(_) => {}
        }
    }

    fn open(&mut self, tag: &str) {
        self.line_start();
        self.text_break();
        self.prose.html.push_str(tag);
    }

    fn end(&mut self, tag: TagEnd, range: std::ops::Range<usize>) {
        if ends_block(tag) {
            self.end_block(range.end);
        }
        match tag {
            TagEnd::BlockQuote(_) | TagEnd::Item | TagEnd::FootnoteDefinition | TagEnd::DefinitionListDefinition => {
                self.containers = self.containers.saturating_sub(1);
            }
            TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::Link
            | TagEnd::Heading(_)
            | TagEnd::DefinitionListTitle => self.phrases = self.phrases.saturating_sub(1),
            _ => {}
        }
        match tag {
            TagEnd::Paragraph => {
                if self.prose.html.ends_with("<p>") && !self.plain && !self.has_hole_here() {
                    let length = self.prose.html.len() - 3;
                    self.prose.html.truncate(length);
                    return;
                }
                self.prose.html.push_str("</p>\n");
                self.paragraph_ended();
                self.check_for_broken_table(range);
            }
            TagEnd::Heading(level) => self.end_heading(level as u8, range),
            TagEnd::BlockQuote(_) => {
                self.line_start();
                let kind = self.quotes.pop().flatten();
                self.prose.html.push_str(if kind.is_some() { "</div>\n" } else { "</blockquote>\n" });
            }
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::HtmlBlock => self.html_block = None,
            TagEnd::List(ordered) => self.prose.html.push_str(if ordered { "</ol>\n" } else { "</ul>\n" }),
            TagEnd::Item => self.prose.html.push_str("</li>\n"),
            TagEnd::FootnoteDefinition => self.end_footnote(),
            TagEnd::DefinitionList => self.prose.html.push_str("</dl>\n"),
            TagEnd::DefinitionListTitle => self.prose.html.push_str("</dt>\n"),
            TagEnd::DefinitionListDefinition => self.prose.html.push_str("</dd>\n"),
            TagEnd::Table => self.end_table(),
            TagEnd::TableHead => {
                if let Some(figures) = &mut self.figures {
                    figures.pass(self.plain_text.len(), range.end);
                }
                self.in_table_head = false;
                self.prose.html.push_str("</tr>\n</thead>\n<tbody>\n");
                self.open_table_region();
            }
            TagEnd::TableRow => {
                self.prose.html.push_str("</tr>\n");
                self.check_row(range);
            }
            TagEnd::TableCell => {
                self.check_cell(range);
                self.prose.html.push_str(if self.in_table_head { "</th>" } else { "</td>" });
                self.plain_text.push(' ');
                self.column += 1;
            }
            TagEnd::Emphasis => self.prose.html.push_str("</em>"),
            TagEnd::Strong => self.prose.html.push_str("</strong>"),
            TagEnd::Strikethrough => self.prose.html.push_str("</del>"),
            TagEnd::Superscript => self.prose.html.push_str("</sup>"),
            TagEnd::Subscript => self.prose.html.push_str("</sub>"),
            TagEnd::Link => self.end_link(),
            TagEnd::Image | TagEnd::MetadataBlock(_) => {}
        }
    }

    fn has_hole_here(&self) -> bool {
        self.prose.holes.last().is_some_and(|hole| hole.at as usize == self.prose.html.len())
    }

    // Headings -------------------------------------------------------------------------------------------------------

    fn start_heading(
        &mut self,
        level: u8,
        id: Option<CowStr<'a>>,
        classes: &[CowStr<'a>],
        range: std::ops::Range<usize>,
    ) {
        self.line_start();
        self.text_break();
        self.heading = Some((self.prose.html.len(), self.plain_text.len(), self.prose.holes.len()));
        self.heading_id = id.map(|id| id.to_string());
        self.heading_classes = classes.iter().map(ToString::to_string).collect();
        if level == 1 && !self.plain {
            let span = self.span(range);
            self.diagnostics.push(
                Diagnostic::at(Code::HeadingTitle, self.origin.path, span, "the text has a heading of the first level")
                    .help("the title in front matter is the page's own heading: begin this one with `##`"),
            );
        }
    }

    fn end_heading(&mut self, level: u8, range: std::ops::Range<usize>) {
        let Some((html_at, text_at, holes_at)) = self.heading.take() else { return };
        if self.plain {
            self.insert(html_at, holes_at, &format!("<h{level}>"));
            self.prose.html.push_str(&format!("</h{level}>\n"));
            return;
        }
        let title = self.plain_text.get(text_at..).unwrap_or_default().trim().to_owned();
        if let Some(figures) = &mut self.figures {
            figures.heading(level, &title, self.plain_text.len(), range.end);
        }
        let line = self.source.get(range.clone()).unwrap_or_default().trim_end().len();
        let span = self.span(range.start..range.start + line);
        let id = match self.heading_id.take() {
            Some(id) => {
                if let Some(first) = self.anchors.get(&id) {
                    let message = format!("two headings of this page have the anchor `{id}`");
                    let diagnostic = Diagnostic::at(Code::AnchorDuplicate, self.origin.path, span, message);
                    self.diagnostics.push(
                        diagnostic
                            .also(self.origin.path, Some(*first), "first here")
                            .help(format!("change one of them, or take `{{#{id}}}` away")),
                    );
                } else {
                    self.anchors.insert(id.clone(), span);
                }
                if is_reserved_anchor(&id) {
                    let message = format!("the page itself has the anchor `{id}`");
                    let diagnostic = Diagnostic::at(Code::AnchorDuplicate, self.origin.path, span, message);
                    self.diagnostics.push(diagnostic.help("give this heading another one"));
                }
                id
            }
            None => self.unique_anchor(&title, span),
        };
        let mut open = format!("<h{level} id=\"");
        escape_into(&mut open, &id);
        open.push('"');
        if !self.heading_classes.is_empty() {
            open.push_str(" class=\"");
            escape_into(&mut open, &self.heading_classes.join(" "));
            open.push('"');
        }
        open.push('>');
        self.insert(html_at, holes_at, &open);
        let html = &mut self.prose.html;
        html.push_str("<a class=\"anchor\" href=\"#");
        escape_href_into(html, &id);
        html.push_str("\" aria-label=\"Link to this section: ");
        escape_into(html, &title);
        html.push_str(&format!("\"></a></h{level}>\n"));
        let at = u32::try_from(html_at).unwrap_or(u32::MAX);
        self.prose.headings.push(Heading { level, id, title, at, nested: self.containers > 0 });
    }

    fn unique_anchor(&mut self, title: &str, span: Span) -> String {
        let mut base = anchor(title);
        if base.is_empty() {
            base = "section".to_owned();
        }
        if is_reserved_anchor(&base) {
            base = format!("section-{base}");
        }
        let mut id = base.clone();
        let mut number = self.anchor_numbers.get(&base).copied().unwrap_or(1);
        while self.anchors.contains_key(&id) {
            number += 1;
            id = format!("{base}-{number}");
        }
        self.anchor_numbers.insert(base, number);
        self.anchors.insert(id.clone(), span);
        id
    }

    /// Puts a start tag before what was written since `at`. Holes from the place `holes_at` on were made since then; one
    /// before them may stand at `at` too (a block of code above a heading) and stays in front of the tag.
    fn insert(&mut self, at: usize, holes_at: usize, tag: &str) {
        self.prose.html.insert_str(at, tag);
        let shift = u32::try_from(tag.len()).unwrap_or(0);
        for hole in &mut self.prose.holes[holes_at..] {
            hole.at += shift;
        }
    }

    // Tables ---------------------------------------------------------------------------------------------------------

    fn start_cell(&mut self) {
        let tag = if self.in_table_head { "<th" } else { "<td" };
        self.prose.html.push_str(tag);
        let class = match self.alignments.get(self.column) {
            Some(Alignment::Left) => " class=\"align-left\"",
            Some(Alignment::Center) => " class=\"align-center\"",
            Some(Alignment::Right) => " class=\"align-right\"",
            _ => "",
        };
        self.prose.html.push_str(class);
        if self.in_table_head {
            self.prose.html.push_str(" scope=\"col\"");
        }
        self.prose.html.push('>');
    }

    /// The region around a table is named by its header cells, which are known when the head ends.
    fn open_table_region(&mut self) {
        let header = self.plain_text.get(self.table_text_at..).unwrap_or_default();
        let words: Vec<&str> = header.split_whitespace().take(12).collect();
        let mut tag =
            format!("<div class=\"table-scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Table {}: ", self.tables);
        escape_into(&mut tag, &words.join(" "));
        tag.push_str("\"><table>\n");
        self.insert(self.table_at, self.table_holes_at, &tag);
    }

    fn end_table(&mut self) {
        if self.prose.html.ends_with("<tbody>\n") {
            let length = self.prose.html.len() - "<tbody>\n".len();
            self.prose.html.truncate(length);
        } else {
            self.prose.html.push_str("</tbody>\n");
        }
        self.prose.html.push_str("</table></div>\n");
        self.text_break();
    }

    /// A bar ends a cell even inside `[[name|words]]`, so half of such a link would stand in each of two cells as text.
    fn check_cell(&mut self, range: std::ops::Range<usize>) {
        let cell = self.source[range.clone()].trim_end();
        let Some(at) = cell.rfind("[[") else { return };
        let (before, link) = cell.split_at(at);
        let is_code = before.matches('`').count() % 2 == 1;
        if is_code || before.ends_with('\\') || link.contains("]]") {
            return;
        }
        let span = self.span(range.start + at..range.start + cell.len());
        let name = link.trim_start_matches('[');
        self.diagnostics.push(
            Diagnostic::at(Code::LinkCut, self.origin.path, span, "the end of this table cell cuts the link in two")
                .help(format!("put a backslash before the bar inside the link: `[[{name}\\|…]]`")),
        );
    }

    /// Cells beyond those of the header are not shown: Markdown drops them.
    fn check_row(&mut self, range: std::ops::Range<usize>) {
        let row = self.source[range.clone()].trim_end();
        let (known, found) = (self.alignments.len(), count_cells(row));
        if found <= known {
            return;
        }
        let span = self.span(range.start..range.start + row.len());
        let message = format!("this row has {found} cells and its table {known}, so the last are not shown");
        self.diagnostics.push(
            Diagnostic::at(Code::TableCells, self.origin.path, span, message)
                .help("write a bar that is part of the text as `\\|`, or give the header another cell"),
        );
    }

    /// A header with more or fewer cells than the line of dashes below it makes all rows one paragraph.
    fn check_for_broken_table(&mut self, range: std::ops::Range<usize>) {
        let paragraph = &self.source[range.clone()];
        if !paragraph.contains("--") || !paragraph.contains('|') {
            return;
        }
        let mut start = range.start;
        let mut header: Option<(usize, &str)> = None;
        for line in paragraph.split_inclusive('\n') {
            let text = line.trim_end().trim_start_matches(['>', ' ']);
            if let Some((at, header)) = header
                && is_delimiter_row(text)
            {
                let (known, found) = (count_cells(text), count_cells(header));
                let message = format!("this header has {found} cells and the line below it {known}, so it is no table");
                let span = self.span(at..at + header.len());
                self.diagnostics.push(
                    Diagnostic::at(Code::TableCells, self.origin.path, span, message)
                        .help("make the two agree; write a bar that is part of the text as `\\|`"),
                );
                return;
            }
            let indent = line.trim_end().len() - text.len();
            header = text.contains('|').then_some((start + indent, text));
            start += line.len();
        }
    }

    // Links ----------------------------------------------------------------------------------------------------------

    fn start_link(&mut self, link_type: LinkType, address: &str, title: &str, range: std::ops::Range<usize>) {
        if self.plain {
            self.prose.html.push_str(if link_type == LinkType::Email { "<a href=\"mailto:" } else { "<a href=\"" });
            escape_href_into(&mut self.prose.html, address);
            self.link_title(title);
            self.prose.html.push_str("\">");
            self.links.push(Open::Anchor);
            return;
        }
        let span = self.span(range);
        if let LinkType::WikiLink { has_pothole } = link_type {
            self.start_wikilink(address, has_pothole, span);
            return;
        }
        let email = link_type == LinkType::Email;
        match if email { Address::External } else { classify(address) } {
            Address::External => {
                self.cite();
                self.prose.html.push_str("<a class=\"external\" rel=\"external\" href=\"");
                if email {
                    self.prose.html.push_str("mailto:");
                }
                escape_href_into(&mut self.prose.html, address);
                self.link_title(title);
                self.prose.html.push_str("\">");
                self.links.push(Open::Anchor);
            }
            Address::Unsafe => {
                self.unsafe_address(address, span);
                self.links.push(Open::Nothing);
            }
            Address::Local => {
                let target = local_target(address);
                let number = self.reference(target, span);
                self.hole(Fill::LinkOpen(number));
                self.links.push(Open::Reference(number));
            }
        }
    }

    fn link_title(&mut self, title: &str) {
        if !title.is_empty() {
            self.prose.html.push_str("\" title=\"");
            escape_into(&mut self.prose.html, title);
        }
    }

    fn unsafe_address(&mut self, address: &str, span: Span) {
        let scheme = address.split(':').next().unwrap_or_default().trim();
        let message = format!("addresses that begin with `{scheme}:` are never published");
        self.diagnostics.push(
            Diagnostic::at(Code::LinkUnsafe, self.origin.path, span, message)
                .help("links lead to pages of this site, or to `https:`, `http:`, `mailto:` or `tel:` addresses"),
        );
    }

    /// Something says where the figures of this block come from.
    fn cite(&mut self) {
        if let Some(figures) = &mut self.figures {
            figures.cite();
        }
    }

    fn reference(&mut self, target: Target, span: Span) -> u32 {
        let text_at = u32::try_from(self.plain_text.len()).unwrap_or(u32::MAX);
        let number = u32::try_from(self.prose.references.len()).unwrap_or(u32::MAX);
        self.prose.references.push(Reference { target, span, label: None, context: None });
        self.reference_texts.push((text_at, text_at));
        number
    }

    fn start_wikilink(&mut self, name: &str, pothole: bool, span: Span) {
        // In a table the bar is written `\|`, or it would end the cell.
        let name = if pothole { name.strip_suffix('\\').unwrap_or(name) } else { name };
        if name.trim().starts_with("fact:") || name.trim().starts_with("calc:") {
            self.cite();
        }
        if let Some(fact) = name.trim().strip_prefix("fact:") {
            let fact = fact.trim();
            let (id, part) = fact.split_once('.').unwrap_or((fact, ""));
            let target = Target::Fact { id: id.trim().into(), part: part.trim().into() };
            let number = self.reference(target, span);
            self.wiki = Some((number, pothole));
            if pothole {
                self.fact_label = Some((self.prose.html.len(), self.prose.holes.len(), number as usize));
            }
            self.links.push(Open::Nothing);
            return;
        }
        if let Some(calculator) = calculator_target(name)
            && matches!(&calculator, Target::Calculator { result, .. } if !result.is_empty())
        {
            // A value in a sentence, as a fact is; a label would stand for a number that changes.
            let number = self.reference(calculator, span);
            self.wiki = Some((number, pothole));
            if pothole {
                self.fact_label = Some((self.prose.html.len(), self.prose.holes.len(), number as usize));
            }
            self.links.push(Open::Nothing);
            return;
        }
        let number = self.reference(named_target(name), span);
        self.wiki = Some((number, pothole));
        if pothole {
            self.hole(Fill::LinkOpen(number));
        } else {
            self.hole(Fill::Link(number));
        }
        self.links.push(Open::Reference(number));
    }

    fn end_link(&mut self) {
        let open = self.links.pop().unwrap_or(Open::Nothing);
        let wiki = self.wiki.take();
        let text_end = u32::try_from(self.plain_text.len()).unwrap_or(u32::MAX);
        if let Some((number, pothole)) = wiki {
            self.end_wikilink(number as usize, pothole, text_end);
            return;
        }
        match open {
            Open::Reference(number) => {
                if let Some(text) = self.reference_texts.get_mut(number as usize) {
                    text.1 = text_end;
                }
                self.hole(Fill::LinkClose(number));
            }
            Open::Anchor => self.prose.html.push_str("</a>"),
            Open::Nothing => {}
        }
    }

    fn end_wikilink(&mut self, number: usize, pothole: bool, text_end: u32) {
        let is_fact = match &self.prose.references[number].target {
            Target::Fact { .. } => true,
            Target::Calculator { result, .. } => !result.is_empty(),
            _ => false,
        };
        self.reference_texts[number].1 = text_end;
        let number_u32 = u32::try_from(number).unwrap_or(u32::MAX);
        if !is_fact {
            if pothole {
                self.hole(Fill::LinkClose(number_u32));
            }
            return;
        }
        if let Some((html_at, holes_at, _)) = self.fact_label.take() {
            self.prose.holes.truncate(holes_at);
            let label = self.prose.html.split_off(html_at);
            self.prose.references[number].label = Some(label.into_boxed_str());
        } else {
            // The name of a fact is not what a reader reads.
            let start = self.reference_texts[number].0;
            self.plain_text.truncate(start as usize);
            self.reference_texts[number].1 = start;
        }
        self.hole(Fill::Fact(number_u32));
    }

    // Pictures and embeds --------------------------------------------------------------------------------------------

    fn start_image(&mut self, link_type: LinkType, address: &str, title: &str, range: std::ops::Range<usize>) {
        self.image_depth = 1;
        if self.plain {
            let mut start = String::from("<img src=\"");
            escape_href_into(&mut start, address);
            start.push_str("\" alt=\"");
            self.prose.html.push_str(&start);
            self.image_plain = Some(title.to_owned());
            return;
        }
        let span = self.span(range);
        let image_file = ["png", "jpg", "jpeg", "gif", "webp", "avif", "svg"]
            .iter()
            .any(|ending| address.to_ascii_lowercase().ends_with(&format!(".{ending}")));
        if matches!(link_type, LinkType::WikiLink { .. }) && !image_file {
            let number = self.reference(named_target(address), span);
            if self.phrases > 0 {
                self.embed_in_line(span);
                self.hole(Fill::Link(number));
            } else {
                self.hole(Fill::Embed(number));
            }
            // What stands between the brackets is a name, not a description: it is thrown away with the picture.
            self.image = Some(Image {
                source: String::new(),
                alternative: String::new(),
                title: String::new(),
                alone: false,
                span,
            });
            return;
        }
        if classify(address) == Address::Unsafe {
            self.unsafe_address(address, span);
        }
        self.image = Some(Image {
            source: address.to_owned(),
            alternative: String::new(),
            title: title.to_owned(),
            alone: false,
            span,
        });
    }

    fn inside_image(&mut self, event: Event<'a>) {
        let alternative = match (&mut self.image, &self.image_plain) {
            (Some(image), _) => &mut image.alternative,
            (None, _) => &mut self.prose.html,
        };
        let plain = self.image_plain.is_some();
        match event {
            Event::Start(Tag::Image { .. }) => self.image_depth += 1,
            Event::End(TagEnd::Image) => {
                self.image_depth -= 1;
                if self.image_depth == 0 {
                    self.end_image();
                }
            }
            Event::Text(text) | Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                if plain {
                    escape_into(alternative, &text)
                } else {
                    alternative.push_str(&text)
                }
            }
            Event::SoftBreak | Event::HardBreak => alternative.push(' '),
            _ => {}
        }
    }

    fn end_image(&mut self) {
        if let Some(title) = self.image_plain.take() {
            if !title.is_empty() {
                self.prose.html.push_str("\" title=\"");
                escape_into(&mut self.prose.html, &title);
            }
            self.prose.html.push_str("\" />");
            return;
        }
        let Some(image) = self.image.take() else { return };
        let stands_for_page = |hole: &Hole| matches!(hole.fill, Fill::Embed(_) | Fill::Link(_));
        if image.source.is_empty() && self.prose.holes.last().is_some_and(stands_for_page) {
            return;
        }
        self.plain_text.push_str(&image.alternative);
        self.set_aside(image.alternative.len());
        let number = u32::try_from(self.prose.images.len()).unwrap_or(u32::MAX);
        if image.alternative.trim().is_empty() {
            self.diagnostics.push(
                Diagnostic::at(
                    Code::ImageAltMissing,
                    self.origin.path,
                    image.span,
                    "this picture has no words for readers who cannot see it",
                )
                .help("write what it shows between the brackets: `![A mixing desk](desk.jpg)`"),
            );
        }
        self.prose.images.push(image);
        self.hole(Fill::Image(number));
    }

    fn embed_in_line(&mut self, span: Span) {
        self.diagnostics.push(
            Diagnostic::at(Code::EmbedInline, self.origin.path, span, "a page cannot be embedded inside a line")
                .help("put it into a paragraph of its own, or write a link: take the `!` away"),
        );
    }

    /// A picture or an embed that is all of a paragraph takes its place. An embed among words is a fault.
    fn paragraph_ended(&mut self) {
        let inner = self.paragraph_at + 3;
        let first = self.prose.holes.partition_point(|hole| (hole.at as usize) < inner);
        let empty = self.prose.html.len() == inner + "</p>\n".len();
        if let ([hole], true) = (&self.prose.holes[first..], empty) {
            let takes_its_place = match hole.fill {
                Fill::Embed(_) => true,
                Fill::Image(number) if !self.prose.images[number as usize].title.is_empty() => {
                    self.prose.images[number as usize].alone = true;
                    true
                }
                _ => false,
            };
            if takes_its_place {
                self.prose.html.truncate(self.paragraph_at);
                self.prose.holes[first].at = u32::try_from(self.paragraph_at).unwrap_or(u32::MAX);
            }
            return;
        }
        for at in first..self.prose.holes.len() {
            if let Fill::Embed(number) = self.prose.holes[at].fill {
                let span = self.prose.references[number as usize].span;
                self.embed_in_line(span);
                self.prose.holes[at].fill = Fill::Link(number);
            }
        }
    }

    // Code, HTML, formulas -------------------------------------------------------------------------------------------

    fn end_code(&mut self) {
        let Some((language, text, span)) = self.code.take() else { return };
        if self.plain {
            if language.is_empty() {
                self.prose.html.push_str("<pre><code>");
            } else {
                self.prose.html.push_str("<pre><code class=\"language-");
                escape_into(&mut self.prose.html, &language);
                self.prose.html.push_str("\">");
            }
            escape_into(&mut self.prose.html, &text);
            self.prose.html.push_str("</code></pre>\n");
            return;
        }
        let number = u32::try_from(self.prose.codes.len()).unwrap_or(u32::MAX);
        self.prose.codes.push(CodeBlock { language, text, span });
        self.hole(Fill::Code(number));
    }

    fn check_raw_html(&mut self, html: &str, span: Span) {
        if self.plain {
            return;
        }
        if !self.options.html {
            // An end tag repeats what its start tag has said.
            if !html.starts_with("</") {
                self.diagnostics
                    .push(Diagnostic::at(Code::HtmlRefused, self.origin.path, span, "this site refuses raw HTML").help(
                    "write it in Markdown, and `\\<` for the sign itself; `markdown.html` in `site.toml` allows HTML",
                ));
            }
            return;
        }
        for (place, fault) in raw_faults(html) {
            let span = match self.origin.offset {
                Some(_) => Span::from(place).shifted(span.range().start),
                None => span,
            };
            let diagnostic = match fault {
                RawFault::InlineCode(name) => {
                    let message = format!("`{name}` in raw HTML does nothing on the published site");
                    Diagnostic::at(Code::HtmlInlineCode, self.origin.path, span, message)
                        .help("its Content Security Policy blocks inline scripts, styles and handlers; put them into `scripts/` or `styles/`")
                }
                RawFault::UnsafeAddress(address) => {
                    self.unsafe_address(&address, span);
                    continue;
                }
            };
            self.diagnostics.push(diagnostic);
        }
    }

    fn raw_html(&mut self, html: &str) {
        if self.plain || self.options.html {
            if html.contains('\0') {
                self.prose.html.push_str(&html.replace('\0', "\u{fffd}"));
                return;
            }
            self.prose.html.push_str(html);
        } else {
            escape_into(&mut self.prose.html, html);
        }
    }

    fn math(&mut self, formula: &str, display: bool, range: std::ops::Range<usize>) {
        self.plain_text.push_str(formula);
        self.set_aside(formula.len());
        match to_mathml(formula, display) {
            Ok(mathml) if display => {
                self.prose.html.push_str("<span class=\"math\" tabindex=\"0\">");
                self.prose.html.push_str(&mathml);
                self.prose.html.push_str("</span>");
            }
            Ok(mathml) => self.prose.html.push_str(&mathml),
            Err(message) => {
                let span = self.span(range);
                self.diagnostics.push(
                    Diagnostic::at(
                        Code::MathSyntax,
                        self.origin.path,
                        span,
                        format!("this formula cannot be read: {message}"),
                    )
                    .help("if it is an amount of money, write `\\$`"),
                );
                self.prose.html.push_str("<code>");
                escape_into(&mut self.prose.html, formula);
                self.prose.html.push_str("</code>");
            }
        }
    }

    fn task(&mut self, done: bool) {
        let html = &mut self.prose.html;
        if let Some(at) = html.rfind("<li>")
            && html[at + 4..].trim_start_matches('\n').trim_start_matches("<p>").is_empty()
        {
            html.replace_range(at..at + 4, "<li class=\"task\">");
        }
        let checked = if done { " checked" } else { "" };
        let label = if done { "Done" } else { "To do" };
        html.push_str(&format!("<input type=\"checkbox\" disabled{checked} aria-label=\"{label}\"> "));
    }

    // Footnotes ------------------------------------------------------------------------------------------------------

    fn footnote_reference(&mut self, name: &str) {
        // A note that nobody cites is not printed, nor is what it cites.
        let unprinted = self.footnote_at.as_ref().is_some_and(|(note, _, _)| !self.footnote_numbers.contains_key(note));
        let Some(number) = self.footnote_numbers.get(name).copied().filter(|_| !unprinted) else { return };
        self.cite();
        let uses = self.footnote_uses.entry(name.to_owned()).or_insert(0);
        *uses += 1;
        let uses = *uses;
        let suffix = if uses > 1 { format!("-{uses}") } else { String::new() };
        self.prose.html.push_str(&format!(
            "<sup class=\"footnote-ref\"><a id=\"fnref-{number}{suffix}\" href=\"#fn-{number}\" aria-label=\"Note {number}\">{number}</a></sup>"
        ));
    }

    fn end_footnote(&mut self) {
        let Some((name, at, holes_at)) = self.footnote_at.take() else { return };
        let html = self.prose.html.split_off(at);
        let mut holes = self.prose.holes.split_off(holes_at);
        let first = self.prose.headings.partition_point(|heading| (heading.at as usize) < at);
        let mut headings = self.prose.headings.split_off(first);
        let shift = u32::try_from(at).unwrap_or(0);
        for hole in &mut holes {
            hole.at -= shift;
        }
        for heading in &mut headings {
            heading.at -= shift;
        }
        self.footnotes.entry(name).or_insert(Footnote { html, holes, headings });
    }

    fn write_footnotes(&mut self) {
        if self.footnote_order.is_empty() {
            return;
        }
        self.line_start();
        self.prose.html.push_str("<section class=\"footnotes\" aria-label=\"Notes\"><ol>\n");
        for (index, name) in std::mem::take(&mut self.footnote_order).into_iter().enumerate() {
            let number = index + 1;
            self.prose.html.push_str(&format!("<li id=\"fn-{number}\">"));
            if let Some(note) = self.footnotes.remove(&name) {
                let at = u32::try_from(self.prose.html.len()).unwrap_or(u32::MAX);
                self.prose.html.push_str(&note.html);
                self.prose.holes.extend(note.holes.into_iter().map(|hole| Hole { at: hole.at + at, ..hole }));
                let headings = note.headings.into_iter();
                self.prose.headings.extend(headings.map(|heading| Heading { at: heading.at + at, ..heading }));
            }
            let uses = self.footnote_uses.get(&name).copied().unwrap_or(0);
            for used in 1..=uses {
                let suffix = if used > 1 { format!("-{used}") } else { String::new() };
                self.prose.html.push_str(&format!(
                    "<a class=\"footnote-back\" href=\"#fnref-{number}{suffix}\" aria-label=\"Back to the text of note {number}{suffix}\">↩</a>"
                ));
            }
            self.prose.html.push_str("</li>\n");
        }
        self.prose.html.push_str("</ol></section>\n");
    }

    fn finish(mut self) -> (Prose, String) {
        self.write_footnotes();
        let mut sentence = String::new();
        let mut last: Option<Arc<str>> = None;
        for (reference, (start, end)) in self.prose.references.iter_mut().zip(self.reference_texts) {
            if !matches!(reference.target, Target::Fact { .. } | Target::Here { .. }) {
                let link = start as usize..end as usize;
                reference.context = sentence_around(&self.plain_text, link, &mut sentence, last.as_ref());
                last = reference.context.as_ref().map(|context| context.sentence.clone()).or(last);
            }
        }
        // Thousands of these are kept until the last page is written: no room to spare. What was made shorter where it
        // stands would leave a gap behind it that nothing fits into.
        self.prose.html = self.prose.html.as_str().to_owned();
        self.prose.holes = exactly(self.prose.holes);
        self.prose.references = exactly(self.prose.references);
        self.prose.codes = exactly(self.prose.codes);
        self.prose.headings = exactly(self.prose.headings);
        (self.prose, self.plain_text)
    }
}

/// Whether a block of words of its own begins here; the cells of a row are one.
fn is_block(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Paragraph
            | Tag::Heading { .. }
            | Tag::BlockQuote(_)
            | Tag::CodeBlock(_)
            | Tag::List(_)
            | Tag::Item
            | Tag::FootnoteDefinition(_)
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::TableHead
            | Tag::TableRow
    )
}

/// Whether a block of words ends here. A heading and the head of a table say what follows; they are not looked at.
fn ends_block(tag: TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Paragraph
            | TagEnd::Item
            | TagEnd::FootnoteDefinition
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::TableRow
    )
}

/// The same elsewhere, with no room to spare.
fn exactly<T>(grown: Vec<T>) -> Vec<T> {
    let mut exact = Vec::with_capacity(grown.len());
    exact.extend(grown);
    exact
}

fn alert(kind: BlockQuoteKind) -> (&'static str, &'static str) {
    match kind {
        BlockQuoteKind::Note => ("note", "Note"),
        BlockQuoteKind::Tip => ("tip", "Tip"),
        BlockQuoteKind::Important => ("important", "Important"),
        BlockQuoteKind::Warning => ("warning", "Warning"),
        BlockQuoteKind::Caution => ("caution", "Caution"),
    }
}

/// The notes that will be printed, in the order of their numbers: those that the text cites, then those that printed
/// notes cite. The parser gives a note where it is defined, which may be before it is known whether anybody cites it.
fn cited_notes<'t>(events: impl Iterator<Item = Event<'t>>) -> Vec<String> {
    let mut by_note: FxHashMap<String, Vec<String>> = FxHashMap::default();
    let mut order: Vec<String> = Vec::new();
    let mut seen: FxHashSet<String> = FxHashSet::default();
    let mut inside: Option<String> = None;
    for event in events {
        match event {
            Event::Start(Tag::FootnoteDefinition(name)) => inside = Some(name.to_string()),
            Event::End(TagEnd::FootnoteDefinition) => inside = None,
            Event::FootnoteReference(name) => match &inside {
                Some(note) => by_note.entry(note.clone()).or_default().push(name.to_string()),
                None => {
                    if seen.insert(name.to_string()) {
                        order.push(name.to_string());
                    }
                }
            },
            _ => {}
        }
    }
    let mut next = 0;
    while let Some(note) = order.get(next).cloned() {
        for cited in by_note.remove(&note).unwrap_or_default() {
            if seen.insert(cited.clone()) {
                order.push(cited);
            }
        }
        next += 1;
    }
    order
}

/// Anchors that templates and the page's notes and sources use: no heading of the text may have them.
fn is_reserved_anchor(id: &str) -> bool {
    const NAMES: [&str; 9] =
        ["main", "guide", "ways", "sources", "order", "related", "backlinks", "bottom-line", "toc-title"];
    let numbered = |prefix: &str| {
        id.strip_prefix(prefix).is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
    };
    NAMES.contains(&id) || id.starts_with("field-") || ["source-", "cite-", "fn-", "fnref-"].into_iter().any(numbered)
}

/// What `[[calc:id]]` or `[[calc:id.result]]` names.
fn calculator_target(name: &str) -> Option<Target> {
    let name = name.trim().strip_prefix("calc:")?.trim();
    let (id, result) = name.split_once('.').unwrap_or((name, ""));
    Some(Target::Calculator { id: id.trim().into(), result: result.trim().into() })
}

/// How many cells a row of a table has: bars that no backslash precedes divide them.
fn count_cells(row: &str) -> usize {
    let row = row.trim();
    let row = row.strip_prefix('|').unwrap_or(row);
    let row = row.strip_suffix('|').filter(|rest| !rest.ends_with('\\')).unwrap_or(row);
    let mut before = ' ';
    let mut cells = 1;
    for letter in row.chars() {
        cells += usize::from(letter == '|' && before != '\\');
        before = letter;
    }
    cells
}

/// Whether a line has only the dashes, colons and bars that stand between the header and the rows of a table.
fn is_delimiter_row(line: &str) -> bool {
    line.contains("--") && line.contains('|') && line.chars().all(|letter| matches!(letter, '-' | ':' | '|' | ' '))
}

/// What `[[name]]` or `[[name#heading]]` names.
#[must_use]
pub fn named_target(name: &str) -> Target {
    if let Some(target) = calculator_target(name) {
        return target;
    }
    let (name, anchor) = match name.split_once('#') {
        Some((name, anchor)) => {
            (name.trim(), Some(Box::from(anchor.trim())).filter(|anchor: &Box<str>| !anchor.is_empty()))
        }
        None => (name.trim(), None),
    };
    match (name, anchor) {
        ("", Some(anchor)) => Target::Here { anchor },
        (name, anchor) => Target::Name { name: name.into(), anchor },
    }
}

fn local_target(address: &str) -> Target {
    let (path, anchor) = match address.split_once('#') {
        Some((path, anchor)) => (path, Some(anchor).filter(|anchor| !anchor.is_empty())),
        None => (address, None),
    };
    let decode = |text: &str| percent_decode(text).map_or_else(|| text.into(), String::into_boxed_str);
    let anchor = anchor.map(decode);
    let path = decode(path.split('?').next().unwrap_or_default());
    match anchor {
        Some(anchor) if path.is_empty() => Target::Here { anchor },
        anchor if path.starts_with('/') => Target::Site { path, anchor },
        anchor => Target::Source { path, anchor },
    }
}
