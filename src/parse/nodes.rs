//! Rows of the `nodes` array in, node columns out.

use super::digits::Batch;
use super::meta::{Layout, NodeKind};
use super::numbers::{Fault, Table, wrong_count};
use super::sections::Array;
use super::sizes::{self, Sizes};
use super::stream::Stream;
use crate::error::{Error, Result};
use crate::ids::{NodeId, NodeIdx, StrIdx};
use crate::input::Input;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

/// The node table, in columns.
#[derive(Debug)]
pub struct Nodes {
    /// Positions in the file's own list of kinds.
    pub(crate) raw_kind: Vec<u8>,
    kinds: Vec<NodeKind>,
    /// The file's names of the kinds.
    pub(crate) kind_names: Vec<String>,
    name: Vec<u32>,
    id: Vec<NodeId>,
    /// What ids have above their last 32 bits; empty if that is nothing in the whole file. Some producers
    /// write addresses.
    id_above: Vec<u32>,
    /// `self_size` as written; the heap takes it and makes its shallow sizes of it.
    pub(crate) self_size: Sizes,
    /// Whether the file has the field `detachedness`.
    pub(crate) has_detachedness: bool,
    /// Its two low bits; empty if the file has no such field. The heap takes it.
    pub(crate) detachedness: Vec<u8>,
    /// `first_edge[i]..first_edge[i + 1]` are the edges of node `i`.
    first_edge: Vec<u32>,
    /// The sources of every [`STEP`]th edge, and the last node; made when one is first asked for.
    sources: OnceLock<Vec<u32>>,
}

/// Edges from one known source to the next.
const STEP: usize = 64;

/// What a message calls it.
const WHAT: &str = "the node table";

struct Part<'a> {
    kind: &'a mut [u8],
    name: &'a mut [u32],
    id: &'a mut [u32],
    size: &'a mut [u32],
    /// Sizes that need more than 32 bits, by row of the part.
    large: Vec<(usize, u64)>,
    /// What ids have above their last 32 bits; empty as long as that is nothing.
    id_above: Vec<u32>,
    edges: &'a mut [u32],
    detachedness: Option<&'a mut [u8]>,
}

impl Nodes {
    /// Reads the table; name indices are checked against the number of strings.
    pub(super) fn read(
        input: &Input,
        array: &Array,
        layout: &Layout,
        strings: usize,
    ) -> Result<Self> {
        let end = array.range.end;
        let table = Table::split(input, array, layout.node.width, WHAT)?;
        let count = table.rows();
        if count != layout.node_count {
            return Err(wrong_count(WHAT, count, layout.node_count, end));
        }
        if count == 0 {
            return Err(Error::damaged(end, "the snapshot has no nodes"));
        }
        let mut columns = Columns::new(layout);
        columns.fill(0..count, &table, layout, strings)?;
        columns.finish(layout, end)
    }

    /// The same while the array's end is looked for, which it gives too; `None` if anything is odd.
    pub(super) fn stream(
        input: &Input,
        start: usize,
        layout: &Layout,
        strings: usize,
    ) -> Option<(Self, usize)> {
        let mut columns = Columns::new(layout);
        let stream = Stream::new(input, layout.node.width);
        let (rows, end) = stream.read(start, |rows, table| {
            if rows.end > layout.node_count {
                return Err(wrong_count(WHAT, rows.end, layout.node_count, start));
            }
            columns.fill(rows, table, layout, strings)
        })?;
        let is_sound = rows == layout.node_count && rows > 0;
        Some((is_sound.then(|| columns.finish(layout, end).ok()).flatten()?, end))
    }

    /// Gives up edges from a position on, and names from a position on, which become that
    /// position's. Returns how many names.
    pub(super) fn give_up(&mut self, edges: Option<usize>, names: Option<u32>) -> u64 {
        if let Some(edges) = edges {
            self.first_edge.iter_mut().for_each(|first| *first = (*first).min(edges as u32));
        }
        let Some(lost) = names else { return 0 };
        let lost_names = self.name.iter_mut().filter(|name| **name >= lost);
        lost_names.map(|name| *name = lost).count() as u64
    }

