//! An object in, the independent ways to it out, and what cutting each frees: computed.

use super::Explorer;
use super::answer::{OneWay, Paths};
use crate::chains::freed;
use crate::error::Result;
use crate::ids::{EdgeIdx, NodeIdx, ROOT};
use crate::objects::is_part;
use crate::report::answer::{Role, WayStep};
use crate::ways::{Access, Preferred, access, anchor};
use std::collections::HashSet;

/// So many ways are told at most.
pub(crate) const MOST: u64 = 16;

/// So many parts of the engine are looked at between an object and one of its parts.
const PARTS: usize = 64;

/// Ways to an object.
struct Found {
    ways: Vec<RawWay>,
    /// By way: the references over which it ends in the object.
    cuts: Vec<Vec<EdgeIdx>>,
    /// So many have no reference of the program in common.
    independent: usize,
    more: bool,
}

type RawWay = Vec<(EdgeIdx, NodeIdx)>;

impl Explorer {
    /// The preferred way to an object, others that have nothing in common with it but where they begin, and
    /// then such as share references with these but end in another one; `ways` at most. And the shortest.
    ///
    /// # Errors
    /// `Usage` if there is no object of this id.
    pub fn paths(&self, id: u64, ways: u64) -> Result<Paths> {
        let node = self.node(id)?;
        let rest = || rayon::join(|| self.heap.shortest(), || self.incoming());
        rayon::join(|| self.prepare(), || rayon::join(|| self.ways(), rest));
        let heap = &self.heap;
        let found = self.found(node, ways.clamp(1, MOST) as usize);
        let all: Vec<EdgeIdx> = found.cuts.iter().flatten().copied().collect();
        let tried: Vec<Vec<EdgeIdx>> = found.cuts.into_iter().chain([all]).collect();
        let mut frees = freed(heap, self.ways(), &tried, |_| true);
        let frees_together = frees.pop().unwrap_or(0);
        let independent = found.independent;
        let told: Vec<OneWay> = (0..)
            .zip(found.ways.iter().zip(frees))
            .map(|(at, (way, frees))| self.one_way(way, frees, at >= independent))
            .collect();
        let shortest = self.steps(access(heap, &self.shortest_to(node)));
        let is_told = shortest.is_empty() || told.iter().any(|way| is_end(&way.steps, &shortest));
        Ok(Paths {
            object: self.teller(1).object(node),
            ways: told,
            more: found.more,
            frees_together,
            shortest: (!is_told).then_some(shortest),
        })
    }

    fn found(&self, node: NodeIdx, most: usize) -> Found {
        let mut found = Found { ways: vec![], cuts: vec![], independent: 0, more: false };
        let mut closed: HashSet<EdgeIdx> = HashSet::new();
        let reached = node != ROOT && self.ways().reaches(node);
        let mut next = reached.then(|| self.ways().way(&self.heap, node));
        while let Some(way) = next.take_if(|_| found.ways.len() < most) {
            let references = self.references(&way);
            found.cuts.push(references.last().cloned().unwrap_or_default());
            let before = closed.len();
            closed.extend(references.into_iter().flatten());
            found.ways.push(way);
            // What begins at a root of the engine has no reference that could be taken away.
            let goes_on = closed.len() > before;
            let without = || Preferred::way_without(&self.heap, node, closed.clone());
            next = if goes_on { without() } else { None };
        }
        found.independent = found.ways.len();
        let mut ends: HashSet<EdgeIdx> = found.cuts.iter().flatten().copied().collect();
        while next.is_none() && !ends.is_empty() {
            let Some(way) = Preferred::way_without(&self.heap, node, ends.clone()) else { break };
            if found.ways.len() >= most {
                next = Some(way);
                break;
            }
            let last = self.references(&way).pop().unwrap_or_default();
            let before = ends.len();
            ends.extend(last.iter().copied());
            if ends.len() == before {
                break;
            }
            found.cuts.push(last);
            found.ways.push(way);
        }
        found.more = next.is_some();
        found
    }

    fn one_way(&self, way: &RawWay, frees: u64, shares: bool) -> OneWay {
        let steps = access(&self.heap, way);
        OneWay { path: self.called(&steps), steps: self.steps(steps), frees, shares }
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

    /// Whether a node implements an object: is a part of it, or of a part of it.
    fn is_part_of(&self, part: NodeIdx, object: NodeIdx) -> bool {
        let (mut open, mut seen) = (vec![part], HashSet::from([part]));
        while let Some(at) = open.pop().filter(|_| seen.len() < PARTS) {
            if !is_part(&self.heap, at) {
                continue;
            }
            for edge in self.incoming().to(at).iter().take(PARTS) {
                let source = self.heap.tables.nodes.source(*edge);
                if source == object {
                    return true;
                }
                if seen.insert(source) {
                    open.push(source);
                }
            }
        }
        false
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

/// Whether a way ends as another one is told, from the name on with which that begins for a reader.
fn is_end(told: &[WayStep], way: &[WayStep]) -> bool {
    let first = told.iter().position(|step| step.role != Role::Root).unwrap_or(0);
    // Which of the engine's roots it begins at says nothing.
    let told = &told[first.max(usize::from(told.len() > 1))..];
    let Some(at) = way.len().checked_sub(told.len()) else { return false };
    let label = |steps: &[WayStep]| steps.first().map(|step| step.label.clone());
    let ids = |steps: &[WayStep]| steps.iter().map(|step| step.id).collect::<Vec<u64>>();
    label(told) == label(&way[at..]) && ids(told) == ids(&way[at..])
}
