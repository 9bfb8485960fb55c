//! A series in, a chart of characters out: its samples as dots of Braille, what is left after collections as
//! bullets.

use crate::render::paint::Paint;
use crate::trend::{Axis, SeriesTrend};
use crate::units::size;
use unicode_width::UnicodeWidthStr;

/// Columns of a chart where nothing limits it, and lines.
const WIDEST: usize = 100;
const NARROWEST: usize = 40;
const HEIGHT: usize = 10;
/// Braille's dots: the bit of each, by its column and from above.
const DOTS: [[u32; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];
const BLANK: u32 = 0x2800;

/// Where a chart lies: from times and bytes to dots.
struct Field {
    from: f64,
    time: f64,
    low: f64,
    high: f64,
    columns: usize,
}

impl Field {
    fn of(series: &SeriesTrend, columns: usize) -> Option<Self> {
        let (first, last) = (series.points.first()?, series.points.last()?);
        let low = series.points.iter().map(|point| point.low).min()? as f64;
        let high = series.points.iter().map(|point| point.high).max()? as f64;
        // Noise of a level is not to look like mountains.
        let low = low.min(high * 0.9);
        let time = (last.time - first.time).max(f64::MIN_POSITIVE);
        Some(Self { from: first.time, time, low, high: high.max(1.0), columns })
    }

    /// The dot of a time, from the left.
    fn x(&self, time: f64) -> usize {
        let most = self.columns * 2 - 1;
        (((time - self.from) / self.time * most as f64).round().max(0.0) as usize).min(most)
    }

    /// The dot of a value, from above.
    fn y(&self, bytes: f64) -> usize {
        let most = HEIGHT * 4 - 1;
        let share = (bytes - self.low) / (self.high - self.low).max(f64::MIN_POSITIVE);
        most - ((share * most as f64).round().max(0.0) as usize).min(most)
    }
}

/// The lines of a chart.
pub(super) fn chart(
    series: &SeriesTrend,
    axis: Axis,
    width: Option<usize>,
    paint: &Paint<'_>,
) -> Vec<String> {
    let width = width.unwrap_or(WIDEST).clamp(NARROWEST, WIDEST);
    let labels = [HEIGHT - 1, HEIGHT / 2, 0];
    let Some(probe) = Field::of(series, 1) else { return Vec::new() };
    let value = |line: usize| {
        let share = line as f64 / (HEIGHT - 1) as f64;
        size((probe.low + share * (probe.high - probe.low)).round() as u64)
    };
    let label = labels.iter().map(|line| value(*line).width()).max().unwrap_or(0);
    let Some(field) = Field::of(series, width.saturating_sub(label + 4)) else {
        return Vec::new();
    };
    let cells = cells(series, &field);
    let mut lines: Vec<String> = Vec::new();
    for (at, row) in cells.iter().enumerate() {
        let line = HEIGHT - 1 - at;
        let told = if labels.contains(&line) { value(line) } else { String::new() };
        let mark = if told.is_empty() { '│' } else { '┤' };
        let row: String = row.iter().map(|cell| shown(*cell, paint)).collect();
        lines.push(format!("  {told:>label$} {mark}{}", row.trim_end()));
    }
    lines.push(below(series, axis, label, field.columns));
    lines
}

/// A cell: dots, or a bottom.
#[derive(Clone, Copy)]
struct Cell {
    dots: u32,
    bottom: bool,
}

fn shown(cell: Cell, paint: &Paint<'_>) -> String {
    match char::from_u32(BLANK + cell.dots) {
        _ if cell.bottom => paint.bold("•"),
        Some(dots) if cell.dots != 0 => paint.dim(&dots.to_string()),
        _ => " ".into(),
    }
}

fn cells(series: &SeriesTrend, field: &Field) -> Vec<Vec<Cell>> {
    let mut cells = vec![vec![Cell { dots: 0, bottom: false }; field.columns]; HEIGHT];
    let mut dot = |x: usize, y: usize| {
        cells[y / 4][x / 2].dots |= DOTS[x % 2][y % 4];
    };
    let mut before: Option<(usize, usize)> = None;
    for point in &series.points {
        let x = field.x(point.time);
        let (top, bottom) = (field.y(point.high as f64), field.y(point.low as f64));
        (top..=bottom).for_each(|y| dot(x, y));
        // From one to the next, so that few samples are a line.
        if let Some((from, level)) = before {
            for step in from + 1..x {
                let share = (step - from) as f64 / (x - from) as f64;
                dot(step, (level as f64 + share * (bottom as f64 - level as f64)).round() as usize);
            }
        }
        before = Some((x, bottom));
    }
    if series.collections > 0 {
        for bottom in &series.bottoms {
            let (x, y) = (field.x(bottom.time), field.y(bottom.bytes as f64));
            cells[y / 4][x / 2].bottom = true;
        }
    }
    cells
}

/// The line with the times.
fn below(series: &SeriesTrend, axis: Axis, label: usize, columns: usize) -> String {
    let ends = [series.points.first(), series.points.last()];
    let [from, to] =
        ends.map(|point| point.map_or_else(String::new, |p| super::phrase::moment(p.time, axis)));
    let gap = columns.saturating_sub(from.width() + to.width());
    let times = if gap == 0 { from } else { format!("{from}{}{to}", " ".repeat(gap)) };
    format!("  {} {times}", " ".repeat(label + 1))
}
