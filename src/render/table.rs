//! Rows of the comparison in, a table out: DevTools' columns, and what DevTools lacks.

use super::identity::caution;
use super::paint::Paint;
use super::safe::{class, fit};
use super::view::{View, prose};
use crate::report::{ClassRow, Report, Totals};
use crate::units::{count, signed_count, signed_size, size};
use comfy_table::{Cell, CellAlignment, ColumnConstraint, Table, Width, presets};
use unicode_width::UnicodeWidthStr;

/// A class name is never cut below this many columns.
const SHORTEST_NAME: usize = 27;
/// The columns, as DevTools calls them, and one of our own.
pub(super) const TITLES: [&str; 8] = [
    "Constructor",
    "# New",
    "# Deleted",
    "# Delta",
    "Alloc. Size",
    "Freed Size",
    "Size Delta",
    "Retained new",
];
/// In a narrow terminal columns go in this order: they follow from the others.
const GOING: [usize; 5] = [5, 4, 2, 6, 3];
/// What a reader of the answer needs; the rest is one flag away.
const BRIEF: [usize; 6] = [0, 1, 2, 3, 6, 7];

/// What the table shows and what it does not.
pub(super) struct Choice<'a> {
    pub shown: Vec<&'a ClassRow>,
    more: Vec<&'a ClassRow>,
    engine: Vec<&'a ClassRow>,
    unmatched: Vec<&'a ClassRow>,
}

impl<'a> Choice<'a> {
    pub(super) fn make(report: &'a Report, view: &View) -> Self {
        let matches = |row: &&ClassRow| {
            view.class
                .as_ref()
                .is_none_or(|glob| row.names().any(|name| glob.matches(&name.to_string_lossy())))
        };
        let rows = match view.sort {
            None if view.is_brief() => report.rows_growing_first(),
            sort => report.rows(sort.unwrap_or_else(|| report.usual_sort())),
        };
        let (rows, unmatched): (Vec<_>, Vec<_>) = rows.into_iter().partition(matches);
        let fold = |row: &&ClassRow| row.engine && !view.all && view.class.is_none();
        let (engine, rows): (Vec<_>, Vec<_>) = rows.into_iter().partition(fold);
        let top = view.top();
        let keep = if top == 0 { rows.len() } else { top.min(rows.len()) };
        let (shown, more) = rows.split_at(keep);
        Self { shown: shown.to_vec(), more: more.to_vec(), engine, unmatched }
    }
}

/// A row of the table, in the order of [`TITLES`].
type Line = [String; 8];

/// The lines of a table. Those of classes are made when they are asked for: there may be a million.
struct Lines<'a> {
    rows: &'a [&'a ClassRow],
    sums: Vec<Line>,
}

impl Lines<'_> {
    fn each(&self) -> impl Iterator<Item = Line> {
        self.rows.iter().map(|row| line(row)).chain(self.sums.iter().cloned())
    }

    /// By column, what is the most of some measure; of the titles too.
    fn most(&self, measure: impl Fn(usize, &str) -> usize) -> [usize; 8] {
        let titles = TITLES.map(str::to_owned);
        self.each().chain([titles]).fold([0; 8], |most, line| {
            std::array::from_fn(|column| most[column].max(measure(column, &line[column])))
        })
    }
}

pub(super) fn table(
    report: &Report,
    choice: &Choice<'_>,
    view: &View,
    paint: &Paint<'_>,
) -> String {
    let mut lines = Lines { rows: &choice.shown, sums: Vec::new() };
    let rest = [
        (&choice.more, "more class", "more classes", " (--top 0)"),
        (&choice.engine, "engine class", "engine classes", " (--all)"),
        (&choice.unmatched, "other class", "other classes", ""),
    ];
    for (rows, one, many, how) in rest {
        if !rows.is_empty() {
            let what = if rows.len() == 1 { one } else { many };
            let title = format!("{} {what}{how}", count(rows.len() as u64));
            lines.sums.push(sum(title, &Totals::of(rows.iter().copied())));
        }
    }
    let title = format!("all {} classes", count(report.classes.len() as u64));
    lines.sums.push(sum(title, &report.totals));
    let wanted = if view.is_brief() { BRIEF.to_vec() } else { (0..TITLES.len()).collect() };
    let fitting = |lines: &Lines<'_>| columns(lines, wanted.clone(), view.width);
    // Where there is no room for Size Delta, it would say nothing.
    if report.resized != 0 && fitting(&lines).0.contains(&SIZE_DELTA) {
        let mut line: Line = Default::default();
        (line[0], line[SIZE_DELTA]) = (RESIZED.to_owned(), signed_size(report.resized));
        lines.sums.push(line);
    }
    let (columns, room) = fitting(&lines);
    let mut out = drawn(&lines, &columns, room, paint);
    if columns.len() < wanted.len() {
        let gone = wanted.iter().filter(|c| !columns.contains(c));
        let gone: Vec<&str> = gone.map(|c| TITLES[*c]).collect();
        let verb = if gone.len() == 1 { "is" } else { "are" };
        let line = format!("{} {verb} left out: too narrow (--width)", gone.join(", "));
        prose(&line, 0, view).iter().for_each(|line| out += &format!("{}\n", paint.dim(line)));
    }
    for line in below(report, choice, view).iter().flat_map(|line| prose(line, 0, view)) {
        out += &format!("{}\n", paint.dim(&line));
    }
    out
}

