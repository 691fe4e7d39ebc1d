//! The handbook agrees with the program: its page of commands is made from the program's own help, and every command in
//! its examples is one.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::{Arg, CommandFactory, Parser};

use super::super::Arguments;

const FRONT_MATTER: &str = "---\n\
title: Commands\n\
description: Every command of the fingerpost program with its arguments and flags, an example for each, and what exit codes mean\n\
id: handbook-commands\n\
order: 10\n\
topics: [writing, method]\n\
reviewed: 2026-11-26\n\
review_by: 2027-11-26\n\
bottom_line: \"`serve` while you write, `check` before you publish, `build` to publish. Every command explains itself with `--help`, and this page is made from the same words.\"\n\
---\n";

const INTRODUCTION: &str = "[[handbook-start]] shows the four that you need first. A command works on the project at or above the current folder: the nearest `site.toml` decides. \
`--root` names another. What you ask for goes to standard output, so that a pipe gets data and nothing else; messages and \
progress go to standard error.\n\n\
| exit code | it means |\n|---|---|\n\
| 0 | all is well |\n\
| 1 | there are findings, or something failed |\n\
| 2 | the command cannot be understood |\n\
| 101 | a fault of Fingerpost itself, which asks you to report it |\n";

#[test]
fn the_page_of_commands_is_what_the_program_says_of_itself() {
    let mut command = Arguments::command();
    command.build();
    let mut text = format!("{FRONT_MATTER}\n{INTRODUCTION}\n## Options of every command\n\n");
    text.push_str(&table(command.get_arguments().filter(|argument| argument.is_global_set())));
    for sub in command.get_subcommands() {
        let name = sub.get_name();
        let about = sub.get_about().map(ToString::to_string).unwrap_or_default();
        let long = sub.get_long_about().map(ToString::to_string).unwrap_or_default();
        let usage = sub.clone().render_usage().to_string();
        let usage = usage.trim_start_matches("Usage: ").trim();
        let _ = write!(text, "\n## {name}\n\n{about}.\n");
        for paragraph in long.split("\n\n").skip(1) {
            let _ = write!(text, "\n{}\n", paragraph.trim());
        }
        let example = sub.get_after_help().map(ToString::to_string).unwrap_or_default();
        let example = example.trim_start_matches("Example: ").to_owned();
        assert!(example.starts_with("fingerpost "), "`{name}` shows no example");
        let _ = write!(text, "\n```sh\n{usage}\n{example}\n```\n");
        let own = table(sub.get_arguments().filter(|argument| !argument.is_global_set()));
        if !own.is_empty() {
            let _ = write!(text, "\n{own}");
        }
    }
    let path = folder().join("commands.md");
    let known = fs::read_to_string(&path).unwrap_or_default();
    if known != text && std::env::var_os("FINGERPOST_BLESS").is_some_and(|value| value == "1") {
        fs::write(&path, &text).expect("the page can be written");
        return;
    }
    assert_eq!(known, text, "FINGERPOST_BLESS=1 cargo test --lib handbook writes it");
}

#[test]
fn every_command_in_the_handbook_is_one() {
    let mut commands = 0;
    let mut shown = BTreeSet::new();
    for (path, text) in pages() {
        for line in code_of(&text, "sh").filter(|line| !line.starts_with('#')) {
            let Some(line) = line.split("  #").next().and_then(|line| line.strip_prefix("fingerpost ")) else {
                continue;
            };
            if line.contains(['[', '<']) {
                // The usage line of a command.
                continue;
            }
            let line = line.split(" && ").next().unwrap_or(line).split(" > ").next().unwrap_or(line);
            commands += 1;
            let words = std::iter::once("fingerpost".to_owned()).chain(words(line));
            let parsed = Arguments::try_parse_from(words);
            assert!(parsed.is_ok(), "{}: `fingerpost {line}`: {}", path.display(), parsed.expect_err("it is an error"));
            shown.extend(line.split(' ').next().map(str::to_owned));
        }
    }
    assert!(commands > 20, "the handbook shows commands, and only {commands} were found");
    let all: BTreeSet<String> =
        Arguments::command().get_subcommands().map(|command| command.get_name().to_owned()).collect();
    assert_eq!(shown, all, "every command has an example");
}

/// A row for each argument; nothing when there is none.
fn table<'a>(arguments: impl Iterator<Item = &'a Arg>) -> String {
    let mut text = String::new();
    let arguments = arguments.filter(|argument| !["help", "version"].contains(&argument.get_id().as_str()));
    for argument in arguments {
        if text.is_empty() {
            text.push_str("| argument | what it does |\n|---|---|\n");
        }
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(
            text,
            "| {} | {}{} |",
            names(argument),
            help.replace('\n', " ").replace('|', "\\|"),
            more(argument)
        );
    }
    text
}

/// `` `-o`, `--output-dir DIR` ``, or the name of what stands in its place.
fn names(argument: &Arg) -> String {
    let value = match argument.get_num_args() {
        Some(count) if count.takes_values() => {
            let names: Vec<&str> = argument.get_value_names().unwrap_or_default().iter().map(AsRef::as_ref).collect();
            names.join(" ")
        }
        _ => String::new(),
    };
    if argument.is_positional() {
        return format!("`{value}`");
    }
    let value = if value.is_empty() { value } else { format!(" {value}") };
    let long = argument.get_long().unwrap_or_default();
    match argument.get_short() {
        Some(short) => format!("`-{short}`, `--{long}{value}`"),
        None => format!("`--{long}{value}`"),
    }
}

/// The words a value may be, with the usual one.
fn more(argument: &Arg) -> String {
    let mut text = String::new();
    let words: Vec<String> =
        argument.get_possible_values().iter().map(|value| format!("`{}`", value.get_name())).collect();
    if !words.is_empty() && argument.get_num_args().is_some_and(|count| count.takes_values()) {
        let _ = write!(text, "; one of {}", words.join(", "));
    }
    let usual: Vec<&str> = argument.get_default_values().iter().filter_map(|value| value.to_str()).collect();
    if !usual.is_empty() && argument.get_num_args().is_some_and(|count| count.takes_values()) {
        let _ = write!(text, "; usual: `{}`", usual.join(" "));
    }
    text
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("content/handbook")
}

fn pages() -> Vec<(PathBuf, String)> {
    let entries = fs::read_dir(folder()).expect("the handbook is there");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("it can be read").path()).collect();
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), fs::read_to_string(path).expect("it can be read"))).collect()
}

/// The lines of all blocks of code in a language.
fn code_of<'a>(text: &'a str, language: &'a str) -> impl Iterator<Item = &'a str> {
    let mut inside = None;
    text.lines().filter(move |line| match (line.strip_prefix("```"), inside) {
        (Some(info), None) => {
            inside = Some(info.split(' ').next() == Some(language));
            false
        }
        (Some(_), Some(_)) => {
            inside = None;
            false
        }
        (None, inside) => inside == Some(true),
    })
}

/// A line as a shell takes it apart: white space divides, double quotes hold together.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (at, part) in line.split('"').enumerate() {
        if at % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}
