//! A stretch of a number array in, its values out, a batch of rows at a time.
//!
//! ```text
//!   3,17,4096 \n ,3,2,8 \n ...     1. where the commas are, 64 bytes at a time
//!   0 2  5        11 13 15         2. the starts of the tokens of up to 256 rows
//!
//!   3 17 4096 | 3 2 8 | ...        3. digits to numbers, row after row
//! ```
//!
//! Numbers are read by loops without a branch per value, which only remember whether anything was
//! odd: several tokens at a time where the processor has vectors for it (`vector.rs`); else, and if
//! anything was odd there, column by column, since the values of a column are alike: kinds have
//! one digit, ordinals have several. A column that is odd then too (white space, a sign, a
//! fraction, a leading zero, 17 digits and more) is read again by the strict reader, which knows
//! what is wrong and where.

use super::tokens::Tokens;
use super::vector::{LANES, Seen, Vector};
use std::ops::Range;

/// They stay in the first-level cache.
pub(super) const ROWS: usize = 256;

/// The values of some rows, row after row.
#[derive(Debug)]
pub(super) struct Batch {
    values: Vec<u64>,
    rows: usize,
    width: usize,
    /// Where the first row begins, in bytes of the file.
    pub start: usize,
}

impl Batch {
    pub(super) const fn rows(&self) -> usize {
        self.rows
    }

    /// All values.
    #[inline]
    pub(super) fn values(&self) -> &[u64] {
        &self.values[..self.rows * self.width]
    }

    #[inline]
    pub(super) fn at(&self, row: usize, column: usize) -> u64 {
        self.values[row * self.width + column]
    }

    /// One column.
    #[inline]
    pub(super) fn column(&self, at: usize) -> impl Iterator<Item = u64> {
        self.values().chunks_exact(self.width).map(move |row| row[at])
    }

    /// Gives some columns of each row to `each`, with what belongs to the row. Quick if they are
    /// the first ones, as V8 has them, and quicker if they are all.
    #[inline(always)]
    pub(super) fn each<const N: usize, T>(
        &self,
        columns: [usize; N],
        rows: impl IntoIterator<Item = T>,
        mut each: impl FnMut([u64; N], T),
    ) {
        let values = self.values();
        if columns.iter().enumerate().any(|(at, column)| at != *column) {
            let of = |row: &[u64]| columns.map(|column| row[column]);
            let values = values.chunks_exact(self.width);
            values.zip(rows).for_each(|(values, row)| each(of(values), row));
        } else if self.width == N {
            values.as_chunks().0.iter().zip(rows).for_each(|(values, row)| each(*values, row));
        } else {
            let values = values.chunks_exact(self.width).filter_map(|row| row.first_chunk());
            values.zip(rows).for_each(|(values, row)| each(*values, row));
        }
    }
}

/// Two looks at the same bytes saw different things: somebody writes to the file.
pub(super) const CHANGED: &str = "the file changed while it was read";

/// What is wrong, and at which byte of the file.
pub(super) type Odd = (usize, String);

/// Reads one stretch.
pub(super) struct Digits<'a> {
    bytes: &'a [u8],
    text: Range<usize>,
    width: usize,
    /// Rows that are not handed out yet.
    rows: usize,
    tokens: Tokens,
    batch: Batch,
    by_vector: Option<ByVector>,
    signed: Signed,
}

/// Columns of which numbers may be below zero, and are 0 then: a bit each, the lowest for the first column.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Signed(u64);

impl Signed {
    pub(super) fn columns(columns: impl IntoIterator<Item = usize>) -> Self {
        Self(
            columns
                .into_iter()
                .fold(0, |bits, at| bits | 1_u64.checked_shl(at as u32).unwrap_or(0)),
        )
    }

    const fn has(self, column: usize) -> bool {
        column < u64::BITS as usize && self.0 >> column & 1 == 1
    }
}

/// How numbers are read several at a time.
struct ByVector {
    vector: Vector,
    /// How many bytes lie between a token's end and the start of the next one, for eight rows.
    behind: Vec<[usize; LANES]>,
    /// Whether numbers of more than eight digits are to be expected.
    long: bool,
}

impl<'a> Digits<'a> {
    /// Whole rows, and how many; `vector` may read them.
    pub(super) fn new(
        bytes: &'a [u8],
        text: Range<usize>,
        (rows, width): (usize, usize),
        vector: Option<Vector>,
    ) -> Self {
        let tokens = Tokens::new(text.start, ROWS * width);
        let batch = Batch { values: vec![0; ROWS * width], rows: 0, width, start: text.start };
        let by_vector =
            vector.map(|vector| ByVector { vector, behind: vec![[1; LANES]; width], long: false });
        Self { bytes, text, width, rows, tokens, batch, by_vector, signed: Signed::default() }
    }

