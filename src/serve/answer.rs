//! Answers requests from memory.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::channel::Channel;
use http_body_util::{Either, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::timeout;

use super::events;
use super::gate::{Gate, OWN, Refusal};
use super::route::{self, Route};
use super::shown::{Shown, Version};

/// The script that every page gets while it is served, and that no built site contains. In a function, so that it shares
/// no name with the page's own scripts.
const LIVE: &str = concat!("(() => {\n'use strict';\n", include_str!("morph.js"), include_str!("live.js"), "})();\n");

/// What is shown while there is no site yet.
const NO_SITE: &str = "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>No site yet</title></head>\n\
    <body><p>The site appears here as soon as its errors are fixed.</p></body>\n</html>\n";

/// A client that has not sent its request after so long is cut off.
const HEAD_TIMEOUT: Duration = if cfg!(test) { Duration::from_secs(2) } else { Duration::from_secs(30) };

/// What such a client is told, in case it reads before it writes.
const TOO_SLOW: &[u8] = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// A client that was refused may still be sending. A connection that is closed meanwhile loses the refusal, so what comes
/// is read and dropped, up to so much and for so long.
const REFUSED_BYTES_MAX: usize = 4 * 1024 * 1024;
const REFUSED_TIME_MAX: Duration = Duration::from_secs(1);

/// A longer request head is refused.
const HEAD_BYTES_MAX: usize = 64 * 1024;

/// How long to wait when the system has no more file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

const PLAIN: &str = "text/plain; charset=utf-8";

type Body = Either<Full<Bytes>, Channel<Bytes>>;

/// Takes connections for ever.
pub(super) async fn accept(listener: TcpListener, gate: Gate, shown: watch::Receiver<Arc<Shown>>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(converse(stream, gate.clone(), shown.clone()));
            }
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
    }
}

async fn converse(stream: TcpStream, gate: Gate, shown: watch::Receiver<Arc<Shown>>) {
    // Small answers leave at once; where the system cannot, they are only later.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| answer(request, gate.clone(), shown.clone()));
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), service);
    // An error is a client that went away, was too slow or does not speak HTTP; hyper has told the last kind so.
    let Err(error) = (&mut connection).await else { return };
    let parts = connection.into_parts();
    let mut stream = parts.io.into_inner();
    // A connection that was kept open and is not used any more is not late with anything.
    let is_late = error.is_timeout() && !parts.read_buf.is_empty();
    if is_late && stream.write_all(TOO_SLOW).await.is_err() {
        return;
    }
    if is_late || error.is_parse() {
        let _ = timeout(REFUSED_TIME_MAX, drop_rest(stream)).await;
    }
}

/// Ends the answer and reads what the client still sends.
async fn drop_rest(mut stream: TcpStream) {
    if stream.shutdown().await.is_err() {
        return;
    }
    let (mut buffer, mut left) = ([0; 8192], REFUSED_BYTES_MAX);
    while let Ok(count @ 1..) = stream.read(&mut buffer).await {
        left = left.saturating_sub(count);
        if left == 0 {
            return;
        }
    }
}

async fn answer(
    request: Request<Incoming>,
    gate: Gate,
    mut shown: watch::Receiver<Arc<Shown>>,
) -> Result<Response<Body>, Infallible> {
    let (request, _) = request.into_parts();
    if let Err(refusal) = gate.admit(&request) {
        return Ok(refuse(refusal));
    }
    // Whoever comes before the first build has ended waits for it.
    let now = match shown.wait_for(|shown| shown.ready).await {
        Ok(now) => Arc::clone(&now),
        Err(_) => return Ok(text(StatusCode::SERVICE_UNAVAILABLE, "the server is stopping")),
    };
    let path = request.uri.path();
    if let Some(own) = path.strip_prefix(OWN) {
        return Ok(match own {
            "live.js" => whole(StatusCode::OK, "text/javascript; charset=utf-8", Bytes::from_static(LIVE.as_bytes())),
            "events" => dressed(StatusCode::OK, "text/event-stream", Either::Right(events::stream(shown))),
            _ => text(StatusCode::NOT_FOUND, "not found"),
        });
    }
    Ok(page(&now, path, request.uri.query()))
}

