//! Markdown as tests: each file of `tests/spec/` says in prose how a thing reads to an author and shows it by examples.
//!
//! `tests/spec/README.md` explains the format. `FINGERPOST_BLESS=1 cargo test` rewrites what the examples expect.

use crate::workshop::{self, Site};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// One file of examples, in pieces that put together give its text again.
struct Specification {
    path: PathBuf,
    pieces: Vec<Piece>,
}

/// A line of prose, or a fenced block.
enum Piece {
    Prose(String),
    Block(Block),
}

/// A fenced block with its text, each line with its end.
struct Block {
    fence: String,
    info: String,
    text: String,
    line: usize,
}

/// What a block is to the example that it stands in.
enum Role<'a> {
    /// A file of the site.
    Input(&'a str),
    /// The body of the page at a path.
    Page(&'a str),
    /// The bytes of a published file.
    Published(&'a str),
    /// Every finding of the build, as a terminal without colour shows it.
    Diagnostics,
}

/// Codes that no short example can produce, because they are about the disk, bytes or sizes: tests/it/faults/ does.
const SHOWN_ELSEWHERE: [&str; 7] = [
    "file-unreadable",
    "file-encoding",
    "file-too-large",
    "file-link",
    "file-outside",
    "code-not-highlighted",
    "embed-depth",
];

#[test]
fn every_example_of_the_specification_holds() {
    let mut failures = String::new();
    let mut examples = 0;
    for path in specification_files() {
        let mut specification = read(&path);
        examples += check(&mut specification, &mut failures);
        if workshop::blessing() {
            fs::write(&specification.path, written(&specification)).expect("the specification can be written");
        }
    }
    assert!(examples > 0, "tests/spec holds no example");
    assert!(
        failures.is_empty(),
        "{failures}\nIf the new result is right: FINGERPOST_BLESS=1 cargo test, and read the diff."
    );
}

#[test]
fn every_diagnostic_code_has_an_example_that_produces_it() {
    let shown: String = specification_files()
        .iter()
        .flat_map(|path| read(path).pieces)
        .filter_map(|piece| match piece {
            Piece::Block(block) if block.info == "diagnostics" => Some(block.text),
            _ => None,
        })
        .collect();
    let missing: Vec<&str> = workshop::diagnostic_codes()
        .into_iter()
        .filter(|code| !SHOWN_ELSEWHERE.contains(code) && !shown.contains(&format!("[{code}]")))
        .collect();
    assert!(missing.is_empty(), "no example in tests/spec produces: {}", missing.join(", "));
}

#[test]
fn a_specification_is_read_and_written_without_loss() {
    for path in specification_files() {
        assert_eq!(written(&read(&path)), fs::read_to_string(&path).expect("it can be read"), "{}", path.display());
    }
}

/// Every file of examples, sorted; the README only explains them.
fn specification_files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/spec");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("tests/spec can be listed")
        .map(|entry| entry.expect("an entry can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md") && !path.ends_with("README.md"))
        .collect();
    files.sort();
    files
}

/// Builds each example, compares it with what it expects, or writes what it gave when blessing; how many there were.
fn check(specification: &mut Specification, failures: &mut String) -> usize {
    let file = specification.path.file_name().expect("a file has a name").to_string_lossy().into_owned();
    let mut examples = 0;
    for range in examples_of(&specification.pieces) {
        let name = range.name;
        let blocks: Vec<&mut Block> = specification.pieces[range.start..range.end]
            .iter_mut()
            .filter_map(|piece| match piece {
                Piece::Block(block) => Some(block),
                Piece::Prose(_) => None,
            })
            .collect();
        if blocks.is_empty() {
            continue;
        }
        examples += 1;
        let line = blocks[0].line;
        for failure in check_example(blocks) {
            writeln!(failures, "tests/spec/{file}:{line}: {name}\n{failure}").expect("a String takes all");
        }
    }
    examples
}

/// The pieces of one example: from its heading to the next.
struct Range {
    name: String,
    start: usize,
    end: usize,
}

/// Every heading that is followed by blocks names an example.
fn examples_of(pieces: &[Piece]) -> Vec<Range> {
    let mut ranges: Vec<Range> = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        let heading = match piece {
            Piece::Prose(line) if line.starts_with('#') => line.trim_start_matches('#').trim(),
            _ => continue,
        };
        if let Some(last) = ranges.last_mut() {
            last.end = at;
        }
        ranges.push(Range { name: heading.to_owned(), start: at, end: pieces.len() });
    }
    ranges
}

