//! `serve` in a real browser: what a save changes on the page that is open, and what it leaves alone.

use std::fs;
use std::path::PathBuf;

use crate::chromium::{Chromium, Tab};
use crate::workshop::{self, Server, Site};

/// A page with something to lose in it: a place in a long text, an open part, a field with text.
fn article() -> String {
    let mut text =
        "---\ntitle: Long page\ndescription: A page that is long enough to be read somewhere in its middle.\n---\n\n"
            .to_owned();
    for number in 1..=30 {
        text.push_str(&format!("## Part {number}\n\nParagraph {number} has a sentence in it. "));
        text.push_str(&"And it has a few more that nobody reads. ".repeat(12));
        text.push_str("\n\n");
        if number == 15 {
            text.push_str("<details id=\"aside\"><summary>More</summary>\n\nHidden until opened.\n\n</details>\n\n");
            text.push_str("```toml\na = 1\n```\n\n");
            text.push_str("<p><label>Your name <input id=\"name\"></label></p>\n\n");
        }
    }
    text
}

/// A project that is served and looked at.
struct Scene {
    folder: PathBuf,
    server: Server,
    browser: Chromium,
}

impl Scene {
    /// A site of three pages under the strictest policy that pages may have. Without a browser, `None`.
    fn start(name: &str) -> Option<Self> {
        let browser = Chromium::start(name)?;
        let folder = workshop::fresh_folder(name);
        let base = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/themes/waymark/templates/base.html"))
            .expect("the theme has a frame");
        let strict = match base.contains("require-trusted-types-for") {
            true => base,
            false => base.replacen("base-uri 'none'", "base-uri 'none'; require-trusted-types-for 'script'", 1),
        };
        assert!(strict.contains("require-trusted-types-for 'script'"), "the frame has a policy");
        Site::with_default_theme()
            .with(
                "content/index.md",
                "---\ntitle: Home\ndescription: Where everything begins.\n---\n\nWelcome. See [[Long page]].\n",
            )
            .with("content/long.md", article())
            .with(
                "content/skills/other.md",
                "---\ntitle: Other\ndescription: Another page, which nobody edits here.\n---\n\nSee [[Long page]].\n",
            )
            .with("templates/base.html", strict)
            .with("styles/95-own.css", ".prose p { margin-left: 1px }\n")
            .with("scripts/own.js", "window.own = 1;\n")
            .write(&folder);
        let server = Server::start(&folder, 0);
        Some(Self { folder, server, browser })
    }

    /// Opens a page, marked so that loading it again would show.
    fn open(&mut self, path: &str) -> Tab {
        let tab = self.browser.tab();
        self.browser.resize(&tab, 1280, 900);
        let record = self.browser.open(&tab, &self.server.url(path));
        assert!(record.complaints.is_empty(), "{:?}", record.complaints);
        self.mark(&tab);
        tab
    }

    fn mark(&mut self, tab: &Tab) {
        self.browser.evaluate(tab, "window.marked = true");
    }

    fn is_marked(&mut self, tab: &Tab) -> bool {
        self.browser.evaluate(tab, "window.marked === true") == true
    }

    /// Saves as most editors do: beside the file, and then over it.
    fn save(&self, path: &str, text: &str) {
        let file = self.folder.join(path);
        let beside = file.with_file_name(".saved.tmp");
        fs::write(&beside, text).expect("the project can be written");
        fs::rename(&beside, &file).expect("the project can be written");
    }

    /// Saves a file with a part of it replaced.
    fn edit(&self, path: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.folder.join(path)).expect("the file is there");
        assert!(text.contains(from), "{path} has no `{from}`");
        self.save(path, &text.replacen(from, to, 1));
    }

    /// Waits until the page's text has `part` in it.
    #[track_caller]
    fn sees(&mut self, tab: &Tab, part: &str) {
        self.browser.wait_for(tab, &format!("document.body?.innerText.includes({part:?}) ?? false"));
    }

    /// Nothing that the page did was refused by its policy, and nothing failed.
    #[track_caller]
    fn has_no_complaints(&mut self) {
        let record = self.browser.record();
        assert!(record.complaints.is_empty(), "{:#?}", record.complaints);
    }
}

