//! A context or a function in, where in its script it belongs out; and which sum of DevTools' Statistics
//! a node counts for.

use super::internal;
use super::label::Label;
use super::v8::{SCOPE_INFO, SCRIPT, is_scope};
use crate::graph::Heap;
use crate::ids::{NodeIdx, StrIdx};
use crate::parse::NodeKind;

/// Edges of a number that are looked at.
const FEW: usize = 16;

/// Reads what contexts and functions say of themselves.
#[derive(Clone, Copy)]
pub(crate) struct ScopeNames<'a> {
    heap: &'a Heap,
    context: Label,
    previous: Label,
    scope_info: Label,
    outer: Label,
    number: Label,
    value: Label,
    shared: Label,
    script: Label,
    name_or_scope_info: Label,
    function_name: Label,
}

impl<'a> ScopeNames<'a> {
    pub(crate) fn of(heap: &'a Heap) -> Self {
        let label = |name| Label::of(heap, name);
        Self {
            heap,
            context: label("context"),
            previous: label("previous"),
            scope_info: label("scope_info"),
            outer: label("outer_scope_info"),
            number: label("scope_id"),
            value: label("value"),
            shared: label("shared"),
            script: label("script"),
            name_or_scope_info: label("name_or_scope_info"),
            function_name: label("function_name"),
        }
    }

    /// Whether a node is a function's variables.
    pub(crate) fn is_context(self, node: NodeIdx) -> bool {
        self.heap.tables.nodes.kind(node) == NodeKind::Object && is_scope(self.heap, node)
    }

    /// The variables around a closure.
    pub(crate) fn of_closure(self, closure: NodeIdx) -> Option<NodeIdx> {
        self.context.internal(self.heap, closure).filter(|node| self.is_context(*node))
    }

    /// Those one function further out.
    pub(crate) fn previous(self, context: NodeIdx) -> Option<NodeIdx> {
        self.previous.internal(self.heap, context).filter(|node| self.is_context(*node))
    }

    /// What describes the variables, the same for all calls of the function that they are of.
    pub(crate) fn info(self, context: NodeIdx) -> Option<NodeIdx> {
        self.scope_info.internal(self.heap, context)
    }

    /// What describes those one function further out.
    pub(crate) fn outer(self, info: NodeIdx) -> Option<NodeIdx> {
        self.outer.internal(self.heap, info)
    }

    /// The name of the function that some variables are of.
    pub(crate) fn function_name(self, info: NodeIdx) -> Option<StrIdx> {
        let name = self.function_name.internal(self.heap, info)?;
        let nodes = &self.heap.tables.nodes;
        (nodes.kind(name) == NodeKind::String).then(|| nodes.name(name))
    }

    /// What all closures of a function share.
    pub(crate) fn shared(self, closure: NodeIdx) -> Option<NodeIdx> {
        self.shared.internal(self.heap, closure)
    }

    /// The script of what closures share.
    pub(crate) fn script(self, shared: NodeIdx) -> Option<NodeIdx> {
        self.script.internal(self.heap, shared)
    }

    /// What describes the variables of a function, and its script, if a node is what its closures share.
    pub(crate) fn described(self, shared: NodeIdx) -> Option<(NodeIdx, NodeIdx)> {
        let nodes = &self.heap.tables.nodes;
        let called = |node, name| self.heap.tables.strings.starts_with(nodes.name(node), name);
        let info = self.name_or_scope_info.internal(self.heap, shared)?;
        let script = self.script(shared)?;
        (called(info, SCOPE_INFO) && called(script, SCRIPT)).then_some((info, script))
    }

    /// The number of a function's scope in its script, from what describes it.
    pub(crate) fn number(self, of: NodeIdx) -> Option<i64> {
        let tables = &self.heap.tables;
        let number = self.number.internal(self.heap, of)?;
        // Many may have one number, which has few edges.
        let mut edges = tables.edges_of(number).take(FEW);
        let edge = edges.find(|edge| {
            tables.edges.name(*edge).is_some() && self.value.names(self.heap, *edge)
        })?;
        let value = tables.nodes.name(tables.edges.target(edge));
        let text = tables.strings.beginning(value, 11);
        text.to_string_lossy().parse().ok()
    }
}

/// Functions around each other.
const OUT: usize = 64;

/// Whether a function has a scope's variables: its own, or one of those around it.
pub(crate) fn has_scope(heap: &Heap, function: NodeIdx, scope: NodeIdx) -> bool {
    let further = |from: &NodeIdx| internal(heap, *from, "previous");
    let first = internal(heap, function, "context");
    std::iter::successors(first, further).take(OUT).any(|found| found == scope)
}

/// Sums of DevTools' Statistics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Statistic {
    System,
    Native,
    /// Native memory of typed arrays.
    Bytes,
    Code,
    Strings,
    /// An array, which counts with its elements.
    Array,
    Other,
}

/// Which of them a node counts for.
pub(crate) fn statistic(heap: &Heap, node: NodeIdx) -> Statistic {
    let called = |name| heap.tables.strings.is(heap.tables.nodes.name(node), name);
    match heap.tables.nodes.kind(node) {
        NodeKind::Hidden => Statistic::System,
        NodeKind::Native if called("system / JSArrayBufferData") => Statistic::Bytes,
        NodeKind::Native => Statistic::Native,
        NodeKind::Code => Statistic::Code,
        NodeKind::String | NodeKind::ConsString | NodeKind::SlicedString => Statistic::Strings,
        _ if called("Array") => Statistic::Array,
        _ => Statistic::Other,
    }
}
