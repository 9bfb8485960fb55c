//! A heap in, for every node the way to it that a person can act on out.
//!
//! The shortest way often starts at the stack of the function that took the snapshot, or
//! leads through feedback vectors and hidden classes. Those keep things alive too, but no
//! one can delete them. So ways have costs (`prices.rs`), and the cheapest way wins. Costs only
//! choose among ways that exist; nothing is left out but weak edges, and a WeakMap's side of its
//! entries.
//!
//! It is Dijkstra's search. The order of edges in the file says nothing: of ways of one cost that
//! wins whose last node but one is the first in the file, and of several edges from there the one
//! that says most.

use super::prices::{Cost, Tolls};
use super::queue::Queue;
use crate::graph::{Bits, Heap};
use crate::ids::{EdgeIdx, NodeIdx, ROOT};
use crate::objects::is_symbol;
use crate::parse::{Hop, NodeKind, Tables};
use std::collections::HashSet;
use std::ops::Range;
use std::sync::OnceLock;

/// The preferred way to every node.
#[derive(Debug, Clone)]
pub struct Preferred {
    /// The last edge of the way; NONE for the root and for what nothing reaches.
    via: Vec<EdgeIdx>,
    /// Found when a way is too long to be walked for each that asks.
    tops: OnceLock<Tops>,
}

/// A way, or the ends of a long one.
#[derive(Debug, Clone, Default)]
pub struct Ends {
    /// The last edge and the node of each step, from the root down. Where the middle is missing, an edge
    /// does not lead on from the node before it.
    pub way: Vec<(EdgeIdx, NodeIdx)>,
    /// Number of nodes that are missing there.
    pub left_out: u32,
}

/// Where ways begin.
#[derive(Debug, Clone)]
struct Tops {
    /// By node: steps from where its way begins.
    depth: Vec<u32>,
    /// By node: the last of the first steps of its way.
    top: Vec<NodeIdx>,
}

/// So many of the first steps of a long way are told, and so many of the last.
const FIRST: u32 = 48;
const LAST: usize = 144;

impl Preferred {
    /// Finds the cheapest ways.
    #[must_use]
    pub fn find(heap: &Heap) -> Self {
        let mut search = Search::new(heap, HashSet::new());
        search.run(None);
        Self { via: search.via, tops: OnceLock::new() }
    }

    /// The cheapest way to one node, as of [`Self::way`], that leads over none of some edges; `None` if
    /// there is none.
    pub(crate) fn way_without(
        heap: &Heap,
        node: NodeIdx,
        edges: HashSet<EdgeIdx>,
    ) -> Option<Vec<(EdgeIdx, NodeIdx)>> {
        let mut search = Search::new(heap, edges);
        search.run(Some(node));
        let found = Self { via: search.via, tops: OnceLock::new() };
        found.reaches(node).then(|| found.way(heap, node))
    }

    /// The edge over which the way reaches the node.
    #[must_use]
    pub fn via(&self, node: NodeIdx) -> Option<EdgeIdx> {
        let edge = self.via[node.at()];
        (!edge.is_none()).then_some(edge)
    }

    /// The node before it on the way.
    #[must_use]
    pub fn parent(&self, heap: &Heap, node: NodeIdx) -> Option<NodeIdx> {
        self.via(node).map(|edge| heap.tables.nodes.source(edge))
    }

    /// Whether any way leads to it.
    #[must_use]
    pub fn reaches(&self, node: NodeIdx) -> bool {
        node == ROOT || !self.via[node.at()].is_none()
    }

    /// The nodes on the way, down to the node itself: from the root, or from the last of the
    /// engine's roots, which says most.
    #[must_use]
    pub fn way(&self, heap: &Heap, node: NodeIdx) -> Vec<(EdgeIdx, NodeIdx)> {
        self.steps(std::iter::successors(Some(node), |at| self.above(heap, *at)).collect())
    }

    /// The same without the middle of a long one, which takes no longer however long it is.
    pub(crate) fn ends(&self, heap: &Heap, node: NodeIdx) -> Ends {
        let up = |at: &NodeIdx| self.above(heap, *at);
        let mut nodes: Vec<NodeIdx> =
            std::iter::successors(Some(node), up).take(FIRST as usize + LAST).collect();
        let mut left_out = 0;
        if nodes.last().is_some_and(|last| self.above(heap, *last).is_some()) {
            nodes.truncate(LAST);
            let tops = self.tops.get_or_init(|| self.tops(heap));
            left_out = tops.depth[node.at()] + 1 - FIRST - LAST as u32;
            nodes.extend(std::iter::successors(Some(tops.top[node.at()]), up));
        }
        Ends { way: self.steps(nodes), left_out }
    }

    /// Nodes from below upwards as steps from above downwards.
    fn steps(&self, nodes: Vec<NodeIdx>) -> Vec<(EdgeIdx, NodeIdx)> {
        let edge = |node: NodeIdx| self.via(node).unwrap_or(EdgeIdx::NONE);
        nodes.into_iter().rev().map(|node| (edge(node), node)).collect()
    }

    /// The node before it, unless its way begins at it.
    fn above(&self, heap: &Heap, node: NodeIdx) -> Option<NodeIdx> {
        self.parent(heap, node).filter(|_| heap.tables.nodes.kind(node) != NodeKind::Synthetic)
    }

