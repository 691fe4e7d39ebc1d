//! Writes files beside a build where the disk would make it wait.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::Scope;
use std::time::{Duration, Instant};

use crate::pipeline::Sink;

/// So many files wait to be written; more would only be held in memory.
const WAITING_MAX: usize = 8;

/// A file that takes longer to write made the build wait. Where a disk is quick, handing a file over is dearer than
/// writing it, and most are written in a tenth of this.
const QUICK: Duration = Duration::from_micros(250);

/// So many more slow files than quick ones are no accident, such as the few large files of a site.
const SLOW_FILES: u32 = 32;

/// Passes files on to a sink that writes them: in place as long as that is quick, then by threads of its own, so that
/// pages go on being made while the disk works.
pub(super) struct Writers<'scope, 'env> {
    sink: &'scope dyn Sink,
    scope: &'scope Scope<'scope, 'env>,
    threads_max: usize,
    /// Slow files less quick ones, not below 0.
    slow: AtomicU32,
    queue: OnceLock<SyncSender<Waiting>>,
}

/// A file that waits to be written.
enum Waiting {
    Shared(String, Arc<[u8]>),
    Owned(String, Vec<u8>),
}

impl<'scope, 'env> Writers<'scope, 'env> {
    /// At most so many threads of `scope` write into `sink`; all is written when the scope has ended.
    pub(super) fn new(sink: &'scope dyn Sink, scope: &'scope Scope<'scope, 'env>, threads_max: usize) -> Self {
        Self { sink, scope, threads_max, slow: AtomicU32::new(0), queue: OnceLock::new() }
    }

    fn take(&self, waiting: Waiting) {
        if let Some(queue) = self.queue.get() {
            if let Err(unsent) = queue.send(waiting) {
                // Every thread is gone, which only a fault of ours can do: the scope tells of it.
                write(unsent.0, self.sink);
            }
            return;
        }
        let started = Instant::now();
        write(waiting, self.sink);
        let slow = match started.elapsed() > QUICK {
            true => self.slow.fetch_add(1, Ordering::Relaxed),
            false => {
                let less = |slow: u32| slow.checked_sub(1);
                self.slow.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).unwrap_or(0)
            }
        };
        if slow >= SLOW_FILES && self.threads_max > 0 {
            self.queue.get_or_init(|| self.start());
        }
    }

    fn start(&self) -> SyncSender<Waiting> {
        let (queue, waiting) = sync_channel(WAITING_MAX);
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..self.threads_max {
            let (waiting, sink) = (waiting.clone(), self.sink);
            self.scope.spawn(move || {
                while let Some(file) = next(&waiting) {
                    write(file, sink);
                }
            });
        }
        queue
    }
}

/// One thread waits for the next file, the others for their turn; `None` when no file will come any more.
fn next(waiting: &Mutex<Receiver<Waiting>>) -> Option<Waiting> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

fn write(file: Waiting, sink: &dyn Sink) {
    match file {
        Waiting::Shared(path, bytes) => sink.put(&path, bytes),
        Waiting::Owned(path, bytes) => sink.put_owned(&path, bytes),
    }
}

impl Sink for Writers<'_, '_> {
    fn put(&self, path: &str, bytes: Arc<[u8]>) {
        self.take(Waiting::Shared(path.to_owned(), bytes));
    }

    fn put_owned(&self, path: &str, bytes: Vec<u8>) {
        self.take(Waiting::Owned(path.to_owned(), bytes));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::thread;

    use super::*;

    /// A disk that takes its time.
    struct Slow {
        wait: Duration,
        files: Mutex<BTreeMap<String, (Vec<u8>, thread::ThreadId)>>,
    }

    impl Sink for Slow {
        fn put(&self, path: &str, bytes: Arc<[u8]>) {
            thread::sleep(self.wait);
            let file = (bytes.to_vec(), thread::current().id());
            let known = self.files.lock().expect("no writer panicked").insert(path.to_owned(), file);
            assert_eq!(known, None, "`{path}` was written twice");
        }
    }

    fn written(wait: Duration, threads_max: usize) -> BTreeMap<String, (Vec<u8>, thread::ThreadId)> {
        let slow = Slow { wait, files: Mutex::default() };
        thread::scope(|scope| {
            let writers = Writers::new(&slow, scope, threads_max);
            for number in 0u8..200 {
                match number % 2 {
                    0 => writers.put(&format!("{number:03}"), Arc::from([number])),
                    _ => writers.put_owned(&format!("{number:03}"), vec![number]),
                }
            }
        });
        slow.files.into_inner().expect("no writer panicked")
    }

    fn writing_threads(files: &BTreeMap<String, (Vec<u8>, thread::ThreadId)>) -> usize {
        let mut threads: Vec<thread::ThreadId> = files.values().map(|(_, thread)| *thread).collect();
        threads.sort_by_key(|thread| format!("{thread:?}"));
        threads.dedup();
        threads.len()
    }

    #[test]
    fn every_file_is_written_once_whoever_writes_it() {
        for (wait_ms, threads_max) in [(0, 4), (2, 4), (2, 1), (2, 0)] {
            let files = written(Duration::from_millis(wait_ms), threads_max);
            assert_eq!(files.len(), 200);
            for (number, (path, (bytes, _))) in (0u8..).zip(&files) {
                assert_eq!((path.as_str(), bytes.as_slice()), (format!("{number:03}").as_str(), &[number][..]));
            }
            assert!(writing_threads(&files) <= 1 + threads_max);
        }
    }

    #[test]
    fn a_slow_disk_has_threads_of_its_own_and_only_where_they_are_allowed() {
        assert!(writing_threads(&written(Duration::from_millis(2), 4)) > 1);
        assert_eq!(writing_threads(&written(Duration::from_millis(2), 0)), 1);
    }
}
