//! Servers of the Model Context Protocol that a test plays, and what they were asked.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How a server behaves.
#[derive(Clone, Copy, PartialEq)]
pub enum Plays {
    /// It answers with events, in chunks.
    Events,
    /// It answers with JSON.
    Json,
    /// It speaks the version that has no sessions, alone.
    WithoutSessions,
    /// It asks whether the client is there before it answers a call, and waits for that.
    Asks,
    /// It takes its time for calls.
    Slow,
    /// Its tools fail.
    Fails,
    /// It is something else.
    Html,
    NotFound,
    Elsewhere,
    HangsUp,
    NoHttp,
    EndlessHead,
    EndlessBody,
    /// It refuses, with what a terminal would obey.
    Escapes,
}

/// One request.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// What was asked for: a method of the protocol, or of HTTP where there is no message.
    pub method: String,
    pub session: String,
    pub id: Value,
    pub params: Value,
    headers: BTreeMap<String, String>,
}

impl Asked {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value)
    }
}

#[derive(Default)]
struct Seen {
    /// The tools that it has, instead of two of its own.
    tools: Vec<Value>,
    asked: Mutex<Vec<Asked>>,
    sessions: Mutex<Vec<String>>,
    given: AtomicUsize,
    open: AtomicUsize,
    /// How often the client said that it is there.
    replies: AtomicUsize,
}

pub struct Server {
    at: SocketAddr,
    seen: Arc<Seen>,
}

impl Server {
    pub fn start(plays: Plays) -> Self {
        Self::with_tools(plays, Vec::new())
    }

    pub fn with_tools(plays: Plays, tools: Vec<Value>) -> Self {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = server.local_addr().unwrap();
        let seen = Arc::new(Seen { tools, ..Seen::default() });
        let of_all = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in server.incoming() {
                let (stream, seen) = (stream.unwrap(), Arc::clone(&of_all));
                seen.open.fetch_add(1, SeqCst);
                std::thread::spawn(move || {
                    // Clients that go away are what it is for.
                    let _ = serve(stream, plays, &seen);
                    seen.open.fetch_sub(1, SeqCst);
                });
            }
        });
        Self { at, seen }
    }

    pub fn url(&self) -> String {
        format!("http://{}/mcp", self.at)
    }

    /// What was asked since it was last asked for.
    pub fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.seen.asked.lock().unwrap())
    }

    /// Whether all connections are closed before long.
    pub fn is_left_alone(&self) -> bool {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(5) {
            if self.seen.open.load(SeqCst) == 0 {
                return true;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        false
    }
}

fn serve(stream: TcpStream, plays: Plays, seen: &Seen) -> std::io::Result<()> {
    let mut writes = stream.try_clone()?;
    let mut reads = BufReader::new(stream);
    while let Some(asked) = read(&mut reads)? {
        seen.asked.lock().unwrap().push(asked.clone());
        match answer(&asked, plays, seen) {
            Some((status, session, message)) => {
                write(&mut writes, plays, (status, &session), message, (&asked, seen))?;
            }
            // The stream of the server's own messages.
            None if asked.method == "GET" || asked.method == "subscriptions/listen" => {
                writes.write_all(
                    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n: hello\n\n",
                )?;
                return std::io::copy(&mut reads, &mut std::io::sink()).map(|_| ());
            }
            None => return other(&mut writes, plays),
        }
    }
    Ok(())
}

fn read(reads: &mut impl BufRead) -> std::io::Result<Option<Asked>> {
    let mut line = String::new();
    if reads.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut asked =
        Asked { method: line.split(' ').next().unwrap().to_owned(), ..Asked::default() };
    loop {
        line.clear();
        reads.read_line(&mut line)?;
        let Some((name, value)) = line.trim().split_once(": ") else { break };
        asked.headers.insert(name.to_lowercase(), value.to_owned());
    }
    asked.session = asked.header("mcp-session-id").to_owned();
    if asked.method == "POST" {
        let mut body = vec![0; asked.header("content-length").parse().unwrap()];
        reads.read_exact(&mut body)?;
        let message: Value = serde_json::from_slice(&body).unwrap();
        asked.method = message["method"].as_str().unwrap_or_default().to_owned();
        (asked.id, asked.params) = (message["id"].clone(), message["params"].clone());
    }
    Ok(Some(asked))
}

/// Status, session and message; none where the answer is something else.
fn answer(asked: &Asked, plays: Plays, seen: &Seen) -> Option<(u16, String, Value)> {
    let is_server = matches!(
        plays,
        Plays::Events
            | Plays::Json
            | Plays::WithoutSessions
            | Plays::Asks
            | Plays::Slow
            | Plays::Fails
    );
    if !is_server && plays != Plays::Escapes {
        return None;
    }
    let ok = |result: Value| {
        let message = json!({ "jsonrpc": "2.0", "id": asked.id, "result": result });
        Some((200, asked.session.clone(), message))
    };
    let refused = |status: u16, code: i64, what: &str| {
        let error = json!({ "code": code, "message": what });
        Some((status, String::new(), json!({ "jsonrpc": "2.0", "id": asked.id, "error": error })))
    };
    if plays == Plays::Escapes {
        return refused(400, -1, "\u{1b}]0;x\u{7}\nno");
    }
    let has_sessions = plays != Plays::WithoutSessions;
    let method = asked.method.as_str();
    let mut sessions = seen.sessions.lock().unwrap();
    if has_sessions && method == "initialize" {
        let session = format!("session-{}", seen.given.fetch_add(1, SeqCst));
        sessions.push(session.clone());
        let told = json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "serverInfo": { "name": "played" } });
        return ok(told).map(|(status, _, message)| (status, session, message));
    }
    if has_sessions != sessions.contains(&asked.session) {
        return refused(404, -32001, "Session not found");
    }
    match method {
        "GET" | "subscriptions/listen" => None,
        "DELETE" => {
            sessions.retain(|session| *session != asked.session);
            Some((200, String::new(), Value::Null))
        }
        "initialize" => refused(400, -32022, "Unsupported protocol version"),
        "server/discover" if !has_sessions => ok(json!({
            "supportedVersions": ["2026-07-28"], "capabilities": { "tools": { "listChanged": true } },
            "_meta": { "io.modelcontextprotocol/serverInfo": { "name": "played" } },
        })),
        "tools/list" | "tools/call" => ok(of_tools(asked, plays, seen)),
        "notifications/initialized" | "notifications/cancelled" => {
            Some((202, String::new(), Value::Null))
        }
        "" => {
            seen.replies.fetch_add(1, SeqCst);
            Some((202, String::new(), Value::Null))
        }
        _ => refused(200, -32601, "Method not found"),
    }
}

