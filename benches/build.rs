//! Measures whole builds of seeded sites as processes: CPU, wall, peak memory, stages and growth, beside Hugo and Zola.
#![allow(clippy::print_stdout, clippy::print_stderr)] // A bench speaks to a terminal.

mod arguments;
mod measure;
mod peers;
mod report;
mod seeded;

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use arguments::{Arguments, Peer};
use measure::Cost;
use peers::Code;
use report::{Series, Sized};
use seeded::Dialect;

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    if words.iter().any(|word| word == "--help") {
        println!("{}", arguments::HELP);
        return ExitCode::SUCCESS;
    }
    if words.first().is_some_and(|word| word == INNER) {
        return finish(inner(&words[1..]));
    }
    match arguments::parse(words.into_iter()) {
        Ok(arguments) => finish(bench(&arguments)),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn finish(result: io::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// The first argument of this program where it is its own child. Whatever needs memory runs in a child: the kernel
/// counts the memory of the process that starts another towards the peak of the one it starts.
const INNER: &str = "--inner";

fn inner(words: &[String]) -> io::Result<()> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["write-site", dialect, seed, page_count, folder] => {
            let dialect = match *dialect {
                "hugo" => Dialect::Hugo,
                "hugo-lean" => Dialect::HugoLean,
                "zola" => Dialect::Zola,
                "zola-lean" => Dialect::ZolaLean,
                _ => Dialect::Fingerpost,
            };
            let parse = |text: &str| text.parse().map_err(|_| io::Error::other(format!("not a number: {text}")));
            let written = seeded::write_site(dialect, parse(seed)?, parse(page_count)? as usize, Path::new(folder))?;
            println!(
                "{} files, {:.1} MB, digest {:016x}",
                written.file_count,
                written.byte_count as f64 / 1e6,
                written.digest
            );
            Ok(())
        }
        ["write-copy", from, to] => {
            let cost = measure::writing::write_copy(Path::new(from), Path::new(to))?;
            println!("{} {}", cost.cpu_s, cost.wall_s);
            Ok(())
        }
        ["fetch-hugo", cache] => {
            println!("{}", peers::fetch_hugo(Path::new(cache))?.display());
            Ok(())
        }
        ["fetch-zola", cache] => {
            println!("{}", peers::fetch_zola(Path::new(cache))?.display());
            Ok(())
        }
        _ => Err(io::Error::other(format!("unknown inner command {words:?}"))),
    }
}

/// Runs one inner command and gives what it printed.
fn ask_inner(words: &[&std::ffi::OsStr]) -> io::Result<String> {
    let output = Command::new(env::current_exe()?).arg(INNER).args(words).output()?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
    } else {
        Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()))
    }
}

/// The programs of one session.
struct Programs {
    fingerpost: PathBuf,
    against: Option<PathBuf>,
    hugo: Option<PathBuf>,
    zola: Option<PathBuf>,
}

fn bench(arguments: &Arguments) -> io::Result<()> {
    let (root, is_ours) = match &arguments.out {
        Some(folder) => (folder.clone(), false),
        None => (temporary_folder(), true),
    };
    fs::create_dir_all(&root)?;
    let root = root.canonicalize()?;
    let result = measure_all(arguments, &root);
    if is_ours {
        fs::remove_dir_all(&root)?;
    }
    result
}

/// In memory where the system keeps a folder for that: a disk's mood would drown what is measured.
fn temporary_folder() -> PathBuf {
    let in_memory = Path::new("/dev/shm");
    let parent = if in_memory.is_dir() { in_memory.to_path_buf() } else { env::temp_dir() };
    parent.join(format!("fingerpost-bench-{}", std::process::id()))
}

fn measure_all(arguments: &Arguments, root: &Path) -> io::Result<()> {
    let programs = Programs {
        fingerpost: PathBuf::from(env!("CARGO_BIN_EXE_fingerpost")),
        against: arguments.against.clone(),
        hugo: find_peer(&arguments.hugo, "fetch-hugo")?,
        zola: find_peer(&arguments.zola, "fetch-zola")?,
    };
    print_head(arguments, &programs, root);
    let mut sizes = Vec::new();
    let mut page_counts = arguments.sizes.clone();
    page_counts.sort_unstable();
    for page_count in page_counts {
        let sites = Sites::generate(arguments, &programs, root, page_count)?;
        if arguments.only_generate {
            continue;
        }
        let size = measure_size(arguments, &programs, &sites)?;
        print!("{}{}", report::size_table(&size), report::reader_table(&size));
        sizes.push(size);
        if arguments.out.is_none() {
            fs::remove_dir_all(&sites.folder)?;
        }
    }
    print!("{}{}", report::stage_table(&sizes), report::growth_table(&sizes));
    if arguments.out.is_some() && !sizes.is_empty() {
        fs::write(root.join("runs.tsv"), report::raw_runs(&sizes))?;
    }
    Ok(())
}

