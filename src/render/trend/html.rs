//! What logs of memory tell in, one HTML page with charts out.

use super::phrase;
use crate::render::html::{gate_table, name, page};
use crate::trend::{Axis, Kind, PointTrend, ProcessTrend, SeriesTrend, TrendReport, Verdict};
use crate::units::{counted, size};
use maud::{Markup, html};
use std::fmt::Write as _;

/// A chart, in its own units.
const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 180.0;
/// A limit so many times as high as the highest value is not drawn.
const FAR: f64 = 3.0;
/// Processes with charts.
const CHARTS: usize = 8;

/// The whole report as one HTML page.
#[must_use]
pub fn trend_html(report: &TrendReport) -> String {
    let told = report.worst().map(phrase::head).unwrap_or_default();
    let title = format!("{} {told}", report.verdict.word());
    let mut parts = vec![head(report, &told), gates(report)];
    let many = report.processes.len() > 1;
    if many {
        parts.push(processes(report));
    }
    parts.extend(report.processes.iter().take(CHARTS).map(|process| charts(process, many)));
    parts.push(last(report));
    page(&title, &parts)
}

fn head(report: &TrendReport, told: &str) -> Markup {
    let class = match report.verdict {
        Verdict::Leak => "leak",
        Verdict::StillWarming => "grew",
        Verdict::Plateau | Verdict::SawtoothOnly => "calm",
        Verdict::TooShort => "odd",
    };
    html! {
        header class=(class) {
            p.kicker {
                "heapdiff trend · "
                @for (at, log) in report.logs.iter().take(4).enumerate() {
                    @if at > 0 { ", " }
                    (name(log.path.rsplit(['/', '\\']).next().unwrap_or_default()))
                }
            }
            h1 { (report.verdict.word()) }
            p { (told) }
            ul.reasons { @for reason in &report.reasons { li { (reason) } } }
        }
    }
}

fn gates(report: &TrendReport) -> Markup {
    if report.gates.is_empty() {
        return html! {};
    }
    html! { section #gates { h2 { "Gates" } (gate_table(&report.gates)) } }
}

fn processes(report: &TrendReport) -> Markup {
    html! {
        section #processes {
            h2 { "Processes" }
            div.scroll tabindex="0" role="region" aria-label="Processes" {
                table {
                    thead {
                        tr {
                            th scope="col" { "Name" } th scope="col" { "" }
                            th.n scope="col" { "Grows by" } th.n scope="col" { "First → last" }
                        }
                    }
                    tbody {
                        @for process in &report.processes {
                            tr {
                                th scope="row" { (name(&process.name)) }
                                td { (process.verdict.word()) }
                                @let leading = phrase::leading(process);
                                td.n { (leading.and_then(|s| phrase::rate(s.rate.as_ref())).unwrap_or_default()) }
                                td.n { (leading.map(phrase::levels).unwrap_or_default()) }
                            }
                        }
                    }
                }
            }
            @if report.brief_processes > 0 {
                p.small { (counted(report.brief_processes, "process", "processes")) " with hardly any samples." }
            }
        }
    }
}

fn charts(process: &ProcessTrend, named: bool) -> Markup {
    html! {
        section {
            h2 { @if named { (name(&process.name)) " · " (process.verdict.word()) } @else { "Memory" } }
            p.small { (phrase::span(process)) }
            @if named { ul.reasons { @for reason in &process.reasons { li { (reason) } } } }
            @for series in &process.series { (chart(series, process.axis)) }
        }
    }
}

/// One series: the range of its samples, and what is left after collections.
fn chart(series: &SeriesTrend, axis: Axis) -> Markup {
    let rate = phrase::rate(series.rate.as_ref()).map_or_else(String::new, |r| format!(" · {r}"));
    let title = format!("{}: {}{rate}", series.kind.word(), series.verdict.word());
    // A limit that is far away would press all else to the ground.
    let highest = series.highest.max(1) as f64;
    let limit = series.limit.as_ref().filter(|limit| limit.bytes as f64 <= highest * FAR);
    let top = limit.map_or(highest, |limit| highest.max(limit.bytes as f64)) * 1.05;
    let [from, to] = [series.points.first(), series.points.last()]
        .map(|point| point.map_or(0.0, |point| point.time));
    let x = |time: f64| (time - from) / (to - from).max(f64::MIN_POSITIVE) * WIDTH;
    let y = |bytes: u64| HEIGHT - bytes as f64 / top * HEIGHT;
    let legend = if series.kind == Kind::Heap && series.collections > 0 {
        "the line is what is left after collections, the area what was measured"
    } else {
        "the line is the lower envelope, the area what was measured"
    };
    html! {
        h3 { (title) }
        svg.icicle viewBox="0 0 1000 180" preserveAspectRatio="none" width="100%" height="180"
            role="img" aria-label=(format!("{title}, {}", phrase::levels(series))) {
            path.trend-range d=(area(&series.points, &x, &y)) {}
            @if let Some(limit) = limit {
                path.trend-limit d=(format!("M0 {0:.1}H1000", y(limit.bytes))) {}
            }
            path.trend-left d=(line(series, &x, &y)) {}
        }
        p.small {
            (phrase::levels(series)) ", highest " (size(series.highest)) ", from "
            (phrase::moment(from, axis)) " to " (phrase::moment(to, axis)) "; the chart begins at 0, and ends at " (size(top.round() as u64)) "; "
            (legend) ". Field " (name(&series.field)) "."
        }
    }
}

/// From the highest values to the lowest and back.
fn area(points: &[PointTrend], x: &dyn Fn(f64) -> f64, y: &dyn Fn(u64) -> f64) -> String {
    let mut path = String::new();
    for (at, point) in points.iter().enumerate() {
        let letter = if at == 0 { 'M' } else { 'L' };
        let _ = write!(path, "{letter}{:.1} {:.1}", x(point.time), y(point.high));
    }
    for point in points.iter().rev() {
        let _ = write!(path, "L{:.1} {:.1}", x(point.time), y(point.low));
    }
    path + "Z"
}

fn line(series: &SeriesTrend, x: &dyn Fn(f64) -> f64, y: &dyn Fn(u64) -> f64) -> String {
    let mut path = String::new();
    for (at, bottom) in series.bottoms.iter().enumerate() {
        let letter = if at == 0 { 'M' } else { 'L' };
        let _ = write!(path, "{letter}{:.1} {:.1}", x(bottom.time), y(bottom.bytes));
    }
    path
}

fn last(report: &TrendReport) -> Markup {
    html! {
        @if let Some((what, command)) = phrase::next(report) {
            section {
                h2 { "Next" }
                p { (what) @if let Some(command) = command { ": " (name(&command)) } }
            }
        }
        footer {
            @for note in &report.notes { p { "Note: " (note) "." } }
            p { (report.tool.name) " " (report.tool.version) }
        }
    }
}
