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
mod script;

use file::Reader;
use find::{Found, Given};
pub use packages::Manifest;
use packages::Packages;
use script::Script as Text;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Notes that are kept.
const NOTES: usize = 5;
/// Uses of a variable that are looked at, and places among which they are looked for.
const USES: usize = 256;
const MOST_USES: usize = 1 << 20;
/// Characters of a name.
const LONGEST_NAME: usize = 200;

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

/// A variable that a function shares with others.
#[derive(Debug, Clone, Copy)]
pub struct Variable<'a> {
    /// Where the function is, by line and column from 0.
    pub function: (u32, u32),
    /// Whether it may be the function's own, and not only one from around it.
    pub inside: bool,
    /// What the script calls it.
    pub name: &'a str,
    /// What is declared in the same scope.
    pub beside: &'a [String],
}

/// What an author's source says of a variable.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Declared {
    /// What it is called there, if otherwise than in the script.
    pub name: Option<String>,
    /// The file that declares it, called as that of an [`Original`].
    pub file: Option<String>,
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
    /// By the same: what they declare.
    scripts: HashMap<String, Option<Arc<Text>>>,
    /// By script, scope and name: variables that have been asked for.
    told: HashMap<(String, u32, String), Declared>,
    packages: Packages,
    reader: Reader,
    notes: Vec<String>,
    more_notes: usize,
}

impl Maps {
    /// Those in the files and folders that are given, and those that scripts have beside them. They may
    /// take so many bytes of memory, if that is limited.
    #[must_use]
    pub fn new(given: &[PathBuf], room: Option<u64>) -> Self {
        let mut state = State { reader: Reader::within(room), ..State::default() };
        for path in given {
            match Given::new(path) {
                Ok(given) => state.given.push(given),
                Err(note) => state.note(note),
            }
        }
        Self { state: Mutex::new(state), is_off: false }
    }

    /// Opens nothing outside of some folders but what was given; if there are none, there is no such limit.
    #[must_use]
    pub fn confined_to(self, folders: &[PathBuf]) -> Self {
        if !folders.is_empty() {
            let mut state = self.state();
            let given = state.given.iter().map(|given| given.path().to_owned());
            let all: Vec<PathBuf> = given.chain(folders.iter().cloned()).collect();
            state.reader.confine(&all);
            state.packages.confine(folders);
        }
        self
    }

    /// None at all.
    #[must_use]
    pub fn none() -> Self {
        Self { is_off: true, ..Self::default() }
    }

    /// Whether one has been found so far.
    #[must_use]
    pub fn has_any(&self) -> bool {
        let state = self.state();
        state.found.values().any(Option::is_some)
    }

    /// The author's place for one in a script, whose line and column count from 0.
    #[must_use]
    pub fn original(&self, script: Script<'_>, line: u32, column: u32) -> Option<Original> {
        if self.is_off || script.name.is_empty() {
            return None;
        }
        let found = self.state().map_of(script)?;
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
        let found = self.state().map_of(script)?;
        let (root, source) = found.map.only_source()?;
        names::original(&found.base, root, source)
    }

    /// What an author calls the function or class that is at a place in a script, where both are told: the
    /// script has this name for it there, and the map another one for that.
    #[must_use]
    pub fn name(&self, script: Script<'_>, place: (u32, u32), compiled: &str) -> Option<String> {
        let (found, text) = self.read(script)?;
        let (line, column) = text.called(place, compiled)?;
        other(found.map.exact(line, column)?.name?, compiled)
    }

    /// What an author calls a variable, and where it is declared, where both are told.
    #[must_use]
    pub fn variable(&self, script: Script<'_>, asked: &Variable<'_>) -> Declared {
        self.declared(script, asked).unwrap_or_default()
    }

    fn declared(&self, script: Script<'_>, asked: &Variable<'_>) -> Option<Declared> {
        let (found, text) = self.read(script)?;
        let variable = text.variable(asked)?;
        let key = (script.name.to_owned(), variable.scope, asked.name.to_owned());
        if let Some(told) = self.state().told.get(&key) {
            return Some(told.clone());
        }
        let at = variable.at.iter();
        let mut places: Vec<_> =
            at.filter_map(|(line, column)| found.map.exact(*line, *column)).collect();
        // What a bundler declares for the author is the author's where it is used.
        if places.is_empty() {
            let (from, to) = variable.within;
            let all = found.map.between(from, to).take(MOST_USES);
            places = all.filter(|p| text.refers(p.at, &variable, asked.name)).take(USES).collect();
        }
        let source = one(places.iter().map(|place| Some((place.root, place.source))));
        let file = source.and_then(|(root, source)| names::original(&found.base, root, source));
        let name = one(places.iter().map(|place| place.name));
        let told = Declared { name: name.and_then(|name| other(name, asked.name)), file };
        self.state().told.insert(key, told.clone());
        Some(told)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self, script: Script<'_>) -> Option<(Arc<Found>, Arc<Text>)> {
        if self.is_off || script.name.is_empty() {
            return None;
        }
        let mut state = self.state();
        let found = state.map_of(script)?;
        let text = state.text_of(script, &found)?;
        drop(state);
        Some((found, text))
    }

    /// What the `package.json` of a package says, whose folder has such a path or URL.
    #[must_use]
    pub fn manifest(&self, folder: &str) -> Manifest {
        if self.is_off {
            return Manifest::default();
        }
        self.state().packages.manifest(folder)
    }

    /// What was wrong with maps so far.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let state = self.state();
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

    /// What a script declares, if it can be read and its map has other names for anything, or several
    /// files that may declare it.
    fn text_of(&mut self, script: Script<'_>, found: &Found) -> Option<Arc<Text>> {
        if let Some(text) = self.scripts.get(script.name) {
            return text.clone();
        }
        let is_told = found.map.has_names() || found.map.only_source().is_none();
        let text = is_told.then(|| found.script(&mut self.reader)).flatten();
        let text = text.and_then(Text::of).map(Arc::new);
        self.scripts.insert(script.name.to_owned(), text.clone());
        text
    }

    fn note(&mut self, note: String) {
        if self.notes.len() < NOTES {
            self.notes.push(note);
        } else {
            self.more_notes += 1;
        }
    }
}

/// What all say, if they say anything and no two of them say different things.
fn one<T: PartialEq>(all: impl Iterator<Item = Option<T>>) -> Option<T> {
    let mut said = None;
    for one in all.flatten() {
        if said.as_ref().is_some_and(|said| *said != one) {
            return None;
        }
        said = Some(one);
    }
    said
}

/// A name that is one, if it is another one.
fn other(name: &str, compiled: &str) -> Option<String> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '#');
    let is_name = name.chars().all(plain) && name.chars().count() <= LONGEST_NAME;
    (is_name && name != compiled).then(|| name.to_owned())
}
