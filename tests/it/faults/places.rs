//! Text whose parts lie where writers seldom put them.

use crate::watchdog;
use crate::workshop::Site;

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

#[test]
fn an_embed_inside_a_line_is_an_error_or_splits_the_paragraph() {
    for line in
        ["Before ![[B page]] after.", "**![[B page]]**", "| a |\n|---|\n| ![[B page]] |", "## Heading ![[B page]]"]
    {
        let built = Site::bare()
            .with("content/b.md", "---\ntitle: B page\n---\n\nText.\n")
            .with("content/a.md", format!("---\ntitle: A page\n---\n\n{line}\n"))
            .build();
        let Some(html) = built.page("/a/").filter(|_| !built.has_errors()) else { continue };
        assert_balanced(line, &html);
        for (holder, end) in [("<p>", "</p>"), ("<strong>", "</strong>"), ("<h2", "</h2>")] {
            for held in html.split(holder).skip(1).filter_map(|rest| rest.split_once(end).map(|(held, _)| held)) {
                assert!(!held.contains("<section"), "{line:?}: a section stands inside {holder} in\n{html}");
            }
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
