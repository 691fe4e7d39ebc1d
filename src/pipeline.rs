//! The whole build on one screen, and the only file that works in parallel.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::analyse::{self, Insights, analyse};
use crate::assets::{self, Bundle};
use crate::base::{Fingerprint, Gathered, PageId, SourcePath, UrlPath, fingerprint_of};
use crate::calc::check::Days;
use crate::calc::{self, Declaration};
use crate::config::{Config, Offline, Overrides};
use crate::diag::{Code, Diagnostic, Severity};
use crate::files::{Files, Source};
use crate::memo::{
    CompiledCalculator, DocumentAnswers, Graph, Ground, JoinedSite, KeptFilling, Memo, PrintedPage, ReadCalculator,
    ReadDocument, ReadFacts, RenderedBody,
};
use crate::page::view::{AssetsView, Row, SiteView};
use crate::page::{Common, Inputs, Pages, Templates, Theme, theme, worker};
use crate::read::{self, CONTENT, CalculatorFile, FACTS};
use crate::render::{Body, BodyInputs, Filling, Public, Ready, Renderer, Standing, calculator_path, markdown_twin};
use crate::resolve::calculators::Calculator as PlacedCalculator;
use crate::resolve::links::check_embeds;
use crate::resolve::{Answers, Asset, Owner, Site, gather_assets};
use crate::search;

/// Receives finished files while a build runs. Called from several threads, in no order, once for each path.
pub trait Sink: Sync {
    /// One file of the site; `path` is relative and names a file: `roles/producer/index.html`.
    fn put(&self, path: &str, bytes: Arc<[u8]>);

    /// What an earlier build put at `path` stays as it is, or everything below it where it ends in `/`. Gives back whether
    /// there is anything.
    fn keep(&self, path: &str) -> bool {
        let _ = path;
        false
    }

    /// The same as [`Sink::put`] for bytes that nobody else will want: a sink that only passes them on saves a copy.
    fn put_owned(&self, path: &str, bytes: Vec<u8>) {
        self.put(path, bytes.into());
    }
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

    fn put_owned(&self, _: &str, _: Vec<u8>) {}
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
    /// Pages whose words were counted for the search, not taken from the memo.
    pub indexed: usize,
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
    let ground_inputs = ground_inputs(files, overrides);
    let mut ground = match memo.ground.take(ground_inputs.all) {
        Some((ground, true)) => ground,
        _ => lay_ground(files, overrides),
    };
    faults.extend(ground.faults.iter().cloned());
    let Ground { config, theme, templates, bundle, .. } = &mut ground;
    let (config, theme, bundle) = (&*config, &*theme, &*bundle);
    // Whether there is a search, a map and so on is the theme's say too.
    let parts = (config.search, config.map, config.path, config.offline);
    let settings = fingerprint_of(&(ground_inputs.settings, parts));
    let ground_inputs = GroundInputs { settings, ..ground_inputs };

    observer.stage_started("read");
    let mut documents = read_documents(files, config, memo, &mut counts, &mut faults);
    let libraries = read_calculators(files, config, memo, &mut documents, &mut faults);
    let facts = read_all_facts(files, config, memo, &mut faults);

    observer.stage_started("resolve");
    let static_files = gather_assets(&theme.files, files, &mut faults);
    let inputs = SiteInputs::of(ground_inputs, &documents, &libraries, &facts, &static_files);
    let joined = join(
        memo.site.take(inputs.joined),
        documents,
        (&facts, libraries),
        static_files,
        config,
        overrides,
        (ground_inputs.settings, inputs.beside),
    );
    faults.extend(joined.faults.iter().cloned());
    let site = &joined.site;
    let AllAnswers { answers, leads } = answer_all(site, &inputs, memo, &mut faults);
    let fillings = if memo.keeps() { fill_all(site, &answers, &inputs, memo) } else { Vec::new() };
    let (embed_faults, faulty) = check_embeds(site, &answers);
    faults.extend(embed_faults);

    observer.stage_started("analyse");
    let graph_inputs = fingerprint_of(&(inputs.public, &leads));
    let graph = graph(memo.insights.take(graph_inputs), site, &answers, &leads, config, ground_inputs);
    let insights = &graph.insights;
    let rule_inputs = fingerprint_of(&(graph_inputs, overrides.today.map(|day| day.to_string())));
    let known_rules = memo.rules.take(rule_inputs).filter(|(_, is_known)| *is_known).map(|(rules, _)| rules);
    let calculators = compile_calculators(site, config, overrides, memo, &mut faults);
    counts.pages = site.pages().count();
    counts.facts = site.facts.len();
    counts.relations = insights.edges.len();

    observer.stage_started("render");
    let known_items = memo.items.take(ground_inputs.settings).filter(|(_, is_known)| *is_known);
    let is_watched = memo.keeps();
    let mut known_items = known_items.map(|(items, _)| items).unwrap_or_default();
    let render = || {
        let Some(templates) = templates else { return Vec::new() };
        let pages = Pages::new(site, insights, config, overrides.as_of, &known_items);
        let shared: SiteView = pages.shared(bundle.view.clone(), theme);
        templates.share(&shared);
        let shared = fingerprint_of(&(theme.templates_fingerprint, &shared));
        let settings = fingerprint_of(&(ground_inputs.settings, overrides.as_of.map(|day| day.to_string()), shared));
        let as_of = overrides.as_of;
        let renderer =
            Renderer { site, answers: &answers, embed_faults: &faulty, calculators: &calculators, config, as_of };
        let page_inputs = memo.keeps().then(|| {
            let structure = fingerprint_of(&(graph.structure, insights.reading_order()));
            let common = Common { ground: settings, site: inputs.public, graph: graph_inputs, structure };
            let known = std::mem::take(&mut memo.surroundings);
            Inputs::new(&pages, BodyInputs::new(fillings, &faulty), common, known)
        });
        let press = Press {
            files,
            renderer,
            theme,
            templates,
            bundle: &bundle.view,
            pages: &pages,
            inputs: page_inputs.as_ref(),
            shared,
            lists_later: overrides.lists_later,
        };
        press.run(memo, sink, observer, &mut counts, &mut faults);
        let Some(inputs) = page_inputs else { return Vec::new() };
        memo.surroundings = inputs.into_surroundings();
        pages.new_items()
    };
    // The rules look at all pages one after the other, and no page waits for what they find. A single build does without:
    // it would hold more at once.
    let check = || analyse::check(site, insights, config, overrides);
    let (rules, new_items) = match known_rules {
        Some(rules) => (rules, render()),
        None if is_watched => rayon::join(check, render),
        None => (check(), render()),
    };
    faults.extend(rules.iter().cloned());
    if memo.keeps() {
        known_items.update(site.documents.len(), new_items);
        memo.items.put(ground_inputs.settings, known_items);
    }

