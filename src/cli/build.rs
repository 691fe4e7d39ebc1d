//! `build`: renders the site into the output folder.

use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};

use super::interrupt::Interrupt;
use super::options::{Overriding, Reporting};
use super::progress::Watch;
use super::project::Project;
use super::report::{self, counted};
use super::{Failure, Global, Shell, Status};
use crate::memo::Memo;
use crate::output::{Options, Published, last_build};
use crate::pipeline::{self, Observer as _};

/// Build the site; nothing is written when there is an error, unless asked for
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
    /// Let a whole new tree take the place of the old one in one step, instead of updating it file by file
    #[arg(long)]
    atomic: bool,
    /// Publish what could be built in spite of errors; the exit code still tells of them
    #[arg(long)]
    keep_going: bool,
    #[command(flatten)]
    overriding: Overriding,
    #[command(flatten)]
    reporting: Reporting,
}

/// So many files are written at once on a slow disk, which then works on some while others wait for it.
const WRITERS_MAX: usize = 8;

pub(super) fn run(arguments: &Arguments, global: &Global, shell: &mut Shell<'_>) -> Result<Status, Failure> {
    let watch = Watch::start(shell.surroundings.is_terminal && !shell.quiet);
    watch.stage_started("load");
    let here = shell.surroundings.clone();
    let project = Project::find(global, &here)?;
    let overrides = arguments.overriding.overrides(&here)?;
    let settings = project.settings(&overrides);
    let folder = project.output_dir(arguments.output_dir.as_ref(), &settings, &here);
    let failure = |error| Failure::of_output(error, &here.folder);
    // The folder is looked at, and is ours alone, before any work is done.
    let options = Options { force: arguments.force, atomic: arguments.atomic, compress: settings.compress };
    let claim = project.claim(&folder, options, shell).map_err(failure)?;
    let interrupt = Interrupt::take_away(claim.folders());
    let (files, load_faults) = project.load(&here)?;
    watch.stage_started("compare");
    let inputs = last_build::inputs(&files, &load_faults, &overrides, claim.folder());
    let last = project.last_outcome(inputs, &claim, shell);
    let last = last.map(|outcome| (report::status(&outcome, &arguments.reporting), outcome));
    if let Some((status, outcome)) = last.filter(|(status, _)| *status == Status::Clean || !arguments.keep_going) {
        watch.clear();
        report::findings(&outcome.diagnostics, &files, arguments.reporting.format, shell)?;
        let verb = match status {
            Status::Clean => {
                tell_published(&Published::unchanged(claim.manifest()), &folder, shell);
                "built"
            }
            _ => "wrote nothing:",
        };
        report::close(verb, &outcome.counts, status, &arguments.reporting, &watch, shell);
        return Ok(status);
    }
    let stage = claim.prepare().map_err(failure)?;
    interrupt.take_away_instead(stage.folders());
    let writers_max = if pipeline::is_parallel() { WRITERS_MAX } else { 0 };
    let outcome = stage.gather(writers_max, |sink| {
        pipeline::build(&files, &overrides, load_faults, &mut Memo::forgetful(), sink, &watch)
    });
    let status = report::status(&outcome, &arguments.reporting);
    // Without templates there is no page, and an empty site would take away the old one.
    let keep_going = arguments.keep_going && outcome.counts.rendered > 0;
    let published = match status {
        _ if status == Status::Clean || keep_going => {
            watch.stage_started("publish");
            let _finishing = interrupt.wait();
            let published = stage.publish().map_err(failure);
            if published.is_ok() && status == Status::Clean {
                watch.stage_started("remember");
                project.remember(inputs, &outcome, &stage, shell);
            }
            Some(published)
        }
        _ => None,
    };
    drop(stage);
    watch.clear();
    report::findings(&outcome.diagnostics, &files, arguments.reporting.format, shell)?;
    let verb = match published.transpose()? {
        Some(published) => {
            tell_published(&published, &folder, shell);
            if status == Status::Clean { "built" } else { "built in spite of errors:" }
        }
        None => "wrote nothing:",
    };
    report::close(verb, &outcome.counts, status, &arguments.reporting, &watch, shell);
    Ok(status)
}

fn tell_published(published: &Published, folder: &Path, shell: &mut Shell<'_>) {
    let shown = shell.surroundings.shown(folder);
    if let Some(reason) = &published.not_swapped {
        shell.tell_warning(&format!("`{shown}` was updated file by file, not as a whole: {reason}"));
    }
    shell.say_more(&format!(
        "{} written, {} unchanged, {} removed in `{shown}`",
        counted(published.written, "file"),
        published.unchanged,
        published.removed,
    ));
}
