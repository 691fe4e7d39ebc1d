//! How the theme looks: how long its lines are, what is seen in forced colours and without motion, that no page flashes, and
//! pictures of every template that people looked at once.

use crate::browser::{picture_name, start};
use crate::chromium::{Chromium, Tab};
use crate::components;
use crate::static_host::StaticHost;
use crate::workshop::{Site, blessing};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Windows in which the column of the text has room for a whole line, down to the smallest.
const ROOMY_WIDTHS: [u32; 4] = [1280, 1000, 800, 680];

/// Characters of a full line that read well, on average over a page.
const MEASURE: std::ops::RangeInclusive<f64> = 60.0..=72.0;

/// Fewer full lines than this say nothing about a page.
const LINES_LEAST: usize = 12;

/// Characters that no line of anything may exceed (WCAG 2.2, 1.4.8).
const LONGEST_LINE: u64 = 80;

#[test]
fn lines_have_as_many_characters_as_read_well() {
    let Some((mut browser, server, paths)) = start("measure") else { return };
    let tab = browser.tab();
    let mut faults = Vec::new();
    let mut judged = 0;
    for path in &paths {
        browser.resize(&tab, 1280, 900);
        browser.open(&tab, &server.url(path));
        for width in ROOMY_WIDTHS {
            browser.resize(&tab, width, 900);
            let found = browser.evaluate(&tab, LINES);
            let prose: Vec<f64> = found["prose"].as_array().expect("a list").iter().filter_map(Value::as_f64).collect();
            if prose.len() >= LINES_LEAST {
                judged += 1;
                let mean = prose.iter().sum::<f64>() / prose.len() as f64;
                if !MEASURE.contains(&mean) {
                    faults.push(format!("/{path} at {width}: {mean:.1} characters a line in {} lines", prose.len()));
                }
            }
            for line in found["longest"].as_array().expect("a list") {
                if line["characters"].as_u64() > Some(LONGEST_LINE) {
                    faults.push(format!("/{path} at {width}: {} characters in {}", line["characters"], line["where"]));
                }
            }
        }
    }
    assert!(judged > 2 * ROOMY_WIDTHS.len(), "hardly any page has lines to judge: {judged}");
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// The characters of each full line of paragraphs, and for each kind of other text its longest line. Code keeps the lines that
/// its writer gave it, and a table has columns.
const LINES: &str = "(() => {
    const range = document.createRange();
    const linesOf = (block) => {
        const lines = [0];
        let last = -Infinity;
        const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            if (node.parentElement.closest('p, li, dd, dt, figcaption, h1, h2, h3, h4, small, summary') !== block) continue;
            for (let at = 0; at < node.length; at += 1) {
                range.setStart(node, at);
                range.setEnd(node, at + 1);
                const box = range.getClientRects()[0];
                if (!box || box.width === 0) continue;
                if (box.left < last - 1) lines.push(0);
                lines[lines.length - 1] += 1;
                last = box.left;
            }
        }
        return lines;
    };
    const prose = [];
    for (const block of [...document.querySelectorAll('.prose > p')].slice(0, 30)) prose.push(...linesOf(block).slice(0, -1));
    const longest = new Map();
    const looked = new Map();
    for (const block of document.querySelectorAll('main :is(p, li, dd, dt, figcaption, small)')) {
        if (block.closest('pre, table, svg, .map-pane, .unseen') || !block.checkVisibility()) continue;
        // Of the many that are alike a few that are long enough to be broken.
        const where = `${block.parentElement.className || block.parentElement.localName} > ${block.localName}.${block.className}`;
        if (block.textContent.length < 60 || looked.get(where) === 5) continue;
        looked.set(where, (looked.get(where) ?? 0) + 1);
        const characters = Math.max(...linesOf(block));
        if (characters > (longest.get(where) ?? 0)) longest.set(where, characters);
    }
    return { prose, longest: Array.from(longest, ([where, characters]) => ({ where, characters })) };
})()";

