//! Logs of memory in; whether it goes on growing, as a report and an exit code, out.

use super::color::Color;
use super::config::Config;
use super::exit::{Exit, Failure};
use super::format::{Body, Format};
use super::gates::{self, condition};
use super::help::{ANALYSIS, GATES, Help, INPUT, OUTPUT, TEXT};
use super::once;
use super::output::{self, Output};
use super::screen::width;
use crate::gate::{Gates, Subject};
use crate::render::{self, View};
use crate::trend::{FieldChoice, TrendOptions, TrendReport, trend};
use clap::builder::{OsStringValueParser, TypedValueParser};
use std::fmt::Display;
use std::path::{Path, PathBuf};

/// Logs, and what to make of them.
#[derive(Debug, clap::Args)]
#[command(override_usage = "heapdiff trend [OPTIONS] <LOG>...")]
pub(super) struct Trend {
    /// Logs, also packed (.gz, .zst, .br), or - for standard input; several are one
    ///
    /// JSON lines, text, CSV, Prometheus' text format or its answer to a range query, and what --trace-gc
    /// of Node.js prints.
    #[arg(required = true, value_name = "LOG")]
    logs: Vec<PathBuf>,
    /// What to print
    #[arg(short, long, value_enum, default_value = "text", help_heading = OUTPUT)]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    format: Format,
    /// Write a file too, in the format of its name (may be repeated)
    #[arg(short, long, value_name = "[FORMAT=]FILE", help_heading = OUTPUT)]
    #[arg(value_parser = OsStringValueParser::new().try_map(Output::parse))]
    output: Vec<Output>,
    /// Print nothing but errors and broken gates
    #[arg(short, long, help_heading = OUTPUT)]
    quiet: bool,
    /// Hold memory against this field, such as a number of sessions or of requests
    #[arg(long, help_heading = ANALYSIS, value_name = "FIELD")]
    per: Option<String>,
    /// What the heap may have, whatever the logs tell; with rss= before it, what RSS may (may be repeated)
    #[arg(long, help_heading = ANALYSIS, value_name = "[rss=]SIZE", value_parser = limit)]
    limit: Vec<Limit>,
    /// The field that says something, if its name does not tell: heap=mem.used:kB (may be repeated)
    #[arg(long, help_heading = INPUT, value_name = "KIND=NAME[:UNIT]")]
    #[arg(value_parser = FieldChoice::parse)]
    field: Vec<FieldChoice>,
    /// Time between two samples, if the logs have no times
    #[arg(long, help_heading = INPUT, value_name = "TIME", value_parser = interval)]
    interval: Option<f64>,
    /// Exit with 1 if this holds: 'verdict == leak', 'trend.heap > 1MB/h' (may be repeated)
    #[arg(long, help_heading = GATES, value_name = "CONDITION", allow_hyphen_values = true)]
    fail_on: Vec<String>,
    /// The configuration [default: heapdiff.toml, or "heapdiff" in package.json, in this folder or above]
    #[arg(long, help_heading = GATES, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Use colours
    #[arg(long, help_heading = TEXT, value_enum, default_value = "auto")]
    color: Color,
    /// Columns to use [default: the terminal's, then $COLUMNS, then 100]
    #[arg(long, help_heading = TEXT, value_name = "COLUMNS")]
    width: Option<usize>,
    #[command(flatten)]
    help: Help,
}

/// What something may have, in bytes.
#[derive(Debug, Clone, Copy)]
enum Limit {
    Heap(u64),
    Rss(u64),
}

fn limit(text: &str) -> Result<Limit, String> {
    let (make, size): (fn(u64) -> Limit, _) = match text.strip_prefix("rss=") {
        Some(size) => (Limit::Rss, size),
        None => (Limit::Heap, text),
    };
    match super::limit::size(size)? {
        0 => Err("a size above 0 belongs here, such as 512MB".into()),
        bytes => Ok(make(bytes)),
    }
}

