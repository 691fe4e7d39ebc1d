//! Diagnostics for people: source lines, carets, help.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Diagnostic, Label, Severity, Sources, line_and_column};
use crate::base::Span;

/// Whether text may carry colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// Plain text: files, pipes, tests.
    Never,
    /// A terminal that shows colours.
    Always,
}

/// Source lines around a fault that are handed to the renderer: long files would be scanned whole for each message.
const LINES_AROUND: usize = 2;

/// A line longer than this is cut around the fault, so that minified text stays readable.
const LINE_BYTES_MAX: usize = 240;

/// All diagnostics as text, a blank line after each; empty when there are none.
#[must_use]
pub fn to_text(diagnostics: &[Diagnostic], sources: &dyn Sources, colour: Colour) -> String {
    let renderer = match colour {
        Colour::Never => Renderer::plain(),
        Colour::Always => Renderer::styled(),
    };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let mut text = String::new();
    for diagnostic in diagnostics {
        text.push_str(&renderer.render(&[report(diagnostic, sources)]));
        text.push_str("\n\n");
    }
    text
}

fn report<'a>(diagnostic: &'a Diagnostic, sources: &'a dyn Sources) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = Group::with_title(level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.name()));
    for (index, label) in diagnostic.labels.iter().enumerate() {
        let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        match frame(label, sources) {
            Some(frame) => {
                let annotation = kind.span(frame.span).label(&*label.text);
                let snippet = Snippet::source(frame.text)
                    .line_start(frame.line)
                    .path(label.path.as_str())
                    .fold(true)
                    .annotation(annotation);
                group = group.element(snippet);
            }
            None => {
                group = group.element(annotate_snippets::Origin::path(label.path.as_str()));
                if !label.text.is_empty() {
                    group = group.element(Level::NOTE.message(label.text.as_str()));
                }
            }
        }
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    group
}

/// The lines around a label, the number of the first of them, and the label's place among them.
struct Frame<'a> {
    text: &'a str,
    line: usize,
    span: std::ops::Range<usize>,
}

fn frame<'a>(label: &Label, sources: &'a dyn Sources) -> Option<Frame<'a>> {
    let text = sources.text(&label.path)?;
    let span = on_characters(text, label.span?);
    let mut start = span.start;
    for _ in 0..LINES_AROUND {
        start = text[..start].rfind('\n').unwrap_or(0);
    }
    if start > 0 {
        start += 1;
    }
    let mut end = span.end;
    for _ in 0..LINES_AROUND {
        end = text[end..].find('\n').map_or(text.len(), |at| (end + at + 1).min(text.len()));
    }
    let line_start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[span.end..].find('\n').map_or(text.len(), |at| span.end + at);
    if line_end - line_start > LINE_BYTES_MAX {
        start = character_at(text, span.start.saturating_sub(LINE_BYTES_MAX / 3).max(line_start));
        end = character_at(text, (span.start + LINE_BYTES_MAX).min(line_end));
    }
    let (line, _) = line_and_column(text, start);
    let span_end = span.end.clamp(span.start, end);
    Some(Frame { text: &text[start..end], line, span: span.start - start..span_end - start })
}

/// A span cut to the text and widened to whole characters; a span over several lines keeps only its first.
fn on_characters(text: &str, span: Span) -> std::ops::Range<usize> {
    let start = character_at(text, span.range().start);
    let mut end = span.range().end.min(text.len()).max(start);
    while !text.is_char_boundary(end) {
        end += 1;
    }
    let first_line = text[start..end].find('\n').map_or(end, |at| start + at);
    start..first_line
}

fn character_at(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
