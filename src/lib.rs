//! heapdiff
#![deny(unsafe_code)]
#![warn(missing_docs)]
pub mod classes;
pub mod diff;
pub mod dump;
pub mod error;
pub mod graph;
pub mod ids;
pub mod input;
pub mod pair;
pub mod parse;
pub mod text;
