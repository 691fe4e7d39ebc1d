//! The command line: what was typed becomes one command, and what came of it an exit code.

mod allocator;
mod build;
mod check;
mod clean;
mod completions;
mod explain;
mod failure;
mod init;
mod interrupt;
mod list;
mod new;
mod options;
mod panic;
mod progress;
mod project;
mod report;
mod schema;
mod serve;
mod shell;

use std::ffi::OsString;
use std::io;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

pub use allocator::BySize;
pub use failure::{Failure, Status};
pub use options::Global;
pub use shell::{Shell, Surroundings};

/// Builds guides that help people choose and build a career: typed pages, cited facts, checked links
#[derive(Debug, Parser)]
#[command(
    name = "fingerpost",
    version,
    disable_help_subcommand = true,
    after_help = "Exit codes: 0 clean, 1 findings or failure, 2 usage, 101 a bug of ours\n\n\
                  Example: fingerpost init my-guide && cd my-guide && fingerpost serve --open"
)]
struct Arguments {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Arguments),
    New(new::Arguments),
    Build(build::Arguments),
    Serve(serve::Arguments),
    Check(check::Arguments),
    List(list::Arguments),
    Clean(clean::Arguments),
    Explain(explain::Arguments),
    Schema(schema::Arguments),
    Completions(completions::Arguments),
}

/// The program: reads the arguments and the environment of this process, and writes to its streams.
#[must_use]
pub fn main() -> ExitCode {
    panic::ask_for_report();
    let surroundings = match Surroundings::of_process() {
        Ok(surroundings) => surroundings,
        Err(error) => {
            let failure = Failure::failed(format!("cannot tell the current folder: {error}"));
            let (mut output, mut errors) = (io::stdout(), io::stderr());
            Shell::new(&mut output, &mut errors, Surroundings::default()).tell_failure(&failure);
            return ExitCode::from(Status::Findings.code());
        }
    };
    let (mut output, mut errors) = (io::stdout(), io::stderr());
    let mut shell = Shell::new(&mut output, &mut errors, surroundings);
    ExitCode::from(run(std::env::args_os(), &mut shell))
}

/// Carries out one command line, whose first word is the program's name, and gives its exit code.
pub fn run(words: impl IntoIterator<Item = OsString>, shell: &mut Shell<'_>) -> u8 {
    let arguments = match Arguments::try_parse_from(words) {
        Ok(arguments) => arguments,
        Err(error) => return tell_usage(&error, shell),
    };
    shell.heed(&arguments.global);
    let global = &arguments.global;
    let done = match arguments.command {
        Command::Init(arguments) => init::run(&arguments, shell),
        Command::New(arguments) => new::run(&arguments, global, shell),
        Command::Build(arguments) => build::run(&arguments, global, shell),
        Command::Serve(arguments) => serve::run(arguments, global, shell),
        Command::Check(arguments) => check::run(&arguments, global, shell),
        Command::List(arguments) => list::run(&arguments, global, shell),
        Command::Clean(arguments) => clean::run(&arguments, global, shell),
        Command::Explain(arguments) => explain::run(&arguments, shell),
        Command::Schema(arguments) => schema::run(&arguments, global, shell),
        Command::Completions(arguments) => completions::run(&arguments, Arguments::command(), shell),
    };
    match done {
        Ok(status) => status.code(),
        Err(failure) => {
            shell.tell_failure(&failure);
            failure.status.code()
        }
    }
}

/// Help and version go to standard output; what cannot be understood is told on standard error.
fn tell_usage(error: &clap::Error, shell: &mut Shell<'_>) -> u8 {
    let text = error.render();
    let text = if shell.is_coloured() { text.ansi().to_string() } else { text.to_string() };
    if error.use_stderr() {
        shell.tell(&text);
        return Status::Usage.code();
    }
    match shell.give(&text) {
        Ok(()) => Status::Clean.code(),
        Err(failure) => failure.status.code(),
    }
}

#[cfg(test)]
mod tests;
