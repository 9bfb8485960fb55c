//! Paths in, an [`Explorer`] of them out: the one that is kept from before, if its files are still what
//! they were.

use crate::cancel::Cancel;
use crate::error::{ErrorKind, Result};
use crate::explore::{ExploreOptions, Explorer};
use crate::input::{Limits, Reading, Source, State};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Snapshots that are kept where nothing else limits them.
const SNAPSHOTS: usize = 8;

/// A snapshot and perhaps an older one, to be asked.
#[derive(Debug)]
struct One {
    files: Vec<PathBuf>,
    states: Vec<State>,
    explorer: Arc<Explorer>,
}

/// Those that were asked last, the latest at the end.
#[derive(Debug)]
pub(super) struct Kept {
    all: Vec<One>,
    options: ExploreOptions,
    /// Whether files that are cut off are read as far as they go.
    truncated: bool,
}

impl Kept {
    /// `options.memory` is for all together.
    pub(super) const fn new(options: ExploreOptions, truncated: bool) -> Self {
        Self { all: Vec::new(), options, truncated }
    }

    /// How files are read within so many bytes of memory.
    pub(super) fn reading(&self, memory: Option<u64>) -> Reading {
        Reading { map: true, truncated: self.truncated, limits: Limits::within(memory) }
    }

    /// A snapshot and perhaps an older one, to be asked; `states` is what the files are now.
    ///
    /// # Errors
    /// As of [`Explorer::open`].
    pub(super) fn explorer(
        &mut self,
        (file, older): (&Path, Option<&Path>),
        states: &[State],
        cancel: &Cancel,
    ) -> Result<Arc<Explorer>> {
        let files: Vec<PathBuf> = [file].into_iter().chain(older).map(Path::to_owned).collect();
        // Of a file that has changed nothing is true any more.
        self.all.retain(|one| one.files != files || one.states == states);
        if let Some(at) = self.all.iter().position(|one| one.files == files) {
            let one = self.all.remove(at);
            let explorer = Arc::clone(&one.explorer);
            self.all.push(one);
            return Ok(explorer);
        }
        let explorer = Arc::new(self.within(|kept, memory| {
            let options = ExploreOptions { memory, cancel: cancel.clone(), ..kept.options.clone() };
            let reading = kept.reading(memory);
            let source = |path: &Path| Source::new(path, reading.clone());
            Explorer::open(source(file), older.map(source), options)
        })?);
        let states = states.to_vec();
        self.all.push(One { files, states, explorer: Arc::clone(&explorer) });
        if self.all.len() > SNAPSHOTS {
            self.all.remove(0);
        }
        Ok(explorer)
    }

    /// Does some work in the memory (in bytes) that is not taken, and gives up what was asked least lately
    /// where that is too little.
    ///
    /// # Errors
    /// What the work says, if giving up everything does not help.
    pub(super) fn within<T>(
        &mut self,
        work: impl Fn(&Self, Option<u64>) -> Result<T>,
    ) -> Result<T> {
        loop {
            let taken: u64 = self.all.iter().map(|one| one.explorer.needs()).sum();
            let memory = self.options.memory.map(|limit| limit.saturating_sub(taken));
            match work(self, memory) {
                Err(e) if e.kind() == ErrorKind::Memory && !self.all.is_empty() => {
                    self.all.remove(0);
                }
                done => return done,
            }
        }
    }
}
