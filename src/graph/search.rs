//! Tables in, all nodes in depth-first order out, with what the dominator tree is made of: see
//! [`dominators`](super::dominators). Which edges keep their target is told by
//! [`strength`](super::strength).
//!
//! # What the page owns
//!
//! The search starts with what the page owns, so most of it needs no walk of its own: what is
//! entered from the page's starts over edges that keep is owned.
//!
//! ```text
//!   root --shortcut--> global --> a --> b      entered first: owned are the numbers below `owned`
//!    |                            |
//!    |                            +~shortcut~> c --> d     owned over edges that keep nothing but
//!    |                                               |     are not weak: one bit each, `also`
//!    +--> (GC roots) --> e --> f                     |
//!                        |                           |
//!                        +------x--------------------+     e is not owned: it does not hold d
//! ```
//!
//! # What is settled
//!
//! In a real heap most edges lead to a few nodes: hidden classes, code, prototypes. Once it is known
//! who immediately dominates w, no edge to w says anything new, of w or of any other node: all of
//! them could be one edge from that dominator. So w is settled: its number gets a mark that makes it
//! greater than any other, and then whatever leads to it looks like an edge to a later vertex, of
//! which nothing is to be noted anyway.
//!
//! ```text
//!        root
//!       /    \       w was entered below a and is met again below b: one way to it goes through a
//!      a      b      alone and one through b alone. Its dominator is the root, for good.
//!     / \     |
//!    c   d    |      x was entered below c and is met again below d: nobody below a dominates it.
//!   / \   \   |      Its dominator is a; or the root, if some way avoids a. No edge from below a
//!  w   x<--+  |      can say that, so x is settled until a is left.
//!  ^          |
//!  +----------+
//! ```
//!
//! The second rule is for the root's first child alone, which is the page's global object or else
//! the engine's roots, and holds nearly all there is. Which ways avoid it is found after the
//! search: see [`Search::mend`].

use super::retainers::Targets;
use super::strength::{keeps, starts_page};
use super::{Bits, KnownStrings};
use crate::ids::{EdgeIdx, NodeIdx, ROOT};
use crate::parse::{Bond, Hop, Tables};

/// What the search finds, in depth-first numbers: number 0 is the root, and a parent stands before
/// its children.
pub(super) struct Found {
    /// Number to node. What is not reached stands at the end.
    pub vertex: Vec<NodeIdx>,
    /// By number: the parent. What is not reached has none.
    pub parent: Vec<u32>,
    /// By number: the least candidate for the semidominator that needs no path to be looked at.
    pub low: Vec<u32>,
    /// For edges v -> w with v > w, by v: w.
    pub targets: Targets,
}

/// What stands for a node's number before it has one.
const UNSEEN: u32 = u32::MAX;
/// The mark of a settled node's number.
const SETTLED: u32 = 1 << 31;

/// Children that wait on one level, as a part of all that wait, and their parent.
struct Level {
    at: usize,
    end: usize,
    here: u32,
}

struct Search<'a> {
    tables: &'a Tables,
    /// By node.
    number: Vec<u32>,
    found: Found,
    /// The root's child in hand.
    first: u32,
    /// An edge back to a vertex below this one settles it.
    settles: u32,
    /// What is settled only while the root's first child is in hand, by number, and where the
    /// numbers below that child end.
    in_first: Vec<u32>,
    end_of_first: u32,
    /// Children that wait to be entered, level by level.
    waiting: Waiting,
    /// How many vertices the page owns.
    owned: u32,
    /// What it owns beside these. Empty if there is nothing.
    also: Option<Bits>,
    /// What edges of the page lead to that keep nothing but are not weak.
    beside: Vec<NodeIdx>,
}

/// Nodes that wait, and behind them room for more.
#[derive(Default)]
struct Waiting {
    nodes: Vec<u32>,
    len: usize,
}

impl Waiting {
    /// Where so many more can be written; adding to `len` takes them.
    #[inline(always)]
    fn room(&mut self, more: usize) -> &mut [u32] {
        if self.nodes.len() < self.len + more {
            self.nodes.resize((self.len + more).max(2 * self.nodes.len()), 0);
        }
        &mut self.nodes[self.len..self.len + more]
    }
}

/// Looks at everything the root reaches, and then at what it does not reach.
pub(super) fn search(tables: &Tables, known: &KnownStrings) -> Found {
    let mut search = Search::new(tables);
    search.enter(ROOT, 0);
    for edge in tables.edges_of(ROOT).filter(|edge| starts_page(tables, known, *edge)) {
        search.visit_child(tables.edges.target(edge));
    }
    search.end_page();
    for edge in tables.edges_of(ROOT).filter(|edge| keeps(tables, ROOT, *edge)) {
        search.visit_child(tables.edges.target(edge));
    }
    search.visit_orphans();
    search.mend();
    let Search { number, mut found, .. } = search;
    found.vertex.extend(tables.nodes.indices().filter(|node| number[node.at()] == UNSEEN));
    found
}

