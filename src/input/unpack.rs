//! Compressed bytes in, plain bytes out. The format is told by the first bytes.

use crate::error::{Error, ErrorKind, Result};
use std::io::Read;

const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

/// Honest snapshots shrink to a 7th or a 10th. What grows two hundredfold is a trap.
const MOST_RATIO: usize = 200;
/// Below this size the ratio does not matter.
const SMALL: usize = 64 << 20;
const STEP: usize = 4 << 20;

/// Unpacks gzip (also of several members) and zstd; `None` if the bytes are neither.
pub(super) fn unpack(packed: &[u8]) -> Result<Option<Vec<u8>>> {
    if packed.starts_with(GZIP) {
        read_all(flate2::read::MultiGzDecoder::new(packed), packed.len(), "gzip").map(Some)
    } else if packed.starts_with(ZSTD) {
        let decoder =
            ruzstd::decoding::StreamingDecoder::new(packed).map_err(|_| broken("zstd"))?;
        read_all(decoder, packed.len(), "zstd").map(Some)
    } else {
        Ok(None)
    }
}

fn read_all(mut from: impl Read, packed: usize, format: &str) -> Result<Vec<u8>> {
    let mut out = Vec::with_capacity((packed * 8).min(SMALL));
    loop {
        let n =
            from.by_ref().take(STEP as u64).read_to_end(&mut out).map_err(|_| broken(format))?;
        if n == 0 {
            return Ok(out);
        }
        if out.len() > SMALL && out.len() / MOST_RATIO > packed {
            return Err(Error::new(
                ErrorKind::Damaged,
                format!("the {format} data unpacks to more than {MOST_RATIO} times its size"),
            )
            .hint("no snapshot compresses that well; the file is broken or a trap"));
        }
    }
}

fn broken(format: &str) -> Error {
    Error::new(ErrorKind::Damaged, format!("the {format} data is damaged or cut off"))
        .hint("was the copy interrupted?")
}
