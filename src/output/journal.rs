//! The journal of an update: written before the output folder is touched, so that the next command can finish it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::Error;
use super::manifest::{Manifest, is_inside, write_new};
use super::swap::{identity, retire};
use super::target::{Standing, Target};
use super::workplace::{FILES, OLD};
use crate::base::Fingerprint;

const NAME: &str = "journal";

const FIRST_WORDS: &str = "fingerpost journal 1 ";

/// How the output folder is brought up to date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// File by file; pages only after all they may lead to, deletions last.
    Update,
    /// The whole tree changes places with the old one.
    Swap,
}

/// Everything that an update will do. While it stands, all files that it names are in the stage or in their place, so
/// it can be carried out from any point, any number of times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Journal {
    pub(super) manner: Manner,
    /// Which folder is meant: of an update the output folder, of a swap the new tree. `None` where the system has no
    /// such numbers.
    pub(super) folder: Option<(u64, u64)>,
    /// Old files of ours that stand where a folder will be, or in a folder where a file will be.
    pub(super) clearances: Vec<String>,
    /// Files that come out of the stage, in this order.
    pub(super) writes: Vec<String>,
    /// Those that may replace a stranger's file.
    pub(super) forced: BTreeSet<String>,
    /// Old files of ours that have no successor.
    pub(super) deletions: Vec<String>,
    /// What is ours afterwards.
    pub(super) manifest: Manifest,
}

impl Journal {
    /// Where the journal of a workplace lies.
    pub(super) fn path(workplace: &Path) -> PathBuf {
        workplace.join(NAME)
    }

    /// The journal of a workplace; `None` when there is none, or one that is damaged.
    pub(super) fn read(workplace: &Path) -> Option<Self> {
        Self::parse(&fs::read_to_string(Self::path(workplace)).ok()?)
    }

    /// Puts the journal into a workplace, in one step.
    pub(super) fn write(&self, workplace: &Path) -> Result<(), Error> {
        let (path, new) = (Self::path(workplace), workplace.join("journal.new"));
        write_new(&new, &[self.to_text()]).map_err(Error::system("write", &new))?;
        fs::rename(&new, &path).map_err(Error::system("write", &path))
    }

