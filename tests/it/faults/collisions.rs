//! Names that collide or that systems trip over: an error that names both sources, or a plain path.

use super::{A, B, FACT};
use crate::watchdog;
use crate::workshop::{self, Site};

/// Two files that want the same place, and what both of them are.
struct Pair {
    what: &'static str,
    first: (&'static str, &'static str),
    second: (&'static str, &'static str),
}

/// Pairs that no order of files and no file system may decide: each is an error that names both.
const COLLIDING: &[Pair] = &[
    Pair { what: "case", first: ("content/roles/A.md", A), second: ("content/roles/a.md", B) },
    Pair {
        what: "case of an accented letter",
        first: ("content/roles/\u{c9}tude.md", A),
        second: ("content/roles/\u{e9}tude.md", B),
    },
    Pair {
        what: "composed and decomposed",
        first: ("content/roles/\u{e9}tude.md", A),
        second: ("content/roles/e\u{301}tude.md", B),
    },
    Pair {
        what: "a sign and its canonical letter",
        first: ("content/roles/\u{212b}.md", A),
        second: ("content/roles/\u{c5}.md", B),
    },
    Pair { what: "a space and a hyphen", first: ("content/roles/a b.md", A), second: ("content/roles/a-b.md", B) },
    Pair { what: "two spaces and one", first: ("content/roles/a  b.md", A), second: ("content/roles/a b.md", B) },
    Pair {
        what: "a no-break space and a space",
        first: ("content/roles/a\u{a0}b.md", A),
        second: ("content/roles/a b.md", B),
    },
    Pair {
        what: "an underscore and a hyphen",
        first: ("content/roles/a_b.md", A),
        second: ("content/roles/a-b.md", B),
    },
    Pair {
        what: "a hyphen and a dash",
        first: ("content/roles/a\u{2013}b.md", A),
        second: ("content/roles/a-b.md", B),
    },
    Pair { what: "a full stop at the end", first: ("content/roles/a..md", A), second: ("content/roles/a.md", B) },
    Pair { what: "a space at the end", first: ("content/roles/a .md", A), second: ("content/roles/a.md", B) },
    Pair {
        what: "an apostrophe, straight and curly",
        first: ("content/roles/it's.md", A),
        second: ("content/roles/it\u{2019}s.md", B),
    },
    Pair {
        what: "a letter and its full-width form",
        first: ("content/roles/\u{ff21}.md", A),
        second: ("content/roles/a.md", B),
    },
    Pair {
        what: "a ligature and its letters",
        first: ("content/roles/\u{fb01}n.md", A),
        second: ("content/roles/fin.md", B),
    },
    Pair {
        what: "a page and the index of its folder",
        first: ("content/roles.md", A),
        second: ("content/roles/index.md", B),
    },
    Pair {
        what: "a page and a generated index of its folder",
        first: ("content/roles.md", A),
        second: ("content/roles/a.md", B),
    },
    Pair { what: "a page and a static file", first: ("content/a.md", A), second: ("static/a/index.html", "text") },
    Pair {
        what: "a page and a static file without a suffix",
        first: ("content/a.md", A),
        second: ("static/a", "text"),
    },
    Pair {
        what: "the home page and a static file",
        first: ("content/index.md", A),
        second: ("static/index.html", "text"),
    },
    Pair {
        what: "static files that differ in case",
        first: ("static/Logo.svg", "<svg/>"),
        second: ("static/logo.svg", "<svg/>"),
    },
    Pair {
        what: "static files that differ in composition",
        first: ("static/\u{e9}.txt", "text"),
        second: ("static/e\u{301}.txt", "text"),
    },
    Pair {
        what: "a static file and a folder of the same name",
        first: ("static/a/b.txt", "text"),
        second: ("static/A", "text"),
    },
    Pair {
        what: "an old address and a page",
        first: ("content/a.md", "---\ntitle: A page\nredirect_from: [/b/]\n---\n\nText.\n"),
        second: ("content/b.md", B),
    },
    Pair {
        what: "an old address in capitals and a page",
        first: ("content/a.md", "---\ntitle: A page\nredirect_from: [/B/]\n---\n\nText.\n"),
        second: ("content/b.md", B),
    },
    Pair {
        what: "an old address without its slash and a page",
        first: ("content/a.md", "---\ntitle: A page\nredirect_from: [b]\n---\n\nText.\n"),
        second: ("content/b.md", B),
    },
    Pair {
        what: "two old addresses",
        first: ("content/a.md", "---\ntitle: A page\nredirect_from: [/old/]\n---\n\nText.\n"),
        second: ("content/b.md", "---\ntitle: Another page\nredirect_from: [/old/]\n---\n\nText.\n"),
    },
    Pair {
        what: "an old address and a static file",
        first: ("content/a.md", "---\ntitle: A page\nredirect_from: [/old/]\n---\n\nText.\n"),
        second: ("static/old/index.html", "text"),
    },
    Pair {
        what: "two identifiers",
        first: ("content/a.md", "---\ntitle: A page\nid: same\n---\n\nText.\n"),
        second: ("content/b.md", "---\ntitle: Another page\nid: same\n---\n\nText.\n"),
    },
    Pair { what: "two facts", first: ("content/facts/a.yaml", FACT), second: ("content/facts/b.yaml", FACT) },
    Pair {
        what: "a page and the generated list of facts",
        first: ("content/facts.md", A),
        second: ("content/facts/a.yaml", FACT),
    },
];

