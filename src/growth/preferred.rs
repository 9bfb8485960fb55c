//! A heap in, for every node the way to it that a person can act on out.
//!
//! The shortest way often starts at the stack of the function that took the snapshot, or
//! leads through feedback vectors and hidden classes. Those keep things alive too, but no
//! one can delete them. So ways have costs: a property or a variable costs 1, what belongs to
//! the engine costs up to [`DEAREST`] and more, and the cheapest way wins (Dial's algorithm: one bucket
//! per cost). Costs only choose among ways that exist; nothing is left out but weak edges,
//! and a WeakMap's side of its entries.

use crate::graph::{Bits, Ephemerons, Heap};
use crate::ids::{EdgeIdx, NodeIdx, ROOT, StrIdx};
use crate::parse::{EdgeKind, NodeKind};

/// From here on a step is taken only where no other way leads.
const DEAR: u16 = 150;
/// And from here on only where not even such a way leads.
const DEAREST: u16 = 400;
const BUCKETS: usize = 256;

/// The preferred way to every node.
#[derive(Debug, Clone)]
pub struct Preferred {
    /// The last edge of the way; NONE for the root and for what nothing reaches.
    via: Vec<EdgeIdx>,
    cost: Vec<u32>,
}

impl Preferred {
    /// Finds the cheapest ways.
    #[must_use]
    pub fn find(heap: &Heap) -> Self {
        let count = heap.tables.nodes.len();
        let mut search = Search {
            heap,
            prices: Prices::new(heap),
            tree: Self { via: vec![EdgeIdx::NONE; count], cost: vec![u32::MAX; count] },
            buckets: vec![Vec::new(); BUCKETS],
            settled: Bits::new(count),
            waiting: 1,
            later: [Vec::new(), Vec::new()],
        };
        search.tree.cost[ROOT.at()] = 0;
        search.buckets[0].push(ROOT);
        search.run();
        search.tree
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
        self.cost[node.at()] != u32::MAX
    }

    /// The nodes on the way, down to the node itself: from the root, or from the last of the
    /// engine's roots, which says most.
    #[must_use]
    pub fn way(&self, heap: &Heap, node: NodeIdx) -> Vec<(EdgeIdx, NodeIdx)> {
        let mut steps = Vec::new();
        let mut at = node;
        loop {
            let edge = self.via(at);
            steps.push((edge.unwrap_or(EdgeIdx::NONE), at));
            match edge {
                Some(edge) if heap.tables.nodes.kind(at) != NodeKind::Synthetic => {
                    at = heap.tables.nodes.source(edge);
                }
                _ => break,
            }
        }
        steps.reverse();
        steps
    }
}

struct Search<'a> {
    heap: &'a Heap,
    prices: Prices<'a>,
    tree: Preferred,
    buckets: Vec<Vec<NodeIdx>>,
    /// Nodes whose cost is final: most edges lead to such.
    settled: Bits,
    /// Nodes in all buckets.
    waiting: usize,
    /// Nodes seen over dear steps only: over the engine's own business, over its own roots.
    /// No saving elsewhere pays for such a step, however long a list is.
    later: [Vec<NodeIdx>; 2],
}

impl Search<'_> {
    fn run(&mut self) {
        let mut now = 0_u32;
        loop {
            while self.waiting > 0 {
                let bucket = std::mem::take(&mut self.buckets[now as usize % BUCKETS]);
                self.waiting -= bucket.len();
                for node in bucket {
                    if self.tree.cost[node.at()] == now && self.settled.add(node.at()) {
                        self.relax(node);
                    }
                }
                // Steps that cost nothing refill the bucket in hand.
                now += u32::from(self.buckets[now as usize % BUCKETS].is_empty());
            }
            let next = self.later.iter_mut().find(|list| !list.is_empty()).map(std::mem::take);
            let Some(next) = next else { return };
            for node in next {
                if self.tree.cost[node.at()] != u32::MAX {
                    continue; // a better way was found meanwhile
                }
                self.tree.cost[node.at()] = now;
                self.buckets[now as usize % BUCKETS].push(node);
                self.waiting += 1;
            }
        }
    }

    fn relax(&mut self, node: NodeIdx) {
        let base = self.tree.cost[node.at()];
        for edge in self.heap.tables.edges_of(node) {
            let target = self.heap.tables.edges.target(edge);
            if self.settled.has(target.at()) {
                continue;
            }
            let Some(price) = self.prices.edge(node, edge) else { continue };
            let price = price + self.prices.node(target);
            if price >= DEAR {
                if self.tree.via[target.at()].is_none() {
                    self.tree.via[target.at()] = edge;
                    self.later[usize::from(price >= DEAREST)].push(target);
                }
                continue;
            }
            let cost = base + u32::from(price);
            if cost < self.tree.cost[target.at()] {
                self.tree.cost[target.at()] = cost;
                self.tree.via[target.at()] = edge;
                self.buckets[cost as usize % BUCKETS].push(target);
                self.waiting += 1;
            }
        }
    }
}

