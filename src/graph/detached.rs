//! Tables in, the DOM state of every node out: embedder nodes hand on what they know.
//!
//! ```text
//!   <body> attached -> <div> unknown        the div becomes attached
//!   <p> detached    -> <span> unknown       the span becomes detached, and is renamed
//! ```
//!
//! A state written in the file is never overridden; attached spreads before detached
//! (DevTools `propagateDOMState`).

use super::Bits;
use crate::ids::NodeIdx;
use crate::parse::{EdgeKind, NodeKind, Tables};

/// Attached to a document.
pub(crate) const ATTACHED: u8 = 1;
/// Detached from any document, kept alive by JavaScript.
pub(crate) const DETACHED: u8 = 2;

/// How the name of a detached node begins: files without the field say it there, and where there is
/// the field, DevTools does.
pub(crate) const MARK: &str = "Detached ";

/// The state of every node: 0 unknown, 1 attached, 2 detached.
/// Takes the column of the tables.
pub(super) fn propagate(tables: &mut Tables) -> Vec<u8> {
    let state = std::mem::take(&mut tables.nodes.detachedness);
    let (tables, nodes) = (&*tables, &tables.nodes);
    if !nodes.has_detachedness {
        // Files without the field (V8 before 9) say it in the name.
        let detached = |node| {
            nodes.kind(node) == NodeKind::Native
                && tables.strings.starts_with(nodes.name(node), MARK)
        };
        return nodes.indices().map(|n| if detached(n) { DETACHED } else { 0 }).collect();
    }
    let mut spread = Spread {
        tables,
        state,
        seen: Bits::new(nodes.len()),
        attached: Vec::new(),
        detached: Vec::new(),
    };
    for node in nodes.indices() {
        let own = spread.state[node.at()];
        if own != 0 {
            spread.visit(node, own);
        }
    }
    spread.run()
}

struct Spread<'a> {
    tables: &'a Tables,
    state: Vec<u8>,
    seen: Bits,
    attached: Vec<NodeIdx>,
    detached: Vec<NodeIdx>,
}

impl Spread<'_> {
    fn visit(&mut self, node: NodeIdx, state: u8) {
        if !self.seen.add(node.at()) || self.tables.nodes.kind(node) != NodeKind::Native {
            return;
        }
        self.state[node.at()] = state;
        match state {
            ATTACHED => self.attached.push(node),
            DETACHED => self.detached.push(node),
            _ => {}
        }
    }

    fn run(mut self) -> Vec<u8> {
        while let Some(node) = self.attached.pop() {
            self.visit_children(node, ATTACHED);
        }
        while let Some(node) = self.detached.pop() {
            self.visit_children(node, DETACHED);
        }
        self.state
    }

    fn visit_children(&mut self, node: NodeIdx, state: u8) {
        for edge in self.tables.edges_of(node) {
            let kind = self.tables.edges.kind(edge);
            if !matches!(kind, EdgeKind::Hidden | EdgeKind::Invisible | EdgeKind::Weak) {
                self.visit(self.tables.edges.target(edge), state);
            }
        }
    }
}
