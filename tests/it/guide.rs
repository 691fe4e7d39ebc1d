//! What holds for the repository's own guide: sourced numbers, right sums, plain words, a next step, pictures that agree.

use crate::workshop::{Built, Site, files_below};
use fingerpost::base::SourcePath;
use fingerpost::data::parse_yaml;
use fingerpost::read::reading::Reading;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;
use std::sync::OnceLock;

/// The highest reading grade of an article.
const HIGHEST_GRADE: f64 = 9.0;

/// The fewest and the most words of an article with an argument, tables included.
const WORDS: std::ops::RangeInclusive<usize> = 700..=1600;

/// The fewest words of a single claim, which a table may support.
const CLAIM_WORDS: usize = 180;

/// The least number of articles of each kind.
const ARTICLES: [(&str, usize); 7] = [
    ("role", 16),
    ("skill", 10),
    ("education", 3),
    ("pathway", 8),
    ("finance", 12),
    ("tradeoff", 17),
    ("comparison", 5),
];

/// The least number of words explained.
const TERMS: usize = 80;

/// Jobs that sister careers sets side by side.
const SISTER_CAREERS: usize = 16;

/// What is written with a large number and is no figure.
const NAMES_WITH_NUMBERS: [&str; 1] = ["Hot 100"];

/// What the theme says of a figure that was read through another page.
const SECOND_HAND: &str = "read through another page";

/// A figure from before this year says its age where it is shown.
const OLD: u32 = 2020;

/// What says, without a year, that a figure is not of today.
const SIGNS_OF_AGE: [&str; 5] = ["old", "older", "years ago", "dated", "once"];

/// The width of the text on a phone of 360 pixels.
const PHONE_TEXT_PX: f64 = 320.0;

/// The smallest letters that a picture may have there.
const SMALLEST_LETTERS_PX: f64 = 11.0;

/// The articles that cannot do without a calculator.
const CALCULATORS: [(&str, &[&str]); 14] = [
    ("points", &["finances/master-points", "comparisons/buyout-points"]),
    ("royalty-flow", &["how-the-money-flows", "finances/streaming-payouts"]),
    ("streams-to-wage", &["finances/streaming-payouts", "is-music-production-a-good-career"]),
    ("mechanical", &["finances/mechanicals"]),
    ("soundexchange", &["finances/soundexchange-neighbouring"]),
    ("publishing", &["finances/publishing-splits"]),
    ("beat-ladder", &["pathways/beats-samples"]),
    ("freelance-rate", &["pathways/freelance-remote", "finances/fees-rates"]),
    ("tax-setaside", &["finances/tax-insurance"]),
    ("education", &["comparisons/degree-self-taught"]),
    ("cashflow", &["finances/payment-delays"]),
    ("platform", &["finances/platform-fees"]),
    ("loudness", &["skills/mastering-loudness"]),
    ("fit", &["is-music-production-a-good-career"]),
];

/// Says that the numbers near it were made up for a sum, or worked out from those before them.
const SIGNS_OF_A_SUM: [&str; 7] = ["xample", "×", "÷", "=", "uppose", "arithmetic", "invented for the sum"];

/// Words that only the trade uses, each with its entry in the glossary.
const WORDS_OF_THE_TRADE: [(&str, &str); 43] = [
    ("adaptive music", "term-adaptive-music"),
    ("administration deal", "term-administration-deal"),
    ("all-in", "term-all-in-royalty"),
    ("beat lease", "term-beat-lease"),
    ("buyout", "term-buyout"),
    ("comping", "term-comping"),
    ("controlled composition", "term-controlled-composition"),
    ("cue sheet", "term-cue-sheet"),
    ("daw", "term-daw"),
    ("distributor", "term-distributor"),
    ("foley", "term-foley"),
    ("gain staging", "term-gain-staging"),
    ("headroom", "term-headroom"),
    ("isrc", "term-isrc"),
    ("iswc", "term-iswc"),
    ("letter of direction", "term-letter-of-direction"),
    ("lufs", "term-lufs"),
    ("mechanical royalties", "term-mechanical-royalty"),
    ("mechanical royalty", "term-mechanical-royalty"),
    ("median", "term-median"),
    ("metadata", "term-metadata"),
    ("middleware", "term-middleware"),
    ("midi", "term-midi"),
    ("multitrack", "term-multitrack"),
    ("neighbouring right", "term-neighbouring-rights"),
    ("patchbay", "term-patchbay"),
    ("percentile", "term-percentile"),
    ("performance royalties", "term-performance-royalty"),
    ("performance royalty", "term-performance-royalty"),
    ("plug-in", "term-plug-in"),
    ("recoupment", "term-recoupment"),
    ("self-selected", "term-self-selected-survey"),
    ("session fee", "term-session-fee"),
    ("split sheet", "term-split-sheet"),
    ("spotting session", "term-spotting-session"),
    ("stem", "term-stem"),
    ("sync licence", "term-sync-licence"),
    ("temp track", "term-temp-track"),
    ("topline", "term-topline"),
    ("true peak", "term-true-peak"),
    ("union scale", "term-union-scale"),
    ("work for hire", "term-work-for-hire"),
    ("writer's share", "term-writers-share"),
];

