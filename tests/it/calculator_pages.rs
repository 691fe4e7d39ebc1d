//! Calculators in a real browser: typing, bad input, links, comparing, the goal, files, stored numbers, frames.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use fingerpost::calc::number;
use fingerpost::calc::random::Random;
use fingerpost::calc::unit::Units;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::chromium::{Chromium, Tab};
use crate::fetched;
use crate::workshop::{Server, Site};

const WIDE: (u32, u32) = (1280, 900);

/// Reads text, types as a person would, waits for what follows.
const HELPERS: &str = r#"
globalThis.text = (query) => document.querySelector(query)?.textContent.trim();
globalThis.wait = (ms) => new Promise((done) => setTimeout(done, ms));
globalThis.until = async (holds) => { for (let i = 0; i < 200 && !holds(); i++) await wait(50); return holds(); };
globalThis.type = async (id, value) => {
  const box = document.getElementById(id);
  const before = text("main");
  box.value = value;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  await wait(60);
  await until(() => text("main") !== before || document.querySelector("[aria-invalid]"));
  await equipped();
};
globalThis.equipped = () => until(() => document.querySelector(".calc").dataset.ready === "all");
globalThis.settled = async () => await until(() => document.querySelector(".calc")?.dataset.ready !== undefined) &&
  (!(location.hash.includes("?") || localStorage.getItem("fingerpost-numbers")) || equipped());
globalThis.press_go = () => document.querySelector(".calc-go").click();
globalThis.press = async (query) => { document.querySelector(query).click(); await equipped(); await wait(150); };
1
"#;

/// Most bytes of JavaScript that a page of a calculator loads by itself, all its scripts together, each as gzip sends it.
const PAGE_BYTES: usize = 8_000;

/// Most bytes of what makes a calculator: what its page loads for it by itself and with the first touch, its arithmetic,
/// and the JSON that stands in the page.
const CALCULATOR_BYTES: usize = 8_000;

fn gzipped(bytes: &[u8]) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("memory takes all");
    encoder.finish().expect("memory takes all").len()
}

fn addresses(html: &str) -> Vec<&str> {
    html.split("<script src=\"").skip(1).filter_map(|rest| Some(rest.split_once('"')?.0)).collect()
}

#[test]
fn the_scripts_of_a_calculator_s_page_stay_small() {
    let output = Site::from_project(Path::new(env!("CARGO_MANIFEST_DIR"))).build().output();
    let size = |address: &str| gzipped(&output[address.trim_start_matches("../")]);
    let pages = output.iter().filter(|(path, _)| path.starts_with("calculators/") && path.ends_with("/index.html"));
    let (mut seen, mut chances) = (0, 0);
    for (path, bytes) in pages {
        let html = String::from_utf8_lossy(bytes);
        let Some((_, tools)) = html.split_once("<template id=\"calc-tools\">") else { continue };
        let tools = addresses(tools.split("</template>").next().unwrap_or_default());
        // What lies in a template waits for the reader to do something.
        let at_load: String = html
            .split("<template")
            .enumerate()
            .map(|(place, part)| if place == 0 { part } else { part.split_once("</template>").map_or("", |cut| cut.1) })
            .collect();
        let loaded = addresses(&at_load);
        let sizes: Vec<(usize, &str)> = loaded.iter().map(|address| (size(address), *address)).collect();
        let sum: usize = sizes.iter().map(|(size, _)| size).sum();
        assert!(sum <= PAGE_BYTES, "{path} loads {sum} bytes of JavaScript: {sizes:?}");
        let (_, json) = html.split_once("class=\"calc-spec\">").expect("a calculator has a specification");
        let json = gzipped(json.split_once("</script>").expect("it ends").0.as_bytes());
        // In a frame a page also tells its height.
        let is_part = |address: &&&str| address.contains("assets/calc") && !address.contains("calc-frame");
        let of_calculator = loaded.iter().filter(is_part);
        let parts: Vec<(usize, &str)> = of_calculator.chain(&tools).map(|address| (size(address), *address)).collect();
        let whole = json + parts.iter().map(|(size, _)| size).sum::<usize>();
        let spreads = loaded.iter().any(|address| {
            let script = String::from_utf8_lossy(&output[address.trim_start_matches("../")]);
            // What draws numbers multiplies them as whole ones; nothing else does.
            script.contains("fingerpostCalculators") && script.contains("imul")
        });
        let told = format!("{path} needs {whole} bytes for its calculator: {parts:?} and {json} of JSON");
        assert!(whole <= CALCULATOR_BYTES, "{told}");
        chances += usize::from(spreads);
        seen += 1;
    }
    assert!(seen >= 32 && chances >= 6, "{seen} pages have a calculator, {chances} one in which something spreads");
}

