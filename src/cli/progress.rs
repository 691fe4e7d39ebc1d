//! Listens to a build: times its stages, and shows a bar when it takes long enough to be watched.

use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::pipeline::Observer;

/// Shorter work is over before anybody could read a bar.
const BAR_AFTER: Duration = Duration::from_millis(300);

/// Hears of the stages of a build.
#[derive(Debug)]
pub(super) struct Watch {
    start: Instant,
    stages: Mutex<Vec<(&'static str, Instant)>>,
    bar: Mutex<Option<ProgressBar>>,
    shows_bar: bool,
}

impl Watch {
    /// Starts to count.
    pub(super) fn start(shows_bar: bool) -> Self {
        Self { start: Instant::now(), stages: Mutex::default(), bar: Mutex::default(), shows_bar }
    }

    /// Takes the bar away, before anything else is written.
    pub(super) fn clear(&self) {
        if let Some(bar) = self.bar.lock().unwrap_or_else(PoisonError::into_inner).take() {
            bar.finish_and_clear();
        }
    }

    /// Time since the start, as `0.41 s`.
    pub(super) fn elapsed(&self) -> String {
        format!("{:.2} s", self.start.elapsed().as_secs_f64())
    }

    /// A line for each stage so far and its time; the last one ends now.
    pub(super) fn timings(&self) -> String {
        let now = Instant::now();
        let stages = self.stages.lock().unwrap_or_else(PoisonError::into_inner);
        let width = stages.iter().map(|(stage, _)| stage.len()).max().unwrap_or(0);
        let mut text = String::new();
        for (index, (stage, start)) in stages.iter().enumerate() {
            let end = stages.get(index + 1).map_or(now, |(_, next)| *next);
            let _ = writeln!(text, "{stage:width$}  {:>8.1} ms", (end - *start).as_secs_f64() * 1000.0);
        }
        text
    }
}

impl Observer for Watch {
    fn stage_started(&self, stage: &'static str) {
        self.clear();
        self.stages.lock().unwrap_or_else(PoisonError::into_inner).push((stage, Instant::now()));
    }

    fn progress(&self, done: usize, total: usize) {
        if !self.shows_bar || self.start.elapsed() < BAR_AFTER {
            return;
        }
        // A thread that finds the bar busy leaves it to the one that draws.
        let Ok(mut bar) = self.bar.try_lock() else { return };
        let bar = bar.get_or_insert_with(|| {
            let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}");
            let bar = ProgressBar::with_draw_target(Some(total as u64), ProgressDrawTarget::stderr());
            bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())).with_message("files")
        });
        // Threads report in no order: the bar only grows.
        if done as u64 > bar.position() {
            bar.set_position(done as u64);
        }
    }
}
