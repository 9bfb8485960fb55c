//! What logs of memory tell: plain owned data, raw numbers. Renderers choose what fits, and shape it.

pub use super::judge::Verdict;
pub use super::prepare::Axis;
pub use super::runs::Restart;
pub use super::sample::Kind;

use crate::report::{Gate, Outcome, Tool};
use serde::Serialize;
use std::collections::BTreeMap;

/// Number of the schema of a [`TrendReport`]; grows when a field changes its meaning or goes away.
pub const TREND_SCHEMA: u32 = 1;

/// What logs of memory tell. Sizes are in bytes, times in seconds since 1970 or as [`Axis`] tells.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TrendReport {
    /// [`TREND_SCHEMA`].
    pub schema: u32,
    /// What made the report.
    pub tool: Tool,
    /// The files that were read.
    pub logs: Vec<LogFile>,
    /// Of the process that fares worst.
    pub verdict: Verdict,
    /// What it rests on.
    pub reasons: Vec<String>,
    /// All processes, the worst first.
    pub processes: Vec<ProcessTrend>,
    /// Processes with too few samples to be told of.
    pub brief_processes: u64,
    /// The gates, in the order in which they were given; empty if there are none.
    pub gates: Vec<Gate>,
    /// What to do now.
    pub next: NextLook,
    /// What a reader should know before trusting the figures.
    pub notes: Vec<String>,
}

/// One file.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct LogFile {
    /// The path as given.
    pub path: String,
    /// Lines; 0 for a JSON document.
    pub lines: u64,
    /// Samples of memory in it.
    pub samples: u64,
}

/// One process.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ProcessTrend {
    /// By what it differs from the others; empty if it is the only one.
    pub name: String,
    /// All that the log has to tell it by.
    pub labels: BTreeMap<String, String>,
    /// Of the series that have the say.
    pub verdict: Verdict,
    /// What it rests on.
    pub reasons: Vec<String>,
    /// What leaks: the heap, external memory, or RSS alone, which is native memory.
    pub leaks: Vec<Kind>,
    /// What its times are.
    pub axis: Axis,
    /// From one start to the next restart, oldest first. One of them is judged.
    pub runs: Vec<RunTrend>,
    /// What was measured in the run that is judged.
    pub series: Vec<SeriesTrend>,
    /// The heap against the load; null if no load was named, or the log has none.
    pub per: Option<PerTrend>,
}

/// A run of a process.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct RunTrend {
    /// When the first sample was measured.
    pub from: f64,
    /// When the last was.
    pub to: f64,
    /// Samples of the longest series.
    pub samples: u64,
    /// Whether this is the run that is judged.
    pub judged: bool,
    /// By what the next restart shows; null for the last run.
    pub ended_by: Option<Restart>,
}

/// One series of a run.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SeriesTrend {
    /// What is measured.
    pub kind: Kind,
    /// The field of the log.
    pub field: String,
    /// What becomes of it, on its own.
    pub verdict: Verdict,
    /// Samples, or points where there were too many.
    pub samples: u64,
    /// Falls that look like collections.
    pub collections: u64,
    /// What is left after collections at the beginning: the middle of a few.
    pub first: u64,
    /// The same at the end.
    pub last: u64,
    /// The highest value.
    pub highest: u64,
    /// How high the teeth of the sawtooth are, in the middle.
    pub teeth: u64,
    /// How fast what is left grows; null if it does not, or that cannot be told.
    pub rate: Option<Rate>,
    /// Its slope in the first third, in the rate's unit; null for too few points.
    pub first_third: Option<f64>,
    /// The same in the last third.
    pub last_third: Option<f64>,
    /// By how many standard deviations more pairs of bottoms rise than fall (Mann and Kendall).
    pub z: f64,
    /// What it may have; null if nobody tells.
    pub limit: Option<LimitTrend>,
    /// The series, in so many points as a chart needs.
    pub points: Vec<PointTrend>,
    /// What is left after collections.
    pub bottoms: Vec<BottomTrend>,
}

/// How fast something grows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Rate {
    /// Bytes an hour, or a sample where the log has no times. Theil and Sen's slope.
    pub bytes: f64,
    /// With 95 % certainty it is at least so much.
    pub low: f64,
    /// And at most so much.
    pub high: f64,
    /// What it goes by.
    pub each: Each,
}

/// What a rate goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Each {
    /// Each hour.
    Hour,
    /// Each sample: the log has no times.
    Sample,
}

/// What a series may reach, and when it does.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct LimitTrend {
    /// Bytes.
    pub bytes: u64,
    /// Where that is from: a field of the log, or `given`.
    pub source: String,
    /// Hours from the last sample on until what is left after collections is there; null if it does not
    /// grow or there are no times.
    pub hours_left: Option<f64>,
    /// The same as a date, in UTC; null where the log has none.
    pub reached: Option<String>,
}

/// Some samples that follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PointTrend {
    /// When the first was measured.
    pub time: f64,
    /// The lowest.
    pub low: u64,
    /// The highest.
    pub high: u64,
}

/// What was left after a collection, or the least of several.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct BottomTrend {
    /// When.
    pub time: f64,
    /// Bytes.
    pub bytes: u64,
}

/// Memory against load.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PerTrend {
    /// The field of the load.
    pub field: String,
    /// Whether it counts (requests), or else tells how many there are (sessions).
    pub counter: bool,
    /// Its value at the beginning.
    pub first: f64,
    /// And at the end.
    pub last: f64,
    /// Bytes that stay for each; null where the load does not change.
    pub bytes: Option<f64>,
    /// Whether memory grows with the load and no further.
    pub follows: bool,
}

/// What to do now.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "what", rename_all = "snake_case")]
#[non_exhaustive]
pub enum NextLook {
    /// Take snapshots so far apart that the growth stands out.
    Snapshots {
        /// The process, if the log tells its id.
        pid: Option<String>,
        /// Seconds between two; null where the log has no times.
        every: Option<u64>,
        /// Bytes that what leaks grows by meanwhile.
        growth: u64,
    },
    /// It is not in the heap, so that snapshots show little of it.
    Native,
    /// Log on; null where the log has no times.
    Wait {
        /// For so many seconds more.
        seconds: Option<u64>,
    },
    /// Nothing.
    Nothing,
}

impl TrendReport {
    /// How many gates ended so.
    #[must_use]
    pub fn gates_with(&self, outcome: Outcome) -> u64 {
        self.gates.iter().filter(|gate| gate.outcome == outcome).count() as u64
    }

    /// The process that the verdict is of.
    #[must_use]
    pub fn worst(&self) -> Option<&ProcessTrend> {
        self.processes.first()
    }
}

impl ProcessTrend {
    /// The series of a kind, if the log has it.
    #[must_use]
    pub fn of(&self, kind: Kind) -> Option<&SeriesTrend> {
        self.series.iter().find(|series| series.kind == kind)
    }

    /// The run that is judged.
    #[must_use]
    pub fn judged(&self) -> Option<&RunTrend> {
        self.runs.iter().find(|run| run.judged)
    }
}
