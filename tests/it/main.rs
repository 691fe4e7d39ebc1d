//! The one integration binary: the generator's laws, the conformance suites it follows and the input that tries to break it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop at the line that says why")]

mod browser;
mod budget;
mod calculator_pages;
mod calculators;
mod chromium;
mod codes;
mod commonmark;
mod components;
mod edits;
mod faults;
mod fetched;
mod guide;
mod handbook;
mod head;
mod incremental;
mod integrity;
mod live;
mod looks;
mod map;
mod naughty;
mod normalise;
mod offline;
mod palette;
mod path;
mod pathological;
mod publishing;
mod schema;
mod search;
mod serving;
mod shipped;
mod sites;
mod spec;
mod theme;
mod static_host;
mod terminal;
mod tidy;
mod watchdog;
mod workshop;
mod yaml_suite;
