//! `list`: the pages with what an author wants to know of each.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::project::Project;
use super::{Failure, Global, Shell, Status};
use crate::config::{Config, language};
use crate::data::quoted_list;
use crate::files::Files;
use crate::read::reading::Reading;
use crate::read::{CONTENT, Document, FACTS, Target, read_document};

/// List the pages: words, reading grade, facts cited, and the day they were last checked
///
/// The grade is that of Flesch and Kincaid, which was made for English: the years of school that the running text asks
/// for. What is wrong with a page is not told here; `check` does that.
#[derive(Debug, Args)]
#[command(after_help = "Example: fingerpost list role --sort grade")]
pub(super) struct Arguments {
    /// Only pages of this kind
    kind: Option<String>,
    /// What comes first: paths in order, most words, the highest grade, the longest unchecked
    #[arg(long, value_enum, default_value_t)]
    sort: Sort,
    /// How the list is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// What a list is sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Sort {
    /// Paths, from A to Z
    #[default]
    Path,
    /// Most words first
    Words,
    /// Highest grade first
    Grade,
    /// Longest unchecked first; pages without a day before all others
    Reviewed,
}

/// How a list is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Columns for people, and their totals
    #[default]
    Text,
    /// A list of objects
    Json,
    /// For spreadsheets
    Csv,
}

/// One page of the list.
struct Row {
    path: String,
    id: String,
    kind: String,
    title: String,
    draft: bool,
    words: u32,
    grade: Option<f64>,
    facts: usize,
    reviewed: Option<String>,
}

pub(super) fn run(arguments: &Arguments, global: &Global, shell: &mut Shell<'_>) -> Result<Status, Failure> {
    let project = Project::find(global, &shell.surroundings)?;
    let config = project.config(shell)?;
    if let Some(kind) = &arguments.kind
        && config.kind_named(kind).is_none()
    {
        let names: Vec<&str> = config.kinds.iter().map(|kind| kind.id.as_str()).collect();
        return Err(Failure::usage(format!("there is no kind `{kind}`"))
            .suggest(kind, names.iter().copied())
            .help(format!("the kinds of this site are {}", quoted_list(&names))));
    }
    let (files, _) = project.load(&shell.surroundings)?;
    let mut rows = rows(&files, &config);
    rows.retain(|row| arguments.kind.as_ref().is_none_or(|kind| *kind == row.kind));
    sort(&mut rows, arguments.sort);
    shell.give(&match arguments.format {
        Format::Text => columns(&rows),
        Format::Json => format!("{:#}\n", Value::Array(rows.iter().map(object).collect())),
        Format::Csv => csv(&rows),
    })?;
    Ok(Status::Clean)
}

/// A row for each article, in the order of paths. Files that cannot be read at all are left out.
fn rows(files: &Files, config: &Config) -> Vec<Row> {
    let articles =
        files.under(CONTENT).filter(|(path, _)| path.extension() == "md" && !path.as_str().starts_with(FACTS));
    let row = |(path, source): (_, &crate::files::Source)| {
        let document: Document = read_document(path, source, config, &mut Vec::new())?;
        let text = source.text().unwrap_or_default();
        let body = text.get(document.body_at..).unwrap_or_default();
        let facts: BTreeSet<&str> = (document.proses().flat_map(|prose| &prose.references))
            .filter_map(|reference| match &reference.target {
                Target::Fact { id, .. } => Some(&**id),
                _ => None,
            })
            .collect();
        Some(Row {
            path: document.path.to_string(),
            id: document.outline.id.clone(),
            kind: config.kind(document.kind).id.clone(),
            title: document.outline.title.clone(),
            draft: document.front.draft,
            words: document.outline.words,
            grade: Reading::of(body).grade().filter(|_| {
                let tag = document.front.language.as_deref().unwrap_or(&config.language);
                language::primary(tag) == "en"
            }),
            facts: facts.len(),
            reviewed: document.front.reviewed.map(|day| day.to_string()),
        })
    };
    articles.filter_map(row).collect()
}

fn sort(rows: &mut [Row], by: Sort) {
    match by {
        Sort::Path => {}
        Sort::Words => rows.sort_by_key(|row| std::cmp::Reverse(row.words)),
        Sort::Grade => rows.sort_by(|a, b| b.grade.unwrap_or(f64::MIN).total_cmp(&a.grade.unwrap_or(f64::MIN))),
        Sort::Reviewed => rows.sort_by(|a, b| a.reviewed.cmp(&b.reviewed)),
    }
}

fn columns(rows: &[Row]) -> String {
    let width = rows.iter().map(|row| row.path.chars().count()).max().unwrap_or(0).max("page".len());
    let mut text = format!("{:width$}  {:>6}  {:>5}  {:>5}  {}\n", "page", "words", "grade", "facts", "checked");
    for row in rows {
        let grade = row.grade.map_or_else(|| "–".to_owned(), |grade| format!("{grade:.1}"));
        let checked = row.reviewed.as_deref().unwrap_or("never");
        let draft = if row.draft { "  draft" } else { "" };
        let _ = writeln!(text, "{:width$}  {:>6}  {grade:>5}  {:>5}  {checked}{draft}", row.path, row.words, row.facts);
    }
    let words: u64 = rows.iter().map(|row| u64::from(row.words)).sum();
    let total = super::report::counted(rows.len(), "page");
    let _ = writeln!(text, "{total:width$}  {words:>6}");
    text
}

fn object(row: &Row) -> Value {
    json!({
        "path": row.path,
        "id": row.id,
        "kind": row.kind,
        "title": row.title,
        "draft": row.draft,
        "words": row.words,
        "grade": row.grade.map(|grade| (grade * 10.0).round() / 10.0),
        "facts": row.facts,
        "reviewed": row.reviewed,
    })
}

/// RFC 4180, with a line of names.
fn csv(rows: &[Row]) -> String {
    let mut text = String::from("path,id,kind,title,draft,words,grade,facts,reviewed\r\n");
    for row in rows {
        let grade = row.grade.map(|grade| format!("{grade:.1}")).unwrap_or_default();
        let reviewed = row.reviewed.as_deref().unwrap_or_default();
        let texts = [&row.path, &row.id, &row.kind, &row.title].map(|text| cell(text)).join(",");
        let _ = write!(text, "{texts},{},{},{grade},{},{reviewed}\r\n", row.draft, row.words, row.facts);
    }
    text
}

/// A cell in quotes where it needs them. One that begins like a formula gets a space in front: spreadsheets run them.
fn cell(text: &str) -> String {
    let text = if text.starts_with(['=', '+', '-', '@']) { format!(" {text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_survive_commas_quotes_and_formulas() {
        assert_eq!(cell("Mixing, \"live\""), "\"Mixing, \"\"live\"\"\"");
        assert_eq!(cell("=1+1"), " =1+1");
        assert_eq!(cell("Mixing"), "Mixing");
    }
}
