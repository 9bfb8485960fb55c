//! The command line, described once.

use super::ask::Question;
use super::color::Color;
use super::exit::Failure;
use super::format::Format;
use super::gates::GateArgs;
use super::help::{self, ANALYSIS, Help, INPUT, MACHINE, MORE, OUTPUT, TEXT};
use super::limit::Memory;
use super::once;
use super::output::Output;
use super::screen::{columns, links, terminal_width};
use super::threads;
use crate::cancel::Cancel;
use crate::glob::Glob;
use crate::input::{Limits, Reading, Series, Source, series};
use crate::render::{Sort, View};
use crate::report::{Need, Options};
use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{ArgAction, Parser, Subcommand, ValueEnum};
use std::path::{Path, PathBuf};

/// Compares two V8 heap snapshots and says what grew and why it stays.
#[derive(Debug, Parser)]
#[command(
    version,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true,
    after_help = help::SHORT,
    after_long_help = help::LONG
)]
pub(super) struct Args {
    #[command(subcommand)]
    pub command: Option<Command>,

    /// Snapshots of one process, oldest first; also packed, or a folder of them
    ///
    /// Files, also packed (.gz, .zst, .br) or in an archive (.tar, .tgz, .zip), or - for standard
    /// input. The first is compared with the last; those in between tell what goes on growing. One
    /// directory or archive alone: the snapshots in it.
    #[arg(required = true, num_args = 1.., value_names = ["BEFORE", "AFTER"])]
    files: Vec<PathBuf>,

    /// What to print
    #[arg(short, long, value_enum, default_value = "text", help_heading = OUTPUT)]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    pub format: Format,

    /// Write a file too, in the format of its name (may be repeated)
    #[arg(short, long, value_name = "[FORMAT=]FILE", help_heading = OUTPUT)]
    #[arg(value_parser = OsStringValueParser::new().try_map(Output::parse))]
    pub output: Vec<Output>,

    /// Print nothing but errors and broken gates
    #[arg(short, long, help_heading = OUTPUT)]
    pub quiet: bool,

    /// How often the operation in question ran in between: gives figures per call
    #[arg(long, help_heading = ANALYSIS, value_name = "N", value_parser = calls)]
    pub calls: Option<u64>,

    #[command(flatten)]
    pub gates: GateArgs,

    /// Rows of the table [default: 6, or 15 with --sort or --class; 0: all]
    #[arg(long, hide_short_help = true, help_heading = TEXT, value_name = "N", value_parser = number)]
    top: Option<usize>,

    /// Order of the table [default: by what the new objects retain]
    #[arg(long, hide_short_help = true, help_heading = TEXT, value_enum)]
    sort: Option<Sort>,

    /// Show every class, the engine's too (as --top 0, and nothing folded)
    #[arg(long, hide_short_help = true, help_heading = TEXT)]
    all: bool,

    /// Show only classes of this name; * is any text, ? any character
    #[arg(long, help_heading = TEXT, value_name = "GLOB")]
    class: Option<String>,

    /// Suspects to explain [default: 1]
    #[arg(long, hide_short_help = true, help_heading = TEXT, value_name = "N", value_parser = number)]
    suspects: Option<usize>,

    /// Retainer chains to draw with --class [default: 3]
    #[arg(long, hide_short_help = true, help_heading = TEXT, value_name = "N", value_parser = number)]
    chains: Option<usize>,

    /// Independent ways to show for each suspect, 3 at most
    #[arg(long, hide_short_help = true, help_heading = TEXT, value_name = "N", default_value_t = 2)]
    #[arg(value_parser = number)]
    ways: usize,

    /// Whether ids tell which objects are the same, for everything but the # columns
    #[arg(long, hide_short_help = true, help_heading = ANALYSIS, value_enum, default_value = "auto")]
    identity: Identity,

    /// Show the values of strings; they may hold secrets
    #[arg(long, hide_short_help = true, help_heading = ANALYSIS)]
    pub show_strings: bool,

    /// Show what looks like a secret in names, and with --show-strings in strings
    #[arg(long, hide_short_help = true, help_heading = ANALYSIS)]
    show_secrets: bool,

    /// Source maps that do not lie beside their scripts (may be repeated)
    ///
    /// A map, or a folder with maps and perhaps their scripts. Maps that scripts name, and those beside
    /// them, are found without this. Nothing is fetched.
    #[arg(long, hide_short_help = true, help_heading = INPUT, value_name = "DIR|FILE")]
    source_maps: Vec<PathBuf>,

    /// Read a file that is cut off as far as it goes; the report says so
    #[arg(long, hide_short_help = true, help_heading = INPUT)]
    allow_truncated: bool,

    /// Read files into memory instead of mapping them
    #[arg(long, hide_short_help = true, help_heading = INPUT)]
    no_mmap: bool,

    /// Use colours
    #[arg(long, hide_short_help = true, help_heading = TEXT, value_enum, default_value = "auto")]
    color: Color,

