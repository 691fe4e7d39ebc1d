//! Saves as editors make them, heard on a real disk.

use std::thread;

use super::*;
use crate::files::scratch::Folder;

struct Listener {
    folder: Folder,
    batches: Receiver<Batch>,
    stopper: Stopper,
}

impl Listener {
    fn start(poll: bool) -> Self {
        let folder = Folder::new();
        folder.write("site.toml", "title = 'A'");
        folder.write("content/a.md", "a");
        folder.write("content/deep/b.md", "b");
        let (mut watch, notice) =
            Watch::start(folder.path(), &folder.path().join("site.toml"), poll).expect("the project is there");
        assert_eq!(notice, None);
        let stopper = watch.stopper();
        let (sender, batches) = mpsc::channel();
        thread::spawn(move || {
            while let Some(batch) = watch.wait() {
                if sender.send(batch).is_err() {
                    return;
                }
            }
        });
        Self { folder, batches, stopper }
    }

    /// Every path heard of from now until it has been quiet for a while; the number of batches.
    fn heard(&self) -> (BTreeSet<String>, usize) {
        let mut paths = BTreeSet::new();
        let mut count = 0;
        let mut wait = Duration::from_secs(2);
        while let Ok(batch) = self.batches.recv_timeout(wait) {
            count += 1;
            wait = Duration::from_millis(400);
            match batch.changes {
                Changes::Everything => {
                    paths.insert("*".to_owned());
                }
                Changes::Paths(batch) => paths.extend(batch.iter().map(|path| {
                    let relative = path.strip_prefix(self.folder.path()).expect("it is in the project");
                    relative.to_string_lossy().into_owned()
                })),
            }
        }
        (paths, count)
    }

    fn hears(&self, path: &str) {
        let (paths, count) = self.heard();
        assert!(paths.contains(path), "{path} is not in {paths:?}");
        assert_eq!(count, 1, "one save is one batch");
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.stopper.stop();
    }
}

#[test]
fn every_way_of_saving_is_heard_once() {
    let listener = Listener::start(false);
    let folder = &listener.folder;
    // In place.
    folder.write("content/a.md", "1");
    listener.hears("content/a.md");
    // Written beside it and renamed over it.
    folder.write("content/.a.md.tmp", "2");
    folder.rename("content/.a.md.tmp", "content/a.md");
    listener.hears("content/a.md");
    // The old file kept as a backup, the new one written under its name, after a pause.
    folder.rename("content/a.md", "content/a.md~");
    thread::sleep(Duration::from_millis(30));
    folder.write("content/a.md", "3");
    listener.hears("content/a.md");
    // Emptied first, written after a pause.
    folder.write("content/a.md", "");
    thread::sleep(Duration::from_millis(30));
    folder.write("content/a.md", "4");
    listener.hears("content/a.md");
    // Deleted.
    folder.remove("content/a.md");
    listener.hears("content/a.md");
    folder.write("site.toml", "title = 'B'");
    listener.hears("site.toml");
}

#[test]
fn a_new_folder_is_heard_with_all_that_is_saved_into_it_later() {
    let listener = Listener::start(false);
    let folder = &listener.folder;
    folder.write("content/new/deeper/c.md", "1");
    let (paths, _) = listener.heard();
    assert!(paths.iter().any(|path| path.starts_with("content/new")), "{paths:?}");
    folder.write("content/new/deeper/c.md", "2");
    listener.hears("content/new/deeper/c.md");
    // A folder of the project that was not there when watching began.
    folder.write("templates/page.html", "1");
    let (paths, _) = listener.heard();
    assert!(paths.contains("templates"), "{paths:?}");
    folder.write("templates/page.html", "2");
    listener.hears("templates/page.html");
    folder.rename("content/new", "content/other");
    let (paths, _) = listener.heard();
    assert!(paths.contains("content/new") && paths.contains("content/other"), "{paths:?}");
    folder.write("content/other/deeper/c.md", "3");
    listener.hears("content/other/deeper/c.md");
}

#[test]
fn reads_scratch_files_and_output_are_not_heard() {
    let listener = Listener::start(false);
    let folder = &listener.folder;
    for path in ["content/.a.md.swp", "content/a.md~", "content/.git/x", "public/index.html", ".git/HEAD", "notes.md"] {
        folder.write(path, "x");
    }
    for _ in 0..20 {
        fs::read(folder.path().join("content/a.md")).expect("it is there");
    }
    assert_eq!(listener.heard(), (BTreeSet::new(), 0));
}

#[test]
fn a_project_that_is_removed_and_comes_back_is_heard_again() {
    let listener = Listener::start(false);
    let folder = &listener.folder;
    for round in 0..3 {
        fs::remove_dir_all(folder.path()).expect("it can be removed");
        if round > 0 {
            thread::sleep(Duration::from_millis(400));
        }
        folder.write("site.toml", "title = 'A'");
        folder.write("content/a.md", "again");
        let (paths, _) = listener.heard();
        assert!(paths.contains("*"), "{paths:?}");
        folder.write("content/a.md", "saved");
        listener.hears("content/a.md");
    }
}

#[test]
fn a_burst_is_few_batches() {
    let listener = Listener::start(false);
    let started = Instant::now();
    for number in 0..2000 {
        listener.folder.write(&format!("content/many/{number}.md"), "x");
    }
    // However long writing takes on a busy machine: about one batch in the longest time that a batch may last.
    let most = 2 + 2 * started.elapsed().as_millis() / BATCH_MAX.as_millis();
    let (paths, count) = listener.heard();
    assert!(paths.contains("content/many"), "the new folder is heard");
    assert!(count as u128 <= most, "{count} batches, not {most}");
}

#[test]
fn looking_finds_what_events_would_tell() {
    let listener = Listener::start(true);
    let folder = &listener.folder;
    folder.write("content/a.md", "b");
    folder.remove("content/deep/b.md");
    let (paths, _) = listener.heard();
    assert!(paths.contains("content/a.md") && paths.contains("content/deep/b.md"), "{paths:?}");
}

#[test]
fn a_recent_stamp_is_looked_into_and_an_old_one_is_not() {
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1000);
    let at = |second| (1, Some(SystemTime::UNIX_EPOCH + Duration::from_secs(second)));
    let map = |entries: &[(&str, Stamp)]| -> BTreeMap<PathBuf, Stamp> {
        entries.iter().map(|(path, stamp)| (PathBuf::from(path), *stamp)).collect()
    };
    let before = map(&[("gone", at(1)), ("old", at(1)), ("recent", at(999)), ("future", at(2000)), ("saved", at(1))]);
    let now = map(&[("new", at(1)), ("old", at(1)), ("recent", at(999)), ("future", at(2000)), ("saved", at(2))]);
    let found: Vec<PathBuf> = suspects(&before, &now, time).into_iter().collect();
    assert_eq!(found, ["future", "gone", "new", "recent", "saved"].map(PathBuf::from));
}

#[cfg(target_os = "linux")]
#[test]
fn the_innermost_mount_decides() {
    let mounts = "1 0 0:1 / / rw - ext4 /dev/a rw\n2 1 0:2 / /mnt/c rw shared:1 - 9p C: rw\n\
        3 1 0:3 / /mnt/c/my\\040site rw - ext4 /dev/b rw\n";
    assert_eq!(file_system_of(Path::new("/srv/a"), mounts), Some("ext4"));
    assert_eq!(file_system_of(Path::new("/mnt/c/a"), mounts), Some("9p"));
    assert_eq!(file_system_of(Path::new("/mnt/c/my site"), mounts), Some("ext4"));
}
