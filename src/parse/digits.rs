//! A stretch of a number array in, its values out, a batch of columns at a time.
//!
//! ```text
//!   3,17,4096 \n ,3,2,8 \n ...     1. where the commas are, 64 bytes at a time
//!   0 2  5        11 13 15         2. the starts of the tokens of up to 128 rows
//!
//!   3 3 ... | 17 2 ... | 4096 8    3. column by column: digits to numbers
//! ```
//!
//! A column's values are alike: kinds have one digit, ordinals have several. So a column is
//! read by one loop without a branch per value, which only remembers whether anything was odd.
//! If so (white space, a sign, a fraction, a leading zero, nine digits and more) the column is
//! read again by the strict reader, which knows what is wrong and where.

use super::numbers::is_space;
use std::ops::Range;
use wide::u8x16;

/// They stay in the first-level cache.
pub(super) const ROWS: usize = 256;
const BLOCK: usize = 64;
/// About as many bytes as a batch of edges has.
const FETCH: usize = 6 << 10;
/// Starts are written eight at a time, wanted or not.
const STRIDE: usize = 8;

/// The values of some rows, by column.
#[derive(Debug)]
pub(super) struct Columns {
    values: Vec<u64>,
    rows: usize,
    /// Where the first row begins, in bytes of the file.
    pub start: usize,
}

impl Columns {
    pub(super) const fn rows(&self) -> usize {
        self.rows
    }

    /// One value for each row.
    #[inline]
    pub(super) fn column(&self, at: usize) -> &[u64] {
        &self.values[at * ROWS..][..self.rows]
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
    /// How far commas have been looked for.
    at: usize,
    /// Where tokens start; the last one is still open.
    starts: Vec<usize>,
    /// Tokens whose end is known.
    known: usize,
    batch: Columns,
}

impl<'a> Digits<'a> {
    /// Whole rows, and how many.
    pub(super) fn new(bytes: &'a [u8], text: Range<usize>, rows: usize, width: usize) -> Self {
        let mut starts = vec![0; ROWS * width + 1 + BLOCK + STRIDE];
        starts[0] = text.start;
        let batch = Columns { values: vec![0; ROWS * width], rows: 0, start: text.start };
        Self { bytes, at: text.start, text, rows, width, starts, known: 0, batch }
    }

    /// The next rows; `None` at the end.
    pub(super) fn batch(&mut self) -> Result<Option<&Columns>, Odd> {
        let used = self.batch.rows * self.width;
        self.starts.copy_within(used..=self.known, 0);
        self.known -= used;
        let rows = self.rows.min(ROWS);
        self.fetch();
        while self.known < rows * self.width && self.at < self.text.end {
            self.find_commas();
        }
        if self.known < rows * self.width {
            // The last token of the array ends without a comma.
            if self.known + 1 < rows * self.width {
                return Err((self.text.end, CHANGED.to_owned()));
            }
            self.known += 1;
            self.starts[self.known] = self.text.end + 1;
        }
        self.batch.rows = rows;
        self.batch.start = self.starts[0];
        self.rows -= rows;
        if rows == 0 {
            let fits = self.known == 0 && self.at == self.text.end;
            return if fits { Ok(None) } else { Err((self.text.start, CHANGED.to_owned())) };
        }
        for column in 0..self.width {
            self.convert(column).map_err(|odd| self.first_odd().unwrap_or(odd))?;
        }
        Ok(Some(&self.batch))
    }

    /// Asks for a batch's worth of memory at once: a page that is not in the cache costs more
    /// than the digits on it, and waiting for many lines together costs hardly more than for one.
    fn fetch(&self) {
        let end = (self.at + FETCH).min(self.text.end);
        let lines = self.bytes[self.at..end].iter().step_by(BLOCK);
        std::hint::black_box(lines.fold(0, |sum, byte| sum ^ byte));
    }

    fn find_commas(&mut self) {
        let mut commas = comma_mask(&self.bytes[self.at..self.text.end]);
        let mut left = commas.count_ones() as usize;
        let first = self.at + 1;
        loop {
            let room = &mut self.starts[self.known + 1..][..STRIDE];
            for slot in room {
                *slot = first + commas.trailing_zeros() as usize;
                commas &= commas.wrapping_sub(1);
            }
            if left <= STRIDE {
                self.known += left;
                break;
            }
            self.known += STRIDE;
            left -= STRIDE;
        }
        self.at = (self.at + BLOCK).min(self.text.end);
    }

