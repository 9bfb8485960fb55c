//! Conditions and what logs tell in, gates that are kept or broken out.

use super::amount::Amount;
use super::condition::{Condition, Limit, Subject};
use super::metric::{Kind, OfTrend};
use super::shown::{shown, shown_limit};
use super::{Gates, Memory};
use crate::report::answer::VerdictKind;
use crate::report::{Comparator, Gate, Measure, Method, Outcome};
use crate::trend::{Each, ProcessTrend, SeriesTrend, TrendReport, Verdict};
use crate::units::{count, counted};

/// What is measured of a process, or why it cannot be.
type Measured = Result<f64, &'static str>;

impl Gates {
    /// Judges what logs tell, and writes down in it what came of each condition.
    pub fn judge_trend(&self, report: &mut TrendReport) {
        report.gates = self.conditions.iter().map(|condition| judge(condition, report)).collect();
    }
}

fn judge(condition: &Condition, report: &TrendReport) -> Gate {
    if condition.subject() == Subject::Snapshots {
        return unjudged(condition, "it is about snapshots, and these are logs");
    }
    match (condition.metric.kind, condition.limit) {
        (Kind::Trend(of), Limit::Plain(limit)) => figure(condition, of, limit, report),
        (_, Limit::Verdict(VerdictKind::LeakLikely)) => verdict(condition, Verdict::Leak, report),
        (_, Limit::Trend(limit)) => verdict(condition, limit, report),
        _ => unjudged(condition, "it is about snapshots, and these are logs"),
    }
}

fn gate(condition: &Condition, outcome: Outcome) -> Gate {
    Gate {
        condition: condition.text.clone(),
        source: condition.source.clone(),
        ok: outcome == Outcome::Kept,
        outcome,
        method: (outcome != Outcome::Unjudged).then_some(Method::Series),
        matched_nothing: false,
        measured: None,
        allowed: condition.comparator.opposite(),
        limit: match shown_limit(condition) {
            Measure::Verdict(_) => Measure::Trend(Verdict::Leak.id()),
            limit => limit,
        },
        decided_by: None,
        note: None,
    }
}

fn unjudged(condition: &Condition, why: &str) -> Gate {
    Gate { note: Some(why.to_owned()), ..gate(condition, Outcome::Unjudged) }
}

const fn outcome(broken: bool) -> Outcome {
    if broken { Outcome::Broken } else { Outcome::Kept }
}

fn verdict(condition: &Condition, limit: Verdict, report: &TrendReport) -> Gate {
    if report.verdict == Verdict::TooShort && limit != Verdict::TooShort {
        return unjudged(condition, "the series are too short");
    }
    let broken = condition.comparator.holds((report.verdict as u8).cmp(&(limit as u8)));
    let worst = report.worst().map(|worst| worst.name.clone());
    Gate {
        measured: Some(Measure::Trend(report.verdict.id())),
        decided_by: worst.filter(|name| !name.is_empty()),
        ..gate(condition, outcome(broken))
    }
}

fn figure(condition: &Condition, of: OfTrend, limit: Amount, report: &TrendReport) -> Gate {
    let comparator = condition.comparator;
    let low = matches!(comparator, Comparator::Less | Comparator::AtMost);
    let mut worst: Option<(&ProcessTrend, Amount, (bool, f64))> = None;
    let mut open = Vec::new();
    for process in &report.processes {
        let value = match measured(of, process) {
            Ok(value) => value,
            Err(why) => {
                open.push(why);
                continue;
            }
        };
        let amount = Amount::new((value * 1000.0).round() as i64, 1000);
        let breaks = comparator.holds(amount.compare(limit));
        let rank = (breaks, if low { -value } else { value });
        if worst.as_ref().is_none_or(|(_, _, best)| rank > *best) {
            worst = Some((process, amount, rank));
        }
    }
    let Some((process, amount, (broken, _))) = worst else {
        return unjudged(condition, open.first().copied().unwrap_or("there is no process"));
    };
    let note = (!open.is_empty()).then(|| {
        let all = count(report.processes.len() as u64);
        format!("{} of {all} not judged", counted(open.len() as u64, "process", "processes"))
    });
    Gate {
        measured: Some(shown(condition, amount)),
        decided_by: (!process.name.is_empty()).then(|| process.name.clone()),
        note,
        ..gate(condition, outcome(broken))
    }
}

fn measured(of: OfTrend, process: &ProcessTrend) -> Measured {
    match of {
        OfTrend::Rate(kind) => rate(kind, process.of(kind)),
        OfTrend::Per => {
            let per = process.per.as_ref().ok_or("no load was named, or no log has it")?;
            Ok(per.bytes.unwrap_or(0.0))
        }
    }
}

/// How fast a series grows; what does not grow measures 0, however its samples lie.
fn rate(kind: Memory, series: Option<&SeriesTrend>) -> Measured {
    let series = series.ok_or(match kind {
        Memory::Heap => "no log has the heap",
        Memory::External => "no log has external memory",
        Memory::ArrayBuffers => "no log has array buffers",
        _ => "no log has RSS",
    })?;
    match (series.verdict, series.rate) {
        (Verdict::TooShort, _) => Err("the series is too short"),
        (_, Some(rate)) if rate.each == Each::Sample => Err("the logs have no times"),
        (_, rate) => Ok(rate.map_or(0.0, |rate| rate.bytes)),
    }
}
