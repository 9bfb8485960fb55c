//! A node in, the name DevTools displays for it out.

use super::shapes::format_property;
use crate::graph::Heap;
use crate::ids::{EdgeIdx, NodeIdx, ROOT, StrIdx};
use crate::parse::{EdgeKind, NodeKind};
use crate::text::Text;

/// Code units after which a rope is not followed further.
const LONGEST_ROPE: usize = 1024;
/// Code units after which properties are left out.
const LONGEST_OBJECT: usize = 100;

/// The displayed name of any node: ropes are joined, plain objects listed by properties.
#[must_use]
pub fn display_name(heap: &Heap, node: NodeIdx) -> Text {
    if heap.tables.nodes.kind(node) == NodeKind::ConsString {
        rope(heap, node)
    } else if heap.is_plain_object(node) {
        plain_object(heap, node)
    } else {
        heap.raw_name(node)
    }
}

fn rope(heap: &Heap, node: NodeIdx) -> Text {
    let mut stack = vec![node];
    let mut text = Text::default();
    // A rope of empty ropes never grows; DevTools would follow a cycle of them for ever.
    let mut patience = heap.tables.nodes.len();
    while let Some(node) = stack.pop() {
        if text.len() >= LONGEST_ROPE || patience == 0 {
            break;
        }
        if heap.tables.nodes.kind(node) != NodeKind::ConsString {
            text.push(&heap.raw_name(node));
            continue;
        }
        patience -= 1;
        let (first, second) = halves(heap, node);
        stack.push(second);
        stack.push(first);
    }
    text
}

/// The two halves; a missing one is the root, whose name is empty.
fn halves(heap: &Heap, node: NodeIdx) -> (NodeIdx, NodeIdx) {
    let tables = &heap.tables;
    let (mut first, mut second) = (ROOT, ROOT);
    for edge in tables.edges_of(node) {
        if first != ROOT && second != ROOT {
            break;
        }
        if tables.edges.kind(edge) == EdgeKind::Internal {
            let name = tables.strings.get(StrIdx(tables.edges.label(edge)));
            match () {
                () if name == *"first" => first = tables.edges.target(edge),
                () if name == *"second" => second = tables.edges.target(edge),
                () => {}
            }
        }
    }
    (first, second)
}

/// Properties alternately from the front and from the back of the list.
fn plain_object(heap: &Heap, node: NodeIdx) -> Text {
    let (mut start, mut end) = (Text::from("{"), Text::from("}"));
    let mut edges = heap.tables.edges_of(node);
    let mut left = heap.tables.nodes.edges(node).len();
    let mut from_back = false;
    loop {
        let next = if from_back { edges.next_back() } else { edges.next() };
        let Some(edge) = next else { break };
        let Some(name) = shown_property(heap, edge) else {
            left -= 1;
            continue;
        };
        if start.len() > 1 && start.len() + end.len() + name.len() > LONGEST_OBJECT {
            break;
        }
        left -= 1;
        if from_back {
            let mut longer = name;
            if end.len() > 1 {
                longer.push_str(", ");
            }
            longer.push(&end);
            end = longer;
        } else {
            if start.len() > 1 {
                start.push_str(", ");
            }
            start.push(&name);
        }
        from_back = !from_back;
    }
    if left > 0 {
        start.push_str(", \u{2026}");
    }
    if end.len() > 1 {
        start.push_str(", ");
    }
    start.push(&end);
    start
}

fn shown_property(heap: &Heap, edge: EdgeIdx) -> Option<Text> {
    if heap.tables.edges.kind(edge) != EdgeKind::Property {
        return None;
    }
    let name = heap.tables.strings.get(StrIdx(heap.tables.edges.label(edge)));
    (name != *"__proto__").then(|| format_property(&name))
}