    pub(super) fn with(self, signed: Signed) -> Self {
        Self { signed, ..self }
    }

    /// The next rows; `None` at the end.
    pub(super) fn batch(&mut self) -> Result<Option<&Batch>, Odd> {
        self.tokens.pass(self.batch.rows * self.width);
        let rows = self.rows.min(ROWS);
        let wanted = rows * self.width;
        let bytes = &self.bytes[..self.text.end];
        match &self.by_vector {
            Some(by) => by.vector.find(&mut self.tokens, bytes, wanted),
            None => self.tokens.find(bytes, wanted),
        }
        if self.tokens.known() < wanted {
            // The last token of the array ends without a comma.
            if self.tokens.known() + 1 < wanted {
                return Err((self.text.end, CHANGED.to_owned()));
            }
            self.tokens.close(self.text.end);
        }
        self.batch.rows = rows;
        self.batch.start = self.tokens.starts(0)[0];
        self.rows -= rows;
        if rows == 0 {
            let fits = self.tokens.known() == 0 && self.tokens.looked_at() == self.text.end;
            return if fits { Ok(None) } else { Err((self.text.start, CHANGED.to_owned())) };
        }
        self.convert().map_err(|odd| self.first_odd().unwrap_or(odd))?;
        Ok(Some(&self.batch))
    }

    /// Where the token of a row and column begins and ends.
    #[inline(always)]
    fn token(&self, row: usize, column: usize) -> Range<usize> {
        let at = row * self.width + column;
        let starts = self.tokens.starts(at + 1);
        starts[at]..starts[at + 1] - 1
    }

    fn convert(&mut self) -> Result<(), Odd> {
        if self.all_by_vector() {
            return Ok(());
        }
        for column in 0..self.width {
            let quick = (self.token(0, column).len() == 1 && self.one_digit(column))
                || self.many_digits::<false>(column)
                || self.many_digits::<true>(column);
            for row in 0..if quick { 0 } else { self.batch.rows } {
                let value = self.strictly(row, column)?;
                self.batch.values[row * self.width + column] = value;
            }
        }
        Ok(())
    }

    /// Reads all numbers several at a time; false if that cannot be done.
    fn all_by_vector(&mut self) -> bool {
        let Some(by) = &mut self.by_vector else { return false };
        let (width, count) = (self.width, self.batch.rows * self.width);
        let starts = self.tokens.starts(count);
        // Node up to 22 ends each row with a line feed before the comma.
        let has_feed = |next: &usize| self.bytes[next - 2] == b'\n';
        let feed = has_feed(&starts[width]);
        if feed && !starts[width..].iter().step_by(width).all(has_feed) {
            return false;
        }
        let ends = by.behind.as_flattened_mut().iter_mut().skip(width - 1).step_by(width);
        ends.for_each(|behind| *behind = 1 + usize::from(feed));
        let out = &mut self.batch.values[..count];
        let mut seen = Seen::Long;
        if !by.long {
            seen = by.vector.numbers::<false>(self.bytes, starts, &by.behind, out);
        }
        if seen == Seen::Long {
            by.long = true;
            seen = by.vector.numbers::<true>(self.bytes, starts, &by.behind, out);
        }
        for (at, value) in out.iter_mut().enumerate().skip(count - count % LANES) {
            match strictly(self.bytes, starts[at]..starts[at + 1] - 1) {
                Ok(number) => *value = number,
                Err(_) => return false,
            }
        }
        seen == Seen::Numbers
    }

    /// Reads a column of one-digit numbers; false if it holds anything else.
    #[inline]
    fn one_digit(&mut self, column: usize) -> bool {
        let count = self.batch.rows * self.width;
        let starts = &self.tokens.starts(count)[column..];
        let values = &mut self.batch.values[column..][..starts.len() - 1];
        let mut odd = false;
        for at in (0..values.len()).step_by(self.width) {
            let (start, next) = (starts[at], starts[at + 1]);
            let digit = self.bytes[start].wrapping_sub(b'0');
            odd |= (next - start != 2) | (digit > 9);
            values[at] = u64::from(digit);
        }
        !odd
    }

