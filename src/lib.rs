//! heapdiff
#![deny(unsafe_code)]
#![warn(missing_docs)]
pub mod chains;
pub mod classes;
#[cfg(feature = "cli")]
pub mod cli;
pub mod compare;
pub mod diagnose;
pub mod diff;
pub mod dump;
pub mod error;
pub mod graph;
pub mod growth;
pub mod ids;
pub mod input;
pub mod pair;
pub mod parse;
#[cfg(feature = "cli")]
pub mod render;
pub mod report;
pub mod text;
pub mod units;
