//! What holds for every published site: no internal link or anchor dangles, no id stands twice on a page, nothing inline.

use crate::workshop::{self, Built, Site};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A page taken apart as far as these laws need it.
struct Page {
    ids: Vec<String>,
    /// Values of `href`, `src` and the like, with references resolved.
    addresses: Vec<String>,
    /// Attributes and elements that the published policy blocks.
    inline: Vec<String>,
}

#[test]
fn nothing_dangles_in_a_site_that_uses_everything() {
    assert_sound(&everything().build());
}

#[test]
fn nothing_dangles_when_each_page_is_a_file() {
    let site = everything();
    let settings = site.file("site.toml") + "output.urls = \"flat\"\n";
    let built = site.with("site.toml", settings).build();
    assert_sound(&built);
    let output = built.output();
    let names: Vec<&str> = output.keys().map(String::as_str).collect();
    for name in ["roles/a.html", "roles/a.md", "topics/studio-work.html", "facts.html", "sources.html", "print.html"] {
        assert!(names.contains(&name), "{name} is missing among {names:?}");
    }
    // Folders have an index only where pages lie below it, and where an earlier address was one.
    let indexes: Vec<&str> = names.iter().copied().filter(|name| name.ends_with("index.html")).collect();
    let expected = [
        "b & c/index.html",
        "glossary/index.html",
        "index.html",
        "older/index.html",
        "pathways/index.html",
        "roles/index.html",
        "search/index.html",
        "skills/index.html",
        "topics/index.html",
    ];
    assert_eq!(indexes, expected);
    // Whatever a page or a file for machines calls an address of the site is the address of a file.
    for (name, bytes) in &output {
        let text = String::from_utf8_lossy(bytes);
        for (at, _) in text.match_indices("https://example.org/") {
            let address: String =
                text[at + 20..].chars().take_while(|letter| !"\"'<>)#? \\\n,".contains(*letter)).collect();
            let is_ours = !["one", "two", "book", "{path}"].contains(&address.as_str());
            let file = file_of("index.html", &address).unwrap_or_default();
            assert!(!is_ours || output.contains_key(&file), "{name} names `{address}`, which is not published");
        }
    }
}

#[test]
fn a_site_below_a_path_leads_nowhere_above_it() {
    let settings = "title = \"Test\"\nbase_url = \"https://example.org/below/here/\"\n";
    let built = everything().with("site.toml", settings).build();
    assert_sound_below("/below/here/", &built);
    // What machines are told are whole addresses, and below the path, too.
    let outside = ["one", "two", "book"].map(|source| format!("https://example.org/{source}"));
    for (path, bytes) in built.output() {
        let text = String::from_utf8_lossy(&bytes);
        for (at, _) in text.match_indices("https://example.org/") {
            let address = &text[at..];
            let is_ours = address.starts_with("https://example.org/below/here/");
            let shown: String = address.chars().take(60).collect();
            assert!(is_ours || outside.iter().any(|source| address.starts_with(source)), "{path}: {shown}");
        }
    }
    for (path, part) in [
        ("robots.txt", "Sitemap: https://example.org/below/here/sitemap.xml\n"),
        ("sitemap.xml", "<loc>https://example.org/below/here/roles/a/</loc>"),
        ("_headers", "\n/below/here/assets/"),
        ("older/index.html", "https://example.org/below/here/roles/a/"),
        ("roles/a/index.html", "<link rel=\"canonical\" href=\"https://example.org/below/here/roles/a/\">"),
        // Shown in place of any page, however deep.
        ("404.html", "href=\"/below/here/"),
    ] {
        let text = built.text(path).unwrap_or_else(|| panic!("{path} is published"));
        assert!(text.contains(part), "{path} has no `{part}`:\n{text}");
    }
}

#[test]
fn nothing_dangles_in_the_repository_s_own_guide() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert_sound(&Site::from_project(root).build());
}

