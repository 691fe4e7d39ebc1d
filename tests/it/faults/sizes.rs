//! Files that are large, long or deep: an answer in time, on an ordinary stack.

use super::{A, FACT};
use crate::watchdog;
use crate::workshop::{self, Site};

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
