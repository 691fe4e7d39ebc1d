//! Publishing into real folders: first, again, into strangers' folders, and against faults.

use std::fs;
use std::path::Path;

use super::*;
use crate::output::{Cleaned, Grounds, Manifest, clean};

struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("there is a folder for temporary files");
        fs::create_dir_all(folder.path().join("site/content")).expect("it can be written");
        Self { folder }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn grounds(&self) -> Grounds {
        Grounds { root: self.path("site"), home: Some(self.path("")), working_folder: self.path("site") }
    }

    fn open(&self, folder: &str, force: bool) -> Result<Target, Error> {
        Target::open(&self.path(folder), &self.grounds(), force)
    }

    fn stage(&self, options: Options) -> Result<Stage, Error> {
        let nobody = |process| panic!("another build works here: {process:?}");
        Claim::take(&self.path("site/public"), &self.grounds(), options, &nobody)?.prepare()
    }

    fn publish(&self, force: bool, files: &[(&str, &str)]) -> Result<Published, Error> {
        self.publish_as(Options { force, ..Options::default() }, files)
    }

    fn publish_as(&self, options: Options, files: &[(&str, &str)]) -> Result<Published, Error> {
        let stage = self.stage(options)?;
        for (path, text) in files {
            stage.put(path, text.as_bytes().into());
        }
        stage.publish()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("files are in folders")).expect("it can be written");
        fs::write(path, text).expect("it can be written");
    }

    /// All files under a folder with their text, sorted; the marker left out.
    fn tree(&self, folder: &str) -> Vec<(String, String)> {
        fn walk(top: &Path, folder: &Path, list: &mut Vec<(String, String)>) {
            for entry in fs::read_dir(folder).expect("it can be read").flatten() {
                if entry.path().is_dir() {
                    walk(top, &entry.path(), list);
                } else if entry.file_name() != MARKER {
                    let path = entry.path().strip_prefix(top).expect("it is inside").to_string_lossy().into_owned();
                    list.push((path, fs::read_to_string(entry.path()).expect("it is text")));
                }
            }
        }
        let mut list = Vec::new();
        walk(&self.path(folder), &self.path(folder), &mut list);
        list.sort();
        list
    }

    fn published(&self) -> Vec<(String, String)> {
        self.tree("site/public")
    }
}

fn pairs(files: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut files: Vec<_> = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    files.sort();
    files
}

fn counts(written: usize, unchanged: usize, removed: usize) -> Published {
    Published { written, unchanged, removed, not_swapped: None }
}

const FIRST: &[(&str, &str)] = &[("index.html", "home"), ("roles/baker/index.html", "baker"), ("assets/a.css", "a")];

#[test]
fn a_first_site_appears_whole_and_leaves_no_stage() {
    let project = Project::new();
    assert_eq!(project.publish(false, FIRST).expect("publishes"), counts(3, 0, 0));
    assert_eq!(project.published(), pairs(FIRST));
    let beside: Vec<_> =
        fs::read_dir(project.path("site")).expect("reads").flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(beside.len(), 2, "{beside:?}");
}

#[test]
fn the_marker_has_the_same_bytes_for_the_same_site() {
    let project = Project::new();
    project.publish(false, FIRST).expect("publishes");
    let first = fs::read(project.path("site/public/.fingerpost-output")).expect("reads");
    project.publish(false, &[("index.html", "other")]).expect("publishes");
    let mut reversed = FIRST.to_vec();
    reversed.reverse();
    project.publish(false, &reversed).expect("publishes");
    assert_eq!(fs::read(project.path("site/public/.fingerpost-output")).expect("reads"), first);
}

#[test]
fn a_later_site_touches_only_what_differs() {
    let project = Project::new();
    project.publish(false, FIRST).expect("publishes");
    let modified =
        |path: &str| fs::metadata(project.path(path)).and_then(|metadata| metadata.modified()).expect("reads");
    let before = (modified("site/public/index.html"), modified("site/public/.fingerpost-output"));
    assert_eq!(project.publish(false, FIRST).expect("publishes"), counts(0, 3, 0));
    assert_eq!((modified("site/public/index.html"), modified("site/public/.fingerpost-output")), before);
    let second = [("index.html", "home"), ("skills/dough/index.html", "dough"), ("assets/a.css", "b")];
    assert_eq!(project.publish(false, &second).expect("publishes"), counts(2, 1, 1));
    assert_eq!(project.published(), pairs(&second));
    assert_eq!(modified("site/public/index.html"), before.0);
    assert!(!project.path("site/public/roles").exists());
}

