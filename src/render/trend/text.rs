//! What logs of memory tell in, what a person at a terminal reads out.

use super::chart::chart;
use super::phrase;
use crate::render::gates::section;
use crate::render::paint::Paint;
use crate::render::safe::fit;
use crate::render::view::{View, clip, prose};
use crate::report::Outcome;
use crate::text::{visible, without_commands};
use crate::trend::{Kind, ProcessTrend, SeriesTrend, TrendReport};
use crate::units::{counted, size};
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr;

/// Processes that are told of.
const PROCESSES: usize = 12;
/// A name is never cut below this.
const SHORTEST: usize = 12;

/// The answer, a chart, the series, the other processes.
#[must_use]
pub fn trend_text(report: &TrendReport, view: &View) -> String {
    let paint = Paint { color: view.color, links: None };
    let mut out = head(report, view, &paint);
    let gates = section(&report.gates, None, view, &paint);
    let failed = report.gates.iter().any(|gate| gate.outcome != Outcome::Kept);
    if failed {
        out += &gates;
    }
    if let Some(worst) = report.worst() {
        out += &charts(worst, view, &paint);
        out += &table(worst, view, &paint);
    }
    out += &processes(report, view, &paint);
    if !failed {
        out += &gates;
    }
    for note in &report.notes {
        let _ =
            write!(out, "\n{}\n", prose(&format!("note: {note}"), 6, view).join("\n").trim_start());
    }
    if let Some((what, command)) = phrase::next(report) {
        let what = prose(&format!("next: {what}"), 6, view).join("\n");
        let _ = write!(out, "\n{}\n", what.trim_start());
        if let Some(command) = command {
            let _ = writeln!(out, "      {command}");
        }
    }
    without_commands(out)
}

fn head(report: &TrendReport, view: &View, paint: &Paint<'_>) -> String {
    let word = report.verdict.word();
    let told = report.worst().map(phrase::head).unwrap_or_default();
    let lines = prose(&format!("{word}   {told}"), 0, view);
    let mut out = String::new();
    for (at, line) in lines.iter().enumerate() {
        let line = match line.strip_prefix(word).filter(|_| at == 0) {
            Some(rest) => paint.verdict(word, phrase::color(report.verdict)) + rest,
            None => format!("  {line}"),
        };
        let _ = writeln!(out, "{line}");
    }
    for line in report.reasons.iter().flat_map(|reason| prose(reason, 2, view)) {
        let _ = writeln!(out, "{line}");
    }
    out
}

/// What grows, or else the heap; native memory with the heap beside it.
fn charts(process: &ProcessTrend, view: &View, paint: &Paint<'_>) -> String {
    let mut shown: Vec<&SeriesTrend> = phrase::leading(process).into_iter().collect();
    if shown.first().is_some_and(|series| series.kind == Kind::Rss) {
        shown.extend(process.of(Kind::Heap));
    }
    let mut out = String::new();
    for series in shown.into_iter().filter(|series| series.points.len() > 1) {
        let title = series.kind.word().to_uppercase();
        let line = clip(&format!("{title}   {}", phrase::span(process)), view);
        let rest = line.strip_prefix(title.as_str()).unwrap_or_default();
        let _ = writeln!(out, "\n{}{rest}", paint.bold(&title));
        for line in chart(series, process.axis, view.width, paint) {
            let _ = writeln!(out, "{line}");
        }
        if series.collections > 0 {
            let what = if series.kind == Kind::Heap { "collections" } else { "falls" };
            let legend = clip(&format!("  • what is left after {what}"), view);
            let _ = writeln!(out, "{}", paint.dim(&legend));
        }
    }
    out
}

/// Cells of a table, words to the left and numbers to the right; the last column is left out first.
fn rows(titles: &[&str], rows: &[Vec<String>], view: &View, paint: &Paint<'_>) -> String {
    let head: Vec<String> = titles.iter().map(|title| (*title).to_owned()).collect();
    let all = || std::iter::once(&head).chain(rows);
    let widest = |at: usize| all().map(|row| row[at].width()).max().unwrap_or(0);
    let mut columns = titles.len();
    let numbers = |columns: usize| (1..columns).map(|at| widest(at) + 2).sum::<usize>();
    let width = view.width.unwrap_or(usize::MAX);
    while columns > 2 && 2 + widest(0).min(SHORTEST) + numbers(columns) > width {
        columns -= 1;
    }
    let name = widest(0).min(width.saturating_sub(2 + numbers(columns)).max(SHORTEST));
    let mut out = String::new();
    for (at, row) in all().enumerate() {
        let first = fit(&row[0], name);
        let mut line = format!("  {first}{}", " ".repeat(name.saturating_sub(first.width())));
        for (at, cell) in row.iter().enumerate().take(columns).skip(1) {
            let gap = " ".repeat(widest(at) - cell.width());
            // The verdict is a word.
            let _ =
                if at == 1 { write!(line, "  {cell}{gap}") } else { write!(line, "  {gap}{cell}") };
        }
        let line = clip(line.trim_end(), view);
        let _ = writeln!(out, "{}", if at == 0 { paint.dim(&line) } else { line });
    }
    out
}

fn table(process: &ProcessTrend, view: &View, paint: &Paint<'_>) -> String {
    let cells = |series: &SeriesTrend| {
        vec![
            series.kind.word().to_owned(),
            series.verdict.word().to_owned(),
            phrase::rate(series.rate.as_ref()).unwrap_or_else(|| "-".into()),
            phrase::levels(series),
            size(series.highest),
            visible(&series.field).into_owned(),
        ]
    };
    let all: Vec<Vec<String>> = process.series.iter().map(cells).collect();
    let titles = ["", "", "grows by", "first → last", "highest", "field"];
    format!("\n{}\n{}", paint.bold("SERIES"), rows(&titles, &all, view, paint))
}

fn processes(report: &TrendReport, view: &View, paint: &Paint<'_>) -> String {
    if report.processes.len() < 2 && report.brief_processes == 0 {
        return String::new();
    }
    let cells = |process: &ProcessTrend| {
        let leading = phrase::leading(process);
        vec![
            visible(&process.name).into_owned(),
            process.verdict.word().to_owned(),
            leading.and_then(|s| phrase::rate(s.rate.as_ref())).unwrap_or_else(|| "-".into()),
            leading.map(phrase::levels).unwrap_or_default(),
        ]
    };
    let all: Vec<Vec<String>> = report.processes.iter().take(PROCESSES).map(cells).collect();
    let mut out = format!(
        "\n{}\n{}",
        paint.bold("PROCESSES"),
        rows(&["", "", "grows by", "first → last"], &all, view, paint)
    );
    let more = (report.processes.len() - all.len()) as u64;
    if more > 0 {
        let _ =
            writeln!(out, "  {} (JSON has all)", counted(more, "more process", "more processes"));
    }
    if report.brief_processes > 0 {
        let brief = counted(report.brief_processes, "process", "processes");
        let _ = writeln!(out, "  {}", clip(&format!("{brief} with hardly any samples"), view));
    }
    out
}
