//! Line ends, byte order marks and other encodings: the same page, or an error that names the file.

use super::{B, FACT, assert_same_output};
use crate::commonmark;
use crate::workshop::{self, Site};

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
    let mut faults = Vec::new();
    for (what, text) in [
        ("front matter", "---\ntitle: A\u{0}b\n---\n"),
        ("quoted front matter", "---\ntitle: \"A\\0b\"\n---\n"),
        ("prose", "---\ntitle: A\n---\n\nText\u{0}.\n"),
        ("code", "---\ntitle: A\n---\n\n`code\u{0}`\n\n```rust\nfn\u{0} a() {}\n```\n"),
        ("an address", "---\ntitle: A\n---\n\n[link](https://example.org/\u{0}) <https://example.org/\u{0}>\n"),
        ("a heading", "---\ntitle: A\n---\n\n## Heading\u{0} {#a\u{0}b}\n"),
        ("a formula", "---\ntitle: A\n---\n\n$a\u{0}b$\n"),
        ("raw HTML", "---\ntitle: A\n---\n\n<b title=\"\u{0}\">\u{0}</b>\n"),
    ] {
        let built = Site::bare()
            .with("templates/page.html", "{{ page.title }}{{ page.body | safe }}")
            .with("content/a.md", text)
            .build();
        if built.has_errors() {
            continue;
        }
        for (path, bytes) in built.output() {
            if bytes.contains(&0) || path.contains('\0') {
                faults.push(format!("{what}: {path} holds a zero byte"));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn escapes_of_lone_surrogates_in_front_matter_are_an_error_or_replaced() {
    for escape in ["\\ud800", "\\udfff", "\\ud83d", "\\U0000d800", "\\x00", "\\U00110000"] {
        let built = Site::bare().with("content/a.md", format!("---\ntitle: \"A {escape} b\"\n---\n")).build();
        assert!(built.has_errors() || built.page("/a/").is_some(), "{escape} was lost");
    }
}
