//! What the last build was made of and what it said, so that building again with nothing changed is a look and no work.
//!
//! A record lies in `.fingerpost/` in the project. It may be deleted at any time: it only saves work. It counts when
//! the fingerprint of everything a build depends on is equal, and when the output folder is as that build left it. Of
//! every file there the record knows size, number and the two times that change with it; a file that looks otherwise,
//! or that was written so shortly before the record that its times cannot tell, is compared by its bytes.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::manifest::{MARKER, Manifest, write_new};
use super::stage::{Claim, Stage};
use crate::base::{Fingerprint, SourcePath, Span, fingerprint_of};
use crate::config::Overrides;
use crate::diag::{Code, Diagnostic, Label, Severity};
use crate::files::Files;
use crate::pipeline::{Counts, Outcome};

/// The folder in a project for what may be deleted at any time.
const FOLDER: &str = ".fingerpost";

const NAME: &str = "last-build";

/// The first words of a record; a change of its form is a change of the number.
const FIRST_WORDS: &str = concat!("fingerpost build record 1 of ", env!("CARGO_PKG_VERSION"), " ");

const NANOSECONDS: i128 = 1_000_000_000;

/// The record of a build that was published.
#[derive(Debug)]
pub struct LastBuild {
    said: Said,
    /// Of each file of the output folder, in the order of its manifest.
    looks: Vec<Look>,
    /// When the record was written, by the clock of its file system, in nanoseconds.
    written_ns: i128,
}

/// Why a record does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unusable {
    /// It was cut short or changed, or cannot be read.
    Damaged,
    /// Another version of the program wrote it.
    OtherVersion,
}

/// How a file looks from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Look {
    size: u64,
    /// When its bytes were last written, in nanoseconds since 1970.
    modified_ns: i128,
    /// When anything about it last changed; nobody can set it back.
    changed_ns: i128,
    /// What tells it from other files, whatever its name.
    number: u64,
}

/// What a build was made of, and what it reported.
#[derive(Debug, Serialize, Deserialize)]
struct Said {
    inputs: String,
    marker: String,
    pages: usize,
    facts: usize,
    relations: usize,
    files: usize,
    warnings: usize,
    output_dir: String,
    base_path: String,
    faults: Vec<Fault>,
}

/// A label: the file, the bytes meant, a few words.
type Place = (String, Option<(u32, u32)>, String);

/// A diagnostic.
#[derive(Debug, Serialize, Deserialize)]
struct Fault {
    code: String,
    is_error: bool,
    message: String,
    labels: Vec<Place>,
    help: Vec<String>,
}

/// The fingerprint of everything that a build depends on: files, what could not be read of them, what the command line
/// says, where the site goes, and the program itself.
#[must_use]
pub fn inputs(files: &Files, load_faults: &[Diagnostic], overrides: &Overrides, output: &Path) -> Fingerprint {
    let mut text = format!("{} {overrides:?} {output:?} {:?}\n", env!("CARGO_PKG_VERSION"), program());
    let _ = writeln!(text, "{:032x}", fingerprint_of(load_faults).0);
    for (path, source) in files.iter() {
        let _ = writeln!(text, "{:032x} {path}", source.fingerprint.0);
    }
    Fingerprint::of_bytes(text.as_bytes())
}

/// How the program's own file looks: two builds of one version differ in it.
fn program() -> Option<(u64, i128)> {
    let look = Look::at(&std::env::current_exe().ok()?.canonicalize().ok()?)?;
    Some((look.size, look.modified_ns))
}

