//! A calculator for machines: inputs with limits and defaults, results, and where the numbers come from.

use serde_json::{Value, json};

use super::compile::Calculator;
use super::declaration::Cell;
use super::program::{Basis, ColumnKind, Distribution, NumberSlot, SlotKind};

/// The file `calculators/<id>.json`; `url` is the address of its page.
#[must_use]
pub fn data(calculator: &Calculator, url: &str) -> Value {
    let program = &calculator.program;
    let inputs: Vec<Value> = program
        .inputs
        .iter()
        .map(|input| {
            let mut value = match &input.kind {
                SlotKind::Number(number) => number_data(number),
                SlotKind::Choice { options, default, .. } => {
                    let mut value = options_data(options);
                    value["default"] = json!(options[*default].0);
                    value
                }
                SlotKind::YesNo { default, chance, .. } => json!({ "type": "yes_no", "default": default, "chance": chance }),
                SlotKind::Rows { columns, min_rows, max_rows, default, .. } => {
                    let described: Vec<Value> = columns
                        .iter()
                        .map(|column| {
                            let mut value = match &column.kind {
                                ColumnKind::Number(number) => number_data(number),
                                ColumnKind::Choice { options, .. } => options_data(options),
                                ColumnKind::YesNo { .. } => json!({ "type": "yes_no" }),
                                ColumnKind::Text => json!({ "type": "text" }),
                            };
                            value["name"] = json!(column.name);
                            value["label"] = json!(column.label);
                            value
                        })
                        .collect();
                    let rows: Vec<Value> = default
                        .iter()
                        .map(|cells| {
                            columns
                                .iter()
                                .zip(cells)
                                .map(|(column, cell)| match (&column.kind, cell) {
                                    (ColumnKind::Choice { options, .. }, Cell::Number(place)) => {
                                        json!(options.get(*place as usize).map(|(name, _)| name))
                                    }
                                    (ColumnKind::YesNo { .. }, Cell::Number(value)) => json!(*value == 1.0),
                                    (_, Cell::Number(number)) => json!(number),
                                    (_, Cell::Text(text)) => json!(text),
                                })
                                .collect()
                        })
                        .collect();
                    json!({ "type": "rows", "columns": described, "min_rows": min_rows, "max_rows": max_rows, "default": rows })
                }
                SlotKind::Text { default } => json!({ "type": "text", "default": default }),
            };
            value["name"] = json!(input.name);
            value["label"] = json!(input.label);
            value["basis"] = basis_data(&input.basis);
            if input.personal {
                value["personal"] = json!(true);
                value["basis"]["estimate"] = json!(false);
            }
            value
        })
        .collect();
    let results: Vec<Value> = program
        .results
        .iter()
        .map(|result| {
            let values = |p: f64| -> Value {
                super::trial::values_of(result, &calculator.typical, calculator.sampled.as_ref(), p)
                    .into_iter()
                    .map(|value| if value.is_finite() { json!(value) } else { Value::Null })
                    .collect()
            };
            let mut value = json!({
                "name": result.name, "label": result.label, "unit": result.shape.unit.words(), "values": values(0.5),
            });
            if result.shape.uncertain && !result.shape.is_bool {
                value["p10"] = values(0.1);
                value["p90"] = values(0.9);
            }
            value
        })
        .collect();
    let given: Vec<Value> = program
        .given
        .iter()
        .map(|given| {
            let values: Vec<Value> =
                given.values.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect();
            json!({ "label": given.label, "values": values, "basis": basis_data(&given.basis) })
        })
        .collect();
    json!({ "id": program.id, "title": program.title, "url": url, "inputs": inputs, "results": results, "given": given })
}

fn options_data(options: &[(String, String)]) -> Value {
    let names: Vec<Value> = options.iter().map(|(name, label)| json!({ "name": name, "label": label })).collect();
    json!({ "type": "choice", "options": names })
}

fn number_data(number: &NumberSlot) -> Value {
    let default = match &number.spread {
        Distribution::Fixed(value) => json!(value),
        Distribution::Range(low, typical, high) => json!({ "low": low, "typical": typical, "high": high }),
        Distribution::Poisson(mean) => json!({ "poisson_mean": mean }),
        Distribution::Values(values) => json!(values),
    };
    json!({ "type": "number", "unit": number.unit.words(), "min": number.min, "max": number.max, "default": default })
}

fn basis_data(basis: &Basis) -> Value {
    let facts: Vec<&str> = basis.facts.iter().map(|fact| fact.id.as_str()).collect();
    let sources: Vec<Value> = basis
        .sources
        .iter()
        .map(|source| json!({ "title": source.title, "publisher": source.publisher, "url": source.url }))
        .collect();
    json!({ "facts": facts, "sources": sources, "assumptions": basis.assumptions, "estimate": basis.is_estimate() })
}
