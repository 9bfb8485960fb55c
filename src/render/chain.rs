//! A retainer chain in, its drawing out.

use super::safe::{class, shown};
use super::view::{View, around};
use crate::report::{ChainReport, StepReport};
use crate::units::{count, size};
use std::fmt::Write as _;

/// Beyond this many drawn steps the middle is left out.
const MOST_STEPS: usize = 24;
const AT_EACH_END: usize = 10;

/// Draws a chain, one line per step; runs of like steps become one line.
pub(super) fn draw(chain: &ChainReport, view: &View) -> String {
    if chain.steps.is_empty() {
        return "  nothing reaches it from a root: no retainer is recorded\n".to_owned();
    }
    let runs: Vec<&[StepReport]> = chain.steps.chunk_by(alike).collect();
    let mut out = String::new();
    for (depth, run) in runs.iter().enumerate() {
        let left_out = runs.len().saturating_sub(2 * AT_EACH_END);
        if runs.len() > MOST_STEPS && (AT_EACH_END..AT_EACH_END + left_out).contains(&depth) {
            if depth == AT_EACH_END {
                let steps: usize = runs[depth..depth + left_out].iter().map(|r| r.len()).sum();
                let _ = writeln!(out, "  … {} more steps", count(steps as u64));
            }
            continue;
        }
        let _ = writeln!(out, "{}", describe(run, view));
    }
    out
}

/// Steps over the same edge to the same class: a list. The object itself stays apart.
fn alike(a: &StepReport, b: &StepReport) -> bool {
    a.edge.is_some() && a.edge == b.edge && a.edge_type == b.edge_type && a.class == b.class
}

fn describe(run: &[StepReport], view: &View) -> String {
    let Some(last) = run.last() else { return String::new() };
    let name = shown(&last.name);
    let class = class(&last.class);
    let edge = match (&last.edge, last.edge_type) {
        (None, _) => return "  (root)".to_owned(),
        (Some(edge), Some("element" | "hidden")) => format!("  [{}] → ", shown(edge)),
        (Some(edge), Some("weak")) => format!("  {} (weak) → ", shown(edge)),
        (Some(edge), _) => format!("  {} → ", shown(edge)),
    };
    let mut what = match name.as_str() {
        "" => class,
        _ if class.starts_with('(') => name,
        _ => format!("{class} {name}()"),
    };
    if let Some(string) = &last.string {
        let _ = match &string.value {
            Some(value) => write!(what, " {}", shown(value)),
            None => write!(what, " of {} characters, #{}", count(string.length), string.hash),
        };
    }
    let mut facts = format!(" @{}", last.id);
    if run.len() > 1 {
        let _ = write!(facts, "  (the last of {} such steps)", count(run.len() as u64));
    }
    let _ = write!(facts, "  {}, retains {}", size(last.shallow), size(last.retained));
    around(&edge, &what, &facts, view)
}