    fn tops(&self, heap: &Heap) -> Tops {
        const UNKNOWN: u32 = u32::MAX;
        let mut depth = vec![UNKNOWN; self.via.len()];
        let mut top = vec![NodeIdx::NONE; self.via.len()];
        let mut open = Vec::new();
        for node in heap.tables.nodes.indices() {
            let mut at = Some(node);
            while let Some(node) = at.filter(|node| depth[node.at()] == UNKNOWN) {
                open.push(node);
                at = self.above(heap, node);
            }
            while let Some(node) = open.pop() {
                let above = self.above(heap, node);
                let deep = above.map_or(0, |above| depth[above.at()] + 1);
                depth[node.at()] = deep;
                top[node.at()] = match above {
                    Some(above) if deep >= FIRST => top[above.at()],
                    _ => node,
                };
            }
        }
        Tops { depth, top }
    }
}

struct Search<'a> {
    heap: &'a Heap,
    hops: &'a [u32],
    tolls: Tolls,
    /// By node: what the best way that is known costs, but for the toll of the node itself, which is
    /// the same for all.
    cost: Vec<Cost>,
    /// The last edge of that way.
    via: Vec<EdgeIdx>,
    /// Nodes whose cost is final: most edges lead to such.
    settled: Bits,
    queue: Queue,
    /// Edges that no way may lead over.
    closed: HashSet<EdgeIdx>,
}

impl<'a> Search<'a> {
    fn new(heap: &'a Heap, closed: HashSet<EdgeIdx>) -> Self {
        let count = heap.tables.nodes.len();
        let mut search = Self {
            heap,
            hops: heap.tables.edges.hops(),
            tolls: Tolls::of_nodes(heap),
            via: vec![EdgeIdx::NONE; count],
            cost: vec![Cost::NONE; count],
            settled: Bits::new(count),
            queue: Queue::new(),
            closed,
        };
        search.cost[ROOT.at()] = Cost::ZERO;
        search.queue.push(ROOT, Cost::ZERO, Cost::NONE);
        search
    }

    /// Finds ways to all nodes, or until that to one is final.
    fn run(&mut self, goal: Option<NodeIdx>) {
        while goal.is_none_or(|goal| !self.settled.has(goal.at())) {
            let Self { queue, settled, cost, tolls, .. } = self;
            let whole = |node: NodeIdx| cost[node.at()].and(tolls.of(node));
            let Some((now, nodes)) = queue.next(whole, settled) else { return };
            for nodes in nodes.chunks(Tables::AHEAD) {
                self.heap.tables.fetch(nodes);
                for node in nodes {
                    // If a cheaper way was found, it has been settled there.
                    if self.settled.add(node.at()) {
                        self.relax(*node, now);
                    }
                }
            }
        }
    }

    fn relax(&mut self, node: NodeIdx, base: Cost) {
        let edges = self.heap.tables.nodes.edges(node);
        let all = EdgeIdx(edges.start as u32)..EdgeIdx(edges.end as u32);
        let prices = self.tolls.prices(node);
        for (edge, hop) in (all.start.0..).map(EdgeIdx).zip(&self.hops[edges]) {
            let target = Hop(*hop).target();
            if self.settled.has(target.at()) {
                continue;
            }
            let mut price = prices[Hop(*hop).bond() as usize];
            if price.is_none() {
                price = self.tolls.asked(self.heap, node, edge);
                if price.is_none() {
                    continue;
                }
            }
            let cost = base.and(price);
            let known = self.cost[target.at()];
            if cost < known && !self.is_closed(edge) {
                self.cost[target.at()] = cost;
                self.via[target.at()] = edge;
                let toll = self.tolls.of(target);
                let known = if known.is_none() { known } else { known.and(toll) };
                self.queue.push(target, cost.and(toll), known);
            } else if cost == known
                && self.is_clearer(edge, self.via[target.at()], &all)
                && !self.is_closed(edge)
            {
                self.via[target.at()] = edge;
            }
        }
    }

    #[inline(always)]
    fn is_closed(&self, edge: EdgeIdx) -> bool {
        !self.closed.is_empty() && self.closed.contains(&edge)
    }

    /// Whether an edge of a node, of which all are given, goes before one with which a way costs as
    /// much.
    #[inline(always)]
    fn is_clearer(&self, edge: EdgeIdx, known: EdgeIdx, all: &Range<EdgeIdx>) -> bool {
        known >= all.end || known >= all.start && self.says_more(edge, known)
    }

    /// The same of two edges between the same nodes. Names that code writes come first.
    #[cold]
    fn says_more(&self, edge: EdgeIdx, known: EdgeIdx) -> bool {
        const LONGEST: usize = 64;
        let Tables { edges, strings, .. } = &self.heap.tables;
        let words = |edge: EdgeIdx| {
            let place = edges.name(edge).map(|name| strings.place(name)).unwrap_or_default();
            &strings.input().bytes()[place.start..place.end.min(place.start + LONGEST)]
        };
        let rank = |edge: EdgeIdx| {
            let words = words(edge);
            (edges.bond(edge) as u8, is_symbol(words), words, edges.label(edge))
        };
        rank(edge) < rank(known)
    }
}
