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
//!    Only the third kind, well under half of the edges, is kept as a list of retainers.
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
use crate::parse::Tables;

/// The dominator tree, in depth-first numbers: number 0 is the root.
#[derive(Debug)]
pub(super) struct Tree {
    /// Number to node.
    pub vertex: Vec<NodeIdx>,
    /// Number to the number of the immediate dominator; the root's is its own.
    pub idom: Vec<u32>,
}

const UNSEEN: u32 = u32::MAX;

/// Builds the tree.
pub(super) fn dominators(tables: &Tables, strong: &Bits) -> Tree {
    let mut search = Search::new(tables, strong);
    search.visit(NodeIdx(0), 0);
    search.visit_orphans();
    let reached = search.vertex.len();
    let Search { vertex, number, mut links, retainers, .. } = search;
    let retainers = Retainers::new(&retainers, reached);
    semidominators(&mut links, &retainers);
    let mut idom: Vec<u32> = links.iter().map(|link| link.parent).collect();
    for w in 1..reached {
        let mut dominator = idom[w];
        while dominator > links[w].semi {
            dominator = idom[dominator as usize];
        }
        idom[w] = dominator;
    }
    let mut tree = Tree { vertex, idom };
    for node in tables.nodes.indices().filter(|n| number[n.at()] == UNSEEN) {
        tree.vertex.push(node);
        tree.idom.push(0);
    }
    tree
}

/// What phase 2 knows of a vertex; one cache line serves all three.
#[derive(Debug, Clone, Copy)]
struct Link {
    parent: u32,
    /// Where path compression has got to.
    ancestor: u32,
    /// Before its turn: the least candidate so far. After: the least semi on the path to
    /// `ancestor`, then, once no longer needed there, the semidominator itself.
    low: u32,
    semi: u32,
}

struct Search<'a> {
    tables: &'a Tables,
    strong: &'a Bits,
    number: Vec<u32>,
    vertex: Vec<NodeIdx>,
    links: Vec<Link>,
    /// (w, v) for edges v -> w with v > w.
    retainers: Vec<(u32, u32)>,
}

impl<'a> Search<'a> {
    fn new(tables: &'a Tables, strong: &'a Bits) -> Self {
        let count = tables.nodes.len();
        Self {
            tables,
            strong,
            number: vec![UNSEEN; count],
            vertex: Vec::with_capacity(count),
            links: Vec::with_capacity(count),
            retainers: Vec::new(),
        }
    }

    fn enter(&mut self, node: NodeIdx, parent: u32) -> u32 {
        let number = self.vertex.len() as u32;
        self.number[node.at()] = number;
        self.vertex.push(node);
        self.links.push(Link { parent, ancestor: parent, low: parent, semi: parent });
        number
    }

    /// Depth-first from `start`; the stack holds, per level, the number and the edges left.
    fn visit(&mut self, start: NodeIdx, parent: u32) {
        let mut here = self.enter(start, parent);
        let mut edges = self.tables.nodes.edges(start);
        let mut stack: Vec<(u32, u32, u32)> = Vec::new();
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
            } else if seen > here {
                let low = &mut self.links[seen as usize].low;
                *low = (*low).min(here);
            } else if seen != 0 {
                self.retainers.push((seen, here));
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

/// Cross and back edges by target.
struct Retainers {
    first: Vec<u32>,
    source: Vec<u32>,
}

impl Retainers {
    fn new(edges: &[(u32, u32)], count: usize) -> Self {
        let mut first = vec![0_u32; count + 1];
        for (target, _) in edges {
            first[*target as usize + 1] += 1;
        }
        for i in 0..count {
            first[i + 1] += first[i];
        }
        let mut source = vec![0; edges.len()];
        let mut next = first.clone();
        for (target, from) in edges {
            let slot = &mut next[*target as usize];
            source[*slot as usize] = *from;
            *slot += 1;
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
    while links[at as usize].ancestor > w {
        path.push(at);
        at = links[at as usize].ancestor;
    }
    let top = links[at as usize].ancestor;
    let mut low = links[at as usize].low;
    while let Some(below) = path.pop() {
        let link = &mut links[below as usize];
        low = low.min(link.low);
        link.low = low;
        link.ancestor = top;
    }
    low
}
