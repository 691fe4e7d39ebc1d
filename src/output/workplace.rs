//! The folder beside an output folder in which one build at a time works, and what a killed build left in it.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Error;
use super::journal::Journal;
use super::swap::retire;
use super::target::Target;

/// The file whose lock is the right to work here. The kernel lets go of it when its process ends, however that ends.
const LOCK: &str = "lock";

/// The tree that is being gathered; after a swap the old site.
pub(super) const FILES: &str = "files";

/// The old site, where two folders cannot change places in one step.
pub(super) const OLD: &str = "old";

const FIRST_LINE: &str = "fingerpost stage 1";

/// How often a folder must look like a stranger's before it counts as one.
const STRANGER_LOOKS_MAX: usize = 100;

/// A folder `.<name>.stage` that only we use, beside the output folder or, when nothing can be made there, in it. It
/// holds the lock, the files that wait to be published, and the journal. Dropped, it takes itself away, unless an
/// update was cut short: then it stays, and the next command that enters finishes the update.
#[derive(Debug)]
pub struct Workplace {
    /// Where the lock is.
    folder: PathBuf,
    /// Where files are gathered; the same folder, unless nothing can be moved from there into the output folder.
    pub(super) stage: PathBuf,
    lock: Option<File>,
}

/// What kept others out, or what was left behind, when a [`Workplace`] was entered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Entered {
    /// Another build worked here until now.
    pub(super) waited: bool,
    /// An update that was cut short has been finished.
    pub(super) finished: bool,
}

/// The name of the workplace of an output folder.
fn name(target: &Path) -> String {
    format!(".{}.stage", target.file_name().unwrap_or_default().to_string_lossy())
}

