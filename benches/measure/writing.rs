//! The floor under every build: writing the same files from memory, with nothing computed.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::{Cost, own_cpu_s};

/// Reads all files of `from`, then writes them below `to` with as many threads as the machine has cores, and tells
/// what the writing alone cost. Meant for a process of its own: it holds the whole site in memory.
pub(crate) fn write_copy(from: &Path, to: &Path) -> io::Result<Cost> {
    let mut files = Vec::new();
    read_all(from, Path::new(""), &mut files)?;
    files.sort();
    let (start, cpu_before_s) = (Instant::now(), own_cpu_s());
    let folders: BTreeSet<PathBuf> =
        files.iter().filter_map(|(path, _)| path.parent()).map(|path| to.join(path)).collect();
    for folder in &folders {
        fs::create_dir_all(folder)?;
    }
    let thread_count = std::thread::available_parallelism().map_or(1, usize::from);
    let chunks = files.chunks(files.len().div_ceil(thread_count).max(1));
    std::thread::scope(|scope| {
        let writers: Vec<_> = chunks
            .map(|chunk| {
                scope.spawn(move || chunk.iter().try_for_each(|(path, bytes)| fs::write(to.join(path), bytes)))
            })
            .collect();
        writers
            .into_iter()
            .try_for_each(|writer| writer.join().unwrap_or_else(|_| Err(io::Error::other("a writing thread panicked"))))
    })?;
    Ok(Cost { cpu_s: own_cpu_s() - cpu_before_s, wall_s: start.elapsed().as_secs_f64(), ..Cost::default() })
}

fn read_all(root: &Path, relative: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) -> io::Result<()> {
    for entry in fs::read_dir(root.join(relative))? {
        let entry = entry?;
        let path = relative.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            read_all(root, &path, files)?;
        } else {
            files.push((path, fs::read(entry.path())?));
        }
    }
    Ok(())
}
