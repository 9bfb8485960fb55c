//! One way over which a suspect is held in, its drawing out.
//!
//! ```text
//!   variable app of warmup()            Object
//!   └─ .sessions                        Map       100 → 2,100 entries  ◀ grows
//!      └─ value of key                  Session   server.mjs:6:32
//! ```

use super::brief::location;
use super::paint::Paint;
use super::safe::{class, fit, shown};
use super::view::{View, around, clip};
use crate::report::Report;
use crate::report::answer::{Role, Way, WayStep};
use crate::text::visible;
use crate::units::{count, size};
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr;

/// Steps drawn between the first and the container.
const HOLDERS: usize = 5;

pub(super) fn draw(chain: &Way, report: &Report, view: &View, paint: &Paint<'_>) -> String {
    let named = chain.steps.iter().position(|s| s.role != Role::Root).unwrap_or(0);
    // The step before the name tells whose name it is.
    let from = named.saturating_sub(1);
    let container = chain.steps.iter().position(|s| s.role == Role::Container).unwrap_or(0);
    let skipped = (from + 1 + HOLDERS..container).len();
    let mut out = String::new();
    let mut depth = 0;
    for (at, step) in chain.steps.iter().enumerate().skip(from) {
        if skipped > 1 && at > from + 2 && at <= from + 2 + skipped {
            if at == from + 3 {
                let _ = writeln!(out, "    {}… {skipped} more steps", "   ".repeat(depth));
            }
            continue;
        }
        let line = line(step, depth, report, view);
        let dim = !matches!(step.role, Role::Container | Role::Object);
        out += &if dim { paint.dim(&line) } else { line.clone() };
        if let Some(place) = step.location.as_ref().filter(|_| step.role != Role::Inside) {
            let shown = visible(&location(place, report)).into_owned();
            let fits = view.width.is_none_or(|w| line.width() + 2 + shown.width() <= w);
            // Below, where there is no room beside.
            let indent = " ".repeat(4 + 3 * (depth + 1));
            let gap = if fits { "  ".to_owned() } else { format!("\n{indent}") };
            out += &gap;
            out += &paint.place(&clip(&shown, view), place);
        }
        out.push('\n');
        depth += 1;
    }
    out
}

/// Where the second column begins; in a narrow terminal in its middle.
const COLUMN: usize = 38;

fn line(step: &WayStep, depth: usize, report: &Report, view: &View) -> String {
    let column = view.width.map_or(COLUMN, |width| COLUMN.min(width / 2 - width / 20));
    let branch =
        if depth == 0 { String::new() } else { format!("{}└─ ", "   ".repeat(depth - 1)) };
    let mut label = visible(&step.label).into_owned();
    if step.times > 1 {
        let _ = write!(label, " × {}", count(u64::from(step.times)));
    }
    let name = shown(&step.name);
    let what = if name.is_empty() { class(&step.class) } else { format!("{name}()") };
    let entries = entries(step, report);
    // What grows is told, however long its label is.
    let room = view.width.map_or(60, |w| w.saturating_sub(entries.width() + 2 + SHORTEST));
    let most = if entries.is_empty() { 60 } else { room.clamp(16, 60) };
    let left = fit(&format!("    {branch}{label}"), most);
    let tail = tail(step, entries, |tail| {
        let least = left.width() + 2 + what.width().min(SHORTEST) + tail.width();
        view.width.is_none_or(|w| least <= w)
    });
    // What stands in columns may move to the left before anything is shortened.
    let taken = left.width() + what.width() + tail.width();
    let room = view.width.map_or(usize::MAX, |w| w.saturating_sub(taken));
    let pad = column.saturating_sub(left.width()).min(room).max(2);
    around(&format!("{left}{}", " ".repeat(pad)), &what, &tail, view)
}

/// A class is shortened down to so many columns before something else is left out.
const SHORTEST: usize = 8;

/// What a container held and holds; nothing of another step.
fn entries(step: &WayStep, report: &Report) -> String {
    let mut containers = report.answer.containers.iter();
    match containers.find(|c| step.role == Role::Container && c.id == step.id) {
        Some(c) => {
            let about = if c.approximate { "≈" } else { "" };
            let (before, after) = (count(c.entries_before), count(c.entries_after));
            format!("  {about}{before} → {about}{after} entries ◀ grows")
        }
        None => String::new(),
    }
}

/// What is said of a step behind its class: as much of it as there is room for, and no figure in part.
fn tail(step: &WayStep, entries: String, fits: impl Fn(&str) -> bool) -> String {
    let id = format!(" @{}", step.id);
    let retains = match step.role {
        Role::Object | Role::Inside => format!("  retains {}", size(step.retained)),
        _ => String::new(),
    };
    let tails = [format!("{entries}{id}{retains}"), format!("{entries}{retains}"), entries];
    tails.into_iter().find(|tail| fits(tail)).unwrap_or_default()
}
