//! A report in, bytes for a reader out. Nothing is computed here but what there is room for
//! and where to draw it.

mod agent;
mod answer;
mod brief;
mod chain;
mod explore;
mod fixes;
mod gates;
mod github;
mod held;
mod html;
mod identity;
mod json;
mod junit;
mod lines;
mod markdown;
mod ndjson;
mod next;
mod openmetrics;
mod paint;
mod rows;
mod safe;
mod sarif;
mod sources;
mod stays;
mod table;
mod text;
mod tree;
mod trend;
pub mod verify;
mod view;
mod whose;

pub use agent::agent;
#[cfg(feature = "mcp")]
pub(crate) use agent::report_lines;
#[cfg(feature = "cli")]
pub(crate) use brief::gate as gate_line;
#[cfg(feature = "mcp")]
pub(crate) use explore::answer_lines;
pub use explore::{answer_agent, answer_json, answer_text};
pub use github::github;
pub use html::html;
pub use json::{json, json_to};
pub use junit::junit;
#[cfg(feature = "cli")]
pub(crate) use lines::wrapped;
pub use markdown::{COMMENT, SUMMARY, markdown};
pub use ndjson::ndjson;
pub use openmetrics::openmetrics;
pub use rows::{csv, tsv};
pub use sarif::sarif;
pub use sources::Sources;
#[cfg(feature = "capture")]
pub(crate) use text::head;
pub use text::text;
pub use trend::{
    trend_agent, trend_csv, trend_github, trend_html, trend_json, trend_junit, trend_markdown,
    trend_ndjson, trend_openmetrics, trend_text, trend_tsv,
};
pub use view::View;

pub use crate::report::Sort;
