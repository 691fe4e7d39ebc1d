//! Names for URLs: from any text to a short, lower-case, portable path segment.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use xxhash_rust::xxh3::xxh3_64;

/// Longest slug in bytes of its percent-encoded form; longer ones are cut and end in a hash of the whole.
const SLUG_BYTES_MAX: usize = 80;

/// Names that Windows reserves in every folder.
const RESERVED: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2",
    "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// A path segment made of `text`: lower case, Latin letters without their marks, anything that is not a letter or a
/// digit turned into single hyphens. Letters of other scripts stay. Never empty, never a name that Windows reserves,
/// and at most 80 bytes when percent-encoded; equal texts give equal slugs on every system.
#[must_use]
pub fn slug(text: &str) -> String {
    let mut slug = hyphenated(text);
    if slug.is_empty() {
        return format!("page-{:08x}", xxh3_64(text.as_bytes()) as u32);
    }
    if RESERVED.contains(&slug.as_str()) {
        slug.push_str("-page");
    }
    if percent_encode(&slug).len() > SLUG_BYTES_MAX {
        let mut short = String::new();
        let mut bytes = 0;
        for character in slug.chars() {
            bytes += if character.is_ascii() { 1 } else { 3 * character.len_utf8() };
            if bytes > SLUG_BYTES_MAX - 9 {
                break;
            }
            short.push(character);
        }
        slug = format!("{}-{:08x}", short.trim_end_matches('-'), xxh3_64(text.as_bytes()) as u32);
    }
    slug
}

/// The anchor of a heading: as [`slug`], but empty when the text has no letter or digit.
#[must_use]
pub fn anchor(text: &str) -> String {
    let slug = hyphenated(text);
    if percent_encode(&slug).len() > SLUG_BYTES_MAX { self::slug(text) } else { slug }
}

fn hyphenated(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    let mut gap = false;
    let mut push = |character: char| {
        if character.is_alphanumeric() {
            if gap && !slug.is_empty() {
                slug.push('-');
            }
            gap = false;
            slug.extend(character.to_lowercase().filter(|lower| !is_latin_mark(*lower)));
        } else if !matches!(character, '\'' | '’') && !is_combining_mark(character) {
            gap = true;
        }
    };
    if text.is_ascii() {
        text.chars().for_each(push);
    } else {
        // NFKD takes marks off Latin, Greek and Cyrillic letters and unfolds ligatures; NFC afterwards keeps scripts
        // such as Hangul whole. Vowel signs of Indic scripts count as letters and stay.
        let folded = text.nfkd().filter(|character| !is_latin_mark(*character)).nfc();
        folded.for_each(&mut push);
    }
    slug
}

fn is_latin_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}')
}

/// Whether a byte may stand in a URL path as it is.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let b = byte as u8;
        plain[byte] = b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~' | b'/');
        byte += 1;
    }
    plain
};

/// Percent-encodes every byte that may not stand in a URL path, keeping `/`.
#[must_use]
pub fn percent_encode(path: &str) -> String {
    let mut encoded = String::new();
    percent_encode_into(path, &mut encoded);
    encoded
}

/// Appends the path percent-encoded.
pub fn percent_encode_into(path: &str, encoded: &mut String) {
    if path.bytes().all(|byte| PLAIN[usize::from(byte)]) {
        encoded.push_str(path);
        return;
    }
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => encoded.push(byte as char),
            byte => {
                encoded.push('%');
                encoded.push(char::from(b"0123456789ABCDEF"[usize::from(byte >> 4)]));
                encoded.push(char::from(b"0123456789ABCDEF"[usize::from(byte & 15)]));
            }
        }
    }
}

/// Undoes percent-encoding; `None` when the result is not UTF-8.
#[must_use]
pub fn percent_decode(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        let hex = hex.filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(decoded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_portable() {
        for (text, expected) in [
            ("Recording / tracking engineer", "recording-tracking-engineer"),
            ("Café Ünïcode", "cafe-unicode"),
            ("What's a “point”?", "whats-a-point"),
            ("CON", "con-page"),
            ("a.", "a"),
            ("音楽 制作", "音楽-制作"),
            ("e\u{301}", "e"),
            ("\u{e9}", "e"),
            ("  --  x", "x"),
        ] {
            assert_eq!(slug(text), expected, "{text:?}");
        }
        assert!(slug("🎧").starts_with("page-"));
        assert!(percent_encode(&slug(&"音".repeat(300))).len() <= 80);
        assert!(slug(&"a".repeat(300)).len() <= 80);
    }

    #[test]
    fn percent_coding_round_trips() {
        for text in ["a b", "音楽", "100%", "a/b~c"] {
            assert_eq!(percent_decode(&percent_encode(text)).as_deref(), Some(text));
        }
    }
}
