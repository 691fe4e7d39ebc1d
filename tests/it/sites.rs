//! Whole sites: `tests/sites/<case>/input/` is built with the default theme and compared with `expected/`.
//!
//! Only the files that `expected/` lists are compared, and `expected/diagnostics.txt` holds the findings; a case without
//! that file must have none. `diagnostics.json`, `.sarif` and `.github` hold them as machines get them. To compare a further page, create an empty file in its place and run
//! `FINGERPOST_BLESS=1 cargo test`, then read the diff.

use crate::workshop::{self, Built, Site};
use fingerpost::diag;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The file of `expected/` that holds the findings.
const DIAGNOSTICS: &str = "diagnostics.txt";

/// The findings in the form that the ending of a file in `expected/` names, if it is one.
fn findings_as(path: &str, built: &Built) -> Option<String> {
    Some(match path.strip_prefix("diagnostics.")? {
        "json" => built.findings_as(diag::to_json),
        "sarif" => built.findings_as(diag::to_sarif),
        "github" => built.findings_as(diag::to_github),
        _ => return None,
    })
}

#[test]
fn every_site_builds_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites");
    let mut cases: Vec<_> = fs::read_dir(folder)
        .expect("tests/sites can be listed")
        .map(|entry| entry.expect("an entry can be read").path())
        .filter(|path| path.is_dir())
        .collect();
    cases.sort();
    assert!(!cases.is_empty(), "tests/sites holds no case");
    let failures: String = cases.iter().map(|case| check(case)).collect();
    assert!(
        failures.is_empty(),
        "{failures}\nIf the new result is right: FINGERPOST_BLESS=1 cargo test, and read the diff."
    );
}

/// The differences of one case, or nothing.
fn check(case: &Path) -> String {
    let name = case.file_name().expect("a folder has a name").to_string_lossy();
    let built = Site::from_folder(&case.join("input")).build();
    let mut given: BTreeMap<String, String> = BTreeMap::new();
    let expected = workshop::files_below(&case.join("expected"));
    let findings = built.rendered_diagnostics();
    if !findings.is_empty() || expected.contains_key(DIAGNOSTICS) {
        given.insert(DIAGNOSTICS.to_owned(), findings);
    }
    for path in expected.keys().filter(|path| *path != DIAGNOSTICS) {
        let file = findings_as(path, &built).or_else(|| built.text(path));
        given.insert(path.clone(), file.unwrap_or_else(|| "nothing is published here\n".to_owned()));
    }
    let mut failures = String::new();
    for (path, given) in &given {
        let given = workshop::renumber_hashes(given);
        let wanted = expected.get(path).map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default();
        if given == wanted {
            continue;
        }
        if workshop::blessing() {
            fs::write(case.join("expected").join(path), given).expect("the expectation can be written");
        } else {
            failures += &format!("{name}: {path} differs\n{}", workshop::first_difference(&wanted, &given));
        }
    }
    failures
}
