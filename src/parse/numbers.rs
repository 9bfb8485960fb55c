//! A JSON array of whole numbers in, rows of integers out: counted, split at row ends, read
//! in parallel, strictly.
//!
//! ```text
//!   [ 9,1,1,0,10,0 \n ,9,2,3,0,24,0 \n ,9,3,5,0,1,0 ... ]
//!     |------ chunk 0 -------|------- chunk 1 -------|     about CHUNK bytes each
//!     1. count the commas of every chunk   (one memchr pass, parallel)
//!     2. move each start to the next row   (so that a chunk owns whole rows)
//!     3. read digits into rows             (parallel, each chunk into its own columns)
//! ```
//!
//! Lines mean nothing (Node 24 and Bun write one), only commas do. Reading takes 64 bytes,
//! makes a bit mask of their commas and converts up to eight digits at once; anything that
//! is not plain digits (white space, a sign, a fraction, a leading zero, nine digits and
//! more) goes to the strict reader for that one token.

use super::sections::CUT;
use crate::error::{Error, Result};
use rayon::prelude::*;
use std::ops::Range;

const CHUNK: usize = 1 << 20;
/// Rows handed to the caller at a time: they stay in the first-level cache.
const ROWS_AT_ONCE: usize = 128;
const BLOCK: usize = 64;

/// Something wrong with one value of a batch of rows.
#[derive(Debug)]
pub(super) struct Fault {
    /// Position of the value within the batch.
    pub value: usize,
    pub what: String,
}

/// A number array seen as rows of equal width.
#[derive(Debug)]
pub(super) struct Table<'a> {
    bytes: &'a [u8],
    what: &'static str,
    width: usize,
    chunks: Vec<Chunk>,
}

#[derive(Debug, Clone)]
struct Chunk {
    text: Range<usize>,
    rows: Range<usize>,
}

impl<'a> Table<'a> {
    /// Splits `array` (brackets included) of the file into rows of `width` values.
    pub(super) fn split(
        bytes: &'a [u8],
        array: Range<usize>,
        width: usize,
        what: &'static str,
    ) -> Result<Self> {
        if bytes.get(array.start) != Some(&b'[') {
            return Err(Error::damaged(array.start, format!("{what} should be an array")));
        }
        let inside = array.start + 1..array.end - 1;
        let starts: Vec<usize> = inside.clone().step_by(CHUNK).collect();
        let commas: Vec<usize> = starts
            .par_iter()
            .map(|&start| {
                let end = (start + CHUNK).min(inside.end);
                memchr::memchr_iter(b',', &bytes[start..end]).count()
            })
            .collect();
        let blank = bytes[inside.clone()].iter().all(is_space);
        let values = if blank { 0 } else { commas.iter().sum::<usize>() + 1 };
        if !values.is_multiple_of(width) {
            return Err(Error::damaged(
                array.end - 1,
                format!("{what} holds {values} numbers, not a multiple of {width} fields"),
            ));
        }
        let mut table = Self { bytes, what, width, chunks: Vec::new() };
        if values > 0 {
            table.align(&starts, &commas, inside, values / width);
        }
        Ok(table)
    }

