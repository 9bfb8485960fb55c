//! What is asked in, messages of JSON-RPC out; and of a server's answer, what came of it.

use crate::text::visible;
use serde_json::{Value, json};

/// The newest version with `initialize`, which is what a client asks for.
pub(super) const NEWEST_WITH_SESSIONS: &str = "2025-11-25";
/// The version that has neither `initialize` nor sessions: each message says who sends it.
pub(super) const WITHOUT_SESSIONS: &str = "2026-07-28";
/// How much of what a server says is shown.
const LONGEST_SAID: usize = 200;

/// What went wrong with one exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trouble {
    /// In words, of a length that can be shown.
    pub why: String,
    /// Whether nobody listens any more: no other exchange can go better.
    pub is_over: bool,
}

impl Trouble {
    pub(super) fn new(why: impl Into<String>) -> Self {
        Self { why: why.into(), is_over: false }
    }

    pub(super) fn over(why: impl Into<String>) -> Self {
        Self { why: why.into(), is_over: true }
    }
}

pub(super) type Tried<T> = std::result::Result<T, Trouble>;

/// A version of the protocol, as a server and we agreed on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Version(pub String);

impl Version {
    /// Whether it has `initialize`, and sessions with it.
    pub(super) fn has_sessions(&self) -> bool {
        // Versions are dates.
        self.0.as_str() < WITHOUT_SESSIONS
    }
}

/// A request; with a version that has no `initialize` it says for itself who asks.
pub(super) fn request(id: u64, method: &str, mut params: Value, version: &Version) -> Value {
    if !version.has_sessions() {
        params["_meta"] = json!({
            "io.modelcontextprotocol/protocolVersion": version.0,
            "io.modelcontextprotocol/clientInfo": client(),
            "io.modelcontextprotocol/clientCapabilities": {},
        });
    }
    json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params })
}

/// A message that is not answered.
pub(super) fn notification(method: &str, params: Option<Value>) -> Value {
    let mut message = json!({ "jsonrpc": "2.0", "method": method });
    if let Some(params) = params {
        message["params"] = params;
    }
    message
}

/// The first request of a session.
pub(super) fn initialize(id: u64) -> Value {
    let version = Version(NEWEST_WITH_SESSIONS.to_owned());
    let params =
        json!({ "protocolVersion": version.0, "capabilities": {}, "clientInfo": client() });
    request(id, "initialize", params, &version)
}

/// The version that a server agrees to.
///
/// # Errors
/// If it names none.
pub(super) fn version(told: &Value) -> Tried<Version> {
    let version = told.get("protocolVersion").and_then(Value::as_str);
    version
        .map(|version| Version(version.to_owned()))
        .ok_or_else(|| Trouble::new("the server names no version of the protocol"))
}

fn client() -> Value {
    json!({ "name": "heapdiff", "version": env!("CARGO_PKG_VERSION") })
}

/// The answer to what a server asks of its client in between: only whether it is there. A server may ask for
/// no more than that of a client that has no capabilities.
pub(super) fn answer_to(asked: &Value) -> Option<Value> {
    let id = asked.get("id")?;
    Some(match asked.get("method")?.as_str()? {
        "ping" => json!({ "jsonrpc": "2.0", "id": id, "result": {} }),
        _ => json!({ "jsonrpc": "2.0", "id": id,
            "error": { "code": -32601, "message": "this client only calls tools" } }),
    })
}

/// Whether a message is the answer to the request of this number. Errors about what a server could not
/// read have no number.
pub(super) fn answers(message: &Value, id: u64) -> bool {
    if message.get("method").is_some() {
        return false;
    }
    match message.get("id") {
        Some(Value::Null) | None => message.get("error").is_some(),
        Some(of) => of.as_u64() == Some(id),
    }
}

/// What was asked for.
///
/// # Errors
/// If the server refuses.
pub(super) fn result(message: Value) -> Tried<Value> {
    let Value::Object(mut message) = message else {
        return Err(Trouble::new("the answer is no message of JSON-RPC"));
    };
    if let Some(error) = message.get("error") {
        let code = error.get("code").and_then(Value::as_i64).unwrap_or_default();
        let what = error.get("message").and_then(Value::as_str).unwrap_or_default();
        return Err(Trouble::new(format!("error {code}: {}", said(what))));
    }
    let result = message.remove("result");
    result.ok_or_else(|| Trouble::new("the answer has neither a result nor an error"))
}

/// Whether a tool did what it was called for.
///
/// # Errors
/// If it says that it failed, or asks for more.
pub(super) fn tool_result(message: Value) -> Tried<()> {
    let result = result(message)?;
    if result.get("isError").and_then(Value::as_bool) == Some(true) {
        let text = result.pointer("/content/0/text").and_then(Value::as_str).unwrap_or_default();
        return Err(Trouble::new(format!("the tool fails: {}", said(text))));
    }
    match result.get("resultType").and_then(Value::as_str) {
        None | Some("complete") => Ok(()),
        Some(other) => {
            let what = format!("the tool asks for more than arguments: {}", said(other));
            Err(Trouble::new(what))
        }
    }
}

/// What a server says, on one line that can be shown.
pub(super) fn said(text: &str) -> String {
    let text = text.trim();
    let mut end = text.len().min(LONGEST_SAID);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let dots = if end < text.len() { "…" } else { "" };
    format!("{}{dots}", visible(&text[..end]))
}
