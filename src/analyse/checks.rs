//! Rules of the graph and of freshness: kinds at the ends of relations, circles, missing partners, orphans, due dates.

use std::collections::BTreeSet;

use super::Insights;
use crate::base::{KindId, PageId, RelationId, SourcePath};
use crate::config::{Config, Overrides, Relation};
use crate::diag::{Code, Diagnostic};
use crate::resolve::links::is_article;
use crate::resolve::{Edge, Site};

/// Checks every rule; levels are applied later, but rules that are off are not worked out.
#[must_use]
pub fn check(site: &Site, insights: &Insights, config: &Config, overrides: &Overrides) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let diagnostics = &mut found;
    for edge in &insights.edges {
        check_ends(site, edge, config.relation(edge.relation), config, diagnostics);
    }
    for (index, relation) in config.relations.iter().enumerate() {
        let id = RelationId::from_index(index);
        let edges: Vec<&Edge> = insights.edges.iter().filter(|edge| edge.relation == id).collect();
        if relation.acyclic && config.is_on(Code::RelationCycle) {
            check_circles(site, relation, &edges, diagnostics);
        }
        if relation.symmetric && config.is_on(Code::RelationOneSided) {
            check_one_sided(site, relation, &edges, diagnostics);
        }
        check_expected(site, relation, &edges, config, diagnostics);
    }
    check_pages(site, insights, config, overrides, diagnostics);
    if config.is_on(Code::PageDeadEnd) {
        check_dead_ends(site, insights, diagnostics);
    }
    if config.is_on(Code::VocabularyUnused) {
        check_vocabulary(site, insights, config, diagnostics);
    }
    check_facts(site, insights, config, overrides, diagnostics);
    found
}

fn check_ends(site: &Site, edge: &Edge, relation: &Relation, config: &Config, diagnostics: &mut Vec<Diagnostic>) {
    let from = site.document(edge.from);
    let to = site.document(edge.to);
    if edge.from == edge.to {
        let message = format!("`{}` names the page itself", relation.id);
        let diagnostic = Diagnostic::at(Code::RelationSelf, &from.path, edge.span, message);
        diagnostics.push(diagnostic.help("name another page, or take this entry away"));
        return;
    }
    let may = |allowed: &[KindId], kind: KindId| allowed.is_empty() || allowed.contains(&kind);
    let names = |allowed: &[KindId]| {
        let names: Vec<&str> = allowed.iter().map(|kind| config.kind(*kind).id.as_str()).collect();
        crate::data::quoted_list(&names)
    };
    if !may(&relation.from, from.kind) {
        let kind = &config.kind(from.kind).id;
        let message = format!("`{}` cannot start at a page of the kind `{kind}`", relation.id);
        let diagnostic = Diagnostic::at(Code::RelationRange, &from.path, edge.span, message);
        diagnostics.push(diagnostic.help(format!("it starts at {}", names(&relation.from))));
    }
    if !may(&relation.to, to.kind) {
        let kind = &config.kind(to.kind).id;
        let message = format!("`{}` cannot lead to `{}`, which is of the kind `{kind}`", relation.id, to.outline.id);
        let mut diagnostic = Diagnostic::at(Code::RelationRange, &from.path, edge.span, message)
            .help(format!("it leads to {}", names(&relation.to)));
        let fitting = config.relations.iter().find(|other| {
            !std::ptr::eq(*other, relation)
                && !other.to.is_empty()
                && may(&other.from, from.kind)
                && may(&other.to, to.kind)
        });
        if let Some(other) = fitting {
            diagnostic =
                diagnostic.help(format!("`{}` leads from `{}` to `{kind}`", other.id, config.kind(from.kind).id));
        }
        diagnostics.push(diagnostic);
    }
}

/// Reports each circle once, at the edge that closes it, spelled out as a → b → a.
fn check_circles(site: &Site, relation: &Relation, edges: &[&Edge], diagnostics: &mut Vec<Diagnostic>) {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut state = vec![State::New; site.documents.len()];
    // Edges are sorted by `from`: those of one page are one run.
    let run = |page: usize| {
        let start = edges.partition_point(|edge| edge.from.index() < page);
        let end = edges.partition_point(|edge| edge.from.index() <= page);
        &edges[start..end]
    };
    for first in edges {
        let start = first.from.index();
        if state[start] != State::New {
            continue;
        }
        let mut stack: Vec<(usize, usize)> = vec![(start, 0)];
        state[start] = State::Open;
        while let Some((page, next)) = stack.last_mut() {
            let here = *page;
            let Some(edge) = run(here).get(*next) else {
                state[here] = State::Done;
                stack.pop();
                continue;
            };
            *next += 1;
            let target = edge.to.index();
            match state[target] {
                State::New => {
                    state[target] = State::Open;
                    stack.push((target, 0));
                }
                State::Open if target != here => {
                    let from = stack.iter().position(|(page, _)| *page == target).unwrap_or(0);
                    let id = |page: usize| site.documents[page].outline.id.as_str();
                    let mut names: Vec<&str> = stack[from..].iter().map(|(page, _)| id(*page)).collect();
                    names.push(id(target));
                    let message = format!("`{}` runs in a circle: {}", relation.id, names.join(" → "));
                    diagnostics.push(
                        Diagnostic::at(Code::RelationCycle, &site.documents[here].path, edge.span, message)
                            .label("this closes the circle")
                            .help("take one of these relations away"),
                    );
                }
                State::Open | State::Done => {}
            }
        }
    }
}

