//! Takes a mapping apart key by key; every fault becomes a diagnostic and reading goes on.

use super::{Entry, Node, Value};
use crate::base::date::parse_day;
use crate::base::{Date, PartialDate, SourcePath, Span, Spanned};
use crate::diag::{Code, Diagnostic, nearest};

/// The keys of one mapping, taken one by one. [`Fields::finish`] reports those that nobody asked for.
pub struct Fields<'a, 'd> {
    path: &'a SourcePath,
    entries: &'a [Entry],
    span: Span,
    taken: Vec<&'static str>,
    asked: Vec<String>,
    is_mapping: bool,
    /// Keys that were reported as missing, each with what was said.
    missed: Vec<(String, String)>,
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl<'a, 'd> Fields<'a, 'd> {
    /// Opens a mapping. Anything else is reported as "`what` must be a mapping" and read as an empty one.
    pub fn open(path: &'a SourcePath, node: &'a Node, what: &str, diagnostics: &'d mut Vec<Diagnostic>) -> Self {
        let mut is_mapping = true;
        let entries: &[Entry] = match &node.value {
            Value::Map(entries) => entries,
            Value::Null => &[],
            _ => {
                is_mapping = false;
                let message = format!("{what} must be a mapping of keys to values, not {}", node.description());
                diagnostics.push(Diagnostic::at(Code::ValueType, path, node.span, message));
                &[]
            }
        };
        let (taken, asked, missed) = (Vec::new(), Vec::new(), Vec::new());
        Self { path, entries, span: node.span, taken, asked, is_mapping, missed, diagnostics }
    }

    /// The file it stands in.
    #[must_use]
    pub fn path(&self) -> &'a SourcePath {
        self.path
    }

    /// Whether it is one, or nothing; what is neither was reported.
    #[must_use]
    pub fn is_mapping(&self) -> bool {
        self.is_mapping
    }

    /// Where the mapping stands.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// Where further faults go.
    pub fn diagnostics(&mut self) -> &mut Vec<Diagnostic> {
        self.diagnostics
    }

    /// The value of a key, whatever it is; `None` when the key is absent or has no value.
    pub fn node(&mut self, key: &'static str) -> Option<&'a Node> {
        self.taken.push(key);
        self.find(key)
    }

    /// As [`Fields::node`] for a key whose name is known only at run time.
    pub fn node_named(&mut self, key: &str) -> Option<&'a Node> {
        self.asked.push(key.to_owned());
        self.find(key)
    }

