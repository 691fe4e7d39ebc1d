//! Ctrl-C and `kill` while a build runs: the stage goes, and a site that is being published is finished first.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Listens for the signals that stop a process, from now to its end.
#[derive(Debug)]
pub(super) struct Interrupt {
    publishing: Arc<Mutex<()>>,
}

impl Interrupt {
    /// Takes `stage` away when the process is stopped. Where that cannot be arranged the stage stays behind, and the
    /// next build takes it away.
    pub(super) fn take_away(stage: &Path) -> Self {
        let publishing = Arc::new(Mutex::new(()));
        listen(stage.to_path_buf(), Arc::clone(&publishing));
        Self { publishing }
    }

    /// Lets signals wait as long as the guard lives: publishing takes a moment, and half a site helps nobody.
    pub(super) fn wait(&self) -> MutexGuard<'_, ()> {
        self.publishing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(unix)]
fn listen(stage: std::path::PathBuf, publishing: Arc<Mutex<()>>) {
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else { return };
    std::thread::spawn(move || {
        let Some(signal) = signals.forever().next() else { return };
        let _publishing = publishing.lock().unwrap_or_else(PoisonError::into_inner);
        // Other threads still write: a folder may get a file while it is being deleted. They have milliseconds left.
        for _ in 0..10 {
            crate::output::remove_stage(&stage);
            if !stage.exists() {
                break;
            }
        }
        // Ends the process as if nobody had listened, so that the caller learns of the signal.
        let _ = signal_hook::low_level::emulate_default_handler(signal);
    });
}

#[cfg(not(unix))]
fn listen(_: std::path::PathBuf, _: Arc<Mutex<()>>) {}
