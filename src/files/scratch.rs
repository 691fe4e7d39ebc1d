//! A folder on the disk for one test, gone when the test ends.

use std::fs;
use std::path::{Path, PathBuf};

/// A project's folder, canonical, and alone in the folder above it.
pub(crate) struct Folder {
    path: PathBuf,
    _above: tempfile::TempDir,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self::within(tempfile::tempdir())
    }

    /// In memory, where the system keeps a folder for that: for tests that a disk's pauses would disturb.
    pub(crate) fn in_memory() -> Self {
        match Path::new("/dev/shm").is_dir() {
            true => Self::within(tempfile::tempdir_in("/dev/shm")),
            false => Self::new(),
        }
    }

    fn within(above: std::io::Result<tempfile::TempDir>) -> Self {
        let above = above.expect("the folder for temporary files is writable");
        let path = fs::canonicalize(above.path()).expect("it was just made").join("project");
        fs::create_dir(&path).expect("it was just made");
        Self { path, _above: above }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let file = self.path.join(path);
        fs::create_dir_all(file.parent().expect("it is in the folder")).expect("writable");
        fs::write(file, text).expect("writable");
    }

    pub(crate) fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path.join(from), self.path.join(to)).expect("writable");
    }

    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.path.join(path)).expect("it is there");
    }
}
