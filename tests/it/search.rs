//! Search from the outside: what the index promises, and that the browser's side keeps step with ours.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::fetched;
use crate::workshop::Site;
use fingerpost::memo::Memo;
use fingerpost::search::stem::Stems;
use fingerpost::search::token::is_plain_word;
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
    let mut node = Command::new("node")
        .args(["tests/scripts/stem-words.mjs", language])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Node can be run: `tests/run` installs it");
    let input = words.iter().map(String::as_str).collect::<Vec<_>>().join("\n");
    let mut stdin = node.stdin.take().expect("it is ours");
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = node.wait_with_output().expect("Node ends");
    writer.join().expect("the writer ends").expect("Node reads");
    assert!(output.status.success(), "the script failed for {language}");
    String::from_utf8(output.stdout).expect("stems are text").split('\n').map(str::to_owned).collect()
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