#[test]
fn a_wide_table_on_a_phone_keeps_its_first_column_in_view() {
    let Some((mut browser, server, _)) = start("tables") else { return };
    let tab = browser.tab();
    browser.resize(&tab, 360, 740);
    let mut judged = 0;
    for path in
        ["handbook/components/", "comparisons/sister-careers/", "pros-and-cons/weighed/", "finances/master-points/"]
    {
        browser.open(&tab, &server.url(path));
        let found = browser.evaluate(
            &tab,
            "(() => {
                const faults = [];
                let judged = 0;
                for (const pane of document.querySelectorAll('.prose .table-scroll')) {
                    const rows = pane.querySelectorAll('tbody tr');
                    if (pane.scrollWidth <= pane.clientWidth + 1 || rows[0].cells.length < 4) continue;
                    judged += 1;
                    pane.scrollIntoView({ block: 'start' });
                    pane.scrollLeft = pane.scrollWidth;
                    const cell = rows[0].cells[0];
                    const [box, frame] = [cell.getBoundingClientRect(), pane.getBoundingClientRect()];
                    const name = cell.textContent + ': ';
                    if (Math.abs(box.left - frame.left) > 1) faults.push(name + 'the first column is scrolled away');
                    if (box.width > frame.width * 0.5) faults.push(name + 'it takes ' + box.width);
                    cell.scrollIntoView({ block: 'center' });
                    const place = cell.getBoundingClientRect();
                    const shown = document.elementFromPoint(place.left + 3, place.top + place.height / 2);
                    if (!cell.contains(shown)) faults.push(name + 'it is covered by ' + shown?.outerHTML.slice(0, 60));
                    if (getComputedStyle(cell).backgroundColor === 'rgba(0, 0, 0, 0)') faults.push(name + 'what scrolls shows through');
                }
                return { judged, faults };
            })()",
        );
        judged += found["judged"].as_u64().unwrap_or(0);
        assert_eq!(found["faults"], json!([]), "/{path}");
    }
    assert!(judged > 1, "no table is wider than a phone");
}

/// Pages that hold every control and every drawing of the theme.
const FORCED: [&str; 16] = [
    "",
    "roles/recording-engineer/",
    "skills/mixing/",
    "pathways/sync-library/",
    "finances/master-points/",
    "pros-and-cons/",
    "pros-and-cons/uneven-income/",
    "comparisons/studio-freelance/",
    "comparisons/pathways/",
    "calculators/income-mix/",
    "calculators/runway/",
    "facts/",
    "map/",
    "path/",
    "search/",
    "handbook/components/",
];

/// The least contrast of what must be seen (WCAG 2.2, 1.4.11).
const SEEN_CONTRAST: f64 = 3.0;

#[test]
fn every_control_and_drawing_is_seen_in_forced_colours() {
    let Some((mut browser, server, _)) = start("forced") else { return };
    let (tab, bench) = (browser.tab(), browser.tab());
    browser.bring_to_front(&tab);
    let mut faults = Vec::new();
    let mut looked_at = 0;
    for scheme in ["light", "dark"] {
        let features =
            [("forced-colors", "active"), ("prefers-color-scheme", scheme), ("prefers-reduced-motion", "reduce")];
        browser.emulate_media(&tab, "screen", &features);
        for path in FORCED {
            browser.resize(&tab, 1280, 900);
            browser.open(&tab, &server.url(path));
            let name = format!("forced-{}-{scheme}", picture_name(path));
            // Whole, since much of what must be seen is far down; and no taller than a picture can be.
            let height = browser.evaluate(&tab, "Math.min(document.documentElement.scrollHeight, 12000)");
            browser.resize(&tab, 1280, u32::try_from(height.as_u64().unwrap_or(900)).unwrap_or(900));
            browser.evaluate(&tab, SETTLED);
            let places = browser.evaluate(&tab, PLACES_TO_SEE);
            looked_at += places.as_array().map_or(0, Vec::len);
            let picture = browser.picture(&tab);
            let unseen = browser.evaluate(&bench, &format!("({CONTRASTS})({}, {places})", json!(picture)));
            for place in unseen.as_array().expect("a list") {
                if place["contrast"].as_f64() < Some(SEEN_CONTRAST) {
                    faults.push(format!("/{path} {scheme}: {} has {}", place["name"], place["contrast"]));
                }
            }
            let unfocused = browser.evaluate(&tab, FOCUS_RINGS);
            faults
                .extend(unfocused.as_array().expect("a list").iter().map(|fault| format!("/{path} {scheme}: {fault}")));
            if !faults.is_empty() {
                browser.keep_picture(&name, &picture);
            }
        }
    }
    assert!(looked_at > 200, "hardly anything was looked at: {looked_at}");
    assert!(faults.is_empty(), "{}:\n{}", faults.len(), faults.join("\n"));
}

