//! A node in, the way to it in words out.

use super::Explorer;
use crate::ids::NodeIdx;
use crate::objects::ScopeNames;
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

    /// A way to the last of some steps as code would write it, runs of like steps as one.
    pub(super) fn called(&self, steps: &[Access]) -> String {
        let steps = self.folded(steps.to_vec());
        let from = self.begins(&steps);
        self.say(|words| words.path_from(&steps, from).path())
    }

    fn folded(&self, steps: Vec<Access>) -> Vec<Access> {
        let naming = &self.census().naming;
        cut(fold_cycles(steps, |node: NodeIdx| naming.class_of[node.at()].0))
    }

    /// Where a way begins for a reader: at the last name that code can use. Where that is a variable of a
    /// function that lies in a container, or one of a single call of a function that an object has, at the
    /// name over which the function is reached.
    fn begins(&self, steps: &[Access]) -> usize {
        const FUNCTIONS: usize = 64; // one that holds another one, and so on
        let mut from = anchor(&self.heap, steps);
        for _ in 0..FUNCTIONS {
            let Some(function) = from.checked_sub(1) else { break };
            let is_variable = matches!(steps[from].label, Label::Variable(_));
            let above = match steps[function].label {
                Label::Element | Label::Value | Label::Key => &steps[..function],
                Label::Property(_) if self.is_of_call(&steps[from]) => &steps[..=function],
                _ => break,
            };
            let above = anchor(&self.heap, above);
            if !is_variable || !steps.get(above).is_some_and(|step| is_name(step.label)) {
                break;
            }
            from = above;
        }
        from
    }

    /// Whether a variable is one of a call: those of a module or a script, of which there is one, have no
    /// others around them.
    fn is_of_call(&self, variable: &Access) -> bool {
        let holder = match variable.edge.is_none() {
            true => return false,
            false => self.heap.tables.nodes.source(variable.edge),
        };
        let names = ScopeNames::of(&self.heap);
        names.is_context(holder) && names.previous(holder).is_some()
    }

    /// The steps of the preferred way.
    pub(super) fn way_to(&self, node: NodeIdx) -> Vec<WayStep> {
        self.steps(access(&self.heap, &self.ways().way(&self.heap, node)))
    }

    /// Steps in words: the last one is the object.
    pub(super) fn steps(&self, steps: Vec<Access>) -> Vec<WayStep> {
        let naming = &self.census().naming;
        let steps = self.folded(steps);
        let named = self.begins(&steps);
        let role = |at: usize| match () {
            () if at + 1 == steps.len() => Role::Object,
            () if at >= named => Role::Holder,
            () => Role::Root,
        };
        let told = 0..steps.len();
        self.say(|words| told.map(|at| step(words, naming, (&steps, at), role(at))).collect())
    }
}

const fn is_name(label: Label) -> bool {
    matches!(label, Label::Variable(_) | Label::Export(_) | Label::Property(_))
}
