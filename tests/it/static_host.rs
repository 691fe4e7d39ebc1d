//! A host of built files, as people use one: what it holds can be replaced, and it can go away.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

type Files = BTreeMap<String, Vec<u8>>;

/// A running host. Its thread ends with the test.
pub(crate) struct StaticHost {
    address: String,
    files: Arc<Mutex<Option<Arc<Files>>>>,
}

impl StaticHost {
    /// Starts at a free port of this machine.
    pub(crate) fn start(files: Files) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let address = format!("http://{}/", listener.local_addr().expect("a listener has an address"));
        let files = Arc::new(Mutex::new(Some(Arc::new(files))));
        let shared = files.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let files = shared.lock().expect("no thread panicked with the files").clone();
                // Gone: the connection ends without a word.
                let Some(files) = files else { continue };
                thread::spawn(move || answer(stream, &files));
            }
        });
        Self { address, files }
    }

    /// The address of a path without its leading slash.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// Publishes other files, or nothing at all: then nobody answers.
    pub(crate) fn publish(&self, files: Option<Files>) {
        *self.files.lock().expect("no thread panicked with the files") = files.map(Arc::new);
    }
}

fn answer(mut stream: TcpStream, files: &Files) {
    let mut reader = BufReader::new(stream.try_clone().expect("a stream can be read and written"));
    let mut line = String::new();
    let mut first = String::new();
    while reader.read_line(&mut line).is_ok_and(|bytes| bytes > 2) {
        if first.is_empty() {
            first.clone_from(&line);
        }
        line.clear();
    }
    let path = first.split(' ').nth(1).unwrap_or("/").trim_start_matches('/');
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let name = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
    let (status, name) =
        if files.contains_key(&name) { ("200 OK", name) } else { ("404 Not Found", "404.html".to_owned()) };
    let body = files.get(&name).map_or(&b""[..], Vec::as_slice);
    let kind = match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript",
        "css" => "text/css",
        "svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };
    // Whoever went away meanwhile misses nothing.
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: no-cache\r\nConnection: close\r\n\r\n",
        body.len()
    )
    .and_then(|()| stream.write_all(body));
}
