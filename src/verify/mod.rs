//! Two reports in, before and after a fix; what has become of each leak out.
//!
//! ```text
//!   old: sessions +1.00/call   listeners +1.00/call
//!   new: sessions  0.00/call   listeners +1.00/call   cache +2.00/call
//!        fixed                 still leaks            new leak
//! ```
//!
//! Leaks are known again by their [fingerprints](crate::report::answer::ContainerReport::fingerprint). That one
//! is fixed is said only where the same load would have shown it.

mod known;
mod leaks;

pub use known::Known;

use crate::report::Tool;
use crate::units::{count, counted};
use leaks::{Leak, Leaks};
use serde::Serialize;
use std::cmp::Reverse;

/// Number of the schema of a [`Verification`]; grows when a field changes its meaning or goes away.
pub const SCHEMA: u32 = 1;

/// Entries that a leak has to leave to be told from none, as in a comparison.
const MANY: u64 = 50;
/// Less than this part of the old growth, in what is not said to pile up, is none.
const LITTLE: u64 = 10;

/// What has become of the leaks of an older report.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Verification {
    /// [`SCHEMA`].
    pub schema: u32,
    /// What made it.
    pub tool: Tool,
    /// What it comes to.
    pub outcome: Outcome,
    /// Why it could not be judged, a sentence each.
    pub reasons: Vec<String>,
    /// The report before the fix.
    pub old: Side,
    /// The report after it.
    pub new: Side,
    /// New leaks, those that are still there, those that could not be judged, those that are fixed; of each
    /// the heaviest first.
    pub leaks: Vec<LeakChange>,
}

/// What two reports come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// Something leaks that did not.
    NewLeak,
    /// What leaked still does.
    StillLeaks,
    /// It could not be told.
    NotJudged,
    /// What leaked does not any more, and nothing else does.
    Fixed,
}

impl Outcome {
    /// As people read it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NewLeak => "new leak",
            Self::StillLeaks => "still leaks",
            Self::NotJudged => "not judged",
            Self::Fixed => "fixed",
        }
    }
}

/// One of the two reports.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Side {
    /// Paths of its first and its last snapshot.
    pub files: [String; 2],
    /// How often the operation in question ran between them; null if nobody said.
    pub calls: Option<u64>,
    /// Its verdict, as in a report.
    pub verdict: String,
    /// By how much the heap grew, in bytes.
    pub heap_delta: i64,
}

/// A leak, and what has become of it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct LeakChange {
    /// What has become of it.
    pub outcome: Outcome,
    /// Path of the container, or the class of what nothing in the file holds.
    pub path: String,
    /// Kind of the container; null where there is none.
    pub kind: Option<String>,
    /// The pattern it has; null if it has none.
    pub pattern: Option<String>,
    /// What it is known by in every run of the program.
    pub fingerprint: String,
    /// By how much it grew before the fix; null of a new leak.
    pub old: Option<Amount>,
    /// By how much it grows now; null where it does not.
    pub new: Option<Amount>,
    /// What else to know, in words.
    pub note: Option<String>,
}

/// By how much something grew between two snapshots.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Amount {
    /// Entries, or objects that nothing holds.
    pub entries: u64,
    /// Entries for each call; null if the number of calls is unknown.
    pub per_call: Option<f64>,
    /// Bytes that the new entries retain.
    pub retained: u64,
}

impl Verification {
    /// Holds a report after a fix against one before it.
    #[must_use]
    pub fn of(old: &Known, new: &Known) -> Self {
        let mut reasons = Vec::new();
        for (name, side) in [("old", old), ("new", new)] {
            let why = side.is_no_evidence();
            reasons.extend(why.map(|why| format!("the {name} report tells nothing: {why}")));
        }
        if reasons.is_empty() && old.is_of_another(new) {
            let why =
                "the reports look like those of two programs, which have hardly a script in common";
            reasons.push(why.to_owned());
        }
        let mut leaks = changes(old, new);
        if !reasons.is_empty() {
            leaks.iter_mut().for_each(|leak| leak.outcome = Outcome::NotJudged);
        }
        let worst = leaks.iter().map(|leak| leak.outcome).min();
        if worst.is_none() && reasons.is_empty() {
            reasons.push("nothing leaks in the old report: there is no fix to verify".to_owned());
        }
        Self {
            schema: SCHEMA,
            tool: Tool::this(),
            outcome: worst.unwrap_or(Outcome::NotJudged),
            reasons,
            old: Side::of(old),
            new: Side::of(new),
            leaks,
        }
    }

