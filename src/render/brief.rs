//! A report in, what several formats say alike out.

use super::safe::fit;
use crate::pair::Pair;
use crate::report::answer::{ContainerReport, Place};
use crate::report::{Gate, Outcome, Report, Snapshot, Warning};
use crate::text::{Text, visible};
use crate::units::{count, counted, growth, signed_size, size};

/// A name longer than this is no name; a report of thousands of them has to stay short.
const NAME: usize = 120;
/// The same for a sentence that holds names.
const SENTENCE: usize = 400;

/// A name from the heap or the configuration: controls spelled out, shortened.
pub(super) fn name(text: &str) -> String {
    fit(&visible(text), NAME)
}

/// A sentence that may hold such names.
pub(super) fn sentence(text: &str) -> String {
    fit(&visible(text), SENTENCE)
}

/// `heap 3.0 MB → 3.1 MB (+86.1 kB, +2.9%), 39,800 → 41,104 objects`.
pub(super) fn heap(report: &Report) -> String {
    let (before, after) = (&report.snapshots.before, &report.snapshots.after);
    let percent = growth(before.total_size, after.total_size);
    let percent = if percent.is_empty() { percent } else { format!(", {percent}") };
    format!(
        "heap {} ({}{percent}), {} objects",
        sizes(report),
        signed_size(report.heap_delta()),
        objects(report),
    )
}

/// `3.0 MB → 3.1 MB`, of every snapshot.
pub(super) fn sizes(report: &Report) -> String {
    each(report, |file| size(file.total_size))
}

/// `39,800 → 41,104`, of every snapshot.
pub(super) fn objects(report: &Report) -> String {
    each(report, |file| count(file.nodes))
}

/// What is told of every snapshot, oldest first.
pub(super) fn each(report: &Report, told: impl Fn(&Snapshot) -> String) -> String {
    let Pair { before, after } = &report.snapshots;
    let files = [before].into_iter().chain(&report.between).chain([after]);
    files.map(told).collect::<Vec<_>>().join(" → ")
}

/// Whether one of the facts ends with what is noted of a container.
pub(super) fn is_told(report: &Report, container: &ContainerReport, note: &str) -> bool {
    let facts = &report.answer.verdict.reasons;
    facts.iter().any(|fact| fact.starts_with(&container.path) && fact.ends_with(note))
}

/// What is wrong with the files, each in a sentence. Whatever is written begins with them.
pub(super) fn warnings(report: &Report) -> Vec<Warning> {
    report.warnings().map(|warning| Warning { text: sentence(&warning.text), ..warning }).collect()
}

/// `30 → 126`, with a sign where it is computed from the size.
pub(super) fn entries(container: &ContainerReport) -> String {
    let about = if container.approximate { "≈" } else { "" };
    let each: Vec<String> =
        container.entries.iter().map(|n| format!("{about}{}", count(*n))).collect();
    each.join(" → ")
}

/// `2 of 3 gates broken, 1 not judged`; nothing where there are no gates.
pub(super) fn gates(report: &Report) -> Option<String> {
    told(&report.gates)
}

/// The same of gates that are not a report's.
pub(super) fn told(gates: &[Gate]) -> Option<String> {
    let all = count(gates.len() as u64);
    let with = |outcome| gates.iter().filter(|gate| gate.outcome == outcome).count() as u64;
    let (broken, unjudged) = (with(Outcome::Broken), with(Outcome::Unjudged));
    let open =
        if unjudged == 0 { String::new() } else { format!(", {} not judged", count(unjudged)) };
    match broken {
        _ if gates.is_empty() => None,
        0 if unjudged == 0 => Some(format!("{all} of {all} gates kept")),
        0 => Some(format!("{} of {all} gates not judged", count(unjudged))),
        some => Some(format!("{} of {all} gates broken{open}", count(some))),
    }
}

/// `broken`, `not judged`.
pub(super) const fn outcome(gate: &Gate) -> &'static str {
    match gate.outcome {
        Outcome::Kept => "kept",
        Outcome::Broken => "broken",
        Outcome::Unjudged => "not judged",
    }
}

/// `left out as configured: 2 classes, 1 container, 5.6 MB`; nothing if nothing is.
pub(super) fn ignored(report: &Report) -> Option<String> {
    let ignored = report.ignored?;
    Some(format!(
        "left out as configured: {}, {}, {}",
        counted(ignored.classes, "class", "classes"),
        counted(ignored.containers, "container", "containers"),
        size(ignored.bytes)
    ))
}

/// `heap.delta > 5 MB: +13.7 MB, allowed: ≤ +5.0 MB (decided by ToolSession; a note)`.
pub(crate) fn gate(gate: &Gate) -> String {
    let decided = gate.decided_by.as_ref().map(|by| format!("decided by {}", name(by)));
    let note = gate.note.as_ref().map(|note| sentence(note));
    let more: Vec<String> = decided.into_iter().chain(note).collect();
    let more = if more.is_empty() { String::new() } else { format!(" ({})", more.join("; ")) };
    if gate.outcome == Outcome::Unjudged {
        return format!("{}: could not be judged{more}", name(&gate.condition));
    }
    format!(
        "{}: {}, allowed: {}{more}",
        name(&gate.condition),
        gate.measured_shown(),
        gate.allowed_shown()
    )
}

/// `server.mjs:7:42`: the file without what all files have in common; of a package its name, its
/// version where the path tells, and the path in it: `undici@6.21.0 lib/client.js:7:42`.
pub(super) fn location(place: &Place, report: &Report) -> String {
    let file = place.in_package().unwrap_or_else(|| file(&place.file, report));
    format!("{file}:{}:{}", place.line, place.column)
}

/// A file without what all files have in common.
pub(super) fn file(file: &Text, report: &Report) -> String {
    let file = file.to_string_lossy();
    let file = file.strip_prefix("file://").unwrap_or(&file);
    let file = match file.strip_prefix(report.common_prefix.as_str()) {
        // A script in the page itself: the page's address.
        Some("") => file.split_once("://").map_or(file, |(_, page)| page).to_owned(),
        below => below.unwrap_or(file).to_owned(),
    };
    if file.is_empty() { "<inline script>".to_owned() } else { file }
}
