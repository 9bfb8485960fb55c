//! Two string tables in, numbers that are equal where two texts are equal out.

use crate::graph::Heap;
use crate::ids::StrIdx;
use crate::pair::Pair;
use crate::parse::{Bond, Strings};
use rayon::prelude::*;

/// Bits of a label that hold the edge's kind.
const KIND: u32 = 4;
/// Set in the number of a text that only the older file has.
const OWN: u32 = 1 << 31;

/// The texts of one file.
pub(super) struct Names {
    /// By string: a number that the same text has in both files, and no other one.
    number: Vec<u32>,
    /// By string: what an edge of this name is called, but for its kind.
    label: Vec<u32>,
}

impl Names {
    pub(super) fn of(heaps: Pair<&Heap>) -> Pair<Self> {
        let strings = heaps.map(|heap| &heap.tables.strings);
        let own = |strings: &Strings, at: usize| strings.canonical(StrIdx::from_at(at)).0;
        let places = strings.before.places_in(strings.after);
        let before = places.iter().enumerate().map(|(at, place)| match place.is_none() {
            true => own(strings.before, at) | OWN,
            false => place.0,
        });
        let after = (0..strings.after.len()).map(|at| own(strings.after, at));
        Pair::new(before.collect(), after.collect()).zip(strings).map(|(n, s)| Self::new(n, s))
    }

    fn new(number: Vec<u32>, strings: &Strings) -> Self {
        let label = |(at, number): (usize, &u32)| match strings.is_number(StrIdx::from_at(at)) {
            true => 0,
            false => (mix(*number) | 1 << KIND) >> KIND << KIND,
        };
        let label = number.par_iter().enumerate().with_min_len(1024).map(label).collect();
        Self { number, label }
    }

    #[inline(always)]
    pub(super) fn number(&self, string: StrIdx) -> u32 {
        self.number[string.at()]
    }

    /// What an edge is called, with its kind. A position is no name, and one with an id in it is
    /// none that two heaps could have in common.
    #[inline(always)]
    pub(super) fn label(&self, raw: u32, bond: Bond) -> u32 {
        let kind = bond.kind();
        let is_named = !kind.is_indexed() && bond != Bond::Entry;
        kind as u32 | if is_named { self.label[raw as usize] } else { 0 }
    }
}

/// Whether edges of this label are told apart by where they stand.
#[inline(always)]
pub(super) const fn is_place(label: u32) -> bool {
    label >> KIND == 0
}

/// Spreads a number over all bits (the end of MurmurHash3).
#[inline(always)]
const fn mix(number: u32) -> u32 {
    let mut x = number ^ 0x9e37_79b9;
    x = (x ^ x >> 16).wrapping_mul(0x85eb_ca6b);
    x = (x ^ x >> 13).wrapping_mul(0xc2b2_ae35);
    x ^ x >> 16
}

/// One number of two, whose order counts.
#[inline(always)]
pub(super) const fn join(a: u32, b: u32) -> u32 {
    let both = ((a as u64) << 32 | b as u64) ^ 0x2d35_8dcc_aa6c_78a5;
    let far = both.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (far >> 32) as u32 ^ (far as u32).rotate_left(15)
}