/// An article of the guide: no list of a section and no term of the glossary.
struct Article {
    path: String,
    body: String,
}

#[test]
fn every_article_ends_with_what_to_do_next() {
    let faults: Vec<String> = articles()
        .into_iter()
        .filter(|article| {
            let last = article.body.lines().rev().find_map(|line| line.strip_prefix("## "));
            last != Some("What to do next")
        })
        .map(|article| article.path)
        .collect();
    assert!(faults.is_empty(), "these end with something else: {}", faults.join(", "));
}

#[test]
fn articles_are_short_and_plain_enough() {
    let mut faults = Vec::new();
    for article in articles() {
        let (text, _) = without_links(&without_code(&article.body));
        let words = text.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).count();
        let grade = Reading::of(&article.body).grade().unwrap_or_default();
        let is_claim = article.path.contains("/pros-and-cons/");
        if !(WORDS.contains(&words) || is_claim && (CLAIM_WORDS..WORDS.start() + 1).contains(&words)) {
            faults.push(format!("{} has {words} words", article.path));
        }
        if grade > HIGHEST_GRADE {
            faults.push(format!("{} has a reading grade of {grade:.1}", article.path));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn numbers_in_prose_are_records_or_sums() {
    let statements = statements();
    let mut faults = Vec::new();
    for article in articles() {
        let mut in_example = false;
        for paragraph in article.body.split("\n\n") {
            if paragraph.starts_with('#') {
                in_example = false;
            }
            if paragraph.starts_with(['#', '|', '!']) {
                continue;
            }
            let (text, cited) = without_links(paragraph);
            in_example |= SIGNS_OF_A_SUM.iter().any(|sign| text.contains(sign));
            if in_example {
                continue;
            }
            let said: String = cited.iter().filter_map(|id| statements.get(id.as_str()).map(String::as_str)).collect();
            let text = NAMES_WITH_NUMBERS.iter().fold(text, |text, name| text.replace(name, ""));
            let bare = large_numbers(&text).into_iter().filter(|number| !said.contains(number.trim_end_matches("th")));
            faults.extend(bare.map(|number| format!("{}: {number}", article.path)));
        }
    }
    assert!(faults.is_empty(), "cite a record, or show the sum:\n{}", faults.join("\n"));
}

#[test]
fn sums_in_the_text_are_right() {
    let (mut sums, mut faults) = (0, Vec::new());
    for article in articles() {
        for line in article.body.lines() {
            for (at, _) in line.match_indices('=') {
                let Some((left, right, tolerance)) = sum_at(line, at) else { continue };
                sums += 1;
                if (left - right).abs() > tolerance {
                    faults.push(format!("{}: {left} is written as {right} in: {line}", article.path));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(sums > 50, "the guide shows its sums, and only {sums} were found");
}

#[test]
fn numbers_in_pictures_are_those_of_the_records() {
    let facts = facts(built());
    let (mut found, mut faults) = (0, Vec::new());
    for (path, bytes) in files_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("static/pictures")) {
        let picture = String::from_utf8_lossy(&bytes);
        for (at, opening) in picture.match_indices("data-fact=\"") {
            let after = &picture[at + opening.len()..];
            let (name, rest) = after.split_once('"').unwrap();
            let text = rest.split_once('>').unwrap().1.split_once('<').unwrap().0;
            let shown: Vec<f64> = numbers(text);
            let (id, part) = name.split_once('.').unwrap_or((name, "value"));
            let parts: &[&str] = if part == "range" { &["low", "high"] } else { &[part] };
            let known: Vec<f64> = parts.iter().filter_map(|part| facts[id][*part].as_f64()).collect();
            found += 1;
            if shown != known {
                faults.push(format!("{path}: `{text}` stands for `{name}`, which is {known:?}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(found > 0, "no picture names a record");
}

/// A picture is as wide as the text: on a phone of 360 pixels that is [`PHONE_TEXT_PX`].
#[test]
fn letters_in_pictures_can_be_read_on_a_phone() {
    let mut faults = Vec::new();
    for (path, bytes) in files_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("static/pictures")) {
        let picture = String::from_utf8_lossy(&bytes);
        let (_, view) = picture.split_once("viewBox=\"0 0 ").unwrap();
        let width_px: f64 = view.split(' ').next().unwrap().parse().unwrap();
        let shrinks = (PHONE_TEXT_PX / width_px).min(1.0);
        for size in picture.split("font-size=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            let size_px = size.parse::<f64>().unwrap() * shrinks;
            if size_px < SMALLEST_LETTERS_PX {
                faults.push(format!("{path}: letters of {size} are {size_px:.1} pixels on a phone"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// "A lot" counts 2, "some" 1 and "little" 0; for a claim against, what is missing from 2.
#[test]
fn the_weights_of_paths_are_those_of_the_table() {
    let page = guide().file("content/pros-and-cons/weighed.md");
    let counts = BTreeMap::from([("little", 0), ("some", 1), ("a lot", 2)]);
    let (_, table) = page.split_once("| Claim | Studio |").unwrap();
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let judged: Vec<Vec<u32>> = rows
        .map(|row| {
            let against = row.contains("*Against:*");
            let words = row.trim_matches('|').split('|').skip(1).map(str::trim);
            words.map(|word| if against { 2 - counts[word] } else { counts[word] }).collect()
        })
        .collect();
    let (_, calculator) = page.split_once("```calc\n").unwrap();
    let names = |from: &str, to: &str| -> Vec<(String, String)> {
        let part = calculator.split_once(from).unwrap().1.split_once(to).unwrap().0;
        let named = part.lines().filter_map(|line| line.trim().split_once(": {"));
        named.map(|(name, rest)| (name.to_owned(), rest.to_owned())).collect()
    };
    let weights = names("inputs:\n", "calc:\n");
    let paths = names("label: All weights together}\n", "results:\n");
    assert_eq!((judged.len(), judged[0].len()), (weights.len(), paths.len()));
    for (column, (path, formula)) in paths.iter().enumerate() {
        let (_, terms) = formula.split_once("then (").unwrap();
        let terms: Vec<&str> = terms.split_once(") /").unwrap().0.split(" + ").collect();
        for (row, (weight, _)) in weights.iter().enumerate() {
            let factor = terms.iter().find_map(|term| match term.split_once(" * ") {
                Some((factor, name)) => (name == weight).then(|| factor.parse().unwrap()),
                None => (term == weight).then_some(1),
            });
            assert_eq!(factor.unwrap_or(0), judged[row][column], "{weight} of {path}");
        }
    }
}

#[test]
fn every_article_is_three_clicks_from_home() {
    let built = built();
    let graph: serde_json::Value = serde_json::from_str(&built.text("graph.json").unwrap()).unwrap();
    let is_article =
        |node: &&serde_json::Value| !["term", "calculator", "handbook"].contains(&node["kind"].as_str().unwrap());
    let nodes = graph["nodes"].as_array().unwrap().iter().filter(is_article);
    let known: BTreeSet<String> = nodes.map(|node| format!("/{}", node["path"].as_str().unwrap())).collect();
    let mut clicks = BTreeMap::from([("/".to_owned(), 0)]);
    let mut next = VecDeque::from(["/".to_owned()]);
    while let Some(url) = next.pop_front() {
        let Some(html) = built.page(&url) else { continue };
        let main = html.split_once("<main").map_or(html.as_str(), |(_, main)| main);
        let depth = clicks[&url] + 1;
        for target in main.split("href=\"").skip(1).filter_map(|rest| rest.split(['"', '#']).next()) {
            let target = absolute(&url, target);
            if known.contains(&target) && !clicks.contains_key(&target) {
                clicks.insert(target.clone(), depth);
                next.push_back(target);
            }
        }
    }
    let far: Vec<String> = known
        .iter()
        .filter(|url| clicks.get(*url).is_none_or(|clicks| *clicks > 3))
        .map(|url| format!("{url}: {:?}", clicks.get(url)))
        .collect();
    assert!(far.is_empty(), "{}", far.join("\n"));
}

#[test]
fn the_guide_is_whole_and_every_skill_is_needed_by_a_role() {
    let built = built();
    let graph: serde_json::Value = serde_json::from_str(&built.text("graph.json").unwrap()).unwrap();
    let text = |value: &serde_json::Value, key: &str| value[key].as_str().unwrap().to_owned();
    let nodes = graph["nodes"].as_array().unwrap();
    // The introduction of an index is a page of its kind too.
    let pages = nodes.iter().filter(|node| text(node, "path").matches('/').count() == 2);
    let kinds: BTreeMap<String, String> = pages.map(|node| (text(node, "id"), text(node, "kind"))).collect();
    let count = |kind: &str| kinds.values().filter(|known| *known == kind).count();
    let few: Vec<_> = ARTICLES.iter().chain(&[("term", TERMS)]).filter(|(kind, least)| count(kind) < *least).collect();
    assert!(few.is_empty(), "too few of {few:?}");
    let is_kind =
        |id: &serde_json::Value, kind: &str| kinds.get(id.as_str().unwrap()).is_some_and(|known| known == kind);
    let needs = graph["edges"].as_array().unwrap().iter().filter(|edge| {
        edge["relation"] == "requires" && is_kind(&edge["from"], "role") && is_kind(&edge["to"], "skill")
    });
    let needed: BTreeSet<String> = needs.map(|edge| text(edge, "to")).collect();
    let idle: Vec<&String> =
        kinds.iter().filter(|(id, kind)| *kind == "skill" && !needed.contains(*id)).map(|(id, _)| id).collect();
    assert!(idle.is_empty(), "no role needs {idle:?}");
}

/// `tests/vectors/plan.txt` has the articles and the typed relations that the guide was planned with.
#[test]
fn the_guide_holds_what_was_planned() {
    let graph: serde_json::Value = serde_json::from_str(&built().text("graph.json").unwrap()).unwrap();
    let lines = |list: &str, keys: &[&str]| -> BTreeSet<String> {
        let entries = graph[list].as_array().unwrap().iter();
        entries.map(|entry| keys.iter().map(|key| entry[key].as_str().unwrap()).collect::<Vec<_>>().join(" ")).collect()
    };
    let known = &lines("nodes", &["id"]) | &lines("edges", &["from", "relation", "to"]);
    let planned = include_str!("../vectors/plan.txt").lines().filter(|line| !line.starts_with('#'));
    let missing: Vec<&str> = planned.filter(|line| !known.contains(*line)).collect();
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn comparisons_have_a_column_of_differences() {
    let built = built();
    let mut without = Vec::new();
    for article in articles().iter().filter(|article| article.path.contains("/comparisons/")) {
        let url = article.path.strip_prefix("content").unwrap().strip_suffix(".md").unwrap();
        let page = built.page(&format!("{url}/")).unwrap();
        let mut heads = page.split("<th").skip(1).filter_map(|head| head.split_once("</th>"));
        if !heads.any(|(head, _)| head.contains("ifference")) {
            without.push(article.path.clone());
        }
    }
    assert!(without.is_empty(), "{without:?}");
    let page = built.page("/comparisons/sister-careers/").unwrap();
    let rows = page.split("<table").skip(1).map(|table| table.split("</table>").next().unwrap().matches("<tr").count());
    assert!(rows.max().unwrap() > SISTER_CAREERS, "a row for each job, and the head");
}

#[test]
fn every_link_of_an_article_was_read_as_one() {
    let built = built();
    let unread: Vec<String> = articles()
        .into_iter()
        .filter_map(|article| {
            let url = article.path.strip_prefix("content/")?.strip_suffix(".md")?.to_owned();
            let page = built.page(&format!("/{url}/"))?;
            // What scripts read of a calculator has brackets of its own.
            let mut pieces = page.split('<').filter_map(|piece| piece.split_once('>'));
            pieces.any(|(tag, words)| !tag.starts_with("script") && words.contains("[[")).then_some(article.path)
        })
        .collect();
    assert!(unread.is_empty(), "a bar between the names of a link needs `\\|` in a table: {}", unread.join(", "));
}

#[test]
fn words_of_the_trade_lead_to_the_glossary() {
    let site = guide();
    let mut faults = Vec::new();
    for article in articles() {
        let page = site.file(&article.path);
        let (plain, _) = without_links(&without_code(&page));
        let plain = plain.to_lowercase();
        for (word, term) in WORDS_OF_THE_TRADE {
            let is_linked =
                page.match_indices(term).any(|(at, _)| page[at + term.len()..].starts_with([']', '|', '\\']));
            if !is_linked && stands_in(word, &plain) {
                faults.push(format!("{}: `{word}` without a link to {term}", article.path));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_term_is_explained_where_an_article_uses_it() {
    let site = guide();
    let texts: String = articles().iter().map(|article| site.file(&article.path)).collect();
    let is_used =
        |id: &str| texts.match_indices(id).any(|(at, _)| texts[at + id.len()..].starts_with([']', '|', '\\', '#']));
    let terms: Vec<String> = site
        .articles()
        .into_iter()
        .filter(|path| path.contains("/glossary/") && !path.ends_with("/index.md"))
        .map(|path| site.file(&path))
        .filter_map(|page| page.lines().find_map(|line| line.strip_prefix("id: ")).map(|id| id.trim().to_owned()))
        .collect();
    let unused: Vec<&str> = terms.iter().map(String::as_str).filter(|id| !is_used(id)).collect();
    assert!(unused.is_empty(), "no article leads to these: {}", unused.join(", "));
    assert!(terms.len() >= 80, "the glossary has {} terms", terms.len());
}

/// A skill says what good looks like before it says how to get there.
#[test]
fn every_skill_says_what_good_looks_like() {
    let skills = articles().into_iter().filter(|article| article.path.starts_with("content/skills/"));
    let faults: Vec<String> = skills
        .filter(|skill| skill.body.lines().find(|line| line.starts_with("## ")) != Some("## What good looks like"))
        .map(|skill| skill.path)
        .collect();
    assert!(faults.is_empty(), "these begin with something else: {}", faults.join(", "));
}

/// Surveys, and what officials say of pay, describe some people and not others.
#[test]
fn surveys_and_official_pay_say_who_is_left_out() {
    let silent: Vec<String> = facts(built())
        .into_iter()
        .filter(|(_, fact)| {
            let is_pay = fact["unit"].as_str().is_some_and(|unit| unit.ends_with("/year") || unit.ends_with("/hour"));
            let must_say = fact["evidence"] == "survey" || fact["evidence"] == "official statistic" && is_pay;
            must_say && fact["excludes"].as_str().is_none_or(str::is_empty)
        })
        .map(|(id, _)| id)
        .collect();
    assert!(silent.is_empty(), "give these `excludes`: {}", silent.join(", "));
}

#[test]
fn second_hand_figures_say_so_wherever_they_are_cited() {
    let built = built();
    let graph: serde_json::Value = serde_json::from_str(&built.text("graph.json").unwrap()).unwrap();
    let path_of = |id: &serde_json::Value| {
        let node = graph["nodes"].as_array().unwrap().iter().find(|node| node["id"] == *id).unwrap();
        format!("/{}", node["path"].as_str().unwrap())
    };
    let mut said: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (mut shown, mut faults) = (0, Vec::new());
    for (id, fact) in facts(built) {
        if fact["seen"] != "relayed" {
            continue;
        }
        let statement = words_of(fact["statement"].as_str().unwrap());
        let pages = fact["used_by"].as_array().unwrap().iter().map(path_of);
        for url in pages.chain(["/facts/".to_owned()]) {
            let notes = said.entry(url.clone()).or_insert_with(|| {
                let page = built.page(&url).unwrap();
                let notes = page.split("<li").chain(page.split("<tr"));
                notes.filter(|note| note.contains(SECOND_HAND)).map(words_of).collect()
            });
            if notes.iter().any(|note| note.contains(&statement)) {
                shown += 1;
            } else {
                faults.push(format!("{url}: {id}"));
            }
        }
    }
    assert!(faults.is_empty(), "these are shown as if the guide had seen the source itself:\n{}", faults.join("\n"));
    assert!(shown > 200, "only {shown} second-hand figures were found");
}

/// Who reads a figure from before [`OLD`] beside the words of today takes it for one of today.
#[test]
fn old_figures_carry_their_year_where_they_are_shown() {
    let facts = facts(built());
    let is_old = |id: &str| {
        let fact = &facts[id];
        let year: u32 = fact["as_of"].as_str().unwrap()[..4].parse().unwrap();
        year < OLD && !fact["value"].is_string()
    };
    let mut faults = Vec::new();
    for article in articles() {
        let mut lead = "";
        for block in article.body.split("\n\n") {
            let is_table = block.starts_with('|');
            let head = if is_table { block.lines().next().unwrap_or_default() } else { "" };
            let parts: Vec<&str> = if is_table { block.lines().collect() } else { vec![block] };
            for part in parts {
                let cites_old = without_links(part).1.iter().any(|id| is_old(id));
                let (text, _) = without_links(&format!("{lead}\n{head}\n{part}"));
                let says = has_year(&text) || SIGNS_OF_AGE.iter().any(|sign| stands_in(sign, &text.to_lowercase()));
                if cites_old && !says {
                    faults.push(format!("{}: {part}", article.path));
                }
            }
            lead = if is_table { "" } else { block };
        }
    }
    assert!(faults.is_empty(), "say the year of these:\n{}", faults.join("\n"));
}

/// What a calculator holds itself to is what an article beside it tells with the same numbers.
#[test]
fn worked_examples_are_the_calculators_own() {
    let site = guide();
    let facts = facts(built());
    let articles = articles();
    let mut faults = Vec::new();
    for (path, name, examples) in calculators(&site) {
        let embed = format!("![[calc:{name}");
        let sections: Vec<BTreeSet<u64>> = articles
            .iter()
            .filter(|article| article.body.contains(&embed))
            .flat_map(|article| without_code(&article.body).split("\n## ").map(str::to_owned).collect::<Vec<_>>())
            .map(|section| numbers(&with_figures(&section, &facts)).into_iter().map(f64::to_bits).collect())
            .collect();
        if sections.is_empty() {
            faults.push(format!("{path}: no article embeds it"));
        }
        let is_told = |example: &Example| {
            sections.iter().any(|section| {
                let has = |number: &f64| section.contains(&number.abs().to_bits());
                example.given.iter().all(has) && example.expected.iter().any(has)
            })
        };
        if !examples.is_empty() && !examples.iter().any(is_told) {
            faults.push(format!("{path}: no article that embeds it tells one of its examples"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn calculators_stand_in_the_articles_that_need_them() {
    let site = guide();
    let mut faults = Vec::new();
    for (calculator, articles) in CALCULATORS {
        for article in articles {
            if !site.file(&format!("content/{article}.md")).contains(&format!("[[calc:{calculator}")) {
                faults.push(format!("{article}: {calculator}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// `tests/vectors/amounts.txt` says which records stand behind amounts that sums repeat by hand.
#[test]
fn amounts_written_by_hand_are_those_of_the_records() {
    let facts = facts(built());
    let articles: BTreeMap<String, String> = articles()
        .into_iter()
        .map(|article| {
            let name = article.path.trim_start_matches("content/").trim_end_matches(".md").to_owned();
            (name, without_code(&article.body))
        })
        .collect();
    let mut faults = Vec::new();
    let mut known: BTreeSet<(&str, &str)> = BTreeSet::new();
    let rows = include_str!("../vectors/amounts.txt").lines().filter(|line| !line.starts_with('#'));
    for row in rows {
        let mut words = row.split_whitespace();
        let (article, amount, record) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap());
        if !amounts(&without_links(&articles[article]).0).any(|written| written == amount) {
            faults.push(format!("{article}: {amount} is no longer there; take the line out"));
        }
        known.insert((article, amount));
        // Worked out, and equal to a record by chance.
        let Some((id, part)) = record.rsplit_once('.') else { continue };
        let fact = &facts[id];
        let figure = fact[part].as_f64().or_else(|| fact["series"][part].as_f64()).unwrap();
        let meant = match words.next() {
            None => figure,
            Some("%") => figure / 100.0,
            Some("1+%") => 1.0 + figure / 100.0,
            Some(times) => figure * times.parse::<f64>().unwrap(),
        };
        if (meant - amount.replace(',', "").parse::<f64>().unwrap()).abs() > 1e-9 {
            faults.push(format!("{article}: {amount} is now {meant}, by {record}: work its sums again"));
        }
    }
    for (name, body) in &articles {
        let (text, cited) = without_links(body);
        let figures: BTreeSet<u64> = cited.iter().flat_map(|id| figures_of(&facts[id])).map(f64::to_bits).collect();
        let sums = text.lines().filter(|line| line.contains(['×', '÷', '=', '−']) && !line.starts_with('!'));
        for amount in sums.flat_map(amounts).filter(|amount| is_telling(amount)) {
            let value: f64 = amount.replace(',', "").parse().unwrap();
            if figures.contains(&value.to_bits()) && !known.contains(&(name.as_str(), amount)) {
                faults.push(format!("{name}: {amount} is a record's; say which in tests/vectors/amounts.txt"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn guide() -> Site {
    Site::from_project(Path::new(env!("CARGO_MANIFEST_DIR")))
}

/// The guide as it is published, built once for all that is asked of it here.
fn built() -> &'static Built {
    static BUILT: OnceLock<Built> = OnceLock::new();
    BUILT.get_or_init(|| guide().build())
}

fn articles() -> Vec<Article> {
    let site = guide();
    site.articles()
        .into_iter()
        .filter(|path| path.starts_with("content/") && !path.contains("/glossary/") && !path.contains("/handbook/"))
        .filter(|path| !path.ends_with("/index.md"))
        .map(|path| {
            let text = site.file(&path);
            let body = text.splitn(3, "---\n").nth(2).unwrap_or_default().to_owned();
            Article { path, body }
        })
        .collect()
}

/// The records by their ids, as they are published.
fn facts(built: &Built) -> BTreeMap<String, serde_json::Value> {
    let list: Vec<serde_json::Value> = serde_json::from_str(&built.text("facts.json").unwrap()).unwrap();
    list.into_iter().map(|fact| (fact["id"].as_str().unwrap().to_owned(), fact)).collect()
}

/// The numbers of a calculator's example.
struct Example {
    /// But for nothing and for what prose says in a word: up to twelve, half, all.
    given: Vec<f64>,
    expected: Vec<f64>,
}

/// Each calculator that has a file: its path, its name, and its examples. Those that are given in words alone have no sum to tell.
fn calculators(site: &Site) -> Vec<(String, String, Vec<Example>)> {
    let files = site.files().filter(|(path, _)| path.ends_with(".calc.yaml"));
    files
        .map(|(path, bytes)| {
            let text = String::from_utf8_lossy(bytes);
            let node = parse_yaml(&SourcePath::new(path), &text, 0, &mut Vec::new()).node.to_json();
            let examples = node["examples"].as_array().cloned().unwrap_or_default();
            let examples = examples.iter().filter_map(|example| {
                let (mut given, mut expected) = (Vec::new(), Vec::new());
                push_numbers(&example["given"], &mut given);
                push_numbers(&example["expect"], &mut expected);
                expected.retain(|number| *number != 0.0);
                let has_numbers = !given.is_empty();
                given.retain(|number| *number > 12.0 && ![50.0, 100.0].contains(number) || *number < 0.0);
                has_numbers.then_some(Example { given, expected })
            });
            (path.to_owned(), node["calculator"].as_str().unwrap().to_owned(), examples.collect())
        })
        .collect()
}

fn push_numbers(value: &serde_json::Value, numbers: &mut Vec<f64>) {
    match value {
        serde_json::Value::Number(number) => numbers.extend(number.as_f64()),
        serde_json::Value::Array(items) => items.iter().for_each(|item| push_numbers(item, numbers)),
        serde_json::Value::Object(fields) => fields.values().for_each(|field| push_numbers(field, numbers)),
        _ => {}
    }
}

/// Every number of a record.
fn figures_of(fact: &serde_json::Value) -> Vec<f64> {
    let mut figures = Vec::new();
    for part in ["value", "low", "typical", "high", "series"] {
        push_numbers(&fact[part], &mut figures);
    }
    figures
}

/// A text whose links to records are the numbers that they stand for.
fn with_figures(text: &str, facts: &BTreeMap<String, serde_json::Value>) -> String {
    let (mut filled, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("[[fact:") {
        filled.push_str(before);
        let (link, after) = after.split_once("]]").unwrap();
        rest = after;
        let id = link.split(['.', '|', '\\']).next().unwrap();
        let figures: Vec<String> = figures_of(&facts[id]).iter().map(f64::to_string).collect();
        filled.push_str(&figures.join(" "));
    }
    filled + rest
}

/// The amounts of a text as they are written: `10,500`, `0.09`.
fn amounts(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_ascii_digit() && ![',', '.'].contains(&letter))
        .map(|amount| amount.trim_matches([',', '.']))
        .filter(|amount| !amount.is_empty())
}

/// Whether an amount has three digits that say something, so that it is hardly equal to a figure by chance.
fn is_telling(amount: &str) -> bool {
    let digits = amount.replace([',', '.'], "");
    digits.trim_matches('0').len() > 2 && amount.replace(',', "").parse::<f64>().is_ok()
}

/// Whether a text names a year, or years: `2012`, `the 2010s`.
fn has_year(text: &str) -> bool {
    text.split(|letter: char| !letter.is_ascii_digit())
        .any(|number| number.len() == 4 && (number.starts_with("19") || number.starts_with("20")))
}

/// The letters and digits of a text or of its HTML, to tell whether one holds the other.
fn words_of(text: &str) -> String {
    let mut words = String::new();
    let mut is_tag = false;
    let text = text.replace("&quot;", "").replace("&#39;", "").replace("&#x27;", "").replace("&amp;", "");
    for letter in text.chars() {
        match letter {
            '<' => is_tag = true,
            '>' => is_tag = false,
            letter if !is_tag && letter.is_alphanumeric() => words.extend(letter.to_lowercase()),
            _ => {}
        }
    }
    words
}

/// What each record says of itself in words: a threshold such as "under 14,000 pounds" is part of it.
fn statements() -> BTreeMap<String, String> {
    facts(built()).into_iter().map(|(id, fact)| (id, fact["statement"].as_str().unwrap().to_owned())).collect()
}

/// Whether a text has this word by itself, in the singular or the plural.
fn stands_in(word: &str, text: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || ['-', '_'].contains(&c);
    text.match_indices(word).any(|(at, _)| {
        let after = text[at + word.len()..].trim_start_matches('s');
        !text[..at].ends_with(is_part) && !after.starts_with(is_part)
    })
}

/// A body without its blocks of code.
fn without_code(body: &str) -> String {
    let mut in_code = false;
    let prose = body.lines().filter(|line| {
        let is_fence = line.starts_with("```");
        in_code ^= is_fence;
        !(in_code || is_fence)
    });
    prose.collect::<Vec<_>>().join("\n")
}

/// A text with its links as words, and the ids of the records that it cites.
fn without_links(text: &str) -> (String, Vec<String>) {
    let (mut plain, mut cited) = (String::new(), Vec::new());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("[[") {
        plain.push_str(before);
        let Some((link, after)) = after.split_once("]]") else { break };
        rest = after;
        let (target, label) = link.split_once('|').map_or((link, None), |(target, label)| (target, Some(label)));
        // In a table the bar is escaped.
        let target = target.trim_end_matches('\\');
        match (target.strip_prefix("fact:"), label) {
            (Some(fact), label) => {
                cited.push(fact.split('.').next().unwrap_or(fact).to_owned());
                plain.push_str(label.unwrap_or("so much"));
            }
            (None, label) => plain.push_str(label.unwrap_or("this page")),
        }
    }
    plain.push_str(rest);
    (plain, cited)
}

/// Numbers of three digits and more that are no year, and amounts with a sign of money or per cent.
fn large_numbers(text: &str) -> Vec<String> {
    text.split_whitespace()
        .map(|word| word.trim_matches(|letter: char| !letter.is_alphanumeric() && !"$£€%".contains(letter)))
        .filter(|word| {
            let digits: String = word.chars().filter(char::is_ascii_digit).collect();
            let is_year = digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"));
            let is_marked = word.contains(['$', '£', '€', '%']) && !digits.is_empty();
            let is_number = word.starts_with(|letter: char| letter.is_ascii_digit());
            is_marked || is_number && digits.len() > 2 && !is_year
        })
        .map(str::to_owned)
        .collect()
}

/// Every number in a text: `$36,600` and `2–3 months` give 36600 and 2, 3.
fn numbers(text: &str) -> Vec<f64> {
    text.replace(',', "")
        .split(|letter: char| !letter.is_ascii_digit() && letter != '.')
        .filter_map(|number| number.parse().ok())
        .collect()
}

/// The two sides of `2 × 30 = 60` round an equals sign, and how far rounding may take them apart.
fn sum_at(line: &str, at: usize) -> Option<(f64, f64, f64)> {
    let left = line[..at].trim_end();
    let start = left
        .char_indices()
        .rev()
        .take_while(|(_, letter)| letter.is_ascii_digit() || " .,×÷+−()".contains(*letter))
        .last()
        .map_or(left.len(), |(start, _)| start);
    let left = value(left[start..].trim_matches([' ', ',', '.']))?;
    let right = line[at + 1..].trim_start();
    let end =
        right.find(|letter: char| !letter.is_ascii_digit() && letter != '.' && letter != ',').unwrap_or(right.len());
    let (right, rest) = right.split_at(end);
    let right = right.trim_end_matches([',', '.']);
    let places = right.split_once('.').map_or(0, |(_, places)| places.len());
    let tolerance = 0.501 * 10f64.powi(-i32::try_from(places).ok()?);
    let right: f64 = right.replace(',', "").parse().ok()?;
    // A ratio is shown per cent; a sum of percentages is one already.
    let is_ratio = rest.trim_start().starts_with('%') && (left * 100.0 - right).abs() < (left - right).abs();
    Some((if is_ratio { left * 100.0 } else { left }, right, tolerance))
}

/// What a sum of numbers comes to; `None` when there is no sign in it or it is not one.
fn value(sum: &str) -> Option<f64> {
    let mut tokens = Vec::new();
    let mut number = String::new();
    for letter in sum.chars().chain([' ']) {
        if letter.is_ascii_digit() || letter == '.' || (letter == ',' && !number.is_empty()) {
            number.push(letter);
            continue;
        }
        if !number.is_empty() {
            tokens.push(number.replace(',', ""));
            number.clear();
        }
        if letter != ' ' {
            tokens.push(letter.to_string());
        }
    }
    if tokens.len() < 3 {
        return None;
    }
    let mut at = 0;
    let result = total(&tokens, &mut at)?;
    (at == tokens.len()).then_some(result)
}

fn total(tokens: &[String], at: &mut usize) -> Option<f64> {
    let mut result = product(tokens, at)?;
    while let Some(sign @ ("+" | "−")) = tokens.get(*at).map(String::as_str) {
        *at += 1;
        let next = product(tokens, at)?;
        result = if sign == "+" { result + next } else { result - next };
    }
    Some(result)
}

fn product(tokens: &[String], at: &mut usize) -> Option<f64> {
    let mut result = factor(tokens, at)?;
    while let Some(sign @ ("×" | "÷")) = tokens.get(*at).map(String::as_str) {
        *at += 1;
        let next = factor(tokens, at)?;
        result = if sign == "×" { result * next } else { result / next };
    }
    Some(result)
}

fn factor(tokens: &[String], at: &mut usize) -> Option<f64> {
    let token = tokens.get(*at)?;
    *at += 1;
    if token != "(" {
        return token.parse().ok();
    }
    let result = total(tokens, at)?;
    *at += 1;
    (tokens.get(*at - 1).is_some_and(|token| token == ")")).then_some(result)
}

/// The path that a link leads to from a page.
fn absolute(page: &str, link: &str) -> String {
    if link.starts_with('/') {
        return link.to_owned();
    }
    let mut parts: Vec<&str> = page.trim_matches('/').split('/').filter(|part| !part.is_empty()).collect();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let end = if parts.is_empty() || !link.ends_with('/') { "" } else { "/" };
    format!("/{}{end}", parts.join("/"))
}
