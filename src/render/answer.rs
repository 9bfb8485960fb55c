//! The answer in, its text out: verdict, containers, why it stays, what to do.

use super::brief;
use super::brief::location;
use super::identity::identity;
use super::paint::Paint;
use super::view::{View, clip, prose};
use super::whose::whose;
use crate::report::Report;
use crate::report::answer::{ContainerReport, VerdictKind};
use crate::text::visible;
use crate::units::{count, difference, growth, signed_size, size};
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr;

/// Containers shown.
const CONTAINERS: usize = 5;
/// And of those that do not pile up.
const OTHERS: usize = 3;
/// Findings shown.
const FINDINGS: usize = 4;

/// The verdict and what it rests on.
pub(super) fn head(report: &Report, view: &View, paint: &Paint<'_>) -> String {
    let (before, after) = (&report.snapshots.before, &report.snapshots.after);
    let delta = report.heap_delta();
    let percent = growth(before.total_size, after.total_size);
    let percent =
        if delta == 0 || percent.is_empty() { String::new() } else { format!(" ({percent})") };
    let word = report.answer.verdict.kind.word();
    let color = match report.answer.verdict.kind {
        VerdictKind::LeakLikely => 31,
        VerdictKind::Grew => 33,
        VerdictKind::NoGrowth => 32,
        VerdictKind::NotComparable => 35,
    };
    let heap = format!("   heap {}  {}{percent}", brief::sizes(report), signed_size(delta));
    let objects = format!("{} objects", brief::objects(report));
    let one = word.width() + heap.width() + 3 + objects.width();
    let gap = if view.width.is_some_and(|w| one > w) { "\n  " } else { "   " };
    let mut out = String::new();
    for cut in report.cuts() {
        let lines = prose(&format!("TRUNCATED   {cut}"), 2, view).join("\n");
        let _ = writeln!(out, "{}", paint.bold(lines.trim_start()));
    }
    let _ = writeln!(out, "{}{heap}{gap}{objects}", paint.verdict(word, color));
    let order = report.warnings().filter(|warning| warning.id != "truncated");
    let order = order.map(|warning| format!("WARNING: {}", warning.text));
    let facts = order.chain(report.answer.verdict.reasons.iter().cloned());
    for fact in facts.chain([identity(report)]).chain(outside(report)) {
        for line in prose(&fact, 2, view) {
            let _ = writeln!(out, "{line}");
        }
    }
    out
}

/// Memory outside the heap, if it changed: what a growing RSS may come from.
pub(super) fn outside(report: &Report) -> Option<String> {
    let (before, after) = (&report.answer.outside.before, &report.answer.outside.after);
    let extra = |o: &crate::report::answer::Outside| Some(o.extra_native_bytes.unwrap_or(0));
    let parts = [
        ("ArrayBuffers", before.array_buffers, after.array_buffers),
        ("external strings", before.external_strings, after.external_strings),
        ("other native memory", extra(before), extra(after)),
    ];
    let changed: Vec<String> = parts
        .into_iter()
        .filter_map(|(what, before, after)| Some((what, before?, after?)))
        .filter(|(_, b, a)| b.abs_diff(*a) >= 10_000)
        .map(|(what, b, a)| {
            format!("{what} {} ({} → {})", signed_size(difference(a, b)), size(b), size(a))
        })
        .collect();
    (!changed.is_empty()).then(|| format!("outside the JS heap: {}", changed.join(", ")))
}

/// The containers that pile up, and others that hold more.
pub(super) fn containers(report: &Report, view: &View, paint: &Paint<'_>) -> String {
    let (piling, others) = (report.piling_up(), report.holding_more());
    let mut out = String::new();
    if !piling.is_empty() {
        let title = paint.bold("PILING UP");
        let what = paint.dim("   hold more than before and do not let go");
        out += &format!("\n{title}{what}\n");
        out += &rows(&piling[..piling.len().min(CONTAINERS)], report, view, paint);
        let more = piling.len().saturating_sub(CONTAINERS);
        if more > 0 {
            let _ = writeln!(out, "  {more} more in --format json");
        }
    }
    if !others.is_empty() {
        out += &format!("\n{}\n", paint.bold("HOLD MORE, BUT DO NOT PILE UP"));
        out += &rows(&others[..others.len().min(OTHERS)], report, view, paint);
    }
    out
}

