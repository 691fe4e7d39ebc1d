//! Style and scripts: joined, named by their content, and published beside the pages.

use crate::base::Fingerprint;
use crate::page::Theme;
use crate::page::view::{AssetsView, ScriptView};

/// Published style and scripts, and where templates find them.
#[derive(Debug, Default)]
pub struct Bundle {
    /// For the shared view.
    pub view: AssetsView,
    /// Path and content of each file.
    pub files: Vec<(String, Vec<u8>)>,
}

/// The script that must run before the page is drawn, so that a chosen colour scheme does not flash.
const HEAD_SCRIPT: &str = "theme.js";

/// Joins the style sheets in the order of their names and gives every file a name that changes with its content. Sheets
/// and scripts in folders of their own stay apart: pages load them on use.
#[must_use]
pub fn bundle(theme: &Theme) -> Bundle {
    let mut bundle = Bundle::default();
    let mut style = Vec::new();
    for (name, _, source) in theme.under("styles/") {
        let Some(stem) = name.strip_suffix(".css") else { continue };
        if name.contains('/') {
            let path = hashed(&crate::base::slug(stem), "css", &source.bytes);
            bundle.files.push((path.clone(), source.bytes.to_vec()));
            bundle.view.sheets.push(ScriptView { name: name.to_owned(), path, part: true });
        } else {
            style.extend_from_slice(&source.bytes);
            if !style.ends_with(b"\n") {
                style.push(b'\n');
            }
        }
    }
    bundle.view.style = hashed("site", "css", &style);
    bundle.files.push((bundle.view.style.clone(), style));
    for (name, _, source) in theme.under("scripts/") {
        let Some(stem) = name.strip_suffix(".js") else { continue };
        if name.ends_with(".test.js") {
            continue;
        }
        let path = hashed(&crate::base::slug(stem), "js", &source.bytes);
        bundle.files.push((path.clone(), source.bytes.to_vec()));
        if name == HEAD_SCRIPT {
            bundle.view.head_script = Some(path.clone());
        }
        bundle.view.scripts.push(ScriptView { name: name.to_owned(), path, part: name.contains('/') });
    }
    bundle
}

fn hashed(name: &str, extension: &str, bytes: &[u8]) -> String {
    format!("assets/{name}.{}.{extension}", Fingerprint::of_bytes(bytes).short_hex())
}
