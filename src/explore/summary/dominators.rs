//! A heap in, the objects that retain most out.
//!
//! An object of which one object inside retains half or more only leads there: that one says more, and is
//! told in its place. So it goes on inward, as long as the classes are other ones, for a list says most at
//! its beginning. What is inside an object that is told is not told.
//!
//! ```text
//!   SessionManager 90 -> Map 88 -> Session 3, Session 3, ...     the Map is told
//!   Node 100 -> Node 99 -> Node 98 -> ...                        the first Node is told
//! ```

use super::whole::Most;
use super::{Heavy, Rows};
use crate::explore::Explorer;
use crate::graph::{Bits, Heap};
use crate::ids::{ClassIdx, NodeIdx, ROOT};
use crate::objects::{is_embedders, is_engine_class, is_global, is_part};
use crate::parse::NodeKind;
use std::cmp::Reverse;

/// What part of it an object inside retains for which another one is passed over.
const PART: u64 = 2;
/// So many objects may lie in each other before one is told.
const DEEPEST: usize = 16;

impl Explorer {
    /// The heaviest ones.
    pub(super) fn heaviest(&self, most: Most) -> Rows<Heavy> {
        let mut found = self.told_dominators();
        let retained = |node: &NodeIdx| self.heap.retained().of(*node);
        found.sort_by_key(|node| (Reverse(retained(node)), *node));
        let mut teller = self.teller(most.objects());
        most.of(found, |node| Heavy { object: teller.object(node), path: self.path_to(node) })
    }

    /// All that retain more than themselves and are not inside another one.
    fn told_dominators(&self) -> Vec<NodeIdx> {
        let heap = &self.heap;
        let (order, end) = (&heap.dominators().order, &heap.dominators().end);
        let objects = self.program_objects();
        let inside = heaviest_inside(heap, &objects);
        let mut passed = Bits::new(order.len());
        let mut told = Bits::new(order.len());
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(node) = order.get(at).copied() {
            if objects.has(node.at()) && !passed.has(node.at()) && !told.has(node.at()) {
                told.set(self.inward(node, &inside, &mut passed).at());
            }
            if !told.has(node.at()) {
                at += 1;
                continue;
            }
            at = end[at] as usize;
            if heap.retained().of(node) > heap.shallow().of(node) {
                found.push(node);
            }
        }
        found
    }

    /// The object to tell in place of one.
    fn inward(&self, node: NodeIdx, inside: &[NodeIdx], passed: &mut Bits) -> NodeIdx {
        let class = |node: NodeIdx| self.census().naming.class_of[node.at()];
        let retained = |node: NodeIdx| self.heap.retained().of(node);
        let mut at = node;
        let mut seen: Vec<ClassIdx> = vec![class(node)];
        loop {
            let next = inside[at.at()];
            let says_more = !next.is_none()
                && retained(next) >= retained(at).div_ceil(PART)
                && retained(next) > self.heap.shallow().of(next)
                && !seen.contains(&class(next));
            if !says_more || seen.len() == DEEPEST {
                return at;
            }
            passed.set(at.at());
            seen.push(class(next));
            at = next;
        }
    }

    /// Objects that a program can have in hand, but for the global one.
    fn program_objects(&self) -> Bits {
        let heap = &self.heap;
        let naming = &self.census().naming;
        let others = naming.classes.iter().map(|class| {
            let name = class.name.shortened(64).to_string_lossy();
            is_embedders(&name) || is_engine_class(&name)
        });
        let others: Vec<bool> = others.collect();
        let mut objects = Bits::new(heap.tables.nodes.len());
        for node in heap.tables.nodes.indices() {
            let own = match heap.tables.nodes.kind(node) {
                NodeKind::Synthetic => false,
                NodeKind::Object | NodeKind::Native => {
                    !others[naming.class_of[node.at()].at()]
                        && !is_global(heap, node, heap.dominators().idom[node.at()])
                }
                _ => true,
            };
            if own && node != ROOT && !is_part(heap, node) {
                objects.set(node.at());
            }
        }
        objects
    }
}

/// By node: the heaviest object that it dominates with no other object in between.
fn heaviest_inside(heap: &Heap, objects: &Bits) -> Vec<NodeIdx> {
    let dominators = heap.dominators();
    let retained = |node: NodeIdx| heap.retained().of(node);
    let mut inside = vec![NodeIdx::NONE; dominators.order.len()];
    for node in dominators.order.iter().skip(1).rev().copied() {
        let own = if objects.has(node.at()) { node } else { inside[node.at()] };
        let best = &mut inside[dominators.idom[node.at()].at()];
        if !own.is_none() && (best.is_none() || retained(own) >= retained(*best)) {
            *best = own;
        }
    }
    inside
}
