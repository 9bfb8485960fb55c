//! A heap in, for every node the way to it that a person can act on out.
//!
//! The shortest way often starts at the stack of the function that took the snapshot, or
//! leads through feedback vectors and hidden classes. Those keep things alive too, but no
//! one can delete them. So ways have costs: a property or a variable costs 1, what belongs to
//! the engine costs up to [`DEAREST`] and more, and the cheapest way wins (Dial's algorithm: one bucket
//! per cost). Costs only choose among ways that exist; nothing is left out but weak edges,
//! and a WeakMap's side of its entries.

use crate::graph::{Bits, Heap};
use crate::ids::{EdgeIdx, NodeIdx, ROOT, StrIdx};
use crate::objects::holds;
use crate::parse::{BONDS, Bond, Hop, NodeKind, Tables};

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
}

impl Preferred {
    /// Finds the cheapest ways.
    #[must_use]
    pub fn find(heap: &Heap) -> Self {
        let count = heap.tables.nodes.len();
        let mut search = Search {
            heap,
            hops: heap.tables.edges.hops(),
            tolls: Tolls::of_nodes(heap),
            tree: Self { via: vec![EdgeIdx::NONE; count] },
            cost: vec![u32::MAX; count],
            buckets: vec![Vec::new(); BUCKETS],
            settled: Bits::new(count),
            waiting: 1,
            later: [Vec::new(), Vec::new()],
        };
        search.cost[ROOT.at()] = 0;
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
        node == ROOT || !self.via[node.at()].is_none()
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
    hops: &'a [u32],
    tolls: Tolls,
    tree: Preferred,
    cost: Vec<u32>,
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
                for nodes in bucket.chunks(Tables::AHEAD) {
                    self.heap.tables.fetch(nodes);
                    for node in nodes {
                        // If a cheaper way was found, it has been settled there.
                        if self.settled.add(node.at()) {
                            self.relax(*node, now);
                        }
                    }
                }
                // Steps that cost nothing refill the bucket in hand.
                now += u32::from(self.buckets[now as usize % BUCKETS].is_empty());
            }
            let next = self.later.iter_mut().find(|list| !list.is_empty()).map(std::mem::take);
            let Some(next) = next else { return };
            for node in next {
                if self.cost[node.at()] != u32::MAX {
                    continue; // a better way was found meanwhile
                }
                self.cost[node.at()] = now;
                self.buckets[now as usize % BUCKETS].push(node);
                self.waiting += 1;
            }
        }
    }

    fn relax(&mut self, node: NodeIdx, base: u32) {
        let edges = self.heap.tables.nodes.edges(node);
        let prices = if node == ROOT { &ROOT_PRICES } else { &PRICES };
        for (edge, hop) in (edges.start as u32..).zip(&self.hops[edges]) {
            let target = Hop(*hop).target();
            if self.settled.has(target.at()) {
                continue;
            }
            let bond = Hop(*hop).bond();
            let Some(price) = prices[bond as usize].or_else(|| self.entry_price(node, edge, bond))
            else {
                continue;
            };
            let price = price + self.tolls.of(target);
            if price >= DEAR {
                if self.tree.via[target.at()].is_none() {
                    self.tree.via[target.at()] = EdgeIdx(edge);
                    self.later[usize::from(price >= DEAREST)].push(target);
                }
                continue;
            }
            let cost = base + u32::from(price);
            if cost < self.cost[target.at()] {
                self.cost[target.at()] = cost;
                self.tree.via[target.at()] = EdgeIdx(edge);
                self.buckets[cost as usize % BUCKETS].push(target);
                self.waiting += 1;
            }
        }
    }

    /// The price of a WeakMap's entry: only its key keeps the value.
    #[cold]
    fn entry_price(&self, source: NodeIdx, edge: u32, bond: Bond) -> Option<u16> {
        let tables = &self.heap.tables;
        if bond != Bond::Entry || !holds(self.heap, source, EdgeIdx(edge)) {
            return None;
        }
        let known = tables.ephemerons.get(StrIdx(tables.edges.label(EdgeIdx(edge)))).is_some();
        Some(if known { EPHEMERON } else { INTERNAL })
    }
}

const INTERNAL: u16 = 3;
const EPHEMERON: u16 = 6;

/// By bond: what the step costs. `None` for what keeps nothing alive, and for entries, which have
/// to be asked.
const PRICES: [Option<u16>; BONDS] = {
    let mut prices = [Some(1); BONDS];
    prices[Bond::Internal as usize] = Some(INTERNAL);
    prices[Bond::Beside as usize] = Some(2);
    prices[Bond::Hidden as usize] = Some(4);
    prices[Bond::Scope as usize] = Some(60);
    // Over a prototype one reaches everything from anything; it is never the reason.
    prices[Bond::Prototype as usize] = Some(DEAR);
    prices[Bond::Common as usize] = Some(200);
    prices[Bond::Shortcut as usize] = None;
    prices[Bond::Weak as usize] = None;
    prices[Bond::Entry as usize] = None;
    prices
};
/// The same for steps from the root.
const ROOT_PRICES: [Option<u16>; BONDS] = {
    let mut prices = PRICES;
    prices[Bond::Element as usize] = Some(40);
    prices[Bond::Shortcut as usize] = Some(1);
    prices
};

/// By node: what stepping on it costs, over and above the edge. There are few different prices and
/// many nodes, so a node has but the number of its price.
struct Tolls {
    number: Vec<u8>,
    price: Vec<u16>,
}

impl Tolls {
    fn of_nodes(heap: &Heap) -> Self {
        const UNKNOWN: u8 = u8::MAX;
        let (strings, nodes) = (&heap.tables.strings, &heap.tables.nodes);
        let mut tolls = Self { number: Vec::with_capacity(nodes.len()), price: vec![0] };
        let mut named = vec![UNKNOWN; strings.len()];
        for node in nodes.indices() {
            let number = match nodes.kind(node) {
                NodeKind::Synthetic | NodeKind::Hidden | NodeKind::Array => {
                    let name = nodes.name(node);
                    if named[name.at()] == UNKNOWN {
                        let price = name_price(&strings.get(name).to_string_lossy());
                        named[name.at()] = tolls.number_of(price);
                    }
                    named[name.at()]
                }
                NodeKind::Code => tolls.number_of(300),
                NodeKind::ObjectShape => tolls.number_of(200),
                NodeKind::Native => tolls.number_of(30),
                _ => 0,
            };
            tolls.number.push(number);
        }
        tolls
    }

    fn number_of(&mut self, price: u16) -> u8 {
        let known = self.price.iter().position(|p| *p == price);
        known.unwrap_or_else(|| {
            self.price.push(price);
            self.price.len() - 1
        }) as u8
    }

    #[inline(always)]
    fn of(&self, node: NodeIdx) -> u16 {
        self.price[usize::from(self.number[node.at()])]
    }
}

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
