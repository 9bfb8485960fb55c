//! A line of V8's log of collections in, what was left after one out: `[12:0x5] 108 ms: Scavenge 2.3 (3.0)
//! -> 1.9 (4.0) MB`.

use super::number::{is_sound, leading};
use crate::trend::sample::{Kind, Labels, Record, Says, Time, Value};

/// What a value is called that is all that a full collection has left.
pub(in crate::trend) const AFTER_FULL: &str = "after full collections";
const MB: f64 = 1024.0 * 1024.0;

/// What is left after a collection; a full one counts more.
pub(super) fn record(line: &str) -> Option<Record> {
    let begin = line.find('[')?;
    let (pid, rest) = line[begin + 1..].split_once(":0x")?;
    let (isolate, rest) = rest.split_once(']')?;
    let (time, rest) = rest.split_once(" ms: ")?;
    let milliseconds: f64 = time.trim().parse().ok()?;
    let (before, after) = rest.split_once(" -> ")?;
    let number = leading(after)?.number;
    let is_process = !pid.is_empty() && pid.bytes().all(|b| b.is_ascii_digit());
    if !is_process || !is_sound(number) || !milliseconds.is_finite() {
        return None;
    }
    let full = before.trim_start().starts_with("Mark");
    let field = if full { AFTER_FULL } else { "after young collections" };
    let value = Value {
        field: field.into(),
        says: Says::Memory(Kind::Heap),
        number,
        unit: Some(MB),
        rank: if full { 3 } else { 2 },
    };
    let isolate: String = isolate.chars().take(20).collect();
    let labels = [("pid", pid.to_owned()), ("isolate", format!("0x{isolate}"))];
    let labels: Labels = labels.map(|(name, value)| (name.to_owned(), value)).into();
    Some(Record { time: Time::Run(milliseconds / 1000.0), labels, values: vec![value] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_all_versions_are_understood() {
        for (line, full) in [
            (
                "[12:0x5581d2c0]      108 ms: Scavenge 2.3 (3.0) -> 1.5 (4.0) MB, 0.5 / 0.0 ms",
                false,
            ),
            (
                "[12:0x1:0]  108 ms: Mark-Compact 3.0 (4.7) -> 1.5 (5.7) MB, pooled: 0 MB, 1 ms",
                true,
            ),
            ("[12:0x1]    108 ms: Mark-sweep (reduce) 2.0 (2.5) -> 1.5 (2.3) MB, 1 / 0 ms", true),
        ] {
            let found = record(line).unwrap();
            assert_eq!(found.time, Time::Run(0.108), "{line}");
            let value = &found.values[0];
            assert_eq!((value.number, value.rank == 3), (1.5, full), "{line}");
            assert_eq!(found.labels.get("pid").unwrap(), "12");
        }
        assert!(record("[12:0x1] 1 ms: Scavenge").is_none());
        assert!(record("[a:0x1] 1 ms: Scavenge 1 (1) -> 2 (2) MB").is_none());
    }
}
