//! A process with its figures in, the sentences that say what they mean out.

use super::judge::{BOTTOMS, SAMPLES, Verdict};
use super::prepare::Axis;
use super::report::{
    Each, LimitTrend, NextLook, PerTrend, ProcessTrend, Rate, RunTrend, SeriesTrend,
};
use super::sample::Kind;
use super::series::{growth, whole as rounded};
use crate::units::{count, counted, signed_size, size};

/// Bytes that two snapshots should differ by, and such a share of what there is.
const GROWTH: u64 = 5_000_000;
const SHARE: u64 = 20;
/// What has grown by less than such a part was level all along.
const NOTABLE: u64 = 30;
/// Seconds between two snapshots: less is too short to say anything, more is no watch.
const SOONEST: u64 = 60;
const LATEST: u64 = 7 * 86_400;

/// `45 s`, `12 min`, `3.5 hours`, `4.2 days`.
#[must_use]
pub(crate) fn time(seconds: f64) -> String {
    match seconds {
        s if s < 100.0 => format!("{s:.0} s"),
        s if s < 6_000.0 => format!("{:.0} min", s / 60.0),
        s if s < 48.0 * 3600.0 => format!("{:.1} hours", s / 3600.0),
        s if s < 3_650.0 * 86_400.0 => format!("{:.1} days", s / 86_400.0),
        _ => "more than ten years".into(),
    }
}

/// `4.3 MB an hour`.
fn bytes_each(bytes: f64, each: Each) -> String {
    let sign = if bytes < 0.0 { "-" } else { "" };
    let word = match each {
        Each::Hour => "an hour",
        Each::Sample => "a sample",
    };
    format!("{sign}{} {word}", size(rounded(bytes.abs())))
}

/// A rate with what it lies between.
fn rate(rate: &Rate) -> String {
    let [low, high] = [rate.low, rate.high].map(|bytes| size(rounded(bytes)));
    format!("{} ({low} to {high})", bytes_each(rate.bytes, rate.each))
}

/// How long a run is, as its log tells it.
fn length(run: &RunTrend, axis: Axis) -> String {
    match axis {
        Axis::Samples => counted(run.samples, "sample", "samples"),
        Axis::Clock | Axis::Seconds => time(run.to - run.from),
    }
}

/// How fast what leaks grows.
pub(super) fn fastest(process: &ProcessTrend) -> f64 {
    let rates = process.series.iter().filter_map(|series| series.rate);
    rates.map(|rate| rate.bytes).fold(0.0, f64::max)
}

/// The reasons of the whole: those of the process that fares worst, and how the others fare.
pub(super) fn reasons_of_all(processes: &[ProcessTrend]) -> Vec<String> {
    let Some((worst, others)) = processes.split_first() else { return Vec::new() };
    let mut reasons = worst.reasons.clone();
    if !others.is_empty() {
        if let Some(first) = reasons.first_mut() {
            let name = if worst.name.is_empty() { "without a name" } else { &worst.name };
            *first = format!("{name}: {first}");
        }
        let like = others.iter().filter(|other| other.verdict == worst.verdict).count() as u64;
        let rest = others.len() as u64 - like;
        let all = match (like, rest) {
            (0, rest) => format!("{} not so", others_are(rest)),
            (like, 0) => format!("{} so too", others_are(like)),
            (like, rest) => format!("{} so too, {} not", others_are(like), count(rest)),
        };
        reasons.push(all);
    }
    reasons
}

fn others_are(many: u64) -> String {
    counted(many, "other process is", "other processes are")
}

/// What the verdict on a process rests on.
pub(super) fn reasons(process: &ProcessTrend) -> Vec<String> {
    let mut reasons = Vec::new();
    let Some(run) = process.judged() else { return vec!["nothing was measured".into()] };
    let leaking = process.leaks.first().and_then(|kind| process.of(*kind));
    let first = leaking.or_else(|| {
        let warming = |series: &&SeriesTrend| series.verdict == Verdict::StillWarming;
        let warming = process.series.iter().find(warming);
        warming.filter(|s| s.verdict == process.verdict).or_else(|| process.series.first())
    });
    if let Some(series) = first {
        reasons.push(said(series, run, process.axis));
        let follows = process.per.as_ref().is_some_and(|per| per.follows);
        reasons.extend(thirds(series).filter(|_| !follows));
        reasons.extend(limits(process, series));
    }
    reasons.extend(others(process));
    reasons.extend(process.per.as_ref().map(load));
    reasons.extend(other_runs(process));
    reasons
}

