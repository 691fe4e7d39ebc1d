//! Calculators in content: files of their own, and blocks of code in articles.

use std::sync::Arc;

use super::front_matter::FrontMatter;
use super::markdown::{self, Origin};
use super::{Document, Faces, FactSource, Outline, Place, Prose, text_of};
use crate::base::{SourcePath, Span, UrlPath};
use crate::calc::declaration::{Cited, InputKind, KEYS, Number, Spread, read_profile};
use crate::calc::{Declaration, declares, read_declaration};
use crate::config::Config;
use crate::data::{Entry, Node, Parsed, Value, forget_consequences, parse_yaml};
use crate::diag::{Code, Diagnostic};
use crate::files::Source;

/// What files of calculators end in.
pub const ENDING: &str = ".calc.yaml";

/// The file of the numbers that readers may keep, below the content.
pub const PROFILE_FILE: &str = "content/profile.yaml";

/// Whether a file of content is one of a calculator, or that of the numbers that readers may keep.
#[must_use]
pub fn is_calculator_file(path: &SourcePath) -> bool {
    path.as_str().ends_with(ENDING) || path.as_str() == PROFILE_FILE
}

/// The language of a block of code that is a calculator.
pub const BLOCK: &str = "calc";

/// The kind that calculators of their own belong to.
pub const KIND: &str = "calculator";

/// A calculator and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// The calculator.
    pub declaration: Arc<Declaration>,
    /// Which block of code of the body it is; `None` for a file of its own.
    pub block: Option<u32>,
}

/// A file of a calculator: a page, or a library for others.
#[derive(Debug, Clone, PartialEq)]
pub enum CalculatorFile {
    /// A page of the kind `calculator`.
    Page(Arc<Document>),
    /// Tables and functions that calculators include.
    Library(Arc<Declaration>),
}

