//! A server at a URL in, sessions with it out: one connection for requests, and one on which the server may
//! send messages of its own.

use super::address::Address;
use super::exchange::{Answer, Exchange};
use super::messages::{self, Tried, Trouble, Version};
use super::tools::Call;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long a server may think.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);
/// How long a server may take to end an answer that is there. One that does not is not asked on this
/// connection again.
const END: Duration = Duration::from_millis(200);
/// How long the stream of the server's own messages may take to be opened. Some servers send nothing before
/// they have something to say.
const OPENING: Duration = Duration::from_millis(100);

/// A server, as far as we know it.
#[derive(Debug, Clone)]
pub(super) struct Server {
    pub address: Address,
    /// What is sent with each request besides: a token, say.
    pub headers: Vec<(String, String)>,
    pub version: Version,
    /// Whether it tells when its tools change, with a version in which one asks for that.
    pub tells: bool,
}

/// A session, or where there are none what a client does until it is gone.
pub(super) struct Session<'a> {
    server: &'a Server,
    version: Version,
    id: Option<String>,
    idle: Option<TcpStream>,
    stream: Option<Stream>,
    next: u64,
}

impl<'a> Session<'a> {
    /// A client that has not said anything.
    pub(super) fn new(server: &'a Server) -> Self {
        let version = server.version.clone();
        Self { server, version, id: None, idle: None, stream: None, next: 1 }
    }

    /// Begins as the version has it, and opens the stream of the server's own messages. What the server says
    /// of itself comes back.
    ///
    /// # Errors
    /// If there is no session.
    pub(super) fn open(&mut self) -> Tried<Value> {
        if !self.version.has_sessions() {
            let told = self.discover()?;
            if self.server.tells {
                let wish = json!({ "notifications": { "toolsListChanged": true } });
                let id = self.number();
                let listen = messages::request(id, "subscriptions/listen", wish, &self.version);
                let request = self.post(&listen, None);
                self.stream = Some(Stream::open(&self.server.address, request.as_bytes())?);
            }
            return Ok(told);
        }
        let told = self.initialize()?;
        self.say(&messages::notification("notifications/initialized", None))?;
        let mut request = self.head("GET", true);
        request.push_str("Accept: text/event-stream\r\n\r\n");
        self.stream = Some(Stream::open(&self.server.address, request.as_bytes())?);
        Ok(told)
    }

    /// Asks who is there, in the version without sessions.
    ///
    /// # Errors
    /// If the server does not know it.
    pub(super) fn discover(&mut self) -> Tried<Value> {
        self.ask("server/discover", json!({}))
    }

    fn initialize(&mut self) -> Tried<Value> {
        let id = self.number();
        let mut exchange = self.begin(id, &messages::initialize(id), None)?;
        let answer = self.wait(&mut exchange)?;
        self.keep(exchange);
        let session = answer.session.clone();
        let told = messages::result(message(answer)?)?;
        // Both go into the heads of requests.
        let can_be_sent =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        let version = messages::version(&told)?;
        if !can_be_sent(&version.0) || !session.as_deref().is_none_or(can_be_sent) {
            return Err(Trouble::new(
                "the session's id or version has characters that it may not have",
            ));
        }
        (self.version, self.id) = (version, session);
        Ok(told)
    }

    /// The version that it speaks.
    pub(super) fn version(&self) -> &Version {
        &self.version
    }

    /// Whether the server gave it an id.
    pub(super) fn has_id(&self) -> bool {
        self.id.is_some()
    }

    /// Goes on with an id that the server does not know.
    pub(super) fn pretend(&mut self, id: String) {
        self.id = Some(id);
    }

    /// Asks for what is answered at once.
    ///
    /// # Errors
    /// If it is refused.
    pub(super) fn ask(&mut self, method: &str, params: Value) -> Tried<Value> {
        let id = self.number();
        let request = messages::request(id, method, params, &self.version);
        let mut exchange = self.begin(id, &request, None)?;
        let answer = self.wait(&mut exchange)?;
        self.keep(exchange);
        messages::result(message(answer)?)
    }

    /// Begins a call.
    ///
    /// # Errors
    /// If the server cannot be asked.
    pub(super) fn call(&mut self, call: &Call) -> Tried<Exchange> {
        let id = self.number();
        let request = messages::request(id, "tools/call", call.params(), &self.version);
        self.begin(id, &request, Some(call))
    }

    /// Answers what the server asked in between, for which it may wait.
    ///
    /// # Errors
    /// If it does not take that.
    pub(super) fn reply(&mut self, asked: Vec<Value>) -> Tried<()> {
        asked.iter().filter_map(messages::answer_to).try_for_each(|reply| self.say(&reply))
    }

    /// The message of an answer to a call that came.
    ///
    /// # Errors
    /// If it is none.
    pub(super) fn finish(&mut self, exchange: Exchange, answer: Answer) -> Tried<Value> {
        self.keep(exchange);
        message(answer)
    }