/// Where the reader is: the scroll, the focus with its text, the open part, and the selection.
const STATE: &str = "JSON.stringify({ top: document.querySelector('#name').getBoundingClientRect().top, \
    focus: document.activeElement.id, value: document.querySelector('#name').value, \
    open: document.querySelector('#aside').open, marked: window.marked === true, \
    copies: document.querySelectorAll('.code .copy').length })";

#[test]
fn an_edit_changes_the_text_and_leaves_scroll_focus_and_what_is_open_or_typed() {
    let Some(mut scene) = Scene::start("live-edit") else { return };
    let tab = scene.open("long/");
    scene.browser.evaluate(
        &tab,
        "document.querySelector('#name').scrollIntoView({ block: 'center' }); \
         document.querySelector('#name').focus(); document.querySelector('#aside').open = true; 1",
    );
    scene.browser.type_text(&tab, "Ada");
    let before = scene.browser.evaluate(&tab, STATE);
    assert!(
        before.as_str().is_some_and(|state| state.contains("\"value\":\"Ada\"") && state.contains("\"open\":true"))
    );

    // A word, far below.
    scene.edit("content/long.md", "Paragraph 20 has a sentence", "Paragraph 20 has a sentence that is new");
    scene.sees(&tab, "Paragraph 20 has a sentence that is new");
    assert_eq!(scene.browser.evaluate(&tab, STATE), before);
    // A paragraph more and one less, above: the browser keeps what is in view in its place.
    scene.edit("content/long.md", "## Part 3\n", "A paragraph that came later.\n\n## Part 3\n");
    scene.sees(&tab, "A paragraph that came later.");
    scene.edit("content/long.md", "A paragraph that came later.\n\n", "");
    scene.browser.wait_for(&tab, "!document.body.innerText.includes('A paragraph that came later.')");
    let after = scene.browser.evaluate(&tab, STATE);
    let (before, after): (serde_json::Value, serde_json::Value) = (
        serde_json::from_str(before.as_str().expect("it is text")).expect("it is JSON"),
        serde_json::from_str(after.as_str().expect("it is text")).expect("it is JSON"),
    );
    for key in ["focus", "value", "open", "marked", "copies"] {
        assert_eq!(after[key], before[key], "{key}");
    }
    let moved = after["top"].as_f64().expect("a number") - before["top"].as_f64().expect("a number");
    assert!(moved.abs() < 2.0, "what is in view moved by {moved}");

    // What the reader typed and what the author writes beside it.
    scene.edit("content/long.md", "Hidden until opened.", "Hidden until somebody opens it.");
    scene.sees(&tab, "Hidden until somebody opens it.");
    assert!(scene.is_marked(&tab));
    scene.has_no_complaints();
}

#[test]
fn a_selection_stays_and_the_head_follows() {
    let Some(mut scene) = Scene::start("live-head") else { return };
    let tab = scene.open("long/");
    scene.browser.evaluate(
        &tab,
        "(() => { const text = [...document.querySelectorAll('.prose p')].find(p => p.textContent.startsWith('Paragraph 2 ')).firstChild; \
         getSelection().setBaseAndExtent(text, 0, text, 11); return 1 })()",
    );
    scene.edit("content/long.md", "Paragraph 2 has a sentence", "Paragraph 2 has another sentence");
    scene.sees(&tab, "Paragraph 2 has another sentence");
    assert_eq!(scene.browser.evaluate(&tab, "getSelection().toString()"), "Paragraph 2");
    scene.edit("content/long.md", "description: A page that is long", "description: A text that is long");
    let description = "document.querySelector('meta[name=description]').content.startsWith('A text that is long')";
    scene.browser.wait_for(&tab, description);
    scene.browser.wait_for(&tab, "document.querySelectorAll('meta[name=description]').length === 1");
    assert!(scene.is_marked(&tab));
    scene.edit("content/long.md", "title: Long page", "title: Long page\naliases: [Long page, The page]");
    scene.edit("content/long.md", "title: Long page", "title: The long page");
    scene.browser.wait_for(&tab, "document.title.startsWith('The long page')");
    scene.sees(&tab, "The long page");
    scene.has_no_complaints();
}