    /// Reads a column of numbers of up to eight digits, or of up to 16; false if it holds anything
    /// else.
    #[inline]
    fn many_digits<const LONG: bool>(&mut self, column: usize) -> bool {
        let count = self.batch.rows * self.width;
        let starts = &self.tokens.starts(count)[column..];
        let values = &mut self.batch.values[column..][..starts.len() - 1];
        // Node up to 22 ends each row with a line feed before the comma.
        let ends_row = column + 1 == self.width;
        let mut odd = 0;
        for at in (0..values.len()).step_by(self.width) {
            let (start, mut end) = (starts[at], starts[at + 1] - 1);
            if ends_row {
                end -= usize::from(self.bytes[end - 1] == b'\n');
            }
            let Some((rest, eight)) = self.bytes[..end].split_last_chunk() else { return false };
            let length = end.wrapping_sub(start) as u64;
            let (number, wrong) = if LONG {
                let Some(before) = rest.last_chunk() else { return false };
                sixteen_bytes([*before, *eight], length)
            } else {
                eight_bytes(*eight, length)
            };
            values[at] = number;
            odd |= wrong;
        }
        odd == 0
    }

    /// The first thing that is wrong, in the order of the file.
    #[cold]
    fn first_odd(&self) -> Option<Odd> {
        let tokens = (0..self.batch.rows).flat_map(|r| (0..self.width).map(move |c| (r, c)));
        tokens.into_iter().find_map(|(r, c)| self.strictly(r, c).err())
    }

    /// The number of a row and column, or what is wrong with it.
    fn strictly(&self, row: usize, column: usize) -> Result<u64, Odd> {
        let at = self.token(row, column);
        let minus = at.start + self.bytes[at.clone()].iter().take_while(|b| is_space(b)).count();
        let below = self.signed.has(column)
            && matches!(self.bytes[minus..at.end], [b'-', digit, ..] if digit.is_ascii_digit());
        if below {
            strictly(self.bytes, minus + 1..at.end).map(|_| 0)
        } else {
            strictly(self.bytes, at)
        }
    }
}

/// The number in the last `length` of eight bytes, and not 0 if they are no such number.
#[inline(always)]
const fn eight_bytes(bytes: [u8; 8], length: u64) -> (u64, u64) {
    let (number, wrong, first) = eight_of(bytes, length);
    (number, wrong | (length > 1 && first == 0) as u64)
}

/// The same of sixteen bytes.
#[inline(always)]
fn sixteen_bytes([before, eight]: [[u8; 8]; 2], length: u64) -> (u64, u64) {
    let (low, wrong, first) = eight_of(eight, length.min(8));
    let (high, wrong_before, first_before) = eight_of(before, length.wrapping_sub(8));
    if length > 8 {
        let number = high.wrapping_mul(100_000_000).wrapping_add(low);
        (number, wrong | wrong_before | u64::from(first_before == 0))
    } else {
        (low, wrong | u64::from(length > 1 && first == 0))
    }
}

/// The number in the last `length` of eight bytes, not 0 if they are no digits or too many, and
/// the first digit.
#[inline(always)]
const fn eight_of(bytes: [u8; 8], length: u64) -> (u64, u64, u64) {
    let unused = 64_u64.wrapping_sub(length.wrapping_mul(8)) & 63;
    let bytes = u64::from_le_bytes(bytes);
    let digits = ((bytes ^ 0x3030_3030_3030_3030) >> unused) << unused;
    let not_digits = (digits.wrapping_add(0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080;
    let bad_length = (length.wrapping_sub(1) > 7) as u64;
    (eight_digits(digits), not_digits | bad_length, (digits >> unused) & 0xff)
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

/// White space as JSON knows it.
pub(super) const fn is_space(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

/// The number at a place of the file, or what is wrong with it.
#[cold]
#[inline(never)]
fn strictly(bytes: &[u8], at: Range<usize>) -> Result<u64, Odd> {
    let token = &bytes[at.clone()];
    let first = at.start + token.iter().take_while(|b| is_space(b)).count();
    if first == at.end {
        return Err((first, "a number is missing".to_owned()));
    }
    // Only behind `first`: somebody may have put more blanks there since.
    let last = at.end - bytes[first..at.end].iter().rev().take_while(|b| is_space(b)).count();
    let digits = &bytes[first..last];
    if let Some(odd) = digits.iter().position(|b| !b.is_ascii_digit()) {
        let shown = char::from(digits[odd]).escape_default();
        return Err((first + odd, format!("only whole numbers belong here, not '{shown}'")));
    }
    if digits.len() > 1 && digits[0] == b'0' {
        return Err((first, "a number has a leading zero".to_owned()));
    }
    let value =
        digits.iter().try_fold(0_u64, |n, b| n.checked_mul(10)?.checked_add(u64::from(b - b'0')));
    value.ok_or_else(|| (first, "a number is beyond 2^64".to_owned()))
}
