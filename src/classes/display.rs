//! A node in, the name DevTools displays for it out.

use super::rope::Ropes;
use super::shapes::format_property;
use crate::graph::Heap;
use crate::ids::{EdgeIdx, NodeIdx, StrIdx};
use crate::objects::PROTO;
use crate::parse::{EdgeKind, NodeKind};
use crate::text::Text;
use std::collections::HashMap;

/// Code units of a property.
const LONGEST: usize = 4000;
/// Code units after which properties are left out.
const LONGEST_OBJECT: usize = 100;

/// What the nodes of one heap are displayed as; remembers what it has learnt of ropes.
#[derive(Debug)]
pub struct DisplayNames<'a> {
    heap: &'a Heap,
    ropes: Ropes<'a>,
    /// Properties as they are shown.
    properties: HashMap<StrIdx, Text>,
}

impl<'a> DisplayNames<'a> {
    /// Prepares for a heap.
    #[must_use]
    pub fn new(heap: &'a Heap) -> Self {
        Self { heap, ropes: Ropes::new(heap), properties: HashMap::new() }
    }

    /// The displayed name of any node: ropes are joined, plain objects listed by properties.
    #[must_use]
    pub fn of(&mut self, node: NodeIdx) -> Text {
        if self.heap.tables.nodes.kind(node) == NodeKind::ConsString {
            self.ropes.text(node)
        } else if self.heap.is_plain_object(node) {
            self.plain_object(node)
        } else {
            self.heap.raw_name(node)
        }
    }

    /// Properties alternately from the front and from the back of the list.
    fn plain_object(&mut self, node: NodeIdx) -> Text {
        let heap = self.heap;
        let (mut start, mut end) = (Text::from("{"), Text::from("}"));
        let mut edges = heap.tables.edges_of(node);
        let mut left = heap.tables.nodes.edges(node).len();
        let mut from_back = false;
        loop {
            let next = if from_back { edges.next_back() } else { edges.next() };
            let Some(edge) = next else { break };
            let Some(name) = self.property(edge) else {
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

    /// Many objects may have one long name.
    fn property(&mut self, edge: EdgeIdx) -> Option<Text> {
        let tables = &self.heap.tables;
        if tables.edges.kind(edge) != EdgeKind::Property {
            return None;
        }
        let property = StrIdx(tables.edges.label(edge));
        let shown = || {
            let name = tables.strings.get(property);
            if name == *PROTO { name } else { format_property(&name.shortened(LONGEST)) }
        };
        let shown = self.properties.entry(property).or_insert_with(shown);
        (*shown != *PROTO).then(|| shown.clone())
    }
}
