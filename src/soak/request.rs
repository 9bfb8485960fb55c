//! Requests over HTTP in, a load out: many at once, some of which fail or are broken off on purpose, since
//! what a program forgets to clean up it forgets there.

use super::load::Load;
use super::program::Program;
use super::tally::Tally;
use crate::cancel::Cancel;
use crate::error::{Error, ErrorKind, Result};
use crate::units::count;
use std::io::{Write, copy, sink};
use std::net::{TcpStream, ToSocketAddrs};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;
use ureq::Agent;
use ureq::http::{HeaderName, HeaderValue, Method, Uri};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often is looked whether the program still runs.
const GLANCE: Duration = Duration::from_millis(50);

/// Requests of one kind. In the address and in the body `{n}` becomes the number of the call.
#[derive(Debug, Clone)]
pub(crate) struct Requests {
    pub url: String,
    pub method: Method,
    pub headers: Vec<(HeaderName, HeaderValue)>,
    pub body: Option<Vec<u8>>,
    /// At once.
    pub concurrency: u64,
    /// Whether a connection is used again.
    pub keep_alive: bool,
    /// Hundredths of the calls that are broken off once they are sent.
    pub aborted: u64,
    /// Hundredths that have a wrong body, or without one a path that is not there.
    pub failing: u64,
}

/// What becomes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Plain,
    Aborted,
    Failing,
}

impl Requests {
    /// The port that they go to, and its host.
    ///
    /// # Errors
    /// `Usage` if the address is none, or is not HTTP without encryption.
    pub(crate) fn place(&self) -> Result<(String, u16)> {
        let uri: Uri = self.numbered(0).parse().map_err(|e| {
            Error::new(ErrorKind::Usage, format!("{} is no address: {e}", self.url))
        })?;
        if uri.scheme_str() != Some("http") {
            let what = format!("{} does not begin with http://", self.url);
            return Err(Error::new(ErrorKind::Usage, what)
                .with_hint("the program is on this machine: load it without encryption"));
        }
        let host = uri.host().unwrap_or_default().to_owned();
        Ok((host, uri.port_u16().unwrap_or(80)))
    }

    fn numbered(&self, n: u64) -> String {
        self.url.replace("{n}", &n.to_string())
    }

    /// Spread evenly, so that each share is met as soon as there are calls enough.
    fn fate(&self, n: u64) -> Fate {
        let share = |share: u64, n: u64| (n + 1) * share / 100 != n * share / 100;
        match () {
            () if share(self.aborted, n) => Fate::Aborted,
            () if share(self.failing, n + 5) => Fate::Failing,
            () => Fate::Plain,
        }
    }

    fn body_of(&self, n: u64) -> Option<Vec<u8>> {
        let body = self.body.as_ref()?;
        Some(match std::str::from_utf8(body) {
            Ok(text) => text.replace("{n}", &n.to_string()).into_bytes(),
            Err(_) => body.clone(),
        })
    }

    /// Address and body of a call.
    fn what(&self, n: u64, fate: Fate) -> (String, Option<Vec<u8>>) {
        let (mut url, mut body) = (self.numbered(n), self.body_of(n));
        match (fate, &mut body) {
            // Half of it is no JSON, no form and no picture.
            (Fate::Failing, Some(body)) if body.len() > 1 => body.truncate(body.len() / 2),
            (Fate::Failing, _) => {
                let (path, query) = url.split_once('?').unwrap_or((&url, ""));
                url = format!("{}/no-such-path-{n}?{query}", path.trim_end_matches('/'));
            }
            _ => {}
        }
        (url, body)
    }

    fn call(&self, agent: &Agent, n: u64, tally: &mut Tally) {
        let fate = self.fate(n);
        let (url, body) = self.what(n, fate);
        tally.calls += 1;
        tally.meant_to_fail += u64::from(fate != Fate::Plain);
        let came = match fate {
            Fate::Aborted => self.abort(&url, body).map_err(|e| e.to_string()),
            _ => self.send(agent, &url, body),
        };
        match came {
            Err(why) if fate == Fate::Plain => *tally.failed.entry(why).or_default() += 1,
            _ => {}
        }
    }

