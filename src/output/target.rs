//! The output folder: where it really is, whether it may be written, what in it is ours, and taking that away again.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use walkdir::WalkDir;

use super::Error;
use super::manifest::{MARKER, Manifest};
use super::workplace::{self, Workplace};
use crate::files::FOLDERS;

/// The places around an output folder that it may not be.
#[derive(Debug, Clone)]
pub struct Grounds {
    /// The project's root.
    pub root: PathBuf,
    /// The user's home folder.
    pub home: Option<PathBuf>,
    /// The folder the command was given in.
    pub working_folder: PathBuf,
}

/// An output folder that may be written: not the root of the file system, a home folder, the project or a folder
/// above one of these, and not a folder of sources. When it exists it is empty, carries our marker, or the user forced
/// it.
#[derive(Debug)]
pub struct Target {
    /// Where it really is; links are resolved once, here.
    pub(super) folder: PathBuf,
    /// As the user named it, for messages.
    pub(super) shown: PathBuf,
    /// Whether it is there.
    pub(super) exists: bool,
    /// What we wrote into it before.
    pub(super) previous: Manifest,
    /// Whether files of strangers may be replaced by files of the site.
    pub(super) force: bool,
}

/// What stands at a path of the output folder. Links are never followed: below a link there is nothing of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nothing.
    Nothing,
    /// A file with these bytes.
    File(Vec<u8>),
    /// A folder.
    Folder,
    /// A link, a device, a pipe.
    Other,
    /// No folder can be made for it: this part of its path is a file of ours, which may go.
    BelowOurs(String),
    /// No folder can be made for it: this part of its path is a link or a file of a stranger.
    BelowOther(String),
}

impl Target {
    /// Looks at a folder, which need not exist, and changes nothing.
    ///
    /// # Errors
    /// [`Error::Refused`] when it may not be the output folder; `force` lets a folder without our marker pass, and no
    /// other. [`Error::System`] when it cannot be looked at.
    pub fn open(folder: &Path, grounds: &Grounds, force: bool) -> Result<Self, Error> {
        let real = allowed(folder, grounds)?;
        let (exists, previous) = match previous_of(folder, &real)? {
            Previous::Missing => (false, Manifest::default()),
            Previous::Empty => (true, Manifest::default()),
            Previous::Ours(manifest) => (true, manifest),
            Previous::Foreign => {
                let refused = |reason: &str, help: &str| Err(refusal(folder, reason, help));
                if real.join(".git").symlink_metadata().is_ok() {
                    return refused(
                        "it holds a `.git` and no site of ours",
                        "build into another folder and copy the site from there",
                    );
                }
                if real.join("site.toml").symlink_metadata().is_ok() || real.join("content").is_dir() {
                    return refused("it holds sources of a site", "name another folder with `--output-dir`");
                }
                if canonical(&grounds.working_folder).starts_with(&real) {
                    return refused("it is not empty and you are in it", "name another folder with `--output-dir`");
                }
                if !force {
                    return refused(
                        "it is not empty and was not written by fingerpost",
                        "name another folder with `--output-dir`, or build into it with `--force`, which keeps all \
                         files that have no namesake in the site",
                    );
                }
                (true, Manifest::default())
            }
        };
        Ok(Self { folder: real, shown: folder.to_path_buf(), exists, previous, force })
    }

    /// The path of a file in messages.
    pub(super) fn shown(&self, path: &str) -> PathBuf {
        self.shown.join(path)
    }

