//! Records in, for each process its series out, in as many points as fit into a bounded memory.

use super::sample::{Labels, Record, Says, Time};
use std::collections::HashMap;

/// Points of all series together.
const POINTS: usize = 1 << 20;
/// Processes that are told apart; others are counted.
const PROCESSES: usize = 1_000;
/// Series of a process.
const SERIES: usize = 64;

/// Some samples that follow each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    /// When the lowest was measured, in seconds of a clock; not a number where that is unknown.
    pub clock: f64,
    /// The same since the start of the process.
    pub run: f64,
    /// How many samples of the series were before it.
    pub index: f64,
    /// The lowest and the highest.
    pub low: f64,
    pub high: f64,
    /// Samples.
    pub count: u32,
    file: u32,
}

/// One field of one process.
#[derive(Debug)]
pub(super) struct Series {
    pub field: String,
    pub says: Says,
    pub unit: Option<f64>,
    pub rank: u8,
    pub points: Vec<Point>,
    pub samples: u64,
    /// Samples that a point stands for.
    stride: u32,
}

/// What is known of one process.
#[derive(Debug, Default)]
pub(super) struct Process {
    pub labels: Labels,
    pub series: Vec<Series>,
    /// By field, where it is.
    index: HashMap<String, usize>,
    /// After how many samples of all series it was said to end, and when.
    pub ends: Vec<f64>,
    last: f64,
}

/// All that logs have said.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub processes: Vec<Process>,
    index: HashMap<Labels, usize>,
    series: usize,
    file: u32,
    /// Samples of memory.
    pub samples: u64,
    /// Samples of processes and fields that are more than can be told apart.
    pub left_out: u64,
}

impl Gathered {
    /// What follows is of the next file.
    pub(super) fn next_file(&mut self) {
        self.file += 1;
    }

    pub(super) fn take(&mut self, record: Record) {
        if record.values.iter().any(|value| value.says == Says::End) {
            self.end(&record);
            return;
        }
        let Some(process) = self.process(record.labels) else {
            self.left_out += record.values.len() as u64;
            return;
        };
        let (clock, run) = match record.time {
            Time::Clock(seconds) => (seconds, f64::NAN),
            Time::Run(seconds) => (f64::NAN, seconds),
            Time::Unknown => (f64::NAN, f64::NAN),
        };
        for value in record.values {
            let process = &mut self.processes[process];
            let at = match process.index.get(&value.field) {
                Some(at) => *at,
                None if process.series.len() == SERIES => {
                    self.left_out += 1;
                    continue;
                }
                None => {
                    self.series += 1;
                    process.index.insert(value.field.clone(), process.series.len());
                    process.series.push(Series {
                        field: value.field,
                        says: value.says,
                        unit: value.unit,
                        rank: value.rank,
                        points: Vec::new(),
                        samples: 0,
                        stride: 1,
                    });
                    process.series.len() - 1
                }
            };
            let series = &mut process.series[at];
            // A field whose unit is once told and once not has that of its first value, in which all are.
            let number = match (series.unit, value.unit) {
                (Some(is), Some(unit)) if is != unit => value.number * unit / is,
                _ => value.number,
            };
            let (index, file) = (series.samples as f64, self.file);
            series.push(Point { clock, run, index, low: number, high: number, count: 1, file });
            process.last = if clock.is_nan() { process.last } else { clock };
            self.samples += u64::from(matches!(value.says, Says::Memory(_)));
            let most = (POINTS / self.series).max(256);
            series.fit(most);
        }
    }

    fn process(&mut self, labels: Labels) -> Option<usize> {
        if let Some(at) = self.index.get(&labels) {
            return Some(*at);
        }
        if self.processes.len() == PROCESSES {
            return None;
        }
        let at = self.processes.len();
        self.index.insert(labels.clone(), at);
        self.processes.push(Process { labels, ..Process::default() });
        Some(at)
    }

    /// A line that says so has no label mostly: then it is of the process that spoke last.
    fn end(&mut self, record: &Record) {
        let time = match record.time {
            Time::Clock(seconds) => Some(seconds),
            _ => None,
        };
        let known = self.index.get(&record.labels).copied();
        let of = known.or_else(|| self.processes.len().checked_sub(1));
        if let Some(process) = of.and_then(|at| self.processes.get_mut(at)) {
            process.ends.push(time.unwrap_or(process.last));
        }
    }
}

impl Series {
    fn push(&mut self, point: Point) {
        self.samples += 1;
        match self.points.last_mut() {
            Some(last) if last.count < self.stride && last.file == point.file => last.add(&point),
            _ => self.points.push(point),
        }
    }

    /// Where there are too many points, each two become one.
    fn fit(&mut self, most: usize) {
        if self.points.len() <= most {
            return;
        }
        self.stride *= 2;
        let mut kept: Vec<Point> = Vec::with_capacity(most);
        for point in &self.points {
            match kept.last_mut() {
                Some(last)
                    if last.file == point.file && last.count + point.count <= self.stride =>
                {
                    last.add(point);
                }
                _ => kept.push(*point),
            }
        }
        self.points = kept;
    }
}

impl Point {
    fn add(&mut self, other: &Self) {
        self.count += other.count;
        self.high = self.high.max(other.high);
        if other.low < self.low {
            (self.clock, self.run) = (other.clock, other.run);
            (self.index, self.low) = (other.index, other.low);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trend::sample::{Kind, Value};

    fn record(time: f64, number: f64) -> Record {
        let value = Value {
            field: "rss".into(),
            says: Says::Memory(Kind::Rss),
            number,
            unit: None,
            rank: 1,
        };
        Record { time: Time::Clock(time), labels: Labels::new(), values: vec![value] }
    }

    #[test]
    fn millions_of_samples_fit_and_no_bottom_is_lost() {
        let mut all = Gathered::default();
        for at in 0..3_000_000_u32 {
            let number = if at == 1_234_567 { 1.0 } else { 100.0 + f64::from(at % 7) };
            all.take(record(f64::from(at), number));
        }
        let series = &all.processes[0].series[0];
        assert!(series.points.len() <= POINTS);
        assert_eq!(series.samples, 3_000_000);
        assert_eq!(
            series.points.iter().map(|point| u64::from(point.count)).sum::<u64>(),
            3_000_000
        );
        let lowest = series.points.iter().find(|point| point.low == 1.0).unwrap();
        assert_eq!(lowest.clock, 1_234_567.0);
    }
}
