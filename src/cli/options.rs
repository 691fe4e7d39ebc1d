//! Flags that several commands share, and what they mean.

use std::path::PathBuf;

use clap::{Args, ColorChoice, ValueEnum, ValueHint};

use super::{Failure, Surroundings};
use crate::base::Date;
use crate::base::date::parse_day;
use crate::config::{Overrides, is_absolute_url};

/// Flags of every command.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Options of every command")]
pub struct Global {
    /// The project: a folder with site.toml [default: the nearest at or above the current folder]
    #[arg(short, long, global = true, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub root: Option<PathBuf>,
    /// Another file in place of the project's site.toml
    #[arg(short, long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
    /// Say only what is wrong
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// Colours on standard error; NO_COLOR is honoured
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorChoice,
}

/// Flags that lie over site.toml.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Overriding {
    /// Where the site will live, in place of base_url in site.toml
    #[arg(short = 'u', long, value_name = "URL", value_hint = ValueHint::Url)]
    pub(super) base_url: Option<String>,
    /// Publish drafts too
    #[arg(long)]
    pub(super) drafts: bool,
    /// The day for which facts and reviews are judged, YYYY-MM-DD; stale facts are then marked in the site as well
    /// [default: today, without marks, or SOURCE_DATE_EPOCH]
    #[arg(long, value_name = "DATE")]
    pub(super) as_of: Option<String>,
}

impl Overriding {
    /// What they mean where the command was called.
    ///
    /// # Errors
    /// When an address or a date cannot be one.
    pub(super) fn overrides(&self, surroundings: &Surroundings) -> Result<Overrides, Failure> {
        if let Some(url) = self.base_url.as_deref().filter(|url| !is_absolute_url(url)) {
            return Err(Failure::usage(format!("`{url}` is not an absolute address"))
                .help("write it as `https://example.org/` or `https://example.org/guide/`"));
        }
        let as_of = match (&self.as_of, &surroundings.source_date_epoch) {
            (Some(text), _) => Some(parse_day(text).ok_or_else(|| {
                Failure::usage(format!("`{text}` is not a day")).help("write a day that exists as `2026-11-23`")
            })?),
            (None, Some(epoch)) => Some(day_of_epoch(epoch).ok_or_else(|| {
                Failure::usage(format!("SOURCE_DATE_EPOCH is `{epoch}`, not a number of seconds since 1970"))
            })?),
            (None, None) => None,
        };
        let today = as_of.or(surroundings.today);
        Ok(Overrides { base_url: self.base_url.clone(), drafts: self.drafts, today, as_of, ..Overrides::default() })
    }
}

/// The day, in universal time, of a number of seconds since 1970.
fn day_of_epoch(text: &str) -> Option<Date> {
    let second = jiff::Timestamp::from_second(text.trim().parse().ok()?).ok()?;
    Some(jiff::tz::Offset::UTC.to_datetime(second).date())
}

/// Flags on how findings are told.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Reporting {
    /// Warnings fail too
    #[arg(long)]
    pub(super) strict: bool,
    /// How findings are written: `text` goes to standard error, all others to standard output
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
    /// Say how long each stage took
    #[arg(long)]
    pub(super) timings: bool,
}

/// How findings are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people, with source lines
    #[default]
    Text,
    /// A list of objects
    Json,
    /// SARIF 2.1.0
    Sarif,
    /// GitHub's workflow commands
    Github,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<Date> {
        parse_day(text)
    }

    #[test]
    fn a_day_given_on_purpose_is_today_and_marks_the_output() {
        let surroundings = Surroundings { today: day("2026-11-23"), ..Surroundings::default() };
        let plain = Overriding::default().overrides(&surroundings).expect("it is fine");
        assert_eq!((plain.today, plain.as_of), (day("2026-11-23"), None));
        let epoch = Surroundings { source_date_epoch: Some("1748649600".into()), ..surroundings };
        let reproducible = Overriding::default().overrides(&epoch).expect("it is fine");
        assert_eq!((reproducible.today, reproducible.as_of), (day("2025-05-31"), day("2025-05-31")));
        let given = Overriding { as_of: Some("2024-02-29".into()), ..Overriding::default() };
        assert_eq!(given.overrides(&epoch).expect("it is fine").as_of, day("2024-02-29"));
    }

    #[test]
    fn what_is_no_day_or_address_is_refused() {
        for as_of in ["2025-02-29", "yesterday", "2025"] {
            let given = Overriding { as_of: Some(as_of.into()), ..Overriding::default() };
            assert!(given.overrides(&Surroundings::default()).is_err(), "{as_of}");
        }
        for base_url in ["example.org", "/guide/", "https://", "ftp://example.org/"] {
            let given = Overriding { base_url: Some(base_url.into()), ..Overriding::default() };
            assert!(given.overrides(&Surroundings::default()).is_err(), "{base_url}");
        }
        for epoch in ["noon", "-", "99999999999999999999"] {
            let epoch = Surroundings { source_date_epoch: Some(epoch.into()), ..Surroundings::default() };
            assert!(Overriding::default().overrides(&epoch).is_err(), "{epoch:?}");
        }
    }
}
