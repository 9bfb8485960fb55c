//! Tables in, the distance of every node from the roots out, with the edge it came by.
//!
//! DevTools searches breadth-first twice: from the user roots (distance 1), then from the
//! root alone for what is left (from [`SYSTEM`] on). Its filter remembers ephemerons it has
//! met, so the order of the search matters and it cannot run in parallel.

use super::strength::is_user_root;
use super::{Bits, KnownStrings};
use crate::ids::{EdgeIdx, NodeIdx, ROOT, StrIdx};
use crate::parse::{Bond, EdgeKind, Hop, NodeKind, Tables};
use crate::text::Text;
use std::collections::{HashMap, HashSet};

/// Distance of a node that no search reached.
pub(crate) const UNREACHED: i32 = -5;
/// Distance of the root, if there are user roots; what only the engine holds lies beyond.
pub(crate) const SYSTEM: i32 = 100_000_000;

/// Distances, and the edge by which each node was first reached.
#[derive(Debug)]
pub struct ShortestTree {
    /// DevTools' distance.
    pub distance: Vec<i32>,
    /// NONE for the root and for unreached nodes; empty for the older of two heaps.
    pub via: Vec<EdgeIdx>,
}

/// Which edges of the root the first search starts over.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// All of them, as DevTools does.
    AnyEdge,
    /// All but weak ones, which keep nothing alive.
    StrongEdges,
}

/// Both searches; `ways` says whether to keep the edges.
pub(super) fn shortest(
    tables: &Tables,
    known: &KnownStrings,
    start: Start,
    ways: bool,
) -> ShortestTree {
    let count = tables.nodes.len();
    let via = vec![EdgeIdx::NONE; if ways { count } else { 0 }];
    let mut search = Search {
        tables,
        known,
        half_seen: vec![false; tables.ephemerons.entries()],
        slots: HashMap::new(),
        reached: Bits::new(count),
        tree: ShortestTree { distance: vec![UNREACHED; count], via },
    };
    let mut queue = Vec::new();
    for edge in tables.edges_of(ROOT) {
        let target = tables.edges.target(edge);
        if start == Start::StrongEdges && tables.edges.kind(edge) == EdgeKind::Weak {
            continue;
        }
        if is_user_root(tables, known, target) {
            if search.reached.add(target.at()) {
                search.came_by(target, edge);
            }
            search.tree.distance[target.at()] = 1;
            queue.push(target);
        }
    }
    let any = !queue.is_empty();
    search.run(queue, 1);
    let far = if any { SYSTEM } else { 0 };
    search.tree.distance[ROOT.at()] = far;
    search.reached.set(ROOT.at());
    search.run(vec![ROOT], far);
    search.came_by(ROOT, EdgeIdx::NONE);
    search.tree
}

struct Search<'a> {
    tables: &'a Tables,
    known: &'a KnownStrings,
    /// By entry: one of its two edges was rejected and the other will be accepted.
    half_seen: Vec<bool>,
    /// By name: whether it is that of a slot that counts.
    slots: HashMap<StrIdx, bool>,
    /// Which nodes have a distance: one bit each stays in the cache, one number each does not.
    reached: Bits,
    tree: ShortestTree,
}

