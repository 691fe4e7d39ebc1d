//! Arithmetic that gives the same bits everywhere: only operations that IEEE 754 fixes, in an order written down here and
//! in `kernel.js`, line for line. The standard library's `exp`, `ln` and `powf` differ between machines and browsers in the
//! last bit.
//!
//! `exp` and `ln` follow the argument reduction and the minimax polynomials of the Freely Distributable LIBM (`e_exp.c`,
//! `e_log.c`; Sun Microsystems, 1993). The inverse of the normal distribution is algorithm AS 241, PPND7 (M. J. Wichura,
//! Applied Statistics 37, 1988, 477–484): good to seven digits, which two thousand samples never show, with a third of
//! the coefficients of its sister PPND16 for the reader to load.

#![allow(clippy::excessive_precision, reason = "coefficients as kernel.js has them, digit for digit")]

const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;
const LN2_INVERSE: f64 = std::f64::consts::LOG2_E;

/// `value` times `factor` to the power of the whole number in `exponent`, sign apart, by squaring.
fn raise(value: f64, factor: f64, exponent: f64) -> f64 {
    let mut left = abs(exponent);
    let (mut value, mut factor) = (value, factor);
    while left >= 1.0 {
        let half = (left / 2.0).floor();
        if left - 2.0 * half == 1.0 {
            value *= factor;
        }
        factor *= factor;
        left = half;
    }
    value
}

/// `value` times two to the power `exponent`: each step is exact until the last few near the smallest numbers.
#[must_use]
pub fn scale(value: f64, exponent: f64) -> f64 {
    raise(value, if exponent < 0.0 { 0.5 } else { 2.0 }, exponent)
}

/// The exponential function; within 1 unit in the last place.
#[must_use]
pub fn exp(x: f64) -> f64 {
    if x > 709.782_712_893_384 {
        return f64::INFINITY;
    }
    if x < -745.133_219_101_941_1 {
        return 0.0;
    }
    let whole = (x * LN2_INVERSE + 0.5).floor();
    let high = x - whole * LN2_HIGH;
    let low = whole * LN2_LOW;
    let rest = high - low;
    let square = rest * rest;
    let correction = rest
        - square
            * (1.666_666_666_666_660_2e-1
                + square
                    * (-2.777_777_777_701_559_3e-3
                        + square
                            * (6.613_756_321_437_934e-5
                                + square * (-1.653_390_220_546_525_2e-6 + square * 4.138_136_797_057_238_5e-8))));
    let result = 1.0 - ((low - (rest * correction) / (2.0 - correction)) - high);
    // The scale may pass the largest power of two that is a number.
    if whole > 1000.0 { scale(scale(result, 1000.0), whole - 1000.0) } else { scale(result, whole) }
}

/// The natural logarithm; within 1 unit in the last place. Of nothing it is minus infinity, of less it is no number.
#[must_use]
pub fn ln(x: f64) -> f64 {
    if x.is_nan() || x < 0.0 {
        return f64::NAN;
    }
    if x == 0.0 {
        return f64::NEG_INFINITY;
    }
    if x == f64::INFINITY {
        return x;
    }
    let mut exponent = 0.0;
    let mut mantissa = x;
    while mantissa > std::f64::consts::SQRT_2 {
        mantissa /= 2.0;
        exponent += 1.0;
    }
    while mantissa < std::f64::consts::FRAC_1_SQRT_2 {
        mantissa *= 2.0;
        exponent -= 1.0;
    }
    let fraction = mantissa - 1.0;
    let s = fraction / (2.0 + fraction);
    let z = s * s;
    let w = z * z;
    let even = w * (3.999_999_999_940_942e-1 + w * (2.222_219_843_214_978_4e-1 + w * 1.531_383_769_920_937_3e-1));
    let odd = z
        * (6.666_666_666_666_735e-1
            + w * (2.857_142_874_366_239e-1 + w * (1.818_357_216_161_805e-1 + w * 1.479_819_860_511_658_6e-1)));
    let rest = even + odd;
    let half = 0.5 * fraction * fraction;
    exponent * LN2_HIGH - ((half - (s * (half + rest) + exponent * LN2_LOW)) - fraction)
}

