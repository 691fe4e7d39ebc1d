//! 128-bit fingerprints of inputs (XXH3), by which memo tables know that nothing changed.

use std::hash::{Hash, Hasher};

use xxhash_rust::xxh3::{Xxh3, xxh3_128};

/// A 128-bit XXH3 hash. Equal inputs have equal fingerprints on every machine; two different inputs of one site
/// share a fingerprint with a chance far below that of a disk fault. Not for security.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Fingerprint(pub u128);

impl Fingerprint {
    /// The fingerprint of a run of bytes.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self(xxh3_128(bytes))
    }

    /// The first eight hexadecimal digits: what stands in the name of a published asset.
    #[must_use]
    pub fn short_hex(self) -> String {
        format!("{:08x}", (self.0 >> 96) as u32)
    }
}

/// The fingerprint of any value that can be hashed. Holds within one build of the program, not across versions:
/// `Hash` implementations may change with the compiler.
pub fn fingerprint_of<T: Hash + ?Sized>(value: &T) -> Fingerprint {
    let mut hasher = WideHasher(Xxh3::new());
    value.hash(&mut hasher);
    Fingerprint(hasher.0.digest128())
}

/// Gathers many inputs into one fingerprint. The order counts; texts are kept apart by their lengths.
#[derive(Debug, Default)]
pub struct Gathered(Vec<u8>);

impl Gathered {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Nothing yet, with room for so many bytes.
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        Self(Vec::with_capacity(bytes))
    }

    /// Adds a fingerprint.
    pub fn add(&mut self, fingerprint: Fingerprint) {
        self.0.extend_from_slice(&fingerprint.0.to_le_bytes());
    }

    /// Adds a number.
    pub fn number(&mut self, number: usize) {
        self.0.extend_from_slice(&(number as u64).to_le_bytes());
    }

    /// Adds a text.
    pub fn text(&mut self, text: &str) {
        self.number(text.len());
        self.0.extend_from_slice(text.as_bytes());
    }

    /// The fingerprint of all that was added.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of_bytes(&self.0)
    }
}

/// Lets `#[derive(Hash)]` feed XXH3, whose 128-bit digest `Hasher::finish` could not return.
struct WideHasher(Xxh3);

impl Hasher for WideHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        self.0.digest()
    }
}
