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
//! them could be one edge from that dominator. So w is settled, and whatever leads to it is passed
//! by with one look at one bit.
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

use super::retainers::{Pairs, shared};
use super::strength::{keeps, starts_page};
use super::{Bits, Known};
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
    /// (w, v) for edges v -> w with v > w.
    pub retainers: Pairs,
}

const UNSEEN: u32 = u32::MAX;

/// What is known of a node; one fetch serves both.
#[derive(Clone, Copy)]
struct Seen {
    number: u32,
    /// The last retainer kept.
    last: u32,
}

/// Where the search stands: a vertex, and the nearest vertex on the way up to the root, itself
/// included, that has several retainers.
#[derive(Clone, Copy)]
struct Here {
    vertex: u32,
    shared: u32,
}

/// Children that wait on one level, as a part of all that wait, and their parent.
struct Level {
    at: u32,
    end: u32,
    here: Here,
}

struct Search<'a> {
    tables: &'a Tables,
    seen: Vec<Seen>,
    found: Found,
    /// Nodes that several edges lead to. All others are entered when they are met.
    shared: Bits,
    /// Nodes of which no further edge says anything new.
    settled: Bits,
    /// The root's child in hand, and the child of that one.
    first: u32,
    second: u32,
    /// What is settled only while the root's first child is in hand, by number, and where the
    /// numbers below that child end.
    in_first: Vec<u32>,
    end_of_first: u32,
    /// Children that wait to be entered, level by level.
    waiting: Vec<NodeIdx>,
    /// How many vertices the page owns.
    owned: u32,
    /// What it owns beside these. Empty if there is nothing.
    also: Option<Bits>,
    /// What edges of the page lead to that keep nothing but are not weak.
    beside: Vec<NodeIdx>,
}

/// Looks at everything the root reaches, and then at what it does not reach.
pub(super) fn search(tables: &Tables, known: &Known) -> Found {
    let mut search = Search::new(tables);
    search.enter(ROOT, Here { vertex: 0, shared: 0 });
    for edge in tables.edges_of(ROOT).filter(|edge| starts_page(tables, known, *edge)) {
        search.visit_child(tables.edges.target(edge));
    }
    search.end_page();
    for edge in tables.edges_of(ROOT).filter(|edge| keeps(tables, ROOT, *edge)) {
        search.visit_child(tables.edges.target(edge));
    }
    search.visit_orphans();
    search.mend();
    let Search { seen, mut found, .. } = search;
    found.vertex.extend(tables.nodes.indices().filter(|node| seen[node.at()].number == UNSEEN));
    found
}

impl<'a> Search<'a> {
    fn new(tables: &'a Tables) -> Self {
        let count = tables.nodes.len();
        let found = Found {
            vertex: Vec::with_capacity(count),
            parent: Vec::with_capacity(count),
            low: Vec::with_capacity(count),
            retainers: Pairs::default(),
        };
        Self {
            tables,
            seen: vec![Seen { number: UNSEEN, last: UNSEEN }; count],
            found,
            shared: shared(tables),
            settled: Bits::new(count),
            first: 0,
            second: 0,
            in_first: Vec::new(),
            end_of_first: 2,
            waiting: Vec::new(),
            owned: UNSEEN,
            also: None,
            beside: Vec::new(),
        }
    }

    #[inline(always)]
    fn enter(&mut self, node: NodeIdx, above: Here) -> Here {
        let vertex = self.found.vertex.len() as u32;
        self.seen[node.at()].number = vertex;
        self.found.vertex.push(node);
        self.found.parent.push(above.vertex);
        self.found.low.push(above.vertex);
        if above.vertex == self.first {
            self.second = vertex;
        }
        Here { vertex, shared: if self.shared.has(node.at()) { vertex } else { above.shared } }
    }

    /// Takes an edge from the root.
    fn visit_child(&mut self, target: NodeIdx) {
        match self.seen[target.at()].number {
            UNSEEN => self.visit(target),
            seen => self.settle(seen, target),
        }
    }

    fn settle(&mut self, seen: u32, target: NodeIdx) {
        self.found.low[seen as usize] = 0;
        self.settled.set(target.at());
    }

