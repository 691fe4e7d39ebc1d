//! Many findings as people can read them: every error, the first of each sort of warning, and how many there are of each.

use std::fmt::Write as _;

use super::terminal::to_text;
use super::{Code, Colour, Diagnostic, Severity, Sources};

/// Warnings of one code that are shown in full. Nobody reads more of one sort in a terminal, and thousands of them push
/// the errors out of it.
const SHOWN_MAX: usize = 50;

/// As many findings as this are counted by sort, because no screen holds them.
const COUNTED_MIN: usize = 20;

/// The findings of one code.
struct Sort {
    code: Code,
    severity: Severity,
    found: usize,
    shown: usize,
}

/// Diagnostics as [`to_text`] shows them, but of each sort of warning no more than fifty, then a line for each sort
/// with its number where there are many. Errors are always shown, and what is left out is said: nothing is lost.
#[must_use]
pub fn to_brief_text(diagnostics: &[Diagnostic], sources: &dyn Sources, colour: Colour) -> String {
    let mut sorts = Vec::new();
    let shown: Vec<&Diagnostic> = diagnostics.iter().filter(|diagnostic| is_shown(diagnostic, &mut sorts)).collect();
    let mut text = to_text(shown, sources, colour);
    if diagnostics.len() >= COUNTED_MIN {
        count(&mut text, sorts);
    }
    text
}

/// Counts a diagnostic among those of its sort, and says whether it is one of the first.
fn is_shown(diagnostic: &Diagnostic, sorts: &mut Vec<Sort>) -> bool {
    let (code, severity) = (diagnostic.code, diagnostic.severity);
    let at = sorts.iter().position(|sort| (sort.code, sort.severity) == (code, severity)).unwrap_or_else(|| {
        sorts.push(Sort { code, severity, found: 0, shown: 0 });
        sorts.len() - 1
    });
    let sort = &mut sorts[at];
    sort.found += 1;
    let is_shown = severity == Severity::Error || sort.shown < SHOWN_MAX;
    sort.shown += usize::from(is_shown);
    is_shown
}

/// A line for each sort, errors first, then the most frequent, and how to see the rest.
fn count(text: &mut String, mut sorts: Vec<Sort>) {
    sorts.sort_by_key(|sort| (std::cmp::Reverse((sort.severity, sort.found)), sort.code));
    let width = sorts.iter().map(|sort| sort.found.to_string().len()).max().unwrap_or_default();
    let of_one = |sort: &Sort| if sort.found == 1 { " " } else { "s" };
    for sort in &sorts {
        let word = format!("{}{}", sort.severity.word(), of_one(sort));
        let _ = write!(text, "{:>width$} {word:8}  {}", sort.found, sort.code.name());
        if sort.shown < sort.found {
            let _ = write!(text, ", {} of them shown", sort.shown);
        }
        text.push('\n');
    }
    if let Some(most) = sorts.iter().find(|sort| sort.shown < sort.found) {
        let name = most.code.name();
        let _ = write!(
            text,
            "help: `fingerpost check --verbose` shows all of them, `fingerpost explain {name}` tells what one means"
        );
        if most.code.is_lint() {
            let _ = write!(text, ",\n      and `{name} = \"allow\"` under `[lints]` in `site.toml` silences a sort");
        }
        text.push('\n');
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::SourcePath;

    /// One file with nothing in it that matters.
    struct Letters(String);

    impl Sources for Letters {
        fn text(&self, _: &SourcePath) -> Option<&str> {
            Some(&self.0)
        }
    }

    #[test]
    fn errors_are_shown_whole_and_of_each_sort_of_warning_the_first() {
        let path = SourcePath::new("content/a.md");
        let files = Letters("x".repeat(300));
        let of = |code, count| (0..count).map(move |at| (code, at));
        let found = of(Code::PageOrphan, 120).chain(of(Code::LinkBroken, 60)).chain(of(Code::HeadingTitle, 1));
        let found: Vec<Diagnostic> =
            found.map(|(code, at)| Diagnostic::at(code, &path, (at..at + 1).into(), "a fault")).collect();
        let brief = to_brief_text(&found, &files, Colour::Never);
        let shown = |code: &str| brief.matches(&format!("[{code}]: a fault")).count();
        assert_eq!((shown("page-orphan"), shown("link-broken"), shown("heading-title")), (50, 60, 1));
        let counts = " 60 errors    link-broken\n120 warnings  page-orphan, 50 of them shown\n  1 warning   heading-title\n\
                      help: `fingerpost check --verbose` shows all of them, `fingerpost explain page-orphan` tells what one \
                      means,\n      and `page-orphan = \"allow\"` under `[lints]` in `site.toml` silences a sort\n\n";
        assert!(brief.ends_with(counts), "{brief}");
        // What fits a screen is not counted.
        assert_eq!(to_brief_text(&found[..19], &files, Colour::Never), to_text(&found[..19], &files, Colour::Never));
        assert_eq!(to_brief_text(&[], &files, Colour::Never), "");
    }
}