    let mut index = Vec::new();
    if config.search && overrides.lists_later {
        for language in config.search_languages() {
            sink.keep(&Config::search_folder(&language));
        }
    } else if config.search {
        observer.stage_started("search");
        let worked_out = calculator_answers(site, &calculators, config);
        index = index_searches(site, insights, (&answers, worked_out), config, bundle, memo, sink, &mut counts);
    }

    observer.stage_started("assets");
    if worker::is_published(site) {
        sink.put_owned("sw.js", worker::worker(site, config, &bundle.view, &index).into_bytes());
        counts.files += 1;
    }
    for (path, bytes) in &bundle.files {
        sink.put(path, bytes.clone());
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

    config.settle(&mut faults);
    counts.errors = faults.iter().filter(|fault| fault.severity == Severity::Error).count();
    counts.warnings = faults.len() - counts.errors;
    let base_path = base_path(&config.base_url);
    let output_dir = config.output_dir.clone();
    if memo.keeps() {
        memo.ground.put(ground_inputs.all, ground);
        memo.site.put(inputs.joined, joined);
        memo.insights.put(graph_inputs, graph);
        memo.rules.put(rule_inputs, rules);
    } else {
        // The program ends after a single build: taking a hundred thousand small allocations apart one by one first is
        // a twentieth of its work.
        std::mem::forget((ground, joined, graph, answers));
    }
    Outcome { diagnostics: faults, counts, output_dir, base_path }
}

/// Whether a build works with more than one thread: it does on every machine with two cores, unless it is told not to
/// with `RAYON_NUM_THREADS=1`.
#[must_use]
pub fn is_parallel() -> bool {
    rayon::current_num_threads() > 1
}

/// What the ground of a build rests on.
#[derive(Debug, Clone, Copy)]
struct GroundInputs {
    /// `site.toml` and what the command line says on top of it.
    settings: Fingerprint,
    /// The same, and every file that may belong to the theme.
    all: Fingerprint,
}

fn ground_inputs(files: &Files, overrides: &Overrides) -> GroundInputs {
    let site_toml = files.get("site.toml").map(|source| source.fingerprint);
    let settings = fingerprint_of(&(
        site_toml,
        &overrides.base_url,
        overrides.drafts,
        overrides.plain_asset_names,
        overrides.never_offline,
    ));
    let mut gathered = Gathered::new();
    gathered.add(settings);
    for folder in theme::PLACES {
        for (path, source) in files.under(folder) {
            gathered.text(path.as_str());
            gathered.add(source.fingerprint);
        }
    }
    GroundInputs { settings, all: gathered.fingerprint() }
}

fn lay_ground(files: &Files, overrides: &Overrides) -> Ground {
    let mut faults = Vec::new();
    let mut config = Config::read(files, overrides, &mut faults);
    let theme = Theme::gather(files, &config, &mut faults);
    // A theme without a page for searching has no use for an index.
    config.search &= theme.files.contains_key("templates/search.html");
    config.map &= theme.files.contains_key("templates/map.html");
    config.path &= theme.files.contains_key("templates/path.html");
    if !theme.files.contains_key(&format!("scripts/{}", assets::OFFLINE_SCRIPT)) {
        config.offline = Offline::Never;
    }
    let templates = Templates::compile(&theme, &config, &mut faults);
    let bundle = assets::bundle(&theme, &config, overrides);
    faults.extend(bundle.faults.iter().cloned());
    Ground { config, theme, templates, bundle, faults }
}

/// The settings that reading an article depends on.
fn reading_fingerprint(config: &Config) -> Fingerprint {
    let lints = (&config.figures, config.is_on(Code::FigureUncited), config.is_on(Code::FieldMissing));
    let languages: Vec<&str> = config.all_languages().collect();
    fingerprint_of(&(
        languages,
        &config.kinds,
        &config.relations,
        &config.markdown,
        config.urls,
        config.file_bytes_max,
        lints,
    ))
}

/// What a step gave for one thing, and its inputs when it was made now.
struct Step<V> {
    value: V,
    made_from: Option<Fingerprint>,
}

impl<V: Clone> Step<V> {
    fn known_or(known: Option<&V>, inputs: Fingerprint, make: impl FnOnce() -> V) -> Self {
        match known {
            Some(value) => Self { value: value.clone(), made_from: None },
            None => Self { value: make(), made_from: Some(inputs) },
        }
    }
}

/// The entries of a table that were made now: `keys` and `steps` belong together.
fn made<'a, K: Clone + 'a, V>(
    keys: impl IntoIterator<Item = &'a K>,
    steps: Vec<Step<V>>,
) -> impl Iterator<Item = (K, Fingerprint, V)> {
    let pairs = keys.into_iter().zip(steps);
    pairs.filter_map(|(key, step)| Some((key.clone(), step.made_from?, step.value)))
}

fn read_documents(
    files: &Files,
    config: &Config,
    memo: &mut Memo,
    counts: &mut Counts,
    faults: &mut Vec<Diagnostic>,
) -> Vec<Arc<read::Document>> {
    let settings = reading_fingerprint(config);
    let (paths, sources): (Vec<&SourcePath>, Vec<&Source>) =
        files.under(CONTENT).filter(|(path, _)| path.extension() == "md" && !path.as_str().starts_with(FACTS)).unzip();
    let known = &memo.documents;
    let read: Vec<Step<ReadDocument>> = (paths.par_iter().zip(&sources))
        .map(|(path, source)| {
            let inputs = fingerprint_of(&(source.fingerprint, settings));
            Step::known_or(known.get(path, inputs), inputs, || {
                let mut faults = Vec::new();
                let document = read::read_document(path, source, config, &mut faults);
                (document.map(Arc::new), faults)
            })
        })
        .collect();
    let mut documents = Vec::with_capacity(read.len());
    for step in &read {
        let (document, found) = &step.value;
        documents.extend(document.clone());
        faults.extend(found.iter().cloned());
        counts.read += usize::from(step.made_from.is_some());
    }
    if memo.keeps() {
        memo.documents.update(made(paths.iter().copied(), read), paths.iter().copied());
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
    let (paths, sources): (Vec<&SourcePath>, Vec<&Source>) = files
        .under(CONTENT)
        .filter(|(path, _)| read::calculator::is_calculator_file(path) && !path.as_str().starts_with(FACTS))
        .unzip();
    let known = &memo.calculator_files;
    let read: Vec<Step<ReadCalculator>> = (paths.par_iter().zip(&sources))
        .map(|(path, source)| {
            let inputs = fingerprint_of(&(source.fingerprint, settings));
            Step::known_or(known.get(path, inputs), inputs, || {
                let mut faults = Vec::new();
                let file = read::read_calculator(path, source, config, &mut faults);
                (file, faults)
            })
        })
        .collect();
    let mut libraries = Vec::new();
    for step in &read {
        let (file, found) = &step.value;
        match file {
            Some(CalculatorFile::Page(document)) => documents.push(document.clone()),
            Some(CalculatorFile::Library(library)) => libraries.push(library.clone()),
            None => {}
        }
        faults.extend(found.iter().cloned());
    }
    documents.sort_by(|a, b| a.path.cmp(&b.path));
    if memo.keeps() {
        memo.calculator_files.update(made(paths.iter().copied(), read), paths.iter().copied());
    }
    libraries
}

/// Checks, tries and works out every calculator, each by itself.
fn compile_calculators(
    site: &Site,
    config: &Config,
    overrides: &Overrides,
    memo: &mut Memo,
    faults: &mut Vec<Diagnostic>,
) -> Vec<Option<Arc<Ready>>> {
    let libraries = site.calculators.libraries();
    let known = &memo.calculators;
    let declarations: Vec<&Declaration> =
        site.calculators.iter().map(|calculator| &*calculator.placed.declaration).collect();
    let days = Days { today: overrides.today, as_of: overrides.as_of };
    let compiled: Vec<Step<CompiledCalculator>> = (declarations.par_iter())
        .map(|declaration| {
            let included = declaration.include.iter().filter_map(|name| libraries.get(name.value.as_str()).copied());
            let keeps = declaration.inputs.iter().any(|input| input.profile.is_some());
            let profile = libraries.get(calc::declaration::PROFILE).copied().filter(|_| keeps);
            let parts: Vec<&Declaration> = std::iter::once(*declaration).chain(included).chain(profile).collect();
            let facts: Vec<Fingerprint> = (parts.iter().flat_map(|part| read::calculator::fact_ids(part)))
                .filter_map(|id| site.fact_ids.get(id))
                .map(|fact| site.fact(*fact).fingerprint())
                .collect();
            let inputs = fingerprint_of(&(format!("{parts:?}"), facts, format!("{days:?}"), config.minify));
            Step::known_or(known.get(&declaration.id.value, inputs), inputs, || {
                let mut faults = Vec::new();
                let calculator = calc::compile(declaration, &libraries, site, days, &mut faults);
                let small = |script| assets::small_script(script, config);
                (calculator.map(|calculator| Arc::new(Ready::of(calculator, small))), faults)
            })
        })
        .collect();
    let mut calculators = Vec::with_capacity(compiled.len());
    for step in &compiled {
        let (ready, found) = &step.value;
        calculators.push(ready.clone());
        faults.extend(found.iter().cloned());
    }
    if memo.keeps() {
        let ids = || declarations.iter().map(|declaration| &declaration.id.value);
        memo.calculators.update(made(ids(), compiled), ids());
    }
    calculators
}

/// The records of all files of facts, file by file.
struct FactFiles {
    records: Vec<Arc<[read::Fact]>>,
    /// Of the files.
    inputs: Fingerprint,
}

fn read_all_facts(files: &Files, config: &Config, memo: &mut Memo, faults: &mut Vec<Diagnostic>) -> FactFiles {
    let (paths, sources): (Vec<&SourcePath>, Vec<&Source>) =
        files.under(FACTS).filter(|(path, _)| matches!(path.extension(), "yaml" | "yml")).unzip();
    let known = &memo.facts;
    let read: Vec<Step<ReadFacts>> = (paths.par_iter().zip(&sources))
        .map(|(path, source)| {
            let inputs = fingerprint_of(&(source.fingerprint, config.file_bytes_max));
            Step::known_or(known.get(path, inputs), inputs, || {
                let mut faults = Vec::new();
                let text = read::text_of(path, source, config.file_bytes_max, &mut faults);
                let facts = text.map(|text| read::read_facts(path, text, &mut faults)).unwrap_or_default();
                (facts.into(), faults)
            })
        })
        .collect();
    let mut gathered = Gathered::new();
    for (path, source) in paths.iter().zip(&sources) {
        gathered.text(path.as_str());
        gathered.add(source.fingerprint);
    }
    let mut records = Vec::with_capacity(read.len());
    for step in &read {
        let (facts, found) = &step.value;
        records.push(facts.clone());
        faults.extend(found.iter().cloned());
    }
    if memo.keeps() {
        memo.facts.update(made(paths.iter().copied(), read), paths.iter().copied());
    }
    FactFiles { records, inputs: gathered.fingerprint() }
}

/// What the steps after reading look at, each with the settings.
struct SiteInputs {
    /// All that is joined besides documents: facts, libraries, and files to publish.
    beside: Fingerprint,
    /// Joined faces of all documents, facts, and files to publish.
    joined: Fingerprint,
    /// The same with all anchors.
    anchored: Fingerprint,
    /// Where all documents are, and their anchors; with facts, and files to publish.
    placed: Fingerprint,
    /// The same with all that is public of the documents.
    public: Fingerprint,
}

impl SiteInputs {
    fn of(
        ground: GroundInputs,
        documents: &[Arc<read::Document>],
        libraries: &[Arc<Declaration>],
        facts: &FactFiles,
        static_files: &BTreeMap<UrlPath, Asset>,
    ) -> Self {
        let mut gathered = Gathered::new();
        gathered.add(ground.settings);
        gathered.add(facts.inputs);
        for library in libraries {
            gathered.text(&format!("{library:?}"));
        }
        for (url, asset) in static_files {
            gathered.text(url.as_str());
            gathered.text(asset.path.as_str());
            gathered.add(asset.fingerprint);
        }
        let beside = gathered.fingerprint();
        let mut with_faces = |face: fn(&read::Faces) -> Fingerprint| {
            gathered.number(documents.len());
            for document in documents {
                gathered.add(face(&document.faces));
            }
            gathered.fingerprint()
        };
        let placed = with_faces(|faces| fingerprint_of(&(faces.address, faces.anchors)));
        let joined = with_faces(|faces| faces.joined);
        let anchored = with_faces(|faces| faces.anchors);
        Self { beside, joined, anchored, placed, public: with_faces(|faces| faces.public) }
    }
}

/// Joins the site, or takes the known one where the documents show the same joined faces or are only called otherwise.
fn join(
    known: Option<(JoinedSite, bool)>,
    documents: Vec<Arc<read::Document>>,
    (facts, libraries): (&FactFiles, Vec<Arc<Declaration>>),
    static_files: BTreeMap<UrlPath, Asset>,
    config: &Config,
    overrides: &Overrides,
    (settings, beside): (Fingerprint, Fingerprint),
) -> JoinedSite {
    let earlier = match known {
        // Faults name places in files, which may have moved.
        Some((JoinedSite { site, faults, .. }, true)) if faults.is_empty() => {
            return JoinedSite { site: site.with_documents(documents), faults, settings, beside };
        }
        Some((joined, _)) if joined.beside == beside && joined.faults.is_empty() => {
            if let Some(renamed) = joined.site.renamed(&documents) {
                return JoinedSite { site: joined.site.with_renamed(documents, &renamed), ..joined };
            }
            Some(joined.site)
        }
        Some((joined, _)) if joined.settings == settings => Some(joined.site),
        _ => None,
    };
    let facts = facts.records.iter().flat_map(|records| records.iter().cloned()).collect();
    let mut faults = Vec::new();
    let site = Site::join(documents, facts, libraries, static_files, config, overrides, earlier, &mut faults);
    JoinedSite { site, faults, settings, beside }
}

/// The answers of all documents, in their order.
struct AllAnswers {
    answers: Vec<Arc<Answers>>,
    /// Where they lead; all alike when nothing is kept.
    leads: Vec<Fingerprint>,
}

fn answer_all(site: &Site, inputs: &SiteInputs, memo: &mut Memo, faults: &mut Vec<Diagnostic>) -> AllAnswers {
    let known = &memo.answers;
    let keeps = memo.keeps();
    // With no name changed anywhere, none need be looked up.
    let are_names_same = memo.answered == inputs.anchored;
    let answered: Vec<Step<Arc<DocumentAnswers>>> = (site.documents.par_iter().enumerate())
        .map(|(index, document)| {
            let inputs = fingerprint_of(&(document.fingerprint, inputs.placed));
            let known = known.get(&document.path, inputs).filter(|known| {
                let holds = |(names, meant): &(Box<[Fingerprint]>, Fingerprint)| site.names.meanings(names) == *meant;
                are_names_same || known.names.as_ref().is_some_and(holds)
            });
            Step::known_or(known, inputs, || {
                let page = PageId::from_index(index);
                let (answers, found) = site.answer(page);
                let leads = if keeps { answers.leads() } else { Fingerprint::default() };
                let names = if keeps && found.is_empty() { site.names_in(page) } else { None };
                let names = names.map(|names| {
                    let meant = site.names.meanings(&names);
                    (names, meant)
                });
                Arc::new(DocumentAnswers { answers: Arc::new(answers), faults: found.into(), leads, names })
            })
        })
        .collect();
    memo.answered = inputs.anchored;
    let mut leads = Vec::with_capacity(answered.len());
    let mut answers = Vec::with_capacity(answered.len());
    for step in &answered {
        leads.push(step.value.leads);
        answers.push(step.value.answers.clone());
        faults.extend(step.value.faults.iter().cloned());
    }
    if keeps {
        let paths = || site.documents.iter().map(|document| &document.path);
        memo.answers.update(made(paths(), answered), paths());
    }
    AllAnswers { answers, leads }
}

/// What fills the holes of all documents, in their order. A new title costs those that lead to it.
fn fill_all(site: &Site, answers: &[Arc<Answers>], inputs: &SiteInputs, memo: &mut Memo) -> Vec<Arc<Filling>> {
    let settled = fingerprint_of(&(inputs.placed, site.calculators.fingerprint));
    let now: Vec<Fingerprint> = site.documents.iter().map(|document| document.faces.public).collect();
    let changed: Option<Vec<bool>> = match memo.filled.take(settled) {
        Some((before, true)) => Some(before.iter().zip(&now).map(|(before, now)| before != now).collect()),
        _ => None,
    };
    let is_any_changed = changed.as_ref().is_none_or(|changed| changed.contains(&true));
    let known = &memo.fillings;
    let public = Public::of(site);
    let filled: Vec<Step<KeptFilling>> = (site.documents.par_iter().zip(answers).enumerate())
        .map(|(index, (document, answers))| {
            let page = PageId::from_index(index);
            let inputs = fingerprint_of(&(document.fingerprint, settled));
            let known = known.get(&document.path, inputs).zip(changed.as_ref()).filter(|((_, known), changed)| {
                let is_same = || !changed[index] && !Filling::leads_to(site, page, answers, changed);
                Arc::ptr_eq(known, answers) && (!is_any_changed || is_same())
            });
            Step::known_or(known.map(|(known, _)| known), inputs, || {
                (Arc::new(Filling::of(&public, page, answers)), answers.clone())
            })
        })
        .collect();
    let fillings = filled.iter().map(|step| step.value.0.clone()).collect();
    let paths = || site.documents.iter().map(|document| &document.path);
    memo.fillings.update(made(paths(), filled), paths());
    memo.filled.put(settled, now);
    fillings
}

/// Asks the graph, or takes what is known of one with the same structure. Which pages are near is the question that
/// takes long, and it can be asked for each page by itself.
fn graph(
    known: Option<(Graph, bool)>,
    site: &Site,
    answers: &[Arc<Answers>],
    leads: &[Fingerprint],
    config: &Config,
    ground: GroundInputs,
) -> Graph {
    let structure = match known {
        Some((graph, true)) => return graph,
        known => {
            let structure = fingerprint_of(&(
                ground.settings,
                analyse::structure(site, leads.iter()),
                site.calculators.fingerprint,
            ));
            if let Some((graph, _)) = known.filter(|(graph, _)| graph.structure == structure) {
                return Graph { structure, insights: graph.insights.reordered(site, answers, config) };
            }
            structure
        }
    };
    let insights = analyse(site, answers, config, |nearness| {
        let pages = (0..site.documents.len()).into_par_iter();
        pages.map_init(|| nearness.scores(), |scores, page| nearness.of(page, scores)).collect()
    });
    Graph { structure, insights }
}

/// So many pages are read for the search at a time: their text goes to the sink before the next ones are looked at.
const SEARCH_WINDOW: usize = 512;

/// What calculators answer a search with: the headline with everything as it is at first. One in a block of code belongs
/// to its article, which is found itself.
fn calculator_answers(site: &Site, calculators: &[Option<Arc<Ready>>], config: &Config) -> Vec<search::Answer> {
    let language = calc::number::language(&config.language);
    let answer = |(index, known): (usize, &PlacedCalculator)| {
        let calculator = &calculators[index].as_ref()?.calculator;
        let front = &site.document(known.page).front;
        if known.placed.block.is_some() || front.search.exclude {
            return None;
        }
        let program = &calculator.program;
        let mut keywords = vec![site.description(known.page).to_owned()];
        keywords.extend(program.results.iter().map(|result| result.label.clone()));
        keywords.extend(program.solve.iter().map(|solve| solve.label.clone()));
        for input in &program.inputs {
            keywords.push(input.label.clone());
            keywords.extend(input.hint.clone());
        }
        Some(search::Answer {
            kind: search::AnswerKind::Calculator,
            title: site.title(known.page).to_owned(),
            value: calc::markup::sentence(calculator, language),
            values: Vec::new(),
            url: calculator_path(site, index),
            detail: "with your own numbers".to_owned(),
            source: String::new(),
            keywords: keywords.join(" · "),
        })
    };
    site.calculators.iter().enumerate().filter_map(answer).collect()
}

/// An index of at most so many bytes, at least without its texts, is fetched before the reader searches, so that it can be
/// searched without a connection.
const SMALL_INDEX_BYTES_MAX: usize = 200 * 1024;

/// Writes the search index of each language, and gives back where their files are when they are small. A page's words are
/// counted anew only where its own text or what fills its holes has changed.
#[expect(clippy::too_many_arguments, reason = "the index looks at what all stages made")]
fn index_searches(
    site: &Site,
    insights: &Insights,
    (answers, worked_out): (&[Arc<Answers>], Vec<search::Answer>),
    config: &Config,
    bundle: &Bundle,
    memo: &mut Memo,
    sink: &dyn Sink,
    counts: &mut Counts,
) -> Vec<String> {
    let mut direct = search::facts(site, insights);
    direct.extend(worked_out);
    let (mut texts, mut written, mut boots, mut found) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut size = 0;
    for (at, language) in config.search_languages().iter().enumerate() {
        // Facts and calculators speak the site's language.
        let direct = if at == 0 { std::mem::take(&mut direct) } else { Vec::new() };
        let pages = search::pages(site, config, language);
        let indexing = Indexing { site, insights, answers, config, language, pages: &pages, memo: &*memo, sink };
        let (path, boot_bytes) = indexing.run(&direct, bundle, &mut texts, &mut written);
        boots.push(path);
        size += boot_bytes;
        found.extend(pages);
    }
    counts.files += written.len() + boots.len();
    // Where everything is too much, titles and what is said of them are enough: texts only give the excerpts.
    let everything: Vec<&WrittenShard> = written.iter().collect();
    let titles: Vec<&WrittenShard> = written.iter().filter(|shard| !shard.name.ends_with("part/text")).collect();
    let fits = |shards: &&Vec<&WrittenShard>| {
        size + shards.iter().map(|shard| shard.bytes).sum::<usize>() <= SMALL_INDEX_BYTES_MAX
    };
    let mut small = Vec::new();
    if let Some(shards) = [&everything, &titles].into_iter().find(fits) {
        small.extend(shards.iter().map(|shard| shard.path.clone()));
        small.append(&mut boots);
    }
    counts.indexed += if memo.keeps() { texts.len() } else { found.len() };
    if memo.keeps() {
        let paths: Vec<&SourcePath> = found.iter().map(|page| &site.document(*page).path).collect();
        memo.texts.update(texts, paths.into_iter());
        let names: Vec<String> = written.iter().map(|shard| shard.name.clone()).collect();
        let kept = written.into_iter().map(|shard| (shard.name, shard.inputs, (shard.path, shard.kept)));
        memo.shards.update(kept, names.iter());
    }
    small
}

/// The index of one language.
struct Indexing<'a> {
    site: &'a Site,
    insights: &'a Insights,
    answers: &'a [Arc<Answers>],
    config: &'a Config,
    /// Its primary tag.
    language: &'a str,
    /// Those that can be found, in the order of their units.
    pages: &'a [PageId],
    memo: &'a Memo,
    sink: &'a dyn Sink,
}

/// What was read of pages, for the memo.
type Texts = Vec<(SourcePath, Fingerprint, Arc<search::PageText>)>;

impl Indexing<'_> {
    fn read(&self, page: PageId) -> Step<Arc<search::PageText>> {
        let (site, keeps) = (self.site, self.memo.keeps());
        let inputs = search::inputs(site, self.insights, page, &self.answers[page.index()], self.config, keeps);
        let known = self.memo.texts.get(&site.document(page).path, inputs.fingerprint).filter(|_| keeps);
        Step::known_or(known, inputs.fingerprint, || Arc::new(search::read(site, page, &inputs, self.config)))
    }

