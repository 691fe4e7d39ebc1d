//! Drops every file: `check` builds the whole site and keeps nothing of it.

use crate::pipeline::Sink;

/// A sink without a bottom.
#[derive(Debug, Clone, Copy, Default)]
pub struct Discard;

impl Sink for Discard {
    fn put(&self, _path: &str, _bytes: Vec<u8>) {}
}