/// A power. Whole exponents up to 1,024 by repeated squaring, others through `exp` and `ln`.
#[must_use]
pub fn pow(base: f64, exponent: f64) -> f64 {
    if exponent == exponent.floor() && abs(exponent) <= 1024.0 {
        let result = raise(1.0, base, exponent);
        return if exponent < 0.0 { 1.0 / result } else { result };
    }
    if base == 0.0 {
        return if exponent > 0.0 { 0.0 } else { f64::INFINITY };
    }
    exp(exponent * ln(base))
}

/// The number below which a standard normal quantity lies with probability `p`; infinite at 0 and 1.
#[must_use]
pub fn normal_inverse(p: f64) -> f64 {
    let q = p - 0.5;
    if abs(q) <= 0.425 {
        let r = 0.180625 - q * q;
        return q * (((59.10937472 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179)
            / (((67.1875636 * r + 78.757757664) * r + 17.895169469) * r + 1.0);
    }
    let r = (-ln(if q < 0.0 { p } else { 1.0 - p })).sqrt();
    let value = if r <= 5.0 {
        let r = r - 1.6;
        (((0.17023821103 * r + 1.3067284816) * r + 2.75681539) * r + 1.4234372777)
            / ((0.12021132975 * r + 0.7370016425) * r + 1.0)
    } else if r < f64::INFINITY {
        let r = r - 5.0;
        (((0.017337203997 * r + 0.42868294337) * r + 3.081226386) * r + 6.657905115)
            / ((0.012258202635 * r + 0.24197894225) * r + 1.0)
    } else {
        r
    };
    if q < 0.0 { -value } else { value }
}

/// The lesser of two.
#[must_use]
pub fn min(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

/// The greater of two.
#[must_use]
pub fn max(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

/// The absolute value.
#[must_use]
pub fn abs(a: f64) -> f64 {
    if a < 0.0 { -a } else { a }
}

/// Equal within a billionth.
#[must_use]
pub fn equal(a: f64, b: f64) -> bool {
    abs(a - b) <= 1e-9 * max(1.0, max(abs(a), abs(b)))
}

/// `count` steps. Of a step such as 0.01 the hundredth part is taken, which is nearest to what people write.
#[must_use]
pub fn steps(count: f64, step: f64) -> f64 {
    let parts = (1.0 / step + 0.5).floor();
    if step < 1.0 && abs(1.0 / step - parts) <= 1e-9 * parts { count / parts } else { count * step }
}

/// The nearest multiple of `step`; a half, or what is within 1e-7 of one, goes away from zero.
#[must_use]
pub fn round(x: f64, step: f64) -> f64 {
    let count = (abs(x / step) + 0.5 + 1e-7).floor();
    if x < 0.0 { -steps(count, step) } else { steps(count, step) }
}

/// Largest remainder: `total`, rounded to `step`, in parts as `shares` are to each other, each a multiple of `step`, that
/// add up to it. Of equal remainders the earlier goes first.
pub fn allocate(out: &mut [f64], total: f64, shares: &[f64], step: f64) {
    let mut sum = 0.0;
    for share in shares {
        sum += share;
    }
    let sign = if total < 0.0 { -1.0 } else { 1.0 };
    let whole = (abs(total / step) + 0.5 + 1e-7).floor();
    let mut left = whole;
    for (slot, share) in out.iter_mut().zip(shares) {
        *slot = if sum == 0.0 { 0.0 } else { (whole * share / sum + 1e-7).floor() };
        left -= *slot;
    }
    let mut given = vec![false; shares.len()];
    while left >= 1.0 && sum != 0.0 {
        let mut best = shares.len();
        let mut most = f64::NEG_INFINITY;
        for (index, share) in shares.iter().enumerate() {
            let rest = whole * share / sum - out[index];
            if !given[index] && rest > most + 1e-7 {
                most = rest;
                best = index;
            }
        }
        if best == shares.len() {
            break;
        }
        given[best] = true;
        out[best] += 1.0;
        left -= 1.0;
    }
    for slot in out.iter_mut() {
        *slot = sign * steps(*slot, step);
    }
}

/// The value of the last key at or below `x`; no number below the first.
#[must_use]
pub fn table_step(keys: &[f64], values: &[f64], x: f64) -> f64 {
    let mut found = f64::NAN;
    for (key, value) in keys.iter().zip(values) {
        if x >= *key {
            found = *value;
        }
    }
    found
}

/// The value of the key equal to `x`; no number where there is none.
#[must_use]
pub fn table_exact(keys: &[f64], values: &[f64], x: f64) -> f64 {
    let mut found = f64::NAN;
    for (key, value) in keys.iter().zip(values) {
        if equal(x, *key) {
            found = *value;
        }
    }
    found
}

/// The value on the straight line between two keys; the first and the last value go on outside.
#[must_use]
pub fn table_linear(keys: &[f64], values: &[f64], x: f64) -> f64 {
    let mut found = values[0];
    for at in 1..keys.len() {
        if x >= keys[at] {
            found = values[at];
        } else if x > keys[at - 1] {
            found = values[at - 1] + (values[at] - values[at - 1]) * ((x - keys[at - 1]) / (keys[at] - keys[at - 1]));
        }
    }
    found
}

/// Progressive brackets: the part of `x` between two keys is multiplied by the value of the lower.
#[must_use]
pub fn table_bands(keys: &[f64], values: &[f64], x: f64) -> f64 {
    let mut sum = 0.0;
    for at in 0..keys.len() {
        if x > keys[at] {
            let top = if at + 1 < keys.len() { min(x, keys[at + 1]) } else { x };
            sum += (top - keys[at]) * values[at];
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transcendentals_are_near_the_libraries() {
        for step in -7000..7000 {
            let x = f64::from(step) / 10.0;
            assert!(abs(exp(x) - x.exp()) <= 4e-16 * x.exp() * 2.0, "exp({x})");
            let y = x.exp();
            assert!(abs(ln(y) - y.ln()) <= 4e-16 * max(1.0, abs(y.ln())), "ln({y})");
        }
        assert_eq!((exp(f64::NEG_INFINITY), exp(800.0), ln(0.0)), (0.0, f64::INFINITY, f64::NEG_INFINITY));
        assert!(ln(-1.0).is_nan() && pow(-2.0, 0.5).is_nan());
        assert_eq!((pow(2.0, 10.0), pow(2.0, -1.0), pow(0.0, 0.0)), (1024.0, 0.5, 1.0));
        assert!(abs(pow(2.0, 0.5) - std::f64::consts::SQRT_2) < 1e-15);
        assert!(5e-324_f64.ln() - ln(5e-324) == 0.0);
    }

    #[test]
    fn the_inverse_normal_hits_its_published_values() {
        // The check values of AS 241, to the seven digits that PPND7 promises.
        for (p, value) in [(0.25, -0.674_489_8), (0.001, -3.090_232), (1e-20, -9.262_340)] {
            assert!(abs(normal_inverse(p) / value - 1.0) < 5e-7, "{p}: {}", normal_inverse(p));
        }
        assert_eq!(normal_inverse(0.5), 0.0);
        assert!(normal_inverse(-1.0).is_nan() && exp(f64::NAN).is_nan());
        assert_eq!(normal_inverse(0.0), f64::NEG_INFINITY);
    }

    #[test]
    fn cents_add_up() {
        let mut out = [0.0; 3];
        allocate(&mut out, 10.0, &[1.0, 1.0, 1.0], 0.01);
        assert_eq!(out, [3.34, 3.33, 3.33]);
        allocate(&mut out, 0.05, &[0.5, 0.3, 0.2], 0.01);
        assert_eq!(out.iter().sum::<f64>(), 0.05);
        assert_eq!(round(2.675, 0.01), 2.68);
        assert_eq!(round(-2.5, 1.0), -3.0);
        assert_eq!(round(1234.0, 100.0), 1200.0);
    }

    #[test]
    fn tables_by_number() {
        let (keys, values) = ([0.0, 10.0, 20.0], [0.1, 0.2, 0.4]);
        assert_eq!(table_step(&keys, &values, 15.0), 0.2);
        assert!(table_step(&keys, &values, -1.0).is_nan());
        assert!(abs(table_linear(&keys, &values, 15.0) - 0.3) < 1e-15);
        assert_eq!(table_bands(&keys, &values, 15.0), 2.0);
        assert_eq!(table_exact(&keys, &values, 20.0), 0.4);
    }
}
