//! What the server shows at one moment.

use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::json;

use crate::output::MemorySite;

/// The last good site and what keeps a newer one from being shown. Replaced as a whole and never changed, so no reader
/// sees half of one build and half of another.
#[derive(Debug)]
pub(super) struct Shown {
    /// Names the site's bytes: pages that carry another version are out of date. Differs between runs of the server.
    pub(super) version: Version,
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
    pub(super) run: u32,
    pub(super) site: u64,
}

impl std::fmt::Display for Version {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:x}-{}", self.run, self.site)
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
        let version = Version { run: std::process::id(), site: 0 };
        Self { version, site: None, base_path: "/".to_owned(), problem: None, ready: false }
    }

    /// The event that tells browsers of this moment (server-sent events, HTML Standard 9.2).
    pub(super) fn event(&self) -> String {
        let problem = self.problem.as_ref().map(|problem| json!({ "title": problem.title, "text": problem.text }));
        // JSON in one line holds no line feed, which would end the event.
        let state = json!({ "version": self.version.to_string(), "problem": problem });
        let mut event = String::new();
        let _ = write!(event, "id: {}\ndata: {state}\n\n", self.version);
        event
    }
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
