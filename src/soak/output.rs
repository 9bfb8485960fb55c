//! What a program says in, to a log; the addresses of its inspectors, and whether it is ready, out.

use crate::capture::Target;
use crate::text::visible;
use regex::Regex;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// With what Node.js and Deno say where their inspector is.
const OPENED: &str = "Debugger listening on ";
/// What Node.js says when it wants to end and somebody is connected.
const WAITS: &str = "Waiting for the debugger to disconnect";
/// What a command says where a snapshot belongs; and how a test runner that speaks TAP passes it on.
const MARKS: [&str; 2] = ["heapdiff: mark", "# heapdiff: mark"];
/// Bytes of a line; what is longer is taken apart.
const LINE: u64 = 64 << 10;
/// Last lines that are kept for an error, and characters of each.
const TAIL: (usize, usize) = (6, 200);

/// What has been heard.
#[derive(Debug, Default)]
struct Heard {
    inspectors: Vec<Target>,
    ready: bool,
    marks: usize,
    waits: bool,
    tail: VecDeque<String>,
}

/// Makes whoever speaks wait.
pub(super) type Stop = Arc<dyn Fn() + Send + Sync>;

/// What a program says, on both of its outputs.
#[derive(Clone)]
pub(super) struct Output {
    heard: Arc<Mutex<Heard>>,
    log: Option<Arc<File>>,
    /// What is done at once at a mark.
    stop: Option<Stop>,
    ready: Option<Regex>,
}

impl Output {
    /// `log` is written to as it comes; `ready` is what the program says when it is.
    pub(super) fn new(log: Option<File>, ready: Option<Regex>) -> Self {
        Self { heard: Arc::default(), log: log.map(Arc::new), stop: None, ready }
    }

    /// The same for another program that speaks into the same log.
    pub(super) fn aside(&self, stop: Option<Stop>) -> Self {
        Self { heard: Arc::default(), log: self.log.clone(), stop, ready: None }
    }

    /// Listens to a pipe until it is closed. A program must never wait for us to read.
    pub(super) fn listen(&self, pipe: impl Read + Send + 'static) {
        let this = self.clone();
        std::thread::spawn(move || this.read(&mut BufReader::new(pipe)));
    }

    fn read(&self, pipe: &mut impl BufRead) {
        let mut line = Vec::new();
        while matches!(pipe.by_ref().take(LINE).read_until(b'\n', &mut line), Ok(1..)) {
            if let Some(log) = &self.log {
                // Without its log the program goes on all the same.
                let _ = (&**log).write_all(&line);
            }
            self.hear(&String::from_utf8_lossy(&line));
            line.clear();
        }
    }

    fn hear(&self, line: &str) {
        let line = line.trim_end();
        let mut heard = self.heard();
        if let Some((_, url)) = line.split_once(OPENED)
            && let Ok(target) = Target::read(url.trim(), false)
        {
            heard.inspectors.push(target);
        }
        if let Some(stop) = self.stop.as_ref().filter(|_| MARKS.contains(&line)) {
            heard.marks += 1;
            stop();
        }
        heard.waits |= line.starts_with(WAITS);
        heard.ready |= self.ready.as_ref().is_some_and(|ready| ready.is_match(line));
        // Where an error was thrown says less than what it was.
        let says =
            !line.is_empty() && !line.trim_start().starts_with("at ") && !line.starts_with(WAITS);
        if says {
            heard.tail.push_back(line.chars().take(TAIL.1).collect());
        }
        if heard.tail.len() > TAIL.0 {
            heard.tail.pop_front();
        }
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The inspectors that have been opened, in their order.
    pub(super) fn inspectors(&self) -> Vec<Target> {
        self.heard().inspectors.clone()
    }

    /// How many snapshots it has asked for.
    pub(super) fn marks(&self) -> usize {
        self.heard().marks
    }

    /// Whether the program has said that it is ready.
    pub(super) fn is_ready(&self) -> bool {
        self.heard().ready
    }

    /// Whether a process wants to end, and waits until nobody is connected.
    pub(super) fn waits_to_end(&self) -> bool {
        self.heard().waits
    }

    /// Forgets who wanted to end: it did, once it was looked at.
    pub(super) fn all_have_ended(&self) {
        self.heard().waits = false;
    }

    /// The last lines, in one that says so.
    pub(super) fn said_last(&self) -> String {
        let lines: Vec<String> =
            self.heard().tail.iter().map(|line| visible(line).into_owned()).collect();
        let said = if lines.is_empty() { "nothing".to_owned() } else { lines.join(" | ") };
        format!("it said last: {said}")
    }
}
