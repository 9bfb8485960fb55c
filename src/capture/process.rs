//! The id of a process in, its inspector out: the one that is open, or one that the process opens when it
//! is told to.
//!
//! A signal that nobody expects kills. So SIGUSR1 is sent only to a process that is Node.js and catches it,
//! and never SIGUSR2.

use super::activity::Activity;
use super::find;
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
    let what = format!("process {pid} was told to open its inspector (SIGUSR1), and did not");
    Err(Error::new(ErrorKind::Io, what).with_hint(
        "its port may be taken by another process (its standard error says so), or it is stopped or busy: \
         start it with --inspect-port=0, or with --inspect",
    ))
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

/// Whether a process listens at an address.
pub(super) fn is_at(pid: u32, address: SocketAddr) -> bool {
    let listening = Process::find(pid).and_then(|process| process.listening());
    listening.is_ok_and(|all| all.contains(&address))
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

    /// Where it listens and answers as an inspector.
    fn open_inspector(&self) -> Result<Option<SocketAddr>> {
        Ok(self.listening()?.into_iter().find(|address| find::is_inspector(*address)))
    }

    /// Where it listens on this machine alone.
    fn listening(&self) -> Result<Vec<SocketAddr>> {
        let entries = fs::read_dir(self.folder.join("fd")).map_err(|e| {
            Error::io(format!("cannot look at the files of process {}", self.pid), e)
                .with_hint("run this as the user that the process belongs to, or as root")
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
        let no = |why: &str, hint: &str| {
            let what = format!("process {} cannot be told to open an inspector: {why}", self.pid);
            Err(Error::new(ErrorKind::Usage, what).with_hint(hint))
        };
        let arguments = self.read("cmdline")?;
        let arguments: Vec<&str> = arguments.split('\0').collect();
        let program = fs::read_link(self.folder.join("exe")).unwrap_or_default();
        let name = program.file_name().unwrap_or_default().to_string_lossy();
        if !name.starts_with("node") && !name.starts_with("deno") {
            return no(
                &match name.is_empty() {
                    true => "what it runs cannot be seen from here".to_owned(),
                    false => format!("it runs {name}"),
                },
                "only Node.js and Deno can; start others with an inspector",
            );
        }
        let options = self.read("environ").unwrap_or_default();
        let options = options.split('\0').find_map(|one| one.strip_prefix("NODE_OPTIONS="));
        let options = options.into_iter().flat_map(str::split_whitespace);
        // What stands on the command line goes before the environment.
        let given: Vec<&str> = options.chain(arguments.iter().copied()).collect();
        let has = |option: &str| given.contains(&option);
        if has("--disable-sigusr1") {
            return no("it runs with --disable-sigusr1", "start it without, or with --inspect");
        }
        if has("--permission") && !has("--allow-inspector") {
            return no("it runs with --permission", "start it with --allow-inspector too");
        }
        if let Some(place) = place_of_inspector(&given).filter(|place| !is_here(place)) {
            return no(
                &format!("that would be open to others, at {place}"),
                "start it with an --inspect-port on 127.0.0.1",
            );
        }
        let status = self.read("status")?;
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
        let caught = caught.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
        // Bit by number of the signal, from 1 on.
        if caught >> 9 & 1 == 0 {
            return no("it does not catch SIGUSR1, which would kill it", "start it with --inspect");
        }
        Ok(())
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

/// Where a process is told to open its inspector: the last that its options say.
fn place_of_inspector<'a>(given: &[&'a str]) -> Option<&'a str> {
    const SAY: [&str; 5] =
        ["--inspect-port", "--debug-port", "--inspect", "--inspect-brk", "--inspect-wait"];
    let mut said = given.iter().enumerate().filter_map(|(at, option)| {
        match option.split_once('=') {
            Some((name, place)) => SAY.contains(&name).then_some(place),
            // Only these take what follows.
            None => SAY[..2].contains(option).then(|| given.get(at + 1).copied()).flatten(),
        }
    });
    said.next_back()
}

/// Whether a place is on this machine alone: a port, or a host with or without one.
fn is_here(place: &str) -> bool {
    let host = match place.rsplit_once(':') {
        _ if place.parse::<u16>().is_ok() => return true,
        Some((host, port)) if port.parse::<u16>().is_ok() => host,
        _ => place,
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.is_empty()
        || host == "localhost"
        || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inspector_that_others_could_reach_is_known_by_the_options() {
        for (given, is_open) in [
            ("node server.js", false),
            ("node --inspect-port=9333 server.js", false),
            ("node --inspect-port 0 server.js", false),
            ("node --inspect-port=127.0.0.1:9333 server.js", false),
            ("node --inspect-port=localhost server.js", false),
            ("node --inspect-port=[::1]:0 server.js", false),
            ("node --inspect-port=0.0.0.0:9229 server.js", true),
            ("node --inspect-port 0.0.0.0 server.js", true),
            ("node --debug-port=[::]:9229 server.js", true),
            ("node --inspect=10.0.0.7 server.js", true),
            ("node --inspect-port=0.0.0.0 --inspect-port=9229 server.js", false),
        ] {
            let given: Vec<&str> = given.split(' ').collect();
            let place = place_of_inspector(&given);
            assert_eq!(place.is_some_and(|place| !is_here(place)), is_open, "{given:?}");
        }
    }
}
