//! A report in, workflow commands for GitHub Actions out.

use super::Sources;
use super::{brief, whose};
use crate::report::Report;
use crate::report::answer::{Finding, VerdictKind};
use std::fmt::Write as _;

/// GitHub shows ten annotations of a step and drops the rest.
const MOST: usize = 10;

/// A `::warning` for what is wrong with the files; a line for the log; then an `::error` for each
/// gate that is broken or could not be judged and, if a leak is likely, a `::warning` for each finding, ten together at most.
#[must_use]
pub fn github(report: &Report, sources: &Sources) -> String {
    let leak = report.answer.verdict.kind == VerdictKind::LeakLikely;
    let findings = report.answer.findings.iter().filter(|_| leak);
    let gates = report.failing_gates();
    let errors = gates.iter().map(|gate| {
        let place = report.finding_of(gate).and_then(|finding| place(finding, sources));
        let title = format!("gate {}", brief::outcome(gate));
        annotation("error", &title, place, &brief::gate(gate))
    });
    let empty = report.unmatched_gates();
    let empty = empty.map(|b| annotation("warning", "gate matched nothing", None, &brief::gate(b)));
    let warnings = findings.map(|f| {
        annotation("warning", f.pattern.id(), place(f, sources), &whose::finding(f, report))
    });
    let files = brief::warnings(report);
    let before = files.iter().map(|file| annotation("warning", file.id, None, &file.text));
    let all: Vec<String> = before.chain(errors).chain(empty).chain(warnings).collect();
    // Nothing from the heap stands here: the line is no command, but is searched for some.
    let ignored = brief::ignored(report).map_or_else(String::new, |line| format!("; {line}"));
    let word = report.answer.verdict.kind.word();
    let shown = if all.len() > MOST { MOST - 1 } else { all.len() };
    let (first, rest) = all[..shown].split_at(files.len().min(shown));
    let line = format!("heapdiff: {word}, {}{ignored}\n", brief::heap(report));
    let mut out = first.concat() + &line + &rest.concat();
    if shown < all.len() {
        let kind = if files.len() + gates.len() > shown { "error" } else { "warning" };
        let _ = writeln!(out, "::{kind} title=heapdiff::{} more", all.len() - shown);
    }
    out
}

/// The first place that lies in the repository, or else the file.
fn place(finding: &Finding, sources: &Sources) -> Option<String> {
    let found = finding.locations.iter().find_map(|p| Some((sources.of(p)?, p)));
    let file = || sources.relative(finding.file.as_ref()?);
    match found {
        Some((file, place)) => {
            Some(format!(",file={},line={},col={}", property(&file), place.line, place.column))
        }
        None => file().map(|file| format!(",file={}", property(&file))),
    }
}

/// A command that makes an annotation.
pub(super) fn annotation(
    command: &str,
    title: &str,
    place: Option<String>,
    message: &str,
) -> String {
    format!(
        "::{command} title={}{}::{}\n",
        property(&format!("heapdiff {title}")),
        place.unwrap_or_default(),
        data(message)
    )
}

/// What GitHub asks for in a message.
pub(super) fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What it asks for in a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
