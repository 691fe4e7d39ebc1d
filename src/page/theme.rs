//! The theme's files: the named theme's own, with the site's files of the same path in their place.

use std::collections::BTreeMap;

use super::embedded;
use crate::base::{Fingerprint, SourcePath};
use crate::config::Config;
use crate::data::{Fields, parse_toml, quoted_all};
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
}

/// Every place in a project where files of a theme may lie.
pub const PLACES: [&str; 4] = ["themes/", "templates/", "styles/", "scripts/"];

/// Folders of a theme that a site can overrule file by file.
const FOLDERS: [&str; 3] = ["templates/", "styles/", "scripts/"];

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
        if let Some((path, source)) = theme.get("theme.toml") {
            check_manifest(path, source, diagnostics);
        }
        for folder in FOLDERS {
            for (path, source) in files.under(folder) {
                theme.insert(path.as_str().to_owned(), (path.clone(), source.clone()));
            }
        }
        let mut prints = String::new();
        for (name, (_, source)) in &theme {
            if name.starts_with("templates/") {
                prints.push_str(&format!("{name} {:032x}\n", source.fingerprint.0));
            }
        }
        Self { files: theme, templates_fingerprint: Fingerprint::of_bytes(prints.as_bytes()) }
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

fn check_manifest(path: &SourcePath, source: &Source, diagnostics: &mut Vec<Diagnostic>) {
    let Some(text) = source.text() else { return };
    let node = parse_toml(path, text, diagnostics);
    let mut fields = Fields::open(path, &node, "`theme.toml`", diagnostics);
    fields.required_text("name", "this theme");
    for key in ["version", "description", "license", "min_fingerpost", "author", "homepage"] {
        fields.node_named(key);
    }
    fields.node("options");
    fields.finish("`theme.toml`");
}
