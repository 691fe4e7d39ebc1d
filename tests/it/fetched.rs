//! Test data that `npm ci` puts into `tests/node_modules`: it is pinned by the lock file and not kept in the repository.

use std::fs;
use std::path::PathBuf;

/// Where one file of an npm package lies, `path` beginning with the package's name.
pub(crate) fn path(path: &str) -> PathBuf {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/node_modules").join(path);
    assert!(file.exists(), "tests/node_modules/{path} is missing: run `tests/run`, or `npm ci` in tests/");
    file
}

/// The text of one file of an npm package.
pub(crate) fn text(file: &str) -> String {
    fs::read_to_string(path(file)).unwrap_or_else(|error| panic!("tests/node_modules/{file}: {error}"))
}
