//! Publishing into real folders by the real command: after any edits, when killed anywhere, when the system refuses.

mod denied;
mod edited;
mod killed;
mod together;

use crate::integrity;
use crate::workshop::{self, Site};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The files of a folder by path.
type Tree = BTreeMap<String, Vec<u8>>;

/// What the command keeps for itself in the output folder.
const MARKER: &str = ".fingerpost-output";

/// A project on the disk.
struct Project {
    folder: PathBuf,
}

impl Project {
    /// An empty folder with this name, and the site in `site/` in it.
    fn new(name: &str, site: &Site) -> Self {
        let project = Self { folder: workshop::fresh_folder(name) };
        project.holds(site);
        project
    }

    /// Replaces the sources.
    fn holds(&self, site: &Site) {
        for part in ["content", "static", "styles", "templates"] {
            let _ = fs::remove_dir_all(self.path(&format!("site/{part}")));
        }
        site.write(&self.path("site"));
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }

    /// The command with its arguments, in the project, for one thread and without colours.
    fn command(&self, words: &[&str]) -> Command {
        self.under(&[], words)
    }

    /// The same run by another program, which gets its arguments first.
    fn under(&self, program: &[&str], words: &[&str]) -> Command {
        let binary = env!("CARGO_BIN_EXE_fingerpost");
        let mut command = match program {
            [] => Command::new(binary),
            [program, before @ ..] => {
                let mut command = Command::new(program);
                command.args(before).arg(binary);
                command
            }
        };
        command.args(words).current_dir(self.path("site")).env("RAYON_NUM_THREADS", "1").stdin(Stdio::null());
        command
    }

    /// Runs it to its end.
    fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().expect("the command can be run")
    }

    #[track_caller]
    fn build(&self, words: &[&str]) -> String {
        let output = self.run(&[&["build"], words].concat());
        let said = said(&output);
        assert!(output.status.success(), "{said}");
        said
    }

    /// The published files, without what the command keeps for itself.
    fn published(&self) -> Tree {
        tree(&self.path("site/public"))
    }

    /// What is in the project beside sources and the published site, by name.
    fn leftovers(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path("site")).expect("it can be read");
        let names = entries.map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> = names.filter(|name| name.starts_with('.') && name != ".fingerpost").collect();
        let inside = self.path("site/public/.public.stage");
        names.extend(inside.exists().then(|| "public/.public.stage".to_owned()));
        names
    }
}

/// The files of a folder, without what the command keeps for itself; none when there is no folder.
fn tree(folder: &Path) -> Tree {
    if !folder.is_dir() {
        return Tree::new();
    }
    workshop::files_below(folder).into_iter().filter(|(path, _)| !path.starts_with('.')).collect()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// What a site becomes when it is built into a folder that does not exist.
fn clean_build(name: &str, site: &Site) -> Tree {
    let project = Project::new(name, site);
    project.build(&["-q"]);
    project.published()
}

/// The site before and after an edit that adds, changes, moves and deletes.
fn before_and_after() -> (Site, Site) {
    let before = Site::varied(8).with("static/old.txt", "old").with("static/place", "a file");
    let text = before.file("content/roles/page-4.md");
    let after = before
        .clone()
        .with("content/roles/page-4.md", text + "\nSee [[Added]] and [[Moved]].\n")
        .with(
            "content/roles/added.md",
            "---\ntitle: Added\n---\n\nSee [[Also added]], [[page-0]] and ![a](/new.svg).\n",
        )
        .with("content/skills/also.md", "---\ntitle: Also added\n---\n\nSee [[Added]].\n")
        .with("static/new.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>")
        .with("content/pathways/moved.md", "---\ntitle: Moved\nid: page-7\naliases: [Alias 7]\n---\n\nText.\n")
        .without("content/glossary/page-7.md")
        .without("static/old.txt");
    (before, after)
}

/// Fails unless a tree is one of the two, or a step between them from which no reader who begins at home or at a page
/// of the old site comes to something missing.
#[track_caller]
fn assert_whole(what: &str, found: &Tree, before: &Tree, after: &Tree) {
    if found == before || found == after {
        return;
    }
    for (path, bytes) in found {
        let known = [before.get(path), after.get(path)];
        assert!(known.contains(&Some(bytes)), "{what}: {path} is neither old nor new");
    }
    let starts: Vec<&str> =
        before.keys().map(String::as_str).filter(|path| path.ends_with(".html") && found.contains_key(*path)).collect();
    let missing = integrity::missing_from(found, &starts);
    assert!(missing.is_empty(), "{what}: {missing:#?}");
}

/// Says that a test did not run; an error in CI, where nothing may be skipped.
fn skipped(why: &str, what: &str) {
    // Written past the test harness, which would swallow it.
    let _ = std::io::stderr().write_all(format!("SKIPPED, because {why}: {what}\n").as_bytes());
}

/// Whether a program can be run here.
fn can_run(program: &str, words: &[&str]) -> bool {
    let status = Command::new(program).args(words).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}
