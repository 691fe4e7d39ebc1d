//! Finds the project a command works on, and reads it.

use std::cell::RefCell;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Failure, Global, Shell, Surroundings};
use crate::base::Fingerprint;
use crate::config::{Config, Overrides};
use crate::diag::{Diagnostic, Severity, to_text};
use crate::files::{Files, find_root, load};
use crate::output::{self, Claim, Grounds, LastBuild, Options, Stage, Unusable};
use crate::pipeline::Outcome;

/// The project's folder and its configuration file, both absolute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Project {
    /// Where `content/` and the others are.
    pub(super) root: PathBuf,
    /// `site.toml`, or the file given in its place.
    pub(super) config: PathBuf,
}

impl Project {
    /// The folder of `--root`; else the nearest at or above the current one that holds `site.toml`; else, with
    /// `--config`, the folder of that file.
    pub(super) fn find(global: &Global, surroundings: &Surroundings) -> Result<Self, Failure> {
        let config = global.config.as_deref().map(|config| surroundings.absolute(config));
        if let Some(config) = config.as_deref().filter(|config| !config.is_file()) {
            return Err(Failure::usage(format!("there is no file `{}`", surroundings.shown(config))));
        }
        let root = match &global.root {
            Some(root) => Some(surroundings.absolute(root)),
            None => find_root(&surroundings.folder).or_else(|| Some(config.as_deref()?.parent()?.to_path_buf())),
        };
        let init = "`fingerpost init` makes a project, `--root` names one";
        let Some(root) = root else {
            return Err(Failure::usage("there is no `site.toml` here or in a folder above").help(init));
        };
        // Paths in messages are told relative to the current folder, which knows no `..`.
        let root = fs::canonicalize(&root)
            .map_err(|_| Failure::usage(format!("there is no folder `{}`", surroundings.shown(&root))))?;
        let config = config.unwrap_or_else(|| root.join("site.toml"));
        if !config.is_file() {
            let message = format!("there is no `site.toml` in `{}`", surroundings.shown(&root));
            return Err(Failure::usage(message).help(init));
        }
        Ok(Self { root, config })
    }

    /// All files of the project, and what was wrong with them.
    pub(super) fn load(&self, surroundings: &Surroundings) -> Result<(Files, Vec<Diagnostic>), Failure> {
        load(&self.root, &self.config).map_err(|error| self.unreadable(&error, surroundings))
    }

    /// The configuration alone. Its faults are told, and errors among them end the command.
    pub(super) fn config(&self, shell: &mut Shell<'_>) -> Result<Config, Failure> {
        let bytes = fs::read(&self.config).map_err(|error| self.unreadable(&error, &shell.surroundings))?;
        let mut files = Files::new();
        files.insert("site.toml", bytes);
        let mut diagnostics = Vec::new();
        let config = Config::read(&files, &Overrides::default(), &mut diagnostics);
        config.settle(&mut diagnostics);
        shell.tell(&to_text(&diagnostics, &files, shell.colour()));
        if diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
            let message = format!("`{}` has errors", shell.surroundings.shown(&self.config));
            return Err(Failure::failed(message));
        }
        Ok(config)
    }

    /// The configuration as far as it can be read, for what must be known before a build. Its faults are told by the
    /// build.
    pub(super) fn settings(&self, overrides: &Overrides) -> Config {
        let mut files = Files::new();
        if let Ok(bytes) = fs::read(&self.config) {
            files.insert("site.toml", bytes);
        }
        Config::read(&files, overrides, &mut Vec::new())
    }

    /// Waits until the output folder is ours alone, and says whom it waits for.
    pub(super) fn claim(&self, folder: &Path, options: Options, shell: &mut Shell<'_>) -> Result<Claim, output::Error> {
        let here = shell.surroundings.clone();
        let shell = RefCell::new(shell);
        Claim::take(folder, &self.grounds(&here), options, &|process| shell.borrow_mut().tell_wait(folder, process))
    }

    /// What the last build reported, when one with these inputs would only find what is there. A record that does not
    /// count is told of once: the next build replaces it.
    pub(super) fn last_outcome(&self, inputs: Fingerprint, claim: &Claim, shell: &mut Shell<'_>) -> Option<Outcome> {
        match LastBuild::read(&self.root) {
            Ok(last) => last.filter(|last| last.is_current(inputs, claim)).and_then(LastBuild::outcome),
            Err(unusable) => {
                let why = match unusable {
                    Unusable::Damaged => "is damaged",
                    Unusable::OtherVersion => "was written by another version of fingerpost",
                };
                shell.tell_warning(&format!("`.fingerpost/last-build` {why} and is ignored; it only saves work"));
                None
            }
        }
    }

    /// Keeps what a build reported. That this is not possible is no fault of the site.
    pub(super) fn remember(&self, inputs: Fingerprint, outcome: &Outcome, stage: &Stage, shell: &mut Shell<'_>) {
        if let Err(error) = LastBuild::write(&self.root, inputs, outcome, stage) {
            let line = format!("`.fingerpost/last-build` cannot be written, so the next build saves no work: {error}");
            match error.kind() {
                // A project that may only be read is meant to be.
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => shell.say_more(&line),
                _ => shell.tell_warning(&line),
            }
        }
    }

    /// The places around the output folder.
    pub(super) fn grounds(&self, surroundings: &Surroundings) -> Grounds {
        Grounds {
            root: self.root.clone(),
            home: surroundings.home.clone(),
            working_folder: surroundings.folder.clone(),
        }
    }

    /// The output folder: as given on the command line, else as `site.toml` says.
    pub(super) fn output_dir(&self, given: Option<&PathBuf>, config: &Config, surroundings: &Surroundings) -> PathBuf {
        match given {
            Some(folder) => surroundings.absolute(folder),
            None => self.root.join(&config.output_dir),
        }
    }

    fn unreadable(&self, error: &io::Error, surroundings: &Surroundings) -> Failure {
        Failure::failed(format!("cannot read `{}`: {error}", surroundings.shown(&self.config)))
    }
}
