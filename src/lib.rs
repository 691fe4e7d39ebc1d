//! Fingerpost: a static site generator for guides that help people choose and build a career.
//!
//! ```text
//! site.toml  content/**.md  content/facts/*.yaml  templates/  themes/<name>/
//!      │            │               │                 │
//!  files ──► read ──► resolve ──► analyse ──► render ──► page ──► output
//!            one file   ids, links,  questions   holes      Views →   url → bytes
//!            at a time  relations,   over the    filled     templates
//!                       facts        graph
//! ```
//!
//! `build`, `check`, `serve` and every test call one pure function over a snapshot of the files:
//! [`pipeline::build`]. Only the ends ([`files`], [`output`], [`serve`], [`cli`]) touch the disk, the network or the
//! clock.

pub mod base;
pub mod diag;
pub mod data;
pub mod files;
pub mod config;
pub mod calc;
pub mod read;
pub mod resolve;
pub mod analyse;
pub mod map;
pub mod render;
pub mod page;
pub mod search;
pub mod assets;
pub mod memo;
pub mod pipeline;
pub mod output;
pub mod serve;
pub mod cli;
