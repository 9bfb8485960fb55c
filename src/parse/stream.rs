//! The place where an array of numbers begins in, its rows and the place where it ends out, one
//! window after the other.
//!
//! ```text
//!   [ 9,1,1,0,10,0 \n ,9,2,3,0,24,0 \n ,9,3,5,0,1,0 ... ]
//!     |---- step ----|---- step ----|---- step ----|        1. count commas, look for the end
//!     |----------- window 0 -----------|--- window 1 ..     2. read whole rows (`numbers.rs`)
//! ```
//!
//! Both is done in parallel, and the second finds in the cache what the first has brought there. A
//! file is walked over once. What is wrong with an array is not told: `sections.rs` and
//! `numbers.rs` do, for a whole array.

use super::numbers::Table;
use super::sections::Array;
use crate::error::Result;
use crate::input::Input;
use memchr::{memchr, memchr_iter, memrchr_iter};
use rayon::prelude::*;
use std::ops::Range;

/// Bytes that one thread counts and reads.
const STEP: usize = 64 << 10;
/// Steps of a window, for each thread: what one thread lacks another does.
const STEPS: usize = 2;

/// Pages that the system maps around one that is asked for, in bytes: where one thread goes on, it
/// brings back the end of what another has given back.
const AROUND: usize = 64 << 10;
/// Bytes that are given back together: each time all threads have to forget where they were.
const GIVEN_BACK: usize = 4 << 20;

/// An array that is read while its end is looked for.
pub(super) struct Stream<'a> {
    input: &'a Input,
    width: usize,
    step: usize,
}

impl<'a> Stream<'a> {
    /// Of rows of so many numbers.
    pub(super) const fn new(input: &'a Input, width: usize) -> Self {
        Self { input, width, step: STEP }
    }

    /// Gives all rows to `each`, those of a window at a time, with their numbers, from the bracket
    /// at `start` on. Returns how many there are, and where the array ends; `None` if anything is
    /// odd, or if `each` says so.
    pub(super) fn read(
        &self,
        start: usize,
        mut each: impl FnMut(Range<usize>, &Table<'_>) -> Result<()>,
    ) -> Option<(usize, usize)> {
        let (mut at, mut rows, mut kept) = (start + 1, 0, start);
        match self.input.bytes().get(start..)? {
            [b'[', b']', ..] => return Some((0, at + 1)),
            [b'[', ..] => {}
            _ => return None,
        }
        loop {
            let (window, end) = self.window(at)?;
            at = window.range.end + 1;
            let here = (window.commas.iter().sum::<usize>() + 1) / self.width;
            let table = Table::window(self.input, &window, (here, self.width)).ok()?;
            each(rows..rows + here, &table).ok()?;
            rows += here;
            if end || at - kept >= GIVEN_BACK {
                self.input.release(kept.saturating_sub(AROUND)..at);
                kept = at;
            }
            if end {
                return Some((rows, at));
            }
        }
    }

    /// The next whole rows, up to a comma, or to the end of the array; and whether that is it.
    fn window(&self, from: usize) -> Option<(Array, bool)> {
        let step = self.step;
        let bytes = &self.input.bytes()[from..];
        let bytes = &bytes[..bytes.len().min(step * STEPS * rayon::current_num_threads())];
        let counted: Vec<(usize, Option<usize>)> = bytes
            .par_chunks(step)
            .map(|part| {
                let end = memchr(b']', part);
                (memchr_iter(b',', &part[..end.unwrap_or(part.len())]).count(), end)
            })
            .collect();
        let last = counted.iter().position(|(_, end)| end.is_some());
        let mut commas: Vec<usize> = counted.iter().map(|(commas, _)| *commas).collect();
        let count: usize = commas.iter().take(last.map_or(usize::MAX, |last| last + 1)).sum();
        let length = match last.and_then(|last| Some(last * step + counted[last].1?)) {
            Some(end) if (count + 1).is_multiple_of(self.width) => end,
            Some(_) => return None,
            None => {
                // The row that is cut comes with the next window, and the comma before it with none.
                let mut more = count % self.width + 1;
                let end = memrchr_iter(b',', bytes).nth(more - 1)?;
                for commas in commas.iter_mut().rev() {
                    let less = more.min(*commas);
                    (*commas, more) = (*commas - less, more - less);
                }
                end
            }
        };
        commas.truncate(length.div_ceil(step));
        Some((Array { range: from..from + length, commas, step }, last.is_some()))
    }
}

/// As [`numbers`](super::numbers), by windows of so many bytes for each thread; `None` if anything
/// is odd.
#[cfg(feature = "internals")]
#[must_use]
pub fn streamed(input: &Input, width: usize, step: usize) -> Option<Vec<u64>> {
    let start = memchr(b'[', input.bytes())?;
    let mut values = Vec::new();
    let stream = Stream { input, width, step };
    let (rows, end) = stream.read(start, |_, table| {
        values.extend(table.values()?);
        Ok(())
    })?;
    (values.len() == rows * width && end == input.bytes().len()).then_some(values)
}
