//! A server of the Model Context Protocol in, sessions with it that are left in a chosen way out.
//!
//! ```text
//!   a URL, or standard streams -> the server -> its tools -> calls -> sessions, each left in one way
//!                                   meet         tools    arguments             leaving
//! ```
//!
//! Libraries for clients end sessions, open them anew and connect again by themselves, which is what shows no
//! leak: this client does only what it is told to. It opens the stream of the server's own messages as others
//! do, answers a ping that comes while a call runs, and knows nothing but tools.

mod address;
mod arguments;
mod body;
mod client;
mod exchange;
mod formats;
mod http;
mod leaving;
mod meet;
mod messages;
mod pattern;
mod stdio;
mod tools;

pub use leaving::Leaving;
pub use meet::Place;
pub use tools::Wanted;

use crate::cancel::Cancel;
use crate::error::{Error, ErrorKind, Result};
use crate::soak::Tally;
use client::Server;
use leaving::Client;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use tools::Plan;

/// A server that can be loaded.
pub struct Mcp {
    server: Server,
    plan: Plan,
    has_ids: bool,
    /// What the server calls itself.
    pub name: String,
    /// The version of the protocol.
    pub version: String,
    /// In which ways sessions can be left, and for each of the others why not.
    pub ways: Vec<(Leaving, Option<String>)>,
}

/// How much is done in one go.
#[derive(Debug, Clone, Copy)]
pub struct Amount {
    /// Sessions, one after the other or at once.
    pub sessions: u64,
    /// Calls in each.
    pub calls: u64,
    /// The number of the first call, which is what tells its arguments from those of others.
    pub first: u64,
    /// How many sessions there are at once.
    pub at_once: usize,
}

impl Mcp {
    /// Finds out what a server speaks and has, and what of it can be called.
    ///
    /// # Errors
    /// `Io` if it is not there, `Usage` if it is no server of MCP or has not what is wanted.
    pub fn meet(place: Place, wanted: &Wanted, cancel: &Cancel) -> Result<Self> {
        let found = meet::find(place, wanted.version.as_deref(), cancel)?;
        let plan = Plan::new(&found.tools, wanted)?;
        let ways = meet::ways(&found);
        let version = match &found.server {
            Server::Http(server) => server.version.0.clone(),
            Server::Stdio(pipes) => pipes.version.0.clone(),
        };
        let (server, has_ids, name) = (found.server, found.has_ids, found.name);
        Ok(Self { server, plan, has_ids, name, version, ways })
    }

    /// How many tools are called.
    #[must_use]
    pub fn tools(&self) -> usize {
        self.plan.tools()
    }

    /// Tools that no arguments could be made for, and why.
    #[must_use]
    pub fn left_out(&self) -> &[(String, String)] {
        &self.plan.left_out
    }

    /// Opens so many sessions, makes the calls and leaves them in this way. What was opened is closed again.
    ///
    /// # Errors
    /// `Usage` if sessions cannot be left in this way, or every call fails that was to succeed; `Io` if the
    /// server is gone; `Cancelled` if nobody waits any more.
    pub fn round(&self, leaving: Leaving, amount: Amount, cancel: &Cancel) -> Result<Tally> {
        if let Some((_, Some(why))) = self.ways.iter().find(|(way, _)| *way == leaving) {
            let what = format!("sessions cannot be left {}: {why}", leaving.name());
            return Err(Error::new(ErrorKind::Usage, what));
        }
        let client =
            Client { server: &self.server, plan: &self.plan, has_ids: self.has_ids, cancel };
        let (next, stop) = (AtomicU64::new(0), AtomicBool::new(false));
        let work = || -> Result<Tally> {
            let mut tally = Tally::default();
            while !stop.load(Relaxed) {
                let session = next.fetch_add(1, Relaxed);
                if session >= amount.sessions {
                    break;
                }
                let from = amount.first.saturating_add(session.saturating_mul(amount.calls));
                let left =
                    client.leave(leaving, from..from.saturating_add(amount.calls), &mut tally);
                if left.is_err() {
                    stop.store(true, Relaxed);
                    left?;
                }
            }
            Ok(tally)
        };
        let mut whole = Tally::default();
        let parts: Vec<Result<Tally>> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..amount.at_once.max(1)).map(|_| scope.spawn(work)).collect();
            let joined = threads.into_iter().map(|thread| {
                thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            });
            joined.collect()
        });
        for part in parts {
            whole += part?;
        }
        judged(whole)
    }
}

/// A load in which nothing went as it should is none.
fn judged(tally: Tally) -> Result<Tally> {
    let failed: u64 = tally.failed.values().sum();
    let most = tally.failed.iter().max_by_key(|(_, calls)| **calls);
    match most {
        Some((why, _)) if failed >= tally.calls - tally.meant_to_fail => {
            let what = format!("every call to the server fails: {why}");
            Err(Error::new(ErrorKind::Usage, what)
                .with_hint("give a tool, and arguments that it takes"))
        }
        _ => Ok(tally),
    }
}
