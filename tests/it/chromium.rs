//! Chromium driven through its DevTools protocol: one browser for all tests, each with cookies, stores and
//! tabs of its own, and everything that pages complain about kept.

use crate::shared::Shared;
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Write, stderr};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tungstenite::stream::MaybeTlsStream;
use tungstenite::{Error, Message, WebSocket};

/// Where distributions put the browser.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// An answer that takes longer than this will not come; a page with heavy checks on a busy machine takes a fraction.
const ANSWER: Duration = Duration::from_secs(120);

/// A running browser, which ends when it is dropped.
struct Browser {
    process: Child,
    profile: PathBuf,
    /// Where it listens.
    address: String,
}

/// What one test has of the browser: a connection, and a context that shares nothing with those of other tests.
pub(crate) struct Chromium {
    _browser: Arc<Browser>,
    context: Value,
    socket: WebSocket<MaybeTlsStream<TcpStream>>,
    calls: u64,
    events: Vec<Value>,
    /// Whether pages may run scripts.
    scripts: bool,
}

/// One tab; its name for the protocol.
#[derive(Clone)]
pub(crate) struct Tab(String);

/// What a tab asked for and complained about since it was last asked.
#[derive(Default)]
pub(crate) struct Record {
    /// Console errors, exceptions, policy violations and failed loads, each in one line.
    pub(crate) complaints: Vec<String>,
    /// Every address that was requested.
    pub(crate) requests: Vec<String>,
}

impl Browser {
    /// The one of all tests. To start one takes longer than most tests do.
    fn of_all(program: &str) -> Arc<Self> {
        static RUNNING: Shared<Browser> = Shared::new();
        extern "C" fn end() {
            RUNNING.end();
        }
        RUNNING.get(|| Self::start(program), end)
    }

    fn start(program: &str) -> Self {
        let profile = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("chromium-{}", std::process::id()));
        fs::create_dir_all(&profile).expect("a folder for the profile can be made");
        let mut process = Command::new(program)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--mute-audio"])
            .args([
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
            ])
            .args(["--disable-dev-shm-usage", "--disable-extensions", "--remote-debugging-port=0"])
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg("about:blank")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("Chromium can be started");
        let mut stderr = BufReader::new(process.stderr.take().expect("its error output is ours"));
        let mut said = String::new();
        let address = loop {
            let start = said.len();
            let length = stderr.read_line(&mut said).expect("Chromium's error output can be read");
            assert!(length > 0, "Chromium ended before it listened:\n{said}");
            if let Some(address) = said[start..].trim().strip_prefix("DevTools listening on ") {
                break address.to_owned();
            }
        };
        // Somebody has to read on, or the browser would stop once the pipe is full.
        std::thread::spawn(move || std::io::copy(&mut stderr, &mut std::io::sink()));
        Self { process, profile, address }
    }
}

impl Chromium {
    /// An empty profile in a running browser. Where there is none: a failure in CI, else `None` and a word about it.
    pub(crate) fn start(name: &str) -> Option<Self> {
        let Some(program) = NAMES.into_iter().find(|name| on_path(name)) else {
            assert!(std::env::var_os("CI").is_none(), "Chromium is missing: `tests/run` installs it");
            // Written past the test harness, which would swallow it: a skipped test must be heard.
            let word = format!("SKIPPED, because Chromium is not installed (`tests/run` installs it): {name}\n");
            stderr().write_all(word.as_bytes()).expect("standard error can be written");
            return None;
        };
        let browser = Browser::of_all(program);
        let (socket, _) = tungstenite::connect(browser.address.as_str()).expect("Chromium answers");
        if let MaybeTlsStream::Plain(stream) = socket.get_ref() {
            stream.set_read_timeout(Some(ANSWER)).expect("a time limit can be set");
        }
        let mut own =
            Self { _browser: browser, context: Value::Null, socket, calls: 0, events: Vec::new(), scripts: true };
        // Gone with the connection.
        own.context =
            own.call(None, "Target.createBrowserContext", json!({ "disposeOnDetach": true }))["browserContextId"]
                .take();
        Some(own)
    }

