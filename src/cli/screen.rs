//! The environment in, what the terminal shows out: how many columns, and links.

use super::repository::sources;
use crate::render::Sources;
use std::io::IsTerminal;

/// Columns that a report has: as given, or of the terminal, or as the environment tells.
pub(super) fn width(given: Option<usize>) -> Option<usize> {
    given.or_else(terminal_width).or_else(columns)
}

/// Columns of the terminal that standard output is; `None` if it is none.
pub(super) fn terminal_width() -> Option<usize> {
    terminal_size::terminal_size_of(std::io::stdout()).map(|(w, _)| usize::from(w.0))
}

/// Columns of the terminal that standard error is; `None` if it is none.
#[cfg(feature = "capture")]
pub(super) fn width_beside() -> Option<usize> {
    terminal_size::terminal_size_of(std::io::stderr()).map(|(w, _)| usize::from(w.0))
}

/// Columns as the environment tells.
fn columns() -> Option<usize> {
    std::env::var("COLUMNS").ok()?.parse().ok().filter(|n| *n > 0)
}

/// Links are for people at a terminal that shows more than plain text.
pub(super) fn links() -> Option<Sources> {
    let is_plain = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
    (std::io::stdout().is_terminal() && !is_plain).then(sources)
}
