//! Builds again after every batch of saves and puts the result up, or tells what keeps it from being put up.

use std::any::Any;
use std::collections::{BTreeSet, HashSet};
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::console::Console;
use super::shown::{Problem, Shown};
use crate::base::SourcePath;
use crate::diag::{Colour, Diagnostic, Severity, to_brief_text, to_text};
use crate::files::{Batch, Files, Tree, Watch};
use crate::output::MemorySite;
use crate::pipeline::{Counts, Outcome};

/// The overlay shows so many faults; the terminal shows them all.
const FAULTS_SHOWN_MAX: usize = 20;

/// So long the snapshot is brought up to date while saving goes on; then it is built as it is.
const READING_MAX: Duration = Duration::from_secs(10);

/// Turns a snapshot into a site. It may panic: that is our bug, shown as such, and the next build starts afresh.
pub(super) type Builder = Box<dyn FnMut(&Files, Vec<Diagnostic>, Pass) -> Built + Send>;

/// How much of a site is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pass {
    /// All but the search index, which stays as it was: a reader is waiting.
    Pages,
    /// Everything.
    Whole,
}

/// So long nothing is saved before the search index is made again.
const SEARCH_QUIET: Duration = Duration::from_secs(1);

/// What a build gave. The site counts only when the outcome has no errors.
pub(super) struct Built {
    pub(super) site: MemorySite,
    pub(super) outcome: Outcome,
}

/// The thread that builds.
pub(super) struct Workshop {
    pub(super) tree: Tree,
    pub(super) builder: Builder,
    pub(super) board: watch::Sender<Arc<Shown>>,
    pub(super) console: Console,
    /// Where people find the site.
    pub(super) url: String,
    /// Whether to open it in the browser.
    pub(super) open: bool,
    /// What the latest build found, so that the next one shows only what is new.
    pub(super) found: Vec<Diagnostic>,
    /// Whether the search index is older than the pages.
    pub(super) owes_search: bool,
}

impl Workshop {
    /// Builds once and then after every batch that changes a file, until the watch is stopped.
    pub(super) fn run(mut self, mut watch: Watch) {
        let built = self.build(Pass::Whole);
        match built.result {
            Ok(counts) => self.console.say(&format!(
                "built {}, {}, {} in {}{}",
                count(counts.pages, "page"),
                count(counts.facts, "fact"),
                count(counts.relations, "relation"),
                seconds(built.time),
                warned(counts.warnings),
            )),
            Err(title) => self.console.say(&format!("{title}: the site appears once the build succeeds")),
        }
        self.console.say(&format!("serving {} (Ctrl-C stops)", self.page_url()));
        if self.open && open::that_detached(self.page_url()).is_err() {
            self.console.warn("no browser could be opened");
        }
        while let Some(batch) = self.next_batch(&mut watch) {
            let mut changed = self.read(&batch);
            // Reading thousands of files takes a while, in which more of them may be saved: a site that is out of date
            // already is not worth a build.
            let started = Instant::now();
            while started.elapsed() < READING_MAX
                && let Some(batch) = watch.pending()
            {
                changed.extend(self.read(&batch));
            }
            if !changed.is_empty() {
                self.build_again(&changed);
            }
        }
    }

    /// Sleeps until something is saved; in a pause between saves the search index catches up. `None` ends the watch.
    fn next_batch(&mut self, watch: &mut Watch) -> Option<Batch> {
        if self.owes_search {
            if let Some(batch) = watch.wait_within(SEARCH_QUIET)? {
                return Some(batch);
            }
            self.index();
        }
        watch.wait()
    }

    /// Builds once more with the search index. Pages are the same, so nobody is told.
    fn index(&mut self) {
        self.owes_search = false;
        let (faults, files) = (self.tree.faults().to_vec(), self.tree.files());
        let built = catch_unwind(AssertUnwindSafe(|| (self.builder)(files, faults, Pass::Whole)));
        if let Ok(Built { site, outcome }) = built
            && !outcome.has_errors()
        {
            let next = self.board.borrow().with_index(site);
            self.board.send_replace(Arc::new(next));
        }
    }

    /// Takes a batch of saves into the snapshot and gives the files that differ.
    fn read(&mut self, batch: &Batch) -> BTreeSet<SourcePath> {
        if let Some(notice) = &batch.notice {
            self.console.warn(notice);
        }
        match self.tree.update(&batch.changes) {
            Ok(changed) => changed.into_iter().collect(),
            Err(error) => {
                self.console.warn(&format!("cannot read the project: {error}; still serving what was read"));
                BTreeSet::new()
            }
        }
    }

