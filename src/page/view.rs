//! Views: exactly what one template may see. Plain data, so that equal views mean equal pages.
//!
//! Templates see the fields of `head` beside those of the view that holds it: `page.title`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use serde::Serialize;

use crate::base::{Fingerprint, fingerprint_of};

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
    pub nav: Vec<KindTag>,
    /// Lists for readers: topics, facts, sources, print.
    pub tools: Vec<ToolView>,
    /// Style and scripts.
    pub assets: AssetsView,
    /// Path of the feed.
    pub feed_path: &'static str,
    /// Path of the web manifest.
    pub manifest_path: &'static str,
    /// The site's search, where it has one.
    pub search: Option<SearchView>,
    /// Whether all pages are on one as well.
    pub has_print: bool,
    /// The theme's options, as JSON text for the fingerprint.
    #[serde(serialize_with = "serialize_json")]
    pub options: String,
    /// Path of the map, where there is one.
    pub map_path: Option<&'static str>,
    /// Path of the page where readers tick what they can already do, where there is one.
    pub path_path: Option<&'static str>,
    /// The site's own keys, as JSON text for the fingerprint.
    #[serde(serialize_with = "serialize_json")]
    pub extra: String,
}

/// Where the search is.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct SearchView {
    /// Path of its page.
    pub path: &'static str,
    /// Folder of the index of the site's language.
    pub index: String,
    /// Primary tags of the languages that have an index, the site's first; empty where it has one language only.
    pub languages: Vec<String>,
    /// Path of the script that answers.
    pub engine: Option<String>,
    /// Path of the script that draws the palette.
    pub palette: Option<String>,
    /// Path of the script that marks, on the page that is opened, the words that led to it.
    pub marks: Option<String>,
    /// Path of the palette's style sheet.
    pub sheet: Option<String>,
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
    /// Path of the style sheet that every page loads.
    pub style: String,
    /// Path of the theme's script that every page loads, made of all those that are not apart.
    pub script: Option<String>,
    /// The site's own scripts, which every page loads too, each by itself: a fault in one stops no other.
    pub common: Vec<ScriptView>,
    /// Scripts that are loaded on use: those in folders of their own.
    pub scripts: Vec<ScriptView>,
    /// Style sheets that are loaded on use: those in folders of their own.
    pub sheets: Vec<ScriptView>,
    /// Components that only the pages load that hold them.
    pub apart: Vec<ApartView>,
    /// The script that must run before the page is drawn.
    pub head_script: Option<String>,
}

/// A component that stands apart: pages that hold it load its style and script.
#[derive(Debug, Clone, Default, Serialize, Hash)]
pub struct ApartView {
    /// Name of its folder.
    pub name: String,
    /// Path of its style sheet.
    pub style: Option<String>,
    /// Path of its script.
    pub script: Option<String>,
}

/// A script.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct ScriptView {
    /// File name without its hash.
    pub name: String,
    /// Published path.
    pub path: String,
    /// Lies in a folder of its own: loaded on use by another script, not with the page.
    pub part: bool,
}

/// What every page's view begins with.
#[derive(Debug, Clone, Default, Serialize, Hash)]
pub struct Head<'a> {
    /// Name of the template without its ending.
    pub template: Cow<'a, str>,
    /// For the browser's title.
    pub title: &'a str,
    /// For the `h1`.
    pub heading: &'a str,
    /// One sentence.
    pub description: Cow<'a, str>,
    /// Site path.
    pub path: Cow<'a, str>,
    /// Absolute address.
    pub url: String,
    /// Site path of the Markdown twin.
    pub markdown_path: Option<String>,
    /// Absolute address of the preview picture.
    pub image: Option<String>,
    /// From home to the page's parent.
    pub breadcrumbs: Vec<Link<'a>>,
    /// JSON-LD, escaped for a script element.
    pub json_ld: String,
    /// BCP 47 tag of the page's language, where that is not the site's.
    pub language: Option<&'a str>,
    /// `rtl` where the page's language is written from right to left and the site's is not, `ltr` the other way round.
    pub direction: Option<&'static str>,
    /// Primary tag of the page's language, where its search index is not the site's.
    pub search_language: Option<String>,
    /// `index` or `noindex`.
    pub robots: &'static str,
    /// The site has a feed.
    pub feed: bool,
    /// Scripts of the calculators on the page; with any, the page needs `calc.js`.
    pub calculator_scripts: Vec<String>,
    /// One of them has a list of rows: without, `calc/tools-lean.js` does in the place of `calc/tools.js`.
    pub calculator_rows: bool,
}

