//! What can keep a finished site from being written: a folder that is not ours, a file in the way, or the system.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::data::quoted_all;

/// Files in the way that are named; the number of all others is told.
const NAMED_MAX: usize = 20;

/// Why nothing, or not everything, was written.
#[derive(Debug)]
pub enum Error {
    /// The folder may not be the output; nothing in it was touched.
    Refused {
        /// As the user named it.
        folder: PathBuf,
        /// Completes "will not write into …: it is …".
        reason: String,
        /// What to do.
        help: String,
    },
    /// Files stand where the site has files, and they are not ours; nothing was touched.
    InTheWay {
        /// Sorted, as the user would name them; never empty.
        paths: Vec<PathBuf>,
        /// Whether `--force` would replace them.
        replaceable: bool,
    },
    /// The system said no: disk full, no permission, a device fault.
    System {
        /// Completes "cannot …".
        action: &'static str,
        /// What it was done to.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
}

impl Error {
    /// Wraps what the system said with what was being done, and to what.
    pub(super) fn system(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_path_buf();
        move |cause| Self::System { action, path, cause }
    }

    /// The same with paths as a user in `folder` would write them.
    #[must_use]
    pub fn seen_from(self, folder: &Path) -> Self {
        let seen = |path: PathBuf| match path.strip_prefix(folder) {
            Ok(relative) if relative.as_os_str().is_empty() => PathBuf::from("."),
            Ok(relative) => relative.to_path_buf(),
            Err(_) => path,
        };
        match self {
            Self::Refused { folder, reason, help } => Self::Refused { folder: seen(folder), reason, help },
            Self::InTheWay { paths, replaceable } => {
                Self::InTheWay { paths: paths.into_iter().map(seen).collect(), replaceable }
            }
            Self::System { action, path, cause } => Self::System { action, path: seen(path), cause },
        }
    }

    /// A sentence on what to do about it, where there is one.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        match self {
            Self::Refused { help, .. } => Some(help.as_str()).filter(|help| !help.is_empty()),
            Self::InTheWay { replaceable: true, .. } => {
                Some("move what you need out of the output folder, or replace it with `--force`")
            }
            Self::InTheWay { replaceable: false, .. } => Some("move what you need out of the output folder"),
            Self::System { .. } => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { folder, reason, .. } => {
                write!(formatter, "`{}` cannot be the output folder: {reason}", folder.display())
            }
            Self::InTheWay { paths, .. } => {
                let names: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                let names = match names.len().saturating_sub(NAMED_MAX) {
                    0 => quoted_all(&names),
                    left => format!("`{}` and {left} more", names[..NAMED_MAX].join("`, `")),
                };
                let (are, were) = if paths.len() == 1 { ("is", "was") } else { ("are", "were") };
                write!(
                    formatter,
                    "{names} {are} in the way of the site, and {were} not written by fingerpost or {were} changed since"
                )
            }
            Self::System { action, path, cause } => write!(formatter, "cannot {action} `{}`: {cause}", path.display()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::System { cause, .. } => Some(cause),
            Self::Refused { .. } | Self::InTheWay { .. } => None,
        }
    }
}
