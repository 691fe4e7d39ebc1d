//! The whole build on one screen, and the only file that works in parallel.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::analyse::{self, Insights, analyse};
use crate::assets::{self, Bundle};
use crate::base::{Fingerprint, PageId, SourcePath, UrlPath, fingerprint_of};
use crate::config::{Config, Overrides};
use crate::diag::{Code, Diagnostic, Severity};
use crate::files::{Files, Source};
use crate::memo::{Memo, ReadDocument, ReadFacts, RenderedBody};
use crate::page::view::SiteView;
use crate::page::{Pages, Templates, Theme};
use crate::read::{self, CONTENT, FACTS};
use crate::render::{Body, Renderer, Standing, markdown_twin};
use crate::resolve::links::check_embeds;
use crate::resolve::{Answers, Owner, Site, gather_assets};
use crate::search;

/// Receives finished files while a build runs. Called from several threads, in no order, once for each path.
pub trait Sink: Sync {
    /// One file of the site; `path` is relative and names a file: `roles/producer/index.html`.
    fn put(&self, path: &str, bytes: Arc<[u8]>);
}

/// Hears how a build goes on. The clock is the listener's, never the build's.
pub trait Observer: Sync {
    /// A stage begins, and the one before it has ended.
    fn stage_started(&self, stage: &'static str);

    /// So many of the pages are rendered.
    fn progress(&self, done: usize, total: usize) {
        let _ = (done, total);
    }
}

/// Listens to nothing.
pub struct Nobody;

impl Observer for Nobody {
    fn stage_started(&self, _: &'static str) {}
}

/// Drops every file.
pub struct Nowhere;

impl Sink for Nowhere {
    fn put(&self, _: &str, _: Arc<[u8]>) {}
}

/// What a build counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Published articles, home and index introductions included.
    pub pages: usize,
    /// Fact records.
    pub facts: usize,
    /// Typed relations.
    pub relations: usize,
    /// Files given to the sink.
    pub files: usize,
    /// Articles read from their bytes, not from the memo.
    pub read: usize,
    /// Pages whose template ran.
    pub rendered: usize,
    /// Pages taken from the memo.
    pub reused: usize,
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
}

/// How a build ended.
#[derive(Debug)]
pub struct Outcome {
    /// All faults, at the levels the site asks for, in the order they are shown.
    pub diagnostics: Vec<Diagnostic>,
    /// Totals.
    pub counts: Counts,
    /// Where `build` writes, from `site.toml`.
    pub output_dir: String,
    /// The path part of `base_url`: `/` or `/guide/`.
    pub base_path: String,
}

impl Outcome {
    /// Whether anything keeps the site from being published.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.counts.errors > 0
    }
}

/// Builds a site: reads `files`, gives each finished file to `sink`, and tells `observer` how it goes.
///
/// Pure but for those three: the same files and overrides give the same bytes, for any number of threads and whatever
/// the memo holds. Every fault is in the outcome; the sink may have been given files even when there are errors, and
/// must not let readers see them.
pub fn build(
    files: &Files,
    overrides: &Overrides,
    load_faults: Vec<Diagnostic>,
    memo: &mut Memo,
    sink: &dyn Sink,
    observer: &dyn Observer,
) -> Outcome {
    let mut faults = load_faults;
    let mut counts = Counts::default();

    observer.stage_started("config");
    let mut config = Config::read(files, overrides, &mut faults);
    let theme = Theme::gather(files, &config, &mut faults);
    // A theme without a page for searching has no use for an index.
    config.search &= theme.files.contains_key("templates/search.html");
    let templates = Templates::compile(&theme, &config, &mut faults);
    let bundle = assets::bundle(&theme);

    observer.stage_started("read");
    let documents = read_documents(files, &config, memo, &mut counts, &mut faults);
    let facts = read_all_facts(files, &config, memo, &mut faults);

    observer.stage_started("resolve");
    let static_files = gather_assets(&theme.files, files);
    let site = Site::join(documents, facts, static_files, &config, overrides, &mut faults);
    let answers = answer_all(&site, &mut faults);
    let (embed_faults, faulty) = check_embeds(&site, &answers);
    faults.extend(embed_faults);

    observer.stage_started("analyse");
    let insights = analyse(&site, &answers, &config);
    analyse::check(&site, &insights, &config, overrides, &mut faults);
    counts.pages = site.pages().count();
    counts.facts = site.facts.len();
    counts.relations = insights.edges.len();

    observer.stage_started("render");
    if let Some(templates) = templates {
        let press =
            Press::new(files, &site, &insights, &answers, &faulty, &config, overrides, &theme, templates, &bundle);
        press.run(memo, sink, observer, &mut counts, &mut faults);
    }

    if config.search {
        observer.stage_started("search");
        index_search(&site, &insights, &answers, &config, &bundle, memo, sink, &mut counts);
    }

    observer.stage_started("assets");
    for (path, bytes) in bundle.files {
        sink.put(&path, bytes.into());
        counts.files += 1;
    }
    for (url, asset) in &site.assets {
        sink.put(&url.file(), asset.bytes.clone());
        counts.files += 1;
    }

    if !memo.keeps() {
        // The program ends after a single build: taking a hundred thousand small allocations apart one by one first is
        // a twentieth of its work.
        std::mem::forget((site, insights, answers));
    }
    config.settle(&mut faults);
    counts.errors = faults.iter().filter(|fault| fault.severity == Severity::Error).count();
    counts.warnings = faults.len() - counts.errors;
    let base_path = base_path(&config.base_url);
    Outcome { diagnostics: faults, counts, output_dir: config.output_dir, base_path }
}

