//! Measures calculators: reading, checking, evaluating and sampling one, and a whole build of a site with a hundred.
#![allow(clippy::print_stdout)] // A bench speaks to a terminal.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Instant;

use fingerpost::base::SourcePath;
use fingerpost::calc::check::check;
use fingerpost::calc::declaration::KEYS;
use fingerpost::calc::sample::{Draws, Sampled, wanted};
use fingerpost::calc::{Calculator, Declaration, Known, Memory, Records, read_declaration};
use fingerpost::config::Overrides;
use fingerpost::data::{Node, Value, parse_yaml};
use fingerpost::files::Files;
use fingerpost::memo::Memo;
use fingerpost::pipeline::{Nobody, Nowhere, build};

/// The hardest of the guide's: ten inputs, six of which spread, a factor in common, three charts.
const INCOME_MIX: &str = include_str!("../content/calculators/income-mix.calc.yaml");

/// How many calculators the site has.
const CALCULATORS: usize = 100;

/// Runs of each measurement; the median is told.
const RUNS: usize = 15;

struct NoFacts;

impl Records for NoFacts {
    fn fact(&self, _: &str) -> Option<Known> {
        None
    }

    fn nearest(&self, _: &str) -> Option<String> {
        None
    }
}

fn main() {
    let path = SourcePath::new("content/calculators/income-mix.calc.yaml");
    let read = || declaration(&path);
    let libraries: BTreeMap<&str, &Declaration> = BTreeMap::new();
    let declared = read();
    let checked = || check(&declared, &libraries, &NoFacts, None, &mut Vec::new()).expect("it has no faults");
    let program = checked().program;
    let mut memory = Memory::of_defaults(&program);
    memory.run(&program);
    let draws = Draws::of(&program);
    let places = wanted(&program);

    tell("read the declaration", || {
        black_box(read());
    });
    tell("check it", || {
        black_box(checked());
    });
    tell("evaluate it 2,000 times", || {
        for _ in 0..2000 {
            memory.run(black_box(&program));
        }
    });
    tell("draw its samples", || {
        black_box(Draws::of(&program));
    });
    tell("run its 2,000 samples", || {
        black_box(Sampled::run(&program, &memory, &draws, &places));
    });
    tell("all of it for the page", || {
        black_box(Calculator::of(checked().program));
    });
    let with = site(CALCULATORS);
    let without = site(0);
    tell("a site without calculators", || run(&without));
    tell("a site with a hundred", || run(&with));
}

fn declaration(path: &SourcePath) -> Declaration {
    let mut faults = Vec::new();
    let node = parse_yaml(path, INCOME_MIX, 0, &mut faults).node;
    let Value::Map(entries) = node.value else { panic!("a calculator is a mapping") };
    let entries = entries.into_iter().filter(|entry| KEYS.contains(&entry.key.as_str())).collect();
    let node = Node { span: node.span, value: Value::Map(entries) };
    read_declaration(path, INCOME_MIX, &node, "", &mut faults).expect("it can be read")
}

fn site(calculators: usize) -> Files {
    let mut files = Files::from_pairs([
        ("site.toml", &b"title = \"Bench\"\nbase_url = \"https://example.org/\"\n"[..]),
        ("content/index.md", &b"---\ntitle: Bench\n---\nText.\n"[..]),
    ]);
    for number in 0..calculators {
        let text = INCOME_MIX
            .replace("calculator: income-mix", &format!("calculator: mix-{number}"))
            .replace("relations:\n  part_of: hub-money-flows\n", "")
            .replace("What might a mixed month look like?", &format!("Mix number {number}"));
        files.insert(&format!("content/calculators/mix-{number}.calc.yaml"), text.into_bytes());
    }
    files
}

fn run(files: &Files) {
    let outcome = build(files, &Overrides::default(), Vec::new(), &mut Memo::forgetful(), &Nowhere, &Nobody);
    assert!(!outcome.has_errors(), "{:?}", outcome.diagnostics);
}

fn tell(name: &str, mut work: impl FnMut()) {
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("{name:<28} {:>9.3} ms at best {:>9.3} ms in the middle", times[0], times[RUNS / 2]);
}