#[test]
fn files_of_the_user_stay() {
    let project = Project::new();
    project.publish(false, FIRST).expect("publishes");
    project.write("site/public/CNAME", "example.org");
    project.write("site/public/roles/notes.txt", "mine");
    project.write("site/public/.git/config", "git");
    project.write("site/public/assets/a.css", "edited by hand");
    project.publish(false, &[("index.html", "new")]).expect("publishes");
    let expected = [
        ("CNAME", "example.org"),
        ("roles/notes.txt", "mine"),
        (".git/config", "git"),
        ("assets/a.css", "edited by hand"),
        ("index.html", "new"),
    ];
    assert_eq!(project.published(), pairs(&expected));
}

#[test]
fn a_file_that_was_changed_by_hand_is_replaced_only_by_force() {
    let project = Project::new();
    project.publish(false, FIRST).expect("publishes");
    project.write("site/public/index.html", "edited by hand");
    let second = [("index.html", "new"), ("b/index.html", "b")];
    let error = project.publish(false, &second).expect_err("it is in the way");
    assert!(matches!(&error, Error::InTheWay { paths, replaceable: true } if paths.len() == 1), "{error}");
    assert!(error.to_string().contains("public/index.html"), "{error}");
    assert!(!project.path("site/public/b").exists(), "nothing is touched");
    // All of them are named in one run.
    project.write("site/public/b/index.html", "by hand");
    let error = project.publish(false, &second).expect_err("both are in the way").to_string();
    let both = ["public/b/index.html` and `", "public/index.html` are in the way of the site, and were not written"];
    assert!(both.iter().all(|part| error.contains(part)), "{error}");
    let paths = (10..35).map(|number| PathBuf::from(format!("a{number}"))).collect();
    let many = Error::InTheWay { paths, replaceable: true }.to_string();
    assert!(many.starts_with("`a10`, `a11`") && many.contains("`a29` and 5 more are in the way"), "{many}");
    project.publish(true, &second).expect("publishes");
    assert_eq!(project.published(), pairs(&second));
}

#[test]
fn a_file_with_the_bytes_we_would_write_is_in_nobodys_way() {
    let project = Project::new();
    project.publish(false, FIRST).expect("publishes");
    project.write("site/public/new/index.html", "same");
    assert_eq!(project.publish(false, &[("new/index.html", "same")]).expect("publishes"), counts(0, 1, 3));
}

#[test]
fn a_strangers_folder_is_refused_and_untouched() {
    let project = Project::new();
    project.write("site/public/notes.txt", "mine");
    let error = project.publish(false, FIRST).expect_err("it is not ours");
    assert!(error.help().is_some_and(|help| help.contains("--force")), "{error}");
    assert_eq!(project.published(), pairs(&[("notes.txt", "mine")]));
    project.publish(true, FIRST).expect("publishes");
    assert!(project.path("site/public/notes.txt").exists());
    project.publish(false, FIRST).expect("it is ours now");
}

#[test]
fn force_does_not_open_what_must_stay_shut() {
    let project = Project::new();
    project.write("git/.git/config", "git");
    project.write("work/a.txt", "mine");
    project.write("site/content/index.md", "home");
    let root = Path::new("/");
    let folders = [
        "site",
        "site/",
        "site/.",
        "",
        ".",
        "site/content",
        "site/content/new",
        "site/static",
        "git",
        "site/new/../..",
        "git/.git/x",
        "site/public/../../site",
    ];
    let paths = folders.iter().map(|folder| project.path(folder)).chain([root.into(), "".into(), "//".into()]);
    for path in paths {
        let refused = Target::open(&path, &project.grounds(), true);
        assert!(matches!(refused, Err(Error::Refused { .. })), "{path:?} {refused:?}");
    }
    let grounds = Grounds { working_folder: project.path("work"), ..project.grounds() };
    assert!(
        Target::open(&project.path("work"), &grounds, true).is_err(),
        "one does not build into the folder one is in"
    );
    assert!(project.open("elsewhere/new/folder", false).is_ok());
    assert!(project.open("site/.hidden", false).is_ok());
}