    /// Where the token of a row and column begins and ends.
    #[inline(always)]
    fn token(&self, row: usize, column: usize) -> Range<usize> {
        let at = row * self.width + column;
        self.starts[at]..self.starts[at + 1] - 1
    }

    fn convert(&mut self, column: usize) -> Result<(), Odd> {
        if (self.token(0, column).len() == 1 && self.one_digit(column)) || self.many_digits(column)
        {
            return Ok(());
        }
        for row in 0..self.batch.rows {
            let value = strictly(self.bytes, self.token(row, column))?;
            self.batch.values[column * ROWS + row] = value;
        }
        Ok(())
    }

    /// Reads a column of one-digit numbers; false if it holds anything else.
    #[inline]
    fn one_digit(&mut self, column: usize) -> bool {
        let starts = &self.starts[column..];
        let values = &mut self.batch.values[column * ROWS..][..self.batch.rows];
        let mut odd = false;
        for (value, at) in values.iter_mut().zip((0..).step_by(self.width)) {
            let (start, next) = (starts[at], starts[at + 1]);
            let digit = self.bytes[start].wrapping_sub(b'0');
            odd |= (next - start != 2) | (digit > 9);
            *value = u64::from(digit);
        }
        !odd
    }

    /// Reads a column of numbers of up to eight digits; false if it holds anything else.
    #[inline]
    fn many_digits(&mut self, column: usize) -> bool {
        let starts = &self.starts[column..];
        let values = &mut self.batch.values[column * ROWS..][..self.batch.rows];
        // Node up to 22 ends each row with a line feed before the comma.
        let ends_row = column + 1 == self.width;
        let mut odd = 0;
        for (value, at) in values.iter_mut().zip((0..).step_by(self.width)) {
            let (start, mut end) = (starts[at], starts[at + 1] - 1);
            if ends_row {
                end -= usize::from(self.bytes[end - 1] == b'\n');
            }
            let Some(eight) = self.bytes[..end].last_chunk() else { return false };
            let length = end.wrapping_sub(start) as u64;
            let (number, wrong) = eight_bytes(u64::from_le_bytes(*eight), length);
            *value = number;
            odd |= wrong;
        }
        odd == 0
    }

    /// The first thing that is wrong, in the order of the file.
    #[cold]
    fn first_odd(&self) -> Option<Odd> {
        let tokens = (0..self.batch.rows).flat_map(|r| (0..self.width).map(move |c| (r, c)));
        tokens.into_iter().find_map(|(r, c)| strictly(self.bytes, self.token(r, c)).err())
    }
}

/// The number in the last `length` of eight bytes, and not 0 if they are no such number.
#[inline(always)]
const fn eight_bytes(bytes: u64, length: u64) -> (u64, u64) {
    let unused = 64_u64.wrapping_sub(8 * length) & 63;
    let digits = ((bytes ^ 0x3030_3030_3030_3030) >> unused) << unused;
    let not_digits = (digits.wrapping_add(0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080;
    let bad_length = (length.wrapping_sub(1) > 7) as u64;
    let leading_zero = (length > 1 && (digits >> unused) & 0xff == 0) as u64;
    (eight_digits(digits), not_digits | bad_length | leading_zero)
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

/// Which of the first up to 64 bytes are commas, lowest bit first.
#[inline(always)]
fn comma_mask(bytes: &[u8]) -> u64 {
    match bytes.first_chunk::<BLOCK>() {
        Some(block) => comma_mask_of(block),
        None => bytes.iter().rev().fold(0, |mask, b| (mask << 1) | u64::from(*b == b',')),
    }
}

#[inline(always)]
fn comma_mask_of(block: &[u8; BLOCK]) -> u64 {
    let (parts, _) = block.as_chunks::<16>();
    parts.iter().rev().fold(0, |mask, part| {
        let equal = u8x16::new(*part).cmp_eq(u8x16::splat(b','));
        (mask << 16) | u64::from(equal.move_mask().cast_unsigned())
    })
}
