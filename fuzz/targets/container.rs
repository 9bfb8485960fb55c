//! Packed files: any bytes behind gzip's or zstd's first bytes, and sound packing of any bytes.
#![no_main]

use flate2::{Compression, write::GzEncoder};
use heapdiff::input::Input;
use heapdiff_fuzz::{file, one_line};
use libfuzzer_sys::fuzz_target;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use std::io::Write;

fuzz_target!(|data: &[u8]| {
    let heads: [&[u8]; 3] = [b"", b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"];
    for head in heads {
        let packed = [head, data].concat();
        match Input::open(&file("packed", &packed)) {
            Ok(input) => assert_eq!(input.file_bytes(), packed.len() as u64),
            Err(e) => one_line(&e),
        }
    }
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(data).expect("memory");
    let gzip = gzip.finish().expect("memory");
    for packed in [gzip, compress_to_vec(data, CompressionLevel::Fastest)] {
        let input = Input::open(&file("packed", &packed)).expect("sound packing is unpacked");
        assert_eq!(input.bytes(), data);
    }
});
