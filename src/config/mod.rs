//! `site.toml`: what the site is called, where it will live, its vocabulary, and how strict its checks are.

pub mod language;
pub mod schema;
pub mod vocabulary;

use std::collections::BTreeMap;

use crate::base::{Date, KindId, RelationId, SourcePath, Span, Spanned};
use crate::data::{Fields, Node, Value, parse_toml};
use crate::diag::codes::Level;
use crate::diag::{Code, Diagnostic, Severity, nearest};
use crate::files::Files;

pub use vocabulary::{Field, Kind, Relation, Shape};

/// The default vocabulary, read as if it stood in `site.toml`.
const CAREER: &str = include_str!("career.toml");

/// Everything `site.toml` says, with defaults filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The site's name.
    pub title: String,
    /// A line under the name.
    pub tagline: Option<String>,
    /// One sentence about the site.
    pub description: String,
    /// Where it will be published: absolute, ends in `/`.
    pub base_url: String,
    /// BCP 47 tag of the language it is written in.
    pub language: String,
    /// Tags of the other languages that pages of it may be in.
    pub languages: Vec<String>,
    /// Who is responsible for it.
    pub author: Option<String>,
    /// Address of the public repository.
    pub repository: Option<String>,
    /// Address for editing a source; `{path}` stands for its path.
    pub edit_url: Option<String>,
    /// Name of the theme: a folder in `themes/`, or the built-in one.
    pub theme: String,
    /// Where `site.toml` names the theme.
    pub theme_span: Option<Span>,
    /// What it chooses of the theme's options; the theme says what there is to choose.
    pub theme_options: Option<Node>,
    /// Where `build` writes, relative to the root.
    pub output_dir: String,
    /// Sorted by order.
    pub kinds: Vec<Kind>,
    /// Sorted by order.
    pub relations: Vec<Relation>,
    /// How Markdown is read.
    pub markdown: MarkdownOptions,
    /// What counts as a figure in the text.
    pub figures: FigureRules,
    /// The form of the addresses of pages.
    pub urls: Urls,
    /// Entries in the feed.
    pub feed_limit: usize,
    /// Whether all pages are also published on one, for printing.
    pub print: Print,
    /// Whether each page has a Markdown twin.
    pub twins: bool,
    /// Whether style and scripts are made small.
    pub minify: bool,
    /// Encodings in which each text file is published too.
    pub compress: Vec<Encoding>,
    /// Whether `_headers` is published, which tells hosts how long files stay the same.
    pub headers: bool,
    /// Whether the site has a search of its own.
    pub search: bool,
    /// Whether the site has a page with its map.
    pub map: bool,
    /// Whether articles show the pages around them as a small map.
    pub around: bool,
    /// Whether the site has a page where readers tick what they can already do.
    pub path: bool,
    /// Whether pages that were visited can be read again without a connection.
    pub offline: Offline,
    /// Largest Markdown or YAML file, in bytes.
    pub file_bytes_max: usize,
    /// Levels that differ from the codes' own.
    pub lints: BTreeMap<Code, Level>,
    /// The site's own keys, handed to templates as they are.
    pub extra: serde_json::Value,
}

/// When all pages are published on one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Print {
    /// While the site has at most 500 pages.
    Auto,
    /// Whatever its size.
    Always,
    /// Never.
    Never,
}

/// What becomes of pages that a reader has visited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Offline {
    /// The browser keeps them: a service worker is published and pages register it.
    Kept,
    /// A worker is published that takes an earlier one away with all that it kept; no page registers it.
    Removed,
    /// The theme knows no worker, and none is published.
    Never,
}

/// An encoding in which hosts can send a file without doing the work themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Encoding {
    /// Brotli, `.br`.
    Brotli,
    /// gzip, `.gz`.
    Gzip,
    /// Zstandard, `.zst`.
    Zstandard,
}

impl Encoding {
    /// All, with the names that `site.toml` has for them.
    pub const ALL: [(&str, Self); 3] = [("br", Self::Brotli), ("gz", Self::Gzip), ("zst", Self::Zstandard)];