/// What a reader of the rows should know.
fn below(report: &Report, choice: &Choice<'_>, view: &View) -> Vec<String> {
    let rest = choice.shown.iter().skip_while(|row| row.delta > 0);
    let last = choice.shown.iter().take_while(|row| row.delta > 0).last();
    let higher = |least: &&ClassRow| rest.clone().any(|row| row.retained_new > least.retained_new);
    let order = "classes that did not grow come last".to_owned();
    let order = (view.is_brief() && last.is_some_and(higher)).then_some(order);
    order.into_iter().chain(caution(report)).collect()
}

/// The titles and all lines, below each other: names to the left, numbers to the right. In parts, as
/// a table takes many times the memory of its text.
fn drawn(lines: &Lines<'_>, columns: &[usize], room: usize, paint: &Paint<'_>) -> String {
    const PART: usize = 1000;
    let widths = lines.most(|column, cell| match column {
        0 => fit(cell, room).width(),
        _ => cell.width(),
    });
    let mut left = [TITLES.map(str::to_owned)].into_iter().chain(lines.each()).peekable();
    let mut out = String::new();
    while left.peek().is_some() {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        for line in left.by_ref().take(PART) {
            table.add_row(columns.iter().map(|c| match c {
                0 => cell(&fit(&line[0], room), 0),
                c => cell(&line[*c], *c),
            }));
        }
        for (at, column) in table.column_iter_mut().enumerate() {
            let gap = if at == 0 { 0 } else { 2 };
            let width = (widths[columns[at]] as u16).saturating_add(gap);
            column.set_padding((gap, 0));
            column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
        }
        for line in table.lines() {
            let line = line.trim_end();
            out += &if out.is_empty() { paint.bold(line) } else { line.to_owned() };
            out.push('\n');
        }
    }
    out
}

fn cell(text: &str, column: usize) -> Cell {
    Cell::new(text).set_alignment(if column == 0 {
        CellAlignment::Left
    } else {
        CellAlignment::Right
    })
}

/// The column of Size Delta.
const SIZE_DELTA: usize = 6;
/// What no class has, so that the rows add up to what the heap has grown by.
const RESIZED: &str = "in both, size changed";

fn line(row: &ClassRow) -> Line {
    [
        class(row.shown()),
        count(row.new),
        count(row.deleted),
        signed_count(row.delta),
        size(row.alloc_size),
        size(row.freed_size),
        signed_size(row.size_delta),
        size(row.retained_new),
    ]
}

/// Retained sizes of different classes overlap, so they are not added up.
fn sum(title: String, of: &Totals) -> Line {
    [
        title,
        count(of.new),
        count(of.deleted),
        signed_count(of.delta),
        size(of.alloc_size),
        size(of.freed_size),
        signed_size(of.size_delta),
        String::new(),
    ]
}

/// Those that there is room for, and how much of it is left to the names.
fn columns(
    lines: &Lines<'_>,
    mut columns: Vec<usize>,
    width: Option<usize>,
) -> (Vec<usize>, usize) {
    let widest = lines.most(|column, cell| if column == 0 { cell.width() } else { cell.len() });
    let need = |columns: &[usize]| -> usize { columns[1..].iter().map(|c| widest[*c] + 2).sum() };
    let name = widest[0].min(SHORTEST_NAME);
    for going in GOING {
        if width.is_none_or(|w| need(&columns) + name <= w) {
            break;
        }
        columns.retain(|c| *c != going);
    }
    let room = width.map_or(usize::MAX, |w| w.saturating_sub(need(&columns)).max(1));
    (columns, room)
}