    /// Moves every chunk's start to the first row that begins in it.
    fn align(&mut self, starts: &[usize], commas: &[usize], inside: Range<usize>, rows: usize) {
        let mut open: Option<(usize, usize)> = None; // the chunk whose end is not known yet
        let mut passed = 0_usize;
        for (&start, &count) in starts.iter().zip(commas) {
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
    /// chunk (see [`Self::deal`]); `take` gets a piece, the row within it at which a batch of
    /// values starts, and the batch. The first fault of the file wins, whatever the threads do.
    pub(super) fn read<P: Send>(
        &self,
        parts: Vec<P>,
        take: impl Fn(&mut P, usize, &[u64]) -> std::result::Result<(), Fault> + Sync,
    ) -> Result<Vec<P>> {
        let read: Vec<Result<P>> = self
            .chunks
            .par_iter()
            .zip(parts)
            .map(|(chunk, mut part)| {
                self.read_chunk(chunk, |row, values| {
                    take(&mut part, row, values)
                        .map_err(|fault| self.locate(chunk, row * self.width, fault))
                })?;
                Ok(part)
            })
            .collect();
        read.into_iter().collect()
    }

    fn locate(&self, chunk: &Chunk, before: usize, fault: Fault) -> Error {
        let text = &self.bytes[chunk.text.clone()];
        let at = match before + fault.value {
            0 => 0,
            n => memchr::memchr_iter(b',', text).nth(n - 1).map_or(0, |comma| comma + 1),
        };
        let space = text[at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
        Error::damaged(chunk.text.start + at + space, format!("{}: {}", self.what, fault.what))
    }

    fn read_chunk(
        &self,
        chunk: &Chunk,
        mut take: impl FnMut(usize, &[u64]) -> Result<()>,
    ) -> Result<()> {
        let Range { start, end } = chunk.text;
        let full = ROWS_AT_ONCE * self.width;
        let mut values = vec![0_u64; full + BLOCK + 1];
        let (mut filled, mut rows) = (0, 0);
        let mut token = start;
        let mut at = start;
        while at < end {
            let mut commas = comma_mask(self.bytes, at, end);
            while commas != 0 {
                let comma = at + commas.trailing_zeros() as usize;
                commas &= commas - 1;
                values[filled] = self.number(token, comma)?;
                filled += 1;
                token = comma + 1;
            }
            at += BLOCK;
            if filled >= full {
                take(rows, &values[..full])?;
                rows += ROWS_AT_ONCE;
                values.copy_within(full..filled, 0);
                filled -= full;
            }
        }
        // Only the last chunk ends without a comma.
        if rows * self.width + filled < chunk.rows.len() * self.width {
            values[filled] = self.number(token, end)?;
            filled += 1;
        }
        take(rows, &values[..filled])
    }

    /// The number in `start..end`.
    #[inline(always)]
    fn number(&self, start: usize, end: usize) -> Result<u64> {
        // Node up to 22 ends each record with a line feed before the comma.
        let digits_end = end - usize::from(self.bytes[end - 1] == b'\n');
        let length = digits_end.wrapping_sub(start);
        if length == 1 {
            let digit = self.bytes[start].wrapping_sub(b'0');
            if digit < 10 {
                return Ok(u64::from(digit));
            }
        }
        if length.wrapping_sub(1) < 8
            && let Some(eight) = self.bytes[..digits_end].last_chunk::<8>()
        {
            let unused = 64 - 8 * length as u32;
            let digits = ((u64::from_le_bytes(*eight) ^ 0x3030_3030_3030_3030) >> unused) << unused;
            let not_digits =
                (digits.wrapping_add(0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080;
            let leading_zero = length > 1 && (digits >> unused) & 0xff == 0;
            if not_digits == 0 && !leading_zero {
                return Ok(eight_digits(digits));
            }
        }
        self.number_strictly(start, end)
    }

    #[cold]
    #[inline(never)]
    fn number_strictly(&self, start: usize, end: usize) -> Result<u64> {
        let fail = |at: usize, why: &str| Err(Error::damaged(at, format!("{}: {why}", self.what)));
        let token = &self.bytes[start..end];
        let first = start + token.iter().take_while(|b| is_space(b)).count();
        if first == end {
            let hint = "a number is missing";
            return fail(first, hint);
        }
        let last = end - token.iter().rev().take_while(|b| is_space(b)).count();
        let digits = &self.bytes[first..last];
        if let Some(odd) = digits.iter().position(|b| !b.is_ascii_digit()) {
            let shown = char::from(digits[odd]).escape_default();
            return fail(first + odd, &format!("only whole numbers belong here, not '{shown}'"));
        }
        if digits.len() > 1 && digits[0] == b'0' {
            return fail(first, "a number has a leading zero");
        }
        let value = digits
            .iter()
            .try_fold(0_u64, |n, b| n.checked_mul(10)?.checked_add(u64::from(b - b'0')));
        match value {
            Some(value) => Ok(value),
            None => fail(first, "a number is beyond 2^64"),
        }
    }
}

/// White space as JSON knows it.
const fn is_space(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

/// Which of the up to 64 bytes from `at` (below `end`) are commas, lowest bit first.
#[inline(always)]
fn comma_mask(bytes: &[u8], at: usize, end: usize) -> u64 {
    let rest = &bytes[at..end];
    match rest.first_chunk::<BLOCK>() {
        Some(block) => comma_mask_of(block),
        None => rest.iter().rev().fold(0, |mask, b| (mask << 1) | u64::from(*b == b',')),
    }
}

#[inline(always)]
fn comma_mask_of(block: &[u8; BLOCK]) -> u64 {
    let (parts, _) = block.as_chunks::<8>();
    parts.iter().rev().fold(0, |mask, part| {
        let odd = u64::from_le_bytes(*part) ^ 0x2c2c_2c2c_2c2c_2c2c;
        // The high bit of every byte that is zero in `odd`, exactly.
        let zero = !(((odd & 0x7f7f_7f7f_7f7f_7f7f) + 0x7f7f_7f7f_7f7f_7f7f) | odd)
            & 0x8080_8080_8080_8080;
        (mask << 8) | ((zero >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56)
    })
}

/// Eight digits, the first in the lowest byte, as values 0 to 9 (missing leading ones are 0).
/// Johnny Lee's multiplication; see Lemire, "Quickly parsing eight digits" (2018).
#[inline(always)]
const fn eight_digits(digits: u64) -> u64 {
    const MASK: u64 = 0x0000_00ff_0000_00ff;
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8);
    let high = (pairs & MASK).wrapping_mul(100 + (1_000_000 << 32));
    let low = ((pairs >> 16) & MASK).wrapping_mul(1 + (10_000 << 32));
    high.wrapping_add(low) >> 32
}

/// An array whose length differs from the header's count.
pub(super) fn wrong_count(what: &str, counted: usize, header: usize, end: usize) -> Error {
    let error =
        Error::damaged(end, format!("{what} has {counted} rows, but the header says {header}"));
    if counted < header { error.hint(CUT) } else { error }
}