    /// Enters a child of the root and everything below, depth first.
    fn visit(&mut self, start: NodeIdx) {
        self.first = self.found.vertex.len() as u32;
        let mut here = self.enter(start, Here { vertex: 0, shared: 0 });
        self.second = here.vertex;
        self.expand(start, here);
        let mut levels: Vec<Level> = Vec::new();
        let (mut at, mut end) = (0, self.waiting.len());
        loop {
            if at == end {
                let Some(level) = levels.pop() else { break };
                (at, end, here) = (level.at as usize, level.end as usize, level.here);
                self.waiting.truncate(end);
                continue;
            }
            let node = self.waiting[at];
            at += 1;
            let seen = self.seen[node.at()].number;
            if seen != UNSEEN {
                // A brother or what is below one has led to it meanwhile.
                let low = &mut self.found.low[seen as usize];
                *low = here.vertex.min(*low);
                continue;
            }
            let below = self.enter(node, here);
            self.expand(node, below);
            let more = self.waiting.len();
            if more > end {
                if at < end {
                    levels.push(Level { at: at as u32, end: end as u32, here });
                }
                (at, end, here) = (end, more, below);
            }
        }
        self.waiting.clear();
        if self.first == 1 {
            self.leave_first();
        }
    }

    /// Looks at the edges of a vertex: notes what they say of vertices, and who is to be entered.
    #[inline(always)]
    fn expand(&mut self, node: NodeIdx, here: Here) {
        let edges = self.tables.nodes.edges(node);
        let all = self.tables.edges.hops();
        let hops = &all[edges.clone()];
        let holds_all = here.vertex < self.owned || self.is_also_owned(node);
        let before = self.waiting.len();
        for (edge, hop) in (edges.start as u32..).map(EdgeIdx).zip(hops) {
            let target = Hop(*hop).target();
            if self.settled.has(target.at()) {
                continue;
            }
            let bond = Hop(*hop).bond();
            if matches!(bond, Bond::Weak | Bond::Shortcut | Bond::Entry)
                && !keeps(self.tables, node, edge)
            {
                if bond != Bond::Weak && self.owned == UNSEEN {
                    self.beside.push(target);
                }
                continue;
            }
            if !holds_all && self.is_also_owned(target) {
                continue;
            }
            if !self.shared.has(target.at()) {
                self.waiting.push(target);
                continue;
            }
            let seen = self.seen[target.at()].number;
            if seen == UNSEEN {
                self.waiting.push(target);
            } else if seen < here.vertex && (holds_all || seen >= self.owned) {
                self.retain(seen, target, here);
            }
        }
        self.tables.fetch(all, &self.waiting[before..]);
    }

    /// Takes an edge to a vertex that was entered before and does not lie on the way up.
    #[inline(always)]
    fn retain(&mut self, seen: u32, target: NodeIdx, here: Here) {
        if seen <= self.first {
            self.settle(seen, target);
            return;
        }
        if seen < self.second && self.first == 1 {
            self.found.low[seen as usize] = 1;
            self.settled.set(target.at());
            self.in_first.push(seen);
            return;
        }
        let from = if here.shared > seen { here.shared } else { here.vertex };
        let last = &mut self.seen[target.at()].last;
        if *last != from {
            *last = from;
            self.found.retainers.push(seen, from);
        }
    }

    /// The second rule for what is settled ends here.
    fn leave_first(&mut self) {
        self.end_of_first = self.found.vertex.len() as u32;
        for settled in &self.in_first {
            self.settled.clear(self.found.vertex[*settled as usize].at());
        }
    }

    /// The page is left: what it reaches over edges that keep nothing but are not weak, it owns
    /// too. If it reaches the root, it owns whatever the root reaches.
    fn end_page(&mut self) {
        self.owned = self.found.vertex.len() as u32;
        let mut stack = std::mem::take(&mut self.beside);
        if self.settled.has(ROOT.at()) {
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
        self.seen[node.at()].number < self.owned || self.is_also_owned(node)
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
                let number = self.seen[target.at()].number;
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
        self.seen[node.at()].number != UNSEEN
    }
}
