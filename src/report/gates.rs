//! The gates' part of the report: each gate with its limit and what was measured.

use super::answer::VerdictKind;
use crate::units;
use serde::Serialize;
use std::cmp::Ordering;

/// A figure of a gate, with its unit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "unit", content = "value", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Measure {
    /// Bytes. A limit that is no whole number is rounded here, but not where it is compared.
    Bytes(i64),
    /// Objects, entries or files.
    Count(i64),
    /// Percent of the figure before.
    Percent(f64),
    /// Bytes per call.
    BytesPerCall(f64),
    /// Objects or entries per call.
    CountPerCall(f64),
    /// Bytes an hour.
    BytesPerHour(f64),
    /// Bytes for each of the load.
    BytesEach(f64),
    /// The verdict, as in `verdict.kind`.
    Verdict(VerdictKind),
    /// The verdict on a log, as JSON has it.
    Trend(&'static str),
}

/// How a figure lies to a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Comparator {
    /// Above it.
    #[serde(rename = ">")]
    More,
    /// Above it, or equal.
    #[serde(rename = ">=")]
    AtLeast,
    /// Below it.
    #[serde(rename = "<")]
    Less,
    /// Below it, or equal.
    #[serde(rename = "<=")]
    AtMost,
    /// Equal to it.
    #[serde(rename = "==")]
    Equal,
    /// Not equal.
    #[serde(rename = "!=")]
    Unequal,
}

impl Comparator {
    /// Whether a figure that compares so to the limit lies so.
    pub(crate) const fn holds(self, order: Ordering) -> bool {
        match self {
            Self::More => order.is_gt(),
            Self::AtLeast => order.is_ge(),
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::Equal => order.is_eq(),
            Self::Unequal => order.is_ne(),
        }
    }

    /// What holds wherever this one does not.
    pub(crate) const fn opposite(self) -> Self {
        match self {
            Self::More => Self::AtMost,
            Self::AtLeast => Self::Less,
            Self::Less => Self::AtLeast,
            Self::AtMost => Self::More,
            Self::Equal => Self::Unequal,
            Self::Unequal => Self::Equal,
        }
    }
}

/// What came of a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// The condition does not hold.
    Kept,
    /// The condition holds.
    Broken,
    /// It could not be told.
    Unjudged,
}

/// How a figure was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Method {
    /// From one file alone, or from the totals of both.
    Totals,
    /// By ids: objects that have one in both files are the same.
    Id,
    /// By what objects look like and where they hang.
    Structure,
    /// By number alone: what there is now, less what there was.
    Count,
    /// From the series of a log.
    Series,
}

/// A gate and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Gate {
    /// The condition that must not hold, as it was written.
    pub condition: String,
    /// Where it was written: `--fail-on`, or the path of the file as seen from the current folder.
    pub source: String,
    /// Whether `outcome` is `kept`.
    pub ok: bool,
    /// Whether the condition holds.
    pub outcome: Outcome,
    /// How it was measured; null if it could not be.
    pub method: Option<Method>,
    /// Whether what the pattern names is in neither file.
    pub matched_nothing: bool,
    /// What was measured, beyond what the baseline accepts; null for a share of nothing, and if it
    /// could not be judged.
    pub measured: Option<Measure>,
    /// How `measured` has to lie to `limit` for the gate to be kept.
    pub allowed: Comparator,
    /// What it is held against.
    pub limit: Measure,
    /// The class or container that was measured, where each is on its own; of a verdict `leak_likely`
    /// what it rests on.
    pub decided_by: Option<String>,
    /// What else to know, in English.
    pub note: Option<String>,
}

impl Measure {
    /// With its unit, as people read it: `+5.6 MB`, `1,024`, `+9.8%`, `1.2 kB per call`.
    #[must_use]
    pub fn shown(self) -> String {
        match self {
            Self::Bytes(n) => units::signed_size(n),
            Self::Count(n) => units::signed_count(n),
            Self::Percent(p) => format!("{p:+.1}%"),
            Self::BytesPerCall(n) => format!("{} per call", units::signed_size(n.round() as i64)),
            Self::CountPerCall(n) => format!("{n:+.2} per call"),
            Self::BytesPerHour(n) => format!("{} an hour", units::signed_size(n.round() as i64)),
            Self::BytesEach(n) => format!("{} each", units::signed_size(n.round() as i64)),
            Self::Verdict(kind) => kind.word().to_owned(),
            Self::Trend(verdict) => verdict.replace('_', " ").to_uppercase(),
        }
    }
}

impl Gate {
    /// What was measured, as people read it.
    #[must_use]
    pub fn measured_shown(&self) -> String {
        if self.outcome == Outcome::Unjudged {
            return "not judged".into();
        }
        self.measured.map_or_else(|| "nothing to measure".to_owned(), Measure::shown)
    }

    /// What is allowed, as people read it: `≤ +5.0 MB`, `anything else`.
    #[must_use]
    pub fn allowed_shown(&self) -> String {
        let limit = self.limit.shown();
        match (self.allowed, self.limit) {
            (Comparator::Unequal, Measure::Verdict(_) | Measure::Trend(_)) => {
                "anything else".into()
            }
            (Comparator::More, _) => format!("> {limit}"),
            (Comparator::AtLeast, _) => format!("≥ {limit}"),
            (Comparator::Less, _) => format!("< {limit}"),
            (Comparator::AtMost, _) => format!("≤ {limit}"),
            (Comparator::Equal, _) => limit,
            (Comparator::Unequal, _) => format!("≠ {limit}"),
        }
    }
}

/// Growth that the configuration tells to leave out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Ignored {
    /// Entries of `classes` that conditions leave out.
    pub classes: u64,
    /// Entries of `containers` that they leave out.
    pub containers: u64,
    /// What `heap.delta` leaves out for them: the size delta of these classes, or what the new entries
    /// of these containers retain, whichever is more; 0 if that is below 0.
    pub bytes: u64,
}
