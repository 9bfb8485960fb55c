//! A request of HTTP on its way in, the message that answers it out, as soon as it is there.
//!
//! A load must do what a client that gives up does: close a connection that it still waits on. Libraries wait
//! inside of themselves, so this one is our own.

use super::body::Body;
use super::messages::{Tried, Trouble, answers, said};
use serde_json::Value;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// The most that an answer may have. Nobody needs more of a tool, and a server may send without end.
const LONGEST_ANSWER: usize = 16 << 20;
/// The most that may stand before an answer.
const LONGEST_HEAD: usize = 64 << 10;
const HEADERS: usize = 100;
/// How long a request may take to be sent.
const SEND: Duration = Duration::from_secs(30);

/// What a server answered.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub status: u16,
    /// The session it gives, or is in.
    pub session: Option<String>,
    /// The message, if it is one.
    pub message: Option<Value>,
    /// What it says otherwise, on one line.
    pub said: String,
}

struct Head {
    status: u16,
    session: Option<String>,
    is_stream: bool,
    keeps: bool,
}

/// A request that was sent, and whatever came of its answer.
pub(super) struct Exchange {
    /// The number of the request.
    pub id: u64,
    stream: TcpStream,
    /// What came and was not looked at.
    raw: Vec<u8>,
    head: Option<Head>,
    body: Body,
    /// Of the body: what was not taken as an event.
    text: Vec<u8>,
    /// Up to where no event ends.
    searched: usize,
    taken: usize,
    /// What the server asked for in between.
    pub asked: Vec<Value>,
}

impl Exchange {
    /// Sends a request, head and all.
    ///
    /// # Errors
    /// If the connection breaks.
    pub(super) fn begin(mut stream: TcpStream, id: u64, request: &[u8]) -> Tried<Self> {
        let sent = stream.set_write_timeout(Some(SEND)).and_then(|()| stream.write_all(request));
        sent.map_err(|why| Trouble::new(format!("the request is not taken: {}", plain(&why))))?;
        Ok(Self {
            id,
            stream,
            raw: Vec::new(),
            head: None,
            body: Body::Unknown,
            text: Vec::new(),
            searched: 0,
            taken: 0,
            asked: Vec::new(),
        })
    }

    /// The answer, if it comes before `until` and before the server asks something itself.
    ///
    /// # Errors
    /// If it is none, is too long, or the connection breaks.
    pub(super) fn answer(&mut self, until: Instant) -> Tried<Option<Answer>> {
        loop {
            if let Some(answer) = self.look()? {
                return Ok(Some(answer));
            }
            if !self.asked.is_empty() {
                return Ok(None);
            }
            match self.read(until)? {
                None => return Ok(None),
                Some(0) if self.body.ends_with_connection() => self.body = Body::Over,
                Some(0) => return Err(Trouble::new("the connection was closed before the answer")),
                Some(_) => {}
            }
        }
    }

    /// The connection, for the next request, if the server is done with this one before `until`.
    pub(super) fn done(mut self, until: Instant) -> Option<TcpStream> {
        loop {
            self.text.clear();
            self.look_at_body().ok()?;
            if matches!(self.body, Body::Over) {
                break;
            }
            self.read(until).ok().flatten().filter(|length| *length > 0)?;
        }
        self.head.as_ref().is_some_and(|head| head.keeps).then_some(self.stream)
    }

    fn read(&mut self, until: Instant) -> Tried<Option<usize>> {
        let left = until.saturating_duration_since(Instant::now());
        // No time at all would mean all time there is.
        let wait = left.max(Duration::from_millis(1));
        let mut bytes = [0; 16 << 10];
        let read =
            self.stream.set_read_timeout(Some(wait)).and_then(|()| self.stream.read(&mut bytes));
        match read {
            Ok(length) => {
                self.raw.extend_from_slice(&bytes[..length]);
                Ok(Some(length))
            }
            Err(why) if is_late(&why) => Ok(None),
            Err(why) if why.kind() == io::ErrorKind::Interrupted => Ok(None),
            Err(why) => Err(Trouble::new(format!("the connection broke: {}", plain(&why)))),
        }
    }

