//! The law of calculators: Rust and JavaScript give the same bits, on the guide's calculators and on random programs.
//!
//! QuickJS runs the reader's own script here. `tests/vectors/calculators.json` holds a part of the same for any other
//! engine: `calc.test.mjs` beside it reads it with Node. `FINGERPOST_BLESS=1 cargo test` writes it anew.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use fingerpost::assets::small_script;
use fingerpost::calc::declaration::Cell;
use fingerpost::calc::javascript::print_script;
use fingerpost::calc::markup::{Standing, write};
use fingerpost::calc::program::{
    Axis, Basis, Binary, Column, ColumnKind, Distribution, Expr, NumberSlot, Program, Reduction, SlotKind, Statement,
    Unary, Values,
};
use fingerpost::calc::random::Random;
use fingerpost::calc::sample::{Draws, Sampled, wanted};
use fingerpost::calc::{Calculator, Memory, kernel, number};
use fingerpost::config::{Config, Overrides};
use fingerpost::files::Files;
use proptest::prelude::*;
use rquickjs::{Context, Runtime};
use serde_json::{Value, json};

use crate::shipped::Shipped;
use crate::workshop::{Site, blessing};

/// The reader's script.
const TOOLS: &str = include_str!("../../themes/waymark/scripts/calc/tools.js");

/// Runs a function for many inputs and folds all that it fills into one number each.
const HARNESS: &str = r"
const view = new DataView(new ArrayBuffer(8));
const mix = (hash, value) => {
  view.setFloat64(0, value === 0 ? 0 : value !== value ? NaN : value);
  return Math.imul(Math.imul(hash ^ view.getUint32(0), 0x01000193) ^ view.getUint32(4), 0x01000193);
};
const print = (m) => {
  let hash = 0x811c9dc5;
  for (const list of m) for (const value of list) hash = mix(hash, value);
  return hash >>> 0;
};
globalThis.tryAll = ([fill], scalars, axes, batch) => batch.map(([s, a, n]) => {
  const m = [scalars, ...axes.map((axis) => n[axis])].map((length) => new Float64Array(length));
  for (const [slot, value] of s) m[0][slot] = value;
  for (const [array, list] of a) m[array + 1].set(list);
  fill(m);
  return print(m);
}).join();
";

/// QuickJS with the reader's script in it.
fn engine() -> Context {
    let runtime = Runtime::new().expect("QuickJS starts");
    let context = Context::full(&runtime).expect("QuickJS has a context");
    let tools = small(TOOLS.replace("HAS_ROWS", "true"));
    let scripts = format!("globalThis.self = globalThis;\n{tools}\n{HARNESS}\n''");
    run(&context, &scripts);
    context
}

/// A script as pages load it.
fn small(script: String) -> String {
    let config = Config::read(&Files::default(), &Overrides::default(), &mut Vec::new());
    small_script(script, &config)
}

/// The arithmetic of a calculator as pages load it, as an expression.
fn published(program: &Program) -> String {
    small(print_script(program)).trim_end_matches(';').to_owned()
}

fn run(context: &Context, code: &str) -> String {
    context.with(|context| {
        context.eval::<String, _>(code).unwrap_or_else(|error| {
            let thrown = context.catch();
            panic!("{error}: {:?}\n{:.600}", thrown.as_exception().map(ToString::to_string), code)
        })
    })
}

/// All that a run filled, folded as `HARNESS` folds it.
fn print_of(program: &Program, memory: &Memory) -> u32 {
    let mix = |hash: u32, value: f64| {
        let bits = match value {
            0.0 => 0,
            value if value.is_nan() => 0x7ff8_0000_0000_0000,
            value => value.to_bits(),
        };
        let hash = (hash ^ (bits >> 32) as u32).wrapping_mul(0x0100_0193);
        (hash ^ bits as u32).wrapping_mul(0x0100_0193)
    };
    // In the browser an array is as long as its axis is just now.
    let arrays = program.arrays.iter().zip(&memory.arrays);
    let counted = arrays.flat_map(|(axis, list)| &list[..memory.lengths[*axis]]);
    memory.scalars.iter().chain(counted).fold(0x811c_9dc5, |hash, value| mix(hash, *value))
}

