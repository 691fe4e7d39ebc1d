//! Calculators: a small checked language. A declaration becomes a program; a program is evaluated here for the page, and
//! printed as JavaScript for the reader.
//!
//! Nothing here knows pages or fact records: [`fact::Records`] is what it asks for.

pub mod chart;
pub mod check;
pub mod compile;
pub mod data;
pub mod declaration;
mod evaluate;
pub mod fact;
pub mod formula;
pub mod javascript;
pub mod kernel;
pub mod markup;
pub mod number;
pub mod order;
pub mod program;
pub mod random;
pub mod sample;
pub mod spec;
pub mod trial;
pub mod unit;

pub use compile::{Calculator, compile};
pub use declaration::{Declaration, declares, read_declaration};
pub use evaluate::Memory;
pub use fact::{Known, Records};
pub use program::Program;
