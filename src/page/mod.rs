//! Pages: from the joined site to views, and from views through templates to HTML.

pub mod article;
mod beside;
mod calculator;
pub mod embedded;
mod drawing;
pub mod inputs;
mod lists;
mod machine;
mod options;
mod map;
mod path;
mod quote;
mod structured;
pub mod templates;
pub mod theme;
pub mod view;
pub mod worker;

use std::borrow::Cow;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::analyse::Insights;
use crate::base::{Date, Fingerprint, KindId, PageId, slug};
use crate::config::Config;
use crate::resolve::routes::{section_url, topic_url};
use crate::resolve::{Owner, Site};

pub use inputs::{Common, Inputs};
pub use templates::Templates;
pub use theme::Theme;
pub use view::{AssetsView, Forms, Head, Item, KindTag, KindView, ScriptView, SearchView, Shared, SiteView, ToolView};

/// Everything that views are made of; the same for all pages of a build.
pub struct Pages<'a> {
    /// The joined site.
    pub site: &'a Site,
    /// What the graph says.
    pub insights: &'a Insights,
    /// Settings.
    pub config: &'a Config,
    /// The day given on purpose, for stale facts.
    pub as_of: Option<Date>,
    /// Place of each page in its section's reading order.
    places: Vec<Option<u32>>,
    /// Each kind as it stands beside a page.
    kind_tags: Vec<KindTag>,
    /// Each page as lists show it, made when the first list asks.
    items: Vec<OnceLock<Item<'a>>>,
    /// What an earlier build knows of the items of most pages.
    known_items: &'a KnownItems,
    /// The pages that can be found by title, sorted when the first index asks.
    alphabet: OnceLock<Vec<PageId>>,
    /// Path of a topic's page, by the topic as some page writes it.
    topic_hrefs: FxHashMap<String, String>,
}

/// What is known of pages as lists show them, by page; for builds with the same settings.
#[derive(Debug, Default)]
pub struct KnownItems(Vec<KnownItem>);

/// What is known of one page as lists show it.
#[derive(Debug, Clone, Default)]
pub struct KnownItem {
    /// What was public of the page.
    public: Fingerprint,
    forms: Forms,
}

impl KnownItems {
    /// The forms of a page of which this is public now; none where they are not known.
    fn forms(&self, page: PageId, public: Fingerprint) -> Forms {
        let known = self.0.get(page.index()).filter(|known| known.public == public);
        known.map(|known| known.forms.clone()).unwrap_or_default()
    }

    fn knows_all(&self, page: PageId, public: Fingerprint) -> bool {
        self.0.get(page.index()).is_some_and(|known| known.public == public && known.forms.are_all_known())
    }

    /// Takes in what a build of so many pages made.
    pub fn update(&mut self, page_count: usize, made: Vec<(PageId, KnownItem)>) {
        self.0.resize_with(page_count, KnownItem::default);
        for (page, item) in made {
            self.0[page.index()] = item;
        }
    }
}

impl<'a> Pages<'a> {
    /// Prepares what every view needs. `known_items` are those that an earlier build with the same settings came to.
    #[must_use]
    pub fn new(
        site: &'a Site,
        insights: &'a Insights,
        config: &'a Config,
        as_of: Option<Date>,
        known_items: &'a KnownItems,
    ) -> Self {
        let mut places = vec![None; site.documents.len()];
        for section in &site.sections {
            for (place, page) in section.iter().enumerate() {
                places[page.index()] = u32::try_from(place).ok();
            }
        }
        let kind_tags = config
            .kinds
            .iter()
            .enumerate()
            .map(|(index, kind)| {
                KindTag::new(KindView {
                    id: kind.id.clone(),
                    label: kind.label.clone(),
                    plural: kind.plural.clone(),
                    icon: kind.icon.clone(),
                    path: section_url(config, KindId::from_index(index)).href(),
                })
            })
            .collect();
        let mut topic_hrefs = FxHashMap::default();
        for label in site.documents.iter().flat_map(|document| &document.front.topics) {
            if !topic_hrefs.contains_key(&label.value) {
                topic_hrefs.insert(label.value.clone(), topic_url(config, &slug(&label.value)).href());
            }
        }
        let items = vec![OnceLock::new(); site.documents.len()];
        let alphabet = OnceLock::new();
        Self { site, insights, config, as_of, places, kind_tags, items, known_items, alphabet, topic_hrefs }
    }

