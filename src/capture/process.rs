//! The id of a process in, its inspector out: the one that is open, or one that the process opens when it
//! is told to.

use super::activity::Activity;
use super::signal::Looks;
use super::{find, network, signal};
use crate::error::{Error, ErrorKind, Result};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use std::collections::HashSet;
use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// The port of an inspector, if no other is given.
const USUAL: u16 = 9229;
/// How long a process may take to open its inspector.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long it may take to close it.
const CLOSING: Duration = Duration::from_secs(2);
const GLANCE: Duration = Duration::from_millis(50);

/// An inspector of a process, and whether it was opened for us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Opened {
    pub address: SocketAddr,
    pub for_us: bool,
}

/// The inspector of a process.
///
/// # Errors
/// `Io` if there is no such process, or its inspector does not open; `Usage` if it must not be told to open
/// one.
pub(super) fn inspector(pid: u32) -> Result<Opened> {
    let process = Process::find(pid)?;
    if Activity::is_stopped(pid) {
        return Err(stopped(pid));
    }
    if let Some(address) = process.open_inspector()? {
        return Ok(Opened { address, for_us: false });
    }
    process.tell()?;
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        std::thread::sleep(GLANCE);
        if let Some(address) = process.open_inspector()? {
            return Ok(Opened { address, for_us: true });
        }
    }
    Err(signal::unheard(&format!("process {pid}")))
}

/// Waits until a process listens at an address no longer, for a while at most: whoever comes next would take
/// an inspector that is being closed for one that is open.
pub(super) fn wait_until_closed(pid: u32, address: SocketAddr) {
    let listens = || Process::find(pid).is_ok_and(|process| process.listens_at(address));
    let begun = Instant::now();
    while begun.elapsed() < CLOSING && listens() {
        std::thread::sleep(GLANCE);
    }
}

/// Does some work in the network that a process sees: that of a container is another.
///
/// # Errors
/// Those of the work; `Io` if that network cannot be entered.
pub(super) fn within<T: Send>(pid: u32, work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    network::within(pid, work)
}

/// A process that does not answer, and will not hear of a signal before it goes on.
fn stopped(pid: u32) -> Error {
    Error::new(ErrorKind::Io, format!("process {pid} is stopped"))
        .with_hint(format!("kill -CONT {pid} lets it go on"))
}

/// Why nothing answers at an address, if that can be seen.
pub(super) fn why_silent(address: SocketAddr) -> Option<Error> {
    let all = fs::read_dir("/proc").ok()?.flatten();
    let mut all = all.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    all.find(|pid| Activity::is_stopped(*pid) && is_at(*pid, address)).map(stopped)
}

/// Whether a process listens at an address of the network that is seen from here.
pub(super) fn is_at(pid: u32, address: SocketAddr) -> bool {
    if network::other(pid).is_some() {
        return false;
    }
    Process::find(pid).is_ok_and(|process| process.listens_at(address))
}

struct Process {
    pid: u32,
    folder: PathBuf,
}

impl Process {
    fn find(pid: u32) -> Result<Self> {
        let folder = PathBuf::from(format!("/proc/{pid}"));
        match folder.join("status").exists() {
            true => Ok(Self { pid, folder }),
            false => Err(Error::new(ErrorKind::Io, format!("there is no process {pid}"))
                .with_hint("pgrep -a node lists those of Node.js")),
        }
    }

    fn read(&self, file: &str) -> Result<String> {
        fs::read(self.folder.join(file))
            .map(|text| String::from_utf8_lossy(&text).into_owned())
            .map_err(|e| {
                Error::io(format!("cannot look at process {}", self.pid), e)
                    .with_hint("it may be another user's, or have ended")
            })
    }

    /// Whether it has another id where it lives than here.
    fn is_inside(&self) -> bool {
        let status = self.read("status").unwrap_or_default();
        let ids = status.lines().find_map(|line| line.strip_prefix("NSpid:"));
        ids.is_some_and(|ids| ids.split_whitespace().count() > 1)
    }

    /// Where it listens and answers as an inspector.
    fn open_inspector(&self) -> Result<Option<SocketAddr>> {
        Ok(self.listening()?.into_iter().find(|address| find::is_inspector(*address)))
    }