    fn send(
        &self,
        agent: &Agent,
        url: &str,
        body: Option<Vec<u8>>,
    ) -> std::result::Result<(), String> {
        let mut request = ureq::http::Request::builder().method(&self.method).uri(url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if !self.keep_alive {
            request = request.header("connection", "close");
        }
        let reply = match body {
            Some(body) => agent.run(request.body(body).map_err(|e| e.to_string())?),
            None => agent.run(request.body(()).map_err(|e| e.to_string())?),
        };
        let mut reply = reply.map_err(|e| e.to_string())?;
        copy(&mut reply.body_mut().as_reader(), &mut sink()).map_err(|e| e.to_string())?;
        match reply.status() {
            status if status.is_client_error() || status.is_server_error() => {
                Err(status.to_string())
            }
            _ => Ok(()),
        }
    }

    /// Sends all of it, and does not wait for an answer.
    fn abort(&self, url: &str, body: Option<Vec<u8>>) -> std::io::Result<()> {
        let uri: Uri = url.parse().map_err(std::io::Error::other)?;
        let place = (uri.host().unwrap_or_default(), uri.port_u16().unwrap_or(80));
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let mut head =
            format!("{} {path} HTTP/1.1\r\nhost: {}:{}\r\n", self.method, place.0, place.1);
        if let Some(body) = &body {
            head += &format!("content-length: {}\r\n", body.len());
        }
        let mut all = head.into_bytes();
        for (name, value) in &self.headers {
            all.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
        }
        all.extend_from_slice(b"\r\n");
        all.extend(body.unwrap_or_default());
        let mut at = place.to_socket_addrs()?;
        let at = at.next().ok_or(std::io::ErrorKind::AddrNotAvailable)?;
        let mut socket = TcpStream::connect_timeout(&at, PATIENCE)?;
        socket.set_write_timeout(Some(PATIENCE))?;
        socket.write_all(&all)
    }
}

/// With it go all its connections.
fn agent() -> Agent {
    let config = Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .allow_non_standard_methods(true)
        .max_redirects(0)
        .proxy(None)
        .http_status_as_error(false);
    Agent::new_with_config(config.build())
}

impl Load for Requests {
    fn told(&self) -> String {
        format!("{} {}", self.method, self.url)
    }

    fn drive(
        &mut self,
        _: &str,
        numbers: Range<u64>,
        program: &mut Program,
        cancel: &Cancel,
    ) -> Result<Tally> {
        let next = Arc::new(AtomicU64::new(numbers.start));
        let agent = agent();
        let (send, done) = channel();
        for _ in 0..self.concurrency {
            let (this, agent, next, cancel) =
                (self.clone(), agent.clone(), Arc::clone(&next), cancel.clone());
            let (send, end) = (send.clone(), numbers.end);
            // A thread that waits for a program which has ended is waited for by nobody.
            std::thread::spawn(move || {
                let mut tally = Tally::default();
                while cancel.check().is_ok() {
                    let n = next.fetch_add(1, Relaxed);
                    if n >= end {
                        break;
                    }
                    this.call(&agent, n, &mut tally);
                }
                let _ = send.send(tally);
            });
        }
        drop(send);
        let mut tally = Tally::default();
        loop {
            match done.recv_timeout(GLANCE) {
                Ok(own) => tally += own,
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    let goes_on = cancel.check().and_then(|()| program.runs());
                    goes_on.inspect_err(|_| next.store(numbers.end, Relaxed))?;
                }
            }
        }
        cancel.check()?;
        program.runs()?;
        if tally.calls > 0 && tally.failed_of_all() {
            let why = tally.failed.keys().next().cloned().unwrap_or_default();
            let what = format!(
                "none of {} calls of {} was answered well: {why}",
                count(tally.calls),
                self.url
            );
            return Err(
                Error::new(ErrorKind::Usage, what).with_hint("look at the address, and at the log")
            );
        }
        Ok(tally)
    }
}
