//! The series of a process in, its runs out: from one start to the next restart.

use super::prepare::{Line, Prepared, Sample};
use super::sample::{Kind, Says};
use serde::Serialize;

/// How it shows that the process was started anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Restart {
    /// V8 said that it had no memory left.
    OutOfMemory,
    /// Its uptime began again.
    Uptime,
    /// The time when it was started changed.
    Started,
    /// A counter began again.
    Counter,
    /// RSS and heap fell to what they were at the start, at once.
    Memory,
}

impl Restart {
    /// As people read it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::OutOfMemory => "out of memory",
            Self::Uptime => "the uptime began again",
            Self::Started => "the start time changed",
            Self::Counter => "a counter began again",
            Self::Memory => "memory fell to what it was at the start",
        }
    }
}

/// A time from which on a process is another one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cut {
    pub time: f64,
    pub why: Restart,
}

/// Seconds by which clocks differ.
const CLOCKS: f64 = 2.0;
/// A fall to such a share of the value before is one.
const FALL: f64 = 0.6;
/// And one to so many times what was there at the start leads there.
const START: f64 = 1.3;

/// All restarts, in order.
pub(super) fn cuts(prepared: &Prepared) -> Vec<Cut> {
    let line = |says| prepared.line(says).map(|line| line.samples.as_slice());
    let mut cuts: Vec<Cut> = Vec::new();
    let falls = |samples: &[Sample], why| -> Vec<Cut> {
        let pairs = samples.windows(2).filter(|pair| pair[1].low + CLOCKS < pair[0].low);
        pairs.map(|pair| Cut { time: pair[1].time, why }).collect()
    };
    cuts.extend(falls(line(Says::Uptime).unwrap_or_default(), Restart::Uptime));
    for pair in line(Says::Started).unwrap_or_default().windows(2) {
        if (pair[1].low - pair[0].low).abs() > CLOCKS {
            cuts.push(Cut { time: pair[1].time, why: Restart::Started });
        }
    }
    if let Some(load) = prepared.line(Says::Load).filter(|load| is_counter(load)) {
        cuts.extend(falls(&load.samples, Restart::Counter));
    }
    let memory = |kind| line(Says::Memory(kind)).unwrap_or_default();
    cuts.extend(fallen(memory(Kind::Rss), memory(Kind::Heap)));
    cuts.extend(prepared.ends.iter().map(|end| Cut {
        // What was measured at the same time was still before.
        time: end + f64::EPSILON * end.abs(),
        why: Restart::OutOfMemory,
    }));
    cuts.sort_by(|a, b| a.time.total_cmp(&b.time));
    // One restart shows in several ways: what has no sample in between is the same.
    let times = memory(Kind::Heap).iter().chain(memory(Kind::Rss)).map(|sample| sample.time);
    let mut times: Vec<f64> = times.collect();
    times.sort_by(f64::total_cmp);
    cuts.dedup_by(|next, before| {
        let from = times.partition_point(|time| *time < before.time);
        times.get(from).is_none_or(|first| *first >= next.time) || next.time - before.time < CLOCKS
    });
    cuts
}

/// Whether a field only grows, but for restarts.
pub(super) fn is_counter(line: &Line) -> bool {
    let steps = line.samples.windows(2);
    let (all, falls) = steps.fold((0_usize, 0_usize), |(all, falls), pair| {
        (all + 1, falls + usize::from(pair[1].high < pair[0].high))
    });
    all > 0 && falls * 20 <= all
}

/// Where RSS falls to what it was at the start and the heap with it. A heap alone does so with each
/// collection, and RSS with pages that are given back, but not so far.
fn fallen(rss: &[Sample], heap: &[Sample]) -> Vec<Cut> {
    let mut cuts = Vec::new();
    let mut from = 0;
    for at in 1..rss.len() {
        let first = rss[from..at].iter().take(3).map(|sample| sample.low).fold(f64::MAX, f64::min);
        let (before, now) = (rss[at - 1], rss[at]);
        let falls = now.low < FALL * before.low && now.low < START * first && at - from > 3;
        let heap_at = heap.partition_point(|sample| sample.time < now.time);
        let with = match (heap_at.checked_sub(1).map(|before| heap[before]), heap.get(heap_at)) {
            (Some(before), Some(now)) => now.low < before.low,
            _ => true,
        };
        if falls && with {
            cuts.push(Cut { time: now.time, why: Restart::Memory });
            from = at;
        }
    }
    cuts
}
