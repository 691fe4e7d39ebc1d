//! A build that remembers the last one gives what a build from nothing gives, and does no more work than the edit asks for.

use crate::edits::Garden;
use crate::workshop::{self, Site};
use fingerpost::memo::Memo;
use fingerpost::output::MemorySite;

/// How many edits one seed makes; each costs two builds.
const EDITS: usize = 250;

/// A site with errors is edited on for so long before it is set right, so that most edits are of a good one.
const EDITS_WITH_ERRORS: usize = 3;

#[test]
fn after_any_edit_the_served_site_is_the_one_that_a_build_from_nothing_gives() {
    // Another seed for another walk: FINGERPOST_SEED=7 cargo test --test it incremental
    let given = std::env::var("FINGERPOST_SEED").ok().and_then(|seed| seed.parse().ok());
    let seeds: Vec<u64> = given.map_or_else(|| vec![1, 2], |seed| vec![seed]);
    let walks: Vec<_> = seeds.into_iter().map(|seed| std::thread::spawn(move || walk(seed))).collect();
    for walk in walks {
        if let Err(panic) = walk.join() {
            std::panic::resume_unwind(panic);
        }
    }
}

/// Edits one site again and again, and after every edit holds what is served against a build from nothing.
fn walk(seed: u64) {
    let mut garden = Garden::new(seed, 10);
    let mut memo = Memo::new();
    let (mut served, _, first) = garden.site.serve(&mut memo, &MemorySite::default());
    assert!(!first.has_errors(), "{:?}", first.diagnostics);
    let (mut good, mut faulty, mut history) = (0, 0, Vec::new());
    for _ in 0..EDITS {
        history.push(garden.edit());
        if faulty == EDITS_WITH_ERRORS {
            garden.restore();
            faulty = 0;
            history.push("back to a state without errors".to_owned());
        }
        let (site, found, outcome) = garden.site.serve(&mut memo, &served);
        let (fresh, fresh_found, _) = garden.site.serve(&mut Memo::forgetful(), &MemorySite::default());
        let place =
            || format!("seed {seed}, after the edits\n  {}", history[history.len().saturating_sub(6)..].join("\n  "));
        assert!(found == fresh_found, "{}\n{}", place(), workshop::first_difference(&found, &fresh_found));
        if outcome.has_errors() {
            faulty += 1;
            continue;
        }
        faulty = 0;
        good += 1;
        if let Some(path) = site.differences(&fresh).first() {
            let text = |site: &MemorySite| site.text(path).unwrap_or("(not there)").to_owned();
            panic!("{}\n{path} differs\n{}", place(), difference(&text(&site), &text(&fresh)));
        }
        served = site;
        garden.keep();
    }
    assert!(good > EDITS / 2, "seed {seed}: only {good} of {EDITS} edits gave a site without errors");
}

/// Where two long lines begin to differ.
fn difference(one: &str, other: &str) -> String {
    let same = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let around = |text: &str| text.chars().skip(same.saturating_sub(200)).take(320).collect::<String>();
    format!("served: … {}\nfresh:  … {}", around(one), around(other))
}

#[test]
fn without_an_edit_nothing_is_read_or_rendered_again() {
    let mut memo = Memo::new();
    let site = Site::varied(12);
    site.build_with(&mut memo);
    let counts = site.build_with(&mut memo).outcome.counts;
    assert_eq!((counts.read, counts.rendered, counts.indexed), (0, 0, 0));
}

#[test]
fn an_edit_of_prose_reads_and_renders_one_page() {
    let mut memo = Memo::new();
    let site = Site::varied(12);
    site.build_with(&mut memo);
    let text = site.file("content/roles/page-0.md").replace("there are", "there may be");
    let counts = site.with("content/roles/page-0.md", text).build_with(&mut memo).outcome.counts;
    assert_eq!((counts.read, counts.indexed), (1, 1), "one page is read, and its words alone are counted");
    // The page itself, the page with all pages on it, and those that quote the sentence beside their links back.
    assert!(counts.rendered <= 4, "{} pages were rendered", counts.rendered);
}

#[test]
fn a_change_of_title_renders_only_pages_that_show_it() {
    let mut memo = Memo::new();
    let site = Site::varied(40);
    site.build_with(&mut memo);
    let text = site.file("content/roles/page-0.md").replace("title: Page 0", "title: Another name");
    let built = site.with("content/roles/page-0.md", text).build_with(&mut memo);
    let shown = built.output().values().filter(|bytes| String::from_utf8_lossy(bytes).contains("Another name")).count();
    let rendered = built.outcome.counts.rendered;
    assert_eq!(built.outcome.counts.read, 1);
    assert!(rendered <= shown, "{rendered} pages were rendered, but only {shown} show the title");
}
