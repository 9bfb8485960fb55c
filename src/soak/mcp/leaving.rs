//! One of the ways to leave sessions in, a session that is left in this way out.

use super::client::{Pending, Reply, Server, Session};
use super::messages::{Tried, Trouble};
use super::tools::Plan;
use crate::cancel::Cancel;
use crate::error::{Error, ErrorKind, Result};
use crate::soak::Tally;
use std::ops::Range;
use std::time::{Duration, Instant};

/// How long a call may run before it is broken off, every other one: the rest are broken off at once, since
/// many tools are quick.
const RUNS: Duration = Duration::from_millis(3);
/// A server names what is wrong in many ways.
const MOST_REASONS: usize = 16;

/// What becomes of a session and its calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Leaving {
    /// All calls are answered, and there is no session to end.
    Answered,
    /// All calls are answered, and the session is ended: DELETE.
    Closed,
    /// All calls are answered, and the client is gone: no DELETE, its connections closed.
    Dropped,
    /// Calls are cancelled while they run, or their connections closed; then the session is ended.
    Cancelled,
    /// Calls are of tools that are not there, or have arguments that no tool takes or that it fails with; then
    /// the session is ended.
    Invalid,
    /// The session is ended, and calls go on with its id, and with ids that were never given.
    Stale,
}

impl Leaving {
    /// All ways.
    pub const ALL: [Self; 6] =
        [Self::Answered, Self::Closed, Self::Dropped, Self::Cancelled, Self::Invalid, Self::Stale];

    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Closed => "closed",
            Self::Dropped => "dropped",
            Self::Cancelled => "cancelled",
            Self::Invalid => "invalid",
            Self::Stale => "stale",
        }
    }

    /// What is done, in a few words.
    #[must_use]
    pub const fn what(self) -> &'static str {
        match self {
            Self::Answered => "calls answered, with no session to end",
            Self::Closed => "calls answered, the session ended with DELETE",
            Self::Dropped => "calls answered, the client gone without DELETE",
            Self::Cancelled => "calls cancelled or cut off while they ran",
            Self::Invalid => "calls that cannot go well",
            Self::Stale => "calls with the id of a session that is no more",
        }
    }
}

/// One client's work.
pub(super) struct Client<'a> {
    pub server: &'a Server,
    pub plan: &'a Plan,
    /// Whether the server gives ids to sessions: then each is one of its own.
    pub has_ids: bool,
    pub cancel: &'a Cancel,
}

impl Client<'_> {
    /// Opens a session, makes the calls of these numbers, and leaves it.
    ///
    /// # Errors
    /// `Io` if the server is gone, `Cancelled` if nobody waits any more.
    pub(super) fn leave(
        &self,
        leaving: Leaving,
        calls: Range<u64>,
        tally: &mut Tally,
    ) -> Result<()> {
        self.cancel.check()?;
        tally.sessions += u64::from(self.has_ids);
        match Session::open(self.server) {
            Ok(session) => self.work(session, leaving, calls, tally),
            Err(trouble) => {
                let number = calls.end - calls.start;
                tally.calls += number;
                let why = format!("no session: {}", trouble.why);
                failed(tally, &Trouble { why, ..trouble }, number)
            }
        }
    }

    fn work(
        &self,
        mut session: Session<'_>,
        leaving: Leaving,
        calls: Range<u64>,
        tally: &mut Tally,
    ) -> Result<()> {
        let mut held = Vec::new();
        let is_ended = leaving == Leaving::Stale && session.end();
        for number in calls {
            self.cancel.check()?;
            tally.calls += 1;
            match leaving {
                Leaving::Answered | Leaving::Closed | Leaving::Dropped => {
                    let call = self.plan.call(number);
                    let begun = session.call(&call);
                    let done = begun.and_then(|pending| session.answer(pending, self.cancel));
                    // A call that nobody waits for has not failed.
                    self.cancel.check()?;
                    done.or_else(|trouble| failed(tally, &trouble, 1))?;
                }
                Leaving::Cancelled => {
                    let begun = self.break_off(&mut session, number, &mut held);
                    meant(tally, begun)?;
                }
                Leaving::Invalid => {
                    let begun = session.call(&self.plan.invalid(number));
                    let done = begun.and_then(|pending| session.answer(pending, self.cancel));
                    meant(tally, done)?;
                }
                Leaving::Stale => {
                    if !is_ended || number % 2 == 1 {
                        session.pretend(format!("no-such-session-{number}"));
                    }
                    let begun = session.call(&self.plan.call(number));
                    let done = begun.and_then(|pending| session.answer(pending, self.cancel));
                    meant(tally, done)?;
                }
            }
        }
        for pending in held {
            if matches!(session.wait(pending, Instant::now()), Ok(Reply::Came(_))) {
                tally.went_well += 1;
            }
        }
        if !matches!(leaving, Leaving::Dropped | Leaving::Stale) {
            session.end();
        }
        Ok(())
    }

    /// Breaks a call off. Over HTTP every other one loses its connection: that is all that a client has to do
    /// where there are no sessions, and what one does that ends. Of the others the connection is held until
    /// the session ends, as clients do.
    ///
    /// # Errors
    /// If that was done; else the call was answered before.
    fn break_off(
        &self,
        session: &mut Session<'_>,
        number: u64,
        held: &mut Vec<Pending>,
    ) -> Tried<()> {
        let runs = if number % 4 < 2 { Duration::ZERO } else { RUNS };
        let until = Instant::now() + runs;
        let mut pending = session.call(&self.plan.call(number))?;
        if !runs.is_zero() {
            match session.wait(pending, until)? {
                Reply::Came(_) => return Ok(()),
                Reply::Late(late) => pending = late,
            }
        }
        let is_told = match &pending {
            Pending::Http(_) => self.has_ids && number.is_multiple_of(2),
            Pending::Stdio(_) => true,
        };
        if is_told {
            session.cancel(&pending)?;
            held.push(pending);
        }
        Err(Trouble::new("broken off"))
    }
}

/// Counts a call that was to fail.
fn meant(tally: &mut Tally, done: Tried<()>) -> Result<()> {
    tally.meant_to_fail += 1;
    match done {
        Ok(()) => tally.went_well += 1,
        Err(trouble) if trouble.is_over => return Err(gone(&trouble)),
        Err(_) => {}
    }
    Ok(())
}

/// Counts calls that were not to fail.
fn failed(tally: &mut Tally, trouble: &Trouble, calls: u64) -> Result<()> {
    if trouble.is_over {
        return Err(gone(trouble));
    }
    let is_known = tally.failed.contains_key(&trouble.why);
    let why = if is_known || tally.failed.len() < MOST_REASONS {
        trouble.why.clone()
    } else {
        "another reason".to_owned()
    };
    *tally.failed.entry(why).or_default() += calls;
    Ok(())
}

/// A server that was there and is there no more.
fn gone(trouble: &Trouble) -> Error {
    Error::new(ErrorKind::Io, format!("the server is gone: {}", trouble.why))
}
