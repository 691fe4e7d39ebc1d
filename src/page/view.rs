//! Views: exactly what one template may see. Plain data, so that equal views mean equal pages.

use serde::Serialize;

/// What is the same for every page of a build. Holds nothing that an edit of one article changes.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct SiteView {
    /// Name of the site.
    pub title: String,
    /// A line under the name.
    pub tagline: Option<String>,
    /// One sentence about it.
    pub description: String,
    /// BCP 47 tag.
    pub language: String,
    /// `rtl` for languages written from right to left, else nothing.
    pub direction: Option<&'static str>,
    /// Absolute, ends in `/`.
    pub base_url: String,
    /// Who is responsible.
    pub author: Option<String>,
    /// Address of the repository.
    pub repository: Option<String>,
    /// Version of Fingerpost.
    pub version: &'static str,
    /// Kinds that have pages.
    pub nav: Vec<KindView>,
    /// Lists for readers: topics, facts, sources, print.
    pub tools: Vec<ToolView>,
    /// Style and scripts.
    pub assets: AssetsView,
    /// Path of the feed.
    pub feed_path: &'static str,
    /// Path of the web manifest.
    pub manifest_path: &'static str,
    /// Whether all pages are on one as well.
    pub has_print: bool,
    /// The site's own keys, as JSON text for the fingerprint.
    #[serde(serialize_with = "serialize_json")]
    pub extra: String,
}

/// A kind as navigation shows it.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct KindView {
    /// `role`.
    pub id: String,
    /// "Role".
    pub label: String,
    /// "Roles".
    pub plural: String,
    /// Name of its icon.
    pub icon: String,
    /// Path of its index page.
    pub path: String,
}

/// A link in the list of tools.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct ToolView {
    /// Its words.
    pub label: &'static str,
    /// Its path.
    pub path: &'static str,
}

/// Published style and scripts.
#[derive(Debug, Clone, Default, Serialize, Hash)]
pub struct AssetsView {
    /// Path of the style sheet.
    pub style: String,
    /// All scripts in order.
    pub scripts: Vec<ScriptView>,
    /// The script that must run before the page is drawn.
    pub head_script: Option<String>,
}

/// A script.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct ScriptView {
    /// File name without its hash.
    pub name: String,
    /// Published path.
    pub path: String,
}

/// What every page's view begins with.
#[derive(Debug, Clone, Default, Serialize, Hash)]
pub struct Head {
    /// Name of the template without its ending.
    pub template: String,
    /// For the browser's title.
    pub title: String,
    /// For the `h1`.
    pub heading: String,
    /// One sentence.
    pub description: String,
    /// Site path.
    pub path: String,
    /// Absolute address.
    pub url: String,
    /// Site path of the Markdown twin.
    pub markdown_path: Option<String>,
    /// Absolute address of the preview picture.
    pub image: Option<String>,
    /// From home to the page's parent.
    pub breadcrumbs: Vec<Link>,
    /// JSON-LD, escaped for a script element.
    pub json_ld: String,
    /// `index` or `noindex`.
    pub robots: &'static str,
    /// The site has a feed.
    pub feed: bool,
}

/// A title and where it leads.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct Link {
    /// Words.
    pub title: String,
    /// Site path.
    pub path: String,
}

/// A kind beside a page.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct KindTag {
    /// `role`.
    pub id: String,
    /// "Role".
    pub label: String,
    /// "Roles".
    pub plural: String,
    /// Name of its icon.
    pub icon: String,
    /// Path of its index page.
    pub path: String,
}

/// A page in a list.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct Item {
    /// Stable id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Site path.
    pub path: String,
    /// Its kind.
    pub kind: KindTag,
    /// One sentence; may be empty.
    pub description: String,
}

/// An article.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct ArticleView {
    /// What every page has.
    #[serde(flatten)]
    pub head: Head,
    /// Stable id.
    pub id: String,
    /// Its kind.
    pub kind: KindTag,
    /// Shown only because drafts were asked for.
    pub draft: bool,
    /// Other names.
    pub aliases: Vec<String>,
    /// "23 November 2026".
    pub reviewed: Option<String>,
    /// `2026-11-23`.
    pub reviewed_iso: Option<String>,
    /// "23 May 2027".
    pub review_by: Option<String>,
    /// Names.
    pub authors: Vec<String>,
    /// At 230 words a minute, at least 1.
    pub reading_minutes: u32,
    /// Words of the body.
    pub word_count: u32,
    /// Topics with their pages.
    pub topics: Vec<TopicLink>,
    /// Headings of the second and third level.
    pub toc: Vec<TocEntry>,
    /// HTML.
    pub body: String,
    /// The kind's fields that are set, in order.
    pub fields: Vec<FieldView>,
    /// The same by id.
    pub field: std::collections::BTreeMap<String, FieldView>,
    /// Relations, grouped.
    pub relations: Vec<RelationView>,
    /// Pages that mention this one.
    pub backlinks: Vec<BacklinkView>,
    /// Near pages.
    pub related: Vec<RelatedView>,
    /// What to learn first, in order.
    pub learning_order: Vec<Item>,
    /// The part of the section around this page.
    pub section: SectionWindow,
    /// Before it in reading order.
    pub previous: Option<Link>,
    /// After it.
    pub next: Option<Link>,
    /// Sources cited.
    pub sources: Vec<SourceView>,
    /// Where to change it.
    pub edit_url: Option<String>,
    /// How to cite it.
    pub citation: String,
    /// The site's own keys, as JSON.
    #[serde(serialize_with = "serialize_json")]
    pub extra: String,
    /// Home only: all kinds with their first pages.
    pub sections: Vec<SectionCard>,
    /// Home only: pages reviewed last.
    pub latest: Vec<LatestView>,
}

