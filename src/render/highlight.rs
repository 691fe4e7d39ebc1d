//! Colours for code: TextMate grammars (syntect) to a handful of CSS classes, with a bound on what a block may cost.

use std::cell::RefCell;
use std::hash::{Hash, Hasher};
use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHasher};
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

use crate::read::html::escape_into;

/// A longer block is shown plain: colouring costs about 10 µs a byte at worst.
pub const BLOCK_BYTES_MAX: usize = 64 * 1024;

/// A block with a longer line is shown plain: grammars look at a line many times over.
pub const LINE_BYTES_MAX: usize = 4 * 1024;

/// Steps back that one match of one regular expression may take, and all matches of one search together. Grammars in
/// the wild need a few hundred; without a limit one line of 77 bytes was seen to cost 150 ms. Steps are counted, not
/// timed, so the same text gives the same colours on every machine.
const RETRIES_MAX: u64 = 2_000;

/// A class of token; the theme colours `.hl-k` and so on.
type Class = &'static str;

/// Appends the code as HTML: escaped text with spans for tokens. Gives `false` when the block is too large to be
/// coloured and was written plain.
pub fn highlight_into(html: &mut String, language: &str, code: &str) -> bool {
    let Some(syntax) = syntax_of(language) else {
        escape_into(html, code);
        return true;
    };
    if code.len() > BLOCK_BYTES_MAX || code.lines().any(|line| line.len() > LINE_BYTES_MAX) {
        escape_into(html, code);
        return false;
    }
    let mut writer = SpanWriter { html, open: None };
    thread_local! {
        static PARSERS: RefCell<FxHashMap<*const SyntaxReference, Parser>> = RefCell::default();
    }
    PARSERS.with_borrow_mut(|parsers| {
        let parser = parsers.entry(std::ptr::from_ref(syntax)).or_insert_with(|| Parser::new(syntax));
        let mut at = Standing::At(0);
        for line in code.split_inclusive('\n') {
            at = parser.write(at, line, &mut writer);
        }
    });
    writer.close();
    true
}

/// Whether a language has a grammar.
#[must_use]
pub fn is_known(language: &str) -> bool {
    syntax_of(language).is_some()
}

fn syntax_of(language: &str) -> Option<&'static SyntaxReference> {
    if matches!(language, "" | "text" | "txt" | "plain" | "plaintext" | "none") {
        return None;
    }
    let name = match language {
        "jsonc" | "json5" => "json",
        "shell" | "console" | "sh-session" => "bash",
        other => other,
    };
    thread_local! {
        // Two hundred grammars are looked through for a name: each thread remembers what it found.
        static FOUND: RefCell<FxHashMap<String, &'static SyntaxReference>> = RefCell::default();
    }
    FOUND.with_borrow_mut(|found| match found.get(name) {
        Some(syntax) => Some(*syntax),
        None => {
            let syntax = syntaxes().find_syntax_by_token(name)?;
            found.insert(name.to_owned(), syntax);
            Some(syntax)
        }
    })
}

fn syntaxes() -> &'static SyntaxSet {
    static SYNTAXES: OnceLock<SyntaxSet> = OnceLock::new();
    SYNTAXES.get_or_init(|| {
        // SAFETY: both calls set a global integer that Oniguruma reads when a search begins. This runs once, before
        // the first search of this program, and nothing else sets them.
        #[expect(unsafe_code, reason = "the safe wrapper has no function for these two limits")]
        unsafe {
            onig_sys::onig_set_retry_limit_in_match(RETRIES_MAX as std::os::raw::c_ulong);
            onig_sys::onig_set_retry_limit_in_search(RETRIES_MAX as std::os::raw::c_ulong * 8);
        }
        two_face::syntax::extra_newlines()
    })
}

/// A longer line is not remembered: it hardly ever comes again.
const KNOWN_LINE_BYTES_MAX: usize = 64;

/// So many lines of one language are remembered, and so many states that a line may begin in.
const KNOWN_LINES_MAX: usize = 1_024;
const KNOWN_STATES_MAX: usize = 64;

/// Colours the lines of one language. The same line in the same state always has the same colours and leaves the same
/// state behind, and code is full of lines that say the same: those are looked up once they were seen before.
struct Parser {
    /// Where lines have begun. The first is where a block does.
    states: Vec<State>,
    /// Fingerprints of lines that were seen in a state; a later one may take the place of an earlier one.
    seen: Box<[u32; 1 << 12]>,
    /// How many lines the states remember in all.
    lines: usize,
}

/// What a grammar knows when a line begins, and the lines that began so.
struct State {
    standing: (ParseState, ScopeStack),
    lines: FxHashMap<Box<str>, Line>,
}

/// The colours of a line.
struct Line {
    pieces: Box<[Piece]>,
    /// The state that it leaves behind.
    next: u32,
}

/// Up to where in its line a colour goes.
type Piece = (u32, Option<Class>);