    fn build_again(&mut self, changed: &BTreeSet<SourcePath>) {
        let built = self.build(Pass::Pages);
        self.owes_search |= built.result.is_ok();
        let what = summary(changed);
        match built.result {
            Ok(counts) => {
                let pages = count(counts.rendered, "page");
                self.console.say(&format!(
                    "{what}: {pages} rendered in {}{}",
                    seconds(built.time),
                    warned(counts.warnings)
                ));
            }
            Err(title) => self.console.say(&format!("{what}: {title}, still serving the last good site")),
        }
    }

    /// Builds, shows the faults in the terminal and puts the new state up.
    fn build(&mut self, pass: Pass) -> Attempt {
        let started = Instant::now();
        let faults = self.tree.faults().to_vec();
        let files = self.tree.files();
        // A builder that panicked starts afresh, so nothing half-done is seen again.
        let built = catch_unwind(AssertUnwindSafe(|| (self.builder)(files, faults, pass)));
        let time = started.elapsed();
        let shown = self.board.borrow().clone();
        let mut diagnostics = Vec::new();
        let (next, result) = match built {
            Ok(Built { outcome, .. }) if outcome.has_errors() => {
                let problem = problem_of(&outcome, files);
                let title = problem.title.clone();
                diagnostics = outcome.diagnostics;
                (shown.with_problem(problem), Err(title))
            }
            Ok(Built { site, outcome }) => {
                diagnostics = outcome.diagnostics;
                (shown.with_site(site, outcome.base_path), Ok(outcome.counts))
            }
            Err(panic) => {
                // The terminal has heard of it already, from the hook for panics.
                let problem = problem_of_panic(&*panic);
                let title = problem.title.clone();
                (shown.with_problem(problem), Err(title))
            }
        };
        // The browser first: a terminal can be slow.
        self.board.send_replace(Arc::new(next));
        self.show_news(diagnostics);
        Attempt { result, time }
    }

    /// Shows errors, and those warnings that the build before did not give: a site may carry many for a long time.
    fn show_news(&mut self, diagnostics: Vec<Diagnostic>) {
        let known: HashSet<&Diagnostic> = self.found.iter().collect();
        let is_news = |diagnostic: &&Diagnostic| diagnostic.severity == Severity::Error || !known.contains(diagnostic);
        let news: Vec<Diagnostic> = diagnostics.iter().filter(is_news).cloned().collect();
        self.console.show(&to_brief_text(&news, self.tree.files(), self.console.colour));
        self.found = diagnostics;
    }

    /// The address of the home page.
    fn page_url(&self) -> String {
        format!("{}{}", self.url, self.board.borrow().base_path.trim_start_matches('/'))
    }
}

/// How a build went: its counts, or what the problem is called.
struct Attempt {
    result: Result<Counts, String>,
    time: Duration,
}

/// Warnings do not keep a site from being shown, so they are left to the terminal.
fn problem_of(outcome: &Outcome, files: &Files) -> Problem {
    let errors = outcome.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    let some: Vec<Diagnostic> = errors.take(FAULTS_SHOWN_MAX).cloned().collect();
    let mut text = to_text(&some, files, Colour::Never).trim_end().to_owned();
    let left = outcome.counts.errors.saturating_sub(some.len());
    if left > 0 {
        let _ = write!(text, "\n\n… and {left} more");
    }
    Problem { title: count(outcome.counts.errors, "error"), text }
}

fn problem_of_panic(panic: &(dyn Any + Send)) -> Problem {
    let message = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    let message = message.unwrap_or("no message");
    let text = format!(
        "The build stopped at a fault of its own: {message}\n\n\
         This is a bug in Fingerpost, not in your files. Please report it with the message above and, if you can,\n\
         the files you changed last. The next save builds again."
    );
    Problem { title: "Fingerpost has a bug".to_owned(), text }
}

/// `content/a.md and 3 more`.
fn summary(changed: &BTreeSet<SourcePath>) -> String {
    match (changed.first(), changed.len()) {
        (None, _) => "nothing".to_owned(),
        (Some(only), 1) => only.to_string(),
        (Some(first), number) => format!("{first} and {} more", number - 1),
    }
}

fn count(number: usize, thing: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{ending}")
}

/// What a line says of warnings: `, 2 warnings`, and nothing of none.
fn warned(warnings: usize) -> String {
    if warnings == 0 { String::new() } else { format!(", {}", count(warnings, "warning")) }
}

fn seconds(time: Duration) -> String {
    match time.as_millis() {
        milliseconds @ ..1000 => format!("{milliseconds} ms"),
        _ => format!("{:.2} s", time.as_secs_f64()),
    }
}
