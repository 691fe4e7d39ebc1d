//! What is started once for all tests of a process, such as a browser, and ends with the process.

use std::sync::{Arc, Mutex, PoisonError};

/// Something that runs, or will when it is first asked for; kept in a `static`.
pub(crate) struct Shared<T>(Mutex<Option<Arc<T>>>);

impl<T> Shared<T> {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// The one that runs. The first time it is started, and `end`, which has to call [`Shared::end`], is kept for the end of
    /// the process: nothing else would drop what lies in a `static`.
    pub(crate) fn get(&self, start: impl FnOnce() -> T, end: extern "C" fn()) -> Arc<T> {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        running
            .get_or_insert_with(|| {
                // SAFETY: a function without arguments, which stays where it is as long as the process.
                unsafe { libc::atexit(end) };
                Arc::new(start())
            })
            .clone()
    }

    /// Drops it, unless a test holds it still.
    pub(crate) fn end(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}
