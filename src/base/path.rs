//! Paths as two separate kinds of value: where a source lies, and where a page is published.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use xxhash_rust::xxh3::xxh3_64;

use super::slug::percent_encode;

/// A path's text with its hash. Ten thousand of them are looked for in tables after each save: telling whether two are
/// equal must not fetch their text from memory.
#[derive(Clone)]
struct Text {
    text: Arc<str>,
    hash: u64,
}

impl Text {
    fn new(text: &str) -> Self {
        Self { text: Arc::from(text), hash: xxh3_64(text.as_bytes()) }
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash && (Arc::ptr_eq(&self.text, &other.text) || self.text == other.text)
    }
}

impl Eq for Text {}

impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

/// The path of a source file relative to the project's root, with `/` between its parts. Never absolute, never with
/// `..`; the only way from here to the disk is through the room `files`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourcePath(Text);

impl SourcePath {
    /// Takes a path that is relative and `/`-separated already.
    #[must_use]
    pub fn new(path: &str) -> Self {
        Self(Text::new(path))
    }

    /// The path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    /// The part after the last `/`.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.0.text.rsplit('/').next().unwrap_or_default()
    }

    /// The file name without its last extension.
    #[must_use]
    pub fn stem(&self) -> &str {
        let name = self.file_name();
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }

    /// The last extension without its dot; empty when there is none.
    #[must_use]
    pub fn extension(&self) -> &str {
        // Every file of a project is asked after each save: bytes are looked through faster than characters.
        let bytes = self.0.text.as_bytes();
        match bytes.iter().rposition(|byte| matches!(byte, b'.' | b'/')) {
            Some(at) if bytes[at] == b'.' => &self.0.text[at + 1..],
            _ => "",
        }
    }

    /// Everything before the last `/`; empty at the top.
    #[must_use]
    pub fn folder(&self) -> &str {
        self.0.text.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The path that `relative` names when it is written in this file: `.` and `..` are followed. `None` when it
    /// leaves the project.
    #[must_use]
    pub fn join_relative(&self, relative: &str) -> Option<Self> {
        let mut parts: Vec<&str> = self.folder().split('/').filter(|part| !part.is_empty()).collect();
        for part in relative.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                part => parts.push(part),
            }
        }
        Some(Self::new(&parts.join("/")))
    }
}

impl fmt::Display for SourcePath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.text)
    }
}

impl fmt::Debug for SourcePath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0.text, formatter)
    }
}

/// Where something is published, relative to the site's root: no leading `/`. A page ends in `/` (or is empty, the
/// home page) and is stored as `index.html` in that folder; any other path is a file.
///
/// Holds decoded text in NFC; [`UrlPath::href`] is the percent-encoded form for links.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UrlPath(Text);

impl UrlPath {
    /// Takes a path relative to the root; leading slashes are dropped.
    #[must_use]
    pub fn new(path: &str) -> Self {
        Self(Text::new(path.trim_start_matches('/')))
    }

    /// The path as text, decoded.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    /// The percent-encoded path, for use in `href`.
    #[must_use]
    pub fn href(&self) -> String {
        percent_encode(&self.0.text)
    }

    /// The file that is written for it: `index.html` is added to the path of a page.
    #[must_use]
    pub fn file(&self) -> String {
        let added = if self.0.text.is_empty() || self.0.text.ends_with('/') { "index.html" } else { "" };
        let mut file = String::with_capacity(self.0.text.len() + added.len());
        file.push_str(&self.0.text);
        file.push_str(added);
        file
    }

    /// The prefix that leads from this page to the site's root: `./` for the home page, `../` for each folder.
    #[must_use]
    pub fn to_root(&self) -> String {
        match self.0.text.matches('/').count() {
            0 => "./".to_owned(),
            depth => "../".repeat(depth),
        }
    }
}

impl fmt::Display for UrlPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.text)
    }
}

impl fmt::Debug for UrlPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0.text, formatter)
    }
}
