//! A log in, records of how much memory was taken out, one by one: JSON lines and documents, prose, CSV,
//! Prometheus' formats, V8's own lines about collections. Each line may be of another kind.

mod collections;
mod date;
mod document;
mod exposition;
mod json;
mod lines;
mod names;
mod number;
mod plain;
mod table;
mod time;

pub(super) use collections::AFTER_FULL;
pub(super) use names::bytes as unit;
pub(super) use time::Clock;
pub(crate) use time::shown as time_shown;

use super::sample::{Labels, Meaning, Record, Says, Time, Value};
use crate::error::{Error, ErrorKind, Result};
use crate::input;
use lines::Lines;
use memchr::memmem::Finder;
use std::io::{self, BufRead};
use std::path::Path;
use table::Table;
use time::is_like_one;

/// Whoever takes the records.
pub(super) type Take<'a> = dyn FnMut(Record) + 'a;

/// Some of these stand in every line that says something; in small letters.
const NEEDLES: [&str; 12] = [
    "heap",
    "rss",
    "external",
    "arraybuffer",
    "array_buffer",
    "resident",
    "memory",
    "working",
    "uptime",
    "start_time",
    " ms: ",
    "old-space",
];
/// What V8 says last.
const DEATHS: [&str; 2] = ["heap out of memory", "Reached heap limit"];
/// A text in a text in a text is looked into.
const DEEPEST: usize = 3;
/// So far into a file no text has a zero.
const BINARY: usize = 64;
/// Letters of a line that are kept for the next ones, and of one that has no time and no process.
const KEPT: usize = 200;
const SHORTEST: usize = 8;

/// A field that was named by the user.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    pub says: Says,
    pub name: String,
    pub unit: Option<f64>,
}

/// What is looked for in a log.
#[derive(Debug)]
pub(super) struct Wanted {
    chosen: Vec<Chosen>,
    needles: Vec<Finder<'static>>,
}

impl Default for Wanted {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl Wanted {
    pub(super) fn new(chosen: Vec<Chosen>) -> Self {
        let named = chosen.iter().map(|chosen| chosen.name.to_ascii_lowercase());
        let all = NEEDLES.iter().map(|needle| (*needle).to_owned()).chain(named);
        // Of a nested field the last part stands in the line.
        let last = |name: String| name.rsplit('.').next().unwrap_or_default().to_owned();
        let needles = all.map(|name| Finder::new(&last(name)).into_owned()).collect();
        Self { chosen, needles }
    }

    /// What a field says, by the way to it or its own name. Where the user has named a field, no other one
    /// says the same.
    fn meaning(&self, way: &str, name: &str, sure: bool) -> Option<Meaning> {
        let chosen = self.chosen.iter().find(|c| c.name == way || c.name == name);
        if let Some(Chosen { says, unit, .. }) = chosen {
            return Some(Meaning { says: *says, unit: *unit });
        }
        let meaning = names::meaning(way, sure)?;
        self.chosen.iter().all(|chosen| chosen.says != meaning.says).then_some(meaning)
    }

    /// Whether a text may say something.
    fn may_tell(&self, text: &str) -> bool {
        let lower = text.as_bytes().to_ascii_lowercase();
        self.needles.iter().any(|needle| needle.find(&lower).is_some())
    }
}

/// What a file was.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub lines: u64,
    /// Lines that are too long for one of a log.
    pub long: u64,
}

/// Reads a log, whose times go on from those of the logs before.
///
/// # Errors
/// If it cannot be read or unpacked, is binary, or is a JSON document that is broken.
pub(super) fn read(
    path: &Path,
    wanted: &Wanted,
    clock: &mut Clock,
    take: &mut Take<'_>,
) -> Result<Told> {
    input::text(path, |from| {
        let head = from.fill_buf()?;
        if document::is_one(head) {
            document::read(from, wanted, take)?;
            return Ok(Told::default());
        }
        let wide = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
        // A log may have some where its machine was cut off.
        if head[..head.len().min(BINARY)].contains(&0) && !wide {
            let error = Error::new(ErrorKind::Damaged, "this is no text, and so no log");
            return Err(io::Error::other(error));
        }
        lines(from, wanted, clock, take)
    })
}

fn lines(
    from: &mut dyn BufRead,
    wanted: &Wanted,
    clock: &mut Clock,
    take: &mut Take<'_>,
) -> io::Result<Told> {
    let mut lines = Lines::new(from)?;
    let mut log = Log { wanted, take, clock, last: None, before: String::new(), block: None };
    let mut table = None;
    let mut begun = false;
    while let Some(line) = lines.next()? {
        if !begun && !line.trim().is_empty() {
            begun = true;
            table = Table::of(line, wanted);
            if table.is_some() {
                continue;
            }
        }
        match &table {
            Some(table) => table.records(line).into_iter().for_each(&mut *log.take),
            None => log.line(line),
        }
    }
    Ok(Told { lines: lines.count, long: lines.long })
}

