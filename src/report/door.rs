//! A heap's texts in, what a report may say of them out. Every text of a heap passes here, and
//! nowhere else is decided what is shown: values of strings, and what looks like a secret.

use super::{Options, StringFacts};
use crate::chains::Place;
use crate::classes::display_name;
use crate::graph::Heap;
use crate::ids::{EdgeIdx, NodeIdx};
use crate::parse::NodeKind;
use crate::secret;
use crate::text::Text;

/// What may be shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Door {
    strings: bool,
    secrets: bool,
}

impl Door {
    pub(super) const fn new(options: &Options) -> Self {
        Self { strings: options.show_strings, secrets: options.show_secrets }
    }

    /// A name: of a class, a function, a property, a script.
    pub(super) fn name(self, name: &Text) -> Text {
        if self.secrets { name.clone() } else { secret::mask(name).into_owned() }
    }

    /// A place in the source.
    pub(super) fn place(self, place: Place) -> Place {
        Place { file: self.name(&place.file), ..place }
    }

    /// An edge's name. V8 names a WeakMap's entry after its key and its value: if the value is a
    /// string, that part is masked.
    pub(super) fn edge(self, heap: &Heap, edge: EdgeIdx) -> Text {
        let name = heap.edge_name(edge);
        let entry = heap.tables.edges.name(edge).is_some_and(|n| heap.ephemerons().has(n));
        let target = heap.tables.nodes.kind(heap.tables.edges.target(edge));
        if !entry || self.strings || !is_string(target) {
            return self.name(&name);
        }
        let text = name.to_string_lossy();
        let masked = text.split_once(" -> value (").zip(text.rsplit_once(" @")).and_then(
            |((key, _), (rest, table))| {
                let id = rest.rsplit_once(" @")?.1;
                Some(format!("{key} -> value (string @{id} @{table}"))
            },
        );
        self.name(&Text::from(masked.as_deref().unwrap_or("a WeakMap's entry")))
    }

    /// What is said of a string; `None` for other nodes.
    pub(super) fn value(self, heap: &Heap, node: NodeIdx) -> Option<StringFacts> {
        if !is_string(heap.tables.nodes.kind(node)) {
            return None;
        }
        let value = display_name(heap, node);
        Some(StringFacts {
            length: value.len() as u64,
            hash: format!("{:08x}", value.fnv1a()),
            value: self.strings.then(|| self.name(&value)),
        })
    }
}

const fn is_string(kind: NodeKind) -> bool {
    matches!(kind, NodeKind::String | NodeKind::ConsString | NodeKind::SlicedString)
}
