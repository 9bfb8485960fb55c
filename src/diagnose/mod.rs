//! Deltas and growths in, suspects, patterns and one verdict out.

mod copies;
mod fixes;
mod harmless;
mod judge;
mod leading;
mod pattern;
mod patterns;
mod rules;
mod standing;
mod suspects;
mod telling;
mod unfinished;
mod verdict;
mod ways;

pub use copies::{Copies, copies};
pub use fixes::Fix;
pub(crate) use harmless::kept;
pub use harmless::{Harmless, harmless};
pub use judge::Judged;
pub use pattern::{Pattern, Unfinished};
pub use standing::{Standing, standing};
pub use suspects::Suspect;
pub use verdict::{VerdictKind, are_two_programs, is_unheld, verdict};
pub use ways::Path;

use crate::chains::{MOST_CUTS, Scripts};
use crate::diff::{ById, Comparison};
use crate::graph::Heap;
use crate::growth::{Growth, How, Matched, entries_then, held_then, stood};
use crate::ids::{EdgeIdx, NodeIdx};
use crate::objects::entries;
use patterns::patterns;
use rules::SHARE_OF_FREED;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use suspects::suspects;
use unfinished::unfinished;

/// What a diagnosis is made from.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The two heaps, compared.
    pub comparison: &'a Comparison,
    /// What is new, and the ways to it.
    pub matched: &'a Matched<'a>,
    /// The names of the scripts.
    pub scripts: &'a Scripts,
    /// How often the operation in question ran, if known.
    pub calls: Option<u64>,
}

impl Case<'_> {
    /// Whether something happened each time the operation ran, or so many times, as far as that is known.
    fn is_per_call(&self, more: u64) -> bool {
        self.calls.is_some_and(|calls| calls > 0 && more.is_multiple_of(calls))
    }

    /// Whether it can be told what a container held before and holds now: not where a file has
    /// lost edges, or names, by which what is new is told from what was there.
    #[must_use]
    pub fn can_count_entries(&self) -> bool {
        self.matched.heaps.iter().all(|heap| heap.tables.has_whole_graph())
    }

    /// The containers that hold more, where that can be told.
    #[must_use]
    pub fn grown(&self) -> Vec<Growth> {
        if self.can_count_entries() { crate::growth::find(self.matched) } else { Vec::new() }
    }
}

/// Everything that can be said about why the newer heap is larger.
#[derive(Debug)]
pub struct Diagnosis {
    /// Containers that hold more: those that pile up first, those that are harmless last.
    pub containers: Vec<Judged>,
    /// In order of suspicion.
    pub suspects: Vec<Suspect>,
    /// Of several leaks the order in which to fix them.
    pub fixes: Vec<Fix>,
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
    /// How many entries that had which has grown since the first one, where it can be told: by
    /// place.
    then: HashMap<(NodeIdx, Option<EdgeIdx>), u64>,
    /// How many objects of a class a root had, by the root and any of that class that it has now.
    held: HashMap<(NodeIdx, NodeIdx), u64>,
    by_id: ById,
}

impl<'a> Between<'a> {
    /// Prepares to be asked. `matched` compares it with the newest heap, and `grown` has what has grown
    /// since the first one.
    #[must_use]
    pub fn new(heap: &'a Heap, matched: &Matched<'_>, grown: &[Growth]) -> Self {
        let told = grown.iter().zip(entries_then(matched, grown));
        let then =
            told.filter_map(|(growth, then)| Some((place(matched, growth), then?))).collect();
        let since = crate::growth::find(matched);
        let held = held_then(matched);
        Self { heap, since, then, held, by_id: ById::new(heap, heap.tables.nodes.indices()) }
    }

    /// Whether an object of the newest heap was there then, as ids tell.
    fn has(&self, matched: &Matched<'_>, node: NodeIdx) -> bool {
        self.by_id.get(matched.heaps.after.tables.nodes.id(node)).is_some()
    }

    /// How many entries a container had then.
    fn entries(&self, matched: &Matched<'_>, growth: &Growth) -> u64 {
        if growth.how == How::Entries && matched.by_id {
            let id = |node: &NodeIdx| matched.heaps.after.tables.nodes.id(*node);
            let then = growth.together.iter().filter_map(|node| self.by_id.get(id(node)));
            return then.map(|node| entries(self.heap, node)).sum();
        }
        if let (How::Root, Some(one)) = (growth.how, growth.new_entries.first()) {
            let then = self.held.get(&(growth.holder, *one)).copied();
            return then.unwrap_or(growth.entries_after);
        }
        let same = |g: &&Growth| g.holder == growth.holder && g.keyed == growth.keyed;
        let through = |g: &&Growth| same(g) && g.how.incoming() == growth.how.incoming();
        let grown = |again: &Growth| again.entries_before;
        let then = self.since.iter().find(through).map(grown);
        let then = then.or_else(|| self.then.get(&place(matched, growth)).copied());
        let then = then.or_else(|| self.since.iter().find(same).map(grown));
        then.unwrap_or(growth.entries_after)
    }
}