/// Whether a path inside the output folder is in its workplace.
pub(super) fn is_within(target: &Path, path: &str) -> bool {
    let name = name(target);
    path.strip_prefix(&name).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether a killed build left something beside an output folder.
pub(super) fn is_left(target: &Path) -> bool {
    target.parent().is_some_and(|parent| parent.join(name(target)).symlink_metadata().is_ok())
}

impl Workplace {
    /// Waits until no other build works on this output folder, telling `waiting` once whose process that is, and
    /// brings what a killed build left behind to an end.
    pub(super) fn enter(target: &Target, waiting: &dyn Fn(Option<u32>)) -> Result<(Self, Entered), Error> {
        let (name, parent) = (name(&target.folder), target.folder.parent().unwrap_or(&target.folder));
        let inside = target.folder.join(&name);
        fs::create_dir_all(parent).map_err(Error::system("make the folder", parent))?;
        let mut entered = Entered::default();
        let beside = parent.join(&name);
        let (folder, lock) = match lock_in(&beside, waiting, &mut entered) {
            Ok(lock) => (beside, lock),
            // Only the output folder itself may be written, as in a container.
            Err(Error::System { cause, .. }) if target.folder.is_dir() && is_refusal(&cause) => {
                (inside.clone(), lock_in(&inside, waiting, &mut entered)?)
            }
            Err(error) => return Err(error),
        };
        let place = Self { stage: folder.clone(), folder, lock };
        if place.folder != inside && inside.symlink_metadata().is_ok() {
            // Left by a build that could not work beside the output folder.
            let other = lock_in(&inside, waiting, &mut entered)?;
            entered.finished |= recover(&inside, target)?;
            remove(&inside, other);
        }
        entered.finished |= recover(&place.folder, target)?;
        Ok((place, entered))
    }

    /// Moves the gathering of files into the output folder.
    pub(super) fn move_inside(&mut self, target: &Target) -> Result<(), Error> {
        let inside = target.folder.join(name(&target.folder));
        fs::create_dir(&inside).map_err(Error::system("write into", &target.shown))?;
        let lock = inside.join(LOCK);
        fs::write(&lock, FIRST_LINE).map_err(Error::system("write", &lock))?;
        self.stage = inside;
        Ok(())
    }

    /// The folders to take away when this process is stopped.
    #[must_use]
    pub fn folders(&self) -> Vec<PathBuf> {
        if self.stage == self.folder {
            vec![self.folder.clone()]
        } else {
            vec![self.stage.clone(), self.folder.clone()]
        }
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        if self.stage != self.folder {
            take_away(&self.stage);
        }
        remove(&self.folder, self.lock.take());
    }
}

/// Takes a workplace away unless its journal says that there is something to finish. Faults are not told: the next
/// build tries again.
pub(crate) fn take_away(folder: &Path) {
    if !Journal::path(folder).exists() {
        // Other threads may still write: from here on they find no folder to write into.
        let _ = fs::rename(folder.join(FILES), folder.join("going"));
    }
    remove(folder, None);
}

fn remove(folder: &Path, lock: Option<File>) {
    if Journal::path(folder).exists() {
        return;
    }
    clear(folder);
    // Deleted while we hold it: whoever waits for it finds that it is no longer there, and begins again.
    let _ = fs::remove_file(folder.join(LOCK));
    let _ = fs::remove_dir(folder);
    drop(lock);
}

/// Takes everything away but the lock.
fn clear(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten().filter(|entry| entry.file_name() != LOCK && entry.file_name() != OLD) {
        let _ = match entry.file_type() {
            Ok(file_type) if file_type.is_dir() => fs::remove_dir_all(entry.path()),
            _ => fs::remove_file(entry.path()),
        };
    }
}

/// Finishes what the journal of a killed build says, and takes the rest of what it left away.
fn recover(folder: &Path, target: &Target) -> Result<bool, Error> {
    let journal = Journal::read(folder);
    let old = folder.join(OLD);
    let finished = match &journal {
        Some(journal) => {
            journal.finish(folder, target)?;
            true
        }
        // A journal that a power cut damaged: the old site is all there is.
        None if old.is_dir() && target.folder.symlink_metadata().is_err() => {
            fs::rename(&old, &target.folder).map_err(Error::system("make the folder", &target.shown))?;
            true
        }
        None if old.is_dir() => {
            retire(&old, &target.folder, &std::collections::BTreeSet::new()).map_err(Error::system("tidy up", &old))?;
            true
        }
        None => false,
    };
    Journal::remove(folder).map_err(Error::system("delete", &Journal::path(folder)))?;
    clear(folder);
    Ok(finished)
}

fn is_refusal(cause: &io::Error) -> bool {
    matches!(cause.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
}

/// Makes a workplace, or takes over one that nobody works in. `None` where the file system has no locks.
fn lock_in(folder: &Path, waiting: &dyn Fn(Option<u32>), entered: &mut Entered) -> Result<Option<File>, Error> {
    let path = folder.join(LOCK);
    let fault = |action, path: &Path| Error::system(action, path);
    let mut looks = 0;
    loop {
        match fs::create_dir(folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(fault("make the folder", folder)(error));
            }
            _ => {}
        }
        let is_ours = folder.symlink_metadata().is_ok_and(|metadata| metadata.is_dir())
            && (path.symlink_metadata().is_ok_and(|metadata| metadata.is_file()) || is_empty(folder));
        if !is_ours && looks < STRANGER_LOOKS_MAX {
            // Between two looks another build may have made its lock, or taken it away with the folder.
            looks += 1;
            std::thread::sleep(Duration::from_millis(2));
            continue;
        }
        if !is_ours {
            return Err(Error::Refused {
                folder: folder.to_path_buf(),
                reason: "a build works there, and something that is not ours is in its place".to_owned(),
                help: "move it away".to_owned(),
            });
        }
        let mut file = match File::options().read(true).write(true).create(true).truncate(false).open(&path) {
            // Whoever had it is just taking it away.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            file => file.map_err(fault("make", &path))?,
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => {
                if !entered.waited {
                    entered.waited = true;
                    waiting(holder(&mut file));
                }
                file.lock().map_err(fault("lock", &path))?;
            }
            // Some network file systems have no locks.
            Err(fs::TryLockError::Error(_)) => return Ok(None),
        }
        if is_still_at(&file, &path) {
            let note = format!("{FIRST_LINE}\nprocess {}\n", std::process::id());
            let noted = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(note.as_bytes()));
            noted.map_err(fault("write", &path))?;
            return Ok(Some(file));
        }
    }
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}

/// The process that wrote itself into a lock.
fn holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    text.lines().find_map(|line| line.strip_prefix("process ")?.parse().ok())
}

#[cfg(unix)]
fn is_still_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let (Ok(held), Ok(there)) = (file.metadata(), fs::symlink_metadata(path)) else { return false };
    (held.dev(), held.ino()) == (there.dev(), there.ino())
}

/// Elsewhere an open file keeps its name.
#[cfg(not(unix))]
fn is_still_at(_: &File, path: &Path) -> bool {
    path.exists()
}
