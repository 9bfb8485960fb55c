//! The answer in, its text out: verdict, containers, why it stays, what to do.

use super::safe::{fit, shown};
use super::text::{Paint, View};
use super::{brief, tree};
use crate::report::Report;
use crate::report::answer::{ContainerReport, IdentityKind, Place, SuspectReport, VerdictKind};
use crate::text::visible;
use crate::units::{count, difference, growth, signed_size, size};
use std::fmt::Write as _;

/// Containers shown.
const CONTAINERS: usize = 5;
/// Findings shown.
const FINDINGS: usize = 4;

/// Cuts to the terminal's width.
pub(super) fn clip(line: &str, view: &View) -> String {
    view.width.map_or_else(|| line.to_owned(), |w| fit(line, w.max(20)))
}

/// Prose, broken into lines that fit, each after the indent.
pub(super) fn prose(text: &str, indent: usize, view: &View) -> Vec<String> {
    let indent = " ".repeat(indent);
    let width = view.width.unwrap_or(usize::MAX).max(30);
    let options = textwrap::Options::new(width).initial_indent(&indent).subsequent_indent(&indent);
    textwrap::wrap(&visible(text), options).into_iter().map(std::borrow::Cow::into_owned).collect()
}

/// The verdict and what it rests on.
pub(super) fn head(report: &Report, view: &View, paint: &Paint) -> String {
    let (before, after) = (&report.snapshots.before, &report.snapshots.after);
    let delta = brief::grown(report);
    let percent = growth(before.total_size, after.total_size);
    let percent = if delta == 0 { String::new() } else { format!(" ({percent})") };
    let word = report.answer.verdict.kind.word();
    let color = match report.answer.verdict.kind {
        VerdictKind::LeakLikely => 31,
        VerdictKind::Grew => 33,
        VerdictKind::NoGrowth => 32,
        VerdictKind::NotComparable => 35,
    };
    let rest = format!(
        "   heap {} → {}  {}{percent}   {} → {} objects",
        size(before.total_size),
        size(after.total_size),
        signed_size(delta),
        count(before.nodes),
        count(after.nodes),
    );
    let rest =
        view.width.map_or_else(|| rest.clone(), |w| fit(&rest, w.saturating_sub(word.len())));
    let mut out = String::new();
    for cut in report.cuts() {
        let line = clip(&format!("TRUNCATED   {}", visible(&cut)), view);
        let _ = writeln!(out, "{}", paint.bold(&line));
    }
    let _ = writeln!(out, "{}{rest}", paint.verdict(word, color));
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

/// How objects are known again without ids.
const BY_STRUCTURE: &str = "objects are matched by structure";

pub(super) fn identity(report: &Report) -> String {
    let identity = &report.answer.identity;
    let agree = format!(
        "{:.1}% of ids kept, {:.2}% of these agree",
        identity.ids_kept * 100.0,
        identity.agreement * 100.0
    );
    let mut line = match identity.kind {
        IdentityKind::SameProcess => format!("same process: yes ({agree})"),
        IdentityKind::DifferentProcess if identity.by_id => {
            format!("same process: no, or its ids were made anew ({agree})")
        }
        IdentityKind::DifferentProcess if identity.in_order => format!(
            "ids made anew ({agree}), as when an inspector or DevTools window that took a snapshot \
             closes: keep one open for all, or call v8.writeHeapSnapshot(); {BY_STRUCTURE}"
        ),
        IdentityKind::DifferentProcess => format!(
            "two processes, by ids and order of the objects ({agree}); snapshots of one tell more; \
             {BY_STRUCTURE}"
        ),
        IdentityKind::UnstableIds => format!(
            "ids made anew, as Bun does for every snapshot, and Node.js when the inspector session that \
             took one closes; {BY_STRUCTURE}"
        ),
    };
    if identity.kind == IdentityKind::SameProcess && !identity.by_id {
        line = format!("{line}; {BY_STRUCTURE}, as asked");
    }
    line
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
pub(super) fn containers(report: &Report, view: &View, paint: &Paint) -> String {
    let all = &report.answer.containers;
    if all.is_empty() {
        return String::new();
    }
    let piling = all.iter().filter(|c| c.piles_up);
    let others = all.iter().filter(|c| !c.piles_up);
    let some = piling.clone().count();
    let list: Vec<&ContainerReport> =
        piling.chain(others).take(if some > 0 { some.clamp(1, CONTAINERS) } else { 3 }).collect();
    let title = if some > 0 { "PILING UP" } else { "HOLD MORE, BUT DO NOT PILE UP" };
    let mut out = format!("\n{}\n", paint.bold(title));
    let rows: Vec<[String; 4]> = list.iter().map(|c| row(c, report)).collect();
    let widest = |at: usize| {
        rows.iter()
            .map(|r| unicode_width::UnicodeWidthStr::width(r[at].as_str()))
            .max()
            .unwrap_or(0)
    };
    let (kind, entries, retained) = (widest(0), widest(2), widest(3));
    let room =
        view.width.map_or(usize::MAX, |w| w.saturating_sub(kind + entries + retained + 8).max(20));
    let path = widest(1).min(room);
    for (container, r) in list.iter().zip(&rows) {
        let name = fit(&r[1], path);
        let pad = path - unicode_width::UnicodeWidthStr::width(name.as_str());
        let line = format!(
            "  {:kind$}  {name}{}  {:>entries$}  {:>retained$}",
            r[0],
            " ".repeat(pad),
            r[2],
            r[3]
        );
        let _ = writeln!(out, "{}", line.trim_end());
        let extra = match (&container.note, &container.location) {
            (Some(note), _) => Some((*note).to_owned()),
            (None, Some(place)) => Some(location(place, report)),
            (None, None) => None,
        };
        if let Some(extra) = extra {
            let line = format!("  {:kind$}  {}", "", visible(&extra));
            let _ = writeln!(out, "{}", paint.dim(&clip(&line, view)));
        }
    }
    let more = all.iter().filter(|c| c.piles_up).count().saturating_sub(list.len());
    if more > 0 {
        let _ = writeln!(out, "  {more} more in --format json");
    }
    out
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

/// `server.mjs:7:42`: the file without what all files have in common.
pub(super) fn location(place: &Place, report: &Report) -> String {
    let file = place.file.to_string_lossy();
    let file = file.strip_prefix("file://").unwrap_or(&file);
    let common = &report.common_prefix;
    let file = file.strip_prefix(common.as_str()).unwrap_or(file);
    format!("{file}:{}:{}", place.line, place.column)
}

/// Why the first suspects stay.
pub(super) fn suspects(report: &Report, view: &View, paint: &Paint) -> String {
    let mut out = String::new();
    if report.answer.verdict.kind != VerdictKind::LeakLikely {
        return out;
    }
    for suspect in report.answer.suspects.iter().take(view.chains.unwrap_or(1)) {
        let class = shown(&suspect.class);
        let place =
            suspect.location.as_ref().map(|p| format!("   {}", visible(&location(p, report))));
        let title = format!("WHY IT STAYS   {class} × {}", count(suspect.count));
        let room = view.width.map_or(usize::MAX, |w| w.saturating_sub(title.len()).max(10));
        let place = fit(&place.unwrap_or_default(), room);
        let _ = writeln!(out, "\n{}{place}", paint.bold(&title));
        if !suspect.inside.is_empty() {
            let inside: Vec<String> = suspect
                .inside
                .iter()
                .map(|i| format!("{} {}", count(i.count), shown(&i.class)))
                .collect();
            let _ = writeln!(out, "{}", clip(&format!("  with it: {}", inside.join(" · ")), view));
        }
        out += &ways(suspect, report, view, paint);
    }
    out
}

fn ways(suspect: &SuspectReport, report: &Report, view: &View, paint: &Paint) -> String {
    let chains = &suspect.ways;
    if chains.is_empty() {
        let guess = match &suspect.container {
            Some(path) => format!("; {} grew by about as many", visible(path)),
            None => String::new(),
        };
        let line = format!("the file records no retainer of these objects{guess}");
        return prose(&line, 2, view).join("\n") + "\n";
    }
    let mut out = String::new();
    if chains.len() > 1 {
        let idle = chains.iter().all(|c| c.frees.saturating_mul(10) < suspect.frees_together);
        let line = if idle {
            format!(
                "  held by {} independent ways: cutting one frees nothing, cutting all frees {}",
                chains.len(),
                size(suspect.frees_together)
            )
        } else {
            format!(
                "  held by {} ways; cutting all frees {}",
                chains.len(),
                size(suspect.frees_together)
            )
        };
        let _ = writeln!(out, "{}", clip(&line, view));
    }
    let shown_chains = chains.iter().take(view.ways.max(1));
    for (at, chain) in shown_chains.enumerate() {
        let number = if chains.len() > 1 { format!("way {}   ", at + 1) } else { String::new() };
        let share = if chain.share == 0 {
            String::new()
        } else {
            format!("{} of {} held this way, ", count(chain.share), count(chain.total))
        };
        let also = if chain.frees == 0 && chains.len() == 1 {
            ": something else holds the objects too"
        } else {
            ""
        };
        let line = format!("  {number}{share}cutting it frees {}{also}", size(chain.frees));
        let _ = writeln!(out, "{}", paint.dim(&clip(&line, view)));
        out += &tree::draw(chain, report, view, paint);
    }
    out
}

/// What to do about it.
pub(super) fn findings(report: &Report, view: &View, paint: &Paint) -> String {
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
    for finding in fresh.iter().take(FINDINGS) {
        let narrow = view.width.is_some_and(|w| w < 70);
        let indent = if narrow { 4 } else { 24 };
        if narrow {
            let _ = writeln!(out, "  {}", finding.pattern.id());
        }
        for (at, line) in prose(&finding.title, indent, view).iter().enumerate() {
            let id = if at == 0 && !narrow { finding.pattern.id() } else { "" };
            let _ = writeln!(out, "  {id:width$}{}", line.trim_start(), width = indent - 2);
        }
        for line in prose(finding.advice, indent, view) {
            let _ = writeln!(out, "{}", paint.dim(&line));
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

/// What to try next.
pub(super) fn next(report: &Report, view: &View) -> String {
    let Some(row) = report.classes.iter().filter(|r| !r.engine).max_by_key(|r| r.retained_new)
    else {
        return String::new();
    };
    if report.answer.verdict.kind == VerdictKind::NoGrowth {
        return String::new();
    }
    let other = report.answer.suspects.first().map_or(&row.name, |s| &s.class);
    let line = format!(
        "next: --class '{}' for its chain · --sort new for the table as in DevTools · --all for every row",
        shown(other)
    );
    format!("\n{}\n", prose(&line, 0, view).join("\n"))
}
