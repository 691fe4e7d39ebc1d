//! The repository's own guide in a real browser: what the reader gets, and that nobody else learns of it.

use crate::chromium::{Chromium, Tab};
use crate::fetched;
use crate::workshop::Server;
use serde_json::{Value, json};
use std::sync::Arc;

/// Widths of a desk, a tablet and a phone.
const WIDE: (u32, u32) = (1280, 900);
/// A window in which nothing waits out of sight: axe takes what waits there for what lies over the rest.
const TALL: (u32, u32) = (1280, 12_000);
const MIDDLE: (u32, u32) = (800, 900);
const NARROW: (u32, u32) = (360, 740);

/// The smallest width that text must reflow to (WCAG 2.2, 1.4.10).
const SMALLEST: (u32, u32) = (320, 640);

/// Starts the browser and the guide's server, or says that there is no browser.
pub(crate) fn start(name: &str) -> Option<(Chromium, Arc<Server>, Vec<String>)> {
    let mut browser = Chromium::start(name)?;
    let server = Server::of_the_guide();
    let paths = one_page_of_each_template(&mut browser, &server);
    Some((browser, server, paths))
}

/// The home page, the pages made for the whole site, and in each folder its index and the first page.
fn one_page_of_each_template(browser: &mut Chromium, server: &Server) -> Vec<String> {
    let tab = browser.tab();
    browser.open(&tab, &server.url(""));
    let listed = browser.evaluate(
        &tab,
        "fetch('sitemap.xml').then(answer => answer.text()).then(text => \
         Array.from(text.matchAll(/<loc>([^<]*)<\\/loc>/g), found => found[1]))",
    );
    let listed: Vec<&str> =
        listed.as_array().expect("the sitemap lists pages").iter().filter_map(Value::as_str).collect();
    assert!(listed.len() > 20, "the sitemap lists {} pages", listed.len());
    let home = listed.iter().min_by_key(|url| url.len()).expect("it lists the home page").to_string();
    let mut paths: Vec<String> = listed.iter().filter_map(|url| url.strip_prefix(&home)).map(str::to_owned).collect();
    paths.sort();
    let mut chosen: Vec<String> = Vec::new();
    for path in paths {
        let shape = (path.split('/').next().unwrap_or_default().to_owned(), path.matches('/').count());
        let known = |other: &String| {
            (other.split('/').next().unwrap_or_default().to_owned(), other.matches('/').count()) == shape
        };
        // Pages at the top are each of their own kind or template; in a folder one stands for all.
        if shape.1 < 2 || !chosen.iter().any(known) {
            chosen.push(path);
        }
    }
    for path in ["print/", "404.html"] {
        if !chosen.iter().any(|known| known == path) {
            chosen.push(path.to_owned());
        }
    }
    browser.close(&tab);
    chosen
}

