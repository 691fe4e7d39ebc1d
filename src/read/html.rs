//! Escaping for HTML, and what raw HTML in an article must not do.

use std::ops::Range;

use crate::base::slug::percent_encode;

/// Appends text with `& < > "` escaped: safe between tags and in quoted attributes. A zero byte becomes U+FFFD.
pub fn escape_into(html: &mut String, text: &str) {
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        let entity = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            // As CommonMark has it: a zero byte is never published.
            0 => "\u{fffd}",
            _ => continue,
        };
        html.push_str(&text[plain..at]);
        html.push_str(entity);
        plain = at + 1;
    }
    html.push_str(&text[plain..]);
}

/// Escaped text.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 8);
    escape_into(&mut html, text);
    html
}

/// Appends an address as CommonMark writes it: percent-encoded where needed, `&` and quotes escaped.
pub fn escape_href_into(html: &mut String, address: &str) {
    for character in address.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '\'' => html.push_str("&#x27;"),
            'a'..='z' | 'A'..='Z' | '0'..='9' => html.push(character),
            '-' | '_' | '.' | '!' | '~' | '*' | '(' | ')' | ';' | '/' | '?' | ':' | '@' | '=' | '+' | '$' | ','
            | '%' | '#' => html.push(character),
            other => {
                let mut buffer = [0; 4];
                html.push_str(&percent_encode(other.encode_utf8(&mut buffer)));
            }
        }
    }
}

/// Schemes a link may have.
const SCHEMES: [&str; 10] = ["http", "https", "mailto", "tel", "sms", "ftp", "irc", "ircs", "xmpp", "geo"];

/// What kind of address a link has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Address {
    /// No scheme: something on this site.
    Local,
    /// Another place.
    External,
    /// A scheme that runs code or reads files: `javascript:`, `data:`, `file:` and any that is not known to be harmless.
    Unsafe,
}

/// Tells what an address is, the way browsers read it: white space and control characters in front of and inside the
/// scheme do not hide it.
#[must_use]
pub fn classify(address: &str) -> Address {
    let Some((scheme, rest)) = address.split_once(':') else {
        return if address.starts_with("//") { Address::External } else { Address::Local };
    };
    let scheme: String = scheme
        .chars()
        .filter(|character| !character.is_whitespace() && !character.is_control())
        .map(|character| character.to_ascii_lowercase())
        .collect();
    if scheme.contains(['/', '?', '#']) {
        return if address.starts_with("//") { Address::External } else { Address::Local };
    }
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_lowercase())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    if !is_scheme {
        return Address::Local;
    }
    if SCHEMES.contains(&scheme.as_str()) && !rest.is_empty() { Address::External } else { Address::Unsafe }
}

/// What is wrong with a piece of raw HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RawFault {
    /// An attribute or element that a strict Content Security Policy blocks; its name.
    InlineCode(String),
    /// An address that runs code.
    UnsafeAddress(String),
}

/// Looks through raw HTML for inline scripts, inline styles, event handlers and addresses that run code. Reads tags
/// the way a browser does, leniently; never fails. Each fault comes with the place of its tag or attribute.
#[must_use]
pub fn raw_faults(html: &str) -> Vec<(Range<usize>, RawFault)> {
    let mut faults = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if !rest.starts_with(|first: char| first.is_ascii_alphabetic()) {
            continue;
        }
        let name_end = rest
            .find(|character: char| character.is_whitespace() || matches!(character, '/' | '>'))
            .unwrap_or(rest.len());
        let name = rest[..name_end].to_ascii_lowercase();
        let tag_at = html.len() - rest.len() - 1;
        let tag = tag_at..tag_at + 1 + name_end;
        rest = &rest[name_end..];
        let mut has_source = false;
        loop {
            rest = rest.trim_start_matches(|character: char| character.is_whitespace() || character == '/');
            if rest.is_empty() || rest.starts_with('>') {
                break;
            }
            let attribute_at = html.len() - rest.len();
            let (attribute, value, after) = attribute(rest);
            rest = after;
            let place = attribute_at..html.len() - rest.len();
            let attribute = attribute.to_ascii_lowercase();
            has_source |= attribute == "src";
            if attribute == "style" || (attribute.starts_with("on") && attribute.len() > 2) || attribute == "srcdoc" {
                faults.push((place.clone(), RawFault::InlineCode(format!("{attribute}="))));
            }
            let addresses =
                ["href", "src", "action", "formaction", "xlink:href", "data", "poster", "background", "ping"];
            if addresses.contains(&attribute.as_str()) && classify(&decode_entities(value)) == Address::Unsafe {
                faults.push((place, RawFault::UnsafeAddress(value.to_owned())));
            }
        }
        if (name == "script" && !has_source) || name == "style" {
            faults.push((tag.clone(), RawFault::InlineCode(format!("<{name}>"))));
        }
        if name == "base" {
            faults.push((tag, RawFault::InlineCode("<base>".to_owned())));
        }
    }
    faults
}