/// Where a container of the newest heap is: one object may have several lists.
fn place(matched: &Matched<'_>, growth: &Growth) -> (NodeIdx, Option<EdgeIdx>) {
    (growth.holder, growth.field(matched.heaps.after, &matched.tree))
}

/// Diagnoses what `grown` has, which [`Case::grown`] found. `between` are the snapshots between the two
/// that are compared, oldest first; one that has lost edges or names is no evidence.
#[must_use]
pub fn diagnose(case: &Case<'_>, grown: Vec<Growth>, between: &[Between<'_>]) -> Diagnosis {
    let Case { comparison, matched, .. } = *case;
    if !case.can_count_entries() {
        let (containers, suspects) = (Vec::new(), Vec::new());
        let verdict = verdict(comparison, matched, &containers, &suspects);
        let fixes = Vec::new();
        return Diagnosis { containers, suspects, fixes, copies: None, verdict };
    }
    let between: Vec<&Between<'_>> =
        between.iter().filter(|then| then.heap.tables.has_whole_graph()).collect();
    let mut growths = grown;
    growths.extend(born_since(matched, &growths, between.last()));
    let mut containers = judge::judge(case, growths, &between);
    let held = containers.iter().any(|one| one.piles_up);
    let mut suspects = if held { suspects(case, &containers) } else { Vec::new() };
    if !held || suspects.first().is_some_and(is_held_elsewhere) {
        // Nothing of the program's own: perhaps what it opened and never closed, or what hangs
        // one below the other.
        let mut growths = handles(matched);
        growths.extend(crate::growth::chains(matched));
        let places: HashSet<_> = growths.iter().map(|growth| place(matched, growth)).collect();
        // A chain takes in all that leads to it from outside, where a list has but one way.
        let others = containers.drain(..).map(|one| one.growth);
        growths.extend(others.filter(|growth| !places.contains(&place(matched, growth))));
        containers = judge::judge(case, growths, &between);
        suspects = suspects::suspects(case, &containers);
    }
    // A table that grew with objects that nothing is said to hold is the likely culprit.
    let unheld = suspects.iter().filter(|s| is_unheld(s));
    unheld.filter_map(|s| s.guess).for_each(|at| containers[at].piles_up = true);
    suspects.sort_by_key(|s| s.paths.first().is_some_and(|p| !containers[p.container].piles_up));
    for suspect in &mut suspects {
        suspect.patterns = patterns(case, suspect, &containers);
        suspect.unfinished = unfinished(case, suspect, &containers);
    }
    let verdict = verdict(comparison, matched, &containers, &suspects);
    let fixes = fixes::fixes(matched, &containers, &suspects);
    Diagnosis { containers, suspects, fixes, copies: copies(matched), verdict }
}

/// Whether something else than the containers that were found keeps what piles up.
fn is_held_elsewhere(suspect: &Suspect) -> bool {
    !suspect.paths.is_empty()
        && suspect.frees_together.saturating_mul(SHARE_OF_FREED) < suspect.retained
}

/// Bytes of new objects that each cut frees. What was there before may hang below what is new, as the
/// rest of a list does, and is none of what has grown.
fn freed(matched: &Matched<'_>, cuts: &[Vec<EdgeIdx>]) -> Vec<u64> {
    let is_new = |node| matched.is_fresh(node);
    crate::chains::freed(matched.heaps.after, &matched.tree, cuts, is_new)
}

/// What only the runtime holds more of. Each weighs what goes when all tables of the runtime let it
/// go: it often dominates nothing, being in several.
fn handles(matched: &Matched<'_>) -> Vec<Growth> {
    let mut found = crate::growth::handles(matched);
    found.truncate(MOST_CUTS);
    let cuts: Vec<Vec<EdgeIdx>> = found.iter().map(|growth| growth.edges.clone()).collect();
    for (growth, bytes) in found.iter_mut().zip(freed(matched, &cuts)) {
        if bytes > growth.retained_new {
            growth.weighs(bytes);
        }
    }
    found.sort_by_key(|growth| (Reverse(growth.retained_new), growth.holder));
    found
}

/// Containers that were made after the first snapshot, and have grown since the last one between.
fn born_since(matched: &Matched<'_>, known: &[Growth], last: Option<&&Between<'_>>) -> Vec<Growth> {
    let Some(last) = last else { return Vec::new() };
    let known: HashSet<NodeIdx> =
        known.iter().flat_map(|growth| &growth.together).copied().collect();
    // What was there before and is not known to have grown since has lost what it got.
    let is_new =
        |holder| matched.is_fresh(holder) && (matched.by_id || stood(matched, holder).is_none());
    let others = last.since.iter().filter(|g| !known.contains(&g.holder) && is_new(g.holder));
    others.map(|growth| Growth { entries_before: 0, ..growth.clone() }).collect()
}