/// What becomes of a series, in a sentence.
fn said(series: &SeriesTrend, run: &RunTrend, axis: Axis) -> String {
    let what = match series.kind {
        Kind::Heap if series.collections > 0 => "heap that is left after collections".to_owned(),
        kind => kind.word().to_owned(),
    };
    let levels = format!("{} → {}", size(series.first), size(series.last));
    let over = length(run, axis);
    let seen = match (series.kind, series.collections) {
        (Kind::Heap, n @ 1..) => format!(", {}", counted(n, "collection", "collections")),
        _ => String::new(),
    };
    match (series.verdict, &series.rate) {
        (Verdict::Leak, Some(found)) => {
            format!("{what} rises by {}: {levels} over {over}{seen}", rate(found))
        }
        (Verdict::StillWarming, _) => {
            format!("{what} rises slower and slower: {levels} over {over}{seen}")
        }
        (Verdict::SawtoothOnly, _) => format!(
            "{what} does not rise: {levels} over {over}{seen}, with teeth of {}",
            size(series.teeth)
        ),
        (Verdict::TooShort, _) if series.samples < SAMPLES as u64 => format!(
            "{} of {} over {over}: {SAMPLES} are needed",
            counted(series.samples, "sample", "samples"),
            series.kind.word()
        ),
        (Verdict::TooShort, _) => format!(
            "{} over {over}: {BOTTOMS} are needed to tell what stays from what is garbage",
            match series.collections {
                0 => "no collection of the heap".to_owned(),
                n => counted(n, "collection", "collections"),
            }
        ),
        (Verdict::Plateau, _) if growth(series) > (series.first / NOTABLE) as i64 => {
            format!(
                "{what} has risen by {} and is level now: {levels} over {over}{seen}",
                size(growth(series).unsigned_abs())
            )
        }
        _ => format!("{what} is level: {levels} over {over}{seen}"),
    }
}

/// Whether growth goes on as it began.
fn thirds(series: &SeriesTrend) -> Option<String> {
    let (first, last) = (series.first_third?, series.last_third?);
    let each = series.rate?.each;
    let all = format!(
        "in the first third by {}, in the last by {}",
        bytes_each(first, each),
        bytes_each(last, each)
    );
    match series.verdict {
        Verdict::StillWarming => {
            Some(format!("{all}: a cache that fills up does so; look again later"))
        }
        Verdict::Leak => Some(format!("{all}: a cache would flatten")),
        _ => None,
    }
}

/// What has passed its limit or goes on to it, the soonest first; `told` is what was spoken of before.
fn limits(process: &ProcessTrend, told: &SeriesTrend) -> Vec<String> {
    let hours = |series: &SeriesTrend| {
        let limit = series.limit.as_ref()?;
        if is_above(series, limit) { Some(0.0) } else { limit.hours_left }
    };
    let known = process.series.iter().filter_map(|series| Some((hours(series)?, series)));
    let mut all: Vec<(f64, &SeriesTrend)> = known.collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let alone = all.len() == 1;
    let name = |kind: Kind| match kind {
        kind if alone && kind == told.kind => "it",
        Kind::Heap => "the heap",
        kind => kind.word(),
    };
    all.iter().filter_map(|(hours, series)| limited(series, name(series.kind), *hours)).collect()
}

const fn is_above(series: &SeriesTrend, limit: &LimitTrend) -> bool {
    series.last > limit.bytes
}

/// How a series stands to its limit, if it has one.
fn limited(series: &SeriesTrend, name: &str, hours: f64) -> Option<String> {
    let limit = series.limit.as_ref()?;
    let from = if limit.source == "given" { String::new() } else { format!(" ({})", limit.source) };
    let most = format!("its limit of {}{from}", size(limit.bytes));
    if is_above(series, limit) {
        return Some(format!("{name} is above {most}"));
    }
    let date = limit.reached.as_ref().map_or_else(String::new, |date| format!(", {date} UTC"));
    Some(format!("at this rate {name} reaches {most} in {}{date}", time(hours * 3600.0)))
}

