//! A heap in, the nodes of its DOM that are in no document out, by class.

use super::whole::Most;
use super::{DetachedRow, Rows};
use crate::classes::{ClassKey, Members, retained};
use crate::explore::Explorer;
use crate::graph::{Bits, DETACHED};
use crate::ids::{ClassIdx, NodeIdx};
use crate::objects::is_embedders;
use crate::parse::NodeKind;
use std::cmp::Reverse;

impl Explorer {
    /// Classes with such nodes, heaviest first.
    pub(super) fn detached(&self, most: Most) -> Rows<DetachedRow> {
        let heap = &self.heap;
        let naming = &self.census().naming;
        let mut set = Bits::new(heap.tables.nodes.len());
        // Runtimes have objects of C++ that are in no document either, and are no nodes of a DOM.
        let of_dom = |class: &ClassKey| !is_embedders(&class.name.shortened(64).to_string_lossy());
        let of_dom: Vec<bool> = naming.classes.iter().map(of_dom).collect();
        let is_detached = |node: &NodeIdx| {
            heap.dom_state[node.at()] == DETACHED
                && heap.tables.nodes.kind(*node) == NodeKind::Native
                && of_dom[naming.class_of[node.at()].at()]
        };
        self.objects().filter(is_detached).for_each(|node| set.set(node.at()));
        let members = Members::group(naming, &set);
        let sums = retained(heap, naming, Some(&set));
        let classes = (0..naming.classes.len()).map(ClassIdx::from_at);
        let mut found: Vec<ClassIdx> = classes.filter(|c| !members.of(*c).is_empty()).collect();
        found.sort_by_key(|class| (Reverse(sums[class.at()]), *class));
        let mut teller = self.teller(most.objects());
        most.of(found, |class| {
            let all = members.of(class);
            let heaviest = |node: &NodeIdx| (heap.retained().of(*node), Reverse(*node));
            let object = all.iter().copied().max_by_key(heaviest).unwrap_or(all[0]);
            let shallow = all.iter().map(|node| heap.shallow().of(*node));
            DetachedRow {
                class: teller.class(object),
                count: all.len() as u64,
                shallow: shallow.fold(0, u64::saturating_add),
                retained: sums[class.at()],
                object: teller.object(object),
                path: self.path_to(object),
            }
        })
    }
}
