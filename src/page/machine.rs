//! Files for machines: feed, sitemap, manifest, list for language models, the graph and the facts as data.

use serde::Serialize;
use serde_json::json;

use super::Pages;
use super::article::iso;
use super::view::{AssetsView, EntriesView, EntryView, JsonView};
use crate::base::{Date, PageId, UrlPath};
use crate::config::Config;
use crate::read::Figures;
use crate::read::html::escape_into;
use crate::resolve::Owner;
use crate::resolve::routes::twin_url;

/// The day that a site without any review is dated with: a feed must carry a time, and the clock may not enter.
const NO_DAY: &str = "1970-01-01";

impl Pages<'_> {
    /// The feed: pages reviewed last, newest first.
    #[must_use]
    pub fn feed(&self) -> EntriesView {
        let mut pages: Vec<PageId> = self
            .site
            .pages()
            .filter(|page| self.stands_alone(*page) && self.site.document(*page).front.reviewed.is_some())
            .collect();
        pages.sort_by_key(|page| (std::cmp::Reverse(self.site.document(*page).front.reviewed), *page));
        pages.truncate(self.config.feed_limit);
        let entries: Vec<EntryView> = pages
            .into_iter()
            .map(|page| {
                let mut entry = self.entry(page);
                entry.updated = entry.updated.map(|day| format!("{day}T00:00:00Z"));
                entry
            })
            .collect();
        let updated = entries.first().and_then(|entry| entry.updated.clone());
        EntriesView {
            url: format!("{}feed.xml", self.config.base_url),
            updated: updated.unwrap_or_else(|| format!("{NO_DAY}T00:00:00Z")),
            entries,
        }
    }

    /// Every address that search engines should know (sitemaps.org, protocol 0.9).
    #[must_use]
    pub fn sitemap(&self) -> String {
        let mut xml = String::with_capacity(256 + self.site.routes.len() * (self.config.base_url.len() + 64));
        xml.push_str(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
        );
        let mut add = |url: &UrlPath, updated: Option<Date>| {
            xml.push_str("<url><loc>");
            escape_into(&mut xml, &self.config.base_url);
            escape_into(&mut xml, &url.href());
            xml.push_str("</loc>");
            if let Some(day) = updated {
                xml.push_str("<lastmod>");
                xml.push_str(&day.to_string());
                xml.push_str("</lastmod>");
            }
            xml.push_str("</url>\n");
        };
        for (url, owner) in self.site.routes.iter() {
            match owner {
                Owner::Page(page) if !self.site.document(*page).front.draft => {
                    add(url, self.site.document(*page).front.reviewed);
                }
                Owner::Section(_)
                | Owner::Topic(_)
                | Owner::Topics
                | Owner::Facts
                | Owner::Sources
                | Owner::Map
                | Owner::Path => add(url, None),
                _ => {}
            }
        }
        xml.push_str("</urlset>\n");
        xml
    }

    fn entry(&self, page: PageId) -> EntryView {
        let document = self.site.document(page);
        EntryView {
            title: document.outline.title.clone(),
            url: format!("{}{}", self.config.base_url, self.href(page)),
            updated: document.front.reviewed.map(|day| day.to_string()),
            description: self.site.description(page).to_owned(),
        }
    }

    /// Pages with their twins, by kind (llmstxt.org).
    #[must_use]
    pub fn llms(&self) -> String {
        let mut text = format!("# {}\n", self.config.title);
        if !self.config.description.is_empty() {
            text.push_str(&format!("\n> {}\n", self.config.description));
        }
        let mut groups: Vec<(&str, &[PageId])> = Vec::new();
        let home = self.site.home.as_slice();
        groups.push(("Start", home));
        let sections = self.config.kinds.iter().zip(&self.site.sections);
        groups.extend(sections.map(|(kind, section)| (kind.plural.as_str(), section.as_slice())));
        for (label, pages) in groups.into_iter().filter(|(_, pages)| !pages.is_empty()) {
            text.push_str(&format!("\n## {label}\n\n"));
            for page in pages {
                self.push_llms_line(*page, &mut text);
            }
        }
        text
    }

    fn push_llms_line(&self, page: PageId, text: &mut String) {
        text.push_str("- [");
        text.push_str(self.site.title(page));
        text.push_str("](");
        text.push_str(&self.config.base_url);
        if self.config.twins {
            text.push_str(&twin_url(self.site.url(page)).href());
        } else {
            text.push_str(self.href(page));
        }
        text.push(')');
        let description = self.site.description(page);
        if !description.is_empty() {
            text.push_str(": ");
            text.push_str(description);
        }
        text.push('\n');
    }

    /// The web manifest.
    #[must_use]
    pub fn manifest(&self) -> JsonView {
        let icon = self.site.assets.keys().any(|url| url.as_str() == "favicon.svg");
        let icons =
            if icon { json!([{ "src": "favicon.svg", "type": "image/svg+xml", "sizes": "any" }]) } else { json!([]) };
        JsonView {
            json: pretty(&json!({
                "name": self.config.title, "short_name": self.config.title, "description": self.config.description,
                "start_url": ".", "scope": ".", "display": "minimal-ui", "lang": self.config.language, "icons": icons,
            })),
        }
    }

    /// What hosts that know `_headers` (Netlify, Cloudflare Pages and others) send with files. A file whose name carries
    /// a hash of its content never changes; browsers need not ask for it again for a year.
    #[must_use]
    pub fn headers(&self, assets: &AssetsView) -> String {
        let rest = self.config.base_url.split_once("://").map_or("", |(_, rest)| rest);
        let base = rest.find('/').map_or("/", |at| &rest[at..]);
        let mut text =
            format!("{base}*\n  X-Content-Type-Options: nosniff\n  Referrer-Policy: strict-origin-when-cross-origin\n");
        // The index for searching names its files by their content, too, all but the one that knows the others.
        let parts: Vec<String> = (self.config.search_languages().iter())
            .map(|language| format!("{}{}*", Config::search_folder(language), Config::SEARCH_PARTS))
            .collect();
        let mut paths: Vec<&str> = assets.scripts.iter().map(|script| script.path.as_str()).collect();
        paths.push(&assets.style);
        paths.extend(assets.script.as_deref());
        paths.extend(assets.head_script.as_deref());
        paths.extend(assets.common.iter().chain(&assets.sheets).map(|file| file.path.as_str()));
        paths.extend(assets.apart.iter().flat_map(|part| part.style.iter().chain(&part.script)).map(String::as_str));
        paths.sort_unstable();
        paths.extend(parts.iter().filter(|_| self.config.search).map(String::as_str));
        for path in paths {
            text.push_str(&format!("{base}{path}\n  Cache-Control: public, max-age=31536000, immutable\n"));
        }
        text
    }

    /// The graph: pages, typed relations, and mentions apart from them.
    #[must_use]
    pub fn graph(&self) -> String {
        let nodes = || {
            self.site.pages().map(|page| {
                let document = self.site.document(page);
                GraphNode {
                    id: &document.outline.id,
                    title: &document.outline.title,
                    kind: &self.config.kind(document.kind).id,
                    path: self.href(page),
                    topics: document.front.topics.iter().map(|topic| topic.value.as_str()).collect(),
                }
            })
        };
        let kinds = self
            .config
            .kinds
            .iter()
            .map(|kind| GraphKind { id: &kind.id, label: &kind.label, plural: &kind.plural })
            .collect();
        let relations = self
            .config
            .relations
            .iter()
            .map(|relation| GraphRelation {
                id: &relation.id,
                label: &relation.label,
                inverse_label: &relation.inverse_label,
                symmetric: relation.symmetric,
                transitive: relation.transitive,
            })
            .collect();
        // Edges and mentions are many and name little but ids: each id is made JSON once.
        let ids: Vec<String> = self.site.documents.iter().map(|document| json_text(&document.outline.id)).collect();
        // It is the largest of all files. Growing by doubling it would be held almost twice over; room that is not used costs
        // nothing.
        let length = |node: GraphNode<'_>| {
            let topics: usize = node.topics.iter().map(|topic| topic.len() + 3).sum();
            node.id.len() + node.title.len() + node.path.len() + topics + 80
        };
        let edges: usize = self.insights.edges.iter().map(|edge| ids[edge.to.index()].len() * 2 + 64).sum();
        let mentions = self.insights.backlinks.iter().zip(&ids).map(|(list, id)| (list.len() + 1) * (id.len() + 4));
        let room = nodes().map(length).sum::<usize>() + edges + mentions.sum::<usize>() + 4096;
        let mut bytes = Vec::with_capacity(room);
        // Writing to memory cannot fail, and JSON is always UTF-8.
        let _ = serde_json::to_writer(&mut bytes, &GraphHead { kinds, relations, nodes: Each(nodes) });
        let mut text = String::from_utf8(bytes).unwrap_or_default();
        text.truncate(text.len().saturating_sub(1));
        text.push_str(",\"edges\":");
        self.push_edges(&ids, &mut text);
        text.push_str(",\"mentions\":");
        self.push_mentions(&ids, &mut text);
        text.push_str("}\n");
        text
    }

    fn push_edges(&self, ids: &[String], text: &mut String) {
        let relations: Vec<String> = self.config.relations.iter().map(|relation| json_text(&relation.id)).collect();
        let mut before = '[';
        for edge in &self.insights.edges {
            text.push(before);
            text.push_str("{\"from\":");
            text.push_str(&ids[edge.from.index()]);
            text.push_str(",\"relation\":");
            text.push_str(&relations[edge.relation.index()]);
            text.push_str(",\"to\":");
            text.push_str(&ids[edge.to.index()]);
            text.push('}');
            before = ',';
        }
        text.push_str(if before == '[' { "[]" } else { "]" });
    }

    /// Each page once, with all it mentions; in the order of ids.
    fn push_mentions(&self, ids: &[String], text: &mut String) {
        let mut mentions: Vec<(PageId, PageId)> =
            self.insights.backlinks.iter().flatten().map(|mention| (mention.from, mention.to)).collect();
        mentions.sort_unstable();
        let mut runs: Vec<&[(PageId, PageId)]> = mentions.chunk_by(|one, next| one.0 == next.0).collect();
        runs.sort_unstable_by_key(|run| &self.site.document(run[0].0).outline.id);
        let mut before = '{';
        for run in runs {
            text.push(before);
            text.push_str(&ids[run[0].0.index()]);
            text.push(':');
            let mut before_id = '[';
            for (_, to) in run {
                text.push(before_id);
                text.push_str(&ids[to.index()]);
                before_id = ',';
            }
            text.push(']');
            before = ',';
        }
        text.push_str(if before == '{' { "{}" } else { "}" });
    }

    /// All facts as JSON.
    #[must_use]
    pub fn facts_json(&self) -> String {
        let facts = || {
            self.site.facts.iter().enumerate().map(|(index, fact)| {
                let used_by: Vec<&str> = self.insights.pages_of_fact[index]
                    .iter()
                    .map(|page| self.site.document(*page).outline.id.as_str())
                    .collect();
                let mut value = json!({
                    "id": fact.id, "statement": fact.statement, "unit": fact.unit_text, "as_of": iso(fact.as_of),
                    "place": fact.place, "excludes": fact.excludes, "evidence": fact.evidence,
                    "confidence": fact.confidence, "seen": fact.seen, "spread": fact.spread, "note": fact.note,
                    "reasoning": fact.reasoning, "checked": fact.checked.map(|day| day.to_string()),
                    "check_again": fact.check_again.map(|day| day.to_string()),
                    "source": fact.source.as_ref().map(|source| json!({
                        "title": source.title, "publisher": source.publisher, "url": source.url,
                    })),
                    "used_by": used_by,
                });
                match &fact.figures {
                    Figures::Text(text) => value["value"] = json!(text),
                    Figures::Value(number) => value["value"] = json!(number),
                    Figures::Range { low, typical, high } => {
                        value["low"] = json!(low);
                        value["typical"] = json!(typical);
                        value["high"] = json!(high);
                    }
                    Figures::Series(years) => {
                        value["series"] = years.iter().map(|(year, number)| (year.clone(), json!(number))).collect();
                    }
                }
                value
            })
        };
        pretty(&Each(facts))
    }

    /// All facts as comma-separated values (RFC 4180), one row each; a series has a row for each year.
    #[must_use]
    pub fn facts_csv(&self) -> String {
        let mut csv = String::from(
            "id,statement,year,value,low,typical,high,unit,as_of,place,excludes,evidence,confidence,seen,source,publisher,url,checked,check_again\r\n",
        );
        for fact in &self.site.facts {
            let number = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
            let rows: Vec<[String; 5]> = match &fact.figures {
                Figures::Text(text) => vec![[String::new(), text.clone(), String::new(), String::new(), String::new()]],
                Figures::Value(value) => {
                    vec![[String::new(), number(Some(*value)), String::new(), String::new(), String::new()]]
                }
                Figures::Range { low, typical, high } => {
                    vec![[String::new(), String::new(), number(*low), number(*typical), number(*high)]]
                }
                Figures::Series(years) => years
                    .iter()
                    .map(|(year, value)| {
                        [year.clone(), number(Some(*value)), String::new(), String::new(), String::new()]
                    })
                    .collect(),
            };
            for [year, value, low, typical, high] in rows {
                let source = fact.source.as_ref();
                let day = |day: Option<crate::base::Date>| day.map(|day| day.to_string()).unwrap_or_default();
                let columns = [
                    fact.id.clone(),
                    fact.statement.clone(),
                    year,
                    value,
                    low,
                    typical,
                    high,
                    fact.unit_text.clone(),
                    iso(fact.as_of),
                    fact.place.clone(),
                    fact.excludes.clone().unwrap_or_default(),
                    fact.evidence.to_owned(),
                    fact.confidence.to_owned(),
                    fact.seen.to_owned(),
                    source.map(|source| source.title.clone()).unwrap_or_default(),
                    source.and_then(|source| source.publisher.clone()).unwrap_or_default(),
                    source.and_then(|source| source.url.clone()).unwrap_or_default(),
                    day(fact.checked),
                    day(fact.check_again),
                ];
                let cells: Vec<String> = columns.iter().map(|column| cell(column)).collect();
                csv.push_str(&cells.join(","));
                csv.push_str("\r\n");
            }
        }
        csv
    }
}

