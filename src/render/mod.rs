//! A report in, bytes for a reader out. Nothing is computed here but what to leave out
//! and where to draw it.

mod agent;
mod answer;
mod brief;
mod chain;
mod gates;
mod github;
mod html;
mod junit;
mod markdown;
mod ndjson;
mod openmetrics;
mod rows;
mod safe;
mod sarif;
mod sources;
mod table;
mod text;
mod tree;

pub use agent::agent;
pub use github::github;
pub use html::html;
pub use junit::junit;
pub use markdown::{COMMENT, SUMMARY, markdown};
pub use ndjson::ndjson;
pub use openmetrics::openmetrics;
pub use rows::{csv, tsv};
pub use sarif::sarif;
pub use sources::Sources;
pub use text::{Sort, View, text};

use crate::report::Report;
use std::io::{self, Write};

/// The whole report as JSON, indented, with a line feed at the end.
///
/// # Errors
/// Never for a report made by [`crate::report::build`].
pub fn json(report: &Report) -> serde_json::Result<String> {
    let mut out = serde_json::to_string_pretty(report)?;
    out.push('\n');
    Ok(out)
}

/// The same, written while it is made: it may be several times as long as the snapshots.
///
/// # Errors
/// If it cannot be written.
pub fn json_to(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, report)?;
    out.write_all(b"\n")
}
