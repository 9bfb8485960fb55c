//! The files that were compared, and what to know before trusting the figures.

use super::name;
use crate::report::{Report, Snapshot};
use crate::units::{count, size};
use maud::{Markup, html};

pub(super) fn table(report: &Report) -> Markup {
    let snapshots = std::iter::once(&report.snapshots.before)
        .chain(&report.between)
        .chain([&report.snapshots.after]);
    html! {
        section #files {
            h2 { "Files" }
            div.scroll tabindex="0" role="region" aria-label="Files" {
                table {
                    thead {
                        tr {
                            th scope="col" { "Snapshot" }
                            th.n scope="col" { "File" }
                            th.n scope="col" { "Objects" }
                            th.n scope="col" { "References" }
                            th.n scope="col" { "Heap" }
                        }
                    }
                    tbody { @for snapshot in snapshots { (row(snapshot)) } }
                }
            }
            @if let Some(calls) = report.calls {
                p { "The operation ran " (count(calls)) " times between the first and the last." }
            }
            @if !report.notes.is_empty() {
                h3 { "Notes" }
                ul.notes { @for note in &report.notes { li { (note) } } }
            }
        }
        footer {
            (report.tool.name) " " (report.tool.version) ", report schema " (report.schema)
            ". Sizes are decimal: 1 kB is 1,000 bytes."
        }
    }
}

fn row(snapshot: &Snapshot) -> Markup {
    html! {
        tr {
            th scope="row" { (name(&snapshot.path)) }
            td.n { (size(snapshot.file_bytes)) }
            td.n { (count(snapshot.nodes)) }
            td.n { (count(snapshot.edges)) }
            td.n { (size(snapshot.total_size)) }
        }
    }
}
