//! Growth by class as bars: what the new objects retain, and on top of it the change of the
//! class's own size. What has no bar of its own is summed, so nothing is missing.

use super::class;
use crate::report::{ClassRow, Report, Totals};
use crate::units::{count, signed_size, size};
use maud::{Markup, html};

/// Classes with a bar of their own.
const BARS: usize = 12;
/// Width of a drawing, in its own units.
const WIDTH: f64 = 1000.0;

struct Bar {
    name: Markup,
    retained: Option<u64>,
    own: i64,
}

pub(super) fn draw(report: &Report) -> Markup {
    if report.classes.is_empty() {
        return html! {};
    }
    let rows = report.rows_growing_first();
    let (engine, program): (Vec<&ClassRow>, Vec<_>) = rows.into_iter().partition(|r| r.engine);
    let grown = program.iter().take_while(|row| row.delta > 0).count();
    let (shown, more) = program.split_at(BARS.min(grown));
    let mut bars: Vec<Bar> = shown
        .iter()
        .map(|row| Bar {
            name: class(row.shown()),
            retained: Some(row.retained_new),
            own: row.size_delta,
        })
        .collect();
    for (rows, what) in [(more, "other classes"), (&engine, "classes of the engine")] {
        if !rows.is_empty() {
            let own = Totals::of(rows.iter().copied()).size_delta;
            let name = html! { (count(rows.len() as u64)) " " (what) };
            bars.push(Bar { name, retained: None, own });
        }
    }
    let scale = Scale::of(&bars);
    html! {
        section #growth {
            h2 { "Growth by class" }
            p.legend {
                span.key.own { "Size Delta: the class’s own bytes" } " "
                span.key.retained { "what its new objects retain (classes overlap)" }
            }
            ul.bars {
                @for bar in &bars {
                    li {
                        span.what { (bar.name) }
                        (scale.picture(bar))
                        span.n { (signed_size(bar.own)) }
                        span.n.soft { @if let Some(bytes) = bar.retained { (size(bytes)) } }
                    }
                }
            }
            p.small {
                "The Size Deltas add up to " (signed_size(report.totals.size_delta))
                @if report.resized == 0 { ", the whole of it." } @else {
                    "; objects that are in both snapshots have changed in size by "
                    (signed_size(report.resized)) "."
                }
            }
        }
    }
}

/// From bytes to the drawing's units; one scale for all bars, zero where they all begin.
struct Scale {
    zero: f64,
    unit: f64,
}

impl Scale {
    fn of(bars: &[Bar]) -> Self {
        let most = |b: &Bar| (b.own.max(0).unsigned_abs()).max(b.retained.unwrap_or(0));
        let right = bars.iter().map(most).max().unwrap_or(0) as f64;
        let left = bars.iter().map(|b| b.own.min(0).unsigned_abs()).max().unwrap_or(0) as f64;
        let unit = WIDTH / (left + right).max(1.0);
        Self { zero: left * unit, unit }
    }

    fn picture(&self, bar: &Bar) -> Markup {
        let width = |bytes: u64| bytes as f64 * self.unit;
        let own = width(bar.own.unsigned_abs());
        let from = if bar.own < 0 { self.zero - own } else { self.zero };
        let class = if bar.own < 0 { "own less" } else { "own" };
        html! {
            svg viewBox="0 0 1000 20" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
                @if let Some(bytes) = bar.retained {
                    rect.retained x=(units(self.zero)) y="2" width=(units(width(bytes))) height="16" {}
                }
                rect class=(class) x=(units(from)) y="6" width=(units(own)) height="8" {}
                @if self.zero > 0.0 {
                    rect.axis x=(units(self.zero)) y="0" width="1" height="20" {}
                }
            }
        }
    }
}

fn units(n: f64) -> String {
    format!("{n:.1}")
}
