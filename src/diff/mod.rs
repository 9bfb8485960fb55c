//! Two heaps in, what is new and what is gone out, per class and per object.
//!
//! Objects are the same if their id and their class key are the same (DevTools
//! `calculateSnapshotDiff`); what changed inside an object does not matter. Both heaps are
//! classed by the newer one's interface definitions.

mod identity;
mod matching;
mod structure;

pub(crate) use identity::{ById, Identified, identify, same_snapshots};
pub use identity::{Identity, IdentityKind, Survivors};
pub(crate) use structure::by_structure;

use crate::classes::{Census, ClassFigures, ClassKey, Interfaces, Members, Naming, retained};
use crate::graph::{Bits, Heap};
use crate::ids::{ClassIdx, NodeId, NodeIdx};
use crate::pair::Pair;
use crate::parse::NodeKind;
use crate::phase::phase;
use crate::text::Text;
use crate::units::difference;
use matching::match_nodes;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

/// The comparison of two heaps.
#[derive(Debug)]
pub struct Comparison {
    /// The heaps; shared, because a snapshot in a series takes part in several comparisons.
    pub heaps: Pair<Arc<Heap>>,
    /// Their classes; the older heap's under the newer one's definitions.
    pub census: Pair<Census>,
    /// How far ids can be trusted.
    pub identity: Identity,
    /// Which objects are in both heaps, going by ids.
    pub survivors: Survivors,
    /// Whether two objects of one heap have the same id, which V8 does not write.
    pub ids_repeat: Pair<bool>,
    /// Nodes of the newer heap that are new.
    new: Bits,
    /// Gone from the older heap and new in the newer one, by class.
    changed: Pair<Members>,
    link: Link,
    /// By class that only the older heap has: its name.
    lost: HashMap<ClassIdx, Text>,
    /// Whether to tell what whole classes retain, and how far they are.
    figures: bool,
    deltas: OnceLock<Vec<ClassDelta>>,
}

/// One row of the comparison. Sizes are in bytes.
#[derive(Debug, Clone)]
pub struct ClassDelta {
    /// DevTools' public class key.
    pub key: ClassKey,
    /// The name DevTools shows.
    pub name: Text,
    /// The class in each census; NONE where it has no member.
    pub class: Pair<ClassIdx>,
    /// The kind of its first new (else first deleted) object.
    pub kind: NodeKind,
    /// DevTools' # New.
    pub new: u64,
    /// DevTools' # Deleted.
    pub deleted: u64,
    /// Sum of the shallow sizes of the new objects: Alloc. Size.
    pub alloc_size: u64,
    /// Sum of the shallow sizes of the deleted objects: Freed Size.
    pub freed_size: u64,
    /// Sum of the retained sizes of those new objects that no other new object of the class
    /// dominates.
    pub retained_new: u64,
}

impl ClassDelta {
    /// # New − # Deleted.
    #[must_use]
    pub fn delta(&self) -> i64 {
        difference(self.new, self.deleted)
    }

    /// Alloc. Size − Freed Size, in bytes.
    #[must_use]
    pub fn size_delta(&self) -> i64 {
        difference(self.alloc_size, self.freed_size)
    }
}

impl Comparison {
    /// Compares two heaps.
    #[cfg(feature = "internals")]
    #[must_use]
    pub fn new<H: Into<Arc<Heap>>>(heaps: Pair<H>) -> Self {
        let shared: Pair<Arc<Heap>> = heaps.map(Into::into);
        let heaps = shared.as_ref().map(|heap| &**heap);
        let interfaces = heaps.join(|heap| phase!("shapes", Interfaces::of(heap)));
        let identified = identify(heaps);
        let comparison = Self::find(shared.clone(), interfaces.as_ref(), identified, true);
        comparison.weigh();
        comparison
    }

