//! The door out: a finished site goes to a folder on the disk or stays in memory.

mod disk;
mod error;
mod manifest;
mod media_type;
mod memory;
mod plan;
mod target;

pub(crate) use disk::remove_stage;
pub use disk::{Published, Stage};
pub use error::Error;
pub use manifest::{MARKER, Manifest};
pub use media_type::media_type;
pub use memory::{MemorySink, MemorySite};
pub use target::{Cleaned, Grounds, Target, clean};
