//! Publishes a site into a folder: all files are gathered in a stage beside it, and only a finished site leaves it.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::Error;
use super::manifest::{MARKER, is_inside, write_new};
use super::plan::{Found, Plan, Record};
use super::target::Target;
use crate::base::Fingerprint;
use crate::pipeline::Sink;

/// A folder beside the output folder, or in it when no file can be moved there from beside it:
/// `.<name>.stage-<process>`, in which a build leaves its files. Files whose bytes
/// are in the output folder already are only noted. Dropped without [`Stage::publish`] it takes everything away again,
/// and one that a killed process left behind is taken away by the next build.
#[derive(Debug)]
pub struct Stage {
    target: Target,
    folder: PathBuf,
    /// Locked while this process lives: an unlocked marker tells a stage that nobody works in.
    marker: Option<File>,
    records: Mutex<Vec<Record>>,
    failure: Mutex<Option<Error>>,
}

/// What publishing did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Published {
    /// New and changed files.
    pub written: usize,
    /// Files that were there with the same bytes.
    pub unchanged: usize,
    /// Files of the last site that this one does not have.
    pub removed: usize,
}

impl Stage {
    /// Makes the stage, and makes sure that the output folder can be written before any work is done.
    ///
    /// # Errors
    /// [`Error::System`] when one of the two folders cannot be written.
    pub fn new(target: Target) -> Result<Self, Error> {
        let parent = target.folder.parent().unwrap_or(&target.folder);
        fs::create_dir_all(parent).map_err(Error::system("make the folder", parent))?;
        remove_stale_stages(&target.folder);
        let (folder, marker) = if target.exists {
            match make_stage(parent, &target) {
                Ok((folder, marker)) if files_can_move(&folder, &target)? => (folder, marker),
                // The output folder is a file system of its own, as in a container, or all that we may write: then the
                // stage is in it.
                _ => make_stage(&target.folder, &target)?,
            }
        } else {
            make_stage(parent, &target)?
        };
        let (records, failure) = (Mutex::default(), Mutex::default());
        Ok(Self { target, folder, marker: Some(marker), records, failure })
    }

    /// Where the stage is, for whoever must take it away when this process is stopped.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Brings the output folder to what the stage holds. Only files that differ are touched, each in one step; files
    /// that are not ours stay.
    ///
    /// # Errors
    /// The first fault while files were put, or [`Error::InTheWay`]: nothing was touched then. [`Error::System`] when
    /// the system stops the update on its way; the next build takes it up.
    pub fn publish(mut self) -> Result<Published, Error> {
        if let Some(failure) = taken(&self.failure) {
            return Err(failure);
        }
        let plan = Plan::new(taken(&self.records), &self.target)?;
        if self.target.exists {
            self.update(&plan)?
        } else {
            self.move_whole(&plan)?
        }
        Ok(Published {
            written: plan.writes.len(),
            unchanged: plan.unchanged,
            removed: plan.deletions_first.len() + plan.deletions.len(),
        })
    }

    /// There is no output folder yet: the stage becomes it, in one step.
    fn move_whole(&mut self, plan: &Plan) -> Result<(), Error> {
        let text = plan.manifest.to_text();
        let written = self.marker.as_mut().map_or(Ok(()), |marker| marker.write_all(text.as_bytes()));
        written.map_err(Error::system("write", &self.folder.join(MARKER)))?;
        if cfg!(windows) {
            // A folder with an open file in it cannot be renamed there.
            self.marker = None;
        }
        fs::rename(&self.folder, &self.target.folder).map_err(Error::system("make the folder", &self.target.shown))
    }

    fn update(&self, plan: &Plan) -> Result<(), Error> {
        let target = &self.target;
        if plan.is_done(target) {
            return Ok(());
        }
        // From here to the last line both the old and the new bytes of a file count as ours, so that whatever mixture
        // a power cut leaves is ours to replace.
        target.previous.joined(&plan.manifest).write(&target.folder)?;
        for path in &plan.deletions_first {
            target.delete(path)?;
        }
        let mut last_folder = None;
        for path in &plan.writes {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            if last_folder != Some(folder) {
                let full = target.folder.join(folder);
                fs::create_dir_all(&full).map_err(Error::system("make the folder", &target.shown(folder)))?;
                last_folder = Some(folder);
            }
            self.move_file(path).map_err(Error::system("write", &target.shown(path)))?;
        }
        for path in &plan.deletions {
            target.delete(path)?;
        }
        plan.manifest.write(&target.folder)
    }

    fn move_file(&self, path: &str) -> io::Result<()> {
        let (staged, published) = (self.folder.join(path), self.target.folder.join(path));
        if published.symlink_metadata().is_ok_and(|metadata| metadata.is_dir()) {
            remove_empty_folders(&published)?;
        }
        fs::rename(&staged, &published)
    }

    fn take(&self, path: &str, bytes: &[u8]) -> Result<(), Error> {
        if !is_inside(path) || path == MARKER {
            let cause = io::Error::new(io::ErrorKind::InvalidInput, "not a name for a published file");
            return Err(Error::System { action: "write", path: self.target.shown(path), cause });
        }
        let found = if self.target.exists { Found::look(&self.target, path, bytes)? } else { Found::Free };
        if found != Found::Same {
            let full = self.folder.join(path);
            write_making_folders(&full, bytes).map_err(Error::system("write", &full))?;
        }
        let record = Record { path: path.to_owned(), fingerprint: Fingerprint::of_bytes(bytes), found };
        self.records.lock().unwrap_or_else(PoisonError::into_inner).push(record);
        Ok(())
    }
}