    /// Writes all its files. Gives back the path of the one that is not among `written`, and how many bytes it has.
    fn run(
        &self,
        direct: &[search::Answer],
        bundle: &Bundle,
        texts: &mut Texts,
        written: &mut Vec<WrittenShard>,
    ) -> (String, usize) {
        let Self { site, insights, config, language, pages, memo, sink, .. } = *self;
        let sample = search::sample(site, pages);
        let sampled: Vec<Step<Arc<search::PageText>>> = sample.par_iter().map(|page| self.read(*page)).collect();
        let shorthand = search::shorthand(sampled.iter().map(|step| &*step.value));
        let mut sampled: FxHashMap<PageId, Step<Arc<search::PageText>>> = sample.into_iter().zip(sampled).collect();
        let folder = Config::search_folder(language);
        let mut builder = search::Builder::new(site, insights, config, language, pages, shorthand);
        for window in pages.chunks(SEARCH_WINDOW) {
            let early: Vec<_> = window.iter().map(|page| sampled.remove(page)).collect();
            let read: Vec<(Step<Arc<search::PageText>>, Vec<u8>)> = window
                .par_iter()
                .zip(early)
                .map(|(page, early)| {
                    let step = early.unwrap_or_else(|| self.read(*page));
                    let written = search::written(&step.value, builder.shorthand());
                    (step, written)
                })
                .collect();
            let full: Vec<search::Shard> = window
                .iter()
                .zip(&read)
                .filter_map(|(page, (step, written))| builder.add(*page, &step.value, written))
                .collect();
            written.extend(write_shards(&full, &folder, memo, sink));
            if memo.keeps() {
                let steps = read.into_iter().map(|(step, _)| step).collect();
                texts.extend(made(window.iter().map(|page| &site.document(*page).path), steps));
            }
        }
        let script = search::stemmer_script(language);
        let stems = bundle.view.scripts.iter().find(|known| Some(&known.name) == script.as_ref());
        let (shards, boot) = builder.finish(direct, stems.map(|script| script.path.as_str()));
        written.extend(write_shards(&shards, &folder, memo, sink));
        let (path, bytes) = boot.write_unhashed();
        let (path, size) = (format!("{folder}{path}"), bytes.len());
        sink.put(&path, bytes.into());
        (path, size)
    }
}

