//! Edges in, their targets' retainers out: who has several, and which these are.

use super::Bits;
use crate::ids::ROOT;
use crate::parse::{Bond, Hop, Tables};

/// (target, retainer). How many there will be is not known, so in pieces: one list that grows would
/// be copied and leave its old places behind.
#[derive(Default)]
pub(super) struct Pairs(Vec<Vec<(u32, u32)>>);

/// Pairs in one piece.
const PIECE: usize = 1 << 16;

impl Pairs {
    #[inline(always)]
    pub(super) fn push(&mut self, target: u32, retainer: u32) {
        match self.0.last_mut() {
            Some(piece) if piece.len() < PIECE => piece.push((target, retainer)),
            _ => {
                let mut piece = Vec::with_capacity(PIECE);
                piece.push((target, retainer));
                self.0.push(piece);
            }
        }
    }
}

/// Retainers by target.
pub(super) struct Retainers {
    first: Vec<u32>,
    retainer: Vec<u32>,
}

impl Retainers {
    /// Groups pairs; targets are below `count`.
    pub(super) fn new(pairs: Pairs, count: usize) -> Self {
        let Pairs(mut pieces) = pairs;
        let mut first = vec![0; count + 1];
        pieces.iter().flatten().for_each(|(target, _)| first[*target as usize] += 1);
        let mut sum = 0;
        for first in &mut first {
            sum += *first;
            *first = sum;
        }
        // Filled from each list's end: what is left in `first` at last is its start. The pieces are
        // given back on the way.
        let mut retainer = vec![0; sum as usize];
        while let Some(piece) = pieces.pop() {
            for (target, from) in piece.into_iter().rev() {
                let slot = &mut first[target as usize];
                *slot -= 1;
                retainer[*slot as usize] = from;
            }
        }
        Self { first, retainer }
    }

    pub(super) fn of(&self, target: u32) -> &[u32] {
        let [first, end] = [target, target + 1].map(|at| self.first[at as usize] as usize);
        &self.retainer[first..end]
    }
}

/// Edges looked at together.
const BLOCK: usize = 2048;

/// Which nodes more than one edge leads to that is not weak; and the root, which is entered before
/// any edge is met.
pub(super) fn shared(tables: &Tables) -> Bits {
    let count = tables.nodes.len();
    let (mut held, mut shared) = (Bits::new(count), Bits::new(count));
    let mut open = [0; BLOCK];
    for hops in tables.edges.hops().chunks(BLOCK) {
        // First without a branch, since most edges lead to what is known to be shared.
        let mut many = 0;
        for hop in hops.iter().map(|hop| Hop(*hop)) {
            open[many] = hop.target().0;
            many += usize::from((hop.bond() != Bond::Weak) & !shared.has(hop.target().at()));
        }
        for target in &open[..many] {
            if !held.add(*target as usize) {
                shared.set(*target as usize);
            }
        }
    }
    shared.set(ROOT.at());
    shared
}
