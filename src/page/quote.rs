//! The sentence around a link, as the page that it leads to shows it.

use std::borrow::Cow;

use super::Pages;
use crate::analyse::{Mention, MentionedBy};
use crate::base::PageId;
use crate::read::html::escape_into;
use crate::read::{Reference, Target};
use crate::resolve::names::Meaning;

impl Pages<'_> {
    /// HTML of the sentence around a link, with the link's words marked; empty where there is none. It reads as it does
    /// on its own page: pages that are named by their id have their title, and facts their value.
    pub(super) fn quoted(&self, mention: &Mention) -> String {
        let mut html = String::new();
        let document = self.site.document(mention.from);
        if let MentionedBy::NextStep(step) = mention.by {
            let step = document.next_steps().nth(step as usize);
            escape_into(&mut html, step.and_then(|step| step.say.as_deref()).unwrap_or_default());
            return html;
        }
        let Some((link, prose)) = mention.link(document) else { return html };
        let Some(sentence) = link.sentence else { return html };
        let (text, range) = (&*prose.quotable, sentence.range());
        html.reserve(range.len() + 32);
        let mut inside: Vec<&Reference> = prose
            .references
            .iter()
            .filter(|other| range.start <= other.words.range().start && other.words.range().end <= range.end)
            .collect();
        inside.sort_by_key(|other| (other.words.start, std::cmp::Reverse(other.words.end)));
        let mut at = range.start;
        let mut marked_to = None;
        let mut write_to = |end: usize, html: &mut String| {
            escape_into(html, text.get(at..end).unwrap_or_default());
            at = at.max(end);
        };
        if sentence.cut_before {
            html.push('…');
        }
        let mut written_to = range.start;
        for other in inside {
            let words = other.words.range();
            if let Some(end) = marked_to.filter(|end| *end <= words.start) {
                write_to(end, &mut html);
                html.push_str("</mark>");
                marked_to = None;
            }
            // Inside words that something else stands for.
            if words.start < written_to {
                continue;
            }
            write_to(words.start, &mut html);
            let is_link = std::ptr::eq(other, link);
            if is_link {
                html.push_str("<mark>");
                marked_to = Some(words.end);
            }
            let target = is_link.then_some(mention.to);
            if let Some(instead) = self.instead(other, &text[words.clone()], target) {
                escape_into(&mut html, &instead);
                write_to(words.end, &mut String::new());
                written_to = words.end;
            }
        }
        if let Some(end) = marked_to {
            write_to(end, &mut html);
            html.push_str("</mark>");
        }
        write_to(range.end, &mut html);
        if sentence.cut_after {
            html.push('…');
        }
        html
    }

    /// What a reader sees in place of the words of a reference, where that is not these words.
    fn instead(&self, reference: &Reference, words: &str, target: Option<PageId>) -> Option<Cow<'_, str>> {
        match &reference.target {
            Target::Fact { id, part } if words.is_empty() => {
                let fact = self.site.fact(*self.site.fact_ids.get(&**id)?);
                fact.display(part)
            }
            // A calculator is called by its title, and what one comes to by the name of the result: its value is worked out where
            // it stands.
            Target::Calculator { id, result } if result.is_empty() => {
                let calculators = &self.site.calculators;
                let known = calculators.get(calculators.find(id)?);
                let is_bare = words.strip_prefix("calc:").is_some_and(|name| name.trim() == &**id);
                is_bare.then(|| Cow::Borrowed(self.site.title(known.page)))
            }
            Target::Calculator { id, result } if words.is_empty() => {
                let calculators = &self.site.calculators;
                let results = &calculators.get(calculators.find(id)?).placed.declaration.results;
                results
                    .iter()
                    .find(|known| *known.name.value == **result)
                    .map(|known| Cow::Borrowed(known.label.as_str()))
            }
            Target::Name { name, .. } if **name == *words => {
                let page = target.or_else(|| match self.site.names.find(name, &self.site.documents) {
                    Meaning::Page(page, true) => Some(page),
                    _ => None,
                })?;
                let outline = &self.site.document(page).outline;
                (outline.id == words).then_some(Cow::Borrowed(outline.title.as_str()))
            }
            _ => None,
        }
    }
}
