//! A report in, what a person at a terminal reads out.

use super::table::{Choice, table};
use super::{answer, chain, gates};
use crate::glob::Glob;
use crate::report::Report;
use crate::text::visible;
use std::collections::HashMap;
use std::fmt::Write as _;

/// What the text shows.
#[derive(Debug, Clone)]
pub struct View {
    /// Rows of the table; 0 for all. `None` for as many as suit the view.
    pub top: Option<usize>,
    /// Their order. `None`: by what the new objects retain, or by growth where ids mean nothing.
    pub sort: Option<Sort>,
    /// Everything, the engine's rows too.
    pub all: bool,
    /// Only classes with such names.
    pub class: Option<Glob>,
    /// How many suspects to explain, or chains to draw; `None` for as many as suit the view.
    pub chains: Option<usize>,
    /// How many ways to show for each.
    pub ways: usize,
    /// Columns of the terminal; `None` if nothing limits them.
    pub width: Option<usize>,
    /// Whether to use colours.
    pub color: bool,
}

impl View {
    /// The usual view, without colours.
    #[must_use]
    pub const fn plain(width: Option<usize>) -> Self {
        Self {
            top: None,
            sort: None,
            all: false,
            class: None,
            chains: None,
            ways: 2,
            width,
            color: false,
        }
    }

    /// Whether the table is only a part of the answer.
    pub(super) fn is_brief(&self) -> bool {
        self.sort.is_none() && self.class.is_none() && !self.all && self.top.is_none()
    }

    pub(super) fn top(&self) -> usize {
        match self.top {
            _ if self.all => 0,
            Some(top) => top,
            None if self.is_brief() => 6,
            None => 15,
        }
    }

    pub(super) fn sort(&self, report: &Report) -> Sort {
        let usual = if report.answer.identity.by_id { Sort::Retained } else { Sort::Size };
        self.sort.unwrap_or(usual)
    }
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
    pub(super) fn dim(&self, text: &str) -> String {
        if self.0 { format!("\x1b[2m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// Red for bad news, green for good, yellow for what is between.
    pub(super) fn verdict(&self, text: &str, code: u8) -> String {
        if self.0 { format!("\x1b[1;{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    pub(super) fn bold(&self, text: &str) -> String {
        if self.0 { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// The report as text: the answer, the table, the evidence.
#[must_use]
pub fn text(report: &Report, view: &View) -> String {
    let paint = Paint(view.color);
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
    let title = if plain { "TOP GROWERS" } else { "CLASSES" };
    let _ = writeln!(out, "\n{}", paint.bold(title));
    if !plain && choice.shown.is_empty() {
        out += "no class of that name has grown or shrunk\n";
    }
    if report.classes.is_empty() {
        out += "Nothing is new and nothing is gone.\n";
    } else {
        out += &table(report, &choice, view, &paint);
    }
    if plain {
        out += &answer::suspects(report, view, &paint);
        out += &answer::findings(report, view, &paint);
    } else {
        out += &chains(report, &choice, view, &paint);
    }
    out += &kept;
    for note in &report.notes {
        let _ = write!(out, "\nnote: {}\n", visible(note));
    }
    if plain {
        out += &answer::next(report, view);
    }
    crate::text::without_commands(out)
}

/// The shortest retainer chains of the classes that were asked for.
fn chains(report: &Report, choice: &Choice<'_>, view: &View, paint: &Paint) -> String {
    let mut out = String::new();
    // Of several that have one key, since what looks like a secret is masked, the first.
    let by_key: HashMap<_, _> = report.chains.iter().rev().map(|c| (&c.key, c)).collect();
    let found = choice.shown.iter().filter_map(|row| by_key.get(&row.key).copied());
    for chain in found.take(view.chains.unwrap_or(3)) {
        let class = super::safe::shown(&chain.class);
        let title = format!("WHY {class} @{} STAYS", chain.object);
        let _ = write!(out, "\n{}\n{}", paint.bold(&title), chain::draw(chain, view.width));
    }
    out
}
