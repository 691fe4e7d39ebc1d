//! A build that remembers the last one gives what a build from nothing gives, and does no more work than the edit asks for.

use crate::workshop::{self, Chance, Site};
use fingerpost::memo::Memo;

/// How many edits one run makes; each costs two builds.
const EDITS: usize = 40;

#[test]
fn after_any_edits_a_build_that_remembers_equals_one_from_nothing() {
    for seed in [1, 2] {
        let mut chance = Chance(seed);
        let mut memo = Memo::new();
        let mut site = Site::varied(12);
        site.build_with(&mut memo);
        for step in 0..EDITS {
            let (next, edit) = edited(site, &mut chance, step);
            site = next;
            let remembered = site.build_with(&mut memo);
            let fresh = site.build();
            let place = format!("seed {seed}, edit {step}: {edit}");
            assert_eq!(remembered.rendered_diagnostics(), fresh.rendered_diagnostics(), "{place}");
            let (one, other) = (remembered.output(), fresh.output());
            assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>(), "{place}");
            for (path, bytes) in &one {
                let (one, other) = (String::from_utf8_lossy(bytes), String::from_utf8_lossy(&other[path]));
                assert!(one == other, "{place}: {path} differs\n{}", workshop::first_difference(&one, &other));
            }
        }
    }
}

/// The site after one edit of the many that people make, and what it was.
pub(crate) fn edited(site: Site, chance: &mut Chance, step: usize) -> (Site, String) {
    let articles = site.articles();
    let path = articles[chance.below(articles.len())].clone();
    let other = articles[chance.below(articles.len())].clone();
    let text = site.file(&path);
    match chance.below(14) {
        0 => (site.with(&path, text + &format!("\nOne more sentence, {step}.\n")), format!("text of {path}")),
        1 => {
            (site.with(&path, text.replacen("title: ", &format!("title: New {step} "), 1)), format!("title of {path}"))
        }
        2 => {
            (site.with(&path, text.replacen("description: ", "description: Now ", 1)), format!("description of {path}"))
        }
        3 => (
            site.with(&path, text.replacen("topics: [", &format!("topics: [topic {step}, "), 1)),
            format!("topics of {path}"),
        ),
        4 => (site.with(&path, text.replacen("## One", &format!("## One {step}"), 1)), format!("heading of {path}")),
        5 => (site.with(&path, text.replacen("---\n", "---\ndraft: true\n", 1)), format!("draft {path}")),
        6 => (site.with(&path, text.replacen("draft: true\n", "", 1)), format!("no draft {path}")),
        7 => {
            let new = format!("---\ntitle: Added {step}\n---\n\nSee [[Home]].\n");
            (site.with(&format!("content/roles/added-{step}.md"), new), format!("added {step}"))
        }
        8 if path != "content/index.md" => (site.without(&path), format!("deleted {path}")),
        9 if path != "content/index.md" => {
            let renamed = path.replace(".md", "-renamed.md");
            (site.without(&path).with(&renamed, text), format!("renamed {path}"))
        }
        10 => {
            let facts = site.file("content/facts/a.yaml").replace("value: 12", &format!("value: {step}"));
            let facts = facts.replace(&format!("value: {}", step.wrapping_sub(1)), &format!("value: {step}"));
            (site.with("content/facts/a.yaml", facts), "fact".to_owned())
        }
        11 => {
            let embed = other.rsplit('/').next().unwrap_or_default().trim_end_matches(".md").to_owned();
            (site.with(&path, text + &format!("\n![[{embed}]]\n")), format!("embed of {other} in {path}"))
        }
        12 => {
            let toml = site.file("site.toml").replacen("title = \"", &format!("title = \"{step} "), 1);
            (site.with("site.toml", toml), "site.toml".to_owned())
        }
        _ => {
            let template = format!("<p>{step}</p>{{{{ page.title }}}}{{{{ page.body | safe }}}}");
            (site.with("templates/kinds/role.html", template), "template".to_owned())
        }
    }
}

#[test]
fn without_an_edit_nothing_is_read_or_rendered_again() {
    let mut memo = Memo::new();
    let site = Site::varied(12);
    site.build_with(&mut memo);
    let counts = site.build_with(&mut memo).outcome.counts;
    assert_eq!((counts.read, counts.rendered), (0, 0));
}

#[test]
fn an_edit_of_prose_reads_and_renders_one_page() {
    let mut memo = Memo::new();
    let site = Site::varied(12);
    site.build_with(&mut memo);
    let text = site.file("content/roles/page-0.md").replace("there are", "there may be");
    let counts = site.with("content/roles/page-0.md", text).build_with(&mut memo).outcome.counts;
    assert_eq!(counts.read, 1);
    // The page itself, the page with all pages on it, and those that quote the sentence beside their links back.
    assert!(counts.rendered <= 4, "{} pages were rendered", counts.rendered);
}

#[test]
fn a_change_of_title_renders_only_pages_that_show_it() {
    let mut memo = Memo::new();
    let site = Site::varied(40);
    site.build_with(&mut memo);
    let text = site.file("content/roles/page-0.md").replace("title: Page 0", "title: Another name");
    let built = site.with("content/roles/page-0.md", text).build_with(&mut memo);
    let shown = built.output().values().filter(|bytes| String::from_utf8_lossy(bytes).contains("Another name")).count();
    let rendered = built.outcome.counts.rendered;
    assert_eq!(built.outcome.counts.read, 1);
    assert!(rendered <= shown, "{rendered} pages were rendered, but only {shown} show the title");
}
