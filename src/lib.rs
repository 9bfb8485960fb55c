//! Compares V8 heap snapshots of one process and answers: what is there now that was not there
//! before, what does it weigh, what keeps it alive, and which container was never cleaned.
//!
//! [`compare`](compare()) takes two files (and any that were written between them) and returns a
//! [`Report`]: plain data, the same that the program writes as JSON. Sizes are in bytes, counts in
//! objects or entries, and ids are V8's own.
//!
//! ```
//! use heapdiff::report::answer::VerdictKind;
//! use heapdiff::{Options, Pair, compare};
//!
//! let files = Pair::new(
//!     "fixtures/plain/before.heapsnapshot",
//!     "fixtures/plain/after.heapsnapshot",
//! );
//! let report = compare(files, &[], &Options::default())?;
//!
//! assert_eq!(report.answer.verdict.kind, VerdictKind::LeakLikely);
//! for container in report.answer.containers.iter().filter(|c| c.piles_up) {
//!     println!("{}: {} entries", container.path, container.entries_after);
//! }
//! let worst = &report.answer.containers[0];
//! assert_eq!(worst.path, "sessionManager.sessions");
//! assert_eq!((worst.entries_before, worst.entries_after), (30, 126));
//! # Ok::<(), heapdiff::Error>(())
//! ```
//!
//! An [`Error`] says its kind, the file and the byte, and what to do now; a caller that can do it
//! finds the [`Remedy`] in the hint:
//!
//! ```
//! use heapdiff::{ErrorKind, Options, Pair, Reading, Remedy, Source, compare};
//!
//! let path = "fixtures/plain/before.heapsnapshot";
//! let mut options = Options::default();
//! options.memory = Some(1 << 20);
//! let error = compare(Pair::new(path, path), &[], &options).unwrap_err();
//! assert_eq!(error.kind(), ErrorKind::Memory);
//! let hint = error.hint().expect("something can be done");
//! if hint.remedies().contains(&Remedy::MoreMemory) {
//!     options.memory = None;
//! }
//!
//! let mut reading = Reading::default();
//! reading.map = false;
//! let source = Source::new(path, reading);
//! let report = compare(Pair::new(&source, &source), &[], &options)?;
//! assert!(report.answer.identity.same_snapshot);
//! # Ok::<(), heapdiff::Error>(())
//! ```
//!
//! # What is public
//!
//! What stands below, line by line in `docs/api.txt`. [`report`] has the parts of a report, [`gate`]
//! holds conditions against one (`heap.delta > 5MB`), and `render` makes text, JSON, HTML and
//! other formats of it. An [`Explorer`] answers questions about one snapshot, or the newer of two
//! ([`explore`]). Types that only come out of this crate, and options, may get more fields and
//! variants in any release; make options from their defaults.
//!
//! | Feature | |
//! |---|---|
//! | `render` | the formats |
//! | `cli` | the program, with `render`; in the default features |
//! | `jemalloc` | the program's allocator; in the default features |
//! | `capture` | `heapdiff run`, `watch` and `capture`, snapshots of running processes, with `cli` |
//! | `mcp` | `heapdiff mcp`, a server for language models, with `cli` |
//! | `full` | the default features, `capture` and `mcp`: what released programs have |
//! | `schema` | the JSON Schema of a report, from its types |
//! | `internals` | all modules, for this repository's own tests; no promises |
//!
//! With `default-features = false` the library comes alone.
//!
//! # Reading the source
//!
//! Modules are rooms in a row: each takes what the one before it gives, and says so in its first
//! line ("... in, ... out"). `compare` is the whole walk on one screen; begin there.
//!
//! 1. `input` maps a file, reads a stream, unpacks, or finds a snapshot in an archive. `parse`
//!    makes tables of nodes, edges, strings and locations out of its bytes. It knows the file
//!    format and nothing of heaps, and it is the only room in which a snapshot can be found
//!    damaged: every number, index, count and escape is checked here, and nothing behind it fails
//!    but for a file that has changed since.
//! 2. `graph` makes a heap of the tables: owners, distances, dominators, retained sizes.
//!    `objects` tells what is an object, what a part of one, and what holds entries; it alone knows
//!    what runtimes call their own. `classes` names every object and counts by class. `diff` puts
//!    two heaps side by side: what is new and gone by class, and whether equal ids are equal objects.
//!    The rules of `graph`, `classes` and `diff` are Chrome DevTools', number for number.
//! 3. `ways` finds the way to every object that a person can act on, and shows it as an access
//!    path. `growth` looks where DevTools does not: at objects that are in both heaps and hold more
//!    now. `chains` finds places in the source, and computes what a cut would free. `places`
//!    finds the author's places behind them in source maps; it alone opens files beside the snapshots.
//!    `diagnose` makes suspects, patterns and one verdict of all that. The rules here are heapdiff's own.
//! 4. [`report`] puts a diagnosis into words and plain numbers, and its rows in order. [`explore`]
//!    does the same for what is asked of a heap afterwards. [`trend`] reads logs of how much memory a process
//!    took, and tells whether it goes on growing; of heaps it knows nothing. `render` makes text, JSON or another format
//!    of a report or an answer; it chooses what fits and computes nothing. [`gate`] holds
//!    conditions against a report, and [`verify`] one report against another, before and after a fix. `capture` (with the feature of that name) takes snapshots of running
//!    processes, and `soak` a program and a load for it (with the same). `mcp` (with the feature of that name) asks for a language model what
//!    `cli` asks for people. `cli` reads arguments and is the only room that prints and writes files.
//!
//! Small ones that all of them use: `ids` (positions and object ids that cannot be mixed up),
//! `pair` (one of each snapshot), [`Cancel`] (nobody waits any more), `text` (JavaScript strings, in UTF-16 code units),
//! `units` (numbers as people read them), `glob` (patterns of names), `secret` (tokens and
//! passwords in texts), `phase` (what is being worked on) and `error`. `dump` writes every
//! number of one snapshot, to be held against DevTools'; `scrub` writes a snapshot without the
//! values of its strings.
#![deny(unsafe_code)]
#![warn(missing_docs)]

