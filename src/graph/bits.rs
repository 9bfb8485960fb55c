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

    /// Fills a set of `len` members in parallel. Each call of `decide` gets a range and a
    /// writer that takes, in order, whether each index of the range is a member.
    pub(crate) fn collect(
        len: usize,
        decide: impl Fn(Range<usize>, &mut Writer<'_>) + Sync,
    ) -> Self {
        let mut bits = Self::new(len);
        bits.0.par_chunks_mut(WORDS_AT_ONCE).enumerate().for_each(|(i, words)| {
            let start = i * WORDS_AT_ONCE * 64;
            let range = start..(start + words.len() * 64).min(len);
            decide(range, &mut Writer { words, at: 0 });
        });
        bits
    }

    #[inline(always)]
    pub(crate) fn has(&self, at: usize) -> bool {
        self.0[at / 64] >> (at % 64) & 1 != 0
    }

    /// All members, ascending.
    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(at, word)| {
            let rest = |word: &u64| Some(*word & word.wrapping_sub(1)).filter(|rest| *rest != 0);
            let words = std::iter::successors(Some(*word).filter(|word| *word != 0), rest);
            words.map(move |word| at * 64 + word.trailing_zeros() as usize)
        })
    }

    #[inline(always)]
    pub(crate) fn set(&mut self, at: usize) {
        self.0[at / 64] |= 1 << (at % 64);
    }

    #[inline(always)]
    pub(crate) fn clear(&mut self, at: usize) {
        self.0[at / 64] &= !(1 << (at % 64));
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

/// Takes one answer after the other.
pub(crate) struct Writer<'a> {
    words: &'a mut [u64],
    at: usize,
}

impl Writer<'_> {
    #[inline(always)]
    pub(crate) fn push(&mut self, member: bool) {
        self.words[self.at / 64] |= u64::from(member) << (self.at % 64);
        self.at += 1;
    }

    /// One answer for each index of a range.
    #[inline(always)]
    pub(crate) fn fill(&mut self, range: Range<usize>, mut is_member: impl FnMut(usize) -> bool) {
        range.for_each(|at| self.push(is_member(at)));
    }
}
