//! Tera set up so that a template sees its view and nothing else, and can neither run for ever nor write without end.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

use serde::Serialize;
use tera::value::Key;
use tera::{Context, ErrorKind, Kwargs, State, Tera, TeraResult, Value};

use super::theme::Theme;
use crate::base::{SourcePath, Span};
use crate::config::Config;
use crate::data::quoted_all;
use crate::diag::{Code, Diagnostic, nearest};

/// Numbers that all `range` calls of one page may count together.
const RANGE_NUMBERS_MAX: u64 = 1_000_000;

/// Largest page that a template may write.
const PAGE_BYTES_MAX: usize = 256 * 1024 * 1024;

/// A buffer that grew beyond this for one large page is not kept.
const SCRATCH_BYTES_MAX: usize = 1024 * 1024;

thread_local! {
    static SCRATCH: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
    static RANGE_LEFT: Cell<u64> = const { Cell::new(0) };
}

/// All templates, checked and compiled.
#[derive(Debug)]
pub struct Templates {
    tera: Tera,
}

/// Files for machines have templates too; they are ours, not the theme's.
const OWN: [(&str, &str); 3] = [
    ("own/feed.xml", include_str!("own/feed.xml")),
    ("own/robots.txt", include_str!("own/robots.txt")),
    ("own/site.webmanifest", include_str!("own/site.webmanifest")),
];

/// Templates that every theme must have.
const REQUIRED: [&str; 10] = [
    "page.html",
    "home.html",
    "section.html",
    "topic.html",
    "topics.html",
    "facts.html",
    "sources.html",
    "404.html",
    "print.html",
    "redirect.html",
];

impl Templates {
    /// Compiles the templates of a theme. A template with a fault is a diagnostic in its own file.
    pub fn compile(theme: &Theme, config: &Config, diagnostics: &mut Vec<Diagnostic>) -> Option<Self> {
        let (theme_name, theme_span) = (&config.theme, config.theme_span);
        let mut tera = with_our_functions();
        tera.autoescape_on(vec![".html", ".xml", ".svg"]);
        let mut sources: Vec<(String, &str)> = OWN.iter().map(|(name, text)| ((*name).to_owned(), *text)).collect();
        for (name, path, source) in theme.templates() {
            match source.text() {
                Some(text) => sources.push((name, text)),
                None => diagnostics.push(
                    Diagnostic::about(Code::FileEncoding, path, format!("`{path}` is not UTF-8"))
                        .help("save it again as UTF-8"),
                ),
            }
        }
        // Each file is looked at alone first, so that one run reports a fault in each of several files.
        let mut broken = Vec::new();
        for (name, text) in &sources {
            let mut alone = with_our_functions();
            if let Err(error) = alone.add_raw_template(name, text)
                && matches!(error.kind(), ErrorKind::SyntaxError(_))
                && is_own_fault(&error)
            {
                diagnostics.push(diagnostic(theme, name, &error, Code::TemplateSyntax, None));
                broken.push(name.clone());
            }
        }
        let missing: Vec<&str> =
            REQUIRED.into_iter().filter(|name| !theme.files.contains_key(&format!("templates/{name}"))).collect();
        if !missing.is_empty() {
            let plural = if missing.len() == 1 { "" } else { "s" };
            let message = format!("the theme `{theme_name}` lacks the template{plural} {}", quoted_all(&missing));
            let site_toml = SourcePath::new("site.toml");
            let diagnostic = match theme_span {
                Some(span) => Diagnostic::at(Code::TemplateMissing, &site_toml, span, message),
                None => Diagnostic::about(Code::TemplateMissing, &site_toml, message),
            };
            diagnostics.push(
                diagnostic
                    .help(format!("add them to `themes/{theme_name}/templates/`, or to `templates/` of the site")),
            );
        }
        if !(broken.is_empty() && missing.is_empty()) {
            return None;
        }
        match tera.add_raw_templates(sources) {
            Ok(()) => Some(Self { tera }),
            Err(error) => {
                diagnostics.extend(joint_faults(theme, &error));
                None
            }
        }
    }

    /// Whether there is a template of this name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.tera.contains_template(name)
    }

    /// Gives every page the values that are the same for all.
    pub fn share(&mut self, site: &impl Serialize) {
        self.tera.global_context().insert("site", site);
    }

    /// Renders one page. `subject` is what a fault is reported for.
    ///
    /// # Errors
    /// What the template did wrong, as a diagnostic in its file that names the page.
    pub fn render(
        &self,
        theme: &Theme,
        name: &str,
        root: &str,
        view: &impl Serialize,
        subject: &str,
    ) -> Result<Arc<[u8]>, Box<Diagnostic>> {
        let mut context = Context::new();
        context.insert("root", root);
        context.insert_value("page", with_head_laid_in(Value::from_serializable(view)));
        RANGE_LEFT.set(RANGE_NUMBERS_MAX);
        // Each thread writes all its pages into one buffer: a fresh one for each would grow by copying half a dozen times.
        let mut writer = Bounded { bytes: SCRATCH.take() };
        writer.bytes.clear();
        let result = self.tera.render_to(name, &context, &mut writer);
        let page: Arc<[u8]> = Arc::from(writer.bytes.as_slice());
        if writer.bytes.capacity() <= SCRATCH_BYTES_MAX {
            SCRATCH.set(writer.bytes);
        }
        match result {
            Ok(()) => Ok(page),
            Err(error) => {
                let code = if matches!(error.kind(), ErrorKind::TemplateNotFound(_)) {
                    Code::TemplateMissing
                } else {
                    Code::TemplateRender
                };
                Err(Box::new(diagnostic(theme, name, &error, code, Some(subject))))
            }
        }
    }
}

