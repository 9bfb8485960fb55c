//! The dominator tree and shallow sizes in, retained sizes and a walkable tree out.

use super::dominators::Tree;
use crate::ids::NodeIdx;
use crate::parse::Sizes;

/// The dominator tree by nodes.
///
/// ```text
///   order    root  a  b  c  d  e        every subtree is one stretch of `order`
///   end        6   4  3  3  5  6 ...    end[i]: where the stretch of order[i] ends
/// ```
#[derive(Debug)]
pub struct Dominators {
    /// By node: its immediate dominator; the root's is the root. Empty for the older of two heaps.
    pub idom: Vec<NodeIdx>,
    /// All nodes, each before those it dominates.
    pub order: Vec<NodeIdx>,
    /// By position in `order`: where the subtree ends.
    pub end: Vec<u32>,
}

/// Retained sizes by node, in bytes, and the tree; `parents` says whether to keep its
/// [`idom`](Dominators::idom).
pub(super) fn retained(tree: Tree, shallow: &Sizes, parents: bool) -> (Sizes, Dominators) {
    let count = tree.vertex.len();
    let mut size: Vec<u64> = tree.vertex.iter().map(|node| shallow.of(*node)).collect();
    // By number: how many there are below, itself included; later, where the next one below goes.
    let mut room = vec![1_u32; count];
    for v in (1..count).rev() {
        let dominator = tree.idom[v] as usize;
        size[dominator] = size[dominator].saturating_add(size[v]);
        room[dominator] += room[v];
    }
    let mut retained = Sizes::zero(count);
    let mut idom = vec![NodeIdx(0); if parents { count } else { 0 }];
    let mut order = vec![NodeIdx(0); count];
    let mut end = vec![0; count];
    // A dominator is numbered before what it dominates, so its stretch is known in time.
    for v in 0..count {
        let node = tree.vertex[v];
        let dominator = tree.idom[v] as usize;
        let below = room[v];
        let at = if v == 0 { 0 } else { room[dominator] };
        if v != 0 {
            room[dominator] = at + below;
        }
        room[v] = at + 1;
        order[at as usize] = node;
        end[at as usize] = at + below;
        retained.put(node, size[v]);
        if let Some(idom) = idom.get_mut(node.at()) {
            *idom = tree.vertex[dominator];
        }
    }
    (retained, Dominators { idom, order, end })
}
