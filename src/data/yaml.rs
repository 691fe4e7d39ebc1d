//! YAML 1.2 to [`Node`]s: duplicate keys refused, anchors, depth and size bounded.

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle};
use rustc_hash::FxHashMap;

use super::{Entry, Node, Scalar, Value};
use crate::base::{SourcePath, Span};
use crate::diag::{Code, Diagnostic};

/// Deepest nesting of lists and mappings.
const DEPTH_MAX: usize = 64;

/// Most values in one document, with those that aliases repeat counted each time: a "billion laughs" ends here.
const NODES_MAX: usize = 100_000;

/// A YAML document as far as it could be read.
#[derive(Debug)]
pub struct Parsed {
    /// Its value.
    pub node: Node,
    /// A syntax error ended it early.
    pub broke_off: bool,
}

/// Reads one YAML document.
///
/// `offset` is where `text` begins in the file `path`, and is added to every span. Always gives a value; what is
/// wrong is pushed to `diagnostics`, and the value is then what could be read (or [`Value::Null`]).
///
/// Plain scalars keep their text: nothing is turned into a number, a boolean or a date here.
pub fn parse_yaml(path: &SourcePath, text: &str, offset: usize, diagnostics: &mut Vec<Diagnostic>) -> Parsed {
    let nothing = Node { span: Span::new(offset, offset), value: Value::Null };
    let options = granit_parser::options! {
        emit_comments: false,
        flow_nesting_limit: DEPTH_MAX,
        block_nesting_limit: DEPTH_MAX,
        disallow_directives: true,
        simple_key_max_lookahead: 1024,
    };
    let mut builder = Builder { path, text, offset, diagnostics, anchors: FxHashMap::default(), nodes: 0, depth: 0 };
    let mut events = Parser::new_from_str_with_options(text, options);
    let mut stack: Vec<Open> = Vec::new();
    let mut root: Option<Node> = None;
    let mut documents = 0;
    let mut broke_off = false;
    loop {
        let (event, place) = match events.next() {
            None => break,
            Some(Ok(next)) => next,
            Some(Err(error)) => {
                let (at, message, help) = in_words(error.kind(), text, builder.offset_of(error.marker()) - offset);
                let at = at + offset;
                let diagnostic = Diagnostic::at(
                    Code::YamlSyntax,
                    path,
                    Span::new(at, at + 1),
                    format!("this is not YAML: {message}"),
                );
                builder.diagnostics.push(match help {
                    Some(help) => diagnostic.help(help),
                    None => diagnostic,
                });
                broke_off = true;
                break;
            }
        };
        let span = builder.span(&place);
        let complete = match event {
            Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => None,
            Event::DocumentStart(..) => {
                documents += 1;
                if documents > 1 {
                    builder.fault(span, "a second YAML document begins here; one file or front matter holds one");
                    break;
                }
                None
            }
            Event::Scalar(text, style, anchor, _tag) => {
                let quoted = !matches!(style, ScalarStyle::Plain);
                let value = if !quoted && matches!(&*text, "" | "~" | "null" | "Null" | "NULL") {
                    Value::Null
                } else {
                    // An escape can write a zero byte, which no text of a page may hold.
                    let text = if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text.into_owned() };
                    Value::Scalar(Scalar { text, quoted })
                };
                let node = Node { span, value };
                builder.remember(anchor, &node);
                Some(node)
            }
            Event::SequenceStart(_, anchor, _tag) => {
                stack.push(Open::list(span, anchor));
                None
            }
            Event::MappingStart(_, anchor, _tag) => {
                stack.push(Open::map(span, anchor));
                None
            }
            Event::SequenceEnd | Event::MappingEnd => stack.pop().map(|open| {
                let anchor = open.anchor;
                let node = open.close(span);
                builder.remember(anchor, &node);
                node
            }),
            Event::Alias(anchor) => {
                builder.depth = stack.len();
                Some(builder.alias(anchor, span))
            }
            _ => None,
        };
        let Some(node) = complete else { continue };
        builder.nodes += 1;
        if builder.nodes > NODES_MAX {
            builder.fault(node.span, format!("more than {NODES_MAX} values in one document"));
            break;
        }
        match stack.last_mut() {
            Some(open) => open.take(node, &mut builder),
            None => root = root.or(Some(node)),
        }
    }
    // A syntax error leaves collections open: what they hold already is still worth checking.
    while let Some(open) = stack.pop() {
        let node = open.close(Span::new(offset + text.len(), offset + text.len()));
        match stack.last_mut() {
            Some(outer) => outer.take(node, &mut builder),
            None => root = root.or(Some(node)),
        }
    }
    Parsed { node: root.unwrap_or(nothing), broke_off }
}

