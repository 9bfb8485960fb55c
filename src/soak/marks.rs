//! A command that drives a program by itself in; the snapshots that it asks for out.

use super::experiment::{Plan, Round, Watcher};
use super::program::{Program, Signal};
use super::settle::{Rest, settle};
use super::shell::{GLANCE, goes_on};
use super::state::State;
use super::tally::Tally;
use crate::capture::Session;
use crate::error::{Error, ErrorKind, Result};
use std::time::Duration;

/// Snapshots that make a comparison.
const FEWEST: usize = 2;

/// Runs a command that drives by itself, and takes a snapshot wherever it says `heapdiff: mark` on a line of
/// its own. It is stopped meanwhile, so that what it does next comes behind the snapshot; what it has open at
/// a mark is its own.
///
/// # Errors
/// As of [`shell`](super::shell::shell); `Usage` if there are fewer than two marks.
pub(crate) fn marked(
    line: &str,
    program: &mut Program,
    session: &mut Session,
    plan: &Plan,
    watcher: &mut dyn Watcher,
) -> Result<Vec<Round>> {
    let mut rounds: Vec<Round> = Vec::new();
    let mut before = settle(session, &Rest::default(), Duration::ZERO, &plan.cancel)?;
    let mut load = program.shell(line, true)?;
    loop {
        let ends = !goes_on(&mut load, program, &plan.cancel)?;
        while load.output.marks() > rounds.len() {
            watcher.begins(rounds.len(), 0);
            let as_now = before.with_active_of(State::of(session)?);
            let rest = settle(session, &as_now, plan.patience, &plan.cancel)?;
            watcher.at_rest(session, &rest)?;
            if rounds.is_empty() {
                before = rest.clone();
            }
            rounds.push(Round { tally: Tally::default(), rest, parts: Vec::new() });
            load.signal(Signal::GoOn);
        }
        if ends {
            break;
        }
        std::thread::sleep(GLANCE);
    }
    if rounds.len() < FEWEST {
        let what = format!("the command has marked {} of at least {FEWEST} places", rounds.len());
        return Err(Error::new(ErrorKind::Usage, what).with_hint(
            "where a snapshot belongs it says on a line of its standard output: heapdiff: mark",
        ));
    }
    Ok(rounds)
}
