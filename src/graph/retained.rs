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
    /// By node: its immediate dominator; the root's is the root.
    pub idom: Vec<NodeIdx>,
    /// All nodes, each before those it dominates.
    pub order: Vec<NodeIdx>,
    /// By position in `order`: where the subtree ends.
    pub end: Vec<u32>,
}

/// Retained sizes by node, in bytes, and the tree.
pub(super) fn retained(tree: Tree, shallow: &Sizes) -> (Sizes, Dominators) {
    let count = tree.vertex.len();
    let mut size: Vec<u64> = tree.vertex.iter().map(|node| shallow.of(*node)).collect();
    let mut below = vec![1_u32; count];
    for v in (1..count).rev() {
        let dominator = tree.idom[v] as usize;
        size[dominator] = size[dominator].saturating_add(size[v]);
        below[dominator] += below[v];
    }
    let mut retained = Sizes::zero(count);
    let mut idom = vec![NodeIdx(0); count];
    let mut order = vec![NodeIdx(0); count];
    let mut end = vec![0; count];
    // A dominator is numbered before what it dominates, so its stretch is known in time.
    let mut free: Vec<u32> = vec![0; count];
    for v in 0..count {
        let node = tree.vertex[v];
        let dominator = tree.idom[v] as usize;
        let at = if v == 0 { 0 } else { free[dominator] };
        if v != 0 {
            free[dominator] = at + below[v];
        }
        free[v] = at + 1;
        order[at as usize] = node;
        end[at as usize] = at + below[v];
        retained.set(node, size[v]);
        idom[node.at()] = tree.vertex[dominator];
    }
    (retained, Dominators { idom, order, end })
}