    /// Classes and matches the objects of two heaps, which needs no dominators. `figures` says
    /// whether the rows are to tell what whole classes retain, and how far they are.
    pub(crate) fn find(
        shared: Pair<Arc<Heap>>,
        interfaces: Pair<&Interfaces>,
        identified: Identified,
        figures: bool,
    ) -> Self {
        let Identified { identity, survivors, older } = identified;
        let heaps = shared.as_ref().map(|heap| &**heap);
        let definitions = &interfaces.after.own;
        let census = heaps
            .zip(interfaces)
            .join(|(heap, own)| phase!("classes", Census::count(heap, own, definitions)));
        let link = Link::new(census.as_ref().map(|c| &c.naming));
        let (kept, ids_repeat) =
            phase!("matching", match_nodes(heaps, census.as_ref(), &link, &older));
        drop(older);
        let changed = heaps.zip(kept.as_ref()).map(|(heap, kept)| {
            Bits::collect(heap.tables.nodes.len(), |range, changed| {
                changed.fill(range, |at| {
                    !heap.shallow().is_zero(NodeIdx::from_at(at)) && !kept.has(at)
                });
            })
        });
        let members = census.as_ref().zip(changed.as_ref());
        let members = members.join(|(census, set)| Members::group(&census.naming, set));
        let (new, changed, heaps) = (changed.after, members, shared);
        let (lost, deltas) = (HashMap::new(), OnceLock::new());
        let mut comparison = Self {
            heaps,
            census,
            identity,
            survivors,
            ids_repeat,
            new,
            changed,
            link,
            lost,
            figures,
            deltas,
        };
        comparison.lost = comparison.lost_classes(interfaces.before);
        comparison
    }

    /// Borrows both heaps.
    #[must_use]
    pub fn heaps(&self) -> Pair<&Heap> {
        self.heaps.as_ref().map(|heap| &**heap)
    }

    /// Finds out what whole classes retain, and how far they are, if the rows are to tell.
    pub(crate) fn weigh(&self) {
        if self.figures {
            let both = self.heaps().zip(self.census.as_ref());
            both.join(|(heap, census)| phase!("figures", census.weigh(heap)));
        }
    }

    /// Classes with any new or deleted object, in no particular order.
    #[must_use]
    pub fn deltas(&self) -> &[ClassDelta] {
        self.deltas.get_or_init(|| phase!("deltas", self.rows()))
    }

    fn rows(&self) -> Vec<ClassDelta> {
        let retained = retained(&self.heaps.after, &self.census.after.naming, Some(&self.new));
        let changed = |class: &Pair<ClassIdx>| {
            let [old, new] = [&self.changed.before, &self.changed.after];
            !old.of(class.before).is_empty() || !new.of(class.after).is_empty()
        };
        let mut rows = Vec::with_capacity(self.link.all().filter(changed).count());
        for class in self.link.all() {
            let deleted = self.changed.before.of(class.before);
            let new = self.changed.after.of(class.after);
            let kind =
                |heap: &Heap, nodes: &[NodeIdx]| nodes.first().map(|n| heap.tables.nodes.kind(*n));
            let first = kind(&self.heaps.after, new);
            let Some(first) = first.or_else(|| kind(&self.heaps.before, deleted)) else { continue };
            let key = self.class_key(class);
            rows.push(ClassDelta {
                key: key.clone(),
                name: self.lost.get(&class.before).unwrap_or(&key.name).clone(),
                class,
                kind: first,
                new: new.len() as u64,
                deleted: deleted.len() as u64,
                alloc_size: sum_of_sizes(&self.heaps.after, new),
                freed_size: sum_of_sizes(&self.heaps.before, deleted),
                retained_new: retained.get(class.after.at()).copied().unwrap_or_default(),
            });
        }
        rows
    }

    /// How many classes there are in either heap.
    pub(crate) fn class_count(&self) -> usize {
        self.link.all().count()
    }

    /// A class as a whole in each heap.
    #[must_use]
    pub fn figures(&self, class: Pair<ClassIdx>) -> Pair<ClassFigures> {
        let absent = ClassFigures::none(self.figures);
        let all = self.census.as_ref().zip(class);
        all.map(|(census, class)| census.figures().get(class.at()).copied().unwrap_or(absent))
    }

