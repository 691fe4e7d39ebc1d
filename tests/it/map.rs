//! The map: the same drawing from any order of files, every relation as a line and in words, and a reader's hands on it.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::chromium::{Chromium, Tab};
use crate::workshop::{Built, Server, Site};
use serde_json::{Value, json};

/// A site whose pages have relations of every kind, and one page that everything is part of.
fn related(pages: usize) -> Site {
    let mut site = Site::with_default_theme()
        .with("content/index.md", "---\ntitle: Home\n---\n\nText.\n")
        .with("content/hub.md", "---\ntitle: The hub\nid: hub\n---\n\nText.\n");
    for at in 0..pages {
        let (folder, relations) = match at % 4 {
            0 => (
                "skills",
                format!(
                    "{{part_of: [hub]{}}}",
                    if at > 4 { format!(", requires: [p{}]", at - 4) } else { String::new() }
                ),
            ),
            1 => (
                "roles",
                format!(
                    "{{part_of: [hub], requires: [p{}, p{}], leads_to: [p{}]}}",
                    at - 1,
                    (at + 3) % pages / 4 * 4,
                    (at + 4) % pages / 4 * 4 + 1
                ),
            ),
            2 => (
                "pathways",
                format!(
                    "{{part_of: [hub], leads_to: [p{}], contrasts_with: [p{}]}}",
                    at - 1,
                    (at + 4) % pages / 4 * 4 + 2
                ),
            ),
            _ => ("finances", "{part_of: [hub]}".to_owned()),
        };
        // File names say nothing: order and address are written down.
        let text = format!(
            "---\ntitle: A page with the number {at}\nid: p{at}\norder: {at}\nslug: page-{at}\nrelations: {relations}\n---\n\nText.\n"
        );
        site = site.with(&format!("content/{folder}/{}.md", name(at, 7)), text);
    }
    site
}

/// A file name that sorts differently for each `turn`.
fn name(at: usize, turn: usize) -> String {
    format!("{}-{at}", (at * turn) % 31)
}

fn map_of(site: &Site) -> String {
    let built = site.build();
    assert!(!built.has_errors(), "{}", built.rendered_diagnostics());
    built.page("/map/").expect("the site has a map")
}

/// What lies between two marks.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("`{start}` is not there"));
    rest.split_once(end).unwrap_or_else(|| panic!("`{end}` is not there")).0
}

#[test]
fn the_drawing_does_not_depend_on_the_order_or_the_names_of_files() {
    let site = related(24);
    let map = map_of(&site);
    assert_eq!(map, map_of(&site.clone().shuffled(3)));
    let mut renamed = Site::with_default_theme();
    for (path, bytes) in site.files() {
        let at = path.rsplit_once('-').and_then(|(_, end)| end.strip_suffix(".md")?.parse::<usize>().ok());
        let path = match (at, path.rsplit_once('/')) {
            (Some(at), Some((folder, _))) => format!("{folder}/{}.md", name(at, 11)),
            _ => path.to_owned(),
        };
        renamed = renamed.with(&path, bytes);
    }
    let other = map_of(&renamed);
    let drawing = |map: &str| between(map, "<svg class=\"map-drawing\"", "</svg>").to_owned();
    assert_eq!(drawing(&map), drawing(&other));
}

#[test]
fn a_page_that_everything_belongs_to_is_listed_and_not_drawn() {
    let map = map_of(&related(40));
    let drawing = between(&map, "<svg class=\"map-drawing\"", "</svg>");
    assert!(!drawing.contains("The hub") && map.contains("one and the same page"), "{drawing}");
    assert!(between(&map, "id=\"map-list\"", "</section>").contains("hub/"));
    let few = map_of(&related(12));
    assert!(between(&few, "<svg class=\"map-drawing\"", "</svg>").contains("The hub"));
}

#[test]
fn a_large_site_draws_its_best_connected_pages_and_says_so() {
    let map = map_of(&related(1200));
    let drawing = between(&map, "<svg class=\"map-drawing\"", "</svg>");
    let boxes = drawing.matches("data-node").count();
    assert!((100..=150).contains(&boxes), "{boxes} pages are drawn");
    assert!(map.contains(&format!("the {boxes} with the most relations are drawn")), "{}", &map[..2000]);
    assert!(map.contains("All 300 in Roles"));
    assert!(map.len() < 400_000, "{} bytes", map.len());
}

