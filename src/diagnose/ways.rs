//! A container and an object in, the whole way out: from the root to the container, over one
//! of its new entries to the object, and on to what weighs in it.

use super::rules::{MOST_OF_IT, STEPS_BELOW};
use crate::graph::Bits;
use crate::growth::{Growth, Matched};
use crate::ids::{EdgeIdx, NodeIdx, ROOT};
use crate::objects::holds;
use crate::parse::{EdgeKind, NodeKind};
use crate::ways::{Access, Label, access, cut, fold_cycles};
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

/// One way over which the new objects of a class are held.
#[derive(Debug, Clone)]
pub struct Path {
    /// Position among the containers.
    pub container: usize,
    /// How many of the new objects are held this way.
    pub share: u64,
    /// Bytes freed by removing the container's new entries.
    pub frees: u64,
    /// From the root to the typical object, and on to what weighs in it.
    pub steps: Vec<Access>,
    /// Position in `steps` of the container.
    pub container_at: usize,
    /// Position in `steps` of the typical object.
    pub object_at: usize,
}

/// From the root to the container, to the object, and on to what weighs most in it.
pub(super) fn way(
    matched: &Matched<'_>,
    growth: &Growth,
    at: usize,
    object: NodeIdx,
    share: u64,
) -> Option<Path> {
    let heap = matched.heaps.after;
    let below = (object != growth.holder).then(|| between(matched, growth, object)).flatten();
    let (holder, below) = below.map_or((growth.holder, None), |(home, way)| (home, Some(way)));
    let way = matched.tree.way(heap, holder);
    let class = |node: NodeIdx| matched.class(node).0;
    let mut steps = cut(fold_cycles(access(heap, &way), class));
    if steps.is_empty() {
        // No way leads to the root itself, which holds what Bun has open.
        let root =
            Access { label: Label::Root, edge: EdgeIdx::NONE, node: ROOT, times: 1, left_out: 0 };
        steps.extend((growth.holder == ROOT).then_some(root));
    }
    if steps.is_empty() {
        return None;
    }
    let mut container_at = steps.len() - 1;
    if object != growth.holder {
        match below {
            Some(below) => steps.extend(cut(fold_cycles(below, class))),
            // Not over new objects alone: then the preferred way to the object itself.
            None => {
                steps = fold_cycles(access(heap, &matched.tree.way(heap, object)), class);
                let at = steps.iter().position(|step| step.node == growth.holder).unwrap_or(0);
                let below = steps.split_off((at + 1).min(steps.len()));
                steps = cut(steps);
                container_at = steps.len().saturating_sub(1);
                steps.extend(cut(below));
            }
        }
    }
    let object_at = steps.len() - 1;
    if object != growth.holder {
        steps.extend(fold_cycles(heavy_below(matched, object), class));
    }
    Some(Path { container: at, share, frees: 0, steps, container_at, object_at })
}

/// The shortest way from the container, or from another one that is taken together with it, over one of
/// its new entries to the object.
fn between(
    matched: &Matched<'_>,
    growth: &Growth,
    object: NodeIdx,
) -> Option<(NodeIdx, Vec<Access>)> {
    let heap = matched.heaps.after;
    let mut homes = Homes::of(matched, growth);
    let target = |edge: EdgeIdx| heap.tables.edges.target(edge);
    let source = |edge: EdgeIdx| heap.tables.nodes.source(edge);
    // The object is an entry itself, mostly.
    let direct = growth.edges.iter().find(|e| target(**e) == object && homes.has(source(**e)));
    let mut way = match direct {
        Some(edge) => vec![(*edge, object)],
        None => {
            let own = growth.edges.iter().copied().filter(|edge| homes.has(source(*edge)));
            over_entries(matched, own, object)?
        }
    };
    let mut at = source(way.last()?.0);
    // What lies between the container and its entry: the hash table, the rest of a list.
    while !homes.together.contains(&at) {
        let edge = matched.tree.via(at)?;
        way.push((edge, at));
        at = heap.tables.nodes.source(edge);
    }
    way.push((EdgeIdx::NONE, at));
    way.reverse();
    Some((at, access(heap, &way)))
}

