//! The counts of some snapshots and a limit in, the plan that keeps to it out, or what is needed.

use crate::error::{Error, ErrorKind, Result};
use crate::input::Input;
use crate::pair::Pair;
use crate::parse::Tables;
use crate::units::size;
use std::sync::Arc;

/// How the two snapshots are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plan {
    /// Both at the same time, and what is freed is kept for what comes next.
    Amply,
    /// Both at the same time.
    Together,
    /// The older one first, and of each only what the next step needs: its edges, and the labels of
    /// the newest one's, are read again where they are asked for.
    InTurn,
}

/// In bytes; measured on pairs of 12 to 2,260 MB with one and two threads, and rounded up.
mod per {
    /// A reference: where it leads and how it binds; and its label.
    pub(super) const HOP: u64 = 4;
    pub(super) const EDGE: u64 = 8;
    /// The columns of each node, and the texts and places beside them.
    pub(super) const NODE: u64 = 31;
    /// What is found out of each node of the newest heap beside the dominators: survivors, and ways
    /// with their costs.
    pub(super) const NODE_OF_NEWEST: u64 = 13;
    /// What is known of each node of the newest heap at last: the tree, what each node retains and
    /// brought, survivors, ways.
    pub(super) const NODE_AT_LAST: u64 = 29;
    /// What is needed on the way to the dominators, for each node, and for each edge: its retainer,
    /// if it is kept.
    pub(super) const NODE_ON_THE_WAY: u64 = 28;
    pub(super) const EDGE_ON_THE_WAY: u64 = 1;
    /// A table of a heap's ids.
    pub(super) const ID: u64 = 8;
    /// What whole classes retain and how far they are takes of each node: the older heap's tree,
    /// and its distances; and the newest one's.
    pub(super) const NODE_FOR_FIGURES: u64 = 11;
    /// What `dump` writes of a node.
    pub(super) const NODE_WRITTEN: u64 = 40;
    /// Labels that are read again, for each edge.
    pub(super) const EDGE_READ_AGAIN: f64 = 2.3;
    /// What part more it takes to keep what is freed.
    pub(super) const AMPLE: u64 = 4;
    /// The program, its stacks and its report.
    pub(super) const RUN: u64 = 18 << 20;
}

/// Edges of an older heap that are worth no second look at the file.
pub(crate) const EDGES_TO_KEEP: u64 = 4 << 20;

/// The shortest rows a file can have, in bytes: five numbers, and three, with their commas.
const NODE_ROW: u64 = 10;
const EDGE_ROW: u64 = 6;

/// What one snapshot has.
#[derive(Clone, Copy)]
struct Counts {
    /// Bytes of the file that lie in memory.
    held: u64,
    nodes: u64,
    edges: u64,
}

impl Counts {
    fn of(input: &Input) -> Self {
        // A header that cannot be read is for the parser to complain of.
        let (nodes, edges) = Tables::counts(input).unwrap_or_default();
        // A file cannot have more rows than it has room for, whatever it claims.
        let room = input.bytes().len() as u64;
        let (nodes, edges) = (nodes.min(room / NODE_ROW), edges.min(room / EDGE_ROW));
        Self { held: input.held_bytes(), nodes, edges }
    }

    /// All that a file says.
    const fn tables(self) -> u64 {
        self.nodes * per::NODE + self.edges * per::EDGE
    }

    /// What is left of it once the nodes of an older heap are matched.
    const fn matched(self) -> u64 {
        let edges = if self.edges < EDGES_TO_KEEP { self.edges } else { 0 };
        self.nodes * per::NODE + edges * per::EDGE
    }

    /// On the way to the dominators.
    const fn way(self) -> u64 {
        self.nodes * per::NODE_ON_THE_WAY + self.edges * per::EDGE_ON_THE_WAY
    }
}

/// Chooses how to read two snapshots, and others between them one after the other, within a limit
/// (in bytes). `whole` says that all edges of the older one are needed to the end, and what its
/// classes retain.
///
/// # Errors
/// `Memory` if they need more however they are read; says how much.
pub(crate) fn plan(
    pair: Pair<&Arc<Input>>,
    between: &[Arc<Input>],
    limit: Option<u64>,
    whole: bool,
) -> Result<Plan> {
    let Some(limit) = limit else { return Ok(Plan::Amply) };
    let Pair { before, after } = pair.map(|input| Counts::of(input));
    let between: Vec<Counts> = between.iter().map(|input| Counts::of(input)).collect();
    let largest = between.iter().map(|counts| counts.tables()).max().unwrap_or(0);
    let others = between.iter().fold(largest, |sum, counts| sum + counts.held + counts.matched());
    let figures = if whole { (before.nodes + after.nodes) * per::NODE_FOR_FIGURES } else { 0 };
    let stay = per::RUN + before.held + after.held + others + figures;
    // Whether they are of one process, and so whether the older one's edges stay, is not known yet.
    let newest = after.tables() + after.nodes * per::NODE_OF_NEWEST + after.way();
    let together = stay + before.tables() + before.nodes * per::ID + newest;
    if together + together / per::AMPLE <= limit {
        return Ok(Plan::Amply);
    }
    if together <= limit {
        return Ok(Plan::Together);
    }
    let known = per::NODE + per::NODE_AT_LAST;
    let again = (after.edges as f64 * per::EDGE_READ_AGAIN) as u64;
    let at_last = after.nodes * known + after.edges * per::HOP + again;
    let in_turn = stay + before.nodes * per::NODE + at_last.max(after.tables());
    let alone = stay + before.tables() + if whole { before.way() } else { 0 };
    fits("comparing these snapshots", in_turn.max(alone), Some(limit)).map(|()| Plan::InTurn)
}

/// Looks whether snapshots can be scrubbed within a limit (in bytes): all are held, and the tables
/// of one at a time.
///
/// # Errors
/// `Memory` if they need more; says how much.
pub(crate) fn scrub(inputs: &[Arc<Input>], limit: Option<u64>) -> Result<()> {
    let held: u64 = inputs.iter().map(|input| input.held_bytes()).sum();
    let largest = inputs.iter().map(|input| Counts::of(input).tables()).max().unwrap_or(0);
    fits("scrubbing", per::RUN + held + largest, limit)
}

/// Looks whether every number of a snapshot can be computed and written within a limit (in bytes).
///
/// # Errors
/// `Memory` if that needs more; says how much.
pub(crate) fn dump(input: &Input, limit: Option<u64>) -> Result<()> {
    let counts = Counts::of(input);
    let nodes = per::NODE_AT_LAST + per::NODE_WRITTEN;
    let written = (counts.nodes * nodes).max(counts.way());
    fits("dumping", per::RUN + counts.held + counts.tables() + written, limit)
}

fn fits(doing: &str, needed: u64, limit: Option<u64>) -> Result<()> {
    let Some(limit) = limit.filter(|limit| needed > *limit) else { return Ok(()) };
    let (needed, limit) = (size(needed), size(limit));
    let what = format!("{doing} takes about {needed}, and the limit is {limit}");
    Err(Error::new(ErrorKind::Memory, what)
        .hint("do it on a larger machine, or allow more with --max-memory if there is more"))
}
