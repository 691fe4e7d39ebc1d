//! Titles broken into the lines of a box, by widths that no usual typeface exceeds.

use unicode_normalization::char::is_combining_mark;

/// Breaks a title into at most `lines_max` lines of `width` thousandths of an em. What does not fit ends in `…`. Lines
/// break at spaces; a word that is longer than a line breaks where the line ends.
#[must_use]
pub fn wrap(title: &str, width: u32, lines_max: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in title.split_whitespace() {
        let spaced = if line.is_empty() { 0 } else { SPACE };
        if self::width(&line) + spaced + self::width(word) <= width {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        let mut rest = word;
        while self::width(rest) > width {
            let end = fitting(rest, width);
            lines.push(rest[..end].to_owned());
            rest = &rest[end..];
        }
        line.push_str(rest);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    if lines.len() > lines_max {
        lines.truncate(lines_max);
        if let Some(last) = lines.last_mut() {
            last.truncate(fitting(last, width.saturating_sub(letter_width('…'))));
            last.truncate(last.trim_end().len());
            last.push('…');
        }
    }
    lines
}

/// The end of the longest beginning that is not wider than `width`; at least one letter with its marks.
fn fitting(text: &str, width: u32) -> usize {
    let mut used = 0;
    let mut end = 0;
    for (at, letter) in text.char_indices() {
        used += letter_width(letter);
        if used > width && end > 0 && !is_combining_mark(letter) {
            return end;
        }
        end = at + letter.len_utf8();
    }
    end
}

/// The width of a line in thousandths of an em.
#[must_use]
pub fn width(text: &str) -> u32 {
    text.chars().map(letter_width).sum()
}

const SPACE: u32 = 290;

/// Measured over the system typefaces that the theme asks for, the widest of them, half bold.
fn letter_width(letter: char) -> u32 {
    match letter {
        ' ' => SPACE,
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '’' | '|' | '!' => 310,
        'f' | 'r' | 't' | '(' | ')' | '[' | ']' | '/' | '-' | '"' | '“' | '”' => 420,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' | '—' => 960,
        'A'..='Z' | '&' | '–' => 730,
        'a'..='z' | '0'..='9' => 600,
        _ if is_combining_mark(letter) => 0,
        // Scripts whose letters fill a square.
        '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' => 1000,
        '\u{ff00}'..='\u{ff60}' | '\u{1f000}'.. => 1100,
        _ if letter.is_uppercase() => 760,
        _ => 660,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_spaces_and_keep_their_width() {
        assert_eq!(wrap("Mixing: EQ, compression and reverb", 11_500, 3), ["Mixing: EQ,", "compression and", "reverb"]);
        assert_eq!(wrap("  Luck  ", 11_500, 3), ["Luck"]);
        assert!(wrap("", 11_500, 3).is_empty());
    }

    #[test]
    fn what_does_not_fit_is_cut_and_says_so() {
        let lines = wrap("One title that goes on and on and on, longer than a box has room for", 9000, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…') && lines.iter().all(|line| width(line) <= 9000), "{lines:?}");
    }

    #[test]
    fn long_words_of_any_script_break_between_letters() {
        for word in
            ["Donaudampfschifffahrtsgesellschaft", "音楽制作は良い職業ですか音楽制作", "e\u{301}".repeat(40).as_str()]
        {
            let lines = wrap(word, 6000, 99);
            assert_eq!(lines.concat(), word);
            assert!(lines.iter().all(|line| width(line) <= 6000 && !line.starts_with('\u{301}')), "{lines:?}");
        }
    }
}