fn check_one_sided(site: &Site, relation: &Relation, edges: &[&Edge], diagnostics: &mut Vec<Diagnostic>) {
    for edge in edges {
        let back = edges.binary_search_by_key(&(edge.to, edge.from), |other| (other.from, other.to));
        if back.is_err() && edge.from != edge.to {
            let (from, to) = (site.document(edge.from), site.document(edge.to));
            let message =
                format!("`{}` holds both ways, but `{}` does not name `{}`", relation.id, to.path, from.outline.id);
            diagnostics.push(
                Diagnostic::at(Code::RelationOneSided, &from.path, edge.span, message)
                    .help(format!("add `{}` to `{}` in `{}`", from.outline.id, relation.id, to.path)),
            );
        }
    }
}

/// "A role that needs no skill, a skill no role needs."
fn check_expected(
    site: &Site,
    relation: &Relation,
    edges: &[&Edge],
    config: &Config,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if config.is_on(Code::RelationMissing) {
        for kind in &relation.expected_from {
            for page in &site.sections[kind.index()] {
                let start = edges.partition_point(|edge| edge.from < *page);
                let wanted = |edge: &&Edge| {
                    relation.expected_to.is_empty() || relation.expected_to.contains(&site.kind(edge.to))
                };
                if !edges[start..].iter().take_while(|edge| edge.from == *page).any(wanted) {
                    let document = site.document(*page);
                    let targets: Vec<&str> =
                        relation.expected_to.iter().map(|kind| config.kind(*kind).id.as_str()).collect();
                    let what = if targets.is_empty() { "page".to_owned() } else { targets.join(" or ") };
                    let message = format!(
                        "the {} `{}` {} no {what}",
                        config.kind(*kind).id,
                        document.outline.title,
                        verb(relation)
                    );
                    diagnostics.push(
                        Diagnostic::at(Code::RelationMissing, &document.path, document.front.title.span, message)
                            .help(format!("add `{}: […]` under `relations`, with the id of a {what}", relation.id)),
                    );
                }
            }
        }
    }
    if !relation.expected_to.is_empty() && config.is_on(Code::RelationUnused) {
        let used = reached(site, relation, edges);
        for kind in &relation.expected_to {
            for page in &site.sections[kind.index()] {
                if used[page.index()] {
                    continue;
                }
                let document = site.document(*page);
                let sources: Vec<&str> =
                    relation.expected_from.iter().map(|kind| config.kind(*kind).id.as_str()).collect();
                let what = if sources.is_empty() { "page".to_owned() } else { sources.join(" or ") };
                let message =
                    format!("no {what} {} the {} `{}`", verb(relation), config.kind(*kind).id, document.outline.title);
                diagnostics.push(
                    Diagnostic::at(Code::RelationUnused, &document.path, document.front.title.span, message)
                        .help(format!("add `{}` to `{}` on a {what} that needs it", document.outline.id, relation.id)),
                );
            }
        }
    }
}

/// The relation's label as a verb: "requires".
fn verb(relation: &Relation) -> String {
    relation.label.to_lowercase()
}

/// Pages that an expected kind reaches by a relation, through others when it is transitive.
fn reached(site: &Site, relation: &Relation, edges: &[&Edge]) -> Vec<bool> {
    let mut used = vec![false; site.documents.len()];
    let starts = |page: PageId| relation.expected_from.is_empty() || relation.expected_from.contains(&site.kind(page));
    let mut pending: Vec<PageId> = Vec::new();
    for edge in edges.iter().filter(|edge| starts(edge.from)) {
        if !used[edge.to.index()] {
            used[edge.to.index()] = true;
            pending.push(edge.to);
        }
    }
    while relation.transitive
        && let Some(page) = pending.pop()
    {
        let start = edges.partition_point(|edge| edge.from < page);
        for edge in edges[start..].iter().take_while(|edge| edge.from == page) {
            if !used[edge.to.index()] {
                used[edge.to.index()] = true;
                pending.push(edge.to);
            }
        }
    }
    used
}

