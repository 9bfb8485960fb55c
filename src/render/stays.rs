//! The suspects in, why they stay out: the ways over which each is held, drawn as trees.

use super::brief::location;
use super::paint::Paint;
use super::safe::class;
use super::view::{View, around, clip, prose};
use super::{held, tree};
use crate::report::Report;
use crate::report::answer::{SuspectReport, VerdictKind};
use crate::text::visible;
use crate::units::count;
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr;

/// Why the first suspects stay.
pub(super) fn suspects(report: &Report, view: &View, paint: &Paint<'_>) -> String {
    let mut out = String::new();
    if report.answer.verdict.kind != VerdictKind::LeakLikely {
        return out;
    }
    for suspect in report.answer.suspects.iter().take(view.suspects()) {
        let number = format!(" × {}", count(suspect.count));
        let title = around("WHY IT STAYS   ", &class(&suspect.class), &number, view);
        let _ = write!(out, "\n{}", paint.bold(&title));
        if let Some(place) = &suspect.location {
            let shown = visible(&location(place, report)).into_owned();
            let fits = view.width.is_none_or(|w| title.width() + 3 + shown.width() <= w);
            let gap = if fits { "   " } else { "\n  " };
            let _ = write!(out, "{gap}{}", paint.place(&clip(&shown, view), place));
        }
        out.push('\n');
        if !suspect.inside.is_empty() {
            let inside = suspect.inside.iter();
            let inside: Vec<String> =
                inside.map(|i| format!("{} {}", count(i.count), class(&i.class))).collect();
            for line in prose(&format!("with it: {}", inside.join(" · ")), 2, view) {
                let _ = writeln!(out, "{line}");
            }
        }
        out += &ways(suspect, report, view, paint);
    }
    out
}

fn ways(suspect: &SuspectReport, report: &Report, view: &View, paint: &Paint<'_>) -> String {
    if suspect.ways.is_empty() {
        let guess = match &suspect.container {
            Some(path) => format!("; {} grew by about as many", visible(path)),
            None => String::new(),
        };
        let line = format!("the file records no retainer of these objects{guess}");
        return prose(&line, 2, view).join("\n") + "\n";
    }
    let mut out = String::new();
    let shown = view.ways.clamp(1, suspect.ways.len());
    let how = format!(", --ways {} shows all", suspect.ways.len());
    for line in held::together(suspect, shown, &how).iter().flat_map(|told| prose(told, 2, view)) {
        let _ = writeln!(out, "{line}");
    }
    let mut drawings = String::new();
    for (at, way) in suspect.ways.iter().take(shown).enumerate() {
        let number = held::number(suspect, at).map(|number| format!("{number}   "));
        let line = number.unwrap_or_default() + &held::way(suspect, way);
        for line in prose(&line, 2, view) {
            let _ = writeln!(drawings, "{}", paint.dim(&line));
        }
        drawings += &tree::draw(way, report, view, paint);
    }
    let folded = suspect.ways.iter().take(shown).flat_map(|way| &way.steps).any(|s| s.times > 1);
    let signs = [
        (drawings.contains("[…]"), "[…]: any element or key"),
        (folded, "× N: the same step N times, folded"),
    ];
    out += &drawings;
    for (_, meaning) in signs.iter().filter(|(is_there, _)| *is_there) {
        let _ = writeln!(out, "{}", paint.dim(&clip(&format!("    {meaning}"), view)));
    }
    out
}
