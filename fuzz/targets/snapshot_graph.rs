//! Any graph, written as a sound file: it is read, and the laws hold.
#![no_main]

use heapdiff_fuzz::{Graph, heap};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|graph: Graph| {
    heap(&graph.write()).expect("a sound file is read");
});
