//! Every threshold of the diagnosis once containers are found, with its reason. `docs/thresholds.md` has them in
//! a table, beside those by which `growth` finds containers.

// What piles up.

/// Entries that a container must have got for a pile: a warm-up leaves fewer.
pub(super) const MANY: u64 = 50;
/// Fewer entries will do, if so many new objects of one class of the program are inside them: an
/// array per minute.
pub(super) const MANY_INSIDE: u64 = 500;
/// A container of this many times what it got has not grown to speak of.
pub(super) const SHARE_OF_ENTRIES: u64 = 10;
/// Bytes that new entries must retain to be worth a verdict.
pub(super) const WEIGHTY: u64 = 4 << 10;
/// The same of numbers, whose count is a guess, and of objects that nothing holds.
pub(super) const WEIGHTY_NUMBERS: u64 = 64 << 10;
/// Objects that nothing holds and that count as a leak.
pub(super) const MANY_UNHELD: u64 = 100;

// What is harmless.

/// Growth of the heap below this share of it is noise.
pub(super) const NOISE: f64 = 0.01;
/// So is growth below these bytes.
pub(super) const NOISE_BYTES: u64 = 64 << 10;
/// More compiled code is noise too, up to these bytes: V8 compiles and throws away when it likes. Healthy
/// servers of 5 MB grew by some 100 kB in one of seven runs (November 2026); a program that
/// evaluates text again and again grows by more.
pub(super) const NOISE_COMPILED: u64 = 512 << 10;
/// What the last interval added to a container that has stopped is less than this part of all.
pub(super) const STOPPED: u64 = 20;
/// A container that evicts has lost at least this part of its first entries.
pub(super) const EVICTS: u64 = 5;
/// And at least so many: a share of one or two says nothing.
pub(super) const GONE: u64 = 3;
/// Of what a container got before the last interval at least this part is still there if it leaks.
pub(super) const PASSES: u64 = 2;
/// Of a container that is filling, the last interval added less than this part of what those before
/// it added, taken for themselves.
pub(super) const SLOWER: u64 = 2;
/// New timers of the runtime retain at most so many times themselves.
pub(super) const OWN_TIMER_WEIGHT: u64 = 2;
/// More than this part of the new entries are modules, in a registry of the module loader, and more
/// than this part of their files are different ones.
pub(super) const MODULES: usize = 2;
/// Of two files that can be compared, this part of the class names is in both.
pub(super) const IN_COMMON: usize = 10;
/// Of two programs, at most this part of the one's own scripts is among the other's.
pub(super) const SCRIPTS: usize = 2;

// Who is suspected.

/// So many containers are asked which classes they hold.
pub(super) const ASKED: usize = 16;
/// So many suspects are worked out: with their ways, as many as can be cut at once.
pub(super) const SUSPECTS: usize = 8;
/// So many ways each.
pub(super) const PATHS: usize = 3;
/// What a suspect's containers free all together, where they really hold it, is at least this part of
/// what it retains.
pub(super) const SHARE_OF_FREED: u64 = 10;
/// Another way leads to at least this part of the objects.
pub(super) const SHARE_OF_WAY: u64 = 10;
/// What is suspected instead of the entries makes up this part of their weight.
pub(super) const SHARE_OF_WEIGHT: u64 = 5;
/// The same where the entries are closures, promises and the like, which say nothing.
pub(super) const SHARE_OF_GLUE: u64 = 50;
/// A class of the program is suspected if there is at least one of it for so many entries: one call
/// may leave several. Where the entries are of standing already, its number fits within this part.
pub(super) const FOR_EACH: u64 = 10;
/// A class of a library has between this part of the entries' number and so many times it.
pub(super) const ABOUT: u64 = 2;
/// A literal is the runtime's if what is written nearest above it, in so many steps, is.
pub(super) const WRITTEN: usize = 8;
/// Objects that nothing holds may be those of a table that grew by so many times their number: room
/// for more counts there.
pub(super) const ROOM: u64 = 4;
/// A chain goes on below the object over what makes up this share of it, in percent.
pub(super) const MOST_OF_IT: u64 = 60;
/// And over so many steps.
pub(super) const STEPS_BELOW: usize = 5;

// What kind of leak it is.

/// So many names and classes above the container are near it.
pub(super) const NEAR: usize = 8;
/// The same for signals, whose listeners are a list in a Map.
pub(super) const NEAR_SIGNAL: usize = 14;
/// Bytes of a backing store that is worth a copy of the part that is kept.
pub(super) const LARGE_STORE: u64 = 4 << 10;
/// Copies of strings below these bytes are not worth a word.
pub(super) const COPIES_BYTES: u64 = 64 << 10;
/// So are those below this part of what is new.
pub(super) const COPIES_SHARE: u64 = 20;
/// V8 cuts texts at so many characters, and those that begin alike may be taken for equal.
pub(super) const CUT_TEXT: usize = 1024;
/// So many of the new entries are asked whether they wait for an answer, or are connected.
pub(super) const SAMPLE: usize = 8;