#[test]
fn a_style_sheet_is_swapped_and_no_page_loaded_again() {
    let Some(mut scene) = Scene::start("live-style") else { return };
    let tabs = [scene.open("long/"), scene.open("")];
    let sheets = "document.querySelectorAll('link[rel=stylesheet]').length";
    let counts = tabs.each_ref().map(|tab| scene.browser.evaluate(tab, sheets));
    for width in [7, 8] {
        scene.save("styles/95-own.css", &format!(".prose p {{ margin-left: {width}px }}\n"));
        for (tab, count) in tabs.iter().zip(&counts) {
            let margin = format!("getComputedStyle(document.querySelector('.prose p')).marginLeft === '{width}px'");
            scene.browser.wait_for(tab, &margin);
            scene.browser.wait_for(tab, &format!("{sheets} === {count}"));
            assert!(scene.is_marked(tab));
        }
    }
    // And the text is followed as before.
    scene.edit("content/long.md", "Paragraph 1 has a sentence", "Paragraph 1 has a style");
    scene.sees(&tabs[0], "Paragraph 1 has a style");
    assert!(scene.is_marked(&tabs[0]) && scene.is_marked(&tabs[1]));
    scene.has_no_complaints();
}

#[test]
fn what_is_not_safe_to_change_is_loaded_again_where_the_reader_was() {
    let Some(mut scene) = Scene::start("live-reload") else { return };
    let tab = scene.open("long/");
    let idle = scene.open("skills/other/");
    for (path, from, to, is_there) in [
        ("scripts/own.js", "window.own = 1", "window.own = 2", "window.own === 2"),
        // Scripts give such blocks a button: a new one needs them.
        (
            "content/long.md",
            "## Part 20",
            "```toml\nb = 2\n```\n\n## Part 20",
            "document.querySelectorAll('.code .copy').length === 2",
        ),
        (
            "content/long.md",
            "<input id=\"name\">",
            "<input id=\"name\" value=\"x\">",
            "document.querySelector('#name').value === 'x'",
        ),
        (
            "templates/base.html",
            "<footer class=\"foot\">",
            "<footer class=\"foot\"><p>And a line.</p>",
            "document.querySelector('footer.foot').textContent.includes('And a line.')",
        ),
    ] {
        scene.browser.bring_to_front(&tab);
        scene.browser.evaluate(&tab, "scrollTo(0, 2000); 1");
        let top = scene.browser.evaluate(&tab, "scrollY");
        scene.edit(path, from, to);
        scene.browser.wait_for(&tab, is_there);
        scene.browser.wait_for(&tab, "document.readyState === 'complete'");
        scene.browser.wait_for(&tab, &format!("Math.abs(scrollY - {top}) < 2"));
        assert!(!scene.is_marked(&tab), "{path}: the page was loaded again");
        scene.mark(&tab);
        let expected = path == "content/long.md";
        if !expected {
            scene.browser.wait_for(&idle, "window.marked !== true && document.readyState === 'complete'");
            scene.mark(&idle);
        }
        assert!(scene.is_marked(&idle), "{path}: a page that does not show it is left alone");
    }
    scene.has_no_complaints();
}

/// The text of the overlay, or nothing.
const OVERLAY: &str =
    "(document.querySelector('fingerpost-problem')?.shadowRoot.querySelector('dialog').innerText ?? '')";

