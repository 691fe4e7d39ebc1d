//! The theme's files: the named theme's own, with the site's files of the same path in their place.

use std::collections::BTreeMap;

use super::embedded;
use super::options::{self, ThemeOption};
use crate::base::{Fingerprint, SourcePath};
use crate::config::Config;
use crate::data::{Fields, Node, items, parse_toml, quoted_all};
use crate::diag::{Code, Diagnostic, nearest};
use crate::files::{Files, Source};

/// Every file of the theme by its path inside the theme (`templates/page.html`), after the site's own files have
/// taken the place of those they overrule.
#[derive(Debug, Default)]
pub struct Theme {
    /// Path inside the theme → where the file lies, and its content.
    pub files: BTreeMap<String, (SourcePath, Source)>,
    /// Of the templates alone: a template that changes re-renders every page.
    pub templates_fingerprint: Fingerprint,
    /// Components whose style and script only the pages load that ask for them, by the name that they ask for.
    pub apart: Vec<(String, Vec<String>)>,
    /// Its options with the values that the site gives them.
    pub options: serde_json::Map<String, serde_json::Value>,
}

/// Every place in a project where files of a theme may lie.
pub const PLACES: [&str; 5] = ["themes/", "templates/", "components/", "styles/", "scripts/"];

/// Folders of a theme that a site can overrule file by file.
const FOLDERS: [&str; 4] = ["templates/", "components/", "styles/", "scripts/"];

impl Theme {
    /// Gathers the theme that `config` names: from `themes/<name>/` when the site has it, else from the binary.
    pub fn gather(files: &Files, config: &Config, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let folder = format!("themes/{}/", config.theme);
        let built_in = || {
            embedded::THEME.iter().map(|(name, bytes)| {
                let path = SourcePath::new(&format!("themes/{}/{name}", embedded::THEME_NAME));
                let source = Source::new(&path, bytes.to_vec());
                ((*name).to_owned(), (path, source))
            })
        };
        let mut theme: BTreeMap<String, (SourcePath, Source)> = files
            .under(&folder)
            .map(|(path, source)| (path.as_str()[folder.len()..].to_owned(), (path.clone(), source.clone())))
            .collect();
        if theme.is_empty() {
            if config.theme != embedded::THEME_NAME {
                diagnostics.push(missing(files, config));
            }
            // In the place of a theme that does not exist too: the templates' own faults would drown the one that counts.
            theme.extend(built_in());
        }
        let manifest = match theme.get("theme.toml") {
            Some((path, source)) => Manifest::read(path, source, diagnostics),
            None => Manifest::default(),
        };
        let options = options::settle(&manifest.options, config, diagnostics);
        for folder in FOLDERS {
            for (path, source) in files.under(folder) {
                theme.insert(path.as_str().to_owned(), (path.clone(), source.clone()));
            }
        }
        let mut prints = String::new();
        for (name, (_, source)) in &theme {
            if template_name(name).is_some() {
                prints.push_str(&format!("{name} {:032x}\n", source.fingerprint.0));
            }
        }
        let templates_fingerprint = Fingerprint::of_bytes(prints.as_bytes());
        Self { files: theme, templates_fingerprint, apart: manifest.apart, options }
    }

    /// The templates by the names that they extend and include each other by: `page.html`, `components/quick.html`.
    pub fn templates(&self) -> impl Iterator<Item = (String, &SourcePath, &Source)> {
        self.files
            .iter()
            .filter_map(|(name, (path, source))| template_name(name).map(|template| (template, path, source)))
    }

    /// The file of a template.
    #[must_use]
    pub fn template(&self, name: &str) -> Option<&(SourcePath, Source)> {
        match name.strip_prefix("components/").and_then(|name| name.strip_suffix(".html")) {
            Some(name) => self.files.get(&format!("components/{name}/{name}.html")),
            None => self.files.get(&format!("templates/{name}")),
        }
    }

    /// The files in one of its folders, by their names inside it.
    pub fn under<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a SourcePath, &'a Source)> {
        self.files
            .range(folder.to_owned()..)
            .take_while(move |(name, _)| name.starts_with(folder))
            .map(move |(name, (path, source))| (&name[folder.len()..], path, source))
    }
}

fn missing(files: &Files, config: &Config) -> Diagnostic {
    let name = &config.theme;
    let site_toml = SourcePath::new("site.toml");
    let message = format!("there is no theme `{name}`: the folder `themes/{name}/` is missing or empty");
    let diagnostic = match config.theme_span {
        Some(span) => Diagnostic::at(Code::ThemeMissing, &site_toml, span, message),
        None => Diagnostic::about(Code::ThemeMissing, &site_toml, message),
    };
    let mut names: Vec<&str> = files
        .under("themes/")
        .filter_map(|(path, _)| path.as_str().split('/').nth(1))
        .chain(std::iter::once(embedded::THEME_NAME))
        .collect();
    names.dedup();
    match nearest(name, names.iter().copied()) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None if names.len() == 1 => diagnostic.help(format!("the built-in theme is `{}`", embedded::THEME_NAME)),
        None => diagnostic.help(format!("there are the themes {}", quoted_all(&names))),
    }
}

/// The name of a template whose file is `name` in the theme; `None` for everything that is none.
fn template_name(name: &str) -> Option<String> {
    if let Some(template) = name.strip_prefix("templates/") {
        return Some(template.to_owned());
    }
    let (folder, file) = name.strip_prefix("components/")?.split_once('/')?;
    (file.strip_suffix(".html") == Some(folder)).then(|| format!("components/{file}"))
}

/// Reads `[apart]`: the components of each file that stands apart.
fn read_apart(path: &SourcePath, node: &Node, diagnostics: &mut Vec<Diagnostic>) -> Vec<(String, Vec<String>)> {
    let entries = Fields::open(path, node, "`apart`", diagnostics).all();
    let mut apart = Vec::new();
    for entry in entries {
        let names: Option<Vec<String>> = items(&entry.node).iter().map(|item| item.text().map(str::to_owned)).collect();
        match names {
            Some(names) => apart.push((entry.key.clone(), names)),
            None => {
                let message = format!("`{}` must be a list of names of components", entry.key);
                diagnostics.push(Diagnostic::at(Code::ValueType, path, entry.node.span, message));
            }
        }
    }
    apart
}

/// What a theme says of itself.
#[derive(Debug, Default)]
struct Manifest {
    apart: Vec<(String, Vec<String>)>,
    options: Vec<ThemeOption>,
}

impl Manifest {
    fn read(path: &SourcePath, source: &Source, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let Some(text) = source.text() else { return Self::default() };
        let node = parse_toml(path, text, diagnostics);
        let mut fields = Fields::open(path, &node, "`theme.toml`", diagnostics);
        fields.required_text("name", "this theme");
        for key in ["version", "description", "license", "min_fingerpost", "author", "homepage"] {
            fields.node_named(key);
        }
        let apart = fields.node("apart");
        let declared = fields.node("options");
        fields.finish("`theme.toml`");
        let apart = apart.map_or_else(Vec::new, |node| read_apart(path, node, diagnostics));
        let options = declared.map_or_else(Vec::new, |node| options::declared(path, node, diagnostics));
        Self { apart, options }
    }
}
