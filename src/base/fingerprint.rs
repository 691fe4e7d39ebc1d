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