/// Until what is laid out only in view has been laid out, and nothing moves any more.
const SETTLED: &str = "(async () => {
    let [last, same] = [0, 0];
    for (let frame = 0; frame < 120 && same < 10; frame += 1) {
        await new Promise(requestAnimationFrame);
        const height = document.documentElement.scrollHeight;
        same = height === last ? same + 1 : 0;
        last = height;
    }
    return 1;
})()";

/// Where controls, drawings and signs stand, a few of each sort.
const PLACES_TO_SEE: &str = "(() => {
    const sorts = ['button', 'input', 'select', 'summary', 'a.arm', 'a.card', 'a[href]', '.icon', '.kind-sign', '.evidence > span',
        '.verdict b', '.flow-end', '.flow-when', '.steps li', '.order li', 'svg.spread', '.months', '.near-map a', '.map-drawing a',
        '.map-sample', '.calc-chart svg', '.calc-stack', '.calc-key', '.calc-bar', '.calc-answer', 'progress', '.alert-title', '.mark', '.posts'];
    const places = [];
    for (const sort of sorts) {
        let count = 0;
        for (const element of document.querySelectorAll(sort)) {
            if (count === 6) break;
            if (element.closest('[hidden], .unseen') || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
            const box = element.getBoundingClientRect();
            const y = box.y + scrollY;
            if (box.width < 4 || box.height < 2 || y < 0 || y + box.height > innerHeight || box.right > innerWidth || box.x < 0) continue;
            if (element.matches('.skip') || element.disabled) continue;
            count += 1;
            places.push({ name: sort + ': ' + element.outerHTML.slice(0, 90), x: box.x, y, width: box.width, height: box.height });
        }
    }
    return places;
})()";

/// For each place of a picture the contrast between its lightest and its darkest dot.
const CONTRASTS: &str = "async (picture, places) => {
    const image = await createImageBitmap(await (await fetch('data:image/png;base64,' + picture)).blob());
    const context = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height }).getContext('2d', { willReadFrequently: true });
    context.drawImage(image, 0, 0);
    const linear = Array.from({ length: 256 }, (_, value) => { const part = value / 255; return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4; });
    return places.map(({ name, x, y, width, height }) => {
        const { data } = context.getImageData(Math.floor(x) - 1, Math.floor(y) - 1, Math.ceil(width) + 2, Math.ceil(height) + 2);
        let [least, most] = [1, 0];
        for (let at = 0; at < data.length; at += 4) {
            const light = 0.2126 * linear[data[at]] + 0.7152 * linear[data[at + 1]] + 0.0722 * linear[data[at + 2]];
            if (light < least) least = light;
            if (light > most) most = light;
        }
        return { name, contrast: Math.round((most + 0.05) / (least + 0.05) * 10) / 10 };
    });
}";

