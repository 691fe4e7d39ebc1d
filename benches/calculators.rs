//! Measures calculators: reading, checking, evaluating and sampling each of the guide's, a build with a hundred of them,
//! and one edit of the income mix in a browser.
#![allow(clippy::print_stdout)] // A bench speaks to a terminal.

#[path = "../tests/it/chromium.rs"]
#[allow(dead_code, reason = "the browser tests use the rest")]
mod chromium;
#[path = "../tests/it/shared.rs"]
#[allow(dead_code, reason = "the browser tests use the rest")]
mod shared;
#[path = "../tests/it/shipped.rs"]
#[allow(dead_code, reason = "the tests of calculators use the rest")]
mod shipped;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;

use fingerpost::calc::check::{Days, check};
use fingerpost::calc::sample::{Draws, Sampled, wanted};
use fingerpost::calc::trial::try_out;
use fingerpost::calc::{Calculator, Memory};
use fingerpost::config::Overrides;
use fingerpost::diag::Severity;
use fingerpost::files::Files;
use fingerpost::memo::Memo;
use fingerpost::pipeline::{Nobody, Nowhere, build};
use fingerpost::read::calculator::PROFILE_FILE;
use serde_json::{Value, json};

use chromium::{Chromium, Tab};
use shipped::{Shipped, declaration};

/// The hardest of the guide's: ten inputs, six of which spread, a factor in common, three charts.
const INCOME_MIX: &str = include_str!("../content/calculators/income-mix.calc.yaml");
const PRICES: &str = include_str!("../content/facts/roles-mix-master-prices.yaml");

/// The numbers that its inputs share with other calculators.
const KEPT: &str = include_str!("../content/profile.yaml");

/// How many calculators the site has.
const CALCULATORS: usize = 100;

/// Runs of each measurement; the median is told.
const RUNS: usize = 15;

/// Edits of a page; the median is told.
const EDITS: usize = 60;

const HELP: &str = "\
Measures the guide's calculators, a site with a hundred, and an edit in a browser.

  cargo bench --bench calculators -- [options]

  --page FOLDER    only the browser, on a guide that was built into this folder";

fn main() {
    let words: Vec<String> = env::args().skip(1).filter(|word| word != "--bench").collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => {
            each();
            site();
        }
        ["--page", folder] => page(Path::new(folder)),
        _ => println!("{HELP}"),
    }
}

// One after another --------------------------------------------------------------------------------------------------

fn each() {
    let shipped = Shipped::of_the_guide();
    let libraries = shipped.libraries();
    let texts: BTreeMap<&str, &(_, String)> = shipped.files.iter().map(|file| (file.0.as_str(), file)).collect();
    println!("milliseconds in the middle of {RUNS} runs");
    println!(
        "{:<18} {:>8} {:>8} {:>8} {:>11} {:>8} {:>8} {:>8}",
        "", "read", "check", "try", "run x 2,000", "draw", "sample", "in all"
    );
    for declared in shipped.calculators() {
        let (path, text) = texts[declared.path.as_str()];
        let checked =
            || check(declared, &libraries, &shipped.facts, Days::default(), &mut Vec::new()).expect("it has no faults");
        let program = checked().program;
        let mut memory = Memory::of_defaults(&program);
        memory.run(&program);
        let draws = Draws::of(&program);
        let places = wanted(&program);
        let parts = [
            median(|| drop(black_box(declaration(path, text)))),
            median(|| drop(black_box(checked()))),
            median_after(checked, |mut checked| try_out(&mut checked, declared, &mut Vec::new())),
            median(|| (0..2000).for_each(|_| memory.run(black_box(&program)))),
            median(|| drop(black_box(Draws::of(&program)))),
            median(|| drop(black_box(Sampled::run(&program, &memory, &draws, &places)))),
            median_after(checked, |checked| drop(black_box(Calculator::of(checked.program)))),
        ];
        let parts: Vec<String> = parts.iter().map(|time| format!("{time:.3}")).collect();
        println!(
            "{:<18} {:>8} {:>8} {:>8} {:>11} {:>8} {:>8} {:>8}",
            program.id, parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], parts[6]
        );
    }
}

fn median(mut work: impl FnMut()) -> f64 {
    median_after(|| (), |()| work())
}

/// What comes before is not counted.
fn median_after<T>(mut before: impl FnMut() -> T, mut work: impl FnMut(T)) -> f64 {
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let given = before();
            let start = Instant::now();
            work(given);
            start.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    middle(&mut times)
}

