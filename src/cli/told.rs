//! The part of the command line that says how a comparison is told and judged: the same whether its
//! snapshots are given or taken.

use super::color::Color;
use super::format::Format;
use super::gates::GateArgs;
use super::help::{ANALYSIS, INPUT, MACHINE, OUTPUT, TEXT};
use super::limit::Memory;
use super::output::Output;
#[cfg(feature = "capture")]
use super::screen::width_beside;
use super::screen::{links, width};
use super::threads;
use crate::cancel::Cancel;
use crate::glob::Glob;
use crate::render::{Sort, View};
use crate::report::{Need, Options};
use clap::builder::{OsStringValueParser, TypedValueParser};
use std::path::PathBuf;

/// How a comparison is told and judged.
#[derive(Debug, clap::Args)]
pub(super) struct Told {
    /// What to print
    #[arg(short, long, value_enum, default_value = "text", help_heading = OUTPUT)]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    pub format: Format,

    /// Write a file too, in the format of its name (may be repeated)
    #[arg(short, long, value_name = "[FORMAT=]FILE", help_heading = OUTPUT)]
    #[arg(value_parser = OsStringValueParser::new().try_map(Output::parse))]
    pub output: Vec<Output>,

    /// Print nothing but errors and broken gates
    #[arg(short, long, hide_short_help = true, help_heading = OUTPUT)]
    pub quiet: bool,

    /// Show the values of strings; they may hold secrets
    #[arg(long, hide_short_help = true, help_heading = ANALYSIS)]
    pub show_strings: bool,

    /// Show what looks like a secret in names, and with --show-strings in strings
    #[arg(long, hide_short_help = true, help_heading = ANALYSIS)]
    show_secrets: bool,

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
    #[arg(long, hide_short_help = true, help_heading = TEXT, value_name = "GLOB")]
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

    /// Source maps that do not lie beside their scripts (may be repeated)
    ///
    /// A map, or a folder with maps and perhaps their scripts. Maps that scripts name, and those beside
    /// them, are found without this. Nothing is fetched.
    #[arg(long, hide_short_help = true, help_heading = INPUT, value_name = "DIR|FILE")]
    source_maps: Vec<PathBuf>,

    /// Use colours
    #[arg(long, hide_short_help = true, help_heading = TEXT, value_enum, default_value = "auto")]
    color: Color,

    /// Columns to use [default: the terminal's, then $COLUMNS, then unlimited]
    #[arg(long, hide_short_help = true, help_heading = TEXT, value_name = "COLUMNS")]
    #[arg(value_parser = number)]
    width: Option<usize>,

    /// Threads to use [default: one per core]
    #[arg(long, hide_short_help = true, help_heading = MACHINE, value_name = "N", value_parser = threads::parse)]
    pub threads: Option<usize>,

    #[command(flatten)]
    pub memory: Memory,

    /// Say on standard error how long each phase took
    #[arg(long, hide_short_help = true, help_heading = MACHINE)]
    pub timings: bool,
}

pub(super) fn number(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| "a whole number belongs here".to_owned())
}

pub(super) fn calls(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(n @ 1..) => Ok(n),
        _ => Err("a whole number from 1 on belongs here: how many requests you sent".to_owned()),
    }
}

impl Told {
    /// What the report goes by, and what it has to hold for whatever shows it.
    pub(super) fn options(&self, need: Need) -> Options {
        Options {
            need,
            show_strings: self.show_strings,
            show_secrets: self.show_secrets,
            calls: None,
            memory: self.memory.limit(),
            keep_freed: None,
            source_maps: self.source_maps.clone(),
            confined_to: Vec::new(),
            cancel: Cancel::default(),
            by_id: None,
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
            width: width(self.width),
            color: self.color.wanted(),
            links: links(),
        }
    }

    /// The same in a file: nothing of it depends on the terminal.
    pub(super) fn view_of_file(&self) -> View {
        View { width: self.width, color: false, links: None, ..self.view() }
    }

    /// The same on standard error, beside a report that goes elsewhere.
    #[cfg(feature = "capture")]
    pub(super) fn view_beside(&self) -> View {
        View { width: self.width.or_else(width_beside), ..self.view_of_file() }
    }
}
