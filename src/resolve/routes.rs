//! Every address of the site and who owns it; two owners of one address are a fault.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::Site;
use super::calculators::{data_url, embed_url};
use crate::base::{Fingerprint, Gathered, KindId, PageId, SourcePath, Span, UrlPath};
use crate::config::{Config, Offline, Print, is_compressible};
use crate::diag::{Code, Diagnostic};

/// Most pages a site may have for `print = "auto"` to put them all on one.
const PRINT_PAGES_MAX: usize = 500;

/// Longest address in bytes of its percent-encoded form.
const URL_BYTES_MAX: usize = 200;

/// What is published at an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// An article or the home page.
    Page(PageId),
    /// The index of a kind.
    Section(KindId),
    /// A topic, by its place in `Site::topics`.
    Topic(usize),
    /// All topics.
    Topics,
    /// All facts.
    Facts,
    /// All sources.
    Sources,
    /// All pages on one.
    Print,
    /// Where the reader searches.
    Search,
    /// A part of the index from A to Z, counted from 0, on a site too large for one list.
    SearchPart(usize),
    /// The map of all pages.
    Map,
    /// Where readers tick what they can already do.
    Path,
    /// The page for addresses that do not exist.
    NotFound,
    /// An earlier address of a page.
    Redirect(PageId),
    /// A file that is published as it is.
    Asset,
    /// A file for machines, by its name.
    Machine(&'static str),
    /// The Markdown twin of a page.
    Twin(PageId),
    /// The page of a calculator for frames on other sites, by its place.
    CalculatorEmbed(usize),
    /// A calculator as data, by its place.
    CalculatorData(usize),
}

impl Owner {
    /// Whether it tells of many pages: the few of this sort are by far the largest files.
    #[must_use]
    pub fn is_about_many(&self) -> bool {
        !matches!(
            self,
            Self::Page(_) | Self::Twin(_) | Self::Redirect(_) | Self::CalculatorEmbed(_) | Self::CalculatorData(_)
        )
    }

    /// Whether it tells machines of all pages, or belongs to the search, and so changes with nearly every edit while nobody
    /// looks at it.
    #[must_use]
    pub fn can_wait(&self) -> bool {
        let lists = ["feed.xml", "sitemap.xml", "llms.txt", "graph.json", "facts.json", "facts.csv"];
        match self {
            Self::Machine(name) => lists.contains(name),
            Self::Search | Self::SearchPart(_) => true,
            _ => false,
        }
    }
}

/// All addresses, sorted.
#[derive(Debug, Default)]
pub struct Routes {
    routes: BTreeMap<UrlPath, Owner>,
    /// Of everything they follow from, settings aside; `None` when two wanted one address.
    inputs: Option<Fingerprint>,
}

/// Files for machines, with what decides whether they are written.
pub const MACHINE_FILES: [&str; 10] = [
    "_headers",
    "feed.xml",
    "sitemap.xml",
    "robots.txt",
    "site.webmanifest",
    "llms.txt",
    "graph.json",
    "facts.json",
    "facts.csv",
    "sw.js",
];

