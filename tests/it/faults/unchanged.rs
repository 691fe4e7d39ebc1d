//! Everything that must not change a byte of the output: order, threads, clocks, places, languages.

use super::assert_same_output;
use crate::workshop::{self, Site};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

#[test]
fn the_order_in_which_files_are_handed_over_does_not_change_a_byte() {
    let built = Site::varied(24).build();
    assert!(!built.has_errors(), "{}", built.rendered_diagnostics());
    let output = built.output();
    for seed in 1..6 {
        let other = Site::varied(24).shuffled(seed).build();
        assert_eq!(built.rendered_diagnostics(), other.rendered_diagnostics(), "seed {seed}");
        assert_same_output(&format!("seed {seed}"), &output, &other.output());
    }
}

#[test]
fn nothing_of_the_surroundings_changes_a_byte() {
    let folder = workshop::fresh_folder("surroundings");
    let site = Site::varied(24);
    site.write(&folder.join("one"));
    // The same files made in another order, with other times, in a place with another name.
    let elsewhere = folder.join("another place with a longer name");
    site.shuffled(9).write(&elsewhere);
    for (file, when) in
        [("content/index.md", "1970-01-01"), ("content/facts/a.yaml", "2099-12-31"), ("site.toml", "2000-02-29")]
    {
        touch(&elsewhere.join(file), when);
    }
    let first = build_by_command(&folder.join("one"), &folder.join("out"), &[], &folder);
    assert!(first.len() > 30, "only {} files were written", first.len());
    let variants: &[(&str, &[(&str, &str)])] = &[
        ("one thread", &[("RAYON_NUM_THREADS", "1")]),
        ("two threads", &[("RAYON_NUM_THREADS", "2")]),
        ("sixteen threads", &[("RAYON_NUM_THREADS", "16")]),
        ("another time zone", &[("TZ", "Pacific/Kiritimati")]),
        ("a language without UTF-8", &[("LANG", "C"), ("LC_ALL", "C")]),
        ("a language with other rules for case", &[("LANG", "tr_TR.UTF-8"), ("LC_ALL", "tr_TR.UTF-8")]),
        ("another user", &[("USER", "somebody"), ("LOGNAME", "somebody"), ("HOME", "/nonexistent")]),
    ];
    for (what, environment) in variants {
        let out = folder.join(format!("out {what}"));
        assert_same_output(what, &first, &build_by_command(&elsewhere, &out, environment, &elsewhere));
    }
}

#[test]
fn the_output_of_the_command_is_the_output_of_the_library() {
    let folder = workshop::fresh_folder("command");
    Site::varied(24).write(&folder.join("site"));
    let by_command = build_by_command(&folder.join("site"), &folder.join("out"), &[], &folder);
    assert_same_output("the library", &by_command, &Site::varied(24).build().output());
}

/// Sets when a file was last changed.
fn touch(file: &Path, when: &str) {
    let status = Command::new("touch").args(["-d", when]).arg(file).status().expect("touch can be run");
    assert!(status.success(), "touch failed for {}", file.display());
}

/// Everything the command writes for a site. The manifest that it keeps for itself is not part of the site.
fn build_by_command(site: &Path, out: &Path, environment: &[(&str, &str)], cwd: &Path) -> BTreeMap<String, Vec<u8>> {
    let output = Command::new(env!("CARGO_BIN_EXE_fingerpost"))
        .arg("build")
        .arg("-r")
        .arg(site)
        .arg("-o")
        .arg(out)
        .current_dir(cwd)
        .envs(environment.iter().copied())
        .output()
        .expect("the command can be run");
    assert!(output.status.success(), "the build failed:\n{}", String::from_utf8_lossy(&output.stderr));
    workshop::files_below(out).into_iter().filter(|(path, _)| !path.starts_with('.')).collect()
}