/// The fields of `head` stand beside those of the view. Doing this here and not by `serde(flatten)` keeps the names of
/// fields static: a flattened view allocates every one of them.
fn with_head_laid_in(view: Value) -> Value {
    if view.as_map().is_none_or(|fields| !fields.contains_key(&Key::Str("head"))) {
        return view;
    }
    let mut fields = view.into_map().unwrap_or_default();
    if let Some(head) = fields.remove(&Key::Str("head")).and_then(Value::into_map) {
        fields.extend(head);
    }
    fields.into()
}

/// Whether a syntax error is of the file itself, not of something that other files define.
fn is_own_fault(error: &tera::Error) -> bool {
    match error.kind() {
        ErrorKind::SyntaxError(report) => !["component", "parent", "include"].iter().any(|word| {
            report.message().to_lowercase().contains(word) && report.message().to_lowercase().contains("not found")
        }),
        _ => false,
    }
}

/// A page that grows without end stops here.
struct Bounded {
    bytes: Vec<u8>,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.bytes.len() + bytes.len() > PAGE_BYTES_MAX {
            return Err(std::io::Error::from(std::io::ErrorKind::FileTooLarge));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Tera with what templates can call beside its own filters and functions.
fn with_our_functions() -> Tera {
    let mut tera = Tera::default();
    tera.register_function("range", bounded_range);
    tera.register_filter("urlencode", |text: &str, _: Kwargs, _: &State<'_>| query_encoded(text));
    tera
}

/// A text as a value in the query of an address (RFC 3986): everything but unreserved characters is encoded.
fn query_encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut encoded, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            byte => encoded.push_str(&format!("%{byte:02X}")),
        }
        encoded
    })
}

/// `range(start=…, end=…, step_by=…)`, within what a page may count.
fn bounded_range(arguments: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    let start = arguments.get::<i64>("start")?.unwrap_or(0);
    let end = arguments.must_get::<i64>("end")?;
    let step = arguments.get::<i64>("step_by")?.unwrap_or(1).max(1);
    let count = u64::try_from(end.saturating_sub(start)).unwrap_or(0).div_ceil(step.unsigned_abs());
    let left = RANGE_LEFT.get();
    if count > left {
        return Err(tera::Error::message(format!("`range` may count to {RANGE_NUMBERS_MAX} on one page")));
    }
    RANGE_LEFT.set(left - count);
    let numbers: Vec<i64> = (0..count).map(|index| start + i64::try_from(index).unwrap_or(0) * step).collect();
    Ok(Value::from(numbers))
}

/// What templates lack of each other: names that none of them defines. Tera hands all of it over in one text, report
/// after report: `error: message`, ` --> file:line:column`, the line, and its underline.
fn joint_faults(theme: &Theme, error: &tera::Error) -> Vec<Diagnostic> {
    let ErrorKind::Msg(text) = error.kind() else {
        return vec![diagnostic(theme, "page.html", error, Code::TemplateSyntax, None)];
    };
    let mut faults = Vec::new();
    // A template that takes the place of the theme's own mostly lacks several blocks, and many templates fill them.
    let mut lacking: BTreeMap<&SourcePath, Vec<String>> = BTreeMap::new();
    for report in format!("\n{text}").split("\nerror: ").skip(1).filter_map(Report::read) {
        let Some((path, source)) = theme.template(report.file) else { continue };
        let Some(text) = source.text() else { continue };
        match (report.missing_block(), parent_of(theme, text)) {
            (Some(block), Some(parent)) => lacking.entry(parent).or_default().push(block.to_owned()),
            _ => {
                let message = format!("this template cannot be read: {}", lower_first(report.message));
                faults.push(Diagnostic::at(Code::TemplateSyntax, path, report.span(text), message));
            }
        }
    }
    for (parent, mut blocks) in lacking {
        blocks.sort();
        blocks.dedup();
        let names: Vec<&str> = blocks.iter().map(String::as_str).collect();
        let message =
            format!("this template lacks blocks that others fill when they extend it: {}", quoted_all(&names));
        let help = format!("add `{{% block {} %}}{{% endblock %}}` and so on where each belongs", names[0]);
        faults.push(Diagnostic::about(Code::TemplateSyntax, parent, message).help(help));
    }
    if !faults.is_empty() {
        return faults;
    }
    // Without a place the last template that the text names is the one that came too late.
    let name = text.split('`').rfind(|name| theme.template(name).is_some());
    vec![diagnostic(theme, name.unwrap_or("page.html"), error, Code::TemplateSyntax, None)]
}

