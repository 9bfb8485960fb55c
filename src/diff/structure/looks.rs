//! A heap in, what every node looks like out: by itself, and with what it holds.
//!
//! ```text
//!   plain   kind, name                      what differs in it is never the same object
//!   own     and class, place in the source
//!   near    and what it holds, each with its own look
//!   far     and what it holds, each with its near look
//! ```
//!
//! A look is a number; the looks of what a node holds are added up, so that it does not matter in
//! which order they come. Two that are equal by chance do no harm, as long as it is rare.

use super::names::{Names, join};
use crate::classes::{ClassKey, Naming};
use crate::graph::Heap;
use crate::ids::NodeIdx;
use crate::pair::Pair;
use crate::parse::{Bond, Hop, NodeKind};
use rayon::prelude::*;
use std::collections::HashMap;

/// One of the two heaps.
pub(super) struct Side<'a> {
    pub(super) heap: &'a Heap,
    labels: &'a [u32],
    hops: &'a [u32],
    naming: &'a Naming,
    names: Names,
    /// By class: a number that classes of its name have in both heaps.
    classes: Vec<u32>,
    plain: Vec<u32>,
    near: Vec<u32>,
    far: Vec<u32>,
}

/// How closely a node is looked at.
#[derive(Clone, Copy)]
pub(super) enum Depth {
    Plain,
    Own,
    Near,
    Far,
}

/// Something that a node holds, and what the edge is called.
#[derive(Clone, Copy)]
pub(super) struct Spoke {
    pub(super) label: u32,
    pub(super) bond: Bond,
    pub(super) node: NodeIdx,
}

impl<'a> Side<'a> {
    pub(super) fn of(heaps: Pair<&'a Heap>, naming: Pair<&'a Naming>) -> Pair<Self> {
        let classes = class_numbers(naming);
        let sides = heaps.zip(naming).zip(Names::of(heaps).zip(classes));
        sides.join(|((heap, naming), (names, classes))| Self::new(heap, naming, names, classes))
    }

    fn new(heap: &'a Heap, naming: &'a Naming, names: Names, classes: Vec<u32>) -> Self {
        let edges = &heap.tables.edges;
        let mut side = Self {
            heap,
            labels: edges.labels(),
            hops: edges.hops(),
            naming,
            names,
            classes,
            plain: Vec::new(),
            near: Vec::new(),
            far: Vec::new(),
        };
        side.plain = side.by_node(|side, node| side.by_itself(node));
        let own = side.by_node(Self::own);
        side.near = side.by_node(|side, node| side.deeper(node, &own));
        side.far = side.by_node(|side, node| side.deeper(node, &side.near));
        side
    }

    fn by_node(&self, look: impl Fn(&Self, NodeIdx) -> u32 + Sync) -> Vec<u32> {
        let nodes = (0..self.heap.tables.nodes.len()).into_par_iter().with_min_len(4096);
        nodes.map(|at| look(self, NodeIdx::from_at(at))).collect()
    }

    fn by_itself(&self, node: NodeIdx) -> u32 {
        let nodes = &self.heap.tables.nodes;
        let kind = nodes.kind(node);
        let mut look = join(kind as u32, self.names.number(nodes.name(node)));
        // The text of a string never changes, and that of these is in what they were made of.
        if matches!(kind, NodeKind::ConsString | NodeKind::SlicedString) {
            self.each(node, |spoke| {
                let made_of = self.names.number(nodes.name(spoke.node));
                look = look.wrapping_add(join(spoke.label, made_of));
            });
        }
        look
    }

    /// What a node looks like.
    #[inline(always)]
    pub(super) fn look(&self, depth: Depth, node: NodeIdx) -> u32 {
        match depth {
            Depth::Plain => self.plain[node.at()],
            Depth::Own => self.own(node),
            Depth::Near => self.near[node.at()],
            Depth::Far => self.far[node.at()],
        }
    }

    fn own(&self, node: NodeIdx) -> u32 {
        let plain = self.plain[node.at()];
        match self.heap.tables.nodes.kind(node) {
            NodeKind::Object => join(plain, self.classes[self.naming.class_of[node.at()].at()]),
            NodeKind::Closure => match self.heap.tables.locations.of(node) {
                // Another process may number its scripts otherwise.
                Some(place) => join(plain, join(place.line, place.column)),
                None => plain,
            },
            _ => plain,
        }
    }

    fn deeper(&self, node: NodeIdx, less: &[u32]) -> u32 {
        let mut sum = 0_u32;
        self.each(node, |spoke| {
            let look = match spoke.bond {
                Bond::Weak => return,
                // What many have in common changes with all of these.
                Bond::Common | Bond::Prototype | Bond::Beside => &self.plain,
                _ => less,
            };
            sum = sum.wrapping_add(join(spoke.label, look[spoke.node.at()]));
        });
        join(self.own(node), sum)
    }

    /// Tells everything that a node holds, in the order of the file.
    #[inline(always)]
    pub(super) fn each(&self, node: NodeIdx, mut tell: impl FnMut(Spoke)) {
        let edges = self.heap.tables.nodes.edges(node);
        let (labels, hops) = (&self.labels[edges.clone()], &self.hops[edges]);
        for (raw, hop) in labels.iter().zip(hops) {
            let bond = Hop(*hop).bond();
            let label = self.names.label(*raw, bond);
            tell(Spoke { label, bond, node: Hop(*hop).target() });
        }
    }
}

fn class_numbers(naming: Pair<&Naming>) -> Pair<Vec<u32>> {
    let mut known = HashMap::new();
    naming.map(|naming| {
        let number = |class: &ClassKey| {
            let next = known.len() as u32;
            *known.entry(class.name.clone()).or_insert(next)
        };
        naming.classes.iter().map(number).collect()
    })
}
