//! What the command line and the configuration ask for in, a judged report, a baseline and lines
//! on standard error out.

use super::atomic::{AtomicFile, Readers};
use super::config::Config;
use super::exit::{Exit, Failure, in_options, say};
use super::help::GATES;
use super::repository;
use super::target::{folder, is_one_of, missing_folder, real, replaceable};
use crate::error::Error;
use crate::gate::{Baseline, Condition, Gates, Subject};
use crate::render::gate_line;
use crate::report::{Gate, Need, Outcome, Report};
use crate::text::visible;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Where a baseline is written if nothing else is said.
const BASELINE: &str = "heapdiff-baseline.json";

/// The part of the command line that makes a comparison fail.
#[derive(Debug, clap::Args)]
pub(super) struct GateArgs {
    /// Exit with 1 if this holds: 'verdict == leak', 'heap.delta > 5MB'
    ///
    /// May be given several times. The page docs/gates.md has all conditions, such as
    /// 'delta(Session) > 0'.
    #[arg(long, help_heading = GATES, value_name = "CONDITION", allow_hyphen_values = true)]
    fail_on: Vec<String>,

    /// The configuration [default: heapdiff.toml, or "heapdiff" in package.json, in this folder
    /// or above, up to the repository's root]
    #[arg(long, hide_short_help = true, help_heading = GATES, value_name = "FILE")]
    config: Option<PathBuf>,

    /// A condition whose class or container is in neither file cannot be judged (exit code 2)
    #[arg(long, hide_short_help = true, help_heading = GATES)]
    strict: bool,

    /// Growth that is accepted: conditions measure what goes beyond
    #[arg(long, hide_short_help = true, help_heading = GATES, value_name = "FILE")]
    baseline: Option<PathBuf>,

    /// Accept what has grown and write it down [default: to the baseline, or to
    /// heapdiff-baseline.json]
    #[arg(long, hide_short_help = true, help_heading = GATES, value_name = "FILE", num_args = 0..=1, require_equals = true)]
    write_baseline: Option<Option<PathBuf>>,
}

/// The gates of a run, known to be sound before any snapshot is read.
#[derive(Debug)]
pub(super) struct Plan {
    gates: Gates,
    /// How often the operation in question ran.
    pub calls: Option<u64>,
    write: Option<PathBuf>,
}

impl GateArgs {
    /// Reads the configuration and the baseline; `calls` is the command line's, `inputs` are the
    /// snapshots.
    pub(super) fn plan(&self, calls: Option<u64>, inputs: &[&Path]) -> Result<Plan, Failure> {
        let config = Config::load(self.config.as_deref())?;
        let mut conditions = config.conditions;
        conditions.retain(|condition| condition.subject() != Subject::Logs);
        for text in &self.fail_on {
            let condition = condition(text)?;
            if condition.subject() == Subject::Logs {
                let what = format!("--fail-on: {text} is about logs, and these are snapshots");
                let hint = "heapdiff trend LOG judges it";
                return Err(Failure::usage(what).hint(Some(hint.into())));
            }
            conditions.push(condition);
        }
        let calls = calls.or(config.calls);
        if let Some(condition) = conditions.iter().find(|c| c.needs_calls() && calls.is_none()) {
            let hint = "give --calls N: how often the operation ran between the snapshots";
            let what = format!("{}: {} needs a number of calls", condition.source, condition.text);
            return Err(Failure::usage(what).hint(Some(hint.into())));
        }
        let file = self.baseline.clone().or(config.baseline);
        let usual = || file.clone().unwrap_or_else(|| BASELINE.into());
        let write = self.write_baseline.clone().map(|to| to.unwrap_or_else(usual));
        let named = self.baseline.is_some() || self.config.is_some();
        let named = named || matches!(self.write_baseline, Some(Some(_)));
        let write = write.map(|to| place(&to, named, inputs)).transpose()?;
        write.iter().try_for_each(|to| missing_folder(to).map_or_else(|| replaceable(to), Err))?;
        let baseline = match &file {
            // What is about to be written anew need not be there or be sound.
            Some(file) if write.is_none() => read(file)?,
            _ => Baseline::default(),
        };
        let strict = self.strict || config.strict;
        let gates = Gates { conditions, ignore: config.ignore, baseline, strict };
        Ok(Plan { gates, calls, write })
    }
}