/// What steps cost.
struct Prices<'a> {
    heap: &'a Heap,
    ephemerons: &'a Ephemerons,
    /// By string: the price of an internal edge of that name, and of a synthetic, hidden or
    /// array node of that name.
    internal: Vec<u16>,
    named: Vec<u16>,
    proto: StrIdx,
    constructor: StrIdx,
}

const INTERNAL: u16 = 3;
const EPHEMERON: u16 = 6;
/// Over a prototype one reaches everything from anything; it is never the reason.
const PROTOTYPE: u16 = DEAR;

impl<'a> Prices<'a> {
    fn new(heap: &'a Heap) -> Self {
        let strings = &heap.tables.strings;
        let mut internal = vec![INTERNAL; strings.len()];
        for (names, price) in EDGE_PRICES {
            for name in *names {
                if let Some(at) = strings.find(&(*name).into()) {
                    internal[at.at()] = *price;
                }
            }
        }
        let named = vec![u16::MAX; strings.len()];
        let find = |name: &str| strings.find(&name.into()).unwrap_or(StrIdx::NONE);
        let (proto, constructor) = (find("__proto__"), find("constructor"));
        let ephemerons = heap.ephemerons();
        let mut prices = Self { heap, ephemerons, internal, named, proto, constructor };
        for node in heap.tables.nodes.indices() {
            let kind = heap.tables.nodes.kind(node);
            if matches!(kind, NodeKind::Synthetic | NodeKind::Hidden | NodeKind::Array) {
                let name = heap.tables.nodes.name(node);
                let slot = &mut prices.named[name.at()];
                if *slot == u16::MAX {
                    *slot = name_price(&strings.get(name).to_string_lossy());
                }
            }
        }
        prices
    }

    /// `None` for edges that keep nothing alive.
    #[inline]
    fn edge(&self, source: NodeIdx, edge: EdgeIdx) -> Option<u16> {
        let edges = &self.heap.tables.edges;
        Some(match edges.kind(edge) {
            EdgeKind::Weak => return None,
            EdgeKind::Property => {
                let name = self.heap.tables.strings.canonical(StrIdx(edges.label(edge)));
                if name == self.proto || name == self.constructor { PROTOTYPE } else { 1 }
            }
            EdgeKind::Internal => {
                let name = self.heap.tables.strings.canonical(StrIdx(edges.label(edge)));
                match self.ephemerons.get(name) {
                    Some(pair) if pair.is_from_table(self.heap.tables.nodes.id(source)) => {
                        return None;
                    }
                    Some(_) => EPHEMERON,
                    None if self.ephemerons.is_blank(name) && is_part(self.heap, source) => {
                        return None;
                    }
                    None => self.internal[name.at()],
                }
            }
            EdgeKind::Shortcut if source != ROOT => return None,
            EdgeKind::Hidden => 4,
            EdgeKind::Element if source == ROOT => 40,
            _ => 1,
        })
    }

    #[inline]
    fn node(&self, node: NodeIdx) -> u16 {
        let nodes = &self.heap.tables.nodes;
        match nodes.kind(node) {
            NodeKind::Synthetic | NodeKind::Hidden | NodeKind::Array => {
                self.named[nodes.name(node).at()]
            }
            NodeKind::Code => 300,
            NodeKind::ObjectShape => 200,
            NodeKind::Native => 30,
            _ => 0,
        }
    }
}