    /// What a file's name gets at its end, without the dot.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gz",
            Self::Zstandard => "zst",
        }
    }
}

/// Whether a published file is text, and so worth a smaller copy.
#[must_use]
pub fn is_compressible(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    let texts = [
        "html",
        "htm",
        "css",
        "js",
        "mjs",
        "json",
        "map",
        "webmanifest",
        "xml",
        "txt",
        "md",
        "csv",
        "ics",
        "vtt",
        "yaml",
        "yml",
        "svg",
        "wasm",
        "ttf",
        "otf",
    ];
    texts.contains(&extension)
}

/// The form of the addresses of pages. Home, the index of a kind and the list of topics have pages below them and are
/// the index of a folder in both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Urls {
    /// A folder a page: `roles/producer/`.
    #[default]
    Folders,
    /// A file a page: `roles/producer.html`.
    Flat,
}

impl Urls {
    /// The last part of the address of a page without pages below it.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Folders => "/",
            Self::Flat => ".html",
        }
    }

    /// The register of facts.
    #[must_use]
    pub fn facts(self) -> &'static str {
        match self {
            Self::Folders => "facts/",
            Self::Flat => "facts.html",
        }
    }

    /// The list of sources.
    #[must_use]
    pub fn sources(self) -> &'static str {
        match self {
            Self::Folders => "sources/",
            Self::Flat => "sources.html",
        }
    }

    /// The map.
    #[must_use]
    pub fn map(self) -> &'static str {
        match self {
            Self::Folders => "map/",
            Self::Flat => "map.html",
        }
    }

    /// Where readers tick what they can already do.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::Folders => "path/",
            Self::Flat => "path.html",
        }
    }

    /// All pages on one.
    #[must_use]
    pub fn print(self) -> &'static str {
        match self {
            Self::Folders => "print/",
            Self::Flat => "print.html",
        }
    }
}

/// How Markdown is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MarkdownOptions {
    /// Raw HTML is kept; otherwise it is a fault.
    pub html: bool,
    /// Straight quotes, `--` and `...` become typographic ones.
    pub smart_punctuation: bool,
    /// `$x$` is a formula.
    pub math: bool,
    /// Code is coloured.
    pub highlight: bool,
}

impl Default for MarkdownOptions {
    fn default() -> Self {
        Self { html: true, smart_punctuation: true, math: true, highlight: true }
    }
}

/// Which numbers in the text must have a source (lint `figure-uncited`), and which are ordinary.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FigureRules {
    /// Names and phrases whose numbers are no figures: `Hot 100`.
    pub ordinary: Vec<String>,
    /// Words, in lower case, after which the numbers of a section are made up: `suppose`.
    pub examples: Vec<String>,
    /// Kinds whose pages are not looked at.
    pub skip_kinds: Vec<KindId>,
}

impl Default for FigureRules {
    fn default() -> Self {
        let examples = ["example", "suppose", "imagine"].map(str::to_owned).to_vec();
        Self { ordinary: Vec::new(), examples, skip_kinds: Vec::new() }
    }
}

/// What the command line says on top of `site.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    /// Replaces `base_url`.
    pub base_url: Option<String>,
    /// Publishes drafts too.
    pub drafts: bool,
    /// Today, for what is due: review dates and facts to check again. It decides warnings, never output.
    pub today: Option<Date>,
    /// The day given on purpose (`--as-of`, `SOURCE_DATE_EPOCH`): marks stale facts in the output as well.
    pub as_of: Option<Date>,
    /// Publishes style and scripts under names that do not change with their content. For serving, where nothing is kept
    /// by the browser: an edit of a style sheet then changes no page.
    pub plain_asset_names: bool,
    /// Keeps no page for reading without a connection, whatever `site.toml` says. For serving: a page that is being written
    /// must never come from what a browser kept.
    pub never_offline: bool,
    /// Leaves the search index, and the files for machines that tell of all pages, as the last build made them. For
    /// serving: an edit of a single page changes them all over and nobody who writes looks at them, so they are made again
    /// when saving has come to rest.
    pub lists_later: bool,
}

