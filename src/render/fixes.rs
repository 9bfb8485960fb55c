//! A report of several leaks in, the order in which to fix them out, for several formats.

use super::paint::Paint;
use super::view::{View, prose};
use crate::report::Report;
use crate::report::answer::FixReport;
use crate::text::visible;
use crate::units::{count, size};
use std::fmt::Write as _;

/// Fixes told where there is not room for all.
pub(super) const MOST: usize = 5;
/// Containers named of each.
const NAMED: usize = 3;

/// The order, where there are several leaks.
pub(super) fn order(report: &Report, view: &View, paint: &Paint<'_>) -> String {
    let fixes = &report.answer.fixes;
    if fixes.is_empty() {
        return String::new();
    }
    let what = paint.dim("   what lets go of most comes first");
    let mut out = format!("\n{}{what}\n", paint.bold("IN THIS ORDER"));
    for (at, fix) in fixes.iter().take(MOST).enumerate() {
        let line = format!("{}. {}: {}", at + 1, names(fix, visible_path), frees(fix, at));
        for (row, line) in prose(&line, 5, view).iter().enumerate() {
            let _ = writeln!(out, "  {}", if row == 0 { line.trim_start() } else { &line[2..] });
        }
    }
    let more = fixes.len().saturating_sub(MOST);
    if more > 0 {
        let line = format!("{} more in --format json", count(more as u64));
        let _ = writeln!(out, "  {}", paint.dim(&line));
    }
    out
}

fn visible_path(path: &str) -> String {
    visible(path).into_owned()
}

/// The containers of a fix, each as `name` has it.
pub(super) fn names(fix: &FixReport, name: impl Fn(&str) -> String) -> String {
    let more = fix.containers.len().saturating_sub(NAMED);
    let mut names: Vec<String> = fix.containers.iter().take(NAMED).map(|path| name(path)).collect();
    if more > 0 {
        names.push(format!("{} more", count(more as u64)));
    }
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => names.concat(),
    }
}

/// What one that stands at such a place frees: `frees 3.1 MB, 15.4 MB with those before it`.
pub(super) fn frees(fix: &FixReport, at: usize) -> String {
    let alone = match fix.frees {
        0 => "frees nothing alone".to_owned(),
        bytes => format!("frees {}", size(bytes)),
    };
    match at {
        0 => alone,
        1 => format!("{alone}, {} with the one before", size(fix.frees_so_far)),
        _ => format!("{alone}, {} with those before", size(fix.frees_so_far)),
    }
}
