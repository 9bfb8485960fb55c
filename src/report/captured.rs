//! What stands beside two snapshots in, how these were taken out, and what follows from that.

use super::Report;
use super::names::per_hour;
use crate::diff::IdentityKind;
use crate::input::Sidecar;
use crate::pair::Pair;
use crate::units::{difference, size};
use serde::Serialize;
use std::path::Path;

/// A process that is as old as another, give or take so many seconds, is the same one.
const SAME_START: u64 = 5;
/// Bytes that a process may grow by for reasons of its own: what the engine and the allocator keep.
const NOISE: i64 = 20_000_000;

/// How the first and the last snapshot were taken, as the files say that `heapdiff capture` writes
/// beside them. Sizes are in bytes.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Captured {
    /// Whether both were taken on one connection to the process: when it closes, V8 makes all ids anew.
    pub same_session: bool,
    /// Whether both are of one process, and of one thread of it.
    pub same_process: bool,
    /// Seconds from the first to the last; negative if the first is the newer one.
    pub seconds: i64,
    /// What the process took in memory; null if it did not tell.
    pub memory: Option<Pair<Taken>>,
    /// Bytes that the process grew by in memory and its heap did not; null unless `same_process`, and
    /// if it did not tell. It counts from the larger of `rss` and `rss_afterwards` of the first.
    pub unexplained: Option<i64>,
}

/// What a process took in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Taken {
    /// All of it, before the snapshot was written.
    pub rss: u64,
    /// The same afterwards: writing takes memory, of which some may stay. Null if it did not tell.
    pub rss_afterwards: Option<u64>,
    /// Objects of the heap.
    pub heap_used: u64,
    /// What they hold outside of it.
    pub external: u64,
}

impl Report {
    /// Reads what stands beside the first and the last file.
    pub(crate) fn with_sidecars(mut self, files: Pair<&Path>) -> Self {
        let snapshots = self.snapshots.as_ref();
        let read = files.zip(snapshots).map(|(file, snapshot)| {
            match Sidecar::beside(file) {
                Ok(Some(found)) if found.bytes != snapshot.file_bytes => {
                    Err("it is of another snapshot")
                }
                found => found,
            }
            .map_err(|why| format!("{} is left aside: {why}", Sidecar::path(file).display()))
        });
        let sizes = snapshots.map(|snapshot| snapshot.total_size);
        let Pair { before, after } = read;
        let (before, after) = match (before, after) {
            (Ok(before), Ok(after)) => (before, after),
            (before, after) => {
                self.notes.extend([before.err(), after.err()].into_iter().flatten());
                return self;
            }
        };
        let (Some(before), Some(after)) = (before, after) else { return self };
        let both = Pair::new(&before, &after);
        let captured = Captured::of(both, sizes);
        self.notes.extend(captured.notes(both, sizes, self.answer.identity.kind));
        self.captured = Some(captured);
        self
    }
}

impl Captured {
    fn of(both: Pair<&Sidecar>, sizes: Pair<u64>) -> Self {
        let Pair { before, after } = both;
        let same_session = !before.session.is_empty() && before.session == after.session;
        let same_start = match (before.began(), after.began()) {
            (Some(one), Some(other)) => one.abs_diff(other) <= SAME_START,
            _ => same_session,
        };
        let same_thread = before.worker == after.worker;
        let same_process =
            before.pid.is_some() && before.pid == after.pid && same_start && same_thread;
        let taken = |of: &Sidecar| {
            let memory = of.memory?;
            let rss_afterwards = of.rss_afterwards;
            Some(Taken {
                rss: memory.rss,
                rss_afterwards,
                heap_used: memory.heap_used,
                external: memory.external,
            })
        };
        let memory =
            taken(before).zip(taken(after)).map(|(before, after)| Pair::new(before, after));
        let unexplained = memory
            .as_ref()
            .filter(|_| same_process)
            .map(|memory| memory.grown().saturating_sub(difference(sizes.after, sizes.before)));
        let seconds =
            after.seconds().zip(before.seconds()).map_or(0, |(after, before)| after - before);
        Self { same_session, same_process, seconds, memory, unexplained }
    }

    fn notes(&self, both: Pair<&Sidecar>, sizes: Pair<u64>, identity: IdentityKind) -> Vec<String> {
        let Pair { before, after } = both;
        let mut notes = Vec::new();
        match (before.pid, after.pid) {
            (Some(one), Some(other)) if one != other => {
                notes.push(format!("the snapshots were taken of two processes, {one} and {other}"));
            }
            _ if before.worker != after.worker => {
                notes.push("the snapshots were taken of two threads of the program".into());
            }
            (Some(_), Some(_)) if !self.same_process => {
                notes.push("the program was started anew between the snapshots".into());
            }
            _ if !self.same_session && identity == IdentityKind::DifferentProcess => notes.push(
                "the snapshots were taken on two connections to one process, between which V8 made all ids anew"
                    .into(),
            ),
            _ => {}
        }
        if self.same_process {
            let rate = per_hour(sizes, self.seconds);
            notes.extend(
                rate.map(|rate| format!("the heap grew by {rate}, by the times beside the files")),
            );
        }
        notes.extend(self.outside(difference(sizes.after, sizes.before)));
        notes
    }

    /// Where else to look, if most of what the process has grown by is not in the heap.
    fn outside(&self, heap: i64) -> Option<String> {
        let grown = self.memory.as_ref()?.grown();
        let unexplained = self.unexplained.filter(|bytes| *bytes > NOISE && *bytes > grown / 2)?;
        let heap = match heap {
            1.. => format!("the heap explains {}", size(heap.unsigned_abs())),
            _ => "the heap explains nothing".into(),
        };
        let memory = self.memory.as_ref()?;
        let external = difference(memory.after.external, memory.before.external);
        let external = match external {
            1.. => format!(
                "; what objects hold outside of it grew by {}",
                size(external.unsigned_abs())
            ),
            _ => String::new(),
        };
        Some(format!(
            "the process grew by {} in memory, of which {heap}{external}: look for {} in native memory (buffers, \
             addons, the allocator)",
            size(grown.unsigned_abs()),
            size(unexplained.unsigned_abs()),
        ))
    }
}

impl Pair<Taken> {
    /// Bytes that the process has more. What writing the first snapshot took may stay, and is no growth.
    fn grown(&self) -> i64 {
        let before = self.before.rss_afterwards.unwrap_or(0).max(self.before.rss);
        difference(self.after.rss, before)
    }
}
