//! Runs a piece of work on a thread with an ordinary stack and gives up on it after a generous time.
//!
//! No test asserts a speed: a machine that is busy must not fail one. The cap only tells work that is slow from work
//! that would never end, and the stack is the one that every worker thread gets, so recursion on the depth of the input
//! shows itself as an abort of the whole run.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// What a thread gets from the standard library when nobody asks for more.
const STACK_BYTES: usize = 2 * 1024 * 1024;

/// Long enough for an unoptimised build on two busy cores; quadratic work on these inputs takes far longer.
const CAP: Duration = Duration::from_secs(120);

/// The result of `work`; panics with `name` when it panics or is still running at the cap.
pub(crate) fn finishes<T: Send + 'static>(name: &str, work: impl FnOnce() -> T + Send + 'static) -> T {
    attempt(name, work).unwrap_or_else(|fault| panic!("{fault}"))
}

/// The result of `work`, or why it has none.
pub(crate) fn attempt<T: Send + 'static>(name: &str, work: impl FnOnce() -> T + Send + 'static) -> Result<T, String> {
    let (sender, receiver) = channel();
    let worker = thread::Builder::new()
        .name(name.to_owned())
        .stack_size(STACK_BYTES)
        .spawn(move || {
            // The receiver is gone only when the cap has passed, and then nobody wants the result.
            let _ = sender.send(work());
        })
        .expect("a thread can be started");
    match receiver.recv_timeout(CAP) {
        Ok(result) => Ok(result),
        Err(RecvTimeoutError::Timeout) => Err(format!("`{name}` was still running after {} s", CAP.as_secs())),
        Err(RecvTimeoutError::Disconnected) => match worker.join() {
            Ok(()) => unreachable!("the worker sends before it returns"),
            Err(_) => Err(format!("`{name}` panicked; its message stands above")),
        },
    }
}
