//! A small seeded random number generator (SplitMix64), in integers only, so that every machine draws the same numbers.

/// A stream of pseudo-random numbers that its seed fixes.
pub(crate) struct Random {
    state: u64,
}

impl Random {
    /// A stream for one thing of many: page 7 of a site draws the same numbers however many pages the site has.
    pub(crate) fn stream(seed: u64, purpose: u64, index: usize) -> Self {
        let mut random = Self { state: seed ^ purpose.wrapping_mul(0xD6E8_FEB8_6659_FD93) };
        random.state = random.next().wrapping_add((index as u64).wrapping_mul(0xA076_1D64_78BD_642F));
        random.next();
        random
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `count` − 1; 0 where there is nothing to choose from.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        ((u128::from(self.next()) * count as u128) >> 64) as usize
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    /// True in `percent` of a hundred draws.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of the values, which must not be empty.
    pub(crate) fn pick<'values, T>(&mut self, values: &'values [T]) -> &'values T {
        &values[self.below(values.len())]
    }

    /// A rank from 0 to `2^bits` − 2 whose chance falls about as 1 / (rank + 1), as words of a language do.
    pub(crate) fn rank(&mut self, bits: u32) -> usize {
        let width = self.below(bits as usize) as u32;
        (1_usize << width) + self.below(1 << width) - 1
    }
}
