//! A full disk, a faulty one, too few handles, folders that may not be written: one line that names the place, and the
//! old site stays whole.

use super::{Project, Tree, assert_whole, before_and_after, can_run, clean_build, said, skipped, tree};
use crate::workshop::Site;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// How long each kind of fault is tried.
const BUDGET: Duration = Duration::from_secs(4);

#[track_caller]
fn assert_told(what: &str, output: &Output) {
    let said = said(output);
    assert!(!said.contains("has a bug") && !said.contains("backtrace"), "{what}: {said}");
    assert!(output.status.success() || said.contains("error"), "{what}: {} without a word: {said}", output.status);
}

#[test]
fn calls_that_fail_are_told_and_the_next_build_is_whole() {
    if !can_run("strace", &["-qq", "-o", "/dev/null", "true"]) {
        skipped("strace is not installed or may not trace", "calls that fail");
        return;
    }
    let (before, after) = before_and_after();
    let project = Project::new("faulty", &before);
    project.build(&["-q"]);
    let first = project.published();
    fs::rename(project.path("site/public"), project.path("old")).expect("it can be moved");
    project.holds(&after);
    let second = clean_build("faulty-clean", &after);
    let reset = || {
        for folder in ["public", ".public.stage", ".fingerpost"] {
            let _ = fs::remove_dir_all(project.path(&format!("site/{folder}")));
        }
        let mut copy = Command::new("cp");
        copy.arg("-a").args([project.path("old"), project.path("site/public")]);
        assert!(copy.status().expect("cp can be run").success());
    };
    for (calls, error) in
        [("write", "ENOSPC"), ("rename", "EIO"), ("mkdir", "ENOSPC"), ("unlink", "EACCES"), ("openat", "EMFILE")]
    {
        let (start, mut at, mut failed) = (Instant::now(), 1, 0);
        // Later and later calls, in growing steps, to the end or until the time is up.
        while start.elapsed() < BUDGET && at < 400 {
            reset();
            let injection = format!("inject={calls}:error={error}:when={at}");
            let options = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", &injection];
            let output = project.under(&options, &["build"]).output().expect("strace can be run");
            let what = format!("{calls} number {at} fails with {error}");
            at += 1 + at / 6;
            if output.status.code() == Some(127) {
                // The program's own libraries could not be opened.
                continue;
            }
            failed += usize::from(!output.status.success());
            // A write that fails may be that of the message itself.
            if calls != "write" {
                assert_told(&what, &output);
            }
            assert!(!said(&output).contains("has a bug"), "{what}: {}", said(&output));
            assert_whole(&what, &project.published(), &first, &second);
            project.build(&["-q"]);
            assert!(project.published() == second, "{what}: the next build does not bring the new site");
            assert_eq!(project.leftovers(), Vec::<String>::new(), "{what}");
        }
        assert!(failed > 0, "no {calls} failed");
    }
}

#[test]
fn with_few_handles_a_build_works_or_says_why_not() {
    if !can_run("prlimit", &["--nofile=32", "true"]) {
        skipped("prlimit is missing", "builds with few handles");
        return;
    }
    let project = Project::new("handles", &Site::varied(8));
    for limit in ["--nofile=32", "--nofile=12", "--nofile=6", "--nofile=4"] {
        let output = project.under(&["prlimit", limit], &["build"]).output().expect("prlimit can be run");
        if output.status.code() != Some(127) {
            assert_told(limit, &output);
        }
        let published = project.published();
        assert!(published.is_empty() || published.contains_key("index.html"), "{limit}: half a site");
    }
}

/// A small file system in memory, taken away when dropped.
struct SmallDisk<'a>(&'a Path);

impl<'a> SmallDisk<'a> {
    fn mount(place: &'a Path, kilobytes: usize) -> Option<Self> {
        fs::create_dir_all(place).expect("a folder can be made");
        let size = format!("size={kilobytes}k");
        let mut command = Command::new("mount");
        command.args(["-t", "tmpfs", "-o", &size, "none"]).arg(place).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success()).then_some(Self(place))
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0).status();
    }
}

