//! Paths as two separate kinds of value: where a source lies, and where a page is published.

use std::fmt;
use std::sync::Arc;

use super::slug::percent_encode;

/// The path of a source file relative to the project's root, with `/` between its parts. Never absolute, never with
/// `..`; the only way from here to the disk is through the room `files`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourcePath(Arc<str>);

impl SourcePath {
    /// Takes a path that is relative and `/`-separated already.
    #[must_use]
    pub fn new(path: &str) -> Self {
        Self(Arc::from(path))
    }

    /// The path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part after the last `/`.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
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
        let bytes = self.0.as_bytes();
        match bytes.iter().rposition(|byte| matches!(byte, b'.' | b'/')) {
            Some(at) if bytes[at] == b'.' => &self.0[at + 1..],
            _ => "",
        }
    }

    /// Everything before the last `/`; empty at the top.
    #[must_use]
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
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
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for SourcePath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, formatter)
    }
}

/// Where something is published, relative to the site's root: no leading `/`. A page ends in `/` (or is empty, the
/// home page) and is stored as `index.html` in that folder; any other path is a file.
///
/// Holds decoded text in NFC; [`UrlPath::href`] is the percent-encoded form for links.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UrlPath(Arc<str>);

impl UrlPath {
    /// Takes a path relative to the root; leading slashes are dropped.
    #[must_use]
    pub fn new(path: &str) -> Self {
        Self(Arc::from(path.trim_start_matches('/')))
    }

    /// The path as text, decoded.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The percent-encoded path, for use in `href`.
    #[must_use]
    pub fn href(&self) -> String {
        percent_encode(&self.0)
    }

    /// The file that is written for it: `index.html` is added to the path of a page.
    #[must_use]
    pub fn file(&self) -> String {
        let added = if self.0.is_empty() || self.0.ends_with('/') { "index.html" } else { "" };
        let mut file = String::with_capacity(self.0.len() + added.len());
        file.push_str(&self.0);
        file.push_str(added);
        file
    }

    /// The prefix that leads from this page to the site's root: `./` for the home page, `../` for each folder.
    #[must_use]
    pub fn to_root(&self) -> String {
        match self.0.matches('/').count() {
            0 => "./".to_owned(),
            depth => "../".repeat(depth),
        }
    }
}

impl fmt::Display for UrlPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for UrlPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, formatter)
    }
}
