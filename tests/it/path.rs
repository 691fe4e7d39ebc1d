//! Your path: ticks stay on the device, say what is missing and in which order, and are saved, loaded and deleted at once.

use crate::chromium::{Chromium, Tab};
use crate::workshop::Server;
use serde_json::json;
use std::sync::Arc;

fn start(name: &str) -> Option<(Chromium, Tab, Arc<Server>)> {
    let mut browser = Chromium::start(name)?;
    let server = Server::of_the_guide();
    let tab = browser.tab();
    browser.resize(&tab, 1280, 900);
    browser.emulate_media(&tab, "screen", &[("prefers-reduced-motion", "reduce")]);
    browser.open(&tab, &server.url("path/"));
    Some((browser, tab, server))
}

#[test]
fn what_is_ticked_is_counted_everywhere_and_what_is_missing_stands_in_order() {
    let Some((mut browser, tab, server)) = start("path-ticks") else { return };
    let order = browser.evaluate(
        &tab,
        "[...document.querySelectorAll('[data-goal=role-mixing-engineer] [data-step]')].map((step) => step.dataset.step)",
    );
    let order: Vec<&str> = order.as_array().expect("a list").iter().filter_map(|step| step.as_str()).collect();
    assert!(order.len() > 2, "{order:?}");
    let first = order[0];
    browser.evaluate(&tab, &format!("document.querySelector('.path-steps [data-step={first}] input').click(), 1"));
    let text = format!("1 of {}", order.len());
    let shown =
        browser.evaluate(&tab, "document.querySelector('[data-goal=role-mixing-engineer] .path-far span').textContent");
    assert_eq!(shown, json!(text));
    let next = browser.evaluate(&tab, "document.querySelector('[data-goal=role-mixing-engineer] .next').dataset.step");
    assert_eq!(next, json!(order[1]));
    browser.open(&tab, &server.url("roles/mixing-engineer/"));
    let here = browser.evaluate(&tab, "document.querySelector('.path-here').textContent");
    assert!(here.as_str().is_some_and(|here| here.contains(&format!("You can do 1 of {}", order.len()))), "{here}");
    browser.open(&tab, &server.url("path/"));
    let kept =
        browser.evaluate(&tab, &format!("document.querySelector('.path-steps [data-step={first}] input').checked"));
    assert_eq!(kept, json!(true));
}

#[test]
fn a_skill_is_ticked_on_its_own_page() {
    let Some((mut browser, tab, server)) = start("path-skill") else { return };
    browser.open(&tab, &server.url("skills/mixing/"));
    browser.evaluate(&tab, "document.querySelector('.path-here input').click(), 1");
    browser.open(&tab, &server.url("path/"));
    let ticked = "[...document.querySelectorAll('.path-steps input:checked')].map((box) => box.closest('[data-step]').dataset.step)";
    assert_eq!(browser.evaluate(&tab, ticked), json!(["skill-mixing"]));
}

#[test]
fn a_shortlist_stands_side_by_side() {
    let Some((mut browser, tab, _server)) = start("path-shortlist") else { return };
    for goal in ["role-mixing-engineer", "path-studio"] {
        browser.evaluate(&tab, &format!("document.querySelector('[data-goal={goal}] .path-pick').click(), 1"));
    }
    let heads = browser
        .evaluate(&tab, "[...document.querySelectorAll('.path-compared thead th')].map((head) => head.textContent)");
    assert_eq!(heads.as_array().map(Vec::len), Some(2), "{heads}");
    let rows = browser
        .evaluate(&tab, "[...document.querySelectorAll('.path-compared tbody th')].map((head) => head.textContent)");
    let rows = rows.to_string();
    for row in ["Still to learn", "Pay", "Months until it pays"] {
        assert!(rows.contains(row), "{row} is not in {rows}");
    }
}

#[test]
fn everything_is_loaded_from_a_file_and_deleted_in_one_click() {
    let Some((mut browser, tab, _server)) = start("path-file") else { return };
    let load = |text: &str| {
        format!(
            "(async () => {{ const input = document.querySelector('.path-tools input'); const files = new DataTransfer(); \
             files.items.add(new File([{}], 'mine.json')); input.files = files.files; input.dispatchEvent(new Event('change')); \
             await new Promise((done) => setTimeout(done, 200)); return [document.querySelector('.path-said').textContent, \
             document.querySelectorAll('.path-steps input:checked').length] }})()",
            json!(text)
        )
    };
    let good = r#"{"what":"fingerpost-path","version":1,"known":["skill-daw","skill-mixing","gone",7],"shortlist":[]}"#;
    let loaded = browser.evaluate(&tab, &load(good));
    assert_eq!(loaded, json!(["Loaded: 3 ticks.", 2]));
    for bad in ["", "[]", "null", r#"{"known":["x"]}"#, "<html>"] {
        let refused = browser.evaluate(&tab, &load(bad));
        assert!(
            refused[0].as_str().is_some_and(|said| said.contains("not a file that was saved here")),
            "{bad}: {refused}"
        );
        assert_eq!(refused[1], json!(2), "{bad}");
    }
    let saved = browser.evaluate(
        &tab,
        "(async () => { let kept; const make = URL.createObjectURL; URL.createObjectURL = (blob) => { kept = blob; return make.call(URL, blob); }; \
         [...document.querySelectorAll('.path-tools button')][0].click(); return JSON.parse(await kept.text()) })()",
    );
    assert_eq!(saved["known"], json!(["skill-daw", "skill-mixing", "gone"]));
    let left = browser.evaluate(
        &tab,
        "(() => { [...document.querySelectorAll('.path-tools button')][2].click(); return [Object.keys(localStorage).filter((key) => key.startsWith('fingerpost-path')), \
         document.querySelectorAll('.path-steps input:checked').length] })()",
    );
    assert_eq!(left, json!([[], 0]));
}

#[test]
fn damaged_ticks_are_no_ticks() {
    let Some((mut browser, tab, server)) = start("path-damaged") else { return };
    for damage in ["{", "null", "7", r#"{"known":{"a":1}}"#, r#"{"known":[null,{"a":1},"skill-daw"]}"#] {
        browser.evaluate(&tab, &format!("localStorage.setItem('fingerpost-path:/', {}), 1", json!(damage)));
        let record = browser.open(&tab, &server.url("path/"));
        assert!(record.complaints.is_empty(), "{damage}: {:?}", record.complaints);
        let boxes = browser.evaluate(&tab, "document.querySelectorAll('.path-steps input').length");
        assert!(boxes.as_u64() > Some(5), "{damage}: {boxes}");
    }
}
