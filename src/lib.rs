//! Compares V8 heap snapshots of one process and answers: what is there now that was not there
//! before, what does it weigh, what keeps it alive, and which container was never cleaned.
//!
//! The program `heapdiff` is a thin cover (`cli`, `render`) over [`compare::compare`], which
//! returns a [`report::Report`]: plain data, the same that `--format json` writes. With
//! `default-features = false` the library comes without the command line.
//!
//! # A comparison
//!
//! ```
//! use heapdiff::diff::Comparison;
//! use heapdiff::graph::Heap;
//! use heapdiff::input::Input;
//! use heapdiff::pair::Pair;
//! use heapdiff::parse::Tables;
//! use std::sync::Arc;
//!
//! /// A snapshot in which `(root)` holds sessions of 32 bytes, with ids 3, 5, 7, ...
//! fn heap(sessions: usize) -> heapdiff::error::Result<Heap> {
//!     // A node is a type, a name, an id, a size and a number of edges; an edge is a type, an
//!     // index and where it leads: a position in `nodes`.
//!     let root = format!("9,0,1,0,{sessions}");
//!     let nodes = (1..=sessions).map(|n| format!(",3,1,{},32,0", 2 * n + 1));
//!     let edges: Vec<String> = (1..=sessions).map(|n| format!("1,{n},{}", 5 * n)).collect();
//!     let file = format!(
//!         r#"{{
//!             "snapshot": {{
//!                 "meta": {{
//!                     "node_fields": ["type", "name", "id", "self_size", "edge_count"],
//!                     "node_types": [["hidden", "array", "string", "object", "code", "closure",
//!                         "regexp", "number", "native", "synthetic"]],
//!                     "edge_fields": ["type", "name_or_index", "to_node"],
//!                     "edge_types": [["context", "element", "property"]]
//!                 }},
//!                 "node_count": {}, "edge_count": {sessions}
//!             }},
//!             "nodes": [{root}{}],
//!             "edges": [{}],
//!             "strings": ["(root)", "Session"]
//!         }}"#,
//!         1 + sessions,
//!         nodes.collect::<String>(),
//!         edges.join(","),
//!     );
//!     let input = Arc::new(Input::from_bytes(file.into_bytes()));
//!     Ok(Heap::new(Tables::read(&input)?))
//! }
//!
//! let comparison = Comparison::new(Pair::new(heap(2)?, heap(7)?));
//! let [row] = comparison.deltas() else { panic!("one class has changed") };
//! assert_eq!(row.name.to_string_lossy(), "Session");
//! assert_eq!((row.new, row.deleted, row.delta()), (5, 0, 5));
//! assert_eq!((row.alloc_size, row.retained_new), (160, 160));
//! # Ok::<(), heapdiff::error::Error>(())
//! ```
//!
//! The whole report, from files:
//!
//! ```no_run
//! use heapdiff::pair::Pair;
//! use heapdiff::report::Options;
//! use std::path::Path;
//!
//! let files = Pair::new(Path::new("before.heapsnapshot"), Path::new("after.heapsnapshot"));
//! let report = heapdiff::compare::compare(files, &[], &Options::default())?;
//! for container in report.answer.containers.iter().filter(|c| c.piles_up) {
//!     println!("{}: {} entries", container.path, container.entries_after);
//! }
//! # Ok::<(), heapdiff::error::Error>(())
//! ```
//!
//! # Reading the source
//!
//! Modules are rooms in a row: each takes what the one before it gives, and says so in its first
//! line ("... in, ... out"). [`compare`] is the whole walk on one screen; begin there.
//!
//! 1. [`input`] maps a file, reads a stream, unpacks, or finds a snapshot in an archive. [`parse`]
//!    makes tables of nodes, edges, strings and locations out of its bytes. It knows the file
//!    format and nothing of heaps, and it is the only room in which a snapshot can be found
//!    damaged: every number, index, count and escape is checked here, and nothing behind it fails
//!    but for a file that has changed since.
//! 2. [`graph`] makes a heap of the tables: owners, distances, dominators, retained sizes.
//!    [`objects`] tells what is an object, what a part of one, and what holds entries; it alone knows
//!    what runtimes call their own. [`classes`] names every object and counts by class. [`diff`] puts
//!    two heaps side by side: what is new and gone by class, and whether equal ids are equal objects.
//!    The rules of `graph`, `classes` and `diff` are Chrome DevTools', number for number.
//! 3. [`ways`] finds the way to every object that a person can act on, and shows it as an access
//!    path. [`growth`] looks where DevTools does not: at objects that are in both heaps and hold more
//!    now. [`chains`] finds places in the source, and computes what a cut would free. [`diagnose`]
//!    makes suspects, patterns and one verdict of all that. The rules here are heapdiff's own.
//! 4. [`report`] puts a diagnosis into words and plain numbers. `render` makes text, JSON or
//!    another format of a report; it chooses what to show and computes nothing. [`gate`] holds
//!    conditions against a report. `cli` reads arguments and is the only room that prints and
//!    writes files.
//!
//! Small ones that all of them use: [`ids`] (positions and object ids that cannot be mixed up),
//! [`pair`] (one of each snapshot), [`text`] (JavaScript strings, in UTF-16 code units),
//! [`units`] (numbers as people read them), [`glob`] (patterns of names), `secret` (tokens and
//! passwords in texts), `phase` (what is being worked on) and [`error`]. [`dump`] writes every
//! number of one snapshot, to be held against DevTools'; [`scrub`] writes a snapshot without the
//! values of its strings.
#![deny(unsafe_code)]
#![warn(missing_docs)]
pub mod chains;
pub mod classes;
#[cfg(feature = "cli")]
pub mod cli;
pub mod compare;
pub mod diagnose;
pub mod diff;
pub mod dump;
pub mod error;
pub mod gate;
pub mod glob;
pub mod graph;
pub mod growth;
pub mod ids;
pub mod input;
mod memory;
pub mod objects;
pub mod pair;
pub mod parse;
mod phase;
#[cfg(feature = "cli")]
pub mod render;
pub mod report;
pub mod scrub;
mod secret;
pub mod text;
pub mod units;
pub mod ways;
