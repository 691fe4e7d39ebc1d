//! Records: what a result shows before its text is fetched, for pages and for answers that are no pages.

use serde_json::{Value, json};

use crate::analyse::Insights;
use crate::base::{FactId, PageId};
use crate::read::Figures;
use crate::resolve::Site;

/// Longest lead in characters; a longer one is cut at a word.
const LEAD_CHARS_MAX: usize = 180;

/// Most pages that a record names as near.
const NEAR_MAX: usize = 5;

/// What kind of answer it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnswerKind {
    /// A figure with its source.
    Fact,
    /// Something to work out.
    Calculator,
}

/// Something that answers a question by itself: a fact, a calculator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Which kind.
    pub kind: AnswerKind,
    /// What it answers: a fact's statement, a calculator's title.
    pub title: String,
    /// The answer: a fact's value, a calculator's headline.
    pub value: String,
    /// Values that depend on a word of the query, with that word: a series by year.
    pub values: Vec<(String, String)>,
    /// Site path with anchor, percent-encoded.
    pub url: String,
    /// Place, time and confidence in a few words; may be empty.
    pub detail: String,
    /// Who says so; may be empty.
    pub source: String,
    /// Further words to find it by.
    pub keywords: String,
}

impl Answer {
    /// As it stands in the file of answers.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let kind = match self.kind {
            AnswerKind::Fact => "fact",
            AnswerKind::Calculator => "calculator",
        };
        json!({
            "type": kind,
            "title": self.title,
            "value": self.value,
            "url": self.url,
            "detail": self.detail,
            "source": self.source,
            "values": self.values,
        })
    }
}

/// All facts as answers, in the order of their ids.
#[must_use]
pub fn facts(site: &Site, insights: &Insights) -> Vec<Answer> {
    site.facts
        .iter()
        .enumerate()
        .map(|(index, fact)| {
            let day = |date: crate::base::PartialDate| date.year.to_string();
            let mut keywords =
                vec![fact.place.clone(), day(fact.as_of), fact.unit_text.clone(), fact.evidence.to_owned()];
            keywords.extend(fact.note.clone());
            keywords.extend(fact.excludes.clone());
            let values = match &fact.figures {
                Figures::Series(years) => years
                    .iter()
                    .filter_map(|(year, _)| Some((year.clone(), fact.display(year)?.into_owned())))
                    .inspect(|(year, _)| keywords.push(year.clone()))
                    .collect(),
                _ => Vec::new(),
            };
            if let Some(source) = &fact.source {
                keywords.push(source.title.clone());
                keywords.extend(source.publisher.clone());
            }
            let used = insights.pages_of_fact.get(FactId::from_index(index).index()).map_or(&[][..], Vec::as_slice);
            keywords.extend(used.iter().take(3).map(|page| site.title(*page).to_owned()));
            let source = fact.source.as_ref().map_or_else(
                || "editor’s estimate".to_owned(),
                |source| source.publisher.clone().unwrap_or_else(|| source.title.clone()),
            );
            Answer {
                kind: AnswerKind::Fact,
                title: fact.statement.clone(),
                value: fact.display("").unwrap_or_default().into_owned(),
                values,
                url: format!("facts/#fact-{}", fact.id),
                detail: format!("{}, {}", fact.place, day(fact.as_of)),
                source,
                keywords: keywords.join(" · "),
            }
        })
        .collect()
}

/// Where the number of the file of its text stands in a page's record.
pub const TEXT_FILE: usize = 3;

/// A page as it stands in the table of results: path, title, lead, file of its text and place in it, pages near it.
#[must_use]
pub fn page_record(site: &Site, page: PageId, lead: &str, text_at: (usize, usize), near: &[usize]) -> Value {
    let (file, place) = text_at;
    json!([site.url(page).href(), site.title(page), lead, file, place, near])
}

/// The sentence under a result's title: the page's description, else how its text begins.
#[must_use]
pub fn lead(site: &Site, page: PageId, text: &str) -> String {
    let description = site.description(page);
    if description.is_empty() { shortened(text) } else { shortened(description) }
}

fn shortened(text: &str) -> String {
    let Some((end, _)) = text.char_indices().nth(LEAD_CHARS_MAX) else { return text.to_owned() };
    let text = &text[..end];
    format!("{}…", text.rfind(' ').map_or(text, |at| &text[..at]).trim_end_matches([',', ';', ':', '.']))
}

/// The numbers of the units near a page; `unit_of` knows them by page.
#[must_use]
pub fn near(insights: &Insights, page: PageId, unit_of: &[Option<usize>]) -> Vec<usize> {
    let related = insights.related.get(page.index()).map_or(&[][..], Vec::as_slice);
    related.iter().filter_map(|near| unit_of[near.page.index()]).take(NEAR_MAX).collect()
}
