//! Arguments in, exit code out. The only room that prints.

mod args;
mod exit;

use args::{Args, Command, Format};
use clap::Parser;
use clap::error::ErrorKind as Clap;
use exit::Exit;
use std::io::{ErrorKind as Io, Write};
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
    if let Some(threads) = args.threads {
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build_global()
            .map_err(|e| exit::Failure::usage(format!("cannot start {threads} threads: {e}")))?;
    }
    if let Some(Command::Dump { file, out }) = &args.command {
        crate::dump::dump(file, out)?;
        return Ok(Exit::Fine);
    }
    let (paths, between) = args.paths()?;
    let report = crate::compare::compare(paths, &between, &args.options())?;
    if args.quiet {
        return Ok(Exit::Fine);
    }
    let out = match args.format {
        Format::Text => crate::render::text(&report, &args.view()),
        Format::Json => crate::render::json(&report)
            .map_err(|e| exit::Failure::usage(format!("cannot write the report: {e}")))?,
    };
    print(&out)
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