#[test]
fn an_error_lies_over_the_last_good_page_until_it_is_mended() {
    let Some(mut scene) = Scene::start("live-error") else { return };
    let tab = scene.open("long/");
    scene.browser.evaluate(&tab, "document.querySelector('#name').focus(); 1");
    let good = "Paragraph 4 has a sentence in it.";
    scene.edit("content/long.md", good, "See [[Nowhere]] & <b>bold</b> <img src=x onerror=alert(1)>.");
    scene.browser.wait_for(&tab, &format!("{OVERLAY}.includes('content/long.md:')"));
    let text = scene.browser.evaluate(&tab, OVERLAY);
    let text = text.as_str().expect("the overlay is text");
    for part in ["error", "content/long.md:20:5", "[[Nowhere]] & <b>bold</b> <img src=x", "^"] {
        assert!(text.contains(part), "`{part}` is not in\n{text}");
    }
    scene.browser.screenshot(&tab, "live-overlay");
    let shadow =
        |query: &str| format!("document.querySelector('fingerpost-problem').shadowRoot.querySelector('{query}')");
    assert_eq!(scene.browser.evaluate(&tab, &format!("{} === null", shadow("b, img"))), true, "the source is text");
    assert_eq!(scene.browser.evaluate(&tab, &format!("{} !== null", shadow("[role=alert]"))), true);
    assert_eq!(scene.browser.evaluate(&tab, &format!("{}.matches(':modal')", shadow("dialog"))), true);
    scene.sees(&tab, good);
    // A page that is opened now is told too, and Escape shows what is behind.
    let other = scene.open("");
    scene.browser.wait_for(&other, &format!("{OVERLAY}.includes('content/long.md:')"));
    scene.browser.bring_to_front(&other);
    scene.browser.press(&other, "Escape");
    scene.browser.wait_for(&other, "document.querySelector('fingerpost-problem') === null");

    scene.edit("content/long.md", "See [[Nowhere]] & <b>bold</b> <img src=x onerror=alert(1)>.", good);
    scene.browser.wait_for(&tab, "document.querySelector('fingerpost-problem') === null");
    assert!(scene.is_marked(&tab), "nothing was loaded again");
    assert_eq!(scene.browser.evaluate(&tab, "document.activeElement.id"), "name", "the focus is where it was");
    scene.has_no_complaints();
}

#[test]
fn ten_tabs_share_one_stream_and_hand_it_over() {
    let Some(mut scene) = Scene::start("live-tabs") else { return };
    let first = scene.open("long/");
    scene.browser.wait_for(&first, "navigator.locks.query().then(locks => locks.held.length === 1)");
    let mut tabs = vec![first];
    let mut streams = 0;
    for _ in 1..10 {
        let tab = scene.browser.tab();
        let record = scene.browser.open(&tab, &scene.server.url("long/"));
        streams += record.requests.iter().filter(|url| url.ends_with("/__fingerpost/events")).count();
        scene.mark(&tab);
        tabs.push(tab);
    }
    assert_eq!(streams, 0, "the first tab has the stream already");
    scene.browser.wait_for(
        &tabs[9],
        "navigator.locks.query().then(locks => locks.held.length === 1 && locks.pending.length === 9)",
    );

    scene.edit("content/long.md", "Paragraph 1 has a sentence", "Paragraph 1 has been edited");
    for tab in &tabs {
        scene.sees(tab, "Paragraph 1 has been edited");
    }
    scene.edit("scripts/own.js", "window.own = 1", "window.own = 2");
    for tab in &tabs {
        scene.browser.wait_for(tab, "window.own === 2 && window.marked !== true");
    }
    // Which tab has the stream now is a matter of luck: close them one by one until only two are left.
    while tabs.len() > 2 {
        scene.browser.close(&tabs.remove(0));
    }
    scene.browser.wait_for(
        &tabs[0],
        "navigator.locks.query().then(locks => locks.held.length === 1 && locks.pending.length === 1)",
    );
    for tab in &tabs {
        scene.mark(tab);
    }
    scene.edit("content/long.md", "Paragraph 1 has been edited", "Paragraph 1 has been taken over");
    for tab in &tabs {
        scene.sees(tab, "Paragraph 1 has been taken over");
        assert!(scene.is_marked(tab));
    }
}

#[test]
fn a_tab_heals_when_the_server_comes_back() {
    let Some(mut scene) = Scene::start("live-restart") else { return };
    let tab = scene.open("long/");
    scene.browser.wait_for(&tab, "navigator.locks.query().then(locks => locks.held.length === 1)");
    let port = scene.server.port();
    scene.server.stop();
    scene.edit("content/long.md", "Paragraph 1 has a sentence", "Paragraph 1 was saved in between");
    scene.server = Server::start(&scene.folder, port);
    scene.sees(&tab, "Paragraph 1 was saved in between");
    scene.mark(&tab);
    scene.edit("content/long.md", "Paragraph 1 was saved in between", "Paragraph 1 was saved again");
    scene.sees(&tab, "Paragraph 1 was saved again");
    assert!(scene.is_marked(&tab));
}