/// The settings that reading an article depends on.
fn reading_fingerprint(config: &Config) -> Fingerprint {
    fingerprint_of(&(&config.kinds, &config.relations, &config.markdown, config.file_bytes_max))
}

fn read_documents(
    files: &Files,
    config: &Config,
    memo: &mut Memo,
    counts: &mut Counts,
    faults: &mut Vec<Diagnostic>,
) -> Vec<Arc<read::Document>> {
    let settings = reading_fingerprint(config);
    let articles: Vec<(&SourcePath, &Source)> = files
        .under(CONTENT)
        .filter(|(path, _)| path.extension() == "md" && !path.as_str().starts_with(FACTS))
        .collect();
    let fresh = AtomicUsize::new(0);
    let known = &memo.documents;
    let read: Vec<(Fingerprint, ReadDocument)> = articles
        .par_iter()
        .map(|(path, source)| {
            let inputs = fingerprint_of(&(source.fingerprint, settings));
            let document = known.get(path, inputs).unwrap_or_else(|| {
                fresh.fetch_add(1, Ordering::Relaxed);
                let mut faults = Vec::new();
                let document = read::read_document(path, source, config, &mut faults);
                (document.map(Arc::new), faults)
            });
            (inputs, document)
        })
        .collect();
    counts.read = fresh.into_inner();
    let mut documents = Vec::with_capacity(read.len());
    for (_, (document, found)) in &read {
        documents.extend(document.clone());
        faults.extend(found.iter().cloned());
    }
    if memo.keeps() {
        let entries = articles.iter().zip(read);
        memo.documents.replace(entries.map(|((path, _), (inputs, document))| ((*path).clone(), inputs, document)));
    }
    documents
}

fn read_all_facts(files: &Files, config: &Config, memo: &mut Memo, faults: &mut Vec<Diagnostic>) -> Vec<read::Fact> {
    let records: Vec<(&SourcePath, &Source)> =
        files.under(FACTS).filter(|(path, _)| matches!(path.extension(), "yaml" | "yml")).collect();
    let known = &memo.facts;
    let read: Vec<(Fingerprint, ReadFacts)> = records
        .par_iter()
        .map(|(path, source)| {
            let inputs = fingerprint_of(&(source.fingerprint, config.file_bytes_max));
            let facts = known.get(path, inputs).unwrap_or_else(|| {
                let mut faults = Vec::new();
                let text = read::text_of(path, source, config.file_bytes_max, &mut faults);
                let facts = text.map(|text| read::read_facts(path, text, &mut faults)).unwrap_or_default();
                (facts, faults)
            });
            (inputs, facts)
        })
        .collect();
    let mut facts = Vec::new();
    for (_, (records, found)) in &read {
        facts.extend(records.iter().cloned());
        faults.extend(found.iter().cloned());
    }
    if memo.keeps() {
        let entries = records.iter().zip(read);
        memo.facts.replace(entries.map(|((path, _), (inputs, facts))| ((*path).clone(), inputs, facts)));
    }
    facts
}

