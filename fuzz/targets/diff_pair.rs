//! Any two graphs of one process: the laws of a comparison hold, both ways, and a report is made.
#![no_main]

use heapdiff_fuzz::{arbitrary_pair, compared, drawn, report};
use libfuzzer_sys::arbitrary::Unstructured;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok((before, after)) = arbitrary_pair(&mut Unstructured::new(data)) else { return };
    let (before, after) = (before.write(), after.write());
    compared(&before, &after);
    drawn(&report(&before, &after).expect("sound files are compared"));
    drawn(&report(&after, &before).expect("sound files are compared"));
});
