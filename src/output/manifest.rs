//! The manifest of an output folder: which files in it are ours, told by path and bytes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use super::Error;
use crate::base::Fingerprint;

/// The file that marks a folder as an output folder and holds its manifest.
pub const MARKER: &str = ".fingerpost-output";

const FIRST_LINE: &str = "fingerpost output 1";

const SECOND_LINE: &str = "# written by `fingerpost build`, which replaces and deletes only the files listed here";

const COMPRESSOR_WORDS: &str = "# smaller copies by ";

/// Paths relative to the output folder, `/` between parts, each with the fingerprints its bytes may have: one, or two
/// while an update is under way, so that an update cut short leaves no file that the next one would take for a
/// stranger's. Neither clock nor machine enters it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest {
    files: BTreeMap<String, Vec<Fingerprint>>,
    /// What made the smaller copies among them.
    pub(super) compressor: Option<String>,
}

impl Manifest {
    /// The manifest of a folder; `None` when the folder has no marker, or one that this version cannot read.
    ///
    /// # Errors
    /// When there is a marker and the system does not let us read it.
    pub fn of_folder(folder: &Path) -> io::Result<Option<Self>> {
        let path = folder.join(MARKER);
        match fs::symlink_metadata(&path) {
            Ok(metadata) if metadata.is_file() => Ok(Self::parse(&String::from_utf8_lossy(&fs::read(&path)?))),
            Ok(_) => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Reads a marker file. Lines that do not name a file inside the folder are left out: what they stand for is then
    /// a stranger's file, and is kept.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        if lines.next()? != FIRST_LINE {
            return None;
        }
        let mut manifest = Self::default();
        for line in lines {
            if let Some(compressor) = line.strip_prefix(COMPRESSOR_WORDS) {
                manifest.compressor = Some(compressor.to_owned());
            }
            if line.starts_with('#') {
                continue;
            }
            let Some((digits, path)) = line.split_once("  ") else { continue };
            let Ok(number) = u128::from_str_radix(digits, 16) else { continue };
            if digits.len() == 32 && is_inside(path) {
                manifest.insert(path, Fingerprint(number));
            }
        }
        Some(manifest)
    }

    /// The marker file: sorted, the same bytes for the same files.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = format!("{FIRST_LINE}\n{SECOND_LINE}\n");
        if let Some(compressor) = &self.compressor {
            let _ = writeln!(text, "{COMPRESSOR_WORDS}{compressor}");
        }
        for (path, fingerprints) in &self.files {
            for fingerprint in fingerprints {
                let _ = writeln!(text, "{:032x}  {path}", fingerprint.0);
            }
        }
        text
    }

    /// Adds a file.
    pub fn insert(&mut self, path: &str, fingerprint: Fingerprint) {
        let fingerprints = self.files.entry(path.to_owned()).or_default();
        if let Err(place) = fingerprints.binary_search(&fingerprint) {
            fingerprints.insert(place, fingerprint);
        }
    }

    /// Whether we wrote a file with these bytes.
    #[must_use]
    pub fn owns(&self, path: &str, fingerprint: Fingerprint) -> bool {
        self.files.get(path).is_some_and(|known| known.contains(&fingerprint))
    }

    /// Whether a file with these bytes is ours to replace or delete: we wrote it, or a power cut left our file empty.
    #[must_use]
    pub fn may_replace(&self, path: &str, bytes: &[u8]) -> bool {
        self.owns(path, Fingerprint::of_bytes(bytes)) || bytes.is_empty() && self.contains(path)
    }

    /// The fingerprint of a file that is listed with one alone.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<Fingerprint> {
        self.files.get(path).and_then(|known| if let [one] = known[..] { Some(one) } else { None })
    }

    /// Whether a file of this name is listed.
    #[must_use]
    pub fn contains(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// All paths, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Everything that either of both owns.
    #[must_use]
    pub fn joined(&self, other: &Self) -> Self {
        let mut all = self.clone();
        all.compressor = None;
        for (path, fingerprints) in &other.files {
            for fingerprint in fingerprints {
                all.insert(path, *fingerprint);
            }
        }
        all
    }

    /// Puts the marker into a folder, in one step.
    pub(super) fn write(&self, folder: &Path) -> Result<(), Error> {
        let path = folder.join(MARKER);
        let new = folder.join(format!("{MARKER}.new"));
        write_new(&new, &[self.to_text()]).map_err(Error::system("write", &new))?;
        fs::rename(&new, &path).map_err(Error::system("replace", &path))
    }
}

/// Writes a file that was not there, from its parts. What stands in its place is taken away first: opening a link would write to where
/// it leads.
pub(super) fn write_new(path: &Path, parts: &[impl AsRef<[u8]>]) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = fs::File::create_new(path)?;
    parts.iter().try_for_each(|part| file.write_all(part.as_ref()))
}

/// Whether a path is relative, has no part that leads elsewhere, and fits on a line of the manifest.
pub(super) fn is_inside(path: &str) -> bool {
    !path.contains(|character: char| character == '\\' || character.is_control())
        && path.split('/').all(|part| !matches!(part, "" | "." | "..") && (cfg!(unix) || !part.contains(':')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_reads_what_it_wrote() {
        let mut manifest = Manifest::default();
        manifest.insert("index.html", Fingerprint::of_bytes(b"a"));
        manifest.insert("index.html", Fingerprint::of_bytes(b"b"));
        manifest.insert("pay  ments/index.html", Fingerprint::of_bytes(b"c"));
        assert_eq!(Manifest::parse(&manifest.to_text()), Some(manifest.clone()));
        assert!(manifest.owns("index.html", Fingerprint::of_bytes(b"b")));
        assert!(!manifest.owns("index.html", Fingerprint::of_bytes(b"c")));
    }

    #[test]
    fn lines_that_lead_outside_own_nothing() {
        let digits = "0".repeat(32);
        for path in ["../notes.txt", "/etc/passwd", "a/../../b", "a//b", "", "./a", "a\\b"] {
            let text = format!("{FIRST_LINE}\n{digits}  {path}\n");
            assert_eq!(Manifest::parse(&text), Some(Manifest::default()), "{path:?}");
        }
        assert_eq!(Manifest::parse("<!doctype html>"), None);
        assert_eq!(Manifest::parse(""), None);
    }
}