/// Memory with random inputs, and the same as JSON for `tryAll`.
fn random_inputs(program: &Program, random: &mut Random) -> (Memory, Value) {
    let mut memory = Memory::of_defaults(program);
    let mut scalars = Vec::new();
    let mut arrays = Vec::new();
    let pick = |random: &mut Random, min: f64, max: f64| match (random.unit() * 4.0) as u32 {
        0 => min,
        1 => max,
        2 => min + random.unit() * (max - min),
        _ => (random.unit() * 1000.0).clamp(min, max),
    };
    for input in &program.inputs {
        match &input.kind {
            SlotKind::Number(number) => {
                let value = number.unit.to_base(pick(random, number.min, number.max));
                memory.scalars[number.slot] = value;
                scalars.push(json!([number.slot, value]));
            }
            SlotKind::Choice { slot, options, .. } => {
                let value = (random.unit() * options.len() as f64).floor();
                memory.scalars[*slot] = value;
                scalars.push(json!([slot, value]));
            }
            SlotKind::YesNo { slot, .. } => {
                let value = f64::from(u8::from(random.unit() < 0.5));
                memory.scalars[*slot] = value;
                scalars.push(json!([slot, value]));
            }
            SlotKind::Rows { axis, columns, min_rows, max_rows, .. } => {
                let rows = min_rows + (random.unit() * (max_rows - min_rows + 1) as f64) as usize;
                memory.lengths[*axis] = rows;
                for column in columns {
                    let Some(array) = column.array() else { continue };
                    memory.arrays[array].fill(0.0);
                    let cell = |random: &mut Random| match &column.kind {
                        ColumnKind::Number(number) => pick(random, number.min, number.max),
                        ColumnKind::Choice { options, .. } => (random.unit() * options.len() as f64).floor(),
                        _ => (random.unit() * 2.0).floor(),
                    };
                    let list: Vec<f64> = (0..rows).map(|_| cell(random)).collect();
                    memory.arrays[array][..rows].copy_from_slice(&list);
                    arrays.push(json!([array, list]));
                }
            }
            SlotKind::Text { .. } => {}
        }
    }
    let lengths = memory.lengths.clone();
    (memory, json!([scalars, arrays, lengths]))
}

#[test]
fn ten_thousand_inputs_of_each_calculator_of_the_guide_give_the_same_bits() {
    let context = engine();
    let calculators = Shipped::of_the_guide().compiled();
    assert!(calculators.len() >= 16, "the guide has {} calculators", calculators.len());
    for calculator in &calculators {
        let program = &calculator.program;
        let mut random = Random::new(7);
        let (mut wanted, mut batch) = (Vec::new(), Vec::new());
        for _ in 0..10_000 {
            let (mut memory, inputs) = random_inputs(program, &mut random);
            memory.run(program);
            wanted.push(print_of(program, &memory).to_string());
            batch.push(inputs);
        }
        let code = format!(
            "tryAll({}, {}, {:?}, {})",
            published(program),
            program.scalars,
            program.arrays,
            Value::Array(batch)
        );
        assert!(run(&context, &code) == wanted.join(","), "`{}` differs", program.id);
    }
}

/// The JSON that the page of a calculator hands to its script.
fn spec_of(calculator: &Calculator) -> String {
    let nothing = |_: &Basis| String::new();
    let nowhere = |_: usize| String::new();
    let standing = Standing { page: "", own: true, cite: &nothing, next: &nowhere, language: number::ENGLISH };
    let tool = write(calculator, &standing).tool;
    let (_, rest) = tool.split_once("class=\"calc-spec\">").expect("a page has a specification");
    rest.split_once("</script>").expect("it ends").0.to_owned()
}

