//! Strong edges in, the dominator tree out, by semi-NCA (Georgiadis, "Linear-Time Algorithms
//! for Dominators and Related Problems", Princeton 2005, section 2.3).
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
//!    Only the third kind is kept as a list of retainers, less what says nothing new:
//!
//!    ```text
//!         u      a and b have one retainer each, so semi(a) = u and semi(b) = a. The least semi
//!         |      on the path up from b is then that on the path up from u, if w < u: the edges
//!         a      u -> w, a -> w and b -> w are as good as one. V8's objects all refer to their
//!         |      hidden class, so this spares every third retainer of a real heap.
//!         b
//!    ```
//! 2. In descending order: semi(w) = the least candidate, where a retainer v > w stands for
//!    the least semi on its path up to w (path compression).
//! 3. In ascending order: idom(w) = the nearest ancestor of w not above semi(w).
//!
//! What the root does not reach is treated as DevTools does: a node without any strong
//! retainer becomes a child of the root in ascending order of ordinals, with all it reaches;
//! what is left are cliques that hold each other, whose members hang below the root one by
//! one and influence nobody.

use super::Bits;
use crate::ids::NodeIdx;
use crate::parse::{Hop, Tables};

/// The dominator tree, in depth-first numbers: number 0 is the root.
#[derive(Debug)]
pub(super) struct Tree {
    /// Number to node.
    pub vertex: Vec<NodeIdx>,
    /// Number to the number of the immediate dominator; the root's is its own.
    pub idom: Vec<u32>,
}

const UNSEEN: u32 = u32::MAX;
/// Retainers in one piece of the list.
const PIECE: usize = 1 << 16;

/// Builds the tree.
pub(super) fn dominators(tables: &Tables, strong: Bits) -> Tree {
    let mut search = Search::new(tables, strong);
    search.visit(NodeIdx(0), 0);
    search.visit_orphans();
    let Search { mut vertex, number, mut links, retainers, strong, shared, .. } = search;
    vertex.extend(tables.nodes.indices().filter(|n| number[n.at()] == UNSEEN));
    drop((number, strong, shared));
    let retainers = Retainers::new(retainers, &mut links);
    semidominators(&mut links, &retainers);
    drop(retainers);
    let mut idom = vec![0; vertex.len()];
    for (w, link) in links.iter().enumerate() {
        let mut dominator = link.parent;
        while dominator > link.semi {
            dominator = idom[dominator as usize];
        }
        idom[w] = dominator;
    }
    Tree { vertex, idom }
}

/// What is known of a vertex; one cache line serves all. Two fields serve twice, since large heaps
/// have no room to spare:
///
/// ```text
///            in phase 1                    in phase 2
///   up       the last retainer kept        where path compression has got to
///   low      the least candidate so far    the least semi on the path to `up`
///   semi     how many retainers are kept   the semidominator
/// ```
#[derive(Debug, Clone, Copy)]
struct Link {
    parent: u32,
    up: u32,
    low: u32,
    semi: u32,
}

struct Search<'a> {
    tables: &'a Tables,
    strong: Bits,
    /// Nodes with several strong retainers.
    shared: Bits,
    number: Vec<u32>,
    vertex: Vec<NodeIdx>,
    links: Vec<Link>,
    /// (w, v) for edges v -> w with v > w. How many there will be is not known, so in pieces:
    /// one list that grows would be copied and leave its old places behind.
    retainers: Vec<Vec<(u32, u32)>>,
}

/// Where the search stands: a vertex, and the nearest vertex on the way up to the root, itself
/// included, that has several retainers.
#[derive(Clone, Copy)]
struct Here {
    vertex: u32,
    shared: u32,
}

impl<'a> Search<'a> {
    fn new(tables: &'a Tables, strong: Bits) -> Self {
        let count = tables.nodes.len();
        Self {
            tables,
            shared: shared(tables, &strong),
            strong,
            number: vec![UNSEEN; count],
            vertex: Vec::with_capacity(count),
            links: Vec::with_capacity(count),
            retainers: Vec::new(),
        }
    }

    fn enter(&mut self, node: NodeIdx, parent: Here) -> Here {
        let vertex = self.vertex.len() as u32;
        self.number[node.at()] = vertex;
        self.vertex.push(node);
        let Here { vertex: parent, shared } = parent;
        self.links.push(Link { parent, up: UNSEEN, low: parent, semi: 0 });
        Here { vertex, shared: if self.shared.has(node.at()) { vertex } else { shared } }
    }