    fn look(&mut self) -> Tried<Option<Answer>> {
        while self.head.is_none() {
            if !self.look_at_head()? {
                return Ok(None);
            }
        }
        self.look_at_body()?;
        let Some(head) = &self.head else { return Ok(None) };
        if head.is_stream {
            while let Some(message) = self.event()? {
                if let Some(message) = self.ours(message) {
                    return Ok(Some(self.answered(Some(message), "")));
                }
            }
            if matches!(self.body, Body::Over) {
                return Err(Trouble::new("the stream ended before the answer"));
            }
            return Ok(None);
        }
        if !matches!(self.body, Body::Over) {
            return Ok(None);
        }
        let text = std::mem::take(&mut self.text);
        let message = serde_json::from_slice(&text).ok().and_then(|message| self.ours(message));
        let words = String::from_utf8_lossy(&text[..text.len().min(1000)]).into_owned();
        Ok(Some(self.answered(message, &words)))
    }

    fn answered(&self, message: Option<Value>, words: &str) -> Answer {
        let head = self.head.as_ref();
        Answer {
            status: head.map_or(0, |head| head.status),
            session: head.and_then(|head| head.session.clone()),
            message,
            said: said(words),
        }
    }

    /// Of a message, or of several in one, that which answers us.
    fn ours(&mut self, message: Value) -> Option<Value> {
        let all = match message {
            Value::Array(all) => all,
            one => vec![one],
        };
        for message in all {
            if answers(&message, self.id) {
                return Some(message);
            }
            if message.get("method").is_some() && message.get("id").is_some() {
                self.asked.push(message);
            }
        }
        None
    }

    /// Whether there is one.
    fn look_at_head(&mut self) -> Tried<bool> {
        let mut headers = [httparse::EMPTY_HEADER; HEADERS];
        let mut response = httparse::Response::new(&mut headers);
        let endless = || Trouble::new("the head of the answer has no end");
        let parsed = response.parse(&self.raw).map_err(|why| match why {
            httparse::Error::TooManyHeaders => endless(),
            _ => Trouble::new("the answer is no HTTP"),
        })?;
        let httparse::Status::Complete(length) = parsed else {
            return if self.raw.len() > LONGEST_HEAD { Err(endless()) } else { Ok(false) };
        };
        let status = response.code.unwrap_or_default();
        let value = |name: &str| {
            let found =
                response.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name));
            found.and_then(|header| std::str::from_utf8(header.value).ok()).map(str::trim)
        };
        let has = |name: &str, word: &str| {
            value(name).is_some_and(|value| value.to_ascii_lowercase().contains(word))
        };
        let head = Head {
            status,
            session: value("mcp-session-id").map(str::to_owned),
            is_stream: has("content-type", "text/event-stream"),
            keeps: response.version == Some(1) && !has("connection", "close"),
        };
        let body = Body::of(status, has("transfer-encoding", "chunked"), value("content-length"))?;
        self.raw.drain(..length);
        // 100 and the like stand before the answer.
        if status >= 200 {
            self.head = Some(head);
            self.body = body;
        }
        Ok(true)
    }

    fn look_at_body(&mut self) -> Tried<()> {
        self.taken += self.body.take(&mut self.raw, &mut self.text)?;
        if self.taken > LONGEST_ANSWER {
            return Err(Trouble::new("the answer is longer than 16 MiB"));
        }
        Ok(())
    }

    /// The message of the next whole event that has one.
    fn event(&mut self) -> Tried<Option<Value>> {
        while let Some((end, next)) = event_end(&self.text, self.searched) {
            self.searched = 0;
            let event = String::from_utf8_lossy(&self.text[..end]).into_owned();
            self.text.drain(..next);
            let data: Vec<&str> = event
                .lines()
                .filter_map(|line| line.strip_prefix("data:"))
                .map(|line| line.strip_prefix(' ').unwrap_or(line))
                .collect();
            let data = data.join("\n");
            if data.is_empty() {
                continue;
            }
            let message = serde_json::from_str(&data);
            return message
                .map(Some)
                .map_err(|_| Trouble::new(format!("an event is no JSON: {}", said(&data))));
        }
        self.searched = self.text.len().saturating_sub(END.len());
        Ok(None)
    }
}

/// The longest that can stand between two events.
const END: &[u8] = b"\r\n\r\n";

/// Where the first event ends, and where the next one begins.
fn event_end(text: &[u8], from: usize) -> Option<(usize, usize)> {
    let find = |end: &[u8]| {
        let at = from + memchr::memmem::find(&text[from..], end)?;
        Some((at, at + end.len()))
    };
    match (find(b"\n\n"), find(END)) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

fn is_late(why: &io::Error) -> bool {
    matches!(why.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}

/// The words of the operating system, without its number.
fn plain(why: &io::Error) -> String {
    why.to_string().split(" (os error").next().unwrap_or_default().to_owned()
}