    /// How many objects each class has in each heap.
    pub(crate) fn class_counts(&self) -> impl Iterator<Item = (Pair<ClassIdx>, Pair<u64>)> + '_ {
        let count = |(census, class): (&Census, ClassIdx)| {
            census.figures().get(class.at()).map_or(0, |figures| figures.count)
        };
        self.link.all().map(move |class| (class, self.census.as_ref().zip(class).map(count)))
    }

    fn class_key(&self, class: Pair<ClassIdx>) -> &ClassKey {
        let after = self.census.after.naming.classes.get(class.after.at());
        after.unwrap_or_else(|| &self.census.before.naming.classes[class.before.at()])
    }

    /// DevTools labels a class that only the older heap has with what its member of the
    /// largest id is called under the older heap's own definitions.
    fn lost_classes(&self, interfaces: &Interfaces) -> HashMap<ClassIdx, Text> {
        let lost = self.class_counts().filter(|(_, count)| count.before > 0 && count.after == 0);
        let mut largest: HashMap<ClassIdx, Option<(NodeId, NodeIdx)>> =
            lost.map(|(class, _)| (class.before, None)).collect();
        if largest.is_empty() {
            return HashMap::new();
        }
        let heap = &self.heaps.before;
        let own = Naming::of_heap(heap, interfaces);
        let naming = &self.census.before.naming;
        for node in heap.tables.nodes.indices().filter(|n| !heap.shallow().is_zero(*n)) {
            if let Some(best) = largest.get_mut(&naming.class_of[node.at()]) {
                *best = (*best).max(Some((heap.tables.nodes.id(node), node)));
            }
        }
        let found = largest.into_iter().filter_map(|(class, node)| Some((class, node?.1)));
        found.map(|(class, node)| (class, own.of(node).name.clone())).collect()
    }

    /// The new objects of a class, in node order of the newer heap.
    #[must_use]
    pub fn new_objects(&self, row: &ClassDelta) -> &[NodeIdx] {
        self.changed.after.of(row.class.after)
    }

    /// The deleted objects of a class, in node order of the older heap.
    #[cfg(feature = "internals")]
    #[must_use]
    pub fn deleted_objects(&self, row: &ClassDelta) -> &[NodeIdx] {
        self.changed.before.of(row.class.before)
    }
}

fn sum_of_sizes(heap: &Heap, nodes: &[NodeIdx]) -> u64 {
    nodes.iter().fold(0, |sum, node| sum.saturating_add(heap.shallow().of(*node)))
}

/// Which classes of the two heaps are the same.
#[derive(Debug)]
pub(crate) struct Link {
    /// By class of the older heap: the class of the newer one, or NONE.
    to_after: Vec<ClassIdx>,
    /// By class of the newer heap: whether the older one has it.
    shared: Vec<bool>,
}

impl Link {
    fn new(naming: Pair<&Naming>) -> Self {
        let by_key: HashMap<&ClassKey, usize> =
            naming.after.classes.iter().enumerate().map(|(at, key)| (key, at)).collect();
        let mut shared = vec![false; naming.after.classes.len()];
        let to_after = naming
            .before
            .classes
            .iter()
            .map(|key| match by_key.get(key) {
                Some(after) => {
                    shared[*after] = true;
                    ClassIdx::from_at(*after)
                }
                None => ClassIdx::NONE,
            })
            .collect();
        Self { to_after, shared }
    }

    /// The newer heap's class for one of the older heap.
    #[inline]
    fn to_after(&self, before: ClassIdx) -> ClassIdx {
        self.to_after[before.at()]
    }

    fn all(&self) -> impl Iterator<Item = Pair<ClassIdx>> + '_ {
        let old = self.to_after.iter().enumerate();
        let old = old.map(|(at, after)| Pair::new(ClassIdx::from_at(at), *after));
        let young = self.shared.iter().enumerate().filter(|(_, shared)| !**shared);
        old.chain(young.map(|(at, _)| Pair::new(ClassIdx::NONE, ClassIdx::from_at(at))))
    }
}
