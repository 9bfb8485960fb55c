//! The id of a process in, work that is done in the network that it sees out: a container's loopback is its own.

use crate::error::{Error, ErrorKind, Result};
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
use std::fs::{self, File};
use std::os::fd::AsFd;
use std::path::PathBuf;

/// The network of a process, if it is another than ours; as far as it is seen.
pub(super) fn other(pid: u32) -> Option<PathBuf> {
    let theirs = PathBuf::from(format!("/proc/{pid}/ns/net"));
    let (own, of_it) = (fs::read_link("/proc/self/ns/net").ok()?, fs::read_link(&theirs).ok()?);
    (own != of_it).then_some(theirs)
}

/// Does work there.
///
/// # Errors
/// Those of the work; `Io` if that network cannot be entered.
pub(super) fn within<T: Send>(pid: u32, work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    let Some(network) = other(pid) else { return work() };
    // Only the thread that enters it leaves ours, and it is gone with its work. What it has connected stays.
    std::thread::scope(|scope| {
        let inside = scope.spawn(|| {
            let entered = File::open(network).and_then(|network| {
                let kind = Some(LinkNameSpaceType::Network);
                move_into_link_name_space(network.as_fd(), kind).map_err(Into::into)
            });
            entered.map_err(|e| closed(pid, e))?;
            work()
        });
        inside.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

fn closed(pid: u32, why: std::io::Error) -> Error {
    let what = format!("cannot enter the network of process {pid}, which is a container's");
    match why.kind() {
        std::io::ErrorKind::PermissionDenied => {
            Error::new(ErrorKind::Io, format!("{what}: only root can"))
        }
        _ => Error::io(what, why),
    }
    .with_hint("run this as root, or name the container, as in docker:NAME")
}
