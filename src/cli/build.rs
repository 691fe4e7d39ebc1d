//! `build`: renders the site into the output folder.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::interrupt::Interrupt;
use super::options::{Overriding, Reporting};
use super::progress::Watch;
use super::project::Project;
use super::report::{self, counted};
use super::{Failure, Global, Shell, Status};
use crate::config::Config;
use crate::memo::Memo;
use crate::output::{Stage, Target};
use crate::pipeline::{self, Observer as _};

/// Build the site; nothing is written when there is an error
///
/// Only files that we wrote and nobody changed are replaced or deleted; all others in the output folder stay.
#[derive(Debug, Args)]
#[command(after_help = "Example: fingerpost build --base-url https://example.org/guide/ --output-dir dist")]
pub(super) struct Arguments {
    /// Where the site is written [default: output_dir in site.toml, or public]
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    output_dir: Option<PathBuf>,
    /// Write into a folder that is not ours, and over files that are not
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    overriding: Overriding,
    #[command(flatten)]
    reporting: Reporting,
}

pub(super) fn run(arguments: &Arguments, global: &Global, shell: &mut Shell<'_>) -> Result<Status, Failure> {
    let watch = Watch::start(shell.surroundings.is_terminal && !shell.quiet);
    watch.stage_started("load");
    let here = shell.surroundings.clone();
    let project = Project::find(global, &here)?;
    let overrides = arguments.overriding.overrides(&here)?;
    let (files, load_faults) = project.load(&here)?;
    // The folder is looked at before any work is done; what is wrong with the configuration is told by the build.
    let config = Config::read(&files, &overrides, &mut Vec::new());
    let folder = project.output_dir(arguments.output_dir.as_ref(), &config, &here);
    let failure = |error| Failure::of_output(error, &here.folder);
    let target = Target::open(&folder, &project.grounds(&here), arguments.force).map_err(failure)?;
    let stage = Stage::new(target).map_err(failure)?;
    let interrupt = Interrupt::take_away(stage.folder());
    let outcome = pipeline::build(&files, &overrides, load_faults, &mut Memo::forgetful(), &stage, &watch);
    let status = report::status(&outcome, &arguments.reporting);
    let published = match status {
        Status::Clean => {
            watch.stage_started("publish");
            let _finishing = interrupt.wait();
            Some(stage.publish())
        }
        _ => {
            drop(stage);
            None
        }
    };
    watch.clear();
    report::findings(&outcome.diagnostics, &files, arguments.reporting.format, shell)?;
    let verb = match published.transpose().map_err(failure)? {
        Some(published) => {
            shell.say_more(&format!(
                "{} written, {} unchanged, {} removed in `{}`",
                counted(published.written, "file"),
                published.unchanged,
                published.removed,
                here.shown(&folder)
            ));
            "built"
        }
        None => "wrote nothing:",
    };
    report::close(verb, &outcome.counts, status, &arguments.reporting, &watch, shell);
    Ok(status)
}
