//! Takes the snapshot: walks the project's folders and reads each file once.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use unicode_normalization::{UnicodeNormalization, is_nfc};
use walkdir::{DirEntry, WalkDir};

use super::Files;
use crate::base::SourcePath;
use crate::diag::{Code, Diagnostic};

/// The folders of a project that a build reads.
pub const FOLDERS: [&str; 7] = ["content", "templates", "components", "styles", "scripts", "static", "themes"];

/// Largest file that is read. Larger ones are reported, whatever they are: a page of that size is a mistake, and films
/// belong on a media host.
const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// The project that `start` is in: the nearest folder at or above it that holds `site.toml`.
#[must_use]
pub fn find_root(start: &Path) -> Option<PathBuf> {
    let start = fs::canonicalize(start).ok()?;
    start.ancestors().find(|folder| folder.join("site.toml").is_file()).map(Path::to_path_buf)
}

/// Reads a project. `config` is the configuration file, normally `site.toml` in `root`; it is put into the snapshot
/// under that name wherever it lies.
///
/// Never follows a link out of `root`, skips whatever is neither file nor folder, hidden files and editors' scratch
/// files. What cannot be read is a diagnostic, and the rest is read.
///
/// # Errors
/// When `root` or `config` itself cannot be read.
pub fn load(root: &Path, config: &Path) -> io::Result<(Files, Vec<Diagnostic>)> {
    let root = fs::canonicalize(root)?;
    let mut files = Files::new();
    let mut diagnostics = Vec::new();
    files.insert("site.toml", fs::read(config)?);
    for folder in FOLDERS {
        let top = root.join(folder);
        if top.is_dir() {
            walk(&top, &root, &mut files, &mut diagnostics);
        }
    }
    Ok((files, diagnostics))
}

/// Reads `top`, a folder with all that is in it or a single file, and tells whether it met a link.
pub(super) fn walk(top: &Path, root: &Path, files: &mut Files, diagnostics: &mut Vec<Diagnostic>) -> bool {
    let mut linked = false;
    let mut broken_link = false;
    let mut link_faults = Vec::new();
    let entries = WalkDir::new(top).follow_links(true).sort_by_file_name().into_iter();
    for entry in entries.filter_entry(|entry| {
        linked |= entry.path_is_symlink();
        wanted(entry, root, &mut link_faults)
    }) {
        match entry {
            Ok(entry) if entry.file_type().is_file() => read(&entry, root, files, diagnostics),
            Ok(_) => {}
            Err(error) => {
                // A link that leads nowhere is not an entry but an error.
                broken_link |= error.path().is_some_and(Path::is_symlink);
                diagnostics.push(walk_fault(&error, root));
            }
        }
    }
    diagnostics.append(&mut link_faults);
    linked || broken_link
}

/// Whether the walk takes an entry: not hidden, not an editor's, and not a link that leads out of the project.
pub(super) fn wanted(entry: &DirEntry, root: &Path, diagnostics: &mut Vec<Diagnostic>) -> bool {
    let name = entry.file_name().to_string_lossy();
    if entry.depth() > 0 && is_scratch(&name) {
        return false;
    }
    if !entry.path_is_symlink() {
        return true;
    }
    match fs::canonicalize(entry.path()) {
        Ok(target) if target.starts_with(root) && holds(&target, entry.path()) => {
            let path = source_path(entry.path(), root);
            let message = format!("`{path}` is a link to a folder that holds it");
            diagnostics.push(Diagnostic::about(Code::FileLink, &path, message).help("take the link away"));
            false
        }
        Ok(target) if target.starts_with(root) => true,
        Ok(_) => {
            let path = source_path(entry.path(), root);
            diagnostics.push(
                Diagnostic::about(
                    Code::FileOutside,
                    &path,
                    format!("`{path}` is a link to a place outside the project"),
                )
                .help("copy the file into the project"),
            );
            false
        }
        Err(_) => true,
    }
}

