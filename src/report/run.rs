//! The load that a program was under between its snapshots, and what it took at rest.

use super::Report;
use super::answer::VerdictKind;
use crate::units::{count, size};
use serde::Serialize;
use std::collections::BTreeMap;

/// The experiment that the snapshots were taken in.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Run {
    /// What the load was, in words.
    pub load: String,
    /// The rounds, oldest first: the warm-up, then what lies between the snapshots.
    pub rounds: Vec<Round>,
    /// Why what is there may go by itself; null if the program came to rest after each load.
    pub unsettled: Option<String>,
    /// Whether the snapshots are there for further questions.
    pub kept: bool,
}

/// A load, and what the program took at rest afterwards. Sizes are in bytes.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Round {
    /// What it was for.
    pub name: String,
    /// Calls that were made; null if the load does not say.
    pub calls: Option<u64>,
    /// Of these, calls that were to fail or to be broken off.
    pub meant_to_fail: u64,
    /// Of the others, those that failed, by what came instead of an answer.
    pub failed: BTreeMap<String, u64>,
    /// Objects of the heap.
    pub heap: u64,
    /// What they hold outside of it.
    pub external: u64,
    /// The whole process in memory.
    pub rss: u64,
    /// Sockets, timers and others that the load has left active, by kind and number; null if none.
    pub left: Option<String>,
}

impl Report {
    /// Says what the snapshots were taken of. Where the program did not come to rest, what has grown may
    /// go by itself, and is called no leak.
    #[must_use]
    pub fn of_run(mut self, run: Run) -> Self {
        let verdict = &mut self.answer.verdict;
        if run.unsettled.is_some() && verdict.kind == VerdictKind::LeakLikely {
            verdict.kind = VerdictKind::Grew;
            let why =
                "whether what piles up stays cannot be told: the program had not come to rest";
            verdict.reasons.insert(0, why.to_owned());
        }
        self.notes.extend(run.notes());
        self.run = Some(run);
        self
    }
}

impl Run {
    fn notes(&self) -> Vec<String> {
        let measured = self.rounds.get(1..).unwrap_or_default();
        let calls = measured.first().and_then(|round| round.calls);
        let calls =
            calls.map(|calls| format!(" of {}", crate::units::counted(calls, "call", "calls")));
        let taken = |of: fn(&Round) -> u64| -> String {
            self.rounds.iter().map(|round| size(of(round))).collect::<Vec<_>>().join(" → ")
        };
        let mut notes = vec![format!(
            "load: {}, {} rounds{} after a warm-up; at rest after each: heap {}, external {}, RSS {}",
            self.load,
            measured.len(),
            calls.unwrap_or_default(),
            taken(|round| round.heap),
            taken(|round| round.external),
            taken(|round| round.rss),
        )];
        let mut failed: BTreeMap<&str, u64> = BTreeMap::new();
        for (why, calls) in measured.iter().flat_map(|round| &round.failed) {
            *failed.entry(why).or_default() += calls;
        }
        if !failed.is_empty() {
            let told =
                failed.iter().take(3).map(|(why, calls)| format!("{} × {why}", count(*calls)));
            notes.push(format!("calls that failed: {}", told.collect::<Vec<_>>().join(", ")));
        }
        if let Some(left) = measured.last().and_then(|round| round.left.as_ref()) {
            notes.push(format!("still active after the load, and not before it: {left}"));
        }
        notes
    }
}
