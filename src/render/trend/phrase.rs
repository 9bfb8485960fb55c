//! What logs of memory tell in, the phrases that several formats have alike out.

use crate::trend::{
    Axis, Each, Kind, NextLook, ProcessTrend, Rate, SeriesTrend, TrendReport, Verdict, duration,
    time_shown,
};
use crate::units::{signed_size, size};

/// What a log has in common with a report: something is wrong, may be, or nothing is.
pub(super) const fn color(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Leak => 31,
        Verdict::StillWarming | Verdict::TooShort => 33,
        Verdict::Plateau | Verdict::SawtoothOnly => 32,
    }
}

/// `+4.3 MB an hour`; nothing where nothing grows.
pub(super) fn rate(rate: Option<&Rate>) -> Option<String> {
    let rate = rate?;
    let each = match rate.each {
        Each::Hour => "an hour",
        Each::Sample => "a sample",
    };
    Some(format!("{} {each}", signed_size(rate.bytes.round() as i64)))
}

/// `61.2 MB → 113 MB`.
pub(super) fn levels(series: &SeriesTrend) -> String {
    format!("{} → {}", size(series.first), size(series.last))
}

/// The series that the verdict is of.
pub(super) fn leading(process: &ProcessTrend) -> Option<&SeriesTrend> {
    let leaking = process.leaks.first().and_then(|kind| process.of(*kind));
    leaking.or_else(|| process.of(Kind::Heap)).or_else(|| process.series.first())
}

/// `heap +4.3 MB an hour, 61.2 MB → 113 MB over 12.0 hours`.
pub(super) fn head(process: &ProcessTrend) -> String {
    let Some(series) = leading(process) else { return String::new() };
    let rate = rate(series.rate.as_ref()).map_or_else(String::new, |rate| format!(" {rate},"));
    let run = process.judged();
    let over = run.map_or_else(String::new, |run| match process.axis {
        Axis::Samples => format!(" over {} samples", run.samples),
        Axis::Clock | Axis::Seconds => format!(" over {}", duration(run.to - run.from)),
    });
    format!("{}{rate} {}{over}", series.kind.word(), levels(series))
}

/// A time of an axis.
pub(super) fn moment(time: f64, axis: Axis) -> String {
    match axis {
        Axis::Clock => time_shown(time).unwrap_or_else(|| format!("{time:.0}")),
        Axis::Seconds => duration(time),
        Axis::Samples => format!("{time:.0}"),
    }
}

/// `2026-11-30 10:00 → 2026-11-30 22:00 UTC`.
pub(super) fn span(process: &ProcessTrend) -> String {
    let Some(run) = process.judged() else { return String::new() };
    let [from, to] = [run.from, run.to].map(|time| moment(time, process.axis));
    match process.axis {
        Axis::Clock => format!("{from} → {to} UTC"),
        Axis::Seconds => format!("{from} → {to}"),
        Axis::Samples => format!("samples {from} → {to}"),
    }
}

/// What to do now, in a line, and the command that does it.
pub(super) fn next(report: &TrendReport) -> Option<(String, Option<String>)> {
    match &report.next {
        NextLook::Snapshots { pid, every, growth } => {
            let pid = pid.as_deref().unwrap_or("PID");
            let size = size(*growth);
            let every = every.map(|seconds| format!("--every {}", clock(seconds)));
            let how = every.unwrap_or_else(|| format!("--growth {}", size.replace(' ', "")));
            let apart = format!("snapshots between which it grows by {size} say what it is");
            Some((apart, Some(format!("heapdiff watch {pid} {how} --rounds 2"))))
        }
        NextLook::Native => Some((
            "a snapshot has no native memory: look at addons, at the allocator and at zlib or TLS streams that are never closed".into(),
            None,
        )),
        NextLook::Wait { seconds: Some(seconds) } => {
            Some((format!("log on for {} more, and ask again", duration(*seconds as f64)), None))
        }
        NextLook::Wait { seconds: None } => Some(("log on, and ask again".into(), None)),
        NextLook::Nothing => None,
    }
}

/// A time as options have it, rounded to what a person would write: `90s`, `35m`, `4h`.
fn clock(seconds: u64) -> String {
    match seconds {
        0..=119 => format!("{seconds}s"),
        120..=7_199 => format!("{}m", (seconds + 30) / 60),
        _ => format!("{}h", (seconds + 1_800) / 3_600),
    }
}
