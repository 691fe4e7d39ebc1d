//! The topic map: which pages and relations are drawn, where they stand, and the drawing as SVG.
//!
//! A page's kind is its column. Columns are put in an order that keeps relations short ([`columns`]), pages in an order
//! that lets few lines cross, and both so that nothing lies on anything ([`layered`]). Whatever is drawn stands as a list
//! beside it; the drawing adds no words.

pub mod around;
pub mod columns;
pub mod label;
pub mod layered;
mod spread;
mod svg;
pub mod whole;

pub use around::draw as draw_around;
pub use whole::{Drawing, Shown, whole};
