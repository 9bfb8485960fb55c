//! A report in, what a person at a terminal reads out.

use super::table::{Choice, table};
use super::{Glob, chain};
use crate::report::Report;
use crate::text::visible;
use crate::units::{count, growth, signed_size, size};
use std::fmt::Write as _;

/// What the text shows.
#[derive(Debug, Clone)]
pub struct View {
    /// Rows of the table; 0 for all.
    pub top: usize,
    /// Their order.
    pub sort: Sort,
    /// Everything, the engine's rows too.
    pub all: bool,
    /// Only classes with such names.
    pub class: Option<Glob>,
    /// How many retainer chains to draw.
    pub chains: usize,
    /// Columns of the terminal; `None` if nothing limits them.
    pub width: Option<usize>,
    /// Whether to use colours.
    pub color: bool,
}

/// Order of the rows: descending, then by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Sort {
    /// # New
    New,
    /// # Delta
    Delta,
    /// Alloc. Size
    Alloc,
    /// Size Delta
    Size,
    /// Retained size of the new objects
    Retained,
    /// Constructor name, ascending
    Name,
}

/// Puts escape sequences around text, or does not.
pub(super) struct Paint(pub bool);

impl Paint {
    pub(super) fn bold(&self, text: &str) -> String {
        if self.0 { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// The report as text.
#[must_use]
pub fn text(report: &Report, view: &View) -> String {
    let paint = Paint(view.color);
    let mut out = header(report, &paint);
    let choice = Choice::make(report, view);
    out.push('\n');
    if report.classes.is_empty() {
        out += "Nothing is new and nothing is gone.\n";
    } else {
        out += &table(report, &choice, view, &paint);
    }
    let chains = choice
        .shown
        .iter()
        .filter_map(|row| report.chains.iter().find(|chain| chain.key == row.key));
    for chain in chains.take(view.chains) {
        let class = super::safe::shown(&chain.class);
        let title = format!("Why {class} @{} stays", chain.object);
        let _ = write!(out, "\n{}\n{}", paint.bold(&title), chain::draw(chain, view.width));
    }
    for note in &report.notes {
        let _ = write!(out, "\nnote: {}\n", visible(note));
    }
    out
}

fn header(report: &Report, paint: &Paint) -> String {
    let (before, after) = (&report.snapshots.before, &report.snapshots.after);
    let delta = after.total_size.cast_signed().saturating_sub(before.total_size.cast_signed());
    let percent = growth(before.total_size, after.total_size);
    let percent = if percent.is_empty() { percent } else { format!(" ({percent})") };
    let heap = format!("heap {} → {}", size(before.total_size), size(after.total_size));
    format!(
        "{}  {}{percent}   {} → {} objects\n",
        paint.bold(&heap),
        signed_size(delta),
        count(before.nodes),
        count(after.nodes),
    )
}
