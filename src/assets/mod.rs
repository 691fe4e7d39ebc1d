//! Style and scripts: joined, named by their content, and published beside the pages.

use crate::base::Fingerprint;
use crate::config::Overrides;
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

/// Joins the style sheets in the order of their names and gives every file a name that changes with its content, unless
/// `overrides` ask for plain ones.
#[must_use]
pub fn bundle(theme: &Theme, overrides: &Overrides) -> Bundle {
    let named = |name: &str, extension: &str, bytes: &[u8]| match overrides.plain_asset_names {
        // A middle part here too: files of the site that are called `assets/site.css` stay apart.
        true => format!("assets/{name}.current.{extension}"),
        false => format!("assets/{name}.{}.{extension}", Fingerprint::of_bytes(bytes).short_hex()),
    };
    let mut bundle = Bundle::default();
    let mut style = Vec::new();
    for (name, _, source) in theme.under("styles/") {
        if name.ends_with(".css") {
            style.extend_from_slice(&source.bytes);
            if !style.ends_with(b"\n") {
                style.push(b'\n');
            }
        }
    }
    bundle.view.style = named("site", "css", &style);
    bundle.files.push((bundle.view.style.clone(), style));
    for (name, _, source) in theme.under("scripts/") {
        let Some(stem) = name.strip_suffix(".js") else { continue };
        if name.ends_with(".test.js") {
            continue;
        }
        let path = named(&crate::base::slug(stem), "js", &source.bytes);
        bundle.files.push((path.clone(), source.bytes.to_vec()));
        if name == HEAD_SCRIPT {
            bundle.view.head_script = Some(path.clone());
        }
        bundle.view.scripts.push(ScriptView { name: name.to_owned(), path });
    }
    bundle
}
