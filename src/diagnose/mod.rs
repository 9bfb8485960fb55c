//! Deltas and growths in, suspects, patterns and one verdict out.

mod calm;
mod copies;
mod patterns;
mod standing;
mod suspects;
mod verdict;
mod ways;

pub use calm::{Calm, calm};
pub use copies::{Copies, copies};
pub use patterns::{Pattern, patterns};
pub use standing::{Standing, standing};
pub use suspects::{Suspect, suspects};
pub use verdict::{VerdictKind, is_unheld, piles_up, verdict};
pub use ways::Path;

use crate::chains::Scripts;
use crate::diff::{ById, Comparison};
use crate::graph::Heap;
use crate::growth::{Ground, Growth};
use crate::ids::NodeIdx;
use crate::objects::entries;

/// What a diagnosis is made from.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The two heaps, compared.
    pub comparison: &'a Comparison,
    /// What is new, and the ways to it.
    pub ground: &'a Ground<'a>,
    /// The names of the scripts.
    pub scripts: &'a Scripts,
}

impl Case<'_> {
    /// Whether it can be told what a container held before and holds now: not where a file has
    /// lost edges, or names, by which what is new is told from what was there.
    #[must_use]
    pub fn can_count_entries(&self) -> bool {
        self.ground.heaps.iter().all(|heap| heap.tables.has_whole_graph())
    }
}

/// Everything that can be said about why the newer heap is larger.
#[derive(Debug)]
pub struct Diagnosis {
    /// Containers that hold more, heaviest first; those that have stopped growing last.
    pub growths: Vec<Growth>,
    /// By growth: its entries in every snapshot, oldest first.
    pub series: Vec<Vec<u64>>,
    /// By growth: why it does not pile up, if that is not for its size.
    pub calm: Vec<Option<Calm>>,
    /// By growth: whether it piles up, as far as can be seen.
    pub piles_up: Vec<bool>,
    /// In order of suspicion.
    pub suspects: Vec<Suspect>,
    /// By suspect: patterns that fit, the most telling first.
    pub patterns: Vec<Vec<Pattern>>,
    /// New strings that say what others say already, if they make up much of the growth.
    pub copies: Option<Copies>,
    /// What it comes to.
    pub verdict: VerdictKind,
}

/// A snapshot taken in between.
#[derive(Debug)]
pub struct Between<'a> {
    /// Its heap.
    pub heap: &'a Heap,
    /// What has grown since, in terms of the newest heap.
    pub since: Vec<Growth>,
    by_id: ById,
}

impl<'a> Between<'a> {
    /// Prepares to be asked.
    #[must_use]
    pub fn new(heap: &'a Heap, since: Vec<Growth>) -> Self {
        Self { heap, since, by_id: ById::new(heap, heap.tables.nodes.indices()) }
    }

    /// How many entries a container had then.
    fn entries(&self, ground: &Ground<'_>, growth: &Growth) -> u64 {
        if growth.direct && ground.by_id {
            let id = |node: &NodeIdx| ground.heaps.after.tables.nodes.id(*node);
            let then = growth.together.iter().filter_map(|node| self.by_id.get(id(node)));
            return then.map(|node| entries(self.heap, node)).sum();
        }
        let again = self.since.iter().find(|g| g.holder == growth.holder);
        again.map_or(growth.entries_after, |g| g.entries_before)
    }
}

/// Diagnoses. `between` are the snapshots between the two that are compared, oldest first; one
/// that has lost edges or names is no evidence.
#[must_use]
pub fn diagnose(case: &Case<'_>, between: &[Between<'_>]) -> Diagnosis {
    let ground = case.ground;
    if !case.can_count_entries() {
        return Diagnosis {
            growths: Vec::new(),
            series: Vec::new(),
            calm: Vec::new(),
            piles_up: Vec::new(),
            suspects: Vec::new(),
            patterns: Vec::new(),
            copies: None,
            verdict: verdict(case.comparison, ground, false, &[]),
        };
    }
    let between: Vec<&Between<'_>> =
        between.iter().filter(|then| then.heap.tables.has_whole_graph()).collect();
    let mut growths = crate::growth::find(ground);
    let series = |growth: &Growth| -> Vec<u64> {
        let since = between.iter().map(|then| then.entries(ground, growth));
        let mut counts: Vec<u64> = std::iter::once(growth.entries_before).chain(since).collect();
        counts.push(growth.entries_after);
        counts
    };
    // What comes to an end by itself comes behind what goes on.
    growths.sort_by_cached_key(|g| calm(case, g, &series(g)).is_some());
    let mut diagnosis = judge(case, growths, &series);
    if !diagnosis.piles_up.contains(&true) {
        // Nothing of the program's own: perhaps what it opened and never closed.
        let mut growths = crate::growth::handles(ground);
        if !growths.is_empty() {
            growths.append(&mut diagnosis.growths);
            diagnosis = judge(case, growths, &series);
        }
    }
    diagnosis.copies = copies(ground);
    diagnosis
}

fn judge(case: &Case<'_>, growths: Vec<Growth>, series: &dyn Fn(&Growth) -> Vec<u64>) -> Diagnosis {
    let Case { comparison, ground, .. } = *case;
    let series: Vec<Vec<u64>> = growths.iter().map(series).collect();
    let calm: Vec<Option<Calm>> =
        growths.iter().zip(&series).map(|(growth, counts)| calm(case, growth, counts)).collect();
    let mut suspects = suspects(case, &growths);
    let mut piles_up: Vec<bool> = (0..growths.len())
        .map(|at| {
            let members = suspects.iter().find(|s| s.paths.first().is_some_and(|p| p.growth == at));
            let own = members.filter(|s| {
                standing(&ground.naming.after.classes[s.class.at()], case.scripts)
                    == Standing::Program
            });
            calm[at].is_none() && piles_up(&growths[at], own.map_or(0, |s| s.count))
        })
        .collect();
    // A table that grew with objects that nothing is said to hold is the likely culprit.
    let unheld = suspects.iter().filter(|s| is_unheld(s));
    unheld.filter_map(|s| s.guess).for_each(|at| piles_up[at] = true);
    // What piles up is more suspect than what merely grew, however heavy.
    suspects.sort_by_key(|s| s.paths.first().is_some_and(|p| !piles_up[p.growth]));
    let patterns = suspects.iter().map(|s| patterns(case, s, &growths)).collect();
    let verdict = verdict(comparison, ground, piles_up.contains(&true), &suspects);
    let copies = None;
    Diagnosis { growths, series, calm, piles_up, suspects, patterns, copies, verdict }
}
