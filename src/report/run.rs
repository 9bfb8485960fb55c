//! The load that a program was under between its snapshots, and what it took at rest.

use super::Report;
use super::answer::VerdictKind;
use crate::units::{count, counted, size};
use serde::Serialize;
use std::collections::BTreeMap;

/// The experiment that the snapshots were taken in.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Run {
    /// What the load was, in words; null if the program was watched.
    pub load: Option<String>,
    /// What of the load could not be made, and why.
    pub omitted: Vec<String>,
    /// The loads, oldest first: the one to warm up, then those between the snapshots; of a watch the
    /// snapshots.
    pub rounds: Vec<Round>,
    /// Why what is there may go by itself; null if the program came to rest. If not, there is no
    /// verdict of a leak, and conditions cannot be judged.
    pub unsettled: Option<String>,
    /// Why a watch ended before all snapshots were taken; null if it did not.
    pub ended: Option<String>,
    /// Whether the snapshots are there for further questions.
    pub kept: bool,
}

/// A load, and what the program took at rest afterwards. Sizes are in bytes.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Round {
    /// What it was for: `warm-up`, `load 1`, `load 2`; of a watch when it was taken: `after 10m`.
    pub name: String,
    /// Calls that were made; null if the load does not say.
    pub calls: Option<u64>,
    /// Those of them that were to fail or to be broken off.
    pub meant_to_fail: u64,
    /// Of the others, those that failed, by what came instead of an answer.
    pub failed: BTreeMap<String, u64>,
    /// Objects of the heap at rest afterwards, or when the snapshot was taken.
    pub heap: u64,
    /// What they hold outside of it; 0 if the process does not tell (browsers, workerd).
    pub external: u64,
    /// The whole process in memory; 0 if it does not tell.
    pub rss: u64,
    /// Sockets, timers and others that the load has left active, by kind and number; null if none.
    pub left: Option<String>,
    /// The ways to leave sessions, in their order; empty for other loads, and for the warm-up.
    pub parts: Vec<LoadPart>,
}

/// A way to leave sessions, and what the program kept of those that were left so.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct LoadPart {
    /// How its sessions were left: `answered`, `closed`, `dropped`, `cancelled`, `invalid` or `stale`.
    pub name: String,
    /// Sessions that were opened in the pass that is measured, the second of two; 0 if the server has
    /// none.
    pub sessions: u64,
    /// Calls of the same pass.
    pub calls: u64,
    /// Those of them that were to fail or to be broken off.
    pub meant_to_fail: u64,
    /// Of these, those that were answered well all the same.
    pub went_well: u64,
    /// By how much data in the heap, and outside of it, grew in that pass from rest to rest; negative
    /// if it shrank. Compiled code is no data.
    pub kept: i64,
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
        let calls = calls.map(|calls| format!(", {} each", counted(calls, "call", "calls")));
        let names: Vec<&str> = self.rounds.iter().map(|round| round.name.as_str()).collect();
        let how = match &self.load {
            Some(load) => format!(
                "load: {load}{}; at rest after {}",
                calls.unwrap_or_default(),
                names.join(" → ")
            ),
            None => format!("snapshots {}; what the process took then", names.join(", ")),
        };
        let mut notes = vec![format!("{how}: {}", self.taken())];
        notes.extend(self.ended.iter().map(|why| format!("not all was done: {why}")));
        let mut failed: BTreeMap<&str, u64> = BTreeMap::new();
        for (why, calls) in measured.iter().flat_map(|round| &round.failed) {
            *failed.entry(why).or_default() += calls;
        }
        if !failed.is_empty() {
            let told =
                failed.iter().take(3).map(|(why, calls)| format!("{} × {why}", count(*calls)));
            notes.push(format!("calls that failed: {}", told.collect::<Vec<_>>().join(", ")));
        }
        notes.extend(parts_note(measured));
        notes.extend(self.omitted.iter().cloned());
        if let Some(left) = measured.last().and_then(|round| round.left.as_ref()) {
            notes.push(format!("still active after the load, and not before it: {left}"));
        }
        notes
    }

    /// What it took after each round: what it does not tell of is left out.
    fn taken(&self) -> String {
        type Figure = (&'static str, fn(&Round) -> u64);
        let figures: [Figure; 3] = [
            ("heap", |round| round.heap),
            ("external", |round| round.external),
            ("RSS", |round| round.rss),
        ];
        let told = figures.iter().filter_map(|(name, of)| {
            let sizes: Vec<u64> = self.rounds.iter().map(of).collect();
            let shown: Vec<String> = sizes.iter().copied().map(size).collect();
            sizes.iter().any(|bytes| *bytes > 0).then(|| format!("{name} {}", shown.join(" → ")))
        });
        told.collect::<Vec<_>>().join(", ")
    }
}

/// What servers that leak nothing keep of a part now and then: steps of 215 to 272 kB were seen on two SDKs,
/// once in both rounds (November 2026).
const NOTHING: i64 = 288 << 10;

/// What was kept of each part, in the round that kept less: what stays after every load is a leak, and what
/// came with one of them may be anything.
fn parts_note(measured: &[Round]) -> Option<String> {
    let (first, rest) = measured.split_first()?;
    let told = first.parts.iter().map(|part| {
        let others = rest.iter().flat_map(|round| &round.parts);
        let others = others.filter(|other| other.name == part.name);
        let least =
            others.fold(part, |least, other| if other.kept < least.kept { other } else { least });
        format!("{} {}", least.name, least.told())
    });
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| {
        format!("kept after each way to leave, in the round that kept less: {}", told.join("; "))
    })
}

impl LoadPart {
    fn told(&self) -> String {
        let each = |number: u64| format!("+{}", size(self.kept.unsigned_abs() / number.max(1)));
        let mut told = match (self.kept <= NOTHING, self.sessions) {
            (true, _) => "nothing".to_owned(),
            (false, 0) => format!("{} a call", each(self.calls)),
            (false, sessions) => {
                format!("{} a session, {} a call", each(sessions), each(self.calls))
            }
        };
        if self.went_well > 0 {
            let (well, all) = (count(self.went_well), count(self.meant_to_fail));
            told += &format!(" ({well} of {all} calls were answered well all the same)");
        }
        told
    }
}
