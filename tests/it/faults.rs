//! Faults that sites meet in the world, each with what the author is told: names that collide, encodings, sizes, broken
//! front matter, templates that fail, embeds in circles; and everything that must not change a byte of the output.

use crate::commonmark;
use crate::watchdog;
use crate::workshop::{self, Site};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

/// A small page with a title, whatever its file is called.
fn page(title: &str) -> String {
    format!("---\ntitle: {title}\n---\n\nText of {title}.\n")
}

// ---------------------------------------------------------------------------------------------------------------------
// Names that collide.

/// Two files that want the same place, and what both of them are.
struct Pair {
    what: &'static str,
    first: (&'static str, &'static str),
    second: (&'static str, &'static str),
}

/// A page that only has a title.
const A: &str = "---\ntitle: A page\n---\n\nText.\n";
const B: &str = "---\ntitle: Another page\n---\n\nText.\n";

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

/// One complete record.
const FACT: &str = "\
- id: same-fact
  statement: How many there are
  value: 12
  unit: jobs
  as_of: 2025
  place: worldwide
  evidence: editor's estimate
  reasoning: Counted by hand.
  seen: direct
  confidence: low
  checked: 2026-11-22
";

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
        "index",
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

// ---------------------------------------------------------------------------------------------------------------------
// Files that are not what they seem.

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_in_circles_or_out_of_the_project_are_named_and_never_followed() {
    use std::os::unix::fs::symlink;
    let folder = workshop::fresh_folder("links");
    let root = folder.join("site");
    fs::write(folder.join("secret.txt"), "a secret").unwrap();
    Site::bare().with("content/a.md", A).with("static/inside.txt", "inside").write(&root);
    symlink("../../secret.txt", root.join("static/leak.txt")).unwrap();
    symlink(&folder, root.join("static/out")).unwrap();
    symlink("nowhere", root.join("static/dangling.txt")).unwrap();
    symlink("..", root.join("static/loop")).unwrap();
    symlink("/dev/zero", root.join("static/zero")).unwrap();
    symlink("inside.txt", root.join("static/within.txt")).unwrap();
    let status = Command::new("mkfifo").arg(root.join("static/pipe")).status().expect("mkfifo can be run");
    assert!(status.success());
    let site = root.clone();
    let (files, findings) = watchdog::finishes("links", move || {
        fingerpost::files::load(&site, &site.join("site.toml")).expect("the site can be read")
    });
    let taken: Vec<&str> =
        files.iter().map(|(path, _)| path.as_str()).filter(|path| path.starts_with("static/")).collect();
    assert_eq!(taken, ["static/inside.txt", "static/within.txt"]);
    for name in ["leak.txt", "out", "dangling.txt", "loop", "zero"] {
        let path = format!("static/{name}");
        let named = findings.iter().any(|finding| finding.message.contains(&path));
        assert!(named, "nothing was said about {path}: {findings:#?}");
    }
    let outside = findings.iter().filter(|finding| finding.code.name() == "file-outside").count();
    assert_eq!(outside, 3, "{findings:#?}");
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_is_an_error_that_names_it() {
    let folder = workshop::fresh_folder("unreadable");
    Site::bare().with("content/a.md", A).with("content/b.md", B).write(&folder);
    // A link to itself can be read by nobody, not even by an administrator, who may read files without permission.
    fs::remove_file(folder.join("content/b.md")).unwrap();
    std::os::unix::fs::symlink("b.md", folder.join("content/b.md")).unwrap();
    let (files, findings) = fingerpost::files::load(&folder, &folder.join("site.toml")).expect("the site can be read");
    assert!(files.get("content/a.md").is_some());
    let named = findings.iter().any(|finding| finding.message.contains("content/b.md"));
    assert!(named, "nothing was said about content/b.md: {findings:#?}");
}

// ---------------------------------------------------------------------------------------------------------------------
// Encodings.

/// A page that uses most of what Markdown has, in lines that matter.
const LINES: &str = "\
---
title: Lines
description: >
  A folded
  description.
topics: [one, two]
extra:
  block: |
    a
    b
---

# Not the title

A paragraph\\
of lines  
with breaks.

- a

  b
- c

| a | b |
|---|---|
| 1 | 2 |

```rust
fn a() {}

fn b() {}
```

> [!NOTE]
> a
> b

Term
: meaning

Text[^1].

[^1]: A footnote.

$$
a
b
$$
";

#[test]
fn a_page_means_the_same_with_any_line_ends_and_with_a_byte_order_mark() {
    let output = Site::bare().with("content/a.md", LINES).build().output();
    assert!(output.contains_key("a/index.html"));
    for (what, text) in [
        ("carriage return and line feed", LINES.replace('\n', "\r\n")),
        ("carriage return", LINES.replace('\n', "\r")),
        ("a byte order mark", format!("\u{feff}{LINES}")),
        ("both", format!("\u{feff}{}", LINES.replace('\n', "\r\n"))),
        ("mixed", LINES.replacen('\n', "\r\n", 9)),
    ] {
        assert_same_output(what, &output, &Site::bare().with("content/a.md", text).build().output());
    }
}

#[test]
fn every_example_of_commonmark_renders_the_same_with_carriage_returns() {
    let site = |change: fn(&str) -> String| {
        let pages = commonmark::corpus().into_iter().enumerate();
        pages.fold(Site::bare(), |site, (index, markdown)| {
            // A carriage return in the example itself is not what is tested.
            let text = format!("---\ntitle: Example {index}\n---\n\n{}", markdown.replace('\r', ""));
            site.with(&format!("content/roles/example-{index}.md"), change(&text))
        })
    };
    let lf = site(|text| text.to_owned()).build();
    for (what, change) in [
        ("CRLF", (|text: &str| text.replace('\n', "\r\n")) as fn(&str) -> String),
        ("CR", |text| text.replace('\n', "\r")),
    ] {
        let other = site(change).build();
        assert_eq!(lf.rendered_diagnostics(), other.rendered_diagnostics(), "{what}");
        assert_same_output(what, &lf.output(), &other.output());
    }
}

#[test]
fn facts_site_toml_and_templates_mean_the_same_with_any_line_ends() {
    let page = "---\ntitle: A page\n---\n\nThere are [[fact:same-fact]].\n";
    let template = "<p>{{ page.title }}</p>\n{{ page.body | safe }}\n";
    let files = [
        ("site.toml", workshop::SITE_TOML.to_owned() + "tagline = \"\"\"\na\nb\"\"\"\n"),
        ("content/a.md", page.to_owned()),
        ("content/facts/a.yaml", FACT.to_owned()),
        ("templates/page.html", template.to_owned()),
    ];
    let site = |change: fn(&str) -> String| {
        files.iter().fold(Site::bare(), |site, (path, text)| site.with(path, change(text)))
    };
    let lf = site(|text| text.to_owned()).build();
    assert!(!lf.has_errors(), "{}", lf.rendered_diagnostics());
    assert_same_output("CRLF", &lf.output(), &site(|text| text.replace('\n', "\r\n")).build().output());
    assert_same_output("BOM", &lf.output(), &site(|text| format!("\u{feff}{text}")).build().output());
}

#[test]
fn text_in_another_encoding_is_an_error_that_names_the_file() {
    let utf16 = |little: bool| -> Vec<u8> {
        let units = std::iter::once(0xfeff).chain(LINES.encode_utf16());
        units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
    };
    let latin: Vec<u8> = b"---\ntitle: Caf\xe9\n---\n\nText.\n".to_vec();
    for (what, bytes) in [
        ("UTF-16, little-endian", utf16(true)),
        ("UTF-16, big-endian", utf16(false)),
        ("Latin-1", latin),
        ("a lone continuation byte", b"---\ntitle: A\n---\n\nText \x80.\n".to_vec()),
        ("a surrogate in three bytes", b"---\ntitle: A\n---\n\nText \xed\xa0\x80.\n".to_vec()),
        ("an overlong slash", b"---\ntitle: A\n---\n\nText \xc0\xaf.\n".to_vec()),
        ("a sequence cut at the end", b"---\ntitle: A\n---\n\nText \xe2\x82".to_vec()),
    ] {
        for path in ["content/a.md", "content/facts/a.yaml", "site.toml", "templates/page.html"] {
            let built = Site::bare().with("content/b.md", B).with(path, &bytes).build();
            let named = built.findings().iter().any(|finding| finding.is_error && finding.names(path));
            assert!(named, "{what} in {path}: no error names the file:\n{}", built.rendered_diagnostics());
        }
    }
}

#[test]
fn a_zero_byte_in_a_page_never_reaches_the_output() {
    let text = "---\ntitle: A\u{0}b\n---\n\nText\u{0} and `code\u{0}` and [link](\u{0}).\n\n## Heading\u{0}\n";
    let built = Site::bare().with("content/a.md", text).build();
    for (path, bytes) in built.output() {
        assert!(!bytes.contains(&0) && !path.contains('\0'), "{path} holds a zero byte");
    }
}

#[test]
fn escapes_of_lone_surrogates_in_front_matter_are_an_error_or_replaced() {
    for escape in ["\\ud800", "\\udfff", "\\ud83d", "\\U0000d800", "\\x00", "\\U00110000"] {
        let built = Site::bare().with("content/a.md", format!("---\ntitle: \"A {escape} b\"\n---\n")).build();
        assert!(built.has_errors() || built.page("/a/").is_some(), "{escape} was lost");
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Sizes.

#[test]
fn a_page_above_the_limit_is_an_error_and_a_raised_limit_lets_it_through() {
    let large = format!("{A}{}", "Some words that fill a line.\n\n".repeat(400_000));
    assert!(large.len() > 11 * 1024 * 1024);
    let refused = Site::bare().with("content/a.md", &large).build();
    assert_eq!(refused.error_codes(), ["file-too-large"]);
    let small = Site::bare()
        .with("site.toml", workshop::SITE_TOML.to_owned() + "[limits]\nfile_bytes = 1000\n")
        .with("content/a.md", format!("{A}{}", "Words. ".repeat(200)))
        .build();
    assert_eq!(small.error_codes(), ["file-too-large"]);
    let raised = watchdog::finishes("a page of a million bytes", move || {
        Site::bare()
            .with("site.toml", workshop::SITE_TOML.to_owned() + "[limits]\nfile_bytes = 100000000\n")
            .with("content/a.md", &large[..1_000_000])
            .build()
    });
    assert!(!raised.has_errors(), "{}", raised.rendered_diagnostics());
}

#[test]
fn many_values_in_a_file_of_facts_take_time_in_proportion() {
    for (what, text) in [
        ("keys of one mapping", (0..60_000).map(|at| format!("key{at}: a\n")).collect::<String>()),
        ("records", (0..3_000).map(|at| FACT.replace("same-fact", &format!("fact-{at}"))).collect()),
        ("records without anything", "- {}\n".repeat(20_000)),
        ("values in one record", format!("- id: a\n  extra: [{}]\n", "a, ".repeat(60_000))),
    ] {
        watchdog::finishes(what, move || Site::bare().with("content/facts/a.yaml", text).build().has_errors());
    }
}

#[test]
fn aliases_that_each_deepen_the_last_do_not_overflow_the_stack() {
    for nesting in [10, 40, 60] {
        let mut text = "extra:\n  a0: &a0 x\n".to_owned();
        for level in 1..400 {
            let previous = level - 1;
            text += &format!("  a{level}: &a{level} {}*a{previous} {}\n", "[".repeat(nesting), "]".repeat(nesting));
        }
        watchdog::finishes(&format!("aliases of {nesting}"), move || {
            Site::bare().with("content/a.md", format!("---\ntitle: A\n{text}---\n")).build().has_errors()
        });
    }
}

#[test]
fn aliases_in_a_file_of_facts_do_not_overflow_the_stack() {
    let mut text = "- id: a\n  x:\n    a0: &a0 x\n".to_owned();
    for level in 1..300 {
        let previous = level - 1;
        text += &format!("    a{level}: &a{level} {}*a{previous} {}\n", "{a: ".repeat(50), "}".repeat(50));
    }
    watchdog::finishes("aliases in facts", move || {
        Site::bare().with("content/facts/a.yaml", text).build().has_errors()
    });
}

#[test]
fn site_toml_of_great_depth_or_size_is_an_answer() {
    for (what, text) in [
        ("nested arrays", format!("[extra]\na = {}{}\n", "[".repeat(5_000), "]".repeat(5_000))),
        ("nested arrays without an end", format!("[extra]\na = {}", "[".repeat(50_000))),
        ("nested tables", format!("[extra]\na = {}1{}\n", "{a = ".repeat(5_000), "}".repeat(5_000))),
        ("dotted keys", format!("[extra]\n{}a = 1\n", "a.".repeat(5_000))),
        ("dotted headers", format!("[extra{}]\n", ".a".repeat(5_000))),
        ("keys", format!("[extra]\n{}", (0..20_000).map(|at| format!("a{at} = 1\n")).collect::<String>())),
        ("a text without an end", format!("a = \"{}", "a".repeat(100_000))),
    ] {
        watchdog::finishes(what, move || {
            Site::bare()
                .with("site.toml", workshop::SITE_TOML.to_owned() + &text)
                .with("content/a.md", A)
                .build()
                .has_errors()
        });
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Text whose parts lie in unusual places.

#[test]
fn a_link_without_words_at_the_end_of_a_page_is_built() {
    for body in [
        "Text.\n\n[](b.md)\n",
        "Text [ ](b.md)\n",
        "[](b.md)",
        "Text.\n\n[[b]]\n",
        "Text.\n\n[[b| ]]",
        "- [](b.md)\n-\n",
        "[![](x.svg)](b.md)",
    ] {
        let site = Site::bare()
            .with("content/b.md", "---\ntitle: Another page\nid: b\n---\n")
            .with("static/x.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>")
            .with("content/a.md", format!("---\ntitle: A page\n---\n\n{body}"));
        let built = watchdog::finishes(body, move || site.build());
        assert!(built.page("/b/").is_some() || built.has_errors(), "{body:?}");
    }
}

#[test]
fn headings_in_footnotes_quotes_and_lists_can_be_embedded_or_are_named_as_impossible() {
    for holder in [
        "Text[^1].\n\n[^1]: Note.\n\n    ## Sub\n\n    More.\n",
        "[^1]: Note that nobody uses.\n\n    ## Sub\n\n    More.\n",
        "> ## Sub\n>\n> More.\n",
        "- ## Sub\n\n  More.\n- Other\n",
        "> [!NOTE]\n> ## Sub\n> More.\n\nText.\n\n## Next\n",
        "Term\n: ## Sub\n\n  More.\n",
    ] {
        let site = Site::bare()
            .with("content/b.md", format!("---\ntitle: B page\n---\n\n{holder}"))
            .with("content/a.md", "---\ntitle: A page\n---\n\nBefore.\n\n![[B page#Sub]]\n\nAfter.\n");
        let built = watchdog::finishes(holder, move || site.build());
        match built.page("/a/") {
            Some(html) => assert_balanced(holder, &html),
            None => assert!(built.has_errors(), "{holder:?}"),
        }
    }
}

/// Every element that is opened is closed in the right order, as far as a page without raw HTML goes.
#[track_caller]
fn assert_balanced(what: &str, html: &str) {
    let mut open: Vec<&str> = Vec::new();
    for tag in html.split('<').skip(1).filter_map(|rest| rest.split_once('>').map(|(tag, _)| tag)) {
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "{what:?}: </{name}> closes something else in\n{html}");
        } else if !tag.ends_with('/') && !matches!(name, "br" | "hr" | "img" | "input" | "wbr") {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{what:?}: {open:?} are left open in\n{html}");
}

// ---------------------------------------------------------------------------------------------------------------------
// Front matter.

/// What a piece of front matter is: a page with a text as its title, or an error with a code on a line of the file.
enum Reading {
    Title(&'static str),
    Error(&'static str, usize),
}

#[test]
fn front_matter_is_read_as_written_or_refused_where_it_is_wrong() {
    use Reading::{Error, Title};
    let table: &[(&str, Reading)] = &[
        ("title: no", Title("no")),
        ("title: yes", Title("yes")),
        ("title: On", Title("On")),
        ("title: Off", Title("Off")),
        ("title: NO", Title("NO")),
        ("title: true", Title("true")),
        ("title: 012", Title("012")),
        ("title: 0o14", Title("0o14")),
        ("title: 0x1F", Title("0x1F")),
        ("title: 1_000", Title("1_000")),
        ("title: 1.10", Title("1.10")),
        ("title: 1e3", Title("1e3")),
        ("title: 12:30:45", Title("12:30:45")),
        ("title: 2026-11-23", Title("2026-11-23")),
        ("title: .inf", Title(".inf")),
        ("title: .nan", Title(".nan")),
        ("title: \"null\"", Title("null")),
        ("title: 'it''s'", Title("it's")),
        ("title: \"a\\tb\"", Title("a\tb")),
        ("title: \"\\u00e9\"", Title("\u{e9}")),
        ("title: a # comment", Title("a")),
        ("title: a#b", Title("a#b")),
        ("title: {{ a }}", Error("value-type", 2)),
        ("title: \"{{ a }}\"", Title("{{ a }}")),
        ("title: <script>", Title("<script>")),
        ("title: a: b", Error("yaml-syntax", 2)),
        ("title:\n  - a", Error("value-type", 3)),
        ("title: [a]", Error("value-type", 2)),
        ("title: {a: b}", Error("value-type", 2)),
        ("title:", Error("key-missing", 2)),
        ("title: ~", Error("key-missing", 2)),
        ("title: \"\"", Error("key-missing", 2)),
        ("title: \"  \"", Error("key-missing", 2)),
        ("description: A", Error("key-missing", 2)),
        ("title: A\ntitle: B", Error("key-duplicate", 3)),
        ("title: A\n\"title\": B", Error("key-duplicate", 3)),
        ("title: A\nextra:\n  a: 1\n  a: 2", Error("key-duplicate", 5)),
        ("title: A\ntitel: B", Error("key-unknown", 3)),
        ("title: A\n\tdescription: B", Error("yaml-syntax", 3)),
        ("title: A\norder: first", Error("value-type", 3)),
        ("title: A\norder: 1.5", Error("value-type", 3)),
        ("title: A\norder: \"1\"", Error("value-type", 3)),
        ("title: A\norder: 1e400", Error("value-type", 3)),
        ("title: A\ndraft: yes", Error("value-type", 3)),
        ("title: A\ndraft: \"true\"", Error("value-type", 3)),
        ("title: A\nreviewed: 2026-02-30", Error("value-type", 3)),
        ("title: A\nreviewed: yesterday", Error("value-type", 3)),
        ("title: A\nreviewed: 2026-1-1", Error("value-type", 3)),
        ("title: A\nrelations: [a]", Error("value-type", 3)),
        ("title: A\nrelations:\n  needs: [a]", Error("key-unknown", 4)),
        ("title: A\nrelations:\n  leads_to: [nowhere]", Error("link-broken", 4)),
        ("title: [A", Error("yaml-syntax", 0)),
        ("title: \"A", Error("yaml-syntax", 0)),
        ("title: *a", Error("yaml-syntax", 2)),
        ("title: &a A\ndescription: *a", Title("A")),
        ("%YAML 1.1\ntitle: A", Error("yaml-syntax", 2)),
        ("- title: A", Error("value-type", 2)),
        ("A", Error("value-type", 2)),
        ("? [a]\n: b\ntitle: A", Error("yaml-syntax", 2)),
        ("title: A\n---\nmore: b", Title("A")),
    ];
    let mut faults = Vec::new();
    for (yaml, reading) in table {
        let built = Site::bare()
            .with("templates/page.html", "{{ page.title }}")
            .with("content/a.md", format!("---\n{yaml}\n---\n\nText.\n"))
            .build();
        match reading {
            Title(title) => {
                let given = built.page("/a/").map(|page| page.trim_end_matches('\n').to_owned());
                let expected = title.replace('<', "&lt;").replace('>', "&gt;").replace('\'', "&#x27;");
                if given.as_deref() != Some(&*expected) {
                    faults.push(format!(
                        "{yaml:?}: the title should be {title:?}, not {given:?}\n{}",
                        built.rendered_diagnostics()
                    ));
                }
            }
            Error(code, line) => {
                let wanted = (*code, *line);
                // A line of 0 stands for any: where an unclosed text is noticed is the parser's affair.
                let found = built.findings().iter().any(|finding| {
                    finding.is_error && finding.code == wanted.0 && (wanted.1 == 0 || finding.line == Some(wanted.1))
                });
                if !found {
                    faults.push(format!("{yaml:?}: expected {code} on line {line}:\n{}", built.rendered_diagnostics()));
                }
            }
        }
    }
    assert!(table.len() >= 40);
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn a_page_without_front_matter_or_without_its_end_is_an_error() {
    for (what, text, code) in [
        ("nothing at all", "", "front-matter-missing"),
        ("no front matter", "Text.\n", "front-matter-missing"),
        ("a line before it", "\n---\ntitle: A\n---\n", "front-matter-missing"),
        ("no end", "---\ntitle: A\n\nText.\n", "front-matter-unclosed"),
        ("only its beginning", "---", "front-matter-unclosed"),
        ("only its beginning and a line end", "---\n", "front-matter-unclosed"),
        ("an end that is indented", "---\ntitle: A\n ---\nText.\n", "front-matter-unclosed"),
        ("empty", "---\n---\n", "key-missing"),
        ("only a comment", "---\n# nothing\n---\n", "key-missing"),
    ] {
        let built = Site::bare().with("content/a.md", text).build();
        assert!(built.error_codes().contains(&code), "{what}: expected {code}:\n{}", built.rendered_diagnostics());
    }
}

#[test]
fn spaces_after_the_lines_of_front_matter_do_not_matter() {
    let plain = Site::bare().with("content/a.md", "---\ntitle: A page\n---\nText.\n").build().output();
    for text in [
        "---  \ntitle: A page\n---\nText.\n",
        "---\ntitle: A page\n---\t \nText.\n",
        "---\ntitle: A page   \n---\nText.\n",
    ] {
        assert_same_output(text, &plain, &Site::bare().with("content/a.md", text).build().output());
    }
    let closed_at_the_end = Site::bare().with("content/a.md", "---\ntitle: A page\n---").build();
    assert!(!closed_at_the_end.has_errors(), "{}", closed_at_the_end.rendered_diagnostics());
}

#[test]
fn front_matter_above_its_limit_is_an_error() {
    let built = Site::bare()
        .with("content/a.md", format!("---\ntitle: A\nextra: {{a: \"{}\"}}\n---\n", "a".repeat(1_000_000)))
        .build();
    assert!(built.has_errors(), "front matter of a megabyte was taken");
}

// ---------------------------------------------------------------------------------------------------------------------
// Code that is slow to colour.

#[test]
fn code_that_costs_too_much_to_colour_is_published_plain_with_a_note() {
    let make = "\t$(eval RESOLVED_TARGETS := $(shell bash resolve.sh $(DEPENDENCY_SERVICES)))\n".repeat(300);
    let script = "function a(b){return b?a(b-1):[1,2,3].map(c=>c*2)};".repeat(20_000);
    let line = format!("let a = \"{}\";\n", "a".repeat(8_000));
    for (language, code) in [("makefile", make), ("js", script), ("rust", line)] {
        let page = format!("{A}\n```{language}\n{code}\n```\n");
        let built =
            watchdog::finishes(&format!("slow {language}"), move || Site::bare().with("content/a.md", page).build());
        let html = built.page("/a/").expect("the page is published");
        assert!(!html.contains("class=\"hl-"), "{language} was coloured");
        assert_eq!(built.codes(), ["code-not-highlighted"], "{language}:\n{}", built.rendered_diagnostics());
    }
}

#[test]
fn one_costly_block_does_not_take_the_colours_from_others() {
    let line = format!("let a = \"{}\";\n", "a".repeat(8_000));
    let page = format!("{A}\n```rust\n{line}```\n\n```rust\nfn a() {{}}\n```\n");
    let html = Site::bare().with("content/a.md", page).build().page("/a/").expect("the page is published");
    assert!(html.contains("class=\"hl-"), "nothing was coloured");
}

#[test]
fn whether_a_block_is_coloured_does_not_depend_on_the_clock() {
    let code: String =
        (0..400).map(|at| format!("fn a{at}(b: &str) -> Option<u32> {{ b.parse::<u32>().ok() }}\n")).collect();
    let site = Site::bare().with("content/a.md", format!("{A}\n```rust\n{code}```\n"));
    let output = site.build().output();
    // The same block while both cores are busy: a budget in milliseconds would give other bytes.
    let busy: Vec<_> = (0..4)
        .map(|_| {
            let site = site.clone();
            std::thread::spawn(move || site.build().output())
        })
        .collect();
    for other in busy {
        assert_same_output("a busy machine", &output, &other.join().expect("the build ends"));
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Templates.

#[test]
fn a_template_that_fails_is_an_error_that_names_the_template_and_its_line() {
    for (what, template, code, line) in [
        ("an unclosed tag", "<p>\n{{ page.title\n</p>", "template-syntax", Some(2)),
        ("an unclosed block", "<p>\n{% if page.title %}\n</p>", "template-syntax", None),
        ("an unknown tag", "<p>\n{% nonsense %}\n</p>", "template-syntax", Some(2)),
        ("an undefined filter", "<p>\n{{ page.title | nonsense }}\n</p>", "template-syntax", Some(2)),
        ("an undefined function", "<p>\n{{ nonsense() }}\n</p>", "template-syntax", Some(2)),
        ("an undefined test", "<p>\n{% if page.title is nonsense %}a{% endif %}\n</p>", "template-syntax", Some(2)),
        ("a missing value", "<p>\n{{ page.nonsense.more }}\n</p>", "template-render", Some(2)),
        ("a filter of another type", "<p>\n{{ page.title | round }}\n</p>", "template-render", Some(2)),
        ("an include of nothing", "<p>\n{% include \"nonsense.html\" %}\n</p>", "template-syntax", None),
        ("a parent that is nothing", "{% extends \"nonsense.html\" %}", "template-syntax", None),
        ("itself as its parent", "{% extends \"page.html\" %}", "template-syntax", None),
    ] {
        let site = Site::bare().with("templates/page.html", template).with("content/a.md", A);
        let built = watchdog::finishes(&format!("template with {what}"), move || site.build());
        let found = built.findings().iter().any(|finding| {
            finding.is_error
                && finding.code == code
                && finding.names("templates/page.html")
                && (line.is_none() || finding.line == line)
        });
        assert!(
            found,
            "{what}: expected {code} in templates/page.html at line {line:?}:\n{}",
            built.rendered_diagnostics()
        );
    }
}

#[test]
fn a_template_that_includes_itself_is_an_error() {
    let site =
        Site::bare().with("templates/page.html", "{{ page.title }}{% include \"page.html\" %}").with("content/a.md", A);
    let built = watchdog::finishes("a template that includes itself", move || site.build());
    assert!(built.has_errors(), "a template that includes itself was rendered");
}

#[test]
fn templates_that_include_each_other_are_an_error() {
    let site = Site::bare()
        .with("templates/page.html", "{% include \"one.html\" %}")
        .with("templates/one.html", "{% include \"two.html\" %}")
        .with("templates/two.html", "{% include \"one.html\" %}")
        .with("content/a.md", A);
    let built = watchdog::finishes("templates that include each other", move || site.build());
    assert!(built.has_errors(), "templates that include each other were rendered");
}

#[test]
fn a_component_that_calls_itself_is_an_error() {
    let template =
        "{% component loop(at: integer) %}{{ <loop at={at} /> }}{% endcomponent loop %}{{ <loop at={1} /> }}";
    let site = Site::bare().with("templates/page.html", template).with("content/a.md", A);
    let built = watchdog::finishes("a component that calls itself", move || site.build());
    assert!(built.has_errors(), "a component that calls itself was rendered");
}

#[test]
fn a_fault_in_one_template_of_several_pages_is_reported_for_all_but_legibly() {
    let site =
        (0..50).fold(Site::bare(), |site, at| site.with(&format!("content/page-{at}.md"), page(&format!("Page {at}"))));
    let built = site.with("templates/page.html", "{{ page.nonsense.more }}").build();
    let errors = built.findings().iter().filter(|finding| finding.is_error).count();
    assert!((1..=50).contains(&errors), "{errors} errors");
}

// ---------------------------------------------------------------------------------------------------------------------
// Embeds in circles.

#[test]
fn embeds_in_a_circle_are_an_error_that_names_the_circle() {
    let embedding =
        |title: &str, other: &str| format!("---\ntitle: {title}\n---\n\nText of {title}.\n\n![[{other}]]\n");
    let circle = Site::bare()
        .with("content/a.md", embedding("A page", "B page"))
        .with("content/b.md", embedding("B page", "A page"))
        .build();
    assert!(circle.error_codes().contains(&"embed-cycle"), "{}", circle.rendered_diagnostics());
    let message = circle.rendered_diagnostics();
    assert!(message.contains("a.md") && message.contains("b.md"), "the circle is not named:\n{message}");
    let own = Site::bare().with("content/a.md", embedding("A page", "A page")).build();
    assert!(own.error_codes().contains(&"embed-cycle"), "{}", own.rendered_diagnostics());
    let section = Site::bare().with("content/a.md", "---\ntitle: A page\n---\n\n## One\n\n![[A page#One]]\n").build();
    assert!(section.error_codes().contains(&"embed-cycle"), "{}", section.rendered_diagnostics());
}

#[test]
fn a_page_may_embed_another_section_of_itself_or_of_a_page_that_embeds_it() {
    let own = Site::bare()
        .with("content/a.md", "---\ntitle: A page\n---\n\n## One\n\nText.\n\n## Two\n\n![[A page#One]]\n")
        .build();
    assert!(!own.has_errors(), "{}", own.rendered_diagnostics());
}

#[test]
fn a_long_chain_of_embeds_is_an_error_and_a_short_one_is_not() {
    let chain = |length: usize| {
        (0..length)
            .fold(Site::bare(), |site, at| {
                let embed = if at + 1 < length { format!("![[page-{}]]", at + 1) } else { String::new() };
                site.with(
                    &format!("content/page-{at}.md"),
                    format!("---\ntitle: Page {at}\nid: page-{at}\n---\n\nText {at}.\n\n{embed}\n"),
                )
            })
            .build()
    };
    let short = chain(5);
    assert!(!short.has_errors(), "{}", short.rendered_diagnostics());
    let long = watchdog::finishes("a chain of fifty embeds", move || chain(50));
    assert!(long.error_codes().contains(&"embed-depth"), "{}", long.rendered_diagnostics());
}

#[test]
fn embeds_that_double_at_every_step_end_in_an_error() {
    let site = (0..30).fold(Site::bare(), |site, at| {
        let embeds = if at < 29 { format!("![[page-{0}]]\n\n![[page-{0}]]", at + 1) } else { String::new() };
        site.with(
            &format!("content/page-{at}.md"),
            format!("---\ntitle: Page {at}\nid: page-{at}\n---\n\nText {at}.\n\n{embeds}\n"),
        )
    });
    let built = watchdog::finishes("embeds that double", move || site.build());
    assert!(built.has_errors(), "a page of two to the thirtieth parts was built");
}

#[test]
fn embeds_that_double_within_the_depth_do_not_blow_up_the_output() {
    let site = (0..15).fold(Site::bare(), |site, at| {
        let embeds = if at < 14 { vec![format!("![[page-{}]]", at + 1); 8].join("\n\n") } else { String::new() };
        site.with(
            &format!("content/page-{at}.md"),
            format!("---\ntitle: Page {at}\nid: page-{at}\n---\n\nText {at}.\n\n{embeds}\n"),
        )
    });
    let bytes: usize =
        watchdog::finishes("embeds, eight at every step", move || site.build().output().values().map(Vec::len).sum());
    assert!(bytes < 100_000_000, "{bytes} bytes of output");
}

// ---------------------------------------------------------------------------------------------------------------------
// What must not change a byte.

/// A site with something of everything, small enough to build often.
fn varied() -> Site {
    let mut site = Site::with_default_theme()
        .with("content/index.md", page("Home"))
        .with("content/facts/a.yaml", FACT)
        .with("static/robots-extra.txt", "text\n");
    for at in 0..24 {
        let kind = ["roles", "skills", "pathways", "glossary"][at % 4];
        let next = (at + 5) % 24;
        let text = format!(
            "---\ntitle: Page {at}\nid: page-{at}\ndescription: The page with number {at}, one of a few that are much alike and link to each other.\n\
             aliases: [Alias {at}]\ntopics: [topic {}, topic {}]\nreviewed: 2026-11-23\n---\n\n\
             ## One\n\nSee [[page-{next}]] and [[Alias {next}|the next]]; there are [[fact:same-fact]].\n\n## Two\n\n```rust\nfn a{at}() {{}}\n```\n\n| a | b |\n|---|--:|\n| 1 | {at} |\n",
            at % 3,
            at % 5,
        );
        site = site.with(&format!("content/{kind}/page-{at}.md"), text);
    }
    site
}

#[test]
fn the_order_in_which_files_are_handed_over_does_not_change_a_byte() {
    let built = varied().build();
    assert!(!built.has_errors(), "{}", built.rendered_diagnostics());
    let output = built.output();
    for seed in 1..6 {
        let other = varied().shuffled(seed).build();
        assert_eq!(built.rendered_diagnostics(), other.rendered_diagnostics(), "seed {seed}");
        assert_same_output(&format!("seed {seed}"), &output, &other.output());
    }
}

#[test]
fn nothing_of_the_surroundings_changes_a_byte() {
    let folder = workshop::fresh_folder("surroundings");
    let site = varied();
    site.write(&folder.join("one"));
    // The same files made in another order, with other times, in a place with another name.
    let elsewhere = folder.join("another place with a longer name");
    site.shuffled(9).write(&elsewhere);
    for (file, when) in
        [("content/index.md", "1970-01-01"), ("content/facts/a.yaml", "2099-12-31"), ("site.toml", "2000-02-29")]
    {
        touch(&elsewhere.join(file), when);
    }
    let first = build_by_command(&folder.join("one"), &folder.join("out"), &[], &folder);
    assert!(first.len() > 30, "only {} files were written", first.len());
    let variants: &[(&str, &[(&str, &str)])] = &[
        ("one thread", &[("RAYON_NUM_THREADS", "1")]),
        ("two threads", &[("RAYON_NUM_THREADS", "2")]),
        ("sixteen threads", &[("RAYON_NUM_THREADS", "16")]),
        ("another time zone", &[("TZ", "Pacific/Kiritimati")]),
        ("a language without UTF-8", &[("LANG", "C"), ("LC_ALL", "C")]),
        ("a language with other rules for case", &[("LANG", "tr_TR.UTF-8"), ("LC_ALL", "tr_TR.UTF-8")]),
        ("another user", &[("USER", "somebody"), ("LOGNAME", "somebody"), ("HOME", "/nonexistent")]),
    ];
    for (what, environment) in variants {
        let out = folder.join(format!("out {what}"));
        assert_same_output(what, &first, &build_by_command(&elsewhere, &out, environment, &elsewhere));
    }
}

#[test]
fn the_output_of_the_command_is_the_output_of_the_library() {
    let folder = workshop::fresh_folder("command");
    varied().write(&folder.join("site"));
    let by_command = build_by_command(&folder.join("site"), &folder.join("out"), &[], &folder);
    assert_same_output("the library", &by_command, &varied().build().output());
}

/// Sets when a file was last changed.
fn touch(file: &Path, when: &str) {
    let status = Command::new("touch").args(["-d", when]).arg(file).status().expect("touch can be run");
    assert!(status.success(), "touch failed for {}", file.display());
}

/// Everything the command writes for a site. The manifest that it keeps for itself is not part of the site.
fn build_by_command(site: &Path, out: &Path, environment: &[(&str, &str)], cwd: &Path) -> BTreeMap<String, Vec<u8>> {
    let output = Command::new(env!("CARGO_BIN_EXE_fingerpost"))
        .arg("build")
        .arg("-r")
        .arg(site)
        .arg("-o")
        .arg(out)
        .current_dir(cwd)
        .envs(environment.iter().copied())
        .output()
        .expect("the command can be run");
    assert!(output.status.success(), "the build failed:\n{}", String::from_utf8_lossy(&output.stderr));
    workshop::files_below(out).into_iter().filter(|(path, _)| !path.starts_with('.')).collect()
}

/// Says which file differs first, and where.
#[track_caller]
fn assert_same_output(what: &str, one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>) {
    let names = |output: &BTreeMap<String, Vec<u8>>| output.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(one), names(other), "with {what}, other files are published");
    for (path, bytes) in one {
        if *bytes != other[path] {
            let (one, other) = (String::from_utf8_lossy(bytes), String::from_utf8_lossy(&other[path]));
            panic!("with {what}, {path} differs:\n{}", workshop::first_difference(&one, &other));
        }
    }
}
