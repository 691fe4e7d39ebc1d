//! Diagnostics for people: source lines, carets, help.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use rustc_hash::FxHashMap;

use super::{Diagnostic, Label, Severity, Sources};
use crate::base::{SourcePath, Span};

/// Whether text may carry colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// Plain text: files, pipes, tests.
    Never,
    /// A terminal that shows colours.
    Always,
}

/// Source lines before and after a fault that are handed to the renderer.
const LINES_AROUND: usize = 1;

/// A line longer than this is cut around the fault, so that minified text stays readable.
const LINE_BYTES_MAX: usize = 240;

/// Labels of one file that lie further apart are shown one by one.
const TOGETHER_BYTES_MAX: usize = 16 * 1024;

/// All diagnostics as text, a blank line after each; empty when there are none.
#[must_use]
pub fn to_text<'a>(
    diagnostics: impl IntoIterator<Item = &'a Diagnostic>,
    sources: &dyn Sources,
    colour: Colour,
) -> String {
    let renderer = match colour {
        Colour::Never => Renderer::plain(),
        Colour::Always => Renderer::styled(),
    };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let mut text = String::new();
    let mut files = Lines::default();
    for diagnostic in diagnostics {
        for label in &diagnostic.labels {
            files.learn(&label.path, sources);
        }
        text.push_str(&renderer.render(&[report(diagnostic, &files)]));
        text.push_str("\n\n");
    }
    text
}

fn report<'a>(diagnostic: &'a Diagnostic, files: &Lines<'a>) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = Group::with_title(level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.name()));
    let mut kind = AnnotationKind::Primary;
    let mut labels = diagnostic.labels.as_slice();
    while let Some(first) = labels.first() {
        let near = labels[1..].iter().take_while(|label| label.path == first.path).count();
        let (shown, frame) = match frame(&labels[..=near], files) {
            Some(frame) => (near + 1, Some(frame)),
            None => (1, frame(&labels[..1], files)),
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

/// Texts with the offsets at which their lines begin, worked out once: thousands of faults can lie in one file.
#[derive(Default)]
struct Lines<'a> {
    files: FxHashMap<SourcePath, Option<(&'a str, Vec<usize>)>>,
}

impl<'a> Lines<'a> {
    fn learn(&mut self, path: &SourcePath, sources: &'a dyn Sources) {
        if !self.files.contains_key(path) {
            let lines = sources.text(path).map(|text| {
                let starts = text.match_indices('\n').map(|(at, _)| at + 1);
                (text, std::iter::once(0).chain(starts).collect())
            });
            self.files.insert(path.clone(), lines);
        }
    }

    fn get(&self, path: &SourcePath) -> Option<(&'a str, &[usize])> {
        self.files.get(path)?.as_ref().map(|(text, starts)| (*text, starts.as_slice()))
    }
}

/// The lines around labels of one file, the number of the first of them, and the labels' places among them.
struct Frame<'a> {
    text: &'a str,
    line: usize,
    spans: Vec<Range<usize>>,
}

/// `None` when a label has no place in the text, or when several lie too far apart to be shown together.
fn frame<'a>(labels: &[Label], files: &Lines<'a>) -> Option<Frame<'a>> {
    let (text, starts) = files.get(&labels.first()?.path)?;
    let spans: Option<Vec<Range<usize>>> = labels.iter().map(|label| Some(on_characters(text, label.span?))).collect();
    let spans = spans?;
    let first = spans.iter().map(|span| span.start).min()?;
    let last = spans.iter().map(|span| span.end).max()?;
    let line_of = |offset: usize| starts.partition_point(|start| *start <= offset) - 1;
    let (first_line, last_line) = (line_of(first), line_of(last));
    let line_end = |line: usize| starts.get(line + 1).copied().unwrap_or(text.len());
    let mut start = starts[first_line.saturating_sub(LINES_AROUND)];
    let mut end = line_end(last_line + LINES_AROUND);
    if spans.len() > 1 {
        let together =
            end - start <= TOGETHER_BYTES_MAX && text[start..end].lines().all(|line| line.len() <= LINE_BYTES_MAX);
        if !together {
            return None;
        }
    }
    let only_line = starts[first_line]..line_end(last_line);
    if spans.len() == 1 && only_line.len() > LINE_BYTES_MAX {
        start = character_at(text, first.saturating_sub(LINE_BYTES_MAX / 3).max(only_line.start));
        end = character_at(text, (first + LINE_BYTES_MAX).min(only_line.end));
    }
    let line = line_of(start) + 1;
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