const EDGE_PRICES: &[(&[&str], u16)] = &[
    (&["context", "table", "elements", "properties", "value", "extension", "global_object"], 1),
    (&["previous", "script_context_table", "reactions_or_result", "native_context"], 2),
    (&["map", "code", "shared", "feedback_cell"], 200),
    (&["", "name_or_scope_info", "raw_outer_scope_info_or_feedback_metadata"], 60),
];

/// The engine's roots that hold what they hold only because a snapshot is being taken, or
/// because code was compiled.
const ENGINE_ROOTS: &[&str] = &[
    "(Stack roots)",
    "(Handle scope)",
    "(Isolate)",
    "(Micro tasks)",
    "(Debugger)",
    "(Weak roots)",
    "(Internalized strings)",
    "(Startup object cache)",
    "(Builtins)",
    "(Shareable object cache)",
    "(Read-only roots)",
    "(External strings)",
    "(Bootstrapper)",
    "(Compilation cache)",
    "(Code flusher)",
    "(Relocatable)",
];

fn name_price(name: &str) -> u16 {
    match name {
        "" | "(GC roots)" | "(object properties)" | "(object elements)" => 0,
        "(Document DOM trees)" => 5,
        "(Global handles)" => 60,
        _ if ENGINE_ROOTS.contains(&name) => DEAREST + 100,
        _ if name.contains("Feedback") || name.contains("feedback") => 300,
        "system / Cell" | "system / PropertyCell" | "system / Context" => 1,
        "system / SourceTextModule" | "system / PromiseReaction" => 1,
        "system / NativeContext" | "system / ScriptContextTable" => 1,
        _ if name.starts_with("system / NativeContext") => 1,
        "system / Map" | "system / TransitionArray" | "system / DescriptorArray" => 200,
        _ if name.starts_with("system / ") => 15,
        _ if name.starts_with("Node / ") => 100,
        _ if name.ends_with(" / DevTools console") => 300,
        _ if name.starts_with('(') => 150,
        _ => 40,
    }
}

/// Whether a node is plumbing: it implements the object that holds it and is no object itself.
#[inline]
pub(crate) fn is_part(heap: &Heap, node: NodeIdx) -> bool {
    match heap.tables.nodes.kind(node) {
        NodeKind::Hidden | NodeKind::Array | NodeKind::Code | NodeKind::ObjectShape => true,
        NodeKind::Native => is_backing(heap, node),
        _ => false,
    }
}

/// Chromium's vectors and hash tables: they move to a new place, with a new id, when they grow.
fn is_backing(heap: &Heap, node: NodeIdx) -> bool {
    const BACKINGS: [&str; 3] =
        ["blink::HeapVectorBacking", "blink::HeapHashTableBacking", "blink::BasicHeap"];
    let name = heap.tables.nodes.name(node);
    BACKINGS.iter().any(|backing| heap.tables.strings.starts_with(name, backing))
}

/// The objects that parts implement.
#[derive(Debug)]
pub(crate) struct Holders {
    /// By node: what was found before. A promise's reactions are a list of parts, and asking
    /// for each of them must not walk the list each time.
    found: Vec<NodeIdx>,
}

impl Holders {
    pub(crate) fn new(nodes: usize) -> Self {
        Self { found: vec![NodeIdx::NONE; nodes] }
    }

    /// The first on the node's way up that is no part: often the node itself.
    pub(crate) fn of(&mut self, heap: &Heap, tree: &Preferred, node: NodeIdx) -> Option<NodeIdx> {
        let mut path = Vec::new();
        let mut at = node;
        let holder = loop {
            if !is_part(heap, at) {
                break at;
            }
            let known = self.found[at.at()];
            if !known.is_none() {
                break known;
            }
            path.push(at);
            at = tree.parent(heap, at)?;
        };
        for part in path {
            self.found[part.at()] = holder;
        }
        Some(holder)
    }
}