    /// The items that were made and that no earlier build knew.
    #[must_use]
    pub fn new_items(&self) -> Vec<(PageId, KnownItem)> {
        let made = self.items.iter().enumerate().filter_map(|(index, item)| {
            let page = PageId::from_index(index);
            let public = self.site.document(page).faces.public;
            let item = item.get().filter(|_| !self.known_items.knows_all(page, public))?;
            Some((page, KnownItem { public, forms: item.forms() }))
        });
        made.collect()
    }

    /// What is the same for every page. Holds titles of kinds, not of pages: an edit of one article leaves it equal.
    #[must_use]
    pub fn shared(&self, assets: AssetsView, theme: &Theme) -> SiteView {
        let nav = self
            .site
            .sections
            .iter()
            .enumerate()
            .filter(|(index, section)| !section.is_empty() && !self.config.kinds[*index].folder.is_empty())
            .map(|(index, _)| self.kind_tags[index].clone())
            .collect();
        let mut tools = Vec::new();
        let mut has_print = false;
        for (_, owner) in self.site.routes.iter() {
            match owner {
                Owner::Topics => tools.push(ToolView { label: "Topics", path: "topics/" }),
                Owner::Facts => tools.push(ToolView { label: "Facts", path: self.config.urls.facts() }),
                Owner::Sources => tools.push(ToolView { label: "Sources", path: self.config.urls.sources() }),
                Owner::Map => tools.push(ToolView { label: "Map", path: self.config.urls.map() }),
                Owner::Path => tools.push(ToolView { label: "Your path", path: self.config.urls.path() }),
                Owner::Print => has_print = true,
                _ => {}
            }
        }
        let first = [self.config.urls.map(), self.config.urls.path(), "topics/"];
        tools.sort_by_key(|tool| first.iter().position(|path| *path == tool.path).unwrap_or(first.len()));
        if has_print {
            tools.push(ToolView { label: "All on one page", path: self.config.urls.print() });
        }
        let config = self.config;
        let is_there = |path: &'static str| tools.iter().any(|tool| tool.path == path).then_some(path);
        let (map_path, path_path) = (is_there(config.urls.map()), is_there(config.urls.path()));
        let path_of = |list: &[ScriptView], name: &str| {
            list.iter().find(|script| script.name == name).map(|script| script.path.clone())
        };
        let search = config.search.then(|| SearchView {
            path: "search/",
            index: Config::search_folder(&config.primary_language()),
            languages: if config.languages.is_empty() { Vec::new() } else { config.search_languages() },
            engine: path_of(&assets.scripts, "search/engine.js"),
            palette: path_of(&assets.scripts, "search/palette.js"),
            marks: path_of(&assets.scripts, "search/marks.js"),
            sheet: path_of(&assets.sheets, "search/palette.css"),
        });
        SiteView {
            title: config.title.clone(),
            tagline: config.tagline.clone(),
            description: config.description.clone(),
            language: config.language.clone(),
            direction: is_right_to_left(&config.language).then_some("rtl"),
            base_url: config.base_url.clone(),
            author: config.author.clone(),
            repository: config.repository.clone(),
            version: env!("CARGO_PKG_VERSION"),
            nav,
            tools,
            assets,
            feed_path: "feed.xml",
            manifest_path: "site.webmanifest",
            search,
            has_print,
            options: serde_json::Value::Object(theme.options.clone()).to_string(),
            map_path,
            path_path,
            extra: config.extra.to_string(),
        }
    }

    /// The head of a page; `path` is percent-encoded.
    #[must_use]
    pub fn head<'v>(&self, template: &'static str, title: &'v str, description: &'v str, path: &str) -> Head<'v> {
        Head {
            template: Cow::Borrowed(template),
            title,
            heading: title,
            description: Cow::Borrowed(description),
            url: format!("{}{path}", self.config.base_url),
            path: Cow::Owned(path.to_owned()),
            robots: "index",
            feed: true,
            ..Head::default()
        }
    }

    /// The template of an article: `kinds/<kind>.html` where the theme has one, else `page.html`; `home.html` for home.
    #[must_use]
    pub fn template_of(&self, page: PageId, templates: &Templates) -> String {
        let document = self.site.document(page);
        if document.place == crate::read::Place::Home {
            return "home.html".to_owned();
        }
        let own = format!("kinds/{}.html", self.config.kind(document.kind).id);
        if templates.has(&own) { own } else { "page.html".to_owned() }
    }
}

/// Languages written from right to left, by their BCP 47 primary tag.
fn is_right_to_left(language: &str) -> bool {
    let primary = language.split(['-', '_']).next().unwrap_or_default();
    ["ar", "he", "fa", "ur", "ps", "sd", "ug", "yi", "dv", "ckb"].contains(&primary.to_ascii_lowercase().as_str())
}
