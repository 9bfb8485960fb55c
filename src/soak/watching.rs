//! A session with a process that goes its own way in, the moments for snapshots of it out.
//!
//! ```text
//!   time to warm up, snapshot | time, growth or a wish, snapshot | time, growth or a wish, snapshot | ...
//! ```
//!
//! What grows is known only once garbage is collected, and for that the process stops. So it is done seldom,
//! the more so the longer it takes, and not at all where nobody needs to know.

use super::settle::collected;
use super::state::State;
use crate::capture::Session;
use crate::error::Result;
use std::time::{Duration, Instant};

/// Between two collections at least: time, and how many times as long as one takes. A process gives at most
/// half a percent of its time.
const SELDOM: (Duration, u32) = (Duration::from_secs(5), 200);

/// When to take snapshots.
#[derive(Debug, Clone)]
pub(crate) struct Rhythm {
    /// Before the first.
    pub warm_up: Duration,
    /// Since the one before.
    pub every: Option<Duration>,
    /// Bytes of heap and external memory more than at the one before.
    pub growth: Option<u64>,
    /// Snapshots after the first.
    pub rounds: usize,
}

/// Whoever looks on, and takes the snapshots.
pub(crate) trait Onlooker {
    /// Whether it wants to see what the process takes between snapshots.
    fn wants_to_see(&self) -> bool;

    /// What the process takes, without garbage.
    fn sees(&mut self, state: &State);

    /// Nothing happens until then, if the process does not grow. Whether a snapshot is wished for now.
    fn waits(&mut self, until: Option<Instant>) -> bool;

    /// Takes a snapshot; `state` is what the process takes.
    ///
    /// # Errors
    /// If none can be taken.
    fn takes(&mut self, session: &mut Session, state: &State) -> Result<()>;
}

/// Watches until all snapshots are taken.
///
/// # Errors
/// As of [`Session::call`], if the process ends among others; as of [`Onlooker::takes`]; `Cancelled`.
pub(crate) fn watch(
    session: &mut Session,
    rhythm: &Rhythm,
    onlooker: &mut dyn Onlooker,
) -> Result<()> {
    session.mind_its_end();
    let mut pace = Pace { next: Instant::now() };
    let mut due = Instant::now().checked_add(rhythm.warm_up);
    let mut limit = None;
    for _ in 0..=rhythm.rounds {
        wait(session, due, limit, &mut pace, onlooker)?;
        let state = pace.look(session)?;
        onlooker.sees(&state);
        onlooker.takes(session, &state)?;
        // While it was written the process did nothing.
        due = rhythm.every.and_then(|every| Instant::now().checked_add(every));
        limit = rhythm.growth.map(|growth| state.used().saturating_add(growth));
    }
    Ok(())
}

/// Waits for one of the reasons to take a snapshot: time, growth up to a limit, a wish.
fn wait(
    session: &mut Session,
    due: Option<Instant>,
    limit: Option<u64>,
    pace: &mut Pace,
    onlooker: &mut dyn Onlooker,
) -> Result<()> {
    while due.is_none_or(|due| Instant::now() < due) && !onlooker.waits(due) {
        if pace.is_time() && (limit.is_some() || onlooker.wants_to_see()) {
            // With its garbage a process takes more than without.
            let may_have_grown = match limit {
                Some(limit) => State::of(session)?.used() >= limit,
                None => false,
            };
            pace.next = Instant::now() + SELDOM.0;
            if may_have_grown || onlooker.wants_to_see() {
                let state = pace.look(session)?;
                onlooker.sees(&state);
                if limit.is_some_and(|limit| state.used() >= limit) {
                    return Ok(());
                }
            }
        }
        session.glance()?;
    }
    Ok(())
}

/// How often garbage is collected.
#[derive(Debug)]
struct Pace {
    next: Instant,
}

impl Pace {
    fn is_time(&self) -> bool {
        Instant::now() >= self.next
    }

    /// What is there once garbage is gone. What was logged is held for a console that nobody has open if the
    /// inspector was opened for us; else somebody may look at it.
    fn look(&mut self, session: &mut Session) -> Result<State> {
        let begun = Instant::now();
        let state = match session.is_alone() {
            true => collected(session)?,
            false => {
                session.collect()?;
                State::of(session)?
            }
        };
        let took = begun.elapsed();
        self.next = Instant::now() + SELDOM.0.max(took * SELDOM.1);
        Ok(state)
    }
}
