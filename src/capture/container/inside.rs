//! A container in, the way to the inspector of one of its processes out.
//!
//! What is decided is decided here: the program inside tells what is there, and does what it is asked, a line each.

use super::client::Client;
use super::name::Container;
use super::words::{chosen, failed, lacks_program, no_client, no_node};
use crate::cancel::Cancel;
use crate::capture::signal::{self, Looks};
use crate::error::{Error, ErrorKind, Result};
use crate::text::visible;
use crate::units::counted;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// What runs inside.
const RELAY: &str = include_str!("relay.js");
/// How its first line begins: whatever is loaded before it may have said something.
const FIRST: &str = "{\"heapdiff\":";

/// How long each of its answers may take; a client may wait for a pod for a minute.
const PATIENCE: Duration = Duration::from_secs(90);
/// Bytes of an answer.
const LONGEST: usize = 16 << 20;
/// So many processes are named, and so many characters of the command line of each.
const MANY: usize = 20;
const LONG: usize = 60;
/// Bytes that are kept of what is not ours, at most, and characters of a line.
const MUCH: usize = 16 << 10;
const LONG_LINE: usize = 1000;

/// Programs that start others and are Node.js themselves.
const LAUNCHERS: [&str; 5] = ["npm", "npx", "pnpm", "yarn", "corepack"];
/// What our own program calls itself: another may be at work.
const OURS: &str = "heapdiff";

