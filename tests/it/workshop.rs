//! A site held in memory, what building it gives, and the few things that several tests do with both.

use fingerpost::base::SourcePath;
use fingerpost::base::date::parse_day;
use fingerpost::config::{Config, Overrides};
use fingerpost::diag::{self, Code, Colour, Diagnostic, Severity, Sources};
use fingerpost::files::Files;
use fingerpost::memo::Memo;
use fingerpost::output::{MemorySink, MemorySite};
use fingerpost::pipeline::{self, Nobody, Outcome, Sink};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

/// The smallest `site.toml` for a site whose templates print a page's body and nothing else. Lints about pages that stand
/// alone are off, because almost every site here is smaller than those that people keep. Further keys may follow it.
pub(crate) const SITE_TOML: &str = "\
title = \"Test\"
base_url = \"https://example.org/\"
theme = \"bare\"
lints = { description-missing = \"allow\", page-orphan = \"allow\", relation-missing = \"allow\", relation-unused = \"allow\" }
";

/// The day on which all tests build: it decides what is due.
const TODAY: &str = "2026-11-23";

/// As [`SITE_TOML`], with the theme that people get.
const SITE_TOML_WITH_DEFAULT_THEME: &str = "title = \"Test\"\nbase_url = \"https://example.org/\"\n";

/// The theme `bare`: a change of the real one changes no expectation.
const BARE_TEMPLATES: [(&str, &str); 11] = [
    ("page.html", "{{ page.body | safe }}"),
    ("home.html", "{{ page.body | safe }}"),
    (
        "section.html",
        "{{ page.title }}\n{{ page.intro | safe }}{% for item in page.items %}{{ item.title }}: {{ root }}{{ item.path }}\n{% endfor %}",
    ),
    (
        "glossary.html",
        "{{ page.title }}\n{{ page.intro | safe }}{% for item in page.items %}{{ item.title }}: {{ root }}{{ item.path }}\n{% endfor %}",
    ),
    (
        "topic.html",
        "{{ page.label }}\n{% for group in page.groups %}{% for item in group.items %}{{ item.title }}: {{ root }}{{ item.path }}\n{% endfor %}{% endfor %}",
    ),
    ("topics.html", "{% for topic in page.topics %}{{ topic.label }}: {{ root }}{{ topic.path }}\n{% endfor %}"),
    ("facts.html", "{% for fact in page.facts %}{{ fact.id }}: {{ fact.display }}\n{% endfor %}"),
    ("sources.html", "{% for source in page.sources %}{{ source.title }}\n{% endfor %}"),
    ("404.html", "{{ page.title }}"),
    (
        "print.html",
        "{% for kind in page.kinds %}{% for item in kind.pages %}{{ item.body | safe }}{% endfor %}{% endfor %}",
    ),
    ("redirect.html", "{{ page.target_url }}"),
];

/// The files of a site, in the order they were added.
#[derive(Clone)]
pub(crate) struct Site(Vec<(String, Vec<u8>)>);

impl Site {
    /// A site whose pages are their bodies, without any page yet.
    pub(crate) fn bare() -> Self {
        let manifest = ("themes/bare/theme.toml".to_owned(), b"name = \"bare\"\nversion = \"1.0.0\"\n".to_vec());
        let templates =
            BARE_TEMPLATES.map(|(name, text)| (format!("themes/bare/templates/{name}"), text.as_bytes().to_vec()));
        let mut files = vec![("site.toml".to_owned(), SITE_TOML.as_bytes().to_vec()), manifest];
        files.extend(templates);
        Self(files)
    }

    /// A site with the theme that people get, without any page yet.
    pub(crate) fn with_default_theme() -> Self {
        Self(vec![("site.toml".to_owned(), SITE_TOML_WITH_DEFAULT_THEME.as_bytes().to_vec())])
    }

    /// A site with something of everything, small enough to build often: `pages` articles that link to each other.
    pub(crate) fn varied(pages: usize) -> Self {
        let fact = "- id: the-fact\n  statement: How many there are\n  value: 12\n  unit: jobs\n  as_of: 2025\n  place: worldwide\n  \
                    evidence: editor's estimate\n  reasoning: Counted by hand.\n";
        let mut site = Self::with_default_theme()
            .with("content/index.md", "---\ntitle: Home\ndescription: The first page\n---\n\nText.\n")
            .with("content/facts/a.yaml", fact)
            .with("static/robots-extra.txt", "text\n");
        for at in 0..pages {
            let kind = ["roles", "skills", "pathways", "glossary"][at % 4];
            let (next, topic, other_topic) = ((at + 5) % pages, at % 3, at % 5);
            let text = format!(
                "---\ntitle: Page {at}\nid: page-{at}\ndescription: The page with number {at}, one of a few that are much alike and \
                 link to each other.\naliases: [Alias {at}]\ntopics: [topic {topic}, topic {other_topic}]\nreviewed: 2026-11-23\n---\n\n\
                 ## One\n\nSee [[page-{next}]] and [[Alias {next}|the next]]; there are [[fact:the-fact]].\n\n\
                 ## Two\n\n```rust\nfn a{at}() {{}}\n```\n\n| a | b |\n|---|--:|\n| 1 | {at} |\n"
            );
            site = site.with(&format!("content/{kind}/page-{at}.md"), text);
        }
        site
    }

    /// The site that lies in a folder.
    pub(crate) fn from_folder(folder: &Path) -> Self {
        Self(files_below(folder).into_iter().collect())
    }

    /// The site with one file more, or with another text for it.
    pub(crate) fn with(mut self, path: &str, text: impl AsRef<[u8]>) -> Self {
        let text = text.as_ref().to_vec();
        match self.0.iter_mut().find(|(known, _)| known == path) {
            Some((_, known)) => *known = text,
            None => self.0.push((path.to_owned(), text)),
        }
        self
    }

    /// The files of a project that a build reads, as they lie in its folder.
    pub(crate) fn from_project(root: &Path) -> Self {
        let (files, findings) =
            fingerpost::files::load(root, &root.join("site.toml")).expect("the project can be read");
        assert!(findings.is_empty(), "{findings:#?}");
        Self(files.iter().map(|(path, source)| (path.as_str().to_owned(), source.bytes.to_vec())).collect())
    }

    /// The site without one of its files.
    pub(crate) fn without(mut self, path: &str) -> Self {
        self.0.retain(|(known, _)| known != path);
        self
    }

    /// The site with a file of this text, or without it.
    pub(crate) fn saved(self, path: &str, text: Option<String>) -> Self {
        match text {
            Some(text) => self.with(path, text),
            None => self.without(path),
        }
    }

    /// The site with everything below one folder below another; both end in `/`. A file that is there already is replaced.
    pub(crate) fn moved(mut self, from: &str, to: &str) -> Self {
        let moving: Vec<(String, Vec<u8>)> =
            self.0.iter().filter(|(path, _)| path.starts_with(from)).cloned().collect();
        self.0.retain(|(path, _)| !path.starts_with(from));
        for (path, text) in moving {
            self = self.with(&path.replacen(from, to, 1), text);
        }
        self
    }

    /// All its files.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// The text of one of its files.
    pub(crate) fn file(&self, path: &str) -> String {
        let (_, bytes) = self.0.iter().find(|(known, _)| known == path).expect("the site has this file");
        String::from_utf8_lossy(bytes).into_owned()
    }

    /// The paths of its articles, sorted.
    pub(crate) fn articles(&self) -> Vec<String> {
        let mut paths: Vec<String> =
            self.0.iter().map(|(path, _)| path.clone()).filter(|path| path.ends_with(".md")).collect();
        paths.sort();
        paths
    }

    /// The same files in another order, a different one for each seed.
    pub(crate) fn shuffled(mut self, seed: u64) -> Self {
        let mut chance = Chance(seed);
        for at in (1..self.0.len()).rev() {
            let other = chance.below(at + 1);
            self.0.swap(at, other);
        }
        self
    }

    /// Writes the files below a folder.
    pub(crate) fn write(&self, folder: &Path) {
        for (path, bytes) in &self.0 {
            let file = folder.join(path);
            fs::create_dir_all(file.parent().expect("a file lies in a folder")).expect("a folder can be made");
            fs::write(file, bytes).expect("a file can be written");
        }
    }

    /// The snapshot that a build gets.
    pub(crate) fn snapshot(&self) -> Files {
        Files::from_pairs(self.files())
    }

    /// Builds it from nothing, on a day that never changes.
    pub(crate) fn build(&self) -> Built {
        self.build_with(&mut Memo::forgetful())
    }

    /// Builds it as `serve` does: with what earlier builds left in `memo`, into the map that is served, which expects the
    /// paths of the site before. Gives the map and everything found, as a terminal shows it.
    pub(crate) fn serve(&self, memo: &mut Memo, before: &MemorySite) -> (MemorySite, String, Outcome) {
        self.serve_at(None, memo, before)
    }

    /// The same, for an address of its own.
    pub(crate) fn serve_at(
        &self,
        base_url: Option<String>,
        memo: &mut Memo,
        before: &MemorySite,
    ) -> (MemorySite, String, Outcome) {
        let files = self.snapshot();
        let overrides = Overrides {
            base_url,
            today: parse_day(TODAY),
            plain_asset_names: true,
            never_offline: true,
            ..Overrides::default()
        };
        let sink = MemorySink::after(before);
        let outcome = pipeline::build(&files, &overrides, Vec::new(), memo, &sink, &Nobody);
        (sink.into_site(), diag::to_text(&outcome.diagnostics, &files, Colour::Never), outcome)
    }

    /// Builds it with what earlier builds left in `memo`.
    pub(crate) fn build_with(&self, memo: &mut Memo) -> Built {
        let files = self.snapshot();
        let overrides = Overrides { today: parse_day(TODAY), ..Overrides::default() };
        let shelf = Shelf::default();
        let outcome = pipeline::build(&files, &overrides, Vec::new(), memo, &shelf, &Nobody);
        let output = shelf.0.into_inner().expect("no thread panicked while it held the shelf");
        Built { files, output, outcome }
    }
}

/// Chance that is the same for each seed: a linear congruential generator is random enough to deal cards.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}

/// Keeps every finished file.
#[derive(Default)]
struct Shelf(Mutex<BTreeMap<String, Vec<u8>>>);

impl Sink for Shelf {
    fn put(&self, path: &str, bytes: Arc<[u8]>) {
        let mut files = self.0.lock().expect("no thread panicked while it held the shelf");
        let earlier = files.insert(path.to_owned(), bytes.to_vec());
        // With an error nothing is published, and a collision may well be that error; `Built::output` looks again.
        if earlier.is_some() {
            files.insert(format!("{TWICE}{path}"), Vec::new());
        }
    }
}

/// In front of the name of a file that was given twice.
const TWICE: &str = "given twice: ";

/// What a build gave.
pub(crate) struct Built {
    files: Files,
    output: BTreeMap<String, Vec<u8>>,
    pub(crate) outcome: Outcome,
}

/// One diagnostic, as tests ask for it.
pub(crate) struct Finding {
    pub(crate) code: &'static str,
    pub(crate) is_error: bool,
    /// The line of its first place, counted from 1.
    pub(crate) line: Option<usize>,
    /// As a terminal without colour shows it.
    pub(crate) text: String,
}

impl Finding {
    /// Whether a person who reads it learns of this file.
    pub(crate) fn names(&self, path: &str) -> bool {
        self.text.contains(path)
    }
}

impl Built {
    /// Every diagnostic, in the order it is shown.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        self.outcome
            .diagnostics
            .iter()
            .map(|diagnostic| {
                let place = diagnostic.labels.first();
                let text = diag::to_text(std::slice::from_ref(diagnostic), &self.files, Colour::Never);
                Finding {
                    code: diagnostic.code.name(),
                    is_error: diagnostic.severity == Severity::Error,
                    line: place.and_then(|label| {
                        let text = self.files.get(label.path.as_str())?.text()?;
                        Some(diag::line_and_column(text, label.span?.range().start).0)
                    }),
                    text,
                }
            })
            .collect()
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.outcome.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// The codes of all diagnostics, each once.
    pub(crate) fn codes(&self) -> Vec<&'static str> {
        let mut codes: Vec<_> = self.findings().iter().map(|finding| finding.code).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    /// The codes of the errors, each once.
    pub(crate) fn error_codes(&self) -> Vec<&'static str> {
        let mut codes: Vec<_> =
            self.findings().iter().filter(|finding| finding.is_error).map(|finding| finding.code).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    /// Everything found, as a terminal without colour shows it.
    pub(crate) fn rendered_diagnostics(&self) -> String {
        diag::to_text(&self.outcome.diagnostics, &self.files, Colour::Never)
    }

    /// Everything found, in another form.
    pub(crate) fn findings_as(&self, form: fn(&[Diagnostic], &dyn Sources) -> String) -> String {
        form(&self.outcome.diagnostics, &self.files)
    }

    /// The HTML of the page at a path such as `/roles/producer/`.
    pub(crate) fn page(&self, path: &str) -> Option<String> {
        self.text(&format!("{}index.html", path.trim_start_matches('/')))
    }

    /// A published file as text.
    pub(crate) fn text(&self, path: &str) -> Option<String> {
        self.output().get(path).map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    }

    /// Every file by its path, as it would be published if there were no error.
    #[track_caller]
    pub(crate) fn output(&self) -> BTreeMap<String, Vec<u8>> {
        let twice = self.output.keys().find(|path| path.starts_with(TWICE));
        assert!(twice.is_none() || self.has_errors(), "a file was {}", twice.unwrap());
        self.output.clone()
    }

    /// The paths of all files, sorted.
    pub(crate) fn output_paths(&self) -> Vec<String> {
        self.output.keys().filter(|path| !path.starts_with(TWICE)).cloned().collect()
    }
}

/// Reads one article by itself, as the first stage of a build does; how many diagnostics it gave.
pub(crate) fn read(path: &str, bytes: &[u8]) -> usize {
    let files = Files::from_pairs([("site.toml", SITE_TOML.as_bytes()), (path, bytes)]);
    let mut diagnostics = Vec::new();
    let config = Config::read(&files, &Overrides::default(), &mut diagnostics);
    let source = files.get(path).expect("it was just put in");
    fingerpost::read::read_document(&SourcePath::new(path), source, &config, &mut diagnostics);
    diagnostics.len()
}

/// The names of all diagnostics.
pub(crate) fn diagnostic_codes() -> Vec<&'static str> {
    Code::ALL.iter().map(|code| code.name()).collect()
}

