//! An object in, the independent ways to it out, and what cutting each frees: computed.

use super::Explorer;
use super::answer::{OneWay, Paths};
use crate::chains::freed;
use crate::error::Result;
use crate::ids::{EdgeIdx, NodeIdx, ROOT};
use crate::objects::is_part;
use crate::report::answer::WayStep;
use crate::ways::{Access, Preferred, access, anchor};
use std::collections::HashSet;

/// So many ways are told at most.
const MOST: u64 = 16;

type RawWay = Vec<(EdgeIdx, NodeIdx)>;

impl Explorer {
    /// The preferred way to an object and others that have nothing in common with it but where they
    /// begin, `ways` at most; and the shortest.
    ///
    /// # Errors
    /// `Usage` if there is no object of this id.
    pub fn paths(&self, id: u64, ways: u64) -> Result<Paths> {
        let node = self.node(id)?;
        let rest = || rayon::join(|| self.heap.shortest(), || self.incoming());
        rayon::join(|| self.prepare(), || rayon::join(|| self.ways(), rest));
        let heap = &self.heap;
        let most = ways.clamp(1, MOST) as usize;
        let mut closed: HashSet<EdgeIdx> = HashSet::new();
        let (mut found, mut cuts): (Vec<RawWay>, Vec<Vec<EdgeIdx>>) = (Vec::new(), Vec::new());
        let reached = node != ROOT && self.ways().reaches(node);
        let mut next = reached.then(|| self.ways().way(heap, node));
        while let Some(way) = next.take_if(|_| found.len() < most) {
            let references = self.references(&way);
            cuts.extend(references.last().cloned());
            let before = closed.len();
            closed.extend(references.into_iter().flatten());
            found.push(way);
            // What begins at a root of the engine has no reference that could be taken away.
            let goes_on = closed.len() > before;
            next = if goes_on { Preferred::way_without(heap, node, closed.clone()) } else { None };
        }
        let all: Vec<EdgeIdx> = cuts.iter().flatten().copied().collect();
        let tried: Vec<Vec<EdgeIdx>> = cuts.into_iter().chain([all]).collect();
        let mut frees = freed(heap, self.ways(), &tried, |_| true);
        let frees_together = frees.pop().unwrap_or(0);
        let told: Vec<OneWay> =
            found.iter().zip(frees).map(|(way, frees)| self.one_way(way, frees)).collect();
        let shortest = self.steps(access(heap, &self.shortest_to(node)));
        let same = |steps: &[WayStep]| {
            let ids = |steps: &[WayStep]| steps.iter().map(|step| step.id).collect::<Vec<u64>>();
            ids(steps) == ids(&shortest)
        };
        let is_told = shortest.is_empty() || told.iter().any(|way| same(&way.steps));
        Ok(Paths {
            object: self.teller(1).object(node),
            ways: told,
            more: next.is_some(),
            frees_together,
            shortest: (!is_told).then_some(shortest),
        })
    }

    fn one_way(&self, way: &RawWay, frees: u64) -> OneWay {
        let steps = access(&self.heap, way);
        OneWay { path: self.called(&steps), steps: self.steps(steps), frees }
    }

    /// The references of a way from where its name begins: by step all edges that lead from the object
    /// before, or from a part of it, to this one.
    fn references(&self, way: &RawWay) -> Vec<Vec<EdgeIdx>> {
        let steps = access(&self.heap, way);
        let from = anchor(&self.heap, &steps);
        let holder = |at: usize| match at.checked_sub(1) {
            Some(before) => steps[before].node,
            None => ROOT,
        };
        let of_step = |(at, step): (usize, &Access)| {
            let holder = holder(at);
            let all = self.incoming().to(step.node).iter().copied();
            let own = all.filter(|edge| {
                let source = self.heap.tables.nodes.source(*edge);
                *edge == step.edge || source == holder || self.is_part_of(source, holder)
            });
            own.collect()
        };
        steps.iter().enumerate().skip(from).map(of_step).collect()
    }

    /// Whether a node implements an object, as far as its own dominator tells.
    fn is_part_of(&self, part: NodeIdx, object: NodeIdx) -> bool {
        let idom = &self.heap.dominators().idom;
        is_part(&self.heap, part) && idom[part.at()] == object
    }

    /// The way that DevTools' distances go by.
    fn shortest_to(&self, node: NodeIdx) -> RawWay {
        let mut way = Vec::new();
        let mut at = node;
        while at != ROOT {
            let edge = self.heap.shortest().via[at.at()];
            if edge.is_none() {
                return Vec::new();
            }
            way.push((edge, at));
            at = self.heap.tables.nodes.source(edge);
        }
        way.push((EdgeIdx::NONE, ROOT));
        way.reverse();
        way
    }
}