#[test]
fn without_relations_there_is_a_list_and_without_the_setting_nothing() {
    let site = Site::with_default_theme()
        .with("content/roles/a.md", "---\ntitle: A\n---\n\nText.\n")
        .with("content/roles/b.md", "---\ntitle: B\n---\n\nText.\n");
    let map = map_of(&site);
    assert!(!map.contains("<svg class=\"map-drawing\"") && map.contains("there is nothing to draw"));
    let settings = site.file("site.toml") + "output.map = false\noutput.path = false\noutput.offline = false\n";
    let paths = site.with("site.toml", settings).build().output_paths();
    assert!(!paths.iter().any(|path| path.starts_with("map/") || path.starts_with("path/")), "{paths:?}");
}

#[test]
fn a_site_that_wants_no_map_has_no_small_ones() {
    let site = related(8);
    let drawn = |site: &Site| {
        let output = site.build().output();
        output.values().filter(|bytes| String::from_utf8_lossy(bytes).contains("class=\"near-map")).count()
    };
    assert!(drawn(&site) > 4);
    let settings = site.file("site.toml") + "output.map = false\n";
    assert_eq!(drawn(&site.with("site.toml", settings)), 0);
}

#[test]
fn titles_cannot_break_out_of_the_drawing() {
    let site = Site::with_default_theme()
        .with(
            "content/roles/a.md",
            "---\ntitle: '\"><script>x</script> & <b>'\nid: a\nrelations: {contrasts_with: [b]}\n---\n\nText.\n",
        )
        .with(
            "content/roles/b.md",
            "---\ntitle: B\nid: b\nrelations: {contrasts_with: [a], leads_to: [c]}\n---\n\nText.\n",
        )
        .with("content/roles/c.md", "---\ntitle: C\nid: c\n---\n\nText.\n");
    let built = site.build();
    for page in ["/map/", "/roles/b/"] {
        let html = built.page(page).expect("it is there");
        assert!(html.contains("<tspan") && !html.contains("<script>x"), "{page}: {html}");
    }
}

#[test]
fn a_neighbourhood_costs_little() {
    let built = Built::of_the_guide();
    let mut sizes: Vec<(usize, String)> = Vec::new();
    for (path, bytes) in built.output() {
        let html = String::from_utf8_lossy(&bytes).into_owned();
        if !html.contains("<figure class=\"around\">") {
            continue;
        }
        let figure = between(&html, "<figure class=\"around\">", "</figure>").to_owned();
        let without = html.replace(&figure, "");
        sizes.push((gzip(html.as_bytes()) - gzip(without.as_bytes()), path));
    }
    sizes.sort();
    let (middle, largest) = (&sizes[sizes.len() / 2], &sizes[sizes.len() - 1]);
    assert!(sizes.len() > 40, "{} pages have one", sizes.len());
    assert!(middle.0 <= 1024 && largest.0 <= 1600, "{middle:?} {largest:?}");
}

/// Bytes of a text as hosts send it.
pub(crate) fn gzip(bytes: &[u8]) -> usize {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    std::io::Write::write_all(&mut encoder, bytes).expect("memory can be written");
    encoder.finish().expect("memory can be written").len()
}

fn start(name: &str, path: &str) -> Option<(Chromium, Tab, Arc<Server>)> {
    let mut browser = Chromium::start(name)?;
    let server = Server::of_the_guide();
    let tab = browser.tab();
    browser.resize(&tab, 1280, 900);
    browser.emulate_media(&tab, "screen", &[("prefers-reduced-motion", "reduce")]);
    browser.open(&tab, &server.url(path));
    Some((browser, tab, server))
}

#[test]
fn every_title_lies_in_its_box_and_nothing_on_anything() {
    let Some((mut browser, tab, server)) = start("map-boxes", "map/") else { return };
    let overlapping = "(() => {
        const faults = [];
        const boxes = [...document.querySelectorAll('.map-drawing a, .near-map a, .near-map .here')].map((element) => {
            const box = element.querySelector('rect').getBoundingClientRect();
            const text = element.querySelector('text').getBoundingClientRect();
            if (text.left < box.left || text.right > box.right || text.top < box.top || text.bottom > box.bottom)
                faults.push('the title leaves its box: ' + element.textContent);
            return [box, element.textContent];
        });
        boxes.forEach(([one, name], at) => boxes.slice(0, at).forEach(([other, otherName]) => {
            if (one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom)
                faults.push(name + ' lies on ' + otherName);
        }));
        return boxes.length ? faults : ['there is no box'];
    })()";
    for path in ["map/", "roles/mixing-engineer/", "skills/mixing/", "pathways/studio/", "finances/fees-rates/"] {
        browser.open(&tab, &server.url(path));
        assert_eq!(browser.evaluate(&tab, overlapping), json!([]), "/{path}");
    }
}

