//! Who may ask: this computer's own browser, for pages of this server, and nobody else.
//!
//! A page of the open web can make a browser ask us too. It is refused by the name it used for us (DNS rebinding) and by
//! what browsers tell of the asking page (`Sec-Fetch-*`, `Origin`).

use std::net::IpAddr;
use std::sync::Arc;

use hyper::header::{HOST, HeaderMap, ORIGIN};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};

/// The paths that are the server's own and never the site's.
pub(super) const OWN: &str = "/__fingerpost/";

/// Lets requests in or tells why not.
#[derive(Debug, Clone)]
pub(super) struct Gate {
    /// The address that the server listens on.
    pub(super) interface: IpAddr,
    /// Names besides `localhost`, without ports, that the person who serves has vouched for.
    pub(super) allowed: Arc<[String]>,
}

/// A request that is not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) reason: &'static str,
}

impl Gate {
    /// Whether other computers reach this server.
    pub(super) fn is_open_to_others(&self) -> bool {
        !self.interface.is_loopback()
    }

    /// Refuses what is not a plain request from a page of this server or from the person at the browser.
    pub(super) fn admit(&self, request: &Parts) -> Result<(), Refusal> {
        if request.method != Method::GET && request.method != Method::HEAD {
            return Err(Refusal { status: StatusCode::METHOD_NOT_ALLOWED, reason: "only GET and HEAD are answered" });
        }
        let host = only(&request.headers, HOST.as_str());
        // An absolute request target overrides Host (RFC 9112, 3.2.2).
        let named = request.uri.authority().map(|authority| authority.as_str());
        let known = |host: &str| self.knows(host);
        if !host.is_some_and(known) || !named.is_none_or(known) {
            return Err(Refusal {
                status: StatusCode::MISDIRECTED_REQUEST,
                reason: "this server answers to `localhost` only (`--allow-host` adds a name)",
            });
        }
        if !is_same_origin(&request.headers, host.unwrap_or_default()) {
            let reason = "this server does not answer to pages of other sites";
            return Err(Refusal { status: StatusCode::FORBIDDEN, reason });
        }
        Ok(())
    }

    /// Whether a `Host` names this computer. Names other than `localhost` never do: whoever owns a name can make it lead
    /// here, unless it is a name that was vouched for. Addresses cannot be made to, so the address that the server listens
    /// on is known as well.
    fn knows(&self, host: &str) -> bool {
        let Some(name) = without_port(host) else { return false };
        let is_allowed = self.allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(name));
        if name.eq_ignore_ascii_case("localhost") || is_below_localhost(name) || is_allowed {
            return true;
        }
        let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
        let address = match bare {
            Some(bare) => bare.parse().map(IpAddr::V6),
            None => name.parse().map(IpAddr::V4),
        };
        address.is_ok_and(|address| {
            address.is_loopback()
                || address == self.interface
                || self.interface.is_unspecified() && !address.is_unspecified()
        })
    }
}

/// A header that stands there exactly once and is text.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(first)
}

fn without_port(host: &str) -> Option<&str> {
    let name_end = match host.strip_prefix('[') {
        Some(_) => host.find(']')? + 1,
        None => host.find(':').unwrap_or(host.len()),
    };
    let (name, port) = host.split_at(name_end);
    let is_port = match port.strip_prefix(':') {
        Some(digits) => (1..=5).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()),
        None => port.is_empty(),
    };
    is_port.then_some(name)
}