/// Splits `name`, its value (empty when there is none) and what follows from the start of `text`, which is not empty.
pub(super) fn attribute(text: &str) -> (&str, &str, &str) {
    let end = text
        .char_indices()
        .skip(1)
        .find(|(_, character)| character.is_whitespace() || matches!(character, '=' | '>' | '/'))
        .map_or(text.len(), |(at, _)| at);
    let (name, rest) = text.split_at(end);
    let after_space = rest.trim_start();
    let Some(value) = after_space.strip_prefix('=') else { return (name, "", rest) };
    let value = value.trim_start();
    for quote in ['"', '\''] {
        if let Some(quoted) = value.strip_prefix(quote) {
            return match quoted.split_once(quote) {
                Some((value, after)) => (name, value, after),
                None => (name, quoted, ""),
            };
        }
    }
    let end = value.find(|character: char| character.is_whitespace() || character == '>').unwrap_or(value.len());
    (name, &value[..end], &value[end..])
}

/// Decodes numeric entities and the few named ones that can hide a scheme.
fn decode_entities(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        let entity_end = rest[1..]
            .find(|character: char| !(character.is_ascii_alphanumeric() || character == '#'))
            .map_or(rest.len(), |end| end + 1);
        let entity = &rest[1..entity_end];
        let character = if let Some(number) = entity.strip_prefix("#x").or_else(|| entity.strip_prefix("#X")) {
            u32::from_str_radix(number, 16).ok().and_then(char::from_u32)
        } else if let Some(number) = entity.strip_prefix('#') {
            number.parse().ok().and_then(char::from_u32)
        } else {
            match entity {
                "colon" => Some(':'),
                "Tab" => Some('\t'),
                "NewLine" => Some('\n'),
                "amp" => Some('&'),
                _ => None,
            }
        };
        match character {
            Some(character) => {
                decoded.push(character);
                rest = rest[entity_end..].strip_prefix(';').unwrap_or(&rest[entity_end..]);
            }
            None => {
                decoded.push('&');
                rest = &rest[1..];
            }
        }
    }
    decoded.push_str(rest);
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_cannot_hide() {
        for address in [
            "javascript:alert(1)",
            "JavaScript:x",
            " java\tscript:x",
            "\u{1}javascript:x",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "java\nscript:x",
            "blob:x",
            "javascript:",
        ] {
            assert_eq!(classify(address), Address::Unsafe, "{address:?}");
        }
        for address in ["https://example.org", "mailto:a@b.c", "//example.org/x", "tel:+1"] {
            assert_eq!(classify(address), Address::External, "{address:?}");
        }
        for address in ["a/b.md", "#x", "/a:b", "a/b:c", "?q=a:b", "#a:b", ""] {
            assert_eq!(classify(address), Address::Local, "{address:?}");
        }
    }

    #[test]
    fn raw_html_is_looked_through() {
        assert!(raw_faults("<b class=x>ok</b> <a href='https://e.org'>x</a><script src=x.js></script>").is_empty());
        for html in [
            "<script>1</script>",
            "<p style=x>",
            "<img src=x onerror=alert(1)>",
            "<a href=\"java&#115;cript:x\">",
            "<a href=java&Tab;script&colon;x>",
            "<svg/onload=x>",
            "<style>a{}</style>",
            "<iframe srcdoc='x'>",
            "<base href=/>",
            "<a\nhref =\n'  javascript:x'>",
        ] {
            assert!(!raw_faults(html).is_empty(), "{html}");
        }
    }
}
