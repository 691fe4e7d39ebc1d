//! Draws that are the same on every machine: xoshiro128**, seeded from names, and Latin hypercube samples.
//!
//! xoshiro128** and the splitmix32-style seeding are by D. Blackman and S. Vigna (Scrambled Linear Pseudorandom Number
//! Generators, ACM TOMS 47, 2021); FNV-1a is the hash of Fowler, Noll and Vo. The samples follow McKay, Beckman and
//! Conover (Technometrics 21, 1979): each input's range of probabilities is cut into as many equal parts as there are
//! samples, and each part is drawn from once, in an order of its own.

/// How many samples a calculator draws.
pub const SAMPLES: usize = 2000;

/// FNV-1a over the bytes of a name.
#[must_use]
pub fn seed_of(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// xoshiro128**.
#[derive(Debug, Clone)]
pub struct Random([u32; 4]);

impl Random {
    /// A generator whose numbers depend on the seed alone.
    #[must_use]
    pub fn new(seed: u32) -> Self {
        let mut state = [0; 4];
        let mut next = seed;
        for word in &mut state {
            next = next.wrapping_add(0x9e37_79b9);
            let mut mixed = next;
            mixed = (mixed ^ (mixed >> 16)).wrapping_mul(0x85eb_ca6b);
            mixed = (mixed ^ (mixed >> 13)).wrapping_mul(0xc2b2_ae35);
            *word = mixed ^ (mixed >> 16);
        }
        // The state of nothing but zeros never leaves itself.
        state[0] |= 1;
        Self(state)
    }

    /// 32 random bits.
    pub fn bits(&mut self) -> u32 {
        let [a, b, c, d] = &mut self.0;
        let result = b.wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let shifted = *b << 9;
        *c ^= *a;
        *d ^= *b;
        *b ^= *c;
        *a ^= *d;
        *c ^= shifted;
        *d = d.rotate_left(11);
        result
    }

    /// At least 0 and less than 1, in steps of 2⁻³².
    pub fn unit(&mut self) -> f64 {
        f64::from(self.bits()) / 4_294_967_296.0
    }
}

/// One probability for each sample: one in each of `count` equal parts of 0 to 1, in an order that depends on `name`.
#[must_use]
pub fn probabilities(name: &str, count: usize) -> Vec<f64> {
    let mut random = Random::new(seed_of(name));
    let mut parts: Vec<f64> = (0..count).map(|part| part as f64).collect();
    for at in (1..count).rev() {
        let other = (random.unit() * (at as f64 + 1.0)).floor() as usize;
        parts.swap(at, other);
    }
    parts.iter().map(|part| (part + random.unit()) / count as f64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_is_drawn_from_once() {
        let mut drawn = probabilities("income-mix/streams", SAMPLES);
        assert_ne!(drawn, probabilities("income-mix/lessons", SAMPLES));
        drawn.sort_by(f64::total_cmp);
        for (part, probability) in drawn.iter().enumerate() {
            assert!((part as f64 / 2000.0..(part + 1) as f64 / 2000.0).contains(probability));
        }
    }

    #[test]
    fn the_generator_gives_its_published_sequence() {
        // From state (1, 2, 3, 4), computed by hand from the paper's definition.
        let mut random = Random([1, 2, 3, 4]);
        assert_eq!([random.bits(), random.bits(), random.bits()], [11520, 0, 5_927_040]);
    }
}
