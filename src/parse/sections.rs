//! Bytes in, the place of each top-level member out. Members may come in any order;
//! unknown ones are skipped unread.

use super::around::{Around, around, first, further_on};
use crate::error::{Error, Remedy, Result};
use crate::input::Input;
use memchr::{memchr, memchr_iter, memchr2, memchr3};
use std::ops::Range;

/// Where the members that matter lie, brackets included.
#[derive(Debug)]
pub(crate) struct Sections {
    pub snapshot: Range<usize>,
    pub nodes: Array,
    pub edges: Array,
    pub locations: Option<Array>,
    pub strings: Range<usize>,
    pub around: Around,
}

/// An array of numbers.
#[derive(Debug, Clone, Default)]
pub(super) struct Array {
    /// Where it lies, brackets included.
    pub range: Range<usize>,
    /// How many commas each `step` of its inside has: they are counted where its end is looked
    /// for, while the bytes are in the cache.
    pub commas: Vec<usize>,
    /// Bytes that are looked at, and later read, at a time.
    pub step: usize,
}

impl Array {
    /// How many numbers it has, if it is sound; a single one, which is no row, counts as none.
    pub(super) fn numbers(&self) -> usize {
        match self.commas.iter().sum::<usize>() {
            0 => 0,
            commas => commas + 1,
        }
    }
}

/// The usual [`Array::step`].
const STEP: usize = 1 << 20;

impl Sections {
    /// The place of the header alone, if it is the first member, as V8 has it.
    pub(crate) fn header(bytes: &[u8]) -> Option<Range<usize>> {
        let mut at = Cursor { bytes, at: first(bytes) };
        at.expect(b'{', "").ok()?;
        let key = at.string("").ok()?;
        at.expect(b':', "").ok()?;
        let is_header = &bytes[key] == b"\"snapshot\"";
        is_header.then(|| at.value(None).ok()).flatten().map(|header| header.range)
    }

    /// Finds them.
    pub(crate) fn find(input: &Input) -> Result<Self> {
        let bytes = input.bytes();
        Self::find_at(input, first(bytes)).or_else(|error| match further_on(bytes) {
            Some(begin) => Self::find_at(input, begin),
            None => Err(error),
        })
    }

    fn find_at(input: &Input, begin: usize) -> Result<Self> {
        let bytes = input.bytes();
        let mut at = Cursor { bytes, at: begin };
        at.expect(b'{', "a snapshot is one JSON object")?;
        let mut found: Vec<(&[u8], Array)> = Vec::new();
        if !at.accept(b'}') {
            loop {
                let key = at.string("the name of a member").map_err(|e| between(e, &found))?;
                let colon = at.expect(b':', "a colon belongs after a member's name");
                colon.map_err(|e| between(e, &found))?;
                let name = &bytes[key.start + 1..key.end - 1];
                if KNOWN.contains(&name) && found.iter().any(|(n, _)| *n == name) {
                    let copy = name.to_vec();
                    let name = String::from_utf8_lossy(&copy);
                    return Err(Error::damaged(key.start, format!("\"{name}\" stands twice")));
                }
                let numbers = NUMBERS.contains(&name).then_some(input);
                let value = at.value(numbers).map_err(|e| within(e, name))?;
                // Unknown members are never asked for, and there may be millions.
                if KNOWN.contains(&name) {
                    found.push((name, value));
                }
                if !at.accept(b',') {
                    break;
                }
            }
            let end = at.expect(b'}', "a comma or the end of the object belongs here");
            end.map_err(|e| between(e, &found))?;
        }
        let around = around(bytes, begin, at.at)?;
        let mut take = |name: &str| {
            let at = found.iter().position(|(n, _)| *n == name.as_bytes())?;
            Some(found.swap_remove(at).1)
        };
        let mut need = |name: &str| {
            take(name).ok_or_else(|| {
                Error::damaged(bytes.len(), format!("the file has no \"{name}\" member"))
            })
        };
        Ok(Self {
            snapshot: need("snapshot")?.range,
            nodes: need("nodes")?,
            edges: need("edges")?,
            strings: need("strings")?.range,
            locations: take("locations"),
            around,
        })
    }
}

pub(super) const KNOWN: &[&[u8]] = &[b"snapshot", b"nodes", b"edges", b"locations", b"strings"];

/// Members that hold nothing but numbers.
pub(super) const NUMBERS: &[&[u8]] = &[b"nodes", b"edges", b"locations"];

/// Says in which member a cut was noticed.
fn within(error: Error, name: &[u8]) -> Error {
    let place = match name {
        b"nodes" => "the node table",
        b"edges" => "the edge table",
        b"strings" => "the string table",
        b"locations" => "the locations",
        b"snapshot" => "the header",
        _ => return error,
    };
    let savable = !matches!(name, b"nodes" | b"snapshot");
    match error.byte() {
        Some(byte) if error.is_cut_off() => {
            let what = format!("the file ends inside {place}");
            let error = Error::damaged(byte as usize, what).cut_off();
            if savable { savable_hint(error) } else { error.with_hint(CUT) }
        }
        _ => error,
    }
}

