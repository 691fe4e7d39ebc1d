//! Embeds that run in circles, too deep or too wide.

use crate::watchdog;
use crate::workshop::Site;

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
    assert!(message.contains("a → b → a") || message.contains("b → a → b"), "the circle is not named:\n{message}");
    let own = Site::bare().with("content/a.md", embedding("A page", "A page")).build();
    assert!(own.error_codes().contains(&"embed-cycle"), "{}", own.rendered_diagnostics());
}

#[test]
fn a_page_cannot_embed_a_section_of_itself() {
    for section in ["One", "Two"] {
        let page = format!("---\ntitle: A page\n---\n\n## One\n\nText.\n\n## Two\n\n![[A page#{section}]]\n");
        let built = Site::bare().with("content/a.md", page).build();
        assert!(built.has_errors(), "the section {section} was embedded in its own page");
    }
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