/// What the series say that have not been told of.
fn others(process: &ProcessTrend) -> Option<String> {
    let leaks = |kind| process.leaks.contains(&kind);
    let there = |kind| process.of(kind).is_some();
    match () {
        () if process.leaks == [Kind::Rss] && there(Kind::Heap) => {
            let also = if there(Kind::External) { " and external memory do" } else { " does" };
            Some(format!(
                "the heap{also} not rise with it: native memory, which no heap snapshot shows"
            ))
        }
        () if leaks(Kind::External) && !leaks(Kind::Heap) && there(Kind::Heap) => {
            let buffers =
                process.of(Kind::ArrayBuffers).is_some_and(|b| b.verdict == Verdict::Leak);
            let what = if buffers {
                "array buffers that something small holds"
            } else {
                "memory that objects hold outside of it"
            };
            Some(format!("the heap does not rise with it: {what}"))
        }
        () if leaks(Kind::Heap) && leaks(Kind::External) => {
            let rate = process.of(Kind::External)?.rate?;
            Some(format!("external memory rises too, by {}", bytes_each(rate.bytes, rate.each)))
        }
        () => None,
    }
}

/// Memory against load.
fn load(per: &PerTrend) -> String {
    let PerTrend { field, first, last, .. } = per;
    let from = format!("{field} {} → {}", number(*first), number(*last));
    match per.bytes {
        None if per.counter => format!("{from}: nothing stays for each"),
        None => format!("{from} is level, so that no load explains growth"),
        Some(bytes) if per.counter => {
            format!("{from}: {} for each", signed_size(bytes.round() as i64))
        }
        Some(bytes) if per.follows => format!(
            "it follows the load, and grows no further: {from}, {} for each",
            signed_size(bytes.round() as i64)
        ),
        Some(_) => format!("{from} does not explain it"),
    }
}

/// A figure of a load.
fn number(n: f64) -> String {
    if n.fract() == 0.0 && n < 1e15 { count(n as u64) } else { format!("{n:.2}") }
}

/// What became of the runs that are not judged.
fn other_runs(process: &ProcessTrend) -> Option<String> {
    let restarts: Vec<&str> =
        process.runs.iter().filter_map(|run| run.ended_by).map(|why| why.word()).collect();
    let all = process.runs.len() as u64;
    let judged = process.runs.iter().position(|run| run.judged)? as u64 + 1;
    let mut told = restarts.clone();
    told.sort_unstable();
    told.dedup();
    (all > 1).then(|| {
        let which =
            if judged == all { "the last".to_owned() } else { crate::units::ordinal(judged) };
        format!(
            "{} ({}): {which} of {} runs is judged",
            counted(restarts.len() as u64, "restart", "restarts"),
            told.join(", "),
            count(all)
        )
    })
}

/// What to do now.
pub(super) fn next(process: &ProcessTrend) -> NextLook {
    let length = process.judged().map_or(0.0, |run| run.to - run.from);
    let has_times = process.axis != Axis::Samples;
    match process.verdict {
        Verdict::Leak if process.leaks == [Kind::Rss] && process.of(Kind::Heap).is_some() => {
            NextLook::Native
        }
        Verdict::Leak => {
            let leaking = process.leaks.first().and_then(|kind| process.of(*kind));
            let Some((series, rate)) = leaking.and_then(|s| Some((s, s.rate?))) else {
                return NextLook::Nothing;
            };
            let growth = GROWTH.max(series.last / SHARE);
            let seconds = (growth as f64 / rate.bytes.max(1.0) * 3600.0) as u64;
            let every = seconds.clamp(SOONEST, LATEST);
            let growth =
                if every == seconds { growth } else { rounded(rate.bytes / 3600.0 * every as f64) };
            // The first process of a container has another number outside of it.
            let told = |pid: &&String| pid.bytes().all(|b| b.is_ascii_digit()) && *pid != "1";
            let pid = process.labels.get("pid").filter(told);
            NextLook::Snapshots { pid: pid.cloned(), every: has_times.then_some(every), growth }
        }
        Verdict::StillWarming | Verdict::TooShort => {
            NextLook::Wait { seconds: has_times.then_some((length as u64).max(600)) }
        }
        Verdict::Plateau | Verdict::SawtoothOnly => NextLook::Nothing,
    }
}
