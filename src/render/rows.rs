//! A report in, the rows of the comparison for a spreadsheet out.

use crate::report::{ClassRow, Report};
use crate::text::{Text, visible, without_commands};
use std::io;

/// The columns, named as the fields of JSON are.
const COLUMNS: [&str; 19] = [
    "name",
    "key",
    "new",
    "deleted",
    "delta",
    "alloc_size",
    "freed_size",
    "size_delta",
    "retained_new",
    "engine",
    "before_count",
    "before_shallow",
    "before_retained",
    "before_distance",
    "after_count",
    "after_shallow",
    "after_retained",
    "after_distance",
    "original",
];

/// Every class of the comparison, separated by commas.
///
/// # Errors
/// Never: it is written into memory.
pub fn csv(report: &Report) -> io::Result<String> {
    rows(report, b',')
}

/// Every class of the comparison, separated by tabs.
///
/// # Errors
/// Never: it is written into memory.
pub fn tsv(report: &Report) -> io::Result<String> {
    rows(report, b'\t')
}

fn rows(report: &Report, delimiter: u8) -> io::Result<String> {
    table(&COLUMNS, report.classes.iter().map(|row| cells(row).to_vec()), delimiter)
}

/// Rows below their titles.
///
/// # Errors
/// Never: it is written into memory.
pub(super) fn table(
    columns: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
    delimiter: u8,
) -> io::Result<String> {
    let mut out = Vec::new();
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(&mut out);
    writer.write_record(columns)?;
    for row in rows {
        writer.write_record(row)?;
    }
    writer.flush()?;
    drop(writer);
    Ok(without_commands(String::from_utf8_lossy(&out).into_owned()))
}

fn cells(row: &ClassRow) -> [String; 19] {
    let (before, after) = (&row.before, &row.after);
    [
        cell(&row.name),
        cell(&row.key.text()),
        row.new.to_string(),
        row.deleted.to_string(),
        row.delta.to_string(),
        row.alloc_size.to_string(),
        row.freed_size.to_string(),
        row.size_delta.to_string(),
        row.retained_new.to_string(),
        row.engine.to_string(),
        before.count.to_string(),
        before.shallow.to_string(),
        number(before.retained),
        number(before.distance),
        after.count.to_string(),
        after.shallow.to_string(),
        number(after.retained),
        number(after.distance),
        row.original.as_ref().map_or_else(String::new, cell),
    ]
}

/// Nothing where nobody asked.
fn number(figure: Option<impl ToString>) -> String {
    figure.map_or_else(String::new, |figure| figure.to_string())
}

fn cell(text: &Text) -> String {
    field(&text.to_string_lossy())
}

/// A text that no spreadsheet takes for a formula: what begins like one gets a `'` before it.
/// Spreadsheets skip white space in front, and take the full-width signs too.
pub(super) fn field(text: &str) -> String {
    let text = visible(text).into_owned();
    let first = text.trim_start().chars().next();
    match first {
        Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠') => format!("'{text}"),
        _ => text,
    }
}
