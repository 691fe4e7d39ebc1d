//! What a page of the guide costs a reader who comes for the first time: bytes as hosts send them, and requests.

use crate::workshop::{Built, Site};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::collections::BTreeMap;
use std::io::Write as _;

const KIB: usize = 1024;

/// The most that pages of one template may cost, gzipped, without fonts (there are none).
struct Budget {
    /// Class of the body.
    template: &'static str,
    /// Everything together. A page that lists the whole guide grows with it, and has no such limit.
    total: Option<usize>,
    style: usize,
    script: usize,
    requests: usize,
}

/// Ten of style, ten of script, six requests and forty in all: less than any rival's default for the same article.
const USUAL: Budget = Budget { template: "", total: Some(40 * KIB), style: 10 * KIB, script: 10 * KIB, requests: 6 };

const BUDGETS: [Budget; 10] = [
    Budget { template: "template-article", ..USUAL },
    Budget { template: "template-home", ..USUAL },
    // One of them brings a script of its own: the list of pros and cons, which can be narrowed.
    Budget { template: "template-section", requests: 7, ..USUAL },
    Budget { template: "template-list", ..USUAL },
    // The search itself is on its page, with the style that its palette brings elsewhere.
    Budget { template: "template-search", style: 12 * KIB, requests: 7, ..USUAL },
    Budget { template: "template-missing", ..USUAL },
    Budget { template: "template-map", total: None, requests: 8, ..USUAL },
    Budget { template: "template-path", total: None, requests: 8, ..USUAL },
    Budget { template: "template-register", total: None, requests: 7, ..USUAL },
    // All calculators stand on it, printed.
    Budget { template: "template-print", total: None, style: 13 * KIB, requests: 9, ..USUAL },
];

/// A calculator brings its style, its engine and one file for each calculator on the page.
const CALCULATOR_STYLE: usize = 4 * KIB;
const CALCULATOR_SCRIPT: usize = 20 * KIB;

/// What one page loads by itself.
#[derive(Default)]
struct Cost {
    page: usize,
    style: usize,
    script: usize,
    other: usize,
    requests: usize,
    calculators: usize,
    /// The style of blocks of code, which few pages hold.
    code: usize,
    strangers: Vec<String>,
}

