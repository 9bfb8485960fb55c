//! The verdict with its reasons, the figures it is about, and the gates.

use super::{class, name};
use crate::render::answer::outside;
use crate::render::brief;
use crate::render::identity::identity;
use crate::report::answer::VerdictKind;
use crate::report::{Gate, Outcome, Report};
use crate::units::{count, counted, difference, growth, signed_count, signed_size, size};
use maud::{Markup, html};

/// What stands in the window's title: the verdict, the growth and whose it is.
pub(super) fn title(report: &Report) -> String {
    let [before, after] =
        [&report.snapshots.before, &report.snapshots.after].map(|s| file(&s.path));
    format!("{} {} · {before} → {after}", report.answer.verdict.kind.word(), grown(report))
}

/// A path's last part.
fn file(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

fn grown(report: &Report) -> String {
    signed_size(report.heap_delta())
}

pub(super) fn head(report: &Report) -> Markup {
    let verdict = &report.answer.verdict;
    let class = match verdict.kind {
        VerdictKind::LeakLikely => "leak",
        VerdictKind::Grew => "grew",
        VerdictKind::NoGrowth => "calm",
        VerdictKind::NotComparable => "odd",
    };
    html! {
        header class=(class) {
            p.kicker {
                "heapdiff · " (name(file(&report.snapshots.before.path))) " → "
                (name(file(&report.snapshots.after.path)))
            }
            @for cut in report.cuts() { p.warning { "Truncated: " (cut) "." } }
            @for warning in report.warnings().filter(|warning| warning.id != "truncated") {
                p.warning { "Warning: " (warning.text) }
            }
            h1 { (verdict.kind.word()) }
            ul.reasons { @for reason in &verdict.reasons { li { (reason) } } }
            (figures(report))
            p.small { (identity(report)) }
            @if let Some(outside) = outside(report) { p.small { (outside) } }
        }
    }
}

/// What the verdict is about, large enough to be read across a table.
fn figures(report: &Report) -> Markup {
    let (before, after) = (&report.snapshots.before, &report.snapshots.after);
    let objects = difference(after.nodes, before.nodes);
    let piling = report.piling_up().len();
    let containers = report.answer.containers.len() as u64;
    let told = counted(containers, "container", "containers") + " with more entries";
    let freed = report.answer.suspects.first().filter(|s| s.frees_together > 0);
    let leak = report.answer.verdict.kind == VerdictKind::LeakLikely;
    html! {
        dl.figures {
            div {
                dt { "Heap" }
                dd {
                    strong { (grown(report)) }
                    span {
                        (brief::sizes(report)) ", " (growth(before.total_size, after.total_size))
                    }
                }
            }
            div {
                dt { "Objects" }
                dd {
                    strong { (signed_count(objects)) }
                    span { (brief::objects(report)) }
                }
            }
            div {
                dt { "Containers piling up" }
                dd {
                    strong { (count(piling as u64)) }
                    span { "(of " (told) ")" }
                }
            }
            @if let (true, Some(suspect)) = (leak, freed) {
                div {
                    dt { "A fix would free" }
                    dd {
                        strong { (size(suspect.frees_together)) }
                        span {
                            "with " (count(suspect.count)) " new " (class(&suspect.class)) " objects"
                        }
                    }
                }
            }
        }
    }
}

/// The gates, the broken ones told by more than a colour.
pub(super) fn gates(report: &Report) -> Markup {
    if report.gates.is_empty() && report.ignored.is_none() {
        return html! {};
    }
    html! {
        section #gates {
            h2 { "Gates" }
            (gate_table(&report.gates))
            @if let Some(ignored) = &report.ignored {
                p.small {
                    "Left out, as the configuration tells: " (count(ignored.classes))
                    " classes and " (count(ignored.containers)) " containers, whose new objects and "
                    "entries retain " (size(ignored.bytes)) "."
                }
            }
        }
    }
}

/// The table of gates, and how many of them are broken.
pub(in crate::render) fn gate_table(gates: &[Gate]) -> Markup {
    html! {
        @if !gates.is_empty() {
            @if let Some(told) = brief::told(gates) { p { (told) "." } }
            div.scroll tabindex="0" role="region" aria-label="Gates" {
                table {
                    thead {
                        tr {
                            th scope="col" { "Fails if" } th scope="col" { "" }
                            th.n scope="col" { "Measured" } th.n scope="col" { "Allowed" }
                            th scope="col" { "Decided by" }
                        }
                    }
                    tbody { @for gate in gates { (row(gate)) } }
                }
            }
        }
    }
}

fn row(gate: &Gate) -> Markup {
    let word = brief::outcome(gate);
    let (class, mark) = match gate.outcome {
        Outcome::Kept => ("kept", "✓"),
        Outcome::Broken => ("broken", "✗"),
        Outcome::Unjudged => ("broken", "?"),
    };
    html! {
        tr class=(class) {
            th scope="row" {
                (name(&gate.condition))
                div.small { (gate.source) }
            }
            td.mark { span aria-hidden="true" { (mark) " " } (word) }
            td.n { (gate.measured_shown()) }
            td.n { (gate.allowed_shown()) }
            td {
                @if let Some(by) = &gate.decided_by { (name(by)) }
                @if let Some(note) = &gate.note { div.small { (note) } }
            }
        }
    }
}