/// Whether expectations are to be rewritten.
pub(crate) fn blessing() -> bool {
    std::env::var_os("FINGERPOST_BLESS").is_some_and(|value| value == "1")
}

/// Every file below a folder by its path from there.
pub(crate) fn files_below(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        let entries = fs::read_dir(&next).unwrap_or_else(|error| panic!("{}: {error}", next.display()));
        for path in entries.map(|entry| entry.expect("an entry can be read").path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).expect("the walk stays inside").to_string_lossy().replace('\\', "/");
            files.insert(name, fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())));
        }
    }
    files
}

/// An empty folder of this name, for one test.
pub(crate) fn fresh_folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("a folder of an earlier run can be removed");
    }
    fs::create_dir_all(&folder).expect("a folder can be made");
    folder
}

/// Names of published assets carry a hash of their content; here each is a number in the order they appear, so that a
/// change of a stylesheet changes no expectation.
pub(crate) fn renumber_hashes(text: &str) -> String {
    let mut renumbered = String::with_capacity(text.len());
    let mut known: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('.') {
        renumbered.push_str(&rest[..=at]);
        rest = &rest[at + 1..];
        let is_hash =
            rest.len() > 8 && rest.as_bytes()[..8].iter().all(u8::is_ascii_hexdigit) && rest.as_bytes()[8] == b'.';
        if is_hash {
            let (hash, after) = rest.split_at(8);
            let number = known.iter().position(|other| *other == hash).unwrap_or_else(|| {
                known.push(hash);
                known.len() - 1
            });
            renumbered.push_str(&format!("hash{number}"));
            rest = after;
        }
    }
    renumbered + rest
}

