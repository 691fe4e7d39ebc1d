//! Faults that sites meet in the world, each with what the author is told.

mod code;
mod collisions;
mod embeds;
mod encodings;
mod front_matter;
mod links;
mod places;
mod sizes;
mod templates;
mod unchanged;

use crate::workshop;
use std::collections::BTreeMap;

/// A page with a title and a word, whatever its file is called.
const A: &str = "---\ntitle: A page\n---\n\nText.\n";

/// A second one.
const B: &str = "---\ntitle: Another page\n---\n\nText.\n";

/// One complete record.
const FACT: &str = "\
- id: same-fact
  statement: How many there are
  value: 12
  unit: jobs
  as_of: 2025
  place: worldwide
  evidence: editor's estimate
  reasoning: Counted by hand.
  seen: direct
  confidence: low
  checked: 2026-11-22
";

/// A small page with a title, whatever its file is called.
fn page(title: &str) -> String {
    format!("---\ntitle: {title}\n---\n\nText of {title}.\n")
}

/// Says which file differs first, and where.
#[track_caller]
fn assert_same_output(what: &str, one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>) {
    let names = |output: &BTreeMap<String, Vec<u8>>| output.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(one), names(other), "with {what}, other files are published");
    for (path, bytes) in one {
        if *bytes != other[path] {
            let (one, other) = (String::from_utf8_lossy(bytes), String::from_utf8_lossy(&other[path]));
            panic!("with {what}, {path} differs:\n{}", workshop::first_difference(&one, &other));
        }
    }
}
