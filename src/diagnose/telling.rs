//! What a container leads to in, the class that tells most of it out.

use super::rules::{ABOUT, FOR_EACH, SHARE_OF_GLUE, SHARE_OF_WEIGHT, WRITTEN};
use super::standing::{Standing, standing};
use super::suspects::{Reach, Reached, SuspectFinder};
use crate::classes::topmost;
use crate::growth::{Growth, How, Matched, PILE};
use crate::ids::{ClassIdx, NodeIdx};
use crate::objects::{Owner, is_glue, is_handle, is_literal, whole_of};
use std::cell::OnceCell;
use std::cmp::Reverse;
use std::collections::HashMap;

impl SuspectFinder<'_> {
    pub(super) fn standing(&self, class: ClassIdx) -> Standing {
        standing(&self.matched.naming.after.classes[class.at()], self.scripts)
    }

    /// The class that tells most about what piles up: that of the entries which weigh most,
    /// unless its name says nothing and something below them, as many, has a better one.
    pub(super) fn class_of_entries(&self, growth: &Growth, reach: &Reach) -> ClassIdx {
        let mut weights: HashMap<ClassIdx, (u64, u64)> = HashMap::new();
        for entry in &growth.new_entries {
            let sum = weights.entry(self.matched.class(*entry)).or_default();
            sum.0 = sum.0.saturating_add(self.matched.brought(*entry));
            sum.1 += 1;
        }
        let heaviest = weights.iter().max_by_key(|(class, weight)| (**weight, Reverse(**class)));
        let Some((entry, (_, entries))) = heaviest else {
            return self.matched.class(growth.holder);
        };
        let standing = |class: ClassIdx, met: &Reached| self.standing_below(class, met, growth);
        let own = reach.by_class.get(entry).map(|met| standing(*entry, met));
        let own = own.unwrap_or_else(|| self.standing(*entry));
        let weight = self.matched.weight(growth.new_entries.iter().copied());
        // Parts whose bytes are their owner's, such as the reactions of a promise, count as nothing: then
        // what the language brings says more.
        let counts = reach.by_class.contains_key(entry);
        // One call may leave several entries (five callbacks of one promise, say), but then the
        // class has to be one of the program. Whatever it is, it has to be what weighs.
        let as_many = |n: u64, standing: Standing, is_whole: bool| match standing {
            _ if is_whole => n * FOR_EACH >= *entries && n >= PILE,
            Standing::Program if own >= Standing::Library => {
                n.abs_diff(*entries) * FOR_EACH <= *entries
            }
            Standing::Program => n * FOR_EACH >= *entries && n >= PILE,
            Standing::Builtin if counts => false,
            Standing::Builtin | Standing::Library => {
                n * ABOUT >= *entries && n <= entries * ABOUT && n >= PILE
            }
            Standing::Engine => false,
        };
        // A closure says nothing by itself, whatever it weighs.
        let share = if self.is_glue(*entry) { SHARE_OF_GLUE } else { SHARE_OF_WEIGHT };
        let brought = OnceCell::new();
        let name = |class: ClassIdx| &self.matched.naming.after.classes[class.at()];
        let whole = whole_of(&self.name(*entry)).filter(|_| growth.how == How::Root);
        let below = reach.by_class.iter().map(|(class, met)| (*class, met, standing(*class, met)));
        let below = below.filter(|(class, met, standing)| {
            let is_whole = whole.is_some_and(|whole| self.name(*class) == whole);
            let weighs = || {
                let brought = brought.get_or_init(|| self.weights(reach))[class.at()];
                brought.saturating_mul(share) >= weight
            };
            class != entry
                && (*standing > own || is_whole)
                && as_many(met.count, *standing, is_whole)
                && (is_whole || weighs())
        });
        // What stands nearest to the entries is what they are for. Equal names in two captures are
        // one class, whatever they weigh there.
        let best = below.max_by_key(|(class, met, standing)| {
            (*standing, Reverse(met.steps), Reverse(name(*class)))
        });
        best.map_or(*entry, |(class, ..)| class)
    }

    /// The standing of a class where a container leads to it. The runtime's own tables hold wrappers of
    /// what is native, too, which say nothing of what it is for; what a program opens and has to close
    /// does. Nor do the literals of its own that it puts in between.
    fn standing_below(&self, class: ClassIdx, met: &Reached, growth: &Growth) -> Standing {
        let standing = self.standing(class);
        if standing != Standing::Library
            || self.matched.naming.after.classes[class.at()].location.is_some()
        {
            return standing;
        }
        let name = self.name(class);
        let is_own = match () {
            () if is_literal(&name) => self.is_of_runtime(met.nearest),
            () => met.steps == 0 && growth.how == How::Root && !is_handle(&name),
        };
        if is_own { Standing::Builtin } else { standing }
    }

    /// Whether the next object above that is written anywhere is one of the runtime's.
    fn is_of_runtime(&self, literal: NodeIdx) -> bool {
        let Matched { heaps, tree, .. } = self.matched;
        let above = std::iter::successors(Some(literal), |at| tree.parent(heaps.after, *at));
        let place =
            above.skip(1).take(WRITTEN).find_map(|node| self.scripts.place(heaps.after, node));
        place.is_some_and(|place| place.owner == Owner::Runtime)
    }

    fn name(&self, class: ClassIdx) -> String {
        self.matched.naming.after.classes[class.at()].name.to_string_lossy()
    }

    /// Classes that only connect: closures, contexts, promises.
    fn is_glue(&self, class: ClassIdx) -> bool {
        is_glue(&self.name(class))
    }

    /// By class: what the reached objects brought, in bytes; what lies below another object of
    /// the class counts once.
    fn weights(&self, reach: &Reach) -> Vec<u64> {
        let Matched { heaps, naming, .. } = self.matched;
        topmost(heaps.after, naming.after, Some(&reach.members), |node| self.matched.brought(node))
    }
}