fn start(name: &str) -> Option<(Chromium, Arc<Server>, Tab)> {
    let mut browser = Chromium::start(name)?;
    let server = Server::of_the_guide();
    let tab = browser.tab();
    browser.resize(&tab, WIDE.0, WIDE.1);
    Some((browser, server, tab))
}

fn open(browser: &mut Chromium, tab: &Tab, url: &str) {
    browser.open(tab, "about:blank");
    let record = browser.open(tab, url);
    assert!(record.complaints.is_empty(), "{url}: {:?}", record.complaints);
    browser.evaluate(tab, HELPERS);
    let ready = browser.evaluate(tab, "settled()");
    assert_eq!(ready, Value::Bool(true), "{url} never became ready");
}

fn text(browser: &mut Chromium, tab: &Tab, expression: &str) -> String {
    match browser.evaluate(tab, expression) {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// Every language whose numbers are known, and which Chromium knows too.
const LANGUAGES: [&str; 32] = [
    "en", "de", "fr", "en-IN", "es", "de-CH", "de-AT", "es-MX", "pt", "pt-BR", "pt-PT", "it", "nl", "da", "sv", "nb",
    "fi", "cs", "sk", "sl", "hr", "ro", "hu", "pl", "bg", "el", "tr", "uk", "ru", "id", "hi", "en-GB",
];

/// Where a language differs on purpose, and in what: Chromium writes the codes of some money in the place of its sign, groups
/// Austrian amounts in another way than Austrian numbers, and puts the Turkish sign of per cent in front.
const ELSEWISE: [(&str, &[&str]); 5] = [
    ("de-AT", &["USD", "GBP", "EUR", "JPY", "INR"]),
    ("de-CH", &["EUR"]),
    ("bg", &["INR"]),
    ("fi", &["INR"]),
    ("tr", &["percent"]),
];

/// Beside [`ELSEWISE`] we differ on purpose in these:
/// - a minus is the true sign and not a hyphen, and nothing is less than zero by nothing;
/// - Switzerland's groups are parted by the apostrophe of print;
/// - what a binary number holds a hair below a tie (1.005) is rounded as it was written, half away from zero.
#[test]
fn numbers_read_as_the_browser_itself_writes_them() {
    let Some(mut browser) = Chromium::start("calculator-languages") else { return };
    let tab = browser.tab();
    browser.open(&tab, "about:blank");
    let mut random = Random::new(3);
    let mut cases = Vec::new();
    for tag in LANGUAGES {
        let language = number::language(tag);
        for _ in 0..100 {
            let size = [1.0, 100.0, 1e4, 1e5, 1e7, 1e10][(random.unit() * 6.0) as usize];
            // Eighths are exact, so a third of them lie on a tie of two decimals.
            let value = (random.unit() * size * 8.0).floor() / 8.0;
            let decimals = (random.unit() * 4.0) as usize;
            let digits = json!({ "minimumFractionDigits": decimals, "maximumFractionDigits": decimals });
            cases.push(json!([tag, digits, value, number::digits(value, decimals, language)]));
            cases.push(json!([tag, digits, -value, number::digits(-value, decimals, language)]));
            let percent = json!({ "style": "percent" });
            cases.push(json!([tag, percent, value / 1e4, number::percent(value / 1e4, language)]));
            for currency in ["USD", "GBP", "EUR", "JPY", "INR"] {
                let units = Units { currency: Some(currency.to_owned()), counting: Vec::new() };
                let unit = units.parse(currency).expect("it is the currency");
                let text = number::amount_in(value, &unit, Some(0.01), language);
                let money = json!({ "style": "currency", "currency": currency, "currencyDisplay": "narrowSymbol",
                    "minimumFractionDigits": 2, "maximumFractionDigits": 2 });
                cases.push(json!([tag, money, value, text]));
            }
        }
    }
    let script = format!(
        "JSON.stringify({}.map(([tag, options, value, ours]) => [tag, options.currency ?? options.style ?? '', value, ours,
           new Intl.NumberFormat(tag, options).format(value).replace('-', '−').replaceAll(\"'\", '’').replace(/^−([^1-9]*)$/, '$1')])
           .filter(([tag, what, , ours, theirs]) => ours !== theirs && !{}.some(([own, list]) => own === tag && list.includes(what))))",
        Value::Array(cases),
        json!(ELSEWISE)
    );
    let found: Vec<Value> =
        serde_json::from_str(&text(&mut browser, &tab, &script)).expect("the browser answers in JSON");
    let shown: Vec<String> = found.iter().take(40).map(ToString::to_string).collect();
    assert!(found.is_empty(), "{} texts are not the browser's, among them\n{}", found.len(), shown.join("\n"));
}

const HEADLINE: &str = "text('.calc-headline output')";

#[test]
fn answers_follow_what_is_typed_and_a_mistake_says_what_to_do() {
    let Some((mut browser, server, tab)) = start("calculator-typing") else { return };
    open(&mut browser, &tab, &server.url("calculators/streams-to-wage/"));
    assert_eq!(text(&mut browser, &tab, HEADLINE), "14,950,147 streams a year");
    // Forgiving entry: signs, separators, thousands.
    for (written, answer) in [("£3.00", "16,993,333 streams a year"), ("3", "16,993,333 streams a year")] {
        browser.evaluate(&tab, &format!("type('streams-to-wage-rate', '{written}')"));
        assert_eq!(text(&mut browser, &tab, HEADLINE), answer, "{written}");
    }
    browser.evaluate(&tab, "type('streams-to-wage-target', '10k')");
    assert_eq!(text(&mut browser, &tab, HEADLINE), "3,333,333 streams a year");
    // A mistake is said beside its field; the last good answer stays and is marked.
    browser.evaluate(&tab, "type('streams-to-wage-share', '0')");
    assert_eq!(text(&mut browser, &tab, "text('#streams-to-wage-share-e')"), "Your share must be 0.1% or more");
    assert_eq!(text(&mut browser, &tab, HEADLINE), "3,333,333 streams a year");
    assert_eq!(text(&mut browser, &tab, "document.querySelector('.calc').classList.contains('calc-old')"), "true");
    browser.evaluate(&tab, "type('streams-to-wage-share', 'half')");
    let said = text(&mut browser, &tab, "text('#streams-to-wage-share-e')");
    assert_eq!(said, "Your share must be a number, like 100");
    browser.evaluate(&tab, "press('.calc-go')");
    assert_eq!(text(&mut browser, &tab, "text('.calc-status')"), said);
    assert_eq!(text(&mut browser, &tab, "document.activeElement.id"), "streams-to-wage-share");
    // Once it is mended one sentence is said.
    browser.evaluate(&tab, "type('streams-to-wage-share', '100')");
    browser.evaluate(&tab, "until(() => text('.calc-status').startsWith('Streams a year'))");
    assert_eq!(text(&mut browser, &tab, "text('.calc-status')"), "Streams a year: 3,333,333 streams a year.");
    browser.evaluate(&tab, "press('[data-do=\"reset\"]')");
    assert_eq!(text(&mut browser, &tab, HEADLINE), "14,950,147 streams a year");
}

#[test]
fn the_page_says_the_same_before_and_after_its_script_works() {
    let Some((mut browser, server, tab)) = start("calculator-same") else { return };
    let listed = {
        open(&mut browser, &tab, &server.url("calculators/income-mix/"));
        text(&mut browser, &tab, "JSON.stringify([...document.querySelectorAll('.guide-pages a')].map((a) => a.href))")
    };
    let pages: Vec<String> = serde_json::from_str(&listed).expect("a list");
    assert!(pages.len() >= 16, "{pages:?}");
    for page in pages {
        open(&mut browser, &tab, &page);
        let read = "[...document.querySelectorAll('.calc-answer, .calc-out, .calc-part-of-page')].map((part) => \
                    part.textContent).join('\\n') + [...document.querySelectorAll('.calc path')].map((path) => \
                    path.getAttribute('d')).join('\\n')";
        let before = text(&mut browser, &tab, read);
        browser.evaluate(&tab, "press('.calc-go')");
        browser.evaluate(&tab, "wait(400)");
        browser.evaluate(&tab, "document.querySelector('.calc-status').textContent = ''");
        let after = text(&mut browser, &tab, read);
        let words = |text: &str| text.split_whitespace().collect::<String>();
        let (before, after) = (words(&before), words(&after));
        let at = before.bytes().zip(after.bytes()).take_while(|(one, other)| one == other).count();
        let near = |text: &str| {
            String::from_utf8_lossy(&text.as_bytes()[at.saturating_sub(60)..text.len().min(at + 60)]).into_owned()
        };
        assert!(before == after, "{page} changes when its script works it out:\n{}\n{}", near(&before), near(&after));
    }
}

#[test]
fn a_link_carries_the_numbers_and_the_comparison_in_its_fragment() {
    let Some((mut browser, server, tab)) = start("calculator-links") else { return };
    let page = server.url("calculators/points/");
    open(&mut browser, &tab, &format!("{page}#calc-points?mode=net&units=240000&gone=1"));
    assert_eq!(text(&mut browser, &tab, HEADLINE), "$14,000.00");
    assert!(text(&mut browser, &tab, "text('.calc-notice')").ends_with("gone."));
    browser.evaluate(&tab, "press('[data-do=\"compare\"]')");
    browser.evaluate(&tab, "type('points-units', '500000')");
    assert_eq!(text(&mut browser, &tab, HEADLINE), "$40,000.00");
    assert_eq!(text(&mut browser, &tab, "text('.calc-headline .calc-a')"), "A: $14,000.00");
    // The clipboard is refused here: the link is shown instead.
    browser.evaluate(&tab, "navigator.clipboard.writeText = () => Promise.reject(); 1");
    browser.evaluate(&tab, "press('[data-do=\"link\"]')");
    let link = text(&mut browser, &tab, "text('.calc-notice')");
    assert!(link.starts_with(&format!("{page}#calc-points?")), "{link}");
    assert!(!link.split('#').next().unwrap_or_default().contains('?'), "numbers would reach a server: {link}");
    open(&mut browser, &tab, &link);
    assert_eq!(text(&mut browser, &tab, HEADLINE), "$40,000.00");
    assert_eq!(text(&mut browser, &tab, "text('.calc-headline .calc-a')"), "A: $14,000.00");
}

#[test]
fn the_goal_rows_and_file_of_a_calculator_work() {
    let Some((mut browser, server, tab)) = start("calculator-goal") else { return };
    open(&mut browser, &tab, &server.url("calculators/points/"));
    assert_eq!(text(&mut browser, &tab, "text('[data-goal]')"), "100,000 copies");
    browser.evaluate(&tab, "type('points-advance', '20000')");
    assert_eq!(text(&mut browser, &tab, "text('[data-goal]')"), "200,000 copies");
    browser.evaluate(&tab, "press('[data-do=\"use\"]')");
    assert_eq!(text(&mut browser, &tab, "document.getElementById('points-units').value"), "200,000");

    open(&mut browser, &tab, &server.url("calculators/beat-ladder/"));
    let rows = "document.querySelector('.calc-table[data-axis]').tBodies[0].rows.length";
    assert_eq!(text(&mut browser, &tab, rows), "3");
    browser.evaluate(&tab, "press('[data-do=\"add\"]')");
    browser.evaluate(&tab, "type('beat-ladder-tiers-4-price', '200')");
    browser.evaluate(&tab, "type('beat-ladder-tiers-4-sales', '1')");
    assert_eq!(text(&mut browser, &tab, rows), "4");
    assert_eq!(text(&mut browser, &tab, "document.activeElement.id"), "beat-ladder-tiers-4-name");
    browser.evaluate(&tab, "press('li:nth-child(4) [data-do=\"remove\"]')");
    assert_eq!(text(&mut browser, &tab, rows), "3");

    // The file, caught on its way to the disk.
    browser.evaluate(
        &tab,
        "URL.createObjectURL = (blob) => { globalThis.file = blob; return 'data:text/csv,'; }; \
         HTMLAnchorElement.prototype.click = function () { globalThis.fileName = this.download; }; 1",
    );
    browser.evaluate(&tab, "press('[data-do=\"csv\"]')");
    assert_eq!(text(&mut browser, &tab, "fileName"), "beat-ladder.csv");
    let csv = text(&mut browser, &tab, "file.text()");
    assert!(csv.contains("Least price of an exclusive,") && csv.contains("\r\n"), "{csv}");
}

#[test]
fn next_steps_come_and_go_with_the_answer() {
    let Some((mut browser, server, tab)) = start("calculator-next") else { return };
    let shown = "JSON.stringify([...document.querySelectorAll('.calc-next')].map((step) => step.checkVisibility()))";
    open(&mut browser, &tab, &server.url("calculators/points/"));
    assert_eq!(text(&mut browser, &tab, shown), "[false]");
    browser.evaluate(&tab, "type('points-units', '90000')");
    assert_eq!(text(&mut browser, &tab, HEADLINE), "$0.00");
    assert_eq!(text(&mut browser, &tab, shown), "[true]");
    let leads = text(&mut browser, &tab, "document.querySelector('.calc-next a').href");
    assert_eq!(leads, server.url("comparisons/buyout-points/"));
    // By chance: where it holds in more than half of the cases.
    open(&mut browser, &tab, &server.url("calculators/runway/"));
    assert_eq!(text(&mut browser, &tab, shown), "[true,true]");
    browser.evaluate(&tab, "type('runway-savings', '25k')");
    assert_eq!(text(&mut browser, &tab, shown), "[false,true]");
    browser.evaluate(&tab, "type('runway-savings', '2m')");
    assert_eq!(text(&mut browser, &tab, shown), "[false,false]");
}

/// One input of each sort.
const SORTS: &str = "\
calculator: sorts
title: Every sort of input
currency: USD
units: [gig]
inputs:
  fee: {label: Fee, unit: USD/gig, default: 100, min: 0, max: 5000, was: price, warn: {above: 1000, say: Few are paid that much}}
  gigs: {label: Gigs, unit: gig, default: 2, min: 0, max: 200, whole: true, advanced: true}
  deal: {label: Deal, type: choice, options: {own: My own, shared: Shared}}
  insured: {label: Insured, type: yes_no}
  rain: {label: Rain, type: yes_no, chance: 10%}
  note: {label: Note, type: text, default: for May}
calc:
  part: {formula: if deal is own then 1 else 0.5, label: Part}
results:
  all: {value: fee * gigs * part - (if insured then 10 USD else 0 USD), label: In all, headline: true}
  played: {value: not rain, label: Chance to play}
checks:
  - {must: fee * gigs >= 50 USD, say: \"The fee is {fee}: nobody can live on it.\"}
";

#[test]
fn every_sort_of_input_is_read_warned_of_checked_and_linked() {
    let Some(mut browser) = Chromium::start("calculator-sorts") else { return };
    let folder = crate::workshop::fresh_folder("calculator-sorts");
    Site::with_default_theme().with("content/calculators/sorts.calc.yaml", SORTS).write(&folder);
    let server = Server::start(&folder, 0);
    let tab = browser.tab();
    browser.resize(&tab, WIDE.0, WIDE.1);
    // A link from before the input had its name of today; the other names are those of today.
    let link = "calculators/sorts/#calc-sorts?price=300&gigs=3&deal=shared&insured=1&rain=40&note=at+sea";
    open(&mut browser, &tab, &server.url(link));
    assert_eq!(text(&mut browser, &tab, HEADLINE), "$440");
    assert_eq!(text(&mut browser, &tab, "text('.calc-results output')"), "60%");
    let filled = "['fee', 'gigs', 'rain', 'note'].map((name) => document.getElementById(`sorts-${name}`).value).join() + \
                  document.getElementById('sorts-deal').selectedIndex + document.getElementById('sorts-insured').checked";
    assert_eq!(text(&mut browser, &tab, filled), "300,3,40,at sea1true");
    assert_eq!(text(&mut browser, &tab, "text('.calc-notice')"), "");
    // Unusual is said and taken; wrong is said and not taken.
    browser.evaluate(&tab, "type('sorts-fee', '2000')");
    assert_eq!(text(&mut browser, &tab, "text('#sorts-fee-e')"), "Few are paid that much");
    assert_eq!(text(&mut browser, &tab, HEADLINE), "$2,990");
    browser.evaluate(&tab, "type('sorts-gigs', '2.5')");
    assert_eq!(text(&mut browser, &tab, "text('#sorts-gigs-e')"), "Gigs must be a whole number");
    assert_eq!(text(&mut browser, &tab, HEADLINE), "$2,990");
    browser.evaluate(&tab, "type('sorts-gigs', '3')");
    browser.evaluate(&tab, "type('sorts-rain', '101')");
    assert_eq!(text(&mut browser, &tab, "text('#sorts-rain-e')"), "Rain must be 100% or less");
    browser.evaluate(&tab, "type('sorts-rain', '0')");
    assert_eq!(text(&mut browser, &tab, "text('.calc-results output')"), "100%");
    // What the inputs must be together.
    browser.evaluate(&tab, "type('sorts-fee', '5')");
    assert_eq!(text(&mut browser, &tab, "text('.calc-checks')"), "The fee is $5 a gig: nobody can live on it.");
}

#[test]
fn numbers_are_kept_only_when_asked_for_and_forgotten_when_told() {
    let Some((mut browser, server, tab)) = start("calculator-numbers") else { return };
    let stored = "String(localStorage.getItem('fingerpost-numbers'))";
    open(&mut browser, &tab, &server.url("calculators/runway/"));
    browser.evaluate(&tab, "type('runway-savings', '5000')");
    assert_eq!(text(&mut browser, &tab, stored), "null", "nothing is kept without a tick");
    browser.evaluate(&tab, "press('[data-do=\"keep\"]')");
    assert!(text(&mut browser, &tab, stored).contains("5000"));
    // Another calculator asks for the same number.
    open(&mut browser, &tab, &server.url("calculators/cashflow/"));
    assert_eq!(text(&mut browser, &tab, "document.getElementById('cashflow-savings').value"), "5,000");
    browser.evaluate(&tab, "press('[data-do=\"forget\"]')");
    assert_eq!(text(&mut browser, &tab, stored), "null");
    open(&mut browser, &tab, &server.url("calculators/cashflow/"));
    assert_eq!(text(&mut browser, &tab, "document.getElementById('cashflow-savings').value"), "6,000");
}

#[test]
fn another_site_shows_a_calculator_in_a_frame_that_keeps_nothing() {
    let Some(mut browser) = Chromium::start("calculator-frame") else { return };
    let tab = browser.tab();
    let folder = crate::workshop::fresh_folder("calculator-frame");
    let built = Command::new(env!("CARGO_BIN_EXE_fingerpost"))
        .args(["build", "--force", "--output-dir"])
        .arg(&folder)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the command can be run");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let ours = publish(folder);
    // A page of another origin: another port is enough.
    let host = crate::workshop::fresh_folder("calculator-frame-host");
    let page = format!(
        "<!doctype html><script>addEventListener('message', (event) => {{ document.title = event.data.fingerpost + \
         (event.data.height > 200); }})</script><iframe width=600 height=900 src='{ours}calculators/runway/embed/index.html'></iframe>"
    );
    fs::write(host.join("host.html"), page).expect("the host's page can be written");
    browser.open(&tab, &format!("{}host.html", publish(host)));
    browser.evaluate(&tab, HELPERS);
    let told = browser.evaluate(&tab, "until(() => document.title === 'heighttrue')");
    assert_eq!(told, Value::Bool(true), "the frame did not tell its height");
    // Inside: it answers, offers to keep nothing, keeps nothing, and its link leads to the calculator's own page.
    browser.evaluate_in_frame(&tab, HELPERS);
    let wanted = "document.querySelector('.calc-headline output').textContent";
    let before = browser.evaluate_in_frame(&tab, wanted);
    browser.evaluate_in_frame(&tab, "type('runway-savings', '40000')");
    let after = browser.evaluate_in_frame(&tab, wanted);
    assert!(before != after && after.is_string(), "{before} stays {after}");
    let kept = "document.querySelector('.calc-keep').checkVisibility() + ' ' + localStorage.length";
    assert_eq!(browser.evaluate_in_frame(&tab, kept), "false 0");
    let link = browser.evaluate_in_frame(&tab, "document.querySelector('.calc-title a').href");
    assert_eq!(link, format!("{ours}calculators/runway/"));
    // The clipboard is not a frame's without its host's leave: the link is shown, and is that of the page, not of the frame.
    browser.evaluate_in_frame(&tab, "press('[data-do=\"link\"]')");
    browser.evaluate_in_frame(
        &tab,
        "until(() => text('.calc-notice').includes('#') || text('[data-do=\"link\"]') === 'Link copied')",
    );
    let notice = browser.evaluate_in_frame(&tab, "text('.calc-notice')");
    let notice = notice.as_str().unwrap_or_default();
    assert!(notice.starts_with(&format!("{ours}calculators/runway/#calc-runway?savings=40000")), "`{notice}`");
}

#[test]
fn from_a_folder_a_calculator_answers_and_draws() {
    let Some(mut browser) = Chromium::start("calculator-folder") else { return };
    let folder = crate::workshop::fresh_folder("calculator-folder");
    for (path, bytes) in Site::with_default_theme().with("content/calculators/sorts.calc.yaml", SORTS).build().output()
    {
        let file = folder.join(path);
        fs::create_dir_all(file.parent().expect("a file has a folder")).expect("a folder can be made");
        fs::write(file, bytes).expect("a file can be written");
    }
    let tab = browser.tab();
    browser.resize(&tab, WIDE.0, WIDE.1);
    // Browsers fetch no manifest from a folder, and complain.
    browser.open(&tab, &format!("file://{}/calculators/sorts/index.html", folder.display()));
    browser.evaluate(&tab, HELPERS);
    assert_eq!(browser.evaluate(&tab, "settled()"), Value::Bool(true));
    browser.evaluate(&tab, "type('sorts-gigs', '5')");
    assert_eq!(text(&mut browser, &tab, HEADLINE), "$500");
    browser.evaluate(&tab, "press('[data-do=\"compare\"]')");
    browser.evaluate(&tab, "type('sorts-rain', '40')");
    assert_eq!(text(&mut browser, &tab, "text('.calc-results output')"), "60%");
    assert_eq!(text(&mut browser, &tab, "text('.calc-results .calc-a')"), "A: 90%");
}

#[test]
fn a_copied_link_is_on_the_clipboard_and_said_to_be() {
    let Some((mut browser, server, tab)) = start("calculator-clipboard") else { return };
    let page = server.url("calculators/points/");
    browser.allow_clipboard();
    open(&mut browser, &tab, &page);
    browser.evaluate(&tab, "type('points-units', '90000')");
    browser.evaluate(&tab, "press('[data-do=\"link\"]')");
    assert_eq!(text(&mut browser, &tab, "text('[data-do=\"link\"]')"), "Link copied");
    assert_eq!(text(&mut browser, &tab, "text('.calc-status')"), "Link copied");
    let copied = text(&mut browser, &tab, "navigator.clipboard.readText()");
    assert_eq!(copied, format!("{page}#calc-points?units=90000"));
}

#[test]
fn without_its_tools_a_page_keeps_its_answer_and_says_what_is_missing() {
    let Some((mut browser, server, tab)) = start("calculator-blocked") else { return };
    browser.block(&tab, &["*calc-tools*"]);
    browser.open(&tab, &server.url("calculators/streams-to-wage/"));
    browser.evaluate(&tab, HELPERS);
    browser.evaluate(&tab, "document.getElementById('streams-to-wage-target').value = '10k'; press_go()");
    browser.wait_for(&tab, "text('.calc-notice').includes('could not be loaded')");
    assert_eq!(text(&mut browser, &tab, HEADLINE), "14,950,147 streams a year");
    // An answer to other numbers does not pass for one to these.
    let behind = "Number(getComputedStyle(document.querySelector('.calc-out')).opacity) < 1";
    assert_eq!(text(&mut browser, &tab, behind), "true");
    // The next touch tries again.
    browser.block(&tab, &[]);
    browser.evaluate(&tab, "press('[data-do=\"compare\"]')");
    assert_eq!(text(&mut browser, &tab, behind), "false");
    assert_eq!(text(&mut browser, &tab, HEADLINE), "2,932,551 streams a year");
    assert_eq!(text(&mut browser, &tab, "text('.calc-notice')"), "");
    assert_eq!(text(&mut browser, &tab, "text('[data-do=\"compare\"]')"), "Stop comparing");
}

#[test]
fn on_paper_the_numbers_take_the_place_of_the_form_and_everything_is_unfolded() {
    let Some((mut browser, server, tab)) = start("calculator-print") else { return };
    open(&mut browser, &tab, &server.url("calculators/runway/"));
    browser.evaluate(&tab, "window.print = () => { globalThis.printed = true; }; press('[data-do=\"print\"]')");
    let unfolded = "printed && [...document.querySelectorAll('main details')].every((details) => details.open)";
    assert_eq!(text(&mut browser, &tab, unfolded), "true");
    browser.emulate_media(&tab, "print", &[]);
    let shown = "['.calc-form', '.calc-assumed', '.calc-lines', '.calc-chart', '.calc-buttons'].map((part) => \
                 document.querySelector(part).checkVisibility()).join()";
    assert_eq!(text(&mut browser, &tab, shown), "false,true,true,true,false");
}

/// A folder as any host would show it; the address it listens on.
fn publish(folder: PathBuf) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let address = format!("http://{}/", listener.local_addr().expect("it listens"));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(stream) = stream else { continue };
            let folder = folder.clone();
            // A browser opens connections ahead of need and says nothing on them.
            std::thread::spawn(move || answer(stream, &folder));
        }
    });
    address
}

