//! The socket of an inspector in, what its process answers out: one connection, one command after the
//! other.

use super::find;
use super::process::{self, Opened};
use super::target::Target;
use crate::cancel::Cancel;
use crate::error::{Error, ErrorKind, Result};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::io::ErrorKind as Io;
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};
use tungstenite::protocol::WebSocketConfig;
use tungstenite::{Message, WebSocket, client::client_with_config};

/// How long nothing may come before a process counts as stuck.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often is looked whether somebody still waits.
const GLANCE: Duration = Duration::from_millis(200);
/// Bytes of a message: chunks of a snapshot have up to 1 MiB, of which each may be written as six.
const LONGEST: usize = 64 << 20;

/// What Node.js says when its program has ended and it waits for us to go.
const ENDS: &str = "NodeRuntime.waitingForDisconnect";

/// What an inspector sends.
#[derive(Debug, Deserialize)]
struct Sent<'a> {
    id: Option<u64>,
    #[serde(borrow)]
    method: Option<Cow<'a, str>>,
    #[serde(borrow)]
    params: Option<&'a RawValue>,
    #[serde(borrow)]
    result: Option<&'a RawValue>,
    error: Option<Refusal>,
}

#[derive(Debug, Deserialize)]
struct Refusal {
    #[serde(default)]
    message: String,
}

/// What hears of events: their names, and what they say.
pub(super) type Listener<'a> = &'a mut dyn FnMut(&str, &str) -> Result<()>;

/// A connection to an inspector.
pub(crate) struct Session {
    socket: WebSocket<TcpStream>,
    address: SocketAddr,
    last: u64,
    patience: Duration,
    cancel: Cancel,
    opened_for_us: bool,
    process: Option<u32>,
    /// The program has ended, and its process stays for us.
    ends: bool,
}

/// Whether nothing has come for a while, and nothing is wrong.
fn is_silence(e: &std::io::Error) -> bool {
    matches!(e.kind(), Io::WouldBlock | Io::TimedOut | Io::Interrupted)
}

/// Whether a process has such an id in its own namespace.
fn is_in_namespace(pid: u32, own: u64) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let ids = status.lines().find_map(|line| line.strip_prefix("NSpid:"));
    ids.is_some_and(|ids| ids.split_whitespace().any(|id| id.parse() == Ok(own)))
}

impl Session {
    /// Connects.
    ///
    /// # Errors
    /// `Io` if nobody answers, or something else than an inspector; `Usage` if there are several.
    pub(crate) fn open(target: &Target, cancel: Cancel) -> Result<Self> {
        let (address, path, opened_for_us) = match target {
            Target::Process(pid) => {
                let Opened { address, for_us } = process::inspector(*pid)?;
                (address, find::socket(address)?, for_us)
            }
            Target::Port(address) => (*address, find::socket(*address)?, false),
            Target::Socket(address, path) => (*address, path.clone(), false),
        };
        let refused = |e: &dyn std::fmt::Display| {
            let why = std::io::Error::other(e.to_string());
            Error::io(format!("the inspector at {address} does not let us in"), why)
        };
        let stream = TcpStream::connect_timeout(&address, PATIENCE)
            .map_err(|e| Error::io(format!("no inspector answers at {address}"), e))?;
        stream.set_read_timeout(Some(PATIENCE)).map_err(|e| refused(&e))?;
        stream.set_nodelay(true).map_err(|e| refused(&e))?;
        let config = WebSocketConfig::default()
            .max_message_size(Some(LONGEST))
            .max_frame_size(Some(LONGEST));
        let url = format!("ws://{address}{path}");
        let (socket, _) = client_with_config(url, stream, Some(config)).map_err(|e| refused(&e))?;
        socket.get_ref().set_read_timeout(Some(GLANCE)).map_err(|e| refused(&e))?;
        let mut session = Self {
            socket,
            address,
            last: 0,
            patience: PATIENCE,
            cancel,
            opened_for_us,
            process: None,
            ends: false,
        };
        if let Target::Process(pid) = target {
            if let Err(e) = session.is_of(*pid) {
                session.close();
                return Err(e);
            }
            session.process = Some(*pid);
        }
        Ok(session)
    }

    /// Looks whether the process that answers is the one that was meant: a port may be another's.
    fn is_of(&mut self, pid: u32) -> Result<()> {
        let is = self.evaluate("typeof process === 'object' ? process.pid : Deno.pid")?;
        match is.as_u64() {
            Some(own) if own != u64::from(pid) && !is_in_namespace(pid, own) => {
                let what = format!("process {own} answers at the inspector of process {pid}");
                Err(Error::new(ErrorKind::Io, what).with_hint("name the inspector by its port"))
            }
            _ => Ok(()),
        }
    }

    /// Ends the session. An inspector that was opened for it is closed, even if the work was cancelled: for
    /// that the process may first have to write what it has begun.
    pub(crate) fn close(mut self) {
        self.leave();
    }

    /// The same where the session goes on existing: nothing can be asked any more.
    pub(crate) fn leave(&mut self) {
        let stays = !self.ends;
        if std::mem::take(&mut self.opened_for_us) && stays {
            self.cancel = Cancel::default();
            // It closes all connections, this one among them, and so only a moment later.
            let close = "0, (own => { setTimeout(() => own.close(), 50) })(require('inspector'))";
            let _ = self.evaluate(close);
        }
        // If the process is gone there is nothing to close.
        let _ = self.socket.close(None);
        let _ = self.socket.flush();
    }

