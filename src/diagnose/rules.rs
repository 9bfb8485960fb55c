//! Every threshold of the diagnosis, with its reason. `docs/diagnosis.md` tells of them.

/// Entries that a container must have got for a pile: a warm-up leaves fewer.
pub(super) const MANY: u64 = 50;
/// Fewer entries will do, if so many new objects of one class of the program are inside them: an
/// array per minute.
pub(super) const MANY_INSIDE: u64 = 500;
/// A container of this many times what it got has not grown to speak of.
pub(super) const SHARE_OF_ENTRIES: u64 = 10;
/// Bytes that new entries must retain to be worth a verdict.
pub(super) const WEIGHTY: u64 = 4 << 10;
/// The same of numbers, whose count is a guess.
pub(super) const WEIGHTY_NUMBERS: u64 = 64 << 10;
/// Objects that nothing holds and that count as a leak.
pub(super) const MANY_UNHELD: u64 = 100;
/// Growth of the heap below this share of it, or below these bytes, is noise.
pub(super) const NOISE: f64 = 0.01;
pub(super) const NOISE_BYTES: u64 = 64 << 10;
/// What the last interval added to a container that has stopped is less than this part of all.
pub(super) const STOPPED: u64 = 20;
/// A container that evicts has lost at least this part of its first entries.
pub(super) const EVICTS: u64 = 5;
/// Of a container that is filling, the last interval added less than this part of what those before
/// it added, taken for themselves.
pub(super) const SLOWER: u64 = 2;
/// New timers of the runtime retain hardly more than themselves.
pub(super) const OWN_TIMER_WEIGHT: u64 = 2;
/// Copies of strings below these bytes, and below this part of what is new, are not worth a word.
pub(super) const COPIES_BYTES: u64 = 64 << 10;
pub(super) const COPIES_SHARE: u64 = 20;
