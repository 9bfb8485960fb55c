//! What an inspector sends in, the worker threads of its process out, and what the one says that is asked:
//! each has a heap of its own, and is reached over the connection of the main thread.

use super::sent::Sent;
use crate::error::{Error, ErrorKind, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use std::borrow::Cow;

/// A worker thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Worker {
    /// What the inspector calls it, on this connection.
    session: String,
    /// What its program calls it: the number of its thread.
    pub number: u64,
    /// The name that the program gave it; empty if it gave none.
    pub name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attached {
    session_id: String,
    worker_info: Info,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Info {
    worker_id: String,
    #[serde(default)]
    title: String,
}

/// Of what was attached once and is no more, or has sent something.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Of<'a> {
    #[serde(borrow)]
    session_id: Cow<'a, str>,
    #[serde(borrow)]
    message: Option<Cow<'a, str>>,
}

impl From<Attached> for Worker {
    /// The title is `[worker 3] its name`.
    fn from(Attached { session_id, worker_info: Info { worker_id, title } }: Attached) -> Self {
        let said = title.strip_prefix("[worker ").and_then(|rest| rest.split_once(']'));
        let said = said.and_then(|(number, name)| Some((number.parse().ok()?, name.trim())));
        let (number, name) = said.unwrap_or((worker_id.parse().unwrap_or(0), ""));
        Self { session: session_id, number, name: name.to_owned() }
    }
}

/// The worker threads of a session's process, and which of them is asked.
#[derive(Debug, Default)]
pub(super) struct Workers {
    pub are_told: bool,
    pub all: Vec<Worker>,
    pub asked: Option<Worker>,
}

/// What becomes of something that was sent.
pub(super) enum Heard {
    /// It is from whom is asked.
    Said(String),
    /// It is from somebody else.
    Nothing,
}

impl Workers {
    /// Whom a command is for, in words.
    pub(super) fn who(&self) -> String {
        self.asked.as_ref().map_or_else(String::new, |asked| format!("worker {} of ", asked.number))
    }

    /// A command, packed for who is asked.
    pub(super) fn pack(&self, id: u64, command: Value) -> Value {
        let Some(asked) = &self.asked else { return command };
        let params = json!({ "sessionId": asked.session, "message": command.to_string() });
        json!({ "id": id, "method": "NodeWorker.sendMessageToWorker", "params": params })
    }

    /// Keeps the books of workers, and unpacks what the one says that is asked.
    ///
    /// # Errors
    /// `Io` if that one has ended, or it is no message.
    pub(super) fn hear(&mut self, text: String) -> Result<Heard> {
        let strange =
            |e| Error::io("the process sends what no inspector does", serde_json::Error::into(e));
        let sent: Sent<'_> = serde_json::from_str(&text).map_err(strange)?;
        let said = sent.params.map_or("null", |params| params.get());
        match sent.method.as_deref() {
            Some("NodeWorker.attachedToWorker") => {
                let attached: Attached = serde_json::from_str(said).map_err(strange)?;
                self.all.push(attached.into());
            }
            Some("NodeWorker.detachedFromWorker") => {
                let of: Of<'_> = serde_json::from_str(said).map_err(strange)?;
                self.all.retain(|worker| worker.session != of.session_id);
                if let Some(asked) = self.asked.as_ref().filter(|a| a.session == of.session_id) {
                    let what = format!("worker {} has ended", asked.number);
                    return Err(Error::new(ErrorKind::Io, what));
                }
            }
            Some("NodeWorker.receivedMessageFromWorker") => {
                let of: Of<'_> = serde_json::from_str(said).map_err(strange)?;
                if self.asked.as_ref().is_some_and(|asked| asked.session == of.session_id) {
                    return Ok(Heard::Said(of.message.unwrap_or_default().into_owned()));
                }
            }
            // What the main thread says while a worker is asked: that it has passed on the question.
            _ if self.asked.is_some() && sent.error.is_none() => {}
            _ => return Ok(Heard::Said(text)),
        }
        Ok(Heard::Nothing)
    }
}
