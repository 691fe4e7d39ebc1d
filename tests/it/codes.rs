//! Every diagnostic code explains itself, and the example in its explanation produces it and prints what is shown.
//!
//! An explanation is `src/diag/codes/<code>.md`. The fenced blocks under `## Example` are the files of a small site:
//! the info string is a language and a path. Without a `site.toml` the site has one with a title and a base URL. What
//! text cannot show is said by words after the path:
//!
//! - `md content/a.md bytes`: `\xE9` in the text stands for that byte.
//! - `md content/a.md long=5000`: `…` in the text stands for 5000 letters `x`.
//! - `md content/a-{n}.md times=17`: seventeen files; `{n}` is 1 to 17, `{next}` one more.
//! - `link content/a.md -> b.md`: a symbolic link. The site is then written to a folder of its own and read from there;
//!   a path that begins with `../` lies beside it.
//!
//! The one `text` block is what the terminal prints for this code. `FINGERPOST_BLESS=1 cargo test` rewrites it. For the
//! tests it is the 23rd of November 2026.

use std::fs;
use std::path::{Path, PathBuf};

use fingerpost::base::Date;
use fingerpost::config::Overrides;
use fingerpost::diag::codes::Level;
use fingerpost::diag::{Code, Colour, Diagnostic, Severity, to_text};
use fingerpost::files::{self, Files};
use fingerpost::memo::Memo;
use fingerpost::pipeline::{Nobody, Nowhere, build};

/// The site file of examples that show none.
const SITE_TOML: &str = "title = \"Example\"\nbase_url = \"https://example.org/\"\n";

/// Headings that every explanation has, in this order.
const SECTIONS: [&str; 2] = ["## Example", "## What to do"];

/// One fenced block of an explanation.
struct Block {
    info: String,
    text: String,
    /// Bytes of `text` in the explanation.
    range: std::ops::Range<usize>,
}

#[test]
fn every_explanation_says_what_the_code_means_shows_it_and_says_what_to_do() {
    for code in Code::ALL {
        let name = code.name();
        let text = explanation(*code);
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some(format!("# {name}").as_str()), "{name}: the first line names the code");
        assert_eq!(lines.next(), Some(""), "{name}: the second line is empty");
        let meaning = lines.next().unwrap_or_default();
        assert!(
            meaning.ends_with('.') && !meaning.contains(". "),
            "{name}: one sentence says what it means: {meaning}"
        );
        assert_eq!(lines.next(), Some(""), "{name}: the meaning is one line");
        let headings: Vec<&str> = prose(&text).filter(|line| line.starts_with('#')).skip(1).collect();
        assert_eq!(headings, SECTIONS, "{name}: sections");
        let why = between(&text, meaning, SECTIONS[0]);
        assert!(!why.trim().is_empty(), "{name}: why it matters");
        let advice = text.split_once(SECTIONS[1]).unwrap_or_default().1;
        assert!(!advice.trim().is_empty(), "{name}: what to do");
        assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{name}: ends with one line end");
    }
}

#[test]
fn every_code_is_produced_by_the_example_in_its_explanation() {
    let failures: Vec<String> = Code::ALL.iter().filter_map(|code| check(*code).err()).collect();
    assert!(
        failures.is_empty(),
        "{}\nIf what is printed now is right: FINGERPOST_BLESS=1 cargo test, and read the diff.",
        failures.join("\n")
    );
}

/// Builds the example of one code and compares; what is wrong otherwise.
fn check(code: Code) -> Result<(), String> {
    let name = code.name();
    let text = explanation(code);
    let blocks = blocks(&text);
    let shown: Vec<&Block> = blocks.iter().filter(|block| block.info == "text").collect();
    let [shown] = shown.as_slice() else { return Err(format!("{name}: has {} `text` blocks, not one", shown.len())) };
    let sources: Vec<&Block> = blocks.iter().filter(|block| block.info != "text").collect();
    let needs_disk = sources.iter().any(|block| block.info.starts_with("link "));
    if needs_disk && cfg!(not(unix)) {
        return Ok(());
    }
    let (files, load_faults) = if needs_disk { on_disk(name, &sources) } else { (in_memory(&sources), Vec::new()) };
    let overrides = Overrides { today: Some(Date::constant(2026, 11, 23)), ..Overrides::default() };
    let outcome = build(&files, &overrides, load_faults, &mut Memo::default(), &Nowhere, &Nobody);
    let (own, others): (Vec<Diagnostic>, Vec<Diagnostic>) =
        outcome.diagnostics.into_iter().partition(|diagnostic| diagnostic.code == code);
    let others: Vec<Diagnostic> = others.into_iter().filter(|other| other.severity == Severity::Error).collect();
    if !others.is_empty() {
        return Err(format!("{name}: has errors of other codes:\n{}", to_text(&others, &files, Colour::Never)));
    }
    if own.is_empty() {
        return Err(format!("{name}: its example does not produce it"));
    }
    let level = match code.default_level() {
        Level::Deny => Severity::Error,
        Level::Warn | Level::Allow => Severity::Warning,
    };
    if own.iter().any(|diagnostic| diagnostic.severity != level) {
        return Err(format!("{name}: is not shown at its usual level, {}", level.word()));
    }
    let printed = format!("{}\n", to_text(&own, &files, Colour::Never).trim_end());
    if printed == shown.text {
        return Ok(());
    }
    if std::env::var_os("FINGERPOST_BLESS").is_some_and(|value| value == "1") {
        let (before, after) = (&text[..shown.range.start], &text[shown.range.end..]);
        fs::write(path_of(code), format!("{before}{printed}{after}")).expect("the explanation can be written");
        return Ok(());
    }
    Err(format!("{name}: prints something else:\n--- shown\n{}--- printed\n{printed}", shown.text))
}

