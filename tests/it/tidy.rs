//! The house rules that a machine can hold us to: what opens a file, which room may use which, what is never committed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Stands above the rooms: the crate's own door, the binary and its commands.
const ABOVE_ALL: [&str; 3] = ["cli", "lib", "main"];

/// The rooms that may touch the disk, the network, the clock or the environment.
const ENDS: [&str; 3] = ["files", "output", "serve"];

/// The rooms that may use `memo`: the one that fills it, and the one that keeps it from build to build.
const MEMO_USERS: [&str; 2] = ["pipeline", "serve"];

/// A source file with its path from the project's root.
struct Source {
    path: String,
    text: String,
}

#[test]
fn every_rust_file_opens_with_one_sentence_that_says_what_it_is() {
    let mut faults = Vec::new();
    for source in rust_files(&["src", "tests", "benches"]) {
        let paragraph: Vec<&str> = source
            .text
            .lines()
            .map_while(|line| line.strip_prefix("//!"))
            .map(str::trim)
            .take_while(|line| !line.is_empty())
            .collect();
        let sentence = paragraph.join(" ");
        if sentence.is_empty() {
            faults.push(format!("{} does not open with `//!`", source.path));
        } else if !sentence.ends_with(['.', ':', '?']) {
            faults.push(format!("{} opens with something that is no sentence: {sentence}", source.path));
        }
    }
    assert_no(&faults);
}

#[test]
fn every_module_of_the_source_is_in_a_known_room() {
    let rooms = rooms();
    for room in [
        "base", "diag", "data", "files", "config", "read", "resolve", "analyse", "render", "page", "output", "pipeline",
    ] {
        assert!(rooms.iter().any(|known| known == room), "src/lib.rs has no room `{room}`");
    }
    let known = |room: &str| ABOVE_ALL.contains(&room) || rooms.iter().any(|known| known == room);
    let unknown: Vec<String> =
        rust_files(&["src"]).into_iter().map(|source| source.path).filter(|path| !known(room_of(path))).collect();
    assert!(unknown.is_empty(), "these are in no room that src/lib.rs declares: {}", unknown.join(", "));
}

#[test]
fn rooms_depend_one_way() {
    let rooms = rooms();
    let rank = |room: &str| rooms.iter().position(|known| known == room);
    let mut faults = Vec::new();
    for source in rust_files(&["src"]) {
        let room = room_of(&source.path);
        for used in rooms_used(&code_of(&source.text)) {
            let allowed = match (rank(room), rank(&used)) {
                _ if used == room || ABOVE_ALL.contains(&room) => true,
                _ if used == "memo" => MEMO_USERS.contains(&room),
                (Some(own), Some(other)) => other < own,
                // A name that is no room is something of the crate's root, which only the door may keep.
                _ => false,
            };
            if !allowed {
                faults.push(format!("{} uses `crate::{used}`, which `{room}` may not", source.path));
            }
        }
    }
    assert_no(&faults);
}

#[test]
fn nothing_unfinished_and_nothing_for_debugging_is_left_in_the_source() {
    let mut faults = Vec::new();
    for source in rust_files(&["src", "tests", "benches"]) {
        // The list itself must not be found.
        for name in ["todo", "dbg", "unimplemented"] {
            let call = format!("{name}!(");
            if let Some(line) = line_of(&code_of(&source.text), &call) {
                faults.push(format!("{}:{line} holds `{call}`", source.path));
            }
        }
    }
    assert_no(&faults);
}

#[test]
fn only_the_pipeline_works_in_parallel() {
    let faults: Vec<String> = rust_files(&["src"])
        .iter()
        .filter(|source| source.path != "src/pipeline.rs")
        .filter_map(|source| {
            line_of(&code_of(&source.text), "rayon").map(|line| format!("{}:{line} uses rayon", source.path))
        })
        .collect();
    assert_no(&faults);
}

#[test]
fn only_the_ends_touch_the_disk_the_clock_or_the_environment() {
    let rooms = rooms();
    let mut faults = Vec::new();
    for source in rust_files(&["src"]) {
        let room = room_of(&source.path);
        if ENDS.contains(&room) || !rooms.iter().any(|known| known == room) {
            continue;
        }
        let code = without_tests(&code_of(&source.text));
        for call in
            ["std::fs", "fs::read", "std::env", "env::var", "SystemTime", "Instant::now", "Zoned::now", "std::net"]
        {
            if let Some(line) = line_of(&code, call) {
                faults.push(format!("{}:{line} uses `{call}`, which only the ends may", source.path));
            }
        }
    }
    assert_no(&faults);
}

#[test]
fn every_tracked_text_file_ends_with_one_line_end() {
    let mut faults = Vec::new();
    for (path, text) in tracked_texts() {
        // What a build published is kept as it was published.
        if path.contains("/expected/") {
            continue;
        }
        if !text.is_empty() && !text.ends_with('\n') {
            faults.push(format!("{path} does not end with a line end"));
        } else if text.ends_with("\n\n") {
            faults.push(format!("{path} ends with empty lines"));
        }
    }
    assert_no(&faults);
}

#[test]
fn no_tracked_file_names_a_path_of_one_machine() {
    // Wherever this checkout and this person's home lie, they are places of one machine.
    let mut own = vec![format!("{}/", env!("CARGO_MANIFEST_DIR"))];
    own.extend(std::env::var("HOME").ok().filter(|home| home.len() > 1).map(|home| format!("{home}/")));
    let mut faults = Vec::new();
    for (file, text) in tracked_texts() {
        for (at, line) in text.lines().enumerate() {
            let home = ["/home/", "/Users/"].iter().any(|folder| names_somebody(line, folder));
            if home || own.iter().any(|path| line.contains(path)) {
                faults.push(format!("{file}:{}: {}", at + 1, line.trim()));
            }
        }
    }
    assert_no(&faults);
}