/// The first line in which two texts differ, with the line before it.
pub(crate) fn first_difference(one: &str, other: &str) -> String {
    let (left, right): (Vec<&str>, Vec<&str>) = (one.lines().collect(), other.lines().collect());
    let at = left.iter().zip(&right).take_while(|(one, other)| one == other).count();
    let show = |lines: &[&str]| {
        let shown: Vec<&str> = lines.iter().skip(at.saturating_sub(1)).take(3).copied().collect();
        shown.iter().map(|line| format!("    {line:.300}\n")).collect::<String>()
    };
    format!("line {}\n  one:\n{}  the other:\n{}", at + 1, show(&left), show(&right))
}

/// Whether a letter is a mark that some scripts set on or beside another, such as the vowel signs of Devanagari.
pub(crate) fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{6ed}' | '\u{900}'..='\u{eff}' | '\u{3099}' | '\u{309a}')
}

/// A path's name as it stands in a link: whatever is not plain ASCII becomes three letters a byte.
pub(crate) fn percent_encoded(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    name.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// Undoes percent-encoding.
pub(crate) fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after
            .get(..2)
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match hex.filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The text of an attribute, its character references resolved: those that this generator writes.
pub(crate) fn references_resolved(text: &str) -> String {
    let pairs = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&#39;", "'"),
        ("&#x2F;", "/"),
        ("&amp;", "&"),
    ];
    pairs.iter().fold(text.to_owned(), |text, (reference, letter)| text.replace(reference, letter))
}