fn answer_all(site: &Site, faults: &mut Vec<Diagnostic>) -> Vec<Answers> {
    let answered: Vec<(Answers, Vec<Diagnostic>)> =
        (0..site.documents.len()).into_par_iter().map(|index| site.answer(PageId::from_index(index))).collect();
    let mut answers = Vec::with_capacity(answered.len());
    for (own, found) in answered {
        answers.push(own);
        faults.extend(found);
    }
    answers
}

/// So many pages are read for the search at a time: their text goes to the sink before the next ones are looked at.
const SEARCH_WINDOW: usize = 512;

/// Writes the search index. A page's words are counted anew only where its own text or what fills its holes has changed.
#[expect(clippy::too_many_arguments, reason = "the index looks at what all stages made")]
fn index_search(
    site: &Site,
    insights: &Insights,
    answers: &[Answers],
    config: &Config,
    bundle: &Bundle,
    memo: &mut Memo,
    sink: &dyn Sink,
    counts: &mut Counts,
) {
    let pages = search::pages(site);
    let mut builder = search::Builder::new(site, insights, config, &pages);
    let mut texts = Vec::new();
    let mut written = Vec::new();
    let known_is_kept = memo.keeps();
    for window in pages.chunks(SEARCH_WINDOW) {
        let known = &memo.texts;
        let read: Vec<(SourcePath, Fingerprint, Arc<search::PageText>)> = window
            .par_iter()
            .map(|page| {
                let path = &site.document(*page).path;
                let inputs = search::inputs(site, insights, *page, answers, config, known_is_kept);
                let text = known.get(path, inputs.fingerprint);
                let text = text.unwrap_or_else(|| Arc::new(search::read(site, *page, &inputs, config)));
                (path.clone(), inputs.fingerprint, text)
            })
            .collect();
        let full: Vec<search::Shard> =
            window.iter().zip(&read).filter_map(|(page, (_, _, text))| builder.add(*page, text)).collect();
        written.extend(write_shards(&full, config, memo, sink));
        if memo.keeps() {
            texts.extend(read);
        }
    }
    let facts = search::facts(site, insights);
    let script = search::stemmer_script(&config.primary_language());
    let stems = bundle.view.scripts.iter().find(|known| Some(&known.name) == script.as_ref());
    let (shards, boot) = builder.finish(&facts, stems.map(|script| script.path.as_str()));
    written.extend(write_shards(&shards, config, memo, sink));
    let (path, bytes) = boot.write_unhashed();
    sink.put(&format!("{}{path}", config.search_folder()), bytes.into());
    counts.files += written.len() + 1;
    if memo.keeps() {
        memo.texts.replace(texts);
        memo.shards.replace(written);
    }
}

/// Compresses index files and gives them to the sink; what the memo has is not compressed again.
fn write_shards(
    shards: &[search::Shard],
    config: &Config,
    memo: &Memo,
    sink: &dyn Sink,
) -> Vec<(String, Fingerprint, (String, Arc<[u8]>))> {
    shards
        .par_iter()
        .map(|shard| {
            let inputs = if memo.keeps() { shard.fingerprint() } else { Fingerprint::default() };
            let (path, bytes) = memo.shards.get(&shard.name, inputs).unwrap_or_else(|| {
                let (path, bytes) = shard.write();
                (format!("{}{path}", config.search_folder()), bytes.into())
            });
            sink.put(&path, bytes.clone());
            let bytes = if memo.keeps() { bytes } else { Arc::default() };
            (shard.name.clone(), inputs, (path, bytes))
        })
        .collect()
}

/// The last stage: everything that pages are made of, and the templates.
struct Press<'a> {
    files: &'a Files,
    site: &'a Site,
    answers: &'a [Answers],
    config: &'a Config,
    theme: &'a Theme,
    renderer: Renderer<'a>,
    pages: Pages<'a>,
    templates: Templates,
    /// Of the templates and of what every page sees.
    shared: Fingerprint,
}

/// What one address came to.
#[derive(Default)]
struct Printed {
    faults: Vec<Diagnostic>,
    template_fault: Option<Box<Diagnostic>>,
    page: Option<(String, Fingerprint, Arc<[u8]>)>,
    body: Option<(SourcePath, Fingerprint, RenderedBody)>,
    rendered: bool,
    reused: bool,
    put: bool,
}

