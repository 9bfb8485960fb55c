//! A JSON array of whole numbers in, its columns out: counted, split at row ends, read in
//! parallel, strictly.
//!
//! ```text
//!   [ 9,1,1,0,10,0 \n ,9,2,3,0,24,0 \n ,9,3,5,0,1,0 ... ]
//!     |------ chunk 0 -------|------- chunk 1 -------|     about `step` bytes each
//!     1. count the commas of every chunk   (where the end of the array was looked for)
//!     2. move each start to the next row   (so that a chunk owns whole rows)
//!     3. read digits into rows             (parallel, each chunk into its own columns)
//! ```
//!
//! Lines mean nothing (Node 24 and Bun write one), only commas do. How digits become numbers
//! is told in `digits.rs`.

use super::digits::{Batch, CHANGED, Digits, Signed, is_space};
use super::sections::Array;
#[cfg(feature = "internals")]
use super::sections::Cursor;
use super::vector::Vector;
use crate::error::{Error, Result};
use crate::input::Input;
use rayon::prelude::*;
use std::ops::Range;

/// Something wrong with one value of a batch of rows.
#[derive(Debug)]
pub(super) struct Fault {
    /// The row, within the batch.
    pub row: usize,
    pub column: usize,
    pub what: String,
}

/// A number array seen as rows of equal width.
#[derive(Debug)]
pub(super) struct Table<'a> {
    input: &'a Input,
    bytes: &'a [u8],
    what: &'static str,
    width: usize,
    chunks: Vec<Chunk>,
    vector: Option<Vector>,
    pub signed: Signed,
    /// Whether pages are given back to the system here, and not by who has asked for a window.
    gives_back: bool,
}

#[derive(Debug, Clone)]
struct Chunk {
    text: Range<usize>,
    rows: Range<usize>,
}

impl<'a> Table<'a> {
    /// Splits an array of the file into rows of `width` values.
    pub(super) fn split(
        input: &'a Input,
        Array { range: array, commas, step }: &Array,
        width: usize,
        what: &'static str,
    ) -> Result<Self> {
        let bytes = input.bytes();
        if bytes.get(array.start) != Some(&b'[') {
            return Err(Error::damaged(array.start, format!("{what} should be an array")));
        }
        if commas.is_empty() {
            // It was no array when its end was looked for.
            return Err(Error::damaged(array.start, format!("{what}: {CHANGED}")));
        }
        let inside = array.start + 1..array.end - 1;
        let blank = bytes[inside.clone()].iter().all(is_space);
        let values = if blank { 0 } else { commas.iter().sum::<usize>() + 1 };
        if !values.is_multiple_of(width) {
            first_alien(&bytes[..inside.end], inside.start, what)?;
            return Err(Error::damaged(
                array.end - 1,
                format!("{what} holds {values} numbers, not a multiple of {width} fields"),
            ));
        }
        let mut table = Self::empty(input, width, what);
        if values > 0 {
            table.align(commas, *step, inside, values / width)?;
        }
        Ok(table)
    }

    /// Takes so many whole rows, which are all of a stretch and the first of which begins with it.
    pub(super) fn window(
        input: &'a Input,
        Array { range, commas, step }: &Array,
        (rows, width): (usize, usize),
    ) -> Result<Self> {
        let mut table = Self { gives_back: false, ..Self::empty(input, width, "a window") };
        table.align(commas, *step, range.clone(), rows)?;
        Ok(table)
    }

    fn empty(input: &'a Input, width: usize, what: &'static str) -> Self {
        let (bytes, vector) = (input.bytes(), Vector::wanted());
        Self {
            input,
            bytes,
            what,
            width,
            chunks: Vec::new(),
            vector,
            signed: Signed::default(),
            gives_back: true,
        }
    }

