//! Containers that grew in, what is to be thought of each out.

use super::rules::{MANY, MANY_INSIDE, SHARE_OF_ENTRIES, WEIGHTY, WEIGHTY_NUMBERS};
use super::standing::{Standing, standing};
use super::ways::is_machinery;
use super::{Between, Case, Harmless, harmless};
use crate::graph::Bits;
use crate::growth::{Growth, PILE};
use crate::ids::{ClassIdx, NodeIdx};
use crate::objects::holds;
use std::cmp::Reverse;
use std::collections::HashMap;

/// A container that grew, and what it comes to.
#[derive(Debug)]
pub struct Judged {
    /// The container.
    pub growth: Growth,
    /// Its entries in every snapshot, oldest first.
    pub series: Vec<u64>,
    /// Why it is not called a leak, if that is not for its size.
    pub harmless: Option<Harmless>,
    /// Whether it piles up, as far as can be seen.
    pub piles_up: bool,
}

/// Judges each container by itself; those that pile up come first, heaviest first, then those that
/// are too small to, and then the harmless ones.
pub(super) fn judge(
    case: &Case<'_>,
    growths: Vec<Growth>,
    between: &[&Between<'_>],
) -> Vec<Judged> {
    let mut inside = Inside::new(case);
    let judged = growths.into_iter().map(|growth| {
        let series = series(case, &growth, between);
        let harmless = harmless(case, &growth, &series, between.last().copied());
        // What has been there only since a snapshot between has to have grown since.
        let lately = growth.more().min(born(case, &growth, &series));
        let piles_up = harmless.is_none() && piles_up(&growth, lately, &mut inside);
        Judged { growth, series, harmless, piles_up }
    });
    let mut judged: Vec<Judged> = judged.collect();
    in_step(case, &mut judged);
    let rank = |j: &Judged| (!j.piles_up, j.harmless.is_some(), Reverse(j.growth.retained_new));
    judged.sort_by_key(|j| (rank(j), j.growth.holder));
    judged
}

fn series(case: &Case<'_>, growth: &Growth, between: &[&Between<'_>]) -> Vec<u64> {
    let since = between.iter().map(|then| then.entries(case.matched, growth));
    let first = std::iter::once(growth.entries_before);
    first.chain(since).chain([growth.entries_after]).collect()
}

/// Entries that a container got after it was first seen; of one that was there before, all.
fn born(case: &Case<'_>, growth: &Growth, series: &[u64]) -> u64 {
    if !case.matched.is_fresh(growth.holder) || series.len() < 3 || growth.entries_before > 0 {
        return u64::MAX;
    }
    let first = series.iter().find(|entries| **entries > 0).copied().unwrap_or(0);
    growth.entries_after.saturating_sub(first)
}

/// Whether so much has been added to a container that it is no chance.
fn piles_up(growth: &Growth, more: u64, inside: &mut Inside<'_>) -> bool {
    // Nor are few, if they are as many as the operation ran, or so many for each time; of a handful of
    // calls anything is a multiple.
    let case = inside.case;
    let per_call = case.calls.is_some_and(|calls| calls >= PILE) && case.is_per_call(growth.more());
    let enough = if growth.is_approximate() { WEIGHTY_NUMBERS } else { WEIGHTY };
    let grown = more.saturating_mul(SHARE_OF_ENTRIES) >= growth.entries_before;
    let heavy = growth.retained_new >= enough;
    grown && heavy && (more >= MANY || (more >= PILE && (per_call || inside.are_many(growth))))
}

/// What went from nothing to something with two snapshots to tell of it is a leak all the same if it
/// got as many as the operation ran, each time the same, or as another one did.
fn in_step(case: &Case<'_>, judged: &mut [Judged]) {
    let from_nothing =
        |j: &Judged| j.harmless == Some(Harmless::FromNothing) && j.growth.more() >= MANY;
    let mut alike: HashMap<u64, u64> = HashMap::new();
    for one in judged.iter().filter(|j| j.piles_up || from_nothing(j)) {
        *alike.entry(one.growth.more()).or_default() += 1;
    }
    let mut inside = Inside::new(case);
    for one in judged.iter_mut().filter(|j| from_nothing(j)) {
        let more = one.growth.more();
        if (case.is_per_call(more) || alike[&more] > 1) && piles_up(&one.growth, more, &mut inside)
        {
            (one.harmless, one.piles_up) = (None, true);
        }
    }
}

/// Looks for many objects of one class of the program inside few entries.
struct Inside<'a> {
    case: &'a Case<'a>,
    /// By class: whether it is one of the program.
    own: HashMap<ClassIdx, bool>,
    /// So many objects are still looked at: as many as there are, twice, for all containers.
    left: usize,
}

impl<'a> Inside<'a> {
    fn new(case: &'a Case<'a>) -> Self {
        let left = 2 * case.matched.heaps.after.tables.nodes.len();
        Self { case, own: HashMap::new(), left }
    }

    fn are_many(&mut self, growth: &Growth) -> bool {
        let matched = self.case.matched;
        let heap = matched.heaps.after;
        let mut seen = Bits::new(heap.tables.nodes.len());
        let mut counts: HashMap<ClassIdx, u64> = HashMap::new();
        let mut stack: Vec<NodeIdx> =
            growth.new_entries.iter().copied().filter(|n| seen.add(n.at())).collect();
        while let Some(node) = stack.pop() {
            let class = matched.class(node);
            let is_own = *self.own.entry(class).or_insert_with(|| {
                let class = &matched.naming.after.classes[class.at()];
                standing(class, self.case.scripts) == Standing::Program
            });
            if is_own && !heap.shallow().is_zero(node) {
                let count = counts.entry(class).or_default();
                *count += 1;
                if *count >= MANY_INSIDE {
                    return true;
                }
            }
            let Some(left) = self.left.checked_sub(1) else { return false };
            self.left = left;
            stack.extend(
                heap.tables
                    .edges_of(node)
                    .filter(|edge| holds(heap, node, *edge))
                    .map(|edge| heap.tables.edges.target(edge))
                    .filter(|target| {
                        matched.is_fresh(*target)
                            && !is_machinery(heap.tables.nodes.kind(*target))
                            && seen.add(target.at())
                    }),
            );
        }
        false
    }
}
