//! The socket of an inspector in, what its process answers out: one connection, one command after the
//! other.

use super::activity::Activity;
use super::reach::Reached;
use super::sent::{Refusal, Sent, is_silence};
use super::target::Target;
use super::wire::Wire;
use super::workers::{Heard, Worker, Workers};
use super::{find, process};
use crate::cancel::Cancel;
use crate::error::{Error, ErrorKind, Result};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::hash::{BuildHasher, Hasher};
use std::time::{Duration, Instant};
use tungstenite::error::ProtocolError;
use tungstenite::handshake::client::ClientHandshake;
use tungstenite::protocol::WebSocketConfig;
use tungstenite::{HandshakeError, Message, WebSocket, client::client_with_config};

/// How long nothing may come before a process counts as stuck.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often is looked whether somebody still waits.
const GLANCE: Duration = Duration::from_millis(200);
/// How often something is asked on a way on which what is idle may be cut.
const SOMETIMES: Duration = Duration::from_secs(30);
/// Bytes of a message: chunks of a snapshot have up to 1 MiB, of which each may be written as six.
const LONGEST: usize = 64 << 20;

/// What Node.js says when its program has ended and it waits for us to go.
const ENDS: &str = "NodeRuntime.waitingForDisconnect";

/// What hears of events: their names, and what they say.
pub(super) type Listener<'a> = &'a mut dyn FnMut(&str, &str) -> Result<()>;

/// A connection to an inspector.
pub(crate) struct Session {
    socket: WebSocket<Wire>,
    /// Where it is, for messages.
    place: String,
    id: String,
    last: u64,
    asked: Instant,
    pub(super) patience: Duration,
    /// Whether the last command was not answered in time.
    pub(super) is_silent: bool,
    cancel: Cancel,
    opened_for_us: bool,
    pub(super) process: Option<u32>,
    notes: Vec<String>,
    pub(super) workers: Workers,
    /// The program has ended, and its process stays for us.
    ends: bool,
}

/// What no two have, from the keys that the standard library makes for a hash map.
fn random() -> String {
    let number = || std::hash::RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", number(), number())
}

/// Whether it answers, and has no socket there: Node.js says so as servers did before there were sockets.
const fn is_nothing(e: &HandshakeError<ClientHandshake<Wire>>) -> bool {
    use tungstenite::Error::{Http, Protocol};
    matches!(e, HandshakeError::Failure(Http(_) | Protocol(ProtocolError::WrongHttpVersion)))
}

fn nothing_at(url: &str, place: &str) -> Error {
    Error::new(ErrorKind::Io, format!("the inspector at {place} has nothing at {url}"))
        .with_hint(format!("name its port alone, {place}: it says itself what there is"))
}

/// What asks for the value of an expression.
fn valued(expression: &str) -> Value {
    json!({ "expression": expression, "includeCommandLineAPI": true, "returnByValue": true })
}

impl Session {
    /// Connects.
    ///
    /// # Errors
    /// `Io` if nobody answers, or something else than an inspector; `Usage` if there are several.
    pub(crate) fn open(target: &Target, cancel: Cancel) -> Result<Self> {
        let Reached { mut wire, url, place, opened_for_us, meant, notes } =
            Reached::of(target, &cancel)?;
        let refused = |e: &dyn std::fmt::Display| {
            let why = std::io::Error::other(e.to_string());
            Error::io(format!("the inspector at {place} does not let us in"), why)
        };
        wire.wait_for(find::PATIENCE).map_err(|e| refused(&e))?;
        let config = WebSocketConfig::default()
            .max_message_size(Some(LONGEST))
            .max_frame_size(Some(LONGEST));
        let (mut socket, _) =
            client_with_config(&url, wire, Some(config)).map_err(|e| match is_nothing(&e) {
                true => nothing_at(&url, &place),
                false => refused(&e),
            })?;
        socket.get_mut().wait_for(GLANCE).map_err(|e| refused(&e))?;
        let mut session = Self {
            socket,
            place,
            id: random(),
            last: 0,
            asked: Instant::now(),
            patience: PATIENCE,
            is_silent: false,
            cancel,
            opened_for_us,
            process: None,
            notes,
            workers: Workers::default(),
            ends: false,
        };
        if let Err(e) = session.meet(&meant) {
            session.close();
            return Err(e);
        }
        Ok(session)
    }