/// A title and where it leads.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct Link<'a> {
    /// Words.
    pub title: &'a str,
    /// Site path.
    pub path: &'a str,
}

/// A kind beside a page.
pub type KindTag = Shared<KindView>;

/// A page in a list. A page stands in many lists.
pub type Item<'a> = Shared<ItemView<'a>>;

/// A page as lists show it.
#[derive(Debug, Serialize, Hash)]
pub struct ItemView<'a> {
    /// Stable id.
    pub id: &'a str,
    /// Title.
    pub title: &'a str,
    /// Site path.
    pub path: &'a str,
    /// One sentence; may be empty.
    pub description: Cow<'a, str>,
    /// Its kind.
    pub kind: KindTag,
}

/// Something that views show in several places. Templates take one value for all of them, and its fingerprint is taken
/// once.
#[derive(Debug)]
pub struct Shared<T>(Arc<SharedView<T>>);

#[derive(Debug)]
struct SharedView<T> {
    view: T,
    forms: Forms,
}

/// What a shared view comes to, where that has been asked for. It holds for every equal view.
#[derive(Debug, Clone, Default)]
pub struct Forms {
    value: OnceLock<tera::Value>,
    fingerprint: OnceLock<Fingerprint>,
}

impl Forms {
    /// Whether nothing is left to be worked out.
    #[must_use]
    pub fn are_all_known(&self) -> bool {
        self.value.get().is_some() && self.fingerprint.get().is_some()
    }
}

impl<T> Shared<T> {
    /// Shares a view.
    #[must_use]
    pub fn new(view: T) -> Self {
        Self::known(view, Forms::default())
    }

    /// Shares a view of which an earlier build knows the forms.
    #[must_use]
    pub fn known(view: T, forms: Forms) -> Self {
        Self(Arc::new(SharedView { view, forms }))
    }

    /// What it came to so far.
    #[must_use]
    pub fn forms(&self) -> Forms {
        self.0.forms.clone()
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.view
    }
}

impl<T: Serialize> Serialize for Shared<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.forms.value.get_or_init(|| tera::Value::from_serializable(&self.0.view)).serialize(serializer)
    }
}

impl<T: Hash> Hash for Shared<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.forms.fingerprint.get_or_init(|| fingerprint_of(&self.0.view)).hash(state);
    }
}

