//! A running process in, a heap snapshot of it out: over the inspector that V8's hosts have, on one
//! connection.
//!
//! ```text
//!   a process, a port, a container -> the way to its inspector -> chunks -> a file that is whole
//!             target                       reach, session        snapshot
//! ```
//!
//! When the connection closes, V8 forgets the ids of all objects: what is to be compared by id is taken on
//! one connection. The protocol is that of Chrome DevTools (domains Runtime, HeapProfiler, NodeWorker).

mod about;
mod activity;
mod container;
mod find;
mod meet;
#[cfg(target_os = "linux")]
mod network;
mod preflight;
#[cfg_attr(not(target_os = "linux"), path = "elsewhere.rs")]
mod process;
mod reach;
mod room;
mod sent;
mod session;
mod signal;
mod snapshot;
mod target;
mod wire;
mod workers;

pub(crate) use preflight::Vitals;
pub(crate) use session::Session;
pub(crate) use snapshot::{Taken, check};
pub(crate) use target::Target;
pub(crate) use workers::Worker;