/// A log whose lines are read.
struct Log<'a, 'b> {
    wanted: &'a Wanted,
    take: &'a mut Take<'b>,
    clock: &'a mut Clock,
    /// The time that a line before had.
    last: Option<Time>,
    /// The line before, if nothing is said in it: it may have the time.
    before: String,
    /// What it tells of the process, if that was looked up.
    block: Option<Labels>,
}

impl Log<'_, '_> {
    fn line(&mut self, line: &str) {
        if !self.wanted.may_tell(line) {
            let end = line.char_indices().nth(KEPT).map_or(line.len(), |(at, _)| at);
            if end >= SHORTEST {
                self.before.clear();
                self.before.push_str(&line[..end]);
                self.block = None;
            }
            return;
        }
        let line = plain::uncolored(line);
        if DEATHS.iter().any(|death| line.contains(death)) {
            let (field, says) = (String::new(), Says::End);
            let end = Value { field, says, number: 1.0, unit: None, rank: 0 };
            let labels = plain::labels(&line);
            self.give(Record { time: Time::Unknown, labels, values: vec![end] }, None);
            return;
        }
        self.said(&line, None, 0);
    }

    /// What a line says; of a text in another one `outer` has the time and the labels.
    fn said(&mut self, line: &str, outer: Option<&Record>, depth: usize) {
        if let Some(record) = collections::record(line) {
            let wall = line.find('[').map(|begin| &line[..begin]);
            let wall = wall.and_then(|before| self.clock.of_line(before));
            let time = wall.map_or(record.time, |found| found.time);
            (self.take)(Record { time, ..record });
        } else if let Some((before, object)) = object(line) {
            let (mut record, texts) = json::record(&object, self.wanted);
            if !record.time.is_told()
                && let Some(found) = self.clock.of_line(before)
            {
                record.time = found.time;
            }
            for (name, value) in plain::labels(before) {
                record.labels.entry(name).or_insert(value);
            }
            let record = inherited(record, outer);
            for text in texts.iter().filter(|_| depth < DEEPEST) {
                self.said(text.trim_end(), Some(&record), depth + 1);
            }
            self.give(record, outer);
        } else if line.starts_with('#') {
            self.last = self.clock.of_line(line).map(|found| found.time).or(self.last);
        } else if let Some(record) = exposition::record(line, self.wanted) {
            self.give(record, outer);
        } else {
            self.prose(line, outer);
        }
    }

    fn prose(&mut self, line: &str, outer: Option<&Record>) {
        let found = self.clock.of_line(line);
        let rest = found.and_then(|found| line.get(found.end..)).unwrap_or(line);
        let values = plain::values(rest, self.wanted);
        if values.is_empty() {
            self.last = found.map(|found| found.time).or(self.last);
            return;
        }
        let time = match found {
            Some(found) => found.time,
            None if is_like_one(line) => Time::Unread,
            None => Time::Unknown,
        };
        let record = Record { time, labels: plain::labels(line), values };
        self.give(inherited(record, outer), outer);
    }

    /// Gives a record with the time of a line before, where it has none itself.
    fn give(&mut self, mut record: Record, outer: Option<&Record>) {
        if record.values.is_empty() {
            return;
        }
        if outer.is_none() && self.block.is_none() {
            if !record.time.is_told() {
                let found = self.clock.of_line(&self.before);
                self.last = found.map(|found| found.time).or(self.last);
            }
            self.block = Some(plain::labels(&self.before));
        }
        if let Some(block) = self.block.as_ref().filter(|_| record.labels.is_empty()) {
            record.labels.clone_from(block);
        }
        match record.time {
            time @ (Time::Clock(_) | Time::Undated(_)) => self.last = Some(time),
            Time::Run(_) => {}
            open => {
                let of_before = || if is_like_one(&self.before) { Time::Unread } else { open };
                record.time = self.last.unwrap_or_else(of_before);
            }
        }
        (self.take)(record);
    }
}

/// A record with the time and the labels of the one that it lies in.
fn inherited(mut record: Record, outer: Option<&Record>) -> Record {
    let Some(outer) = outer else { return record };
    if !record.time.is_told() {
        record.time = outer.time;
    }
    let own = std::mem::take(&mut record.labels);
    let mut labels: Labels = outer.labels.clone();
    labels.extend(own);
    Record { labels, ..record }
}

/// A JSON object that a line ends with, and what stands before it.
fn object(line: &str) -> Option<(&str, serde_json::Value)> {
    let begin = line.find('{')?;
    let object = line[begin..].trim_end();
    if !object.ends_with('}') || !object[1..].trim_start().starts_with(['"', '}']) {
        return None;
    }
    Some((&line[..begin], serde_json::from_str(object).ok()?))
}
