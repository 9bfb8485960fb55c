//! The standard streams of a server in, the one session that they are out.

use super::messages::{self, Tried, Trouble, Version, answers, said};
use super::tools::Call;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

/// The longest line that is read.
const LONGEST: u64 = 16 << 20;

/// Who waits for which answer.
#[derive(Default)]
struct Waiters {
    by_number: Mutex<HashMap<u64, Sender<Value>>>,
    /// Whether the server has closed its output.
    is_over: AtomicBool,
    /// The last line that is no message.
    odd: Mutex<String>,
}

/// A server that speaks over its standard streams, or whatever stands for them.
pub(super) struct Pipes {
    lines: Arc<Sender<String>>,
    waiters: Arc<Waiters>,
    next: AtomicU64,
    pub version: Version,
}

/// A request that was sent.
pub(super) struct Waiting {
    pub id: u64,
    answer: Receiver<Value>,
    waiters: Arc<Waiters>,
}

impl Pipes {
    /// Reads and writes in threads of their own: a server that does not read would make us wait for ever.
    pub(super) fn new(
        mut input: Box<dyn Write + Send>,
        output: Box<dyn Read + Send>,
        version: Version,
    ) -> Self {
        let (lines, to_write) = mpsc::channel::<String>();
        std::thread::spawn(move || {
            for line in to_write {
                if input.write_all(line.as_bytes()).and_then(|()| input.flush()).is_err() {
                    return;
                }
            }
        });
        let lines = Arc::new(lines);
        let waiters = Arc::<Waiters>::default();
        // Only ours keeps the server's input open.
        let replies = Arc::downgrade(&lines);
        let reading = Arc::clone(&waiters);
        std::thread::spawn(move || {
            read(output, &reading, &replies);
            reading.is_over.store(true, Relaxed);
            locked(&reading.by_number).clear();
        });
        Self { lines, waiters, next: AtomicU64::new(1), version }
    }

    /// Begins as the version has it, and says what the server tells of itself.
    ///
    /// # Errors
    /// If it does not answer, or refuses.
    pub(super) fn open(&mut self, until: Instant) -> Tried<Value> {
        if !self.version.has_sessions() {
            return self.ask("server/discover", json!({}), until);
        }
        let id = self.next.fetch_add(1, Relaxed);
        let told = self.wait(self.begin(id, &messages::initialize(id))?, until)?;
        self.version = messages::version(&told)?;
        self.say(&messages::notification("notifications/initialized", None))?;
        Ok(told)
    }

    /// Asks for what is answered at once.
    ///
    /// # Errors
    /// If it is refused.
    pub(super) fn ask(&self, method: &str, params: Value, until: Instant) -> Tried<Value> {
        let id = self.next.fetch_add(1, Relaxed);
        let request = messages::request(id, method, params, &self.version);
        self.wait(self.begin(id, &request)?, until)
    }

    /// Begins a call.
    ///
    /// # Errors
    /// If the server is gone.
    pub(super) fn call(&self, call: &Call) -> Tried<Waiting> {
        let id = self.next.fetch_add(1, Relaxed);
        self.begin(id, &messages::request(id, "tools/call", call.params(), &self.version))
    }

    /// Sends what is not answered.
    ///
    /// # Errors
    /// If the server is gone.
    pub(super) fn say(&self, message: &Value) -> Tried<()> {
        if self.waiters.is_over.load(Relaxed) {
            return Err(gone());
        }
        self.lines.send(format!("{message}\n")).map_err(|_| gone())
    }

    /// What the server wrote last that is no message, or nothing.
    pub(super) fn odd(&self) -> String {
        locked(&self.waiters.odd).clone()
    }

    fn begin(&self, id: u64, request: &Value) -> Tried<Waiting> {
        let (sender, answer) = mpsc::channel();
        locked(&self.waiters.by_number).insert(id, sender);
        let waiting = Waiting { id, answer, waiters: Arc::clone(&self.waiters) };
        self.say(request)?;
        Ok(waiting)
    }

    fn wait(&self, waiting: Waiting, until: Instant) -> Tried<Value> {
        let answer = waiting.answer(until)?;
        messages::result(answer.ok_or_else(|| Trouble::new("the server does not answer"))?)
    }
}

impl Waiting {
    /// The answer, if it comes before `until`.
    ///
    /// # Errors
    /// If the server is gone.
    pub(super) fn answer(&self, until: Instant) -> Tried<Option<Value>> {
        // Cleared once and looked at before: who comes between the two is not told.
        let mut left = until.saturating_duration_since(Instant::now());
        loop {
            let step = left.min(Duration::from_millis(100));
            match self.answer.recv_timeout(step) {
                Ok(message) => return Ok(Some(message)),
                Err(RecvTimeoutError::Disconnected) => return Err(gone()),
                Err(RecvTimeoutError::Timeout) if self.waiters.is_over.load(Relaxed) => {
                    return Err(gone());
                }
                Err(RecvTimeoutError::Timeout) => left = left.saturating_sub(step),
            }
            if left.is_zero() {
                return Ok(None);
            }
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        locked(&self.waiters.by_number).remove(&self.id);
    }
}

fn read(output: Box<dyn Read + Send>, waiters: &Waiters, replies: &Weak<Sender<String>>) {
    let mut output = BufReader::new(output);
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = (&mut output).take(LONGEST).read_until(b'\n', &mut line);
        // Behind a line that has no end nothing can be told apart.
        if !read.is_ok_and(|length| length > 0 && (length as u64) < LONGEST) {
            return;
        }
        let all = match serde_json::from_slice(&line) {
            Ok(Value::Array(all)) => all,
            Ok(one @ Value::Object(_)) => vec![one],
            _ => {
                // Programs print what they like.
                *locked(&waiters.odd) =
                    said(&String::from_utf8_lossy(&line[..line.len().min(1000)]));
                continue;
            }
        };
        for message in all {
            if let Some(reply) = messages::answer_to(&message) {
                if let Some(lines) = replies.upgrade() {
                    let _ = lines.send(format!("{reply}\n"));
                }
            } else if let Some(id) = message.get("id").and_then(Value::as_u64)
                && answers(&message, id)
            {
                let waiter = locked(&waiters.by_number).remove(&id);
                // Who gave up waits no more.
                let _ = waiter.map(|waiter| waiter.send(message));
            }
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn gone() -> Trouble {
    Trouble::over("the server has closed its output")
}
