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
    /// Nothing: the file waits in the stage.
    Nothing,
    /// A file of ours with other bytes: the new one waits in the stage.
    Ours,
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
            Standing::Nothing | Standing::BelowOurs(_) => Self::Nothing,
            Standing::File(old) if old == bytes => Self::Same,
            Standing::File(old) if target.previous.may_replace(path, &old) => Self::Ours,
            Standing::File(_) | Standing::Other => Self::Foreign,
            Standing::Folder => Self::Folder,
            Standing::BelowOther(above) => Self::Blocked(above),
        })
    }
}

/// The steps of an update, in the order they are taken: what blocks the way goes first; then new files come, assets
/// before pages; then old pages change, which only now may lead to what is new; then what lists pages; and what the new
/// site no longer has goes last, when nothing leads there any more.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Old files of ours that stand where a folder will be, or in a folder where a file will be.
    pub(super) clearances: Vec<String>,
    /// Files that come out of the stage.
    pub(super) writes: Vec<String>,
    /// Old files of ours that have no successor.
    pub(super) deletions: Vec<String>,
    /// Those of the writes that take the place of a stranger's file.
    pub(super) forced: BTreeSet<String>,
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
                Standing::File(bytes) if target.previous.may_replace(path, &bytes) => {
                    going.insert(path.to_owned());
                    let blocks = is_above_any(path, &new_paths) || is_below_any(path, &new_paths);
                    if blocks { &mut plan.clearances } else { &mut plan.deletions }.push(path.to_owned());
                }
                // Gone already, or changed since: then it is a stranger's, and stays.
                _ => {}
            }
        }
        let (mut foreign, mut blocked, mut changed) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
        for record in &records {
            plan.manifest.insert(&record.path, record.fingerprint);
            match &record.found {
                Found::Same => plan.unchanged += 1,
                Found::Nothing => plan.writes.push(record.path.clone()),
                Found::Ours => {
                    changed.insert(record.path.as_str());
                    plan.writes.push(record.path.clone());
                }
                Found::Foreign => {
                    foreign.push(target.shown(&record.path));
                    changed.insert(record.path.as_str());
                    plan.forced.insert(record.path.clone());
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
        plan.writes.sort_by_key(|path| {
            let is_changed = changed.contains(path.as_str());
            (is_changed, path.ends_with(".html") != is_changed)
        });
        Ok(plan)
    }

    /// The files of ours that stay as they are.
    pub(super) fn kept(&self) -> BTreeSet<&str> {
        let written: BTreeSet<&str> = self.writes.iter().map(String::as_str).collect();
        self.manifest.paths().filter(|path| !written.contains(path)).collect()
    }

    /// Whether the folder is as it should be.
    pub(super) fn is_done(&self, target: &Target) -> bool {
        self.writes.is_empty()
            && self.deletions.is_empty()
            && self.clearances.is_empty()
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
