//! One way over which a suspect is held in, its drawing out.
//!
//! ```text
//!   variable app of warmup()            Object
//!   └─ .sessions                        Map       100 → 2,100 entries  ◀ grows
//!      └─ value of key                  Session   server.mjs:6:32
//! ```

use super::answer::{clip, location};
use super::safe::{fit, shown};
use super::text::{Paint, View};
use crate::report::Report;
use crate::report::answer::{Role, Way, WayStep};
use crate::text::visible;
use crate::units::{count, size};
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr;

/// Steps drawn between the first and the container.
const HOLDERS: usize = 5;

pub(super) fn draw(chain: &Way, report: &Report, view: &View, paint: &Paint) -> String {
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
        let line = line(step, depth, report);
        let line = clip(&line, view);
        let line = match step.role {
            Role::Container | Role::Object => line,
            _ => paint.dim(&line),
        };
        let _ = writeln!(out, "{line}");
        depth += 1;
    }
    out
}

fn line(step: &WayStep, depth: usize, report: &Report) -> String {
    const COLUMN: usize = 38;
    let branch =
        if depth == 0 { String::new() } else { format!("{}└─ ", "   ".repeat(depth - 1)) };
    let mut label = visible(&step.label).into_owned();
    if step.times > 1 {
        let _ = write!(label, " × {}", count(u64::from(step.times)));
    }
    let left = fit(&format!("    {branch}{label}"), 60);
    let pad = COLUMN.saturating_sub(left.width()).max(2);
    let name = shown(&step.name);
    let what = match (step.role, name.as_str()) {
        (_, "") => shown(&step.class),
        (_, name) => format!("{name}()"),
    };
    let mut line = format!("{left}{}{what}", " ".repeat(pad));
    if step.role == Role::Container {
        let entries = report.answer.containers.iter().find(|c| c.id == step.id);
        if let Some(c) = entries {
            let about = if c.approximate { "≈" } else { "" };
            let _ = write!(
                line,
                "  {about}{} → {about}{} entries ◀ grows",
                count(c.entries_before),
                count(c.entries_after)
            );
        }
    }
    let _ = write!(line, " @{}", step.id);
    if matches!(step.role, Role::Object | Role::Inside) {
        let _ = write!(line, "  retains {}", size(step.retained));
    }
    if let Some(place) = &step.location
        && step.role != Role::Inside
    {
        let _ = write!(line, "  {}", visible(&location(place, report)));
    }
    line
}
