//! `completions`: a script that completes commands and flags.

use clap::Args;
use clap_complete::Shell as Language;

use super::{Failure, Shell, Status};

/// Write a completion script for a shell
#[derive(Debug, Args)]
#[command(after_help = "Example: fingerpost completions bash > ~/.local/share/bash-completion/completions/fingerpost")]
pub(super) struct Arguments {
    /// The shell
    shell: Language,
}

pub(super) fn run(arguments: &Arguments, mut command: clap::Command, shell: &mut Shell<'_>) -> Result<Status, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "fingerpost", &mut script);
    shell.give(&String::from_utf8_lossy(&script))?;
    Ok(Status::Clean)
}
