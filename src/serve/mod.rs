//! The development server: the site from memory, built again on every save, and the page in the browser reloaded.
//!
//! Network clients are not trusted; the project's own files are. Nothing is ever opened because of an address: an answer
//! is either in the map of the last good build or it does not exist. Nothing is written to the disk.

mod address;
mod answer;
mod console;
mod events;
mod gate;
mod rebuild;
mod route;
mod shown;
#[cfg(test)]
mod tests;

use std::fmt;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use tokio::sync::{Notify, watch};

use crate::config::Overrides;
use crate::diag::Colour;
use crate::files::{Stopper, Tree, Watch};
use crate::memo::Memo;
use crate::output::{MemorySink, MemorySite};
use crate::pipeline::{self, Nobody};

use address::Addresses;
use console::Console;
use gate::Gate;
use rebuild::{Builder, Built, Pass, Workshop};
use shown::Shown;

/// What to serve, and where.
#[derive(Debug, Clone)]
pub struct Options {
    /// The project's folder.
    pub root: PathBuf,
    /// Its configuration file.
    pub config: PathBuf,
    /// What the command line says on top of it. Without a `base_url` of its own the site is built for the local address,
    /// and so served from `/` wherever it will be published.
    pub overrides: Overrides,
    /// The port; `None` takes the first free one from 1111 to 1120, `Some(0)` any free one.
    pub port: Option<u16>,
    /// The address to listen on. With 127.0.0.1 the server listens on `::1` too, where there is one.
    pub interface: IpAddr,
    /// Names, without ports, by which the server may be asked besides `localhost`: of a proxy in front of it, say.
    pub allowed_hosts: Vec<String>,
    /// Opens the site in the browser once it is built.
    pub open: bool,
    /// Looks files over once a second and does not ask the system for events.
    pub poll: bool,
    /// Says nothing but faults.
    pub quiet: bool,
    /// Whether faults may be shown in colour.
    pub colour: Colour,
}

/// Why the server could not start.
#[derive(Debug)]
pub enum Error {
    /// The port that was asked for is taken.
    PortBusy(SocketAddr),
    /// All ports that are tried without being asked for are taken.
    PortsBusy {
        /// The first of them.
        first: u16,
        /// The last of them.
        last: u16,
    },
    /// The system refuses the address.
    Listen {
        /// The address.
        address: SocketAddr,
        /// Its reason.
        cause: io::Error,
    },
    /// The project cannot be read.
    Project {
        /// Its folder.
        root: PathBuf,
        /// The system's reason.
        cause: io::Error,
    },
    /// The system gives no threads, timers or sockets.
    System(io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PortBusy(address) => {
                write!(formatter, "port {} is in use: choose another with `--port`", address.port())
            }
            Self::PortsBusy { first, last } => {
                write!(formatter, "ports {first} to {last} are all in use: choose another with `--port`")
            }
            Self::Listen { address, cause } => write!(formatter, "cannot listen on {address}: {cause}"),
            Self::Project { root, cause } => write!(formatter, "cannot read `{}`: {cause}", root.display()),
            Self::System(cause) => write!(formatter, "cannot start the server: {cause}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::PortBusy(_) | Self::PortsBusy { .. } => None,
            Self::Listen { cause, .. } | Self::Project { cause, .. } | Self::System(cause) => Some(cause),
        }
    }
}

/// Serves a project until the process is asked to stop (Ctrl-C, or SIGTERM).
///
/// # Errors
/// When the server cannot start. Faults of the site are shown in the terminal and in the browser, and served on.
pub fn run(mut options: Options) -> Result<(), Error> {
    let addresses = address::listen(options.interface, options.port)?;
    options.overrides.base_url.get_or_insert_with(|| addresses.url.clone());
    let builder = site_builder(options.overrides.clone());
    let console = Console::new(options.quiet, options.colour);
    Server::start(options, addresses, builder, console)?.serve(asked_to_stop())
}

/// Builds the site into memory, with a memo that lasts as long as the builder.
fn site_builder(mut overrides: Overrides) -> Builder {
    // Nothing is kept by the browser, and an edit of the style then changes no page. Who asks for the worker gets the site
    // as it will be published.
    overrides.plain_asset_names = overrides.never_offline;
    let mut kept = Memo::new();
    let mut last = MemorySite::default();
    Box::new(move |files, faults, pass| {
        overrides.lists_later = pass == Pass::Pages;
        // A build that panics does not give its memo back: the next one starts with a clean one.
        let mut memo = std::mem::take(&mut kept);
        let sink = MemorySink::after(&last);
        let outcome = pipeline::build(files, &overrides, faults, &mut memo, &sink, &Nobody);
        kept = memo;
        let site = sink.into_site();
        if !outcome.has_errors() {
            last = site.clone();
        }
        Built { site, outcome }
    })
}

/// A server whose builds have begun and whose sockets are open.
struct Server {
    listeners: Vec<TcpListener>,
    gate: Gate,
    shown: watch::Receiver<Arc<Shown>>,
    stopper: Stopper,
}

impl Server {
    fn start(options: Options, addresses: Addresses, builder: Builder, console: Console) -> Result<Self, Error> {
        let gate = Gate { interface: options.interface, allowed: options.allowed_hosts.into() };
        if gate.is_open_to_others() {
            console.warn("everyone in your network can read this site while it is served");
        }
        let unreadable = |cause| Error::Project { root: options.root.clone(), cause };
        // Watching begins before reading, so that no save falls between the two.
        let (watch, notice) = Watch::start(&options.root, &options.config, options.poll).map_err(unreadable)?;
        if let Some(notice) = notice {
            console.warn(&notice);
        }
        let tree = Tree::load(&options.root, &options.config).map_err(unreadable)?;
        let stopper = watch.stopper();
        let (board, shown) = watch::channel(Arc::new(Shown::nothing_yet()));
        let (url, open, found) = (addresses.url, options.open, Vec::new());
        let workshop = Workshop { tree, builder, board, console, url, open, found, owes_search: false };
        thread::Builder::new().name("build".to_owned()).spawn(move || workshop.run(watch)).map_err(Error::System)?;
        Ok(Self { listeners: addresses.listeners, gate, shown, stopper })
    }

    /// Answers until `stop` is done. Open connections are cut and a build under way is not waited for: there is nothing
    /// that either could lose.
    fn serve(self, stop: impl Future<Output = ()>) -> Result<(), Error> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::System)?;
        let served = runtime.block_on(async {
            for listener in self.listeners {
                listener.set_nonblocking(true)?;
                let listener = tokio::net::TcpListener::from_std(listener)?;
                tokio::spawn(answer::accept(listener, self.gate.clone(), self.shown.clone()));
            }
            stop.await;
            Ok(())
        });
        self.stopper.stop();
        served.map_err(Error::System)
    }
}

/// Done at the first Ctrl-C or SIGTERM.
async fn asked_to_stop() {
    let asked = Arc::new(Notify::new());
    let interrupted = asked.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            interrupted.notify_one();
        }
    });
    #[cfg(unix)]
    if let Ok(mut terminations) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        let terminated = asked.clone();
        tokio::spawn(async move {
            if terminations.recv().await.is_some() {
                terminated.notify_one();
            }
        });
    }
    asked.notified().await;
}
