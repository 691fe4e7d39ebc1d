//! Search from the outside: what the index promises, and that the browser's side keeps step with ours.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::fetched;
use crate::workshop::Site;
use fingerpost::memo::Memo;
use fingerpost::search::index::{Correction, Gathering, Index, Term};
use fingerpost::search::layout::{Content, Head, Range, numbered, shards};
use fingerpost::search::stem::Stems;
use fingerpost::search::token::is_plain_word;
use fingerpost::search::wire::varint;
use fingerpost::search::words::{Counter, FieldKind};
use fingerpost::search::{Answer, AnswerKind, Shard};
use unicode_normalization::UnicodeNormalization;

/// Languages with a stemmer, each with endings that its words take: a dictionary lists words in one form only.
const LANGUAGES: [(&str, &str); 9] = [
    ("de", "en er em es e s st est ung ungen ig lich lichkeit heit keit isch end bar"),
    ("en", "s es ed ing ly ness ful ation ational iveness ize ied ies er est ment ability"),
    ("es", "s es os as amos aron iendo ando mente idad ancia ación able ivo ido aba ería gue"),
    ("fr", "s e es ent ons ez ait aient ment ement ation ité ive eux euse issant issement era ions"),
    ("it", "i e o a are ere ire ando endo ato iva ità mente amente zione atore anza ivo erebbe"),
    ("nl", "en e s t heid heden lijk ing end baar je tje ster ig ene"),
    ("pt", "s es os as ando endo mente idade ação ável ivo ência amos aram eira ou ções"),
    ("ru", "а ы ов ами ый ого ему ая ить ил ует ость остью ся вшись ейший енный"),
    ("sv", "en et ar er or arna erna orna s as es het heten lig ligt ad ade ande ast"),
];

/// Every so many words of a dictionary are looked at with their endings too.
const WITH_ENDINGS_EVERY: usize = 128;

