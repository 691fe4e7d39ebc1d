//! What an update of the output folder will do, worked out before any of it is done.

use std::collections::BTreeSet;

use super::Error;
use super::manifest::Manifest;
use super::target::{Standing, Target};
use crate::base::Fingerprint;

/// One file of the new site, and what stands where it will go.
#[derive(Debug)]
pub(super) struct Record {
    /// Path in the site.
    pub(super) path: String,
    /// Of its bytes.
    pub(super) fingerprint: Fingerprint,
    /// What stands there now.
    pub(super) found: Found,
}

/// What stands where a file of the new site will go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing, or a file of ours with other bytes: the file waits in the stage.
    Free,
    /// The same bytes: nothing waits in the stage.
    Same,
    /// Something that is not ours, and that a file can replace.
    Foreign,
    /// A folder, which may be empty once our old files are gone.
    Folder,
    /// A link or a file of a stranger where a folder must be.
    Blocked(String),
}

impl Found {
    /// Looks at where a file will go.
    pub(super) fn look(target: &Target, path: &str, bytes: &[u8]) -> Result<Self, Error> {
        Ok(match target.standing(path)? {
            Standing::Nothing | Standing::BelowOurs(_) => Self::Free,
            Standing::File(old) if old == bytes => Self::Same,
            Standing::File(old) if target.previous.owns(path, Fingerprint::of_bytes(&old)) => Self::Free,
            Standing::File(_) | Standing::Other => Self::Foreign,
            Standing::Folder => Self::Folder,
            Standing::BelowOther(above) => Self::Blocked(above),
        })
    }
}

/// The steps of an update, in the order they are taken: what blocks the way goes first, then files come, assets before
/// pages, so that no page names an asset that is not there yet; what the new site no longer has goes last.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Old files of ours that stand where a folder will be, or in a folder where a file will be.
    pub(super) deletions_first: Vec<String>,
    /// Files that come out of the stage.
    pub(super) writes: Vec<String>,
    /// Old files of ours that have no successor.
    pub(super) deletions: Vec<String>,
    /// How many files stay as they are.
    pub(super) unchanged: usize,
    /// What is ours afterwards.
    pub(super) manifest: Manifest,
}

impl Plan {
    /// Works out the steps. `records` are all files of the new site.
    ///
    /// # Errors
    /// [`Error::InTheWay`] when a file of the site would take the place of something that is not ours.
    pub(super) fn new(mut records: Vec<Record>, target: &Target) -> Result<Self, Error> {
        records.sort_by(|a, b| a.path.cmp(&b.path));
        let new_paths: BTreeSet<&str> = records.iter().map(|record| record.path.as_str()).collect();
        let mut plan = Self::default();
        let mut going = BTreeSet::new();
        for path in target.previous.paths().filter(|path| !new_paths.contains(path)) {
            match target.standing(path)? {
                Standing::File(bytes) if target.previous.owns(path, Fingerprint::of_bytes(&bytes)) => {
                    going.insert(path.to_owned());
                    let blocks = is_above_any(path, &new_paths) || is_below_any(path, &new_paths);
                    if blocks { &mut plan.deletions_first } else { &mut plan.deletions }.push(path.to_owned());
                }
                // Gone already, or changed since: then it is a stranger's, and stays.
                _ => {}
            }
        }
        let (mut foreign, mut blocked) = (Vec::new(), BTreeSet::new());
        for record in &records {
            plan.manifest.insert(&record.path, record.fingerprint);
            match &record.found {
                Found::Same => plan.unchanged += 1,
                Found::Free => plan.writes.push(record.path.clone()),
                Found::Foreign => {
                    foreign.push(target.shown(&record.path));
                    plan.writes.push(record.path.clone());
                }
                Found::Folder => {
                    blocked.extend(target.staying(&record.path, &going)?);
                    plan.writes.push(record.path.clone());
                }
                Found::Blocked(above) => {
                    blocked.insert(target.shown(above));
                }
            }
        }
        if !blocked.is_empty() {
            return Err(Error::InTheWay { paths: blocked.into_iter().collect(), replaceable: false });
        }
        if !foreign.is_empty() && !target.force {
            return Err(Error::InTheWay { paths: foreign, replaceable: true });
        }
        plan.writes.sort_by_key(|path| path.ends_with(".html"));
        Ok(plan)
    }

    /// Whether the folder is as it should be.
    pub(super) fn is_done(&self, target: &Target) -> bool {
        self.writes.is_empty()
            && self.deletions.is_empty()
            && self.deletions_first.is_empty()
            && self.manifest == target.previous
    }
}

/// Whether `path` is a folder of one of `paths`.
fn is_above_any(path: &str, paths: &BTreeSet<&str>) -> bool {
    let folder = format!("{path}/");
    paths.range(folder.as_str()..).next().is_some_and(|next| next.starts_with(&folder))
}

/// Whether one of `paths` is a folder of `path`.
fn is_below_any(path: &str, paths: &BTreeSet<&str>) -> bool {
    path.match_indices('/').any(|(slash, _)| paths.contains(&path[..slash]))
}
