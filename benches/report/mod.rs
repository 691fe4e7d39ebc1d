//! The tables: medians, ratios of the same run, stages, and how cost grows with the size of the site.

use std::fmt::Write as _;

use crate::measure::reading::Articles;
use crate::measure::{Cost, median};

/// All runs of one program on one site.
pub(crate) struct Series {
    pub(crate) name: String,
    /// One cost a run; the same position in another series is the same round, so that ratios are of neighbours.
    pub(crate) costs: Vec<Cost>,
    pub(crate) file_count: usize,
    pub(crate) byte_count: u64,
    pub(crate) articles: Articles,
    /// Stage names in the order they were printed, with the milliseconds of each run.
    pub(crate) stages: Vec<(String, Vec<f64>)>,
}

impl Series {
    /// A series without runs.
    pub(crate) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            costs: Vec::new(),
            file_count: 0,
            byte_count: 0,
            articles: Articles::default(),
            stages: Vec::new(),
        }
    }

    /// Notes the lines `name  12.3 ms` among those the program printed.
    pub(crate) fn add_stages(&mut self, printed: &str) {
        for (name, stage_ms) in printed.lines().filter_map(stage) {
            match self.stages.iter_mut().find(|(known, _)| *known == name) {
                Some((_, runs)) => runs.push(stage_ms),
                None => self.stages.push((name, vec![stage_ms])),
            }
        }
    }

    fn median_of(&self, part: Part) -> f64 {
        median(self.costs.iter().map(part))
    }

    /// The median of this series over `base`, run by run.
    fn times(&self, base: &Self, part: Part) -> f64 {
        let pairs = self.costs.iter().zip(&base.costs);
        median(pairs.filter(|(_, base)| part(base) > 0.0).map(|(own, base)| part(own) / part(base)))
    }
}

/// One size of site with everything that was measured on it; the first series is the base of all ratios.
pub(crate) struct Sized {
    pub(crate) page_count: usize,
    pub(crate) series: Vec<Series>,
}

/// One number of a cost.
type Part = fn(&Cost) -> f64;

const PARTS: [(&str, Part); 3] =
    [("CPU", |cost| cost.cpu_s), ("wall", |cost| cost.wall_s), ("peak memory", |cost| cost.peak_mib)];

fn stage(line: &str) -> Option<(String, f64)> {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        [name @ .., number, "ms"] if !name.is_empty() => Some((name.join(" "), number.parse().ok()?)),
        _ => None,
    }
}

/// The table of one size: a line a program.
pub(crate) fn size_table(size: &Sized) -> String {
    let mut text = format!(
        "\n{} pages{:>26}{:>9}{:>9}{:>10}{:>11}{:>9}{:>9}{:>9}{:>9}{:>9}\n",
        size.page_count,
        "CPU s",
        "user s",
        "system s",
        "wall s",
        "peak MiB",
        "CPU ×",
        "wall ×",
        "peak ×",
        "files",
        "MB"
    );
    let pad = size.page_count.to_string().len();
    let base = &size.series[0];
    for series in &size.series {
        line(&mut text, format_args!("  {:<1$}", series.name, 22 + pad));
        line(&mut text, format_args!("{:>8.3}", series.median_of(PARTS[0].1)));
        // The floor of writing tells no such parts.
        match series.median_of(|cost| cost.system_s) {
            0.0 => text.push_str("        –        –"),
            system_s => {
                let user_s = series.median_of(|cost| cost.cpu_s - cost.system_s);
                line(&mut text, format_args!("{user_s:>9.3}{system_s:>9.3}"));
            }
        }
        line(&mut text, format_args!("{:>10.3}", series.median_of(PARTS[1].1)));
        match series.median_of(PARTS[2].1) {
            0.0 => text.push_str("          –"),
            peak_mib => line(&mut text, format_args!("{peak_mib:>11.1}")),
        }
        for (_, part) in PARTS {
            match series.times(base, part) {
                0.0 => text.push_str("        –"),
                times => line(&mut text, format_args!("{times:>9.2}")),
            }
        }
        line(&mut text, format_args!("{:>9}{:>9.1}\n", series.file_count, series.byte_count as f64 / 1e6));
    }
    text
}

/// What each program's articles hold, so that a reader sees how equal the sites are.
pub(crate) fn reader_table(size: &Sized) -> String {
    let mut text = format!(
        "\n{:<26}{:>10}{:>14}{:>14}{:>14}{:>14}\n",
        "what an article holds", "articles", "bytes of HTML", "words of text", "links", "h2 headings"
    );
    for series in &size.series {
        let articles = &series.articles;
        // Our own later builds give the same pages again.
        if articles.count == 0 || series.name.starts_with('…') {
            continue;
        }
        let each = |sum: usize| sum as f64 / articles.count as f64;
        line(&mut text, format_args!("  {:<24}{:>10}{:>14.0}", series.name, articles.count, each(articles.byte_count)));
        match articles.word_count {
            0 => text.push_str("             –"),
            count => line(&mut text, format_args!("{:>14.1}", each(count))),
        }
        line(&mut text, format_args!("{:>14.1}{:>14.1}\n", each(articles.link_count), each(articles.section_count)));
    }
    text
}

