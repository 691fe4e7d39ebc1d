//! Finds a free port and the address people type.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

use super::Error;

/// The first port that is tried when none was asked for.
const FIRST_PORT: u16 = 1111;

/// How many ports are tried.
const TRIES: u16 = 10;

/// Open sockets, and the address under which they are reached from this computer.
#[derive(Debug)]
pub(super) struct Addresses {
    pub(super) listeners: Vec<TcpListener>,
    /// Ends in `/`.
    pub(super) url: String,
}

/// Opens `port` of `interface`, or the first free one.
pub(super) fn listen(interface: IpAddr, port: Option<u16>) -> Result<Addresses, Error> {
    let (first, tries) = match port {
        Some(port) => (port, 1),
        None => (FIRST_PORT, TRIES),
    };
    for candidate in first..=first.saturating_add(tries - 1) {
        let address = SocketAddr::new(interface, candidate);
        match open(address) {
            Ok(listeners) => {
                let port = listeners[0].local_addr().map_err(Error::System)?.port();
                return Ok(Addresses { listeners, url: url(interface, port) });
            }
            Err(error) if error.kind() != io::ErrorKind::AddrInUse => {
                return Err(Error::Listen { address, cause: error });
            }
            Err(_) if port.is_some() => return Err(Error::PortBusy(address)),
            Err(_) => {}
        }
    }
    Err(Error::PortsBusy { first, last: first + tries - 1 })
}

/// Never empty. Browsers may take `localhost` for [::1] or for 127.0.0.1, so a port counts as free only when it is on
/// both: otherwise a page of some other server could answer in our place.
fn open(address: SocketAddr) -> io::Result<Vec<TcpListener>> {
    let listener = TcpListener::bind(address)?;
    let port = listener.local_addr()?.port();
    let mut listeners = vec![listener];
    if address.ip() == IpAddr::V4(Ipv4Addr::LOCALHOST) {
        match TcpListener::bind((Ipv6Addr::LOCALHOST, port)) {
            Ok(listener) => listeners.push(listener),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && address.port() != 0 => return Err(error),
            // A system without IPv6.
            Err(_) => {}
        }
    }
    Ok(listeners)
}

fn url(interface: IpAddr, port: u16) -> String {
    let host = match interface {
        IpAddr::V4(address) if address.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(address) if address.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        address => address,
    };
    format!("http://{}/", SocketAddr::new(host, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCAL: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    #[test]
    fn a_port_that_was_asked_for_is_taken_or_refused() {
        let taken = TcpListener::bind((LOCAL, 0)).expect("there is a free port");
        let port = taken.local_addr().expect("it is bound").port();
        assert!(matches!(listen(LOCAL, Some(port)), Err(Error::PortBusy(address)) if address.port() == port));
        let any = listen(LOCAL, Some(0)).expect("there is a free port");
        assert!(!any.url.ends_with(":0/"), "{}", any.url);
    }

    #[test]
    fn a_busy_port_is_passed_over_when_none_was_asked_for() {
        let first = listen(LOCAL, None).expect("one of ten ports is free");
        let second = listen(LOCAL, None).expect("one of ten ports is free");
        assert_ne!(first.url, second.url);
    }

    #[test]
    fn addresses_are_written_as_browsers_want_them() {
        assert_eq!(url(LOCAL, 1111), "http://127.0.0.1:1111/");
        assert_eq!(url(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 1), "http://127.0.0.1:1/");
        assert_eq!(url(IpAddr::V6(Ipv6Addr::LOCALHOST), 1), "http://[::1]:1/");
    }
}
