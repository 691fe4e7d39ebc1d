//! Hears of saved files and gathers the saves that belong together into one batch.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant, SystemTime};

use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};
use walkdir::WalkDir;

use super::disk::{self, FOLDERS};
use super::tree::{Changes, canonical_file};

/// A batch ends when nothing was saved for so long.
pub const QUIET: Duration = Duration::from_millis(15);

/// The same while a file of the batch is missing or empty: many editors delete or truncate a file before they write it.
const QUIET_UNSETTLED: Duration = Duration::from_millis(60);

/// A batch ends after so long even if saving goes on.
const BATCH_MAX: Duration = Duration::from_millis(300);

/// A batch of more files than an editor saves at once: a checkout, an unpacked archive, a script at work.
const BURST_PATHS: usize = 32;

/// Such a burst ends when nothing was saved for so long. It may pause for longer than an editor does, and an early build
/// would be of a site that nobody meant.
const QUIET_BURST: Duration = Duration::from_millis(200);

/// And after so long even if saving goes on.
const BURST_MAX: Duration = Duration::from_secs(30);

/// How often a project is looked over on systems without events.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// How often a project folder that has gone is looked for.
const RETURN_INTERVAL: Duration = Duration::from_millis(250);

/// A file that was modified so recently may change again within the resolution of its time stamp (two seconds on FAT).
const STAMP_RESOLUTION: Duration = Duration::from_secs(3);

/// File systems on which changes made elsewhere (in another system, on another machine) cause no events here.
#[cfg(target_os = "linux")]
const SILENT_FILE_SYSTEMS: [&str; 14] = [
    "9p",
    "cifs",
    "drvfs",
    "fakeowner",
    "fuse.grpcfuse",
    "fuse.osxfs",
    "fuse.sshfs",
    "fuse.vmhgfs-fuse",
    "nfs",
    "nfs4",
    "prl_fs",
    "smb3",
    "vboxsf",
    "virtiofs",
];

/// Saves that belong together.
#[derive(Debug)]
pub struct Batch {
    /// What may have changed.
    pub changes: Changes,
    /// Something the user must know about watching itself, in one sentence.
    pub notice: Option<String>,
}

/// Watches one project. Reads, hidden files, editors' scratch files and everything that a build does not read are not
/// heard; a project folder that is removed and comes back is found again.
#[derive(Debug)]
pub struct Watch {
    root: PathBuf,
    config: PathBuf,
    sender: Sender<Signal>,
    signals: Receiver<Signal>,
    ears: Ears,
}

/// Ends a [`Watch`] from another thread.
#[derive(Debug, Clone)]
pub struct Stopper(Sender<Signal>);

impl Stopper {
    /// Makes [`Watch::wait`] return `None`.
    pub fn stop(&self) {
        // A watch that is gone has stopped already.
        let _ = self.0.send(Signal::Stop);
    }
}

#[derive(Debug)]
enum Signal {
    Event(notify::Result<Event>),
    Stop,
}

#[derive(Debug)]
enum Ears {
    /// The system tells; the watcher is kept for its events.
    Events(#[expect(dead_code, reason = "dropping it ends the events")] RecommendedWatcher),
    /// We look ourselves: every file with its stamp when it was last seen.
    Looks(BTreeMap<PathBuf, Stamp>),
    /// The project is gone.
    Waits,
}

/// Length and time of last modification; `None` where the file system keeps none.
type Stamp = (u64, Option<SystemTime>);

impl Watch {
    /// Begins to watch the project in `root` with its configuration file. With `poll`, or when the system has no events
    /// for this place, files are looked over once a second; the text says why.
    ///
    /// # Errors
    /// When `root` or the folder of `config` does not exist.
    pub fn start(root: &Path, config: &Path, poll: bool) -> io::Result<(Self, Option<String>)> {
        let (sender, signals) = mpsc::channel();
        let root = fs::canonicalize(root)?;
        let config = canonical_file(config)?;
        let mut watch = Self { root, config, sender, signals, ears: Ears::Waits };
        if poll {
            watch.ears = Ears::Looks(watch.look());
            return Ok((watch, None));
        }
        let notice = match silent_file_system(&watch.root) {
            Some(kind) => {
                watch.ears = Ears::Looks(watch.look());
                Some(format!("`{kind}` file systems report no changes: looking for them once a second"))
            }
            None => watch.listen(),
        };
        Ok((watch, notice))
    }