/// A site whose pages do to each other what pages can do.
fn everything() -> Site {
    let fact = |id: &str| {
        format!(
            "- id: {id}\n  statement: Something\n  low: 1\n  typical: 2\n  high: 3\n  unit: USD/year\n  as_of: 2025\n  place: US\n  \
             evidence: survey\n  source: {{title: Survey of {id}, publisher: Somebody, url: \"https://example.org/{id}\"}}\n  \
             check_again: 2020-01-01\n"
        )
    };
    Site::with_default_theme()
        .with("content/index.md", "---\ntitle: Home\ndescription: The first page\n---\n\nSee [[A]] and [roles](/roles/), [[#Here]].\n\n## Here\n")
        .with("content/facts/a.yaml", fact("one") + &fact("two"))
        .with("static/desk.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"3\" viewBox=\"0 0 4 3\"/>")
        .with("static/form.pdf", "not really")
        .with(
            "content/roles/a.md",
            "---\ntitle: A\naliases: [Alias of A]\ntopics: [studio work, R&D, \"音楽\", \"<b>\"]\nreviewed: 2026-11-23\n\
             redirect_from: [/old/a.html, /older/]\npay: {fact: one}\nbottom_line: See [[B]] and [[fact:two]].\n\
             tasks: [\"One [[C]]\", Two]\nrelations: {requires: [B], leads_to: [D page], contrasts_with: [E]}\n\
             sources: [{title: A book, publisher: Somebody, url: \"https://example.org/book\"}]\n---\n\n\
             ## Source 1\n\n[[fact:one]] and [[fact:two.high]] and [[fact:one]] again[^a].\n\n## Fn 1\n\nText[^b].\n\n\
             ## Cite 1\n\n![A desk](/desk.svg \"A caption\")\n\n[The form](/form.pdf), [[B#Same]], [[B#Same|two]].\n\n\
             ## Main\n\n### Content\n\n## Search\n\n## Toc\n\n![[B]]\n\n![[C#One]]\n\n| a | b |\n|---|--:|\n| [[C]] | $x$ |\n\n\
             ```rust\nfn a() {}\n```\n\n[^a]: Note with [[C]] and [[fact:two]].\n[^b]: Other note.\n",
        )
        .with(
            "content/skills/b.md",
            "---\ntitle: B\nredirect_from: [b & c/]\n---\n\n## Same\n\nText[^a] with [[fact:one]].\n\n## Same\n\n[[A]], [here](#same-2).\n\n\
             [^a]: Note of B.\n",
        )
        .with("content/skills/c.md", "---\ntitle: C\nrelations: {requires: [B]}\n---\n\n## One\n\nText[^1].\n\n![[D page#Deep]]\n\n[^1]: Note of C.\n")
        .with("content/pathways/d.md", "---\ntitle: D page\nramp: 6–12 month\n---\n\n## Deep\n\n[[fact:two]], [[A]].\n")
        .with("content/roles/e.md", "---\ntitle: E\nrelations: {contrasts_with: [A]}\n---\n\nSee [[Draft]] and [[Alias of A]].\n")
        .with("content/roles/draft.md", "---\ntitle: Draft\ndraft: true\n---\n\nSecret.\n")
        .with("content/glossary/t.md", "---\ntitle: Term\nshort: What [[A]] does.\n---\n")
        .with("content/Ünïcode näme.md", "---\ntitle: Ünïcode & <names>\n---\n\n## Überschrift\n\n[[#Überschrift]], [[Term]], [x](<Ünïcode näme.md#überschrift>).\n")
        .with("content/roles/音楽.md", "---\ntitle: 音楽\n---\n\n[[Ünïcode & <names>]]\n")
}

/// Fails with every law that some published page breaks.
#[track_caller]
fn assert_sound(built: &Built) {
    assert_sound_below("/", built);
}

