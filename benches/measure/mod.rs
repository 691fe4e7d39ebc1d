//! What one child process cost: CPU seconds, wall seconds and peak memory, as the kernel counted them.

pub(crate) mod reading;
pub(crate) mod writing;

use std::fs;
use std::io;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// The cost of one run of one program.
#[derive(Clone, Default)]
pub(crate) struct Cost {
    /// User and system time of the process and of those of its children that it waited for.
    pub(crate) cpu_s: f64,
    /// The part of it that the kernel worked: files, memory, threads.
    pub(crate) system_s: f64,
    pub(crate) wall_s: f64,
    pub(crate) peak_mib: f64,
}

/// A finished run.
pub(crate) struct Finished {
    pub(crate) cost: Cost,
    pub(crate) succeeded: bool,
    pub(crate) standard_error: String,
}

/// Runs the command to its end; its standard output is thrown away, its standard error kept.
pub(crate) fn run(command: &mut Command) -> io::Result<Finished> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let start = Instant::now();
    let mut child = command.spawn()?;
    let mut bytes = Vec::new();
    // Read to the end first: a child that writes more than a pipe holds would wait for us for ever.
    if let Some(mut pipe) = child.stderr.take() {
        pipe.read_to_end(&mut bytes)?;
    }
    let (succeeded, mut cost) = wait_for(child)?;
    cost.wall_s = start.elapsed().as_secs_f64();
    Ok(Finished { cost, succeeded, standard_error: String::from_utf8_lossy(&bytes).into_owned() })
}

#[cfg(unix)]
fn wait_for(child: std::process::Child) -> io::Result<(bool, Cost)> {
    let process = child.id() as libc::pid_t;
    let mut status = 0;
    // SAFETY: `rusage` is plain numbers, for which all zeros is a valid value.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: both pointers are to live values of the right type, and `process` is our own child, not waited for yet.
    if unsafe { libc::wait4(process, &mut status, 0, &mut usage) } != process {
        return Err(io::Error::last_os_error());
    }
    let succeeded = libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == 0;
    // Linux counts in KiB, macOS in bytes.
    let peak_units_per_mib = if cfg!(target_vendor = "apple") { 1024.0 * 1024.0 } else { 1024.0 };
    let cost = Cost {
        cpu_s: seconds(usage.ru_utime) + seconds(usage.ru_stime),
        system_s: seconds(usage.ru_stime),
        wall_s: 0.0,
        peak_mib: usage.ru_maxrss as f64 / peak_units_per_mib,
    };
    Ok((succeeded, cost))
}

#[cfg(unix)]
fn seconds(time: libc::timeval) -> f64 {
    time.tv_sec as f64 + time.tv_usec as f64 / 1e6
}

/// Elsewhere only wall time is known.
#[cfg(not(unix))]
fn wait_for(mut child: std::process::Child) -> io::Result<(bool, Cost)> {
    Ok((child.wait()?.success(), Cost::default()))
}

/// CPU seconds that this process has used so far.
pub(crate) fn own_cpu_s() -> f64 {
    #[cfg(unix)]
    {
        // SAFETY: as above: zeros are valid, and the pointer is to a live value.
        let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
        // SAFETY: the call only writes to `usage`.
        if unsafe { libc::getrusage(libc::RUSAGE_SELF, &mut usage) } == 0 {
            return seconds(usage.ru_utime) + seconds(usage.ru_stime);
        }
    }
    0.0
}

/// How many files a folder holds at any depth, and their bytes.
pub(crate) fn count_files(folder: &Path) -> io::Result<(usize, u64)> {
    let (mut files, mut bytes) = (0, 0);
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else {
                files += 1;
                bytes += entry.metadata()?.len();
            }
        }
    }
    Ok((files, bytes))
}

/// The middle value; of an even count the mean of the two in the middle; 0 of none.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => 0.0,
        count if count % 2 == 1 => values[count / 2],
        count => f64::midpoint(values[count / 2 - 1], values[count / 2]),
    }
}
