//! Diagnostics for machines: JSON, SARIF 2.1.0 and GitHub's workflow commands.

use serde_json::{Value, json};

use super::{Code, Diagnostic, Label, Severity, Sources, line_and_column};

/// A list of objects, one for each diagnostic: code, severity, message, path, line, column, end, byte span, labels, help.
/// Lines and columns count from 1, columns in characters.
#[must_use]
pub fn to_json(diagnostics: &[Diagnostic], sources: &dyn Sources) -> String {
    let list: Vec<Value> = diagnostics
        .iter()
        .map(|diagnostic| {
            let labels: Vec<Value> = diagnostic.labels.iter().map(|label| place(label, sources)).collect();
            let mut object = json!({
                "code": diagnostic.code.name(),
                "severity": diagnostic.severity.word(),
                "message": diagnostic.message,
                "help": diagnostic.help,
                "also": labels.get(1..).unwrap_or_default(),
            });
            if let (Some(object), Some(Value::Object(first))) = (object.as_object_mut(), labels.first()) {
                object.extend(first.clone());
            }
            object
        })
        .collect();
    let mut text = serde_json::to_string_pretty(&list).unwrap_or_default();
    text.push('\n');
    text
}

fn place(label: &Label, sources: &dyn Sources) -> Value {
    let text = sources.text(&label.path);
    let (Some(span), Some(text)) = (label.span, text) else {
        return json!({ "path": label.path.as_str(), "label": label.text });
    };
    let (line, column) = line_and_column(text, span.range().start);
    let (end_line, end_column) = line_and_column(text, span.range().end);
    json!({
        "path": label.path.as_str(), "label": label.text,
        "line": line, "column": column, "end_line": end_line, "end_column": end_column,
        "start": span.start, "end": span.end,
    })
}

/// One SARIF 2.1.0 log with one run (OASIS standard, 2020).
#[must_use]
pub fn to_sarif(diagnostics: &[Diagnostic], sources: &dyn Sources) -> String {
    let mut codes: Vec<Code> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let rules: Vec<Value> = codes
        .iter()
        .map(|code| {
            let explanation = code.explanation();
            let summary = explanation.lines().skip(1).find(|line| !line.trim().is_empty()).unwrap_or_default();
            json!({
                "id": code.name(),
                "shortDescription": { "text": summary },
                "fullDescription": { "text": explanation },
            })
        })
        .collect();
    let results: Vec<Value> = diagnostics
        .iter()
        .map(|diagnostic| {
            let mut message = diagnostic.message.clone();
            for help in &diagnostic.help {
                message.push_str("\nhelp: ");
                message.push_str(help);
            }
            let mut locations = diagnostic.labels.iter().map(|label| sarif_location(label, sources));
            json!({
                "ruleId": diagnostic.code.name(),
                "level": diagnostic.severity.word(),
                "message": { "text": message },
                "locations": locations.next().into_iter().collect::<Vec<_>>(),
                "relatedLocations": locations.collect::<Vec<_>>(),
            })
        })
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "fingerpost", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    let mut text = serde_json::to_string_pretty(&log).unwrap_or_default();
    text.push('\n');
    text
}

fn sarif_location(label: &Label, sources: &dyn Sources) -> Value {
    let mut physical = json!({ "artifactLocation": { "uri": crate::base::slug::percent_encode(label.path.as_str()) } });
    if let (Some(span), Some(text)) = (label.span, sources.text(&label.path)) {
        let (line, column) = line_and_column(text, span.range().start);
        let (end_line, end_column) = line_and_column(text, span.range().end);
        physical["region"] =
            json!({ "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column });
    }
    let mut location = json!({ "physicalLocation": physical });
    if !label.text.is_empty() {
        location["message"] = json!({ "text": label.text });
    }
    location
}

/// One workflow command a line (`::error file=…,line=…,col=…::message`), which GitHub shows beside the changed lines.
#[must_use]
pub fn to_github(diagnostics: &[Diagnostic], sources: &dyn Sources) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        let command = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let mut message = diagnostic.message.clone();
        for help in &diagnostic.help {
            message.push_str("\nhelp: ");
            message.push_str(help);
        }
        text.push_str(&format!("::{command} title={}", escape_property(diagnostic.code.name())));
        if let Some(label) = diagnostic.labels.first() {
            text.push_str(&format!(",file={}", escape_property(label.path.as_str())));
            if let (Some(span), Some(source)) = (label.span, sources.text(&label.path)) {
                let (line, column) = line_and_column(source, span.range().start);
                let (end_line, end_column) = line_and_column(source, span.range().end);
                text.push_str(&format!(",line={line},endLine={end_line}"));
                if line == end_line {
                    text.push_str(&format!(",col={column},endColumn={end_column}"));
                }
            }
        }
        text.push_str(&format!("::{}\n", escape_data(&message)));
    }
    text
}

fn escape_data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}
