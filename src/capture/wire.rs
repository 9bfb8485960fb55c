//! What an inspector is reached over in, bytes both ways out: a connection, or the streams of a container's client.

use super::container::Client;
use std::io::{Read, Result, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

pub(super) enum Wire {
    Connection(TcpStream),
    Client(Client),
}

impl Wire {
    /// How long a read waits for something to come.
    pub(super) fn wait_for(&mut self, time: Duration) -> Result<()> {
        match self {
            Self::Connection(stream) => stream.set_read_timeout(Some(time)),
            Self::Client(client) => {
                client.wait = time;
                Ok(())
            }
        }
    }

    /// Whether others have a hand in it, who may cut it if nothing goes over it.
    pub(super) const fn may_be_cut(&self) -> bool {
        matches!(self, Self::Client(_))
    }

    /// Where its other end is, if that is an address of this machine's.
    pub(super) fn address(&self) -> Option<SocketAddr> {
        match self {
            Self::Connection(stream) => stream.peer_addr().ok(),
            Self::Client(_) => None,
        }
    }

    /// What its other end has said of why it is gone.
    pub(super) fn last_words(&mut self) -> Option<String> {
        match self {
            Self::Connection(_) => None,
            Self::Client(client) => client.complaint(),
        }
    }

    /// Lets go of it.
    pub(super) fn end(&mut self) {
        match self {
            // If it is gone already there is nothing to let go of.
            Self::Connection(stream) => drop(stream.shutdown(Shutdown::Both)),
            Self::Client(client) => client.end(),
        }
    }
}

impl Read for Wire {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        match self {
            Self::Connection(stream) => stream.read(into),
            Self::Client(client) => client.read(into),
        }
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        match self {
            Self::Connection(stream) => stream.write(bytes),
            Self::Client(client) => client.write(bytes),
        }
    }

    fn flush(&mut self) -> Result<()> {
        match self {
            Self::Connection(stream) => stream.flush(),
            Self::Client(client) => client.flush(),
        }
    }
}