/// A topic and its page.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct TopicLink {
    /// As written.
    pub label: String,
    /// Site path.
    pub path: String,
}

/// A line of the table of contents.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct TocEntry {
    /// 2 or 3.
    pub level: u8,
    /// Anchor.
    pub id: String,
    /// Words.
    pub title: String,
}

/// A field of a kind.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct FieldView {
    /// Key.
    pub id: String,
    /// "Pay".
    pub label: String,
    /// Word for its shape.
    #[serde(rename = "type")]
    pub shape: &'static str,
    /// HTML of a single value; empty for a list.
    pub html: String,
    /// HTML of each item of a list.
    pub items: Vec<String>,
}

/// Relations of one kind in one direction.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct RelationView {
    /// Key of the relation.
    pub id: String,
    /// "Requires" or "Required by".
    pub label: String,
    /// `out`, `in` or `both`.
    pub direction: &'static str,
    /// At most 200.
    pub items: Vec<Item>,
    /// How many there are in all.
    pub total: usize,
}

/// A page that mentions this one.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct BacklinkView {
    /// Its title.
    pub title: String,
    /// Its path.
    pub path: String,
    /// Its kind.
    pub kind: KindTag,
    /// The sentence, with the link's text marked.
    pub context: String,
}

/// A near page.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct RelatedView {
    /// The page.
    #[serde(flatten)]
    pub item: Item,
    /// Why, in words.
    pub score_reason: String,
}

/// Part of a section's list.
#[derive(Debug, Clone, Default, Serialize, Hash)]
pub struct SectionWindow {
    /// How many pages the section has.
    pub total: usize,
    /// Those around the current one; all of a short section.
    pub items: Vec<WindowItem>,
}

/// A page in the section's list.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct WindowItem {
    /// Title.
    pub title: String,
    /// Site path.
    pub path: String,
    /// Is the page itself.
    pub current: bool,
}

/// A source with the facts taken from it.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct SourceView {
    /// Its number on the page.
    pub number: usize,
    /// Anchor on the page.
    pub anchor: String,
    /// Title.
    pub title: String,
    /// Who published it.
    pub publisher: Option<String>,
    /// Where.
    pub url: Option<String>,
    /// Span of time its facts describe.
    pub date: Option<String>,
    /// Facts.
    pub facts: Vec<FactView>,
    /// Sources list only: pages that cite it.
    pub used_by: Vec<Link>,
}

/// A fact.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct FactView {
    /// Id.
    pub id: String,
    /// Anchor on the register.
    pub anchor: String,
    /// What is the case.
    pub statement: String,
    /// The value as readers see it.
    pub display: String,
    /// "May 2025".
    pub as_of: String,
    /// Where it holds.
    pub place: String,
    /// Who is left out.
    pub excludes: Option<String>,
    /// What low and high are.
    pub spread: Option<String>,
    /// Kind of evidence.
    pub evidence: &'static str,
    /// high, medium or low.
    pub confidence: &'static str,
    /// direct or relayed.
    pub seen: &'static str,
    /// ISO day.
    pub checked: Option<String>,
    /// ISO day.
    pub check_again: Option<String>,
    /// Due before the day given with `--as-of`.
    pub stale: bool,
    /// What to know.
    pub note: Option<String>,
    /// How an estimate was reached.
    pub reasoning: Option<String>,
    /// As declared.
    pub unit: String,
    /// Register only: the source.
    pub source: Option<SourceRef>,
    /// Register only: its anchor on the list of sources.
    pub source_anchor: Option<String>,
    /// Register only: pages that use it.
    pub used_by: Vec<Link>,
}

/// A source in a row of facts.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct SourceRef {
    /// Title.
    pub title: String,
    /// Who published it.
    pub publisher: Option<String>,
    /// Where.
    pub url: Option<String>,
}

/// A kind on the home page.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct SectionCard {
    /// `role`.
    pub id: String,
    /// "Role".
    pub label: String,
    /// "Roles".
    pub plural: String,
    /// Name of its icon.
    pub icon: String,
    /// Path of its index page.
    pub path: String,
    /// Pages in it.
    pub count: usize,
    /// Of its index page.
    pub description: String,
    /// The first six.
    pub items: Vec<Item>,
}

