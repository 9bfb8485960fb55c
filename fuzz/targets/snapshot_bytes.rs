//! Any bytes, the whole way: compared with itself, written as text and JSON.
#![no_main]

use heapdiff_fuzz::{compared, drawn, heap, report};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if heap(data).is_ok() {
        compared(data, data);
    }
    if let Some(report) = report(data, data) {
        assert_eq!((report.totals.new, report.totals.deleted), (0, 0));
        drawn(&report);
    }
});
