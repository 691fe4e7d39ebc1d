//! `serve`: shows the site while it is being written.

use std::net::{IpAddr, Ipv4Addr};

use clap::Args;

use super::options::Overriding;
use super::project::Project;
use super::{Failure, Global, Shell, Status};
use crate::config::Overrides;
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
    /// Answer to this name too, besides localhost; for a proxy or a tunnel in front of the server
    #[arg(long = "allow-host", value_name = "NAME", value_parser = host_name)]
    allowed_hosts: Vec<String>,
    /// Open the site in the browser
    #[arg(short = 'O', long)]
    open: bool,
    /// Look for changes once a second, where the system does not tell of them
    #[arg(long)]
    poll: bool,
    /// Let the browser keep pages for reading without a connection, as the published site does
    #[arg(long)]
    offline: bool,
    #[command(flatten)]
    overriding: Overriding,
}

pub(super) fn run(arguments: Arguments, global: &Global, shell: &mut Shell<'_>) -> Result<Status, Failure> {
    let project = Project::find(global, &shell.surroundings)?;
    let overrides = arguments.overriding.overrides(&shell.surroundings)?;
    let options = serve::Options {
        root: project.root,
        config: project.config,
        overrides: Overrides { never_offline: !arguments.offline, ..overrides },
        port: arguments.port,
        interface: arguments.interface,
        allowed_hosts: arguments.allowed_hosts,
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

/// A name of a computer, as it stands in an address: without scheme, port or path.
fn host_name(text: &str) -> Result<String, String> {
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    match text.split('.').all(is_label) {
        true => Ok(text.to_owned()),
        false => Err("write a name alone, such as `guide.home.arpa`: no scheme, no port, no path, no `*`".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_and_nothing_else() {
        for name in ["guide.home.arpa", "my_box", "a-b.example"] {
            assert_eq!(host_name(name).as_deref(), Ok(name));
        }
        for text in ["", "http://a", "a:80", "a/b", "*", "*.a", "a.", ".a", "a b", "b\u{fc}ro.example"] {
            assert!(host_name(text).is_err(), "{text}");
        }
    }
}