#[cfg(unix)]
#[test]
fn links_are_never_followed_out_of_the_output_folder() {
    use std::os::unix::fs::symlink;
    let project = Project::new();
    project.write("outside/index.html", "secret");
    project.publish(false, &[("a/index.html", "a"), ("b.html", "b")]).expect("publishes");
    fs::remove_dir_all(project.path("site/public/a")).expect("deletes");
    symlink(project.path("outside"), project.path("site/public/a")).expect("links");
    let error = project.publish(true, &[("a/index.html", "new")]).expect_err("a link is in the way");
    assert!(matches!(error, Error::InTheWay { replaceable: false, .. }), "{error}");
    project.publish(false, &[("c.html", "c")]).expect("the link does not matter to this site");
    assert_eq!(project.tree("outside"), pairs(&[("index.html", "secret")]));
    symlink(project.path("outside/index.html"), project.path("site/public/d.html")).expect("links");
    assert!(project.publish(false, &[("d.html", "d")]).is_err());
    project.publish(true, &[("d.html", "d")]).expect("the link is replaced, not followed");
    assert_eq!(project.tree("outside"), pairs(&[("index.html", "secret")]));
    symlink(project.path("site"), project.path("link")).expect("links");
    assert!(matches!(project.open("link", true), Err(Error::Refused { .. })));
    symlink(project.path("nowhere"), project.path("dangling")).expect("links");
    assert!(matches!(project.open("dangling", true), Err(Error::Refused { .. })));
    symlink(project.path("site/content"), project.path("sources")).expect("links");
    assert!(matches!(project.open("sources/new", true), Err(Error::Refused { .. })));
}

#[test]
fn a_file_may_become_a_folder_and_a_folder_a_file() {
    let project = Project::new();
    project.publish(false, &[("a", "file"), ("b/c/index.html", "folder"), ("b/d.html", "d")]).expect("publishes");
    let second = [("a/index.html", "folder"), ("b", "file")];
    project.publish(false, &second).expect("publishes");
    assert_eq!(project.published(), pairs(&second));
    project.publish(false, &[("b/index.html", "folder again")]).expect("publishes");
    project.write("site/public/b/notes.txt", "mine");
    assert!(project.publish(true, &[("b", "file")]).is_err(), "the user's file is under it");
}

#[test]
fn an_update_cut_short_is_taken_up_by_the_next_build() {
    let project = Project::new();
    project.publish(false, FIRST).expect("publishes");
    let second = [("index.html", "second"), ("roles/baker/index.html", "second")];
    // What a kill in the middle leaves: the joined manifest, one new file, one old file.
    let target = project.open("site/public", false).expect("opens");
    let mut next = Manifest::default();
    for (path, text) in second {
        next.insert(path, Fingerprint::of_bytes(text.as_bytes()));
    }
    target.previous.joined(&next).write(&target.folder).expect("writes");
    project.write("site/public/index.html", "second");
    let third = [("index.html", "third"), ("roles/baker/index.html", "third")];
    project.publish(false, &third).expect("publishes");
    assert_eq!(project.published(), pairs(&third));
}

#[test]
fn what_a_killed_build_left_goes_and_what_is_not_ours_stays() {
    let project = Project::new();
    project.write("site/.public.stage/lock", "fingerpost stage 1\nprocess 1\n");
    project.write("site/.public.stage/files/index.html", "left behind");
    project.publish(false, FIRST).expect("publishes");
    assert!(!project.path("site/.public.stage").exists());
    project.write("site/.public.stage/notes.txt", "mine");
    let refused = project.publish(false, FIRST).expect_err("it is not ours");
    assert!(matches!(refused, Error::Refused { .. }), "{refused}");
    assert!(project.path("site/.public.stage/notes.txt").exists());
}