    /// Moves every chunk's start to the first row that begins in it.
    fn align(
        &mut self,
        commas: &[usize],
        step: usize,
        inside: Range<usize>,
        rows: usize,
    ) -> Result<()> {
        let mut open: Option<(usize, usize)> = None; // the chunk whose end is not known yet
        let mut passed = 0_usize;
        for (start, &count) in inside.clone().step_by(step).zip(commas) {
            let (text, row) = if passed == 0 && start == inside.start {
                (start, 0)
            } else {
                // The token running at `start` has number `passed`; the next row begins after it.
                let row = (passed + 1).div_ceil(self.width);
                let skip = row * self.width - passed;
                let rest = &self.bytes[start..inside.end];
                match memchr::memchr_iter(b',', rest).nth(skip - 1) {
                    Some(comma) => (start + comma + 1, row),
                    None => (inside.end, rows),
                }
            };
            if let Some((text_start, row_start)) = open
                && row > row_start
            {
                if text < text_start {
                    return Err(self.damaged(start, CHANGED));
                }
                self.chunks.push(Chunk { text: text_start..text, rows: row_start..row });
                open = None;
            }
            open.get_or_insert((text, row));
            passed += count;
        }
        if let Some((text, row)) = open
            && row < rows
        {
            self.chunks.push(Chunk { text: text..inside.end, rows: row..rows });
        }
        Ok(())
    }

    /// Number of rows.
    pub(super) fn rows(&self) -> usize {
        self.chunks.last().map_or(0, |c| c.rows.end)
    }

    /// Cuts a column into the parts that belong to the chunks.
    pub(super) fn deal<'c, T>(&self, mut column: &'c mut [T]) -> Vec<&'c mut [T]> {
        let mut parts = Vec::with_capacity(self.chunks.len());
        for chunk in &self.chunks {
            let (part, rest) = column.split_at_mut(chunk.rows.len());
            parts.push(part);
            column = rest;
        }
        parts
    }

    /// Reads all rows in parallel. `parts` holds one piece of the caller's columns for each
    /// chunk (see [`Self::deal`]); `take` gets a piece, the row within it at which a batch
    /// starts, and the batch. The first fault of the file wins, whatever the threads do.
    pub(super) fn read<P: Send>(
        &self,
        parts: Vec<P>,
        take: impl Fn(&mut P, usize, &Batch) -> std::result::Result<(), Fault> + Sync,
    ) -> Result<Vec<P>> {
        let read: Vec<Result<P>> = self
            .chunks
            .par_iter()
            .zip(parts)
            .map(|(chunk, mut part)| {
                let size = (chunk.rows.len(), self.width);
                let mut digits = Digits::new(self.bytes, chunk.text.clone(), size, self.vector)
                    .with(self.signed);
                let mut row = 0;
                while let Some(batch) =
                    digits.batch().map_err(|(at, why)| self.damaged(at, &why))?
                {
                    take(&mut part, row, batch).map_err(|fault| self.locate(chunk, row, fault))?;
                    row += batch.rows();
                }
                if self.gives_back {
                    self.input.release(chunk.text.clone());
                }
                Ok(part)
            })
            .collect();
        read.into_iter().collect()
    }

    /// All values, row after row.
    #[cfg(feature = "internals")]
    pub(super) fn values(&self) -> Result<Vec<u64>> {
        let parts = vec![Vec::new(); self.chunks.len()];
        let parts = self.read(parts, |part, _, batch| {
            part.extend(batch.values());
            Ok(())
        })?;
        Ok(parts.concat())
    }

    fn damaged(&self, at: usize, why: &str) -> Error {
        Error::damaged(at, format!("{}: {why}", self.what))
    }

    fn locate(&self, chunk: &Chunk, row: usize, fault: Fault) -> Error {
        let text = &self.bytes[chunk.text.clone()];
        let at = match (row + fault.row) * self.width + fault.column {
            0 => 0,
            n => memchr::memchr_iter(b',', text).nth(n - 1).map_or(0, |comma| comma + 1),
        };
        let space = text[at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
        self.damaged(chunk.text.start + at + space, &fault.what)
    }
}

