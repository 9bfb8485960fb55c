//! An id in, the object with what it has out; and what it was before.

use super::answer::{Age, MemberReport, Page, Shown, Waiter};
use super::object::Teller;
use super::{Explorer, Older};
use crate::error::Result;
use crate::graph::Heap;
use crate::ids::{NodeIdx, ROOT};
use crate::objects::{Has, Member, Members, Promises, is_part, is_scope, members};
use crate::parse::{EdgeKind, Location, NodeKind};
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

impl Explorer {
    /// One object: what it is, how it is held, and what it has. `raw` tells the references of the file as
    /// they are.
    ///
    /// # Errors
    /// `Usage` if there is no object of this id.
    pub fn show(&self, id: u64, page: Page, raw: bool) -> Result<Shown> {
        let node = self.node(id)?;
        rayon::join(|| self.prepare(), || rayon::join(|| self.ways(), || self.heap.shortest()));
        let kind = self.heap.tables.nodes.kind(node);
        let raw = raw || is_part(&self.heap, node) || kind == NodeKind::Synthetic;
        let mut teller = self.teller(page.limit);
        let own = if raw { as_written(&self.heap, node) } else { members(&self.heap, node) };
        let told = page.of(&own.list);
        let members = told.map(|member| Self::member(&mut teller, member)).collect();
        let mut object = teller.object(node);
        // A Map's table does not tell how many keys are numbers; what is told below does.
        let entries = own.list.iter().filter(|member| is_entry(member)).count() as u64;
        object.entries = object.entries.map(|counted| counted.max(entries));
        let dominator = self.dominator(node);
        Ok(Shown {
            object,
            distance: self.heap.shortest().distance[node.at()],
            age: self.age(node),
            path: self.path_to(node),
            way: self.way_to(node),
            dominator: dominator.map(|node| teller.object(node)),
            members,
            from: page.from.min(own.list.len() as u64),
            total: own.list.len() as u64,
            raw,
            engine_references: own.engine,
            waiting: self.waiters(node, &mut teller),
            former: self.former(node, &own, raw, page.limit),
        })
    }

    /// The nearest object that every way to one leads over, and that is no part of another.
    fn dominator(&self, node: NodeIdx) -> Option<NodeIdx> {
        let idom = &self.heap.dominators().idom;
        let up = |at: &NodeIdx| (*at != ROOT).then(|| idom[at.at()]);
        let is_one = |at: &NodeIdx| !is_part(&self.heap, *at) && !is_scope(&self.heap, *at);
        std::iter::successors(up(&node), up).find(is_one)
    }

    /// What waits for a promise. Calls of one function are told by where it is written.
    fn waiters(&self, promise: NodeIdx, teller: &mut Teller<'_>) -> Vec<Waiter> {
        let mut found: HashMap<Option<Location>, (u64, Option<NodeIdx>)> = HashMap::new();
        for function in waiting(&self.heap, promise) {
            let place = function.and_then(|function| self.heap.tables.locations.of(function));
            found.entry(place).or_insert((0, function)).0 += 1;
        }
        let mut found: Vec<(u64, Option<NodeIdx>)> = found.into_values().collect();
        found.sort_unstable_by_key(|(count, function)| (Reverse(*count), *function));
        let told = found.into_iter().map(|(count, function)| Waiter {
            function: function.map(|function| teller.object(function)),
            count,
        });
        told.collect()
    }

    /// Whether an object was there before.
    pub(super) fn age(&self, node: NodeIdx) -> Option<Age> {
        let older = self.older.as_ref().filter(|older| older.goes_by_id())?;
        Some(match older.same(&self.heap, node) {
            Some(_) => Age::Survived,
            None => Age::New,
        })
    }

    fn member(teller: &mut Teller<'_>, member: &Member) -> MemberReport {
        let (held, name, out) = teller.how(member.how);
        MemberReport {
            held,
            name,
            out,
            key: member.key.map(|key| teller.object(key)),
            value: member.value.map(|value| teller.object(value)),
            weak: member.weak,
        }
    }
}

/// What waits for a promise, each by the function that goes on then.
pub(super) fn waiting(heap: &Heap, promise: NodeIdx) -> Vec<Option<NodeIdx>> {
    let mut promises = Promises::of(heap);
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    let mut next = promises.first(promise);
    while let Some(at) = next.filter(|at| seen.insert(*at)) {
        let (following, function) = promises.look(at);
        found.push(function);
        next = following;
    }
    found
}

const fn is_entry(member: &Member) -> bool {
    matches!(member.how, Has::Entry | Has::Item | Has::Element(_))
}

impl Older {
    /// The same object in this heap.
    pub(super) fn same(&self, newest: &Heap, node: NodeIdx) -> Option<NodeIdx> {
        let old = self.by_id.get(newest.tables.nodes.id(node))?;
        (self.heap.tables.nodes.kind(old) == newest.tables.nodes.kind(node)).then_some(old)
    }
}

/// The references of the file as they are.
pub(super) fn as_written(heap: &Heap, node: NodeIdx) -> Members {
    let edges = &heap.tables.edges;
    let member = |edge| Member {
        how: match edges.name(edge) {
            Some(name) => Has::Internal(name),
            None => Has::Element(edges.label(edge)),
        },
        key: None,
        value: Some(edges.target(edge)),
        weak: edges.kind(edge) == EdgeKind::Weak,
    };
    Members { list: heap.tables.edges_of(node).map(member).collect(), engine: 0 }
}