struct Builder<'a> {
    path: &'a SourcePath,
    text: &'a str,
    offset: usize,
    diagnostics: &'a mut Vec<Diagnostic>,
    anchors: FxHashMap<usize, Node>,
    nodes: usize,
    /// Collections that are open here.
    depth: usize,
}

impl Builder<'_> {
    fn offset_of(&self, marker: &granit_parser::Marker) -> usize {
        self.offset + marker.byte_offset().unwrap_or(0).min(self.text.len())
    }

    fn span(&self, place: &granit_parser::Span) -> Span {
        Span::new(self.offset_of(&place.start), self.offset_of(&place.end))
    }

    fn fault(&mut self, span: Span, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::at(Code::YamlSyntax, self.path, span, message));
    }

    fn remember(&mut self, anchor: usize, node: &Node) {
        if anchor > 0 {
            // A kept copy is work and memory like any value.
            self.nodes += measure(node).0;
            if self.nodes <= NODES_MAX {
                self.anchors.insert(anchor, node.clone());
            }
        }
    }

    /// The value an alias stands for, at the alias's own place. An alias inside the value it names has none.
    fn alias(&mut self, anchor: usize, span: Span) -> Node {
        let Some(node) = self.anchors.get(&anchor) else {
            self.fault(span, "this alias stands inside the value it names");
            return Node { span, value: Value::Null };
        };
        let (size, depth) = measure(node);
        let fault = if self.nodes + size > NODES_MAX {
            Some(format!("aliases repeat more than {NODES_MAX} values in one document"))
        } else if self.depth + depth > DEPTH_MAX {
            Some(format!("aliases nest values more than {DEPTH_MAX} deep"))
        } else {
            None
        };
        if let Some(fault) = fault {
            self.fault(span, fault);
            return Node { span, value: Value::Null };
        }
        self.nodes += size;
        Node { span, value: self.anchors[&anchor].value.clone() }
    }
}

/// Values in a tree, and how deep they nest.
fn measure(node: &Node) -> (usize, usize) {
    let mut total = 0;
    let mut deepest = 0;
    let mut pending = vec![(node, 1)];
    while let Some((node, depth)) = pending.pop() {
        total += 1;
        deepest = deepest.max(depth);
        match &node.value {
            Value::List(items) => pending.extend(items.iter().map(|item| (item, depth + 1))),
            Value::Map(entries) => pending.extend(entries.iter().map(|entry| (&entry.node, depth + 1))),
            Value::Null | Value::Scalar(_) => {}
        }
        if total > NODES_MAX {
            break;
        }
    }
    (total, deepest)
}

/// A list or mapping whose end has not come yet.
struct Open {
    span: Span,
    anchor: usize,
    items: Vec<Node>,
    entries: Vec<Entry>,
    is_map: bool,
    key: Option<(String, Span)>,
    places: FxHashMap<String, usize>,
}

impl Open {
    fn list(span: Span, anchor: usize) -> Self {
        Self {
            span,
            anchor,
            items: Vec::new(),
            entries: Vec::new(),
            is_map: false,
            key: None,
            places: FxHashMap::default(),
        }
    }

    fn map(span: Span, anchor: usize) -> Self {
        Self { is_map: true, ..Self::list(span, anchor) }
    }

    fn take(&mut self, node: Node, builder: &mut Builder<'_>) {
        if !self.is_map {
            self.items.push(node);
            return;
        }
        let Some((key, key_span)) = self.key.take() else {
            let key = match &node.value {
                Value::Scalar(scalar) => scalar.text.clone(),
                Value::Null => String::new(),
                Value::List(_) | Value::Map(_) => {
                    builder.fault(node.span, "a key must be text, not a list or a mapping");
                    String::new()
                }
            };
            self.key = Some((key, node.span));
            return;
        };
        if let Some(earlier) = self.earlier(&key) {
            let earlier = &self.entries[earlier];
            let diagnostic = Diagnostic::at(
                Code::KeyDuplicate,
                builder.path,
                key_span,
                format!("the key `{key}` stands twice in one mapping"),
            );
            builder
                .diagnostics
                .push(diagnostic.also(builder.path, Some(earlier.key_span), "first here").help("delete one of them"));
            return;
        }
        if !self.places.is_empty() {
            self.places.insert(key.clone(), self.entries.len());
        }
        self.entries.push(Entry { key, key_span, node });
    }

    /// Where a key stands already. Short mappings are looked through, long ones get an index.
    fn earlier(&mut self, key: &str) -> Option<usize> {
        const LOOKED_THROUGH: usize = 32;
        if self.entries.len() < LOOKED_THROUGH {
            return self.entries.iter().position(|entry| entry.key == key);
        }
        if self.places.is_empty() {
            self.places = self.entries.iter().enumerate().map(|(place, entry)| (entry.key.clone(), place)).collect();
        }
        self.places.get(key).copied()
    }

