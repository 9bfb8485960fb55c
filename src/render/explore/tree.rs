//! Rows of a tree in, lines out that fit: what an object is found by is never cut.

use crate::render::safe::fit;
use unicode_width::UnicodeWidthStr;

/// Between two columns.
const GAP: usize = 2;
/// Columns of a label and of a class name that are left of longer ones.
const LABEL: usize = 8;
const CLASS: usize = 10;

/// One line of a tree; or a remark, if there is no object.
#[derive(Debug, Default)]
pub(super) struct Row {
    /// How it is held, behind the branch.
    pub label: String,
    /// `Session @79939 (2 entries) × 3`.
    pub object: String,
    /// What is said of it, to the right.
    pub says: String,
    /// The same where there is little room.
    pub says_less: String,
    pub place: String,
}

/// Columns of each part of a row.
struct Widths {
    label: usize,
    object: usize,
    says: usize,
    is_short: bool,
    /// Whether the place stands below.
    below: bool,
}

/// Where there is little room, class names are cut first; then less is said; then places stand below.
pub(super) fn lines(rows: &[Row], columns: usize) -> Vec<String> {
    let widths = widths(rows, columns);
    let mut lines = Vec::new();
    for row in rows {
        if row.object.is_empty() {
            lines.push(format!("{}{}", " ".repeat(GAP), row.label));
            continue;
        }
        lines.push(line(row, &widths));
        if widths.below && !row.place.is_empty() {
            let branch = row.label.len() - row.label.trim_start().len();
            let room = columns.saturating_sub(row.place.width()).max(GAP);
            lines.push(format!("{}{}", " ".repeat((branch + 3 * GAP).min(room)), row.place));
        }
    }
    lines
}

fn line(row: &Row, widths: &Widths) -> String {
    let says = if widths.is_short { &row.says_less } else { &row.says };
    let mut line = String::new();
    let label = (fit(&row.label, widths.label), widths.label);
    let object = (fit_id(&row.object, widths.object), widths.object);
    for (cell, width) in [label, object] {
        let pad = width.saturating_sub(cell.width());
        line += &format!("{}{cell}{}", " ".repeat(GAP), " ".repeat(pad));
    }
    if widths.says > 0 {
        let pad = GAP + widths.says.saturating_sub(says.width());
        line += &format!("{}{says}", " ".repeat(pad));
    }
    if !widths.below {
        line += &format!("{}{}", " ".repeat(GAP), row.place);
    }
    line
}

fn widths(rows: &[Row], columns: usize) -> Widths {
    let widest = |of: fn(&Row) -> usize| {
        rows.iter().filter(|row| !row.object.is_empty()).map(of).max().unwrap_or(0)
    };
    let [label, object, least, says, says_less, place] = [
        widest(|row| row.label.width()),
        widest(|row| row.object.width()),
        widest(|row| least(&row.object)),
        widest(|row| row.says.width()),
        widest(|row| row.says_less.width()),
        widest(|row| row.place.width()),
    ];
    let sum = |parts: &[usize]| -> usize {
        parts.iter().filter(|part| **part > 0).map(|part| part + GAP).sum()
    };
    let room = |says, place| columns.checked_sub(sum(&[label, says, place]) + GAP);
    let fits = |says, place| room(says, place).is_some_and(|room| room >= least);
    let widths = |says, place, is_short, below| Widths {
        label,
        object: object.min(room(says, place).unwrap_or(0).max(least)),
        says,
        is_short,
        below,
    };
    match () {
        () if fits(says, place) => widths(says, place, false, false),
        () if fits(says_less, place) => widths(says_less, place, true, false),
        () if fits(says, 0) => widths(says, 0, false, true),
        () if fits(says_less, 0) => widths(says_less, 0, true, true),
        () => {
            let label = columns.saturating_sub(sum(&[least, says_less]) + GAP).max(LABEL);
            Widths { label, object: least, says: says_less, is_short: true, below: true }
        }
    }
}

/// A class, `@79939`, and what stands behind it.
fn parts(object: &str) -> Option<(&str, &str, &str)> {
    let at = object.rfind(" @")?;
    let (class, rest) = object.split_at(at);
    let end = rest[2..].find(|c: char| !c.is_ascii_digit()).map_or(rest.len(), |end| end + 2);
    Some((class, &rest[..end], &rest[end..]))
}

/// Columns that an object needs at least.
fn least(object: &str) -> usize {
    match parts(object) {
        Some((class, id, _)) => class.width().min(CLASS) + id.width(),
        None => object.width().min(CLASS),
    }
}

/// An object within some columns, with its id.
fn fit_id(object: &str, columns: usize) -> String {
    let Some((class, id, rest)) = parts(object).filter(|_| object.width() > columns) else {
        return fit(object, columns);
    };
    let rest = if columns >= CLASS + id.width() + rest.width() { rest } else { "" };
    let room = columns.saturating_sub(id.width() + rest.width());
    format!("{}{id}{rest}", fit(class, room))
}