/// A file of an index.
struct WrittenShard {
    /// Folder and name without a hash: two indexes have files of the same name.
    name: String,
    /// What it was made from.
    inputs: Fingerprint,
    path: String,
    bytes: usize,
    /// Its bytes, where they are kept.
    kept: Arc<[u8]>,
}

/// Compresses index files and gives them to the sink; what the memo has is not compressed again.
fn write_shards(shards: &[search::Shard], folder: &str, memo: &Memo, sink: &dyn Sink) -> Vec<WrittenShard> {
    shards
        .par_iter()
        .map(|shard| {
            let inputs = if memo.keeps() { shard.fingerprint() } else { Fingerprint::default() };
            let name = format!("{folder}{}", shard.name);
            let (path, bytes) = memo.shards.get(&name, inputs).cloned().unwrap_or_else(|| {
                let (path, bytes) = shard.write();
                (format!("{folder}{path}"), bytes.into())
            });
            sink.put(&path, bytes.clone());
            let count = bytes.len();
            let kept = if memo.keeps() { bytes } else { Arc::default() };
            WrittenShard { name, inputs, path, bytes: count, kept }
        })
        .collect()
}

/// The last stage: everything that pages are made of, and the templates.
struct Press<'a, 'i> {
    files: &'a Files,
    theme: &'a Theme,
    renderer: Renderer<'a>,
    pages: &'a Pages<'a>,
    templates: &'a Templates,
    /// Where style and scripts are published.
    bundle: &'a AssetsView,
    /// Tells what changed; `None` when nothing is kept from build to build.
    inputs: Option<&'i Inputs<'a>>,
    /// Of the templates and of what every page sees.
    shared: Fingerprint,
    /// Whether what can wait is left as it is: [`Overrides::lists_later`].
    lists_later: bool,
}

