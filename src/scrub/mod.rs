//! A snapshot file in, the same without the values of its strings out, so that it can be shared.
//!
//! Only the `strings` array changes, and a mark is put into the header, by which it is told later which
//! files were scrubbed at once. Every text that is no name becomes letters of the same length; equal texts become equal letters in all snapshots of one [`Scrubber`]. Names (of classes,
//! functions, properties, scripts) stay, but for what looks like a secret in them. Everything
//! else is copied byte for byte, so that a comparison gives the same numbers.

mod entry;
mod filler;
mod mark;
mod roles;

use crate::error::{Error, ErrorKind, Result};
use crate::ids::StrIdx;
use crate::input::{Input, Source};
use crate::memory;
use crate::parse::{Strings, Tables};
use crate::secret;
use crate::text::Text;
use filler::Filler;
use mark::Mark;
use roles::{Role, Roles};
use std::io::Write;
use std::ops::Range;
use std::sync::Arc;

/// Bytes that are copied at a time.
const STEP: usize = 4 << 20;

/// A snapshot that is to be scrubbed.
pub struct Snapshot {
    input: Arc<Input>,
    strings: Strings,
    roles: Roles,
    header: Range<usize>,
}

impl Snapshot {
    /// Reads files, to their ends. `limit` is the memory that this may take, in bytes.
    ///
    /// # Errors
    /// If one cannot be read or is no sound V8 heap snapshot, or if they take more than the limit.
    pub fn read(files: &[Source], limit: Option<u64>) -> Result<Vec<Self>> {
        let inputs = files.iter().map(Source::open).collect::<Result<Vec<_>>>()?;
        memory::scrub(&inputs, limit)?;
        inputs.into_iter().map(Self::of).collect()
    }

    fn of(input: Arc<Input>) -> Result<Self> {
        let tables = Tables::of_file(&input)?;
        if !tables.around.is_nothing() {
            let what = "the file holds other text beside the snapshot, which would stay as it is";
            let error = Error::new(ErrorKind::NotASnapshot, what);
            return Err(error.with_hint("cut it off first").in_file(input.path()));
        }
        let roles = Roles::of(&tables);
        Ok(Self { input, strings: tables.strings, roles, header: tables.header })
    }
}

/// Scrubs snapshots that are to stay comparable with each other.
pub struct Scrubber {
    snapshots: Vec<Snapshot>,
    filler: Filler,
    mark: Mark,
}

/// What was done to one file, in numbers of texts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scrubbed {
    /// Texts of which nothing is left but their length.
    pub replaced: u64,
    /// Values that are kept, because they are names as well.
    pub kept: u64,
    /// Names in which a secret was replaced.
    pub secrets: u64,
}

impl Scrubber {
    /// Takes all snapshots: what is a name in one of them is a name in the others.
    #[must_use]
    pub fn new(mut snapshots: Vec<Snapshot>) -> Self {
        for at in 0..snapshots.len() {
            let (before, rest) = snapshots.split_at_mut(at);
            let Some((one, after)) = rest.split_first_mut() else { continue };
            for other in before.iter_mut().chain(after) {
                other.roles.learn(&other.strings, &one.roles, &one.strings);
            }
        }
        Self { snapshots, filler: Filler::default(), mark: Mark::new() }
    }

    /// Writes a snapshot (by its position) without its values.
    ///
    /// # Errors
    /// If `out` cannot be written, or if the file has changed: then values may be among what was
    /// written.
    pub fn write(&mut self, at: usize, out: &mut dyn Write) -> Result<Scrubbed> {
        let written = self.write_parts(at, out);
        // A map that was cut short cannot be written from: the system calls it a bad address.
        self.snapshots[at].input.check_unchanged()?;
        written
    }

