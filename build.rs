//! Lists the default theme and the starter site so that the binary carries both.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let mut code = String::new();
    list(&root, "themes/waymark", "THEME", &mut code);
    list(&root, "src/cli/starter", "STARTER", &mut code);
    fs::write(out.join("embedded.rs"), code).expect("OUT_DIR is writable");
}

/// Writes one constant: every file under `folder` but for tests, sorted, as (path relative to `folder`, bytes).
fn list(root: &Path, folder: &str, name: &str, code: &mut String) {
    println!("cargo::rerun-if-changed={folder}");
    let mut files = Vec::new();
    walk(&root.join(folder), &mut files);
    files.sort();
    writeln!(code, "/// Every file of `{folder}`, sorted by path.").expect("a String takes all");
    writeln!(code, "pub const {name}: &[(&str, &[u8])] = &[").expect("a String takes all");
    for file in files {
        let relative = file.strip_prefix(root.join(folder)).expect("the walk stays inside");
        let relative = relative.to_str().expect("embedded file names are UTF-8").replace('\\', "/");
        println!("cargo::rerun-if-changed={}", file.display());
        writeln!(code, "    ({relative:?}, include_bytes!({:?})),", file.display()).expect("a String takes all");
    }
    writeln!(code, "];").expect("a String takes all");
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, files);
        } else if !path.to_string_lossy().ends_with(".test.md") {
            files.push(path);
        }
    }
}
