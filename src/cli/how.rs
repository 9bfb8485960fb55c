//! How files are read and in which form the answer is given; a question in, the answer on standard
//! output out.

use super::color::Color;
use super::exit::{Exit, Failure};
use super::format::Body;
use super::help::{Help, INPUT, MACHINE, OUTPUT};
use super::limit::Memory;
use super::screen::{links, width};
use super::{once, print, threads};
use crate::cancel::Cancel;
use crate::explore::{Answer, ExploreOptions, Explorer};
use crate::input::{Limits, Reading, Source};
use crate::render::{View, answer_agent, answer_json, answer_text};
use clap::ValueEnum;
use std::path::PathBuf;

/// How files are read and the answer is given.
#[derive(Debug, clap::Args)]
pub(super) struct How {
    /// What to print
    #[arg(short, long, value_enum, default_value = "text", help_heading = OUTPUT)]
    format: Format,
    /// Show the values of strings; they may hold secrets
    #[arg(long, help_heading = OUTPUT)]
    show_strings: bool,
    /// Show what looks like a secret in names, and with --show-strings in strings
    #[arg(long, help_heading = OUTPUT)]
    show_secrets: bool,
    /// Use colours
    #[arg(long, help_heading = OUTPUT, value_enum, default_value = "auto")]
    color: Color,
    /// Columns to use [default: the terminal's, then $COLUMNS, then unlimited]
    #[arg(long, help_heading = OUTPUT, value_name = "COLUMNS")]
    width: Option<usize>,
    /// Source maps that do not lie beside their scripts (may be repeated)
    #[arg(long, help_heading = INPUT, value_name = "DIR|FILE")]
    source_maps: Vec<PathBuf>,
    /// Read a file that is cut off as far as it goes; the answer says so
    #[arg(long, help_heading = INPUT)]
    allow_truncated: bool,
    /// Read files into memory instead of mapping them
    #[arg(long, help_heading = INPUT)]
    no_mmap: bool,
    /// Threads to use [default: one per core]
    #[arg(long, help_heading = MACHINE, value_name = "N", value_parser = threads::parse)]
    pub threads: Option<usize>,
    #[command(flatten)]
    memory: Memory,
    #[command(flatten)]
    help: Help,
}

/// In which form an answer is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// The whole answer
    Json,
    /// A short text for a language model
    Agent,
}

impl How {
    /// Asks one file, or the newer of two.
    pub(super) fn answer(
        &self,
        files: &[String],
        ask: impl FnOnce(&Explorer) -> crate::error::Result<Answer>,
    ) -> Result<Exit, Failure> {
        let paths: Vec<PathBuf> = files.iter().map(PathBuf::from).collect();
        once::check(&paths)?;
        let mut sources = paths.into_iter().rev().map(|path| Source::new(path, self.reading()));
        let (Some(newest), older, None) = (sources.next(), sources.next(), sources.next()) else {
            let many = files.len();
            return Err(Failure::usage(format!(
                "one snapshot or two can be asked, oldest first; these are {many}"
            )));
        };
        let options = ExploreOptions {
            show_strings: self.show_strings,
            show_secrets: self.show_secrets,
            memory: self.memory.limit(),
            source_maps: self.source_maps.clone(),
            confined_to: Vec::new(),
            cancel: Cancel::default(),
        };
        let explorer = Explorer::open(newest, older, options)?;
        let reply = explorer.reply(ask(&explorer)?);
        let text = match self.format {
            Format::Text => answer_text(&reply, &self.view()),
            Format::Json => answer_json(&reply)
                .map_err(|e| Failure::usage(format!("cannot write the answer: {e}")))?,
            Format::Agent => answer_agent(&reply),
        };
        print(&Body::Ready(text))?;
        Ok(Exit::Fine)
    }

    fn reading(&self) -> Reading {
        let limits = Limits::within(self.memory.limit());
        Reading { map: !self.no_mmap, truncated: self.allow_truncated, limits }
    }

    fn view(&self) -> View {
        View {
            width: width(self.width),
            color: self.color.wanted(),
            links: links(),
            ..View::plain(None)
        }
    }
}