    /// How many leaks have come to something.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> u64 {
        self.leaks.iter().filter(|leak| leak.outcome == outcome).count() as u64
    }

    /// Whether it would be judged if it were known how often the operation ran.
    #[must_use]
    pub fn lacks_calls(&self) -> bool {
        let open = self.outcome == Outcome::NotJudged && self.reasons.is_empty();
        open && (self.old.calls.is_none() || self.new.calls.is_none())
    }
}

impl Side {
    fn of(known: &Known) -> Self {
        let [before, after] = [&known.snapshots.before, &known.snapshots.after];
        Self {
            files: [before.path.0.clone(), after.path.0.clone()],
            calls: known.calls,
            verdict: known.verdict.kind.clone(),
            heap_delta: known.heap_delta(),
        }
    }
}

/// Every leak of either report, and what has become of it.
fn changes(old: &Known, new: &Known) -> Vec<LeakChange> {
    let (before, after) = (Leaks::of(old), Leaks::of(new));
    let calls = [old.calls, new.calls];
    let mut changes: Vec<LeakChange> = Vec::new();
    for leak in before.all.iter().filter(|leak| leak.leaks) {
        let now = after.like(leak);
        let (outcome, note) = become_of(leak, now, calls);
        let new = now.map(|now| now.amount(new.calls));
        let old = Some(leak.amount(old.calls));
        changes.push(LeakChange { old, new, ..leak.told(outcome, note) });
    }
    for leak in after.all.iter().filter(|leak| leak.leaks) {
        let then = before.like(leak);
        if then.is_none_or(|then| !then.leaks) {
            let new = Some(leak.amount(new.calls));
            let old = then.map(|then| then.amount(old.calls));
            changes.push(LeakChange { old, new, ..leak.told(Outcome::NewLeak, None) });
        }
    }
    let weight = |change: &LeakChange| {
        [change.old, change.new].into_iter().flatten().map(|amount| amount.retained).max()
    };
    changes.sort_by_key(|change| (change.outcome, Reverse(weight(change)), change.path.clone()));
    changes
}

/// What has become of a leak that is `now`, if it still grows, and what else to know of that.
fn become_of(
    leak: &Leak,
    now: Option<&Leak>,
    [then_calls, now_calls]: [Option<u64>; 2],
) -> (Outcome, Option<String>) {
    if now.is_some_and(|now| now.leaks) {
        return (Outcome::StillLeaks, None);
    }
    let (Some(then_calls), Some(now_calls)) = (then_calls, now_calls) else {
        let note = "how many calls were made is not known: perhaps too few to show it";
        return (Outcome::NotJudged, Some(note.to_owned()));
    };
    let expected = u128::from(leak.entries) * u128::from(now_calls) / u128::from(then_calls.max(1));
    let expected = u64::try_from(expected).unwrap_or(u64::MAX);
    let needed = leak.entries.min(MANY);
    if expected < needed {
        let least = u128::from(needed) * u128::from(then_calls);
        let least = least.div_ceil(u128::from(leak.entries.max(1)));
        let calls = counted(now_calls, "call", "calls");
        let least = count(u64::try_from(least).unwrap_or(u64::MAX));
        let note = format!("{calls} are too few to show it: make {least} or more");
        return (Outcome::NotJudged, Some(note));
    }
    match now {
        Some(now) if now.note.is_some() => (Outcome::Fixed, now.note.clone()),
        Some(now) if now.entries.saturating_mul(LITTLE) > expected => {
            (Outcome::StillLeaks, Some("it grows slower, and still with the calls".to_owned()))
        }
        _ => (Outcome::Fixed, None),
    }
}
