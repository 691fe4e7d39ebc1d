//! What the server says in the terminal.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use crate::diag::Colour;

/// Writes for people. A terminal that is gone is no reason to stop serving, so failures to write are forgone.
#[derive(Clone)]
pub(super) struct Console {
    quiet: bool,
    pub(super) colour: Colour,
    writer: Arc<Mutex<dyn Write + Send>>,
}

impl Console {
    /// Writes to standard error; when `quiet`, only warnings and faults.
    pub(super) fn new(quiet: bool, colour: Colour) -> Self {
        Self::to(io::stderr(), quiet, colour)
    }

    pub(super) fn to(writer: impl Write + Send + 'static, quiet: bool, colour: Colour) -> Self {
        Self { quiet, colour, writer: Arc::new(Mutex::new(writer)) }
    }

    /// A line about how things go.
    pub(super) fn say(&self, line: &str) {
        if !self.quiet {
            self.show(&format!("{line}\n"));
        }
    }

    /// A line that is shown even when quiet.
    pub(super) fn warn(&self, line: &str) {
        self.show(&format!("warning: {line}\n"));
    }

    /// Faults, as they are.
    pub(super) fn show(&self, text: &str) {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = writer.write_all(text.as_bytes()).and_then(|()| writer.flush());
    }
}
