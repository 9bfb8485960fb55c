//! A process after its load in, what it takes once it has come to rest out.

use super::state::{State, Timers};
use crate::cancel::Cancel;
use crate::capture::Session;
use crate::error::Result;
use crate::units::count;
use serde_json::json;
use std::time::{Duration, Instant};

/// Between two looks.
const GLANCE: Duration = Duration::from_millis(250);
/// Looks in a row at which collections find nothing more.
const LOOKS: u32 = 2;
/// What counts as nothing: bytes, and a share of the heap.
const NOTHING: (u64, u64) = (16 << 10, 2000);
/// Timers that any program may have more.
const TIMERS: u64 = 10;
/// Fewer are waited for once if they are due so soon: each may hold a session.
const SOON: Duration = Duration::from_secs(3);

/// What a process takes at rest, or after it did not come to rest for long enough.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rest {
    pub state: State,
    /// Timers that go off once.
    timers: Timers,
    /// Why what is there may go by itself; `None` if nothing says so.
    pub unsettled: Option<String>,
    /// What the load has left active, by kind: it may be a part of a leak.
    pub left: Option<String>,
}

/// Collects until nothing more goes and what the load had opened is closed, or `patience` is over.
/// `before` is how it was at rest before the load.
///
/// # Errors
/// As of [`Session::call`].
pub(super) fn settle(
    session: &mut Session,
    before: &Rest,
    patience: Duration,
    cancel: &Cancel,
) -> Result<Rest> {
    let begun = Instant::now();
    let (mut quiet, mut last, mut waited) = (0, None, false);
    loop {
        cancel.check()?;
        let state = collected(session)?;
        let left = state.more_than(&before.state);
        let shrinks = last.is_some_and(|last: u64| {
            last.saturating_sub(state.used()) > NOTHING.0.max(last / NOTHING.1)
        });
        quiet = if last.is_none() || shrinks || !left.is_empty() { 0 } else { quiet + 1 };
        last = Some(state.used());
        let is_over = begun.elapsed() >= patience;
        if quiet < LOOKS && !is_over {
            std::thread::sleep(GLANCE);
            continue;
        }
        let timers = Timers::pending(session)?;
        let pends = timers.count > before.timers.count.saturating_add(TIMERS);
        let wait = Duration::try_from_secs_f64(timers.last.max(0.0) / 1e3).unwrap_or(Duration::MAX);
        if pends && wait < patience.saturating_sub(begun.elapsed()) {
            std::thread::sleep(GLANCE.max(wait).min(GLANCE * 4));
            quiet = 0;
            continue;
        }
        if timers.count > before.timers.count && wait < SOON.min(patience) && !waited && !is_over {
            std::thread::sleep(GLANCE + wait);
            (quiet, waited) = (0, true);
            continue;
        }
        let unsettled = match () {
            () if pends => Some(pending(timers, before.timers)),
            () if shrinks => Some(format!(
                "collections still freed memory {} s after the load",
                begun.elapsed().as_secs()
            )),
            () => None,
        };
        let left = left.iter().map(|(kind, more)| format!("{} {kind}", count(*more)));
        let left = Some(left.collect::<Vec<_>>().join(", ")).filter(|left| !left.is_empty());
        return Ok(Rest { state, timers, unsettled, left });
    }
}

/// What is there once garbage is gone. What was logged is no longer held for a console that nobody has
/// open.
pub(super) fn collected(session: &mut Session) -> Result<State> {
    session.call("Runtime.discardConsoleEntries", &json!({}), &mut |_, _| Ok(()))?;
    session.collect()?;
    State::of(session)
}

fn pending(now: Timers, before: Timers) -> String {
    let more = count(now.count - before.count);
    let due = Duration::from_secs((now.last.max(0.0) / 1e3) as u64);
    format!(
        "{more} timers more than before the load are not due yet, the last in {}: what they hold may go by \
         itself",
        humantime::format_duration(due)
    )
}

impl Rest {
    /// The same, with all that is active in a state.
    pub(super) fn with_active_of(&self, now: State) -> Self {
        let state = State { active: now.active, ..self.state.clone() };
        Self { state, ..self.clone() }
    }

    /// In words.
    pub(crate) fn told(&self) -> String {
        self.state.told()
    }
}