/// What stands in the boxes of a form at first, for each input.
fn first_state(program: &Program) -> Vec<Vec<String>> {
    let entry = |value: f64| number::entry(value, number::ENGLISH);
    let of_number = |number: &NumberSlot| match &number.spread {
        Distribution::Range(low, typical, high) => vec![entry(*low), entry(*typical), entry(*high)],
        spread => vec![entry(spread.typical())],
    };
    let one_or_zero = |value: bool| u8::from(value).to_string();
    let inputs = program.inputs.iter().map(|input| match &input.kind {
        SlotKind::Number(number) => of_number(number),
        SlotKind::Choice { options, default, .. } => vec![options[*default].0.clone()],
        SlotKind::YesNo { chance: Some(chance), .. } => vec![entry(chance * 100.0)],
        SlotKind::YesNo { default, .. } => vec![one_or_zero(*default)],
        SlotKind::Rows { columns, default, .. } => {
            let cells = default.iter().flat_map(|cells| columns.iter().zip(cells));
            let words = |(column, cell): (&Column, &Cell)| match (&column.kind, cell) {
                (ColumnKind::Number(_), Cell::Number(value)) => entry(*value),
                (ColumnKind::Choice { options, .. }, Cell::Number(place)) => options[*place as usize].0.clone(),
                (_, Cell::Number(value)) => one_or_zero(*value == 1.0),
                (_, Cell::Text(text)) => text.clone(),
            };
            cells.map(words).collect()
        }
        SlotKind::Text { default } => vec![default.clone()],
    });
    inputs.collect()
}

#[test]
fn quantiles_of_the_guide_are_the_same_bits() {
    let context = engine();
    let mut compared = 0;
    for calculator in Shipped::of_the_guide().compiled().iter().filter(|calculator| calculator.program.spreads()) {
        let program = &calculator.program;
        let places = wanted(program);
        let sampled = Sampled::run(program, &calculator.typical, &Draws::of(program), &places);
        let code = format!(
            "{{ const {{ samples }} = fingerpostCalc(null, {}, {}).work({});
               JSON.stringify(samples.flatMap((lists, k) => lists.flatMap((values, i) => [[k, i, [0.1, 0.5, 0.9].map((p) => {{
                 const view = new DataView(new ArrayBuffer(8));
                 const value = values[Math.floor(p * (values.length - 1) + 0.5)];
                 view.setFloat64(0, value === 0 ? 0 : value);
                 return value !== value ? 'none' : view.getBigUint64(0).toString();
               }})]]))) }}",
            spec_of(calculator),
            published(program),
            json!(first_state(program))
        );
        let found: Vec<(usize, usize, Vec<String>)> =
            serde_json::from_str(&run(&context, &code)).expect("the engine answers in JSON");
        for (list, place, quantiles) in found {
            use fingerpost::calc::program::At;
            let (at, index) = match list {
                0 => (At::Scalar(place), 0),
                array => (At::Array(array - 1), place),
            };
            for (p, text) in [0.1, 0.5, 0.9].into_iter().zip(quantiles) {
                let own = sampled.quantile(at, index, p).expect("it was asked for");
                let own = if own == 0.0 { 0.0 } else { own };
                let bits = if own.is_nan() { "none".to_owned() } else { own.to_bits().to_string() };
                assert_eq!(text, bits, "`{}` {list} {place} at {p}", program.id);
                compared += 1;
            }
        }
    }
    assert!(compared > 200, "{compared} quantiles were compared");
}

#[test]
fn the_search_answers_with_a_calculator() {
    let calculator = "calculator: payout\ntitle: What do streams pay?\ncurrency: USD\nunits: [stream]\ninputs:\n  streams: {label: \
                      Streams, unit: stream, default: 1e6, min: 0, max: 1e10}\n  rate: {label: For one stream, unit: USD/stream, \
                      default: {low: 0.002, typical: 0.003, high: 0.005}, min: 0, max: 1}\nresults:\n  paid: {value: streams * \
                      rate, label: Paid out, round: 100 USD}\n";
    let built = Site::with_default_theme().with("content/calculators/payout.calc.yaml", calculator).build();
    assert!(!built.has_errors(), "{}", built.rendered_diagnostics());
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (path, bytes) in built.output().into_iter().filter(|(path, _)| path.starts_with("search/en/")) {
        let file = folder.path().join(path);
        fs::create_dir_all(file.parent().expect("it has one")).expect("a folder can be made");
        fs::write(file, bytes).expect("a file can be written");
    }
    let mut asking = Command::new("node")
        .args([Path::new("tests/scripts/ask-answers.mjs"), &folder.path().join("search/en")])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Node can be run: `tests/run` installs it");
    let mut questions = asking.stdin.take().expect("its input is ours");
    questions.write_all(b"How much is 1,000,000 streams?").expect("it listens");
    drop(questions);
    let output = asking.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stdout);
    let wanted =
        "calculator: What do streams pay? (Paid out: $3,000, and between $2,000 and $5,000 in eight of ten cases)";
    assert!(said.starts_with(wanted), "{said}");
}

