//! The command line, described once.

use super::exit::Failure;
use super::format::Format;
use crate::input::{Reading, Series, Source, series};
use crate::render::{Glob, Sort, View};
use crate::report::Options;
use clap::{Parser, Subcommand, ValueEnum};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

/// Compares two V8 heap snapshots and says what grew and why it stays.
#[derive(Debug, Parser)]
#[command(
    version,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    disable_help_subcommand = true,
    after_help = "Exit codes: 0 compared, 2 wrong usage, 3 a file that cannot be read or is no \
                  snapshot.\nGrowth alone is never a failure."
)]
pub(super) struct Args {
    #[command(subcommand)]
    pub command: Option<Command>,

    /// Snapshots of one process, oldest first: files, also packed (.gz, .zst, .br) or in an archive
    /// (.tar, .tgz, .zip), or - for standard input. The first is compared with the last; those in
    /// between tell what goes on growing. One directory or archive alone: the snapshots in it
    #[arg(required = true, num_args = 1.., value_names = ["BEFORE", "AFTER"])]
    files: Vec<PathBuf>,

    /// What to print
    #[arg(short, long, value_enum, default_value = "text")]
    pub format: Format,

    /// How often the operation in question ran in between: gives figures per call
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    calls: Option<u64>,

    /// Rows of the table [default: 6, or 15 with --sort or --class; 0: all]
    #[arg(long, value_name = "N")]
    top: Option<usize>,

    /// Order of the table [default: by what the new objects retain]
    #[arg(long, value_enum)]
    sort: Option<Sort>,

    /// Show every class, the engine's too (as --top 0, and nothing folded)
    #[arg(long)]
    all: bool,

    /// Show only classes of this name; * is any text, ? any character
    #[arg(long, value_name = "GLOB")]
    class: Option<String>,

    /// Suspects to explain [default: 1], or with --class retainer chains to draw [default: 3]
    #[arg(long, value_name = "N")]
    chains: Option<usize>,

    /// Independent ways to show for each suspect, 3 at most
    #[arg(long, value_name = "N", default_value_t = 2)]
    paths: usize,

    /// Whether ids tell which objects are the same, for everything but the # columns
    #[arg(long, value_enum, default_value = "auto")]
    identity: Identity,

    /// Show the values of strings; they may hold secrets
    #[arg(long)]
    pub show_strings: bool,

    /// Read a file that is cut off as far as it goes; the report says so
    #[arg(long)]
    allow_truncated: bool,

    /// Read files into memory instead of mapping them
    #[arg(long)]
    no_mmap: bool,

    /// Use colours
    #[arg(long, value_enum, default_value = "auto")]
    color: Color,

    /// Columns to use [default: the terminal's, then $COLUMNS, then unlimited]
    #[arg(long, value_name = "COLUMNS")]
    width: Option<usize>,

    /// Threads to use [default: one per core]
    #[arg(long, value_name = "N", value_parser = threads)]
    pub threads: Option<usize>,

    /// Say on standard error how long each phase took
    #[arg(long)]
    pub timings: bool,

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
enum Identity {
    /// Find out
    Auto,
    /// They do: one process
    Id,
    /// They do not: go by counts and places
    Count,
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
    /// The files to compare. Of a directory or an archive, what is in it.
    pub(super) fn files(&self) -> Result<Series, Failure> {
        let reading = self.reading();
        if let [one] = self.files.as_slice() {
            return Ok(series(one, &reading)?);
        }
        if self.files.iter().filter(|file| *file == Path::new("-")).count() > 1 {
            return Err(Failure::usage("standard input (-) can be read only once"));
        }
        let files = self.files.iter().map(|file| Source::new(file, reading)).collect();
        Series::of(files).ok_or_else(|| {
            Failure::usage(
                "two snapshots are needed: heapdiff before.heapsnapshot after.heapsnapshot",
            )
        })
    }

    /// How files are read.
    fn reading(&self) -> Reading {
        Reading { map: !self.no_mmap, truncated: self.allow_truncated, ..Reading::default() }
    }

    /// What the report goes by.
    pub(super) fn options(&self) -> Options {
        Options {
            show_strings: self.show_strings,
            calls: self.calls,
            by_id: match self.identity {
                Identity::Auto => None,
                Identity::Id => Some(true),
                Identity::Count => Some(false),
            },
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
            paths: self.paths,
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
