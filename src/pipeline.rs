//! The whole build on one screen, and the only file that works in parallel.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::analyse::{self, Insights, analyse};
use crate::assets::{self, Bundle};
use crate::base::{Fingerprint, PageId, SourcePath, UrlPath, fingerprint_of};
use crate::calc::{self, Declaration};
use crate::config::{Config, Overrides};
use crate::diag::{Code, Diagnostic, Severity};
use crate::files::{Files, Source};
use crate::memo::{CompiledCalculator, Memo, ReadCalculator, ReadDocument, ReadFacts, RenderedBody};
use crate::page::view::SiteView;
use crate::page::{Pages, Templates, Theme};
use crate::read::{self, CONTENT, CalculatorFile, FACTS};
use crate::render::{Body, Ready, Renderer, Standing, markdown_twin};
use crate::resolve::links::check_embeds;
use crate::resolve::{Answers, Owner, Site, gather_assets};

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
    let config = Config::read(files, overrides, &mut faults);
    let theme = Theme::gather(files, &config, &mut faults);
    let templates = Templates::compile(&theme, &config, &mut faults);
    let bundle = assets::bundle(&theme);

    observer.stage_started("read");
    let mut documents = read_documents(files, &config, memo, &mut counts, &mut faults);
    let libraries = read_calculators(files, &config, memo, &mut documents, &mut faults);
    let facts = read_all_facts(files, &config, memo, &mut faults);

    observer.stage_started("resolve");
    let static_files = gather_assets(&theme.files, files);
    let site = Site::join(documents, facts, libraries, static_files, &config, overrides, &mut faults);
    let answers = answer_all(&site, &mut faults);
    let (embed_faults, faulty) = check_embeds(&site, &answers);
    faults.extend(embed_faults);

    observer.stage_started("analyse");
    let insights = analyse(&site, &answers, &config);
    analyse::check(&site, &insights, &config, overrides, &mut faults);
    let calculators = compile_calculators(&site, overrides, memo, &mut faults);
    counts.pages = site.pages().count();
    counts.facts = site.facts.len();
    counts.relations = insights.edges.len();

    observer.stage_started("render");
    if let Some(templates) = templates {
        let press = Press::new(
            files,
            &site,
            &insights,
            &answers,
            &faulty,
            &calculators,
            &config,
            overrides,
            &theme,
            templates,
            &bundle,
        );
        press.run(memo, sink, observer, &mut counts, &mut faults);
    }

    observer.stage_started("assets");
    for (path, bytes) in bundle.files {
        sink.put(&path, bytes.into());
        counts.files += 1;
    }
    for ready in calculators.iter().flatten() {
        sink.put(&ready.script_path, ready.script.clone().into_bytes().into());
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

/// Reads the files of calculators: pages join `documents`, which stay sorted by path, and libraries are given back.
fn read_calculators(
    files: &Files,
    config: &Config,
    memo: &mut Memo,
    documents: &mut Vec<Arc<read::Document>>,
    faults: &mut Vec<Diagnostic>,
) -> Vec<Arc<Declaration>> {
    let settings = reading_fingerprint(config);
    let found: Vec<(&SourcePath, &Source)> = files
        .under(CONTENT)
        .filter(|(path, _)| path.as_str().ends_with(read::calculator::ENDING) && !path.as_str().starts_with(FACTS))
        .collect();
    let known = &memo.calculator_files;
    let read: Vec<(Fingerprint, ReadCalculator)> = found
        .par_iter()
        .map(|(path, source)| {
            let inputs = fingerprint_of(&(source.fingerprint, settings));
            let file = known.get(path, inputs).unwrap_or_else(|| {
                let mut faults = Vec::new();
                let file = read::read_calculator(path, source, config, &mut faults);
                (file, faults)
            });
            (inputs, file)
        })
        .collect();
    let mut libraries = Vec::new();
    for (_, (file, found)) in &read {
        match file {
            Some(CalculatorFile::Page(document)) => documents.push(document.clone()),
            Some(CalculatorFile::Library(library)) => libraries.push(library.clone()),
            None => {}
        }
        faults.extend(found.iter().cloned());
    }
    documents.sort_by(|a, b| a.path.cmp(&b.path));
    if memo.keeps() {
        let entries = found.iter().zip(read);
        memo.calculator_files.replace(entries.map(|((path, _), (inputs, file))| ((*path).clone(), inputs, file)));
    }
    libraries
}

/// Checks, tries and works out every calculator, each by itself.
fn compile_calculators(
    site: &Site,
    overrides: &Overrides,
    memo: &mut Memo,
    faults: &mut Vec<Diagnostic>,
) -> Vec<Option<Arc<Ready>>> {
    let libraries = site.calculators.libraries();
    let known = &memo.calculators;
    let list: Vec<_> = site.calculators.iter().collect();
    let compiled: Vec<(String, Fingerprint, CompiledCalculator)> = list
        .par_iter()
        .map(|calculator| {
            let declaration = &*calculator.placed.declaration;
            let included = declaration.include.iter().filter_map(|name| libraries.get(name.value.as_str()).copied());
            let facts: Vec<String> = std::iter::once(declaration)
                .chain(included)
                .flat_map(read::calculator::fact_ids)
                .map(|id| format!("{:?}", site.fact_ids.get(id).map(|fact| site.fact(*fact))))
                .collect();
            let as_of = overrides.as_of.map(|day| day.to_string());
            let texts = format!("{declaration:?}{:?}", libraries);
            let inputs = if memo.keeps() { fingerprint_of(&(texts, facts, as_of)) } else { Fingerprint::default() };
            let ready = known.get(&declaration.id.value, inputs).unwrap_or_else(|| {
                let mut faults = Vec::new();
                let calculator = calc::compile(declaration, &libraries, site, overrides.as_of, &mut faults);
                (calculator.map(|calculator| Arc::new(Ready::of(calculator))), faults)
            });
            (declaration.id.value.clone(), inputs, ready)
        })
        .collect();
    let mut calculators = Vec::with_capacity(compiled.len());
    for (_, _, (ready, found)) in &compiled {
        calculators.push(ready.clone());
        faults.extend(found.iter().cloned());
    }
    if memo.keeps() {
        memo.calculators.replace(compiled);
    }
    calculators
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
        calculators: &'a [Option<Arc<Ready>>],
        config: &'a Config,
        overrides: &Overrides,
        theme: &'a Theme,
        mut templates: Templates,
        bundle: &Bundle,
    ) -> Self {
        let as_of = overrides.as_of;
        let pages = Pages::new(site, insights, config, as_of);
        let renderer = Renderer { site, answers, embed_faults, calculators, config, as_of };
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
                let result_of = |index, result| self.renderer.calculator_result(index, result);
                let answers = &self.answers[page.index()];
                raw(url, markdown_twin(self.site, *page, answers, &fields, source, self.config, &result_of))
            }
            Owner::CalculatorEmbed(index) => match self.renderer.calculator_in_frame(*index, &root) {
                Some(markup) => {
                    let view = pages.calculator_embed(*index, markup, self.renderer.calculators[*index].as_deref());
                    self.fill(url, "calculator-embed.html", &root, &view, memo, Printed::default())
                }
                None => Printed::default(),
            },
            Owner::CalculatorData(index) => match &self.renderer.calculators[*index] {
                Some(ready) => raw(url, pages.calculator_data(*index, &ready.calculator)),
                None => Printed::default(),
            },
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