#[test]
fn one_build_at_a_time_and_the_second_hears_whom_it_waits_for() {
    let project = Project::new();
    let first = project.stage(Options::default()).expect("makes a stage");
    first.put("index.html", Arc::from(*b"first"));
    let heard = Mutex::new(None);
    std::thread::scope(|scope| {
        let second = scope.spawn(|| {
            let waiting = |process| *heard.lock().expect("nobody panicked") = Some(process);
            let claim = Claim::take(&project.path("site/public"), &project.grounds(), Options::default(), &waiting);
            let stage = claim.and_then(Claim::prepare).expect("its turn comes");
            stage.put("index.html", Arc::from(*b"second"));
            stage.publish().expect("publishes")
        });
        while heard.lock().expect("nobody panicked").is_none() {
            std::thread::yield_now();
        }
        assert_eq!(first.publish().expect("publishes"), counts(1, 0, 0));
        drop(first);
        assert_eq!(second.join().expect("it did not panic"), counts(1, 0, 0));
    });
    assert_eq!(heard.into_inner().expect("nobody panicked"), Some(Some(std::process::id())));
    assert_eq!(project.published(), pairs(&[("index.html", "second")]));
    assert!(!project.path("site/.public.stage").exists());
}

#[test]
fn a_whole_tree_takes_the_place_of_the_old_one_and_users_keep_their_files() {
    let project = Project::new();
    project.publish(false, FIRST).expect("publishes");
    project.write("site/public/CNAME", "example.org");
    project.write("site/public/roles/notes.txt", "mine");
    project.write("site/public/.git/config", "git");
    fs::create_dir(project.path("site/public/empty")).expect("it can be made");
    let before = identity(&project.path("site/public"));
    let second = [("index.html", "new"), ("assets/a.css", "a"), ("skills/dough/index.html", "dough")];
    let atomic = Options { atomic: true, ..Options::default() };
    assert_eq!(project.publish_as(atomic.clone(), &second).expect("publishes"), counts(2, 1, 1));
    let users = [("CNAME", "example.org"), ("roles/notes.txt", "mine"), (".git/config", "git")];
    assert_eq!(project.published(), pairs(&[&second[..], &users[..]].concat()));
    assert!(project.path("site/public/empty").is_dir());
    assert!(!project.path("site/.public.stage").exists());
    #[cfg(unix)]
    assert_ne!(identity(&project.path("site/public")), before, "the folder is another one");
    let after = identity(&project.path("site/public"));
    assert_eq!(project.publish_as(atomic.clone(), &second).expect("publishes"), counts(0, 3, 0));
    assert_eq!(identity(&project.path("site/public")), after, "nothing changed, so nothing is swapped");
}

#[test]
fn a_file_saved_while_trees_change_places_is_not_lost() {
    let project = Project::new();
    project.write("old/.fingerpost-output", &Manifest::default().to_text());
    let mut manifest = Manifest::default();
    manifest.insert("a.html", Fingerprint::of_bytes(b"new"));
    project.write("new/a.html", "new");
    manifest.write(&project.path("new")).expect("writes");
    project.write("new/linked.txt", "older");
    project.write("old/linked.txt", "saved since");
    project.write("old/a.html", "somebody's");
    project.write("old/deep/notes.txt", "mine");
    swap::retire(&project.path("old"), &project.path("new"), &BTreeSet::new()).expect("retires");
    assert!(!project.path("old").exists());
    let expected =
        [("a.html", "new"), ("a.html.orig", "somebody's"), ("linked.txt", "saved since"), ("deep/notes.txt", "mine")];
    assert_eq!(project.tree("new"), pairs(&expected));
}

#[test]
fn smaller_copies_follow_their_originals() {
    let project = Project::new();
    let compress = Encoding::ALL.map(|(_, encoding)| encoding).to_vec();
    let options = || Options { compress: compress.clone(), ..Options::default() };
    let (text, other) = ("some text ".repeat(200), "other text ".repeat(200));
    let first =
        [("index.html", text.as_str()), ("a.css", "a"), ("a.png", text.as_str()), ("b/index.html", text.as_str())];
    assert_eq!(project.publish_as(options(), &first).expect("publishes"), counts(10, 0, 0));
    assert!(project.path("site/public/b/index.html.zst").exists());
    assert!(!project.path("site/public/a.png.br").exists() && !project.path("site/public/a.css.gz").exists());
    let modified = |path: &str| fs::metadata(project.path(path)).and_then(|look| look.modified()).expect("reads");
    let before = modified("site/public/index.html.br");
    let second = [("index.html", text.as_str()), ("b/index.html", other.as_str())];
    assert_eq!(project.publish_as(options(), &second).expect("publishes"), counts(4, 4, 2));
    assert_eq!(modified("site/public/index.html.br"), before);
    fs::write(project.path("site/public/index.html.br"), "edited by hand").expect("writes");
    assert!(project.publish_as(options(), &second).is_err(), "it is in the way");
    fs::remove_file(project.path("site/public/index.html.br")).expect("it is there");
    assert_eq!(project.publish_as(options(), &second).expect("publishes"), counts(1, 7, 0));
    assert_eq!(project.publish(false, &second).expect("publishes"), counts(0, 2, 6));
}