    fn write_parts(&mut self, at: usize, out: &mut dyn Write) -> Result<Scrubbed> {
        let Self { snapshots, filler, mark } = self;
        let Snapshot { input, strings, roles, header } = &snapshots[at];
        let mut pen = Pen { strings, roles, filler };
        let mut page = Page { input, done: 0, out };
        let mut marked = Some(mark.place(&input.bytes()[header.clone()], header.start));
        let mut scrubbed = Scrubbed::default();
        for string in (0..strings.len() as u32).map(StrIdx) {
            let text = strings.get(string);
            let role = roles.of_string(strings, string);
            scrubbed.kept += u64::from(roles.is_both(strings, string) && !text.is_empty());
            let Some(new) = pen.text(&text, role) else { continue };
            scrubbed.replaced += u64::from(role == Role::Value && !text.is_empty());
            scrubbed.secrets += u64::from(role == Role::Name);
            let place = strings.place(string);
            // The header may stand before the strings or behind them.
            if let Some((at, text)) = marked.take_if(|(at, _)| at.start < place.start) {
                page.put(at, text.as_bytes())?;
            }
            let literal = new.to_json();
            page.put(place, &literal.as_bytes()[1..literal.len() - 1])?;
        }
        if let Some((at, text)) = marked {
            page.put(at, text.as_bytes())?;
        }
        page.copy(input.bytes().len())?;
        Ok(scrubbed)
    }
}

/// A file that is copied but for some places.
struct Page<'a> {
    input: &'a Input,
    /// So far it is copied.
    done: usize,
    out: &'a mut dyn Write,
}

impl Page<'_> {
    /// Copies what is before a place, and puts something else there.
    fn put(&mut self, at: Range<usize>, new: &[u8]) -> Result<()> {
        self.copy(at.start)?;
        self.done = at.end;
        write(new, self.out)
    }

    fn copy(&mut self, until: usize) -> Result<()> {
        copy(self.input, self.done..until, self.out)
    }
}

/// Copies a part of the file, and gives its pages back.
fn copy(input: &Input, part: Range<usize>, out: &mut dyn Write) -> Result<()> {
    for start in part.clone().step_by(STEP) {
        let step = start..part.end.min(start + STEP);
        write(&input.bytes()[step.clone()], out)?;
        if step.len() == STEP {
            input.release(step);
        }
    }
    Ok(())
}

fn write(bytes: &[u8], out: &mut dyn Write) -> Result<()> {
    out.write_all(bytes).map_err(|e| Error::io("cannot write", e))
}

/// Writes the texts of one snapshot anew.
struct Pen<'a> {
    strings: &'a Strings,
    roles: &'a Roles,
    filler: &'a mut Filler,
}

impl Pen<'_> {
    /// What is to stand for a text; `None` if it stays.
    fn text(&mut self, text: &Text, role: Role) -> Option<Text> {
        match role {
            Role::Value => Some(self.filler.fill(text.units())),
            Role::Name => self.name(text),
            Role::Entry => self.entry(text),
        }
    }

    /// A name without its secrets; `None` if it has none.
    fn name(&mut self, name: &Text) -> Option<Text> {
        let secrets = secret::find(name.units());
        let mut new = name.clone();
        for secret in &secrets {
            let filler = self.filler.fill(&name.units()[secret.at.clone()]);
            new.replace(secret.at.clone(), &filler);
        }
        (!secrets.is_empty()).then_some(new)
    }

    /// V8 names a WeakMap's entry after its key and its value: each as it is called elsewhere.
    fn entry(&mut self, name: &Text) -> Option<Text> {
        let text = |at: &Range<usize>| Text::from(name.units()[at.clone()].to_vec());
        let is_known = |at: &Range<usize>| self.strings.find(&text(at)).is_some();
        let parts = entry::parts(name.units(), is_known)?;
        let mut new = name.clone();
        for at in parts {
            let part = text(&at);
            let role =
                self.strings.find(&part).map(|string| self.roles.of_string(self.strings, string));
            let part = match role {
                // An entry's name may again stand in one: no further.
                Some(Role::Name | Role::Entry) => self.name(&part).unwrap_or(part),
                Some(Role::Value) | None => self.filler.fill(part.units()),
            };
            new.replace(at, &part);
        }
        Some(new)
    }
}
