//! The whole server over real sockets: requests, saves, reloads, faults and their repair.

use std::io::{Read, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpStream};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::*;
use crate::diag::{Code, Diagnostic, Severity};
use crate::files::scratch::Folder;
use crate::pipeline::{Counts, Outcome, Sink};

const CONFIG: &str = "title = 'A site'\nbase_url = 'https://example.org/guide/'\n";

/// A running server over a project of its own.
struct Running {
    folder: Folder,
    port: u16,
    said: mpsc::Receiver<String>,
    stop: Option<oneshot::Sender<()>>,
    ended: mpsc::Receiver<()>,
}

impl Running {
    fn start(files: &[(&str, &str)], builder: Builder) -> Self {
        let folder = Folder::new();
        folder.write("site.toml", CONFIG);
        for (path, text) in files {
            folder.write(path, text);
        }
        let interface = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let addresses = address::listen(interface, Some(0)).expect("there is a free port");
        let port = addresses.listeners[0].local_addr().expect("it is bound").port();
        let options = Options {
            root: folder.path().to_path_buf(),
            config: folder.path().join("site.toml"),
            overrides: Overrides::default(),
            port: Some(0),
            interface,
            allowed_hosts: Vec::new(),
            open: false,
            poll: false,
            quiet: false,
            colour: Colour::Never,
        };
        let (writer, said) = mpsc::channel();
        let console = Console::to(Said(writer), false, Colour::Never);
        let server = Server::start(options, addresses, builder, console).expect("it starts");
        let (stop, asked) = oneshot::channel::<()>();
        let (end, ended) = mpsc::channel();
        thread::spawn(move || {
            server.serve(async { drop(asked.await) }).expect("it serves");
            drop(end);
        });
        Self { folder, port, said, stop: Some(stop), ended }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a timeout can be set");
        stream
    }

    /// Sends bytes as they are and reads until the server closes.
    fn raw(&self, request: &[u8]) -> String {
        let mut stream = self.connect();
        stream.write_all(request).expect("it takes the request");
        let mut response = Vec::new();
        // A reset after an answer is as good as an end.
        let _ = stream.read_to_end(&mut response);
        String::from_utf8_lossy(&response).into_owned()
    }

    fn get(&self, path: &str) -> String {
        self.raw(
            format!("GET {path} HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n\r\n", self.port).as_bytes(),
        )
    }

    /// Waits until the terminal shows something with `part` in it.
    fn says(&self, part: &str) {
        loop {
            let text = self.said.recv_timeout(Duration::from_secs(10)).expect("it is said");
            if text.contains(part) {
                return;
            }
        }
    }

    fn events(&self) -> Events {
        let mut stream = self.connect();
        let request = format!("GET /__fingerpost/events HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", self.port);
        stream.write_all(request.as_bytes()).expect("it takes the request");
        Events { stream, read: String::new() }
    }
}

/// Hands on what the server says in the terminal.
struct Said(mpsc::Sender<String>);

impl std::io::Write for Said {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let _ = self.0.send(String::from_utf8_lossy(bytes).into_owned());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let asked = Instant::now();
        drop(self.stop.take());
        let _ = self.ended.recv_timeout(Duration::from_secs(5));
        if !thread::panicking() {
            assert!(asked.elapsed() < Duration::from_millis(500), "it stops in half a second");
        }
    }
}

/// One stream of server-sent events.
struct Events {
    stream: TcpStream,
    read: String,
}

impl Events {
    /// The next state that was told.
    fn next(&mut self) -> serde_json::Value {
        let mut buffer = [0; 4096];
        loop {
            if let Some(start) = self.read.find("data: ")
                && let Some(length) = self.read[start..].find("\n\n")
            {
                let state = serde_json::from_str(&self.read[start + 6..start + length]).expect("it is JSON");
                self.read.drain(..start + length);
                return state;
            }
            let count = self.stream.read(&mut buffer).expect("an event comes");
            assert_ne!(count, 0, "the stream goes on");
            self.read.push_str(&String::from_utf8_lossy(&buffer[..count]));
        }
    }

    /// Whether nothing is told for a while.
    fn is_silent(&mut self) -> bool {
        self.stream.set_read_timeout(Some(Duration::from_millis(400))).expect("a timeout can be set");
        let silent = self.stream.read(&mut [0; 64]).is_err();
        self.stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a timeout can be set");
        silent
    }
}

/// Publishes `content/<name>.html` as it is: the server's tests depend on no theme. A page that says `fault` is an error,
/// one that says `doubt` a warning, one that says `panic` our bug.
fn plain_builder() -> Builder {
    Box::new(|files, mut diagnostics| {
        let sink = MemorySink::new();
        let mut counts = Counts::default();
        for (path, source) in files.under("content/") {
            let text = source.text().expect("the tests write UTF-8");
            assert!(!text.contains("panic"), "a panic in {path}");
            if let Some(at) = text.find("fault") {
                diagnostics.push(Diagnostic::at(
                    Code::LinkBroken,
                    path,
                    (at..at + 5).into(),
                    "there is a `fault` & <b>",
                ));
            }
            if let Some(at) = text.find("doubt") {
                diagnostics.push(Diagnostic::at(Code::PageOrphan, path, (at..at + 5).into(), "there is a `doubt`"));
            }
            sink.put(path.as_str().trim_start_matches("content/"), source.bytes.clone());
            counts.pages += 1;
        }
        counts.errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
        let outcome = Outcome { diagnostics, counts, output_dir: "public".to_owned(), base_path: "/".to_owned() };
        Built { site: sink.into_site(), outcome }
    })
}

