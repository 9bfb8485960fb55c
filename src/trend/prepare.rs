//! What was gathered of a process in, its series along one axis of time out, in bytes, each field once.

use super::gather::{Moment, Point, Process, Series};
use super::robust::Spot;
use super::sample::{Kind, Says};
use serde::Serialize;
use std::collections::BTreeMap;

/// What the times of a process are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Axis {
    /// Seconds since 1970.
    Clock,
    /// Seconds since the process was started, or since the first sample.
    Seconds,
    /// Samples: the log has no times.
    Samples,
}

/// A sample, or some that follow each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sample {
    pub time: f64,
    pub low: f64,
    pub high: f64,
}

/// A field of a process along its axis.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub says: Says,
    pub field: String,
    /// As many as were logged; the line may have fewer points.
    pub count: u64,
    pub samples: Vec<Sample>,
}

/// A process with all its fields.
#[derive(Debug)]
pub(super) struct Prepared {
    pub axis: Axis,
    pub lines: Vec<Line>,
    /// When it was said to end.
    pub ends: Vec<f64>,
}

impl Prepared {
    pub(super) fn line(&self, says: Says) -> Option<&Line> {
        self.lines.iter().find(|line| line.says == says)
    }
}

/// What one is of the fields whose unit nobody tells, by the field.
pub(super) type Units = BTreeMap<String, f64>;

/// Fields that say how much memory there is without saying in what. No heap is below 1.5 MB, so small
/// numbers are MB, and larger ones kB.
pub(super) fn units(processes: &[Process]) -> Units {
    let mut most: BTreeMap<&str, (Kind, f64)> = BTreeMap::new();
    for series in processes.iter().flat_map(|process| &process.series) {
        let Says::Memory(kind) = series.says else { continue };
        if series.unit.is_none() {
            let highest = series.points.iter().map(|point| point.high).fold(0.0, f64::max);
            let entry = most.entry(&series.field).or_insert((kind, 0.0));
            entry.1 = entry.1.max(highest);
        }
    }
    const KB: f64 = 1024.0;
    let unit = |most: f64| match most {
        m if m < 16_384.0 => KB * KB,
        m if m < 1.5e6 => KB,
        _ => 1.0,
    };
    let whole = |kind: Kind| matches!(kind, Kind::Heap | Kind::Rss);
    let heaps = most.values().filter(|(kind, _)| whole(*kind)).map(|(_, most)| *most);
    // Buffers may be small: they are in what the heap is in.
    let usual = heaps.fold(None, |all: Option<f64>, most| Some(all.unwrap_or(0.0).max(most)));
    let each = most.iter().map(|(field, (kind, most))| {
        let most = if whole(*kind) { *most } else { usual.unwrap_or(f64::MAX) };
        ((*field).to_owned(), unit(most))
    });
    each.collect()
}

/// The series of a process; `interval` is the time between two samples where the log does not tell.
pub(super) fn prepare(process: &Process, units: &Units, interval: Option<f64>) -> Prepared {
    let (axis, clock) = axis(process, interval);
    let time = |point: &Point| match clock {
        Some(clock) => clock(&point.when),
        None => point.index * interval.unwrap_or(1.0),
    };
    let mut lines: Vec<(u8, Line)> = Vec::new();
    for series in &process.series {
        let unit = series.unit.or_else(|| units.get(&series.field).copied()).unwrap_or(1.0);
        let samples = samples(series, unit, &time);
        let base = series.field.split('{').next().unwrap_or_default();
        let (says, count) = (series.says, series.samples);
        let labelled = base.len() < series.field.len();
        let same = |line: &&mut (u8, Line)| line.1.field == base && line.1.says == says;
        match lines.iter_mut().find(same).filter(|_| labelled) {
            // Parts of one figure, such as the spaces of a heap.
            Some((_, line)) => {
                *line = Line { samples: sum(&line.samples, &samples), ..line.clone() }
            }
            None => {
                lines.push((series.rank, Line { says, field: base.to_owned(), count, samples }));
            }
        }
    }
    // Of fields that say the same the surest, and then the one with most samples.
    let enough = |line: &Line| line.samples.len() >= super::judge::SAMPLES;
    lines.sort_by_key(|(rank, line)| {
        (line.says, std::cmp::Reverse((enough(line), *rank, line.count)))
    });
    let mut lines: Vec<Line> = lines.into_iter().map(|(_, line)| line).collect();
    lines.dedup_by_key(|line| line.says);
    let ends = clock.map(|clock| process.ends.iter().map(clock).filter(|end| end.is_finite()));
    let ends = ends.into_iter().flatten().collect();
    Prepared { axis, lines, ends }
}

