//! The command line, described once.

use super::ask::Question;
use super::exit::Failure;
use super::help::{self, ANALYSIS, Help, INPUT, MORE};
use super::limit::Memory;
use super::once;
use super::told::{Told, calls};
use crate::input::{Limits, Reading, Series, Source, series};
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

    #[command(flatten)]
    pub told: Told,

    /// How often the operation in question ran in between: gives figures per call
    #[arg(long, help_heading = ANALYSIS, value_name = "N", value_parser = calls)]
    pub calls: Option<u64>,

    /// Whether ids tell which objects are the same, for everything but the # columns
    #[arg(long, hide_short_help = true, help_heading = ANALYSIS, value_enum, default_value = "auto")]
    identity: Identity,

    /// Read a file that is cut off as far as it goes; the report says so
    #[arg(long, hide_short_help = true, help_heading = INPUT)]
    allow_truncated: bool,

    /// Read files into memory instead of mapping them
    #[arg(long, hide_short_help = true, help_heading = INPUT)]
    no_mmap: bool,

    /// Print help; --help has all options and examples
    #[arg(short, long, action = ArgAction::Help, help_heading = MORE)]
    help: Option<bool>,

    /// Print the version
    #[arg(short = 'V', long, action = ArgAction::Version, hide_short_help = true, help_heading = MORE)]
    version: Option<bool>,

    /// With --version: also what it was built with and for
    #[arg(long, hide_short_help = true, requires = "version", help_heading = MORE)]
    verbose: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    #[command(flatten)]
    Ask(Question),
    /// Tell whether a fix works: what leaked before it, and leaks after it
    Verify(super::verify::Verify),
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
    /// Start a program, load it, and say what it keeps
    #[cfg(feature = "capture")]
    Run(Box<super::run::Run>),
    /// Watch a running process, and say what it keeps
    #[cfg(feature = "capture")]
    Watch(Box<super::watch::Watch>),
    /// Say from logs whether memory goes on growing, how fast, and until when
    Trend(Box<super::trend::Trend>),
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
        #[command(flatten)]
        help: Help,
    },
    /// Print the manual page
    #[command(hide = true)]
    Man {
        #[command(flatten)]
        help: Help,
    },
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
        #[command(flatten)]
        help: Help,
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
            Some(Command::Verify(verify)) => verify.threads,
            #[cfg(feature = "capture")]
            Some(Command::Run(run)) => run.told.threads,
            #[cfg(feature = "capture")]
            Some(Command::Watch(watch)) => watch.told.threads,
            #[cfg(feature = "mcp")]
            Some(Command::Mcp(server)) => server.threads,
            _ => self.told.threads,
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

    /// Whether ids tell which objects are the same; `None` to find out.
    pub(super) const fn by_id(&self) -> Option<bool> {
        match self.identity {
            Identity::Auto => None,
            Identity::Id => Some(true),
            Identity::Count => Some(false),
        }
    }
}
