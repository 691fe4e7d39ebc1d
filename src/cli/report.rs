//! Tells what came of a build: its findings, and one line of counts.

use super::options::{Format, Reporting};
use super::progress::Watch;
use super::{Failure, Shell, Status};
use crate::diag::{Diagnostic, Sources, to_brief_text, to_github, to_json, to_sarif, to_text};
use crate::pipeline::{Counts, Outcome};

/// Whether a build is good enough to be published.
pub(super) fn status(outcome: &Outcome, reporting: &Reporting) -> Status {
    let fails = outcome.has_errors() || (reporting.strict && outcome.counts.warnings > 0);
    if fails { Status::Findings } else { Status::Clean }
}

/// Writes the findings: text for people to standard error, anything for machines to standard output, also when there
/// is none.
pub(super) fn findings(
    diagnostics: &[Diagnostic],
    sources: &dyn Sources,
    format: Format,
    shell: &mut Shell<'_>,
) -> Result<(), Failure> {
    match format {
        Format::Text => {
            shell.tell(&match shell.verbose {
                true => to_text(diagnostics, sources, shell.colour()),
                false => to_brief_text(diagnostics, sources, shell.colour()),
            });
            Ok(())
        }
        Format::Json => shell.give(&to_json(diagnostics, sources)),
        Format::Sarif => shell.give(&to_sarif(diagnostics, sources)),
        Format::Github => shell.give(&to_github(diagnostics, sources)),
    }
}

/// The closing lines: times, if they are wanted, and what was done.
pub(super) fn close(
    verb: &str,
    counts: &Counts,
    status: Status,
    reporting: &Reporting,
    watch: &Watch,
    shell: &mut Shell<'_>,
) {
    if reporting.timings {
        shell.tell(&watch.timings());
    }
    shell.say(&format!("{} in {}", summary(verb, counts), watch.elapsed()));
    if status == Status::Findings && counts.errors == 0 && !shell.quiet {
        shell.tell_help("`--strict` takes warnings for errors");
    }
}

/// `built 61 pages, 14 facts, 199 relations, 2 warnings`; no verb of success when there are errors and nothing came of
/// the work.
fn summary(verb: &str, counts: &Counts) -> String {
    let mut parts =
        vec![counted(counts.pages, "page"), counted(counts.facts, "fact"), counted(counts.relations, "relation")];
    if counts.errors > 0 {
        parts.push(counted(counts.errors, "error"));
    }
    if counts.warnings > 0 {
        parts.push(counted(counts.warnings, "warning"));
    }
    format!("{verb} {}", parts.join(", "))
}

/// `1 page`, `2 pages`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_read_as_a_sentence() {
        let counts = Counts { pages: 61, facts: 1, relations: 199, ..Counts::default() };
        assert_eq!(summary("built", &counts), "built 61 pages, 1 fact, 199 relations");
        let counts = Counts { errors: 2, warnings: 1, ..counts };
        assert_eq!(summary("checked", &counts), "checked 61 pages, 1 fact, 199 relations, 2 errors, 1 warning");
    }
}