    /// A handle that ends the watch.
    #[must_use]
    pub fn stopper(&self) -> Stopper {
        Stopper(self.sender.clone())
    }

    /// Sleeps until something is saved, then gathers until saving pauses. `None` when the watch was stopped.
    pub fn wait(&mut self) -> Option<Batch> {
        loop {
            let batch = match &self.ears {
                Ears::Events(_) => self.wait_for_events()?,
                Ears::Looks(_) => self.wait_for_looks()?,
                Ears::Waits => self.wait_for_return()?,
            };
            if batch.is_some() {
                return batch;
            }
        }
    }

    /// What was saved since the last batch, if anything was; does not wait for a first save, but for a pause in saving.
    pub fn pending(&mut self) -> Option<Batch> {
        let Ears::Events(_) = self.ears else { return None };
        match self.signals.try_recv().ok()? {
            Signal::Stop => {
                // For the next `wait` to find.
                let _ = self.sender.send(Signal::Stop);
                None
            }
            signal => self.gather_from(signal).flatten(),
        }
    }

    /// The outer `None` ends the watch; the inner one says that nothing of interest happened yet.
    fn wait_for_events(&mut self) -> Option<Option<Batch>> {
        let signal = self.signals.recv().ok()?;
        self.gather_from(signal)
    }

    fn gather_from(&mut self, mut signal: Signal) -> Option<Option<Batch>> {
        let mut gathered = Gathered::default();
        let mut started = None;
        loop {
            match signal {
                Signal::Stop => return None,
                Signal::Event(Ok(event)) => self.gather(event, &mut gathered),
                // Watching a new folder failed: `listen` below tries again and, if need be, polls.
                Signal::Event(Err(_)) => gathered.structure = true,
            }
            if gathered.is_empty() {
                return Some(None);
            }
            let (quiet, longest) = gathered.patience();
            let left = longest.saturating_sub(started.get_or_insert_with(Instant::now).elapsed());
            signal = match self.next_within(quiet.min(left)) {
                Some(signal) => signal,
                None if left <= quiet || gathered.is_settled() => break,
                None => match self.next_within(QUIET_UNSETTLED.min(left)) {
                    Some(signal) => signal,
                    None => break,
                },
            };
        }
        Some(self.finish(gathered))
    }

    fn next_within(&self, wait: Duration) -> Option<Signal> {
        match self.signals.recv_timeout(wait) {
            Ok(signal) => Some(signal),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(Signal::Stop),
        }
    }

    fn finish(&mut self, gathered: Gathered) -> Option<Batch> {
        if !self.root.is_dir() {
            self.ears = Ears::Waits;
            return None;
        }
        // New folders are watched from now on. The snapshot is read after this, so what was saved into them before is
        // found there, and what is saved later is heard.
        let notice = if gathered.structure { self.listen() } else { None };
        let changes = if gathered.everything { Changes::Everything } else { Changes::Paths(gathered.paths) };
        Some(Batch { changes, notice })
    }

    fn wait_for_return(&mut self) -> Option<Option<Batch>> {
        if let Some(Signal::Stop) = self.next_within(RETURN_INTERVAL) {
            return None;
        }
        if !self.root.is_dir() {
            return Some(None);
        }
        let notice = self.listen();
        Some(Some(Batch { changes: Changes::Everything, notice }))
    }

