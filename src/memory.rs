//! The counts of some snapshots and a limit in, the plan that keeps to it out, or what is needed.

use crate::error::{Error, ErrorKind, Remedy, Result};
use crate::input::Input;
use crate::pair::Pair;
use crate::parse::Tables;
use crate::units::size;
use std::sync::Arc;

/// How the two snapshots are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReadPlan {
    /// Both at the same time, and what is freed is kept for what comes next.
    Amply,
    /// Both at the same time.
    Together,
    /// The older one first, and of each only what the next step needs: its edges, and the labels of
    /// the newest one's, are read again where they are asked for.
    InTurn,
}

/// In bytes; measured on pairs of 12 to 2,260 MB with one and two threads, of one process and of two,
/// and rounded up.
mod per {
    /// A reference: where it leads and how it binds; and its label.
    pub(super) const HOP: u64 = 4;
    pub(super) const EDGE: u64 = 8;
    /// The columns of each node, and the texts and places beside them.
    pub(super) const NODE: u64 = 31;
    /// What an id has above its last 32 bits, where ids have more.
    pub(super) const ID_ABOVE: u64 = 4;
    /// What is found out of each node of the newest heap beside the dominators: survivors, and ways
    /// with their costs.
    pub(super) const NODE_OF_NEWEST: u64 = 13;
    /// A node of a heap whose counterpart is told by its looks: these, sorted, and what is to be done.
    pub(super) const NODE_PLACED: u64 = 32;
    /// What is known of each node of the newest heap at last: the tree, what each node retains and
    /// brought, survivors, ways.
    pub(super) const NODE_AT_LAST: u64 = 29;
    /// What is needed on the way to the dominators, for each node, and for each edge: its retainer,
    /// if it is kept.
    pub(super) const NODE_ON_THE_WAY: u64 = 28;
    pub(super) const EDGE_ON_THE_WAY: u64 = 1;
    /// What whole classes retain and how far they are takes of each node: the older heap's tree,
    /// and its distances; and the newest one's.
    pub(super) const NODE_FOR_FIGURES: u64 = 12;
    /// What is known and told of a class: its name, its figures in both heaps, its row.
    pub(super) const CLASS: u64 = 700;
    /// What `dump` writes of a node.
    #[cfg(any(feature = "cli", feature = "internals"))]
    pub(super) const NODE_WRITTEN: u64 = 40;
    /// Labels that are read again, for each edge.
    pub(super) const EDGE_READ_AGAIN: f64 = 2.3;
    /// What part more it takes to keep what is freed.
    pub(super) const AMPLE: u64 = 6;
    /// The program, its stacks and its report.
    pub(super) const RUN: u64 = 19 << 20;
}

/// Whether so many edges of an older heap are worth no second look at the file.
pub(crate) const fn are_few(edges: u64) -> bool {
    edges < 4 << 20
}

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
    /// What its own columns take of a node.
    of_node: u64,
}

impl Counts {
    fn of(input: &Input) -> Self {
        // A header that cannot be read is for the parser to complain of.
        let (nodes, edges) = Tables::counts(input).unwrap_or_default();
        // A file cannot have more rows than it has room for, whatever it claims.
        let room = input.bytes().len() as u64;
        let (nodes, edges) = (nodes.min(room / NODE_ROW), edges.min(room / EDGE_ROW));
        let above = if Tables::may_have_wide_ids(input) { per::ID_ABOVE } else { 0 };
        Self { held: input.held_bytes(), nodes, edges, of_node: per::NODE + above }
    }

    /// All that a file says.
    const fn tables(self) -> u64 {
        self.nodes * self.of_node + self.edges * per::EDGE
    }

    /// What is left of it once the nodes of an older heap are matched; `whole` as in [`Task`].
    const fn matched(self, whole: bool) -> u64 {
        let edge = match whole {
            _ if are_few(self.edges) => per::EDGE,
            true => per::HOP,
            false => 0,
        };
        self.nodes * self.of_node + self.edges * edge
    }

    /// On the way to the dominators.
    const fn way(self) -> u64 {
        self.nodes * per::NODE_ON_THE_WAY + self.edges * per::EDGE_ON_THE_WAY
    }
}

/// What is to be done with two snapshots, and others between them one after the other.
pub(crate) struct Task {
    pair: Pair<Counts>,
    /// What all others need.
    others: u64,
    /// Whether all edges of the older one are needed to the end, and what its classes retain.
    whole: bool,
    limit: Option<u64>,
}

impl Task {
    /// `limit` is in bytes.
    pub(crate) fn new(
        pair: Pair<&Arc<Input>>,
        between: &[Arc<Input>],
        limit: Option<u64>,
        whole: bool,
    ) -> Self {
        let pair = pair.map(|input| Counts::of(input));
        let between: Vec<Counts> = between.iter().map(|input| Counts::of(input)).collect();
        let largest = between.iter().map(|counts| counts.tables()).max().unwrap_or(0);
        let others =
            between.iter().fold(largest, |sum, counts| sum + counts.held + counts.matched(whole));
        Self { pair, others, whole, limit }
    }

    /// Chooses how to read them; `by_place` says that objects will be told by their places.
    ///
    /// # Errors
    /// `Memory` if they need more than the limit however they are read; says how much.
    pub(crate) fn plan(&self, by_place: bool) -> Result<ReadPlan> {
        let need = |plan| self.need(plan) + if by_place { self.places(plan) } else { 0 };
        let Some(limit) = self.limit else { return Ok(ReadPlan::Amply) };
        let together = need(ReadPlan::Together);
        if together + together / per::AMPLE <= limit {
            return Ok(ReadPlan::Amply);
        }
        if together <= limit {
            return Ok(ReadPlan::Together);
        }
        fits("comparing these snapshots", need(ReadPlan::InTurn), self.limit)
            .map(|()| ReadPlan::InTurn)
    }