#[test]
fn the_drawing_and_the_list_say_the_same() {
    let Some((mut browser, tab, _server)) = start("map-list", "map/") else { return };
    let drawn = browser.evaluate(
        &tab,
        "(() => { const titles = new Map([...document.querySelectorAll('.map-drawing a')].map((box) => [box.dataset.node, box.href.baseVal])); \
         return [...document.querySelectorAll('.map-lines > g')].flatMap((group) => [...group.querySelectorAll('path')].map((line) => \
         group.className.baseVal + ' ' + line.dataset.ends.split(' ').map((end) => titles.get(end)).sort().join(' '))).sort() })()",
    );
    let listed = browser.evaluate(
        &tab,
        "[...new Set([...document.querySelectorAll('.map-list li p[class]')].flatMap((group) => [...group.querySelectorAll('a')].map((link) => \
         group.className + ' ' + [group.parentElement.querySelector('a').getAttribute('href'), link.getAttribute('href')].sort().join(' '))))].sort()",
    );
    let set = |value: &Value| -> BTreeSet<String> {
        value.as_array().expect("a list").iter().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let (drawn, listed) = (set(&drawn), set(&listed));
    assert!(drawn.len() > 100, "{} lines are drawn", drawn.len());
    let missing: Vec<&String> = drawn.difference(&listed).collect();
    assert!(missing.is_empty(), "drawn and not listed: {missing:?}");
    // Relations to the hubs are listed alone.
    let more: Vec<&String> = listed
        .difference(&drawn)
        .filter(|line| !line.contains("../is-music-") && !line.contains("../how-the-money"))
        .collect();
    assert!(more.is_empty(), "listed and not drawn: {more:?}");
}

#[test]
fn kinds_and_relations_can_be_left_out_without_scripts() {
    let Some((mut browser, tab, server)) = start("map-filter", "map/") else { return };
    browser.allow_scripts(&tab, false);
    browser.open(&tab, &server.url("map/"));
    let shown = |browser: &mut Chromium, selector: &str| {
        let count = format!(
            "[...document.querySelectorAll('{selector}')].filter((element) => element.getClientRects().length > 0).length"
        );
        browser.evaluate(&tab, &count).as_u64().expect("a number")
    };
    let before = (
        shown(&mut browser, ".map-drawing .k1"),
        shown(&mut browser, ".map-lines .r0 path"),
        shown(&mut browser, ".map-list .r0"),
    );
    assert!(before.0 > 0 && before.1 > 0 && before.2 > 0, "{before:?}");
    browser.evaluate(&tab, "document.getElementById('map-k1').click(), document.getElementById('map-r0').click(), 1");
    let after = (
        shown(&mut browser, ".map-drawing .k1"),
        shown(&mut browser, ".map-lines .r0 path"),
        shown(&mut browser, ".map-list .r0"),
    );
    assert_eq!(after, (0, 0, 0));
}

#[test]
fn the_map_is_zoomed_by_buttons_and_keys_and_lights_up_what_belongs_together() {
    let Some((mut browser, tab, _server)) = start("map-zoom", "map/") else { return };
    let width = |browser: &mut Chromium| {
        browser
            .evaluate(&tab, "document.querySelector('.map-drawing').getBoundingClientRect().width")
            .as_f64()
            .expect("a number")
    };
    let first = width(&mut browser);
    browser.evaluate(&tab, "document.querySelector('[aria-label=Larger]').click(), 1");
    let larger = width(&mut browser);
    assert!(larger > first * 1.2, "{first} {larger}");
    browser.evaluate(&tab, "document.querySelector('[aria-label=\"Show the whole map\"]').click(), 1");
    let fits = "document.querySelector('.map-pane').scrollWidth <= document.querySelector('.map-pane').clientWidth";
    assert_eq!(browser.evaluate(&tab, fits), json!(true));
    browser.evaluate(&tab, "document.querySelector('.map-pane').focus(), 1");
    let whole = width(&mut browser);
    let press = json!({ "type": "keyDown", "key": "+", "text": "+" });
    browser.call(Some(&tab), "Input.dispatchKeyEvent", press);
    assert!(width(&mut browser) > whole * 1.2);
    browser.evaluate(&tab, "document.querySelector('.map-drawing a[href*=\"roles/mixing-engineer\"]').focus(), 1");
    // It is done with the next frame.
    browser.wait_for(
        &tab,
        "document.activeElement.matches('.map-drawing a.lit') && document.querySelectorAll('.map-drawing a.lit').length > 3 \
         && document.querySelectorAll('path.lit').length > 2",
    );
}