    /// Number of nodes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.id.len()
    }

    /// Whether there are no nodes (never: the root is always there).
    #[cfg(feature = "internals")]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.id.is_empty()
    }

    /// Every node's index, in file order.
    pub fn indices(&self) -> impl ExactSizeIterator<Item = NodeIdx> + Clone + use<> {
        (0..self.len() as u32).map(NodeIdx)
    }

    /// The kind of a node.
    #[inline]
    #[must_use]
    pub fn kind(&self, node: NodeIdx) -> NodeKind {
        self.kinds[self.raw_kind[node.at()] as usize]
    }

    /// The name as written in the file.
    #[inline]
    #[must_use]
    pub fn name(&self, node: NodeIdx) -> StrIdx {
        StrIdx(self.name[node.at()])
    }

    /// V8's id; of one that has more than 32 bits the last 32, by which objects are compared as in DevTools.
    #[inline]
    #[must_use]
    pub fn id(&self, node: NodeIdx) -> NodeId {
        self.id[node.at()]
    }

    /// All ids, in node order, as [`Self::id`] gives them.
    #[must_use]
    pub fn ids(&self) -> &[NodeId] {
        &self.id
    }

    /// The id as it is in the file, with all its 64 bits: what is shown. Two objects may be compared by it
    /// within one snapshot only.
    #[must_use]
    pub fn whole_id(&self, node: NodeIdx) -> u64 {
        let above = self.id_above.get(node.at()).copied().unwrap_or(0);
        u64::from(above) << u32::BITS | u64::from(self.id(node))
    }

    /// The positions of the node's edges.
    #[inline]
    #[must_use]
    pub fn edges(&self, node: NodeIdx) -> Range<usize> {
        self.first_edge[node.at()] as usize..self.first_edge[node.at() + 1] as usize
    }

    /// Whether ids have more than 32 bits in the file.
    #[must_use]
    pub fn has_wide_ids(&self) -> bool {
        !self.id_above.is_empty()
    }

    /// Where the edges of each node begin, and where the last one's end.
    pub(crate) fn first_edges(&self) -> &[u32] {
        &self.first_edge
    }

    /// The node whose edge this is.
    #[must_use]
    pub fn source(&self, edge: crate::ids::EdgeIdx) -> NodeIdx {
        let sources = self.sources.get_or_init(|| self.find_sources());
        let [low, high] = [0, 1].map(|next| sources[edge.at() / STEP + next] as usize);
        let behind = &self.first_edge[low + 1..=high];
        NodeIdx::from_at(low + behind.partition_point(|first| *first <= edge.0))
    }

    fn find_sources(&self) -> Vec<u32> {
        let mut sources = Vec::new();
        for node in self.indices() {
            while sources.len() * STEP < self.edges(node).end {
                sources.push(node.0);
            }
        }
        sources.push(self.len() as u32 - 1);
        sources
    }
}

/// Columns of the table while they are filled.
struct Columns {
    kind: Vec<u8>,
    name: Vec<u32>,
    id: Vec<NodeId>,
    size: Vec<u32>,
    /// Sizes that need more than 32 bits, by row.
    large: BTreeMap<u32, u64>,
    /// What ids have above their last 32 bits; empty as long as that is nothing.
    id_above: Vec<u32>,
    /// Numbers of edges, from position 1 on.
    edges: Vec<u32>,
    detachedness: Vec<u8>,
}

impl Columns {
    fn new(layout: &Layout) -> Self {
        let count = layout.node_count;
        let states = if layout.node.detachedness.is_some() { count } else { 0 };
        Self {
            kind: vec![0; count],
            name: vec![0; count],
            id: vec![0; count],
            size: vec![0; count],
            large: BTreeMap::new(),
            id_above: Vec::new(),
            edges: vec![0; count + 1],
            detachedness: vec![0; states],
        }
    }

    /// Reads some rows.
    fn fill(
        &mut self,
        rows: Range<usize>,
        table: &Table<'_>,
        layout: &Layout,
        strings: usize,
    ) -> Result<()> {
        let mut first = rows.start as u32;
        let mut kinds = table.deal(&mut self.kind[rows.clone()]).into_iter();
        let mut names = table.deal(&mut self.name[rows.clone()]).into_iter();
        let mut ids = table.deal(&mut self.id[rows.clone()]).into_iter();
        let mut sizes = table.deal(&mut self.size[rows.clone()]).into_iter();
        let mut edges = table.deal(&mut self.edges[1..][rows.clone()]).into_iter();
        let mut states = match layout.node.detachedness {
            Some(_) => table.deal(&mut self.detachedness[rows]),
            None => Vec::new(),
        }
        .into_iter();
        let mut parts = Vec::new();
        while let (Some(kind), Some(name), Some(id), Some(size), Some(edges)) =
            (kinds.next(), names.next(), ids.next(), sizes.next(), edges.next())
        {
            let detachedness = states.next();
            let (large, id_above) = (Vec::new(), Vec::new());
            parts.push(Part { kind, name, id, size, large, id_above, edges, detachedness });
        }
        let parts = table.read(parts, |part, row, batch| part.take(row, batch, layout, strings))?;
        for part in parts {
            self.large.extend(part.large.iter().map(|(row, size)| (first + *row as u32, *size)));
            if !part.id_above.is_empty() {
                self.id_above.resize(layout.node_count, 0);
                self.id_above[first as usize..][..part.id_above.len()]
                    .copy_from_slice(&part.id_above);
            }
            first += part.size.len() as u32;
        }
        Ok(())
    }