// What a program is promised.
#[cfg(feature = "capture")]
mod capture;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
pub mod explore;
pub mod gate;
#[cfg(feature = "mcp")]
mod mcp;
#[cfg(feature = "render")]
pub mod render;
pub mod report;
#[cfg(all(feature = "capture", not(feature = "internals")))]
mod soak;
#[cfg(all(feature = "capture", feature = "internals"))]
#[doc(hidden)]
pub mod soak;
pub mod trend;
pub mod verify;

pub use cancel::Cancel;
pub use compare::compare;
pub use error::{Error, ErrorKind, Hint, Remedy, Result};
pub use explore::{ExploreOptions, Explorer};
pub use input::{Limits, Reading, Series, Source, exit_when_a_file_is_cut_short, series};
pub use pair::Pair;
pub use report::{Need, Options, Report, SCHEMA};
pub use text::Text;
pub use verify::Verification;

mod cancel;
mod memory;
mod phase;
mod secret;

// The other rooms are nobody's but this repository's, whose tests, benches and fuzz targets look into
// them. rustfmt finds only modules that are written out.
#[cfg(not(feature = "internals"))]
mod chains;
#[cfg(not(feature = "internals"))]
mod classes;
#[cfg(not(feature = "internals"))]
mod compare;
#[cfg(not(feature = "internals"))]
mod diagnose;
#[cfg(not(feature = "internals"))]
mod diff;
#[cfg(all(feature = "cli", not(feature = "internals")))]
mod dump;
#[cfg(not(feature = "internals"))]
mod error;
#[cfg(not(feature = "internals"))]
mod glob;
#[cfg(not(feature = "internals"))]
mod graph;
#[cfg(not(feature = "internals"))]
mod growth;
#[cfg(not(feature = "internals"))]
mod ids;
#[cfg(not(feature = "internals"))]
mod input;
#[cfg(not(feature = "internals"))]
mod objects;
#[cfg(not(feature = "internals"))]
mod pair;
#[cfg(not(feature = "internals"))]
mod parse;
#[cfg(not(feature = "internals"))]
mod places;
#[cfg(all(feature = "cli", not(feature = "internals")))]
mod scrub;
#[cfg(not(feature = "internals"))]
mod text;
#[cfg(not(feature = "internals"))]
mod units;
#[cfg(not(feature = "internals"))]
mod ways;

#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod chains;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod classes;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod compare;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod diagnose;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod diff;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod dump;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod error;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod glob;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod graph;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod growth;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod ids;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod input;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod objects;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod pair;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod parse;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod places;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod scrub;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod text;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod units;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod ways;
