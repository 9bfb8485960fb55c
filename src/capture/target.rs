//! What a user calls a process in, the socket of its inspector out.

use super::container::Container;
use crate::error::{Error, ErrorKind, Result};
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};

/// Where an inspector is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// Wherever a process has it.
    Process(u32),
    /// At a port: it says itself which sockets there are.
    Port(SocketAddr),
    /// At a socket.
    Socket(SocketAddr, String),
    /// Of a process in a container.
    Container(Container),
}

impl Target {
    /// Reads the id of a process, `HOST:PORT`, `ws://HOST:PORT/PATH`, or the name of a container. An inspector can do anything in its process, and
    /// nothing on the way keeps it from others: only those of this machine are taken, if no others are
    /// allowed.
    ///
    /// # Errors
    /// `Usage` if it is none of these, or is not on this machine; `Io` if its host is not known.
    pub(crate) fn read(text: &str, remote: bool) -> Result<Self> {
        if let Ok(pid) = text.parse() {
            return Ok(Self::Process(pid));
        }
        if let Some(container) = Container::read(text)? {
            return Ok(Self::Container(container));
        }
        let wrong = || {
            Error::new(ErrorKind::Usage, format!("{text} is no process and no inspector"))
                .with_hint(
                    "name a process by its id, an inspector (:9229, HOST:PORT, ws://HOST:PORT/PATH) or a container \
                     (docker:NAME, podman:NAME, kubectl:NAMESPACE/POD)",
                )
        };
        let (place, path) = match text.split_once("://") {
            Some(("ws", rest)) => {
                let (place, path) = rest.split_once('/').ok_or_else(wrong)?;
                (place, Some(format!("/{path}")))
            }
            Some(("http", rest)) => (rest.trim_end_matches('/'), None),
            Some(_) => return Err(wrong()),
            None => (text, None),
        };
        let place = match place.strip_prefix(':') {
            Some(port) => format!("127.0.0.1:{port}"),
            None => place.to_owned(),
        };
        let has_port = place.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
        if !has_port || path.as_ref().is_some_and(|path| path.contains(char::is_whitespace)) {
            return Err(wrong());
        }
        let found =
            place.to_socket_addrs().map_err(|e| Error::io(format!("{place} is not known"), e))?;
        let mut all: Vec<SocketAddr> = found.collect();
        // localhost is often two addresses, and inspectors are at the older one.
        all.sort_by_key(SocketAddr::is_ipv6);
        let address = *all.first().ok_or_else(wrong)?;
        if !remote && !is_here(address.ip()) {
            let what = format!("{address} is not on this machine");
            return Err(Error::new(ErrorKind::Usage, what).with_hint(
                "whoever reaches an inspector can do anything in its process: forward the port instead, as \
                 with ssh -L",
            ));
        }
        Ok(match path {
            Some(path) => Self::Socket(address, path),
            None => Self::Port(address),
        })
    }
}

fn is_here(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_loopback(),
        IpAddr::V6(ip) => {
            ip.is_loopback() || ip.to_ipv4_mapped().is_some_and(|ip| ip.is_loopback())
        }
    }
}
