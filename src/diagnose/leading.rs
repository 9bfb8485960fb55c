//! A container's new entries and a class in, which of these entries the objects of that class go with
//! out.
//!
//! ```text
//!   codecs -> a* -> Table*      what goes with Table is a and b,
//!          -> b* -> Table*      and c is another matter, however much it weighs
//!          -> c* -> Rows*
//! ```

use super::suspects::SuspectFinder;
use super::ways::is_machinery;
use crate::graph::Bits;
use crate::growth::{Growth, How};
use crate::ids::{ClassIdx, EdgeIdx, NodeIdx};
use crate::objects::holds;
use crate::parse::NodeKind;

impl SuspectFinder<'_> {
    /// The edges to a container's new entries, without those to objects that do not lead to the class. A
    /// list is cut where it begins, and goes as a whole.
    pub(super) fn edges_with(&self, growth: &Growth, class: ClassIdx) -> Vec<EdgeIdx> {
        if matches!(growth.how, How::List { .. }) {
            return growth.edges.clone();
        }
        let tables = &self.matched.heaps.after.tables;
        // Keys go with their values.
        let is_key = |node: NodeIdx| {
            let kind = tables.nodes.kind(node);
            matches!(kind, NodeKind::String | NodeKind::Symbol | NodeKind::Number)
        };
        let mut entries = growth.new_entries.iter();
        if entries.all(|entry| self.matched.class(*entry) == class || is_key(*entry)) {
            return growth.edges.clone();
        }
        let leading = self.leading(growth, class);
        let is_other = |node: NodeIdx| !leading.has(node.at()) && !is_key(node);
        let edges = growth.edges.iter().copied();
        edges.filter(|edge| !is_other(tables.edges.target(*edge))).collect()
    }

    /// The new objects over which objects of a class are reached from a container's new entries, each
    /// from those that are nearest to it.
    fn leading(&self, growth: &Growth, class: ClassIdx) -> Bits {
        const NONE: u32 = u32::MAX;
        let heap = self.matched.heaps.after;
        let mut steps = vec![NONE; heap.tables.nodes.len()];
        let mut order: Vec<NodeIdx> = growth.new_entries.clone();
        order.iter().for_each(|entry| steps[entry.at()] = 0);
        let targets = |node: NodeIdx| {
            let edges = heap.tables.edges_of(node).filter(move |edge| holds(heap, node, *edge));
            edges.map(|edge| heap.tables.edges.target(edge))
        };
        let mut next = 0;
        while let Some(&node) = order.get(next) {
            next += 1;
            for target in targets(node) {
                if steps[target.at()] == NONE
                    && self.matched.is_fresh(target)
                    && !is_machinery(heap.tables.nodes.kind(target))
                {
                    steps[target.at()] = steps[node.at()] + 1;
                    order.push(target);
                }
            }
        }
        let mut leading = Bits::new(heap.tables.nodes.len());
        for node in order.into_iter().rev() {
            let further = steps[node.at()] + 1;
            let leads = self.matched.class(node) == class
                || targets(node).any(|to| steps[to.at()] == further && leading.has(to.at()));
            if leads {
                leading.set(node.at());
            }
        }
        leading
    }
}
