//! What the [`search`](super::search) finds in, the dominator tree out, by semi-NCA (Georgiadis,
//! "Linear-Time Algorithms for Dominators and Related Problems", Princeton 2005, section 2.3).
//!
//! ```text
//!        root            idom(d) = a: every way to d leads through a, but d has two
//!         |              retainers, so freeing b or c alone does not free d
//!         a
//!        / \
//!       b   c
//!        \ /
//!         d
//! ```
//!
//! 1. Depth-first search from the root numbers the nodes; from here on everything is said in
//!    these numbers, in which a parent stands near its children. An edge v -> w met on the
//!    way is a tree edge (w new), a forward edge (w > v) or a cross or back edge (w < v).
//!    For the first two, v itself is a candidate for w's semidominator: a running minimum.
//!    Only the third kind is kept as a list of retainers, less what says nothing new.
//! 2. In descending order: semi(w) = the least candidate, where a retainer v > w stands for
//!    the least semi on its path up to w (path compression).
//! 3. In ascending order: idom(w) = the nearest dominator of w's parent, or this itself, that is
//!    not above semi(w).
//!
//! To look for it one after the other takes time quadratic in the length of a list whose values
//! something else holds, too. So the dominators of the vertex in hand lie in one array:
//!
//! ```text
//!   list:  1 -> 2 -> 3 -> ... -> k      the array below k: 0 1 2 3 ... k
//!               |    |           |
//!   index: 1 -> w    x           y      semi(y) = 1: found by halving; the array below y: 0 1 y
//! ```
//!
//! For y it is cut and y put behind, which takes the place of one number; when the walk leaves y,
//! that number is put back, and the length is that of y's parent again. All of it takes
//! O(m log n) for m edges and n nodes, whatever the heap is like.

use super::KnownStrings;
use super::retainers::Retainers;
use super::search::{Found, search};
use crate::ids::NodeIdx;
use crate::parse::Tables;

/// The dominator tree, in depth-first numbers: number 0 is the root.
#[derive(Debug)]
pub(super) struct Tree {
    /// Number to node.
    pub vertex: Vec<NodeIdx>,
    /// Number to the number of the immediate dominator; the root's is its own.
    pub idom: Vec<u32>,
}

/// Builds the tree.
pub(super) fn dominators(tables: &Tables, known: &KnownStrings) -> Tree {
    let Found { vertex, parent, low, targets } = search(tables, known);
    let retainers = Retainers::new(targets, parent.len());
    let semi = semidominators(&parent, low, retainers);
    let mut idom = parent;
    immediate(&mut idom, &semi);
    idom.resize(vertex.len(), 0);
    Tree { vertex, idom }
}

/// Where path compression has got to, and the least semi on the path up to there.
#[derive(Clone, Copy)]
struct Link {
    up: u32,
    low: u32,
}

/// Step 2.
fn semidominators(parent: &[u32], low: Vec<u32>, retainers: Retainers) -> Vec<u32> {
    let link = |(up, low): (&u32, u32)| Link { up: *up, low };
    let mut links: Vec<Link> = parent.iter().zip(low).map(link).collect();
    let mut path = Vec::new();
    let Retainers { mut first, retainer } = retainers;
    let mut end = retainer.len();
    for w in (1..links.len() as u32).rev() {
        let start = first[w as usize] as usize;
        let mut least = links[w as usize].low;
        for v in &retainer[start..end] {
            least = least.min(least_on_path(&mut links, *v, w, &mut path));
        }
        links[w as usize].low = least;
        end = start;
        first[w as usize] = least;
    }
    first
}

/// The least semi from `v` up to, not including, the first vertex not above `w`.
fn least_on_path(links: &mut [Link], v: u32, w: u32, path: &mut Vec<u32>) -> u32 {
    let mut at = v;
    while links[at as usize].up > w {
        path.push(at);
        at = links[at as usize].up;
    }
    let Link { up: top, mut low } = links[at as usize];
    while let Some(below) = path.pop() {
        let link = &mut links[below as usize];
        low = low.min(link.low);
        *link = Link { up: top, low };
    }
    low
}

/// A vertex on the way down from the root.
struct Step {
    vertex: u32,
    /// How many dominators it has, itself included.
    dominators: u32,
    /// What stood in its place in the list of dominators.
    replaced: u32,
}

/// Step 3.
fn immediate(parent: &mut [u32], semi: &[u32]) {
    let mut dominators = vec![0];
    let mut way = vec![Step { vertex: 0, dominators: 1, replaced: 0 }];
    for w in 1..parent.len() {
        let mut above = &way[way.len() - 1];
        while above.vertex != parent[w] {
            dominators[above.dominators as usize - 1] = above.replaced;
            way.pop();
            above = &way[way.len() - 1];
        }
        let many = not_above(&dominators[..above.dominators as usize], semi[w]);
        parent[w] = dominators[many - 1];
        // Who has no children is nobody's dominator.
        if parent.get(w + 1) != Some(&(w as u32)) {
            continue;
        }
        if many == dominators.len() {
            dominators.push(0);
        }
        let replaced = std::mem::replace(&mut dominators[many], w as u32);
        way.push(Step { vertex: w as u32, dominators: many as u32 + 1, replaced });
    }
}

/// How many of some ascending numbers, which begin with 0, are not above a bound. Mostly it is one
/// of the last ones, so they are asked first.
fn not_above(numbers: &[u32], bound: u32) -> usize {
    let (mut low, mut high, mut step) = (numbers.len() - 1, numbers.len(), 1);
    while numbers[low] > bound {
        high = low;
        low = low.saturating_sub(step);
        step *= 2;
    }
    low + 1 + numbers[low + 1..high].partition_point(|number| *number <= bound)
}
