//! `init`: writes the starter site.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};

use super::{Failure, Shell, Status};
use crate::page::embedded::STARTER;

/// Make a new project: a small site that shows every basic feature
#[derive(Debug, Args)]
#[command(after_help = "Example: fingerpost init my-guide")]
pub(super) struct Arguments {
    /// Where; the folder is made if it does not exist, and must be empty if it does
    #[arg(value_name = "DIR", default_value = ".", value_hint = ValueHint::DirPath)]
    folder: PathBuf,
}

pub(super) fn run(arguments: &Arguments, shell: &mut Shell<'_>) -> Result<Status, Failure> {
    let folder = shell.surroundings.absolute(&arguments.folder);
    let shown = arguments.folder.display().to_string();
    if folder.join("site.toml").symlink_metadata().is_ok() {
        return Err(
            Failure::usage(format!("`{shown}` holds a project already")).help("`fingerpost new` adds pages to it")
        );
    }
    if !is_free(&folder).map_err(|error| Failure::failed(format!("cannot look into `{shown}`: {error}")))? {
        return Err(
            Failure::usage(format!("`{shown}` is not empty")).help("name a new folder: `fingerpost init my-guide`")
        );
    }
    for (path, bytes) in STARTER {
        let full = folder.join(path);
        write_new(&full, bytes)
            .map_err(|error| Failure::failed(format!("cannot write `{}`: {error}", shell.surroundings.shown(&full))))?;
    }
    let enter = if arguments.folder == Path::new(".") { String::new() } else { format!("  cd {shown}\n") };
    shell.say(&format!(
        "made a site of {} files in `{shown}`; next:\n\n\
         {enter}  fingerpost serve --open             see it while you write\n  \
         fingerpost new role \"Pastry chef\"   add a page\n  \
         fingerpost check                    find what is wrong\n  \
         fingerpost build                    make it ready to publish\n\n\
         its name and address are in `site.toml`",
        STARTER.len()
    ));
    Ok(Status::Clean)
}

/// Whether a folder does not exist or is empty but for a repository that was made before the project.
fn is_free(folder: &Path) -> io::Result<bool> {
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(!entries
            .any(|entry| entry.is_ok_and(|entry| entry.file_name() != ".git" && entry.file_name() != ".DS_Store"))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::File::create_new(path)?.write_all(bytes)
}
