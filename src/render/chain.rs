//! A retainer chain in, its drawing out.

use super::safe::{fit, shown};
use crate::report::{ChainReport, StepReport};
use crate::units::{count, size};
use std::fmt::Write as _;

/// Beyond this many drawn steps the middle is left out.
const MOST_STEPS: usize = 24;
const AT_EACH_END: usize = 10;

/// Draws a chain, one line per step; runs of like steps become one line.
pub(super) fn draw(chain: &ChainReport, width: Option<usize>) -> String {
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
        let line = format!("  {}", describe(run));
        let _ = writeln!(out, "{}", width.map_or_else(|| line.clone(), |w| fit(&line, w.max(20))));
    }
    out
}

/// Steps over the same edge to the same class: a list. The object itself stays apart.
fn alike(a: &StepReport, b: &StepReport) -> bool {
    a.edge.is_some() && a.edge == b.edge && a.edge_type == b.edge_type && a.class == b.class
}

fn describe(run: &[StepReport]) -> String {
    let Some(last) = run.last() else { return String::new() };
    let name = shown(&last.name);
    let class = shown(&last.class);
    let mut line = match (&last.edge, last.edge_type) {
        (None, _) => return "(root)".to_owned(),
        (Some(edge), Some("element" | "hidden")) => format!("[{}] → ", shown(edge)),
        (Some(edge), Some("weak")) => format!("{} (weak) → ", shown(edge)),
        (Some(edge), _) => format!("{} → ", shown(edge)),
    };
    let _ = match name.as_str() {
        "" => write!(line, "{class}"),
        _ if class.starts_with('(') => write!(line, "{name}"),
        _ => write!(line, "{class} {name}()"),
    };
    if let Some(string) = &last.string {
        let _ = match &string.value {
            Some(value) => write!(line, " {}", shown(value)),
            None => write!(line, " of {} characters, #{}", count(string.length), string.hash),
        };
    }
    let _ = write!(line, " @{}", last.id);
    if run.len() > 1 {
        let _ = write!(line, "  (the last of {} such steps)", count(run.len() as u64));
    }
    let _ = write!(line, "  {}, retains {}", size(last.shallow), size(last.retained));
    line
}
