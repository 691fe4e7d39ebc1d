//! Publishes a site into a folder: all files are gathered in a stage, and only a finished site leaves it.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::compress::{COMPRESSOR, compress};
use super::journal::{Journal, Manner};
use super::manifest::{MARKER, Manifest, is_inside, write_new};
use super::plan::{Found, Plan, Record};
use super::swap::{self, identity};
use super::target::{Grounds, Standing, Target};
use super::workplace::{FILES, OLD, Workplace};
use super::writers::Writers;
use super::{Error, workplace};
use crate::base::Fingerprint;
use crate::config::{Encoding, is_compressible};
use crate::pipeline::Sink;

/// How a site is published.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Writes into a folder of strangers, and over their files.
    pub force: bool,
    /// Always lets a whole new tree take the place of the old one.
    pub atomic: bool,
    /// Encodings in which each text file is published too, where that makes it smaller.
    pub compress: Vec<Encoding>,
}

/// Gathers the files of a build in its [`Workplace`]. Files whose bytes are in the output folder already are only
/// noted. Dropped, it takes itself away; others are kept out until then.
#[derive(Debug)]
pub struct Stage {
    target: Target,
    workplace: Workplace,
    options: Options,
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
    /// Why the trees could not change places, when that was asked for; the folder was then updated file by file.
    pub not_swapped: Option<String>,
}

impl Published {
    /// What publishing does when the output folder is as it should be.
    #[must_use]
    pub fn unchanged(manifest: &Manifest) -> Self {
        Self { unchanged: manifest.paths().count(), ..Self::default() }
    }
}

/// The right to build into one output folder; nobody else builds into it while this lives.
#[derive(Debug)]
pub struct Claim {
    target: Target,
    workplace: Workplace,
    options: Options,
    /// An update that a killed build had left was finished.
    pub finished_another: bool,
}

impl Claim {
    /// Looks at an output folder, waits until no other build works on it, and finishes what a killed one left.
    /// `waiting` is told once, before the wait, which process it is for.
    ///
    /// # Errors
    /// [`Error::Refused`] when it may not be the output folder, before anything is touched; [`Error::System`] when it
    /// cannot be looked at, or nothing can be written beside it or into it.
    pub fn take(
        folder: &Path,
        grounds: &Grounds,
        options: Options,
        waiting: &dyn Fn(Option<u32>),
    ) -> Result<Self, Error> {
        let mut target = Target::open(folder, grounds, options.force)?;
        let (workplace, entered) = Workplace::enter(&target, waiting)?;
        if entered.waited || entered.finished {
            target = Target::open(folder, grounds, options.force)?;
        }
        Ok(Self { target, workplace, options, finished_another: entered.finished })
    }

    /// Where the output folder really is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.target.folder
    }

    /// The folders to take away when this process is stopped.
    #[must_use]
    pub fn folders(&self) -> Vec<PathBuf> {
        self.workplace.folders()
    }

    /// What is ours in the output folder.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.target.previous
    }

    /// Makes the stage, and makes sure that the output folder can be written before any work is done.
    ///
    /// # Errors
    /// [`Error::System`] when one of the two folders cannot be written.
    pub fn prepare(mut self) -> Result<Stage, Error> {
        if self.target.exists && !files_can_move(&self.workplace.stage, &self.target)? {
            // The output folder is a file system of its own.
            self.workplace.move_inside(&self.target)?;
        }
        let files = self.workplace.stage.join(FILES);
        fs::create_dir(&files).map_err(Error::system("make the folder", &files))?;
        let (records, failure) = (Mutex::default(), Mutex::default());
        Ok(Stage { target: self.target, workplace: self.workplace, options: self.options, records, failure })
    }
}

impl Stage {
    /// The folders to take away when this process is stopped.
    #[must_use]
    pub fn folders(&self) -> Vec<PathBuf> {
        self.workplace.folders()
    }

