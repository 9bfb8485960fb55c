//! Messages of the Model Context Protocol on standard input in, answers on standard output out: the
//! comparison and the questions of the command line, as tools of a language model.
//!
//! ```text
//!   a call of a tool -> its arguments -> a question -> an answer in lines -> a page of it
//!       server           arguments       question       kept, answers        answers
//! ```
//!
//! A client works for somebody, but what it asks may have been put into its head by what it reads. So
//! files are opened below the roots alone, and text from a heap stands in quotes.

mod answers;
mod arguments;
mod kept;
mod progress;
mod question;
mod roots;
mod server;
mod tools;

use crate::error::{Error, Hint, Result};
use rmcp::ServiceExt;
use rmcp::service::ServerInitializeError;
use rmcp::transport::stdio;
use server::Server;
use std::path::PathBuf;

/// What a server may open and show.
#[derive(Debug, Clone)]
pub(crate) struct Serving {
    /// Folders below which files are opened.
    pub roots: Vec<PathBuf>,
    /// Whether files that are cut off are read as far as they go.
    pub truncated: bool,
    /// Shows the values of strings.
    pub show_strings: bool,
    /// Shows what looks like a secret.
    pub show_secrets: bool,
    /// Source maps that do not lie beside their scripts.
    pub source_maps: Vec<PathBuf>,
    /// Bytes of memory for all snapshots together; `None` for any number.
    pub memory: Option<u64>,
    /// Bytes of one answer.
    pub page: usize,
    /// Calls what can be done by the names of options.
    pub hint: fn(&Hint) -> String,
}

/// Serves one client until it closes standard input.
///
/// # Errors
/// If a root cannot be opened, or the client does not speak the protocol.
pub(crate) fn serve(serving: Serving) -> Result<()> {
    let server = Server::new(serving)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| Error::io("cannot start a server", e))?;
    progress::listen();
    let served = runtime.block_on(async {
        let running = match server.serve(stdio()).await {
            Ok(running) => running,
            // A client that goes before it has said anything is served.
            Err(ServerInitializeError::ConnectionClosed(_)) => return Ok(()),
            Err(ServerInitializeError::ExpectedInitializeRequest(_)) => {
                return Err(broken(&"a handshake comes first, and something else came"));
            }
            Err(e) => return Err(broken(&e)),
        };
        running.waiting().await.map(|_| ()).map_err(|e| broken(&e))
    });
    // Nobody waits for what is still worked on.
    runtime.shutdown_background();
    served
}

fn broken(why: &dyn std::fmt::Display) -> Error {
    let why = std::io::Error::other(why.to_string());
    Error::io("the client and the server do not understand each other", why)
}
