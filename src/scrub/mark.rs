//! A header in, where it gets the mark of a scrubbed file out, and that mark.

use crate::parse::SCRUBBED;
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::ops::Range;

/// What all files of one run have in their headers, and those of no other: texts are equal among
/// these alone. It is random, and tells nothing of the salts.
pub(super) struct Mark(u64);

impl Mark {
    pub(super) fn new() -> Self {
        Self(RandomState::new().hash_one(SCRUBBED))
    }

    /// What is to stand in a header, which begins at byte `start` of the file, and in place of what. A
    /// reader passes over a member that it does not know.
    pub(super) fn place(&self, header: &[u8], start: usize) -> (Range<usize>, String) {
        let Self(mark) = self;
        if let Some(old) = value(header) {
            return (start + old.start..start + old.end, format!("\"{mark:016x}\""));
        }
        let brace = header.iter().position(|b| *b == b'{').map_or(0, |at| at + 1);
        let at = start + brace;
        (at..at, format!("\"{SCRUBBED}\":\"{mark:016x}\","))
    }
}

/// Where the mark of another run stands.
fn value(header: &[u8]) -> Option<Range<usize>> {
    let members: HashMap<String, &RawValue> = serde_json::from_slice(header).ok()?;
    let old = members.get(SCRUBBED)?.get();
    let start = old.as_ptr().addr().checked_sub(header.as_ptr().addr())?;
    Some(start..start + old.len())
}
