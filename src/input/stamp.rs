//! A file's name in, what Node wrote into it out: time, process and thread.
//!
//! ```text
//! Heap.20261121.143000.4242.0.001.heapsnapshot     on a signal, near the heap's limit
//! Heap-20261121-143000-4242-0.heapsnapshot         v8.writeHeapSnapshot()
//! ```

use std::path::Path;

/// What a name says. Ordered by process and thread, then by time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp {
    /// The process id.
    pub process: u64,
    /// The thread id: 0 is the main thread.
    pub thread: u64,
    /// `yyyymmddhhmmss`, in the local time of the machine.
    pub time: String,
    /// The snapshot's number within its process; 0 where the name has none.
    pub number: u64,
}

impl Stamp {
    /// Reads the last part of a path.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        let rest = name.strip_prefix("Heap")?;
        let separator = rest.chars().next().filter(|c| matches!(c, '.' | '-'))?;
        let mut parts = rest[1..].split([separator, '.']);
        let mut digits = |length: Option<usize>| {
            let part = parts.next()?;
            let fits = length.is_none_or(|n| part.len() == n) && !part.is_empty();
            (fits && part.bytes().all(|b| b.is_ascii_digit())).then_some(part)
        };
        let (date, clock) = (digits(Some(8))?, digits(Some(6))?);
        let (process, thread) = (digits(None)?.parse().ok()?, digits(None)?.parse().ok()?);
        let number = digits(None).and_then(|n| n.parse().ok()).unwrap_or(0);
        Some(Self { process, thread, time: format!("{date}{clock}"), number })
    }

    /// Seconds since some day, to measure the time between two stamps; `None` if there is no
    /// such day or time.
    #[must_use]
    pub fn seconds(&self) -> Option<i64> {
        seconds(&self.time)
    }
}

/// Seconds of `yyyymmddhhmmss`, from some day on.
pub(super) fn seconds(time: &str) -> Option<i64> {
    let part = |range: std::ops::Range<usize>| time.get(range)?.parse::<i64>().ok();
    let (year, month, day) = (part(0..4)?, part(4..6)?, part(6..8)?);
    let (hour, minute, second) = (part(8..10)?, part(10..12)?, part(12..14)?);
    let real = (1..=12).contains(&month) && (1..=31).contains(&day);
    if !real || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    // Years begin in March here, so that the leap day is a year's last.
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day;
    Some(((days * 24 + hour) * 60 + minute) * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(name: &str) -> Option<Stamp> {
        Stamp::of(Path::new(name))
    }

    #[test]
    fn both_of_node_s_names_are_read() {
        let signal = stamp("dir/Heap.20261121.143000.42.1.007.heapsnapshot").unwrap();
        assert_eq!((signal.process, signal.thread, signal.number), (42, 1, 7));
        assert_eq!(signal.time, "20261121143000");
        let api = stamp("Heap-20261121-143000-7-0.heapsnapshot.gz").unwrap();
        assert_eq!((api.process, api.thread, api.number), (7, 0, 0));
    }

    #[test]
    fn other_names_tell_nothing() {
        for name in ["before.heapsnapshot", "Heap.heapsnapshot", "Heapé.heapsnapshot", "Heap-1-2"]
        {
            assert_eq!(stamp(name), None, "{name}");
        }
    }

    #[test]
    fn the_time_between_two_stamps_knows_months_and_leap_years() {
        let seconds =
            |time: &str| stamp(&format!("Heap.{time}.1.0.x.heapsnapshot")).unwrap().seconds();
        let between = |a, b| seconds(b).unwrap() - seconds(a).unwrap();
        assert_eq!(between("20261121.143000", "20261121.160001"), 5401);
        assert_eq!(between("20240228.000000", "20240301.000000"), 2 * 86_400);
        assert_eq!(between("20230228.000000", "20230301.000000"), 86_400);
        assert_eq!(between("20251231.235959", "20260101.000000"), 1);
        assert_eq!(seconds("20261321.000000"), None);
    }
}
