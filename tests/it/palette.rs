//! The search in a real browser: by keyboard alone, on a phone, from a folder, with hostile questions and damaged files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use crate::chromium::{Chromium, Tab};
use crate::fetched;
use crate::search::{bilingual, sharded};
use crate::workshop::{Server, Site, files_below};
use serde_json::{Value, json};

const WIDE: (u32, u32) = (1280, 900);
const PHONE: (u32, u32) = (360, 740);

fn start(name: &str) -> Option<(Chromium, Tab, Arc<Server>)> {
    let mut browser = Chromium::start(name)?;
    let server = Server::of_the_guide();
    let tab = browser.tab();
    browser.resize(&tab, WIDE.0, WIDE.1);
    // Chromium itself complains of a transition between pages that is cut short.
    browser.emulate_media(&tab, "screen", &[("prefers-reduced-motion", "reduce")]);
    Some((browser, tab, server))
}

/// Waits until an expression is true, also on the page that a press leads to; what the page shows when it never is.
#[track_caller]
fn until(browser: &mut Chromium, tab: &Tab, expression: &str) {
    let held_or_shown = format!(
        "(() => {{ try {{ if ({expression}) return true }} catch {{}} \
         return (document.querySelector('dialog.search[open]') ?? document.body).innerText.slice(0, 800) }})()"
    );
    browser.wait_for(tab, &held_or_shown);
}

/// A key with Control held.
fn press_with_control(browser: &mut Chromium, tab: &Tab, key: &str) {
    for kind in ["rawKeyDown", "keyUp"] {
        let event = json!({ "type": kind, "key": key, "modifiers": 2 });
        browser.call(Some(tab), "Input.dispatchKeyEvent", event);
    }
}

/// Text as if it were typed into what has the focus.
fn write(browser: &mut Chromium, tab: &Tab, text: &str) {
    browser.call(Some(tab), "Input.insertText", json!({ "text": text }));
}

/// Puts a question into the open palette and waits for what it answers.
fn ask(browser: &mut Chromium, tab: &Tab, query: &str) {
    // The box is there before what shows its answers.
    until(browser, tab, "document.querySelector('.search-body')");
    let query = Value::from(query);
    browser.evaluate(
        tab,
        &format!(
            "(() => {{ const field = document.getElementById('search-input'); field.value = {query}; \
             document.querySelector('.search-body').replaceChildren(); field.dispatchEvent(new Event('input')); return 1 }})()"
        ),
    );
    until(browser, tab, "document.querySelector('.search-body').childElementCount > 0");
}