/// What one example gave and did not expect, block by block; when blessing, the blocks take what it gave.
fn check_example(mut blocks: Vec<&mut Block>) -> Vec<String> {
    let mut site = Site::bare();
    for block in &blocks {
        match role(&block.info) {
            Some(Role::Input(path)) => site = site.with(path, &block.text),
            Some(_) => {}
            None => {
                return vec![format!(
                    "line {}: the block `{}` is of no kind that the README names",
                    block.line, block.info
                )];
            }
        }
    }
    let built = site.build();
    let mut failures = Vec::new();
    let mut diagnostics_shown = false;
    for block in &mut blocks {
        let given = match role(&block.info) {
            Some(Role::Page(path)) => built.page(path).unwrap_or_else(|| format!("no page at {path}\n")),
            Some(Role::Published(path)) => built.text(path).unwrap_or_else(|| format!("nothing published at {path}\n")),
            Some(Role::Diagnostics) => {
                diagnostics_shown = true;
                built.rendered_diagnostics()
            }
            Some(Role::Input(_)) | None => continue,
        };
        let given = ended(given);
        if given == block.text {
            continue;
        } else if workshop::blessing() {
            block.fence = fence_for(&given, &block.fence);
            block.text = given;
        } else {
            failures.push(format!("--- expected ({})\n{}--- given\n{given}", block.info, block.text));
        }
    }
    // An example that shows no findings says that there are none.
    let findings = built.rendered_diagnostics();
    if !diagnostics_shown && !findings.is_empty() {
        failures.push(format!("findings that the example does not show in a `diagnostics` block:\n{findings}"));
    }
    failures
}

/// What the info string of a block says that it is.
fn role(info: &str) -> Option<Role<'_>> {
    match info.split_once(' ') {
        None if info == "diagnostics" => Some(Role::Diagnostics),
        Some(("html", path)) if path.starts_with('/') && path.ends_with('/') => Some(Role::Page(path)),
        Some((_, path)) if path.starts_with('/') => Some(Role::Published(&path[1..])),
        Some((_, path)) if path.contains(['.', '/']) => Some(Role::Input(path)),
        _ => None,
    }
}

/// `text` with one line end at its end, or nothing at all.
fn ended(text: String) -> String {
    match text.trim_end_matches('\n') {
        "" => String::new(),
        text => format!("{text}\n"),
    }
}

/// A fence of backticks longer than any that `text` holds, `fence` where it is long enough.
fn fence_for(text: &str, fence: &str) -> String {
    let mut fence = fence.to_owned();
    while text.lines().any(|line| line.trim_start().starts_with(&fence)) {
        fence.push('`');
    }
    fence
}

/// The file at `path` in pieces.
fn read(path: &Path) -> Specification {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut pieces = Vec::new();
    let mut lines = text.split_inclusive('\n').enumerate();
    while let Some((at, line)) = lines.next() {
        let fence_length = line.len() - line.trim_start_matches('`').len();
        if fence_length < 3 {
            pieces.push(Piece::Prose(line.to_owned()));
            continue;
        }
        let (fence, info) = line.trim_end().split_at(fence_length);
        let mut text = String::new();
        let closed = lines.by_ref().map(|(_, line)| line).any(|line| {
            let closes = line.trim_end() == fence;
            if !closes {
                text.push_str(line);
            }
            closes
        });
        assert!(closed, "{}:{}: this fence is not closed", path.display(), at + 1);
        pieces.push(Piece::Block(Block { fence: fence.to_owned(), info: info.to_owned(), text, line: at + 1 }));
    }
    Specification { path: path.to_owned(), pieces }
}

/// The text of the file again.
fn written(specification: &Specification) -> String {
    specification
        .pieces
        .iter()
        .map(|piece| match piece {
            Piece::Prose(line) => line.clone(),
            Piece::Block(Block { fence, info, text, .. }) => format!("{fence}{info}\n{text}{fence}\n"),
        })
        .collect()
}
