//! The door out: a finished site goes to a folder on the disk or stays in memory.

mod compress;
mod error;
mod journal;
pub mod last_build;
mod manifest;
mod media_type;
mod memory;
mod plan;
mod stage;
mod swap;
mod target;
mod workplace;
mod writers;

pub use error::Error;
pub use last_build::{LastBuild, Unusable};
pub use manifest::{MARKER, Manifest};
pub use media_type::media_type;
pub use memory::{MemorySink, MemorySite};
pub use stage::{Claim, Options, Published, Stage};
pub use target::{Cleaned, Grounds, Target, clean};
pub use workplace::Workplace;
pub(crate) use workplace::take_away;
