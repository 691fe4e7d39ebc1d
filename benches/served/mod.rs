//! The parts of the bench of `serve`: edits, servers as processes, the table.

pub(crate) mod edit;
pub(crate) mod process;
pub(crate) mod table;