    /// What is to be told of how the process was found.
    pub(crate) fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Ends the session. An inspector that was opened for it is closed, even if the work was cancelled: for
    /// that the process may first have to write what it has begun.
    pub(crate) fn close(mut self) {
        self.leave();
    }

    /// The same where the session goes on existing: nothing can be asked any more.
    pub(crate) fn leave(&mut self) {
        let stays = !self.ends;
        let mut closes = None;
        if std::mem::take(&mut self.opened_for_us) && stays {
            self.cancel = Cancel::default();
            // It closes all connections, this one among them, and so only a moment later.
            let close = "0, (own => { setTimeout(() => own.close(), 50) })(require('inspector'))";
            let is_told = self.evaluate(close).is_ok();
            let inspector = self.process.zip(self.socket.get_ref().address());
            closes = inspector.filter(|_| is_told);
        }
        // If the process is gone there is nothing to close.
        let _ = self.socket.close(None);
        let _ = self.socket.flush();
        self.socket.get_mut().end();
        if let Some((pid, address)) = closes {
            process::wait_until_closed(pid, address);
        }
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
        let answer = self.ask(method, params, hear)?;
        answer.map_err(|refusal| self.refused(method, &refusal.message))
    }

    /// The same, of what a host may not know.
    ///
    /// # Errors
    /// As of [`Self::call`], but for a refusal.
    pub(super) fn ask(
        &mut self,
        method: &str,
        params: &Value,
        hear: Listener<'_>,
    ) -> Result<std::result::Result<Value, Refusal>> {
        self.last += 1;
        self.asked = Instant::now();
        self.is_silent = false;
        let id = self.last;
        let command = json!({ "id": id, "method": method, "params": params });
        let command = self.workers.pack(id, command).to_string();
        self.socket.send(Message::text(command)).map_err(|e| self.lost(&e))?;
        loop {
            let Heard::Said(text) = self.next().and_then(|text| self.workers.hear(text))? else {
                continue;
            };
            let sent: Sent<'_> = serde_json::from_str(&text).map_err(|e| self.lost(&e))?;
            match (sent.id, sent.method) {
                (Some(answered), _) if answered == id => {
                    return match (sent.result, sent.error) {
                        (_, Some(refusal)) => Ok(Err(refusal)),
                        (Some(result), None) => {
                            serde_json::from_str(result.get()).map(Ok).map_err(|e| self.lost(&e))
                        }
                        (None, None) => Ok(Ok(Value::Null)),
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

    /// The value of an expression in the process, as JSON. What is a promise is not waited for: so a process
    /// answers whose event loop does not turn.
    ///
    /// # Errors
    /// As of [`Self::call`]; and if it throws.
    pub(crate) fn evaluate(&mut self, expression: &str) -> Result<Value> {
        let mut answer = self.call("Runtime.evaluate", &valued(expression), &mut |_, _| Ok(()))?;
        match answer.get("exceptionDetails") {
            None => Ok(answer["result"]["value"].take()),
            Some(thrown) => {
                let said = thrown["exception"]["description"].as_str().unwrap_or("an exception");
                let said = said.lines().next().unwrap_or_default();
                Err(self.refused("Runtime.evaluate", said))
            }
        }
    }

    /// Waits a moment, in which is noticed if the process goes away or would do so.
    ///
    /// # Errors
    /// `Io` if it does, `Cancelled`.
    pub(crate) fn glance(&mut self) -> Result<()> {
        self.goes_on()?;
        if self.socket.get_ref().may_be_cut() && self.asked.elapsed() >= SOMETIMES {
            return self.look("0").map(drop);
        }
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

    /// Looks whether there is somebody to talk with, and to talk for.
    fn goes_on(&mut self) -> Result<()> {
        self.cancel.check()?;
        if self.ends { Err(self.over()) } else { Ok(()) }
    }

    /// From here on nothing is answered any more.
    fn over(&mut self) -> Error {
        self.ends = true;
        let what = format!("the program of the process at {} has ended", self.place);
        Error::new(ErrorKind::Io, what)
    }

    /// Whether the inspector was opened for this session, so that nobody else looks into the process.
    pub(crate) const fn is_alone(&self) -> bool {
        self.opened_for_us
    }

    /// The worker threads that there are now, by number; none of a host that has no such threads.
    ///
    /// # Errors
    /// As of [`Self::call`], but for a refusal.
    pub(crate) fn workers(&mut self) -> Result<Vec<Worker>> {
        // What has come or gone meanwhile is told before the answer.
        let how = json!({ "waitForDebuggerOnStart": false });
        let method =
            if self.workers.are_told { "Runtime.getIsolateId" } else { "NodeWorker.enable" };
        self.workers.are_told = self.ask(method, &how, &mut |_, _| Ok(()))?.is_ok();
        let mut all = self.workers.all.clone();
        all.sort_by_key(|worker| worker.number);
        Ok(all)
    }

    /// Asks a worker what is else asked the main thread; `None` if it ended meanwhile.
    ///
    /// # Errors
    /// Those of `ask`.
    pub(crate) fn within<T>(
        &mut self,
        worker: &Worker,
        ask: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<Option<T>> {
        let is_there = |session: &Self| session.workers.all.contains(worker);
        if !is_there(self) {
            return Ok(None);
        }
        self.workers.asked = Some(worker.clone());
        let answer = ask(self);
        self.workers.asked = None;
        match answer {
            Err(_) if !is_there(self) => Ok(None),
            answer => answer.map(Some),
        }
    }

    /// The same of what a process may not know, or not evaluate: null then.
    ///
    /// # Errors
    /// As of [`Self::call`], but for a refusal.
    pub(crate) fn look(&mut self, expression: &str) -> Result<Value> {
        let answer = self.ask("Runtime.evaluate", &valued(expression), &mut |_, _| Ok(()))?;
        Ok(answer.map(|mut answer| answer["result"]["value"].take()).unwrap_or_default())
    }

    /// What nobody else has: the ids of objects hold for it.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// The process, if it runs on this machine.
    pub(super) const fn process(&self) -> Option<u32> {
        self.process
    }

    /// The next message that is a text.
    fn next(&mut self) -> Result<String> {
        let begun = Instant::now();
        loop {
            self.goes_on()?;
            match self.socket.read() {
                Ok(Message::Text(text)) => return Ok(text.as_str().to_owned()),
                Ok(_) => {}
                Err(tungstenite::Error::Io(e)) if is_silence(&e) => {
                    if begun.elapsed() > self.patience {
                        self.is_silent = true;
                        return Err(self.silent());
                    }
                }
                Err(e) => return Err(self.lost(&e)),
            }
        }
    }

    /// Why it says nothing, as far as that can be seen from here.
    fn silent(&self) -> Error {
        let of_main = self.workers.asked.is_none();
        let activity = self.process.and_then(|pid| Activity::of(pid, of_main));
        let (why, hint) = match activity {
            Some(Activity::Stopped) => (": it is stopped", "kill -CONT lets it go on"),
            Some(Activity::Traced) => {
                (": a debugger of machine code holds it", "let it go on, or detach the debugger")
            }
            Some(Activity::Computes) => (
                ": it computes without a pause, and newer runtimes write a snapshot only between two tasks",
                "it may be in a loop that does not end: a CPU profile says in which; or try again when it has done \
                 what it does",
            ),
            Some(Activity::Waits) => (
                ": it waits for something",
                "it may be at a breakpoint, in a call that blocks (a child process, a lock, a file), or wait for a \
                 debugger to let it start",
            ),
            None => (
                "",
                "it is stopped, in a call that blocks, or so busy that its inspector does not get a turn: look \
                 at it with top, and try again when it is idle",
            ),
        };
        let (who, seconds) = (self.workers.who(), self.patience.as_secs());
        let what =
            format!("{who}the process at {} has said nothing for {seconds} s{why}", self.place);
        Error::new(ErrorKind::Io, what).with_hint(hint)
    }

    fn lost(&mut self, why: &dyn std::fmt::Display) -> Error {
        let said = self.socket.get_mut().last_words();
        let why = std::io::Error::other(said.unwrap_or_else(|| why.to_string()));
        Error::io(format!("the connection to the process at {} broke", self.place), why)
            .with_hint("it may have ended, or been killed for want of memory: look at its log")
    }

    fn refused(&self, method: &str, why: &str) -> Error {
        let why = crate::text::visible(why);
        let what = format!("the process at {} refuses {method}: {why}", self.place);
        Error::new(ErrorKind::Io, what)
    }
}