    /// Sends what is not answered.
    ///
    /// # Errors
    /// If the server does not take it.
    pub(super) fn say(&mut self, what: &Value) -> Tried<()> {
        let mut exchange = self.begin(0, what, None)?;
        let answer = self.wait(&mut exchange)?;
        self.keep(exchange);
        if answer.status < 300 { Ok(()) } else { message(answer).map(|_| ()) }
    }

    /// Ends the session, and says whether the server took that. Where it gave no id there is none to end.
    pub(super) fn end(&mut self) -> bool {
        if self.id.is_none() {
            return false;
        }
        let mut request = self.head("DELETE", true);
        request.push_str("\r\n");
        let ended =
            self.connection().and_then(|stream| Exchange::begin(stream, 0, request.as_bytes()));
        let Ok(mut exchange) = ended else { return false };
        let answer = self.wait(&mut exchange);
        self.keep(exchange);
        answer.is_ok_and(|answer| answer.status < 300)
    }

    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next - 1
    }

    fn begin(&mut self, id: u64, message: &Value, call: Option<&Call>) -> Tried<Exchange> {
        let request = self.post(message, call);
        Exchange::begin(self.connection()?, id, request.as_bytes())
    }

    fn connection(&mut self) -> Tried<TcpStream> {
        match self.idle.take().filter(is_open) {
            Some(stream) => Ok(stream),
            None => self.server.address.connect(),
        }
    }

    fn keep(&mut self, exchange: Exchange) {
        self.idle = exchange.done(Instant::now() + END);
    }

    fn wait(&mut self, exchange: &mut Exchange) -> Tried<Answer> {
        exchange
            .answer(Instant::now() + PATIENCE)?
            .ok_or_else(|| Trouble::new(format!("no answer in {} s", PATIENCE.as_secs())))
    }

    /// What stands at the head of each request.
    fn head(&self, method: &str, agreed: bool) -> String {
        let Address { host, path, .. } = &self.server.address;
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n");
        let mut add = |name: &str, value: &str| {
            // Writing to a string does not fail.
            let _ = write!(head, "{name}: {value}\r\n");
        };
        add("User-Agent", concat!("heapdiff/", env!("CARGO_PKG_VERSION")));
        for (name, value) in &self.server.headers {
            add(name, value);
        }
        if let Some(id) = &self.id {
            add("Mcp-Session-Id", id);
        }
        if agreed {
            add("MCP-Protocol-Version", &self.version.0);
        }
        head
    }

    fn post(&self, message: &Value, call: Option<&Call>) -> String {
        let body = message.to_string();
        let method = message["method"].as_str().unwrap_or_default();
        // What is agreed on with the first request is not known in it.
        let mut head = self.head("POST", method != "initialize");
        let version = &self.version;
        let mut add = |name: &str, value: &str| {
            let _ = write!(head, "{name}: {value}\r\n");
        };
        add("Accept", "application/json, text/event-stream");
        add("Content-Type", "application/json");
        add("Content-Length", &body.len().to_string());
        if !version.has_sessions() && !method.is_empty() {
            add("Mcp-Method", method);
            for (name, value) in call.map(Call::headers).unwrap_or_default() {
                add(&name, &value);
            }
        }
        head.push_str("\r\n");
        head + &body
    }
}

/// The message of an answer.
///
/// # Errors
/// If it has none: how the server refuses what is no message of its own.
fn message(answer: Answer) -> Tried<Value> {
    let Answer { status, message, said, .. } = answer;
    message.ok_or_else(|| {
        let words = if said.is_empty() { String::new() } else { format!(": {said}") };
        Trouble::new(format!("the server answers with {status} and no message of MCP{words}"))
    })
}

/// Whether the server has not closed a connection that nobody uses.
fn is_open(stream: &TcpStream) -> bool {
    let peeked = stream.set_nonblocking(true).and_then(|()| stream.peek(&mut [0]));
    let is_silent = peeked.is_err_and(|why| why.kind() == std::io::ErrorKind::WouldBlock);
    stream.set_nonblocking(false).is_ok() && is_silent
}

/// The stream on which a server sends messages of its own. What comes is read, so that the server need not
/// keep it, and nothing is made of it.
struct Stream {
    stream: TcpStream,
    reader: Option<JoinHandle<()>>,
}

impl Stream {
    fn open(address: &Address, request: &[u8]) -> Tried<Self> {
        let broke = |why: std::io::Error| Trouble::new(format!("no stream of messages: {why}"));
        let mut stream = address.connect()?;
        stream.write_all(request).map_err(broke)?;
        let mut reading = stream.try_clone().map_err(broke)?;
        let (came, opened) = mpsc::channel();
        let reader = std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while reading.read(&mut bytes).is_ok_and(|length| length > 0) {
                let _ = came.send(());
            }
        });
        // Else a short session could be over before the server knows of the stream.
        let _ = opened.recv_timeout(OPENING);
        Ok(Self { stream, reader: Some(reader) })
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        let _ = self.stream.shutdown(Shutdown::Both);
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
    }
}
