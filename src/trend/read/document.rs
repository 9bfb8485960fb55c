//! A JSON document in, its records out one by one: a list of objects, or the answer of Prometheus to a
//! range query.

use super::exposition::split;
use super::json;
use super::number::is_sound;
use super::time::of_number;
use super::{Take, Wanted};
use crate::error::{Error, ErrorKind};
use crate::trend::sample::{Kind, Labels, Meaning, Record, Says, Time, Value};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Json;
use std::cell::Cell;
use std::fmt;
use std::io::{self, BufRead, Read};

/// Bytes of one object, or of one series.
const LARGEST: u64 = 64 << 20;

/// Whether a file that begins so is such a document.
pub(super) fn is_one(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let head = head.trim_ascii_start();
    match head {
        [b'[', rest @ ..] => rest.trim_ascii_start().starts_with(b"{"),
        [b'{', ..] => memchr::memmem::find(head, b"\"resultType\"").is_some(),
        _ => false,
    }
}

/// Reads all documents of a file.
pub(super) fn read(from: &mut dyn BufRead, wanted: &Wanted, take: &mut Take<'_>) -> io::Result<()> {
    let left = Cell::new(LARGEST);
    if from.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
        from.consume(3);
    }
    let metered = Metered { from, left: &left };
    let mut reader = serde_json::Deserializer::from_reader(io::BufReader::new(metered));
    let mut each = |element: Json| {
        left.set(LARGEST);
        records(&element, wanted, take);
    };
    let mut some = false;
    while !some || reader.end().is_err() {
        Document(&mut each).deserialize(&mut reader).map_err(|e| match e.is_io() {
            true => e.into(),
            false => {
                let what = format!("the JSON in it cannot be read: {e}");
                io::Error::other(Error::new(ErrorKind::Damaged, what))
            }
        })?;
        some = true;
    }
    Ok(())
}

/// Gives up where one object does not end.
struct Metered<'a> {
    from: &'a mut dyn BufRead,
    left: &'a Cell<u64>,
}

impl Read for Metered<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(buffer)?;
        match self.left.get().checked_sub(read as u64) {
            Some(left) => self.left.set(left),
            None => {
                let what = "an object in it is larger than any of a log";
                return Err(io::Error::other(Error::new(ErrorKind::Damaged, what)));
            }
        }
        Ok(read)
    }
}

/// Finds the list: the document, or `data.result` in it.
struct Document<'a>(&'a mut dyn FnMut(Json));

impl<'de> DeserializeSeed<'de> for Document<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Document<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(element) = list.next_element()? {
            (self.0)(element);
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key::<String>()? {
            if matches!(name.as_str(), "data" | "result") {
                members.next_value_seed(Document(&mut *self.0))?;
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// What an element says: a series with its values, or an object as a line of a log has it.
fn records(element: &Json, wanted: &Wanted, take: &mut Take<'_>) {
    let Some(metric) = element.get("metric").and_then(Json::as_object) else {
        take(json::record(element, wanted).0);
        return;
    };
    let text = |value: &Json| value.as_str().map(str::to_owned);
    let labels: Vec<(&str, String)> =
        metric.iter().filter_map(|(name, value)| Some((name.as_str(), text(value)?))).collect();
    let name = metric.get("__name__").and_then(Json::as_str).unwrap_or_default();
    let unnamed = Meaning { says: Says::Memory(Kind::Heap), unit: None };
    // An expression has no name: what was asked for is taken for the heap.
    let meaning = match name {
        "" => Some(unnamed),
        name => wanted.meaning(name, name, true),
    };
    let Some(Meaning { says, unit }) = meaning else { return };
    let (labels, field) = split(if name.is_empty() { "unnamed" } else { name }, &labels);
    let single = element.get("value").into_iter();
    let many = element.get("values").and_then(Json::as_array).into_iter().flatten();
    for pair in single.chain(many) {
        let number = |value: Option<&Json>| match value? {
            Json::String(text) => text.parse().ok(),
            value => value.as_f64(),
        };
        let (Some(time), Some(number)) = (number(pair.get(0)), number(pair.get(1))) else {
            continue;
        };
        let Some(time) = of_number(time).filter(|_| is_sound(number)) else { continue };
        let unit = unit.or_else(|| (!name.is_empty()).then_some(1.0));
        let value = Value { field: field.clone(), says, number, unit, rank: 1 };
        take(Record {
            time: Time::Clock(time),
            labels: Labels::clone(&labels),
            values: vec![value],
        });
    }
}