/// An article.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct ArticleView<'a> {
    /// What every page has.
    pub head: Head<'a>,
    /// Stable id.
    pub id: &'a str,
    /// Its kind.
    pub kind: &'a KindTag,
    /// Shown only because drafts were asked for.
    pub draft: bool,
    /// Other names.
    pub aliases: Vec<&'a str>,
    /// "23 November 2026".
    pub reviewed: Option<String>,
    /// `2026-11-23`.
    pub reviewed_iso: Option<String>,
    /// "23 May 2027".
    pub review_by: Option<String>,
    /// Names.
    pub authors: &'a [String],
    /// At 230 words a minute, at least 1.
    pub reading_minutes: u32,
    /// Words of the body.
    pub word_count: u32,
    /// Topics with their pages.
    pub topics: Vec<TopicLink<'a>>,
    /// Headings of the second and third level.
    pub toc: Vec<TocEntry<'a>>,
    /// HTML.
    pub body: String,
    /// The kind's fields that are set, in order.
    pub fields: Vec<Shared<FieldView<'a>>>,
    /// The same by id.
    pub field: BTreeMap<&'a str, Shared<FieldView<'a>>>,
    /// Relations, grouped.
    pub relations: Vec<RelationView<'a>>,
    /// Pages that mention this one.
    pub backlinks: Vec<BacklinkView<'a>>,
    /// Near pages.
    pub related: Vec<RelatedView<'a>>,
    /// What to learn first, in order.
    pub learning_order: Vec<&'a Item<'a>>,
    /// SVG of the pages around this one; empty where it has hardly any.
    pub around: String,
    /// Pages that there was no room for on it.
    pub around_left_out: usize,
    /// Whether it is a page that one learns for: a role or a pathway.
    pub is_goal: bool,
    /// Whether it is something that is learned: a skill.
    pub is_step: bool,
    /// The part of the section around this page.
    pub section: SectionWindow<'a>,
    /// Before it in reading order.
    pub previous: Option<Link<'a>>,
    /// After it.
    pub next: Option<Link<'a>>,
    /// Pages that this one compares, side by side; `None` where they are not two to four.
    pub beside: Option<BesideView<'a>>,
    /// The numbers of all pages that this one compares, each on one scale.
    pub spreads: Vec<SpreadsView<'a>>,
    /// Terms of the glossary that its text leads to.
    pub terms: Vec<Item<'a>>,
    /// Sources cited.
    pub sources: Vec<SourceView<'a>>,
    /// Where to change it.
    pub edit_url: Option<String>,
    /// How to cite it.
    pub citation: String,
    /// The site's own keys, as JSON.
    #[serde(serialize_with = "serialize_json")]
    pub extra: String,
    /// The page's own calculator.
    pub calculator: Option<CalculatorView>,
    /// Home only: the questions that pages answer.
    pub questions: Vec<QuestionView<'a>>,
    /// Home only: all kinds with their first pages.
    pub sections: Vec<SectionCard<'a>>,
    /// Home only: pages reviewed last.
    pub latest: Vec<LatestView<'a>>,
}

/// A question and the page that answers it.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct QuestionView<'a> {
    /// As the page's field `question` puts it.
    pub text: String,
    /// Title of the page.
    pub title: &'a str,
    /// Its path.
    pub path: &'a str,
}

/// A calculator on its own page.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct CalculatorView {
    /// HTML of answer, form, results, charts and what-ifs.
    pub tool: String,
    /// HTML of the explanation; may be empty.
    pub method: String,
    /// HTML of what it takes for granted; may be empty.
    pub assumptions: String,
    /// HTML of the worked examples; may be empty.
    pub examples: String,
    /// The answer in one sentence.
    pub sentence: String,
    /// Site path of the calculator as data.
    pub data_path: String,
    /// Site path of the page for frames.
    pub embed_path: String,
    /// Its absolute address.
    pub embed_url: String,
}

/// A calculator in a frame on another site.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct CalculatorEmbedView<'a> {
    /// What every page has.
    #[serde(flatten)]
    pub head: Head<'a>,
    /// HTML of answer, form, results, charts and what-ifs.
    pub tool: String,
    /// Site path of the calculator's own page.
    pub page_path: String,
}

/// A topic and its page.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct TopicLink<'a> {
    /// As written.
    pub label: &'a str,
    /// Site path.
    pub path: &'a str,
}

/// A line of the table of contents.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct TocEntry<'a> {
    /// 2 or 3.
    pub level: u8,
    /// Anchor.
    pub id: &'a str,
    /// Words.
    pub title: &'a str,
}

/// A field of a kind.
#[derive(Debug, Clone, Default, Serialize, Hash)]
pub struct FieldView<'a> {
    /// Key.
    pub id: &'a str,
    /// "Pay".
    pub label: &'a str,
    /// Word for its shape.
    #[serde(rename = "type")]
    pub shape: &'static str,
    /// HTML of a single value; empty for a list.
    pub html: String,
    /// HTML of each item of a list.
    pub items: Vec<String>,
    /// A single value in plain words, without its citation.
    pub text: String,
    /// Of a number that is a spread: its drawing and what it says.
    pub figure: Option<Box<FigureView<'a>>>,
    /// The items of a list of Markdown, each as what it begins with and the rest.
    pub parts: Vec<PartView>,
    /// SVG of a list whose items begin with stretches of time; empty for any other.
    pub drawing: String,
    /// What that drawing shows, in words; may be empty.
    pub finding: String,
}

