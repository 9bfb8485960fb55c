//! An object in, who holds it out, as a tree: how a program would say it, and with the engine's parts
//! folded into what they implement.
//!
//! ```text
//!   Session <-8- (array) <-table- Map         value of key   Map
//!   Session <-s- Context <-context- closure   variable s     closure
//! ```

use super::Explorer;
use super::answer::{Extent, Object, Retainer, Retainers};
use super::object::Teller;
use crate::error::Result;
use crate::graph::Heap;
use crate::ids::{ClassIdx, EdgeIdx, NodeIdx, ROOT};
use crate::objects::{holds, implements, is_global};
use crate::parse::NodeKind;
use crate::ways::{Access, Label, access};
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

/// Rows of a tree, as in DevTools.
const ROWS: u64 = 5_000;
/// Levels of a tree, as in DevTools.
const DEEPEST: u32 = 30;
/// So many parts of the engine may lie between an object and its holder.
const BETWEEN: usize = 8;

/// Edges that lead down to a node, the last one first, with where each leads.
type Edges = Vec<(EdgeIdx, NodeIdx)>;

/// Who holds an object in some way.
struct Holder {
    access: Access,
    node: NodeIdx,
    strong: bool,
}

/// Holders that a reader would not tell apart.
struct Group {
    first: Holder,
    alike: u64,
    preferred: bool,
    distance: i32,
}

impl Explorer {
    /// Who holds an object, and who holds those: those that tell most first, or the nearest to the roots.
    /// The dominators too, if they are wanted.
    ///
    /// # Errors
    /// `Usage` if there is no object of this id.
    pub fn retainers(
        &self,
        id: u64,
        extent: Extent,
        by_distance: bool,
        dominators: bool,
    ) -> Result<Retainers> {
        let node = self.node(id)?;
        let ways = || rayon::join(|| self.ways(), || self.heap.shortest());
        rayon::join(|| self.prepare(), || rayon::join(ways, || self.incoming()));
        let mut climb = Climb {
            explorer: self,
            teller: self.teller(ROWS),
            breadth: extent.breadth,
            by_distance,
            rows: ROWS,
            edges: 2 * self.heap.tables.edges.len() as u64,
            above: vec![node],
        };
        let (retainers, left_out) = climb.retainers(node, extent.depth.min(DEEPEST));
        let object = climb.teller.object(node);
        let distance = self.heap.shortest().distance[node.at()];
        let dominators = dominators.then(|| self.dominators(node));
        Ok(Retainers { object, distance, retainers, left_out, dominators })
    }

    /// What every way to an object leads over.
    fn dominators(&self, node: NodeIdx) -> Vec<Object> {
        let mut teller = self.teller(ROWS);
        let idom = &self.heap.dominators().idom;
        let up = |at: &NodeIdx| (*at != ROOT).then(|| idom[at.at()]);
        let all = std::iter::successors(up(&node), up).take(ROWS as usize);
        all.map(|node| teller.object(node)).collect()
    }
}

/// Climbs from holder to holder.
struct Climb<'a> {
    explorer: &'a Explorer,
    teller: Teller<'a>,
    breadth: u64,
    by_distance: bool,
    /// Rows that may still be told.
    rows: u64,
    /// References that may still be looked at.
    edges: u64,
    /// What stands above, the object itself first.
    above: Vec<NodeIdx>,
}

