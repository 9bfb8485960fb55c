//! Arguments in, exit code out. The only room that prints.

mod answering;
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
#[cfg(feature = "capture")]
mod interrupt;
#[cfg(feature = "capture")]
mod keyboard;
mod limit;
#[cfg(feature = "capture")]
mod live;
#[cfg(feature = "capture")]
mod load;
#[cfg(feature = "capture")]
mod load_mcp;
#[cfg(feature = "mcp")]
mod mcp;
mod once;
mod output;
#[cfg(feature = "capture")]
mod packed;
mod phases;
mod repository;
#[cfg(feature = "capture")]
mod run;
mod said;
mod screen;
mod scrub;
#[cfg(feature = "capture")]
mod snapshots;
mod target;
mod threads;
mod told;
mod trend;
mod verify;
#[cfg(feature = "capture")]
mod watch;

use crate::input::{Limits, Reading, Source};
use crate::report::Options;
use answering::Answering;
use args::{Args, Command};
use clap::{CommandFactory, Parser};
use exit::Exit;
use format::Body;
use std::io::{ErrorKind as Io, Write};
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
    let answer = Answering::begin(&args.told, args.calls, &inputs)?;
    let options = Options { by_id: args.by_id(), keep_freed, ..answer.options() };
    let files = args.files(options.memory)?;
    let report = answer.compare(&files, &options)?;
    answer.tell(report)
}

/// What is no comparison.
fn other(command: &Command) -> Result<Exit, exit::Failure> {
    let mut out = Vec::new();
    match command {
        Command::Ask(question) => return ask::ask(question),
        Command::Trend(asked) => return trend::run(asked),
        Command::Verify(verify) => return verify::run(verify),
        #[cfg(feature = "capture")]
        Command::Capture(capture) => return Ok(capture::run(capture)?),
        #[cfg(feature = "capture")]
        Command::Run(run) => return run::run(run),
        #[cfg(feature = "capture")]
        Command::Watch(watch) => return watch::run(watch),
        #[cfg(feature = "mcp")]
        Command::Mcp(server) => return mcp::run(server),
        Command::Dump { file, out, show_secrets, memory, .. } => {
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
        Command::Completions { shell, .. } => {
            clap_complete::generate(*shell, &mut Args::command(), "heapdiff", &mut out);
        }
        Command::Man { .. } => clap_mangen::Man::new(Args::command())
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
