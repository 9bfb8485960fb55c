//! A node in, the way to it in words out.

use super::Explorer;
use crate::ids::NodeIdx;
use crate::report::answer::{Role, WayStep};
use crate::report::step;
use crate::ways::{Access, Label, access, access_to_many, anchor, cut, fold_cycles};
use std::sync::PoisonError;

impl Explorer {
    /// The way to an object as code would write it; `None` if nothing leads to it.
    pub(super) fn path_to(&self, node: NodeIdx) -> Option<String> {
        let ends = self.ways().ends(&self.heap, node);
        let mut shapes = self.shapes.lock().unwrap_or_else(PoisonError::into_inner);
        let steps = access_to_many(&self.heap, &ends, &mut shapes);
        drop(shapes);
        (!steps.is_empty()).then(|| self.called(&steps))
    }

    /// A way to the last of some steps as code would write it.
    pub(super) fn called(&self, steps: &[Access]) -> String {
        let from = self.begins(steps);
        self.say(|words| words.path_from(steps, from).path())
    }

    /// Where a way begins for a reader: at the last name that code can use, or, where that is a variable of
    /// a function that lies in a container, at the name over which the container is reached.
    fn begins(&self, steps: &[Access]) -> usize {
        const CONTAINERS: usize = 3; // a function in a container, that holds another one, and so on
        let mut from = anchor(&self.heap, steps);
        for _ in 0..CONTAINERS {
            let is_variable = matches!(steps.get(from).map(|s| s.label), Some(Label::Variable(_)));
            let function = from.checked_sub(1).and_then(|at| steps.get(at));
            let lies_in = |label| matches!(label, Label::Element | Label::Value | Label::Key);
            if !is_variable || !function.is_some_and(|function| lies_in(function.label)) {
                break;
            }
            let above = anchor(&self.heap, &steps[..from - 1]);
            if !is_name(steps[above].label) {
                break;
            }
            from = above;
        }
        from
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
        let named = self.begins(&steps);
        let role = |at: usize| match () {
            () if at + 1 == steps.len() => Role::Object,
            () if at >= named => Role::Holder,
            () => Role::Root,
        };
        let told = steps.iter().enumerate();
        self.say(|words| told.map(|(at, one)| step(words, naming, one, role(at))).collect())
    }
}

const fn is_name(label: Label) -> bool {
    matches!(label, Label::Variable(_) | Label::Export(_) | Label::Property(_))
}