    fn find(&self, key: &str) -> Option<&'a Node> {
        let entry = self.entries.iter().find(|entry| entry.key == key)?;
        (entry.node.value != Value::Null).then_some(&entry.node)
    }

    /// Where a key stands, for messages about it.
    #[must_use]
    pub fn key_span(&self, key: &str) -> Option<Span> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| entry.key_span)
    }

    /// All keys with their values, for mappings whose keys are names; none is reported as unknown then.
    pub fn all(&mut self) -> &'a [Entry] {
        self.asked.extend(self.entries.iter().map(|entry| entry.key.clone()));
        self.entries
    }

    /// Text as written: `no` and `012` stay themselves.
    pub fn text(&mut self, key: &'static str) -> Option<Spanned<String>> {
        let node = self.node(key)?;
        self.text_of(node, key)
    }

    /// Text that must be there.
    pub fn required_text(&mut self, key: &'static str, what: &str) -> Option<Spanned<String>> {
        if self.node(key).is_none() {
            self.missing(key, what);
            return None;
        }
        let text = self.text(key)?;
        if text.value.trim().is_empty() {
            self.missing(key, what);
            return None;
        }
        Some(text)
    }

    /// Reports that `key` is missing from `what`; nothing more is said of what is no mapping at all.
    pub fn missing(&mut self, key: &str, what: &str) {
        if !self.is_mapping {
            return;
        }
        let span = self.key_span(key).unwrap_or(Span { start: self.span.start, end: self.span.start });
        let message = format!("{what} has no `{key}`");
        self.missed.push((key.to_owned(), message.clone()));
        let sign = if self.path.extension() == "toml" { " =" } else { ":" };
        self.diagnostics
            .push(Diagnostic::at(Code::KeyMissing, self.path, span, message).help(format!("add `{key}{sign} …`")));
    }

    fn text_of(&mut self, node: &Node, key: &str) -> Option<Spanned<String>> {
        match node.text() {
            Some(text) => Some(Spanned::new(text.to_owned(), node.span)),
            None => {
                self.wrong_type(node, key, "text");
                None
            }
        }
    }

    /// A whole number.
    pub fn integer(&mut self, key: &'static str) -> Option<i64> {
        let number = self.number(key)?;
        if number.value.fract() == 0.0 && number.value.abs() <= 9e15 {
            return Some(number.value as i64);
        }
        let message = format!("`{key}` must be a whole number");
        self.diagnostics.push(Diagnostic::at(Code::ValueType, self.path, number.span, message));
        None
    }

    /// A whole number that is not negative.
    pub fn count(&mut self, key: &'static str) -> Option<usize> {
        let number = self.integer(key)?;
        if let Ok(count) = usize::try_from(number) {
            return Some(count);
        }
        let span = self.find(key).map_or(self.span, |node| node.span);
        let message = format!("`{key}` cannot be negative");
        self.diagnostics.push(Diagnostic::at(Code::ValueType, self.path, span, message));
        None
    }

    /// A number.
    pub fn number(&mut self, key: &'static str) -> Option<Spanned<f64>> {
        let node = self.node(key)?;
        match node.number() {
            Some(number) => Some(Spanned::new(number, node.span)),
            None => {
                self.wrong_type(node, key, "a number");
                None
            }
        }
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, key: &'static str) -> Option<bool> {
        let node = self.node(key)?;
        let boolean = node.boolean();
        if boolean.is_none() {
            self.wrong_type(node, key, "true or false");
        }
        boolean
    }

    /// A day, `YYYY-MM-DD`.
    pub fn day(&mut self, key: &'static str) -> Option<Spanned<Date>> {
        let text = self.text(key)?;
        match parse_day(&text.value) {
            Some(day) => Some(Spanned::new(day, text.span)),
            None => {
                let message = format!("`{key}` must be a day that exists, written `2026-11-23`");
                self.diagnostics.push(Diagnostic::at(Code::ValueType, self.path, text.span, message));
                None
            }
        }
    }

    /// A day, a month or a year.
    pub fn partial_date(&mut self, key: &'static str) -> Option<Spanned<PartialDate>> {
        let text = self.text(key)?;
        match PartialDate::parse(&text.value) {
            Some(date) => Some(Spanned::new(date, text.span)),
            None => {
                let message = format!("`{key}` must be a date, written `2026`, `2026-11` or `2026-11-23`");
                self.diagnostics.push(Diagnostic::at(Code::ValueType, self.path, text.span, message));
                None
            }
        }
    }

    /// One of a few words.
    pub fn choice<T: Copy>(&mut self, key: &'static str, choices: &[(&str, T)]) -> Option<T> {
        let text = self.text(key)?;
        if let Some((_, value)) = choices.iter().find(|(name, _)| *name == text.value) {
            return Some(*value);
        }
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        self.not_a_choice(key, &text, &names);
        None
    }

    /// Reports that the text of `key` is none of `names`.
    pub fn not_a_choice(&mut self, key: &str, text: &Spanned<String>, names: &[&str]) {
        let message = format!("`{}` is not a value of `{key}`", text.value);
        let values = format!("its values are {}", quoted_all(names));
        let help = match nearest(&text.value, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`? {values}"),
            None => values,
        };
        self.diagnostics.push(Diagnostic::at(Code::ValueChoice, self.path, text.span, message).help(help));
    }

    /// The items of a list. A single value stands for a list of one: `topics: money`.
    pub fn list(&mut self, key: &'static str) -> &'a [Node] {
        match self.node(key) {
            None => &[],
            Some(node) => items(node),
        }
    }

    /// A list of texts.
    pub fn texts(&mut self, key: &'static str) -> Vec<Spanned<String>> {
        let list = self.list(key);
        let mut texts = Vec::with_capacity(list.len());
        for node in list {
            match node.text() {
                Some(text) => texts.push(Spanned::new(text.to_owned(), node.span)),
                None => self.wrong_type(node, key, "a text or a list of texts"),
            }
        }
        texts
    }

    /// Reports a value of the wrong type.
    pub fn wrong_type(&mut self, node: &Node, key: &str, wanted: &str) {
        let message = format!("`{key}` must be {wanted}, not {}", node.description());
        let mut diagnostic = Diagnostic::at(Code::ValueType, self.path, node.span, message);
        if let Value::Scalar(scalar) = &node.value {
            if wanted == "true or false" && matches!(scalar.text.as_str(), "yes" | "on" | "Yes" | "On") {
                diagnostic = diagnostic.help("write `true`");
            } else if wanted == "true or false" && matches!(scalar.text.as_str(), "no" | "off" | "No" | "Off") {
                diagnostic = diagnostic.help("write `false`");
            } else if scalar.quoted && matches!(wanted, "a number" | "true or false") {
                diagnostic = diagnostic.help("take the quotes away");
            }
        }
        self.diagnostics.push(diagnostic);
    }

    /// The value of a key that is not there, under a name that seems to mean it; [`Fields::finish`] reports the name. To be
    /// asked when all keys have been taken.
    #[must_use]
    pub fn meant(&self, key: &str) -> Option<&'a Node> {
        let mut unknown = self.entries.iter().filter(|entry| !self.is_known(entry));
        unknown.find(|entry| nearest(&entry.key, self.names()) == Some(key)).map(|entry| &entry.node)
    }

    fn is_known(&self, entry: &Entry) -> bool {
        self.taken.iter().any(|key| *key == entry.key) || self.asked.contains(&entry.key)
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.taken.iter().copied().chain(self.asked.iter().map(String::as_str))
    }

    /// Reports keys that nobody asked for, each with the nearest name that is known. Where that is the name of a key that was
    /// missing, both are one fault, which is told here.
    pub fn finish(self, what: &str) {
        for (key, said) in &self.missed {
            let is_said = |fault: &Diagnostic| {
                (fault.code, &fault.message, fault.path()) == (Code::KeyMissing, said, Some(self.path))
            };
            if self.meant(key).is_some()
                && let Some(at) = self.diagnostics.iter().rposition(is_said)
            {
                self.diagnostics.remove(at);
            }
        }
        let unknown: Vec<&Entry> = self.entries.iter().filter(|entry| !self.is_known(entry)).collect();
        for entry in unknown {
            let message = format!("{what} has no key `{}`", entry.key);
            let mut diagnostic = Diagnostic::at(Code::KeyUnknown, self.path, entry.key_span, message);
            let before = diagnostic.help.len();
            diagnostic = diagnostic.suggest(&entry.key, self.names());
            if diagnostic.help.len() == before {
                let mut names: Vec<&str> = self.names().collect();
                names.sort_unstable();
                names.dedup();
                diagnostic = diagnostic.help(format!("its keys are {}", quoted_all(&names)));
            }
            self.diagnostics.push(diagnostic);
        }
    }
}

/// The items of a list; a single value stands for a list of one.
#[must_use]
pub fn items(node: &Node) -> &[Node] {
    match &node.value {
        Value::List(items) => items,
        Value::Null => &[],
        _ => std::slice::from_ref(node),
    }
}

/// `` `a`, `b` or `c` ``.
#[must_use]
pub fn quoted_list(names: &[&str]) -> String {
    quoted(names, "or")
}

/// `` `a`, `b` and `c` ``.
#[must_use]
pub fn quoted_all(names: &[&str]) -> String {
    quoted(names, "and")
}

fn quoted(names: &[&str], conjunction: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} {conjunction} {last}", first.join(", ")),
    }
}