impl Config {
    /// Reads `site.toml` of a snapshot. Always gives a configuration; with errors among `diagnostics` it is a best
    /// guess that lets the other checks go on.
    pub fn read(files: &Files, overrides: &Overrides, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let path = SourcePath::new("site.toml");
        let text = match files.get("site.toml") {
            None => {
                diagnostics.push(
                    Diagnostic::about(Code::FileUnreadable, &path, "there is no `site.toml`")
                        .help("`fingerpost init` makes one"),
                );
                ""
            }
            Some(source) => source.text().unwrap_or_else(|| {
                diagnostics.push(
                    Diagnostic::about(Code::FileEncoding, &path, "`site.toml` is not UTF-8")
                        .help("save it again as UTF-8"),
                );
                ""
            }),
        };
        let missing = text.is_empty() && files.get("site.toml").is_none();
        let node = parse_toml(&path, text, diagnostics);
        let mut config = read_site(&path, &node, missing, diagnostics);
        if let Some(url) = &overrides.base_url {
            config.base_url = with_slash(url);
        }
        if overrides.never_offline {
            config.offline = Offline::Removed;
        }
        config
    }

    /// Gives every diagnostic the level the site asks for and drops those that are off. Sorted as they are shown.
    pub fn settle(&self, diagnostics: &mut Vec<Diagnostic>) {
        diagnostics.retain_mut(|diagnostic| {
            let code = diagnostic.code;
            let level = self.lints.get(&code).copied().unwrap_or(code.default_level());
            match level {
                Level::Allow => return false,
                Level::Warn => diagnostic.severity = Severity::Warning,
                Level::Deny => diagnostic.severity = Severity::Error,
            }
            true
        });
        crate::diag::sort(diagnostics);
    }

    /// Whether a lint is on at all; saves the work of those that are off.
    #[must_use]
    pub fn is_on(&self, code: Code) -> bool {
        self.lints.get(&code).copied().unwrap_or(code.default_level()) != Level::Allow
    }

    /// What counts as a figure on the pages of a kind; nothing where nobody asks for sources.
    #[must_use]
    pub fn figures_of(&self, kind: KindId) -> Option<&FigureRules> {
        let asked = self.is_on(Code::FigureUncited) && !self.figures.skip_kinds.contains(&kind);
        asked.then_some(&self.figures)
    }

    /// The primary tag of the site's language: `en` of `en-GB`.
    #[must_use]
    pub fn primary_language(&self) -> String {
        language::primary(&self.language)
    }

    /// Every tag that a page may have as its language, the site's own first.
    pub fn all_languages(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.language.as_str()).chain(self.languages.iter().map(String::as_str))
    }

    /// The primary tags of all languages, the site's own first; each has a search index of its own.
    #[must_use]
    pub fn search_languages(&self) -> Vec<String> {
        let mut primaries: Vec<String> = Vec::new();
        for primary in self.all_languages().map(language::primary) {
            if !primaries.contains(&primary) {
                primaries.push(primary);
            }
        }
        primaries
    }

    /// The folder, within that of the search index, of the files that are named by their content.
    pub const SEARCH_PARTS: &str = "part/";

    /// The folder of the search index of a language, by its primary tag.
    #[must_use]
    pub fn search_folder(primary: &str) -> String {
        format!("search/{primary}/")
    }

    /// A kind.
    #[must_use]
    pub fn kind(&self, id: KindId) -> &Kind {
        &self.kinds[id.index()]
    }

    /// A relation.
    #[must_use]
    pub fn relation(&self, id: RelationId) -> &Relation {
        &self.relations[id.index()]
    }

    /// The relation that says what must be learned first.
    #[must_use]
    pub fn learning(&self) -> Option<RelationId> {
        self.relations.iter().position(Relation::is_learning).map(RelationId::from_index)
    }

    /// Kinds whose pages are learned: skills.
    #[must_use]
    pub fn step_kinds(&self) -> &[KindId] {
        self.learning().map_or(&[], |relation| &self.relation(relation).expected_to)
    }

    /// Kinds that one learns for and that nothing requires in turn: roles and pathways.
    pub fn goal_kinds(&self) -> impl Iterator<Item = KindId> + '_ {
        let relation = self.learning().map(|id| self.relation(id));
        let is_goal = move |kind: &KindId| {
            relation.is_some_and(|relation| {
                (relation.from.is_empty() || relation.from.contains(kind))
                    && !relation.to.contains(kind)
                    && !relation.expected_to.contains(kind)
            })
        };
        (0..self.kinds.len()).map(KindId::from_index).filter(is_goal)
    }

    /// The kind of a name.
    #[must_use]
    pub fn kind_named(&self, name: &str) -> Option<KindId> {
        self.kinds.iter().position(|kind| kind.id == name).map(KindId::from_index)
    }

    /// The kind of pages in a folder under `content/`: that of the folder itself or of the nearest one above it.
    #[must_use]
    pub fn kind_of_folder(&self, folder: &str) -> Option<KindId> {
        let mut folder = folder;
        loop {
            if let Some(index) = self.kinds.iter().position(|kind| kind.folder == folder) {
                // The kind of the top folder is for files at the very top, not for folders nobody declared.
                return Some(KindId::from_index(index));
            }
            folder = match folder.rsplit_once('/') {
                Some((parent, _)) => parent,
                None => return None,
            };
        }
    }
}

