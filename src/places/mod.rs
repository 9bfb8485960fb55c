//! A place in a script in, the place that its author wrote out: what source maps tell.
//!
//! ```text
//!   /app/dist/server.mjs:117:24644  ->  /app/src/session.ts:41:5
//! ```
//!
//! A map is looked for when the first place of its script is asked for, and read once. It may be a
//! stranger's as well as the snapshot that names it: only regular files are opened, in the script's own
//! folder and in those that are given, nothing is fetched, and what is wrong, or too much, is a note.

mod decode;
mod file;
mod find;
mod names;
mod packages;

use file::Reader;
use find::{Found, Given};
pub use packages::Manifest;
use packages::Packages;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// Notes that are kept.
const NOTES: usize = 5;

/// A script as a snapshot tells of it.
#[derive(Debug, Clone, Copy)]
pub struct Script<'a> {
    /// Its name: a path or a URL.
    pub name: &'a str,
    /// Where it says that its map is.
    pub map: Option<&'a str>,
}

/// A place that an author wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    /// The file: a path, a URL, or a path in the author's project.
    pub file: String,
    /// Line, from 0.
    pub line: u32,
    /// Column, from 0.
    pub column: u32,
    /// What stands there, where the map tells of a name.
    pub name: Option<String>,
}

/// The maps of the scripts of one snapshot.
#[derive(Debug, Default)]
pub struct Maps {
    state: Mutex<State>,
    is_off: bool,
}

#[derive(Debug, Default)]
struct State {
    given: Vec<Given>,
    /// By the script's name.
    found: HashMap<String, Option<Arc<Found>>>,
    packages: Packages,
    reader: Reader,
    notes: Vec<String>,
    more_notes: usize,
}

impl Maps {
    /// Those in the files and folders that are given, and those that scripts have beside them.
    #[must_use]
    pub fn new(given: &[PathBuf]) -> Self {
        let mut state = State::default();
        for path in given {
            match Given::new(path) {
                Ok(given) => state.given.push(given),
                Err(note) => state.note(note),
            }
        }
        Self { state: Mutex::new(state), is_off: false }
    }

    /// None at all.
    #[must_use]
    pub fn none() -> Self {
        Self { is_off: true, ..Self::default() }
    }

    /// Whether one has been found so far.
    #[must_use]
    pub fn has_any(&self) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.found.values().any(Option::is_some)
    }

    /// The author's place for one in a script, whose line and column count from 0.
    #[must_use]
    pub fn original(&self, script: Script<'_>, line: u32, column: u32) -> Option<Original> {
        if self.is_off || script.name.is_empty() {
            return None;
        }
        let found = self.state.lock().unwrap_or_else(PoisonError::into_inner).map_of(script)?;
        let place = found.map.place(line, column)?;
        Some(Original {
            file: names::original(&found.base, place.root, place.source)?,
            line: place.line,
            column: place.column,
            name: place.name.map(str::to_owned),
        })
    }

    /// The one file that all of a script is from.
    #[must_use]
    pub fn only_file(&self, script: Script<'_>) -> Option<String> {
        if self.is_off || script.name.is_empty() {
            return None;
        }
        let found = self.state.lock().unwrap_or_else(PoisonError::into_inner).map_of(script)?;
        let (root, source) = found.map.only_source()?;
        names::original(&found.base, root, source)
    }

    /// What the `package.json` of a package says, whose folder has such a path or URL.
    #[must_use]
    pub fn manifest(&self, folder: &str) -> Manifest {
        if self.is_off {
            return Manifest::default();
        }
        self.state.lock().unwrap_or_else(PoisonError::into_inner).packages.manifest(folder)
    }

    /// What was wrong with maps so far.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let more = (state.more_notes > 0)
            .then(|| format!("{} more source maps could not be used", state.more_notes));
        state.notes.iter().cloned().chain(more).collect()
    }
}

impl State {
    fn map_of(&mut self, script: Script<'_>) -> Option<Arc<Found>> {
        if let Some(found) = self.found.get(script.name) {
            return found.clone();
        }
        let (found, wrong) = find::find(&self.given, &mut self.reader, script);
        let found = found.map(Arc::new);
        if let Some(wrong) = wrong {
            let name = crate::text::visible(script.name);
            self.note(format!("a source map of {name} could not be used: {wrong}"));
        }
        self.found.insert(script.name.to_owned(), found.clone());
        found
    }

    fn note(&mut self, note: String) {
        if self.notes.len() < NOTES {
            self.notes.push(note);
        } else {
            self.more_notes += 1;
        }
    }
}