const SITE: [(&str, &str); 4] = [
    ("content/index.html", "<html><body>home</body></html>"),
    ("content/roles/producer/index.html", "<html><body>producer</body></html>"),
    ("content/404.html", "<html><body>nothing here</body></html>"),
    ("content/assets/site.css", "p { margin: 0 }"),
];

#[test]
fn pages_files_redirects_and_what_is_missing_are_answered_from_memory() {
    let server = Running::start(&SITE, plain_builder());
    let home = server.get("/");
    assert!(home.starts_with("HTTP/1.1 200 OK\r\n"), "{home}");
    assert!(home.contains("<body>home<script src=\"/__fingerpost/live.js\" data-version=\""), "{home}");
    for header in [
        "content-type: text/html; charset=utf-8",
        "cache-control: no-store",
        "x-content-type-options: nosniff",
        "cross-origin-resource-policy: same-origin",
    ] {
        assert!(home.contains(header), "{header} is not in {home}");
    }
    assert!(!home.to_lowercase().contains("access-control"), "{home}");

    let style = server.get("/assets/site.css?x=1");
    assert!(style.contains("text/css") && style.ends_with("\r\n\r\np { margin: 0 }"), "{style}");
    let moved = server.get("/roles/producer?a=b");
    assert!(
        moved.starts_with("HTTP/1.1 302 Found\r\n") && moved.contains("location: /roles/producer/?a=b\r\n"),
        "{moved}"
    );
    let missing = server.get("/nowhere/");
    assert!(missing.starts_with("HTTP/1.1 404 Not Found\r\n") && missing.contains("nothing here<script"), "{missing}");
    let script = server.get("/__fingerpost/live.js");
    assert!(script.contains("text/javascript") && script.contains("EventSource"), "{script}");

    let head = server.raw(b"HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    let length = format!("content-length: {}\r\n", home.split_once("\r\n\r\n").expect("it has a head").1.len());
    assert!(head.contains(&length) && head.ends_with("\r\n\r\n"), "{head}");
}

#[test]
fn strange_requests_get_refusals_and_leave_the_server_up() {
    let server = Running::start(&SITE, plain_builder());
    for (request, status) in [
        ("POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", "405"),
        ("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", "421"),
        ("GET / HTTP/1.1\r\nConnection: close\r\n\r\n", "421"),
        ("GET /__fingerpost/events HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", "421"),
        (
            "GET /__fingerpost/live.js HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: cross-site\r\nConnection: close\r\n\r\n",
            "403",
        ),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nOrigin: http://[\r\nConnection: close\r\n\r\n", "403"),
        ("GET / HTTP/1.1\r\nHost: \u{1}\r\nConnection: close\r\n\r\n", "400"),
        ("GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "404"),
        ("GET //evil.example HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "404"),
        ("GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "404"),
        ("GET /#/../etc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "200"),
        ("nonsense\r\n\r\n", "400"),
        ("GET / HTTP/9.9\r\n\r\n", "400"),
    ] {
        let response = server.raw(request.as_bytes());
        assert!(response.starts_with(&format!("HTTP/1.1 {status}")), "{request:?}: {response}");
        assert!(!response.contains("root:"), "{request:?}");
    }
    let long = format!("GET / HTTP/1.1\r\nHost: localhost\r\nX: {}\r\n\r\n", "x".repeat(1 << 20));
    let response = server.raw(long.as_bytes());
    assert!(response.is_empty() || response.starts_with("HTTP/1.1 431"), "{response}");
    // A hundred clients that never finish their request, and one that closes at once.
    let slow: Vec<TcpStream> = (0..100).map(|_| server.connect()).collect();
    for mut stream in &slow {
        stream.write_all(b"GET / HT").expect("it takes some bytes");
    }
    drop(server.connect().shutdown(Shutdown::Both));
    assert!(server.get("/").starts_with("HTTP/1.1 200"));
}

#[test]
fn a_save_is_told_and_served() {
    let server = Running::start(&SITE, plain_builder());
    let mut events = server.events();
    let first = events.next();
    assert_eq!(first["problem"], serde_json::Value::Null);
    let version = first["version"].as_str().expect("it is text").to_owned();
    assert!(server.get("/").contains(&format!("data-version=\"{version}\"")));

    server.folder.write("content/index.html", "<body>changed</body>");
    let second = events.next();
    assert_ne!(second["version"], version);
    assert!(server.get("/").contains("changed<script"));
    server.says("built 4 pages, 0 facts, 0 relations in ");
    server.says(&format!("serving http://127.0.0.1:{}/ (Ctrl-C stops)", server.port));
    server.says("content/index.html: 0 pages rendered in ");

    // The same bytes again, and a file that makes no difference.
    server.folder.write("content/index.html", "<body>changed</body>");
    server.folder.write("content/.index.html.swp", "x");
    server.folder.write("public/index.html", "x");
    assert!(events.is_silent(), "nothing was built");
}

#[test]
fn an_error_is_shown_over_the_last_good_site_until_it_is_fixed() {
    let server = Running::start(&SITE, plain_builder());
    let mut events = server.events();
    let good = events.next();

    server.folder.write("content/roles/producer/index.html", "one\ntwo fault\n");
    let bad = events.next();
    assert_eq!(bad["version"], good["version"], "the page stays");
    assert_eq!(bad["problem"]["title"], "1 error");
    let text = bad["problem"]["text"].as_str().expect("it is text");
    server.says("error[link-broken]");
    server.says("content/roles/producer/index.html: 1 error, still serving the last good site");
    assert!(text.contains("content/roles/producer/index.html:2:5") && text.contains("two fault"), "{text}");
    assert!(server.get("/roles/producer/").contains("<body>producer"), "the last good page is served");
    assert_eq!(server.events().next(), bad, "a page that comes later is told too");

    server.folder.write("content/roles/producer/index.html", SITE[1].1);
    let fixed = events.next();
    assert_eq!(fixed["problem"], serde_json::Value::Null);
    assert_eq!(fixed["version"], good["version"], "the same site: no reload");
}

#[test]
fn a_warning_is_said_once_and_keeps_no_page_back() {
    let server = Running::start(&SITE, plain_builder());
    let mut events = server.events();
    events.next();
    server.folder.write("content/index.html", "<body>doubt</body>");
    assert_eq!(events.next()["problem"], serde_json::Value::Null);
    assert!(server.get("/").contains("doubt"));
    server.says("there is a `doubt`");
    server.folder.write("content/404.html", "<body>gone</body>");
    let mut said = String::new();
    while !said.contains("content/404.html: ") {
        said.push_str(&server.said.recv_timeout(Duration::from_secs(10)).expect("the build is told"));
    }
    assert!(!said.contains("doubt"), "{said}");
}

#[test]
fn a_site_that_never_built_appears_when_it_does() {
    let server = Running::start(&[("content/index.html", "fault")], plain_builder());
    let page = server.get("/");
    server.says("1 error: the site appears once the build succeeds");
    assert!(page.starts_with("HTTP/1.1 503") && page.contains("/__fingerpost/live.js"), "{page}");
    let mut events = server.events();
    let before = events.next();
    assert_eq!(before["problem"]["title"], "1 error");
    server.folder.write("content/index.html", "<body>home</body>");
    let after = events.next();
    assert_ne!(after["version"], before["version"]);
    assert!(server.get("/").starts_with("HTTP/1.1 200"));
}

#[test]
fn a_panic_of_the_build_is_shown_as_our_bug_and_the_next_build_goes_on() {
    let server = Running::start(&SITE, plain_builder());
    let mut events = server.events();
    events.next();
    server.folder.write("content/index.html", "panic");
    let bug = events.next();
    assert_eq!(bug["problem"]["title"], "Fingerpost has a bug");
    let text = bug["problem"]["text"].as_str().expect("it is text");
    assert!(text.contains("a panic in content/index.html"), "{text}");
    server.says("content/index.html: Fingerpost has a bug, still serving the last good site");
    assert!(server.get("/").contains("<body>home"));
    server.folder.write("content/index.html", "<body>well again</body>");
    assert_eq!(events.next()["problem"], serde_json::Value::Null);
}

#[test]
fn a_project_that_is_replaced_is_served_on() {
    let server = Running::start(&SITE, plain_builder());
    let mut events = server.events();
    events.next();
    std::fs::remove_dir_all(server.folder.path()).expect("it can be removed");
    server.folder.write("site.toml", CONFIG);
    server.folder.write("content/index.html", "<body>replaced</body>");
    let started = Instant::now();
    while !server.get("/").contains("replaced") {
        assert!(started.elapsed() < Duration::from_secs(5), "it is found again");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_real_site_is_built_for_the_local_address() {
    let overrides = Overrides { base_url: Some("http://127.0.0.1:1111/".to_owned()), ..Overrides::default() };
    let page = "---\ntitle: A page\ndescription: One page, enough for a site to be built and shown.\n---\n\nBody.\n";
    let server = Running::start(&[("content/index.md", page)], site_builder(overrides));
    let home = server.get("/");
    assert!(home.starts_with("HTTP/1.1 200"), "{home}\n{}", server.events().next());
    assert!(!home.contains("https://example.org/guide/"), "{home}");
    let mut events = server.events();
    let first = events.next();
    server.folder.write("content/index.md", &page.replace("Body.", "Another body."));
    assert_ne!(events.next()["version"], first["version"]);
    assert!(server.get("/").contains("Another body."));
}
