//! The command line, described once.

use super::exit::Failure;
use crate::pair::Pair;
use crate::render::{Glob, Sort, View};
use clap::{Parser, Subcommand, ValueEnum};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

/// Compares two V8 heap snapshots and says what grew and why it stays.
#[derive(Debug, Parser)]
#[command(
    version,
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true,
    after_help = "Exit codes: 0 compared, 2 wrong usage, 3 a file that cannot be read or is no \
                  snapshot.\nGrowth alone is never a failure."
)]
pub(super) struct Args {
    #[command(subcommand)]
    pub command: Option<Command>,

    /// The older snapshot (.heapsnapshot, also .gz or .zst)
    before: Option<PathBuf>,

    /// The newer snapshot, of the same process
    after: Option<PathBuf>,

    /// What to print
    #[arg(short, long, value_enum, default_value = "text")]
    pub format: Format,

    /// Rows of the table (0: all)
    #[arg(long, value_name = "N", default_value_t = 15)]
    top: usize,

    /// Order of the table
    #[arg(long, value_enum, default_value = "new")]
    sort: Sort,

    /// Show every class, the engine's too
    #[arg(long)]
    all: bool,

    /// Show only classes of this name; * is any text, ? any character
    #[arg(long, value_name = "GLOB")]
    class: Option<String>,

    /// Retainer chains to draw, for the first classes of the table
    #[arg(long, value_name = "N", default_value_t = 3)]
    chains: usize,

    /// Show the values of strings; they may hold secrets
    #[arg(long)]
    pub show_strings: bool,

    /// Use colours
    #[arg(long, value_enum, default_value = "auto")]
    color: Color,

    /// Columns to use [default: the terminal's, then $COLUMNS, then unlimited]
    #[arg(long, value_name = "COLUMNS")]
    width: Option<usize>,

    /// Threads to use [default: one per core]
    #[arg(long, value_name = "N", value_parser = threads)]
    pub threads: Option<usize>,

    /// Print nothing but errors
    #[arg(short, long)]
    pub quiet: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write every number computed from one snapshot, to be held against DevTools' own
    #[command(hide = true)]
    Dump {
        /// The snapshot
        file: PathBuf,
        /// The folder to write into
        #[arg(short, long, value_name = "DIR")]
        out: PathBuf,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Format {
    /// A table and retainer chains
    Text,
    /// The whole report
    Json,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Color {
    /// If standard output is a terminal
    Auto,
    Always,
    Never,
}

fn threads(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(n @ 1..=1024) => Ok(n),
        _ => Err("a number from 1 to 1024 belongs here".to_owned()),
    }
}

impl Args {
    /// The two files.
    pub(super) fn paths(&self) -> Result<Pair<&Path>, Failure> {
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => Ok(Pair::new(before.as_path(), after.as_path())),
            (Some(_), None) => Err(Failure::usage(
                "the second snapshot is missing: heapdiff before.heapsnapshot after.heapsnapshot",
            )),
            _ => Err(Failure::usage(
                "two snapshots are needed: heapdiff before.heapsnapshot after.heapsnapshot",
            )),
        }
    }

    /// What the text shows.
    pub(super) fn view(&self) -> View {
        View {
            top: self.top,
            sort: self.sort,
            all: self.all,
            class: self.class.as_deref().map(Glob::new),
            chains: self.chains,
            width: self.width.or_else(terminal_width).or_else(columns),
            color: match self.color {
                Color::Always => true,
                Color::Never => false,
                Color::Auto => std::io::stdout().is_terminal(),
            },
        }
    }
}

fn terminal_width() -> Option<usize> {
    terminal_size::terminal_size_of(std::io::stdout()).map(|(w, _)| usize::from(w.0))
}

fn columns() -> Option<usize> {
    std::env::var("COLUMNS").ok()?.parse().ok().filter(|n| *n > 0)
}
