//! A judged series in, what a report tells of it out.

use super::judge::{Judged, Verdict};
use super::prepare::{Axis, Line, Prepared, Sample};
use super::read::time_shown;
use super::report::{BottomTrend, Each, LimitTrend, PointTrend, Rate, SeriesTrend};
use super::robust::Spot;
use super::sample::Kind;

/// Points of a chart.
const POINTS: usize = 240;

/// What something may have, and where that is from.
#[derive(Debug, Clone)]
pub(super) struct Limit {
    pub bytes: f64,
    pub source: String,
}

/// How a rate is told: of an hour, or of a sample.
pub(super) fn each(prepared: &Prepared) -> (Each, f64) {
    match prepared.axis {
        Axis::Clock | Axis::Seconds => (Each::Hour, 3600.0),
        Axis::Samples => (Each::Sample, 1.0),
    }
}

/// How fast it grows now: of what has become slower the last third tells.
fn rate(judged: &Judged, each: Each, unit: f64) -> Option<Rate> {
    let slope = judged.slope?;
    let told = |bytes: f64, low: f64, high: f64| Rate {
        bytes: bytes * unit,
        low: low * unit,
        high: high * unit,
        each,
    };
    match judged.verdict {
        Verdict::Leak => Some(told(slope.middle, slope.low, slope.high)),
        Verdict::StillWarming => {
            let last = judged.thirds.map_or(slope.middle, |thirds| thirds[1]).max(0.0);
            Some(told(last, last.min(slope.low.max(0.0)), last.max(slope.high)))
        }
        Verdict::Plateau | Verdict::SawtoothOnly | Verdict::TooShort => None,
    }
}

pub(super) fn series(
    kind: Kind,
    line: &Line,
    samples: &[Sample],
    judged: &Judged,
    prepared: &Prepared,
    limit: Option<&Limit>,
) -> SeriesTrend {
    let (each, unit) = each(prepared);
    let rate = rate(judged, each, unit);
    let third = |at: usize| judged.thirds.map(|thirds| thirds[at] * unit);
    let highs: Vec<Spot> = samples.iter().map(|sample| (sample.time, sample.high)).collect();
    let end = samples.last().map_or(0.0, |sample| sample.time);
    let limit = limit.map(|limit| reach(limit, judged, rate, prepared.axis, end));
    SeriesTrend {
        kind,
        field: line.field.clone(),
        verdict: judged.verdict,
        samples: samples.len() as u64,
        collections: judged.envelope.collections as u64,
        first: whole(judged.levels[0]),
        last: whole(judged.levels[1]),
        highest: whole(highs.iter().map(|spot| spot.1).fold(0.0, f64::max)),
        teeth: whole(judged.envelope.teeth),
        rate,
        first_third: third(0),
        last_third: third(1),
        z: judged.z,
        limit,
        points: points(samples),
        bottoms: judged.envelope.spots.iter().map(bottom).collect(),
    }
}

/// When the limit is reached. V8 gives up when what is left after a full collection is there.
fn reach(limit: &Limit, judged: &Judged, rate: Option<Rate>, axis: Axis, end: f64) -> LimitTrend {
    let rate = rate.filter(|rate| rate.each == Each::Hour && rate.bytes > 0.0);
    let left = limit.bytes - judged.levels[1];
    let hours = rate.map(|rate| (left / rate.bytes).max(0.0));
    // What is farther than a lifetime is never.
    let hours_left = hours.filter(|hours| *hours < 1e6);
    let reached =
        hours_left.filter(|_| axis == Axis::Clock).and_then(|h| time_shown(end + h * 3600.0));
    LimitTrend { bytes: whole(limit.bytes), source: limit.source.clone(), hours_left, reached }
}

pub(super) fn whole(bytes: f64) -> u64 {
    bytes.round().max(0.0) as u64
}

fn bottom(spot: &Spot) -> BottomTrend {
    BottomTrend { time: spot.0, bytes: whole(spot.1) }
}

/// The series in equal parts of its samples.
fn points(samples: &[Sample]) -> Vec<PointTrend> {
    let each = samples.len().div_ceil(POINTS).max(1);
    let part = |part: &[Sample]| PointTrend {
        time: part[0].time,
        low: whole(part.iter().map(|sample| sample.low).fold(f64::MAX, f64::min)),
        high: whole(part.iter().map(|sample| sample.high).fold(0.0, f64::max)),
    };
    samples.chunks(each).map(part).collect()
}

/// What a series has grown by from its beginning to its end.
pub(super) fn growth(series: &SeriesTrend) -> i64 {
    crate::units::difference(series.last, series.first)
}
