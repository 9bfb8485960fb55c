//! What a process takes, again and again, in; one line with charts on the terminal of standard error out.

use super::screen::width_beside;
use crate::soak::State;
use crate::units::size;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use unicode_width::UnicodeWidthStr;

/// Points that are remembered: twice what a chart has columns, so that half of them still fill one.
const POINTS: usize = 2 * COLUMNS.1;
/// Columns of a chart at least and at most.
const COLUMNS: (usize, usize) = (3, 16);
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// What changes by less than this share of it is drawn flat.
const FLAT: u64 = 10;
/// Columns where the terminal does not say.
const WIDTH: usize = 80;

/// Heap, the whole process and external memory, in bytes.
type Point = [u64; 3];
const NAMES: [&str; 3] = ["heap", "RSS", "external"];

/// What was seen from the beginning until now, however long that is.
#[derive(Debug, Default)]
struct History {
    points: Vec<Point>,
    /// How many looks a point stands for, and how many the last one does so far.
    each: u32,
    last: u32,
}

impl History {
    fn add(&mut self, point: Point) {
        match self.points.last_mut() {
            Some(last) if self.last < self.each => *last = point,
            _ => {
                self.points.push(point);
                self.last = 0;
            }
        }
        self.last += 1;
        if self.points.len() == POINTS {
            // Of two the later stays: the last one is what it takes now.
            let mut at = 0;
            self.points.retain(|_| {
                at += 1;
                at % 2 == 0
            });
            self.each = self.each.max(1) * 2;
            self.last = self.each;
        }
    }

    /// One of the three in so many columns at most.
    fn chart(&self, which: usize, columns: usize) -> String {
        let columns = columns.min(self.points.len());
        let at = |column: usize| self.points[(column + 1) * self.points.len() / columns - 1][which];
        let shown: Vec<u64> = (0..columns).map(at).collect();
        let least = shown.iter().copied().min().unwrap_or(0);
        let most = shown.iter().copied().max().unwrap_or(0);
        let range = (most - least).max(most / FLAT).max(1);
        let block = |bytes: &u64| {
            let level = u128::from(bytes - least) * (BLOCKS.len() as u128 - 1) / u128::from(range);
            BLOCKS[level as usize]
        };
        shown.iter().map(block).collect()
    }

    /// `heap ▁▂▄ 34.2 MB  RSS ▁▁▂ 92.0 MB  external ▁▁▁ 1.2 MB  what comes next`, as far as there is room.
    fn line(&self, next: &str, width: usize) -> String {
        let Some(now) = self.points.last() else { return next.to_owned() };
        let mut told: Vec<usize> = (0..NAMES.len()).filter(|which| now[*which] > 0).collect();
        let figure = |which: &usize| (NAMES[*which], size(now[*which]));
        let needs = |told: &[usize]| -> usize {
            let figures = told.iter().map(figure);
            figures.map(|(name, size)| name.width() + 1 + size.width() + 2).sum::<usize>()
                + next.width()
        };
        // Rather a chart of the first than the figure of the last.
        while told.len() > 1 && needs(&told) + told.len() * (COLUMNS.0 + 1) > width {
            told.pop();
        }
        let left = width.saturating_sub(needs(&told)) / told.len().max(1);
        // A chart and the blank behind it.
        let columns = left.saturating_sub(1).min(COLUMNS.1);
        let mut line = String::new();
        for which in &told {
            let (name, size) = figure(which);
            let chart = match columns {
                n if n < COLUMNS.0 => String::new(),
                n => self.chart(*which, n) + " ",
            };
            line += &format!("{name} {chart}{size}  ");
        }
        line + next
    }
}

/// A line that is drawn anew in its place, where standard error is a terminal.
#[derive(Debug, Default)]
pub(super) struct Live {
    is_seen: bool,
    history: History,
    bar: Option<ProgressBar>,
}

impl Live {
    /// Nobody sees it if `quiet`.
    pub(super) fn new(quiet: bool) -> Self {
        Self { is_seen: !quiet && std::io::stderr().is_terminal(), ..Self::default() }
    }

    pub(super) const fn is_seen(&self) -> bool {
        self.is_seen
    }

    pub(super) fn add(&mut self, state: &State) {
        self.history.add([state.heap, state.rss, state.external]);
    }

    /// Draws it; `next` is what comes next.
    pub(super) fn draw(&mut self, next: &str) {
        if !self.is_seen {
            return;
        }
        // In the last column some terminals begin the next line.
        let width = width_beside().unwrap_or(WIDTH).saturating_sub(1);
        let line = self.history.line(next, width);
        let bar = self.bar.get_or_insert_with(|| {
            let style = ProgressStyle::with_template("{wide_msg}");
            ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr())
                .with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
        });
        if bar.message() != line {
            bar.set_message(line);
        }
    }

    /// Takes it away, so that others can write.
    pub(super) fn clear(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(heaps: impl IntoIterator<Item = u64>) -> History {
        let mut history = History::default();
        heaps.into_iter().for_each(|heap| history.add([heap, heap.saturating_mul(2), 0]));
        history
    }

    #[test]
    fn a_chart_has_all_of_the_time_in_it_and_ends_with_what_is_there_now() {
        for looks in [1, 2, 31, 32, 33, 100, 10_000] {
            let history = history((1..=looks).map(|look| look * 1_000_000));
            assert!(history.points.len() < POINTS, "{looks}");
            assert_eq!(history.points.last().unwrap()[0], looks * 1_000_000);
            let first = history.points[0][0] / 1_000_000;
            assert!(first <= 1 + looks / 8, "{looks}: begins with {first}");
        }
        assert_eq!(history((1..=8).map(|n| n * 100)).chart(0, 16), "▁▂▃▄▅▆▇█");
        assert_eq!(history((1..=8).map(|n| n * 100)).chart(0, 4), "▁▃▅█");
        assert_eq!(history([1000, 1001, 1000, 999]).chart(0, 16), "▁▁▁▁");
        assert_eq!(history([u64::MAX, 0]).chart(0, 16), "█▁");
    }

    #[test]
    fn a_line_has_what_fits_and_is_never_wider_than_the_terminal() {
        let mut history = history((1..=40).map(|look| look * 1_000_000));
        history.add([41_000_000, 90_000_000, 1_000]);
        let next = "next in 7m 12s";
        for width in 0..200 {
            let line = history.line(next, width);
            let least = "heap 41.0 MB  next in 7m 12s".width();
            assert!(line.width() <= width.max(least), "{width}: {line}");
            assert!(line.starts_with("heap ") && line.ends_with(next), "{line}");
        }
        assert_eq!(history.line(next, 28), "heap 41.0 MB  next in 7m 12s");
        let line = history.line(next, 200);
        assert!(line.contains("  external ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁█ 1.0 kB  "), "{line}");
    }
}
