//! Style and scripts: made small, joined, named by their content, and published beside the pages.

mod minify;

use std::sync::Arc;

use crate::base::{Fingerprint, SourcePath, Span};
use crate::config::{Config, Offline, Overrides};
use crate::diag::{Code, Diagnostic};
use crate::files::Source;
use crate::page::Theme;
use crate::page::view::{AssetsView, ScriptView};

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

/// Joins the style sheets in the order of their names and gives every file a name that changes with its content, unless
/// `overrides` ask for plain ones. Sheets and scripts in folders of their own stay apart: pages load them on use.
#[must_use]
pub fn bundle(theme: &Theme, config: &Config, overrides: &Overrides) -> Bundle {
    let named = |name: &str, extension: &str, bytes: &[u8]| match overrides.plain_asset_names {
        // A middle part here too: files of the site that are called `assets/site.css` stay apart.
        true => format!("assets/{name}.current.{extension}"),
        false => format!("assets/{name}.{}.{extension}", Fingerprint::of_bytes(bytes).short_hex()),
    };
    let mut bundle = Bundle::default();
    let mut style = Vec::new();
    for (name, source_path, source) in theme.under("styles/") {
        let Some(stem) = name.strip_suffix(".css") else { continue };
        let sheet = small(source_path, source, config, minify::style, &mut bundle.faults);
        if name.contains('/') {
            let path = named(&crate::base::slug(stem), "css", &sheet);
            bundle.files.push((path.clone(), sheet.into()));
            bundle.view.sheets.push(ScriptView { name: name.to_owned(), path, part: true });
        } else {
            style.extend(sheet);
            if !style.ends_with(b"\n") {
                style.push(b'\n');
            }
        }
    }
    bundle.view.style = named("site", "css", &style);
    bundle.files.push((bundle.view.style.clone(), style.into()));
    for (name, source_path, source) in theme.under("scripts/") {
        let Some(stem) = name.strip_suffix(".js") else { continue };
        // Stems of other languages than the site's are nobody's use.
        let is_foreign = name.starts_with("search/stem-") && stem[12..] != config.primary_language();
        let is_off = name == OFFLINE_SCRIPT && config.offline != Offline::Kept;
        if name.ends_with(".test.js") || is_foreign || is_off {
            continue;
        }
        let script = small(source_path, source, config, minify::script, &mut bundle.faults);
        let path = named(&crate::base::slug(stem), "js", &script);
        bundle.files.push((path.clone(), script.into()));
        if name == HEAD_SCRIPT {
            bundle.view.head_script = Some(path.clone());
        }
        bundle.view.scripts.push(ScriptView { name: name.to_owned(), path, part: name.contains('/') });
    }
    let view = &mut bundle.view;
    let is_common = |script: &&ScriptView| {
        !script.part && script.name != CALCULATOR_SCRIPT && Some(&script.path) != view.head_script.as_ref()
    };
    view.common = view.scripts.iter().filter(is_common).cloned().collect();
    bundle
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
