//! Keeps a snapshot up to date while the project is edited: reads again only what changed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use unicode_normalization::is_nfc;

use super::disk::{self, FOLDERS};
use super::{Files, Source};
use crate::base::{Fingerprint, SourcePath};
use crate::diag::Diagnostic;

/// What may have changed on the disk since a [`Tree`] was last read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changes {
    /// Anything.
    Everything,
    /// These files, and whatever is in these folders; absolute, in the spelling of [`Tree::root`].
    Paths(BTreeSet<PathBuf>),
}

/// A project on the disk and its latest snapshot. After [`Tree::update`] with every path that changed, the snapshot is
/// the one that [`super::load`] would take.
#[derive(Debug)]
pub struct Tree {
    root: PathBuf,
    config: PathBuf,
    files: Files,
    faults: Vec<Diagnostic>,
    /// A link makes one file appear in two places, and a change is heard of in one of them only.
    linked: bool,
}

impl Tree {
    /// Reads a project as [`super::load`] does.
    ///
    /// # Errors
    /// When `root` or `config` itself cannot be read.
    pub fn load(root: &Path, config: &Path) -> io::Result<Self> {
        let root = fs::canonicalize(root)?;
        let config = canonical_file(config)?;
        fs::metadata(&config)?;
        let mut tree = Self { root, config, files: Files::new(), faults: Vec::new(), linked: false };
        tree.reload()?;
        Ok(tree)
    }

    /// The project's folder, canonical.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The latest snapshot.
    #[must_use]
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// What could not be read for the latest snapshot.
    #[must_use]
    pub fn faults(&self) -> &[Diagnostic] {
        &self.faults
    }

    /// Takes changes into the snapshot and names the files whose content or readability differs from before, sorted.
    /// Empty means: building again would give the same site.
    ///
    /// # Errors
    /// When the project's folder is gone; the snapshot stays as it was.
    pub fn update(&mut self, changes: &Changes) -> io::Result<Vec<SourcePath>> {
        let paths = match changes {
            Changes::Paths(paths) if !self.linked && !paths.iter().any(|path| path.is_symlink()) => paths,
            _ => {
                let before = self.state_under("");
                self.reload()?;
                return Ok(differences(before, self.state_under("")));
            }
        };
        let mut scopes: BTreeSet<PathBuf> = paths.iter().filter_map(|path| self.scope_of(path)).collect();
        let all = scopes.clone();
        scopes.retain(|scope| !scope.ancestors().skip(1).any(|above| all.contains(above)));
        let mut differing = Vec::new();
        if paths.contains(&self.config) {
            differing.extend(self.read_config()?);
        }
        for scope in scopes {
            let path = disk::source_path(&scope, &self.root);
            let before = self.state_under(path.as_str());
            self.forget(&path);
            if scope.exists() {
                self.linked |= disk::walk(&scope, &self.root, &mut self.files, &mut self.faults);
            }
            differing.extend(differences(before, self.state_under(path.as_str())));
        }
        differing.sort_unstable();
        Ok(differing)
    }

    /// What must be read again when `path` changed: itself, or the project's whole folder where files may stand in each
    /// other's way (two spellings of one name). `None` when a build never reads it.
    fn scope_of(&self, path: &Path) -> Option<PathBuf> {
        let relative = path.strip_prefix(&self.root).ok()?;
        let first = relative.components().next()?.as_os_str();
        if !FOLDERS.iter().any(|folder| first == *folder) {
            return None;
        }
        let source = disk::source_path(path, &self.root);
        let in_the_way = !relative.to_str().is_some_and(is_nfc)
            || self.faults.iter().any(|fault| fault.path().is_some_and(|faulty| within(faulty, source.as_str())));
        Some(if in_the_way { self.root.join(first) } else { path.to_path_buf() })
    }

    fn reload(&mut self) -> io::Result<()> {
        fs::read_dir(&self.root)?;
        self.files = Files::new();
        self.faults.clear();
        self.linked = self.config.is_symlink();
        self.read_config()?;
        for folder in FOLDERS {
            let top = self.root.join(folder);
            if top.is_dir() {
                self.linked |= disk::walk(&top, &self.root, &mut self.files, &mut self.faults);
            }
        }
        Ok(())
    }

    /// Reads the configuration. One that is gone is missing in the snapshot too, which the build reports.
    fn read_config(&mut self) -> io::Result<Option<SourcePath>> {
        let before = self.files.get("site.toml").map(|source| source.fingerprint);
        match fs::read(&self.config) {
            Ok(bytes) => self.files.insert("site.toml", bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.files.remove("site.toml"),
            Err(error) => return Err(error),
        }
        let after = self.files.get("site.toml").map(|source| source.fingerprint);
        Ok((before != after).then(|| SourcePath::new("site.toml")))
    }

    fn forget(&mut self, scope: &SourcePath) {
        let gone: Vec<SourcePath> = self.sources_under(scope.as_str()).map(|(path, _)| path.clone()).collect();
        for path in gone {
            self.files.remove(path.as_str());
        }
        self.faults.retain(|fault| !fault.path().is_some_and(|path| within(path, scope.as_str())));
    }

    fn sources_under<'a>(&'a self, scope: &'a str) -> impl Iterator<Item = (&'a SourcePath, &'a Source)> {
        // Names such as `a-b` sort between `a` and `a/b`, so the range goes on until the prefix itself ends.
        self.files.under(scope).filter(move |(path, _)| within(path, scope))
    }

