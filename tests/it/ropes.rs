//! The text of a rope is the beginning of its pieces, however they hang together and whatever was
//! asked before.

use crate::drawing::drawn;
use heapdiff::classes::DisplayNames;
use heapdiff::graph::Heap;
use heapdiff::ids::{NodeIdx, ROOT};
use heapdiff::parse::NodeKind;
use heapdiff::text::Text;
use std::fmt::Write as _;

const ROPE: &str = "(concatenated string)";

/// Numbers without a pattern (Marsaglia, "Xorshift RNGs", 2003).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound
    }
}

/// Pieces of all lengths, none among them, and ropes of any two things drawn before, some of which
/// lack a half.
fn tangle(chance: &mut Chance) -> String {
    let lengths = [0, 0, 1, 1, 2, 5, 400, 1023, 1024, 1025, 3000];
    let (pieces, ropes) = (1 + chance.below(6), 40);
    let mut text = String::new();
    for at in 0..pieces {
        let letters = char::from(b'a' + at as u8).to_string();
        let piece = letters.repeat(lengths[chance.below(lengths.len())]);
        let _ = writeln!(text, "root -{at}-> n{at}:(string)\"{piece}\"(8)");
    }
    for at in pieces..pieces + ropes {
        let _ = writeln!(text, "root -{at}-> n{at}:{ROPE}(8)");
        // Most hang below each other.
        let near = if chance.below(4) == 0 { at } else { at.min(3) };
        for half in ["first", "second"] {
            if chance.below(12) == 0 {
                continue;
            }
            let below = at - 1 - chance.below(if half == "first" { near } else { at });
            let _ = writeln!(text, "n{at} -({half})-> n{below}");
        }
    }
    text
}

/// As DevTools does it: from the top, piece by piece.
fn walked(heap: &Heap, rope: NodeIdx) -> Text {
    let mut rest = vec![rope];
    let mut text = Text::default();
    while let Some(node) = rest.pop() {
        if text.len() >= 1024 {
            break;
        }
        if heap.tables.nodes.kind(node) == NodeKind::ConsString {
            rest.extend(["second", "first"].map(|half| target(heap, node, half)));
        } else {
            text.push(&heap.raw_name(node));
        }
    }
    text
}

fn target(heap: &Heap, node: NodeIdx, name: &str) -> NodeIdx {
    let edge = heap.tables.edges_of(node).find(|edge| heap.edge_name(*edge) == *name);
    edge.map_or(ROOT, |edge| heap.tables.edges.target(edge))
}

#[test]
fn a_rope_says_what_its_pieces_say_one_after_the_other() {
    let mut chance = Chance(20_261_128);
    let mut long = 0;
    for _ in 0..300 {
        let heap = drawn(&tangle(&mut chance)).heap;
        let count = heap.tables.nodes.len();
        let mut names = DisplayNames::new(&heap);
        for _ in 0..count {
            let node = NodeIdx::from_at(chance.below(count));
            if heap.tables.nodes.kind(node) == NodeKind::ConsString {
                let text = walked(&heap, node);
                assert_eq!(names.of(node), text, "{node:?}");
                long += usize::from(text.len() > 1024);
            }
        }
    }
    assert!(long > 100, "only {long} texts were long");
}

#[test]
fn a_rope_that_is_a_part_of_itself_has_an_end() {
    let text = format!(
        "root -> a:{ROPE}(8) -(first)-> x:(string)x(8)\n a -(second)-> a
         root -> b:{ROPE}(8) -(first)-> b\n b -(second)-> x
         root -> c:{ROPE}(8) -(first)-> d:{ROPE}(8) -(first)-> c\n c -(second)-> x\n d -(second)-> x
         root -> e:{ROPE}(8) -(first)-> e\n e -(second)-> e"
    );
    let heap = drawn(&text);
    assert_eq!(heap.name("a"), "x".repeat(1024));
    assert_eq!(["b", "c", "d", "e"].map(|rope| heap.name(rope)), [""; 4]);
}
