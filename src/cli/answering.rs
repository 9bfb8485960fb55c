//! Snapshots in; the report on standard output and in files, and an exit code out.

use super::exit::{Exit, Failure, say};
use super::format::{Format, Setting};
use super::gates::{self, Plan};
use super::output::{self, Sink};
use super::phases::Phases;
use super::repository;
use super::told::Told;
use crate::input::{Series, Source};
use crate::report::{Need, Options, Report};
use std::io::{IsTerminal, Write};
use std::path::Path;

/// A comparison that is known to have been asked for soundly, before any snapshot is read.
pub(super) struct Answering<'a> {
    told: &'a Told,
    gates: Plan,
    sinks: Vec<Sink>,
}

impl<'a> Answering<'a> {
    /// `calls` is the command line's; `inputs` are the snapshots, as far as they are known.
    ///
    /// # Errors
    /// If the configuration, a gate or an output is wrong.
    pub(super) fn begin(
        told: &'a Told,
        calls: Option<u64>,
        inputs: &[&Path],
    ) -> Result<Self, Failure> {
        let gates = told.gates.plan(calls, inputs)?;
        let sinks = output::prepare(&told.output, inputs, gates.writes())?;
        Ok(Self { told, gates, sinks })
    }

    /// What the report goes by.
    pub(super) fn options(&self) -> Options {
        Options { calls: self.gates.calls, ..self.told.options(self.need()) }
    }

    /// What the report must hold for all that is made of it.
    fn need(&self) -> Need {
        let view = self.told.view_of_file();
        let shown = (!self.told.quiet).then_some(self.told.format);
        let formats = self.sinks.iter().map(|sink| sink.format).chain(shown);
        formats.fold(self.gates.need(), |need, format| need.and(format.need(&view)))
    }

    /// Compares.
    ///
    /// # Errors
    /// As of [`crate::compare()`]; or if an output is one of the snapshots.
    pub(super) fn compare(&self, files: &Series, options: &Options) -> Result<Report, Failure> {
        let between: Vec<&Source> = files.between.iter().collect();
        let ends = [&files.ends.before, &files.ends.after];
        let read: Vec<&Path> = ends.iter().chain(&between).map(|file| file.path()).collect();
        output::spare(&read, &self.sinks, self.gates.writes())?;
        let phases = self.watch(read.len());
        let report = crate::compare::compare(files.ends.as_ref(), &between, options);
        if let Some(phases) = phases {
            phases.clear();
            if self.told.timings {
                // If stderr is closed there is no one to tell.
                let _ = std::io::stderr().lock().write_all(phases.table().as_bytes());
            }
        }
        let mut report = report?;
        report.notes.splice(..0, files.note.clone());
        Ok(report)
    }

    /// Listens to the phases of the run if anybody wants to hear of them.
    fn watch(&self, files: usize) -> Option<&'static Phases> {
        let bar = !self.told.quiet && std::io::stderr().is_terminal();
        if !bar && !self.told.timings {
            return None;
        }
        Phases::listen(files as u64, bar)
    }

    /// Judges, and tells.
    ///
    /// # Errors
    /// If something cannot be written.
    pub(super) fn tell(mut self, mut report: Report) -> Result<Exit, Failure> {
        let exit = self.gates.judge(&mut report)?;
        let told = self.told;
        if told.quiet || told.format != Format::Text {
            gates::tell(&report.gates);
        }
        if told.quiet || matches!(told.format, Format::Csv | Format::Tsv) {
            tell_warnings(&report);
        }
        self.write(&report)?;
        Ok(exit)
    }

    /// Writes the files, and then to standard output.
    fn write(self, report: &Report) -> Result<(), Failure> {
        let Self { told, sinks, .. } = self;
        let sources = repository::sources();
        let view = told.view();
        let shown = (!told.quiet).then_some((told.format, &view));
        output::tell(sinks, &told.view_of_file(), shown, |format, view, room| {
            format.body(report, &Setting { view, sources: &sources, room })
        })
    }
}

/// Says on standard error what is wrong with the files, where nothing on standard output does.
fn tell_warnings(report: &Report) {
    for warning in report.warnings() {
        let title = if warning.id == "truncated" { "truncated" } else { "warning" };
        say(&format!("{title}: {}", crate::text::visible(&warning.text)));
    }
}