#[test]
fn the_browser_stems_whole_vocabularies_as_we_do() {
    let mut faults = Vec::new();
    for (language, endings) in LANGUAGES {
        let mut words = BTreeSet::new();
        for (number, line) in fetched::text(&format!("dictionary-{language}/index.dic")).lines().enumerate() {
            let word: String = line.split(['/', '\t', ' ']).next().unwrap_or_default().to_lowercase().nfkc().collect();
            if !is_plain_word(&word) || word.is_empty() {
                continue;
            }
            if number % WITH_ENDINGS_EVERY == 0 {
                words.extend(endings.split(' ').map(|ending| format!("{word}{ending}")));
            }
            words.insert(word);
        }
        let stems = Stems::of_language(language);
        let theirs = stemmed_by_script(language, &words);
        assert_eq!(theirs.len(), words.len(), "{language}: as many stems as words");
        let different: Vec<String> = words
            .iter()
            .zip(&theirs)
            .filter_map(|(word, theirs)| {
                let (ours, _) = stems.terms(word);
                (ours != *theirs).then(|| format!("{word}: {ours} here, {theirs} there"))
            })
            .collect();
        if !different.is_empty() {
            let shown: Vec<&String> = different.iter().step_by(different.len().div_ceil(12)).collect();
            faults.push(format!("{language}: {} of {} words differ: {shown:#?}", different.len(), words.len()));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

fn stemmed_by_script(language: &str, words: &BTreeSet<String>) -> Vec<String> {
    let input = words.iter().map(String::as_str).collect::<Vec<_>>().join("\n");
    let output = answered_by_script(&["tests/scripts/stem-words.mjs", language], &input);
    output.split('\n').map(str::to_owned).collect()
}

/// What a script writes when it is given this to read.
fn answered_by_script(arguments: &[&str], input: &str) -> String {
    let mut node = Command::new("node")
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Node can be run: `tests/run` installs it");
    let input = input.to_owned();
    let mut stdin = node.stdin.take().expect("it is ours");
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = node.wait_with_output().expect("Node ends");
    writer.join().expect("the writer ends").expect("Node reads");
    assert!(output.status.success(), "the script failed: {arguments:?}");
    String::from_utf8(output.stdout).expect("it writes text")
}

/// The files of the index of a site.
fn index_of(site: &Site, memo: &mut Memo) -> Vec<(String, Vec<u8>)> {
    let output = site.build_with(memo).output();
    output.into_iter().filter(|(path, _)| path.starts_with("search/en/")).collect()
}

#[test]
fn the_index_of_a_small_site_is_four_files_and_the_same_every_time() {
    let site = Site::varied(24);
    let first = index_of(&site, &mut Memo::forgetful());
    assert_eq!(first.len(), 4, "{:?}", first.iter().map(|(path, _)| path).collect::<Vec<_>>());
    assert!(first == index_of(&site.clone().shuffled(3), &mut Memo::new()));
    let mut memo = Memo::new();
    index_of(&site, &mut memo);
    assert!(first == index_of(&site, &mut memo), "from the memo");
}

/// A site whose index is cut into shards, with words of its own on every page.
pub(crate) fn sharded() -> Site {
    let mut site = Site::varied(60);
    for at in 0..260 {
        let words: Vec<String> = (0..40).map(|word| format!("word{} grow{}ing", at * 7 + word, word % 9)).collect();
        let text = format!(
            "---\ntitle: Named {at}\ndescription: A page with words of its own.\n---\n\n## Heading {at} of it\n\n{}.\n",
            words.join(" ")
        );
        site = site.with(&format!("content/skills/named-{at}.md"), text);
    }
    site
}

#[test]
fn the_index_of_a_large_site_is_the_same_bytes_every_time() {
    let first = index_of(&sharded(), &mut Memo::forgetful());
    assert!(first.len() > 20, "{} files", first.len());
    assert!(first == index_of(&sharded().shuffled(5), &mut Memo::new()), "files in another order");
    let hashed = first.iter().filter(|(path, _)| path.starts_with("search/en/part/")).count();
    assert_eq!(hashed + 1, first.len(), "all but one are named by their content, and may be kept for ever");
}

#[test]
fn the_index_of_an_edited_site_is_that_of_a_clean_build() {
    let mut memo = Memo::new();
    let mut site = sharded();
    index_of(&site, &mut memo);
    let edits = [
        (
            "content/skills/named-7.md",
            Some("---\ntitle: Renamed 7\n---\n\nWord7 is now called another thing: zanzibar.\n"),
        ),
        ("content/skills/named-20.md", None),
        ("content/skills/named-8.md", Some("---\ntitle: Named 8\nsearch: false\n---\n\nHidden.\n")),
        ("content/skills/new.md", Some("---\ntitle: Anew\naliases: [Named 9]\n---\n\nSee [[Renamed 7|a new name]].\n")),
        (
            "content/facts/b.yaml",
            Some(
                "- id: another\n  statement: Another figure\n  value: 7\n  unit: jobs\n  as_of: 2025\n  place: worldwide\n  evidence: editor's estimate\n  reasoning: Counted.\n",
            ),
        ),
        ("content/skills/named-7.md", Some("---\ntitle: Renamed 7\n---\n\nOnly its text is another one.\n")),
    ];
    for (path, text) in edits {
        site = match text {
            Some(text) => site.with(path, text),
            None => site.without(path),
        };
        let edited = index_of(&site, &mut memo);
        assert!(edited.len() > 20, "it is built after the edit of {path}");
        assert!(edited == index_of(&site, &mut Memo::forgetful()), "after the edit of {path}");
    }
}

#[test]
fn a_site_too_large_for_one_list_has_its_index_in_parts() {
    let output = Site::varied(1010).build().output();
    let mut listed = BTreeSet::new();
    for part in 1..=3 {
        let page = String::from_utf8_lossy(&output[&format!("search/a-z/{part}/index.html")]).into_owned();
        assert_eq!(page.matches("aria-current=\"page\"").count(), 1, "part {part} says which it is");
        let letters = page
            .split("search-letter")
            .skip(1)
            .filter_map(|letter| letter.split("</section>").next())
            .flat_map(|letter| letter.split("<li><a href=\"").skip(1));
        listed.extend(letters.filter_map(|link| Some(link.split_once('"')?.0.to_owned())));
    }
    assert_eq!(listed.len(), 1011, "every page stands in one of the parts");
    let search = String::from_utf8_lossy(&output["search/index.html"]).into_owned();
    assert!(search.contains("search/a-z/3/") || search.contains("a-z/3/"), "the page for searching leads to the parts");
}

#[test]
fn hosts_are_told_which_files_never_change() {
    let headers = Site::varied(8).build().output().remove("_headers").expect("it is written");
    let headers = String::from_utf8(headers).expect("it is text");
    assert!(headers.contains("/search/en/part/*\n  Cache-Control: public, max-age=31536000, immutable\n"), "{headers}");
    assert!(!headers.contains("boot.js"), "{headers}");
}

#[test]
fn a_page_can_stay_out_of_the_search() {
    for key in ["search: false", "search: {exclude: true}"] {
        let text = format!("---\ntitle: Hidden\n{key}\n---\n\nZanzibar.\n");
        let site = Site::varied(8).with("content/roles/hidden.md", text);
        let without = Site::varied(8);
        let (with, without) = (index_of(&site, &mut Memo::new()), index_of(&without, &mut Memo::new()));
        assert!(with == without, "{key}");
    }
}

/// A site in English with some pages in German.
pub(crate) fn bilingual() -> Site {
    Site::varied(12)
        .with("site.toml", "title = \"Two languages\"\nbase_url = \"https://example.org/\"\nlanguages = [\"de\"]\n")
        .with(
            "content/roles/houses.md",
            "---\ntitle: Builder of houses\ndescription: Somebody who builds houses for a living.\n---\n\nHouses, and the way to them.\n",
        )
        .with(
            "content/roles/haeuser.md",
            "---\ntitle: Baut Häuser\ndescription: Jemand baut Häuser und lebt davon.\nlang: de\n---\n\n## Die Mischungen\n\nWer Mischungen anrührt, braucht Geduld.\n",
        )
}

#[test]
fn each_language_has_an_index_of_its_own() {
    let site = bilingual();
    let mut memo = Memo::new();
    let built = site.build_with(&mut memo);
    assert!(!built.has_errors(), "{}", built.rendered_diagnostics());
    let output = built.output();
    let of = |language: &str| -> Vec<(&String, &Vec<u8>)> {
        output.iter().filter(|(path, _)| path.starts_with(&format!("search/{language}/"))).collect()
    };
    assert_eq!((of("en").len(), of("de").len()), (4, 4));
    for stems in ["en", "de"] {
        assert!(output.keys().any(|path| path.starts_with(&format!("assets/search-stem-{stems}."))), "{stems}");
    }
    assert!(!output.keys().any(|path| path.starts_with("assets/search-stem-fr.")), "stems of no use");
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (path, bytes) in of("en").into_iter().chain(of("de")) {
        let file = folder.path().join(path);
        std::fs::create_dir_all(file.parent().expect("it has one")).expect("a folder can be made");
        std::fs::write(file, bytes).expect("a file can be written");
    }
    // Forms of a word are those of its own language.
    let questions = [
        ("de", "Haus", "Baut Häuser"),
        ("de", "mischung", "Baut Häuser"),
        ("en", "house", "Builder of houses"),
        ("en", "Häuser", ""),
    ];
    for (language, question, title) in questions {
        let folder = folder.path().join(format!("search/{language}"));
        let folder = folder.to_str().expect("it is text");
        let said = answered_by_script(&["tests/scripts/ask-titles.mjs", folder, language], question);
        assert_eq!(said.trim(), title, "{question} in {language}");
    }
    let edited = site.with("content/roles/houses.md", "---\ntitle: Builder of houses\nlang: de\n---\n\nHouses.\n");
    let after = edited.build_with(&mut memo).output();
    assert!(after == edited.build().output(), "a page that changes its language leaves one index for the other");
}

#[test]
fn a_word_of_a_title_always_finds_its_page() {
    // Names of every sort, on a site of few files and on one of many.
    let names = [
        "Mixing engineer",
        "The the",
        "C# and F# minor",
        "Café größe",
        "makeTrack HTMLParser",
        "snake_case",
        "lo-fi hi-hat",
        "12.7 of 1,000,000",
        "音楽制作",
        "Звукорежиссёр",
        "__proto__ constructor",
        "What's a point?",
        "éèê",
        "a",
        "Running runners ran",
        "мастеринг и сведение",
    ];
    for pages in [40, 330] {
        let mut site = Site::varied(pages);
        for (at, name) in names.iter().enumerate() {
            let text = format!(
                "---\ntitle: \"{name}\"\ndescription: One of the names that are asked for.\n---\n\nText about it.\n"
            );
            site = site.with(&format!("content/roles/named-{at}.md"), text);
        }
        let folder = tempfile::tempdir().expect("a folder can be made");
        let files = index_of(&site, &mut Memo::forgetful());
        assert_eq!(files.len() == 4, pages < 300, "{} files", files.len());
        for (path, bytes) in files {
            let file = folder.path().join(path);
            std::fs::create_dir_all(file.parent().expect("it has one")).expect("a folder can be made");
            std::fs::write(file, bytes).expect("a file can be written");
        }
        let output = Command::new("node")
            .arg("tests/scripts/find-titles.mjs")
            .arg(folder.path().join("search/en"))
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .expect("Node can be run: `tests/run` installs it");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(said.lines().count(), 1, "{pages} pages:\n{said}");
    }
}

/// A page of the hand-made index below: its title and its text.
const PAGES: [(&str, &str); 8] = [
    ("Music producer", "How much a producer earns depends on streams, fees and luck. This is what is known."),
    ("Streaming royalties", "What streams pay, how it is shared, and who is paid how much of it."),
    ("Mixing engineer", "Mixing is paid by the track. How one learns it is another question."),
    ("Mechanical royalties", "The mechanical rate is what is due for copies of a song."),
    ("Beat seller", "Beats are leased. An exclusive ends all leases, and is priced for that."),
    ("Teaching", "Teaching pays by the hour. How much is asked for depends on the town."),
    ("Savings", "How long savings last is the first thing to know before one goes freelance."),
    ("Loudness", "What services turn down, and how far: the loudness of a master."),
];

/// The index of those pages with calculators and facts as answers, in a folder.
fn index_with_answers(folder: &Path) {
    let answer = |kind: AnswerKind, title: &str, value: &str, keywords: &str| Answer {
        kind,
        title: title.to_owned(),
        value: value.to_owned(),
        values: if title.contains("rate") { vec![("2025".to_owned(), "12.7 ¢".to_owned())] } else { Vec::new() },
        url: "calculators/x/".to_owned(),
        detail: "with your own numbers".to_owned(),
        source: String::new(),
        keywords: keywords.to_owned(),
    };
    let answers = [
        answer(AnswerKind::Fact, "Mechanical rate for a copy of a song", "13.1 ¢", "2025 2026 United States"),
        answer(AnswerKind::Fact, "Pay for 1,000 streams", "3.41 $", "services blended 2024"),
        answer(
            AnswerKind::Calculator,
            "How many streams make a wage?",
            "12 million a year",
            "streams wage rent 1,000 streams",
        ),
        answer(
            AnswerKind::Calculator,
            "What should an exclusive beat cost?",
            "720 $",
            "lease leases price sales months",
        ),
        answer(AnswerKind::Calculator, "How long do your savings last?", "seven months", "rent income month streams"),
    ];
    let mut gathering = Gathering::default();
    for (title, text) in PAGES {
        let mut counter = Counter::default();
        counter.title(title);
        counter.text(text, FieldKind::Body);
        gathering.add(&counter.finish(), 1.0);
    }
    for answer in &answers {
        let mut counter = Counter::default();
        counter.title(&answer.title);
        counter.text(&answer.value, FieldKind::About);
        counter.text(&answer.keywords, FieldKind::Body);
        gathering.add(&counter.finish(), 1.0);
    }
    let range = |id: &str, start: usize, end: usize| {
        let (id, plural, label, icon) = (id.to_owned(), format!("{id}s"), id.to_owned(), id.to_owned());
        Range { id, plural, label, icon, start, end }
    };
    let head = Head {
        language: "en".to_owned(),
        stems: Some("../../stems.js".to_owned()),
        pages: PAGES.len(),
        kinds: vec![range("page", 0, 8), range("fact", 8, 10), range("calculator", 10, 13)],
    };
    let record = |(place, (title, _)): (usize, &(&str, &str))| serde_json::json!(["x/", title, "", 0, place, []]);
    let content = Content {
        index: gathering.join(&Stems::of_language("en"), PAGES.len()),
        records: PAGES.iter().enumerate().map(record).collect(),
        answers: answers.iter().map(Answer::to_json).collect(),
        topics: Vec::new(),
        order: serde_json::json!({}),
        texts: vec![Shard::new("part/text".to_owned(), &[&[0; 8]])],
        shorthand: Vec::new(),
    };
    write_index(folder, &head, &content);
}

/// Writes the files of an index as a site has them below its folder.
fn write_index(folder: &Path, head: &Head, content: &Content) {
    let (files, boot) = shards(head, content);
    for (path, bytes) in files.iter().chain(&content.texts).map(Shard::write).chain([boot.write_unhashed()]) {
        let file = folder.join(path);
        std::fs::create_dir_all(file.parent().expect("it has one")).expect("a folder can be made");
        std::fs::write(file, bytes).expect("a file can be written");
    }
}

#[test]
fn calculators_and_facts_answer_questions() {
    let expected = [
        ("How much is 1,000,000 streams?", "calculator: How many streams make a wage? (12 million a year)"),
        ("how long do savings last", "calculator: How long do your savings last? (seven months)"),
        ("cost of an exclusve beat", "calculator: What should an exclusive beat cost? (720 $)"),
        ("mechanical rate 2025", "fact: Mechanical rate for a copy of a song (12.7 ¢)"),
        ("mechanical rate", "fact: Mechanical rate for a copy of a song (13.1 ¢)"),
        ("mixing engineer", ""),
        ("producer", ""),
        ("qqzzxx", ""),
    ];
    let folder = tempfile::tempdir().expect("a folder can be made");
    index_with_answers(folder.path());
    let questions: Vec<&str> = expected.iter().map(|(question, _)| *question).collect();
    let said =
        answered_by_script(&["tests/scripts/ask-answers.mjs", &folder.path().to_string_lossy()], &questions.join("\n"));
    for ((question, expected), said) in expected.iter().zip(said.lines()) {
        let first = said.split("; ").next().unwrap_or_default();
        assert_eq!(first, *expected, "{question}: {said}");
    }
}

#[test]
fn a_page_is_found_by_all_that_it_is_called() {
    let page = |title: &str, more: &str, text: &str| {
        format!("---\ntitle: {title}\ndescription: One of several pages.\n{more}---\n\n{text}\n")
    };
    let site = Site::varied(12)
        .with("content/roles/harbour.md", page("Harbour", "id: harbour\naliases: [Zanzibar]\n", "Ships."))
        .with("content/roles/mole.md", page("Mole", "redirect_from: [/roles/breakwater/]\n", "Stones."))
        .with("content/roles/pilot.md", page("Pilot", "", "Ask at the [[harbour|quay of plenty]]."))
        .with("content/roles/sloop.md", page("Sloop", "", "A boat with a lateen.\n\n## Reefing a spinnaker\n\nSlowly."))
        .with("content/roles/ketch.md", page("Ketch", "search: {boost: 3}\n", "A boat with a lateen."));
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (path, bytes) in index_of(&site, &mut Memo::forgetful()) {
        let file = folder.path().join(path);
        std::fs::create_dir_all(file.parent().expect("it has one")).expect("a folder can be made");
        std::fs::write(file, bytes).expect("a file can be written");
    }
    let expected = [
        ("Zanzibar", "Harbour"),
        ("breakwater", "Mole"),
        ("quay plenty", "Harbour"),
        ("reefing a spinnaker", "Sloop"),
        ("lateen", "Ketch"),
    ];
    let questions: Vec<&str> = expected.iter().map(|(question, _)| *question).collect();
    let folder = folder.path().join("search/en");
    let said = answered_by_script(
        &["tests/scripts/ask-titles.mjs", folder.to_str().expect("it is text"), "en"],
        &questions.join("\n"),
    );
    for ((question, title), found) in expected.iter().zip(said.lines()) {
        assert_eq!(found.split("; ").next(), Some(*title), "{question}: {found}");
    }
}

/// A word of three letters for each number, the same for none.
fn word(number: usize) -> String {
    let letter = |number: usize| char::from(b'a' + (number % 26) as u8);
    format!("term{}{}{}", letter(number / 676), letter(number / 26), letter(number))
}

/// An index so large that its terms are in a directory, in a folder: seven hundred words, each on most pages, and what is best
/// for one of them in as many files of records.
fn index_of_a_very_large_site(folder: &Path) {
    const PAGES: usize = 10_000;
    const UNITS: usize = 5_600;
    const TEXTS: usize = 7;
    let weight = |unit: usize| if unit % 1000 == 7 { 60 } else { 20 };
    let postings: Vec<u8> = (0..UNITS).flat_map(|unit| [u8::from(unit > 0), weight(unit)]).collect();
    let mut tail = Vec::new();
    varint(&mut tail, UNITS);
    tail.push(20);
    tail.extend([1, 20].repeat(99));
    let words: Vec<String> = (0..700).map(word).collect();
    let term = |word: &String| Term {
        term: word.clone(),
        is_word: true,
        units: UNITS + 100,
        postings: postings.clone(),
        tail: tail.clone(),
        ..Term::default()
    };
    let index = Index {
        terms: words.iter().map(term).collect(),
        corrections: words.iter().map(|word| Correction { word: word.clone(), rank: 5 }).collect(),
    };
    let page = |unit: usize| {
        let (file, place) = (unit / TEXTS, unit % TEXTS);
        serde_json::json!([format!("p/{unit}/"), format!("Page {unit}"), "", file, place, []])
    };
    // One passage without anchor and title: two words, in this order on the later pages alone.
    let text = |unit: usize| {
        let (first, second) = if unit < 2000 { (40, 3) } else { (3, 40) };
        format!("\0\0{} {}", word(first), word(second)).into_bytes()
    };
    let texts = (0..PAGES.div_ceil(TEXTS)).map(|file| {
        let mut pages = Vec::new();
        for text in (file * TEXTS..(file + 1) * TEXTS).map(text) {
            varint(&mut pages, text.len());
            pages.extend_from_slice(&text);
        }
        Shard::new(numbered('x', file), &[&pages])
    });
    let kind = Range { id: "page".to_owned(), start: 0, end: PAGES, ..Range::default() };
    let head = Head { language: "xx".to_owned(), stems: None, pages: PAGES, kinds: vec![kind] };
    let content = Content {
        index,
        records: (0..PAGES).map(page).collect(),
        answers: Vec::new(),
        topics: Vec::new(),
        order: serde_json::json!({}),
        texts: texts.collect(),
        shorthand: Vec::new(),
    };
    write_index(folder, &head, &content);
}

#[test]
fn a_question_to_a_very_large_site_never_asks_for_more_than_fourteen_files() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    index_of_a_very_large_site(folder.path());
    let asked = |numbers: &[usize]| numbers.iter().map(|number| word(*number)).collect::<Vec<_>>().join(" ");
    let long = asked(&[3, 40, 90, 150, 260, 320, 410, 500, 600]);
    // What is asked, what of it is corrected, and how many of its words are left out.
    let questions = [
        (asked(&[3]), "", 0),
        (asked(&[3, 40]), "", 0),
        (asked(&[3, 40, 90, 150, 260]), "", 0),
        (long.clone(), "", 4),
        (format!("{long} ter"), "", 5),
        (format!("kind:page {long}"), "", 4),
        ("ter".to_owned(), "", 0),
        (format!("{} term", asked(&[3, 40, 90])), "", 0),
        (format!("{} termxyq", asked(&[3, 40, 90, 150])), "termxyq", 0),
        (format!("{} termxyq wermaab", asked(&[3, 40, 90])), "termxyq", 0),
        ("termxyq termyxq".to_owned(), "termxyq termyxq", 0),
        (format!("\"{}\"", asked(&[3, 40])), "", 0),
        (format!("\"{}\" {}", asked(&[3, 40]), asked(&[90, 150, 260])), "", 0),
        (format!("kind:page \"{}\" {long}", asked(&[3, 40])), "", 4),
        (format!("\"{}\" termxyq", asked(&[3, 40])), "termxyq", 0),
    ];
    let lines: Vec<&str> = questions.iter().map(|(question, ..)| question.as_str()).collect();
    let said =
        answered_by_script(&["tests/scripts/count-loads.mjs", &folder.path().to_string_lossy()], &lines.join("\n"));
    assert_eq!(said.lines().count(), questions.len());
    for ((question, corrected, unasked), said) in questions.iter().zip(said.lines()) {
        let (counts, rest) = said.split_once("; ").expect("counts come first");
        for count in counts.split(' ') {
            assert!(count.parse::<usize>().expect("a count") <= 14, "{question}: {said}");
        }
        let (rest, left) = rest.split_once("; left ").unwrap_or((rest, "0"));
        let (found, unasked_words) = rest.split_once("; unasked").expect("what was left out comes last");
        if question.contains('"') {
            // Those looked at in vain are said not to be all.
            assert!(left.parse::<usize>().expect("a count") > 1000, "{question}: {said}");
            let count = found.split(' ').next().and_then(|count| count.parse::<usize>().ok());
            assert!(count.is_some_and(|count| count >= 2), "{question}: {said}");
        } else if !question.starts_with("ter ") && question != "ter" {
            assert_eq!(found, format!("5 results; corrected {corrected}"), "{question}");
        }
        assert_eq!(unasked_words.split_whitespace().count(), *unasked, "{question}: {said}");
    }
}
