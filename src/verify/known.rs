//! A report as JSON in, what is known of its leaks out.

use crate::error::{Error, ErrorKind, Result};
use crate::pair::Pair;
use crate::report::{Report, SCHEMA};
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, Visitor};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Of two programs, at most this part of the one's own scripts is among the other's, as in a comparison.
const SCRIPTS: usize = 2;
/// Where reports come from.
const WRITES: &str = "heapdiff BEFORE AFTER -o report.json writes one";

/// What is asked of a report. The rest of it is passed over.
#[derive(Debug, Clone, Deserialize)]
pub struct Known {
    pub(super) snapshots: Pair<File>,
    pub(super) calls: Option<u64>,
    /// Reports of older versions have none.
    #[serde(default)]
    scripts: BTreeSet<String>,
    pub(super) identity: Identity,
    pub(super) verdict: Verdict,
    pub(super) containers: Vec<Container>,
    pub(super) suspects: Vec<Suspect>,
    pub(super) findings: Vec<Finding>,
    #[serde(default)]
    run: Option<Run>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct File {
    pub path: Name,
    pub total_size: u64,
    truncated: Option<Truncated>,
}

#[derive(Debug, Clone, Deserialize)]
struct Truncated {
    edges_lost: u64,
    names_lost: u64,
    edge_names_lost: u64,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Identity {
    same_snapshot: bool,
    two_programs: bool,
    swapped: bool,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Verdict {
    pub kind: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Container {
    pub path: Name,
    pub kind: String,
    pub fingerprint: String,
    pub compiled: Option<Compiled>,
    pub entries_before: u64,
    pub entries_after: u64,
    pub retained_new: u64,
    pub piles_up: bool,
    pub note: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Compiled {
    pub fingerprint: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Suspect {
    pub class: Name,
    pub count: u64,
    pub retained: u64,
    pub unheld: bool,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Finding {
    pub pattern: String,
    pub class: Option<Name>,
    pub container: Option<Name>,
    pub fingerprint: String,
    pub compiled_fingerprint: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct Run {
    rounds: Vec<Round>,
    unsettled: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct Round {
    calls: Option<u64>,
    failed: BTreeMap<String, u64>,
}

/// A text from a heap. Half of a surrogate pair, which JSON can have and a string cannot, is replaced.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Name(pub String);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Name;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> std::result::Result<Name, E> {
                Ok(Name(text.to_owned()))
            }

            fn visit_bytes<E: serde::de::Error>(self, text: &[u8]) -> std::result::Result<Name, E> {
                Ok(Name(String::from_utf8_lossy(text).into_owned()))
            }
        }
        from.deserialize_bytes(Bytes)
    }
}

/// What tells a report from what else this program writes as JSON.
#[derive(Deserialize)]
struct Head {
    schema: u32,
    tool: Tool,
    /// Of `heapdiff trend`.
    logs: Option<IgnoredAny>,
    /// Of `heapdiff verify`.
    outcome: Option<IgnoredAny>,
    /// Of questions about one snapshot.
    answer: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Tool {
    name: String,
}

impl Head {
    /// What the JSON is if it is no report.
    const fn other(&self) -> Option<&'static str> {
        match self {
            Self { logs: Some(_), .. } => Some("what heapdiff trend tells of logs"),
            Self { outcome: Some(_), .. } => Some("what heapdiff verify tells of two reports"),
            Self { answer: Some(_), .. } => Some("an answer about one snapshot"),
            _ => None,
        }
    }
}

impl Known {
    /// Reads a report as [`render::json`](crate::render::json) writes it.
    ///
    /// # Errors
    /// `Damaged` if it is no such report, with the byte; or another answer of this program, or of another schema.
    pub fn read(json: &[u8]) -> Result<Self> {
        let head: Head = serde_json::from_slice(json).map_err(|e| no_report(&e, json))?;
        let own = head.tool.name == env!("CARGO_PKG_NAME");
        if let Some(other) = head.other().filter(|_| own) {
            let what = format!("this is {other}; a report of a comparison belongs here");
            return Err(Error::new(ErrorKind::Damaged, what).with_hint(WRITES));
        }
        if !own || head.schema != SCHEMA {
            let what = format!(
                "a report of {} with schema {}; this version reads its own, with schema {SCHEMA}",
                head.tool.name, head.schema
            );
            return Err(Error::new(ErrorKind::Damaged, what).with_hint("make the report anew"));
        }
        serde_json::from_slice(json).map_err(|e| no_report(&e, json))
    }

    /// What the report says.
    ///
    /// # Errors
    /// None: a report is what [`read`](Self::read) reads.
    pub fn of(report: &Report) -> Result<Self> {
        let json = serde_json::to_vec(report).map_err(|e| no_report(&e, &[]))?;
        Self::read(&json)
    }

    /// The same with a number of calls, if it has none.
    #[must_use]
    pub fn with_calls(mut self, calls: Option<u64>) -> Self {
        self.calls = self.calls.or(calls);
        self
    }

    /// Whether another report looks like one of another program: hardly a script of the one is the other's
    /// too. Nothing is told where either has none.
    pub(super) fn is_of_another(&self, other: &Self) -> bool {
        let fewer = self.scripts.len().min(other.scripts.len());
        fewer > 0 && self.scripts.intersection(&other.scripts).count() * SCRIPTS <= fewer
    }

    /// By how many bytes the heap grew.
    pub(super) fn heap_delta(&self) -> i64 {
        let Pair { before, after } = &self.snapshots;
        crate::units::difference(after.total_size, before.total_size)
    }

    /// Why nothing can be told from it; `None` if something can.
    pub(super) fn is_no_evidence(&self) -> Option<String> {
        let lost = |cut: &Truncated| cut.edges_lost + cut.names_lost + cut.edge_names_lost > 0;
        let cut = self.snapshots.iter().find(|file| file.truncated.as_ref().is_some_and(lost));
        let Identity { same_snapshot, two_programs, swapped } = self.identity;
        match () {
            () if cut.is_some() => Some("one of its snapshots is cut off".to_owned()),
            () if same_snapshot => Some("both of its snapshots are the same".to_owned()),
            () if two_programs => Some("its snapshots are of two programs".to_owned()),
            () if swapped => Some("its second snapshot looks older than the first".to_owned()),
            () if self.verdict.kind == "not_comparable" => {
                Some("its snapshots cannot be compared".to_owned())
            }
            () => self.run.as_ref()?.is_no_evidence(),
        }
    }
}

impl Run {
    fn is_no_evidence(&self) -> Option<String> {
        if let Some(why) = &self.unsettled {
            return Some(format!("the program had not come to rest: {why}"));
        }
        let measured = self.rounds.get(1..).unwrap_or_default();
        let calls: u64 = measured.iter().filter_map(|round| round.calls).sum();
        let failed = measured.iter().flat_map(|round| round.failed.values()).sum::<u64>();
        // Then it was not the program that was loaded.
        (failed > 0 && failed.saturating_mul(2) >= calls).then(|| {
            let count = crate::units::count;
            format!("{} of its {} calls failed", count(failed), count(calls.max(failed)))
        })
    }
}

fn no_report(e: &serde_json::Error, json: &[u8]) -> Error {
    let what = format!("this is no report of heapdiff: {e}");
    // Lines and columns of serde's are 1-based, and columns count bytes.
    let lines = json.split_inclusive(|byte| *byte == b'\n').take(e.line().saturating_sub(1));
    let at = lines.map(<[u8]>::len).sum::<usize>() + e.column().saturating_sub(1);
    Error::damaged(at, what).with_hint(WRITES)
}
