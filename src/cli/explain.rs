//! `explain`: what a diagnostic means and what to do about it.

use std::fmt::Write as _;

use clap::Args;

use super::{Failure, Shell, Status};
use crate::config::schema::level_word;
use crate::diag::Code;

/// Tell what a diagnostic means; without a code, list them all
#[derive(Debug, Args)]
#[command(after_help = "Example: fingerpost explain link-broken")]
pub(super) struct Arguments {
    /// The code in brackets, as in `error[link-broken]`
    code: Option<String>,
}

pub(super) fn run(arguments: &Arguments, shell: &mut Shell<'_>) -> Result<Status, Failure> {
    let Some(name) = &arguments.code else {
        shell.give(&all())?;
        return Ok(Status::Clean);
    };
    let Some(code) = Code::from_name(name) else {
        return Err(Failure::usage(format!("there is no diagnostic `{name}`"))
            .suggest(name, Code::ALL.iter().map(|code| code.name()))
            .help("`fingerpost explain` lists them all"));
    };
    let text = code.explanation().trim_end();
    let level = level_word(code.default_level());
    let usual = if code.is_lint() {
        format!(
            "Usual level: `{level}`. `[lints]` in `site.toml` changes it: `{} = \"allow\"`, `\"warn\"` or `\"deny\"`.",
            code.name()
        )
    } else {
        "Always an error.".to_owned()
    };
    shell.give(&format!("{text}\n\n{usual}\n"))?;
    Ok(Status::Clean)
}

/// A line for each code: its name, its usual level, the first sentence of its page.
fn all() -> String {
    let width = Code::ALL.iter().map(|code| code.name().len()).max().unwrap_or(0);
    let mut text = String::new();
    for code in Code::ALL {
        let line = format!(
            "{:width$}  {:5}  {}",
            code.name(),
            level_word(code.default_level()),
            first_sentence(code.explanation())
        );
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

/// The first sentence after the heading, on one line.
fn first_sentence(page: &str) -> String {
    let prose = page.lines().skip_while(|line| line.trim().is_empty() || line.starts_with('#'));
    let paragraph: Vec<&str> = prose.take_while(|line| !line.trim().is_empty()).map(str::trim).collect();
    let paragraph = paragraph.join(" ");
    match paragraph.find(". ") {
        Some(end) => paragraph[..=end].to_owned(),
        None => paragraph,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_sentence_is_found_below_the_heading() {
        assert_eq!(
            first_sentence("# link-broken\n\nA link names\nno page. It may be a slip.\n"),
            "A link names no page."
        );
        assert_eq!(first_sentence("# link-broken\nOnly this"), "Only this");
        assert_eq!(first_sentence("# link-broken\n"), "");
    }
}
