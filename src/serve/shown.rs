//! What the server shows at one moment.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::SystemTime;

use serde_json::json;
use unicode_normalization::UnicodeNormalization;

use crate::base::slug::percent_decode;
use crate::output::MemorySite;

/// The last good site and what keeps a newer one from being shown. Replaced as a whole and never changed, so no reader
/// sees half of one build and half of another.
#[derive(Debug)]
pub(super) struct Shown {
    /// Names the site's bytes: pages that carry another version are out of date. Differs between runs of the server.
    pub(super) version: Version,
    /// How this site differs from the one before it, so that open pages need not be loaded again for what they do not
    /// show.
    pub(super) changes: Arc<Changes>,
    /// `None` while no build has succeeded.
    pub(super) site: Option<Arc<MemorySite>>,
    /// The path the site is served under: `/`, unless a `base_url` was given for serving.
    pub(super) base_path: String,
    /// What went wrong in the latest build.
    pub(super) problem: Option<Arc<Problem>>,
    /// Whether the first build has ended.
    pub(super) ready: bool,
}

/// Which run of the server, and which of its sites.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) run: u64,
    pub(super) site: u64,
}

impl std::fmt::Display for Version {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:x}-{}", self.run, self.site)
    }
}

/// What one site has that the one before it had not: files that came, went or changed. `None` where they are too many to
/// name, and any file may be one of them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    /// The version before.
    pub(super) from: Option<Version>,
    /// Addresses of HTML files.
    pub(super) pages: Option<Vec<String>>,
    /// Addresses of all other files.
    pub(super) files: Option<Vec<String>>,
}

/// So many pages, and so many other files, are named in the news of a build.
const NAMED_MAX: usize = 200;

impl Changes {
    /// Sorts what changed after `from` and drops it where it is too much.
    fn new(from: Version, addresses: impl Iterator<Item = String>) -> Self {
        let (pages, files): (Vec<String>, Vec<String>) = addresses.partition(|address| address.ends_with(".html"));
        let named = |addresses: Vec<String>| Some(addresses).filter(|addresses| addresses.len() <= NAMED_MAX);
        Self { from: Some(from), pages: named(pages), files: named(files) }
    }
}

/// A build that gave no site, as the overlay in the browser tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    /// One line.
    pub(super) title: String,
    /// The faults with their lines of source.
    pub(super) text: String,
}

impl Shown {
    /// Before the first build.
    pub(super) fn nothing_yet() -> Self {
        // Process numbers come again, after a restart of the computer or in a container; the time of day does not.
        let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let version = Version { run: since_1970.as_micros() as u64, site: 0 };
        let changes = Arc::new(Changes::default());
        Self { version, changes, site: None, base_path: "/".to_owned(), problem: None, ready: false }
    }

    /// The same site, with what keeps a newer one from being shown.
    pub(super) fn with_problem(&self, problem: Problem) -> Self {
        Self {
            version: self.version,
            changes: self.changes.clone(),
            site: self.site.clone(),
            base_path: self.base_path.clone(),
            problem: Some(Arc::new(problem)),
            ready: true,
        }
    }

    /// A new site. One with the bytes of the old keeps its version, so that no page is looked at for nothing.
    pub(super) fn with_site(&self, site: MemorySite, base_path: String) -> Self {
        let known = self.site.as_deref().filter(|_| self.base_path == base_path);
        let differing = known.map(|known| site.differences(known));
        let next = Version { site: self.version.site + 1, ..self.version };
        let (version, changes) = match differing {
            Some(paths) if paths.is_empty() => (self.version, self.changes.clone()),
            Some(paths) => {
                let addresses = paths.into_iter().map(|path| format!("{}{path}", decoded(&base_path)));
                (next, Arc::new(Changes::new(self.version, addresses)))
            }
            None => (next, Arc::new(Changes { from: Some(self.version), ..Changes::default() })),
        };
        Self { version, changes, site: Some(Arc::new(site)), base_path, problem: None, ready: true }
    }

    /// The address of a file of the site, not percent-encoded: what the script in the page compares.
    pub(super) fn address_of(&self, path: &str) -> String {
        decoded(&self.base_path) + path
    }

    /// The event that tells browsers of this moment (server-sent events, HTML Standard 9.2).
    pub(super) fn event(&self) -> String {
        let problem = self.problem.as_ref().map(|problem| json!({ "title": problem.title, "text": problem.text }));
        let changes = &*self.changes;
        // JSON in one line holds no line feed, which would end the event.
        let state = json!({
            "version": self.version.to_string(),
            "from": changes.from.map(|from| from.to_string()),
            "changes": { "pages": changes.pages, "files": changes.files },
            "problem": problem,
        });
        let mut event = String::new();
        let _ = write!(event, "id: {}\ndata: {state}\n\n", self.version);
        event
    }
}

fn decoded(path: &str) -> String {
    percent_decode(path).map(|path| path.nfc().collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_one_line_of_json_whatever_is_in_it() {
        let problem = Problem { title: "1 error".to_owned(), text: "a\r\n\nb\u{2028}\"<script>".to_owned() };
        let shown = Shown { problem: Some(Arc::new(problem.clone())), ..Shown::nothing_yet() };
        let event = shown.event();
        let lines: Vec<&str> = event.split(['\r', '\n']).collect();
        assert_eq!(lines.len(), 4, "{event:?}");
        let data = lines[1].strip_prefix("data: ").expect("the second line is the data");
        let state: serde_json::Value = serde_json::from_str(data).expect("it is JSON");
        assert_eq!(state["problem"]["text"], problem.text);
        assert_eq!(state["version"], shown.version.to_string());
    }
}
