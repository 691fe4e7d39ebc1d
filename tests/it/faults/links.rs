//! Links in the file system, special files and files that cannot be read: named, and never followed out of the project.

use super::{A, B};
use crate::watchdog;
use crate::workshop::{self, Site};
use std::fs;
use std::process::Command;

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_in_circles_or_out_of_the_project_are_named_and_never_followed() {
    use std::os::unix::fs::symlink;
    let folder = workshop::fresh_folder("links");
    let root = folder.join("site");
    fs::write(folder.join("secret.txt"), "a secret").unwrap();
    Site::bare().with("content/a.md", A).with("static/inside.txt", "inside").write(&root);
    symlink("../../secret.txt", root.join("static/leak.txt")).unwrap();
    symlink(&folder, root.join("static/out")).unwrap();
    symlink("nowhere", root.join("static/dangling.txt")).unwrap();
    symlink("..", root.join("static/loop")).unwrap();
    symlink("/dev/zero", root.join("static/zero")).unwrap();
    symlink("inside.txt", root.join("static/within.txt")).unwrap();
    let status = Command::new("mkfifo").arg(root.join("static/pipe")).status().expect("mkfifo can be run");
    assert!(status.success());
    let site = root.clone();
    let (files, findings) = watchdog::finishes("links", move || {
        fingerpost::files::load(&site, &site.join("site.toml")).expect("the site can be read")
    });
    let taken: Vec<&str> =
        files.iter().map(|(path, _)| path.as_str()).filter(|path| path.starts_with("static/")).collect();
    assert_eq!(taken, ["static/inside.txt", "static/within.txt"]);
    for name in ["leak.txt", "out", "dangling.txt", "loop", "zero"] {
        let path = format!("static/{name}");
        let named = findings.iter().any(|finding| finding.message.contains(&path));
        assert!(named, "nothing was said about {path}: {findings:#?}");
    }
    let outside = findings.iter().filter(|finding| finding.code.name() == "file-outside").count();
    assert_eq!(outside, 3, "{findings:#?}");
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_is_an_error_that_names_it() {
    let folder = workshop::fresh_folder("unreadable");
    Site::bare().with("content/a.md", A).with("content/b.md", B).write(&folder);
    // A link to itself can be read by nobody, not even by an administrator, who may read files without permission.
    fs::remove_file(folder.join("content/b.md")).unwrap();
    std::os::unix::fs::symlink("b.md", folder.join("content/b.md")).unwrap();
    let (files, findings) = fingerpost::files::load(&folder, &folder.join("site.toml")).expect("the site can be read");
    assert!(files.get("content/a.md").is_some());
    let named = findings.iter().any(|finding| finding.message.contains("content/b.md"));
    assert!(named, "nothing was said about content/b.md: {findings:#?}");
}