impl<'a> Search<'a> {
    fn new(tables: &'a Tables) -> Self {
        let count = tables.nodes.len();
        let found = Found {
            vertex: Vec::with_capacity(count),
            parent: Vec::with_capacity(count),
            low: Vec::with_capacity(count),
            targets: Targets::default(),
        };
        Self {
            tables,
            number: vec![UNSEEN; count],
            found,
            first: 0,
            settles: 0,
            in_first: Vec::new(),
            end_of_first: 2,
            waiting: Waiting::default(),
            owned: UNSEEN,
            also: None,
            beside: Vec::new(),
        }
    }

    #[inline(always)]
    fn enter(&mut self, node: NodeIdx, parent: u32) -> u32 {
        let vertex = self.found.vertex.len() as u32;
        self.number[node.at()] = vertex;
        self.found.vertex.push(node);
        self.found.parent.push(parent);
        self.found.low.push(parent);
        if parent == 1 {
            self.settles = vertex;
        }
        vertex
    }

    /// Takes an edge from the root.
    fn visit_child(&mut self, target: NodeIdx) {
        match self.number[target.at()] {
            UNSEEN => self.visit(target),
            seen => self.settle(seen & !SETTLED, 0),
        }
    }

    fn settle(&mut self, seen: u32, low: u32) {
        self.found.low[seen as usize] = low;
        self.number[self.found.vertex[seen as usize].at()] |= SETTLED;
    }

    /// Enters a child of the root and everything below, depth first.
    fn visit(&mut self, start: NodeIdx) {
        let mut here = self.enter(start, 0);
        self.first = here;
        self.settles = here + 1;
        self.expand(start, here);
        let mut levels: Vec<Level> = Vec::new();
        let (mut at, mut end) = (0, self.waiting.len);
        loop {
            if at == end {
                let Some(level) = levels.pop() else { break };
                Level { at, end, here } = level;
                self.waiting.len = end;
                continue;
            }
            let node = NodeIdx(self.waiting.nodes[at]);
            at += 1;
            let seen = self.number[node.at()];
            if seen != UNSEEN {
                // A brother or what is below one has led to it meanwhile.
                let low = &mut self.found.low[(seen & !SETTLED) as usize];
                *low = here.min(*low);
                continue;
            }
            let below = self.enter(node, here);
            self.expand(node, below);
            if self.waiting.len > end {
                if at < end {
                    levels.push(Level { at, end, here });
                }
                (at, end, here) = (end, self.waiting.len, below);
            }
        }
        self.waiting.len = 0;
        if self.first == 1 {
            self.leave_first();
        }
    }

    /// Looks at the edges of a vertex: notes what they say of vertices, and who is to be entered.
    ///
    /// What is met is written down wherever it could belong, and counted where it does: a branch
    /// would go now one way and now the other. Of who is to be entered the first edge is fetched.
    #[inline(always)]
    fn expand(&mut self, node: NodeIdx, here: u32) {
        let tables = self.tables;
        let edges = tables.nodes.edges(node);
        let hops = &tables.edges.hops()[edges.clone()];
        let holds_all = here < self.owned || self.is_also_owned(node);
        let lowest = if holds_all { 0 } else { self.owned };
        let children = self.waiting.room(hops.len());
        let targets = self.found.targets.room(hops.len());
        let (mut new, mut old, mut least) = (0, 0, UNSEEN);
        for (edge, hop) in (edges.start as u32..).map(EdgeIdx).zip(hops) {
            let target = Hop(*hop).target();
            let bond = Hop(*hop).bond();
            if matches!(bond, Bond::Weak | Bond::Shortcut | Bond::Entry)
                && !keeps(tables, node, edge)
            {
                if bond != Bond::Weak && self.owned == UNSEEN {
                    self.beside.push(target);
                }
                continue;
            }
            if !holds_all && self.also.as_ref().is_some_and(|also| also.has(target.at())) {
                continue;
            }
            let seen = self.number[target.at()];
            if seen == UNSEEN {
                children[new] = target.0;
                new += 1;
                tables.fetch(&[target]);
            } else {
                let is_old = (seen < here) & (seen >= lowest);
                targets[old] = seen;
                old += usize::from(is_old);
                least = least.min(if is_old { seen } else { UNSEEN });
            }
        }
        self.waiting.len += new;
        if least < self.settles {
            old = self.settle_some(old);
        }
        self.found.targets.take(old, here);
    }

