//! Style and scripts: made small, joined, named by their content, and published beside the pages.

mod brevity;
mod minify;

use std::sync::Arc;

use crate::base::{Fingerprint, SourcePath, Span};
use crate::config::{Config, Offline, Overrides};
use crate::diag::{Code, Diagnostic};
use crate::files::Source;
use crate::page::Theme;
use crate::page::view::{ApartView, AssetsView, ScriptView};

use minify::SyntaxFault;

/// Published style and scripts, and where templates find them.
#[derive(Debug, Default)]
pub struct Bundle {
    /// For the shared view.
    pub view: AssetsView,
    /// Path and content of each file.
    pub files: Vec<(String, Arc<[u8]>)>,
    /// What could not be read, and is published as it is.
    pub faults: Vec<Diagnostic>,
}

/// The script that must run before the page is drawn, so that a chosen colour scheme does not flash.
const HEAD_SCRIPT: &str = "theme.js";

/// The script that registers the service worker. Left out where pages are not kept.
pub const OFFLINE_SCRIPT: &str = "offline.js";

/// The script of calculators: only pages that hold one load it.
const CALCULATOR_SCRIPT: &str = "calc.js";

/// The script that does all the rest of a calculator, of which two are made: with and without what lists of rows need.
const CALCULATOR_TOOLS: [(&str, &str); 2] = [("calc/tools.js", "true"), ("calc/tools-lean.js", "false")];

/// What stands in it for whether there are such lists.
const HAS_ROWS: &str = "HAS_ROWS";

/// The component whose style belongs to that script.
const CALCULATOR: &str = "calculator";

/// Sheets from this name on speak last: what holds on paper or in high contrast rules over every component.
const LAST_SHEETS: &str = "9";

/// Joins style and scripts and gives every file a name that changes with its content, unless `overrides` ask for plain
/// ones.
///
/// The sheets of `styles/` are joined in the order of their names, with those of the components before the last of them;
/// the theme's scripts are joined likewise. What lies in a folder of its own, and components that the theme calls apart,
/// are files of their own: pages load them on use. So are the site's own scripts: a fault in one of them stops no other.
#[must_use]
pub fn bundle(theme: &Theme, config: &Config, overrides: &Overrides) -> Bundle {
    let mut press = Press { theme, config, overrides, bundle: Bundle::default() };
    press.styles();
    press.scripts();
    press.bundle.view.apart.retain(|part| part.style.is_some() || part.script.is_some());
    press.bundle
}

struct Press<'a> {
    theme: &'a Theme,
    config: &'a Config,
    overrides: &'a Overrides,
    bundle: Bundle,
}

impl<'a> Press<'a> {
    fn styles(&mut self) {
        let own: Vec<_> = self.theme.under("styles/").filter(|(name, ..)| name.ends_with(".css")).collect();
        let (parts, joined): (Vec<_>, Vec<_>) = own.into_iter().partition(|(name, ..)| name.contains('/'));
        for (name, path, source) in parts {
            let sheet = self.small(path, source, minify::style);
            let path = self.publish(name.trim_end_matches(".css"), "css", sheet);
            self.bundle.view.sheets.push(ScriptView { name: name.to_owned(), path, part: true });
        }
        let (first, last): (Vec<_>, Vec<_>) = joined.into_iter().partition(|(name, ..)| *name < LAST_SHEETS);
        let mut style = Vec::new();
        let mut join = |press: &mut Self, path: &SourcePath, source: &Source| {
            style.extend(press.small(path, source, minify::style));
            if !style.ends_with(b"\n") {
                style.push(b'\n');
            }
        };
        for (_, path, source) in first {
            join(self, path, source);
        }
        for (name, path, source) in self.components("css") {
            if !self.is_apart(name) {
                join(self, path, source);
            }
        }
        for (_, path, source) in last {
            join(self, path, source);
        }
        self.bundle.view.style = self.publish("site", "css", style);
        self.parts_apart("css", minify::style, |part, path| part.style = Some(path));
    }

    /// Publishes the components that stand apart, those of one name joined in the order of the theme's list.
    fn parts_apart(
        &mut self,
        extension: &'a str,
        minified: fn(&str) -> Result<String, SyntaxFault>,
        set: fn(&mut ApartView, String),
    ) {
        let components = self.components(extension);
        let theme = self.theme;
        for (name, members) in &theme.apart {
            let mut joined = Vec::new();
            for member in members {
                let Some((_, path, source)) = components.iter().find(|(name, ..)| name == member) else { continue };
                let part = self.small(path, source, minified);
                match extension {
                    "js" => join_script(&mut joined, &part),
                    _ => joined.extend(part),
                }
            }
            if !joined.is_empty() {
                let path = self.publish(name, extension, joined);
                set(self.apart(name), path);
            }
        }
    }

