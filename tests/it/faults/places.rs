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
    let mut faults = Vec::new();
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
        match watchdog::attempt(holder, move || site.build()) {
            Err(fault) => faults.push(fault),
            Ok(built) if built.has_errors() => {}
            Ok(built) => match built.page("/a/") {
                Some(html) => faults.extend(unbalanced(&html).map(|fault| format!("{holder:?}: {fault} in\n{html}"))),
                None => faults.push(format!("{holder:?}: neither an error nor the page")),
            },
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
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
        assert_eq!(unbalanced(&html), None, "{line:?} in\n{html}");
        for (holder, end) in [("<p>", "</p>"), ("<strong>", "</strong>"), ("<h2", "</h2>")] {
            for held in html.split(holder).skip(1).filter_map(|rest| rest.split_once(end).map(|(held, _)| held)) {
                assert!(!held.contains("<section"), "{line:?}: a section stands inside {holder} in\n{html}");
            }
        }
    }
}

/// Why the elements of a page without raw HTML do not nest, if they do not.
fn unbalanced(html: &str) -> Option<String> {
    let mut open: Vec<&str> = Vec::new();
    for tag in html.split('<').skip(1).filter_map(|rest| rest.split_once('>').map(|(tag, _)| tag)) {
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        if tag.starts_with('/') {
            let opened = open.pop();
            if opened != Some(name) {
                return Some(format!("</{name}> closes {opened:?}"));
            }
        } else if !tag.ends_with('/') && !matches!(name, "br" | "hr" | "img" | "input" | "wbr") {
            open.push(name);
        }
    }
    (!open.is_empty()).then(|| format!("{open:?} are left open"))
}