/// The stages of our own cold build, a column a size, in milliseconds and in microseconds a page at the largest.
pub(crate) fn stage_table(sizes: &[Sized]) -> String {
    let Some(largest) = sizes.last() else { return String::new() };
    if largest.series[0].stages.is_empty() {
        return "\nNo stage timings were printed.\n".to_owned();
    }
    let mut text = format!("\n{:<22}", "stages, ms");
    for size in sizes {
        line(&mut text, format_args!("{:>12}", size.page_count));
    }
    line(&mut text, format_args!("{:>12}{:>10}\n", "µs a page", "growth"));
    for (name, _) in &largest.series[0].stages {
        line(&mut text, format_args!("{name:<22}"));
        let mut points = Vec::new();
        for size in sizes {
            let runs = size.series[0].stages.iter().find(|(known, _)| known == name);
            let stage_ms = runs.map_or(0.0, |(_, runs)| median(runs.iter().copied()));
            line(&mut text, format_args!("{stage_ms:>12.1}"));
            points.push((size.page_count as f64, stage_ms));
        }
        let (page_count, stage_ms) = points[points.len() - 1];
        line(&mut text, format_args!("{:>12.1}{:>10}\n", stage_ms * 1_000.0 / page_count, exponent(&points)));
    }
    text
}

/// How each cost grows: the exponent over all sizes, then between neighbours.
pub(crate) fn growth_table(sizes: &[Sized]) -> String {
    let mut text = String::new();
    if sizes.len() < 2 {
        return text;
    }
    line(&mut text, format_args!("\n{:<32}{:>10}", "growth exponent", "all"));
    for pair in sizes.windows(2) {
        line(&mut text, format_args!("{:>18}", format!("{}→{}", pair[0].page_count, pair[1].page_count)));
    }
    text.push('\n');
    per_page(&mut text, sizes);
    for series in &sizes[0].series {
        for (label, part) in PARTS {
            let points: Vec<(f64, f64)> = sizes
                .iter()
                .filter_map(|size| {
                    let same = size.series.iter().find(|other| other.name == series.name)?;
                    Some((size.page_count as f64, same.median_of(part)))
                })
                .collect();
            if points.len() < 2 || points.iter().all(|(_, cost)| *cost == 0.0) {
                continue;
            }
            line(&mut text, format_args!("{:<32}{:>10}", format!("{}, {label}", series.name), exponent(&points)));
            for pair in points.windows(2) {
                line(&mut text, format_args!("{:>18}", exponent(pair)));
            }
            text.push('\n');
        }
    }
    text
}

/// CPU microseconds a page of our own cold build at each size: medians, with the least and the most of all runs.
fn per_page(text: &mut String, sizes: &[Sized]) {
    for size in sizes {
        let base = &size.series[0];
        let micros = |cpu_s: f64| cpu_s * 1e6 / size.page_count as f64;
        let all = || base.costs.iter().map(|cost| micros(cost.cpu_s));
        let (least, most) = (all().fold(f64::INFINITY, f64::min), all().fold(0.0, f64::max));
        let median = median(all());
        let count = base.costs.len();
        line(
            text,
            format_args!(
                "{} at {} pages: {median:.0} µs of CPU a page, {least:.0}–{most:.0} in {count} runs\n",
                base.name, size.page_count
            ),
        );
    }
}

/// Every run, for whoever wants more than medians.
pub(crate) fn raw_runs(sizes: &[Sized]) -> String {
    let mut text = String::from("pages\tprogram\trun\tcpu_s\tsystem_s\twall_s\tpeak_mib\n");
    for size in sizes {
        for series in &size.series {
            for (run, cost) in series.costs.iter().enumerate() {
                line(
                    &mut text,
                    format_args!(
                        "{}\t{}\t{}\t{:.4}\t{:.4}\t{:.4}\t{:.1}\n",
                        size.page_count,
                        series.name,
                        run + 1,
                        cost.cpu_s,
                        cost.system_s,
                        cost.wall_s,
                        cost.peak_mib
                    ),
                );
            }
        }
    }
    text
}

/// The slope of a straight line through the logarithms: 1 is in step with the size, 2 its square.
fn exponent(points: &[(f64, f64)]) -> String {
    let logarithms: Vec<(f64, f64)> =
        points.iter().filter(|(_, cost)| *cost > 0.0).map(|(size, cost)| (size.ln(), cost.ln())).collect();
    if logarithms.len() < 2 {
        return "–".to_owned();
    }
    let count = logarithms.len() as f64;
    let mean_size = logarithms.iter().map(|(size, _)| size).sum::<f64>() / count;
    let mean_cost = logarithms.iter().map(|(_, cost)| cost).sum::<f64>() / count;
    let shared: f64 = logarithms.iter().map(|(size, cost)| (size - mean_size) * (cost - mean_cost)).sum();
    let spread: f64 = logarithms.iter().map(|(size, _)| (size - mean_size).powi(2)).sum();
    format!("{:.2}", shared / spread)
}

/// Writing to a `String` cannot fail, so there is no error to hand on.
fn line(into: &mut String, arguments: std::fmt::Arguments<'_>) {
    let _ = into.write_fmt(arguments);
}