fn interval(text: &str) -> Result<f64, String> {
    let wrong = || "a time above 0 belongs here, such as 30s or 5m".to_owned();
    let time = humantime::parse_duration(text).map_err(|_| wrong())?.as_secs_f64();
    if time > 0.0 { Ok(time) } else { Err(wrong()) }
}

/// Reads, judges, and tells.
pub(super) fn run(asked: &Trend) -> Result<Exit, Failure> {
    once::check(&asked.logs)?;
    let logs: Vec<&Path> = asked.logs.iter().map(PathBuf::as_path).collect();
    let gates = asked.gates()?;
    let formats = asked.output.iter().map(|output| output.format).chain([asked.format]);
    if formats.into_iter().any(|format| format == Format::Sarif) {
        let hint = "there are github, junit and json, say";
        return Err(Failure::usage("sarif is for places in the source, of which logs have none")
            .hint(Some(hint.into())));
    }
    let sinks = output::prepare(&asked.output, &logs, None)?;
    let mut report = trend(&logs, &asked.options())?;
    gates.judge_trend(&mut report);
    if asked.quiet || asked.format != Format::Text {
        gates::tell(&report.gates);
    }
    let view = View { color: asked.color.wanted(), ..View::plain(width(asked.width)) };
    let shown = (!asked.quiet).then_some((asked.format, &view));
    output::tell(sinks, &View::plain(asked.width), shown, |format, view, room| {
        body(format, &report, view, room).map(Body::Ready)
    })?;
    Ok(gates::exit(&report.gates))
}

impl Trend {
    fn options(&self) -> TrendOptions {
        let heap = |limit: &Limit| matches!(limit, Limit::Heap(_));
        let bytes = |limit: &Limit| match limit {
            Limit::Heap(bytes) | Limit::Rss(bytes) => *bytes,
        };
        TrendOptions {
            fields: self.field.clone(),
            per: self.per.clone(),
            interval: self.interval,
            heap_limit: self.limit.iter().rfind(|limit| heap(limit)).map(bytes),
            rss_limit: self.limit.iter().rfind(|limit| !heap(limit)).map(bytes),
        }
    }

    /// The conditions of the command line, and those of the configuration that are about logs.
    fn gates(&self) -> Result<Gates, Failure> {
        let mut conditions = Config::load(self.config.as_deref())?.conditions;
        conditions.retain(|condition| condition.subject() != Subject::Snapshots);
        for text in &self.fail_on {
            let condition = condition(text)?;
            if condition.subject() == Subject::Snapshots {
                let what = format!("--fail-on: {text} is about snapshots, and these are logs");
                let hint = "of logs there are trend.heap, trend.external, trend.array_buffers, trend.rss, trend.per and verdict";
                return Err(Failure::usage(what).hint(Some(hint.into())));
            }
            conditions.push(condition);
        }
        Ok(Gates { conditions, ..Gates::default() })
    }
}

/// The report in a format.
fn body(format: Format, report: &TrendReport, view: &View, room: usize) -> Result<String, Failure> {
    Ok(match format {
        Format::Text => render::trend_text(report, view),
        Format::Json => render::trend_json(report).map_err(unwritten)?,
        Format::Html => render::trend_html(report),
        Format::Ndjson => render::trend_ndjson(report).map_err(unwritten)?,
        Format::Csv => render::trend_csv(report).map_err(unwritten)?,
        Format::Tsv => render::trend_tsv(report).map_err(unwritten)?,
        Format::Markdown => render::trend_markdown(report, room),
        Format::Github => render::trend_github(report),
        Format::Junit => render::trend_junit(report).map_err(unwritten)?,
        Format::Agent => render::trend_agent(report),
        Format::Openmetrics => render::trend_openmetrics(report),
        Format::Sarif => return Err(unwritten("logs have no places in the source")),
    })
}

fn unwritten(e: impl Display) -> Failure {
    Failure::usage(format!("cannot write the report: {e}"))
}