fn find_peer(peer: &Peer, fetch: &str) -> io::Result<Option<PathBuf>> {
    match peer {
        Peer::Absent => Ok(None),
        Peer::Program(program) => Ok(Some(program.clone())),
        Peer::Pinned => {
            let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("peers");
            fs::create_dir_all(&cache)?;
            ask_inner(&[fetch.as_ref(), cache.as_ref()]).map(|path| Some(PathBuf::from(path)))
        }
    }
}

fn print_head(arguments: &Arguments, programs: &Programs, root: &Path) {
    let mut parts = vec![peers::version(&programs.fingerpost, "--version")];
    if let Some(binary) = &programs.hugo {
        parts.push(peers::version(binary, "version"));
    }
    if let Some(binary) = &programs.zola {
        parts.push(peers::version(binary, "--version"));
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = if root.starts_with("/dev/shm") { "in memory" } else { "on disk" };
    let (runs, seed) = (arguments.runs, arguments.seed);
    println!(
        "{} · medians of {runs} interleaved runs · {cores} cores · output {memory} · seed {seed}",
        parts.join(" · ")
    );
    println!("× is times the first line of the same run: above 1 costs more than ours, below 1 less.");
}

/// What switches highlighting and search off in our own `site.toml`.
const PLAIN_SETTINGS: &str = "markdown.highlight = false\n";

/// The sites of one size, one a dialect.
struct Sites {
    folder: PathBuf,
    page_count: usize,
    fingerpost: PathBuf,
    hugo: Option<PathBuf>,
    hugo_lean: Option<PathBuf>,
    zola: Option<PathBuf>,
    zola_lean: Option<PathBuf>,
}

impl Sites {
    fn generate(arguments: &Arguments, programs: &Programs, root: &Path, page_count: usize) -> io::Result<Self> {
        let folder = root.join(page_count.to_string());
        let with_peers = page_count <= arguments.peers_up_to;
        let write = |dialect: &str| -> io::Result<PathBuf> {
            let site = folder.join(dialect);
            if site.exists() {
                fs::remove_dir_all(&site)?;
            }
            let (seed, count) = (arguments.seed.to_string(), page_count.to_string());
            let written =
                ask_inner(&["write-site".as_ref(), dialect.as_ref(), seed.as_ref(), count.as_ref(), site.as_ref()])?;
            println!("site of {page_count} pages for {dialect}: {written}");
            Ok(site)
        };
        let write_if = |wanted: bool, dialect| (wanted && with_peers).then(|| write(dialect)).transpose();
        let fingerpost = write("fingerpost")?;
        let plain = if arguments.plain { PLAIN_SETTINGS } else { "" };
        if !arguments.settings.is_empty() || arguments.plain {
            let file = fingerpost.join("site.toml");
            let text = fs::read_to_string(&file)? + plain + &arguments.settings + "\n";
            fs::write(file, text)?;
        }
        let hugo = write_if(programs.hugo.is_some(), "hugo")?;
        let hugo_lean = write_if(programs.hugo.is_some() && arguments.lean_peers, "hugo-lean")?;
        let zola = write_if(programs.zola.is_some(), "zola")?;
        let zola_lean = write_if(programs.zola.is_some() && arguments.lean_peers, "zola-lean")?;
        Ok(Self { folder, page_count, fingerpost, hugo, hugo_lean, zola, zola_lean })
    }
}

/// What is run in every round.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Cold,
    Again,
    Edited,
    Against,
    Writing,
    Hugo,
    HugoLean,
    Zola,
    ZolaPlain,
    ZolaLean,
}

impl Step {
    fn name(self) -> &'static str {
        match self {
            Self::Cold => "fingerpost",
            Self::Again => "… nothing changed",
            Self::Edited => "… one page edited",
            Self::Against => "other fingerpost",
            Self::Writing => "writing alone",
            Self::Hugo => "hugo",
            Self::HugoLean => "hugo, lean site",
            Self::Zola => "zola",
            Self::ZolaPlain => "zola, code plain",
            Self::ZolaLean => "zola, lean site",
        }
    }
}

fn measure_size(arguments: &Arguments, programs: &Programs, sites: &Sites) -> io::Result<Sized> {
    let mut steps = match arguments.growth {
        true => vec![Step::Cold],
        false => vec![Step::Cold, Step::Again, Step::Edited, Step::Writing],
    };
    let own_in_order = steps.len();
    if programs.against.is_some() {
        steps.push(Step::Against);
    }
    if sites.hugo.is_some() {
        steps.push(Step::Hugo);
    }
    if sites.hugo_lean.is_some() {
        steps.push(Step::HugoLean);
    }
    if sites.zola.is_some() {
        // Zola's highlighter takes most of its time in some versions: its build without it is the fairer floor.
        if !arguments.plain {
            steps.push(Step::Zola);
        }
        steps.push(Step::ZolaPlain);
    }
    if sites.zola_lean.is_some() {
        steps.push(Step::ZolaLean);
    }
    let mut all: Vec<Series> = steps.iter().map(|step| Series::new(step.name())).collect();
    // A small build takes as long as the machine's noise, and costs little to repeat.
    let repeats = if arguments.growth && sites.page_count <= 1_000 { 5 } else { 1 };
    for round in 0..arguments.runs * repeats {
        // Every second round backwards, so that none always runs after the same one; our own stay in order, because
        // the later ones start from what the cold build left.
        let mut order: Vec<usize> = (0..steps.len()).collect();
        if round % 2 == 1 {
            order[own_in_order..].reverse();
            order.rotate_left(own_in_order);
        }
        for position in order {
            run_step(arguments, steps[position], round, programs, sites, &mut all[position])?;
        }
    }
    Ok(Sized { page_count: sites.page_count, series: all })
}