fn read_site(path: &SourcePath, node: &Node, missing: bool, diagnostics: &mut Vec<Diagnostic>) -> Config {
    let mut fields = Fields::open(path, node, "`site.toml`", diagnostics);
    let what = "`site.toml`";
    let (title, base_url) = if missing {
        (None, None)
    } else {
        (fields.required_text("title", what), fields.required_text("base_url", what))
    };
    if let Some(url) = &base_url
        && !is_absolute_url(&url.value)
    {
        let message = format!("`{}` is not an absolute address", url.value);
        let diagnostic = Diagnostic::at(Code::ValueType, path, url.span, message);
        fields
            .diagnostics()
            .push(diagnostic.help("write it as `https://example.org/` or `https://example.org/guide/`"));
    }
    let vocabulary = fields.choice("vocabulary", &[("career", true), ("none", false)]).unwrap_or(true);
    let kinds = fields.node("kinds");
    let relations = fields.node("relations");
    let lints = fields.node("lints");
    let markdown = fields.node("markdown");
    let output = fields.node("output");
    let limits = fields.node("limits");
    let figures = fields.node("figures");
    let feed = fields.node("feed");
    let theme = fields.text("theme");
    let language = fields.text("language");
    let languages = fields.texts("languages");
    for tag in language.iter().chain(&languages).filter(|tag| !language::is_tag(&tag.value)) {
        fields.diagnostics().push(language::no_tag(path, tag));
    }
    let mut config = Config {
        title: title.map_or_else(|| "Untitled".to_owned(), |title| title.value),
        tagline: fields.text("tagline").map(|tagline| tagline.value),
        description: fields.text("description").map(|description| description.value).unwrap_or_default(),
        base_url: base_url.map_or_else(|| "http://localhost/".to_owned(), |url| with_slash(&url.value)),
        language: language.map_or_else(|| "en".to_owned(), |language| language.value),
        languages: languages.into_iter().map(|language| language.value).collect(),
        author: fields.text("author").map(|author| author.value),
        repository: fields.text("repository").map(|repository| repository.value),
        edit_url: fields.text("edit_url").map(|url| url.value),
        theme_span: theme.as_ref().map(|theme| theme.span),
        theme: theme.map_or_else(|| "waymark".to_owned(), |theme| theme.value),
        theme_options: fields.node("theme_options").cloned(),
        output_dir: fields.text("output_dir").map_or_else(|| "public".to_owned(), |folder| folder.value),
        kinds: Vec::new(),
        relations: Vec::new(),
        markdown: MarkdownOptions::default(),
        figures: FigureRules::default(),
        urls: Urls::default(),
        feed_limit: 20,
        print: Print::Auto,
        twins: true,
        minify: true,
        compress: Vec::new(),
        headers: true,
        search: true,
        map: true,
        around: true,
        path: true,
        offline: Offline::Kept,
        file_bytes_max: 10 * 1024 * 1024,
        lints: BTreeMap::new(),
        extra: fields.node("extra").map_or(serde_json::Value::Null, Node::to_json),
    };
    fields.finish(what);
    if let Some(node) = feed {
        let mut fields = Fields::open(path, node, "`feed`", diagnostics);
        if let Some(limit) = fields.count("limit") {
            config.feed_limit = limit;
        }
        fields.finish("`feed`");
    }
    if let Some(node) = markdown {
        config.markdown = read_markdown(path, node, diagnostics);
    }
    if let Some(node) = output {
        let mut fields = Fields::open(path, node, "`output`", diagnostics);
        let print = [("auto", Print::Auto), ("always", Print::Always), ("never", Print::Never)];
        config.print = fields.choice("print", &print).unwrap_or(Print::Auto);
        config.minify = fields.boolean("minify").unwrap_or(true);
        config.headers = fields.boolean("headers").unwrap_or(true);
        config.compress = read_encodings(&mut fields);
        config.twins = fields.boolean("markdown_twins").unwrap_or(true);
        config.urls = fields.choice("urls", &[("folders", Urls::Folders), ("flat", Urls::Flat)]).unwrap_or_default();
        config.search = fields.boolean("search").unwrap_or(true);
        config.map = fields.boolean("map").unwrap_or(true);
        config.around = config.map;
        config.path = fields.boolean("path").unwrap_or(true);
        if fields.boolean("offline") == Some(false) {
            config.offline = Offline::Removed;
        }
        fields.finish("`output`");
    }
    if let Some(node) = limits {
        let mut fields = Fields::open(path, node, "`limits`", diagnostics);
        if let Some(bytes) = fields.count("file_bytes") {
            config.file_bytes_max = bytes;
        }
        fields.finish("`limits`");
    }
    if let Some(node) = lints {
        config.lints = read_lints(path, node, diagnostics);
    }
    read_vocabulary(path, vocabulary, kinds, relations, &mut config, diagnostics);
    if let Some(node) = figures {
        config.figures = read_figures(path, node, &config.kinds, diagnostics);
    }
    config
}

