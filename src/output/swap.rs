//! Two whole trees change places: one step where the system has it, two where it has not.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::manifest::{MARKER, Manifest};
use super::target::Target;
use super::workplace;

/// Lets two folders change places: in one step (`RENAME_EXCHANGE`, macOS's `RENAME_SWAP`) where both system and file
/// system can, else in two, with the old one waiting at `aside` in between.
pub(super) fn change_places(new: &Path, current: &Path, aside: &Path) -> io::Result<()> {
    match exchange(new, current) {
        Err(error) if is_missing_feature(&error) => {}
        done => return done,
    }
    fs::rename(current, aside)?;
    fs::rename(new, current).inspect_err(|_| {
        // Better the old site than none.
        let _ = fs::rename(aside, current);
    })
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).map_err(io::Error::from)
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Kernels and file systems say in several ways that they cannot exchange: an unknown call, an unknown flag, or, on
/// overlays, that the two lie on different devices.
fn is_missing_feature(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput | io::ErrorKind::CrossesDevices)
}

/// Completes a stage that holds the new and changed files of a site to a tree that can take the output folder's place:
/// files of ours that stay and everything that is not ours are linked into it, so that they are in both trees at once
/// and can be lost at no moment. `kept` are the files of ours that stay.
pub(super) fn complete(stage: &Path, target: &Target, kept: &BTreeSet<&str>, going: &BTreeSet<&str>) -> io::Result<()> {
    let entries = WalkDir::new(&target.folder).min_depth(1).sort_by_file_name().into_iter();
    for entry in entries.filter_entry(|entry| !workplace::is_within(&target.folder, &name_in(entry.path(), target))) {
        let entry = entry?;
        let name = name_in(entry.path(), target);
        let place = stage.join(&name);
        if entry.file_type().is_dir() {
            // Empty folders are the user's: ours are made when a file needs them.
            if fs::read_dir(entry.path())?.next().is_none() {
                // Where a file takes a folder's place there is no room for it, and nothing is lost.
                let _ = fs::create_dir_all(&place);
            }
            continue;
        }
        let is_replaced = !kept.contains(name.as_str()) && place.symlink_metadata().is_ok();
        if name == MARKER || is_replaced || going.contains(name.as_str()) {
            continue;
        }
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder)?;
        }
        link_or_copy(entry.path(), &place)?;
    }
    // What a host is told by the folder's permissions stays true.
    fs::set_permissions(stage, fs::metadata(&target.folder)?.permissions())
}

fn name_in(path: &Path, target: &Target) -> String {
    path.strip_prefix(&target.folder).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// A second name for a file or a link; a copy where the file system knows no second names.
fn link_or_copy(from: &Path, to: &Path) -> io::Result<()> {
    match fs::hard_link(from, to) {
        Err(_) if from.symlink_metadata()?.is_file() => fs::copy(from, to).map(drop),
        done => done,
    }
}

/// Takes an old site away after another has taken its place. What is not ours in it, and is not the same file in the
/// new site, was saved while the two changed places: it moves to the new one.
pub(super) fn retire(old: &Path, new: &Path, forced: &BTreeSet<String>) -> io::Result<()> {
    let manifest = Manifest::of_folder(old)?.unwrap_or_default();
    let current = Manifest::of_folder(new)?.unwrap_or_default();
    for entry in WalkDir::new(old).min_depth(1).contents_first(true) {
        let entry = entry?;
        let relative = entry.path().strip_prefix(old).unwrap_or(entry.path());
        if entry.file_type().is_dir() {
            fs::remove_dir(entry.path())?;
            continue;
        }
        let (name, successor) = (relative.to_string_lossy().replace('\\', "/"), new.join(relative));
        // Goes last: what is left of a tree when its retirement is cut short is known for ours by it.
        if name == MARKER {
            continue;
        }
        let is_linked = identity(entry.path()).is_some_and(|own| identity(&successor) == Some(own));
        let is_ours = || {
            entry.file_type().is_file() && fs::read(entry.path()).is_ok_and(|bytes| manifest.may_replace(&name, &bytes))
        };
        if is_linked || forced.contains(&name) || is_ours() {
            fs::remove_file(entry.path())?;
            continue;
        }
        let place = if current.contains(&name) { beside(&successor) } else { successor };
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::rename(entry.path(), place)?;
    }
    match fs::remove_file(old.join(MARKER)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    fs::remove_dir(old)
}

/// A free name for a user's file whose own name the new site has taken.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".orig");
    PathBuf::from(name)
}

/// What tells one file or folder from all others of this machine, whatever its name.
#[cfg(unix)]
pub(super) fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    path.symlink_metadata().ok().map(|metadata| (metadata.dev(), metadata.ino()))
}

/// The standard library does not tell elsewhere.
#[cfg(not(unix))]
pub(super) fn identity(_: &Path) -> Option<(u64, u64)> {
    None
}