/// A file of the site, or its own page for what does not exist.
fn page(shown: &Shown, path: &str, query: Option<&str>) -> Response<Body> {
    let Some(site) = &shown.site else {
        let bytes = with_script(NO_SITE.as_bytes(), shown.version, "");
        return whole(StatusCode::SERVICE_UNAVAILABLE, "text/html; charset=utf-8", bytes);
    };
    match route::find(site, &shown.base_path, path) {
        Route::File(path, bytes, media_type) => file(StatusCode::OK, bytes, media_type, shown, &path),
        Route::Redirect(to) => redirect(to, query),
        Route::Missing => match site.get("404.html") {
            Some((bytes, media_type)) => file(StatusCode::NOT_FOUND, bytes, media_type, shown, "404.html"),
            None => text(StatusCode::NOT_FOUND, "not found"),
        },
    }
}

fn file(status: StatusCode, bytes: &Arc<[u8]>, media_type: &'static str, shown: &Shown, path: &str) -> Response<Body> {
    let bytes = match media_type.starts_with("text/html") && !leads_elsewhere(bytes) {
        true => with_script(bytes, shown.version, &shown.address_of(path)),
        false => Bytes::from_owner(Arc::clone(bytes)),
    };
    whole(status, media_type, bytes)
}

/// Pages that only lead to another one allow no scripts at all.
fn leads_elsewhere(page: &[u8]) -> bool {
    const SIGN: &[u8] = b"http-equiv=\"refresh\"";
    let head = &page[..page.len().min(2048)];
    head.windows(SIGN.len()).any(|part| part.eq_ignore_ascii_case(SIGN))
}

/// Puts the live script at the end of a page, with what it has to know: the version of the site and the file that the
/// page was made from. It is a file of this origin, so the page's own policy allows it.
fn with_script(page: &[u8], version: Version, file: &str) -> Bytes {
    const END: &[u8] = b"</body>";
    let at = page.windows(END.len()).rposition(|part| part.eq_ignore_ascii_case(END)).unwrap_or(page.len());
    let file = file.replace('&', "&amp;").replace('"', "&quot;");
    let script = format!("<script src=\"{OWN}live.js\" data-version=\"{version}\" data-file=\"{file}\"></script>\n");
    [&page[..at], script.as_bytes(), &page[at..]].concat().into()
}

fn redirect(mut to: String, query: Option<&str>) -> Response<Body> {
    if let Some(query) = query {
        to.push('?');
        to.push_str(query);
    }
    // Found, and not moved for ever: another project may be served here tomorrow.
    let mut response = text(StatusCode::FOUND, "moved");
    if let Ok(to) = HeaderValue::from_str(&to) {
        response.headers_mut().insert(header::LOCATION, to);
    }
    response
}

fn refuse(refusal: Refusal) -> Response<Body> {
    let mut response = text(refusal.status, refusal.reason);
    if refusal.status == StatusCode::METHOD_NOT_ALLOWED {
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
    }
    response
}

fn text(status: StatusCode, text: &'static str) -> Response<Body> {
    whole(status, PLAIN, Bytes::from_static(text.as_bytes()))
}

fn whole(status: StatusCode, media_type: &'static str, bytes: Bytes) -> Response<Body> {
    dressed(status, media_type, Either::Left(Full::new(bytes)))
}

/// A response with the headers that all of them carry: no other site may embed or read it, no browser may guess its
/// type or keep it.
fn dressed(status: StatusCode, media_type: &'static str, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_stands_before_the_last_end_of_the_body() {
        let version = Version { run: 10, site: 2 };
        let script =
            "<script src=\"/__fingerpost/live.js\" data-version=\"a-2\" data-file=\"/&quot;&amp;.html\"></script>\n";
        for (page, before, after) in [
            ("<body>a</body></html>", "<body>a", "</body></html>"),
            ("<p>&lt;/body></BODY>\n", "<p>&lt;/body>", "</BODY>\n"),
            ("<pre></body></pre>b</body>", "<pre></body></pre>b", "</body>"),
            ("<p>no end", "<p>no end", ""),
            ("", "", ""),
        ] {
            assert_eq!(
                with_script(page.as_bytes(), version, "/\"&.html"),
                format!("{before}{script}{after}"),
                "{page}"
            );
        }
    }

    #[test]
    fn a_page_that_leads_elsewhere_is_left_as_it_is() {
        assert!(leads_elsewhere(b"<meta http-equiv=\"refresh\" content=\"0; url=../\">"));
        assert!(!leads_elsewhere(b"<meta http-equiv=\"Content-Security-Policy\">"));
    }
}