/// Where the parser stands: in a known state, or in one that it has no room for.
enum Standing {
    At(u32),
    Beyond(Box<(ParseState, ScopeStack)>),
}

impl Parser {
    fn new(syntax: &SyntaxReference) -> Self {
        let standing = (ParseState::new(syntax), ScopeStack::new());
        let states = vec![State { standing, lines: FxHashMap::default() }];
        Self { states, seen: Box::new([0; 1 << 12]), lines: 0 }
    }

    fn write(&mut self, at: Standing, line: &str, writer: &mut SpanWriter<'_>) -> Standing {
        let known = match at {
            Standing::At(state) => self.states[state as usize].lines.get(line),
            Standing::Beyond(_) => None,
        };
        if let Some(known) = known {
            writer.write_pieces(&known.pieces, line);
            return Standing::At(known.next);
        }
        let (from, mut standing) = match at {
            Standing::At(state) => (Some(state), self.states[state as usize].standing.clone()),
            Standing::Beyond(standing) => (None, *standing),
        };
        let pieces = parse(&mut standing, line);
        writer.write_pieces(&pieces, line);
        let next = self.standing(standing);
        if let (Some(from), Standing::At(next)) = (from, &next) {
            self.remember(from, line, pieces, *next);
        }
        next
    }

    fn standing(&mut self, standing: (ParseState, ScopeStack)) -> Standing {
        if let Some(known) = self.states.iter().position(|state| state.standing == standing) {
            return Standing::At(known as u32);
        }
        if self.states.len() == KNOWN_STATES_MAX {
            return Standing::Beyond(Box::new(standing));
        }
        self.states.push(State { standing, lines: FxHashMap::default() });
        Standing::At(self.states.len() as u32 - 1)
    }

    /// Remembers a line that comes for the second time.
    fn remember(&mut self, from: u32, line: &str, pieces: Vec<Piece>, next: u32) {
        if line.len() > KNOWN_LINE_BYTES_MAX || self.lines == KNOWN_LINES_MAX {
            return;
        }
        let mut hasher = FxHasher::default();
        (from, line).hash(&mut hasher);
        let hash = hasher.finish() as u32 | 1;
        let seen = &mut self.seen[(hash >> 20) as usize];
        if *seen == hash {
            self.states[from as usize].lines.insert(line.into(), Line { pieces: pieces.into(), next });
            self.lines += 1;
        } else {
            *seen = hash;
        }
    }
}

/// The colours of a line that begins with `standing`, which is then what it leaves behind.
fn parse((state, stack): &mut (ParseState, ScopeStack), line: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let end = line.len() as u32;
    let Ok(operations) = state.parse_line(line, syntaxes()) else {
        pieces.push((end, None));
        return pieces;
    };
    let mut at = 0;
    for (offset, operation) in &operations {
        let offset = (*offset).min(line.len());
        if offset > at {
            pieces.push((offset as u32, class_of(stack)));
            at = offset;
        }
        if stack.apply(operation).is_err() {
            // A grammar that pops what it never pushed: the rest keeps the colours it had.
            break;
        }
    }
    pieces.push((end, class_of(stack)));
    pieces
}

/// Writes text, keeping one span open as long as the class stays the same.
struct SpanWriter<'a> {
    html: &'a mut String,
    open: Option<Class>,
}

impl SpanWriter<'_> {
    fn write_pieces(&mut self, pieces: &[Piece], line: &str) {
        let mut at = 0;
        for (end, class) in pieces {
            self.write(*class, &line[at..*end as usize]);
            at = *end as usize;
        }
    }

    fn write(&mut self, class: Option<Class>, text: &str) {
        if text.is_empty() {
            return;
        }
        // White space looks the same in every colour; a class is not worth a tag for it.
        let blank = text.bytes().all(|byte| byte.is_ascii_whitespace());
        if self.open != class && !blank {
            self.close();
            if let Some(class) = class {
                self.html.push_str("<span class=\"hl-");
                self.html.push_str(class);
                self.html.push_str("\">");
                self.open = Some(class);
            }
        }
        escape_into(self.html, text);
    }

    fn close(&mut self) {
        if self.open.take().is_some() {
            self.html.push_str("</span>");
        }
    }
}

/// What a scope says about the colour of its text.
#[derive(Clone, Copy)]
enum Verdict {
    /// This class.
    Class(Class),
    /// No colour, whatever stands around it.
    Plain,
    /// Nothing: the scope around it decides.
    Silent,
}

/// The class of the innermost scope that has one.
fn class_of(stack: &ScopeStack) -> Option<Class> {
    thread_local! {
        // Reading a scope's name takes a global lock: each thread remembers what it learned.
        static VERDICTS: RefCell<FxHashMap<Scope, Verdict>> = RefCell::default();
    }
    VERDICTS.with_borrow_mut(|verdicts| {
        for scope in stack.scopes.iter().rev() {
            match *verdicts.entry(*scope).or_insert_with(|| verdict(&scope.build_string())) {
                Verdict::Class(class) => return Some(class),
                Verdict::Plain => return None,
                Verdict::Silent => {}
            }
        }
        None
    })
}