/// A field of a kind in a row of a list, which has no room for drawings.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct RowFieldView<'a> {
    /// Key.
    pub id: &'a str,
    /// "Pay".
    pub label: &'a str,
    /// Word for its shape.
    #[serde(rename = "type")]
    pub shape: &'static str,
    /// HTML of a single value; empty for a list.
    pub html: String,
    /// HTML of each item of a list.
    pub items: Vec<String>,
    /// A single value in plain words, without its citation.
    pub text: String,
}

/// A spread of numbers: drawn, in a sentence, and as a table.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct FigureView<'a> {
    /// SVG.
    pub svg: String,
    /// What it shows, in one sentence.
    pub finding: String,
    /// The numbers one by one.
    pub amounts: Vec<AmountView>,
    /// The fact it was taken from.
    pub fact: Option<FactView<'a>>,
}

/// A number with what it is.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct AmountView {
    /// "Median".
    pub label: String,
    /// "$73,130 a year".
    pub value: String,
}

/// An item of a list, taken apart.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct PartView {
    /// What it begins with, before a full stop or colon: "Months 0–3"; may be empty.
    pub lead: String,
    /// HTML of the rest.
    pub html: String,
}

/// Several pages on one scale.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct SpreadsView<'a> {
    /// Key of the field.
    pub id: &'a str,
    /// "Months until it pays".
    pub label: &'a str,
    /// What the drawing shows, in one sentence.
    pub finding: String,
    /// Pages with their spreads, in the order in which they read best.
    pub rows: Vec<SpreadRow<'a>>,
    /// Pages that count it in another unit, or not at all.
    pub left_out: usize,
    /// The numbers come from different sources or times.
    pub mixed: bool,
}

/// One page's spread.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct SpreadRow<'a> {
    /// The page.
    pub title: &'a str,
    /// Its path.
    pub path: &'a str,
    /// The numbers in words.
    pub value: String,
    /// SVG on the scale that all rows share.
    pub svg: String,
}

/// Two to four pages side by side.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct BesideView<'a> {
    /// The pages.
    pub columns: Vec<&'a Item<'a>>,
    /// What is compared.
    pub rows: Vec<BesideRow<'a>>,
}

/// A line of a comparison.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct BesideRow<'a> {
    /// Key of the field or relation.
    pub id: &'a str,
    /// Its words.
    pub label: &'a str,
    /// HTML for each column; empty where a page says nothing of it.
    pub cells: Vec<String>,
    /// The difference in words; empty where there is nothing to subtract.
    pub difference: String,
    /// Whether it is a number.
    pub is_number: bool,
}

/// Relations of one kind in one direction.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct RelationView<'a> {
    /// Key of the relation.
    pub id: &'a str,
    /// "Requires" or "Required by".
    pub label: &'a str,
    /// `out`, `in` or `both`.
    pub direction: &'static str,
    /// At most 200.
    pub items: Vec<&'a Item<'a>>,
    /// How many there are in all.
    pub total: usize,
}

/// A page that mentions this one.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct BacklinkView<'a> {
    /// Its title.
    pub title: &'a str,
    /// Its path.
    pub path: &'a str,
    /// Its kind.
    pub kind: &'a KindTag,
    /// The sentence, with the link's text marked.
    pub context: String,
}

/// A near page.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct RelatedView<'a> {
    /// The page.
    pub item: &'a Item<'a>,
    /// Why, in words.
    pub score_reason: String,
}