impl LastBuild {
    /// The record of a project; `None` when it has none.
    ///
    /// # Errors
    /// When there is one that does not count.
    pub fn read(root: &Path) -> Result<Option<Self>, Unusable> {
        let Some(folder) = folder(root) else { return Ok(None) };
        let path = folder.join(NAME);
        let bytes = match fs::read(&path) {
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Ok(None);
            }
            bytes => bytes.map_err(|_| Unusable::Damaged)?,
        };
        let written_ns = Look::at(&path).ok_or(Unusable::Damaged)?.modified_ns;
        let text = std::str::from_utf8(&bytes).map_err(|_| Unusable::Damaged)?;
        let record = Self::parse(text, written_ns);
        record.map(Some).ok_or_else(|| {
            let is_whole = text.split_once('\n').is_some_and(|(first, rest)| {
                first.starts_with("fingerpost build record ") && first.ends_with(&digest(rest))
            });
            if is_whole { Unusable::OtherVersion } else { Unusable::Damaged }
        })
    }

    fn parse(text: &str, written_ns: i128) -> Option<Self> {
        let (digits, rest) = text.strip_prefix(FIRST_WORDS)?.split_once('\n')?;
        if digits != digest(rest) {
            return None;
        }
        let (said, lines) = rest.split_once('\n')?;
        let looks = lines.lines().map(Look::parse).collect::<Option<Vec<_>>>()?;
        Some(Self { said: serde_json::from_str(said).ok()?, looks, written_ns })
    }

    /// Whether a build of these inputs into this folder would only find what is there.
    #[must_use]
    pub fn is_current(&self, inputs: Fingerprint, claim: &Claim) -> bool {
        let manifest = claim.manifest();
        self.said.inputs == hex(inputs)
            && marker_of(claim.folder()).is_some_and(|marker| self.said.marker == marker)
            && manifest.paths().count() == self.looks.len()
            && self.is_as_left(claim.folder(), manifest)
    }

    fn is_as_left(&self, folder: &Path, manifest: &Manifest) -> bool {
        let paths: Vec<&str> = manifest.paths().collect();
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let length = paths.len().div_ceil(threads).max(1);
        std::thread::scope(|scope| {
            let parts = paths.chunks(length).zip(self.looks.chunks(length));
            let looking: Vec<_> = parts
                .map(|(paths, looks)| {
                    scope.spawn(move || {
                        let mut last = "";
                        paths.iter().zip(looks).all(|(path, look)| {
                            let above = path.rsplit_once('/').map_or("", |(above, _)| above);
                            let are_folders = above == last || are_folders(folder, above);
                            last = above;
                            are_folders && self.is_same(folder, path, look, manifest)
                        })
                    })
                })
                .collect();
            looking.into_iter().all(|part| part.join().unwrap_or(false))
        })
    }

    fn is_same(&self, folder: &Path, path: &str, known: &Look, manifest: &Manifest) -> bool {
        let full = folder.join(path);
        let Some(look) = Look::at(&full) else { return false };
        // Times are as coarse as the file system's: an edit within one step of its clock leaves them as they were.
        let step_ns = if known.changed_ns % NANOSECONDS == 0 { 2 * NANOSECONDS } else { NANOSECONDS / 50 };
        let is_telling = known.changed_ns + step_ns < self.written_ns;
        if look == *known && is_telling {
            return true;
        }
        let expected = manifest.get(path);
        look.size == known.size && fs::read(&full).is_ok_and(|bytes| Some(Fingerprint::of_bytes(&bytes)) == expected)
    }

    /// What that build reported, but for the work it did: none is done now.
    #[must_use]
    pub fn outcome(self) -> Option<Outcome> {
        let said = self.said;
        let diagnostics = said.faults.into_iter().map(Fault::diagnostic).collect::<Option<Vec<_>>>()?;
        let counts = Counts {
            pages: said.pages,
            facts: said.facts,
            relations: said.relations,
            files: said.files,
            read: 0,
            rendered: 0,
            reused: 0,
            indexed: 0,
            errors: 0,
            warnings: said.warnings,
        };
        Some(Outcome { diagnostics, counts, output_dir: said.output_dir, base_path: said.base_path })
    }

    /// Records a build that was just published from `stage`, which still keeps others out.
    ///
    /// # Errors
    /// When the record cannot be written; there is none then.
    pub fn write(root: &Path, inputs: Fingerprint, outcome: &Outcome, stage: &Stage) -> io::Result<()> {
        let Some(folder) = folder(root) else { return Ok(()) };
        let output = stage.folder();
        let (Some(marker), Some(manifest)) = (marker_of(output), Manifest::of_folder(output)?) else { return Ok(()) };
        let counts = &outcome.counts;
        let said = Said {
            inputs: hex(inputs),
            marker,
            pages: counts.pages,
            facts: counts.facts,
            relations: counts.relations,
            files: counts.files,
            warnings: counts.warnings,
            output_dir: outcome.output_dir.clone(),
            base_path: outcome.base_path.clone(),
            faults: outcome.diagnostics.iter().map(Fault::of).collect(),
        };
        let mut text = serde_json::to_string(&said)?;
        text.push('\n');
        for path in manifest.paths() {
            // Somebody deletes while we look: then this build is no measure for the next.
            let Some(look) = Look::at(&output.join(path)) else { return forget(&folder) };
            let Look { size, modified_ns, changed_ns, number } = look;
            let _ = writeln!(text, "{size} {modified_ns} {changed_ns} {number}");
        }
        put(&folder, &[FIRST_WORDS, &digest(&text), "\n", &text]).inspect_err(|_| {
            let _ = forget(&folder);
        })
    }
}