    /// Where the output folder really is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.target.folder
    }

    /// Lets `build` put files. Where the disk would make it wait, at most `writers_max` threads write beside it; when this
    /// returns, all files are written.
    pub fn gather<R>(&self, writers_max: usize, build: impl FnOnce(&dyn Sink) -> R) -> R {
        thread::scope(|scope| build(&Writers::new(self, scope, writers_max)))
    }

    /// Brings the output folder to what the stage holds. Only files that differ are touched, each in one step; files
    /// that are not ours stay.
    ///
    /// # Errors
    /// The first fault while files were put, or [`Error::InTheWay`]: nothing was touched then. [`Error::System`] when
    /// the system stops the update on its way; the next command finishes it.
    pub fn publish(&self) -> Result<Published, Error> {
        if let Some(failure) = taken(&self.failure) {
            return Err(failure);
        }
        let mut plan = Plan::new(taken(&self.records), &self.target)?;
        plan.manifest.compressor = (!self.options.compress.is_empty()).then(|| COMPRESSOR.to_owned());
        let mut published = Published {
            written: plan.writes.len(),
            unchanged: plan.unchanged,
            removed: plan.clearances.len() + plan.deletions.len(),
            not_swapped: None,
        };
        if !self.target.exists {
            self.move_whole(&plan)?;
        } else if !plan.is_done(&self.target) {
            // A file that becomes a folder, or a folder a file, is for a moment neither: no page may see that.
            let wants_swap = self.options.atomic || !plan.clearances.is_empty();
            let swapped = if wants_swap { self.swap(&plan)? } else { Err(String::new()) };
            if let Err(reason) = swapped {
                self.update(plan)?;
                published.not_swapped = Some(reason).filter(|_| self.options.atomic);
            }
        }
        Ok(published)
    }

    fn files(&self) -> PathBuf {
        self.workplace.stage.join(FILES)
    }

    /// There is no output folder yet: the stage becomes it, in one step.
    fn move_whole(&self, plan: &Plan) -> Result<(), Error> {
        plan.manifest.write(&self.files())?;
        fs::rename(self.files(), &self.target.folder).map_err(Error::system("make the folder", &self.target.shown))
    }

    fn update(&self, plan: Plan) -> Result<(), Error> {
        let workplace = &self.workplace.stage;
        let journal = Journal {
            manner: Manner::Update,
            folder: identity(&self.target.folder),
            clearances: plan.clearances,
            writes: plan.writes,
            forced: plan.forced,
            deletions: plan.deletions,
            manifest: plan.manifest,
        };
        journal.write(workplace)?;
        journal.update(workplace, &self.target)?;
        Journal::remove(workplace).map_err(Error::system("delete", &Journal::path(workplace)))
    }

    /// Lets the new tree take the old one's place; the reason when that is not possible, and then nothing is changed.
    fn swap(&self, plan: &Plan) -> Result<Result<(), String>, Error> {
        let (workplace, files, target) = (&self.workplace.stage, self.files(), &self.target);
        if workplace.starts_with(&target.folder) {
            return Ok(Err("nothing can be moved there from outside".to_owned()));
        }
        let going: BTreeSet<&str> = plan.clearances.iter().chain(&plan.deletions).map(String::as_str).collect();
        swap::complete(&files, target, &plan.kept(), &going).map_err(Error::system("complete the stage", &files))?;
        plan.manifest.write(&files)?;
        let journal = Journal {
            manner: Manner::Swap,
            folder: identity(&files),
            clearances: Vec::new(),
            writes: Vec::new(),
            forced: plan.forced.clone(),
            deletions: Vec::new(),
            manifest: plan.manifest.clone(),
        };
        journal.write(workplace)?;
        let old = workplace.join(OLD);
        if let Err(cause) = swap::change_places(&files, &target.folder, &old) {
            Journal::remove(workplace).map_err(Error::system("delete", &Journal::path(workplace)))?;
            // Linked files would count as staged ones.
            return Ok(Err(cause.to_string()));
        }
        let old = if old.symlink_metadata().is_ok() { old } else { files };
        swap::retire(&old, &target.folder, &plan.forced).map_err(Error::system("tidy up", &old))?;
        Journal::remove(workplace).map_err(Error::system("delete", &Journal::path(workplace)))?;
        Ok(Ok(()))
    }

    fn take(&self, path: &str, bytes: &[u8]) -> Result<(), Error> {
        if !is_inside(path) || path == MARKER || workplace::is_within(&self.target.folder, path) {
            let cause = io::Error::new(io::ErrorKind::InvalidInput, "not a name for a published file");
            return Err(Error::System { action: "write", path: self.target.shown(path), cause });
        }
        let found = if self.target.exists { Found::look(&self.target, path, bytes)? } else { Found::Nothing };
        if found != Found::Same {
            let full = self.files().join(path);
            write_below(&self.files(), path, bytes).map_err(Error::system("write", &full))?;
        }
        let is_same = found == Found::Same;
        self.note(path, Fingerprint::of_bytes(bytes), found);
        if is_compressible(path) {
            for encoding in &self.options.compress {
                self.take_copy(path, *encoding, bytes, is_same)?;
            }
        }
        Ok(())
    }

    /// A smaller copy of a file, made only when the file differs from the one that the last copy was made of.
    fn take_copy(&self, path: &str, encoding: Encoding, bytes: &[u8], is_same: bool) -> Result<(), Error> {
        let path = format!("{path}.{}", encoding.extension());
        let previous = &self.target.previous;
        if is_same
            && previous.compressor.as_deref() == Some(COMPRESSOR)
            && let Some(known) = previous.get(&path)
            && let Standing::File(copy) = self.target.standing(&path)?
            && Fingerprint::of_bytes(&copy) == known
        {
            self.note(&path, known, Found::Same);
            return Ok(());
        }
        let full = self.files().join(&path);
        let fault = |action| Error::system(action, &full);
        let Some(copy) = compress(encoding, bytes).map_err(fault("compress"))? else { return Ok(()) };
        let found = if self.target.exists { Found::look(&self.target, &path, &copy)? } else { Found::Nothing };
        if found != Found::Same {
            write_below(&self.files(), &path, &copy).map_err(fault("write"))?;
        }
        self.note(&path, Fingerprint::of_bytes(&copy), found);
        Ok(())
    }

    fn note(&self, path: &str, fingerprint: Fingerprint, found: Found) {
        let record = Record { path: path.to_owned(), fingerprint, found };
        self.records.lock().unwrap_or_else(PoisonError::into_inner).push(record);
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

fn taken<T: Default>(place: &Mutex<T>) -> T {
    std::mem::take(&mut *place.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Whether files of a stage can be moved into the output folder.
fn files_can_move(stage: &Path, target: &Target) -> Result<bool, Error> {
    let (here, there) = (stage.join("probe"), target.folder.join(format!("{MARKER}.new")));
    let written = write_new(&here, &[b""]).map_err(Error::system("write", &here));
    written?;
    match fs::rename(&here, &there).and_then(|()| fs::remove_file(&there)) {
        Ok(()) => Ok(true),
        Err(error) => {
            let _ = fs::remove_file(&here);
            if error.kind() == io::ErrorKind::CrossesDevices {
                return Ok(false);
            }
            Err(Error::system("write into", &target.shown)(error))
        }
    }
}

/// Writes a file and makes the folders above it, but never `top` itself: a stage that was taken away stays away.
fn write_below(top: &Path, path: &str, bytes: &[u8]) -> io::Result<()> {
    let full = top.join(path);
    match fs::write(&full, bytes) {
        // Most folders hold more than one file: asking first would cost a call for each.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            for (slash, _) in path.match_indices('/') {
                match fs::create_dir(top.join(&path[..slash])) {
                    Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                    _ => {}
                }
            }
            fs::write(&full, bytes)
        }
        done => done,
    }
}

#[cfg(test)]
mod tests;