    /// Looks whether objects can be told by their places, where it turns out that they have to.
    ///
    /// # Errors
    /// `Memory` if that needs more than the limit; says how much.
    pub(crate) fn go_by_place(&self, plan: ReadPlan) -> Result<()> {
        fits("comparing two processes", self.need(plan) + self.places(plan), self.limit)
    }

    /// Looks whether so many classes can be told, of which there may be as many as objects; and
    /// whether that takes so much that nothing freed should lie about beside it.
    ///
    /// # Errors
    /// `Memory` if that needs more than the limit; says how much.
    pub(crate) fn tell(&self, plan: ReadPlan, classes: usize) -> Result<bool> {
        let told = classes as u64 * per::CLASS;
        let what = format!("telling {} classes", crate::units::count(classes as u64));
        fits(&what, self.need(plan) + told, self.limit)?;
        Ok(told > self.need(plan) / 4)
    }

    /// What the limit leaves beside that, in bytes.
    pub(crate) fn left(&self, plan: ReadPlan, by_place: bool, classes: usize) -> Option<u64> {
        let places = if by_place { self.places(plan) } else { 0 };
        let needed = self.need(plan) + places + classes as u64 * per::CLASS;
        self.limit.map(|limit| limit.saturating_sub(needed))
    }

    /// In bytes, if objects are told by their ids.
    fn need(&self, plan: ReadPlan) -> u64 {
        let Self { pair: Pair { before, after }, others, whole, .. } = *self;
        let figures = if whole { (before.nodes + after.nodes) * per::NODE_FOR_FIGURES } else { 0 };
        let stay = per::RUN + before.held + after.held + others + figures;
        let way = if whole { before.way() } else { 0 };
        let most = if plan == ReadPlan::InTurn {
            let again = (after.edges as f64 * per::EDGE_READ_AGAIN) as u64;
            let known = after.nodes * (after.of_node + per::NODE_AT_LAST) + after.edges * per::HOP;
            let both = before.nodes * before.of_node + (known + again).max(after.tables());
            both.max(before.tables() + way)
        } else {
            let newest = after.nodes * per::NODE_OF_NEWEST + way.max(after.way());
            after.tables() + before.tables().max(before.matched(whole) + newest)
        };
        stay + most
    }

    /// What is needed beside this if they are told by their places: all edges, with labels.
    fn places(&self, plan: ReadPlan) -> u64 {
        let Pair { before, after } = self.pair;
        let placed = (before.nodes + after.nodes) * per::NODE_PLACED;
        placed
            + match plan {
                ReadPlan::InTurn => {
                    after.edges * per::EDGE + before.edges * (per::EDGE + per::HOP) + before.way()
                }
                _ if are_few(before.edges) => 0,
                _ => before.edges * per::EDGE,
            }
    }
}

/// Whether a snapshot, with what is said in it, takes a quarter of the limit (in bytes) at most.
pub(crate) fn is_small(input: &Input, limit: Option<u64>) -> bool {
    limit.is_none_or(|limit| {
        let counts = Counts::of(input);
        counts.held + counts.tables() <= limit / 4
    })
}

/// Looks whether snapshots can be scrubbed within a limit (in bytes): all are held, and the tables
/// of one at a time.
///
/// # Errors
/// `Memory` if they need more; says how much.
#[cfg(any(feature = "cli", feature = "internals"))]
pub(crate) fn scrub(inputs: &[Arc<Input>], limit: Option<u64>) -> Result<()> {
    let held: u64 = inputs.iter().map(|input| input.held_bytes()).sum();
    let largest = inputs.iter().map(|input| Counts::of(input).tables()).max().unwrap_or(0);
    fits("scrubbing", per::RUN + held + largest, limit)
}

/// Looks whether every number of a snapshot can be computed and written within a limit (in bytes).
///
/// # Errors
/// `Memory` if that needs more; says how much.
#[cfg(any(feature = "cli", feature = "internals"))]
pub(crate) fn dump(input: &Input, limit: Option<u64>) -> Result<()> {
    let counts = Counts::of(input);
    let nodes = per::NODE_AT_LAST + per::NODE_WRITTEN;
    let written = (counts.nodes * nodes).max(counts.way());
    fits("dumping", per::RUN + counts.held + counts.tables() + written, limit)
}

/// What a snapshot takes that is asked, beside an older one of which little is asked; in bytes, within a
/// limit.
///
/// # Errors
/// `Memory` if that is more than the limit; says how much.
pub(crate) fn explore(
    input: &Input,
    older: Option<&Arc<Input>>,
    limit: Option<u64>,
) -> Result<u64> {
    let counts = Counts::of(input);
    let known = counts.nodes * (per::NODE_AT_LAST + per::NODE_OF_NEWEST);
    let held_by = counts.nodes * per::HOP + counts.edges * per::HOP;
    let asked = counts.held + counts.tables() + known + held_by.max(counts.way());
    let older = older.map_or(0, |older| {
        let counts = Counts::of(older);
        counts.held + counts.tables() + counts.way()
    });
    fits("asking this snapshot", per::RUN + asked + older, limit).map(|()| asked + older)
}

const MORE: &str = "do it on a larger machine, or allow more with {} if there is more";

fn fits(doing: &str, needed: u64, limit: Option<u64>) -> Result<()> {
    let Some(limit) = limit.filter(|limit| needed > *limit) else { return Ok(()) };
    let (needed, limit) = (size(needed), size(limit));
    let what = format!("{doing} takes about {needed}, and the limit is {limit}");
    Err(Error::new(ErrorKind::Memory, what).with_remedies(MORE, &[Remedy::MoreMemory]))
}
