//! The size of a picture, from its first bytes.

/// Width and height in CSS pixels, so that a page keeps the place of a picture while it loads; `None` where the file says
/// neither. A drawing without a size of its own is as wide as its column, and gets none.
#[must_use]
pub(super) fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    match imagesize::blob_size(bytes) {
        Ok(size) => Some((u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?)),
        Err(_) => size_of_drawing(bytes),
    }
}

/// What the start tag of an SVG says. Everything before it is a prologue or a comment.
fn size_of_drawing(bytes: &[u8]) -> Option<(u32, u32)> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (_, tag) = text.split_once("<svg")?;
    let (tag, _) = tag.split_once('>')?;
    Some((length(tag, "width")?, length(tag, "height")?))
}

/// An attribute that is a length in pixels, rounded.
fn length(tag: &str, name: &str) -> Option<u32> {
    let named = tag.match_indices(name).map(|(at, _)| (&tag[..at], tag[at + name.len()..].trim_start()));
    let (_, rest) = named.into_iter().find(|(before, rest)| {
        before.ends_with(|letter: char| letter.is_ascii_whitespace()) && rest.starts_with('=')
    })?;
    let rest = rest[1..].trim_start();
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let (value, _) = rest[1..].split_once(quote)?;
    let number: f64 = value.trim().trim_end_matches("px").trim_end().parse().ok()?;
    // Whatever is larger is a mistake, and no place is kept for it.
    (1.0..=100_000.0).contains(&number).then_some(number.round() as u32)
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn a_drawing_has_the_size_that_its_tag_says() {
        let sizes = [
            (
                "<?xml version='1.0'?>\n<svg xmlns='x' width=\"500\" height = '329.6px' viewBox='0 0 5 3'><path/></svg>",
                Some((500, 330)),
            ),
            ("<svg viewBox='0 0 5 3'/>", None),
            ("<svg stroke-width='2' height='3'/>", None),
            ("<svg width='100%' height='50%'/>", None),
            ("<svg width='4' height='0'/>", None),
            ("<svg width", None),
            ("no picture", None),
        ];
        for (text, expected) in sizes {
            assert_eq!(size(text.as_bytes()), expected, "{text}");
        }
    }
}
