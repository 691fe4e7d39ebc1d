//! From the path of an address to a file of the site in memory: one exact lookup.

use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use crate::base::slug::{percent_decode, percent_encode};
use crate::output::MemorySite;

/// What a path leads to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Route<'a> {
    /// A file by its path in the site, with its media type.
    File(String, &'a Arc<[u8]>, &'static str),
    /// A page that was asked for without its last slash; percent-encoded.
    Redirect(String),
    /// No such file.
    Missing,
}

/// Looks `path` up as it stands in the request. It is decoded and brought to NFC, and nothing else is done to it: `..`,
/// `\`, `//` and drive letters are letters like any others and name no file.
pub(super) fn find<'a>(site: &'a MemorySite, base_path: &str, path: &str) -> Route<'a> {
    let (Some(path), Some(base)) = (decode(path), decode(base_path)) else { return Route::Missing };
    let Some(rest) = path.strip_prefix(&*base) else {
        let before_it = path == "/" || base.strip_suffix('/') == Some(&path) && !path.is_empty();
        return if before_it { Route::Redirect(percent_encode(&base)) } else { Route::Missing };
    };
    if rest.is_empty() || rest.ends_with('/') {
        return file(site, format!("{rest}index.html")).unwrap_or(Route::Missing);
    }
    if let Some(route) = file(site, rest.to_owned()) {
        return route;
    }
    // The page is in the map, so the address is one of ours and cannot lead to another host.
    match file(site, format!("{rest}/index.html")) {
        Some(_) => Route::Redirect(format!("{}/", percent_encode(&path))),
        None => Route::Missing,
    }
}

fn file(site: &MemorySite, path: String) -> Option<Route<'_>> {
    let (bytes, media_type) = site.get(&path)?;
    Some(Route::File(path, bytes, media_type))
}

fn decode(path: &str) -> Option<String> {
    Some(percent_decode(path)?.nfc().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::MemorySink;
    use crate::pipeline::Sink;

    fn site(paths: &[&str]) -> MemorySite {
        let sink = MemorySink::new();
        for path in paths {
            sink.put(path, path.as_bytes().into());
        }
        sink.into_site()
    }

    fn found(site: &MemorySite, base_path: &str, path: &str) -> String {
        match find(site, base_path, path) {
            Route::File(_, bytes, _) => String::from_utf8_lossy(bytes).into_owned(),
            Route::Redirect(to) => format!("-> {to}"),
            Route::Missing => "missing".to_owned(),
        }
    }

    #[test]
    fn paths_lead_to_files_pages_and_their_slashes() {
        let site =
            site(&["index.html", "roles/producer/index.html", "a.css", "caf\u{e9}/index.html", "100%.txt", "a b.txt"]);
        for (path, expected) in [
            ("/", "index.html"),
            ("/index.html", "index.html"),
            ("/roles/producer/", "roles/producer/index.html"),
            ("/roles/producer/index.html", "roles/producer/index.html"),
            ("/roles/producer", "-> /roles/producer/"),
            ("/roles/", "missing"),
            ("/roles", "missing"),
            ("/a.css", "a.css"),
            ("/a.css/", "missing"),
            ("/A.CSS", "missing"),
            ("/%61.css", "a.css"),
            ("/caf%C3%A9/", "caf\u{e9}/index.html"),
            ("/cafe%CC%81/", "caf\u{e9}/index.html"),
            ("/caf%c3%a9", "-> /caf%C3%A9/"),
            ("/roles%2Fproducer%2F", "roles/producer/index.html"),
            ("/100%.txt", "100%.txt"),
            ("/100%25.txt", "100%.txt"),
            ("/a%20b.txt", "a b.txt"),
            ("/a+b.txt", "missing"),
        ] {
            assert_eq!(found(&site, "/", path), expected, "{path}");
        }
    }

    #[test]
    fn a_site_below_the_root_stays_there() {
        let site = site(&["index.html", "a/index.html"]);
        for (path, expected) in [
            ("/guide/", "index.html"),
            ("/guide/a/", "a/index.html"),
            ("/guide/a", "-> /guide/a/"),
            ("/guide", "-> /guide/"),
            ("/", "-> /guide/"),
            ("/a/", "missing"),
            ("/guidea/", "missing"),
        ] {
            assert_eq!(found(&site, "/guide/", path), expected, "{path}");
        }
    }

    #[test]
    fn nothing_outside_the_map_can_be_named() {
        let site = site(&["index.html", "a/index.html", "etc/index.html"]);
        let corpus = [
            "/../etc/passwd",
            "/../../etc/passwd",
            "/a/../../etc/passwd",
            "/..",
            "/../",
            "/a/..",
            "/a/../",
            "/./",
            "/.",
            "/%2e%2e/etc/passwd",
            "/%2e%2e%2fetc%2fpasswd",
            "/..%2f..%2fetc/passwd",
            "/%252e%252e%252fetc/passwd",
            "/..\\..\\windows\\win.ini",
            "/..%5c..%5cwindows",
            "/c:/windows/win.ini",
            "/foo/c:/windows/win.ini",
            "/a/index.html::$DATA",
            "/INDEX~1.HTM",
            "//etc/passwd",
            "///",
            "//evil.example",
            "//evil.example/..",
            "/%00",
            "/index.html%00",
            "/index.html%00.png",
            "/a%00/",
            "/index.html?",
            "/index.html%3f",
            "/a//",
            "/%ff",
            "/%c0%ae%c0%ae/",
            "/%",
            "/%2",
            "/%zz",
            "/.git/config",
            "/site.toml",
            "/content/index.md",
            "/\u{ff0e}\u{ff0e}/",
            "/etc%2f..%2f..%2fpasswd",
            "/a/./",
            "/a/index.html/",
            "/ ",
            "/index.html ",
            "/index.html.",
            "/@fs/etc/passwd",
            "/?/../etc/passwd",
            "/__fingerpost/",
            "/__fingerpost/x",
            "",
            "*",
            "index.html",
        ];
        for path in corpus {
            assert_eq!(found(&site, "/", path), "missing", "{path:?}");
        }
    }
}
