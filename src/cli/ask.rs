//! A question and files in, the answer on standard output.

use super::color::Color;
use super::exit::{Exit, Failure};
use super::format::Body;
use super::help::{INPUT, MACHINE, OUTPUT};
use super::limit::Memory;
use super::screen::{columns, links, terminal_width};
use super::{once, print, threads};
use crate::explore::{Answer, ExploreOptions, Explorer, Page};
use crate::input::{Limits, Reading, Source};
use crate::render::{View, answer_agent, answer_json, answer_text};
use clap::ValueEnum;
use std::path::PathBuf;

/// What one can ask.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Question {
    /// Show one object: what it is, what holds it, what it has, and what it was before
    Show {
        /// One snapshot or two, oldest first, and the id of an object, as 79939 or @79939
        #[arg(required = true, num_args = 2..=3, value_names = ["FILE", "ID"])]
        named: Vec<String>,
        /// Tell the references of the file as they are
        #[arg(long)]
        raw: bool,
        #[command(flatten)]
        page: Paging,
        #[command(flatten)]
        how: How,
    },
    /// Show what a snapshot is made of: classes, heavy objects, containers, copies, closures, listeners
    Summary {
        /// One snapshot, or two, oldest first: then classes say how many of their objects are new
        #[arg(required = true, num_args = 1..=2, value_name = "FILE")]
        files: Vec<String>,
        /// Rows of each list to tell; 0 for all
        #[arg(long, value_name = "N", default_value_t = 10)]
        limit: u64,
        #[command(flatten)]
        how: How,
    },
}

impl Question {
    pub(super) const fn how(&self) -> &How {
        match self {
            Self::Show { how, .. } | Self::Summary { how, .. } => how,
        }
    }
}

/// Which part of a long list is wanted.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(super) struct Paging {
    /// Rows to pass over
    #[arg(long, value_name = "N", default_value_t = 0)]
    from: u64,
    /// Rows to tell; 0 for all
    #[arg(long, value_name = "N", default_value_t = 40)]
    limit: u64,
}

impl Paging {
    const fn page(self) -> Page {
        Page { from: self.from, limit: if self.limit == 0 { u64::MAX } else { self.limit } }
    }
}

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

/// Answers.
///
/// # Errors
/// If a file cannot be read, or has nothing of that name.
pub(super) fn ask(question: &Question) -> Result<Exit, Failure> {
    match question {
        Question::Show { named, raw, page, how } => {
            let (id, files) = last(named)?;
            let id = id_of(id)?;
            how.answer(files, |heap| {
                Ok(Answer::Show(Box::new(heap.show(id, page.page(), *raw)?)))
            })
        }
        Question::Summary { files, limit, how } => {
            let limit = if *limit == 0 { u64::MAX } else { *limit };
            how.answer(files, |heap| Ok(Answer::Summary(Box::new(heap.summary(limit)?))))
        }
    }
}

/// The last of some arguments, and those before.
fn last(named: &[String]) -> Result<(&String, &[String]), Failure> {
    named.split_last().ok_or_else(|| Failure::usage("a file and an id are needed"))
}

/// `79939` or `@79939`.
fn id_of(text: &str) -> Result<u64, Failure> {
    let digits = text.strip_prefix('@').unwrap_or(text);
    digits.parse().map_err(|_| {
        Failure::usage(format!("{text} is no id")).hint(Some(
            "an id is a number, last of all arguments: heapdiff show after.heapsnapshot @79939"
                .to_owned(),
        ))
    })
}

impl How {
    /// Asks one file, or the newer of two.
    fn answer(
        &self,
        files: &[String],
        ask: impl FnOnce(&Explorer) -> crate::error::Result<Answer>,
    ) -> Result<Exit, Failure> {
        let paths: Vec<PathBuf> = files.iter().map(PathBuf::from).collect();
        once::check(&paths)?;
        let mut sources = paths.into_iter().rev().map(|path| Source::new(path, self.reading()));
        let (Some(newest), older, None) = (sources.next(), sources.next(), sources.next()) else {
            return Err(Failure::usage("one snapshot or two are needed, oldest first"));
        };
        let options = ExploreOptions {
            show_strings: self.show_strings,
            show_secrets: self.show_secrets,
            memory: self.memory.limit(),
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
            width: self.width.or_else(terminal_width).or_else(columns),
            color: self.color.wanted(),
            links: links(),
            ..View::plain(None)
        }
    }
}
