//! Nodes and what ways to them cost in, the nodes with the cheapest ways out (Dial's queue).
//!
//! ```text
//!   tier in hand     buckets by sum, round and round:  [ ][n4 n9][ ][n7] ...
//!                    known when it began, by sum:      (311, n5) (420, n6) ...
//!   dearer tiers     unsorted:                         n8 n2 ...
//! ```

use super::prices::{Cost, DEAREST_STEP, TIERS};
use crate::graph::Bits;
use crate::ids::NodeIdx;

/// Waiting nodes. A node to which a cheaper way is found waits at both places.
pub(super) struct Queue {
    /// The tier in hand, and the sum.
    now: Cost,
    buckets: Vec<Vec<NodeIdx>>,
    /// Which buckets hold any.
    filled: [u64; DEAREST_STEP / 64],
    /// The dearest first.
    starts: Vec<(u32, NodeIdx)>,
    /// By tier.
    later: [Vec<NodeIdx>; TIERS],
}

impl Queue {
    pub(super) fn new() -> Self {
        Self {
            now: Cost::ZERO,
            buckets: vec![Vec::new(); DEAREST_STEP],
            filled: [0; DEAREST_STEP / 64],
            starts: Vec::new(),
            later: [const { Vec::new() }; TIERS],
        }
    }

    /// Has a node wait for the settling of its way, which is cheaper than the one known before.
    #[inline(always)]
    pub(super) fn push(&mut self, node: NodeIdx, cost: Cost, before: Cost) {
        if cost.tier() == self.now.tier() {
            self.fill(node, cost.sum());
        } else if before.is_none() || before.tier() != cost.tier() {
            // It waits there once, whatever becomes of the sum.
            self.later[cost.tier()].push(node);
        }
    }

    #[inline(always)]
    fn fill(&mut self, node: NodeIdx, sum: u32) {
        let at = sum as usize % DEAREST_STEP;
        self.buckets[at].push(node);
        self.filled[at / 64] |= 1 << (at % 64);
    }

    /// The next cost, and all nodes that may have it. Settled ones may be among them.
    pub(super) fn next(
        &mut self,
        cost: impl Fn(NodeIdx) -> Cost,
        settled: &Bits,
    ) -> Option<(Cost, Vec<NodeIdx>)> {
        loop {
            let start = self.starts.last().map(|(sum, _)| *sum);
            let Some(sum) = self.next_filled().into_iter().chain(start).min() else {
                self.begin_tier(&cost, settled)?;
                continue;
            };
            self.now = self.now.with_sum(sum);
            while let Some((_, node)) = self.starts.pop_if(|(start, _)| *start == sum) {
                self.fill(node, sum);
            }
            let at = sum as usize % DEAREST_STEP;
            self.filled[at / 64] &= !(1 << (at % 64));
            let nodes = std::mem::take(&mut self.buckets[at]);
            return Some((self.now, nodes));
        }
    }

    /// The next sum for which any wait in the buckets: no step costs as much as there are buckets.
    fn next_filled(&self) -> Option<u32> {
        let from = self.now.sum() as usize % DEAREST_STEP;
        let words = self.filled.len();
        let behind = |word: u64| word & (u64::MAX << (from % 64));
        let ahead = (0..=words).find_map(|step| {
            let at = (from / 64 + step) % words;
            let word = match step {
                0 => behind(self.filled[at]),
                _ => self.filled[at],
            };
            (word != 0).then(|| at * 64 + word.trailing_zeros() as usize)
        })?;
        let steps = (ahead + DEAREST_STEP - from) % DEAREST_STEP;
        Some(self.now.sum() + steps as u32)
    }

    fn begin_tier(&mut self, cost: impl Fn(NodeIdx) -> Cost, settled: &Bits) -> Option<()> {
        let tier = (self.now.tier() + 1..TIERS).find(|tier| !self.later[*tier].is_empty())?;
        self.now = Cost::first_of(tier);
        let nodes = std::mem::take(&mut self.later[tier]);
        let open = nodes.into_iter().filter(|node| !settled.has(node.at()));
        self.starts = open.map(|node| (cost(node).sum(), node)).collect();
        self.starts.sort_unstable_by(|a, b| b.cmp(a));
        Some(())
    }
}
