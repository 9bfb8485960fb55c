//! The address of an inspector in, the path of its socket out, as the inspector itself tells.

use crate::error::{Error, ErrorKind, Result};
use crate::text::visible;
use serde::Deserialize;
use std::net::SocketAddr;
use std::time::Duration;

/// An inspector answers at once, if its process is not stopped.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of what it says.
const LONGEST: u64 = 4 << 20;

/// So many are named, and so many characters of each title are told.
const MANY: usize = 20;
const LONG: usize = 60;

/// One of what can be inspected.
#[derive(Debug, Deserialize)]
struct Inspected {
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    title: String,
    #[serde(default, rename = "webSocketDebuggerUrl")]
    socket: String,
}

/// The path of the only socket, or of that of the only page. Of what the inspector says only the path is
/// used: it may be behind another address than it knows.
///
/// # Errors
/// `Io` if nothing answers there, or no inspector; `Usage` if there are several to choose from, with their
/// sockets.
pub(super) fn socket(address: SocketAddr) -> Result<String> {
    only(&ask(address)?, &address.to_string())
}

/// The same where the inspector was asked already; `address` is where it is.
///
/// # Errors
/// `Io` if an inspector does not say such; `Usage` if there are several.
pub(super) fn only(said: &[u8], address: &str) -> Result<String> {
    let all: Vec<Inspected> = serde_json::from_slice(said).map_err(|_| none_there(address))?;
    let with_socket: Vec<(&Inspected, String)> =
        all.iter().filter_map(|one| Some((one, path(&one.socket)?))).collect();
    // A browser has windows of its own beside the page.
    if let Some(path) = only_page(&with_socket) {
        return Ok(path.clone());
    }
    match &with_socket[..] {
        [] => {
            let what =
                format!("the inspector at {address} has nothing to inspect, or somebody else does");
            Err(Error::new(ErrorKind::Io, what).with_hint("close DevTools, and try again"))
        }
        [(_, path)] => Ok(path.clone()),
        several => {
            let named = several.iter().take(MANY).map(|(one, path)| {
                let title: String = one.title.chars().take(LONG).collect();
                let called = format!("{} {title}", one.kind);
                format!("ws://{address}{path} ({})", called.trim())
            });
            let named = named.collect::<Vec<_>>().join(" or ");
            let what = format!("there are {} to choose from at {address}", several.len());
            let hint = visible(&format!("name one: {named}")).into_owned();
            Err(Error::new(ErrorKind::Usage, what).with_hint(hint))
        }
    }
}

fn only_page<'a>(all: &'a [(&Inspected, String)]) -> Option<&'a String> {
    let mut pages = all.iter().filter(|(one, _)| one.kind == "page");
    let (_, path) = pages.next()?;
    pages.next().is_none().then_some(path)
}

/// Whether an inspector answers at an address.
pub(super) fn is_inspector(address: SocketAddr) -> bool {
    ask(address).is_ok_and(|said| serde_json::from_slice::<Vec<Inspected>>(&said).is_ok())
}

fn path(url: &str) -> Option<String> {
    let (_, path) = url.strip_prefix("ws://")?.split_once('/')?;
    let plain = |c: char| c.is_ascii_graphic();
    path.chars().all(plain).then(|| format!("/{path}"))
}

fn ask(address: SocketAddr) -> Result<Vec<u8>> {
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .max_redirects(0)
        .proxy(None)
        .build();
    let agent = ureq::Agent::new_with_config(config);
    let mut reply =
        agent.get(format!("http://{address}/json/list")).call().map_err(|e| match e {
            ureq::Error::Io(e) => nobody(address, e),
            ureq::Error::ConnectionFailed | ureq::Error::HostNotFound => {
                nobody(address, std::io::ErrorKind::ConnectionRefused.into())
            }
            ureq::Error::Timeout(_) => nobody(address, std::io::ErrorKind::TimedOut.into()),
            _ => none_there(&address.to_string()),
        })?;
    let body = reply.body_mut().with_config().limit(LONGEST).read_to_vec();
    body.map_err(|_| none_there(&address.to_string()))
}

fn nobody(address: SocketAddr, why: std::io::Error) -> Error {
    Error::io(format!("no inspector answers at {address}"), why)
        .with_hint("start the program with --inspect, or name its process by its id")
}

fn none_there(address: &str) -> Error {
    Error::new(ErrorKind::Io, format!("what answers at {address} is no inspector of V8's"))
        .with_hint("node --inspect says at its start where its inspector is")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_only_page_is_meant_whatever_windows_a_browser_has_of_its_own() {
        let chosen = |kinds: &[&str]| {
            let one = |kind: &&str| Inspected {
                kind: (*kind).to_owned(),
                title: String::new(),
                socket: String::new(),
            };
            let all: Vec<Inspected> = kinds.iter().map(one).collect();
            let all: Vec<(&Inspected, String)> =
                all.iter().map(|one| (one, one.kind.clone())).collect();
            only_page(&all).cloned()
        };
        assert_eq!(chosen(&["browser_ui", "page", "browser_ui"]).as_deref(), Some("page"));
        assert_eq!(chosen(&["page", "page"]), None);
        assert_eq!(chosen(&["node"]), None);
    }
}