/// The way in.
pub(in crate::capture) struct Inside {
    pub client: Client,
    /// Where the inspector is, and what it says that can be inspected.
    pub at: String,
    pub list: String,
    pub for_us: bool,
    pub pid: u32,
    /// The namespace of processes that the id holds in.
    pub namespace: Option<String>,
    pub notes: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Header {
    namespace: Option<String>,
    processes: Option<Vec<Described>>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Described {
    pid: u32,
    user: u32,
    group: u32,
    name: String,
    program: Option<String>,
    arguments: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Seen {
    user: u32,
    program: Option<String>,
    arguments: Vec<String>,
    started: String,
    options: String,
    stopped: bool,
    caught: String,
    inspector: Option<Inspector>,
}

#[derive(Debug, Deserialize)]
struct Inspector {
    host: String,
    port: u16,
    list: String,
}

#[derive(Debug, Deserialize)]
struct Told {
    refused: Option<String>,
    inspector: Option<Inspector>,
}

/// Opens the inspector of a container's process, if it is not open, and connects with it.
///
/// # Errors
/// `Io` if nothing can be run in the container, or the inspector does not open; `Usage` if it is not clear which
/// process is meant, or that must not be told to open one.
pub(in crate::capture) fn open(container: &Container, cancel: &Cancel) -> Result<Inside> {
    let (mut talk, header) = Talk::begin(container, cancel)?;
    let Some(processes) = header.processes else {
        let what = format!("the processes of {container} cannot be seen from inside of it");
        return Err(Error::new(ErrorKind::Io, what)
            .with_hint("its node may run with --permission, or nothing may read its /proc"));
    };
    let (process, more) = choose(container, &processes)?;
    let (user, group, pid) = (process.user, process.group, process.pid);
    let called = format!("process {pid} in {}", container.name());
    let seen: Seen =
        talk.ask(&json!({ "ask": "look", "pid": pid, "user": user, "group": group }))?;
    if seen.stopped {
        return Err(Error::new(ErrorKind::Io, format!("{called} is stopped"))
            .with_hint("it has to go on first, as kill -CONT lets it"));
    }
    let (inspector, for_us) = match seen.inspector {
        Some(inspector) => (inspector, false),
        None => (talk.signal(&called, process, &seen)?, true),
    };
    let Inspector { host, port, list } = inspector;
    let joined: Value = talk.ask(&json!({ "ask": "join", "host": host, "port": port }))?;
    let at = if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") };
    if joined["joined"] != true {
        return Err(Error::new(
            ErrorKind::Io,
            format!("no inspector answers at {at} of {container}"),
        ));
    }
    let mut notes = Vec::new();
    if let Some(chosen) = chosen(&talk.client.said()) {
        notes.push(format!("note: kubectl has taken the container {chosen}"));
    }
    if more > 0 {
        let processes = counted(more as u64, "more process", "more processes");
        notes.push(format!(
            "note: {processes} of Node.js in {container}: {container}:PID names one"
        ));
    }
    Ok(Inside { client: talk.client, at, list, for_us, pid, namespace: header.namespace, notes })
}

/// The process that is meant, and how many more run Node.js.
fn choose<'a>(container: &Container, all: &'a [Described]) -> Result<(&'a Described, usize)> {
    if let Some(pid) = container.pid {
        return match all.iter().find(|process| process.pid == pid) {
            Some(process) => Ok((process, 0)),
            None => {
                let what = format!("there is no process {pid} in {}", container.name());
                Err(Error::new(ErrorKind::Io, what)
                    .with_hint("its id is the one inside of the container"))
            }
        };
    }
    let of_node: Vec<&Described> = all.iter().filter(|process| process.is_program()).collect();
    match &of_node[..] {
        [] => {
            let what = format!("no process in {container} runs Node.js");
            let first = all.iter().find(|process| process.pid == 1);
            let hint =
                first.map_or_else(String::new, |first| format!("process 1 is {}", first.shown()));
            Err(Error::new(ErrorKind::Io, what).with_hint(hint))
        }
        [first, more @ ..] if first.pid == 1 || more.is_empty() => Ok((first, more.len())),
        several => {
            let shown = |one: &&Described| format!("{container}:{} ({})", one.pid, one.shown());
            let named: Vec<String> = several.iter().take(MANY).map(shown).collect();
            let what = format!("{} processes in {container} run Node.js", several.len());
            Err(Error::new(ErrorKind::Usage, what)
                .with_hint(format!("name one: {}", named.join(" or "))))
        }
    }
}

/// The name of the file that a path leads to.
fn file_name(path: &str) -> &str {
    Path::new(path).file_name().and_then(|name| name.to_str()).unwrap_or(path)
}

impl Described {
    /// Whether it runs a program in Node.js: neither what has started one nor what we do here.
    fn is_program(&self) -> bool {
        let first = self.arguments.first().map_or("", String::as_str);
        if first == OURS {
            return false;
        }
        // What sets its title has nothing else in its command line.
        let words = first.split_whitespace().chain(self.arguments.get(1).map(String::as_str));
        let is_launcher = words.take(2).map(file_name).any(|word| {
            let stem = word.split_once('.').map_or(word, |(stem, _)| stem);
            LAUNCHERS.contains(&stem.trim_end_matches("-cli"))
        });
        // The file of another user's may be hidden.
        let program = self.program.as_deref().unwrap_or(first);
        !is_launcher && (file_name(program).starts_with("node") || self.name.starts_with("node"))
    }

    fn shown(&self) -> String {
        let whole =
            if self.arguments.is_empty() { self.name.clone() } else { self.arguments.join(" ") };
        visible(&crate::secret::mask(&whole.as_str().into()).to_string_lossy())
            .chars()
            .take(LONG)
            .collect()
    }
}

/// A talk with the program inside.
struct Talk<'a> {
    container: &'a Container,
    client: Client,
    cancel: &'a Cancel,
    /// What came before our program said something: docker writes there too why it cannot run one.
    before: String,
}

impl<'a> Talk<'a> {
    /// Starts it, with the first node that there is.
    fn begin(container: &'a Container, cancel: &'a Cancel) -> Result<(Self, Header)> {
        for command in container.commands() {
            let client = Client::start(command).map_err(|e| no_client(container, e))?;
            let mut talk = Self { container, client, cancel, before: String::new() };
            let program = format!("{:08}{RELAY}", RELAY.len());
            // If it is gone already it has said why.
            let _ = talk.client.write_all(program.as_bytes());
            match talk.line(|line| line.starts_with(FIRST)) {
                Ok(line) => {
                    talk.before.clear();
                    let header = serde_json::from_str(&line).map_err(|e| talk.strange(e))?;
                    return Ok((talk, header));
                }
                Err(e) if e.kind() == ErrorKind::Cancelled => return Err(e),
                Err(e) => match talk.last_words() {
                    Some(said) if lacks_program(&said) => {}
                    Some(said) => return Err(failed(container, &said)),
                    None => return Err(e),
                },
            }
        }
        Err(no_node(container))
    }