    fn state_under(&self, scope: &str) -> State {
        State {
            files: self.sources_under(scope).map(|(path, source)| (path.clone(), source.fingerprint)).collect(),
            faults: (self.faults.iter())
                .filter_map(|fault| Some((fault.path()?.clone(), fault.clone())))
                .filter(|(path, _)| within(path, scope))
                .collect(),
        }
    }
}

/// What is known of a part of the project, to be compared.
struct State {
    files: BTreeMap<SourcePath, Fingerprint>,
    faults: Vec<(SourcePath, Diagnostic)>,
}

fn differences(before: State, after: State) -> Vec<SourcePath> {
    let mut differing = BTreeSet::new();
    differing.extend(
        before.files.iter().filter(|(path, known)| after.files.get(*path) != Some(known)).map(|(path, _)| path),
    );
    differing.extend(after.files.keys().filter(|path| !before.files.contains_key(*path)));
    differing.extend(before.faults.iter().filter(|fault| !after.faults.contains(fault)).map(|(path, _)| path));
    differing.extend(after.faults.iter().filter(|fault| !before.faults.contains(fault)).map(|(path, _)| path));
    differing.into_iter().cloned().collect()
}

/// Whether `path` is `scope` or in it; the empty scope holds everything.
fn within(path: &SourcePath, scope: &str) -> bool {
    let rest = path.as_str().strip_prefix(scope);
    scope.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The file with its folder made canonical. The file itself may be a link, and must stay the one that is saved to.
pub(super) fn canonical_file(file: &Path) -> io::Result<PathBuf> {
    let name = file.file_name().ok_or(io::ErrorKind::InvalidFilename)?;
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    Ok(fs::canonicalize(folder)?.join(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::{load, scratch::Folder};

    /// Updates with `paths` and holds the result against a fresh snapshot.
    fn update(tree: &mut Tree, paths: &[&str]) -> Vec<String> {
        let changes = Changes::Paths(paths.iter().map(|path| tree.root().join(path)).collect());
        let differing = tree.update(&changes).expect("the project is there");
        let (files, mut faults) = load(tree.root(), &tree.root().join("site.toml")).expect("the project is there");
        assert_eq!(tree.files(), &files);
        let mut known = tree.faults().to_vec();
        crate::diag::sort(&mut faults);
        crate::diag::sort(&mut known);
        assert_eq!(known, faults);
        differing.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_updated_snapshot_is_the_one_a_fresh_walk_takes() {
        let folder = Folder::new();
        folder.write("site.toml", "title = 'A'");
        folder.write("content/a.md", "a");
        folder.write("content/a-b.md", "a-b");
        folder.write("content/a/b.md", "b");
        let mut tree = Tree::load(folder.path(), &folder.path().join("site.toml")).expect("it is there");

        folder.write("content/a.md", "a2");
        assert_eq!(update(&mut tree, &["content/a.md"]), ["content/a.md"]);
        assert!(update(&mut tree, &["content/a.md", "content"]).is_empty(), "nothing changed");

        folder.write("content/new/deep/c.md", "c");
        assert_eq!(update(&mut tree, &["content/new"]), ["content/new/deep/c.md"]);

        folder.rename("content/a", "content/z");
        assert_eq!(update(&mut tree, &["content/a", "content/z"]), ["content/a/b.md", "content/z/b.md"]);

        folder.remove("content/a-b.md");
        assert_eq!(update(&mut tree, &["content/a-b.md"]), ["content/a-b.md"]);

        folder.write("site.toml", "title = 'B'");
        assert_eq!(update(&mut tree, &["site.toml"]), ["site.toml"]);
        folder.write("notes.txt", "not a source");
        assert!(update(&mut tree, &["notes.txt", "public/index.html"]).is_empty());
    }

    #[test]
    fn two_spellings_of_one_name_are_sorted_out_when_one_goes() {
        let folder = Folder::new();
        folder.write("site.toml", "");
        folder.write("content/\u{e9}.md", "composed");
        folder.write("content/e\u{301}.md", "decomposed");
        let mut tree = Tree::load(folder.path(), &folder.path().join("site.toml")).expect("it is there");
        if tree.faults().is_empty() {
            return; // This file system knows one spelling only.
        }
        folder.remove("content/\u{e9}.md");
        assert_eq!(update(&mut tree, &["content/\u{e9}.md"]), ["content/\u{e9}.md"]);
        assert!(tree.faults().is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn a_linked_file_follows_its_target() {
        let folder = Folder::new();
        folder.write("site.toml", "");
        folder.write("content/a.md", "one");
        let mut tree = Tree::load(folder.path(), &folder.path().join("site.toml")).expect("it is there");
        std::os::unix::fs::symlink(folder.path().join("content/a.md"), folder.path().join("content/b.md"))
            .expect("links");
        assert_eq!(update(&mut tree, &["content/b.md"]), ["content/b.md"]);
        folder.write("content/a.md", "two");
        assert_eq!(update(&mut tree, &["content/a.md"]), ["content/a.md", "content/b.md"]);
    }

    #[test]
    fn a_project_that_is_gone_leaves_the_snapshot_as_it_was() {
        let folder = Folder::new();
        folder.write("site.toml", "");
        folder.write("content/a.md", "a");
        let mut tree = Tree::load(folder.path(), &folder.path().join("site.toml")).expect("it is there");
        fs::remove_dir_all(folder.path()).expect("it can be removed");
        assert!(tree.update(&Changes::Everything).is_err());
        assert_eq!(tree.files().len(), 2);
    }
}
