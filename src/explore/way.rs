//! A node in, the way to it in words out.

use super::Explorer;
use crate::ids::NodeIdx;
use crate::report::answer::{Role, WayStep};
use crate::report::step;
use crate::ways::{Access, access, access_to_ends, anchor, cut, fold_cycles};

impl Explorer {
    /// The way to an object as code would write it; `None` if nothing leads to it.
    pub(super) fn path_to(&self, node: NodeIdx) -> Option<String> {
        let steps = access_to_ends(&self.heap, &self.ways().ends(&self.heap, node));
        (!steps.is_empty()).then(|| self.say(|words| words.path(&steps).path()))
    }

    /// The steps of the preferred way.
    pub(super) fn way_to(&self, node: NodeIdx) -> Vec<WayStep> {
        self.steps(access(&self.heap, &self.ways().way(&self.heap, node)))
    }

    /// Steps in words: the last one is the object.
    pub(super) fn steps(&self, steps: Vec<Access>) -> Vec<WayStep> {
        let naming = &self.census().naming;
        let class = |node: NodeIdx| naming.class_of[node.at()].0;
        let steps = cut(fold_cycles(steps, class));
        let named = anchor(&self.heap, &steps);
        let role = |at: usize| match () {
            () if at + 1 == steps.len() => Role::Object,
            () if at >= named => Role::Holder,
            () => Role::Root,
        };
        let told = steps.iter().enumerate();
        self.say(|words| told.map(|(at, one)| step(words, naming, one, role(at))).collect())
    }
}