/// The command's own server; ended when dropped.
pub(crate) struct Server {
    process: Child,
    address: String,
    /// What it prints, line by line; behind a lock, because tests share one server.
    said: Mutex<Receiver<String>>,
    /// What it printed until it said its address.
    heard: Vec<String>,
}

/// What is waited for longer than this will not come, however busy the machine is.
const PATIENCE: Duration = Duration::from_secs(120);

impl Server {
    /// The one that serves the repository's guide, on a free port: the same for all tests that look at it meanwhile. It ends
    /// with the last of them.
    pub(crate) fn of_the_guide() -> Arc<Self> {
        static RUNNING: Mutex<Weak<Server>> = Mutex::new(Weak::new());
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        running.upgrade().unwrap_or_else(|| {
            let server = Arc::new(Self::start(Path::new(env!("CARGO_MANIFEST_DIR")), 0));
            *running = Arc::downgrade(&server);
            server
        })
    }

    /// Starts it over another project, on a port or on a free one.
    pub(crate) fn start(project: &Path, port: u16) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fingerpost"));
        command.args(["serve", "--port", &port.to_string()]).current_dir(project);
        Self::run(&mut command)
    }

    /// Starts it with a command that ends in it.
    pub(crate) fn run(command: &mut Command) -> Self {
        let mut process = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command can be run");
        // Whichever of the two it says its address on; both have to be read to the end, or it would stop when one is full.
        let outputs: [Box<dyn Read + Send>; 2] = [
            Box::new(process.stdout.take().expect("it is ours")),
            Box::new(process.stderr.take().expect("it is ours")),
        ];
        let (sender, said) = channel();
        for output in outputs {
            let sender = sender.clone();
            thread::spawn(move || {
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    // The receiver is gone when the test is.
                    let _ = sender.send(line);
                }
            });
        }
        // From here on dropping it ends it, whatever happens.
        let mut server = Self { process, address: String::new(), said: Mutex::new(said), heard: Vec::new() };
        while let Ok(line) = server.said.get_mut().expect("nobody else has it yet").recv_timeout(PATIENCE) {
            let address = line.split_whitespace().find(|word| word.starts_with("http://"));
            server.address =
                address.map(|word| format!("{}/", word.trim_end_matches(['/', '.', ',']))).unwrap_or_default();
            server.heard.push(line);
            if !server.address.is_empty() {
                return server;
            }
        }
        panic!("the server did not say where it listens:\n{}", server.heard.join("\n"));
    }

    /// That one of the lines it has printed has `part` in it.
    #[track_caller]
    pub(crate) fn has_said(&self, part: &str) {
        let said: Vec<&String> = self.heard.iter().collect();
        let later: Vec<String> = self.said.lock().unwrap_or_else(PoisonError::into_inner).try_iter().collect();
        let is_there = said.into_iter().chain(&later).any(|line| line.contains(part));
        assert!(is_there, "the server did not say `{part}`:\n{}\n{}", self.heard.join("\n"), later.join("\n"));
    }

    /// The port that it listens on.
    pub(crate) fn port(&self) -> u16 {
        let port = self.address.trim_end_matches('/').rsplit(':').next().and_then(|port| port.parse().ok());
        port.expect("it says its port")
    }

    /// The number of its process.
    pub(crate) fn process(&self) -> u32 {
        self.process.id()
    }

    /// Ends it at once.
    pub(crate) fn stop(&mut self) {
        self.process.kill().expect("it is our own process");
        self.process.wait().expect("it is our own process");
    }

    /// Waits until it has ended by itself.
    #[track_caller]
    pub(crate) fn ended(&mut self) -> ExitStatus {
        let started = Instant::now();
        loop {
            if let Some(status) = self.process.try_wait().expect("it is our own process") {
                return status;
            }
            assert!(started.elapsed() < PATIENCE, "the server does not end");
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// The address of a path of the site.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// A connection to it, with this request sent for a path that begins with `/`.
    pub(crate) fn ask(&self, path: &str) -> TcpStream {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port())).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time limit can be set");
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("the server reads");
        stream
    }

    /// The file at a path that begins with `/`, without the server's own script; `None` where there is none.
    pub(crate) fn get(&self, path: &str) -> Option<Vec<u8>> {
        let mut answer = Vec::new();
        self.ask(path).read_to_end(&mut answer).expect("the server answers");
        let end = answer.windows(4).position(|part| part == b"\r\n\r\n").expect("an answer has a head");
        let mut body = answer.split_off(end + 4);
        const SCRIPT: &[u8] = b"<script src=\"/__fingerpost/live.js\"";
        if let Some(at) = body.windows(SCRIPT.len()).rposition(|part| part == SCRIPT) {
            let length = body[at..].iter().position(|byte| *byte == b'\n').expect("it ends its line") + 1;
            body.drain(at..at + length);
        }
        answer.starts_with(b"HTTP/1.1 200").then_some(body)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Best effort: a server that is gone already needs no end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn hashes_in_names_become_numbers() {
    assert_eq!(
        renumber_hashes("a.0123abcd.css b.ffffffff.js a.0123abcd.css 1.5. x.0123abcd"),
        "a.hash0.css b.hash1.js a.hash0.css 1.5. x.0123abcd"
    );
}