/// The values of one array of numbers, row after row of `width`, looked at `step` bytes at a time,
/// by vectors or not (`off`, `avx2`, or anything): how a table is read, for tests that want more
/// chunks than a small file has.
///
/// # Errors
/// `Damaged` with the byte if there is anything but whole numbers and whole rows.
#[cfg(feature = "internals")]
pub fn numbers(input: &Input, width: usize, step: usize, vector: &str) -> Result<Vec<u64>> {
    let mut at = Cursor { bytes: input.bytes(), at: 0 };
    at.skip_space();
    let array = at.numbers(input, step)?;
    let mut table = Table::split(input, &array, width, "the array")?;
    table.vector = Vector::found(vector);
    table.values()
}

/// What can stand nowhere in an array of numbers, such as zero bytes where a copy lost a part,
/// tells more than that the rows do not come out even.
#[cold]
fn first_alien(bytes: &[u8], start: usize, what: &str) -> Result<()> {
    let belongs = |byte: &u8| is_space(byte) || matches!(byte, b'0'..=b'9' | b',' | b'-' | b'.');
    let Some(at) = bytes[start..].iter().position(|byte| !belongs(byte)) else { return Ok(()) };
    let error = |why: &str| Error::damaged(start + at, format!("{what}: {why}"));
    Err(match bytes[start + at] {
        0 => error("zero bytes stand among the numbers")
            .with_hint("was the disk full, or a copy interrupted? copy the file again"),
        other => {
            let shown = char::from(other).escape_default();
            error(&format!("only whole numbers belong here, not '{shown}'"))
        }
    })
}

/// An array whose length differs from the header's count.
pub(super) fn wrong_count(what: &str, counted: usize, header: usize, end: usize) -> Error {
    Error::damaged(end, format!("{what} has {counted} rows, but the header says {header}"))
        .with_hint("the file was put together wrongly; take the snapshot again")
}

#[cfg(test)]
mod tests {
    use super::{Array, Cursor, Input, Table};

    /// Reads an array of which another one's commas were counted, as if it had been written over
    /// in between.
    fn read(counted: &str, now: &str, width: usize, step: usize) -> crate::error::Result<usize> {
        let then = Input::from_bytes(counted.into());
        let array = Cursor { bytes: then.bytes(), at: 0 }.numbers(&then, step)?;
        let array = Array { range: 0..now.len(), ..array };
        let input = Input::from_bytes(now.into());
        let table = Table::split(&input, &array, width, "edges")?;
        table.read(vec![(); table.chunks.len()], |(), _, _| Ok(()))?;
        Ok(table.rows())
    }

    #[test]
    fn commas_that_come_or_go_between_two_looks_are_told_and_never_a_panic() {
        let numbers = (100..700).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
        let counted = format!("[{numbers}]");
        for step in [1, 7, 64, 1000, 1 << 20] {
            assert_eq!(read(&counted, &counted, 3, step).unwrap(), 200);
            for from in (1..counted.len() - 1).step_by(13) {
                for (old, new) in [(",", "1"), ("1", ","), ("2", "]"), (",", " ")] {
                    let part = from..counted.len().min(from + 90) - 1;
                    let changed = counted[part.clone()].replace(old, new);
                    if changed == counted[part.clone()] {
                        continue;
                    }
                    let mut now = counted.clone();
                    now.replace_range(part, &changed);
                    assert!(read(&counted, &now, 3, step).is_err(), "{from} {old} {new} {step}");
                }
            }
            let fewer = format!("[{}]", "1".repeat(numbers.len()));
            let told = read(&counted, &fewer, 3, step).unwrap_err().to_string();
            assert!(told.contains("edges: the file changed while it was read"), "{told}");
            let more = format!("[{}]", "1,".repeat(numbers.len() / 2));
            assert!(read(&counted, &more, 3, step).is_err());
        }
    }
}