fn rows(list: &[&ContainerReport], report: &Report, view: &View, paint: &Paint<'_>) -> String {
    let mut out = String::new();
    let rows: Vec<[String; 4]> = list.iter().map(|c| row(c, report)).collect();
    let widest = |at: usize| rows.iter().map(|r| r[at].width()).max().unwrap_or(0);
    let kind = widest(0);
    let figures = widest(2) + widest(3) + 8;
    let room = view.width.map_or(usize::MAX, |w| w.saturating_sub(kind + figures).max(20));
    let path = rows.iter().map(|r| r[1].width()).filter(|w| *w <= room).max().unwrap_or(0);
    for (container, r) in list.iter().zip(&rows) {
        out += &entry(r, [kind, path, widest(2), widest(3)], view);
        // What the facts have said of it is not said again.
        let told = |note: &&str| brief::is_told(report, container, note);
        match (container.note.filter(|note| !told(note)), &container.location) {
            (Some(note), _) => {
                for line in prose(note, kind + 4, view) {
                    let _ = writeln!(out, "{}", paint.dim(&line));
                }
            }
            (None, Some(place)) => {
                let shown = clip(&visible(&location(place, report)), view);
                let _ = writeln!(out, "  {:kind$}  {}", "", paint.place(&shown, place));
            }
            (None, None) => {}
        }
    }
    out
}

/// A row in columns of such widths; a path that is longer than its column has a line of its own.
fn entry(row: &[String; 4], [kind, path, entries, retained]: [usize; 4], view: &View) -> String {
    let figures = format!("{:>entries$}  {:>retained$}", row[2], row[3]);
    let line = if row[1].width() <= path {
        let pad = " ".repeat(path - row[1].width());
        format!("  {:kind$}  {}{pad}  {figures}", row[0], row[1])
    } else {
        let lines = prose(&row[1], kind + 4, view).join("\n");
        format!("  {:kind$}  {}\n  {:kind$}  {figures}", row[0], lines.trim_start(), "")
    };
    format!("{}\n", line.trim_end())
}

fn row(container: &ContainerReport, report: &Report) -> [String; 4] {
    let per_call = report.calls.map(|calls| {
        let more = container.entries_after - container.entries_before;
        format!("  {:+.2} per call", more as f64 / calls as f64)
    });
    let together = match container.together {
        1 => String::new(),
        n => format!(" ({} alike)", count(n)),
    };
    [
        container.kind.to_owned(),
        format!("{}{together}", visible(&container.path)),
        format!("{} entries", brief::entries(container)),
        format!(
            "{}{}",
            signed_size(difference(container.retained_new, 0)),
            per_call.unwrap_or_default()
        ),
    ]
}

/// What to do about it.
pub(super) fn findings(report: &Report, view: &View, paint: &Paint<'_>) -> String {
    let findings = &report.answer.findings;
    if findings.is_empty() {
        return String::new();
    }
    let mut out = format!("\n{}\n", paint.bold("WHAT TO DO"));
    let mut titles: Vec<&str> = Vec::new();
    let fresh = findings.iter().filter(|f| {
        let new = !titles.contains(&f.title.as_str());
        titles.push(&f.title);
        new
    });
    let fresh: Vec<_> = fresh.collect();
    for (at, finding) in fresh.iter().take(FINDINGS).enumerate() {
        let narrow = view.width.is_some_and(|w| w < 70);
        let indent = if narrow { 4 } else { 24 };
        if narrow {
            let _ = writeln!(out, "  {}", finding.pattern.id());
        }
        for (row, line) in prose(&finding.title, indent, view).iter().enumerate() {
            let id = if row == 0 && !narrow { finding.pattern.id() } else { "" };
            let _ = writeln!(out, "  {id:width$}{}", line.trim_start(), width = indent - 2);
        }
        let whose = whose(finding, report, str::to_owned);
        for line in whose.iter().flat_map(|told| prose(told, indent, view)) {
            let _ = writeln!(out, "{line}");
        }
        // What several have in common is said below the last of them.
        if fresh.get(at + 1).is_none_or(|next| next.advice != finding.advice) || at + 1 == FINDINGS
        {
            for line in prose(finding.advice, indent, view) {
                let _ = writeln!(out, "{line}");
            }
        }
    }
    let more = fresh.len().saturating_sub(FINDINGS) + report.answer.without_advice();
    if more > 0 {
        let line = match more {
            1 => "1 more piles up without advice here".to_owned(),
            _ => format!("{} more pile up without advice here", count(more as u64)),
        };
        let _ = writeln!(out, "  {}", paint.dim(&line));
    }
    out
}
