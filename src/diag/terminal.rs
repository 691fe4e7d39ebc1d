//! Diagnostics for people: source lines, carets, help.

use std::ops::Range;

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

/// Labels of one file that lie further apart are shown one by one.
const TOGETHER_BYTES_MAX: usize = 16 * 1024;

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
    let mut kind = AnnotationKind::Primary;
    let mut labels = diagnostic.labels.as_slice();
    while let Some(first) = labels.first() {
        let near = labels[1..].iter().take_while(|label| label.path == first.path).count();
        let (shown, frame) = match frame(&labels[..=near], sources) {
            Some(frame) => (near + 1, Some(frame)),
            None => (1, frame(&labels[..1], sources)),
        };
        match frame {
            Some(frame) => {
                let mut snippet =
                    Snippet::source(frame.text).line_start(frame.line).path(first.path.as_str()).fold(true);
                for (label, span) in labels.iter().zip(frame.spans) {
                    snippet = snippet.annotation(kind.span(span).label(&*label.text));
                    kind = AnnotationKind::Context;
                }
                group = group.element(snippet);
            }
            None => {
                group = group.element(annotate_snippets::Origin::path(first.path.as_str()));
                if !first.text.is_empty() {
                    group = group.element(Level::NOTE.message(first.text.as_str()));
                }
            }
        }
        kind = AnnotationKind::Context;
        labels = &labels[shown..];
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    group
}

/// The lines around labels of one file, the number of the first of them, and the labels' places among them.
struct Frame<'a> {
    text: &'a str,
    line: usize,
    spans: Vec<Range<usize>>,
}

/// `None` when a label has no place in the text, or when several lie too far apart to be shown together.
fn frame<'a>(labels: &[Label], sources: &'a dyn Sources) -> Option<Frame<'a>> {
    let text = sources.text(&labels.first()?.path)?;
    let spans: Option<Vec<Range<usize>>> =
        labels.iter().map(|label| Some(on_characters(text, label.span?))).collect();
    let spans = spans?;
    let first = spans.iter().map(|span| span.start).min()?;
    let last = spans.iter().map(|span| span.end).max()?;
    let mut start = first;
    for _ in 0..LINES_AROUND {
        start = text[..start].rfind('\n').unwrap_or(0);
    }
    if start > 0 {
        start += 1;
    }
    let mut end = last;
    for _ in 0..LINES_AROUND {
        end = text[end..].find('\n').map_or(text.len(), |at| (end + at + 1).min(text.len()));
    }
    if spans.len() > 1 {
        let together = end - start <= TOGETHER_BYTES_MAX && text[start..end].lines().all(|line| line.len() <= LINE_BYTES_MAX);
        if !together {
            return None;
        }
    }
    let line_start = text[..first].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[last..].find('\n').map_or(text.len(), |at| last + at);
    if spans.len() == 1 && line_end - line_start > LINE_BYTES_MAX {
        start = character_at(text, first.saturating_sub(LINE_BYTES_MAX / 3).max(line_start));
        end = character_at(text, (first + LINE_BYTES_MAX).min(line_end));
    }
    let (line, _) = line_and_column(text, start);
    let spans = spans.into_iter().map(|span| span.start - start..span.end.clamp(span.start, end) - start).collect();
    Some(Frame { text: &text[start..end], line, spans })
}

/// A span cut to the text and widened to whole characters; a span over several lines keeps only its first.
fn on_characters(text: &str, span: Span) -> Range<usize> {
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