impl Climb<'_> {
    /// The holders of a node, and how many are not told.
    fn retainers(&mut self, node: NodeIdx, depth: u32) -> (Vec<Retainer>, u64) {
        if depth == 0 || self.rows == 0 || self.edges == 0 {
            return (Vec::new(), self.explorer.incoming().to(node).len() as u64);
        }
        let groups = self.groups(node);
        let all = groups.len() as u64;
        let told = all.min(self.breadth).min(self.rows);
        self.rows -= told;
        let mut retainers = Vec::new();
        let mut left_out = 0;
        for (at, group) in (0..).zip(groups) {
            match at < told {
                true => retainers.push(self.retainer(&group, depth)),
                false => left_out += group.alike,
            }
        }
        (retainers, left_out)
    }

    fn retainer(&mut self, group: &Group, depth: u32) -> Retainer {
        let Holder { access, node, strong } = group.first;
        let is_loop = self.above.contains(&node);
        let (retainers, left_out) = match is_loop || !strong || self.is_end(node) {
            true => (Vec::new(), 0),
            false => {
                self.above.push(node);
                let found = self.retainers(node, depth - 1);
                self.above.pop();
                found
            }
        };
        let holder =
            Access { label: Label::Nameless, edge: EdgeIdx::NONE, node, times: 1, left_out: 0 };
        Retainer {
            label: self.explorer.say(|words| words.label(&[holder, access], 1)),
            object: self.teller.object(node),
            alike: group.alike,
            strong,
            preferred: group.preferred,
            distance: group.distance,
            is_loop,
            left_out,
            retainers,
        }
    }

    /// Whether a holder has none that would tell something: a root, the global object.
    fn is_end(&self, node: NodeIdx) -> bool {
        let heap = &self.explorer.heap;
        let source = |edge: &EdgeIdx| heap.tables.nodes.source(*edge);
        heap.tables.nodes.kind(node) == NodeKind::Synthetic
            || self
                .explorer
                .incoming()
                .to(node)
                .iter()
                .any(|edge| is_global(heap, node, source(edge)))
    }

    /// The holders of a node by class and label, those that tell most first.
    fn groups(&mut self, node: NodeIdx) -> Vec<Group> {
        let explorer = self.explorer;
        let heap = &explorer.heap;
        let naming = &explorer.census().naming;
        let preferred = explorer.ways().ends(heap, node).way;
        let preferred: HashSet<NodeIdx> =
            preferred.iter().rev().skip(1).take(BETWEEN + 1).map(|(_, node)| *node).collect();
        let distances = &heap.shortest().distance;
        let mut groups: Vec<Group> = Vec::new();
        let mut known: HashMap<(Label, ClassIdx, bool), usize> = HashMap::new();
        for holder in self.holders(node) {
            let class = naming.class_of[holder.node.at()];
            let distance = distances[holder.node.at()];
            let is_preferred = preferred.contains(&holder.node);
            let label = canonical(heap, holder.access.label);
            let next = groups.len();
            let at = *known.entry((label, class, holder.strong)).or_insert(next);
            let Some(group) = groups.get_mut(at) else {
                groups.push(Group { first: holder, alike: 1, preferred: is_preferred, distance });
                continue;
            };
            group.alike += 1;
            let rank = |preferred: bool, distance: i32| (!preferred, distance.cast_unsigned());
            if rank(is_preferred, distance) < rank(group.preferred, group.distance) {
                (group.first, group.preferred, group.distance) = (holder, is_preferred, distance);
            }
        }
        let by_distance = self.by_distance;
        groups.sort_by_key(|group| {
            let first = !by_distance && group.preferred;
            let far = group.distance.cast_unsigned();
            (!group.first.strong, Reverse(first), far, group.first.node)
        });
        groups
    }

    /// The objects that hold a node, over parts of the engine; each once.
    fn holders(&mut self, node: NodeIdx) -> Vec<Holder> {
        let explorer = self.explorer;
        let heap = &explorer.heap;
        let mut found: Vec<Holder> = Vec::new();
        let mut seen: HashMap<NodeIdx, usize> = HashMap::new();
        let mut parts = HashSet::new();
        // From the node upwards: the edges that lead down to it.
        let mut open: Vec<(NodeIdx, Edges, bool)> = vec![(node, vec![], true)];
        while let Some((at, below, strong)) = open.pop() {
            for edge in explorer.incoming().to(at) {
                if self.edges == 0 {
                    return found;
                }
                self.edges -= 1;
                let source = heap.tables.nodes.source(*edge);
                let strong = strong && source != at && holds(heap, source, *edge);
                let mut below = below.clone();
                below.push((*edge, at));
                if implements(heap, source) && below.len() < BETWEEN {
                    if source != node && parts.insert(source) {
                        open.push((source, below, strong));
                    }
                    continue;
                }
                // To know how a table has something, all of it is looked at.
                let parts = below.iter().map(|(_, part)| heap.tables.nodes.edges(*part).len());
                self.edges = self.edges.saturating_sub(parts.skip(1).sum::<usize>() as u64);
                let Some(access) = access_from(heap, source, &below) else { continue };
                // Of several ways from one holder, that which keeps alive, and the shorter one.
                match seen.get(&source).map(|known| &mut found[*known]) {
                    Some(known) if known.strong || !strong => {}
                    Some(known) => *known = Holder { access, node: source, strong },
                    None => {
                        seen.insert(source, found.len());
                        found.push(Holder { access, node: source, strong });
                    }
                }
            }
        }
        found
    }
}

/// How a holder holds what is at the end of some edges, the last one first.
fn access_from(heap: &Heap, holder: NodeIdx, below: &[(EdgeIdx, NodeIdx)]) -> Option<Access> {
    let down = below.iter().rev().copied();
    let way: Vec<(EdgeIdx, NodeIdx)> = [(EdgeIdx::NONE, holder)].into_iter().chain(down).collect();
    let last = access(heap, &way).pop();
    let (edge, node) = *below.first()?;
    let is_root = heap.tables.nodes.kind(holder) == NodeKind::Synthetic;
    let label = last.map_or(Label::Nameless, |last| last.label);
    let label = if is_root && !matches!(label, Label::Global) { Label::Nameless } else { label };
    Some(Access { label, edge, node, times: 1, left_out: 0 })
}

/// Labels by the first text of a name.
fn canonical(heap: &Heap, label: Label) -> Label {
    let first = |name| heap.tables.strings.canonical(name);
    match label {
        Label::Property(name) => Label::Property(first(name)),
        Label::Variable(name) => Label::Variable(first(name)),
        Label::Export(name) => Label::Export(first(name)),
        Label::Internal(name) => Label::Internal(first(name)),
        other => other,
    }
}
