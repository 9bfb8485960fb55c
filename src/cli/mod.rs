//! Arguments in, exit code out. The only room that prints.

mod args;
mod exit;
mod format;
mod phases;

use args::{Args, Command};
use clap::Parser;
use clap::error::ErrorKind as Clap;
use exit::Exit;
use phases::Phases;
use std::io::{ErrorKind as Io, IsTerminal, Write};
use std::process::ExitCode;

/// Runs the program.
#[must_use]
pub fn run() -> ExitCode {
    let exit = match Args::try_parse() {
        Ok(args) => work(&args).unwrap_or_else(|failure| failure.tell()),
        Err(e) => {
            let code = match e.kind() {
                Clap::DisplayHelp | Clap::DisplayVersion => Exit::Fine,
                _ => Exit::Usage,
            };
            // Nobody can be told that nobody listens.
            let _ = e.print();
            code
        }
    };
    exit.into()
}

fn work(args: &Args) -> Result<Exit, exit::Failure> {
    // Started here and not at the first use, which could only panic. 0 means one per core.
    rayon::ThreadPoolBuilder::new().num_threads(args.threads.unwrap_or(0)).build_global().map_err(
        |e| exit::Failure::usage(format!("cannot start threads: {e}; --threads 1 starts one")),
    )?;
    if let Some(Command::Dump { file, out }) = &args.command {
        crate::dump::dump(file, out)?;
        return Ok(Exit::Fine);
    }
    let (paths, between) = args.paths()?;
    let phases = watch(args, between.len() + 2);
    let report = crate::compare::compare(paths, &between, &args.options());
    if let Some(phases) = phases {
        phases.clear();
        if args.timings {
            // If stderr is closed there is no one to tell.
            let _ = std::io::stderr().lock().write_all(phases.table().as_bytes());
        }
    }
    let report = report?;
    if args.quiet {
        return Ok(Exit::Fine);
    }
    print(&args.format.render(&report, &args.view())?)
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

/// Writes the report to stdout. A reader that has gone (`| head`) is not an error.
fn print(out: &str) -> Result<Exit, exit::Failure> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(out.as_bytes()).and_then(|()| stdout.flush()) {
        Ok(()) => Ok(Exit::Fine),
        Err(e) if e.kind() == Io::BrokenPipe => Ok(Exit::Fine),
        Err(e) => Err(crate::error::Error::io("cannot write to standard output", e).into()),
    }
}
