//! A wish to stop in, an error out where work looks for one.

use crate::error::{Error, ErrorKind, Result};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Tells work that nobody waits for it any more. Copies of one are one; the default is never cancelled
/// unless somebody does it.
///
/// Work looks for it between its stages, of which the longest take a second or two for each 500 MB.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Stops the work at its next stage: it returns an error of the kind
    /// [`Cancelled`](ErrorKind::Cancelled).
    pub fn cancel(&self) {
        self.0.store(true, Relaxed);
    }

    /// Looks whether to go on.
    ///
    /// # Errors
    /// `Cancelled` if not.
    pub(crate) fn check(&self) -> Result<()> {
        if self.0.load(Relaxed) {
            return Err(Error::new(ErrorKind::Cancelled, "cancelled"));
        }
        Ok(())
    }
}
