//! A report in, what a person at a terminal reads out.

use super::paint::Paint;
use super::table::{Choice, table};
use super::view::{View, around, prose};
use super::{answer, chain, fixes, gates, next, stays};
use crate::report::Report;
use crate::text::visible;
use std::collections::HashMap;
use std::fmt::Write as _;

/// The report as text: the answer, the table, the evidence.
#[must_use]
pub fn text(report: &Report, view: &View) -> String {
    let paint = Paint { color: view.color, links: view.links.as_ref() };
    let mut out = answer::head(report, view, &paint);
    let gates = gates::gates(report, view, &paint);
    // What failed a job comes first, what did not comes last.
    let (broken, kept) = if report.gates.iter().any(|b| !b.ok) {
        (gates, String::new())
    } else {
        (String::new(), gates)
    };
    out += &broken;
    let choice = Choice::make(report, view);
    let plain = view.class.is_none();
    if plain {
        out += &answer::containers(report, view, &paint);
    }
    let title = if plain { title(report) } else { "CLASSES" };
    let _ = writeln!(out, "\n{}", paint.bold(title));
    if !plain && choice.shown.is_empty() {
        out += &nothing_of(report, view);
    } else if report.classes.is_empty() {
        out += "Nothing is new and nothing is gone.\n";
    } else {
        out += &table(report, &choice, view, &paint);
    }
    if plain {
        out += &stays::suspects(report, view, &paint);
        out += &answer::findings(report, view, &paint);
        out += &fixes::order(report, view, &paint);
    } else {
        out += &chains(report, &choice, view, &paint);
    }
    out += &kept;
    for note in &report.notes {
        let note = prose(&format!("note: {note}"), 6, view).join("\n");
        let _ = write!(out, "\n{}\n", note.trim_start());
    }
    if plain {
        out += &next::next(report, view);
    }
    crate::text::without_commands(out)
}

/// How the text begins: the verdict and what it rests on.
#[cfg(feature = "capture")]
pub(crate) fn head(report: &Report, view: &View) -> String {
    let paint = Paint { color: view.color, links: view.links.as_ref() };
    crate::text::without_commands(answer::head(report, view, &paint))
}

/// What the table of all classes is called.
pub(super) fn title(report: &Report) -> &'static str {
    let mut program = report.classes.iter().filter(|row| !row.engine).peekable();
    let is_empty = program.peek().is_none();
    if is_empty || program.any(|row| row.delta > 0) {
        "TOP GROWERS"
    } else {
        "CLASSES WITH NEW OBJECTS"
    }
}

/// Why no class that was asked for is there, and which one was probably meant.
fn nothing_of(report: &Report, view: &View) -> String {
    let Some(glob) = &view.class else { return String::new() };
    if report.has_class(glob) {
        return "what is called so has neither grown nor shrunk\n".to_owned();
    }
    let meant = report.class_like(&glob.text());
    let meant = meant.map_or_else(String::new, |name| format!("; did you mean '{name}'?"));
    format!("neither file has a class of that name{}\n", visible(&meant))
}

/// The shortest retainer chains of the classes that were asked for.
fn chains(report: &Report, choice: &Choice<'_>, view: &View, paint: &Paint<'_>) -> String {
    let mut out = String::new();
    // Of several that have one key, since what looks like a secret is masked, the first.
    let by_key: HashMap<_, _> = report.chains.iter().rev().map(|c| (&c.key, c)).collect();
    let found = choice.shown.iter().filter_map(|row| by_key.get(&row.key).copied());
    for chain in found.take(view.chains.unwrap_or(3)) {
        let class = super::safe::class(&chain.class);
        let id = format!(" @{} STAYS", chain.object);
        let title = around("WHY ", &class, &id, view);
        let _ = write!(out, "\n{}\n{}", paint.bold(&title), chain::draw(chain, view));
    }
    out
}