fn verdict(scope: &str) -> Verdict {
    const TABLE: [(&str, &str); 34] = [
        ("comment", "c"),
        ("punctuation.definition.comment", "c"),
        ("punctuation.definition.string", "s"),
        ("constant.character.escape", "l"),
        ("constant.numeric", "n"),
        ("constant.language", "l"),
        ("constant", "l"),
        ("string", "s"),
        ("keyword.operator.word", "k"),
        ("keyword.operator.logical", "k"),
        ("keyword.operator", "o"),
        ("keyword", "k"),
        ("storage", "k"),
        ("entity.name.function", "f"),
        ("support.function", "f"),
        ("variable.function", "f"),
        ("support.macro", "f"),
        ("entity.name.tag", "g"),
        ("entity.name.section", "m"),
        ("entity.name", "t"),
        ("entity.other.inherited-class", "t"),
        ("entity.other.attribute-name", "a"),
        ("support.type.property-name", "a"),
        ("support.type", "t"),
        ("support.class", "t"),
        ("support.constant", "l"),
        ("variable.parameter", "v"),
        ("variable.language", "v"),
        ("variable.other.readwrite.shell", "v"),
        ("markup.heading", "m"),
        ("markup.inserted", "i"),
        ("markup.deleted", "d"),
        ("markup.raw", "s"),
        ("invalid", "d"),
    ];
    let under = |prefix: &str| scope.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    if let Some((_, class)) = TABLE.iter().find(|(prefix, _)| under(prefix)) {
        return Verdict::Class(class);
    }
    let plain = under("punctuation.section.interpolation") || under("meta.interpolation") || under("source.embedded");
    if plain { Verdict::Plain } else { Verdict::Silent }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn highlighted(language: &str, code: &str) -> String {
        let mut html = String::new();
        highlight_into(&mut html, language, code);
        html
    }

    #[test]
    fn tokens_get_classes_and_text_survives() {
        assert_eq!(
            highlighted("rust", "let x = \"a<b\"; // c\n"),
            "<span class=\"hl-k\">let</span> x <span class=\"hl-o\">= </span><span class=\"hl-s\">&quot;a&lt;b&quot;</span>; \
             <span class=\"hl-c\">// c\n</span>"
        );
        assert_eq!(highlighted("no-such-language", "a < b\n"), "a &lt; b\n");
    }

    /// What a thread that has coloured nothing yet makes of it.
    fn highlighted_first(language: &'static str, code: String) -> String {
        std::thread::spawn(move || highlighted(language, &code)).join().expect("it colours")
    }

    #[test]
    fn lines_that_come_again_have_the_colours_they_would_have_alone() {
        // The last line of each is code in one block and part of a comment or a text in another.
        let blocks = [
            ("rust", "fn main() {\n    let a = 1;\n}\n"),
            ("rust", "/* a comment\n    let a = 1;\n}\n"),
            ("rust", "let a = \"a text\n    let a = 1;\n}\n"),
            ("python", "def a():\n    \"\"\"Says it.\n    return 1\n"),
            ("python", "def a():\n    return 1\n"),
            ("rust", "fn main() {\n    let a = 1;\n}"),
        ];
        for _ in 0..4 {
            for (language, code) in blocks {
                assert_eq!(highlighted(language, code), highlighted_first(language, code.to_owned()), "{code}");
            }
        }
    }

    #[test]
    fn a_block_may_have_more_states_and_lines_than_are_remembered() {
        // Each text ends at a word of its own, which is part of the state between its lines.
        let texts = |from: usize| -> String {
            (from..from + 3).map(|at| format!("cat <<END{at}\n$a {at}\nEND{at}\necho {at}\n")).collect()
        };
        for from in 0..3 * KNOWN_STATES_MAX {
            highlighted("bash", &texts(from));
        }
        for from in [0, 3, 500] {
            assert_eq!(highlighted("bash", &texts(from)), highlighted_first("bash", texts(from)));
        }
        let code: String = (0..2 * KNOWN_LINES_MAX).map(|at| format!("let a{at} = {at};\n").repeat(2)).collect();
        assert_eq!(highlighted("rust", &code), highlighted_first("rust", code.clone()));
    }

    #[test]
    fn common_languages_have_grammars() {
        for language in [
            "rust",
            "python",
            "js",
            "javascript",
            "ts",
            "toml",
            "yaml",
            "json",
            "html",
            "css",
            "bash",
            "sh",
            "md",
            "sql",
            "diff",
            "c",
            "go",
        ] {
            assert!(is_known(language), "{language}");
        }
    }

    #[test]
    fn large_blocks_stay_plain() {
        let mut html = String::new();
        assert!(!highlight_into(&mut html, "rust", &"let a = 1;\n".repeat(10_000)));
        assert!(!html.contains("<span"));
    }
}