/// Part of a section's list.
#[derive(Debug, Clone, Default, Serialize, Hash)]
pub struct SectionWindow<'a> {
    /// How many pages the section has.
    pub total: usize,
    /// Those around the current one; all of a short section.
    pub items: Vec<&'a Item<'a>>,
}

/// A source with the facts taken from it.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct SourceView<'a> {
    /// Its number on the page.
    pub number: usize,
    /// Anchor on the page.
    pub anchor: String,
    /// Title.
    pub title: &'a str,
    /// Who published it.
    pub publisher: Option<&'a str>,
    /// Where.
    pub url: Option<&'a str>,
    /// Span of time its facts describe.
    pub date: Option<String>,
    /// Facts.
    pub facts: Vec<FactView<'a>>,
    /// Sources list only: pages that cite it.
    pub used_by: Vec<&'a Item<'a>>,
}

/// A fact.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct FactView<'a> {
    /// Id.
    pub id: &'a str,
    /// Anchor on the register.
    pub anchor: String,
    /// What is the case.
    pub statement: &'a str,
    /// The value as readers see it.
    pub display: Cow<'a, str>,
    /// "May 2025".
    pub as_of: String,
    /// `2025-05`.
    pub as_of_iso: String,
    /// Where it holds.
    pub place: &'a str,
    /// Who is left out.
    pub excludes: Option<&'a str>,
    /// What low and high are.
    pub spread: Option<&'a str>,
    /// Kind of evidence.
    pub evidence: &'static str,
    /// high, medium or low.
    pub confidence: &'static str,
    /// direct or relayed.
    pub seen: &'static str,
    /// "22 November 2026".
    pub checked: Option<String>,
    /// `2026-11-22`.
    pub checked_iso: Option<String>,
    /// "31 May 2027".
    pub check_again: Option<String>,
    /// Due before the day given with `--as-of`.
    pub stale: bool,
    /// What to know.
    pub note: Option<&'a str>,
    /// How an estimate was reached.
    pub reasoning: Option<&'a str>,
    /// As declared.
    pub unit: &'a str,
    /// Register only: the source.
    pub source: Option<SourceRef<'a>>,
    /// Register only: its anchor on the list of sources.
    pub source_anchor: Option<String>,
    /// Register only: pages that use it.
    pub used_by: Vec<&'a Item<'a>>,
}

/// A source in a row of facts.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct SourceRef<'a> {
    /// Title.
    pub title: &'a str,
    /// Who published it.
    pub publisher: Option<&'a str>,
    /// Where.
    pub url: Option<&'a str>,
}

/// A kind on the home page.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct SectionCard<'a> {
    /// `role`.
    pub id: &'a str,
    /// "Role".
    pub label: &'a str,
    /// "Roles".
    pub plural: &'a str,
    /// Name of its icon.
    pub icon: &'a str,
    /// Path of its index page.
    pub path: &'a str,
    /// Pages in it.
    pub count: usize,
    /// Of its index page.
    pub description: &'a str,
    /// The first six.
    pub items: Vec<&'a Item<'a>>,
}

/// A page on the home page's list of recent reviews.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct LatestView<'a> {
    /// Title.
    pub title: &'a str,
    /// Site path.
    pub path: &'a str,
    /// "23 November 2026".
    pub reviewed: String,
}

/// The index of a kind.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct SectionView<'a> {
    /// What every page has.
    pub head: Head<'a>,
    /// The kind.
    pub kind: &'a KindTag,
    /// HTML of the introduction; may be empty.
    pub intro: String,
    /// All pages in reading order.
    pub items: Vec<Row>,
    /// The same by first letter.
    pub groups: Vec<LetterGroup>,
    /// Numbers that several of its pages have, each on one scale.
    pub spreads: Vec<SpreadsView<'a>>,
    /// Sources the introduction cites.
    pub sources: Vec<SourceView<'a>>,
    /// For the section's place in navigation.
    pub section: SectionWindow<'a>,
}