/// Stops of the keyboard whose focus cannot be told from the page in forced colours.
const FOCUS_RINGS: &str = "(() => {
    const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const light = (colour) => {
        context.clearRect(0, 0, 1, 1);
        context.fillStyle = colour;
        context.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
        const part = (value) => { const one = value / 255; return one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4; };
        return a < 128 ? null : 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
    };
    const ground = light(getComputedStyle(document.documentElement).backgroundColor) ?? 1;
    const stops = [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex=\"0\"]')]
        .filter(element => !element.disabled && element.getClientRects().length > 0 && element.checkVisibility({ visibilityProperty: true }));
    const step = Math.max(1, Math.floor(stops.length / 60));
    const faults = new Set();
    for (const element of stops.filter((_, at) => at % step === 0)) {
        element.focus({ focusVisible: true, preventScroll: true });
        if (document.activeElement !== element) continue;
        const shown = element.namespaceURI.endsWith('svg') ? element.querySelector('rect') ?? element : element;
        const style = getComputedStyle(shown);
        const colour = shown === element ? (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 1 ? null : style.outlineColor) : style.stroke;
        const ring = colour && light(colour);
        const contrast = ring === null || ring === undefined ? 1 : (Math.max(ring, ground) + 0.05) / (Math.min(ring, ground) + 0.05);
        if (contrast < 3) faults.add('the focus is not seen on ' + element.outerHTML.slice(0, 90));
    }
    document.activeElement?.blur();
    return [...faults].slice(0, 5);
})()";

#[test]
fn a_page_never_flashes_in_the_colours_that_the_reader_left() {
    let Some((mut browser, server, _)) = start("flash") else { return };
    let (tab, bench) = (browser.tab(), browser.tab());
    browser.bring_to_front(&tab);
    browser.resize(&tab, 800, 600);
    browser.emulate_media(&tab, "screen", &[("prefers-color-scheme", "light")]);
    browser.open(&tab, &server.url("404.html"));
    browser.evaluate(&tab, "localStorage.setItem('waymark-theme', 'dark'); 1");
    for path in ["", "calculators/fit/"] {
        browser.open(&tab, &server.url("404.html"));
        let frames = browser.frames_of(&tab, &server.url(path));
        let lights = lights_of(&mut browser, &bench, &frames);
        assert!(!lights.is_empty(), "/{path} painted nothing");
        assert!(lights.iter().all(|light| *light < 90.0), "/{path} was painted light and then dark: {lights:?}");
    }
    // That a flash would be seen: the same without the script that stands in the way of painting.
    browser.open(&tab, &server.url("404.html"));
    browser.block(&tab, &["*theme*"]);
    let frames = browser.frames_of(&tab, &server.url("roles/mixing-engineer/"));
    let lights = lights_of(&mut browser, &bench, &frames);
    assert!(lights.iter().any(|light| *light > 180.0), "a light page was not seen as one: {lights:?}");
}

/// The mean lightness of pictures, from 0 to 255.
fn lights_of(browser: &mut Chromium, bench: &Tab, pictures: &[String]) -> Vec<f64> {
    let light = "async (picture) => {
        const image = await createImageBitmap(await (await fetch('data:image/png;base64,' + picture)).blob());
        const context = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height }).getContext('2d', { willReadFrequently: true });
        context.drawImage(image, 0, 0);
        const { data } = context.getImageData(0, 0, image.width, image.height);
        let sum = 0;
        for (let at = 0; at < data.length; at += 4) sum += data[at] + data[at + 1] + data[at + 2];
        return sum / (data.length / 4) / 3;
    }";
    pictures
        .iter()
        .filter_map(|picture| browser.evaluate(bench, &format!("({light})({})", json!(picture))).as_f64())
        .collect()
}

