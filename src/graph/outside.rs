//! Tables in, the memory outside the heap that nodes stand for out.

use super::KnownStrings;
use crate::parse::{NodeKind, Tables};

/// Memory that the heap's objects hold outside of it, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OutsideBytes {
    /// Backing stores of ArrayBuffers (and so of Buffers and typed arrays).
    pub array_buffers: u64,
    /// Text of strings that lives outside.
    pub external_strings: u64,
}

/// Sums over the native nodes that stand for such memory, as written: sizes of external strings
/// are counted before they are moved to their strings.
pub(super) fn outside(tables: &Tables, known: &KnownStrings) -> OutsideBytes {
    let mut sum = OutsideBytes::default();
    for node in tables.nodes.indices().filter(|n| tables.nodes.kind(*n) == NodeKind::Native) {
        let name = tables.nodes.name(node);
        let sum = match () {
            () if known.is(tables, name, known.array_buffer_data) => &mut sum.array_buffers,
            () if known.is(tables, name, known.external_string_data) => &mut sum.external_strings,
            () => continue,
        };
        *sum = sum.saturating_add(tables.nodes.self_size.of(node));
    }
    sum
}