#[test]
#[expect(clippy::print_stdout, reason = "shown beside a failure: what each template weighs")]
fn no_page_outgrows_its_budget() {
    let built = Built::of_the_guide();
    let output = built.output();
    let mut sizes: BTreeMap<String, usize> = BTreeMap::new();
    let mut largest: BTreeMap<&str, (usize, String)> = BTreeMap::new();
    let mut faults = Vec::new();
    for (path, bytes) in &output {
        let Some(page) = path.ends_with(".html").then(|| String::from_utf8_lossy(bytes)) else { continue };
        let class = between(&page, "<body class=\"", "\"").unwrap_or_default();
        // What only sends the reader on, and what stands in a frame on another site.
        if class.is_empty() || class.contains("template-calculator-embed") {
            continue;
        }
        let name = class.split(' ').next().unwrap_or_default();
        let Some(budget) = BUDGETS.iter().find(|budget| budget.template == name) else {
            faults.push(format!("/{path} is of the template `{name}`, which has no budget"));
            continue;
        };
        let cost = cost_of(path, &page, &output, &mut sizes);
        let total = cost.page + cost.style + cost.script + cost.other;
        let some = usize::from(cost.calculators > 0);
        let limits = [
            (
                "in all",
                total,
                budget.total.map_or(usize::MAX, |most| most + some * (CALCULATOR_STYLE + CALCULATOR_SCRIPT)),
            ),
            ("style", cost.style, budget.style + some * CALCULATOR_STYLE),
            ("script", cost.script, budget.script + some * CALCULATOR_SCRIPT),
            ("requests", cost.requests, budget.requests + some * 2 + cost.calculators + cost.code),
        ];
        for (what, is, most) in limits {
            if is > most {
                faults.push(format!("/{path} ({name}) has {is} {what}, and may have {most}"));
            }
        }
        faults.extend(cost.strangers.iter().map(|url| format!("/{path} loads {url}")));
        let known = largest.entry(budget.template).or_default();
        if total > known.0 {
            let parts = format!(
                "{path}: {total} bytes = page {} + style {} + script {} + other {}, {} requests",
                cost.page, cost.style, cost.script, cost.other, cost.requests
            );
            *known = (total, parts);
        }
    }
    for (template, (_, parts)) in &largest {
        println!("{template}: {parts}");
    }
    assert!(largest.len() >= 7, "these templates were seen: {:?}", largest.keys());
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// What the search itself may weigh: its engine with the stemmer of the site's language, and with the interface.
const ENGINE: usize = 8_000;
const WITH_INTERFACE: usize = 16_000;

#[test]
fn the_search_stays_small() {
    let output = Site::with_default_theme().build().output();
    let weight = |start: &str| {
        let path = output.keys().find(|path| path.starts_with(&format!("assets/{start}.")) && path.ends_with(".js"));
        gzipped(&output[path.unwrap_or_else(|| panic!("{start} is published"))])
    };
    let site = output.iter().find(|(path, _)| path.starts_with("assets/site.") && path.ends_with(".js"));
    let site = String::from_utf8_lossy(site.expect("every page has a script").1).into_owned();
    let opener = site.lines().find(|line| line.contains(".search-link")).expect("the script of every page opens it");
    let engine = weight("search-engine") + weight("search-stem-en");
    let interface = engine + weight("search-palette") + gzipped(opener.as_bytes());
    assert!(engine <= ENGINE, "the engine has {engine} bytes, and may have {ENGINE}");
    assert!(interface <= WITH_INTERFACE, "with its interface {interface} bytes, and it may have {WITH_INTERFACE}");
}

/// Everything that a browser loads with a page, each thing once.
fn cost_of(path: &str, page: &str, output: &BTreeMap<String, Vec<u8>>, sizes: &mut BTreeMap<String, usize>) -> Cost {
    let mut cost = Cost { page: gzipped(page.as_bytes()), requests: 1, ..Cost::default() };
    // What stands in a template is loaded when a script takes it out: on use.
    let mut shown = String::new();
    let mut rest = page;
    while let Some((before, inside)) = rest.split_once("<template") {
        shown.push_str(before);
        rest = inside.split_once("</template>").map_or("", |(_, after)| after);
    }
    shown.push_str(rest);
    let loaded = shown.split('<').skip(1).filter_map(|element| {
        let element = element.split('>').next()?;
        let what = element.split_whitespace().next()?;
        let address = match what {
            "script" | "img" => between(element, "src=\"", "\"")?,
            "link" if ["rel=\"stylesheet\"", "rel=\"icon\""].iter().any(|rel| element.contains(rel)) => {
                between(element, "href=\"", "\"")?
            }
            _ => return None,
        };
        // A picture further down is loaded when the reader gets there.
        (!element.contains("loading=\"lazy\"")).then_some(address)
    });
    for address in loaded {
        if address.contains("://") {
            cost.strangers.push(address.to_owned());
            continue;
        }
        let file = file_of(path, address);
        let size = *sizes.entry(file.clone()).or_insert_with(|| {
            gzipped(output.get(&file).unwrap_or_else(|| panic!("/{path} loads {file}, which is not published")))
        });
        cost.requests += 1;
        cost.calculators += usize::from(file.starts_with("assets/calc-"));
        cost.code += usize::from(file.starts_with("assets/code."));
        match file.rsplit_once('.').map(|(_, ending)| ending) {
            Some("css") => cost.style += size,
            Some("js") => cost.script += size,
            _ => cost.other += size,
        }
    }
    cost
}

/// The file that an address on a page leads to.
fn file_of(path: &str, address: &str) -> String {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    if address.starts_with('/') {
        parts.clear();
    }
    for part in address.split('/').filter(|part| !part.is_empty() && *part != ".") {
        match part {
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    text.split_once(before)?.1.split_once(after).map(|(inside, _)| inside)
}

/// How many bytes a host sends that compresses as most do.
fn gzipped(bytes: &[u8]) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(bytes).expect("memory takes all");
    encoder.finish().expect("memory takes all").len()
}