#[test]
fn nothing_moves_where_no_motion_is_wanted() {
    let Some((mut browser, server, paths)) = start("motion") else { return };
    let tab = browser.tab();
    let moving = "(() => {
        const moving = [];
        for (const element of document.querySelectorAll('*')) for (const part of [undefined, '::before', '::after']) {
            const style = getComputedStyle(element, part);
            const lasts = (list) => list.split(',').some((time) => parseFloat(time) > 0);
            if (style.animationName !== 'none' || lasts(style.transitionDuration) || style.scrollBehavior === 'smooth')
                moving.push(element.outerHTML.slice(0, 80) + (part ?? ''));
        }
        const transitions = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]).filter((rule) => rule.constructor.name === 'CSSViewTransitionRule');
        return [...moving.slice(0, 5), ...transitions.map((rule) => rule.cssText)];
    })()";
    let mut faults = Vec::new();
    for path in &paths {
        browser.emulate_media(&tab, "screen", &[("prefers-reduced-motion", "reduce")]);
        browser.open(&tab, &server.url(path));
        let found = browser.evaluate(&tab, moving);
        faults.extend(found.as_array().expect("a list").iter().map(|what| format!("/{path}: {what}")));
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    // And that what moves for everybody else would have been found.
    browser.emulate_media(&tab, "screen", &[("prefers-reduced-motion", "no-preference")]);
    browser.open(&tab, &server.url("roles/mixing-engineer/"));
    assert_ne!(browser.evaluate(&tab, moving), json!([]));
}

/// A page of each template of the small site in `tests/it/looks/site.md`.
const TEMPLATES: [(&str, &str); 24] = [
    ("home", ""),
    ("page", "about/"),
    ("code", "code/"),
    ("role", "roles/baker/"),
    ("skill", "skills/shaping/"),
    ("pathway", "pathways/own-bakery/"),
    ("finance", "finances/counter/"),
    ("tradeoff", "pros-and-cons/uneven/"),
    ("comparison", "comparisons/bread-or-cake/"),
    ("calculator", "calculators/waste/"),
    ("calculator-embed", "calculators/waste/embed/"),
    ("term", "glossary/poolish/"),
    ("section", "roles/"),
    ("claims", "pros-and-cons/"),
    ("glossary", "glossary/"),
    ("topic", "topics/bread/"),
    ("topics", "topics/"),
    ("facts", "facts/"),
    ("sources", "sources/"),
    ("map", "map/"),
    ("path", "path/"),
    ("search", "search/"),
    ("print", "print/"),
    ("404", "404.html"),
];

/// The windows that pictures are taken in.
const WINDOWS: [(u32, u32); 3] = [(1280, 900), (800, 900), (360, 740)];

/// Dots of a picture that become one, each way: about a line of text, so that its letters do not matter.
const CELL: u32 = 32;

/// All text in letters of one width, which is nearly the same in every such face: lines break where they broke on the machine
/// that the pictures were taken on. The faces that readers see are looked at in the pictures of the guide.
const ONE_WIDTH: &str = "(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('*, ::before, ::after { font-family: \"DejaVu Sans Mono\", \"Liberation Mono\", \"Noto Sans Mono\", monospace, monospace !important }');
    document.adoptedStyleSheets = [sheet];
    return 1;
})()";

/// How far a cell may be from the one that was pinned, of 255, and how many of a hundred cells may be farther. Between DejaVu
/// Sans Mono, Liberation Mono and Noto Sans Mono up to 1.1 of them were; without its contents an article had 1.4 at 1280, in
/// another accent 1.4 to 6.7, without its quick facts 7.5 to 8.7, and without the guide beside it 18 to 24.
const FAR: u8 = 12;
const STRAY_PER_CENT: f64 = 1.2;

/// A picture made small: rows of cells with red, green and blue, in 64 steps each.
#[derive(Debug, PartialEq)]
struct Small(Vec<Vec<[u8; 3]>>);