impl Routes {
    /// Gathers all addresses of a site. Collisions are looked for as the strictest file system would see them: without
    /// case, in one Unicode form. `known` are those of an earlier site with the same settings.
    pub fn gather(site: &Site, config: &Config, known: Option<Self>, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let inputs = inputs(site);
        if let Some(known) = known.filter(|known| known.inputs == Some(inputs)) {
            return known;
        }
        let before = diagnostics.len();
        let mut gathering = Gathering {
            site,
            config,
            routes: BTreeMap::new(),
            taken: BTreeMap::new(),
            folders: BTreeMap::new(),
            diagnostics,
        };
        let pages: Vec<PageId> = site.pages().collect();
        for page in &pages {
            let document = site.document(*page);
            let owner = match document.place {
                crate::read::Place::SectionIndex => Owner::Section(document.kind),
                _ => Owner::Page(*page),
            };
            gathering.add(document.outline.url.clone(), owner);
        }
        for (index, section) in site.sections.iter().enumerate() {
            let kind = KindId::from_index(index);
            let folder = &config.kind(kind).folder;
            if !section.is_empty() && !folder.is_empty() && site.section_documents[index].is_none() {
                gathering.add(section_url(config, kind), Owner::Section(kind));
            }
        }
        if site.home.is_none() {
            gathering.add(UrlPath::new(""), Owner::NotFound);
            gathering.routes.remove(&UrlPath::new(""));
        }
        if !site.topics.is_empty() {
            gathering.add(UrlPath::new("topics/"), Owner::Topics);
            for (index, topic) in site.topics.iter().enumerate() {
                gathering.add(topic_url(config, &topic.slug), Owner::Topic(index));
            }
        }
        if !site.facts.is_empty() {
            gathering.add(UrlPath::new(config.urls.facts()), Owner::Facts);
        }
        if !site.sources.is_empty() {
            gathering.add(UrlPath::new(config.urls.sources()), Owner::Sources);
        }
        let print = match config.print {
            Print::Always => true,
            Print::Never => false,
            Print::Auto => pages.len() <= PRINT_PAGES_MAX,
        };
        if print {
            gathering.add(UrlPath::new(config.urls.print()), Owner::Print);
        }
        if config.search {
            gathering.add(UrlPath::new("search/"), Owner::Search);
            for part in 0..search_parts(pages.len()) {
                gathering.add(search_part_url(part), Owner::SearchPart(part));
            }
        }
        if config.map && pages.len() > 1 && !config.relations.is_empty() {
            gathering.add(UrlPath::new(config.urls.map()), Owner::Map);
        }
        if config.path && has_path(site, config) {
            gathering.add(UrlPath::new(config.urls.path()), Owner::Path);
        }
        gathering.add(UrlPath::new("404.html"), Owner::NotFound);
        for name in MACHINE_FILES {
            let needs_facts = name.starts_with("facts.");
            let own_file = site.assets.contains_key(&UrlPath::new(name));
            let is_off = needs_facts && site.facts.is_empty()
                || name == "_headers" && !config.headers
                || name == "sw.js" && config.offline == Offline::Never;
            if !(own_file || is_off) {
                gathering.add(UrlPath::new(name), Owner::Machine(name));
            }
        }
        if config.twins {
            for page in &pages {
                // Of two pages at one address only the one that has it can have a twin.
                if gathering.routes.get(site.url(*page)) == Some(&Owner::Page(*page)) {
                    gathering.add(twin_url(site.url(*page)), Owner::Twin(*page));
                }
            }
        }
        for (index, calculator) in site.calculators.iter().enumerate() {
            let id = &calculator.placed.declaration.id.value;
            gathering.add(embed_url(id), Owner::CalculatorEmbed(index));
            gathering.add(data_url(id), Owner::CalculatorData(index));
        }
        for url in site.assets.keys() {
            gathering.add(url.clone(), Owner::Asset);
        }
        for (url, asset) in &site.assets {
            gathering.copy(url, &asset.path);
        }
        for page in &pages {
            for old in &site.document(*page).front.redirect_from {
                gathering.redirect(*page, &old.value, old.span);
            }
        }
        let routes = gathering.routes;
        Self { routes, inputs: (diagnostics.len() == before).then_some(inputs) }
    }

    /// What is published at an address.
    #[must_use]
    pub fn get(&self, url: &UrlPath) -> Option<&Owner> {
        self.routes.get(url)
    }

    /// All addresses in order.
    pub fn iter(&self) -> impl Iterator<Item = (&UrlPath, &Owner)> {
        self.routes.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.routes.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.routes.is_empty()
    }

    /// Addresses in order whose owner is wanted, as text, for suggestions.
    pub fn pages(&self) -> impl Iterator<Item = &str> {
        self.routes.keys().map(UrlPath::as_str)
    }
}

/// Whether there is anything to learn, and anything to learn it for.
fn has_path(site: &Site, config: &Config) -> bool {
    let is_there = |kind: KindId| !site.sections[kind.index()].is_empty();
    config.step_kinds().iter().any(|kind| is_there(*kind)) && config.goal_kinds().any(is_there)
}

/// Everything that the addresses of a site follow from, settings aside.
fn inputs(site: &Site) -> Fingerprint {
    let mut gathered = Gathered::new();
    gathered.number(site.documents.len());
    for (document, published) in site.documents.iter().zip(&site.published) {
        gathered.add(document.faces.address);
        gathered.number(usize::from(*published));
    }
    for topic in &site.topics {
        gathered.text(&topic.slug);
    }
    gathered.number(usize::from(site.facts.is_empty()) * 2 + usize::from(site.sources.is_empty()));
    for url in site.assets.keys() {
        gathered.text(url.as_str());
    }
    for calculator in site.calculators.iter() {
        gathered.text(&calculator.placed.declaration.id.value);
    }
    gathered.fingerprint()
}

