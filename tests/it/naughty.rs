//! The Big List of Naughty Strings as titles and as file names: never a panic, and never a URL that a server or a file
//! system could trip over.

use crate::fetched;
use crate::watchdog;
use crate::workshop::{self, Built, Site};

/// What a file name may be long on the file systems that sites are published from, with room for a suffix.
const OUTPUT_NAME_BYTES_MAX: usize = 200;

#[test]
fn every_naughty_string_is_a_title_in_a_site_of_its_own() {
    for (index, naughty) in strings().into_iter().enumerate() {
        let built = watchdog::finishes(&format!("title {index}"), move || {
            Site::bare().with("content/a.md", titled(&naughty)).build()
        });
        assert_page_paths_are_plain(&built);
        assert!(built.has_errors() || built.page("/a/").is_some(), "title {index} gave neither an error nor the page");
    }
}

#[test]
fn every_naughty_string_is_a_title_in_one_site() {
    let built = watchdog::finishes("titles in one site", || {
        strings()
            .iter()
            .enumerate()
            .fold(Site::bare(), |site, (index, naughty)| {
                site.with(&format!("content/page-{index}.md"), titled(naughty))
            })
            .build()
    });
    assert_page_paths_are_plain(&built);
}

#[test]
fn every_naughty_string_is_a_topic_an_alias_and_a_heading_in_one_site() {
    let built = watchdog::finishes("topics, aliases and headings", || {
        strings()
            .iter()
            .enumerate()
            .fold(Site::bare(), |site, (index, naughty)| {
                let quoted = quoted(naughty);
                let page = format!(
                    "---\ntitle: Page {index}\naliases: [{quoted}]\ntopics: [{quoted}]\n---\n\n## {naughty}\n\n[[{naughty}]]\n"
                );
                site.with(&format!("content/page-{index}.md"), page)
            })
            .build()
    });
    assert_page_paths_are_plain(&built);
}

#[test]
fn every_naughty_string_is_a_file_name_in_a_site_of_its_own() {
    for (index, naughty) in file_names().into_iter().enumerate() {
        let built = watchdog::finishes(&format!("file name {index}: {naughty:?}"), move || {
            Site::bare().with(&format!("content/roles/{naughty}.md"), titled("A page")).build()
        });
        assert_page_paths_are_plain(&built);
        let pages = built
            .output_paths()
            .iter()
            .filter(|path| path.starts_with("roles/") && *path != "roles/index.html")
            .count();
        assert!(built.has_errors() || pages > 0, "file name {index} was lost: no error and no page");
    }
}

#[test]
fn every_naughty_string_is_a_file_name_in_one_site() {
    let built = watchdog::finishes("file names in one site", || {
        file_names()
            .iter()
            .enumerate()
            .fold(Site::bare(), |site, (index, naughty)| {
                site.with(&format!("content/roles/{naughty}.md"), titled(&format!("Page {index}")))
                    .with(&format!("static/{naughty}"), "text")
            })
            .build()
    });
    assert_page_paths_are_plain(&built);
}

/// The list; none of its strings may be lost on the way.
fn strings() -> Vec<String> {
    let strings: Vec<String> =
        serde_json::from_str(&fetched::text("blns/resources/blns.json")).expect("the list is JSON");
    assert!(strings.len() >= 485, "the list has {} strings", strings.len());
    strings
}

/// The strings that a file system could hold as a name: neither empty nor with a separator or a zero byte.
fn file_names() -> Vec<String> {
    let mut names: Vec<String> = strings()
        .into_iter()
        .map(|naughty| naughty.replace(['/', '\0'], "-"))
        .filter(|name| !name.is_empty() && name != "." && name != ".." && name.len() <= 250)
        .collect();
    names.sort();
    names.dedup();
    names
}

/// A page with `title`, written so that YAML reads exactly that text.
fn titled(title: &str) -> String {
    format!("---\ntitle: {}\n---\n\nText.\n", quoted(title))
}

/// `text` as a double-quoted YAML text; JSON's are a part of YAML's.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("any text is a JSON string")
}

/// Every page lies at a path of lower-case letters, digits and a few signs that no server, shell or file system gives a
/// meaning to; letters of other scripts stand percent-encoded in links, and that form is short.
fn assert_page_paths_are_plain(built: &Built) {
    for path in built.output_paths().iter().filter(|path| path.ends_with(".html")) {
        for name in path.split('/') {
            let plain = name
                .chars()
                .all(|letter| "-._~".contains(letter) || letter.is_alphanumeric() || workshop::is_mark(letter));
            assert!(plain, "the page {path:?} lies at a path with signs in it");
            assert_eq!(name.to_lowercase(), name, "the page {path:?} lies at a path with capitals");
            assert!(!name.is_empty() && !name.starts_with('.'), "the page {path:?} lies in an empty or hidden folder");
            let encoded = workshop::percent_encoded(name);
            assert!(encoded.len() <= OUTPUT_NAME_BYTES_MAX, "the page {path:?} lies at a path that is too long");
        }
    }
}