// Random programs ----------------------------------------------------------------------------------------------------

/// Scalars 0 to 3 and array 0 are inputs; the array has this many elements.
const LENGTH: usize = 6;

fn numbers() -> impl Strategy<Value = f64> {
    prop_oneof![
        (-100i32..100).prop_map(|whole| f64::from(whole) / 4.0),
        Just(0.0),
        Just(1.0),
        -1e6f64..1e6,
        1e-9f64..1.0,
    ]
}

fn expressions(scalars: usize, arrays: usize, in_list: bool) -> BoxedStrategy<Expr> {
    let leaf = if in_list {
        prop_oneof![
            numbers().prop_map(Expr::Number),
            (0..scalars).prop_map(Expr::Scalar),
            (0..arrays).prop_map(Expr::Element),
            Just(Expr::Index),
        ]
        .boxed()
    } else {
        prop_oneof![numbers().prop_map(Expr::Number), (0..scalars).prop_map(Expr::Scalar)].boxed()
    };
    leaf.prop_recursive(4, 24, 3, move |inner| {
        let pair = (inner.clone(), inner.clone());
        let boxed = |expr: Expr| Box::new(expr);
        let unary = prop_oneof![
            Just(Unary::Negate),
            Just(Unary::Abs),
            Just(Unary::Floor),
            Just(Unary::Ceil),
            Just(Unary::Sqrt),
            Just(Unary::Exp),
            Just(Unary::Ln),
        ];
        let binary = prop_oneof![
            Just(Binary::Add),
            Just(Binary::Subtract),
            Just(Binary::Multiply),
            Just(Binary::Divide),
            Just(Binary::Power),
            Just(Binary::Min),
            Just(Binary::Max),
            Just(Binary::Round),
            Just(Binary::Default),
        ];
        let compare = prop_oneof![
            Just(Binary::Less),
            Just(Binary::LessOrEqual),
            Just(Binary::More),
            Just(Binary::MoreOrEqual),
            Just(Binary::Equal),
            Just(Binary::NotEqual),
        ];
        let condition = prop_oneof![
            4 => (compare, pair.clone()).prop_map(move |(compare, (a, b))| Expr::Binary(compare, boxed(a), boxed(b))),
            1 => inner.clone().prop_map(move |a| Expr::Unary(Unary::Missing, boxed(a))),
        ]
        .boxed();
        let joined = (condition.clone(), condition.clone(), any::<bool>()).prop_map(move |(a, b, and)| {
            Expr::Binary(
                if and { Binary::And } else { Binary::Or },
                boxed(a),
                Box::new(Expr::Unary(Unary::Not, boxed(b))),
            )
        });
        let previous = if in_list && arrays > 1 {
            (0..arrays, inner.clone()).prop_map(move |(array, start)| Expr::Previous(array, boxed(start))).boxed()
        } else {
            inner.clone().boxed()
        };
        prop_oneof![
            (unary, inner.clone()).prop_map(move |(unary, a)| Expr::Unary(unary, boxed(a))),
            (binary, pair).prop_map(move |(binary, (a, b))| Expr::Binary(binary, boxed(a), boxed(b))),
            (prop_oneof![condition, joined], inner.clone(), inner.clone()).prop_map(move |(condition, a, b)| Expr::If(
                boxed(condition),
                boxed(a),
                boxed(b)
            )),
            (0..4usize, inner).prop_map(move |(table, a)| Expr::Lookup(table, boxed(a))),
            previous,
        ]
    })
    .boxed()
}

/// The two columns of a table of numbers.
type Columns = (Vec<f64>, Vec<f64>);

