//! What holds for the handbook: its examples build, and its page of diagnostics says what the codes say.

use crate::workshop::{Site, blessing, files_below};
use fingerpost::config::schema::level_word;
use fingerpost::diag::Code;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Pages that are written from the codes.
const DIAGNOSTICS: [&str; 2] = ["diagnostics.md", "calculator-diagnostics.md"];

/// The page of all codes but those of calculators, which have a page to themselves: both stay short enough for a phone.
const FRONT_MATTER: &str = "\
---
title: Diagnostics
description: Every message that fingerpost gives, by its code, with what it means, an example that produces it, and how to mend it
id: handbook-diagnostics
order: 11
topics: [writing, method]
reviewed: 2026-11-26
review_by: 2027-11-26
toc: false
search: false
bottom_line: \"Each message has a code in brackets. Find it here, or ask `fingerpost explain` for it: both say what it means, show a small site that produces it, and tell how to mend it.\"
---

An error keeps the site from being built. A warning does not, unless you say `--strict`. What is odd but may be meant is a lint, and `[lints]` in `site.toml` sets its level: `allow`, `warn` or `deny`. All other codes are always errors. [[Kinds and relations]] says which rules a site can set for itself, and [[Commands]] how findings are printed for machines. Of many warnings of one sort the first fifty are shown, with how many there are; `--verbose` shows all. What is said of calculators is on [[Diagnostics of calculators]].

```toml
[lints]
link-cut = \"deny\"
page-orphan = \"allow\"
```

";

const CALCULATORS: &str = "\
---
title: Diagnostics of calculators
description: Every message that fingerpost gives about a calculator, by its code, with an example that produces it and how to mend it
id: handbook-diagnostics-calculators
order: 12
topics: [writing, method]
reviewed: 2026-11-26
review_by: 2027-11-26
toc: false
search: false
bottom_line: \"Units, ranges and examples are checked each time the site is built, so most mistakes in a calculator are found before a reader meets them.\"
---

[[Calculators]] documents the language. [[Diagnostics]] has all other codes, and says what errors, warnings and lints are.

";

#[test]
fn the_pages_of_diagnostics_say_what_the_codes_say() {
    let is_of_calculator = |code: &&Code| code.name().starts_with("calc-");
    for (name, front_matter, codes) in [
        (DIAGNOSTICS[0], FRONT_MATTER, Code::ALL.iter().filter(|code| !is_of_calculator(code)).collect::<Vec<_>>()),
        (DIAGNOSTICS[1], CALCULATORS, Code::ALL.iter().filter(is_of_calculator).collect()),
    ] {
        let mut text = front_matter.to_owned();
        text.push_str("| code | usual level | it means |\n|---|---|---|\n");
        for code in &codes {
            let level = if code.is_lint() { level_word(code.default_level()) } else { "always an error" };
            let meaning = meaning(**code).replace('|', "\\|");
            let _ = writeln!(text, "| [`{0}`](#code-{0}) | {level} | {meaning} |", code.name());
        }
        for code in codes {
            text.push_str(&section(*code));
        }
        let path = folder().join(name);
        let known = fs::read_to_string(&path).unwrap_or_default();
        if known != text && blessing() {
            fs::write(&path, &text).unwrap();
            continue;
        }
        assert!(known == text, "FINGERPOST_BLESS=1 cargo test handbook writes content/handbook/{name}");
    }
}