#[test]
fn a_journal_reads_what_it_wrote_and_nothing_damaged() {
    let project = Project::new();
    let mut manifest = Manifest::default();
    manifest.insert("index.html", Fingerprint::of_bytes(b"a"));
    let journal = Journal {
        manner: Manner::Update,
        folder: Some((7, 8)),
        clearances: vec!["a".to_owned()],
        writes: vec!["b c.html".to_owned(), "d.html".to_owned()],
        forced: BTreeSet::from(["d.html".to_owned()]),
        deletions: vec!["e".to_owned()],
        manifest,
    };
    let folder = project.path("site");
    journal.write(&folder).expect("writes");
    assert_eq!(Journal::read(&folder), Some(journal));
    let whole = fs::read(Journal::path(&folder)).expect("reads");
    for at in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 4;
        fs::write(Journal::path(&folder), &damaged).expect("writes");
        assert_eq!(Journal::read(&folder), None, "byte {at}");
        fs::write(Journal::path(&folder), &whole[..at]).expect("writes");
        assert_eq!(Journal::read(&folder), None, "cut at {at}");
    }
}

#[test]
fn a_site_with_faults_leaves_the_last_one_alone() {
    let project = Project::new();
    project.publish(false, FIRST).expect("publishes");
    let stage = project.stage(Options::default()).expect("makes a stage");
    stage.put("index.html", Arc::from(*b"new"));
    drop(stage);
    assert_eq!(project.published(), pairs(FIRST));
    for path in ["../outside.html", "/etc/motd", "a/../../b", MARKER, "", "a\nb"] {
        let error = project.publish(false, &[("index.html", "new"), (path, "bad")]).expect_err("it is no name");
        assert!(matches!(error, Error::System { .. }), "{path:?}");
    }
    assert_eq!(project.published(), pairs(FIRST));
}

#[test]
fn many_threads_may_put() {
    let project = Project::new();
    let stage = project.stage(Options::default()).expect("makes a stage");
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let stage = &stage;
            scope.spawn(move || {
                for page in 0..50 {
                    stage.put(
                        &format!("pages/{page}/{thread}/index.html"),
                        format!("{page} {thread}").into_bytes().into(),
                    );
                }
            });
        }
    });
    assert_eq!(stage.publish().expect("publishes"), counts(400, 0, 0));
    assert_eq!(project.published().len(), 400);
}

#[test]
fn clean_takes_away_what_we_wrote_and_nothing_else() {
    let project = Project::new();
    let cleaned = || clean(&project.path("site/public"), &project.grounds(), &|_| {});
    assert_eq!(cleaned().expect("nothing is there"), Cleaned::default());
    project.publish(false, FIRST).expect("publishes");
    assert_eq!(cleaned().expect("cleans"), Cleaned { removed: 3, kept: Vec::new() });
    assert!(!project.path("site/public").exists());
    project.publish(false, FIRST).expect("publishes");
    project.write("site/public/CNAME", "example.org");
    project.write("site/public/index.html", "edited by hand");
    let kept = vec![project.path("site/public/CNAME"), project.path("site/public/index.html")];
    assert_eq!(cleaned().expect("cleans"), Cleaned { removed: 2, kept });
    assert_eq!(project.published(), pairs(&[("CNAME", "example.org"), ("index.html", "edited by hand")]));
    fs::remove_file(project.path("site/public/index.html")).expect("deletes");
    project.publish(false, FIRST).expect("the folder is still ours");
    project.write("other/notes.txt", "mine");
    assert!(clean(&project.path("other"), &project.grounds(), &|_| {}).is_err());
    assert!(clean(&project.path("site"), &project.grounds(), &|_| {}).is_err());
}