fn middle(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

// A site -------------------------------------------------------------------------------------------------------------

fn site() {
    let (with, without) = (files(CALCULATORS), files(0));
    let [with, without] = [with, without].map(|files| median(|| run(&files)));
    println!("\na site of one page          {without:>8.1} ms");
    println!("with {CALCULATORS} calculators beside  {with:>8.1} ms, so {:.1} ms for them", with - without);
}

fn files(calculators: usize) -> Files {
    let mut files = Files::from_pairs([
        ("site.toml", &b"title = \"Bench\"\nbase_url = \"https://example.org/\"\n"[..]),
        ("content/index.md", &b"---\ntitle: Bench\n---\nText.\n"[..]),
        (PROFILE_FILE, KEPT.as_bytes()),
        // What its price is cited from.
        ("content/facts/roles-mix-master-prices.yaml", PRICES.as_bytes()),
    ]);
    for number in 0..calculators {
        let text = INCOME_MIX
            .replace("calculator: income-mix", &format!("calculator: mix-{number}"))
            .replace("relations:\n  part_of: hub-money-flows\n", "")
            .replace("What might a mixed month look like?", &format!("Mix number {number}"));
        files.insert(&format!("content/calculators/mix-{number}.calc.yaml"), text.into_bytes());
    }
    files
}

fn run(files: &Files) {
    let outcome = build(files, &Overrides::default(), Vec::new(), &mut Memo::forgetful(), &Nowhere, &Nobody);
    let error = outcome.diagnostics.iter().find(|fault| fault.severity == Severity::Error);
    assert!(error.is_none(), "{error:?}");
}

// A page -------------------------------------------------------------------------------------------------------------

/// From the frame that works an edit out to the end of its paint, as the main thread sees it.
const EDIT: &str = r"
globalThis.edit = (id, value) => new Promise((done) => {
  const box = document.getElementById(id);
  box.value = value;
  let start;
  requestAnimationFrame(() => { start = performance.now(); });
  box.dispatchEvent(new Event('input', { bubbles: true }));
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => done(performance.now() - start);
    channel.port2.postMessage(0);
  });
});
1";

fn page(folder: &Path) {
    let page: PathBuf = fs::canonicalize(folder.join("calculators/income-mix/index.html")).expect("the guide is built");
    let Some(mut browser) = Chromium::start("bench") else { return };
    let tab = browser.tab();
    browser.resize(&tab, 1280, 900);
    browser.call(Some(&tab), "Performance.enable", json!({}));
    for rate in [1, 4] {
        browser.call(Some(&tab), "Emulation.setCPUThrottlingRate", json!({ "rate": rate }));
        browser.open(&tab, &format!("file://{}", page.display()));
        browser.evaluate(&tab, EDIT);
        browser.evaluate(&tab, "document.getElementById('income-mix-lessons').focus()");
        browser.wait_for(&tab, "document.querySelector('.calc').dataset.ready === 'all'");
        println!("income mix in Chromium, processor slowed {rate} times, milliseconds from the frame to its paint");
        for (what, id, values) in [
            ("a fixed number", "income-mix-lessons", ["12", "14"]),
            ("a range", "income-mix-streams-typical", ["60000", "80000"]),
            ("a count", "income-mix-mixes", ["24", "30"]),
        ] {
            let before = metrics(&mut browser, &tab);
            let mut times: Vec<f64> = (0..EDITS)
                .map(|turn| {
                    let edit = format!("edit('{id}', '{}')", values[(turn + 1) % 2]);
                    browser.evaluate(&tab, &edit).as_f64().expect("an edit takes a time")
                })
                .collect();
            let after = metrics(&mut browser, &tab);
            let each = |name: &str| (after[name] - before[name]) * 1000.0 / EDITS as f64;
            println!(
                "  {what:<15} {:>6.1} in the middle; on average: script {:.1}, style {:.1}, layout {:.1}, all tasks {:.1}",
                middle(&mut times),
                each("ScriptDuration"),
                each("RecalcStyleDuration"),
                each("LayoutDuration"),
                each("TaskDuration")
            );
        }
    }
}

fn metrics(browser: &mut Chromium, tab: &Tab) -> BTreeMap<String, f64> {
    let answer = browser.call(Some(tab), "Performance.getMetrics", json!({}));
    let Value::Array(list) = &answer["metrics"] else { return BTreeMap::new() };
    list.iter()
        .map(|metric| {
            let name = metric["name"].as_str().unwrap_or_default().to_owned();
            (name, metric["value"].as_f64().unwrap_or_default())
        })
        .collect()
}