/// Says of a cut between two members whether there is something to save.
fn between(error: Error, found: &[(&[u8], Array)]) -> Error {
    match error.byte() {
        Some(byte) if error.is_cut_off() && found.iter().any(|(name, _)| *name == b"nodes") => {
            let what = "the file ends in the middle";
            savable_hint(Error::damaged(byte as usize, what).cut_off())
        }
        _ => error,
    }
}

fn savable_hint(error: Error) -> Error {
    let hint = format!("{CUT} comparing with {{}} reads what is there");
    error.with_remedies(hint, &[Remedy::Truncated])
}

pub(super) const CUT: &str =
    "it looks cut off; was it still being written, or was the copy interrupted?";

/// Walks over JSON text without building anything.
pub(super) struct Cursor<'a> {
    pub bytes: &'a [u8],
    pub at: usize,
}

impl Cursor<'_> {
    pub(super) fn skip_space(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    pub(super) fn accept(&mut self, byte: u8) -> bool {
        self.skip_space();
        let yes = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(yes);
        yes
    }

    pub(super) fn expect(&mut self, byte: u8, why: &str) -> Result<()> {
        if self.accept(byte) {
            return Ok(());
        }
        match self.bytes.get(self.at) {
            Some(_) => Err(Error::damaged(self.at, why)),
            None => Err(self.cut()),
        }
    }

    fn cut(&self) -> Error {
        Error::damaged(self.bytes.len(), "the file ends in the middle").with_hint(CUT).cut_off()
    }

    /// Passes over a string literal; the range includes the quotes.
    pub(super) fn string(&mut self, what: &str) -> Result<Range<usize>> {
        self.skip_space();
        let start = self.at;
        match self.bytes.get(start) {
            Some(b'"') => self.at += 1,
            Some(_) => return Err(Error::damaged(start, format!("{what} belongs here"))),
            None => return Err(self.cut()),
        }
        loop {
            match memchr2(b'"', b'\\', &self.bytes[self.at..]) {
                None => return Err(self.cut()),
                Some(n) if self.bytes[self.at + n] == b'"' => {
                    self.at += n + 1;
                    return Ok(start..self.at);
                }
                Some(n) if self.at + n + 2 > self.bytes.len() => return Err(self.cut()),
                Some(n) => self.at += n + 2,
            }
        }
    }

    /// Passes over any value; `numbers` is the input if it should be an array of numbers.
    pub(super) fn value(&mut self, numbers: Option<&Input>) -> Result<Array> {
        self.skip_space();
        let start = self.at;
        match (self.bytes.get(start), numbers) {
            (None, _) => return Err(self.cut()),
            (Some(b'"'), _) => {
                self.string("a value")?;
            }
            (Some(b'['), Some(input)) => return self.numbers(input, STEP),
            (Some(b'['), None) => self.nested(b'[', b']')?,
            (Some(b'{'), _) => self.nested(b'{', b'}')?,
            (Some(_), _) => {
                let rest = &self.bytes[start..];
                let end = rest.iter().position(|b| b",}] \n\r\t".contains(b));
                self.at = start + end.ok_or_else(|| self.cut())?;
                if self.at == start {
                    return Err(Error::damaged(start, "a value belongs here"));
                }
            }
        }
        Ok(Array { range: start..self.at, ..Array::default() })
    }

    /// Passes over an array that may only hold numbers: its end is the next closing bracket.
    /// Anything else in it is found when the numbers are read. Counts its commas, step by step.
    pub(super) fn numbers(&mut self, input: &Input, step: usize) -> Result<Array> {
        let mut commas = Vec::new();
        let mut start = self.at + 1;
        loop {
            let part = start..self.bytes.len().min(start + step);
            let inside = &self.bytes[part.clone()];
            let end = memchr(b']', inside);
            commas.push(memchr_iter(b',', &inside[..end.unwrap_or(inside.len())]).count());
            if let Some(end) = end {
                let range = self.at..start + end + 1;
                self.at = range.end;
                return Ok(Array { range, commas, step });
            }
            if inside.is_empty() {
                return Err(self.cut());
            }
            input.release(part.clone());
            start = part.end;
        }
    }

    /// Passes over a nested value by counting its own kind of bracket outside strings. A
    /// number array has no other bracket, so this is one `memchr` over most of the file.
    fn nested(&mut self, open: u8, close: u8) -> Result<()> {
        let mut depth = 0_usize;
        loop {
            match memchr3(open, close, b'"', &self.bytes[self.at..]) {
                None => return Err(self.cut()),
                Some(n) => self.at += n,
            }
            let byte = self.bytes[self.at];
            if byte == b'"' {
                self.string("a string")?;
                continue;
            }
            self.at += 1;
            if byte == open {
                depth += 1;
            } else {
                // Not below 0, even where another byte stands now than was found.
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Ok(());
                }
            }
        }
    }
}