/// The same for a site that lives below a path: no page names an address above it.
#[track_caller]
fn assert_sound_below(base: &str, built: &Built) {
    assert!(!built.has_errors(), "{}", built.rendered_diagnostics());
    let output = built.output();
    let pages: BTreeMap<&str, Page> = output
        .iter()
        .filter(|(path, _)| path.ends_with(".html"))
        .map(|(path, bytes)| (path.as_str(), take_apart(&String::from_utf8_lossy(bytes))))
        .collect();
    let mut faults = BTreeSet::new();
    for (path, page) in &pages {
        let mut seen = BTreeSet::new();
        for id in &page.ids {
            if !seen.insert(id) {
                faults.insert(format!("{path}: the id `{id}` stands twice"));
            }
        }
        faults.extend(page.inline.iter().map(|inline| format!("{path}: `{inline}` is blocked by the policy")));
        for address in &page.addresses {
            let ups = address.split('/').take_while(|part| *part == "..").count();
            let is_above = (address.starts_with('/') && !address.starts_with("//") && !address.starts_with(base))
                || ups > path.matches('/').count();
            if is_above {
                faults.insert(format!("{path}: `{address}` leads out of the site"));
            }
            let address = address.strip_prefix(base).map_or_else(|| address.clone(), |rest| format!("/{rest}"));
            if let Some(fault) = dangling(path, &address, &output, &pages) {
                faults.insert(format!("{path}: {fault}"));
            }
        }
    }
    let shown: Vec<String> = faults.iter().take(60).cloned().collect();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), shown.join("\n"));
}

/// What a reader misses who begins at these pages and follows every link: addresses of files that are not there.
pub(crate) fn missing_from(output: &BTreeMap<String, Vec<u8>>, starts: &[&str]) -> Vec<String> {
    let mut open: Vec<String> = starts.iter().map(|start| (*start).to_owned()).collect();
    let mut seen: BTreeSet<String> = open.iter().cloned().collect();
    let mut missing = Vec::new();
    while let Some(path) = open.pop() {
        for address in take_apart(&String::from_utf8_lossy(&output[&path])).addresses {
            let target = address.split('#').next().unwrap_or_default();
            let scheme = target.split(['/', '?']).next().unwrap_or_default();
            if target.is_empty() || scheme.contains(':') || target.starts_with("//") {
                continue;
            }
            let Some(file) = file_of(&path, target) else { continue };
            if !output.contains_key(&file) {
                missing.push(format!("{path} leads to {file}"));
            } else if file.ends_with(".html") && seen.insert(file.clone()) {
                open.push(file);
            }
        }
    }
    missing
}

/// Why an address of the page at `path` leads nowhere on the site, if it does not.
fn dangling(
    path: &str,
    address: &str,
    output: &BTreeMap<String, Vec<u8>>,
    pages: &BTreeMap<&str, Page>,
) -> Option<String> {
    let (target, anchor) = address.split_once('#').map_or((address, ""), |(target, anchor)| (target, anchor));
    let scheme = target.split(['/', '?']).next().unwrap_or_default();
    if scheme.contains(':') || target.starts_with("//") {
        return None;
    }
    let file = if target.is_empty() { path.to_owned() } else { file_of(path, target)? };
    if !output.contains_key(&file) {
        return Some(format!("`{address}` leads to {file}, which is not published"));
    }
    let anchor = workshop::percent_decoded(anchor);
    let known = anchor.is_empty() || pages.get(file.as_str()).is_none_or(|page| page.ids.contains(&anchor));
    (!known).then(|| format!("`{address}` leads to an anchor that {file} has not"))
}

/// The published file that a relative or site-absolute address of the page at `path` names.
fn file_of(path: &str, target: &str) -> Option<String> {
    let target = target.split('?').next().unwrap_or_default();
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = match target.starts_with('/') {
        true => Vec::new(),
        false => folder.split('/').filter(|part| !part.is_empty()).collect(),
    };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            // Above the root there is nothing: browsers stay there.
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let mut file = workshop::percent_decoded(&parts.join("/"));
    if file.is_empty() || target.ends_with('/') || target.ends_with('.') {
        file = if file.is_empty() { "index.html".to_owned() } else { format!("{file}/index.html") };
    }
    Some(file)
}