/// `guide.localhost`: browsers resolve every such name to this computer themselves (RFC 6761, 6.3).
fn is_below_localhost(name: &str) -> bool {
    let ending = ".localhost";
    let Some(at) = name.len().checked_sub(ending.len()).filter(|at| name.is_char_boundary(*at)) else { return false };
    let (labels, end) = name.split_at(at);
    end.eq_ignore_ascii_case(ending)
        && labels
            .split('.')
            .all(|label| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
}

/// Whether a page of this server asks, or no page at all: an address typed or a link followed, which shows what it gets
/// to the person and to no script.
fn is_same_origin(headers: &HeaderMap, host: &str) -> bool {
    if headers.contains_key(ORIGIN) {
        let origin = only(headers, ORIGIN.as_str()).unwrap_or_default();
        let origin_host = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
        if !origin_host.is_some_and(|origin_host| origin_host.eq_ignore_ascii_case(host)) {
            return false;
        }
    }
    if !headers.contains_key("sec-fetch-site") {
        return true; // Not a browser, or an old one.
    }
    match only(headers, "sec-fetch-site") {
        Some("same-origin" | "none") => true,
        Some(_) => {
            only(headers, "sec-fetch-mode") == Some("navigate") && only(headers, "sec-fetch-dest") == Some("document")
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use hyper::Request;

    use super::*;

    fn local() -> Gate {
        on(Ipv4Addr::LOCALHOST)
    }

    fn on(interface: Ipv4Addr) -> Gate {
        Gate { interface: IpAddr::V4(interface), allowed: Arc::from([]) }
    }

    fn status(gate: &Gate, method: &str, target: &str, headers: &[(&str, &[u8])]) -> u16 {
        let mut request = Request::builder().method(method).uri(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).expect("the request is well-formed").into_parts();
        gate.admit(&parts).map_or_else(|refusal| refusal.status.as_u16(), |()| 200)
    }

    fn knows(gate: &Gate, host: &str) -> bool {
        status(gate, "GET", "/", &[("host", host.as_bytes())]) == 200
    }

    #[test]
    fn only_names_of_this_computer_are_known() {
        let known = [
            "localhost",
            "LOCALHOST",
            "localhost:1111",
            "guide.localhost",
            "a.b-c.localhost:80",
            "127.0.0.1",
            "127.0.0.1:1111",
            "127.1.2.3:9",
            "[::1]",
            "[::1]:1111",
            "[0:0:0:0:0:0:0:1]:1",
        ];
        for host in known {
            assert!(knows(&local(), host), "{host}");
        }
        let strange = [
            "",
            ":",
            ":80",
            "evil.example",
            "evil.example:1111",
            "localhost.evil.example",
            "evillocalhost",
            ".localhost",
            "a..localhost",
            "a/.localhost",
            "localhost:",
            "localhost:x",
            "localhost:123456",
            "localhost:80:80",
            "localhost.",
            "127.0.0.1.evil.example",
            "127.0.0.1.",
            "0.0.0.0",
            "0x7f.0.0.1",
            "2130706433",
            "127.1",
            "192.168.1.5",
            "::1",
            "[::1",
            "[::1]x",
            "[::2]",
            "[::]",
            "[localhost]",
            "[127.0.0.1]",
            "user@localhost",
            "localhost ",
            " localhost",
            "localhost,evil.example",
            "ｌocalhost",
            "%6cocalhost",
            "[::ffff:127.0.0.1]",
        ];
        for host in strange {
            assert!(!knows(&local(), host), "{host}");
        }
    }

    #[test]
    fn an_address_is_known_when_the_server_listens_on_it() {
        let home = on(Ipv4Addr::new(192, 168, 1, 5));
        assert!(knows(&home, "192.168.1.5:1111"));
        assert!(!knows(&home, "192.168.1.6:1111"));
        assert!(!knows(&home, "evil.example"));
        let all = on(Ipv4Addr::UNSPECIFIED);
        assert!(knows(&all, "192.168.1.6:1111"));
        assert!(!knows(&all, "evil.example"));
    }

    #[test]
    fn a_name_is_known_when_it_was_vouched_for() {
        let gate = Gate { allowed: Arc::from(["guide.home.arpa".to_owned()]), ..local() };
        assert!(knows(&gate, "guide.home.arpa") && knows(&gate, "Guide.Home.Arpa:1111") && knows(&gate, "localhost"));
        for host in
            ["home.arpa", "x.guide.home.arpa", "guide.home.arpa.evil.example", "guide.home.arpa.", "evil.example"]
        {
            assert!(!knows(&gate, host), "{host}");
        }
    }

    #[test]
    fn a_malformed_or_missing_or_second_host_is_refused() {
        assert_eq!(status(&local(), "GET", "/", &[]), 421);
        assert_eq!(status(&local(), "GET", "/", &[("host", b"localhost"), ("host", b"localhost")]), 421);
        assert_eq!(status(&local(), "GET", "/", &[("host", b"\xff\xfe")]), 421);
        assert_eq!(status(&local(), "GET", "http://evil.example/", &[("host", b"localhost")]), 421);
        assert_eq!(status(&local(), "GET", "http://localhost/", &[("host", b"localhost")]), 200);
    }

    #[test]
    fn only_get_and_head_are_answered() {
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "PROPFIND", "get"] {
            let target = if method == "CONNECT" { "localhost:80" } else { "/" };
            assert_eq!(status(&local(), method, target, &[("host", b"localhost")]), 405, "{method}");
        }
        assert_eq!(status(&local(), "HEAD", "/", &[("host", b"localhost")]), 200);
    }

    #[test]
    fn pages_of_other_sites_are_refused_unless_someone_follows_their_link() {
        let host: (&str, &[u8]) = ("host", b"localhost:1111");
        for target in ["/", "/assets/a.js", "/data.json", "/__fingerpost/events", "/__fingerpost/live.js"] {
            for (site, mode, destination, expected) in [
                ("same-origin", "no-cors", "script", 200),
                ("same-origin", "cors", "empty", 200),
                ("none", "navigate", "document", 200),
                ("cross-site", "navigate", "document", 200),
                ("same-site", "navigate", "document", 200),
                ("cross-site", "navigate", "iframe", 403),
                ("cross-site", "no-cors", "script", 403),
                ("cross-site", "no-cors", "image", 403),
                ("cross-site", "cors", "empty", 403),
                ("same-site", "no-cors", "script", 403),
                ("same-site", "cors", "empty", 403),
                ("something-new", "cors", "empty", 403),
                ("", "", "", 403),
            ] {
                let headers = [
                    host,
                    ("sec-fetch-site", site.as_bytes()),
                    ("sec-fetch-mode", mode.as_bytes()),
                    ("sec-fetch-dest", destination.as_bytes()),
                ];
                assert_eq!(status(&local(), "GET", target, &headers), expected, "{target} {site} {mode} {destination}");
            }
            for (origin, expected) in [
                ("http://localhost:1111", 200),
                ("http://LOCALHOST:1111", 200),
                ("http://localhost:3000", 403),
                ("http://127.0.0.1:1111", 403),
                ("https://evil.example", 403),
                ("http://localhost:1111.evil.example", 403),
                ("null", 403),
                ("", 403),
                ("http://[", 403),
            ] {
                let headers = [host, ("origin", origin.as_bytes())];
                assert_eq!(status(&local(), "GET", target, &headers), expected, "{target} {origin}");
            }
            assert_eq!(status(&local(), "GET", target, &[host, ("origin", b"\xff")]), 403);
        }
    }
}