#[test]
fn the_palette_needs_nothing_but_a_keyboard() {
    let Some((mut browser, tab, server)) = start("palette") else { return };
    browser.open(&tab, &server.url("glossary/"));
    press_with_control(&mut browser, &tab, "k");
    until(
        &mut browser,
        &tab,
        "document.querySelector('dialog.search[open]') && document.activeElement.id === 'search-input'",
    );
    write(&mut browser, &tab, "mixng engineer");
    until(&mut browser, &tab, "document.querySelector('.search-option mark')");
    let active = "document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))";
    until(&mut browser, &tab, &format!("{active}.getAttribute('aria-selected') === 'true'"));
    until(&mut browser, &tab, "document.querySelector('.search-count').textContent.includes('page')");
    until(&mut browser, &tab, "document.querySelector('.search-note').textContent.includes('showing “mixing”')");
    let first = browser.evaluate(&tab, &format!("{active}.id"));
    browser.press(&tab, "ArrowDown");
    let second = browser.evaluate(&tab, &format!("{active}.id"));
    assert_ne!(first, second, "the arrow chooses another result");
    browser.press(&tab, "ArrowUp");
    // Past the facts, down to the page itself.
    for _ in 0..12 {
        let chosen = browser.evaluate(&tab, &format!("{active}.querySelector('.search-title')?.textContent ?? ''"));
        if chosen == "Mixing engineer" {
            break;
        }
        browser.press(&tab, "ArrowDown");
    }
    browser.press(&tab, "Enter");
    until(&mut browser, &tab, "location.pathname.endsWith('/roles/mixing-engineer/')");
    until(&mut browser, &tab, "CSS.highlights.get('fingerpost-search').size > 3");
    browser.press(&tab, "Escape");
    until(&mut browser, &tab, "!CSS.highlights.has('fingerpost-search')");
    let complaints = browser.record().complaints;
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn what_is_typed_before_the_search_is_there_is_its_first_question() {
    let Some((mut browser, tab, server)) = start("search-frame") else { return };
    browser.open(&tab, &server.url("glossary/"));
    let slow = json!({ "offline": false, "latency": 1500, "downloadThroughput": 20_000, "uploadThroughput": 20_000 });
    browser.call(Some(&tab), "Network.setCacheDisabled", json!({ "cacheDisabled": true }));
    browser.call(Some(&tab), "Network.emulateNetworkConditions", slow);
    browser.evaluate(&tab, "document.querySelector('main a').focus()");
    browser.press(&tab, "/");
    // Not even its style is there: keys are kept for it.
    browser.press(&tab, "m");
    browser.press(&tab, "o");
    browser.press(&tab, "Backspace");
    browser.press(&tab, "i");
    assert_eq!(browser.evaluate(&tab, "document.querySelector('dialog.search') === null"), true);
    until(&mut browser, &tab, "document.activeElement.id === 'search-input'");
    write(&mut browser, &tab, "xng");
    assert_eq!(browser.evaluate(&tab, "globalThis.fingerpostPalette === undefined"), true);
    until(&mut browser, &tab, "document.querySelector('dialog.search:modal .search-option mark')");
    assert_eq!(browser.evaluate(&tab, "document.activeElement.value"), "mixng");
    browser.press(&tab, "Escape");
    until(&mut browser, &tab, "document.activeElement === document.querySelector('main a')");
    // Opened and closed within one frame, then twice at once: it is shut, then open and modal.
    browser.evaluate(
        &tab,
        "globalThis.key = (key, ctrlKey = false) => document.activeElement.dispatchEvent(\
         new KeyboardEvent('keydown', { key, ctrlKey, bubbles: true, cancelable: true })); key('k', true); key('Escape')",
    );
    assert_eq!(browser.evaluate(&tab, "document.querySelector('dialog.search').open"), false);
    browser.evaluate(&tab, "key('k', true); key('Escape'); key('k', true)");
    until(
        &mut browser,
        &tab,
        "document.querySelector('dialog.search:modal') && document.activeElement.id === 'search-input'",
    );
    let complaints = browser.record().complaints;
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn a_single_key_opens_it_unless_the_reader_turns_that_off() {
    let Some((mut browser, tab, server)) = start("single-key") else { return };
    browser.open(&tab, &server.url("roles/mixing-engineer/"));
    browser.open(&tab, &server.url("glossary/"));
    browser.press(&tab, "/");
    until(&mut browser, &tab, "document.querySelector('dialog.search[open]')");
    until(&mut browser, &tab, "document.querySelector('.search-option').textContent.includes('Mixing engineer')");
    browser.evaluate(&tab, "document.querySelector('.search-foot input').click()");
    browser.press(&tab, "Escape");
    until(&mut browser, &tab, "!document.querySelector('dialog.search[open]')");
    browser.press(&tab, "/");
    browser.evaluate(&tab, "new Promise(done => setTimeout(() => done(1), 300))");
    assert_eq!(browser.evaluate(&tab, "document.querySelector('dialog.search[open]') === null"), true);
}

#[test]
fn axe_finds_nothing_with_the_search_open() {
    let Some((mut browser, tab, server)) = start("search-axe") else { return };
    let axe = fetched::text("axe-core/axe.min.js");
    let mut faults = Vec::new();
    for (scheme, size) in [("light", WIDE), ("dark", PHONE)] {
        browser.resize(&tab, size.0, size.1);
        browser.emulate_media(
            &tab,
            "screen",
            &[("prefers-color-scheme", scheme), ("prefers-reduced-motion", "reduce")],
        );
        let mut look = |browser: &mut Chromium, what: &str| {
            browser.evaluate(&tab, &format!("{axe}; 1"));
            browser.screenshot(&tab, &format!("search-{what}-{}-{scheme}", size.0));
            let found = browser.evaluate(
                &tab,
                "axe.run(document, { resultTypes: ['violations'] }).then(found => found.violations.map(rule => \
                 rule.id + ': ' + rule.help + ' — ' + rule.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | ')))",
            );
            let found = found.as_array().expect("axe answers with a list").clone();
            faults.extend(found.iter().map(|rule| format!("{what} {scheme} {}: {rule}", size.0)));
        };
        browser.open(&tab, &server.url("skills/mixing/"));
        browser.evaluate(&tab, "document.querySelector('.search-link').click()");
        until(&mut browser, &tab, "document.querySelector('.search-option')");
        look(&mut browser, "empty");
        for (what, query) in [("answers", "mastering loudnes"), ("nothing", "qqzzxx")] {
            ask(&mut browser, &tab, query);
            look(&mut browser, what);
        }
        browser.open(&tab, &server.url("search/?q=pay&kind=role"));
        until(&mut browser, &tab, "document.querySelector('.search-results li')");
        look(&mut browser, "page");
        let width = browser.evaluate(&tab, "document.documentElement.scrollWidth");
        assert!(width.as_u64() <= Some(u64::from(size.0)), "the page is {width} wide");
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// Questions that nobody asks in good faith, and some that are only unusual.
fn hostile() -> Vec<String> {
    let mut list: Vec<String> = [
        "<img src=x onerror=alert(1)>",
        "\"><script>alert(1)</script>",
        "__proto__",
        "constructor prototype hasOwnProperty",
        "مهندس الصوت",
        "\u{202e}gnixim",
        "🎧🎹🎛️",
        "\"unclosed phrase",
        "kind:nothing",
        "topic:\"no such\" mixing",
        "kind:role",
        "((((",
        "\\u0000 \u{0} %00 ../..",
        "a",
        "the of and",
        "\"mixing engineer\" -\"x\"",
        "C# C++ 12.7 1,000,000",
        "新幹線",
        "e\u{301}\u{301}\u{301}\u{301}",
    ]
    .map(str::to_owned)
    .into();
    list.push("mixing ".repeat(1500));
    list.push("x".repeat(10_000));
    list
}

#[test]
fn hostile_questions_do_no_harm() {
    let Some((mut browser, tab, server)) = start("hostile") else { return };
    browser.open(&tab, &server.url("glossary/"));
    browser.evaluate(&tab, "document.querySelector('.search-link').click()");
    until(&mut browser, &tab, "document.querySelector('.search-option')");
    for query in hostile() {
        ask(&mut browser, &tab, &query);
        let foreign = browser.evaluate(
            &tab,
            "document.querySelectorAll('dialog img, dialog script, dialog iframe, .search-failure').length",
        );
        assert_eq!(foreign, 0, "{query:.60}");
    }
    ask(&mut browser, &tab, "mixing engineer");
    until(&mut browser, &tab, "document.querySelector('.search-option .search-title').textContent.length > 0");
    let complaints = browser.record().complaints;
    assert!(complaints.is_empty(), "{complaints:#?}");
    for query in hostile() {
        let escaped: String = query
            .chars()
            .take(1200)
            .flat_map(|letter| letter.to_string().into_bytes())
            .map(|byte| format!("%{byte:02X}"))
            .collect();
        let record = browser.open(&tab, &server.url(&format!("search/?q={escaped}")));
        until(
            &mut browser,
            &tab,
            "document.querySelector('.search-found .search-count').textContent || document.querySelector('.search-found').hidden",
        );
        assert_eq!(
            browser.evaluate(&tab, "document.querySelectorAll('main img, main script, .search-failure').length"),
            0,
            "{query:.60}"
        );
        assert!(record.complaints.is_empty(), "{query:.60}: {:#?}", record.complaints);
    }
}

#[test]
fn a_search_can_be_shared_and_narrowed() {
    let Some((mut browser, tab, server)) = start("search-page") else { return };
    browser.open(&tab, &server.url("search/?q=pay"));
    until(&mut browser, &tab, "document.querySelectorAll('.search-results > li').length > 3");
    until(&mut browser, &tab, "document.querySelector('#a-to-z').closest('.search-index').hidden");
    let count = browser.evaluate(&tab, "document.querySelector('.search-count').textContent");
    assert!(count.as_str().is_some_and(|count| count.ends_with("found")), "{count}");
    browser.evaluate(
        &tab,
        "[...document.querySelectorAll('.search-facet')].find(facet => facet.textContent.startsWith('Roles')).click()",
    );
    until(
        &mut browser,
        &tab,
        "location.search.includes('kind=role') && document.querySelector('.search-facet[aria-pressed=true]')",
    );
    until(
        &mut browser,
        &tab,
        "[...document.querySelectorAll('.search-kind')].every(kind => kind.textContent.startsWith('Role'))",
    );
    browser.evaluate(&tab, "history.back()");
    until(
        &mut browser,
        &tab,
        "!location.search.includes('kind=') && !document.querySelector('.search-facet[aria-pressed=true]')",
    );
    browser.open(&tab, &server.url("search/?q=%22self-employment+tax%22"));
    until(&mut browser, &tab, "/in this order$/.test(document.querySelector('.search-count').textContent)");
    browser.open(&tab, &server.url("search/?q=tax&sort=title"));
    until(&mut browser, &tab, "document.querySelectorAll('.search-results > li').length > 2");
    let titles = browser.evaluate(
        &tab,
        "[...document.querySelectorAll('.search-results .row-title')].map(link => link.textContent.toLowerCase())",
    );
    let titles: Vec<&str> = titles.as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    assert!(titles.is_sorted(), "{titles:?}");
}

/// Three instruments: the zither leads to the lyre, and no page has all that is asked of the zither and the shawm.
fn instruments() -> Site {
    let page = |title: &str, topics: &str, text: &str| {
        format!(
            "---\ntitle: {title}\nid: {}\ndescription: One of three instruments that few people play.\ntopics: [{topics}]\n---\n\n{text}\n",
            title.to_lowercase()
        )
    };
    Site::with_default_theme()
        .with("content/index.md", "---\ntitle: Home\ndescription: The first page of a few.\n---\n\nText.\n")
        .with(
            "content/skills/zither.md",
            page("Zither", "strings, old", "Some call a zither a quokka. Then comes the [[lyre]]."),
        )
        .with("content/skills/lyre.md", page("Lyre", "strings", "A lyre is held upright where a zither lies."))
        .with(
            "content/skills/shawm.md",
            page("Shawm", "reeds, old", "A shawm is no zither, and sounds like a narwhal."),
        )
}

#[test]
fn few_pages_with_all_words_are_followed_by_related_ones() {
    let Some(mut browser) = Chromium::start("search-near") else { return };
    let project = tempfile::tempdir().expect("a folder can be made");
    instruments().write(project.path());
    let server = Server::start(project.path(), 0);
    let tab = browser.tab();
    browser.resize(&tab, WIDE.0, WIDE.1);
    browser.emulate_media(&tab, "screen", &[("prefers-reduced-motion", "reduce")]);
    browser.open(&tab, &server.url("search/?q=quokka+narwhal"));
    until(
        &mut browser,
        &tab,
        "document.querySelector('.search-near:not([hidden]) h2').textContent === 'Few pages have all these words'",
    );
    let titles = "[...document.querySelectorAll('.search-near .row-title')].map(link => link.textContent).join()";
    assert_eq!(browser.evaluate(&tab, titles), "Lyre");
    // Enough pages have this: nothing else is offered.
    browser.open(&tab, &server.url("search/?q=zither"));
    until(&mut browser, &tab, "document.querySelectorAll('.search-results > li').length === 3");
    assert_eq!(browser.evaluate(&tab, "document.querySelector('.search-near').hidden"), true);

    browser.open(&tab, &server.url("skills/shawm/"));
    browser.evaluate(&tab, "document.querySelector('.search-link').click()");
    until(&mut browser, &tab, "document.querySelector('dialog.search[open]')");
    write(&mut browser, &tab, "quokka narwhal");
    let last = "[...document.querySelectorAll('.search-group')].at(-1)";
    until(&mut browser, &tab, &format!("{last}.textContent.startsWith('Few pages have all these words')"));
    until(&mut browser, &tab, &format!("{last}.querySelector('.search-title').textContent === 'Lyre'"));
    // It is the last of the list to the keyboard as well.
    browser.press(&tab, "ArrowUp");
    let active = "document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))";
    assert_eq!(browser.evaluate(&tab, &format!("{active}.querySelector('.search-title').textContent")), "Lyre");
    browser.press(&tab, "Enter");
    until(&mut browser, &tab, "location.pathname.endsWith('/skills/lyre/')");
    let complaints = browser.record().complaints;
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn words_in_quotes_are_looked_for_in_more_pages_on_demand() {
    let Some(mut browser) = Chromium::start("search-quotes") else { return };
    let page = |title: &str, text: &str| {
        format!("---\ntitle: {title}\ndescription: One of the pages of a house full of instruments.\n---\n\n{text}\n")
    };
    // Forty pages say more of both words than the only one that has them in a row. The others have neither, and are so many that
    // the texts of all are not at hand in one file.
    let long = format!("A zither lyre is played. {}", "Then comes something else. ".repeat(60));
    let mut site = Site::with_default_theme()
        .with("content/index.md", page("Home", "Text."))
        .with("content/long.md", page("Long", &long));
    for number in 0..40 {
        let room = page(&format!("Room {number}"), "A lyre, a zither, a lyre.");
        site = site.with(&format!("content/p{number}.md"), room);
    }
    for number in 0..300 {
        site = site.with(&format!("content/q{number}.md"), page(&format!("Cellar {number}"), "A drum."));
    }
    let project = tempfile::tempdir().expect("a folder can be made");
    site.write(project.path());
    let server = Server::start(project.path(), 0);
    let tab = browser.tab();
    browser.resize(&tab, WIDE.0, WIDE.1);
    browser.open(&tab, &server.url("search/?q=%22zither+lyre%22"));
    let said = |text: &str| format!("document.querySelector('.search-count').textContent === '{text}'");
    until(
        &mut browser,
        &tab,
        &said("No page so far has these words in this order; 11 pages with the words were not looked at yet"),
    );
    let button = "document.querySelector('.search-more')";
    assert_eq!(browser.evaluate(&tab, &format!("{button}.textContent")), "Look through more pages");
    browser.evaluate(&tab, &format!("{button}.click()"));
    until(&mut browser, &tab, &said("1 page has these words in this order"));
    let titles = "[...document.querySelectorAll('.search-results .row-title')].map(link => link.textContent).join()";
    assert_eq!(browser.evaluate(&tab, titles), "Long");
    assert_eq!(browser.evaluate(&tab, "document.activeElement.textContent"), "Long");
    assert_eq!(browser.evaluate(&tab, &format!("{button}.hidden")), true);
    let complaints = browser.record().complaints;
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn facets_count_the_pages_of_each_topic() {
    let Some(mut browser) = Chromium::start("search-topics") else { return };
    let project = tempfile::tempdir().expect("a folder can be made");
    instruments().write(project.path());
    let server = Server::start(project.path(), 0);
    let tab = browser.tab();
    browser.resize(&tab, WIDE.0, WIDE.1);
    browser.open(&tab, &server.url("search/?q=zither"));
    until(&mut browser, &tab, "document.querySelectorAll('.search-results > li').length === 3");
    let facets = "[...document.querySelectorAll('[aria-labelledby=search-topics] button')]";
    let counts = format!("{facets}.map(facet => facet.textContent).sort().join()");
    assert_eq!(browser.evaluate(&tab, &counts), "old 2,reeds 1,strings 2");
    let kinds = "[...document.querySelectorAll('[aria-labelledby=search-kinds] button')].map(facet => facet.textContent).join()";
    assert_eq!(browser.evaluate(&tab, kinds), "Skills 3");
    browser.evaluate(&tab, &format!("{facets}.find(facet => facet.textContent === 'reeds 1').click()"));
    until(&mut browser, &tab, "location.search.includes('topic=reeds')");
    until(&mut browser, &tab, "document.querySelectorAll('.search-results > li').length === 1");
    assert_eq!(browser.evaluate(&tab, "document.querySelector('.search-results .row-title').textContent"), "Shawm");
    assert_eq!(browser.evaluate(&tab, kinds), "Skills 1");
    // What two words find is counted by the pages that have both, where there are such.
    browser.open(&tab, &server.url("search/?q=zither+lyre"));
    until(&mut browser, &tab, &format!("{facets}.length > 0"));
    assert_eq!(browser.evaluate(&tab, &counts), "old 1,strings 2");
    let complaints = browser.record().complaints;
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn a_page_is_searched_in_its_own_language() {
    let Some(mut browser) = Chromium::start("search-languages") else { return };
    let project = tempfile::tempdir().expect("a folder can be made");
    bilingual().write(project.path());
    let server = Server::start(project.path(), 0);
    let tab = browser.tab();
    browser.resize(&tab, WIDE.0, WIDE.1);
    browser.open(&tab, &server.url("roles/haeuser/"));
    let languages = "[document.documentElement, document.querySelector('title'), document.querySelector('article')].map(element => element.lang).join()";
    assert_eq!(browser.evaluate(&tab, languages), "en,de,de");
    browser.evaluate(&tab, "document.querySelector('.search-link').click()");
    until(&mut browser, &tab, "document.querySelector('dialog.search[open]')");
    ask(&mut browser, &tab, "mischung");
    until(&mut browser, &tab, "document.querySelector('.search-option').lang === 'de'");
    until(&mut browser, &tab, "document.querySelector('.search-foot a').href.endsWith('search/?q=mischung&lang=de')");
    browser.evaluate(&tab, "document.querySelector('.search-foot a').click()");
    until(&mut browser, &tab, "document.querySelector('.search-results[lang=de] mark').textContent === 'Mischungen'");
    until(
        &mut browser,
        &tab,
        "document.querySelector('.search-languages [aria-pressed=true]').textContent === 'Deutsch'",
    );
    // The other language is one press away, and Back leads to this one again.
    browser.evaluate(&tab, "document.querySelector('#search-query').value = 'house'");
    browser.evaluate(&tab, "document.querySelector('.search-languages [lang=en]').click()");
    until(
        &mut browser,
        &tab,
        "document.querySelector('.search-results .row-title').textContent === 'Builder of houses'",
    );
    until(&mut browser, &tab, "location.search === '?q=house'");
    browser.evaluate(&tab, "history.back()");
    until(&mut browser, &tab, "document.querySelector('.search-results[lang=de] mark')");
    let complaints = browser.record().complaints;
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn a_script_of_the_site_can_ask_the_search() {
    let Some(mut browser) = Chromium::start("search-scripts") else { return };
    let handbook = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/handbook/search.md");
    let handbook = fs::read_to_string(handbook).expect("it can be read");
    let mut site = Site::varied(12);
    for path in ["content/roles/late-pay.md", "scripts/found-here.js"] {
        let (_, block) = handbook.split_once(&format!(" {path}\n")).expect("the handbook shows it");
        site = site.with(path, block.split_once("\n```").expect("it ends").0.to_owned() + "\n");
    }
    let project = tempfile::tempdir().expect("a folder can be made");
    site.write(project.path());
    let server = Server::start(project.path(), 0);
    let tab = browser.tab();
    browser.open(&tab, &server.url("roles/late-pay/"));
    until(&mut browser, &tab, "document.querySelector('.found-here a').textContent === 'Bookkeeper'");
    assert_eq!(browser.evaluate(&tab, "document.querySelector('.found-here a').href === location.href"), true);
    let complaints = browser.record().complaints;
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn without_scripts_everything_is_listed() {
    let Some((mut browser, tab, server)) = start("search-plain") else { return };
    browser.allow_scripts(&tab, false);
    browser.open(&tab, &server.url("search/"));
    let links = browser.evaluate(&tab, "document.querySelectorAll('.search-letter a').length");
    assert!(links.as_u64() > Some(50), "{links} links");
    assert_eq!(browser.evaluate(&tab, "getComputedStyle(document.querySelector('noscript')).display !== 'none'"), true);
    assert_eq!(browser.evaluate(&tab, "document.querySelector('.search-link').getAttribute('href')"), "../search/");
}

/// A project as `build` writes it to a folder.
fn built(name: &str, project: &Path) -> std::path::PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    let done = Command::new(env!("CARGO_BIN_EXE_fingerpost"))
        .args(["build", "--output-dir"])
        .arg(&folder)
        .current_dir(project)
        .output()
        .expect("the command can be run");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    folder
}

#[test]
fn it_works_from_a_folder_and_says_so_when_files_are_damaged() {
    let Some(mut browser) = Chromium::start("search-folder") else { return };
    let folder = built("search-folder", Path::new(env!("CARGO_MANIFEST_DIR")));
    let tab = browser.tab();
    browser.resize(&tab, PHONE.0, PHONE.1);
    let url = |path: &str| format!("file://{}/{path}", folder.display());
    browser.open(&tab, &url("roles/mixing-engineer/index.html"));
    browser.evaluate(&tab, "document.querySelector('.search-link').click()");
    until(&mut browser, &tab, "document.querySelector('.search-option')");
    ask(&mut browser, &tab, "mastering loudness");
    until(
        &mut browser,
        &tab,
        "[...document.querySelectorAll('.search-option')].some(option => option.href.endsWith('/skills/mastering-loudness/index.html') || option.href.includes('/skills/mastering-loudness/index.html#'))",
    );
    let complaints = browser.record().complaints;
    assert!(complaints.is_empty(), "{complaints:#?}");
    browser.open(&tab, &url("search/index.html?q=self+employment"));
    until(&mut browser, &tab, "document.querySelectorAll('.search-results > li').length > 0");

    let index = folder.join("search/en");
    let files: Vec<_> = [index.clone(), index.join("part")]
        .iter()
        .flat_map(|folder| fs::read_dir(folder).expect("the index is there"))
        .map(|entry| entry.expect("it can be read").path())
        .filter(|path| path.is_file())
        .collect();
    let named = |start: &str| {
        files
            .iter()
            .find(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(start)))
            .expect("it is there")
    };
    type Damage<'a> = (&'a str, &'a dyn Fn(&Path));
    let damages: [Damage<'_>; 4] = [
        ("terms", &|path| fs::write(path, "fingerpostShard(\"x\",\"zzz\")\n").expect("it can be written")),
        ("terms", &|path| fs::write(path, &fs::read(path).expect("it can be read")[..200]).expect("it can be written")),
        ("pages", &|path| fs::remove_file(path).expect("it can be removed")),
        ("boot", &|path| fs::write(path, "404 not found").expect("it can be written")),
    ];
    for (start, damage) in damages {
        let path = named(start);
        let whole = fs::read(path).expect("it can be read");
        damage(path);
        browser.open(&tab, &url("search/index.html?q=mixing"));
        until(&mut browser, &tab, "document.querySelector('.search-failure')");
        until(&mut browser, &tab, "!document.querySelector('#a-to-z').closest('.search-index').hidden");
        fs::write(path, whole).expect("it can be written");
        browser.evaluate(&tab, "document.querySelector('.search-failure button').click()");
        until(&mut browser, &tab, "document.querySelectorAll('.search-results > li').length > 0");
    }
}

#[test]
fn a_reader_who_is_offline_keeps_what_was_loaded_and_is_told_of_the_rest() {
    let Some((mut browser, tab, server)) = start("search-offline") else { return };
    browser.open(&tab, &server.url("glossary/"));
    browser.evaluate(&tab, "document.querySelector('.search-link').click()");
    until(&mut browser, &tab, "document.querySelector('.search-option')");
    ask(&mut browser, &tab, "mixing engineer");
    until(&mut browser, &tab, "document.querySelector('.search-lead mark')");
    let network =
        |offline: bool| json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
    browser.call(Some(&tab), "Network.emulateNetworkConditions", network(true));
    ask(&mut browser, &tab, "mastering");
    until(&mut browser, &tab, "document.querySelector('.search-option .search-title')");
    browser.call(Some(&tab), "Network.emulateNetworkConditions", network(false));
    browser.open(&tab, &server.url("glossary/"));
    browser.evaluate(
        &tab,
        "new Promise(done => { document.querySelector('.search-link').focus(); setTimeout(() => done(1), 500) })",
    );
    until(&mut browser, &tab, "globalThis.fingerpostPalette");
    browser.call(Some(&tab), "Network.setCacheDisabled", json!({ "cacheDisabled": true }));
    browser.call(Some(&tab), "Network.emulateNetworkConditions", network(true));
    browser.evaluate(&tab, "document.querySelector('.search-link').click()");
    until(&mut browser, &tab, "document.querySelector('dialog.search[open]')");
    ask(&mut browser, &tab, "mixing");
    until(&mut browser, &tab, "document.querySelector('.search-failure a')");
    browser.call(Some(&tab), "Network.emulateNetworkConditions", network(false));
    browser.evaluate(&tab, "document.querySelector('.search-failure button').click()");
    until(&mut browser, &tab, "document.querySelector('.search-option .search-title')");
}

#[test]
fn damaged_shards_of_a_large_site_are_named_and_the_rest_goes_on() {
    let Some(mut browser) = Chromium::start("search-shards") else { return };
    let project = tempfile::tempdir().expect("a folder can be made");
    sharded().write(project.path());
    let folder = built("search-shards", project.path());
    let tab = browser.tab();
    browser.resize(&tab, PHONE.0, PHONE.1);
    let address = format!("file://{}/search/index.html?q=word145+heading", folder.display());
    browser.open(&tab, &address);
    until(&mut browser, &tab, "document.querySelector('.search-results mark')");
    let complaints = browser.record().complaints;
    assert!(complaints.is_empty(), "{complaints:#?}");
    let damage = |letter: &str, bytes: &dyn Fn(&[u8]) -> Vec<u8>| {
        let files = files_below(&folder.join(format!("search/en/part/{letter}")));
        for (path, old) in &files {
            fs::write(folder.join(format!("search/en/part/{letter}/{path}")), bytes(old)).expect("it can be written");
        }
        files
    };
    let mend = |letter: &str, files: &BTreeMap<String, Vec<u8>>| {
        for (path, old) in files {
            fs::write(folder.join(format!("search/en/part/{letter}/{path}")), old).expect("it can be written");
        }
    };
    // Without its text a result keeps its lead; the words that texts are written with are no less text.
    for letter in ["x0", "w0"] {
        let whole = damage(letter, &|old| old[..old.len() / 2].to_vec());
        browser.open(&tab, &address);
        until(&mut browser, &tab, "document.querySelectorAll('.search-results > li').length > 0");
        assert_eq!(browser.evaluate(&tab, "document.querySelector('.search-failure')"), Value::Null, "{letter}");
        mend(letter, &whole);
    }
    for letter in ["t0", "d0"] {
        let whole = damage(letter, &|old| [&old[..old.len() - 40], b"\")\n".as_slice()].concat());
        browser.open(&tab, &address);
        until(
            &mut browser,
            &tab,
            &format!("document.querySelector('.search-failure').textContent.includes('part/{letter}/')"),
        );
        mend(letter, &whole);
        browser.evaluate(&tab, "document.querySelector('.search-failure button').click()");
        until(&mut browser, &tab, "document.querySelectorAll('.search-results > li').length > 0");
    }
    // A damaged list of misspellings: a word that needs none is found all the same.
    let whole = damage("s0", &|_| b"404 not found".to_vec());
    browser.open(&tab, &address);
    until(&mut browser, &tab, "document.querySelectorAll('.search-results > li').length > 0");
    mend("s0", &whole);
}

#[test]
fn on_a_slow_link_the_last_question_wins_and_nothing_is_blank() {
    let Some((mut browser, tab, server)) = start("search-slow") else { return };
    browser.open(&tab, &server.url("glossary/"));
    let slow = json!({ "offline": false, "latency": 300, "downloadThroughput": 40_000, "uploadThroughput": 20_000 });
    browser.call(Some(&tab), "Network.setCacheDisabled", json!({ "cacheDisabled": true }));
    browser.call(Some(&tab), "Network.emulateNetworkConditions", slow);
    press_with_control(&mut browser, &tab, "k");
    until(&mut browser, &tab, "document.querySelector('dialog.search[open] .search-option')");
    write(&mut browser, &tab, "mastering");
    // The index is still on its way: what stands there stays until an answer comes.
    assert_ne!(browser.evaluate(&tab, "document.querySelector('.search-body').childElementCount"), 0);
    browser.evaluate(&tab, "document.getElementById('search-input').value = ''");
    write(&mut browser, &tab, "royalties");
    until(&mut browser, &tab, "/page/.test(document.querySelector('.search-count').textContent)");
    until(
        &mut browser,
        &tab,
        "document.querySelector('.search-title mark, .search-lead mark').textContent.toLowerCase().startsWith('royalt')",
    );
    browser.evaluate(&tab, "new Promise(done => setTimeout(() => done(1), 1500))");
    let shown = browser.evaluate(
        &tab,
        "document.querySelector('.search-option .search-title mark, .search-option .search-lead mark').textContent",
    );
    assert!(shown.as_str().is_some_and(|word| word.to_lowercase().starts_with("royalt")), "{shown}");
    let complaints = browser.record().complaints;
    assert!(complaints.is_empty(), "{complaints:#?}");
}
