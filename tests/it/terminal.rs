//! The command between a terminal, a pipe and a browser: who is shown what.

use crate::workshop::{Server, Site, fresh_folder};
use std::fs;
use std::io::{Write, stderr};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// A site on disk whose build takes long enough to be watched.
fn large_project(name: &str) -> std::path::PathBuf {
    let folder = fresh_folder(name);
    let quiet = "title = \"Test\"\nbase_url = \"https://example.org/\"\n\
                 lints = { relation-missing = \"allow\", relation-unused = \"allow\" }\n";
    Site::varied(400).with("site.toml", quiet).write(&folder);
    folder
}

#[test]
fn a_pipe_gets_no_bar_no_colour_and_one_line_of_counts() {
    let folder = large_project("terminal-pipe");
    let output = Command::new(env!("CARGO_BIN_EXE_fingerpost")).arg("build").current_dir(&folder).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && output.stdout.is_empty(), "{said}");
    assert!(said.starts_with("built 401 pages, 1 fact, ") && said.ends_with(" s\n"), "{said:?}");
    assert_eq!(said.lines().count(), 1, "{said:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_gets_a_bar_while_it_waits() {
    let works =
        Command::new("script").args(["-qec", "true", "/dev/null"]).output().is_ok_and(|out| out.status.success());
    if !works {
        // Written past the test harness, which would swallow it: a skipped test must be heard.
        stderr().write_all(b"SKIPPED, because script (util-linux) is not installed: the bar on a terminal\n").unwrap();
        return;
    }
    let folder = large_project("terminal-bar");
    let on_terminal = |arguments: &str| {
        let command = format!("{} {arguments}", env!("CARGO_BIN_EXE_fingerpost"));
        let mut script = Command::new("script");
        script.args(["-qec", &command, "/dev/null"]).env("TERM", "xterm").env_remove("NO_COLOR").current_dir(&folder);
        String::from_utf8(script.output().unwrap().stdout).unwrap()
    };
    let said = on_terminal("build");
    assert!(said.starts_with("files ") && said.contains("█"), "there is a bar: {said:.400?}");
    let last = said.lines().last().unwrap();
    assert!(last.contains("built 401 pages, 1 fact, "), "and it has gone before the counts: {last:?}");
    // Whoever wants quiet has no bar either.
    assert_eq!(on_terminal("build -q -o elsewhere"), "");
    // Standard output is no reason: what matters is where the bar would be.
    let said = on_terminal("check --format json 2>said");
    assert!(said.trim_start().starts_with('['), "{said:.200}");
    assert!(!fs::read_to_string(folder.join("said")).unwrap().contains(['\r', '\u{1b}']));
}

#[cfg(target_os = "linux")]
#[test]
fn the_browser_is_opened_at_the_address_that_is_served() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = fresh_folder("terminal-open");
    Site::varied(4).write(&folder);
    let bin = folder.join("bin");
    fs::create_dir(&bin).unwrap();
    // What opens things on a desktop, as a script that writes down what it was asked to open.
    for name in ["xdg-open", "gio", "gnome-open", "kde-open", "wslview"] {
        let script = format!("#!/bin/sh\nfor word; do :; done\nprintf %s \"$word\" > {}/asked\n", folder.display());
        fs::write(bin.join(name), script).unwrap();
        fs::set_permissions(bin.join(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    for (flag, is_asked) in [("-O", true), ("--drafts", false)] {
        let asked = folder.join("asked");
        let _ = fs::remove_file(&asked);
        let mut command = Command::new(env!("CARGO_BIN_EXE_fingerpost"));
        let server = Server::run(command.args(["serve", "-p", "0", flag]).env("PATH", &path).current_dir(&folder));
        let started = Instant::now();
        while is_asked && read(&asked).is_empty() {
            assert!(started.elapsed() < Duration::from_secs(60), "the browser is opened");
            std::thread::sleep(Duration::from_millis(20));
        }
        assert_eq!(read(&asked), if is_asked { server.url("") } else { String::new() });
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}