fn answer(mut stream: TcpStream, folder: &Path) {
    let mut request = [0; 4096];
    let length = stream.read(&mut request).unwrap_or(0);
    let line = String::from_utf8_lossy(&request[..length]).into_owned();
    let path = line.split(' ').nth(1).unwrap_or("/").trim_start_matches('/').to_owned();
    let kind = match path.rsplit('.').next() {
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        _ => "text/html; charset=utf-8",
    };
    let (status, body) = match fs::read(folder.join(&path)) {
        Ok(body) => ("200 OK", body),
        Err(_) => ("404 Not Found", Vec::new()),
    };
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
    // A browser that has gone needs no answer.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
}

#[test]
fn without_scripts_the_answer_stands_and_no_form_misleads() {
    let Some((mut browser, server, tab)) = start("calculator-plain") else { return };
    // What is below the screen counts as rendered only once it comes near.
    browser.resize(&tab, WIDE.0, 12_000);
    browser.allow_scripts(&tab, false);
    browser.open(&tab, &server.url("calculators/income-mix/"));
    let shown = "getComputedStyle(document.querySelector('.calc-form')).display + ' ' + \
                 getComputedStyle(document.querySelector('.calc-assumed')).display";
    assert_eq!(text(&mut browser, &tab, shown), "none grid");
    let words = text(&mut browser, &tab, "document.querySelector('main').innerText");
    for wanted in ["A month before tax", "in eight of ten cases", "How this was worked out", "Worked examples"] {
        assert!(words.contains(wanted), "`{wanted}` is not on the page");
    }
}