/// Takes the tags of a page apart. Our own output is well formed, so this needs no browser's leniency; the text inside
/// `script` elements (structured data) is skipped.
fn take_apart(html: &str) -> Page {
    let mut page = Page { ids: Vec::new(), addresses: Vec::new(), inline: Vec::new() };
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        if !rest.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
            continue;
        }
        let end =
            rest.find(|letter: char| letter.is_whitespace() || letter == '>' || letter == '/').unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        rest = &rest[end..];
        let mut attributes: Vec<(String, String)> = Vec::new();
        loop {
            rest = rest.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '/');
            if rest.is_empty() || rest.starts_with('>') {
                break;
            }
            let end =
                rest.find(|letter: char| letter.is_whitespace() || matches!(letter, '=' | '>')).unwrap_or(rest.len());
            let attribute = rest[..end.max(1)].to_ascii_lowercase();
            rest = &rest[end.max(1)..];
            let mut value = "";
            if let Some(valued) = rest.strip_prefix('=') {
                let quoted = valued
                    .strip_prefix('"')
                    .map(|inside| (inside, '"'))
                    .or_else(|| valued.strip_prefix('\'').map(|inside| (inside, '\'')));
                (value, rest) = match quoted {
                    Some((inside, quote)) => inside.split_once(quote).unwrap_or((inside, "")),
                    None => valued.split_at(
                        valued.find(|letter: char| letter.is_whitespace() || letter == '>').unwrap_or(valued.len()),
                    ),
                };
            }
            attributes.push((attribute, workshop::references_resolved(value)));
        }
        note(&name, &attributes, &mut page);
        if name == "script" || name == "style" {
            rest = rest.split_once(&format!("</{name}")).map_or("", |(_, after)| after);
        }
    }
    page
}

/// Keeps what the laws ask about one element.
fn note(name: &str, attributes: &[(String, String)], page: &mut Page) {
    let value =
        |wanted: &str| attributes.iter().find(|(attribute, _)| attribute == wanted).map(|(_, value)| value.as_str());
    for (attribute, value) in attributes {
        match attribute.as_str() {
            "id" => page.ids.push(value.clone()),
            "href" | "src" | "poster" | "action" => page.addresses.push(value.clone()),
            "srcset" => page
                .addresses
                .extend(value.split(',').filter_map(|part| part.split_whitespace().next()).map(str::to_owned)),
            "style" => page.inline.push(format!("style=\"{value}\"")),
            attribute if attribute.starts_with("on") => page.inline.push(format!("{attribute}=")),
            _ => {}
        }
    }
    let is_data = value("type").is_some_and(|kind| kind.contains("json") || kind == "speculationrules");
    if name == "style" || (name == "script" && value("src").is_none() && !is_data) {
        page.inline.push(format!("<{name}>"));
    }
    if name == "a" && value("name").is_some() {
        page.ids.push(value("name").unwrap_or_default().to_owned());
    }
}

#[test]
fn addresses_are_followed_as_browsers_follow_them() {
    assert_eq!(file_of("roles/a/index.html", "../b/").as_deref(), Some("roles/b/index.html"));
    assert_eq!(file_of("roles/a/index.html", "../../").as_deref(), Some("index.html"));
    assert_eq!(file_of("roles/a/index.html", "./").as_deref(), Some("roles/a/index.html"));
    assert_eq!(file_of("index.html", "assets/a%20b.css?x").as_deref(), Some("assets/a b.css"));
    assert_eq!(file_of("a/index.html", "/x.pdf").as_deref(), Some("x.pdf"));
}