/// What one address came to.
#[derive(Default)]
struct Printed {
    faults: Vec<Diagnostic>,
    template_fault: Option<Box<Diagnostic>>,
    /// The finished file with the fingerprint of its view.
    page: Option<(Fingerprint, Arc<[u8]>)>,
    /// The finished file of which nothing is kept yet.
    raw: Option<Vec<u8>>,
    body: Option<(SourcePath, Fingerprint, RenderedBody)>,
    /// Rows that were made for it.
    rows: Vec<(SourcePath, Fingerprint, Row)>,
    /// Of everything it was made from, when it was not simply taken from the memo.
    made_from: Option<Fingerprint>,
    rendered: bool,
    reused: bool,
}

/// What is left of it once the sink has the file: small, for there is one for every address at once.
#[derive(Default)]
struct Done {
    faults: Vec<Diagnostic>,
    template_fault: Option<Box<Diagnostic>>,
    /// What the memo keeps.
    kept: Option<Box<KeptPage>>,
    rendered: bool,
    reused: bool,
    put: bool,
}

struct KeptPage {
    page: Option<(Fingerprint, PrintedPage)>,
    body: Option<(SourcePath, Fingerprint, RenderedBody)>,
    rows: Vec<(SourcePath, Fingerprint, Row)>,
}