/// The shortest way over one of the edges and then over new objects to an object, upwards.
fn over_entries(
    matched: &Matched<'_>,
    own: impl Iterator<Item = EdgeIdx>,
    object: NodeIdx,
) -> Option<Vec<(EdgeIdx, NodeIdx)>> {
    let heap = matched.heaps.after;
    let mut via = vec![EdgeIdx::NONE; heap.tables.nodes.len()];
    let mut entries = Bits::new(heap.tables.nodes.len());
    let mut queue: Vec<NodeIdx> = Vec::new();
    for edge in own {
        let target = heap.tables.edges.target(edge);
        if entries.add(target.at()) {
            via[target.at()] = edge;
            queue.push(target);
        }
    }
    let mut next = 0;
    while let Some(&node) = queue.get(next).filter(|node| **node != object) {
        next += 1;
        for edge in heap.tables.edges_of(node) {
            let target = heap.tables.edges.target(edge);
            if matched.is_fresh(target)
                && holds(heap, node, edge)
                && !is_machinery(heap.tables.nodes.kind(target))
                && via[target.at()].is_none()
            {
                via[target.at()] = edge;
                queue.push(target);
            }
        }
    }
    let (mut way, mut at) = (Vec::new(), object);
    loop {
        let edge = Some(via[at.at()]).filter(|edge| !edge.is_none())?;
        way.push((edge, at));
        if entries.has(at.at()) {
            return Some(way);
        }
        at = heap.tables.nodes.source(edge);
    }
}

/// Finds out which nodes the preferred tree has below the containers that are taken together.
struct Homes<'a> {
    matched: &'a Matched<'a>,
    together: HashSet<NodeIdx>,
    known: HashMap<NodeIdx, bool>,
    /// What was asked for last: many edges come from one table.
    last: (NodeIdx, bool),
}

impl<'a> Homes<'a> {
    fn of(matched: &'a Matched<'a>, growth: &Growth) -> Self {
        let together = growth.together.iter().copied().collect();
        Self { matched, together, known: HashMap::new(), last: (NodeIdx::NONE, false) }
    }

    fn has(&mut self, node: NodeIdx) -> bool {
        if node == self.last.0 {
            return self.last.1;
        }
        let heap = self.matched.heaps.after;
        let (mut at, mut way) = (node, Vec::new());
        let found = loop {
            if self.together.contains(&at) {
                break true;
            }
            if let Some(known) = self.known.get(&at) {
                break *known;
            }
            way.push(at);
            let Some(above) = self.matched.tree.parent(heap, at) else { break false };
            at = above;
        };
        self.known.extend(way.into_iter().map(|node| (node, found)));
        self.last = (node, found);
        found
    }
}

/// Down the dominator tree to what makes up most of the object.
fn heavy_below(matched: &Matched<'_>, object: NodeIdx) -> Vec<Access> {
    let heap = matched.heaps.after;
    let whole = heap.retained().of(object);
    let mut way = vec![(EdgeIdx::NONE, object)];
    let mut at = object;
    while way.len() <= STEPS_BELOW {
        let held = heap.tables.edges_of(at).filter(|e| {
            let target = heap.tables.edges.target(*e);
            holds(heap, at, *e)
                && heap.dominators().idom[target.at()] == at
                && !is_machinery(heap.tables.nodes.kind(target))
        });
        // Of several edges to it one with a name that code can use says most.
        let inside = |e: EdgeIdx| heap.tables.edges.kind(e) == EdgeKind::Internal;
        let heaviest = held.max_by_key(|e| {
            let retained = heap.retained().of(heap.tables.edges.target(*e));
            (retained, Reverse((inside(*e), *e)))
        });
        let Some(edge) = heaviest else { break };
        at = heap.tables.edges.target(edge);
        if u128::from(heap.retained().of(at)) * 100 < u128::from(whole) * u128::from(MOST_OF_IT) {
            break;
        }
        way.push((edge, at));
    }
    access(heap, &way)
}

/// Code, hidden classes and the like: they lead everywhere and hold nothing of the program's.
pub(super) fn is_machinery(kind: NodeKind) -> bool {
    matches!(kind, NodeKind::Code | NodeKind::ObjectShape | NodeKind::Synthetic)
}
