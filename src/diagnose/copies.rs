//! What is new in, new strings of equal text out: parsed again and again, kept each time.

use super::rules::{COPIES_BYTES, COPIES_SHARE, CUT_TEXT};
use crate::growth::Matched;
use crate::ids::NodeIdx;
use crate::parse::NodeKind;

/// New strings that say what others say already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copies {
    /// Number of texts that several new strings have.
    pub texts: u64,
    /// Number of new strings that have one of these texts.
    pub strings: u64,
    /// Bytes of all but one string of each text.
    pub bytes: u64,
}

/// Counts the copies among the new strings. V8 cuts texts at 1,024 characters, so texts that
/// begin alike may be taken for equal; those of full length are left out.
#[must_use]
pub fn copies(matched: &Matched<'_>) -> Option<Copies> {
    let heap = matched.heaps.after;
    let tables = &heap.tables;
    let mut by_text = vec![(0_u32, 0_u64); tables.strings.len()];
    let mut new_bytes = 0_u64;
    for node in matched.fresh.iter().map(NodeIdx::from_at) {
        new_bytes = new_bytes.saturating_add(heap.shallow().of(node));
        if tables.nodes.kind(node) == NodeKind::String {
            let text = &mut by_text[tables.strings.canonical(tables.nodes.name(node)).at()];
            text.0 += 1;
            text.1 = text.1.saturating_add(heap.shallow().of(node));
        }
    }
    let mut found = Copies { texts: 0, strings: 0, bytes: 0 };
    for (at, (count, bytes)) in (0..).zip(by_text).filter(|(_, (count, _))| *count > 1) {
        if tables.strings.get(crate::ids::StrIdx(at)).len() < CUT_TEXT {
            found.texts += 1;
            found.strings += u64::from(count);
            found.bytes = found.bytes.saturating_add(bytes - bytes / u64::from(count));
        }
    }
    (found.bytes >= COPIES_BYTES && found.bytes.saturating_mul(COPIES_SHARE) >= new_bytes)
        .then_some(found)
}