    /// Depth-first from `start`; the stack holds, per level, where it stood and the edges left.
    fn visit(&mut self, start: NodeIdx, parent: u32) {
        let mut here = self.enter(start, Here { vertex: parent, shared: parent });
        let mut edges = self.tables.nodes.edges(start);
        let mut stack: Vec<(Here, u32, u32)> = Vec::new();
        loop {
            let Some(edge) = edges.next() else {
                let Some((back, at, end)) = stack.pop() else { return };
                here = back;
                edges = at as usize..end as usize;
                continue;
            };
            if !self.strong.has(edge) {
                continue;
            }
            let target = self.tables.edges.target(crate::ids::EdgeIdx::from_at(edge));
            let seen = self.number[target.at()];
            if seen == UNSEEN {
                if !edges.is_empty() {
                    stack.push((here, edges.start as u32, edges.end as u32));
                }
                here = self.enter(target, here);
                edges = self.tables.nodes.edges(target);
            } else if seen > here.vertex {
                let low = &mut self.links[seen as usize].low;
                *low = (*low).min(here.vertex);
            } else if seen != 0 {
                self.retain(seen, here);
            }
        }
    }

    /// Keeps a retainer, unless the one before it was as good.
    #[inline]
    fn retain(&mut self, seen: u32, here: Here) {
        let from = if here.shared > seen { here.shared } else { here.vertex };
        let link = &mut self.links[seen as usize];
        if link.up != from {
            link.up = from;
            link.semi += 1;
            match self.retainers.last_mut() {
                Some(piece) if piece.len() < PIECE => piece.push((seen, from)),
                _ => {
                    let mut piece = Vec::with_capacity(PIECE);
                    piece.push((seen, from));
                    self.retainers.push(piece);
                }
            }
        }
    }

    /// Nodes that the root does not reach and nothing holds: their retainers, if any, are
    /// unreached too, so only unreached nodes need to be asked.
    fn visit_orphans(&mut self) {
        let count = self.tables.nodes.len();
        if self.vertex.len() == count {
            return;
        }
        let mut held = Bits::new(count);
        for node in self.tables.nodes.indices().filter(|n| self.number[n.at()] == UNSEEN) {
            for edge in self.tables.edges_of(node).filter(|e| self.strong.has(e.at())) {
                held.set(self.tables.edges.target(edge).at());
            }
        }
        for node in self.tables.nodes.indices() {
            if self.number[node.at()] == UNSEEN && !held.has(node.at()) {
                self.visit(node, 0);
            }
        }
    }
}

/// Which nodes more than one strong edge leads to.
fn shared(tables: &Tables, strong: &Bits) -> Bits {
    let count = tables.nodes.len();
    let (mut held, mut shared) = (Bits::new(count), Bits::new(count));
    for (edge, hop) in tables.edges.hops().iter().enumerate() {
        let target = Hop(*hop).target();
        if strong.has(edge) && !held.add(target.at()) {
            shared.set(target.at());
        }
    }
    shared
}

/// Cross and back edges by target.
struct Retainers {
    first: Vec<u32>,
    source: Vec<u32>,
}

impl Retainers {
    /// Groups the edges, and readies the vertices for phase 2.
    fn new(mut edges: Vec<Vec<(u32, u32)>>, links: &mut [Link]) -> Self {
        let mut sum = 0;
        let mut first: Vec<u32> = Vec::with_capacity(links.len() + 1);
        for link in links {
            sum += link.semi;
            first.push(sum);
            link.up = link.parent;
        }
        first.push(sum);
        // Filled from each list's end: what is left in `first` at last is its start.
        let mut source = vec![0; sum as usize];
        while let Some(piece) = edges.pop() {
            for (target, from) in piece.into_iter().rev() {
                let slot = &mut first[target as usize];
                *slot -= 1;
                source[*slot as usize] = from;
            }
        }
        Self { first, source }
    }

    fn of(&self, target: u32) -> &[u32] {
        &self.source[self.first[target as usize] as usize..self.first[target as usize + 1] as usize]
    }
}

fn semidominators(links: &mut [Link], retainers: &Retainers) {
    let mut path = Vec::new();
    for w in (1..links.len() as u32).rev() {
        let mut semi = links[w as usize].low;
        for &v in retainers.of(w) {
            semi = semi.min(least_on_path(links, v, w, &mut path));
        }
        links[w as usize].low = semi;
        links[w as usize].semi = semi;
    }
}

/// The least semi from `v` up to, not including, the first vertex not above `w`.
fn least_on_path(links: &mut [Link], v: u32, w: u32, path: &mut Vec<u32>) -> u32 {
    let mut at = v;
    while links[at as usize].up > w {
        path.push(at);
        at = links[at as usize].up;
    }
    let top = links[at as usize].up;
    let mut low = links[at as usize].low;
    while let Some(below) = path.pop() {
        let link = &mut links[below as usize];
        low = low.min(link.low);
        link.low = low;
        link.up = top;
    }
    low
}
