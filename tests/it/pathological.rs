//! Text made to be slow or deep: the classes that Markdown parsers have fallen to, and our own syntax in the same shapes.
//!
//! Each goes through `read` as one page and through a whole build. What is asserted is that the work ends and that the
//! stack of an ordinary thread holds; the parsers are known to be linear on these, so a hang is in our passes over them.

use crate::watchdog;
use crate::workshop::{self, Site};

/// How often a pattern repeats where nothing smaller shows the fault, and where depth becomes elements in the output.
const MANY: usize = 50_000;
const DEEP: usize = 10_000;

/// A class of input: what is hard about it, and the text.
type Class = (&'static str, fn() -> String);

/// The classes of cmark's own pathological tests.
const CLASSES_OF_CMARK: &[Class] = &[
    ("nested strong emphasis", || format!("{}b{}", "*a **a ".repeat(DEEP), " a** a*".repeat(DEEP))),
    ("emphasis closers without openers", || "a_ ".repeat(MANY)),
    ("emphasis openers without closers", || "_a ".repeat(MANY)),
    ("link closers without openers", || "a]".repeat(MANY)),
    ("link openers without closers", || "[a".repeat(MANY)),
    ("mismatched openers and closers", || "*a_ ".repeat(MANY)),
    ("emphasis that never pairs, of two kinds", || "*a ".repeat(20_000) + &"_a*_ ".repeat(20_000)),
    ("openers and closers in multiples of three", || format!("a**b{}", "c* ".repeat(MANY))),
    ("link openers and emphasis closers", || "[ a_".repeat(MANY)),
    ("bracket, space, parenthesis and bracket", || "[ (](".repeat(MANY)),
    ("image openers with empty destinations", || "![[]()".repeat(MANY)),
    ("a link across an emphasis", || "**x [a*b**c*](d)".to_owned()),
    ("nested brackets", || format!("{}a{}", "[".repeat(MANY), "]".repeat(MANY))),
    ("nested block quotes", || format!("{}a", "> ".repeat(DEEP))),
    ("lists, each deeper by two spaces", || (0..1000).map(|depth| "  ".repeat(depth) + "* a\n").collect()),
    ("the letter zero", || "abc\u{0}de\u{0}".to_owned()),
    ("runs of backticks, each longer by one", || {
        (1..2500).map(|length| "e".to_owned() + &"`".repeat(length)).collect()
    }),
    ("links without an end, pointed", || "[a](<b".repeat(MANY)),
    ("links without an end, bare", || "[a](b".repeat(MANY)),
    ("comments without an end", || format!("</{}", "<!--".repeat(MANY))),
    ("processing instructions without an end", || "a <?".repeat(MANY)),
    ("declarations without an end", || "a <!A ".repeat(MANY)),
    ("character data without an end", || "a <![CDATA[".repeat(MANY)),
    ("nested inline elements", || format!("{0}a{0}", "*".repeat(DEEP))),
    ("many references", || {
        (1..20_000).map(|name| format!("[{name}]: u\n")).collect::<String>() + "\n" + &"[0] ".repeat(20_000)
    }),
    ("empty lines in deep lists", || format!("{}x{}", "- ".repeat(DEEP), "\n".repeat(DEEP))),
    ("empty lines in deep lists in a block quote", || format!("> {}x\n{}", "- ".repeat(DEEP), ">\n".repeat(DEEP))),
    ("emphasis in a deep block quote", || format!("{}{}", ">".repeat(DEEP), "a*".repeat(MANY))),
];

/// Sizes and shapes that sites have met, and unclosed footnotes, which the parser's own tracker lists as slow.
const CLASSES_OF_SITES: &[Class] = &[
    ("block quotes without spaces, very deep", || ">".repeat(30_000)),
    ("brackets, very many", || "[".repeat(300_000)),
    ("a list five hundred deep", || (0..500).map(|depth| "  ".repeat(depth) + "- a\n").collect()),
    ("very many links", || "[a](https://example.org/a) ".repeat(20_000)),
    ("very many links in angle brackets", || "<https://example.org/a> ".repeat(20_000)),
    ("a wide table with short rows", || {
        format!("|{}\n|{}\n{}", "a|".repeat(500), "-|".repeat(500), "|a\n".repeat(500))
    }),
    ("a long table", || format!("|a|b|\n|-|-|\n{}", "|a|b|\n".repeat(20_000))),
    ("one line of a megabyte", || "word ".repeat(200_000)),
    ("very many headings", || "## Same name\n\n".repeat(50_000)),
    ("very many headings of every level", || {
        (0..6_000).map(|at| format!("{} h{at}\n\n", "#".repeat(1 + at % 6))).collect()
    }),
    ("one heading of a megabyte", || format!("## {}\n", "word ".repeat(200_000))),
    ("footnote openers without an end", || "[^".repeat(MANY)),
    ("footnote references without a definition", || "[^a] ".repeat(MANY)),
    ("footnote definitions in lists", || "- [^a]: ".repeat(DEEP)),
    ("footnotes that hold footnotes", || {
        (0..2_000).map(|at| format!("[^{at}]: see [^{}]\n\n", at + 1)).collect::<String>() + "[^0]\n"
    }),
    ("a footnote that cites itself", || "a[^1]\n\n[^1]: b[^1]\n".to_owned()),
    ("definition lists, nested", || {
        (0..300).map(|depth| format!("{}a\n\n{}: ", "  ".repeat(depth), "  ".repeat(depth))).collect()
    }),
    ("task lists", || "- [ ] a\n- [x] b\n".repeat(10_000)),
    ("HTML without an end", || "<a ".repeat(MANY)),
    ("HTML, nested", || "<div>".repeat(DEEP)),
    ("attributes of headings without an end", || "# a {#".repeat(DEEP)),
    ("entities without an end", || "&amp".repeat(MANY)),
    ("a code fence without an end", || format!("```rust\n{}", "fn a() {}\n".repeat(1_000))),
    ("very many small code blocks", || "```rust\nlet a = 1;\n```\n\n".repeat(1_000)),
];

/// Our own syntax in the shapes above.
const CLASSES_OF_OURS: &[Class] = &[
    ("wikilinks without an end", || "[[a".repeat(MANY)),
    ("wikilink openers only", || "[[".repeat(MANY)),
    ("wikilink closers only", || "]]".repeat(MANY)),
    ("nested wikilinks", || format!("{}a{}", "[[".repeat(DEEP), "]]".repeat(DEEP))),
    ("labels without an end", || "[[a|".repeat(MANY)),
    ("one label of very many bars", || format!("[[a{}]]", "|b".repeat(MANY))),
    ("anchors without an end", || "[[a#".repeat(MANY)),
    ("embeds without an end", || "![[".repeat(MANY)),
    ("very many broken links", || "[[no such page]] ".repeat(5_000)),
    ("very many broken links, all different", || (0..5_000).map(|at| format!("[[no such page {at}]] ")).collect()),
    ("very many links to itself", || "[[A]] ".repeat(5_000)),
    ("very many embeds of itself", || "![[A]]\n\n".repeat(200)),
    ("facts without an end", || "[[fact:".repeat(MANY)),
    ("very many unknown facts", || "[[fact:none]] ".repeat(5_000)),
    ("one wikilink of a megabyte", || format!("[[{}]]", "a".repeat(1_000_000))),
    ("dollars", || "$".repeat(MANY)),
    ("formulas without an end", || "$a ".repeat(MANY)),
    ("display formulas without an end", || "$$a ".repeat(MANY)),
    ("a formula of nested braces", || format!("${}a{}$", "{".repeat(DEEP), "}".repeat(DEEP))),
    ("a formula of nested fractions", || format!("${}a{}$", "\\frac{1}{".repeat(2_000), "}".repeat(2_000))),
    ("a formula of nested roots and powers", || format!("${}a{}$", "\\sqrt{x^{".repeat(2_000), "}}".repeat(2_000))),
    ("a formula of environments without an end", || format!("${}$", "\\begin{matrix}".repeat(1_000))),
    ("a formula of delimiters without an end", || format!("${}$", "\\left(".repeat(2_000))),
    ("nested alerts", || (0..500).map(|depth| format!("{}[!NOTE]\n", "> ".repeat(depth + 1))).collect()),
    ("alerts, one after another", || "> [!WARNING]\n> a\n\n".repeat(5_000)),
    ("quotes, straight", || "\"a' ".repeat(MANY)),
    ("dashes", || "-- --- ... ".repeat(MANY)),
    ("braces of templates", || "{{ {% {# ".repeat(DEEP)),
];

#[test]
fn the_classes_of_cmark_are_read_and_built() {
    survive(CLASSES_OF_CMARK);
}

#[test]
fn the_sizes_and_shapes_of_sites_are_read_and_built() {
    survive(CLASSES_OF_SITES);
}

#[test]
fn our_own_syntax_without_end_or_in_great_depth_is_read_and_built() {
    survive(CLASSES_OF_OURS);
}

#[test]
fn front_matter_without_end_or_in_great_depth_is_a_diagnostic() {
    let classes: &[Class] = &[
        ("sequences, very deep", || "extra: ".to_owned() + &"[".repeat(30_000)),
        ("sequences, deep and closed", || format!("extra: {}{}", "[".repeat(5_000), "]".repeat(5_000))),
        ("mappings, very deep", || "extra: ".to_owned() + &"{a: ".repeat(15_000)),
        ("mappings by indentation", || {
            "extra:\n".to_owned() + &(0..200).map(|depth| " ".repeat(depth + 1) + "a:\n").collect::<String>()
        }),
        ("sequences by indentation", || "extra:\n  ".to_owned() + &"- ".repeat(10_000) + "a"),
        ("aliases of aliases", || {
            let mut text = "extra:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
            for level in 1..12 {
                let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
                text += &format!("  a{level}: &a{level} [{aliases}]\n");
            }
            text
        }),
        ("an alias of itself", || "extra: &a [*a]".to_owned()),
        ("a merge of itself", || "extra: &a {<<: *a}".to_owned()),
        ("a text without an end", || "extra: \"".to_owned() + &"a".repeat(30_000)),
        ("a key of a megabyte", || "a".repeat(1_000_000) + ": b"),
        ("very many keys", || (0..3_000).map(|at| format!("key{at}: {at}\n")).collect()),
        ("very many anchors", || {
            "extra:\n".to_owned() + &(0..3_000).map(|at| format!("  - &a{at} b\n")).collect::<String>()
        }),
        ("tags", || "extra: ".to_owned() + &"!!a ".repeat(3_000)),
        ("question marks", || "extra:\n  ".to_owned() + &"? ".repeat(10_000) + "a"),
    ];
    for (name, text) in classes {
        let text = text();
        let built = watchdog::finishes(name, move || {
            Site::bare().with("content/a.md", format!("---\ntitle: A\n{text}\n---\nText.\n")).build()
        });
        // A deep but closed value inside `extra` may be accepted; what matters is that every class ends, in one of the two.
        assert!(built.has_errors() || built.page("/a/").is_some(), "`{name}` gave neither an error nor the page");
    }
}

/// Reads and builds every class, each on a thread of its own with an ordinary stack, and tells of all that fail.
fn survive(classes: &[Class]) {
    let mut faults = Vec::new();
    for (name, text) in classes {
        let markdown = text();
        let page = format!(
            "---\ntitle: A\ndescription: One page of hostile text, to see that it is read to its end.\n---\n\n{markdown}\n"
        );
        let source = page.clone();
        let read =
            watchdog::attempt(&format!("read: {name}"), move || workshop::read("content/a.md", source.as_bytes()));
        // A class that cannot be read cannot be built either, and its thread is still busy.
        let done = read.and_then(|_| {
            watchdog::attempt(&format!("build: {name}"), move || {
                let built = Site::bare().with("content/a.md", page).build();
                // Telling the findings is a pass over the text too.
                built.rendered_diagnostics().len()
            })
        });
        faults.extend(done.err());
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
