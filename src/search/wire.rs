//! The wire format: index data as a JavaScript file that a browser can fetch, or load as a script from a folder on disk.
//!
//! A file is `fingerpostShard("<name>","<data>")`. The data is raw-deflated bytes as they are, save the four that may not
//! stand in a JavaScript string, which are escaped. Fetched, the file is bytes; as a script it is read in the encoding
//! x-user-defined, in which the web has a character for every byte. That costs 1.6 % over the bytes themselves, where text
//! in UTF-8 costs 14 % at least and base64 33 %.

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;

use crate::base::Fingerprint;

/// A section below this shares its codes with its neighbour: the codes themselves take some 60 bytes.
const OWN_CODES_BYTES_MIN: usize = 1000;

/// One file of the index before it is compressed: a few sections of bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shard {
    /// Path below the index's folder, without hash and ending: `t0/12`.
    pub name: String,
    raw: Vec<u8>,
    /// Where the sections end in `raw`.
    ends: Vec<usize>,
    /// The hash, where the bytes themselves were let go.
    known_hash: Option<String>,
}

impl Shard {
    /// A file of these sections.
    #[must_use]
    pub fn new(name: String, sections: &[&[u8]]) -> Self {
        let mut raw = Vec::with_capacity(sections.iter().map(|section| section.len() + 3).sum());
        let mut ends = Vec::with_capacity(sections.len());
        for section in sections {
            varint(&mut raw, section.len());
            raw.extend_from_slice(section);
            ends.push(raw.len());
        }
        Self { name, raw, ends, known_hash: None }
    }

    /// What its name will carry: a hash of its content.
    #[must_use]
    pub fn hash(&self) -> String {
        self.known_hash.clone().unwrap_or_else(|| Fingerprint::of_bytes(&self.raw).short_hex())
    }

    /// The same without its bytes, for those who only need to name it.
    #[must_use]
    pub fn hash_only(&self) -> Self {
        Self { name: self.name.clone(), raw: Vec::new(), ends: Vec::new(), known_hash: Some(self.hash()) }
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
        let file = self.file(&name);
        (format!("{name}.js"), file)
    }

    /// Its path without a hash, and the file: for the one file that is found by its name alone.
    #[must_use]
    pub fn write_unhashed(&self) -> (String, Vec<u8>) {
        (format!("{}.js", self.name), self.file(&self.name))
    }

    fn file(&self, name: &str) -> Vec<u8> {
        // A vector takes everything: compressing into one cannot fail.
        let packed = self.deflated().unwrap_or_default();
        let mut file = Vec::with_capacity(packed.len() + packed.len() / 32 + name.len() + 32);
        file.extend_from_slice(b"fingerpostShard(\"");
        file.extend_from_slice(name.as_bytes());
        file.extend_from_slice(b"\",\"");
        escaped(&packed, &mut file);
        file.extend_from_slice(b"\")\n");
        file
    }

    /// Sections of any size get codes of their own: what is frequent in one is not in another.
    fn deflated(&self) -> std::io::Result<Vec<u8>> {
        let mut encoder = DeflateEncoder::new(Vec::with_capacity(self.raw.len() / 2), Compression::new(6));
        let mut start = 0;
        for (at, end) in self.ends.iter().enumerate() {
            encoder.write_all(&self.raw[start..*end])?;
            let next = self.ends.get(at + 1).map_or(0, |next| next - end);
            if end - start >= OWN_CODES_BYTES_MIN && next >= OWN_CODES_BYTES_MIN {
                encoder.flush()?;
            }
            start = *end;
        }
        encoder.finish()
    }
}

/// Appends bytes so that they can stand in a JavaScript string.
fn escaped(bytes: &[u8], out: &mut Vec<u8>) {
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r' | b'"' | b'\\')) {
        out.extend_from_slice(&rest[..at]);
        let sign = match rest[at] {
            b'\n' => b'n',
            b'\r' => b'r',
            other => other,
        };
        out.extend_from_slice(&[b'\\', sign]);
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
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
    use std::io::Read as _;

    use super::*;

    fn unescaped(text: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut rest = text.iter();
        while let Some(byte) = rest.next() {
            bytes.push(match byte {
                b'\\' => match rest.next() {
                    Some(b'n') => b'\n',
                    Some(b'r') => b'\r',
                    other => *other.expect("something is escaped"),
                },
                other => *other,
            });
        }
        bytes
    }

    #[test]
    fn any_bytes_come_back() {
        let bytes: Vec<u8> = (0..=255).chain(0..=255).collect();
        let mut out = Vec::new();
        escaped(&bytes, &mut out);
        assert!(!out.contains(&b'\n') && !out.contains(&b'\r'));
        assert_eq!(out.len(), bytes.len() + 8);
        assert_eq!(unescaped(&out), bytes);
    }

    #[test]
    fn sections_come_back() {
        let large: Vec<u8> = (0..40_000_u32).map(|number| ((number * number) >> 7) as u8).collect();
        let shard = Shard::new("t0/0".to_owned(), &[&large, b"", b"abc", &large]);
        let (path, file) = shard.write();
        let head = format!("fingerpostShard(\"{}\",\"", path.trim_end_matches(".js"));
        assert!(file.starts_with(head.as_bytes()) && file.ends_with(b"\")\n"));
        let mut raw = Vec::new();
        let data = unescaped(&file[head.len()..file.len() - 3]);
        flate2::read::DeflateDecoder::new(&*data).read_to_end(&mut raw).expect("it is deflated");
        assert_eq!(raw, shard.raw);
    }
}