/// The site as pairs of path and content.
fn in_memory(blocks: &[&Block]) -> Files {
    let mut files = Files::from_pairs([("site.toml", SITE_TOML.as_bytes())]);
    for (path, bytes) in blocks.iter().flat_map(|block| contents(block)) {
        files.insert(&path, bytes);
    }
    files
}

/// The site written to a folder and read from there, with what reading it reported.
#[cfg(unix)]
fn on_disk(name: &str, blocks: &[&Block]) -> (Files, Vec<Diagnostic>) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("codes").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("a folder of an earlier run can be removed");
    }
    let site = folder.join("site");
    let place = |path: &str| {
        let place = site.join(path);
        fs::create_dir_all(place.parent().expect("a file lies in a folder")).expect("a folder can be made");
        place
    };
    fs::write(place("site.toml"), SITE_TOML).expect("a file can be written");
    for block in blocks {
        if let Some((path, target)) = block.info.strip_prefix("link ").and_then(|link| link.split_once(" -> ")) {
            std::os::unix::fs::symlink(target, place(path)).expect("a link can be made");
            continue;
        }
        for (path, bytes) in contents(block) {
            fs::write(place(&path), bytes).expect("a file can be written");
        }
    }
    files::load(&site, &site.join("site.toml")).expect("the folder can be read")
}

#[cfg(not(unix))]
fn on_disk(_: &str, _: &[&Block]) -> (Files, Vec<Diagnostic>) {
    (Files::new(), Vec::new())
}

/// The files that a block stands for, by the words of its info string.
fn contents(block: &Block) -> Vec<(String, Vec<u8>)> {
    let mut words = block.info.split(' ').skip(1);
    let path = words.next().expect("the info string of a file has a path");
    let Some(word) = words.next() else { return vec![(path.to_owned(), block.text.clone().into_bytes())] };
    match word.split_once('=').map_or((word, 0), |(word, number)| (word, number.parse().expect("a number"))) {
        ("bytes", _) => vec![(path.to_owned(), with_bytes(&block.text))],
        ("long", count) => vec![(path.to_owned(), block.text.replace('…', &"x".repeat(count)).into_bytes())],
        ("times", count) => (1..=count)
            .map(|number| {
                let fill =
                    |text: &str| text.replace("{n}", &number.to_string()).replace("{next}", &(number + 1).to_string());
                (fill(path), fill(&block.text).into_bytes())
            })
            .collect(),
        _ => panic!("`{word}` in `{}` means nothing", block.info),
    }
}

/// `\xE9` becomes that byte.
fn with_bytes(text: &str) -> Vec<u8> {
    let mut parts = text.split("\\x");
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (hex, rest) = part.split_at(2);
        bytes.push(u8::from_str_radix(hex, 16).expect("two hexadecimal digits follow `\\x`"));
        bytes.extend_from_slice(rest.as_bytes());
    }
    bytes
}

/// The text of an explanation as it lies on the disk: blessing must not need a second build.
fn explanation(code: Code) -> String {
    let path = path_of(code);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn path_of(code: Code) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/diag/codes").join(format!("{}.md", code.name()))
}

/// The fenced blocks of a text. A block ends at a fence as long as the one that began it.
fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<(&str, &str, usize)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_end();
        let ticks = trimmed.len() - trimmed.trim_start_matches('`').len();
        match open {
            None if ticks >= 3 => open = Some((&trimmed[..ticks], &trimmed[ticks..], at + line.len())),
            Some((fence, info, start)) if trimmed == fence => {
                blocks.push(Block { info: info.to_owned(), text: text[start..at].to_owned(), range: start..at });
                open = None;
            }
            _ => {}
        }
        at += line.len();
    }
    assert!(open.is_none(), "a fence is not closed:\n{text}");
    blocks
}

/// The lines outside of fenced blocks.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let inside: Vec<std::ops::Range<usize>> = blocks(text).into_iter().map(|block| block.range).collect();
    let mut at = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let start = at;
        at += line.len();
        (!inside.iter().any(|range| range.contains(&start))).then(|| line.trim_end())
    })
}

fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let rest = text.split_once(from).unwrap_or_default().1;
    rest.split_once(to).unwrap_or_default().0
}