    /// What stands at a path.
    pub(super) fn standing(&self, path: &str) -> Result<Standing, Error> {
        let fault = |action| Error::system(action, &self.shown(path));
        for (slash, _) in path.match_indices('/') {
            let above = &path[..slash];
            match fs::symlink_metadata(self.folder.join(above)) {
                Ok(metadata) if metadata.is_dir() => {}
                Ok(metadata) if metadata.is_file() => {
                    let bytes = fs::read(self.folder.join(above)).map_err(fault("read"))?;
                    let ours = self.previous.may_replace(above, &bytes);
                    let above = above.to_owned();
                    return Ok(if ours { Standing::BelowOurs(above) } else { Standing::BelowOther(above) });
                }
                Ok(_) => return Ok(Standing::BelowOther(above.to_owned())),
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Standing::Nothing),
                Err(error) => return Err(fault("look at")(error)),
            }
        }
        let full = self.folder.join(path);
        match fs::symlink_metadata(&full) {
            Ok(metadata) if metadata.is_file() => fs::read(&full).map(Standing::File).map_err(fault("read")),
            Ok(metadata) if metadata.is_dir() => Ok(Standing::Folder),
            Ok(_) => Ok(Standing::Other),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Standing::Nothing),
            Err(error) => Err(fault("look at")(error)),
        }
    }

    /// Deletes a file if it is ours and nobody changed it, and then the folders it leaves empty; whether it did.
    pub(super) fn delete_ours(&self, path: &str) -> Result<bool, Error> {
        let is_ours = matches!(self.standing(path)?, Standing::File(bytes) if self.previous.may_replace(path, &bytes));
        if is_ours {
            self.delete(path)?;
        }
        Ok(is_ours)
    }

    /// Deletes a file of ours, and then the folders it leaves empty.
    pub(super) fn delete(&self, path: &str) -> Result<(), Error> {
        match fs::remove_file(self.folder.join(path)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(Error::system("delete", &self.shown(path))(error));
            }
            _ => {}
        }
        let mut folder = Path::new(path).parent();
        while let Some(above) = folder.filter(|above| !above.as_os_str().is_empty()) {
            // Fails on a folder that is not empty, which is how we know to stop.
            if fs::remove_dir(self.folder.join(above)).is_err() {
                break;
            }
            folder = above.parent();
        }
        Ok(())
    }

    /// The files under a folder inside the output folder that are not among `going`.
    pub(super) fn staying(&self, path: &str, going: &BTreeSet<String>) -> Result<Vec<PathBuf>, Error> {
        let mut staying = Vec::new();
        for entry in WalkDir::new(self.folder.join(path)).sort_by_file_name() {
            let entry = entry.map_err(|error| {
                let path = error.path().unwrap_or(&self.folder).to_path_buf();
                Error::System { action: "look into", path, cause: error.into() }
            })?;
            let relative = entry.path().strip_prefix(&self.folder).unwrap_or(entry.path());
            let name = relative.to_string_lossy().replace('\\', "/");
            let is_at_work = workplace::is_within(&self.folder, &name);
            if !entry.file_type().is_dir() && !going.contains(&name) && !is_at_work {
                staying.push(self.shown.join(relative));
            }
        }
        Ok(staying)
    }
}

/// What `clean` did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// Files taken away.
    pub removed: usize,
    /// What stays: files that we did not write, or that were changed since. Sorted.
    pub kept: Vec<PathBuf>,
}

/// Takes away what we wrote into a folder and nobody changed, then the folders that are left empty, then the folder
/// itself. When something stays the marker stays too, with nothing on its list, so that the next build may come back.
///
/// # Errors
/// [`Error::Refused`] when the folder is not empty and has no marker; [`Error::System`] when a file cannot be deleted.
pub fn clean(folder: &Path, grounds: &Grounds, waiting: &dyn Fn(Option<u32>)) -> Result<Cleaned, Error> {
    let real = allowed(folder, grounds)?;
    let look = || match previous_of(folder, &real)? {
        Previous::Missing => Ok((false, Manifest::default())),
        Previous::Empty => Ok((true, Manifest::default())),
        Previous::Ours(manifest) => Ok((true, manifest)),
        Previous::Foreign => Err(refusal(folder, "it was not written by fingerpost", "delete it by hand")),
    };
    let (exists, previous) = look()?;
    let mut target = Target { folder: real.clone(), shown: folder.to_path_buf(), exists, previous, force: false };
    if !exists && !workplace::is_left(&real) {
        return Ok(Cleaned::default());
    }
    let (_workplace, _) = Workplace::enter(&target, waiting)?;
    (target.exists, target.previous) = look()?;
    if target.previous == Manifest::default() && (!target.exists || !target.folder.join(MARKER).exists()) {
        return Ok(Cleaned::default());
    }
    let mut removed = 0;
    for path in target.previous.paths() {
        removed += usize::from(target.delete_ours(path)?);
    }
    let kept = target.staying("", &BTreeSet::from([MARKER.to_owned()]))?;
    if kept.is_empty() {
        target.delete(MARKER)?;
        // Stays when it holds empty folders of the user's, or is a place where something is mounted.
        let _ = fs::remove_dir(&target.folder);
    } else {
        Manifest::default().write(&target.folder)?;
    }
    Ok(Cleaned { removed, kept })
}