    /// Settles what can be of the targets just written, and says how many are left.
    #[cold]
    fn settle_some(&mut self, written: usize) -> usize {
        let mut kept = 0;
        for at in 0..written {
            let seen = self.found.targets.room(written)[at];
            if seen <= self.first {
                self.settle(seen, 0);
            } else if seen < self.settles {
                self.settle(seen, 1);
                self.in_first.push(seen);
            } else {
                self.found.targets.room(written)[kept] = seen;
                kept += 1;
            }
        }
        kept
    }

    /// The second rule for what is settled ends here.
    fn leave_first(&mut self) {
        self.end_of_first = self.found.vertex.len() as u32;
        for settled in &self.in_first {
            self.number[self.found.vertex[*settled as usize].at()] = *settled;
        }
    }

    /// The page is left: what it reaches over edges that keep nothing but are not weak, it owns
    /// too. If it reaches the root, it owns whatever the root reaches.
    fn end_page(&mut self) {
        self.owned = self.found.vertex.len() as u32;
        let mut stack = std::mem::take(&mut self.beside);
        if self.number[ROOT.at()] & SETTLED != 0 {
            stack.push(ROOT);
        }
        if stack.is_empty() {
            return;
        }
        let mut also = Bits::new(self.tables.nodes.len());
        // The root is seen, and what it leads to may not be.
        let is_new = |node: NodeIdx| node == ROOT || !self.is_seen(node);
        stack.retain(|node| is_new(*node) && also.add(node.at()));
        while let Some(node) = stack.pop() {
            let hops =
                self.tables.edges.hops()[self.tables.nodes.edges(node)].iter().map(|hop| Hop(*hop));
            for target in hops.filter(|hop| hop.bond() != Bond::Weak).map(Hop::target) {
                if is_new(target) && also.add(target.at()) {
                    stack.push(target);
                }
            }
        }
        self.also = Some(also);
    }

    #[inline(always)]
    fn is_also_owned(&self, node: NodeIdx) -> bool {
        self.also.as_ref().is_some_and(|also| also.has(node.at()))
    }

    fn is_owned(&self, node: NodeIdx) -> bool {
        self.number[node.at()] & !SETTLED < self.owned || self.is_also_owned(node)
    }

    /// What a node other than the root keeps.
    fn kept(&self, node: NodeIdx) -> impl Iterator<Item = NodeIdx> {
        let holds_all = self.is_owned(node);
        let edges = self.tables.edges_of(node).filter(move |e| keeps(self.tables, node, *e));
        let targets = edges.map(|edge| self.tables.edges.target(edge));
        targets.filter(move |to| *to != node && (holds_all || !self.is_owned(*to)))
    }

    /// Nodes that the root does not reach and nothing holds: their retainers, if any, are
    /// unreached too, so only unreached nodes need to be asked.
    fn visit_orphans(&mut self) {
        let count = self.tables.nodes.len();
        if self.found.vertex.len() == count {
            return;
        }
        let mut held = Bits::new(count);
        for node in self.tables.nodes.indices().filter(|node| !self.is_seen(*node)) {
            self.kept(node).for_each(|target| held.set(target.at()));
        }
        for node in self.tables.nodes.indices() {
            if !self.is_seen(node) && !held.has(node.at()) {
                self.visit(node);
            }
        }
    }

    /// Finds what the root's first child a does not dominate though it was taken to: what an edge
    /// from outside leads to, and what that keeps in turn.
    ///
    /// ```text
    ///      root          v was met from b's subtree, so its `low` is the root. x was settled below
    ///      /   \         a, and the way over b and v avoids a: the root dominates x. If v did not
    ///     a     b        keep x, that would be a.
    ///    / \    |
    ///   c   v <-+        Any such way enters a's subtree for the last time at a vertex whose `low`
    ///   |   |            is the root, so to start from all of these is enough.
    ///   x <-+
    /// ```
    fn mend(&mut self) {
        let region = 2..self.end_of_first;
        let entered = region.clone().filter(|v| self.found.low[*v as usize] == 0);
        let mut stack: Vec<u32> = entered.collect();
        if self.in_first.is_empty() || stack.is_empty() {
            return;
        }
        let mut avoids = Bits::new(self.end_of_first as usize);
        stack.iter().for_each(|v| avoids.set(*v as usize));
        while let Some(v) = stack.pop() {
            for target in self.kept(self.found.vertex[v as usize]) {
                let number = self.number[target.at()] & !SETTLED;
                if region.contains(&number) && avoids.add(number as usize) {
                    stack.push(number);
                }
            }
        }
        for v in self.in_first.iter().filter(|v| avoids.has(**v as usize)) {
            self.found.low[*v as usize] = 0;
        }
    }

    fn is_seen(&self, node: NodeIdx) -> bool {
        self.number[node.at()] != UNSEEN
    }
}