    /// All that was said of why there is no answer, if the client has ended.
    fn last_words(&mut self) -> Option<String> {
        let said = self.client.ended()?;
        Some(said + &self.before)
    }

    fn ask<T: DeserializeOwned>(&mut self, what: &Value) -> Result<T> {
        let _ = self.client.write_all(format!("{what}\n").as_bytes());
        let line = self.line(|_| true)?;
        serde_json::from_str(&line).map_err(|e| self.strange(e))
    }

    /// The next line that is one of those looked for.
    fn line(&mut self, is_it: impl Fn(&str) -> bool) -> Result<String> {
        let begun = Instant::now();
        let (mut line, mut byte) = (Vec::new(), [0]);
        while begun.elapsed() < PATIENCE && line.len() < LONGEST {
            self.cancel.check()?;
            match self.client.read(&mut byte) {
                Ok(0) => {
                    let said = self.last_words().unwrap_or_default();
                    return Err(failed(self.container, &said));
                }
                Ok(_) if byte[0] == b'\n' => {
                    let text = String::from_utf8_lossy(&line).into_owned();
                    if is_it(&text) {
                        return Ok(text);
                    }
                    // Whoever goes on and on says nothing new.
                    let room = MUCH.saturating_sub(self.before.len());
                    self.before.extend(text.chars().take(room.min(LONG_LINE)).chain(['\n']));
                    line.clear();
                }
                Ok(_) => line.push(byte[0]),
                Err(e) if e.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(e) => return Err(Error::io(format!("cannot read from {}", self.container), e)),
            }
        }
        let what = format!("what runs in {} for heapdiff does not answer", self.container);
        Err(Error::new(ErrorKind::Io, what).with_hint(format!(
            "look whether {} exec works there, with its node",
            self.container.client
        )))
    }

    /// Has a process told to open its inspector, if that does nothing else to it.
    fn signal(&mut self, called: &str, process: &Described, seen: &Seen) -> Result<Inspector> {
        if seen.program.is_none() && seen.user != process.user {
            return Err(self.of_another(called, process, seen));
        }
        Looks {
            process: called,
            program: file_name(seen.program.as_deref().unwrap_or_default()),
            arguments: seen.arguments.iter().map(String::as_str).collect(),
            options: &seen.options,
            caught: &seen.caught,
        }
        .may_be_told()?;
        let ask = json!({ "ask": "signal", "pid": process.pid, "started": seen.started });
        match self.ask(&ask)? {
            Told { inspector: Some(inspector), .. } => Ok(inspector),
            Told { refused: Some(why), .. } if why == "EPERM" => {
                Err(self.of_another(called, process, seen))
            }
            Told { refused: Some(why), .. } => {
                Err(Error::new(ErrorKind::Io, format!("cannot send a signal to {called}: {why}")))
            }
            Told { .. } => Err(signal::unheard(called)),
        }
    }

    fn of_another(&self, called: &str, process: &Described, seen: &Seen) -> Error {
        let what = format!(
            "{called} is of user {}, and what runs there for us of user {}, which may not send it a signal",
            process.user, seen.user
        );
        let hint = match self.container.client {
            "kubectl" => {
                "start it with --inspect, as one user with the container, or let a debug container be of its user"
                    .to_owned()
            }
            engine => format!(
                "open its inspector as its user, with {engine} exec --user and kill -USR1, and try again"
            ),
        };
        Error::new(ErrorKind::Io, what).with_hint(hint)
    }

    fn strange(&self, why: serde_json::Error) -> Error {
        Error::io(
            format!("what runs in {} for heapdiff answers strangely", self.container),
            why.into(),
        )
    }
}
