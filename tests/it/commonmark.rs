//! Every example of the CommonMark specification, through our renderer with our extensions off.

use crate::fetched;
use crate::normalise::normalise;
use fingerpost::read::markdown::to_html_commonmark;

/// One example of the specification.
struct Example {
    number: usize,
    section: String,
    markdown: String,
    html: String,
}

#[test]
fn every_example_of_the_commonmark_specification_renders_as_it_says() {
    let examples = examples(&fetched::text("commonmark-spec/spec.txt"));
    assert_eq!(examples.len(), 652, "the specification 0.31.2 has 652 examples");
    let mut differing = Vec::new();
    for example in &examples {
        let html = to_html_commonmark(&example.markdown);
        if normalise(&html) != normalise(&example.html) {
            differing.push(format!(
                "example {} ({})\n--- markdown\n{}--- expected\n{}--- rendered\n{html}",
                example.number, example.section, example.markdown, example.html
            ));
        }
    }
    assert!(differing.is_empty(), "{} of {} differ:\n\n{}", differing.len(), examples.len(), differing.join("\n"));
}

/// The Markdown of every example, for tests that want a varied corpus.
pub(crate) fn corpus() -> Vec<String> {
    examples(&fetched::text("commonmark-spec/spec.txt")).into_iter().map(|example| example.markdown).collect()
}

/// The examples of `specification`: a fence of 32 backticks holds the Markdown, a line with one full stop, and the HTML;
/// an arrow stands for a tab.
fn examples(specification: &str) -> Vec<Example> {
    let fence = "`".repeat(32);
    let opening = format!("{fence} example");
    let mut examples: Vec<Example> = Vec::new();
    let mut section = String::new();
    let mut lines = specification.lines();
    while let Some(line) = lines.next() {
        if line == "<!-- END TESTS -->" {
            break;
        } else if line == opening {
            let markdown: Vec<&str> = lines.by_ref().take_while(|line| *line != ".").collect();
            let html: Vec<&str> = lines.by_ref().take_while(|line| *line != fence).collect();
            examples.push(Example {
                number: examples.len() + 1,
                section: section.clone(),
                markdown: joined(&markdown),
                html: joined(&html),
            });
        } else if line.starts_with('#') {
            section = line.trim_start_matches('#').trim().to_owned();
        }
    }
    examples
}

/// The lines as the text they came from, each with its line end.
fn joined(lines: &[&str]) -> String {
    lines.iter().map(|line| line.replace('→', "\t") + "\n").collect()
}
