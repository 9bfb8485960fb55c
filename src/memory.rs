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
    /// Both at the same time.
    Together,
    /// The older one first, and of each only what the next step needs: its edges, and the labels of
    /// the newest one's, are read again where they are asked for.
    InTurn,
}

/// In bytes; measured with `--threads` 1 and 2 on pairs of 56 and 499 MB, and rounded up.
mod per {
    /// Where it leads, its kind and its label.
    pub(super) const EDGE: u64 = 8;
    /// The columns that a heap keeps for each node, and the texts and places beside them.
    pub(super) const NODE: u64 = 56;
    /// What is needed on the way to the dominators, for each node.
    pub(super) const NODE_ON_THE_WAY: u64 = 44;
    /// The same for each edge: its retainer, if it is kept.
    pub(super) const EDGE_ON_THE_WAY: u64 = 3;
    /// The program, its stacks and its report.
    pub(super) const RUN: u64 = 24 << 20;
}

/// The shortest rows a file can have, in bytes: five numbers, and three, with their commas.
const NODE_ROW: u64 = 10;
const EDGE_ROW: u64 = 6;

/// What one snapshot needs, in bytes.
#[derive(Clone, Copy)]
struct Need {
    stays: u64,
    on_the_way: u64,
}

impl Need {
    fn of(input: &Input) -> Self {
        let held = input.held_bytes();
        // A header that cannot be read is for the parser to complain of.
        let Some((nodes, edges)) = Tables::counts(input) else {
            return Self { stays: held, on_the_way: 0 };
        };
        // A file cannot have more rows than it has room for, whatever it claims.
        let room = input.bytes().len() as u64;
        let (nodes, edges) = (nodes.min(room / NODE_ROW), edges.min(room / EDGE_ROW));
        Self {
            stays: held + nodes * per::NODE + edges * per::EDGE,
            on_the_way: nodes * per::NODE_ON_THE_WAY + edges * per::EDGE_ON_THE_WAY,
        }
    }
}

/// Chooses how to read two snapshots, and others between them one after the other, within a limit
/// (in bytes).
///
/// # Errors
/// `Memory` if they need more however they are read; says how much.
pub(crate) fn plan(
    pair: Pair<&Arc<Input>>,
    between: &[Arc<Input>],
    limit: Option<u64>,
) -> Result<Plan> {
    let Some(limit) = limit else { return Ok(Plan::Together) };
    let Pair { before, after } = pair.map(|input| Need::of(input));
    let between: Vec<Need> = between.iter().map(|input| Need::of(input)).collect();
    let largest = between.iter().map(|need| need.on_the_way).max().unwrap_or(0);
    let stay = between.iter().fold(before.stays + after.stays, |sum, need| sum + need.stays);
    let together = per::RUN + stay + largest.max(before.on_the_way + after.on_the_way);
    let in_turn = per::RUN + stay + largest.max(before.on_the_way).max(after.on_the_way);
    if together <= limit {
        Ok(Plan::Together)
    } else {
        fits("comparing these snapshots", in_turn, Some(limit)).map(|()| Plan::InTurn)
    }
}

/// Looks whether snapshots can be scrubbed within a limit (in bytes): all are held, and the tables
/// of one at a time.
///
/// # Errors
/// `Memory` if they need more; says how much.
pub(crate) fn scrub(inputs: &[Arc<Input>], limit: Option<u64>) -> Result<()> {
    let tables = |input: &Arc<Input>| Need::of(input).stays - input.held_bytes();
    let held: u64 = inputs.iter().map(|input| input.held_bytes()).sum();
    let needed = per::RUN + held + inputs.iter().map(tables).max().unwrap_or(0);
    fits("scrubbing", needed, limit)
}

/// Looks whether every number of a snapshot can be computed and written within a limit (in bytes).
///
/// # Errors
/// `Memory` if that needs more; says how much.
pub(crate) fn dump(input: &Input, limit: Option<u64>) -> Result<()> {
    let need = Need::of(input);
    let needed = per::RUN + need.stays + need.on_the_way;
    fits("dumping", needed, limit)
}

fn fits(doing: &str, needed: u64, limit: Option<u64>) -> Result<()> {
    let Some(limit) = limit.filter(|limit| needed > *limit) else { return Ok(()) };
    let (needed, limit) = (size(needed), size(limit));
    let what = format!("{doing} takes about {needed}, and the limit is {limit}");
    Err(Error::new(ErrorKind::Memory, what)
        .hint("do it on a larger machine, or allow more with --max-memory if there is more"))
}
