//! The id of a process in, nothing out: where its inspector is can be seen on Linux only.

use crate::error::{Error, ErrorKind, Result};
use std::net::SocketAddr;

/// An inspector of a process, and whether it was opened for us.
pub(super) struct Opened {
    pub address: SocketAddr,
    pub for_us: bool,
}

/// # Errors
/// `Usage` always.
pub(super) fn inspector(pid: u32) -> Result<Opened> {
    let what = format!("the inspector of process {pid} can be found on Linux only");
    Err(Error::new(ErrorKind::Usage, what).with_hint("name it by its port, such as :9229"))
}

/// Whether a process listens at an address: nobody knows.
pub(super) const fn is_at(_: u32, _: SocketAddr) -> bool {
    false
}

/// Waits until an inspector is closed that was opened for us: none ever is.
pub(super) const fn wait_until_closed(_: u32, _: SocketAddr) {}

/// Why nothing answers at an address: nobody knows.
pub(super) const fn why_silent(_: SocketAddr) -> Option<Error> {
    None
}

/// Does some work in the network that a process sees, which is that of all.
///
/// # Errors
/// Those of the work.
pub(super) fn within<T: Send>(_: u32, work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    work()
}
