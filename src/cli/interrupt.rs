//! Ctrl-C, or a signal to end, in; work that is cancelled out.

use super::exit::{Exit, say};
use crate::cancel::Cancel;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// What is cancelled when the user, or the system, wants the run to end, so that it leaves nothing open
/// behind itself. Who asks twice does not want to wait for that.
pub(super) fn cancel() -> Cancel {
    static CANCEL: OnceLock<Cancel> = OnceLock::new();
    let install = || {
        let cancel = Cancel::default();
        let (copy, asked) = (cancel.clone(), AtomicBool::new(false));
        // Where there can be no handler the run ends at once, as others do.
        let _ = ctrlc::set_handler(move || {
            copy.cancel();
            if asked.swap(true, Relaxed) {
                std::process::exit(Exit::File as i32);
            }
            say("stopping; ask once more to end at once");
        });
        cancel
    };
    CANCEL.get_or_init(install).clone()
}