    fn finish(mut self, layout: &Layout, end: usize) -> Result<Nodes> {
        add_up(&mut self.edges, layout.edge_count, end)?;
        Ok(Nodes {
            raw_kind: self.kind,
            kinds: layout.node_kinds.clone(),
            kind_names: layout.node_type_names.clone(),
            name: self.name,
            id: self.id,
            id_above: self.id_above,
            self_size: Sizes::new(self.size, self.large),
            has_detachedness: layout.node.detachedness.is_some(),
            detachedness: self.detachedness,
            first_edge: self.edges,
            sources: OnceLock::new(),
        })
    }
}

impl Part<'_> {
    #[inline(never)]
    fn take(
        &mut self,
        first: usize,
        batch: &Batch,
        layout: &Layout,
        strings: usize,
    ) -> std::result::Result<(), Fault> {
        let field = &layout.node;
        let rows = first..first + batch.rows();
        let numbers = self.kind[rows.clone()].iter_mut().zip(&mut self.name[rows.clone()]);
        let sizes = self.size[rows.clone()].iter_mut().zip(&mut self.edges[rows.clone()]);
        let columns = numbers.zip(&mut self.id[rows.clone()]).zip(sizes);
        let (kinds, edge_count) = (layout.node_kinds.len() as u64, layout.edge_count as u64);
        let (mut bad, mut is_large, mut is_wide) = (false, false, false);
        let fields = [field.kind, field.name, field.id, field.self_size, field.edge_count];
        batch.each(fields, columns, |[kind, name, id, size, edges], to| {
            bad |= (kind >= kinds) | (name >= strings as u64);
            bad |= edges > edge_count;
            is_wide |= id > u64::from(u32::MAX);
            is_large |= size >= u64::from(u32::MAX);
            let (((to_kind, to_name), to_id), (to_size, to_edges)) = to;
            (*to_kind, *to_name, *to_id) = (kind as u8, name as u32, id as u32);
            (*to_size, *to_edges) = (sizes::narrow(size), edges as u32);
        });
        if bad {
            return check(batch, layout, strings);
        }
        if is_wide {
            self.id_above.resize(self.id.len(), 0);
            let above = self.id_above[rows.clone()].iter_mut().zip(batch.column(field.id));
            above.for_each(|(to, id)| *to = (id >> u32::BITS) as u32);
        }
        if is_large {
            let sizes = rows.clone().zip(batch.column(field.self_size));
            self.large.extend(sizes.filter(|(_, size)| *size >= u64::from(u32::MAX)));
        }
        if let (Some(states), Some(at)) = (&mut self.detachedness, field.detachedness) {
            let states = states[rows].iter_mut().zip(batch.column(at));
            states.for_each(|(to, state)| *to = (state & 3) as u8);
        }
        Ok(())
    }
}

#[cold]
fn check(batch: &Batch, layout: &Layout, strings: usize) -> std::result::Result<(), Fault> {
    let below = |column: usize, bound: u64, what: &dyn Fn(u64) -> String| {
        let wrong = batch.column(column).enumerate().find(|(_, value)| *value >= bound);
        wrong.map_or(Ok(()), |(row, value)| Err(Fault { row, column, what: what(value) }))
    };
    let field = &layout.node;
    below(field.kind, layout.node_kinds.len() as u64, &|kind| {
        format!("type {kind} is not in the file's list")
    })?;
    below(field.name, strings as u64, &|name| {
        format!("string {name} of {strings} does not exist")
    })?;
    below(field.edge_count, layout.edge_count as u64 + 1, &|edges| {
        format!("a node has {edges} edges, more than there are")
    })
}

/// Turns edge counts (from position 1) into first edges.
fn add_up(counts: &mut [u32], edge_count: usize, end: usize) -> Result<()> {
    let mut sum = 0_u64;
    for count in counts.iter_mut() {
        sum += u64::from(*count);
        *count = sum as u32;
    }
    if sum == edge_count as u64 {
        return Ok(());
    }
    let what = format!("the nodes own {sum} edges, but the header says {edge_count}");
    Err(Error::damaged(end, what))
}
