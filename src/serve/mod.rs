//! Shows the site while it is being written.

use std::net::IpAddr;
use std::path::PathBuf;

use crate::config::Overrides;
use crate::diag::Colour;

/// What `serve` is asked to do.
#[derive(Debug, Clone)]
pub struct Options {
    /// The project.
    pub root: PathBuf,
    /// Its configuration file.
    pub config: PathBuf,
    /// What the command line says on top.
    pub overrides: Overrides,
    /// The port asked for.
    pub port: Option<u16>,
    /// The address to listen on.
    pub interface: IpAddr,
    /// Opens a browser.
    pub open: bool,
    /// Looks for changes once a second.
    pub poll: bool,
    /// Says nothing but faults.
    pub quiet: bool,
    /// Whether text may carry colours.
    pub colour: Colour,
}

/// Serves until interrupted.
///
/// # Errors
/// When it cannot start.
pub fn run(options: Options) -> Result<(), std::io::Error> {
    let _ = options;
    Err(std::io::Error::other("this build has no server yet"))
}
