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
        Ok(result) => Ok(result.mathml),
        Err(error) => Err(error.to_string()),
    }
}
