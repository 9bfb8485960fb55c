//! Rows of the `edges` array in, edge columns out.

use super::digits::Batch;
use super::meta::{EdgeKind, Layout};
use super::numbers::{Fault, Table, wrong_count};
use super::sections::Array;
use crate::error::Result;
use crate::ids::{EdgeIdx, NodeIdx, StrIdx};
use crate::input::Input;

/// The edge table, in columns. An edge's source is found through
/// [`Nodes::source`](super::Nodes::source); there is no column for it.
#[derive(Debug)]
pub struct Edges {
    label: Vec<u32>,
    /// The kind in the upper bits, the target's ordinal in the lower ones: what most walks want
    /// of an edge comes with one fetch.
    to: Vec<u32>,
}

/// Bits of an ordinal. What is left of 32 holds every kind.
const ORDINAL: u32 = 28;
/// More nodes than this cannot be numbered; a file of so many has some 30 GB.
pub(super) const MOST_NODES: usize = 1 << ORDINAL;

struct Part<'a> {
    label: &'a mut [u32],
    to: &'a mut [u32],
}

impl Edges {
    /// Reads the table; targets and names are checked, so that nothing behind can go astray.
    pub(super) fn read(
        input: &Input,
        array: &Array,
        layout: &Layout,
        strings: usize,
    ) -> Result<Self> {
        let end = array.range.end;
        let table = Table::split(input, array, layout.edge.width, "the edge table")?;
        let count = table.rows();
        if count != layout.edge_count {
            return Err(wrong_count("the edge table", count, layout.edge_count, end));
        }
        let (mut label, mut to) = (vec![0; count], vec![0; count]);
        let parts = table
            .deal(&mut label)
            .into_iter()
            .zip(table.deal(&mut to))
            .map(|(label, to)| Part { label, to })
            .collect();
        let rule = Rule::new(layout, strings);
        table.read(parts, |part, row, batch| part.take(row, batch, &rule))?;
        Ok(Self { label, to })
    }

    /// Gives up names from a position on, which become that position's. Returns how many.
    pub(super) fn give_up(&mut self, lost: u32) -> u64 {
        let mut given_up = 0;
        for at in 0..self.len() {
            if !self.kind(EdgeIdx(at as u32)).is_indexed() && self.label[at] >= lost {
                self.label[at] = lost;
                given_up += 1;
            }
        }
        given_up
    }

    /// Number of edges.
    #[must_use]
    pub fn len(&self) -> usize {
        self.to.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.to.is_empty()
    }

    /// The kind of an edge.
    #[inline]
    #[must_use]
    pub fn kind(&self, edge: EdgeIdx) -> EdgeKind {
        EdgeKind::ALL[(self.to[edge.at()] >> ORDINAL) as usize]
    }

    /// Where it leads.
    #[inline]
    #[must_use]
    pub fn target(&self, edge: EdgeIdx) -> NodeIdx {
        NodeIdx(self.to[edge.at()] & (MOST_NODES as u32 - 1))
    }

    /// All targets, in edge order.
    pub(crate) fn targets(&self) -> impl Iterator<Item = NodeIdx> + '_ {
        self.to.iter().map(|to| NodeIdx(to & (MOST_NODES as u32 - 1)))
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
    /// By the file's number of a kind: the upper bits.
    kinds: [u32; 256],
    /// By the file's number of a kind: labels are below this. 0 for numbers without a kind.
    labels: [u64; 256],
    /// 2^64 / width, rounded up: `to_node * reciprocal >> 64` is the quotient, exactly for any
    /// 32-bit number (Lemire, Kaser, Kurz, "Faster remainder by direct computation", 2019).
    reciprocal: u64,
}

impl<'a> Rule<'a> {
    fn new(layout: &'a Layout, strings: usize) -> Self {
        let strings = strings as u64;
        let mut kinds = [0; 256];
        let mut labels = [0; 256];
        for (at, kind) in layout.edge_kinds.iter().enumerate() {
            kinds[at] = (*kind as u32) << ORDINAL;
            labels[at] = if kind.is_indexed() { 1 << 32 } else { strings };
        }
        Self {
            layout,
            strings,
            nodes: layout.node_count as u64,
            kinds,
            labels,
            reciprocal: u64::MAX / layout.node.width as u64 + 1,
        }
    }

    /// The ordinal of the node at `to_node`; [`u64::MAX`] if no row starts there.
    #[inline(always)]
    fn ordinal(&self, to_node: u64) -> u64 {
        let ordinal = ((u128::from(to_node) * u128::from(self.reciprocal)) >> 64) as u64;
        let is_row = to_node <= u64::from(u32::MAX)
            && ordinal * self.layout.node.width as u64 == to_node
            && ordinal < self.nodes;
        if is_row { ordinal } else { self.ordinal_strictly(to_node) }
    }

    #[cold]
    #[inline(never)]
    fn ordinal_strictly(&self, to_node: u64) -> u64 {
        let width = self.layout.node.width as u64;
        let ordinal = to_node / width;
        if ordinal * width == to_node && ordinal < self.nodes { ordinal } else { u64::MAX }
    }
}

impl Part<'_> {
    #[inline(never)]
    fn take(
        &mut self,
        first: usize,
        batch: &Batch,
        rule: &Rule<'_>,
    ) -> std::result::Result<(), Fault> {
        let field = &rule.layout.edge;
        let rows = first..first + batch.rows();
        let columns = self.label[rows.clone()].iter_mut().zip(&mut self.to[rows]);
        let mut bad = false;
        let fields = [field.kind, field.label, field.to_node];
        batch.each(fields, columns, |[raw, label, to_node], (to_label, to)| {
            let ordinal = rule.ordinal(to_node);
            bad |= (raw > 255) | (label >= rule.labels[raw as u8 as usize]);
            bad |= ordinal == u64::MAX;
            *to_label = label as u32;
            *to = ordinal as u32 | rule.kinds[raw as u8 as usize];
        });
        if !bad {
            return Ok(());
        }
        (0..batch.rows()).try_for_each(|row| rule.check(batch, row))
    }
}

impl Rule<'_> {
    #[cold]
    fn check(&self, batch: &Batch, row: usize) -> std::result::Result<(), Fault> {
        let field = &self.layout.edge;
        let [kind, label, to_node] =
            [field.kind, field.label, field.to_node].map(|column| batch.at(row, column));
        let fault = |column: usize, what: String| Err(Fault { row, column, what });
        let width = self.layout.node.width as u64;
        match self.layout.edge_kinds.get(kind as usize).map(|kind| kind.is_indexed()) {
            None => fault(field.kind, format!("type {kind} is not in the file's list")),
            Some(true) if label >= 1 << 32 => {
                fault(field.label, format!("index {label} is beyond 2^32"))
            }
            Some(false) if label >= self.strings => {
                fault(field.label, format!("string {label} of {} does not exist", self.strings))
            }
            _ if !to_node.is_multiple_of(width) => {
                fault(field.to_node, format!("to_node {to_node} is not a multiple of {width}"))
            }
            _ if to_node / width >= self.nodes => {
                fault(field.to_node, format!("to_node {to_node} is beyond the last node"))
            }
            _ => Ok(()),
        }
    }
}
