//! The default theme and the starter site, carried inside the binary.

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// Name of the theme that the binary carries.
pub const THEME_NAME: &str = "waymark";
