//! The formats a report can be written in.

use super::exit::Failure;
use crate::render::{self, View};
use crate::report::Report;
use clap::ValueEnum;

/// What to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// The answer, a table, why it stays
    Text,
    /// The whole report
    Json,
    /// A page to open in a browser
    Html,
}

impl Format {
    /// The report in this format.
    pub(super) fn render(self, report: &Report, view: &View) -> Result<String, Failure> {
        match self {
            Self::Text => Ok(render::text(report, view)),
            Self::Html => Ok(render::html(report)),
            Self::Json => render::json(report)
                .map_err(|e| Failure::usage(format!("cannot write the report: {e}"))),
        }
    }
}
