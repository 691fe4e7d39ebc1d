//! `check`: does all the work of a build and writes nothing.

use clap::Args;

use super::options::{Overriding, Reporting};
use super::progress::Watch;
use super::project::Project;
use super::{Failure, Global, Shell, Status, report};
use crate::memo::Memo;
use crate::pipeline::{self, Nowhere, Observer as _};

/// Find everything that is wrong with the site; reports what build reports and writes nothing
#[derive(Debug, Args)]
#[command(after_help = "Example: fingerpost check --strict --format github")]
pub(super) struct Arguments {
    #[command(flatten)]
    overriding: Overriding,
    #[command(flatten)]
    reporting: Reporting,
}

pub(super) fn run(arguments: &Arguments, global: &Global, shell: &mut Shell<'_>) -> Result<Status, Failure> {
    let watch = Watch::start(shell.surroundings.is_terminal && !shell.quiet);
    watch.stage_started("load");
    let project = Project::find(global, &shell.surroundings)?;
    let overrides = arguments.overriding.overrides(&shell.surroundings)?;
    let (files, load_faults) = project.load(&shell.surroundings)?;
    let outcome = pipeline::build(&files, &overrides, load_faults, &mut Memo::forgetful(), &Nowhere, &watch);
    watch.clear();
    let status = report::status(&outcome, &arguments.reporting);
    report::findings(&outcome.diagnostics, &files, arguments.reporting.format, shell)?;
    report::close("checked", &outcome.counts, status, &arguments.reporting, &watch, shell);
    Ok(status)
}
