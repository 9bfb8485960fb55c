//! A report in, what helps next out: what it lacks, or how to keep the answer.

use super::view::{View, prose};
use crate::report::answer::{Role, VerdictKind, WayStep};
use crate::report::{Report, Truncated};

/// The lines at the end; empty where there is nothing to do.
pub(super) fn next(report: &Report, view: &View) -> String {
    let answer = &report.answer;
    let verdict = answer.verdict.kind;
    let mut tips: Vec<String> = cut(report).collect();
    let is_whole = tips.is_empty();
    match verdict {
        VerdictKind::NoGrowth => {}
        VerdictKind::NotComparable => {
            tips.push("take both snapshots in one process, without restarting it".into());
        }
        VerdictKind::Grew if !is_whole => {}
        VerdictKind::Grew if report.between.is_empty() => tips.push(
            "take a third snapshot after the same load again: it tells a leak from a warm-up"
                .into(),
        ),
        VerdictKind::Grew => tips.push("--sort new for the table as in DevTools".into()),
        VerdictKind::LeakLikely => {
            tips.extend(look(report));
            let left = answer.suspects.len().saturating_sub(view.suspects());
            if left > 0 {
                let what = if left == 1 { "suspect".into() } else { format!("{left} suspects") };
                tips.push(format!("--suspects {} for the other {what}", answer.suspects.len()));
            }
            if report.gates.is_empty() {
                tips.push("--fail-on 'verdict == leak' to fail a CI job".into());
            }
            tips.push("-o heap.html for the whole report as a page".into());
        }
    }
    let is_compared = !matches!(verdict, VerdictKind::NotComparable | VerdictKind::NoGrowth);
    if report.calls.is_none() && report.run.is_none() && is_compared && is_whole {
        tips.push("--calls N (how many requests you sent) for figures per call".into());
    }
    if tips.is_empty() {
        return String::new();
    }
    let lines = tips.iter().flat_map(|tip| prose(tip, 6, view)).collect::<Vec<_>>().join("\n");
    format!("\nnext: {}\n", lines.trim_start())
}

/// How to look at one of the objects that pile up.
fn look(report: &Report) -> Option<String> {
    if report.run.as_ref().is_some_and(|run| !run.kept) {
        return Some("--keep DIR to keep the snapshots, for questions about them".into());
    }
    let object = typical(report)?;
    Some(format!("heapdiff show BEFORE AFTER @{} for one of them", object.id))
}

/// One of the objects that pile up most.
pub(super) fn typical(report: &Report) -> Option<&WayStep> {
    let steps = &report.answer.suspects.first()?.ways.first()?.steps;
    steps.iter().find(|step| step.role == Role::Object)
}

/// What to do about files that have lost something.
fn cut(report: &Report) -> impl Iterator<Item = String> + '_ {
    let ends = &report.snapshots;
    let files = [&ends.before].into_iter().chain(&report.between).chain([&ends.after]);
    let lost = |cut: &Truncated| cut.lost().is_some();
    let cut = files.filter(move |file| file.truncated.as_ref().is_some_and(lost));
    cut.map(|file| format!("take {} again, or copy all of it: it is cut off", file.path))
}