#[test]
fn every_template_looks_as_it_did_when_somebody_looked_at_it() {
    let Some(mut browser) = Chromium::start("pinned") else { return };
    let (mut files, mut states) = (BTreeMap::new(), Vec::new());
    let text = fs::read_to_string(folder().join("site.md")).expect("the site can be read");
    components::read("looks", &text, &mut files, &mut states);
    let site = files.iter().fold(Site::with_default_theme(), |site, (path, text)| site.with(path, text));
    let built = site.build();
    assert!(built.findings().is_empty(), "{}", built.rendered_diagnostics());
    let host = StaticHost::start(built.output());
    let (tab, bench) = (browser.tab(), browser.tab());
    browser.bring_to_front(&tab);
    let mut faults = Vec::new();
    for (template, path) in TEMPLATES {
        let pinned_path = folder().join(format!("{template}.txt"));
        let pinned = read_pinned(&fs::read_to_string(&pinned_path).unwrap_or_default());
        browser.resize(&tab, WINDOWS[0].0, WINDOWS[0].1);
        browser.open(&tab, &host.url(path));
        browser.evaluate(&tab, ONE_WIDTH);
        let mut made = String::new();
        for (width, height) in WINDOWS {
            browser.resize(&tab, width, height);
            for scheme in ["light", "dark"] {
                browser.emulate_media(
                    &tab,
                    "screen",
                    &[("prefers-color-scheme", scheme), ("prefers-reduced-motion", "reduce")],
                );
                browser.evaluate(&tab, "scrollTo(0, 0); new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))");
                let picture = browser.picture(&tab);
                let small = small_of(&mut browser, &bench, &picture);
                let view = format!("{width} {scheme}");
                write_small(&view, &small, &mut made);
                let name = format!("looks-{template}-{width}-{scheme}");
                if blessing() {
                    // Whoever pins them looks at them.
                    browser.keep_picture(&name, &picture);
                    continue;
                }
                let fault = match pinned.get(&view) {
                    Some(pinned) => difference(pinned, &small),
                    None => Some("has never been looked at".to_owned()),
                };
                if let Some(fault) = fault {
                    browser.keep_picture(&name, &picture);
                    if let Some(pinned) = pinned.get(&view) {
                        let pinned = large_of(&mut browser, &bench, pinned);
                        browser.keep_picture(&format!("{name}-pinned"), &pinned);
                    }
                    faults.push(format!(
                        "{template} (/{path}) at {width}, {scheme}: {fault}; see tests/output/{name}*.png"
                    ));
                }
            }
        }
        if blessing() {
            fs::write(&pinned_path, made).expect("the pictures can be kept");
        }
    }
    assert!(
        faults.is_empty(),
        "\n{}\nLook at the pictures; if they are right: FINGERPOST_BLESS=1 cargo test looks",
        faults.join("\n")
    );
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/looks")
}

/// The steps of a colour as letters.
const LETTERS: &[u8; 64] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";

fn write_small(view: &str, small: &Small, text: &mut String) {
    let _ = writeln!(text, "{view}");
    for row in &small.0 {
        text.extend(row.iter().flatten().map(|step| char::from(LETTERS[usize::from(*step)])));
        text.push('\n');
    }
}

fn read_pinned(text: &str) -> BTreeMap<String, Small> {
    let mut pinned: BTreeMap<String, Small> = BTreeMap::new();
    let mut view = String::new();
    for line in text.lines() {
        if line.contains(' ') {
            line.clone_into(&mut view);
            continue;
        }
        let step = |letter: &u8| LETTERS.iter().position(|known| known == letter).and_then(|at| u8::try_from(at).ok());
        let steps: Vec<u8> = line.as_bytes().iter().filter_map(step).collect();
        let row = steps.chunks_exact(3).map(|cell| [cell[0], cell[1], cell[2]]).collect();
        pinned.entry(view.clone()).or_insert_with(|| Small(Vec::new())).0.push(row);
    }
    pinned
}

