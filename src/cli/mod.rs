//! Arguments in, exit code out. The only room that prints.

mod args;
mod ask;
mod atomic;
#[cfg(feature = "capture")]
mod capture;
mod color;
mod config;
mod dump;
mod exit;
mod explain;
mod format;
mod gates;
mod help;
mod how;
mod limit;
#[cfg(feature = "mcp")]
mod mcp;
mod once;
mod output;
mod phases;
mod repository;
mod said;
mod screen;
mod scrub;
mod target;
mod threads;

use crate::input::{Limits, Reading, Source};
use crate::render::{COMMENT, SUMMARY};
use crate::report::{Need, Options, Report};
use args::{Args, Command};
use clap::{CommandFactory, Parser};
use exit::Exit;
use format::{Body, Format, Setting};
use output::Sink;
use phases::Phases;
use std::io::{ErrorKind as Io, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

/// Runs the program. `keep_freed` is as in [`Options`].
#[must_use]
pub fn run(keep_freed: Option<fn(bool)>) -> ExitCode {
    crate::input::exit_when_a_file_is_cut_short();
    if std::env::args_os().len() < 2 {
        exit::say(help::USAGE);
        return Exit::Usage.into();
    }
    let exit = match Args::try_parse_from(said::arguments()) {
        Ok(args) => work(&args, keep_freed).unwrap_or_else(|failure| failure.tell()),
        Err(said) => said::tell(said).unwrap_or_else(|failure| failure.tell()),
    };
    exit.into()
}

fn work(args: &Args, keep_freed: Option<fn(bool)>) -> Result<Exit, exit::Failure> {
    threads::start(args.threads())?;
    if let Some(command) = &args.command {
        return other(command);
    }
    let inputs = args.named();
    let mut gates = args.gates.plan(args.calls, &inputs)?;
    let sinks = output::prepare(&args.output, &inputs, gates.writes())?;
    let options = args.options(need(args, &gates, &sinks));
    let options = Options { calls: gates.calls, keep_freed, ..options };
    let files = args.files(options.memory)?;
    let between: Vec<&Source> = files.between.iter().collect();
    let ends = [&files.ends.before, &files.ends.after];
    let read: Vec<&Path> = ends.iter().chain(&between).map(|file| file.path()).collect();
    output::spare(&read, &sinks, gates.writes())?;
    let phases = watch(args, between.len() + 2);
    let report = crate::compare::compare(files.ends.as_ref(), &between, &options);
    if let Some(phases) = phases {
        phases.clear();
        if args.timings {
            // If stderr is closed there is no one to tell.
            let _ = std::io::stderr().lock().write_all(phases.table().as_bytes());
        }
    }
    let mut report = report?;
    report.notes.splice(..0, files.note);
    let exit = gates.judge(&mut report)?;
    if args.quiet || args.format != Format::Text {
        gates::tell(&report);
    }
    if args.quiet || matches!(args.format, Format::Csv | Format::Tsv) {
        tell_warnings(&report);
    }
    write(args, &report, sinks)?;
    Ok(exit)
}

/// What the report must hold for all that is made of it.
fn need(args: &Args, gates: &gates::Plan, sinks: &[Sink]) -> Need {
    let view = args.view_of_file();
    let shown = (!args.quiet).then_some(args.format);
    let formats = sinks.iter().map(|sink| sink.format).chain(shown);
    formats.fold(gates.need(), |need, format| need.and(format.need(&view)))
}

/// Says on standard error what is wrong with the files, where nothing on standard output does.
fn tell_warnings(report: &Report) {
    for warning in report.warnings() {
        let title = if warning.id == "truncated" { "truncated" } else { "warning" };
        exit::say(&format!("{title}: {}", crate::text::visible(&warning.text)));
    }
}

/// Writes the files, and then to standard output.
fn write(args: &Args, report: &Report, sinks: Vec<Sink>) -> Result<(), exit::Failure> {
    let sources = repository::sources();
    let view = args.view_of_file();
    let mut reports = Vec::new();
    for sink in sinks {
        let room = sink.kept().map_or(COMMENT, |kept| SUMMARY.saturating_sub(kept as usize + 1));
        let setting = Setting { view: &view, sources: &sources, room };
        let body = sink.format.body(report, &setting)?;
        reports.push((sink, body));
    }
    output::write(&reports)?;
    if args.quiet {
        return Ok(());
    }
    let setting = Setting { view: &args.view(), sources: &sources, room: COMMENT };
    print(&args.format.body(report, &setting)?)
}

/// What is no comparison.
fn other(command: &Command) -> Result<Exit, exit::Failure> {
    let mut out = Vec::new();
    match command {
        Command::Ask(question) => return ask::ask(question),
        #[cfg(feature = "capture")]
        Command::Capture(capture) => return capture::run(capture),
        #[cfg(feature = "mcp")]
        Command::Mcp(server) => return mcp::run(server),
        Command::Dump { file, out, show_secrets, memory } => {
            let limit = memory.limit();
            return dump::dump(&source(file, limit), out, limit, *show_secrets);
        }
        Command::Scrub { files, out, memory, .. } => {
            once::check(files)?;
            let limit = memory.limit();
            let sources: Vec<Source> = files.iter().map(|file| source(file, limit)).collect();
            return scrub::scrub(&sources, out, limit);
        }
        Command::Explain { term, .. } => out = explain::explain(&term.join(" "))?.into_bytes(),
        Command::Completions { shell } => {
            clap_complete::generate(*shell, &mut Args::command(), "heapdiff", &mut out);
        }
        Command::Man => clap_mangen::Man::new(Args::command())
            .render(&mut out)
            .map_err(|e| crate::error::Error::io("cannot write the manual page", e))?,
    }
    print(&Body::Ready(String::from_utf8_lossy(&out).into_owned()))?;
    Ok(Exit::Fine)
}

/// A file, unpacked within a limit of memory (in bytes).
fn source(file: &Path, limit: Option<u64>) -> Source {
    Source::new(file, Reading { limits: Limits::within(limit), ..Reading::default() })
}

/// Listens to the phases of the run if anybody wants to hear of them.
fn watch(args: &Args, files: usize) -> Option<&'static Phases> {
    let bar = !args.quiet && std::io::stderr().is_terminal();
    if !bar && !args.timings {
        return None;
    }
    // It lives as long as the program does.
    let phases: &'static Phases = Box::leak(Box::new(Phases::new(files as u64, bar)));
    tracing::subscriber::set_global_default(phases).ok()?;
    Some(phases)
}

/// Writes the report to stdout.
fn print(body: &Body<'_>) -> Result<(), exit::Failure> {
    let mut stdout = std::io::stdout().lock();
    written(body.write_to(&mut stdout).and_then(|()| stdout.flush()))
}

/// How it went on standard output. A reader that has gone (`| head`) is not an error.
fn written(result: std::io::Result<()>) -> Result<(), exit::Failure> {
    match result {
        Ok(()) => Ok(()),
        Err(e) if e.kind() == Io::BrokenPipe => Ok(()),
        Err(e) => Err(crate::error::Error::io("cannot write to standard output", e).into()),
    }
}