fn programs() -> impl Strategy<Value = (Program, Vec<Columns>)> {
    let reductions = prop_oneof![
        Just(Reduction::Sum),
        Just(Reduction::Mean),
        Just(Reduction::Last),
        Just(Reduction::First),
        Just(Reduction::Count),
        Just(Reduction::Smallest),
        Just(Reduction::Largest),
    ];
    let statements = (
        expressions(4, 1, false),
        (expressions(5, 1, true), expressions(5, 2, true)),
        reductions,
        0..3usize,
        expressions(6, 1, false),
        (expressions(7, 1, false), prop_oneof![Just(0.01), Just(1.0), Just(0.25)]),
    )
        .prop_map(|(first, (one, two), reduction, array, second, (total, step))| {
            vec![
                Statement::Set(4, first),
                Statement::Each(0, vec![(1, one), (2, two)]),
                Statement::Reduce(5, reduction, array),
                Statement::Set(6, second),
                Statement::Pick(7, array, Expr::Scalar(0)),
                Statement::Running(3, array),
                Statement::Allocate(4, 0, total, Expr::Number(step)),
            ]
        });
    let inputs = proptest::collection::vec(
        (proptest::collection::vec(numbers(), 4), proptest::collection::vec(numbers(), LENGTH)),
        8,
    );
    (statements, inputs).prop_map(|(statements, inputs)| {
        let table =
            |mode| Values { keys: vec![-5.0, 0.0, 2.5, 100.0], values: vec![0.1, 0.2, -3.0, 7.0], mode: Some(mode) };
        use fingerpost::calc::declaration::Mode;
        let program = Program {
            id: "random".to_owned(),
            title: String::new(),
            scalars: 8,
            arrays: vec![0; 5],
            axes: vec![Axis::Series { count: LENGTH, unit: fingerpost::calc::unit::Unit::plain(), labels: Vec::new() }],
            inputs: Vec::new(),
            tables: [Mode::Exact, Mode::Step, Mode::Linear, Mode::Bands].map(table).to_vec(),
            statements,
            results: Vec::new(),
            checks: Vec::new(),
            charts: Vec::new(),
            solve: None,
            what_if: None,
            next: Vec::new(),
            lines: Vec::new(),
            given: Vec::new(),
            examples: Vec::new(),
        };
        (program, inputs)
    })
}