/// One of Tera's reports in text.
struct Report<'a> {
    message: &'a str,
    file: &'a str,
    /// From 1.
    line: usize,
    /// From 1, in characters.
    column: usize,
    width: usize,
}

impl<'a> Report<'a> {
    fn read(report: &'a str) -> Option<Self> {
        let mut lines = report.lines();
        let message = lines.next()?;
        let mut place = lines.next()?.trim_start().strip_prefix("--> ")?.rsplitn(3, ':');
        let column = place.next()?.parse().ok()?;
        let line = place.next()?.parse().ok()?;
        Some(Self { message, file: place.next()?, line, column, width: lines.nth(2)?.matches('^').count() })
    }

    /// The block that no parent of the template has.
    fn missing_block(&self) -> Option<&'a str> {
        self.message.strip_prefix("Block `")?.strip_suffix("` is not defined in any parent template")
    }

    fn span(&self, text: &str) -> Span {
        let line_at: usize = text.split_inclusive('\n').take(self.line.saturating_sub(1)).map(str::len).sum();
        let place =
            |column: usize| text[line_at..].char_indices().nth(column).map_or(text.len(), |(at, _)| line_at + at);
        let column = self.column.saturating_sub(1);
        Span::new(place(column), place(column + self.width))
    }
}

/// The template that a template extends.
fn parent_of<'a>(theme: &'a Theme, text: &str) -> Option<&'a SourcePath> {
    let (_, rest) = text.split_once("{% extends ")?;
    let name = rest.trim_start().strip_prefix(['"', '\''])?.split(['"', '\'']).next()?;
    theme.template(name).map(|(path, _)| path)
}

/// Turns Tera's report into a diagnostic with a span in the file it names.
fn diagnostic(theme: &Theme, name: &str, error: &tera::Error, code: Code, subject: Option<&str>) -> Diagnostic {
    let (file, span, message) = match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            (report.filename().to_owned(), Some(report.span().range.clone()), report.message().to_owned())
        }
        ErrorKind::CircularExtend { tpl, inheritance_chain } => {
            (tpl.clone(), None, format!("templates extend each other in a circle: {}", inheritance_chain.join(" → ")))
        }
        ErrorKind::CircularInclude { tpl, include_chain } => {
            (tpl.clone(), None, format!("templates include each other in a circle: {}", include_chain.join(" → ")))
        }
        ErrorKind::MissingParent { current, parent } => {
            let source = theme.template(current).and_then(|(_, source)| source.text());
            let at = source.and_then(|text| text.find(parent.as_str()));
            (
                current.clone(),
                at.map(|at| at..at + parent.len()),
                format!("it extends `{parent}`, which does not exist"),
            )
        }
        ErrorKind::TemplateNotFound(missing) => (name.to_owned(), None, format!("there is no template `{missing}`")),
        ErrorKind::Io(_) => {
            (name.to_owned(), None, format!("this template writes more than {PAGE_BYTES_MAX} bytes for one page"))
        }
        other => (name.to_owned(), None, other.to_string()),
    };
    let file = if file.is_empty() { name.to_owned() } else { file };
    let path =
        theme.template(&file).map_or_else(|| SourcePath::new(&format!("templates/{file}")), |(path, _)| path.clone());
    let message = lower_first(message.lines().next().unwrap_or_default().trim_end_matches('.'));
    let available =
        message.split_once(". Available fields: ").or_else(|| message.split_once(". Available variables: "));
    let (message, help) = match available {
        Some((message, fields)) => (message.to_owned(), Some(field_help(message, fields))),
        None => (message, None),
    };
    let message = format!("this template cannot be {}: {message}", if subject.is_some() { "rendered" } else { "read" });
    let diagnostic = match span {
        Some(span) => Diagnostic::at(code, &path, Span::from(span), message),
        None => Diagnostic::about(code, &path, message),
    };
    let diagnostic = help.into_iter().fold(diagnostic, Diagnostic::help);
    match subject {
        Some(subject) => diagnostic.help(format!("it was rendering `{subject}`")),
        None => diagnostic,
    }
}

/// The field that was meant, or all there are.
fn field_help(message: &str, fields: &str) -> String {
    let written = message.split('`').nth(1).unwrap_or_default();
    let names: Vec<&str> = fields.split(", ").collect();
    match nearest(written, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are {}", quoted_all(&names)),
    }
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) if !text[first.len_utf8()..].starts_with(|second: char| second.is_uppercase()) => {
            first.to_lowercase().chain(characters).collect()
        }
        _ => text.to_owned(),
    }
}
