//! What logs of memory tell in, Markdown out: for the summary of a CI job and for comments.

use super::chart::chart;
use super::phrase;
use crate::render::brief;
use crate::render::markdown::{MARKER, Page, code, gates, prose};
use crate::render::paint::Paint;
use crate::report::Outcome;
use crate::text::without_commands;
use crate::trend::{ProcessTrend, SeriesTrend, TrendReport, Verdict};
use crate::units::size;

const ROWS: usize = 20;
/// Columns of the chart.
const CHART: usize = 90;

/// The answer, with a chart, in at most so many bytes; what does not fit is left out.
#[must_use]
pub fn trend_markdown(report: &TrendReport, most: usize) -> String {
    let mut page = Page { out: String::new(), most };
    page.block(&head(report));
    if page.out.is_empty() {
        return page.out;
    }
    gates(&report.gates, &mut page);
    if let Some(worst) = report.worst() {
        series(worst, &mut page);
        page.block(&drawing(worst));
    }
    processes(report, &mut page);
    for note in report.notes.iter().take(ROWS) {
        page.block(&format!("\n> {}\n", prose(note)));
    }
    if let Some((what, command)) = phrase::next(report) {
        let command = command.map_or_else(String::new, |command| format!(": {}", code(&command)));
        page.block(&format!("\nNext: {}{command}\n", prose(&what)));
    }
    page.out
}

fn head(report: &TrendReport) -> String {
    let failing = report.gates.iter().any(|gate| gate.outcome != Outcome::Kept);
    let mark = match report.verdict {
        _ if failing => "❌",
        _ if !report.gates.is_empty() => "✅",
        Verdict::Leak => "❌",
        Verdict::Plateau | Verdict::SawtoothOnly => "✅",
        Verdict::StillWarming | Verdict::TooShort => "⚠️",
    };
    let word = report.verdict.word();
    let title =
        brief::told(&report.gates).map_or_else(|| word.to_owned(), |g| format!("{g}, {word}"));
    let told = report.worst().map(phrase::head).unwrap_or_default();
    let mut out =
        format!("{MARKER}\n## {mark} heapdiff trend: {title}\n\n**{}**\n\n", prose(&told));
    for reason in report.reasons.iter().take(ROWS) {
        out += &format!("- {}\n", prose(reason));
    }
    let logs: Vec<String> = report.logs.iter().take(ROWS).map(|log| code(&log.path)).collect();
    out + &format!("- {}\n", logs.join(", "))
}

fn series(process: &ProcessTrend, page: &mut Page) {
    let row = |series: &SeriesTrend| {
        format!(
            "| {} | {} | {} | {} | {} |\n",
            series.kind.word(),
            series.verdict.word(),
            phrase::rate(series.rate.as_ref()).unwrap_or_default(),
            phrase::levels(series),
            size(series.highest),
        )
    };
    let rows: Vec<String> = process.series.iter().map(row).collect();
    let open = "\n| Series | | Grows by | First → last | Highest |\n|---|---|--:|--:|--:|\n";
    page.table(open, &rows, 0, "");
}

/// The chart, as at a terminal.
fn drawing(process: &ProcessTrend) -> String {
    let Some(series) = phrase::leading(process).filter(|series| series.points.len() > 1) else {
        return String::new();
    };
    let paint = Paint { color: false, links: None };
    let lines = chart(series, process.axis, Some(CHART), &paint);
    let drawing = without_commands(lines.join("\n"));
    let title = format!("{}, {}", series.kind.word(), phrase::span(process));
    format!("\n<details open><summary>{title}</summary>\n\n```text\n{drawing}\n```\n\n</details>\n")
}

fn processes(report: &TrendReport, page: &mut Page) {
    if report.processes.len() < 2 {
        return;
    }
    let row = |process: &ProcessTrend| {
        let leading = phrase::leading(process);
        format!(
            "| {} | {} | {} | {} |\n",
            code(&process.name),
            process.verdict.word(),
            leading.and_then(|s| phrase::rate(s.rate.as_ref())).unwrap_or_default(),
            leading.map(phrase::levels).unwrap_or_default(),
        )
    };
    let rows: Vec<String> = report.processes.iter().take(ROWS).map(row).collect();
    let open = "\n| Process | | Grows by | First → last |\n|---|---|--:|--:|\n";
    page.table(open, &rows, report.processes.len() - rows.len(), "");
}
