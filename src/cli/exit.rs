//! Exit codes, in one place but for one: where an allocation fails, `main` ends the program itself.

use crate::error::{Error, ErrorKind, Hint, Remedy};
use crate::text::{visible, without_commands};
use std::io::Write;
use std::ops::Range;
use std::process::ExitCode;
use unicode_width::UnicodeWidthStr;

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    /// Compared (whatever has grown).
    Fine = 0,
    /// Compared, and a gate is broken.
    Gate = 1,
    /// The command line, the configuration or the baseline is wrong.
    Usage = 2,
    /// A file cannot be read or written, or is no snapshot.
    File = 3,
    /// There is not enough memory.
    Memory = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a run ended early.
#[derive(Debug)]
pub(super) struct Failure {
    exit: Exit,
    what: String,
    /// The text that is wrong, and a line that points into it.
    excerpt: Option<String>,
    hint: Option<String>,
}

impl Failure {
    pub(super) fn usage(what: impl Into<String>) -> Self {
        Self::with(Exit::Usage, what)
    }

    pub(super) fn with(exit: Exit, what: impl Into<String>) -> Self {
        Self { exit, what: what.into(), excerpt: None, hint: None }
    }

    /// Adds what to do now.
    pub(super) fn hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint;
        self
    }

    /// Shows the text that is wrong with carets below the place.
    pub(super) fn at(mut self, text: &str, place: Range<usize>) -> Self {
        let width = |part: Option<&str>| visible(part.unwrap_or_default()).width();
        let blanks = " ".repeat(width(text.get(..place.start)));
        let carets = "^".repeat(width(text.get(place)).max(1));
        self.excerpt = Some(format!("  {}\n  {blanks}{carets}", visible(text)));
        self
    }

    /// Says on stderr what went wrong and what to do now, and gives the exit code.
    pub(super) fn tell(self) -> Exit {
        say(&format!("error: {}", visible(&self.what)));
        self.excerpt.iter().for_each(|excerpt| say(excerpt));
        self.hint.iter().for_each(|hint| say(&format!("hint: {}", visible(hint))));
        self.exit
    }
}

/// Writes a line to standard error, of which a CI system's log obeys nothing.
pub(super) fn say(line: &str) {
    // If it is closed there is no one left to tell.
    let _ = writeln!(std::io::stderr().lock(), "{}", without_commands(line.to_owned()));
}

/// A hint that calls remedies by the options of the command line.
pub(super) fn in_options(hint: &Hint) -> String {
    hint.with(|remedy| match remedy {
        Remedy::MoreMemory => "--max-memory",
        Remedy::Truncated => "--allow-truncated",
        Remedy::Map => "--no-mmap",
        Remedy::Two => {
            "heapdiff before.heapsnapshot after.heapsnapshot; of one alone, heapdiff summary FILE"
        }
        Remedy::Accept => "--write-baseline",
        Remedy::Force => "--force",
        Remedy::Field => "--field heap=NAME",
        Remedy::Another => "give --fail-on once more for another",
    })
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let exit = match error.kind() {
            ErrorKind::Usage => Exit::Usage,
            ErrorKind::Memory => Exit::Memory,
            ErrorKind::Io | ErrorKind::NotASnapshot | ErrorKind::Damaged | ErrorKind::Cancelled => {
                Exit::File
            }
        };
        let what = match error.kind() {
            // Here nobody but the user cancels.
            ErrorKind::Cancelled => "interrupted".into(),
            _ => error.to_string(),
        };
        Self { exit, what, excerpt: None, hint: error.hint().map(in_options) }
    }
}