/// The part of `graph.json` that grows with pages alone.
#[derive(Serialize)]
struct GraphHead<'a, N: Serialize> {
    kinds: Vec<GraphKind<'a>>,
    relations: Vec<GraphRelation<'a>>,
    nodes: N,
}

/// A list whose entries are made one by one while it is written.
struct Each<F>(F);

impl<F: Fn() -> I, I: Iterator<Item: Serialize>> Serialize for Each<F> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

#[derive(Serialize)]
struct GraphKind<'a> {
    id: &'a str,
    label: &'a str,
    plural: &'a str,
}

#[derive(Serialize)]
struct GraphRelation<'a> {
    id: &'a str,
    label: &'a str,
    inverse_label: &'a str,
    symmetric: bool,
    transitive: bool,
}

#[derive(Serialize)]
struct GraphNode<'a> {
    id: &'a str,
    title: &'a str,
    kind: &'a str,
    path: &'a str,
    topics: Vec<&'a str>,
}

fn json_text(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// A cell; quoted where it must be. A text that a spreadsheet would run as a formula gets an apostrophe.
fn cell(text: &str) -> String {
    let formula =
        text.starts_with(['=', '+', '@', '\t', '\r']) || (text.starts_with('-') && text.parse::<f64>().is_err());
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

fn pretty(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}
