//! The first line of a table and its rows in, what each says of memory out: CSV, with semicolons or tabs too.

use super::Wanted;
use super::exposition;
use super::json::LABELS;
use super::number::{is_sound, whole};
use super::time::of_text;
use crate::trend::sample::{Labels, Meaning, Record, Says, Time, Value};
use csv_core::{ReadRecordResult, ReaderBuilder};

/// Columns of a table.
const MOST: usize = 1024;
/// What the column with the time is called.
const TIMES: [&str; 6] = ["time", "timestamp", "@timestamp", "ts", "datetime", "date"];

/// What a column is.
#[derive(Debug, Clone)]
enum Column {
    Time,
    Label(String),
    Value(Labels, String, Says, Option<f64>),
    Other,
}

/// A table whose head has been read.
#[derive(Debug)]
pub(super) struct Table {
    delimiter: u8,
    columns: Vec<Column>,
}

impl Table {
    /// A table, if the line can be its head: names alone, some of which are of memory.
    pub(super) fn of(line: &str, wanted: &Wanted) -> Option<Self> {
        [b',', b';', b'\t'].into_iter().find_map(|delimiter| {
            let cells = cells(line, delimiter)?;
            let is_head = cells.len() > 1 && cells.iter().all(|cell| whole(cell).is_none());
            let columns: Vec<Column> = cells.iter().map(|cell| column(cell, wanted)).collect();
            let tells = |c: &Column| matches!(c, Column::Value(_, _, Says::Memory(_), _));
            (is_head && columns.iter().any(tells)).then_some(Self { delimiter, columns })
        })
    }

    /// What a row says; of several processes if its columns are of several.
    pub(super) fn records(&self, line: &str) -> Vec<Record> {
        let Some(cells) = cells(line, self.delimiter) else { return Vec::new() };
        let mut time = Time::Unknown;
        let mut labels = Labels::new();
        for (column, cell) in self.columns.iter().zip(&cells) {
            match column {
                Column::Time if !time.is_told() => time = of_text(cell),
                Column::Label(name) if !cell.is_empty() => {
                    labels.insert(name.clone(), cell.chars().take(100).collect());
                }
                _ => {}
            }
        }
        let mut records: Vec<Record> = Vec::new();
        for (column, cell) in self.columns.iter().zip(&cells) {
            let Column::Value(own, field, says, unit) = column else { continue };
            let Some(number) = whole(cell).filter(|n| is_sound(n.number)) else { continue };
            let unit = number.unit.or(*unit);
            let (field, says) = (field.clone(), *says);
            let value = Value { field, says, number: number.number, unit, rank: 1 };
            let all: Labels = labels.clone().into_iter().chain(own.clone()).collect();
            match records.iter_mut().find(|record| record.labels == all) {
                Some(record) => record.values.push(value),
                None => records.push(Record { time, labels: all, values: vec![value] }),
            }
        }
        records
    }
}

fn column(cell: &str, wanted: &Wanted) -> Column {
    let cell = cell.trim();
    let lower = cell.to_ascii_lowercase();
    if TIMES.contains(&lower.as_str()) {
        return Column::Time;
    }
    if LABELS.contains(&lower.as_str()) {
        return Column::Label(lower);
    }
    let named = exposition::name(cell).filter(|name| name.length == cell.len());
    let (name, labels, field) = match &named {
        Some(series) => {
            let (labels, field) = exposition::split(series.name, &series.labels);
            (series.name, labels, field)
        }
        None => (cell, Labels::new(), cell.to_owned()),
    };
    match wanted.meaning(name, name, true) {
        Some(Meaning { says, unit }) => Column::Value(labels, field, says, unit),
        None => Column::Other,
    }
}

/// The cells of a line; none if it has too many.
fn cells(line: &str, delimiter: u8) -> Option<Vec<String>> {
    let mut reader = ReaderBuilder::new().delimiter(delimiter).build();
    let mut text = vec![0; line.len() + 1];
    let mut ends = vec![0; MOST];
    let input = [line.as_bytes(), b"\n"].concat();
    let (result, _, _, many) = reader.read_record(&input, &mut text, &mut ends);
    if !matches!(result, ReadRecordResult::Record) {
        return None;
    }
    let mut from = 0;
    let cell = |end: &usize| {
        let cell = String::from_utf8_lossy(&text[from..*end]).into_owned();
        from = *end;
        cell
    };
    Some(ends[..many].iter().map(cell).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_go_by_their_head() {
        let table = Table::of("time;pid;heapUsedMB;\"rss\"", &Wanted::default()).unwrap();
        let rows = table.records("2025-11-30T12:02:03Z;7;1.5;\"3,000\"");
        assert_eq!(rows[0].time, Time::Clock(1_764_504_123.0));
        assert_eq!(rows[0].labels.get("pid").unwrap(), "7");
        let numbers: Vec<f64> = rows[0].values.iter().map(|value| value.number).collect();
        assert_eq!(numbers, [1.5, 3000.0]);
        assert!(table.records("").is_empty());
        assert!(Table::of("rss, 12", &Wanted::default()).is_none());
        assert!(Table::of("time,count", &Wanted::default()).is_none());
    }

    #[test]
    fn columns_may_be_series_of_several_processes() {
        let head =
            r#""Time","process_resident_memory_bytes{instance=""a""}","rss{instance=""b""}""#;
        let table = Table::of(head, &Wanted::default()).unwrap();
        let rows = table.records(r#""2025-11-30 12:02:03","3 MiB","4 MiB""#);
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[1].labels.get("instance").unwrap(), "b");
    }
}
