//! Packed files: any bytes behind the first bytes of each format, and sound packing of any bytes.
#![no_main]

use flate2::{Compression, write::GzEncoder};
use heapdiff::input::Input;
use heapdiff_fuzz::{file, one_line};
use libfuzzer_sys::fuzz_target;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(data).expect("memory");
    gzip.finish().expect("memory")
}

/// A header with any bytes in its name, and the data behind it.
fn tar(name: &[u8], data: &[u8]) -> Vec<u8> {
    let mut header = tar::Header::new_ustar();
    let room = &mut header.as_old_mut().name;
    let length = name.len().min(room.len());
    room[..length].copy_from_slice(&name[..length]);
    header.set_size(data.len() as u64);
    header.set_cksum();
    let mut tar = tar::Builder::new(Vec::new());
    tar.append(&header, data).expect("memory");
    tar.into_inner().expect("memory")
}

fn zip(data: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("a.heapsnapshot", SimpleFileOptions::default()).expect("memory");
    zip.write_all(data).expect("memory");
    zip.finish().expect("memory").into_inner()
}

fuzz_target!(|data: &[u8]| {
    let heads: [(&str, &[u8]); 5] = [
        ("packed", b""),
        ("packed", b"\x1f\x8b\x08"),
        ("packed", b"\x28\xb5\x2f\xfd"),
        ("packed", b"PK\x03\x04"),
        ("packed.br", b""),
    ];
    let (name, behind) = data.split_at(data.len().min(20));
    let any = tar(name, behind);
    let all = heads.map(|(name, head)| (name, [head, data].concat()));
    for (name, packed) in all.into_iter().chain([("packed", any)]) {
        match Input::open(&file(name, &packed)) {
            Ok(input) => assert!(input.file_bytes() <= packed.len() as u64),
            Err(e) => one_line(&e),
        }
    }
    // What could be JSON is unpacked to its end.
    let plain = [b"{", data].concat();
    let tar = tar(b"a.heapsnapshot", &plain);
    for packed in [
        gzip(&plain),
        gzip(&gzip(&plain)),
        compress_to_vec(plain.as_slice(), CompressionLevel::Fastest),
        gzip(&tar),
        tar,
        zip(&plain),
    ] {
        let input = Input::open(&file("packed", &packed)).expect("sound packing is unpacked");
        assert_eq!(input.bytes(), plain);
    }
});
