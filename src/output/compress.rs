//! Smaller copies of text files, for hosts that send `page.html.br` in the place of `page.html`.
//!
//! The same bytes always give the same copy: no time, no name and no number of threads enters one.

use std::io::{self, Read as _, Write as _};

use crate::config::Encoding;

/// Brotli's qualities end at 11, which takes ten times as long as this for a twentieth less.
const BROTLI_QUALITY: i32 = 9;

/// The largest window that every browser takes.
const BROTLI_WINDOW_BITS: i32 = 22;

const GZIP_LEVEL: u32 = 9;

const ZSTANDARD_LEVEL: i32 = 17;

/// What the copies of this version depend on beside their originals: a copy made otherwise is made anew.
pub(super) const COMPRESSOR: &str = concat!("fingerpost ", env!("CARGO_PKG_VERSION"));

/// A copy in an encoding; `None` when it would not be smaller.
pub(super) fn compress(encoding: Encoding, bytes: &[u8]) -> io::Result<Option<Vec<u8>>> {
    let mut copy = Vec::with_capacity(bytes.len() / 2);
    match encoding {
        Encoding::Brotli => {
            let parameters = brotli::enc::BrotliEncoderParams {
                quality: BROTLI_QUALITY,
                lgwin: BROTLI_WINDOW_BITS,
                size_hint: bytes.len(),
                ..Default::default()
            };
            brotli::CompressorReader::with_params(bytes, 64 * 1024, &parameters).read_to_end(&mut copy)?;
        }
        Encoding::Gzip => {
            // Its header has room for a time and a name; both stay empty.
            let mut encoder = flate2::write::GzEncoder::new(&mut copy, flate2::Compression::new(GZIP_LEVEL));
            encoder.write_all(bytes)?;
            encoder.finish()?;
        }
        Encoding::Zstandard => copy = zstd::bulk::compress(bytes, ZSTANDARD_LEVEL)?,
    }
    Ok(Some(copy).filter(|copy| copy.len() < bytes.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn undone(encoding: Encoding, copy: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        match encoding {
            Encoding::Brotli => drop(brotli::Decompressor::new(copy, 4096).read_to_end(&mut bytes)),
            Encoding::Gzip => drop(flate2::read::GzDecoder::new(copy).read_to_end(&mut bytes)),
            Encoding::Zstandard => bytes = zstd::decode_all(copy).unwrap_or_default(),
        }
        bytes
    }

    #[test]
    fn copies_are_smaller_the_same_each_time_and_lose_nothing() {
        let text = "A guide to the work, the money and the ways in.\n".repeat(2000);
        for (name, encoding) in Encoding::ALL {
            let copy = compress(encoding, text.as_bytes()).expect("memory takes all").expect("it is smaller");
            assert!(copy.len() * 20 < text.len(), "{name}: {} bytes", copy.len());
            assert_eq!(undone(encoding, &copy), text.as_bytes(), "{name}");
            let again = std::thread::scope(|scope| {
                let other = scope.spawn(|| compress(encoding, text.as_bytes()));
                other.join().expect("it does not panic").expect("memory takes all")
            });
            assert_eq!(again, Some(copy), "{name}");
            assert_eq!(compress(encoding, b"a").expect("memory takes all"), None, "{name}");
            assert_eq!(compress(encoding, b"").expect("memory takes all"), None, "{name}");
        }
        let gzip = compress(Encoding::Gzip, text.as_bytes()).expect("memory takes all").expect("it is smaller");
        assert_eq!(gzip[3..8], [0; 5], "no name, no time");
    }
}
