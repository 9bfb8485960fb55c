//! A program that is ready and a load in; snapshots on one connection, and what it took at rest, out.
//!
//! ```text
//!   load to warm up, rest, snapshot 1 | load, rest, snapshot 2 | load, rest, snapshot 3
//! ```

use super::load::Load;
use super::program::Program;
use super::settle::{Rest, settle};
use super::tally::Tally;
use crate::cancel::Cancel;
use crate::capture::Session;
use crate::error::Result;
use std::time::Duration;

/// Loads that are measured: one tells growth, the next whether it goes on.
pub(crate) const ROUNDS: usize = 2;

/// How much of the load, and how long to wait afterwards.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// Calls before the first snapshot, and between two.
    pub warm_up: u64,
    pub calls: u64,
    /// How long a process may take to come to rest.
    pub patience: Duration,
    pub cancel: Cancel,
}

/// A load, and how the process was at rest after it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Round {
    pub tally: Tally,
    pub rest: Rest,
    /// The parts of the load, if it has several.
    pub parts: Vec<Part>,
}

/// A part of a load, and what the process took more at rest after it.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub name: &'static str,
    pub tally: Tally,
    /// Bytes of data.
    pub kept: i64,
}

/// Whoever hears how it goes, and takes the snapshots.
pub(crate) trait Watcher {
    /// A load of so many calls begins; 0 is the one to warm up.
    fn begins(&mut self, number: usize, calls: u64);

    /// A process is at rest.
    ///
    /// # Errors
    /// If no snapshot can be taken.
    fn at_rest(&mut self, session: &mut Session, rest: &Rest) -> Result<()>;
}

/// Drives the load: first to warm up, then to measure. The rounds, the first of which is the warm-up.
///
/// # Errors
/// If the program ends, its inspector does not answer, or the load cannot be made.
pub(crate) fn experiment(
    program: &mut Program,
    session: &mut Session,
    load: &mut dyn Load,
    plan: &Plan,
    watcher: &mut dyn Watcher,
) -> Result<Vec<Round>> {
    let mut rounds: Vec<Round> = Vec::new();
    let mut before = settle(session, &Rest::default(), Duration::ZERO, &plan.cancel)?;
    let mut next = 0;
    for number in 0..=ROUNDS {
        let calls = if number == 0 { plan.warm_up } else { plan.calls };
        watcher.begins(number, calls);
        // A snapshot leaves something behind itself.
        let rest = match number {
            0 => before.clone(),
            _ => settle(session, &before, Duration::ZERO, &plan.cancel)?,
        };
        let mut round = Round { rest, ..Round::default() };
        let parts = load.parts(calls);
        let last = parts.len().saturating_sub(1);
        for (at, (name, calls)) in parts.into_iter().enumerate() {
            let data = round.rest.state.data();
            let tally = load.drive(name, next..next + calls, program, &plan.cancel)?;
            next += calls;
            round.tally += tally.clone();
            // What a warm-up keeps of its parts is not asked.
            if number > 0 || at == last {
                round.rest = settle(session, &before, plan.patience, &plan.cancel)?;
            }
            program.runs()?;
            // Of several passes of a part the last one counts.
            round.parts.pop_if(|last| last.name == name);
            if number > 0 && !name.is_empty() {
                let kept = round.rest.state.data().cast_signed() - data.cast_signed();
                round.parts.push(Part { name, tally, kept });
            }
        }
        watcher.at_rest(session, &round.rest)?;
        // What the warm-up has opened is the program's own.
        if number == 0 {
            before = round.rest.clone();
        }
        rounds.push(round);
    }
    Ok(rounds)
}
