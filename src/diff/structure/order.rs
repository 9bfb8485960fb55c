//! Matches in, what stands between them in both files out.
//!
//! ```text
//!   before    A  .  .  .  B  .  .  C        A, B and C are matched. Between A and B the files are
//!   after     A  .  .  .  B  .  *  .  C     as long and look the same: so it is the same. Between
//!                                           B and C, what looks the same from either end.
//! ```
//!
//! V8 writes a heap page by page, and what stays on its page keeps its place among the others. What
//! is found so has to agree with what else is known.

use super::looks::Depth;
use super::matches::{Matches, Step};
use super::names::is_place;
use crate::ids::NodeIdx;
use crate::objects::is_part;
use crate::pair::Pair;
use crate::parse::Bond;

/// Longer gaps are not looked into from their ends.
const SHORT: usize = 64;

/// What stands between two matches that follow each other in the older file.
struct Gap {
    /// The first of these.
    from: (usize, usize),
    /// The second.
    to: (usize, usize),
}

impl Gap {
    /// How many stand in it in the older file.
    const fn before(&self) -> usize {
        self.to.0 - self.from.0 - 1
    }

    /// How many stand in it in the newer file.
    const fn after(&self) -> usize {
        self.to.1 - self.from.1 - 1
    }

    /// Those that are as far from the first match in both files.
    fn forwards(&self) -> impl Iterator<Item = (NodeIdx, NodeIdx)> + use<> {
        let olds = self.from.0 + 1..self.to.0;
        olds.map(NodeIdx::from_at).zip((self.from.1 + 1..self.to.1).map(NodeIdx::from_at))
    }

    /// Those that are as far from the second.
    fn backwards(&self) -> impl Iterator<Item = (NodeIdx, NodeIdx)> + use<> {
        let olds = (self.from.0 + 1..self.to.0).rev();
        olds.map(NodeIdx::from_at).zip((self.from.1 + 1..self.to.1).rev().map(NodeIdx::from_at))
    }
}

/// Matches by the order of the files.
pub(super) fn by_order(matches: &mut Matches<'_>) {
    let mut found = Vec::new();
    for depth in [Depth::Far, Depth::Near] {
        each_gap(matches, |matches, gap| {
            let is_same = |(old, new): (NodeIdx, NodeIdx)| matches.look_alike(depth, old, new);
            if gap.before() == gap.after() && gap.forwards().all(is_same) {
                found.extend(gap.forwards());
                gap.forwards().for_each(|(old, new)| matches.set(old, new));
            }
        });
    }
    each_gap(matches, |matches, gap| {
        if gap.after() > SHORT {
            return;
        }
        let is_same = |(old, new): &(NodeIdx, NodeIdx)| matches.look_alike(Depth::Far, *old, *new);
        let from_start = gap.forwards().take_while(is_same).count();
        let left = gap.before().min(gap.after()) - from_start;
        let from_end = gap.backwards().take(left).take_while(is_same).count();
        let both = gap.forwards().take(from_start).chain(gap.backwards().take(from_end));
        // Parts are better told by what they are part of.
        for (old, new) in both.filter(|(old, _)| !is_part(matches.sides.before.heap, *old)) {
            found.push((old, new));
            matches.set(old, new);
        }
    });
    let says = check(matches);
    for (old, new) in found {
        if says[new.at()] < 0 {
            matches.unset(old, new);
        } else {
            matches.later(Step::Names, Pair::new(old, new));
        }
    }
}

/// Looks into each gap between two matches that follow each other in the older file, and stand in
/// this order in the newer one.
fn each_gap<'a>(matches: &mut Matches<'a>, mut look: impl FnMut(&mut Matches<'a>, &Gap)) {
    let mut last = None;
    for at in 0..matches.twins().before.len() {
        let twin = matches.twins().before[at];
        if twin.is_none() {
            continue;
        }
        let to = (at, twin.at());
        if let Some(from) = last.replace(to)
            && from.0 + 1 < to.0
            && from.1 + 1 < to.1
        {
            look(matches, &Gap { from, to });
        }
    }
}

/// By node of the newer heap: how many matches say that its own is right, less those that say it is
/// wrong. Two matches agree where one leads to the other under the same name in both heaps.
fn check(matches: &Matches<'_>) -> Vec<i8> {
    let (sides, twins) = (matches.sides, matches.twins());
    let mut says = vec![0_i8; twins.after.len()];
    let mut say = |node: NodeIdx, by: i8| {
        if !node.is_none() {
            says[node.at()] = says[node.at()].saturating_add(by);
        }
    };
    let mut spokes = Vec::new();
    for (old, new) in matches.known() {
        spokes.clear();
        sides.before.each(old, |spoke| spokes.push(spoke));
        let mut others = spokes.iter();
        sides.after.each(new, |spoke| {
            let Some(other) = others.next().filter(|other| other.label == spoke.label) else {
                return;
            };
            let tells = !is_place(spoke.label)
                && !matches!(
                    spoke.bond,
                    Bond::Weak | Bond::Common | Bond::Prototype | Bond::Beside
                );
            let found = twins.before[other.node.at()];
            let is_free = twins.after[spoke.node.at()].is_none();
            if !tells || found.is_none() && is_free {
                return;
            }
            let by = if found == spoke.node { 1 } else { -1 };
            say(new, by);
            say(found, by);
            if found != spoke.node && !is_free {
                say(spoke.node, by);
            }
        });
    }
    says
}