fn read_figures(path: &SourcePath, node: &Node, kinds: &[Kind], diagnostics: &mut Vec<Diagnostic>) -> FigureRules {
    let mut fields = Fields::open(path, node, "`figures`", diagnostics);
    let values = |texts: Vec<Spanned<String>>| texts.into_iter().map(|text| text.value);
    let has_examples = fields.node("examples").is_some();
    let mut figures = FigureRules {
        ordinary: values(fields.texts("ordinary")).collect(),
        examples: values(fields.texts("examples")).map(|word| word.to_lowercase()).collect(),
        skip_kinds: vocabulary::kind_ids("skip_kinds", kinds, &mut fields),
    };
    if !has_examples {
        figures.examples = FigureRules::default().examples;
    }
    fields.finish("`figures`");
    figures
}

fn read_encodings(fields: &mut Fields<'_, '_>) -> Vec<Encoding> {
    let mut encodings = Vec::new();
    for text in fields.texts("compress") {
        match Encoding::ALL.iter().find(|(name, _)| *name == text.value) {
            Some((_, encoding)) => encodings.push(*encoding),
            None => fields.not_a_choice("compress", &text, &Encoding::ALL.map(|(name, _)| name)),
        }
    }
    encodings.sort_unstable();
    encodings.dedup();
    encodings
}

fn read_markdown(path: &SourcePath, node: &Node, diagnostics: &mut Vec<Diagnostic>) -> MarkdownOptions {
    let mut fields = Fields::open(path, node, "`markdown`", diagnostics);
    let usual = MarkdownOptions::default();
    let options = MarkdownOptions {
        html: fields.boolean("html").unwrap_or(usual.html),
        smart_punctuation: fields.boolean("smart_punctuation").unwrap_or(usual.smart_punctuation),
        math: fields.boolean("math").unwrap_or(usual.math),
        highlight: fields.boolean("highlight").unwrap_or(usual.highlight),
    };
    fields.finish("`markdown`");
    options
}

