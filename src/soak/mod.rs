//! A program and a load in, snapshots of it before and after out.
//!
//! ```text
//!   a command line -> a process with an inspector -> a load, again and again -> at rest -> snapshots
//!       program           server       load, request, tally      settle, state    experiment
//! ```
//!
//! Or a process that runs by itself, of which snapshots are taken from time to time: `watching`.
//!
//! All snapshots are taken on one connection, so that ids tell which objects are the same.

mod experiment;
mod load;
mod marks;
pub mod mcp;
mod output;
mod program;
mod request;
mod server;
mod sessions;
mod settle;
mod shell;
mod state;
mod tally;
mod watching;

pub(crate) use experiment::{Part, Plan, ROUNDS, Round, Watcher, experiment};
pub(crate) use load::{Command, Load};
pub(crate) use marks::marked;
pub(crate) use program::{Program, Start};
pub(crate) use request::Requests;
pub(crate) use server::{Ready, ready};
pub(crate) use sessions::Sessions;
pub(crate) use settle::Rest;
pub(crate) use state::State;
pub use tally::Tally;
pub(crate) use watching::{Onlooker, Rhythm, watch};
