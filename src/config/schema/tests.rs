//! The schema of `site.toml` and its reader know the same keys.

use std::collections::BTreeSet;

use super::*;
use crate::config::Overrides;
use crate::diag::Diagnostic;
use crate::files::Files;

const SITE: &str = "title = 'Bread'\nbase_url = 'https://example.org/'\n";

fn config(text: &str) -> (Config, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let files = Files::from_pairs([("site.toml", text.as_bytes())]);
    (Config::read(&files, &Overrides::default(), &mut diagnostics), diagnostics)
}

fn keys(schema: &Value) -> BTreeSet<String> {
    schema["properties"].as_object().expect("it is a mapping").keys().cloned().collect()
}

/// The keys that a reader names when it meets one it does not know.
fn keys_of_help(diagnostics: &[Diagnostic]) -> BTreeSet<String> {
    let unknown = diagnostics.iter().find(|diagnostic| diagnostic.message.contains("`zzzzzzzzzzzzzzzz`"));
    let unknown = unknown.expect("the reader does not know that key");
    let list =
        unknown.help.iter().find_map(|help| help.strip_prefix("its keys are ")).expect("it tells those it knows");
    list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_table_of_site_toml_has_the_keys_its_reader_has() {
    let (plain, _) = config(SITE);
    let schema = site(&plain);
    let properties = &schema["properties"];
    let field = "[kinds.role.fields.pay]\ntype = 'text'\n";
    for (table, schema) in [
        ("", &schema),
        ("[markdown]\n", &properties["markdown"]),
        ("[output]\n", &properties["output"]),
        ("[limits]\n", &properties["limits"]),
        ("[feed]\n", &properties["feed"]),
        ("[kinds.role]\n", &properties["kinds"]["properties"]["role"]),
        (
            field,
            &properties["kinds"]["properties"]["role"]["properties"]["fields"]["patternProperties"]["^[a-z][a-z0-9_]*$"],
        ),
        ("[relations.requires]\n", &properties["relations"]["patternProperties"]["^[a-z][a-z0-9_]*$"]),
    ] {
        let (_, faults) = config(&format!("{SITE}{table}zzzzzzzzzzzzzzzz = 1\n"));
        assert_eq!(keys(schema), keys_of_help(&faults), "{table}");
    }
    let lints: BTreeSet<String> =
        Code::ALL.iter().filter(|code| code.is_lint()).map(|code| code.name().to_owned()).collect();
    assert_eq!(keys(&properties["lints"]), lints);
}

#[test]
fn relations_are_those_the_kind_may_declare() {
    let (config, _) = config(SITE);
    let relations = |kind: &str, config: &Config| {
        let id = config.kind_named(kind).expect("it is a kind");
        keys(&front_matter(config, id)["properties"]["relations"])
    };
    let of_terms = BTreeSet::from(["contrasts_with".to_owned(), "part_of".to_owned()]);
    assert_eq!(relations("term", &config), of_terms);
    assert!(relations("role", &config).contains("pays_via"));
    let (lenient, _) = self::config(&format!("{SITE}[lints]\nrelation-range = 'warn'\n"));
    assert!(relations("term", &lenient).contains("pays_via"));
}

#[test]
fn a_sites_own_kinds_and_fields_are_in_its_schemas() {
    let (config, faults) = config(&format!(
        "{SITE}[kinds.oven]\nfolder = 'ovens'\n[kinds.oven.fields]\nheat = {{ type = 'quantity', unit = 'degree', required = true }}\n\
         fuel = {{ type = 'choice', choices = ['wood', 'gas', '2'] }}\n"
    ));
    assert_eq!(faults, []);
    let schemas = schemas(&config);
    assert_eq!(schemas["oven"]["required"], json!(["title", "heat"]));
    assert_eq!(schemas["oven"]["properties"]["fuel"]["enum"], json!(["wood", "gas", "2", 2]));
    assert_eq!(schemas["oven"]["additionalProperties"], json!(false));
    assert_eq!(schemas["site"]["$schema"], json!(DRAFT));
}
