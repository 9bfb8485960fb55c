//! Anything where the header belongs, in a file that is sound otherwise.
#![no_main]

use heapdiff_fuzz::heap;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|header: &[u8]| {
    let file = [
        b"{\"snapshot\":",
        header,
        b",\"nodes\":[9,0,1,0,1,0,0,3,1,3,16,0,0,0],\"edges\":[2,1,7],\"locations\":[7,1,2,3],",
        b"\"strings\":[\"(root)\",\"A\"]}",
    ]
    .concat();
    let _ = heap(&file);
});
