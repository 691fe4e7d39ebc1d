//! Colours for code: TextMate grammars (syntect) to a handful of CSS classes, with a bound on what a block may cost.

use std::cell::RefCell;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;
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
    let set = syntaxes();
    let mut state = ParseState::new(syntax);
    let mut stack = ScopeStack::new();
    let mut writer = SpanWriter { html, open: None };
    for line in code.split_inclusive('\n') {
        let Ok(operations) = state.parse_line(line, set) else {
            writer.write(None, line);
            continue;
        };
        let mut at = 0;
        for (offset, operation) in &operations {
            let offset = (*offset).min(line.len());
            if offset > at {
                writer.write(class_of(&stack), &line[at..offset]);
                at = offset;
            }
            if stack.apply(operation).is_err() {
                // A grammar that pops what it never pushed: the rest keeps the colours it had.
                break;
            }
        }
        writer.write(class_of(&stack), &line[at..]);
    }
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

/// Writes text, keeping one span open as long as the class stays the same.
struct SpanWriter<'a> {
    html: &'a mut String,
    open: Option<Class>,
}

impl SpanWriter<'_> {
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