impl Printed {
    /// Gives the finished file to the sink.
    fn put(mut self, path: &str, sink: &dyn Sink) -> Done {
        match self.raw.take() {
            Some(bytes) if self.made_from.is_none() => {
                sink.put_owned(path, bytes);
                return Done { put: true, ..self.done() };
            }
            Some(bytes) => self.page = Some((Fingerprint::default(), bytes.into())),
            None => {}
        }
        if let Some((_, bytes)) = &self.page {
            sink.put(path, bytes.clone());
        }
        self.done()
    }

    fn done(self) -> Done {
        let put = self.page.is_some();
        let kept = self.made_from.map(|inputs| {
            let faults = &self.faults;
            let page = self.page.map(|(view, bytes)| (inputs, PrintedPage { view, bytes, faults: faults.clone() }));
            Box::new(KeptPage { page, body: self.body, rows: self.rows })
        });
        let (rendered, reused) = (self.rendered, self.reused);
        Done { faults: self.faults, template_fault: self.template_fault, kept, rendered, reused, put }
    }
}

impl Press<'_, '_> {
    fn run(
        &self,
        memo: &mut Memo,
        sink: &dyn Sink,
        observer: &dyn Observer,
        counts: &mut Counts,
        faults: &mut Vec<Diagnostic>,
    ) {
        let routes = self.renderer.site.routes.iter().filter(|(_, owner)| **owner != Owner::Asset);
        // The few large ones first, while little else is held: no thread is left alone with one in the end. Before all others
        // what machines read, the graph as data among it, the largest, while nothing is shared between lists yet.
        let (mut many, single): (Vec<_>, Vec<_>) = routes.partition(|(_, owner)| owner.is_about_many());
        many.sort_by_key(|(_, owner)| !matches!(owner, Owner::Machine(_)));
        let (urls, owners): (Vec<&UrlPath>, Vec<&Owner>) = many.into_iter().chain(single).unzip();
        let finished = AtomicUsize::new(0);
        let kept: &Memo = memo;
        let all: Vec<Done> = (urls.par_iter().zip(&owners))
            .map(|(url, owner)| {
                let done = match self.lists_later && owner.can_wait() && sink.keep(&url.file()) {
                    true => Done { put: true, ..Done::default() },
                    false => self.print(url, owner, kept).put(&url.file(), sink),
                };
                observer.progress(finished.fetch_add(1, Ordering::Relaxed) + 1, urls.len());
                done
            })
            .collect();
        let mut template_faults = Vec::new();
        let mut pages = Vec::new();
        let mut bodies = Vec::new();
        let mut rows = Vec::new();
        for (url, done) in urls.iter().zip(all) {
            template_faults.extend(done.template_fault.map(|fault| *fault));
            counts.rendered += usize::from(done.rendered);
            counts.reused += usize::from(done.reused);
            counts.files += usize::from(done.put);
            if let Some(kept) = done.kept {
                pages.extend(kept.page.map(|(inputs, page)| ((*url).clone(), inputs, page)));
                bodies.extend(kept.body);
                rows.extend(kept.rows);
            }
            faults.extend(done.faults);
        }
        faults.extend(once_each(template_faults));
        if memo.keeps() {
            memo.pages.update(pages, urls.iter().copied());
            let site = self.renderer.site;
            memo.bodies.update(bodies, site.documents.iter().map(|document| &document.path));
            let listed: Vec<&SourcePath> =
                site.sections.iter().flatten().map(|page| &site.document(*page).path).collect();
            memo.rows.update(rows, listed.into_iter());
        }
    }

