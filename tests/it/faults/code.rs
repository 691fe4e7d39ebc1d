//! Code that would cost too much to colour.

use super::{A, assert_same_output};
use crate::watchdog;
use crate::workshop::{self, Site};

#[test]
fn code_that_costs_too_much_to_colour_is_published_plain_with_a_note() {
    let script = "function a(b){return b?a(b-1):[1,2,3].map(c=>c*2)};".repeat(20_000);
    let line = format!("let a = \"{}\";\n", "a".repeat(8_000));
    for (language, code) in [("js", script), ("rust", line)] {
        let page = format!("{A}\n```{language}\n{code}\n```\n");
        let built =
            watchdog::finishes(&format!("slow {language}"), move || Site::bare().with("content/a.md", page).build());
        let html = built.page("/a/").expect("the page is published");
        assert!(!html.contains("class=\"hl-"), "{language} was coloured");
        assert_eq!(built.codes(), ["code-not-highlighted"], "{language}:\n{}", built.rendered_diagnostics());
    }
}

#[test]
fn lines_on_which_a_grammar_backtracks_end_and_keep_their_text() {
    let lines = [
        ("makefile", "\t$(eval RESOLVED_TARGETS := $(shell bash resolve.sh $(DEPENDENCY_SERVICES)))"),
        ("makefile", "foo: $(GOBIN)/foo\n\tgo vet -vettool=$(GOBIN)/foo ./..."),
        ("bash", "((((((((((((((((((((((((((((((((((((((((((((((((((((((((("),
        ("rust", "a<a<a<a<a<a<a<a<a<a<a<a<a<a<a<a<a<a<a<a<a<a<a<a<a<a<a<a<a<a"),
        ("python", "f\"{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{"),
        ("html", "<a <a <a <a <a <a <a <a <a <a <a <a <a <a <a <a <a <a <a <a"),
        ("js", "/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a"),
        ("css", "a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a"),
        ("yaml", "a: b: c: d: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["),
    ];
    for (language, line) in lines {
        let code = format!("{line}\n").repeat(300);
        let page = format!("{A}\n```{language}\n{code}```\n");
        let built =
            watchdog::finishes(&format!("{language}: {line}"), move || Site::bare().with("content/a.md", page).build());
        let html = built.page("/a/").expect("the page is published");
        let (_, shown) = html.split_once("<pre").expect("there is code");
        let text: String = shown.split('<').filter_map(|part| part.split_once('>').map(|(_, text)| text)).collect();
        assert_eq!(workshop::references_resolved(&text).trim(), code.trim(), "{language}: {line}");
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