fn of_tools(asked: &Asked, plays: Plays, seen: &Seen) -> Value {
    let text = |text: &str| json!([{ "type": "text", "text": text }]);
    match asked.method.as_str() {
        "tools/list" if !seen.tools.is_empty() => json!({ "tools": seen.tools }),
        // In pages.
        "tools/list" if asked.params["cursor"].is_null() => {
            let place = json!({ "type": "string", "x-mcp-header": "Place" });
            let properties = json!({ "query": { "type": "string" }, "place": place });
            let schema =
                json!({ "type": "object", "required": ["query"], "properties": properties });
            json!({ "nextCursor": "more", "tools": [{ "name": "search", "inputSchema": schema }] })
        }
        "tools/list" => {
            json!({ "tools": [{ "name": "status", "inputSchema": { "type": "object" } }] })
        }
        _ if plays == Plays::Fails => json!({ "isError": true, "content": text("no index") }),
        _ => json!({ "content": text("ä\n\nb") }),
    }
}

fn write(
    writes: &mut TcpStream,
    plays: Plays,
    (status, session): (u16, &str),
    message: Value,
    (asked, seen): (&Asked, &Seen),
) -> std::io::Result<()> {
    let session =
        if session.is_empty() { String::new() } else { format!("Mcp-Session-Id: {session}\r\n") };
    if message.is_null() {
        return writes.write_all(
            format!("HTTP/1.1 {status} Fine\r\n{session}Content-Length: 0\r\n\r\n").as_bytes(),
        );
    }
    let is_call = asked.method == "tools/call";
    if plays == Plays::Json || status != 200 {
        let body = message.to_string();
        let head = format!(
            "HTTP/1.1 {status} Fine\r\n{session}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        return writes.write_all((head + &body).as_bytes());
    }
    let head = format!(
        "HTTP/1.1 200 OK\r\n{session}Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    writes.write_all(head.as_bytes())?;
    let chunk = |writes: &mut TcpStream, text: &str| {
        writes.write_all(format!("{:x}\r\n{text}\r\n", text.len()).as_bytes())
    };
    if is_call && plays == Plays::Slow {
        std::thread::sleep(Duration::from_secs(1));
    }
    if is_call && plays == Plays::Asks {
        let before = seen.replies.load(SeqCst);
        chunk(writes, "data: {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n\n")?;
        let begun = Instant::now();
        while seen.replies.load(SeqCst) == before && begun.elapsed() < Duration::from_secs(5) {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
    let text = format!("id: 7\r\nevent: message\r\ndata: {message}\r\n\r\n");
    // Cut in the middle of a character, say.
    let bytes = text.as_bytes();
    for part in bytes.chunks(40) {
        writes.write_all(format!("{:x}\r\n", part.len()).as_bytes())?;
        writes.write_all(part)?;
        writes.write_all(b"\r\n")?;
    }
    writes.write_all(b"0\r\n\r\n")
}

/// What is no server of this kind.
fn other(writes: &mut TcpStream, plays: Plays) -> std::io::Result<()> {
    let say = |writes: &mut TcpStream, text: &str| writes.write_all(text.as_bytes());
    match plays {
        Plays::Html => say(writes, "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n<p>It works!"),
        Plays::NotFound => say(writes, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
        Plays::Elsewhere => say(
            writes,
            "HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\nContent-Length: 0\r\n\r\n",
        ),
        Plays::NoHttp => say(writes, "220 mail.example.com ESMTP\r\n"),
        Plays::EndlessHead => {
            say(writes, "HTTP/1.1 200 OK\r\n")?;
            loop {
                say(writes, "X: 1234567890123456789012345678901234567890\r\n")?;
            }
        }
        Plays::EndlessBody => {
            say(writes, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")?;
            let much = "x".repeat(1 << 16);
            loop {
                say(writes, &much)?;
            }
        }
        _ => Ok(()),
    }
}
