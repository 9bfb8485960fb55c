//! A report in, bytes for a reader out. Nothing is computed here but what to leave out.

mod answer;
mod chain;
mod gates;
mod safe;
mod table;
mod text;
mod tree;

pub use text::{Sort, View, text};

use crate::report::Report;

/// The whole report as JSON, indented, with a line feed at the end.
///
/// # Errors
/// Never for a report made by [`crate::report::build`].
pub fn json(report: &Report) -> serde_json::Result<String> {
    let mut out = serde_json::to_string_pretty(report)?;
    out.push('\n');
    Ok(out)
}
