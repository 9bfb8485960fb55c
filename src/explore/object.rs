//! A node in, the line that tells it out.

use super::answer::Object;
use super::{Explorer, LONGEST};
use crate::classes::{Census, DisplayNames};
use crate::graph::Heap;
use crate::ids::NodeIdx;
use crate::objects::{Shape, entries, literal};
use crate::parse::NodeKind;
use crate::report::Redactor;
use crate::text::Text;

/// Tells nodes of one heap.
pub(super) struct Teller<'a> {
    explorer: &'a Explorer,
    heap: &'a Heap,
    census: &'a Census,
    redactor: Redactor,
    names: DisplayNames<'a>,
    /// Whether it is the older heap, of which less is known.
    is_older: bool,
}

impl Explorer {
    pub(super) fn teller(&self) -> Teller<'_> {
        let (heap, census) = (&self.heap, self.census());
        let (redactor, names) = (self.redactor(), self.names());
        Teller { explorer: self, heap, census, redactor, names, is_older: false }
    }

    /// One for the older heap.
    pub(super) fn older_teller(&self) -> Option<Teller<'_>> {
        let older = self.older.as_ref()?;
        let (heap, census) = (&older.heap, older.census());
        let (redactor, names) = (self.redactor(), DisplayNames::new(heap));
        Some(Teller { explorer: self, heap, census, redactor, names, is_older: true })
    }
}

impl Teller<'_> {
    pub(super) fn object(&mut self, node: NodeIdx) -> Object {
        let entries = self.entries(node);
        self.holding(node, entries)
    }

    /// The same of one whose entries are counted.
    pub(super) fn holding(&mut self, node: NodeIdx, entries: Option<u64>) -> Object {
        let nodes = &self.heap.tables.nodes;
        let text = |name: &Text| self.redactor.name(&name.shortened(LONGEST));
        Object {
            id: nodes.whole_id(node),
            kind: nodes.kind_names[usize::from(nodes.raw_kind[node.at()])].clone(),
            class: self.class(node),
            name: self.own_name(node),
            literal: literal(self.heap, node).map(|name| text(&self.heap.tables.strings.get(name))),
            string: self.redactor.value(self.heap, &mut self.names, node),
            entries,
            shallow: self.heap.shallow().of(node),
            retained: if self.is_older { 0 } else { self.heap.retained().of(node) },
            location: if self.is_older { None } else { self.explorer.place(node) },
        }
    }

    pub(super) fn class(&self, node: NodeIdx) -> Text {
        self.redactor.name(&self.census.naming.of(node).name)
    }

    /// What is not the class, and no value of a string.
    fn own_name(&self, node: NodeIdx) -> Text {
        match self.heap.tables.nodes.kind(node) {
            NodeKind::Closure
            | NodeKind::Hidden
            | NodeKind::Code
            | NodeKind::Synthetic
            | NodeKind::Array
            | NodeKind::ObjectShape => {
                self.redactor.name(&self.heap.raw_name(node).shortened(LONGEST))
            }
            _ => Text::default(),
        }
    }

    fn entries(&self, node: NodeIdx) -> Option<u64> {
        let holds = matches!(Shape::of(self.heap, node), Shape::Map | Shape::Set | Shape::Array);
        holds.then(|| entries(self.heap, node)).filter(|count| *count > 0)
    }
}
