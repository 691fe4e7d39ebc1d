//! Front matter as people get it wrong: read as written, or refused with the line.

use super::assert_same_output;
use crate::workshop::{self, Site};

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
                let page = built.page("/a/");
                let given = page.map(|page| workshop::references_resolved(page.trim_end_matches('\n')));
                if given.as_deref() != Some(title) {
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
