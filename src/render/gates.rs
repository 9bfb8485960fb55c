//! Gates in, the lines that say which are kept and which are broken out.

use super::paint::Paint;
use super::safe::fit;
use super::view::{View, clip, prose};
use crate::report::{Gate, Ignored, Outcome, Report};
use crate::text::visible;
use crate::units::{count, counted, size};
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr;

/// A condition is never cut below this many columns.
const SHORTEST: usize = 20;
const TITLES: [&str; 3] = ["fails if", "measured", "allowed"];

/// The section about gates; empty if there are none.
pub(super) fn gates(report: &Report, view: &View, paint: &Paint<'_>) -> String {
    section(&report.gates, report.ignored.as_ref(), view, paint)
}

/// The same of gates that are not a report's.
pub(super) fn section(
    gates: &[Gate],
    ignored: Option<&Ignored>,
    view: &View,
    paint: &Paint<'_>,
) -> String {
    if gates.is_empty() {
        return String::new();
    }
    let with = |outcome| gates.iter().filter(|gate| gate.outcome == outcome).count() as u64;
    let (broken, open) = (with(Outcome::Broken), with(Outcome::Unjudged));
    let all = count(gates.len() as u64);
    let title = match (broken, open) {
        (0, 0) => format!("GATES   {all} kept"),
        (0, open) => format!("GATES   {} of {all} not judged", count(open)),
        (broken, 0) => format!("GATES   {} of {all} broken", count(broken)),
        (broken, open) => {
            format!("GATES   {} of {all} broken, {} not judged", count(broken), count(open))
        }
    };
    let mut out = format!("\n{}\n", paint.bold(&title));
    let rows: Vec<[String; 3]> = gates.iter().map(row).collect();
    let titles = TITLES.map(str::to_owned);
    let widest =
        |at: usize| rows.iter().chain([&titles]).map(|row| row[at].width()).max().unwrap_or(0);
    let (measured, limit) = (widest(1), widest(2));
    let room = view.width.map_or(usize::MAX, |w| w.saturating_sub(measured + limit + 8));
    let widths = [widest(0).min(room.max(SHORTEST)), measured, limit];
    let _ = writeln!(out, "{}", paint.dim(&clip(&format!("    {}", line(&titles, widths)), view)));
    for (gate, row) in gates.iter().zip(&rows) {
        let (mark, color) = match gate.outcome {
            Outcome::Kept => ("✓", 32),
            Outcome::Broken => ("✗", 31),
            Outcome::Unjudged => ("?", 33),
        };
        let _ = writeln!(out, "  {} {}", paint.verdict(mark, color), line(row, widths));
        for line in extra(gate).iter().flat_map(|extra| prose(extra, 4, view)) {
            let _ = writeln!(out, "{}", paint.dim(&line));
        }
    }
    if let Some(ignored) = ignored {
        let _ = writeln!(out, "{}", clip(&format!("  {}", left_out(ignored)), view));
    }
    out
}

fn row(gate: &Gate) -> [String; 3] {
    [visible(&gate.condition).into_owned(), gate.measured_shown(), gate.allowed_shown()]
}

fn line(row: &[String; 3], [condition, measured, limit]: [usize; 3]) -> String {
    let name = fit(&row[0], condition);
    let pad = " ".repeat(condition.saturating_sub(name.width()));
    format!("{name}{pad}  {:>measured$}  {:>limit$}", row[1], row[2])
}

/// What decided, if it decided against, and what else should be known.
fn extra(gate: &Gate) -> Option<String> {
    let decided = gate.decided_by.as_ref().filter(|_| !gate.ok);
    let parts: Vec<String> = decided.into_iter().chain(&gate.note).cloned().collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

fn left_out(ignored: &Ignored) -> String {
    format!(
        "ignored: {} and {}, {}",
        counted(ignored.classes, "class", "classes"),
        counted(ignored.containers, "container", "containers"),
        size(ignored.bytes)
    )
}
