//! The URL of a server in, where it listens and what it is asked for there out.

use super::messages::{Tried, Trouble};
use std::io;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::time::Duration;

/// A server of this machine answers at once, or is not there.
const CONNECT: Duration = Duration::from_secs(5);

/// A server at a URL.
#[derive(Debug, Clone)]
pub(super) struct Address {
    /// Its name and port as the URL has them.
    pub host: String,
    /// Path and query.
    pub path: String,
    all: Vec<SocketAddr>,
}

impl Address {
    /// Reads `http://HOST:PORT/PATH`.
    ///
    /// # Errors
    /// If it is none, or nobody knows the host.
    pub(super) fn read(url: &str) -> Tried<Self> {
        let wrong = |why: &str| Trouble::new(format!("{url} {why}"));
        let rest = url.split_once("://").filter(|(scheme, _)| scheme.eq_ignore_ascii_case("http"));
        let Some((_, rest)) = rest else {
            return Err(wrong("is no address that begins with http://"));
        };
        if rest.bytes().any(|byte| !byte.is_ascii_graphic()) {
            return Err(wrong("has characters that an address has not"));
        }
        let rest = rest.split('#').next().unwrap_or_default();
        let at = rest.find(['/', '?']).unwrap_or(rest.len());
        let (host, path) = rest.split_at(at);
        if host.is_empty() || host.contains('@') {
            return Err(wrong("has no host, or a password that belongs into a header"));
        }
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
        let place = if has_port { host.to_owned() } else { format!("{host}:80") };
        let all = place.to_socket_addrs().map_err(|why| wrong(&format!("is not known: {why}")))?;
        Ok(Self { host: host.to_owned(), path, all: all.collect() })
    }

    /// Connects to it.
    ///
    /// # Errors
    /// If it does not listen.
    pub(super) fn connect(&self) -> Tried<TcpStream> {
        let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
        for address in &self.all {
            match TcpStream::connect_timeout(address, CONNECT) {
                Ok(stream) => {
                    let _ = stream.set_nodelay(true);
                    return Ok(stream);
                }
                Err(why) => last = why,
            }
        }
        let why = format!("nothing listens at {}: {last}", self.host);
        Err(if last.kind() == io::ErrorKind::ConnectionRefused {
            Trouble::over(why)
        } else {
            Trouble::new(why)
        })
    }
}
