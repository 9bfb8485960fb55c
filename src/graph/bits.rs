//! A set of small numbers, one bit each.

use rayon::prelude::*;
use std::ops::Range;

/// A fixed-size set of indices.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bits(Vec<u64>);

const WORDS_AT_ONCE: usize = 1024;

impl Bits {
    pub(crate) fn new(len: usize) -> Self {
        Self(vec![0; len.div_ceil(64)])
    }

    /// Fills a set of `len` members in parallel; `decide` gets a range and calls back for each
    /// member of it.
    pub(crate) fn collect(
        len: usize,
        decide: impl Fn(Range<usize>, &mut dyn FnMut(usize)) + Sync,
    ) -> Self {
        let mut bits = Self::new(len);
        bits.0.par_chunks_mut(WORDS_AT_ONCE).enumerate().for_each(|(i, words)| {
            let start = i * WORDS_AT_ONCE * 64;
            decide(start..(start + words.len() * 64).min(len), &mut |at| {
                words[(at - start) / 64] |= 1 << (at % 64);
            });
        });
        bits
    }

    #[inline(always)]
    pub(crate) fn has(&self, at: usize) -> bool {
        self.0[at / 64] >> (at % 64) & 1 != 0
    }

    #[inline(always)]
    pub(crate) fn set(&mut self, at: usize) {
        self.0[at / 64] |= 1 << (at % 64);
    }

    /// Sets a bit; tells whether it was clear before.
    #[inline(always)]
    pub(crate) fn add(&mut self, at: usize) -> bool {
        let word = &mut self.0[at / 64];
        let bit = 1 << (at % 64);
        let fresh = *word & bit == 0;
        *word |= bit;
        fresh
    }
}
