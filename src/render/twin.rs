//! The Markdown twin of a page: its source with links and facts written out, for machines and for copying.

use crate::base::PageId;
use crate::config::Config;
use crate::read::{Reference, Target};
use crate::resolve::{Answer, Answers, Site};
use std::borrow::Cow;

/// The twin of a page. `result_of` gives a result of a calculator in words. `source` is the text of its file, `fields` the HTML of its fields without citations. Links are absolute, facts are their values, the title is a
/// heading; everything else is as the author wrote it.
#[must_use]
pub fn markdown_twin(
    site: &Site,
    page: PageId,
    answers: &Answers,
    fields: &[Vec<String>],
    source: &str,
    config: &Config,
    result_of: &dyn Fn(usize, usize) -> Option<String>,
) -> String {
    let document = site.document(page);
    let mut text = String::with_capacity(source.len() + 256);
    text.push_str("# ");
    text.push_str(&document.outline.title);
    text.push_str("\n\n");
    let description = site.description(page);
    if !description.is_empty() {
        text.push_str("> ");
        text.push_str(description);
        text.push_str("\n\n");
    }
    for (value, pieces) in document.front.fields.iter().zip(fields) {
        let known = config.kind(document.kind).fields.iter().find(|field| field.id == value.id);
        let label = known.map_or(value.id.as_str(), |field| field.label.as_str());
        text.push_str("- **");
        text.push_str(label);
        text.push_str(":** ");
        for (index, html) in pieces.iter().enumerate() {
            text.push_str(if index > 0 { "; " } else { "" });
            text.push_str(words_of(html).trim());
        }
        text.push('\n');
    }
    if !document.front.fields.is_empty() {
        text.push('\n');
    }
    if document.path.as_str().ends_with(crate::read::calculator::ENDING) {
        text.push_str(&format!("```yaml\n{}\n```\n", source.trim_end()));
        return text;
    }
    let body = &document.body;
    let references = answers.references.first().map_or(&[][..], Vec::as_slice);
    let mut order: Vec<(&Reference, &Answer)> = body.references.iter().zip(references).collect();
    order.sort_by_key(|(reference, _)| reference.span);
    let mut at = document.body_at;
    for (reference, answer) in order {
        let range = reference.span.range();
        let Some(written) = source.get(range.clone()) else { continue };
        if range.start < at {
            continue;
        }
        let Some(replacement) = written_out(site, page, reference, answer, written, config, result_of) else {
            continue;
        };
        text.push_str(source.get(at..range.start).unwrap_or_default());
        text.push_str(&replacement);
        at = range.end;
    }
    text.push_str(source.get(at..).unwrap_or_default());
    if text.contains('\0') {
        text = text.replace('\0', "\u{fffd}");
    }
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

fn written_out(
    site: &Site,
    page: PageId,
    reference: &Reference,
    answer: &Answer,
    written: &str,
    config: &Config,
    result_of: &dyn Fn(usize, usize) -> Option<String>,
) -> Option<String> {
    let is_wiki = written.starts_with("[[") || written.starts_with("![[");
    let label = if is_wiki {
        written
            .trim_start_matches('!')
            .trim_start_matches("[[")
            .trim_end_matches("]]")
            .split_once('|')
            .map(|(_, label)| label)
    } else {
        written.strip_prefix('[').and_then(|rest| rest.rfind("](").map(|end| &rest[..end]))
    };
    let link = |label: &str, url: &str, anchor: Option<&str>| {
        let (hash, anchor) = anchor.map_or(("", ""), |anchor| ("#", anchor));
        format!("[{label}]({}{url}{hash}{anchor})", config.base_url)
    };
    match answer {
        Answer::Page { page, anchor, .. } => {
            let label = label.unwrap_or_else(|| site.title(*page));
            Some(link(label, &site.document(*page).outline.href, anchor.as_deref()))
        }
        Answer::Here(anchor) if is_wiki => {
            Some(link(label.unwrap_or(anchor), &site.document(page).outline.href, Some(anchor)))
        }
        Answer::Url(elsewhere) => Some(link(label?, &elsewhere.url.href(), elsewhere.anchor.as_deref())),
        Answer::Draft(draft) => Some(label.map_or_else(|| site.title(*draft).to_owned(), str::to_owned)),
        Answer::Fact(fact) => {
            let Target::Fact { part, .. } = &reference.target else { return None };
            label.map(str::to_owned).or_else(|| site.fact(*fact).display(part).map(Cow::into_owned))
        }
        Answer::Calculator(index, Some(result)) => {
            label.map(str::to_owned).or_else(|| result_of(*index as usize, *result as usize))
        }
        Answer::Calculator(index, None) => {
            let page = site.calculators.get(*index as usize).page;
            Some(link(site.title(page), &site.document(page).outline.href, None))
        }
        Answer::Here(_) | Answer::Nothing => None,
    }
}

/// The words of a piece of HTML that we wrote: tags taken away, entities undone. Space may stand around them.
fn words_of(html: &str) -> String {
    let mut words = String::with_capacity(html.len());
    let mut in_tag = false;
    for character in html.chars() {
        match character {
            '<' => in_tag = true,
            '>' if in_tag => in_tag = false,
            _ if in_tag => {}
            '\n' => words.push(' '),
            other => words.push(other),
        }
    }
    if !words.contains('&') {
        return words;
    }
    words.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}
