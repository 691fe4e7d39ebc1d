//! Records of builds that are believed, and those that are not.

use std::sync::Arc;

use super::*;
use crate::output::{Grounds, Options};
use crate::pipeline::Sink as _;

struct Project {
    folder: tempfile::TempDir,
    outcome: Outcome,
}

const INPUTS: Fingerprint = Fingerprint(7);

impl Project {
    /// A project whose site was just published and recorded.
    fn built() -> Self {
        let label =
            Label { path: SourcePath::new("content/a.md"), span: Some(Span::new(3, 9)), text: "here".to_owned() };
        let warning = Diagnostic {
            code: Code::LinkBroken,
            severity: Severity::Warning,
            message: "two\nlines and \"quotes\"".to_owned(),
            labels: vec![label.clone(), Label { span: None, ..label }],
            help: vec!["do this".to_owned()],
        };
        let outcome = Outcome {
            diagnostics: vec![warning],
            counts: Counts { pages: 3, facts: 2, relations: 1, files: 2, warnings: 1, ..Counts::default() },
            output_dir: "public".to_owned(),
            base_path: "/guide/".to_owned(),
        };
        let folder = tempfile::tempdir().expect("there is a folder for temporary files");
        let project = Self { folder, outcome };
        let stage = project.claim().prepare().expect("it can be written");
        stage.put("index.html", Arc::from(*b"home"));
        stage.put("a/index.html", Arc::from(*b"page"));
        stage.publish().expect("publishes");
        LastBuild::write(project.folder.path(), INPUTS, &project.outcome, &stage).expect("records");
        project
    }

    fn claim(&self) -> Claim {
        let root = self.folder.path().to_path_buf();
        let grounds = Grounds { working_folder: root.clone(), home: None, root };
        Claim::take(&self.folder.path().join("public"), &grounds, Options::default(), &|_| {}).expect("it is free")
    }

    fn record(&self) -> PathBuf {
        self.folder.path().join(".fingerpost/last-build")
    }

    fn is_current(&self) -> bool {
        let record = LastBuild::read(self.folder.path()).expect("it is whole").expect("there is one");
        record.is_current(INPUTS, &self.claim())
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.folder.path().join(path), text).expect("it can be written");
    }
}

#[test]
fn a_record_says_what_the_build_said() {
    let project = Project::built();
    let record = LastBuild::read(project.folder.path()).expect("it is whole").expect("there is one");
    assert!(record.is_current(INPUTS, &project.claim()));
    assert!(!record.is_current(Fingerprint(8), &project.claim()));
    let outcome = record.outcome().expect("all its codes are known");
    assert_eq!(outcome.diagnostics, project.outcome.diagnostics);
    assert_eq!(outcome.counts, project.outcome.counts);
    assert_eq!(outcome.base_path, "/guide/");
    let ignored = fs::read_to_string(project.folder.path().join(".fingerpost/.gitignore")).expect("it is there");
    assert_eq!(ignored, "*\n");
}

#[test]
fn an_output_folder_that_is_not_as_we_left_it_is_noticed() {
    // The first edit keeps the size and comes within the same moment.
    for (what, path, text) in [
        ("same size", "public/index.html", "hame"),
        ("other size", "public/a/index.html", "longer"),
        ("marker", "public/.fingerpost-output", "fingerpost output 1\n"),
    ] {
        let project = Project::built();
        project.write(path, text);
        assert!(!project.is_current(), "{what}");
    }
    let project = Project::built();
    fs::remove_file(project.folder.path().join("public/index.html")).expect("it is there");
    assert!(!project.is_current(), "a file is gone");
    let project = Project::built();
    fs::remove_dir_all(project.folder.path().join("public")).expect("it is there");
    assert!(!project.is_current(), "the folder is gone");
    let project = Project::built();
    project.write("public/notes.txt", "a user's");
    project.write("public/index.html", "home");
    assert!(project.is_current(), "the same bytes again are the same file");
}

#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_a_folder_is_noticed() {
    let project = Project::built();
    let path = |path: &str| project.folder.path().join(path);
    fs::rename(path("public/a"), path("elsewhere")).expect("it can be moved");
    std::os::unix::fs::symlink(path("elsewhere"), path("public/a")).expect("it can be linked");
    assert!(!project.is_current());
}

#[cfg(unix)]
#[test]
fn records_are_never_written_through_a_link() {
    let project = Project::built();
    let (folder, outside) = (project.folder.path().join(".fingerpost"), tempfile::tempdir().expect("there is one"));
    fs::remove_dir_all(&folder).expect("it is there");
    std::os::unix::fs::symlink(outside.path(), &folder).expect("it can be linked");
    let stage = project.claim().prepare().expect("it can be written");
    LastBuild::write(project.folder.path(), INPUTS, &project.outcome, &stage).expect("does nothing");
    assert_eq!(fs::read_dir(outside.path()).expect("reads").count(), 0);
    assert!(matches!(LastBuild::read(project.folder.path()), Ok(None)));
}

#[test]
fn a_damaged_record_is_never_believed() {
    let project = Project::built();
    let whole = fs::read(project.record()).expect("reads");
    let unusable = || LastBuild::read(project.folder.path()).expect_err("it is no record");
    for at in 0..whole.len() {
        for bit in [0, 4, 7] {
            let mut damaged = whole.clone();
            damaged[at] ^= 1 << bit;
            fs::write(project.record(), damaged).expect("writes");
            unusable();
        }
        fs::write(project.record(), &whole[..at]).expect("writes");
        assert_eq!(unusable(), Unusable::Damaged, "cut at {at}");
    }
    let older = String::from_utf8(whole).expect("it is text").replacen(env!("CARGO_PKG_VERSION"), "0.0.1", 1);
    fs::write(project.record(), older).expect("writes");
    assert_eq!(unusable(), Unusable::OtherVersion);
}
