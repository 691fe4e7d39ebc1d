//! A server as a process of its own: started, listened to as a browser does, and its CPU counted by the kernel.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use super::edit::Change;

/// News that takes longer will not come.
const PATIENCE: Duration = Duration::from_secs(300);

/// A running server; ended when dropped.
pub(crate) struct Process {
    child: Child,
    port: u16,
    /// From the start of the process to its first page.
    pub(crate) started_s: f64,
    /// What it prints, line by line.
    printed: Receiver<String>,
    events: Option<Events>,
}

/// The stream of events, and what is read of it but not yet used.
struct Events {
    stream: TcpStream,
    read: String,
    version: String,
}

/// `fingerpost serve` over a project.
pub(crate) fn ours(program: &Path, project: &Path) -> io::Result<Process> {
    let mut command = Command::new(program);
    command.args(["serve", "--port", "0", "-r"]).arg(project).env("NO_COLOR", "1");
    let started = Instant::now();
    let mut process = Process::start(&mut command, started)?;
    let address = process.line_with("serving http://")?;
    process.port = port_in(&address)?;
    process.get("/")?;
    process.started_s = started.elapsed().as_secs_f64();
    let mut stream = process.connect()?;
    let request = format!("GET /__fingerpost/events HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", process.port);
    stream.write_all(request.as_bytes())?;
    let mut events = Events { stream, read: String::new(), version: String::new() };
    events.version = events.next()?;
    process.events = Some(events);
    Ok(process)
}

/// Hugo's server over a project.
pub(crate) fn hugo(program: &Path, project: &Path, flags: &[&str]) -> io::Result<Process> {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
    let mut command = Command::new(program);
    command.args(["server", "--bind", "127.0.0.1", "--port", &port.to_string()]).args(flags);
    command.arg("--source").arg(project);
    let started = Instant::now();
    let mut process = Process::start(&mut command, started)?;
    process.port = port;
    process.line_with("Web Server is available")?;
    process.get("/")?;
    process.started_s = started.elapsed().as_secs_f64();
    Ok(process)
}

impl Process {
    fn start(command: &mut Command, started: Instant) -> io::Result<Self> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| io::Error::other(format!("{}: {error}", command.get_program().to_string_lossy())))?;
        let (sender, printed) = mpsc::channel();
        let outputs: [Option<Box<dyn Read + Send>>; 2] = [
            child.stdout.take().map(|pipe| Box::new(pipe) as Box<dyn Read + Send>),
            child.stderr.take().map(|pipe| Box::new(pipe) as Box<dyn Read + Send>),
        ];
        for output in outputs.into_iter().flatten() {
            let sender = sender.clone();
            thread::spawn(move || {
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    // Nobody asks any more.
                    let _ = sender.send(line);
                }
            });
        }
        Ok(Self { child, port: 0, started_s: started.elapsed().as_secs_f64(), printed, events: None })
    }

    /// The next line that has `part` in it.
    fn line_with(&mut self, part: &str) -> io::Result<String> {
        let mut said = String::new();
        loop {
            let line = self.printed.recv_timeout(PATIENCE);
            let line = line.map_err(|_| io::Error::other(format!("the server did not say `{part}`:\n{said}")))?;
            if line.contains(part) {
                return Ok(line);
            }
            if said.len() < 10_000 {
                said.push_str(&line);
                said.push('\n');
            }
        }
    }

    /// How many pages the build rendered that gave the latest version.
    pub(crate) fn rendered(&mut self) -> io::Result<Option<usize>> {
        let line = self.line_with(" rendered in ")?;
        let words: Vec<&str> = line.split_whitespace().collect();
        let at = words.iter().position(|word| *word == "rendered").unwrap_or(0);
        Ok(at.checked_sub(2).and_then(|at| words[at].parse().ok()))
    }

    fn connect(&self) -> io::Result<TcpStream> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(stream)
    }

    /// A page, with its head.
    pub(crate) fn get(&self, path: &str) -> io::Result<String> {
        let mut stream = self.connect()?;
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n\r\n", self.port);
        stream.write_all(request.as_bytes())?;
        let mut response = Vec::new();
        stream.read_to_end(&mut response)?;
        Ok(String::from_utf8_lossy(&response).into_owned())
    }

    /// Waits for the next version of the site and gives the time it came after `since`.
    pub(crate) fn next_version(&mut self, since: Instant) -> io::Result<Duration> {
        let events = self.events.as_mut().ok_or_else(|| io::Error::other("this server has no events"))?;
        let known = std::mem::take(&mut events.version);
        loop {
            let version = events.next()?;
            if version != known {
                let time = since.elapsed();
                events.version = version;
                return Ok(time);
            }
        }
    }

    /// Asks for a page until it shows a change and gives the time since `since`.
    pub(crate) fn page_with(&self, change: &Change, since: Instant) -> io::Result<Duration> {
        while since.elapsed() < PATIENCE {
            if self.get(&change.page)?.contains(&change.says) {
                return Ok(since.elapsed());
            }
            thread::sleep(Duration::from_millis(2));
        }
        Err(io::Error::other(format!("{} never says {}", change.page, change.says)))
    }

    /// CPU that all its threads have used, in milliseconds, by the scheduler's own clock (proc_pid_schedstat).
    pub(crate) fn cpu_ms(&self) -> io::Result<f64> {
        let mut sum_ns = 0.0;
        for task in fs::read_dir(format!("/proc/{}/task", self.child.id()))? {
            // A thread may end between the listing and the reading.
            let Ok(text) = fs::read_to_string(task?.path().join("schedstat")) else { continue };
            sum_ns += text.split(' ').next().and_then(|number| number.parse::<f64>().ok()).unwrap_or(0.0);
        }
        Ok(sum_ns / 1e6)
    }

    /// User and system time in clock ticks, normally hundredths of a second (proc_pid_stat, fields 14 and 15).
    pub(crate) fn ticks(&self) -> io::Result<u64> {
        let text = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let fields: Vec<&str> = text.rsplit(") ").next().unwrap_or_default().split(' ').collect();
        let field = |at: usize| fields.get(at).and_then(|number| number.parse::<u64>().ok()).unwrap_or(0);
        Ok(field(11) + field(12))
    }

    /// The most memory it ever held.
    pub(crate) fn peak_mib(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
        line.split_whitespace().next().and_then(|number| number.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
    }
}

impl Events {
    /// The version that the next event names; a build that failed is an error with its faults.
    fn next(&mut self) -> io::Result<String> {
        let mut buffer = [0; 16 * 1024];
        loop {
            if let Some(start) = self.read.find("data: ")
                && let Some(length) = self.read[start..].find("\n\n")
            {
                let state: serde_json::Value = serde_json::from_str(&self.read[start + 6..start + length])?;
                self.read.drain(..start + length);
                if let Some(text) = state["problem"]["text"].as_str() {
                    return Err(io::Error::other(format!("an edit gave a site with errors:\n{text}")));
                }
                return Ok(state["version"].as_str().unwrap_or_default().to_owned());
            }
            let count = self.stream.read(&mut buffer)?;
            if count == 0 {
                return Err(io::Error::other("the server closed the stream of events"));
            }
            self.read.push_str(&String::from_utf8_lossy(&buffer[..count]));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // A process that has ended needs no end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn port_in(line: &str) -> io::Result<u16> {
    let address = line.split_whitespace().find(|word| word.starts_with("http://")).unwrap_or_default();
    let port = address.trim_end_matches('/').rsplit(':').next().unwrap_or_default();
    port.parse().map_err(|_| io::Error::other(format!("no port in `{line}`")))
}
