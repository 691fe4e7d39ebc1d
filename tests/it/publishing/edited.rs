//! After any sequence of edits the folder is what a clean build gives; with an error nothing is written.

use super::{MARKER, Tree};
use crate::edits::Garden;
use crate::workshop::{self, Chance, Site};
use fingerpost::base::date::parse_day;
use fingerpost::config::{Encoding, Overrides};
use fingerpost::files::Files;
use fingerpost::memo::Memo;
use fingerpost::output::{Claim, Grounds, Options};
use fingerpost::pipeline::{self, Nobody, Nowhere, Outcome};
use std::fs;
use std::path::Path;

/// How many edits one run makes; each costs three builds.
const EDITS: usize = 20;

/// So many edits in a row may leave errors before the last good state comes back.
const EDITS_WITH_ERRORS: usize = 3;

#[test]
fn after_any_edits_the_folder_equals_that_of_a_clean_build() {
    for seed in [11, 12] {
        let mut chance = Chance(seed);
        let folder = workshop::fresh_folder(&format!("edited-{seed}"));
        let mut garden = Garden::new(seed, 10);
        let (mut last_good, mut faulty) = (Tree::new(), 0);
        for step in 0..EDITS {
            if faulty == EDITS_WITH_ERRORS {
                garden.restore();
                faulty = 0;
            }
            let edit = if chance.below(6) == 0 { turn(&mut garden, &mut chance) } else { garden.edit() };
            let place = format!("seed {seed}, edit {step}: {edit}");
            let (site, files) = (&garden.site, garden.site.snapshot());
            let options = Options { atomic: chance.below(3) == 0, compress: encodings(site), ..Options::default() };
            let outcome = publish(&files, &folder.join("public"), options.clone());
            let checked = pipeline::build(&files, &overrides(), Vec::new(), &mut Memo::forgetful(), &Nowhere, &Nobody);
            assert_eq!(outcome.diagnostics, checked.diagnostics, "{place}: `check` says something else");
            assert_eq!(outcome.counts, checked.counts, "{place}: `check` counts something else");
            let published = whole(&folder.join("public"));
            if outcome.has_errors() {
                assert!(published == last_good, "{place}: something was written although there are errors");
                faulty += 1;
                continue;
            }
            faulty = 0;
            garden.keep();
            let clean = folder.join("clean");
            publish(&files, &clean, Options { atomic: false, ..options });
            assert_same(&place, &published, &whole(&clean));
            fs::remove_dir_all(&clean).expect("it was just made");
            assert!(!folder.join(".public.stage").exists(), "{place}: the stage is left");
            last_good = published;
        }
        assert!(!last_good.is_empty(), "seed {seed}: no edit left a site without errors");
    }
}

/// Changes a setting of how the site is published.
fn turn(garden: &mut Garden, chance: &mut Chance) -> String {
    let site = garden.site.clone();
    let lines: Vec<String> =
        site.file("site.toml").lines().filter(|line| !line.starts_with("output.")).map(str::to_owned).collect();
    let setting = [
        "output.urls = \"flat\"",
        "output.compress = [\"br\", \"gz\"]",
        "output.minify = false",
        "output.markdown_twins = false",
        "output.headers = false",
    ][chance.below(5)];
    garden.site = site.with("site.toml", lines.join("\n") + "\n" + setting + "\n");
    setting.to_owned()
}

fn encodings(site: &Site) -> Vec<Encoding> {
    if site.file("site.toml").contains("compress") { vec![Encoding::Brotli, Encoding::Gzip] } else { Vec::new() }
}

fn overrides() -> Overrides {
    Overrides { today: parse_day("2026-11-23"), ..Overrides::default() }
}

fn publish(files: &Files, output: &Path, options: Options) -> Outcome {
    let root = output.parent().expect("it is in a folder").join("site");
    let grounds = Grounds { working_folder: root.clone(), home: None, root };
    let claim = Claim::take(output, &grounds, options, &|_| panic!("nobody else builds")).expect("it may be written");
    let stage = claim.prepare().expect("it can be written");
    let outcome = pipeline::build(files, &overrides(), Vec::new(), &mut Memo::forgetful(), &stage, &Nobody);
    if !outcome.has_errors() {
        stage.publish().expect("it can be published");
    }
    outcome
}

/// All files of a folder, with the manifest, which must be the same too.
fn whole(folder: &Path) -> Tree {
    let tree = if folder.is_dir() { workshop::files_below(folder) } else { Tree::new() };
    assert!(tree.is_empty() || tree.contains_key(MARKER));
    tree
}

#[track_caller]
fn assert_same(place: &str, one: &Tree, other: &Tree) {
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>(), "{place}");
    for (path, bytes) in one {
        let (one, other) = (String::from_utf8_lossy(bytes), String::from_utf8_lossy(&other[path]));
        assert!(one == other, "{place}: {path} differs\n{}", workshop::first_difference(&one, &other));
    }
}
