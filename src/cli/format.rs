//! The formats a report can be written in.

use super::exit::Failure;
use crate::render::{self, Sources, View};
use crate::report::{Need, Report};
use clap::ValueEnum;
use std::fmt::Display;
use std::io::{self, BufWriter, Write};

/// What to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// The answer, a table, why it stays
    Text,
    /// The whole report
    Json,
    /// A page to open in a browser
    Html,
    /// The whole report, a JSON object a line
    Ndjson,
    /// The comparison for a spreadsheet
    Csv,
    /// The same with tabs
    Tsv,
    /// For a CI job's summary or a pull request's comment
    Markdown,
    /// Annotations in GitHub Actions
    Github,
    /// Test results for CI systems
    Junit,
    /// Findings for code scanning
    Sarif,
    /// A short text for a language model
    Agent,
    /// Gauges for node_exporter
    Openmetrics,
}

/// What a format needs beside the report.
#[derive(Debug)]
pub(super) struct Setting<'a> {
    /// What the text shows.
    pub view: &'a View,
    /// Which scripts lie in the repository.
    pub sources: &'a Sources,
    /// Bytes that Markdown may take.
    pub room: usize,
}

/// A report that is to be written.
pub(super) enum Body<'a> {
    Ready(String),
    /// As JSON: longer than all others together, so it is never held.
    Json(&'a Report),
}

impl Body<'_> {
    pub(super) fn write_to(&self, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Ready(text) => out.write_all(text.as_bytes()),
            Self::Json(report) => {
                let mut out = BufWriter::with_capacity(1 << 16, out);
                render::json_to(report, &mut out)?;
                out.flush()
            }
        }
    }
}

impl Format {
    /// The report in this format.
    pub(super) fn body<'a>(
        self,
        report: &'a Report,
        setting: &Setting<'_>,
    ) -> Result<Body<'a>, Failure> {
        let text = match self {
            Self::Json => return Ok(Body::Json(report)),
            Self::Text => render::text(report, setting.view),
            Self::Html => render::html(report),
            Self::Ndjson => render::ndjson(report).map_err(unwritten)?,
            Self::Csv => render::csv(report).map_err(unwritten)?,
            Self::Tsv => render::tsv(report).map_err(unwritten)?,
            Self::Markdown => render::markdown(report, setting.room),
            Self::Github => render::github(report, setting.sources),
            Self::Junit => render::junit(report).map_err(unwritten)?,
            Self::Sarif => render::sarif(report, setting.sources).map_err(unwritten)?,
            Self::Agent => render::agent(report),
            Self::Openmetrics => render::openmetrics(report),
        };
        Ok(Body::Ready(text))
    }

    /// What the report must hold beside the answer.
    pub(super) fn need(self, view: &View) -> Need {
        match self {
            Self::Json | Self::Ndjson => Need::ALL,
            Self::Csv | Self::Tsv => Need { figures: true, chains: false, members: false },
            Self::Html => Need { figures: false, chains: true, members: false },
            Self::Text => Need { figures: false, chains: view.class.is_some(), members: false },
            Self::Markdown
            | Self::Github
            | Self::Junit
            | Self::Sarif
            | Self::Agent
            | Self::Openmetrics => Need::NOTHING,
        }
    }

    /// The formats that files of such a name have; several if the name does not tell.
    pub(super) fn of_file(name: &str) -> &'static [Self] {
        let name = name.to_lowercase();
        if name.ends_with(".sarif.json") {
            return &[Self::Sarif];
        }
        match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
            "json" => &[Self::Json],
            "html" | "htm" => &[Self::Html],
            "ndjson" | "jsonl" => &[Self::Ndjson],
            "csv" => &[Self::Csv],
            "tsv" => &[Self::Tsv],
            "md" | "markdown" => &[Self::Markdown],
            "xml" => &[Self::Junit],
            "sarif" => &[Self::Sarif],
            "prom" => &[Self::Openmetrics],
            "txt" => &[Self::Text, Self::Agent, Self::Github],
            _ => &[],
        }
    }

    /// Its name on the command line.
    pub(super) fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

fn unwritten(e: impl Display) -> Failure {
    Failure::usage(format!("cannot write the report: {e}"))
}
