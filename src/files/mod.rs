//! The door in: a snapshot of the project's files, from the disk or from memory. Nothing after this room opens a file.

mod disk;
#[cfg(test)]
pub(crate) mod scratch;
mod tree;
mod watch;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::{Fingerprint, SourcePath};
use crate::diag::Sources;

pub use disk::{FOLDERS, find_root, load};
pub use tree::{Changes, Tree};
pub use watch::{Batch, QUIET, Stopper, Watch};

/// One file as it was when the snapshot was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The whole content. Text files have lost a byte order mark, and their line ends are `\n`.
    pub bytes: Arc<[u8]>,
    /// Of `bytes`.
    pub fingerprint: Fingerprint,
}

impl Source {
    /// Takes the content of a file called `path`. In text files (by extension) a byte order mark is dropped and `\r\n`
    /// and `\r` become `\n`, so that a file means the same wherever it was saved.
    #[must_use]
    pub fn new(path: &SourcePath, bytes: Vec<u8>) -> Self {
        let bytes = if is_text(path) { normalise(bytes) } else { bytes };
        Self { fingerprint: Fingerprint::of_bytes(&bytes), bytes: bytes.into() }
    }

    /// The content as text; `None` when it is not UTF-8.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }
}

fn is_text(path: &SourcePath) -> bool {
    matches!(path.extension(), "md" | "yaml" | "yml" | "toml" | "html" | "xml" | "css" | "js" | "svg" | "txt")
}

fn normalise(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    if !bytes.contains(&b'\r') {
        return bytes;
    }
    let mut normal = Vec::with_capacity(bytes.len());
    let mut previous = 0;
    for byte in bytes {
        match byte {
            b'\r' => normal.push(b'\n'),
            b'\n' if previous == b'\r' => {}
            byte => normal.push(byte),
        }
        previous = byte;
    }
    normal
}

/// A snapshot of a project: paths to content, sorted. What is not in it does not exist for the build.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files {
    files: BTreeMap<SourcePath, Source>,
}

impl Files {
    /// An empty project.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A project given as pairs of path and content, as tests write it.
    #[must_use]
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Self {
        let mut files = Self::new();
        for (path, bytes) in pairs {
            files.insert(path, bytes.to_vec());
        }
        files
    }

    /// Adds or replaces a file.
    pub fn insert(&mut self, path: &str, bytes: Vec<u8>) {
        let path = SourcePath::new(path);
        let source = Source::new(&path, bytes);
        self.files.insert(path, source);
    }

    /// Takes a file away.
    pub fn remove(&mut self, path: &str) {
        self.files.remove(&SourcePath::new(path));
    }

    /// A file by its path.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Source> {
        self.files.get(&SourcePath::new(path))
    }

    /// All files, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (&SourcePath, &Source)> {
        self.files.iter()
    }

    /// The files under a folder, sorted by path; `folder` ends in `/`.
    pub fn under<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a SourcePath, &'a Source)> {
        self.files.range(SourcePath::new(folder)..).take_while(move |(path, _)| path.as_str().starts_with(folder))
    }

    /// How many files there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

impl Sources for Files {
    fn text(&self, path: &SourcePath) -> Option<&str> {
        self.files.get(path).and_then(Source::text)
    }
}