enum Previous {
    Missing,
    Empty,
    Ours(Manifest),
    Foreign,
}

fn previous_of(folder: &Path, real: &Path) -> Result<Previous, Error> {
    match fs::metadata(real) {
        Ok(metadata) if metadata.is_dir() => {}
        Ok(_) => return Err(refusal(folder, "it is a file", "name another folder with `--output-dir`")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Previous::Missing),
        Err(error) => return Err(Error::system("look at", folder)(error)),
    }
    if let Some(manifest) = Manifest::of_folder(real).map_err(Error::system("read", &folder.join(MARKER)))? {
        return Ok(Previous::Ours(manifest));
    }
    let mut entries = fs::read_dir(real).map_err(Error::system("look into", folder))?;
    Ok(if entries.next().is_none() { Previous::Empty } else { Previous::Foreign })
}

/// Where a folder really is, when it may be an output folder at all.
fn allowed(folder: &Path, grounds: &Grounds) -> Result<PathBuf, Error> {
    let elsewhere = "name another folder with `--output-dir`, or as `output_dir` in `site.toml`";
    let refused = |reason: &str| Err(refusal(folder, reason, elsewhere));
    if folder.as_os_str().is_empty() {
        return refused("it has no name");
    }
    let Some(real) = real_path(folder)? else {
        return refused("its path leads through a link or folder that does not exist");
    };
    if real.parent().is_none() {
        return refused("it is the root of the file system");
    }
    let root = canonical(&grounds.root);
    if root == real {
        return refused("it is the project itself");
    }
    if root.starts_with(&real) {
        return refused("the project is in it");
    }
    if let Some(home) = grounds.home.as_deref().map(canonical).filter(|home| home.parent().is_some())
        && home.starts_with(&real)
    {
        return refused("it is your home folder, or above it");
    }
    for source in FOLDERS {
        if real.starts_with(root.join(source)) || real.starts_with(canonical(&root.join(source))) {
            return refused(&format!("sources of the site are read from `{source}`"));
        }
    }
    if real.components().any(|part| part.as_os_str() == ".git") {
        return refused("it is part of a `.git`");
    }
    Ok(real)
}

/// The absolute path without links; parts that do not exist yet are taken as they stand. `None` when these go up, or
/// when a link leads nowhere.
fn real_path(folder: &Path) -> Result<Option<PathBuf>, Error> {
    let absolute = std::path::absolute(folder).map_err(Error::system("find", folder))?;
    let mut missing = PathBuf::new();
    let mut existing = absolute.as_path();
    loop {
        match fs::canonicalize(existing) {
            Ok(real) if missing.as_os_str().is_empty() => return Ok(Some(real)),
            Ok(real) => return Ok(Some(real.join(missing))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(Error::system("find", folder)(error)),
        }
        let (Some(above), Some(Component::Normal(name))) = (existing.parent(), existing.components().next_back())
        else {
            return Ok(None);
        };
        if fs::symlink_metadata(existing).is_ok() {
            return Ok(None);
        }
        missing = if missing.as_os_str().is_empty() { PathBuf::from(name) } else { Path::new(name).join(missing) };
        existing = above;
    }
}

fn canonical(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}

fn refusal(folder: &Path, reason: &str, help: &str) -> Error {
    Error::Refused { folder: folder.to_path_buf(), reason: reason.to_owned(), help: help.to_owned() }
}
