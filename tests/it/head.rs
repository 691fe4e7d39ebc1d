//! What the head of a page tells browsers, search engines and places where it is shared, and what its menu holds.

use crate::workshop::{self, Site};
use serde_json::Value;
use std::collections::BTreeSet;

/// Two kinds with pages, in a guide below a path of its host.
fn guide() -> Site {
    let page = |title: &str, more: &str| {
        format!(
            "---\ntitle: '{title}'\ndescription: What {title} is about, in one sentence that lists and engines show.\n{more}---\nText.\n"
        )
    };
    Site::with_default_theme()
        .with(
            "site.toml",
            "title = \"A guide\"\ntagline = \"One of few\"\nbase_url = \"https://example.org/guide/\"\nauthor = \"The authors\"\n\
             description = \"A guide of few pages.\"\nedit_url = \"https://code.example/edit/main/{path}\"\n",
        )
        .with("content/index.md", page("Home", ""))
        .with("content/roles/engineer.md", page("\"Engineer\" & <b>", "pay: {currency: USD, period: year, low: 2, typical: 3, high: 4}\nrelations: {requires: [Mixing]}\n"))
        .with("content/roles/producer.md", page("Producer", "image: /desk.svg\n"))
        .with("content/roles/runner.md", page("Runner", "order: 1\n"))
        .with("content/skills/mixing.md", page("Mixing", ""))
        .with("content/skills/listening.md", page("Listening", ""))
        .with("static/desk.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"3\"/>")
}

/// The tags of this name in a page, as they are written.
fn tags<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!("<{name} ");
    html.match_indices(&start).filter_map(|(at, _)| html[at..].split_once('>').map(|(tag, _)| tag)).collect()
}

/// The value of an attribute of a tag, its references resolved.
fn value(tag: &str, attribute: &str) -> Option<String> {
    let rest = tag.split_once(&format!(" {attribute}=\""))?.1;
    Some(workshop::references_resolved(rest.split_once('"')?.0))
}

/// What the head of a page says under a name, property or relation; all that it says when there are several.
fn said(html: &str, name: &str) -> Vec<String> {
    let metas = tags(html, "meta").into_iter().filter_map(|tag| {
        let own = value(tag, "name").or_else(|| value(tag, "property"))?;
        (own == name).then(|| value(tag, "content"))?
    });
    let links = tags(html, "link").into_iter().filter(|tag| value(tag, "rel").as_deref() == Some(name));
    metas.chain(links.filter_map(|tag| value(tag, "href"))).collect()
}

#[test]
fn a_page_says_where_it_is_and_how_it_is_shown_elsewhere() {
    let built = guide().build();
    for (path, name, wanted) in [
        ("/roles/engineer/", "canonical", "https://example.org/guide/roles/engineer/"),
        (
            "/roles/engineer/",
            "description",
            "What \"Engineer\" & <b> is about, in one sentence that lists and engines show.",
        ),
        ("/roles/engineer/", "author", "The authors"),
        ("/roles/engineer/", "og:type", "article"),
        ("/roles/engineer/", "og:title", "\"Engineer\" & <b>"),
        (
            "/roles/engineer/",
            "og:description",
            "What \"Engineer\" & <b> is about, in one sentence that lists and engines show.",
        ),
        ("/roles/engineer/", "og:url", "https://example.org/guide/roles/engineer/"),
        ("/roles/engineer/", "og:site_name", "A guide"),
        ("/roles/engineer/", "og:image", "https://example.org/guide/social-role.png"),
        ("/roles/engineer/", "article:section", "Role"),
        ("/roles/engineer/", "twitter:card", "summary_large_image"),
        ("/roles/engineer/", "twitter:label1", "Pay"),
        ("/roles/engineer/", "manifest", "../../site.webmanifest"),
        ("/roles/engineer/", "icon", "../../favicon.svg"),
        ("/roles/engineer/", "apple-touch-icon", "../../apple-touch-icon.png"),
        ("/roles/producer/", "og:image", "https://example.org/guide/desk.svg"),
        ("/", "canonical", "https://example.org/guide/"),
        ("/", "og:type", "website"),
        ("/", "og:image", "https://example.org/guide/social.png"),
        ("/roles/", "canonical", "https://example.org/guide/roles/"),
        ("/topics/", "manifest", "../site.webmanifest"),
    ] {
        let Some(html) = built.page(path) else {
            assert_eq!(path, "/topics/", "{path} is published");
            continue;
        };
        assert_eq!(said(&html, name), [wanted], "{name} of {path}");
    }
    // What is not to be found names no address of its own.
    let missing = built.text("404.html").unwrap();
    assert_eq!((said(&missing, "canonical"), said(&missing, "robots")), (vec![], vec!["noindex".to_owned()]));
    let engineer = built.page("/roles/engineer/").unwrap();
    let edit = value(tags(&engineer, "a").iter().find(|tag| tag.contains("/edit/main/")).unwrap(), "href");
    assert_eq!(edit.as_deref(), Some("https://code.example/edit/main/content/roles/engineer.md"));
}

#[test]
fn the_manifest_names_files_that_are_there() {
    let built = guide().build();
    let manifest: Value = serde_json::from_str(&built.text("site.webmanifest").unwrap()).unwrap();
    // Relative to the manifest, so a site below a path is installed as that and no more.
    assert_eq!(
        (&manifest["name"], &manifest["start_url"], &manifest["scope"]),
        (&"A guide".into(), &".".into(), &".".into())
    );
    let icons = manifest["icons"].as_array().unwrap();
    assert!(!icons.is_empty());
    for icon in icons {
        assert!(built.text(icon["src"].as_str().unwrap()).is_some(), "{icon}");
    }
}

#[test]
fn structured_data_is_json_that_cannot_end_its_element() {
    let built = guide().build();
    let html = built.page("/roles/engineer/").unwrap();
    let (_, rest) = html.split_once("<script type=\"application/ld+json\">").unwrap();
    let said: Value = serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap();
    let kinds: Vec<&str> =
        said["@graph"].as_array().unwrap().iter().filter_map(|thing| thing["@type"].as_str()).collect();
    assert_eq!(kinds, ["Article", "BreadcrumbList", "Occupation"]);
    assert_eq!(said["@graph"][0]["headline"], "\"Engineer\" & <b>");
}

#[test]
fn the_menu_lists_the_pages_of_the_section_one_is_in_and_no_others() {
    let built = guide().build();
    let menu = |path: &str| -> BTreeSet<String> {
        let html = built.page(path).unwrap();
        let (_, rest) = html.split_once("<nav class=\"guide\"").unwrap();
        tags(rest.split_once("</nav>").unwrap().0, "a").iter().filter_map(|tag| value(tag, "href")).collect()
    };
    let kinds = ["../../roles/", "../../skills/"];
    for (path, pages, others) in [
        ("/roles/engineer/", &["engineer", "producer", "runner"][..], "skills"),
        ("/skills/mixing/", &["listening", "mixing"][..], "roles"),
    ] {
        let menu = menu(path);
        let section = path.split('/').nth(1).unwrap();
        assert!(kinds.iter().all(|kind| menu.contains(*kind)), "{path}: {menu:?}");
        assert!(pages.iter().all(|page| menu.contains(&format!("../../{section}/{page}/"))), "{path}: {menu:?}");
        let is_other = |href: &String| href.starts_with(&format!("../../{others}/")) && !kinds.contains(&href.as_str());
        assert!(!menu.iter().any(is_other), "{path}: {menu:?}");
    }
    let home = menu("/");
    assert!(!home.iter().any(|href| href.trim_start_matches("./").matches('/').count() > 1), "{home:?}");
}
