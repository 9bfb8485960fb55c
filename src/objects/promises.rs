//! A promise in, what waits for it out.
//!
//! ```text
//!   Promise -reactions_or_result-> PromiseReaction -> the function given to then()
//!                                  PromiseReaction -> closure -context-> Context -extension-> Generator
//!                                                                 Generator -function-> the async function
//! ```

use super::label::Label;
use super::v8::{REACTION, is_generator, is_promise_node};
use crate::graph::Heap;
use crate::ids::NodeIdx;
use crate::parse::NodeKind;
use std::collections::HashMap;

/// Tells what waits for promises of one heap.
pub(crate) struct Promises<'a> {
    heap: &'a Heap,
    reactions: Label,
    context: Label,
    extension: Label,
    function: Label,
    shared: Label,
    scripts: [Label; 2],
    /// By closure of a reaction. Many may have one.
    known: HashMap<NodeIdx, Option<NodeIdx>>,
}

impl<'a> Promises<'a> {
    pub(crate) fn of(heap: &'a Heap) -> Self {
        let label = |name| Label::of(heap, name);
        Self {
            heap,
            reactions: label("reactions_or_result"),
            context: label("context"),
            extension: label("extension"),
            function: label("function"),
            shared: label("shared"),
            scripts: ["script", "script_or_debug_info"].map(label),
            known: HashMap::new(),
        }
    }

    /// The first of what a promise does once it is settled; `None` if it does nothing, or is settled.
    pub(crate) fn first(&self, promise: NodeIdx) -> Option<NodeIdx> {
        let reaction = is_promise_node(self.heap, promise)
            .then(|| self.reactions.internal(self.heap, promise))?;
        reaction.filter(|node| self.is_reaction(*node))
    }

    /// What is done after it, and the function that it leads to: the one given to `then()`, or the async
    /// one that awaits.
    pub(crate) fn look(&mut self, reaction: NodeIdx) -> (Option<NodeIdx>, Option<NodeIdx>) {
        let heap = self.heap;
        let (mut next, mut waiter) = (None, None);
        for edge in heap.tables.edges_of(reaction) {
            let target = heap.tables.edges.target(edge);
            match heap.tables.nodes.kind(target) {
                NodeKind::Closure if waiter.is_none() => waiter = self.function(target),
                NodeKind::Hidden if next.is_none() && self.is_reaction(target) => {
                    next = Some(target);
                }
                _ => {}
            }
        }
        (next, waiter)
    }

    fn is_reaction(&self, node: NodeIdx) -> bool {
        self.heap.tables.strings.starts_with(self.heap.tables.nodes.name(node), REACTION)
    }

    /// A function of a script, or the one for which the engine has made this closure.
    fn function(&mut self, closure: NodeIdx) -> Option<NodeIdx> {
        let Self { heap, context, extension, function, shared, scripts, known, .. } = self;
        let written = |closure: NodeIdx| {
            let shared = shared.internal(heap, closure)?;
            scripts.iter().find_map(|script| script.internal(heap, shared)).map(|_| closure)
        };
        let awaits = || {
            let call = extension.internal(heap, context.internal(heap, closure)?)?;
            is_generator(heap, call).then(|| function.internal(heap, call)).flatten()
        };
        *known.entry(closure).or_insert_with(|| written(closure).or_else(awaits))
    }
}

/// The function that a bound one calls.
pub(crate) fn unbound(heap: &Heap, closure: NodeIdx) -> NodeIdx {
    const DEEPEST: usize = 8;
    let bound = |closure: &NodeIdx| super::internal(heap, *closure, "bound_function");
    std::iter::successors(Some(closure), bound).take(DEEPEST).last().unwrap_or(closure)
}