impl<'a> Press<'a> {
    #[expect(clippy::too_many_arguments, reason = "the last stage looks at what all stages made")]
    fn new(
        files: &'a Files,
        site: &'a Site,
        insights: &'a Insights,
        answers: &'a [Answers],
        embed_faults: &'a [bool],
        config: &'a Config,
        overrides: &Overrides,
        theme: &'a Theme,
        mut templates: Templates,
        bundle: &Bundle,
    ) -> Self {
        let as_of = overrides.as_of;
        let pages = Pages::new(site, insights, config, as_of);
        let renderer = Renderer { site, answers, embed_faults, config, as_of };
        let shared: SiteView = pages.shared(bundle.view.clone());
        templates.share(&shared);
        let shared = fingerprint_of(&(theme.templates_fingerprint, &shared));
        Self { files, site, answers, config, theme, renderer, pages, templates, shared }
    }

    fn run(
        &self,
        memo: &mut Memo,
        sink: &dyn Sink,
        observer: &dyn Observer,
        counts: &mut Counts,
        faults: &mut Vec<Diagnostic>,
    ) {
        let routes: Vec<(&UrlPath, &Owner)> =
            self.site.routes.iter().filter(|(_, owner)| **owner != Owner::Asset).collect();
        let done = AtomicUsize::new(0);
        let kept: &Memo = memo;
        let printed: Vec<Printed> = routes
            .par_iter()
            .map(|(url, owner)| {
                let mut printed = self.print(url, owner, kept);
                if let Some((path, _, bytes)) = &printed.page {
                    sink.put(path, bytes.clone());
                    printed.put = true;
                }
                if !kept.keeps() {
                    printed.page = None;
                    printed.body = None;
                }
                observer.progress(done.fetch_add(1, Ordering::Relaxed) + 1, routes.len());
                printed
            })
            .collect();
        let mut template_faults = Vec::new();
        let mut pages = Vec::new();
        let mut bodies = Vec::new();
        for printed in printed {
            faults.extend(printed.faults);
            template_faults.extend(printed.template_fault.map(|fault| *fault));
            counts.rendered += usize::from(printed.rendered);
            counts.reused += usize::from(printed.reused);
            counts.files += usize::from(printed.put);
            pages.extend(printed.page);
            bodies.extend(printed.body);
        }
        faults.extend(once_each(template_faults));
        if memo.keeps() {
            memo.pages.replace(pages);
            memo.bodies.replace(bodies);
        }
    }

    fn print(&self, url: &UrlPath, owner: &Owner, memo: &Memo) -> Printed {
        let root = url.to_root();
        let pages = &self.pages;
        match owner {
            Owner::Page(page) => {
                let mut printed = Printed::default();
                let body = self.body(*page, &root, memo, &mut printed);
                let template = pages.template_of(*page, &self.templates);
                self.fill(url, &template, &root, &pages.article(*page, body), memo, printed)
            }
            Owner::Section(kind) => {
                let mut printed = Printed::default();
                let introduction =
                    self.site.section_documents[kind.index()].map(|page| self.body(page, &root, memo, &mut printed));
                let view = pages.section(*kind, introduction, &|page| self.renderer.fields(page, &root));
                let is_glossary = self.config.kind(*kind).id == "term" && self.templates.has("glossary.html");
                let template = if is_glossary { "glossary.html" } else { "section.html" };
                self.fill(url, template, &root, &view, memo, printed)
            }
            Owner::Topic(index) => self.fill(url, "topic.html", &root, &pages.topic(*index), memo, Printed::default()),
            Owner::Topics => self.fill(url, "topics.html", &root, &pages.topics(), memo, Printed::default()),
            Owner::Facts => self.fill(url, "facts.html", &root, &pages.facts(), memo, Printed::default()),
            Owner::Sources => self.fill(url, "sources.html", &root, &pages.sources(), memo, Printed::default()),
            Owner::Print => {
                let view = pages.print(&|page| self.renderer.body(page, &root, Standing::Among).0);
                self.fill(url, "print.html", &root, &view, memo, Printed::default())
            }
            Owner::Search => self.fill(url, "search.html", &root, &pages.search(), memo, Printed::default()),
            Owner::NotFound => {
                // Served at any depth: only a path from the host's root finds its style.
                let root = base_path(&self.config.base_url);
                self.fill(url, "404.html", &root, &pages.missing(), memo, Printed::default())
            }
            Owner::Redirect(page) => {
                let view = pages.redirect(url.as_str(), *page);
                self.fill(url, "redirect.html", &root, &view, memo, Printed::default())
            }
            Owner::Machine(name) => self.machine(url, name, memo),
            Owner::Twin(page) => {
                let document = self.site.document(*page);
                let source = self.files.get(document.path.as_str()).and_then(Source::text).unwrap_or_default();
                let fields = self.renderer.fields(*page, &root).fields;
                let text = markdown_twin(self.site, *page, &self.answers[page.index()], &fields, source, self.config);
                raw(url, text)
            }
            Owner::Asset => Printed::default(),
        }
    }