/// Writes the record, whose text is given in parts.
fn put(folder: &Path, parts: &[&str]) -> io::Result<()> {
    match fs::create_dir(folder) {
        // Whoever keeps the project under version control has no use for it.
        Ok(()) => fs::write(folder.join(".gitignore"), "*\n")?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error),
    }
    let new = folder.join("last-build.new");
    write_new(&new, parts).and_then(|()| fs::rename(&new, folder.join(NAME))).inspect_err(|_| {
        let _ = fs::remove_file(&new);
    })
}

fn forget(folder: &Path) -> io::Result<()> {
    match fs::remove_file(folder.join(NAME)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The folder for records, unless a link of that name leads elsewhere.
fn folder(root: &Path) -> Option<PathBuf> {
    let folder = root.join(FOLDER);
    let is_usable = folder.symlink_metadata().map_or(true, |metadata| metadata.is_dir());
    is_usable.then_some(folder)
}

fn marker_of(output: &Path) -> Option<String> {
    fs::read(output.join(MARKER)).ok().map(|bytes| hex(Fingerprint::of_bytes(&bytes)))
}

/// Whether each part of a path is a folder, and not a link to one.
fn are_folders(top: &Path, path: &str) -> bool {
    let is_folder = |path: &str| top.join(path).symlink_metadata().is_ok_and(|metadata| metadata.is_dir());
    path.is_empty() || (path.match_indices('/').all(|(slash, _)| is_folder(&path[..slash])) && is_folder(path))
}

fn hex(fingerprint: Fingerprint) -> String {
    format!("{:032x}", fingerprint.0)
}

fn digest(text: &str) -> String {
    hex(Fingerprint::of_bytes(text.as_bytes()))
}

impl Look {
    /// How a file looks; `None` for whatever is no file.
    fn at(path: &Path) -> Option<Self> {
        let metadata = path.symlink_metadata().ok().filter(fs::Metadata::is_file)?;
        let modified = metadata.modified().ok()?.duration_since(std::time::UNIX_EPOCH);
        let modified_ns = match modified {
            Ok(after) => i128::try_from(after.as_nanos()).ok()?,
            Err(before) => -i128::try_from(before.duration().as_nanos()).ok()?,
        };
        let (changed_ns, number) = Self::changed_and_number(&metadata, modified_ns);
        Some(Self { size: metadata.len(), modified_ns, changed_ns, number })
    }

    #[cfg(unix)]
    fn changed_and_number(metadata: &fs::Metadata, _: i128) -> (i128, u64) {
        use std::os::unix::fs::MetadataExt as _;
        (i128::from(metadata.ctime()) * NANOSECONDS + i128::from(metadata.ctime_nsec()), metadata.ino())
    }

    #[cfg(not(unix))]
    fn changed_and_number(_: &fs::Metadata, modified_ns: i128) -> (i128, u64) {
        (modified_ns, 0)
    }

    fn parse(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let look = Self {
            size: words.next()?.parse().ok()?,
            modified_ns: words.next()?.parse().ok()?,
            changed_ns: words.next()?.parse().ok()?,
            number: words.next()?.parse().ok()?,
        };
        words.next().is_none().then_some(look)
    }
}

impl Fault {
    fn of(diagnostic: &Diagnostic) -> Self {
        let label = |label: &Label| {
            (label.path.as_str().to_owned(), label.span.map(|span| (span.start, span.end)), label.text.clone())
        };
        Self {
            code: diagnostic.code.name().to_owned(),
            is_error: diagnostic.severity == Severity::Error,
            message: diagnostic.message.clone(),
            labels: diagnostic.labels.iter().map(label).collect(),
            help: diagnostic.help.clone(),
        }
    }

    fn diagnostic(self) -> Option<Diagnostic> {
        let label = |(path, span, text): Place| Label {
            path: SourcePath::new(&path),
            span: span.map(|(start, end)| Span { start, end }),
            text,
        };
        Some(Diagnostic {
            code: Code::from_name(&self.code)?,
            severity: if self.is_error { Severity::Error } else { Severity::Warning },
            message: self.message,
            labels: self.labels.into_iter().map(label).collect(),
            help: self.help,
        })
    }
}

#[cfg(test)]
mod tests;