    /// Columns to use [default: the terminal's, then $COLUMNS, then unlimited]
    #[arg(long, hide_short_help = true, help_heading = TEXT, value_name = "COLUMNS")]
    #[arg(value_parser = number)]
    width: Option<usize>,

    /// Threads to use [default: one per core]
    #[arg(long, hide_short_help = true, help_heading = MACHINE, value_name = "N", value_parser = threads::parse)]
    threads: Option<usize>,

    #[command(flatten)]
    memory: Memory,

    /// Say on standard error how long each phase took
    #[arg(long, hide_short_help = true, help_heading = MACHINE)]
    pub timings: bool,

    /// Print help; --help has all options and examples
    #[arg(short, long, action = ArgAction::Help, help_heading = MORE)]
    help: Option<bool>,

    /// Print the version
    #[arg(short = 'V', long, action = ArgAction::Version, hide_short_help = true, help_heading = MORE)]
    version: Option<bool>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    #[command(flatten)]
    Ask(Question),
    /// Write snapshots without the values of their strings, so that they can be shared
    Scrub {
        /// The snapshots. What is scrubbed at once can be compared
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// The file to write, or - for standard output; for several snapshots a folder
        #[arg(short, long, value_name = "OUT")]
        out: PathBuf,
        #[command(flatten)]
        memory: Memory,
        #[command(flatten)]
        help: Help,
    },
    /// Take a snapshot of a running process, over its inspector
    #[cfg(feature = "capture")]
    Capture(super::capture::Capture),
    /// Serve a language model: what heapdiff tells, as tools of the Model Context Protocol
    #[cfg(feature = "mcp")]
    Mcp(super::mcp::Server),
    /// Say what a word of the report means; without one, list all words
    Explain {
        /// A column, a pattern, a verdict or another word of the report
        #[arg(value_name = "TERM")]
        term: Vec<String>,
        #[command(flatten)]
        help: Help,
    },
    /// Print a script that completes options and file names in a shell
    #[command(hide = true)]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    #[command(hide = true)]
    Man,
    /// Write every number computed from one snapshot, to be held against DevTools' own
    #[command(hide = true)]
    Dump {
        /// The snapshot
        file: PathBuf,
        /// The folder to write into
        #[arg(short, long, value_name = "DIR")]
        out: PathBuf,
        /// Show what looks like a secret in names
        #[arg(long)]
        show_secrets: bool,
        #[command(flatten)]
        memory: Memory,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Identity {
    /// Find out
    Auto,
    /// They do: one process
    Id,
    /// They do not: match objects by structure, classes by counts
    Count,
}

fn number(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| "a whole number belongs here".to_owned())
}

fn calls(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(n @ 1..) => Ok(n),
        _ => Err("a whole number from 1 on belongs here: how many requests you sent".to_owned()),
    }
}

impl Args {
    /// The files to compare. Of a directory or an archive, what is in it. `memory` is the limit for
    /// what is unpacked, in bytes.
    pub(super) fn files(&self, memory: Option<u64>) -> Result<Series, Failure> {
        let reading = self.reading(memory);
        if let [one] = self.files.as_slice() {
            return Ok(series(one, &reading)?);
        }
        once::check(&self.files)?;
        let files = self.files.iter().map(|file| Source::new(file, reading.clone())).collect();
        Series::of(files).ok_or_else(|| {
            Failure::usage(
                "two snapshots are needed: heapdiff before.heapsnapshot after.heapsnapshot",
            )
        })
    }

    /// Threads to use; `None` for one per core.
    pub(super) const fn threads(&self) -> Option<usize> {
        match &self.command {
            Some(Command::Ask(question)) => question.how().threads,
            #[cfg(feature = "mcp")]
            Some(Command::Mcp(server)) => server.threads,
            _ => self.threads,
        }
    }

    /// How files are read.
    fn reading(&self, memory: Option<u64>) -> Reading {
        Reading {
            map: !self.no_mmap,
            truncated: self.allow_truncated,
            limits: Limits::within(memory),
        }
    }

    /// The files and folders as they were given.
    pub(super) fn named(&self) -> Vec<&Path> {
        self.files.iter().map(PathBuf::as_path).collect()
    }

    /// What the report goes by, and what it has to hold for whatever shows it.
    pub(super) fn options(&self, need: Need) -> Options {
        Options {
            need,
            show_strings: self.show_strings,
            show_secrets: self.show_secrets,
            calls: self.calls,
            memory: self.memory.limit(),
            keep_freed: None,
            source_maps: self.source_maps.clone(),
            confined_to: Vec::new(),
            cancel: Cancel::default(),
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
            // Suspects were once told by --chains.
            suspects: self.suspects.or(self.chains),
            chains: self.chains,
            ways: self.ways,
            width: self.width.or_else(terminal_width).or_else(columns),
            color: self.color.wanted(),
            links: links(),
        }
    }

    /// The same in a file: nothing of it depends on the terminal.
    pub(super) fn view_of_file(&self) -> View {
        View { width: self.width, color: false, links: None, ..self.view() }
    }
}
