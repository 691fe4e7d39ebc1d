//! Templates that fail: an error that names the template and its line.

use super::{A, page};
use crate::watchdog;
use crate::workshop::Site;

#[test]
fn a_template_that_fails_is_an_error_that_names_the_template_and_its_line() {
    for (what, template, code, line) in [
        ("an unclosed tag", "<p>\n{{ page.title\n</p>", "template-syntax", Some(3)),
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
fn a_loop_that_would_count_for_ever_is_an_error_that_names_its_line() {
    let count = "{% for a in range(end=50000) %}\n{% for b in range(end=50000) %}{% endfor %}{% endfor %}";
    let site = Site::bare().with("templates/page.html", count).with("content/a.md", A);
    let built = watchdog::finishes("a template that counts for ever", move || site.build());
    let found = built.findings().iter().any(|finding| {
        finding.code == "template-render" && finding.names("templates/page.html") && finding.line == Some(2)
    });
    assert!(found, "{}", built.rendered_diagnostics());
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