/// A page in the index of its kind.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct SectionItem<'a> {
    /// Stable id.
    pub id: &'a str,
    /// Title.
    pub title: &'a str,
    /// Site path.
    pub path: &'a str,
    /// One sentence.
    pub description: &'a str,
    /// Other names.
    pub aliases: Vec<&'a str>,
    /// Fields that are single values or lists of links.
    pub fields: Vec<Shared<RowFieldView<'a>>>,
    /// The same by id.
    pub field: BTreeMap<&'a str, Shared<RowFieldView<'a>>>,
    /// Topics.
    pub topics: Vec<TopicLink<'a>>,
}

/// A [`SectionItem`] in the form that templates take. An index of thousands of pages keeps the rows of those that are as
/// they were.
#[derive(Debug, Clone)]
pub struct Row {
    value: tera::Value,
    inputs: Fingerprint,
}

impl Row {
    /// The row of an item that was made from `inputs`.
    #[must_use]
    pub fn new(item: &SectionItem<'_>, inputs: Fingerprint) -> Self {
        Self { value: tera::Value::from_serializable(item), inputs }
    }
}

impl Serialize for Row {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

impl Hash for Row {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.inputs.hash(state);
    }
}

/// Pages that begin with one letter.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct LetterGroup {
    /// The letter.
    pub label: String,
    /// Its pages by title.
    pub items: Vec<Row>,
}

/// A topic's page.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct TopicView<'a> {
    /// What every page has.
    pub head: Head<'a>,
    /// The topic.
    pub label: &'a str,
    /// How many pages name it.
    pub count: usize,
    /// By kind.
    pub groups: Vec<KindGroup<'a>>,
}

/// Pages of one kind.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct KindGroup<'a> {
    /// The kind.
    pub kind: &'a KindTag,
    /// Its pages.
    pub items: Vec<&'a Item<'a>>,
}

/// The list of topics.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct TopicsView<'a> {
    /// What every page has.
    pub head: Head<'a>,
    /// All topics.
    pub topics: Vec<TopicCount<'a>>,
}

/// A topic and how many pages name it.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct TopicCount<'a> {
    /// The topic.
    pub label: &'a str,
    /// Site path.
    pub path: &'a str,
    /// Pages.
    pub count: usize,
}

/// The page for searching: without scripts, an index from A to Z and the topics.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct SearchPageView<'a> {
    /// What every page has.
    #[serde(flatten)]
    pub head: Head<'a>,
    /// Pages by first letter: all of them, on a site too large for one list those of this part, or none.
    pub letters: Vec<LetterLinks<'a>>,
    /// The parts of the index of a site too large for one list.
    pub parts: Vec<IndexPart>,
    /// All topics.
    pub topics: Vec<TopicCount<'a>>,
    /// How many pages can be found.
    pub count: usize,
}

/// A part of the index from A to Z.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct IndexPart {
    /// How the first and the last title begin.
    pub label: String,
    /// Site path.
    pub path: String,
    /// Whether it is the page itself.
    pub is_current: bool,
}

/// Links to pages that begin with one letter.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct LetterLinks<'a> {
    /// The letter; `#` for anything else.
    pub label: String,
    /// By title.
    pub items: Vec<Link<'a>>,
}

/// The map of all pages, as a drawing and as a list.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct MapView<'a> {
    /// What every page has.
    #[serde(flatten)]
    pub head: Head<'a>,
    /// SVG; empty when no relation can be drawn.
    pub drawing: String,
    /// Pages that are drawn.
    pub drawn: usize,
    /// Pages that could be: all of the kinds that are drawn.
    pub drawable: usize,
    /// Relations of very many pages to one page, which are listed and not drawn.
    pub stars: usize,
    /// All pages of the site's sections.
    pub total: usize,
    /// Pages in the list.
    pub listed: usize,
    /// Relations that are drawn; on the drawing and in the list they have the classes `r0`, `r1` and so on.
    pub relations: Vec<MapRelation<'a>>,
    /// Kinds that are drawn, in the order of their columns; `k0`, `k1` and so on.
    pub columns: Vec<&'a KindTag>,
    /// All kinds with their pages.
    pub kinds: Vec<MapKind<'a>>,
}

