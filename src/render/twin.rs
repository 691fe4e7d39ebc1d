//! The Markdown twin of a page: its source with links and facts written out, for machines and for copying.

use crate::base::PageId;
use crate::config::Config;
use crate::read::{Reference, Target};
use crate::resolve::{Answer, Answers, Site};

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
        let pieces: Vec<String> = pieces.iter().map(|html| words_of(html)).collect();
        text.push_str(&format!("- **{label}:** {}\n", pieces.join("; ")));
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
    let absolute = |url: &str| format!("{}{url}", config.base_url);
    let with_anchor = |url: String, anchor: Option<&str>| match anchor {
        Some(anchor) => format!("{url}#{anchor}"),
        None => url,
    };
    match answer {
        Answer::Page { page, anchor, .. } => {
            let label = label.map_or_else(|| site.title(*page).to_owned(), str::to_owned);
            let url = with_anchor(absolute(&site.url(*page).href()), anchor.as_deref());
            Some(format!("[{label}]({url})"))
        }
        Answer::Here(anchor) if is_wiki => {
            Some(format!("[{}]({}#{anchor})", label.unwrap_or(anchor), absolute(&site.url(page).href())))
        }
        Answer::Url(elsewhere) => {
            let url = with_anchor(absolute(&elsewhere.url.href()), elsewhere.anchor.as_deref());
            Some(format!("[{}]({url})", label?))
        }
        Answer::Draft(draft) => Some(label.map_or_else(|| site.title(*draft).to_owned(), str::to_owned)),
        Answer::Fact(fact) => {
            let Target::Fact { part, .. } = &reference.target else { return None };
            label.map(str::to_owned).or_else(|| site.fact(*fact).display(part))
        }
        Answer::Calculator(index, Some(result)) => {
            label.map(str::to_owned).or_else(|| result_of(*index as usize, *result as usize))
        }
        Answer::Calculator(index, None) => {
            let page = site.calculators.get(*index as usize).page;
            Some(format!("[{}]({})", site.title(page), absolute(&site.url(page).href())))
        }
        Answer::Here(_) | Answer::Nothing => None,
    }
}

/// The words of a piece of HTML that we wrote: tags taken away, entities undone.
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
    let words = words.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    words.trim().to_owned()
}
