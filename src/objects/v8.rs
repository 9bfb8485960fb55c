//! What V8 calls its own.

/// The hole: an oddball up to V8 12, and a kind of its own since.
pub(super) const HOLES: [&str; 2] = ["system / Oddball", "system / Hole"];
