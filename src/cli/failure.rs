//! How a command ends: an exit code, and one sentence when it could not do its work.

use std::path::Path;

use crate::output;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// All is well.
    Clean,
    /// The site has faults, or the work could not be done.
    Findings,
    /// The command cannot be carried out as it was given.
    Usage,
}

impl Status {
    /// The exit code.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Usage => 2,
        }
    }
}

/// Why a command could not do its work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What becomes the exit code.
    pub status: Status,
    /// One sentence: lower case, things in backticks, no full stop.
    pub message: String,
    /// What to do about it, a sentence each.
    pub help: Vec<String>,
}

impl Failure {
    /// The command cannot be carried out as it was given.
    #[must_use]
    pub fn usage(message: impl Into<String>) -> Self {
        Self { status: Status::Usage, message: message.into(), help: Vec::new() }
    }

    /// The surroundings did not let the work be done.
    #[must_use]
    pub fn failed(message: impl Into<String>) -> Self {
        Self { status: Status::Findings, message: message.into(), help: Vec::new() }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Adds "did you mean …" when one of `names` is near enough to `written`.
    #[must_use]
    pub fn suggest<'a>(self, written: &str, names: impl IntoIterator<Item = &'a str>) -> Self {
        match crate::diag::nearest(written, names) {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None => self,
        }
    }

    /// What kept a site from being published, told with paths as they look from `folder`.
    #[must_use]
    pub fn of_output(error: output::Error, folder: &Path) -> Self {
        let error = error.seen_from(folder);
        let failure = match error {
            output::Error::Refused { .. } => Self::usage(error.to_string()),
            _ => Self::failed(error.to_string()),
        };
        match error.help() {
            Some(help) => failure.help(help),
            None => failure,
        }
    }
}