/// Blocks of code that name a file lie over the starter site, all those of a page together; a later block of the same
/// name begins another site.
#[test]
fn examples_in_the_handbook_build_without_findings() {
    let mut sites = 0;
    let mut faults = Vec::new();
    for path in pages() {
        let text = fs::read_to_string(&path).unwrap();
        for files in sites_of(&text) {
            sites += 1;
            let mut site = Site::with_default_theme();
            for (name, content) in files_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli/starter")) {
                site = site.with(&name, content);
            }
            for (name, content) in &files {
                let content = match name.as_str() {
                    "site.toml" => format!("{SITE_TOML}{content}"),
                    _ => content.clone(),
                };
                site = site.with(name, content);
            }
            let findings = site.build().findings();
            let found: Vec<String> = findings
                .iter()
                .filter(|finding| !STANDS_ALONE.contains(&finding.code))
                .map(|finding| finding.text.clone())
                .collect();
            if !found.is_empty() {
                let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
                faults.push(format!("{} ({}):\n{}", path.display(), names.join(", "), found.join("\n")));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
    assert!(sites > 10, "the handbook shows sites, and only {sites} were found");
}

/// What stands above the lines of `site.toml` that the handbook shows.
const SITE_TOML: &str = "title = \"Example\"\nbase_url = \"https://example.org/\"\n";

/// Findings that only say that an example is small.
const STANDS_ALONE: [&str; 7] = [
    "page-orphan",
    "page-dead-end",
    "relation-missing",
    "relation-unused",
    "vocabulary-unused",
    "field-missing",
    "fact-unused",
];

/// The files of the examples of a page, one list for each site.
fn sites_of(text: &str) -> Vec<Vec<(String, String)>> {
    let mut sites: Vec<Vec<(String, String)>> = Vec::new();
    for (info, content) in blocks(text) {
        let Some((_, name)) = info.split_once(' ') else { continue };
        match sites.last_mut().filter(|site| site.iter().all(|(known, _)| known != name)) {
            Some(site) => site.push((name.to_owned(), content)),
            None => sites.push(vec![(name.to_owned(), content)]),
        }
    }
    sites
}

/// One code: its meaning, why it matters, its usual level, its example and what to do.
fn section(code: Code) -> String {
    let page = code.explanation();
    let (_, rest) = page.split_once("\n\n").unwrap();
    let (meaning, rest) = rest.split_once("\n\n## Example\n").unwrap();
    let (example, advice) = rest.split_once("\n## What to do\n").unwrap();
    let level = match code.is_lint() {
        true => format!("Usual level: `{}`.", level_word(code.default_level())),
        false => "Always an error.".to_owned(),
    };
    let mut text =
        format!("\n## {0} {{#code-{0}}}\n\n{meaning}\n\n{level} **What to do:** {1}\n", code.name(), advice.trim());
    for (info, content) in blocks(example) {
        let mut words = info.split(' ');
        let language = words.next().unwrap_or_default();
        let fence = if content.contains("```") { "````" } else { "```" };
        let name: Vec<&str> = words.collect();
        let (title, language) = match (language, name.as_slice()) {
            ("text", []) => ("What it prints:".to_owned(), "text"),
            ("link", [from, _, to]) => {
                let _ = write!(text, "\n`{from}` is a link to `{to}`.\n");
                continue;
            }
            (language, [path]) => (format!("`{path}`:"), language),
            (language, [path, "bytes"]) => {
                (format!("`{path}`, where `\\x` and two digits stand for one byte:"), language)
            }
            (language, [path, more]) => match more.split_once('=') {
                Some(("long", count)) => (format!("`{path}`, where `…` stands for {count} letters:"), language),
                Some(("times", count)) => (format!("{count} files `{path}`, where `{{n}}` is the number:"), language),
                _ => panic!("{}: `{info}` means nothing", code.name()),
            },
            _ => panic!("{}: `{info}` means nothing", code.name()),
        };
        // A calculator that cannot be read is shown, not run.
        let language = if language == "calc" { "yaml" } else { language };
        let _ = write!(text, "\n{title}\n\n{fence}{language}\n{content}{fence}\n");
    }
    text
}

fn meaning(code: Code) -> String {
    code.explanation().lines().nth(2).unwrap().to_owned()
}

/// Info string and content of each fenced block.
fn blocks(text: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(String, String, String)> = None;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_end();
        let ticks = trimmed.len() - trimmed.trim_start_matches('`').len();
        open = match open {
            None if ticks >= 3 => Some((trimmed[..ticks].to_owned(), trimmed[ticks..].to_owned(), String::new())),
            Some((fence, info, content)) if trimmed == fence => {
                blocks.push((info, content));
                None
            }
            Some((fence, info, content)) => Some((fence, info, content + line)),
            None => None,
        };
    }
    blocks
}

fn pages() -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.file_name().is_some_and(|name| !DIAGNOSTICS.iter().any(|known| name == *known)));
    paths.sort();
    paths
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("content/handbook")
}
