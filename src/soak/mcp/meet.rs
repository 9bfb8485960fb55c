//! A place in, the server that is there out: which version of the protocol it speaks, which tools it has, and
//! how sessions with it can be left.

use super::address::Address;
use super::client::Server;
use super::http;
use super::leaving::Leaving;
use super::messages::{NEWEST_WITH_SESSIONS, Tried, Trouble, Version, WITHOUT_SESSIONS, said};
use super::stdio::Pipes;
use crate::cancel::Cancel;
use crate::error::{Error, ErrorKind, Result};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::time::{Duration, Instant};

/// How long a server may take to start that says nothing before it is asked.
const START: Duration = Duration::from_secs(60);
/// How many pages of tools are read, and how many tools.
const MOST_PAGES: usize = 100;
const MOST_TOOLS: usize = 10_000;

/// Where a server is.
pub enum Place {
    /// It reads from one, and writes to the other.
    Stdio(Box<dyn Write + Send>, Box<dyn Read + Send>),
    /// At a URL, with headers that each request has besides.
    Url(String, Vec<(String, String)>),
}

/// A server as it was found.
pub(super) struct Found {
    pub server: Server,
    pub name: String,
    pub tools: Vec<Value>,
    /// Whether it gives ids to sessions.
    pub has_ids: bool,
    /// Whether it ends them when it is told to.
    pub ends: bool,
}

/// Finds out what is there.
///
/// # Errors
/// `Io` if nothing is, `Usage` if it is no server of MCP.
pub(super) fn find(place: Place, version: Option<&str>, cancel: &Cancel) -> Result<Found> {
    cancel.check()?;
    match place {
        Place::Stdio(input, output) => {
            over_streams(Pipes::new(input, output, first(version)), version)
        }
        Place::Url(url, headers) => at_url(&url, headers, version),
    }
}

/// What is tried first: most clients ask for a session, and sessions are what servers forget to drop.
fn first(version: Option<&str>) -> Version {
    Version(version.unwrap_or(NEWEST_WITH_SESSIONS).to_owned())
}

fn at_url(url: &str, headers: Vec<(String, String)>, version: Option<&str>) -> Result<Found> {
    let usage = |trouble: Trouble| Error::new(ErrorKind::Usage, trouble.why);
    for (name, value) in &headers {
        let is_text = |text: &str| text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
        if name.is_empty() || name.contains([' ', ':']) || !is_text(name) || !is_text(value) {
            return Err(Error::new(
                ErrorKind::Usage,
                "a header has characters that it may not have",
            ));
        }
    }
    let address = Address::read(url).map_err(usage)?;
    let mut server = http::Server { address, headers, version: first(version), tells: false };
    let found = look(&server);
    let is_final = version.is_some() || matches!(&found, Ok(seen) if seen.has_ids);
    let seen = match found {
        Err(trouble) if trouble.is_over => return Err(Error::new(ErrorKind::Io, trouble.why)),
        found if is_final => found,
        found => {
            let with_sessions = server.clone();
            server.version = Version(WITHOUT_SESSIONS.to_owned());
            match look(&server) {
                Ok(seen) => Ok(seen),
                Err(_) => {
                    server = with_sessions;
                    found
                }
            }
        }
    };
    let seen = seen.map_err(|trouble| no_server(url, &trouble))?;
    server.tells = seen.tells;
    server.version = seen.version;
    let (name, tools, has_ids, ends) = (seen.name, seen.tools, seen.has_ids, seen.ends);
    Ok(Found { server: Server::Http(Box::new(server)), name, tools, has_ids, ends })
}

/// What one session shows.
struct Seen {
    version: Version,
    name: String,
    tools: Vec<Value>,
    tells: bool,
    has_ids: bool,
    ends: bool,
}

/// A session, which is ended again.
fn look(server: &http::Server) -> Tried<Seen> {
    let mut session = http::Session::new(server);
    let told = session.open()?;
    if !session.version().has_sessions() {
        knows(&told, session.version())?;
    }
    let tools = list(|params| session.ask("tools/list", params))?;
    Ok(Seen {
        version: session.version().clone(),
        name: name(&told),
        tools,
        tells: told.pointer("/capabilities/tools/listChanged") == Some(&Value::Bool(true)),
        has_ids: session.has_id(),
        ends: session.end(),
    })
}