fn read_vocabulary(
    path: &SourcePath,
    career: bool,
    kinds: Option<&Node>,
    relations: Option<&Node>,
    config: &mut Config,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let empty = Node { span: Span::default(), value: Value::Map(Vec::new()) };
    let mut base = if career { without_places(parse_toml(path, CAREER, diagnostics)) } else { empty.clone() };
    let mut take = |key: &str| match &mut base.value {
        Value::Map(entries) => match entries.iter().position(|entry| entry.key == key) {
            Some(at) => entries.swap_remove(at).node,
            None => empty.clone(),
        },
        _ => empty.clone(),
    };
    let mut laid = |key: &str, base: Node, over: Option<&Node>| match over {
        Some(over) => {
            let is_mapping = Fields::open(path, over, &format!("`{key}`"), diagnostics).is_mapping();
            if is_mapping { vocabulary::lay_over(base, over) } else { base }
        }
        None => base,
    };
    let kinds = laid("kinds", take("kinds"), kinds);
    let relations = laid("relations", take("relations"), relations);
    config.kinds = vocabulary::read_kinds(path, &kinds, diagnostics);
    config.relations = vocabulary::read_relations(path, &relations, &config.kinds, diagnostics);
}

/// The default vocabulary stands in no file of the site: its places would point at lines that say something else.
fn without_places(mut node: Node) -> Node {
    node.span = Span::default();
    match &mut node.value {
        Value::Map(entries) => {
            for entry in entries {
                entry.key_span = Span::default();
                entry.node = without_places(std::mem::replace(
                    &mut entry.node,
                    Node { span: Span::default(), value: Value::Null },
                ));
            }
        }
        Value::List(items) => {
            for item in items {
                item.span = Span::default();
            }
        }
        Value::Null | Value::Scalar(_) => {}
    }
    node
}

fn read_lints(path: &SourcePath, node: &Node, diagnostics: &mut Vec<Diagnostic>) -> BTreeMap<Code, Level> {
    let mut levels = BTreeMap::new();
    let mut fields = Fields::open(path, node, "`lints`", diagnostics);
    for entry in fields.all() {
        let Some(code) = Code::from_name(&entry.key) else {
            let message = format!("there is no diagnostic `{}`", entry.key);
            let names = Code::ALL.iter().filter(|code| code.is_lint()).map(|code| code.name());
            let help = match nearest(&entry.key, names) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`fingerpost explain` lists them all".to_owned(),
            };
            fields.diagnostics().push(Diagnostic::at(Code::KeyUnknown, path, entry.key_span, message).help(help));
            continue;
        };
        let level = match entry.node.text() {
            Some("allow") => Level::Allow,
            Some("warn") => Level::Warn,
            Some("deny") => Level::Deny,
            _ => {
                let message = format!("the level of `{}` is `allow`, `warn` or `deny`", entry.key);
                fields.diagnostics().push(Diagnostic::at(Code::ValueChoice, path, entry.node.span, message));
                continue;
            }
        };
        if !code.is_lint() {
            let message = format!("`{}` is always an error: its level cannot be set", entry.key);
            let diagnostic = Diagnostic::at(Code::ValueChoice, path, entry.key_span, message);
            fields.diagnostics().push(diagnostic.help("take this line away"));
            continue;
        }
        levels.insert(code, level);
    }
    levels
}

/// Whether a text is an absolute http address with a host.
#[must_use]
pub fn is_absolute_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty()
            && !rest.starts_with('/')
            && !rest.contains(|character: char| {
                character.is_whitespace() || matches!(character, '"' | '<' | '>' | '?' | '#')
            })
    })
}

fn with_slash(url: &str) -> String {
    if url.ends_with('/') { url.to_owned() } else { format!("{url}/") }
}
