//! Containers that grew in, suspects out: which class piles up, and over which ways.

use super::judge::Judged;
use super::rules::{ABOUT, ASKED, PATHS, ROOM, SHARE_OF_WAY, SUSPECTS};
use super::standing::Standing;
use super::ways::{Path, is_machinery, way};
use super::{Case, Pattern, Unfinished, freed};
use crate::chains::Scripts;
use crate::diff::Comparison;
use crate::graph::Bits;
use crate::growth::{Growth, How, Matched, PILE};
use crate::ids::{ClassIdx, EdgeIdx, NodeIdx};
use crate::objects::{Plumbing, holds};
use crate::parse::Tables;
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::HashMap;

/// A class whose objects pile up.
#[derive(Debug, Clone)]
pub struct Suspect {
    /// The class, in the newer heap.
    pub class: ClassIdx,
    /// Number of its new objects.
    pub count: u64,
    /// Bytes that these retain, none counted twice.
    pub retained: u64,
    /// A typical one; for a container of numbers, the container.
    pub typical: NodeIdx,
    /// The ways over which they are held, the most telling first.
    pub paths: Vec<Path>,
    /// Classes that come along, with the number of new objects that its objects lead to.
    pub companions: Vec<(ClassIdx, u64)>,
    /// Where no way is recorded: position of the container that probably holds them.
    pub guess: Option<usize>,
    /// Bytes freed by cutting all these ways.
    pub frees_together: u64,
    /// Bytes freed by cutting them for those entries alone that lead to its objects.
    pub goes_with: u64,
    /// Patterns that fit, the most telling first.
    pub patterns: Vec<Pattern>,
    /// What was begun and never finished, if that is why it piles up.
    pub unfinished: Option<Unfinished>,
}

impl Suspect {
    /// One of which no more is known.
    const fn of(class: ClassIdx, count: u64, retained: u64, typical: NodeIdx) -> Self {
        Self {
            class,
            count,
            retained,
            typical,
            paths: Vec::new(),
            companions: Vec::new(),
            guess: None,
            frees_together: 0,
            goes_with: 0,
            patterns: Vec::new(),
            unfinished: None,
        }
    }
}

/// Works out suspects from containers.
pub(super) fn suspects(case: &Case<'_>, containers: &[Judged]) -> Vec<Suspect> {
    let Case { comparison, matched, scripts, .. } = *case;
    let growths: Vec<&Growth> = containers.iter().map(|one| &one.growth).collect();
    let growths = growths.as_slice();
    let piles_up: Vec<bool> = containers.iter().map(|one| one.piles_up).collect();
    let finder = SuspectFinder { comparison, matched, scripts, piles_up: &piles_up };
    let asked = &growths[..growths.len().min(ASKED)];
    let (reach, frees): (Vec<Reach>, _) = rayon::join(
        || asked.par_iter().map(|g| finder.reach(g)).collect(),
        || finder.frees(&asked.iter().map(|growth| growth.edges.clone()).collect::<Vec<_>>()),
    );
    let mut found: Vec<Suspect> = Vec::new();
    for (at, growth) in asked.iter().enumerate() {
        if found.len() == SUSPECTS {
            break;
        }
        let class = finder.class_of_entries(growth, &reach[at]);
        if found.iter().any(|s| finder.are_same(s.class, class) && !growth.new_entries.is_empty()) {
            continue;
        }
        if let Some(suspect) = finder.suspect(class, at, asked, &reach) {
            found.push(suspect);
        }
    }
    finder.cut(&mut found, growths, &frees);
    finder.add_unheld(&mut found, growths);
    found
}

pub(super) struct SuspectFinder<'a> {
    pub(super) comparison: &'a Comparison,
    pub(super) matched: &'a Matched<'a>,
    pub(super) scripts: &'a Scripts,
    /// By container.
    piles_up: &'a [bool],
}

/// The new objects that a container's new entries lead to.
pub(super) struct Reach {
    pub(super) by_class: HashMap<ClassIdx, Reached>,
    pub(super) members: Bits,
}

/// Of one class.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reached {
    pub(super) count: u64,
    /// One that is nearest to the entries.
    pub(super) nearest: NodeIdx,
    /// So many steps from them it is.
    pub(super) steps: u32,
}

