//! The words that readers of logs and the analysis share: what was measured, of which process, when.

use serde::Serialize;
use std::collections::BTreeMap;

/// What a series measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kind {
    /// What objects of the JavaScript heap take.
    Heap,
    /// Memory outside the heap that belongs to its objects: buffers and others.
    External,
    /// The part of it that array buffers take.
    ArrayBuffers,
    /// What the process has of the machine's memory.
    Rss,
}

impl Kind {
    /// All of them, the most telling first.
    pub(crate) const ALL: [Self; 4] = [Self::Heap, Self::External, Self::ArrayBuffers, Self::Rss];

    /// As JSON and conditions have it.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Heap => "heap",
            Self::External => "external",
            Self::ArrayBuffers => "array_buffers",
            Self::Rss => "rss",
        }
    }

    /// As people read it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Heap => "heap",
            Self::External => "external memory",
            Self::ArrayBuffers => "array buffers",
            Self::Rss => "RSS",
        }
    }
}

/// What a field of a log says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Says {
    Memory(Kind),
    /// What the heap may have.
    HeapLimit,
    /// What the control group may have.
    GroupLimit,
    /// Seconds that the process has been there.
    Uptime,
    /// When it was started, in seconds since 1970.
    Started,
    /// What the memory is held against: requests, sessions.
    Load,
    /// That it ended.
    End,
}

/// A field that says something, and what one of its unit is in bytes or seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Meaning {
    pub says: Says,
    /// None where the name does not tell; in fields of memory the numbers do.
    pub unit: Option<f64>,
}

/// A value as a log has it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Value {
    /// The name of its field, with what tells it from others of that name.
    pub field: String,
    pub says: Says,
    /// In its unit.
    pub number: f64,
    pub unit: Option<f64>,
    /// Of several fields that say the same, the highest counts.
    pub rank: u8,
}

/// Where a value comes from: names and values of labels, such as the process id.
pub(super) type Labels = BTreeMap<String, String>;

/// When something was measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Time {
    /// In seconds since 1970.
    Clock(f64),
    /// In seconds of a clock that tells no date, or none with a year: only how much later is known.
    Undated(f64),
    /// In seconds since the process was started.
    Run(f64),
    /// One after the other, although something looks like a time.
    Unread,
    /// One after the other.
    Unknown,
}

impl Time {
    /// Whether it says when.
    pub(super) const fn is_told(self) -> bool {
        !matches!(self, Self::Unread | Self::Unknown)
    }
}

/// What a log says at one time of one process.
#[derive(Debug, Clone)]
pub(super) struct Record {
    pub time: Time,
    pub labels: Labels,
    pub values: Vec<Value>,
}