    /// Sends a command, and waits for its answer; events go to who listens.
    ///
    /// # Errors
    /// `Io` if the process refuses, goes away, or says nothing for so long.
    pub(crate) fn call(
        &mut self,
        method: &str,
        params: &Value,
        hear: Listener<'_>,
    ) -> Result<Value> {
        self.last += 1;
        let id = self.last;
        let command = json!({ "id": id, "method": method, "params": params }).to_string();
        self.socket.send(Message::text(command)).map_err(|e| self.lost(&e))?;
        loop {
            let text = self.next()?;
            let sent: Sent<'_> = serde_json::from_str(&text).map_err(|e| self.lost(&e))?;
            match (sent.id, sent.method) {
                (Some(answered), _) if answered == id => {
                    return match (sent.result, sent.error) {
                        (_, Some(refusal)) => Err(self.refused(method, &refusal.message)),
                        (Some(result), None) => {
                            serde_json::from_str(result.get()).map_err(|e| self.lost(&e))
                        }
                        (None, None) => Ok(Value::Null),
                    };
                }
                (None, Some(event)) => {
                    if event == ENDS {
                        return Err(self.over());
                    }
                    hear(&event, sent.params.map_or("null", RawValue::get))?;
                }
                // An answer that nobody waits for any more.
                _ => {}
            }
        }
    }

    /// The value of an expression in the process, as JSON.
    ///
    /// # Errors
    /// As of [`Self::call`]; and if it throws.
    pub(crate) fn evaluate(&mut self, expression: &str) -> Result<Value> {
        let params = json!({
            "expression": expression,
            "includeCommandLineAPI": true,
            "returnByValue": true,
            "awaitPromise": true,
        });
        let mut answer = self.call("Runtime.evaluate", &params, &mut |_, _| Ok(()))?;
        match answer.get("exceptionDetails") {
            None => Ok(answer["result"]["value"].take()),
            Some(thrown) => {
                let said = thrown["exception"]["description"].as_str().unwrap_or("an exception");
                let said = said.lines().next().unwrap_or_default();
                Err(self.refused("Runtime.evaluate", said))
            }
        }
    }

    /// Asks to be told when the program ends: Node.js waits for all that are connected, and so for us.
    pub(crate) fn mind_its_end(&mut self) {
        // Others know nothing of it, and do not wait.
        let ask = json!({ "enabled": true });
        let _ = self.call("NodeRuntime.notifyWhenWaitingForDisconnect", &ask, &mut |_, _| Ok(()));
    }

    /// Waits a moment, in which is noticed if the process goes away or would do so.
    ///
    /// # Errors
    /// `Io` if it does, `Cancelled`.
    pub(crate) fn glance(&mut self) -> Result<()> {
        self.cancel.check()?;
        match self.socket.read() {
            Ok(Message::Text(text)) => {
                let sent: Option<Sent<'_>> = serde_json::from_str(&text).ok();
                match sent.and_then(|sent| sent.method) {
                    Some(event) if event == ENDS => Err(self.over()),
                    _ => Ok(()),
                }
            }
            Err(tungstenite::Error::Io(e)) if is_silence(&e) => Ok(()),
            Err(e) => Err(self.lost(&e)),
            Ok(_) => Ok(()),
        }
    }

    /// From here on nothing is answered any more.
    fn over(&mut self) -> Error {
        self.ends = true;
        let what = format!("the program of the process at {} has ended", self.address);
        Error::new(ErrorKind::Io, what)
    }

    /// Whether the inspector was opened for this session, so that nobody else looks into the process.
    pub(crate) const fn is_alone(&self) -> bool {
        self.opened_for_us
    }

    /// Bytes of the objects of the heap.
    pub(crate) fn heap_usage(&mut self) -> Result<u64> {
        let told = self.call("Runtime.getHeapUsage", &json!({}), &mut |_, _| Ok(()))?;
        Ok(told["usedSize"].as_f64().unwrap_or(0.0) as u64)
    }

    /// The process on this machine; `called` is how it calls itself. One of another machine or container may
    /// have the same id.
    pub(super) fn process(&self, called: u32) -> Option<u32> {
        self.process.or_else(|| Some(called).filter(|pid| process::is_at(*pid, self.address)))
    }

    /// The next message that is a text.
    fn next(&mut self) -> Result<String> {
        let begun = Instant::now();
        loop {
            self.cancel.check()?;
            match self.socket.read() {
                Ok(Message::Text(text)) => return Ok(text.as_str().to_owned()),
                Ok(_) => {}
                Err(tungstenite::Error::Io(e)) if is_silence(&e) => {
                    if begun.elapsed() > self.patience {
                        return Err(self.silent());
                    }
                }
                Err(e) => return Err(self.lost(&e)),
            }
        }
    }

    fn silent(&self) -> Error {
        let what = format!(
            "the process at {} has said nothing for {} s",
            self.address,
            self.patience.as_secs()
        );
        Error::new(ErrorKind::Io, what).with_hint(
            "it is stopped, or so busy that its inspector does not get a turn: look at it with top, and try \
             again when it is idle",
        )
    }

    fn lost(&self, why: &dyn std::fmt::Display) -> Error {
        let why = std::io::Error::other(why.to_string());
        Error::io(format!("the connection to the process at {} broke", self.address), why)
            .with_hint("it may have ended, or been killed for want of memory: look at its log")
    }

    fn refused(&self, method: &str, why: &str) -> Error {
        let why = crate::text::visible(why);
        let what = format!("the process at {} refuses {method}: {why}", self.address);
        Error::new(ErrorKind::Io, what)
    }
}
