//! Why it stays: the suspects with the ways over which they are held, as trees that can be
//! opened; and the findings.

use super::{capital, class, location, name};
use crate::render::whose::whose;
use crate::render::{fixes, held};
use crate::report::Report;
use crate::report::answer::{Role, SuspectReport, Way, WayStep};
use crate::units::{count, size};
use maud::{Markup, html};

/// Suspects shown.
const MOST: usize = 50;
/// Suspects that are open from the beginning.
const OPEN: usize = 1;
/// Steps of a way before its middle is folded, and what is left of it at each end. Steps are
/// elements inside each other, and browsers give up at some depth.
const MOST_STEPS: usize = 16;
const AT_EACH_END: usize = 6;

pub(super) fn why(report: &Report) -> Markup {
    let suspects = &report.answer.suspects;
    if suspects.is_empty() {
        return html! {};
    }
    let left_out = suspects.len().saturating_sub(MOST);
    html! {
        section #suspects {
            h2 { "Why it stays" }
            @for (at, suspect) in suspects.iter().take(MOST).enumerate() {
                (one(suspect, report, at < OPEN))
            }
            @if left_out > 0 {
                p.small { (count(left_out as u64)) " more are not shown; JSON has them." }
            }
        }
    }
}

fn one(suspect: &SuspectReport, report: &Report, open: bool) -> Markup {
    html! {
        details.suspect open[open] {
            summary {
                (class(&suspect.class)) " × " (count(suspect.count))
                span.soft {
                    " retain " (size(suspect.retained))
                    @if let Some(place) = &suspect.location { ", " (location(place, report)) }
                }
            }
            @if !suspect.inside.is_empty() {
                p.small {
                    "With it: "
                    @for (at, inside) in suspect.inside.iter().enumerate() {
                        @if at > 0 { " · " }
                        (count(inside.count)) " " (class(&inside.class))
                    }
                }
            }
            (ways(suspect, report))
        }
    }
}

fn ways(suspect: &SuspectReport, report: &Report) -> Markup {
    let chains = &suspect.ways;
    html! {
        @if chains.is_empty() {
            p {
                "The file records no retainer of these objects"
                @if let Some(path) = &suspect.container { "; " (name(path)) " grew by about as many" }
                "."
            }
        }
        @if let Some(told) = held::together(suspect, chains.len(), "") { p { (capital(&told)) "." } }
        @for (at, chain) in chains.iter().enumerate() {
            div.way {
                p {
                    @if let Some(number) = held::number(suspect, at) {
                        strong { (capital(&number)) } " · "
                    }
                    (held::way(suspect, chain))
                }
                (tree(chain, report))
            }
        }
    }
}

/// A way as a tree: every step holds the next. The step before the first name that code can use
/// tells whose name it is; what leads there is the engine's.
fn tree(chain: &Way, report: &Report) -> Markup {
    let steps = &chain.steps[from(chain)..];
    let folded = if steps.len() > MOST_STEPS { steps.len() - 2 * AT_EACH_END } else { 0 };
    let (start, end) = if folded > 0 { steps.split_at(AT_EACH_END) } else { (&[][..], steps) };
    let mut tree = nested(&end[folded..], report, html! {});
    if folded > 0 {
        tree = html! {
            details.step {
                summary.soft { "… " (folded) " more steps" }
                ol { @for step in &end[..folded] { li { (line(step, report)) } } }
            }
            (tree)
        };
    }
    html! { div.tree { (nested(start, report, tree)) } }
}

/// Where a way begins for a reader.
pub(super) fn from(chain: &Way) -> usize {
    chain.steps.iter().position(|s| s.role != Role::Root).unwrap_or(0).saturating_sub(1)
}

/// The steps, each inside the one before, and the rest inside the last.
fn nested(steps: &[WayStep], report: &Report, rest: Markup) -> Markup {
    steps.iter().rev().fold(rest, |inside, step| {
        html! {
            @if inside.0.is_empty() {
                div.step.last { (line(step, report)) }
            } @else {
                details.step open {
                    summary { (line(step, report)) }
                    (inside)
                }
            }
        }
    })
}

fn line(step: &WayStep, report: &Report) -> Markup {
    let role = match step.role {
        Role::Container => "container",
        Role::Object => "object",
        Role::Root | Role::Holder | Role::Entry | Role::Inside => "soft",
    };
    let grown = report.answer.containers.iter().find(|c| c.id == step.id);
    let edge = format!("{} edge {}", step.edge_type, step.edge);
    html! {
        span class=(role) {
            span.edge title=(edge) { (name(&step.label)) }
            @if step.times > 1 { " × " (count(u64::from(step.times))) }
            " "
            @if step.name.is_empty() { span.class { (class(&step.class)) } }
            @else { span.class { (name(&format!("{}()", step.name))) } }
            @if let (Role::Container, Some(c)) = (step.role, grown) {
                @let about = if c.approximate { "≈" } else { "" };
                strong.grows {
                    " " (about) (count(c.entries_before)) " → " (about) (count(c.entries_after))
                    " entries"
                }
            }
            span.facts {
                " @" (step.id) " · retains " (size(step.retained))
                @if let Some(place) = &step.location { " · " (location(place, report)) }
            }
        }
    }
}

pub(super) fn findings(report: &Report) -> Markup {
    let findings = &report.answer.findings;
    if findings.is_empty() {
        return html! {};
    }
    html! {
        section #findings {
            h2 { "What to do" }
            @for same in findings.chunk_by(|a, b| a.title == b.title) {
                div.finding {
                    @for (at, finding) in same.iter().enumerate() {
                        @if at == 0 { h3 { (finding.title) } }
                        p { span.kind { (finding.pattern.id()) } " " (finding.advice) }
                    }
                    @if let Some(finding) = same.first() {
                        @if let Some(place) = finding.locations.first() {
                            p { "Begin at " (location(place, report)) "." }
                        }
                        @if let Some(told) = whose(finding, report, str::to_owned) {
                            p { (capital(&told)) "." }
                        }
                        p.small { (finding.evidence) }
                    }
                }
            }
            (order(report))
        }
    }
}

/// In which order to fix several leaks.
fn order(report: &Report) -> Markup {
    let all = &report.answer.fixes;
    let more = all.len().saturating_sub(fixes::MOST);
    html! {
        @if !all.is_empty() {
            h3 { "In this order" }
            ol {
                @for (at, fix) in all.iter().take(fixes::MOST).enumerate() {
                    li { (fixes::names(fix, str::to_owned)) ": " (fixes::frees(fix, at)) }
                }
            }
            @if more > 0 { p.small { (count(more as u64)) " more are in JSON." } }
        }
    }
}
