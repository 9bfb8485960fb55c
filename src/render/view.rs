//! What a terminal has room for, and what its reader asks for.

use super::Sources;
use super::lines::wrapped;
use super::safe::fit;
use crate::glob::Glob;
use crate::report::Sort;
use crate::text::visible;
use unicode_width::UnicodeWidthStr;

/// What the text shows.
#[derive(Debug, Clone)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct View {
    /// Rows of the table; 0 for all. `None` for as many as suit the view.
    pub top: Option<usize>,
    /// Their order. `None`: by what the new objects retain, or by growth where ids mean nothing.
    pub sort: Option<Sort>,
    /// Everything, the engine's rows too.
    pub all: bool,
    /// Only classes with such names.
    pub class: Option<Glob>,
    /// How many suspects to explain; `None` for as many as suit the view.
    pub suspects: Option<usize>,
    /// How many retainer chains to draw for the classes that were asked for; `None` for as many as suit
    /// the view.
    pub chains: Option<usize>,
    /// How many ways to show for each.
    pub ways: usize,
    /// Columns of the terminal; `None` if nothing limits them.
    pub width: Option<usize>,
    /// Whether to use colours.
    pub color: bool,
    /// Where scripts lie, if a terminal is to have links to those that are there.
    pub links: Option<Sources>,
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
            suspects: None,
            chains: None,
            ways: 2,
            width,
            color: false,
            links: None,
        }
    }

    /// Whether the table is only a part of the answer.
    pub(super) fn is_brief(&self) -> bool {
        self.sort.is_none() && self.class.is_none() && !self.all && self.top.is_none()
    }

    pub(super) fn suspects(&self) -> usize {
        self.suspects.unwrap_or(1)
    }

    pub(super) fn top(&self) -> usize {
        match self.top {
            _ if self.all => 0,
            Some(top) => top,
            None if self.is_brief() => 6,
            None => 15,
        }
    }
}

/// Cuts to the terminal's width.
pub(super) fn clip(line: &str, view: &View) -> String {
    view.width.map_or_else(|| line.to_owned(), |w| fit(line, w.max(20)))
}

/// Prose, broken into lines that fit, each after the indent.
pub(super) fn prose(text: &str, indent: usize, view: &View) -> Vec<String> {
    let width = view.width.unwrap_or(usize::MAX).max(30);
    wrapped(&visible(text), width, &" ".repeat(indent))
}

/// A line with a name in it, which is shortened before anything else is.
pub(super) fn around(before: &str, name: &str, after: &str, view: &View) -> String {
    const SHORTEST: usize = 8;
    let taken = before.width() + after.width();
    let room = view.width.map_or(usize::MAX, |w| w.saturating_sub(taken).max(SHORTEST));
    clip(&format!("{before}{}{after}", fit(name, room)), view)
}
