//! The wire format: index data as a JavaScript file that a browser can fetch, or load as a script from a folder on disk.
//!
//! A file is `fingerpostShard("<name>","<data>")`. The data is raw-deflated and written seven bits to a character, so
//! that it is valid UTF-8 without escapes: a symbol that may not stand in a string (zero, line ends, quote, backslash)
//! travels together with the one after it in one character of two bytes. That costs 14 % over the bytes themselves, where
//! base64 costs 33 %, and hosts that compress take it back.

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;

use crate::base::Fingerprint;

/// Symbols that may not stand in a JavaScript string as they are.
const ILLEGAL: [u8; 5] = [b'\0', b'\n', b'\r', b'"', b'\\'];

/// Stands for "no symbol follows" after an illegal symbol at the end.
const LAST: u32 = 5;

/// Where the characters for pairs begin.
const PAIRS_AT: u32 = 0x100;

/// One file of the index before it is compressed: a few sections of bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shard {
    /// Path below the index's folder, without hash and ending: `t0/12`.
    pub name: String,
    raw: Vec<u8>,
    /// The hash, where the bytes themselves were let go.
    known_hash: Option<String>,
}

impl Shard {
    /// A file of these sections.
    #[must_use]
    pub fn new(name: String, sections: &[&[u8]]) -> Self {
        let mut raw = Vec::with_capacity(sections.iter().map(|section| section.len() + 3).sum());
        for section in sections {
            varint(&mut raw, section.len());
            raw.extend_from_slice(section);
        }
        Self { name, raw, known_hash: None }
    }

    /// What its name will carry: a hash of its content.
    #[must_use]
    pub fn hash(&self) -> String {
        self.known_hash.clone().unwrap_or_else(|| Fingerprint::of_bytes(&self.raw).short_hex())
    }

    /// The same without its bytes, for those who only need to name it.
    #[must_use]
    pub fn hash_only(&self) -> Self {
        Self { name: self.name.clone(), raw: Vec::new(), known_hash: Some(self.hash()) }
    }

    /// Of its content and name: what the written file depends on.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        crate::base::fingerprint_of(&(&self.name, &self.raw))
    }

    /// Its path with the hash, and the file.
    #[must_use]
    pub fn write(&self) -> (String, Vec<u8>) {
        let name = format!("{}.{}", self.name, self.hash());
        let file = file(&name, &self.raw);
        (format!("{name}.js"), file)
    }

    /// Its path without a hash, and the file: for the one file that is found by its name alone.
    #[must_use]
    pub fn write_unhashed(&self) -> (String, Vec<u8>) {
        (format!("{}.js", self.name), file(&self.name, &self.raw))
    }
}

fn file(name: &str, raw: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::with_capacity(raw.len() / 2), Compression::new(6));
    // A vector takes everything: neither call can fail.
    let packed = encoder.write_all(raw).and_then(|()| encoder.finish()).unwrap_or_default();
    let mut file = Vec::with_capacity(packed.len() * 8 / 7 + 64);
    file.extend_from_slice(b"fingerpostShard(\"");
    file.extend_from_slice(name.as_bytes());
    file.extend_from_slice(b"\",\"");
    encode(&packed, &mut file);
    file.extend_from_slice(b"\")\n");
    file
}

/// Appends bytes seven bits to a symbol, the highest first; the last symbol is filled up with zeros.
fn encode(bytes: &[u8], out: &mut Vec<u8>) {
    let mut pending: Option<u32> = None;
    let mut push = |symbol: u8| match pending.take() {
        Some(illegal) => push_character(out, PAIRS_AT + (illegal << 7) + u32::from(symbol)),
        None => match ILLEGAL.iter().position(|illegal| *illegal == symbol) {
            Some(at) => pending = u32::try_from(at).ok(),
            None => out.push(symbol),
        },
    };
    let (mut held, mut bits) = (0u32, 0);
    for byte in bytes {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 7 {
            bits -= 7;
            push((held >> bits & 0x7f) as u8);
        }
        held &= 0x7f;
    }
    if bits > 0 {
        push((held << (7 - bits) & 0x7f) as u8);
    }
    if let Some(illegal) = pending {
        push_character(out, PAIRS_AT + (LAST << 7) + illegal);
    }
}

fn push_character(out: &mut Vec<u8>, code: u32) {
    let mut buffer = [0; 4];
    out.extend_from_slice(char::from_u32(code).unwrap_or(' ').encode_utf8(&mut buffer).as_bytes());
}

/// Appends a number seven bits to a byte, the lowest first; the high bit says that more follow.
pub fn varint(out: &mut Vec<u8>, number: usize) {
    let mut rest = number;
    while rest >= 0x80 {
        out.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
}

/// Appends a text as the number of bytes it shares with the one before it, and the rest.
pub fn front_coded(out: &mut Vec<u8>, before: &str, text: &str) {
    let shared = before.bytes().zip(text.bytes()).take_while(|(one, other)| one == other).count();
    varint(out, shared);
    varint(out, text.len() - shared);
    out.extend_from_slice(&text.as_bytes()[shared..]);
}

/// The order in which JavaScript compares texts: by UTF-16 units.
#[must_use]
pub fn script_order(one: &str, other: &str) -> std::cmp::Ordering {
    if one.is_ascii() && other.is_ascii() { one.cmp(other) } else { one.encode_utf16().cmp(other.encode_utf16()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(text: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        let (mut held, mut bits) = (0u32, 0);
        let mut take = |symbol: u32| {
            held = held << 7 | symbol;
            bits += 7;
            if bits >= 8 {
                bits -= 8;
                bytes.push((held >> bits) as u8);
                held &= (1 << bits) - 1;
            }
        };
        for character in text.chars().map(u32::from) {
            if character < PAIRS_AT {
                take(character);
                continue;
            }
            let (illegal, symbol) = ((character - PAIRS_AT) >> 7, (character - PAIRS_AT) & 0x7f);
            if illegal == LAST {
                take(u32::from(ILLEGAL[symbol as usize]));
            } else {
                take(u32::from(ILLEGAL[illegal as usize]));
                take(symbol);
            }
        }
        bytes
    }

    #[test]
    fn any_bytes_come_back() {
        let mut bytes: Vec<u8> = (0..=255).collect();
        for length in 0..bytes.len() {
            let mut out = Vec::new();
            encode(&bytes[..length], &mut out);
            let text = String::from_utf8(out).expect("it is UTF-8");
            assert!(!text.contains(['\0', '\n', '\r', '"', '\\']));
            assert_eq!(decode(&text), &bytes[..length]);
        }
        bytes = vec![0; 100];
        let mut out = Vec::new();
        encode(&bytes, &mut out);
        assert_eq!(decode(std::str::from_utf8(&out).expect("it is UTF-8")), bytes);
    }
}
