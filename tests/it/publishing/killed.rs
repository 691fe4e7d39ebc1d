//! Killed at any change of the disk, a build leaves the old site, the new one, or one that the next build makes whole.

use super::{Project, Tree, assert_whole, before_and_after, can_run, clean_build, skipped, tree};
use crate::workshop::{Chance, Site};
use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Every call that changes what a folder holds.
const CHANGES: &str = "rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,link,linkat";

/// How long each manner of publishing is attacked.
const BUDGET: Duration = Duration::from_secs(10);

/// A project that holds the new sources, and can get its old site back.
struct Stand {
    project: Project,
    before: Tree,
    after: Tree,
}

impl Stand {
    fn new(name: &str, before: &Site, after: &Site) -> Self {
        let project = Project::new(name, before);
        project.build(&["-q"]);
        let first = project.published();
        fs::rename(project.path("site/public"), project.path("old")).expect("it can be moved");
        project.holds(after);
        Self { project, before: first, after: clean_build(&format!("{name}-clean"), after) }
    }

    /// The output folder as the old build left it, and nothing of what came later.
    fn reset(&self) {
        for folder in ["public", ".public.stage", ".fingerpost"] {
            let folder = self.project.path(&format!("site/{folder}"));
            if folder.exists() {
                fs::remove_dir_all(folder).expect("it can be removed");
            }
        }
        if !self.before.is_empty() {
            let mut copy = Command::new("cp");
            copy.arg("-a").args([self.project.path("old"), self.project.path("site/public")]);
            assert!(copy.status().expect("cp can be run").success());
        }
    }

    /// What a build that was killed left must be whole, and the next one must bring the new site.
    fn judge(&self, what: &str) {
        assert_whole(what, &self.project.published(), &self.before, &self.after);
        let said = self.project.build(&[]);
        assert!(self.project.published() == self.after, "{what}: the next build does not bring the new site: {said}");
        assert_eq!(self.project.leftovers(), Vec::<String>::new(), "{what}");
    }

    /// Kills a build at its changes of the disk, one after the other in an order that covers them evenly, until the
    /// time is up.
    fn attack(&self, words: &[&str]) {
        let log = self.project.path("strace.log");
        let log_name = log.to_string_lossy().into_owned();
        let traced = |injection: &str| {
            let filter = format!("trace={CHANGES}");
            let mut options = vec!["-f", "-qq", "-o", &log_name, "-e", &filter];
            if !injection.is_empty() {
                options.extend(["-e", injection]);
            }
            let mut command = self.project.under(&[&["strace"], options.as_slice()].concat(), words);
            command.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("strace can be run")
        };
        self.reset();
        assert!(traced("").success(), "{words:?}");
        let count = fs::read_to_string(&log).expect("strace writes it").lines().count();
        let (start, mut killed) = (Instant::now(), 0);
        for round in 0..count {
            if start.elapsed() > BUDGET {
                break;
            }
            // Multiples of the golden ratio fall evenly over all changes, however many rounds there is time for.
            let at = 1.0 + (round as f64 * 0.618_033_988_75).fract() * count as f64;
            let at = at as usize;
            self.reset();
            let status = traced(&format!("inject={CHANGES}:signal=KILL:when={at}"));
            killed += usize::from(!status.success());
            self.judge(&format!("{words:?}, killed at change {at} of {count}"));
        }
        assert!(killed > 0, "{words:?}: nothing was killed");
    }
}

fn has_strace(what: &str) -> bool {
    let can = can_run("strace", &["-qq", "-o", "/dev/null", "true"]);
    if !can {
        skipped("strace is not installed or may not trace", what);
    }
    can
}

#[test]
fn a_first_build_killed_anywhere_leaves_nothing_or_the_site() {
    if !has_strace("kills of a first build") {
        return;
    }
    let (_, after) = before_and_after();
    let project = Project::new("killed-first", &after);
    let stand = Stand { project, before: Tree::new(), after: clean_build("killed-first-clean", &after) };
    stand.attack(&["build"]);
}

#[test]
fn an_update_killed_anywhere_leaves_no_page_that_leads_nowhere() {
    if !has_strace("kills of an update") {
        return;
    }
    let (before, after) = before_and_after();
    Stand::new("killed-update", &before, &after).attack(&["build"]);
}

#[test]
fn a_swap_killed_anywhere_leaves_one_of_the_two_sites() {
    if !has_strace("kills of a swap") {
        return;
    }
    let (before, after) = before_and_after();
    // A file becomes a folder.
    let after = after.without("static/place").with("static/place/inside.txt", "text");
    let stand = Stand::new("killed-swap", &before, &after);
    stand.attack(&["build", "--atomic"]);
    let found = stand.project.published();
    assert!(found == stand.after);
}

#[test]
fn a_build_killed_at_any_time_is_made_good_by_the_next() {
    let (before, after) = before_and_after();
    let stand = Stand::new("killed-any-time", &before, &after);
    let mut chance = Chance(5);
    let start = Instant::now();
    stand.reset();
    stand.project.build(&[]);
    let whole = start.elapsed();
    for round in 0..12 {
        stand.reset();
        let words: &[&str] = if round % 2 == 0 { &["build"] } else { &["build", "--atomic"] };
        let mut command = stand.project.command(words);
        // All threads, as users build.
        command.env_remove("RAYON_NUM_THREADS").stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().expect("the command can be run");
        let wait = whole * u32::try_from(chance.below(100)).unwrap_or(0) / 100;
        thread::sleep(wait);
        child.kill().expect("it is ours");
        child.wait().expect("it ends");
        stand.judge(&format!("round {round}: killed after {wait:?} of {whole:?}"));
    }
}

#[test]
fn a_site_whose_journal_waits_is_finished_by_clean_too() {
    if !has_strace("clean after a kill") {
        return;
    }
    let (before, after) = before_and_after();
    let stand = Stand::new("killed-clean", &before, &after);
    stand.reset();
    let injection = format!("inject={CHANGES}:signal=KILL:when=60");
    let options = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", &injection];
    let _ = stand.project.under(&options, &["build"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let output = stand.project.run(&["clean"]);
    assert!(output.status.success(), "{}", super::said(&output));
    assert!(tree(&stand.project.path("site/public")).is_empty());
    assert_eq!(stand.project.leftovers(), Vec::<String>::new());
}
