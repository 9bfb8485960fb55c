//! What logs of memory tell in, gauges out: for node_exporter's text-file collector, and OpenMetrics.

use crate::render::brief;
use crate::render::openmetrics::{Family, gates, written};
use crate::trend::{Each, TrendReport, Verdict};

/// Every process would be several time series of its own.
const PROCESSES: usize = 100;

/// The verdict, and for each process its series: level, rate, limit, hours that are left.
#[must_use]
pub fn trend_openmetrics(report: &TrendReport) -> String {
    let mut verdict =
        Family::new("heapdiff_trend_verdict", "1 for the verdict on a process, 0 for the others.");
    let mut level = Family::new(
        "heapdiff_trend_bytes",
        "What is left after collections, at the end of the log.",
    );
    let mut rate = Family::new(
        "heapdiff_trend_bytes_per_hour",
        "How fast that grows; 0 if it does not, or that cannot be told.",
    );
    let mut limit = Family::new("heapdiff_trend_limit_bytes", "What it may reach.");
    let mut left =
        Family::new("heapdiff_trend_hours_left", "Until it is there, if it grows on so.");
    let mut each = Family::new("heapdiff_trend_bytes_each", "What stays for each of the load.");
    for process in report.processes.iter().take(PROCESSES) {
        let name = brief::name(&process.name);
        for kind in Verdict::ALL {
            let labels = [("process", name.as_str()), ("verdict", kind.id())];
            verdict.add(&labels, f64::from(u8::from(process.verdict == kind)));
        }
        for series in &process.series {
            let labels = [("process", name.as_str()), ("kind", series.kind.id())];
            level.add(&labels, series.last as f64);
            let hourly = series.rate.filter(|rate| rate.each == Each::Hour);
            rate.add(&labels, hourly.map_or(0.0, |rate| rate.bytes.round()));
            if let Some(found) = &series.limit {
                limit.add(&labels, found.bytes as f64);
                if let Some(hours) = found.hours_left {
                    left.add(&labels, (hours * 10.0).round() / 10.0);
                }
            }
        }
        if let Some((per, bytes)) = process.per.as_ref().and_then(|per| Some((per, per.bytes?))) {
            let field = brief::name(&per.field);
            each.add(&[("process", &name), ("field", &field)], bytes.round());
        }
    }
    written([verdict, level, rate, limit, left, each].into_iter().chain(gates(&report.gates)))
}
