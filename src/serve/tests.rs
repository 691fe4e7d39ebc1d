//! The whole server over real sockets: requests, saves, reloads, faults and their repair.

use std::io::{Read, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, mpsc};
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
        Self::start_in(Folder::new(), files, builder)
    }

    fn start_in(folder: Folder, files: &[(&str, &str)], builder: Builder) -> Self {
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
            allowed_hosts: vec!["guide.home.arpa".to_owned()],
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

    /// Waits until the terminal shows something with `part` in it, and gives that.
    fn says(&self, part: &str) -> String {
        loop {
            let text = self.said.recv_timeout(Duration::from_secs(10)).expect("it is said");
            if text.contains(part) {
                return text;
            }
        }
    }

    /// The head of an answer, be it to a stream that never ends.
    fn head(&self, request: &str) -> String {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).expect("it takes the request");
        let (mut head, mut buffer) = (Vec::new(), [0; 1024]);
        while !head.windows(4).any(|part| part == b"\r\n\r\n") {
            match stream.read(&mut buffer) {
                Ok(count @ 1..) => head.extend_from_slice(&buffer[..count]),
                _ => break,
            }
        }
        String::from_utf8_lossy(&head).into_owned()
    }

    /// Waits until a page has `part` in it.
    fn shows(&self, path: &str, part: &str) {
        let started = Instant::now();
        let mut page = self.get(path);
        while !page.contains(part) {
            assert!(started.elapsed() < Duration::from_secs(60), "`{part}` never comes in {path}: {page}");
            thread::sleep(Duration::from_millis(10));
            page = self.get(path);
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
    Box::new(|files, mut diagnostics, _| {
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
        counts.warnings = diagnostics.len() - counts.errors;
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
    assert!(response.starts_with("HTTP/1.1 431"), "{response}");
    // A hundred clients that never finish their request, and one that closes at once.
    let slow: Vec<TcpStream> = (0..100).map(|_| server.connect()).collect();
    for mut stream in &slow {
        stream.write_all(b"GET / HT").expect("it takes some bytes");
    }
    drop(server.connect().shutdown(Shutdown::Both));
    assert!(server.get("/").starts_with("HTTP/1.1 200"));
    for mut stream in slow {
        let mut told = String::new();
        stream.read_to_string(&mut told).expect("it is told and cut off");
        assert!(told.starts_with("HTTP/1.1 408"), "{told}");
    }
    assert!(server.get("/").starts_with("HTTP/1.1 200"));
}

/// Names and what else browsers and their attackers put into `Host`, and whether this computer is meant.
const HOSTS: [(&str, bool); 12] = [
    ("localhost:PORT", true),
    ("127.0.0.1:PORT", true),
    ("[::1]:PORT", true),
    ("guide.localhost:PORT", true),
    ("guide.home.arpa", true),
    ("evil.example", false),
    ("evil.example:PORT", false),
    ("localhost.evil.example:PORT", false),
    ("192.168.1.5:PORT", false),
    ("0.0.0.0:PORT", false),
    ("localhost:PORT, evil.example", false),
    ("", false),
];

#[test]
fn only_this_computer_s_own_pages_get_an_answer() {
    let mut files = SITE.to_vec();
    files.push(("content/assets/site.js", "x()"));
    files.push(("content/graph.json", "{}"));
    let server = Running::start(&files, plain_builder());
    let (mut let_in, mut kept_out) = (0, 0);
    for (host, is_known) in HOSTS {
        let host = host.replace("PORT", &server.port.to_string());
        for (origin, is_same) in [
            (None, true),
            (Some(format!("http://{host}")), true),
            (Some("https://evil.example".to_owned()), false),
            (Some("null".to_owned()), false),
        ] {
            for path in ["/", "/assets/site.js", "/graph.json", "/__fingerpost/events"] {
                let origin_line = origin.as_ref().map(|origin| format!("Origin: {origin}\r\n")).unwrap_or_default();
                let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n{origin_line}Connection: close\r\n\r\n");
                let head = server.head(&request);
                let status = match (is_known, is_same) {
                    (false, _) => "421",
                    (true, false) => "403",
                    (true, true) => "200",
                };
                assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{request}{head}");
                for header in [
                    "cache-control: no-store",
                    "x-content-type-options: nosniff",
                    "cross-origin-resource-policy: same-origin",
                ] {
                    assert!(head.contains(header), "{header} is missing after {request}{head}");
                }
                assert!(!head.to_lowercase().contains("access-control"), "{head}");
                *(if status == "200" { &mut let_in } else { &mut kept_out }) += 1;
            }
        }
    }
    assert_eq!((let_in, kept_out), (40, 152));
}

/// Paths that lead out of other servers' folders, as they stand in a request.
const WAYS_OUT: [&str; 40] = [
    "/../secret.txt",
    "/../../../../../../../../../../etc/passwd",
    "/..%2fsecret.txt",
    "/%2e%2e/secret.txt",
    "/%2e%2e%2fsecret.txt",
    "/%252e%252e%252fsecret.txt",
    "/%c0%ae%c0%ae/secret.txt",
    "/..\\secret.txt",
    "/..%5csecret.txt",
    "/....//secret.txt",
    "/..;/secret.txt",
    "/.;/../secret.txt",
    "/assets/../../secret.txt",
    "/assets/..%2f..%2fsecret.txt",
    "/assets/%2e%2e/%2e%2e/secret.txt",
    "/assets//../../secret.txt",
    "//secret.txt",
    "///etc/passwd",
    "/c:/windows/win.ini",
    "/foo/c:/windows/win.ini",
    "/site.toml",
    "/.git/config",
    "/content/index.html",
    "/content/notes.md",
    "/templates/page.html",
    "/.env",
    "/project-secrets/secret.txt",
    "/@fs/etc/passwd",
    "/@fs/etc/passwd?import&raw??",
    "/site.toml?raw",
    "/site.toml?import&inline",
    "/index.html/../../site.toml",
    "/index.html%00.css",
    "/site.toml%00",
    "/index.html::$DATA",
    "/SITE~1.TOM",
    "/#/../site.toml",
    "/%2fetc%2fpasswd",
    "/file:///etc/passwd",
    "/proc/self/environ",
];

#[test]
fn no_way_of_writing_a_path_gets_a_byte_from_outside_the_site() {
    let server = Running::start(&SITE, plain_builder());
    let secret = "7f3a-outside";
    server.folder.write("../secret.txt", secret);
    server.folder.write("../project-secrets/secret.txt", secret);
    for path in [".git/config", ".env", "templates/page.html"] {
        server.folder.write(path, secret);
    }
    server.folder.write("site.toml", &format!("{CONFIG}description = '{secret}'\n"));
    server.says("site.toml");
    for way in WAYS_OUT {
        for target in [way.to_owned(), format!("http://localhost{way}")] {
            let response =
                server.raw(format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").as_bytes());
            assert!(!response.contains(secret) && !response.contains("root:"), "{target}: {response}");
            let status = response.get(9..12).unwrap_or_default();
            // What stands before `#` is the home page.
            assert!(["400", "404", "302"].contains(&status) || way == "/#/../site.toml", "{target}: {response}");
        }
    }
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
fn a_warning_is_said_once_and_counted_and_keeps_no_page_back() {
    let server = Running::start(&SITE, plain_builder());
    let mut events = server.events();
    events.next();
    server.folder.write("content/index.html", "<body>doubt</body>");
    assert_eq!(events.next()["problem"], serde_json::Value::Null);
    assert!(server.get("/").contains("doubt"));
    let mut said = server.says("there is a `doubt`");
    while !said.contains(", 1 warning\n") {
        said.push_str(&server.said.recv_timeout(Duration::from_secs(10)).expect("warnings are counted"));
    }
    assert!(said.contains("content/index.html: 0 pages rendered in "), "{said}");
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

/// The plain builder, with a count of its builds and a gate that it must pass. Builds in a pause, for the search index
/// alone, do not count.
fn counted_builder(builds: &Arc<AtomicUsize>, gate: &Arc<Mutex<()>>) -> Builder {
    let (builds, gate, mut builder) = (builds.clone(), gate.clone(), plain_builder());
    Box::new(move |files, faults, pass| {
        if pass == Pass::Pages || builds.load(Ordering::SeqCst) == 0 {
            builds.fetch_add(1, Ordering::SeqCst);
            drop(gate.lock());
        }
        builder(files, faults, pass)
    })
}

#[test]
fn a_save_during_a_build_is_in_the_next_one() {
    let (builds, gate) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(())));
    let server = Running::start(&SITE, counted_builder(&builds, &gate));
    server.shows("/", "home");
    let held = gate.lock().expect("nobody panicked");
    server.folder.write("content/index.html", "<body>first</body>");
    let started = Instant::now();
    while builds.load(Ordering::SeqCst) < 2 {
        assert!(started.elapsed() < Duration::from_secs(60), "the build begins");
        thread::sleep(Duration::from_millis(5));
    }
    // The snapshot is taken: none of these is in this build.
    server.folder.write("content/index.html", "<body>second</body>");
    server.folder.write("content/new/index.html", "<body>new</body>");
    server.folder.remove("content/roles/producer/index.html");
    assert!(server.get("/").contains("home"), "the last site is served while the next is built");
    drop(held);
    server.shows("/", "second");
    server.shows("/new/", "<body>new");
    server.shows("/roles/producer/", "nothing here");
}

/// A way of saving `content/a.html`.
type Save = fn(&Folder, &str);

/// In place, in pieces, as `cp` and slow disks write.
fn in_pieces(folder: &Folder, text: &str) {
    let path = folder.path().join("content/a.html");
    let mut file = std::fs::File::create(path).expect("writable");
    for piece in text.as_bytes().chunks(9) {
        file.write_all(piece).expect("writable");
        thread::sleep(Duration::from_millis(3));
    }
}

const A: &str = "content/a.html";

const SAVES: [(&str, Save); 14] = [
    ("in place (VS Code, nano)", |folder, text| folder.write(A, text)),
    ("in pieces (cp)", in_pieces),
    ("emptied, then written after a while", |folder, text| {
        folder.write(A, "");
        thread::sleep(Duration::from_millis(20));
        folder.write(A, text);
    }),
    ("vim", |folder, text| {
        folder.write("content/.a.html.swp", "x");
        folder.write("content/4913", "");
        folder.remove("content/4913");
        folder.rename(A, "content/a.html~");
        folder.write(A, text);
        folder.remove("content/a.html~");
        folder.remove("content/.a.html.swp");
    }),
    ("helix", |folder, text| {
        folder.rename(A, "content/a.htmlXq1.bck");
        folder.write(A, text);
        folder.remove("content/a.htmlXq1.bck");
    }),
    ("JetBrains, safely", |folder, text| {
        folder.write("content/a.html___jb_tmp___", text);
        folder.rename(A, "content/a.html___jb_old___");
        folder.rename("content/a.html___jb_tmp___", A);
        folder.remove("content/a.html___jb_old___");
    }),
    ("emacs, with its lock and backup", |folder, text| {
        #[cfg(unix)]
        std::os::unix::fs::symlink("me@here.1:2", folder.path().join("content/.#a.html")).expect("links");
        folder.write("content/#a.html#", "x");
        std::fs::copy(folder.path().join(A), folder.path().join("content/a.html~")).expect("copies");
        folder.write(A, text);
        folder.remove("content/#a.html#");
        #[cfg(unix)]
        folder.remove("content/.#a.html");
        folder.remove("content/a.html~");
    }),
    ("sed -i", |folder, text| {
        folder.write("content/sedK3xW9q", text);
        folder.rename("content/sedK3xW9q", A);
    }),
    ("renamed over, from another folder", |folder, text| {
        folder.write("saved.html", text);
        folder.rename("saved.html", A);
    }),
    ("a link swapped", |folder, text| {
        folder.write("content/.new.html", text);
        folder.remove(A);
        std::fs::hard_link(folder.path().join("content/.new.html"), folder.path().join(A)).expect("links");
        folder.remove("content/.new.html");
    }),
    ("the folder replaced", |folder, text| {
        folder.write("next/a.html", text);
        for (path, text) in SITE {
            folder.write(&path.replace("content/", "next/"), text);
        }
        folder.rename("content", "last");
        folder.rename("next", "content");
        std::fs::remove_dir_all(folder.path().join("last")).expect("it is there");
    }),
    ("git checkout", |folder, text| {
        folder.remove(A);
        folder.write(A, text);
    }),
    ("the folder removed and made again", |folder, text| {
        std::fs::remove_dir_all(folder.path().join("content")).expect("it is there");
        for (path, text) in SITE {
            folder.write(path, text);
        }
        folder.write(A, text);
    }),
    ("the project removed and made again", |folder, text| {
        std::fs::remove_dir_all(folder.path()).expect("it is there");
        folder.write("site.toml", CONFIG);
        for (path, text) in SITE {
            folder.write(path, text);
        }
        folder.write(A, text);
    }),
];

#[test]
fn every_way_of_saving_is_served_and_no_way_of_looking_builds() {
    let (builds, gate) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(())));
    let server = Running::start(&[&SITE[..], &[(A, "first")]].concat(), counted_builder(&builds, &gate));
    server.shows("/a.html", "first");
    // Twice: what a save leaves behind must not make the next one deaf.
    for round in 0..2 {
        for (name, save) in SAVES {
            let text = format!("<body>saved by {name}, round {round}</body>");
            save(&server.folder, &text);
            server.shows("/a.html", &format!("saved by {name}, round {round}"));
            server.shows("/roles/producer/", "producer");
        }
    }
    // Whatever is still to come of those comes now.
    let mut events = server.events();
    events.next();
    while !events.is_silent() {}
    let before = builds.load(Ordering::SeqCst);
    let file = server.folder.path().join(A);
    for _ in 0..50 {
        std::fs::read(&file).expect("it is there");
        std::fs::read_dir(server.folder.path().join("content")).expect("it is there").for_each(drop);
    }
    // Touched, given other rights, saved with the same text.
    let text = std::fs::read(&file).expect("it is there");
    let opened = std::fs::File::options().append(true).open(&file).expect("writable");
    opened.set_modified(std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(1)).expect("it can be touched");
    drop(opened);
    let mut rights = std::fs::metadata(&file).expect("it is there").permissions();
    rights.set_readonly(true);
    std::fs::set_permissions(&file, rights).expect("it is ours");
    std::fs::remove_file(&file).expect("it is ours");
    std::fs::write(&file, text).expect("writable");
    assert!(events.is_silent());
    // The file was gone for a moment, which a slow machine may have seen; all else is no reason to build.
    assert!(builds.load(Ordering::SeqCst) <= before + 2);
    server.shows("/a.html", "saved by");
}

#[test]
fn a_burst_of_writes_with_many_listeners_ends_in_the_last_state_after_few_builds() {
    const FILES: usize = 1000;
    const ROUNDS: usize = 40;
    let (builds, gate) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(())));
    let server = Running::start_in(Folder::in_memory(), &SITE, counted_builder(&builds, &gate));
    server.shows("/", "home");
    let mut listeners: Vec<Events> = (0..200).map(|_| server.events()).collect();
    for listener in &mut listeners {
        listener.next();
    }
    let many = server.folder.path().join("content/many");
    std::fs::create_dir_all(&many).expect("writable");
    // Where a busy machine lets the writer pause, one burst becomes two.
    let (mut pauses, mut last_write) = (0, Instant::now());
    for round in 0..ROUNDS {
        for number in 0..FILES {
            let text = format!("<body>{number} in round {round}.</body>");
            std::fs::write(many.join(format!("{number}.html")), text).expect("writable");
            let pause = last_write.elapsed();
            pauses += usize::from(pause > Duration::from_millis(if round == 0 { 15 } else { 150 }));
            last_write = Instant::now();
        }
    }
    let last = ROUNDS - 1;
    for number in (0..FILES).step_by(37).chain([FILES - 1]) {
        server.shows(&format!("/many/{number}.html"), &format!("{number} in round {last}."));
    }
    let page = server.get("/");
    let version =
        page.split("data-version=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("it has a version");
    for listener in &mut listeners {
        // A slow listener may be told of the last state only, and every one is told of that.
        while listener.next()["version"] != version {}
    }
    // The first build, and two for the burst.
    let most = 3 + pauses;
    assert!(builds.load(Ordering::SeqCst) <= most, "{} builds, not {most}", builds.load(Ordering::SeqCst));
}

#[test]
fn a_real_site_is_built_for_the_local_address() {
    let base_url = Some("http://127.0.0.1:1111/".to_owned());
    let overrides = Overrides { base_url, never_offline: true, ..Overrides::default() };
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