#[test]
fn a_full_disk_leaves_the_old_site() {
    // Large beside what the theme and the search take in any site.
    let site = Site::varied(80);
    let clean = clean_build("full-clean", &site);
    let bytes: usize = clean.values().map(|bytes| bytes.len().div_ceil(4096) * 4096).sum();
    let project = Project::new("full", &site);
    let place = project.path("disk");
    let Some(_disk) = SmallDisk::mount(&place, bytes / 1024 / 2) else {
        skipped("nothing may be mounted here", "a full disk");
        return;
    };
    let output = project.run(&["build", "-o", "../disk/public"]);
    let told = said(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("No space left on device"), "{told}");
    assert_eq!(fs::read_dir(&place).expect("it can be read").count(), 0, "the stage is gone: {told}");
    // A small site fits; the large one that should follow does not.
    let small = Project::new("full-small", &Site::varied(1));
    let output = small.run(&["build", "-q", "-o", place.join("public").to_str().expect("it is text")]);
    assert!(output.status.success(), "{}", said(&output));
    let before = tree(&place.join("public"));
    let output = project.run(&["build", "-o", "../disk/public"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(tree(&place.join("public")) == before, "the old site is not whole");
    assert!(!place.join(".public.stage").exists());
}

#[test]
fn an_output_folder_on_a_file_system_of_its_own_is_updated_in_place() {
    let (before, after) = before_and_after();
    let project = Project::new("own-disk", &before);
    let place = project.path("site/public");
    let Some(_disk) = SmallDisk::mount(&place, 64 * 1024) else {
        skipped("nothing may be mounted here", "an output folder on its own file system");
        return;
    };
    project.build(&["-q"]);
    project.holds(&after);
    let said = project.build(&["--atomic"]);
    assert!(said.contains("file by file"), "{said}");
    assert!(project.published() == clean_build("own-disk-clean", &after));
    assert_eq!(project.leftovers(), Vec::<String>::new());
}

/// Whether commands can be run as somebody who is not root.
fn can_be_nobody() -> bool {
    can_run(
        "setpriv",
        &["--reuid=65534", "--regid=65534", "--clear-groups", env!("CARGO_BIN_EXE_fingerpost"), "--version"],
    )
}

const NOBODY: [&str; 4] = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];

#[cfg(unix)]
#[test]
fn what_may_not_be_written_is_refused_before_any_work() {
    use std::os::unix::fs::PermissionsExt as _;
    if !can_be_nobody() {
        skipped("commands cannot be run as another user here", "folders that may not be written");
        return;
    }
    let project = Project::new("read-only", &Site::varied(4));
    // Its parent may not be written, so there is nowhere to work.
    let output = project.under(&NOBODY, &["build", "--timings"]).output().expect("setpriv can be run");
    let told = said(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("Permission denied") && !told.contains("render"), "{told}");
    // The output folder itself may be written: that is enough.
    let public = project.path("site/public");
    fs::create_dir(&public).expect("a folder can be made");
    fs::set_permissions(&public, fs::Permissions::from_mode(0o777)).expect("it is ours");
    let output = project.under(&NOBODY, &["build"]).output().expect("setpriv can be run");
    assert!(output.status.success(), "{}", said(&output));
    assert!(public.join("index.html").exists() && !public.join(".public.stage").exists());
    // A source that may not be read is named, and nothing is written.
    let secret = project.path("site/content/roles/page-0.md");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o000)).expect("it is ours");
    let before: Tree = tree(&public);
    let output = project.under(&NOBODY, &["build"]).output().expect("setpriv can be run");
    let told = said(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("cannot read `content/roles/page-0.md`"), "{told}");
    assert!(tree(&public) == before);
    // The rest is published when that is asked for, and the exit code tells all the same.
    let output = project.under(&NOBODY, &["build", "--keep-going"]).output().expect("setpriv can be run");
    let told = said(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("cannot read `content/roles/page-0.md`") && told.contains("in spite of errors"), "{told}");
    assert!(public.join("index.html").exists() && !public.join("roles/page-0/index.html").exists());
    // Such a site is not what the next build may take for done.
    let output = project.under(&NOBODY, &["build"]).output().expect("setpriv can be run");
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
}

#[test]
fn a_source_that_changes_while_it_is_read_is_old_or_new() {
    let project = Project::new("vanishing", &Site::varied(6));
    let (root, config) = (project.path("site"), project.path("site/site.toml"));
    let page = root.join("content/roles/page-0.md");
    let old = fs::read(&page).expect("it was just written");
    let new = [old.as_slice(), b"\nMore text.\n"].concat();
    let is_over = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let (aside, mut turn) = (root.join("aside.md"), 0_u64);
            while !is_over.load(std::sync::atomic::Ordering::Relaxed) {
                turn += 1;
                fs::write(&aside, if turn % 2 == 0 { &old } else { &new }).expect("it can be written");
                // For a moment there is no page at all.
                let _ = fs::remove_file(&page);
                fs::rename(&aside, &page).expect("it can be moved");
            }
        });
        for _ in 0..200 {
            let (files, faults) = fingerpost::files::load(&root, &config).expect("the project is there");
            let read = files.get("content/roles/page-0.md").map(|source| source.bytes.to_vec());
            assert!(read.is_none_or(|read| read == old || read == new), "half a file was read");
            assert!(faults.is_empty(), "{faults:?}");
        }
        is_over.store(true, std::sync::atomic::Ordering::Relaxed);
    });
}

#[test]
fn a_site_without_templates_takes_no_site_away() {
    let project = Project::new("keep-going", &Site::varied(4));
    project.build(&["-q"]);
    let before = project.published();
    let templates = project.path("site/templates");
    fs::create_dir_all(&templates).expect("a folder can be made");
    fs::write(templates.join("base.html"), "{% if %}").expect("it can be written");
    let output = project.command(&["build", "--keep-going"]).output().expect("the program runs");
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("wrote nothing"), "{}", said(&output));
    assert!(project.published() == before);
}