    fn wait_for_looks(&mut self) -> Option<Option<Batch>> {
        if let Some(Signal::Stop) = self.next_within(POLL_INTERVAL) {
            return None;
        }
        if !self.root.is_dir() {
            return Some(None);
        }
        let now = self.look();
        let Ears::Looks(before) = &mut self.ears else { return Some(None) };
        let paths = suspects(before, &now, SystemTime::now());
        *before = now;
        let batch = Batch { changes: Changes::Paths(paths), notice: None };
        Some(if batch.changes == Changes::Paths(BTreeSet::new()) { None } else { Some(batch) })
    }

    /// Puts a new watcher over what is there now and lets the old one go: watchers die with the folder they watch.
    fn listen(&mut self) -> Option<String> {
        match self.watcher() {
            Ok(watcher) => {
                self.ears = Ears::Events(watcher);
                None
            }
            // Removed while it was being listed.
            Err(_) if !self.root.is_dir() => {
                self.ears = Ears::Waits;
                None
            }
            Err(error) => {
                self.ears = Ears::Looks(self.look());
                let cause = match error.kind {
                    notify::ErrorKind::MaxFilesWatch => "the system's limit of watched folders is reached".to_owned(),
                    _ => format!("the system reports no changes ({error})"),
                };
                Some(format!("{cause}: looking for them once a second"))
            }
        }
    }

    fn watcher(&self) -> notify::Result<RecommendedWatcher> {
        let sender = self.sender.clone();
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            if !event.as_ref().is_ok_and(is_read) {
                // Nobody listens any more: the watch is being dropped.
                let _ = sender.send(Signal::Event(event));
            }
        })?;
        // The folder above tells when the project's own folder is moved away or replaced.
        if let Some(above) = self.root.parent() {
            // It may be closed to us, and then its news is forgone.
            let _ = watcher.watch(above, RecursiveMode::NonRecursive);
        }
        watcher.watch(&self.root, RecursiveMode::NonRecursive)?;
        if let Some(folder) = self.config.parent().filter(|folder| *folder != self.root) {
            watcher.watch(folder, RecursiveMode::NonRecursive)?;
        }
        // Only what a build reads: not the output, not `.git`, not the folders of other tools.
        for folder in FOLDERS {
            let folder = self.root.join(folder);
            if folder.is_dir() {
                match watcher.watch(&folder, RecursiveMode::Recursive) {
                    Err(_) if !folder.is_dir() => {}
                    result => result?,
                }
            }
        }
        Ok(watcher)
    }

    fn gather(&self, event: Event, gathered: &mut Gathered) {
        if event.need_rescan() {
            gathered.everything = true;
            gathered.structure = true;
        }
        let moved =
            matches!(event.kind, EventKind::Create(_) | EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)));
        for path in event.paths {
            if path == self.root {
                gathered.everything |= moved;
                gathered.structure |= moved;
            } else if path == self.config {
                gathered.paths.insert(path);
            } else if !moved && gathered.paths.contains(&path) {
                // Heard of already: many writes to one file are told one by one.
            } else if let Some(depth) = self.depth(&path) {
                let folder = path.is_dir();
                // Some systems report a change of the folder for each change of a file in it.
                if folder && !moved {
                    continue;
                }
                gathered.structure |= moved && (folder || depth == 1);
                gathered.paths.insert(path);
            }
        }
    }

    /// How deep in the project a path lies that a build may read: 1 for `content` itself. `None` for all others.
    fn depth(&self, path: &Path) -> Option<usize> {
        let relative = path.strip_prefix(&self.root).ok()?;
        let mut parts = relative.components().map(|part| part.as_os_str().to_string_lossy());
        let first = parts.next()?;
        if !FOLDERS.contains(&&*first) {
            return None;
        }
        let mut depth = 1;
        for part in parts {
            if disk::is_scratch(&part) {
                return None;
            }
            depth += 1;
        }
        Some(depth)
    }

    /// Every file that a build may read, with its stamp.
    fn look(&self) -> BTreeMap<PathBuf, Stamp> {
        let mut seen = BTreeMap::new();
        let mut note = |path: &Path| {
            if let Ok(metadata) = fs::metadata(path)
                && metadata.is_file()
            {
                seen.insert(path.to_path_buf(), (metadata.len(), metadata.modified().ok()));
            }
        };
        note(&self.config);
        for folder in FOLDERS {
            let entries = WalkDir::new(self.root.join(folder)).follow_links(true).into_iter();
            // Links that lead out are reported where the files are read.
            for entry in entries.filter_entry(|entry| disk::wanted(entry, &self.root, &mut Vec::new())).flatten() {
                note(entry.path());
            }
        }
        seen
    }
}