impl SuspectFinder<'_> {
    fn reach(&self, growth: &Growth) -> Reach {
        let heap = self.matched.heaps.after;
        let plumbing = Plumbing::of(heap);
        let mut members = Bits::new(heap.tables.nodes.len());
        let nothing = Reached { count: 0, nearest: NodeIdx::NONE, steps: 0 };
        let mut met = vec![nothing; self.matched.naming.after.classes.len()];
        let mut meet = |node: NodeIdx, steps: u32| {
            let class = &mut met[self.matched.class(node).at()];
            if !heap.shallow().is_zero(node) {
                if class.count == 0 {
                    (class.nearest, class.steps) = (node, steps);
                }
                class.count += 1;
            }
        };
        let entries = growth.new_entries.iter().copied();
        let mut layer: Vec<NodeIdx> = entries.filter(|n| members.add(n.at())).collect();
        layer.iter().for_each(|node| meet(*node, 0));
        for steps in 1.. {
            let mut next = Vec::new();
            for nodes in layer.chunks(Tables::AHEAD) {
                heap.tables.fetch(nodes);
                for node in nodes {
                    for edge in heap.tables.edges_of(*node) {
                        let target = heap.tables.edges.target(edge);
                        if self.matched.is_fresh(target)
                            && holds(heap, *node, edge)
                            && !is_machinery(heap.tables.nodes.kind(target))
                            && members.add(target.at())
                        {
                            next.push(target);
                            if !plumbing.has(heap, edge) {
                                meet(target, steps);
                            }
                        }
                    }
                }
            }
            if next.is_empty() {
                break;
            }
            layer = next;
        }
        let met = met.into_iter().enumerate().filter(|(_, met)| met.count > 0);
        let by_class = met.map(|(class, met)| (ClassIdx::from_at(class), met)).collect();
        Reach { by_class, members }
    }

    /// Whether two classes are one to a reader: the runtime's part of an object, which is written
    /// nowhere, has the name of the object's class.
    fn are_same(&self, one: ClassIdx, other: ClassIdx) -> bool {
        let [a, b] = [one, other].map(|class| &self.matched.naming.after.classes[class.at()]);
        one == other || (a.name == b.name && (a.location.is_none() || b.location.is_none()))
    }

    fn of_class(&self, class: ClassIdx) -> Vec<NodeIdx> {
        let nodes = self.matched.heaps.after.tables.nodes.indices();
        nodes.filter(|node| self.matched.class(*node) == class).collect()
    }

    fn suspect(
        &self,
        class: ClassIdx,
        first: usize,
        growths: &[&Growth],
        reach: &[Reach],
    ) -> Option<Suspect> {
        let growth = growths[first];
        if growth.new_entries.is_empty() {
            let path = way(self.matched, growth, first, growth.holder, 0)?;
            let found = Suspect::of(class, growth.more(), growth.retained_new, growth.holder);
            return Some(Suspect { paths: vec![path], ..found });
        }
        let all = self.of_class(class);
        let members: Vec<NodeIdx> =
            all.iter().copied().filter(|node| reach[first].members.has(node.at())).collect();
        let typical = self.typical(&members)?;
        let mut paths: Vec<Path> = Vec::new();
        for at in std::iter::once(first).chain((0..growths.len()).filter(|at| *at != first)) {
            let share = reach[at].by_class.get(&class).map_or(0, |met| met.count);
            if share * SHARE_OF_WAY < members.len() as u64 || paths.len() == PATHS {
                continue;
            }
            let held = Some(typical).filter(|node| reach[at].members.has(node.at()));
            // What piles up apart from these is of the class too, and no suspect of its own.
            let apart = || self.typical_in(&all, &reach[at]).filter(|_| self.piles_up[at]);
            let among = || self.typical_in(&members, &reach[at]);
            let object = held.or_else(among).or_else(apart);
            if let Some(path) = object.and_then(|o| way(self.matched, growths[at], at, o, share)) {
                paths.push(path);
            }
        }
        // Others of the class may hang elsewhere, and are not of this leak.
        let shallow = self.matched.heaps.after.shallow();
        let held = |node: NodeIdx| paths.iter().any(|p| reach[p.container].members.has(node.at()));
        let new = || all.iter().copied().filter(|n| held(*n) && !shallow.is_zero(*n));
        let (count, retained) = (new().count() as u64, self.matched.weight(new()));
        let companions = companions(class, &reach[first]);
        let found = Suspect::of(class, count, retained, typical);
        (!paths.is_empty()).then_some(Suspect { paths, companions, ..found })
    }

    fn typical_in(&self, members: &[NodeIdx], reach: &Reach) -> Option<NodeIdx> {
        let held: Vec<NodeIdx> =
            members.iter().copied().filter(|n| reach.members.has(n.at())).collect();
        self.typical(&held)
    }

    /// The one in the middle by retained size.
    fn typical(&self, members: &[NodeIdx]) -> Option<NodeIdx> {
        let mut sorted: Vec<NodeIdx> = members.to_vec();
        sorted.sort_by_key(|n| (self.matched.heaps.after.retained().of(*n), *n));
        sorted.get(sorted.len() / 2).copied()
    }

    /// Classes of which many new objects are held by nothing in the file: Bun does not write
    /// what a Map holds. They come first if they make up most of what is new.
    fn add_unheld(&self, found: &mut Vec<Suspect>, growths: &[&Growth]) {
        let heap = self.matched.heaps.after;
        let mut members: HashMap<ClassIdx, Vec<NodeIdx>> = HashMap::new();
        for node in heap.tables.nodes.indices() {
            if self.matched.is_fresh(node) && !self.matched.tree.reaches(node) {
                members.entry(self.matched.class(node)).or_default().push(node);
            }
        }
        let seen = found.iter().fold(0_u64, |sum, s| sum.saturating_add(s.retained));
        let best = members
            .into_iter()
            .filter(|(class, nodes)| {
                nodes.len() as u64 >= PILE && self.standing(*class) >= Standing::Library
            })
            .map(|(class, nodes)| (self.matched.weight(nodes.iter().copied()), class, nodes))
            .max_by_key(|(weight, class, _)| (self.standing(*class), *weight, Reverse(*class)));
        let Some((retained, class, nodes)) = best else { return };
        let Some(typical) = self.typical(&nodes) else { return };
        // Some of them may stand for others that have gone; and where ids mean nothing, those that
        // were there before look new as well.
        let row = self.comparison.deltas().iter().find(|row| row.class.after == class);
        let more = row.map_or(0, |row| row.delta().max(0).unsigned_abs());
        let count = more.min(nodes.len() as u64);
        let retained = retained / (nodes.len() as u64) * count;
        if count < PILE {
            return;
        }
        // A table of nearly the right size that grew without visible entries is likely theirs; or
        // what the runtime holds as many of leads to them.
        let as_many = |g: &Growth, most: u64| {
            g.more() >= count / ABOUT && g.more() <= count.saturating_mul(most)
        };
        let guess = growths
            .iter()
            .position(|g| g.new_entries.is_empty() && as_many(g, ROOM))
            .or_else(|| growths.iter().position(|g| g.how == How::Root && as_many(g, ABOUT)));
        let suspect = Suspect { guess, ..Suspect::of(class, count, retained, typical) };
        let at = if retained > seen { 0 } else { found.len() };
        found.insert(at, suspect);
    }

    /// Bytes that each cut frees.
    fn frees(&self, cuts: &[Vec<EdgeIdx>]) -> Vec<u64> {
        freed(self.matched, cuts)
    }

    /// Says what cutting the ways of a suspect frees. What each of them does is known by container.
    fn cut(&self, suspects: &mut [Suspect], growths: &[&Growth], frees: &[u64]) {
        let edges = |suspect: &Suspect| -> Vec<EdgeIdx> {
            let edges = suspect.paths.iter().flat_map(|path| &growths[path.container].edges);
            edges.copied().collect()
        };
        let edges_with = |suspect: &Suspect| -> Vec<EdgeIdx> {
            let containers = suspect.paths.iter().map(|path| growths[path.container]);
            containers.flat_map(|growth| self.edges_with(growth, suspect.class)).collect()
        };
        // What goes with its objects alone is told of the first one.
        let own = suspects.first().map(edges_with);
        let cuts: Vec<Vec<EdgeIdx>> = suspects.iter().map(edges).chain(own).collect();
        let freed = self.frees(&cuts);
        let (together, own) = freed.split_at(suspects.len());
        for (at, suspect) in suspects.iter_mut().enumerate() {
            for path in &mut suspect.paths {
                // Numbers in place are freed by emptying the container.
                let in_place = growths[path.container].new_entries.is_empty();
                path.frees = if in_place { suspect.retained } else { frees[path.container] };
            }
            let in_place =
                suspect.paths.iter().all(|p| growths[p.container].new_entries.is_empty());
            let own = if at == 0 { own[0] } else { together[at] };
            let cut = if in_place { [suspect.retained; 2] } else { [together[at], own] };
            [suspect.frees_together, suspect.goes_with] = cut;
        }
    }
}

/// What hangs below with the suspect, the most numerous first.
fn companions(class: ClassIdx, reach: &Reach) -> Vec<(ClassIdx, u64)> {
    let others = reach.by_class.iter().map(|(class, met)| (*class, met.count));
    let mut others: Vec<(ClassIdx, u64)> =
        others.filter(|(other, count)| *other != class && *count >= PILE).collect();
    others.sort_by_key(|(class, count)| (Reverse(*count), *class));
    others
}
