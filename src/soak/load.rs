//! What a program is to bear: the same again and again.

use super::program::Program;
use super::shell::shell;
use super::tally::Tally;
use crate::cancel::Cancel;
use crate::error::Result;
use std::ops::Range;

/// A load.
pub(crate) trait Load {
    /// What it is, in a few words.
    fn told(&self) -> String;

    /// What of it could not be made, and why.
    fn omitted(&self) -> Vec<String> {
        Vec::new()
    }

    /// Its parts by their names, with their shares of so many calls: after each it is looked what the
    /// program keeps.
    fn parts(&self, calls: u64) -> Vec<(&'static str, u64)> {
        vec![("", calls)]
    }

    /// Makes the calls of a part; `numbers` are theirs, which no other calls have.
    ///
    /// # Errors
    /// If it cannot be made, or the program ends meanwhile.
    fn drive(
        &mut self,
        part: &str,
        numbers: Range<u64>,
        program: &mut Program,
        cancel: &Cancel,
    ) -> Result<Tally>;
}

/// A load that is a command of the shell's.
#[derive(Debug)]
pub(crate) struct Command {
    line: String,
    url: String,
    /// Whether it says how many calls it makes.
    counts: bool,
}

impl Command {
    /// `{n}` in it becomes the number of calls, `{url}` where the program listens. `counts` is whether
    /// it makes so many calls in any case.
    pub(crate) fn new(line: String, url: String, counts: bool) -> Self {
        let counts = counts || line.contains("{n}");
        Self { line, url, counts }
    }
}

impl Load for Command {
    fn told(&self) -> String {
        self.line.clone()
    }

    fn drive(
        &mut self,
        _: &str,
        numbers: Range<u64>,
        program: &mut Program,
        cancel: &Cancel,
    ) -> Result<Tally> {
        let calls = numbers.end - numbers.start;
        let line = self.line.replace("{n}", &calls.to_string()).replace("{url}", &self.url);
        shell(&line, program, cancel)?;
        Ok(Tally { calls: if self.counts { calls } else { 0 }, ..Tally::default() })
    }
}