/// A relation on the map.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct MapRelation<'a> {
    /// "Leads to".
    pub label: &'a str,
    /// Lines.
    pub count: usize,
    /// Holds both ways.
    pub symmetric: bool,
}

/// A kind on the map.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct MapKind<'a> {
    /// The kind.
    pub kind: &'a KindTag,
    /// Its class; empty when it is not drawn.
    pub class: String,
    /// Pages that are drawn.
    pub drawn: usize,
    /// All its pages.
    pub total: usize,
    /// Those that are listed.
    pub pages: Vec<MapPage<'a>>,
}

/// A page on the list beside the map.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct MapPage<'a> {
    /// Title and path.
    pub link: Link<'a>,
    /// What it declares.
    pub relations: Vec<MapGroup<'a>>,
}

/// Relations of a page on the list beside the map.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct MapGroup<'a> {
    /// "Leads to".
    pub label: &'a str,
    /// The relation's class; empty when it is not drawn.
    pub class: String,
    /// Pages.
    pub links: Vec<Link<'a>>,
}

/// Where readers tick what they can already do.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct PathView<'a> {
    /// What every page has.
    #[serde(flatten)]
    pub head: Head<'a>,
    /// Everything that can be ticked, by kind.
    pub steps: Vec<StepGroup<'a>>,
    /// What one learns for.
    pub goals: Vec<GoalView<'a>>,
    /// How many there are in all.
    pub total: usize,
    /// Kinds of goals, for those that are not listed.
    pub kinds: Vec<&'a KindTag>,
}

/// Steps of one kind.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct StepGroup<'a> {
    /// The kind.
    pub kind: &'a KindTag,
    /// Its pages.
    pub items: Vec<StepView<'a>>,
}

/// Something that can be ticked.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct StepView<'a> {
    /// The page.
    pub item: &'a Item<'a>,
    /// How many of the goals need it.
    pub goals: usize,
}

/// Something that one learns for.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct GoalView<'a> {
    /// The page.
    pub item: &'a Item<'a>,
    /// Its fields of one value.
    pub fields: Vec<Shared<FieldView<'a>>>,
    /// All that it takes, in an order that can be learned from first to last.
    pub steps: Vec<&'a Item<'a>>,
}

/// The register of facts.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct FactsView<'a> {
    /// What every page has.
    pub head: Head<'a>,
    /// All facts by id.
    pub facts: Vec<FactView<'a>>,
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
pub struct SourcesView<'a> {
    /// What every page has.
    pub head: Head<'a>,
    /// All sources.
    pub sources: Vec<SourceView<'a>>,
}

/// All pages on one.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct PrintView<'a> {
    /// What every page has.
    pub head: Head<'a>,
    /// By kind.
    pub kinds: Vec<PrintKind<'a>>,
}

/// The pages of one kind, for printing.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct PrintKind<'a> {
    /// "Roles".
    pub label: &'a str,
    /// Its pages.
    pub pages: Vec<PrintPage<'a>>,
}

/// A page, for printing.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct PrintPage<'a> {
    /// Title.
    pub title: &'a str,
    /// Anchor on the page for printing.
    pub anchor: String,
    /// One sentence.
    pub description: &'a str,
    /// HTML.
    pub body: String,
}

/// A page that only leads elsewhere.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct RedirectView<'a> {
    /// What every page has.
    pub head: Head<'a>,
    /// Site path of the target.
    pub target_path: String,
    /// Absolute address of the target.
    pub target_url: String,
}

/// The page for missing addresses.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct MissingView<'a> {
    /// What every page has.
    pub head: Head<'a>,
}

/// The feed.
#[derive(Debug, Clone, Serialize, Hash)]
pub struct EntriesView {
    /// Its own absolute address.
    pub url: String,
    /// Of the newest entry.
    pub updated: String,
    /// Entries.
    pub entries: Vec<EntryView>,
}

/// An entry of a feed.
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