impl Sink for Stage {
    /// After the first fault nothing more is written; [`Stage::publish`] tells what it was.
    fn put(&self, path: &str, bytes: Arc<[u8]>) {
        self.put_bytes(path, &bytes);
    }

    fn put_owned(&self, path: &str, bytes: Vec<u8>) {
        self.put_bytes(path, &bytes);
    }
}

impl Stage {
    fn put_bytes(&self, path: &str, bytes: &[u8]) {
        if self.failure.lock().unwrap_or_else(PoisonError::into_inner).is_some() {
            return;
        }
        if let Err(error) = self.take(path, bytes) {
            self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // After `move_whole` there is nothing of that name.
        remove_stage(&self.folder);
    }
}

fn taken<T: Default>(place: &Mutex<T>) -> T {
    std::mem::take(&mut *place.lock().unwrap_or_else(PoisonError::into_inner))
}

/// What the names of all stages of an output folder begin with.
fn stage_prefix(target: &Path) -> String {
    format!(".{}.stage-", target.file_name().unwrap_or_default().to_string_lossy())
}

fn make_stage(parent: &Path, target: &Target) -> Result<(PathBuf, File), Error> {
    let prefix = stage_prefix(&target.folder);
    let mut name = format!("{prefix}{}", std::process::id());
    // Another process has our number only on another machine or in another container; its stage is not ours to use.
    for attempt in 2.. {
        let folder = parent.join(&name);
        match fs::create_dir(&folder) {
            Ok(()) => {
                let path = folder.join(MARKER);
                let marker = match File::create_new(&path) {
                    // A build that began at the same moment took the folder for one left behind.
                    Err(error) if error.kind() == io::ErrorKind::NotFound && attempt < 100 => continue,
                    marker => marker.map_err(Error::system("make", &path))?,
                };
                // Some network file systems have no locks; there a stage left behind stays until it is deleted by hand.
                let _ = marker.try_lock();
                return Ok((folder, marker));
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempt < 100 => {
                name = format!("{prefix}{}-{attempt}", std::process::id());
            }
            Err(error) if parent == target.folder => return Err(Error::system("write into", &target.shown)(error)),
            Err(error) => return Err(Error::system("make the folder", &folder)(error)),
        }
    }
    unreachable!("the loop returns at its hundredth turn at the latest")
}

/// Whether files of a stage can be moved into the output folder; takes the stage away when they cannot.
fn files_can_move(stage: &Path, target: &Target) -> Result<bool, Error> {
    let (here, there) = (stage.join("probe"), target.folder.join(format!("{MARKER}.new")));
    let moved = write_new(&here, b"").and_then(|()| fs::rename(&here, &there)).and_then(|()| fs::remove_file(&there));
    match moved {
        Ok(()) => Ok(true),
        Err(error) => {
            remove_stage(stage);
            if error.kind() == io::ErrorKind::CrossesDevices {
                return Ok(false);
            }
            Err(Error::system("write into", &target.shown)(error))
        }
    }
}

/// Takes away stages whose process is gone: they carry a marker that nobody holds locked. Faults are not told; a stage
/// that stays harms nobody.
pub(super) fn remove_stale_stages(target: &Path) {
    let prefix = stage_prefix(target);
    let places = [target.parent(), Some(target)];
    let entries = places.into_iter().flatten().filter_map(|place| fs::read_dir(place).ok()).flatten().flatten();
    for entry in entries {
        let name = entry.file_name();
        let Some(process) = name.to_str().and_then(|name| name.strip_prefix(&prefix)) else { continue };
        let is_ours = process.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
            && entry.file_type().is_ok_and(|file_type| file_type.is_dir());
        if !is_ours {
            continue;
        }
        match File::open(entry.path().join(MARKER)) {
            Ok(marker) if marker.try_lock().is_ok() => remove_stage(&entry.path()),
            Ok(_) => {}
            // Its process was killed before it made the marker, or after it deleted it: then the folder is empty, and
            // only an empty folder can be removed this way.
            Err(_) => drop(fs::remove_dir(entry.path())),
        }
    }
}

/// Takes a stage away, its marker last, so that one that is taken away only in part is known for what it is. Faults are
/// not told: the next build tries again.
pub(crate) fn remove_stage(stage: &Path) {
    let Ok(entries) = fs::read_dir(stage) else { return };
    for entry in entries.flatten().filter(|entry| entry.file_name() != MARKER) {
        let _ = match entry.file_type() {
            Ok(file_type) if file_type.is_dir() => fs::remove_dir_all(entry.path()),
            _ => fs::remove_file(entry.path()),
        };
    }
    if fs::read_dir(stage).is_ok_and(|entries| entries.count() == 1) {
        let _ = fs::remove_file(stage.join(MARKER)).and_then(|()| fs::remove_dir(stage));
    }
}

fn write_making_folders(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match fs::write(path, bytes) {
        // Most folders hold more than one file: asking first would cost a call for each.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(path.parent().unwrap_or(path))?;
            fs::write(path, bytes)
        }
        done => done,
    }
}

/// Takes away a folder that holds nothing but folders.
fn remove_empty_folders(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        remove_empty_folders(&entry?.path())?;
    }
    fs::remove_dir(folder)
}

#[cfg(test)]
mod tests;
