//! A diagnosis in, the facts out that its verdict rests on, a sentence each.

use super::answer::{ContainerReport, SuspectReport, VerdictKind};
use super::words::OF_RUNTIME;
use super::{ClassRow, Totals};
use crate::diagnose::{Case, Diagnosis};
use crate::diff::Comparison;
use crate::graph::Heap;
use crate::objects::is_engine_object;
use crate::pair::Pair;
use crate::text::called;
use crate::units::{count, difference, signed_size, size};

/// The facts, the weightiest first. `calls` is how often the leaking operation ran, if known.
pub(super) fn facts(
    case: &Case<'_>,
    diagnosis: &Diagnosis,
    suspects: &[SuspectReport],
    containers: &[ContainerReport],
    calls: Option<u64>,
) -> Vec<String> {
    let Pair { before, after } = case.matched.heaps.map(Heap::total_size);
    let delta = difference(after, before);
    let mut facts = Vec::new();
    let uncounted = uncounted(case.matched.heaps);
    match diagnosis.verdict {
        VerdictKind::LeakLikely => {
            let first = diagnosis.suspects.first();
            let path = first.and_then(|suspect| suspect.paths.first());
            let container = path.and_then(|path| containers.get(path.container));
            facts.extend(suspects.first().map(|suspect| match container {
                Some(container) => held(suspect, container, delta, calls),
                None => unheld(suspect, delta, calls),
            }));
            facts.extend(piling(containers, container, calls));
        }
        VerdictKind::Grew | VerdictKind::NoGrowth if uncounted.is_some() => {}
        VerdictKind::Grew | VerdictKind::NoGrowth => {
            facts.push("no container that was there before piles up".into());
            facts.extend(harmless(containers));
        }
        VerdictKind::NotComparable => {
            facts.push("neither ids nor class names of the two files overlap".into());
        }
    }
    facts.extend(uncounted);
    facts
}

/// Why containers are not compared, and what to do about it, if a file has lost edges or names.
fn uncounted(heaps: Pair<&Heap>) -> Option<String> {
    let which = match heaps.map(|heap| heap.tables.has_whole_graph()) {
        Pair { before: true, after: true } => return None,
        Pair { after: true, .. } => "the older file is",
        Pair { before: true, .. } => "the newer file is",
        _ => "both files are",
    };
    Some(format!(
        "containers cannot be compared, because {which} cut off: take the snapshot again, or \
         compare two whole files"
    ))
}

/// What of the growth some bytes are.
fn share(bytes: u64, delta: i64) -> String {
    match delta {
        1.. if bytes > delta.unsigned_abs() => {
            format!("all of the growth ({})", signed_size(delta))
        }
        1.. => {
            let percent = bytes as f64 / delta as f64 * 100.0;
            format!("{} of the growth ({percent:.0}%)", size(bytes))
        }
        _ => size(bytes),
    }
}

/// `, exactly 5 per call`.
fn per_call(more: u64, calls: Option<u64>) -> String {
    match calls {
        Some(n) if n > 0 && more.is_multiple_of(n) => {
            format!(", exactly {} per call", count(more / n))
        }
        Some(n) if n > 0 => format!(", {:.2} per call", more as f64 / n as f64),
        _ => String::new(),
    }
}

/// What the first suspect's container holds. The figures are those that its line has.
fn held(
    suspect: &SuspectReport,
    container: &ContainerReport,
    delta: i64,
    calls: Option<u64>,
) -> String {
    if suspect.ways.len() > 1 && suspect.ways[0].share < suspect.ways[0].total {
        return apart(suspect, delta, calls);
    }
    // Entries that hold each other in rings retain little each; cutting them off tells more.
    let freed = suspect.frees_together;
    let bytes = container.retained_new.max(freed);
    let more = container.entries_after - container.entries_before;
    let others = match suspect.ways.len() {
        0 | 1 => String::new(),
        2 => " (and in 1 other way)".to_owned(),
        ways => format!(" (and in {} other ways)", ways - 1),
    };
    let class = called(&suspect.class);
    let which = match () {
        () if container.approximate => String::new(),
        () if suspect.count == more => format!(", mostly {class}"),
        () => {
            let each = size(suspect.goes_with / suspect.count.max(1));
            format!(", with {} new {class} of {each} each", count(suspect.count))
        }
    };
    let is_more = delta > 0 && bytes > delta.unsigned_abs();
    let whole = match (is_more, suspect.ways.len()) {
        (false, _) => String::new(),
        (true, _) if freed < bytes => format!("; they retain {}", size(bytes)),
        (true, 0 | 1) => format!("; cutting it frees {}", size(bytes)),
        (true, _) => format!("; cutting all ways frees {}", size(bytes)),
    };
    format!(
        "{} is held by {}{others}: {}{} new entries of {} each{which}{}{whole}",
        share(bytes, delta),
        owner(&container.path),
        if container.approximate { "≈" } else { "" },
        count(more),
        size(bytes / more.max(1)),
        per_call(more, calls),
    )
}

