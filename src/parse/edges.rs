//! Rows of the `edges` array in, edge columns out.

use super::bond::{Bond, NameBonds};
use super::edge_rows::{Hop, Part, Rule};
use super::meta::{EdgeKind, Layout};
use super::numbers::{Table, wrong_count};
use super::pages::{Batches, Pages};
use super::sections::Array;
use super::stream::Stream;
use crate::error::Result;
use crate::ids::{EdgeIdx, NodeIdx, StrIdx};
use crate::input::Input;
use std::ops::Range;
use std::sync::Arc;

/// The edge table, in columns that can be given back. An edge's source is found through
/// [`Nodes::source`](super::Nodes::source); there is no column for it.
#[derive(Debug)]
pub struct Edges {
    pub(super) label: Vec<u32>,
    /// A [`Hop`] each: what most walks want of an edge comes with one fetch.
    pub(super) to: Vec<u32>,
    count: usize,
    /// Where to read them again.
    pub(super) pages: Pages,
}

/// What a message calls it.
const WHAT: &str = "the edge table";

impl Edges {
    /// Reads the table; targets and names are checked, so that nothing behind can go astray.
    pub(super) fn read(
        input: &Arc<Input>,
        array: &Array,
        layout: &Layout,
        strings: usize,
        names: NameBonds,
    ) -> Result<Self> {
        let end = array.range.end;
        let table = Table::split(input, array, layout.edge.width, WHAT)?;
        let count = table.rows();
        if count != layout.edge_count {
            return Err(wrong_count(WHAT, count, layout.edge_count, end));
        }
        let mut columns = Columns::new(count);
        let rule = Rule::new(layout, strings, names);
        columns.fill(0..count, &table, &rule)?;
        Ok(columns.finish(input, rule, end))
    }

    /// The same while the array's end is looked for, which it gives too; `None` if anything is odd.
    pub(super) fn stream(
        input: &Arc<Input>,
        start: usize,
        (layout, strings): (&Layout, usize),
        names: NameBonds,
    ) -> Option<(Self, usize)> {
        let count = layout.edge_count;
        let mut columns = Columns::new(count);
        let rule = Rule::new(layout, strings, names);
        let (rows, end) = Stream::new(input, layout.edge.width).read(start, |rows, table| {
            if rows.end > count {
                return Err(wrong_count(WHAT, rows.end, count, start));
            }
            columns.fill(rows, table, &rule)
        })?;
        (rows == count).then(|| (columns.finish(input, rule, end), end))
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

    /// Gives the columns back. What is asked for later is read from the file again, batch by batch.
    pub(super) fn give_back(&mut self) {
        self.give_back_labels();
        self.to = Vec::new();
    }

    /// Gives back what walks over all edges do not look at.
    pub(super) fn give_back_labels(&mut self) {
        self.label = Vec::new();
        self.pages.open();
    }

    fn is_resident(&self) -> bool {
        self.to.len() == self.count
    }

    #[inline(always)]
    fn hop(&self, edge: EdgeIdx) -> Hop {
        Hop(self.to.get(edge.at()).copied().unwrap_or_else(|| self.pages.hop(edge)))
    }

    /// Number of edges.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    #[cfg(feature = "internals")]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The kind of an edge.
    #[inline]
    #[must_use]
    pub fn kind(&self, edge: EdgeIdx) -> EdgeKind {
        self.bond(edge).kind()
    }

    /// Where it leads.
    #[inline]
    #[must_use]
    pub fn target(&self, edge: EdgeIdx) -> NodeIdx {
        self.hop(edge).target()
    }

    /// How it binds.
    #[inline]
    pub(crate) fn bond(&self, edge: EdgeIdx) -> Bond {
        self.hop(edge).bond()
    }

    /// All [`Hop`]s, in edge order.
    pub(crate) fn hops(&self) -> &[u32] {
        if self.is_resident() { &self.to } else { self.pages.hops() }
    }

    /// All labels, in edge order.
    pub(crate) fn labels(&self) -> &[u32] {
        if self.label.len() == self.count { &self.label } else { self.pages.labels() }
    }

    /// The label: a string's position, or a plain number for element and hidden edges.
    #[inline]
    #[must_use]
    pub fn label(&self, edge: EdgeIdx) -> u32 {
        self.label.get(edge.at()).copied().unwrap_or_else(|| self.pages.label(edge))
    }

    /// The name, unless the label is a plain number.
    #[inline]
    #[must_use]
    pub fn name(&self, edge: EdgeIdx) -> Option<StrIdx> {
        (!self.kind(edge).is_indexed()).then(|| StrIdx(self.label(edge)))
    }
}

/// Columns of the table while they are filled.
struct Columns {
    label: Vec<u32>,
    to: Vec<u32>,
    batches: Batches,
}

impl Columns {
    fn new(count: usize) -> Self {
        Self { label: vec![0; count], to: vec![0; count], batches: Batches::default() }
    }

    /// Reads some rows.
    fn fill(&mut self, rows: Range<usize>, table: &Table<'_>, rule: &Rule) -> Result<()> {
        let labels = table.deal(&mut self.label[rows.clone()]).into_iter();
        let columns = labels.zip(table.deal(&mut self.to[rows]));
        let parts = columns.map(|(label, to)| Part::new(label, to)).collect();
        let parts = table.read(parts, |part, row, batch| part.take(row, batch, rule))?;
        self.batches.extend(&parts);
        Ok(())
    }

    /// `end` is where the array ends.
    fn finish(self, input: &Arc<Input>, rule: Rule, end: usize) -> Edges {
        let Self { label, to, batches } = self;
        let count = to.len();
        Edges { label, to, count, pages: Pages::new(input, rule, batches, end - 1) }
    }
}
