//! Ctrl-C and `kill` while a build runs: the stage goes, and a site that is being published is finished first.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Listens for the signals that stop a process, from now to its end.
#[derive(Debug)]
pub(super) struct Interrupt {
    publishing: Arc<Mutex<()>>,
    folders: Arc<Mutex<Vec<PathBuf>>>,
}

impl Interrupt {
    /// Takes these folders away when the process is stopped. Where that cannot be arranged they stay behind, and the
    /// next build takes them away.
    pub(super) fn take_away(folders: Vec<PathBuf>) -> Self {
        let (publishing, folders) = (Arc::default(), Arc::new(Mutex::new(folders)));
        listen(Arc::clone(&folders), Arc::clone(&publishing));
        Self { publishing, folders }
    }

    /// Takes away these folders in the place of those named before.
    pub(super) fn take_away_instead(&self, folders: Vec<PathBuf>) {
        *self.folders.lock().unwrap_or_else(PoisonError::into_inner) = folders;
    }

    /// Lets signals wait as long as the guard lives, but not for ever: publishing mostly takes a moment, and what is
    /// cut short is finished by the next command.
    pub(super) fn wait(&self) -> MutexGuard<'_, ()> {
        self.publishing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(unix)]
fn listen(folders: Arc<Mutex<Vec<PathBuf>>>, publishing: Arc<Mutex<()>>) {
    use std::sync::TryLockError;
    use std::time::Duration;

    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    let Ok(mut signals) = Signals::new([SIGHUP, SIGINT, SIGTERM]) else { return };
    std::thread::spawn(move || {
        let Some(signal) = signals.forever().next() else { return };
        // Somebody who presses Ctrl-C expects an end within half a second.
        let mut turns = 30;
        // Kept to the end: what is being taken away must not be published any more.
        let guard = loop {
            match publishing.try_lock() {
                Ok(guard) => break Some(guard),
                Err(TryLockError::Poisoned(poisoned)) => break Some(poisoned.into_inner()),
                Err(TryLockError::WouldBlock) if turns == 0 => break None,
                Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(10)),
            }
            turns -= 1;
        };
        // Other threads still write: a folder may get a file while it is being deleted. They have milliseconds left.
        let folders = folders.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for _ in 0..10 {
            if guard.is_none() {
                break;
            }
            folders.iter().for_each(|folder| crate::output::take_away(folder));
            if folders.iter().all(|folder| !folder.exists()) {
                break;
            }
        }
        // Ends the process as if nobody had listened, so that the caller learns of the signal.
        let _ = signal_hook::low_level::emulate_default_handler(signal);
    });
}

#[cfg(not(unix))]
fn listen(_: Arc<Mutex<Vec<PathBuf>>>, _: Arc<Mutex<()>>) {}