/// A page on the home page's list of recent reviews.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct LatestView {
    /// Title.
    pub title: String,
    /// Site path.
    pub path: String,
    /// "23 November 2026".
    pub reviewed: String,
}

/// The index of a kind.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct SectionView {
    /// What every page has.
    #[serde(flatten)]
    pub head: Head,
    /// The kind.
    pub kind: KindTag,
    /// HTML of the introduction; may be empty.
    pub intro: String,
    /// All pages in reading order.
    pub items: Vec<SectionItem>,
    /// The same by first letter.
    pub groups: Vec<LetterGroup>,
    /// Sources the introduction cites.
    pub sources: Vec<SourceView>,
    /// For the section's place in navigation.
    pub section: SectionWindow,
}

/// A page in the index of its kind.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct SectionItem {
    /// Stable id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Site path.
    pub path: String,
    /// One sentence.
    pub description: String,
    /// First letter, upper case; `#` for anything else.
    pub initial: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// Fields that are single values.
    pub fields: Vec<FieldView>,
    /// Topics.
    pub topics: Vec<TopicLink>,
}

/// Pages that begin with one letter.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct LetterGroup {
    /// The letter.
    pub label: String,
    /// Its pages by title.
    pub items: Vec<SectionItem>,
}

/// A topic's page.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct TopicView {
    /// What every page has.
    #[serde(flatten)]
    pub head: Head,
    /// The topic.
    pub label: String,
    /// How many pages name it.
    pub count: usize,
    /// By kind.
    pub groups: Vec<KindGroup>,
}

/// Pages of one kind.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct KindGroup {
    /// The kind.
    pub kind: KindTag,
    /// Its pages.
    pub items: Vec<Item>,
}

/// The list of topics.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct TopicsView {
    /// What every page has.
    #[serde(flatten)]
    pub head: Head,
    /// All topics.
    pub topics: Vec<TopicCount>,
}

/// A topic and how many pages name it.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct TopicCount {
    /// The topic.
    pub label: String,
    /// Site path.
    pub path: String,
    /// Pages.
    pub count: usize,
}

/// The register of facts.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct FactsView {
    /// What every page has.
    #[serde(flatten)]
    pub head: Head,
    /// All facts by id.
    pub facts: Vec<FactView>,
    /// Totals.
    pub counts: FactCounts,
}

/// Totals of the register.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct FactCounts {
    /// All.
    pub total: usize,
    /// Due before the day given with `--as-of`.
    pub stale: usize,
    /// By kind of evidence, strongest first.
    pub by_evidence: Vec<LabelCount>,
}

/// A word and a number.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct LabelCount {
    /// The word.
    pub label: &'static str,
    /// The number.
    pub count: usize,
}

/// The list of sources.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct SourcesView {
    /// What every page has.
    #[serde(flatten)]
    pub head: Head,
    /// All sources.
    pub sources: Vec<SourceView>,
}

/// All pages on one.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct PrintView {
    /// What every page has.
    #[serde(flatten)]
    pub head: Head,
    /// By kind.
    pub kinds: Vec<PrintKind>,
}

/// The pages of one kind, for printing.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct PrintKind {
    /// "Roles".
    pub label: String,
    /// Its pages.
    pub pages: Vec<PrintPage>,
}

/// A page, for printing.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct PrintPage {
    /// Title.
    pub title: String,
    /// Anchor on the page for printing.
    pub anchor: String,
    /// One sentence.
    pub description: String,
    /// HTML.
    pub body: String,
}

/// A page that only leads elsewhere.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct RedirectView {
    /// What every page has.
    #[serde(flatten)]
    pub head: Head,
    /// Site path of the target.
    pub target_path: String,
    /// Absolute address of the target.
    pub target_url: String,
}

/// The page for missing addresses.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct MissingView {
    /// What every page has.
    #[serde(flatten)]
    pub head: Head,
}

/// Feed and sitemap.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct EntriesView {
    /// Its own absolute address.
    pub url: String,
    /// Of the newest entry.
    pub updated: String,
    /// Entries.
    pub entries: Vec<EntryView>,
}

/// An entry of a feed or sitemap.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct EntryView {
    /// Title.
    pub title: String,
    /// Absolute address.
    pub url: String,
    /// Day or time; `None` where it is not known.
    pub updated: Option<String>,
    /// One sentence.
    pub description: String,
}

/// Pages for language models.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct LlmsView {
    /// By kind.
    pub groups: Vec<LlmsGroup>,
}

/// Pages of one kind for language models.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct LlmsGroup {
    /// "Roles".
    pub label: String,
    /// Their twins.
    pub entries: Vec<EntryView>,
}

/// A file that is JSON as a whole.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct JsonView {
    /// The text.
    pub json: String,
}

/// Hands JSON text to templates as the values it holds.
fn serialize_json<S: serde::Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    let value: serde_json::Value = serde_json::from_str(text).unwrap_or(serde_json::Value::Null);
    value.serialize(serializer)
}
