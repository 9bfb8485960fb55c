//! What a server may open and show in, a served client out.

use super::exit::{Exit, Failure, in_options, say};
use super::help::{Help, INPUT, MACHINE, OUTPUT};
use super::limit::{Memory, size};
use super::threads;
use crate::mcp::{Serving, serve};
use std::io::IsTerminal;
use std::path::PathBuf;

/// What the server may open and show.
#[derive(Debug, clap::Args)]
pub(super) struct Server {
    /// A folder below which snapshots are opened, with all links followed (may be repeated) [default:
    /// the working directory]
    #[arg(long, help_heading = INPUT, value_name = "DIR")]
    root: Vec<PathBuf>,
    /// Show the values of strings; they may hold secrets
    #[arg(long, help_heading = OUTPUT)]
    show_strings: bool,
    /// Show what looks like a secret in names, and with --show-strings in strings
    #[arg(long, help_heading = OUTPUT)]
    show_secrets: bool,
    /// Bytes of an answer; the rest is on further pages
    #[arg(long, help_heading = OUTPUT, value_name = "SIZE", default_value = "4000", value_parser = page)]
    answer_size: u64,
    /// Source maps that do not lie beside their scripts (may be repeated)
    #[arg(long, help_heading = INPUT, value_name = "DIR|FILE")]
    source_maps: Vec<PathBuf>,
    /// Read a file that is cut off as far as it goes; the answer says so
    #[arg(long, help_heading = INPUT)]
    allow_truncated: bool,
    /// Threads to use [default: one per core]
    #[arg(long, help_heading = MACHINE, value_name = "N", value_parser = threads::parse)]
    pub threads: Option<usize>,
    #[command(flatten)]
    memory: Memory,
    #[command(flatten)]
    help: Help,
}

fn page(text: &str) -> Result<u64, String> {
    size(text).and_then(|bytes| match bytes {
        1_000..=1_000_000 => Ok(bytes),
        _ => Err("a size from 1000 to 1MB belongs here".to_owned()),
    })
}

/// Serves the client at standard input and output until it closes them.
///
/// # Errors
/// As of [`serve`].
pub(super) fn run(server: &Server) -> Result<Exit, Failure> {
    if std::io::stdin().is_terminal() {
        say(
            "heapdiff mcp: a program is to speak the Model Context Protocol here, on standard input and \
             output; Ctrl-D ends it",
        );
    }
    let roots = match server.root.as_slice() {
        [] => vec![PathBuf::from(".")],
        given => given.to_vec(),
    };
    serve(Serving {
        roots,
        truncated: server.allow_truncated,
        show_strings: server.show_strings,
        show_secrets: server.show_secrets,
        source_maps: server.source_maps.clone(),
        memory: server.memory.limit(),
        page: usize::try_from(server.answer_size).unwrap_or(usize::MAX),
        hint: in_options,
    })?;
    Ok(Exit::Fine)
}
