//! Batches of the `edges` array's rows in, checked and written into columns out.

use super::bond::{Bond, NameBonds};
use super::digits::Batch;
use super::meta::{EdgeFields, EdgeKind, Layout, MOST_NODES, ORDINAL};
use super::numbers::Fault;
use crate::ids::NodeIdx;

/// Where an edge leads, and how it binds: the bond in the upper bits, the target's ordinal in the
/// lower ones.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hop(pub(crate) u32);

impl Hop {
    /// Stands for an edge that cannot be read again: it holds nothing.
    pub(super) const LOST: Self = Self::new(Bond::Weak, 0);

    const fn new(bond: Bond, target: u32) -> Self {
        Self((bond as u32) << ORDINAL | target)
    }

    #[inline(always)]
    pub(crate) const fn bond(self) -> Bond {
        Bond::ALL[(self.0 >> ORDINAL) as usize]
    }

    #[inline(always)]
    pub(crate) const fn target(self) -> NodeIdx {
        NodeIdx(self.0 & (MOST_NODES as u32 - 1))
    }
}

/// Columns to fill.
pub(super) struct Part<'a> {
    label: &'a mut [u32],
    to: &'a mut [u32],
    /// The first row of each batch, within the part, and the byte at which it begins.
    pub batches: Vec<(u32, usize)>,
}

impl<'a> Part<'a> {
    pub(super) const fn new(label: &'a mut [u32], to: &'a mut [u32]) -> Self {
        Self { label, to, batches: Vec::new() }
    }

    pub(super) const fn rows(&self) -> usize {
        self.to.len()
    }
}

/// What a row must satisfy, and what it means.
#[derive(Debug)]
pub(super) struct Rule {
    pub field: EdgeFields,
    kinds: Vec<EdgeKind>,
    /// Fields of a node.
    width: u64,
    strings: u64,
    nodes: u64,
    /// By the file's number of a kind, and by what its name says of an edge: the bond.
    bonds: Vec<[u32; 16]>,
    names: NameBonds,
    /// By the file's number of a kind: labels are below this. 0 for numbers without a kind.
    labels: [u64; 256],
    /// 2^64 / width, rounded up: `to_node * reciprocal >> 64` is the quotient, exactly for any
    /// 32-bit number (Lemire, Kaser, Kurz, "Faster remainder by direct computation", 2019).
    reciprocal: u64,
}

impl Rule {
    pub(super) fn new(layout: &Layout, strings: usize, names: NameBonds) -> Self {
        let (strings, width) = (strings as u64, layout.node.width as u64);
        let mut bonds = vec![[0; 16]; 256];
        let mut labels = [0; 256];
        for (at, kind) in layout.edge_kinds.iter().enumerate() {
            bonds[at] = NameBonds::with(*kind).map(|bond| Hop::new(bond, 0).0);
            labels[at] = if kind.is_indexed() { 1 << 32 } else { strings };
        }
        let nodes = layout.node_count as u64;
        let reciprocal = u64::MAX / width + 1;
        let kinds = layout.edge_kinds.clone();
        let field = layout.edge;
        Self { field, kinds, width, strings, nodes, bonds, names, labels, reciprocal }
    }

    /// The ordinal of the node at `to_node`; [`u64::MAX`] if no row starts there.
    #[inline(always)]
    fn ordinal(&self, to_node: u64) -> u64 {
        let ordinal = ((u128::from(to_node) * u128::from(self.reciprocal)) >> 64) as u64;
        let is_row = to_node <= u64::from(u32::MAX)
            && ordinal * self.width == to_node
            && ordinal < self.nodes;
        if is_row { ordinal } else { self.ordinal_strictly(to_node) }
    }

    #[cold]
    #[inline(never)]
    fn ordinal_strictly(&self, to_node: u64) -> u64 {
        let ordinal = to_node / self.width;
        if ordinal * self.width == to_node && ordinal < self.nodes { ordinal } else { u64::MAX }
    }
}

impl Part<'_> {
    #[inline(never)]
    pub(super) fn take(
        &mut self,
        first: usize,
        batch: &Batch,
        rule: &Rule,
    ) -> std::result::Result<(), Fault> {
        self.batches.push((first as u32, batch.start));
        let field = &rule.field;
        let rows = first..first + batch.rows();
        let columns = self.label[rows.clone()].iter_mut().zip(&mut self.to[rows]);
        let mut bad = false;
        let fields = [field.kind, field.label, field.to_node];
        batch.each(fields, columns, |[raw, label, to_node], (to_label, to)| {
            let ordinal = rule.ordinal(to_node);
            bad |= (raw > 255) | (label >= rule.labels[raw as u8 as usize]);
            bad |= ordinal == u64::MAX;
            *to_label = label as u32;
            *to = ordinal as u32 | rule.bonds[raw as u8 as usize][rule.names.of_label(label)];
        });
        if !bad {
            return Ok(());
        }
        (0..batch.rows()).try_for_each(|row| rule.check(batch, row))
    }
}

impl Rule {
    #[cold]
    fn check(&self, batch: &Batch, row: usize) -> std::result::Result<(), Fault> {
        let field = &self.field;
        let [kind, label, to_node] =
            [field.kind, field.label, field.to_node].map(|column| batch.at(row, column));
        let fault = |column: usize, what: String| Err(Fault { row, column, what });
        let width = self.width;
        match self.kinds.get(kind as usize).map(|kind| kind.is_indexed()) {
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