    /// Whether it listens at an address of the network that it sees itself.
    fn listens_at(&self, address: SocketAddr) -> bool {
        self.listening().is_ok_and(|all| all.contains(&address))
    }

    /// Where it listens on this machine alone.
    fn listening(&self) -> Result<Vec<SocketAddr>> {
        let entries = fs::read_dir(self.folder.join("fd")).map_err(|e| {
            let hint = match self.is_inside() {
                true => "it runs in a container: run this as root, or name that, as in docker:NAME",
                false => "run this as the user that the process belongs to, or as root",
            };
            Error::io(format!("cannot look at the files of process {}", self.pid), e)
                .with_hint(hint)
        })?;
        let inode = |link: PathBuf| -> Option<u64> {
            let name = link.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?;
            name.parse().ok()
        };
        let own: HashSet<u64> = entries
            .flatten()
            .filter_map(|entry| inode(fs::read_link(entry.path()).ok()?))
            .collect();
        let tables = ["net/tcp", "net/tcp6"];
        let lines = tables.iter().filter_map(|table| self.read(table).ok());
        let mut found: Vec<SocketAddr> = lines
            .flat_map(|table| {
                let listening = table.lines().skip(1).filter_map(listener);
                listening
                    .filter(|(_, inode)| own.contains(inode))
                    .map(|(at, _)| at)
                    .collect::<Vec<_>>()
            })
            .filter(|at| at.ip().is_loopback())
            .collect();
        // Other servers of the process are asked only if the usual port is none of them.
        found.sort_by_key(|at| (at.port() != USUAL, *at));
        Ok(found)
    }

    /// Looks whether SIGUSR1 opens an inspector, and does nothing else.
    fn may_be_told(&self) -> Result<()> {
        let arguments = self.read("cmdline")?;
        let program = fs::read_link(self.folder.join("exe")).unwrap_or_default();
        let environment = self.read("environ").unwrap_or_default();
        let status = self.read("status")?;
        let options = environment.split('\0').find_map(|one| one.strip_prefix("NODE_OPTIONS="));
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
        let looks = Looks {
            process: &format!("process {}", self.pid),
            program: &program.file_name().unwrap_or_default().to_string_lossy(),
            arguments: arguments.split('\0').collect(),
            options: options.unwrap_or_default(),
            caught: caught.unwrap_or_default(),
        };
        looks.may_be_told()
    }

    /// Sends SIGUSR1 to this very process: its id may be another's by now.
    fn tell(&self) -> Result<()> {
        let failed = |e: rustix::io::Errno| {
            Error::io(format!("cannot send a signal to process {}", self.pid), e.into())
        };
        let pid = i32::try_from(self.pid).ok().and_then(Pid::from_raw);
        let Some(pid) = pid else { return Err(failed(rustix::io::Errno::SRCH)) };
        let process = pidfd_open(pid, PidfdFlags::empty()).map_err(failed)?;
        self.may_be_told()?;
        pidfd_send_signal(process, Signal::USR1).map_err(failed)
    }
}

/// A line of `/proc/net/tcp` whose socket listens: where, and its inode.
fn listener(line: &str) -> Option<(SocketAddr, u64)> {
    const LISTENS: &str = "0A";
    let mut fields = line.split_whitespace();
    let (address, state) = (fields.nth(1)?, fields.nth(1)?);
    let inode = fields.nth(5)?.parse().ok()?;
    let (ip, port) = address.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let word = |at: usize| Some(u32::from_str_radix(ip.get(at..at + 8)?, 16).ok()?.to_ne_bytes());
    let ip: IpAddr = match ip.len() {
        8 => Ipv4Addr::from(word(0)?).into(),
        32 => {
            let mut bytes = [0; 16];
            for (at, four) in bytes.chunks_mut(4).enumerate() {
                four.copy_from_slice(&word(at * 8)?);
            }
            Ipv6Addr::from(bytes).into()
        }
        _ => return None,
    };
    (state == LISTENS).then_some((SocketAddr::new(ip, port), inode))
}