struct Gathering<'a> {
    site: &'a Site,
    config: &'a Config,
    routes: BTreeMap<UrlPath, Owner>,
    /// Folded paths of files, and who wanted each.
    taken: BTreeMap<String, UrlPath>,
    /// Folded paths of folders, and who wanted each first.
    folders: BTreeMap<String, UrlPath>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Gathering<'_> {
    fn add(&mut self, url: UrlPath, owner: Owner) {
        let key = folded(&url.file());
        let folders: Vec<String> = key.match_indices('/').map(|(at, _)| key[..at].to_owned()).collect();
        // A name is a file or a folder, not both.
        let in_the_way = self
            .taken
            .get(&key)
            .or_else(|| self.folders.get(&key))
            .or_else(|| folders.iter().find_map(|folder| self.taken.get(folder)));
        if let Some(first) = in_the_way {
            let other = self.routes.get(first).cloned().unwrap_or(Owner::NotFound);
            let diagnostic = self.collision(&owner, &other, &url, first);
            self.diagnostics.push(diagnostic);
            return;
        }
        if url.href().len() > URL_BYTES_MAX {
            let (path, span, name) = self.describe(&owner, &url);
            let message = format!("the address of {name} has more than {URL_BYTES_MAX} bytes");
            let diagnostic = Diagnostic::at(Code::OutputCollision, &path, span.unwrap_or_default(), message);
            self.diagnostics.push(diagnostic.help("give it a shorter `slug`, or move it to a folder less deep"));
        }
        for folder in folders {
            self.folders.entry(folder).or_insert_with(|| url.clone());
        }
        self.taken.insert(key, url.clone());
        self.routes.insert(url, owner);
    }

    /// Two owners of one address, reported where an author can do something about it.
    fn collision(&self, owner: &Owner, other: &Owner, url: &UrlPath, other_url: &UrlPath) -> Diagnostic {
        let mut one = self.describe(owner, url);
        let mut two = self.describe(other, other_url);
        let generated = |(path, _, _): &(SourcePath, Option<Span>, String)| path.as_str() == "site.toml";
        if generated(&one) {
            std::mem::swap(&mut one, &mut two);
        }
        let (path, span, name) = one;
        let message = format!("{name} and {} would both be published at `/{url}`", two.2);
        let mut diagnostic = match span {
            Some(span) => Diagnostic::at(Code::OutputCollision, &path, span, message),
            None => Diagnostic::about(Code::OutputCollision, &path, message),
        };
        if two.0 != path && !generated(&two) {
            diagnostic = diagnostic.also(&two.0, two.1, "the other one");
        }
        match (owner, other) {
            (Owner::Section(kind), Owner::Page(_)) | (Owner::Page(_), Owner::Section(kind)) => {
                let folder = &self.config.kind(*kind).folder;
                diagnostic.help(format!("to introduce the index, call the file `content/{folder}/index.md`"))
            }
            (Owner::Redirect(_), _) | (_, Owner::Redirect(_)) => {
                diagnostic.help("take the address out of `redirect_from`")
            }
            (Owner::Page(_), _) | (_, Owner::Page(_)) => {
                diagnostic.help("rename one of them, or give the page a `slug`")
            }
            _ => diagnostic.help("rename one of them"),
        }
    }

    /// A file that comes as a smaller copy of another would be published where ours goes.
    fn copy(&mut self, url: &UrlPath, path: &SourcePath) {
        let is_taken = self.config.compress.iter().find_map(|encoding| {
            let original = UrlPath::new(url.as_str().strip_suffix(encoding.extension())?.strip_suffix('.')?);
            (is_compressible(original.as_str())).then(|| self.taken.get(&folded(&original.file())).cloned())?
        });
        let Some(original) = is_taken else { return };
        let owner = self.routes.get(&original).cloned().unwrap_or(Owner::NotFound);
        let (other, span, name) = self.describe(&owner, &original);
        let message = format!("`{path}` would be published where the smaller copy of {name} goes, at `/{url}`");
        let diagnostic = Diagnostic::about(Code::OutputCollision, path, message);
        let diagnostic =
            if other.as_str() == "site.toml" { diagnostic } else { diagnostic.also(&other, span, "the other one") };
        self.diagnostics.push(diagnostic.help("delete it, or take its ending out of `output.compress`"));
    }

    fn redirect(&mut self, page: PageId, old: &str, span: Span) {
        let path = &self.site.document(page).path;
        let trimmed = old.trim_start_matches('/');
        let folder_like = trimmed.is_empty() || trimmed.ends_with('/') || trimmed.ends_with(".html");
        let safe = !trimmed.split('/').any(|part| part == ".." || part == ".")
            && !trimmed.contains(['\\', '?', '#', ':'])
            && !trimmed.chars().any(char::is_control);
        if !safe || trimmed.is_empty() {
            let message = format!("`{old}` is not an address on this site");
            let diagnostic = Diagnostic::at(Code::ValueType, path, span, message);
            self.diagnostics.push(diagnostic.help("write the earlier path, like `/roles/producer/`"));
            return;
        }
        let url = if folder_like { trimmed.to_owned() } else { format!("{trimmed}{}", self.config.urls.ending()) };
        self.add(UrlPath::new(&url.nfc().collect::<String>()), Owner::Redirect(page));
    }

    /// The file, place and name of whoever owns an address.
    fn describe(&self, owner: &Owner, url: &UrlPath) -> (SourcePath, Option<Span>, String) {
        let site_toml = || SourcePath::new("site.toml");
        match owner {
            Owner::Page(page) | Owner::Twin(page) => {
                let document = self.site.document(*page);
                (document.path.clone(), Some(document.front.title.span), format!("`{}`", document.path))
            }
            Owner::Redirect(page) => {
                let document = self.site.document(*page);
                let span = document
                    .front
                    .redirect_from
                    .iter()
                    .find(|old| url.as_str().starts_with(old.value.trim_matches('/')));
                (document.path.clone(), span.map(|old| old.span), format!("the redirect of `{}`", document.path))
            }
            Owner::Section(kind) => {
                let path = self.site.section_documents[kind.index()]
                    .map_or_else(site_toml, |page| self.site.document(page).path.clone());
                (path, None, format!("the index of the kind `{}`", self.config.kind(*kind).id))
            }
            Owner::Asset => {
                let path = self.site.assets.get(url).map_or_else(site_toml, |asset| asset.path.clone());
                (path.clone(), None, format!("`{path}`"))
            }
            Owner::Topic(index) => {
                let topic = &self.site.topics[*index];
                let path = topic.pages.first().map_or_else(site_toml, |page| self.site.document(*page).path.clone());
                (path, None, format!("the topic `{}`", topic.label))
            }
            Owner::Topics => (site_toml(), None, "the list of topics".to_owned()),
            Owner::Facts => (site_toml(), None, "the register of facts".to_owned()),
            Owner::Sources => (site_toml(), None, "the list of sources".to_owned()),
            Owner::Print => (site_toml(), None, "the page for printing".to_owned()),
            Owner::Search => (site_toml(), None, "the page for searching".to_owned()),
            Owner::SearchPart(_) => (site_toml(), None, "the index from A to Z".to_owned()),
            Owner::Map => (site_toml(), None, "the map".to_owned()),
            Owner::Path => (site_toml(), None, "the page for what readers can already do".to_owned()),
            Owner::NotFound => (site_toml(), None, "the page for missing addresses".to_owned()),
            Owner::Machine(name) => (site_toml(), None, format!("`{name}`")),
            Owner::CalculatorEmbed(index) | Owner::CalculatorData(index) => {
                let declaration = &self.site.calculators.get(*index).placed.declaration;
                let name = format!("the calculator `{}`", declaration.id.value);
                (declaration.path.clone(), Some(declaration.id.span), name)
            }
        }
    }
}