#[test]
fn random_programs_give_the_same_bits() {
    let context = engine();
    let mut runner = proptest::test_runner::TestRunner::new_with_rng(
        ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() },
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let outcome = runner.run(&programs(), |(program, inputs)| {
        let (mut wanted, mut batch) = (Vec::new(), Vec::new());
        for (scalars, list) in &inputs {
            let mut memory = Memory::of_defaults(&program);
            memory.scalars[..4].copy_from_slice(scalars);
            memory.arrays[0].copy_from_slice(list);
            memory.run(&program);
            wanted.push(print_of(&program, &memory).to_string());
            let scalars: Vec<(usize, f64)> = scalars.iter().copied().enumerate().collect();
            batch.push(json!([scalars, [[0, list]], [LENGTH]]));
        }
        let script = print_script(&program);
        let code = format!("tryAll({script}, 8, [0,0,0,0,0], {})", Value::Array(batch));
        let found = run(&context, &code);
        prop_assert_eq!(found, wanted.join(","), "{}", script);
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

#[test]
fn equal_remainders_go_to_the_earlier_on_both_sides() {
    let context = engine();
    let mut batch = Vec::new();
    let mut wanted = Vec::new();
    let shares = [[1.0, 1.0, 1.0, 1.0], [50.0, 25.0, 25.0, 0.0], [1.0, 2.0, 1.0, 2.0], [0.1, 0.2, 0.3, 0.4], [0.0; 4]];
    for list in shares {
        for length in 1..=4 {
            for cents in -30..=30 {
                let (total, list) = (f64::from(cents) / 100.0, &list[..length]);
                for step in [0.01, 0.05, 1.0] {
                    let mut parts = vec![0.0; length];
                    kernel::allocate(&mut parts, total, list, step);
                    let rest = total.abs() / step;
                    let whole = (rest + 0.5 + 1e-7).floor() * step;
                    let sum: f64 = parts.iter().sum();
                    if list.iter().sum::<f64>() > 0.0 {
                        assert!((sum.abs() - whole).abs() < 1e-9, "{total} in {list:?} by {step} gives {parts:?}");
                    }
                    if list.iter().all(|share| *share == list[0]) {
                        let falls = parts.windows(2).all(|pair| pair[0].abs() >= pair[1].abs());
                        assert!(falls, "{total} in {list:?} by {step} gives {parts:?}");
                    }
                    batch.push(json!([total, list, step]));
                    wanted.push(parts);
                }
            }
        }
    }
    let code = format!(
        "(() => {{ {} return JSON.stringify({}.map(([total, list, step]) => {{ const out = list.map(() => 0); \
         allocate(out, total, list, step); return out; }})); }})()",
        fingerpost::calc::javascript::KERNEL,
        Value::Array(batch)
    );
    let found: Vec<Vec<f64>> = serde_json::from_str(&run(&context, &code)).expect("the engine answers in JSON");
    assert_eq!(found, wanted);
}

// Vectors ------------------------------------------------------------------------------------------------------------

#[test]
fn vectors_for_other_engines_hold() {
    let mut random = Random::new(11);
    let mut kernels = Vec::new();
    for _ in 0..400 {
        let x = (random.unit() - 0.5) * 1400.0;
        let y = random.unit() * 60.0 - 30.0;
        let p = random.unit();
        let step = [0.01, 0.05, 1.0, 10.0, 0.125][(random.unit() * 5.0) as usize];
        for (name, args, value) in [
            ("exp", vec![x], kernel::exp(x)),
            ("ln", vec![x.abs()], kernel::ln(x.abs())),
            ("pow", vec![x.abs(), y], kernel::pow(x.abs(), y)),
            ("round", vec![x, step], kernel::round(x, step)),
        ] {
            kernels.push(json!([name, args, format!("{:016x}", value.to_bits())]));
        }
        kernels.push(json!(["normal", [p], format!("{:016x}", kernel::normal_inverse(p).to_bits())]));
    }
    let mut programs = Vec::new();
    for calculator in Shipped::of_the_guide().compiled() {
        let program = &calculator.program;
        let mut batch = Vec::new();
        let mut prints = Vec::new();
        for _ in 0..20 {
            let (mut memory, inputs) = random_inputs(program, &mut random);
            memory.run(program);
            prints.push(print_of(program, &memory));
            batch.push(inputs);
        }
        programs.push(json!({
            "id": program.id, "script": print_script(program), "scalars": program.scalars,
            "arrays": program.arrays, "inputs": batch, "prints": prints,
        }));
    }
    let texts: Vec<Value> = text_vectors();
    let vectors = json!({ "kernel": kernels, "programs": programs, "texts": texts });
    let text = format!("{vectors}\n");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/calculators.json");
    if blessing() {
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder can be made");
        fs::write(&path, &text).expect("the vectors can be written");
    }
    let known = fs::read_to_string(&path).unwrap_or_default();
    assert!(known == text, "tests/vectors/calculators.json is not what Rust gives: FINGERPOST_BLESS=1 cargo test");
}

/// Numbers as text: value, unit, step, language, text.
fn text_vectors() -> Vec<Value> {
    use fingerpost::calc::unit::{Counting, Units};
    let counting = Counting { name: "stream".into(), one: "stream".into(), many: "streams".into(), multiple: None };
    let units = Units { currency: Some("USD".to_owned()), counting: vec![counting] };
    let mut random = Random::new(5);
    let mut texts = Vec::new();
    for unit in ["USD", "%", "stream", "USD/stream", "stream/month", "", "USD/year"] {
        let parsed = units.parse(unit).expect("it is a unit");
        for tag in ["en", "de", "fr", "en-IN", "es"] {
            let language = number::language(tag);
            for _ in 0..12 {
                let size = [1e-4, 0.1, 1.0, 100.0, 1e5, 1e9][(random.unit() * 6.0) as usize];
                let value = (random.unit() - 0.3) * size;
                let step = [None, Some(0.01), Some(1.0), Some(1000.0)][(random.unit() * 4.0) as usize];
                let affixes = number::affixes(&parsed, language);
                let money = u8::from(parsed.shown.currency.is_some());
                texts.push(json!({
                    "value": value, "step": step.unwrap_or(0.0), "decimals": step.map_or(0, number::decimals_of),
                    "unit": [1, 1, money, affixes.before, affixes.one, affixes.many],
                    "f": [language.decimal, language.group, language.group_from, u8::from(language.lakh)],
                    "text": number::amount_in(value, &parsed, step, language),
                }));
            }
        }
    }
    texts
}
