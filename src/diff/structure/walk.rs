//! Some matches in, what hangs at both alike out, and what hangs at that, and so on.

use super::lists::Lists;
use super::looks::{Depth, Side, Spoke};
use super::matches::{Matches, Step};
use super::names::is_place;
use crate::ids::NodeIdx;
use crate::pair::Pair;

/// Goes on until nothing is left to be looked at.
pub(super) fn walk(matches: &mut Matches<'_>, lists: &mut Lists) {
    let mut hands = Hands::default();
    while let Some((step, nodes)) = matches.next() {
        let is_left = match step {
            Step::Names => hands.names(matches, nodes),
            Step::Lists => lists.alike(matches, nodes),
            Step::Rest => {
                lists.rest(matches, nodes);
                false
            }
        };
        if is_left {
            let next = if step == Step::Names { Step::Lists } else { Step::Rest };
            matches.later(next, nodes);
        }
    }
}

/// What two nodes hold.
#[derive(Default)]
struct Hands {
    spokes: Pair<Vec<Spoke>>,
    named: Pair<Vec<(u32, u32, NodeIdx)>>,
}

impl Hands {
    /// Matches what both hold under one name. Tells whether they hold something without a name.
    ///
    /// ```text
    ///   before    .a  .b  .c  [0] [1]        mostly, all of it is where it was;
    ///   after     .a  .b  .x  .c  [0] [1]    of the rest, what is alone of its name and look
    /// ```
    fn names(&mut self, matches: &mut Matches<'_>, nodes: Pair<NodeIdx>) -> bool {
        let Self { spokes, named } = self;
        let sides = matches.sides;
        spokes.before.clear();
        sides.before.each(nodes.before, |spoke| spokes.before.push(spoke));
        spokes.after.clear();
        sides.after.each(nodes.after, |spoke| spokes.after.push(spoke));
        let both = spokes.before.iter().zip(&spokes.after);
        let mut same = 0;
        let mut has_places = Pair::new(false, false);
        for (old, new) in both.take_while(|(old, new)| old.label == new.label) {
            same += 1;
            let (a, b) = (old.node, new.node);
            if !is_place(old.label)
                || sides.before.look(Depth::Far, a) == sides.after.look(Depth::Far, b)
            {
                matches.pair(a, b);
            } else {
                has_places = Pair::new(true, true);
            }
        }
        if same < spokes.before.len().max(spokes.after.len()) {
            let twins = matches.twins();
            let rest = |side: &Side<'_>,
                        twins: &[NodeIdx],
                        spokes: &[Spoke],
                        named: &mut Vec<_>| {
                named.clear();
                let mut has_places = false;
                for spoke in spokes[same..].iter().filter(|s| twins[s.node.at()].is_none()) {
                    if is_place(spoke.label) {
                        has_places = true;
                    } else {
                        named.push((spoke.label, side.look(Depth::Plain, spoke.node), spoke.node));
                    }
                }
                named.sort_unstable();
                named.dedup();
                has_places
            };
            let (old, new) = (&mut named.before, &mut named.after);
            has_places.before |= rest(&sides.before, &twins.before, &spokes.before, old);
            has_places.after |= rest(&sides.after, &twins.after, &spokes.after, new);
            self.alone(matches);
        }
        has_places == Pair::new(true, true)
    }

    /// Matches what only one on each side is called.
    fn alone(&self, matches: &mut Matches<'_>) {
        let called = |entry: &(u32, u32, NodeIdx)| (entry.0, entry.1);
        let mut others = self.named.after.chunk_by(|a, b| called(a) == called(b)).peekable();
        for group in self.named.before.chunk_by(|a, b| called(a) == called(b)) {
            while others.next_if(|other| called(&other[0]) < called(&group[0])).is_some() {}
            let other = others.next_if(|other| called(&other[0]) == called(&group[0]));
            if let ([old], Some([new])) = (group, other) {
                matches.pair(old.2, new.2);
            }
        }
    }
}