/// Reads a file of a calculator. Its keys are those of a calculator beside those of front matter, and `text`, which is
/// Markdown. `None` when it is not text or no calculator.
pub fn read_calculator(
    path: &SourcePath,
    source: &Source,
    config: &Config,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<CalculatorFile> {
    let text = text_of(path, source, config.file_bytes_max, diagnostics)?;
    let since = diagnostics.len();
    let Parsed { node, broke_off } = parse_yaml(path, text, 0, diagnostics);
    let file = read_node(path, source, text, &node, config, diagnostics);
    if broke_off {
        forget_consequences(diagnostics, since);
    }
    file
}

fn read_node(
    path: &SourcePath,
    source: &Source,
    text: &str,
    node: &Node,
    config: &Config,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<CalculatorFile> {
    if path.as_str() == PROFILE_FILE {
        return Some(CalculatorFile::Library(Arc::new(read_profile(path, text, node, diagnostics))));
    }
    if !declares(node) {
        let message = "this file declares no calculator";
        let span = Span { start: node.span.start, end: node.span.start };
        let diagnostic = Diagnostic::at(Code::KeyMissing, path, span, message);
        diagnostics.push(diagnostic.help("begin it with `calculator: name`"));
        return None;
    }
    let (mut own, mut front) = (Vec::new(), Vec::new());
    let mut words = None;
    if let Value::Map(entries) = &node.value {
        for entry in entries {
            match entry.key.as_str() {
                "text" => words = Some(&entry.node),
                key if KEYS.contains(&key) => own.push(entry.clone()),
                _ => front.push(entry.clone()),
            }
        }
    }
    let title = front.iter().find(|entry| entry.key == "title").and_then(|entry| entry.node.text());
    let title = title.unwrap_or_default().to_owned();
    let own = map(node, own);
    let declaration = Arc::new(read_declaration(path, text, &own, &title, diagnostics)?);
    if declaration.is_library {
        for entry in &front {
            let message = format!("a library has no key `{}`", entry.key);
            let diagnostic = Diagnostic::at(Code::KeyUnknown, path, entry.key_span, message);
            let known = ["units", "currency", "parameters", "tables", "functions"];
            diagnostics.push(diagnostic.suggest(&entry.key, known));
        }
        return Some(CalculatorFile::Library(declaration));
    }
    let kind = config.kind_named(KIND);
    let (mut front, kind) = FrontMatter::of_node(path, text, &map(node, front), kind, Place::Page, config, diagnostics);
    let Some(kind) = kind else {
        let message = "a calculator belongs to the kind `calculator`, which this site does not have";
        let diagnostic = Diagnostic::at(Code::KindUnknown, path, declaration.id.span, message);
        diagnostics.push(diagnostic.help("declare `[kinds.calculator]` in `site.toml`"));
        return None;
    };
    front.sources.extend(plain_sources(&declaration));
    let (body, plain) = match words.and_then(|node| Some((node.text()?, node.span))) {
        Some((words, whole)) => {
            let origin = Origin { path, offset: None, whole, figures: config.figures_of(kind) };
            markdown::compile(words, origin, config.markdown, diagnostics)
        }
        None => (Prose::default(), String::new()),
    };
    let id = &declaration.id.value;
    let url = UrlPath::new(&format!("calculators/{id}{}", config.urls.ending()));
    let outline = Outline {
        id: front.id.as_ref().map_or_else(|| format!("{KIND}-{id}"), |own| own.value.clone()),
        title: if title.trim().is_empty() { id.clone() } else { title.trim().to_owned() },
        href: url.href(),
        url,
        words: u32::try_from(plain.split_ascii_whitespace().count()).unwrap_or(u32::MAX),
    };
    // All of it is known to all pages.
    let faces = Faces::of(path, (kind, Place::Page), text, &front, &body, &outline).with_calculator(source.fingerprint);
    let embeds = body.embeds() || front.fields.iter().any(|field| field.proses.iter().any(Prose::embeds));
    Some(CalculatorFile::Page(Arc::new(Document {
        path: path.clone(),
        fingerprint: source.fingerprint,
        kind,
        place: Place::Page,
        front,
        body,
        body_at: 0,
        outline,
        calculators: vec![Placed { declaration, block: None }],
        embeds,
        faces,
    })))
}

fn map(node: &Node, entries: Vec<Entry>) -> Node {
    Node { span: node.span, value: Value::Map(entries) }
}

/// Reads the calculators among the blocks of code of an article. `text` is the whole file.
pub fn read_blocks(
    path: &SourcePath,
    text: &str,
    title: &str,
    body: &Prose,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Placed> {
    let mut placed = Vec::new();
    for (number, code) in body.codes.iter().enumerate().filter(|(_, code)| code.language == BLOCK) {
        let fenced = text.get(code.span.range()).unwrap_or_default();
        let Some(at) = fenced.find(code.text.as_str()) else {
            let message = "a calculator stands at the margin, not inside a list or a quote";
            let diagnostic = Diagnostic::at(Code::CalcUnknown, path, code.span, message);
            diagnostics.push(diagnostic.help("take the indentation away, or give it a file of its own"));
            continue;
        };
        let since = diagnostics.len();
        let Parsed { node, broke_off } = parse_yaml(path, &code.text, code.span.start as usize + at, diagnostics);
        let declaration = read_declaration(path, text, &node, title, diagnostics);
        if broke_off {
            forget_consequences(diagnostics, since);
        }
        if let Some(declaration) = declaration {
            let block = u32::try_from(number).ok();
            placed.push(Placed { declaration: Arc::new(declaration), block });
        }
    }
    placed
}

/// Publications that a calculator names itself; those of facts are known by the facts.
fn plain_sources(declaration: &Declaration) -> Vec<FactSource> {
    cited(declaration)
        .filter_map(|cited| match cited {
            Cited::Source(source) => Some(FactSource {
                title: source.title.clone(),
                publisher: source.publisher.clone(),
                url: source.url.clone(),
            }),
            _ => None,
        })
        .fold(Vec::new(), |mut sources, source| {
            if !sources.contains(&source) {
                sources.push(source);
            }
            sources
        })
}

/// Everything that a declaration cites.
fn cited(declaration: &Declaration) -> impl Iterator<Item = &Cited> {
    let inputs = declaration.inputs.iter().flat_map(|input| {
        let default = match &input.kind {
            InputKind::Number(number) => match &number.default {
                Spread::Fact(cited) => Some(cited),
                _ => None,
            },
            _ => None,
        };
        input.cited.iter().chain(default)
    });
    let parameters = declaration.parameters.iter().flat_map(|parameter| {
        let own = match &parameter.value {
            Number::Fact(cited) => Some(cited),
            Number::Plain(_) => None,
        };
        parameter.cited.iter().chain(own)
    });
    let tables = declaration.tables.iter().flat_map(|table| {
        let rows = table.rows.iter().filter_map(|(_, value)| match value {
            Number::Fact(cited) => Some(cited),
            Number::Plain(_) => None,
        });
        table.cited.iter().chain(table.row_cited.iter().map(|(_, cited)| cited)).chain(rows)
    });
    inputs.chain(parameters).chain(tables)
}

/// The ids of all facts that a declaration names, without their parts, in order, with repetitions.
pub fn fact_ids(declaration: &Declaration) -> impl Iterator<Item = &str> {
    cited(declaration).filter_map(|cited| match cited {
        Cited::Fact { reference, .. } => Some(reference.value.split('.').next().unwrap_or_default()),
        _ => None,
    })
}
