//! The containers that hold more now: those that pile up, and apart from them the others.

use super::{location, name};
use crate::report::Report;
use crate::report::answer::ContainerReport;
use crate::units::{count, difference, signed_count, size};
use maud::{Markup, html};

/// Rows of each of the two tables.
const MOST: usize = 100;

pub(super) fn table(report: &Report) -> Markup {
    let (piling, others): (Vec<&ContainerReport>, Vec<_>) =
        report.answer.containers.iter().partition(|c| c.piles_up);
    if piling.is_empty() && others.is_empty() {
        return html! {};
    }
    html! {
        section #containers {
            @if !piling.is_empty() {
                h2 { "Piling up" }
                (rows(&piling, report, "Containers that pile up"))
            }
            @if !others.is_empty() {
                @if piling.is_empty() {
                    h2 { "Hold more, but do not pile up" }
                    (rows(&others, report, "Containers that hold more"))
                } @else {
                    details {
                        summary {
                            (count(others.len() as u64))
                            @if others.len() == 1 { " other holds more but does not pile up" } @else { " others hold more but do not pile up" }
                        }
                        (rows(&others, report, "Containers that hold more"))
                    }
                }
            }
        }
    }
}

fn rows(containers: &[&ContainerReport], report: &Report, label: &str) -> Markup {
    let left_out = containers.len().saturating_sub(MOST);
    html! {
        div.scroll tabindex="0" role="region" aria-label=(label) {
            table.containers {
                thead {
                    tr {
                        th scope="col" { "Container" }
                        th.n scope="col" { "Entries" }
                        th.n scope="col" { "More" }
                        @if report.calls.is_some() { th.n scope="col" { "Per call" } }
                        th.n scope="col" { "New entries retain" }
                    }
                }
                tbody { @for container in containers.iter().take(MOST) { (row(container, report)) } }
            }
        }
        @if left_out > 0 {
            p.small { (count(left_out as u64)) " lighter ones are not shown; JSON has them." }
        }
    }
}

fn row(container: &ContainerReport, report: &Report) -> Markup {
    let about = if container.approximate { "≈" } else { "" };
    let entries: Vec<String> =
        container.entries.iter().map(|n| format!("{about}{}", count(*n))).collect();
    let more = difference(container.entries_after, container.entries_before);
    html! {
        tr {
            th scope="row" {
                span.kind { (container.kind) } " " (name(&container.path))
                @if container.together > 1 {
                    span.soft { " (" (count(container.together)) " alike)" }
                }
                @if let Some(place) = &container.location {
                    div.small { (location(place, report)) }
                }
                @if let Some(note) = container.note { div.small { (note) } }
            }
            td.n { (entries.join(" → ")) }
            td.n { (about) (signed_count(more)) }
            @if let Some(calls) = report.calls {
                td.n { (format!("{:+.2}", more as f64 / calls as f64)) }
            }
            td.n { (size(container.retained_new)) }
        }
    }
}
