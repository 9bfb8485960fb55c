//! Ropes in, the texts that DevTools shows of them out.
//!
//! ```text
//!   log = "a" + "b" + "c" + ...        r3 -first-> r2 -first-> r1 -first-> "a"
//!                                       \-second-> "d"          \-second-> "b"
//! ```
//!
//! Only the beginning of a rope is shown, and it hangs at the very bottom. `r3` and a million ropes
//! above it begin alike, and each is in the file: walking down from each of them would take as many
//! steps as the file has, squared. So what is learnt of a rope is kept: which one below it says the
//! same, and how to get down from there without a look at what is beyond the end.

use crate::graph::Heap;
use crate::ids::{NodeIdx, ROOT, StrIdx};
use crate::objects::ROPE_HALVES;
use crate::parse::{EdgeKind, NodeKind};
use crate::text::Text;
use std::collections::HashMap;

/// Code units after which a rope is not followed further.
const LONGEST: u16 = 1024;
/// A code unit takes so many bytes of a file at most.
const ESCAPED: usize = r"\u0000".len();
/// Steps that a text may take. Of ropes that end somewhere none needs as many: each of its up to
/// [`LONGEST`] pieces is some jumps away, and a step to one side or the other adds a piece. DevTools
/// would follow a rope that is its own first half for ever.
const PATIENCE: u32 = 64 * LONGEST as u32;

/// The ropes of a heap.
#[derive(Debug)]
pub(super) struct Ropes<'a> {
    heap: &'a Heap,
    first: Option<StrIdx>,
    second: Option<StrIdx>,
    /// By rope, and by whatever hangs in one.
    known: HashMap<NodeIdx, KnownRope>,
    /// What was asked for last: ropes on one way say the same.
    last: Option<(NodeIdx, Text)>,
}

/// What is known of a rope, or of a string in one.
#[derive(Debug, Clone, Copy)]
struct KnownRope {
    /// The one at or below it that says the same, and has something to say in each half.
    same: NodeIdx,
    /// Length of the text that is shown, at most [`LONGEST`].
    len: u16,
    /// The halves of `same`.
    halves: [NodeIdx; 2],
    /// How often one can go on to the first half.
    depth: u16,
    /// One that is reached by going on to the first half once or, as with the jump pointers of a
    /// skew-binary list (Myers 1983), often: the way to any of them takes a logarithm of jumps.
    jump: NodeIdx,
}

impl<'a> Ropes<'a> {
    pub(super) fn new(heap: &'a Heap) -> Self {
        let [first, second] = ROPE_HALVES.map(|name| heap.tables.strings.find(&name.into()));
        Self { heap, first, second, known: HashMap::new(), last: None }
    }

    /// The beginning of a rope's text.
    pub(super) fn text(&mut self, rope: NodeIdx) -> Text {
        self.learn(rope);
        let same = self.known[&rope].same;
        match &self.last {
            Some((last, text)) if *last == same => text.clone(),
            _ => {
                let text = self.joined(same);
                self.last = Some((same, text.clone()));
                text
            }
        }
    }

    /// Joins the pieces from the first one on.
    fn joined(&self, rope: NodeIdx) -> Text {
        let mut text = Text::default();
        let mut rest = vec![rope];
        let mut patience = PATIENCE;
        while let Some(mut at) = rest.pop().filter(|_| text.len() < LONGEST.into()) {
            let room = LONGEST - text.len() as u16;
            while self.is_rope(at) && patience > 0 {
                patience -= 1;
                let known = &self.known[&at];
                let [first, second] = known.halves;
                // What fills the room without its second half is shown without it.
                if self.known[&known.jump].len >= room {
                    at = known.jump;
                    continue;
                }
                if self.known[&first].len < room {
                    rest.push(second);
                }
                at = first;
            }
            if patience == 0 {
                break;
            }
            text.push(&self.heap.raw_name(at));
        }
        text
    }

    /// Learns what there is to know of a rope, from the bottom up.
    fn learn(&mut self, rope: NodeIdx) {
        let mut open = Vec::new();
        self.open(rope, &mut open);
        while let Some(at) = open.last().copied() {
            let [first, second] = self.known[&at].halves;
            let filled = |first: &KnownRope| first.len >= LONGEST;
            if !self.known.contains_key(&first) {
                self.open(first, &mut open);
            } else if !self.known.contains_key(&second) && !filled(&self.known[&first]) {
                self.open(second, &mut open);
            } else {
                let known = self.join(at, first, second);
                self.known.insert(at, known);
                open.pop();
            }
        }
    }

    /// Notes what can be said of one without its halves. A rope that is a part of itself will find
    /// this note, and so come to an end.
    fn open(&mut self, node: NodeIdx, open: &mut Vec<NodeIdx>) {
        if self.known.contains_key(&node) {
            return;
        }
        let (len, halves) = if self.is_rope(node) {
            open.push(node);
            (1, self.halves(node))
        } else {
            (self.len(node), [node; 2])
        };
        self.known.insert(node, KnownRope { same: node, len, halves, depth: 0, jump: node });
    }

    fn join(&self, rope: NodeIdx, first: NodeIdx, second: NodeIdx) -> KnownRope {
        let first = self.known[&first];
        if first.len >= LONGEST {
            return first;
        }
        let second = self.known[&second];
        if second.len == 0 {
            return first;
        }
        if first.len == 0 {
            return second;
        }
        let near = self.known[&first.jump];
        let far = self.known[&near.jump];
        let even = first.depth.wrapping_sub(near.depth) == near.depth.wrapping_sub(far.depth);
        KnownRope {
            same: rope,
            len: (first.len + second.len).min(LONGEST),
            halves: [first.same, second.same],
            depth: first.depth + 1,
            jump: if even { near.jump } else { first.same },
        }
    }

    fn is_rope(&self, node: NodeIdx) -> bool {
        self.heap.tables.nodes.kind(node) == NodeKind::ConsString
    }

    /// Length of a string, as far as it matters.
    fn len(&self, node: NodeIdx) -> u16 {
        let tables = &self.heap.tables;
        let longest = usize::from(LONGEST);
        if tables.strings.place(tables.nodes.name(node)).len() >= ESCAPED * longest {
            return LONGEST;
        }
        self.heap.raw_name(node).len().min(longest) as u16
    }

    /// The two halves; a missing one is the root, whose name is empty.
    fn halves(&self, node: NodeIdx) -> [NodeIdx; 2] {
        let tables = &self.heap.tables;
        let (mut first, mut second) = (ROOT, ROOT);
        for edge in tables.edges_of(node) {
            if first != ROOT && second != ROOT {
                break;
            }
            if tables.edges.kind(edge) == EdgeKind::Internal {
                let name = Some(tables.strings.canonical(StrIdx(tables.edges.label(edge))));
                match () {
                    () if name == self.first => first = tables.edges.target(edge),
                    () if name == self.second => second = tables.edges.target(edge),
                    () => {}
                }
            }
        }
        [first, second]
    }
}