    /// Takes the journal away: from now on there is nothing to finish.
    pub(super) fn remove(workplace: &Path) -> io::Result<()> {
        match fs::remove_file(Self::path(workplace)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn to_text(&self) -> String {
        let mut text = String::new();
        let manner = match self.manner {
            Manner::Update => "update",
            Manner::Swap => "swap",
        };
        let _ = writeln!(text, "{manner}");
        if let Some((device, number)) = self.folder {
            let _ = writeln!(text, "folder {device} {number}");
        }
        for path in &self.clearances {
            let _ = writeln!(text, "clear {path}");
        }
        for path in &self.writes {
            let word = if self.forced.contains(path) { "replace" } else { "write" };
            let _ = writeln!(text, "{word} {path}");
        }
        for path in &self.deletions {
            let _ = writeln!(text, "delete {path}");
        }
        let _ = write!(text, "manifest\n{}", self.manifest.to_text());
        format!("{FIRST_WORDS}{:032x}\n{text}", Fingerprint::of_bytes(text.as_bytes()).0)
    }

    fn parse(text: &str) -> Option<Self> {
        let (digits, text) = text.strip_prefix(FIRST_WORDS)?.split_once('\n')?;
        if u128::from_str_radix(digits, 16).ok()? != Fingerprint::of_bytes(text.as_bytes()).0 {
            return None;
        }
        let (steps, manifest) = text.split_once("\nmanifest\n")?;
        let mut lines = steps.lines();
        let manner = match lines.next()? {
            "update" => Manner::Update,
            "swap" => Manner::Swap,
            _ => return None,
        };
        let mut journal = Self {
            manner,
            folder: None,
            clearances: Vec::new(),
            writes: Vec::new(),
            forced: BTreeSet::new(),
            deletions: Vec::new(),
            manifest: Manifest::parse(manifest)?,
        };
        for line in lines {
            let (word, rest) = line.split_once(' ')?;
            if word == "folder" {
                let (device, number) = rest.split_once(' ')?;
                journal.folder = Some((device.parse().ok()?, number.parse().ok()?));
                continue;
            }
            if !is_inside(rest) {
                return None;
            }
            let path = rest.to_owned();
            match word {
                "clear" => journal.clearances.push(path),
                "write" => journal.writes.push(path),
                "replace" => {
                    journal.forced.insert(path.clone());
                    journal.writes.push(path);
                }
                "delete" => journal.deletions.push(path),
                _ => return None,
            }
        }
        Some(journal)
    }

    /// Finishes what a killed build began.
    pub(super) fn finish(&self, workplace: &Path, target: &Target) -> Result<(), Error> {
        match self.manner {
            Manner::Update => {
                let is_there = self.folder.is_none() || identity(&target.folder) == self.folder;
                let previous = Manifest::of_folder(&target.folder).map_err(Error::system("read", &target.shown))?;
                // Without its marker, or with another folder in its place, there is nothing of ours to finish.
                let Some(previous) = previous.filter(|_| is_there) else { return Ok(()) };
                let target = Target {
                    folder: target.folder.clone(),
                    shown: target.shown.clone(),
                    exists: true,
                    previous,
                    force: false,
                };
                self.update(workplace, &target)
            }
            Manner::Swap => self.finish_swap(workplace, target),
        }
    }

    /// Brings the output folder up to date file by file. What another hand has put in the way since the update was
    /// planned stays; the next build tells of it.
    pub(super) fn update(&self, workplace: &Path, target: &Target) -> Result<(), Error> {
        // From here to the last line both the old and the new bytes of a file count as ours, so that whatever mixture
        // a power cut leaves is ours to replace.
        let joined = target.previous.joined(&self.manifest);
        joined.write(&target.folder)?;
        for path in &self.clearances {
            target.delete_ours(path)?;
        }
        let stage = workplace.join(FILES);
        let mut folders = BTreeSet::new();
        // New folders come first: they are what a full disk has no room for, and an empty one harms nobody.
        for path in &self.writes {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            if folders.insert(folder) && stage.join(path).symlink_metadata().is_ok() {
                let full = target.folder.join(folder);
                if !full.is_dir() && !matches!(target.standing(path)?, Standing::BelowOther(_)) {
                    fs::create_dir_all(&full).map_err(Error::system("make the folder", &target.shown(folder)))?;
                }
            }
        }
        for path in &self.writes {
            let staged = stage.join(path);
            let is_free = match target.standing(path)? {
                Standing::Nothing | Standing::Folder => true,
                Standing::File(bytes) => self.forced.contains(path) || joined.may_replace(path, &bytes),
                Standing::Other => self.forced.contains(path),
                Standing::BelowOurs(_) | Standing::BelowOther(_) => false,
            };
            if is_free {
                move_file(&staged, &target.folder.join(path)).map_err(Error::system("write", &target.shown(path)))?;
            }
        }
        for path in &self.deletions {
            target.delete_ours(path)?;
        }
        self.manifest.write(&target.folder)
    }

    fn finish_swap(&self, workplace: &Path, target: &Target) -> Result<(), Error> {
        let (files, old) = (workplace.join(FILES), workplace.join(OLD));
        if old.symlink_metadata().is_ok() {
            if target.folder.symlink_metadata().is_err() {
                fs::rename(&files, &target.folder).map_err(Error::system("make the folder", &target.shown))?;
            }
            return retire(&old, &target.folder, &self.forced).map_err(Error::system("tidy up", &old));
        }
        if self.folder.is_some() && identity(&target.folder) == self.folder {
            return retire(&files, &target.folder, &self.forced).map_err(Error::system("tidy up", &files));
        }
        // The trees have not changed places: the old site is whole, and the new one is built again.
        Ok(())
    }
}

/// Moves a staged file to its place; one that is not in the stage is there already.
fn move_file(staged: &Path, published: &Path) -> io::Result<()> {
    if published.symlink_metadata().is_ok_and(|metadata| metadata.is_dir()) {
        if staged.symlink_metadata().is_err() {
            return Ok(());
        }
        remove_empty_folders(published)?;
    }
    match fs::rename(staged, published) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && staged.symlink_metadata().is_err() => Ok(()),
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
