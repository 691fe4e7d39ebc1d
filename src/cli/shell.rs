//! The two streams a command writes to, and what it knows of the place it was called from.

use std::env;
use std::io::{self, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use clap::ColorChoice;
use clap::builder::styling::AnsiColor;

use super::{Failure, Global};
use crate::base::Date;
use crate::diag::Colour;

/// What a command may know of the world around it. Everything of the environment that can change what we do is here.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// The current folder, absolute.
    pub folder: PathBuf,
    /// The user's home folder.
    pub home: Option<PathBuf>,
    /// Today where the user is.
    pub today: Option<Date>,
    /// `SOURCE_DATE_EPOCH`, as reproducible builds set it.
    pub source_date_epoch: Option<String>,
    /// `NO_COLOR` is set, or the terminal cannot show colours.
    pub no_colour: bool,
    /// Standard error is a terminal.
    pub is_terminal: bool,
}

impl Surroundings {
    /// Those of this process. The only place of the program that reads the clock for a date.
    ///
    /// # Errors
    /// When the current folder is gone.
    pub fn of_process() -> io::Result<Self> {
        let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
        Ok(Self {
            folder: env::current_dir()?,
            home: env::home_dir(),
            today: Some(jiff::ZonedDateTime::now().date()),
            source_date_epoch: env::var("SOURCE_DATE_EPOCH").ok().filter(|epoch| !epoch.is_empty()),
            no_colour: is_set("NO_COLOR") || env::var_os("TERM").is_some_and(|name| name == "dumb"),
            is_terminal: io::stderr().is_terminal(),
        })
    }

    /// A path that was typed, made absolute.
    #[must_use]
    pub fn absolute(&self, path: &Path) -> PathBuf {
        // Taking it apart drops each `.` on its way.
        self.folder.join(path).components().collect()
    }

    /// A path as the user would write it: relative when it is in the current folder.
    #[must_use]
    pub fn shown(&self, path: &Path) -> String {
        let path = match path.strip_prefix(&self.folder) {
            Ok(relative) if relative.as_os_str().is_empty() => Path::new("."),
            Ok(relative) => relative,
            Err(_) => path,
        };
        path.display().to_string()
    }
}

/// Where a command writes. Standard output is for what was asked for, so that a pipe gets data and nothing else;
/// diagnostics and progress go to standard error.
pub struct Shell<'a> {
    output: &'a mut dyn Write,
    errors: &'a mut dyn Write,
    /// The place the command was called from.
    pub surroundings: Surroundings,
    /// Says only what is wrong.
    pub quiet: bool,
    /// Says more.
    pub verbose: bool,
    colour: ColorChoice,
}

impl<'a> Shell<'a> {
    /// A shell on two streams.
    #[must_use]
    pub fn new(output: &'a mut dyn Write, errors: &'a mut dyn Write, surroundings: Surroundings) -> Self {
        Self { output, errors, surroundings, quiet: false, verbose: false, colour: ColorChoice::Auto }
    }

    /// Takes over what the global flags say.
    pub(super) fn heed(&mut self, global: &Global) {
        (self.quiet, self.verbose, self.colour) = (global.quiet, global.verbose, global.color);
    }

    /// Whether standard error gets colours.
    #[must_use]
    pub fn is_coloured(&self) -> bool {
        match self.colour {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => self.surroundings.is_terminal && !self.surroundings.no_colour,
        }
    }

    /// Colours for diagnostics.
    #[must_use]
    pub fn colour(&self) -> Colour {
        if self.is_coloured() { Colour::Always } else { Colour::Never }
    }

    /// Gives what was asked for. That the reader of a pipe went away (`| head`) is no fault of anybody's.
    ///
    /// # Errors
    /// When standard output cannot be written.
    pub fn give(&mut self, text: &str) -> Result<(), Failure> {
        match self.output.write_all(text.as_bytes()).and_then(|()| self.output.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure::failed(format!("cannot write to standard output: {error}")))
            }
            _ => Ok(()),
        }
    }

    /// Writes to standard error as it is. When that is not possible there is nowhere left to say so.
    pub fn tell(&mut self, text: &str) {
        let _ = self.errors.write_all(text.as_bytes());
        let _ = self.errors.flush();
    }

    /// Says a line about what was done, unless the user wants quiet.
    pub fn say(&mut self, line: &str) {
        if !self.quiet {
            self.tell(&format!("{line}\n"));
        }
    }

    /// Says a line to users who want to know more.
    pub fn say_more(&mut self, line: &str) {
        if self.verbose {
            self.say(line);
        }
    }

    /// Says a line of help, in the form diagnostics have.
    pub fn tell_help(&mut self, line: &str) {
        let style = if self.is_coloured() { AnsiColor::BrightCyan.on_default().bold() } else { Default::default() };
        self.tell(&format!("{style}help{style:#}: {line}\n"));
    }

    /// Says what the user should know although the work was done.
    pub fn tell_warning(&mut self, line: &str) {
        let style = if self.is_coloured() { AnsiColor::BrightYellow.on_default().bold() } else { Default::default() };
        self.tell(&format!("{style}warning{style:#}: {line}\n"));
    }

    /// Says that another build works on the output folder, and which process that is.
    pub(super) fn tell_wait(&mut self, folder: &Path, process: Option<u32>) {
        let whose = process.map_or_else(String::new, |process| format!(" (process {process})"));
        let shown = self.surroundings.shown(folder);
        self.say(&format!("waiting for another build of `{shown}`{whose} to end"));
    }

    /// Says why a command could not do its work.
    pub fn tell_failure(&mut self, failure: &Failure) {
        let style = if self.is_coloured() { AnsiColor::BrightRed.on_default().bold() } else { Default::default() };
        self.tell(&format!("{style}error{style:#}: {}\n", failure.message));
        for help in &failure.help {
            self.tell_help(help);
        }
    }
}
