//! What is left after collections and the load at these times in, what stays for each out.

use super::judge::{Rise, rises};
use super::prepare::{Line, Sample};
use super::robust::{Spot, median, quantile, slope};
use super::runs::is_counter;

/// A load whose values differ by less than this share is level.
const LEVEL: f64 = 0.1;

/// Words in names of what there is at a time, even if it only rises.
const NUMBERS: [&str; 8] =
    ["active", "clients", "connections", "current", "flight", "open", "sessions", "users"];

/// Whether a field tells how many there are, and does not count.
fn is_number(field: &str) -> bool {
    let field = field.to_ascii_lowercase();
    NUMBERS.iter().any(|word| field.contains(word))
}

/// Memory against load.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Load {
    pub counter: bool,
    pub first: f64,
    pub last: f64,
    /// Bytes for each.
    pub bytes: Option<f64>,
    /// Whether memory grows with the load and no further.
    pub follows: bool,
}

/// Holds the bottoms of a run against the load in it; none if there is no load.
pub(super) fn load(bottoms: &[Spot], line: &Line, samples: &[Sample]) -> Option<Load> {
    let (first, last) = (samples.first()?.low, samples.last()?.low);
    let counter = is_counter(line) && last > first && !is_number(&line.field);
    let at = |time: f64| {
        let next = samples.partition_point(|sample| sample.time <= time);
        samples[next.saturating_sub(1)].low
    };
    // From load to memory.
    let mut against: Vec<Spot> = bottoms.iter().map(|(time, bytes)| (at(*time), *bytes)).collect();
    against.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut loads: Vec<f64> = against.iter().map(|spot| spot.0).collect();
    let range = quantile(&mut loads, 0.95) - quantile(&mut loads, 0.05);
    let changes = range > LEVEL * median(&mut loads).max(f64::MIN_POSITIVE);
    let bytes = slope(&against).filter(|_| changes).map(|slope| slope.middle);
    let rest = |bytes: f64| -> Vec<Spot> {
        bottoms.iter().map(|(time, value)| (*time, value - bytes * at(*time))).collect()
    };
    let follows = !counter
        && bytes.is_some_and(|bytes| bytes > 0.0 && rises(&rest(bytes), 0.0) != Rise::Sure);
    Some(Load { counter, first, last, bytes, follows })
}