    fn machine(&self, url: &UrlPath, name: &str, memo: &Memo) -> Printed {
        let pages = &self.pages;
        let root = url.to_root();
        let fresh = Printed::default();
        match name {
            "feed.xml" => self.fill(url, "own/feed.xml", &root, &pages.feed(), memo, fresh),
            "sitemap.xml" => self.fill(url, "own/sitemap.xml", &root, &pages.sitemap(), memo, fresh),
            "llms.txt" => self.fill(url, "own/llms.txt", &root, &pages.llms(), memo, fresh),
            "site.webmanifest" => self.fill(url, "own/site.webmanifest", &root, &pages.manifest(), memo, fresh),
            "graph.json" => raw(url, pages.graph()),
            "facts.json" => raw(url, pages.facts_json()),
            "facts.csv" => raw(url, pages.facts_csv()),
            _ => self.fill(url, "own/robots.txt", &root, &pages.missing(), memo, fresh),
        }
    }

    /// A page's body, from the memo when nothing it leads to has changed.
    fn body(&self, page: PageId, root: &str, memo: &Memo, printed: &mut Printed) -> Body {
        let document = self.site.document(page);
        if !memo.keeps() {
            let (body, found) = self.renderer.body(page, root, Standing::Own);
            printed.faults.extend(found);
            return body;
        }
        let inputs = self.renderer.inputs(page, root);
        let known = inputs.and_then(|inputs| memo.bodies.get(&document.path, inputs));
        let (body, found) = known.unwrap_or_else(|| {
            let (body, found) = self.renderer.body(page, root, Standing::Own);
            (Arc::new(body), found)
        });
        printed.faults.extend(found.iter().cloned());
        let copy = (*body).clone();
        if let Some(inputs) = inputs {
            printed.body = Some((document.path.clone(), inputs, (body, found)));
        }
        copy
    }

    /// Runs a template over a view, unless the memo has the page of an equal view.
    fn fill<V: serde::Serialize + std::hash::Hash>(
        &self,
        url: &UrlPath,
        template: &str,
        root: &str,
        view: &V,
        memo: &Memo,
        mut printed: Printed,
    ) -> Printed {
        let path = url.file();
        let inputs =
            if memo.keeps() { fingerprint_of(&(self.shared, template, root, view)) } else { Fingerprint::default() };
        if let Some(bytes) = memo.pages.get(&path, inputs) {
            printed.reused = true;
            printed.page = Some((path, inputs, bytes));
            return printed;
        }
        match self.templates.render(self.theme, template, root, view, &format!("/{url}")) {
            Ok(bytes) => {
                printed.rendered = true;
                printed.page = Some((path, inputs, bytes));
            }
            Err(fault) => printed.template_fault = Some(fault),
        }
        printed
    }
}

/// A file without a template.
fn raw(url: &UrlPath, text: String) -> Printed {
    Printed { page: Some((url.file(), Fingerprint::default(), text.into_bytes().into())), ..Printed::default() }
}

/// A fault in a template strikes every page that uses it: one diagnostic for each place, with how many pages it struck.
fn once_each(faults: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut places: BTreeMap<(Code, Vec<crate::diag::Label>, String), (Diagnostic, usize)> = BTreeMap::new();
    for fault in faults {
        let key = (fault.code, fault.labels.clone(), fault.message.clone());
        places.entry(key).or_insert_with(|| (fault, 0)).1 += 1;
    }
    places
        .into_values()
        .map(
            |(fault, count)| {
                if count > 1 { fault.help(format!("{} other pages have the same fault", count - 1)) } else { fault }
            },
        )
        .collect()
}

/// The path part of an absolute address: `/` or `/guide/`.
fn base_path(base_url: &str) -> String {
    let rest = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
    rest.find('/').map_or_else(|| "/".to_owned(), |at| rest[at..].to_owned())
}
