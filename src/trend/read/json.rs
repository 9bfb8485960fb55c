//! A JSON object of a log in, what it says of memory out, however deep it lies.

use super::Wanted;
use super::number::{Number, is_sound, whole};
use super::time::{of_number, of_text};
use crate::trend::sample::{Labels, Meaning, Record, Time, Value};
use serde_json::Value as Json;

/// Objects in objects that are looked into.
const DEEPEST: usize = 6;
/// Members of all objects together that are looked at.
const MOST: usize = 4_000;
/// What the member with the time is called, the surest first.
const TIMES: [&str; 10] = [
    "time",
    "timestamp",
    "@timestamp",
    "ts",
    "datetime",
    "date",
    "asctime",
    "eventtime",
    "t",
    "at",
];
/// What tells processes apart, in the order in which it is told.
pub(super) const LABELS: [&str; 24] = [
    "namespace",
    "host",
    "hostname",
    "node",
    "server",
    "instance",
    "exported_instance",
    "pod",
    "pod_name",
    "k8s_pod_name",
    "container",
    "container_name",
    "service_instance_id",
    "dyno",
    "replica",
    "task",
    "process",
    "pid",
    "process_pid",
    "process_id",
    "processid",
    "worker",
    "worker_id",
    "workerid",
];

/// What was found so far.
struct Search<'a> {
    wanted: &'a Wanted,
    record: Record,
    /// How good the member was that the time is from.
    time: usize,
    /// Texts that may be lines of a log themselves.
    texts: Vec<String>,
    left: usize,
}

/// What an object says, and the texts in it that may say something themselves.
pub(super) fn record(object: &Json, wanted: &Wanted) -> (Record, Vec<String>) {
    let record = Record { time: Time::Unknown, labels: Labels::new(), values: Vec::new() };
    let mut search = Search { wanted, record, time: TIMES.len(), texts: Vec::new(), left: MOST };
    search.object(object, &mut String::new(), 0);
    (search.record, search.texts)
}

impl Search<'_> {
    fn object(&mut self, value: &Json, way: &mut String, depth: usize) {
        let Json::Object(members) = value else { return };
        for (name, value) in members {
            if self.left == 0 {
                return;
            }
            self.left -= 1;
            let before = way.len();
            if !way.is_empty() {
                way.push('.');
            }
            way.push_str(name);
            match value {
                Json::Object(_) if depth < DEEPEST => self.object(value, way, depth + 1),
                // Arguments of the program, say.
                Json::Array(list) => self.list(list),
                Json::Object(_) | Json::Null | Json::Bool(_) => {}
                plain => self.member(name, plain, way, depth),
            }
            way.truncate(before);
        }
    }

    fn list(&mut self, list: &[Json]) {
        for text in list.iter().filter_map(Json::as_str).take(self.left) {
            self.left -= 1;
            if self.wanted.may_tell(text) {
                self.texts.push(text.to_owned());
            }
        }
    }

    fn member(&mut self, name: &str, value: &Json, way: &str, depth: usize) {
        let lower = name.to_ascii_lowercase();
        let is_label = LABELS.contains(&lower.as_str());
        if let Some(number) = number(value) {
            if let Some(Meaning { says, unit }) = self.wanted.meaning(way, name, true) {
                let unit = number.unit.or(unit);
                let field = way.to_owned();
                self.record.values.push(Value {
                    field,
                    says,
                    number: number.number,
                    unit,
                    rank: 1,
                });
                return;
            }
        } else if let Json::String(text) = value
            && self.wanted.may_tell(text)
        {
            self.texts.push(text.clone());
        }
        if is_label {
            if let Some(text) = label(value) {
                self.record.labels.insert(lower, text);
            }
        } else if depth <= 1 {
            self.when(&lower, value, depth);
        }
    }

    /// Takes a member for the time, if none is there that is surer.
    fn when(&mut self, name: &str, value: &Json, depth: usize) {
        let Some(rank) = TIMES.iter().position(|known| *known == name) else { return };
        let rank = rank + depth * TIMES.len();
        let time = match value {
            Json::String(text) => of_text(text),
            Json::Number(number) => {
                number.as_f64().and_then(of_number).map_or(Time::Unknown, Time::Clock)
            }
            _ => Time::Unknown,
        };
        let is_surer = rank < self.time || !self.record.time.is_told();
        match time {
            time if time.is_told() && is_surer => (self.time, self.record.time) = (rank, time),
            Time::Unread if !self.record.time.is_told() => self.record.time = time,
            _ => {}
        }
    }
}

/// A number, or a text that is one with a unit.
fn number(value: &Json) -> Option<Number> {
    match value {
        Json::Number(number) => {
            let number = number.as_f64()?;
            is_sound(number).then_some(Number { number, unit: None, length: 0 })
        }
        Json::String(text) if text.len() < 40 => whole(text).filter(|n| is_sound(n.number)),
        _ => None,
    }
}

/// Letters of a label's value.
const LONGEST: usize = 100;

fn label(value: &Json) -> Option<String> {
    match value {
        Json::String(text) if !text.is_empty() => Some(text.chars().take(LONGEST).collect()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