fn run_step(
    arguments: &Arguments,
    step: Step,
    round: usize,
    programs: &Programs,
    sites: &Sites,
    series: &mut Series,
) -> io::Result<()> {
    let code = if arguments.plain { Code::Plain } else { Code::Highlighted };
    let output = |name: &str| sites.folder.join(format!("out-{name}"));
    let ours = output("fingerpost");
    let build = |binary: &Path, output: &Path| {
        let mut command = Command::new(binary);
        command.args(["build", "--timings", "-r"]).arg(&sites.fingerpost).arg("-o").arg(output);
        command
    };
    let (mut command, out) = match step {
        Step::Cold => {
            forget(&ours)?;
            forget(&sites.fingerpost.join(".fingerpost"))?;
            (build(&programs.fingerpost, &ours), ours)
        }
        Step::Again => (build(&programs.fingerpost, &ours), ours),
        Step::Edited => {
            let article = first_article(&sites.fingerpost)?;
            let text = fs::read_to_string(&article)?;
            fs::write(&article, format!("{text}Edited in round {round}.\n"))?;
            let result = measured(&mut build(&programs.fingerpost, &ours), &ours, series);
            fs::write(&article, text)?;
            return result;
        }
        Step::Writing => {
            let copy = output("copy");
            forget(&copy)?;
            let printed = ask_inner(&["write-copy".as_ref(), ours.as_ref(), copy.as_ref()])?;
            let mut numbers = printed.split(' ').map(|number| number.parse().unwrap_or(0.0));
            let (cpu_s, wall_s) = (numbers.next().unwrap_or(0.0), numbers.next().unwrap_or(0.0));
            series.costs.push(Cost { cpu_s, wall_s, ..Cost::default() });
            (series.file_count, series.byte_count) = measure::count_files(&copy)?;
            return forget(&copy);
        }
        Step::Against => {
            let out = output("against");
            forget(&out)?;
            (build(programs.against.as_deref().unwrap_or(&programs.fingerpost), &out), out)
        }
        Step::Hugo => peer_step(&sites.hugo, &programs.hugo, output("hugo"), code, peers::hugo_build)?,
        Step::HugoLean => peer_step(&sites.hugo_lean, &programs.hugo, output("hugo-lean"), code, peers::hugo_build)?,
        Step::Zola => peer_step(&sites.zola, &programs.zola, output("zola"), code, peers::zola_build)?,
        Step::ZolaLean => peer_step(&sites.zola_lean, &programs.zola, output("zola-lean"), code, peers::zola_build)?,
        Step::ZolaPlain => peer_step(&sites.zola, &programs.zola, output("zola"), Code::Plain, peers::zola_build)?,
    };
    measured(&mut command, &out, series)
}

/// A cold build of a peer's site.
fn peer_step(
    site: &Option<PathBuf>,
    binary: &Option<PathBuf>,
    output: PathBuf,
    code: Code,
    build: fn(&Path, &Path, &Path, Code) -> Command,
) -> io::Result<(Command, PathBuf)> {
    forget(&output)?;
    match (site, binary) {
        (Some(site), Some(binary)) => Ok((build(binary, site, &output, code), output)),
        _ => Err(io::Error::other("a peer's step without its site or its program")),
    }
}

fn measured(command: &mut Command, output: &Path, series: &mut Series) -> io::Result<()> {
    let finished = measure::run(command)?;
    // A build that wrote nothing failed, whatever its exit code says: Zola's add-on always says 0.
    if !finished.succeeded || !output.is_dir() {
        return Err(io::Error::other(format!("{command:?} failed:\n{}", finished.standard_error)));
    }
    series.add_stages(&finished.standard_error);
    series.costs.push(finished.cost);
    (series.file_count, series.byte_count) = measure::count_files(output)?;
    // The same bytes come out of every run, so the first tells what a reader gets.
    if series.articles.count == 0 {
        series.articles = measure::reading::count_articles(output, &seeded::section_folders())?;
    }
    Ok(())
}

fn first_article(site: &Path) -> io::Result<PathBuf> {
    let mut articles: Vec<PathBuf> = fs::read_dir(site.join("content/skills"))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    articles.sort();
    articles.into_iter().next().ok_or_else(|| io::Error::other("the site has no article to edit"))
}

fn forget(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
