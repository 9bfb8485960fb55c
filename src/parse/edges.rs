//! Rows of the `edges` array in, edge columns out.

use super::meta::{EdgeKind, Layout};
use super::numbers::{Fault, Table, wrong_count};
use crate::error::Result;
use crate::ids::{EdgeIdx, NodeIdx, StrIdx};
use std::ops::Range;

/// The edge table, in columns. An edge's source is found through
/// [`Nodes::source`](super::Nodes::source); there is no column for it.
#[derive(Debug)]
pub struct Edges {
    kind: Vec<EdgeKind>,
    label: Vec<u32>,
    target: Vec<u32>,
}

struct Part<'a> {
    kind: &'a mut [EdgeKind],
    label: &'a mut [u32],
    target: &'a mut [u32],
}

impl Edges {
    /// Reads the table; targets and names are checked, so that nothing behind can go astray.
    pub(super) fn read(
        bytes: &[u8],
        array: Range<usize>,
        layout: &Layout,
        strings: usize,
    ) -> Result<Self> {
        let end = array.end;
        let table = Table::split(bytes, array, layout.edge.width, "the edge table")?;
        let count = table.rows();
        if count != layout.edge_count {
            return Err(wrong_count("the edge table", count, layout.edge_count, end));
        }
        let mut kind = vec![EdgeKind::Context; count];
        let (mut label, mut target) = (vec![0; count], vec![0; count]);
        let parts = table
            .deal(&mut kind)
            .into_iter()
            .zip(table.deal(&mut label))
            .zip(table.deal(&mut target))
            .map(|((kind, label), target)| Part { kind, label, target })
            .collect();
        let rule = Rule::new(layout, strings);
        table.read(parts, |part, row, values| part.take(row, values, &rule))?;
        Ok(Self { kind, label, target })
    }

    /// Number of edges.
    #[must_use]
    pub fn len(&self) -> usize {
        self.target.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.target.is_empty()
    }

    /// The kind of an edge.
    #[inline]
    #[must_use]
    pub fn kind(&self, edge: EdgeIdx) -> EdgeKind {
        self.kind[edge.at()]
    }

    /// Where it leads.
    #[inline]
    #[must_use]
    pub fn target(&self, edge: EdgeIdx) -> NodeIdx {
        NodeIdx(self.target[edge.at()])
    }

    /// The label: a string's position, or a plain number for element and hidden edges.
    #[inline]
    #[must_use]
    pub fn label(&self, edge: EdgeIdx) -> u32 {
        self.label[edge.at()]
    }

    /// The name, unless the label is a plain number.
    #[inline]
    #[must_use]
    pub fn name(&self, edge: EdgeIdx) -> Option<StrIdx> {
        (!self.kind(edge).is_indexed()).then(|| StrIdx(self.label(edge)))
    }
}

/// What a row must satisfy.
struct Rule<'a> {
    layout: &'a Layout,
    strings: u64,
    nodes: u64,
    /// 2^64 / width, rounded up: `to_node * reciprocal >> 64` is the quotient, exactly for any
    /// 32-bit number (Lemire, Kaser, Kurz, "Faster remainder by direct computation", 2019).
    reciprocal: u64,
}

impl<'a> Rule<'a> {
    fn new(layout: &'a Layout, strings: usize) -> Self {
        Self {
            layout,
            strings: strings as u64,
            nodes: layout.node_count as u64,
            reciprocal: u64::MAX / layout.node.width as u64 + 1,
        }
    }

    /// The ordinal of the node at `to_node`, if it is the start of a row.
    #[inline(always)]
    fn ordinal(&self, to_node: u64) -> Option<u32> {
        let width = self.layout.node.width as u64;
        let ordinal = if to_node <= u64::from(u32::MAX) {
            ((u128::from(to_node) * u128::from(self.reciprocal)) >> 64) as u64
        } else {
            to_node / width
        };
        (ordinal * width == to_node && ordinal < self.nodes).then_some(ordinal as u32)
    }
}

impl Part<'_> {
    fn take(
        &mut self,
        first: usize,
        values: &[u64],
        rule: &Rule<'_>,
    ) -> std::result::Result<(), Fault> {
        let field = &rule.layout.edge;
        let rows = values.len() / field.width;
        let kinds = &mut self.kind[first..first + rows];
        let labels = &mut self.label[first..first + rows];
        let targets = &mut self.target[first..first + rows];
        for (i, row) in values.chunks_exact(field.width).enumerate() {
            let (kind, label) = (row[field.kind], row[field.label]);
            let kind = rule.layout.edge_kinds.get(kind as usize).copied();
            let named = kind.is_some_and(|kind| !kind.is_indexed());
            let most = if named { rule.strings } else { 1 << 32 };
            let target = rule.ordinal(row[field.to_node]);
            let (Some(kind), true, Some(target)) = (kind, label < most, target) else {
                return Err(rule.fault(row, i * field.width));
            };
            kinds[i] = kind;
            labels[i] = label as u32;
            targets[i] = target;
        }
        Ok(())
    }
}

impl Rule<'_> {
    #[cold]
    fn fault(&self, row: &[u64], value: usize) -> Fault {
        let field = &self.layout.edge;
        let (kind, label, to_node) = (row[field.kind], row[field.label], row[field.to_node]);
        let at = |field: usize, what: String| Fault { value: value + field, what };
        let width = self.layout.node.width as u64;
        match self.layout.edge_kinds.get(kind as usize).map(|kind| kind.is_indexed()) {
            None => at(field.kind, format!("type {kind} is not in the file's list")),
            Some(true) if label >= 1 << 32 => {
                at(field.label, format!("index {label} is beyond 2^32"))
            }
            Some(false) if label >= self.strings => {
                at(field.label, format!("string {label} of {} does not exist", self.strings))
            }
            _ if !to_node.is_multiple_of(width) => {
                at(field.to_node, format!("to_node {to_node} is not a multiple of {width}"))
            }
            _ => at(field.to_node, format!("to_node {to_node} is beyond the last node")),
        }
    }
}
