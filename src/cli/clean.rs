//! `clean`: takes the built site away again.

use std::cell::RefCell;
use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::project::Project;
use super::report::counted;
use super::{Failure, Global, Shell, Status};
use crate::output::{self, Cleaned};

/// Delete the built site: the files we wrote and nobody changed
#[derive(Debug, Args)]
#[command(after_help = "Example: fingerpost clean")]
pub(super) struct Arguments {
    /// Where the site was written [default: output_dir in site.toml, or public]
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    output_dir: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, global: &Global, shell: &mut Shell<'_>) -> Result<Status, Failure> {
    let here = shell.surroundings.clone();
    let project = Project::find(global, &here)?;
    let config = project.config(shell)?;
    let folder = project.output_dir(arguments.output_dir.as_ref(), &config, &here);
    let cleaned = {
        let shell = RefCell::new(&mut *shell);
        let waiting = |process| shell.borrow_mut().tell_wait(&folder, process);
        output::clean(&folder, &project.grounds(&here), &waiting)
    };
    let cleaned = cleaned.map_err(|error| Failure::of_output(error, &here.folder))?;
    if cleaned == Cleaned::default() {
        shell.say(&format!("nothing to delete in `{}`", here.shown(&folder)));
        return Ok(Status::Clean);
    }
    shell.say(&format!("deleted {} in `{}`", counted(cleaned.removed, "file"), here.shown(&folder)));
    if !cleaned.kept.is_empty() {
        shell.say(&format!("kept {} that fingerpost did not write", counted(cleaned.kept.len(), "file")));
        for path in &cleaned.kept {
            shell.say_more(&format!("  {}", here.shown(path)));
        }
    }
    Ok(Status::Clean)
}
