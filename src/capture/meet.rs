//! A session in, which process it is with out: the one that was meant, or an error.

use super::process;
use super::reach::Meant;
use super::session::Session;
use crate::error::{Error, ErrorKind, Result};

/// How a process calls itself; null if it does not know, as before its first line of code.
const OWN_ID: &str =
    "typeof process === 'object' ? process.pid : typeof Deno === 'object' ? Deno.pid : null";

/// The namespace of processes that its own id holds in.
const OWN_NAMESPACE: &str = "0, (() => { try { return require('fs').readlinkSync('/proc/self/ns/pid'); } catch { return null; } })()";

/// Whether a process has such an id in its own namespace.
fn is_in_namespace(pid: u32, own: u64) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let ids = status.lines().find_map(|line| line.strip_prefix("NSpid:"));
    ids.is_some_and(|ids| ids.split_whitespace().any(|id| id.parse() == Ok(own)))
}

impl Session {
    /// Looks which process answers, and whether it is the one that was meant: a port may be another's. One of
    /// another machine or container may have the same id as one that is here.
    pub(super) fn meet(&mut self, meant: &Meant) -> Result<()> {
        let own = self.look(OWN_ID)?.as_u64();
        let (pid, is_it) = match meant {
            Meant::At(address) => {
                let own = own.and_then(|own| u32::try_from(own).ok());
                self.process = own.filter(|own| process::is_at(*own, *address));
                return Ok(());
            }
            Meant::Process(pid) => {
                self.process = Some(*pid);
                (*pid, own.is_none_or(|own| own == u64::from(*pid) || is_in_namespace(*pid, own)))
            }
            Meant::Inside(pid, namespace) => {
                let told = self.look(OWN_NAMESPACE)?;
                let is_there = told.is_null() || told.as_str() == namespace.as_deref();
                (*pid, is_there && own.is_none_or(|own| own == u64::from(*pid)))
            }
        };
        if is_it {
            return Ok(());
        }
        self.process = None;
        let who = match own {
            Some(own) if own != u64::from(pid) => format!("process {own}"),
            _ => "a process of another container".to_owned(),
        };
        let what = format!("{who} answers at the inspector of process {pid}");
        Err(Error::new(ErrorKind::Io, what).with_hint("name the inspector by its port"))
    }
}
