//! The theme's components, each in the states that its own folder tells of (`themes/waymark/components/<name>/<name>.test.md`):
//! one site of all their pages, one browser, and what must be seen in each state.
//!
//! A test file is Markdown. A block of code whose info names a path is a file of the site. A heading of the second level is a
//! state, `## NAME: /PATH/`, with `at 360` (pixels wide), `dark`, `on paper` or `without scripts` after the path. The items
//! below it are done and looked for in their order:
//!
//! - `` `selector`: words `` are seen there (no words: it is seen at all);
//! - `` not `selector` `` is seen nowhere;
//! - `` press `selector` ``, `` rest on `selector` ``, `` type `words` `` and `` key `Escape` `` are what a reader does;
//! - `` true `expression` `` holds in the page, at once or soon.

use crate::chromium::{Chromium, Tab};
use crate::static_host::StaticHost;
use crate::workshop::{Server, Site, files_below};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;
use std::thread;
use std::time::Duration;

/// What all pages of the components share. Nothing is kept between states: each must be the same whichever came before.
const SITE_TOML: &str = "\
title = \"Components\"
base_url = \"https://example.org/\"
output.offline = false
theme_options = { accent = \"plum\", feedback_url = \"https://example.org/wrong?page={url}\", prefetch = false }
";

/// Where a state is looked at, and what is done and seen there.
pub(crate) struct State {
    /// Component and name, for people.
    name: String,
    path: String,
    width: u32,
    is_dark: bool,
    is_paper: bool,
    has_scripts: bool,
    steps: Vec<Step>,
}

/// One item below the heading of a state.
#[derive(Debug, PartialEq)]
enum Step {
    Seen(String, String),
    NotSeen(String),
    Press(String),
    Rest(String),
    Type(String),
    Key(String),
    True(String),
}

#[test]
fn every_component_is_seen_in_every_state_that_its_folder_tells_of() {
    let Some(mut browser) = Chromium::start("components") else { return };
    let (files, states) = read_all();
    let site = files
        .iter()
        .fold(Site::with_default_theme().with("site.toml", SITE_TOML), |site, (path, text)| site.with(path, text));
    let built = site.build();
    assert!(!built.has_errors(), "{}", built.rendered_diagnostics());
    let host = StaticHost::start(built.output());
    let tab = browser.tab();
    let mut faults = Vec::new();
    for state in &states {
        show(&mut browser, &tab, &host, state);
        for step in &state.steps {
            if let Some(fault) = take(&mut browser, &tab, step) {
                faults.push(format!("{}: {fault}", state.name));
            }
        }
        let complaints = browser.record().complaints;
        faults.extend(complaints.iter().map(|complaint| format!("{}: {complaint}", state.name)));
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_component_has_a_test_beside_it() {
    let mut missing = Vec::new();
    let files = component_files();
    for path in files.keys() {
        let folder = path.split('/').next().expect("a path has a first part");
        if !files.contains_key(&format!("{folder}/{folder}.test.md")) {
            missing.push(folder);
        }
    }
    missing.dedup();
    assert!(missing.is_empty(), "these components have no test: {missing:?}");
    let (_, states) = read_all();
    let untold: Vec<&str> =
        states.iter().filter(|state| state.steps.is_empty()).map(|state| state.name.as_str()).collect();
    assert!(untold.is_empty(), "nothing is looked for in {untold:?}");
}

/// Where the guide shows every component.
const LIVING_PAGE: &str = "/handbook/components/";

/// What only a script makes, or only an option: these have no class that a page holds from the start.
const NOT_IN_THE_PAGE: [&str; 3] = ["accent", "copy", "preview"];

#[test]
fn every_component_is_on_the_living_page_or_where_that_leads() {
    let server = Server::of_the_guide();
    let page = |path: &str| {
        let bytes = server.get(path).unwrap_or_else(|| panic!("the guide has no page {path}"));
        String::from_utf8(bytes).expect("a page is text")
    };
    let living = page(LIVING_PAGE);
    let components: Vec<String> = component_files()
        .into_keys()
        .filter_map(|path| path.strip_suffix(".test.md").and_then(|path| Some(path.split_once('/')?.1.to_owned())))
        .collect();
    let classes: BTreeMap<&str, Vec<String>> =
        components.iter().map(|component| (component.as_str(), own_classes(component))).collect();
    let mut faults = Vec::new();
    for component in &components {
        let Some((_, row)) = living.split_once(&format!("<tr><td><code>{component}</code></td>")) else {
            faults.push(format!("`{component}` is not told of"));
            continue;
        };
        let row = row.split_once("</tr>").expect("a row ends").0;
        let place = row.rsplit_once("<td>").expect("a row has cells").1;
        if NOT_IN_THE_PAGE.contains(&component.as_str()) {
            continue;
        }
        let shown = match place.split_once("href=\"").and_then(|(_, rest)| rest.split_once('"')) {
            Some((href, _)) if !place.starts_with("this page") => {
                page(&format!("/{}", href.trim_start_matches("../").trim_start_matches('/')))
            }
            _ => living.clone(),
        };
        let used = |class: &String| {
            shown
                .split("class=\"")
                .skip(1)
                .filter_map(|rest| rest.split_once('"'))
                .any(|(names, _)| names.split(' ').any(|name| name == class))
        };
        let own: Vec<&String> = classes[component.as_str()]
            .iter()
            .filter(|class| !classes.iter().any(|(other, theirs)| other != component && theirs.contains(class)))
            .collect();
        if !own.into_iter().any(used) {
            faults.push(format!("`{component}` is not where the page says: {place}"));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// The classes that a component's style names.
fn own_classes(component: &str) -> Vec<String> {
    let files = component_files();
    let style = files.get(&format!("{component}/{component}.css")).map_or(&[][..], Vec::as_slice);
    let style = String::from_utf8_lossy(style);
    let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    let mut classes: Vec<String> = Vec::new();
    for rest in style.split('.').skip(1) {
        let name: String = rest.chars().take_while(|letter| is_of_name(*letter)).collect();
        if name.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
            classes.push(name);
        }
    }
    classes.sort_unstable();
    classes.dedup();
    classes
}

/// Opens the page of a state as the state asks for.
fn show(browser: &mut Chromium, tab: &Tab, host: &StaticHost, state: &State) {
    browser.resize(tab, state.width, 900);
    let scheme = if state.is_dark { "dark" } else { "light" };
    let medium = if state.is_paper { "print" } else { "screen" };
    browser.emulate_media(tab, medium, &[("prefers-color-scheme", scheme), ("prefers-reduced-motion", "reduce")]);
    browser.allow_scripts(tab, true);
    browser.open(tab, &host.url("404.html"));
    browser.evaluate(tab, "localStorage.clear(); sessionStorage.clear(); 1");
    browser.allow_scripts(tab, state.has_scripts);
    let record = browser.open(tab, &host.url(&state.path));
    assert!(record.complaints.is_empty(), "{}: {:?}", state.name, record.complaints);
}

/// What is wrong with a step, after as long as a reader may wait for it.
fn take(browser: &mut Chromium, tab: &Tab, step: &Step) -> Option<String> {
    let holds = match step {
        Step::Seen(selector, words) => format!(
            "[...document.querySelectorAll({})].some(element => element.getClientRects().length > 0 && \
             element.checkVisibility({{ visibilityProperty: true }}) && element.textContent.replace(/\\s+/g, ' ').includes({}))",
            json!(selector),
            json!(words)
        ),
        Step::NotSeen(selector) => format!(
            "[...document.querySelectorAll({})].every(element => element.getClientRects().length === 0 || \
             !element.checkVisibility({{ visibilityProperty: true }}))",
            json!(selector)
        ),
        Step::True(expression) => format!("Boolean({expression})"),
        Step::Press(selector) | Step::Rest(selector) => {
            let place = browser.evaluate(
                tab,
                &format!(
                    "(() => {{ const element = document.querySelector({}); if (!element) return null; \
                     element.scrollIntoView({{ block: 'center', behavior: 'instant' }}); const box = element.getClientRects()[0]; \
                     return box ? [box.x + box.width / 2, box.y + box.height / 2] : null }})()",
                    json!(selector)
                ),
            );
            if place.is_null() {
                return Some(format!("there is no `{selector}` to reach"));
            }
            let event = |kind: &str, button: &str| json!({ "type": kind, "x": place[0], "y": place[1], "button": button, "clickCount": 1 });
            browser.call(Some(tab), "Input.dispatchMouseEvent", event("mouseMoved", "none"));
            if matches!(step, Step::Press(_)) {
                browser.call(Some(tab), "Input.dispatchMouseEvent", event("mousePressed", "left"));
                browser.call(Some(tab), "Input.dispatchMouseEvent", event("mouseReleased", "left"));
            }
            return None;
        }
        Step::Type(words) => {
            browser.type_text(tab, words);
            return None;
        }
        Step::Key(key) => {
            browser.press(tab, key);
            return None;
        }
    };
    // Asked again from here and not by a timer of the page, which would not run where scripts are off.
    for _ in 0..100 {
        if browser.evaluate(tab, &holds) == true {
            return None;
        }
        thread::sleep(Duration::from_millis(30));
    }
    let shown = browser.evaluate(tab, "document.querySelector('main').innerText.slice(0, 600)");
    Some(format!("{step:?} does not hold; the page says {shown}"))
}

/// All files of components by their paths below `components/`.
fn component_files() -> BTreeMap<String, Vec<u8>> {
    files_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/waymark/components"))
}

/// The files of the one site, and the states in the order of the components.
fn read_all() -> (BTreeMap<String, String>, Vec<State>) {
    let mut files = BTreeMap::new();
    let mut states = Vec::new();
    for (path, bytes) in component_files() {
        let Some((_, name)) = path.strip_suffix(".test.md").and_then(|path| path.split_once('/')) else { continue };
        let text = String::from_utf8(bytes).expect("it is text");
        read(name, &text, &mut files, &mut states);
    }
    (files, states)
}

/// Reads one test file.
pub(crate) fn read(component: &str, text: &str, files: &mut BTreeMap<String, String>, states: &mut Vec<State>) {
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let fence = &line[..line.len() - info.trim_start_matches('`').len()];
            let path = info.trim_start_matches('`').split_once(' ').map(|(_, path)| path.trim());
            let path = path.unwrap_or_else(|| panic!("{component}: a block names no file: {line}"));
            let body: String =
                lines.by_ref().take_while(|line| *line != fence).map(|line| format!("{line}\n")).collect();
            let earlier = files.insert(path.to_owned(), body);
            assert!(earlier.is_none(), "{component}: another component has the file {path}");
        } else if let Some(heading) = line.strip_prefix("## ") {
            states.push(state(component, heading));
        } else if let Some(item) = line.strip_prefix("- ") {
            let state = states.last_mut().unwrap_or_else(|| panic!("{component}: an item before any state: {line}"));
            state
                .steps
                .push(step(item).unwrap_or_else(|| panic!("{component}: this says nothing to do or see: {line}")));
        }
    }
}

fn state(component: &str, heading: &str) -> State {
    let (name, place) = heading.rsplit_once(": /").unwrap_or_else(|| panic!("{component}: `{heading}` names no page"));
    let (path, manner) = place.split_once(' ').unwrap_or((place, ""));
    let mut width = 1280;
    let (mut is_dark, mut is_paper, mut has_scripts) = (false, false, true);
    for part in manner.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        match part {
            "dark" => is_dark = true,
            "on paper" => is_paper = true,
            "without scripts" => has_scripts = false,
            part => {
                let wide = part.strip_prefix("at ").and_then(|wide| wide.parse().ok());
                width = wide.unwrap_or_else(|| panic!("{component}: what is `{part}`?"));
            }
        }
    }
    State {
        name: format!("{component}, {name}"),
        path: path.to_owned(),
        width,
        is_dark,
        is_paper,
        has_scripts,
        steps: Vec::new(),
    }
}

fn step(item: &str) -> Option<Step> {
    let (before, rest) = item.split_once('`')?;
    let (code, after) = rest.rsplit_once('`')?;
    let code = code.to_owned();
    match before.trim() {
        "" if after.is_empty() => Some(Step::Seen(code, String::new())),
        "" => Some(Step::Seen(code, after.strip_prefix(':')?.trim().to_owned())),
        "not" => Some(Step::NotSeen(code)),
        "press" => Some(Step::Press(code)),
        "rest on" => Some(Step::Rest(code)),
        "type" => Some(Step::Type(code)),
        "key" => Some(Step::Key(code)),
        "true" => Some(Step::True(code)),
        _ => None,
    }
}

#[test]
fn a_test_of_a_component_is_read_as_it_is_written() {
    let text = "# One\n\n```md content/a.md\n---\ntitle: A\n---\n```\n\n## plain: /a/ at 360, dark\n\n- `.a > b`: some words\n- not `.c`\n- press `#d`\n";
    let (mut files, mut states) = (BTreeMap::new(), Vec::new());
    read("one", text, &mut files, &mut states);
    assert_eq!(files["content/a.md"], "---\ntitle: A\n---\n");
    let [state] = states.as_slice() else { panic!("one state") };
    assert_eq!((state.path.as_str(), state.width, state.is_dark, state.has_scripts), ("a/", 360, true, true));
    let seen = Step::Seen(".a > b".to_owned(), "some words".to_owned());
    assert_eq!(state.steps, [seen, Step::NotSeen(".c".to_owned()), Step::Press("#d".to_owned())]);
}