#[test]
fn no_page_complains_in_the_console_moves_or_asks_another_host() {
    let Some((mut browser, server, paths)) = start("complaints") else { return };
    let mut faults = Vec::new();
    let tab = browser.tab();
    browser.resize(&tab, WIDE.0, WIDE.1);
    for path in &paths {
        let record = browser.open(&tab, &server.url(path));
        let shift = browser.evaluate(
            &tab,
            "new Promise(done => { let sum = 0; new PerformanceObserver(list => { for (const shift of list.getEntries()) sum += shift.value }) \
             .observe({ type: 'layout-shift', buffered: true }); setTimeout(() => done(sum), 50) })",
        );
        if shift.as_f64() > Some(0.0) {
            faults.push(format!("/{path} moves while it loads: {shift}"));
        }
        faults.extend(record.complaints.iter().map(|complaint| format!("/{path}: {complaint}")));
        let strangers =
            record.requests.iter().filter(|url| !url.starts_with(&server.url("")) && !url.starts_with("data:"));
        faults.extend(strangers.map(|url| format!("/{path} asks for {url}")));
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// What axe finds on the page as it is now: each rule that is broken, with the first elements that break it. `rules` are
/// all, best practices and the size of targets included, or those alone whose answer depends on the colours.
fn violations(browser: &mut Chromium, tab: &Tab, rules: Rules) -> Vec<String> {
    let options = match rules {
        Rules::All => "{ resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } }",
        Rules::OfColours => {
            "{ resultTypes: ['violations'], runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } }"
        }
    };
    // What waits out of sight has no place yet, and axe takes it for what lies over the rest: here nothing waits.
    browser.evaluate(
        tab,
        "if (!globalThis.shown) {
            shown = new CSSStyleSheet();
            shown.replaceSync('* { content-visibility: visible !important }');
            document.adoptedStyleSheets.push(shown);
        }",
    );
    let found = browser.evaluate(
        tab,
        &format!(
            "axe.run(document, {options}).then(found => found.violations.map(rule => \
             rule.id + ': ' + rule.help + ' — ' + rule.nodes.slice(0, 3).map(node => node.html.slice(0, 160) + ' ' + (node.any[0]?.message ?? '')).join(' | ')))"
        ),
    );
    let found = found.as_array().expect("axe answers with a list");
    found.iter().map(|rule| rule.as_str().unwrap_or_default().to_owned()).collect()
}

#[derive(Clone, Copy)]
enum Rules {
    All,
    OfColours,
}

/// Sets the colour scheme that the system asks for, with motion reduced.
fn prefer(browser: &mut Chromium, tab: &Tab, scheme: &str) {
    browser.emulate_media(tab, "screen", &[("prefers-color-scheme", scheme), ("prefers-reduced-motion", "reduce")]);
}

#[test]
fn axe_finds_nothing_on_any_template_light_or_dark_wide_or_narrow() {
    let Some((mut browser, server, paths)) = start("axe") else { return };
    let axe = fetched::text("axe-core/axe.min.js");
    let tab = browser.tab();
    let mut faults = Vec::new();
    for path in &paths {
        browser.resize(&tab, WIDE.0, WIDE.1);
        prefer(&mut browser, &tab, "light");
        browser.open(&tab, &server.url(path));
        browser.evaluate(&tab, &format!("{axe}; 1"));
        // Colours are all that a scheme changes, so the other rules need not look twice at what they have seen.
        for (scheme, size, rules) in [
            ("light", WIDE, Rules::All),
            ("dark", WIDE, Rules::OfColours),
            ("dark", NARROW, Rules::All),
            ("light", NARROW, Rules::OfColours),
        ] {
            prefer(&mut browser, &tab, scheme);
            if size == WIDE {
                browser.resize(&tab, MIDDLE.0, MIDDLE.1);
                browser.screenshot(&tab, &format!("{}-{}-{scheme}", picture_name(path), MIDDLE.0));
            }
            browser.resize(&tab, size.0, size.1);
            browser.screenshot(&tab, &format!("{}-{}-{scheme}", picture_name(path), size.0));
            let found = violations(&mut browser, &tab, rules);
            faults.extend(found.iter().map(|rule| format!("/{path} {scheme} {}: {rule}", size.0)));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// What can be opened, and how: each on the page where it stands.
const OPENED: [(&str, &str, (u32, u32), &str); 5] = [
    ("menu", "roles/mixing-engineer/", NARROW, "document.querySelector('.menu-button').click()"),
    ("contents", "skills/mixing/", NARROW, "document.querySelector('.toc details').open = true"),
    (
        "numbers",
        "roles/recording-engineer/",
        TALL,
        "for (const details of document.querySelectorAll('details')) details.open = true",
    ),
    ("register", "facts/", NARROW, "document.querySelector('.register-tools input').focus()"),
    ("claims", "pros-and-cons/", WIDE, "document.querySelectorAll('.weigh-filter button')[1].click()"),
];

#[test]
fn axe_finds_nothing_in_what_opens() {
    let Some((mut browser, server, _)) = start("axe-opened") else { return };
    let axe = fetched::text("axe-core/axe.min.js");
    let tab = browser.tab();
    let mut faults = Vec::new();
    for (name, path, size, action) in OPENED {
        browser.resize(&tab, size.0, size.1);
        prefer(&mut browser, &tab, "light");
        browser.open(&tab, &server.url(path));
        browser.evaluate(&tab, &format!("{action}; 1"));
        browser.evaluate(&tab, &format!("{axe}; 1"));
        for (scheme, rules) in [("light", Rules::All), ("dark", Rules::OfColours)] {
            prefer(&mut browser, &tab, scheme);
            browser.screenshot(&tab, &format!("opened-{name}-{scheme}"));
            let found = violations(&mut browser, &tab, rules);
            faults.extend(found.iter().map(|rule| format!("{name} {scheme}: {rule}")));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn a_preview_opens_by_pointer_and_by_keyboard_stays_under_the_pointer_and_goes_with_escape() {
    let Some((mut browser, server, _)) = start("preview") else { return };
    let axe = fetched::text("axe-core/axe.min.js");
    let tab = browser.tab();
    browser.resize(&tab, WIDE.0, WIDE.1);
    prefer(&mut browser, &tab, "light");
    browser.open(&tab, &server.url("roles/mixing-engineer/"));
    let link = "document.querySelector('.prose a[data-kind=\"term\"]')";
    browser.evaluate(&tab, &format!("{link}.scrollIntoView({{ block: 'center' }}); 1"));
    let is_open = "document.getElementById('preview')?.matches(':popover-open') === true";
    move_to(&mut browser, &tab, &format!("{link}.getClientRects()[0]"));
    browser.wait_for(&tab, is_open);
    let text = browser.evaluate(&tab, "document.getElementById('preview').innerText");
    assert!(text.as_str().is_some_and(|text| text.contains("Mixing") && text.len() > 40), "{text}");
    assert_eq!(browser.evaluate(&tab, &format!("{link}.getAttribute('aria-describedby')")), "preview");
    browser.evaluate(&tab, &format!("{axe}; 1"));
    browser.screenshot(&tab, "opened-preview-light");
    let found = violations(&mut browser, &tab, Rules::All);
    assert!(found.is_empty(), "{found:#?}");
    // Into the preview: it stays for longer than it takes to leave.
    move_to(&mut browser, &tab, "document.getElementById('preview').getBoundingClientRect()");
    browser.evaluate(&tab, "new Promise(done => setTimeout(() => done(1), 600))");
    assert_eq!(browser.evaluate(&tab, is_open), true, "the pointer rests on it");
    browser.press(&tab, "Escape");
    browser.wait_for(&tab, &format!("!({is_open})"));
    move_to(&mut browser, &tab, &format!("{link}.getClientRects()[0]"));
    browser.wait_for(&tab, is_open);
    move_to(&mut browser, &tab, "document.querySelector('h1').getBoundingClientRect()");
    browser.evaluate(&tab, "window.scrollTo(0, 0); 1");
    move_to(&mut browser, &tab, "document.querySelector('h1').getBoundingClientRect()");
    browser.wait_for(&tab, &format!("!({is_open})"));
    // By keyboard: the first link of the text that has one.
    browser.evaluate(&tab, "document.querySelector('.prose h2').setAttribute('tabindex', '-1'); document.querySelector('.prose h2').focus(); 1");
    for _ in 0..8 {
        browser.press(&tab, "Tab");
        if browser.evaluate(&tab, "document.activeElement.dataset.kind !== undefined") == true {
            break;
        }
    }
    browser.wait_for(&tab, is_open);
    browser.press(&tab, "Escape");
    browser.wait_for(&tab, &format!("!({is_open})"));
    assert_eq!(browser.evaluate(&tab, "document.activeElement.dataset.kind !== undefined"), true, "the focus stays");
    let complaints = browser.record().complaints;
    assert!(complaints.is_empty(), "{complaints:#?}");
}

/// Moves the pointer to the middle of a box, in two steps as a hand does.
fn move_to(browser: &mut Chromium, tab: &Tab, rectangle: &str) {
    let place = browser.evaluate(
        tab,
        &format!("(() => {{ const box = {rectangle}; return [box.x + box.width / 2, box.y + box.height / 2] }})()"),
    );
    for offset in [3.0, 0.0] {
        let at = |index: usize| place[index].as_f64().expect("a box has a place") + offset;
        let event = json!({ "type": "mouseMoved", "x": at(0), "y": at(1) });
        browser.call(Some(tab), "Input.dispatchMouseEvent", event);
    }
}

#[test]
fn the_register_and_the_claims_are_narrowed_and_whole_again() {
    let Some((mut browser, server, _)) = start("narrowing") else { return };
    let tab = browser.tab();
    browser.resize(&tab, WIDE.0, WIDE.1);
    browser.open(&tab, &server.url("facts/"));
    let count = |browser: &mut Chromium| {
        // What comes back comes in parts; the status line knows how many it will be.
        browser.wait_for(&tab, "document.querySelectorAll('.facts tbody tr').length === Number.parseInt(document.querySelector('.register-tools [role=status]').textContent)");
        browser.evaluate(&tab, "document.querySelectorAll('.facts tbody tr').length").as_u64()
    };
    let set = |browser: &mut Chromium, field: &str, value: &str| {
        browser.evaluate(
            &tab,
            &format!(
                "(() => {{ const field = document.querySelector('.register-tools {field}'); field.value = '{value}'; \
                 field.dispatchEvent(new Event('input', {{ bubbles: true }})); return 1 }})()"
            ),
        );
        count(browser)
    };
    let all = count(&mut browser);
    let some = set(&mut browser, "[type=search]", "technician");
    assert!(some > Some(0) && some < all, "{some:?} of {all:?}");
    // Another fact is asked for by its address: it is there, and marked.
    let gone = "document.getElementById('fact-aes-delivery-document')";
    assert_eq!(browser.evaluate(&tab, &format!("{gone} === null")), true);
    browser.evaluate(&tab, "location.hash = 'fact-aes-delivery-document'; 1");
    browser.wait_for(&tab, &format!("{gone}?.matches(':target') === true"));
    assert_eq!(count(&mut browser), all);
    set(&mut browser, "[type=search]", "");
    let official = set(&mut browser, "select", "official statistic");
    assert!(official > Some(0) && official < all, "{official:?} of {all:?}");
    assert_eq!(set(&mut browser, "select", ""), all);
    set(&mut browser, "label:nth-of-type(3) select", "new");
    // The rows are all there before and after, and come to their new places in parts.
    browser.wait_for(
        &tab,
        "Array.from(document.querySelectorAll('.facts tbody tr'), (row) => row.dataset.asOf).every((date, at, dates) => !at || date <= dates[at - 1])",
    );

    browser.open(&tab, &server.url("pros-and-cons/"));
    let shown = "document.querySelectorAll('.claim:not([hidden])').length";
    let all = browser.evaluate(&tab, shown);
    let some =
        browser.evaluate(&tab, &format!("document.querySelectorAll('.weigh-filter button')[1].click(); {shown}"));
    assert!(some.as_u64() > Some(0) && some.as_u64() < all.as_u64(), "{some} of {all}");
    let address = browser.evaluate(&tab, "location.href");
    browser.open(&tab, address.as_str().expect("an address"));
    assert_eq!(browser.evaluate(&tab, shown), some, "the address keeps what was chosen");
    assert_eq!(
        browser.evaluate(&tab, &format!("document.querySelectorAll('.weigh-filter button')[0].click(); {shown}")),
        all
    );
}

#[test]
fn text_from_right_to_left_fits_too() {
    let Some((mut browser, server, paths)) = start("mirror") else { return };
    let tab = browser.tab();
    let mut faults = Vec::new();
    for path in &paths {
        browser.open(&tab, &server.url(path));
        browser.evaluate(&tab, "document.documentElement.dir = 'rtl'");
        for (width, height) in [NARROW, WIDE] {
            browser.resize(&tab, width, height);
            let wide = browser.evaluate(
                &tab,
                "(() => { const root = document.documentElement; return root.scrollWidth > innerWidth ? root.scrollWidth : null })()",
            );
            if path.is_empty() || path.starts_with("roles/a") {
                browser.screenshot(&tab, &format!("{}-{width}-rtl", picture_name(path)));
            }
            if !wide.is_null() {
                faults.push(format!("/{path} is {wide} wide at {width}"));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn paper_gets_the_text_and_where_its_links_lead() {
    let Some((mut browser, server, _)) = start("paper") else { return };
    let tab = browser.tab();
    browser.emulate_media(&tab, "print", &[]);
    browser.resize(&tab, 720, 1000);
    for path in ["roles/mixing-engineer/", "comparisons/studio-freelance/", "facts/"] {
        browser.open(&tab, &server.url(path));
        let seen = browser.evaluate(
            &tab,
            "['.top', '.guide', '.toc', '.foot', '.share', '.turn'].filter(name => \
             [...document.querySelectorAll(name)].some(element => element.getClientRects().length > 0))",
        );
        assert_eq!(seen, json!([]), "/{path} prints what leads to other pages");
        let colours = browser.evaluate(
            &tab,
            "[getComputedStyle(document.body).color, getComputedStyle(document.documentElement).backgroundColor]",
        );
        assert_eq!(colours, json!(["rgb(0, 0, 0)", "rgb(255, 255, 255)"]), "/{path}");
        browser.screenshot(&tab, &format!("{}-paper", picture_name(path)));
    }
    let address = "[...document.querySelectorAll('.source-title .external')].map(link => getComputedStyle(link, '::after').content)[0]";
    browser.open(&tab, &server.url("roles/mixing-engineer/"));
    let address = browser.evaluate(&tab, address);
    assert!(address.as_str().is_some_and(|address| address.contains("://")), "{address}");
}

#[test]
fn a_long_page_has_its_length_and_its_places_whichever_way_readers_come() {
    let Some((mut browser, server, _)) = start("length") else { return };
    let tab = browser.tab();
    for (width, height) in [WIDE, NARROW] {
        browser.resize(&tab, width, height);
        // Come to at its top: what was left to be laid out later has its size soon.
        browser.open(&tab, &server.url("finances/income-reality/"));
        browser.wait_for(
            &tab,
            "(() => {
                const page = document.documentElement, all = new CSSStyleSheet(), { scrollHeight } = page;
                all.replaceSync('.far :is(.prose ~ *, .source-facts) { content-visibility: visible !important }');
                document.adoptedStyleSheets = [all];
                const isWhole = 'fresh' in page.dataset && scrollHeight === page.scrollHeight;
                document.adoptedStyleSheets = [];
                return isWhole;
            })()",
        );
        // Come to for one of its places, from another page, and come back to: it is there, and stays there.
        for (path, place) in [("finances/income-reality/", "source-4"), ("print/", "page-term-revision")] {
            browser.open(&tab, &server.url("404.html"));
            browser.open(&tab, &format!("{}#{place}", server.url(path)));
            let top = format!("document.getElementById('{place}').getBoundingClientRect().top");
            let later = format!("new Promise(done => setTimeout(() => done({top}), 500))");
            let first = browser.evaluate(&tab, &top);
            assert!(first.as_f64() > Some(0.0) && first.as_f64() < Some(150.0), "/{path}: {first} at {width}");
            assert_eq!(browser.evaluate(&tab, &later), first, "/{path} at {width}");
            browser.reload(&tab);
            assert_eq!(browser.evaluate(&tab, &later), first, "/{path} loaded again at {width}");
        }
    }
}

#[test]
fn every_word_is_there_without_scripts() {
    let Some((mut browser, server, paths)) = start("scripts") else { return };
    let tab = browser.tab();
    browser.resize(&tab, WIDE.0, WIDE.1);
    let words = |browser: &mut Chromium, path: &str| {
        browser.open(&tab, &server.url(path));
        // A form needs scripts; what it asks for stands beside it as a list for those who have none.
        browser.evaluate(&tab, "for (const only of document.querySelectorAll('form, [data-do], .weigh-filter, .share button')) only.remove()");
        // `innerText` leaves out what waits out of sight, which readers come to see.
        let text = browser.evaluate(
            &tab,
            "(() => {
                const texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT), seen = [];
                while (texts.nextNode()) {
                    const { parentElement, data } = texts.currentNode;
                    if (parentElement.checkVisibility({ visibilityProperty: true })) seen.push(data);
                }
                return seen.join(' ');
            })()",
        );
        let text = text.as_str().expect("a page has a main part").split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.len() > 20, "/{path} has hardly any text: {text}");
        text
    };
    for path in &paths {
        browser.allow_scripts(&tab, true);
        let with = words(&mut browser, path);
        browser.allow_scripts(&tab, false);
        let without = words(&mut browser, path);
        // Scripts may add words (a button's label), but every word that they show is there without them.
        let missing: Vec<&str> = difference(&with, &without);
        let added_by_scripts = ["Copy", "Copied"];
        let missing: Vec<&&str> = missing.iter().filter(|word| !added_by_scripts.contains(word)).collect();
        assert!(missing.is_empty(), "/{path} shows these words only with scripts: {missing:?}");
    }
}

/// The words of `one` that `other` lacks, counted.
fn difference<'a>(one: &'a str, other: &str) -> Vec<&'a str> {
    let mut left: Vec<&str> = other.split(' ').collect();
    left.sort_unstable();
    let mut missing = Vec::new();
    for word in one.split(' ') {
        match left.binary_search(&word) {
            Ok(at) => {
                left.remove(at);
            }
            Err(_) => missing.push(word),
        }
    }
    missing
}

#[test]
fn no_page_is_wider_than_the_smallest_screen_even_with_wide_letters() {
    let Some((mut browser, server, paths)) = start("overflow") else { return };
    let tab = browser.tab();
    browser.resize(&tab, SMALLEST.0, SMALLEST.1);
    let mut faults = Vec::new();
    for path in &paths {
        browser.open(&tab, &server.url(path));
        for spacing in [false, true] {
            if spacing {
                // What readers may set for themselves (WCAG 2.2, 1.4.12), through a sheet that the policy lets in.
                browser.evaluate(
                    &tab,
                    "(() => { const sheet = new CSSStyleSheet(); sheet.replaceSync('* { line-height: 1.5 !important; \
                     letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }'); \
                     document.adoptedStyleSheets = [sheet]; return 1 })()",
                );
            }
            let cut = browser.evaluate(&tab, CUT_OFF);
            if cut != json!([]) {
                faults.push(format!("/{path} cuts text off (spaced letters: {spacing}): {cut}"));
            }
            let width = browser.evaluate(&tab, "document.documentElement.scrollWidth");
            if width.as_u64() > Some(u64::from(SMALLEST.0)) {
                let culprit = browser.evaluate(
                    &tab,
                    "(() => { const wide = [...document.body.querySelectorAll('*')].filter(element => \
                     element.getBoundingClientRect().right > innerWidth + 1 && !element.closest('.table-scroll, pre, .math')); \
                     return wide.slice(0, 3).map(element => element.outerHTML.slice(0, 120)) })()",
                );
                faults.push(format!("/{path} is {width} wide (spaced letters: {spacing}): {culprit}"));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// Elements whose text does not fit and cannot be scrolled to. A long name of the site may be cut in the top bar: it stands
/// whole in the menu and at the foot.
const CUT_OFF: &str = "[...document.body.querySelectorAll('*')].filter(element => {
    if (element.closest('.unseen, .skip, .brand, svg, thead') || element.matches('input, select') || !element.checkVisibility()) return false;
    const style = getComputedStyle(element);
    const hides = axis => ['hidden', 'clip'].includes(axis);
    return (hides(style.overflowX) && element.scrollWidth > element.clientWidth + 1 || hides(style.overflowY) && element.scrollHeight > element.clientHeight + 1)
        && element.clientWidth > 1 && element.textContent.trim();
}).slice(0, 3).map(element => element.outerHTML.slice(0, 120))";

#[test]
fn every_stop_of_the_tab_key_shows_its_focus_and_is_in_view() {
    let Some((mut browser, server, paths)) = start("focus") else { return };
    let tab = browser.tab();
    let mut faults = Vec::new();
    for path in &paths {
        browser.open(&tab, &server.url(path));
        for (width, height) in [WIDE, NARROW] {
            browser.resize(&tab, width, height);
            // From the start of the page, as if it had just been loaded.
            browser.evaluate(
                &tab,
                "scrollTo(0, 0); document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')",
            );
            // The first stops by the key itself, so that what follows counts as done by keyboard.
            for stop in 1..=8 {
                browser.press(&tab, "Tab");
                let state = browser.evaluate(&tab, &format!("({FOCUS})()"));
                if let Some(fault) = state.as_str() {
                    faults.push(format!("/{path} at {width}, stop {stop}: {fault}"));
                }
            }
            let found = browser.evaluate(&tab, &EVERY_STOP.replace("FOCUS", FOCUS));
            let found = found.as_array().expect("a list of faults");
            faults.extend(found.iter().map(|fault| format!("/{path} at {width}: {}", fault.as_str().unwrap_or("?"))));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// What is wrong with the focused element: nothing or a sentence.
const FOCUS: &str = "() => {
    const focused = document.activeElement;
    if (!focused || focused === document.body) return 'nothing has the focus';
    const name = focused.outerHTML.slice(0, 120);
    const style = getComputedStyle(focused);
    const drawn = focused.namespaceURI.endsWith('svg') && focused.querySelector('rect') && getComputedStyle(focused.querySelector('rect')).strokeWidth === '2px';
    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
    if (!outlined && !drawn && style.boxShadow === 'none') return 'no visible focus: ' + name;
    const box = [...focused.getClientRects()].find(box => box.width > 0 && box.height > 0);
    if (!box) return 'has no size: ' + name;
    const x = Math.min(Math.max(box.x + Math.min(box.width / 2, 40), 1), innerWidth - 1);
    // Of what is taller than the window, as a long table is, some part is enough (WCAG 2.2, 2.4.11).
    const from = box.y + Math.min(box.height / 2, 20);
    const places = box.height > innerHeight / 2 ? [from, (Math.max(box.y, 0) + Math.min(box.bottom, innerHeight)) / 2, box.bottom - 20] : [from];
    const inView = places.filter(y => y >= 0 && y <= innerHeight);
    if (!inView.length) return 'out of view: ' + name;
    const covers = inView.map(y => document.elementFromPoint(x, y)).map(shown => shown && (focused.contains(shown) || shown.contains(focused)) ? null : shown ?? focused);
    if (covers.every(Boolean)) return 'covered by ' + covers[0].outerHTML.slice(0, 80) + ': ' + name;
    return null;
}";

/// The faults of all stops of a page, forwards and then backwards, so that each is come to from above and from below; of a
/// page with very many, some from each part.
const EVERY_STOP: &str = "(async () => {
    const look = FOCUS;
    const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex=\"0\"]')]
        .filter(element => !element.disabled && element.getClientRects().length > 0 && element.checkVisibility({ visibilityProperty: true }));
    const step = Math.max(1, Math.floor(all.length / 250));
    const some = all.filter((_, at) => at % step === 0);
    const faults = new Set();
    for (const element of [...some, ...some.toReversed()]) {
        element.focus({ focusVisible: true });
        // What opens or closes with the focus, and what is laid out only in view, has had its frame.
        if (document.querySelector(':popover-open')) await new Promise(done => requestAnimationFrame(done));
        if (document.activeElement === element) { const fault = look(); if (fault) faults.add(fault); }
    }
    return [...faults].slice(0, 5);
})()";

#[test]
fn nothing_needs_to_be_dragged() {
    let Some((mut browser, server, paths)) = start("dragging") else { return };
    let tab = browser.tab();
    browser.resize(&tab, WIDE.0, WIDE.1);
    for path in &paths {
        browser.open(&tab, &server.url(path));
        let draggable =
            "[...document.querySelectorAll('[draggable=true]')].map(element => element.outerHTML.slice(0, 120))";
        assert_eq!(browser.evaluate(&tab, draggable), json!([]), "/{path}");
    }
    // The one thing that can be dragged is the map: single presses make it larger, and keys move it.
    browser.open(&tab, &server.url("map/"));
    browser.evaluate(&tab, "for (let press = 0; press < 4; press++) document.querySelector('[aria-label=Larger]').click(); document.querySelector('.map-pane').focus(); 1");
    let place = "document.querySelector('.map-pane').scrollLeft";
    let before = browser.evaluate(&tab, place).as_f64().expect("a number");
    let away = format!("{place} !== {before}");
    // To whichever side there is room.
    for (name, code) in [("ArrowRight", 39), ("ArrowLeft", 37)] {
        for kind in ["rawKeyDown", "keyUp"] {
            let event = json!({ "type": kind, "key": name, "code": name, "windowsVirtualKeyCode": code });
            browser.call(Some(&tab), "Input.dispatchKeyEvent", event);
        }
        if name == "ArrowRight" && before > 0.0 {
            continue;
        }
        break;
    }
    browser.wait_for(&tab, &away);
}

#[test]
fn a_word_of_the_glossary_is_explained_where_it_is_touched_and_without_scripts_at_the_foot() {
    let Some((mut browser, server, _)) = start("words") else { return };
    let tab = browser.tab();
    browser.resize(&tab, NARROW.0, NARROW.1);
    browser.call(Some(&tab), "Emulation.setTouchEmulationEnabled", json!({ "enabled": true }));
    let url = server.url("roles/mixing-engineer/");
    browser.open(&tab, &url);
    let word = "document.querySelector('.prose a[data-kind=\"term\"]')";
    let touch = |browser: &mut Chromium| {
        let place = browser.evaluate(
            &tab,
            &format!("(() => {{ const word = {word}; word.scrollIntoView({{ block: 'center', behavior: 'instant' }}); const box = word.getClientRects()[0]; return [box.x + box.width / 2, box.y + box.height / 2] }})()"),
        );
        let start = json!({ "type": "touchStart", "touchPoints": [{ "x": place[0], "y": place[1] }] });
        browser.call(Some(&tab), "Input.dispatchTouchEvent", start);
        browser.call(Some(&tab), "Input.dispatchTouchEvent", json!({ "type": "touchEnd", "touchPoints": [] }));
    };
    touch(&mut browser);
    let is_open = "document.getElementById('preview')?.matches(':popover-open') === true";
    browser.wait_for(&tab, is_open);
    assert_eq!(browser.evaluate(&tab, "location.href"), json!(url), "the first touch explains");
    let said = browser.evaluate(&tab, "document.querySelector('#preview .preview-lead').textContent");
    let listed = browser.evaluate(
        &tab,
        &format!("[...document.querySelectorAll('.words-list a')].find(link => link.href === {word}.href).closest('div').querySelector('dd').textContent"),
    );
    assert_eq!(said, listed);
    browser.screenshot(&tab, "opened-word-touched");
    touch(&mut browser);
    browser.wait_for(&tab, "location.pathname.startsWith('/glossary/')");

    browser.call(Some(&tab), "Emulation.setTouchEmulationEnabled", json!({ "enabled": false }));
    browser.allow_scripts(&tab, false);
    browser.open(&tab, &url);
    let unexplained = browser.evaluate(
        &tab,
        "[...document.querySelectorAll('.prose a[data-kind=\"term\"]')].map(link => link.href.replace(/#.*/, '')).filter(url => \
         ![...document.querySelectorAll('.words-list a')].some(link => link.href === url && link.closest('div').querySelector('dd').textContent.length > 10))",
    );
    assert_eq!(unexplained, json!([]), "these are explained nowhere on the page");
    let visible = browser.evaluate(&tab, "document.querySelector('.words-list dd').getClientRects().length > 0");
    assert_eq!(visible, true);
}

#[test]
fn the_theme_follows_the_system() {
    let Some((mut browser, server, _)) = start("theme") else { return };
    let tab = browser.tab();
    let mut lightness = |scheme| {
        browser.emulate_media(&tab, "screen", &[("prefers-color-scheme", scheme)]);
        browser.open(&tab, &server.url(""));
        // Drawn on a canvas, because a computed colour may be in any colour space.
        let sum = browser.evaluate(
            &tab,
            "(() => { const canvas = document.createElement('canvas').getContext('2d'); \
             const own = getComputedStyle(document.body).backgroundColor; \
             const root = getComputedStyle(document.documentElement).backgroundColor; \
             canvas.fillStyle = own === 'rgba(0, 0, 0, 0)' ? root : own; canvas.fillRect(0, 0, 1, 1); \
             const [r, g, b] = canvas.getImageData(0, 0, 1, 1).data; return r + g + b })()",
        );
        sum.as_u64().expect("a colour is a number")
    };
    let (light, dark) = (lightness("light"), lightness("dark"));
    assert!(light > 650, "the light page has a background of lightness {light} of 765");
    assert!(dark < 150, "the dark page has a background of lightness {dark} of 765");
}

/// A page's path as the name of a picture.
pub(crate) fn picture_name(path: &str) -> String {
    match path.trim_end_matches('/') {
        "" => "home".to_owned(),
        path => path.replace(['/', '.'], "-"),
    }
}