/// Whether a folder holds a link, in the place where the link really lies: following it would never end, or read the
/// project into itself.
fn holds(folder: &Path, link: &Path) -> bool {
    let parent = link.parent().and_then(|parent| fs::canonicalize(parent).ok());
    parent.is_some_and(|parent| parent.starts_with(folder))
}

/// Hidden files and what editors leave beside the file they save.
#[must_use]
pub(super) fn is_scratch(name: &str) -> bool {
    name.starts_with('.')
        || name.ends_with('~')
        || (name.starts_with('#') && name.ends_with('#'))
        || [
            ".swp",
            ".swx",
            ".swo",
            ".tmp",
            ".bck",
            ".bak",
            ".orig",
            ".part",
            ".crdownload",
            "___jb_tmp___",
            "___jb_old___",
        ]
        .iter()
        .any(|ending| name.ends_with(ending))
        || matches!(name, "4913" | "Thumbs.db" | "desktop.ini")
}

fn read(entry: &DirEntry, root: &Path, files: &mut Files, diagnostics: &mut Vec<Diagnostic>) {
    let path = source_path(entry.path(), root);
    let size = entry.metadata().map(|metadata| metadata.len()).unwrap_or(0);
    if size > FILE_BYTES_MAX {
        let message = format!("`{path}` has {size} bytes; files may have {FILE_BYTES_MAX}");
        let diagnostic = Diagnostic::about(Code::FileTooLarge, &path, message);
        diagnostics.push(diagnostic.help("put it on a host for large files and link to it"));
        return;
    }
    match fs::read(entry.path()) {
        Ok(bytes) => {
            if files.get(path.as_str()).is_some() {
                let message = format!("two files have the name `{path}` once Unicode is normalised");
                diagnostics.push(
                    Diagnostic::about(Code::OutputCollision, &path, message).help("delete or rename one of them"),
                );
                return;
            }
            files.insert(path.as_str(), bytes);
        }
        // A file that vanished between the walk and the read was deleted by its owner: it does not exist.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => {
            diagnostics.push(unreadable(&path, &error));
        }
    }
}

fn walk_fault(error: &walkdir::Error, root: &Path) -> Diagnostic {
    let path = source_path(error.path().unwrap_or(root), root);
    if let Some(ancestor) = error.loop_ancestor() {
        let ancestor = source_path(ancestor, root);
        return Diagnostic::about(Code::FileLink, &path, format!("`{path}` is a link to its own parent `{ancestor}`"))
            .help("delete the link: its files are read where they lie");
    }
    match error.io_error() {
        Some(cause) if cause.kind() == io::ErrorKind::NotFound => {
            Diagnostic::about(Code::FileLink, &path, format!("`{path}` is a link to something that does not exist"))
                .help("delete the link, or point it at a file that exists")
        }
        Some(cause) => unreadable(&path, cause),
        None => Diagnostic::about(Code::FileUnreadable, &path, format!("cannot read `{path}`")),
    }
}

/// What the system says, in the voice of the other messages: lower case, without its error number.
fn unreadable(path: &SourcePath, cause: &io::Error) -> Diagnostic {
    let words = cause.to_string();
    let words = words.split(" (os error").next().unwrap_or_default();
    let mut letters = words.chars();
    let words: String = letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect();
    Diagnostic::about(Code::FileUnreadable, path, format!("cannot read `{path}`: {words}"))
        .help("make it readable for whoever runs the build, or delete it")
}

/// The path relative to the root, in NFC, with `/` between parts; bytes that are not UTF-8 become U+FFFD.
pub(super) fn source_path(path: &Path, root: &Path) -> SourcePath {
    let relative = path.strip_prefix(root).unwrap_or(path).to_string_lossy();
    let relative = if cfg!(windows) { relative.replace('\\', "/") } else { relative.into_owned() };
    if is_nfc(&relative) { SourcePath::new(&relative) } else { SourcePath::new(&relative.nfc().collect::<String>()) }
}