    fn close(self, end: Span) -> Node {
        let last = if self.is_map {
            self.entries.last().map(|entry| entry.node.span.end.max(entry.key_span.end))
        } else {
            self.items.last().map(|item| item.span.end)
        };
        // Block collections end where the next token begins, a line too far: their last value's end says it better.
        let end = last.unwrap_or(end.end).max(self.span.start);
        let span = Span { start: self.span.start, end };
        let value = if self.is_map { Value::Map(self.entries) } else { Value::List(self.items) };
        Node { span, value }
    }
}

/// Takes away what breaking off brought about: half of a document always lacks something. `since` is how many
/// diagnostics there were before it was parsed.
pub fn forget_consequences(diagnostics: &mut Vec<Diagnostic>, since: usize) {
    let mut index = 0;
    diagnostics.retain(|diagnostic| {
        index += 1;
        index <= since || !matches!(diagnostic.code, Code::KeyMissing | Code::ValueType | Code::FactUnsourced)
    });
}

const QUOTE: &str = "put the text in quotes: `title: \"Roles: what they pay\"`";

/// Where it is wrong, what is wrong and what to do, for people who write front matter; the parser's own words for what
/// they rarely meet. `at` is where the parser gave up in `text`.
fn in_words(kind: &ErrorKind, text: &str, at: usize) -> (usize, String, Option<&'static str>) {
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    let line = &before[before.rfind('\n').map_or(0, |end| end + 1)..];
    let (message, help) = match kind {
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement if !line.contains(": ") => {
            ("this line is indented like a part of the text above it", "begin it in the column of the other keys")
        }
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => {
            ("text without quotes cannot hold a colon and a space", QUOTE)
        }
        ErrorKind::UnexpectedCharacter { character: '`' } => {
            ("text without quotes cannot begin with a backtick", QUOTE)
        }
        ErrorKind::UnexpectedCharacter { character } => {
            return (at, format!("text without quotes cannot begin with `{character}`"), Some(QUOTE));
        }
        ErrorKind::UnknownAnchor | ErrorKind::MissingAnchorOrAliasName => {
            ("text without quotes cannot begin with `*` or `&`", QUOTE)
        }
        ErrorKind::DirectiveDisallowed => {
            ("a line cannot begin with `%`", "indent text of several lines below its key")
        }
        ErrorKind::BlockSequenceEntryNotAllowed => {
            ("a list cannot begin behind its key", "put each `- entry` on a line of its own, or text in quotes")
        }
        ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => {
            ("a quote is opened and never closed", "close it where the text ends")
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar => (
            "text goes on after its closing quote",
            "put all of it in quotes, and write `''` for an apostrophe inside of it",
        ),
        ErrorKind::InvalidTrailingDoubleQuotedScalar => (
            "text goes on after its closing quote",
            r#"put all of it in quotes, and write `\"` for a quote inside of it"#,
        ),
        ErrorKind::UnknownQuotedScalarEscape | ErrorKind::InvalidQuotedScalarHexEscape => (
            "this text holds a backslash that begins no escape",
            r"write `\\` for a backslash, or put the text in single quotes",
        ),
        ErrorKind::UnclosedFlowCollection { open } => {
            return (at, format!("`{open}` is opened and never closed"), Some("close it, or put the text in quotes"));
        }
        ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping
        | ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::ExpectedFlowSequenceSeparator => {
            ("a comma or a closing bracket is missing", "text that begins with `[` or `{` needs quotes")
        }
        ErrorKind::MisplacedFlowCollectionEnd | ErrorKind::MismatchedFlowCollectionEnd { .. } => {
            ("this bracket closes nothing", "text that begins with a bracket needs quotes")
        }
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabInPlainScalar
        | ErrorKind::TabAtBlockScalarStart => {
            let tab = after.find('\t').map_or(at, |tab| at + tab);
            return (tab, "a tab cannot indent a line".to_owned(), Some("indent with spaces"));
        }
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => (
            "this line has no colon after its key",
            "write `key: value`; text of several lines is indented below its key",
        ),
        ErrorKind::InvalidIndentation
        | ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::InvalidBlockScalarIndent
        | ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::InvalidFlowScalarIndent => (
            "this line does not belong to what stands above it",
            "keys of one mapping and entries of one list begin in one column",
        ),
        other => return (at, first_line(&other.to_string()), None),
    };
    (at, message.to_owned(), Some(help))
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().trim_end_matches('.').to_owned()
}
