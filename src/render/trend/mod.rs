//! What logs of memory tell in, text, JSON, HTML and other formats of it out.

mod agent;
mod chart;
mod html;
mod junit;
mod markdown;
mod openmetrics;
mod phrase;
mod rows;
mod text;

pub use agent::{trend_agent, trend_github};
pub use html::trend_html;
pub use junit::trend_junit;
pub use markdown::trend_markdown;
pub use openmetrics::trend_openmetrics;
pub use rows::{trend_csv, trend_json, trend_ndjson, trend_tsv};
pub use text::trend_text;