/// A path as the strictest file system sees it: without case, in one Unicode form.
fn folded(path: &str) -> String {
    path.nfc().flat_map(char::to_lowercase).collect()
}

/// More links than this are no list that anybody reads.
const LIST_LINKS_MAX: usize = 1000;

/// Links on one part of the index from A to Z, or fewer.
const PART_LINKS: usize = 400;

/// In how many parts a site of so many pages has its index from A to Z; none where the page for searching has it whole.
/// Their addresses follow from the number of pages alone, so a new title moves none.
#[must_use]
pub fn search_parts(pages: usize) -> usize {
    if pages > LIST_LINKS_MAX { pages.div_ceil(PART_LINKS) } else { 0 }
}

/// The address of a part of the index from A to Z.
#[must_use]
pub fn search_part_url(part: usize) -> UrlPath {
    UrlPath::new(&format!("search/a-z/{}/", part + 1))
}

/// The address of a kind's index page.
#[must_use]
pub fn section_url(config: &Config, kind: KindId) -> UrlPath {
    let folder = &config.kind(kind).folder;
    if folder.is_empty() {
        return UrlPath::new("");
    }
    let parts: Vec<String> = folder.split('/').map(crate::base::slug).collect();
    UrlPath::new(&format!("{}/", parts.join("/")))
}

/// The address of a topic.
#[must_use]
pub fn topic_url(config: &Config, slug: &str) -> UrlPath {
    UrlPath::new(&format!("topics/{slug}{}", config.urls.ending()))
}

/// The address of a page's Markdown twin.
#[must_use]
pub fn twin_url(url: &UrlPath) -> UrlPath {
    let file = url.file();
    UrlPath::new(&format!("{}.md", file.strip_suffix(".html").unwrap_or(&file)))
}