    /// Takes a page from the memo when nothing it is made of has changed, else makes it.
    fn print(&self, url: &UrlPath, owner: &Owner, memo: &Memo) -> Printed {
        let Some(inputs) = self.inputs.map(|inputs| inputs.of(owner)) else { return self.make(url, owner, memo) };
        if let Some(known) = memo.pages.get(url, inputs) {
            debug_assert!(self.agrees(url, owner, known), "the inputs of `{url}` leave out something that it shows");
            let page = Some((known.view, known.bytes.clone()));
            return Printed { faults: known.faults.clone(), page, reused: true, ..Printed::default() };
        }
        Printed { made_from: Some(inputs), ..self.make(url, owner, memo) }
    }

    /// Whether a page that is taken from the memo is the one that would be made.
    fn agrees(&self, url: &UrlPath, owner: &Owner, known: &PrintedPage) -> bool {
        let made = self.make(url, owner, &Memo::new());
        let bytes = made.raw.as_deref().or(made.page.as_ref().map(|(_, bytes)| &**bytes));
        bytes == Some(&*known.bytes) && made.faults == known.faults
    }

    fn make(&self, url: &UrlPath, owner: &Owner, memo: &Memo) -> Printed {
        let root = url.to_root();
        let pages = self.pages;
        let site = self.renderer.site;
        match owner {
            Owner::Page(page) => {
                let mut printed = Printed::default();
                let body = self.body(*page, &root, memo, &mut printed);
                let template = pages.template_of(*page, self.templates);
                let terms = self.renderer.terms(*page);
                let view = pages.article(*page, body, &terms, &|page| self.renderer.fields(page, &root));
                self.fill(url, &template, &root, &view, memo, printed)
            }
            Owner::Section(kind) => {
                let mut printed = Printed::default();
                let introduction =
                    site.section_documents[kind.index()].map(|page| self.body(page, &root, memo, &mut printed));
                let section = site.sections[kind.index()].iter();
                let rows = section.map(|page| self.row(*page, &root, memo, &mut printed)).collect();
                let view = pages.section(*kind, introduction, rows);
                let is_glossary = self.renderer.config.kind(*kind).id == "term" && self.templates.has("glossary.html");
                let own = format!("sections/{}.html", self.renderer.config.kind(*kind).id);
                let template = match is_glossary {
                    true => "glossary.html",
                    false if self.templates.has(&own) => &own,
                    false => "section.html",
                };
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
            Owner::SearchPart(part) => {
                self.fill(url, "search.html", &root, &pages.search_part(*part), memo, Printed::default())
            }
            Owner::Map => self.fill(url, "map.html", &root, &pages.map(&root), memo, Printed::default()),
            Owner::Path => {
                let view = pages.path(&|page| self.renderer.fields(page, &root));
                self.fill(url, "path.html", &root, &view, memo, Printed::default())
            }
            Owner::NotFound => {
                // Served at any depth: only a path from the host's root finds its style.
                let root = base_path(&self.renderer.config.base_url);
                self.fill(url, "404.html", &root, &pages.missing(), memo, Printed::default())
            }
            Owner::Redirect(page) => {
                let view = pages.redirect(url.as_str(), *page);
                self.fill(url, "redirect.html", &root, &view, memo, Printed::default())
            }
            Owner::Machine(name) => self.machine(url, name, memo),
            Owner::Twin(page) => {
                let document = site.document(*page);
                let source = self.files.get(document.path.as_str()).and_then(Source::text).unwrap_or_default();
                let fields = self.renderer.fields(*page, &root).fields;
                let answers = &self.renderer.answers[page.index()];
                let result_of = |index, result| self.renderer.calculator_result(index, result);
                raw(markdown_twin(site, *page, answers, &fields, source, self.renderer.config, &result_of))
            }
            // A theme without the template has no page for frames.
            Owner::CalculatorEmbed(_) if !self.templates.has("calculator-embed.html") => Printed::default(),
            Owner::CalculatorEmbed(index) => match self.renderer.calculator_in_frame(*index, &root) {
                Some(markup) => {
                    let view = pages.calculator_embed(*index, markup, self.renderer.calculators[*index].as_deref());
                    self.fill(url, "calculator-embed.html", &root, &view, memo, Printed::default())
                }
                None => Printed::default(),
            },
            Owner::CalculatorData(index) => match &self.renderer.calculators[*index] {
                Some(ready) => raw(pages.calculator_data(*index, &ready.calculator)),
                None => Printed::default(),
            },
            Owner::Asset => Printed::default(),
        }
    }

    fn machine(&self, url: &UrlPath, name: &str, memo: &Memo) -> Printed {
        let pages = self.pages;
        let root = url.to_root();
        let fresh = Printed::default();
        match name {
            "feed.xml" => self.fill(url, "own/feed.xml", &root, &pages.feed(), memo, fresh),
            "site.webmanifest" => self.fill(url, "own/site.webmanifest", &root, &pages.manifest(), memo, fresh),
            "sitemap.xml" => raw(pages.sitemap()),
            "llms.txt" => raw(pages.llms()),
            "_headers" => raw(pages.headers(self.bundle)),
            // Made when the search index is: it names its files.
            "sw.js" => Printed::default(),
            "graph.json" => raw(pages.graph()),
            "facts.json" => raw(pages.facts_json()),
            "facts.csv" => raw(pages.facts_csv()),
            _ => self.fill(url, "own/robots.txt", &root, &pages.missing(), memo, fresh),
        }
    }

    /// A page's body, from the memo when nothing it leads to has changed.
    fn body(&self, page: PageId, root: &str, memo: &Memo, printed: &mut Printed) -> Body {
        let Some(inputs) = self.inputs.map(|inputs| inputs.of_body(page)) else {
            let (body, found) = self.renderer.body(page, root, Standing::Own);
            printed.faults.extend(found);
            return body;
        };
        let path = &self.renderer.site.document(page).path;
        let step = Step::known_or(memo.bodies.get(path, inputs), inputs, || {
            let (body, found) = self.renderer.body(page, root, Standing::Own);
            (Arc::new(body), found)
        });
        printed.faults.extend(step.value.1.iter().cloned());
        let copy = (*step.value.0).clone();
        printed.body = step.made_from.map(|inputs| (path.clone(), inputs, step.value));
        copy
    }

    /// A page's row in the index of its kind, from the memo when nothing that it shows has changed.
    fn row(&self, page: PageId, root: &str, memo: &Memo, printed: &mut Printed) -> Row {
        let make = |inputs| self.pages.row(page, || self.renderer.fields(page, root), inputs);
        let Some(inputs) = self.inputs.map(|inputs| inputs.of_row(page)) else { return make(Fingerprint::default()) };
        let path = &self.renderer.site.document(page).path;
        let step = Step::known_or(memo.rows.get(path, inputs), inputs, || make(inputs));
        if step.made_from.is_some() {
            printed.rows.push((path.clone(), inputs, step.value.clone()));
        }
        step.value
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
        let inputs = match self.inputs {
            Some(_) => fingerprint_of(&(self.shared, template, root, view)),
            None => Fingerprint::default(),
        };
        if let Some(known) = memo.pages.latest(url).filter(|known| memo.keeps() && known.view == inputs) {
            printed.reused = true;
            printed.page = Some((inputs, known.bytes.clone()));
            return printed;
        }
        match self.templates.render(self.theme, template, root, view, &format!("/{url}")) {
            Ok(bytes) => {
                printed.rendered = true;
                printed.page = Some((inputs, bytes));
            }
            Err(fault) => printed.template_fault = Some(fault),
        }
        printed
    }
}

/// A file without a template.
fn raw(text: String) -> Printed {
    Printed { raw: Some(text.into_bytes()), ..Printed::default() }
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