/// A condition of the command line.
pub(super) fn condition(text: &str) -> Result<Condition, Failure> {
    Condition::parse(text, "--fail-on").map_err(|mistake| {
        Failure::usage(format!("--fail-on: {mistake}"))
            .at(text, mistake.at)
            .hint(mistake.hint.as_ref().map(in_options))
    })
}

impl Plan {
    /// What the report must hold for the gates and for the baseline.
    pub(super) fn need(&self) -> Need {
        let figures = self.write.is_some();
        self.gates.need().and(Need { figures, chains: false, members: false })
    }

    /// The file that a baseline goes to.
    pub(super) fn writes(&self) -> Option<&Path> {
        self.write.as_deref()
    }

    /// Writes the baseline that was asked for, and fills in what came of the gates.
    pub(super) fn judge(&mut self, report: &mut Report) -> Result<Exit, Failure> {
        let mut accepted = Ok(());
        if let Some(file) = &self.write {
            accepted = self.gates.accept(report);
            if accepted.is_ok() {
                let written = write(file, &self.gates.baseline.write());
                written.map_err(|e| Error::io("cannot write the baseline", e).in_file(file))?;
            }
        }
        self.gates.judge(report);
        if let (Err(reason), Some(file)) = (accepted, &self.write) {
            say(&format!("no baseline is written: {reason}: {}", visible(&file.to_string_lossy())));
            return Ok(Exit::Usage);
        }
        Ok(exit(&report.gates))
    }
}

/// What came of gates. What could not be judged counts more than what is broken.
pub(super) fn exit(gates: &[Gate]) -> Exit {
    let has = |outcome| gates.iter().any(|gate| gate.outcome == outcome);
    match () {
        () if has(Outcome::Unjudged) => Exit::Usage,
        () if has(Outcome::Broken) => Exit::Gate,
        () => Exit::Fine,
    }
}

/// Says on standard error which gates are broken, or could not be judged, one line each, for want of
/// a text that does; and what fits nothing.
pub(super) fn tell(gates: &[Gate]) {
    for gate in gates {
        let note = gate.note.as_deref().unwrap_or_default();
        let line = match gate.outcome {
            Outcome::Kept if gate.matched_nothing => format!("{}: {note}", gate.condition),
            Outcome::Kept => continue,
            Outcome::Unjudged => format!("gate not judged: {}: {note}", gate.condition),
            Outcome::Broken => format!("gate broken: {}", gate_line(gate)),
        };
        say(&visible(&line));
    }
}

/// Where a baseline is really written. Nothing in a repository, which may be a stranger's, leads out of
/// it: neither its configuration (if it is not `named` on the command line) nor a link.
fn place(file: &Path, named: bool, inputs: &[&Path]) -> Result<PathBuf, Failure> {
    let to = real(file);
    let shown = to.display();
    if is_one_of(&to, inputs) {
        return Err(Failure::usage(format!("{shown}: a snapshot is not to be overwritten")));
    }
    let begin =
        if named { real(folder(file)) } else { std::env::current_dir().unwrap_or_default() };
    if (!named || file.is_symlink()) && !to.starts_with(repository::root(&real(&begin))) {
        let what = format!("{shown}: the baseline leads out of the repository");
        let hint = "name the file itself: --write-baseline=FILE";
        return Err(Failure::usage(what).hint(Some(hint.into())));
    }
    Ok(to)
}

fn read(file: &Path) -> Result<Baseline, Failure> {
    let text = std::fs::read(file).map_err(|e| {
        let error = Error::io("cannot read the baseline", e).in_file(file);
        error.with_hint("--write-baseline makes one")
    })?;
    // What is not UTF-8 is no JSON either, and is told as such.
    Ok(Baseline::read(&String::from_utf8_lossy(&text)).map_err(|e| e.in_file(file))?)
}

fn write(file: &Path, text: &str) -> std::io::Result<()> {
    let mut whole = AtomicFile::begin(file, Readers::Usual)?;
    whole.file().write_all(text.as_bytes())?;
    whole.keep()
}
