//! A site in memory, as `serve` answers from and tests look into.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::media_type;
use crate::pipeline::Sink;

/// The files of one build: path → bytes and media type, sorted by path. It never changes once it is made, so a server
/// can answer from one site while the next is being built.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemorySite {
    files: BTreeMap<String, Arc<[u8]>>,
}

impl MemorySite {
    /// A file by its path, `roles/producer/index.html`, with its media type.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<(&Arc<[u8]>, &'static str)> {
        self.files.get(path).map(|bytes| (bytes, media_type(path)))
    }

    /// A file as text; `None` when there is no such file or it is not UTF-8.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<&str> {
        std::str::from_utf8(self.files.get(path)?).ok()
    }

    /// All files, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Arc<[u8]>)> {
        self.files.iter().map(|(path, bytes)| (path.as_str(), bytes))
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

/// Gathers the files of a build; [`MemorySink::into_site`] gives the finished site.
#[derive(Debug, Default)]
pub struct MemorySink {
    /// In the order they came: sorting all at the end is cheaper than finding a place for each while others wait.
    files: Mutex<Vec<(String, Arc<[u8]>)>>,
}

impl MemorySink {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What was gathered.
    #[must_use]
    pub fn into_site(self) -> MemorySite {
        let files = self.files.into_inner().unwrap_or_else(PoisonError::into_inner);
        MemorySite { files: files.into_iter().collect() }
    }
}

impl Sink for MemorySink {
    fn put(&self, path: &str, bytes: Arc<[u8]>) {
        let path = path.to_owned();
        self.files.lock().unwrap_or_else(PoisonError::into_inner).push((path, bytes));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_in_memory_knows_its_files_and_their_types() {
        let sink = MemorySink::new();
        sink.put("roles/baker/index.html", Arc::from(*b"<p>bread"));
        sink.put("assets/site.1a2b.css", Arc::from(*b"p{}"));
        let site = sink.into_site();
        assert_eq!(
            site.iter().map(|(path, _)| path).collect::<Vec<_>>(),
            ["assets/site.1a2b.css", "roles/baker/index.html"]
        );
        assert_eq!(site.get("assets/site.1a2b.css").map(|(_, media_type)| media_type), Some("text/css; charset=utf-8"));
        assert_eq!(site.text("roles/baker/index.html"), Some("<p>bread"));
        assert_eq!(site.get("roles/baker/"), None);
    }
}