/// What tells the time of a moment.
type TimeOf = fn(&Moment) -> f64;

/// The surest axis that most points have, and on which most are apart; its times, unless they go by the samples.
fn axis(process: &Process, interval: Option<f64>) -> (Axis, Option<TimeOf>) {
    let memory = |series: &&Series| matches!(series.says, Says::Memory(_));
    let longest = process.series.iter().filter(memory).max_by_key(|series| series.points.len());
    let points = longest.map_or(&[][..], |series| &series.points);
    let apart = |time: TimeOf| {
        let times = points.iter().map(|point| time(&point.when));
        let mut times: Vec<f64> = times.filter(|time| time.is_finite()).collect();
        times.sort_by(f64::total_cmp);
        times.dedup();
        times.len() * 2 > points.len()
    };
    let clocks: [(Axis, TimeOf); 3] = [
        (Axis::Clock, |moment| moment.clock),
        (Axis::Seconds, |moment| moment.undated),
        (Axis::Seconds, |moment| moment.run),
    ];
    match clocks.into_iter().find(|(_, time)| apart(*time)) {
        Some((axis, time)) => (axis, Some(time)),
        None if interval.is_some() => (Axis::Seconds, None),
        None => (Axis::Samples, None),
    }
}

fn samples(series: &Series, unit: f64, time: &dyn Fn(&Point) -> f64) -> Vec<Sample> {
    let sample = |p: &Point| Sample { time: time(p), low: p.low * unit, high: p.high * unit };
    let sound = |s: &Sample| s.time.is_finite() && s.high.is_finite();
    let mut samples: Vec<Sample> = series.points.iter().map(sample).filter(sound).collect();
    samples.sort_by(|a, b| a.time.total_cmp(&b.time));
    samples.dedup_by(|next, before| {
        let same = next.time == before.time;
        if same {
            before.low = before.low.min(next.low);
            before.high = before.high.max(next.high);
        }
        same
    });
    samples
}

/// Two series as one; where one has no sample, the one before counts.
fn sum(one: &[Sample], other: &[Sample]) -> Vec<Sample> {
    let mut out: Vec<Sample> = Vec::with_capacity(one.len().max(other.len()));
    let (mut a, mut b) = (0, 0);
    while a < one.len() || b < other.len() {
        let time = match (one.get(a), other.get(b)) {
            (Some(x), Some(y)) => x.time.min(y.time),
            (x, y) => x.or(y).map_or(0.0, |sample| sample.time),
        };
        a += usize::from(one.get(a).is_some_and(|sample| sample.time <= time));
        b += usize::from(other.get(b).is_some_and(|sample| sample.time <= time));
        let last = |all: &[Sample], next: usize| next.checked_sub(1).map(|at| all[at]);
        if let (Some(x), Some(y)) = (last(one, a), last(other, b)) {
            out.push(Sample { time, low: x.low + y.low, high: x.high + y.high });
        }
    }
    out
}

/// The lowest value of each sample.
pub(super) fn lows(samples: &[Sample]) -> Vec<Spot> {
    samples.iter().map(|sample| (sample.time, sample.low)).collect()
}
