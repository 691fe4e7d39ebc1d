//! Formulas: LaTeX to MathML, which browsers draw without scripts or fonts of ours.

use std::sync::OnceLock;

use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};

/// Longest formula that is converted, in bytes.
const FORMULA_BYTES_MAX: usize = 8 * 1024;

/// The MathML of a formula, or what is wrong with it in one sentence.
pub(super) fn to_mathml(formula: &str, display: bool) -> Result<String, String> {
    static CONVERTER: OnceLock<Option<LatexToMathML>> = OnceLock::new();
    if formula.len() > FORMULA_BYTES_MAX {
        return Err(format!("it has more than {FORMULA_BYTES_MAX} bytes"));
    }
    let converter = CONVERTER.get_or_init(|| LatexToMathML::new(MathCoreConfig::default()).ok());
    let converter = converter.as_ref().ok_or_else(|| "the converter did not start".to_owned())?;
    let kind = if display { MathDisplay::Block } else { MathDisplay::Inline };
    match converter.convert_with_local_state(formula, kind) {
        Ok(result) => Ok(without_styles(&result.mathml)),
        Err(error) => Err(in_our_voice(&error.to_string())),
    }
}

/// Lower case, names in backticks, no full stop.
fn in_our_voice(message: &str) -> String {
    let message = message.trim_end_matches('.').replace('"', "`");
    let mut letters = message.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}

/// Takes inline styles (colours, mostly) away: the published site's Content Security Policy blocks them.
fn without_styles(mathml: &str) -> String {
    const ATTRIBUTE: &str = " style=\"";
    let mut plain = String::with_capacity(mathml.len());
    let mut rest = mathml;
    while let Some(at) = rest.find(ATTRIBUTE) {
        plain.push_str(&rest[..at]);
        let value = &rest[at + ATTRIBUTE.len()..];
        rest = value.find('"').map_or("", |end| &value[end + 1..]);
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_carry_no_inline_style() {
        let mathml = to_mathml(r"\color{red} x", true).unwrap_or_default();
        assert!(mathml.contains("<mi>x</mi>") && !mathml.contains("style"), "{mathml}");
        assert!(to_mathml(r"\frac{1", false).is_err());
    }
}
