//! The shortest chain of references to a typical new object of each class, every edge as in
//! DevTools.

use super::{class, classes, name};
use crate::report::{ChainReport, ClassRow, Report, StepReport};
use crate::units::{count, size};
use maud::{Markup, html};
use std::collections::HashMap;

/// Chains shown.
const MOST: usize = 200;
/// Beyond this many steps the middle is left out.
const MOST_STEPS: usize = 24;
const AT_EACH_END: usize = 10;

/// The chains that the page has, in the order of the table.
pub(super) fn shown(report: &Report) -> Vec<(&ClassRow, &ChainReport)> {
    let by_key: HashMap<_, _> = report.chains.iter().map(|chain| (&chain.key, chain)).collect();
    let rows = classes::shown(report).into_iter();
    rows.filter_map(|row| Some((row, *by_key.get(&row.key)?))).take(MOST).collect()
}

pub(super) fn shortest(report: &Report) -> Markup {
    let chains = shown(report);
    if chains.is_empty() {
        return html! {};
    }
    let left_out = report.chains.len() - chains.len();
    let of_engine = chains.iter().filter(|(row, _)| row.engine).count();
    // The engine's come last, as in the table.
    let (program, engine): (Vec<_>, Vec<_>) =
        chains.into_iter().enumerate().partition(|(_, (row, _))| !row.engine);
    html! {
        section #chains {
            h2 { "Shortest chains" }
            p.small {
                "From a root to one new object of each class, every reference as in DevTools."
                @if left_out > 0 {
                    " The first " (count(MOST as u64)) " in the order of the table; "
                    (count(left_out as u64)) " more are in JSON."
                }
            }
            @for (at, (_, chain)) in program { (one(at, chain)) }
            @if of_engine > 0 {
                details {
                    summary { (count(of_engine as u64)) @if of_engine == 1 { " engine class" } @else { " engine classes" } }
                    @for (at, (_, chain)) in engine { (one(at, chain)) }
                }
            }
        }
    }
}

fn one(at: usize, chain: &ChainReport) -> Markup {
    html! {
        details.chain id=(classes::anchor(at)) {
            summary {
                (class(&chain.class))
                span.soft { " @" (chain.object) }
            }
            (steps(&chain.steps))
        }
    }
}

fn steps(steps: &[StepReport]) -> Markup {
    if steps.is_empty() {
        return html! { p { "Nothing reaches it from a root: no retainer is recorded." } };
    }
    let runs: Vec<&[StepReport]> = steps.chunk_by(alike).collect();
    let left_out = if runs.len() > MOST_STEPS { runs.len() - 2 * AT_EACH_END } else { 0 };
    let (start, end) = if left_out > 0 { runs.split_at(AT_EACH_END) } else { (&runs[..], &[][..]) };
    html! {
        ol {
            @for run in start { (step(run)) }
            @if left_out > 0 {
                @let steps: usize = end[..left_out].iter().map(|run| run.len()).sum();
                li.soft { "… " (count(steps as u64)) " more steps" }
                @for run in &end[left_out..] { (step(run)) }
            }
        }
    }
}

/// Steps over the same edge to the same class: a list. The object itself stays apart.
fn alike(a: &StepReport, b: &StepReport) -> bool {
    a.edge.is_some() && a.edge == b.edge && a.edge_type == b.edge_type && a.class == b.class
}

fn step(run: &[StepReport]) -> Markup {
    let Some(last) = run.last() else { return html! {} };
    let class = last.class.to_string_lossy();
    html! {
        li {
            @match (&last.edge, last.edge_type) {
                (None, _) => "(root)",
                (Some(edge), kind) => {
                    span.edge { (name(&edge_text(&edge.to_string_lossy(), kind))) }
                    @if kind == Some("weak") { " (weak)" }
                    " "
                    @if last.name.is_empty() { (name(&class)) }
                    @else if class.starts_with('(') { (name(&last.name.to_string_lossy())) }
                    @else { (name(&format!("{class} {}()", last.name))) }
                }
            }
            @if let Some(string) = &last.string {
                @match &string.value {
                    Some(value) => { " " (name(&value.to_string_lossy())) },
                    None => { " of " (count(string.length)) " characters, #" (string.hash) },
                }
            }
            span.facts {
                " @" (last.id) " · " (size(last.shallow)) ", retains " (size(last.retained))
                @if run.len() > 1 { " · the last of " (count(run.len() as u64)) " such steps" }
            }
        }
    }
}

fn edge_text(edge: &str, kind: Option<&str>) -> String {
    match kind {
        Some("element" | "hidden") => format!("[{edge}]"),
        _ => edge.to_owned(),
    }
}