    /// A new tab that records what it does.
    pub(crate) fn tab(&mut self) -> Tab {
        let place = json!({ "url": "about:blank", "browserContextId": self.context });
        let target = self.call(None, "Target.createTarget", place);
        let attached =
            self.call(None, "Target.attachToTarget", json!({ "targetId": target["targetId"], "flatten": true }));
        let tab = Tab(attached["sessionId"].as_str().expect("a tab has a session").to_owned());
        for domain in ["Page", "Runtime", "Log", "Network"] {
            self.call(Some(&tab), &format!("{domain}.enable"), json!({}));
        }
        // Whichever test's window is in front: each has the keyboard.
        self.call(Some(&tab), "Emulation.setFocusEmulationEnabled", json!({ "enabled": true }));
        tab
    }

    /// Lets pages write to the clipboard and read it, as a reader would who is asked.
    pub(crate) fn allow_clipboard(&mut self) {
        let permissions = ["clipboardReadWrite", "clipboardSanitizedWrite"];
        let granted = json!({ "permissions": permissions, "browserContextId": self.context });
        self.call(None, "Browser.grantPermissions", granted);
    }

    /// Closes a tab, so that a long run keeps few of them.
    pub(crate) fn close(&mut self, tab: &Tab) {
        self.call(Some(tab), "Page.close", json!({}));
    }

    /// Loads `url` to its end, and what the tab recorded on the way.
    pub(crate) fn open(&mut self, tab: &Tab, url: &str) -> Record {
        self.events.clear();
        let answer = self.call(Some(tab), "Page.navigate", json!({ "url": url }));
        assert!(answer["errorText"].is_null(), "{url} could not be opened: {}", answer["errorText"]);
        self.loaded(tab)
    }

    /// Loads the page once more, as the browser's own button does, and waits as `open` does.
    pub(crate) fn reload(&mut self, tab: &Tab) -> Record {
        self.events.clear();
        self.call(Some(tab), "Page.reload", json!({}));
        self.loaded(tab)
    }

    /// Waits for the page that was asked for, and for two of its frames.
    fn loaded(&mut self, tab: &Tab) -> Record {
        while !self.events.iter().any(|event| event["method"] == "Page.loadEventFired") {
            self.receive();
        }
        // Two frames: scripts that wait for the first paint have run, and their complaints have been sent. Where scripts
        // are off, no frame would ever call back.
        if self.scripts {
            self.evaluate(
                tab,
                "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))",
            );
        }
        self.record()
    }

    /// The value of an expression in the page; a promise is waited for.
    pub(crate) fn evaluate(&mut self, tab: &Tab, expression: &str) -> Value {
        let parameters = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let answer = self.call(Some(tab), "Runtime.evaluate", parameters);
        assert!(
            answer["exceptionDetails"].is_null(),
            "an expression threw: {}\n{expression:.300}",
            answer["exceptionDetails"]
        );
        answer["result"]["value"].clone()
    }

