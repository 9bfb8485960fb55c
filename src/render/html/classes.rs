//! The comparison as a table: DevTools' columns. The script sorts and filters its rows; a
//! checkbox shows those of the engine, also without the script.

use super::{capital, class};
use crate::render::identity::caution;
use crate::render::table::TITLES;
use crate::report::{ClassRow, Report, Totals};
use crate::units::{count, signed_count, signed_size, size};
use maud::{Markup, html};

/// Rows of the table. A browser sorts so many at once, and a page with all of them weighs
/// less than a megabyte.
const MOST: usize = 1_000;

/// The rows that the table shows: the program's classes before the engine's.
pub(super) fn shown(report: &Report) -> Vec<&ClassRow> {
    let mut rows = report.rows_growing_first();
    rows.sort_by_key(|row| row.engine);
    rows.truncate(MOST);
    rows
}

/// The name of the place on the page where the shortest chain of a class is.
pub(super) fn anchor(at: usize) -> String {
    format!("chain-{at}")
}

pub(super) fn table(report: &Report) -> Markup {
    let rows = shown(report);
    let engine = report.classes.iter().filter(|row| row.engine);
    let program = Totals::of(report.classes.iter().filter(|row| !row.engine));
    let chains = super::chains::shown(report);
    let left_out = report.classes.len() - rows.len();
    if rows.is_empty() {
        return html! { section #classes { h2 { "Top growers" } p { "Nothing is new and nothing is gone." } } };
    }
    let title = title(report);
    html! {
        section #classes {
            h2 { (title) }
            (controls(engine.clone().count(), rows.len()))
            div.scroll tabindex="0" role="region" aria-label=(title) {
                table.classes {
                    thead {
                        tr {
                            @for (at, title) in TITLES.iter().enumerate() {
                                th.n[at > 0] scope="col" { (title) }
                            }
                        }
                    }
                    tbody {
                        @for row in &rows {
                            @let chain = chains.iter().position(|(class, _)| class.key == row.key);
                            (line(row, chain))
                        }
                    }
                    tfoot {
                        @if engine.clone().count() > 0 {
                            (sum("classes of the program", &program))
                            (sum("classes of the engine", &Totals::of(engine)))
                        }
                        (sum(&format!("all {} classes", count(report.classes.len() as u64)), &report.totals))
                    }
                }
            }
            @if left_out > 0 {
                p.small.cut {
                    "The table has the first " (count(MOST as u64)) " classes. "
                    (count(left_out as u64)) " more are in the sums and in JSON."
                }
            }
            p.small {
                "Retained sizes of different classes overlap, so they are not added up. "
                "Classes with no more objects than before come last."
                @if let Some(caution) = caution(report) { " " (capital(&caution)) "." }
            }
        }
    }
}

/// What needs the script stays hidden until it runs.
fn controls(engine: usize, rows: usize) -> Markup {
    html! {
        p.controls {
            label.script for="filter" hidden { "Filter " input #filter type="search" autocomplete="off" spellcheck="false"; }
            @if engine > 0 {
                label for="engine" {
                    input #engine type="checkbox" autocomplete="off";
                    " show " (count(engine as u64)) " classes of the engine"
                }
            }
            output.script #shown for="filter engine" aria-live="polite" hidden { (count(rows as u64)) " classes" }
        }
    }
}

/// `Top growers`, or what the table has instead.
fn title(report: &Report) -> String {
    let title = crate::render::text::title(report);
    title[..1].to_owned() + &title[1..].to_lowercase()
}

fn line(row: &ClassRow, chain: Option<usize>) -> Markup {
    let class = class(row.shown());
    html! {
        tr.engine[row.engine] {
            th scope="row" {
                @match chain {
                    Some(at) => a href=(format!("#{}", anchor(at))) { (class) },
                    None => (class),
                }
            }
            td.n data-n=(row.new) { (count(row.new)) }
            td.n data-n=(row.deleted) { (count(row.deleted)) }
            td.n data-n=(row.delta) { (signed_count(row.delta)) }
            td.n data-n=(row.alloc_size) { (size(row.alloc_size)) }
            td.n data-n=(row.freed_size) { (size(row.freed_size)) }
            td.n data-n=(row.size_delta) { (signed_size(row.size_delta)) }
            td.n data-n=(row.retained_new) { (size(row.retained_new)) }
        }
    }
}

fn sum(title: &str, of: &Totals) -> Markup {
    html! {
        tr {
            th scope="row" { (title) }
            td.n { (count(of.new)) }
            td.n { (count(of.deleted)) }
            td.n { (signed_count(of.delta)) }
            td.n { (size(of.alloc_size)) }
            td.n { (size(of.freed_size)) }
            td.n { (signed_size(of.size_delta)) }
            td.n {}
        }
    }
}
