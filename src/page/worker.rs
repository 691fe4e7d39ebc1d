//! The service worker, which keeps pages that were read, or takes an earlier one away.

use serde_json::json;

use super::view::AssetsView;
use crate::base::{Fingerprint, UrlPath};
use crate::config::{Config, Offline};
use crate::resolve::{Owner, Site};

const WORKER: &str = include_str!("own/worker.js");
const REMOVED: &str = include_str!("own/worker-removed.js");

/// What a reader without a connection will want of all that pages load on use: the search, and calculators.
const WANTED_FOLDER: &str = "search/";
const WANTED_PART: &str = "calculator";
const WANTED_TOOLS: &str = "calc/tools";

/// The script for `sw.js`. `index` are the files of the search index, where they are few enough to be fetched before
/// they are asked for.
///
/// Its own bytes change with any of the files it fetches at once, so browsers install it again; what it kept goes only
/// when the style or the scripts of the site change, for what was kept asks for them.
#[must_use]
pub fn worker(site: &Site, config: &Config, assets: &AssetsView, index: &[String]) -> String {
    if config.offline != Offline::Kept {
        return REMOVED.to_owned();
    }
    let mut named: Vec<&str> = vec![&assets.style];
    named.extend(assets.head_script.as_deref());
    named.extend(assets.script.as_deref());
    named.extend(assets.common.iter().map(|script| script.path.as_str()));
    for part in assets.apart.iter().filter(|part| part.name == WANTED_PART) {
        named.extend(part.style.as_deref());
        named.extend(part.script.as_deref());
    }
    let has_calculators = !site.calculators.is_empty();
    let is_wanted = |name: &str| name.starts_with(WANTED_FOLDER) || name.starts_with(WANTED_TOOLS) && has_calculators;
    named.extend(assets.scripts.iter().filter(|script| is_wanted(&script.name)).map(|script| script.path.as_str()));
    named.extend(assets.sheets.iter().filter(|sheet| is_wanted(&sheet.name)).map(|sheet| sheet.path.as_str()));
    named.sort_unstable();
    named.dedup();
    let id = Fingerprint::of_bytes(format!("{named:?}{WORKER}").as_bytes()).short_hex();
    let is_there = |path: &&str| site.routes.get(&UrlPath::new(path)).is_some();
    let pages = ["", config.urls.path(), "search/", "favicon.svg", "site.webmanifest"].into_iter().filter(is_there);
    let mut files: Vec<&str> = named;
    files.extend(pages);
    files.extend(index.iter().map(String::as_str));
    let words = json!({
        "home": "Home",
        "language": config.language,
        "title": "No connection",
        "text": "This page was not read on this device before. These were:",
    });
    let style = &assets.style;
    WORKER
        .replace("{id}", &id)
        .replace("{files}", &json!(files).to_string())
        .replace("{style}", style)
        .replace("{words}", &words.to_string())
}

/// Whether the worker is the site's to publish: a file of the same name in `static/` takes its place.
#[must_use]
pub fn is_published(site: &Site) -> bool {
    site.routes.get(&UrlPath::new("sw.js")) == Some(&Owner::Machine("sw.js"))
}
