//! A report in, its rows in an order and those that a reader asks for first out.

use super::answer::{ContainerReport, Finding, VerdictKind};
use super::{ClassRow, Gate, Outcome, Report};
use crate::units::difference;

/// New entries that make up more than this part of the growth are much of it.
const MUCH: u64 = 10;

/// Order of the rows: descending, then by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[non_exhaustive]
pub enum Sort {
    /// # New
    New,
    /// # Delta
    Delta,
    /// Alloc. Size
    Alloc,
    /// Size Delta
    Size,
    /// Retained size of the new objects
    Retained,
    /// Constructor name, ascending
    Name,
}

impl Report {
    /// All classes in an order; ties go by name, then by key.
    #[must_use]
    pub fn rows(&self, sort: Sort) -> Vec<&ClassRow> {
        let rank = |row: &ClassRow| match sort {
            Sort::New => i128::from(row.new),
            Sort::Delta => i128::from(row.delta),
            Sort::Alloc => i128::from(row.alloc_size),
            Sort::Size => i128::from(row.size_delta),
            Sort::Retained => i128::from(row.retained_new),
            Sort::Name => 0,
        };
        let mut rows: Vec<&ClassRow> = self.classes.iter().collect();
        rows.sort_by(|a, b| {
            let by_name = || a.name.cmp(&b.name).then_with(|| a.key.cmp(&b.key));
            rank(b).cmp(&rank(a)).then_with(by_name)
        });
        rows
    }

    /// The order in which nobody asked for another: by what the new objects retain, or by growth where
    /// ids mean nothing.
    #[must_use]
    pub const fn usual_sort(&self) -> Sort {
        if self.answer.identity.by_id { Sort::Retained } else { Sort::Size }
    }

    /// All classes in the usual order, those with no more objects than before last: what is new and
    /// gone in equal numbers has not grown, whatever it retains.
    #[must_use]
    pub fn rows_growing_first(&self) -> Vec<&ClassRow> {
        let mut rows = self.rows(self.usual_sort());
        rows.sort_by_key(|row| row.delta <= 0);
        rows
    }

    /// The program's classes with more objects than before, by what the new ones retain.
    #[must_use]
    pub fn growers(&self) -> Vec<&ClassRow> {
        let mut rows: Vec<&ClassRow> =
            self.classes.iter().filter(|row| !row.engine && row.delta > 0).collect();
        rows.sort_by(|a, b| b.retained_new.cmp(&a.retained_new).then_with(|| a.name.cmp(&b.name)));
        rows
    }

    /// The containers that pile up, heaviest first.
    #[must_use]
    pub fn piling_up(&self) -> Vec<&ContainerReport> {
        self.answer.containers.iter().filter(|c| c.piles_up).collect()
    }

    /// The containers that hold more and do not pile up: all where none does, and else those whose new
    /// entries make up much of the growth.
    #[must_use]
    pub fn holding_more(&self) -> Vec<&ContainerReport> {
        let all = self.answer.containers.iter().filter(|c| !c.piles_up);
        let none = self.answer.containers.iter().all(|c| !c.piles_up);
        let grown = self.heap_delta().max(0).unsigned_abs();
        let is_much = |c: &&ContainerReport| c.retained_new.saturating_mul(MUCH) > grown;
        all.filter(|c| none || (grown > 0 && is_much(c))).collect()
    }

    /// By how many bytes the heap grew (negative: shrank).
    #[must_use]
    pub fn heap_delta(&self) -> i64 {
        difference(self.snapshots.after.total_size, self.snapshots.before.total_size)
    }

    /// The gates that are not kept: broken, or not judged.
    #[must_use]
    pub fn failing_gates(&self) -> Vec<&Gate> {
        self.gates.iter().filter(|gate| !gate.ok).collect()
    }

    /// The gates that are kept because what they name is in neither file.
    pub fn unmatched_gates(&self) -> impl Iterator<Item = &Gate> {
        self.gates.iter().filter(|gate| gate.ok && gate.matched_nothing)
    }

    /// How many gates came out so.
    #[must_use]
    pub fn gates_with(&self, outcome: Outcome) -> u64 {
        self.gates.iter().filter(|gate| gate.outcome == outcome).count() as u64
    }

    /// The finding that tells where a gate that is not kept was broken: that of the container or class
    /// which decided, or the first one where the whole heap did.
    #[must_use]
    pub fn finding_of(&self, gate: &Gate) -> Option<&Finding> {
        let leak = self.answer.verdict.kind == VerdictKind::LeakLikely;
        if !leak || gate.outcome == Outcome::Unjudged {
            return None;
        }
        let findings = &self.answer.findings;
        let Some(by) = gate.decided_by.as_deref() else { return findings.first() };
        let decides = |finding: &&Finding| {
            let class = finding.class.as_ref().is_some_and(|class| class.to_string_lossy() == by);
            class || finding.container.as_deref() == Some(by)
        };
        findings.iter().find(decides)
    }
}