/// Makes a picture small: each cell is the mean of its dots.
fn small_of(browser: &mut Chromium, bench: &Tab, picture: &str) -> Small {
    let shrink = "async (picture, cell) => {
        const image = await createImageBitmap(await (await fetch('data:image/png;base64,' + picture)).blob());
        const context = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height }).getContext('2d', { willReadFrequently: true });
        context.drawImage(image, 0, 0);
        const { data } = context.getImageData(0, 0, image.width, image.height);
        const rows = [];
        for (let top = 0; top + cell <= image.height; top += cell) {
            const row = [];
            for (let left = 0; left + cell <= image.width; left += cell) {
                const sum = [0, 0, 0];
                for (let y = top; y < top + cell; y += 1) for (let x = left; x < left + cell; x += 1) {
                    const at = 4 * (y * image.width + x);
                    for (let part = 0; part < 3; part += 1) sum[part] += data[at + part];
                }
                row.push(sum.map((one) => Math.min(63, Math.round(one / cell / cell / 4))));
            }
            rows.push(row);
        }
        return rows;
    }";
    let rows = browser.evaluate(bench, &format!("({shrink})({}, {CELL})", json!(picture)));
    Small(serde_json::from_value(rows).expect("rows of cells"))
}

/// A small picture as one that people can look at.
fn large_of(browser: &mut Chromium, bench: &Tab, small: &Small) -> String {
    let grow = "(rows, cell) => {
        const canvas = Object.assign(document.createElement('canvas'), { width: rows[0].length * cell, height: rows.length * cell });
        const context = canvas.getContext('2d');
        rows.forEach((row, y) => row.forEach((steps, x) => {
            context.fillStyle = `rgb(${steps.map((step) => Math.min(255, step * 4)).join()})`;
            context.fillRect(x * cell, y * cell, cell, cell);
        }));
        return canvas.toDataURL('image/png').split(',')[1];
    }";
    let picture = browser.evaluate(bench, &format!("({grow})({}, {CELL})", json!(small.0)));
    picture.as_str().expect("a picture is sent as text").to_owned()
}

/// What is not as it was: nothing or a sentence.
fn difference(pinned: &Small, made: &Small) -> Option<String> {
    let size = |small: &Small| (small.0.first().map_or(0, Vec::len), small.0.len());
    if size(pinned) != size(made) {
        return Some(format!("is {:?} cells large and was {:?}", size(made), size(pinned)));
    }
    let cells = pinned.0.iter().flatten().zip(made.0.iter().flatten());
    let stray = cells.filter(|(known, cell)| distance(**known, **cell) > FAR).count();
    let (columns, rows) = size(made);
    let part = 100.0 * stray as f64 / (columns * rows) as f64;
    (part > STRAY_PER_CENT).then(|| format!("{part:.1} % of it are not as they were"))
}

/// How far two cells are from each other at most in red, green or blue, of 255.
fn distance(one: [u8; 3], other: [u8; 3]) -> u8 {
    one.iter().zip(other).map(|(one, other)| one.abs_diff(other).saturating_mul(4)).max().unwrap_or(0)
}

#[test]
fn a_picture_is_kept_as_text_and_read_again() {
    let small = Small(vec![vec![[0, 10, 63], [36, 62, 1]], vec![[5, 5, 5], [61, 0, 9]]]);
    let mut text = String::new();
    write_small("360 dark", &small, &mut text);
    assert_eq!(text, "360 dark\n0A_a-1\n555z09\n");
    assert_eq!(read_pinned(&text)["360 dark"], small);
    let nearly = Small(vec![vec![[0, 10, 60], [36, 62, 1]], vec![[5, 7, 5], [61, 0, 9]]]);
    assert_eq!(difference(&small, &nearly), None);
    let other = Small(vec![vec![[0, 10, 63], [36, 62, 1]], vec![[5, 5, 5], [30, 30, 30]]]);
    assert!(difference(&small, &other).is_some());
}