fn over_streams(mut pipes: Pipes, version: Option<&str>) -> Result<Found> {
    let until = Instant::now() + START;
    let mut told = pipes.open(until);
    if version.is_none() && matches!(&told, Err(trouble) if !trouble.is_over) {
        let refused = told;
        pipes.version = Version(WITHOUT_SESSIONS.to_owned());
        told = pipes.open(until).or(refused);
    }
    let known = told.and_then(|told| {
        if !pipes.version.has_sessions() {
            knows(&told, &pipes.version)?;
        }
        let tools =
            list(|params| pipes.ask("tools/list", params, Instant::now() + http::PATIENCE))?;
        Ok((name(&told), tools))
    });
    match known {
        Ok((name, tools)) => {
            let server = Server::Stdio(Box::new(pipes));
            Ok(Found { server, name, tools, has_ids: false, ends: false })
        }
        Err(Trouble { why, is_over }) => {
            let odd = pipes.odd();
            let wrote = if odd.is_empty() { odd } else { format!(" (it wrote: {odd})") };
            let kind = if is_over { ErrorKind::Io } else { ErrorKind::Usage };
            let what =
                format!("the program does not speak MCP over its standard streams: {why}{wrote}");
            Err(Error::new(kind, what))
        }
    }
}

/// Whether a server says that it knows this version.
fn knows(told: &Value, version: &Version) -> Tried<()> {
    let all = told.get("supportedVersions").and_then(Value::as_array);
    if all.into_iter().flatten().any(|known| known.as_str() == Some(&version.0)) {
        return Ok(());
    }
    Err(Trouble::new(format!("the server does not know version {} of the protocol", version.0)))
}

/// All tools, page by page.
fn list(mut ask: impl FnMut(Value) -> Tried<Value>) -> Tried<Vec<Value>> {
    let mut tools = Vec::new();
    let mut params = json!({});
    for _ in 0..MOST_PAGES {
        let mut page = ask(params)?;
        match page.get_mut("tools").map(Value::take) {
            Some(Value::Array(more)) => tools.extend(more),
            _ => return Err(Trouble::new("the server does not list its tools")),
        }
        match page.get("nextCursor") {
            Some(Value::String(cursor)) if tools.len() < MOST_TOOLS => {
                params = json!({ "cursor": cursor });
            }
            _ => return Ok(tools),
        }
    }
    Ok(tools)
}

fn name(told: &Value) -> String {
    let newer = told.pointer("/_meta/io.modelcontextprotocol~1serverInfo/name");
    let name = told.pointer("/serverInfo/name").or(newer).and_then(Value::as_str);
    said(name.unwrap_or_default())
}

fn no_server(url: &str, trouble: &Trouble) -> Error {
    let what = format!("{url} is no server of MCP over HTTP: {}", trouble.why);
    Error::new(ErrorKind::Usage, what)
        .with_hint("give the whole address: most servers answer at a path such as /mcp")
}

/// In which ways sessions can be left, and why not in the others.
pub(super) fn ways(found: &Found) -> Vec<(Leaving, Option<String>)> {
    let without = match &found.server {
        Server::Stdio(_) => {
            Some("standard streams are one session, which ends with the program".to_owned())
        }
        Server::Http(_) if found.has_ids => None,
        Server::Http(server) if server.version.has_sessions() => {
            Some("the server gives no ids to sessions".to_owned())
        }
        Server::Http(server) => {
            Some(format!("version {} of the protocol has no sessions", server.version.0))
        }
    };
    let why_not = |leaving| match leaving {
        Leaving::Cancelled | Leaving::Invalid => None,
        Leaving::Answered if without.is_some() => None,
        Leaving::Answered => {
            Some("there are sessions, which are left in one of the other ways".to_owned())
        }
        Leaving::Closed if without.is_none() && !found.ends => {
            Some("the server does not end a session when it is told to (DELETE)".to_owned())
        }
        Leaving::Closed | Leaving::Dropped | Leaving::Stale => without.clone(),
    };
    Leaving::ALL.into_iter().map(|leaving| (leaving, why_not(leaving))).collect()
}
