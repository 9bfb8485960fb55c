//! The unit of a limit in, what one of it stands for out.

use super::metric::Metric;
use super::mistake::{Mistake, mistake};
use std::ops::Range;

const UNITS: [(&str, u64); 7] = [
    ("B", 1),
    ("kB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
];

/// What a rate goes by, in seconds.
const TIMES: [(&str, u64); 9] = [
    ("s", 1),
    ("min", 60),
    ("minute", 60),
    ("h", 3_600),
    ("hour", 3_600),
    ("d", 86_400),
    ("day", 86_400),
    ("w", 604_800),
    ("week", 604_800),
];

/// Seconds that a rate goes by.
pub(super) fn seconds_of(unit: &str, at: Range<usize>) -> Result<u64, Mistake> {
    let found = TIMES.iter().find(|(name, _)| *name == unit);
    found.map(|(_, seconds)| *seconds).ok_or_else(|| {
        mistake(at, "a rate goes by a time").hint("/s, /min, /h, /day or /week, such as 1MB/h")
    })
}

pub(super) fn is_zero(whole: &str, part: &str) -> bool {
    whole.bytes().chain(part.bytes()).all(|b| b == b'0')
}

/// What one of a unit stands for; none for percent.
pub(super) fn unit_of(
    metric: &Metric,
    unit: &str,
    at: Range<usize>,
    number: Range<usize>,
    zero: bool,
) -> Result<Option<u64>, Mistake> {
    let bytes = metric.kind.is_bytes();
    match unit {
        "%" if metric.kind.has_percent() && !metric.per_call => Ok(None),
        "%" => Err(mistake(at, "only heap.delta and objects.delta are measured in percent")),
        "" if bytes && !zero => {
            Err(mistake(number, "a size needs a unit").hint("B, kB, MB, GB, or KiB, MiB, GiB"))
        }
        "" => Ok(Some(1)),
        _ if !bytes => Err(mistake(at, "a number of objects or entries has no unit")),
        _ => match UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit)) {
            Some((_, size)) => Ok(Some(*size)),
            None => Err(mistake(at, format!("there is no unit {unit}"))
                .hint("B, kB, MB, GB, or KiB, MiB, GiB")),
        },
    }
}
