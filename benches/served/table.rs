//! The table of one size of site: times and CPU of each sort of edit.

use std::fmt;
use std::time::Duration;

use crate::measure::median;

/// All edits of one sort.
pub(crate) struct Line {
    name: String,
    waits_ms: Vec<f64>,
    cpu_ms: Vec<f64>,
    rendered: Vec<f64>,
}

impl Line {
    pub(crate) fn new(name: String) -> Self {
        Self { name, waits_ms: Vec::new(), cpu_ms: Vec::new(), rendered: Vec::new() }
    }

    /// One edit: the wait, the CPU it took, and the pages that were rendered where that is known.
    pub(crate) fn add(&mut self, wait: Duration, cpu_ms: f64, rendered: Option<usize>) {
        self.waits_ms.push(wait.as_secs_f64() * 1e3);
        self.cpu_ms.push(cpu_ms);
        self.rendered.extend(rendered.map(|count| count as f64));
    }
}

/// Everything about one size of site.
pub(crate) struct Table {
    page_count: usize,
    pub(crate) lines: Vec<Line>,
    pub(crate) notes: Vec<String>,
}

impl Table {
    pub(crate) fn new(page_count: usize) -> Self {
        Self { page_count, lines: Vec::new(), notes: Vec::new() }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "\n## {} pages, milliseconds from a save to its news\n", self.page_count)?;
        writeln!(formatter, "| edit | p50 | p95 | least | CPU p50 | pages rendered |")?;
        writeln!(formatter, "|---|--:|--:|--:|--:|--:|")?;
        for line in &self.lines {
            let least = line.waits_ms.iter().copied().fold(f64::INFINITY, f64::min);
            let rendered = match line.rendered.as_slice() {
                [] => String::new(),
                counts => format!("{:.0}", median(counts.iter().copied())),
            };
            writeln!(
                formatter,
                "| {} | {:.1} | {:.1} | {least:.1} | {:.1} | {rendered} |",
                line.name,
                median(line.waits_ms.iter().copied()),
                percentile(&line.waits_ms, 0.95),
                median(line.cpu_ms.iter().copied()),
            )?;
        }
        writeln!(formatter)?;
        for note in &self.notes {
            writeln!(formatter, "{note}")?;
        }
        Ok(())
    }
}

/// The smallest value that so large a part of all values does not exceed (nearest rank); 0 of none.
fn percentile(values: &[f64], part: f64) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    let rank = (part * values.len() as f64).ceil() as usize;
    values.get(rank.saturating_sub(1)).copied().unwrap_or(0.0)
}