/// Everything that has moved on a page since it began, with how far and what it was.
const SHIFTS: &str = "new Promise((done) => new PerformanceObserver((list) => done(list.getEntries().map((entry) => \
    entry.value + ' at ' + Math.round(entry.startTime) + ' ms: ' + entry.sources.map(({ node, previousRect, currentRect }) => \
    (node?.outerHTML ?? node?.textContent ?? 'gone').slice(0, 120) + JSON.stringify([previousRect, currentRect])).join('; ')).join('\\n'))) \
    .observe({ type: 'layout-shift', buffered: true }) || setTimeout(() => done(''), 300))";

#[test]
fn nothing_moves_when_the_script_starts_and_every_size_and_colour_holds() {
    let Some((mut browser, server, tab)) = start("calculator-shape") else { return };
    let axe = fetched::text("axe-core/axe.min.js");
    for page in
        ["calculators/income-mix/", "calculators/cashflow/", "calculators/publishing/", "calculators/runway/embed/"]
    {
        for (width, scheme, forced) in [(1280, "light", "none"), (320, "dark", "none"), (360, "light", "active")] {
            browser.resize(&tab, width, 800);
            let features =
                [("prefers-color-scheme", scheme), ("forced-colors", forced), ("prefers-reduced-motion", "reduce")];
            browser.emulate_media(&tab, "screen", &features);
            open(&mut browser, &tab, &server.url(page));
            let shift = text(&mut browser, &tab, SHIFTS);
            assert_eq!(shift, "", "/{page} moves at {width}");
            // Nor when the tools come with the first touch.
            browser.evaluate(&tab, "document.querySelector('.calc-form :is(input, select)').focus(); equipped()");
            assert_eq!(text(&mut browser, &tab, SHIFTS), "", "/{page} moves at {width} when it is touched");
            let over = text(&mut browser, &tab, "document.documentElement.scrollWidth - innerWidth");
            assert_eq!(over, "0", "/{page} is wider than {width} pixels");
            if forced == "active" {
                // The system's colours are nobody's to measure; that charts are drawn in them is.
                let paths = "[...document.querySelectorAll('.calc path')].every((path) => { const style = \
                             getComputedStyle(path); return style.fill !== 'none' || style.stroke !== 'none'; })";
                assert_eq!(text(&mut browser, &tab, paths), "true", "/{page}");
                continue;
            }
            browser.evaluate(&tab, "for (const details of document.querySelectorAll('details')) details.open = true");
            browser.evaluate(&tab, &format!("{axe}; 1"));
            let violations = text(
                &mut browser,
                &tab,
                "axe.run(document, { resultTypes: ['violations'] }).then((found) => JSON.stringify(found.violations.map((rule) => \
                 rule.id + ' ' + rule.nodes.slice(0, 3).map((node) => node.html.slice(0, 140)).join(' | '))))",
            );
            assert_eq!(violations, "[]", "/{page} at {width}, {scheme}, forced colours {forced}");
        }
    }
}

