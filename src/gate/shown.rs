//! A condition and a number in, a figure with its unit out.

use super::amount::Amount;
use super::condition::{Condition, Limit};
use super::metric::Metric;
use crate::report::Measure;

/// What a condition holds against.
pub(super) fn shown_limit(condition: &Condition) -> Measure {
    match condition.limit {
        Limit::Verdict(kind) => Measure::Verdict(kind),
        Limit::Trend(verdict) => Measure::Trend(verdict.id()),
        Limit::Plain(limit) | Limit::Percent(limit) => shown(condition, limit),
    }
}

/// A number in the terms of a condition.
pub(super) fn shown(condition: &Condition, amount: Amount) -> Measure {
    let Metric { kind, per_call, .. } = condition.metric;
    match (condition.limit, kind.is_bytes(), per_call) {
        _ if kind.is_rate() => Measure::BytesPerHour(amount.as_f64()),
        _ if kind.is_trend() => Measure::BytesEach(amount.as_f64()),
        (Limit::Percent(_), _, _) => Measure::Percent(amount.as_f64()),
        (_, true, true) => Measure::BytesPerCall(amount.as_f64()),
        (_, false, true) => Measure::CountPerCall(amount.as_f64()),
        (_, true, false) => Measure::Bytes(amount.rounded()),
        (_, false, false) => Measure::Count(amount.rounded()),
    }
}
