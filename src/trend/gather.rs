//! Records in, for each process its series out, in as many points as fit into a bounded memory.

use super::sample::{Labels, Record, Says, Time, Value};
use std::collections::HashMap;

/// Points of all series together.
const POINTS: usize = 1 << 20;
/// Processes that are told apart; others are counted.
const PROCESSES: usize = 1_000;
/// Series of a process.
const SERIES: usize = 64;

/// When something was measured, in the seconds of each way to tell; not a number where that does not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Moment {
    /// Since 1970.
    pub clock: f64,
    /// Of a clock without a date, since the first that it told.
    pub undated: f64,
    /// Since the start of the process.
    pub run: f64,
}

impl Moment {
    const UNKNOWN: Self = Self { clock: f64::NAN, undated: f64::NAN, run: f64::NAN };

    const fn of(time: Time) -> Self {
        match time {
            Time::Clock(clock) => Self { clock, ..Self::UNKNOWN },
            Time::Undated(undated) => Self { undated, ..Self::UNKNOWN },
            Time::Run(run) => Self { run, ..Self::UNKNOWN },
            Time::Unread | Time::Unknown => Self::UNKNOWN,
        }
    }
}

/// Some samples that follow each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    /// When the lowest was measured.
    pub when: Moment,
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
    /// When it was said to end.
    pub ends: Vec<Moment>,
    /// When it was last told of by a clock.
    last: Option<Moment>,
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
    /// Records of memory whose time could not be read.
    pub unread: u64,
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
        let when = Moment::of(record.time);
        let is_memory = |value: &Value| matches!(value.says, Says::Memory(_));
        let unread = record.time == Time::Unread && record.values.iter().any(is_memory);
        self.unread += u64::from(unread);
        if matches!(record.time, Time::Clock(_) | Time::Undated(_)) {
            self.processes[process].last = Some(when);
        }
        for value in record.values {
            let samples = u64::from(is_memory(&value));
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
            series.push(Point { when, index, low: number, high: number, count: 1, file });
            self.samples += samples;
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

    /// Whether any field says this.
    pub(super) fn tells(&self, says: Says) -> bool {
        self.processes.iter().flat_map(|process| &process.series).any(|series| series.says == says)
    }

    /// Has the times without a date begin with 0.
    pub(super) fn settle(&mut self) {
        let all = self.processes.iter().flat_map(|process| &process.series);
        let times = all.flat_map(|series| &series.points).map(|point| point.when.undated);
        let first = times.fold(f64::INFINITY, f64::min);
        for process in &mut self.processes {
            let points = process.series.iter_mut().flat_map(|series| &mut series.points);
            let moments = points.map(|point| &mut point.when).chain(&mut process.ends);
            moments.for_each(|moment| moment.undated -= first);
        }
    }

    /// A line that says so has no label mostly: then it is of the process that spoke last.
    fn end(&mut self, record: &Record) {
        let known = self.index.get(&record.labels).copied();
        let of = known.or_else(|| self.processes.len().checked_sub(1));
        if let Some(process) = of.and_then(|at| self.processes.get_mut(at)) {
            let time = record.time.is_told().then(|| Moment::of(record.time));
            process.ends.extend(time.or(process.last));
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
            (self.when, self.index, self.low) = (other.when, other.index, other.low);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trend::sample::Kind;

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
        assert_eq!(lowest.when.clock, 1_234_567.0);
    }
}