fn check_pages(
    site: &Site,
    insights: &Insights,
    config: &Config,
    overrides: &Overrides,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for page in site.pages() {
        let document = site.document(page);
        let title = document.front.title.span;
        match &document.front.description {
            None if is_article(document) => diagnostics.push(
                Diagnostic::at(Code::DescriptionMissing, &document.path, title, "this page has no `description`")
                    .help("add `description: …`, one sentence: it stands in lists, previews and search results"),
            ),
            Some(description) => {
                let length = description.value.chars().count();
                if !(50..=160).contains(&length) {
                    let message =
                        format!("the description has {length} characters; lists and search engines show 50 to 160");
                    let what = if length < 50 {
                        "say in one sentence what the page answers"
                    } else {
                        "leave out what the page says anyway"
                    };
                    let diagnostic = Diagnostic::at(Code::DescriptionLength, &document.path, description.span, message);
                    diagnostics.push(diagnostic.help(what));
                }
            }
            None => {}
        }
        if let (Some(due), Some(today)) = (&document.front.review_by, overrides.today)
            && due.value < today
        {
            let message = format!("this page should have been read again by {}", due.value);
            diagnostics.push(
                Diagnostic::at(Code::ReviewDue, &document.path, due.span, message)
                    .help("read it against its sources, then set `reviewed` and `review_by`"),
            );
        }
        if is_article(document) && config.is_on(Code::PageOrphan) && is_orphan(insights, page) {
            diagnostics.push(
                Diagnostic::at(Code::PageOrphan, &document.path, title, "no other page links or relates to this page")
                    .help("readers find it only in its section's list: link it where it helps"),
            );
        }
    }
}

/// Pages from which a reader can only go back: their text leads to no other page, and no relation does.
fn check_dead_ends(site: &Site, insights: &Insights, diagnostics: &mut Vec<Diagnostic>) {
    let mut leads_on = vec![false; site.documents.len()];
    for mention in insights.backlinks.iter().flatten() {
        leads_on[mention.from.index()] = true;
    }
    for page in site.pages() {
        let document = site.document(page);
        if is_article(document) && !leads_on[page.index()] && insights.relations[page.index()].is_empty() {
            let message = "this page leads to no other page";
            let diagnostic = Diagnostic::at(Code::PageDeadEnd, &document.path, document.front.title.span, message);
            diagnostics.push(diagnostic.help("end it with a link to what its reader will want next: `[[…]]`"));
        }
    }
}

/// Kinds without pages, fields that no page fills and relations that no page has.
fn check_vocabulary(site: &Site, insights: &Insights, config: &Config, diagnostics: &mut Vec<Diagnostic>) {
    let path = SourcePath::new("site.toml");
    let mut unused = |message: String, help: String| {
        diagnostics.push(Diagnostic::about(Code::VocabularyUnused, &path, message).help(help));
    };
    let mut pages = vec![0usize; config.kinds.len()];
    let mut filled: Vec<BTreeSet<&str>> = vec![BTreeSet::new(); config.kinds.len()];
    for page in site.pages() {
        let document = site.document(page);
        pages[document.kind.index()] += 1;
        filled[document.kind.index()].extend(document.front.fields.iter().map(|field| field.id.as_str()));
    }
    for (index, kind) in config.kinds.iter().enumerate() {
        if pages[index] == 0 {
            let help = format!("write one in `content/{}/`, or allow this lint", kind.folder);
            unused(format!("no page is of the kind `{}`", kind.id), help.replace("//", "/"));
            continue;
        }
        for field in kind.fields.iter().filter(|field| !filled[index].contains(field.id.as_str())) {
            let help = format!("fill it where readers would look for it: {}", field.label);
            unused(format!("no page of the kind `{}` has the field `{}`", kind.id, field.id), help);
        }
    }
    for (index, relation) in config.relations.iter().enumerate() {
        if !insights.edges.iter().any(|edge| edge.relation == RelationId::from_index(index)) {
            let help = format!("relate two pages by it: `{}` under `relations` in front matter", relation.id);
            unused(format!("no page has the relation `{}`", relation.id), help);
        }
    }
}

fn is_orphan(insights: &Insights, page: PageId) -> bool {
    insights.backlinks[page.index()].is_empty() && insights.relations[page.index()].is_empty()
}

fn check_facts(
    site: &Site,
    insights: &Insights,
    config: &Config,
    overrides: &Overrides,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for (index, fact) in site.facts.iter().enumerate() {
        if let Some(today) = overrides.today
            && fact.is_stale(today)
            && let Some(due) = fact.check_again
        {
            let message = format!("the fact `{}` should have been checked again by {due}", fact.id);
            diagnostics.push(
                Diagnostic::at(Code::FactStale, &fact.path, fact.check_again_span, message)
                    .help("read its source again, then set `checked` and `check_again`"),
            );
        }
        if config.is_on(Code::FactUnused) && insights.pages_of_fact[index].is_empty() {
            let message = format!("no page uses the fact `{}`", fact.id);
            let diagnostic = Diagnostic::at(Code::FactUnused, &fact.path, fact.id_span, message);
            diagnostics.push(diagnostic.help(format!("use it with `[[fact:{}]]`, or delete the record", fact.id)));
        }
    }
}
