//! `serve`: shows the site while it is being written.

use std::net::{IpAddr, Ipv4Addr};

use clap::Args;

use super::options::Overriding;
use super::project::Project;
use super::{Failure, Global, Shell, Status};
use crate::serve;

/// Show the site in a browser and follow every save
#[derive(Debug, Args)]
#[command(after_help = "Example: fingerpost serve --open --drafts")]
pub(super) struct Arguments {
    /// The port [default: 1111, or the next that is free]
    #[arg(short, long)]
    port: Option<u16>,
    /// The address to listen on; any but the default lets other machines see the site
    #[arg(short, long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    interface: IpAddr,
    /// Open the site in the browser
    #[arg(short = 'O', long)]
    open: bool,
    /// Look for changes once a second, where the system does not tell of them
    #[arg(long)]
    poll: bool,
    #[command(flatten)]
    overriding: Overriding,
}

pub(super) fn run(arguments: Arguments, global: &Global, shell: &mut Shell<'_>) -> Result<Status, Failure> {
    let project = Project::find(global, &shell.surroundings)?;
    let options = serve::Options {
        root: project.root,
        config: project.config,
        overrides: arguments.overriding.overrides(&shell.surroundings)?,
        port: arguments.port,
        interface: arguments.interface,
        open: arguments.open,
        poll: arguments.poll,
        quiet: shell.quiet,
        colour: shell.colour(),
    };
    match serve::run(options) {
        Ok(()) => Ok(Status::Clean),
        Err(error) => Err(Failure::failed(error.to_string())),
    }
}
