//! How large a picture shows itself: what a page must say so that nothing moves when the picture comes.

use super::html::attribute;

/// Width and height in CSS pixels, as the file itself says. `None` where it does not: a drawing without both takes the room
/// that it is given.
#[must_use]
pub fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    match imagesize::blob_size(bytes) {
        Ok(size) => Some((u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?)),
        Err(_) => size_of_drawing(std::str::from_utf8(bytes).ok()?),
    }
}

/// That of an SVG, from the first element.
fn size_of_drawing(text: &str) -> Option<(u32, u32)> {
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    while !rest.starts_with("<svg") {
        let end = match rest {
            _ if rest.starts_with("<!--") => "-->",
            _ if rest.starts_with("<?") => "?>",
            // A document type may bring declarations of its own, in brackets.
            _ if rest.starts_with("<!") && rest.find('[') < rest.find('>') && rest.contains('[') => "]>",
            _ if rest.starts_with("<!") => ">",
            _ => return None,
        };
        rest = rest.split_once(end)?.1.trim_start();
    }
    let mut rest = rest[4..].trim_start();
    let (mut width, mut height) = (None, None);
    while !rest.is_empty() && !rest.starts_with(['>', '/']) {
        let (name, value, after) = attribute(rest);
        match name {
            "width" => width = pixels(value),
            "height" => height = pixels(value),
            _ => {}
        }
        rest = after.trim_start();
    }
    Some((width?, height?))
}

/// A length without a unit or in pixels. Others depend on what is around the picture, or on paper.
fn pixels(length: &str) -> Option<u32> {
    let number: f64 = length.trim().trim_end_matches("px").parse().ok()?;
    (0.5..=100_000.0).contains(&number).then(|| number.round() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawings_say_their_size_in_their_first_element() {
        for (text, wanted) in [
            ("<svg width=\"40\" height='30px'/>", Some((40, 30))),
            (
                "\u{feff}<?xml version=\"1.0\"?>\n<!-- <svg width=\"1\" height=\"1\"> -->\n<svg\n height=\"29.6\" width=\"40.4\">",
                Some((40, 30)),
            ),
            (
                "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"svg11.dtd\"><svg width=\"4\" height=\"3\">",
                Some((4, 3)),
            ),
            ("<!DOCTYPE svg [<!ENTITY a \"b\">]>\n<svg width=\"4\" height=\"3\">", Some((4, 3))),
            // It fills the room that it is given.
            ("<svg viewBox=\"0 0 4 3\"><rect width=\"4\" height=\"3\"/></svg>", None),
            ("<svg width=\"100%\" height=\"3\">", None),
            ("<svg width=\"3em\" height=\"3em\">", None),
            ("<svg width=\"NaN\" height=\"1e99\">", None),
            ("<svg width=\"4\"", None),
            ("<svg", None),
            ("<!DOCTYPE", None),
            ("<html><svg width=\"4\" height=\"3\">", None),
            ("", None),
        ] {
            assert_eq!(size(text.as_bytes()), wanted, "{text}");
        }
    }
}
