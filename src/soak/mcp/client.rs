//! A server in, what can be done with a session out, wherever the server is.

use super::exchange::Exchange;
use super::http;
use super::messages::{self, Tried, Trouble};
use super::stdio::{Pipes, Waiting};
use super::tools::Call;
use crate::cancel::Cancel;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// How often somebody who waits looks whether to go on.
const STEP: Duration = Duration::from_millis(100);

/// Where a server is, and what is known of it.
pub(super) enum Server {
    Http(Box<http::Server>),
    Stdio(Box<Pipes>),
}

/// A session with it; over standard streams all are one.
pub(super) enum Session<'a> {
    Http(http::Session<'a>),
    Stdio(&'a Pipes),
}

/// A call that runs.
pub(super) enum Pending {
    Http(Box<Exchange>),
    Stdio(Waiting),
}

/// What became of it in a time.
pub(super) enum Reply {
    /// The message that answers it.
    Came(Value),
    /// Nothing yet.
    Late(Pending),
}

impl<'a> Session<'a> {
    /// Begins one.
    ///
    /// # Errors
    /// If the server gives none.
    pub(super) fn open(server: &'a Server) -> Tried<Self> {
        match server {
            Server::Http(server) => {
                let mut session = http::Session::new(server);
                session.open()?;
                Ok(Self::Http(session))
            }
            Server::Stdio(pipes) => Ok(Self::Stdio(pipes)),
        }
    }

    /// Begins a call.
    ///
    /// # Errors
    /// If the server cannot be asked.
    pub(super) fn call(&mut self, call: &Call) -> Tried<Pending> {
        match self {
            Self::Http(session) => Ok(Pending::Http(Box::new(session.call(call)?))),
            Self::Stdio(pipes) => Ok(Pending::Stdio(pipes.call(call)?)),
        }
    }

    /// Waits for the answer to a call for so long.
    ///
    /// # Errors
    /// If none will come.
    pub(super) fn wait(&mut self, pending: Pending, until: Instant) -> Tried<Reply> {
        match (self, pending) {
            (Self::Http(session), Pending::Http(mut exchange)) => loop {
                let answer = exchange.answer(until)?;
                let asked = std::mem::take(&mut exchange.asked);
                match (answer, asked.is_empty()) {
                    (Some(answer), _) => {
                        let message = session.finish(*exchange, answer)?;
                        session.reply(asked)?;
                        return Ok(Reply::Came(message));
                    }
                    (None, true) => return Ok(Reply::Late(Pending::Http(exchange))),
                    (None, false) => session.reply(asked)?,
                }
            },
            (_, Pending::Stdio(waiting)) => Ok(match waiting.answer(until)? {
                Some(message) => Reply::Came(message),
                None => Reply::Late(Pending::Stdio(waiting)),
            }),
            (Self::Stdio(_), Pending::Http(_)) => {
                Err(Trouble::new("the call is another session's"))
            }
        }
    }

    /// Waits for the answer to a call as long as a server may think, or somebody waits.
    ///
    /// # Errors
    /// If the tool fails, or no answer comes.
    pub(super) fn answer(&mut self, mut pending: Pending, cancel: &Cancel) -> Tried<()> {
        let until = Instant::now() + http::PATIENCE;
        while Instant::now() < until && cancel.check().is_ok() {
            match self.wait(pending, until.min(Instant::now() + STEP))? {
                Reply::Came(message) => return messages::tool_result(message),
                Reply::Late(late) => pending = late,
            }
        }
        Err(Trouble::new(format!("no answer in {} s", http::PATIENCE.as_secs())))
    }

    /// Says that the answer to a call is not wanted any more.
    ///
    /// # Errors
    /// If the server does not take it.
    pub(super) fn cancel(&mut self, pending: &Pending) -> Tried<()> {
        let id = match pending {
            Pending::Http(exchange) => exchange.id,
            Pending::Stdio(waiting) => waiting.id,
        };
        let params = json!({ "requestId": id, "reason": "not wanted any more" });
        let message = messages::notification("notifications/cancelled", Some(params));
        match self {
            Self::Http(session) => session.say(&message),
            Self::Stdio(pipes) => pipes.say(&message),
        }
    }

    /// Ends it as well as can be, and says whether the server took that.
    pub(super) fn end(&mut self) -> bool {
        match self {
            Self::Http(session) => session.end(),
            Self::Stdio(_) => false,
        }
    }

    /// Goes on with an id that the server does not know.
    pub(super) fn pretend(&mut self, id: String) {
        if let Self::Http(session) = self {
            session.pretend(id);
        }
    }
}
