//! Rows of the `edges` array in, edge columns out.

use super::bond::{Bond, NameBonds};
use super::edge_rows::{Hop, Part, Rule};
use super::meta::{EdgeKind, Layout};
use super::numbers::{Table, wrong_count};
use super::pages::Pages;
use super::sections::Array;
use crate::error::Result;
use crate::ids::{EdgeIdx, NodeIdx, StrIdx};
use crate::input::Input;
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
            .map(|(label, to)| Part::new(label, to))
            .collect();
        let rule = Rule::new(layout, strings, names);
        let parts = table.read(parts, |part, row, batch| part.take(row, batch, &rule))?;
        let pages = Pages::new(input, rule, &parts, end - 1);
        Ok(Self { label, to, count, pages })
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
