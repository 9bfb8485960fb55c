//! What a user calls a process in, the way to its inspector out, and who has to answer there.

use super::container::{self, Inside};
use super::find;
use super::process::{self, Opened};
use super::target::Target;
use super::wire::Wire;
use crate::cancel::Cancel;
use crate::error::{Error, Result};
use std::net::{SocketAddr, TcpStream};

/// Who is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meant {
    /// Who listens here.
    At(SocketAddr),
    /// A process of this machine.
    Process(u32),
    /// One of a container, by its id and the namespace of processes that this holds in.
    Inside(u32, Option<String>),
}

pub(super) struct Reached {
    pub wire: Wire,
    /// The address of the socket.
    pub url: String,
    /// What messages call the place.
    pub place: String,
    pub opened_for_us: bool,
    pub meant: Meant,
    /// What is to be told.
    pub notes: Vec<String>,
}

impl Reached {
    /// # Errors
    /// `Io` if nobody answers, or something else than an inspector; `Usage` if there are several.
    pub(super) fn of(target: &Target, cancel: &Cancel) -> Result<Self> {
        match target {
            Target::Process(pid) => process::within(*pid, || {
                let Opened { address, for_us } = process::inspector(*pid)?;
                Self::at(address, &socket(address)?, for_us, Meant::Process(*pid))
            }),
            Target::Port(address) => {
                Self::at(*address, &socket(*address)?, false, Meant::At(*address))
            }
            Target::Socket(address, path) => Self::at(*address, path, false, Meant::At(*address)),
            Target::Container(container) => {
                let Inside { client, at, list, for_us, pid, namespace, notes } =
                    container::open(container, cancel)?;
                let path = find::only(list.as_bytes(), &at)?;
                Ok(Self {
                    wire: Wire::Client(client),
                    url: format!("ws://{at}{path}"),
                    place: container.to_string(),
                    opened_for_us: for_us,
                    meant: Meant::Inside(pid, namespace),
                    notes,
                })
            }
        }
    }

    fn at(address: SocketAddr, path: &str, opened_for_us: bool, meant: Meant) -> Result<Self> {
        let stream = TcpStream::connect_timeout(&address, find::PATIENCE)
            .map_err(|e| Error::io(format!("no inspector answers at {address}"), e))?;
        stream.set_nodelay(true).map_err(|e| Error::io(format!("cannot use {address}"), e))?;
        Ok(Self {
            wire: Wire::Connection(stream),
            url: format!("ws://{address}{path}"),
            place: address.to_string(),
            opened_for_us,
            meant,
            notes: Vec::new(),
        })
    }
}

/// The path of the only socket at an address.
fn socket(address: SocketAddr) -> Result<String> {
    find::socket(address).map_err(|e| process::why_silent(address).unwrap_or(e))
}
