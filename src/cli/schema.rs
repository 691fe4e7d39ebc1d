//! `schema`: JSON Schemas for editors.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use clap::{Args, ValueHint};
use serde_json::Value;

use super::project::Project;
use super::{Failure, Global, Shell, Status};
use crate::config::{Config, Overrides, schema};
use crate::data::quoted_list;
use crate::files::Files;

/// The schema of a file of facts, which is the same for every site.
const FACT: &str = include_str!("fact.schema.json");

/// Write JSON Schemas of site.toml, of each kind's front matter and of facts
///
/// Outside a project they are those of the career vocabulary. Without a name all are written as one object.
#[derive(Debug, Args)]
#[command(after_help = "Example: fingerpost schema --output-dir .schemas")]
pub(super) struct Arguments {
    /// site, fact, or a kind: role
    name: Option<String>,
    /// Write each into a file NAME.schema.json in this folder
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    output_dir: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, global: &Global, shell: &mut Shell<'_>) -> Result<Status, Failure> {
    let config = match Project::find(global, &shell.surroundings) {
        Ok(project) => project.config(shell)?,
        Err(_) if global.root.is_none() && global.config.is_none() => {
            Config::read(&Files::new(), &Overrides::default(), &mut Vec::new())
        }
        Err(failure) => return Err(failure),
    };
    let mut schemas = all(&config);
    if let Some(name) = &arguments.name {
        let names: Vec<String> = schemas.keys().cloned().collect();
        schemas.retain(|known, _| known == name);
        if schemas.is_empty() {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            return Err(Failure::usage(format!("there is no schema `{name}`"))
                .suggest(name, names.iter().copied())
                .help(format!("the schemas of this site are {}", quoted_list(&names))));
        }
    }
    match (&arguments.output_dir, &arguments.name) {
        (Some(folder), _) => write(&schemas, &shell.surroundings.absolute(folder), shell)?,
        (None, Some(_)) => {
            for schema in schemas.values() {
                shell.give(&printed(schema))?;
            }
        }
        (None, None) => shell.give(&printed(&Value::Object(schemas.into_iter().collect())))?,
    }
    Ok(Status::Clean)
}

fn all(config: &Config) -> BTreeMap<String, Value> {
    let mut schemas = schema::schemas(config);
    schemas.insert("fact".to_owned(), serde_json::from_str(FACT).unwrap_or_default());
    schemas
}

fn write(schemas: &BTreeMap<String, Value>, folder: &std::path::Path, shell: &mut Shell<'_>) -> Result<(), Failure> {
    let shown = shell.surroundings.shown(folder);
    fs::create_dir_all(folder)
        .map_err(|error| Failure::failed(format!("cannot make the folder `{shown}`: {error}")))?;
    for (name, schema) in schemas {
        let path = folder.join(format!("{name}.schema.json"));
        let shown = shell.surroundings.shown(&path);
        fs::write(&path, printed(schema))
            .map_err(|error| Failure::failed(format!("cannot write `{shown}`: {error}")))?;
        shell.say_more(&format!("wrote `{shown}`"));
    }
    shell.say(&format!("wrote {} to `{shown}`", super::report::counted(schemas.len(), "schema")));
    Ok(())
}

fn printed(schema: &Value) -> String {
    format!("{schema:#}\n")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::base::SourcePath;
    use crate::diag::Diagnostic;
    use crate::read::fact::EVIDENCE;
    use crate::read::{read_document, read_facts};

    fn config() -> Config {
        Config::read(&Files::new(), &Overrides::default(), &mut Vec::new())
    }

    fn keys(schema: &Value) -> BTreeSet<String> {
        schema["properties"].as_object().expect("it is a mapping").keys().cloned().collect()
    }

    /// The names in the help of the fault that names `about`, after `prefix`.
    fn names_of_help(faults: &[Diagnostic], about: &str, prefix: &str) -> BTreeSet<String> {
        let fault = faults.iter().find(|fault| fault.message.contains(about)).expect("it is a fault");
        let list = fault.help.iter().find_map(|help| help.strip_prefix(prefix)).expect("it tells what it knows");
        list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }

    #[test]
    fn front_matter_has_the_keys_its_reader_has() {
        let config = config();
        let schemas = all(&config);
        for kind in &config.kinds {
            let path = SourcePath::new(&format!("content/{}/a.md", kind.folder).replace("//", "/"));
            let text = "---\ntitle: a\nzzzzzzzzzzzzzzzz: 1\n---\n";
            let files = Files::from_pairs([(path.as_str(), text.as_bytes())]);
            let mut faults = Vec::new();
            read_document(&path, files.get(path.as_str()).expect("it is there"), &config, &mut faults);
            let known = names_of_help(&faults, "zzzz", "its keys are ");
            assert_eq!(keys(&schemas[&kind.id]), known, "{}", kind.id);
        }
    }

    #[test]
    fn facts_have_the_keys_and_words_their_reader_has() {
        let schema = &all(&config())["fact"]["items"];
        let mut faults = Vec::new();
        let text = "- id: a\n  zzzzzzzzzzzzzzzz: 1\n  confidence: yyyyyyyyyyyy\n  seen: xxxxxxxxxxxxxxx\n  source: {wwwwwwwwww: 1}\n";
        read_facts(&SourcePath::new("content/facts/a.yaml"), text, &mut faults);
        assert_eq!(keys(schema), names_of_help(&faults, "zzzz", "its keys are "));
        assert_eq!(keys(&schema["properties"]["source"]["anyOf"][1]), names_of_help(&faults, "wwww", "its keys are "));
        let words = |key: &str| -> BTreeSet<String> {
            let words = schema["properties"][key]["enum"].as_array().expect("it is a choice");
            words.iter().filter_map(Value::as_str).map(str::to_owned).collect()
        };
        assert_eq!(words("evidence"), EVIDENCE.iter().map(|word| (*word).to_owned()).collect());
        assert_eq!(words("confidence"), names_of_help(&faults, "yyyy", "it is one of "));
        assert_eq!(words("seen"), names_of_help(&faults, "xxxx", "it is one of "));
    }
}