#[test]
fn the_whole_flow_works_by_keyboard() {
    let Some((mut browser, server, tab)) = start("calculator-keyboard") else { return };
    open(&mut browser, &tab, &server.url("calculators/points/"));
    browser.evaluate(&tab, "document.getElementById('points-units').focus()");
    let mut seen = Vec::new();
    for _ in 0..22 {
        seen.push(text(
            &mut browser,
            &tab,
            "document.activeElement.id || document.activeElement.dataset.do || document.activeElement.className || \
             document.activeElement.tagName",
        ));
        let covered = text(
            &mut browser,
            &tab,
            "{ const box = document.activeElement.getBoundingClientRect(); const at = document.elementFromPoint(box.x + \
             box.width / 2, box.y + box.height / 2); String(!at || at === document.activeElement || \
             document.activeElement.contains(at) || at.contains(document.activeElement)) }",
        );
        assert_eq!(covered, "true", "{seen:?} is covered by something else");
        browser.press(&tab, "Tab");
    }
    // Typing, the answer, a choice, a comparison and the end of it, without a mouse.
    browser.evaluate(&tab, "document.getElementById('points-units').select()");
    browser.evaluate(&tab, "document.getElementById('points-units').focus()");
    browser.type_text(&tab, "240000");
    browser.press(&tab, "Enter");
    browser.wait_for(&tab, "document.querySelector('.calc').dataset.ready === 'all'");
    let first = text(&mut browser, &tab, HEADLINE);
    assert_eq!(text(&mut browser, &tab, "document.getElementById('points-units').value"), "240000");
    browser.wait_for(&tab, "text('.calc-status').startsWith('Paid to you beyond the advance: ')");
    for (button, label) in [("compare", "Stop comparing"), ("compare", "Compare")] {
        browser.evaluate(&tab, &format!("document.querySelector('[data-do=\"{button}\"]').focus()"));
        browser.press(&tab, if label == "Compare" { "Space" } else { "Enter" });
        browser.wait_for(&tab, &format!("text('[data-do=\"{button}\"]') === '{label}'"));
    }
    browser.evaluate(&tab, "document.querySelector('[data-do=\"reset\"]').focus()");
    browser.press(&tab, "Enter");
    browser.wait_for(&tab, &format!("{HEADLINE} !== '{first}'"));
    for wanted in ["points-mode", "points-rate", "points-costs", "calc-go", "reset", "link", "csv", "compare", "print"]
    {
        assert!(seen.iter().any(|name| name == wanted), "{wanted} is not reached: {seen:?}");
    }
}