/// Whether a line holds a path through somebody's own folder in `homes`.
fn names_somebody(line: &str, homes: &str) -> bool {
    line.match_indices(homes).any(|(at, _)| {
        let rest = &line[at + homes.len()..];
        let name = rest.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(rest.len());
        name > 0 && rest[name..].starts_with('/')
    })
}

#[test]
fn no_lock_file_names_the_host_that_a_package_came_from() {
    let faults: Vec<String> = tracked_texts()
        .into_iter()
        .filter(|(path, _)| path.ends_with("package-lock.json"))
        .filter_map(|(path, text)| line_of(&text, "\"resolved\"").map(|line| format!("{path}:{line} names a host")))
        .collect();
    assert_no(&faults);
}

/// Every Rust file below `folders`, sorted by path.
fn rust_files(folders: &[&str]) -> Vec<Source> {
    let mut files = Vec::new();
    for folder in folders {
        walk(&root().join(folder), &mut files);
    }
    files.sort();
    files
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| Source {
            text: fs::read_to_string(&path).expect("a source file is text"),
            path: path.strip_prefix(root()).expect("the walk stays inside").to_string_lossy().replace('\\', "/"),
        })
        .collect()
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        match path.is_dir() {
            true if path.ends_with("node_modules") => {}
            true => walk(&path, files),
            false => files.push(path),
        }
    }
}

/// The project's root.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every tracked file that is text, with its path. What git ignores or does not know is nobody's concern here.
fn tracked_texts() -> Vec<(String, String)> {
    let listed = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output().expect("git can be run");
    assert!(
        listed.status.success(),
        "git could not list the tracked files: {}",
        String::from_utf8_lossy(&listed.stderr)
    );
    let names = String::from_utf8(listed.stdout).expect("tracked names are UTF-8");
    names
        .split('\0')
        .filter(|name| !name.is_empty())
        // A file that is deleted but not yet committed is still listed.
        .filter_map(|name| Some((name.to_owned(), String::from_utf8(fs::read(root().join(name)).ok()?).ok()?)))
        .filter(|(_, text)| !text.contains('\0'))
        .collect()
}

/// The room that a file of `src/` belongs to: its folder there, or its own name at the top.
fn room_of(path: &str) -> &str {
    let inside = path.trim_start_matches("src/");
    inside.split_once('/').map_or_else(|| inside.trim_end_matches(".rs"), |(room, _)| room)
}

/// The rooms of `src/` in the order that src/lib.rs declares them: each may use those before it. Modules stand in reading
/// order there, so a room that needs a later one either stands in the wrong place or needs the wrong thing.
fn rooms() -> Vec<String> {
    let door = fs::read_to_string(root().join("src/lib.rs")).expect("there is a src/lib.rs");
    code_of(&door)
        .lines()
        .filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';').map(str::to_owned))
        .filter(|room| !ABOVE_ALL.contains(&room.as_str()))
        .collect()
}

/// The code of a file with its comments left empty, line for line. Good enough for our own sources: a text that holds
/// two slashes loses what follows, and no rule here looks there.
fn code_of(text: &str) -> String {
    text.lines()
        .map(|line| line.split_once("//").map_or(line, |(code, _)| code))
        .map(|line| format!("{line}\n"))
        .collect()
}

/// The code above the tests of a file, which may read what they like.
fn without_tests(code: &str) -> String {
    code.split_once("#[cfg(test)]").map_or(code, |(code, _)| code).to_owned()
}

/// The rooms named in `code` after `crate::`, the ones in a group too.
fn rooms_used(code: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        if code[..at].ends_with('$') {
            continue;
        }
        let after = &code[at + "crate::".len()..];
        match after.strip_prefix('{') {
            Some(group) => used.extend(first_names_of_group(group)),
            None => used.extend(name_at_start(after)),
        }
    }
    used
}

/// The first name of each path in `{a, b::{c, d}}`, the opening brace taken off.
fn first_names_of_group(group: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut depth = 0;
    let mut entry = true;
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => entry = true,
            letter if entry && !letter.is_whitespace() => {
                names.extend(name_at_start(&group[at..]));
                entry = false;
            }
            _ => {}
        }
    }
    names
}

/// The lower-case name that `text` begins with: a module. A type or a macro of the crate's root is no room.
fn name_at_start(text: &str) -> Option<String> {
    let name: String = text.chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect();
    name.starts_with(|letter: char| letter.is_ascii_lowercase()).then_some(name)
}

/// The number of the first line that holds `wanted`.
fn line_of(text: &str, wanted: &str) -> Option<usize> {
    text.lines().position(|line| line.contains(wanted)).map(|at| at + 1)
}

#[track_caller]
fn assert_no(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn the_rooms_of_a_use_line_are_found() {
    let found = |code: &str| rooms_used(code).into_iter().collect::<Vec<_>>().join(" ");
    assert_eq!(found("use crate::base::{Id, Span};"), "base");
    assert_eq!(found("use crate::{base::Id, diag::{self, Code}, Site};"), "base diag");
    assert_eq!(found("let a = crate::read::read(b); $crate::c!()"), "read");
    assert_eq!(code_of("a // crate::serve\nb"), "a \nb\n");
}