    /// The value of an expression in the first frame that the page holds, from another origin or not.
    pub(crate) fn evaluate_in_frame(&mut self, tab: &Tab, expression: &str) -> Value {
        let tree = self.call(Some(tab), "Page.getFrameTree", json!({}));
        let frame = tree["frameTree"]["childFrames"][0]["frame"]["id"].clone();
        let world = self.call(Some(tab), "Page.createIsolatedWorld", json!({ "frameId": frame, "worldName": "tests" }));
        let parameters = json!({
            "expression": expression, "contextId": world["executionContextId"], "awaitPromise": true, "returnByValue": true,
        });
        let answer = self.call(Some(tab), "Runtime.evaluate", parameters);
        assert!(answer["exceptionDetails"].is_null(), "an expression threw: {}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    /// Addresses that cannot be loaded from now on; `*` stands for anything.
    pub(crate) fn block(&mut self, tab: &Tab, addresses: &[&str]) {
        self.call(Some(tab), "Network.setBlockedURLs", json!({ "urls": addresses }));
    }

    /// The size of the window, in CSS pixels.
    pub(crate) fn resize(&mut self, tab: &Tab, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.call(Some(tab), "Emulation.setDeviceMetricsOverride", size);
    }

    /// What the system asks of pages: a medium, and features such as `("prefers-color-scheme", "dark")`.
    pub(crate) fn emulate_media(&mut self, tab: &Tab, medium: &str, features: &[(&str, &str)]) {
        let features: Vec<Value> =
            features.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        self.call(Some(tab), "Emulation.setEmulatedMedia", json!({ "media": medium, "features": features }));
    }

    /// Whether pages that are opened from now on may run scripts.
    pub(crate) fn allow_scripts(&mut self, tab: &Tab, allowed: bool) {
        self.call(Some(tab), "Emulation.setScriptExecutionDisabled", json!({ "value": !allowed }));
        self.scripts = allowed;
    }

    /// One key pressed and let go, as a person's keyboard sends it.
    pub(crate) fn press(&mut self, tab: &Tab, key: &str) {
        let code = match key {
            "Tab" => 9,
            "Enter" => 13,
            "Escape" => 27,
            "Space" => 32,
            _ => 0,
        };
        // A key that writes something is what presses buttons and sends forms.
        let text = match key {
            "Enter" => Some("\r"),
            "Space" => Some(" "),
            _ => None,
        };
        let down = if text.is_some() { "keyDown" } else { "rawKeyDown" };
        for kind in [down, "keyUp"] {
            let named = if key == "Space" { " " } else { key };
            let mut event = json!({ "type": kind, "key": named, "code": key, "windowsVirtualKeyCode": code });
            if kind == down
                && let Some(text) = text
            {
                event["text"] = json!(text);
            }
            self.call(Some(tab), "Input.dispatchKeyEvent", event);
        }
    }

    /// A picture of what the window shows, in `tests/output/`, for people to look at.
    pub(crate) fn screenshot(&mut self, tab: &Tab, name: &str) {
        let picture = self.picture(tab);
        self.keep_picture(name, &picture);
    }

    /// What the window shows, as PNG in base64.
    pub(crate) fn picture(&mut self, tab: &Tab) -> String {
        let how = json!({ "format": "png", "optimizeForSpeed": true });
        let answer = self.call(Some(tab), "Page.captureScreenshot", how);
        answer["data"].as_str().expect("a picture is sent as text").to_owned()
    }

    /// Writes a picture into `tests/output/`, for people to look at.
    pub(crate) fn keep_picture(&self, name: &str, picture: &str) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/output");
        fs::create_dir_all(&folder).expect("tests/output can be made");
        fs::write(folder.join(format!("{name}.png")), decode_base64(picture)).expect("a picture can be written");
    }

    /// Loads `url` and gives every frame that was painted on the way, from what the page before left to half a second after
    /// the load, each as PNG in base64.
    pub(crate) fn frames_of(&mut self, tab: &Tab, url: &str) -> Vec<String> {
        self.events.clear();
        self.call(Some(tab), "Page.startScreencast", json!({ "format": "png", "everyNthFrame": 1 }));
        self.call(Some(tab), "Page.navigate", json!({ "url": url }));
        let (mut frames, mut seen, mut loaded) = (Vec::new(), 0, None);
        while loaded.is_none_or(|at: Instant| at.elapsed() < Duration::from_millis(500)) {
            // Anything that has an answer, so that a page which paints no more does not keep us waiting.
            self.call(Some(tab), "Page.getFrameTree", json!({}));
            std::thread::sleep(Duration::from_millis(5));
            let events: Vec<Value> = self.events[seen..].to_vec();
            seen = self.events.len();
            for event in events {
                match event["method"].as_str() {
                    Some("Page.loadEventFired") => loaded = Some(Instant::now()),
                    Some("Page.screencastFrame") => {
                        let frame = &event["params"];
                        self.call(Some(tab), "Page.screencastFrameAck", json!({ "sessionId": frame["sessionId"] }));
                        frames.extend(frame["data"].as_str().map(str::to_owned));
                    }
                    _ => {}
                }
            }
        }
        self.call(Some(tab), "Page.stopScreencast", json!({}));
        frames
    }

    /// What all tabs recorded since the last time; tests use one tab at a time.
    pub(crate) fn record(&mut self) -> Record {
        let mut record = Record::default();
        for event in std::mem::take(&mut self.events) {
            let details = &event["params"];
            match event["method"].as_str().unwrap_or_default() {
                "Network.requestWillBeSent" => {
                    record.requests.push(details["request"]["url"].as_str().unwrap_or_default().to_owned());
                }
                "Network.loadingFailed" => record.complaints.push(format!("a load failed: {}", details["errorText"])),
                "Network.responseReceived" if details["response"]["status"].as_u64() >= Some(400) => {
                    record
                        .complaints
                        .push(format!("{} for {}", details["response"]["status"], details["response"]["url"]));
                }
                // The browser gives up the animation from page to page when it is short of time. No script of ours began it.
                "Runtime.exceptionThrown"
                    if details["exceptionDetails"]
                        .to_string()
                        .contains("Transition was aborted because of invalid state") => {}
                "Runtime.exceptionThrown" => {
                    record.complaints.push(format!("exception: {}", details["exceptionDetails"]));
                }
                "Runtime.consoleAPICalled" if details["type"] == "error" || details["type"] == "warning" => {
                    record.complaints.push(format!("console: {}", details["args"]));
                }
                // Violations of the content security policy come this way.
                "Log.entryAdded" if details["entry"]["level"] == "error" || details["entry"]["level"] == "warning" => {
                    record.complaints.push(format!("log: {} {}", details["entry"]["text"], details["entry"]["url"]));
                }
                _ => {}
            }
        }
        record
    }

    /// Waits until an expression in the page is true, however often the page is loaded meanwhile.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, tab: &Tab, expression: &str) {
        let started = Instant::now();
        loop {
            let parameters = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
            // A page that is just being loaded has no answer, or one that nobody waits for any more.
            let answer = self.answer_to(Some(tab), "Runtime.evaluate", parameters);
            if answer["result"]["result"]["value"] == true {
                return;
            }
            assert!(
                started.elapsed() < ANSWER,
                "this never became true: {expression:.300}\nlast answer: {answer:.2000}"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Types text where the focus is.
    pub(crate) fn type_text(&mut self, tab: &Tab, text: &str) {
        self.call(Some(tab), "Input.insertText", json!({ "text": text }));
    }

    /// Makes a tab the one that is in front and has the keyboard.
    pub(crate) fn bring_to_front(&mut self, tab: &Tab) {
        self.call(Some(tab), "Page.bringToFront", json!({}));
    }

    /// Sends one command and waits for its answer; events that come in between are kept.
    pub(crate) fn call(&mut self, tab: Option<&Tab>, method: &str, parameters: Value) -> Value {
        let mut answer = self.answer_to(tab, method, parameters);
        assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
        answer["result"].take()
    }

    /// The whole answer to a command, be it a result or an error.
    fn answer_to(&mut self, tab: Option<&Tab>, method: &str, parameters: Value) -> Value {
        self.calls += 1;
        let id = self.calls;
        let mut command = json!({ "id": id, "method": method, "params": parameters });
        if let Some(Tab(session)) = tab {
            command["sessionId"] = json!(session);
        }
        self.socket.send(Message::text(command.to_string())).expect("Chromium takes commands");
        loop {
            match self.receive() {
                Some(answer) if answer["id"] == id => return answer,
                _ => {}
            }
        }
    }

    /// The next answer; an event is kept and gives `None`.
    fn receive(&mut self) -> Option<Value> {
        let message = match self.socket.read() {
            Ok(Message::Text(text)) => text,
            Ok(_) => return None,
            // A program that is stopped for a while and goes on, as a debugger does it, is told so by a failed read.
            Err(Error::Io(error)) if error.kind() == std::io::ErrorKind::Interrupted => return None,
            Err(error) => panic!("Chromium said nothing for {} s, or is gone: {error}", ANSWER.as_secs()),
        };
        let value: Value = serde_json::from_str(&message).expect("Chromium speaks JSON");
        if value["id"].is_null() {
            self.events.push(value);
            return None;
        }
        Some(value)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Best effort: a browser that is gone already needs no end, and a profile that stays is under target/.
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.profile);
    }
}

/// Whether a program of this name can be run.
fn on_path(name: &str) -> bool {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| folder.join(name).is_file())
}

/// The bytes that `text` stands for; the protocol sends plain base64 without line ends.
fn decode_base64(text: &str) -> Vec<u8> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    // A picture has half a million letters, and a search for each would take longer than the picture did.
    let mut values = [0u8; 256];
    for (value, letter) in (0u8..).zip(LETTERS) {
        values[usize::from(*letter)] = value;
    }
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0u32, 0);
    for letter in text.bytes().filter(|letter| *letter != b'=') {
        bits = bits << 6 | u32::from(values[usize::from(letter)]);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held & 0xff) as u8);
        }
    }
    bytes
}
