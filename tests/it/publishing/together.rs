//! Builds at the same time, signals, closed streams, and what a build without changes says.

use super::{Project, clean_build, said, tree};
use crate::workshop::Site;
use std::fs;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

#[test]
fn eight_builds_at_once_leave_one_whole_site() {
    let site = Site::varied(8);
    let clean = clean_build("together-clean", &site);
    let project = Project::new("together", &site);
    for round in 0..3 {
        let children: Vec<_> = (0..8)
            .map(|at| {
                let words: &[&str] = if at % 2 == 0 { &["build", "--atomic"] } else { &["build"] };
                let mut command = project.command(words);
                command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command can be run")
            })
            .collect();
        for child in children {
            let output = child.wait_with_output().expect("it ends");
            assert!(output.status.success(), "round {round}: {}", said(&output));
        }
        assert!(project.published() == clean, "round {round}");
        assert_eq!(project.leftovers(), Vec::<String>::new(), "round {round}");
        fs::remove_dir_all(project.path("site/.fingerpost")).expect("every build leaves a record");
    }
}

#[test]
fn a_build_without_changes_says_what_the_full_one_said() {
    let site = Site::varied(6)
        .with("content/roles/odd.md", "---\ntitle: Odd\n---\n\n# Too big\n\n![](/robots-extra.txt)\n")
        .with("styles/99-own.css", "a { color: red }\n}\n");
    let project = Project::new("again", &site);
    let told = |words: &[&str]| {
        let output = project.run(words);
        let text = said(&output);
        let (text, _) = text.rsplit_once(" in ").expect("the last line tells the time");
        (output.status.code(), text.replace("checked ", "built "))
    };
    let full = told(&["build"]);
    assert!(full.1.contains("warning["), "{}", full.1);
    let before = project.published();
    let skipped = told(&["build", "--timings"]);
    assert!(!skipped.1.contains("render"), "nothing is rendered: {}", skipped.1);
    assert_eq!(told(&["build"]), full);
    assert_eq!(told(&["check"]), full);
    for format in ["json", "sarif", "github"] {
        let [one, other] = ["build", "check"].map(|verb| project.run(&[verb, "-q", "--format", format]).stdout);
        assert!(!one.is_empty() && one == other, "{format}");
    }
    assert_eq!(project.run(&["build", "--strict"]).status.code(), Some(1), "warnings still fail where they should");
    assert!(project.published() == before);
    // What makes a difference is seen.
    fs::write(project.path("site/public/index.html"), "edited by hand").expect("it can be written");
    let refused = project.run(&["build"]);
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    assert!(said(&refused).contains("in the way"), "{}", said(&refused));
    project.build(&["--force"]);
    assert!(project.published() == before);
    assert!(project.build(&["--base-url", "https://example.com/", "-v"]).contains("written"));
    assert!(project.published() != before);
}

#[test]
fn a_damaged_record_gets_one_warning_and_changes_nothing() {
    let project = Project::new("damaged", &Site::varied(4));
    project.build(&[]);
    let before = project.published();
    let record = project.path("site/.fingerpost/last-build");
    let whole = fs::read(&record).expect("every build leaves a record");
    for damaged in [&whole[..whole.len() / 2], b"", b"{}", &whole[1..]] {
        fs::write(&record, damaged).expect("it can be written");
        let said = project.build(&[]);
        assert_eq!(said.matches("is damaged and is ignored").count(), 1, "{said}");
        assert!(project.published() == before);
        assert!(!project.build(&[]).contains("damaged"), "it is written anew");
    }
    fs::remove_dir_all(project.path("site/.fingerpost")).expect("it is there");
    assert!(!project.build(&[]).contains("warning: "), "it may be deleted");
}

#[cfg(unix)]
#[test]
fn a_signal_ends_a_build_at_once_and_leaves_nothing() {
    use std::os::unix::process::ExitStatusExt as _;

    let site = Site::varied(40);
    let clean = clean_build("signals-clean", &site);
    let project = Project::new("signals", &site);
    for (round, signal) in [libc::SIGINT, libc::SIGTERM, libc::SIGHUP].into_iter().cycle().take(12).enumerate() {
        let _ = fs::remove_dir_all(project.path("site/public"));
        let mut command = project.command(&["build"]);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command can be run");
        thread::sleep(Duration::from_millis(15 * round as u64));
        // SAFETY: the process is our own child, and has not been waited for yet.
        unsafe { libc::kill(child.id() as libc::pid_t, signal) };
        let output = child.wait_with_output().expect("it ends");
        let published = project.published();
        let is_stopped = output.status.signal() == Some(signal);
        assert!(is_stopped || output.status.success(), "round {round}: {} {}", output.status, said(&output));
        assert!(published.is_empty() || published == clean, "round {round}: half a site");
        let left = project.leftovers();
        // A signal that comes before anybody listens for it ends the process as it does any other.
        assert!(left.is_empty() || round < 6, "round {round}: {left:?} {}", said(&output));
    }
    project.build(&[]);
    assert!(project.published() == clean);
    assert_eq!(project.leftovers(), Vec::<String>::new());
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let project = Project::new("closed", &Site::varied(4));
    for words in [["check", "--format", "json"], ["build", "--format", "sarif"], ["build", "--timings", "-v"]] {
        let mut command = project.command(&words);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command can be run");
        drop(child.stdout.take());
        drop(child.stderr.take());
        let status = child.wait().expect("it ends");
        assert!(status.success(), "{words:?}: {status}");
    }
    assert!(!tree(&project.path("site/public")).is_empty());
}
