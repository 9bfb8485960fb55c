//! Pairs of nodes in, those that are taken for the same object out, and what is to be looked at next.

use super::looks::{Depth, Side};
use crate::ids::{NodeIdx, ROOT};
use crate::objects::is_made_for_snapshot;
use crate::pair::Pair;
use std::collections::VecDeque;

/// What is to be done with a match, in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// To match what both hold under one name.
    Names,
    /// To match what both hold in lists and looks the same.
    Lists,
    /// To match the rest of these.
    Rest,
}

const STEPS: [Step; 3] = [Step::Names, Step::Lists, Step::Rest];

pub(super) struct Matches<'a> {
    pub(super) sides: &'a Pair<Side<'a>>,
    /// By node of each heap: the same one in the other heap, or NONE.
    twins: Pair<Vec<NodeIdx>>,
    /// What is to be done, by step.
    tasks: [VecDeque<Pair<NodeIdx>>; STEPS.len()],
}

impl<'a> Matches<'a> {
    /// The roots alone.
    pub(super) fn new(sides: &'a Pair<Side<'a>>) -> Self {
        let twins = sides.as_ref().map(|side| vec![NodeIdx::NONE; side.heap.tables.nodes.len()]);
        let mut matches = Self { sides, twins, tasks: Default::default() };
        matches.set(ROOT, ROOT);
        matches.later(Step::Names, Pair::new(ROOT, ROOT));
        matches
    }

    /// By node of the newer heap: the older one.
    pub(super) fn survivors(self) -> Vec<NodeIdx> {
        let Pair { after: mut survivors, .. } = self.twins;
        for (at, survivor) in survivors.iter_mut().enumerate() {
            if is_made_for_snapshot(self.sides.after.heap, NodeIdx::from_at(at)) {
                *survivor = NodeIdx::NONE;
            }
        }
        survivors
    }

    /// By node of each heap: whether it has been matched, or NONE.
    pub(super) const fn twins(&self) -> &Pair<Vec<NodeIdx>> {
        &self.twins
    }

    /// All matches.
    pub(super) fn known(&self) -> impl Iterator<Item = (NodeIdx, NodeIdx)> + '_ {
        let twins = self.twins.before.iter().enumerate().filter(|(_, new)| !new.is_none());
        twins.map(|(at, new)| (NodeIdx::from_at(at), *new))
    }

    /// Whether two have no match yet, and look the same.
    #[inline(always)]
    pub(super) fn look_alike(&self, depth: Depth, old: NodeIdx, new: NodeIdx) -> bool {
        self.twins.before[old.at()].is_none()
            && self.twins.after[new.at()].is_none()
            && self.sides.before.look(depth, old) == self.sides.after.look(depth, new)
    }

    /// Matches two, unless they have matches or differ in what never changes.
    #[inline(always)]
    pub(super) fn pair(&mut self, old: NodeIdx, new: NodeIdx) {
        if self.look_alike(Depth::Plain, old, new) {
            self.set(old, new);
            self.later(Step::Names, Pair::new(old, new));
        }
    }

    /// Matches two, for now.
    pub(super) fn set(&mut self, old: NodeIdx, new: NodeIdx) {
        self.twins.before[old.at()] = new;
        self.twins.after[new.at()] = old;
    }

    /// Takes a match back.
    pub(super) fn unset(&mut self, old: NodeIdx, new: NodeIdx) {
        self.twins.before[old.at()] = NodeIdx::NONE;
        self.twins.after[new.at()] = NodeIdx::NONE;
    }

    /// Has something done with a match.
    pub(super) fn later(&mut self, step: Step, nodes: Pair<NodeIdx>) {
        self.tasks[step as usize].push_back(nodes);
    }

    /// What is to be done next, and with which match.
    pub(super) fn next(&mut self) -> Option<(Step, Pair<NodeIdx>)> {
        let at = self.tasks.iter().position(|tasks| !tasks.is_empty())?;
        let nodes = self.tasks[at].pop_front()?;
        // Some time before it is its turn.
        if let Some(soon) = self.tasks[at].get(8) {
            self.sides.before.heap.tables.fetch(&[soon.before]);
            self.sides.after.heap.tables.fetch(&[soon.after]);
        }
        Some((STEPS[at], nodes))
    }
}
