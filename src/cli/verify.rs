//! Two reports or two pairs of snapshots in; what has become of each leak, and an exit code out.

use super::color::Color;
use super::exit::{Exit, Failure};
use super::format::{Body, Format};
use super::help::{ANALYSIS, Help, INPUT, MACHINE, OUTPUT, TEXT};
use super::limit::Memory;
use super::output::{self, Output};
use super::screen::width;
use super::told::{calls, number};
use super::{once, threads};
use crate::compare::compare;
use crate::input::{self, Limits, Reading, Series, Source, series};
use crate::render::{View, verify as render};
use crate::report::Options;
use crate::verify::{Known, Outcome, Verification};
use clap::builder::{OsStringValueParser, TypedValueParser};
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Holds two comparisons against each other.
#[derive(Debug, clap::Args)]
#[command(override_usage = "heapdiff verify [OPTIONS] <OLD> <NEW>\n       \
                            heapdiff verify [OPTIONS] <OLD BEFORE> <OLD AFTER> <NEW BEFORE> <NEW AFTER>")]
pub(super) struct Verify {
    /// Before and after the fix: each a report (JSON), or a folder or archive of snapshots; or four snapshots
    #[arg(required = true, num_args = 2..=4, value_names = ["OLD", "NEW"])]
    files: Vec<PathBuf>,
    /// How often the operation in question ran in each, where the reports do not tell
    #[arg(long, help_heading = ANALYSIS, value_name = "N", value_parser = calls)]
    calls: Option<u64>,
    /// What to print
    #[arg(short, long, value_enum, default_value = "text", help_heading = OUTPUT)]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    format: Format,
    /// Write a file too, in the format of its name (may be repeated)
    #[arg(short, long, value_name = "[FORMAT=]FILE", help_heading = OUTPUT)]
    #[arg(value_parser = OsStringValueParser::new().try_map(Output::parse))]
    output: Vec<Output>,
    /// Print nothing but errors
    #[arg(short, long, help_heading = OUTPUT)]
    quiet: bool,
    /// Use colours
    #[arg(long, help_heading = TEXT, value_enum, default_value = "auto")]
    color: Color,
    /// Columns to use [default: the terminal's, then $COLUMNS, then unlimited]
    #[arg(long, help_heading = TEXT, value_name = "COLUMNS", value_parser = number)]
    width: Option<usize>,
    /// Source maps that do not lie beside their scripts (may be repeated)
    #[arg(long, help_heading = INPUT, value_name = "DIR|FILE")]
    source_maps: Vec<PathBuf>,
    /// Threads to use [default: one per core]
    #[arg(long, help_heading = MACHINE, value_name = "N", value_parser = threads::parse)]
    pub threads: Option<usize>,
    #[command(flatten)]
    memory: Memory,
    #[command(flatten)]
    help: Help,
}

/// Verifies.
///
/// # Errors
/// If a file cannot be read or written, or the command line is wrong.
pub(super) fn run(verify: &Verify) -> Result<Exit, Failure> {
    let formats = verify.output.iter().map(|output| output.format).chain([verify.format]);
    if formats.into_iter().any(|format| format == Format::Sarif) {
        let what = "what has become of a leak has no place in the source: verify writes no SARIF";
        return Err(Failure::usage(what));
    }
    let inputs: Vec<&Path> = verify.files.iter().map(PathBuf::as_path).collect();
    let sinks = output::prepare(&verify.output, &inputs, None)?;
    let [old, new] = verify.sides()?.map(|side| side.with_calls(verify.calls));
    let verification = Verification::of(&old, &new);
    let view = View { color: verify.color.wanted(), ..View::plain(width(verify.width)) };
    let shown = (!verify.quiet).then_some((verify.format, &view));
    output::tell(sinks, &View::plain(verify.width), shown, |format, view, room| {
        body(&verification, format, view, room)
    })?;
    if verification.lacks_calls() {
        super::exit::say("hint: give --calls N: how often the operation ran in each");
    }
    Ok(match verification.outcome {
        Outcome::Fixed => Exit::Fine,
        Outcome::NewLeak | Outcome::StillLeaks => Exit::Gate,
        Outcome::NotJudged => Exit::Usage,
    })
}

fn body(
    verification: &Verification,
    format: Format,
    view: &View,
    room: usize,
) -> Result<Body<'static>, Failure> {
    let text = match format {
        // Refused before anything is read.
        Format::Sarif => Ok(String::new()),
        Format::Text => Ok(render::text(verification, view)),
        Format::Json => render::json(verification),
        Format::Html => Ok(render::html(verification)),
        Format::Ndjson => render::ndjson(verification),
        Format::Csv => render::csv(verification),
        Format::Tsv => render::tsv(verification),
        Format::Markdown => Ok(render::markdown(verification, room)),
        Format::Github => Ok(render::github(verification)),
        Format::Junit => render::junit(verification),
        Format::Agent => Ok(render::agent(verification)),
        Format::Openmetrics => Ok(render::openmetrics(verification)),
    };
    text.map(Body::Ready).map_err(|e| Failure::usage(format!("cannot write the answer: {e}")))
}

impl Verify {
    /// What is known before and after the fix.
    fn sides(&self) -> Result<[Known; 2], Failure> {
        match self.files.as_slice() {
            [old, new] => Ok([self.side(old)?, self.side(new)?]),
            [a, b, c, d] => {
                once::check(&[a.clone(), b.clone()])?;
                once::check(&[c.clone(), d.clone()])?;
                let pair = |files: [&PathBuf; 2]| {
                    let files = files.map(|file| Source::new(file, self.reading()));
                    Series::of(files.into())
                };
                let sides = [pair([a, b]), pair([c, d])]
                    .map(|side| side.map_or_else(|| Err(few()), |files| self.compared(&files)));
                let [old, new] = sides;
                Ok([old?, new?])
            }
            _ => Err(few()),
        }
    }

    /// A report, or snapshots to make one of.
    fn side(&self, path: &Path) -> Result<Known, Failure> {
        if is_report(path) {
            let json = input::text(path, |from| {
                let mut json = Vec::new();
                from.read_to_end(&mut json).map(|_| json)
            })?;
            return Ok(Known::read(&json).map_err(|e| e.in_file(path))?);
        }
        self.compared(&series(path, &self.reading())?)
    }

    fn compared(&self, files: &Series) -> Result<Known, Failure> {
        let between: Vec<&Source> = files.between.iter().collect();
        let options = Options {
            calls: self.calls,
            memory: self.memory.limit(),
            source_maps: self.source_maps.clone(),
            ..Options::default()
        };
        let report = compare(files.ends.as_ref(), &between, &options)?;
        Ok(Known::of(&report)?)
    }

    fn reading(&self) -> Reading {
        Reading { limits: Limits::within(self.memory.limit()), ..Reading::default() }
    }
}

fn few() -> Failure {
    Failure::usage("two reports, two folders of snapshots or four snapshots belong here")
}

/// Whether a file is called like a report, or begins like one.
fn is_report(path: &Path) -> bool {
    let name = path.to_string_lossy().to_lowercase();
    if path.is_dir() || name.ends_with(".heapsnapshot.json") {
        return false;
    }
    let mut start = [0; 64];
    let read = std::fs::File::open(path).and_then(|mut file| file.read(&mut start)).unwrap_or(0);
    let start: Vec<u8> =
        start[..read].iter().copied().filter(|b| !b.is_ascii_whitespace()).collect();
    name.ends_with(".json") && !start.starts_with(b"{\"snapshot\"")
        || start.starts_with(b"{\"schema\"")
}
