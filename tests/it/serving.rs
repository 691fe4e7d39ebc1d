//! `serve` as a process: what it serves after edits on a disk, without the system's events, and how it ends.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write, stderr};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use fingerpost::memo::Memo;
use fingerpost::output::MemorySite;

use crate::edits::Garden;
use crate::workshop::{self, Built, Server, Site};

/// How many edits are saved one after another.
const EDITS: usize = 25;

#[test]
fn after_any_save_the_server_serves_what_a_build_from_nothing_gives() {
    let folder = workshop::fresh_folder("serving-edits");
    let mut garden = Garden::new(11, 8);
    garden.site.write(&folder);
    let server = Server::start(&folder, 0);
    let mut good = MemorySite::default();
    let mut history = Vec::new();
    for _ in 0..EDITS {
        let before = garden.site.clone();
        history.push(garden.edit());
        save(&folder, &before, &garden.site);
        let (fresh, found, outcome) =
            garden.site.serve_at(Some(server.url("")), &mut Memo::forgetful(), &MemorySite::default());
        if outcome.has_errors() {
            // The last good site stays; which one that is only shows once this is mended.
            let before = garden.site.clone();
            garden.restore();
            save(&folder, &before, &garden.site);
            history.push(format!("and back, after {}", found.lines().next().unwrap_or_default()));
            continue;
        }
        serves(&server, &good, &fresh, &history);
        good = fresh;
        garden.keep();
    }
}

/// Writes what differs between two states of a site, as a version control does.
fn save(folder: &Path, before: &Site, after: &Site) {
    let known: BTreeMap<&str, &[u8]> = before.files().collect();
    let wanted: BTreeMap<&str, &[u8]> = after.files().collect();
    for path in known.keys().filter(|path| !wanted.contains_key(*path)) {
        fs::remove_file(folder.join(path)).expect("the file was written");
    }
    for (path, bytes) in wanted.iter().filter(|(path, bytes)| known.get(*path) != Some(bytes)) {
        let file = folder.join(path);
        fs::create_dir_all(file.parent().expect("a file lies in a folder")).expect("a folder can be made");
        fs::write(file, bytes).expect("a file can be written");
    }
}

/// Waits until every file of a site is served and none of those that only the one before had.
#[track_caller]
fn serves(server: &Server, before: &MemorySite, site: &MemorySite, history: &[String]) {
    let started = Instant::now();
    for path in site.differences(before) {
        let expected = site.get(path).map(|(bytes, _)| bytes.to_vec());
        loop {
            let served = server.get(&format!("/{path}"));
            if served == expected {
                break;
            }
            let place = format!("{path} after\n  {}", history[history.len().saturating_sub(4)..].join("\n  "));
            let text = |bytes: &Option<Vec<u8>>| {
                String::from_utf8_lossy(bytes.as_deref().unwrap_or(b"(nothing)")).into_owned()
            };
            assert!(
                started.elapsed() < Duration::from_secs(60),
                "{place}\n{}",
                workshop::first_difference(&text(&served), &text(&expected))
            );
            thread::sleep(Duration::from_millis(10));
        }
    }
}

const PAGE: &str = "---\ntitle: Home\ndescription: The only page of a site that is served.\n---\n\nBody one.\n";

fn small_project(name: &str) -> std::path::PathBuf {
    let folder = workshop::fresh_folder(name);
    Site::with_default_theme().with("content/index.md", PAGE).write(&folder);
    folder
}

#[track_caller]
fn shows(server: &Server, part: &str) {
    let started = Instant::now();
    while !server.get("/").is_some_and(|page| String::from_utf8_lossy(&page).contains(part)) {
        assert!(started.elapsed() < Duration::from_secs(60), "`{part}` never comes");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn files_are_looked_over_where_that_is_asked_for() {
    let folder = small_project("serving-poll");
    let mut command = Command::new(env!("CARGO_BIN_EXE_fingerpost"));
    let server = Server::run(command.args(["serve", "--port", "0", "--poll"]).current_dir(&folder));
    shows(&server, "Body one.");
    // The same length, and perhaps the same second.
    fs::write(folder.join("content/index.md"), PAGE.replace("one", "two")).expect("writable");
    shows(&server, "Body two.");
}

#[cfg(target_os = "linux")]
#[test]
fn files_are_looked_over_and_that_is_said_where_the_system_has_no_more_watches() {
    let folder = small_project("serving-exhausted");
    let strace = [
        "-f",
        "-qq",
        "-o",
        "/dev/null",
        "-e",
        "trace=inotify_add_watch",
        "-e",
        "inject=inotify_add_watch:error=ENOSPC",
    ];
    let works = Command::new("strace").args(strace).arg("true").output().is_ok_and(|output| output.status.success());
    if !works {
        // Written past the test harness, which would swallow it: a skipped test must be heard.
        let word = "SKIPPED, because strace is not installed or may not trace: no more watches\n";
        stderr().write_all(word.as_bytes()).expect("standard error can be written");
        return;
    }
    let mut command = Command::new("strace");
    command.args(strace).arg(env!("CARGO_BIN_EXE_fingerpost")).args(["serve", "--port", "0"]).current_dir(&folder);
    // It ends with strace: a traced process that loses its tracer goes on otherwise.
    let mut server = Server::run(command.env("NO_COLOR", "1"));
    let child = fs::read_to_string(format!("/proc/{0}/task/{0}/children", server.process())).unwrap_or_default();
    shows(&server, "Body one.");
    fs::write(folder.join("content/index.md"), PAGE.replace("one", "two")).expect("writable");
    shows(&server, "Body two.");
    if let Ok(child) = child.trim().parse() {
        // SAFETY: a signal to a process that we started, through the one that traces it.
        unsafe { libc::kill(child, libc::SIGTERM) };
    }
    server.ended();
    server.has_said("the system's limit of watched folders is reached: looking for them once a second");
}

#[cfg(unix)]
#[test]
fn it_ends_when_it_is_asked_to_with_browsers_still_listening() {
    for signal in [libc::SIGINT, libc::SIGTERM] {
        let folder = small_project("serving-end");
        let mut server = Server::start(&folder, 0);
        let mut streams: Vec<_> = (0..5).map(|_| server.ask("/__fingerpost/events")).collect();
        for stream in &mut streams {
            stream.read_exact(&mut [0; 200]).expect("the stream begins");
        }
        // SAFETY: a signal to our own child, which has not been waited for.
        unsafe { libc::kill(server.process() as libc::pid_t, signal) };
        let status = server.ended();
        assert!(status.success(), "{status}");
        for stream in &mut streams {
            // Cut or closed: what matters is that nobody waits for more.
            let _ = stream.read_to_end(&mut Vec::new());
        }
    }
}

#[test]
fn no_built_file_knows_of_the_server() {
    for (path, bytes) in Built::of_the_guide().output() {
        let text = String::from_utf8_lossy(&bytes);
        for word in ["livereload", "__fingerpost", "EventSource", "data-version"] {
            // The handbook may speak of it.
            let is_code = !path.starts_with("handbook/") && !path.ends_with(".md") && !path.ends_with(".json");
            assert!(!is_code || !text.contains(word), "{path} has `{word}` in it");
        }
    }
}