/// The files that may have changed between two looks: new or gone, stamped otherwise, or stamped so recently that a
/// second change would not show.
fn suspects(before: &BTreeMap<PathBuf, Stamp>, now: &BTreeMap<PathBuf, Stamp>, time: SystemTime) -> BTreeSet<PathBuf> {
    let gone = before.keys().filter(|path| !now.contains_key(*path));
    let changed = now.iter().filter(|(path, stamp)| {
        // A time in the future gives an error here: such a clock is not to be trusted.
        let age = stamp.1.and_then(|modified| time.duration_since(modified).ok());
        before.get(*path) != Some(stamp) || age.is_none_or(|age| age < STAMP_RESOLUTION)
    });
    gone.chain(changed.map(|(path, _)| path)).cloned().collect()
}

/// Reading causes events too, and a build reads: it would hear itself.
fn is_read(event: &Event) -> bool {
    matches!(event.kind, EventKind::Access(kind) if kind != AccessKind::Close(AccessMode::Write))
}

#[derive(Debug, Default)]
struct Gathered {
    paths: BTreeSet<PathBuf>,
    everything: bool,
    /// Folders came or went.
    structure: bool,
}

impl Gathered {
    fn is_empty(&self) -> bool {
        self.paths.is_empty() && !self.everything && !self.structure
    }

    fn is_burst(&self) -> bool {
        self.paths.len() > BURST_PATHS
    }

    /// How long a pause ends the batch, and how long the batch may last.
    fn patience(&self) -> (Duration, Duration) {
        if self.is_burst() { (QUIET_BURST, BURST_MAX) } else { (QUIET, BATCH_MAX) }
    }

    /// Whether no file is missing or empty. A burst has paused for long enough as it is.
    fn is_settled(&self) -> bool {
        self.is_burst()
            || self
                .paths
                .iter()
                .all(|path| fs::metadata(path).is_ok_and(|metadata| metadata.is_dir() || metadata.len() > 0))
    }
}

/// The kind of the file system that `root` lies on when it is one without events.
#[cfg(target_os = "linux")]
fn silent_file_system(root: &Path) -> Option<String> {
    let mounts = fs::read_to_string("/proc/self/mountinfo").ok()?;
    let kind = file_system_of(root, &mounts)?;
    SILENT_FILE_SYSTEMS.contains(&kind).then(|| kind.to_owned())
}

/// Elsewhere the system's own events cover what can be mounted.
#[cfg(not(target_os = "linux"))]
fn silent_file_system(_: &Path) -> Option<String> {
    None
}

/// The kind of the file system of the innermost mount around `root` (proc_pid_mountinfo(5): the mount point is the fifth
/// field, the kind the first after ` - `; of equal mount points the last is on top).
#[cfg(target_os = "linux")]
fn file_system_of<'a>(root: &Path, mounts: &'a str) -> Option<&'a str> {
    let mut best: Option<(usize, &str)> = None;
    for line in mounts.lines() {
        let Some((place, source)) = line.split_once(" - ") else { continue };
        let Some(point) = place.split(' ').nth(4) else { continue };
        let point = point.replace("\\040", " ");
        let depth = Path::new(&point).components().count();
        if root.starts_with(&point) && best.is_none_or(|(known, _)| depth >= known) {
            best = source.split(' ').next().map(|kind| (depth, kind));
        }
    }
    best.map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests;