#[test]
fn every_collision_is_an_error_that_names_both_sources_in_any_order_of_files() {
    assert!(COLLIDING.len() >= 30);
    let mut faults = Vec::new();
    for Pair { what, first, second } in COLLIDING {
        let built = Site::bare().with(first.0, first.1).with(second.0, second.1).build();
        let again = Site::bare().with(second.0, second.1).with(first.0, first.1).build();
        let errors: Vec<_> = built.findings().into_iter().filter(|finding| finding.is_error).collect();
        // The index of a folder and the list of facts are written by nobody: then the page in their way is named.
        let alone = what.contains("generated");
        if errors.is_empty() {
            faults.push(format!("{what}: {:?} and {:?} give no error", first.0, second.0));
        } else if !errors.iter().any(|error| error.names(first.0) && (alone || error.names(second.0))) {
            faults.push(format!(
                "{what}: {:?} and {:?}: no error names both\n{}",
                first.0,
                second.0,
                built.rendered_diagnostics()
            ));
        } else if built.rendered_diagnostics() != again.rendered_diagnostics() {
            faults.push(format!(
                "{what}: {:?} and {:?}: the message depends on the order of the files",
                first.0, second.0
            ));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// Names that file systems, shells and servers trip over.
#[test]
fn every_file_name_gives_a_plain_path_or_an_error() {
    let long = "a".repeat(240);
    let wide = "音".repeat(80);
    let names = [
        "CON",
        "con",
        "aux",
        "NUL",
        "com1",
        "LPT9",
        "con.txt",
        "a.",
        "a..",
        "a ",
        " a",
        "a:b",
        "a*b",
        "a?b",
        "a|b",
        "a<b>",
        "a\"b",
        "a\\b",
        "a%b",
        "a%2fb",
        "%2e%2e",
        "a#b",
        "a&b",
        "a+b",
        "a=b",
        "a@b",
        "a;b",
        "a,b",
        "a'b",
        "a`b",
        "$(a)",
        "{{ a }}",
        "-",
        "--",
        "_",
        "~",
        "...",
        "\u{1f3a7}",
        "a\u{1f3a7}",
        "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}",
        "\u{202e}gnp",
        "a\u{200b}b",
        "\u{feff}a",
        "a\tb",
        "a\nb",
        "a\u{7f}b",
        "a\u{1}b",
        "\u{301}",
        "INDEX",
        "404",
        "feed",
        "sitemap",
        "assets",
        "print",
        "\u{0}",
        &long,
        &wide,
    ];
    for name in names {
        let path = format!("content/roles/{name}.md");
        let site = Site::bare().with(&path, A);
        let built = watchdog::finishes(&format!("file name {name:?}"), move || site.build());
        let paths = built.output_paths();
        let pages: Vec<&String> = paths
            .iter()
            .filter(|path| path.starts_with("roles/") && path.matches('/').count() == 2 && path.ends_with(".html"))
            .collect();
        if !built.has_errors() {
            assert_eq!(pages.len(), 1, "the file name {name:?} gave the pages {pages:?}");
        }
        for path in pages {
            let folder = path.trim_start_matches("roles/").trim_end_matches("/index.html");
            assert!(
                !folder.is_empty() && !folder.starts_with('.') && !folder.ends_with('.'),
                "{name:?} is published at {path:?}"
            );
            let encoded = workshop::percent_encoded(folder);
            assert!(encoded.len() <= 200, "{name:?} is published at a path of {} bytes", encoded.len());
            let reserved = ["con", "prn", "aux", "nul", "com1", "lpt9"];
            assert!(!reserved.contains(&folder.split('.').next().unwrap()), "{name:?} is published at {path:?}");
            let safe = folder
                .chars()
                .all(|letter| letter.is_alphanumeric() || "-._~".contains(letter) || workshop::is_mark(letter));
            assert!(safe, "{name:?} is published at {path:?}");
            assert_eq!(folder.to_lowercase(), folder, "{name:?} is published at {path:?}");
        }
    }
}