    fn scripts(&mut self) {
        let mut joined = Vec::new();
        let languages = self.config.search_languages();
        for (name, source_path, source) in self.theme.under("scripts/") {
            let Some(stem) = name.strip_suffix(".js") else { continue };
            // Stems of languages that the site does not have are nobody's use.
            let is_foreign =
                stem.strip_prefix("search/stem-").is_some_and(|tag| !languages.iter().any(|known| known == tag));
            let is_off = name == OFFLINE_SCRIPT && self.config.offline != Offline::Kept;
            if name.ends_with(".test.js") || is_foreign || is_off {
                continue;
            }
            let faults_before = self.bundle.faults.len();
            let script = self.small(source_path, source, minify::script);
            let is_sound = self.bundle.faults.len() == faults_before;
            let is_own = !source_path.as_str().starts_with("themes/");
            if name == HEAD_SCRIPT {
                self.bundle.view.head_script = Some(self.publish(stem, "js", script));
            } else if name == CALCULATOR_SCRIPT {
                self.apart(CALCULATOR).script = Some(self.publish(stem, "js", script));
            } else if name == CALCULATOR_TOOLS[0].0 {
                self.calculator_tools(source_path, source);
            } else if name.contains('/') {
                let path = self.publish(stem, "js", script);
                self.bundle.view.scripts.push(ScriptView { name: name.to_owned(), path, part: true });
            } else if is_own || !is_sound {
                let path = self.publish(stem, "js", script);
                self.bundle.view.common.push(ScriptView { name: name.to_owned(), path, part: false });
            } else {
                join_script(&mut joined, &script);
            }
        }
        for (name, path, source) in self.components("js") {
            if !self.is_apart(name) {
                let script = self.small(path, source, minify::script);
                join_script(&mut joined, &script);
            }
        }
        self.parts_apart("js", minify::script, |part, path| part.script = Some(path));
        if !joined.is_empty() {
            self.bundle.view.script = Some(self.publish("site", "js", joined));
        }
    }

    fn calculator_tools(&mut self, path: &SourcePath, source: &Source) {
        for (name, has_rows) in CALCULATOR_TOOLS {
            // As many letters, so that what stands behind keeps its place.
            let word = format!("{has_rows:width$}", width = HAS_ROWS.len());
            let script = match source.text() {
                Some(text) => Source::new(path, text.replace(HAS_ROWS, &word).into_bytes()),
                None => source.clone(),
            };
            let script = self.small(path, &script, minify::script);
            let path = self.publish(name.trim_end_matches(".js"), "js", script);
            self.bundle.view.scripts.push(ScriptView { name: name.to_owned(), path, part: true });
        }
    }

    /// The style sheets or scripts of components: `components/<name>/<name>.<extension>`.
    fn components(&self, extension: &'a str) -> Vec<(&'a str, &'a SourcePath, &'a Source)> {
        let theme = self.theme;
        theme
            .under("components/")
            .filter_map(|(name, path, source)| {
                let (folder, file) = name.split_once('/')?;
                let stem = file.strip_suffix(extension)?.strip_suffix('.')?;
                (stem == folder).then_some((folder, path, source))
            })
            .collect()
    }

    fn is_apart(&self, name: &str) -> bool {
        self.theme.apart.iter().any(|(_, members)| members.iter().any(|member| member == name))
    }

    fn apart(&mut self, name: &str) -> &mut ApartView {
        let list = &mut self.bundle.view.apart;
        let at = list.iter().position(|part| part.name == name).unwrap_or_else(|| {
            list.push(ApartView { name: name.to_owned(), ..ApartView::default() });
            list.len() - 1
        });
        &mut list[at]
    }

    fn publish(&mut self, stem: &str, extension: &str, bytes: Vec<u8>) -> String {
        let name = crate::base::slug(stem);
        let path = match self.overrides.plain_asset_names {
            // A middle part here too: files of the site that are called `assets/site.css` stay apart.
            true => format!("assets/{name}.current.{extension}"),
            false => format!("assets/{name}.{}.{extension}", Fingerprint::of_bytes(&bytes).short_hex()),
        };
        self.bundle.files.push((path.clone(), bytes.into()));
        path
    }

    fn small(
        &mut self,
        path: &SourcePath,
        source: &Source,
        minified: fn(&str) -> Result<String, SyntaxFault>,
    ) -> Vec<u8> {
        let mut faults = Vec::new();
        let bytes = small(path, source, self.config, minified, &mut faults);
        // A component may be part of several files.
        faults.retain(|fault| !self.bundle.faults.contains(fault));
        self.bundle.faults.append(&mut faults);
        bytes
    }
}

/// A script of our own making, made small where that is wanted.
#[must_use]
pub fn small_script(script: String, config: &Config) -> String {
    if config.minify { minify::script(&script).unwrap_or(script) } else { script }
}

/// Adds a script after others. A file without a last semicolon would run on into the next.
fn join_script(joined: &mut Vec<u8>, script: &[u8]) {
    joined.extend_from_slice(script.trim_ascii_end());
    joined.extend_from_slice(b";\n");
}

/// A file made small where that is wanted; as it is, and a fault, where it cannot be read.
fn small(
    path: &SourcePath,
    source: &Source,
    config: &Config,
    minified: fn(&str) -> Result<String, SyntaxFault>,
    faults: &mut Vec<Diagnostic>,
) -> Vec<u8> {
    let Some(text) = source.text().filter(|_| config.minify) else { return source.bytes.to_vec() };
    minified(text).map(String::into_bytes).unwrap_or_else(|fault| {
        let end = text[fault.at..].chars().next().map_or(fault.at, |letter| fault.at + letter.len_utf8());
        let message = format!("`{path}` cannot be made small: {}", lower_case(&fault.message));
        let diagnostic = Diagnostic::at(Code::AssetSyntax, path, Span::new(fault.at, end), message);
        faults.push(diagnostic.help("it is published as it is; browsers pass over what they cannot read"));
        source.bytes.to_vec()
    })
}

/// What a parser says, in the voice of the other messages.
fn lower_case(message: &str) -> String {
    let message = message.trim_end_matches('.');
    let mut letters = message.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}
