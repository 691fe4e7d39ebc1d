//! The guide's calculators with the facts and libraries that they lean on, read without the rest of the guide.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use fingerpost::base::SourcePath;
use fingerpost::calc::check::Days;
use fingerpost::calc::declaration::{KEYS, read_profile};
use fingerpost::calc::{Calculator, Declaration, Known, Records, compile, read_declaration};
use fingerpost::data::{Node, Value, parse_yaml};
use fingerpost::read::calculator::{ENDING, PROFILE_FILE};
use fingerpost::read::{Fact, Figures, read_facts};

/// Facts by id.
#[derive(Default)]
pub(crate) struct Facts(BTreeMap<String, Fact>);

impl Records for Facts {
    fn fact(&self, id: &str) -> Option<Known> {
        let fact = self.0.get(id)?;
        let (low, typical, high, series) = match &fact.figures {
            Figures::Text(_) => (None, None, None, Vec::new()),
            Figures::Value(value) => (None, Some(*value), None, Vec::new()),
            Figures::Range { low, typical, high } => (*low, *typical, *high, Vec::new()),
            Figures::Series(years) => (None, None, None, years.clone()),
        };
        Some(Known {
            id: id.to_owned(),
            statement: fact.statement.clone(),
            display: String::new(),
            when: String::new(),
            low,
            typical,
            high,
            series,
            unit: fact.unit_text.clone(),
            source: None,
            estimate: false,
            check_again: None,
        })
    }

    fn nearest(&self, _: &str) -> Option<String> {
        None
    }
}

/// All that the guide's calculators are made of.
#[derive(Default)]
pub(crate) struct Shipped {
    pub(crate) facts: Facts,
    /// Calculators and libraries.
    declarations: Vec<Declaration>,
    /// Path and text of each calculator.
    pub(crate) files: Vec<(SourcePath, String)>,
}

impl Shipped {
    /// Reads the guide's content.
    pub(crate) fn of_the_guide() -> Self {
        let mut shipped = Self::default();
        let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
        shipped.read_folder(&content, "content");
        shipped
    }

    fn read_folder(&mut self, folder: &Path, name: &str) {
        let mut entries: Vec<_> = fs::read_dir(folder)
            .expect("the guide is here")
            .map(|entry| entry.expect("an entry has a name").path())
            .collect();
        entries.sort();
        for entry in entries {
            let own = entry.file_name().expect("it has a name").to_string_lossy().into_owned();
            let name = format!("{name}/{own}");
            if entry.is_dir() {
                self.read_folder(&entry, &name);
            } else if name.ends_with(".yaml") {
                self.read_file(&name, fs::read_to_string(&entry).expect("it is text"));
            }
        }
    }

    fn read_file(&mut self, name: &str, text: String) {
        let path = SourcePath::new(name);
        let mut faults = Vec::new();
        if name.starts_with("content/facts/") {
            let facts = read_facts(&path, &text, &mut faults);
            self.facts.0.extend(facts.into_iter().map(|fact| (fact.id.clone(), fact)));
        } else if name == PROFILE_FILE {
            let node = parse_yaml(&path, &text, 0, &mut faults).node;
            self.declarations.push(read_profile(&path, &text, &node, &mut faults));
        } else if name.ends_with(ENDING) {
            self.declarations.push(declaration(&path, &text));
            self.files.push((path, text));
        }
        assert!(faults.is_empty(), "{name}: {faults:?}");
    }

    /// Libraries by name.
    pub(crate) fn libraries(&self) -> BTreeMap<&str, &Declaration> {
        let libraries = self.declarations.iter().filter(|declaration| declaration.is_library);
        libraries.map(|library| (library.id.value.as_str(), library)).collect()
    }

    /// What is declared in files of its own.
    pub(crate) fn calculators(&self) -> impl Iterator<Item = &Declaration> {
        self.declarations.iter().filter(|declaration| !declaration.is_library)
    }

    /// Every calculator, compiled.
    pub(crate) fn compiled(&self) -> Vec<Calculator> {
        let libraries = self.libraries();
        self.calculators()
            .map(|declaration| {
                let mut faults = Vec::new();
                let calculator = compile(declaration, &libraries, &self.facts, Days::default(), &mut faults);
                calculator.unwrap_or_else(|| panic!("{}: {faults:?}", declaration.path))
            })
            .collect()
    }
}

/// A declaration as its file has it; the keys of front matter are left out.
pub(crate) fn declaration(path: &SourcePath, text: &str) -> Declaration {
    let mut faults = Vec::new();
    let node = parse_yaml(path, text, 0, &mut faults).node;
    let Value::Map(entries) = node.value else { panic!("{path} is no mapping") };
    let entries = entries.into_iter().filter(|entry| KEYS.contains(&entry.key.as_str())).collect();
    let node = Node { span: node.span, value: Value::Map(entries) };
    let declaration = read_declaration(path, text, &node, "", &mut faults);
    assert!(faults.is_empty(), "{path}: {faults:?}");
    declaration.unwrap_or_else(|| panic!("{path} declares nothing"))
}