impl Search<'_> {
    /// From nodes that are all equally far. DevTools visits one as often as it is given, for which an
    /// entry that was rejected the first time passes the second time. Once none was, there is nothing
    /// to be found any more: a root may have a thousand edges to a node with a thousand edges.
    fn run(&mut self, mut queue: Vec<NodeIdx>, mut distance: i32) {
        let hops = self.tables.edges.hops();
        let (mut next, mut level) = (0, queue.len());
        let given = queue.len();
        let mut settled = HashSet::new();
        while let Some(&node) = queue.get(next) {
            if next.is_multiple_of(Tables::AHEAD) {
                self.tables.fetch(&queue[next..queue.len().min(next + Tables::AHEAD)]);
            }
            if next == level {
                (distance, level) = (distance + 1, queue.len());
            }
            next += 1;
            if next <= given && settled.contains(&node) {
                continue;
            }
            let mut rejected = false;
            let descriptors = self.known.is_map_descriptors(self.tables, node);
            let native_context = self.known.is_native_context(self.tables, node);
            let edges = self.tables.nodes.edges(node);
            for (edge, hop) in (edges.start as u32..).map(EdgeIdx).zip(&hops[edges]) {
                let target = Hop(*hop).target();
                if self.reached.has(target.at()) {
                    continue;
                }
                let passes = match Hop(*hop).bond() {
                    Bond::Weak => false,
                    _ if descriptors => self.is_descriptor(edge),
                    _ if native_context && self.is_sloppy_function_map(edge) => false,
                    Bond::Entry => {
                        let passes = self.passes_ephemeron(edge);
                        rejected |= !passes;
                        passes
                    }
                    _ => true,
                };
                if passes {
                    self.reached.set(target.at());
                    self.tree.distance[target.at()] = distance + 1;
                    self.came_by(target, edge);
                    queue.push(target);
                }
            }
            if next <= given && !rejected {
                settled.insert(node);
            }
        }
    }

    #[inline]
    fn came_by(&mut self, target: NodeIdx, edge: EdgeIdx) {
        if let Some(via) = self.tree.via.get_mut(target.at()) {
            *via = edge;
        }
    }

    /// Of the two edges of an entry the second one met counts.
    fn passes_ephemeron(&mut self, edge: EdgeIdx) -> bool {
        let name = StrIdx(self.tables.edges.label(edge));
        match self.tables.ephemerons.get(name) {
            None => true,
            Some(pair) => {
                let seen = &mut self.half_seen[pair.entry as usize];
                *seen = !*seen;
                !*seen
            }
        }
    }

    fn is_sloppy_function_map(&self, edge: EdgeIdx) -> bool {
        let name = self.tables.edges.name(edge);
        name.is_some_and(|n| self.known.is(self.tables, n, self.known.sloppy_function_map))
    }

    /// Descriptor arrays hold triples (key, details, value) after two slots; the details
    /// slot refers to shared field types that say nothing about who holds what.
    fn is_descriptor(&mut self, edge: EdgeIdx) -> bool {
        let counts = |slot: f64| slot < 2.0 || slot % 3.0 != 1.0;
        let (slots, strings) = (&mut self.slots, &self.tables.strings);
        match self.tables.edges.name(edge) {
            None => counts(f64::from(self.tables.edges.label(edge))),
            Some(name) => *slots
                .entry(name)
                .or_insert_with(|| parse_int(&strings.get(name)).is_none_or(counts)),
        }
    }
}

/// JavaScript's `parseInt(text, 10)`; `None` for NaN.
pub(crate) fn parse_int(text: &Text) -> Option<f64> {
    let units = text.units();
    let space = units.iter().take_while(|u| is_js_space(**u)).count();
    let (sign, digits) = match units.get(space) {
        Some(0x2b) => (1.0, &units[space + 1..]),
        Some(0x2d) => (-1.0, &units[space + 1..]),
        _ => (1.0, &units[space..]),
    };
    let digits: String = digits
        .iter()
        .map_while(|u| char::from_u32(u32::from(*u)).filter(char::is_ascii_digit))
        .collect();
    digits.parse::<f64>().ok().map(|n| n * sign)
}

/// A whole number as JavaScript writes it: no negative zero, and an exponent from 1e21 on.
pub(super) fn number_to_js(n: f64) -> String {
    match n.abs() {
        0.0 => "0".to_owned(),
        f64::INFINITY => if n < 0.0 { "-Infinity" } else { "Infinity" }.to_owned(),
        size if size < 1e21 => n.to_string(),
        _ => format!("{n:e}").replace('e', "e+"),
    }
}

const fn is_js_space(unit: u16) -> bool {
    matches!(unit, 9..=13 | 0x20 | 0xa0 | 0x1680 | 0x2000..=0x200a | 0x2028 | 0x2029 | 0x202f
        | 0x205f | 0x3000 | 0xfeff)
}

impl KnownStrings {
    fn is_map_descriptors(&self, tables: &Tables, node: NodeIdx) -> bool {
        tables.nodes.kind(node) == NodeKind::Array
            && self.is(tables, tables.nodes.name(node), self.map_descriptors)
    }

    fn is_native_context(&self, tables: &Tables, node: NodeIdx) -> bool {
        tables.nodes.kind(node) == NodeKind::Hidden
            && self.is(tables, tables.nodes.name(node), self.native_context)
    }
}
