//! A site in memory, as `serve` answers from and tests look into.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustc_hash::FxHashMap;

use super::media_type;
use crate::pipeline::Sink;

/// The files of one build: path → bytes and media type, sorted by path. It never changes once it is made, so a server
/// can answer from one site while the next is being built. A copy is cheap: it shares everything.
#[derive(Debug, Clone, Default)]
pub struct MemorySite {
    /// The same for two builds that publish under the same paths, as nearly all do.
    paths: Arc<Paths>,
    /// In the order of the paths.
    contents: Arc<Vec<Arc<[u8]>>>,
}

/// The paths of a site.
#[derive(Debug, Default)]
struct Paths {
    sorted: Vec<Arc<str>>,
    places: FxHashMap<Arc<str>, usize>,
}

impl Paths {
    fn new(sorted: Vec<Arc<str>>) -> Self {
        let places = sorted.iter().enumerate().map(|(place, path)| (path.clone(), place)).collect();
        Self { sorted, places }
    }
}

impl MemorySite {
    /// A file by its path, `roles/producer/index.html`, with its media type.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<(&Arc<[u8]>, &'static str)> {
        self.content(path).map(|bytes| (bytes, media_type(path)))
    }

    /// A file as text; `None` when there is no such file or it is not UTF-8.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<&str> {
        std::str::from_utf8(self.content(path)?).ok()
    }

    fn content(&self, path: &str) -> Option<&Arc<[u8]>> {
        self.contents.get(*self.paths.places.get(path)?)
    }

    /// All files, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Arc<[u8]>)> {
        self.paths.sorted.iter().map(|path| &**path).zip(self.contents.iter())
    }

    /// How many files there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.contents.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.contents.is_empty()
    }

    /// The paths of the files that only one of two sites has, or that differ between them, sorted. Contents that both
    /// share, because they came from the memo, are not looked at.
    #[must_use]
    pub fn differences<'a>(&'a self, other: &'a Self) -> Vec<&'a str> {
        let mut differing = Vec::new();
        let (mut own, mut others) = (self.iter().peekable(), other.iter().peekable());
        if Arc::ptr_eq(&self.paths, &other.paths) {
            let pairs = own.zip(others);
            return pairs.filter(|((_, own), (_, other))| !is_same(own, other)).map(|((path, _), _)| path).collect();
        }
        loop {
            let order = match (own.peek(), others.peek()) {
                (Some((path, _)), Some((other, _))) => path.cmp(other),
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (None, None) => return differing,
            };
            let one = if order.is_le() { own.next() } else { None };
            let two = if order.is_ge() { others.next() } else { None };
            match (one, two) {
                (Some((_, one)), Some((_, two))) if is_same(one, two) => {}
                (one, two) => differing.extend(one.or(two).map(|(path, _)| path)),
            }
        }
    }
}

fn is_same(one: &Arc<[u8]>, other: &Arc<[u8]>) -> bool {
    Arc::ptr_eq(one, other) || one == other
}

impl PartialEq for MemorySite {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.differences(other).is_empty()
    }
}

impl Eq for MemorySite {}

/// Path and content.
type NewFile = (Arc<str>, Arc<[u8]>);

/// Gathers the files of a build; [`MemorySink::into_site`] gives the finished site.
#[derive(Debug, Default)]
pub struct MemorySink {
    /// The site before.
    known: MemorySite,
    /// For each of its paths, what this build published under it.
    again: Vec<OnceLock<Arc<[u8]>>>,
    /// What has a path that the site before had not, in the order it came: sorting all at the end is cheaper than finding
    /// a place for each while others wait.
    new: Mutex<Vec<NewFile>>,
}

impl MemorySink {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Nothing yet, but most files are expected to have the paths they had in `known`.
    #[must_use]
    pub fn after(known: &MemorySite) -> Self {
        let again = known.contents.iter().map(|_| OnceLock::new()).collect();
        Self { known: known.clone(), again, new: Mutex::default() }
    }

    /// What was gathered.
    #[must_use]
    pub fn into_site(self) -> MemorySite {
        let new = self.new.into_inner().unwrap_or_else(PoisonError::into_inner);
        let again: Vec<Option<Arc<[u8]>>> = self.again.into_iter().map(OnceLock::into_inner).collect();
        if new.is_empty() && again.iter().all(Option::is_some) {
            let contents = again.into_iter().flatten().collect();
            return MemorySite { paths: self.known.paths, contents: Arc::new(contents) };
        }
        // Of a path that was put twice, one: it is an error, and then nobody sees this site.
        let new: BTreeMap<Arc<str>, Arc<[u8]>> = new.into_iter().collect();
        let kept = self.known.paths.sorted.iter().cloned().zip(again);
        let mut files: Vec<NewFile> = kept.filter_map(|(path, bytes)| Some((path, bytes?))).collect();
        files.extend(new);
        files.sort_unstable_by(|(path, _), (other, _)| path.cmp(other));
        let (paths, contents) = files.into_iter().unzip();
        MemorySite { paths: Arc::new(Paths::new(paths)), contents: Arc::new(contents) }
    }
}

impl Sink for MemorySink {
    fn keep(&self, path: &str) -> bool {
        let paths = &self.known.paths.sorted;
        let first = paths.partition_point(|known| &**known < path);
        let is_meant = |known: &&Arc<str>| ***known == *path || path.ends_with('/') && known.starts_with(path);
        let kept = paths[first..].iter().take_while(is_meant).count();
        for place in first..first + kept {
            // What this build has put already is newer.
            let _ = self.again[place].set(self.known.contents[place].clone());
        }
        kept > 0
    }

    fn put(&self, path: &str, bytes: Arc<[u8]>) {
        match self.known.paths.places.get(path) {
            Some(place) => drop(self.again[*place].set(bytes)),
            None => {
                let path = path.into();
                self.new.lock().unwrap_or_else(PoisonError::into_inner).push((path, bytes));
            }
        }
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

    #[test]
    fn a_site_after_another_is_the_one_a_fresh_sink_gives_and_knows_what_differs() {
        let gather = |sink: MemorySink, files: &[(&str, &str)]| {
            for (path, text) in files {
                sink.put(path, text.as_bytes().into());
            }
            sink.into_site()
        };
        let one = gather(MemorySink::new(), &[("a", "1"), ("b", "1"), ("c", "1")]);
        for (files, differing) in [
            (vec![("c", "1"), ("b", "1"), ("a", "1")], ""),
            (vec![("a", "1"), ("b", "2"), ("c", "1")], "b"),
            (vec![("a", "1"), ("c", "1")], "b"),
            (vec![("0", "1"), ("a", "1"), ("b", "1"), ("ba", "1"), ("c", "2"), ("d", "1")], "0 ba c d"),
            (vec![("d", "1")], "a b c d"),
            (vec![], "a b c"),
        ] {
            let after = gather(MemorySink::after(&one), &files);
            assert_eq!(after, gather(MemorySink::new(), &files), "{files:?}");
            assert_eq!(after.differences(&one).join(" "), differing, "{files:?}");
            assert_eq!(one.differences(&after).join(" "), differing, "{files:?}");
            let mut sorted: Vec<&str> = files.iter().map(|(path, _)| *path).collect();
            sorted.sort_unstable();
            assert_eq!(after.iter().map(|(path, _)| path).collect::<Vec<_>>(), sorted);
            assert!(files.iter().all(|(path, text)| after.text(path) == Some(text)), "{files:?}");
        }
    }
}