/// What several containers hold, each a part of it.
fn apart(suspect: &SuspectReport, delta: i64, calls: Option<u64>) -> String {
    let holders: Vec<String> = suspect.ways.iter().map(|way| owner(&way.container)).collect();
    format!(
        "{} is {} new {} objects of {} each{}, held by {}",
        share(suspect.goes_with, delta),
        count(suspect.count),
        called(&suspect.class),
        size(suspect.goes_with / suspect.count.max(1)),
        per_call(suspect.count, calls),
        holders.join(" and "),
    )
}

/// A container's path, as it stands in a sentence.
fn owner(path: &str) -> String {
    match path.strip_suffix(OF_RUNTIME) {
        Some(class) => format!("the runtime's {class} handles"),
        None => path.to_owned(),
    }
}

/// What is new and nothing in the file holds.
fn unheld(suspect: &SuspectReport, delta: i64, calls: Option<u64>) -> String {
    let bytes = suspect.goes_with;
    let likely = match &suspect.container {
        Some(path) => format!(", likely in {}", owner(path)),
        None => String::new(),
    };
    format!(
        "{} is {} new {} objects of {} each{}{likely}; the file records no retainer of them",
        share(bytes, delta),
        count(suspect.count),
        called(&suspect.class),
        size(bytes / suspect.count.max(1)),
        per_call(suspect.count, calls),
    )
}

/// How many containers pile up, where that is more than the one that was told of.
fn piling(
    containers: &[ContainerReport],
    told: Option<&ContainerReport>,
    calls: Option<u64>,
) -> Option<String> {
    let piling: Vec<&ContainerReport> = containers.iter().filter(|c| c.piles_up).collect();
    let more = |c: &ContainerReport| c.entries_after - c.entries_before;
    let first = more(piling.first()?);
    let alike = piling.iter().filter(|c| more(c) == first && !c.approximate).count();
    let times = match calls {
        Some(n) if n > 0 && first.is_multiple_of(n) => {
            format!(", exactly {} per call", count(first / n))
        }
        _ => String::new(),
    };
    match piling.as_slice() {
        [one] if told.is_some_and(|told| std::ptr::eq(told, *one)) => None,
        [one] => {
            let about = if one.approximate { "≈" } else { "" };
            Some(format!("1 container piles up, by {about}{} entries{times}", count(first)))
        }
        _ if alike > 1 => {
            let which =
                if alike == piling.len() { "each".into() } else { format!("{alike} of them") };
            Some(format!(
                "{} containers pile up, {which} by exactly {} entries{times}",
                count(piling.len() as u64),
                count(first)
            ))
        }
        _ => Some(format!("{} containers pile up", count(piling.len() as u64))),
    }
}

fn harmless(containers: &[ContainerReport]) -> Option<String> {
    let heaviest = containers.iter().max_by_key(|c| c.retained_new)?;
    let why = heaviest.note.unwrap_or("not enough to call it a leak");
    let about = if heaviest.approximate { "≈" } else { "" };
    Some(format!(
        "{} went from {about}{} to {about}{} entries: {why}",
        heaviest.path,
        count(heaviest.entries_before),
        count(heaviest.entries_after)
    ))
}

/// Growth that is V8's own: compiled code, hidden classes, caches. The figure is that of the table's
/// line for classes of the engine, its objects among them.
pub(super) fn engine(
    verdict: VerdictKind,
    comparison: &Comparison,
    classes: &[ClassRow],
) -> Option<String> {
    // Without names nothing can be told from the engine's own.
    let whole = comparison.heaps().iter().all(|heap| heap.tables.has_whole_graph());
    let least = match verdict {
        VerdictKind::Grew => 3,
        VerdictKind::LeakLikely => 2,
        VerdictKind::NoGrowth | VerdictKind::NotComparable => return None,
    };
    let engine = || classes.iter().filter(|row| row.engine);
    let parts = Totals::of(engine().filter(|row| !is_engine_object(&row.name))).size_delta;
    let all = Totals::of(engine()).size_delta;
    let Pair { before, after } = comparison.heaps().map(Heap::total_size);
    let delta = difference(after, before);
    // What contexts hold may be the program's: they alone make no growth the engine's.
    let grown = parts.min(all);
    if !whole || delta <= 0 || grown.saturating_mul(least) <= delta {
        return None;
    }
    Some(if all >= delta {
        format!("all of the growth is V8's own (engine classes {})", signed_size(all))
    } else {
        let percent = all as f64 / delta as f64 * 100.0;
        format!(
            "engine classes, V8's own, grew by {} ({percent:.0}% of the growth)",
            size(all.unsigned_abs())
        )
    })
}
